"""One visit told on the pages: the doctor's room, the mother's phone, the finance desk.

The insurer and the debit channel are the real simulated processes; the browser is a real one.
"""

import re
from datetime import timedelta

import pytest

from tests import builders
from tests.builders import NOW
from tests.journeys.conftest import DESKTOP, PHONE, give_seat, no_sideways, user
from tests.payments.conftest import channel, wechat, wechat_process  # noqa: F401 - fixtures
from tests.settlement.conftest import insurer, world  # noqa: F401 - fixtures
from tests.web import rows
from yifu.settlement.models import Settlement
from yifu.visits.models import Charge, Consent

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SIZES = pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])


def seen(page, text):
    page.get_by_text(text).first.wait_for()


@pytest.fixture
def mother(transactional_db):  # noqa: ARG001 - the table is there
    person = builders.person(born="1988-03-12", name="欧阳明月")
    person.user = user("mother")
    person.save(update_fields=["user"])
    return person


@pytest.fixture
def billed(mother):
    """A mother with a line, a child on it, and a bill of 30 yuan."""
    child = builders.person(born="2018-06-01", name="欧阳小满")
    enrolled = builders.contract(mother, dependants=[(child, 50_000)])
    assert enrolled.credit_line is not None
    line = enrolled.credit_line.line
    bill = builders.bill(mother, 3000, line=line, patient=child)
    for place, fen in enumerate((8000, 2000), start=1):
        Charge.objects.create(
            visit=bill.visit,
            line_no=place,
            local_code=f"FW{place:04d}",
            national_code="001102000010000",
            name="普通门诊诊查费",
            quantity=1,
            unit_price_fen=fen,
            amount_fen=fen,
            occurred_at=NOW,
        )
    rows.settlement(bill.visit, fund=6000, account=1000, bill=bill)
    return bill


@SIZES
def test_a_patient_finds_line_bill_code_and_family(sign_in, billed, size):
    page = sign_in("mother", size)
    seen(page, "欧阳明月，您好")
    seen(page, "¥2,970.00")
    no_sideways(page)
    page.get_by_role("link", name="出示诊疗码").click()
    assert re.fullmatch(r"\d{4}(\s+\d{4}){3}", page.locator(".digits").inner_text())
    no_sideways(page)
    page.get_by_role("link", name="家庭").click()
    seen(page, "欧**满")
    no_sideways(page)
    page.get_by_role("link", name="账单", exact=True).click()
    page.get_by_role("link", name="内科").click()
    page.wait_for_url(f"**/me/bills/{billed.pk}/")
    seen(page, "医保统筹基金")
    seen(page, "普通门诊诊查费")
    no_sideways(page)


@SIZES
def test_the_switch_makes_every_page_english_and_back(sign_in, billed, size):
    page = sign_in("mother", size)
    page.get_by_role("button", name="English").click()
    seen(page, "Hello, 欧阳明月")
    assert page.locator("html").get_attribute("lang") == "en"
    no_sideways(page)
    page.goto(f"/me/bills/{billed.pk}/")
    seen(page, "Who paid what")
    no_sideways(page)
    page.get_by_role("button", name="中文").click()
    seen(page, "谁付了多少")


@pytest.mark.usefixtures("billed")
def test_the_elder_mode_makes_text_and_targets_large(sign_in):
    page = sign_in("mother", PHONE)
    page.get_by_role("button", name="长辈版").click()
    page.get_by_role("button", name="标准版").wait_for()
    size, line = page.evaluate(
        "(() => { const s = getComputedStyle(document.body);"
        " return [parseFloat(s.fontSize), parseFloat(s.lineHeight)] })()"
    )
    assert size >= 18
    assert line / size >= 1.3
    small = page.evaluate(
        "[...document.querySelectorAll('a.button, button, .tabs a, .row')]"
        ".filter(e => e.offsetParent && e.getBoundingClientRect().height < 60)"
        ".map(e => e.innerText)"
    )
    assert small == []
    no_sideways(page)


def test_a_bill_is_paid_with_one_tap(sign_in, billed, mother, channel, wechat):  # noqa: F811
    builders.binding(mother, channel, wechat)
    page = sign_in("mother", PHONE)
    page.goto(f"/me/bills/{billed.pk}/")
    page.get_by_role("button", name="用微信支付付 ¥30.00").click()
    seen(page, "付款成功")
    no_sideways(page)
    page.get_by_role("link", name="查看账单").click()
    seen(page, "已付清")
    page.goto("/me/")
    seen(page, "¥3,000.00")
    billed.refresh_from_db()
    assert (billed.state, billed.paid_fen) == ("paid", 3000)


def test_a_refused_debit_says_that_nothing_was_taken(
    sign_in,
    billed,
    mother,
    channel,  # noqa: F811
    wechat,  # noqa: F811
):
    builders.binding(mother, channel, wechat, balance_fen=0)
    page = sign_in("mother", PHONE)
    page.goto(f"/me/bills/{billed.pk}/")
    page.get_by_role("button", name="用微信支付付 ¥30.00").click()
    seen(page, "没有扣款")
    billed.refresh_from_db()
    assert billed.paid_fen == 0


@pytest.fixture
def in_the_room(world):  # noqa: F811
    """An insured patient with a line in the doctor's room; `prices` are the charges."""

    def make(*prices, national_code="001102000010000"):
        give_seat(world.hospital, "doctor", doctor_code="D0101")
        patient = world.person(balance_fen=400)
        world.sign(patient)
        visit = builders.visit(
            patient,
            at=world.hospital,
            began_at=NOW - timedelta(hours=1),
            charges=prices,
            ended_at=None,
        )
        visit.charges.update(national_code=national_code)
        return visit

    return make


def test_the_doctor_finishes_and_the_patient_may_leave(sign_in, in_the_room):
    visit = in_the_room(1500)
    page = sign_in("doctor", DESKTOP)
    page.get_by_role("link", name="测").click()
    no_sideways(page)
    page.get_by_role("button", name="预览").click()
    seen(page, "没有提醒")
    assert not Settlement.objects.exists()
    page.get_by_role("button", name="结束并结算").dblclick()
    seen(page, "结算完成")
    seen(page, "患者可以直接离开")
    seen(page.locator("#ended-at"), "2026-03-02 09:30")
    no_sideways(page)
    settlement = Settlement.objects.get(visit=visit)
    assert (settlement.state, settlement.method) == ("completed", "credit")
    assert (settlement.account_fen, settlement.personal_fen) == (400, 1100)


def test_what_insurance_does_not_pay_needs_consent_first(sign_in, in_the_room):
    visit = in_the_room(30_000, national_code="009999999999999")
    page = sign_in("doctor", DESKTOP)
    page.goto(f"/doctor/visits/{visit.pk}/")
    page.get_by_role("button", name="结束并结算").click()
    seen(page, "请先告知患者并征得同意")
    assert not Settlement.objects.exists()
    page.get_by_label("患者同意").check()
    page.get_by_role("button", name="结束并结算").click()
    seen(page, "结算完成")
    consent = Consent.objects.get(visit=visit)
    assert "300.00" in consent.wording
    assert (consent.recorded_by, consent.lines) == ("doctor", [1])


def test_a_lost_answer_is_shown_as_unknown_and_watched(
    sign_in,
    in_the_room,
    world,  # noqa: F811
):
    visit = in_the_room(1500)
    world.insurer.fault("drop_answer", infno="2207", times=1)
    page = sign_in("doctor", DESKTOP)
    page.goto(f"/doctor/visits/{visit.pk}/")
    page.get_by_role("button", name="结束并结算").click()
    seen(page, "医保结果未知")
    seen(page, "不要收取现金")
    # Whatever finishes it, the page tells without being asked.
    Settlement.objects.filter(visit=visit).update(state="reversed", reason="已撤销")
    seen(page, "结算已撤销")


def test_when_no_answer_comes_the_page_says_what_to_do(faults, sign_in, in_the_room):
    visit = in_the_room(1500)
    page = sign_in("doctor", DESKTOP)
    page.goto(f"/doctor/visits/{visit.pk}/")
    page.route("**/finish/", lambda route: route.abort("connectionfailed"))
    page.get_by_role("button", name="结束并结算").click()
    seen(page, "没有收到回答")
    page.unroute("**/finish/")
    assert any("CONNECTION_FAILED" in fault for fault in faults)
    faults.clear()
    page.get_by_role("button", name="结束并结算").click()
    seen(page, "结算完成")
    assert not page.get_by_text("没有收到回答").is_visible()


@SIZES
def test_finance_reads_the_headline_and_decides(sign_in, size):
    hospital = builders.institution()
    give_seat(hospital, "finance")
    rows.settlement(rows.visit(hospital, builders.person(), prices=(123_456,)), setl_id="S1")
    rows.difference(rows.statement(hospital, rows=1), "S1")
    page = sign_in("finance", size)
    seen(page, "1 处差异待处理")
    seen(page, "¥1,234.56")
    no_sideways(page)
    page.get_by_label("处理结果").select_option("explained")
    page.get_by_label("原因").fill("医保次日更正")
    page.get_by_role("button", name="记录", exact=True).click()
    seen(page, "1 处差异均已处理")
    no_sideways(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="导出差异（CSV）").click()
    assert download.value.suggested_filename == "differences-2026-03-02.csv"


@SIZES
@pytest.mark.parametrize("address", ["/", "/accounts/login/", "/nowhere/"])
def test_pages_for_everybody_fit_the_window(chromium, site, size, address):
    context = chromium.new_context(viewport=size, base_url=site)
    page = context.new_page()
    page.goto(address)
    no_sideways(page)
    assert page.locator("h1").count() == 1
    context.close()


CONTRAST = """() => {
  const parse = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const over = ([r, g, b, a = 1], under) =>
    [r, g, b].map((part, i) => part * a + under[i] * (1 - a));
  const light = (rgb) => {
    const [r, g, b] = rgb.map((part) => part / 255)
      .map((part) => part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    if (!element) return [255, 255, 255];
    const colour = parse(getComputedStyle(element).backgroundColor);
    return colour[3] === undefined ? colour : over(colour, behind(element.parentElement));
  };
  const poor = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.data.trim(), element = walker.currentNode.parentElement;
    if (!text || !element.checkVisibility() || element.closest("script")) continue;
    const back = behind(element), fore = over(parse(getComputedStyle(element).color), back);
    const [dark, bright] = [light(fore), light(back)].sort((a, b) => a - b);
    const ratio = (bright + 0.05) / (dark + 0.05);
    if (ratio < 4.5) poor.push(`${text}: ${ratio.toFixed(2)}`);
  }
  return poor;
}"""


def readable(page):
    """All text has a contrast of 4.5 to 1 at least (WCAG 1.4.3)."""
    page.wait_for_load_state()
    assert page.evaluate(CONTRAST) == [], page.url


@pytest.mark.parametrize("mode", ["standard", "elder"])
def test_a_patients_pages_are_readable(sign_in, billed, mode):
    rows.receipt(billed.settlements.get())
    page = sign_in("mother", PHONE)
    if mode == "elder":
        page.get_by_role("button", name="长辈版").click()
        page.get_by_role("button", name="标准版").wait_for()
    pages = ("", "code/", "family/", "family/add/", "due/", "messages/", "relatives/", "close/")
    for address in (*pages, "bills/", f"bills/{billed.pk}/"):
        page.goto(f"/me/{address}")
        readable(page)
        no_sideways(page)


def test_the_staffs_pages_are_readable(sign_in):
    hospital = builders.institution()
    patient = builders.person()
    give_seat(hospital, "doctor", doctor_code="D0101")
    give_seat(hospital, "finance")
    rows.difference(rows.statement(hospital, rows=1), "S1")
    states = ("completed", "awaiting_payment", "unknown", "rejected")
    visits = [rows.visit(hospital, patient) for _ in states]
    for visit, state in zip(visits, states, strict=True):
        rows.settlement(visit, state=state, live=state != "rejected")
    page = sign_in("doctor", DESKTOP)
    readable(page)
    for visit in visits:
        page.goto(f"/doctor/visits/{visit.pk}/")
        readable(page)
    page = sign_in("finance", DESKTOP)
    readable(page)


def test_unreadable_text_would_be_noticed(open_browser):
    page = open_browser(PHONE)
    page.goto("/")
    page.evaluate("document.querySelector('h1').style.color = '#aaa'")
    with pytest.raises(AssertionError, match="先诊疗"):
        readable(page)
