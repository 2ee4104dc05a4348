"""The doctor's room with patients who pay for themselves: nothing outside is asked."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse

from tests import builders
from tests.web import rows
from tests.web.rows import NOW
from yifu.settlement.models import Settlement
from yifu.visits.models import Stay, Visit
from yifu.web import care_code

KEY = "k" * 24
HTMX = {"HX-Request": "true"}


@pytest.fixture
def visit(hospital, mother):
    return rows.visit(hospital, mother, prices=(1500, 2500))


def page(of):
    return f"/doctor/visits/{of.pk}/"


def finish(browser, of, **data):
    return browser.post(reverse("finish", args=[of.pk]), {"key": KEY, **data}, headers=HTMX)


def test_the_list_shows_the_days_visits_masked(doctor, hospital, mother, visit):
    rows.visit(hospital, mother, began_at=NOW - timedelta(days=1))
    text = doctor.text("/doctor/")
    assert "欧**月" in text
    assert "欧阳明月" not in text
    assert "37 岁" in text
    assert visit.visit_no in text
    assert "¥40.00" in text
    assert text.count("<tr>") == 2


def test_another_day_is_one_choice_away(doctor, hospital, mother):
    yesterday = rows.visit(hospital, mother, began_at=NOW - timedelta(days=1))
    text = doctor.text("/doctor/")
    assert "这一天没有就诊" in text
    assert 'href="?date=2026-03-01"' in text
    assert yesterday.visit_no in doctor.text("/doctor/?date=2026-03-01")


def test_a_care_code_finds_its_patient(doctor, hospital, visit):
    other = rows.visit(hospital, rows.person(hospital))
    code = care_code.grouped(care_code.code_of(visit.person_id))
    text = doctor.text(f"/doctor/?code={code}")
    assert visit.visit_no in text
    assert other.visit_no not in text
    assert "诊疗码不对" in doctor.text("/doctor/?code=1234")


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"state": "completed"}, "已完成"), ({"state": "unknown"}, "未知"), (None, "就诊中")],
)
def test_the_list_says_how_far_each_visit_is(doctor, visit, changes, words):
    if changes:
        rows.settlement(visit, **changes)
    assert words in doctor.text("/doctor/")


def test_a_visit_shows_diagnoses_and_charges(doctor, visit):
    text = doctor.text(page(visit))
    for words in ("J06", "急性上呼吸道感染", "普通门诊诊查费", "¥25.00", "¥40.00", "待结算 2 项"):
        assert words in text
    assert "欧阳明月" not in text


def test_a_visit_without_charges_says_so(doctor, hospital, mother):
    text = doctor.text(page(rows.visit(hospital, mother, prices=())))
    assert "还没有费用" in text
    assert "没有待结算的费用" in text
    assert "结束并结算" not in text


def test_preview_shows_the_split_and_settles_nothing(doctor, visit):
    answer = doctor.post(reverse("preview", args=[visit.pk]), headers=HTMX)
    text = answer.content.decode()
    assert "<html" not in text
    assert "没有提醒" in text
    assert "¥40.00" in text
    assert "结束并结算" in text
    assert not Settlement.objects.exists()


def test_finish_ends_the_visit_and_puts_it_on_the_line(doctor, mother, visit):
    builders.contract(mother)
    text = finish(doctor, visit).content.decode()
    assert "结算完成" in text
    assert "已记入信用额度，患者可以直接离开" in text
    assert "请在 3月5日 00:00 前付清" in text
    visit.refresh_from_db()
    assert visit.ended_at == NOW
    settlement = Settlement.objects.get()
    assert (settlement.state, settlement.method, settlement.personal_fen) == (
        "completed",
        "credit",
        4000,
    )


def test_who_has_not_signed_pays_at_the_window(doctor, visit):
    text = finish(doctor, visit).content.decode()
    assert "等待付款" in text
    assert "在手机上或到窗口付个人部分" in text
    assert 'hx-trigger="every 3s"' in text


def test_a_second_click_has_no_second_effect(doctor, visit):
    first = finish(doctor, visit).content.decode()
    again = finish(doctor, visit).content.decode()
    assert Settlement.objects.count() == 1
    assert "等待付款" in first
    assert "等待付款" in again
    assert "结束并结算" not in again


def test_without_htmx_the_same_button_leads_to_the_same_page(doctor, visit):
    answer = doctor.post(reverse("finish", args=[visit.pk]), {"key": KEY})
    assert answer.headers["Location"] == page(visit)
    assert "等待付款" in doctor.text(page(visit))
    answer = doctor.post(reverse("preview", args=[visit.pk]))
    assert "<html" in answer.content.decode()


@pytest.mark.parametrize("key", ["", "short", "k" * 61, "<script>aaaaaaaaaaa", "键" * 20])
def test_a_key_that_is_none_is_refused_and_nothing_happens(doctor, visit, key):
    assert finish(doctor, visit, key=key).status_code == 422
    visit.refresh_from_db()
    assert visit.ended_at is None
    assert not Settlement.objects.exists()


def test_every_page_load_has_a_key_of_its_own(doctor, visit):
    def key():
        return doctor.text(page(visit)).split('name="key" value="')[1].split('"')[0]

    assert key() != key()


def test_new_charges_after_a_settlement_can_be_settled(doctor, visit):
    finish(doctor, visit)
    visit.charges.create(
        line_no=9,
        local_code="FW9",
        national_code="1",
        name="加做",
        quantity=1,
        unit_price_fen=100,
        amount_fen=100,
        occurred_at=NOW,
    )
    text = doctor.text(page(visit))
    assert "待结算 1 项" in text
    finish(doctor, visit, key="n" * 24)
    assert Settlement.objects.count() == 2


def test_a_hospital_whose_clock_is_ahead_ends_no_visit_before_it_began(doctor, hospital, mother):
    began_at = NOW + timedelta(minutes=2)
    visit = rows.visit(hospital, mother, began_at=began_at)
    assert "等待付款" in finish(doctor, visit).content.decode()
    assert Visit.objects.get(pk=visit.pk).ended_at == began_at


STATES = [
    ({"state": "unknown"}, "请勿重新结算，也不要收取现金", True),
    ({"state": "claimed"}, "不要重复操作", True),
    ({"state": "insured"}, "不要重复操作", True),
    ({"state": "reversing"}, "不要重复操作", True),
    ({"state": "rejected", "reason": "参保信息不符", "live": False}, "参保信息不符", False),
    ({"state": "reversed", "reason": "重复开单", "live": False}, "全部款项已退回", False),
    ({"state": "awaiting_payment", "method": "window"}, "信用额度不可用或不足", True),
    ({"state": "awaiting_payment", "method": "debit"}, "扣款没有成功", True),
    ({"state": "completed", "method": "bank"}, "由银行额度支付", False),
    ({"state": "completed", "method": "debit"}, "已从绑定账户扣款", False),
    ({"state": "completed", "method": "cash"}, "已经付清", False),
    ({"state": "completed", "method": "none"}, "患者不用再付钱", False),
]


@pytest.mark.parametrize(("changes", "words", "watched"), STATES)
def test_each_outcome_says_what_to_do_next(doctor, visit, changes, words, watched):
    rows.settlement(visit, **changes)
    text = doctor.text(page(visit))
    assert words in text
    assert ('hx-trigger="every 3s"' in text) is watched


def test_a_debit_without_an_answer_is_waited_for(doctor, visit, mother):
    bill = rows.bill(visit, mother, 4000)
    rows.settlement(visit, state="awaiting_payment", method="debit", bill=bill)
    rows.attempt(f"bill:{bill.pk}", 4000, state="unknown", resolved_at=None)
    assert "扣款结果还没有回来" in doctor.text(page(visit))


def test_a_rejected_settlement_can_be_tried_again(doctor, visit):
    rows.settlement(visit, state="rejected", live=False)
    assert "结束并结算" in doctor.text(page(visit))


def test_watching_answers_only_when_something_changed(doctor, visit):
    rows.settlement(visit, state="unknown")
    watch = reverse("outcome", args=[visit.pk])
    assert doctor.get(watch, {"state": "unknown"}, headers=HTMX).status_code == 204
    Settlement.objects.update(state="completed", method="none")
    text = doctor.text(watch, headers=HTMX)
    assert "结算完成" in text
    assert "every 3s" not in text


def test_the_room_speaks_english_after_the_switch(doctor, visit):
    rows.settlement(visit, state="unknown")
    doctor.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert "answer is missing" in doctor.text(page(visit))
    assert "Unknown" in doctor.text("/doctor/")


@pytest.fixture
def stay(visit):
    """The visit as a stay in hospital that goes on."""
    Visit.objects.filter(pk=visit.pk).update(kind="inpatient", ended_at=None, uninsured=True)
    Stay.objects.create(visit=visit, bed="12床", admission_note="急性阑尾炎")
    visit.refresh_from_db()
    return visit


def test_a_stay_ends_by_how_the_patient_leaves(doctor, stay):
    assert "医嘱离院" in doctor.text(page(stay))
    finish(doctor, stay, way="1")
    assert Settlement.objects.get().state == "awaiting_payment"
    assert Stay.objects.get().discharge_way == "1"


@pytest.mark.parametrize("way", ["", "77"])
def test_a_stay_does_not_end_without_a_known_way(doctor, stay, way):
    finish(doctor, stay, way=way)
    assert not Settlement.objects.exists()
    assert Visit.objects.get(pk=stay.pk).ended_at is None
