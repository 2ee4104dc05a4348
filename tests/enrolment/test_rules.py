"""Ages, kinship, sub-limits, circles and what a merge decides."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifu.credit.schemes.scheme import Limits
from yifu.enrolment import rules
from yifu.enrolment.rules import MergeStep, Side
from yifu.patients.rules import age_on

DAYS = st.dates(date(1930, 1, 1), date(2030, 12, 31))
PEOPLE = st.integers(1, 6)


@given(born=DAYS, age=st.integers(1, 60))
def test_somebody_is_an_adult_from_the_day_the_age_is_reached(born, age):
    begins = rules.adult_from(born, adult_age=age)
    assert age_on(born, begins) == age
    assert age_on(born, begins - timedelta(days=1)) == age - 1
    assert rules.is_adult(born, begins, adult_age=age)
    assert not rules.is_adult(born, begins - timedelta(days=1), adult_age=age)


def test_who_is_born_on_29_february_waits_until_1_march():
    assert rules.adult_from(date(2008, 2, 29), adult_age=18) == date(2026, 3, 1)
    assert rules.told_from(date(2008, 2, 29), adult_age=18) == date(2026, 1, 30)


@given(born=DAYS, days=st.integers(1, 10_000))
def test_nobody_is_an_adult_before_birth(born, days):
    assert not rules.is_adult(born, born - timedelta(days=days), adult_age=0)


@given(one=DAYS, other=DAYS)
def test_a_child_is_younger_and_a_parent_older(one, other):
    child = rules.kinship_fits("child", principal=one, dependant=other, adult=True)
    parent = rules.kinship_fits("parent", principal=other, dependant=one, adult=True)
    assert child == parent == (other > one)


@pytest.mark.parametrize(("kinship", "fits"), [("spouse", False), ("other", True)])
def test_a_minor_is_nobodys_spouse(kinship, fits):
    born = date(2010, 1, 1)
    assert rules.kinship_fits(kinship, principal=born, dependant=born, adult=False) is fits


@given(wishes=st.lists(st.tuples(PEOPLE, PEOPLE), max_size=40))
def test_who_is_paid_for_pays_for_nobody_whatever_is_asked_for(wishes):
    pays: list[tuple[int, int]] = []
    for principal, dependant in wishes:
        taken = any(paid == dependant for _, paid in pays)
        if not taken and not rules.closes_circle(pays, principal=principal, dependant=dependant):
            pays.append((principal, dependant))
    assert not {payer for payer, _ in pays} & {paid for _, paid in pays}


@pytest.mark.parametrize(
    ("pays", "principal", "dependant"),
    [([], 1, 1), ([(2, 1)], 1, 2), ([(2, 3)], 1, 2), ([(3, 1)], 1, 2), ([(1, 2), (2, 3)], 3, 1)],
)
def test_a_circle_is_refused_however_long(pays, principal, dependant):
    assert rules.closes_circle(pays, principal=principal, dependant=dependant)


FENS = st.none() | st.integers(0, 10**6)


@given(asked=FENS, usual=FENS, most=FENS)
def test_a_sub_limit_is_never_above_what_the_scheme_allows(asked, usual, most):
    limits = Limits(dependant_fen=usual, dependant_most_fen=most)
    try:
        given_fen = rules.sub_limit_fen(asked, limits)
    except ValueError:
        assert asked is not None
        assert most is not None
        assert asked > most
        return
    assert most is None or (given_fen is not None and given_fen <= most)
    if asked is not None:
        assert given_fen == asked
    elif usual is not None and most is None:
        assert given_fen == usual


@given(signed=st.booleans(), owing=st.booleans(), other=st.booleans())
def test_who_owes_never_goes(signed, owing, other):
    step = rules.merge_step(Side(signed, owing), Side(signed=other, in_the_way=False))
    assert (step is None) == owing
    if not owing and not signed:
        assert step == MergeStep.NOTHING


def test_of_two_contracts_without_debt_the_survivors_stays():
    clean = Side(signed=True, in_the_way=False)
    assert rules.merge_step(clean, clean) == MergeStep.CLOSE
    assert rules.merge_step(clean, Side(signed=False, in_the_way=False)) == MergeStep.RENEW
