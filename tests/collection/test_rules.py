"""Bills' decisions, on plain values."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifu.collection import rules
from yifu.collection.models import LIVE_STATES, BillState
from yifu.collection.rules import BillValue
from yifu.patients.gateway import render

NOW = datetime(2026, 3, 4, tzinfo=UTC)
FEN = st.integers(min_value=1, max_value=10**9)


@st.composite
def live_bills(draw) -> BillValue:
    amount_fen = draw(FEN)
    paid_fen = draw(st.integers(min_value=0, max_value=amount_fen - 1))
    return BillValue(draw(st.sampled_from(sorted(rules.LIVE))), amount_fen, paid_fen)


@st.composite
def bills(draw) -> BillValue:
    """Any bill that the table's constraints admit."""
    if draw(st.booleans()):
        live: BillValue = draw(live_bills())
        return live
    state = draw(st.sampled_from(["paid", "cancelled"]))
    amount_fen = 0 if state == "cancelled" else draw(FEN)
    return BillValue(state, amount_fen, amount_fen + draw(st.integers(0, 10**9)))


STEPS = st.lists(st.tuples(st.sampled_from(["pay", "lower", "back"]), FEN), max_size=12)


def test_states_are_those_of_the_table():
    assert set(rules.TRANSITIONS) == set(BillState.values)
    assert {state.value for state in LIVE_STATES} == rules.LIVE


@pytest.mark.parametrize("template", rules.REMINDERS)
def test_every_reminder_has_a_text(template):
    text = render(template, {"name": "张三", "amount": "¥30.00", "due": "03-04 00:00"})
    assert "¥30.00" in text


def test_a_bill_paid_in_full_is_paid_and_owes_nothing():
    paid = rules.pay(BillValue("open", 3000, 1000), 2000)
    assert paid == rules.Paid(BillValue("paid", 3000, 3000), debt_fen=2000, excess_fen=0)
    assert paid.bill.owed_fen == 0


def test_a_part_payment_leaves_the_rest_owed():
    paid = rules.pay(BillValue("overdue", 3000, 0), 1000)
    assert paid.bill == BillValue("overdue", 3000, 1000)
    assert paid.bill.owed_fen == 2000


def test_money_that_comes_too_late_is_excess_and_touches_no_line():
    paid = rules.pay(BillValue("cancelled", 0, 0), 500)
    assert (paid.debt_fen, paid.excess_fen, paid.bill.excess_fen) == (0, 500, 500)


def test_lowering_takes_what_is_unpaid_first():
    lowered = rules.lower(BillValue("open", 10_000, 4000), 8000)
    assert (lowered.unpaid_fen, lowered.paid_fen) == (6000, 2000)
    assert lowered.bill == BillValue("paid", 2000, 4000)
    assert lowered.bill.excess_fen == 2000


def test_lowering_by_everything_cancels():
    assert rules.lower(BillValue("open", 3000, 0), 3000).bill == BillValue("cancelled", 0, 0)


@pytest.mark.parametrize("amount_fen", [-1, 3001])
def test_lowering_by_more_than_the_bill_or_less_than_nothing_is_refused(amount_fen):
    with pytest.raises(ValueError, match="at most"):
        rules.lower(BillValue("open", 3000, 0), amount_fen)


@given(bills(), STEPS)
def test_what_a_line_owes_is_what_its_bill_owes_through_any_history(bill, steps):
    """L3: the moves posted for each step keep the line equal to the bill, and L7's excess exact."""
    line_fen, taken_fen = bill.owed_fen, bill.paid_fen
    for step, amount_fen in steps:
        before = bill
        if step == "pay":
            paid = rules.pay(bill, amount_fen)
            bill, line_fen = paid.bill, line_fen - paid.debt_fen
            taken_fen += amount_fen
            assert paid.debt_fen + paid.excess_fen == amount_fen
        elif step == "lower" and amount_fen <= bill.amount_fen:
            lowered = rules.lower(bill, amount_fen)
            bill, line_fen = lowered.bill, line_fen - lowered.unpaid_fen
            assert lowered.unpaid_fen + lowered.paid_fen == amount_fen
        elif step == "back" and bill.excess_fen:
            back = min(amount_fen, bill.excess_fen)
            bill, taken_fen = rules.give_back(bill, back), taken_fen - back
        assert bill.state == before.state or bill.state in rules.TRANSITIONS[before.state]
        assert line_fen == bill.owed_fen >= 0
        assert taken_fen == bill.paid_fen >= 0
        assert not bill.live or bill.paid_fen < bill.amount_fen
        assert bill.live or bill.state == "written_off" or bill.paid_fen >= bill.amount_fen


@given(bills(), FEN)
def test_no_more_goes_back_than_was_too_much(bill, amount_fen):
    if amount_fen > bill.excess_fen:
        with pytest.raises(ValueError, match="too much"):
            rules.give_back(bill, amount_fen)
    else:
        assert rules.give_back(bill, amount_fen).paid_fen >= bill.amount_fen


@given(st.integers(0, 10**9), st.lists(st.integers(0, 10**6), max_size=8))
def test_parts_that_go_back_add_up_and_stay_within_their_payments(excess_fen, refundable):
    if excess_fen > sum(refundable):
        with pytest.raises(ValueError, match="more would go back"):
            rules.part_back(excess_fen, refundable)
        return
    parts = rules.part_back(excess_fen, refundable)
    assert sum(parts) == excess_fen
    assert all(0 <= part <= free for part, free in zip(parts, refundable, strict=True))


@pytest.mark.parametrize(
    ("seconds", "expected"), [(-1, False), (0, True), (1, True)], ids=["before", "at", "after"]
)
def test_a_bill_is_overdue_from_the_due_instant_on(seconds, expected):
    at = NOW + timedelta(seconds=seconds)
    assert rules.is_overdue(state="open", due_at=NOW, now=at) is expected


def test_only_open_bills_with_a_due_time_become_overdue():
    assert not rules.is_overdue(state="paid", due_at=NOW, now=NOW)
    assert not rules.is_overdue(state="overdue", due_at=NOW, now=NOW)
    assert not rules.is_overdue(state="open", due_at=None, now=NOW)


def test_who_can_still_pay_in_time_is_told_so():
    assert rules.reminder(due_at=NOW + timedelta(days=1), now=NOW) == "debit_failed"
    assert rules.reminder(due_at=NOW, now=NOW) == "overdue"
