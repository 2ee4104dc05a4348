"""Bills' decisions, on plain values."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from yifu import rows
from yifu.clock import CHINA
from yifu.collection import rules
from yifu.collection.models import LIVE_STATES, BillState
from yifu.collection.rules import BillValue
from yifu.patients.gateway import render
from yifu.patients.quiet import Quiet

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


INSTANTS = st.datetimes(
    min_value=datetime(2000, 1, 1),  # noqa: DTZ001 - Hypothesis adds the zone
    max_value=datetime(2090, 1, 1),  # noqa: DTZ001 - as above
    timezones=st.just(CHINA),
)


@given(due_at=INSTANTS, months=st.integers(1, 120))
def test_a_default_is_so_many_calendar_months_later_at_the_same_time_of_day(due_at, months):
    after = rules.defaulted_from(due_at, after_months=months)
    assert (after.year * 12 + after.month) - (due_at.year * 12 + due_at.month) == months
    assert after.time() == due_at.time()
    assert after.day == due_at.day or (
        after.day < due_at.day and (after + timedelta(days=1)).day == 1
    )


@given(first=INSTANTS, second=INSTANTS, months=st.integers(1, 120))
def test_who_was_due_earlier_defaults_no_later(first, second, months):
    early, late = sorted((first, second))
    assert rules.defaulted_from(early, after_months=months) <= rules.defaulted_from(
        late, after_months=months
    )


@pytest.mark.parametrize(
    ("due", "after"),
    [
        ("2026-01-31", "2026-02-28"),
        ("2028-01-31", "2028-02-29"),
        ("2026-03-31", "2026-04-30"),
        ("2026-12-31", "2027-01-31"),
        ("2028-02-29", "2028-03-29"),
    ],
)
def test_a_month_ends_with_its_last_day(due, after):
    begun = datetime.fromisoformat(due).replace(tzinfo=CHINA)
    assert rules.defaulted_from(begun, after_months=1).date().isoformat() == after


@pytest.mark.django_db
@given(due_at=INSTANTS, months=st.integers(1, 120))
def test_the_database_counts_months_as_the_rule_does(due_at, months):
    statement = """
        SELECT (%(due)s::timestamptz AT TIME ZONE 'Asia/Shanghai'
                + make_interval(months => %(months)s)) AT TIME ZONE 'Asia/Shanghai'
    """
    ((counted,),) = rows.run(statement, {"due": due_at, "months": months})
    assert counted == rules.defaulted_from(due_at, after_months=months)


@given(latest=st.dates(), gap=st.integers(1, rules.MOST_MISSED + 1))
def test_missed_dates_are_those_in_between(latest, gap):
    assume(latest < date.max - timedelta(days=gap))
    missed = rules.missed_dates(latest, business_date=latest + timedelta(days=gap))
    assert len(missed) == gap - 1
    assert missed == sorted(missed)
    assert all(latest < day < latest + timedelta(days=gap) for day in missed)


QUIET = Quiet(time(21, 30), time(8))


@given(due_at=INSTANTS, hours=st.integers(0, 72), before=st.integers(0, 5000))
def test_a_reminder_comes_before_the_due_time_and_wakes_nobody(due_at, hours, before):
    now = due_at - timedelta(minutes=before)
    at = rules.remind_at(due_at, hours=hours, now=now, quiet=QUIET)
    if at is not None:
        assert now <= at <= due_at
        assert QUIET.ends(at) is None


@given(at=INSTANTS, begin=st.times(), end=st.times())
def test_quiet_hours_end_within_a_day_and_are_over_then(at, begin, end):
    quiet = Quiet(begin, end)
    over = quiet.ends(at)
    if over is not None:
        assert at < over <= at + timedelta(days=1)
        assert over.time() == end
        assert quiet.ends(over) is None
        assert quiet.began(at) <= at
