"""A message as people read it: every field with its labels, and what its code means.

For the console's answers and traces and for the page of finance. What the table does not know is
shown too, by its own name: a trace has nothing else to say about it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from yifu.insurance import codes
from yifu.insurance.fields import Direction, Field, Node, UnknownTransaction, layout
from yifu.insurance.labels import english


@dataclass(frozen=True, slots=True)
class Line:
    """One line: a node (without a value) or a field, with its labels and what its code means."""

    depth: int
    name: str
    zh: str
    en: str
    value: str | None = None
    meaning: str = ""
    meaning_en: str = ""

    def as_json(self) -> dict[str, Any]:
        """Give it as a plain object."""
        return asdict(self)


def lines(infno: str, direction: Direction, message: Mapping[str, Any] | None) -> list[Line]:
    """Give the lines of an input or output, nodes in the order of the table."""
    if not message:
        return []
    try:
        nodes = layout(infno, direction)
    except UnknownTransaction:
        nodes = ()
    known = {node.name: node for node in nodes}
    if "" in known:
        return list(_row(known[""], message, 0))
    ordered = sorted(message, key=lambda name: list(known).index(name) if name in known else 99)
    found: list[Line] = []
    for name in ordered:
        found += _node(known.get(name), name, message[name], 0)
    return found


def _node(node: Node | None, name: str, value: object, depth: int) -> Iterator[Line]:
    rows = value if isinstance(value, list) else [value]
    for number, row in enumerate(rows):
        if not isinstance(row, dict):
            yield Line(depth, name, "", english(name), _written(row))
            continue
        place = f"{name}[{number}]" if isinstance(value, list) else name
        yield Line(depth, place, "", english(name))
        yield from _row(node, row, depth + 1)


def _row(node: Node | None, row: Mapping[str, Any], depth: int) -> Iterator[Line]:
    fields: Mapping[str, Field] = node.fields if node is not None else {}
    order = partial(_place_of, list(fields))
    for name in sorted(row, key=order):
        field, value = fields.get(name), row[name]
        child = node.children.get(name) if node is not None else None
        if child is not None or isinstance(value, dict) or _is_rows(value):
            yield from _node(child, name, value, depth)
        elif value not in (None, ""):
            label = field.label if field else ""
            yield Line(depth, name, label, english(name), _written(value), *_means(field, value))


def _means(field: Field | None, value: object) -> tuple[str, str]:
    """Give what a code means in Chinese and in English; nothing for a code that nobody knows."""
    if field is None or str(value) not in codes.codes().get(field.table, {}):
        return "", ""
    return codes.label(field.table, value, "zh"), codes.label(field.table, value, "en")


def _place_of(names: list[str], name: str) -> int:
    return names.index(name) if name in names else len(names)


def _is_rows(value: object) -> bool:
    return isinstance(value, list) and any(isinstance(one, dict) for one in value)


def _written(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return {True: "true", False: "false"}.get(value, "") if isinstance(value, bool) else str(value)


def as_text(found: list[Line], *, indent: str = "  ") -> str:
    """Write lines for a terminal: name, value, what the code means, both labels."""
    return "\n".join(_line(line, indent) for line in found)


def _line(line: Line, indent: str) -> str:
    start = f"{indent * (line.depth + 1)}{line.name}"
    if line.value is None:
        return start
    meant = dict.fromkeys(filter(None, (line.meaning, line.meaning_en)))
    meaning = f" = {' · '.join(meant)}" if meant else ""
    labels = " · ".join(filter(None, (line.zh, line.en)))
    return f"{start}: {line.value}{meaning}   ({labels})"
