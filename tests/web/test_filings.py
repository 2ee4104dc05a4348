"""The insurance office's filings, and the patient's year, against the insurer's real process."""

import re

import pytest
from django.conf import settings

from tests.settlement.conftest import NOW, insurer, world  # noqa: F401 - fixtures
from tests.web.test_markup import faults_of
from yifu.insurance.models import Filing
from yifu.insurance.registering import register_visit
from yifu.web import care_code

PAGE = "/insurance/filings/"
KEY = "0" * 32
CHRONIC = {
    "begins_on": "2026-03-01",
    "ends_on": "",
    "disease_code": "M03900",
    "disease_name": "高血压",
    "found_on": "2026-02-27",
    "doctor_code": "D0101",
    "doctor_name": "林医生",
    "key": KEY,
}
FORMS = {
    "chronic": CHRONIC,
    "transfer": {
        "begins_on": "2026-03-01",
        "diagnosis_code": "I10",
        "diagnosis_name": "特发性高血压",
        "to_code": "H99020000001",
        "to_name": "示范省第一医院",
        "to_area": "990200",
        "refl_type": "2",
        "on": "2026-02-28",
        "reason": "病情需要",
        "opinion": "同意转院",
    },
    "fixed_place": {
        "begins_on": "2026-03-01",
        "purpose": "05",
        "rank": "1",
        "place_code": "H99010000009",
        "place_name": "示范市社区卫生服务中心",
    },
    "injury": {
        "begins_on": "2026-03-01",
        "injured_on": "2026-02-20",
        "site": "示范路口",
        "cause": "骑车摔倒",
        "payable": "on",
    },
}


@pytest.fixture
def office(world, seat):  # noqa: F811 - the fixture
    return seat(world.hospital, "insurance")


@pytest.fixture
def patient(world):  # noqa: F811 - the fixture
    return world.person()


def code(person):
    return care_code.code_of(person.pk)


def file(office, person, kind="chronic", **changes):
    given = FORMS[kind] | {"code": code(person), "key": KEY} | changes
    return office.post(f"{PAGE}new/{kind}/", given, follow=True)


def test_the_office_files_and_withdraws(office, patient):
    assert "没有备案。" in office.text(PAGE)
    found = office.text(f"{PAGE}?code={code(patient)}")
    assert f"{PAGE}new/chronic/?code={code(patient)}" in found
    assert faults_of(found) == []
    assert faults_of(office.text(f"{PAGE}new/chronic/?code={code(patient)}")) == []
    assert "医保已备案。" in file(office, patient).content.decode()
    file(office, patient)
    filing = Filing.objects.get()
    assert (filing.state, filing.person) == ("filed", patient)
    listed = office.text(PAGE)
    assert faults_of(listed) == []
    for words in ("高血压", filing.trt_dcla_detl_sn, "已备案"):
        assert words in listed
    page = f"{PAGE}{filing.pk}/withdraw/"
    short = office.post(page, {"reason": "x", "key": KEY}, follow=True).content.decode()
    assert "请写明撤销原因" in short
    answer = office.post(page, {"reason": "误操作", "key": "1" * 32}, follow=True)
    assert "医保已撤销备案。" in answer.content.decode()
    assert "没有备案。" in office.text(f"{PAGE}?state=filed")
    office.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert "Withdrawn" in office.text(PAGE)


def test_every_kind_has_its_form(office, patient):
    for place, kind in enumerate(FORMS):
        answer = file(office, patient, kind, key=f"{place:032x}")
        assert "医保已备案。" in answer.content.decode()
        assert Filing.objects.latest("pk").kind == kind


def test_what_cannot_be_filed_stays_on_the_page(office, patient):
    for field, value, words in (
        ("ends_on", "2026-02-01", "结束日期早于开始日期"),
        ("begins_on", "1999-12-31", "请填写本世纪的日期"),
        ("disease_code", "高血压", "只能用字母、数字和符号"),
    ):
        answer = file(office, patient, **{field: value})
        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert 'value="林医生"' in answer.content.decode(), "what was typed is still there"
    file(office, patient)
    again = file(office, patient, key="2" * 32)
    assert "同一事项在该期间已有备案" in again.content.decode()
    assert Filing.objects.count() == 1


def test_a_lost_answer_is_said_to_be_asked_about(office, patient, world):  # noqa: F811
    world.insurer.fault("drop_answer", infno="2503")
    assert "请不要重复办理" in file(office, patient).content.decode()
    assert re.search(r'class="tag bad">\s*未知', office.text(PAGE))


def test_who_may_not_open_it(office, patient, seat, elsewhere, login):
    file(office, patient)
    filing = Filing.objects.get()
    others = seat(elsewhere, "insurance")
    assert "没有备案。" in others.text(PAGE)
    assert "没有在本院登记" in others.text(f"{PAGE}?code={code(patient)}")
    others.text(f"{PAGE}new/chronic/?code={code(patient)}", 404)
    answer = others.post(f"{PAGE}{filing.pk}/withdraw/", {"reason": "误操作", "key": KEY})
    assert answer.status_code == 404
    office.text(f"{PAGE}new/holiday/?code={code(patient)}", 404)
    office.text(f"{PAGE}?state=lost", 422)
    login(patient).text(PAGE, 403)


def test_a_patient_sees_the_year_when_asking_for_it(world, login):  # noqa: F811 - the fixture
    person = world.person(used_fen=45600)
    browser = login(person)
    assert "/me/insurance/" in browser.text("/me/")
    assert "还没有医保就诊" in browser.text("/me/insurance/")
    register_visit(world.visit(person), credential=None, now=NOW)
    page = browser.text("/me/insurance/")
    assert "门诊起付线已用" in page
    assert "¥456.00" in page
    assert faults_of(page) == []
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert "Used of the outpatient deductible" in browser.text("/me/insurance/")
    world.insurer.fault("drop_request", infno="5206")
    assert "cannot be reached" in browser.text("/me/insurance/", 503)
