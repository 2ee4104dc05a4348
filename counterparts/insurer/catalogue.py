"""The insurer's catalogue: class, price cap and share borne first of each national code.

Read from ``data/catalogue.csv`` (columns ``national_code, class, selfpay_prop, price_cap_fen,
chrgitm_type`` and, if there is one, ``lmt_used_flag``); prices and shares in it are invented. A
code that is not there is class C: the patient bears all of it.
"""

from __future__ import annotations

import csv
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING

from counterparts.insurer.benefits import CLASS_A, CLASS_B, CLASS_C, Item

if TYPE_CHECKING:
    from collections.abc import Mapping

_ONE = Decimal(1)
SOURCE = Path(__file__).parent / "data" / "catalogue.csv"


def item_of(row: Mapping[str, str]) -> Item:
    """Return the item that a row describes.

    Raises ValueError if a value is impossible.
    """
    level = row.get("class", "")
    if level not in {CLASS_A, CLASS_B, CLASS_C}:
        raise ValueError(f"class: {level!r} is none of 01, 02, 03")
    try:
        share = Decimal(row.get("selfpay_prop") or "0")
    except InvalidOperation as error:
        raise ValueError("selfpay_prop: a number is wanted") from error
    cap = row.get("price_cap_fen") or None
    if not 0 <= share <= _ONE or (cap is not None and int(cap) < 0):
        raise ValueError("selfpay_prop lies between 0 and 1, price_cap_fen is not negative")
    return Item(
        chrgitm_lv=level,
        selfpay_prop=share if level == CLASS_B else Decimal(level == CLASS_C),
        price_cap_fen=None if cap is None else int(cap),
        chrgitm_type=row.get("chrgitm_type") or "14",
        lmt_used_flag=row.get("lmt_used_flag") or "0",
    )


def load_catalogue() -> dict[str, Item]:
    """Return the shipped catalogue by national code; empty if none is shipped.

    Raises ValueError for a row that is wrong.
    """
    if not SOURCE.is_file():
        return {}
    with SOURCE.open(encoding="utf-8", newline="") as file:
        return {row["national_code"]: item_of(row) for row in csv.DictReader(file)}
