"""The frame around Shanghai's messages: its fields, checked and masked by `fields.csv`. Pure."""

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from importlib.resources import files
from typing import Any, Final

import orjson

from yifu.insurance.fields import Violation, write_time
from yifu.insurance.gateway import OPERATOR, OPERATOR_NAME, Malformed, Nonsense, Refused
from yifu.insurance.regions.dialect import Content, Numbers, Talk

_YES: Final = "P001"
_OFFLINE: Final = "10"
_DECIMALS: Final = {"A": 2, "D": 4, "E": 6}
_KEPT: Final = ("jysj", "xzqhdm")
_TAIL: Final = 4


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    label: str
    kind: str
    size: int
    required: bool
    mask: str


Layout = Mapping[str, Mapping[str, _Field]]


@cache
def _layouts() -> Mapping[tuple[str, str], Layout]:
    """Give the fields by message and direction, then by list ("": the message itself)."""
    text = files(__package__).joinpath("fields.csv").read_text(encoding="utf-8")
    found: dict[tuple[str, str], dict[str, dict[str, _Field]]] = {}
    for row in csv.DictReader(text.splitlines()):
        one = _Field(
            row["field"],
            row["label"],
            row["kind"],
            int(row["size"] or 0),
            row["required"] == "Y",
            row["mask"],
        )
        for message in row["messages"].split():
            nodes = found.setdefault((message, row["direction"]), {"": {}})
            nodes.setdefault(row["node"], {})[one.name] = one
    return found


def problems(kind: str, direction: str, content: Content) -> list[Violation]:
    """List every rule of `fields.csv` that a message breaks, by the field's place."""
    found = []
    for place, field, value in _values(kind, direction, content):
        if rule := _fault(field, value):
            way = "in" if direction == "in" else "out"
            found.append(Violation(kind, way, place, field.label, rule, ""))  # type: ignore[arg-type] # one of the two
    return found


def _values(kind: str, direction: str, content: Content) -> Iterator[tuple[str, _Field, object]]:
    for node, fields in _layouts().get((kind, direction), {}).items():
        if not node:
            yield from ((name, field, content.get(name)) for name, field in fields.items())
            continue
        rows = content.get(node) or []
        for place, row in enumerate(rows if isinstance(rows, list) else [rows]):
            known = row if isinstance(row, dict) else {}
            for name, field in fields.items():
                yield f"{node}[{place}].{name}", field, known.get(name)


def _fault(field: _Field, value: object) -> str:
    if value is None or value == "":
        return "required" if field.required else ""
    if field.kind == "s":
        text = str(value) if type(value) is int else value
        if not isinstance(text, str) or "\0" in text:
            return "type"
        return "length" if len(text) > field.size else ""
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return "type"
    if isinstance(value, bool) or not number.is_finite():
        return "type"
    scale = _DECIMALS.get(field.kind, 0)
    return "decimals" if number % Decimal((0, (1,), -scale)) else ""


def write(talk: Talk, kind: str, content: Content, *, msgid: str) -> bytes:
    """Frame a message. Raises `Malformed` with every rule of `fields.csv` it breaks."""
    endpoint, asked = talk.endpoint, talk.asked
    frame = {
        "jysj": write_time(asked.now),
        "xxlxm": kind,
        "xxfhm": "",
        "fhxx": "",
        "bbh": "",
        "msgid": msgid,
        "xzqhdm": asked.insuplc_admdvs,
        "jgdm": endpoint.fixmedins_code,
        "czybm": OPERATOR,
        "czyxm": OPERATOR_NAME,
        "jyqd": _OFFLINE,
        "jyyzm": "",
        "zdjbhs": "",
    }
    found = problems("*", "in", frame) + problems(kind, "in", content)
    if found:
        raise Malformed(found)
    return orjson.dumps({**frame, "xxnr": content}, default=str)


def read(kind: str, body: bytes, *, encoding: str) -> tuple[Content, Numbers]:
    """Take an answer apart. Raises `Refused` and `Nonsense`."""
    try:
        said = json.loads(body.decode(encoding), parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise Nonsense(f"{kind}: not {encoding} JSON ({len(body)} bytes)") from error
    content = said.get("xxnr") if isinstance(said, dict) else None
    code = str(said.get("xxfhm") or "") if isinstance(said, dict) else ""
    if code and code != _YES:
        raise Refused(str(said.get("fhxx") or ""), code)
    if not code or said.get("xxlxm") != kind or not isinstance(content, dict):
        raise Nonsense(f"{kind}: answered {str(said)[:40]!r}")
    if found := problems(kind, "out", content):
        raise Nonsense("; ".join(map(str, found)), found)
    content |= {name: str(said.get(name) or "") for name in _KEPT}
    return content, _numbers(kind, content)


def mask(kind: str, content: Content, *, answer: bool) -> dict[str, Any]:
    """Give a message as it may be stored (P1.7); fields nobody has judged are left out."""
    layout = _layouts().get((kind, "out" if answer else "in"), {"": {}})
    shown: dict[str, Any] = {}
    for node, fields in layout.items():
        if not node:
            shown |= _masked(fields, content)
        elif isinstance(rows := content.get(node), list):
            shown[node] = [_masked(fields, row) for row in rows if isinstance(row, dict)]
    return shown | {name: content[name] for name in _KEPT if name in content}


def _masked(fields: Mapping[str, _Field], row: Content) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for name, value in row.items():
        if name in fields and not isinstance(value, dict | list):
            plain = str(value) if isinstance(value, Decimal) else value
            shown[name] = _hidden(fields[name].mask, str(plain)) if fields[name].mask else plain
    return shown


def _hidden(mask: str, text: str) -> str:
    if mask == "name":
        return text[:1] + "*" * (len(text) - 1)
    if mask == "tail" and len(text) > 2 * _TAIL:
        return "*" * (len(text) - _TAIL) + text[-_TAIL:]
    return "***"


def _numbers(kind: str, content: Content) -> Numbers:
    return Numbers(
        visit=str(content.get("jzdyh") or ""),
        bill=str(content.get("mxzdh") or ""),
        application=str(content.get("jssqxh") or ""),
        serial="" if kind == "SK01" else str(content.get("lsh") or ""),
    )
