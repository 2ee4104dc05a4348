"""From a row's cells to its values: numbers, times, codes, persons. Pure; the first fault counts.

Messages quote what was found, but never the identity number, name or phone: reports are shared.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from functools import lru_cache

from yifu.catalogue.rules import ChargeLine, check_amount
from yifu.errors import YifuError
from yifu.patients.rules import check_identity_number
from yifu.visits.export_text import NAMED, OPTIONAL, REQUIRED, Bad

CHINA = timezone(timedelta(hours=8))
FIRST_YEAR, LAST_YEAR = 2000, 2099

_MAX_LENGTHS = {
    "visit": 30,
    "person": 60,
    "person_name": 50,
    "phone": 20,
    "diagnosis": 500,
    "diagnosis_name": 500,
    "department": 130,
    "department_name": 100,
    "doctor": 80,
    "doctor_name": 50,
    "national_code": 50,
    "local_code": 60,
    "name": 200,
    "quantity": 30,
    "unit_price": 30,
    "amount": 30,
    "time": 40,
}
_MAX_CODE = 30
_QUOTED = 30
_SPACES = " \t\u3000\xa0"
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ufffd\u2028\u2029]")
_NUMBER = re.compile(r"(-?)[0-9]{1,13}(\.[0-9]{1,10})?")
_NATIONAL_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_PHONE = re.compile(r"\+?[0-9][0-9-]{4,18}")
_CODED = re.compile(r"([0-9A-Za-z][0-9A-Za-z._/*+-]*)[ |:：^]+(.+)")
_DIAGNOSIS = re.compile(r"[A-Z][0-9]{2}(\.[0-9A-Za-z]{1,8})?[*+]?")
_BETWEEN_DIAGNOSES = re.compile("[;；]")
_PARTS_OF_TIME = ("year", "month", "day", "hour", "minute", "second")
_TIME = re.compile(
    r"(?P<year>[0-9]{4})([-/])(?P<month>[0-9]{1,2})\2(?P<day>[0-9]{1,2})"
    r"[ T](?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:\.[0-9]{1,6})?)?"
    r"(?P<offset>Z|[+-][0-9]{2}:?[0-9]{2})?"
)
_PLAIN_TIME = re.compile(
    "(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})"
    "(?P<hour>[0-9]{2})(?P<minute>[0-9]{2})(?P<second>[0-9]{2})"
)


@dataclass(frozen=True, slots=True)
class Coded:
    """A code with its name; an export that has only one of them gives it as both."""

    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """What the cells of a good row say."""

    visit: str
    person: str
    person_name: str
    phone: str
    diagnoses: tuple[Coded, ...]
    department: Coded
    doctor: Coded
    charge: ChargeLine


class _Fault(Exception):
    def __init__(self, code: str, zh: str, en: str) -> None:
        super().__init__(code)
        self.bad = Bad(code, zh, en)


def read_values(cells: Mapping[str, str], *, line: int) -> Values | Bad:
    """Read a row's cells; gives what is wrong with the first that is."""
    try:
        return _values(_texts(cells), line)
    except _Fault as fault:
        return fault.bad
    except YifuError as error:
        return Bad(error.code, error.detail("zh"), error.detail("en"))


def _values(texts: Mapping[str, str], line: int) -> Values:
    return Values(
        visit=texts["visit"],
        person=_identity(texts["person"]),
        person_name=texts["person_name"],
        phone=_phone(texts["phone"]),
        diagnoses=_diagnoses(texts["diagnosis"], texts["diagnosis_name"]),
        department=_coded(texts, "department"),
        doctor=_coded(texts, "doctor"),
        charge=_charge(texts, line),
    )


def _texts(cells: Mapping[str, str]) -> dict[str, str]:
    """Trim the cells and refuse what is missing, too long or not text."""
    texts = {field: cells.get(field, "").strip(_SPACES) for field in (*REQUIRED, *OPTIONAL)}
    for field, text in texts.items():
        if _CONTROL.search(text):
            raise _Fault("bad_text", f"{field} 含有控制字符", f"{field} holds control characters")
        if len(text) > _MAX_LENGTHS[field]:
            raise _Fault("too_long", f"{field} 过长", f"{field} is too long")
    for field in REQUIRED:
        if not texts[field] and not (field in NAMED and texts[f"{field}_name"]):
            raise _Fault("missing_value", f"缺少 {field}", f"{field} is missing")
    return texts


@lru_cache(maxsize=4096)
def _identity(text: str) -> str:
    return check_identity_number(text).number


def _phone(text: str) -> str:
    if text and not _PHONE.fullmatch(text):
        raise _Fault("bad_phone", "电话号码无效", "The phone number is not valid")
    return text


# --- codes ---------------------------------------------------------------------------------------


def _coded(texts: Mapping[str, str], field: str) -> Coded:
    """Read `code`, `code name` or a name; a column of names beside it has the last word."""
    found = _code_and_name(texts[field], texts[f"{field}_name"])
    name_field = f"{field}_name"
    if len(found.code) > _MAX_CODE or len(found.name) > _MAX_LENGTHS[name_field]:
        raise _Fault("too_long", f"{field} 过长", f"{field} is too long")
    return found


@lru_cache(maxsize=4096)
def _code_and_name(text: str, name: str) -> Coded:
    both = _CODED.fullmatch(text)
    if both:
        return Coded(both[1], name or both[2].strip(_SPACES))
    return Coded(text or name, name or text)


@lru_cache(maxsize=4096)
def _diagnoses(text: str, names: str) -> tuple[Coded, ...]:
    parts = [part.strip(_SPACES) for part in _BETWEEN_DIAGNOSES.split(text)]
    beside = [part.strip(_SPACES) for part in _BETWEEN_DIAGNOSES.split(names)] if names else []
    if beside and len(beside) != len(parts):
        raise _Fault(
            "bad_diagnosis",
            "诊断编码与名称个数不同",
            "There are not as many names of diagnoses as codes",
        )
    found = []
    for place, part in enumerate(parts):
        coded = _code_and_name(part, beside[place] if beside else "")
        code = coded.code.upper()
        if not _DIAGNOSIS.fullmatch(code):
            raise _Fault(
                "bad_diagnosis",
                f"诊断“{_shown(part)}”不以 ICD-10 编码开头",
                f"The diagnosis {_shown(part)!r} does not begin with an ICD-10 code",
            )
        found.append(Coded(code, coded.name))
    return tuple(found)


# --- the charge ----------------------------------------------------------------------------------


def _charge(texts: Mapping[str, str], line: int) -> ChargeLine:
    if not _NATIONAL_CODE.fullmatch(texts["national_code"]):
        raise _Fault("bad_code", "national_code 含有无效字符", "national_code is no code")
    charge = ChargeLine(
        line_no=line,
        local_code=texts["local_code"],
        national_code=texts["national_code"],
        name=texts["name"],
        quantity=_number(texts, "quantity"),
        unit_price_fen=_number(texts, "unit_price").scaleb(2),
        amount_fen=_fen(texts),
        occurred_at=_time(texts["time"]),
    )
    check_amount(charge)
    return charge


def _number(texts: Mapping[str, str], field: str) -> Decimal:
    """Read digits with an optional point: no exponent, no thousands mark, no full-width digit."""
    text = texts[field]
    found = _NUMBER.fullmatch(text)
    if not found:
        raise _Fault(
            "bad_number",
            f"{field} 不是数字：{_shown(text)}",
            f"{field} is no number: {_shown(text)}",
        )
    if found[1] and Decimal(text):
        raise _Fault("negative", f"{field} 为负数", f"{field} is negative")
    return abs(Decimal(text))


def _fen(texts: Mapping[str, str]) -> int:
    amount_fen = _number(texts, "amount").scaleb(2)
    if amount_fen != amount_fen.to_integral_value():
        raise _Fault("not_whole_fen", "amount 不足一分", "amount has a fraction of a fen")
    return int(amount_fen)


@lru_cache(maxsize=4096)
def _time(text: str) -> datetime:
    """Read a time with at least minutes; without an offset it is China's."""
    found = _TIME.fullmatch(text) or _PLAIN_TIME.fullmatch(text)
    if found is None or not FIRST_YEAR <= int(found["year"]) <= LAST_YEAR:
        raise _bad_time(text)
    parts = found.groupdict()
    numbers = [int(parts[name] or 0) for name in _PARTS_OF_TIME]
    year, month, day, hour, minute, second = numbers
    try:
        zone = _zone(parts.get("offset"))
        at = datetime(year, month, day, hour, minute, second, tzinfo=zone)
    except ValueError:
        raise _bad_time(text) from None
    return at.astimezone(CHINA)


def _zone(offset: str | None) -> timezone:
    if not offset:
        return CHINA
    if offset == "Z":
        return timezone(timedelta())
    minutes = int(offset[1:3]) * 60 + int(offset[-2:])
    return timezone(timedelta(minutes=-minutes if offset[0] == "-" else minutes))


def _bad_time(text: str) -> _Fault:
    return _Fault("bad_time", f"time 无效：{_shown(text)}", f"time is not valid: {_shown(text)}")


def _shown(text: str) -> str:
    return text if len(text) <= _QUOTED else f"{text[:_QUOTED]}…"
