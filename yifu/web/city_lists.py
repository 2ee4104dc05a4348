"""Who is overdue, who is listed for it, and the way back (P4.3 to P4.5). Amounts in fen.

Read for an area (the city) or for one institution (its finance): the scope is in every statement.
Names are masked where they are shown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from yifu.collection.models import BillState, DisputeState, EntryState
from yifu.rows import run

PAGE: Final = 50
EXPORT_MOST: Final = 100_000

AGES: Final[Mapping[str, tuple[int, int]]] = {
    "week": (0, 7),
    "month": (7, 31),
    "quarter": (31, 91),
    "older": (91, 36_600),
}
"""Days past due: from, and below."""

BILL_STATES: Final = ("overdue", "defaulted")
ENTRY_STATES: Final = ("proposed", "confirmed", "contested", "refused", "lifted")
"""`contested` is an open dispute, whatever the entry's own state."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose lists: an area's, or one institution's of it."""

    area: str
    institution: int | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """Which rows of a list are wanted; empty words ask for all."""

    state: str = ""
    age: str = ""
    page: int = 1
    most: int = PAGE


@dataclass(frozen=True, slots=True)
class OverdueRow:
    """A bill past its due time, why its principal is suspended, and what all of it comes to."""

    bill_id: int
    name: str
    institution: str
    visit_no: str
    amount_fen: int
    owed_fen: int
    due_at: datetime
    days: int
    state: str
    reason: str
    rule: str
    since: datetime | None
    entry_state: str
    contested: bool
    all_bills: int
    all_fen: int
    """What the principal has to pay for everything to be restored."""

    @property
    def state_label(self) -> str:
        """Name the bill's state in Chinese."""
        return str(BillState(self.state).label)

    @property
    def entry_label(self) -> str:
        """Name the entry's state in Chinese; empty without one."""
        return str(EntryState(self.entry_state).label) if self.entry_state else ""


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An entry of the default list, with what contests it."""

    id: int
    bill_id: int
    name: str
    institution: str
    visit_no: str
    owed_fen: int
    due_at: datetime
    bill_state: str
    state: str
    rule: str
    proposed_at: datetime
    decided_by: str
    decided_at: datetime | None
    reason: str
    lifted_at: datetime | None
    dispute_id: int | None
    dispute_state: str
    dispute_reason: str
    dispute_at: datetime | None
    dispute_note: str
    all_bills: int
    all_fen: int

    @property
    def state_label(self) -> str:
        """Name the entry's state in Chinese."""
        return str(EntryState(self.state).label)

    @property
    def contested(self) -> bool:
        """True while a dispute is open: nothing is pushed."""
        return self.dispute_state == "open"

    @property
    def live(self) -> bool:
        """True while it is, or may come to be, held against the person."""
        return self.state in {"proposed", "confirmed"}


@dataclass(frozen=True, slots=True)
class Found:
    """A page of rows, how many there are, and what they sum to."""

    rows: Sequence[Any]
    count: int
    sum_fen: int
    page: int
    pages: int


_WHERE = """
institution.area_id = %(area)s
  AND (%(institution)s::bigint IS NULL OR institution.id = %(institution)s)
"""

_ALL_BAD = """
LEFT JOIN LATERAL (
    SELECT count(*) AS bills, coalesce(sum(other.amount_fen - other.paid_fen), 0)::bigint AS fen
    FROM collection_bill other
    WHERE other.principal_id = bill.principal_id
      AND other.state IN ('overdue', 'defaulted', 'written_off')
) bad ON true
"""

_OVERDUE_FROM = f"""
FROM collection_bill bill
JOIN visits_visit visit ON visit.id = bill.visit_id
JOIN institutions_institution institution ON institution.id = visit.institution_id
WHERE {_WHERE}
  AND bill.state IN ('open', 'overdue', 'defaulted') AND bill.state = ANY(%(states)s::text[])
  AND bill.due_at <= %(now)s - make_interval(days => %(from_days)s)
  AND bill.due_at > %(now)s - make_interval(days => %(to_days)s)
"""

OVERDUE_COUNT = f"""
SELECT count(*), coalesce(sum(bill.amount_fen - bill.paid_fen), 0)::bigint {_OVERDUE_FROM}
"""

OVERDUE = f"""
WITH chosen AS (
    SELECT bill.id, visit.visit_no, institution.name AS institution {_OVERDUE_FROM}
    ORDER BY bill.due_at, bill.id LIMIT %(limit)s OFFSET %(offset)s
)
SELECT bill.id, person.name, chosen.institution, chosen.visit_no, bill.amount_fen,
       bill.amount_fen - bill.paid_fen, bill.due_at,
       extract(day FROM %(now)s - bill.due_at)::int,
       bill.state, coalesce(change.reason, ''), coalesce(change.rule, ''), change.at,
       coalesce(entry.state, ''), dispute.id IS NOT NULL, bad.bills, bad.fen
FROM chosen
JOIN collection_bill bill ON bill.id = chosen.id
JOIN patients_person person ON person.id = bill.principal_id
{_ALL_BAD}
LEFT JOIN collection_defaultentry entry ON entry.bill_id = bill.id
LEFT JOIN collection_dispute dispute ON dispute.entry_id = entry.id AND dispute.state = 'open'
LEFT JOIN LATERAL (
    SELECT one.reason, one.rule, one.at FROM credit_standingchange one
    JOIN credit_creditline credit ON credit.id = one.credit_line_id
    WHERE credit.person_id = bill.principal_id AND one.after = credit.standing
      AND credit.standing <> 'good'
    ORDER BY one.at DESC, one.id DESC LIMIT 1
) change ON true
ORDER BY bill.due_at, bill.id
"""  # noqa: S608 - constants of this module

_ENTRIES_FROM = f"""
FROM collection_defaultentry entry
JOIN institutions_institution institution ON institution.id = entry.institution_id
JOIN collection_bill bill ON bill.id = entry.bill_id
LEFT JOIN LATERAL (
    SELECT one.id, one.state, one.reason, one.opened_at, one.note FROM collection_dispute one
    WHERE one.entry_id = entry.id ORDER BY one.id DESC LIMIT 1
) dispute ON true
WHERE {_WHERE}
  AND (%(state)s = '' OR entry.state = %(state)s
       OR (%(state)s = 'contested' AND dispute.state = 'open'))
  AND (%(age)s = '' OR (bill.due_at <= %(now)s - make_interval(days => %(from_days)s)
                        AND bill.due_at > %(now)s - make_interval(days => %(to_days)s)))
"""  # noqa: S608 - constants of this module

_OWED_NOW = """CASE WHEN bill.state IN ('overdue', 'defaulted', 'written_off')
            THEN bill.amount_fen - bill.paid_fen ELSE 0 END"""

ENTRIES_COUNT = f"SELECT count(*), coalesce(sum({_OWED_NOW}), 0)::bigint {_ENTRIES_FROM}"

ENTRIES = f"""
WITH chosen AS (
    SELECT entry.id, institution.name AS institution, dispute.id AS dispute_id,
           dispute.state AS dispute_state, dispute.reason AS dispute_reason, dispute.opened_at,
           dispute.note
    {_ENTRIES_FROM}
    ORDER BY entry.proposed_at DESC, entry.id DESC LIMIT %(limit)s OFFSET %(offset)s
)
SELECT entry.id, bill.id, person.name, chosen.institution, visit.visit_no, {_OWED_NOW}, bill.due_at,
       bill.state, entry.state, entry.rule, entry.proposed_at, entry.decided_by, entry.decided_at,
       entry.reason, entry.lifted_at, chosen.dispute_id, coalesce(chosen.dispute_state, ''),
       coalesce(chosen.dispute_reason, ''), chosen.opened_at, coalesce(chosen.note, ''),
       bad.bills, bad.fen
FROM chosen
JOIN collection_defaultentry entry ON entry.id = chosen.id
JOIN collection_bill bill ON bill.id = entry.bill_id
JOIN visits_visit visit ON visit.id = bill.visit_id
JOIN patients_person person ON person.id = entry.principal_id
{_ALL_BAD}
ORDER BY entry.proposed_at DESC, entry.id DESC
"""  # noqa: S608 - constants of this module


def overdue(scope: Scope, asked: Asked, *, now: datetime) -> Found:
    """List bills past their due time, the oldest first."""
    return _found(OVERDUE_COUNT, OVERDUE, OverdueRow, scope, asked, now=now)


def entries(scope: Scope, asked: Asked, *, now: datetime) -> Found:
    """List entries of the default list, the newest first."""
    return _found(ENTRIES_COUNT, ENTRIES, EntryRow, scope, asked, now=now)


def _found(
    counted: str,
    listed: str,
    row: type[OverdueRow] | type[EntryRow],
    scope: Scope,
    asked: Asked,
    *,
    now: datetime,
) -> Found:
    from_days, to_days = AGES.get(asked.age, (0, 36_600))
    wanted = {
        "area": scope.area,
        "institution": scope.institution,
        "state": asked.state,
        "states": [asked.state] if asked.state in BILL_STATES else list(BILL_STATES),
        "age": asked.age,
        "from_days": from_days,
        "to_days": to_days,
        "now": now,
    }
    ((count, sum_fen),) = run(counted, wanted)
    pages = max(1, -(-count // asked.most))
    page = min(asked.page, pages)
    found = run(listed, wanted | {"limit": asked.most, "offset": (page - 1) * asked.most})
    return Found([row(*one) for one in found], count, sum_fen, page, pages)


COUNTS = f"""
SELECT count(*) FILTER (WHERE entry.state = 'proposed'),
       count(*) FILTER (WHERE entry.state = 'confirmed'),
       (SELECT count(*) FROM collection_dispute dispute
        JOIN collection_defaultentry entry ON entry.id = dispute.entry_id
        JOIN institutions_institution institution ON institution.id = entry.institution_id
        WHERE {_WHERE} AND dispute.state = 'open'),
       count(*) FILTER (WHERE entry.state = 'refused'),
       count(*) FILTER (WHERE entry.state = 'lifted')
FROM collection_defaultentry entry
JOIN institutions_institution institution ON institution.id = entry.institution_id
WHERE {_WHERE}
"""  # noqa: S608 - constants of this module


def counts(scope: Scope) -> list[tuple[str, str, int]]:
    """Count the entries of each state, with the state's name in Chinese."""
    found = run(COUNTS, {"area": scope.area, "institution": scope.institution})[0]
    return [
        (state, entry_state_name(state), count)
        for state, count in zip(ENTRY_STATES, found, strict=True)
    ]


def entry_state_name(state: str) -> str:
    """Name an entry's state, or that it is contested, in Chinese."""
    if state == "contested":
        return str(DisputeState.OPEN.label)
    return str(EntryState(state).label)
