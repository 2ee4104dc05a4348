"""Open visits, take charges, end visits. Repeating a report changes nothing."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import IntegrityError, connection, transaction

from yifu import clock
from yifu.catalogue.rules import ChargeLine, check_amount
from yifu.errors import NotFound
from yifu.visits.errors import (
    ChargeDiffers,
    ChargeRepeated,
    EndsBeforeBeginning,
    VisitDiffers,
    VisitEnded,
)
from yifu.visits.models import Charge, Visit

_ADD_CHARGES = """
INSERT INTO visits_charge (visit_id, line_no, local_code, national_code, name, quantity,
                           unit_price_fen, amount_fen, occurred_at)
SELECT %s, * FROM unnest(%s::int[], %s::text[], %s::text[], %s::text[], %s::numeric[],
                         %s::numeric[], %s::bigint[], %s::timestamptz[])
ON CONFLICT (visit_id, line_no) DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class NewVisit:
    """What the hospital reports when a visit begins."""

    visit_no: str
    person_id: int
    kind: str
    department_code: str
    department_name: str
    doctor_code: str
    doctor_name: str
    began_at: datetime
    diagnoses: tuple[tuple[str, str], ...]


def open_visit(asked: NewVisit, *, institution_id: int) -> tuple[Visit, bool]:
    """Write a visit down; gives it and whether it is new. Raises `VisitDiffers`."""
    fields = asdict(asked) | {
        "diagnoses": [{"code": code, "name": name} for code, name in asked.diagnoses],
        "business_date": clock.business_date(asked.began_at),
    }
    try:
        with transaction.atomic():
            return Visit.objects.create(institution_id=institution_id, **fields), True
    except IntegrityError:
        known = Visit.objects.get(institution_id=institution_id, visit_no=asked.visit_no)
        if any(getattr(known, name) != value for name, value in fields.items()):
            raise VisitDiffers from None
        return known, False


def find_visit(visit_id: int, *, institution_id: int) -> Visit:
    """Find a visit of an institution; raises `NotFound` (another institution's does not exist)."""
    visit = Visit.objects.filter(pk=visit_id, institution_id=institution_id).first()
    if visit is None:
        raise NotFound(what="visit")
    return visit


def add_charges(
    visit_id: int, lines: Sequence[ChargeLine], *, institution_id: int
) -> list[tuple[int, int]]:
    """Add charges to a visit; gives (id, line_no) of the lines asked for.

    All or none. Raises `NotFound`, `ChargeRepeated`, `ChargeDiffers` and what
    `catalogue.rules.check_amount` raises (quantity × price ≠ amount, no whole fen, too large).
    """
    numbers = [line.line_no for line in lines]
    for number in numbers:
        if numbers.count(number) > 1:
            raise ChargeRepeated(line_no=number)
    for line in lines:
        check_amount(line)
    find_visit(visit_id, institution_id=institution_id)
    columns = list(zip(*(_row(line) for line in lines), strict=True)) or [()] * 8
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_ADD_CHARGES, [visit_id, *(list(column) for column in columns)])
            added = cursor.rowcount
        known = list(Charge.objects.filter(visit_id=visit_id, line_no__in=numbers))
        if added != len(lines):
            _check_same(known, lines)
    return [(charge.pk, charge.line_no) for charge in known]


def _row(line: ChargeLine) -> tuple[object, ...]:
    return (
        line.line_no,
        line.local_code,
        line.national_code,
        line.name,
        line.quantity,
        line.unit_price_fen,
        line.amount_fen,
        line.occurred_at,
    )


def _check_same(known: list[Charge], lines: Sequence[ChargeLine]) -> None:
    by_number = {charge.line_no: charge for charge in known}
    for line in lines:
        charge = by_number[line.line_no]
        same = all(
            getattr(charge, name) == getattr(line, name)
            for name in (
                "local_code",
                "national_code",
                "name",
                "quantity",
                "unit_price_fen",
                "amount_fen",
                "occurred_at",
            )
        )
        if not same:
            raise ChargeDiffers(line_no=line.line_no)


def end_visit(visit_id: int, *, institution_id: int, ended_at: datetime) -> Visit:
    """Say when a visit ended; the same time again changes nothing.

    Raises `NotFound`, `EndsBeforeBeginning`, `VisitEnded` (it ended at another time).
    """
    with transaction.atomic():
        visit = (
            Visit.objects.select_for_update().filter(pk=visit_id, institution_id=institution_id)
        ).first()
        if visit is None:
            raise NotFound(what="visit")
        if visit.ended_at is not None and visit.ended_at != ended_at:
            raise VisitEnded
        if ended_at < visit.began_at:
            raise EndsBeforeBeginning
        if visit.ended_at is None:
            visit.ended_at = ended_at
            visit.save(update_fields=["ended_at"])
    return visit
