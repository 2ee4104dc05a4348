"""Scheme versions on the city's pages: proposed by one, compared, decided by another."""

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from tests.web import city_rows
from yifu.credit import schemes
from yifu.credit.models import SchemeVersion
from yifu.web import scheme_desk, scheme_faults
from yifu.web.scheme_words import FIELDS

PROPOSE = "/city/schemes/propose/"
NOTE = "多给一天"


@pytest.fixture
def city(hospital, seat):
    return seat(hospital, "city", name="city")


@pytest.fixture
def city2(hospital, seat):
    return seat(hospital, "city", name="city2")


def propose(browser, text, **more):
    return browser.post(PROPOSE, {"text": text, "note": NOTE, **more})


def test_the_shipped_version_is_in_force_until_another_is(city):
    text = city.text("/city/schemes/")
    assert "2019-07-01" in text
    assert "现行" in text
    assert "最早的版本" in city.text("/city/schemes/shipped/")


def test_a_proposed_version_waits_and_changes_nothing(city):
    answer = propose(city, city_rows.changed_scheme())
    version = SchemeVersion.objects.get()
    assert answer.headers["Location"] == f"/city/schemes/{version.pk}/"
    assert (version.state, version.proposed_by, version.note) == ("proposed", "city", NOTE)
    text = city.text(f"/city/schemes/{version.pk}/")
    assert "待批准" in text
    assert "起算后付款小时数" in text
    assert "<del>48</del>" in text
    assert "<ins>72</ins>" in text


def test_the_proposer_has_no_approve_button_and_is_refused(city):
    version = city_rows.proposal()
    page = f"/city/schemes/{version.pk}/"
    text = city.text(page)
    assert 'value="approve"' not in text
    assert "须由另一个人批准" in text
    answer = city.post(f"{page}decide/", {"verb": "approve"}, follow=True)
    assert "提出人不能批准自己的版本" in answer.content.decode()
    version.refresh_from_db()
    assert version.state == "proposed"


def test_a_second_person_approves_and_it_can_be_withdrawn(city2):
    version = city_rows.proposal()
    page = f"/city/schemes/{version.pk}/"
    assert 'value="approve"' in city2.text(page)
    assert (
        "已批准，自 2026-04-01 起生效"
        in city2.post(f"{page}decide/", {"verb": "approve"}, follow=True).content.decode()
    )
    version.refresh_from_db()
    assert (version.state, version.decided_by) == ("approved", "city2")
    assert "已批准，尚未生效" in city2.text("/city/schemes/")
    told = city2.post(f"{page}decide/", {"verb": "withdraw"}, follow=True).content.decode()
    assert "不会生效" in told
    version.refresh_from_db()
    assert version.state == "withdrawn"


def test_an_approved_version_comes_into_force_on_its_day(city2):
    version = city_rows.proposal()
    city2.post(f"/city/schemes/{version.pk}/decide/", {"verb": "approve"})
    later = {"Yifu-Now": "2026-04-01T08:00:00+08:00"}
    text = city2.text("/city/schemes/", headers=later)
    assert "现行" in text
    assert "已被取代" in text
    told = city2.post(
        f"/city/schemes/{version.pk}/decide/", {"verb": "withdraw"}, headers=later, follow=True
    )
    assert "须晚于今天" in told.content.decode()


def test_a_refusal_needs_a_reason(city2):
    version = city_rows.proposal()
    page = f"/city/schemes/{version.pk}/decide/"
    assert "请写明驳回的原因" in city2.post(page, {"verb": "refuse"}, follow=True).content.decode()
    city2.post(page, {"verb": "refuse", "note": "先看看四月的数据"})
    version.refresh_from_db()
    assert (version.state, version.note) == ("refused", "先看看四月的数据")
    again = city2.post(page, {"verb": "approve"}, follow=True)
    assert "不存在或已处理" in again.content.decode()


def test_every_fault_is_named_by_its_line_and_nothing_is_kept(city):
    text = city_rows.changed_scheme(
        **{"then_hours = 48": "then_hours = -1", "permille = 200": "permille = 2000"}
    ).replace("\nlender = ", '\nlendor = "x"\nlender = ', 1)
    answer = propose(city, text)
    assert answer.status_code == 422
    page = answer.content.decode()
    lines = text.split("\n")
    for wanted, words in (
        ("then_hours = -1", "不得小于 0"),
        ("permille = 2000", "不得大于 1000"),
        ('lendor = "x"', "没有这一项，不能写"),
    ):
        assert f'<td class="figure">{lines.index(wanted) + 1}</td>' in page
        assert words in page
    assert "3 处问题，什么都没有改变" in page
    assert "lendor = &quot;x&quot;" in page
    assert not SchemeVersion.objects.exists()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "请粘贴方案文本"),
        ("   ", "请粘贴方案文本"),
        ("code = ", "不是合法的 TOML"),
        ("x" * 200_001, "文件过大"),
        ("a = " + "[" * 5000, "嵌套过深"),
        (schemes.text_of("wenzhou"), "方案代码须为 hangzhou"),
        (schemes.text_of("hangzhou"), "须晚于今天"),
    ],
    ids=["nothing", "blank", "broken", "too large", "too deep", "another city's", "the past"],
)
def test_what_is_no_scheme_of_this_city_is_refused(city, text, words):
    answer = propose(city, text)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not SchemeVersion.objects.exists()


def test_a_proposal_needs_a_reason(city):
    answer = city.post(PROPOSE, {"text": city_rows.changed_scheme(), "note": " "})
    assert answer.status_code == 422
    assert "请说明为什么要改" in answer.content.decode()
    assert not SchemeVersion.objects.exists()


def test_a_text_can_be_uploaded(city):
    kept = "\ufeff" + city_rows.changed_scheme().replace("\n", "\r\n")
    file = SimpleUploadedFile("hangzhou.toml", kept.encode())
    assert propose(city, "", file=file).status_code == 302
    assert SchemeVersion.objects.get().text == city_rows.changed_scheme()


@pytest.mark.parametrize(
    ("content", "words"), [(b"\xff\xfe\x00", "不是 UTF-8"), (b"x" * 200_001, "文件过大")]
)
def test_what_is_no_text_cannot_be_uploaded(city, content, words):
    answer = propose(city, "", file=SimpleUploadedFile("x.toml", content))
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_the_same_text_twice_makes_one_version(city):
    first = propose(city, city_rows.changed_scheme())
    second = propose(city, city_rows.changed_scheme())
    assert first.headers["Location"] == second.headers["Location"]
    assert SchemeVersion.objects.count() == 1


def test_two_versions_are_compared_as_chosen(city):
    first = city_rows.proposal()
    second = city_rows.proposal(
        city_rows.changed_scheme(**{"contest_days = 15": "contest_days = 30"})
    )
    text = city.text(f"/city/schemes/{second.pk}/?with={first.pk}")
    assert "<del>72</del>" in text
    assert "<ins>48</ins>" in text
    assert "<ins>30</ins>" in text
    city.text(f"/city/schemes/{second.pk}/?with=9999", 404)


def test_rows_of_lists_are_compared_by_what_they_are_about():
    before = schemes.load("hangzhou")
    text = city_rows.changed_scheme(
        **{
            "highest = 399\nlimit_fen = 0": "highest = 449\nlimit_fen = 0",
            "lowest = 400": "lowest = 450",
            '"示范区" = "treasury.shifan"': '"示范区" = "treasury.city"\n"新区" = "treasury.xin"',
        }
    )
    found = scheme_desk.differences(before, schemes.parse(text, name="x"))
    told = {(one.path, one.row): (one.before, one.after) for one in found}
    assert told == {
        ("effective_from", ""): ("2019-07-01", "2026-04-01"),
        ("score.bands.highest", "0"): ("399", "449"),
        ("score.bands", "400"): ("400", ""),
        ("score.bands.highest", "400"): ("549", ""),
        ("score.bands.limit_fen", "400"): ("¥1,000.00", ""),
        ("score.bands", "450"): ("", "450"),
        ("score.bands.highest", "450"): ("", "549"),
        ("score.bands.limit_fen", "450"): ("", "¥1,000.00"),
        ("bad_debt.bearers", "示范区"): ("treasury.shifan", "treasury.city"),
        ("bad_debt.bearers", "新区"): ("", "treasury.xin"),
    }


@pytest.mark.parametrize("code", schemes.SHIPPED)
def test_every_field_of_a_scheme_has_a_name(code):
    paths = {path for (path, _row), _value in scheme_desk._flat(schemes.load(code))}
    assert paths <= set(FIELDS)


@pytest.mark.parametrize("code", schemes.SHIPPED)
def test_a_scheme_does_not_differ_from_itself(code):
    assert scheme_desk.differences(schemes.load(code), schemes.load(code)) == []


def test_faults_speak_the_readers_language(city):
    with translation.override("zh-hans"):
        (fault,) = scheme_faults.faults(["scheme:3: due.then_hours: Field required"])
    assert (fault.line, fault.place, fault.message) == (3, "due.then_hours", "缺少这一项")
    city.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = propose(city, 'code = "hangzhou"').content.decode()
    assert "Field required" in page
    assert "nothing has changed" in page


def test_the_text_is_downloaded_as_it_was_proposed(city):
    version = city_rows.proposal()
    answer = city.get(f"/city/schemes/{version.pk}/text/")
    assert answer.content.decode() == version.text
    assert 'filename="hangzhou-2026-04-01.toml"' in answer.headers["Content-Disposition"]
    assert city.text(f"/city/schemes/new/?from={version.pk}").count("then_hours = 72") == 1


@pytest.mark.parametrize("number", ["0", "9999999999999999999999", "nothing"])
def test_a_version_that_is_not_there_does_not_exist(city, number):
    city.text(f"/city/schemes/{number}/", 404)
    city.text(f"/city/schemes/{number}/text/", 404)
    assert city.post(f"/city/schemes/{number}/decide/", {"verb": "approve"}).status_code == 404


def test_the_shipped_version_cannot_be_decided_about(city):
    assert city.post("/city/schemes/shipped/decide/", {"verb": "withdraw"}).status_code == 404


def test_an_unknown_decision_is_refused_and_nothing_is_a_get(city):
    version = city_rows.proposal()
    page = f"/city/schemes/{version.pk}/decide/"
    assert city.get(page).status_code == 405
    assert city.get(PROPOSE).status_code == 405
    city.post(page, {"verb": "delete"})
    version.refresh_from_db()
    assert version.state == "proposed"
