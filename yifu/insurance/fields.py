"""The field table of the national interface, and what it says about one message.

`fields.csv`, `codes.csv` and `conditions.csv` (made by `tools/make_fields.py`) hold every field of
all transactions: node, name, kind, length, whether required, or when, code table. A message is
checked against them before it is sent and after it is received, so that a wrong field is named by
its place (`feedetail[3].cnt`) instead of coming back as an insurer's stack trace.
"""

import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from yifu.insurance.codes import codes, read_table
from yifu.insurance.traps import ROWS
from yifu.insurance.values import (
    CHINA,
    LARGEST_INT,
    Direction,
    Field,
    digits_around_point,
    fault,
    read_date,
    read_time,
    write_time,
)

__all__ = [
    "ANY",
    "CHINA",
    "ENVELOPE",
    "FILE_NODE",
    "ROWS",
    "Condition",
    "Direction",
    "Field",
    "Message",
    "Node",
    "Transaction",
    "UnknownTransaction",
    "Violation",
    "check",
    "check_row",
    "codes",
    "explanation",
    "file_columns",
    "layout",
    "naming_a_person",
    "read_date",
    "read_time",
    "transactions",
    "write_time",
]

Message = Mapping[str, Any]

ENVELOPE = "*"
"""The transaction number under which the table keeps the frame around `input`."""

FILE_NODE = "(file)"
"""The node under which the table keeps the columns of a transaction's text file."""

ANY = "any"
"""The condition under which one of several fields is required, whichever."""


class UnknownTransaction(LookupError):
    """The shipped table has no such transaction."""


Usual = tuple[Field, int, frozenset[str], int, Decimal, int]
"""What is certainly right for a field, so that most values pass without a closer look.

The field, `longest`, `known`, `whole`, `unit`, `limit`: a text of 1 to `longest` characters, or one
of `known`; a Decimal with at most `whole` digits before the point that is a multiple of `unit`; an
int between -`limit` and `limit`. A plain tuple, because a named one is slow to take apart.
"""


@dataclass(frozen=True, slots=True)
class Condition:
    """When fields of a node that are not always required are.

    `when` is `other=code|code`, `other<0`, `other` (it is filled), or `ANY`: one of the fields is
    required, whichever.
    """

    fields: tuple[str, ...]
    when: str
    other: str
    values: frozenset[str]

    @classmethod
    def of(cls, fields: str, when: str) -> "Condition":
        """Read a row of `conditions.csv`."""
        other, _, values = when.removesuffix("<0").partition("=")
        listed = frozenset(values.split("|")) if values else frozenset()
        return cls(tuple(fields.split()), when, "" if when == ANY else other, listed)

    def missing(self, row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """Give the fields that a row lacks, with the reason."""
        absent = [name for name in self.fields if not _filled(row.get(name))]
        if self.when == ANY:
            if len(absent) == len(self.fields):
                yield absent[0], f"one of {', '.join(absent)}"
        elif absent and self._holds(row.get(self.other)):
            for name in absent:
                yield name, f"with {self.when}"

    def _holds(self, other: object) -> bool:
        if self.values:
            return str(other) in self.values
        if self.when.endswith("<0"):
            return _negative(other)
        return _filled(other)


def _negative(value: object) -> bool:
    number = Decimal(value) if isinstance(value, int) else value
    return isinstance(number, Decimal) and number.is_finite() and number < 0


def _filled(value: object) -> bool:
    return bool(value.strip()) if isinstance(value, str) else value is not None and value != []


@dataclass(frozen=True, slots=True)
class Node:
    """A named part of a message: one object, or a list of them. The name "" is the message.

    `required` says whether a message without it lacks something. `needed` and `masked` are those of
    its fields that are required, and not stored as they are; `children` the nodes that fields of it
    hold, by field.
    """

    name: str
    many: bool
    required: bool
    fields: Mapping[str, Field]
    usual: Mapping[str, Usual]
    needed: frozenset[str]
    masked: tuple[Field, ...]
    children: Mapping[str, "Node"]
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Violation:
    """One rule of the table that a message breaks. Never holds the value: it may be personal."""

    infno: str
    direction: Direction
    place: str
    label: str
    rule: str
    detail: str

    def __str__(self) -> str:
        """Write it for a log: `2204 in feedetail[3].cnt (数量): required`."""
        label = f" ({self.label})" if self.label else ""
        detail = f", {self.detail}" if self.detail else ""
        return f"{self.infno} {self.direction} {self.place}{label}: {self.rule}{detail}"


@dataclass(frozen=True, slots=True)
class Transaction:
    """A transaction of the interface: its number and Chinese name."""

    infno: str
    name: str


@cache
def _tables() -> dict[tuple[str, str], dict[str, list[dict[str, str]]]]:
    """Give the rows of the table by transaction and direction, and by node."""
    grouped: dict[tuple[str, str], dict[str, list[dict[str, str]]]] = {}
    for row in read_table("fields.csv"):
        nodes = grouped.setdefault((row["infno"], row["direction"]), {})
        nodes.setdefault(row["node"], []).append(row)
    return grouped


@cache
def _nodes(infno: str, direction: Direction) -> Mapping[str, Node]:
    """Build the nodes of a message by name, those within others too; only of what is spoken."""
    rows = _tables().get((infno, direction), {})
    rules = _conditions().get(infno, {}) if direction == "in" else {}
    built: dict[str, Node] = {}

    def build(name: str) -> Node:
        if name not in built:
            built[name] = _node(rows[name], direction, tuple(rules.get(name, ())), build)
        return built[name]

    return {name: build(name) for name in rows}


@cache
def _conditions() -> dict[str, dict[str, list[Condition]]]:
    """Give what is required under a condition, by transaction and node of its input."""
    grouped: dict[str, dict[str, list[Condition]]] = {}
    for row in read_table("conditions.csv"):
        rules = grouped.setdefault(row["infno"], {}).setdefault(row["node"], [])
        rules.append(Condition.of(row["fields"], row["when"]))
    return grouped


def _node(
    rows: list[dict[str, str]],
    direction: Direction,
    conditions: tuple[Condition, ...],
    build: Callable[[str], Node],
) -> Node:
    fields = {row["field"]: _field(row) for row in rows}
    needed = frozenset(field.name for field in fields.values() if field.required)
    optional = rows[0]["shape"].endswith("?")
    return Node(
        name=rows[0]["node"],
        many=rows[0]["shape"].startswith("list"),
        required=not optional and (direction == "in" or bool(needed)),
        fields=fields,
        usual={field.name: _usual(field) for field in fields.values()},
        needed=needed,
        masked=tuple(field for field in fields.values() if field.mask),
        children={field.name: build(field.child) for field in fields.values() if field.child},
        conditions=conditions,
    )


def _field(row: dict[str, str]) -> Field:
    return Field(
        name=row["field"],
        label=row["label"],
        kind=row["kind"],
        size=int(row["size"] or 0),
        scale=int(row["scale"] or 0),
        required=row["required"] == "Y",
        table=row["table"],
        mask=row["mask"],
        child=row["child"],
    )


def _usual(field: Field) -> Usual:
    """Work out what needs no closer look, from the rules themselves where they can say it."""
    listed = ("", *codes().get(field.table, ()))
    # What may be sent may be answered too.
    known = frozenset(text for text in listed if fault(field, "in", text) is None)
    longest = (field.size or sys.maxsize) if field.kind == "s" and not field.table else 0
    if field.kind != "n" or field.table:
        return field, longest, known, -sys.maxsize, Decimal(1), 0
    whole, scale = digits_around_point(field)
    unit = Decimal((0, (1,), -scale))
    return field, longest, known, whole, unit, min(10**whole, LARGEST_INT)


@cache
def transactions() -> Mapping[str, Transaction]:
    """Give the transactions the table knows, by number."""
    found = {
        infno: next(iter(nodes.values()))[0]["transaction"]
        for (infno, _), nodes in _tables().items()
    }
    return {no: Transaction(no, name) for no, name in sorted(found.items()) if no != ENVELOPE}


@cache
def _explanations() -> Mapping[str, Mapping[str, str]]:
    text = files(__package__).joinpath("explanations.toml").read_text(encoding="utf-8")
    told: Mapping[str, Mapping[str, str]] = tomllib.loads(text)
    return told


def explanation(infno: str, field: str) -> str:
    """Explain a field of a transaction, or of the envelope (`ENVELOPE`), in Chinese; "" for many.

    In our own words: what the field means here and what is easily got wrong, not its definition.
    """
    told = _explanations()
    return told.get(infno, {}).get(field) or told["fields"].get(field, "")


@cache
def naming_a_person() -> frozenset[str]:
    """Give the transactions whose input must have `psn_no`."""
    return frozenset(
        infno
        for (infno, direction), nodes in _tables().items()
        for name, rows in nodes.items()
        if direction == "in" and name != FILE_NODE
        if any(row["field"] == "psn_no" and row["required"] == "Y" for row in rows)
    )


@cache
def layout(infno: str, direction: Direction) -> tuple[Node, ...]:
    """Give the nodes of a message, those within others and its text file not among them.

    Empty for a transaction that has no such message (2202 answers without output). Raises
    `UnknownTransaction` for a number the table does not have.
    """
    if infno != ENVELOPE and infno not in transactions():
        raise UnknownTransaction(infno)
    nodes = _nodes(infno, direction)
    inner = {child.name for node in nodes.values() for child in node.children.values()}
    return tuple(node for name, node in nodes.items() if name not in inner and name != FILE_NODE)


@cache
def file_columns(infno: str, direction: Direction) -> tuple[Field, ...]:
    """Give the columns of the text file that goes with a message.

    Raises `UnknownTransaction` when the transaction has none.
    """
    node = _nodes(infno, direction).get(FILE_NODE)
    if node is None:
        raise UnknownTransaction(infno)
    return tuple(node.fields.values())


def check(infno: str, direction: Direction, message: Message) -> list[Violation]:
    """Check an `input` or `output` against the table and list every rule it breaks.

    What we send must have the table's fields and no others, numbers as `int` or `Decimal`. What
    we receive may have more fields, numbers as text, one object where a list belongs and the
    other way round: all are seen in practice. Raises `UnknownTransaction`.
    """
    nodes = layout(infno, direction)
    found: list[Violation] = []
    for node in nodes:
        for prefix, row in _rows(node, direction, message):
            if isinstance(row, dict) and not node.children and _is_usual(node, direction, row):
                continue
            for place, label, rule, detail in _row_faults(node, direction, prefix, row):
                found.append(Violation(infno, direction, place, label, rule, detail))
    names = {node.name for node in nodes}
    if direction == "in" and "" not in names:
        unknown = message.keys() - names
        found += [Violation(infno, direction, name, "", "unknown node", "") for name in unknown]
    return found


def check_row(columns: tuple[Field, ...], row: Message) -> Iterator[tuple[str, str]]:
    """Give the column and the rule it breaks, for one row of a text file."""
    for field in columns:
        if wrong := fault(field, "out", row.get(field.name)):
            yield field.name, wrong[0]


def _rows(node: Node, direction: Direction, message: Message) -> list[tuple[str, object]]:
    """Give the node's rows with the prefix of their fields' places."""
    if not node.name:
        return [("", message)]
    value = message.get(node.name)
    if isinstance(value, list) and (node.many or (direction == "out" and len(value) == 1)):
        if not value and direction == "in" and node.required:
            return [(f"{node.name}[0].", None)]
        return [(f"{node.name}[{place}].", row) for place, row in enumerate(value)]
    if value is None and ((direction == "out" and node.many) or not node.required):
        return []
    if node.many and direction == "in":
        return [(f"{node.name}[0].", None if value is None else ())]
    return [(f"{node.name}.", value)]


def _is_usual(node: Node, direction: Direction, row: Mapping[str, Any]) -> bool:
    """Say whether a row breaks no rule; most values are settled here, without a call.

    Every field of every message passes here: `fault` alone would say the same, ten times slower.
    """
    usual = node.usual
    if not node.needed <= row.keys() or (direction == "in" and not row.keys() <= usual.keys()):
        return False
    for name, value in row.items():
        if name not in usual:
            continue
        field, longest, known, whole, unit, limit = usual[name]
        kind = type(value)
        if kind is str:
            plain = 0 < len(value) <= longest and "\0" not in value and not value.isspace()
            if plain or value in known:
                continue
        elif kind is Decimal:
            if value.is_finite() and value.adjusted() < whole and not value % unit:
                continue
        elif kind is int and -limit < value < limit:
            continue
        if fault(field, direction, value):
            return False
    return not node.conditions or not any(_unmet(node, row))


def _unmet(node: Node, row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Give the fields that the row's other values make required, with the reason."""
    for condition in node.conditions:
        yield from condition.missing(row)


def _row_faults(
    node: Node, direction: Direction, prefix: str, row: object
) -> Iterator[tuple[str, str, str, str]]:
    """Give place, label, rule and detail of everything wrong in one row."""
    if not isinstance(row, dict):
        rule = "required" if row is None else "not an object" if not node.many else "not a list"
        yield prefix.rstrip("."), "", rule, ""
        return
    get = row.get
    for name, field in node.fields.items():
        value = get(name)
        if wrong := fault(field, direction, value):
            yield prefix + name, field.label, *wrong
        elif value and (child := node.children.get(name)):
            yield from _child_faults(child, direction, prefix + name, value)
    for name, reason in _unmet(node, row):
        if fault(node.fields[name], direction, get(name)) is None:
            yield prefix + name, node.fields[name].label, "required", reason
    if direction == "in":
        for name in row.keys() - node.fields.keys():
            yield f"{prefix}{name}", "", "unknown field", ""


def _child_faults(
    node: Node, direction: Direction, place: str, value: object
) -> Iterator[tuple[str, str, str, str]]:
    """Give what is wrong in the node that a field holds."""
    many = isinstance(value, list)
    rows = value if isinstance(value, list) else [value]
    for number, row in enumerate(rows):
        if isinstance(row, dict) and not node.children and _is_usual(node, direction, row):
            continue
        yield from _row_faults(node, direction, f"{place}[{number}]." if many else f"{place}.", row)
