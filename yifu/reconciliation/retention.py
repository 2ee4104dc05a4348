"""What was said to the insurer is let go after its time, except where something is undecided.

Day by day and in small statements, each committed by itself: whoever stops in between goes on with
the day that is not finished. A day of which something had to be left is walked again. The policy is
`yifu/insurance/kinds.toml`; it lives here because only this context knows what is undecided.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Min

from yifu import clock
from yifu.insurance import kinds, traces
from yifu.insurance.kinds import Kind, Policy
from yifu.insurance.models import Exchange, ExchangeState, RetentionDay
from yifu.reconciliation.models import Difference, DifferenceKind, DifferenceState, Party
from yifu.settlement.models import Settlement, SettlementState
from yifu.visits.models import Visit, VisitKind

CHUNK = 2000
Progress = Callable[[int, int], None]

_CLOSED = (SettlementState.COMPLETED, SettlementState.REVERSED, SettlementState.REJECTED)
_UNHEARD = (ExchangeState.SENDING, ExchangeState.UNKNOWN)

# `listed` names the transactions of the kind, or of the other kinds (for `record`).
_OF_A_DAY = """
SELECT id, state = ANY(%(unheard)s) OR subject = ANY(%(subjects)s)
           OR institution_id = ANY(%(institutions)s) OR subject LIKE ANY(%(statements)s)
FROM insurance_exchange
WHERE sent_at >= %(begin)s AND sent_at < %(end)s AND emptied_at IS NULL
      AND (infno = ANY(%(listed)s)) = %(within)s
ORDER BY id
"""
_EMPTY = """
UPDATE insurance_exchange
SET request = '{}'::jsonb, answer = NULL, detail = '', emptied_at = %(now)s
WHERE id = ANY(%(ids)s) AND emptied_at IS NULL
"""
_EMPTY_DIALECT = """
UPDATE insurance_dialectmessage SET request = '{}'::jsonb, answer = NULL, detail = ''
WHERE exchange_id = ANY(%(ids)s)
"""


@dataclass(frozen=True, slots=True)
class Held:
    """What nobody has decided yet; its traces are evidence and stay whole.

    `subjects` are those of exchanges, `statements` what those begin with that fetched a disputed
    statement; `institutions` gives those whose insurer has something on a day that we do not have:
    any message of that day may explain it.
    """

    subjects: frozenset[str]
    statements: frozenset[str]
    institutions: dict[date, set[int]]


@dataclass(slots=True)
class Report:
    """How many exchanges were emptied, or would be, and how many had to be left; by kind."""

    days: int = 0
    emptied: dict[str, int] = field(default_factory=lambda: dict.fromkeys(map(str, Kind), 0))
    left: dict[str, int] = field(default_factory=lambda: dict.fromkeys(map(str, Kind), 0))


def retain(
    *, policy: Policy, now: datetime, dry_run: bool = False, progress: Progress | None = None
) -> Report:
    """Let go of the content of every exchange whose time is over; again goes on or does nothing.

    With `dry_run` it only counts.
    """
    report, held = Report(), _held()
    days = list(_days(policy, now=now))
    for done, (kind, day) in enumerate(days, start=1):
        due, left = _sort(kind, day, held)
        if not dry_run:
            _let_go(due, now=now)
            _note(kind, day, emptied=len(due), left=left, now=now)
        report.emptied[kind] += len(due)
        report.left[kind] += left
        if progress is not None:
            progress(done, len(days))
    report.days = len({day for _, day in days})
    return report


def _days(policy: Policy, *, now: datetime) -> Iterator[tuple[Kind, date]]:
    """Give the days of each kind that are past their time and not finished, oldest first."""
    first = _first_day()
    if first is None:
        return
    finished = set(RetentionDay.objects.filter(left=0).values_list("kind", "day"))
    for kind in Kind:
        end = clock.business_date(now) - timedelta(days=policy.keep_days[kind])
        for number in range((end - first).days):
            day = first + timedelta(days=number)
            if (kind.value, day) not in finished:
                yield kind, day


def _first_day() -> date | None:
    """Find the day of the oldest message.

    The lowest number is nearly always the oldest message's, so that the search for an older one,
    which the index of blocks serves, has next to nothing to look at.
    """
    lowest = Exchange.objects.order_by("pk").values_list("sent_at", flat=True).first()
    if lowest is None:
        return None
    older = Exchange.objects.filter(sent_at__lt=lowest).aggregate(at=Min("sent_at"))["at"]
    return clock.business_date(older or lowest)


def _held() -> Held:
    found = Difference.objects.filter(state=DifferenceState.FOUND, statement__party=Party.INSURER)
    rows = list(
        found.values_list("kind", "key", "statement__institution_id", "statement__business_date")
    )
    keys = [key for _, key, _, _ in rows]
    open_ = Settlement.objects.exclude(state__in=_CLOSED)
    disputed = Settlement.objects.filter(setl_id__in=keys)
    ids = {*open_.values_list("pk", "visit_id", "setl_id")}
    ids |= {*disputed.values_list("pk", "visit_id", "setl_id")}
    known = {setl_id for _, _, setl_id in ids}
    institutions: dict[date, set[int]] = {}
    for kind, key, institution_id, day in rows:
        if kind == DifferenceKind.THEIRS_ONLY and key not in known:
            institutions.setdefault(day, set()).add(institution_id)
    statements = frozenset(f"statement:{day}:" for _, _, _, day in rows)
    staying = Visit.objects.filter(kind=VisitKind.INPATIENT, ended_at__isnull=True)
    visits = {visit_id for _, visit_id, _ in ids} | {*staying.values_list("pk", flat=True)}
    subjects = traces.subjects_of_settlements(pk for pk, _, _ in ids)
    return Held(
        frozenset([*subjects, *traces.subjects_of_visits(visits)]), statements, institutions
    )


def _sort(kind: Kind, day: date, held: Held) -> tuple[list[int], int]:
    """Give the exchanges of a day that may be emptied, and count those that must be left."""
    begin, end = clock.day_bounds(day)
    others = [*kinds.listed(Kind.MONEY), *kinds.listed(Kind.QUERY)]
    parameters: dict[str, Any] = {
        "begin": begin,
        "end": end,
        "listed": others if kind == Kind.RECORD else kinds.listed(kind),
        "within": kind != Kind.RECORD,
        "unheard": [state.value for state in _UNHEARD],
        "subjects": sorted(held.subjects),
        "statements": [f"{start}%" for start in sorted(held.statements)],
        "institutions": sorted(held.institutions.get(day, ())),
    }
    with connection.cursor() as cursor:
        cursor.execute(_OF_A_DAY, parameters)
        rows = cursor.fetchall()
    due = [pk for pk, stays in rows if not stays]
    return due, len(rows) - len(due)


def _let_go(ids: list[int], *, now: datetime) -> None:
    with connection.cursor() as cursor:
        for place in range(0, len(ids), CHUNK):
            chunk = {"ids": ids[place : place + CHUNK]}
            with transaction.atomic():
                cursor.execute(_EMPTY_DIALECT, chunk)
                cursor.execute(_EMPTY, chunk | {"now": now})


def _note(kind: Kind, day: date, *, emptied: int, left: int, now: datetime) -> None:
    row, _ = RetentionDay.objects.get_or_create(
        kind=kind, day=day, defaults={"walked_at": now, "emptied": 0}
    )
    row.emptied, row.left, row.walked_at = row.emptied + emptied, left, now
    row.save(update_fields=["emptied", "left", "walked_at"])
