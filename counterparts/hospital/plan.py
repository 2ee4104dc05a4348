"""The day, decided beforehand: who comes when and for what, and what goes wrong. Pure.

A plan hangs on seed, number of visits and date alone; the run only changes the visit numbers and
who the persons are on paper. Of the visits a few are cast for what must happen on a day:

- a child whose mother's line pays;
- up to five principals with empty debit accounts who came four days earlier: overdue by the night;
- one visit each whose answer from the insurer is lost, whose request is lost, doubled, late;
- one debit whose answer from the channel is lost;
- one line that runs out, after which the patient pays at the window;
- refunds of one charge (on a line, of a debit, of cash) and one settlement reversed whole.

With few visits the later of these are left out. Everybody else comes for an ordinary case. No
family that is cast comes for anything else that day, so that each effect stands alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from functools import cached_property
from random import Random
from typing import TYPE_CHECKING, Literal

from counterparts.hospital.cases import Case, Charge, Item, Place, case_for, draw_items

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from counterparts.population import Family, Person, Population

CHINA = timezone(timedelta(hours=8))
EARLIER_DAYS = 4
"""How long before the day those came who are overdue by its night."""
ORDINARY = "ordinary"
Afterwards = Literal["refund", "reverse"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One visit as it will be played."""

    visit_no: str
    family: int
    person: str
    part: str
    """``ordinary``, or what it is cast for."""
    emergency: bool
    department: Place
    doctor: Place
    diagnoses: tuple[Place, ...]
    charges: tuple[Charge, ...]
    began_at: datetime
    ended_at: datetime
    afterwards: Afterwards | None = None
    afterwards_at: datetime | None = None

    @property
    def is_cast(self) -> bool:
        """Whether it plays a part."""
        return self.part != ORDINARY

    @property
    def total_fen(self) -> int:
        """The sum of the charges."""
        return sum(charge.amount_fen for charge in self.charges)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What a counterpart is told to get wrong, and on which visit's message."""

    party: Literal["insurer", "channel"]
    fault: str
    match: tuple[tuple[str, str], ...]
    visit_no: str
    seconds: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A day: the visits of four days earlier, those of the day, and the faults."""

    population: Population
    earlier: tuple[Visit, ...]
    day: tuple[Visit, ...]
    faults: tuple[Fault, ...]

    def visits(self) -> Iterator[Visit]:
        """Yield every visit, in the order they are played."""
        yield from self.earlier
        yield from self.day

    def visiting(self) -> set[str]:
        """Return the keys of all persons who come."""
        return {visit.person for visit in self.visits()}

    def account_fen(self, person: Person) -> int:
        """Return what is on a personal account.

        Nothing, for those who are cast: their parts are about what a person owes.
        """
        if person.key in self._penniless:
            return 0
        return person.insurance.account_balance_fen

    @cached_property
    def _penniless(self) -> frozenset[str]:
        return frozenset(visit.person for visit in self.visits() if visit.is_cast)

    def cast(self) -> dict[str, list[str]]:
        """Return the visit numbers of each part but the ordinary one."""
        parts: dict[str, list[str]] = {}
        for visit in self.visits():
            if visit.is_cast:
                parts.setdefault(visit.part, []).append(visit.visit_no)
        return parts


LATE_S = 7.0
"""How late the late answer is: later than anybody waits for it."""
_INSURER_FAULTS = ("drop_answer", "drop_request", "twice", "delay")
_EXHAUSTING_VISITS = 3
# Lines are a few thousand yuan: two such visits may fit, three do not.
_EXHAUSTING_FEN = 1_300_00
_REFUNDABLE = 2
_VERY_SMALL, _MAJORITY, _OLD = 6, 18, 60


@dataclass(slots=True)
class _Drawing:
    """What a plan is drawn from and with."""

    population: Population
    cases: Sequence[Case]
    costly: Sequence[Item]
    on: date
    rng: Random
    uncast: list[Family] = field(default_factory=list)
    drafts: list[Visit] = field(default_factory=list)

    def cast(self, fits: Callable[[Family], bool]) -> Family | None:
        """Take the first family that fits out of those not cast yet."""
        chosen = next((family for family in self.uncast if fits(family)), None)
        if chosen is not None:
            self.uncast.remove(chosen)
        return chosen

    def visit(
        self,
        family: Family,
        person: Person,
        *,
        part: str = ORDINARY,
        days_earlier: int = 0,
        afterwards: Afterwards | None = None,
        items: list[tuple[Item, Decimal]] | None = None,
        doctor: int | None = None,
    ) -> None:
        """Draw one visit of a person."""
        rng = self.rng
        case = case_for(self.cases, rng, person=person, age=person.age_on(self.on))
        drawn_doctor = rng.choice(case.doctors)
        began_at = _arrival(rng, self.on - timedelta(days=days_earlier))
        ended_at = began_at + timedelta(minutes=rng.randint(12, 70))
        drawn = items or draw_items(rng, case, least=_REFUNDABLE if afterwards == "refund" else 1)
        self.drafts.append(
            Visit(
                visit_no="",
                family=family.number,
                person=person.key,
                part=part,
                emergency=case.emergency,
                department=case.department,
                doctor=drawn_doctor if doctor is None else case.doctors[doctor],
                diagnoses=(case.diagnosis,),
                charges=_charges(drawn, began_at, ended_at),
                began_at=began_at,
                ended_at=ended_at,
                afterwards=afterwards,
                afterwards_at=ended_at + timedelta(minutes=rng.randint(5, 40))
                if afterwards
                else None,
            )
        )


def make_plan(
    *,
    population: Population,
    cases: Sequence[Case],
    costly: Sequence[Item],
    visits: int,
    on: date,
) -> Plan:
    """Return the plan of a day with so many visits in all.

    ``costly`` are items that no insurance pays, for the line that runs out.

    Raises:
        ValueError: a negative number of visits, or no families to come.

    """
    if visits < 0 or (visits and not population.families):
        raise ValueError("visits cannot be negative, and somebody must come")
    # The whole day hangs on the seed alone; secrecy is not wanted here.
    rng = Random(f"day {population.seed} {visits}")  # noqa: S311 - as the comment says
    drawing = _Drawing(population=population, cases=cases, costly=costly, on=on, rng=rng)
    drawing.uncast = list(population.families)
    rng.shuffle(drawing.uncast)
    _cast_parts(drawing, visits)
    del drawing.drafts[visits:]
    _fill(drawing, visits)
    return _numbered(drawing)


# --- the parts -----------------------------------------------------------------------------------


def _cast_parts(drawing: _Drawing, visits: int) -> None:
    _cast_child(drawing)
    for _ in range(max(1, min(5, visits // 12))):
        _cast_one(drawing, "overdue", _empty_handed, days_earlier=EARLIER_DAYS)
    for fault in _INSURER_FAULTS:
        _cast_one(drawing, f"insurer_{fault}", _insured_on_line)
    _cast_one(drawing, "channel_drop_answer", _debited)
    _cast_exhausted(drawing)
    _cast_one(drawing, "refund_on_line", _on_line, afterwards="refund")
    _cast_one(drawing, "reverse_on_line", _on_line, afterwards="reverse")
    _cast_one(drawing, "refund_of_debit", _debited, afterwards="refund")
    _cast_one(drawing, "refund_of_cash", _unsigned, afterwards="refund")


def _cast_child(drawing: _Drawing) -> None:
    """Cast a child that the first doctor of the children's department sees."""
    family = drawing.cast(lambda one: _child_of_mother(one, drawing.on) is not None)
    child = _child_of_mother(family, drawing.on) if family else None
    if family is not None and child is not None:
        drawing.visit(family, child, part="child_on_mothers_line", doctor=0)


def _cast_exhausted(drawing: _Drawing) -> None:
    family = drawing.cast(_on_line)
    if family is None or not drawing.costly:
        return
    for number in range(_EXHAUSTING_VISITS):
        item = drawing.costly[number % len(drawing.costly)]
        quantity = Decimal(max(1, round(_EXHAUSTING_FEN / item.price_fen)))
        drawing.visit(family, family.principal, part="line_runs_out", items=[(item, quantity)])


def _cast_one(
    drawing: _Drawing,
    part: str,
    fits: Callable[[Family], bool],
    *,
    days_earlier: int = 0,
    afterwards: Afterwards | None = None,
) -> None:
    family = drawing.cast(fits)
    if family is not None:
        drawing.visit(
            family, family.principal, part=part, days_earlier=days_earlier, afterwards=afterwards
        )


def _child_of_mother(family: Family, on: date) -> Person | None:
    """Return a child young enough for the children's department, if the mother's line pays."""
    if not _on_line(family) or family.principal.sex != "F":
        return None
    children = (one for one in family.dependants if one.kinship == "child")
    return next((child for child in children if 1 <= child.age_on(on) <= _SMALL), None)


_SMALL = 11


def _on_line(family: Family) -> bool:
    return family.funding == "platform" and _can_be_debited(family)


def _insured_on_line(family: Family) -> bool:
    return _on_line(family) and family.principal.insurance.psn_no is not None


def _empty_handed(family: Family) -> bool:
    return family.funding == "platform" and not _can_be_debited(family)


def _debited(family: Family) -> bool:
    return family.funding == "debit" and _can_be_debited(family)


def _unsigned(family: Family) -> bool:
    return family.funding == "none"


def _can_be_debited(family: Family) -> bool:
    return family.debit is not None and not family.debit.is_empty


# --- ordinary visits -----------------------------------------------------------------------------


def _fill(drawing: _Drawing, visits: int) -> None:
    """Draw ordinary visits until there are enough; the young and the old come more often."""
    comers = [(family, one) for family in drawing.uncast for one in family.members]
    comers = comers or [(family, family.principal) for family in drawing.population.families]
    weights = [_how_often(person, drawing.on) for _, person in comers]
    missing = visits - len(drawing.drafts)
    for family, person in drawing.rng.choices(comers, weights, k=max(0, missing)):
        drawing.visit(family, person)


def _how_often(person: Person, on: date) -> int:
    age = person.age_on(on)
    return 4 if age >= _OLD or age < _VERY_SMALL else 2 if age < _MAJORITY else 3


# Most come between half past eight and half past ten; a second, lower bell in the afternoon.
_MORNING = (time(9, 20), 42, time(7, 40), time(11, 40))
_AFTERNOON = (time(14, 40), 45, time(13, 20), time(16, 40))
_MORNING_PERCENT = 68


def _arrival(rng: Random, day: date) -> datetime:
    peak, spread, opens, closes = _MORNING if rng.randrange(100) < _MORNING_PERCENT else _AFTERNOON
    middle = datetime.combine(day, peak, tzinfo=CHINA)
    drawn = middle + timedelta(seconds=round(rng.gauss(0, spread * 60)))
    first = datetime.combine(day, opens, tzinfo=CHINA)
    last = datetime.combine(day, closes, tzinfo=CHINA)
    return min(max(drawn, first), last)


def _charges(
    drawn: list[tuple[Item, Decimal]], began_at: datetime, ended_at: datetime
) -> tuple[Charge, ...]:
    step = (ended_at - began_at) / (len(drawn) + 1)
    return tuple(
        Charge(
            line_no=line_no,
            item=item,
            quantity=quantity,
            amount_fen=item.costs_fen(quantity),
            occurred_at=(began_at + step * line_no).replace(microsecond=0),
        )
        for line_no, (item, quantity) in enumerate(drawn, start=1)
    )


# --- numbers, faults -----------------------------------------------------------------------------


def _numbered(drawing: _Drawing) -> Plan:
    """Give the visits their numbers in the order of arrival, and say what goes wrong."""
    ordered = sorted(drawing.drafts, key=lambda draft: (draft.began_at, draft.family))
    run = drawing.population.run
    numbered = [
        replace(draft, visit_no=f"R{run:04d}V{number:06d}")
        for number, draft in enumerate(ordered, start=1)
    ]
    return Plan(
        population=drawing.population,
        earlier=tuple(visit for visit in numbered if visit.began_at.date() < drawing.on),
        day=tuple(visit for visit in numbered if visit.began_at.date() == drawing.on),
        faults=tuple(_faults(numbered, drawing.population)),
    )


def _faults(visits: Sequence[Visit], population: Population) -> Iterator[Fault]:
    contracts = {
        family.number: family.debit.contract_id for family in population.families if family.debit
    }
    for visit in visits:
        party, _, fault = visit.part.partition("_")
        if party == "insurer":
            yield Fault(
                party="insurer",
                fault=fault,
                match=(("infno", "2207"), ("ipt_otp_no", visit.visit_no)),
                visit_no=visit.visit_no,
                seconds=LATE_S if fault == "delay" else 0.0,
            )
        elif party == "channel":
            match = (
                ("path", "/v3/papay/pay/transactions/apply"),
                ("contract_id", contracts[visit.family]),
            )
            yield Fault(party="channel", fault=fault, match=match, visit_no=visit.visit_no)
