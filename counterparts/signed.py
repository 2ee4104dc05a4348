"""Requests that parties sign: who calls, that nobody changed it, and that it is not an old one.

Headers ``X-App``, ``X-Timestamp`` (seconds since 1970), ``X-Nonce`` and ``X-Signature``, the Base64
of HMAC-SHA256 under the caller's key over five lines: method, address with its query, timestamp,
nonce, and the body's SHA-256 in hexadecimal. The form is ours: what real platforms use is not
published (certainty D); many use one like it.

Refused with 401: ``UNKNOWN_APP``, ``WRONG_SIGNATURE``, ``STALE`` (the timestamp is more than five
minutes off real time) and ``REPLAYED`` (the nonce came before). 400 ``INVALID_FIELD``: no JSON
object, or a field that is missing or wrong.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson

from counterparts.frame import Fault, Switchboard, json_answer
from counterparts.storage import Storage

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from starlette.requests import Request
    from starlette.responses import Response

WINDOW_SECONDS = 300
"""How far a timestamp may be off, and how long a nonce is remembered beyond that."""
_LONGEST_NONCE = 64


class RefusedRequest(Exception):
    """A request that the party does not take."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code

    def answer(self) -> Response:
        """Return the refusal as the party words it."""
        return json_answer({"code": self.code, "message": str(self)}, status=self.status)


def signature(  # the five lines, in their order
    key: str, *, method: str, target: str, timestamp: str, nonce: str, body: bytes
) -> str:
    """Return the signature of a request; ``target`` is the address with its query."""
    lines = (method, target, timestamp, nonce, hashlib.sha256(body).hexdigest())
    digest = hmac.new(key.encode(), "\n".join(lines).encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


@dataclass(slots=True)
class Gate:
    """Checks who calls; ``key_of`` gives a caller's key, or None for nobody.

    Nonces are remembered by the process: a replay after a restart meets what is idempotent.
    """

    key_of: Callable[[str], str | None]
    clock: Callable[[], float] = time.time
    _seen: set[tuple[str, str]] = field(default_factory=set)
    _order: deque[tuple[float, tuple[str, str]]] = field(default_factory=deque)

    async def open(self, request: Request) -> dict[str, Any]:
        """Return the JSON object of a signed request; empty for one without a body.

        Raises RefusedRequest.
        """
        body = await request.body()
        query = request.url.query
        path = request.scope.get("raw_path", request.url.path.encode()).decode("ascii")
        target = f"{path}?{query}" if query else path
        self.check(method=request.method, target=target, headers=request.headers, body=body)
        return read_object(body) if body else {}

    def check(self, *, method: str, target: str, headers: Mapping[str, str], body: bytes) -> str:
        """Return the app that signed a request.

        Raises RefusedRequest if none did, or it is stale, or came before.
        """
        app, timestamp = headers.get("X-App", ""), headers.get("X-Timestamp", "")
        nonce, signed = headers.get("X-Nonce", ""), headers.get("X-Signature", "")
        key = self.key_of(app)
        if key is None:
            raise RefusedRequest(401, "UNKNOWN_APP", "X-App 未登记")
        right = signature(
            key, method=method, target=target, timestamp=timestamp, nonce=nonce, body=body
        )
        if not hmac.compare_digest(right.encode(), signed.encode("utf-8", "replace")):
            raise RefusedRequest(401, "WRONG_SIGNATURE", "X-Signature 验签失败")
        now = self.clock()
        if not timestamp.isdecimal() or abs(now - int(timestamp)) > WINDOW_SECONDS:
            raise RefusedRequest(401, "STALE", "X-Timestamp 超出时间窗口")
        self._note(app, nonce, now)
        return app

    def _note(self, app: str, nonce: str, now: float) -> None:
        while self._order and self._order[0][0] < now:
            self._seen.discard(self._order.popleft()[1])
        if not 1 <= len(nonce) <= _LONGEST_NONCE or (app, nonce) in self._seen:
            raise RefusedRequest(401, "REPLAYED", "X-Nonce 重复")
        self._seen.add((app, nonce))
        # A timestamp may be as far ahead as behind: until then it could come again.
        self._order.append((now + 2 * WINDOW_SECONDS, (app, nonce)))


def read_object(body: bytes) -> dict[str, Any]:
    """Return the JSON object in a body.

    Raises RefusedRequest if there is none.
    """
    try:
        fields = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise RefusedRequest(400, "INVALID_FIELD", "报文不是JSON") from error
    if not isinstance(fields, dict):
        raise RefusedRequest(400, "INVALID_FIELD", "报文不是JSON对象")
    return fields


def text(fields: Mapping[str, Any], name: str, longest: int, *, required: bool = True) -> str:
    """Return a text field.

    Raises RefusedRequest if it is missing, no text, or too long.
    """
    value = fields.get(name, None if required else "")
    if not isinstance(value, str) or len(value) > longest or (required and not value):
        raise RefusedRequest(400, "INVALID_FIELD", f"{name} 须为1至{longest}个字符")
    return value


def whole(fields: Mapping[str, Any], name: str, *, least: int = 0) -> int:
    """Return a field that is a whole number.

    Raises RefusedRequest if it is none, or smaller than ``least``.
    """
    value = fields.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value < 2**63:
        raise RefusedRequest(400, "INVALID_FIELD", f"{name} 须为不小于{least}的整数")
    return value


def switch(fields: Mapping[str, Any], name: str) -> bool:
    """Return a field that is true or false.

    Raises RefusedRequest if it is neither.
    """
    value = fields.get(name)
    if not isinstance(value, bool):
        raise RefusedRequest(400, "INVALID_FIELD", f"{name} 须为true或false")
    return value


async def answered(
    request: Request,
    *,
    gate: Gate,
    board: Switchboard,
    keys: Callable[[dict[str, Any]], dict[str, str]],
    work: Callable[[dict[str, Any]], dict[str, Any]],
) -> Response:
    """Let a signed request through, let the switchboard meddle, and answer it by ``work``.

    ``keys`` are what fault rules may name besides the path. What ``work`` refuses is answered.
    """
    try:
        fields = await gate.open(request)
    except RefusedRequest as refusal:
        return refusal.answer()

    async def carry_out() -> Response:
        try:
            return json_answer(work(fields))
        except RefusedRequest as refusal:
            return refusal.answer()

    return await board.answer(
        {"path": request.url.path, **keys(fields)},
        carry_out,
        instead={
            Fault.REFUSE: RefusedRequest(429, "BUSY", "请稍后再试").answer,
            Fault.GATEWAY_401: RefusedRequest(401, "UNKNOWN_APP", "X-App 未登记").answer,
        },
    )


_CALLERS = "CREATE TABLE IF NOT EXISTS apps (app TEXT PRIMARY KEY, key TEXT NOT NULL);\n"


class KeyedBooks:
    """A counterpart's file that also knows its callers and their keys."""

    def __init__(self, folder: Path, *, name: str, schema: str) -> None:
        self._file = Storage(folder, name=name, schema=_CALLERS + schema)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def key_of(self, app: str) -> str | None:
        """Return a caller's key, or None for nobody."""
        row = self._file.one("SELECT key FROM apps WHERE app = :app", app=app)
        return None if row is None else str(row["key"])

    def register(self, app: str, key: str) -> None:
        """Take a caller in, or give it another key."""
        self._file.write(
            "INSERT INTO apps VALUES (:app, :key) ON CONFLICT DO UPDATE SET key = excluded.key",
            {"app": app, "key": key},
        )
