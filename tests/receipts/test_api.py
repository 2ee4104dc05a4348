"""Receipts over HTTP: a hospital looks up its own."""

import pytest

from tests import builders
from yifu.receipts.models import Receipt, ReceiptState


@pytest.fixture
def blue(db):  # noqa: ARG001 - gives the database
    visit = builders.visit(builders.person())
    return Receipt.objects.create(
        institution=visit.institution,
        person=visit.person,
        visit=visit,
        settlement_id=12,
        bus_no="YF12",
        amount_fen=100,
        state=ReceiptState.FLUSHED,
        code="99060126",
        number="0000000001",
        check_code="a1b2c3",
        requested_at=builders.NOW,
        issued_at=builders.NOW,
    )


@pytest.fixture
def red(blue):
    return Receipt.objects.create(
        institution=blue.institution,
        person=blue.person,
        visit=blue.visit,
        settlement_id=12,
        bus_no="YF12R",
        red_of=blue,
        amount_fen=-100,
        detail="E2004 无可用票据, 请申领",
        requested_at=builders.NOW,
    )


@pytest.fixture
def api(blue):
    return builders.api(blue.institution)


def test_a_settlements_receipts_are_listed_with_the_red_one(api, blue, red):
    items = api.get("/receipts", settlement_id=12).json()["items"]
    assert [(one["id"], one["kind"], one["red_of"]) for one in items] == [
        (blue.pk, "blue", None),
        (red.pk, "red", blue.pk),
    ]
    assert [one["state"] for one in items] == ["flushed", "requested"]
    assert [one["amount_fen"] for one in items] == [100, -100]
    assert items[0]["number"] == "0000000001"
    assert items[1]["detail"] == "E2004 无可用票据, 请申领"


def test_a_receipt_is_read_by_its_id(api, blue):
    body = api.get(f"/receipts/{blue.pk}").json()
    assert (body["code"], body["number"], body["check_code"]) == (
        "99060126",
        "0000000001",
        "a1b2c3",
    )


def test_another_hospitals_receipts_do_not_exist(blue):
    other = builders.api(builders.institution("H99010000002"))
    assert other.get("/receipts", settlement_id=12).json()["items"] == []
    answer = other.get(f"/receipts/{blue.pk}")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_an_unknown_receipt_does_not_exist(api):
    assert api.get(f"/receipts/{2**63 - 1}").status_code == 404
    for number in (0, -1, 2**63, 2**70):
        assert api.get(f"/receipts/{number}").json()["code"] == "invalid_request"


@pytest.mark.parametrize("query", [{}, {"settlement_id": 0}, {"settlement_id": 2**63}])
def test_a_settlement_has_to_be_named(api, query):
    answer = api.get("/receipts", **query)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


def test_the_scope_is_needed(blue):
    api = builders.api(blue.institution, scopes="bills")
    assert api.get("/receipts", settlement_id=12).status_code == 403
    assert api.get(f"/receipts/{blue.pk}").status_code == 403
