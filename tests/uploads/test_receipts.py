"""Receipts reach the insurer once, whatever is lost, and refused ones are sent again."""

import pytest

from tests.settlement.conftest import NOW
from tests.uploads.conftest import LATER, PROCESSED
from yifu.errors import Conflict, NotFound
from yifu.insurance.errors import InsurerRefused
from yifu.insurance.models import Exchange
from yifu.uploads import receipts
from yifu.uploads.models import BatchState, ReceiptBatch, ReceiptUpload, UploadState
from yifu.visits.models import Visit

ACCEPTED, REFUSED, UPLOADED = UploadState.ACCEPTED, UploadState.REFUSED, UploadState.UPLOADED


def test_a_days_receipts_are_uploaded_and_accepted_once_processed(day):
    for insured in (True, True, False):
        day.receipt(day.settled(insured=insured))
    day.run()
    assert [state for state, _ in day.states()] == [UPLOADED] * 3
    day.run(now=PROCESSED)
    assert day.states() == [(ACCEPTED, "")] * 3
    assert ReceiptBatch.objects.get().state == BatchState.DONE


def test_running_again_uploads_nothing_twice(day):
    day.receipt(day.settled())
    before = day.theirs()["receipts"]["accepted"]
    for _ in range(3):
        day.run()
    assert day.theirs()["receipts"]["accepted"] == before + 1
    assert ReceiptBatch.objects.count() == 1


def test_a_red_receipt_goes_after_the_one_it_cancels(day):
    settlement = day.settled()
    blue = day.receipt(settlement)
    day.reversed(settlement, blue)
    day.run()
    day.run(now=PROCESSED)
    assert day.states() == [(ACCEPTED, "")] * 2
    known = ReceiptUpload.objects.get(receipt=blue)
    shown = receipts.standing(known.pk, institution_id=day.hospital_id, now=PROCESSED)
    assert shown.cancelled


@pytest.mark.parametrize("fault", ["drop_answer", "drop_request"])
def test_a_lost_answer_is_asked_about_before_anything_is_sent_again(day, fault):
    day.receipt(day.settled())
    before = day.theirs()["receipts"]["accepted"]
    day.world.insurer.fault(fault, infno="4901", times=1)
    assert day.run().stopped == ["receipts"]
    assert ReceiptBatch.objects.get().state == BatchState.SENDING
    assert day.run().stopped == []
    assert day.theirs()["receipts"]["accepted"] == before + 1
    assert ReceiptBatch.objects.get().state == BatchState.UPLOADED
    assert Exchange.objects.filter(infno="4901").count() == 1


def test_a_receipt_that_contradicts_the_books_is_refused_with_the_reason_and_sent_again(day):
    receipt = day.receipt(day.settled())
    right_fen = receipt.amount_fen
    receipt.amount_fen += 1
    receipt.save()
    day.run()
    day.run(now=PROCESSED)
    ((state, reason),) = day.states()
    assert state == REFUSED
    assert "医疗费总额" in reason
    receipt.amount_fen = right_fen
    receipt.save()
    upload = ReceiptUpload.objects.get()
    assert receipts.retry(upload.pk, institution_id=day.hospital_id, now=PROCESSED).again
    day.run(now=PROCESSED)
    assert Exchange.objects.filter(infno="4905", state="answered").count() == 1
    day.run(now=PROCESSED + (PROCESSED - NOW))
    assert day.states() == [(ACCEPTED, "")]


def test_a_receipt_without_a_diagnosis_is_not_sent_and_says_so(day):
    settlement = day.settled()
    day.receipt(settlement)
    Visit.objects.update(diagnoses=[])
    day.run()
    ((state, reason),) = day.states()
    assert state == REFUSED
    assert "诊断" in reason
    assert not ReceiptBatch.objects.exists()
    Visit.objects.update(diagnoses=[{"code": "J06", "name": "急性上呼吸道感染"}])
    upload = ReceiptUpload.objects.get()
    assert not receipts.retry(upload.pk, institution_id=day.hospital_id, now=LATER).again
    day.run()
    assert day.states() == [(UPLOADED, "")]


def test_only_what_was_issued_by_the_end_of_the_day_is_uploaded(day):
    settlement = day.settled()
    day.receipt(settlement, issued_at=NOW.replace(day=3))
    day.run()
    assert day.states() == []


def test_a_hundred_and_one_receipts_make_two_batches(day, monkeypatch):
    monkeypatch.setattr("yifu.insurance.receipt_messages.MOST_RECEIPTS", 2)
    for _ in range(3):
        day.receipt(day.settled(insured=False))
    day.run()
    numbers = list(ReceiptBatch.objects.order_by("pk").values_list("number", flat=True))
    assert numbers == ["2026030200001", "2026030200002"]
    assert [state for state, _ in day.states()] == [UPLOADED] * 3


def test_the_archive_is_not_kept_with_the_message(day):
    day.receipt(day.settled())
    day.run()
    request = Exchange.objects.get(infno="4901").request
    assert request["ftfileCompac"] == "***"
    (row,) = request["upldDetlList"]
    assert "*" in row["certno"]


def test_only_refused_receipts_of_the_own_institution_can_be_sent_again(day):
    day.receipt(day.settled())
    day.run()
    upload = ReceiptUpload.objects.get()
    with pytest.raises(Conflict):
        receipts.retry(upload.pk, institution_id=day.hospital_id, now=LATER)
    with pytest.raises(NotFound):
        receipts.retry(upload.pk, institution_id=day.hospital_id + 1, now=LATER)


def test_the_insurer_knows_nothing_of_a_receipt_that_was_not_uploaded(day):
    day.receipt(day.settled())
    day.world.insurer.fault("refuse", infno="4901", times=1)
    day.run()
    upload = ReceiptUpload.objects.get()
    assert upload.state == REFUSED
    with pytest.raises(InsurerRefused):
        receipts.standing(upload.pk, institution_id=day.hospital_id, now=LATER)
