"""The published charge rules (两库), in one tidy shape and only for items of the catalogue."""

import re
from collections.abc import Iterator
from pathlib import Path

from seed.selection import drug_prefixes
from seed.tables import read, text_of

_VALUES = {
    "sex": {"男": "1", "女": "2"},
    "age_group": {"儿童": "child", "婴幼儿": "infant", "新生儿": "newborn"},
    "care_setting": {"住院": "inpatient"},
    "hospital_level": {"二级": "2", "三级": "3"},
    "insurance_type": {"工伤": "work_injury", "生育": "maternity"},
}
_KINDS = {"cycle": "cycle_days", "course": "course_days"}
_WINDOWS = {"单日": "day", "单次就诊": "visit", "6小时": "six_hours", "同一小时": "hour"}
_A_DAY = {"日", "天", "小时"}
_YEAR_DAYS = 365

LIMIT_COLUMNS = ("code_prefix", "name", "kind", "value", "note")
DUPLICATE_COLUMNS = ("window", "main_code", "main_name", "part_code", "part_name", "note")


def limits(shared: Path, names: dict[str, str]) -> str:
    """Write limits.csv; `names` gives the name of each national code in the catalogue."""
    rows = sorted({*_drug_limits(shared, set(names.values())), *_service_limits(shared, names)})
    # Two names of one drug share a beginning: the limit is written once.
    once = {(prefix, kind, value): row for row in rows for prefix, _, kind, value, _ in (row,)}
    return text_of(LIMIT_COLUMNS, once.values())


def _drug_limits(shared: Path, names: set[str]) -> Iterator[tuple[str, ...]]:
    prefixes = drug_prefixes(shared)
    for row in read(shared / "drug_limits.csv"):
        name, kind, value = row["generic_name"], row["limit_kind"], row["limit_value"]
        if name not in names:
            continue
        value = value.removesuffix("天") if kind == "course_days" else _VALUES[kind][value]
        for prefix in prefixes[name]:
            yield prefix, name, kind, value, row["label"]


def _service_limits(shared: Path, names: dict[str, str]) -> Iterator[tuple[str, ...]]:
    for row in read(shared / "service_limits.csv"):
        code, kind = row["service_code"], row["limit_kind"]
        if code in names:
            value = _service_value(kind, row["limit_value"], row["note"])
            note = "" if kind == "frequency" else row["note"]
            yield code, row["name"], _KINDS.get(kind, kind), value, note


def _service_value(kind: str, value: str, note: str) -> str:
    if kind in _VALUES:
        return _VALUES[kind][value]
    if kind == "cycle":
        return _days(r"1/(\d+)d", value)
    if kind == "course":
        return str(_YEAR_DAYS) if "不超过一年" in note else _days(r"不超过(\d+)天", note)
    if kind == "frequency" and note not in _A_DAY:
        raise ValueError(f"nobody has judged what a frequency per {note} means")
    return value


def _days(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    if found is None:
        raise ValueError(f"no number of days in {text!r}")
    return found[1]


def duplicates(shared: Path, names: dict[str, str]) -> str:
    """Write duplicates.csv: pairs of which both items are in the catalogue."""
    rows = sorted(
        (
            _WINDOWS[row["window"]],
            *(row[name] for name in DUPLICATE_COLUMNS[1:]),
        )
        for row in read(shared / "duplicate_charges.csv")
        if row["main_code"] in names and row["part_code"] in names
    )
    return text_of(DUPLICATE_COLUMNS, dict.fromkeys(rows))
