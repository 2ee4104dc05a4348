"""The field table of the national interface, and what it says about one message.

`fields.csv` and `codes.csv` (made by `tools/make_fields.py`) hold every field of all transactions:
node, name, kind, length, whether required, code table. A message is checked against them
before it is sent and after it is received, so that a wrong field is named by its place
(`feedetail[3].cnt`) instead of coming back as an insurer's stack trace.
"""

import csv
import io
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from importlib.resources import files
from typing import Any, Literal
from zoneinfo import ZoneInfo

Direction = Literal["in", "out"]
"""`in` is what we send, `out` what the insurer answers: the interface's own point of view."""

Message = Mapping[str, Any]

CHINA = ZoneInfo("Asia/Shanghai")
"""Every time in a message is China's, written without an offset."""

ENVELOPE = "*"
"""The transaction number under which the table keeps the frame around `input`."""

FILE_NODE = "(file)"
"""The node under which the table keeps the columns of a transaction's text file."""

ROWS = "data"
"""What the table calls the rows of an answer that has no node."""

_DATE_CHARACTERS = 10
_TIME_CHARACTERS = 19
_MAX_DIGITS = 28
"""For a number the table gives no length: as many as `decimal` divides without a remark."""


class UnknownTransaction(LookupError):
    """The shipped table has no such transaction."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field as the specification defines it.

    `kind` is s text, n number, g digits, d date, t date and time, b boolean, x bytes, a list of
    texts, o or l one or many objects of the node `child`, m anything structured; `size` the
    longest value in characters or digits (0: not given), `scale` the decimals; `table` the code
    table its values come from ("" if none is given); `mask` how a stored trace shows it.
    """

    name: str
    label: str
    kind: str
    size: int
    scale: int
    required: bool
    table: str
    mask: str
    child: str = ""


Usual = tuple[Field, int, frozenset[str], int, Decimal, int]
"""What is certainly right for a field, so that most values pass without a closer look.

The field, `longest`, `known`, `whole`, `unit`, `limit`: a text of 1 to `longest` characters, or one
of `known`; a Decimal with at most `whole` digits before the point that is a multiple of `unit`; an
int between -`limit` and `limit`. A plain tuple, because a named one is slow to take apart.
"""


@dataclass(frozen=True, slots=True)
class Node:
    """A named part of a message: one object, or a list of them. The name "" is the message.

    `optional` ones may be left out although they have required fields. `needed` and `masked` are
    those of its fields that are required, and not stored as they are; `children` the nodes that
    fields of it hold, by field.
    """

    name: str
    many: bool
    optional: bool
    fields: Mapping[str, Field]
    usual: Mapping[str, Usual]
    needed: frozenset[str]
    masked: tuple[Field, ...]
    children: Mapping[str, "Node"]

    @property
    def required(self) -> bool:
        """Say whether a message without this node lacks something."""
        return bool(self.needed) and not self.optional


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


def _read(name: str) -> list[dict[str, str]]:
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text, newline="")))


@dataclass(frozen=True, slots=True)
class Transaction:
    """A transaction of the interface: its number and Chinese name."""

    infno: str
    name: str


@cache
def _tables() -> dict[tuple[str, str], dict[str, list[dict[str, str]]]]:
    """Give the rows of the table by transaction and direction, and by node."""
    grouped: dict[tuple[str, str], dict[str, list[dict[str, str]]]] = {}
    for row in _read("fields.csv"):
        nodes = grouped.setdefault((row["infno"], row["direction"]), {})
        nodes.setdefault(row["node"], []).append(row)
    return grouped


@cache
def _nodes(infno: str, direction: Direction) -> Mapping[str, Node]:
    """Build the nodes of a message by name, those within others too; only of what is spoken."""
    rows = _tables().get((infno, direction), {})
    built: dict[str, Node] = {}

    def build(name: str) -> Node:
        if name not in built:
            built[name] = _node(name, rows[name], build)
        return built[name]

    return {name: build(name) for name in rows}


def _node(name: str, rows: list[dict[str, str]], build: Callable[[str], Node]) -> Node:
    fields = {row["field"]: _field(row) for row in rows}
    return Node(
        name=name,
        many=rows[0]["shape"].startswith("list"),
        optional=rows[0]["shape"].endswith("?"),
        fields=fields,
        usual={field.name: _usual(field) for field in fields.values()},
        needed=frozenset(field.name for field in fields.values() if field.required),
        masked=tuple(field for field in fields.values() if field.mask),
        children={field.name: build(field.child) for field in fields.values() if field.child},
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
    known = frozenset(text for text in listed if _fault(field, "in", text) is None)
    longest = (field.size or sys.maxsize) if field.kind == "s" and not field.table else 0
    if field.kind != "n" or field.table:
        return field, longest, known, -sys.maxsize, Decimal(1), 0
    whole, scale = _digits_around_point(field)
    return field, longest, known, whole, Decimal((0, (1,), -scale)), 10**whole


@cache
def codes() -> Mapping[str, Mapping[str, str]]:
    """Give the code tables in use: table, code, Chinese label."""
    tables: dict[str, dict[str, str]] = {}
    for row in _read("codes.csv"):
        tables.setdefault(row["table"], {})[row["code"]] = row["label"]
    return tables


@cache
def transactions() -> Mapping[str, Transaction]:
    """Give the transactions the table knows, by number."""
    found = {row["infno"]: row["transaction"] for row in _read("fields.csv")}
    return {no: Transaction(no, name) for no, name in sorted(found.items()) if no != ENVELOPE}


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
    if direction == "in" and nodes and "" not in names:
        unknown = message.keys() - names
        found += [Violation(infno, direction, name, "", "unknown node", "") for name in unknown]
    return found


def check_row(columns: tuple[Field, ...], row: Message) -> Iterator[tuple[str, str]]:
    """Give the column and the rule it breaks, for one row of a text file."""
    for field in columns:
        if fault := _fault(field, "out", row.get(field.name)):
            yield field.name, fault[0]


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

    Every field of every message passes here: `_fault` alone would say the same, ten times slower.
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
        if _fault(field, direction, value):
            return False
    return True


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
        if fault := _fault(field, direction, value):
            yield prefix + name, field.label, *fault
        elif value and (child := node.children.get(name)):
            yield from _child_faults(child, direction, prefix + name, value)
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
        yield from _row_faults(node, direction, f"{place}[{number}]." if many else f"{place}.", row)


Fault = tuple[str, str] | None


def _fault(field: Field, direction: Direction, value: object) -> Fault:
    if value is None or value == "":
        return ("required", "") if field.required else None
    if fault := _CHECKS[field.kind](field, direction, value):
        return fault
    if field.table and str(value) not in codes().get(field.table, {}):
        return "code", f"not in table {field.table}"
    return None


def _text(field: Field, direction: Direction, value: object) -> Fault:
    if type(value) is int and direction == "out":
        value = str(value)
    if not isinstance(value, str):
        return "type", "text"
    if field.size and len(value) > field.size:
        return "length", f"{len(value)} characters, {field.size} allowed"
    if "\0" in value:
        return "type", "a zero character"
    return ("required", "") if field.required and not value.strip() else None


def _number(field: Field, direction: Direction, value: object) -> Fault:
    number = _as_decimal(direction, value)
    if number is None:
        return "type", "number"
    if not number.is_finite():
        return "type", "finite number"
    whole, scale = _digits_around_point(field)
    if abs(number) >= 10**whole:
        return "length", f"{field.size} digits, {field.scale} of them decimals"
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -scale and number % Decimal((0, (1,), -scale)):
        return "decimals", f"{field.scale} allowed"
    return None


def _digits_around_point(field: Field) -> tuple[int, int]:
    scale = field.scale if field.size else _MAX_DIGITS // 2
    return (field.size or _MAX_DIGITS) - scale, scale


def _as_decimal(direction: Direction, value: object) -> Decimal | None:
    if isinstance(value, Decimal):
        return value
    if type(value) is int:
        return Decimal(value)
    if isinstance(value, str) and direction == "out" and value.isascii() and "_" not in value:
        try:
            return Decimal(value)
        except InvalidOperation:
            return None
    return None


def _digits(field: Field, _direction: Direction, value: object) -> Fault:
    text = str(value) if type(value) is int else value
    if not isinstance(text, str) or not (text.isascii() and text.isdigit()):
        return "type", "digits"
    if field.size and len(text) > field.size:
        return "length", f"{len(text)} digits, {field.size} allowed"
    return None


def _date(_field: Field, direction: Direction, value: object) -> Fault:
    text = value if isinstance(value, str) else ""
    try:
        if direction == "out" and len(text) > _DATE_CHARACTERS:
            _wall_clock(text)
        else:
            read_date(text)
    except ValueError:
        return "type", "date yyyy-MM-dd"
    return None


def _time(_field: Field, _direction: Direction, value: object) -> Fault:
    try:
        _wall_clock(value if isinstance(value, str) else "")
    except ValueError:
        return "type", "time yyyy-MM-dd HH:mm:ss"
    return None


def _texts(_field: Field, direction: Direction, value: object) -> Fault:
    rows = value if isinstance(value, list) else [value] if direction == "out" else None
    right = rows is not None and all(isinstance(row, str) for row in rows)
    return None if right else ("type", "a list of texts")


def _object(_field: Field, direction: Direction, value: object) -> Fault:
    if isinstance(value, dict) or (direction == "out" and isinstance(value, list)):
        return None
    return "type", "an object"


def _objects(field: Field, direction: Direction, value: object) -> Fault:
    if isinstance(value, list):
        return None if value or not field.required or direction == "out" else ("required", "")
    return None if direction == "out" and isinstance(value, dict) else ("type", "a list of objects")


def _free(_field: Field, _direction: Direction, value: object) -> Fault:
    return None if isinstance(value, dict | list | str) else ("type", "an object, a list or a text")


def _boolean(_field: Field, _direction: Direction, value: object) -> Fault:
    return None if isinstance(value, bool) else ("type", "boolean")


def _bytes(_field: Field, _direction: Direction, value: object) -> Fault:
    return None if isinstance(value, bytes) else ("type", "bytes")


_CHECKS: Mapping[str, Callable[[Field, Direction, object], Fault]] = {
    "s": _text,
    "n": _number,
    "g": _digits,
    "d": _date,
    "t": _time,
    "b": _boolean,
    "x": _bytes,
    "a": _texts,
    "o": _object,
    "l": _objects,
    "m": _free,
}


def write_time(at: datetime) -> str:
    """Write an instant as the interface does: China's time, yyyy-MM-dd HH:mm:ss.

    Raises `ValueError` for a time without an offset: it could mean any instant.
    """
    if at.tzinfo is None:
        raise ValueError("a time without an offset")
    return at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")


def read_time(text: str) -> datetime:
    """Read yyyy-MM-dd HH:mm:ss as an instant in China. Raises `ValueError`."""
    return _wall_clock(text).replace(tzinfo=CHINA)


def _wall_clock(text: str) -> datetime:
    if len(text) != _TIME_CHARACTERS or text[10] != " " or not text.isascii():
        raise ValueError("not yyyy-MM-dd HH:mm:ss")
    return datetime.fromisoformat(text)


def read_date(text: str) -> date:
    """Read yyyy-MM-dd. Raises `ValueError`."""
    if len(text) != _DATE_CHARACTERS or text[4] != "-" or text[7] != "-":
        raise ValueError("not yyyy-MM-dd")
    return date.fromisoformat(text)
