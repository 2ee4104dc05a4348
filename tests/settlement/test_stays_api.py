"""A stay over HTTP: admission without deposit, charges, discharge, settlement, undoing."""

from datetime import timedelta

import pytest

from tests import builders
from tests.settlement.asking import charge, refused, visit_body
from tests.settlement.conftest import NOW
from yifu.visits.models import Visit

ADMISSION = {"bed": "12床", "note": "转移性右下腹痛一天"}
LEFT = (NOW + timedelta(days=2)).isoformat()


@pytest.fixture
def api(world, simulated):  # noqa: ARG001 - what time it is
    return builders.api(world.hospital)


def stay_body(person, **changes):
    return visit_body(person.pk, kind="inpatient", admission=ADMISSION, visit_no="ZY1") | changes


def test_a_stay_from_admission_to_its_reversal(world, api):
    person = world.person()
    world.sign(person)
    opened = api.post("/visits", stay_body(person))
    assert (opened.status_code, opened.json()["insured"]) == (201, True), opened.content
    visit = f"/visits/{opened.json()['id']}"
    charges = [charge(line_no=day) for day in (1, 2, 3)]
    assert api.post(f"{visit}/charges", {"charges": charges}).status_code == 201
    assert api.post(f"{visit}/upload", {}).json()["lines"] == 3
    off = charge(line_no=4, corrects_line_no=3, quantity="-2", amount_fen=-1501)
    assert api.post(f"{visit}/charges", {"charges": [off]}).json()["total_fen"] == 3002
    settling = {"visit_id": opened.json()["id"]}
    refused(api.post("/settlements", settling, key="1"), 409, "stay_goes_on")
    refused(api.post(f"{visit}/end", {"ended_at": LEFT}), 422, "stay_needs_discharge")
    told = {"ended_at": LEFT, "discharge": {"way": "1"}}
    assert api.post(f"{visit}/end", told).json()["ended_at"]
    assert api.post(f"{visit}/end", told).status_code == 200
    preview = api.post(f"{visit}/preview", {}).json()
    settled = api.post("/settlements", settling, key="1").json()
    assert (settled["state"], settled["method"]) == ("completed", "credit")
    assert settled["total_fen"] == preview["total_fen"] == 3002
    refused(api.post(f"{visit}/reopen", {}), 409, "stay_settled")
    number = settled["id"]
    back = api.post(f"/settlements/{number}/reverse", {"reason": "更正"}, key="2").json()
    assert back["state"] == "reversed"
    assert api.post(f"{visit}/reopen", {}).json()["ended_at"] is None
    books = world.their_books()["settlements"]
    fens = [one["medfee_sumamt_fen"] for one in books if one["medins_setl_id"] in str(settled)]
    assert fens == [3002, -3002]


@pytest.mark.parametrize(
    "changes",
    [
        {"admission": None},
        {"kind": "outpatient"},
        {"diagnoses": []},
        {"admission": {"bed": "", "note": "x"}},
        {"admission": {"bed": "1", "note": "x", "ward": "2"}},
        {"med_type": "77"},
        {"med_type": "x"},
        {"insured_area": "99"},
        {"disease": {"code": "M01600"}},
    ],
)
def test_a_stay_that_is_told_wrongly_is_refused(world, api, changes):
    person = world.person(psn_type="")
    refused(api.post("/visits", stay_body(person, **changes)), 422, "invalid_request")
    assert not Visit.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"discharge": {"way": "77"}},
        {"discharge": {}},
        {"discharge": {"way": "1", "died_on": "yesterday"}},
    ],
)
def test_a_discharge_that_is_told_wrongly_is_refused(world, api, changes):
    opened = api.post("/visits", stay_body(world.person(psn_type="")))
    told = {"ended_at": LEFT} | changes
    refused(api.post(f"/visits/{opened.json()['id']}/end", told), 422, "invalid_request")
    assert Visit.objects.get().ended_at is None


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"quantity": "-2", "amount_fen": -1501}, "invalid_request"),
        ({"corrects_line_no": 7}, "invalid_request"),
        ({"corrects_line_no": 7, "quantity": "-2", "amount_fen": 1501}, "invalid_request"),
        (
            {"line_no": 8, "corrects_line_no": 7, "quantity": "-2", "amount_fen": -1501},
            "nothing_to_charge_off",
        ),
    ],
)
def test_negative_lines_that_take_from_nothing_are_refused(world, api, changes, code):
    opened = api.post("/visits", visit_body(world.person(psn_type="").pk, visit_no="MZ1"))
    path = f"/visits/{opened.json()['id']}/charges"
    assert api.post(path, {"charges": [charge()]}).status_code == 201
    refused(api.post(path, {"charges": [charge(**changes)]}), 422, code)


def test_a_discharge_is_for_stays_only(world, api):
    opened = api.post("/visits", visit_body(world.person(psn_type="").pk, visit_no="MZ1"))
    told = {"ended_at": LEFT, "discharge": {"way": "1"}}
    refused(api.post(f"/visits/{opened.json()['id']}/end", told), 422, "not_a_stay")
