"""WeChat Pay's API v3 (微信支付委托代扣): debits by contract, refunds, the bill of a day.

Signing, verification and the addresses are the library's, `wechatpayv3` in public-key mode; only
its transport is ours, because it opens a connection for every request. Every call ends in time and
gives an `Answer` instead of an exception: whether money moved is what callers must decide by.
Errors are raised only by `trade_bill`, which moves nothing.
"""

import csv
import hashlib
import json
import threading
import zlib
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol
from urllib.parse import urlsplit

import httpx
from wechatpayv3 import WeChatPay as Library
from wechatpayv3 import WeChatPayType
from wechatpayv3.core import Core
from wechatpayv3.type import RequestType
from wechatpayv3.utils import build_authorization

from yifu import clock
from yifu.money import round_half_up, to_fen
from yifu.payments.errors import ChannelBillNotReady, ChannelUnavailable, ChannelUnknown
from yifu.payments.file_gateway import FileAdapter, FolderFiles, HttpFiles
from yifu.payments.gateway_values import BillRow, DebitOrder, RefundOrder
from yifu.payments.models import Channel, ChannelKind
from yifu.payments.rules import Answer, AnswerKind
from yifu.secrets import decrypt

CONNECT_SECONDS = 2.0
ANSWER_SECONDS = 5.0
LONGEST_CALL_SECONDS = 3 * CONNECT_SECONDS + ANSWER_SECONDS
"""A call has ended by then: waiting for a connection, opening it, writing, reading."""
CONNECTIONS = 32
NOT_SUCCESS = 300
SERVER_TROUBLE = 500
_ABSENT = frozenset({"ORDER_NOT_EXIST", "ORDERNOTEXIST", "RESOURCE_NOT_EXISTS"})
_UNSENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
    httpx.InvalidURL,
)


class Adapter(Protocol):
    """What a channel must be able to do."""

    def debit(self, order: DebitOrder) -> Answer:
        """Ask for a debit."""

    def ask_debit(self, out_trade_no: str) -> Answer:
        """Ask what became of a debit."""

    def refund(self, order: RefundOrder) -> Answer:
        """Ask for a refund."""

    def ask_refund(self, out_refund_no: str) -> Answer:
        """Ask what became of a refund."""

    def trade_bill(self, day: date) -> list[BillRow]:
        """Fetch what the channel moved on a day."""

    def close(self) -> None:
        """Close the connections."""


class UnbelievableError(Exception):
    """An answer that the channel did not sign, or that is no answer to what was asked."""


class _KeepAliveCore(Core):  # type: ignore[misc] # the library has no types
    """The library's core on connections that stay open."""

    def __init__(self, http: httpx.Client, base_url: str, **keys: str) -> None:
        super().__init__(**keys)
        self._gate_way = base_url.rstrip("/")
        self._http = http

    def request(
        self,
        path: str,
        method: RequestType = RequestType.GET,
        data: Mapping[str, Any] | None = None,
        skip_verify: bool = False,  # noqa: FBT001, FBT002 - the library's signature
        **_: object,
    ) -> tuple[int, str | bytes]:
        body = "" if data is None else json.dumps(data)
        response = self._http.request(
            method.value,
            self._gate_way + path,
            content=body,
            headers={
                "Content-Type": "application/json",
                "Accept": "application/json",
                "Wechatpay-Serial": self._public_key_id,
                "Authorization": build_authorization(
                    path, method.value, self._mchid, self._cert_serial_no, self._private_key, body
                ),
            },
        )
        signed = "Wechatpay-Signature" in response.headers
        if (response.is_success and not skip_verify) or signed:
            self._believe(response)
        readable = "application/json" in response.headers.get("Content-Type", "")
        return response.status_code, response.text if readable else response.content

    def _believe(self, response: httpx.Response) -> None:
        try:
            known = response.headers["Wechatpay-Serial"] == self._public_key_id
            if known and self._verify_signature(response.headers, response.text):
                return
        except Exception as error:  # the library raises plain exceptions
            raise UnbelievableError(str(error)) from error
        raise UnbelievableError("the signature does not fit")


class WeChat:
    """WeChat Pay for one merchant. Shared by threads: keys and connections are set up once."""

    def __init__(self, base_url: str, secrets: Mapping[str, str]) -> None:
        keys = {
            "mchid": secrets["mchid"],
            "cert_serial_no": secrets["serial_no"],
            "private_key": secrets["private_key_pem"],
            "apiv3_key": secrets["apiv3_key"],
            "public_key": secrets["platform_public_key_pem"],
            "public_key_id": secrets["platform_public_key_id"],
        }
        self._mchid = secrets["mchid"]
        self._appid = secrets["appid"]
        self._http = httpx.Client(
            timeout=httpx.Timeout(CONNECT_SECONDS, read=ANSWER_SECONDS),
            limits=httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS),
            trust_env=False,
        )
        self._library = Library(WeChatPayType.JSAPI, appid=self._appid, **keys)
        self._core = _KeepAliveCore(self._http, base_url, **keys)
        self._library._core = self._core  # noqa: SLF001 - the library has no other way

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def debit(self, order: DebitOrder) -> Answer:
        """Ask for a debit; the library has no call for it (受理扣款)."""
        body = {
            "appid": self._appid,
            "out_trade_no": order.out_trade_no,
            "description": order.description,
            "contract_id": order.contract_id,
            "amount": {"total": order.amount_fen, "currency": "CNY"},
        }
        return _answer(
            lambda: self._core.request("/v3/papay/pay/transactions/apply", RequestType.POST, body),
            lambda _: Answer(AnswerKind.CODED, "ACCEPTED"),
        )

    def ask_debit(self, out_trade_no: str) -> Answer:
        """Ask what became of a debit (查询订单)."""
        return _answer(
            lambda: self._library.query(out_trade_no=out_trade_no),
            lambda body: _debited(json.loads(body), out_trade_no),
            absent=True,
        )

    def refund(self, order: RefundOrder) -> Answer:
        """Ask for a refund (申请退款)."""
        return _answer(
            lambda: self._library.refund(
                out_refund_no=order.out_refund_no,
                out_trade_no=order.out_trade_no,
                amount={
                    "refund": order.amount_fen,
                    "total": order.total_fen,
                    "currency": "CNY",
                },
                reason=order.reason,
            ),
            lambda body: _refunded(json.loads(body), order.out_refund_no),
        )

    def ask_refund(self, out_refund_no: str) -> Answer:
        """Ask what became of a refund (查询单笔退款)."""
        return _answer(
            lambda: self._library.query_refund(out_refund_no),
            lambda body: _refunded(json.loads(body), out_refund_no),
            absent=True,
        )

    def trade_bill(self, day: date) -> list[BillRow]:
        """Fetch the bill of a day (申请交易账单); empty for a day without movements.

        Raises `ChannelBillNotReady` and `ChannelUnavailable`.
        """
        try:
            status, body = self._library.trade_bill(day.isoformat())
            told = json.loads(body)
            if status >= NOT_SUCCESS:
                return _no_bill(told.get("code", str(status)), day)
            status, file = self._library.download_bill(told["download_url"])
            if status >= NOT_SUCCESS:
                raise ChannelUnavailable(channel="wechat", reason=f"download {status}")
            return parse_bill(_unpacked(file, told["hash_value"]))
        except (httpx.HTTPError, UnbelievableError, ValueError, KeyError, AttributeError) as error:
            raise ChannelUnavailable(channel="wechat", reason=type(error).__name__) from error


def _answer(
    ask: Callable[[], tuple[int, Any]], read: Callable[[Any], Answer], *, absent: bool = False
) -> Answer:
    """Make the request and classify what came back; `absent`: a question about a number."""
    try:
        status, body = ask()
    except _UNSENT:
        return Answer(AnswerKind.UNSENT)
    except (httpx.HTTPError, UnbelievableError):
        return Answer(AnswerKind.UNANSWERED)
    try:
        if status < NOT_SUCCESS:
            return read(body)
        code = str(json.loads(body)["code"])[:40]
    except (ValueError, KeyError, TypeError, AttributeError):
        return Answer(AnswerKind.UNANSWERED)
    if absent and code in _ABSENT:
        return Answer(AnswerKind.ABSENT, code)
    # Trouble over there says nothing about what was done before it.
    kind = AnswerKind.UNANSWERED if status >= SERVER_TROUBLE else AnswerKind.CODED
    return Answer(kind, code)


def _debited(body: Mapping[str, Any], out_trade_no: str) -> Answer:
    if body["out_trade_no"] != out_trade_no:
        raise ValueError("another order")
    state = str(body["trade_state"])
    # An order that money went back from was paid.
    if state not in {"SUCCESS", "REFUND"}:
        return Answer(AnswerKind.CODED, state)
    return Answer(
        AnswerKind.DONE,
        state,
        transaction_id=str(body["transaction_id"]),
        amount_fen=_whole(body["amount"]["total"]),
        moved_on=_day(body["success_time"]),
    )


def _refunded(body: Mapping[str, Any], out_refund_no: str) -> Answer:
    if body["out_refund_no"] != out_refund_no:
        raise ValueError("another refund")
    status = str(body["status"])
    if status != "SUCCESS":
        return Answer(AnswerKind.CODED, status)
    return Answer(
        AnswerKind.DONE,
        status,
        transaction_id=str(body["refund_id"]),
        amount_fen=_whole(body["amount"]["refund"]),
        moved_on=_day(body["success_time"]),
    )


def _whole(value: object) -> int:
    if type(value) is not int:
        raise ValueError("an amount that is no integer")
    return value


def _day(text: str) -> date:
    return clock.business_date(datetime.fromisoformat(text))


def _no_bill(code: str, day: date) -> list[BillRow]:
    if code == "NO_STATEMENT_EXIST":
        return []
    if code == "STATEMENT_CREATING":
        raise ChannelBillNotReady(channel="wechat", date=day.isoformat())
    raise ChannelUnavailable(channel="wechat", reason=code)


def _unpacked(file: bytes, digest: str) -> str:
    """Unpack the bill; `ValueError` when it is not the file that the channel announced."""
    try:
        content = zlib.decompress(file, wbits=zlib.MAX_WBITS | 16)
    except zlib.error as error:
        raise ValueError("not gzip") from error
    if hashlib.sha1(content, usedforsecurity=False).hexdigest() != digest.lower():
        raise ValueError("not the announced file")
    return content.decode("utf-8-sig")


def parse_bill(text: str) -> list[BillRow]:
    """Read the detail rows of a bill: CSV in yuan, a backtick before every value.

    Raises `ValueError` for a bill without the expected columns or totals that do not add up.
    """
    table = [row for row in csv.reader(_cells(text), delimiter="\t") if row]
    split = next((i for i, row in enumerate(table) if row[0] == "总交易单数"), None)
    if split is None or len(table) != split + 2:
        raise ValueError("no summary at the end of the bill")
    rows = [_bill_row(dict(zip(table[0], row, strict=True))) for row in table[1:split]]
    summary = dict(zip(table[split], table[split + 1], strict=True))
    said = (
        int(summary["总交易单数"]),
        to_fen(summary["订单总金额"]),
        to_fen(summary["退款总金额"]),
    )
    found = (len(rows), sum(r.amount_fen for r in rows), sum(r.refund_fen for r in rows))
    if said != found:
        raise ValueError(f"the bill's totals are {said}, its rows' {found}")
    return rows


def _cells(text: str) -> list[str]:
    """Turn the channel's separators into tabs: a comma inside a value has no backtick after it."""
    return [
        line[1:].replace(",`", "\t") if line.startswith("`") else line.replace(",", "\t")
        for line in text.replace("\t", " ").splitlines()
    ]


def _bill_row(cells: Mapping[str, str]) -> BillRow:
    refund = cells["商户退款单号"]
    try:
        fee = round_half_up(Decimal(cells["手续费"]) * 100)
    except InvalidOperation as error:
        raise ValueError("a fee that is no number") from error
    return BillRow(
        out_trade_no=cells["商户订单号"],
        out_refund_no=refund if refund not in {"", "0"} else None,
        transaction_id=cells["微信订单号"],
        amount_fen=to_fen(cells["订单金额"]),
        refund_fen=to_fen(cells["退款金额"]),
        fee_fen=fee,
    )


ADAPTERS: Mapping[str, Callable[[str, Mapping[str, str]], Adapter]] = {"wechat": WeChat}
"""The channels that are spoken to; cash needs nobody's answer."""


FILES: Mapping[str, Callable[[str, Mapping[str, str]], FileAdapter]] = {
    "http": HttpFiles,
    "https": HttpFiles,
    "file": FolderFiles,
}
"""How files are handed over, by the scheme of a channel's address."""

_open: dict[tuple[str, str, bytes], Any] = {}
_opening = threading.Lock()


def adapter(channel: Channel) -> Adapter:
    """Give what speaks to a channel, set up once per process; raises `ChannelUnknown`."""
    if channel.kind == ChannelKind.FILE:
        opened = file_adapter(channel)
        if isinstance(opened, HttpFiles):
            return opened
        raise ChannelUnknown(channel=channel.code)
    if channel.code not in ADAPTERS:
        raise ChannelUnknown(channel=channel.code)
    spoken: Adapter = _opened(channel, ADAPTERS[channel.code])
    return spoken


def file_adapter(channel: Channel) -> FileAdapter:
    """Give what hands files over to a channel of files; raises `ChannelUnknown`."""
    how = FILES.get(urlsplit(channel.base_url).scheme)
    if channel.kind != ChannelKind.FILE or how is None:
        raise ChannelUnknown(channel=channel.code)
    spoken: FileAdapter = _opened(channel, how)
    return spoken


def _opened(channel: Channel, how: Callable[[str, Mapping[str, str]], Any]) -> Any:  # noqa: ANN401 - what `how` makes
    if channel.secrets_cipher is None:
        raise ChannelUnknown(channel=channel.code)
    key = (channel.code, channel.base_url, bytes(channel.secrets_cipher))
    with _opening:
        if key not in _open:
            _open[key] = how(channel.base_url, json.loads(decrypt(key[2])))
        return _open[key]


def close() -> None:
    """Close all connections to channels; the next call opens new ones."""
    with _opening:
        for opened in _open.values():
            opened.close()
        _open.clear()


def trade_bill(channel: Channel, day: date) -> list[BillRow]:
    """Fetch what a channel moved on a day, in the channel's own time (China).

    Raises `ChannelUnknown`, `ChannelBillNotReady`, `ChannelUnavailable`.
    """
    return adapter(channel).trade_bill(day)
