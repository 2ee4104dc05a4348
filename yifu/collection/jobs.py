"""Background work of collection: debits without an answer, money that goes back, tellings."""

from collections import defaultdict
from collections.abc import Sequence

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.types import JSONValue

from yifu import clock
from yifu.collection.models import Bill
from yifu.institutions.models import Area
from yifu.payments.models import Attempt, AttemptState, Refund

ASK_AFTER_SECONDS = 20
"""By then a request that got no answer has arrived or never will (`payments.calls`)."""


class StillUnknown(Exception):
    """The channel has not said yet what became of it."""


COME_AGAIN = RetryStrategy(max_attempts=12, exponential_wait=3, retry_exceptions=[StillUnknown])


def ask_later(attempt_ids: Sequence[int]) -> None:
    """Have debits without an answer asked about, in the caller's transaction."""
    if attempt_ids:
        later = resolve_payment.configure(schedule_in={"seconds": ASK_AFTER_SECONDS})
        asked: list[dict[str, JSONValue]] = [{"attempt_id": pk} for pk in attempt_ids]
        later.batch_defer(*asked)


def return_excess_later(bill_id: int) -> None:
    """Have what a bill was paid too much given back, should nobody do it before."""
    later = return_excess.configure(schedule_in={"seconds": ASK_AFTER_SECONDS})
    later.defer(bill_id=bill_id)


@app.task(name="collection.resolve_payment", queue="channels", retry=COME_AGAIN)
def resolve_payment(attempt_id: int) -> None:
    """Ask what became of a debit and apply it; raising makes the job come again."""
    from yifu.collection import services  # noqa: PLC0415 - services defer this job

    attempt = Attempt.objects.get(pk=attempt_id)
    state = services.resolve_payment(attempt_id, now=clock.job_now(attempt.requested_at))
    if state == AttemptState.UNKNOWN:
        raise StillUnknown(attempt.out_trade_no)


@app.task(name="collection.return_excess", queue="channels", retry=COME_AGAIN)
def return_excess(bill_id: int) -> None:
    """Give back what a bill was paid too much; raising makes the job come again."""
    from yifu.collection import services  # noqa: PLC0415 - services defer this job

    bill = Bill.objects.get(pk=bill_id)
    now = clock.job_now(bill.closed_at)
    for refund_id in services.refund_excess(bill_id=bill_id, now=now):
        refund = services.finish_refund(refund_id=refund_id, now=now)
        if refund.state == AttemptState.UNKNOWN:
            raise StillUnknown(refund.out_refund_no)


@app.task(name="collection.finish_refund", queue="channels", retry=COME_AGAIN)
def finish_refund(refund_id: int) -> None:
    """Ask what became of a refund and book it; raising makes the job come again."""
    from yifu.collection import services  # noqa: PLC0415 - services defer this job

    refund = Refund.objects.get(pk=refund_id)
    refund = services.finish_refund(refund_id=refund_id, now=clock.job_now(refund.requested_at))
    if refund.state == AttemptState.UNKNOWN:
        raise StillUnknown(refund.out_refund_no)


TIMER_SECONDS = 60
"""How often `tell_due` comes."""
FIRST = 100
"""Before all other jobs: a person waits to be let in again (P4.5)."""
TOLD_TOGETHER = 40
"""As many as are done in time even if the party is mute (`standing_statements.CLAIM_THESE`)."""


def tell_at_once(tellings: Sequence[tuple[int, str]]) -> None:
    """Have tellings, given as (number, party), sent at once; in the transaction that writes them.

    Of each party one job at a time: one that does not answer takes up one of the worker's places,
    and keeps no other party waiting.
    """
    for party, jobs in _together(tellings).items():
        tell.configure(priority=FIRST, lock=f"tell:{party}").batch_defer(*jobs)


def tell_again(tellings: Sequence[tuple[int, str]], *, in_seconds: int) -> None:
    """Have tellings that were not acknowledged sent again; after a minute the timer does it."""
    if in_seconds >= TIMER_SECONDS:
        return
    for party, jobs in _together(tellings).items():
        later = tell.configure(
            priority=FIRST, lock=f"tell-again:{party}", schedule_in={"seconds": in_seconds}
        )
        later.batch_defer(*jobs)


def _together(tellings: Sequence[tuple[int, str]]) -> dict[str, list[dict[str, JSONValue]]]:
    """Give the jobs of each party."""
    by_party: dict[str, list[JSONValue]] = defaultdict(list)
    for number, party in tellings:
        by_party[party].append(number)
    return {
        party: [
            {"telling_ids": numbers[start : start + TOLD_TOGETHER]}
            for start in range(0, len(numbers), TOLD_TOGETHER)
        ]
        for party, numbers in by_party.items()
    }


@app.task(name="collection.tell", queue="standing")
def tell(telling_ids: list[int]) -> None:
    """Send tellings; what is not acknowledged has a job of its own then."""
    from yifu.collection import tellings  # noqa: PLC0415 - tellings defer this job

    tellings.send(telling_ids, now=clock.now())


@app.periodic(cron="* * * * *")
@app.task(name="collection.tell_due", queue="standing", queueing_lock="tell_due")
def tell_due(timestamp: int) -> None:
    """Send what no job has sent; every minute. Waiting is measured by the database's own clock."""
    del timestamp
    from yifu.collection import tellings  # noqa: PLC0415 - as above

    for area in Area.objects.order_by("code"):
        tellings.send_due(area=area.pk, now=clock.now())
