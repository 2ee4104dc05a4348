"""The channel as a server: its addresses under ``/v3`` and its bill; ``control`` adds the rest."""

from __future__ import annotations

import hashlib
import secrets
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from gzip import compress
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from counterparts import frame
from counterparts.storage import Storage
from counterparts.wechat import answers, bill, rules
from counterparts.wechat.books import SCHEMA, Books
from counterparts.wechat.channel import Channel
from counterparts.wechat.control import Control
from counterparts.wechat.errors import V3Error, no_resource, param_error
from counterparts.wechat.gate import FAULTS, MATCH_KEYS, Gate, V3Answer
from counterparts.wechat.notify import Notifier
from counterparts.wechat.signing import PlatformKey

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from starlette.applications import Starlette
    from starlette.routing import Route

    from counterparts.frame import Clock
    from counterparts.storage import Row
    from counterparts.wechat.gate import Call

_BILL_READY_HOUR = 9
_BILL_URL_LIFE = timedelta(minutes=5)
_EVENTS = {
    "transaction": ("TRANSACTION.SUCCESS", "transaction"),
    "refund": ("REFUND.SUCCESS", "refund"),
    "contract": ("PAPAY.SIGN", "papay"),
}
_NO_BILL = (datetime.min.replace(tzinfo=UTC), "", b"")


class Api:
    """What merchants can ask for."""

    def __init__(self, channel: Channel, books: Books, clock: Clock) -> None:
        self._channel = channel
        self._books = books
        self._clock = clock
        self._bills: dict[str, tuple[datetime, str, bytes]] = {}

    def routes(self, gate: Gate) -> list[Route]:
        """Return the addresses under ``/v3``."""
        contracts, refunds = "/v3/papay/sign/contracts", "/v3/refund/domestic/refunds"
        by_code = contracts + "/plan-id/{plan_id}/out-contract-code/{out_contract_code}"
        by_number = "transactions/out-trade-no/{out_trade_no}"
        return [
            gate.route("POST", f"{contracts}/pre-entrust-sign", self._pre_sign),
            gate.route("GET", by_code, self._contract),
            gate.route("POST", by_code + "/terminate", self._terminate),
            gate.route("GET", contracts + "/contract-id/{contract_id}", self._contract_by_id),
            gate.route("POST", "/v3/papay/pay/transactions/apply", self._apply),
            gate.route("GET", f"/v3/papay/pay/{by_number}", self._order),
            gate.route("GET", f"/v3/pay/{by_number}", self._order),
            gate.route("POST", refunds, self._refund),
            gate.route("GET", refunds + "/{out_refund_no}", self._refund_state),
            gate.route("GET", "/v3/bill/tradebill", self._trade_bill),
            gate.route("GET", "/v3/billdownload/file", self._download),
        ]

    def _pre_sign(self, call: Call) -> V3Answer:
        asked = rules.read_pre_sign(call.body)
        call.check_appid(asked.appid)
        session = self._channel.begin_contract(call.mchid, asked)
        redirect_url = f"{call.base_url}/papay/sign/{session}"
        return V3Answer({"pre_entrustweb_id": session, "redirect_url": redirect_url})

    def _contract(self, call: Call) -> V3Answer:
        return self._shown_contract(call, self._named_contract(call))

    def _contract_by_id(self, call: Call) -> V3Answer:
        row = self._channel.contract_by_id(call.mchid, call.parts["contract_id"])
        return self._shown_contract(call, row)

    def _terminate(self, call: Call) -> V3Answer:
        remark = rules.read_termination(call.body)
        self._channel.terminate(self._named_contract(call), remark)
        return V3Answer()

    def _named_contract(self, call: Call) -> Row:
        return self._channel.contract(
            call.mchid,
            plan_id=call.parts["plan_id"],
            out_contract_code=call.parts["out_contract_code"],
        )

    def _shown_contract(self, call: Call, row: Row) -> V3Answer:
        return V3Answer(answers.contract(row, mchid=call.mchid, appid=call.appid))

    def _apply(self, call: Call) -> V3Answer:
        debit = rules.read_debit(call.body)
        call.check_appid(debit.appid)
        self._channel.accept(call.mchid, debit)
        return V3Answer()

    def _order(self, call: Call) -> V3Answer:
        if call.query.get("mchid") != call.mchid:
            raise param_error("mchid")
        return V3Answer(answers.order(self._channel.order(call.mchid, call.parts["out_trade_no"])))

    def _refund(self, call: Call) -> V3Answer:
        asked = rules.read_refund(call.body)
        return V3Answer(answers.refund(self._channel.refund(call.mchid, asked)))

    def _refund_state(self, call: Call) -> V3Answer:
        number = call.parts["out_refund_no"]
        return V3Answer(answers.refund(self._channel.refund_by_number(call.mchid, number)))

    def _trade_bill(self, call: Call) -> V3Answer:
        day = rules.read_date(call.query.get("bill_date", ""))
        if call.query.get("bill_type", "ALL") != "ALL":
            raise param_error("bill_type: ALL")
        if call.query.get("tar_type", "GZIP") != "GZIP":
            raise param_error("tar_type: GZIP")
        now = self._clock.now().astimezone(rules.CHINA)
        ready = datetime.combine(day, datetime.min.time(), rules.CHINA)
        if now < ready + timedelta(days=1, hours=_BILL_READY_HOUR):
            raise V3Error(400, "STATEMENT_CREATING", "账单生成中, 次日9点后可下载")
        rows = self._books.bill_rows(day.isoformat(), call.mchid)
        if not rows:
            raise V3Error(400, "NO_STATEMENT_EXIST", "账单文件不存在, 当日无交易")
        content = bill.render(rows)
        token = secrets.token_urlsafe(32)
        self._bills = {
            known: kept for known, kept in self._bills.items() if now - kept[0] <= _BILL_URL_LIFE
        }
        self._bills[token] = (now, call.mchid, content)
        return V3Answer(
            {
                "hash_type": "SHA1",
                # The hash is of the file before compression.
                "hash_value": hashlib.sha1(content, usedforsecurity=False).hexdigest(),
                "download_url": (
                    f"{call.base_url}/v3/billdownload/file?token={token}&tartype=gzip"
                ),
            }
        )

    def _download(self, call: Call) -> Response:
        issued, mchid, content = self._bills.get(call.query.get("token", ""), _NO_BILL)
        now = self._clock.now()
        if mchid != call.mchid or abs(now - issued) > _BILL_URL_LIFE:
            raise no_resource("账单文件")
        return Response(compress(content, mtime=0), media_type="application/x-gzip")


class Notices:
    """Turns what happens in the channel into notifications to the merchant concerned."""

    def __init__(self, books: Books, notifier: Notifier, clock: Clock) -> None:
        self._books = books
        self._notifier = notifier
        self._clock = clock

    def event(self, kind: str, row: Row) -> None:
        """Notify of a debit, a refund or a contract, where the merchant has asked for it."""
        merchant = self._books.merchant(row["mchid"])
        if not row["notify_url"] or merchant is None or not merchant["notify_ok"]:
            return
        self._notifier.send(
            row["notify_url"],
            event=_EVENTS[kind],
            content=_content(kind, row, merchant),
            apiv3_key=merchant["apiv3_key"],
            created_at=rules.in_china(self._clock.now()),
        )


def _content(kind: str, row: Row, merchant: Row) -> dict[str, Any]:
    if kind == "transaction":
        return answers.order(row)
    if kind == "refund":
        return answers.refund_notice(row)
    return answers.contract(row, mchid=merchant["mchid"], appid=merchant["appid"])


def make_app(folder: Path) -> Starlette:
    """Return the channel's application; its books and its key are in ``folder``."""
    board = frame.Switchboard("wechat", match_keys=MATCH_KEYS, faults=FAULTS)
    key = PlatformKey(folder)
    storage = Storage(folder, name="wechat.sqlite3", schema=SCHEMA)
    books = Books(storage, board.clock)
    notifier = Notifier(board, key)
    notices = Notices(books, notifier, board.clock)
    channel = Channel(storage, board.clock, notices.event)
    control = Control(channel, books, key, on_signed=lambda row: notices.event("contract", row))
    gate = Gate(board, key, books.merchant)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        await notifier.close()
        storage.close()

    routes = [*Api(channel, books, board.clock).routes(gate), *control.routes()]
    return frame.application(board, routes, lifespan=lifespan)
