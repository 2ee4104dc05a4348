"""Signed messages to parties of credit: the credit platform, the insurer's office, banks.

Every request carries `X-App`, `X-Timestamp`, `X-Nonce` and `X-Signature`, the Base64 of
HMAC-SHA256 under the party's key over five lines: method, address with its query, timestamp, nonce,
SHA-256 of the body. The form is ours (certainty D): no city has published its own.

A call ends in time and gives an `Answer` instead of an exception: what a caller does next depends
on whether the party can have heard it. Nothing may be in hand while it waits: no transaction, no
connection to the database.
"""

import base64
import hashlib
import hmac
import os
import threading
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

import httpx
import orjson

from yifu.credit.models import CreditParty
from yifu.outside import without_connection
from yifu.secrets import decrypt

CONNECT_SECONDS = 2.0
CONNECTIONS = 32
_UNSENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
    httpx.InvalidURL,
)
_LARGEST_ANSWER = 1 << 20
_LONGEST_CODE = 40
_HIGHEST_SCORE = 100_000
_REFUSALS = range(400, 500)


class AnswerKind(StrEnum):
    """How an exchange with a party ended."""

    DONE = "done"
    """It said yes, with what was asked for."""
    REFUSED = "refused"
    """It said no, with a code of its own; nothing was done."""
    UNSENT = "unsent"
    """No connection: the request never left."""
    UNANSWERED = "unanswered"
    """It left, and no answer came that can be believed: it may have been done or not."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a party said to one request; `body` is empty unless it is done."""

    kind: AnswerKind
    code: str = ""
    body: Mapping[str, Any] = field(default_factory=dict)

    @property
    def done(self) -> bool:
        """True when the party said yes."""
        return self.kind == AnswerKind.DONE


@dataclass(frozen=True, slots=True)
class Scored:
    """What the credit platform knows of a person; `score` None: nothing (P2.1)."""

    score: int | None
    dimensions: Mapping[str, int]
    valid_until: date
    reference: str


@dataclass(frozen=True, slots=True)
class ScoreAnswer:
    """The answer to a question for a score; `scored` is there exactly when `kind` is done."""

    kind: AnswerKind
    code: str = ""
    scored: Scored | None = None


def post(party: CreditParty, path: str, body: Mapping[str, Any]) -> Answer:
    """Send a party something, outside any transaction. Raises `TransactionOpenError` inside one."""
    return _call(party, "POST", path, orjson.dumps(body))


def get(party: CreditParty, path: str, **query: str) -> Answer:
    """Ask a party something, outside any transaction. Raises `TransactionOpenError` inside one."""
    asked = f"{path}?{httpx.QueryParams(query)}" if query else path
    return _call(party, "GET", asked, b"")


def ask_score(party: CreditParty, *, request_no: str, id_number: str, name: str) -> ScoreAnswer:
    """Ask the credit platform for a person's score (P2.1), outside any transaction.

    The same `request_no` gets the same answer. Raises `TransactionOpenError` inside one.
    """
    asked = {"request_no": request_no, "id_number": id_number, "name": name}
    answer = post(party, "/scores", asked)
    if not answer.done:
        return ScoreAnswer(answer.kind, answer.code)
    try:
        return ScoreAnswer(AnswerKind.DONE, scored=_scored(answer.body))
    except (KeyError, ValueError, TypeError, AttributeError):
        return ScoreAnswer(AnswerKind.UNANSWERED, "UNREADABLE")


def sign(  # the five lines, in their order
    key: str, *, method: str, target: str, timestamp: str, nonce: str, body: bytes
) -> str:
    """Sign a request; `target` is the address with its query."""
    lines = (method, target, timestamp, nonce, hashlib.sha256(body).hexdigest())
    digest = hmac.new(key.encode(), "\n".join(lines).encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def _call(party: CreditParty, method: str, path: str, body: bytes) -> Answer:
    key, app, patience_s = decrypt(party.key_cipher), party.app, float(party.timeout_s)
    base_url = party.base_url.rstrip("/")
    with without_connection():
        try:
            request = _client().build_request(
                method,
                base_url + path,
                content=body or None,
                timeout=httpx.Timeout(patience_s, connect=min(CONNECT_SECONDS, patience_s)),
            )
            target = request.url.raw_path.decode("ascii")
            request.headers.update(_headers(app, key, method=method, target=target, body=body))
            return _understand(_client().send(request))
        except _UNSENT:
            return Answer(AnswerKind.UNSENT)
        except httpx.HTTPError:
            return Answer(AnswerKind.UNANSWERED)


def _headers(app: str, key: str, *, method: str, target: str, body: bytes) -> dict[str, str]:
    # The party measures the timestamp against real time, whatever day is being lived through.
    timestamp, nonce = str(int(time.time())), uuid.uuid4().hex
    signed = sign(key, method=method, target=target, timestamp=timestamp, nonce=nonce, body=body)
    headers = {
        "X-App": app,
        "X-Timestamp": timestamp,
        "X-Nonce": nonce,
        "X-Signature": signed,
    }
    return headers | ({"Content-Type": "application/json"} if body else {})


def _understand(response: httpx.Response) -> Answer:
    """Classify what came back. Trouble over there says nothing about what was done before it."""
    said = _object(response.content)
    if response.is_success and said is not None:
        return Answer(AnswerKind.DONE, body=said)
    if response.status_code in _REFUSALS and said is not None and isinstance(said.get("code"), str):
        return Answer(AnswerKind.REFUSED, said["code"][:_LONGEST_CODE])
    return Answer(AnswerKind.UNANSWERED, f"HTTP {response.status_code}")


def _object(content: bytes) -> dict[str, Any] | None:
    if len(content) > _LARGEST_ANSWER:
        return None
    try:
        value = orjson.loads(content)
    except orjson.JSONDecodeError:
        return None
    return value if isinstance(value, dict) else None


def _scored(body: Mapping[str, Any]) -> Scored:
    """Read a score; raises `KeyError`, `ValueError`, `TypeError`, `AttributeError` for nonsense."""
    score = body["score"]
    if score is not None and (type(score) is not int or not 0 <= score <= _HIGHEST_SCORE):
        raise ValueError("no score")
    dimensions = {str(name): points for name, points in body["dimensions"].items()}
    if any(type(points) is not int for points in dimensions.values()):
        raise ValueError("points that are no whole numbers")
    reference = body["reference"]
    if not isinstance(reference, str) or not 1 <= len(reference) <= 64:  # noqa: PLR2004 - the column
        raise ValueError("no reference")
    return Scored(score, dimensions, date.fromisoformat(body["valid_until"]), reference)


_open: list[httpx.Client] = []
_opening = threading.Lock()


def _client() -> httpx.Client:
    """Give the process's client; connections stay open and are shared between threads."""
    with _opening:
        if not _open:
            limits = httpx.Limits(
                max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS
            )
            _open.append(httpx.Client(limits=limits, trust_env=False))
        return _open[0]


def close() -> None:
    """Close all connections to parties; the next call opens new ones."""
    with _opening:
        for opened in _open:
            opened.close()
        _open.clear()


# A forked child must not speak on its parent's connections.
os.register_at_fork(after_in_child=_open.clear)
