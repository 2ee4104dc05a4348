"""The benefit policies of cities: effective-dated tables as data, and the choice among them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from counterparts.insurer.benefits import Bands, Rule

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

_FOLDER = Path(__file__).parent
_ALL_AGES = (0, 150)
_ZERO = Decimal(0)
EMPLOYEE_INSURANCE, RESIDENT_INSURANCES = "310", frozenset({"390", "391"})


class NoPolicyError(LookupError):
    """The city has no benefit rule for such a person on that day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What about a person decides which rule applies. ``brdy`` is the birth date."""

    insutype: str
    psn_type: str
    brdy: date
    is_civil_servant: bool = False
    psn_idet_types: tuple[str, ...] = ()

    @property
    def group(self) -> str:
        """Return employee, retired or resident.

        Raises NoPolicyError for other kinds of insurance.
        """
        if self.insutype in RESIDENT_INSURANCES:
            return "resident"
        if self.insutype != EMPLOYEE_INSURANCE:
            raise NoPolicyError(f"险种{self.insutype}无门诊待遇政策")
        # psn_type 12… are the retired and 13… those on full-pay retirement (离休).
        return "retired" if self.psn_type[:2] in {"12", "13"} else "employee"

    def age_on(self, day: date) -> int:
        """Return the completed years of age."""
        had_birthday = (day.month, day.day) >= (self.brdy.month, self.brdy.day)
        return day.year - self.brdy.year - (not had_birthday)


class Policy:
    """The benefit tables of one city."""

    def __init__(self, tables: Mapping[str, Any]) -> None:
        self.city: str = tables["city"]
        self._tables = tables
        self._rule = lru_cache(maxsize=4096)(self._chosen)

    def rule_for(self, traits: Traits, *, day: date, hospital_level: int) -> Rule:
        """Return the rule for one person on ``day`` at a hospital of level 1, 2 or 3.

        Raises NoPolicyError if none is in force.
        """
        return self._rule(
            traits.group,
            traits.age_on(day),
            traits.is_civil_servant,
            traits.psn_idet_types,
            day,
            hospital_level,
        )

    def _chosen(
        self,
        group: str,
        age: int,
        is_civil_servant: bool,  # noqa: FBT001
        identities: tuple[str, ...],
        day: date,
        level: int,
    ) -> Rule:
        table = self._in_force("outpatient", day, group=group, age=age)
        if table is None:
            raise NoPolicyError(f"{day}无{group}门诊待遇政策")
        civil = self._in_force("civil_servant", day) if is_civil_servant else None
        aid = self._in_force("aid", day) if identities else None
        return Rule(
            group=group,
            deductible_fen=table["deductible_fen"],
            rate=Decimal(table["rate_by_level"][str(level)]),
            cap_fen=table.get("cap_fen"),
            excess_rate=Decimal(table.get("excess_rate", "0")),
            catastrophic=_bands(self._in_force("catastrophic", day, group=group)),
            civil_servant_rate=Decimal(civil["rate"]) if civil else _ZERO,
            aid_rate=_best(aid["rate_by_identity"], identities) if aid else _ZERO,
        )

    def _in_force(
        self, kind: str, day: date, *, group: str | None = None, age: int | None = None
    ) -> Mapping[str, Any] | None:
        found = [
            table
            for table in self._tables.get(kind, ())
            if table["effective"] <= day
            and table.get("group") == group
            and (age is None or _covers(table.get("ages", _ALL_AGES), age))
        ]
        return max(found, key=lambda table: table["effective"], default=None)


def _covers(ages: Sequence[int], age: int) -> bool:
    return ages[0] <= age <= ages[1]


def _best(rates: Mapping[str, str], identities: tuple[str, ...]) -> Decimal:
    return max((Decimal(rates.get(identity, "0")) for identity in identities), default=_ZERO)


def _bands(table: Mapping[str, Any] | None) -> Bands | None:
    if table is None:
        return None
    steps = tuple((step["from_fen"], Decimal(step["share"])) for step in table["steps"])
    return Bands(steps=steps, cap_fen=table.get("cap_fen"))


def load_policy(city: str) -> Policy:
    """Return the policy of ``city``.

    Raises FileNotFoundError if the city has no table.
    """
    text = (_FOLDER / f"{city}.toml").read_text(encoding="utf-8")
    return Policy(tomllib.loads(text))


def cities() -> list[str]:
    """Return the cities that have a table."""
    return sorted(path.stem for path in _FOLDER.glob("*.toml"))
