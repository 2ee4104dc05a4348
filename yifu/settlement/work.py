"""A settlement in hand, and the statements that move it on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import IntegrityError

from yifu import clock, rows
from yifu.collection.standing_statements import STOPPED
from yifu.errors import NotFound
from yifu.institutions import services as institutions
from yifu.institutions.models import Area, Institution
from yifu.institutions.services import RequestKey
from yifu.insurance import exchanges, messages
from yifu.insurance.cases import Case
from yifu.insurance.courses import Asked, Course, course_of
from yifu.insurance.exchanges import Envelope, Pending
from yifu.insurance.models import Encounter
from yifu.insurance.rules import LineSplit
from yifu.patients.models import Person
from yifu.settlement.errors import ChargeSettled, ChargeUnknown, NothingToSettle
from yifu.visits.models import Charge, Visit

# The numbers a settlement of the charges will have come along: its first message carries them, so
# everything is claimed by one statement. Not EXISTS: that may be planned as a hash of every live
# line there is.
_CHARGES = f"""
SELECT (SELECT nextval('settlement_settlement_id_seq')),
       nextval('settlement_settlementline_id_seq'),
       (SELECT line.live FROM settlement_settlementline line
        WHERE line.charge_id = charge.id AND line.live) IS TRUE,
       {rows.columns(Charge, "charge")}
FROM visits_charge charge WHERE charge.visit_id = %s ORDER BY charge.line_no
"""  # noqa: S608 - the names of our own columns

# IS TRUE keeps the planner from reading all the visits of an institution for one of them.
_VISIT = f"""
SELECT {rows.columns(Visit, "visit")}, {rows.columns(Person, "person")},
       {rows.columns(Institution, "institution")}, {rows.columns(Area, "area")},
       {rows.columns(Encounter, "encounter")},
       ({STOPPED.format(person="visit.person_id")})
FROM visits_visit visit
JOIN patients_person person ON person.id = visit.person_id
JOIN institutions_institution institution ON institution.id = visit.institution_id
JOIN institutions_area area ON area.code = institution.area_id
LEFT JOIN insurance_encounter encounter ON encounter.visit_id = visit.id
WHERE visit.id = %s AND (visit.institution_id = %s) IS TRUE
"""  # noqa: S608 - the names of our own columns

_NUMBERS = """
SELECT (SELECT nextval('settlement_settlement_id_seq')),
       nextval('settlement_settlementline_id_seq')
FROM generate_series(1, %s)
"""

# The key, the settlement, its lines and its first message: all of them or none. Charges that
# somebody else has taken meanwhile are refused by the index on live lines.
_CLAIM = f"""
WITH {institutions.KEYED}, claimed AS (
    INSERT INTO settlement_settlement (
        id, institution_id, visit_id, person_id, replaces_id, request_id, state, asked_method,
        method, total_fen,
        fund_fen, account_fen, personal_fen, hospital_fen, insured, interim, setl_id, msgid,
        business_date, claimed_at, reason, refund_charges)
    SELECT %(id)s, %(institution)s, %(visit)s, %(person)s, %(replaces)s, (SELECT id FROM keyed),
           'claimed', %(asked)s, '',
           %(total)s, 0, 0, 0, 0, %(insured)s, %(interim)s, '', '', %(date)s, %(now)s, %(reason)s,
           '[]'
    WHERE %(key)s::varchar IS NULL OR (SELECT id FROM keyed) IS NOT NULL
    RETURNING id, request_id
), lines AS (
    INSERT INTO settlement_settlementline (id, settlement_id, charge_id, live, amount_fen, own_fen,
                                           over_fen, preself_fen, eligible_fen)
    SELECT charge.line, claimed.id, charge.id, true, charge.amount_fen, 0, 0, 0, 0
    FROM claimed, unnest(%(lines)s::bigint[], %(charges)s::bigint[], %(fens)s::bigint[])
                  AS charge (line, id, amount_fen)
), {exchanges.OPENED.format(condition="(SELECT id FROM claimed) IS NOT NULL")}
SELECT claimed.request_id, opened.id, opened.msgid
FROM claimed LEFT JOIN opened ON true
"""  # noqa: S608 - constants of our own modules

SPLIT_LINES = """
split AS (
    UPDATE settlement_settlementline line
    SET own_fen = split.own, over_fen = split.over, preself_fen = split.preself,
        eligible_fen = split.eligible
    FROM unnest(%(split_ids)s::bigint[], %(split_own)s::bigint[], %(split_over)s::bigint[],
                %(split_preself)s::bigint[], %(split_eligible)s::bigint[])
         AS split (id, own, over, preself, eligible)
    WHERE line.id = split.id AND line.settlement_id = %(id)s
)
"""
"""How the insurer saw each line, kept as a part of a larger statement; see `split_of`."""


@dataclass(frozen=True, slots=True)
class Work:
    """A claimed settlement: its visit and charges, and the case there (None: self-paid)."""

    settlement_id: int
    visit: Visit
    case: Case | None
    lines: tuple[tuple[int, Charge], ...]
    asked_method: str
    record_id: int | None = None
    credential: messages.Credential | None = None
    interim: bool = False
    replaces: int | None = None
    """The settlement that a refund undid and whose rest this is."""
    reason: str = ""
    """Why it is settled otherwise than asked, e.g. `rules.INSURANCE_STOPPED`."""

    @property
    def total_fen(self) -> int:
        """The sum of the charges."""
        return sum(charge.amount_fen for _, charge in self.lines)

    @property
    def subject(self) -> str:
        """How exchanges and postings name this settlement."""
        return f"settlement:{self.settlement_id}"

    @property
    def batch_no(self) -> str:
        """`chrg_bchno`: one batch a settlement."""
        return str(self.settlement_id)

    @property
    def course(self) -> Course:
        """Which messages settle this kind of visit."""
        return course_of(self.visit)

    @property
    def asked(self) -> Asked:
        """What the insurer is asked to settle."""
        return Asked(
            batch_no=self.batch_no,
            total_fen=self.total_fen,
            lines=self.lines,
            subject=self.subject,
            interim=self.interim,
            credential=self.credential,
        )

    @property
    def sent(self) -> dict[str, int]:
        """What each line cost, by the number the insurer knows it by."""
        return {str(number): charge.amount_fen for number, charge in self.lines}


@dataclass(frozen=True, slots=True)
class Loaded:
    """A visit with person, institution and area, and what the insurer calls it.

    `stopped`: the insurer has stopped the patient's own real-time settlement for not paying (P4.4).
    A dependant's is not stopped with the principal's: decision 0021.
    """

    visit: Visit
    encounter: Encounter | None
    stopped: bool


def load_visit(visit_id: int, institution_id: int) -> tuple[Visit, Encounter | None]:
    """Load an institution's visit with person, institution and area, and what the insurer calls it.

    Raises `NotFound`.
    """
    loaded = load(visit_id, institution_id)
    return loaded.visit, loaded.encounter


def load(visit_id: int, institution_id: int) -> Loaded:
    """Load an institution's visit and what decides how it can be settled, by one statement.

    Raises `NotFound`.
    """
    row = rows.one(_VISIT, [visit_id, institution_id])
    if row is None:
        raise NotFound(what="visit")
    visit, place = rows.take(Visit, row)
    person, place = rows.take(Person, row, place)
    institution, place = rows.take(Institution, row, place)
    area, place = rows.take(Area, row, place)
    encounter, place = rows.take(Encounter, row, place)
    if visit is None or person is None or institution is None or area is None:
        raise NotFound(what="visit")
    visit.person, visit.institution, institution.area = person, institution, area
    return Loaded(visit, encounter, stopped=row[place] is True)


@dataclass(frozen=True, slots=True)
class Chosen:
    """Charges that a settlement can take, and the numbers that it and its lines would have."""

    settlement_id: int
    lines: tuple[tuple[int, Charge], ...]

    @property
    def charges(self) -> list[Charge]:
        """The charges alone."""
        return [charge for _, charge in self.lines]


def open_charges(visit_id: int, charge_ids: Sequence[int] | None) -> Chosen:
    """Find the visit's charges that are in no live settlement; or just those asked for.

    Takes nothing yet. Raises `NothingToSettle`, `ChargeUnknown`, `ChargeSettled`.
    """
    found = rows.run(_CHARGES, [visit_id])
    lines = {}
    free = set()
    for row in found:
        charge, _ = rows.take(Charge, row, 3)
        if charge is not None:
            lines[charge.pk] = (int(row[1]), charge)
            if not row[2]:
                free.add(charge.pk)
    if charge_ids is not None:
        for charge_id in charge_ids:
            if charge_id not in lines:
                raise ChargeUnknown(charge_id=charge_id)
        if not set(charge_ids) <= free:
            raise ChargeSettled
        free = set(charge_ids)
    if not free:
        raise NothingToSettle
    chosen = tuple(line for charge_id, line in lines.items() if charge_id in free)
    return Chosen(found[0][0], chosen)


def number(charges: Sequence[Charge]) -> Chosen:
    """Give charges that are known to be free the numbers of a new settlement."""
    numbers = rows.run(_NUMBERS, [len(charges)])
    lines = tuple((row[1], charge) for row, charge in zip(numbers, charges, strict=True))
    return Chosen(numbers[0][0], lines)


def claim(
    work: Work,
    first: Envelope | None,
    *,
    now: datetime,
    key: RequestKey | None = None,
) -> tuple[Work, Pending | None] | None:
    """Take the charges into the new settlement and write its first message down; one statement.

    Claims the `key` with it; None when somebody has that key already, and then nothing has
    changed. Raises `ChargeSettled`.
    """
    visit = work.visit
    parameters = {
        "id": work.settlement_id,
        "institution": visit.institution_id,
        "visit": visit.pk,
        "person": visit.person_id,
        "replaces": work.replaces,
        "asked": work.asked_method,
        "total": work.total_fen,
        "insured": work.case is not None,
        "interim": work.interim,
        "reason": work.reason,
        "date": clock.business_date(now),
        "now": now,
        "lines": [line_id for line_id, _ in work.lines],
        "charges": [charge.pk for _, charge in work.lines],
        "fens": [charge.amount_fen for _, charge in work.lines],
    }
    parameters |= institutions.keying(key, effect=work.subject)
    parameters |= exchanges.opening(visit.institution_id, first, now=now)
    try:
        row = rows.one(_CLAIM, parameters)
    except IntegrityError:
        raise ChargeSettled from None
    if row is None:
        return None
    pending = None
    if first is not None:
        pending = Pending(row[1], row[2], visit.institution_id, first, now)
    return replace(work, record_id=row[0]), pending


def split_of(splits: Sequence[LineSplit]) -> dict[str, list[int]]:
    """Give the parameters of `SPLIT_LINES`."""
    return {
        "split_ids": [int(split.feedetl_sn) for split in splits],
        "split_own": [split.own_fen for split in splits],
        "split_over": [split.over_fen for split in splits],
        "split_preself": [split.presel_fen for split in splits],
        "split_eligible": [split.inscp_fen for split in splits],
    }
