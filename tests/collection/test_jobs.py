"""What collection leaves to the worker: enqueued with its cause, harmless when repeated."""

import pytest
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from tests import builders
from tests.builders import NOW
from tests.collection.test_services import check_books, line_of, lower, pay
from yifu.collection import jobs, services
from yifu.collection.models import Bill, BillState
from yifu.payments.models import Attempt, AttemptState, Refund

APPLY = "/v3/papay/pay/transactions/apply"


@pytest.fixture
def bill(channel, wechat):
    person = builders.person()
    builders.contract(person)
    builders.binding(person, channel, wechat, balance_fen=10_000)
    return builders.bill(person, 3000, line=line_of(person))


def enqueued(task: str, **arguments: int) -> int:
    """How many jobs wait with these arguments; other tests' jobs stay in the table."""
    return ProcrastinateJob.objects.filter(task_name=task, args=arguments).count()


def test_a_debit_without_an_answer_is_asked_about_by_a_job(bill, wechat):
    wechat.control("processing", {"held": True})
    pay(bill, channel="wechat")
    attempt = Attempt.objects.get()
    assert enqueued("collection.resolve_payment", attempt_id=attempt.pk) == 1
    with pytest.raises(jobs.StillUnknown, match=attempt.out_trade_no):
        jobs.resolve_payment(attempt.pk)
    wechat.control("processing", {"held": False})
    for _ in range(2):
        jobs.resolve_payment(attempt.pk)
    bill.refresh_from_db()
    assert (bill.state, bill.paid_fen) == (BillState.PAID, 3000)
    check_books()


@pytest.mark.usefixtures("soon_landed")
def test_a_debit_that_never_arrived_is_ended_by_the_job(bill, wechat):
    wechat.fault("drop_request", path=APPLY)
    pay(bill, channel="wechat")
    attempt = Attempt.objects.get()
    assert attempt.state == AttemptState.UNKNOWN
    jobs.resolve_payment(attempt.pk)
    attempt.refresh_from_db()
    assert attempt.state == AttemptState.FAILED
    assert pay(bill, channel="wechat").state == BillState.PAID


def test_a_paid_debit_leaves_no_job_behind(bill):
    pay(bill, channel="wechat")
    assert enqueued("collection.resolve_payment", attempt_id=Attempt.objects.get().pk) == 0
    assert enqueued("collection.return_excess", bill_id=bill.pk) == 0


def test_what_was_paid_too_much_is_given_back_by_a_job_if_nobody_did(bill):
    pay(bill, channel="wechat")
    bill.refresh_from_db()
    lower(bill, 3000)
    assert enqueued("collection.return_excess", bill_id=bill.pk) == 1
    for _ in range(2):
        jobs.return_excess(bill.pk)
    bill.refresh_from_db()
    assert (bill.state, bill.paid_fen) == (BillState.CANCELLED, 0)
    assert Refund.objects.count() == 1
    check_books()


def test_the_job_is_enqueued_only_if_the_bill_is_lowered(bill):
    pay(bill, channel="wechat")
    with transaction.atomic():
        services.lower_bill(bill_id=bill.pk, amount_fen=3000, now=NOW)
        transaction.set_rollback(True)
    assert enqueued("collection.return_excess", bill_id=bill.pk) == 0
    assert Bill.objects.get().state == BillState.PAID


def test_a_refund_without_an_answer_is_asked_about_by_a_job(bill, wechat):
    pay(bill, channel="wechat")
    bill.refresh_from_db()
    lower(bill, 3000)
    wechat.control("processing", {"held": True})
    with pytest.raises(jobs.StillUnknown):
        jobs.return_excess(bill.pk)
    refund = Refund.objects.get()
    assert enqueued("collection.finish_refund", refund_id=refund.pk) == 1
    with pytest.raises(jobs.StillUnknown):
        jobs.finish_refund(refund.pk)
    wechat.control("processing", {"held": False})
    for _ in range(2):
        jobs.finish_refund(refund.pk)
    bill.refresh_from_db()
    assert bill.paid_fen == 0
    check_books()


def test_money_that_comes_for_a_cancelled_bill_is_given_back_by_a_job(bill, wechat):
    wechat.control("processing", {"held": True})
    pay(bill, channel="wechat")
    lower(bill, 3000)
    wechat.control("processing", {"held": False})
    services.resolve_payment(Attempt.objects.get().pk, now=NOW)
    assert enqueued("collection.return_excess", bill_id=bill.pk) == 1
    jobs.return_excess(bill.pk)
    bill.refresh_from_db()
    assert bill.paid_fen == 0
    check_books()
