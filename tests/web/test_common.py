"""Signing in, the switches, the error pages, and the words."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import Client, override_settings

from tests.web.conftest import Browser, user
from yifu.web import middleware

ROOT = Path(settings.BASE_DIR).parent
# The page of an error depends on nothing that may be broken, so it speaks both languages at once.
TEMPLATES = sorted(
    path
    for path in (Path(settings.BASE_DIR) / "web" / "templates").rglob("*.html")
    if path.name != "500.html"
)
CHINESE = re.compile(r"[\u3400-\u9fff]")


@pytest.mark.django_db
def test_who_knows_the_password_signs_in_and_out():
    user("lin")
    browser = Client()
    answer = browser.post("/accounts/login/", {"login": "lin", "password": "a password"})
    assert answer.headers["Location"] == "/"
    assert "_auth_user_id" in browser.session
    browser.post("/accounts/logout/")
    assert "_auth_user_id" not in browser.session


@pytest.mark.django_db
def test_a_wrong_password_says_so_and_signs_nobody_in():
    user("lin")
    browser = Client()
    answer = browser.post("/accounts/login/", {"login": "lin", "password": "wrong"})
    assert answer.status_code == 200
    assert 'role="alert"' in answer.content.decode()
    assert "_auth_user_id" not in browser.session


@pytest.mark.django_db
def test_after_signing_in_one_is_where_one_wanted_to_go():
    user("lin")
    answer = Client().post(
        "/accounts/login/", {"login": "lin", "password": "a password", "next": "/me/bills/"}
    )
    assert answer.headers["Location"] == "/me/bills/"


@pytest.mark.django_db
def test_chinese_comes_first_whatever_the_browser_says():
    text = Client().get("/", headers={"Accept-Language": "en-US"}).content.decode()
    assert '<html lang="zh-hans"' in text
    assert "先诊疗，后付费" in text


@pytest.mark.django_db
def test_the_switch_turns_english_on_and_off():
    browser = Client()
    answer = browser.post("/language/", {"language": "en", "next": "/"})
    assert answer.headers["Location"] == "/"
    text = browser.get("/").content.decode()
    assert '<html lang="en"' in text
    assert "See the doctor first, pay later" in text
    browser.post("/language/", {"language": "zh-hans", "next": "/"})
    assert '<html lang="zh-hans"' in browser.get("/").content.decode()


@pytest.mark.django_db
def test_an_unknown_language_is_chinese():
    browser = Client()
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "xx"
    assert '<html lang="zh-hans"' in browser.get("/").content.decode()


def test_the_elder_mode_is_one_switch_and_stays(login, mother):
    browser = login(mother)
    assert 'class=""' in browser.text("/me/")
    assert browser.post("/elder/", {"next": "/me/"}).headers["Location"] == "/me/"
    assert 'class="elder"' in browser.text("/me/bills/")
    browser.post("/elder/", {"next": "/me/"})
    assert 'class=""' in browser.text("/me/")


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["https://evil.example/", "//evil.example", "javascript:1", ""])
def test_a_switch_leads_nowhere_else(page):
    assert Client().post("/elder/", {"next": page}).headers["Location"] == "/"


@pytest.mark.django_db
def test_a_page_that_is_not_there_says_so_in_both_languages():
    browser = Browser()
    assert "没有这个页面" in browser.text("/nowhere/", 404)
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert "There is no such page" in browser.text("/nowhere/", 404)


def test_the_page_of_an_error_needs_nothing_that_may_be_broken():
    text = render_to_string("500.html")
    assert "系统出错" in text
    assert "Something broke" in text


def test_what_a_service_refuses_becomes_a_page(finance):
    text = finance.text("/finance/?date=tomorrow", 422)
    assert "字段 date 无效" in text
    finance.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert "The field date is not valid" in finance.text("/finance/?date=tomorrow", 422)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2026-02-30", "1 OR 1=1"])
def test_a_day_that_cannot_be_is_refused(finance, doctor, day):
    for browser, page in ((finance, "/finance/"), (doctor, "/doctor/")):
        assert browser.get(page, {"date": day}).status_code == 422


@override_settings(YIFU_SIMULATION=True)
def test_a_time_that_is_none_is_refused(doctor):
    doctor.text("/doctor/", 422, headers={"Yifu-Now": "noon"})


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_templates_speak_through_the_catalogue_only(path):
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"{% blocktranslate.*?endblocktranslate %}", "", text, flags=re.DOTALL)
    text = re.sub(r"{[%{#].*?[%}#]}", "", text, flags=re.DOTALL)
    text = text.replace("中文", "")
    assert not CHINESE.findall(text.replace("（", "").replace("）", ""))


def test_every_string_has_an_english_translation():
    check = subprocess.run(
        [sys.executable, "-m", "tools.compile_messages", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert check.returncode == 0, check.stdout + check.stderr


def test_the_content_policy_leaves_the_apis_documentation_alone(rf):
    guard = middleware.ContentPolicy(lambda _: HttpResponse("<p>", content_type="text/html"))
    assert "Content-Security-Policy" in guard(rf.get("/me/")).headers
    assert "Content-Security-Policy" not in guard(rf.get("/api/v1/docs")).headers
