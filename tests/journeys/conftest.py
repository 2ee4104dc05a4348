"""Chromium from the system's packages, driving the pages of a live server."""

import os
import shutil
from functools import partial

import pytest
from django.contrib.auth import get_user_model
from pytest_django.live_server_helper import LiveServer

from tests import builders
from yifu.web.models import Seat

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}
NAMES = ("chromium", "chromium-browser", "chromium-headless-shell", "google-chrome")
ARGUMENTS = ["--disable-background-networking", "--disable-component-update", "--lang=zh-CN"]
PASSWORD = "a password"


@pytest.fixture(scope="module")
def chromium():
    """The browser, for a module: its loop would run on under the tests that come after.

    Without one these tests are skipped, and say so.
    """
    sync_api = pytest.importorskip("playwright.sync_api")
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip("no Chromium: install chromium and fonts-noto-cjk to run the browser tests")
    # Its loop runs in this thread, where Django then takes every query for a mistake.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS + sandbox)
        yield browser
        browser.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(autouse=True)
def _simulated(settings):
    """Requests say what time it is; passwords are hashed fast."""
    settings.YIFU_SIMULATION = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.ALLOWED_HOSTS = ["127.0.0.1"]


@pytest.fixture
def site(transactional_db):  # noqa: ARG001 - real commits, seen by the server's threads
    """The address of the pages, served from threads of this process."""
    server = LiveServer("127.0.0.1")
    yield server.url
    server.stop()


@pytest.fixture
def faults():
    """What went wrong in any browser of the test; whatever is left at its end fails it."""
    found: list[str] = []
    yield found
    assert found == []


@pytest.fixture
def open_browser(chromium, site, faults):
    """Open a fresh browser at a width."""
    contexts = []

    def open_one(size, *, at=builders.NOW):
        context = chromium.new_context(
            viewport=size,
            locale="zh-CN",
            base_url=site,
            reduced_motion="reduce",
            extra_http_headers={"Yifu-Now": at.isoformat()},
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", partial(_note_error, faults))
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("requestfailed", partial(_note_failure, faults))
        return page

    yield open_one
    for context in contexts:
        context.close()


def _note_error(faults, told):
    if told.type == "error":
        faults.append(told.text)


def _note_failure(faults, request):
    # What became a download, or was left behind for another page, did not fail.
    if request.failure != "net::ERR_ABORTED":
        faults.append(f"failed: {request.url} {request.failure}")


@pytest.fixture
def sign_in(open_browser):
    """Open a browser and sign in by the form, as people do."""

    def do(username, size, **more):
        page = open_browser(size, **more)
        page.goto("/")
        page.get_by_role("link", name="登录").click()
        page.get_by_label("用户名").fill(username)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        page.get_by_role("button", name="退出").wait_for()
        return page

    return do


def user(name):
    return get_user_model().objects.create_user(username=name, password=PASSWORD)


def give_seat(institution, role, *, doctor_code=""):
    """Give somebody a seat; the user's name is the role."""
    Seat.objects.create(
        user=user(role), institution=institution, role=role, doctor_code=doctor_code
    )


def no_sideways(page):
    """Nothing sticks out to the right of the window."""
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= page.viewport_size["width"], f"{page.url} is {wide} px wide"
