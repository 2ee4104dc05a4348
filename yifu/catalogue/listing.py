"""Keep what the insurer gives out of its catalogues: items, classes, price caps, shares.

A file or a page is stored whole, with the cursor that says so, in one transaction: copied into a
table of that transaction's own and put in place by one statement over the set. What is stored again
changes nothing.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple

from django.db import connection, transaction

from yifu.catalogue.errors import CatalogueMoved
from yifu.catalogue.models import Cursor, NationalItem, PriceCap, SelfPay, Term


@dataclass(frozen=True, slots=True)
class Shelf:
    """A table of the insurer's: what identifies a row within an area, and what a row says."""

    table: str
    key: tuple[str, ...]
    values: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of a row, in the order in which rows are stored."""
        return self.key + self.values


_VALID_UNTIL: Final = ("ends_on", "valid", "updated_on")
ITEMS: Final = Shelf(
    NationalItem._meta.db_table,  # noqa: SLF001 - Django documents `_meta`
    ("infno", "code"),
    (
        *("name", "dosage_form", "specification", "unit", "maker", "limit_scope", "limited"),
        *("valid", "version"),
    ),
)
TERMS: Final = Shelf(
    Term._meta.db_table,  # noqa: SLF001 - the same
    ("code", "begins_on"),
    (*_VALID_UNTIL, "name", "insurer_class", "charge_category", "limited", "list_type"),
)
CAPS: Final = Shelf(
    PriceCap._meta.db_table,  # noqa: SLF001 - the same
    ("code", "begins_on", "level"),
    (*_VALID_UNTIL, "cap_fen", "over_way"),
)
SHARES: Final = Shelf(
    SelfPay._meta.db_table,  # noqa: SLF001 - the same
    ("code", "begins_on", "persons", "kind"),
    (*_VALID_UNTIL, "share"),
)


class Place(NamedTuple):
    """How far a catalogue has been fetched; see `models.Cursor`."""

    version: str = ""
    page: int = 1
    latest: str = ""


def place_of(area: str, infno: str) -> Place:
    """Tell how far a catalogue has been fetched; the beginning when it never was."""
    found = Cursor.objects.filter(area=area, infno=infno).first()
    return Place() if found is None else Place(found.version, found.page, found.latest)


def store(
    shelf: Shelf,
    rows: Iterable[Sequence[Any]],
    *,
    area: str,
    infno: str,
    before: Place,
    after: Callable[[], Place],
    now: datetime,
) -> int:
    """Store rows and move the cursor, in one transaction; gives how many rows were read.

    Rows have the shelf's columns; a key that stands in them twice must have been refused before.
    `after` is asked when all rows have been read. Nothing stays when reading fails. Raises
    `CatalogueMoved` when the cursor is no longer `before`: somebody else fetches too.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        _hold(cursor, area, infno, before, now)
        columns = ", ".join(shelf.columns)
        cursor.execute(f"CREATE TEMP TABLE incoming (LIKE {shelf.table}) ON COMMIT DROP")
        for column in ("id", "area_id"):
            cursor.execute(f"ALTER TABLE incoming DROP COLUMN {column}")
        read = _copy(cursor, f"COPY incoming ({columns}) FROM STDIN", rows)
        cursor.execute(_put_in_place(shelf), {"area": area})
        place = after()
        cursor.execute(
            _MOVE,
            {**place._asdict(), "area": area, "infno": infno, "rows": read, "now": now},
        )
        cursor.execute("DROP TABLE incoming")
    return read


def note_complete(*, area: str, infno: str, after: Place, now: datetime) -> None:
    """Note that the insurer has nothing new of a catalogue."""
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN, {"area": area, "infno": infno, "now": now})
        cursor.execute(_COMPLETE, {**after._asdict(), "area": area, "infno": infno, "now": now})


_BEGIN = """
INSERT INTO catalogue_cursor (area_id, infno, version, page, latest, rows, fetched_at)
VALUES (%(area)s, %(infno)s, '', 1, '', 0, %(now)s)
ON CONFLICT (area_id, infno) DO NOTHING
"""
_LOCK = """
SELECT version, page, latest FROM catalogue_cursor
WHERE area_id = %(area)s AND infno = %(infno)s FOR UPDATE
"""
_MOVE = """
UPDATE catalogue_cursor SET version = %(version)s, page = %(page)s, latest = %(latest)s,
       rows = rows + %(rows)s, fetched_at = %(now)s
WHERE area_id = %(area)s AND infno = %(infno)s
"""
_COMPLETE = """
UPDATE catalogue_cursor SET version = %(version)s, page = %(page)s, latest = %(latest)s,
       complete_at = %(now)s
WHERE area_id = %(area)s AND infno = %(infno)s
"""


def _hold(cursor: Any, area: str, infno: str, before: Place, now: datetime) -> None:  # noqa: ANN401 - Django's cursor wrapper has no public type
    """Lock the cursor, made if need be, and check that it is where it was."""
    cursor.execute(_BEGIN, {"area": area, "infno": infno, "now": now})
    cursor.execute(_LOCK, {"area": area, "infno": infno})
    if cursor.fetchone() != before:
        raise CatalogueMoved(infno=infno)


def _copy(cursor: Any, statement: str, rows: Iterable[Sequence[Any]]) -> int:  # noqa: ANN401 - the same
    count = 0
    with cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
            count += 1
    return count


def _put_in_place(shelf: Shelf) -> str:
    """Write the statement that adds or renews rows; rows that say the same stay untouched."""
    names = ", ".join(shelf.columns)
    renewed = ", ".join(f"{name} = excluded.{name}" for name in shelf.values)
    known, said = (
        ", ".join(f"{table}.{name}" for name in shelf.values) for table in ("known", "excluded")
    )
    return f"""
        INSERT INTO {shelf.table} AS known (area_id, {names})
        SELECT %(area)s, {names} FROM incoming
        ON CONFLICT (area_id, {", ".join(shelf.key)}) DO UPDATE SET {renewed}
        WHERE ({known}) IS DISTINCT FROM ({said})
    """  # noqa: S608 - names from this module


@dataclass(frozen=True, slots=True)
class Coverage:
    """What an insurer says of a code on a day; None where it says nothing.

    `insurer_class` is `chrgitm_lv` (01 甲, 02 乙, 03 丙), `share` what the patient bears first.
    """

    code: str
    name: str
    insurer_class: str | None
    limited: bool
    cap_fen: Decimal | None
    share: Decimal | None


_COVERAGE = """
SELECT wanted.code, coalesce(term.name, item.name, ''), term.insurer_class,
       coalesce(term.limited, item.limited, false), cap.cap_fen, selfpay.share
FROM unnest(%(codes)s::text[]) WITH ORDINALITY AS wanted (code, place)
LEFT JOIN LATERAL (
    SELECT name, limited FROM catalogue_nationalitem
    WHERE area_id = %(area)s AND code = wanted.code AND valid ORDER BY infno LIMIT 1
) item ON true
LEFT JOIN LATERAL (
    SELECT name, insurer_class, limited FROM catalogue_term
    WHERE area_id = %(area)s AND code = wanted.code AND {in_force}
    ORDER BY begins_on DESC LIMIT 1
) term ON true
LEFT JOIN LATERAL (
    SELECT cap_fen FROM catalogue_pricecap
    WHERE area_id = %(area)s AND code = wanted.code AND level = %(level)s AND {in_force}
    ORDER BY begins_on DESC LIMIT 1
) cap ON true
LEFT JOIN LATERAL (
    SELECT share FROM catalogue_selfpay
    WHERE area_id = %(area)s AND code = wanted.code AND persons = %(persons)s
      AND kind = '10' AND {in_force}
    ORDER BY begins_on DESC LIMIT 1
) selfpay ON true
ORDER BY wanted.place
""".replace(
    "{in_force}",
    "valid AND begins_on <= %(on)s AND (ends_on IS NULL OR ends_on >= %(on)s)",
)

_LEVELS: Final = {
    **dict.fromkeys(("1", "2", "3", "4", "12"), "3"),
    **dict.fromkeys(("5", "6", "7", "13"), "2"),
}
"""`hosp_lv` to `hilist_lmtpric_type`; what is neither of level 3 nor 2 is limited as level 1."""


def coverage(
    codes: Sequence[str], *, area: str, hospital_level: str, insutype: str, on: date
) -> list[Coverage]:
    """Tell class, cap and share of national codes on a day, in the order asked (P3.3).

    `hospital_level` is the institution's `hosp_lv`, `insutype` the person's insurance.
    """
    about: dict[str, Any] = {
        "codes": list(codes),
        "area": area,
        "level": _LEVELS.get(hospital_level, "1"),
        "persons": insutype,
        "on": on,
    }
    with connection.cursor() as cursor:
        cursor.execute(_COVERAGE, about)
        return [Coverage(*row) for row in cursor.fetchall()]
