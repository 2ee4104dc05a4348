"""The invented population: plausible, reproducible, and of a region that does not exist."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterparts.population import (
    DebitAccount,
    Family,
    Person,
    Proportions,
    check_id_number,
    id_check_character,
    make_id_number,
    make_population,
)

TODAY = date(2026, 3, 2)
BIRTH_DATES = st.dates(min_value=date(1900, 1, 1), max_value=date(2026, 12, 31))
REGIONS = st.from_regex(r"99[0-9]{4}", fullmatch=True)


def test_the_worked_example_of_the_standard_has_its_check_character():
    # GB 11643-1999 calculates the check character of 11010519491231002 as X.
    assert id_check_character("11010519491231002") == "X"


@given(region=REGIONS, born=BIRTH_DATES, sequence=st.integers(1, 999))
def test_a_made_number_is_valid(region, born, sequence):
    number = make_id_number(region=region, born=born, sequence=sequence)
    assert check_id_number(number)
    assert number[6:14] == f"{born:%Y%m%d}"


@given(
    region=REGIONS,
    born=BIRTH_DATES,
    sequence=st.integers(1, 999),
    place=st.integers(0, 16),
    shift=st.integers(1, 9),
)
def test_one_wrong_digit_is_noticed(region, born, sequence, place, shift):
    number = make_id_number(region=region, born=born, sequence=sequence)
    wrong = str((int(number[place]) + shift) % 10)
    assert not check_id_number(number[:place] + wrong + number[place + 1 :])


@pytest.mark.parametrize(
    "number",
    ["", "99010119900230001X", "9901011990010100", "990101199001010011 ", "９90101199001010017"],
)
def test_what_is_no_identity_number_is_refused(number):
    assert not check_id_number(number)


@pytest.mark.parametrize(("region", "sequence"), [("9901", 1), ("990101", 0), ("990101", 1000)])
def test_a_number_of_no_region_or_no_sequence_is_not_made(region, sequence):
    with pytest.raises(ValueError, match=r"region|sequence"):
        make_id_number(region=region, born=TODAY, sequence=sequence)


def test_the_same_arguments_give_the_same_population():
    one, other = (make_population(seed=7, run=1, families=80, today=TODAY) for _ in range(2))
    assert one == other


def test_another_seed_gives_other_families():
    one = make_population(seed=7, run=1, families=80, today=TODAY)
    other = make_population(seed=8, run=1, families=80, today=TODAY)
    assert [f.principal.name for f in one.families] != [f.principal.name for f in other.families]


def test_another_run_gives_the_same_families_on_other_papers():
    one = make_population(seed=7, run=1, families=80, today=TODAY)
    other = make_population(seed=7, run=2, families=80, today=TODAY)
    assert [_without_papers(family) for family in one.families] == [
        _without_papers(family) for family in other.families
    ]
    for paper in ("id_number", "phone"):
        assert not {getattr(person, paper) for person in one.persons()} & {
            getattr(person, paper) for person in other.persons()
        }
    assert not {account.contract_id for account in one.debit_accounts()} & {
        account.contract_id for account in other.debit_accounts()
    }


@given(
    seed=st.integers(0, 10**6),
    run=st.integers(0, 20_000),
    families=st.integers(0, 40),
    today=st.dates(min_value=date(2020, 1, 1), max_value=date(2040, 12, 31)),
)
def test_any_population_is_made_of_plausible_persons(seed, run, families, today):
    population = make_population(seed=seed, run=run, families=families, today=today)
    persons = list(population.persons())
    assert len(population.families) == families
    assert len({person.id_number for person in persons}) == len(persons)
    assert len({person.phone for person in persons}) == len(persons)
    for person in persons:
        _check_person(person, run, today)
    for family in population.families:
        _check_family(family, today)


def test_the_ways_of_paying_come_in_the_asked_proportions():
    population = make_population(seed=3, run=0, families=200, today=TODAY)
    assert Counter(family.funding for family in population.families) == {
        "platform": 110,
        "bank": 24,
        "debit": 36,
        "none": 30,
    }


def test_even_a_few_families_have_every_way_of_paying_and_an_empty_account():
    population = make_population(seed=3, run=0, families=12, today=TODAY)
    assert {family.funding for family in population.families} == {
        "platform",
        "bank",
        "debit",
        "none",
    }
    large = make_population(seed=3, run=0, families=300, today=TODAY)
    empty_by_funding = Counter(
        family.funding for family in large.families if family.debit and family.debit.is_empty
    )
    assert all(empty_by_funding[funding] for funding in ("platform", "bank", "debit"))
    assert not empty_by_funding["none"]


def test_proportions_can_be_chosen():
    everybody_by_debit = Proportions(
        funding={"platform": 0, "bank": 0, "debit": 100, "none": 0}, empty_debit=100, child=0
    )
    population = make_population(
        seed=3, run=0, families=30, today=TODAY, proportions=everybody_by_debit
    )
    assert {family.funding for family in population.families} == {"debit"}
    assert all(account.is_empty for account in population.debit_accounts())
    assert not any(person.kinship == "child" for person in population.persons())


def test_shares_that_do_not_add_up_are_refused():
    with pytest.raises(ValueError, match="add up"):
        Proportions(funding={"platform": 60, "bank": 0, "debit": 50, "none": 0})


def test_every_kind_of_insurance_occurs():
    population = make_population(seed=3, run=0, families=200, today=TODAY)
    assert {person.insurance.kind for person in population.persons()} == {
        "employee_working",
        "employee_retired",
        "resident_adult",
        "resident_child",
        "resident_elderly",
        "none",
    }


def _without_papers(family: Family) -> tuple[object, ...]:
    debit = family.debit and replace(family.debit, contract_id="", openid="")
    members = tuple(
        replace(
            person,
            id_number="",
            phone="",
            insurance=replace(person.insurance, psn_no=None),
        )
        for person in family.members
    )
    return (family.number, family.funding, debit, members)


def _check_person(person: Person, run: int, today: date) -> None:
    assert check_id_number(person.id_number)
    assert person.id_number.startswith(f"99{run % 10_000:04d}")
    assert person.id_number[6:14] == f"{person.birth_date:%Y%m%d}"
    assert (int(person.id_number[16]) % 2 == 1) == (person.sex == "M")
    assert re.fullmatch(r"154[0-9]{8}", person.phone)
    assert 2 <= len(person.name) <= 4
    assert 0 <= person.age_on(today) <= 92
    insured = person.insurance
    assert insured.account_balance_fen >= 0
    assert (insured.kind == "none") == (insured.psn_no is None) == (insured.insutype is None)
    if not insured.kind.startswith("employee"):
        assert insured.account_balance_fen == 0
    assert (insured.kind == "resident_child") <= (person.age_on(today) < 18)


def _check_family(family: Family, today: date) -> None:
    principal = family.principal
    assert principal.age_on(today) >= 18
    assert principal.kinship == "self"
    assert (family.debit is None) == (family.funding == "none")
    if isinstance(family.debit, DebitAccount):
        assert family.debit.balance_fen is None or family.debit.balance_fen >= 0
    for person in family.dependants:
        gap = person.age_on(today) - principal.age_on(today)
        match person.kinship:
            case "child":
                assert person.age_on(today) < 18
                assert gap <= -23
            case "parent":
                assert person.age_on(today) >= 60
                assert gap >= 22
            case "spouse":
                assert person.sex != principal.sex
                assert person.age_on(today) >= 23
