"""Bad debt on the real PostgreSQL: proposed by rule, decided by two, recovered, set aside."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from tests import builders
from tests.builders import AREA, NOW
from tests.collection.test_interleavings import (
    elsewhere,  # noqa: F401 - a fixture
)
from tests.collection.test_services import check_books, line_of, lower, pay
from yifu import dates
from yifu.clock import CHINA
from yifu.collection import baddebt, rules, services
from yifu.collection.errors import (
    BillNotDefaulted,
    BillNotPayable,
    PaymentExceedsBill,
    WriteOffNotDecidable,
    WriteOffOutgrown,
    WriteOffSamePerson,
    WriteOffUnderWay,
)
from yifu.collection.models import Bill, BillState, Provision, WriteOff, WriteOffState
from yifu.collection.rules import BillValue
from yifu.credit import schemes
from yifu.credit.models import CreditLine, Standing, StandingChange
from yifu.errors import NotFound
from yifu.ledger import services as ledger
from yifu.ledger.models import Line
from yifu.payments import services as payments

SCHEME = schemes.load("hangzhou")
CITY = "baddebt:treasury.city"
YEARS_LATER = NOW + timedelta(days=800)


@pytest.fixture
def principal(db):  # noqa: ARG001 - tests with threads commit for real
    person = builders.person()
    builders.contract(person)
    return person


def defaulted(person, fen: int = 3000, *, paid: int = 0, line=None, **changes) -> Bill:
    """A bill in default, with its principal's standing, some of it paid before."""
    bill = builders.bill(person, fen, line=line or line_of(person), **changes)
    if paid:
        pay(bill, paid)
    Bill.objects.filter(pk=bill.pk).update(state=BillState.DEFAULTED)
    CreditLine.objects.filter(person=person).update(standing=Standing.DEFAULTED)
    bill.refresh_from_db()
    return bill


def given_up(bill: Bill) -> WriteOff:
    """Write a bill off, by two people."""
    proposed = baddebt.propose(bill_id=bill.pk, by="ding", note="away", now=NOW)
    decided = baddebt.approve(proposed.pk, by="wang", now=NOW)
    bill.refresh_from_db()
    return decided


def borne(bearer: str = CITY) -> int:
    return ledger.balances(bearer).get(bearer, 0)


# Rules


@given(st.integers(0, 100_000), st.integers(1, 1200))
def test_months_go_by_the_calendar(hours, months):
    due = (NOW + timedelta(hours=hours)).astimezone(CHINA)
    from_ = rules.written_off_from(due, months=months)
    assert (from_.year * 12 + from_.month) - (due.year * 12 + due.month) == months
    assert from_.day == due.day or (from_.day < due.day and (from_ + timedelta(days=1)).day == 1)
    assert from_.time() == due.time()


def test_the_last_day_of_a_month_is_a_months_last_day():
    due = datetime(2024, 1, 31, tzinfo=CHINA)
    assert rules.written_off_from(due, months=1) == datetime(2024, 2, 29, tzinfo=CHINA)
    utc = datetime(2025, 1, 30, 16, tzinfo=UTC)  # already the 31st in China
    assert rules.written_off_from(utc, months=1) == datetime(2025, 2, 28, tzinfo=CHINA)


@given(st.integers(0, 10**13), st.integers(0, 1000))
def test_a_provision_is_never_less_than_its_share_and_a_fen_more_at_most(owed_fen, permille):
    set_aside = rules.set_aside(owed_fen, permille=permille)
    assert 0 <= set_aside * 1000 - owed_fen * permille < 1000
    assert set_aside <= owed_fen or permille == 0


STEPS = st.lists(
    st.tuples(st.sampled_from(["pay", "lower", "back"]), st.integers(1, 6000)), max_size=10
)


@given(st.integers(1, 5000), st.integers(0, 4999), STEPS)
def test_what_is_borne_is_what_is_not_paid_through_any_history(amount_fen, paid_fen, steps):
    """The bearer's account falls by what is recovered and lowered, and the line never moves."""
    bill = BillValue("defaulted", amount_fen, paid_fen % amount_fen)
    up = rules.give_up(bill)
    assert up.amount_fen == bill.owed_fen
    bill, borne_fen, taken_fen = up.bill, up.amount_fen, bill.paid_fen
    for step, fen in steps:
        before = bill
        if step == "pay":
            paid = rules.pay(bill, fen)
            assert paid.debt_fen == 0
            assert paid.recovered_fen + paid.excess_fen == fen
            bill, borne_fen, taken_fen = paid.bill, borne_fen - paid.recovered_fen, taken_fen + fen
        elif step == "lower" and fen <= bill.amount_fen:
            lowered = rules.lower(bill, fen)
            assert lowered.unpaid_fen == 0
            assert lowered.bad_fen + lowered.paid_fen == fen
            bill, borne_fen = lowered.bill, borne_fen - lowered.bad_fen
        elif step == "back" and bill.excess_fen:
            back = min(fen, bill.excess_fen)
            bill, taken_fen = rules.give_back(bill, back), taken_fen - back
        assert bill.state == before.state or bill.state in rules.TRANSITIONS[before.state]
        assert bill.owed_fen == 0
        assert borne_fen == bill.bad_fen == bill.payable_fen >= 0
        assert taken_fen == bill.paid_fen
        assert (bill.state == "written_off") == (bill.bad_fen > 0)


@pytest.mark.parametrize("state", ["open", "overdue", "written_off", "paid", "cancelled"])
def test_only_a_bill_in_default_is_given_up(state):
    with pytest.raises(ValueError, match="defaulted"):
        rules.give_up(BillValue(state, 3000, 0))


# Proposals


def test_the_rule_proposes_what_is_in_default_for_so_many_months(principal):
    bill = defaulted(principal, due_at=NOW)
    due = rules.written_off_from(NOW, months=SCHEME.bad_debt.write_off_after_months)
    just_before = due - timedelta(microseconds=1)
    assert baddebt.propose_due(area=AREA, scheme=SCHEME, now=just_before) == 0
    assert baddebt.propose_due(area=AREA, scheme=SCHEME, now=due) == 1
    assert baddebt.propose_due(area=AREA, scheme=SCHEME, now=due) == 0
    found = WriteOff.objects.get()
    assert (found.bill_id, found.amount_fen, found.bearer) == (bill.pk, 3000, "treasury.city")
    assert (found.rule, found.proposed_by) == ("hangzhou bad_debt.otherwise", baddebt.BY_RULE)


@pytest.mark.parametrize("day", ["2025-01-31", "2024-02-29", "2025-11-30", "2025-02-28"])
@pytest.mark.parametrize("months", [1, 12])
def test_the_statement_counts_months_as_the_rule_does(principal, day, months):
    due_at = dates.midnight(datetime.fromisoformat(day).date())
    builders.bill(principal, 100, began_at=due_at - timedelta(days=3), due_at=due_at)
    Bill.objects.update(state=BillState.DEFAULTED)
    bad_debt = SCHEME.bad_debt.model_copy(update={"write_off_after_months": months})
    scheme = SCHEME.model_copy(update={"bad_debt": bad_debt})
    from_ = rules.written_off_from(due_at, months=months)
    early = from_ - timedelta(seconds=1)
    assert baddebt.propose_due(area=AREA, scheme=scheme, now=early) == 0
    assert baddebt.propose_due(area=AREA, scheme=scheme, now=from_) == 1


def test_a_districts_treasury_bears_what_its_hospitals_are_not_paid(principal):
    hospital = builders.institution("H99010000002")
    hospital.district = "示范区"
    hospital.save()
    defaulted(principal, at=hospital)
    other = defaulted(principal)
    baddebt.propose_due(area=AREA, scheme=SCHEME, now=YEARS_LATER)
    bearers = dict(WriteOff.objects.values_list("institution__code", "bearer"))
    assert bearers == {"H99010000002": "treasury.shifan", "H99010000001": "treasury.city"}
    assert WriteOff.objects.exclude(bill=other).get().rule == "hangzhou bad_debt.bearers.示范区"
    assert baddebt.bearers(area=AREA) == ["treasury.city", "treasury.shifan"]


def test_another_areas_bills_are_not_proposed(principal):
    defaulted(principal)
    assert baddebt.propose_due(area="990200", scheme=SCHEME, now=YEARS_LATER) == 0


def test_what_was_refused_is_not_proposed_by_the_rule_again_but_by_a_person(principal):
    bill = defaulted(principal)
    baddebt.propose_due(area=AREA, scheme=SCHEME, now=YEARS_LATER)
    refused = baddebt.refuse(WriteOff.objects.get().pk, by="wang", note="he is back", now=NOW)
    assert (refused.state, refused.note) == (WriteOffState.REFUSED, "he is back")
    assert baddebt.propose_due(area=AREA, scheme=SCHEME, now=YEARS_LATER) == 0
    assert baddebt.propose(bill_id=bill.pk, by="ding", note="gone", now=NOW).state == "proposed"
    bill.refresh_from_db()
    assert bill.state == BillState.DEFAULTED
    check_books()


def test_a_proposal_whose_bill_was_paid_is_closed(principal):
    bill = defaulted(principal)
    proposed = baddebt.propose(bill_id=bill.pk, by="ding", note="away", now=NOW)
    pay(bill)
    with pytest.raises(BillNotDefaulted):
        baddebt.approve(proposed.pk, by="wang", now=NOW)
    baddebt.propose_due(area=AREA, scheme=SCHEME, now=NOW)
    proposed.refresh_from_db()
    assert (proposed.state, proposed.decided_by) == (WriteOffState.REFUSED, baddebt.BY_RULE)


def test_only_a_bill_in_default_is_proposed_and_once(principal):
    bill = builders.bill(principal)
    with pytest.raises(BillNotDefaulted):
        baddebt.propose(bill_id=bill.pk, by="ding", note="away", now=NOW)
    with pytest.raises(NotFound):
        baddebt.propose(bill_id=bill.pk, by="ding", note="away", now=NOW, institution_id=0)
    with pytest.raises(NotFound):
        baddebt.propose(bill_id=0, by="ding", note="away", now=NOW)
    bill = defaulted(principal)
    baddebt.propose(bill_id=bill.pk, by="ding", note="away", now=NOW)
    with pytest.raises(WriteOffUnderWay):
        baddebt.propose(bill_id=bill.pk, by="wang", note="away", now=NOW)


# Decisions


def test_a_second_person_writes_off_what_is_still_owed(principal):
    bill = defaulted(principal, 3000, paid=1000)
    decided = given_up(bill)
    assert (bill.state, bill.paid_fen, bill.closed_at) == (BillState.WRITTEN_OFF, 1000, None)
    assert (decided.state, decided.amount_fen, decided.decided_by) == ("approved", 2000, "wang")
    assert borne() == 2000
    assert ledger.balances(bill.account) == {bill.account: 0}
    assert line_of(principal).owed_fen == 0
    assert CreditLine.objects.get().standing == Standing.DEFAULTED
    check_books()


@pytest.mark.django_db
def test_what_is_written_off_of_a_dependants_leaves_both_lines():
    child = builders.person(born="2018-05-01")
    parent = builders.person()
    builders.contract(parent, dependants=[(child, 20_000)])
    share = Line.objects.get(share__dependant__person=child)
    given_up(defaulted(parent, 3000, line=share, patient=child))
    share.refresh_from_db()
    assert (share.owed_fen, line_of(parent).owed_fen) == (0, 0)
    check_books()


def test_whoever_proposed_does_not_approve(principal):
    bill = defaulted(principal)
    proposed = baddebt.propose(bill_id=bill.pk, by="ding", note="away", now=NOW)
    with pytest.raises(WriteOffSamePerson):
        baddebt.approve(proposed.pk, by="ding", now=NOW)
    assert borne() == 0


def test_what_the_rule_proposes_takes_two_people_too(principal):
    bill = defaulted(principal)
    baddebt.propose_due(area=AREA, scheme=SCHEME, now=YEARS_LATER)
    first = baddebt.approve(WriteOff.objects.get().pk, by="ding", now=NOW)
    assert (first.state, first.proposed_by) == (WriteOffState.PROPOSED, "ding")
    with pytest.raises(WriteOffSamePerson):
        baddebt.approve(first.pk, by="ding", now=NOW)
    assert borne() == 0
    assert baddebt.approve(first.pk, by="wang", now=NOW).state == WriteOffState.APPROVED
    bill.refresh_from_db()
    assert (bill.state, borne()) == (BillState.WRITTEN_OFF, 3000)


def test_what_was_paid_since_it_was_proposed_is_not_written_off(principal):
    bill = defaulted(principal)
    proposed = baddebt.propose(bill_id=bill.pk, by="ding", note="away", now=NOW)
    pay(bill, 1000)
    assert baddebt.approve(proposed.pk, by="wang", now=NOW).amount_fen == 2000
    check_books()


def test_money_that_came_and_was_not_applied_yet_counts_first(principal):
    bill = defaulted(principal)
    proposed = baddebt.propose(bill_id=bill.pk, by="ding", note="away", now=NOW)
    payments.take_cash(area=AREA, subject=f"bill:{bill.pk}", amount_fen=500, now=NOW)
    assert baddebt.approve(proposed.pk, by="wang", now=NOW).amount_fen == 2500
    check_books()


def test_more_than_was_proposed_is_not_written_off(principal):
    bill = defaulted(principal)
    proposed = baddebt.propose(bill_id=bill.pk, by="ding", note="away", now=NOW)
    Bill.objects.filter(pk=bill.pk).update(amount_fen=3001)
    with pytest.raises(WriteOffOutgrown):
        baddebt.approve(proposed.pk, by="wang", now=NOW)


def test_there_is_nothing_to_decide_a_second_time(principal):
    decided = given_up(defaulted(principal))
    for decide in (
        lambda: baddebt.approve(decided.pk, by="li", now=NOW),
        lambda: baddebt.refuse(decided.pk, by="li", note="no", now=NOW),
        lambda: baddebt.approve(0, by="li", now=NOW),
        lambda: baddebt.approve(decided.pk, by="li", now=NOW, institution_id=0),
    ):
        with pytest.raises(WriteOffNotDecidable):
            decide()
    assert borne() == 3000


# Paid after all


def test_paid_after_all_it_reverses_the_bad_debt_and_restores_standing(principal):
    bill = defaulted(principal, 3000, paid=1000)
    given_up(bill)
    assert pay(bill, 500).state == BillState.WRITTEN_OFF
    assert (borne(), CreditLine.objects.get().standing) == (1500, Standing.DEFAULTED)
    check_books()
    paid = pay(bill, 1500)
    assert (paid.state, paid.paid_fen, paid.closed_at) == (BillState.PAID, 3000, NOW)
    assert (borne(), WriteOff.objects.get().recovered_fen) == (0, 2000)
    assert CreditLine.objects.get().standing == Standing.GOOD
    assert StandingChange.objects.get().reason == f"bill:{bill.pk} paid"
    assert ledger.balances("cash:") == {"cash:H99010000001": 3000}
    assert line_of(principal).owed_fen == 0
    check_books()


def test_no_more_than_is_borne_may_be_paid(principal):
    bill = defaulted(principal, 3000, paid=1000)
    given_up(bill)
    with pytest.raises(PaymentExceedsBill) as refused:
        pay(bill, 2001)
    assert refused.value.facts == {"owed_fen": 2000}
    pay(bill, 2000)
    with pytest.raises(BillNotPayable):
        pay(bill, 1)


def test_two_payments_at_once_recover_once_and_the_excess_goes_back(principal):
    """Money that had moved before is never refused; what nobody bears any more goes back."""
    bill = defaulted(principal)
    given_up(bill)
    ids = []
    for fen in (2500, 1500):
        subject = f"bill:{bill.pk}"
        taken = payments.take_cash(area=AREA, subject=subject, amount_fen=fen, now=NOW)
        ids.append(taken.pk)
    services.apply_attempt(attempt_id=ids[0], now=NOW)
    services.apply_attempt(attempt_id=ids[1], now=NOW)
    services.apply_attempt(attempt_id=ids[1], now=NOW)
    bill.refresh_from_db()
    assert (bill.state, bill.paid_fen, borne()) == (BillState.PAID, 4000, 0)
    for refund_id in services.refund_excess(bill_id=bill.pk, now=NOW):
        services.finish_refund(refund_id=refund_id, now=NOW)
    bill.refresh_from_db()
    assert (bill.paid_fen, WriteOff.objects.get().recovered_fen) == (3000, 3000)
    assert ledger.balances("cash:") == {"cash:H99010000001": 3000}
    check_books()


def test_a_refund_of_a_written_off_bill_lowers_the_bad_debt_first(principal):
    bill = defaulted(principal, 3000, paid=1000)
    given_up(bill)
    assert lower(bill, 500) == services.Lowered(0, 500)
    bill.refresh_from_db()
    assert (bill.state, borne()) == (BillState.WRITTEN_OFF, 1500)
    lower(bill, 2000)
    bill.refresh_from_db()
    assert (bill.state, bill.amount_fen, borne()) == (BillState.PAID, 500, 0)
    assert WriteOff.objects.get().lowered_fen == 2000
    assert CreditLine.objects.get().standing == Standing.GOOD
    for refund_id in services.refund_excess(bill_id=bill.pk, now=NOW):
        services.finish_refund(refund_id=refund_id, now=NOW)
    assert ledger.balances() == {
        CITY: 0,
        "cash:H99010000001": 500,
        bill.account: 0,
        "revenue:H99010000001": -500,
    }
    check_books()


def test_a_written_off_bill_that_was_wholly_reversed_is_cancelled(principal):
    bill = defaulted(principal)
    given_up(bill)
    lower(bill, 3000)
    bill.refresh_from_db()
    assert (bill.state, borne()) == (BillState.CANCELLED, 0)
    assert CreditLine.objects.get().standing == Standing.GOOD
    check_books()


# At once


@pytest.mark.django_db(transaction=True)
def test_of_two_approvals_at_once_one_writes_off(elsewhere):  # noqa: F811 - the fixture
    person = builders.person()
    builders.contract(person)
    proposed = baddebt.propose(bill_id=defaulted(person).pk, by="ding", note="away", now=NOW)
    with transaction.atomic():
        baddebt.approve(proposed.pk, by="wang", now=NOW)
        other = elsewhere(lambda: baddebt.approve(proposed.pk, by="li", now=NOW))
    with pytest.raises(WriteOffNotDecidable):
        other.result(10)
    assert borne() == 3000
    check_books()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("first", ["approve", "pay"])
def test_approved_while_it_is_paid_neither_is_lost(elsewhere, first):  # noqa: F811 - the fixture
    person = builders.person()
    builders.contract(person)
    bill = defaulted(person)
    proposed = baddebt.propose(bill_id=bill.pk, by="ding", note="away", now=NOW)
    work = [
        lambda: baddebt.approve(proposed.pk, by="wang", now=NOW),
        lambda: pay(bill, 1000),
    ]
    if first == "pay":
        work.reverse()
    with transaction.atomic():
        work[0]()
        other = elsewhere(work[1])
    other.result(10)
    bill.refresh_from_db()
    assert (bill.state, bill.paid_fen, borne()) == (BillState.WRITTEN_OFF, 1000, 2000)
    written_off = WriteOff.objects.get()
    assert written_off.amount_fen - written_off.recovered_fen == 2000
    check_books()


@pytest.mark.django_db(transaction=True)
def test_decisions_and_payments_from_many_sides_keep_the_books():
    person = builders.person()
    builders.contract(person)
    bills = [defaulted(person) for _ in range(4)]
    ids = [baddebt.propose(bill_id=bill.pk, by="ding", note="away", now=NOW).pk for bill in bills]

    def work(turn: int) -> None:
        try:
            if turn % 3:
                pay(bills[turn % 4], 400)
            else:
                baddebt.approve(ids[turn % 4], by=f"w{turn}", now=NOW)
        except WriteOffNotDecidable:
            pass
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        began = time.monotonic()
        list(pool.map(work, range(24)))
        assert time.monotonic() - began < 30
    assert set(Bill.objects.values_list("state", flat=True)) == {"written_off"}
    assert borne() == 4 * 3000 - 16 * 400
    assert sum(one.amount_fen - one.recovered_fen for one in WriteOff.objects.all()) == borne()
    check_books()


# Set aside


def age(days: int) -> datetime:
    return dates.midnight(NOW.date()) - timedelta(days=days)


def test_what_is_set_aside_goes_by_age_and_bearer_and_is_rounded_once(principal):
    for fen, days in ((101, 0), (102, 29), (205, 30), (999, 364), (777, 365), (50, -2)):
        due = age(days)
        builders.bill(principal, fen, began_at=due - timedelta(days=3), due_at=due)
    rows = baddebt.provide(area=AREA, as_of=NOW.date())
    found = [(row.from_days, row.bills, row.owed_fen, row.provision_fen) for row in rows]
    assert found == [(0, 3, 253, 3), (30, 1, 205, 41), (90, 1, 999, 500), (365, 1, 777, 777)]
    for row in rows:
        assert row.provision_fen == rules.set_aside(row.owed_fen, permille=row.permille)
        assert row.permille == SCHEME.bad_debt.permille(age_days=row.from_days)


def test_it_is_the_same_again_and_what_came_later_does_not_count(principal):
    bill = defaulted(principal, 3000, due_at=age(100))
    written_off = defaulted(principal, 700, due_at=age(100))
    before = baddebt.provide(area=AREA, as_of=NOW.date())
    tomorrow = NOW + timedelta(days=1)
    pay(bill, 3000, now=tomorrow)
    proposed = baddebt.propose(bill_id=written_off.pk, by="ding", note="away", now=tomorrow)
    baddebt.approve(proposed.pk, by="wang", now=tomorrow)
    builders.bill(principal, 900, began_at=tomorrow, due_at=tomorrow)
    again = baddebt.provide(area=AREA, as_of=NOW.date())
    assert [row.pk for row in again] == [row.pk for row in before]
    assert [(row.owed_fen, row.provision_fen) for row in again] == [(3700, 1850)]
    later = baddebt.provide(area=AREA, as_of=tomorrow.date())
    assert [(row.owed_fen, row.provision_fen) for row in later] == [(900, 9)]
    assert Provision.objects.count() == 2


def test_a_band_that_is_empty_by_now_goes(principal):
    bill = builders.bill(principal, 3000, began_at=age(103), due_at=age(100))
    baddebt.provide(area=AREA, as_of=NOW.date())
    pay(bill)
    assert baddebt.provide(area=AREA, as_of=NOW.date()) == []
    assert not Provision.objects.exists()


# Statement


def test_a_treasurys_statement_is_what_its_account_says(principal):
    march, april = NOW, NOW + timedelta(days=31)
    bills = [defaulted(principal, fen) for fen in (3000, 2000, 1000)]
    for bill in bills[:2]:
        given_up(bill)
    pay(bills[0], 500, now=march)
    pay(bills[0], 2500, now=april)
    proposed = baddebt.propose(bill_id=bills[2].pk, by="ding", note="away", now=april)
    baddebt.approve(proposed.pk, by="wang", now=april)
    with transaction.atomic():
        services.lower_bill(bill_id=bills[1].pk, amount_fen=300, now=april)
    first = baddebt.statement(bearer="treasury.city", month=march.date())
    second = baddebt.statement(bearer="treasury.city", month=april.date())
    assert (first.opening_fen, first.written_off_fen, first.recovered_fen) == (0, 5000, 500)
    assert first.closing_fen == second.opening_fen == 4500
    assert (second.written_off_fen, second.recovered_fen, second.lowered_fen) == (1000, 2500, 300)
    assert second.closing_fen == borne() == 2700
    for found in (first, second):
        assert found.closing_fen == (
            found.opening_fen + found.written_off_fen - found.recovered_fen - found.lowered_fen
        )
    left = sum(
        one.amount_fen - one.recovered_fen - one.lowered_fen for one in WriteOff.objects.all()
    )
    assert left == second.closing_fen
    assert [(row.kind, row.bill_id, row.amount_fen) for row in second.rows] == [
        ("payment", bills[0].pk, -2500),
        ("write_off", bills[2].pk, 1000),
        ("write_off_lowered", bills[1].pk, -300),
    ]


def test_an_institution_sees_its_own_part_of_a_statement(principal):
    other = builders.institution("H99010000003")
    given_up(defaulted(principal, 3000))
    given_up(defaulted(principal, 400, at=other))
    whole = baddebt.statement(bearer="treasury.city", month=NOW.date())
    part = baddebt.statement(bearer="treasury.city", month=NOW.date(), institution_id=other.pk)
    assert (whole.closing_fen, part.closing_fen, len(part.rows)) == (3400, 400, 1)


def test_a_bearer_of_nothing_has_an_empty_statement(db):  # noqa: ARG001 - the tables
    found = baddebt.statement(bearer="treasury.nowhere", month=NOW.date())
    assert (found.opening_fen, found.closing_fen, found.rows) == (0, 0, ())
