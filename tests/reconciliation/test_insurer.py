"""A day matched with the insurer (the real process): upload, comparison, result, differences."""

from datetime import timedelta

import pytest
from django.db import transaction

from tests.reconciliation.conftest import a_day_later
from yifu import clock
from yifu.errors import NotFound
from yifu.insurance.errors import InsurerNonsense, InsurerRefused, InsurerUnavailable
from yifu.insurance.models import Connection, Exchange
from yifu.outside import TransactionOpenError
from yifu.reconciliation import services
from yifu.reconciliation.models import Difference, Party, Statement
from yifu.settlement import reversing
from yifu.settlement.models import Settlement
from yifu.visits.models import Visit


@pytest.fixture
def now():
    """Mid-morning of a day of this test's own."""
    return a_day_later()


@pytest.fixture
def settle(world, now):
    """Settle a visit of an insured employee on the test's day; gives the settlement."""

    def make(*, kind="outpatient", at=now):
        visit = world.visit(world.person(balance_fen=400))
        Visit.objects.filter(pk=visit.pk).update(kind=kind)
        outcome = world.settle(visit, now=at)
        return Settlement.objects.get(pk=outcome.settlement_id)

    return make


@pytest.fixture
def match(world, now):
    """Match the test's day with the insurer the next morning."""

    def make():
        (statement,) = services.match_day(
            institution_id=world.hospital.pk,
            business_date=clock.business_date(now),
            now=now + timedelta(days=1),
        )
        return statement

    yield make
    world.insurer.control("tamper", method="DELETE")


def reverse(world, settlement, at):
    reversing.reverse(
        institution_id=world.hospital.pk, settlement_id=settlement.pk, reason="退费", now=at
    )


def only_difference():
    one = Difference.objects.get()
    return one.kind, one.figure, one.key, one.negative, one.our_fen, one.their_fen


def test_a_day_without_settlements_agrees(match):
    statement = match()
    assert statement.party == Party.INSURER
    assert (statement.rows, statement.matched, statement.our_fen, statement.their_fen) == (0,) * 4


def test_a_days_settlements_and_reversals_agree(world, settle, match, now):
    yesterday = settle(at=now - timedelta(days=1))
    for kind in ("outpatient", "emergency"):
        settle(kind=kind)
    same_day = settle()
    for one in (yesterday, same_day):
        reverse(world, one, now + timedelta(hours=1))
    statement = match()
    assert not Difference.objects.exists()
    assert (statement.rows, statement.matched) == (5, 5)
    assert statement.our_fen == statement.their_fen == 1500


def test_what_the_insurer_clears_under_another_kind_agrees_all_the_same(settle, match):
    one = settle()
    settle()
    Visit.objects.filter(pk=one.visit_id).update(kind="inpatient")
    statement = match()
    assert not Difference.objects.exists()
    assert (statement.rows, statement.matched) == (2, 2)


def test_what_passes_between_is_written_down(settle, match):
    settle()
    match()
    said = Exchange.objects.filter(subject__startswith="statement:").order_by("id")
    assert [(one.infno, one.state) for one in said] == 5 * [
        ("9101", "answered"),
        ("3202", "answered"),
        ("9102", "answered"),
    ]


def test_a_row_the_insurer_lacks_is_ours_only(world, settle, match):
    settle()
    lost = settle()
    world.insurer.control("tamper", {"setl_id": lost.setl_id, "action": "omit"})
    statement = match()
    assert only_difference() == ("ours_only", "amount", lost.setl_id, False, 1500, None)
    assert (statement.rows, statement.matched) == (1, 1)
    world.insurer.control("tamper", method="DELETE")
    assert match().matched == 2
    assert Difference.objects.get().state == "corrected"


def test_a_row_we_lack_is_theirs_only(world, settle, match, now):
    settle()
    extra = world.insurer.control(
        "tamper",
        {
            "action": "extra",
            "fixmedins_code": world.hospital.code,
            "setl_time": f"{now:%Y-%m-%d %H:%M:%S}",
            "medfee_fen": 1000,
            "fund_fen": 600,
            "acct_fen": 100,
        },
    )
    assert match().matched == 1
    assert only_difference() == ("theirs_only", "amount", extra["setl_id"], False, None, 1000)


def test_other_figures_of_the_insurer_are_shown_beside_ours(world, settle, match):
    one = settle()
    tamper = {"setl_id": one.setl_id, "action": "amount", "delta_fen": 3}
    world.insurer.control("tamper", tamper)
    match()
    assert only_difference() == ("amount", "amount", one.setl_id, False, 1500, 1503)


def test_a_fund_part_booked_wrongly_is_found(settle, match):
    one = settle()
    Settlement.objects.filter(pk=one.pk).update(
        fund_fen=one.fund_fen + 1, personal_fen=one.personal_fen - 1
    )
    match()
    found = ("amount", "fund", one.setl_id, False, one.fund_fen + 1, one.fund_fen)
    assert only_difference() == found


def test_a_settlement_undone_for_its_figures_agrees(world, settle, match):
    world.insurer.fault("wrong_sum", infno="2207")
    with pytest.raises(InsurerNonsense):
        settle()
    statement = match()
    assert not Difference.objects.exists()
    assert (statement.rows, statement.matched, statement.their_fen) == (2, 2, 0)


@pytest.mark.parametrize(
    ("infno", "fault", "error"),
    [
        ("9101", "drop_answer", InsurerNonsense),
        ("3202", "drop_request", InsurerNonsense),
        ("3202", "nonsense", InsurerNonsense),
        ("3202", "refuse", InsurerRefused),
        ("9102", "drop_answer", InsurerNonsense),
        ("9102", "nonsense", InsurerNonsense),
        ("9102", "gateway_401", InsurerUnavailable),
    ],
)
def test_a_statement_that_does_not_come_changes_nothing(world, settle, match, infno, fault, error):
    settle()
    before = match()
    settle()
    world.insurer.fault(fault, infno=infno)
    with pytest.raises(error):
        match()
    assert Statement.objects.get().fetched_at == before.fetched_at
    assert Statement.objects.get().our_fen == 1500
    assert not Difference.objects.exists()
    assert match().our_fen == 3000


def test_matching_waits_on_nobody_inside_a_transaction(match):
    with pytest.raises(TransactionOpenError), transaction.atomic():
        match()


@pytest.mark.usefixtures("world")
def test_an_unknown_hospital_has_no_day(now):
    with pytest.raises(NotFound):
        services.match_day(institution_id=0, business_date=now.date(), now=now)


def test_a_hospital_without_an_insurer_has_no_statement(world, now):
    Connection.objects.all().delete()
    found = services.match_day(institution_id=world.hospital.pk, business_date=now.date(), now=now)
    assert found == []
