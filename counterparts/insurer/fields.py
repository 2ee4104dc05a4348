"""The fields of the interface: ``data/fields.csv`` and ``data/codes.csv`` as checks of input.

The tables are those of the national interface (Hunan edition V1.1.27) for the transactions that
this insurer knows; columns ``infno, direction, node, field, label, type, length, coded, required``.
Input is checked strictly: required, type, length, code, and no field that the tables do not have;
a refusal names the field. Coded fields whose code table the document lacks are checked as text.

Departures, each with its reason:

- 5203 ``setl_id`` may be empty or ``0``: after a lost answer nobody knows it (``settling``);
- 9101 ``in`` travels as the part ``file`` of a multipart body;
- ``med_type`` 12 (门诊挂号) is taken too: the rules of 2206 name it, the code table does not.
"""

from __future__ import annotations

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
_LISTS = {("2203", "diseinfo"), ("2204", "feedetail")}
_MAY_BE_EMPTY = {("5203", "setl_id"), ("9101", "in")}
_EXTRA_CODES = {"med_type": {"12"}}
_DATE_LENGTH, _INSTANT_LENGTH = 10, 19
_SERIAL_DIGITS = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One row of the table of fields."""

    name: str
    label: str
    kind: str
    length: str
    is_coded: bool
    is_required: bool


@dataclass(frozen=True, slots=True)
class _Node:
    checks: Mapping[str, tuple[str, Check]]
    required: Mapping[str, str]
    is_list: bool


@cache
def code_tables() -> Mapping[str, Mapping[str, str]]:
    """Return the code tables by name: code to label."""
    tables: dict[str, dict[str, str]] = {}
    with (_DATA / "codes.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            tables.setdefault(row["table"], {})[row["code"]] = row["label"]
    return tables


@cache
def transactions() -> Mapping[tuple[str, str], Mapping[str, list[Field]]]:
    """Return the fields by (infno, ``in`` or ``out``) and node; files have the node ``""``."""
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
                    is_coded=row["coded"] == "Y",
                    is_required=row["required"] == "Y",
                )
            )
    return found


def check_input(infno: str, nodes: object) -> dict[str, Any]:
    """Return the input of a message if all of it is as the tables want it.

    Raises RefusedError naming the first field that is not.
    """
    if not isinstance(nodes, dict):
        raise RefusedError(f"{infno} input 应为对象")
    wanted = _input_nodes(infno)
    for name, node in wanted.items():
        content = nodes.get(name)
        if node.is_list:
            if not isinstance(content, list) or not content:
                raise RefusedError(f"{infno} 节点 {name} 应为非空列表")
            for at, row in enumerate(content, 1):
                _check_row(row, node, f"{infno} {name}[{at}]")
        else:
            _check_row(content, node, f"{infno} {name}")
    if unknown := nodes.keys() - wanted.keys():
        raise RefusedError(f"{infno} 节点 {'、'.join(sorted(unknown))} 不在接口规范中")
    return nodes


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
    for name, label in node.required.items():
        if row.get(name) in (None, ""):
            raise RefusedError(f"{place}.{name}({label}) 不能为空")


@cache
def _input_nodes(infno: str) -> Mapping[str, _Node]:
    return {
        name: _Node(
            checks={field.name: (field.label, check_of(field)) for field in fields},
            required={
                field.name: field.label
                for field in fields
                if field.is_required and (infno, field.name) not in _MAY_BE_EMPTY
            },
            is_list=(infno, name) in _LISTS,
        )
        for name, fields in transactions()[infno, "in"].items()
        if name
    }


def check_of(field: Field) -> Check:
    """Return the check of one field's value: None, or what is wrong with it."""
    match field.kind:
        case "数值型":
            return _number_check(field.length)
        case "数字型":
            return _serial_problem
        case "日期型":
            return _date_problem
        case "日期时间型":
            return instant_problem
        case _:
            codes = code_tables().get(field.name) if field.is_coded else None
            extra = _EXTRA_CODES.get(field.name, set())
            return _text_check(field.length, frozenset(codes) | extra if codes else None)


def _text_check(length: str, codes: frozenset[str] | None) -> Check:
    longest = int(length) if length else 40_000

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
            exact = Decimal(str(value))
            if exact != round(exact, scale):
                return f"小数位超过{scale}位"
        return None

    return check


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
