"""The hospital's connection to the platform: tokens, keys, times, and asking again.

A request whose answer was lost is sent again, with the same ``Idempotency-Key``: the platform
then gives the first answer again. How often and how long is bounded by :data:`PATIENCE_S`.
"""

from __future__ import annotations

import base64
import http.client
import threading
import time
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

import orjson

if TYPE_CHECKING:
    from datetime import datetime

PATIENCE_S = 40.0
"""How long the hospital goes on asking when nobody answers."""
_ANSWER_WITHIN_S = 60.0
_FIRST_PAUSE_S = 0.1
_LONGEST_PAUSE_S = 1.0
_UNAUTHORISED = 401
_TRY_AGAIN = frozenset({502, 503, 504})
_UNDER_WAY = "request_under_way"
_UNDER_WAY_PATIENCE_S = 5.0


class UnansweredError(RuntimeError):
    """The platform gave no answer for so long that the hospital gave up."""


class RefusedError(RuntimeError):
    """The platform refused (problem+json); ``code`` is its stable code."""

    def __init__(self, request: str, status: int, problem: dict[str, Any]) -> None:
        self.status = status
        self.code = str(problem.get("code", ""))
        self.problem = problem
        super().__init__(f"{request}: {status} {self.code} {problem.get('detail', '')}")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the status and the JSON object."""

    status: int
    body: dict[str, Any]


@dataclass(slots=True)
class Tally:
    """How much was asked, over all lanes; guarded by its lock."""

    requests: int = 0
    repeated: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, *, repeated: int) -> None:
        """Count one request that had to be repeated so many times."""
        with self.lock:
            self.requests += 1
            self.repeated += repeated


@dataclass(slots=True)
class Token:
    """The access token all lanes share: an OAuth2 client-credentials grant."""

    api: str
    client_id: str
    client_secret: str
    scopes: str
    _value: str = ""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def value(self, *, instead_of: str = "") -> str:
        """Give the token; fetch one if there is none yet, or if only ``instead_of`` is known."""
        with self._lock:
            if not self._value or self._value == instead_of:
                self._value = self._fetch()
            return self._value

    def _fetch(self) -> str:
        pair = base64.b64encode(f"{self.client_id}:{self.client_secret}".encode()).decode()
        form = urlencode({"grant_type": "client_credentials", "scope": self.scopes})
        headers = {
            "Authorization": f"Basic {pair}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        with closing(Link(self.api)) as link:
            answer = link.ask("POST", "/oauth/token/", form.encode(), headers)
        if "access_token" not in answer.body:
            raise RefusedError("POST /oauth/token/", answer.status, answer.body)
        return str(answer.body["access_token"])


class Link:
    """One kept-alive connection to one server."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._connection = http.client.HTTPConnection(
            parts.hostname or "127.0.0.1", parts.port, timeout=_ANSWER_WITHIN_S
        )

    def ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        """Send a request and read its answer.

        Raises ``OSError`` or ``http.client.HTTPException`` when no whole answer came; whether the
        request had an effect is then not known.
        """
        try:
            self._connection.request(method, path, body, headers)
            response = self._connection.getresponse()
            raw = response.read()
        except (OSError, http.client.HTTPException):
            self._connection.close()
            raise
        return Answer(response.status, _parsed(raw))

    def close(self) -> None:
        """Close the connection; the next request opens it again."""
        self._connection.close()


def _parsed(raw: bytes) -> dict[str, Any]:
    try:
        body = orjson.loads(raw) if raw else {}
    except orjson.JSONDecodeError:
        return {"detail": raw[:200].decode(errors="replace")}
    return body if isinstance(body, dict) else {"items": body}


@dataclass(slots=True)
class Platform:
    """The platform's API as one lane sees it. Not shared between threads."""

    api: str
    token: Token
    tally: Tally
    _link: Link = field(init=False)

    def __post_init__(self) -> None:
        """Keep one connection for this lane."""
        self._link = Link(self.api)

    def close(self) -> None:
        """Close the lane's connection."""
        self._link.close()

    def get(self, path: str, *, now: datetime) -> Answer:
        """Read something at the simulated time ``now``."""
        return self._until_answered("GET", path, None, now=now, key=None)

    def post(self, path: str, body: object, *, now: datetime, key: str | None = None) -> Answer:
        """Report or ask something at the simulated time ``now``.

        ``key`` is the ``Idempotency-Key`` of a request that moves money. Raises
        :class:`RefusedError` for a refusal and :class:`UnansweredError` after
        :data:`PATIENCE_S` without any answer.
        """
        return self._until_answered("POST", path, orjson.dumps(body), now=now, key=key)

    def _until_answered(
        self, method: str, path: str, body: bytes | None, *, now: datetime, key: str | None
    ) -> Answer:
        deadline = time.monotonic() + PATIENCE_S
        pause = _FIRST_PAUSE_S
        repeated = 0
        while True:
            answer, why = self._once(method, path, body, now=now, key=key)
            if answer is not None and not _ask_again(answer, deadline):
                self.tally.add(repeated=repeated)
                if answer.status >= http.client.BAD_REQUEST:
                    raise RefusedError(f"{method} {path}", answer.status, answer.body)
                return answer
            if time.monotonic() + pause > deadline:
                raise UnansweredError(f"{method} {path}: {why}")
            time.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE_S)
            repeated += 1

    def _once(
        self, method: str, path: str, body: bytes | None, *, now: datetime, key: str | None
    ) -> tuple[Answer | None, str]:
        try:
            token = self.token.value()
            answer = self._link.ask(method, path, body, _headers(token, now, key))
            if answer.status == _UNAUTHORISED:
                token = self.token.value(instead_of=token)
                answer = self._link.ask(method, path, body, _headers(token, now, key))
        except (OSError, http.client.HTTPException) as error:
            return None, f"{type(error).__name__} {error}"
        return answer, f"{answer.status} {answer.body.get('code', '')}"


def _ask_again(answer: Answer, deadline: float) -> bool:
    """Tell whether the answer only says: not now.

    A request "under way" may be one whose process ended: it is waited for a little, then the
    answer is taken for what it is; recovery finishes such a settlement.
    """
    if answer.body.get("code") == _UNDER_WAY:
        begun = deadline - PATIENCE_S
        return time.monotonic() - begun < _UNDER_WAY_PATIENCE_S
    return answer.status in _TRY_AGAIN


def _headers(token: str, now: datetime, key: str | None) -> dict[str, str]:
    headers = {
        "Authorization": f"Bearer {token}",
        "Content-Type": "application/json",
        "Yifu-Now": now.isoformat(),
    }
    return headers if key is None else headers | {"Idempotency-Key": key}


def tell(url: str, path: str, body: object) -> dict[str, Any]:
    """Tell a simulated counterpart something through its switchboard.

    Raises :class:`RefusedError` when it does not understand.
    """
    headers = {"Content-Type": "application/json"}
    with closing(Link(url)) as link:
        answer = link.ask("POST", path, orjson.dumps(body), headers)
    if answer.status >= http.client.BAD_REQUEST:
        raise RefusedError(f"POST {path}", answer.status, answer.body)
    return answer.body
