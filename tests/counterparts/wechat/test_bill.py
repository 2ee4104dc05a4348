"""The channel's bill: what it says of a day, and that it can be read back to the fen."""

from __future__ import annotations

import gzip
import hashlib
import json
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from counterparts.wechat import bill
from counterparts.wechat.rules import fee_fen
from tests.counterparts.wechat.conftest import MCHID, NEXT_MORNING, register

AMOUNTS = st.integers(1, 10**9)
CELLS = st.text(max_size=30)


def read_bill(content: bytes) -> tuple[list[dict[str, str]], dict[str, str]]:
    """Read a bill as its description says, not as it was written."""
    lines = content.decode().split("\r\n")
    assert lines.pop() == ""
    heading, *rows, summary_heading, summary = lines
    columns = heading.split(",")
    return (
        [dict(zip(columns, _cells(row), strict=True)) for row in rows],
        dict(zip(summary_heading.split(","), _cells(summary), strict=True)),
    )


def _cells(line: str) -> list[str]:
    assert line.startswith("`")
    return line[1:].split(",`")


def fen(yuan: str) -> int:
    amount = Decimal(yuan) * 100
    assert amount == int(amount)
    return int(amount)


@st.composite
def entries(draw):
    return {
        "mchid": MCHID,
        "appid": "wx",
        "openid": "o1",
        "transaction_id": draw(st.from_regex(r"42[0-9]{26}", fullmatch=True)),
        "out_trade_no": draw(st.from_regex(r"[A-Za-z0-9_|*-]{6,32}", fullmatch=True)),
        "description": draw(CELLS),
        "attach": draw(CELLS),
        "total_fen": draw(AMOUNTS),
        "refund_id": "5030",
        "out_refund_no": draw(st.from_regex(r"[A-Za-z0-9]{6,32}", fullmatch=True)),
        "refund_fen": draw(AMOUNTS),
        "success_time": "2026-03-02T09:30:00+08:00",
    }


@given(payments=st.lists(entries(), max_size=5), refunds=st.lists(entries(), max_size=5))
def test_a_bill_is_read_back_to_the_fen(payments, refunds):
    written = [bill.payment_row(entry) for entry in payments]
    written += [bill.refund_row(entry) for entry in refunds]
    rows, summary = read_bill(bill.render(written))
    assert len(rows) == len(payments) + len(refunds) == int(summary["总交易单数"])
    for entry, row in zip(payments, rows, strict=False):
        assert row["商户订单号"] == entry["out_trade_no"]
        assert fen(row["订单金额"]) == entry["total_fen"]
    assert fen(summary["订单总金额"]) == sum(entry["total_fen"] for entry in payments)
    assert fen(summary["退款总金额"]) == sum(entry["refund_fen"] for entry in refunds)
    expected_fee = sum(fee_fen(entry["total_fen"]) for entry in payments)
    expected_fee -= sum(fee_fen(entry["refund_fen"]) for entry in refunds)
    assert fen(summary["手续费总金额"]) == expected_fee


@given(amount=AMOUNTS)
def test_the_fee_is_six_per_mille_half_up(amount):
    exact = Decimal(amount) * 6 / 1000
    assert Decimal("-0.5") < exact - fee_fen(amount) < Decimal("0.5") or (
        exact - fee_fen(amount) == Decimal("-0.5")
    )


def test_the_heading_has_the_twenty_seven_columns():
    assert len(bill.COLUMNS) == len(set(bill.COLUMNS)) == 27


def bill_of(merchant, day: str) -> tuple[list[dict[str, str]], dict[str, str]]:
    status, content = merchant.library.trade_bill(day)
    assert status == 200, content
    where = json.loads(content)
    status, packed = merchant.library.download_bill(where["download_url"])
    assert status == 200
    plain = gzip.decompress(packed)
    assert where["hash_type"] == "SHA1"
    assert hashlib.sha1(plain, usedforsecurity=False).hexdigest() == where["hash_value"]
    return read_bill(plain)


def own_channel(*fixtures: Any) -> tuple[Any, Any]:
    """Give a channel whose day nobody else fills."""
    start_counterpart, tmp_path, keys, monkeypatch = fixtures
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    channel = start_counterpart("wechat", tmp_path)
    merchant = register(channel, keys)
    channel.control("clock", {"now": "2026-03-02T09:30:00+08:00"})
    channel.control("contracts", {"contract_id": "C-bill"})
    return channel, merchant


def test_the_bill_of_a_day_is_the_books_of_that_day(start_counterpart, tmp_path, keys, monkeypatch):
    channel, merchant = own_channel(start_counterpart, tmp_path, keys, monkeypatch)
    merchant.apply("D-bill-1", "C-bill", 100_00)
    merchant.apply("D-bill-2", "C-bill", 99)
    merchant.refund("D-bill-1", "R-bill-1", 40_00, 100_00)
    channel.control("clock", {"now": "2026-03-03T00:00:00+08:00"})
    merchant.apply("D-bill-3", "C-bill", 5)

    channel.control("clock", {"now": NEXT_MORNING})
    rows, summary = bill_of(merchant, "2026-03-02")
    assert [(row["商户订单号"], row["交易状态"]) for row in rows] == [
        ("D-bill-1", "SUCCESS"),
        ("D-bill-2", "SUCCESS"),
        ("D-bill-1", "REFUND"),
    ]
    assert rows[0]["交易时间"] == "2026-03-02 09:30:00"
    assert (rows[2]["商户退款单号"], rows[2]["退款金额"]) == ("R-bill-1", "40.00")
    assert summary["手续费总金额"] == "0.37000"
    books = channel.client.get("/_control/books", params={"date": "2026-03-02"}).json()
    assert (books["total_fen"], books["refunded_fen"], books["fee_fen"]) == (100_99, 40_00, 37)
    assert fen(summary["订单总金额"]) == books["total_fen"]
    assert [order["out_trade_no"] for order in books["orders"]] == ["D-bill-1", "D-bill-2"]


def test_the_bill_is_not_ready_before_nine_of_the_next_day(
    start_counterpart, tmp_path, keys, monkeypatch
):
    channel, merchant = own_channel(start_counterpart, tmp_path, keys, monkeypatch)
    merchant.apply("D-early-1", "C-bill", 1)
    path = "/v3/bill/tradebill?bill_date=2026-03-02"
    channel.control("clock", {"now": "2026-03-03T08:59:59+08:00"})
    assert merchant.get(path)[1]["code"] == "STATEMENT_CREATING"
    channel.control("clock", {"now": "2026-03-03T09:00:00+08:00"})
    assert merchant.get(path)[0] == 200
    assert merchant.get(path.replace("-02", "-01"))[1]["code"] == "NO_STATEMENT_EXIST"
    assert merchant.get(path.replace("2026-03-02", "2026-3-x"))[1]["code"] == "PARAM_ERROR"


def test_a_download_address_lives_five_minutes(start_counterpart, tmp_path, keys, monkeypatch):
    channel, merchant = own_channel(start_counterpart, tmp_path, keys, monkeypatch)
    merchant.apply("D-url-1", "C-bill", 1)
    channel.control("clock", {"now": NEXT_MORNING})
    where = merchant.get("/v3/bill/tradebill?bill_date=2026-03-02")[1]
    channel.control("clock", {"now": "2026-03-03T10:05:01+08:00"})
    assert merchant.library.download_bill(where["download_url"])[0] == 404


def test_tampering_changes_the_bill_and_not_the_books(
    start_counterpart, tmp_path, keys, monkeypatch
):
    channel, merchant = own_channel(start_counterpart, tmp_path, keys, monkeypatch)
    for number, amount in (("D-tamper-1", 10_00), ("D-tamper-2", 20_00)):
        merchant.apply(number, "C-bill", amount)
    channel.control("tamper", {"out_trade_no": "D-tamper-1", "action": "omit"})
    channel.control("tamper", {"out_trade_no": "D-tamper-2", "action": "amount", "delta_fen": -1})
    channel.control("clock", {"now": NEXT_MORNING})
    rows, summary = bill_of(merchant, "2026-03-02")
    assert [(row["商户订单号"], row["订单金额"]) for row in rows] == [("D-tamper-2", "19.99")]
    assert summary["订单总金额"] == "19.99"
    books = channel.client.get("/_control/books", params={"date": "2026-03-02"}).json()
    assert books["total_fen"] == 30_00
    channel.control("tamper", method="DELETE")
    assert len(bill_of(merchant, "2026-03-02")[0]) == 2


def test_nonsense_to_the_switchboard_is_refused(channel):
    for path, message in (
        ("tamper", {"out_trade_no": "x", "action": "amount"}),
        ("tamper", {"action": "omit"}),
        ("contracts", {"contract_id": "C-x", "balance_fen": -1}),
        ("contracts", {"contract_id": "C-x", "state": "MAYBE"}),
        ("contracts", {"pre_entrustweb_id": "nowhere"}),
        ("processing", {"held": 1}),
    ):
        assert channel.client.post(f"/_control/{path}", json=message).status_code == 400, path
    assert channel.client.get("/_control/books?date=today").status_code == 400
