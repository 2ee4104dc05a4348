"""What comes in over HTTP: the national interface's one address, the page, the switchboard."""

from __future__ import annotations

import time
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from counterparts.frame import Fault, Switchboard, application, json_answer
from counterparts.insurer import catalogues, switches
from counterparts.insurer.amounts import fen_of, yuan_json
from counterparts.insurer.books import Books
from counterparts.insurer.catalogue import load_catalogue
from counterparts.insurer.centre_door import Door
from counterparts.insurer.control import Control
from counterparts.insurer.gateway import GatewayError
from counterparts.insurer.log import MessageLog, NotingSwitchboard
from counterparts.insurer.office import Office
from counterparts.insurer.page import books_page
from counterparts.insurer.policies import load_policy
from counterparts.insurer.schemes import ADDRESSES, DEFAULT, Gateways
from counterparts.insurer.service import Arrival, Desk
from counterparts.insurer.shanghai_front import ADDRESS as SHANGHAI
from counterparts.insurer.shanghai_front import Front
from counterparts.insurer.standings import Standings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from starlette.applications import Starlette
    from starlette.types import ASGIApp, Receive, Scope, Send

    from counterparts.insurer.records import Visit

MATCH_KEYS = ("infno", "ipt_otp_no", "psn_no", "xxlxm")
_SETTLED = {
    *("2101", "2102", "2103", "2206", "2207", "2208", "2303", "2304", "2305", "5203"),
}
_CHARGED = {"2204", "2301"}


@dataclass(slots=True)
class Insurer:
    """The running insurer: its desk, its switchboard and who may call."""

    desk: Desk
    board: Switchboard
    gateways: Gateways = field(default_factory=Gateways)
    log: MessageLog = field(default_factory=MessageLog.empty)

    def reload(self) -> None:
        """Take notice of changed institutions."""
        self.gateways.reload(self.desk.office.books)

    async def call(self, request: Request, scheme: str = DEFAULT) -> Response:
        """Answer a call of the national interface that came through a gateway."""
        headers = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in request.headers.raw
        }
        now_ms = time.time_ns() // 1_000_000
        try:
            institution, api_name = self.gateways.check(scheme, headers, now_ms=now_ms)
        except GatewayError as error:
            return gateway_answer(str(error))
        try:
            body, file = await _parts(request, headers.get("content-type", ""))
        except ValueError:
            return _json(self.desk.refused({}, "报文不是JSON对象"))
        # A gateway without a name for the message takes the message's own.
        api_name = api_name or str(body.get("infno", ""))
        arrival = Arrival(institution=institution, api_name=api_name, body=body, file=file)

        async def work() -> Response:
            answer = self.desk.answer(arrival)
            return Response(answer.content, media_type=answer.media_type)

        keys = self._keys(body) if self.board.rules else {}
        response = await self.board.answer(
            keys,
            work,
            instead={
                Fault.REFUSE: lambda: _json(self.desk.refused(body, "请求失败,错误原因：模拟拒绝")),
                Fault.GATEWAY_401: lambda: gateway_answer("非法用户!"),
            },
            spoil=_wrong_sum if body.get("infno") in _SETTLED | _CHARGED else None,
        )
        code = arrival.institution.fixmedins_code
        self.log.note(now_ms, code, body, bytes(response.body), keys)
        return response

    async def page(self, request: Request) -> Response:
        """Show the books."""
        office = self.desk.office
        asked = request.query_params
        return HTMLResponse(
            books_page(office.books, self.log, city=office.policy.city, asked=asked)
        )

    def _keys(self, body: dict[str, Any]) -> dict[str, str]:
        """Return what fault rules can match of a message."""
        nodes = body.get("input")
        found: dict[str, Any] = {}
        for node in nodes.values() if isinstance(nodes, dict) else ():
            row = node[0] if isinstance(node, list) and node else node
            if isinstance(row, dict):
                found |= row
        visit = self._visit(found)
        ipt_otp_no = visit.ipt_otp_no if visit else found.get("ipt_otp_no", found.get("ipt_no", ""))
        return {
            "infno": str(body.get("infno", "")),
            "psn_no": str(found.get("psn_no", "")),
            "ipt_otp_no": str(ipt_otp_no),
        }

    def _visit(self, found: dict[str, Any]) -> Visit | None:
        """Return the visit that a message is about, known by its number or 2601's ``omsgid``."""
        books, mdtrt_id = self.desk.office.books, found.get("mdtrt_id")
        if mdtrt_id is None and (omsgid := found.get("omsgid")):
            settled = books.settlement_by_message(str(omsgid))
            if settled is None:
                return books.visit_by_message(str(omsgid))
            mdtrt_id = settled.mdtrt_id
        return books.visit(str(mdtrt_id))


async def _parts(request: Request, content_type: str) -> tuple[dict[str, Any], bytes]:
    """Return the message and the file of a request.

    Raises ValueError if there is no JSON object in it.
    """
    content: bytes | str = b""
    file = b""
    if content_type.startswith("multipart/form-data"):
        async with request.form() as form:
            text, upload = form.get("jsonStr"), form.get("file")
            content = text if isinstance(text, str) else b""
            file = await upload.read() if isinstance(upload, UploadFile) else b""
    else:
        content = await request.body()
    body = orjson.loads(content)
    if not isinstance(body, dict):
        raise ValueError("not an object")  # noqa: TRY004 - the same fault as no JSON at all
    return body, file


def _json(content: bytes) -> Response:
    return Response(content, media_type="application/json")


def gateway_answer(message: str) -> Response:
    """Return what the gateway says: HTTP 200 and its own small JSON, no envelope."""
    return json_answer({"code": 401, "message": message})


def _wrong_sum(response: Response) -> Response:
    """Return an answer whose parts make one fen more than the fee (of the first charge)."""
    answer = orjson.loads(bytes(response.body))
    if answer["infcode"] == 0:
        output = answer["output"]
        row, name = (
            (output["setlinfo"], "fund_pay_sumamt")
            if "setlinfo" in output
            else (output["result"][0], "inscp_scp_amt")
        )
        row[name] = yuan_json(fen_of(row[name]) + 1)
    return _json(orjson.dumps(answer))


@dataclass(frozen=True, slots=True)
class Straight:
    """Answers the interface's addresses without the routing that the few other pages need."""

    insurer: Insurer
    front: Front
    others: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        path = scope.get("path")
        scheme = ADDRESSES.get(path or "")
        if scope.get("method") != "POST" or (scheme is None and path != SHANGHAI):
            await self.others(scope, receive, send)
            return
        request = Request(scope, receive)
        response = await (
            self.insurer.call(request, scheme) if scheme else self.front.call(request)
        )
        await response(scope, receive, send)


def build(*, data: Path, city: str, admdvs: str, scheme: str = DEFAULT) -> ASGIApp:
    """Return the application; its books are ``insurer.sqlite3`` in ``data``.

    ``scheme`` is the gateway of institutions that do not say which is theirs.

    Raises FileNotFoundError if the city has no policy table.
    """
    data.mkdir(parents=True, exist_ok=True)
    office = Office(
        books=Books(data / "insurer.sqlite3"),
        policy=load_policy(city),
        catalogue=load_catalogue(),
        admdvs=admdvs,
    )
    board = NotingSwitchboard(
        "insurer",
        match_keys=MATCH_KEYS,
        faults=(Fault.REFUSE, Fault.WRONG_SUM, Fault.GATEWAY_401),
    )
    insurer = Insurer(Desk(office), board, Gateways(default=scheme))
    insurer.reload()
    front = Front(office, board, insurer.gateways)
    centre = Door(office, board)

    def today() -> str:
        return board.clock.now().date().isoformat()

    @asynccontextmanager
    async def open_books(_app: Starlette) -> AsyncIterator[None]:
        yield
        await centre.close()
        office.books.close()

    routes = [
        Route("/", insurer.page),
        *Control(office, insurer.reload, today=today).routes(),
        *front.routes(),
        *catalogues.routes(office),
        *switches.routes(office),
        *Standings(office, board).routes(),
        *centre.routes(),
    ]
    return Straight(insurer, front, application(board, routes, lifespan=open_books))
