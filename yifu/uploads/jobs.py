"""After the day: everything that is to be told to the insurer, institution by institution."""

from datetime import date, timedelta

from django.conf import settings
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from yifu import clock
from yifu.insurance.models import Connection


class InsurerSilent(Exception):
    """The insurer stopped answering; raising makes the job come again."""


@app.periodic(cron="30 1 * * *")
@app.task(name="uploads.after_the_day", queue="insurer", queueing_lock="uploads_after_the_day")
def after_the_day(timestamp: int) -> None:
    """Have every connected institution's uploads made; at night. Not in a simulation."""
    del timestamp
    if settings.YIFU_SIMULATION:
        return
    day = clock.business_date(clock.now()) - timedelta(days=1)
    for institution_id in Connection.objects.values_list("institution", flat=True):
        of_institution.configure(lock=f"uploads:{institution_id}").defer(
            institution_id=institution_id, day=day.isoformat()
        )


@app.periodic(cron="10 * * * *")
@app.task(name="uploads.results", queue="insurer", queueing_lock="uploads_results")
def results(timestamp: int) -> None:
    """Ask every hour what became of batches that are being processed. Not in a simulation."""
    del timestamp
    if settings.YIFU_SIMULATION:
        return
    from yifu.uploads import receipts  # noqa: PLC0415 - read when the job runs
    from yifu.uploads.models import BatchState, ReceiptBatch  # noqa: PLC0415 - the same

    waiting = ReceiptBatch.objects.filter(state=BatchState.UPLOADED)
    for institution_id in waiting.values_list("institution", flat=True).distinct():
        receipts.ask(institution_id, now=clock.now())


@app.task(
    name="uploads.of_institution",
    queue="insurer",
    retry=RetryStrategy(max_attempts=8, exponential_wait=4),
)
def of_institution(institution_id: int, day: str) -> None:
    """Make an institution's uploads of a day; comes again while the insurer does not answer."""
    from yifu.uploads import services  # noqa: PLC0415 - read when the job runs

    report = services.run(institution_id, day=date.fromisoformat(day), now=clock.now())
    if report.stopped:
        raise InsurerSilent(", ".join(report.stopped))
