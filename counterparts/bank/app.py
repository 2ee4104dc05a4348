"""The bank's addresses."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import date
from typing import TYPE_CHECKING, Any

from starlette.routing import Route

from counterparts import frame
from counterparts.bank.books import SHOWN, STATES, Books, Request
from counterparts.frame import BadControl, Fault, control_message, json_answer
from counterparts.signed import Gate, RefusedRequest, answered, text, whole

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from starlette.applications import Starlette
    from starlette.requests import Request as Http
    from starlette.responses import Response

    from counterparts.storage import Row

    Work = Callable[[Http, dict[str, Any]], dict[str, Any]]

_MOST_CHANGES = 500
_LONGEST_COUNT = 15


def shown(row: Row) -> dict[str, Any]:
    """Return a line as callers see it."""
    return {name: row[name] for name in SHOWN}


class Bank:
    """The handlers, their switchboard and their books."""

    def __init__(self, folder: Path) -> None:
        self.board = frame.Switchboard(
            "bank",
            match_keys={"path", "id_number", "number"},
            faults={Fault.REFUSE, Fault.GATEWAY_401},
        )
        self.books = Books(folder)
        self._gate = Gate(self.books.key_of)

    def routes(self) -> list[Route]:
        """Return all addresses but the common switchboard's."""
        return [
            Route("/lines", self._signed(self._open), methods=["POST"]),
            Route("/lines/changes", self._signed(self._changes), methods=["GET"]),
            Route("/lines/{request_no}", self._signed(self._line), methods=["GET"]),
            Route("/lines/{line_no}/close", self._signed(self._close), methods=["POST"]),
            Route("/uses", self._signed(self._use), methods=["POST"]),
            Route("/payouts", self._signed(self._payouts), methods=["GET"]),
            Route("/_control/apps", self._apps, methods=["POST"]),
            Route("/_control/answers", self._answers, methods=["POST", "DELETE"]),
            Route("/_control/lines", self._change, methods=["POST"]),
            Route("/_control/repayments", self._repay, methods=["POST"]),
            Route("/_control/books", self._everything, methods=["GET", "DELETE"]),
        ]

    def _signed(self, work: Work) -> Callable[[Http], Any]:
        """Let only signed requests through, and the switchboard meddle."""

        async def handle(request: Http) -> Response:
            def keys(fields: dict[str, Any]) -> dict[str, str]:
                number = fields.get("request_no") or fields.get("number") or ""
                return {
                    "id_number": str(fields.get("id_number", "")),
                    "number": str(number or request.path_params.get("request_no", "")),
                }

            return await answered(
                request,
                gate=self._gate,
                board=self.board,
                keys=keys,
                work=lambda fields: work(request, fields),
            )

        return handle

    def _open(self, _request: Http, fields: dict[str, Any]) -> dict[str, Any]:
        asked = Request(
            request_no=text(fields, "request_no", 64),
            id_number=text(fields, "id_number", 32),
            name=text(fields, "name", 100),
            phone=text(fields, "phone", 20),
            asked_fen=whole(fields, "asked_fen"),
        )
        return shown(self.books.open(asked, self.board.clock.now()))

    def _line(self, request: Http, _fields: dict[str, Any]) -> dict[str, Any]:
        row = self.books.line(request_no=request.path_params["request_no"])
        if row is None:
            raise RefusedRequest(404, "NOT_FOUND", "没有该申请")
        return shown(row)

    def _changes(self, request: Http, _fields: dict[str, Any]) -> dict[str, Any]:
        since = _count(request.query_params.get("since", "0"), "since")
        limit = _count(request.query_params.get("limit", "100"), "limit")
        if not 1 <= limit <= _MOST_CHANGES:
            raise RefusedRequest(400, "INVALID_FIELD", f"limit 须为1至{_MOST_CHANGES}")
        return {"changes": self.books.changes(since=since, limit=limit)}

    def _close(self, request: Http, _fields: dict[str, Any]) -> dict[str, Any]:
        return shown(self.books.shut(request.path_params["line_no"], self.board.clock.now()))

    def _use(self, _request: Http, fields: dict[str, Any]) -> dict[str, Any]:
        used = self.books.use(
            number=text(fields, "number", 64),
            line_no=text(fields, "line_no", 32),
            amount_fen=whole(fields, "amount_fen", least=1),
            now=self.board.clock.now(),
        )
        return {name: used[name] for name in ("number", "line_no", "amount_fen", "pays_on")}

    def _payouts(self, request: Http, _fields: dict[str, Any]) -> dict[str, Any]:
        try:
            on = date.fromisoformat(request.query_params.get("on", ""))
        except ValueError as error:
            raise RefusedRequest(400, "INVALID_FIELD", "on 须为yyyy-MM-dd") from error
        uses = self.books.payouts(on)
        total = sum(use["amount_fen"] for use in uses)
        return {"on": on.isoformat(), "amount_fen": total, "uses": uses}

    # --- switchboard ------------------------------------------------------------------------------

    async def _apps(self, request: Http) -> Response:
        order = await control_message(request)
        app, key = order.get("app"), order.get("key")
        if not isinstance(app, str) or not isinstance(key, str) or not app or not key:
            raise BadControl("app and key: texts are wanted")
        self.books.register(app, key)
        return json_answer({"app": app})

    async def _answers(self, request: Http) -> Response:
        if request.method == "DELETE":
            return json_answer({"deleted": self.books.forget_answers()})
        order = await control_message(request)
        id_number = order.get("id_number")
        if not isinstance(id_number, str) or not id_number:
            raise BadControl("id_number: a text is wanted")
        wanted = _columns(order)
        if "state" not in wanted:
            raise BadControl("state is wanted")
        self.books.set_answer(
            id_number,
            state=wanted["state"],
            limit_fen=wanted.get("limit_fen"),
            reason=wanted.get("reason", ""),
        )
        return json_answer({"id_number": id_number})

    async def _change(self, request: Http) -> Response:
        order = await control_message(request)
        now = self.board.clock.now()
        try:
            row = self.books.change(str(order.get("request_no", "")), now, **_columns(order))
        except RefusedRequest as refusal:
            raise BadControl(str(refusal)) from refusal
        return json_answer(shown(row))

    async def _repay(self, request: Http) -> Response:
        order = await control_message(request)
        try:
            amount_fen = whole(order, "amount_fen", least=1)
            number = str(order.get("request_no", ""))
            row = self.books.repay(number, amount_fen, self.board.clock.now())
        except RefusedRequest as refusal:
            raise BadControl(str(refusal)) from refusal
        return json_answer(shown(row))

    async def _everything(self, request: Http) -> Response:
        if request.method == "DELETE":
            self.books.empty()
        return json_answer(self.books.everything())


def _columns(order: dict[str, Any]) -> dict[str, Any]:
    """Return what an order says about a line; raise BadControl for what cannot be."""
    names = ("state", "limit_fen", "reason")
    wanted: dict[str, Any] = {name: order[name] for name in names if name in order}
    limit_fen = wanted.get("limit_fen", 0)
    if wanted.get("state", STATES[0]) not in STATES:
        raise BadControl(f"state: one of {STATES}")
    if type(limit_fen) is not int or limit_fen < 0:
        raise BadControl("limit_fen: a whole number from 0 on")
    if not isinstance(wanted.get("reason", ""), str):
        raise BadControl("reason: a text")
    return wanted


def _count(value: str, name: str) -> int:
    if not value.isascii() or not value.isdecimal() or len(value) > _LONGEST_COUNT:
        raise RefusedRequest(400, "INVALID_FIELD", f"{name} 须为数字")
    return int(value)


def make_app(folder: Path) -> Starlette:
    """Return the bank's application; its books are in ``folder``."""
    bank = Bank(folder)

    @asynccontextmanager
    async def open_books(_app: Starlette) -> AsyncIterator[None]:
        yield
        bank.books.close()

    return frame.application(bank.board, bank.routes(), lifespan=open_books)
