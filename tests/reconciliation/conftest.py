"""A hospital's day as its own books have it, written straight into the tables."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count

import pytest

from tests import builders
from tests.settlement.conftest import insurer, world  # noqa: F401 - fixtures
from yifu.clock import CHINA, midnight
from yifu.collection.models import Bill
from yifu.institutions.models import Institution
from yifu.payments.models import Attempt, AttemptState, Channel, Refund
from yifu.settlement.models import Settlement, SettlementState
from yifu.visits.models import Visit

DAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 3, 10, tzinfo=CHINA)
_numbers = count(1)


@dataclass(frozen=True)
class Booked:
    """A settlement of ours: insured on the day or before, perhaps reversed on the day."""

    setl_id: str
    total_fen: int
    fund_fen: int
    account_fen: int
    on_day: bool = True
    reversed_on_day: bool = False
    believed: bool = True


@dataclass
class Books:
    """One hospital's tables."""

    institution: Institution
    visit: Visit
    channel: Channel

    def settle(self, booked: Iterable[Booked]) -> None:
        """Write settlements down."""
        Settlement.objects.bulk_create(self._settlement(one) for one in booked)

    def _settlement(self, one: Booked) -> Settlement:
        at = midnight(DAY) + timedelta(hours=9 if one.on_day else -9)
        return Settlement(
            institution=self.institution,
            visit=self.visit,
            person_id=self.visit.person_id,
            state=SettlementState.REVERSED if one.reversed_on_day else SettlementState.COMPLETED,
            asked_method="auto",
            total_fen=one.total_fen,
            fund_fen=one.fund_fen,
            account_fen=one.account_fen,
            personal_fen=one.total_fen - one.fund_fen - one.account_fen,
            insured=True,
            setl_id=one.setl_id,
            business_date=at.date(),
            claimed_at=at,
            insured_at=at if one.believed else None,
            reversed_at=midnight(DAY) + timedelta(hours=20) if one.reversed_on_day else None,
        )

    def bill(self, visit: Visit | None = None) -> Bill:
        """Open a bill, of another hospital's visit if need be."""
        visit = visit or self.visit
        return Bill.objects.create(
            visit=visit,
            principal_id=visit.person_id,
            account=f"owed:{next(_numbers)}",
            amount_fen=10**9,
            opened_at=midnight(DAY),
        )

    def attempt(
        self,
        number: str,
        amount_fen: int,
        *,
        bill: Bill,
        state: AttemptState = AttemptState.SUCCEEDED,
        day: date = DAY,
    ) -> Attempt:
        """Write an attempt down."""
        return Attempt.objects.create(
            out_trade_no=number,
            channel=self.channel,
            subject=f"bill:{bill.pk}",
            amount_fen=amount_fen,
            refunded_fen=amount_fen,
            state=state,
            requested_at=midnight(day),
            business_date=day,
        )

    def refund(
        self,
        number: str,
        amount_fen: int,
        *,
        attempt: Attempt,
        state: AttemptState = AttemptState.SUCCEEDED,
        day: date = DAY,
    ) -> Refund:
        """Write a refund down."""
        return Refund.objects.create(
            out_refund_no=number,
            attempt=attempt,
            amount_fen=amount_fen,
            state=state,
            requested_at=midnight(day),
            business_date=day,
        )


@pytest.fixture
def books(db):  # noqa: ARG001 - gives the database
    institution = builders.institution()
    channel = Channel.objects.create(code="wechat", area=institution.area)
    return Books(institution, builders.visit(builders.person(), at=institution), channel)


def a_day_later() -> datetime:
    """Give the morning of a day that no test has used: the counterparts remember all of them."""
    return NOW + timedelta(days=3 * next(_numbers))
