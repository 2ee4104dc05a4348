"""Ledger operations a second: a hold and its capture under a limit, each a durable commit."""

import threading
import time
from datetime import datetime
from random import Random

from django.db import connection

from bench import reference
from bench.report import Measured, machine, peak_mb, percentile
from yifu.ledger import services as ledger

LINES = 500
WANTED_UNIFORM = 0.30


def run(*, size: int, now: datetime) -> list[Measured]:
    """Measure on many lines and on one hot line, between two measurements of pgbench."""
    before = reference.pgbench()
    uniform = _load(size, lines=LINES, now=now)
    hot = _load(max(size // 4, reference.CLIENTS), lines=1, now=now)
    tps = (before + reference.pgbench()) / 2
    verified = ledger.verify()
    return [
        _measured("posting", uniform, tps, WANTED_UNIFORM, balanced=verified.balanced),
        _measured("posting, one hot line", hot, tps, 0.0, balanced=verified.balanced),
    ]


def _load(size: int, *, lines: int, now: datetime) -> tuple[float, list[float]]:
    """Hold and capture from as many threads as pgbench has clients; seconds and durations."""
    run_no = time.monotonic_ns()
    ids = [
        ledger.open_line(account=f"owed:bench{run_no}.{n}", limit_fen=10**12).pk
        for n in range(lines)
    ]
    ledger.ensure_accounts(["revenue:bench"])
    durations: list[list[float]] = [[] for _ in range(reference.CLIENTS)]

    def work(worker: int) -> None:
        random = Random(worker)  # noqa: S311 - which line is used is no secret
        for turn in range(size // (2 * reference.CLIENTS)):
            key = f"{run_no}.{worker}.{turn}"
            line = random.choice(ids)
            began = time.perf_counter()
            ledger.hold(key=key, lines=(line,), amount_fen=100, now=now)
            between = time.perf_counter()
            ledger.capture(key=key, amount_fen=90, credit="revenue:bench", now=now)
            durations[worker] += [between - began, time.perf_counter() - between]
        connection.close()

    threads = [threading.Thread(target=work, args=(n,)) for n in range(reference.CLIENTS)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - began, [duration for part in durations for duration in part]


def _measured(
    name: str, load: tuple[float, list[float]], tps: float, wanted: float, *, balanced: bool
) -> Measured:
    seconds, durations = load
    rate = len(durations) / seconds
    return Measured(
        name=name,
        size=len(durations),
        seconds=round(seconds, 3),
        per_second=round(rate, 1),
        p50_ms=percentile(durations, 0.5),
        p99_ms=percentile(durations, 0.99),
        peak_mb=peak_mb(),
        reference={"name": "pgbench TPC-B", "per_second": round(tps, 1)},
        ratio=round(rate / tps, 4),
        wanted=wanted,
        machine=machine(),
        more={"balanced": balanced},
    )
