"""What a debit file took does to bills: one way for twenty thousand, a statement a step.

The same effects as `applying.apply`: posting, bill, payment, notice, standing, signal. What is not
the usual case (the bill was lowered or paid meanwhile) goes that way.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from yifu import rows
from yifu.collection import applying, reminding
from yifu.collection import night_statements as sql
from yifu.collection.models import Bill
from yifu.collection.night_run import NightRun
from yifu.collection.signals import bills_paid
from yifu.ledger import batch
from yifu.ledger.services import ensure_accounts
from yifu.payments import files
from yifu.payments.models import DebitFile, FileState


def apply_file(night: NightRun, file_id: int) -> int:
    """Let what an answered file took pay its bills, once, in one transaction; gives how many."""
    with rows.in_sets():
        file = (
            DebitFile.objects.select_for_update(of=("self",))
            .select_related("channel")
            .get(pk=file_id)
        )
        if file.state != FileState.ANSWERED:
            return 0
        scope = {"file": file_id, "first": file.first_attempt, "last": file.last_attempt}
        money = f"channel:{file.channel.code}"
        with connection.cursor() as cursor:
            cursor.execute(sql.TAKEN_TABLE)
        rows.run(sql.LOCK_LINES_OF_FILE, scope)
        rows.run(sql.LOCK_BILLS_OF_FILE, scope)
        ((taken,),) = rows.run(sql.TAKE, scope)
        if taken:
            ensure_accounts([money])
            batch.repay(sql.REPAID, {"money": money}, now=night.now)
            rows.run(sql.PAY_BILLS, {"now": night.now})
            reminding.say_debited(night)
        unusual = [row[0] for row in rows.run(sql.UNUSUAL, scope)]
        _follow(rows.run(sql.PAID_OFF, {}), now=night.now)
        applying.apply(unusual, now=night.now)
        files.applied(file_id, now=night.now)
    return int(taken) + len(unusual)


def _follow(paid: Sequence[tuple[int, int | None]], *, now: datetime) -> None:
    """Restore who owes nothing overdue any more, and say which bills are paid."""
    reasons = {principal: f"bill:{bill} paid" for bill, principal in paid if principal is not None}
    if reasons:
        applying.restore_standing(reasons, now=now)
    if paid:
        bills_paid.send(sender=Bill, bill_ids=[bill for bill, _ in paid], now=now)
