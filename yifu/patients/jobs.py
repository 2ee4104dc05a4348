"""Background work: sending notices."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from django.db.models import Q
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from yifu import clock
from yifu.outside import without_connection
from yifu.patients import gateway, services
from yifu.patients.models import Notice, NoticeState

THREADS = 8
TOGETHER = 200
"""Notices handed to the provider between two looks at the database."""
COME_AGAIN = RetryStrategy(
    max_attempts=8, exponential_wait=2, retry_exceptions=[gateway.NotDelivered]
)

Outdated = Callable[[Sequence[str]], set[str]]
OUTDATED: list[Outdated] = []
"""Functions that name, of some notices' keys, those about which there is nothing to say any more.

Contexts above register here (`apps.py`), because a notice may wait for its hour.
"""


@app.task(name="patients.send_notice", queue="notices", retry=COME_AGAIN)
def send_notice(notice_id: int) -> None:
    """Send one notice; a provider that does not answer is asked again with the same number."""
    send_notices(first=notice_id, last=notice_id)


@app.task(name="patients.send_notices", queue="notices", retry=COME_AGAIN)
def send_notices(first: int, last: int) -> None:
    """Send the notices between two numbers whose time has come; raising sends the rest again.

    Raises `NotDelivered` when the provider did not answer for one of them.
    """
    if not gateway.configured():
        return
    while batch := _next(first, last):
        first = batch[-1].pk + 1
        outdated = set().union(*(find([one.key for one in batch]) for find in OUTDATED))
        outdated |= {one.key for one in batch if one.person.died_on is not None}
        gone = [one.pk for one in batch if one.key in outdated]
        Notice.objects.filter(pk__in=gone).update(state=NoticeState.WITHDRAWN)
        current = [one for one in batch if one.key not in outdated]
        if current:
            _send(current)


def _next(first: int, last: int) -> list[Notice]:
    due = Notice.objects.filter(pk__range=(first, last), state=NoticeState.REQUESTED)
    if not clock.simulated():
        due = due.filter(Q(send_after__isnull=True) | Q(send_after__lte=clock.now()))
    return list(due.select_related("person").order_by("pk")[:TOGETHER])


def _send(batch: Sequence[Notice]) -> None:
    """Hand some notices to the provider and note what it said, also of those before a failure."""
    told = [(one, services.phone(one.person)) for one in batch]
    with without_connection(), ThreadPoolExecutor(THREADS) as pool:
        heard = list(pool.map(lambda pair: _hand_over(*pair), told))
    for state in (NoticeState.SENT, NoticeState.REFUSED):
        ended = [one.pk for (one, _), became in zip(told, heard, strict=True) if became == state]
        if ended:
            Notice.objects.filter(pk__in=ended).update(state=state, sent_at=clock.now())
    failed = next((became for became in heard if isinstance(became, Exception)), None)
    if failed is not None:
        raise failed


def _hand_over(notice: Notice, phone: str) -> NoticeState | gateway.NotDelivered:
    try:
        gateway.send(
            phone=phone, template=notice.template, params=notice.params, out_id=f"N{notice.pk}"
        )
    except gateway.DeliveryRefused:
        return NoticeState.REFUSED
    except gateway.NotDelivered as error:
        return error
    return NoticeState.SENT
