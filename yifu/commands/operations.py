"""What an operator does by hand or by timer: the night, the matching, the recovery, the proof."""

import sys
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any, NoReturn

import click
from django.conf import settings
from django.db.models import Max

from yifu import clock
from yifu.collection import nightly as night
from yifu.commands import monthly, morning, site
from yifu.commands.database import require_tables
from yifu.commands.introductions import Outside
from yifu.commands.script import NIGHT_AT
from yifu.commands.terminal import Advance, date_option, emit, json_option, progress
from yifu.errors import YifuError
from yifu.institutions.models import Area, Institution
from yifu.insurance import filings
from yifu.ledger import services as ledger
from yifu.reconciliation import services as reconciliation
from yifu.reconciliation.models import Difference, DifferenceState
from yifu.reconciliation.monthly import month_of
from yifu.settlement import recovery
from yifu.settlement.models import Settlement


def _now(simulated: datetime, outside: Outside | None) -> datetime:
    """Tell the time to work at: the clock's, or in a simulation the moment the day's story has."""
    if not settings.YIFU_SIMULATION or outside is None:
        return clock.now()
    morning.set_clocks(outside, simulated)
    return simulated


@click.command()
@date_option("The business date whose bills are debited")
@json_option
def nightly(*, on: date, as_json: bool) -> None:
    """Debit the bills of a business date, remind, mark the overdue, suspend, default.

    Safe to run again for the same date: it goes on where it stopped and debits nothing twice.
    Dates that were missed run first, in order. Refused for a date that has not come, for one before
    a finished night, while another runs, and when the clock has gone back.
    """
    require_tables()
    simulated = datetime.combine(on + timedelta(days=1), NIGHT_AT, tzinfo=clock.CHINA)
    reports: dict[str, Any] = {}
    steps: dict[str, Any] = {}
    with site.outside_world() as outside, progress() as advance:
        now = _now(simulated, outside)
        for area in Area.objects.order_by("code"):
            reports[area.code] = _night_of(area.code, on, now=now, advance=advance)
            steps[area.code] = night.steps_of(area=area.code, business_date=on)
    lines = [
        f"{area} {on}: " + ", ".join(f"{name} {value}" for name, value in report.items())
        for area, report in reports.items()
    ]
    lines += [f"  {one}" for told in steps.values() for one in map(_step_line, told) if one]
    report = {"date": on, "areas": reports, "steps": steps}
    emit(report, as_json=as_json, text="\n".join(lines))


def _night_of(area: str, on: date, *, now: datetime, advance: Advance) -> night.Report:
    """Run one area's night; raises `click.ClickException` with the reason when it is refused."""
    try:
        return night.run(area=area, business_date=on, now=now, progress=advance)
    except YifuError as error:
        raise click.ClickException(f"{error.detail('zh')} ({error.detail('en')})") from error


def _step_line(step: dict[str, Any]) -> str:
    """Write a step for people, with a warning where somebody has to look at a file."""
    counted = {name: value for name, value in step["report"].items() if value}
    if not counted:
        return ""
    text = f"{step['name']}: " + ", ".join(f"{name} {value}" for name, value in counted.items())
    faulty = counted.get("files_faulty") or counted.get("files_refused")
    return f"! {text}" if faulty else text


@click.command()
@date_option("The date that is matched")
@click.option(
    "--month",
    callback=monthly.as_month,
    metavar="YYYY-MM",
    help="Instead of a date: a month's total accounts with the insurer.",
)
@json_option
def reconcile(*, on: date, month: date | None, as_json: bool) -> None:
    """Match a date with the insurer and the channels, or a month's totals with the insurer.

    Ends with 1 when a difference is found that nobody has decided about, or a month's account is
    not balanced. In a simulation the matching happens on the next morning; a channel's bill is
    there from then on.
    """
    require_tables()
    if month is not None:
        _reconcile_month(month, as_json=as_json)
    with site.outside_world() as outside:
        now = _now(morning.matched_at(on), outside)
        statements = [
            statement
            for hospital in Institution.objects.order_by("code")
            for statement in reconciliation.match_day(
                institution_id=hospital.pk, business_date=on, now=now
            )
        ]
    open_ = Difference.objects.filter(
        statement__in=[one.pk for one in statements], state=DifferenceState.FOUND
    ).select_related("statement")
    report = {
        "date": on,
        "statements": [
            {
                "party": one.party,
                "channel": one.channel,
                "rows": one.rows,
                "matched": one.matched,
                "our_fen": one.our_fen,
                "their_fen": one.their_fen,
            }
            for one in statements
        ],
        "open_differences": [
            {
                "party": one.statement.party,
                "kind": one.kind,
                "key": one.key,
                "our_fen": one.our_fen,
                "their_fen": one.their_fen,
            }
            for one in open_
        ],
    }
    lines = [
        f"{one.party} {one.channel}: {one.matched} of {one.rows} rows match, "
        f"ours {one.our_fen} fen, theirs {one.their_fen} fen"
        for one in statements
    ]
    lines += [f"! {one.statement.party} {one.kind} {one.key}" for one in open_]
    emit(report, as_json=as_json, text="\n".join(lines))
    sys.exit(1 if open_ else 0)


def _reconcile_month(month: date, *, as_json: bool) -> NoReturn:
    """Show the insurer's verdict on every total account, with both sides' sums."""
    with site.outside_world() as outside:
        now = _now(morning.matched_at(month_of(month).end), outside)
        totals = monthly.match(month, now=now)
    text = "\n".join(monthly.lines(totals))
    emit(monthly.report(month, totals), as_json=as_json, text=text)
    sys.exit(0 if all(one.agrees for one in totals) else 1)


@click.command()
@click.option(
    "--older-than",
    "older_than_s",
    default=0,
    show_default=True,
    type=click.IntRange(0),
    metavar="SECONDS",
    help="Leave alone what began more recently and may still be under way.",
)
@json_option
def recover(*, older_than_s: int, as_json: bool) -> None:
    """Finish or undo every settlement, payment and filing that stopped midway.

    Asks the insurer and the channels what became of each. Ends with 1 while something is unknown.
    """
    require_tables()
    now = _not_before_what_happened()
    with site.outside_world(), progress() as advance:
        report = recovery.recover(
            now=now,
            older_than_s=older_than_s,
            progress=lambda done, total: advance("恢复 recover", done, total),
        )
        resumed = filings.resume_stopped(now=now, older_than_s=older_than_s)
    silent = sum(one.state in filings.UNDER_WAY for one in resumed)
    text = (
        f"{report.found} found, {report.finished} finished, {report.undone} undone, "
        f"{report.still_unknown} still unknown; {report.attempts} payments asked about; "
        f"{len(resumed)} filings asked about, {silent} still unknown"
    )
    told = [f"filing {one.filing_id}: {one.state} {one.reason}".rstrip() for one in resumed]
    emit(
        asdict(report) | {"filings": len(resumed), "filings_unknown": silent},
        as_json=as_json,
        text="\n".join([text, *report.details, *told]),
    )
    sys.exit(1 if report.still_unknown or silent else 0)


def _not_before_what_happened() -> datetime:
    """Tell now; in a simulation not before the simulated day that is being recovered."""
    latest: datetime | None = Settlement.objects.aggregate(at=Max("claimed_at"))["at"]
    if settings.YIFU_SIMULATION and latest is not None:
        return max(clock.now(), latest)
    return clock.now()


@click.command(name="verify-ledger")
@json_option
def verify_ledger(*, as_json: bool) -> None:
    """Recompute every account, line and hold from postings. Ends with 1 if one is wrong."""
    require_tables()
    verified = ledger.verify()
    report = {"balanced": not verified.faults, **asdict(verified)}
    text = (
        f"{verified.postings} postings, {verified.movements} movements, {verified.lines} lines: "
        + ("balanced" if not verified.faults else "NOT BALANCED")
    )
    emit(report, as_json=as_json, text="\n".join([text, *verified.faults]))
    sys.exit(1 if verified.faults else 0)
