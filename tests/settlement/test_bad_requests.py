"""Requests that are none: keys, tokens, scopes, sizes, JSON; nothing changed (L9-L11)."""

import json

import pytest
from django.test import Client

from tests import builders
from tests.builders import NOW
from tests.settlement.asking import charge, everything, person_body, refused, visit_body
from yifu.institutions.models import IdempotencyRecord

pytestmark = pytest.mark.usefixtures("simulated")


@pytest.mark.parametrize("key", [None, "", " ", "钥匙", "a b", "k" * 81])
def test_whatever_moves_money_needs_a_key(hospital, key):
    before = everything()
    for path, body in hospital.moving():
        refused(hospital.api.post(path, body, key=key), 400, "idempotency_key_missing")
    assert everything() == before


def test_a_key_is_for_one_request_only(hospital):
    before = everything()
    for path, body in hospital.moving():
        refused(hospital.api.post(path, body, key="first"), 409, "idempotency_key_reused")
    assert everything() == before


def test_the_same_request_again_has_no_second_effect(hospital):
    before = everything()
    first = IdempotencyRecord.objects.get(key="first")
    answer = hospital.settle(hospital.settled, key="first")
    assert (answer.status_code, answer.json()) == (201, first.body)
    assert everything() == before


def test_a_body_over_a_mebibyte(hospital):
    before = everything()
    for path, _ in [*hospital.moving(), ("/visits", {}), ("/persons", {})]:
        body = json.dumps({"reason": "x" * 1024 * 1024})
        refused(hospital.api.post(path, body, key="k"), 413, "body_too_large")
    assert everything() == before


def test_without_the_scope(hospital):
    before = everything()
    useless = builders.api(builders.institution(), scopes="nothing")
    for path, body in [
        *hospital.moving(),
        ("/persons", person_body()),
        ("/visits", visit_body(hospital.person.pk)),
        (f"/visits/{hospital.visit.pk}/charges", {"charges": [charge()]}),
        (f"/visits/{hospital.visit.pk}/end", {"ended_at": NOW.isoformat()}),
        (f"/visits/{hospital.visit.pk}/preview", {}),
    ]:
        refused(useless.post(path, body, key="k"), 403, "forbidden")
    for path in (
        f"/persons/{hospital.person.pk}",
        f"/credit-lines/{hospital.person.pk}",
        f"/settlements/{hospital.settlement.pk}",
        "/bills",
        "/receipts?settlement_id=1",
        "/reconciliation/2026-03-02",
    ):
        refused(useless.get(path), 403, "forbidden")
    ignored = {"oauth2_provider_application", "institutions_apiclient"}
    after = everything()
    assert {t for t in after if after[t] != before[t]} <= ignored


@pytest.mark.parametrize("header", [None, "Bearer", "Bearer x", "Basic eDp5", "Bearer \xe9", "x"])
def test_without_a_valid_token(hospital, header):
    before = everything()
    headers = {} if header is None else {"Authorization": header}
    for path, body in [*hospital.moving(), ("/persons", person_body())]:
        answer = Client().post(
            f"/api/v1{path}", json.dumps(body), content_type="application/json", headers=headers
        )
        refused(answer, 401, "unauthorised")
        assert answer["WWW-Authenticate"].startswith("Bearer")
    assert everything() == before


def test_another_hospitals_things_do_not_exist(hospital):
    other = builders.api(builders.institution("H99010000002"))
    before = everything()
    for path, body in [
        *hospital.moving(),
        ("/visits", visit_body(hospital.person.pk)),
        (f"/visits/{hospital.visit.pk}/charges", {"charges": [charge()]}),
        (f"/visits/{hospital.visit.pk}/end", {"ended_at": NOW.isoformat()}),
        (f"/visits/{hospital.visit.pk}/preview", {}),
    ]:
        refused(other.post(path, body, key="k"), 404, "not_found")
    for path in (
        f"/persons/{hospital.person.pk}",
        f"/credit-lines/{hospital.person.pk}",
        f"/settlements/{hospital.settlement.pk}",
        f"/bills/{hospital.bill.pk}",
    ):
        refused(other.get(path), 404, "not_found")
    assert other.get("/bills", principal_id=hospital.person.pk).json()["items"] == []
    assert other.get("/receipts", settlement_id=hospital.settlement.pk).json()["items"] == []
    assert everything() == before


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "null",
        "[]",
        "7",
        '"x"',
        "{'visit_id': 1}",
        '{"visit_id": NaN}',
        '{"visit_id": 1, "method": "\\ud800"}',
        '{"reason": "\\ud800", "name": "\\udfff"}',
        "[" * 5000,
        '{"a":' * 5000,
        "\ufeff{}",
    ],
)
def test_what_is_no_json_object(hospital, text):
    before = everything()
    for path, _ in [*hospital.moving(), ("/persons", {}), ("/visits", {})]:
        answer = hospital.api.post(path, text, key="k")
        refused(answer, answer.status_code, "invalid_request")
        assert answer.status_code in {400, 422}
    assert everything() == before


def test_bytes_that_are_no_text(hospital):
    before = everything()
    answer = Client().post(
        "/api/v1/persons",
        b'{"name": "\xff\xfe"}',
        content_type="application/json",
        headers={"Authorization": f"Bearer {hospital.api.token}"},
    )
    refused(answer, answer.status_code, "invalid_request")
    assert everything() == before


def test_fields_nobody_knows(hospital):
    before = everything()
    for path, body in [
        *hospital.moving(),
        ("/persons", person_body()),
        ("/visits", visit_body(hospital.person.pk)),
        (f"/visits/{hospital.visit.pk}/end", {"ended_at": NOW.isoformat()}),
    ]:
        refused(hospital.api.post(path, body | {"tip_fen": 1}, key="k"), 422, "invalid_request")
    assert everything() == before
