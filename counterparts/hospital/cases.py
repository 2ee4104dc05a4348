"""What people come to hospital for: departments, doctors, diagnoses and what is done for them.

``data/cases.csv`` holds a likely charge of a case a row, ``data/items.csv`` the price list. The
codes are real, cases and prices invented; so are the doctors.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from counterparts.names import Sex, draw_given_name, draw_surname

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from counterparts.population import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """Something a hospital charges for. ``price_fen`` may have decimals of a fen."""

    local_code: str
    national_code: str
    name: str
    price_fen: Decimal

    def costs_fen(self, quantity: Decimal) -> int:
        """Return what a quantity costs, half a fen rounded up."""
        return int((quantity * self.price_fen).quantize(Decimal(1), rounding=ROUND_HALF_UP))


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """An item that belongs to a case: how often in a hundred, and how many of it."""

    item: Item
    percent: int
    least: int
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A department, or a doctor of one: code and name."""

    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A typical visit: where, what for, how frequent, for whom, with what."""

    number: int
    department: Place
    doctors: tuple[Place, ...]
    diagnosis: Place
    weight: int
    ages: tuple[int, int]
    sex: Sex | None
    emergency: bool
    items: tuple[Usual, ...]

    def suits(self, person: Person, age: int) -> bool:
        """Say whether somebody of this sex and age comes with it."""
        low, high = self.ages
        return low <= age <= high and self.sex in (None, person.sex)


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """One priced line of a visit; amounts in fen."""

    line_no: int
    item: Item
    quantity: Decimal
    amount_fen: int
    occurred_at: datetime


MOST_CHARGES = 12
CHILDREN = "A07"
"""The department whose doctors are numbered first, and see the children."""
_DATA = Path(__file__).parent / "data"
_SEXES: dict[str, Sex] = {"1": "M", "2": "F"}
_DOCTORS_EACH = 3
# What a line runs out with: dear, paid by no insurance, and fit for anybody.
_OWN_EXPENSE = "03"
_DEAR_FEN = range(300_00, 500_00)


@cache
def price_list() -> dict[str, Item]:
    """Return the hospital's price list by local code."""
    return {row["local_code"]: _item(row) for row in _rows("items.csv")}


@cache
def costly_items() -> tuple[Item, ...]:
    """Return dear drugs that no insurance pays, the dearest first."""
    found = [
        _item(row)
        for row in _rows("items.csv")
        if (row["insurer_class"], row["kind"]) == (_OWN_EXPENSE, "drug")
        and int(Decimal(row["price_fen"])) in _DEAR_FEN
    ]
    return tuple(sorted(found, key=lambda item: (-item.price_fen, item.local_code)))


@cache
def all_cases() -> tuple[Case, ...]:
    """Return the typical cases, in the order of the file."""
    rows = _rows("cases.csv")
    doctors = _doctors(row["department_code"] for row in rows)
    by_case = groupby(rows, key=itemgetter("case_no"))
    return tuple(_case(list(several), doctors) for _, several in by_case)


def _rows(name: str) -> list[dict[str, str]]:
    with (_DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _item(row: dict[str, str]) -> Item:
    return Item(
        local_code=row["local_code"],
        national_code=row["national_code"],
        name=row["name"],
        price_fen=Decimal(row["price_fen"]),
    )


def _case(rows: list[dict[str, str]], doctors: dict[str, tuple[Place, ...]]) -> Case:
    head, items = rows[0], price_list()
    return Case(
        number=int(head["case_no"]),
        department=Place(code=head["department_code"], name=head["department_name"]),
        doctors=doctors[_major(head["department_code"])],
        diagnosis=Place(code=head["diagnosis_code"], name=head["diagnosis_name"]),
        weight=int(head["weight"]),
        ages=(int(head["age_from"]), int(head["age_to"])),
        sex=_SEXES.get(head["sex"]),
        emergency=head["kind"] == "emergency",
        items=tuple(
            Usual(
                item=items[row["local_code"]],
                percent=int(Decimal(row["chance"]) * 100),
                least=int(row["quantity_from"]),
                most=int(row["quantity_to"]),
            )
            for row in rows
        ),
    )


def _major(department_code: str) -> str:
    """Return the department that a speciality belongs to: A07 for A07.04."""
    return department_code.partition(".")[0]


def _doctors(department_codes: Iterable[str]) -> dict[str, tuple[Place, ...]]:
    """Invent the doctors of each department; those of the children have the first numbers."""
    rng = Random("doctors")  # noqa: S311 - invented names need no secrecy
    majors = sorted({_major(code) for code in department_codes}, key=lambda m: (m != CHILDREN, m))
    return {
        major: tuple(
            _doctor(rng, number=place * _DOCTORS_EACH + nth) for nth in range(1, _DOCTORS_EACH + 1)
        )
        for place, major in enumerate(majors)
    }


def _doctor(rng: Random, *, number: int) -> Place:
    sex: Sex = "F" if rng.randrange(2) else "M"
    name = draw_surname(rng) + draw_given_name(rng, sex=sex, birth_year=1960 + rng.randrange(35))
    return Place(code=f"D990100{number:06d}", name=name)


def case_for(cases: Sequence[Case], rng: Random, *, person: Person, age: int) -> Case:
    """Draw what a person of this age comes for.

    Raises:
        ValueError: no case suits the person.

    """
    fitting = [case for case in cases if case.suits(person, age)]
    if not fitting:
        raise ValueError(f"nobody of age {age} comes with any case")
    return rng.choices(fitting, [case.weight for case in fitting])[0]


def draw_items(rng: Random, case: Case, *, least: int = 1) -> list[tuple[Item, Decimal]]:
    """Draw what is done this time: at least so many items, at most twelve.

    Raises:
        ValueError: the case has not so many items.

    """
    if least > len(case.items):
        raise ValueError(f"case {case.number} has only {len(case.items)} items")
    drawn: list[tuple[Item, Decimal]] = []
    while len(drawn) < least:
        drawn = [
            (usual.item, Decimal(rng.randint(usual.least, usual.most)))
            for usual in case.items
            if rng.randrange(100) < usual.percent
        ]
    return drawn[:MOST_CHARGES]
