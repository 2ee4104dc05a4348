"""Replay recorded visits of a family under a scheme. Pure: instants are seconds, amounts fen.

A family is a principal with the dependants on the same line. The engine assumes that people behave
as they did, and `BEHAVIOUR` says in which sense; only the scheme's answers change.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from yifu import dates
from yifu.collection import rules as bills
from yifu.credit.schemes import Scheme

DAY = 86_400
_CHINA = 8 * 3600
"""China has one time zone, without daylight saving time since 1991."""
NEVER = 2**62
GOOD, SUSPENDED, DEFAULTED = 0, 1, 2
"""Standings, the worse the higher."""

BEHAVIOUR = tuple(
    """\
A person who paid before a bill was due pays as long after the visit as then; one who paid later \
pays as long after the bill is due as then.
A night's debit succeeds on the first night that debits on or after the night it succeeded; what \
was not paid until the records end is not paid.
A bill counts as paid when all of it was; a bill that was lowered counts with what is left.
What was paid at once and would go on credit is paid as the family's latest bill before it; \
without one, just before it is due.
A person keeps the score known last; the limit is the scheme's for it. Nobody signs, leaves or \
sees a doctor because of the change. The daily limit of debits is not replayed.""".splitlines()
)
"""What the model assumes, for the report."""


class Event(NamedTuple):
    """A personal part that a family had to pay, and how it really was paid."""

    person_id: int
    dependant: bool
    share_fen: int | None
    """A dependant's own sub-limit, where the principal chose one."""
    kind: str
    district: str
    at: int
    """When the visit ended."""
    amount_fen: int
    on_credit: bool
    """Whether it really went on the line."""
    due: int | None
    paid: int | None
    """When all of it was paid; None: not until the records end."""
    by_night: bool
    """Whether a night's debit paid it."""
    carried: bool
    """Owed from before the months that are replayed: on the line whatever the scheme says."""


class _Pays(NamedTuple):
    """When somebody pays: so long after the visit, or after it is due, or on a night."""

    way: str
    lag: int


_JUST_IN_TIME = _Pays("due", -1)


def day_of(at: int) -> int:
    """Give the number of the day in China that an instant belongs to."""
    return (at + _CHINA) // DAY


def seconds(at: datetime) -> int:
    """Give an instant in seconds."""
    return int(at.timestamp())


def day_number(day: date) -> int:
    """Give a day's number."""
    return (day - date(1970, 1, 1)).days


@lru_cache(maxsize=100_000)
def _months_after(at: int, months: int) -> int:
    return seconds(bills.written_off_from(datetime.fromtimestamp(at, tz=UTC), months=months))


class Terms:
    """A scheme as the engine asks it; `scheme` is what it says."""

    def __init__(self, scheme: Scheme) -> None:
        self.scheme = scheme
        self._limits: dict[int | None, int] = {}
        self._nights: dict[int, int] = {}

    def limit_fen(self, score: int | None) -> int:
        """Give a principal's limit."""
        if score not in self._limits:
            self._limits[score] = self.scheme.score.limit_fen(score)
        return self._limits[score]

    def due(self, event: Event) -> int:
        """Tell when a bill is due, as `credit.rules.due_at`; a stay may be due on leaving."""
        rule = self.scheme.due
        if event.kind == "inpatient" and rule.stay == "on_leaving":
            return event.at
        day = day_of(event.at) + rule.days_after_visit
        return day * DAY - _CHINA + rule.then_hours * 3600

    def night_from(self, day: int) -> int:
        """Tell when the first night that debits, of a day or later, comes; `NEVER`: none does."""
        if day not in self._nights:
            begun = date(1970, 1, 1) + timedelta(days=day)
            found = (
                n for n in range(800) if self.scheme.debit.debits_on(begun + timedelta(days=n))
            )
            first = next(found, None)
            at = self.scheme.debit.at
            self._nights[day] = (
                NEVER
                if first is None
                else (day + first + 1) * DAY - _CHINA + at.hour * 3600 + at.minute * 60 + at.second
            )
        return self._nights[day]

    def share_fen(self, event: Event) -> int:
        """Give a dependant's sub-limit; `NEVER`: none."""
        limits = self.scheme.limits
        chosen = event.share_fen if event.share_fen is not None else limits.dependant_fen
        most = NEVER if limits.dependant_most_fen is None else limits.dependant_most_fen
        return most if chosen is None else min(chosen, most)


class Timeline:
    """Which terms are in force on which day."""

    def __init__(self, schemes: Sequence[tuple[date, Scheme]]) -> None:
        """Take schemes with the day each begins, in order; the first counts for all days before."""
        self._terms = [(day_number(day), Terms(scheme)) for day, scheme in schemes]

    def on(self, day: int) -> Terms:
        """Give the terms of a day."""
        found = self._terms[0][1]
        for begins, terms in self._terms[1:]:
            if day < begins:
                break
            found = terms
        return found


@dataclass(slots=True)
class Owed:
    """A bill on the line, with what comes of it unless it is paid before."""

    person_id: int
    dependant: bool
    bearer: str
    amount_fen: int
    opened: int
    due: int
    paid: int
    suspends: int
    defaults: int
    given_up: int


@dataclass(slots=True)
class Lived:
    """What a family lived through under a scheme."""

    credit: dict[int, list[int]] = field(default_factory=dict)
    """By person: parts, parts on credit, fen, fen on credit."""
    bills: list[Owed] = field(default_factory=list)
    refused: dict[str, int] = field(default_factory=dict)
    """How many parts were paid at once, by what stood in the way."""
    level: int = GOOD
    """The worst standing between the two instants."""


def live(
    events: Iterable[Event], timeline: Timeline, *, score: int | None, since: int, end: int
) -> Lived:
    """Replay a family's events, in the order of time, from `since` until `end`."""
    lived = Lived()
    latest: _Pays | None = None
    unpaid: list[Owed] = []
    for event in events:
        terms = timeline.on(day_of(event.at))
        unpaid = [bill for bill in unpaid if bill.paid > event.at]
        refusal = "" if event.carried else _refusal(event, terms, unpaid, score)
        if not event.carried:
            _count(lived, event, refusal)
        if event.on_credit:
            pays = latest = _pays(event)
        else:
            pays = latest or _JUST_IN_TIME
        if refusal:
            continue
        bill = _owe(event, terms, pays)
        unpaid.append(bill)
        lived.bills.append(bill)
        if bill.suspends < min(bill.paid, end) and bill.paid > since:
            worst = DEFAULTED if bill.defaults < min(bill.paid, end) else SUSPENDED
            lived.level = max(lived.level, worst)
    return lived


def _count(lived: Lived, event: Event, refusal: str) -> None:
    counts = lived.credit.setdefault(event.person_id, [0, 0, 0, 0])
    counts[0] += 1
    counts[2] += event.amount_fen
    if refusal:
        lived.refused[refusal] = lived.refused.get(refusal, 0) + 1
    else:
        counts[1] += 1
        counts[3] += event.amount_fen


def _refusal(event: Event, terms: Terms, unpaid: Sequence[Owed], score: int | None) -> str:
    """Say why a part does not go on the line; "" when it does (P2.3, P2.7, P4.3)."""
    limits = terms.scheme.limits
    fen = event.amount_fen
    if any(bill.suspends <= event.at for bill in unpaid):
        return "standing"
    if limits.visit_fen is not None and fen > limits.visit_fen:
        return "visit"
    if limits.day_fen is not None:
        today = day_of(event.at)
        spent = sum(bill.amount_fen for bill in unpaid if day_of(bill.opened) == today)
        if spent + fen > limits.day_fen:
            return "day"
    spending = terms.scheme.spending
    held = spending.hold_fen.get(event.kind, 0) if spending.mode == "hold" else 0  # type: ignore[call-overload]
    needed = max(fen, held)
    if event.dependant:
        own = sum(bill.amount_fen for bill in unpaid if bill.person_id == event.person_id)
        if own + needed > terms.share_fen(event):
            return "share"
    room = terms.limit_fen(score)
    if event.kind == "emergency":
        room += limits.emergency_over_fen
    if sum(bill.amount_fen for bill in unpaid) + needed > room:
        return "limit"
    return ""


def _pays(event: Event) -> _Pays:
    """Tell how somebody really paid."""
    if event.paid is None:
        return _Pays("never", 0)
    if event.by_night:
        return _Pays("night", max(0, day_of(event.paid) - 1 - day_of(event.at)))
    if event.due is None or event.paid <= event.due:
        return _Pays("visit", event.paid - event.at)
    return _Pays("due", event.paid - event.due)


def _owe(event: Event, terms: Terms, pays: _Pays) -> Owed:
    due = terms.due(event)
    overdue = terms.scheme.overdue
    months = terms.scheme.bad_debt.write_off_after_months
    return Owed(
        person_id=event.person_id,
        dependant=event.dependant,
        bearer=terms.scheme.bad_debt.bearer(event.district),
        amount_fen=event.amount_fen,
        opened=event.at,
        due=due,
        paid=_paid_at(event, terms, pays, due),
        suspends=due + overdue.suspend_after_hours * 3600,
        defaults=_months_after(due, overdue.default_after_months),
        given_up=_months_after(due, max(months, overdue.default_after_months)),
    )


def _paid_at(event: Event, terms: Terms, pays: _Pays, due: int) -> int:
    if pays.way == "never":
        return NEVER
    if pays.way == "visit":
        return event.at + pays.lag
    if pays.way == "due":
        return max(due + pays.lag, event.at)
    night = terms.night_from(day_of(event.at) + pays.lag)
    stop = terms.scheme.debit.stop_after_days
    return NEVER if stop is not None and day_of(night) - 1 > day_of(due) + stop else night


@dataclass(slots=True)
class Tally:
    """The sums of many families under one scheme, between two instants."""

    since: int
    end: int
    parts: int = 0
    credit_parts: int = 0
    amount_fen: int = 0
    credit_fen: int = 0
    carried_fen: int = 0
    paid_fen: int = 0
    owed_fen: int = 0
    overdue_bills: int = 0
    overdue_fen: int = 0
    suspended_people: int = 0
    suspended_days: int = 0
    defaulted_people: int = 0
    bad_fen: dict[str, int] = field(default_factory=dict)
    aged_fen: dict[tuple[str, int], int] = field(default_factory=dict)
    """Owed at the end, by bearer and days past due."""
    refused: dict[str, int] = field(default_factory=dict)
    changes: dict[int, int] = field(default_factory=dict)
    """What is owed rises by on a day."""

    def add(self, lived: Lived) -> None:
        """Count a family in."""
        for parts, credit_parts, fen, credit_fen in lived.credit.values():
            self.parts += parts
            self.credit_parts += credit_parts
            self.amount_fen += fen
            self.credit_fen += credit_fen
        for reason, count in lived.refused.items():
            self.refused[reason] = self.refused.get(reason, 0) + count
        for bill in lived.bills:
            self._add_bill(bill)
        stops = [
            (max(bill.suspends, self.since), min(bill.paid, self.end))
            for bill in lived.bills
            if bill.suspends < min(bill.paid, self.end) and bill.paid > self.since
        ]
        self.suspended_people += bool(stops)
        self.suspended_days += _covered(stops) // DAY
        self.defaulted_people += lived.level == DEFAULTED

    def _add_bill(self, bill: Owed) -> None:
        fen = bill.amount_fen
        first = max(day_of(bill.opened), day_of(self.since))
        self.changes[first] = self.changes.get(first, 0) + fen
        leaves = min(bill.paid, bill.given_up)  # its line: written off it owes nothing there
        if leaves < self.end:
            last = max(day_of(leaves), first)
            self.changes[last] = self.changes.get(last, 0) - fen
        if bill.opened < self.since:
            self.carried_fen += fen
        if bill.paid < self.end:
            self.paid_fen += fen
        elif bill.given_up < self.end:
            self.bad_fen[bill.bearer] = self.bad_fen.get(bill.bearer, 0) + fen
        else:
            self.owed_fen += fen
            age = (bill.bearer, max(0, day_of(self.end - 1) - day_of(bill.due)))
            self.aged_fen[age] = self.aged_fen.get(age, 0) + fen
        if self.since < min(bill.paid, self.end) and bill.due < min(bill.paid, self.end):
            self.overdue_bills += 1
            self.overdue_fen += fen

    def used(self) -> tuple[int, int]:
        """Give the average and the peak of what all lines owe at the ends of the days; fen."""
        owed = peak = total = 0
        first, last = day_of(self.since), day_of(self.end - 1)
        for day in range(first, last + 1):
            owed += self.changes.get(day, 0)
            total += owed
            peak = max(peak, owed)
        return total // (last - first + 1), peak

    def set_aside(self, scheme: Scheme) -> int:
        """Compute what is set aside at the end, by bearer and band, each rounded once; fen."""
        banded: dict[tuple[str, int], int] = {}
        for (bearer, age), fen in self.aged_fen.items():
            rows = scheme.bad_debt.provisions
            place = max(n for n, row in enumerate(rows) if age >= row.from_days)
            banded[bearer, place] = banded.get((bearer, place), 0) + fen
        return sum(
            bills.set_aside(fen, permille=scheme.bad_debt.provisions[place].permille)
            for (_, place), fen in banded.items()
        )


def _covered(spans: Iterable[tuple[int, int]]) -> int:
    """Add up how long at least one of some spans lasts."""
    total, until = 0, -NEVER
    for begin, finish in sorted(spans):
        total += max(0, finish - max(begin, until))
        until = max(until, finish)
    return total


def differences(before: Scheme, after: Scheme) -> list[tuple[str, str, str]]:
    """List what two schemes say differently: place, before, after."""
    old, new = (dict(_flat(one.model_dump(mode="json"))) for one in (before, after))
    absent = "—"
    return [
        (place, str(old.get(place, absent)), str(new.get(place, absent)))
        for place in sorted(old.keys() | new.keys())
        if old.get(place, absent) != new.get(place, absent)
    ]


def _flat(value: object, at: str = "") -> Iterable[tuple[str, object]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _flat(inner, f"{at}.{key}" if at else str(key))
    elif isinstance(value, list) and any(isinstance(inner, Mapping) for inner in value):
        for place, inner in enumerate(value):
            yield from _flat(inner, f"{at}.{place}")
    else:
        yield at, value


def midnight(day: date) -> int:
    """Give the instant a day begins in China."""
    return seconds(dates.midnight(day))
