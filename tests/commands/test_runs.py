"""Runs of days: each has its own number, and what was put in on purpose is remembered."""

from datetime import date

import click
import pytest

from tests import builders
from yifu import postgres
from yifu.commands import runs
from yifu.commands.runs import Injected

DAY = date(2026, 3, 2)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_home(tmp_path, monkeypatch):
    monkeypatch.setattr(postgres, "HOME", tmp_path)


def numbered(visit_no):
    visit = builders.visit(builders.person())
    visit.visit_no = visit_no
    visit.save()


def begin():
    return runs.begin_run(seed=7, visits=60, on=DAY)


def test_runs_are_numbered_one_after_another():
    assert [begin(), begin(), begin()] == [1, 2, 3]


def test_a_database_that_has_seen_more_runs_has_a_say():
    numbered("R0041V000001")
    assert begin() == 42


def test_other_numbers_of_visits_are_no_runs():
    for number in ("R12", "MZ202603020001", "RX041V000001"):
        numbered(number)
    assert begin() == 1


def test_numbers_of_persons_would_repeat_after_9999_runs():
    numbered("R9999-MZ1")
    with pytest.raises(click.ClickException, match="9999"):
        begin()


def test_what_was_put_in_on_purpose_is_remembered():
    assert runs.ever_injected() == set()
    one = Injected(party="insurer", business_date=DAY, key="S1", kind="ours_only")
    runs.note_injected([one], run=1)
    runs.note_injected([], run=2)
    assert runs.ever_injected() == {("insurer", "S1")}


def test_only_one_day_is_played_at_a_time():
    with (
        runs.only_one_day(),
        pytest.raises(click.ClickException, match="another day"),
        runs.only_one_day(),
    ):
        pytest.fail("two days at once")
    with runs.only_one_day():
        pass
