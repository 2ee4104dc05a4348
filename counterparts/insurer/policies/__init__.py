"""The benefit policies of cities: effective-dated tables as data, and the choice among them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from counterparts.insurer.benefits import (
    CHRONIC,
    EMERGENCY,
    INPATIENT,
    OUTPATIENT,
    PHARMACY,
    Bands,
    Rule,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_FOLDER = Path(__file__).parent
_ALL_AGES = (0, 150)
_ZERO, _ONE = Decimal(0), Decimal(1)
_NEVER = date(9999, 12, 31)
EMPLOYEE_INSURANCE, RESIDENT_INSURANCES = "310", frozenset({"390", "391"})


NAMES = {
    OUTPATIENT: "门诊",
    EMERGENCY: "急诊",
    PHARMACY: "药店购药",
    CHRONIC: "门诊慢特病",
    INPATIENT: "住院",
}
_ALL_CARE = frozenset(NAMES)


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
            raise NoPolicyError(f"险种{self.insutype}无待遇政策")
        # psn_type 12… are the retired and 13… those on full-pay retirement (离休).
        return "retired" if self.psn_type[:2] in {"12", "13"} else "employee"

    def age_on(self, day: date) -> int:
        """Return the completed years of age."""
        had_birthday = (day.month, day.day) >= (self.brdy.month, self.brdy.day)
        return day.year - self.brdy.year - (not had_birthday)


@dataclass(frozen=True, slots=True)
class _About:
    """What decides which rule applies, the disease apart."""

    traits: Traits
    day: date
    hospital_level: int
    care: str
    has_contract: bool = False
    elsewhere: str = ""


FALLBACKS = {EMERGENCY: OUTPATIENT}
"""Kinds of care that go by another's table where the city has none of their own."""


class Policy:
    """The benefit tables of one city.

    Kinds of table: one for each kind of care (``outpatient``, ``emergency``, ``pharmacy``,
    ``chronic``, ``inpatient``); ``catastrophic`` (serious illness), ``civil_servant``, ``aid``;
    ``contract`` (a general practitioner's contract lowers the deductible), ``elsewhere`` (shares of
    the local rate for persons insured in another area) and ``accounts``. A table holds from its
    ``effective`` day until a later one of the same group, age and birth.
    """

    def __init__(self, tables: Mapping[str, Any]) -> None:
        self.city: str = tables["city"]
        self._tables = tables
        self._rule = lru_cache(maxsize=4096)(self._chosen)

    def rule_for(
        self,
        traits: Traits,
        *,
        day: date,
        hospital_level: int,
        care: str = OUTPATIENT,
        disease: str = "",
        has_contract: bool = False,
        elsewhere: str = "",
    ) -> Rule:
        """Return the rule for one person on ``day`` at a hospital of level 1, 2 or 3.

        ``disease`` is the diagnosis that the visit is for. ``elsewhere`` is empty for who is
        insured here, otherwise ``filed``, ``transfer`` or ``unfiled``. Raises NoPolicyError if no
        table is in force.
        """
        about = _About(traits, day, hospital_level, care, has_contract, elsewhere)
        return self._rule(about, disease if self._asks_for(disease) else "")

    def account_pays_first(self, care: str) -> bool:
        """Say whether this year's account pays for such care before the deductible."""
        return care in self._tables.get("accounts", {}).get("before_deductible", ())

    @property
    def shares_accounts(self) -> bool:
        """Say whether relatives may pay from their accounts (共济)."""
        return bool(self._tables.get("accounts", {}).get("shared", False))

    def funds_on(self, traits: Traits, *, day: date, care: str) -> bool:
        """Say whether the pooled fund pays for a kind of care at all."""
        return self._table_for(_About(traits, day, 1, care)) is not None

    def _asks_for(self, disease: str) -> bool:
        tables = self._tables.get("catastrophic", ())
        return any(disease.startswith(tuple(table.get("diseases", ()))) for table in tables)

    def _chosen(self, about: _About, disease: str) -> Rule:
        table = self._table_for(about)
        group, day, care = about.traits.group, about.day, about.care
        if table is None:
            raise NoPolicyError(f"{day}无{group}{NAMES[care]}待遇政策")
        civil = self._in_force("civil_servant", day) if about.traits.is_civil_servant else None
        identities = about.traits.psn_idet_types
        aid = self._in_force("aid", day) if identities else None
        level = str(about.hospital_level)
        share = self._share_elsewhere(about)
        return Rule(
            group=group,
            care=care,
            deductible_fen=self._deductible(about, table, level),
            rate=Decimal(table["rate_by_level"][level]) * share,
            cap_fen=table.get("cap_fen"),
            cap_is_inpatient=table.get("cap_counts") == INPATIENT,
            excess_rate=Decimal(table.get("excess_rate", "0")) * share,
            catastrophic=self._catastrophic(about, disease),
            civil_servant_rate=Decimal(civil["rate"]) if civil else _ZERO,
            aid_rate=_best(aid["rate_by_identity"], identities) if aid else _ZERO,
            is_per_stay=table.get("deductible_per") == "stay",
            later_stay_share=Decimal(table.get("later_stay_share", "1")),
        )

    def _table_for(self, about: _About) -> Mapping[str, Any] | None:
        care = about.care
        if care not in self._tables and care in FALLBACKS:
            care = FALLBACKS[care]
        traits = about.traits
        age = traits.age_on(about.day)
        return self._in_force(care, about.day, group=traits.group, age=age, born=traits.brdy)

    def _deductible(self, about: _About, table: Mapping[str, Any], level: str) -> int:
        by_level = table.get("deductible_by_level_fen")
        whole: int = by_level[level] if by_level else table["deductible_fen"]
        if not about.has_contract or about.care not in {OUTPATIENT, EMERGENCY}:
            return whole
        contract = self._in_force("contract", about.day, group=about.traits.group)
        return max(0, whole - contract["deductible_less_fen"]) if contract else whole

    def _share_elsewhere(self, about: _About) -> Decimal:
        if not about.elsewhere:
            return _ONE
        table = self._in_force("elsewhere", about.day)
        if table is None:
            raise NoPolicyError(f"{about.day}无异地就医待遇政策")
        return Decimal(table["share"][about.elsewhere])

    def _catastrophic(self, about: _About, disease: str) -> Bands | None:
        table = self._in_force("catastrophic", about.day, group=about.traits.group)
        if table is None or about.care not in table.get("care", _ALL_CARE):
            return None
        named = tuple(table.get("diseases", ()))
        return _bands(table) if not named or disease.startswith(named) else None

    def _in_force(
        self,
        kind: str,
        day: date,
        *,
        group: str | None = None,
        age: int | None = None,
        born: date | None = None,
    ) -> Mapping[str, Any] | None:
        found = [
            table
            for table in self._tables.get(kind, ())
            if table["effective"] <= day
            and table.get("group") == group
            and (age is None or _covers(table.get("ages", _ALL_AGES), age))
            and (born is None or born < table.get("born_before", _NEVER))
        ]
        # Of tables of the same day, the one for a cohort goes before the one for everybody.
        return max(found, key=lambda t: (t["effective"], "born_before" in t), default=None)


def _covers(ages: Sequence[int], age: int) -> bool:
    return ages[0] <= age <= ages[1]


def _best(rates: Mapping[str, str], identities: tuple[str, ...]) -> Decimal:
    return max((Decimal(rates.get(identity, "0")) for identity in identities), default=_ZERO)


def _bands(table: Mapping[str, Any]) -> Bands:
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
