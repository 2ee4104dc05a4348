"""Background work of matching: traces are let go when their time is over."""

from django.conf import settings
from procrastinate.contrib.django import app

from yifu import clock
from yifu.insurance import kinds


@app.periodic(cron="20 3 * * *")
@app.task(name="reconciliation.let_traces_go", queue="upkeep", queueing_lock="let_traces_go")
def let_traces_go(timestamp: int) -> None:
    """Empty what the policy of retention does not keep any longer; every night.

    Not in a simulation: its rows have the times of their own days.
    """
    del timestamp
    if settings.YIFU_SIMULATION:
        return
    from yifu.reconciliation import retention  # noqa: PLC0415 - the app is loaded before its models

    retention.retain(policy=kinds.policy(), now=clock.now())
