"""What every step of a night needs: its scope, its progress, its counts, its workers."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import Any, TypeVar

import orjson
from django.db import connection

from yifu import rows
from yifu.collection import night_statements as sql
from yifu.credit.schemes import Scheme
from yifu.patients.quiet import Quiet

Progress = Callable[[str, int, int], None]
Report = dict[str, int]
T = TypeVar("T")

WORKERS = 2
"""Chunks worked on at once, each on a connection of its own; a third gains nothing on two cores."""


@dataclass(slots=True, kw_only=True)
class NightRun:
    """One night of one area while it runs. `now` is the run's time, whatever date it is for."""

    id: int
    area: str
    business_date: date
    now: datetime
    scheme: Scheme
    progress: Progress
    since: int
    """Attempts above this number were made by this run."""
    nights: tuple[int, ...]
    """The nights of this run: what one of them tried no other tries again."""
    step: int = 0
    name: str = ""
    counted: Report = field(default_factory=dict)

    @property
    def quiet(self) -> Quiet:
        """The hours in which nobody is disturbed."""
        calendar = self.scheme.reminders
        return Quiet(calendar.quiet_from, calendar.quiet_to)

    @property
    def send_after(self) -> datetime | None:
        """When a notice written by this night may be sent: at once, or after quiet hours."""
        return self.quiet.ends(self.now)

    def begin(self, name: str, *, position: int) -> None:
        """Begin a step, or begin it again after a run that did not end it."""
        ((self.step,),) = rows.run(
            sql.BEGIN_STEP, {"night": self.id, "position": position, "name": name}
        )
        self.name = name

    def tell(self, done: int, total: int, *, part: str = "", cursor: int | None = None) -> None:
        """Say how far the step is, to whoever watches here and on the city's page."""
        rows.run(
            sql.TELL_STEP,
            {"step": self.step, "part": part, "done": done, "total": total, "cursor": cursor},
        )
        self.progress(f"{self.name} {part}".rstrip(), done, total)

    def count(self, **counts: int) -> None:
        """Add to the step's counts, in the transaction of what is counted, at its end."""
        some = {key: value for key, value in counts.items() if value}
        if some:
            rows.run(
                sql.COUNT_STEP,
                {"step": self.step, "keys": list(some), "values": list(some.values())},
            )

    def end(self, report: Report) -> Report:
        """End the step with its report, to which what it counted belongs."""
        return self._end("done", report)

    def fail(self) -> None:
        """Note that the step broke off; a later run begins it again."""
        self._end("failed", {})

    def _end(self, state: str, report: Report) -> Report:
        found = rows.run(
            sql.END_STEP,
            {"step": self.step, "state": state, "report": orjson.dumps(report).decode()},
        )
        told = found[0][0]
        return dict(orjson.loads(told) if isinstance(told, str | bytes) else told)


def in_chunks(ids: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    """Cut a list into parts."""
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


def together(work: Callable[[T], Any], parts: Iterator[T], *, done: Callable[[T], None]) -> None:
    """Do parts with `WORKERS` at once, a few ahead; a single part without another thread.

    The first error ends it, once what has begun has ended. `done` is called here, in this thread.
    """
    ahead = list(islice(parts, WORKERS))
    if len(ahead) == 1:
        work(ahead[0])
        done(ahead[0])
        return
    with ThreadPoolExecutor(WORKERS) as pool:
        waiting: dict[Future[Any], T] = {pool.submit(_alone, work, part): part for part in ahead}
        while waiting:
            ended, _ = wait(waiting, return_when=FIRST_COMPLETED)
            for future in ended:
                future.result()
                done(waiting.pop(future))
            for part in islice(parts, WORKERS - len(waiting)):
                waiting[pool.submit(_alone, work, part)] = part


def _alone(work: Callable[[T], Any], part: T) -> Any:  # noqa: ANN401 - what `work` gives
    try:
        return work(part)
    finally:
        connection.close()


def sweep(
    night: NightRun,
    statement: str,
    parameters: Mapping[str, Any],
    *,
    size: int,
    work: Callable[[list[tuple[Any, ...]]], None],
) -> None:
    """Go through the bills that a statement gives by ascending id, a transaction a chunk.

    The statement takes `after` and `limit`; its first column is the bill.
    """
    done, after = 0, 0
    while found := rows.run(statement, {**parameters, "after": after, "limit": size}):
        with rows.in_sets():
            work(found)
        done += len(found)
        after = int(found[-1][0])
        night.tell(done, done, cursor=after)
