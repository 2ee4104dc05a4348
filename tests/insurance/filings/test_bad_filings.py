"""Requests that are refused before the insurer hears of them."""

from typing import Any

import pytest

from tests import builders
from tests.builders import Api
from tests.insurance.filings.conftest import chronic
from tests.settlement.asking import everything, refused
from yifu.insurance.models import Exchange, Filing
from yifu.patients.models import Person


@pytest.fixture
def person(db):  # noqa: ARG001 - the tables
    return builders.person()


@pytest.fixture
def api(person):  # noqa: ARG001 - the hospital is the person's
    return builders.api(builders.institution())


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"begins_on": "2026-02-30"}, "begins_on"),
        ({"begins_on": 1772323200}, "begins_on"),
        ({"begins_on": "1026-02-01"}, "begins_on"),
        ({"ends_on": "soon"}, "ends_on"),
        ({"person_id": 0}, "person_id"),
        ({"more": 1}, "more"),
        ({"about": {"kind": "holiday"}}, "about"),
        ({"about": {"more": 1}}, "chronic.more"),
        ({"about": {"disease": {"code": "高血压", "name": "高血压"}}}, "disease.code"),
        ({"about": {"disease": {"code": "M" * 31, "name": "高血压"}}}, "disease.code"),
        ({"about": {"disease": {"code": "M03900", "name": ""}}}, "disease.name"),
        ({"about": {"doctor": {"code": "", "name": "林医生"}}}, "doctor.code"),
        ({"about": {"found_on": None}}, "found_on"),
    ],
)
def test_a_refused_field_is_named(api: Api, person: Person, changes: dict[str, Any], field: str):
    answer = api.post("/filings", chronic(person, **changes), key="k")
    refused(answer, 422, "invalid_request")
    assert field in answer.json()["field"], answer.json()
    assert not Filing.objects.exists()
    assert not Exchange.objects.exists()


def test_a_period_backwards_is_refused_with_its_days(api: Api, person: Person):
    before = everything()
    answer = api.post("/filings", chronic(person, ends_on="2026-02-28"), key="k")
    refused(answer, 422, "period_backwards")
    assert answer.json()["ends_on"] == "2026-02-28"
    assert everything() == before


def test_a_hospital_without_an_insurer_cannot_file(api: Api, person: Person):
    before = everything()
    refused(api.post("/filings", chronic(person), key="k"), 503, "insurer_not_connected")
    assert everything() == before


@pytest.mark.parametrize("query", [{}, {"person_id": "x"}, {"person_id": 1, "limit": 1000}])
def test_a_list_needs_its_person_and_a_bound(api: Api, query: dict[str, Any]):
    refused(api.get("/filings", **query), 422, "invalid_request")


@pytest.mark.parametrize("reason", ["", "x" * 201, 7])
def test_a_withdrawal_says_why(api: Api, reason: Any):
    answer = api.post("/filings/1/withdraw", {"reason": reason}, key="k")
    refused(answer, 422, "invalid_request")
    assert answer.json()["field"].endswith("reason")


@pytest.mark.parametrize("query", [{"include": "all"}, {"med_type": "x"}, {"disease_code": "高"}])
def test_a_wrong_query_about_a_person_is_named(api: Api, person: Person, query: dict[str, Any]):
    answer = api.get(f"/persons/{person.pk}/insurance", **query)
    refused(answer, 422, "invalid_request")
    assert next(iter(query)) in answer.json()["field"]
