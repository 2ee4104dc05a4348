"""A city's operator in a real browser: the night, the lists, restorations, a change of scheme."""

import pytest

from tests import builders
from tests.journeys.conftest import DESKTOP, PHONE, give_seat, no_sideways, user
from tests.journeys.test_pages import readable, seen
from tests.web import city_rows
from tests.web.rows import NOW
from yifu.collection.models import DefaultEntry, Night, NightStep, Telling
from yifu.credit.models import SchemeVersion
from yifu.insight import replaying, simulating
from yifu.insight.models import Replay
from yifu.web.models import Seat

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SIZES = pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
CITY = (
    "/city/",
    "/city/night/",
    "/city/overdue/",
    "/city/overdue/?list=entries",
    "/city/restorations/",
    "/city/schemes/",
    "/city/schemes/{version}/",
    "/city/schemes/new/?from=shipped",
    "/city/baddebt/?month=2026-03",
)
FINANCE = ("/finance/defaults/", "/finance/defaults/?state=contested", "/finance/writeoffs/")


def test_every_page_is_readable_and_fits_phone_and_desktop(sign_in, transactional_db):  # noqa: ARG001
    scene = city_rows.city()
    city_rows.what_if(scene.version)
    for role, pages in (("city", CITY), ("finance", FINANCE)):
        give_seat(scene.hospital, role)
        page = sign_in(role, DESKTOP)
        for address in pages:
            page.goto(address.format(version=scene.version.pk))
            readable(page)
            for size in (DESKTOP, PHONE):
                page.set_viewport_size(size)
                no_sideways(page)


def test_a_night_is_watched_while_it_runs(sign_in, transactional_db):  # noqa: ARG001
    give_seat(city_rows.hospital(), "city")
    night = city_rows.night(ended=False)
    page = sign_in("city", DESKTOP)
    seen(page, "的夜间批次正在运行")
    page.get_by_role("link", name="看进度").click()
    seen(page, "613 / 1840")
    NightStep.objects.filter(night=night, name="debit").update(done=1700)
    seen(page, "1700 / 1840")
    NightStep.objects.filter(night=night).update(state="done", done=1840, ended_at=NOW)
    Night.objects.filter(pk=night.pk).update(ended_at=NOW, report=city_rows.REPORT)
    seen(page, "¥214,863.00")
    assert page.locator("[hx-trigger]").count() == 0
    page.get_by_role("link", name="按种类统计").click()
    seen(page, "当夜没有写下短信")


@SIZES
def test_finance_recognises_and_the_city_sees_the_way_back(sign_in, transactional_db, size):  # noqa: ARG001
    hospital = city_rows.hospital()
    for name in ("司徒静", "上官远"):
        city_rows.entry(city_rows.debtor(hospital, name, 5_600, days=33, standing="defaulted"))
    give_seat(hospital, "finance")
    give_seat(hospital, "city")
    page = sign_in("finance", size)
    page.get_by_role("link", name="失信认定").click()
    page.get_by_label("全选").check()
    page.get_by_label("已核对").check()
    page.get_by_role("button", name="认定失信").click()
    seen(page, "已认定 2 条")
    assert set(DefaultEntry.objects.values_list("state", flat=True)) == {"confirmed"}
    assert Telling.objects.filter(listed=True).count() == 4
    page = sign_in("city", size)
    page.get_by_role("link", name="逾期与失信").click()
    page.get_by_role("link", name="失信名单").click()
    seen(page, "付清 1 张逾期账单共 ¥56.00")
    page.get_by_label("状态").select_option("confirmed")
    page.get_by_role("button", name="查看").click()
    seen(page, "2 条，待付共 ¥112.00")
    with page.expect_download() as download:
        page.get_by_role("link", name="导出（CSV）").click()
    assert download.value.suggested_filename == "default-list-2026-03-02.csv"


def test_a_change_is_proposed_replayed_and_approved_by_another(
    faults,
    sign_in,
    transactional_db,  # noqa: ARG001
):
    simulating.simulate_year(people=200, seed=3, year=2025)
    hospital = builders.institution()
    give_seat(hospital, "city")
    Seat.objects.create(user=user("city2"), institution=hospital, role="city")
    page = sign_in("city", DESKTOP)
    page.get_by_role("link", name="付费方案").click()
    page.get_by_role("link", name="提出新版本").click()
    wrong = city_rows.changed_scheme(**{"then_hours = 48": "then_hours = -1"})
    page.get_by_label("方案文本（TOML）").fill(wrong)
    page.get_by_label("为什么要改").fill("多给一天")
    page.get_by_role("button", name="检查并提出").click()
    seen(page, "1 处问题，什么都没有改变")
    seen(page, "不得小于 0")
    faults.clear()  # the browser notes the answer 422
    page.get_by_label("方案文本（TOML）").fill(city_rows.changed_scheme())
    page.get_by_role("button", name="检查并提出").click()
    seen(page, "已提出，等待第二人批准")
    seen(page, "起算后付款小时数")
    assert page.get_by_role("button", name="批准", exact=True).count() == 0
    page.get_by_label("自", exact=True).fill("2025-06")
    page.get_by_label("至", exact=True).fill("2025-09")
    page.get_by_role("button", name="推演", exact=True).click()
    seen(page, "正在推演 2025-06 至 2025-09")
    replaying.carry_out(Replay.objects.get().pk)
    seen(page, "谁会受影响")
    readable(page)
    no_sideways(page)
    version = SchemeVersion.objects.get()
    page = sign_in("city2", DESKTOP)
    page.goto(f"/city/schemes/{version.pk}/")
    page.get_by_role("button", name="批准", exact=True).click()
    seen(page, "已批准，自 2026-04-01 起生效")
    version.refresh_from_db()
    assert (version.state, version.decided_by) == ("approved", "city2")
