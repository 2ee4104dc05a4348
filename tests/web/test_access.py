"""Who may open what: everybody else's things do not exist, other roles' pages are forbidden."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.web import rows
from tests.web.conftest import Browser, user

PATIENT_PAGES = [
    *("/me/", "/me/code/", "/me/family/", "/me/bills/", "/me/sign/", "/me/due/", "/me/messages/"),
    *("/me/relatives/", "/me/close/", "/me/family/add/"),
]
STAFF_PAGES = ["/doctor/", "/finance/", "/finance/settlements.csv", "/finance/differences.csv"]
OFFICE_PAGES = ["/insurance/", "/insurance/uploads.csv", "/insurance/lists/1/"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "page", [*PATIENT_PAGES, *STAFF_PAGES, *OFFICE_PAGES, "/me/bills/1/", "/doctor/visits/1/"]
)
def test_who_is_not_signed_in_is_sent_to_sign_in(page):
    answer = Client().get(page)
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/accounts/login/?next={page}"


@pytest.mark.django_db
def test_a_part_of_a_page_sends_the_whole_page_to_sign_in():
    answer = Client().get("/doctor/visits/1/outcome/", headers={"HX-Request": "true"})
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"].startswith("/accounts/login/")


@pytest.mark.parametrize("page", [*PATIENT_PAGES, "/finance/", "/finance/differences.csv"])
def test_a_doctor_gets_403_on_other_roles_pages(doctor, page):
    assert "没有权限" in doctor.text(page, 403)


@pytest.mark.parametrize("page", [*PATIENT_PAGES, "/doctor/"])
def test_finance_gets_403_on_other_roles_pages(finance, page):
    finance.text(page, 403)


@pytest.mark.parametrize("page", STAFF_PAGES)
def test_a_patient_gets_403_on_the_staffs_pages(login, mother, page):
    login(mother).text(page, 403)


@pytest.mark.django_db
@pytest.mark.parametrize("page", [*PATIENT_PAGES, *STAFF_PAGES])
def test_an_account_without_a_role_gets_403(page):
    Browser(user("nobody")).text(page, 403)


def test_the_front_door_sends_each_role_to_its_page(doctor, finance, login, mother):
    for browser, page in ((doctor, "/doctor/"), (finance, "/finance/"), (login(mother), "/me/")):
        assert browser.get("/").headers["Location"] == page


@pytest.mark.django_db
def test_the_front_door_tells_an_account_without_a_role_whom_to_ask():
    assert "信息科" in Browser(user("nobody")).text("/")


@pytest.fixture
def strange(elsewhere):
    """A visit, settlement, bill and difference of another hospital."""
    someone = rows.person(elsewhere)
    visit = rows.visit(elsewhere, someone)
    settlement = rows.settlement(visit, state="unknown", setl_id="S1")
    bill = rows.bill(visit, someone, 1500)
    difference = rows.difference(rows.statement(elsewhere), "S1")
    return {"visit": visit, "settlement": settlement, "bill": bill, "difference": difference}


@pytest.mark.parametrize("page", ["", "outcome/"])
def test_another_institutions_visit_does_not_exist_for_a_doctor(doctor, strange, page):
    doctor.text(f"/doctor/visits/{strange['visit'].pk}/{page}", 404)


@pytest.mark.parametrize("verb", ["preview", "finish"])
def test_another_institutions_visit_cannot_be_settled(doctor, strange, verb):
    page = reverse(verb, args=[strange["visit"].pk])
    assert doctor.post(page, {"key": "k" * 20}).status_code == 404


def test_another_doctors_visit_does_not_exist_either(hospital, seat, mother):
    visit = rows.visit(hospital, mother)
    seat(hospital, "doctor", doctor_code="D0999").text(f"/doctor/visits/{visit.pk}/", 404)


def test_a_doctor_without_a_code_sees_no_visit(hospital, seat, mother):
    visit = rows.visit(hospital, mother, doctor_code="")
    browser = seat(hospital, "doctor")
    assert "还没有医生编码" in browser.text("/doctor/?date=2026-03-02")
    browser.text(f"/doctor/visits/{visit.pk}/", 404)


def test_another_institutions_settlement_does_not_exist_for_finance(finance, strange):
    finance.text(f"/finance/settlements/{strange['settlement'].pk}/", 404)


def test_another_institutions_difference_cannot_be_decided(finance, strange):
    difference = strange["difference"]
    page = reverse("decide", args=[difference.pk])
    answer = finance.post(page, {"state": "explained", "note": "次日到账"})
    assert answer.status_code == 404
    difference.refresh_from_db()
    assert difference.state == "found"


def test_another_persons_bill_does_not_exist_for_a_patient(login, mother, strange):
    browser, bill = login(mother), strange["bill"]
    browser.text(f"/me/bills/{bill.pk}/", 404)
    browser.text(f"/me/bills/{bill.pk}/result/", 404)
    answer = browser.post(f"/me/bills/{bill.pk}/pay/", {"amount_fen": bill.owed_fen})
    assert answer.status_code == 404
    browser.text(f"/me/settlements/{strange['settlement'].pk}/", 404)


def test_a_form_without_its_token_is_refused_and_nothing_changes(hospital, seat, mother):
    visit = rows.visit(hospital, mother)
    seat(hospital, "doctor", doctor_code="D0101")
    browser = Client(enforce_csrf_checks=True)
    browser.login(username=f"doctor-{hospital.pk}-D0101", password="a password")
    answer = browser.post(reverse("finish", args=[visit.pk]), {"key": "k" * 20})
    assert answer.status_code == 403
    assert "页面已过期" in answer.content.decode()
    visit.refresh_from_db()
    assert visit.ended_at is None


@pytest.mark.parametrize(
    ("name", "number"), [("pay", 1), ("finish", 1), ("preview", 1), ("decide", 1)]
)
def test_what_changes_something_is_never_a_get(doctor, name, number):
    assert doctor.get(reverse(name, args=[number])).status_code == 405


@pytest.mark.parametrize("page", PATIENT_PAGES)
def test_personal_pages_are_kept_nowhere(login, mother, page):
    assert "no-store" in login(mother).get(page).headers["Cache-Control"]


@pytest.mark.django_db
def test_pages_load_nothing_from_elsewhere():
    policy = Client().get("/").headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


@pytest.mark.django_db
def test_there_is_no_sign_up():
    text = Client().get("/accounts/signup/").content.decode()
    assert "不开放注册" in text
    assert "<input" not in text.split("<main")[1]
