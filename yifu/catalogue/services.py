"""Load the shipped catalogue; compare charges with the published rules."""

import csv
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from yifu.catalogue import rules
from yifu.catalogue.models import Diagnosis, Item
from yifu.catalogue.rules import ChargeLine, Duplicate, Finding, Limit, RuleBook
from yifu.patients.models import Person
from yifu.patients.rules import SexCode

SEED = Path(__file__).with_name("seed")
_BATCH = 1000


def import_seed(institution_id: int) -> tuple[int, int]:
    """Load the shipped price list for an institution, and the diagnoses; gives how many of each.

    Loading again changes prices and names to the shipped ones and adds nothing twice.
    """
    items = [
        Item(
            institution_id=institution_id,
            local_code=row["local_code"],
            national_code=row["national_code"],
            name=row["name"],
            kind=row["kind"],
            unit=row["unit"],
            price_fen=Decimal(row["price_fen"]),
            charge_category=row["charge_category"],
            insurer_class=row["insurer_class"],
            price_source=row["price_source"],
        )
        for row in _rows("items.csv")
    ]
    Item.objects.bulk_create(
        items,
        batch_size=_BATCH,
        update_conflicts=True,
        unique_fields=["institution", "local_code"],
        update_fields=[
            *("national_code", "name", "kind", "unit", "price_fen", "charge_category"),
            "insurer_class",
        ],
    )
    diagnoses = [
        Diagnosis(code=row["code"], name=row.get("name") or row["disease"])
        for row in _rows("icd10.csv")
    ]
    Diagnosis.objects.bulk_create(diagnoses, batch_size=_BATCH, ignore_conflicts=True)
    return len(items), len(diagnoses)


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (SEED / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


@cache
def rule_book() -> RuleBook:
    """Read the published charge rules once per process."""
    return RuleBook.of(
        (Limit.from_row(row) for row in _rows("limits.csv")),
        (Duplicate.from_row(row) for row in _rows("duplicates.csv")),
    )


def warnings(person: Person, lines: Sequence[ChargeLine], *, on: date) -> tuple[Finding, ...]:
    """Tell what the published rules say about a visit's charges (P3.13, P7.4)."""
    sex: SexCode = "1" if person.sex == "1" else "2"
    patient = rules.Patient(sex=sex, birth_date=person.birth_date)
    return rules.warnings(lines, patient=patient, rules=rule_book(), on=on)
