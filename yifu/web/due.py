"""What is due when, as a list of days: overdue first; and what happens then. Reads only."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from yifu import dates
from yifu.collection import rules
from yifu.collection.models import PAYABLE_STATES, Bill, BillState
from yifu.credit import versions
from yifu.credit.schemes import Scheme
from yifu.patients.models import Person
from yifu.web import wallet


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happens with a bill at an instant, unless it is paid before."""

    what: str
    """`debit`, `due`, `suspended` or `default`."""
    at: datetime


@dataclass(frozen=True, slots=True)
class DueBill:
    """A bill that is owed, and what comes next of it."""

    bill: Bill
    steps: Sequence[Step]
    is_overdue: bool
    left: timedelta | None


@dataclass(frozen=True, slots=True)
class Calendar:
    """What a person owes, in the order in which it is due. Amounts in fen."""

    overdue: Sequence[DueBill]
    coming: Sequence[DueBill]
    undated: Sequence[DueBill]
    owed_fen: int
    overdue_fen: int

    @property
    def bills(self) -> Sequence[DueBill]:
        """All of them, what is most pressing first."""
        return [*self.overdue, *self.coming, *self.undated]


def calendar_of(person: Person, *, now: datetime) -> Calendar:
    """Put a person's live bills in the order in which they are due."""
    scheme = versions.at(person.area.scheme, now)
    debited = wallet.binding_of(person) is not None
    live = wallet.bills_of(person).filter(state__in=PAYABLE_STATES).order_by("due_at", "pk")
    rows = [_row(bill, scheme, debited=debited, now=now) for bill in live]
    overdue = [row for row in rows if row.is_overdue]
    return Calendar(
        overdue=overdue,
        coming=[row for row in rows if not row.is_overdue and row.bill.due_at is not None],
        undated=[row for row in rows if row.bill.due_at is None],
        owed_fen=sum(row.bill.owed_fen for row in rows),
        overdue_fen=sum(row.bill.owed_fen for row in overdue),
    )


def _row(bill: Bill, scheme: Scheme, *, debited: bool, now: datetime) -> DueBill:
    due_at = bill.due_at
    late = bill.state != BillState.OPEN or (due_at is not None and due_at <= now)
    steps = sorted(_steps(bill, scheme, debited=debited, now=now), key=lambda step: step.at)
    left = due_at - now if due_at is not None and not late else None
    return DueBill(bill, steps, is_overdue=late, left=left)


def _steps(bill: Bill, scheme: Scheme, *, debited: bool, now: datetime) -> Iterator[Step]:
    """Tell what is still to come of a bill by the scheme."""
    if bill.due_at is None or bill.account.startswith("bank:"):
        return
    if bill.state == BillState.WRITTEN_OFF:
        return
    if debited and (night := next_night(scheme, now)) is not None:
        yield Step("debit", night)
    due_at = bill.due_at.astimezone(dates.CHINA)
    overdue = scheme.overdue
    suspended = rules.suspended_from(due_at, after_hours=overdue.suspend_after_hours)
    default = rules.defaulted_from(due_at, after_months=overdue.default_after_months)
    found = (Step("due", due_at), Step("suspended", suspended), Step("default", default))
    yield from (step for step in found if step.at > now)


def next_night(scheme: Scheme, now: datetime) -> datetime | None:
    """Tell when the next night debits, at most a year ahead; None: never.

    The night of a business date runs at the scheme's hour of the following day.
    """
    local = now.astimezone(dates.CHINA)
    first: date = local.date() - timedelta(days=1)
    for after in range(367):
        business = first + timedelta(days=after)
        at = datetime.combine(business + timedelta(days=1), scheme.debit.at, dates.CHINA)
        if at > local and scheme.debit.debits_on(business):
            return at
    return None
