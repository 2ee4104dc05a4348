"""Write-offs as a hospital's finance sees them, and provisions as the city does (P4.6).

Amounts in fen; each statement names the institution or the area it is about.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.utils.translation import gettext as _

from yifu.collection.baddebt import BY_RULE
from yifu.collection.models import Provision, WriteOffState
from yifu.credit.schemes import Scheme
from yifu.rows import run

MOST: Final = 200
"""So many rows of each list are shown."""


@dataclass(frozen=True, slots=True)
class WriteOffRow:
    """A write-off, the bill behind it, and what it still bears."""

    id: int
    bill_id: int
    name: str
    visit_no: str
    due_at: datetime | None
    bill_state: str
    owed_fen: int
    amount_fen: int
    recovered_fen: int
    lowered_fen: int
    bearer: str
    rule: str
    state: str
    proposed_by: str
    proposed_at: datetime
    decided_by: str
    decided_at: datetime | None
    note: str

    @property
    def state_label(self) -> str:
        """Name its state in Chinese."""
        return str(WriteOffState(self.state).label)

    @property
    def by_rule(self) -> bool:
        """True while nobody has taken up what the rule proposed."""
        return self.proposed_by == BY_RULE

    @property
    def borne_fen(self) -> int:
        """What the bearer still bears."""
        if self.state != WriteOffState.APPROVED:
            return 0
        return self.amount_fen - self.recovered_fen - self.lowered_fen


@dataclass(frozen=True, slots=True)
class Candidate:
    """A bill in default that nobody has proposed, or that was refused before."""

    bill_id: int
    name: str
    visit_no: str
    owed_fen: int
    due_at: datetime
    days: int
    refused: str
    """Why it was refused the last time; empty when it never was."""


_WRITE_OFFS = """
SELECT writeoff.id, bill.id, person.name, visit.visit_no, bill.due_at, bill.state,
       CASE WHEN bill.state IN ('overdue', 'defaulted', 'written_off')
            THEN bill.amount_fen - bill.paid_fen ELSE 0 END,
       writeoff.amount_fen, writeoff.recovered_fen, writeoff.lowered_fen, writeoff.bearer,
       writeoff.rule, writeoff.state, writeoff.proposed_by, writeoff.proposed_at,
       writeoff.decided_by, writeoff.decided_at, writeoff.note
FROM collection_writeoff writeoff
JOIN collection_bill bill ON bill.id = writeoff.bill_id
JOIN visits_visit visit ON visit.id = bill.visit_id
JOIN patients_person person ON person.id = bill.principal_id
WHERE writeoff.institution_id = %(institution)s
"""
WAITING = f"{_WRITE_OFFS} AND writeoff.state = 'proposed' ORDER BY writeoff.id LIMIT %(limit)s"
DECIDED = f"""
{_WRITE_OFFS} AND writeoff.state <> 'proposed'
ORDER BY writeoff.decided_at DESC, writeoff.id DESC LIMIT %(limit)s
"""

CANDIDATES = """
SELECT bill.id, person.name, visit.visit_no, bill.amount_fen - bill.paid_fen, bill.due_at,
       extract(day FROM %(now)s - bill.due_at)::int, coalesce(refused.note, '')
FROM collection_bill bill
JOIN visits_visit visit ON visit.id = bill.visit_id
JOIN patients_person person ON person.id = bill.principal_id
LEFT JOIN LATERAL (
    SELECT one.note FROM collection_writeoff one
    WHERE one.bill_id = bill.id AND one.state = 'refused' ORDER BY one.id DESC LIMIT 1
) refused ON true
WHERE visit.institution_id = %(institution)s AND bill.state = 'defaulted'
  AND NOT EXISTS (SELECT 1 FROM collection_writeoff live
                  WHERE live.bill_id = bill.id AND live.state IN ('proposed', 'approved'))
ORDER BY bill.due_at, bill.id LIMIT %(limit)s
"""


def waiting(*, institution_id: int) -> list[WriteOffRow]:
    """List what waits for a second person, the oldest first."""
    return _write_offs(WAITING, institution_id)


def decided(*, institution_id: int) -> list[WriteOffRow]:
    """List what was decided, the newest first."""
    return _write_offs(DECIDED, institution_id)


def _write_offs(statement: str, institution_id: int) -> list[WriteOffRow]:
    return [
        WriteOffRow(*row) for row in run(statement, {"institution": institution_id, "limit": MOST})
    ]


def candidates(*, institution_id: int, now: datetime) -> list[Candidate]:
    """List bills in default that may be proposed, the oldest first."""
    return [
        Candidate(*row)
        for row in run(CANDIDATES, {"institution": institution_id, "now": now, "limit": MOST})
    ]


@dataclass(frozen=True, slots=True)
class Provided:
    """What is set aside as of a day, by bearer and age."""

    as_of: date
    rows: Sequence[Provision]

    @property
    def owed_fen(self) -> int:
        """What is owed in all bands."""
        return sum(row.owed_fen for row in self.rows)

    @property
    def provision_fen(self) -> int:
        """What is set aside in all bands."""
        return sum(row.provision_fen for row in self.rows)


def provided(*, area: str, until: date) -> Provided | None:
    """Read what was set aside last, at the end of a day or before."""
    kept = Provision.objects.filter(area=area, as_of__lte=until)
    newest = kept.order_by("-as_of").values_list("as_of", flat=True).first()
    if newest is None:
        return None
    return Provided(newest, list(kept.filter(as_of=newest).order_by("bearer", "from_days")))


def treasury_names(scheme: Scheme) -> dict[str, str]:
    """Name the treasuries that a scheme lets bear bad debt, in the reader's language."""
    named: dict[str, list[str]] = {}
    for district, bearer in scheme.bad_debt.bearers.items():
        named.setdefault(bearer, []).append(district)
    names = {
        bearer: _("%(district)s财政") % {"district": "、".join(districts)}
        for bearer, districts in named.items()
    }
    return {scheme.bad_debt.otherwise: _("市级财政")} | names
