"""Write a message of any transaction from what is known: facts, defaults, and what somebody sets.

For the console. The platform's own messages are built in `messages.py` and its neighbours; here the
table itself says which nodes and fields there are, so that all transactions can be written. Nothing
is guessed about codes or amounts: what nobody knows stays away, and the check then names it. `fill`
invents values that fit, for trying a transaction out.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from yifu.insurance.fields import Field, Node, codes, layout, write_time

Input = dict[str, Any]
_ONE = "1"
_LONGEST_TEXT = 20
_TRUTH = {"true": True, "false": False}
_STRUCTURED = "olma"


class UnknownPlace(ValueError):
    """The transaction has no such field."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A value for a field, as it was written: `data.psn_no=…`, `feedetail[2].cnt=…`, `psn_no=…`."""

    place: str
    value: str

    @classmethod
    def read(cls, text: str) -> "Setting":
        """Read `place=value`. Raises `ValueError`."""
        place, equals, value = text.partition("=")
        if not (equals and place.strip()):
            raise ValueError(f"{text!r}: write node.field=value")
        return cls(place.strip(), value)


def plain(name: str) -> str:
    """Give what all spellings of a field's name have in common: `psn_no` is `psnNo`."""
    return name.replace("_", "").lower()


def draft(
    infno: str,
    *,
    facts: Mapping[str, str],
    now: datetime,
    settings: Iterable[Setting] = (),
    given: Mapping[str, Any] | None = None,
    fill: bool = False,
) -> Input:
    """Write the input of a transaction.

    `given` is an input to begin with; `facts` are values by field name (any spelling) for the
    fields that it lacks; `settings` count most. Raises `UnknownTransaction`, and `UnknownPlace` for
    a setting that names no field.
    """
    nodes = layout(infno, "in")
    input_: Input = json.loads(json.dumps(given or {}))
    for setting in settings:
        _set(input_, nodes, setting)
    by_name = {plain(name): value for name, value in facts.items() if value}
    known = _Known(by_name, now, fill=fill)
    for node in nodes:
        if not node.name:
            known.complete(node, input_)
        elif node.name in input_ or node.required or node is nodes[0]:
            rows = input_.setdefault(node.name, [{}] if node.many else {})
            for row in rows if isinstance(rows, list) else [rows]:
                known.complete(node, row)
    return input_


@dataclass(frozen=True, slots=True)
class _Known:
    facts: Mapping[str, str]
    now: datetime
    fill: bool

    def complete(self, node: Node, row: object) -> None:
        """Write what is known into the fields that a row lacks, and into what it holds."""
        if not isinstance(row, dict):
            return
        for name, field in node.fields.items():
            child = node.children.get(name)
            if name not in row:
                value = self._children(field) if child else self._value(field)
                if value is not None:
                    row[name] = value
            if child and name in row:
                inner = row[name]
                for one in inner if isinstance(inner, list) else [inner]:
                    self.complete(child, one)
        if self.fill:
            self._meet_conditions(node, row)

    def _meet_conditions(self, node: Node, row: Input) -> None:
        """Invent what other values make required."""
        for condition in node.conditions:
            for name, _ in condition.missing(row):
                field = node.fields[name]
                made = self._children(field) if name in node.children else None
                row[name] = made or (
                    _moment(field, self.now) if field.kind in "dt" else _invented(field)
                )

    def _children(self, field: Field) -> object:
        return ([{}] if field.kind == "l" else {}) if field.required else None

    def _value(self, field: Field) -> object:
        fact = self.facts.get(plain(field.name))
        if fact is not None and field.kind not in _STRUCTURED:
            return _typed(field, fact)
        if not field.required:
            return None
        if field.kind in "dt" and (self.fill or _is_now(field)):
            return _moment(field, self.now)
        return _invented(field) if self.fill else None


def _is_now(field: Field) -> bool:
    """Say whether a required date is that of the message itself, and no fact of a patient's life.

    The beginning of what is registered or asked about: the end is asked for by whoever knows it.
    """
    return plain(field.name) in {"begntime", "begndate", "feeocurtime", "diagtime", "date"}


def _moment(field: Field, now: datetime) -> str:
    text = write_time(now)
    return text[:10] if field.kind == "d" else text


def _typed(field: Field, text: str) -> object:
    """Give a written value as the type that the table wants; as it is where it is none of those."""
    if field.kind == "n":
        try:
            number = Decimal(text)
        except InvalidOperation:
            return text
        return int(number) if number == number.to_integral_value() else number
    if field.kind == "b":
        return _TRUTH.get(text.lower(), text)
    if field.kind in _STRUCTURED:
        try:
            return json.loads(text)
        except ValueError:
            return text
    return text


def _invented(field: Field) -> object:
    """Invent a value that fits the table."""
    if field.table:
        return min(codes()[field.table])
    made: dict[str, object] = {
        "n": 1,
        "g": _ONE,
        "b": True,
        "x": b"1",
        "a": [_ONE],
        "m": {},
    }
    return made.get(field.kind) or f"示例{field.label}"[: min(field.size or _LONGEST_TEXT, 20)]


def _set(input_: Input, nodes: tuple[Node, ...], setting: Setting) -> None:
    """Write one setting where it belongs."""
    first, *steps = setting.place.replace("[", ".[").split(".")
    if not steps:
        _set_everywhere(input_, nodes, setting)
        return
    node = next((node for node in nodes if node.name == first), None)
    if node is None:
        raise UnknownPlace(setting.place)
    _set_within(input_, node, steps, setting, name=first, many=node.many)


def _set_everywhere(input_: Input, nodes: tuple[Node, ...], setting: Setting) -> None:
    """Write a field that is named without a node into every required node that has it."""
    having = [node for node in nodes if setting.place in node.fields]
    chosen = [node for node in having if node.required] or having
    if not chosen:
        raise UnknownPlace(setting.place)
    for node in chosen:
        row = _row(input_, node.name, 0, many=node.many) if node.name else input_
        row[setting.place] = _typed(node.fields[setting.place], setting.value)


def _set_within(
    holder: Input,
    node: Node,
    steps: list[str],
    setting: Setting,
    *,
    name: str,
    many: bool,
) -> None:
    """Follow a place from node to node to its field."""
    place = 0
    if steps[0].startswith("["):
        place, steps = _index(steps[0], setting), steps[1:]
    if not steps or steps[0] not in node.fields:
        raise UnknownPlace(setting.place)
    row, field = _row(holder, name, place, many=many), node.fields[steps[0]]
    if len(steps) == 1:
        row[field.name] = _typed(field, setting.value)
    elif field.name in node.children:
        child = node.children[field.name]
        many = field.kind == "l"
        _set_within(row, child, steps[1:], setting, name=field.name, many=many)
    else:
        raise UnknownPlace(setting.place)


def _index(step: str, setting: Setting) -> int:
    number = step.strip("[]")
    if not number.isdigit():
        raise UnknownPlace(setting.place)
    return int(number)


def _row(holder: Input, name: str, place: int, *, many: bool) -> Input:
    """Give the row of a node, making those that are missing."""
    if not many:
        one: Input = holder.setdefault(name, {})
        return one
    rows: list[Input] = holder.setdefault(name, [])
    rows.extend({} for _ in range(place + 1 - len(rows)))
    return rows[place]
