"""The cashier's window: find, sign up on behalf, families, cash, closing (P1.2, P1.6, P4.7)."""

import pytest
from django.conf import settings

from tests import builders
from tests.web import rows
from tests.web.rows import NOW
from tests.web.test_markup import faults_of
from yifu.patients import services as patients
from yifu.patients.models import Consent, Contract, Dependant
from yifu.payments.models import Attempt
from yifu.web import care_code

KEY = "0123456789abcdef" * 2


def page_text(answer):
    return answer.content.decode()


@pytest.fixture
def desk(hospital, seat):
    return seat(hospital, "cashier", name="window-3")


@pytest.fixture
def owed(hospital, mother):
    """A bill of 30 yuan on the mother's line, with the debt in the books."""
    enrolled = builders.contract(mother)
    assert enrolled.credit_line is not None
    return builders.bill(mother, 3000, line=enrolled.credit_line.line, at=hospital)


def test_the_front_door_sends_a_cashier_to_the_window(desk):
    assert desk.get("/").headers["Location"] == "/desk/"


@pytest.mark.parametrize("by", ["code", "spaced code", "identity number", "name and phone"])
def test_a_person_is_found(desk, mother, by):
    code = care_code.code_of(mother.pk)
    asked = {
        "code": {"number": code},
        "spaced code": {"number": care_code.grouped(code)},
        "identity number": {"number": patients.certificate_no(mother)},
        "name and phone": {"name": mother.name, "phone": patients.phone(mother)},
    }[by]
    assert desk.post("/desk/", asked).headers["Location"] == f"/desk/persons/{mother.pk}/"


@pytest.mark.parametrize(
    "asked",
    [
        {"number": "8000000000000000"},
        {"number": "990101199001010011"},
        {"number": "x"},
        {"name": "欧阳明月", "phone": "19900000000"},
        {"name": "' OR 1=1 --", "phone": "%"},
    ],
)
def test_who_is_not_there_is_not_found(desk, mother, asked):  # noqa: ARG001 - somebody is there
    answer = desk.post("/desk/", asked)
    assert answer.status_code == 200
    assert "没有找到" in page_text(answer)


@pytest.mark.parametrize("asked", [{}, {"name": "欧阳明月"}, {"phone": "19900000001"}])
def test_half_a_question_is_asked_again(desk, asked):
    answer = desk.post("/desk/", asked)
    assert answer.status_code == 422
    assert "请输入诊疗码或身份证号" in page_text(answer)


def test_what_is_typed_never_stands_in_an_address(desk, mother):
    assert "没有找到" not in desk.text(f"/desk/?number={patients.certificate_no(mother)}")


def test_several_of_one_name_and_telephone_are_told_apart_by_number(desk, mother, hospital):
    twin = rows.person(hospital, mother.name, born="1990-01-01")
    type(twin).objects.filter(pk=twin.pk).update(phone_index=mother.phone_index)
    text = page_text(desk.post("/desk/", {"name": mother.name, "phone": patients.phone(mother)}))
    assert f"/desk/persons/{mother.pk}/" in text
    assert f"/desk/persons/{twin.pk}/" in text
    assert mother.name not in text.split("<main")[1].split("找到多人")[1]


def test_another_hospitals_patients_do_not_exist(desk, elsewhere, mother):
    stranger = rows.person(elsewhere, "外人")
    answer = desk.post("/desk/", {"number": patients.certificate_no(stranger)})
    assert "没有找到" in page_text(answer)
    for page in ("", "sign/", "add/", "close/"):
        desk.text(f"/desk/persons/{stranger.pk}/{page}", 404)
        assert desk.post(f"/desk/persons/{stranger.pk}/{page}", {"sure": "yes"}).status_code != 200
    desk.text(f"/desk/persons/{2**63}/", 404)
    there = rows.bill(rows.visit(elsewhere, mother), mother, 700)
    desk.text(f"/desk/bills/{there.pk}/", 404)
    pay = desk.post(f"/desk/bills/{there.pk}/", {"amount_fen": "7", "key": KEY})
    assert pay.status_code == 404
    assert f"/desk/bills/{there.pk}/" not in desk.text(f"/desk/persons/{mother.pk}/")
    assert not Attempt.objects.exists()


@pytest.mark.parametrize("page", ["/desk/", "/desk/persons/1/", "/desk/bills/1/"])
def test_other_roles_get_403(doctor, finance, login, mother, page):
    for browser in (doctor, finance, login(mother)):
        browser.text(page, 403)


@pytest.mark.parametrize("page", ["/me/", "/doctor/", "/finance/"])
def test_a_cashier_gets_403_on_other_roles_pages(desk, page):
    desk.text(page, 403)


def test_a_person_is_shown_masked_with_line_and_bills(desk, owed, mother):
    text = desk.text(f"/desk/persons/{mother.pk}/")
    assert "欧**月" in text
    assert "欧阳明月" not in text
    assert patients.certificate_no(mother) not in text
    assert "待付 ¥30.00" in text
    assert "¥2,970.00" in text
    assert f"/desk/bills/{owed.pk}/" in text


# --- on behalf ------------------------------------------------------------------------------------


def signing(**changes):
    return {
        "version": "2026-01",
        "identity": "seen",
        "agree": "yes",
        "funding": "platform",
        **changes,
    }


def test_signing_on_behalf_keeps_who_acted(desk, mother, hospital):
    page = f"/desk/persons/{mother.pk}/sign/"
    text = desk.text(page)
    assert "48 小时内付清" in text
    assert "经办人记为 window-3" in text
    answer = desk.post(page, signing())
    assert answer.headers["Location"] == f"/desk/persons/{mother.pk}/"
    contract = Contract.objects.get(person=mother)
    assert (contract.consent_channel, contract.acted_by) == ("window", "window-3")
    assert contract.institution == hospital
    consent = Consent.objects.get(contract=contract)
    assert (consent.acted_by, consent.shown_at, consent.channel) == ("window-3", NOW, "window")
    assert "window-3" in desk.text(f"/desk/persons/{mother.pk}/")
    assert desk.post(page, signing()).status_code == 302
    assert Contract.objects.count() == 1


@pytest.mark.parametrize("missing", ["identity", "agree", "version"])
def test_without_identity_text_or_consent_nobody_is_signed_up(desk, mother, missing):
    page = f"/desk/persons/{mother.pk}/sign/"
    desk.text(page)
    assert desk.post(page, signing(**{missing: ""})).status_code == 422
    assert not Contract.objects.exists()


def test_a_text_that_was_never_opened_is_not_agreed_to(desk, mother):
    answer = desk.post(f"/desk/persons/{mother.pk}/sign/", signing())
    assert "请先阅读并同意当前的授权文本" in page_text(answer)
    assert not Contract.objects.exists()


def test_a_child_is_not_signed_up(desk, hospital):
    child = rows.person(hospital, born="2018-06-01")
    page = f"/desk/persons/{child.pk}/sign/"
    assert "未满 18 周岁，不能签约" in desk.text(page)
    assert desk.post(page, signing()).status_code == 422
    assert not Contract.objects.exists()


def member(person, **changes):
    return {
        "kinship": "child",
        "name": person.name,
        "certificate_no": patients.certificate_no(person),
        "proof": "household_register",
        "proof_no": "HK1",
        "limit_fen": "500",
        "seen": "yes",
        **changes,
    }


def test_a_child_is_added_with_the_proof_seen_by_the_cashier(desk, mother, hospital):
    builders.contract(mother)
    child = rows.person(hospital, "欧阳小满", born="2018-06-01")
    desk.post(f"/desk/persons/{mother.pk}/add/", member(child))
    joined = Dependant.objects.get(person=child)
    assert (joined.proof_seen_by, joined.limit_fen) == ("window-3", 50_000)
    text = desk.text(f"/desk/persons/{mother.pk}/")
    assert "欧**满" in text
    assert "证明未核验" not in text
    desk.post(f"/desk/persons/{mother.pk}/members/{joined.pk}/remove/")
    joined.refresh_from_db()
    assert joined.end_reason == "asked"


def test_an_adult_is_there_and_agrees(desk, mother, hospital):
    builders.contract(mother)
    father = rows.person(hospital, "欧阳建国", born="1958-01-01")
    page = f"/desk/persons/{mother.pk}/add/"
    refused = desk.post(page, member(father, kinship="parent"))
    assert "成年被代付人须本人同意" in page_text(refused)
    desk.post(page, member(father, kinship="parent", present="yes"))
    assert Dependant.objects.get().person == father
    consent = Consent.objects.get(person=father)
    assert (consent.channel, consent.acted_by) == ("window", "window-3")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"seen": ""}, "请核对亲属关系证明原件"),
        ({"name": "别人"}, "本院没有登记此姓名和身份证号"),
        ({"certificate_no": "990101199001010011"}, "本院没有登记此姓名和身份证号"),
        ({"proof": "marriage_certificate"}, "不接受该证明"),
    ],
)
def test_who_does_not_fit_is_not_added(desk, mother, hospital, changes, words):
    builders.contract(mother)
    child = rows.person(hospital, "欧阳小满", born="2018-06-01")
    answer = desk.post(f"/desk/persons/{mother.pk}/add/", member(child, **changes))
    assert words in page_text(answer)
    assert not Dependant.objects.exists()


def test_only_the_persons_own_dependant_is_removed(desk, mother, hospital):
    child = rows.person(hospital, "欧阳小满", born="2018-06-01")
    builders.contract(mother, dependants=[(child, None)])
    other = rows.person(hospital, "旁人")
    builders.contract(other)
    joined = Dependant.objects.get()
    page = f"/desk/persons/{other.pk}/members/{joined.pk}/remove/"
    assert desk.post(page).status_code == 404
    joined.refresh_from_db()
    assert joined.ended_at is None


def test_closing_on_behalf_lists_what_stands_in_the_way(desk, owed, mother):
    page = f"/desk/persons/{mother.pk}/close/"
    assert f'href="/desk/bills/{owed.pk}/">未付账单' in desk.text(page)
    desk.post(page, {"sure": "yes"})
    assert Contract.objects.get().state == "active"
    desk.post(f"/desk/bills/{owed.pk}/", {"amount_fen": "30", "key": KEY})
    assert "请先勾选确认" in page_text(desk.post(page, {}))
    assert desk.post(page, {"sure": "yes"}).status_code == 302
    assert Contract.objects.get().state == "closed"
    assert desk.get(page).status_code == 302


# --- cash -----------------------------------------------------------------------------------------


def test_cash_is_taken_whole_or_in_part_once_per_page(desk, owed):
    page = f"/desk/bills/{owed.pk}/"
    for _ in range(2):
        assert desk.post(page, {"amount_fen": "10.50", "key": KEY}).status_code == 302
    owed.refresh_from_db()
    assert (owed.paid_fen, owed.state) == (1050, "open")
    assert Attempt.objects.count() == 1
    desk.post(page, {"amount_fen": "19.50", "key": KEY[::-1]})
    owed.refresh_from_db()
    assert (owed.paid_fen, owed.state) == (3000, "paid")
    text = desk.text(page)
    assert "¥10.50" in text
    assert "收现金（元）" not in text


def test_the_same_page_with_another_sum_is_refused(desk, owed):
    page = f"/desk/bills/{owed.pk}/"
    desk.post(page, {"amount_fen": "10", "key": KEY})
    assert desk.post(page, {"amount_fen": "11", "key": KEY}).status_code == 422
    owed.refresh_from_db()
    assert owed.paid_fen == 1000


@pytest.mark.parametrize("amount", ["", "0", "-5", "30.01", "1.234", "abc", "٣"])
def test_a_sum_that_is_none_takes_nothing(desk, owed, amount):
    answer = desk.post(f"/desk/bills/{owed.pk}/", {"amount_fen": amount, "key": KEY})
    assert answer.status_code == 422
    assert not Attempt.objects.exists()


@pytest.mark.parametrize("key", ["", "short", "G" * 32])
def test_without_a_pages_key_nothing_is_taken(desk, owed, key):
    answer = desk.post(f"/desk/bills/{owed.pk}/", {"amount_fen": "1", "key": key})
    assert answer.status_code == 422
    assert not Attempt.objects.exists()


def test_anybody_registered_may_bring_the_cash(desk, owed, hospital):
    neighbour = rows.person(hospital, "好邻居")
    code = care_code.code_of(neighbour.pk)
    page = f"/desk/bills/{owed.pk}/"
    desk.post(page, {"amount_fen": "5", "payer_code": code, "key": KEY})
    assert Attempt.objects.get().payer == neighbour
    assert "好*居 代付" in desk.text(page)
    wrong = desk.post(page, {"amount_fen": "5", "payer_code": "123", "key": KEY[::-1]})
    assert "诊疗码不对" in page_text(wrong)
    assert Attempt.objects.count() == 1


def test_the_banks_bill_is_not_taken_at_the_window(desk, hospital, mother):
    bill = rows.bill(rows.visit(hospital, mother), mother, 900, account="bank:icbc", due_at=None)
    text = desk.text(f"/desk/bills/{bill.pk}/")
    assert "窗口不收" in text
    assert "收现金（元）" not in text
    desk.post(f"/desk/bills/{bill.pk}/", {"amount_fen": "9", "key": KEY})
    assert not Attempt.objects.exists()


def test_the_pages_are_sound_in_english(desk, owed, mother, hospital):
    desk.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    child = rows.person(hospital, "欧阳小满", born="2018-06-01")
    unsigned = rows.person(hospital, "未签约")
    desk.post(f"/desk/persons/{mother.pk}/add/", member(child))
    desk.post(f"/desk/bills/{owed.pk}/", {"amount_fen": "1", "key": KEY})
    pages = [
        "/desk/",
        f"/desk/persons/{mother.pk}/",
        f"/desk/persons/{unsigned.pk}/sign/",
        f"/desk/persons/{mother.pk}/add/",
        f"/desk/persons/{mother.pk}/close/",
        f"/desk/bills/{owed.pk}/",
    ]
    for page in pages:
        text = desk.text(page)
        assert faults_of(text) == []
        for given in ("欧**月", "欧**满", "未*约", "内科", "示范市医院01", "中文"):
            text = text.replace(given, "")
        assert not [char for char in text if "\u3400" <= char <= "\u9fff"], page
