"""Bad debt over HTTP and on the command line."""

import csv
import io
import json

import pytest
from click.testing import CliRunner

from tests import builders
from tests.builders import NOW
from tests.collection.test_baddebt import borne, defaulted, given_up
from tests.collection.test_services import pay
from yifu.commands.baddebt import baddebt as command

pytestmark = pytest.mark.django_db


@pytest.fixture
def principal():
    person = builders.person()
    builders.contract(person)
    return person


@pytest.fixture
def api():
    return builders.api(builders.institution())


def run(*words: str) -> str:
    done = CliRunner().invoke(command, list(words))
    assert done.exit_code == 0, (done.output, done.exception)
    return done.output


def test_two_people_write_off_over_http(principal, api):
    bill = defaulted(principal, 3000)
    made = api.post(f"/bills/{bill.pk}/write-offs", {"by": "ding", "note": "moved away"})
    assert (made.status_code, made.json()["state"]) == (201, "proposed")
    path = f"/write-offs/{made.json()['id']}"
    same = api.post(f"{path}/approve", {"by": "ding"}, key="a")
    assert (same.status_code, same.json()["code"]) == (409, "write_off_same_person")
    approved = api.post(f"{path}/approve", {"by": "wang"}, key="b")
    assert (approved.status_code, approved.json()["state"]) == (200, "approved")
    assert approved.json()["bearer"] == "treasury.city"
    again = api.post(f"{path}/approve", {"by": "wang"}, key="b")
    assert (again.status_code, again.json()) == (200, approved.json())
    other = api.post(f"{path}/approve", {"by": "li"}, key="b")
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")
    assert borne() == 3000


def test_a_key_is_needed_to_approve_and_a_scope_for_all_of_it(principal, api):
    path = f"/bills/{defaulted(principal).pk}/write-offs"
    made = api.post(path, {"by": "ding", "note": "away"}).json()
    without = api.post(f"/write-offs/{made['id']}/approve", {"by": "wang"})
    assert without.json()["code"] == "idempotency_key_missing"
    stranger = builders.api(builders.institution(), scopes="bills")
    assert stranger.post(path, {"by": "ding", "note": "away"}).status_code == 403
    assert stranger.get("/write-offs").status_code == 403
    assert stranger.get("/bad-debt/statement", bearer="x", month="2026-03").status_code == 403


def test_another_hospital_sees_and_decides_nothing(principal, api):
    bill = defaulted(principal)
    made = api.post(f"/bills/{bill.pk}/write-offs", {"by": "ding", "note": "away"}).json()
    other = builders.api(builders.institution("H99010000009"))
    assert other.get("/write-offs").json() == {"items": [], "next_cursor": None}
    body = {"by": "wang", "note": "no"}
    assert other.post(f"/bills/{bill.pk}/write-offs", body).status_code == 404
    assert other.post(f"/write-offs/{made['id']}/refuse", body).status_code == 409
    assert other.post(f"/write-offs/{made['id']}/approve", {"by": "w"}, key="k").status_code == 409


def test_write_offs_are_listed_by_state_and_page(principal, api):
    for _ in range(3):
        api.post(f"/bills/{defaulted(principal).pk}/write-offs", {"by": "ding", "note": "away"})
    first = api.get("/write-offs", state="proposed", limit=2).json()
    rest = api.get("/write-offs", state="proposed", limit=2, cursor=first["next_cursor"]).json()
    ids = [one["id"] for one in [*first["items"], *rest["items"]]]
    assert (len(set(ids)), rest["next_cursor"]) == (3, None)
    refused = api.post(f"/write-offs/{ids[0]}/refuse", {"by": "wang", "note": "he pays"})
    assert (refused.status_code, refused.json()["note"]) == (200, "he pays")
    assert [one["id"] for one in api.get("/write-offs", state="refused").json()["items"]] == ids[:1]
    assert api.get("/write-offs", cursor=str(2**63)).status_code == 422


def test_a_statement_over_http_adds_up(principal, api):
    bill = defaulted(principal, 3000)
    given_up(bill)
    pay(bill, 500)
    found = api.get("/bad-debt/statement", bearer="treasury.city", month="2026-03").json()
    assert (found["opening_fen"], found["closing_fen"]) == (0, 2500)
    assert [(row["kind"], row["amount_fen"]) for row in found["rows"]] == [
        ("write_off", 3000),
        ("payment", -500),
    ]
    assert (
        api.get("/bad-debt/statement", bearer="treasury.city", month="2026-13").status_code == 422
    )


def test_the_statement_on_the_command_line_is_the_ledgers_in_every_form(principal):
    bill = defaulted(principal, 3000)
    given_up(bill)
    pay(bill, 500)
    words = ("statement", "--bearer", "treasury.city", "--month", "2026-03")
    report = json.loads(run(*words, "--json"))
    assert report["closing_fen"] == borne() == 2500
    assert "期末 closing: ¥25.00" in run(*words)
    rows = list(csv.DictReader(io.StringIO(run(*words, "--csv"))))
    assert [row["yuan"] for row in rows] == ["0.00", "30.00", "-5.00", "25.00"]
    assert rows[1]["institution"] == bill.visit.institution.code


def test_a_provision_on_the_command_line_is_kept(principal):
    builders.bill(principal, 3000, due_at=NOW)
    words = ("provision", "--date", NOW.date().isoformat())
    report = json.loads(run(*words, "--json"))
    (row,) = report["areas"][builders.AREA]
    assert (row["owed_fen"], row["permille"], row["provision_fen"]) == (3000, 10, 30)
    assert "set aside ¥0.30" in run(*words)
