"""The national interface's protocol: envelope, signature, one call, and what became of it.

A call ends in exactly one of these ways, which is all that settlement has to know:

- an `Answer`: the insurer said yes, and the answer passes the field table;
- `Refused`: the insurer said no, and nothing happened there;
- `NotSent`: surely not processed (no connection, the service gateway's 401, or, as `Malformed`,
  our own message broke the field table and was kept back);
- `Unanswered`: sent, and no complete answer came: what happened is unknown until it is asked;
- `Nonsense`, an `Unanswered`: an answer came that cannot be understood or believed.
"""

import base64
import hmac
import json
import re
import secrets
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, NoReturn, Protocol

import orjson

from yifu.insurance import traps
from yifu.insurance.fields import (
    CHINA,
    ENVELOPE,
    Direction,
    Node,
    UnknownTransaction,
    Violation,
    check,
    layout,
    write_time,
)
from yifu.insurance.transactions.building import tame
from yifu.insurance.wire import POOL, Broken, NoConnection, Reply, Target, multipart

PATH = "/fsi/api/rsfComIfsService/callService"
JSON_TYPE = "application/json;charset=utf-8"
CATALOGUE_OWNER = "plc"
"""What 9102 wants as `fixmedins_code` for files the platform itself made (NHSA 9102)."""

OPERATOR, OPERATOR_NAME = "yifu", "医付平台"
"""`opter` and `opter_name`: the platform acts for the hospital's staff."""

_MAX_INPUT_CHARACTERS = 40_000
TOO_LONG = f"{_MAX_INPUT_CHARACTERS} characters allowed"
"""Ends what is said of a message that is too long as a whole (报文格式, `input`)."""
_WITH_FILES = frozenset({"4901", "4905"})
"""Messages that carry an archive in Base64, which no limit for messages can hold."""

_MAX_ANSWER_BYTES = 8 * 2**20
_MAX_FILE_BYTES = 256 * 2**20
_OK, _UNAUTHORISED = 200, 401
_STAFF = "1"
_CODE_CHARACTERS = 12
_MAX_SEQ = 9999
_MAX_REASON = 2000
_MAX_REF = 30
_IDENTITY_CARD = "02"
_TAIL = 4


class CallError(Exception):
    """A call that brought no answer to work with."""


class Refused(CallError):
    """The insurer answered no: nothing happened there.

    `err_msg` is its own sentence, `inf_refmsgid` its number of the refusal, "" where it gave none.
    """

    def __init__(self, err_msg: str, code: str, inf_refmsgid: str = "") -> None:
        super().__init__(f"{code}: {err_msg}")
        self.err_msg = err_msg
        self.code = code
        self.inf_refmsgid = inf_refmsgid


class NotSent(CallError):
    """Surely not processed; may be sent again."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Malformed(NotSent):
    """Our message breaks the field table and was kept back; sending it again cannot help."""

    def __init__(self, violations: Iterable[Violation]) -> None:
        self.violations = tuple(violations)
        super().__init__("; ".join(map(str, self.violations)))


class Unanswered(CallError):
    """Sent, and no complete answer came: what happened at the insurer is unknown."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Nonsense(Unanswered):
    """An answer that cannot be understood or breaks the field table: unknown as well.

    `violations` is empty unless the field table was broken.
    """

    def __init__(self, reason: str, violations: Iterable[Violation] = ()) -> None:
        super().__init__(reason)
        self.violations = tuple(violations)


class Scheme(Protocol):
    """Makes the headers by which a service gateway knows its caller; see `schemes`."""

    def __call__(self, endpoint: "Endpoint", *, infno: str, timestamp_ms: int) -> Mapping[str, str]:
        """Give the headers of one message; `timestamp_ms` is real time."""


def sign(secret_key: str, headers: Mapping[str, str]) -> str:
    """Sign the gateway's headers: Base64(HMAC-SHA1) over `name=value` by name, joined by `&`."""
    text = "&".join(f"{name}={headers[name]}" for name in sorted(headers))
    return base64.b64encode(hmac.digest(secret_key.encode(), text.encode(), "sha1")).decode()


def gateway_headers(endpoint: "Endpoint", *, infno: str, timestamp_ms: int) -> dict[str, str]:
    """Give the headers that the service gateway checks, signature included.

    The timestamp is real time even when the day is simulated: the gateway allows 30 minutes.
    """
    headers = {
        "_api_access_key": endpoint.access_key,
        "_api_name": infno,
        "_api_timestamp": str(timestamp_ms),
        "_api_version": endpoint.api_version,
    }
    return headers | {"_api_signature": sign(endpoint.secret_key, headers)}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """How one institution reaches its insurer.

    `base_url` is scheme, host and port; `timeout_s` bounds a whole call. `scheme` makes the
    gateway's headers, `header` names the one with the key where a scheme has only that.
    `extra_codes` are accepted besides the code tables'; `region` says whose values these are.
    Raises `ValueError` for an address that is none, or a key that cannot stand in a header.
    """

    base_url: str
    access_key: str
    secret_key: str = field(repr=False)
    fixmedins_code: str
    fixmedins_name: str
    mdtrtarea_admvs: str
    recer_sys_code: str
    infver: str
    timeout_s: float
    api_version: str = "1.0.0"
    path: str = PATH
    header: str = "_api_access_key"
    scheme: Scheme = gateway_headers
    extra_codes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    region: str = "national"

    def __post_init__(self) -> None:
        Target.of(self.base_url)
        for text in (self.access_key, self.api_version, self.path, self.header):
            if not (text.isascii() and text.isprintable() and " " not in text and text):
                raise ValueError(f"cannot stand in a header: {text!r}")


@dataclass(frozen=True, slots=True)
class Answer:
    """The insurer's yes. Numbers in `output` are `int` or `Decimal`, never float.

    `remarks` lists values that are in none of the shipped code tables: provinces extend them, so
    an unknown code is no reason to disbelieve an answer.
    """

    output: dict[str, Any]
    infcode: str
    inf_refmsgid: str
    err_msg: str
    raw_bytes_len: int
    warn_msg: str = ""
    respond_time: str = ""
    remarks: tuple[Violation, ...] = ()


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A file the insurer keeps for us (NHSA 9101)."""

    file_qury_no: str
    filename: str
    dld_endtime: str


def make_msgid(*, fixmedins_code: str, at: datetime, seq: int) -> str:
    """Make a message's number: institution (12), China's time (14), sequence (4).

    The insurer treats two messages with one number as one. Raises `ValueError` for a code that
    has not twelve characters, a time without an offset, or a sequence outside 0 to 9999.
    """
    if len(fixmedins_code) != _CODE_CHARACTERS or not fixmedins_code.isalnum():
        raise ValueError("fixmedins_code: twelve letters and digits")
    if at.tzinfo is None or not 0 <= seq <= _MAX_SEQ:
        raise ValueError("msgid: a time with an offset and a sequence from 0 to 9999")
    return f"{fixmedins_code}{at.astimezone(CHINA):%Y%m%d%H%M%S}{seq:04d}"


def call(  # noqa: PLR0913 - the envelope's own fields
    endpoint: Endpoint,
    *,
    infno: str,
    msgid: str,
    input_: Mapping[str, Any],
    now: datetime,
    opter: str,
    opter_name: str,
    insuplc_admdvs: str = "",
    sign_no: str = "",
) -> Answer:
    """Send one message and return the insurer's yes. `now` becomes `inf_time`.

    Raises `Refused`, `NotSent` (`Malformed`), `Unanswered` (`Nonsense`): see the module.
    """
    envelope = _envelope(endpoint, infno, msgid, now, opter, opter_name, insuplc_admdvs, sign_no)
    body = encode(envelope, infno=infno, input_=input_, extra_codes=endpoint.extra_codes)
    reply = _post(endpoint, infno, body, JSON_TYPE, _MAX_ANSWER_BYTES)
    return understand(infno, reply)


def upload_file(
    endpoint: Endpoint,
    *,
    msgid: str,
    filename: str,
    content: bytes,
    now: datetime,
    opter: str,
    opter_name: str,
    sign_no: str = "",
) -> Uploaded:
    """Hand the insurer a file, as multipart with the envelope in `jsonStr` (NHSA 9101).

    Raises as `call` does.
    """
    head = {"filename": filename, "fixmedins_code": endpoint.fixmedins_code}
    _refuse_malformed(check("9101", "in", {"fsUploadIn": {"in": content, **head}}))
    envelope = _envelope(endpoint, "9101", msgid, now, opter, opter_name, "", sign_no)
    text = _dump(envelope | {"input": {"fsUploadIn": head}})
    boundary = secrets.token_hex(16)
    body = multipart(boundary, text=text, filename=filename, content=content)
    content_type = f"multipart/form-data; boundary={boundary}"
    reply = _post(endpoint, "9101", body, content_type, _MAX_ANSWER_BYTES)
    output = understand("9101", reply).output
    return Uploaded(
        file_qury_no=str(output["file_qury_no"]),
        filename=str(output["filename"]),
        dld_endtime=str(output.get("dld_endtime") or ""),
    )


def download_file(  # noqa: PLR0913 - the envelope's own fields
    endpoint: Endpoint,
    *,
    msgid: str,
    file_qury_no: str,
    filename: str,
    now: datetime,
    opter: str,
    opter_name: str,
    sign_no: str = "",
    owner: str = CATALOGUE_OWNER,
) -> bytes:
    """Fetch a file the insurer has for us (NHSA 9102). Raises as `call` does."""
    envelope = _envelope(endpoint, "9102", msgid, now, opter, opter_name, "", sign_no)
    wanted = {"file_qury_no": file_qury_no, "filename": filename, "fixmedins_code": owner}
    body = encode(envelope, infno="9102", input_={"fsDownloadIn": wanted})
    reply = _post(endpoint, "9102", body, JSON_TYPE, _MAX_FILE_BYTES)
    if reply.status == _OK and reply.content_type == "application/octet-stream":
        return reply.body
    understand("9102", reply)
    raise Nonsense(f"no file, but {reply.content_type}")


def _envelope(
    endpoint: Endpoint,
    infno: str,
    msgid: str,
    now: datetime,
    opter: str,
    opter_name: str,
    insuplc_admdvs: str,
    sign_no: str,
) -> dict[str, Any]:
    return {
        "infno": infno,
        "msgid": msgid,
        "mdtrtarea_admvs": endpoint.mdtrtarea_admvs,
        "insuplc_admdvs": insuplc_admdvs,
        "recer_sys_code": endpoint.recer_sys_code,
        "dev_no": "",
        "dev_safe_info": "",
        "cainfo": "",
        "signtype": "",
        "infver": endpoint.infver,
        "opter_type": _STAFF,
        "opter": opter,
        "opter_name": opter_name,
        "inf_time": write_time(now),
        "fixmedins_code": endpoint.fixmedins_code,
        "fixmedins_name": endpoint.fixmedins_name,
        "sign_no": sign_no,
    }


NO_CODES: Mapping[str, frozenset[str]] = {}


def encode(
    envelope: dict[str, Any],
    *,
    infno: str,
    input_: Mapping[str, Any],
    extra_codes: Mapping[str, frozenset[str]] = NO_CODES,
) -> bytes:
    """Check a message against the field table and write it as JSON; amounts stay exact.

    `extra_codes` are a region's own, by code table. Raises `Malformed` with every rule it breaks.
    """
    try:
        found = check(ENVELOPE, "in", envelope) + check(infno, "in", input_)
        if found and extra_codes:
            found = [one for one in found if not _is_extra(one, input_, extra_codes)]
    except UnknownTransaction:
        found = [Violation(infno, "in", "infno", "", "unknown transaction", "")]
    if not envelope["insuplc_admdvs"] and _names_a_person(input_):
        rule = Violation(infno, "in", "insuplc_admdvs", "参保地医保区划", "required", "with psn_no")
        found.append(rule)
    _refuse_malformed(found)
    written = _dump(input_)
    # Characters, not bytes: a Chinese name is three bytes long.
    if len(written) > _MAX_INPUT_CHARACTERS < len(written.decode()) and infno not in _WITH_FILES:
        limit = TOO_LONG
        raise Malformed([Violation(infno, "in", "input", "交易输入", "length", limit)])
    return _dump(envelope | {"input": orjson.Fragment(written)})


def _is_extra(
    violation: Violation, input_: Mapping[str, Any], extra_codes: Mapping[str, frozenset[str]]
) -> bool:
    """Say whether what is wrong is only a code that the region has besides the table's."""
    if violation.rule != "code":
        return False
    value: object = input_
    for step in _STEPS.findall(violation.place):
        value = value[int(step)] if isinstance(value, list) else dict(value)[step]  # type: ignore[call-overload] # the place is the message's own
    return str(value) in extra_codes.get(violation.detail.rpartition(" ")[2], ())


_STEPS = re.compile(r"\w+")


def _names_a_person(input_: Mapping[str, Any]) -> bool:
    for node in input_.values():
        row = node[0] if isinstance(node, list) and node else node
        if isinstance(row, dict) and row.get("psn_no"):
            return True
    return False


def _refuse_malformed(found: list[Violation]) -> None:
    if found:
        raise Malformed(found)


def _dump(value: object) -> bytes:
    try:
        return orjson.dumps(value, default=_exact)
    except orjson.JSONEncodeError as error:
        raise Malformed([Violation("", "in", "input", "", "type", str(error))]) from error


def _exact(value: object) -> orjson.Fragment | str:
    """Write a Decimal digit by digit and bytes in base64; nothing else has a place in a message."""
    if isinstance(value, Decimal):
        return orjson.Fragment(_digits(value))
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    raise TypeError(f"no JSON for {type(value).__name__}")


def _digits(value: Decimal) -> str:
    text = str(value)  # a third of the time that formatting takes
    return f"{value:f}" if "E" in text else text


_target = lru_cache(maxsize=1024)(Target.of)


def _post(endpoint: Endpoint, infno: str, body: bytes, content_type: str, max_bytes: int) -> Reply:
    signed = endpoint.scheme(endpoint, infno=infno, timestamp_ms=time.time_ns() // 1_000_000)
    return post(endpoint, body, {"Content-Type": content_type, **signed}, max_bytes)


def post(
    endpoint: Endpoint, body: bytes, headers: Mapping[str, str], max_bytes: int = _MAX_ANSWER_BYTES
) -> Reply:
    """Post to an endpoint and give the complete answer. Raises `NotSent`, `Unanswered`."""
    try:
        return POOL.post(
            _target(endpoint.base_url),
            endpoint.path,
            headers=headers,
            body=body,
            timeout_s=endpoint.timeout_s,
            max_bytes=max_bytes,
        )
    except NoConnection as error:
        raise NotSent(str(error)) from error
    except Broken as error:
        raise Unanswered(str(error)) from error


def understand(infno: str, reply: Reply) -> Answer:
    """Turn a complete HTTP answer into the insurer's yes, or raise what else it means.

    0 is yes and -1 is no. Any other `infcode` is taken for neither: the specification's own older
    example has 1 for a success, so "no" would be a guess about money.
    """
    said = _read(reply)
    if "infcode" not in said:
        _raise_gateway_error(said)
    if reply.status != _OK:
        raise Unanswered(f"HTTP {reply.status}")
    code = traps.text(said["infcode"])
    message = traps.text(said.get("err_msg"))
    yes = traps.verdict(said["infcode"])
    if yes is False:
        raise Refused(message, code, traps.text(said.get("inf_refmsgid"))[:_MAX_REF])
    if yes is None:
        raise Nonsense(f"infcode {code[:20]}")
    output = traps.named(said.get("output"))
    if not isinstance(output, dict):
        raise Nonsense("output is not an object")
    found = check(infno, "out", output)
    if _grave(found):
        output = tame(infno, output)
        found = check(infno, "out", output)
    if grave := _grave(found):
        raise Nonsense("; ".join(map(str, grave))[:_MAX_REASON], grave)
    return Answer(
        output=output,
        infcode=code,
        inf_refmsgid=traps.text(said.get("inf_refmsgid")),
        err_msg=message,
        raw_bytes_len=len(reply.body),
        warn_msg=traps.text(said.get("warn_msg")),
        respond_time=traps.text(said.get("respond_time")),
        remarks=tuple(found),
    )


def _grave(found: Iterable[Violation]) -> list[Violation]:
    """Give what makes an answer unbelievable: provinces have codes of their own."""
    return [violation for violation in found if violation.rule != "code"]


def _read(reply: Reply) -> dict[str, Any]:
    """Read an answer's JSON object; numbers with a point become Decimal, never float."""
    if reply.status == _UNAUTHORISED:
        raise NotSent(f"HTTP {_UNAUTHORISED}: {_gateway_message(reply.body)}")
    try:
        said = _JSON.decode(reply.body.decode())
    except (ValueError, RecursionError) as error:
        if reply.status != _OK:
            raise Unanswered(f"HTTP {reply.status}") from error
        kind = "not UTF-8" if isinstance(error, UnicodeDecodeError) else "not JSON"
        raise Nonsense(f"{kind} ({reply.content_type}, {len(reply.body)} bytes)") from error
    if not isinstance(said, dict):
        raise Nonsense("not a JSON object")
    return said


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


_JSON = json.JSONDecoder(parse_float=Decimal, parse_constant=_no_constant)


def _gateway_message(body: bytes) -> str:
    try:
        return str(json.loads(body)["message"])[:_MAX_REASON]
    except (ValueError, LookupError, TypeError, RecursionError):
        return ""


def _raise_gateway_error(said: Mapping[str, Any]) -> NoReturn:
    """Raise what the service gateway in front of the insurer says, in its own small JSON."""
    code, message = str(said.get("code", "")), str(said.get("message", ""))[:_MAX_REASON]
    if code == str(_UNAUTHORISED):
        raise NotSent(f"{code}: {message}")
    if code:
        raise Unanswered(f"gateway {code}: {message}")
    raise Nonsense("no infcode")


def mask_for_trace(
    infno: str, message: Mapping[str, Any], *, direction: Direction = "in"
) -> dict[str, Any]:
    """Give a message as it may be stored: plain JSON, credentials gone, personal data masked.

    A token or card number is dropped (P1.7); identity numbers keep four characters, names one.
    Fields that the table does not know are left out: nobody has judged whether they are personal.
    """
    masked: dict[str, Any] = {}
    for node in layout(infno, direction):
        if not node.name:
            masked |= _masked_row(node, message)
        elif isinstance(rows := message.get(node.name), list):
            masked[node.name] = [_masked_row(node, row) for row in rows]
        elif isinstance(rows, dict):
            masked[node.name] = _masked_row(node, rows)
    return masked


def _masked_row(node: Node, row: object) -> dict[str, Any]:
    if not isinstance(row, dict):
        return {}
    known = node.fields
    shown = {
        name: value if type(value) is str else _plain(value)
        for name, value in row.items()
        if name in known
    }
    for name, child in node.children.items():
        if rows := row.get(name):
            inner = rows if isinstance(rows, list) else [rows]
            shown[name] = [_masked_row(child, one) for one in inner]
    for field_ in node.masked:
        if value := shown.get(field_.name):
            by_identity = row.get("mdtrt_cert_type") == _IDENTITY_CARD
            shown[field_.name] = _masked(field_.mask, str(value), by_identity=by_identity)
    return shown


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return _digits(value)
    if isinstance(value, dict):  # structured freely: nobody has judged whether it is personal
        return {}
    return f"{len(value)} bytes" if isinstance(value, bytes) else value


def _masked(mask: str, text: str, *, by_identity: bool) -> str:
    if mask == "name":
        return text[0] + "*" * (len(text) - 1)
    if mask == "tail" or (mask == "credential" and by_identity):
        shown = text[-_TAIL:] if len(text) > 2 * _TAIL else ""
        return "*" * (len(text) - len(shown)) + shown
    return "***"
