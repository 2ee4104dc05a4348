"""`yifu day`: play a hospital's day, its night and the morning after."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from yifu import postgres
from yifu.commands import hospital as his
from yifu.commands import runs, site
from yifu.commands.database import bring_up_to_date
from yifu.commands.keys import Keys
from yifu.commands.places import place_options
from yifu.commands.script import NOTHING_LOST, Losing, Script
from yifu.commands.seeding import HOSPITAL
from yifu.commands.site import Place, Servers, Site
from yifu.commands.terminal import (
    date_option,
    emit,
    json_option,
    progress,
    say,
)
from yifu.institutions.models import Institution
from yifu.money import display
from yifu.visits.exports import Export, ExportedVisit, UnreadableExport, read_visits

EARLIER_DAYS = 4
"""How long before the day the simulated hospital's earlier visits are."""


@click.command()
@click.option("--visits", default=60, show_default=True, type=click.IntRange(1, 100_000))
@click.option("--seed", default=7, show_default=True, help="The same seed gives the same figures.")
@click.option(
    "--from",
    "export",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Replay a hospital's own export (CSV or JSON Lines) instead.",
)
@click.option(
    "--stays",
    default=0,
    show_default=True,
    type=click.IntRange(0, 1000),
    help="Patients in hospital since four days, who go home on the day.",
)
@click.option(
    "--lost",
    default=0.0,
    show_default=True,
    type=click.FloatRange(0, 50),
    help="Percent of the insurer's answers that get lost on the way.",
)
@click.option(
    "--one-code",
    default=0,
    show_default=True,
    type=click.IntRange(0),
    help="Visits settled by the one code their patient shows (一码付).",
)
@place_options
@date_option("The day that is played")
@json_option
def day(  # noqa: PLR0913 - what a day is made of is named
    *,
    visits: int,
    seed: int,
    export: Path | None,
    stays: int,
    lost: float,
    one_code: int,
    place: Place | None,
    on: date,
    as_json: bool,
) -> None:
    """Play a day of a hospital with its night and the morning after, and report.

    Uses the site that runs here, or starts one for the day. Every run has persons of its own. Ends
    with 0 only if the books balance and every difference with insurer and channel is explained.
    """
    with runs.only_one_day():
        bring_up_to_date()
        with _site(place) as (running, servers):
            if export is None:
                drawn = Drawn(
                    visits=visits,
                    seed=seed,
                    on=on,
                    stays=stays,
                    one_code=one_code,
                    lost_percent=lost,
                )
                report = play_drawn(running, servers, drawn)
            else:
                report = play_export(running, servers, export)
    emit(report, as_json=as_json, text=as_text(report))
    sys.exit(1 if report["problems"] else 0)


@contextmanager
def _site(place: Place | None) -> Iterator[tuple[Site, Servers | None]]:
    """Give the site that runs here, or one of our own for as long as it is needed.

    Raises `click.ClickException` when another place is asked for than that of the running site.
    """
    running = Site.running()
    if running is not None:
        if place is not None and place != Place.kept():
            raise click.ClickException("a site with another insurer runs here; end it first")
        say(f"Using the site that runs at {running.web}.")
        yield running, None
    else:
        with site.own_site(place=place) as (own, servers):
            yield own, servers


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A day to be drawn from a seed.

    `waiting` visits are left for a doctor to finish, `stays` patients go home on the day,
    the first `one_code` ordinary visits of insured persons are settled by the code they show,
    `lost_percent` of the insurer's answers never arrive while the hospital is at work.
    """

    visits: int
    seed: int
    on: date
    waiting: int = 0
    stays: int = 0
    one_code: int = 0
    lost_percent: float = 0


def play_drawn(running: Site, servers: Servers | None, drawn: Drawn) -> dict[str, Any]:
    """Play a day drawn from a seed."""
    run = runs.begin_run(seed=drawn.seed, visits=drawn.visits, on=drawn.on)
    what = ["play", "--visits", str(drawn.visits), "--seed", str(drawn.seed)]
    what += ["--date", drawn.on.isoformat(), "--waiting", str(drawn.waiting)]
    what += ["--stays", str(drawn.stays), "--one-code", str(drawn.one_code)]
    days = [drawn.on - timedelta(days=EARLIER_DAYS), drawn.on]
    losing = Losing(percent=drawn.lost_percent, seed=drawn.seed)
    facts = {
        "seed": drawn.seed,
        "date": drawn.on,
        "asked_visits": drawn.visits,
        "asked_stays": drawn.stays,
        "lost_percent": drawn.lost_percent,
    }
    return _play(running, servers, run, what, days, losing=losing) | facts


def play_export(running: Site, servers: Servers | None, export: Path) -> dict[str, Any]:
    """Replay a hospital's export; rows that cannot be used are listed in the report.

    Raises `click.ClickException` for a file that is no export, or has no good row.
    """
    try:
        read = read_visits(export)
    except UnreadableExport as error:
        raise click.ClickException(f"{export}: {error}") from error
    rejected = list(_rejected(read))
    if not read.visits:
        raise click.ClickException(
            f"{export}: no visit can be used; first: {rejected[0] if rejected else 'no rows'}"
        )
    run = runs.begin_run(seed=None, visits=len(read.visits), on=None)
    file = postgres.HOME / "log" / "replay.jsonl"
    file.parent.mkdir(parents=True, exist_ok=True)
    his.write_visits([_as_replayed(visit) for visit in read.visits], file)
    days = sorted({visit.began_at.date() for visit in read.visits})
    facts = {"file": str(export), "dates": days, "rejected": rejected}
    return _play(running, servers, run, ["replay", "--file", str(file)], days) | facts


def _play(
    running: Site,
    servers: Servers | None,
    run: int,
    what: Sequence[str],
    days: Sequence[date],
    *,
    losing: Losing = NOTHING_LOST,
) -> dict[str, Any]:
    hospital = Institution.objects.get(code=HOSPITAL)
    with site.children() as family, progress() as advance:
        script = Script(
            running, servers, family, hospital, Keys.load_or_make(), run=run, advance=advance
        )
        return script.play(what, days, losing=losing)


def _rejected(read: Export) -> Iterator[dict[str, Any]]:
    """List every row that was not used: its line in the file and why."""
    rows = [(bad.line, bad.code, bad.zh, bad.en) for bad in read.bad_rows]
    rows += [(line, bad.code, bad.zh, bad.en) for bad in read.bad_visits for line in bad.lines]
    for line, code, zh, en in sorted(rows):
        yield {"line": line, "code": code, "reason": zh, "reason_en": en}


def _as_replayed(visit: ExportedVisit) -> dict[str, Any]:
    """Write a visit as the simulated hospital reads it."""
    return {
        "visit_no": visit.visit_no,
        "kind": "outpatient",
        "began_at": visit.began_at.isoformat(),
        "ended_at": visit.ended_at.isoformat(),
        "person": {
            "id_number": visit.person,
            "name": visit.person_name,
            "phone": visit.phone,
        },
        "department": {"code": visit.department.code, "name": visit.department.name},
        "doctor": {"code": visit.doctor.code, "name": visit.doctor.name},
        "diagnoses": [{"code": one.code, "name": one.name} for one in visit.diagnoses],
        "charges": [
            {
                "line_no": charge.line_no,
                "local_code": charge.local_code,
                "national_code": charge.national_code,
                "name": charge.name,
                "quantity": str(charge.quantity),
                "unit_price_fen": str(charge.unit_price_fen),
                "amount_fen": charge.amount_fen,
                "occurred_at": charge.occurred_at.isoformat(),
            }
            for charge in visit.charges
        ],
    }


_SHOWN = (
    ("就诊", "visits", "visits"),
    ("已结算", "settled", "settled"),
    ("总费用", "total", "total_fen"),
    ("统筹基金", "pooled fund", "fund_fen"),
    ("个人账户", "personal account", "account_fen"),
    ("个人现金", "personal cash", "personal_fen"),
    ("其中：信用付", "of it: on credit", "on_credit_fen"),
    ("渠道代扣", "debited", "debited_fen"),
    ("窗口收现", "cash at the window", "cash_fen"),
    ("退费", "refunded", "refunded_fen"),
    ("仍欠", "still owed", "owed_fen"),
    ("逾期账单", "overdue bills", "overdue"),
    ("票据", "receipts", "receipts"),
    ("红冲票据", "red receipts", "red_receipts"),
    ("恢复", "recovered", "recovered"),
)


def as_text(report: Mapping[str, Any]) -> str:
    """Write a report for people."""
    table = Table(title=f"第 {report['run']} 次 / run {report['run']}", show_header=False)
    table.add_column(justify="left")
    table.add_column(justify="right")
    for zh, en, name in _SHOWN:
        value = report[name]
        table.add_row(f"{zh} {en}", display(value) if name.endswith("_fen") else f"{value:,}")
    differences = report["differences"]
    table.add_row(
        "差异 differences",
        f"{differences['found']} found, {differences['injected']} put in, "
        f"{differences['unexplained']} unexplained",
    )
    balanced = report["ledger"]["balanced"]
    table.add_row("账务 ledger", "平 balanced" if balanced else "不平 NOT BALANCED")
    memory = ", ".join(f"{name} {used:.0f} MB" for name, used in report["memory_mb"].items())
    table.add_row("用时 time", f"{report['seconds']:.1f} s ({memory})")
    lines = [f"line {row['line']}: {row['reason']}" for row in report.get("rejected", ())]
    lines += [f"! {problem}" for problem in report["problems"]]
    if report["web_restarts"]:
        lines.append(f"The web died and was started again {report['web_restarts']} time(s).")
    console = Console(width=100)
    with console.capture() as captured:
        console.print(table)
    return "\n".join([captured.get().rstrip(), *lines])
