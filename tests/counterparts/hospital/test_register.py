"""What the city's register says about people and their accounts."""

from datetime import date

from counterparts.hospital.day import plan_day
from counterparts.hospital.register import account_row, insured_row

DAY = date(2026, 3, 2)


def test_the_insurer_learns_who_is_insured_and_how():
    plan = plan_day(seed=7, run=1, visits=60, on=DAY)
    person = next(one for one in plan.population.persons() if one.insurance.psn_no)
    row = insured_row(person, balance_fen=12_00)
    assert row["psn_no"] == person.insurance.psn_no
    assert row["certno"] == person.id_number
    assert row["gend"] == {"M": "1", "F": "2"}[person.sex]
    assert row["balc_fen"] == 12_00


def test_an_account_that_the_night_debits_has_all_or_nothing():
    plan = plan_day(seed=7, run=1, visits=300, on=DAY)
    at_night = {
        one.debit: account_row(one, one.debit)["balance_fen"]
        for one in plan.population.families
        if one.debit is not None and one.funding != "debit"
    }
    assert set(at_night.values()) == {0, None}
    for account, balance_fen in at_night.items():
        assert (balance_fen == 0) == account.is_empty


def test_an_account_that_is_debited_at_the_visit_is_as_it_was_invented():
    plan = plan_day(seed=7, run=1, visits=300, on=DAY)
    for family in plan.population.families:
        if family.funding == "debit" and family.debit is not None:
            row = account_row(family, family.debit)
            assert row["balance_fen"] == family.debit.balance_fen
            assert row["daily_limit_fen"] == family.debit.daily_limit_fen
