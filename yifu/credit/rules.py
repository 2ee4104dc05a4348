"""Decisions about credit: who pays, when something is due."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

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
class Payer:
    """Who pays a person's personal part, and on which lines (the principal's first)."""

    principal_id: int
    contract_id: int
    funding: Funding
    bank: str
    credit_line_id: int | None
    lines: tuple[int, ...]
    standing: Standing

    @property
    def account(self) -> str:
        """The ledger account the personal part is owed on."""
        if self.funding == Funding.BANK:
            return f"bank:{self.bank}"
        return f"owed:{self.principal_id}"


def due_at(scheme: Scheme, *, ended_at: datetime) -> datetime:
    """Tell when a visit's bill is due: so many days after it ended at 00:00, then so many hours.

    Hangzhou: ended 2026-03-01 10:00 → due 2026-03-04 00:00 (P4.1).
    """
    day = dates.business_date(ended_at) + timedelta(days=scheme.due.days_after_visit)
    return dates.midnight(day) + timedelta(hours=scheme.due.then_hours)


def bank_room_fen(*, limit_fen: int, used_fen: int) -> int:
    """Tell how much of a bank's line is left for us; a bank that lowered its limit leaves none.

    What our own line owes is not told to the bank yet, so all that the bank has as used came from
    elsewhere. Once uses are told, those still on our line have to be added here again.
    """
    return max(0, limit_fen - used_fen)


def add_months(day: date, months: int) -> date:
    """Give the same day so many months later, or the last of a month that is too short."""
    years, month = divmod(day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(day.year + years, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has a 28th")
