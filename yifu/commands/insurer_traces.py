"""`yifu insurer trace` and `retain`: what was said to the insurer, and for how long it is kept."""

import sys
from collections.abc import Iterable
from datetime import datetime, timedelta

import click

from yifu import clock
from yifu.commands import insurer_facts as facts
from yifu.commands.database import require_tables
from yifu.commands.terminal import emit, json_option, progress
from yifu.insurance import kinds, traces
from yifu.insurance.models import Exchange
from yifu.insurance.reading import as_text
from yifu.insurance.traces import Trace
from yifu.reconciliation import retention
from yifu.settlement.models import Settlement
from yifu.visits.models import Visit

_MOST = 200


@click.command()
@click.argument("msgid", required=False)
@click.option("--visit", metavar="NO", help="All about a visit, by the hospital's number.")
@click.option("--settlement", metavar="ID", help="All about a settlement: our number or setl_id.")
@click.option("--person", metavar="WHO", help="All about a person's visits.")
@click.option("--institution", metavar="CODE", help="Whose visit or person that is.")
@click.option(
    "--last",
    type=click.IntRange(1, _MOST),
    default=50,
    show_default=True,
    help="Not more than so many, the latest.",
)
@json_option
def trace(
    *,
    msgid: str | None,
    visit: str | None,
    settlement: str | None,
    person: str | None,
    institution: str | None,
    last: int,
    as_json: bool,
) -> None:
    """Show what was said to the insurer and what became of it, oldest first.

    MSGID is ours or the insurer's (inf_refmsgid). Credentials were dropped and personal data masked
    before anything was stored; content past its time of retention is gone. Ends with 1 when nothing
    is found.
    """
    require_tables()
    if sum(given is not None for given in (msgid, visit, settlement, person)) != 1:
        raise click.UsageError("say one of MSGID, --visit, --settlement and --person")
    if msgid is not None:
        rows = list(filter(None, [traces.by_msgid(msgid)]))
    else:
        subjects = _subjects(visit, settlement, person, institution)
        rows = list(traces.about(subjects).reverse()[:last])[::-1]
    found = [traces.trace(row) for row in rows]
    emit(
        {"exchanges": [one.as_json() for one in found]},
        as_json=as_json,
        text="\n\n".join(map(_written, found)) or "Nothing was said to the insurer about that.",
    )
    sys.exit(0 if found else 1)


def _subjects(
    visit: str | None, settlement: str | None, person: str | None, institution: str | None
) -> list[str]:
    if settlement is not None:
        return traces.subjects_of_settlements(_settlement_ids(settlement))
    if visit is not None:
        found = Visit.objects.filter(visit_no=visit)
        if institution is not None:
            found = found.filter(institution__code=institution)
        return _of_visits(found.values_list("pk", flat=True))
    at = facts.find_institution(institution)
    who = facts.find_subject(str(person), at).person
    visits = Visit.objects.filter(person=who, institution=at)
    return [f"person:{who.pk}", *_of_visits(visits.values_list("pk", flat=True))]


def _settlement_ids(text: str) -> list[int]:
    found = Settlement.objects.filter(setl_id=text)
    if text.isdigit() and len(text) < 19:  # noqa: PLR2004 - what our own numbers can have
        found = found | Settlement.objects.filter(pk=int(text))
    return list(found.values_list("pk", flat=True))


def _of_visits(visits: Iterable[int]) -> list[str]:
    ids = list(visits)
    settlements = Settlement.objects.filter(visit__in=ids).values_list("pk", flat=True)
    return traces.subjects_of_visits(ids) + traces.subjects_of_settlements(settlements)


def _written(found: Trace) -> str:
    row = found.row
    took = f", {row.took_ms} ms" if row.took_ms is not None else ""
    answered = f" → {_at(row.answered_at)}" if row.answered_at else ""
    whose = f"{row.msgid} · {row.institution.code} · {row.subject}"
    parts = [
        f"{row.infno} {found.name}: {row.get_state_display()} {row.state}",
        f"  {whose} · {_at(row.sent_at)}{answered}{took}",
        _insurers_part(row),
        f"  {row.detail}" if row.detail else "",
    ]
    if found.emptied:
        parts.append(f"  (content was let go on {row.emptied_at:%Y-%m-%d})")
    else:
        parts += ["  > sent", as_text(found.request, indent="    ")]
        parts += ["  < answered", as_text(found.answer, indent="    ")] if row.answer else []
    parts += [
        f"  as {one.kind} {one.msgid} {one.state}: {one.request} → {one.answer}"
        for one in found.dialect
        if not found.emptied
    ]
    parts += [
        f"  later: {one.infno} {one.msgid} {one.state} {_at(one.sent_at)}" for one in found.later
    ]
    return "\n".join(filter(None, parts))


def _insurers_part(row: Exchange) -> str:
    named = (
        ("inf_refmsgid", row.inf_refmsgid),
        ("respond_time", row.respond_time),
        ("insuplc_admdvs", row.insuplc_admdvs),
        ("sign_no", row.sign_no),
    )
    return "  " + " · ".join(f"{name} {value}" for name, value in named if value)


def _at(at: datetime) -> str:
    return f"{at.astimezone(clock.CHINA):%Y-%m-%d %H:%M:%S}"


def _as_now(_context: click.Context, _parameter: click.Parameter, value: str | None) -> datetime:
    """Take a date for the moment it ends, so that its own day is not counted as over."""
    if value is None:
        return clock.now()
    try:
        day = datetime.strptime(value, "%Y-%m-%d").replace(tzinfo=clock.CHINA)
    except ValueError as error:
        raise click.BadParameter("a date is written 2026-03-01") from error
    return day + timedelta(hours=12)


@click.command()
@click.option("--now", callback=_as_now, metavar="YYYY-MM-DD", help="As of that day. Default: now.")
@click.option("--dry-run", is_flag=True, help="Count only.")
@json_option
def retain(*, now: datetime, dry_run: bool, as_json: bool) -> None:
    """Let go of what traces hold, when their time of retention is over.

    What settlements and differences still need stays. Safe to run again: it goes on where it
    stopped. The worker does it every night.
    """
    require_tables()
    policy = kinds.policy()
    with progress() as advance:
        report = retention.retain(
            policy=policy,
            now=now,
            dry_run=dry_run,
            progress=lambda done, total: advance("留存 retention", done, total),
        )
    days = {str(kind): count for kind, count in policy.keep_days.items()}
    done = "would be emptied" if dry_run else "emptied"
    text = [
        f"{kind}: kept {days[kind]} days; {report.emptied[kind]} {done}, {report.left[kind]} held"
        for kind in days
    ]
    emit(
        {
            "dry_run": dry_run,
            "keep_days": days,
            "days": report.days,
            "emptied": report.emptied,
            "held": report.left,
        },
        as_json=as_json,
        text="\n".join(text),
    )
