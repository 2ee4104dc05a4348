"""Bills opened, lowered, paid and given back, on the real PostgreSQL and the simulated channel."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from tests import builders
from tests.builders import AREA, NOW
from yifu import clock
from yifu.collection import services
from yifu.collection.errors import (
    BillNotPayable,
    LoweringExceedsBill,
    PaymentExceedsBill,
    PaymentRefused,
)
from yifu.collection.models import LIVE_STATES, Bill, BillPayment, BillState
from yifu.collection.signals import bills_paid
from yifu.credit.models import CreditLine, Standing, StandingChange
from yifu.errors import NotFound, YifuError
from yifu.ledger import services as ledger
from yifu.ledger.errors import AmountNotPositive
from yifu.ledger.models import Line
from yifu.ledger.rules import Move
from yifu.patients.models import Notice
from yifu.payments import services as payments
from yifu.payments.errors import ChannelUnknown, NotBound, PaymentUnderWay
from yifu.payments.models import Attempt, AttemptState, Channel
from yifu.visits.models import Visit

REVENUE = "revenue:H99010000001"
CASH = "cash:H99010000001"


@pytest.fixture
def principal(db):  # noqa: ARG001 - tests with a channel or threads commit for real
    """A person with a credit line of 3,000 yuan."""
    person = builders.person()
    builders.contract(person)
    return person


def line_of(person) -> Line:
    return Line.objects.get(creditline__person=person)


def check_books() -> None:
    """L1, L3, L12: the ledger recomputes, and every line owes what its live bills owe."""
    verification = ledger.verify()
    assert verification.balanced, verification.faults
    for line in Line.objects.all():
        owed = [
            bill.owed_fen
            for bill in Bill.objects.filter(state__in=LIVE_STATES)
            if line.pk in (bill.line_id, bill.line.parent_id if bill.line else None)
        ]
        assert line.owed_fen == sum(owed)


def pay(bill: Bill, fen: int | None = None, channel: str = "cash", *, now=NOW) -> Bill:
    return services.pay_bill(
        bill_id=bill.pk,
        channel=channel,
        amount_fen=bill.owed_fen if fen is None else fen,
        now=now,
        institution_id=None,
    )


def lower(bill: Bill, fen: int) -> services.Lowered:
    """Lower a bill as a reversal does: with its postings, in one transaction."""
    lines = builders.lines_of(bill.line)
    with transaction.atomic():
        lowered = services.lower_bill(bill_id=bill.pk, amount_fen=fen, now=NOW)
        ledger.post(
            key=f"reversal:{bill.pk}:{bill.amount_fen}",
            kind="reversal",
            moves=[
                Move(REVENUE, bill.account, lowered.unpaid_fen, lines),
                Move(REVENUE, bill.account, lowered.paid_fen),
            ],
            now=NOW,
        )
    return lowered


def overdue(bill: Bill) -> CreditLine:
    """Make a bill overdue and its principal suspended."""
    Bill.objects.filter(pk=bill.pk).update(state=BillState.OVERDUE)
    credit_line = CreditLine.objects.get(person_id=bill.principal_id)
    CreditLine.objects.filter(pk=credit_line.pk).update(standing=Standing.SUSPENDED)
    return credit_line


def test_cash_pays_a_bill_and_frees_the_line(principal):
    bill = builders.bill(principal, 3000, line=line_of(principal))
    assert line_of(principal).owed_fen == 3000
    paid = pay(bill)
    assert (paid.state, paid.paid_fen, paid.closed_at) == (BillState.PAID, 3000, NOW)
    assert ledger.balances() == {CASH: 3000, f"owed:{principal.pk}": 0, REVENUE: -3000}
    check_books()


def test_a_bill_is_paid_in_parts(principal):
    bill = builders.bill(principal, 3000, line=line_of(principal))
    assert pay(bill, 1000).state == BillState.OPEN
    assert line_of(principal).owed_fen == 2000
    assert pay(bill, 2000).state == BillState.PAID
    assert list(BillPayment.objects.order_by("pk").values_list("amount_fen", flat=True)) == [
        1000,
        2000,
    ]
    check_books()


@pytest.mark.django_db(transaction=True)
def test_a_dependants_bill_frees_both_lines():
    child = builders.person(born="2018-05-01")
    other = builders.person()
    enrolled = builders.contract(other, dependants=[(child, 50_000)])
    share = Line.objects.get(share__credit_line=enrolled.credit_line)
    bill = builders.bill(other, 3000, line=share, patient=child)
    assert line_of(other).owed_fen == 3000
    pay(bill)
    share.refresh_from_db()
    assert (share.owed_fen, line_of(other).owed_fen) == (0, 0)
    check_books()


def test_a_second_settlement_of_a_visit_adds_to_its_bill(principal):
    bill = builders.bill(principal, 3000)
    again = services.open_bill(
        services.NewBill(
            visit_id=bill.visit_id,
            principal_id=principal.pk,
            account=bill.account,
            line_id=None,
            amount_fen=500,
            due_at=None,
        ),
        now=NOW,
    )
    bill.refresh_from_db()
    assert (again, bill.amount_fen) == (bill.pk, 3500)
    assert bill.due_at is not None


def test_what_is_owed_on_a_line_and_beside_it_are_two_bills(principal):
    """A line that ran out: the rest of the same visit is owed on no line (P2.3)."""
    on_line = builders.bill(principal, 3000, line=line_of(principal))
    beside = services.open_bill(
        services.NewBill(
            visit_id=on_line.visit_id,
            principal_id=principal.pk,
            account=on_line.account,
            line_id=None,
            amount_fen=500,
            due_at=None,
        ),
        now=NOW,
    )
    assert beside != on_line.pk
    check_books()


def test_a_paid_bill_is_not_reopened_but_followed_by_another(principal):
    bill = builders.bill(principal)
    pay(bill)
    another = services.open_bill(
        services.NewBill(
            visit_id=bill.visit_id,
            principal_id=principal.pk,
            account=bill.account,
            line_id=None,
            amount_fen=1,
            due_at=None,
        ),
        now=NOW,
    )
    assert another != bill.pk


def test_a_bill_of_nothing_is_not_opened(principal):
    with pytest.raises(AmountNotPositive):
        builders.bill(principal, 0)


def test_the_end_of_a_visit_sets_when_its_bills_are_due(principal):
    bill = builders.bill(principal, due_at=None)
    banks = builders.bill(principal, due_at=None, account="bank:icbc")
    due = NOW + timedelta(days=3)
    assert services.visit_ended(bill.visit_id, due_at=due) == 1
    assert services.visit_ended(banks.visit_id, due_at=due) == 0
    bill.refresh_from_db()
    assert bill.due_at == due


def test_whoever_ends_a_visit_makes_its_bill_due_by_the_scheme(principal):
    bill = builders.bill(principal)
    Visit.objects.filter(pk=bill.visit_id).update(ended_at=None)
    ended_at = NOW + timedelta(days=3)
    services.end_visit(bill.visit_id, institution_id=bill.visit.institution_id, ended_at=ended_at)
    bill.refresh_from_db()
    assert bill.due_at == clock.midnight(ended_at.date() + timedelta(days=3))


def test_paying_says_so_in_the_paying_transaction(principal):
    heard = []

    def listen(**facts):
        heard.append((facts["bill_ids"], facts["now"], connection.in_atomic_block))

    bills_paid.connect(listen)
    try:
        bill = builders.bill(principal)
        pay(bill, 1000)
        assert heard == []
        pay(bill, 2000)
    finally:
        bills_paid.disconnect(listen)
    assert heard == [([bill.pk], NOW, True)]


@pytest.mark.parametrize("state", ["paid", "cancelled", "written_off"])
def test_only_what_is_owed_is_paid(principal, state):
    bill = builders.bill(principal)
    Bill.objects.filter(pk=bill.pk).update(state=state, paid_fen=3000)
    with pytest.raises(BillNotPayable):
        pay(bill, 1)
    assert not Attempt.objects.exists()


@pytest.mark.parametrize(
    ("fen", "error"), [(3001, PaymentExceedsBill), (0, AmountNotPositive), (-5, AmountNotPositive)]
)
def test_no_more_than_is_owed_and_no_less_than_a_fen(principal, fen, error):
    bill = builders.bill(principal, 3000, line=line_of(principal))
    with pytest.raises(error):
        pay(bill, fen)
    assert not Attempt.objects.exists()
    check_books()


def test_who_has_no_debit_contract_is_told(principal, channel):  # noqa: ARG001 - the channel exists
    with pytest.raises(NotBound):
        pay(builders.bill(principal), channel="wechat")


def test_a_channel_that_cannot_be_spoken_to_leaves_nothing_behind(principal, channel, wechat):
    builders.binding(principal, channel, wechat)
    bill = builders.bill(principal)
    Channel.objects.filter(pk=channel.pk).update(secrets_cipher=None)
    with pytest.raises(ChannelUnknown):
        pay(bill, channel="wechat")
    assert not Attempt.objects.exists()


def test_another_hospitals_bill_does_not_exist(principal):
    bill = builders.bill(principal)
    other = builders.institution("H99010000002")
    with pytest.raises(NotFound):
        services.pay_bill(
            bill_id=bill.pk, channel="cash", amount_fen=1, now=NOW, institution_id=other.pk
        )


def test_a_bill_is_paid_through_the_channel(principal, channel, wechat):
    builders.binding(principal, channel, wechat)
    bill = builders.bill(principal, 3000, line=line_of(principal))
    assert pay(bill, channel="wechat").state == BillState.PAID
    assert ledger.balances("channel:") == {"channel:wechat": 3000}
    assert Notice.objects.get(template="debited").params["amount"] == "¥30.00"
    check_books()


def test_a_refused_debit_changes_no_bill(principal, channel, wechat):
    builders.binding(principal, channel, wechat, balance_fen=100)
    bill = builders.bill(principal, 3000, line=line_of(principal))
    with pytest.raises(PaymentRefused, match="NOT_ENOUGH"):
        pay(bill, channel="wechat")
    bill.refresh_from_db()
    assert (bill.state, bill.paid_fen) == (BillState.OPEN, 0)
    assert not BillPayment.objects.exists()
    check_books()


def test_while_a_debit_is_unknown_nothing_else_pays(principal, channel, wechat):
    builders.binding(principal, channel, wechat)
    bill = builders.bill(principal, 3000, line=line_of(principal))
    wechat.control("processing", {"held": True})
    assert pay(bill, channel="wechat").state == BillState.OPEN
    for other in ("wechat", "cash"):
        with pytest.raises(PaymentUnderWay):
            pay(bill, 1, channel=other)
    wechat.control("processing", {"held": False})
    attempt = Attempt.objects.get()
    assert services.resolve_payment(attempt.pk, now=NOW) == AttemptState.SUCCEEDED
    bill.refresh_from_db()
    assert bill.state == BillState.PAID
    check_books()


def test_applying_an_attempt_again_changes_nothing(principal, channel, wechat):
    builders.binding(principal, channel, wechat)
    bill = builders.bill(principal, 3000, line=line_of(principal))
    pay(bill, 1000, channel="wechat")
    attempt = Attempt.objects.get()
    for _ in range(2):
        assert services.apply_attempt(attempt_id=attempt.pk, now=NOW).paid_fen == 1000
    assert BillPayment.objects.count() == 1
    check_books()


def test_money_that_was_not_applied_yet_counts_before_more_is_taken(principal, channel, wechat):
    """A crash after the channel's yes and before the bill heard of it."""
    binding = builders.binding(principal, channel, wechat)
    bill = builders.bill(principal, 3000, line=line_of(principal))
    with transaction.atomic():
        attempt = payments.request_debit(
            binding=binding, subject=f"bill:{bill.pk}", amount_fen=3000, now=NOW
        )
    payments.send_debit(attempt.pk, now=NOW)
    with pytest.raises(BillNotPayable):
        pay(bill, 3000)
    assert services.apply_attempt(attempt_id=attempt.pk, now=NOW).state == BillState.PAID
    check_books()


@pytest.mark.django_db(transaction=True)
def test_two_who_pay_at_once_do_not_pay_twice(principal):
    bill = builders.bill(principal, 3000, line=line_of(principal))
    barrier = threading.Barrier(6)

    def attempt(_: int) -> bool:
        barrier.wait(timeout=10)
        try:
            pay(bill, 2000)
        except YifuError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(attempt, range(6))) == 1
    bill.refresh_from_db()
    assert bill.paid_fen == 2000
    check_books()


def test_two_debits_at_once_take_the_money_once(principal, channel, wechat):
    builders.binding(principal, channel, wechat, balance_fen=100_000)
    bill = builders.bill(principal, 3000, line=line_of(principal))
    barrier = threading.Barrier(4)

    def attempt(_: int) -> bool:
        barrier.wait(timeout=10)
        try:
            pay(bill, 3000, channel="wechat")
        except YifuError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(attempt, range(4))) == 1
    taken = Attempt.objects.filter(state=AttemptState.SUCCEEDED).values_list(
        "amount_fen", flat=True
    )
    assert list(taken) == [3000]
    check_books()


@pytest.mark.django_db(transaction=True)
def test_many_bills_of_a_family_paid_at_once_end_without_a_deadlock():
    child = builders.person(born="2018-05-01")
    other = builders.person()
    enrolled = builders.contract(other, dependants=[(child, 50_000)])
    share = Line.objects.get(share__credit_line=enrolled.credit_line)
    bills = [
        builders.bill(other, 100, line=share if place % 2 else line_of(other))
        for place in range(16)
    ]

    def attempt(bill: Bill) -> str:
        try:
            return pay(bill).state
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(attempt, bills)) == {BillState.PAID}
    check_books()


def test_lowering_an_unpaid_bill_to_nothing_cancels_it(principal):
    bill = builders.bill(principal, 3000, line=line_of(principal))
    assert lower(bill, 3000) == services.Lowered(3000, 0)
    bill.refresh_from_db()
    assert (bill.state, bill.amount_fen) == (BillState.CANCELLED, 0)
    assert ledger.balances("owed:") == {f"owed:{principal.pk}": 0}
    check_books()


def test_lowering_by_more_than_the_bill_is_refused(principal):
    bill = builders.bill(principal, 3000)
    with pytest.raises(LoweringExceedsBill), transaction.atomic():
        services.lower_bill(bill_id=bill.pk, amount_fen=3001, now=NOW)


def test_what_was_paid_too_much_goes_back_the_way_it_came(principal, channel, wechat):
    binding = builders.binding(principal, channel, wechat, balance_fen=10_000)
    bill = builders.bill(principal, 5000, line=line_of(principal))
    pay(bill, 2000)
    pay(bill, 3000, channel="wechat")
    bill.refresh_from_db()
    assert lower(bill, 4000) == services.Lowered(0, 4000)
    refunds = services.refund_excess(bill_id=bill.pk, now=NOW)
    assert services.refund_excess(bill_id=bill.pk, now=NOW) == refunds
    for refund_id in refunds:
        for _ in range(2):
            done = services.finish_refund(refund_id=refund_id, now=NOW)
            assert done.state == AttemptState.SUCCEEDED
    bill.refresh_from_db()
    assert (bill.state, bill.amount_fen, bill.paid_fen) == (BillState.PAID, 1000, 1000)
    # The newest payment first: all of the debit, the rest in cash.
    assert ledger.balances() == {
        CASH: 1000,
        "channel:wechat": 0,
        f"owed:{principal.pk}": 0,
        REVENUE: -1000,
    }
    contract = wechat.control(f"contracts/C{binding.person_id:08d}", method="GET")
    assert contract["balance_fen"] == 10_000
    assert services.refund_excess(bill_id=bill.pk, now=NOW) == []
    assert Notice.objects.filter(template="refunded").count() == 2
    check_books()


def test_money_that_came_after_the_bill_was_cancelled_goes_back(principal, channel, wechat):
    """A debit under way while the visit is reversed."""
    builders.binding(principal, channel, wechat, balance_fen=10_000)
    bill = builders.bill(principal, 3000, line=line_of(principal))
    wechat.control("processing", {"held": True})
    pay(bill, channel="wechat")
    lower(bill, 3000)
    wechat.control("processing", {"held": False})
    services.resolve_payment(Attempt.objects.get().pk, now=NOW)
    bill.refresh_from_db()
    assert (bill.state, bill.paid_fen) == (BillState.CANCELLED, 3000)
    check_books()
    for refund_id in services.refund_excess(bill_id=bill.pk, now=NOW):
        services.finish_refund(refund_id=refund_id, now=NOW)
    bill.refresh_from_db()
    assert (bill.state, bill.paid_fen) == (BillState.CANCELLED, 0)
    assert set(ledger.balances().values()) == {0}
    check_books()


def test_a_refund_the_channel_refused_is_asked_for_again_later(principal, channel, wechat):
    builders.binding(principal, channel, wechat)
    bill = builders.bill(principal, 3000, line=line_of(principal))
    pay(bill, channel="wechat")
    bill.refresh_from_db()
    lower(bill, 3000)
    wechat.fault("refuse", path="/v3/refund/domestic/refunds")
    (refused,) = services.refund_excess(bill_id=bill.pk, now=NOW)
    assert services.finish_refund(refund_id=refused, now=NOW).state == AttemptState.FAILED
    bill.refresh_from_db()
    assert bill.paid_fen == 3000
    (again,) = services.refund_excess(bill_id=bill.pk, now=NOW)
    assert services.finish_refund(refund_id=again, now=NOW).state == AttemptState.SUCCEEDED
    bill.refresh_from_db()
    assert bill.paid_fen == 0
    check_books()


def test_paying_the_last_overdue_bill_restores_good_standing_at_once(principal):
    first, second = (builders.bill(principal, 3000, line=line_of(principal)) for _ in range(2))
    credit_line = overdue(first)
    overdue(second)
    pay(first)
    credit_line.refresh_from_db()
    assert credit_line.standing == Standing.SUSPENDED
    pay(second)
    credit_line.refresh_from_db()
    assert credit_line.standing == Standing.GOOD
    change = StandingChange.objects.get()
    assert (change.reason, change.rule, change.at) == (f"bill:{second.pk} paid", "P4.5", NOW)
    assert Notice.objects.filter(template="restored", person=principal).count() == 1


def test_an_open_bill_does_not_keep_anybody_suspended(principal):
    bill = builders.bill(principal, 3000, line=line_of(principal))
    builders.bill(principal, 100, line=line_of(principal))
    credit_line = overdue(bill)
    pay(bill)
    credit_line.refresh_from_db()
    assert credit_line.standing == Standing.GOOD


@pytest.mark.django_db(transaction=True)
def test_two_last_payments_at_once_restore_good_standing(principal):
    bills = [builders.bill(principal, 100) for _ in range(6)]
    for bill in bills:
        credit_line = overdue(bill)
    barrier = threading.Barrier(6)

    def attempt(bill: Bill) -> None:
        barrier.wait(timeout=10)
        try:
            pay(bill)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(attempt, bills))
    credit_line.refresh_from_db()
    assert credit_line.standing == Standing.GOOD
    assert StandingChange.objects.count() == 1


def test_reversing_the_overdue_bill_restores_good_standing(principal):
    bill = builders.bill(principal, 3000, line=line_of(principal))
    credit_line = overdue(bill)
    lower(bill, 3000)
    credit_line.refresh_from_db()
    assert credit_line.standing == Standing.GOOD


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"state": "lost"}, "bill_state_known"),
        ({"amount_fen": -1}, "bill_amount_not_negative"),
        ({"paid_fen": -1}, "bill_paid_not_negative"),
        ({"paid_fen": 3000}, "live_bill_is_owed"),
    ],
)
def test_the_database_refuses_bills_that_cannot_be(principal, changes, constraint):
    bill = builders.bill(principal, 3000)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Bill.objects.filter(pk=bill.pk).update(**changes)


def test_an_attempt_pays_once_even_for_the_database(principal):
    bill = builders.bill(principal, 3000)
    with transaction.atomic():
        attempt = payments.take_cash(area=AREA, subject=f"bill:{bill.pk}", amount_fen=1, now=NOW)
    row = {"bill": bill, "attempt": attempt, "amount_fen": 1, "paid_at": NOW}
    BillPayment.objects.create(**row)
    with pytest.raises(IntegrityError, match="attempt_pays_once"), transaction.atomic():
        BillPayment.objects.create(**row)
