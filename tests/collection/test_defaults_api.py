"""The default list over HTTP: what an institution sees and decides, and what it is refused."""

import pytest

from tests import builders
from tests.collection.listing import LATER, confirm, defaulter, entries_of, told
from tests.settlement.asking import refused

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _simulated(settings):
    """Requests say what time it is."""
    settings.YIFU_SIMULATION = True


@pytest.fixture
def person():
    return defaulter(bills=2)


@pytest.fixture
def hospital(person):
    assert person
    api = builders.api(builders.institution())
    api.now = LATER
    return api


def test_entries_are_listed_in_pages_and_by_state(hospital, person):
    first, second = entries_of(person)
    page = hospital.get("/default-entries", limit=1).json()
    (one,) = page["items"]
    assert (one["id"], one["state"], one["owed_fen"], one["rule"]) == (
        *(first.pk, "proposed"),
        *(3000, "P4.4"),
    )
    assert "name" not in one
    rest = hospital.get("/default-entries", cursor=page["next_cursor"]).json()
    assert [item["id"] for item in rest["items"]] == [second.pk]
    assert rest["next_cursor"] is None
    assert hospital.get("/default-entries", state="confirmed").json()["items"] == []


def test_an_institution_confirms_and_refuses(hospital, person):
    first, second = entries_of(person)
    body = {"entry_ids": [first.pk], "by": "王主任"}
    assert hospital.post("/default-entries/confirm", body).json() == {"confirmed": 1}
    refused(hospital.post("/default-entries/confirm", body), 409, "entry_not_decidable")
    body = {"reason": "费用有误", "by": "王主任"}
    answer = hospital.post(f"/default-entries/{second.pk}/refuse", body).json()
    assert (answer["state"], answer["decided_by"]) == ("refused", "H99010000001:王主任")
    assert len(told(person)) == 1


def test_a_person_contests_at_the_window_and_another_decides(hospital, person):
    confirm(person)
    (entry, _) = entries_of(person)
    body = {"person_id": person.pk, "reason": "已付清", "by": "窗口3"}
    dispute = hospital.post(f"/default-entries/{entry.pk}/disputes", body).json()
    assert (dispute["state"], dispute["opened_by"]) == ("open", "H99010000001:窗口3")
    refused(hospital.post(f"/default-entries/{entry.pk}/disputes", body), 409, "dispute_open")
    (listed,) = hospital.get("/disputes", state="open").json()["items"]
    assert listed["id"] == dispute["id"]
    (shown,) = hospital.get("/default-entries", contested="yes").json()["items"]
    assert shown["id"] == entry.pk
    decision = {"upheld": True, "note": "查实已付", "by": "李科长"}
    decided = hospital.post(f"/disputes/{dispute['id']}/decision", decision).json()
    assert decided["state"] == "upheld"
    refused(hospital.post(f"/disputes/{dispute['id']}/decision", decision), 409, "dispute_not_open")


def test_a_dispute_is_taken_back(hospital, person):
    (entry, _) = entries_of(person)
    body = {"person_id": person.pk, "reason": "已付清", "by": "窗口3"}
    dispute = hospital.post(f"/default-entries/{entry.pk}/disputes", body).json()
    body = {"person_id": person.pk, "by": "窗口3"}
    answer = hospital.post(f"/disputes/{dispute['id']}/withdraw", body).json()
    assert answer["state"] == "withdrawn"


def test_a_persons_standing_is_told_with_its_way_back(hospital, person):
    confirm(person)
    body = hospital.get(f"/persons/{person.pk}/standing").json()
    assert (body["standing"], body["owed_fen"]) == ("defaulted", 6000)
    assert {effect["code"] for effect in body["effects"]} == {
        *("defaulted", "listed", "insurance_stopped"),
    }
    assert {way["code"] for way in body["ways_back"]} == {"pay", "contest"}
    assert body["ways_back"][0]["amount_fen"] == 6000


def test_another_institution_sees_nothing(hospital, person):
    other = builders.api(builders.institution("H99010000002"))
    (entry, _) = entries_of(person)
    assert other.get("/default-entries").json()["items"] == []
    assert other.get("/disputes").json()["items"] == []
    refused(other.get(f"/persons/{person.pk}/standing"), 404, "not_found")
    body = {"entry_ids": [entry.pk], "by": "x"}
    refused(other.post("/default-entries/confirm", body), 404, "not_found")
    body = {"person_id": person.pk, "reason": "x", "by": "x"}
    refused(other.post(f"/default-entries/{entry.pk}/disputes", body), 404, "not_found")
    assert hospital.get("/default-entries").json()["items"][0]["state"] == "proposed"


def test_the_scope_is_needed(hospital):
    assert hospital
    without = builders.api(builders.institution(), scopes="bills persons")
    refused(without.get("/default-entries"), 403, "forbidden")
    body = {"entry_ids": [1], "by": "x"}
    refused(without.post("/default-entries/confirm", body), 403, "forbidden")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/default-entries/confirm", {"entry_ids": [], "by": "x"}),
        ("/default-entries/confirm", {"entry_ids": ["1"], "by": "x"}),
        ("/default-entries/confirm", {"entry_ids": [1], "by": ""}),
        ("/default-entries/confirm", {"entry_ids": [1], "by": "x", "more": 1}),
        ("/default-entries/1/refuse", {"reason": "", "by": "x"}),
        ("/disputes/1/decision", {"upheld": "yes", "note": "x", "by": "x"}),
    ],
)
def test_what_is_malformed_is_refused(hospital, path, body):
    refused(hospital.post(path, body), 422, "invalid_request")
