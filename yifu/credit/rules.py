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
