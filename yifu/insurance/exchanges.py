"""Every message to the insurer is written down before it is sent and after it is answered.

`open_exchange` and `close_exchange` are statements for the caller's transactions; `send` is the
wait between them, with no transaction open and no connection in hand (decision 4).
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from yifu import rows
from yifu.insurance import dialogues, gateway
from yifu.insurance.errors import InsurerNonsense, InsurerRefused, InsurerUnavailable, NotConnected
from yifu.insurance.models import Connection, Exchange, ExchangeState
from yifu.insurance.regions.dialect import Asked
from yifu.insurance.regions.loading import region
from yifu.insurance.schemes import SCHEMES, not_spoken
from yifu.outside import without_connection
from yifu.secrets import decrypt

OPERATOR, OPERATOR_NAME = gateway.OPERATOR, gateway.OPERATOR_NAME

_ENDPOINT_SECONDS = 30
_endpoints: dict[int, tuple[float, gateway.Endpoint]] = {}

# What frames a message travels as one text and is taken apart by the server: every parameter costs
# more than that, and there are two of these for every message.
# The message's number: institution, real time of sending, sequence. The sequence goes round only
# after ten thousand messages, more than any second can hold.
_OPEN = """
INSERT INTO insurance_exchange (msgid, institution_id, infno, subject, insuplc_admdvs, sign_no,
                                state, request, detail, sent_at)
SELECT %(code)s || to_char(clock_timestamp() AT TIME ZONE 'Asia/Shanghai', 'YYYYMMDDHH24MISS')
       || lpad((nextval('insurance_msgid') %% 10000)::text, 4, '0'),
       %(institution)s, %(infno)s, %(subject)s,
       split_part(%(frame)s, E'\\t', 1), split_part(%(frame)s, E'\\t', 2),
       'sending', %(request)s::jsonb, '', %(now)s
"""
_WRITTEN = "RETURNING id, msgid"

OPENED = f"opened AS ({_OPEN} WHERE %(infno)s::varchar IS NOT NULL AND {{condition}} {_WRITTEN})"
"""A message written down as a part of a larger statement, if a condition holds; see `opening`."""

CLOSED = """
closed AS (
    UPDATE insurance_exchange SET state = %(close_state)s, answer = %(close_answer)s::jsonb,
           detail = %(close_detail)s, answered_at = %(now)s,
           took_ms = nullif(split_part(%(close_frame)s, E'\\t', 1), '')::integer,
           inf_refmsgid = split_part(%(close_frame)s, E'\\t', 2),
           respond_time = split_part(%(close_frame)s, E'\\t', 3)
    WHERE id = %(close_id)s
)
"""
"""The end of a message as a part of a larger statement; `closing` gives its parameters."""

_OPEN_ALONE = _OPEN + _WRITTEN
# The end of one message and the beginning of the next: one statement, one durable commit.
_FOLLOW = f"WITH {CLOSED} {_OPEN} {_WRITTEN}"
_CLOSE = f"WITH {CLOSED} SELECT 1"


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a message carries besides its input."""

    infno: str
    subject: str
    input_: Mapping[str, Any]
    insuplc_admdvs: str = ""
    sign_no: str = ""


@dataclass(frozen=True, slots=True)
class Pending:
    """A message that is written down and may be sent; sending it again is recognised by `msgid`."""

    exchange_id: int
    msgid: str
    institution_id: int
    envelope: Envelope
    now: datetime


@dataclass(frozen=True, slots=True)
class Heard:
    """What became of a message: the state it leaves, and the answer where there is one.

    `detail` is why there is none, or what the insurer remarks (`warn_msg`). `took_ms` is real time,
    also where the day is simulated.
    """

    state: ExchangeState
    output: dict[str, Any] | None
    detail: str
    inf_refmsgid: str = ""
    respond_time: str = ""
    took_ms: int | None = None

    @property
    def unknown(self) -> bool:
        """True when it was sent and nobody knows what it did."""
        return self.state == ExchangeState.UNKNOWN

    def output_or_raise(self) -> dict[str, Any]:
        """Give the answer's output; raises the error that says why there is none."""
        if self.output is not None:
            return self.output
        if self.state == ExchangeState.REFUSED:
            raise InsurerRefused(message=self.detail)
        if self.state == ExchangeState.UNSENT:
            raise InsurerUnavailable(message=self.detail)
        raise InsurerNonsense(message=self.detail)


def endpoint_of(institution_id: int) -> gateway.Endpoint:
    """Give how an institution reaches its insurer, remembered for half a minute.

    What the connection leaves open is as its region has it. Raises `NotConnected`, and `BadRegion`
    for a region that there is not.
    """
    until, endpoint = _endpoints.get(institution_id, (0.0, None))
    if endpoint is not None and time.monotonic() < until:
        return endpoint
    row = (
        Connection.objects.select_related("institution").filter(institution=institution_id).first()
    )
    if row is None:
        raise NotConnected
    place = region(row.region)
    endpoint = gateway.Endpoint(
        base_url=row.base_url,
        access_key=row.access_key,
        secret_key=decrypt(row.secret_cipher),
        fixmedins_code=row.institution.code,
        fixmedins_name=row.institution.name,
        mdtrtarea_admvs=row.institution.area_id,
        recer_sys_code=row.receiver or place.recer_sys_code,
        infver=row.version or place.infver,
        timeout_s=row.timeout_s,
        path=place.path,
        header=place.header,
        scheme=SCHEMES[place.scheme],
        extra_codes=place.codes,
        region=place.code,
    )
    _endpoints[institution_id] = (time.monotonic() + _ENDPOINT_SECONDS, endpoint)
    return endpoint


def forget_endpoints() -> None:
    """Read connections again: one has changed."""
    _endpoints.clear()


def open_exchange(institution_id: int, envelope: Envelope, *, now: datetime) -> Pending:
    """Write a message down before it is sent, credentials masked."""
    ((exchange_id, msgid),) = rows.run(_OPEN_ALONE, _opening(institution_id, envelope, now))
    return Pending(exchange_id, msgid, institution_id, envelope, now)


def follow(pending: Pending, heard: Heard, envelope: Envelope, *, now: datetime) -> Pending:
    """Write down what became of a message and, with it, the next one before it is sent."""
    parameters = _opening(pending.institution_id, envelope, now) | closing(pending, heard)
    ((exchange_id, msgid),) = rows.run(_FOLLOW, parameters)
    return Pending(exchange_id, msgid, pending.institution_id, envelope, now)


def _opening(institution_id: int, envelope: Envelope, now: datetime) -> dict[str, Any]:
    return {
        "code": endpoint_of(institution_id).fixmedins_code,
        "institution": institution_id,
        "infno": envelope.infno,
        "subject": envelope.subject,
        "frame": f"{envelope.insuplc_admdvs}\t{envelope.sign_no}",
        "request": _json(gateway.mask_for_trace(envelope.infno, envelope.input_)),
        "now": now,
    }


_NO_MESSAGE: dict[str, Any] = {
    "infno": None,
    "request": None,
    **dict.fromkeys(("code", "subject", "frame"), ""),
}
_NO_CLOSING: dict[str, Any] = {
    "close_id": None,
    "close_answer": None,
    **dict.fromkeys(("close_state", "close_detail", "close_frame"), ""),
}


def opening(institution_id: int, envelope: Envelope | None, *, now: datetime) -> dict[str, Any]:
    """Give the parameters of `OPENED`; without a message they open none."""
    if envelope is None:
        return _NO_MESSAGE
    return _opening(institution_id, envelope, now)


def closing(pending: Pending | None, heard: Heard | None) -> dict[str, Any]:
    """Give the parameters of `CLOSED`; without a message they close none."""
    if pending is None or heard is None:
        return _NO_CLOSING
    answer, took_ms = None, "" if heard.took_ms is None else heard.took_ms
    if heard.output is not None:
        masked = gateway.mask_for_trace(pending.envelope.infno, heard.output, direction="out")
        answer = _json(masked)
    return {
        "close_id": pending.exchange_id,
        "close_state": heard.state,
        "close_answer": answer,
        "close_detail": heard.detail,
        "close_frame": f"{took_ms}\t{heard.inf_refmsgid}\t{heard.respond_time}",
    }


def send(pending: Pending) -> Heard:
    """Send a message and wait for what becomes of it. Must be called outside any transaction."""
    endpoint = endpoint_of(pending.institution_id)
    envelope = pending.envelope
    began = time.monotonic()
    try:
        if endpoint.scheme is not_spoken:
            answer = dialogues.call(endpoint, pending.exchange_id, _asked(pending))
        else:
            with without_connection():
                answer = gateway.call(
                    endpoint,
                    infno=envelope.infno,
                    msgid=pending.msgid,
                    input_=envelope.input_,
                    now=pending.now,
                    opter=OPERATOR,
                    opter_name=OPERATOR_NAME,
                    insuplc_admdvs=envelope.insuplc_admdvs,
                    sign_no=envelope.sign_no,
                )
    except gateway.Refused as error:
        took_ms, ref = _ms_since(began), error.inf_refmsgid
        return Heard(ExchangeState.REFUSED, None, error.err_msg[:300], ref, took_ms=took_ms)
    except gateway.NotSent as error:
        return Heard(ExchangeState.UNSENT, None, error.reason[:300], took_ms=_ms_since(began))
    except gateway.Unanswered as error:
        return Heard(ExchangeState.UNKNOWN, None, error.reason[:300], took_ms=_ms_since(began))
    return Heard(
        ExchangeState.ANSWERED,
        answer.output,
        answer.warn_msg[:300],
        inf_refmsgid=answer.inf_refmsgid[:30],
        respond_time=answer.respond_time[:20],
        took_ms=_ms_since(began),
    )


def _ms_since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)


def _asked(pending: Pending) -> Asked:
    envelope = pending.envelope
    return Asked(
        envelope.infno, pending.msgid, envelope.input_, pending.now, envelope.insuplc_admdvs
    )


def close_exchange(pending: Pending, heard: Heard, *, now: datetime) -> None:
    """Write down what became of a message."""
    rows.run(_CLOSE, closing(pending, heard) | {"now": now})


def exchange(institution_id: int, envelope: Envelope, *, now: datetime) -> Heard:
    """Write down, send, write down: for messages that belong to no larger transaction."""
    pending = open_exchange(institution_id, envelope, now=now)
    heard = send(pending)
    close_exchange(pending, heard, now=now)
    return heard


def numbers_of(subject: str) -> frozenset[str]:
    """Give the numbers of all messages about something."""
    return frozenset(Exchange.objects.filter(subject=subject).values_list("msgid", flat=True))


def again(row: Exchange, envelope: Envelope, *, now: datetime) -> Pending:
    """Take up a message that was written down before; it keeps its number."""
    return Pending(row.pk, row.msgid, row.institution_id, envelope, now)


def _json(value: object) -> str:
    return orjson.dumps(value).decode()
