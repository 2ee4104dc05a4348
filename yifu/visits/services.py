"""Open visits, take charges, end visits. Repeating a report changes nothing."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import orjson
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum

from yifu import clock, rows
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

_OPEN = f"""
INSERT INTO visits_visit AS visit (institution_id, person_id, visit_no, kind, department_code,
                                   department_name, doctor_code, doctor_name, began_at,
                                   business_date, diagnoses, uninsured)
VALUES (%(institution)s, %(person_id)s, %(visit_no)s, %(kind)s, %(department_code)s,
        %(department_name)s, %(doctor_code)s, %(doctor_name)s, %(began_at)s, %(business_date)s,
        %(diagnoses)s::jsonb, false)
ON CONFLICT (institution_id, visit_no) DO NOTHING
RETURNING {rows.columns(Visit, "visit")}
"""  # noqa: S608 - the names of our own columns

# `IS TRUE` keeps the index of institutions out: a plan made while the tables are empty might take
# it, and go through all visits of the hospital ever after.
_THE_VISIT = "visit.id = %(visit)s AND (visit.institution_id = %(institution)s) IS TRUE"

_FACTS = (
    "local_code",
    "national_code",
    "name",
    "quantity",
    "unit_price_fen",
    "amount_fen",
    "occurred_at",
)
"""What a line reported again must repeat."""
_COLUMNS = f"line_no, {', '.join(_FACTS)}"
_LINES = """
unnest(%(line_no)s::int[], %(local_code)s::text[], %(national_code)s::text[], %(name)s::text[],
       %(quantity)s::numeric[], %(unit_price_fen)s::numeric[], %(amount_fen)s::bigint[],
       %(occurred_at)s::timestamptz[])
"""

# The usual report: every line is new. If one is known nothing is added, and `_ADD_UNKNOWN` decides.
# A statement does not see what it adds itself, so the sum is what the charges came to before.
_ADD = f"""
WITH visit AS (
    SELECT visit.id, before.fen, before.repeated
    FROM visits_visit visit, LATERAL (
        SELECT coalesce(sum(charge.amount_fen), 0) AS fen,
               coalesce(bool_or(charge.line_no = ANY(%(line_no)s::int[])), false) AS repeated
        FROM visits_charge charge WHERE charge.visit_id = visit.id
    ) before
    WHERE {_THE_VISIT}
), added AS (
    INSERT INTO visits_charge (visit_id, {_COLUMNS})
    SELECT visit.id, line.* FROM visit, {_LINES} AS line WHERE NOT visit.repeated
    RETURNING id, line_no
)
SELECT visit.fen, visit.repeated, added.id, added.line_no FROM visit LEFT JOIN added ON true
"""  # noqa: S608 - our own text

_ADD_UNKNOWN = f"""
INSERT INTO visits_charge (visit_id, {_COLUMNS})
SELECT %(visit)s, line.* FROM {_LINES} AS line
ON CONFLICT (visit_id, line_no) DO NOTHING
"""  # noqa: S608 - our own text

# With what the answer to the hospital and its bills' due time need.
_WITH_ENDED = f"""{rows.columns(Visit, "visit")}, area.scheme, encounter.insutype"""
_PLACES = """
institutions_institution institution
JOIN institutions_area area ON area.code = institution.area_id AND institution.id = %(institution)s
LEFT JOIN insurance_encounter encounter ON encounter.visit_id = %(visit)s
"""
_END = f"""
UPDATE visits_visit visit SET ended_at = %(ended)s FROM {_PLACES}
WHERE {_THE_VISIT} AND visit.ended_at IS NULL AND visit.began_at <= %(ended)s
RETURNING {_WITH_ENDED}
"""  # noqa: S608 - our own text

_FIND = f"SELECT {_WITH_ENDED} FROM visits_visit visit, {_PLACES} WHERE {_THE_VISIT}"  # noqa: S608 - the same


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
    diagnoses = orjson.dumps(fields["diagnoses"]).decode()
    row = rows.one(_OPEN, fields | {"institution": institution_id, "diagnoses": diagnoses})
    opened = None if row is None else rows.take(Visit, row)[0]
    if opened is not None:
        return opened, True
    known = Visit.objects.get(institution_id=institution_id, visit_no=asked.visit_no)
    if any(getattr(known, name) != value for name, value in fields.items()):
        raise VisitDiffers
    return known, False


@dataclass(frozen=True, slots=True)
class Added:
    """The charges asked for as (id, line_no), and what all of the visit's come to, in fen."""

    charges: tuple[tuple[int, int], ...]
    total_fen: int


def add_charges(visit_id: int, lines: Sequence[ChargeLine], *, institution_id: int) -> Added:
    """Add charges to a visit; a line reported again must be the same.

    All or none, in a transaction of its own. Raises `NotFound`, `ChargeRepeated`, `ChargeDiffers`
    and what `catalogue.rules.check_amount` raises (quantity × price ≠ amount, no whole fen, too
    large).
    """
    _check_numbers([line.line_no for line in lines])
    for line in lines:
        check_amount(line)
    parameters = _parameters(visit_id, lines)
    try:
        found = rows.run(_ADD, parameters | {"institution": institution_id})
    except IntegrityError:  # another report added one of the lines at the same instant
        return _add_unknown(visit_id, lines, parameters)
    if not found:
        raise NotFound(what="visit")
    before_fen, repeated = found[0][:2]
    if repeated:
        return _add_unknown(visit_id, lines, parameters)
    ids = {line_no: charge_id for *_, charge_id, line_no in found}
    return _added(ids, lines, int(before_fen) + sum(line.amount_fen for line in lines))


def _check_numbers(numbers: Sequence[int]) -> None:
    for number, times in Counter(numbers).items():
        if times > 1:
            raise ChargeRepeated(line_no=number)


def _parameters(visit_id: int, lines: Sequence[ChargeLine]) -> dict[str, Any]:
    """Give the lines as columns, in one order: two reports never wait for each other in a ring."""
    ordered = sorted(lines, key=lambda line: line.line_no)
    columns = {name: [getattr(line, name) for line in ordered] for name in _FACTS}
    return columns | {"visit": visit_id, "line_no": [line.line_no for line in ordered]}


def _add_unknown(visit_id: int, lines: Sequence[ChargeLine], parameters: dict[str, Any]) -> Added:
    """Add those of a visit's lines that are not known; the others must be the same."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_ADD_UNKNOWN, parameters)
        charges = Charge.objects.filter(visit_id=visit_id)
        known = {
            charge.line_no: charge for charge in charges.filter(line_no__in=parameters["line_no"])
        }
        for line in lines:
            charge = known[line.line_no]
            if any(getattr(charge, name) != getattr(line, name) for name in _FACTS):
                raise ChargeDiffers(line_no=line.line_no)
        total = charges.aggregate(fen=Sum("amount_fen"))["fen"]
    return _added({number: charge.pk for number, charge in known.items()}, lines, int(total or 0))


def _added(ids: Mapping[int, int], lines: Sequence[ChargeLine], total_fen: int) -> Added:
    return Added(tuple((ids[line.line_no], line.line_no) for line in lines), total_fen)


@dataclass(frozen=True, slots=True)
class Ended:
    """A visit that ended, and what follows from where it was."""

    visit: Visit
    scheme: str
    """The scheme of its area, by which its bills are due."""
    insutype: str | None
    """The insurance it is registered under; None: it is not registered."""


def end_visit(visit_id: int, *, institution_id: int, ended_at: datetime) -> Ended:
    """Say when a visit ended; the same time again changes nothing.

    Raises `NotFound`, `EndsBeforeBeginning`, `VisitEnded` (it ended at another time).
    """
    parameters: dict[str, Any] = {
        "visit": visit_id,
        "institution": institution_id,
        "ended": ended_at,
    }
    row = rows.one(_END, parameters) or rows.one(_FIND, parameters)
    visit, place = (None, 0) if row is None else rows.take(Visit, row)
    if row is None or visit is None:
        raise NotFound(what="visit")
    if visit.ended_at != ended_at:
        # It was not ended now: by another time before, or else by one that cannot be.
        raise EndsBeforeBeginning if visit.ended_at is None else VisitEnded
    visit.ended_at = ended_at  # the same instant, with the offset that was asked with
    return Ended(visit, scheme=row[place], insutype=row[place + 1])
