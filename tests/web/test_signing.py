"""A patient signs up in four steps (P1.2)."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import translation

from tests import builders
from tests.web import rows
from tests.web.rows import NOW
from tests.web.test_markup import faults_of
from yifu.credit.models import BankLine, CreditLine, CreditParty, LimitChange, Score
from yifu.credit.schemes import load
from yifu.patients.models import Consent, Contract
from yifu.payments.models import Binding
from yifu.web import terms


def page_text(answer):
    return answer.content.decode()


@pytest.fixture
def me(login, mother):
    return login(mother)


def to_funding(browser, agree="yes"):
    """Go through the first two steps."""
    assert browser.post("/me/sign/").headers["Location"] == "/me/sign/text/"
    text = browser.text("/me/sign/text/")
    (version,) = re.findall(r'name="version" value="([^"]+)"', text)
    return browser.post("/me/sign/text/", {"version": version, "agree": agree})


def test_four_steps_make_a_contract_with_what_was_shown_and_when(me, mother, hospital):
    first = me.text("/me/sign/")
    assert "欧阳明月" in first
    assert "*" * 11 in first
    assert to_funding(me).headers["Location"] == "/me/sign/funding/"
    answer = me.post("/me/sign/funding/", {"funding": "platform"})
    assert answer.headers["Location"] == "/me/sign/done/"
    contract = Contract.objects.get(person=mother)
    assert (contract.funding, contract.consent_channel, contract.acted_by) == (
        "platform",
        "phone",
        "",
    )
    assert contract.institution == hospital
    consent = Consent.objects.get(contract=contract)
    assert (consent.language, consent.shown_at, consent.text.version) == ("zh", NOW, "2026-01")
    done = me.text("/me/sign/done/")
    assert "¥3,000.00" in done
    assert "添加家人" in done


def test_the_identity_number_is_masked_on_every_page(me):
    to_funding(me)
    for page in ("/me/sign/", "/me/sign/text/", "/me/sign/funding/"):
        assert not re.search(r"99\d{15}[\dX]", me.text(page))


def test_the_first_showing_counts_and_agreeing_comes_later(me):
    later = {"Yifu-Now": (NOW + timedelta(minutes=5)).isoformat()}
    me.post("/me/sign/")
    me.text("/me/sign/text/")
    me.text("/me/sign/text/", headers=later)
    me.post("/me/sign/text/", {"version": "2026-01", "agree": "yes"}, headers=later)
    me.post("/me/sign/funding/", {"funding": "platform"}, headers=later)
    consent = Consent.objects.get()
    assert (consent.shown_at, consent.agreed_at) == (NOW, NOW + timedelta(minutes=5))


def test_a_text_in_another_language_is_agreed_to_anew(me):
    to_funding(me)
    me.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    me.text("/me/sign/text/")
    assert me.get("/me/sign/funding/").headers["Location"] == "/me/sign/text/"


def test_the_five_sentences_come_from_the_scheme(me):
    me.post("/me/sign/")
    text = me.text("/me/sign/text/")
    for words in ("最高 ¥5,000.00", "48 小时内付清", "满 1 个月", "最多 8 人", "随时可以"):
        assert words in text


@pytest.mark.parametrize("code", ["hangzhou", "shanghai", "wenzhou"])
def test_every_city_has_five_sentences_of_its_own(code):
    sentences = terms.sentences(load(code))
    assert len(set(sentences)) == 5
    assert all("%" not in sentence for sentence in sentences)


def test_a_citys_figures_are_in_its_sentences():
    with translation.override("zh-hans"):
        sentences = " ".join(terms.sentences(load("wenzhou")))
        banks = " ".join(terms.sentences(load("shanghai")))
        ways_back = [terms.way_back(load(code)) for code in ("hangzhou", "wenzhou")]
    assert "168 小时内" in sentences
    assert "逾期 48 小时后服务暂停" in sentences
    assert "医保实时结算" not in sentences
    assert "由银行批准" in banks
    assert "5 分钟内自动恢复" in ways_back[0]
    assert "医保" not in ways_back[1]


def test_without_agreeing_there_is_no_next_step(me):
    answer = to_funding(me, agree="")
    assert answer.status_code == 422
    assert "勾选" in page_text(answer)
    assert me.get("/me/sign/funding/").headers["Location"] == "/me/sign/text/"
    assert not Contract.objects.exists()


def test_steps_cannot_be_jumped_over(me):
    assert me.get("/me/sign/text/").headers["Location"] == "/me/sign/"
    assert me.get("/me/sign/funding/").headers["Location"] == "/me/sign/text/"
    assert me.get("/me/sign/done/").headers["Location"] == "/me/sign/"
    answer = me.post("/me/sign/funding/", {"funding": "platform"})
    assert answer.headers["Location"] == "/me/sign/text/"
    assert not Contract.objects.exists()


def test_a_text_that_was_not_the_one_shown_is_shown_again(me):
    me.post("/me/sign/")
    me.text("/me/sign/text/")
    answer = me.post("/me/sign/text/", {"version": "2020-01", "agree": "yes"})
    assert "请重新阅读" in page_text(answer)
    assert me.get("/me/sign/funding/").headers["Location"] == "/me/sign/text/"


def test_going_back_loses_nothing(me):
    to_funding(me)
    assert "下一步" in me.text("/me/sign/")
    me.text("/me/sign/text/")
    assert me.get("/me/sign/funding/").status_code == 200


def test_the_last_step_sent_twice_signs_once(me, mother):
    to_funding(me)
    for _ in range(2):
        answer = me.post("/me/sign/funding/", {"funding": "platform"})
        assert answer.headers["Location"] == "/me/sign/done/"
    assert Contract.objects.filter(person=mother).count() == 1
    assert me.get("/me/sign/").headers["Location"] == "/me/sign/done/"


def test_a_child_is_told_how_an_adult_adds_it(login, hospital):
    child = rows.person(hospital, "欧阳小满", born="2018-06-01")
    browser = login(child)
    assert "未满 18 周岁，不能自己签约" in browser.text("/me/sign/")
    assert "请父母或其他成年亲属先签约" in page_text(browser.post("/me/sign/"))
    assert browser.get("/me/sign/text/").headers["Location"] == "/me/sign/"


def test_a_child_that_is_paid_for_needs_nothing(login, mother, hospital):
    child = rows.person(hospital, "欧阳小满", born="2018-06-01")
    builders.contract(mother, dependants=[(child, None)])
    assert "您的个人部分已由 欧**月 支付" in login(child).text("/me/sign/")


def test_eighteen_is_old_enough(login, hospital):
    on_the_day = rows.person(hospital, "陈满", born="2008-03-02")
    assert login(on_the_day).post("/me/sign/").headers["Location"] == "/me/sign/text/"
    the_day_after = rows.person(hospital, "陈迟", born="2008-03-03")
    assert "不能自己签约" in page_text(login(the_day_after).post("/me/sign/"))


def test_who_is_registered_nowhere_registers_first(me, mother):
    mother.registrations.all().delete()
    assert "请先带身份证到一家医院登记" in page_text(me.post("/me/sign/"))


def test_a_debit_agreement_is_bound_with_the_contract(me, mother):
    rows.silent_channel()
    to_funding(me)
    text = me.text("/me/sign/funding/")
    assert "微信支付" in text
    assert "银行授信" not in text
    me.post(
        "/me/sign/funding/",
        {"funding": "debit", "channel": "wechat", "contract_id": "2026030299"},
    )
    assert Contract.objects.get(person=mother).funding == "debit"
    assert Binding.objects.get(person=mother).channel.code == "wechat"
    assert not CreditLine.objects.exists()
    assert "即时代扣" in me.text("/me/sign/done/")


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"funding": "debit"}, "需要绑定一个扣款账户"),
        ({"funding": "platform", "channel": "wechat"}, "请填写扣款协议号"),
        ({"funding": "platform", "contract_id": "C1"}, "请选择协议是哪个账户的"),
        (
            {"funding": "platform", "channel": "wechat", "contract_id": "有空格 的"},
            "协议号只有字母",
        ),
        ({"funding": "platform", "channel": "moon", "contract_id": "C1"}, "moon"),
        ({"funding": "bank"}, "bank"),
        ({}, "error"),
    ],
)
def test_a_choice_that_does_not_fit_is_refused_in_words(me, sent, words):
    rows.silent_channel()
    to_funding(me)
    answer = me.post("/me/sign/funding/", sent)
    assert answer.status_code == 422
    assert words in page_text(answer)
    assert not Contract.objects.exists()
    assert not Binding.objects.exists()


def test_without_a_channel_debits_are_not_offered(me):
    to_funding(me)
    text = me.text("/me/sign/funding/")
    assert 'value="debit"' not in text
    assert "还没有可以在这里绑定的扣款账户" in text


def test_a_refusal_of_the_service_is_said_in_words(me, mother):
    to_funding(me)
    mother.died_on = rows.TODAY
    mother.save(update_fields=["died_on"])
    answer = me.post("/me/sign/funding/", {"funding": "platform"})
    assert answer.status_code == 422
    assert "已登记死亡或已合并" in page_text(answer)


def platform(person):
    return CreditParty.objects.create(
        area=person.area,
        code="credit_platform",
        base_url="http://127.0.0.1:9",
        app="a",
        key_cipher=b"",
    )


def test_while_the_credit_platform_has_not_answered_that_is_said(me, mother):
    builders.contract(mother)
    platform(mother)
    text = me.text("/me/sign/done/")
    assert "信用平台还没有回答，先按 ¥3,000.00" in text
    assert "刷新" in text


@pytest.mark.parametrize(
    ("score", "words"), [(720, "信用评分 720 分，对应额度"), (None, "信用平台没有给出评分")]
)
def test_a_limit_says_where_it_comes_from(me, mother, score, words):
    builders.contract(mother)
    platform(mother)
    Score.objects.create(person=mother, score=score, asked_at=NOW, valid_until=rows.TODAY)
    line = CreditLine.objects.get(person=mother).line
    LimitChange.objects.create(
        line=line, before_fen=300_000, after_fen=500_000, at=NOW, reason="score:1", rule="P2.1"
    )
    text = me.text("/me/")
    assert words in text
    assert "自 2026年3月2日 起" in text


def test_a_bank_that_has_not_answered_lends_nothing_yet(me, mother):
    enrolled = builders.contract(mother, funding="bank")
    assert enrolled.credit_line is not None
    bank = BankLine.objects.create(
        credit_line=enrolled.credit_line, bank="icbc", request_no="B1", asked_at=NOW
    )
    assert "银行还没有回答" in me.text("/me/sign/done/")
    bank.state = "refused"
    bank.save()
    assert "银行没有批准额度" in me.text("/me/sign/done/")


@pytest.mark.parametrize("elder", [False, True])
def test_the_pages_are_sound_in_english_and_for_the_elderly(me, elder):
    me.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    if elder:
        me.cookies["yifu_elder"] = "1"
    rows.silent_channel()
    pages = [me.text("/me/sign/")]
    to_funding(me)
    pages += [me.text("/me/sign/text/"), me.text("/me/sign/funding/")]
    me.post("/me/sign/funding/", {"funding": "platform"})
    pages.append(me.text("/me/sign/done/"))
    for text in pages:
        assert faults_of(text) == []
        assert ('class="elder"' in text) == elder
        left = text.replace("欧阳明月", "").replace("中文", "")
        assert not [char for char in left if "\u3400" <= char <= "\u9fff"]
    assert Consent.objects.get().language == "en"
