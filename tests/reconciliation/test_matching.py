"""The database compares as the rules do, and a difference lives as `domain.md` says."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import builders
from tests.reconciliation.conftest import DAY, NOW, Booked
from yifu.errors import InvalidRequest, NotFound
from yifu.payments.models import AttemptState
from yifu.reconciliation import rules, services, statements
from yifu.reconciliation.errors import DifferenceDecided, StatementUnreadable
from yifu.reconciliation.models import Difference, Party, Statement, StatementRow
from yifu.reconciliation.rules import Found, Row

FEW = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
FEN = st.integers(0, 3)


def match_settlements(books, theirs, *, now=NOW):
    day = services._Day(books.institution, DAY, now)
    return services._store(day, Party.INSURER, "", theirs, [statements.MATCH_SETTLEMENTS])


def match_payments(books, theirs, *, now=NOW):
    day = services._Day(books.institution, DAY, now)
    steps = [statements.DROP_FOREIGN, statements.MATCH_PAYMENTS]
    channel = books.channel
    return services._store(day, Party.CHANNEL, channel.code, theirs, steps, channel=channel.pk)


def found_in(statement):
    fields = ("key", "negative", "kind", "figure", "our_fen", "their_fen")
    return {Found(*row) for row in statement.differences.values_list(*fields)}


@st.composite
def bookings(draw):
    fund, account, personal = draw(FEN), draw(FEN), draw(FEN)
    on_day = draw(st.booleans())
    return Booked(
        draw(st.sampled_from("abcdef")),
        fund + account + personal,
        fund,
        account,
        on_day=on_day,
        reversed_on_day=not on_day or draw(st.booleans()),
        believed=draw(st.integers(0, 4)) > 0,
    )


def rows_of(one):
    unknown = None if not one.believed else 0
    if one.on_day:
        yield Row(
            one.setl_id,
            negative=False,
            amount_fen=one.total_fen,
            fund_fen=one.fund_fen if one.believed else unknown,
            account_fen=one.account_fen if one.believed else unknown,
        )
    if one.reversed_on_day:
        yield Row(
            one.setl_id,
            negative=True,
            amount_fen=-one.total_fen,
            fund_fen=-one.fund_fen if one.believed else unknown,
            account_fen=-one.account_fen if one.believed else unknown,
        )


THEIRS = st.lists(
    st.builds(
        Row,
        key=st.sampled_from("abcdefg"),
        negative=st.booleans(),
        amount_fen=st.integers(-9, 9),
        fund_fen=st.integers(-3, 3),
        account_fen=st.integers(-3, 3),
        fee_fen=st.integers(-3, 3),
    ),
    unique_by=lambda row: row.identity,
)


@FEW
@given(
    ours=st.lists(bookings(), unique_by=lambda one: one.setl_id),
    others=THEIRS,
    repeated=st.booleans(),
)
def test_settlements_are_compared_as_the_rules_compare(books, ours, others, repeated):
    our_rows = [row for one in ours for row in rows_of(one)]
    known = {row.identity: replace(row, fund_fen=row.fund_fen or 0) for row in our_rows}
    # Half of the time the other side repeats much of ours, so that rows match.
    theirs = [
        replace(known[row.identity], account_fen=known[row.identity].account_fen or 0)
        if repeated and row.identity in known and row.amount_fen % 2
        else row
        for row in others
    ]
    with transaction.atomic():
        books.settle(ours)
        statement = match_settlements(books, theirs)
        expected = rules.compare(our_rows, theirs)
        assert found_in(statement) == set(expected.found)
        assert (statement.matched, statement.rows) == (expected.matched, len(theirs))
        assert statement.our_fen == sum(row.amount_fen for row in our_rows)
        assert statement.their_fen == sum(row.amount_fen for row in theirs)
        transaction.set_rollback(True)


@FEW
@given(
    paid=st.dictionaries(st.sampled_from("abcd"), st.integers(1, 3)),
    refunded=st.dictionaries(st.sampled_from("vwxy"), st.integers(1, 3)),
    others=st.lists(
        st.builds(
            Row,
            key=st.sampled_from("abcdvwxyz"),
            negative=st.booleans(),
            amount_fen=st.integers(-3, 3),
            fee_fen=st.integers(0, 2),
        ),
        unique_by=lambda row: row.identity,
    ),
)
def test_payments_are_compared_as_the_rules_compare(books, paid, refunded, others):
    our_rows = [Row(key, negative=False, amount_fen=fen) for key, fen in paid.items()]
    our_rows += [Row(key, negative=True, amount_fen=-fen) for key, fen in refunded.items()]
    with transaction.atomic():
        bill = books.bill()
        for key, fen in paid.items():
            books.attempt(key, fen, bill=bill)
        earlier = books.attempt("earlier", 100, bill=bill, day=DAY - timedelta(days=1))
        for key, fen in refunded.items():
            books.refund(key, fen, attempt=earlier)
        statement = match_payments(books, others)
        expected = rules.compare(our_rows, others)
        assert found_in(statement) == set(expected.found)
        assert (statement.matched, statement.rows) == (expected.matched, len(others))
        transaction.set_rollback(True)


ROW = Row("S1", negative=False, amount_fen=100, fund_fen=60, account_fen=10)
BOOKED = Booked("S1", 100, 60, 10)


def test_the_other_sides_rows_are_kept_with_their_fees(books):
    bill = books.bill()
    books.attempt("A1", 100, bill=bill)
    match_payments(books, [Row("A1", negative=False, amount_fen=100, fee_fen=1)])
    assert list(StatementRow.objects.values_list("key", "amount_fen", "fee_fen")) == [
        ("A1", 100, 1)
    ]


def test_only_what_succeeded_on_the_day_counts(books):
    bill, other_bill = books.bill(), books.bill()
    books.attempt("A1", 1, bill=bill, state=AttemptState.FAILED)
    books.attempt("A2", 1, bill=other_bill, state=AttemptState.UNKNOWN)
    paid = books.attempt("A3", 5, bill=bill, day=DAY - timedelta(days=1))
    books.refund("R1", 1, attempt=paid, state=AttemptState.UNKNOWN)
    books.refund("R2", 1, attempt=paid, day=DAY + timedelta(days=1))
    statement = match_payments(books, [])
    assert (statement.matched, found_in(statement)) == (0, set())


def test_another_hospitals_payments_on_the_same_bill_are_not_ours(books):
    other = builders.visit(builders.person(), at=builders.institution("H99010000002"))
    foreign = books.attempt("A1", 100, bill=books.bill(other))
    books.refund("R1", 40, attempt=foreign)
    theirs = [
        Row("A1", negative=False, amount_fen=100),
        Row("R1", negative=True, amount_fen=-40),
        Row("NOBODY", negative=False, amount_fen=7),
    ]
    statement = match_payments(books, theirs)
    assert found_in(statement) == {Found("NOBODY", False, "theirs_only", "amount", None, 7)}
    assert (statement.rows, statement.their_fen) == (1, 7)


def test_fetching_again_replaces_the_statement(books):
    books.settle([BOOKED])
    first = match_settlements(books, [replace(ROW, key="S2")])
    second = match_settlements(books, [ROW], now=NOW + timedelta(hours=1))
    assert first.pk == second.pk
    assert (second.rows, second.matched) == (1, 1)
    assert StatementRow.objects.get().key == "S1"
    assert second.fetched_at == NOW + timedelta(hours=1)


def test_the_same_difference_is_found_once(books):
    for hours in range(3):
        match_settlements(books, [ROW], now=NOW + timedelta(hours=hours))
    assert Difference.objects.get().found_at == NOW


def test_a_difference_that_vanished_is_corrected_with_a_note(books):
    match_settlements(books, [ROW])
    books.settle([BOOKED])
    match_settlements(books, [ROW])
    difference = Difference.objects.get()
    assert (difference.state, difference.decided_by) == ("corrected", services.MATCHING)
    assert difference.note
    assert difference.decided_at == NOW


def test_a_difference_that_comes_back_is_found_again(books):
    for theirs in ([ROW], [], [ROW]):
        match_settlements(books, theirs)
    difference = Difference.objects.get()
    assert (difference.state, difference.note, difference.decided_by) == ("found", "", "")
    assert difference.decided_at is None


def decide(difference, state="explained", note="次日到账", **more):
    return services.decide(difference.pk, state=state, note=note, by="finance", now=NOW, **more)


@pytest.fixture
def difference(books):
    match_settlements(books, [ROW])
    return Difference.objects.get()


def test_a_decided_difference_stays_decided(books, difference):
    decide(difference)
    match_settlements(books, [ROW])
    match_settlements(books, [])
    match_settlements(books, [ROW])
    difference.refresh_from_db()
    assert (difference.state, difference.note) == ("explained", "次日到账")
    assert (difference.decided_by, difference.decided_at) == ("finance", NOW)


def test_other_figures_are_another_difference_to_decide(books, difference):
    decide(difference)
    match_settlements(books, [replace(ROW, amount_fen=101)])
    difference.refresh_from_db()
    assert (difference.state, difference.their_fen, difference.note) == ("found", 101, "")


def test_the_same_decision_again_changes_nothing(difference):
    first = decide(difference)
    again = services.decide(
        difference.pk, state="explained", note="次日到账", by="other", now=NOW + timedelta(days=1)
    )
    assert (again.decided_by, again.decided_at) == (first.decided_by, first.decided_at)


def test_a_decision_is_not_taken_back(difference):
    decide(difference)
    for change in ({"state": "corrected"}, {"note": "另一个说明"}):
        with pytest.raises(DifferenceDecided):
            decide(difference, **change)
    difference.refresh_from_db()
    assert (difference.state, difference.note) == ("explained", "次日到账")


@pytest.mark.parametrize(
    "change",
    [{"state": "found"}, {"state": "?"}, {"note": " "}, {"note": "x" * 301}, {"note": "\0"}],
)
def test_a_decision_needs_a_state_and_a_note(difference, change):
    with pytest.raises(InvalidRequest):
        decide(difference, **change)
    difference.refresh_from_db()
    assert difference.state == "found"


def test_nobody_decides_another_hospitals_difference(books, difference):
    other = builders.institution("H99010000002")
    with pytest.raises(NotFound):
        decide(difference, institution_id=other.pk)
    decide(difference, institution_id=books.institution.pk)


def test_a_statement_that_cannot_be_kept_changes_nothing(books, difference):
    before = Statement.objects.get()
    with pytest.raises(StatementUnreadable, match="S1 stands twice"):
        match_settlements(books, [ROW, ROW], now=NOW + timedelta(hours=1))
    assert Statement.objects.values().get() == {
        field.attname: getattr(before, field.attname) for field in Statement._meta.concrete_fields
    }
    assert StatementRow.objects.count() == 1
    difference.refresh_from_db()
    assert difference.state == "found"
