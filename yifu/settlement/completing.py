"""A settlement that waits is completed when its bill is paid, in the paying transaction."""

from datetime import datetime

from yifu.settlement import jobs
from yifu.settlement.models import Settlement, SettlementState


def complete_paid(*, bill_id: int, now: datetime, **_: object) -> None:
    """Complete what waited for a bill and have its receipt issued."""
    waiting = Settlement.objects.filter(bill_id=bill_id, state=SettlementState.AWAITING_PAYMENT)
    for settlement_id in waiting.order_by("pk").values_list("pk", flat=True):
        Settlement.objects.filter(pk=settlement_id, state=SettlementState.AWAITING_PAYMENT).update(
            state=SettlementState.COMPLETED,
            completed_at=now,
        )
        jobs.issue_receipt_soon(settlement_id)
