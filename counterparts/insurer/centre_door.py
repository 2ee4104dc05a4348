"""The payment centre over HTTP: its addresses, its envelope, its notices and its switchboard.

``POST /_control/centre [{app_id, app_secret, public_key, fixmedins_code, callback_url?}]``
    Adds or replaces applications of hospitals; the answer gives the centre's public key towards
    each. Notices go to ``callback_url`` with ``/6204`` and ``/6302`` after it.
``POST /_control/codes {"psn_no": "…", "seconds": 60, "pays": true}``
    The text of a QR code that a person shows: one use, expiring.
``POST /_control/centre/fates {"fate": "…", "psn_no": "", "times": 1}``
    What shall become of the next orders of a person (of anybody): ``hold`` leaves the payment
    under way (2), ``fail`` fails it (15), ``broken`` leaves it abnormal (14), ``half`` settles the
    insured part only (4), ``cash_stuck`` takes the cash only and cannot give it back (16),
    ``refund_fail`` refuses a refund (FAIL), ``refund_half`` gives back the insured part only (EXP),
    ``late_notice`` tells of a payment a second later than usual (6302, after whatever follows).
``POST /_control/centre/release {"pay_ord_id": "…"}``
    Lets an order go on that was held or half done.
``GET /_control/centre/orders``
    The orders as the books have them.

Fault rules match ``infno``, ``psn_no`` and ``ipt_otp_no`` as for the other messages; notices have
the ``infno`` 6204 and 6302.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import httpx
import orjson
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from counterparts.frame import BadControl, Fault, Switchboard, control_message, json_answer
from counterparts.insurer import centre_envelope as envelope
from counterparts.insurer.centre import SETTLED, Centre
from counterparts.insurer.centre_core import Asked
from counterparts.insurer.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

    from counterparts.insurer.centre_books import Order
    from counterparts.insurer.centre_envelope import App
    from counterparts.insurer.office import Office
    from counterparts.insurer.records import Institution

PATHS = {
    "6101": "/localcfc/api/hsecfc/localQrCodeQuery",
    "6201": "/org/local/api/hos/uldFeeInfo",
    "6202": "/org/local/api/hos/pay_order",
    "6203": "/org/local/api/hos/refund_Order",
    "6301": "/org/local/api/hos/query_order_info",
    "6401": "/org/local/api/hos/revoke_order",
}
NOTICES = ("6204", "6302")
"""What the centre tells hospitals of its own accord."""

FATES = (
    "hold",
    "fail",
    "broken",
    "half",
    "cash_stuck",
    "refund_fail",
    "refund_half",
    "late_notice",
)
CHINA = ZoneInfo("Asia/Shanghai")
_CODE_SECONDS = 60
_TRIES = 3
_PAUSE_SECONDS = 0.3
_TIMEOUT_SECONDS = 5.0
_LATE_SECONDS = 1.0
_OK = 200
_SUMMED = {"6202", "6301"}


class Door:
    """What comes in for the payment centre and what it tells of its own accord."""

    def __init__(self, office: Office, board: Switchboard) -> None:
        self._centre = Centre(office)
        self._office = office
        self._board = board
        self._seen: dict[str, float] = {}
        self._under_way: set[asyncio.Task[Any]] = set()
        self._client: httpx.AsyncClient | None = None

    def routes(self) -> list[BaseRoute]:
        """Return the centre's addresses and its part of the switchboard."""
        calls = [
            Route(path, self._handler(infno), methods=["POST"]) for infno, path in PATHS.items()
        ]
        return [
            *calls,
            Route("/_control/centre", self._apps, methods=["POST"]),
            Route("/_control/codes", self._codes, methods=["POST"]),
            Route("/_control/centre/fates", self._fates, methods=["POST"]),
            Route("/_control/centre/release", self._release, methods=["POST"]),
            Route("/_control/centre/orders", self._orders, methods=["GET"]),
        ]

    async def close(self) -> None:
        """Give up what is under way."""
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)
        if self._client is not None:
            await self._client.aclose()

    def _handler(self, infno: str) -> Callable[[Request], Any]:
        async def handle(request: Request) -> Response:
            return await self._call(infno, await request.body())

        return handle

    # --- messages -------------------------------------------------------------------------------

    async def _call(self, infno: str, body: bytes) -> Response:
        try:
            message = orjson.loads(body)
            app, code, _ = self._app_of(message)
        except (ValueError, RefusedError) as error:
            # Nobody whose key could be used: an unsigned refusal.
            return json_answer({"code": "401", "success": False, "message": str(error)[:200]})
        try:
            data = self._opened(app, message, infno)
            institution = self._institution(code)
        except (envelope.EnvelopeError, RefusedError) as error:
            return self._refusal(app, infno, str(error))
        asked = Asked(app_id=app.app_id, institution=institution, now=self._now(), data=data)
        said: dict[str, Any] = {}

        async def work() -> Response:
            try:
                said.update(self._centre.answer(infno, asked))
            except RefusedError as refusal:
                return self._refusal(app, infno, str(refusal))
            if infno == "6202":
                self._tell(app, self._order(said["payOrdId"]), institution)
            return self._sealed(app, infno, said)

        def spoiled(_response: Response) -> Response:
            wrong = said | {"fundPay": said["fundPay"] + 1} if said else said
            return self._sealed(app, infno, wrong)

        return await self._board.answer(
            self._keys(infno, data) if self._board.rules else {},
            work,
            instead={
                Fault.REFUSE: lambda: self._refusal(app, infno, "请求失败,错误原因：模拟拒绝"),
                Fault.GATEWAY_401: lambda: json_answer({"code": "401", "message": "非法应用"}),
            },
            spoil=spoiled if infno in _SUMMED else None,
        )

    def _app_of(self, message: object) -> tuple[App, str, str]:
        found = None
        if isinstance(message, dict):
            found = self._centre.books.app(str(message.get("appId", "")))
        if found is None:
            raise RefusedError("appId 应用不存在")
        return found

    def _opened(self, app: App, message: dict[str, Any], infno: str) -> dict[str, Any]:
        now = time.time()
        data = envelope.opened(app, message, now=int(now))
        if str(message.get("transType", infno)) != infno:
            raise envelope.EnvelopeError("transType 与地址不符")
        signature = str(message["signData"])
        for old in [one for one, until in self._seen.items() if until < now]:
            del self._seen[old]
        if signature in self._seen:
            raise envelope.EnvelopeError("signData 报文重复提交")
        self._seen[signature] = now + 2 * envelope.SKEW_SECONDS
        return data

    def _institution(self, code: str) -> Institution:
        known = {one.fixmedins_code: one for one in self._office.books.institutions()}
        if code not in known:
            raise RefusedError("orgCodg 机构不存在")
        return known[code]

    def _keys(self, infno: str, data: dict[str, Any]) -> dict[str, str]:
        """Return what fault rules can match of a message."""
        order = self._order(str(data.get("payOrdId")))
        visit = self._office.books.visit(order.mdtrt_id) if order else None
        return {
            "infno": infno,
            "psn_no": order.psn_no if order else str(data.get("psnNo", "")),
            "ipt_otp_no": visit.ipt_otp_no if visit else str(data.get("iptOtpNo", "")),
        }

    def _order(self, pay_ord_id: str) -> Order | None:
        return self._centre.books.any_order(pay_ord_id)

    def _now(self) -> datetime:
        return self._board.clock.now().astimezone(CHINA)

    def _sealed(self, app: App, infno: str, said: dict[str, Any]) -> Response:
        frame = {"code": "0", "message": "成功", "success": True, "transType": infno}
        return json_answer(envelope.sealed(app, said, timestamp=int(time.time()), **frame))

    def _refusal(self, app: App, infno: str, reason: str) -> Response:
        frame = {"code": "-1", "message": reason[:200], "success": False, "transType": infno}
        return json_answer(envelope.sealed(app, None, timestamp=int(time.time()), **frame))

    # --- notices --------------------------------------------------------------------------------

    def _tell(self, app: App, order: Order | None, institution: Institution) -> None:
        """Begin to tell the hospital of a paid order."""
        if order is None or order.ord_stas != SETTLED:
            return
        found = self._centre.books.app(app.app_id)
        url = found[2] if found else ""
        if not url:
            return
        late = self._centre.books.fate_of(order.psn_no, "late_notice")
        for infno, content in self._centre.notices(order, institution).items():
            pause = _LATE_SECONDS if late and infno == "6302" else 0.0
            task = asyncio.create_task(self._notify(app, infno, order, content, url, pause))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)

    async def _notify(
        self, app: App, infno: str, order: Order, content: dict[str, Any], url: str, pause: float
    ) -> None:
        await asyncio.sleep(pause)

        async def work() -> Response:
            await self._deliver(app, infno, content, f"{url}/{infno}")
            return Response()

        # Faults that make no sense for a notice lose it.
        lost = {Fault.REFUSE: Response, Fault.GATEWAY_401: Response, Fault.WRONG_SUM: Response}
        visit = self._office.books.visit(order.mdtrt_id)
        keys = {
            "infno": infno,
            "psn_no": order.psn_no,
            "ipt_otp_no": visit.ipt_otp_no if visit else "",
        }
        await self._board.answer(keys, work, instead=lost)

    async def _deliver(self, app: App, infno: str, content: dict[str, Any], url: str) -> None:
        if self._client is None:
            self._client = httpx.AsyncClient(timeout=_TIMEOUT_SECONDS, trust_env=False)
        for attempt in range(_TRIES):
            if attempt:
                await asyncio.sleep(_PAUSE_SECONDS)
            now = int(time.time())
            message = envelope.sealed(app, content, timestamp=now, transType=infno)
            headers = {"Content-Type": "application/json;charset=utf-8"}
            try:
                body = orjson.dumps(message)
                response = await self._client.post(url, content=body, headers=headers)
                taken = response.status_code == _OK and response.json().get("success") is True
            except (httpx.HTTPError, httpx.InvalidURL, ValueError):
                continue
            if taken:
                return

    # --- the switchboard ------------------------------------------------------------------------

    async def _apps(self, request: Request) -> Response:
        try:
            rows = orjson.loads(await request.body())
            known = [self._known(row) for row in rows]
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise BadControl(f"a list of applications is wanted: {error}") from error
        with self._office.books.transaction():
            for row in known:
                self._centre.books.put_app(row)
        keys = {row["app_id"]: envelope.public_of(int(row["secret_key"], 16)) for row in known}
        return json_answer({"public_keys": keys})

    def _known(self, row: dict[str, Any]) -> dict[str, str]:
        names = ("app_id", "app_secret", "public_key", "fixmedins_code")
        app = {name: str(row[name]) for name in names}
        envelope.place_of(app["public_key"])
        before = self._centre.books.app(app["app_id"])
        secret = before[0].secret if before else envelope.new_secret()
        return app | {
            "secret_key": f"{secret:064x}",
            "callback_url": str(row.get("callback_url", "")),
        }

    async def _codes(self, request: Request) -> Response:
        order = await control_message(request)
        psn_no, seconds = str(order.get("psn_no")), order.get("seconds", _CODE_SECONDS)
        if self._office.books.person(psn_no) is None or not isinstance(seconds, int | float):
            raise BadControl("a known psn_no and a number of seconds are wanted")
        until = self._now() + timedelta(seconds=seconds)
        pays = bool(order.get("pays", True))
        try:
            code = self._centre.books.give("code", psn_no, until=until, pays=pays)
        except sqlite3.IntegrityError as error:
            raise BadControl(str(error)) from error
        return json_answer({"code": code})

    async def _fates(self, request: Request) -> Response:
        order = await control_message(request)
        fate, times = order.get("fate"), order.get("times", 1)
        if fate not in FATES or not isinstance(times, int):
            raise BadControl(f"fate: one of {', '.join(FATES)}")
        self._centre.books.add_fate(str(order.get("psn_no", "")), fate, times)
        return json_answer({})

    async def _release(self, request: Request) -> Response:
        order = self._order(str((await control_message(request)).get("pay_ord_id")))
        if order is None:
            raise BadControl("pay_ord_id: no such order")
        app, code, _ = self._app_of({"appId": order.app_id})
        institution = self._institution(code)
        asked = Asked(app_id=app.app_id, institution=institution, now=self._now(), data={})
        self._centre.release(asked, order)
        self._tell(app, order, institution)
        return json_answer({"ord_stas": order.ord_stas})

    async def _orders(self, _request: Request) -> Response:
        shown = (
            *("pay_ord_id", "med_org_ord", "psn_no", "mdtrt_id", "ord_stas", "setl_id"),
            *("fee_fen", "fund_fen", "account_fen", "own_fen", "cash_fen", "paid_at"),
        )
        orders = self._centre.books.all_orders()
        return json_answer(
            {"orders": [{name: getattr(one, name) for name in shown} for one in orders]}
        )
