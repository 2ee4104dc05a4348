"""The hospital's typical cases: `cases.toml`, checked against catalogue and diagnoses."""

import tomllib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from seed.tables import text_of

COLUMNS = (
    *("case_no", "weight", "kind", "department_code", "department_name"),
    *("diagnosis_code", "diagnosis_name", "sex", "age_from", "age_to"),
    *("seq", "local_code", "chance", "quantity_from", "quantity_to"),
)
_MOST_CHARGES = 12
_OLDEST = 90


def cases(
    source: Path,
    *,
    local_codes: Mapping[str, str],
    departments: Mapping[str, str],
    diagnoses: Mapping[str, str],
) -> str:
    """Write cases.csv, a row a likely charge; raises for a name or code that nobody knows."""
    found = tomllib.loads(source.read_text(encoding="utf-8"))["case"]
    rows: list[tuple[object, ...]] = []
    for number, case in enumerate(found, start=1):
        head = (
            *(number, case["weight"], "emergency" if case.get("emergency") else "outpatient"),
            *(case["department"], departments[case["department"]]),
            *(case["diagnosis"], diagnoses[case["diagnosis"]], case.get("sex", "")),
            *case.get("ages", (0, _OLDEST)),
        )
        rows += [(*head, *charge) for charge in _charges(case, local_codes)]
    return text_of(COLUMNS, rows)


def _charges(case: dict[str, Any], local_codes: Mapping[str, str]) -> Iterator[tuple[object, ...]]:
    items = [item.split(maxsplit=2) for item in case["items"]]
    names = [name for _, _, name in items]
    where = f"{case['department']} {case['diagnosis']}"
    if len(set(names)) != len(names) or not 1 <= len(names) <= _MOST_CHARGES:
        raise ValueError(f"{where}: too many charges, or one twice")
    if items[0][0] != "1" or "诊查费" not in names[0]:
        raise ValueError(f"{where}: the consultation comes first, and always")
    for place, (chance, quantity, name) in enumerate(items, start=1):
        if not 0 < Decimal(chance) <= 1:
            raise ValueError(f"{where}: {name} has no chance between 0 and 1")
        lowest, _, highest = quantity.partition("-")
        yield place, local_codes[name], chance, lowest, highest or lowest
