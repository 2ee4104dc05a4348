"""A hospital's own export, read row by row: CSV with a header, or JSON Lines; one charge a row.

Pure but for reading the bytes it is given. Nothing is dropped silently: every line that is not
blank becomes a `ChargeRow` or a `BadRow` with its number and reason. The columns, their other
names and the ways of writing values are documented in `docs/import-format.md`.

`read_export` streams rows, holding one line at a time; `group_visits` puts rows together again.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO

from yifu.catalogue.rules import ChargeLine
from yifu.visits import export_text
from yifu.visits.export_text import Bad, UnreadableExport
from yifu.visits.export_values import Coded, Values, read_values

_SHOWN_VISIT = 30

__all__ = [
    "BadRow",
    "BadVisit",
    "ChargeRow",
    "Coded",
    "Export",
    "ExportedVisit",
    "UnreadableExport",
    "group_visits",
    "parse_export",
    "read_export",
    "read_visits",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeRow:
    """A good row. Money is fen; `unit_price_fen` may have four decimals; times are China's."""

    line: int
    visit: str
    person: str
    person_name: str
    phone: str
    diagnoses: tuple[Coded, ...]
    department: Coded
    doctor: Coded
    national_code: str
    local_code: str
    name: str
    quantity: Decimal
    unit_price_fen: Decimal
    amount_fen: int
    occurred_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BadRow:
    """A row that cannot be used: its line in the file and why; `visit` where it could be read."""

    line: int
    code: str
    zh: str
    en: str
    visit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedVisit:
    """The good rows of one visit, charges numbered from 1 in the file's order."""

    visit_no: str
    person: str
    person_name: str
    phone: str
    diagnoses: tuple[Coded, ...]
    department: Coded
    doctor: Coded
    began_at: datetime
    ended_at: datetime
    charges: tuple[ChargeLine, ...]
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BadVisit:
    """A visit whose rows contradict each other: none of them can be used."""

    visit: str
    lines: tuple[int, ...]
    code: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Export:
    """All that a file holds: visits by the time they began, bad rows and bad visits by line."""

    visits: tuple[ExportedVisit, ...]
    bad_rows: tuple[BadRow, ...]
    bad_visits: tuple[BadVisit, ...]


def read_export(path: Path) -> Iterator[ChargeRow | BadRow]:
    """Stream the rows of a file; memory does not grow with it.

    Raises `UnreadableExport` (no rows at all, no header that names the needed columns, UTF-16).
    """
    with path.open("rb") as file:
        yield from parse_export(file)


def parse_export(file: BinaryIO) -> Iterator[ChargeRow | BadRow]:
    """Stream the rows of an open file; encoding, delimiter and form are found out from its start.

    Raises `UnreadableExport`.
    """
    for line, cells in export_text.rows(file):
        if isinstance(cells, Bad):
            yield _bad_row(line, cells)
            continue
        values = read_values(cells, line=line)
        if isinstance(values, Bad):
            yield _bad_row(line, values, visit=cells.get("visit", "").strip()[:_SHOWN_VISIT])
        else:
            yield _charge_row(line, values)


def read_visits(path: Path) -> Export:
    """Read a whole file and group it; raises `UnreadableExport`."""
    good: list[ChargeRow] = []
    bad: list[BadRow] = []
    for row in read_export(path):
        if isinstance(row, ChargeRow):
            good.append(row)
        else:
            bad.append(row)
    visits, bad_visits = group_visits(good)
    return Export(visits, tuple(bad), bad_visits)


def group_visits(
    rows: Iterable[ChargeRow],
) -> tuple[tuple[ExportedVisit, ...], tuple[BadVisit, ...]]:
    """Put the rows of each visit together, wherever they stand in the file.

    A visit is one person's, in one department, with one doctor and one list of diagnoses; rows
    that disagree make it a `BadVisit`. An optional name or phone may be missing in some rows.
    """
    by_visit: dict[str, list[ChargeRow]] = {}
    for row in rows:
        by_visit.setdefault(row.visit, []).append(row)
    good: list[ExportedVisit] = []
    bad: list[BadVisit] = []
    for number, group in by_visit.items():
        column = _disagreement(group)
        if column:
            bad.append(_bad_visit(number, group, column))
        else:
            good.append(_visit(number, group))
    good.sort(key=lambda visit: (visit.began_at, visit.visit_no))
    return tuple(good), tuple(bad)


_MUST_AGREE = ("person", "diagnoses", "department", "doctor")
_MUST_AGREE_WHERE_GIVEN = ("person_name", "phone")
_COLUMN_NAMES = {
    "person": ("患者", "person"),
    "diagnoses": ("诊断", "diagnosis"),
    "department": ("科室", "department"),
    "doctor": ("医生", "doctor"),
    "person_name": ("姓名", "person_name"),
    "phone": ("电话", "phone"),
}


def _disagreement(group: list[ChargeRow]) -> str:
    """Name the first column in which the rows of a visit differ; empty when there is none."""
    for name in _MUST_AGREE:
        if len({getattr(row, name) for row in group}) > 1:
            return name
    for name in _MUST_AGREE_WHERE_GIVEN:
        if len({getattr(row, name) for row in group} - {""}) > 1:
            return name
    return ""


def _bad_visit(number: str, group: list[ChargeRow], column: str) -> BadVisit:
    zh, en = _COLUMN_NAMES[column]
    return BadVisit(
        visit=number,
        lines=tuple(row.line for row in group),
        code="rows_disagree",
        zh=f"就诊 {number} 各行的{zh}不一致",
        en=f"The rows of visit {number} disagree about the {en}",
    )


def _visit(number: str, group: list[ChargeRow]) -> ExportedVisit:
    first = group[0]
    times = [row.occurred_at for row in group]
    return ExportedVisit(
        visit_no=number,
        person=first.person,
        person_name=max(row.person_name for row in group),
        phone=max(row.phone for row in group),
        diagnoses=first.diagnoses,
        department=first.department,
        doctor=first.doctor,
        began_at=min(times),
        ended_at=max(times),
        charges=tuple(_charge(place, row) for place, row in enumerate(group, start=1)),
        lines=tuple(row.line for row in group),
    )


def _charge(line_no: int, row: ChargeRow) -> ChargeLine:
    return ChargeLine(
        line_no=line_no,
        local_code=row.local_code,
        national_code=row.national_code,
        name=row.name,
        quantity=row.quantity,
        unit_price_fen=row.unit_price_fen,
        amount_fen=row.amount_fen,
        occurred_at=row.occurred_at,
    )


def _bad_row(line: int, bad: Bad, *, visit: str = "") -> BadRow:
    return BadRow(line=line, code=bad.code, zh=bad.zh, en=bad.en, visit=visit)


def _charge_row(line: int, values: Values) -> ChargeRow:
    charge = values.charge
    return ChargeRow(
        line=line,
        visit=values.visit,
        person=values.person,
        person_name=values.person_name,
        phone=values.phone,
        diagnoses=values.diagnoses,
        department=values.department,
        doctor=values.doctor,
        national_code=charge.national_code,
        local_code=charge.local_code,
        name=charge.name,
        quantity=charge.quantity,
        unit_price_fen=charge.unit_price_fen,
        amount_fen=charge.amount_fen,
        occurred_at=charge.occurred_at,
    )
