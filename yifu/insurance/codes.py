"""The code tables of the national interface.

`codes.csv` (made by `tools/make_fields.py`) holds every code with its Chinese label.
"""

import csv
import io
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


def read_table(name: str) -> list[dict[str, str]]:
    """Read one of the shipped tables."""
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text, newline="")))


@cache
def codes() -> Mapping[str, Mapping[str, str]]:
    """Give the code tables in use: table, code, Chinese label."""
    tables: dict[str, dict[str, str]] = {}
    for row in read_table("codes.csv"):
        tables.setdefault(row["table"], {})[row["code"]] = row["label"]
    return tables
