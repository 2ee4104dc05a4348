"""The day that is decided beforehand."""

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta

import pytest

from counterparts.hospital.cases import MOST_CHARGES, all_cases, costly_items, price_list
from counterparts.hospital.day import plan_day
from counterparts.hospital.plan import EARLIER_DAYS, make_plan
from counterparts.population import make_population

DAY = date(2026, 3, 2)


def planned(visits=60, *, seed=7, run=1):
    return plan_day(seed=seed, run=run, visits=visits, on=DAY)


def part(plan, name):
    return [visit for visit in plan.visits() if visit.part == name]


def family_of(plan, visit):
    return next(one for one in plan.population.families if one.number == visit.family)


def test_the_same_seed_gives_the_same_day():
    assert planned() == planned()


def test_another_seed_gives_another_day():
    figures = [[visit.total_fen for visit in planned(seed=seed).visits()] for seed in (1, 2)]
    assert figures[0] != figures[1]


def test_the_run_changes_only_numbers_and_papers():
    first, second = planned(run=1), planned(run=2)
    bare = [[replace(visit, visit_no="") for visit in plan.visits()] for plan in (first, second)]
    assert bare[0] == bare[1]
    assert {visit.visit_no[:5] for visit in second.visits()} == {"R0002"}
    papers = [{one.id_number for one in plan.population.persons()} for plan in (first, second)]
    assert not papers[0] & papers[1]


@pytest.mark.parametrize("visits", [1, 2, 5, 19, 60, 300])
def test_there_are_as_many_visits_as_asked_each_with_its_number(visits):
    numbers = [visit.visit_no for visit in planned(visits).visits()]
    assert len(set(numbers)) == len(numbers) == visits


def test_numbers_follow_the_order_of_arrival():
    visits = list(planned(200).visits())
    assert visits == sorted(visits, key=lambda visit: visit.began_at)
    assert [visit.visit_no for visit in visits] == sorted(visit.visit_no for visit in visits)


def test_charges_add_up_and_happen_within_the_visit():
    plan = planned(300)
    prices = price_list()
    for visit in plan.visits():
        assert 1 <= len(visit.charges) <= MOST_CHARGES
        assert [charge.line_no for charge in visit.charges] == list(
            range(1, len(visit.charges) + 1)
        )
        for charge in visit.charges:
            assert charge.amount_fen == charge.quantity * prices[charge.item.local_code].price_fen
            assert visit.began_at <= charge.occurred_at <= visit.ended_at


def test_most_people_come_in_the_morning_and_a_second_bell_rings_after_noon():
    hours = [visit.began_at.hour for visit in planned(1000).day]
    morning = sum(8 <= hour < 11 for hour in hours)
    noon = sum(hour == 12 for hour in hours)
    afternoon = sum(13 <= hour < 17 for hour in hours)
    assert noon == 0
    assert 0.5 * len(hours) < morning < 0.8 * len(hours)
    assert afternoon > 0.2 * len(hours)


def test_people_come_with_what_befits_their_age_and_sex():
    plan = planned(500)
    persons = {one.key: one for one in plan.population.persons()}
    suiting = defaultdict(list)
    for case in all_cases():
        suiting[case.diagnosis.code].append(case)
    for visit in plan.visits():
        person = persons[visit.person]
        cases = suiting[visit.diagnoses[0].code]
        assert any(case.suits(person, person.age_on(DAY)) for case in cases)


def test_a_mothers_line_pays_for_her_child():
    plan = planned()
    (visit,) = part(plan, "child_on_mothers_line")
    family = family_of(plan, visit)
    child = next(one for one in family.dependants if one.key == visit.person)
    assert (family.funding, family.principal.sex, child.kinship) == ("platform", "F", "child")
    assert child.age_on(DAY) < 12
    assert visit.department.code.startswith("A07")
    assert visit.doctor.code == "D990100000001"


def test_those_who_will_be_overdue_came_four_days_before_with_nothing_in_their_accounts():
    plan = planned(300)
    overdue = part(plan, "overdue")
    assert len(overdue) == 5
    assert list(plan.earlier) == overdue
    for visit in overdue:
        assert visit.began_at.date() == DAY - timedelta(days=EARLIER_DAYS)
        family = family_of(plan, visit)
        assert family.funding == "platform"
        assert family.debit.is_empty


def test_each_fault_befalls_the_settling_message_of_one_insured_visit():
    plan = planned()
    faults = {fault.fault: fault for fault in plan.faults if fault.party == "insurer"}
    assert set(faults) == {"drop_answer", "drop_request", "twice", "delay"}
    insured = {one.key for one in plan.population.persons() if one.insurance.psn_no is not None}
    for name, fault in faults.items():
        (visit,) = part(plan, f"insurer_{name}")
        assert dict(fault.match) == {"infno": "2207", "ipt_otp_no": visit.visit_no}
        assert visit.person in insured


def test_the_channels_lost_answer_befalls_a_debit_that_can_succeed():
    plan = planned()
    (fault,) = [fault for fault in plan.faults if fault.party == "channel"]
    (visit,) = part(plan, "channel_drop_answer")
    debit = family_of(plan, visit).debit
    assert dict(fault.match)["contract_id"] == debit.contract_id
    assert not debit.is_empty


def test_a_line_runs_out_by_things_no_insurance_pays():
    plan = planned()
    visits = part(plan, "line_runs_out")
    assert len({visit.person for visit in visits}) == 1
    costly = {item.local_code for item in costly_items()}
    assert all(visit.charges[0].item.local_code in costly for visit in visits)
    assert sum(visit.total_fen for visit in visits) > 3_000_00


def test_money_goes_back_by_every_way_it_came():
    plan = planned()
    fundings = {
        name: (family_of(plan, visit).funding, visit.afterwards)
        for name in ("refund_on_line", "refund_of_debit", "refund_of_cash", "reverse_on_line")
        for visit in part(plan, name)
    }
    assert fundings == {
        "refund_on_line": ("platform", "refund"),
        "refund_of_debit": ("debit", "refund"),
        "refund_of_cash": ("none", "refund"),
        "reverse_on_line": ("platform", "reverse"),
    }
    for visit in plan.visits():
        if visit.afterwards is not None:
            assert visit.afterwards_at > visit.ended_at
        if visit.afterwards == "refund":
            assert len(visit.charges) > 1


def test_who_is_cast_owes_something_for_nothing_is_on_the_account():
    plan = planned()
    cast = {visit.person for visit in plan.visits() if visit.is_cast}
    persons = list(plan.population.persons())
    assert {plan.account_fen(one) for one in persons if one.key in cast} == {0}
    others = [one for one in persons if one.key not in cast]
    assert all(plan.account_fen(one) == one.insurance.account_balance_fen for one in others)


@pytest.mark.parametrize("seed", range(40))
def test_nobody_signs_before_being_born(seed):
    persons = plan_day(seed=seed, run=1, visits=30, on=DAY).population.persons()
    assert max(one.birth_date for one in persons) <= DAY - timedelta(days=30)


def test_no_family_that_is_cast_comes_for_anything_else():
    plan = planned(300)
    parts = defaultdict(set)
    for visit in plan.visits():
        parts[visit.family].add(visit.part)
    assert all(len(names) == 1 for names in parts.values())


def test_a_plan_needs_somebody_to_come():
    nobody = make_population(seed=1, run=1, families=0, today=DAY)
    with pytest.raises(ValueError, match="somebody must come"):
        make_plan(population=nobody, cases=all_cases(), costly=costly_items(), visits=1, on=DAY)
