"""Which days this installation has played: each is a run of its own, with its own persons.

`.yifu/runs.jsonl` has a line for every run begun; it knows what the counterparts' books know. The
database may be another one by now, or one that others have used: both have a say in the number.
"""

import fcntl
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import click
from django.db import connection

from yifu import postgres

MOST_RUNS = 9999
_LAST_IN_DATABASE = """
SELECT coalesce(max(substring(visit_no FROM 2 FOR 4)::int), 0) FROM visits_visit
WHERE visit_no ~ '^R[0-9]{4}[VFW-]'
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Injected:
    """A difference put into a statement on purpose: by it a matching is tried."""

    party: str
    business_date: date
    key: str
    kind: str


def begin_run(*, seed: int | None, visits: int | None, on: date | None) -> int:
    """Number a new run and write it down; gives the number.

    Raises `click.ClickException` after 9,999 runs: their persons' numbers would repeat.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LAST_IN_DATABASE)
        (last,) = cursor.fetchone()
    number = max(int(last), max((entry["run"] for entry in _lines("runs")), default=0)) + 1
    if number > MOST_RUNS:
        raise click.ClickException("9999 runs are enough: begin a new .yifu folder")
    day = on.isoformat() if on else None
    _append("runs", {"run": number, "seed": seed, "visits": visits, "date": day})
    return number


def note_injected(injected: Sequence[Injected], *, run: int) -> None:
    """Remember differences that were put in on purpose, before anybody finds them."""
    for one in injected:
        entry = asdict(one) | {"business_date": one.business_date.isoformat(), "run": run}
        _append("injected", entry)


def ever_injected() -> set[tuple[str, str]]:
    """Give party and key of every difference that was ever put in on purpose."""
    return {(entry["party"], entry["key"]) for entry in _lines("injected")}


@contextmanager
def only_one_day() -> Iterator[None]:
    """Let nobody else play a day in this installation meanwhile.

    Raises `click.ClickException` when somebody does.
    """
    with (postgres.HOME / "day.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise click.ClickException("another day is being played here") from None
        yield


def _path(name: str) -> Path:
    return postgres.HOME / f"{name}.jsonl"


def _lines(name: str) -> Iterator[dict[str, Any]]:
    if _path(name).exists():
        for line in _path(name).read_text().splitlines():
            yield json.loads(line)


def _append(name: str, entry: dict[str, Any]) -> None:
    with _path(name).open("a") as file:
        file.write(json.dumps(entry, ensure_ascii=False) + "\n")
