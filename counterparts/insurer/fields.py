"""The fields of the interface: ``data/fields.csv`` and its codes and conditions as checks of input.

The tables are those of the national interface (Hunan edition V1.1.27), all transactions; columns
``infno, transaction, direction, node, shape, holds, field, label, type, length, coded, required``.
``shape`` is ``list`` for a node of many rows, with ``?`` after it if it may be left out; ``holds``
is the node that a field holds; ``coded`` the table of its codes. The node ``""`` is the message
itself, ``(file)`` the columns of the file that goes with it. ``data/conditions.csv`` has what is
required beside another value: ``when`` is ``other=code|code``, ``other<0``, ``other`` (it is
there), or ``any`` (one of the fields must be). Input is checked strictly: required, type, length,
code, and no field that the tables do not have; a refusal names the field.

Departures, each with its reason:

- 5203 ``setl_id`` may be empty or ``0``: after a lost answer nobody knows it (``settling``);
- 9101 ``in`` travels as the part ``file`` of a multipart body.
"""

from __future__ import annotations

import base64
import csv
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from counterparts.insurer.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Check = Callable[[Any], str | None]

_DATA = Path(__file__).parent / "data"
FILE_NODE = "(file)"
_MAY_BE_EMPTY = {("5203", "setl_id"), ("9101", "in")}
_DATE_LENGTH, _INSTANT_LENGTH = 10, 19
_SERIAL_DIGITS = 15
_NO_LIMIT = 20_000_000
_NUMBERS = {"数值型", "BigDecimal", "整型", "整数型", "整数类型"}
_TEXTS = {"字符型", "字符", "VARCHAR", "大文本", "文本型", "longtext", "Base64字符串"}
_SERIAL = "数字型"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One row of the table of fields."""

    name: str
    label: str
    kind: str
    length: str
    codes: str
    is_required: bool
    holds: str
    shape: str


@dataclass(frozen=True, slots=True)
class _Node:
    checks: Mapping[str, tuple[str, Check]]
    required: Mapping[str, str]
    is_list: bool
    is_optional: bool
    inner: Mapping[str, _Node]
    conditions: tuple[tuple[str, tuple[str, ...]], ...]


@cache
def code_tables() -> Mapping[str, Mapping[str, str]]:
    """Return the code tables by name: code to label."""
    tables: dict[str, dict[str, str]] = {}
    with (_DATA / "codes.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            tables.setdefault(row["table"], {})[row["code"]] = row["label"]
    return tables


@cache
def names() -> Mapping[str, str]:
    """Return the names of all transactions by number."""
    with (_DATA / "fields.csv").open(encoding="utf-8", newline="") as file:
        return {row["infno"]: row["transaction"] for row in csv.DictReader(file)}


@cache
def transactions() -> Mapping[tuple[str, str], Mapping[str, list[Field]]]:
    """Return the fields by (infno, ``in`` or ``out``) and node."""
    found: dict[tuple[str, str], dict[str, list[Field]]] = {}
    with (_DATA / "fields.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            nodes = found.setdefault((row["infno"], row["direction"]), {})
            nodes.setdefault(row["node"], []).append(
                Field(
                    name=row["field"],
                    label=row["label"],
                    kind=row["type"],
                    length=row["length"],
                    codes=row["coded"],
                    is_required=row["required"] == "Y",
                    holds=row["holds"],
                    shape=row["shape"],
                )
            )
    return found


@cache
def names_a_person(infno: str) -> bool:
    """Say whether a message must name a person by number, so that the envelope names their area."""
    return any(
        field.name == "psn_no" and field.is_required
        for name, fields in transactions().get((infno, "in"), {}).items()
        if name != FILE_NODE
        for field in fields
    )


def check_input(infno: str, nodes: object) -> dict[str, Any]:
    """Return the input of a message if all of it is as the tables want it.

    Raises RefusedError naming the first field that is not.
    """
    if not isinstance(nodes, dict):
        raise RefusedError(f"{infno} input 应为对象")
    wanted = _input_nodes(infno)
    if "" in wanted:
        _check_row(nodes, wanted[""], infno)
        return nodes
    for name, node in wanted.items():
        content = nodes.get(name)
        if content is None and node.is_optional:
            continue
        _check_node(content, node, f"{infno} 节点 {name}", f"{infno} {name}")
    if unknown := nodes.keys() - wanted.keys():
        raise RefusedError(f"{infno} 节点 {'、'.join(sorted(unknown))} 不在接口规范中")
    return nodes


def _check_node(content: object, node: _Node, called: str, place: str) -> None:
    if not node.is_list:
        _check_row(content, node, place)
        return
    if not isinstance(content, list) or not (content or node.is_optional):
        raise RefusedError(f"{called} 应为非空列表")
    for at, row in enumerate(content, 1):
        _check_row(row, node, f"{place}[{at}]")


def _check_row(row: object, node: _Node, place: str) -> None:
    if not isinstance(row, dict):
        raise RefusedError(f"{place} 应为对象")
    checks = node.checks
    for name, value in row.items():
        known = checks.get(name)
        if known is None:
            raise RefusedError(f"{place}.{name} 不在接口规范中")
        if value is None or value == "":
            continue
        problem = known[1](value)
        if problem is not None:
            raise RefusedError(f"{place}.{name}({known[0]}) {problem}")
        if (inner := node.inner.get(name)) and (value or name in node.required):
            _check_node(value, inner, f"{place}.{name}", f"{place}.{name}")
    for name, label in node.required.items():
        if row.get(name) in (None, ""):
            raise RefusedError(f"{place}.{name}({label}) 不能为空")
    _check_conditions(row, node, place)


def _check_conditions(row: Mapping[str, Any], node: _Node, place: str) -> None:
    for when, names in node.conditions:
        if lacking := _lacking(row, when, names):
            raise RefusedError(f"{place}.{lacking} 不能为空：{when}")


def _lacking(row: Mapping[str, Any], when: str, names: tuple[str, ...]) -> str:
    """Name what a row lacks for a condition, or nothing."""
    absent = [name for name in names if row.get(name) in (None, "", [])]
    if when == "any":
        return "、".join(absent) if len(absent) == len(names) else ""
    other, equals, codes = when.removesuffix("<0").partition("=")
    value = row.get(other)
    if equals:
        holds = value in codes.split("|")
    elif when.endswith("<0"):
        holds = isinstance(value, int | float) and value < 0
    else:
        holds = value not in (None, "")
    return "、".join(absent) if holds else ""


@cache
def _conditions() -> Mapping[tuple[str, str], list[tuple[str, tuple[str, ...]]]]:
    """Return what is required beside another value, by transaction and node."""
    found: dict[tuple[str, str], list[tuple[str, tuple[str, ...]]]] = {}
    with (_DATA / "conditions.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            rules = found.setdefault((row["infno"], row["node"]), [])
            rules.append((row["when"], tuple(row["fields"].split())))
    return found


@cache
def _input_nodes(infno: str) -> Mapping[str, _Node]:
    """Return the outer nodes of a message; those that a field holds hang below them."""
    table = transactions().get((infno, "in"), {})
    held = {field.holds for fields in table.values() for field in fields if field.holds}

    def node(name: str) -> _Node:
        fields = table[name]
        return _Node(
            checks={field.name: (field.label, check_of(field)) for field in fields},
            required={
                field.name: field.label
                for field in fields
                if field.is_required and (infno, field.name) not in _MAY_BE_EMPTY
            },
            is_list=fields[0].shape.startswith("list"),
            is_optional=fields[0].shape.endswith("?"),
            inner={field.name: node(field.holds) for field in fields if field.holds},
            conditions=tuple(_conditions().get((infno, name), ())),
        )

    outer = (name for name in table if name not in held and name != FILE_NODE)
    return {name: node(name) for name in outer}


def check_of(field: Field) -> Check:
    """Return the check of one field's value: None, or what is wrong with it."""
    if field.holds:
        return _holder_problem
    if field.kind == _SERIAL and "," not in field.length:
        return _serial_problem
    if field.kind in _NUMBERS or field.kind == _SERIAL:
        return _number_check(field.length)
    if field.kind in _TEXTS:
        codes = code_tables().get(field.codes)
        check = _text_check(_longest(field, codes), frozenset(codes) if codes else None)
        return _filled(check) if field.is_required else check
    return _OTHERS.get(field.kind, _structure_problem)


def _filled(check: Check) -> Check:
    return lambda value: "不能为空" if isinstance(value, str) and value.isspace() else check(value)


def _longest(field: Field, codes: Mapping[str, str] | None) -> int:
    """Return the longest value; codes that are longer than the document's length count."""
    if not field.length:
        return _NO_LIMIT
    known = code_tables().get(field.name) or codes or {}
    longest = int(field.length.replace(",", ""))  # the tables write 2,000 too
    return max(longest, *map(len, known)) if known else longest


def _text_check(longest: int, codes: frozenset[str] | None) -> Check:
    def check(value: object) -> str | None:
        if not isinstance(value, str):
            return "应为字符串"
        if len(value) > longest:
            return f"长度超过{longest}"
        if codes is not None and value not in codes:
            return f"代码{value}不在字典中"
        return None

    return check


def _number_check(length: str) -> Check:
    digits, _, places = (length or "16,2").partition(",")
    scale = int(places or 0)
    limit = 10 ** (int(digits) - scale)

    def check(value: object) -> str | None:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return "应为数值"
        if not -limit < value < limit:
            return f"超出数值长度{length}"
        if isinstance(value, float):
            exponent = Decimal(str(value)).normalize().as_tuple().exponent
            if not isinstance(exponent, int) or exponent < -scale:
                return f"小数位超过{scale}位"
        return None

    return check


def _holder_problem(value: object) -> str | None:
    return None if isinstance(value, dict | list) else "应为对象或列表"


def _boolean_problem(value: object) -> str | None:
    return None if isinstance(value, bool) else "应为true或false"


def _structure_problem(value: object) -> str | None:
    """Take whatever the tables describe as a structure without saying which."""
    return None if isinstance(value, dict | list | str) else "应为对象、列表或字符串"


def _texts_problem(value: object) -> str | None:
    right = isinstance(value, list) and all(isinstance(text, str) for text in value)
    return None if right else "应为字符串列表"


def _bytes_problem(value: object) -> str | None:
    """Return what is wrong with bytes, which JSON carries in base64."""
    try:
        if isinstance(value, str):
            base64.b64decode(value, validate=True)
            return None
    except ValueError:
        pass
    return "应为Base64字符串"


def _serial_problem(value: object) -> str | None:
    """Return what is wrong with a ``feedetl_sn``: digits only, at most 15, not 0."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(text, str) or not (text.isascii() and text.isdigit()):
        return "只能为数字"
    if len(text) > _SERIAL_DIGITS or not int(text):
        return "应为不超过15位的非零数字"
    return None


def _date_problem(value: object) -> str | None:
    try:
        if isinstance(value, str) and len(value) == _DATE_LENGTH:
            date.fromisoformat(value)
            return None
    except ValueError:
        pass
    return "应为yyyy-MM-dd格式的日期"


def instant_problem(value: object) -> str | None:
    """Return what is wrong with an instant, or None."""
    try:
        if isinstance(value, str) and len(value) == _INSTANT_LENGTH and value[10] == " ":
            datetime.fromisoformat(value)
            return None
    except ValueError:
        pass
    return "应为yyyy-MM-dd HH:mm:ss格式的时间"


_OTHERS: Mapping[str, Check] = {
    "日期型": _date_problem,
    "日期": _date_problem,
    "字符串数组": _texts_problem,
    "规则标识集合": _texts_problem,
    "字节数组": _bytes_problem,
    "日期时间型": instant_problem,
    "布尔型": _boolean_problem,
}
