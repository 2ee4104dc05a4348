"""Background work of enrolment: birthdays."""

from django.conf import settings
from procrastinate.contrib.django import app

from yifu import clock
from yifu.enrolment import services
from yifu.institutions.models import Area


@app.periodic(cron="0 * * * *")
@app.task(name="enrolment.birthdays", queue="notices", queueing_lock="enrolment.birthdays")
def birthdays(timestamp: int) -> None:
    """Let who comes of age go. Every hour, so midnight in China is met wherever the clock stands.

    After midnight's run the others find nothing. Not in a simulation, whose days are others.
    """
    del timestamp
    if settings.YIFU_SIMULATION:
        return
    now = clock.now()
    for area in Area.objects.order_by("pk").values_list("code", flat=True):
        services.come_of_age(area, clock.business_date(now), now=now)
