"""Background work of credit: scores and banks' lines that nobody has answered about yet."""

from contextlib import suppress
from datetime import timedelta

from django.conf import settings
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from yifu import clock
from yifu.credit.models import BankLine, BankLineState, CreditLine, CreditParty

FIRST_AFTER_SECONDS = 20
"""By then whoever signed has asked directly and been answered or not."""
RENEW_EVERY_SECONDS = 5
"""Between two batches of `scoring.BATCH`: a platform is asked about 20 persons a second at most."""


class NotAnswered(Exception):
    """Nobody has said anything yet."""


COME_AGAIN = RetryStrategy(max_attempts=12, exponential_wait=3, retry_exceptions=[NotAnswered])


def score_later(credit_line_id: int) -> None:
    """Have a score asked for should the direct question fail, in the caller's transaction."""
    score_line.configure(schedule_in={"seconds": FIRST_AFTER_SECONDS}).defer(
        credit_line_id=credit_line_id
    )


def open_bank_line_later(credit_line_id: int) -> None:
    """Have a bank's line opened or asked about, in the caller's transaction."""
    open_bank_line.configure(schedule_in={"seconds": FIRST_AFTER_SECONDS}).defer(
        credit_line_id=credit_line_id
    )


def close_bank_line_later(credit_line_id: int) -> None:
    """Have a bank's line closed, in the caller's transaction; nothing where no bank is asked."""
    if BankLine.objects.filter(credit_line_id=credit_line_id).exists():
        close_bank_line.defer(credit_line_id=credit_line_id)


@app.task(name="credit.score_line", queue="channels", retry=COME_AGAIN)
def score_line(credit_line_id: int) -> None:
    """Ask for a principal's score; raising makes the job come again."""
    from yifu.credit import scoring  # noqa: PLC0415 - the same for all jobs here

    line = CreditLine.objects.select_related("contract").get(pk=credit_line_id)
    if scoring.known(credit_line_id) or line.contract.closed_at is not None:
        return
    if not scoring.score(credit_line_id, now=clock.job_now(line.contract.signed_at)):
        raise NotAnswered(f"score of {line}")


@app.task(name="credit.open_bank_line", queue="channels", retry=COME_AGAIN)
def open_bank_line(credit_line_id: int) -> None:
    """Open a bank's line or ask what became of it; raising makes the job come again."""
    from yifu.credit import banks  # noqa: PLC0415 - banks enqueues jobs

    line = CreditLine.objects.select_related("contract").get(pk=credit_line_id)
    if line.contract.closed_at is not None:
        return
    state = banks.open_line(credit_line_id, now=clock.job_now(line.contract.signed_at))
    if state in {BankLineState.OPENING, BankLineState.UNKNOWN}:
        raise NotAnswered(f"bank line of {line}")


@app.task(name="credit.close_bank_line", queue="channels", retry=COME_AGAIN)
def close_bank_line(credit_line_id: int) -> None:
    """Close a bank's line; raising makes the job come again."""
    from yifu.credit import banks  # noqa: PLC0415 - banks enqueues jobs

    line = CreditLine.objects.select_related("contract").get(pk=credit_line_id)
    try:
        banks.close_line(credit_line_id, now=clock.job_now(line.contract.closed_at))
    except banks.StillUnknown as unknown:
        raise NotAnswered(str(unknown)) from unknown


@app.periodic(cron="* * * * *")
@app.task(name="credit.follow_banks", queue="channels", queueing_lock="credit.follow_banks")
def follow_banks(timestamp: int) -> None:
    """Follow every area's banks, and ask about lines they have not decided about."""
    del timestamp
    from yifu.credit import banks  # noqa: PLC0415 - banks enqueues jobs

    now = clock.now()
    parties = CreditParty.objects.exclude(code__in=banks.NO_BANKS)
    for area in parties.values_list("area_id", flat=True).distinct():
        banks.follow(area, now=now)
        banks.resolve(area, before=now - timedelta(hours=1), now=now)


@app.periodic(cron="20 * * * *")
@app.task(name="credit.begin_renewals", queue="channels", queueing_lock="credit.begin_renewals")
def begin_renewals(timestamp: int) -> None:
    """Begin to renew the scores that have run out, area by area (P2.1).

    Not in a simulation, whose days are others.
    """
    del timestamp
    if settings.YIFU_SIMULATION:
        return
    from yifu.credit import scoring  # noqa: PLC0415 - the same for all jobs here

    platforms = CreditParty.objects.filter(code=scoring.PLATFORM)
    for area in platforms.values_list("area_id", flat=True):
        with suppress(AlreadyEnqueued):
            renew_scores.configure(queueing_lock=f"credit.renew:{area}").defer(area=area, after=0)


@app.task(name="credit.renew_scores", queue="channels")
def renew_scores(area: str, after: int) -> None:
    """Renew one batch of scores, and have the next one renewed a little later."""
    from yifu.credit import scoring  # noqa: PLC0415 - the same for all jobs here

    renewed = scoring.renew_due(area, now=clock.now(), after=after)
    if renewed.asked == scoring.BATCH:
        renew_scores.configure(schedule_in={"seconds": RENEW_EVERY_SECONDS}).defer(
            area=area, after=renewed.last
        )
