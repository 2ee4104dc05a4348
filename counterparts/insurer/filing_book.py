"""The filings (备案) that the insurer keeps: statements of ``schema/filings.sql``."""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from datetime import date

    from counterparts.insurer.books import Books

OPEN_END = "9999-12-31"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """One filing. ``code`` is what it is about: hospital (2501), disease (2503), type (2505)."""

    trt_dcla_detl_sn: str
    kind: str
    psn_no: str
    fixmedins_code: str
    code: str
    begndate: str
    enddate: str
    content: str
    filed_at: str
    opter: str
    opter_name: str
    cancelled: int = 0

    @property
    def filed(self) -> dict[str, Any]:
        """Return what was filed, as it came."""
        content: dict[str, Any] = orjson.loads(self.content)
        return content


_COLUMNS = ", ".join(field.name for field in fields(Filing))
_MARKS = ", ".join("?" for _ in fields(Filing))
_SELECT = f"SELECT {_COLUMNS} FROM filings"  # noqa: S608 - names from the class above
_INSERT = f"INSERT INTO filings ({_COLUMNS}) VALUES ({_MARKS})"  # noqa: S608
_IN_FORCE = f"{_SELECT} WHERE psn_no = ? AND cancelled = 0 AND begndate <= ? AND enddate >= ?"
_OF_PERSON = f"{_SELECT} WHERE psn_no = ? AND kind = ? AND cancelled = 0 ORDER BY trt_dcla_detl_sn"


def _filings(rows: list[tuple[Any, ...]]) -> list[Filing]:
    names = [field.name for field in fields(Filing)]
    return [Filing(**dict(zip(names, row, strict=True))) for row in rows]


def add(books: Books, filing: Filing) -> None:
    """Write a filing."""
    books.db.execute(_INSERT, astuple(filing))


def cancel(books: Books, trt_dcla_detl_sn: str) -> None:
    """Take a filing back."""
    query = "UPDATE filings SET cancelled = 1 WHERE trt_dcla_detl_sn = ?"
    books.db.execute(query, (trt_dcla_detl_sn,))


def by_number(books: Books, trt_dcla_detl_sn: str) -> Filing | None:
    """Return a filing by its number, cancelled or not."""
    rows = books.db.execute(f"{_SELECT} WHERE trt_dcla_detl_sn = ?", (trt_dcla_detl_sn,)).fetchall()
    return next(iter(_filings(rows)), None)


def in_force(books: Books, psn_no: str, day: date) -> list[Filing]:
    """Return the filings of a person that hold on ``day``."""
    iso = day.isoformat()
    return _filings(books.db.execute(_IN_FORCE, (psn_no, iso, iso)).fetchall())


def of_person(books: Books, psn_no: str, kind: str) -> list[Filing]:
    """Return all filings of one kind that were not taken back, oldest first."""
    return _filings(books.db.execute(_OF_PERSON, (psn_no, kind)).fetchall())


def counts(books: Books) -> list[tuple[str, int, int]]:
    """Return (kind, in the books, taken back) of every kind of filing."""
    query = (
        "SELECT kind, count(*) FILTER (WHERE cancelled = 0), count(*) FILTER (WHERE cancelled = 1)"
        " FROM filings GROUP BY kind ORDER BY kind"
    )
    return books.db.execute(query).fetchall()
