"""Bad input over HTTP: a problem with a stable code, and nothing changed (L10, L11)."""

import hashlib
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from counterparts.population import make_id_number
from tests import builders
from tests.builders import NOW, Api
from yifu.collection.models import Bill
from yifu.institutions.models import IdempotencyRecord
from yifu.patients.models import Person
from yifu.settlement.models import Settlement, SettlementLine
from yifu.visits.models import Visit

HUGE = 2**63
ATTEMPTED = {"insurance_exchange", "settlement_settlement", "settlement_settlementline"}
"""Where an attempt that the insurer ended leaves its trace: messages and a rejected settlement."""


def everything(*, but: frozenset[str] | set[str] = frozenset()) -> dict[str, str]:
    """A digest of all rows of every table, jobs included."""
    digests = {}
    with connection.cursor() as cursor:
        for model in apps.get_models():
            table = model._meta.db_table
            if table in but or table == "oauth2_provider_accesstoken":
                continue
            cursor.execute(f'SELECT row::text FROM "{table}" row ORDER BY 1')
            rows = "\n".join(row[0] for row in cursor.fetchall())
            digests[table] = hashlib.sha256(rows.encode()).hexdigest()
    return digests


def refused(answer: Any, status: int, code: str) -> None:
    """It is a problem of RFC 9457 with this status and code, told in words."""
    assert (answer.status_code, answer.json().get("code")) == (status, code), answer.content
    assert answer["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert problem["type"] == f"urn:yifu:problem:{code}"
    assert problem["title"]
    assert problem["detail"]


def charge(**changes: Any) -> dict[str, Any]:
    """A charge as a hospital reports it, with something changed."""
    return {
        "line_no": 7,
        "local_code": "FW0001",
        "national_code": "001102000010000",
        "name": "普通门诊诊查费",
        "quantity": "2",
        "unit_price_fen": "750.5",
        "amount_fen": 1501,
        "occurred_at": NOW.isoformat(),
    } | changes


def visit_body(person: int, **changes: Any) -> dict[str, Any]:
    """A visit as a hospital reports it, with something changed."""
    return {
        "visit_no": "M1",
        "person_id": person,
        "kind": "outpatient",
        "department": {"code": "A03", "name": "内科"},
        "doctor": {"code": "D1", "name": "林医生"},
        "began_at": NOW.isoformat(),
        "diagnoses": [{"code": "J06", "name": "急性上呼吸道感染"}],
    } | changes


def contract_body(person: int, **changes: Any) -> dict[str, Any]:
    """A contract as a hospital reports it, with something changed."""
    return {
        "principal_id": person,
        "scheme": "hangzhou",
        "consent": {"text_version": "2026-01", "channel": "phone"},
        "funding": {"kind": "platform"},
    } | changes


def person_body(**changes: Any) -> dict[str, Any]:
    """A person as a hospital registers one, with something changed."""
    return {
        "name": "测试",
        "certificate_type": "01",
        "certificate_no": make_id_number(
            region="990100", born=NOW.date() - timedelta(days=9999), sequence=1
        ),
        "phone": "19900000000",
    } | changes


@dataclass
class Hospital:
    """A hospital without an insurer: a self-payer with a visit to settle and a settled one."""

    api: Api
    person: Person
    child: Person
    visit: Visit
    settled: Visit
    settlement: Settlement
    bill: Bill

    def settle(self, visit: Visit | int, *, key: str | None = "k", **more: Any) -> Any:
        """Ask to settle a visit."""
        number = visit if isinstance(visit, int) else visit.pk
        return self.api.post("/settlements", {"visit_id": number, **more}, key=key)

    def moving(self) -> list[tuple[str, dict[str, Any]]]:
        """Every call that moves money, each of which would succeed."""
        return [
            ("/settlements", {"visit_id": self.visit.pk}),
            (f"/settlements/{self.settlement.pk}/reverse", {"reason": "开错"}),
            (
                f"/settlements/{self.settlement.pk}/refunds",
                {"charge_ids": [self.charge_of(self.settled)], "reason": "未做"},
            ),
            (f"/bills/{self.bill.pk}/payments", {"channel": "cash", "amount_fen": 100}),
            ("/contracts", contract_body(self.person.pk)),
        ]

    def charge_of(self, visit: Visit) -> int:
        """The number of a visit's first charge."""
        return visit.charges.order_by("line_no").values_list("pk", flat=True)[0]


@pytest.fixture(autouse=True)
def _simulated(settings):
    """Requests say what time it is; secrets are hashed fast."""
    settings.YIFU_SIMULATION = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def hospital(db):  # noqa: ARG001 - the tables
    person, child = builders.person(), builders.person(born="2018-05-05")
    api = builders.api(builders.institution())
    visits = [builders.visit(person, charges=[1500, 900], uninsured=True) for _ in range(2)]
    answer = api.post("/settlements", {"visit_id": visits[1].pk}, key="first")
    assert answer.status_code == 201, answer.content
    settlement = Settlement.objects.get()
    assert settlement.bill is not None
    return Hospital(api, person, child, visits[0], visits[1], settlement, settlement.bill)


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
                hospital.person.pk, dependants=[{"person_id": number, "kinship": "child"}]
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
    own = {"person_id": hospital.person.pk, "kinship": "other"}
    child = {"person_id": hospital.child.pk, "kinship": "child"}
    for dependants in ([own], [child, child]):
        body = contract_body(hospital.person.pk, dependants=dependants)
        refused(hospital.api.post("/contracts", body, key="k"), 409, "dependant_taken")
    assert everything() == before


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


@pytest.mark.parametrize(
    ("fault", "infno", "status", "code"),
    [
        ("refuse", "2204", 422, "insurer_refused"),
        ("refuse", "2207", 422, "insurer_refused"),
        ("gateway_401", "2204", 503, "insurer_unavailable"),
        ("gateway_401", "2207", 503, "insurer_unavailable"),
        ("wrong_sum", "2207", 502, "insurer_nonsense"),
    ],
)
def test_an_insurer_that_says_no(world, fault, infno, status, code):
    person = world.person(balance_fen=400)
    world.sign(person)
    visit = world.visit(person)
    api = builders.api(world.hospital)
    world.insurer.control("faults", method="DELETE")
    assert api.post(f"/visits/{visit.pk}/preview", {}).status_code == 200
    before = everything(but=ATTEMPTED)
    world.insurer.fault(fault, infno=infno)
    refused(api.post("/settlements", {"visit_id": visit.pk}, key="k"), status, code)
    changed = {
        table for table, digest in everything(but=ATTEMPTED).items() if digest != before.get(table)
    }
    assert changed <= {"procrastinate_jobs", "procrastinate_events"}, "only the withdrawal waits"
    assert not SettlementLine.objects.filter(live=True).exists()
    assert not Settlement.objects.exclude(state__in=["rejected", "reversed"]).exists()
    again = api.post("/settlements", {"visit_id": visit.pk}, key="k")
    assert (again.status_code, again.json()["state"]) == (201, "completed"), again.content


@pytest.mark.parametrize("infno", ["1101", "2201"])
def test_an_insurer_that_does_not_register_the_visit(world, infno):
    person = world.person()
    visit = world.visit(person)
    api = builders.api(world.hospital)
    before = everything(but=ATTEMPTED)
    world.insurer.fault("nonsense", infno=infno)
    answer = api.post("/settlements", {"visit_id": visit.pk}, key="k")
    refused(answer, answer.status_code, answer.json()["code"])
    assert answer.status_code in {502, 503}
    after = everything(but=ATTEMPTED)
    assert {table for table in after if after[table] != before[table]} <= {"insurance_signin"}
    assert not Settlement.objects.exists()
    assert api.post("/settlements", {"visit_id": visit.pk}, key="k").status_code == 201


def test_an_insurer_that_talks_nonsense_leaves_it_unknown_and_nothing_posted(world):
    person = world.person()
    visit = world.visit(person)
    api = builders.api(world.hospital)
    world.insurer.fault("nonsense", infno="2207")
    answer = api.post("/settlements", {"visit_id": visit.pk}, key="k")
    assert (answer.status_code, answer.json()["state"]) == (202, "unknown")
    before = everything()
    refused(api.post("/settlements", {"visit_id": visit.pk}, key="k2"), 409, "nothing_to_settle")
    assert everything() == before
    assert not Bill.objects.exists()


def test_a_refusal_before_the_insurer_is_asked_leaves_no_message(world):
    person = world.person()
    visit, other = world.visit(person), world.visit(person)
    api = builders.api(world.hospital)
    assert api.post("/settlements", {"visit_id": other.pk}, key="k").status_code == 201
    before = everything()
    for key, more, status, code in (
        ("k", {}, 409, "idempotency_key_reused"),
        ("k2", {"charge_ids": [10**9]}, 404, "charge_unknown"),
        (None, {}, 400, "idempotency_key_missing"),
    ):
        body = {"visit_id": visit.pk, **more}
        refused(api.post("/settlements", body, key=key), status, code)
    assert everything() == before
