"""The platform's addresses: the frame is opened, a method carried out, the answer sealed."""

from __future__ import annotations

import html
import re
from base64 import b64encode
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import orjson
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from counterparts import frame
from counterparts.fiscal import fields
from counterparts.fiscal.envelope import (
    YES,
    Refused,
    UnknownCaller,
    open_frame,
    read_frame,
    seal,
)
from counterparts.fiscal.platform import SCHEMA, Platform
from counterparts.fiscal.receipt import read_receipt, read_write_off
from counterparts.frame import BadControl, Fault, control_message, json_answer
from counterparts.storage import Storage

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping
    from pathlib import Path

    from starlette.applications import Starlette
    from starlette.requests import Request

    from counterparts.storage import Row

    Method = Callable[[str, Mapping[str, Any], str], dict[str, Any]]

_BASE = "/medical-web"
_KEYS = ("busNo", "billNo")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOST_PER_PAGE = 200
_KINDS = {"": {False, True}, "1": {False}, "2": {True}}


def yuan(fen: int) -> str:
    """Return an amount in yuan with two decimals."""
    sign, cents = ("-" if fen < 0 else ""), abs(fen)
    return f"{sign}{cents // 100}.{cents % 100:02d}"


class Methods:
    """The interface's methods: caller, data and own address in, message out."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self.by_name: Mapping[str, Method] = {
            "invoiceEBillOutpatient": self._issue,
            "writeOffEBill": self._write_off,
            "getEBillStatesByBillInfo": self._states,
            "checkTotalData": self._totals,
            "getBillByBusDate": self._list,
        }

    def _issue(self, appid: str, data: Mapping[str, Any], base_url: str) -> dict[str, Any]:
        row = self._platform.issue(appid, read_receipt(data))
        return {
            "billBatchCode": row["batch_code"],
            "billNo": row["bill_no"],
            "random": row["random"],
            "billBusDate": row["bus_time"],
            **_shown(row, base_url),
        }

    def _write_off(self, appid: str, data: Mapping[str, Any], base_url: str) -> dict[str, Any]:
        row = self._platform.write_off(appid, read_write_off(data))
        return {
            "eScarletBillBatchCode": row["batch_code"],
            "eScarletBillNo": row["bill_no"],
            "eScarletRandom": row["random"],
            **_shown(row, base_url),
        }

    def _states(self, appid: str, data: Mapping[str, Any], _base_url: str) -> dict[str, Any]:
        batch_code = fields.text(data, "billBatchCode", 50)
        row = self._platform.find(appid, batch_code, fields.text(data, "billNo", 20))
        red = self._platform.red_of(row)
        return {
            "billName": "医疗门诊收费票据（电子）",
            "billBatchCode": row["batch_code"],
            "billNo": row["bill_no"],
            "random": row["random"],
            "ivcDateTime": row["create_time"],
            "busDateTime": row["bus_time"],
            "busNo": row["bus_no"],
            "totalAmt": yuan(row["total_fen"]),
            "state": "1",
            "isPrtPaper": "0",
            "isScarlet": "1" if red else "0",
            "scarletBillBatchCode": red["batch_code"] if red else "",
            "scarletBillNo": red["bill_no"] if red else "",
            "scarletRandom": red["random"] if red else "",
        }

    def _totals(self, appid: str, data: Mapping[str, Any], _base_url: str) -> dict[str, Any]:
        rows = self._told(appid, data)
        blue = [row["total_fen"] for row in rows if row["red_of"] is None]
        red = [row["total_fen"] for row in rows if row["red_of"] is not None]
        return {
            "copyNum": len(blue),
            "allTotalAmt": yuan(sum(blue)),
            "redCopyNum": len(red),
            "redTotalAmt": yuan(sum(red)),
        }

    def _list(self, appid: str, data: Mapping[str, Any], _base_url: str) -> dict[str, Any]:
        kind = fields.choice({"dataType": "", **data}, "dataType", frozenset(_KINDS))
        number, size = _count(data, "pageNo", 1, 10**6), _count(data, "pageSize", 200, 200)
        rows = [
            row for row in self._told(appid, data) if (row["red_of"] is not None) in _KINDS[kind]
        ]
        page = rows[(number - 1) * size : number * size]
        return {"total": len(rows), "pageNo": number, "billList": [_listed(row) for row in page]}

    def _told(self, appid: str, data: Mapping[str, Any]) -> list[Row]:
        begin, end = fields.period(data)
        place = fields.text(data, "placeCode", 50, required=False)
        return self._platform.statement(appid, begin=begin, end=end, place=place)


def _shown(row: Row, base_url: str) -> dict[str, str]:
    """Return where a receipt can be looked at."""
    url = f"{base_url}{_BASE}/bill/{row['batch_code']}/{row['bill_no']}?random={row['random']}"
    return {
        "createTime": row["create_time"],
        "billQRCode": b64encode(url.encode()).decode(),
        "pictureUrl": url,
        "pictureNetUrl": url,
    }


def _listed(row: Row) -> dict[str, Any]:
    return {
        "busDateTime": row["bus_time"],
        "busNo": row["bus_no"],
        "placeCode": row["place_code"],
        "billBatchCode": row["batch_code"],
        "billNo": row["bill_no"],
        "random": row["random"],
        "totalAmt": yuan(row["total_fen"]),
        "ivcDateTime": row["create_time"],
        "dataType": "1" if row["red_of"] is None else "2",
        "state": "1",
        "relateBillBatchCode": row["blue_batch_code"] or "",
        "relateBillNo": row["blue_bill_no"] or "",
    }


def _count(data: Mapping[str, Any], name: str, default: int, most: int) -> int:
    value = data.get(name, default)
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value[:9])
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
        raise Refused("E1001", f"{name} 须为1至{most}的整数")
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealing:
    """Seals the answers to one caller."""

    appid: str
    key: str

    def answer(self, message: Mapping[str, Any]) -> Response:
        """Return a yes."""
        return self._sealed(orjson.dumps(message), YES)

    def refusal(self, refusal: Refused) -> Response:
        """Return a no."""
        return self._sealed(str(refusal).encode(), refusal.code)

    def _sealed(self, text: bytes, result: str) -> Response:
        return json_answer(seal(text, result=result, appid=self.appid, key=self.key))


class Server:
    """The handlers and their switchboard."""

    def __init__(self, platform: Platform, board: frame.Switchboard) -> None:
        self._platform = platform
        self._board = board
        self._methods = Methods(platform).by_name

    def routes(self) -> list[Route]:
        """Return all addresses but the common switchboard's."""
        return [
            Route(_BASE + "/api/medical/{method}", self._call, methods=["POST"]),
            Route(_BASE + "/bill/{batch_code}/{bill_no}", self._picture, methods=["GET"]),
            Route("/_control/apps", self._apps, methods=["POST"]),
            Route("/_control/stock", self._stock, methods=["GET", "POST"]),
            Route("/_control/books", self._books, methods=["GET"]),
            Route("/_control/tamper", self._tamper, methods=["POST", "DELETE"]),
        ]

    async def _call(self, request: Request) -> Response:
        try:
            sealed = read_frame(await request.body())
        except UnknownCaller:
            return _unknown_caller()
        app = self._platform.app(sealed.appid)
        if app is None:
            return _unknown_caller()
        sealing = Sealing(appid=app["appid"], key=app["key"])
        try:
            data = open_frame(sealed, sealing.key)
        except Refused as refusal:
            return sealing.refusal(refusal)
        name = request.path_params["method"].strip()
        base_url = str(request.base_url).rstrip("/")
        message: dict[str, Any] = {}

        async def work() -> Response:
            try:
                message.update(self._carry_out(name, sealing.appid, data, base_url))
            except Refused as refusal:
                return sealing.refusal(refusal)
            return sealing.answer(message)

        keys = {key: str(data[key]) for key in _KEYS if data.get(key)} | {"method": name}
        return await self._board.answer(
            keys,
            work,
            instead={
                Fault.REFUSE: lambda: sealing.refusal(Refused("E9000", "系统繁忙, 请稍后再试")),
                Fault.GATEWAY_401: _unknown_caller,
            },
            spoil=lambda response: sealing.answer(_spoiled(message)) if message else response,
        )

    def _carry_out(
        self, name: str, appid: str, data: Mapping[str, Any], base_url: str
    ) -> dict[str, Any]:
        method = self._methods.get(name)
        if method is None:
            raise Refused("E9001", "接口不存在")
        return method(appid, data, base_url)

    async def _picture(self, request: Request) -> Response:
        parts = request.path_params
        row = self._platform.by_numbers(parts["batch_code"], parts["bill_no"])
        if row is None or request.query_params.get("random") != row["random"]:
            return HTMLResponse("<p>票据不存在</p>", status_code=404)
        shown = {
            "票据代码": row["batch_code"],
            "票据号码": row["bill_no"],
            "校验码": row["random"],
            "交款人": row["payer"],
            "金额": yuan(row["total_fen"]),
        }
        cells = "".join(
            f"<dt>{name}</dt><dd>{html.escape(value)}</dd>" for name, value in shown.items()
        )
        return HTMLResponse(f"<h1>医疗门诊收费票据（电子，模拟）</h1><dl>{cells}</dl>")

    async def _apps(self, request: Request) -> Response:
        return json_answer(self._platform.put_app(await control_message(request)))

    async def _stock(self, request: Request) -> Response:
        if request.method == "GET":
            return json_answer({"stock": self._platform.stock()})
        return json_answer({"stock": self._platform.add_stock(await control_message(request))})

    async def _books(self, request: Request) -> Response:
        day = request.query_params.get("date", "")
        if not _DAY.fullmatch(day):
            raise BadControl("date: YYYY-MM-DD")
        return json_answer(self._platform.day(day))

    async def _tamper(self, request: Request) -> Response:
        if request.method == "DELETE":
            return json_answer({"untampered": self._platform.untamper()})
        return json_answer(self._platform.tamper(await control_message(request)))


def _unknown_caller() -> Response:
    return json_answer({"message": "unauthorized"}, status=401)


def _spoiled(message: Mapping[str, Any]) -> dict[str, Any]:
    """Return a message whose totals say one fen too much."""
    wrong = dict(message)
    for name in ("allTotalAmt", "totalAmt"):
        if name in wrong:
            wrong[name] = yuan(int(Decimal(wrong[name]) * 100) + 1)
    return wrong


def make_app(folder: Path) -> Starlette:
    """Return the platform's application; its books are in ``folder``."""
    board = frame.Switchboard(
        "fiscal",
        match_keys={"method", *_KEYS},
        faults={Fault.REFUSE, Fault.GATEWAY_401, Fault.WRONG_SUM},
    )
    storage = Storage(folder, name="fiscal.sqlite3", schema=SCHEMA)
    server = Server(Platform(storage, board.clock), board)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        storage.close()

    return frame.application(board, server.routes(), lifespan=lifespan)
