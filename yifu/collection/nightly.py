"""The night: debit what is owed, remind, mark what is overdue, suspend, default (P4.2 to P4.4).

Steps in an order, each over sets and in chunks. A run may stop anywhere and be started again for
the same date: what was written down is asked about first, what has an answer is not tried again,
and no bill has two debits under way. Dates that were missed run first, in order. One night of an
area at a time: whoever runs it holds a lock that ends with his process.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

import orjson
import psycopg
from django.db import connection

from yifu import dates, rows
from yifu.collection import night_after, night_debits, reminding, rules, worsening
from yifu.collection import night_statements as sql
from yifu.collection.errors import (
    ClockWentBack,
    NightInFuture,
    NightOutOfOrder,
    NightRunning,
    TooManyNightsMissed,
)
from yifu.collection.models import Night, NightStep
from yifu.collection.night_run import NightRun, Progress, Report
from yifu.credit import versions
from yifu.institutions.models import Area
from yifu.payments import services as payments

__all__ = ["STEPS", "Progress", "Report", "run", "steps_of"]

Step = Callable[[NightRun], Report]

STEPS: dict[str, Step] = {
    "catch_up": night_debits.catch_up,
    "debit": night_debits.debit,
    "remind": reminding.remind,
    "overdue": worsening.mark_overdue,
    "suspend": worsening.suspend,
    "default": worsening.default,
    "write_off": night_after.write_off,
    "restore": night_after.restore,
}
"""The steps in their order."""

REPORTED = ("selected", "debited", "debited_fen", "failed", "unknown")
COUNTED = ("overdue", "suspended", "reminded", "defaulted")


def run(*, area: str, business_date: date, now: datetime, progress: Progress) -> Report:
    """Run, or go on with, an area's night for a date, outside any transaction.

    Takes up bills with a due time of visits begun by that date, whose principal is bound to a
    channel of the scheme's chain. Gives `selected`, `debited`, `debited_fen`, `failed`, `unknown`
    (bills, by their last debit of the night), `overdue`, `suspended`, `reminded`, `defaulted` and
    `caught_up` (dates that were missed and ran before); `steps_of` has more.
    Raises `NightInFuture`, `NightOutOfOrder`, `TooManyNightsMissed`, `ClockWentBack`,
    `NightRunning`, `ChannelUnknown` for a channel of the chain that cannot be spoken to, all before
    anything is done, and `LookupError` for an unknown scheme.
    """
    code = Area.objects.get(pk=area).scheme
    if business_date > dates.business_date(now):
        raise NightInFuture(date=business_date.isoformat())
    with _alone(area):
        before = _dates_to_run(area, business_date, now)
        payments.check_channels(versions.in_force(code, on=business_date).debit.chain, area=area)
        if before is None:
            return dict(Night.objects.get(area=area, business_date=business_date).report)
        ((since,),) = rows.run(sql.LATEST_ATTEMPT, {})
        nights: tuple[int, ...] = ()
        report: Report = {}
        for day in (*before, business_date):
            parameters = {"area": area, "date": day, "now": now}
            ((night_id,),) = rows.run(sql.BEGIN_NIGHT, parameters)
            nights = (*nights, night_id)
            night = NightRun(
                id=night_id,
                area=area,
                business_date=day,
                now=now,
                scheme=versions.in_force(code, on=day),
                progress=progress,
                since=since,
                nights=nights,
            )
            report = _run_one(night, caught_up=len(before) if day == business_date else 0)
        return report


_LOCK = "SELECT pg_{verb}(hashtext('yifu night ' || current_schema()), hashtext(%s))"
_TRIES, _BETWEEN_S = 5, 0.2


@contextmanager
def _alone(area: str) -> Iterator[None]:
    """Hold the area's night while the block runs, on a connection of its own.

    The lock ends with the connection, and that with the process, however it ends. Raises
    `NightRunning`.
    """
    settings = connection.get_connection_params()
    told = {
        name: settings[name]
        for name in ("dbname", "user", "password", "host", "port")
        if settings.get(name)
    }
    with psycopg.connect(**told, autocommit=True) as own:
        # A process that has just been killed may hold it for an instant yet.
        for _ in range(_TRIES):
            if own.execute(_LOCK.format(verb="try_advisory_lock"), [area]).fetchone() == (True,):
                break
            time.sleep(_BETWEEN_S)
        else:
            raise NightRunning(area=area)
        try:
            yield
        finally:
            own.execute(_LOCK.format(verb="advisory_unlock"), [area])


def _dates_to_run(area: str, business_date: date, now: datetime) -> list[date] | None:
    """Check a date against the nights there were; gives those to run before it.

    None: it is over, and so is a later one; its report stands. Raises as `run` does.
    """
    known = {day: (begun, ended) for day, begun, ended in rows.run(sql.NIGHTS, {"area": area})}
    latest_begun = max((begun for begun, _ in known.values()), default=None)
    if latest_begun is not None and now < latest_begun:
        raise ClockWentBack(now=now.isoformat(), begun=latest_begun.isoformat())
    over = max((day for day, (_, ended) in known.items() if ended is not None), default=None)
    if over is not None and business_date < over:
        if business_date not in known:
            raise NightOutOfOrder(latest=over.isoformat(), date=business_date.isoformat())
        if known[business_date][1] is not None:
            return None
    stopped = [day for day, (_, ended) in known.items() if ended is None and day < business_date]
    latest = max((day for day in known if day < business_date), default=None)
    try:
        missed = rules.missed_dates(latest, business_date=business_date)
    except ValueError:
        raise TooManyNightsMissed(latest=str(latest)) from None
    return sorted({*stopped, *missed})


def _run_one(night: NightRun, *, caught_up: int) -> Report:
    """Run the steps of one date, each with its report, and sum the night up."""
    reports: dict[str, Report] = {}
    for position, (name, step) in enumerate(STEPS.items()):
        night.begin(name, position=position)
        try:
            reports[name] = night.end(step(night))
        except Exception:
            night.fail()
            raise
    report = {key: reports["debit"][key] for key in REPORTED}
    for key in COUNTED:
        report[key] = sum(one.get(key, 0) for one in reports.values())
    report["caught_up"] = caught_up
    parameters = {"night": night.id, "now": night.now, "report": orjson.dumps(report).decode()}
    rows.run(sql.END_NIGHT, parameters)
    return report


def steps_of(*, area: str, business_date: date) -> list[dict[str, Any]]:
    """Describe the steps of a night, also while it runs: for the city's page and `--json`."""
    found = NightStep.objects.filter(night__area=area, night__business_date=business_date)
    return [
        {
            "name": step.name,
            "state": step.state,
            "part": step.part,
            "done": step.done,
            "total": step.total,
            "report": step.report,
            "begun_at": step.begun_at,
            "ended_at": step.ended_at,
        }
        for step in found.order_by("position")
    ]
