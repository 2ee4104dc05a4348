"""Messages drawn from the field table: right ones, and right ones with one thing broken.

`messages` are Hypothesis strategies for any transaction and direction; `whole` is the one message
that has every field; `broken` breaks it in one place at a time and says what must be named.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from hypothesis import strategies as st

from yifu.insurance import fields
from yifu.insurance.fields import ANY, Condition, Direction, Field, Node
from yifu.insurance.values import LARGEST_INT, digits_around_point

Row = dict[str, Any]
ABSENT: Any = object()
DIRECTIONS: tuple[Direction, ...] = ("in", "out")
FLOAT_DIGITS = 15
"""Drawn numbers have no more digits: a reader that makes floats of them keeps that many."""

_LETTERS = "A1z-.药复é𠮷"
_BYTES = b"\0\xff%PDF"
_WRONG_CODE = "?"
_LONG = 12


def transactions() -> list[str]:
    """Give the numbers of all transactions."""
    return sorted(fields.transactions())


# Right messages.


@cache
def values(field: Field) -> st.SearchStrategy[Any]:
    """Draw what may stand in a field that holds no node."""
    if field.table:
        codes = sorted(fields.codes()[field.table])
        return st.sampled_from([int(code) for code in codes] if field.kind == "n" else codes)
    return _KINDS[field.kind](field)


def _texts(field: Field) -> st.SearchStrategy[str]:
    longest = field.size or _LONG
    short = st.text(_LETTERS, min_size=1, max_size=min(longest, _LONG))
    return short | st.just("药" * longest)


def _numbers(field: Field) -> st.SearchStrategy[Decimal | int]:
    whole, scale = digits_around_point(field)
    scale = min(scale, FLOAT_DIGITS - 1)
    limit = 10 ** min(whole + scale, FLOAT_DIGITS)
    numbers = st.integers(1 - limit, limit - 1)
    return numbers if not scale else numbers.map(lambda n: Decimal(n).scaleb(-scale))


_TIMES = st.datetimes().map(lambda at: f"{at:%H:%M:%S}")
_DATES = st.dates().map(str)
_KINDS: dict[str, Callable[[Field], st.SearchStrategy[Any]]] = {
    "s": _texts,
    "n": _numbers,
    "g": lambda field: st.integers(1, 10**field.size - 1).map(str),
    "d": lambda _: _DATES,
    "t": lambda _: st.builds("{} {}".format, _DATES, _TIMES),
    "b": lambda _: st.booleans(),
    "x": lambda _: st.binary(min_size=1, max_size=_LONG),
    "a": lambda _: st.lists(st.text(_LETTERS, max_size=_LONG), min_size=1, max_size=3),
    "m": lambda _: st.sampled_from(({}, {"a": "1"}, [], "x")),
}


def rows(node: Node) -> st.SearchStrategy[Row]:
    """Draw an object of a node; fields that may be left out sometimes are."""
    drawn = {name: _held(node, field) for name, field in node.fields.items()}
    needed = {name: drawn[name] for name in drawn if name in node.needed}
    others = {name: drawn[name] for name in drawn if name not in node.needed}
    return st.fixed_dictionaries(needed, optional=others).map(lambda row: _completed(node, row))


def _held(node: Node, field: Field) -> st.SearchStrategy[Any]:
    child = node.children.get(field.name)
    if child is None:
        return values(field)
    return rows(child) if field.kind == "o" else st.lists(rows(child), min_size=1, max_size=2)


def _completed(node: Node, row: Row) -> Row:
    """Fill in what the row's own values make required."""
    while missing := [name for rule in node.conditions for name, _ in rule.missing(row)]:
        row |= {name: right(node.fields[name]) for name in missing}
    return row


@cache
def messages(infno: str, direction: Direction) -> st.SearchStrategy[Row]:
    """Draw an `input` or `output` that breaks no rule."""
    nodes = fields.layout(infno, direction)
    if [node.name for node in nodes] == [""]:
        return rows(nodes[0])
    drawn = {node.name: (_listed(node) if node.many else rows(node)) for node in nodes}
    needed = {node.name: drawn[node.name] for node in nodes if node.required}
    return st.fixed_dictionaries(
        needed, optional={name: drawn[name] for name in drawn if name not in needed}
    )


def _listed(node: Node) -> st.SearchStrategy[list[Row]]:
    return st.lists(rows(node), min_size=1, max_size=2)


# The message that has everything, and what breaks it.


def right(field: Field) -> Any:
    """Give a value that is right for a field that holds no node."""
    if field.table:
        code = next(iter(fields.codes()[field.table]))
        return int(code) if field.kind == "n" else code
    fixed = {"d": "2026-03-01", "t": "2026-03-01 09:30:05", "b": True, "x": _BYTES, "a": ["x"]}
    return {"n": Decimal(1), "g": "1", "m": {}, **fixed}.get(field.kind, "x")


def whole(infno: str, direction: Direction) -> Row:
    """Give the message with every field, one row to a list."""
    nodes = fields.layout(infno, direction)
    if [node.name for node in nodes] == [""]:
        return _whole_row(nodes[0])
    return {node.name: [_whole_row(node)] if node.many else _whole_row(node) for node in nodes}


def _whole_row(node: Node) -> Row:
    row: Row = {}
    for name, field in node.fields.items():
        child = node.children.get(name)
        if child is None:
            row[name] = right(field)
        else:
            row[name] = _whole_row(child) if field.kind == "o" else [_whole_row(child)]
    return row


@dataclass(frozen=True, slots=True)
class Spot:
    """One object of a message, and how places within it begin."""

    row: Row
    node: Node
    prefix: str


def spots(infno: str, direction: Direction, message: Row) -> Iterator[Spot]:
    """Give every object of a whole message, those within others too."""
    for node in fields.layout(infno, direction):
        if not node.name:
            yield from _spots_in(message, node, "")
        else:
            yield from _spots_at(message[node.name], node, node.name)


def _spots_at(value: Any, node: Node, place: str) -> Iterator[Spot]:
    if isinstance(value, dict):
        yield from _spots_in(value, node, f"{place}.")
    else:
        for number, row in enumerate(value):
            yield from _spots_in(row, node, f"{place}[{number}].")


def _spots_in(row: Row, node: Node, prefix: str) -> Iterator[Spot]:
    yield Spot(row, node, prefix)
    for name, child in node.children.items():
        yield from _spots_at(row[name], child, prefix + name)


@dataclass(frozen=True, slots=True)
class Break:
    """A message with one thing wrong, and what the check must say of it.

    The message is mended when the next one is asked for.
    """

    infno: str
    place: str
    rule: str
    message: Row
    value: Any = None


def wrong(field: Field, direction: Direction) -> Iterator[tuple[Any, str]]:
    """Give values that are wrong for a field, with the rule each breaks."""
    if field.required:
        yield from ((None, "required"), ("", "required"), (ABSENT, "required"))
    yield from _WRONG[field.kind](field, direction)
    if field.table and field.kind == "s":
        yield _WRONG_CODE, "code"


def _wrong_text(field: Field, direction: Direction) -> Iterator[tuple[Any, str]]:
    yield from (({}, "type"), ([], "type"), (True, "type"))
    if direction == "in":
        yield from ((7, "type"), (Decimal(7), "type"))
    if field.size:
        yield "x" * (field.size + 1), "length"
    if field.required and not field.table:
        yield " ", "required"
    yield "\0", "type"


def _wrong_number(field: Field, direction: Direction) -> Iterator[tuple[Any, str]]:
    before, after = digits_around_point(field)
    yield from (("ten", "type"), (True, "type"), ([], "type"), (Decimal("NaN"), "type"))
    if direction == "in":
        yield from (("1", "type"), (1.5, "type"))
    yield Decimal(-(10**before)), "length"
    if 10**before < LARGEST_INT:
        yield 10**before, "length"
    if not field.table:
        yield Decimal((0, (1,), -after - 1)), "decimals"


def _wrong_digits(field: Field, _: Direction) -> Iterator[tuple[Any, str]]:
    yield from (("1a", "type"), ("-1", "type"), ("0", "type"), (1.5, "type"), (True, "type"))
    yield "1" * (field.size + 1), "length"


def _wrong_date(_: Field, direction: Direction) -> Iterator[tuple[Any, str]]:
    yield from (("2026-02-30", "type"), ("20260301", "type"), (7, "type"))
    if direction == "in":
        yield "2026-03-01 00:00:00", "type"


def _wrong_time(_: Field, __: Direction) -> Iterator[tuple[Any, str]]:
    yield from (("2026-03-01", "type"), ("2026-03-01T09:30:05", "type"), (7, "type"))


def _never(*values: Any) -> Callable[[Field, Direction], Iterator[tuple[Any, str]]]:
    return lambda _field, _direction: iter([(value, "type") for value in values])


_WRONG: dict[str, Callable[[Field, Direction], Iterator[tuple[Any, str]]]] = {
    "s": _wrong_text,
    "n": _wrong_number,
    "g": _wrong_digits,
    "d": _wrong_date,
    "t": _wrong_time,
    "b": _never("true", 1),
    "x": _never("text", 1),
    "a": _never([1], {}, 1),
    "m": _never(1, True),
    "o": _never("x", 1),
    "l": _never("x", 1),
}


def broken(infno: str, direction: Direction) -> Iterator[Break]:
    """Break every field of the whole message in every way that `wrong` knows, one at a time."""
    message = whole(infno, direction)
    for spot in spots(infno, direction, message):
        for name, field in spot.node.fields.items():
            kept = spot.row[name]
            for value, rule in wrong(field, direction):
                spot.row[name] = value
                if value is ABSENT:
                    del spot.row[name]
                yield Break(infno, spot.prefix + name, rule, message, value)
            spot.row[name] = kept


def misshapen(infno: str, direction: Direction) -> Iterator[Break]:
    """Break the nodes of the whole message: missing, of the wrong shape, unknown."""
    message = whole(infno, direction)
    for node in fields.layout(infno, direction):
        if node.name:
            kept = message[node.name]
            place = f"{node.name}[0]" if node.many and direction == "in" else node.name
            for value, rule in _wrong_node(node, direction):
                message[node.name] = value
                if value is ABSENT:
                    del message[node.name]
                yield Break(infno, place, rule, message)
            message[node.name] = kept
    if direction == "in":
        for spot in spots(infno, direction, message):
            spot.row["misspelt"] = "x"
            yield Break(infno, f"{spot.prefix}misspelt", "unknown field", message)
            del spot.row["misspelt"]
        if "" not in message and all(node.name for node in fields.layout(infno, direction)):
            yield Break(infno, "misspelt", "unknown node", message | {"misspelt": {}})


def unmet(infno: str) -> Iterator[Break]:
    """Take away what another value makes required, one field at a time, or all where any would do.

    The place is the first field taken away.
    """
    message = whole(infno, "in")
    for spot in spots(infno, "in", message):
        for rule in spot.node.conditions:
            kept = dict(spot.row)
            together = [rule.fields] if rule.when == ANY else [(name,) for name in rule.fields]
            for names in together:
                for other in held(rule):
                    spot.row.update(kept | other)
                    for name in names:
                        del spot.row[name]
                    yield Break(infno, spot.prefix + names[0], "required", message)
            spot.row.update(kept)


def held(rule: Condition) -> list[Row]:
    """Give the other values under which a rule holds."""
    if rule.values:
        return [{rule.other: value} for value in sorted(rule.values)]
    return [{rule.other: Decimal(-1)}] if rule.when.endswith("<0") else [{}]


def _wrong_node(node: Node, direction: Direction) -> Iterator[tuple[Any, str]]:
    shape = "not a list" if node.many else "not an object"
    yield "x", shape
    if node.many and direction == "in":
        yield {}, shape
    if node.required and not (direction == "out" and node.many):
        yield from ((None, "required"), (ABSENT, "required"))
