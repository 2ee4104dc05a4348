"""The bank's addresses and its switchboard."""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING

import orjson
from starlette.responses import Response
from starlette.routing import Route

from counterparts import frame
from counterparts.batch.books import Books, Refused
from counterparts.batch.results import FAULTS, write_result
from counterparts.frame import BadControl, Fault, control_message, json_answer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from starlette.applications import Starlette
    from starlette.requests import Request


class Bank:
    """The handlers, their switchboard and their books."""

    def __init__(self, folder: Path) -> None:
        self.board = frame.Switchboard(
            "batch", match_keys={"number", "operation"}, faults={Fault.REFUSE}
        )
        self._books = Books(folder)
        self._held = False
        self._spoilt: list[str] = []

    def routes(self) -> list[Route]:
        """Return the bank's addresses and its own controls."""
        return [
            Route("/debit-files/{number}", self._put, methods=["PUT"]),
            Route("/debit-files/{number}/result", self._result, methods=["GET"]),
            Route("/refunds/{number}", self._refund, methods=["PUT", "GET"]),
            Route("/statements/{day}", self._statement, methods=["GET"]),
            Route("/_control/apps", self._apps, methods=["POST"]),
            Route("/_control/agreements", self._agreements, methods=["POST"]),
            Route("/_control/agreements/{agreement}", self._agreement, methods=["GET"]),
            Route("/_control/processing", self._processing, methods=["POST"]),
            Route("/_control/tamper", self._tamper, methods=["POST", "DELETE"]),
            Route("/_control/books", self._totals, methods=["GET"]),
        ]

    def _day(self) -> str:
        return self.board.clock.now().date().isoformat()

    async def _answer(
        self, request: Request, operation: str, work: Callable[[bytes], Response]
    ) -> Response:
        """Check the signature, then let the switchboard decide."""
        body = await request.body()
        key = self._books.key_of(request.headers.get("Yifu-App", ""))
        text = f"{request.method}\n{request.url.path}\n{hashlib.sha256(body).hexdigest()}"
        right = hmac.new((key or "").encode(), text.encode(), hashlib.sha256).hexdigest()
        if key is None or not hmac.compare_digest(right, request.headers.get("Yifu-Signature", "")):
            return json_answer({"code": "SIGNATURE"}, status=401)

        async def process() -> Response:
            try:
                return work(body)
            except Refused as refusal:
                return json_answer({"code": refusal.code}, status=refusal.status)

        keys = {"number": str(request.path_params.get("number", "")), "operation": operation}
        busy: Callable[[], Response] = lambda: json_answer({"code": "BUSY"}, status=429)  # noqa: E731
        return await self.board.answer(keys, process, instead={Fault.REFUSE: busy})

    async def _put(self, request: Request) -> Response:
        number = request.path_params["number"]

        def work(body: bytes) -> Response:
            self._books.take(number, body, day=self._day())
            return json_answer({"number": number}, status=202)

        return await self._answer(request, "put", work)

    async def _result(self, request: Request) -> Response:
        number = request.path_params["number"]

        def work(_: bytes) -> Response:
            rows = self._books.result(number)
            if rows is None:
                raise Refused(404, "FILE_NOT_EXIST")
            if self._held:
                return json_answer({"number": number}, status=202)
            fault = self._spoilt.pop(0) if self._spoilt else ""
            return Response(write_result(number, rows, fault=fault), media_type="text/plain")

        return await self._answer(request, "result", work)

    async def _refund(self, request: Request) -> Response:
        number = request.path_params["number"]

        def work(body: bytes) -> Response:
            if request.method == "GET":
                found = self._books.refunded(number)
            else:
                asked = orjson.loads(body)
                trade, fen = str(asked["out_trade_no"]), int(asked["amount_fen"])
                found = self._books.refund(number, trade, fen, day=self._day())
            if found is None:
                raise Refused(404, "REFUND_NOT_EXIST")
            told = {name: found[name] for name in ("transaction_id", "amount_fen", "day")}
            return json_answer({"code": "SUCCESS", **told})

        return await self._answer(request, "refund", work)

    async def _statement(self, request: Request) -> Response:
        def work(_: bytes) -> Response:
            return json_answer({"rows": self._books.statement(request.path_params["day"])})

        return await self._answer(request, "statement", work)

    async def _apps(self, request: Request) -> Response:
        told = await control_message(request)
        self._books.keep_app(str(told["app"]), str(told["key"]))
        return json_answer({})

    async def _agreements(self, request: Request) -> Response:
        told = orjson.loads(await request.body())
        if not isinstance(told, list):
            raise BadControl("a list of agreements is wanted")
        self._books.keep_agreements(
            [
                {
                    "agreement": str(one["agreement"]),
                    "balance_fen": one.get("balance_fen"),
                    "code": str(one.get("code", "")),
                }
                for one in told
            ]
        )
        return json_answer({"agreements": len(told)})

    async def _agreement(self, request: Request) -> Response:
        found = self._books.agreement(request.path_params["agreement"])
        return json_answer(found or {}, status=200 if found else 404)

    async def _processing(self, request: Request) -> Response:
        self._held = bool((await control_message(request))["held"])
        return json_answer({"held": self._held})

    async def _tamper(self, request: Request) -> Response:
        if request.method == "DELETE":
            self._spoilt.clear()
            return json_answer({})
        told = await control_message(request)
        if told.get("fault") not in FAULTS:
            raise BadControl(f"there are {sorted(FAULTS)}")
        self._spoilt += [str(told["fault"])] * int(told.get("times", 1))
        return json_answer({"spoilt": self._spoilt})

    async def _totals(self, _request: Request) -> Response:
        return json_answer(self._books.totals())


def make_app(folder: Path) -> Starlette:
    """Return the bank's application; its books are in ``folder``."""
    bank = Bank(folder)
    return frame.application(bank.board, bank.routes())
