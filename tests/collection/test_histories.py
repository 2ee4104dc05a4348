"""Random histories of bills on the real tables: the books hold after every step (L1, L3, L7)."""

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests import builders
from tests.builders import NOW
from tests.collection.test_services import check_books, line_of, lower, pay
from yifu.collection import baddebt, services
from yifu.collection.errors import BillNotPayable, PaymentExceedsBill
from yifu.collection.models import LIVE_STATES, PAYABLE_STATES, Bill, BillState, WriteOff
from yifu.ledger import services as ledger
from yifu.payments.models import Attempt

FEN = st.integers(1, 5000)


class Histories(RuleBasedStateMachine):
    """A principal, a dependant with a share, and what happens to their bills."""

    def __init__(self) -> None:
        super().__init__()
        # Every example in a transaction of its own that is rolled back.
        self._own = transaction.atomic()
        self._own.__enter__()
        self.principal = builders.person()
        self.child = builders.person(born="2018-05-01")
        enrolled = builders.contract(self.principal, dependants=[(self.child, 20_000)])
        assert enrolled.credit_line is not None
        self.share = enrolled.credit_line.shares.get().line
        self.cash_fen = 0

    @rule(fen=FEN, shared=st.booleans())
    def settle(self, fen: int, shared: bool) -> None:  # noqa: FBT001 - hypothesis calls by keyword
        line = self.share if shared else line_of(self.principal)
        line.refresh_from_db()
        if line.available_fen >= fen:
            builders.bill(self.principal, fen, line=line)

    @precondition(lambda _: Bill.objects.exists())
    @rule(which=st.integers(0, 50), fen=FEN)
    def repay(self, which: int, fen: int) -> None:
        bill = self.bill(which)
        if bill.state in PAYABLE_STATES and fen <= bill.owed_fen:
            pay(bill, fen)
            self.cash_fen += fen
        else:
            with pytest.raises((PaymentExceedsBill, BillNotPayable)), transaction.atomic():
                pay(bill, fen)

    @precondition(lambda _: Bill.objects.exists())
    @rule(which=st.integers(0, 50), fen=FEN)
    def reverse(self, which: int, fen: int) -> None:
        bill = self.bill(which)
        if bill.amount_fen:
            lower(bill, min(fen, bill.amount_fen))

    @precondition(lambda _: Bill.objects.exists())
    @rule(which=st.integers(0, 50), times=st.integers(1, 2))
    def give_back(self, which: int, times: int) -> None:
        bill = self.bill(which)
        for refund_id in services.refund_excess(bill_id=bill.pk, now=NOW):
            for _ in range(times):
                services.finish_refund(refund_id=refund_id, now=NOW)
        self.cash_fen -= max(0, bill.paid_fen - bill.amount_fen)
        bill.refresh_from_db()
        assert bill.paid_fen <= bill.amount_fen

    @precondition(lambda _: Bill.objects.filter(state__in=LIVE_STATES).exists())
    @rule(which=st.integers(0, 50))
    def write_off(self, which: int) -> None:
        live = list(Bill.objects.filter(state__in=LIVE_STATES).order_by("pk"))
        bill = live[which % len(live)]
        Bill.objects.filter(pk=bill.pk).update(state=BillState.DEFAULTED)
        proposed = baddebt.propose(bill_id=bill.pk, by="ding", note="away", now=NOW)
        baddebt.approve(proposed.pk, by="wang", now=NOW)

    @invariant()
    def what_is_borne_is_what_is_written_off_and_not_paid(self) -> None:
        borne_fen = sum(ledger.balances("baddebt:").values())
        written_off = Bill.objects.filter(state=BillState.WRITTEN_OFF)
        assert borne_fen == sum(bill.owed_fen for bill in written_off)
        left = (
            one.amount_fen - one.recovered_fen - one.lowered_fen for one in WriteOff.objects.all()
        )
        assert borne_fen == sum(left)

    @invariant()
    def the_books_hold(self) -> None:
        check_books()
        assert ledger.balances("cash:").get("cash:H99010000001", 0) == self.cash_fen
        assert sum(Bill.objects.values_list("paid_fen", flat=True)) == self.cash_fen
        for attempt in Attempt.objects.all():
            assert 0 <= attempt.refunded_fen <= attempt.amount_fen

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self._own.__exit__(None, None, None)

    def bill(self, which: int) -> Bill:
        """One of the bills there are."""
        bills = list(Bill.objects.order_by("pk"))
        return bills[which % len(bills)]


@pytest.mark.django_db
def test_the_books_hold_through_any_history():
    run_state_machine_as_test(
        Histories, settings=settings(max_examples=25, stateful_step_count=20, deadline=None)
    )
