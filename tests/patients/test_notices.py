"""Many notices in one go."""

import pytest
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from tests import builders
from tests.builders import NOW
from yifu.patients.models import Notice, NoticeState
from yifu.patients.notices import Message, notify_many

pytestmark = pytest.mark.django_db


def message(person, key: str) -> Message:
    return Message(key, person.pk, "debited", {"name": "张三", "amount": "¥30.00"})


def jobs() -> set[int]:
    """The notices that wait for being sent; other tests' jobs stay in the table."""
    waiting = ProcrastinateJob.objects.filter(task_name="patients.send_notices")
    ranges = [(args["first"], args["last"]) for args in waiting.values_list("args", flat=True)]
    return {number for first, last in ranges for number in range(first, last + 1)}


def test_each_message_is_written_once_with_a_job_that_sends_it():
    person = builders.person()
    before = jobs()
    assert notify_many([message(person, "a"), message(person, "b")], now=NOW) == 2
    assert notify_many([message(person, "b"), message(person, "c")], now=NOW) == 1
    notices = Notice.objects.order_by("key")
    assert [notice.key for notice in notices] == ["a", "b", "c"]
    assert {notice.state for notice in notices} == {NoticeState.REQUESTED}
    assert notices[0].params == {"name": "张三", "amount": "¥30.00"}
    assert jobs() - before >= {notice.pk for notice in notices}


def test_nothing_is_told_when_its_cause_is_undone():
    person = builders.person()
    before = jobs()
    with transaction.atomic():
        notify_many([message(person, "a")], now=NOW)
        transaction.set_rollback(True)
    assert not Notice.objects.exists()
    assert jobs() == before


def test_nobody_is_told_nothing():
    assert notify_many([], now=NOW) == 0
