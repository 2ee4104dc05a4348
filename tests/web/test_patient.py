"""What a patient sees and may do on the phone."""

from datetime import timedelta

import pytest
from django.conf import settings

from tests import builders
from tests.web import rows
from tests.web.rows import NOW
from yifu.collection.models import Bill
from yifu.credit.models import CreditLine
from yifu.ledger.models import Line
from yifu.payments import services as payments
from yifu.payments.models import Attempt
from yifu.web import care_code


@pytest.fixture
def child(hospital):
    return rows.person(hospital, "欧阳小满", born="2018-06-01")


@pytest.fixture
def billed(hospital, mother):
    """A visit of 100 yuan: fund 60, account 10, the rest on a bill."""

    def make(who=mother, **changes):
        visit = rows.visit(hospital, who, prices=(8000, 2000))
        bill = rows.bill(visit, mother, 3000, **changes)
        rows.settlement(visit, fund=6000, account=1000, bill=bill)
        return bill

    return make


def owe(person, fen):
    line = CreditLine.objects.get(person=person).line
    Line.objects.filter(pk=line.pk).update(owed_fen=fen)


def test_home_of_somebody_new_says_how_to_begin(login, mother):
    text = login(mother).text("/me/")
    for words in ("欧阳明月", "还没有签约", "没有待付的账单", "还没有账单", "还没有结算记录"):
        assert words in text


def test_home_shows_what_is_available_and_what_is_used(login, mother):
    builders.contract(mother)
    owe(mother, 65_500)
    text = login(mother).text("/me/")
    assert "¥2,345.00" in text
    assert "¥655.00" in text
    assert "¥3,000.00" in text


def test_home_says_what_is_due_and_when(login, mother, billed):
    builders.contract(mother)
    billed(due_at=NOW + timedelta(days=3))
    first = billed(due_at=NOW + timedelta(days=1, hours=14, minutes=30))
    text = login(mother).text("/me/")
    assert "¥60.00" in text
    assert "请在 3月4日 00:00 前付清" in text
    assert "夜间会从绑定的账户自动扣款" not in text
    assert f"/me/bills/{first.pk}/" in text


def test_a_suspended_person_is_told_the_way_back(login, mother, billed):
    builders.contract(mother)
    bill = billed(state="overdue", due_at=NOW - timedelta(days=1))
    CreditLine.objects.update(standing="suspended")
    text = login(mother).text("/me/")
    assert "信用服务已暂停" in text
    assert "逾期账单 1 笔，共 ¥30.00" in text
    assert "付清后立即自动恢复" in text
    assert f'href="/me/bills/{bill.pk}/">去付逾期账单' in text


def test_a_defaulted_person_reads_of_five_minutes(login, mother, billed):
    builders.contract(mother)
    billed(state="defaulted", due_at=NOW - timedelta(days=40))
    CreditLine.objects.update(standing="defaulted")
    assert "5 分钟内自动恢复" in login(mother).text("/me/")


def test_a_child_sees_whose_line_it_is_and_no_more_than_its_part(login, mother, child):
    builders.contract(mother, dependants=[(child, 50_000)])
    text = login(child).text("/me/")
    assert "由父母 欧**月 支付" in text
    assert "¥500.00" in text
    assert "¥3,000.00" not in text


def test_a_childs_part_is_never_more_than_what_the_line_has_left(login, mother, child):
    builders.contract(mother, dependants=[(child, 50_000)])
    owe(mother, 280_000)
    assert "¥200.00" in login(child).text("/me/")


def test_the_family_page_shows_who_is_on_the_line(login, mother, child):
    builders.contract(mother, dependants=[(child, 50_000)])
    text = login(mother).text("/me/family/")
    assert "欧**满" in text
    assert "欧阳小满" not in text
    assert "限额 ¥500.00" in text


def test_the_family_page_of_nobody_says_what_to_do(login, mother):
    assert "签约后可以为子女、父母或配偶付费" in login(mother).text("/me/family/")


def test_the_care_code_is_shown_in_fours_and_is_the_persons(login, mother):
    text = login(mother).text("/me/code/")
    fours = care_code.grouped(care_code.code_of(mother.pk)).split()
    assert "".join(f"<span>{four}</span>" for four in fours) in text
    assert "<img" not in text.split("<main")[1]


def test_a_bill_shows_the_three_parts_and_every_charge(login, mother, billed):
    bill = billed()
    text = login(mother).text(f"/me/bills/{bill.pk}/")
    for words in ("¥60.00", "¥10.00", "¥30.00", "¥100.00", "普通门诊诊查费", "¥80.00", "¥20.00"):
        assert words in text
    assert "医保范围内 ¥80.00" in text
    assert "还没有付款" in text


def test_a_reversed_settlement_is_no_part_of_its_bill_any_more(login, mother, billed):
    bill = billed()
    again = rows.visit(bill.visit.institution, mother, prices=(999,))
    rows.settlement(again, bill=bill, state="reversed", live=False)
    text = login(mother).text(f"/me/bills/{bill.pk}/")
    assert "¥9.99" not in text


def test_a_relatives_name_is_masked_on_ones_bill(login, mother, child, billed):
    bill = billed(child)
    text = login(mother).text(f"/me/bills/{bill.pk}/")
    assert "欧**满" in text
    assert "欧阳小满" not in text


def test_without_a_binding_the_bill_says_where_to_pay(login, mother, billed):
    bill = billed()
    browser = login(mother)
    text = browser.text(f"/me/bills/{bill.pk}/")
    assert "到任一窗口付款" in text
    assert "/pay/" not in text
    browser.post(f"/me/bills/{bill.pk}/pay/", {"amount_fen": 3000})
    assert "没有绑定可扣款的账户" in browser.text(f"/me/bills/{bill.pk}/")
    assert not Attempt.objects.exists()


def test_a_banks_bill_is_not_paid_here(login, mother, billed):
    bill = billed(account="bank:icbc", due_at=None)
    assert "欠款由银行向您收取" in login(mother).text(f"/me/bills/{bill.pk}/")


@pytest.fixture
def bound(mother):
    """The mother's debit contract; its channel is on a port where nobody listens."""
    channel = rows.silent_channel()
    return payments.bind(person_id=mother.pk, channel_id=channel.pk, contract_id="C1", now=NOW)


@pytest.mark.usefixtures("bound")
def test_with_a_binding_the_button_names_channel_and_sum(login, mother, billed):
    text = login(mother).text(f"/me/bills/{billed().pk}/")
    assert "用微信支付付 ¥30.00" in text
    assert 'name="amount_fen" value="3000"' in text


@pytest.mark.usefixtures("bound")
def test_with_a_binding_home_says_that_it_is_debited_at_night(login, mother, billed):
    billed()
    assert "夜间会从绑定的账户自动扣款" in login(mother).text("/me/")


@pytest.mark.usefixtures("bound")
@pytest.mark.parametrize("amount", ["", "-1", "30.00", "٣٠٠٠", "1e3"])
def test_an_amount_that_is_none_is_refused(login, mother, billed, amount):
    bill = billed()
    answer = login(mother).post(f"/me/bills/{bill.pk}/pay/", {"amount_fen": amount})
    assert answer.status_code == 422
    assert not Attempt.objects.exists()


@pytest.mark.usefixtures("bound")
def test_a_bill_that_changed_meanwhile_is_shown_again_first(login, mother, billed):
    bill = billed()
    Bill.objects.update(paid_fen=1000)
    browser = login(mother)
    answer = browser.post(f"/me/bills/{bill.pk}/pay/", {"amount_fen": 3000})
    assert answer.headers["Location"] == f"/me/bills/{bill.pk}/"
    assert "金额已经变化" in browser.text(f"/me/bills/{bill.pk}/")
    assert not Attempt.objects.exists()


def test_a_debit_above_the_daily_limit_says_what_is_left(login, mother, billed, bound):
    bound.daily_limit_fen = 2000
    bound.save()
    bill, browser = billed(), login(mother)
    browser.post(f"/me/bills/{bill.pk}/pay/", {"amount_fen": 3000})
    assert "今天还可以扣 ¥20.00" in browser.text(f"/me/bills/{bill.pk}/")


@pytest.mark.usefixtures("bound")
def test_a_payment_under_way_keeps_the_button_away(login, mother, billed):
    bill, browser = billed(), login(mother)
    rows.attempt(f"bill:{bill.pk}", 3000, state="unknown", resolved_at=None)
    text = browser.text(f"/me/bills/{bill.pk}/")
    assert "请勿重复付款" in text
    assert "/pay/" not in text
    answer = browser.post(f"/me/bills/{bill.pk}/pay/", {"amount_fen": 3000})
    assert answer.headers["Location"] == f"/me/bills/{bill.pk}/result/"
    assert Attempt.objects.count() == 1


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("succeeded", "付款成功"),
        ("failed", "没有扣款"),
        ("unknown", "请勿重复付款"),
        ("requested", "请勿重复付款"),
    ],
)
def test_the_result_page_says_how_the_payment_ended(login, mother, billed, state, words):
    bill = billed()
    rows.attempt(f"bill:{bill.pk}", 3000, state=state)
    assert words in login(mother).text(f"/me/bills/{bill.pk}/result/")


@pytest.mark.usefixtures("transactional_db", "bound")
def test_when_the_channel_cannot_be_reached_nothing_is_paid_and_it_is_said(login, mother, billed):
    bill, browser = billed(), login(mother)
    answer = browser.post(f"/me/bills/{bill.pk}/pay/", {"amount_fen": 3000})
    text = browser.text(answer.headers["Location"])
    assert "没有扣款" in text or "请勿重复付款" in text
    bill.refresh_from_db()
    assert (bill.paid_fen, bill.state) == (0, "open")


def test_without_a_payment_there_is_no_result(login, mother, billed):
    bill = billed()
    answer = login(mother).get(f"/me/bills/{bill.pk}/result/")
    assert answer.headers["Location"] == f"/me/bills/{bill.pk}/"


def test_a_paid_bill_shows_its_payments_and_no_button(login, mother, billed):
    bill = billed(state="paid", paid_fen=3000)
    rows.payment(bill, rows.attempt(f"bill:{bill.pk}", 3000, "cash"))
    text = login(mother).text(f"/me/bills/{bill.pk}/")
    assert "已付清" in text
    assert "窗口现金" in text
    assert "/pay/" not in text


def test_receipts_stand_beside_their_charges(login, mother, billed):
    bill = billed()
    receipt = rows.receipt(bill.settlements.get())
    text = login(mother).text(f"/me/bills/{bill.pk}/")
    assert receipt.number in text
    assert receipt.check_code in text


def test_a_settlement_without_a_bill_can_be_looked_at(login, mother, hospital):
    visit = rows.visit(hospital, mother, prices=(1000,))
    settlement = rows.settlement(visit, fund=1000, method="none")
    browser, page = login(mother), f"/me/settlements/{settlement.pk}/"
    assert "无需个人支付" in browser.text(page)
    assert f'href="{page}"' in browser.text("/me/")


def test_what_a_child_had_is_seen_by_who_pays_and_by_nobody_else(login, mother, child, billed):
    settlement = billed(child).settlements.get()
    assert "欧**满" in login(mother).text(f"/me/settlements/{settlement.pk}/")
    stranger = rows.person(settlement.institution)
    login(stranger).text(f"/me/settlements/{settlement.pk}/", 404)


def test_what_is_owed_comes_before_what_was_paid(login, mother, billed):
    owed, paid = billed(), billed(state="paid", paid_fen=3000, opened_at=NOW + timedelta(hours=1))
    text = login(mother).text("/me/bills/")
    assert text.index(f"/me/bills/{owed.pk}/") < text.index(f"/me/bills/{paid.pk}/")


def test_bills_come_a_page_at_a_time_newest_first(login, mother, billed):
    bills = [billed(opened_at=NOW + timedelta(minutes=place)) for place in range(23)]
    browser = login(mother)
    first, second = browser.text("/me/bills/"), browser.text("/me/bills/?page=2")
    assert f"/me/bills/{bills[-1].pk}/" in first
    assert f"/me/bills/{bills[0].pk}/" not in first
    assert f"/me/bills/{bills[0].pk}/" in second
    assert "1 / 2" in first
    assert "1 / 2" in browser.text("/me/bills/?page=nonsense")
    assert "2 / 2" in browser.text("/me/bills/?page=99")


@pytest.mark.parametrize("page", ["/me/", "/me/bills/", "/me/family/", "/me/code/"])
def test_pages_speak_english_after_the_switch(login, mother, child, billed, page):
    builders.contract(mother, dependants=[(child, 50_000)])
    billed()
    browser = login(mother)
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    text = browser.text(page)
    data = ("欧阳明月", "内科", "示范市医院01", "欧**满", "中文")
    for given in data:
        text = text.replace(given, "")
    assert not [char for char in text if "\u3400" <= char <= "\u9fff"]
