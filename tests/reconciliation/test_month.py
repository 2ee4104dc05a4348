"""A month's total accounts with the insurer (the real process): verdicts and both sums."""

import json
from datetime import datetime, timedelta
from itertools import count

import pytest
from django.db import transaction

from tests import builders
from yifu.clock import CHINA
from yifu.commands import monthly as command
from yifu.errors import NotFound
from yifu.insurance.errors import InsurerNonsense, NoMonthlyTotals
from yifu.insurance.models import Connection, Encounter, Exchange
from yifu.outside import TransactionOpenError
from yifu.reconciliation import monthly
from yifu.reconciliation.models import MonthlyTotal
from yifu.settlement import reversing
from yifu.settlement.models import Settlement
from yifu.visits.models import Visit

_months = count(0)


@pytest.fixture
def month():
    """The last evening of a month that no test has used; the insurer remembers all of them."""
    year, place = divmod(next(_months), 5)
    first = datetime(2027 + year, 2 + 2 * place, 1, 22, tzinfo=CHINA)
    return first - timedelta(days=1)


@pytest.fixture
def settle(world, month):
    """Settle a visit, by default on the month's last evening; gives the settlement."""

    def make(*, kind="outpatient", at=month, psn_type="11", cross_area=False):
        visit = world.visit(world.person(psn_type=psn_type, balance_fen=400))
        Visit.objects.filter(pk=visit.pk).update(kind=kind)
        outcome = world.settle(visit, now=at)
        if cross_area:
            Encounter.objects.filter(visit=visit).update(insuplc_admdvs="990200")
        return Settlement.objects.get(pk=outcome.settlement_id)

    return make


@pytest.fixture
def match(world):
    def make(at):
        found = monthly.match_month(
            institution_id=world.hospital.pk, month=at.date(), now=at + timedelta(days=3)
        )
        return {(one.insutype, one.clr_type): one for one in found}

    yield make
    world.insurer.control("tamper", method="DELETE")
    world.insurer.control("switches", {"stmt_rslt": "hunan"})


def verdicts(totals):
    """What is said of the accounts in which there is something."""
    return {
        key: (one.verdict, one.our_count, one.our_fen, one.their_count, one.their_fen)
        for key, one in totals.items()
        if one.our_count or one.their_count or not one.agrees
    }


def test_every_account_is_asked_for_and_agrees(settle, match, month):
    settle()
    settle(kind="emergency")
    settle(psn_type="15")
    settle(cross_area=True)
    totals = match(month)
    assert verdicts(totals) == {
        ("310", "11"): ("equal", 2, 3000, 2, 3000),
        ("310", "13"): ("equal", 1, 1500, 1, 1500),
        ("390", "11"): ("equal", 1, 1500, 1, 1500),
    }
    assert len(totals) == 2 * 5
    assert Exchange.objects.filter(infno="3201", state="answered").count() == 2 * 5
    assert not Exchange.objects.filter(infno="3202").exists()


def test_undone_in_the_next_month_it_is_positive_here_and_negative_there(
    world, settle, match, month
):
    undone, kept = settle(), settle()
    later = month + timedelta(hours=10)
    reversing.reverse(
        institution_id=world.hospital.pk, settlement_id=undone.pk, reason="退费", now=later
    )
    assert undone.business_date.month != later.month
    assert kept.business_date == undone.business_date
    assert verdicts(match(month)) == {("310", "11"): ("equal", 2, 3000, 2, 3000)}
    assert verdicts(match(later)) == {("310", "11"): ("equal", 1, -1500, 1, -1500)}


@pytest.mark.parametrize(
    ("dialect", "verdict"), [("hunan", "unequal"), ("four", "ours_only"), ("long", "ours_only")]
)
def test_an_account_that_is_not_balanced_shows_both_sums(
    world, settle, match, month, dialect, verdict
):
    lost = settle()
    settle()
    settle(psn_type="15")
    world.insurer.control("switches", {"stmt_rslt": dialect})
    world.insurer.control("tamper", {"setl_id": lost.setl_id, "action": "omit"})
    totals = match(month)
    assert verdicts(totals) == {
        ("310", "11"): (verdict, 2, 3000, 1, 1500),
        ("390", "11"): ("equal", 1, 1500, 1, 1500),
    }
    wrong = totals["310", "11"]
    assert wrong.differing == 1
    assert "医药机构医疗费30.00" in wrong.description
    assert (wrong.our_fund_fen, wrong.their_fund_fen) == (2 * lost.fund_fen, lost.fund_fen)
    world.insurer.control("tamper", method="DELETE")
    assert match(month)["310", "11"].agrees
    assert MonthlyTotal.objects.count() == len(totals)


def test_where_two_insurances_differ_their_sums_are_not_told_apart(world, settle, match, month):
    for one in (settle(), settle(psn_type="15")):
        world.insurer.control("tamper", {"setl_id": one.setl_id, "action": "omit"})
    totals = match(month)
    assert verdicts(totals) == {
        (insutype, "11"): ("unequal", 1, 1500, None, None) for insutype in ("310", "390")
    }
    assert {totals[insutype, "11"].differing for insutype in ("310", "390")} == {2}


def test_a_verdict_nobody_knows_is_refused_and_changes_nothing(world, settle, match, month):
    settle()
    before = match(month)["310", "11"]
    world.insurer.control("switches", {"stmt_rslt": "foreign"})
    with pytest.raises(InsurerNonsense, match="unknown stmt_rslt 70"):
        match(month)
    assert MonthlyTotal.objects.get(insutype="310", clr_type="11").pk == before.pk


def test_an_answer_that_does_not_come_changes_nothing(world, settle, match, month):
    settle()
    match(month)
    world.insurer.fault("nonsense", infno="3201")
    with pytest.raises(InsurerNonsense):
        match(month)
    assert MonthlyTotal.objects.get(insutype="310", clr_type="11").our_fen == 1500


def test_a_month_is_not_matched_inside_a_transaction_nor_for_nobody(match, month):
    with pytest.raises(TransactionOpenError), transaction.atomic():
        match(month)
    with pytest.raises(NotFound):
        monthly.match_month(institution_id=0, month=month.date(), now=month)


def test_a_hospital_reads_its_own_month(world, settle, match, month):
    settle()
    match(month)
    body = builders.api(world.hospital).get(f"/reconciliation/months/{month:%Y-%m}").json()
    (one,) = [total for total in body["totals"] if total["ours"]["count"]]
    assert (one["verdict"], one["insutype"], one["clr_type"]) == ("equal", "310", "11")
    assert one["ours"] == one["theirs"]
    other = builders.api(builders.institution("H99010000002"))
    assert other.get(f"/reconciliation/months/{month:%Y-%m}").json()["totals"] == []
    for wrong in ("2026-13", "2026-3", "202603"):
        assert other.get(f"/reconciliation/months/{wrong}").status_code == 422


def test_the_command_says_verdict_and_both_sums(world, settle, match, month):
    lost = settle()
    world.insurer.control("tamper", {"setl_id": lost.setl_id, "action": "omit"})
    totals = [*match(month).values()]
    first, second = command.lines(totals)
    assert first.startswith("! H99010000001")
    assert "不平 unequal, ours 1 / 1500 fen, theirs 0 / 0 fen" in first
    assert second.startswith("    1 rows differ; ")
    report = json.loads(json.dumps(command.report(month.date(), totals)))
    assert sum(one["ours"]["fen"] for one in report["totals"]) == 1500


def test_a_region_that_compares_days_only_has_no_months(world, match, month):
    Connection.objects.filter(institution=world.hospital).update(region="shanghai")
    with pytest.raises(NoMonthlyTotals, match="shanghai"):
        match(month)
    assert not Exchange.objects.exists()
