"""Outputs made of the table itself: each required field gets a value that fits it.

A value is what is told of the thing in question, what the sender wrote under the same name, what
the books know of the sender and the person, or something made of the message, so that the same
message is always answered alike. Amounts that nobody has computed are 0.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from counterparts.insurer.families import flat, plain, spared
from counterparts.insurer.fields import FILE_NODE, check_of, code_tables, transactions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from counterparts.insurer.families import Row
    from counterparts.insurer.fields import Field
    from counterparts.insurer.office import Message, Office

_AMOUNT = re.compile(r"(amt|pay|fee|pric|prop|balc|std|dedc)$")
_NUMBERED = re.compile(r"(id|sn|no|code|codg|Id|Sn|No|Code|Codg)$")
_UNTIL = ("end", "expy", "vali_end", "valiEnd", "dld_end")
_TEXTS = {"字符型", "字符", "VARCHAR", "大文本", "文本型", "longtext", "Base64字符串"}
_SHORT, _WIDTH, _LONGEST = 4, 16, 20


@dataclass(frozen=True, slots=True)
class _Node:
    name: str
    is_list: bool
    fields: list[Field]


@cache
def _nodes(infno: str) -> Mapping[str, _Node]:
    table = transactions().get((infno, "out"), {})
    return {
        name: _Node(name, fields[0].shape.startswith("list"), fields)
        for name, fields in table.items()
        if name != FILE_NODE
    }


@cache
def outer(infno: str) -> tuple[_Node, ...]:
    """Return the nodes of an output that no field holds."""
    nodes = _nodes(infno)
    held = {one.holds for node in nodes.values() for one in node.fields if one.holds}
    return tuple(node for name, node in nodes.items() if name not in held)


@cache
def _check(infno: str, node: str, place: int) -> Callable[[object], str | None]:
    return check_of(_nodes(infno)[node].fields[place])


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes the output of one message; ``rows`` are the kept things it tells of, if any."""

    message: Message
    facts: Row
    known: Row = field(default_factory=dict)
    rows: list[Row] | None = None

    @classmethod
    def of(
        cls,
        office: Office,
        message: Message,
        known: Row | None = None,
        rows: list[Row] | None = None,
    ) -> Maker:
        """Return a maker that knows what the books know."""
        return cls(message, _facts(office, message), known or {}, rows)

    def output(self) -> Row:
        """Return the output."""
        made: Row = {}
        for node in outer(self.message.infno):
            if not node.name:
                made |= self._row(node, self.known)
            elif node.is_list:
                made[node.name] = [self._row(node, content) for content in self._contents(node)]
            else:
                made[node.name] = self._row(node, self.known)
        return made

    def _contents(self, node: _Node) -> list[Row]:
        """Return what each row of a list tells of: rows of that name, kept things, or nothing."""
        inner = self.known.get("nodes", {}).get(plain(node.name))
        if isinstance(inner, list) and node.name != "data":
            return [_as_content(row) for row in inner]
        if self.rows is not None:
            return self.rows
        given = self.message.input.get(node.name)
        return [_as_content(row) for row in given] if isinstance(given, list) else [self.known]

    def _row(self, node: _Node, content: Row) -> Row:
        own = content.get("nodes", {}).get(plain(node.name))
        sources = [
            flat(own) if isinstance(own, dict) else {},
            content.get("main", {}),
            self.facts,
        ]
        made: Row = {}
        for place, one in enumerate(node.fields):
            value = self._held(one, content) if one.holds else self._said(node, place, sources)
            if value is None and one.is_required:
                value = self._made(one, made)
            if value is not None:
                made[one.name] = value
        return made

    def _held(self, one: Field, content: Row) -> object:
        node = _nodes(self.message.infno)[one.holds]
        if not node.is_list:
            return self._row(node, content)
        inner = content.get("nodes", {}).get(plain(node.name))
        if not isinstance(inner, list):
            return [self._row(node, content)] if one.is_required and not content else []
        return [self._row(node, _as_content(row)) for row in inner]

    def _said(self, node: _Node, place: int, sources: list[Row]) -> object:
        """Return the first value known under a field's name that the table takes."""
        name = plain(node.fields[place].name)
        check = _check(self.message.infno, node.name, place)
        for source in sources:
            value = source.get(name)
            if value not in (None, "") and check(value) is None:
                return value
        return None

    def _made(self, one: Field, made: Row) -> object:
        """Make a value of the message itself."""
        digest = hashlib.blake2b(
            f"{self.message.infno}{one.name}{self.message.input}".encode(), digest_size=16
        ).hexdigest()
        return made_value(one, digest=digest, at=self.message.inf_time, beside=made)


def _facts(office: Office, message: Message) -> Row:
    """Return what the sender wrote, and what the books know of sender and person."""
    said = flat(spared(message.input))
    institution = {
        "fixmedinscode": message.institution.fixmedins_code,
        "fixmedinsname": message.institution.fixmedins_name,
        "optername": message.opter_name,
        "opter": message.opter,
    }
    person = office.books.person(str(said.get("psnno", "")))
    if person is None:
        return institution | said
    shown = ("psn_no", "psn_name", "psn_cert_type", "certno", "gend", "naty", "brdy")
    more = ("psn_type", "insutype", "insuplc_admdvs", "emp_name")
    about = {plain(name): getattr(person, name) for name in (*shown, *more)}
    return institution | about | {"patnname": person.psn_name} | said


def _as_content(row: object) -> Row:
    rows = flat(row) if isinstance(row, dict) else {}
    return {"main": rows, "nodes": {}}


def made_value(one: Field, *, digest: str, at: str, beside: Mapping[str, object]) -> object:
    """Return a value that fits a field; ``beside`` are the values before it in the row."""
    check = check_of(one)
    candidates: list[object] = [*_coded(one, digest, beside), *_likely(one, digest, at)]
    for value in candidates:
        if check(value) is None:
            return value
    raise LookupError(f"{one.name}: nothing fits {one.kind} {one.length}")


def _coded(one: Field, digest: str, beside: Mapping[str, object]) -> Iterator[str]:
    table = code_tables().get(one.codes)
    if table:
        codes = sorted(table)
        yield codes[int(digest[:8], 16) % len(codes)]
    stem, named, _ = one.name.rpartition("Name")
    code = beside.get(f"{stem}Codg") or beside.get(f"{stem}Code") if named else None
    for name, labels in code_tables().items():
        if code is not None and plain(name) in (plain(f"{stem}Codg"), plain(f"{stem}Code")):
            yield labels.get(str(code), "")


def _likely(one: Field, digest: str, at: str) -> Iterator[object]:
    later = f"{int(at[:4]) + 1}{at[4:10].replace('-02-29', '-02-28')}"
    until = one.name.startswith(_UNTIL)
    size = int(one.length) if one.length.isdigit() else _WIDTH
    number = str(int(digest, 16))
    if one.kind in _TEXTS:
        yield from _texts(one, number, size)
    yield later if until else at[:10]
    yield f"{later} 23:59:59" if until else at
    yield 0 if _AMOUNT.search(one.name) else 1
    yield number[: min(size, _WIDTH)]
    yield True
    yield from ([], {})


def _texts(one: Field, number: str, size: int) -> Iterator[str]:
    if size < _SHORT:
        yield "1"
    elif _NUMBERED.search(one.name):
        yield number[: min(size, _WIDTH)]
    else:
        yield f"示例{one.label}"[: min(size, _LONGEST)]
