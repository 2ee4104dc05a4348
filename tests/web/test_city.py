"""The city's pages: today, the night, the lists with their way back, restorations."""

import csv
import io
import tomllib
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from tests import builders
from tests.web import city_rows, rows
from tests.web.rows import NOW
from yifu import patients
from yifu.collection import nightly
from yifu.collection.models import NightStep
from yifu.institutions.models import Area, Institution
from yifu.web import labels, nights

PAGES = [
    "/city/",
    "/city/night/",
    "/city/overdue/",
    "/city/overdue/?list=entries",
    "/city/restorations/",
    "/city/schemes/",
    "/city/schemes/shipped/",
    "/city/schemes/shipped/text/",
    "/city/schemes/new/",
    "/city/baddebt/",
]
FILES = ["/city/night/nights.csv", "/city/overdue/list.csv", "/city/restorations/list.csv"]


@pytest.fixture
def city(hospital, seat):
    return seat(hospital, "city")


@pytest.fixture
def other_city(hospital, seat):  # noqa: ARG001 - there is another one
    """The operator of another area, which has a hospital of its own."""
    area = Area.objects.create(code="990200", name="邻市", scheme="wenzhou")
    at = Institution.objects.create(area=area, code="H99020000001", name="邻市医院", level="2")
    return seat(at, "city")


def table(answer):
    assert answer.status_code == 200, answer.content.decode()[:500]
    text = answer.content.decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:])))


@pytest.mark.parametrize("page", [*PAGES, *FILES])
def test_other_roles_get_403_and_strangers_sign_in(finance, doctor, client, page):
    finance.text(page, 403)
    doctor.text(page, 403)
    assert client.get(page).status_code == 302


def test_the_front_door_sends_the_city_to_its_page(city):
    assert city.get("/").headers["Location"] == "/city/"


@pytest.mark.parametrize("page", [*PAGES, *FILES])
def test_a_city_where_nothing_ever_happened_has_its_pages_too(city, page):
    assert city.get(page).status_code == 200


def test_without_a_night_today_says_so_and_nothing_waits(city):
    text = city.text("/city/")
    assert "还没有夜间批次" in text
    assert "没有等人处理的事项" in text


def test_today_counts_contracts_lines_debts_and_standings(city, hospital):
    city_rows.debtor(hospital, "欧阳明月", 23_450, days=4)
    city_rows.debtor(hospital, "司徒静", 56_000, days=33, standing="defaulted")
    city_rows.debtor(hospital, "令狐安", 4_200, days=0, standing="good")
    text = city.text("/city/")
    for words in ("¥9,000.00", "已用与锁定 ¥836.50（百分之 9）", "¥836.50", "¥794.50"):
        assert words in text
    assert "示范市医院01" in text


def test_today_tells_how_the_last_night_went_and_when_one_is_missing(city):
    city_rows.night()
    assert "2026-03-01 的夜间批次已完成" in city.text("/city/")
    late = (NOW + timedelta(days=3)).isoformat()
    assert "最近一次夜间批次是 2026-03-01" in city.text("/city/", headers={"Yifu-Now": late})


def test_today_lists_what_waits_and_who_has_not_answered(city, hospital):
    bill = city_rows.debtor(hospital, "司徒静", 56_000, days=33, standing="defaulted")
    city_rows.dispute(city_rows.entry(bill))
    city_rows.telling(bill.principal, "insurer", paid_at=NOW, seconds=None)
    rows.attempt(f"bill:{bill.pk}", 100, "alipay", state="unknown", resolved_at=None)
    city_rows.proposal()
    text = city.text("/city/")
    for words in ("方案版本待批准", "失信待认定", "异议待处理", "通知未获确认", "有代扣未决"):
        assert words in text
    assert "有通知未确认" in text


def test_a_running_night_shows_its_steps_and_refreshes_by_itself(city):
    night = city_rows.night(ended=False)
    text = city.text("/city/night/")
    assert 'hx-trigger="every 2s"' in text
    assert "613 / 1840" in text
    assert "结束后有结果" in text
    part = city.text("/city/night/?date=2026-03-01", headers={"HX-Request": "true"})
    assert part.lstrip().startswith("<section")
    assert "<html" not in part
    NightStep.objects.filter(night=night, name="debit").update(done=1840, state="done")
    assert "1840 / 1840" in city.text(
        "/city/night/?date=2026-03-01", headers={"HX-Request": "true"}
    )


def test_a_night_that_is_over_does_not_refresh(city):
    city_rows.night()
    text = city.text("/city/night/")
    assert "hx-trigger" not in text
    assert "¥214,863.00" in text
    assert "查清上次未决的代扣" in text


def test_a_night_shows_refusals_faulty_files_and_whom_a_limit_passed_over(city, hospital):
    night = city_rows.night()
    bill = city_rows.debtor(hospital, "欧阳明月", 23_450, days=4)
    city_rows.debit(night, bill, state="failed", answer="NOTENOUGH")
    city_rows.passed_over(night, city_rows.debtor(hospital, "诸葛晴", 8_800, days=12))
    city_rows.debit_file(state="unknown", faults=["第 17 行：金额与请求不符"])
    text = city.text("/city/night/")
    for words in ("NOTENOUGH", "第 17 行：金额与请求不符", "因每日限额未代扣：1 张", "诸*晴"):
        assert words in text
    assert "诸葛晴" not in text
    rows_of = table(city.get("/city/night/passed-over.csv?date=2026-03-01"))
    assert rows_of[1][1:4] == ["诸*晴", "示范市医院01", "88.00"]


def test_the_nights_messages_are_counted_by_kind_when_asked_for(city, hospital):
    night = city_rows.night()
    person = rows.person(hospital)
    city_rows.notice(night, person, "overdue")
    city_rows.notice(night, person, "debit_failed", "requested")
    page = "/city/night/reminders/?date=2026-03-01"
    for text in (city.text(page), city.text(page, headers={"HX-Request": "true"})):
        assert "逾期暂停告知" in text
        assert "代扣未成" in text


def test_nights_go_to_a_spreadsheet(city):
    city_rows.night()
    found = table(city.get("/city/night/nights.csv"))
    assert found[1][0] == "2026-03-01"
    assert found[1][5] == "214863.00"


def test_the_overdue_list_says_why_by_which_rule_and_the_way_back(city, hospital):
    bill = city_rows.debtor(hospital, "欧阳明月", 23_450, days=4)
    text = city.text("/city/overdue/")
    for words in ("欧**月", f"账单 {bill.pk} 到期未付", "P4.3", "逾期 4 天", "付清 1 张逾期账单共"):
        assert words in text
    assert "300 秒内恢复医保实时结算" in text
    assert "欧阳明月" not in text


def test_the_way_back_is_all_that_the_person_owes_overdue(city, hospital):
    bill = city_rows.debtor(hospital, "欧阳明月", 23_450, days=4)
    more = builders.bill(bill.principal, 1_550, due_at=bill.due_at)
    type(more).objects.filter(pk=more.pk).update(state="overdue")
    assert "付清全部 2 张逾期账单共 ¥250.00" in city.text("/city/overdue/")


@pytest.mark.parametrize(
    ("query", "seen", "unseen"),
    [
        ("age=week", "欧**月", "诸*晴"),
        ("age=month", "诸*晴", "欧**月"),
        ("state=defaulted", "司*静", "欧**月"),
        ("institution=H99010000002", "诸*晴", "司*静"),
        ("list=entries&state=proposed", "司*静", "上*远"),
        ("list=entries&state=contested", "慕*和", "司*静"),
        ("list=entries&state=confirmed", "上*远", "慕*和"),
    ],
)
def test_lists_are_filtered(city, hospital, elsewhere, query, seen, unseen):
    city_rows.debtor(hospital, "欧阳明月", 23_450, days=4)
    city_rows.debtor(elsewhere, "诸葛晴", 8_800, days=12)
    city_rows.entry(city_rows.debtor(hospital, "司徒静", 5_600, days=33, standing="defaulted"))
    listed = city_rows.debtor(elsewhere, "上官远", 1_200, days=70, standing="defaulted")
    city_rows.entry(listed, "confirmed")
    contested = city_rows.debtor(hospital, "慕容和", 3_100, days=40, standing="defaulted")
    city_rows.dispute(city_rows.entry(contested))
    text = city.text(f"/city/overdue/?{query}")
    assert seen in text
    assert unseen not in text
    found = table(city.get(f"/city/overdue/list.csv?{query}"))
    names = {row[1] for row in found[1:]}
    assert seen in names
    assert unseen not in names


def test_a_long_list_has_pages(city, hospital, monkeypatch):
    monkeypatch.setattr("yifu.web.city_lists.Asked.__init__.__defaults__", ("", "", 1, 2))
    for days in (3, 4, 5):
        city_rows.debtor(hospital, f"欧阳{days}", 1000, days=days)
    first = city.text("/city/overdue/")
    assert "第 1 / 2 页" in first
    assert "page=2" in first
    last = city.text("/city/overdue/?page=9")
    assert "第 2 / 2 页" in last
    assert "逾期 3 天" in last


@pytest.mark.parametrize(
    "query",
    ["list=x", "state=x", "age=x", "page=0", "page=-1", "page=x", "list=entries&state=open"],
)
def test_what_cannot_be_asked_of_a_list_is_refused(city, query):
    city.text(f"/city/overdue/?{query}", 422)
    city.text(f"/city/overdue/list.csv?{query}", 422)


def test_restorations_show_each_partys_seconds_and_mark_the_late(city, hospital):
    city_rows.restored(
        hospital,
        "夏侯一",
        paid_at=NOW - timedelta(hours=1),
        seconds={"insurer": 0.4, "credit_platform": 412.0},
    )
    text = city.text("/city/restorations/")
    for words in ("夏*一", "0.40 秒", "6 分 52 秒", "超时 1", "全部在承诺时限内", "付清即恢复"):
        assert words in text
    found = table(city.get("/city/restorations/list.csv"))
    late = {row[4]: row[8] for row in found[1:]}
    assert late == {"公共信用平台": "是", "医保实时结算": ""}
    assert {row[6] for row in found[1:]} == {"0.400", "412.000"}


def test_who_has_not_acknowledged_is_shown_waiting(city, hospital):
    city_rows.restored(hospital, "端木七", paid_at=NOW, seconds={"insurer": None})
    assert "待确认，已等" in city.text("/city/restorations/")


def test_who_was_only_suspended_had_nobody_to_be_told(city, hospital):
    city_rows.restored(hospital, "百里八", paid_at=NOW, seconds={}, before="suspended")
    text = city.text("/city/restorations/")
    assert "没有列入过名单，无需告知" in text
    found = table(city.get("/city/restorations/list.csv"))
    assert found[1][4:] == ["", "", "", "", ""]


def test_only_the_period_asked_for_is_shown(city, hospital):
    city_rows.restored(hospital, "夏侯一", paid_at=NOW, seconds={"insurer": 1.0})
    assert "夏*一" in city.text("/city/restorations/?from=2026-03-02&to=2026-03-02")
    assert "这段时间没有人恢复" in city.text("/city/restorations/?from=2026-03-01&to=2026-03-01")


@pytest.mark.parametrize(
    "query", ["from=2026-03-03", "from=2020-01-01", "from=x", "to=2026-02-30", "page=a"]
)
def test_a_period_that_cannot_be_is_refused(city, query):
    city.text(f"/city/restorations/?{query}", 422)


def test_another_areas_rows_do_not_exist(other_city, hospital):
    city_rows.night()
    city_rows.entry(city_rows.debtor(hospital, "司徒静", 5_600, days=33, standing="defaulted"))
    city_rows.restored(hospital, "夏侯一", paid_at=NOW, seconds={"insurer": 1.0})
    for page in ("/city/overdue/", "/city/overdue/?list=entries", "/city/restorations/"):
        text = other_city.text(page)
        assert "司*静" not in text
        assert "夏*一" not in text
    text = other_city.text("/city/")
    assert "示范市医院01" not in text
    assert "还没有夜间批次" in text
    other_city.text("/city/night/?date=2026-03-01", 404)
    other_city.text("/city/night/reminders/?date=2026-03-01", 404)
    other_city.text("/city/night/passed-over.csv?date=2026-03-01", 404)
    other_city.text(f"/city/overdue/?institution={hospital.code}", 404)
    assert len(table(other_city.get("/city/night/nights.csv"))) == 1
    assert len(table(other_city.get("/city/overdue/list.csv"))) == 1


def test_a_night_that_never_was_does_not_exist(city):
    city.text("/city/night/?date=2026-01-01", 404)
    city.text("/city/night/reminders/", 404)
    city.text("/city/night/?date=yesterday", 422)


def test_the_citys_pages_speak_english_too(city, hospital):
    city_rows.debtor(hospital, "欧阳明月", 23_450, days=4)
    city_rows.night()
    city.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert "Active contracts" in city.text("/city/")
    assert "Find out about undecided debits" in city.text("/city/night/")
    text = city.text("/city/overdue/")
    assert "not paid in time" in text
    assert "Pay 1 overdue bill of ¥234.50." in text


def test_whatever_a_night_writes_has_a_name():
    kinds = tomllib.loads((Path(patients.__file__).parent / "templates.toml").read_text("utf-8"))
    assert set(kinds) <= set(labels.TEMPLATES)
    assert set(nightly.STEPS) <= set(nights.STEPS)
    assert {*nightly.REPORTED, *nightly.COUNTED} <= set(nights.REPORTED)
