"""A patient's family on the phone: add, limit, remove, agree, pay for each other (P1.4, P4.7)."""

from datetime import date, timedelta

import pytest
from django.conf import settings

from counterparts.population import make_id_number
from tests import builders
from tests.web import rows
from tests.web.rows import NOW
from tests.web.test_markup import faults_of
from yifu.credit.models import CreditLine
from yifu.patients import services as patients
from yifu.patients.models import Consent, Dependant, Person
from yifu.payments import services as payments
from yifu.payments.models import Attempt
from yifu.secrets import decrypt
from yifu.web.models import FamilyRequest

BORN = date(2019, 5, 20)


def page_text(answer):
    return answer.content.decode()


def number(sequence=7, born=BORN):
    return make_id_number(region="990777", born=born, sequence=sequence)


def form(**changes):
    return {
        "kinship": "child",
        "name": "欧阳小满",
        "certificate_no": number(),
        "proof": "birth_certificate",
        "proof_no": "P990100001",
        "limit_fen": "",
        **changes,
    }


@pytest.fixture
def signed(login, mother):
    """The mother's browser, after she has signed."""
    builders.contract(mother)
    return login(mother)


def grown(hospital, name="欧阳建国", born="1958-01-01"):
    return rows.person(hospital, name, born=born)


def form_of(person, **changes):
    known = {"name": person.name, "certificate_no": patients.certificate_no(person)}
    return form(**known | changes)


def test_a_child_nobody_knows_is_registered_and_paid_for_at_once(signed, mother):
    answer = signed.post("/me/family/add/", form(limit_fen="500"))
    assert answer.headers["Location"] == "/me/family/"
    joined = Dependant.objects.get(contract__person=mother)
    assert joined.person.name == "欧阳小满"
    assert patients.phone(joined.person) == patients.phone(mother)
    assert (joined.kinship, joined.limit_fen, joined.proof) == (
        "child",
        50_000,
        "birth_certificate",
    )
    assert decrypt(joined.proof_cipher or b"") == "P990100001"
    assert joined.proof_seen_by == ""
    text = signed.text("/me/family/")
    assert "欧**满" in text
    assert "限额 ¥500.00" in text


def test_sent_twice_a_child_is_added_once(signed):
    signed.post("/me/family/add/", form())
    answer = signed.post("/me/family/add/", form())
    assert answer.status_code == 422
    assert "已有关联的主体人" in page_text(answer)
    assert Dependant.objects.count() == 1


def test_a_child_registered_with_ones_own_telephone_is_added(signed, mother, hospital):
    child = rows.person(hospital, "欧阳小满", born="2019-05-20")
    Person.objects.filter(pk=child.pk).update(phone_index=mother.phone_index)
    signed.post("/me/family/add/", form_of(child))
    assert Dependant.objects.get().person == child


def test_a_strangers_child_is_not_to_be_had_on_the_phone(signed, hospital):
    child = rows.person(hospital, "张小花", born="2019-05-20")
    answer = signed.post("/me/family/add/", form_of(child))
    wrong_name = signed.post("/me/family/add/", form_of(child, name="张大花"))
    for refused in (answer, wrong_name):
        assert refused.status_code == 422
        assert "请带双方证件到窗口办理" in page_text(refused)
    assert not Dependant.objects.exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"certificate_no": number()[:17] + "Y"}, "应为 18 位"),
        ({"certificate_no": "1"}, "error"),
        ({"name": ""}, "error"),
        ({"kinship": "neighbour"}, "neighbour"),
        ({"proof": "marriage_certificate"}, "不接受该证明"),
        ({"proof_no": "\x00"}, "error"),
        ({"limit_fen": "-1"}, "error"),
        ({"limit_fen": "1.005"}, "error"),
        ({"limit_fen": "一百"}, "error"),
        ({"kinship": "spouse", "proof": "marriage_certificate"}, "出生日期与亲属关系不符"),
    ],
)
def test_what_does_not_fit_is_refused_in_words_and_nothing_is_left(signed, changes, words):
    before = Person.objects.count()
    answer = signed.post("/me/family/add/", form(**changes))
    assert answer.status_code == 422
    assert words in page_text(answer)
    assert Person.objects.count() == before
    assert not Dependant.objects.exists()


def test_without_a_contract_nobody_is_added(login, mother):
    browser = login(mother)
    assert browser.get("/me/family/add/").headers["Location"] == "/me/family/"
    assert browser.post("/me/family/add/", form()).headers["Location"] == "/me/family/"
    assert not Dependant.objects.exists()


@pytest.fixture
def invited(signed, hospital):
    """The grandfather, asked by the mother."""
    father = grown(hospital)
    signed.post(
        "/me/family/add/",
        form_of(father, kinship="parent", proof="household_register", limit_fen="800"),
    )
    return father


def test_an_adult_is_asked_and_joins_by_agreeing_on_the_own_phone(signed, login, invited, mother):
    assert not Dependant.objects.exists()
    assert "等待对方同意" in signed.text("/me/family/")
    asked = FamilyRequest.objects.get()
    browser = login(invited)
    assert "欧**月 想为您付费" in browser.text("/me/")
    page = f"/me/family/asked/{asked.pk}/"
    text = browser.text(page)
    assert "¥800.00" in text
    assert "对方能看到由其付费的账单" in text
    browser.post(page, {"version": "2026-01", "agree": "yes", "answer": "yes"})
    joined = Dependant.objects.get(contract__person=mother)
    assert (joined.person, joined.limit_fen) == (invited, 80_000)
    assert Consent.objects.filter(person=invited, contract=joined.contract).count() == 1
    assert "由子女 欧**月 支付" in browser.text("/me/")
    browser.text(page, 404)


def test_nobody_joins_without_having_agreed(login, invited):
    asked = FamilyRequest.objects.get()
    browser, page = login(invited), f"/me/family/asked/{asked.pk}/"
    browser.text(page)
    answer = browser.post(page, {"version": "2026-01", "answer": "yes"})
    assert answer.status_code == 422
    assert not Dependant.objects.exists()
    browser.post(page, {"answer": "no"})
    asked.refresh_from_db()
    assert asked.state == "declined"
    assert not Dependant.objects.exists()


def test_asking_is_done_once_and_can_be_taken_back(signed, invited):
    again = signed.post(
        "/me/family/add/", form_of(invited, kinship="parent", proof="household_register")
    )
    assert "已经发出邀请" in page_text(again)
    asked = FamilyRequest.objects.get()
    signed.post(f"/me/family/asked/{asked.pk}/withdraw/")
    asked.refresh_from_db()
    assert asked.state == "withdrawn"
    assert signed.post(f"/me/family/asked/{asked.pk}/withdraw/").status_code == 404


def test_an_invitation_is_seen_by_who_is_asked_and_by_nobody_else(signed, login, invited, hospital):
    asked = FamilyRequest.objects.get()
    page = f"/me/family/asked/{asked.pk}/"
    stranger = login(rows.person(hospital))
    for browser in (signed, stranger):
        browser.text(page, 404)
        assert browser.post(page, {"answer": "no"}).status_code == 404
    assert stranger.post(f"{page}withdraw/").status_code == 404
    assert invited.family_requests.get().state == "asked"


def test_an_adult_nobody_has_registered_goes_to_a_window(signed):
    unknown = number(9, date(1960, 1, 1))
    answer = signed.post("/me/family/add/", form(certificate_no=unknown, kinship="parent"))
    assert "到窗口办理" in page_text(answer)
    assert not FamilyRequest.objects.exists()


@pytest.fixture
def member(login, mother, hospital):
    """The mother's browser and her child, with a limit of 500 yuan."""
    child = rows.person(hospital, "欧阳小满", born="2018-06-01")
    builders.contract(mother, dependants=[(child, 50_000)])
    joined = Dependant.objects.get(person=child)
    return login(mother), joined


def test_a_limit_is_changed_and_counts_at_once(member):
    browser, joined = member
    page = f"/me/family/{joined.pk}/"
    assert "¥500.00" in browser.text(page)
    browser.post(page, {"limit_fen": "800.50"})
    joined.refresh_from_db()
    assert joined.limit_fen == joined.share.line.limit_fen == 80_050
    assert "限额已更改" in browser.text(page)
    assert browser.post(page, {"limit_fen": "x"}).status_code == 422


def test_removing_keeps_the_bills_and_can_be_undone_by_adding_again(member, mother, hospital):
    browser, joined = member
    bill = rows.bill(rows.visit(hospital, joined.person), mother, 3000)
    assert f"/me/bills/{bill.pk}/" in browser.text(f"/me/family/{joined.pk}/")
    browser.post(f"/me/family/{joined.pk}/remove/")
    joined.refresh_from_db()
    assert joined.end_reason == "asked"
    assert "可以重新添加" in browser.text("/me/family/")
    assert f"/me/bills/{bill.pk}/" in browser.text("/me/bills/")
    Person.objects.filter(pk=joined.person_id).update(phone_index=mother.phone_index)
    browser.post("/me/family/add/", form_of(joined.person))
    assert Dependant.objects.filter(person=joined.person, ended_at__isnull=True).count() == 1


def test_another_persons_family_does_not_exist(member, login, hospital):
    _, joined = member
    stranger = login(rows.person(hospital))
    child = login(joined.person)
    for browser in (stranger, child):
        browser.text(f"/me/family/{joined.pk}/", 404)
        assert browser.post(f"/me/family/{joined.pk}/", {"limit_fen": "1"}).status_code == 404
        assert browser.post(f"/me/family/{joined.pk}/remove/").status_code == 404
    joined.refresh_from_db()
    assert (joined.limit_fen, joined.ended_at) == (50_000, None)


# --- paying for each other ------------------------------------------------------------------------


@pytest.fixture
def owing(login, mother, hospital):
    """A grown daughter on her mother's contract, and a bill the mother owes for herself."""
    daughter = rows.person(hospital, "欧阳晓", born="2004-01-01")
    builders.contract(mother, dependants=[(daughter, None)])
    visit = rows.visit(hospital, mother, department_name="肿瘤科")
    return login(daughter), rows.bill(visit, mother, 3000), daughter


def bind(person, **changes):
    return payments.bind(
        person_id=person.pk,
        channel_id=rows.silent_channel().pk,
        contract_id=f"C{person.pk}",
        now=NOW,
        **changes,
    )


def test_a_relatives_bill_shows_the_sum_and_not_the_illness(owing):
    browser, bill, _ = owing
    assert "帮家人付：1 笔" in browser.text("/me/")
    listed = browser.text("/me/relatives/")
    page = browser.text(f"/me/relatives/{bill.pk}/")
    for text in (listed, page):
        assert "¥30.00" in text
        assert "欧**月" in text
        assert "肿瘤科" not in text
    browser.text(f"/me/bills/{bill.pk}/", 404)


def test_the_principal_may_pay_what_the_dependant_owes(login, mother, hospital):
    daughter = rows.person(hospital, "欧阳晓", born="2004-01-01")
    builders.contract(mother, dependants=[(daughter, None)])
    bill = rows.bill(rows.visit(hospital, daughter), daughter, 1200)
    assert f"/me/relatives/{bill.pk}/" in login(mother).text("/me/relatives/")


def test_a_strangers_bill_cannot_be_seen_or_paid(owing, login, hospital):
    _, bill, _ = owing
    someone = rows.person(hospital)
    bind(someone)
    stranger = login(someone)
    stranger.text(f"/me/relatives/{bill.pk}/", 404)
    stranger.text(f"/me/relatives/{bill.pk}/result/", 404)
    answer = stranger.post(f"/me/relatives/{bill.pk}/pay/", {"amount_fen": 3000})
    assert answer.status_code == 404
    assert not Attempt.objects.exists()


def test_a_family_that_has_ended_pays_for_each_other_no_longer(owing):
    browser, bill, daughter = owing
    Dependant.objects.filter(person=daughter).update(ended_at=NOW, end_reason="asked")
    browser.text(f"/me/relatives/{bill.pk}/", 404)


@pytest.mark.usefixtures("transactional_db")
def test_a_relative_pays_from_the_own_account_and_a_part_is_enough(owing):
    browser, bill, daughter = owing
    bind(daughter)
    assert "用微信支付付 ¥30.00" in browser.text(f"/me/relatives/{bill.pk}/")
    page = f"/me/relatives/{bill.pk}/pay/"
    answer = browser.post(page, {"amount_fen": 3000, "part_fen": "10.00"})
    assert answer.headers["Location"] == f"/me/relatives/{bill.pk}/result/"
    attempt = Attempt.objects.get()
    assert (attempt.payer_id, attempt.amount_fen) == (daughter.pk, 1000)
    browser.text(answer.headers["Location"])


def test_without_an_account_a_relative_is_sent_to_the_window(owing):
    browser, bill, _ = owing
    assert "请到任一窗口付款" in browser.text(f"/me/relatives/{bill.pk}/")
    browser.post(f"/me/relatives/{bill.pk}/pay/", {"amount_fen": 3000})
    assert "没有绑定可扣款的账户" in browser.text(f"/me/relatives/{bill.pk}/")


@pytest.mark.parametrize("part", ["0", "-1", "30.01", "1.001", "abc", "٣"])
def test_a_part_that_is_none_takes_nothing(owing, part):
    browser, bill, daughter = owing
    bind(daughter)
    answer = browser.post(f"/me/relatives/{bill.pk}/pay/", {"amount_fen": 3000, "part_fen": part})
    assert answer.headers["Location"] == f"/me/relatives/{bill.pk}/"
    assert not Attempt.objects.exists()


def test_a_channel_that_is_not_bound_takes_nothing(owing):
    browser, bill, daughter = owing
    bind(daughter)
    browser.post(f"/me/relatives/{bill.pk}/pay/", {"amount_fen": 3000, "channel": "alipay"})
    assert not Attempt.objects.exists()


@pytest.mark.parametrize("elder", [False, True])
def test_the_pages_are_sound_in_english_and_for_the_elderly(member, hospital, elder):
    browser, joined = member
    if elder:
        browser.cookies["yifu_elder"] = "1"
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    bill = rows.bill(
        rows.visit(hospital, joined.person), joined.person, 900, due_at=NOW + timedelta(days=1)
    )
    pages = [
        "/me/family/",
        "/me/family/add/",
        f"/me/family/{joined.pk}/",
        "/me/relatives/",
        f"/me/relatives/{bill.pk}/",
    ]
    for page in pages:
        text = browser.text(page)
        assert faults_of(text) == []
        for given in ("欧阳明月", "欧**满", "中文", "示范市医院01"):
            text = text.replace(given, "")
        assert not [char for char in text if "\u3400" <= char <= "\u9fff"], page


def test_the_invitation_is_sound_in_english(login, invited):
    browser = login(invited)
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    text = browser.text(f"/me/family/asked/{FamilyRequest.objects.get().pk}/")
    assert faults_of(text) == []
    for given in ("欧**月", "中文"):
        text = text.replace(given, "")
    assert not [char for char in text if "\u3400" <= char <= "\u9fff"]


def test_a_contract_of_debits_asks_for_no_limit(login, mother):
    builders.contract(mother, funding="debit")
    assert not CreditLine.objects.exists()
    assert "最多可用" not in login(mother).text("/me/family/add/")
