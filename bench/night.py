"""The night of a city: a million due bills debited by file, beside the bare inserts of its rows.

The city is built straight in tables, its books balanced. The counterpart is a process that turns
each file of debits in an exchange folder into a result file (no network); what is measured is the
whole night, from the first candidate to the last report. The reference is PostgreSQL inserting the
rows the night wrote into empty tables of the same shape with the same indexes, one table after the
other, on one connection.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import psutil
from django.db import connection, transaction

from bench import night_city
from bench.report import Measured, machine, peak_mb
from yifu.collection import nightly
from yifu.ledger import services as ledger

WANTED_RATIO = 5.0
WANTED_PER_SECOND = 10_000
WANTED_MB = 500

WRITTEN = {
    "payments_attempt": "file_id IS NOT NULL",
    "collection_nightdebit": "true",
    "ledger_posting": "kind = 'payment'",
    "ledger_movement": "posting_id IN (SELECT id FROM ledger_posting WHERE kind = 'payment')",
    "collection_billpayment": "true",
    "patients_notice": "true",
}
"""What the night writes, by table; the bills and lines it changes are not in the reference."""


def run(*, size: int, now: datetime) -> list[Measured]:
    """Build a city of so many contracts, run its night, and insert the same rows barely."""
    built = _timed(lambda: night_city.build(size, now=now))
    with tempfile.TemporaryDirectory() as folder, _counterpart(folder):
        night_city.connect(folder)
        steps: dict[str, float] = {}
        before = _cpu()
        began = time.perf_counter()
        report = nightly.run(
            area=night_city.AREA, business_date=now.date(), now=now, progress=_watch(steps, began)
        )
        seconds = time.perf_counter() - began
        cores = {who: round((used - before[who]) / seconds, 2) for who, used in _cpu().items()}
    peak = peak_mb()
    reference = _reference()
    verified = ledger.verify()
    faults = night_city.check(report, size)
    total = sum(reference.values())
    rate = size / seconds
    return [
        Measured(
            name="night",
            size=size,
            seconds=round(seconds, 3),
            per_second=round(rate, 1),
            p50_ms=0.0,
            p99_ms=0.0,
            peak_mb=peak,
            reference={
                "name": "bare inserts of the same rows",
                "seconds": round(total, 3),
                "per_second": round(size / total, 1),
                "by_table": reference,
            },
            ratio=round(seconds / total, 3),
            wanted=WANTED_RATIO,
            machine=machine(),
            more={
                "counterpart": "a process that answers files in a folder, no network",
                "report": report,
                "steps_until_s": steps,
                "cores_used": cores,
                "load_average": os.getloadavg()[0],
                "built_in_s": round(built, 1),
                "balanced": verified.balanced,
                "faults": [*verified.faults, *faults],
            },
            kept=rate >= WANTED_PER_SECOND
            and peak < WANTED_MB
            and verified.balanced
            and not faults,
            smaller_is_better=True,
        )
    ]


def _timed(work: Any) -> float:  # noqa: ANN401 - any function
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _watch(steps: dict[str, float], began: float) -> nightly.Progress:
    """Note when each part of the night was last heard of."""

    def progress(step: str, _done: int, _total: int) -> None:
        steps[step] = round(time.perf_counter() - began, 2)

    return progress


@contextmanager
def _counterpart(folder: str) -> Iterator[None]:
    """Run the process that answers files."""
    argv = [sys.executable, "-m", "bench.night_counterpart", folder]
    with subprocess.Popen(argv) as process:
        try:
            yield
        finally:
            process.terminate()


def _cpu() -> dict[str, float]:
    """Seconds of CPU that this process, the counterpart and the server have used so far."""
    me = psutil.Process()
    used = {"night": sum(me.cpu_times()[:2])}
    used["counterpart"] = sum(
        sum(child.cpu_times()[:2])
        for child in me.children()
        if "night_counterpart" in str(child.cmdline())
    )
    used["postgres"] = 0.0
    for process in psutil.process_iter(["name", "cmdline"]):
        if process.info["name"] == "postgres" and "yifu_bench" in " ".join(
            process.info["cmdline"] or []
        ):
            used["postgres"] += sum(process.cpu_times()[:2])
    return used


def _reference() -> dict[str, float]:
    """Insert what the night wrote into tables of the same shape; seconds by table."""
    took = {}
    for table, written in WRITTEN.items():
        with connection.cursor() as cursor:
            cursor.execute(
                f"CREATE TEMP TABLE IF NOT EXISTS bench_rows_{table} AS SELECT 1 LIMIT 0"
            )
            cursor.execute(f"DROP TABLE IF EXISTS bench_{table}")
            cursor.execute(f"CREATE TABLE bench_{table} (LIKE {table} INCLUDING ALL)")
        began = time.perf_counter()
        with transaction.atomic(), connection.cursor() as cursor:
            insert = f"INSERT INTO bench_{table} SELECT * FROM {table}"  # noqa: S608 - our names
            cursor.execute(f"{insert} WHERE {written}")
        took[table] = round(time.perf_counter() - began, 3)
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE bench_{table}")
    return took
