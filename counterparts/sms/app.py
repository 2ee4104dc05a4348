"""The provider's addresses and its box of messages."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson
from starlette.routing import Route

from counterparts import frame
from counterparts.frame import Fault, json_answer
from counterparts.storage import Storage

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

_SCHEMA = """
CREATE TABLE IF NOT EXISTS messages (
    seq      INTEGER PRIMARY KEY AUTOINCREMENT,
    msg_id   TEXT NOT NULL UNIQUE,
    out_id   TEXT NOT NULL UNIQUE,
    phone    TEXT NOT NULL,
    template TEXT NOT NULL,
    params   TEXT NOT NULL, -- JSON with sorted keys
    text     TEXT NOT NULL,
    sent_at  TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS messages_phone ON messages (phone, seq);
"""
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LENGTHS = {"phone": 20, "template": 64, "text": 500, "out_id": 64}
_MOST = 1000
_DIGITS = 15


class Refused(Exception):
    """A message that the provider does not take."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code

    def answer(self) -> Response:
        """Return the refusal as the provider words it."""
        return json_answer({"code": self.code, "message": str(self)}, status=self.status)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A text message as it comes in."""

    phone: str
    template: str
    params: dict[str, Any]
    text: str
    out_id: str


def read_message(body: bytes) -> Message:
    """Return the message in a request body.

    Raises:
        Refused: not JSON, a field missing, empty or too long, or no mobile number.

    """
    try:
        fields = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Refused(400, "INVALID_FIELD", "the body is not JSON") from error
    if not isinstance(fields, dict):
        raise Refused(400, "INVALID_FIELD", "the body is not a JSON object")
    for name, length in _LENGTHS.items():
        value = fields.get(name)
        if not isinstance(value, str) or not 1 <= len(value) <= length:
            raise Refused(400, "INVALID_FIELD", f"{name}: a text of 1 to {length} characters")
    params = fields.get("params", {})
    if not isinstance(params, dict):
        raise Refused(400, "INVALID_FIELD", "params: an object")
    if not _MOBILE.fullmatch(fields["phone"]):
        raise Refused(400, "INVALID_PHONE", "no mobile number")
    return Message(params=params, **{name: fields[name] for name in _LENGTHS})


class Provider:
    """The handlers, their switchboard and their box."""

    def __init__(self, folder: Path) -> None:
        self.board = frame.Switchboard(
            "sms", match_keys={"phone", "template", "out_id"}, faults={Fault.REFUSE}
        )
        self._box = Storage(folder, name="sms.sqlite3", schema=_SCHEMA)

    def routes(self) -> list[Route]:
        """Return the provider's addresses."""
        return [
            Route("/send", self._send, methods=["POST"]),
            Route("/messages", self._messages, methods=["GET"]),
            Route("/messages", self._empty, methods=["DELETE"]),
        ]

    async def _send(self, request: Request) -> Response:
        try:
            message = read_message(await request.body())
        except Refused as refusal:
            return refusal.answer()
        keys = {name: getattr(message, name) for name in ("phone", "template", "out_id")}
        limited = Refused(429, "FREQUENCY_LIMITED", "too many messages").answer

        async def work() -> Response:
            return self._take(message)

        return await self.board.answer(keys, work, instead={Fault.REFUSE: limited})

    def _take(self, message: Message) -> Response:
        content = {
            "phone": message.phone,
            "template": message.template,
            "params": orjson.dumps(message.params, option=orjson.OPT_SORT_KEYS).decode(),
            "text": message.text,
        }
        known = self._box.one(
            "SELECT * FROM messages WHERE out_id = :out_id", out_id=message.out_id
        )
        if known is not None:
            if any(known[name] != value for name, value in content.items()):
                return Refused(409, "OUT_ID_USED", "another message has this out_id").answer()
            return json_answer({"msg_id": known["msg_id"]})
        msg_id = uuid.uuid4().hex
        self._box.write(
            "INSERT INTO messages (msg_id, out_id, phone, template, params, text, sent_at)"
            " VALUES (:msg_id, :out_id, :phone, :template, :params, :text, :sent_at)",
            {
                **content,
                "msg_id": msg_id,
                "out_id": message.out_id,
                "sent_at": self.board.clock.now().isoformat(),
            },
        )
        return json_answer({"msg_id": msg_id})

    async def _messages(self, request: Request) -> Response:
        query = request.query_params
        since, limit = query.get("since", "0"), query.get("limit", str(_MOST))
        if not _is_number(since) or not _is_number(limit) or not 1 <= int(limit) <= _MOST:
            return Refused(400, "INVALID_FIELD", f"since: a number; limit: 1 to {_MOST}").answer()
        rows = self._box.all(
            "SELECT * FROM messages WHERE seq > :since AND (:phone = '' OR phone = :phone)"
            " AND (:out_id = '' OR out_id = :out_id) ORDER BY seq LIMIT :limit",
            since=int(since),
            limit=int(limit),
            phone=query.get("phone", ""),
            out_id=query.get("out_id", ""),
        )
        for row in rows:
            row["params"] = orjson.loads(row["params"])
        return json_answer({"messages": rows})

    async def _empty(self, _request: Request) -> Response:
        return json_answer({"deleted": self._box.write("DELETE FROM messages")})


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _DIGITS


def make_app(folder: Path) -> Starlette:
    """Return the provider's application; its box is in ``folder``."""
    provider = Provider(folder)
    return frame.application(provider.board, provider.routes())
