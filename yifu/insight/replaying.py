"""Compare a version with the scheme in force in the background, watched from a page (P8).

The comparison reads for minutes inside one transaction; how far it is, is said on a connection of
its own, so that others see it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

import psycopg
from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Now

from yifu import clock
from yifu.credit import schemes
from yifu.credit.models import SchemeVersion
from yifu.errors import NotFound
from yifu.insight import comparing
from yifu.insight.errors import ReplayPeriod, ReplayUnderWay
from yifu.insight.models import Replay, ReplayState, WhatIf
from yifu.institutions.models import Area

MOST_MONTHS = 24
SILENT_AFTER_S = 120
"""A replay that has said nothing for so long is carried on by nobody."""

_UNDER_WAY = (ReplayState.WAITING, ReplayState.RUNNING)


def start(
    *, version_id: int, area: str, since: date, until: date, by: str, now: datetime
) -> Replay:
    """Ask for the months of two dates, both included, to be replayed under a version.

    Raises `NotFound` for a version of another scheme than the area's, `ReplayPeriod`, and
    `ReplayUnderWay`; one that nobody carries on any more does not count.
    """
    from yifu.insight import jobs  # noqa: PLC0415 - jobs call this module

    first, last = _months(since, until, now=now)
    code = Area.objects.values_list("scheme", flat=True).get(pk=area)
    if not SchemeVersion.objects.filter(pk=version_id, code=code).exists():
        raise NotFound(what="version")
    with transaction.atomic():
        _give_up_silent(version_id, area)
        try:
            with transaction.atomic():
                asked = Replay.objects.create(
                    area_id=area,
                    version_id=version_id,
                    since=first,
                    until=last,
                    asked_by=by,
                    asked_at=now,
                    heard_at=Now(),
                )
        except IntegrityError:
            raise ReplayUnderWay from None
        jobs.replay.defer(replay_id=asked.pk)
    asked.refresh_from_db(fields=["heard_at"])
    return asked


def _months(since: date, until: date, *, now: datetime) -> tuple[date, date]:
    first = since.replace(day=1)
    last = (until.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    if not 1 <= months <= MOST_MONTHS or last >= clock.business_date(now):
        raise ReplayPeriod(most=MOST_MONTHS)
    return first, last


def _give_up_silent(version_id: int, area: str) -> None:
    Replay.objects.filter(
        version=version_id,
        area=area,
        state__in=_UNDER_WAY,
        heard_at__lt=Now() - timedelta(seconds=SILENT_AFTER_S),
    ).update(state=ReplayState.FAILED, detail="nobody carried it on")


def carry_out(replay_id: int) -> None:
    """Compare, keep the report, and say meanwhile how far it is; outside any transaction.

    Does nothing when it is not waiting. A failure is written down before it is raised.
    """
    begun = Replay.objects.filter(pk=replay_id, state=ReplayState.WAITING).update(
        state=ReplayState.RUNNING, heard_at=Now()
    )
    if not begun:
        return
    asked = Replay.objects.select_related("version").get(pk=replay_id)
    try:
        kept = _compare(asked)
    except Exception as error:
        fields = {"state": ReplayState.FAILED, "detail": repr(error)[:200]}
        Replay.objects.filter(pk=replay_id).update(**fields)
        raise
    Replay.objects.filter(pk=replay_id).update(state=ReplayState.DONE, what_if=kept)


def _compare(asked: Replay) -> WhatIf:
    text = asked.version.text
    with _telling(asked.pk) as own:
        found = comparing.compare(
            schemes.parse(text, name=asked.version.code),
            text=text,
            area=asked.area_id,
            since=asked.since,
            until=asked.until,
            progress=lambda done, total: _say(own, asked.pk, done, total),
        )
    return comparing.keep(found, by=asked.asked_by, now=clock.job_now(asked.asked_at))


@contextmanager
def _telling(replay_id: int) -> Iterator[psycopg.Connection[Any]]:
    settings = connection.get_connection_params()
    names = ("dbname", "user", "password", "host", "port")
    told = {name: settings[name] for name in names if settings.get(name)}
    with psycopg.connect(**told, autocommit=True) as own:
        _say(own, replay_id, 0, 0)
        yield own


def _say(own: psycopg.Connection[Any], replay_id: int, done: int, total: int) -> None:
    own.execute(
        "UPDATE insight_replay SET done = %s, total = %s, heard_at = now() WHERE id = %s",
        [done, total, replay_id],
    )


def newest(*, version_id: int, area: str) -> Replay | None:
    """Find the replay of a version that was asked for last."""
    return Replay.objects.filter(version=version_id, area=area).order_by("-pk").first()


def is_silent(asked: Replay, *, at: datetime) -> bool:
    """Tell whether nobody carries a replay on (`at` by the real clock)."""
    silent_for = at - asked.heard_at
    return asked.state in _UNDER_WAY and silent_for > timedelta(seconds=SILENT_AFTER_S)
