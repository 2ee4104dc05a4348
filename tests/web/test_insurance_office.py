"""The insurance office: what waits, what was refused and why, and what is done about it."""

import pytest
from django.conf import settings
from django.urls import reverse

from tests.web import rows
from tests.web.rows import NOW
from yifu.insurance.models import Encounter
from yifu.uploads.models import (
    ListUpload,
    ReceiptUpload,
    SelfPaidUpload,
    UploadPolicy,
    UploadState,
)


@pytest.fixture
def office(hospital, seat):
    return seat(hospital, "insurance")


def receipt_upload(hospital, who, state="refused", reason="与结算信息不符：医疗费总额", **changes):
    receipt = rows.receipt(rows.settlement(rows.visit(hospital, who)))
    return ReceiptUpload.objects.create(
        institution=hospital,
        receipt=receipt,
        state=state,
        reason=reason,
        changed_at=NOW,
        **changes,
    )


def insured(hospital, who):
    visit = rows.visit(hospital, who, uninsured=False)
    Encounter.objects.create(
        visit=visit,
        mdtrt_id="M1",
        psn_no="P1",
        insutype="310",
        psn_type="11",
        insuplc_admdvs="990100",
    )
    return rows.settlement(
        visit, fund=1000, setl_id="S1", msgid="H1", split={"funds": [{"kind": "310102", "fen": 1}]}
    )


def list_upload(hospital, who, **changes):
    fields = {"state": "incomplete", "missing": ["prfs", "ntly"], "changed_at": NOW, **changes}
    return ListUpload.objects.create(
        institution=hospital, settlement=insured(hospital, who), **fields
    )


def test_an_office_with_nothing_to_do_says_so(office):
    text = office.text("/insurance/")
    assert "没有符合条件的上传" in text
    assert "票据上传" in text


def test_what_was_refused_shows_why_masked_and_can_be_sent_again(office, hospital, mother):
    upload = receipt_upload(hospital, mother)
    text = office.text("/insurance/")
    assert "与结算信息不符：医疗费总额" in text
    assert "欧阳明月" not in text
    assert upload.receipt.number in text
    answer = office.post(reverse("upload_retry", args=["receipts", upload.pk]))
    assert answer.status_code == 302
    upload.refresh_from_db()
    assert upload.state == UploadState.WAITING
    assert "已排队" in office.text("/insurance/")


def test_accepted_ones_are_listed_when_asked_for_and_never_sent_again(office, hospital, mother):
    upload = receipt_upload(hospital, mother, state="accepted", reason="")
    assert upload.receipt.number not in office.text("/insurance/")
    assert upload.receipt.number in office.text("/insurance/?kind=receipts&state=accepted")
    office.post(reverse("upload_retry", args=["receipts", upload.pk]))
    upload.refresh_from_db()
    assert upload.state == UploadState.ACCEPTED


@pytest.mark.parametrize("query", ["kind=nonsense", "state=nonsense"])
def test_a_wrong_filter_is_refused(office, query):
    office.text(f"/insurance/?{query}", 422)
    office.text(f"/insurance/uploads.csv?{query}", 422)


def test_a_list_shows_what_is_missing_and_where_it_belongs(office, hospital, mother):
    upload = list_upload(hospital, mother)
    assert "缺 2 项" in office.text("/insurance/")
    text = office.text(reverse("settlement_list", args=[upload.pk]))
    for words in ("职业", "国籍", "患者登记", "工人"):
        assert words in text


def test_what_is_filled_in_is_kept_and_a_wrong_value_named(office, hospital, mother):
    upload = list_upload(hospital, mother)
    page = reverse("settlement_list", args=[upload.pk])
    office.post(page, {"prfs": "24", "setl_id": "another"})
    upload.refresh_from_db()
    assert upload.supplement == {"prfs": "24"}
    assert "ntly" in upload.missing
    office.post(page, {"prfs": "no such code"})
    assert "字段 prfs 无效" in office.text(page)
    upload.refresh_from_db()
    assert upload.supplement == {"prfs": "24"}


def test_a_submitted_list_cannot_be_filled_in(office, hospital, mother):
    upload = list_upload(hospital, mother, state="accepted", submitted=True)
    page = reverse("settlement_list", args=[upload.pk])
    assert "disabled" in office.text(page)
    office.post(page, {"prfs": "24"})
    upload.refresh_from_db()
    assert upload.supplement == {}


def test_the_list_comes_as_a_file_without_formulas(office, hospital, mother):
    receipt_upload(hospital, mother, reason="=1+1")
    answer = office.get("/insurance/uploads.csv")
    text = answer.content.decode()
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert "'=1+1" in text
    assert "欧阳明月" not in text


def test_who_fills_in_lists_is_said_once_for_all_of_them(office, hospital):
    page = reverse("uploads_policy")
    office.post(page, {"lists": "all", "filled_in_department": "医保办", "filled_in_by": "示例"})
    known = UploadPolicy.objects.get(institution=hospital)
    assert (known.lists, known.receipts, known.filled_in_by) == ("all", False, "示例")
    office.post(page, {"lists": "some"})
    assert "字段 lists 无效" in office.text("/insurance/")
    assert UploadPolicy.objects.get().lists == "all"


def test_uploading_now_is_a_job(office, hospital):
    from procrastinate.contrib.django.models import ProcrastinateJob

    office.post(reverse("uploads_run"))
    job = ProcrastinateJob.objects.get(task_name="uploads.of_institution")
    assert job.args == {"institution_id": hospital.pk, "day": "2026-03-01"}


def test_another_hospitals_uploads_do_not_exist(office, elsewhere, mother):
    receipt = receipt_upload(elsewhere, mother)
    listed = list_upload(elsewhere, mother)
    assert receipt.receipt.number not in office.text("/insurance/")
    office.text(reverse("settlement_list", args=[listed.pk]), 404)
    assert office.post(reverse("submit_list", args=[listed.pk])).status_code == 302
    office.post(reverse("upload_retry", args=["receipts", receipt.pk]))
    receipt.refresh_from_db()
    assert receipt.state == UploadState.REFUSED
    assert office.post(reverse("upload_retry", args=["nonsense", 1])).status_code == 404


def test_other_roles_get_403_and_the_office_lands_on_its_page(office, doctor, finance):
    for browser in (doctor, finance):
        browser.text("/insurance/", 403)
    office.text("/finance/", 403)
    assert office.get("/").headers["Location"] == "/insurance/"


def test_the_office_speaks_english(office, hospital, mother):
    SelfPaidUpload.objects.create(
        institution=hospital,
        settlement=rows.settlement(rows.visit(hospital, mother)),
        state="refused",
        reason="",
        changed_at=NOW,
    )
    office.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    text = office.text("/insurance/")
    assert "Self-payers&#x27; charges" in text
    assert "Sent back" in text
    text = text.replace(hospital.name, "").replace("中文", "").replace("欧**月", "")
    assert not [char for char in text if "\u3400" <= char <= "\u9fff"]
