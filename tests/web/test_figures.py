"""Finance's figures, each from rows that a few lines here put down."""

from datetime import timedelta

import pytest

from tests.web import rows
from tests.web.rows import NOW, TODAY
from yifu.web import figures


@pytest.fixture
def of_today(hospital):
    return lambda: figures.day(institution_id=hospital.pk, on=TODAY, now=NOW)


@pytest.fixture
def visit(hospital, mother):
    return lambda *prices: rows.visit(hospital, mother, prices=prices or (1500,))


def test_an_empty_day_is_all_zeros(of_today):
    day = of_today()
    assert day.settled == day.net == figures.Sums(0, 0, 0, 0, 0, 0)
    assert (day.received_fen, day.owed_fen, day.receipts.outstanding) == (0, 0, 0)
    assert not day.statements
    assert not day.under_way


def test_settled_sums_are_those_of_the_business_date(of_today, visit):
    rows.settlement(visit(10_000), fund=6000, account=1000)
    rows.settlement(visit(500), method="none", fund=500)
    rows.settlement(visit(700), business_date=TODAY - timedelta(days=1))
    assert of_today().settled == figures.Sums(2, 10_500, 6500, 1000, 3000, 0)


def test_what_was_never_settled_is_not_counted(of_today, visit):
    rows.settlement(visit(), state="rejected", insured_at=None, live=False)
    rows.settlement(visit(), state="unknown", insured_at=None)
    assert of_today().settled.count == 0


def test_a_reversal_is_taken_off_on_its_own_day(of_today, visit, hospital):
    earlier = rows.settlement(
        visit(800),
        state="reversed",
        live=False,
        business_date=TODAY - timedelta(days=1),
        reversed_at=NOW,
    )
    rows.settlement(visit(300))
    day = of_today()
    assert (day.settled.total_fen, day.reversed.total_fen, day.net.total_fen) == (300, 800, -500)
    before = figures.day(institution_id=hospital.pk, on=earlier.business_date, now=NOW)
    assert (before.settled.total_fen, before.reversed.count) == (800, 0)


def test_another_institutions_rows_are_nowhere(of_today, elsewhere):
    stranger = rows.person(elsewhere)
    theirs = rows.visit(elsewhere, stranger)
    settlement = rows.settlement(theirs, state="unknown")
    bill = rows.bill(theirs, stranger, 1500)
    attempt = rows.attempt(f"bill:{bill.pk}", 1000)
    rows.refund(attempt, 500)
    rows.receipt(settlement, state="requested", number="")
    rows.difference(rows.statement(elsewhere), "S1")
    day = of_today()
    assert day.settled.count == day.under_way_count == day.owed_bills == 0
    assert [day.received, day.refunded, day.statements, day.differences] == [[], [], [], []]
    assert (day.receipts.issued, day.receipts.outstanding) == (0, 0)
    assert figures.settlements(institution_id=elsewhere.pk, on=TODAY)


def test_what_is_on_credit_counts_credit_lines_of_both_kinds(of_today, visit):
    rows.settlement(visit(100), method="credit")
    rows.settlement(visit(20), method="bank")
    rows.settlement(visit(3), method="debit")
    rows.settlement(visit(4000), method="credit", state="reversed", live=False, reversed_at=NOW)
    day = of_today()
    assert day.on_credit_fen == 120
    assert [(row.method, row.personal_fen) for row in day.methods] == [
        ("bank", 20),
        ("credit", 100),
        ("debit", 3),
    ]


def test_money_received_counts_by_channel_once_it_moved(of_today, visit, mother):
    of = visit()
    bill = rows.bill(of, mother, 5000)
    settlement = rows.settlement(visit(800), method="debit")
    rows.attempt(f"bill:{bill.pk}", 1000)
    rows.attempt(f"settlement:{settlement.pk}", 800)
    rows.attempt(f"bill:{bill.pk}", 200, "cash")
    rows.attempt(f"bill:{bill.pk}", 3000, state="failed")
    rows.attempt(f"bill:{bill.pk}", 4000, state="unknown")
    rows.attempt(f"bill:{bill.pk}", 9000, business_date=TODAY - timedelta(days=1))
    day = of_today()
    assert day.received == [
        figures.Flow("cash", 1, 200, 0, 0),
        figures.Flow("wechat", 2, 1800, 1, 1),
    ]
    assert day.received_fen == 2000


def test_refunds_are_those_of_their_own_day(of_today, visit, mother):
    bill = rows.bill(visit(), mother, 5000)
    paid = rows.attempt(f"bill:{bill.pk}", 5000, business_date=TODAY - timedelta(days=3))
    rows.refund(paid, 700)
    rows.refund(paid, 100, state="unknown")
    rows.refund(paid, 50, business_date=TODAY - timedelta(days=1))
    day = of_today()
    assert day.refunded == [figures.Flow("wechat", 1, 700, 0, 1)]
    assert day.net_received_fen == -700


@pytest.mark.parametrize(
    ("due", "age"),
    [
        (None, "no_due"),
        (timedelta(seconds=1), "not_due"),
        (timedelta(0), "week"),
        (timedelta(days=-7), "month"),
        (timedelta(days=-30), "older"),
    ],
)
def test_what_is_owed_is_told_by_age(of_today, visit, mother, due, age):
    due_at = None if due is None else NOW + due
    rows.bill(visit(), mother, 1000, paid_fen=400, due_at=due_at)
    assert of_today().owed == [figures.OwedRow("open", age, 1, 600)]


def test_what_is_paid_or_owed_by_a_bank_is_told_apart(of_today, visit, mother):
    rows.bill(visit(), mother, 500, state="paid", paid_fen=500)
    rows.bill(visit(), mother, 600, account="bank:icbc", due_at=None)
    rows.bill(visit(), mother, 70, state="overdue", due_at=NOW - timedelta(days=1))
    day = of_today()
    assert [(row.state, row.owed_fen) for row in day.owed] == [("bank", 600), ("overdue", 70)]
    assert (day.owed_fen, day.overdue_fen, day.owed_bills) == (670, 70, 2)


def test_receipts_are_counted_by_the_day_they_were_issued(of_today, visit):
    settlement = rows.settlement(visit(900))
    blue = rows.receipt(settlement, state="flushed")
    rows.receipt(settlement, red_of=blue, amount_fen=-900)
    rows.receipt(settlement, issued_at=NOW - timedelta(days=1))
    waiting = NOW - timedelta(days=2)
    rows.receipt(settlement, state="requested", number="", issued_at=None, requested_at=waiting)
    assert of_today().receipts == figures.Receipts(1, 900, 1, 900, 1, waiting)


def test_settlements_under_way_are_listed_of_every_day(of_today, visit):
    for state in ("claimed", "insured", "awaiting_payment", "unknown", "reversing"):
        rows.settlement(visit(), state=state, business_date=TODAY - timedelta(days=9))
    for state in ("completed", "reversed", "rejected"):
        rows.settlement(visit(), state=state, live=False)
    day = of_today()
    assert day.under_way_count == len(day.under_way) == 5
    assert {row.label for row in day.under_way} >= {"未知", "待付款"}


def test_open_differences_are_those_nobody_decided(of_today, hospital, visit):
    settled = rows.settlement(visit(), setl_id="S9")
    insurer = rows.statement(hospital, rows=3, their_fen=4300, our_fen=4400, matched=2)
    rows.statement(hospital, "channel", channel="wechat", rows=1)
    found = rows.difference(insurer, "S9")
    rows.difference(insurer, "S8", state="explained", note="次日到账", decided_by="林")
    day = of_today()
    assert day.open_differences == 1
    channel, insurer_figures = day.statements
    assert (channel.party, channel.differences) == ("channel", 0)
    assert (insurer_figures.differences, insurer_figures.open) == (2, 1)
    first, second = day.differences
    assert (first.id, first.gap_fen, first.settlement_id) == (found.pk, -100, settled.pk)
    assert (second.state, second.settlement_id) == ("explained", None)


def test_every_kind_of_difference_says_what_to_do(of_today, hospital):
    for party in ("insurer", "channel"):
        statement = rows.statement(hospital, party)
        for place, kind in enumerate(("theirs_only", "ours_only", "amount")):
            for negative in (False, True):
                rows.difference(statement, f"K{place}", kind=kind, negative=negative)
    assert all(row.hint.zh and row.hint.en for row in of_today().differences)
