"""Versions of schemes: proposed by one, approved by another, in force on their own days."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
from django.db import connection

from tests.builders import NOW
from yifu.credit import schemes, versions
from yifu.credit.errors import (
    SchemeBeginsTooEarly,
    SchemeNotDecidable,
    SchemeSameDay,
    SchemeSamePerson,
    SchemeUnknownCode,
)
from yifu.credit.models import SchemeVersion, VersionState
from yifu.credit.schemes import SchemeUnreadable
from yifu.errors import YifuError

pytestmark = pytest.mark.django_db

TODAY = NOW.date()
APRIL, MAY = date(2026, 4, 1), date(2026, 5, 1)


def text(effective_from: date, *, then_hours: int = 48, code: str = "hangzhou") -> str:
    """The shipped scheme from another day on, with another grace."""
    changed = schemes.text_of(code).replace("2019-07-01 # [HZ]", f"{effective_from}")
    assert str(effective_from) in changed
    return changed.replace("then_hours = 48", f"then_hours = {then_hours}")


def proposed(effective_from: date = APRIL, *, then_hours: int = 24, now=NOW) -> SchemeVersion:
    said = text(effective_from, then_hours=then_hours)
    return versions.propose(said, by="ding", note="shorter grace", now=now)


def approved(effective_from: date = APRIL, *, then_hours: int = 24) -> SchemeVersion:
    return versions.approve(proposed(effective_from, then_hours=then_hours).pk, by="wang", now=NOW)


def hours(on: date) -> int:
    return versions.in_force("hangzhou", on=on).due.then_hours


def test_without_a_version_the_shipped_file_is_in_force():
    assert versions.in_force("hangzhou", on=date(2020, 1, 1)) == schemes.load("hangzhou")
    with pytest.raises(LookupError):
        versions.in_force("atlantis", on=TODAY)


def test_a_proposal_changes_nothing():
    proposed()
    assert hours(MAY) == 48


def test_each_version_is_in_force_from_its_day_until_the_next_begins():
    approved(MAY, then_hours=12)
    approved(APRIL, then_hours=24)
    day = date(2026, 3, 1)
    while day < date(2026, 6, 1):
        assert hours(day) == (48 if day < APRIL else 24 if day < MAY else 12), day
        day += timedelta(days=1)


def test_an_instant_belongs_to_its_day_in_china():
    approved(APRIL)
    last = datetime.fromisoformat("2026-03-31T23:59:59.999999+08:00")
    assert versions.at("hangzhou", last).due.then_hours == 48
    assert versions.at("hangzhou", last + timedelta(microseconds=1)).due.then_hours == 24
    assert (
        versions.at("hangzhou", datetime.fromisoformat("2026-03-31T16:00:00+00:00")).due.then_hours
        == 24
    )


def test_what_was_read_of_a_day_before_an_approval_is_read_anew():
    assert hours(MAY) == 48
    approved()
    assert hours(MAY) == 24


def test_whoever_proposed_does_not_approve():
    version = proposed()
    with pytest.raises(SchemeSamePerson):
        versions.approve(version.pk, by="ding", now=NOW)
    assert hours(MAY) == 48


@pytest.mark.parametrize("days", [-1, 0])
def test_a_version_begins_tomorrow_at_the_earliest(days):
    with pytest.raises(SchemeBeginsTooEarly):
        proposed(TODAY + timedelta(days=days))
    assert proposed(TODAY + timedelta(days=1)).state == VersionState.PROPOSED


def test_a_proposal_that_waited_too_long_is_not_approved():
    version = proposed(TODAY + timedelta(days=1))
    with pytest.raises(SchemeBeginsTooEarly):
        versions.approve(version.pk, by="wang", now=NOW + timedelta(days=1))


def test_one_version_begins_on_a_day():
    approved(APRIL, then_hours=24)
    second = proposed(APRIL, then_hours=12)
    with pytest.raises(SchemeSameDay):
        versions.approve(second.pk, by="wang", now=NOW)
    second.refresh_from_db()
    assert (second.state, hours(MAY)) == (VersionState.PROPOSED, 24)


def test_a_refused_version_never_begins_and_says_why():
    version = versions.refuse(proposed().pk, by="wang", note="too short", now=NOW)
    assert (version.state, version.decided_by, version.note) == ("refused", "wang", "too short")
    assert hours(MAY) == 48
    with pytest.raises(SchemeNotDecidable):
        versions.approve(version.pk, by="li", now=NOW)


def test_a_version_is_withdrawn_before_it_begins_only():
    version = approved(APRIL)
    assert hours(MAY) == 24
    eve = datetime.fromisoformat("2026-03-31T12:00:00+08:00")
    with pytest.raises(SchemeBeginsTooEarly):
        versions.withdraw(version.pk, by="li", now=eve + timedelta(days=1))
    versions.withdraw(version.pk, by="li", now=eve)
    assert hours(MAY) == 48
    assert approved(APRIL, then_hours=36).state == VersionState.APPROVED
    assert hours(MAY) == 36


def test_a_proposal_is_not_withdrawn_nor_an_unknown_one_decided():
    with pytest.raises(SchemeNotDecidable):
        versions.withdraw(proposed().pk, by="li", now=NOW)
    for decide in (versions.approve, versions.withdraw):
        with pytest.raises(SchemeNotDecidable):
            decide(0, by="li", now=NOW)


def test_a_bad_file_is_not_proposed():
    with pytest.raises(SchemeUnreadable):
        versions.propose("code = 5", by="ding", note="", now=NOW)
    other = text(APRIL).replace('code = "hangzhou"', 'code = "atlantis"')
    with pytest.raises(SchemeUnknownCode):
        versions.propose(other, by="ding", note="", now=NOW)
    assert not SchemeVersion.objects.exists()


def test_the_text_is_kept_as_it_was_proposed():
    version = proposed()
    assert version.text == text(APRIL, then_hours=24)
    assert len(bytes(version.digest)) == 32


def at_once(*work):
    """Do several things at the same moment, each on a connection of its own; gives what came."""

    def one(do):
        try:
            return do()
        except YifuError as fact:
            return type(fact)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(work)) as pool:
        return [done.result(20) for done in [pool.submit(one, do) for do in work]]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_approve_at_once_one_does():
    version = proposed()
    came = at_once(
        *(lambda by=by: versions.approve(version.pk, by=by, now=NOW) for by in ("wang", "li"))
    )
    assert sum(one is SchemeNotDecidable for one in came) == 1
    assert SchemeVersion.objects.get().decided_by in {"wang", "li"}


@pytest.mark.django_db(transaction=True)
def test_of_two_versions_of_one_day_approved_at_once_one_begins():
    ids = [proposed(then_hours=hours).pk for hours in (12, 24)]
    came = at_once(*(lambda pk=pk: versions.approve(pk, by="wang", now=NOW) for pk in ids))
    assert sum(one is SchemeSameDay for one in came) == 1
    assert SchemeVersion.objects.filter(state=VersionState.APPROVED).count() == 1
