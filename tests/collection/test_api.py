"""Bills over HTTP, with real tokens: what is answered, and that a refusal changes nothing (L10)."""

import pytest
from django.core.serializers import serialize

from tests import builders
from tests.builders import AREA, NOW, Api
from tests.collection.test_services import check_books, line_of
from yifu.collection.models import Bill, BillPayment
from yifu.institutions.models import IdempotencyRecord
from yifu.ledger.models import Line, Movement, Posting
from yifu.patients.models import Notice
from yifu.payments.models import Attempt

WATCHED = (Bill, BillPayment, Attempt, Posting, Movement, Line, Notice, IdempotencyRecord)


def everything() -> dict[str, str]:
    """All rows that a payment may touch."""
    return {m.__name__: serialize("json", m.objects.order_by("pk")) for m in WATCHED}


@pytest.fixture
def principal(db):  # noqa: ARG001 - tests with a channel commit for real
    person = builders.person()
    builders.contract(person)
    return person


@pytest.fixture
def bill(principal):
    return builders.bill(principal, 3000, line=line_of(principal))


@pytest.fixture
def hospital(bill) -> Api:
    return builders.api(bill.visit.institution)


def pay(hospital: Api, bill: Bill, fen: object = 3000, *, channel="cash", key: str | None = "k1"):
    body = {"channel": channel, "amount_fen": fen}
    return hospital.post(f"/bills/{bill.pk}/payments", body, key=key)


def test_a_bill_is_read(hospital, bill, principal):
    assert hospital.get(f"/bills/{bill.pk}").json() == {
        "id": bill.pk,
        "visit_id": bill.visit_id,
        "person_id": principal.pk,
        "principal_id": principal.pk,
        "state": "open",
        "amount_fen": 3000,
        "paid_fen": 0,
        "due_at": "2026-03-04T09:30:00+08:00",
    }


def test_bills_come_in_pages(hospital, bill, principal):
    more = [builders.bill(principal, 100 + place) for place in range(4)]
    builders.bill(builders.person(), 1)
    seen, cursor = [], ""
    for _ in range(3):
        page = hospital.get("/bills", principal_id=principal.pk, limit=2, cursor=cursor).json()
        seen += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"] or ""
    assert seen == [bill.pk, *(one.pk for one in more)]
    assert page["next_cursor"] is None


def test_another_hospitals_bills_do_not_exist(bill):
    other = builders.api(builders.institution("H99010000002"))
    assert other.get("/bills").json() == {"items": [], "next_cursor": None}
    before = everything()
    for answer in (other.get(f"/bills/{bill.pk}"), pay(other, bill)):
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert everything() == before


def test_cash_pays(hospital, bill):
    answer = pay(hospital, bill)
    assert answer.status_code == 201
    body = answer.json()
    assert (body["bill"]["state"], body["bill"]["paid_fen"]) == ("paid", 3000)
    assert body["payment"]["state"] == "succeeded"
    check_books()


def test_the_same_key_twice_has_one_effect(hospital, bill):
    """L9."""
    first = pay(hospital, bill, 1000)
    before = everything()
    again = pay(hospital, bill, 1000)
    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert everything() == before


def test_another_key_is_another_payment(hospital, bill):
    pay(hospital, bill, 1000, key="k1")
    assert pay(hospital, bill, 1000, key="k2").json()["bill"]["paid_fen"] == 2000


def test_a_channel_that_takes_its_time_is_answered_202_and_later_201(
    hospital, bill, principal, channel, wechat
):
    from yifu.collection import services

    builders.binding(principal, channel, wechat)
    wechat.control("processing", {"held": True})
    answer = pay(hospital, bill, channel="wechat")
    assert (answer.status_code, answer.json()["payment"]["state"]) == (202, "unknown")
    assert pay(hospital, bill, channel="wechat").json() == answer.json()
    assert pay(hospital, bill, key="k2").json()["code"] == "payment_under_way"
    wechat.control("processing", {"held": False})
    services.resolve_payment(answer.json()["payment"]["id"], now=NOW)
    final = pay(hospital, bill, channel="wechat")
    assert (final.status_code, final.json()["bill"]["state"]) == (201, "paid")
    check_books()


def test_a_request_whose_process_died_is_answered_by_the_night(
    hospital, bill, principal, channel, wechat, monkeypatch
):
    from yifu.collection import nightly, services

    class Crash(BaseException):
        pass

    def die(*_, **__):
        raise Crash

    builders.binding(principal, channel, wechat)
    with monkeypatch.context() as patched:
        patched.setattr(services, "conclude", die)
        with pytest.raises(Crash):
            pay(hospital, bill, channel="wechat")
    assert pay(hospital, bill, channel="wechat").json()["code"] == "request_under_way"
    nightly.run(area=AREA, business_date=NOW.date(), now=NOW, progress=lambda *_: None)
    final = pay(hospital, bill, channel="wechat")
    assert (final.status_code, final.json()["bill"]["state"]) == (201, "paid")
    assert Attempt.objects.count() == 1


def test_a_debit_refused_is_answered_402_for_good_under_its_key(
    hospital, bill, principal, channel, wechat
):
    builders.binding(principal, channel, wechat, balance_fen=1)
    answer = pay(hospital, bill, channel="wechat")
    assert (answer.status_code, answer.json()["code"]) == (402, "payment_refused")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["channel_code"] == "NOT_ENOUGH"
    again = pay(hospital, bill, channel="wechat")
    assert (again.status_code, again.json()["code"]) == (402, "payment_refused")
    assert Attempt.objects.count() == 1
    assert hospital.get(f"/bills/{bill.pk}").json()["paid_fen"] == 0
    check_books()


@pytest.mark.parametrize(
    "fen",
    [0, -1, 10.5, 3000.0, "3000", True, None, 10**13 + 1, 2**63, 2**70],
    ids=["zero", "negative", "half a fen", "float", "text", "true", "null", "huge", "2^63", "2^70"],
)
def test_an_amount_that_is_none_is_refused_and_changes_nothing(hospital, bill, fen):
    before = everything()
    answer = pay(hospital, bill, fen)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert "amount_fen" in answer.json()["field"]
    assert everything() == before


@pytest.mark.parametrize(
    ("fen", "channel", "status", "code"),
    [
        (3001, "cash", 422, "payment_exceeds_bill"),
        (3000, "wechat", 422, "channel_unknown"),
        (3000, "alipay", 422, "invalid_request"),
    ],
)
def test_a_payment_that_cannot_be_changes_nothing(hospital, bill, fen, channel, status, code):
    before = everything()
    answer = pay(hospital, bill, fen, channel=channel)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert everything() == before


def test_who_signed_no_debit_contract_is_told(hospital, bill, channel):  # noqa: ARG001 - it exists
    before = everything()
    answer = pay(hospital, bill, channel="wechat")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_bound")
    assert everything() == before


def test_a_days_limit_is_told_with_what_is_left(hospital, bill, principal, channel, wechat):
    builders.binding(principal, channel, wechat, daily_limit_fen=2999)
    before = everything()
    answer = pay(hospital, bill, channel="wechat")
    assert (answer.status_code, answer.json()["code"]) == (409, "daily_limit_exceeded")
    assert answer.json()["left_fen"] == 2999
    assert everything() == before


def test_a_paid_bill_is_not_paid_again(hospital, bill):
    pay(hospital, bill)
    before = everything()
    answer = pay(hospital, bill, 1, key="k2")
    assert (answer.status_code, answer.json()["code"]) == (409, "bill_not_payable")
    assert everything() == before


@pytest.mark.parametrize("bill_id", [999_999_999, 0, -1, 2**63, "x"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_bill_that_does_not_exist_is_a_problem_with_a_code(hospital, bill_id, method):
    before = everything()
    if method == "get":
        answer = hospital.get(f"/bills/{bill_id}")
    else:
        body = {"channel": "cash", "amount_fen": 1}
        answer = hospital.post(f"/bills/{bill_id}/payments", body, key="k1")
    expected = (404, "not_found") if bill_id == 999_999_999 else (422, "invalid_request")
    assert (answer.status_code, answer.json()["code"]) == expected
    assert everything() == before


@pytest.mark.parametrize(
    "key", [None, "", "k" * 81, "with space", "schlüssel".encode().decode("latin-1")]
)
def test_without_a_proper_key_nothing_is_paid(hospital, bill, key):
    before = everything()
    answer = pay(hospital, bill, key=key)
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_missing")
    assert everything() == before


def test_a_key_used_for_something_else_is_refused(hospital, bill):
    pay(hospital, bill, 1000)
    before = everything()
    answer = pay(hospital, bill, 999)
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_key_reused")
    assert everything() == before


def test_a_key_of_a_refused_request_is_free(hospital, bill):
    assert pay(hospital, bill, 3001).status_code == 422
    assert pay(hospital, bill, 3000).status_code == 201


def test_without_the_scope_nothing_is_seen_or_paid(bill):
    other = builders.api(bill.visit.institution, scopes="visits settlements")
    before = everything()
    for answer in (other.get("/bills"), other.get(f"/bills/{bill.pk}"), pay(other, bill)):
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    assert everything() == before


@pytest.mark.parametrize("token", ["", "never-given"])
def test_without_a_token_nothing_is_seen_or_paid(bill, token):
    nobody = Api(token)
    before = everything()
    for answer in (nobody.get("/bills"), pay(nobody, bill)):
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthorised")
    assert everything() == before


@pytest.mark.parametrize(
    "query",
    [
        {"limit": 0},
        {"limit": 201},
        {"limit": "many"},
        {"cursor": "x"},
        {"cursor": "9" * 20},
        {"principal_id": 0},
        {"principal_id": 2**63},
    ],
)
def test_a_query_that_is_none_is_refused(hospital, query):
    answer = hospital.get("/bills", **query)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


@pytest.mark.parametrize(
    "body", ["", "{", "[]", "null", '{"channel": "cash"}', '{"amount_fen": NaN, "channel": "cash"}']
)
def test_a_body_that_is_none_is_refused(hospital, bill, body):
    before = everything()
    answer = hospital.post(f"/bills/{bill.pk}/payments", body, key="k1")
    assert answer.status_code in (400, 422)
    assert answer.json()["code"] == "invalid_request"
    assert everything() == before


def test_a_word_nobody_knows_is_refused(hospital, bill):
    before = everything()
    body = {"channel": "cash", "amount_fen": 1, "tip_fen": 1}
    answer = hospital.post(f"/bills/{bill.pk}/payments", body, key="k1")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    assert everything() == before
