"""Decisions about bills: values in, values out. Amounts in fen.

A bill that is owed (`LIVE`) owes amount − paid, and that is exactly what its line owes (L3). One
written off is on no line any more: amount − paid is the bearer's bad debt until it is paid after
all (P4.6). Money beyond both touches neither: it stays on the bill as `excess_fen` until it went
back.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from yifu import dates
from yifu.credit.rules import Standing
from yifu.patients.quiet import Quiet

State = Literal["open", "overdue", "defaulted", "written_off", "paid", "cancelled"]

LIVE: frozenset[State] = frozenset({"open", "overdue", "defaulted"})
"""The states in which a bill is owed."""

BAD: frozenset[State] = frozenset({"overdue", "defaulted", "written_off"})
"""The states that keep a principal from good standing (P4.3 to P4.5)."""

TRANSITIONS: Mapping[State, frozenset[State]] = {
    "open": frozenset({"paid", "overdue", "cancelled"}),
    "overdue": frozenset({"paid", "defaulted", "cancelled"}),
    "defaulted": frozenset({"paid", "written_off", "cancelled"}),
    "written_off": frozenset({"paid", "cancelled"}),
    "paid": frozenset({"cancelled"}),
    "cancelled": frozenset(),
}
"""A bill is cancelled when a reversal takes its whole amount off; the rest is `domain.md`'s."""

REMINDERS = ("before_due", "debit_failed", "defaulted", "overdue", "overdue_warning")
"""The templates of reminders, see `patients/templates.toml`."""


@dataclass(frozen=True, slots=True)
class BillValue:
    """A bill as far as its money goes."""

    state: State
    amount_fen: int
    paid_fen: int

    @property
    def live(self) -> bool:
        """True while something is owed."""
        return self.state in LIVE

    @property
    def owed_fen(self) -> int:
        """What its line owes for it."""
        return self.amount_fen - self.paid_fen if self.live else 0

    @property
    def bad_fen(self) -> int:
        """What somebody bears for it: written off, and not paid after all (yet)."""
        return max(0, self.amount_fen - self.paid_fen) if self.state == "written_off" else 0

    @property
    def payable_fen(self) -> int:
        """What may still be paid, whoever bears it."""
        return self.owed_fen + self.bad_fen

    @property
    def excess_fen(self) -> int:
        """What was paid beyond its amount and has to go back."""
        return max(0, self.paid_fen - self.amount_fen)


@dataclass(frozen=True, slots=True)
class Paid:
    """What a payment does: so much of the debt ends, so much is too much, so much is recovered."""

    bill: BillValue
    debt_fen: int
    excess_fen: int
    recovered_fen: int = 0
    """Of what had been written off: it lowers the bearer's bad debt and touches no line."""


def pay(bill: BillValue, amount_fen: int) -> Paid:
    """Take money that has moved. What the bill does not owe (any more) is excess, never refused."""
    debt_fen = min(bill.owed_fen, amount_fen)
    recovered_fen = min(bill.bad_fen, amount_fen)
    paid_fen = bill.paid_fen + amount_fen
    payable = bill.live or bill.state == "written_off"
    state: State = "paid" if payable and paid_fen >= bill.amount_fen else bill.state
    after = replace(bill, state=state, paid_fen=paid_fen)
    return Paid(after, debt_fen, amount_fen - debt_fen - recovered_fen, recovered_fen)


@dataclass(frozen=True, slots=True)
class LoweredBill:
    """What taking an amount off does.

    `unpaid_fen` off the debt, `bad_fen` off what was written off; `paid_fen` has to go back.
    """

    bill: BillValue
    unpaid_fen: int
    paid_fen: int
    bad_fen: int = 0


def lower(bill: BillValue, amount_fen: int) -> LoweredBill:
    """Take an amount off a bill (a reversal): first off what is not paid, the rest was paid.

    Raises `ValueError` for more than the bill's amount, or less than nothing.
    """
    if not 0 <= amount_fen <= bill.amount_fen:
        raise ValueError("a bill can be lowered by its amount at most")
    unpaid_fen = min(bill.owed_fen, amount_fen)
    bad_fen = min(bill.bad_fen, amount_fen)
    amount_after = bill.amount_fen - amount_fen
    state: State = bill.state
    if amount_after == 0:
        state = "cancelled"
    elif (bill.live or bill.state == "written_off") and bill.paid_fen >= amount_after:
        state = "paid"
    after = replace(bill, state=state, amount_fen=amount_after)
    return LoweredBill(after, unpaid_fen, amount_fen - unpaid_fen - bad_fen, bad_fen)


@dataclass(frozen=True, slots=True)
class GivenUp:
    """A bill written off: so much leaves its line and is somebody's bad debt."""

    bill: BillValue
    amount_fen: int


def give_up(bill: BillValue) -> GivenUp:
    """Write a bill off (P4.6); `ValueError` unless it is defaulted."""
    if bill.state != "defaulted":
        raise ValueError("only a defaulted bill is written off")
    return GivenUp(replace(bill, state="written_off"), bill.owed_fen)


def written_off_from(due_at: datetime, *, months: int) -> datetime:
    """Tell from when on a bill may be written off: so many calendar months after it was due.

    By the calendar in China; where a month has no such day, on its last one (01-31 → 02-28).
    """
    return dates.months_after(due_at, months)


def set_aside(owed_fen: int, *, permille: int) -> int:
    """Compute the provision of an age band from what all its bills owe together; fen.

    Rounded once, up: the part of a fen that is left over is set aside with the rest, so that there
    is never less than the scheme asks for.
    """
    return -(-owed_fen * permille // 1000)


def give_back(bill: BillValue, amount_fen: int) -> BillValue:
    """Note that excess went back; `ValueError` for more than there is."""
    if not 0 < amount_fen <= bill.excess_fen:
        raise ValueError("only what was paid too much goes back")
    return replace(bill, paid_fen=bill.paid_fen - amount_fen)


def is_overdue(*, state: State, due_at: datetime | None, now: datetime) -> bool:
    """Tell whether an open bill is overdue: at the due instant itself it is (P4.3)."""
    return state == "open" and due_at is not None and due_at <= now


def suspended_from(due_at: datetime, *, after_hours: int) -> datetime:
    """Tell from when on an unpaid bill suspends its principal (P4.3): hours after the due time."""
    return due_at + timedelta(hours=after_hours)


def defaulted_from(due_at: datetime, *, after_months: int) -> datetime:
    """Tell from when on an unpaid bill is a default (P4.4): calendar months after the due time.

    Where the month has no such day it is its last one, in China: 31 January and a month is 28
    or 29 February, at the same time of day.
    """
    return dates.months_after(due_at, after_months)


def remind_at(due_at: datetime, *, hours: int, now: datetime, quiet: Quiet) -> datetime | None:
    """Tell when to remind of a bill so many hours before it is due.

    Out of quiet hours: when they end, or before they begin if they end too late. None: too late.
    """
    at = max(now, due_at - timedelta(hours=hours))
    ends, began = quiet.ends(at), quiet.began(at)
    if ends is None or began is None:
        return at
    if ends < due_at:
        return ends
    before = began - timedelta(minutes=1)
    return before if before >= now else None


def days_overdue(due_at: datetime, *, now: datetime) -> int:
    """Count the days, in China, that a bill is past due; negative before."""
    return (dates.business_date(now) - dates.business_date(due_at)).days


MOST_MISSED = 400
"""So many dates are caught up in one go; more were not missed by mistake."""


def missed_dates(latest: date | None, *, business_date: date) -> list[date]:
    """List the dates between an area's latest night and this one, in order; none before its first.

    Raises `ValueError` for more than `MOST_MISSED`.
    """
    if latest is None or latest >= business_date:
        return []
    missed = (business_date - latest).days - 1
    if missed > MOST_MISSED:
        raise ValueError(f"{missed} dates were missed")
    return [latest + timedelta(days=place) for place in range(1, missed + 1)]


def takes_up(*, state: State, due_at: datetime | None, began_on: date, business_date: date) -> bool:
    """Tell whether a night takes a bill up: owed, with a due time, visit begun by that date (P4.2).

    Bills without a due time are collected by a bank or paid at the window.
    """
    return state in LIVE and due_at is not None and began_on <= business_date


def reminder(*, due_at: datetime, now: datetime, suspend_after_hours: int = 0) -> str:
    """Choose what is told about an unpaid bill: pay in time, pay to stay in, pay to be let in."""
    if now < due_at:
        return "debit_failed"
    late = suspended_from(due_at, after_hours=suspend_after_hours) <= now
    return "overdue" if late else "overdue_warning"


def part_back(excess_fen: int, refundable_fen: list[int]) -> list[int]:
    """Split what goes back over the payments it came by, in the order given; fen.

    Raises `ValueError` when they did not take so much together: then money came from nowhere.
    """
    parts = []
    for refundable in refundable_fen:
        part = min(refundable, excess_fen)
        parts.append(part)
        excess_fen -= part
    if excess_fen > 0:
        raise ValueError("more would go back than was paid")
    return parts


# --- standing: what unpaid bills mean for a principal (P4.3 to P4.5) ------------------------------

EntryWord = Literal["proposed", "confirmed", "refused", "lifted"]

UNRECOGNISED: frozenset[EntryWord] = frozenset({"refused", "lifted"})
"""An entry in one of these says that its bill, though unpaid, is no dishonesty."""


def standing_of(bills: Iterable[tuple[State, EntryWord | None]]) -> Standing:
    """Tell a principal's standing from their bills, each with its entry of the default list.

    Defaulted while a bill is unpaid so long that it is an entry or about to be one; suspended while
    any is overdue, however an entry of it was decided; good when none is.
    """
    bad = [(state, entry) for state, entry in bills if state in BAD]
    if any(state != "overdue" and entry not in UNRECOGNISED for state, entry in bad):
        return Standing.DEFAULTED
    return Standing.SUSPENDED if bad else Standing.GOOD


@dataclass(frozen=True, slots=True)
class EntryValue:
    """An entry of the default list as far as it is told: how it was decided, and who contests."""

    state: EntryWord
    contested: bool = False

    @property
    def listed(self) -> bool:
        """True when the entry alone would list its principal."""
        return self.state == "confirmed" and not self.contested


def is_listed(entries: Iterable[EntryValue]) -> bool:
    """Tell whether a person is to be listed: by one confirmed entry that nobody contests (P4.4)."""
    return any(entry.listed for entry in entries)


def to_tell(*, listed: bool, parties: Sequence[str], newest: Mapping[str, bool]) -> dict[str, bool]:
    """Decide who has to be told what: where the newest telling says otherwise, and only there.

    `newest` is what each party was last told, received or not. A party that the scheme does not
    tell any more is still told the way back.
    """
    wishes = dict.fromkeys(newest, False) | dict.fromkeys(parties, listed)
    return {party: wish for party, wish in wishes.items() if newest.get(party, False) != wish}


def may_contest(
    *, state: EntryWord, decided_at: datetime | None, contest_days: int, now: datetime
) -> bool:
    """Tell whether an entry may be contested: from its proposal to so many days after confirmation.

    What is refused or lifted already needs no contesting.
    """
    if state == "proposed":
        return True
    if state != "confirmed" or decided_at is None:
        return False
    return now <= decided_at + timedelta(days=contest_days)


def retry_after(retry_seconds: Sequence[int], *, tries: int) -> int:
    """Choose how long to wait after a telling failed for the `tries`-th time; the last goes on."""
    return retry_seconds[min(max(tries, 1), len(retry_seconds)) - 1]
