"""The platform's addresses."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from counterparts import frame
from counterparts.credit.books import DIMENSIONS, Books, Listing, valid_date
from counterparts.credit.page import books_page
from counterparts.frame import BadControl, Fault, control_message, json_answer
from counterparts.signed import Gate, RefusedRequest, answered, switch, text, whole

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from starlette.applications import Starlette
    from starlette.requests import Request

_MOST = 1000


class Platform:
    """The handlers, their switchboard and their books."""

    def __init__(self, folder: Path) -> None:
        self.board = frame.Switchboard(
            "credit",
            match_keys={"path", "id_number", "number"},
            faults={Fault.REFUSE, Fault.GATEWAY_401},
        )
        self.books = Books(folder)
        self._gate = Gate(self.books.key_of)

    def routes(self) -> list[Route]:
        """Return all addresses but the common switchboard's."""
        return [
            Route("/", self._page),
            Route("/scores", self._score, methods=["POST"]),
            Route("/listings", self._take, methods=["POST"]),
            Route("/listings", self._listing, methods=["GET"]),
            Route("/_control/apps", self._apps, methods=["POST"]),
            Route("/_control/scores", self._set_score, methods=["POST", "DELETE"]),
            Route("/_control/books", self._control_books, methods=["GET", "DELETE"]),
        ]

    async def _page(self, _request: Request) -> Response:
        return HTMLResponse(books_page(self.books))

    async def _score(self, request: Request) -> Response:
        return await self._answer(request, self._scored)

    async def _take(self, request: Request) -> Response:
        return await self._answer(request, self._taken)

    async def _answer(
        self, request: Request, work: Callable[[dict[str, Any]], dict[str, Any]]
    ) -> Response:
        return await answered(
            request,
            gate=self._gate,
            board=self.board,
            keys=lambda fields: {
                "id_number": str(fields.get("id_number", "")),
                "number": str(fields.get("number", "")),
            },
            work=work,
        )

    def _scored(self, fields: dict[str, Any]) -> dict[str, Any]:
        return self.books.score(
            request_no=text(fields, "request_no", 64),
            id_number=text(fields, "id_number", 32),
            name=text(fields, "name", 100),
            now=self.board.clock.now(),
        )

    def _taken(self, fields: dict[str, Any]) -> dict[str, Any]:
        listing = Listing(
            number=whole(fields, "number", least=1),
            id_number=text(fields, "id_number", 32),
            name=text(fields, "name", 100),
            listed=switch(fields, "listed"),
            reason=text(fields, "reason", 200),
            institution=text(fields, "institution", 200, required=False),
            amount_fen=whole(fields, "amount_fen"),
            since=text(fields, "since", 10),
        )
        if not valid_date(listing.since):
            raise RefusedRequest(400, "INVALID_FIELD", "since 须为yyyy-MM-dd")
        return self.books.take(listing, self.board.clock.now())

    async def _listing(self, request: Request) -> Response:
        try:
            await self._gate.open(request)
            id_number = text(request.query_params, "id_number", 32)
        except RefusedRequest as refusal:
            return refusal.answer()
        history = self.books.history(id_number)
        newest = history[-1] if history else None
        return json_answer(
            {
                "listed": self.books.is_listed(id_number),
                "number": newest["number"] if newest else None,
                "since": newest["since"] if newest else None,
                "history": [row | {"listed": bool(row["listed"])} for row in history],
            }
        )

    async def _apps(self, request: Request) -> Response:
        order = await control_message(request)
        app, key = order.get("app"), order.get("key")
        if not isinstance(app, str) or not isinstance(key, str) or not app or not key:
            raise BadControl("app and key: texts are wanted")
        self.books.register(app, key)
        return json_answer({"app": app})

    async def _set_score(self, request: Request) -> Response:
        if request.method == "DELETE":
            return json_answer({"deleted": self.books.forget_scores()})
        order = await control_message(request)
        id_number, score = order.get("id_number"), order.get("score")
        dimensions = order.get("dimensions", {})
        if not isinstance(id_number, str) or not id_number:
            raise BadControl("id_number: a text is wanted")
        if score is not None and (type(score) is not int or not 0 <= score <= _MOST):
            raise BadControl(f"score: a whole number up to {_MOST}, or null")
        if dimensions and (set(dimensions) != set(DIMENSIONS) or sum(dimensions.values()) != score):
            raise BadControl(f"dimensions: points of {DIMENSIONS} that make up the score")
        self.books.set_score(id_number, score, dimensions)
        return json_answer({"id_number": id_number, "score": score})

    async def _control_books(self, request: Request) -> Response:
        if request.method == "DELETE":
            self.books.forget_listings()
        listed = self.books.listed(limit=_MOST)
        return json_answer({"listed": listed, "listings": self.books.all_listings()})


def make_app(folder: Path) -> Starlette:
    """Return the platform's application; its books are in ``folder``."""
    platform = Platform(folder)

    @asynccontextmanager
    async def open_books(_app: Starlette) -> AsyncIterator[None]:
        yield
        platform.books.close()

    return frame.application(platform.board, platform.routes(), lifespan=open_books)
