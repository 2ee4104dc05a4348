"""What stands against a person: why, since when, by which rule, and every way back (P4.4, P4.5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from yifu.collection import rules
from yifu.collection.models import Bill, BillState, DefaultEntry, DisputeState, Telling
from yifu.collection.rules import EntryWord
from yifu.collection.tellings import INSURER
from yifu.credit import versions
from yifu.credit.models import CreditLine, Standing, StandingChange
from yifu.errors import NotFound
from yifu.patients.models import ContractState, Person

_BAD = (BillState.OVERDUE, BillState.DEFAULTED, BillState.WRITTEN_OFF)


@dataclass(frozen=True, slots=True)
class Effect:
    """One thing that not paying means for a person.

    `code` is `suspended`, `defaulted`, `listed` or `insurance_stopped`; `reason` names its cause,
    e.g. `bill:12 overdue`; `acknowledged_at` is when the party confirmed it, where one is told.
    """

    code: str
    since: datetime
    reason: str
    rule: str
    acknowledged_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class WayBack:
    """What ends the effects: `pay` so much, `contest` an entry until then, or a decision waits."""

    code: str
    amount_fen: int = 0
    entry_id: int | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class PersonStanding:
    """A person's standing with its reasons and ways back; amounts in fen."""

    person_id: int
    standing: Standing
    owed_fen: int
    bills: tuple[Bill, ...]
    entries: tuple[DefaultEntry, ...]
    effects: tuple[Effect, ...]
    ways_back: tuple[WayBack, ...]
    returning: tuple[Telling, ...]
    """Parties that have been told of the way back and have not acknowledged it yet."""


def standing_of(person_id: int, *, now: datetime) -> PersonStanding:
    """Tell what stands against a person, and how to end it. Raises `NotFound`."""
    person = Person.objects.select_related("area").filter(pk=person_id).first()
    if person is None:
        raise NotFound(what="person")
    bills = tuple(
        Bill.objects.filter(principal_id=person_id, state__in=_BAD)
        .select_related("visit__institution")
        .order_by("due_at", "pk")
    )
    entries = tuple(
        DefaultEntry.objects.filter(principal_id=person_id)
        .select_related("bill", "institution")
        .prefetch_related("disputes")
        .order_by("pk")
    )
    told = _newest_tellings(person_id)
    changes = _changes(person_id)
    worst = max((line.standing for line, _ in changes), key=_severity, default=None)
    entry_of = {entry.bill_id: cast("EntryWord", entry.state) for entry in entries}
    by_bills = rules.standing_of(
        (cast("rules.State", bill.state), entry_of.get(bill.pk)) for bill in bills
    )
    days = versions.at(person.area.scheme, now).overdue.contest_days
    return PersonStanding(
        person_id=person_id,
        # Who never signed has no line that could be suspended; their bills say it.
        standing=Standing(worst) if worst is not None else by_bills,
        owed_fen=sum(bill.owed_fen for bill in bills),
        bills=bills,
        entries=entries,
        effects=(*_effects_of_lines(changes), *_effects_of_tellings(told)),
        ways_back=_ways_back(bills, entries, contest_days=days, now=now),
        returning=tuple(one for one in told if not one.listed and one.acknowledged_at is None),
    )


def _severity(standing: str) -> int:
    return [*Standing].index(Standing(standing))


def _changes(person_id: int) -> list[tuple[CreditLine, StandingChange | None]]:
    """Give the person's lines of live contracts, each with the change that made it what it is."""
    lines = CreditLine.objects.filter(person_id=person_id).exclude(
        contract__state=ContractState.CLOSED
    )
    return [(line, line.changes.order_by("-pk").first()) for line in lines.order_by("pk")]


def _newest_tellings(person_id: int) -> list[Telling]:
    newest = Telling.objects.filter(person_id=person_id).order_by("party", "-pk")
    return list(newest.distinct("party"))


def _effects_of_lines(
    changes: Sequence[tuple[CreditLine, StandingChange | None]],
) -> list[Effect]:
    return [
        Effect(
            code=line.standing,
            since=line.standing_since,
            reason=change.reason if change else "",
            rule=change.rule if change else "",
        )
        for line, change in changes
        if line.standing != Standing.GOOD
    ]


def _effects_of_tellings(told: Sequence[Telling]) -> list[Effect]:
    return [
        Effect(
            code="insurance_stopped" if one.party == INSURER else "listed",
            since=one.caused_at,
            reason=one.reason,
            rule="P4.4",
            acknowledged_at=one.acknowledged_at,
        )
        for one in told
        if one.listed
    ]


def _ways_back(
    bills: Sequence[Bill],
    entries: Sequence[DefaultEntry],
    *,
    contest_days: int,
    now: datetime,
) -> tuple[WayBack, ...]:
    ways = []
    if owed_fen := sum(bill.owed_fen for bill in bills):
        ways.append(WayBack("pay", amount_fen=owed_fen))
    for entry in entries:
        if any(dispute.state == DisputeState.OPEN for dispute in entry.disputes.all()):
            ways.append(WayBack("dispute_decides", entry_id=entry.pk))
        elif rules.may_contest(
            state=cast("EntryWord", entry.state),
            decided_at=entry.decided_at,
            contest_days=contest_days,
            now=now,
        ):
            until = entry.decided_at and entry.decided_at + timedelta(days=contest_days)
            ways.append(WayBack("contest", entry_id=entry.pk, until=until))
    return tuple(ways)
