"""Decisions about credit: who pays, when something is due."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from yifu import dates
from yifu.choices import Choice
from yifu.credit.schemes import Scheme
from yifu.patients.rules import Funding


class Standing(Choice):
    """`good → suspended → defaulted → good`, the last in the paying transaction."""

    GOOD = "good", "正常"
    SUSPENDED = "suspended", "暂停"
    DEFAULTED = "defaulted", "失信"


@dataclass(frozen=True, slots=True)
class Held:
    """A visit's hold on its payer's line, as far as a settlement cares (P2.4); fen."""

    key: str
    amount_fen: int
    captured: bool
    """A settlement of the visit has used it: the next ones need no other, and have none."""
    expires_at: datetime | None

    def over(self, now: datetime) -> bool:
        """Tell whether its time is over, though nobody may have noticed yet."""
        return not self.captured and self.expires_at is not None and self.expires_at <= now


@dataclass(frozen=True, slots=True)
class Payer:
    """Who pays a person's personal part, and on which lines (the principal's first)."""

    principal_id: int
    contract_id: int
    funding: Funding
    bank: str
    credit_line_id: int | None
    lines: tuple[int, ...]
    standing: Standing
    hold: Held | None = None
    """The hold of the visit that was asked about."""

    @property
    def account(self) -> str:
        """The ledger account the personal part is owed on."""
        if self.funding == Funding.BANK:
            return f"bank:{self.bank}"
        return f"owed:{self.principal_id}"


STAY = "inpatient"
"""The kind of a visit that ends by leaving the hospital."""


def due_at(scheme: Scheme, *, ended_at: datetime, kind: str = "outpatient") -> datetime:
    """Tell when a visit's bill is due: so many days after it ended at 00:00, then so many hours.

    Hangzhou: ended 2026-03-01 10:00 → due 2026-03-04 00:00 (P4.1). A stay that is due on leaving is
    due the hours after the very second of the discharge: they are the grace its scheme gives.
    """
    grace = timedelta(hours=scheme.due.then_hours)
    if kind == STAY and scheme.due.stay == "on_leaving":
        return ended_at.astimezone(dates.CHINA) + grace
    day = dates.business_date(ended_at) + timedelta(days=scheme.due.days_after_visit)
    return dates.midnight(day) + grace


def due_when_opened(
    scheme: Scheme, *, ended_at: datetime | None, opened_at: datetime, kind: str
) -> datetime | None:
    """Tell when a bill that is opened now is due; None: when the stay that goes on has ended.

    What a hospital settles so late that it would be due already counts as if the visit ended now:
    nobody is overdue by a bill that could not be seen in time.
    """
    if ended_at is None and kind == STAY:
        return None
    due = due_at(scheme, ended_at=ended_at or opened_at, kind=kind)
    return due if due > opened_at else due_at(scheme, ended_at=opened_at, kind=kind)


def bank_room_fen(*, limit_fen: int, used_fen: int) -> int:
    """Tell how much of a bank's line is left for us; a bank that lowered its limit leaves none.

    What our own line owes is not told to the bank yet, so all that the bank has as used came from
    elsewhere. Once uses are told, those still on our line have to be added here again.
    """
    return max(0, limit_fen - used_fen)
