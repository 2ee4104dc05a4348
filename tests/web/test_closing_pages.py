"""What is due when, why a standing is what it is, contesting it, and closing (P1.6, P4.1-P4.5)."""

from datetime import datetime, timedelta

import pytest
from django.conf import settings

from tests import builders
from tests.web import rows
from tests.web.rows import NOW
from tests.web.test_markup import faults_of
from yifu.clock import CHINA
from yifu.collection.models import DefaultEntry, Dispute
from yifu.credit.models import CreditLine, StandingChange
from yifu.ledger import services as ledger
from yifu.patients.models import Contract, Dependant
from yifu.patients.services import notify
from yifu.payments import services as payments
from yifu.payments.models import Binding

DAY = timedelta(days=1)


def page_text(answer):
    return answer.content.decode()


@pytest.fixture
def signed(login, mother):
    """The mother's browser, after she has signed."""
    builders.contract(mother)
    return login(mother)


@pytest.fixture
def owes(hospital, mother):
    """Let the mother owe 30 yuan."""

    def make(**changes):
        return rows.bill(rows.visit(hospital, mother), mother, 3000, **changes)

    return make


# --- what is due when -----------------------------------------------------------------------------


def test_the_calendar_begins_with_what_is_overdue(signed, owes):
    coming = owes(due_at=NOW + 2 * DAY)
    late = owes(due_at=NOW - DAY, state="overdue")
    waits = owes(due_at=None)
    text = signed.text("/me/due/")
    assert "已逾期 ¥30.00" in text
    places = [text.index(f"/me/bills/{bill.pk}/") for bill in (late, coming, waits)]
    assert places == sorted(places)


def test_the_calendar_says_what_happens_when(signed, owes):
    owes(due_at=NOW + DAY)
    text = signed.text("/me/due/")
    assert "3月3日 09:30 到期" in text
    assert "3月3日 09:30 仍未付：服务暂停" in text
    assert "4月3日 09:30 仍未付：可能被认定失信" in text
    assert "不会自动扣款" in text
    assert "自动扣款</small>" not in text


def test_with_an_account_the_calendar_says_when_it_is_debited(signed, owes, mother):
    channel = rows.silent_channel()
    payments.bind(person_id=mother.pk, channel_id=channel.pk, contract_id="C1", now=NOW)
    owes(due_at=NOW + DAY)
    text = signed.text("/me/due/")
    assert "3月3日 00:30 自动扣款" in text
    assert "夜间从微信支付自动扣款" in text


def test_a_month_after_the_last_of_january_is_the_last_of_february(signed, owes):
    owes(due_at=datetime(2026, 1, 31, tzinfo=CHINA), state="overdue")
    early = {"Yifu-Now": "2026-02-01T08:00:00+08:00"}
    assert "2月28日 00:00 仍未付：可能被认定失信" in signed.text("/me/due/", headers=early)


def test_what_was_written_off_may_still_be_paid(signed, owes, mother):
    channel = rows.silent_channel()
    payments.bind(person_id=mother.pk, channel_id=channel.pk, contract_id="C1", now=NOW)
    bill = owes(due_at=NOW - 400 * DAY, state="written_off")
    assert "用微信支付付 ¥30.00" in signed.text(f"/me/bills/{bill.pk}/")
    text = signed.text("/me/due/")
    assert "已逾期 ¥30.00" in text
    assert "自动扣款</small>" not in text


def test_without_bills_the_calendar_says_so(signed):
    assert "没有待付的账单" in signed.text("/me/due/")


def test_messages_are_kept_newest_first_and_only_ones_own(signed, mother, hospital):
    other = rows.person(hospital, "旁人")
    for person, sum_, at in (
        (mother, "¥1.00", NOW),
        (mother, "¥2.00", NOW + DAY),
        (other, "¥9", NOW),
    ):
        notify(
            person_id=person.pk,
            template="debited",
            params={"name": person.name, "amount": sum_},
            key=f"{person.pk}{sum_}",
            now=at,
        )
    text = signed.text("/me/messages/")
    assert text.index("¥2.00") < text.index("¥1.00")
    assert "旁人" not in text
    assert "待发送" in text


def test_a_message_of_a_forgotten_kind_is_shown_by_its_name(signed, mother):
    notify(person_id=mother.pk, template="gone", params={}, key="gone", now=NOW)
    assert "gone" in signed.text("/me/messages/")


# --- standing and the default list ----------------------------------------------------------------


@pytest.fixture
def defaulted(signed, owes, mother, hospital):
    """The mother, listed for a bill a month overdue; her browser and the entry."""
    bill = owes(due_at=NOW - 40 * DAY, state="defaulted")
    line = CreditLine.objects.get(person=mother)
    CreditLine.objects.update(standing="defaulted")
    StandingChange.objects.create(
        credit_line=line,
        before="suspended",
        after="defaulted",
        at=NOW - DAY,
        reason=f"bill:{bill.pk} defaulted",
        rule="P4.4",
    )
    entry = DefaultEntry.objects.create(
        bill=bill,
        principal=mother,
        institution=hospital,
        state="confirmed",
        rule="P4.4",
        proposed_at=NOW - 2 * DAY,
        decided_at=NOW - DAY,
        decided_by="finance",
    )
    return signed, entry


def test_a_standing_has_a_reason_a_rule_a_date_and_a_way_back(defaulted):
    browser, entry = defaulted
    text = browser.text("/me/")
    assert "自 3月1日 09:30 起" in text
    assert "依据：逾期超过规定期限，经医疗机构认定失信" in text
    assert f"/me/bills/{entry.bill_id}/" in text
    assert f"/me/entries/{entry.pk}/" in text
    page = browser.text(f"/me/entries/{entry.pk}/")
    assert "示范市医院01" in page
    assert "5 分钟内自动恢复" in page
    assert "认定后 15 天内可以提出" in page


def test_an_entry_is_contested_once_and_its_state_is_shown(defaulted):
    browser, entry = defaulted
    page = f"/me/entries/{entry.pk}/"
    browser.post(page, {"reason": "这笔费用当天已在窗口付清"})
    dispute = Dispute.objects.get(entry=entry)
    assert dispute.opened_by.startswith("person-")
    text = browser.text(page)
    assert "这笔费用当天已在窗口付清" in text
    assert "提交异议" not in text
    assert "异议中" in browser.text("/me/")
    browser.post(page, {"reason": "再说一遍，已经付清"})
    assert "已有未处理的异议" in browser.text(page)
    assert Dispute.objects.count() == 1


def test_a_dispute_is_taken_back(defaulted):
    browser, entry = defaulted
    browser.post(f"/me/entries/{entry.pk}/", {"reason": "这笔费用当天已在窗口付清"})
    dispute = Dispute.objects.get()
    browser.post(f"/me/entries/{entry.pk}/disputes/{dispute.pk}/withdraw/")
    dispute.refresh_from_db()
    assert dispute.state == "withdrawn"
    assert (
        browser.post(f"/me/entries/{entry.pk}/disputes/{dispute.pk}/withdraw/").status_code == 409
    )


@pytest.mark.parametrize("reason", ["", "不对", "x" * 501, "\x00\x00\x00\x00\x00\x00"])
def test_a_reason_that_says_nothing_is_refused(defaulted, reason):
    browser, entry = defaulted
    assert browser.post(f"/me/entries/{entry.pk}/", {"reason": reason}).status_code == 422
    assert not Dispute.objects.exists()


def test_after_the_days_for_contesting_it_is_refused_in_words(defaulted):
    browser, entry = defaulted
    late = {"Yifu-Now": (NOW + 20 * DAY).isoformat()}
    answer = browser.post(f"/me/entries/{entry.pk}/", {"reason": "当时已经付清了"}, headers=late)
    assert "已过 15 天异议期" in page_text(answer)


def test_another_persons_entry_does_not_exist(defaulted, login, hospital):
    _, entry = defaulted
    stranger = login(rows.person(hospital))
    stranger.text(f"/me/entries/{entry.pk}/", 404)
    assert stranger.post(f"/me/entries/{entry.pk}/", {"reason": "不是我的"}).status_code == 404
    withdraw = f"/me/entries/{entry.pk}/disputes/1/withdraw/"
    assert stranger.post(withdraw).status_code == 404


# --- closing --------------------------------------------------------------------------------------


def test_closing_lists_what_stands_in_the_way_with_what_mends_it(defaulted, mother):
    browser, entry = defaulted
    line = CreditLine.objects.get(person=mother).line
    ledger.hold(key="h", lines=(line.pk,), amount_fen=500, now=NOW, expires_at=NOW + 3 * DAY)
    text = browser.text("/me/close/")
    assert "还不能关闭" in text
    assert f'href="/me/bills/{entry.bill_id}/">未付账单' in text
    assert f'href="/me/entries/{entry.pk}/">失信认定' in text
    assert "锁定的额度" in text
    assert "最晚 3月5日 09:30 自动释放" in text
    assert "/me/close/confirm/" not in text


def test_an_obstacle_is_not_closed_over(signed, owes, mother):
    owes()
    signed.post("/me/close/confirm/", {"sure": "yes"})
    assert "付清后可关闭" in signed.text("/me/close/")
    assert Contract.objects.get(person=mother).state == "active"


def test_closing_says_what_ends_and_ends_it(login, mother, hospital):
    child = rows.person(hospital, "欧阳小满", born="2018-06-01")
    builders.contract(mother, dependants=[(child, 50_000)])
    channel = rows.silent_channel()
    payments.bind(person_id=mother.pk, channel_id=channel.pk, contract_id="C1", now=NOW)
    browser = login(mother)
    text = browser.text("/me/close/")
    assert "子女 欧**满 同时退出" in text
    assert "不再从微信支付自动扣款" in text
    answer = browser.post("/me/close/confirm/", {"sure": "yes"})
    assert answer.headers["Location"] == "/me/close/done/"
    done = browser.text("/me/close/done/")
    assert "已于 2026年3月2日 09:30 关闭" in done
    assert "欧**满" in done
    assert Contract.objects.get(person=mother).state == "closed"
    assert not Dependant.objects.filter(ended_at__isnull=True).exists()
    assert not Binding.objects.filter(active=True).exists()


def test_closing_twice_closes_once_and_signing_again_is_possible(signed, mother):
    for _ in range(2):
        answer = signed.post("/me/close/confirm/", {"sure": "yes"})
        assert answer.headers["Location"] == "/me/close/done/"
    assert "没有可关闭的签约" in signed.text("/me/close/")
    signed.post("/me/sign/")
    signed.text("/me/sign/text/")
    signed.post("/me/sign/text/", {"version": "2026-01", "agree": "yes"})
    signed.post("/me/sign/funding/", {"funding": "platform"})
    assert Contract.objects.filter(person=mother).count() == 2
    assert signed.get("/me/close/done/").headers["Location"] == "/me/close/"


def test_without_the_tick_nothing_is_closed(signed, mother):
    signed.post("/me/close/confirm/", {})
    assert "请先勾选确认" in signed.text("/me/close/")
    assert Contract.objects.get(person=mother).state == "active"


def test_who_never_signed_has_nothing_to_close(login, mother):
    browser = login(mother)
    assert "没有可关闭的签约" in browser.text("/me/close/")
    assert browser.get("/me/close/done/").headers["Location"] == "/me/close/"
    assert browser.post("/me/close/confirm/", {"sure": "yes"}).status_code == 302


def test_a_dependant_cannot_close_the_principals_contract(login, mother, hospital):
    child = rows.person(hospital, "欧阳小满", born="2018-06-01")
    builders.contract(mother, dependants=[(child, None)])
    login(child).post("/me/close/confirm/", {"sure": "yes"})
    assert Contract.objects.get().state == "active"


@pytest.mark.parametrize("page", ["/me/close/confirm/", "/me/family/1/remove/"])
def test_what_ends_something_is_never_a_get(signed, page):
    assert signed.get(page).status_code == 405


@pytest.mark.parametrize("elder", [False, True])
def test_the_pages_are_sound_in_english_and_for_the_elderly(defaulted, mother, elder):
    browser, entry = defaulted
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    if elder:
        browser.cookies["yifu_elder"] = "1"
    notify(
        person_id=mother.pk,
        template="debited",
        params={"name": "", "amount": "¥1"},
        key="n",
        now=NOW,
    )
    browser.post(f"/me/entries/{entry.pk}/", {"reason": "paid at the window"})
    pages = ["/me/", "/me/due/", "/me/messages/", f"/me/entries/{entry.pk}/", "/me/close/"]
    texts = [browser.text(page) for page in pages]
    DefaultEntry.objects.all().update(state="refused")
    Dispute.objects.all().update(state="withdrawn")
    entry.bill.state, entry.bill.paid_fen = "paid", 3000
    entry.bill.save()
    texts.append(browser.text("/me/close/"))
    browser.post("/me/close/confirm/", {"sure": "yes"})
    texts.append(browser.text("/me/close/done/"))
    for text in texts:
        assert faults_of(text) == []
        left = text
        for given in ("欧阳明月", "内科", "示范市医院01", "中文"):
            left = left.replace(given, "")
        assert not [char for char in left if "\u3400" <= char <= "\u9fff"]
