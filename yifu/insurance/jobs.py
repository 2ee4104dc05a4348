"""Background work with the insurer: filings whose answer is missing, the catalogues at night."""

from django.conf import settings
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from yifu import clock
from yifu.errors import YifuError
from yifu.insurance.models import Filing

_WAIT_S = 20
"""How long after losing an answer the first question about it is asked."""

_STOPPED_FOR_S = 120
"""Nothing takes two minutes: what was asked before that has lost its process."""


@app.task(
    name="insurance.resume_filing",
    queue="insurer",
    retry=RetryStrategy(max_attempts=20, exponential_wait=2),
)
def resume_filing(filing_id: int) -> None:
    """Ask about a filing whose answer is missing; raising makes the job come again."""
    from yifu.insurance import filings  # noqa: PLC0415 - services import this module

    filing = Filing.objects.get(pk=filing_id)
    try:
        filings.resume(filing_id, now=clock.job_now(filing.asked_at))
    except YifuError:
        # The insurer has said no, which is written down: there is nothing more to ask.
        return


def resume_later(filing_id: int) -> None:
    """Have a filing whose answer is missing asked about; in the transaction that says so."""
    resume_filing.configure(schedule_in={"seconds": _WAIT_S}).defer(filing_id=filing_id)


@app.periodic(cron="* * * * *")
@app.task(name="insurance.resume_stopped", queue="insurer", queueing_lock="resume_filings")
def resume_stopped(timestamp: int) -> None:
    """Resume what stopped with a process that died; every minute.

    Not in a simulation: its rows have the times of their own days.
    """
    del timestamp
    if settings.YIFU_SIMULATION:
        return
    from yifu.insurance import filings  # noqa: PLC0415 - services import this module

    filings.resume_stopped(now=clock.now(), older_than_s=_STOPPED_FOR_S)


@app.periodic(cron="30 3 * * *")
@app.task(
    name="insurance.fetch_catalogues",
    queue="insurer",
    queueing_lock="fetch_catalogues",
    retry=RetryStrategy(max_attempts=5, wait=600),
)
def fetch_catalogues(timestamp: int) -> None:
    """Fetch what is new in every area's catalogues, at night; a failed run comes again.

    Not in a simulation: `yifu insurer catalogues` does it there.
    """
    del timestamp
    if settings.YIFU_SIMULATION:
        return
    from yifu.insurance import catalogues  # noqa: PLC0415 - services import this module

    for institution_id in catalogues.one_institution_per_area():
        catalogues.fetch(institution_id, now=clock.now())
