"""The switchboard of the channel, and the page on which a payer agrees to a contract."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from counterparts.frame import BadControl, control_message, json_answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

    from counterparts.storage import Row
    from counterparts.wechat.books import Books
    from counterparts.wechat.channel import Channel
    from counterparts.wechat.signing import PlatformKey

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Control:
    """The handlers of ``/_control/…`` and ``/papay/sign/…``; ``on_signed`` is told of agreement."""

    def __init__(
        self,
        channel: Channel,
        books: Books,
        key: PlatformKey,
        on_signed: Callable[[Row], None],
    ) -> None:
        self._channel = channel
        self._books = books
        self._key = key
        self._on_signed = on_signed

    def routes(self) -> list[Route]:
        """Return the addresses."""
        return [
            Route("/papay/sign/{session}", self._page, methods=["GET", "POST"]),
            Route("/_control/merchants", self._merchants, methods=["POST"]),
            Route("/_control/platform-key", self._platform_key, methods=["GET"]),
            Route("/_control/contracts", self._contracts, methods=["POST"]),
            Route("/_control/contracts/{contract_id}", self._contract, methods=["GET"]),
            Route("/_control/processing", self._processing, methods=["POST"]),
            Route("/_control/books", self._day, methods=["GET"]),
            Route("/_control/tamper", self._tamper, methods=["POST", "DELETE"]),
        ]

    async def _merchants(self, request: Request) -> Response:
        return json_answer(self._books.put_merchant(await control_message(request)))

    async def _platform_key(self, _request: Request) -> Response:
        return json_answer(
            {"public_key_id": self._key.key_id, "public_key_pem": self._key.public_pem}
        )

    async def _contracts(self, request: Request) -> Response:
        message = await control_message(request)
        if session := message.pop("pre_entrustweb_id", None):
            return json_answer({"contracts": [self._agree(str(session), message)]})
        several = message.get("contracts", [message])
        if not isinstance(several, list):
            raise BadControl("contracts: a list")
        return json_answer({"contracts": self._books.put_contracts(several)})

    async def _contract(self, request: Request) -> Response:
        row = self._books.contract(request.path_params["contract_id"])
        return json_answer(row or {"message": "no such contract"}, status=200 if row else 404)

    async def _processing(self, request: Request) -> Response:
        held = (await control_message(request)).get("held")
        if not isinstance(held, bool):
            raise BadControl("held: true or false")
        return json_answer({"held": held, "let_go": self._channel.hold(held=held)})

    async def _day(self, request: Request) -> Response:
        day = request.query_params.get("date", "")
        if not _DAY.fullmatch(day):
            raise BadControl("date: YYYY-MM-DD")
        return json_answer(self._books.day(day))

    async def _tamper(self, request: Request) -> Response:
        if request.method == "DELETE":
            return json_answer({"untampered": self._books.untamper()})
        return json_answer(self._books.tamper(await control_message(request)))

    async def _page(self, request: Request) -> Response:
        session = request.path_params["session"]
        begun = self._books.pre_sign(session)
        if begun is None:
            return HTMLResponse("<p>签约会话不存在</p>", status_code=404)
        if request.method == "POST":
            contract = self._agree(session, {})
            return HTMLResponse(f"<p>已签约，协议号 {html.escape(contract['contract_id'])}</p>")
        account = html.escape(begun["contract_display_account"])
        return HTMLResponse(
            f"<h1>免密支付签约（模拟）</h1><p>{account}</p>"
            '<form method="post"><button>同意并签约</button></form>'
        )

    def _agree(self, session: str, account: Row) -> Row:
        before = self._books.pre_sign(session)
        contract = self._books.agree(session, account)
        if before is not None and before["contract_id"] is None:
            self._on_signed(contract)
        return contract
