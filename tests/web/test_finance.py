"""Finance's pages: the headline, the worklist, the decision, the files."""

import csv
import io

import pytest
from django.conf import settings
from django.urls import reverse

from tests.web import rows
from tests.web.rows import NOW, TODAY
from yifu.reconciliation.models import Difference

PAGE = "/finance/?date=2026-03-02"


@pytest.fixture
def settled(hospital, mother):
    return rows.settlement(
        rows.visit(hospital, mother, prices=(123_456,)), fund=100_000, setl_id="S1"
    )


@pytest.fixture
def found(hospital):
    return rows.difference(rows.statement(hospital), "S1", figure="fund")


def table(answer):
    text = answer.content.decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:])))


def test_without_statements_nothing_is_said_to_match(finance):
    text = finance.text(PAGE)
    assert "尚未对账" in text
    assert "账目全部相符" not in text


def test_when_everything_matches_it_says_so(finance, hospital):
    rows.statement(hospital, rows=1, matched=1)
    assert "账目全部相符" in finance.text(PAGE)


@pytest.mark.usefixtures("found")
def test_the_number_of_differences_is_the_headline(finance):
    text = finance.text(PAGE)
    assert "1 处差异待处理" in text
    assert "账目全部相符" not in text


@pytest.mark.usefixtures("settled")
def test_a_day_shows_its_sums_with_thousands(finance):
    text = finance.text(PAGE)
    assert "¥1,234.56" in text
    assert "¥1,000.00" in text
    assert "¥234.56" in text


@pytest.mark.usefixtures("settled")
def test_an_empty_day_leads_to_the_last_one_that_was_not(finance):
    assert 'href="?date=2026-03-02"' in finance.text("/finance/?date=2026-04-01")
    assert "看 2026年" not in finance.text("/finance/?date=2026-03-01")


def test_the_page_opens_on_today(finance):
    assert 'value="2026-03-02"' in finance.text("/finance/")


@pytest.mark.usefixtures("found", "settled")
def test_a_difference_shows_both_sides_and_what_to_do(finance):
    text = finance.text(PAGE)
    for words in ("¥15.00", "¥14.00", "-¥1.00", "基金支付", "以医保结算单为准核对分割"):
        assert words in text


def test_a_decision_is_kept_with_its_reason_and_author(finance, found):
    page = reverse("decide", args=[found.pk])
    answer = finance.post(page, {"state": "explained", "note": " 医保次日更正 "})
    assert answer.headers["Location"] == f"{PAGE}#difference-{found.pk}"
    found.refresh_from_db()
    assert (found.state, found.note, found.decided_at) == ("explained", "医保次日更正", NOW)
    assert found.decided_by.startswith("finance-")
    text = finance.text(PAGE)
    assert "1 处差异均已处理" in text
    assert "医保次日更正" in text


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"state": "explained", "note": " "},
        {"state": "explained", "note": "x" * 301},
        {"state": "found", "note": "原因原因"},
        {"state": "nonsense", "note": "原因原因"},
        {"state": "explained", "note": "a\0b"},
    ],
)
def test_a_decision_that_is_none_is_refused(finance, found, data):
    finance.post(reverse("decide", args=[found.pk]), data)
    assert Difference.objects.get().state == "found"
    assert "请选择处理结果，并写明原因" in finance.text(PAGE)


def test_what_is_decided_stays_decided(finance, found):
    page = reverse("decide", args=[found.pk])
    finance.post(page, {"state": "explained", "note": "医保次日更正"})
    finance.post(page, {"state": "corrected", "note": "另一个说法"})
    assert Difference.objects.get().state == "explained"
    assert 'class="alert bad"' in finance.text(PAGE)


def test_the_days_settlements_come_as_a_file(finance, settled):
    answer = finance.get("/finance/settlements.csv?date=2026-03-02")
    assert answer.headers["Content-Disposition"].endswith('"settlements-2026-03-02.csv"')
    head, row = table(answer)
    assert len(head) == len(row) == 13
    assert row[0] == str(settled.pk)
    assert row[2] == "欧**月"
    assert row[4:11] == ["已完成", "信用付", "1234.56", "1000.00", "0.00", "234.56", "0.00"]
    assert row[12] == "2026-03-02 09:30:00"


def test_the_days_differences_come_as_a_file(finance, hospital, found):
    channel = rows.statement(hospital, "channel", channel="wechat")
    rows.difference(channel, "A1", kind="theirs_only", our_fen=None, negative=True, their_fen=-5)
    head, *lines = table(finance.get("/finance/differences.csv?date=2026-03-02"))
    assert head[0] == "对方"
    assert ["支付渠道", "wechat", "对方有、我方无", "A1", "退", "", "-0.05"] in [
        line[:7] for line in lines
    ]
    assert found.key in [line[3] for line in lines]


@pytest.mark.parametrize("note", ["=1+1", "+1", "-1", "@x", "\tx"])
def test_a_spreadsheet_takes_no_note_for_a_formula(finance, hospital, note):
    rows.difference(rows.statement(hospital), "S1", state="explained", note=note)
    line = table(finance.get("/finance/differences.csv?date=2026-03-02"))[1]
    assert line[8] == f"'{note}"


@pytest.mark.usefixtures("settled")
def test_files_speak_the_readers_language(finance):
    finance.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    head, row = table(finance.get("/finance/settlements.csv?date=2026-03-02"))
    assert head[4] == "State"
    assert row[4] == "Completed"


def test_a_settlement_under_way_is_one_click_away(finance, hospital, mother):
    settled = rows.settlement(
        rows.visit(hospital, mother), state="unknown", business_date=TODAY, insured_at=None
    )
    link = f"/finance/settlements/{settled.pk}/"
    assert link in finance.text(PAGE)
    text = finance.text(link)
    assert "医保没有回答" in text
    assert "没有往来" in text
    assert "欧**月" in text
    assert "欧阳明月" not in text


def test_a_settlement_shows_what_was_collected_for_it(finance, hospital, mother):
    visit = rows.visit(hospital, mother)
    bill = rows.bill(visit, mother, 1500)
    settled = rows.settlement(visit, bill=bill)
    attempt = rows.attempt(f"bill:{bill.pk}", 1500, refunded_fen=200)
    text = finance.text(f"/finance/settlements/{settled.pk}/")
    assert attempt.out_trade_no in text
    assert "¥2.00" in text
    assert "微信支付" in text


@pytest.mark.usefixtures("settled", "found")
def test_finance_speaks_english_after_the_switch(finance):
    finance.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    text = finance.text(PAGE).replace("示范市医院01", "").replace("中文", "")
    text = text.replace("欧**月", "")
    assert not [char for char in text if "\u3400" <= char <= "\u9fff"]
