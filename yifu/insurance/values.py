"""What one value of a message must be: the kinds of the field table, their checks, and times.

Never says the value itself: it may be personal.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Literal
from zoneinfo import ZoneInfo

from yifu.insurance.codes import codes

Direction = Literal["in", "out"]
"""`in` is what we send, `out` what the insurer answers: the interface's own point of view."""

CHINA = ZoneInfo("Asia/Shanghai")
"""Every time in a message is China's, written without an offset."""

_DATE_CHARACTERS = 10
_TIME_CHARACTERS = 19
LARGEST_INT = 2**63
"""An `int` of a message is smaller, by its amount; larger numbers are written as Decimal."""

_MAX_DIGITS = 28
"""As many as `decimal` divides without a remark: for a number of no length, or of a longer one."""


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


Fault = tuple[str, str] | None


def fault(field: Field, direction: Direction, value: object) -> Fault:
    """Give the first rule that a value breaks, with a detail, or None."""
    if value is None or value == "":
        return ("required", "") if field.required else None
    if wrong := _CHECKS[field.kind](field, direction, value):
        return wrong
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
    whole, scale = digits_around_point(field)
    if abs(number) >= 10**whole or (type(value) is int and abs(value) >= LARGEST_INT):
        return "length", f"{field.size} digits, {field.scale} of them decimals"
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -scale and number % Decimal((0, (1,), -scale)):
        return "decimals", f"{field.scale} allowed"
    return None


def digits_around_point(field: Field) -> tuple[int, int]:
    """Give how many digits a number may have before and after its point."""
    if not field.size:
        return _MAX_DIGITS // 2, _MAX_DIGITS // 2
    return min(field.size, _MAX_DIGITS) - field.scale, field.scale


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
    return None if text.strip("0") else ("type", "digits, not 0")


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


def _bytes(field: Field, direction: Direction, value: object) -> Fault:
    if not isinstance(value, bytes):
        return "type", "bytes"
    return None if value or not field.required or direction == "out" else ("required", "")


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
