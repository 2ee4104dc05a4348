"""The fiscal platform's protocol: a signed frame around Base64 of JSON, and what it answered.

Every request and answer is `{appid, data, noise, sign, version}`; `sign` is the upper-case MD5 of
`appid=..&data=..&noise=..&key=..&version=..` (receipts §3). An answer's data holds `result`
(`S0000` is yes) and `message`, Base64 once more.

A call ends in one of three ways: what was asked for; `Refused` (the platform said no: nothing was
issued); `Unanswered` (it may have been issued or not, or the platform is busy: ask again with the
same number).
"""

import base64
import hashlib
import hmac
import os
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import httpx
import orjson

from yifu.money import to_fen

VERSION = "1.0"
YES = "S0000"
BUSY = "E9000"
ISSUE, WRITE_OFF = "invoiceEBillOutpatient", "writeOffEBill"
STATES, TOTALS = "getEBillStatesByBillInfo", "checkTotalData"

_TIMEOUT = httpx.Timeout(10.0, connect=3.0)
_LIMITS = httpx.Limits(max_connections=64, max_keepalive_connections=16, keepalive_expiry=30.0)
_MAX_BYTES = 4 * 2**20
_LENGTHS = {"code": 50, "number": 20, "check_code": 20}
_OK = 200
_CANCELLED = "1"


class CallError(Exception):
    """A call that brought nothing to work with."""


class Refused(CallError):
    """The platform said no; `reason` is its own sentence."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.code = code
        self.reason = reason


class Unanswered(CallError):
    """No complete, true and understandable answer came."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Endpoint:
    """How one institution reaches the platform: scheme, host, port and service path."""

    base_url: str
    app: str
    key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Totals:
    """How many receipts and red receipts a day has, and their sums; a red sum is negative."""

    copies: int
    total_fen: int
    red_copies: int
    red_total_fen: int


@dataclass(frozen=True, slots=True)
class Issued:
    """An issued receipt: 票据代码, 票据号码, 校验码."""

    code: str
    number: str
    check_code: str


def issue(endpoint: Endpoint, bill: Mapping[str, Any]) -> Issued:
    """Issue an outpatient receipt, or learn what was issued for its `busNo` before.

    Raises `Refused`, `Unanswered`.
    """
    return _issued(call(endpoint, ISSUE, bill), "billBatchCode", "billNo", "random")


def write_off(endpoint: Endpoint, order: Mapping[str, Any]) -> Issued:
    """Cancel a receipt by a red one and give the red one.

    A platform that refuses because the receipt is cancelled already (the answer was lost) is asked
    for the red one. Raises `Refused`, `Unanswered`.
    """
    try:
        answer = call(endpoint, WRITE_OFF, order)
    except Refused as refusal:
        numbers = {name: order[name] for name in ("billBatchCode", "billNo")}
        try:
            state = call(endpoint, STATES, numbers)
        except Refused:
            raise refusal from None
        if state.get("isScarlet") != _CANCELLED:
            raise
        return _issued(state, "scarletBillBatchCode", "scarletBillNo", "scarletRandom")
    return _issued(answer, "eScarletBillBatchCode", "eScarletBillNo", "eScarletRandom")


def totals(endpoint: Endpoint, *, day: date, place_code: str) -> Totals:
    """Ask how many receipts of a day there are and their sum. Raises `Refused`, `Unanswered`."""
    stamp = f"{day:%Y%m%d}"
    asked = {"busBgnDate": stamp, "busEndDate": stamp, "placeCode": place_code}
    answer = call(endpoint, TOTALS, asked)
    try:
        return Totals(
            copies=_count(answer["copyNum"]),
            total_fen=to_fen(str(answer["allTotalAmt"])),
            red_copies=_count(answer["redCopyNum"]),
            red_total_fen=to_fen(str(answer["redTotalAmt"])),
        )
    except (KeyError, ValueError, ArithmeticError) as error:
        raise Unanswered("totals that are none") from error


def call(endpoint: Endpoint, method: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """Send one request and give the decoded message of a yes. Raises `Refused`, `Unanswered`."""
    frame = seal(endpoint, orjson.dumps(data, default=_exact))
    url = f"{endpoint.base_url.rstrip('/')}/api/medical/{method}"
    try:
        reply = _client().post(
            url, content=orjson.dumps(frame), headers={"Content-Type": "application/json"}
        )
    except httpx.HTTPError as error:
        raise Unanswered(str(error) or type(error).__name__) from error
    if reply.status_code != _OK:
        raise Unanswered(f"HTTP {reply.status_code}")
    return understand(endpoint, reply.content)


def seal(endpoint: Endpoint, data: bytes) -> dict[str, str]:
    """Put data into a signed frame."""
    frame = {
        "appid": endpoint.app,
        "data": base64.b64encode(data).decode(),
        "noise": uuid.uuid4().hex,
        "version": VERSION,
    }
    return frame | {"sign": sign(frame, endpoint.key)}


def sign(frame: Mapping[str, str], key: str) -> str:
    """Sign a frame: upper-case MD5, the platform's own rule."""
    text = (
        f"appid={frame['appid']}&data={frame['data']}&noise={frame['noise']}"
        f"&key={key}&version={frame['version']}"
    )
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest().upper()


def understand(endpoint: Endpoint, body: bytes) -> dict[str, Any]:
    """Check an answer's frame and signature and give its message.

    Raises `Refused`, `Unanswered`.
    """
    if len(body) > _MAX_BYTES:
        raise Unanswered(f"an answer of {len(body)} bytes")
    frame = _json_object(body, "the frame")
    texts = {name: frame.get(name) for name in ("appid", "data", "noise", "sign", "version")}
    if not all(isinstance(text, str) for text in texts.values()):
        raise Unanswered("the frame lacks a field")
    sealed = {name: str(text) for name, text in texts.items()}
    if not hmac.compare_digest(sealed["sign"].encode(), sign(sealed, endpoint.key).encode()):
        raise Unanswered("the answer's signature is wrong")
    said = _json_object(_plain(sealed["data"]), "the data")
    result, message = str(said.get("result")), said.get("message")
    if result == BUSY:
        raise Unanswered(f"{BUSY} {_sentence(message)}")
    if result != YES:
        raise Refused(result[:50], _sentence(message))
    if not isinstance(message, str):
        raise Unanswered("no message")
    return _json_object(_plain(message), "the message")


def _plain(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError as error:
        raise Unanswered("not Base64") from error


def _json_object(text: bytes, what: str) -> dict[str, Any]:
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise Unanswered(f"{what} is not JSON") from error
    if not isinstance(value, dict):
        raise Unanswered(f"{what} is not an object")
    return value


def _sentence(message: object) -> str:
    """Give a refusal's own sentence: Base64 of a text or of JSON text, or as it is."""
    if not isinstance(message, str):
        return ""
    try:
        text = base64.b64decode(message, validate=True).decode()
    except ValueError:
        return message
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        return text
    return value if isinstance(value, str) else text


def _issued(answer: Mapping[str, Any], code: str, number: str, check_code: str) -> Issued:
    issued = {"code": answer.get(code), "number": answer.get(number)}
    issued["check_code"] = answer.get(check_code)
    for name, value in issued.items():
        if not isinstance(value, str) or not 1 <= len(value) <= _LENGTHS[name] or "\0" in value:
            raise Unanswered(f"no usable {name}")
    return Issued(**{name: str(value) for name, value in issued.items()})


def _count(value: object) -> int:
    return int(str(value))


def _exact(value: object) -> orjson.Fragment:
    if isinstance(value, Decimal):
        return orjson.Fragment(f"{value:f}")
    raise TypeError(f"no JSON for {type(value).__name__}")


@cache
def _client() -> httpx.Client:
    """Give the process's client; connections are kept and shared between threads."""
    return httpx.Client(timeout=_TIMEOUT, limits=_LIMITS, trust_env=False)


# A forked child must not speak on its parent's connections.
os.register_at_fork(after_in_child=_client.cache_clear)
