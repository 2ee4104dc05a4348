"""A settlement in hand, and the statements that move it on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, connection

from yifu import clock, rows
from yifu.errors import NotFound
from yifu.institutions.models import Area, Institution
from yifu.insurance import messages
from yifu.insurance.models import Encounter
from yifu.insurance.rules import LineSplit
from yifu.insurance.services import Case
from yifu.patients.models import Person
from yifu.settlement.errors import ChargeSettled, ChargeUnknown, NothingToSettle
from yifu.visits.models import Charge, Visit

_CHARGES = f"""
SELECT EXISTS (SELECT 1 FROM settlement_settlementline line
               WHERE line.charge_id = charge.id AND line.live),
       {rows.columns(Charge, "charge")}
FROM visits_charge charge WHERE charge.visit_id = %s ORDER BY charge.line_no
"""  # noqa: S608 - the names of our own columns

_VISIT = f"""
SELECT {rows.columns(Visit, "visit")}, {rows.columns(Person, "person")},
       {rows.columns(Institution, "institution")}, {rows.columns(Area, "area")},
       {rows.columns(Encounter, "encounter")}
FROM visits_visit visit
JOIN patients_person person ON person.id = visit.person_id
JOIN institutions_institution institution ON institution.id = visit.institution_id
JOIN institutions_area area ON area.code = institution.area_id
LEFT JOIN insurance_encounter encounter ON encounter.visit_id = visit.id
WHERE visit.id = %s AND visit.institution_id = %s
"""  # noqa: S608 - the names of our own columns

_CLAIM = """
WITH claimed AS (
    INSERT INTO settlement_settlement (
        institution_id, visit_id, person_id, replaces_id, request_id, state, asked_method, method,
        total_fen,
        fund_fen, account_fen, personal_fen, hospital_fen, insured, setl_id, msgid, business_date,
        claimed_at, reason, refund_charges)
    VALUES (%(institution)s, %(visit)s, %(person)s, %(replaces)s, %(request)s, 'claimed',
            %(asked)s, '',
            %(total)s, 0, 0, 0, 0, %(insured)s, '', '', %(date)s, %(now)s, '', '[]')
    RETURNING id
)
INSERT INTO settlement_settlementline (settlement_id, charge_id, live, amount_fen, own_fen,
                                       over_fen, preself_fen, eligible_fen)
SELECT claimed.id, charge.id, true, charge.amount_fen, 0, 0, 0, 0
FROM claimed, unnest(%(charges)s::bigint[], %(fens)s::bigint[]) AS charge (id, amount_fen)
RETURNING settlement_id, id, charge_id
"""

SPLIT_LINES = """
split AS (
    UPDATE settlement_settlementline line
    SET own_fen = split.own, over_fen = split.over, preself_fen = split.preself,
        eligible_fen = split.eligible
    FROM unnest(%(split_ids)s::bigint[], %(split_own)s::bigint[], %(split_over)s::bigint[],
                %(split_preself)s::bigint[], %(split_eligible)s::bigint[])
         AS split (id, own, over, preself, eligible)
    WHERE line.id = split.id AND line.settlement_id = %(id)s
)
"""
"""How the insurer saw each line, kept as a part of a larger statement; see `split_of`."""


@dataclass(frozen=True, slots=True)
class Work:
    """A claimed settlement: its visit and charges, and the case there (None: self-paid)."""

    settlement_id: int
    visit: Visit
    case: Case | None
    lines: tuple[tuple[int, Charge], ...]
    asked_method: str
    record_id: int | None = None
    credential: messages.Credential | None = None

    @property
    def total_fen(self) -> int:
        """The sum of the charges."""
        return sum(charge.amount_fen for _, charge in self.lines)

    @property
    def subject(self) -> str:
        """How exchanges and postings name this settlement."""
        return f"settlement:{self.settlement_id}"

    @property
    def batch_no(self) -> str:
        """`chrg_bchno`: one batch a settlement."""
        return str(self.settlement_id)

    @property
    def sent(self) -> dict[str, int]:
        """What each line cost, by the number the insurer knows it by."""
        return {str(number): charge.amount_fen for number, charge in self.lines}


def load_visit(visit_id: int, institution_id: int) -> tuple[Visit, Encounter | None]:
    """Load an institution's visit with person, institution and area, and what the insurer calls it.

    Raises `NotFound`.
    """
    with connection.cursor() as cursor:
        cursor.execute(_VISIT, [visit_id, institution_id])
        row = cursor.fetchone()
    if row is None:
        raise NotFound(what="visit")
    visit, place = rows.take(Visit, row)
    person, place = rows.take(Person, row, place)
    institution, place = rows.take(Institution, row, place)
    area, place = rows.take(Area, row, place)
    encounter, _ = rows.take(Encounter, row, place)
    if visit is None or person is None or institution is None or area is None:
        raise NotFound(what="visit")
    visit.person, visit.institution, institution.area = person, institution, area
    return visit, encounter


def open_charges(visit_id: int, charge_ids: Sequence[int] | None) -> list[Charge]:
    """Find the visit's charges that are in no live settlement; or just those asked for.

    Raises `NothingToSettle`, `ChargeUnknown`, `ChargeSettled`.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CHARGES, [visit_id])
        found = cursor.fetchall()
    charges = [charge for row in found if (charge := rows.take(Charge, row, 1)[0]) is not None]
    free = {charge.pk for charge, row in zip(charges, found, strict=True) if not row[0]}
    if charge_ids is not None:
        known = {charge.pk for charge in charges}
        for charge_id in charge_ids:
            if charge_id not in known:
                raise ChargeUnknown(charge_id=charge_id)
        if not set(charge_ids) <= free:
            raise ChargeSettled
        free = set(charge_ids)
    chosen = [charge for charge in charges if charge.pk in free]
    if not chosen:
        raise NothingToSettle
    return chosen


def claim_charges(
    visit: Visit,
    case: Case | None,
    charges: Sequence[Charge],
    *,
    asked_method: str,
    now: datetime,
    replaces: int | None = None,
    record_id: int | None = None,
) -> Work:
    """Take charges into a new settlement, in the caller's transaction. Raises `ChargeSettled`."""
    parameters = {
        "institution": visit.institution_id,
        "visit": visit.pk,
        "person": visit.person_id,
        "replaces": replaces,
        "request": record_id,
        "asked": asked_method,
        "total": sum(charge.amount_fen for charge in charges),
        "insured": case is not None,
        "date": clock.business_date(now),
        "now": now,
        "charges": [charge.pk for charge in charges],
        "fens": [charge.amount_fen for charge in charges],
    }
    try:
        with connection.cursor() as cursor:
            cursor.execute(_CLAIM, parameters)
            claimed = cursor.fetchall()
    except IntegrityError:
        raise ChargeSettled from None
    by_id = {charge.pk: charge for charge in charges}
    lines = tuple((line_id, by_id[charge_id]) for _, line_id, charge_id in claimed)
    return Work(claimed[0][0], visit, case, lines, asked_method, record_id)


def split_of(splits: Sequence[LineSplit]) -> dict[str, list[int]]:
    """Give the parameters of `SPLIT_LINES`."""
    return {
        "split_ids": [int(split.feedetl_sn) for split in splits],
        "split_own": [split.own_fen for split in splits],
        "split_over": [split.over_fen for split in splits],
        "split_preself": [split.presel_fen for split in splits],
        "split_eligible": [split.inscp_fen for split in splits],
    }
