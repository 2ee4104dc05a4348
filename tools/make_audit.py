"""Make the simulated insurer's audit rules from the published ones (两库), names left out.

    python tools/make_audit.py [../shared/data]

Writes `audit_limits.csv` (`kind, value, code`: a restriction on every item whose national code
begins with `code`) and `audit_pairs.csv` (`window, main, part`: within the window only `main` may
be charged) into `counterparts/insurer/data`. Rows that give no figure to judge by are left out and
counted. Two runs write the same bytes.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from seed.selection import drug_prefixes
from seed.tables import read, text_of

TARGET = Path(__file__).parent.parent / "counterparts" / "insurer" / "data"
WORDS = {
    "男": "1",
    "女": "2",
    "儿童": "child",
    "婴幼儿": "infant",
    "新生儿": "newborn",
    "住院": "inpatient",
    "二级": "2",
    "三级": "3",
    "工伤": "work_injury",
    "生育": "maternity",
}
WINDOWS = {"单日": "day", "单次就诊": "visit", "6小时": "six_hours", "同一小时": "hour"}
_JUDGED = frozenset(
    {
        *("sex", "age_group", "care_setting", "hospital_level", "insurance_type"),
        *("course_days", "cycle_days", "frequency", "same_incision"),
    }
)
_KINDS = {"cycle": "cycle_days", "course": "course_days", "same_incision_group": "same_incision"}
_DAYS = (r"1/(\d+)d", r"不超过(\d+)天", r"(\d+)天")
_YEAR = "365"
Limit = tuple[str, str, str]


def _published(shared: Path) -> Iterator[tuple[Limit, str]]:
    """Give every published restriction as (kind, value, code), with its note."""
    prefixes = drug_prefixes(shared)
    for row in read(shared / "drug_limits.csv"):
        for prefix in sorted(prefixes.get(row["generic_name"], ())):
            yield (row["limit_kind"], row["limit_value"], prefix), ""
    for row in read(shared / "service_limits.csv"):
        yield (row["limit_kind"], row["limit_value"], row["service_code"]), row["note"]


def _limit(published: Limit, note: str) -> Limit | None:
    """Write a restriction as the insurer's rules read it; None without a figure to judge by."""
    kind, value, code = published
    kind = _KINDS.get(kind, kind)
    if kind not in _JUDGED:
        return None
    if kind in {"course_days", "cycle_days"}:
        value = _days(f"{value} {note}")
    elif kind != "same_incision":
        value = WORDS.get(value, value)
    return (kind, value, code) if value else None


def _days(text: str) -> str:
    if "不超过一年" in text:
        return _YEAR
    found = next((match for rule in _DAYS if (match := re.search(rule, text))), None)
    return found[1] if found else ""


def main(shared: Path) -> None:
    """Write both tables and say how many rows they have."""
    found = [_limit(*published) for published in _published(shared)]
    limits = sorted({limit for limit in found if limit is not None})
    pairs = sorted(
        {
            (WINDOWS[row["window"]], row["main_code"], row["part_code"])
            for row in read(shared / "duplicate_charges.csv")
        }
    )
    (TARGET / "audit_limits.csv").write_text(
        text_of(("kind", "value", "code"), limits), encoding="utf-8"
    )
    (TARGET / "audit_pairs.csv").write_text(
        text_of(("window", "main", "part"), pairs), encoding="utf-8"
    )
    print(f"{len(limits)} limits, {len(pairs)} pairs, {found.count(None)} without a figure")


if __name__ == "__main__":
    default = Path(__file__).parent.parent.parent / "shared" / "data"
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else default)
