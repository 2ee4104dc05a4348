"""A mother signs up in four steps, adds a child, sees what is due, pays, closes; and the window.

Browser, debit channel and credit platform are real processes. With `YIFU_SCREENS` set to a folder
every page is photographed there, on the phone and on a desk.
"""

import os
from datetime import date, timedelta
from pathlib import Path

import pytest

from counterparts.population import make_id_number
from tests import builders
from tests.builders import NOW
from tests.credit.conftest import (  # noqa: F401 - fixtures
    APP,
    KEY,
    credit_process,
    platform,
)
from tests.journeys.conftest import DESKTOP, PHONE, give_seat, no_sideways, user
from tests.payments.conftest import channel, wechat, wechat_process  # noqa: F401 - fixtures
from yifu.collection.models import Bill
from yifu.credit.models import CreditLine, CreditParty
from yifu.patients import services as patients
from yifu.patients.models import Consent, Contract, Dependant
from yifu.secrets import encrypt
from yifu.web import care_code

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CHILD_NO = make_id_number(region="990778", born=date(2019, 5, 20), sequence=11)


def ready(page):
    """A field has the keyboard, as a cashier sees before typing."""
    page.locator("input:focus").wait_for()


def seen(page, text):
    page.get_by_text(text).first.wait_for()


def looked_at(page, name):
    """The page fits the phone and the desk; photographed when a folder for it is named."""
    folder = os.environ.get("YIFU_SCREENS")
    small = page.viewport_size
    for size, suffix in ((PHONE, ""), (DESKTOP, "-desktop")):
        if size != small and not folder:
            continue
        page.set_viewport_size(size)
        no_sideways(page)
        if folder:
            page.screenshot(path=Path(folder) / f"{name}{suffix}.png")
    page.set_viewport_size(small)


@pytest.fixture
def mother(channel, wechat, platform):  # noqa: F811, ARG001 - all of them are there to be asked
    person = builders.person(born="1988-03-12", name="欧阳明月")
    person.user = user("mother")
    person.save(update_fields=["user"])
    number = patients.certificate_no(person)
    platform.control("scores", {"id_number": number, "score": 720})
    CreditParty.objects.create(
        area=person.area,
        code="credit_platform",
        base_url=platform.url,
        app=APP,
        key_cipher=encrypt(KEY),
    )
    wechat.control(
        "contracts",
        {"contract_id": "2026030200000007", "balance_fen": None, "mchid": builders.MCHID},
    )
    return person


def sign_up(page):
    """Four steps on the phone."""
    page.get_by_role("link", name="去签约").first.click()
    seen(page, "这是您吗？")
    looked_at(page, "patient-sign-1")
    page.get_by_role("button", name="是我，下一步").click()
    seen(page, "48 小时内付清")
    looked_at(page, "patient-sign-2")
    page.get_by_label("我已阅读并同意").check()
    page.get_by_role("button", name="同意，下一步").click()
    page.get_by_label("平台授信").check()
    page.get_by_label("扣款账户").select_option("wechat")
    page.get_by_label("扣款协议号").fill("2026030200000007")
    looked_at(page, "patient-sign-3")
    page.get_by_role("button", name="签约").dblclick()
    seen(page, "信用评分 720 分，对应额度 ¥5,000.00")
    looked_at(page, "patient-sign-4")


def add_child(page):
    page.get_by_role("link", name="添加家人").click()
    page.get_by_label("姓名").fill("欧阳小满")
    page.get_by_label("身份证号").fill(CHILD_NO)
    page.get_by_label("亲属关系证明").select_option("birth_certificate")
    page.get_by_label("证明编号").fill("P990100001")
    page.get_by_label("最多可用").fill("500")
    looked_at(page, "patient-family-add")
    page.get_by_role("button", name="添加").click()
    seen(page, "现在看病就由您付费")
    seen(page, "欧**满")
    looked_at(page, "patient-family")


def bill_of(child, principal, *, ago):
    """What the child's visit owes on its part of the line."""
    line = Dependant.objects.get(person=child).share.line
    return builders.bill(principal, 3000, line=line, patient=child, began_at=NOW, due_at=NOW + ago)


def test_a_mother_signs_up_adds_a_child_pays_and_closes(sign_in, mother):
    page = sign_in("mother", PHONE)
    sign_up(page)
    contract = Contract.objects.get(person=mother)
    assert CreditLine.objects.get(contract=contract).line.limit_fen == 500_000
    assert Consent.objects.filter(contract=contract).count() == 1
    add_child(page)
    child = Dependant.objects.get(contract=contract).person
    late = bill_of(child, mother, ago=timedelta(hours=-1))
    bill_of(child, mother, ago=timedelta(days=2, hours=14, minutes=30))
    page.goto("/me/due/")
    seen(page, "已逾期 ¥30.00")
    seen(page, "3月3日 00:30 自动扣款")
    looked_at(page, "patient-due")
    page.goto("/me/close/")
    seen(page, "还不能关闭")
    looked_at(page, "patient-close")
    page.get_by_role("link", name="未付账单").first.click()
    page.get_by_text("只付一部分").click()
    page.get_by_label("付多少").fill("10")
    page.get_by_role("button", name="付这一部分").click()
    seen(page, "还需支付 ¥20.00")
    for bill in Bill.objects.order_by("pk"):
        page.goto(f"/me/bills/{bill.pk}/")
        page.get_by_role("button", name="用微信支付付").click()
        seen(page, "付款成功")
    late.refresh_from_db()
    assert (late.state, late.paid_fen) == ("paid", 3000)
    page.goto("/me/close/")
    seen(page, "子女 欧**满 同时退出")
    page.get_by_label("我知道了，要关闭").check()
    page.get_by_role("button", name="关闭服务").click()
    seen(page, "重新签约")
    looked_at(page, "patient-closed")
    contract.refresh_from_db()
    assert contract.state == "closed"


def test_a_cashier_signs_up_somebody_and_takes_cash_by_keyboard(sign_in):
    hospital = builders.institution()
    give_seat(hospital, "cashier")
    elder = builders.person(hospital, born="1951-02-03", name="陈福")
    page = sign_in("cashier", DESKTOP)
    ready(page)
    page.keyboard.type(care_code.code_of(elder.pk))
    page.keyboard.press("Enter")
    page.get_by_role("link", name="代为签约").click()
    seen(page, "48 小时内付清")
    looked_at(page, "desk-sign")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    seen(page, "已代为签约")
    contract = Contract.objects.get(person=elder)
    assert contract.acted_by == "cashier"
    line = CreditLine.objects.get(contract=contract).line
    bill = builders.bill(elder, 3000, line=line, at=hospital)
    page.reload()
    looked_at(page, "desk")
    page.get_by_role("link", name="收款").click()
    seen(page, "还需支付")
    ready(page)
    page.keyboard.type("30")
    page.keyboard.press("Enter")
    seen(page, "已收现金 ¥30.00")
    bill.refresh_from_db()
    assert bill.state == "paid"
