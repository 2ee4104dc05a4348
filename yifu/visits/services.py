"""Open visits, take charges, end visits. Repeating a report changes nothing."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

import orjson
from django.db import IntegrityError, transaction

from yifu import clock, rows
from yifu.catalogue.rules import ChargeLine, check_amount
from yifu.errors import NotFound
from yifu.visits import adding, charge_offs
from yifu.visits.errors import (
    ChargeRepeated,
    EndsBeforeBeginning,
    NotAStay,
    StayNeedsDischarge,
    VisitDiffers,
    VisitEnded,
)
from yifu.visits.models import Stay, Visit, VisitKind

_OPEN = f"""
INSERT INTO visits_visit AS visit (institution_id, person_id, visit_no, kind, department_code,
                                   department_name, doctor_code, doctor_name, began_at,
                                   business_date, diagnoses, uninsured, med_type, disease_code,
                                   disease_name, insured_area)
VALUES (%(institution)s, %(person_id)s, %(visit_no)s, %(kind)s, %(department_code)s,
        %(department_name)s, %(doctor_code)s, %(doctor_name)s, %(began_at)s, %(business_date)s,
        %(diagnoses)s::jsonb, false, %(med_type)s, %(disease_code)s, %(disease_name)s,
        %(insured_area)s)
ON CONFLICT (institution_id, visit_no) DO NOTHING
RETURNING {rows.columns(Visit, "visit")}
"""  # noqa: S608 - the names of our own columns

# `IS TRUE` keeps the index of institutions out: a plan made while the tables are empty might take
# it, and go through all visits of the hospital ever after.
_THE_VISIT = "visit.id = %(visit)s AND (visit.institution_id = %(institution)s) IS TRUE"

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
    INSERT INTO visits_charge (visit_id, {adding.COLUMNS})
    SELECT visit.id, line.* FROM visit, {adding.LINES} AS line WHERE NOT visit.repeated
    RETURNING id, line_no
)
SELECT visit.fen, visit.repeated, added.id, added.line_no FROM visit LEFT JOIN added ON true
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
      AND (visit.kind = 'inpatient') = %(stay)s
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
    med_type: str = ""
    disease_code: str = ""
    disease_name: str = ""
    insured_area: str = ""


@dataclass(frozen=True, slots=True)
class Admission:
    """What an admission (入院) tells besides the visit."""

    bed: str
    note: str


@dataclass(frozen=True, slots=True)
class Discharge:
    """How a stay ended: `way` is a `dscg_way` code; what is empty is as it was at admission."""

    way: str
    department_code: str = ""
    department_name: str = ""
    bed: str = ""
    diagnoses: tuple[tuple[str, str], ...] = ()
    died_on: date | None = None


def open_visit(asked: NewVisit, *, institution_id: int) -> tuple[Visit, bool]:
    """Write a visit down; gives it and whether it is new. Raises `VisitDiffers`."""
    fields = asdict(asked) | {
        "diagnoses": _coded(asked.diagnoses),
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


def admit(asked: NewVisit, admission: Admission, *, institution_id: int) -> tuple[Visit, bool]:
    """Write an admission down, as `open_visit` does a visit. Raises `VisitDiffers`."""
    told = {"bed": admission.bed, "admission_note": admission.note}
    with transaction.atomic():
        visit, created = open_visit(asked, institution_id=institution_id)
        stay, _ = Stay.objects.get_or_create(visit=visit, defaults=told)
    if any(getattr(stay, name) != value for name, value in told.items()):
        raise VisitDiffers
    return visit, created


def _coded(diagnoses: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"code": code, "name": name} for code, name in diagnoses]


def add_charges(visit_id: int, lines: Sequence[ChargeLine], *, institution_id: int) -> adding.Added:
    """Add charges to a visit; a line reported again must be the same.

    All or none, in a transaction of its own. Raises `NotFound`, `ChargeRepeated`, `ChargeDiffers`
    and what `catalogue.rules.check_amount` raises (quantity × price ≠ amount, no whole fen, too
    large); for charge-offs `NothingToChargeOff`, `ChargeOffTooLarge`.
    """
    _check_numbers([line.line_no for line in lines])
    for line in lines:
        check_amount(line)
    if any(line.corrects_line_no is not None for line in lines):
        return charge_offs.add(visit_id, lines, institution_id=institution_id)
    parameters = adding.parameters_of(visit_id, lines)
    try:
        found = rows.run(_ADD, parameters | {"institution": institution_id})
    except IntegrityError:  # another report added one of the lines at the same instant
        return adding.add_unknown(visit_id, lines, parameters)
    if not found:
        raise NotFound(what="visit")
    before_fen, repeated = found[0][:2]
    if repeated:
        return adding.add_unknown(visit_id, lines, parameters)
    ids = {line_no: charge_id for *_, charge_id, line_no in found}
    return adding.added(ids, lines, int(before_fen) + sum(line.amount_fen for line in lines))


def _check_numbers(numbers: Sequence[int]) -> None:
    for number, times in Counter(numbers).items():
        if times > 1:
            raise ChargeRepeated(line_no=number)


@dataclass(frozen=True, slots=True)
class Ended:
    """A visit that ended, and what follows from where it was."""

    visit: Visit
    scheme: str
    """The scheme of its area, by which its bills are due."""
    insutype: str | None
    """The insurance it is registered under; None: it is not registered."""


def discharge(visit_id: int, how: Discharge, *, institution_id: int, ended_at: datetime) -> Ended:
    """Say when and how a stay ended; the same again changes nothing.

    Raises as `end_visit` does, `NotAStay` for a visit that is none, and `VisitDiffers` for
    another discharge than the one known.
    """
    with transaction.atomic():
        stay = Stay.objects.select_for_update().select_related("visit").filter(visit=visit_id)
        known = stay.filter(visit__institution=institution_id).first()
        if known is None:
            raise NotAStay
        ended = _end(visit_id, institution_id, ended_at, stay=True)
        visit = known.visit
        told = {
            "discharge_way": how.way,
            "discharge_department_code": how.department_code or visit.department_code,
            "discharge_department_name": how.department_name or visit.department_name,
            "discharge_bed": how.bed or known.bed,
            "discharge_diagnoses": _coded(how.diagnoses) or visit.diagnoses,
            "died_on": how.died_on,
        }
        if known.discharge_way and any(getattr(known, name) != told[name] for name in told):
            raise VisitDiffers
        Stay.objects.filter(pk=known.pk).update(**told)
    return ended


def undo_discharge(visit_id: int, *, institution_id: int) -> None:
    """Let a stay go on that was ended by mistake, or whose charges must be put right."""
    with transaction.atomic():
        Visit.objects.filter(pk=visit_id, institution=institution_id).update(ended_at=None)
        Stay.objects.filter(visit=visit_id).update(discharge_way="")


def end_visit(visit_id: int, *, institution_id: int, ended_at: datetime) -> Ended:
    """Say when a visit ended; the same time again changes nothing.

    Raises `NotFound`, `EndsBeforeBeginning`, `VisitEnded` (it ended at another time), and
    `StayNeedsDischarge` for a stay, which `discharge` ends.
    """
    return _end(visit_id, institution_id, ended_at, stay=False)


def _end(visit_id: int, institution_id: int, ended_at: datetime, *, stay: bool) -> Ended:
    parameters: dict[str, Any] = {
        "visit": visit_id,
        "institution": institution_id,
        "ended": ended_at,
        "stay": stay,
    }
    row = rows.one(_END, parameters) or rows.one(_FIND, parameters)
    visit, place = (None, 0) if row is None else rows.take(Visit, row)
    if row is None or visit is None:
        raise NotFound(what="visit")
    if visit.kind == VisitKind.INPATIENT and not stay:
        raise StayNeedsDischarge
    if (visit.kind == VisitKind.INPATIENT) is not stay:
        raise StayNeedsDischarge
    if visit.ended_at != ended_at:
        # It was not ended now: by another time before, or else by one that cannot be.
        raise EndsBeforeBeginning if visit.ended_at is None else VisitEnded
    visit.ended_at = ended_at  # the same instant, with the offset that was asked with
    return Ended(visit, scheme=row[place], insutype=row[place + 1])
