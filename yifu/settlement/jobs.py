"""Background work of settlements: receipts after completion, withdrawal of uploads, recovery."""

from collections.abc import Sequence
from typing import Any

import orjson
from django.conf import settings
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.tasks import Task

from yifu import clock, rows
from yifu.receipts.errors import FiscalUnavailable

RETRY_SOON = RetryStrategy(
    max_attempts=10,
    exponential_wait=2,
    retry_exceptions=[FiscalUnavailable],
)


@app.task(name="settlement.after_completion", queue="receipts", retry=RETRY_SOON)
def after_completion(settlement_id: int) -> None:
    """Issue the receipt of a completed settlement and tell the payer."""
    from yifu.settlement import aftercare  # noqa: PLC0415 - services import this module

    aftercare.issue_receipt(settlement_id)


@app.task(name="settlement.after_reversal", queue="receipts", retry=RETRY_SOON)
def after_reversal(settlement_id: int) -> None:
    """Flush the receipt of a reversed settlement and send back what was paid too much."""
    from yifu.settlement import aftercare  # noqa: PLC0415 - services import this module

    aftercare.flush_receipt(settlement_id)


# What procrastinate itself runs when a job is deferred; decision 0008 tells why it stands here.
RECEIPT_SOON = """
CASE WHEN %(receipt_lock)s::text IS NOT NULL THEN
    procrastinate_defer_jobs_v1(ARRAY[ROW(
        %(receipt_queue)s, %(receipt_task)s, 0, %(receipt_lock)s, NULL, %(receipt_args)s::jsonb,
        NULL)::procrastinate_job_to_defer_v1])
END
"""
"""`issue_receipt_soon` as a value within a larger statement; `receipt_soon` gives parameters."""


def receipt_soon(settlement_id: int, *, wanted: bool) -> dict[str, Any]:
    """Give the parameters of `RECEIPT_SOON`, which defers nothing unless it is `wanted`."""
    return {
        "receipt_queue": after_completion.queue,
        "receipt_task": after_completion.name,
        "receipt_lock": _turn(settlement_id) if wanted else None,
        "receipt_args": orjson.dumps({"settlement_id": settlement_id}).decode(),
    }


def issue_receipt_soon(settlement_id: int) -> None:
    """Have the receipt issued; in the completing transaction."""
    _in_turn(after_completion, settlement_id)


_RECEIPTS_SOON = """
SELECT procrastinate_defer_jobs_v1(array_agg(
    ROW(%(queue)s, %(task)s, 0, 'receipt:' || id, NULL,
        jsonb_build_object('settlement_id', id), NULL)::procrastinate_job_to_defer_v1
    ORDER BY id))
FROM unnest(%(ids)s::bigint[]) AS id
"""


def issue_receipts_soon(settlement_ids: Sequence[int]) -> None:
    """Have many receipts issued, each in its settlement's turn; in the completing transaction."""
    if settlement_ids:
        rows.run(
            _RECEIPTS_SOON,
            {
                "ids": list(settlement_ids),
                "queue": after_completion.queue,
                "task": after_completion.name,
            },
        )


def flush_receipt_soon(settlement_id: int) -> None:
    """Have the receipt flushed; in the reversing transaction."""
    _in_turn(after_reversal, settlement_id)


def _in_turn(task: Task[..., None, ...], settlement_id: int) -> None:
    """Defer under the settlement's own lock: a flush never overtakes the issue."""
    task.configure(lock=_turn(settlement_id)).defer(settlement_id=settlement_id)


def _turn(settlement_id: int) -> str:
    return f"receipt:{settlement_id}"


@app.task(
    name="settlement.withdraw_upload",
    queue="insurer",
    retry=RetryStrategy(max_attempts=3, wait=30),
)
def withdraw_upload(settlement_id: int) -> None:
    """Take back what was uploaded for a settlement that was rejected (2205)."""
    from yifu.settlement import aftercare  # noqa: PLC0415 - services import this module

    aftercare.withdraw_upload(settlement_id)


@app.task(
    name="settlement.recover_one",
    queue="insurer",
    retry=RetryStrategy(max_attempts=20, exponential_wait=2),
)
def recover_one(settlement_id: int) -> None:
    """Ask about a settlement whose answer is missing; raising makes the job come again."""
    from yifu.settlement import recovery  # noqa: PLC0415 - services import this module

    recovery.recover_one(settlement_id)


_WAIT_S = 20
"""How long after losing an answer the first question about it is asked."""


def recover_later(settlement_id: int) -> None:
    """Have a settlement whose answer is missing asked about; in the transaction that says so."""
    recover_one.configure(schedule_in={"seconds": _WAIT_S}).defer(settlement_id=settlement_id)


@app.task(
    name="settlement.withdraw_order",
    queue="insurer",
    retry=RetryStrategy(max_attempts=5, wait=30),
)
def withdraw_order(settlement_id: int) -> None:
    """Withdraw the payment centre's order of a settlement that was rejected (6401)."""
    from yifu.settlement import onecode  # noqa: PLC0415 - services import this module

    onecode.withdraw_order(settlement_id)


@app.periodic(cron="*/5 * * * *")
@app.task(name="settlement.forget_tokens", queue="insurer", queueing_lock="forget_tokens")
def forget_tokens(timestamp: int) -> None:
    """Let go of rights over paid orders whose time is over (P1.7)."""
    del timestamp
    from yifu.insurance.mobile import orders  # noqa: PLC0415 - needs the apps to be loaded

    orders.forget_tokens(now=clock.now())


_STOPPED_FOR_S = 120
"""Nothing takes two minutes: what was claimed before that has lost its process."""


@app.periodic(cron="* * * * *")
@app.task(name="settlement.recover_stopped", queue="insurer", queueing_lock="recover_stopped")
def recover_stopped(timestamp: int) -> None:
    """Finish or undo what stopped with a process that died; every minute.

    Payments have jobs of their own, deferred before they leave. Not in a simulation: its rows have
    the times of their own days, and its days recover themselves.
    """
    del timestamp
    if settings.YIFU_SIMULATION:
        return
    from yifu.settlement import recovery  # noqa: PLC0415 - services import this module

    recovery.finish_stopped(now=clock.now(), older_than_s=_STOPPED_FOR_S)


@app.periodic(cron="* * * * *")
@app.task(name="settlement.expire_holds", queue="channels", queueing_lock="expire_holds")
def expire_holds(timestamp: int) -> None:
    """Give back the holds whose time is over (P2.4); every minute, not in a simulation."""
    del timestamp
    if settings.YIFU_SIMULATION:
        return
    from yifu.ledger import services as ledger  # noqa: PLC0415 - needs the apps to be loaded

    ledger.expire_due(now=clock.now())
