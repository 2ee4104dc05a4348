"""When a settlement's bill is due: after a stay, in between, settled late, refunded (P4.1)."""

from datetime import timedelta

import pytest

from tests import builders
from tests.builders import NOW
from yifu.clock import midnight
from yifu.collection import services as collection
from yifu.collection.models import Bill, BillState
from yifu.credit.models import CreditLine, Standing
from yifu.ledger import services as ledger
from yifu.settlement import reversing, services, whole
from yifu.settlement.models import Settlement
from yifu.visits.models import Stay, Visit
from yifu.visits.services import Discharge

DAY = timedelta(days=1)
TOMORROW = midnight(NOW.date() + DAY)


@pytest.fixture
def mother(db):  # noqa: ARG001 - the tables
    builders.institution()
    person = builders.person()
    builders.contract(person)
    return person


def a_stay(of, *charges: int) -> Visit:
    visit = builders.visit(
        of, charges=charges or (3000,), uninsured=True, kind="inpatient", ended_at=None
    )
    Stay.objects.create(visit=visit, bed="12", admission_note="肺炎")
    return visit


def settle(visit: Visit, *, now=NOW, **more) -> Settlement:
    outcome = services.settle(
        institution_id=visit.institution_id, visit_id=visit.pk, now=now, **more
    )
    return Settlement.objects.select_related("bill").get(pk=outcome.settlement_id)


def leave(visit: Visit, at) -> None:
    collection.end_visit(
        visit.pk, institution_id=visit.institution_id, ended_at=at, discharge=Discharge(way="1")
    )


def due(settlement: Settlement):
    assert settlement.bill is not None
    settlement.bill.refresh_from_db()
    return settlement.bill.due_at


def more_charges(visit: Visit, fen: int) -> None:
    charge = visit.charges.order_by("-line_no")[0]
    charge.pk, charge.line_no, charge.amount_fen = None, charge.line_no + 1, fen
    charge.save()


def test_what_is_settled_in_between_is_due_when_the_stay_has_ended(mother):
    visit = a_stay(mother)
    interim = settle(visit, interim=True)
    assert interim.method == "credit"
    assert due(interim) is None
    left = NOW + 20 * DAY + timedelta(seconds=7)
    leave(visit, left)
    assert due(interim) == TOMORROW + 20 * DAY + 2 * DAY
    more_charges(visit, 500)
    final = settle(visit, now=left)
    assert final.bill == interim.bill
    assert due(final) == TOMORROW + 22 * DAY


def test_a_stay_due_on_leaving_is_due_by_its_second_and_the_schemes_grace(mother):
    builders.scheme(due='days_after_visit = 1\nthen_hours = 6\nstay = "on_leaving"')
    visit = a_stay(mother)
    interim = settle(visit, interim=True)
    left = NOW + 3 * DAY + timedelta(minutes=1, seconds=7)
    leave(visit, left)
    assert due(interim) == left + timedelta(hours=6)


def test_a_discharge_that_is_taken_back_lets_the_bill_wait_for_the_next(mother):
    visit = a_stay(mother)
    interim = settle(visit, interim=True)
    leave(visit, NOW + DAY)
    whole.reopen(visit.pk, institution_id=visit.institution_id, now=NOW + DAY)
    assert due(interim) is None
    leave(visit, NOW + 2 * DAY)
    assert due(interim) == TOMORROW + 4 * DAY


def test_what_is_overdue_stays_so_though_the_discharge_is_taken_back(mother):
    visit = a_stay(mother)
    interim = settle(visit, interim=True)
    leave(visit, NOW + DAY)
    Bill.objects.update(state=BillState.OVERDUE)
    whole.reopen(visit.pk, institution_id=visit.institution_id, now=NOW + 9 * DAY)
    assert due(interim) == TOMORROW + 3 * DAY


def test_a_visit_that_is_settled_before_it_ended_is_due_by_its_end(mother):
    visit = builders.visit(mother, charges=[3000], uninsured=True, ended_at=None)
    settlement = settle(visit)
    assert due(settlement) == TOMORROW + 2 * DAY
    collection.end_visit(visit.pk, institution_id=visit.institution_id, ended_at=NOW + DAY)
    assert due(settlement) == TOMORROW + 3 * DAY


def test_nobody_is_overdue_by_what_the_hospital_settled_late(mother):
    visit = builders.visit(mother, charges=[3000], uninsured=True)
    assert due(settle(visit, now=NOW + 10 * DAY)) == TOMORROW + 12 * DAY


@pytest.mark.usefixtures("mother")
def test_banks_collect_by_their_own_calendar():
    banks = builders.person()
    builders.contract(banks, funding="bank")
    assert due(settle(builders.visit(banks, charges=[3000], uninsured=True))) is None


def test_what_remains_after_a_refund_is_due_when_all_of_it_was(mother):
    visit = builders.visit(mother, charges=[3000, 1000], uninsured=True)
    first = settle(visit)
    was_due = due(first)
    last = visit.charges.order_by("line_no")[1]
    rest = reversing.refund(
        institution_id=visit.institution_id,
        settlement_id=first.pk,
        charge_ids=[last.pk],
        reason="未做",
        now=NOW + 9 * DAY,
    )
    settlement = Settlement.objects.select_related("bill").get(pk=rest.settlement_id)
    assert settlement.bill != first.bill
    assert due(settlement) == was_due


@pytest.mark.parametrize("state", [BillState.OPEN, BillState.OVERDUE, BillState.DEFAULTED])
@pytest.mark.parametrize("paid_fen", [0, 1500, 3500])
def test_a_refund_adjusts_a_bill_whatever_became_of_it(mother, state, paid_fen):
    """Two settlements of one visit are on one bill; one of them is refunded in whole."""
    visit = builders.visit(mother, charges=[3000], uninsured=True)
    first = settle(visit)
    more_charges(visit, 1000)
    second = settle(visit)
    bill = first.bill
    assert bill is not None
    assert bill == second.bill
    if state != BillState.OPEN:
        Bill.objects.update(state=state)
        CreditLine.objects.update(standing=Standing.SUSPENDED)
    if paid_fen:
        collection.pay_bill(
            bill_id=bill.pk, channel="cash", amount_fen=paid_fen, now=NOW, institution_id=None
        )
    reversing.reverse(
        institution_id=visit.institution_id, settlement_id=second.pk, reason="未做", now=NOW
    )
    bill.refresh_from_db()
    line = CreditLine.objects.get().line
    assert bill.amount_fen == 3000
    assert bill.paid_fen == min(paid_fen, 3000)
    assert bill.state == (BillState.PAID if paid_fen >= 3000 else state)
    assert line.owed_fen == 3000 - bill.paid_fen
    good = state == BillState.OPEN or paid_fen >= 3000
    assert CreditLine.objects.get().standing == (Standing.GOOD if good else Standing.SUSPENDED)
    balances = ledger.balances()
    assert balances["revenue:H99010000001"] == -3000
    assert balances.get("cash:H99010000001", 0) == bill.paid_fen
    assert ledger.verify().balanced


def test_a_refund_of_what_was_paid_gives_it_back(mother):
    visit = builders.visit(mother, charges=[3000], uninsured=True)
    settlement = settle(visit)
    bill = settlement.bill
    assert bill is not None
    for fen in (1000, 2000):
        collection.pay_bill(
            bill_id=bill.pk, channel="cash", amount_fen=fen, now=NOW, institution_id=None
        )
    reversing.reverse(
        institution_id=visit.institution_id, settlement_id=settlement.pk, reason="未做", now=NOW
    )
    bill.refresh_from_db()
    assert (bill.state, bill.amount_fen, bill.paid_fen) == (BillState.CANCELLED, 0, 0)
    assert [payment.amount_fen for payment in bill.payments.order_by("pk")] == [
        1000,
        2000,
        -2000,
        -1000,
    ]
    assert set(ledger.balances().values()) == {0}
