"""Two transactions in one exact order: the second begins while the first is still open."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from tests import builders
from tests.builders import AREA, NOW
from tests.collection.test_services import check_books, line_of, overdue, pay
from yifu.collection import nightly, services, worsening
from yifu.collection.models import Bill, BillPayment, BillState, Night
from yifu.collection.night_run import NightRun
from yifu.credit import versions
from yifu.credit.models import CreditLine, Standing
from yifu.ledger import services as ledger
from yifu.ledger.rules import Move
from yifu.payments import services as payments

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE_SECONDS = 10


@pytest.fixture
def principal():
    person = builders.person()
    builders.contract(person)
    return person


@pytest.fixture
def elsewhere():
    """Starts work in another transaction and waits until that waits for a lock of ours."""
    with ThreadPoolExecutor(1) as pool:

        def begin(work: Callable[[], object]) -> "Future[object]":
            other = pool.submit(_alone, work)
            until = time.monotonic() + PATIENCE_SECONDS
            while not _somebody_waits():
                assert not other.done(), "it did not have to wait"
                assert time.monotonic() < until, "it neither waits nor ends"
                time.sleep(0.01)
            return other

        yield begin


def _alone(work: Callable[[], object]) -> object:
    try:
        return work()
    finally:
        connection.close()


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"
            " AND wait_event_type = 'Lock')"
        )
        return bool(cursor.fetchone()[0])


def test_a_settlement_and_a_payment_of_one_bill_do_not_deadlock(principal, elsewhere):
    """Both take the line before the bill."""
    line = line_of(principal)
    bill = builders.bill(principal, 3000, line=line)
    with transaction.atomic():
        moves = [Move(bill.account, "revenue:H99010000001", 500, (line.pk,))]
        ledger.post(key="settlement:2", kind="settlement", moves=moves, now=NOW)
        other = elsewhere(lambda: pay(bill, 3000))
        services.open_bill(
            services.NewBill(
                visit_id=bill.visit_id,
                principal_id=principal.pk,
                account=bill.account,
                line_id=line.pk,
                amount_fen=500,
                due_at=None,
            ),
            now=NOW,
        )
    other.result(PATIENCE_SECONDS)
    bill.refresh_from_db()
    assert (bill.state, bill.amount_fen, bill.paid_fen) == (BillState.OPEN, 3500, 3000)
    check_books()


def test_of_two_last_payments_the_later_restores_good_standing(principal, elsewhere):
    first, second = builders.bill(principal, 100), builders.bill(principal, 200)
    overdue(first)
    overdue(second)
    with transaction.atomic():
        pay(first)
        other = elsewhere(lambda: pay(second))
    other.result(PATIENCE_SECONDS)
    assert CreditLine.objects.get().standing == Standing.GOOD


def test_an_attempt_applied_twice_at_once_pays_once(principal, elsewhere):
    bill = builders.bill(principal, 3000, line=line_of(principal))
    with transaction.atomic():
        attempt = payments.take_cash(area=AREA, subject=f"bill:{bill.pk}", amount_fen=1000, now=NOW)
    with transaction.atomic():
        services.apply_attempt(attempt_id=attempt.pk, now=NOW)
        other = elsewhere(lambda: services.apply_attempt(attempt_id=attempt.pk, now=NOW))
    paid = other.result(PATIENCE_SECONDS)
    assert isinstance(paid, Bill)
    assert paid.paid_fen == 1000
    assert BillPayment.objects.count() == 1
    check_books()


def test_a_bill_paid_while_the_night_comes_to_it_is_not_overdue(principal, elsewhere):
    bill = builders.bill(principal, 3000, line=line_of(principal), due_at=NOW)
    with transaction.atomic():
        pay(bill)
        other = elsewhere(
            lambda: nightly.run(
                area=AREA, business_date=NOW.date(), now=NOW, progress=lambda *_: None
            )
        )
    report = other.result(PATIENCE_SECONDS)
    assert isinstance(report, dict)
    assert (report["overdue"], report["suspended"]) == (0, 0)
    bill.refresh_from_db()
    assert bill.state == BillState.PAID


def test_a_suspension_is_not_undone_by_a_payment_that_did_not_see_it(principal, elsewhere):
    """The night finds a second bill overdue while the first is being paid."""
    first = builders.bill(principal, 100)
    overdue(first)
    builders.bill(principal, 200, due_at=NOW)
    with transaction.atomic():
        worsening.mark_overdue(_night())
        other = elsewhere(lambda: pay(first))
    other.result(PATIENCE_SECONDS)
    assert CreditLine.objects.get().standing == Standing.SUSPENDED


def _night() -> NightRun:
    night = NightRun(
        id=Night.objects.create(area_id=AREA, business_date=NOW.date(), begun_at=NOW).pk,
        area=AREA,
        business_date=NOW.date(),
        now=NOW,
        scheme=versions.at("hangzhou", NOW),
        progress=lambda *_: None,
        since=0,
        nights=(),
    )
    night.begin("overdue", position=0)
    return night
