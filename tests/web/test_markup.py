"""What every page owes to who cannot see it, or uses no mouse (WCAG 2.1 AA, the countable part)."""

from collections import Counter
from html.parser import HTMLParser

import pytest

from tests import builders
from tests.web import city_rows, rows
from tests.web.test_insurance_office import list_upload

VOID = {"meta", "link", "input", "img", "br", "hr"}


class Page(HTMLParser):
    """Collects what is needed to judge a page, and notices tags that do not match."""

    def __init__(self, text):
        super().__init__()
        self.open: list[tuple[str, list[str]]] = []
        self.faults: list[str] = []
        self.tags: Counter[str] = Counter()
        self.ids: Counter[str] = Counter()
        self.labels: set[str] = set()
        self.fields: list[str] = []
        self.described: list[str] = []
        self.language = ""
        self.feed(text)
        self.close()
        self.faults += [f"<{tag}> is never closed" for tag, _ in self.open]

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.tags[tag] += 1
        if "id" in given:
            self.ids[given["id"]] += 1
        self.described += (given.get("aria-labelledby") or "").split()
        self._check(tag, given)
        if tag not in VOID:
            self.open.append((tag, []))

    def _check(self, tag, given):
        if tag == "html":
            self.language = given.get("lang", "")
        elif tag == "label" and "for" in given:
            self.labels.add(given["for"])
        elif tag == "img" and "alt" not in given:
            self.faults.append("an image without alt")
        elif tag in {"input", "select", "textarea"} and given.get("type") != "hidden":
            within = any(name == "label" for name, _ in self.open)
            if not within and "aria-label" not in given:
                self.fields.append(given.get("id"))
        elif given.get("style") or any(name.startswith("on") for name in given):
            self.faults.append(f"<{tag}> carries style or script")

    def handle_data(self, data):
        for _, words in self.open:
            words.append(data.strip())

    def handle_endtag(self, tag):
        name, words = self.open.pop() if self.open else ("nothing", [])
        if name != tag:
            self.faults.append(f"</{tag}> closes <{name}>")
        if name in {"a", "button", "h1", "h2", "label", "title"} and not "".join(words):
            self.faults.append(f"an empty <{name}>")

    def handle_startendtag(self, tag, attributes):
        """`<rect/>` is closed where it begins."""
        self.handle_starttag(tag, attributes)
        self.handle_endtag(tag)


def faults_of(text):
    page = Page(text)
    faults = list(page.faults)
    faults += [f"the id {name} stands twice" for name, times in page.ids.items() if times > 1]
    faults += [f"no label for {name}" for name in page.fields if name not in page.labels]
    faults += [f"no {name} to be described by" for name in page.described if name not in page.ids]
    faults += [f"{page.tags[tag]} <{tag}>" for tag in ("h1", "main") if page.tags[tag] != 1]
    return faults + ([] if page.language else ["no language"])


@pytest.fixture
def scene(hospital, mother):
    """Something of everything, so that every part of the pages is there."""
    child = builders.person(born="2018-06-01")
    builders.contract(mother, dependants=[(child, 50_000)])
    visit = rows.visit(hospital, mother, prices=(12_345, 600))
    bill = rows.bill(visit, mother, 5000)
    settlement = rows.settlement(visit, fund=7000, bill=bill, setl_id="S1")
    attempt = rows.attempt(f"bill:{bill.pk}", 1000)
    rows.payment(bill, attempt)
    rows.refund(attempt, 10)
    rows.receipt(settlement)
    rows.difference(rows.statement(hospital), "S1")
    rows.settlement(rows.visit(hospital, child), state="unknown")
    return {"visit": visit.pk, "bill": bill.pk, "settlement": settlement.pk}


@pytest.mark.parametrize(
    "page",
    [
        "/me/",
        "/me/code/",
        "/me/family/",
        "/me/bills/",
        "/me/bills/{bill}/",
        "/me/bills/{bill}/result/",
        "/me/settlements/{settlement}/",
    ],
)
def test_a_patients_pages_are_sound(login, mother, scene, page):
    assert faults_of(login(mother).text(page.format(**scene))) == []


@pytest.mark.parametrize("page", ["/doctor/", "/doctor/visits/{visit}/"])
def test_a_doctors_pages_are_sound(doctor, scene, page):
    assert faults_of(doctor.text(page.format(**scene))) == []


@pytest.mark.parametrize(
    "page", ["/finance/", "/finance/settlements/{settlement}/", "/finance/exchanges/"]
)
def test_finances_pages_are_sound(finance, scene, page):
    assert faults_of(finance.text(page.format(**scene))) == []


@pytest.mark.parametrize("page", ["/insurance/", "/insurance/lists/{list}/"])
def test_the_insurance_offices_pages_are_sound(hospital, seat, mother, page):
    upload = list_upload(hospital, mother)
    text = seat(hospital, "insurance").text(page.format(list=upload.pk))
    assert faults_of(text) == []


def test_the_citys_pages_are_sound(db, seat):  # noqa: ARG001 - opens the database
    scene = city_rows.city()
    city = seat(scene.hospital, "city")
    for page in (
        "/city/",
        "/city/night/",
        "/city/night/reminders/?date=2026-03-01",
        "/city/overdue/",
        "/city/overdue/?list=entries",
        "/city/restorations/",
        "/city/schemes/",
        f"/city/schemes/{scene.version.pk}/",
        "/city/schemes/new/?from=shipped",
        "/city/baddebt/?month=2026-03",
    ):
        assert faults_of(city.text(page)) == [], page
    refused = city.post("/city/schemes/propose/", {"text": "code = 1", "note": ""})
    assert faults_of(refused.content.decode()) == []


def test_finances_pages_about_debtors_are_sound(db, seat):  # noqa: ARG001 - the same
    finance = seat(city_rows.city().hospital, "finance")
    for page in ("defaults/", "defaults/?state=contested", "defaults/?state=refused", "writeoffs/"):
        assert faults_of(finance.text(f"/finance/{page}")) == [], page


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["/", "/accounts/login/", "/accounts/signup/", "/nowhere/"])
def test_pages_for_everybody_are_sound(client, page):
    assert faults_of(client.get(page).content.decode()) == []


def test_the_remaining_pages_of_signing_in_are_sound(doctor):
    for page in ("/accounts/password/change/", "/accounts/logout/", "/accounts/inactive/"):
        assert faults_of(doctor.get(page).content.decode()) == []


def test_unsound_markup_would_be_noticed():
    text = '<html><main><h1></h1><p id="a"></div><input id="b"><img><p id="a" style="x"></main>'
    found = " ".join(faults_of(text))
    for words in (
        "empty <h1>",
        "closes <p>",
        "no label for b",
        "without alt",
        "twice",
        "no language",
    ):
        assert words in found
