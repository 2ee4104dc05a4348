"""Decisions about bills: values in, values out. Amounts in fen.

A bill that is owed (`LIVE`) owes amount − paid, and that is exactly what its line owes (L3). Money
beyond what is owed never touches the line: it stays on the bill as `excess_fen` until it went back.
"""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from yifu import dates
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
    "written_off": frozenset({"paid"}),
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
    def excess_fen(self) -> int:
        """What was paid beyond its amount and has to go back."""
        return max(0, self.paid_fen - self.amount_fen)


@dataclass(frozen=True, slots=True)
class Paid:
    """What a payment does: so much of the debt ends, so much is too much."""

    bill: BillValue
    debt_fen: int
    excess_fen: int


def pay(bill: BillValue, amount_fen: int) -> Paid:
    """Take money that has moved. What the bill does not owe (any more) is excess, never refused."""
    debt_fen = min(bill.owed_fen, amount_fen)
    paid_fen = bill.paid_fen + amount_fen
    state: State = "paid" if bill.live and paid_fen >= bill.amount_fen else bill.state
    after = replace(bill, state=state, paid_fen=paid_fen)
    return Paid(after, debt_fen, amount_fen - debt_fen)


@dataclass(frozen=True, slots=True)
class LoweredBill:
    """What taking an amount off does: `unpaid_fen` off the debt, `paid_fen` has to go back."""

    bill: BillValue
    unpaid_fen: int
    paid_fen: int


def lower(bill: BillValue, amount_fen: int) -> LoweredBill:
    """Take an amount off a bill (a reversal): first off what is owed, the rest was paid.

    Raises `ValueError` for more than the bill's amount, or less than nothing.
    """
    if not 0 <= amount_fen <= bill.amount_fen:
        raise ValueError("a bill can be lowered by its amount at most")
    unpaid_fen = min(bill.owed_fen, amount_fen)
    amount_after = bill.amount_fen - amount_fen
    state: State = bill.state
    if amount_after == 0 and bill.state != "written_off":
        state = "cancelled"
    elif bill.live and bill.paid_fen >= amount_after:
        state = "paid"
    after = replace(bill, state=state, amount_fen=amount_after)
    return LoweredBill(after, unpaid_fen, amount_fen - unpaid_fen)


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
    here = due_at.astimezone(dates.CHINA)
    months = here.year * 12 + here.month - 1 + after_months
    year, month = divmod(months, 12)
    day = min(here.day, monthrange(year, month + 1)[1])
    return here.replace(year=year, month=month + 1, day=day)


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
