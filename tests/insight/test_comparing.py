"""Schemes compared over what is recorded, and over a simulated year."""

import csv
import io
import json
from datetime import date, timedelta

import pytest

from tests import builders
from tests.builders import AREA, NOW
from tests.collection.test_services import line_of, pay
from yifu.collection.models import Bill, BillState
from yifu.credit import schemes, versions
from yifu.insight import comparing, rendering, simulating
from yifu.insight.errors import NotForSimulation
from yifu.insight.models import WhatIf
from yifu.patients.models import Person
from yifu.visits.models import Visit

pytestmark = pytest.mark.django_db

TEXT = schemes.text_of("hangzhou")
MARCH, END_OF_MARCH = date(2026, 3, 1), date(2026, 3, 31)


def compare(text: str = TEXT, *, since=MARCH, until=END_OF_MARCH, area: str = AREA):
    changed = schemes.parse(text, name="changed.toml")
    return comparing.compare(changed, text=text, area=area, since=since, until=until)


def poor() -> str:
    """The shipped scheme with nothing on credit for anybody."""
    lines = [
        "limit_fen = 0" if line.startswith("limit_fen") else line for line in TEXT.splitlines()
    ]
    text = "\n".join(lines)
    text = text.replace("unscored_limit_fen = 300000", "unscored_limit_fen = 0")
    return text.replace("emergency_over_fen = 200000", "emergency_over_fen = 0")


@pytest.fixture(autouse=True)
def _simulation(settings):
    settings.YIFU_SIMULATION = True


@pytest.fixture
def family():
    """A mother and a child on her line."""
    mother, child = builders.person(), builders.person(born="2018-05-01")
    builders.contract(mother, dependants=[(child, None)])
    return mother, child


@pytest.fixture
def year():
    """A simulated year of 400 people."""
    return simulating.simulate_year(people=400, seed=3, year=2026)


def a_year(text: str = TEXT):
    return compare(text, since=date(2026, 1, 1), until=date(2026, 12, 31), area=simulating.AREA)


def test_what_was_recorded_and_its_replay_agree_to_the_fen(family):
    mother, child = family
    line = line_of(mother)
    pay(builders.bill(mother, 700), now=NOW + timedelta(hours=1))  # at the window
    pay(builders.bill(mother, 3000, line=line), now=NOW + timedelta(hours=5))
    builders.bill(mother, 2000, line=line, patient=child, due_at=NOW + timedelta(days=1))
    late = builders.bill(mother, 500, line=line, due_at=NOW + timedelta(days=2))
    pay(late, now=NOW + timedelta(days=10))
    found = compare()
    really, model = found.recorded, found.baseline
    assert (really.parts, really.credit_parts, really.credit_fen) == (4, 3, 5500)
    assert (found.families, found.people) == (1, 2)
    assert model.parts == really.parts
    assert model.amount_fen == really.amount_fen == 6200
    # The model does not know why the 7 yuan were paid at the window: there was room.
    assert (model.credit_parts, model.credit_fen) == (4, 6200)
    assert (model.overdue_bills, really.overdue_bills) == (2, 2)
    assert (model.owed_fen, model.paid_fen) == (2000, 4200)
    assert found.changed == found.baseline
    assert found.better == found.worse == found.changes == ()


def test_without_any_limit_everybody_who_had_credit_is_worse_off(family):
    mother, child = family
    pay(builders.bill(mother, 3000, line=line_of(mother), patient=child))
    found = compare(poor())
    assert found.changed.credit_fen == 0
    assert found.changed.refused == {"limit": 1}
    assert (found.better, found.worse) == ((), (child.pk,))
    (role,) = [group for group in found.groups if group.dimension == "role"]
    assert (role.value, role.people, role.worse) == ("dependant", 1, 1)
    ages = [group.value for group in found.groups if group.dimension == "age"]
    assert ages == ["0–17"]
    assert ("limits.emergency_over_fen", "200000", "0") in found.changes


def test_bills_owed_from_before_fill_the_line_but_are_no_parts_of_these_months(family):
    mother, _ = family
    line = line_of(mother)
    due = NOW + timedelta(days=20)
    pay(builders.bill(mother, 290_000, line=line, due_at=due), now=NOW + timedelta(days=18))
    pay(builders.bill(mother, 1000, line=line), now=NOW + timedelta(days=1))
    builders.bill(mother, 3000, line=line, began_at=NOW + timedelta(days=10))
    mild = TEXT.replace("then_hours = 48", "then_hours = 480")
    found = compare(mild, since=date(2026, 3, 5))
    assert found.recorded.parts == found.changed.parts == 1
    assert found.changed.used_peak_fen == 293_000
    assert found.changed.paid_fen == 290_000


def test_whoever_has_no_line_of_the_platforms_is_left_out(family):
    stranger, banked = builders.person(), builders.person()
    builders.contract(banked, funding="bank")
    builders.bill(stranger, 3000)
    builders.bill(banked, 3000, account="bank:icbc", line=line_of(banked), due_at=None)
    assert compare().families == 0
    builders.bill(family[0], 3000, line=line_of(family[0]))
    assert compare().families == 1


def test_the_baseline_is_what_was_in_force_on_each_day(family):
    mother, _ = family
    line = line_of(mother)
    builders.bill(mother, 3000, line=line)
    later = NOW + timedelta(days=20)
    builders.bill(mother, 3000, line=line, began_at=later, due_at=later + timedelta(days=3))
    Bill.objects.update(state=BillState.PAID, paid_fen=3000, closed_at=NOW)
    text = poor().replace("2019-07-01 # [HZ]", "2026-03-15")
    proposed = versions.propose(text, by="ding", note="", now=NOW)
    versions.approve(proposed.pk, by="wang", now=NOW)
    assert versions.beginnings("hangzhou", after=MARCH, until=END_OF_MARCH) == [date(2026, 3, 15)]
    found = compare()
    assert (found.baseline.credit_fen, found.changed.credit_fen) == (3000, 6000)
    assert found.better == (mother.pk,)


def test_a_scheme_is_compared_in_its_own_area_only(family):  # noqa: ARG001 - an area
    with pytest.raises(LookupError, match="hangzhou, not shanghai"):
        compare(schemes.text_of("shanghai"))


def test_a_kept_report_is_found_by_the_text_it_is_about_and_names_nobody(family):
    mother, _ = family
    builders.bill(mother, 3000, line=line_of(mother))
    text = poor().replace("2019-07-01 # [HZ]", "2026-05-01")
    proposed = versions.propose(text, by="ding", note="", now=NOW)
    found = compare(text)
    comparing.keep(found, by="ding", now=NOW)
    kept = comparing.keep(found, by="wang", now=NOW + timedelta(minutes=1))
    assert comparing.latest(digest=bytes(proposed.digest)) == kept
    assert comparing.latest(digest=b"0" * 32) is None
    kept.refresh_from_db()
    assert kept.report["changed"]["credit_fen"] == 0
    assert "worse" not in kept.report
    assert WhatIf.objects.count() == 2


# A simulated year


def test_a_simulated_year_is_the_same_for_the_same_seed_and_plausible(year):
    assert (year.people, year.principals) == (400, 280)
    assert 5 < year.visits / year.people < 8
    assert year.bills == year.visits == Visit.objects.count()
    assert 0.95 < year.paid / year.bills < 1
    assert not Bill.objects.filter(paid_fen__gt=0).exclude(state="paid").exists()
    found = a_year()
    assert found.recorded.suspended_people > found.recorded.defaulted_people > 0


def test_the_model_is_near_what_the_simulated_year_recorded(year):  # noqa: ARG001 - the tables
    found = a_year()
    assert found.baseline.parts == found.recorded.parts
    assert found.baseline.amount_fen == found.recorded.amount_fen
    assert abs(found.baseline.credit_parts / found.recorded.credit_parts - 1) < 0.04
    assert found.changed == found.baseline
    assert found.better == found.worse == ()


def test_every_grouping_counts_everybody_once(year):  # noqa: ARG001 - the tables
    found = a_year(TEXT.replace("then_hours = 48", "then_hours = 0"))
    for dimension in ("all", "age", "sex", "role", "district"):
        groups = [group for group in found.groups if group.dimension == dimension]
        assert sum(group.people for group in groups) == found.people
        assert sum(group.worse for group in groups) == len(found.worse)
        assert sum(group.better for group in groups) == len(found.better)
        assert sum(group.changed_credit_fen for group in groups) == found.changed.credit_fen
    assert found.changed.overdue_bills > found.baseline.overdue_bills
    assert set(found.better).isdisjoint(found.worse)


def test_a_year_is_not_simulated_where_anybody_is(family):
    with pytest.raises(NotForSimulation):
        simulating.simulate_year(people=10, seed=1, year=2026)
    assert Person.objects.count() == len(family)


def test_a_year_is_simulated_in_a_simulation_only(settings):
    settings.YIFU_SIMULATION = False
    with pytest.raises(NotForSimulation):
        simulating.simulate_year(people=10, seed=1, year=2026)


def test_after_a_simulated_year_others_may_register(year):
    assert builders.person().pk > year.people
    assert builders.bill(builders.person(), 100).pk > year.bills


def test_the_report_has_every_figure_on_both_sides(year):  # noqa: ARG001 - the tables
    found = a_year(TEXT.replace("then_hours = 48", "then_hours = 0"))
    said = rendering.markdown(found)
    assert "| `due.then_hours` | 48 | 0 |" in said
    assert f"{found.changed.overdue_bills:,}" in said
    assert all(one in said for one in found.assumptions)
    rows = list(csv.reader(io.StringIO(rendering.as_csv(found))))
    (overdue,) = [row for row in rows if row[:1] == ["figures"] and "overdue bills" in row[1]]
    assert overdue[3:] == [str(found.baseline.overdue_bills), str(found.changed.overdue_bills)]
    report = json.loads(json.dumps(found.as_json(people=True)))
    assert len(report["worse"]) == len(found.worse)
