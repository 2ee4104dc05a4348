"""A year of a city replayed under two schemes, read from the database: `yifu scheme compare`.

The reference is PostgreSQL itself reading the same rows in the same order in the same run: what is
beyond it is the engine's own time. `size` is people.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

import orjson
from django.db import connection

from bench.report import Measured, machine, peak_mb
from yifu import dates, postgres
from yifu.credit import schemes
from yifu.insight import comparing, recorded, simulating

SEED = 7
YEAR = 2026
WANTED_SECONDS = 120
"""What was asked for, of 100,000 people."""
WANTED_OF = 100_000


def run(*, size: int, now: datetime) -> list[Measured]:
    """Simulate a year of so many people, compare two schemes on it, and read the rows alone."""
    del now  # the year is the simulated one
    with _database_of_its_own():
        return [_measure(size)]


def _measure(size: int) -> Measured:
    began = time.perf_counter()
    made = simulating.simulate_year(people=size, seed=SEED, year=YEAR)
    simulated_s = time.perf_counter() - began
    text = changed_text()
    changed = schemes.parse(text, name="changed")
    since, until = date(YEAR, 1, 1), date(YEAR, 12, 31)
    began = time.perf_counter()
    compared = comparing.compare(changed, text=text, area=simulating.AREA, since=since, until=until)
    seconds = time.perf_counter() - began
    began = time.perf_counter()
    rows = _read(since, until)
    read_s = time.perf_counter() - began
    allowed_s = WANTED_SECONDS * size / WANTED_OF
    return Measured(
        name="replay of a year, two schemes",
        size=size,
        seconds=round(seconds, 3),
        per_second=round(2 * rows / seconds, 1),
        p50_ms=0.0,
        p99_ms=0.0,
        peak_mb=peak_mb(),
        reference={
            "name": "the same rows read by PostgreSQL alone",
            "per_second": round(rows / read_s, 1),
            "seconds": round(read_s, 3),
        },
        ratio=round(seconds / read_s, 2),
        wanted=0.0,
        machine=machine(),
        more={
            "bills": made.bills,
            "rows": rows,
            "simulated_s": round(simulated_s, 3),
            "wanted_seconds": allowed_s,
            "baseline_deviation_parts": round(
                compared.baseline.credit_parts / max(1, compared.recorded.credit_parts) - 1, 5
            ),
        },
        kept=seconds <= allowed_s,
    )


def changed_text() -> str:
    """A change that touches everybody: a day less of grace, lower limits in the middle band."""
    text = schemes.text_of("hangzhou")
    return text.replace("then_hours = 48", "then_hours = 24").replace(
        "limit_fen = 300000\n\n[[score.bands]]\nlowest = 700",
        "limit_fen = 200000\n\n[[score.bands]]\nlowest = 700",
    )


def _read(since: date, until: date) -> int:
    """Let PostgreSQL find, join and sort the rows, and give them to nobody."""
    _, end = dates.day_bounds(until)
    parameters: dict[str, Any] = {
        "area": simulating.AREA,
        "since": dates.midnight(since),
        "until": end,
    }
    with connection.cursor() as cursor:
        cursor.execute(
            f"EXPLAIN (ANALYZE, TIMING OFF, SUMMARY OFF, FORMAT JSON) {recorded.EVENTS}", parameters
        )
        ((plan,),) = cursor.fetchall()
    return int((orjson.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]["Actual Rows"])


@contextmanager
def _database_of_its_own() -> Iterator[None]:
    """Work in a new database: a simulated year goes into an empty one only."""
    from django.core.management import call_command  # noqa: PLC0415 - only here

    before = dict(connection.settings_dict)
    _let_go()
    connection.settings_dict |= postgres.django_database(postgres.sibling("yifu_bench_replay"))
    try:
        call_command("migrate", verbosity=0)
        yield
    finally:
        _let_go()
        connection.settings_dict |= before


def _let_go() -> None:
    """Close the connection and those that wait in the pool."""
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined] # Django's PostgreSQL has a pool
