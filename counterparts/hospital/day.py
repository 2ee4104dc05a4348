"""A day of the hospital, from the city's register to the last refund."""

from __future__ import annotations

from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from counterparts.hospital import lanes, register, stays
from counterparts.hospital.cases import all_cases, costly_items
from counterparts.hospital.desk import Desk, Ledger
from counterparts.hospital.plan import CHINA, EARLIER_DAYS, Plan, Visit, make_plan
from counterparts.hospital.telling import Teller
from counterparts.hospital.wire import Platform, Tally, Token, tell
from counterparts.population import Family, make_population

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from counterparts.hospital.stays import Stay

SCOPES = "persons contracts visits settlements bills receipts"
_SIGNED_DAYS_BEFORE = 30
_OPENS = time(7)
_FEWEST_FAMILIES = 40
_VISITS_A_FAMILY = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """Whom the hospital, and the script of the day, talk to."""

    api: str
    client_id: str
    client_secret: str
    insurer: str
    channel: str
    clocks: Sequence[str] = ()
    """Counterparts besides insurer and channel whose clock follows the day."""


@dataclass(slots=True)
class Stage:
    """One hospital in front of one platform: connections, memory, and whom to tell."""

    outside: Outside
    lanes: int
    teller: Teller = field(default_factory=Teller)
    ledger: Ledger = field(default_factory=Ledger)
    tally: Tally = field(default_factory=Tally)
    one_code: dict[str, str] = field(default_factory=dict)
    """Whose code settles a visit: the insurer's number of the person, by that of the visit."""
    token: Token = field(init=False)

    def __post_init__(self) -> None:
        """Share one token among the lanes."""
        out = self.outside
        self.token = Token(out.api, out.client_id, out.client_secret, SCOPES)

    @contextmanager
    def desk(self) -> Iterator[Desk]:
        """Open a lane's place for as long as it is needed."""
        with closing(Platform(self.outside.api, self.token, self.tally)) as platform:
            yield Desk(platform, self.ledger, self.teller, self.code_for)

    def code_for(self, visit_no: str) -> str | None:
        """Return the text of the code that a visit's patient shows; None: shows none."""
        psn_no = self.one_code.get(visit_no)
        if psn_no is None:
            return None
        return str(tell(self.outside.insurer, "/_control/codes", {"psn_no": psn_no})["code"])

    def set_clocks(self, day: date) -> None:
        """Open the day for all counterparts."""
        out = self.outside
        now = datetime.combine(day, _OPENS, tzinfo=CHINA)
        register.set_clocks([out.insurer, out.channel, *out.clocks], now)

    def summary(self) -> None:
        """Tell what was asked and answered."""
        self.teller.tell(
            "summary",
            **dict(sorted(self.ledger.counts.items())),
            requests=self.tally.requests,
            repeated=self.tally.repeated,
        )


def plan_day(*, seed: int, run: int, visits: int, on: date) -> Plan:
    """Decide a day beforehand."""
    families = max(_FEWEST_FAMILIES, visits // _VISITS_A_FAMILY)
    # The families are as they stood when they signed: nobody registers before being born.
    population = make_population(seed=seed, run=run, families=families, today=_signing_day(on))
    return make_plan(
        population=population,
        cases=all_cases(),
        costly=costly_items(),
        visits=visits,
        on=on,
    )


def play(
    stage: Stage, plan: Plan, *, on: date, waiting: int = 0, staying: int = 0, one_code: int = 0
) -> None:
    """Play a day: register, sign, the visits of four days earlier, then the day's.

    ``waiting`` visits more are opened and charged at the end, and left for a doctor to finish;
    ``staying`` patients lie in hospital since those four days and go home on the day.
    The first ``one_code`` ordinary visits of insured persons are settled by the code they show.
    """
    stage.one_code = dict(islice(_with_codes(plan), one_code))
    inpatients = stays.choose(plan, stays=staying, on=on)
    _make_known(stage, plan, inpatients)
    _sign_all(stage, plan, inpatients, on=on)
    earlier_day = on - timedelta(days=EARLIER_DAYS)
    stage.set_clocks(earlier_day)
    _play_visits(stage, "earlier", plan.earlier)
    _with_stays(stage, inpatients, stays.admit)
    stage.set_clocks(on)
    register.order_faults(stage.outside.insurer, stage.outside.channel, plan.faults)
    _play_visits(stage, "day", plan.day)
    _with_stays(stage, inpatients, stays.live_through)
    _leave_waiting(stage, plan, waiting)
    stage.summary()


def _with_stays(
    stage: Stage, inpatients: Sequence[Stay], work: Callable[[Desk, Stay], None]
) -> None:
    with stage.desk() as desk:
        for stay in inpatients:
            with desk.noting_refusals(stay.visit_no):
                work(desk, stay)


def _make_known(stage: Stage, plan: Plan, inpatients: list[Stay]) -> None:
    visiting = plan.visiting() | {stay.person.key for stay in inpatients}
    comers = [one for one in plan.population.persons() if one.key in visiting]
    coming = _families_of(plan, inpatients)
    stage.teller.tell("cast", parts=plan.cast(), faults=len(plan.faults))
    register.insure(stage.outside.insurer, plan, comers)
    register.let_debit(stage.outside.channel, coming)


def _with_codes(plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield who could show a code at which visit."""
    numbers = {one.key: one.insurance.psn_no for one in plan.population.persons()}
    for visit in plan.day:
        psn_no = numbers[visit.person]
        if psn_no is not None and not visit.is_cast:
            yield visit.visit_no, psn_no


def _families_of(plan: Plan, inpatients: list[Stay]) -> list[Family]:
    visiting = plan.visiting() | {stay.person.key for stay in inpatients}
    return [
        family
        for family in plan.population.families
        if any(member.key in visiting for member in family.members)
    ]


def _signing_day(on: date) -> date:
    return on - timedelta(days=_SIGNED_DAYS_BEFORE)


def _sign_all(stage: Stage, plan: Plan, inpatients: list[Stay], *, on: date) -> None:
    """Register those who come and those who pay for them, and sign who enrols: a month ago."""
    coming, visiting = _families_of(plan, inpatients), plan.visiting()
    now = datetime.combine(_signing_day(on), time(10), tzinfo=CHINA)
    run = plan.population.run

    def enrol(desk: Desk, family: Family) -> None:
        signs = family.funding != "none"
        for member in family.members:
            if member.key in visiting or (signs and member is family.principal):
                desk.register(member, now=now)
        if signs:
            desk.sign(family, run=run, now=now)
        stage.teller.advance()

    stage.teller.begin("sign", len(coming))
    lanes.run(
        coming,
        lanes=stage.lanes,
        family_of=lambda family: family.number,
        tools=stage.desk,
        work=enrol,
    )
    _introduce_mother(stage, plan)


def _introduce_mother(stage: Stage, plan: Plan) -> None:
    """Tell who the mother is whose child is treated on her line."""
    for visit in plan.visits():
        if visit.part == "child_on_mothers_line":
            family = next(one for one in plan.population.families if one.number == visit.family)
            mother = family.principal
            stage.teller.tell(
                "mother",
                person_id=stage.ledger.persons[mother.key],
                name=mother.name,
                visit_no=visit.visit_no,
                doctor_code=visit.doctor.code,
            )


@dataclass(frozen=True, slots=True)
class _Event:
    """Something that happens at a time of the day."""

    at: datetime
    visit: Visit
    afterwards: bool


def _play_visits(stage: Stage, name: str, visits: Sequence[Visit]) -> None:
    """Play visits and what follows them, in the order of their times."""
    events = [_Event(visit.began_at, visit, afterwards=False) for visit in visits]
    events += [
        _Event(visit.afterwards_at, visit, afterwards=True)
        for visit in visits
        if visit.afterwards_at is not None
    ]
    events.sort(key=lambda event: (event.at, event.visit.visit_no))

    def work(desk: Desk, event: _Event) -> None:
        if event.afterwards:
            desk.afterwards(event.visit, now=event.at)
        else:
            desk.play(event.visit)
        stage.teller.advance()

    stage.teller.begin(name, len(events))
    lanes.run(
        events,
        lanes=stage.lanes,
        family_of=lambda event: event.visit.family,
        tools=stage.desk,
        work=work,
    )


def _leave_waiting(stage: Stage, plan: Plan, waiting: int) -> None:
    """Open some visits more with the first doctor of the children, and leave them unsettled."""
    child = next((visit for visit in plan.day if visit.part == "child_on_mothers_line"), None)
    if child is None or not waiting:
        return
    major = child.department.code.partition(".")[0]
    alike = [visit for visit in plan.day if visit.department.code.startswith(major)]
    with stage.desk() as desk:
        for number, visit in enumerate(alike[:waiting], start=1):
            visit_no = f"R{plan.population.run:04d}W{number:06d}"
            desk.report(replace(visit, visit_no=visit_no, doctor=child.doctor))
