"""The script of a day: play it, recover, debit at night, match in the morning, count."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from typing import Any

import click
from django.db import connection

from yifu import clock
from yifu.collection import nightly
from yifu.collection.models import Night
from yifu.commands import hospital as his
from yifu.commands import morning
from yifu.commands.figures import Run
from yifu.commands.introductions import tell
from yifu.commands.keys import Keys
from yifu.commands.processes import Children, memory_mb
from yifu.commands.site import Servers, Site
from yifu.commands.terminal import Advance
from yifu.errors import YifuError
from yifu.institutions.models import Institution
from yifu.ledger import services as ledger
from yifu.settlement import recovery

NIGHT_AT = time_of_day(0, 30)
"""The night of a business date runs half an hour after the date's end."""
_RECOVERIES = 3
_JOBS_PATIENCE_S = 60.0
_JOBS_POLL_S = 0.2
_MEASURE_EVERY_S = 2.0
# Jobs that wait for a moment to come, should nobody have done their work by then, are no backlog.
_OPEN_JOBS = """
SELECT count(*) FROM procrastinate_jobs
WHERE status IN ('todo', 'doing')
  AND (scheduled_at IS NULL OR scheduled_at <= now() OR attempts > 0)
"""


@dataclass(frozen=True, slots=True)
class Losing:
    """What share of the insurer's answers gets lost while the hospital is at work."""

    percent: float
    seed: int = 0

    @contextmanager
    def at(self, insurer: str) -> Iterator[None]:
        """Let answers get lost for as long as this lasts: each was processed, none arrives."""
        if not self.percent:
            yield
            return
        share = {"rate": self.percent / 100, "seed": self.seed}
        rule = {"match": {}, "fault": "drop_answer", "times": -1} | share
        tell(insurer, "faults", {"rules": [rule]})
        try:
            yield
        finally:
            tell(insurer, "faults", None, method="DELETE")


NOTHING_LOST = Losing(percent=0)


@dataclass(slots=True)
class Script:
    """One run of a day on one site."""

    site: Site
    servers: Servers | None
    family: Children
    hospital: Institution
    keys: Keys
    run: int
    advance: Advance
    seconds: dict[str, float] = field(default_factory=dict)
    memory: dict[str, float] = field(default_factory=dict)
    told: his.Told = field(default_factory=his.Told)
    _measured: float = 0.0

    def play(
        self, what: Sequence[str], days: Sequence[date], *, losing: Losing = NOTHING_LOST
    ) -> dict[str, Any]:
        """Play a whole day and give its report.

        `what` tells the hospital what to play; `days` are the dates its visits have. Raises
        `click.ClickException` when the day cannot be played to its end.
        """
        begun = time.monotonic()
        with self._phase("day"), losing.at(self.site.outside.insurer):
            self._let_hospital_play(what)
        with self._phase("recover"):
            recovered = self._recover(now=_end_of(max(days)))
        with self._phase("night"):
            night = self._night(max(days))
        with self._phase("jobs"):
            self._wait_for_jobs()
        with self._phase("morning"):
            matching = self._morning(days)
        with self._phase("verify"):
            verified = ledger.verify()
        self._measure()
        figures = Run(self.run).figures()
        report = {
            "run": self.run,
            **figures,
            "hospital": self.told.summary,
            "refused": self.told.refused,
            "web_restarts": self.told.restarts,
            "recovery": asdict(recovered),
            "night": night,
            "differences": matching.report(),
            "ledger": {"balanced": not verified.faults, **asdict(verified)},
            "phases": self.seconds,
            "memory_mb": self.memory,
            "seconds": round(time.monotonic() - begun, 2),
        }
        report["problems"] = list(problems(report, without_receipt=Run(self.run).without_receipt()))
        return report

    def _let_hospital_play(self, what: Sequence[str]) -> None:
        self.told = his.play(
            self.family,
            his.arguments(self.site, self.keys, run=self.run, what=what),
            self.keys,
            servers=self.servers,
            advance=self.advance,
            meanwhile=self._measure_now_and_then,
        )

    def _recover(self, *, now: datetime) -> recovery.RecoveryReport:
        """Recover until nothing is unknown: an ordered fault may meet the recovery itself."""
        report = recovery.recover(now=now, progress=self._recovering)
        for _ in range(_RECOVERIES - 1):
            if not report.still_unknown:
                break
            again = recovery.recover(now=now, progress=self._recovering)
            report.finished += again.finished
            report.undone += again.undone
            report.attempts += again.attempts
            report.still_unknown = again.still_unknown
            report.details += again.details
        return report

    def _recovering(self, done: int, total: int) -> None:
        self.advance("恢复 recover", done, total)

    def _night(self, day: date) -> dict[str, int]:
        """Run the night of a date; gives what this run added to it, for a date may have several."""
        now = datetime.combine(day + timedelta(days=1), NIGHT_AT, tzinfo=clock.CHINA)
        morning.set_clocks(self.site.outside, now)
        before = Night.objects.filter(area=self.hospital.area_id, business_date=day).first()
        try:
            report = nightly.run(
                area=self.hospital.area_id,
                business_date=day,
                now=now,
                progress=lambda step, done, total: self.advance(f"夜间 night: {step}", done, total),
            )
        except YifuError as error:
            raise click.ClickException(f"the night was refused: {error.detail()}") from error
        earlier = before.report if before else {}
        return {name: count - earlier.get(name, 0) for name, count in sorted(report.items())}

    def _wait_for_jobs(self) -> None:
        """Wait until the worker has done what the day made necessary: receipts, notices."""
        first = most = _open_jobs()
        moved = time.monotonic()
        while (left := _open_jobs()) > 0:
            if left < most:
                most, moved = left, time.monotonic()
            if time.monotonic() - moved > _JOBS_PATIENCE_S:
                tail = self.servers.worker.log_tail() if self.servers else ""
                raise click.ClickException(f"{left} jobs are not getting done\n{tail}")
            self.advance("票据与通知 jobs", first - min(left, first), first)
            time.sleep(_JOBS_POLL_S)
        if first:
            self.advance("票据与通知 jobs", first, first)

    def _morning(self, days: Sequence[date]) -> morning.Matching:
        matching = morning.Matching()
        matching.injected = morning.tamper(self.site.outside, self.hospital, Run(self.run))
        dates = morning.days_to_match(days)
        now = morning.matched_at(max(days))
        for done, day in enumerate(dates):
            self.advance("对账 matching", done, len(dates))
            now = max(now, morning.matched_at(day))
            morning.set_clocks(self.site.outside, now)
            morning.match(self.hospital, day, now=now, into=matching)
        self.advance("对账 matching", len(dates), len(dates))
        morning.explain(matching, now=now)
        morning.set_clocks(self.site.outside, None)
        return matching

    @contextmanager
    def _phase(self, name: str) -> Iterator[None]:
        begun = time.monotonic()
        yield
        self.seconds[name] = round(time.monotonic() - begun, 2)

    def _measure_now_and_then(self) -> None:
        if time.monotonic() - self._measured > _MEASURE_EVERY_S:
            self._measure()

    def _measure(self) -> None:
        """Keep the most memory that web and worker have used, MiB."""
        self._measured = time.monotonic()
        web = self.servers.web.process.pid if self.servers else self.site.web_pid
        for name, pid in (("web", web), ("worker", self.site.worker_pid)):
            self.memory[name] = max(self.memory.get(name, 0.0), memory_mb([pid]))


def _open_jobs() -> int:
    with connection.cursor() as cursor:
        cursor.execute(_OPEN_JOBS)
        return int(cursor.fetchone()[0])


def _end_of(day: date) -> datetime:
    return clock.midnight(day + timedelta(days=1))


def problems(report: Mapping[str, Any], *, without_receipt: int) -> Iterator[str]:
    """Say everything for which a day's books cannot be called balanced."""
    if report["differences"]["unexplained"]:
        yield from (f"difference: {one}" for one in report["differences"]["details"])
    yield from (f"ledger: {fault}" for fault in report["ledger"]["faults"])
    if report["under_way"]:
        yield f"{report['under_way']} settlements have not come to an end"
    if without_receipt:
        yield f"{without_receipt} completed settlements have no receipt"
    if not report["web_restarts"]:
        yield from (f"refused: {one['visit_no']} {one['step']}" for one in report["refused"])
