"""A version is replayed in the background: asked for once, watched meanwhile, kept at the end."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from django.db.models.functions import Now
from procrastinate.contrib.django.models import ProcrastinateJob

from tests import builders
from tests.builders import AREA, NOW
from tests.web import city_rows
from yifu import clock
from yifu.credit.models import SchemeVersion
from yifu.errors import NotFound
from yifu.insight import replaying, simulating
from yifu.insight.errors import ReplayPeriod, ReplayUnderWay
from yifu.insight.models import Replay, WhatIf
from yifu.institutions.models import Area

JANUARY, FEBRUARY = date(2026, 1, 15), date(2026, 2, 1)


@pytest.fixture
def version(db):  # noqa: ARG001 - opens the database
    builders.area()
    return city_rows.proposal()


def ask(version, *, since=JANUARY, until=FEBRUARY, area=AREA, now=NOW):
    return replaying.start(
        version_id=version.pk, area=area, since=since, until=until, by="city", now=now
    )


def jobs():
    return ProcrastinateJob.objects.filter(task_name="insight.replay").count()


def test_asking_makes_a_job_in_the_same_transaction(version):
    asked = ask(version)
    assert (asked.state, asked.since, asked.until) == (
        "waiting",
        date(2026, 1, 1),
        date(2026, 2, 28),
    )
    assert ProcrastinateJob.objects.get(task_name="insight.replay").args == {"replay_id": asked.pk}


@pytest.mark.parametrize(
    ("since", "until"),
    [
        (FEBRUARY, JANUARY),
        (FEBRUARY, date(2026, 3, 1)),
        (date(2024, 2, 1), FEBRUARY),
        (date(2027, 1, 1), date(2027, 2, 1)),
    ],
    ids=["backwards", "not over yet", "too many", "the future"],
)
def test_only_whole_months_that_are_over_are_replayed(version, since, until):
    with pytest.raises(ReplayPeriod):
        ask(version, since=since, until=until)
    assert not Replay.objects.exists()
    assert jobs() == 0


def test_a_month_can_be_replayed_from_its_last_midnight_on(version):
    ask(version, now=clock.midnight(date(2026, 3, 1)))


def test_twice_at_once_is_refused_and_leaves_one_job(version):
    ask(version)
    with pytest.raises(ReplayUnderWay):
        ask(version)
    assert jobs() == 1


def test_what_nobody_carries_on_does_not_stand_in_the_way(version):
    lost = ask(version)
    assert not replaying.is_silent(lost, at=clock.now())
    Replay.objects.update(heard_at=Now() - timedelta(seconds=121))
    lost.refresh_from_db()
    assert replaying.is_silent(lost, at=clock.now())
    again = ask(version)
    lost.refresh_from_db()
    assert (lost.state, again.state) == ("failed", "waiting")


def test_another_areas_scheme_is_not_replayed(version):
    Area.objects.create(code="990200", name="邻市", scheme="wenzhou")
    with pytest.raises(NotFound):
        ask(version, area="990200")


@pytest.mark.django_db(transaction=True)
def test_a_replay_says_how_far_it_is_to_others_and_keeps_its_report(settings, monkeypatch):
    settings.YIFU_SIMULATION = True
    simulating.simulate_year(people=60, seed=3, year=2025)
    version = city_rows.proposal()
    asked = ask(version, since=date(2025, 3, 1), until=date(2025, 4, 1))
    seen = []
    said = replaying._say

    def watched(own, replay_id, done, total):
        said(own, replay_id, done, total)
        seen.append(Replay.objects.filter(pk=replay_id).values_list("state", "done", "total").get())

    monkeypatch.setattr(replaying, "_say", watched)
    monkeypatch.setattr("yifu.insight.comparing._EVERY", 10)
    replaying.carry_out(asked.pk)
    asked.refresh_from_db()
    kept = WhatIf.objects.get()
    assert (asked.state, asked.what_if) == ("done", kept)
    assert asked.done == asked.total == kept.report["families"] > 20
    assert seen[0] == ("running", 0, 0)
    assert [done for _state, done, _total in seen[1:4]] == [10, 20, asked.done]
    assert (kept.made_by, kept.since, bytes(kept.digest)) == (
        "city",
        date(2025, 3, 1),
        bytes(version.digest),
    )
    replaying.carry_out(asked.pk)
    assert WhatIf.objects.count() == 1, "a job that comes twice replays once"


@pytest.mark.django_db(transaction=True)
def test_a_failure_is_written_down():
    builders.area()
    version = city_rows.proposal()
    with transaction.atomic():
        asked = ask(version)
        SchemeVersion.objects.filter(pk=version.pk).update(text="code = 1")
    with pytest.raises(ValueError, match="code"):
        replaying.carry_out(asked.pk)
    asked.refresh_from_db()
    assert asked.state == "failed"
    assert "SchemeUnreadable" in asked.detail
    assert not WhatIf.objects.exists()
