"""Issue and cancel receipts at the platform: once each, whatever is lost in between (L8)."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from tests.receipts.conftest import NOW
from yifu.outside import TransactionOpenError
from yifu.receipts import rules, services
from yifu.receipts.errors import (
    FiscalNotConnected,
    FiscalUnavailable,
    ReceiptContradiction,
    ReceiptUnderWay,
)
from yifu.receipts.models import FiscalConnection, Receipt, ReceiptState
from yifu.receipts.services import ReceiptLine
from yifu.secrets import encrypt

LATER = NOW + timedelta(minutes=5)


def numbers(receipt):
    return receipt.code, receipt.number, receipt.check_code


def theirs(row):
    return row["batch_code"], row["bill_no"], row["random"]


def test_a_receipt_bears_the_numbers_the_platform_issued(clinic):
    receipt = services.issue(clinic.content(), now=NOW)
    (row,) = clinic.on_books(receipt.bus_no)
    assert receipt.state == ReceiptState.ISSUED
    assert numbers(receipt) == theirs(row)
    assert receipt.amount_fen == row["total_fen"] == 10000
    assert (receipt.issued_at, receipt.detail) == (NOW, "")


def test_asking_twice_gives_the_same_receipt(clinic):
    content = clinic.content()
    first, second = (services.issue(content, now=at) for at in (NOW, LATER))
    assert first.pk == second.pk
    assert second.issued_at == NOW
    assert len(clinic.on_books(first.bus_no)) == 1


@pytest.mark.parametrize(
    "fault", ["drop_request", "drop_answer", "nonsense", "gateway_401", "refuse"]
)
def test_without_an_answer_the_receipt_is_asked_for_again(clinic, fault):
    content = clinic.content()
    clinic.fiscal.fault(fault, method="invoiceEBillOutpatient")
    with pytest.raises(FiscalUnavailable):
        services.issue(content, now=NOW)
    assert Receipt.objects.get().state == ReceiptState.REQUESTED
    receipt = services.issue(content, now=LATER)
    (row,) = clinic.on_books(receipt.bus_no)
    assert numbers(receipt) == theirs(row)
    assert receipt.requested_at == NOW
    assert receipt.issued_at == LATER


def test_a_doubled_request_issues_one_receipt(clinic):
    clinic.fiscal.fault("twice", method="invoiceEBillOutpatient")
    receipt = services.issue(clinic.content(), now=NOW)
    assert [theirs(row) for row in clinic.on_books(receipt.bus_no)] == [numbers(receipt)]


def free_of_charge(clinic):
    line = ReceiptLine("A1", "义诊", "02", Decimal(1), "次", 0)
    return clinic.content(total_fen=0, fund_fen=0, account_fen=0, personal_fen=0, lines=(line,))


def test_a_refusal_stays_requested_with_its_reason(clinic):
    receipt = services.issue(free_of_charge(clinic), now=NOW)
    assert receipt.state == ReceiptState.REQUESTED
    assert receipt.detail == "E1002 totalAmt 须大于零"
    assert (receipt.number, receipt.issued_at) == ("", None)


def test_a_refused_receipt_is_asked_for_again_once_it_can_be_issued(clinic):
    content = clinic.content()
    nowhere = replace(content, department="")
    assert "patientCategory" in services.issue(nowhere, now=NOW).detail
    receipt = services.issue(content, now=LATER)
    assert (receipt.state, receipt.detail) == (ReceiptState.ISSUED, "")


def test_a_refusal_does_not_outlive_a_later_question_without_an_answer(clinic):
    content = free_of_charge(clinic)
    services.issue(content, now=NOW)
    clinic.fiscal.fault("drop_answer")
    with pytest.raises(FiscalUnavailable):
        services.issue(content, now=LATER)
    assert Receipt.objects.get().detail == ""


def test_what_does_not_add_up_is_not_asked_for(clinic):
    with pytest.raises(ReceiptContradiction):
        services.issue(clinic.content(total_fen=10001), now=NOW)
    assert not Receipt.objects.exists()


def test_the_same_settlement_cannot_be_receipted_over_another_amount(clinic):
    content = clinic.content()
    services.issue(content, now=NOW)
    other = replace(content, total_fen=2450, fund_fen=0, account_fen=0, lines=content.lines[:1])
    with pytest.raises(ReceiptContradiction, match="another amount"):
        services.issue(replace(other, personal_fen=2450), now=NOW)
    assert Receipt.objects.get().amount_fen == 10000


def test_a_hospital_without_a_connection_keeps_the_request(clinic):
    FiscalConnection.objects.all().delete()
    with pytest.raises(FiscalNotConnected):
        services.issue(clinic.content(), now=NOW)
    assert Receipt.objects.get().state == ReceiptState.REQUESTED


def test_an_answer_that_is_not_the_platforms_is_not_believed(clinic):
    FiscalConnection.objects.update(key_cipher=encrypt("another key"))
    with pytest.raises(FiscalUnavailable, match="signature"):
        services.issue(clinic.content(), now=NOW)


def test_a_number_that_another_receipt_has_is_not_taken(clinic):
    first = services.issue(clinic.content(), now=NOW)
    Receipt.objects.filter(pk=first.pk).update(number=f"{int(first.number) + 1:010d}")
    second = services.issue(clinic.content(), now=NOW)
    assert second.state == ReceiptState.REQUESTED
    assert "另一张票据" in second.detail


def test_the_platform_is_not_asked_inside_a_transaction(clinic):
    content = clinic.content()
    with pytest.raises(TransactionOpenError), transaction.atomic():
        services.issue(content, now=NOW)
    assert not clinic.on_books(rules.bus_no(content.settlement_id))
    assert not Receipt.objects.exists()


@pytest.fixture
def issued(clinic):
    content = clinic.content()
    return services.issue(content, now=NOW)


def test_a_red_receipt_cancels_a_receipt(clinic, issued):
    red = services.flush(issued.settlement_id, reason="退费", now=LATER)
    issued.refresh_from_db()
    (row,) = clinic.on_books(issued.bus_no, red=True)
    assert red is not None
    assert (red.state, red.red_of_id, red.amount_fen) == ("issued", issued.pk, -10000)
    assert numbers(red) == theirs(row)
    assert issued.state == ReceiptState.FLUSHED


def test_cancelling_twice_gives_the_same_red_receipt(clinic, issued):
    first, second = (
        services.flush(issued.settlement_id, reason="退费", now=at) for at in (NOW, LATER)
    )
    assert first == second
    assert len(clinic.on_books(issued.bus_no, red=True)) == 1


@pytest.mark.parametrize("fault", ["drop_request", "drop_answer", "nonsense"])
def test_without_an_answer_the_red_receipt_is_asked_for_again(clinic, issued, fault):
    clinic.fiscal.fault(fault, method="writeOffEBill")
    with pytest.raises(FiscalUnavailable):
        services.flush(issued.settlement_id, reason="退费", now=LATER)
    issued.refresh_from_db()
    assert issued.state == ReceiptState.ISSUED
    red = services.flush(issued.settlement_id, reason="退费", now=LATER)
    (row,) = clinic.on_books(issued.bus_no, red=True)
    assert red is not None
    assert numbers(red) == theirs(row)


def test_a_doubled_cancellation_makes_one_red_receipt(clinic, issued):
    clinic.fiscal.fault("twice", method="writeOffEBill")
    red = services.flush(issued.settlement_id, reason="退费", now=LATER)
    assert red is not None
    assert [theirs(row) for row in clinic.on_books(issued.bus_no, red=True)] == [numbers(red)]


def test_a_refused_cancellation_stays_requested_and_the_receipt_stands(issued):
    Receipt.objects.filter(pk=issued.pk).update(number="0000000000")
    red = services.flush(issued.settlement_id, reason="退费", now=LATER)
    issued.refresh_from_db()
    assert red is not None
    assert (red.state, red.detail) == ("requested", "E2002 票据不存在")
    assert issued.state == ReceiptState.ISSUED


@pytest.mark.usefixtures("clinic")
def test_a_settlement_without_a_receipt_has_nothing_to_cancel():
    assert services.flush(987654321, reason="退费", now=NOW) is None


def test_a_receipt_that_may_be_issued_is_not_cancelled_yet(clinic):
    content = clinic.content()
    clinic.fiscal.fault("drop_answer")
    with pytest.raises(FiscalUnavailable):
        services.issue(content, now=NOW)
    with pytest.raises(ReceiptUnderWay):
        services.flush(content.settlement_id, reason="退费", now=NOW)
    services.issue(content, now=LATER)
    red = services.flush(content.settlement_id, reason="退费", now=LATER)
    assert red is not None
    assert red.state == ReceiptState.ISSUED


def test_a_refused_receipt_of_a_reversed_settlement_is_never_issued(clinic):
    content = free_of_charge(clinic)
    services.issue(content, now=NOW)
    assert services.flush(content.settlement_id, reason="退费", now=NOW) is None
    assert services.flush(content.settlement_id, reason="退费", now=NOW) is None
    assert services.issue(content, now=LATER).state == ReceiptState.FLUSHED


def test_a_days_receipts_agree_with_the_platforms(clinic):
    # A day of its own: the platform remembers those of the other tests.
    at = NOW + timedelta(days=30)
    kept, cancelled = (services.issue(clinic.content(), now=at) for _ in range(2))
    services.flush(cancelled.settlement_id, reason="退费", now=at)
    found = services.check_day(clinic.institution.pk, day=date(2026, 4, 1))
    assert found.agrees
    assert (found.ours.copies, found.ours.total_fen) == (2, 20000)
    assert (found.ours.red_copies, found.ours.red_total_fen) == (1, -10000)
    tamper = {"bus_no": kept.bus_no, "action": "amount", "delta_fen": 1}
    clinic.fiscal.control("tamper", tamper)
    assert not services.check_day(clinic.institution.pk, day=date(2026, 4, 1)).agrees


def test_a_day_cannot_be_checked_without_an_answer(clinic):
    clinic.fiscal.fault("drop_answer", method="checkTotalData")
    with pytest.raises(FiscalUnavailable):
        services.check_day(clinic.institution.pk, day=date(2026, 3, 2))
    FiscalConnection.objects.all().delete()
    with pytest.raises(FiscalNotConnected):
        services.check_day(clinic.institution.pk, day=date(2026, 3, 2))
