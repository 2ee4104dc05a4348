"""Values that cannot be, over HTTP: a problem with a stable code, nothing changed (L10, L11)."""

import json
from datetime import timedelta

import pytest
from django.test import Client

from tests.builders import NOW
from tests.settlement.asking import (
    HUGE,
    PROOF,
    charge,
    contract_body,
    everything,
    person_body,
    refused,
    visit_body,
)

pytestmark = pytest.mark.usefixtures("simulated")


@pytest.mark.parametrize("number", [10**9, HUGE - 1])
def test_what_is_unknown_is_not_found(hospital, number):
    before = everything()
    post, get = hospital.api.post, hospital.api.get
    for answer in (
        post("/visits", visit_body(number)),
        post("/contracts", contract_body(number), key="k"),
        post(
            "/contracts",
            contract_body(
                hospital.person.pk,
                dependants=[{"person_id": number, "kinship": "child", "proof": PROOF}],
            ),
            key="k",
        ),
        post(f"/contracts/{number}/close", {}, key="k"),
        post(f"/visits/{number}/charges", {"charges": [charge()]}),
        post(f"/visits/{number}/end", {"ended_at": NOW.isoformat()}),
        post(f"/visits/{number}/preview", {}),
        hospital.settle(number),
        post(f"/settlements/{number}/reverse", {"reason": "开错"}, key="k"),
        post(f"/settlements/{number}/refunds", {"charge_ids": [1], "reason": "未做"}, key="k"),
        post(f"/bills/{number}/payments", {"channel": "cash", "amount_fen": 1}, key="k"),
        get(f"/persons/{number}"),
        get(f"/credit-lines/{number}"),
        get(f"/settlements/{number}"),
        get(f"/bills/{number}"),
        get(f"/receipts/{number}"),
    ):
        refused(answer, 404, "not_found")
    for answer in (
        hospital.settle(hospital.visit, charge_ids=[number]),
        post(
            f"/settlements/{hospital.settlement.pk}/refunds",
            {"charge_ids": [number], "reason": "未做"},
            key="k",
        ),
    ):
        refused(answer, 404, "charge_unknown")
    assert everything() == before


@pytest.mark.parametrize("number", [HUGE, 2**64 + 1, 10**40, 0, -1])
def test_a_number_out_of_range_is_no_number(hospital, number):
    before = everything()
    post, get = hospital.api.post, hospital.api.get
    for answer in (
        post("/visits", visit_body(number)),
        post("/contracts", contract_body(number), key="k"),
        hospital.settle(number),
        hospital.settle(hospital.visit, charge_ids=[number]),
        post(f"/visits/{number}/charges", {"charges": [charge()]}),
        post(f"/settlements/{number}/reverse", {"reason": "开错"}, key="k"),
        get(f"/settlements/{number}"),
        get(f"/bills/{number}"),
        get(f"/persons/{number}"),
        get(f"/receipts/{number}"),
        get("/bills", principal_id=number),
        post(f"/reconciliation/differences/{number}/decision", {"state": "explained", "note": "x"}),
        get("/receipts", settlement_id=number),
    ):
        refused(answer, 422, "invalid_request")
    assert everything() == before


def test_settled_charges_cannot_be_settled_again(hospital):
    before = everything()
    refused(hospital.settle(hospital.settled), 409, "nothing_to_settle")
    settled = hospital.charge_of(hospital.settled)
    refused(hospital.settle(hospital.settled, charge_ids=[settled]), 409, "charge_settled")
    refused(hospital.settle(hospital.visit, charge_ids=[settled]), 404, "charge_unknown")
    assert everything() == before


@pytest.mark.parametrize(
    "changes",
    [
        {"amount_fen": -1},
        {"amount_fen": 12.5},
        {"amount_fen": 1501.0},
        {"amount_fen": "1501"},
        {"amount_fen": True},
        {"amount_fen": None},
        {"amount_fen": 10**13},
        {"amount_fen": HUGE},
        {"amount_fen": 10**40},
        {"quantity": "0"},
        {"quantity": "-2"},
        {"quantity": "2.00001"},
        {"quantity": "NaN"},
        {"quantity": "Infinity"},
        {"quantity": "1e30"},
        {"quantity": "两"},
        {"unit_price_fen": "-750.5"},
        {"unit_price_fen": "750.50001"},
        {"unit_price_fen": "1e20"},
        {"line_no": 0},
        {"line_no": 2**31},
        {"line_no": HUGE},
        {"name": ""},
        {"name": "诊\x00查费"},
        {"name": "诊" * 201},
        {"local_code": "FW\x00"},
        {"national_code": "诊"},
        {"national_code": "0011\x00"},
        {"occurred_at": "2026-03-02T09:30:00"},
        {"occurred_at": "2026-03-02"},
        {"occurred_at": 1_772_415_000},
        {"occurred_at": "0001-01-01T00:00:00+08:00"},
        {"occurred_at": "9999-12-31T23:59:59-08:00"},
        {"discount_fen": 1},
    ],
)
def test_a_charge_whose_figures_cannot_be(hospital, changes):
    before = everything()
    charges = {"charges": [charge(line_no=6), charge(**changes)]}
    refused(
        hospital.api.post(f"/visits/{hospital.visit.pk}/charges", charges), 422, "invalid_request"
    )
    assert everything() == before


@pytest.mark.parametrize(
    ("charges", "status", "code"),
    [
        ([charge(line_no=6), charge(amount_fen=1500)], 422, "amount_mismatch"),
        ([charge(quantity="0.0001", unit_price_fen="1", amount_fen=1)], 422, "amount_mismatch"),
        (
            [charge(quantity="999999999999", unit_price_fen="9999999999999", amount_fen=1)],
            422,
            "amount_mismatch",
        ),
        ([charge(), charge()], 422, "charge_repeated"),
        ([charge(line_no=6), charge(line_no=1)], 409, "charge_differs"),
        ([], 422, "invalid_request"),
        ([charge(line_no=place) for place in range(1, 1002)], 422, "invalid_request"),
        ("7", 422, "invalid_request"),
        (None, 422, "invalid_request"),
    ],
)
def test_charges_that_are_not_what_they_say(hospital, charges, status, code):
    before = everything()
    answer = hospital.api.post(f"/visits/{hospital.visit.pk}/charges", {"charges": charges})
    refused(answer, status, code)
    assert everything() == before


@pytest.mark.parametrize("fen", [-1, 0, 12.5, 100.0, "100", True, None, HUGE, 10**40])
def test_a_payment_of_no_whole_fen(hospital, fen):
    before = everything()
    path = f"/bills/{hospital.bill.pk}/payments"
    refused(
        hospital.api.post(path, {"channel": "cash", "amount_fen": fen}, key="k"),
        422,
        "invalid_request",
    )
    assert everything() == before


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"certificate_no": "990100199001010015"}, "false_identity_number"),
        ({"certificate_no": "99010019900101001"}, "false_identity_number"),
        ({"certificate_no": "990100199013320018"}, "false_identity_number"),
        ({"certificate_no": "９９０１００１９９００１０１００１５"}, "false_identity_number"),
        ({"certificate_no": "\x00" * 18}, "false_identity_number"),
        ({"certificate_type": "99"}, "certificate_type_unknown"),
        ({"phone": "12345"}, "phone_invalid"),
        ({"phone": "1９９００００００００"}, "phone_invalid"),
        ({"name": "测\x00试"}, "invalid_request"),
        ({"name": ""}, "invalid_request"),
        ({"name": 7}, "invalid_request"),
        ({"nickname": "试"}, "invalid_request"),
    ],
)
def test_a_person_who_cannot_be(hospital, changes, code):
    before = everything()
    refused(hospital.api.post("/persons", person_body(**changes)), 422, code)
    assert everything() == before


def test_the_answer_about_a_false_number_does_not_repeat_it(hospital):
    answer = hospital.api.post("/persons", person_body(certificate_no="990100199001010015"))
    assert b"990100199001010015" not in answer.content


def test_a_minor_cannot_be_a_principal(hospital):
    before = everything()
    answer = hospital.api.post("/contracts", contract_body(hospital.child.pk), key="k")
    refused(answer, 422, "minor_as_principal")
    assert everything() == before


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"scheme": "atlantis"}, "scheme_unknown"),
        ({"consent": {"text_version": "1999", "channel": "phone"}}, "consent_version_unknown"),
        ({"consent": {"text_version": "2026-01", "channel": "fax"}}, "invalid_request"),
        ({"funding": {"kind": "gold"}}, "invalid_request"),
        (
            {"funding": {"kind": "debit", "debit": {"channel": "none", "contract_id": "C"}}},
            "channel_unknown",
        ),
        ({"dependants": [{"person_id": 1, "kinship": "child", "limit_fen": -1}]}, None),
        ({"dependants": [{"person_id": 1, "kinship": "child", "limit_fen": 1.5}]}, None),
        ({"dependants": [{"person_id": 1, "kinship": "child", "limit_fen": 10**13}]}, None),
        ({"dependants": [{"person_id": 1, "kinship": "landlord"}]}, None),
    ],
)
def test_a_contract_that_cannot_be(hospital, changes, code):
    before = everything()
    body = contract_body(hospital.person.pk, **changes)
    answer = hospital.api.post("/contracts", body, key="k")
    refused(answer, answer.status_code, code or "invalid_request")
    assert answer.status_code in {404, 422}
    assert everything() == before


def test_whoever_depends_on_oneself_or_twice(hospital):
    before = everything()
    own = {"person_id": hospital.person.pk, "kinship": "other", "proof": PROOF}
    child = {"person_id": hospital.child.pk, "kinship": "child", "proof": PROOF}
    for dependants in ([own], [child, child]):
        body = contract_body(hospital.person.pk, dependants=dependants)
        refused(hospital.api.post("/contracts", body, key="k"), 409, "dependant_taken")
    assert everything() == before


@pytest.mark.parametrize("text", ["a\x00b", "\x00", "", "开" * 201, 7, None])
def test_a_reason_that_cannot_be_kept(hospital, text):
    before = everything()
    path = f"/settlements/{hospital.settlement.pk}"
    more = {"charge_ids": [hospital.charge_of(hospital.settled)]}
    post = hospital.api.post
    refused(post(f"{path}/reverse", {"reason": text}, key="k"), 422, "invalid_request")
    refused(post(f"{path}/refunds", {"reason": text, **more}, key="k"), 422, "invalid_request")
    assert everything() == before


@pytest.mark.parametrize(
    "changes",
    [
        {"began_at": "2026-03-02T09:30:00"},
        {"began_at": 1_772_415_000},
        {"began_at": "0001-01-01T00:00:00+08:00"},
        {"visit_no": "M\x00"},
        {"visit_no": ""},
        {"kind": "holiday"},
        {"department": {"code": "A03", "name": "内\x00科"}},
        {"doctor": {"code": "D1"}},
        {"diagnoses": [{"code": "J06", "name": "\x00"}]},
        {"diagnoses": [{"code": "J06", "name": "感冒"}] * 21},
        {"credential": {"type": "02", "value": "a\x00b"}},
        {"credential": {"type": "02", "value": ""}},
        {"credential": {"type": "02", "value": "x", "card_sn": "\x00"}},
        {"credential": {"type": "03", "value": "x"}},
        {"credential": {"type": "77", "value": "x"}},
    ],
)
def test_a_visit_that_cannot_be(hospital, changes):
    before = everything()
    answer = hospital.api.post("/visits", visit_body(hospital.person.pk, **changes))
    refused(answer, 422, "invalid_request")
    assert everything() == before


def test_a_visit_that_ends_when_it_cannot(hospital):
    before = everything()
    path = f"/visits/{hospital.visit.pk}/end"
    for text in ("2026-03-02T10:30:00", "yesterday", 1_772_415_000, None):
        refused(hospital.api.post(path, {"ended_at": text}), 422, "invalid_request")
    other = (NOW + timedelta(hours=2)).isoformat()
    refused(hospital.api.post(path, {"ended_at": other}), 409, "visit_ended")
    assert everything() == before


@pytest.mark.parametrize("text", ["yesterday", "2026-03-02T09:30:00", "\u0661", "9" * 400])
def test_a_clock_that_tells_no_time(hospital, text):
    before = everything()
    answer = Client().post(
        "/api/v1/settlements",
        json.dumps({"visit_id": hospital.visit.pk}),
        content_type="application/json",
        headers={
            "Authorization": f"Bearer {hospital.api.token}",
            "Idempotency-Key": "k",
            "Yifu-Now": text,
        },
    )
    refused(answer, 422, "invalid_request")
    assert everything() == before


def test_a_settlement_is_reversed_once(hospital):
    path = f"/settlements/{hospital.settlement.pk}"
    assert hospital.api.post(f"{path}/reverse", {"reason": "开错"}, key="r1").status_code == 201
    before = everything()
    refused(hospital.api.post(f"{path}/reverse", {"reason": "再"}, key="r2"), 409, "not_reversible")
    again = {"reason": "再", "charge_ids": [hospital.charge_of(hospital.settled)]}
    refused(hospital.api.post(f"{path}/refunds", again, key="r3"), 409, "not_reversible")
    assert everything() == before
