"""What may go on credit: per visit, per day, per dependant, in an emergency; and why it did not."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from tests import builders
from tests.builders import NOW
from yifu.collection import services as collection
from yifu.credit.models import CreditLine, OverLimit, Standing
from yifu.credit.schemes.scheme import Limits
from yifu.ledger import services as ledger
from yifu.ledger.models import Line
from yifu.settlement import reversing, services
from yifu.settlement.models import Refusal, Settlement
from yifu.settlement.rules import OnCredit, over_limits

FENS = st.integers(0, 10_000)


def settle(of, fen: int, *, now=NOW, visit=None, **changes) -> Settlement:
    """Settle a visit of somebody without insurance."""
    visit = visit or builders.visit(of, charges=[fen], uninsured=True, **changes)
    outcome = services.settle(institution_id=visit.institution_id, visit_id=visit.pk, now=now)
    return Settlement.objects.get(pk=outcome.settlement_id)


def why(settlement: Settlement) -> tuple[str, str]:
    return settlement.method, settlement.reason


ON_CREDIT = ("credit", "")
USUAL = 8
"""How many statements settle a self-payer's visit: one more is felt by every patient."""


@pytest.fixture
def mother(db):  # noqa: ARG001 - the tables
    builders.institution()
    return builders.person()


def family(mother, *limits: int | None):
    children = [builders.person(born="2018-05-05") for _ in limits]
    enrolled = builders.contract(mother, dependants=list(zip(children, limits, strict=True)))
    assert enrolled.credit_line is not None
    return children, enrolled.credit_line.line


def test_a_visit_puts_no_more_on_credit_than_the_scheme_lets_it(mother):
    builders.scheme(limits="visit_fen = 5000")
    family(mother)
    visit = builders.visit(mother, charges=[3000], uninsured=True)
    assert why(settle(mother, 0, visit=visit)) == ON_CREDIT
    add_charge(visit, 2001)
    refused = settle(mother, 0, visit=visit)
    assert why(refused) == ("window", Refusal.VISIT)
    assert refused.refusal is Refusal.VISIT
    assert why(settle(mother, 5000)) == ON_CREDIT
    assert why(settle(mother, 5001)) == ("window", Refusal.VISIT)


def add_charge(visit, fen: int) -> None:
    charge = visit.charges.get()
    charge.pk, charge.line_no, charge.amount_fen = None, 2, fen
    charge.save()


def test_a_family_puts_no_more_on_credit_in_a_day_than_the_scheme_lets_it(mother):
    builders.scheme(limits="day_fen = 10000")
    (child, other), _ = family(mother, None, 50_000)
    assert why(settle(mother, 4000)) == ON_CREDIT
    assert why(settle(child, 3000)) == ON_CREDIT
    assert why(settle(other, 3001)) == ("window", Refusal.DAY)
    assert why(settle(other, 3000)) == ON_CREDIT
    assert why(settle(mother, 1)) == ("window", Refusal.DAY)
    tomorrow = NOW + timedelta(days=1)
    assert why(settle(mother, 10_000, now=tomorrow)) == ON_CREDIT
    assert ledger.verify().balanced


def test_what_is_reversed_or_was_paid_otherwise_does_not_count(mother):
    builders.scheme(limits="day_fen = 10000")
    family(mother)
    first = settle(mother, 9000)
    assert why(settle(mother, 2000)) == ("window", Refusal.DAY)
    reversing.reverse(
        institution_id=first.institution_id, settlement_id=first.pk, reason="开错", now=NOW
    )
    assert why(settle(mother, 10_000)) == ON_CREDIT


def test_paying_back_on_the_same_day_gives_no_second_days_limit(mother):
    builders.scheme(limits="day_fen = 10000")
    family(mother)
    bill = settle(mother, 9000).bill
    assert bill is not None
    collection.pay_bill(
        bill_id=bill.pk, channel="cash", amount_fen=9000, now=NOW, institution_id=None
    )
    assert why(settle(mother, 2000)) == ("window", Refusal.DAY)


def test_who_is_refused_is_told_whose_limit_it_was(mother):
    (child,), line = family(mother, 5000)
    assert why(settle(child, 5001)) == ("window", Refusal.DEPENDANT)
    Line.objects.filter(pk=line.pk).update(limit_fen=4000)
    assert why(settle(child, 4001)) == ("window", Refusal.LINE)
    assert why(settle(mother, 4001)) == ("window", Refusal.LINE)
    for standing, refusal in [("suspended", Refusal.SUSPENDED), ("defaulted", Refusal.DEFAULTED)]:
        CreditLine.objects.update(standing=standing)
        assert why(settle(child, 1)) == ("window", refusal)
    assert why(settle(builders.person(), 1)) == ("window", "")
    line.refresh_from_db()
    assert line.owed_fen == 0
    assert ledger.verify().balanced


def test_an_emergency_goes_over_the_line_as_far_as_the_scheme_says_and_is_listed_once(mother):
    builders.scheme(limits="emergency_over_fen = 2000")
    (child,), line = family(mother, 5000)
    Line.objects.filter(pk=line.pk).update(limit_fen=6000)
    assert why(settle(child, 4000)) == ON_CREDIT
    assert why(settle(child, 2000)) == ("window", Refusal.DEPENDANT)
    urgent = settle(child, 3000, kind="emergency")
    assert why(urgent) == ON_CREDIT
    listed = OverLimit.objects.get()
    share = Line.objects.get(parent=line)
    assert (listed.subject, listed.line_id, listed.over_fen) == (
        f"settlement:{urgent.pk}",
        share.pk,
        2000,
    )
    line.refresh_from_db()
    assert [(one.owed_fen, one.extra_fen) for one in (line, share)] == [(7000, 1000), (7000, 2000)]
    assert why(settle(child, 1, kind="emergency")) == ("window", Refusal.DEPENDANT)
    assert why(settle(mother, 1000, kind="emergency")) == ON_CREDIT
    assert why(settle(mother, 1, kind="emergency")) == ("window", Refusal.LINE)
    assert OverLimit.objects.count() == 2
    reverse(urgent)
    line.refresh_from_db()
    share.refresh_from_db()
    assert [(one.owed_fen, one.extra_fen) for one in (line, share)] == [(5000, 0), (4000, 0)]
    assert ledger.verify().balanced


def reverse(settlement: Settlement) -> None:
    reversing.reverse(
        institution_id=settlement.institution_id,
        settlement_id=settlement.pk,
        reason="开错",
        now=NOW,
    )


def test_an_emergency_within_the_line_is_not_listed(mother):
    family(mother)
    assert why(settle(mother, 300_000, kind="emergency")) == ON_CREDIT
    assert not OverLimit.objects.exists()
    assert Line.objects.get().extra_fen == 0


def test_an_emergency_beyond_the_days_limit_is_listed_too(mother):
    builders.scheme(limits="visit_fen = 4000\nday_fen = 5000\nemergency_over_fen = 2000")
    family(mother)
    assert why(settle(mother, 6001, kind="emergency")) == ("window", Refusal.VISIT)
    assert why(settle(mother, 4000)) == ON_CREDIT
    assert why(settle(mother, 3000, kind="emergency")) == ON_CREDIT
    assert OverLimit.objects.get().over_fen == 2000
    assert why(settle(mother, 1, kind="emergency")) == ("window", Refusal.DAY)


@pytest.mark.parametrize("standing", [Standing.SUSPENDED, Standing.DEFAULTED])
def test_who_has_not_paid_is_treated_in_an_emergency_and_pays_at_the_window(mother, standing):
    family(mother)
    CreditLine.objects.update(standing=standing)
    assert why(settle(mother, 100, kind="emergency")) == ("window", standing.value)
    assert not OverLimit.objects.exists()


@given(FENS, FENS, FENS, FENS, st.sampled_from(["outpatient", "emergency"]), FENS)
def test_what_goes_on_credit_is_within_the_limits_and_an_emergencys_room(
    visit_fen, day_fen, before_visit, before_day, kind, fen
):
    limits = Limits(visit_fen=visit_fen, day_fen=day_fen, emergency_over_fen=700)
    spare = 700 if kind == "emergency" else 0
    refusal, over_fen = over_limits(
        limits, personal_fen=fen, before=OnCredit(before_visit, before_day), kind=kind
    )
    fits = before_visit + fen <= visit_fen + spare and before_day + fen <= day_fen + spare
    assert (refusal is None) == fits
    if fits:
        beyond = max(0, before_visit + fen - visit_fen, before_day + fen - day_fen)
        assert over_fen == min(beyond, fen)


def statements(of, fen: int) -> list[str]:
    """The statements of one settlement on credit, without its first question to the scheme."""
    visit = builders.visit(of, charges=[fen], uninsured=True)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        services.settle(institution_id=visit.institution_id, visit_id=visit.pk, now=NOW)
    return [
        query["sql"]
        for query in captured.captured_queries
        if "credit_schemeversion" not in query["sql"]
    ]


@pytest.mark.django_db(transaction=True)
def test_limits_cost_one_statement_and_nothing_where_there_are_none():
    builders.institution()
    mother = builders.person()
    (child,), _ = family(mother, 50_000)
    statements(mother, 100)  # makes the accounts
    usual = statements(mother, 100)
    shared = statements(child, 100)
    assert not [sql for sql in [*usual, *shared] if sql.startswith("SAVEPOINT")]
    builders.scheme(limits="visit_fen = 5000\nday_fen = 9000")
    limited = statements(mother, 100)
    assert len(limited) == len(usual) + 1
    assert len(statements(child, 100)) == len(shared) + 1
    # The visit, its charges, the claim, the payer; the posting and the rest between two more.
    assert len(usual) == USUAL, usual


@pytest.mark.django_db(transaction=True)
def test_of_a_family_settling_at_once_no_more_passes_than_the_days_limit():
    builders.scheme(limits="day_fen = 10000")
    builders.institution()
    mother = builders.person()
    children, line = family(mother, None, 50_000, 50_000)
    persons = [mother, *children] * 2
    visits = [builders.visit(one, charges=[3000], uninsured=True) for one in persons]
    ready = Barrier(len(visits))

    def one(visit) -> str:
        try:
            ready.wait(10)
            return settle(None, 0, visit=visit).method
        finally:
            connection.close()

    with ThreadPoolExecutor(len(visits)) as pool:
        methods = sorted(pool.map(one, visits))
    assert methods == ["credit"] * 3 + ["window"] * 5
    line.refresh_from_db()
    assert line.owed_fen == 9000
    assert set(Settlement.objects.filter(method="window").values_list("reason", flat=True)) == {
        "day_limit"
    }
    assert ledger.verify().balanced
