"""A year of an invented city, written straight into the tables of an empty simulation database.

So that a what-if can be tried, and measured, on as many people as wanted. What one seed gives is
the same everywhere: every draw is a hash of the row's number. The books are not posted: such a
database is for replaying, not for settling. Persons have no names and no numbers that exist.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from yifu import dates
from yifu.credit import versions
from yifu.insight import simulation_sql as sql
from yifu.insight.errors import NotForSimulation
from yifu.patients.models import Person
from yifu.secrets import encrypt

Progress = Callable[[str, int, int], None]
"""Told the stage, how much of it is done and how much there is."""

AREA = "990100"
DEPENDANTS_PERCENT = 30


@dataclass(frozen=True, slots=True)
class Simulated:
    """What was written."""

    people: int
    principals: int
    visits: int
    bills: int
    paid: int
    on_credit: int


def simulate_year(
    *,
    people: int,
    seed: int,
    year: int,
    scheme: str = "hangzhou",
    progress: Progress = lambda _stage, _done, _all: None,
) -> Simulated:
    """Write a year of visits, settlements, bills and payments of so many people, in one go.

    About 6.5 visits a person. A third of the city's families have dependants; most people pay in
    time, some by the night's debit, a few late or never. Raises `NotForSimulation` outside a
    simulation and where anybody is registered already: nothing is written then.
    """
    if not settings.YIFU_SIMULATION:
        raise NotForSimulation(why="YIFU_SIMULATION")
    if Person.objects.exists():
        raise NotForSimulation(why="persons")
    begin = dates.midnight(date(year, 1, 1))
    rules = versions.in_force(scheme, on=date(year, 1, 1))
    parameters: dict[str, Any] = {
        "area": AREA,
        "scheme": scheme,
        "people": people,
        "principals": max(1, people * (100 - DEPENDANTS_PERCENT) // 100),
        "seed": seed,
        "begin": begin,
        "end": dates.midnight(date(year + 1, 1, 1)),
        "cipher": encrypt("simulated"),
        "text_version": rules.consent_texts[0].version,
        "highest": [band.highest for band in rules.score.bands],
        "limits": [band.limit_fen for band in rules.score.bands],
        "due_days": rules.due.days_after_visit,
        "due_hours": rules.due.then_hours,
        "default_months": rules.overdue.default_after_months,
        "debit_at": f"{rules.debit.at:%H:%M:%S}",
    }
    with transaction.atomic(), connection.cursor() as cursor:
        for done, (stage, statement) in enumerate(sql.STAGES):
            progress(stage, done, len(sql.STAGES))
            cursor.execute(statement, _used(statement, parameters))
        progress("done", len(sql.STAGES), len(sql.STAGES))
        cursor.execute(sql.COUNTS)
        counts = cursor.fetchone()
    with connection.cursor() as cursor:
        for table in sql.FILLED:
            cursor.execute(f"ANALYZE {table}")
    return Simulated(*counts)


def _used(statement: str, parameters: dict[str, Any]) -> dict[str, Any] | None:
    """Give the parameters a statement names."""
    used = {name: value for name, value in parameters.items() if f"%({name})s" in statement}
    return used or None
