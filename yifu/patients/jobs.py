"""Background work: sending notices."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from yifu import clock
from yifu.outside import without_connection
from yifu.patients import gateway, services
from yifu.patients.models import Notice, NoticeState


@app.task(
    name="patients.send_notice",
    queue="notices",
    retry=RetryStrategy(
        max_attempts=8, exponential_wait=2, retry_exceptions=[gateway.NotDelivered]
    ),
)
def send_notice(notice_id: int) -> None:
    """Send one notice; a provider that does not answer is asked again with the same number."""
    notice = Notice.objects.select_related("person").get(pk=notice_id)
    if notice.state != NoticeState.REQUESTED or not gateway.configured():
        return
    if notice.person.died_on is not None:  # it was written while they lived
        _close(notice_id, NoticeState.REFUSED)
        return
    phone = services.phone(notice.person)
    try:
        with without_connection():
            gateway.send(
                phone=phone, template=notice.template, params=notice.params, out_id=f"N{notice.pk}"
            )
    except gateway.DeliveryRefused:
        _close(notice_id, NoticeState.REFUSED)
        return
    _close(notice_id, NoticeState.SENT)


def _close(notice_id: int, state: NoticeState) -> None:
    Notice.objects.filter(pk=notice_id).update(state=state, sent_at=clock.now())
