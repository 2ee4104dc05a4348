"""Make the types of all transactions from the shipped field table.

    python tools/make_types.py

It writes `yifu/insurance/transactions/t11.py`, `t12.py` … : for every transaction the TypedDicts of
its input and its output, a class for each node, and the pair of them, by the first two digits of
the numbers. Two runs write the same bytes.
"""

import csv
import keyword
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

Row = dict[str, str]

ROOT = Path(__file__).parent.parent
TABLE = ROOT / "yifu" / "insurance" / "fields.csv"
TARGET = ROOT / "yifu" / "insurance" / "transactions"
FILE_NODE, ENVELOPE = "(file)", "*"
SIDES = {"in": "Input", "out": "Output"}
TYPES = {
    "s": "str",
    "n": "Number",
    "g": "Digits",
    "d": "str",
    "t": "str",
    "b": "bool",
    "x": "bytes",
    "a": "list[str]",
    "m": "Free",
}
"""By the kinds of the field table; `o` and `l` are the class of the node they hold."""

HEAD = '''"""Transactions {chapter}xx as types. Written by `tools/make_types.py`; do not edit."""

from typing import {kinds}

from yifu.insurance.transactions.pair import {names}
'''


def read() -> list[Row]:
    """Read the field table, the envelope and the columns of text files left out."""
    with TABLE.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return [row for row in rows if row["infno"] != ENVELOPE and row["node"] != FILE_NODE]


def class_of(row: Row, node: str) -> str:
    """Name the class of a node; that of the node "" is the message's."""
    words = (word for word in re.split(r"\W|_", node) if word)
    return SIDES[row["direction"]] + row["infno"] + "".join(w[0].upper() + w[1:] for w in words)


def type_of(row: Row) -> str:
    """Give a field's type as Python writes it."""
    if row["child"]:
        held = class_of(row, row["child"])
        return held if row["kind"] == "o" else f"list[{held}]"
    return TYPES[row["kind"]]


def member(name: str, type_: str, *, needed: bool, label: str) -> tuple[str, str, str]:
    """Give a member of a class: name, type and remark."""
    return name, type_ if needed else f"NotRequired[{type_}]", label


def typed(name: str, remark: str, members: Iterable[tuple[str, str, str]]) -> Iterator[str]:
    """Write one TypedDict; one that has a word of the language among its fields as a call."""
    listed = list(members)
    if any(keyword.iskeyword(field) for field, _, _ in listed):
        yield f'\n\n{name} = TypedDict(\n    "{name}",\n    {{'
        yield from (f'        "{field}": {type_},  # {label}' for field, type_, label in listed)
        yield "    },\n)"
        return
    yield f'\n\nclass {name}(TypedDict):\n    """{remark}."""\n'
    yield from (f"    {field}: {type_}  # {label}".rstrip(" #") for field, type_, label in listed)


def node_class(rows: list[Row]) -> Iterator[str]:
    """Write the class of a node."""
    first = rows[0]
    name = class_of(first, first["node"])
    remark = (
        f"{first['infno']} {first['transaction']}: {first['node'] or SIDES[first['direction']]}"
    )
    fields = (
        member(row["field"], type_of(row), needed=row["required"] == "Y", label=row["label"])
        for row in rows
    )
    yield from typed(name, remark, fields)


def message_class(infno: str, title: str, direction: str, nodes: list[list[Row]]) -> Iterator[str]:
    """Write the class of a whole message, after those of its nodes, the innermost first."""
    held = {row["child"] for rows in nodes for row in rows if row["child"]}
    for rows in sorted(nodes, key=lambda rows: -depth(rows[0]["node"], nodes)):
        yield from node_class(rows)
    outer = [rows for rows in nodes if rows[0]["node"] not in held]
    if [rows[0]["node"] for rows in outer] == [""]:
        return
    members = (outer_member(rows) for rows in outer)
    name = SIDES[direction] + infno
    yield from typed(name, f"{infno} {title}: {name if outer else 'nothing'}", members)


def depth(node: str, nodes: list[list[Row]]) -> int:
    """Tell how deep a node lies in its message."""
    holders = [rows[0]["node"] for rows in nodes if any(row["child"] == node for row in rows)]
    return 1 + depth(holders[0], nodes) if holders and node else 0


def outer_member(rows: list[Row]) -> tuple[str, str, str]:
    """Give a node as a member of its message."""
    first = rows[0]
    name = class_of(first, first["node"])
    asked = first["direction"] == "in" or any(row["required"] == "Y" for row in rows)
    needed = asked and not first["shape"].endswith("?")
    many = first["shape"].startswith("list")
    return member(first["node"], f"list[{name}]" if many else name, needed=needed, label="")


def transaction(infno: str, rows: list[Row]) -> Iterator[str]:
    """Write both messages of a transaction and their pair."""
    title = rows[0]["transaction"]
    for direction in SIDES:
        named: dict[str, list[Row]] = {}
        for row in rows:
            if row["direction"] == direction:
                named.setdefault(row["node"], []).append(row)
        yield from message_class(infno, title, direction, list(named.values()))
    sides = ", ".join(side + infno for side in SIDES.values())
    yield f'\n\nT{infno}: Pair[{sides}] = Pair("{infno}")\n"""{infno} {title}."""'


def module(chapter: str, rows: list[Row]) -> str:
    """Write the module of a chapter."""
    parts: list[str] = []
    for infno, of_one in groupby(rows, key=lambda row: row["infno"]):
        parts += transaction(infno, list(of_one))
    body = "\n".join(parts) + "\n"
    used = [
        name for name in ("Digits", "Free", "Number", "Pair") if re.search(rf"\b{name}\b", body)
    ]
    kinds = ["NotRequired"] * ("NotRequired" in body) + ["TypedDict"]
    return HEAD.format(chapter=chapter, kinds=", ".join(kinds), names=", ".join(used)) + body


def modules() -> dict[str, str]:
    """Write all modules, by the name of their file."""
    rows = sorted(read(), key=lambda row: row["infno"])
    chapters = groupby(rows, key=lambda row: row["infno"][:2])
    return {f"t{chapter}.py": module(chapter, list(of_one)) for chapter, of_one in chapters}


def main() -> None:
    """Write the modules, formatted as the house formats."""
    written = modules()
    for name, text in written.items():
        (TARGET / name).write_text(text, encoding="utf-8")
    paths = [str(TARGET / name) for name in written]
    for command in (["format"], ["check", "--select", "I", "--fix"]):
        ruff = [sys.executable, "-m", "ruff", *command, "--quiet", *paths]
        subprocess.run(ruff, check=True)  # noqa: S603 - our own files
    print(f"{len(written)} modules")


if __name__ == "__main__":
    main()
