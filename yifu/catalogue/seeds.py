"""The catalogue that is shipped: a demonstration hospital's price list, diagnoses, published rules.

Made by `tools/make_seed.py`; where it comes from and what of it is invented: `seed/NOTICE.txt`.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

from yifu.catalogue.rules import Duplicate, Limit, RuleBook

UNCOVERED = "03"
"""丙类: basic insurance pays nothing of it (`chrgitm_lv`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedItem:
    """A line of the price list; `insurer_class` is 01 甲, 02 乙 or 03 丙 (`chrgitm_lv`)."""

    local_code: str
    national_code: str
    name: str
    kind: str
    unit: str
    price_fen: int
    charge_category: str
    insurer_class: str
    price_source: str


def items() -> tuple[SeedItem, ...]:
    """Read the price list, in the order of national codes."""
    return tuple(SeedItem(price_fen=int(row.pop("price_fen")), **row) for row in _rows("items.csv"))


def diagnoses() -> dict[str, str]:
    """Read the ICD-10 categories: name by code."""
    return {row["code"]: row["name"] for row in _rows("icd10.csv")}


@cache
def published_rules() -> RuleBook:
    """Read the published limits and duplicates, once a process."""
    return RuleBook.of(
        map(Limit.from_row, _rows("limits.csv")), map(Duplicate.from_row, _rows("duplicates.csv"))
    )


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = (resources.files("yifu.catalogue") / "seed" / name).read_text(encoding="utf-8")
    yield from csv.DictReader(io.StringIO(text, newline=""))
