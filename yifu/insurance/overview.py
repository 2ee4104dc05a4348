"""What the insurer has of a person, and of a visit, put together from several questions.

Asked anew each time and kept nowhere but in the exchanges: the insurer's books are the insurer's.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Final

from yifu import clock
from yifu.errors import NotFound
from yifu.insurance import persons, queries
from yifu.insurance.answers import Insured, Settled, choose_insurance
from yifu.insurance.cases import MED_TYPES
from yifu.insurance.errors import NotRegisteredThere
from yifu.insurance.exchanges import endpoint_of
from yifu.insurance.filing_forms import PURPOSES
from yifu.insurance.models import Encounter
from yifu.insurance.persons import Known
from yifu.insurance.queries import Span
from yifu.insurance.query_answers import (
    Accumulation,
    Benefit,
    ChargeThere,
    ChronicThere,
    DiagnosisThere,
    PlaceThere,
    TransferThere,
    VisitThere,
)
from yifu.insurance.rules import fen
from yifu.patients.models import Person
from yifu.visits.models import Visit

_TRANSFERS_FOR: Final = timedelta(days=3660)
"""How far back and ahead transfers are asked for."""


@dataclass(frozen=True, slots=True)
class Counted:
    """An accumulation with what it means (`accumulations.toml`).

    `amount_fen` is None, and `meaning` "", for a code nobody has explained.
    """

    insutype: str
    year: int
    code: str
    meaning: str
    amount_fen: int | None
    value: str


@dataclass(frozen=True, slots=True)
class PlaceFor:
    """A fixed place with what it is for (`biz_appy_type`)."""

    purpose: str
    place: PlaceThere


@dataclass(frozen=True, slots=True)
class PersonThere:
    """A person as the insurer has them. Parts that were not asked for are None.

    `insutype` is the insurance that a visit now would be settled under, "" without one in force:
    nothing else is asked then.
    """

    insurances: tuple[Insured, ...]
    insutype: str = ""
    accumulations: tuple[Counted, ...] | None = None
    chronic: tuple[ChronicThere, ...] | None = None
    transfers: tuple[TransferThere, ...] | None = None
    fixed_places: tuple[PlaceFor, ...] | None = None
    benefits: tuple[Benefit, ...] | None = None


@dataclass(frozen=True, slots=True)
class SettlementThere:
    """A settlement with its lines; those of a reversed one the insurer does not list."""

    settled: Settled
    charges: tuple[ChargeThere, ...]


@dataclass(frozen=True, slots=True)
class VisitInBooks:
    """A visit as the insurer has it; `visit` is None where 5201 does not know it (any more)."""

    mdtrt_id: str
    visit: VisitThere | None
    diagnoses: tuple[DiagnosisThere, ...]
    settlements: tuple[SettlementThere, ...]


@dataclass(frozen=True, slots=True)
class BenefitQuestion:
    """What kind of care benefits are asked about (`med_type`), and for which chronic disease."""

    med_type: str
    disease_code: str = ""


def person_there(
    person: Person,
    *,
    institution_id: int,
    parts: Iterable[str],
    question: BenefitQuestion,
    now: datetime,
) -> PersonThere:
    """Ask what the insurer has of a person: insurances (1101), and the `parts` asked for.

    Parts are `accumulations` (5206), `filings` (5301, 5304), `fixed_places` (5302, of every
    purpose) and `benefits` (2001).
    Raises as `queries` says, and `IdentityMismatch`.
    """
    insurances = persons.ask_insurances(person, institution_id=institution_id, now=now)
    chosen = choose_insurance(insurances)
    if chosen is None:
        return PersonThere(insurances)
    who = persons.known(person, chosen, institution_id=institution_id, now=now)
    wanted = set(parts)
    chronic = transfers = places = counted = benefits = None
    if "accumulations" in wanted:
        counted = year_so_far(who, now=now)
    if "filings" in wanted:
        chronic = queries.chronic_filings(who, now=now)
        transfers = queries.transfers(who, span=_around(now), now=now)
    if "fixed_places" in wanted:
        places = _places(who, now=now)
    if "benefits" in wanted:
        benefits = queries.benefits(
            who,
            fixmedins_code=endpoint_of(institution_id).fixmedins_code,
            med_type=question.med_type,
            disease_code=question.disease_code,
            now=now,
        )
    return PersonThere(insurances, chosen.insutype, counted, chronic, transfers, places, benefits)


def year_so_far(who: Known, *, now: datetime) -> tuple[Counted, ...]:
    """Ask what this year has come to for a person (5206). Raises as `queries` says."""
    meanings = meanings_of(who.insuplc_admdvs)
    return tuple(count(one, meanings) for one in queries.accumulations(who, now=now))


def count(one: Accumulation, meanings: Mapping[str, str]) -> Counted:
    """Say what an accumulation means; all that are explained are yuan. Pure."""
    meaning = meanings.get(one.cum_type_code, "")
    amount_fen = fen(one.value, field=one.cum_type_code) if meaning else None
    return Counted(one.insutype, one.year, one.cum_type_code, meaning, amount_fen, f"{one.value:f}")


@cache
def meanings_of(area: str) -> Mapping[str, str]:
    """Give what each `cum_type_code` counts in an area."""
    table = tomllib.loads(
        files(__package__).joinpath("accumulations.toml").read_text(encoding="utf-8")
    )
    meanings: dict[str, str] = table["areas"].get(area, table["default"])
    return meanings


def _places(who: Known, *, now: datetime) -> tuple[PlaceFor, ...]:
    return tuple(
        PlaceFor(purpose, place)
        for purpose in PURPOSES
        for place in queries.fixed_places(who, purpose=purpose, now=now)
    )


def _around(now: datetime) -> Span:
    today = clock.business_date(now)
    return Span.of_days(today - _TRANSFERS_FOR, today + _TRANSFERS_FOR)


def visit_there(
    visit_id: int, *, institution_id: int, setl_ids: Iterable[str] = (), now: datetime
) -> VisitInBooks:
    """Ask what the insurer has of an institution's visit: 5201, 5202, 5203, 5204.

    `setl_ids` are the settlements that we know of: those that do not stand any more are not listed
    by the visit and are asked for by number. Raises `NotFound`, `NotRegisteredThere`, and as
    `queries` says.
    """
    visit = (
        Visit.objects.select_related("person")
        .filter(pk=visit_id, institution=institution_id)
        .first()
    )
    if visit is None:
        raise NotFound(what="visit")
    encounter = Encounter.objects.filter(visit=visit).first()
    if encounter is None or not encounter.mdtrt_id:
        raise NotRegisteredThere
    who = persons.known(visit.person, encounter, institution_id=institution_id, now=now)
    mdtrt_id = encounter.mdtrt_id
    return VisitInBooks(
        mdtrt_id=mdtrt_id,
        visit=_visit(visit, who, mdtrt_id, now=now),
        diagnoses=queries.diagnoses(who, mdtrt_id=mdtrt_id, now=now),
        settlements=_settlements(who, mdtrt_id, setl_ids, now=now),
    )


def med_type_of(visit: Visit) -> str:
    """Give the kind of care of a visit as the insurer counts it."""
    return visit.med_type or MED_TYPES[visit.kind]


def _visit(visit: Visit, who: Known, mdtrt_id: str, *, now: datetime) -> VisitThere | None:
    day: date = clock.business_date(visit.began_at)
    found = queries.visits(
        who,
        span=Span.of_days(day, day),
        med_type=med_type_of(visit),
        mdtrt_id=mdtrt_id,
        now=now,
    )
    return next((one for one in found if one.mdtrt_id == mdtrt_id), None)


def _settlements(
    who: Known, mdtrt_id: str, setl_ids: Iterable[str], *, now: datetime
) -> tuple[SettlementThere, ...]:
    standing = queries.settlements(who, mdtrt_id=mdtrt_id, now=now)
    listed = {one.setl_id for one in standing}
    found = [
        SettlementThere(one, queries.charges(who, mdtrt_id=mdtrt_id, setl_id=one.setl_id, now=now))
        for one in standing
    ]
    for setl_id in setl_ids:
        if setl_id in listed:
            continue
        one = queries.settlement(who, mdtrt_id=mdtrt_id, setl_id=setl_id, now=now)
        if one is not None:
            found.append(SettlementThere(one, ()))
    return tuple(found)
