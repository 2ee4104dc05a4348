"""What a hospital reports before it settles: the answers, and how little each report costs."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import builders
from tests.builders import NOW
from yifu.collection import services as collection
from yifu.credit import versions
from yifu.insurance.models import Encounter
from yifu.visits.models import Visit


@pytest.fixture(autouse=True)
def _simulated(settings):
    settings.YIFU_SIMULATION = True


@pytest.fixture
def visit(db):  # noqa: ARG001 - the tables
    return builders.visit(builders.person(), ended_at=None)


@pytest.fixture
def api(visit):
    """The API of the visit's hospital, whose token is known already."""
    made = builders.api(visit.institution)
    assert made.get(f"/persons/{visit.person_id}").status_code == 200
    return made


def charge(line_no: int, fen: int = 1500) -> dict[str, Any]:
    return {
        "line_no": line_no,
        "local_code": "FW0001",
        "national_code": "001102000010000",
        "name": "普通门诊诊查费",
        "quantity": "1",
        "unit_price_fen": str(fen),
        "amount_fen": fen,
        "occurred_at": NOW.isoformat(),
    }


def visit_body(person_id: int) -> dict[str, Any]:
    return {
        "visit_no": "M1",
        "person_id": person_id,
        "kind": "outpatient",
        "department": {"code": "A03", "name": "内科"},
        "doctor": {"code": "D1", "name": "林医生"},
        "began_at": NOW.isoformat(),
        "diagnoses": [{"code": "J06", "name": "急性上呼吸道感染"}],
    }


def test_a_visit_reported_again_answers_200_with_the_same_number(api, visit):
    body = visit_body(visit.person_id)
    first, again = api.post("/visits", body), api.post("/visits", body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    # No insurer is connected, so nobody could be asked.
    assert first.json()["insured"] is None


def test_a_visit_of_a_person_unknown_here_is_refused(api):
    before = Visit.objects.count()
    stranger = builders.person(builders.institution("H99010000002"))
    for number in (stranger.pk, 10**9):
        answer = api.post("/visits", visit_body(number))
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert Visit.objects.count() == before


def test_charges_answer_their_numbers_and_the_sum_of_the_visit(api, visit):
    path = f"/visits/{visit.pk}/charges"
    api.post(path, {"charges": [charge(1, 100)]})
    answer = api.post(path, {"charges": [charge(2, 20), charge(1, 100)]})
    ids = dict(visit.charges.values_list("line_no", "pk"))
    assert answer.status_code == 201
    assert answer.json() == {
        "visit_id": visit.pk,
        "charges": [{"id": ids[2], "line_no": 2}, {"id": ids[1], "line_no": 1}],
        "total_fen": 120,
    }


def test_new_charges_take_one_statement(api, visit):
    with CaptureQueriesContext(connection) as taken:
        answer = api.post(f"/visits/{visit.pk}/charges", {"charges": [charge(1), charge(2)]})
    assert answer.status_code == 201
    assert len(taken) == 1


def test_an_end_takes_two_statements(api, visit):
    versions.at("hangzhou", NOW)  # asked for once a day
    with CaptureQueriesContext(connection) as taken:
        answer = api.post(f"/visits/{visit.pk}/end", {"ended_at": NOW.isoformat()})
    assert answer.status_code == 200
    assert len(taken) == 2


def test_an_end_reported_again_answers_the_same(api, visit):
    path, body = f"/visits/{visit.pk}/end", {"ended_at": NOW.isoformat()}
    first, again = api.post(path, body), api.post(path, body)
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    assert datetime.fromisoformat(first.json()["ended_at"]) == NOW


@pytest.mark.parametrize(
    ("uninsured", "registered", "insured", "insutype"),
    [(False, True, True, "310"), (True, False, False, None), (False, False, None, None)],
)
def test_an_end_says_what_is_known_of_the_insurance(
    api, visit, uninsured, registered, insured, insutype
):
    Visit.objects.update(uninsured=uninsured)
    if registered:
        Encounter.objects.create(
            visit=visit, mdtrt_id="M", psn_no="P", insutype="310", psn_type="11"
        )
    answer = api.post(f"/visits/{visit.pk}/end", {"ended_at": NOW.isoformat()}).json()
    assert (answer["insured"], answer["insutype"]) == (insured, insutype)


@pytest.mark.parametrize("times", [1, 2])
def test_the_bills_of_a_visit_that_ends_become_due_by_its_end(api, times):
    bill = builders.bill(builders.person(), due_at=None)
    Visit.objects.filter(pk=bill.visit_id).update(ended_at=None)
    body = {"ended_at": (NOW + timedelta(minutes=5)).isoformat()}
    for _ in range(times):
        assert api.post(f"/visits/{bill.visit_id}/end", body).status_code == 200
    bill.refresh_from_db()
    # Two days after the next midnight (P4.1).
    assert bill.due_at == NOW.replace(hour=0, minute=0) + timedelta(days=3)


def test_a_banks_bill_and_one_that_is_overdue_keep_their_time(db):  # noqa: ARG001 - the tables
    banks = builders.bill(builders.person(), due_at=None, account="bank:icbc")
    late = builders.bill(builders.person(), due_at=NOW)
    type(late).objects.filter(pk=late.pk).update(state="overdue")
    due = NOW + timedelta(days=2)
    assert [collection.visit_ended(bill.visit_id, due_at=due) for bill in (banks, late)] == [0, 0]
    for bill, kept in ((banks, None), (late, NOW)):
        bill.refresh_from_db()
        assert bill.due_at == kept
