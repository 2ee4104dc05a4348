"""WeChat Pay's protocol against the simulated channel, which is a process of its own."""

import json
import socket
import threading
from datetime import datetime, timedelta

import pytest

from tests import builders
from tests.builders import NOW
from yifu.payments import gateway
from yifu.payments.errors import ChannelBillNotReady, ChannelUnavailable, ChannelUnknown
from yifu.payments.gateway import parse_bill
from yifu.payments.gateway_values import BillRow, DebitOrder, RefundOrder
from yifu.payments.models import Channel
from yifu.payments.rules import Answer, AnswerKind
from yifu.secrets import encrypt

TODAY = NOW.date()


@pytest.fixture
def speak(wechat_process, wechat):  # noqa: ARG001 - without faults
    """What speaks to the channel; nothing of the database is needed for that."""
    return gateway.adapter(_unsaved(wechat_process))


def _unsaved(wechat_process, **changes) -> Channel:
    counterpart, secrets = wechat_process
    cipher = encrypt(json.dumps(secrets | changes.pop("secrets", {})))
    fields = {"code": "wechat", "base_url": counterpart.url, "secrets_cipher": cipher} | changes
    return Channel(**fields)


def order(number: str, *, contract_id: str = "C1", fen: int = 3000) -> DebitOrder:
    return DebitOrder(
        out_trade_no=number, contract_id=contract_id, amount_fen=fen, description="医疗费用"
    )


def contract(wechat, contract_id: str, **more) -> None:
    wechat.control("contracts", {"contract_id": contract_id, "mchid": builders.MCHID, **more})


def test_a_debit_is_taken_on_and_then_found_paid(speak, wechat):
    contract(wechat, "C1", balance_fen=5000)
    assert speak.debit(order("GW00000001")) == Answer(AnswerKind.CODED, "ACCEPTED")
    found = speak.ask_debit("GW00000001")
    assert (found.kind, found.code, found.amount_fen) == (AnswerKind.DONE, "SUCCESS", 3000)
    assert found.transaction_id
    assert found.moved_on == TODAY
    assert wechat.control("contracts/C1", method="GET")["balance_fen"] == 2000


def test_the_same_number_takes_the_money_once(speak, wechat):
    contract(wechat, "C2", balance_fen=9000)
    for _ in range(3):
        speak.debit(order("GW00000002", contract_id="C2"))
    assert wechat.control("contracts/C2", method="GET")["balance_fen"] == 6000


@pytest.mark.parametrize(
    ("more", "code"),
    [({"balance_fen": 2999}, "NOT_ENOUGH"), ({"state": "TERMINATED"}, "CONTRACT_NOT_EXIST")],
)
def test_a_refusal_carries_the_channels_code(speak, wechat, more, code):
    contract(wechat, "C3", **more)
    number = f"GW3{code}"[:32]
    assert speak.debit(order(number, contract_id="C3")) == Answer(AnswerKind.CODED, code)


def test_a_number_nobody_debited_is_absent(speak):
    assert speak.ask_debit("GW00000004").kind == AnswerKind.ABSENT
    assert speak.ask_refund("GW00000004").kind == AnswerKind.ABSENT


def test_a_debit_that_is_held_is_accepted_and_not_done(speak, wechat):
    contract(wechat, "C5")
    wechat.control("processing", {"held": True})
    speak.debit(order("GW00000005", contract_id="C5"))
    assert speak.ask_debit("GW00000005") == Answer(AnswerKind.CODED, "ACCEPT")


@pytest.mark.parametrize("fault", ["drop_request", "drop_answer", "nonsense"])
def test_without_a_believable_answer_nothing_is_concluded(speak, wechat, fault):
    contract(wechat, "C6")
    number = f"GW6{fault}"
    wechat.fault(fault, out_trade_no=number)
    assert speak.debit(order(number, contract_id="C6")) == Answer(AnswerKind.UNANSWERED)


def test_an_answer_after_the_time_limit_is_none(speak, wechat, monkeypatch):
    contract(wechat, "C7")
    monkeypatch.setattr(speak._http, "timeout", 0.2)
    wechat.fault("delay", out_trade_no="GW00000007", seconds=1)
    assert speak.debit(order("GW00000007", contract_id="C7")) == Answer(AnswerKind.UNANSWERED)


def test_nobody_listening_means_it_never_left(wechat_process):
    with socket.create_server(("127.0.0.1", 0)) as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    speak = gateway.adapter(_unsaved(wechat_process, base_url=url))
    assert speak.debit(order("GW00000008")) == Answer(AnswerKind.UNSENT)


def test_an_address_that_is_none_means_it_never_left(wechat_process):
    speak = gateway.adapter(_unsaved(wechat_process, base_url=""))
    assert speak.debit(order("GW00000008")) == Answer(AnswerKind.UNSENT)


def test_an_answer_signed_by_somebody_else_is_not_believed(wechat_process, wechat):
    contract(wechat, "C9")
    _, strangers = builders.merchant_key()
    other = _unsaved(wechat_process, secrets={"platform_public_key_pem": strangers})
    speak = gateway.adapter(other)
    assert speak.debit(order("GW00000009", contract_id="C9")) == Answer(AnswerKind.UNANSWERED)
    with pytest.raises(ChannelUnavailable):
        speak.trade_bill(TODAY)


def test_trouble_over_there_says_nothing_about_the_debit(wechat_process):
    """A 5xx may come after the money was taken."""
    body = b'{"code":"NOT_IN_THE_TABLE","message":"..."}'
    with _one_answer(b"HTTP/1.1 503 Service Unavailable", body) as url:
        speak = gateway.adapter(_unsaved(wechat_process, base_url=url))
        answer = speak.debit(order("GW00000010"))
    assert answer == Answer(AnswerKind.UNANSWERED, "NOT_IN_THE_TABLE")


class _one_answer:  # noqa: N801 - used as a context manager
    """A server that answers one request with these bytes."""

    def __init__(self, status: bytes, body: bytes) -> None:
        head = status + b"\r\nContent-Type: application/json\r\nConnection: close\r\n"
        self._answer = head + b"Content-Length: %d\r\n\r\n" % len(body) + body

    def __enter__(self) -> str:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def _serve(self) -> None:
        connection, _ = self._listener.accept()
        with connection:
            connection.settimeout(5)
            connection.recv(65536)
            connection.sendall(self._answer)

    def __exit__(self, *_: object) -> None:
        self._thread.join(timeout=5)
        self._listener.close()


def test_a_wrong_sum_is_reported_as_it_is_for_the_rules_to_disbelieve(speak, wechat):
    contract(wechat, "C11")
    speak.debit(order("GW00000011", contract_id="C11"))
    wechat.fault("wrong_sum", out_trade_no="GW00000011")
    assert speak.ask_debit("GW00000011").amount_fen == 3001


def test_money_goes_back_once_whatever_is_asked_twice(speak, wechat):
    contract(wechat, "C12", balance_fen=3000)
    speak.debit(order("GW00000012", contract_id="C12"))
    back = RefundOrder(
        out_refund_no="GWR0000012",
        out_trade_no="GW00000012",
        amount_fen=1000,
        total_fen=3000,
        reason="退费",
    )
    for answer in (speak.refund(back), speak.refund(back), speak.ask_refund("GWR0000012")):
        assert (answer.kind, answer.amount_fen) == (AnswerKind.DONE, 1000)
    assert wechat.control("contracts/C12", method="GET")["balance_fen"] == 1000
    assert speak.ask_debit("GW00000012").kind == AnswerKind.DONE


def test_more_than_was_taken_does_not_go_back(speak, wechat):
    contract(wechat, "C13")
    speak.debit(order("GW00000013", contract_id="C13"))
    back = RefundOrder(
        out_refund_no="GWR0000013",
        out_trade_no="GW00000013",
        amount_fen=3001,
        total_fen=3000,
        reason="退费",
    )
    assert speak.refund(back) == Answer(AnswerKind.CODED, "INVALID_REQUEST")


def test_the_bill_of_a_day_lists_debits_and_refunds_in_fen(wechat_process, wechat):
    speak = gateway.adapter(_unsaved(wechat_process))
    day = datetime.fromisoformat("2026-05-05T12:00:00+08:00")
    wechat.control("clock", {"now": day.isoformat()})
    contract(wechat, "C14")
    speak.debit(order("GW00000014", contract_id="C14", fen=12_345))
    speak.debit(order("GW00000015", contract_id="C14", fen=1))
    speak.refund(
        RefundOrder(
            out_refund_no="GWR0000014",
            out_trade_no="GW00000014",
            amount_fen=345,
            total_fen=12_345,
            reason="退费",
        )
    )
    wechat.control("clock", {"now": (day + timedelta(hours=22)).isoformat()})
    rows = {(row.out_trade_no, row.out_refund_no): row for row in speak.trade_bill(day.date())}
    assert set(rows) == {
        ("GW00000014", None),
        ("GW00000015", None),
        ("GW00000014", "GWR0000014"),
    }
    paid = rows["GW00000014", None]
    back = rows["GW00000014", "GWR0000014"]
    assert (paid.amount_fen, paid.refund_fen, paid.fee_fen) == (12_345, 0, 74)
    assert (back.amount_fen, back.refund_fen, back.fee_fen) == (0, 345, -2)
    assert (
        paid.transaction_id == back.transaction_id == speak.ask_debit("GW00000014").transaction_id
    )


def test_a_bill_comes_only_when_it_is_made(wechat_process, wechat):
    channel = _unsaved(wechat_process)
    wechat.control("clock", {"now": "2026-05-07T08:59:00+08:00"})
    with pytest.raises(ChannelBillNotReady):
        gateway.trade_bill(channel, datetime(2026, 5, 6, tzinfo=NOW.tzinfo).date())


def test_a_day_without_movements_has_an_empty_bill(wechat_process, wechat):
    channel = _unsaved(wechat_process)
    wechat.control("clock", {"now": "2026-05-08T10:00:00+08:00"})
    assert gateway.trade_bill(channel, datetime(2026, 5, 7, tzinfo=NOW.tzinfo).date()) == []


@pytest.mark.parametrize(
    "channel", [Channel(code="cash"), Channel(code="wechat"), Channel(code="x")]
)
def test_a_channel_nothing_can_speak_to_is_named(channel):
    with pytest.raises(ChannelUnknown, match=channel.code):
        gateway.adapter(channel)


COLUMNS = "微信订单号,商户订单号,商户退款单号,退款金额,商品名称,手续费,订单金额"
SUMMARY = "总交易单数,退款总金额,订单总金额"


def bill(rows: list[str], summary: str) -> str:
    return "\r\n".join([COLUMNS, *rows, SUMMARY, summary]) + "\r\n"


def test_a_comma_inside_a_value_ends_nothing():
    text = bill(["`42,`A1,`0,`0.00,`诊查费,药费,`0.18000,`30.00"], "`1,`0.00,`30.00")
    assert parse_bill(text) == [
        BillRow(
            out_trade_no="A1",
            out_refund_no=None,
            transaction_id="42",
            amount_fen=3000,
            refund_fen=0,
            fee_fen=18,
        )
    ]


@pytest.mark.parametrize(
    ("rows", "summary"),
    [
        (["`42,`A1,`0,`0.00,`x,`0.18,`30.00"], "`2,`0.00,`30.00"),
        (["`42,`A1,`0,`0.00,`x,`0.18,`30.00"], "`1,`0.00,`30.01"),
        (["`42,`A1,`0,`0.00,`x,`0.18,`30.001"], "`1,`0.00,`30.00"),
        (["`42,`A1,`0,`0.00,`x,`much,`30.00"], "`1,`0.00,`30.00"),
        (["`42,`A1,`0,`0.00"], "`1,`0.00,`30.00"),
    ],
    ids=["count", "sum", "half a fen", "no number", "columns missing"],
)
def test_a_bill_that_does_not_add_up_is_refused(rows, summary):
    with pytest.raises(ValueError, match=r".+"):
        parse_bill(bill(rows, summary))


def test_a_bill_that_breaks_off_is_refused():
    with pytest.raises(ValueError, match="no summary"):
        parse_bill(COLUMNS + "\r\n`42,`A1,`0,`0.00,`x,`0.18,`30.00\r\n")
