"""One message to the payment centre, and what became of it, as `insurance.exchanges` has it.

A message is written down by `exchanges.open_exchange` (or within a larger statement) before it is
sent here, and closed by `exchanges.close_exchange` after: tokens never reach the trace, because the
field table hides them. What is answered counts only under the centre's signature: an unsigned no
is no answer, for whoever believed it would free charges that somebody has paid.
"""

import json
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yifu.insurance import exchanges
from yifu.insurance.errors import NotConnected
from yifu.insurance.exchanges import Envelope, Heard
from yifu.insurance.fields import check, layout
from yifu.insurance.mobile import envelope
from yifu.insurance.mobile.envelope import BadEnvelope, Keys, Opened
from yifu.insurance.mobile.models import CentreConnection
from yifu.insurance.mobile.sm2 import PrivateKey, PublicKey
from yifu.insurance.models import ExchangeState
from yifu.insurance.wire import POOL, Broken, NoConnection, Reply, Target
from yifu.outside import without_connection
from yifu.secrets import decrypt, encrypt

PATHS = {
    "6101": "/localcfc/api/hsecfc/localQrCodeQuery",
    "6201": "/org/local/api/hos/uldFeeInfo",
    "6202": "/org/local/api/hos/pay_order",
    "6203": "/org/local/api/hos/refund_Order",
    "6301": "/org/local/api/hos/query_order_info",
    "6401": "/org/local/api/hos/revoke_order",
}
"""Where each message goes unless a connection says otherwise (certainty C: widely copied)."""

_JSON_TYPE = "application/json;charset=utf-8"
_MAX_ANSWER_BYTES = 8 * 2**20
_OK = 200
_YES = frozenset({"0", "200"})
_REMEMBER_SECONDS = 30
_centres: dict[int, tuple[float, "Centre"]] = {}
_seen = envelope.Seen()


@dataclass(frozen=True, slots=True)
class Centre:
    """A connection, ready to be used."""

    base_url: str
    keys: Keys
    org_id: str
    paths: dict[str, str]
    qr_field: str
    timeout_s: float

    def path(self, infno: str) -> str:
        """Give where a message goes."""
        return self.paths.get(infno, PATHS[infno])


def keep_keys(*, app_secret: str, private: PrivateKey, centre: PublicKey) -> bytes:
    """Give a connection's `keys_cipher`."""
    keys = {
        "app_secret": app_secret,
        "private_key": private.to_hex(),
        "centre_key": centre.to_hex(),
    }
    return encrypt(json.dumps(keys))


def keys_of(row: CentreConnection) -> Keys:
    """Read a connection's keys."""
    secrets = json.loads(decrypt(row.keys_cipher))
    return Keys(
        app_id=row.app_id,
        app_secret=secrets["app_secret"],
        private=PrivateKey.from_hex(secrets["private_key"]),
        centre=PublicKey.from_hex(secrets["centre_key"]),
        user_id=row.user_id,
        version=row.version,
    )


def centre_of(institution_id: int) -> Centre:
    """Give how an institution reaches the centre, remembered for half a minute.

    Raises `NotConnected`.
    """
    until, centre = _centres.get(institution_id, (0.0, None))
    if centre is not None and time.monotonic() < until:
        return centre
    row = CentreConnection.objects.filter(institution=institution_id).first()
    if row is None:
        raise NotConnected
    centre = Centre(
        base_url=row.base_url,
        keys=keys_of(row),
        org_id=row.org_id,
        paths=row.paths,
        qr_field=row.qr_field,
        timeout_s=row.timeout_s,
    )
    _centres[institution_id] = (time.monotonic() + _REMEMBER_SECONDS, centre)
    return centre


def forget_centres() -> None:
    """Read connections anew, as after one was changed."""
    _centres.clear()


def exchange(
    institution_id: int,
    message: Envelope,
    *,
    now: datetime,
    unwritten: dict[str, str] | None = None,
) -> Heard:
    """Write down, send, write down: for messages that belong to no larger transaction."""
    pending = exchanges.open_exchange(institution_id, message, now=now)
    heard = send(pending, unwritten=unwritten)
    exchanges.close_exchange(pending, heard, now=now)
    return heard


def send(pending: exchanges.Pending, *, unwritten: dict[str, str] | None = None) -> Heard:
    """Send a message that is written down and say what became of it.

    `unwritten` is what goes with it and is in no table: the text of a code. Must be called outside
    any transaction.
    """
    centre = centre_of(pending.institution_id)
    infno, input_ = pending.envelope.infno, pending.envelope.input_
    broken = check(infno, "in", input_)
    if broken:
        return Heard(ExchangeState.UNSENT, None, "; ".join(map(str, broken))[:300])
    (node,) = (node.name for node in layout(infno, "in") if node.name in input_)
    data = input_[node] | (unwritten or {})
    try:
        body = envelope.seal(data, centre.keys, trans_type=infno, now_s=int(time.time()))
        with without_connection():
            reply = _post(centre, infno, body)
        return _understand(centre, infno, reply)
    except NoConnection as error:
        return Heard(ExchangeState.UNSENT, None, str(error)[:300])
    except Broken as error:
        return Heard(ExchangeState.UNKNOWN, None, str(error)[:300])


def _post(centre: Centre, infno: str, body: bytes) -> Reply:
    return POOL.post(
        Target.of(centre.base_url),
        centre.path(infno),
        headers={"Content-Type": _JSON_TYPE},
        body=body,
        timeout_s=centre.timeout_s,
        max_bytes=_MAX_ANSWER_BYTES,
    )


def _understand(centre: Centre, infno: str, reply: Reply) -> Heard:
    """Turn a complete answer into what it means; what cannot be believed leaves it unknown."""
    if reply.status != _OK:
        return _unknown(f"HTTP {reply.status}")
    try:
        opened = envelope.unseal(reply.body, centre.keys, now_s=int(time.time()), seen=_seen)
    except BadEnvelope as error:
        return _unknown(str(error))
    said = opened.frame
    if str(said.get("transType", infno)) != infno:
        return _unknown("the answer to another message")
    if str(said.get("code", "")) not in _YES or said.get("success") is False:
        message = str(said.get("message") or "")[:280]
        return Heard(ExchangeState.REFUSED, None, f"{message} ({said.get('code', '')})")
    return _checked(infno, opened)


def _checked(infno: str, opened: Opened) -> Heard:
    output = answer_of(infno, opened.data)
    grave = [fault for fault in check(infno, "out", output) if fault.rule != "code"]
    if grave:
        return _unknown("; ".join(map(str, grave)))
    return Heard(ExchangeState.ANSWERED, output, "")


def answer_of(infno: str, data: dict[str, Any]) -> dict[str, Any]:
    """Put an answer's data under the node that the table has for it."""
    nodes = [node.name for node in layout(infno, "out")]
    return {nodes[0]: data} if nodes else {}


def _unknown(reason: str) -> Heard:
    return Heard(ExchangeState.UNKNOWN, None, reason[:300])
