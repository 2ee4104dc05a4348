"""Where the interface is not what its tables say: every known trap, and how it is read.

Answers are read forgivingly here and nowhere else; what we send follows the tables to the letter.
Pure: values in, values out. Each trap is named in the specification or seen in practice, and tested
by its name in `tests/insurance/test_traps.py`.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

Row = Mapping[str, Any]

ROWS = "data"
"""What the table calls the rows of an answer that has no node."""

CASH = ("psn_cash_pay", "pdn_cash_pay", "cash_payamt")
"""The patient's cash: 2206, 2207, 2303, 2304; misspelt in 2208; 5203."""

PERSONAL = ("psn_part_amt", "psn_pay")
"""The patient's whole share: in a settlement; in 5203."""

_SPELLINGS = (
    ("psn_no", "psn_No", "psnNo"),  # 100001 has the second, the 6xxx chapter the third
    ("dscg_time", "dscgTime"),  # 2303 and 2304 against 4101
    ("insuplc_admdvs", "insuplc_admvs", "insuplcAdmdvs"),
    ("mdtrtarea_admvs", "mdtrtarea_admdvs", "mdtrtareaAdmdvs"),
    ("insu_admdvs", "insu_admvs"),
    ("medins_admdvs", "medins_admvs", "medinsAdmdvs"),
    CASH,
    PERSONAL,
)
_ALL_SPELLINGS = {name: names for names in _SPELLINGS for name in names}
_DATE_CHARACTERS = 10
_YES, _NO = "0", "-1"


class NotRows(ValueError):
    """A node holds neither an object nor a list of objects."""


def spelt(row: Row, name: str) -> object:
    """Give a field under whichever of its known spellings it comes, its own first; else None.

    A spelling that is there but empty gives way to one that is filled.
    """
    if row.get(name) not in (None, ""):
        return row[name]
    others = (row.get(other) for other in _ALL_SPELLINGS.get(name, ()))
    return next((value for value in others if value not in (None, "")), row.get(name))


def rows(value: object) -> Sequence[Row]:
    """Give a node's rows: a list as it is, one object as a list of it, nothing as none.

    Raises `NotRows`.
    """
    found: list[Any] = value if isinstance(value, list) else [value]
    if value in (None, "", {}):
        return []
    if not all(isinstance(row, dict) for row in found):
        raise NotRows
    return found


def named(output: object) -> object:
    """Give an output that is rows without a node (1312, 1318, 1319, 4902) the node of the table."""
    if isinstance(output, list) and all(isinstance(row, dict) for row in output):
        return {ROWS: output}
    return {} if output in (None, "") else output


def verdict(infcode: object) -> bool | None:
    """Say what an `infcode` means: yes, no, or (None) neither.

    A number or a text, with or without spaces: 0 is yes, -1 is no. Not 0.0 and not 00: a system
    that writes those has not been seen, and "yes" would be a guess about money. Nor 1, which the
    specification's older example has for a success.
    """
    if isinstance(infcode, bool) or not isinstance(infcode, int | str):
        return None
    said = text(infcode)
    return True if said == _YES else False if said == _NO else None


def text(value: object) -> str:
    """Give a text without the spaces around it; null (`err_msg`, `inf_refmsgid`) is empty."""
    return "" if value is None else str(value).strip()


def number(value: object) -> object:
    """Give a number that came as text as the number it is; anything else as it is."""
    if isinstance(value, str) and value.isascii() and "_" not in value:
        try:
            return Decimal(value.strip())
        except InvalidOperation:
            return value
    return value


def day(value: object) -> object:
    """Give a date that came with a time of day without it."""
    if isinstance(value, str) and value[_DATE_CHARACTERS : _DATE_CHARACTERS + 1] in {" ", "T"}:
        return value[:_DATE_CHARACTERS]
    return value


def succeeded(output: Row) -> bool | None:
    """Read an answer that says `success` and `message`, or `flag`: 6302, 6401, 7108, 7109, 72xx.

    A boolean, or its name as text in any case. None where it says neither.
    """
    found: object = output.get(ROWS) if isinstance(output.get(ROWS), dict) else output
    row = found if isinstance(found, dict) else {}
    said = next((row[name] for name in ("success", "flag") if name in row), None)
    return {"true": True, "false": False}.get(text(said).lower())
