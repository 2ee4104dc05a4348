"""What the insurer pays of a code, asked page by page (NHSA 1312, 1318, 1319), and 1304. Pure.

Each reader turns an answer's rows into rows to keep, in the order of its shelf's columns.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from yifu.catalogue import listing
from yifu.catalogue.listing import Shelf
from yifu.insurance.files import UnreadableFile

Row = Mapping[str, Any]
Kept = tuple[Any, ...]

SINCE_EVER: Final = "2000-01-01"
"""`updt_time` of who has nothing yet: before there was a national platform."""

_HUNDRED: Final = Decimal(100)
_DATE_CHARACTERS: Final = 10
_VALID: Final = "1"


@dataclass(frozen=True, slots=True)
class Pages:
    """A paged catalogue: where its rows are kept and how one is read."""

    shelf: Shelf
    read: Callable[[Row], Kept]


def read_page(pages: Pages, rows: Sequence[Row]) -> tuple[list[Kept], str]:
    """Read a page; gives its rows and the latest `updt_time` ("" for an empty page).

    Raises `UnreadableFile`, naming the row, for a value that cannot be, or a key that stands twice
    with different contents.
    """
    kept: dict[Kept, Kept] = {}
    keys = len(pages.shelf.key)
    latest = ""
    for place, row in enumerate(rows, start=1):
        try:
            one = pages.read(row)
        except (KeyError, ValueError, InvalidOperation) as error:
            raise UnreadableFile(f"row {place}: {error}") from error
        if kept.setdefault(one[:keys], one) != one:
            raise UnreadableFile(f"row {place}: {one[0]} stands twice")
        latest = max(latest, str(row["updt_time"])[:_DATE_CHARACTERS])
    return list(kept.values()), latest


def _period(row: Row) -> tuple[date, date | None, bool, date]:
    """Read when a row begins and ends, whether it is valid, and when it was changed."""
    begins, ends = _date(row, "begndate"), row.get("enddate")
    ends_on = _date(row, "enddate") if ends else None
    if ends_on is not None and ends_on < begins:
        raise ValueError("enddate before begndate")
    return begins, ends_on, row["vali_flag"] == _VALID, _date(row, "updt_time")


def _date(row: Row, name: str) -> date:
    try:
        return date.fromisoformat(str(row[name])[:_DATE_CHARACTERS])
    except ValueError:
        raise ValueError(f"{name} is no date") from None


def _number(row: Row, name: str, *, most: Decimal) -> Decimal:
    number = Decimal(str(row[name]))
    if not 0 <= number <= most:
        raise ValueError(f"{name} is out of range")
    return number


def _term(row: Row) -> Kept:
    begins, *until = _period(row)
    said = (row["hilist_name"], row["chrgitm_lv"], row["med_chrgitm_type"])
    return row["hilist_code"], begins, *until, *said, row["lmt_used_flag"] == "1", row["list_type"]


def _cap(row: Row) -> Kept:
    begins, *until = _period(row)
    cap_fen = _number(row, "hilist_pric_uplmt_amt", most=Decimal(10**12)) * _HUNDRED
    level = row["hilist_lmtpric_type"]
    return row["hilist_code"], begins, level, *until, cap_fen, row["overlmt_dspo_way"]


def _share(row: Row) -> Kept:
    begins, *until = _period(row)
    share = _number(row, "selfpay_prop", most=Decimal(1))
    key = row["hilist_code"], begins, row["selfpay_prop_psn_type"], row["selfpay_prop_type"]
    return *key, *until, share


def _ethnic(row: Row) -> Kept:
    """Read a drug of 1304; the others come as files."""
    name = row.get("drug_genname") or row.get("drug_prodname") or row["med_list_codg"]
    form, specification = row.get("dosform") or "", row.get("drug_spec") or ""
    unit = row.get("min_prcunt") or ""
    about = (name, form, specification, unit, "", "", False, row["vali_flag"] == _VALID, row["ver"])
    return "1304", row["med_list_codg"], *about


PAGED: Final[Mapping[str, Pages]] = {
    "1304": Pages(listing.ITEMS, _ethnic),
    "1312": Pages(listing.TERMS, _term),
    "1318": Pages(listing.CAPS, _cap),
    "1319": Pages(listing.SHARES, _share),
}
"""By transaction. 1316 and 1317 are asked for single codes (`mapping`)."""
