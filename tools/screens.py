"""Photograph the pages of a running site for the documentation.

    yifu up                                     in one terminal; then, in another:
    python -m tools.screens --settle            writes docs/screens/*.png

With --settle the doctor finishes a waiting visit, so that the mother has a bill to pay.

The site's address and its sign-ins come from `.yifu/` unless they are given. Needs a Chromium and
Chinese fonts from the system (on Debian: chromium, fonts-noto-cjk).
"""

import argparse
import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PHONE = (390, 844)
DESKTOP = (1280, 900)
CHROMIUMS = ("chromium", "chromium-browser", "chromium-headless-shell", "google-chrome")


def find_chromium() -> str:
    """Give the path of the system's Chromium; ends the program when there is none."""
    path = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if path is None:
        sys.exit("no Chromium: install chromium and fonts-noto-cjk")
    return path


@contextmanager
def signed_in(
    browser: Browser, url: str, who: tuple[str, str], size: tuple[int, int], language: str
) -> Iterator[Page]:
    """Open a window of a size, signed in as somebody, in `zh-hans` or `en`."""
    width, height = size
    context = browser.new_context(
        base_url=url,
        viewport={"width": width, "height": height},
        device_scale_factor=2 if size == PHONE else 1,
        locale="zh-CN" if language == "zh-hans" else "en-GB",
    )
    context.add_cookies([{"name": "django_language", "value": language, "url": url}])
    page = context.new_page()
    page.goto("/accounts/login/")
    page.locator("#id_login").fill(who[0])
    page.locator("#id_password").fill(who[1])
    page.locator("main form button").click()
    page.wait_for_url(lambda address: "/accounts/login/" not in address)
    yield page
    context.close()


def photograph(page: Page, path: Path) -> None:
    """Take one picture, of the window as it is seen."""
    page.wait_for_load_state("networkidle")
    page.screenshot(path=path)
    print(path)


def patient(page: Page, folder: Path) -> None:
    """Home, bill, care code."""
    photograph(page, folder / "patient-home.png")
    page.goto("/me/bills/")
    bill = page.locator(".rows a").first
    if bill.count():
        bill.click()
        photograph(page, folder / "patient-bill.png")
    page.goto("/me/code/")
    photograph(page, folder / "patient-code.png")
    page.goto("/me/")
    page.locator("form[action='/elder/'] button").click()
    page.locator("html.elder").wait_for()
    photograph(page, folder / "patient-elder.png")


def doctor(page: Page, folder: Path, *, settle: bool) -> None:
    """The day's visits, and one of them: previewed, and settled when that is asked for."""
    photograph(page, folder / "doctor-visits.png")
    waiting = page.locator("tr:has(.tag:not(.good)) th a").first
    visit = waiting if waiting.count() else page.locator("tbody th a").first
    if not visit.count():
        return
    visit.click()
    preview = page.locator("#panel form").nth(1)
    if preview.count():
        preview.locator("button").click()
        page.locator("#panel .parts").first.wait_for()
    photograph(page, folder / "doctor-room.png")
    finish = page.locator("#finish button")
    if settle and finish.count():
        agree = page.locator("#finish [name=agreed_to]")
        if agree.count():
            agree.check()
        finish.click()
        page.locator("#panel .outcome").first.wait_for()
        photograph(page, folder / "doctor-settled.png")


def finance(page: Page, folder: Path) -> None:
    """The day in figures."""
    latest = page.locator(".verdict a[href^='?date=']")
    if latest.count():
        latest.click()
    photograph(page, folder / "finance-today.png")


def asked() -> argparse.Namespace:
    """Read what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url", help="the site's address; default: the one in .yifu/site.json")
    parser.add_argument("--home", type=Path, default=os.environ.get("YIFU_HOME", ROOT / ".yifu"))
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "screens")
    parser.add_argument("--language", choices=["zh-hans", "en"], default="zh-hans")
    parser.add_argument("--settle", action="store_true", help="finish a visit that is waiting")
    return parser.parse_args()


def main() -> None:
    """Sign in as each and photograph."""
    wanted = asked()
    home = Path(wanted.home)
    passwords = json.loads((home / "keys.json").read_text())["passwords"]
    url = wanted.url or json.loads((home / "site.json").read_text())["web"]
    folder = wanted.out / "en" if wanted.language == "en" else wanted.out
    folder.mkdir(parents=True, exist_ok=True)
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    arguments = ["--disable-background-networking", *sandbox]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=arguments)
        for who, size, take in (
            ("doctor", DESKTOP, partial(doctor, settle=wanted.settle)),
            ("mother", PHONE, patient),
            ("finance", DESKTOP, finance),
        ):
            with signed_in(browser, url, (who, passwords[who]), size, wanted.language) as page:
                take(page, folder)
        browser.close()


if __name__ == "__main__":
    main()
