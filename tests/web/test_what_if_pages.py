"""What a version would have done, beside the version: asked for, watched, read (P8)."""

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.db.models.functions import Now
from django.utils import translation

from tests.web import city_rows
from tests.web.test_city import table
from tests.web.test_markup import faults_of
from yifu.credit import schemes
from yifu.insight import comparing, replay
from yifu.insight.models import Replay
from yifu.institutions.models import Area, Institution
from yifu.web import what_if

MONTHS = {"since": "2026-01", "until": "2026-02"}


@pytest.fixture
def city(hospital, seat):
    return seat(hospital, "city", name="city")


@pytest.fixture
def version(hospital):  # noqa: ARG001 - the area is there
    return city_rows.proposal()


@pytest.fixture
def reported(hospital, version):
    """A report of the version over January and February."""
    city_rows.debtor(hospital, "欧阳明月", 23_450, days=24)
    city_rows.debtor(hospital, "诸葛晴", 8_800, days=12)
    return city_rows.what_if(version)


def page_of(version):
    return f"/city/schemes/{version.pk}/"


def test_a_version_that_was_never_replayed_says_so_and_offers_the_last_months(city, version):
    text = city.text(page_of(version))
    assert "还没有推演过这个版本" in text
    assert 'value="2026-01"' in text
    assert 'max="2026-02"' in text


def test_asking_begins_a_replay_that_the_page_watches(city, version):
    answer = city.post(f"{page_of(version)}replay/", MONTHS)
    assert answer.headers["Location"] == f"{page_of(version)}#what-if"
    asked = Replay.objects.get()
    assert (asked.asked_by, asked.since, asked.until) == (
        "city",
        date(2026, 1, 1),
        date(2026, 2, 28),
    )
    text = city.text(page_of(version))
    assert "正在推演 2026-01 至 2026-02（city 发起）" in text
    assert 'hx-trigger="every 2s"' in text
    assert faults_of(text) == []
    Replay.objects.update(state="running", done=500, total=2000)
    part = city.text(f"{page_of(version)}progress/")
    assert "已推演 500 / 2000 个家庭" in part
    assert "<html" not in part


def test_a_second_replay_meanwhile_is_refused(city, version):
    city.post(f"{page_of(version)}replay/", MONTHS)
    told = city.post(f"{page_of(version)}replay/", MONTHS, follow=True).content.decode()
    assert "这个版本正在推演" in told
    assert Replay.objects.count() == 1


def test_one_that_broke_off_or_failed_can_be_begun_again(city, version):
    city.post(f"{page_of(version)}replay/", MONTHS)
    Replay.objects.update(heard_at=Now() - timedelta(seconds=121))
    text = city.text(page_of(version))
    assert "推演中断了" in text
    assert "hx-trigger" not in text
    Replay.objects.update(state="failed")
    assert "推演没有完成" in city.text(page_of(version))


def test_a_report_stands_beside_the_version(city, version, reported):
    assert reported.report["families"] == 2
    text = city.text(page_of(version))
    for words in ("2026-01-01 至 2026-02-28", "2 个家庭 2 人", "信用付笔数占比", "谁会受影响"):
        assert words in text
    for words in ("逾期账单张数", "坏账金额", "评分按最后已知的", "机构所在区"):
        assert words in text
    assert faults_of(text) == []


def test_a_report_goes_to_a_spreadsheet(city, version, reported):
    found = table(city.get(f"{page_of(version)}what-if.csv"))
    assert found[0] == ["项目", "实际记录", "现行方案（模型）", "变更方案（模型）", "差"]
    assert ["全部", "全部", "2", "0", "0", "0", "2"] in found
    assert reported.report["people"] == 2


def test_a_report_is_of_the_text_and_of_the_area(city, seat, version, reported):
    other = city_rows.proposal(
        city_rows.changed_scheme(**{"contest_days = 15": "contest_days = 9"})
    )
    assert "还没有推演过" in city.text(page_of(other))
    assert city.get(f"{page_of(other)}what-if.csv").status_code == 404
    area = Area.objects.create(code="990200", name="邻市", scheme="hangzhou")
    at = Institution.objects.create(area=area, code="H99020000001", name="邻市医院", level="2")
    assert reported.area_id != area.code
    assert "还没有推演过" in seat(at, "city").text(page_of(version))


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({}, 422),
        ({"since": "2026-01"}, 422),
        ({"since": "x", "until": "2026-02"}, 422),
        ({"since": "2026-03", "until": "2026-03"}, 302),
        ({"since": "2026-02", "until": "2026-01"}, 302),
    ],
)
def test_months_that_cannot_be_replayed_are_refused(city, version, form, status):
    assert city.post(f"{page_of(version)}replay/", form).status_code == status
    assert not Replay.objects.exists()


def test_the_shipped_version_is_not_replayed_and_nothing_is_a_get(city, finance, version):
    assert city.post("/city/schemes/shipped/replay/", MONTHS).status_code == 404
    assert city.get("/city/schemes/shipped/progress/").status_code == 404
    assert city.get("/city/schemes/shipped/what-if.csv").status_code == 404
    assert city.get(f"{page_of(version)}replay/").status_code == 405
    assert finance.post(f"{page_of(version)}replay/", MONTHS).status_code == 403


def test_every_assumption_of_the_model_has_its_chinese():
    assert len(what_if._ASSUMED) == len(replay.BEHAVIOUR)
    with translation.override("zh-hans"):
        for sentence in replay.BEHAVIOUR:
            assert what_if._assumed(sentence) != sentence


def test_every_word_of_a_report_has_a_name(reported):
    kinds = {(one["dimension"], one["value"]) for one in reported.report["groups"]}
    assert {dimension for dimension, _value in kinds} <= set(what_if.DIMENSIONS)
    values = {value for _dimension, value in kinds}
    ages = {f"{low}–{high}" for low, high in comparing.AGES} | {"75+"}
    assert "principal" in values
    assert values <= {*what_if.VALUES, *ages, "—"}


def test_more_overdue_is_shown_as_worse(reported):
    said = reported.report | {"changed": reported.report["changed"] | {"overdue_bills": 9}}
    reported.report = said
    reported.save()
    found = what_if.newest(area=reported.area_id, digest=bytes(reported.digest))
    assert found is not None
    row = next(row for row in found.figures if row.label == "逾期账单张数")
    assert (row.baseline, row.changed, row.difference, row.tone) == ("2", "9", "+7", "bad")


def test_a_report_speaks_english_too(city, version, reported):
    assert schemes.parse(version.text, name="x").code == reported.scheme
    city.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    text = city.text(page_of(version))
    for words in ("Who would be affected", "share of money on credit", replay.BEHAVIOUR[1][:40]):
        assert words in text.replace("&#x27;", "'")
