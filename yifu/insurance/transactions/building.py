"""Put values into a transaction's nodes, and an answer into the shape the table gives it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from yifu.insurance import traps
from yifu.insurance.fields import Field, Message, Node, Violation, check, layout
from yifu.insurance.values import CHINA, write_time

Values = Mapping[str, Any]


class Incomplete(ValueError):
    """Values do not make a message: `violations` names what is missing, unknown or wrong."""

    def __init__(self, violations: list[Violation]) -> None:
        super().__init__("; ".join(map(str, violations)))
        self.violations = tuple(violations)


def build(infno: str, values: Values) -> dict[str, Any]:
    """Build the `input` of a transaction from flat values, nested ones, or both.

    A value goes by its field's name into every node that has the field; under a node's name stands
    the node itself, or its rows. What is said once is not asked for again: a required field that is
    missing takes the value that another node has under the same name. Texts become numbers,
    instants and days the interface's own. Raises `Incomplete`, and `UnknownTransaction`.
    """
    nodes = layout(infno, "in")
    known = {node.name for node in nodes}
    filling = _Filling({name: value for name, value in values.items() if name not in known})
    filling.learn(values, nodes)
    message: dict[str, Any] = {}
    for node in nodes:
        if not node.name:
            message = filling.row(node, values)
        elif node.name in values or node.required:
            message[node.name] = filling.rows(node, values.get(node.name))
    unknown = [] if "" in known else sorted(filling.flat.keys() - filling.used)
    found = [Violation(infno, "in", name, "", "unknown field", "") for name in unknown]
    if found := found + check(infno, "in", message):
        raise Incomplete(found)
    return message


@dataclass(slots=True)
class _Filling:
    """The values at hand: `flat` go anywhere, `said` only where something is missing."""

    flat: Values
    said: dict[str, Any]
    used: set[str]

    def __init__(self, flat: Values) -> None:
        self.flat, self.said, self.used = flat, {}, set()

    def learn(self, values: Values, nodes: tuple[Node, ...]) -> None:
        """Remember what the nodes that hold one object say."""
        for node in nodes:
            given = values.get(node.name)
            if isinstance(given, Mapping):
                self.said |= {name: one for name, one in given.items() if name in node.fields}

    def rows(self, node: Node, given: object) -> object:
        """Fill a node: one object, or a list of at least one."""
        if isinstance(given, list):
            return [self.row(node, one) if isinstance(one, Mapping) else one for one in given]
        if given is not None and not isinstance(given, Mapping):
            return given
        row = self.row(node, given or {})
        return [row] if node.many else row

    def row(self, node: Node, given: Values) -> dict[str, Any]:
        """Fill one object; what it has beyond the table stays, to be named by the check."""
        filled = dict(self._fields(node, given))
        return filled | {name: value for name, value in given.items() if name not in node.fields}

    def _fields(self, node: Node, given: Values) -> Iterator[tuple[str, Any]]:
        for name, field in node.fields.items():
            value = self._value(field, given)
            child = node.children.get(name)
            if child is None:
                if value is not None:
                    yield name, _written(field, value)
            elif value is not None or field.required:
                filled = self.rows(child, value)
                single = field.kind == "o" or isinstance(filled, list)
                yield name, filled if single else [filled]

    def _value(self, field: Field, given: Values) -> object:
        self.used.add(field.name)
        if field.name in given:
            return given[field.name]
        value = self.flat.get(field.name)
        return self.said.get(field.name) if value is None and field.required else value


def _written(field: Field, value: object) -> object:
    """Write a value as its field wants it; one that cannot be stays, to be named by the check."""
    if isinstance(value, datetime):
        at = value.astimezone(CHINA) if value.tzinfo else value
        return at.date().isoformat() if field.kind == "d" else write_time(value)
    if isinstance(value, date):
        return value.isoformat()
    if field.kind == "n":
        return traps.number(str(value) if isinstance(value, float) else value)
    if field.kind in "sg" and isinstance(value, int | Decimal) and not isinstance(value, bool):
        return str(value)
    if field.kind == "b" and isinstance(value, str):
        return {"true": True, "false": False}.get(value.lower(), value)
    return [value] if field.kind == "a" and isinstance(value, str) else value


def read(infno: str, output: Message) -> dict[str, Any]:
    """Give an answer in the table's own shape: lists where it has lists, numbers as numbers.

    Fields that the table does not have are kept. Raises `Incomplete` for one that breaks the table;
    a code in none of the shipped tables does not: provinces extend them.
    """
    grave = [one for one in check(infno, "out", output) if one.rule != "code"]
    if grave:
        raise Incomplete(grave)
    shaped = dict(output)
    for node in layout(infno, "out"):
        if not node.name:
            shaped = _read_row(node, output)
        elif node.name in output or node.many:
            shaped[node.name] = _read_rows(node, output.get(node.name), many=node.many)
    return shaped


def tame(infno: str, output: Message) -> dict[str, Any]:
    """Give an answer that breaks the table again without what the known traps explain.

    Texts lose the spaces around them, and a required field that is missing is looked for under its
    other spellings. Whether the rest is right is for the check to say.
    """
    tamed = dict(output)
    for node in layout(infno, "out"):
        if not node.name:
            tamed = _tamed_row(node, output)
        elif node.name in output:
            tamed[node.name] = _tamed(node, output[node.name])
    return tamed


def _tamed(node: Node, value: object) -> object:
    if isinstance(value, list):
        return [_tamed(node, row) for row in value]
    return _tamed_row(node, value) if isinstance(value, dict) else value


def _tamed_row(node: Node, row: Message) -> dict[str, Any]:
    tamed = {
        name: value.strip() if isinstance(value, str) else value for name, value in row.items()
    }
    for name in node.needed:
        if tamed.get(name) in (None, "") and (value := traps.spelt(tamed, name)) is not None:
            tamed[name] = value
    for name, child in node.children.items():
        if name in tamed:
            tamed[name] = _tamed(child, tamed[name])
    return tamed


def _read_rows(node: Node, value: object, *, many: bool) -> object:
    found = [_read_row(node, row) for row in traps.rows(value)]
    return found if many else next(iter(found), None)


def _read_row(node: Node, row: Message) -> dict[str, Any]:
    return {name: _read_field(node, name, value) for name, value in row.items()}


def _read_field(node: Node, name: str, value: object) -> object:
    field = node.fields.get(name)
    if field is None or value is None:
        return value
    if child := node.children.get(name):
        return _read_rows(child, value, many=field.kind == "l")
    if field.kind in _READERS:
        return _READERS[field.kind](value)
    return [value] if field.kind == "a" and not isinstance(value, list) else value


_READERS = {"n": traps.number, "d": traps.day, "s": traps.text, "g": traps.text, "t": traps.text}
