"""The text message provider: it takes each message once and shows what it took."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

PHONE = "15400000001"


@pytest.fixture(scope="module")
def sms(start_counterpart_for_module, tmp_path_factory):
    return start_counterpart_for_module("sms", tmp_path_factory.mktemp("sms"))


@pytest.fixture(autouse=True)
def _empty_box(sms):
    sms.client.delete("/messages")
    sms.client.delete("/_control/faults")


def message(**more: Any) -> dict[str, Any]:
    return {
        "phone": PHONE,
        "template": "bill.due",
        "params": {"amount": "30.00", "due": "03-04"},
        "text": "您有一笔30.00元的医疗账单，请于03-04前支付。",
        "out_id": "N-1",
        **more,
    }


def test_a_message_is_taken_and_shown(sms):
    sms.control("clock", {"now": "2026-03-02T20:00:00+08:00"})
    answer = sms.client.post("/send", json=message())
    assert answer.status_code == 200
    (shown,) = sms.client.get("/messages", params={"phone": PHONE}).json()["messages"]
    assert shown.pop("seq") > 0
    assert shown == message() | {
        "msg_id": answer.json()["msg_id"],
        "sent_at": "2026-03-02T20:00:00+08:00",
    }


def test_the_same_message_is_taken_once(sms):
    first, second = (sms.client.post("/send", json=message()).json() for _ in range(2))
    assert first == second
    assert len(sms.client.get("/messages").json()["messages"]) == 1


@pytest.mark.parametrize(
    "more",
    [{"text": "另一条"}, {"phone": "15400000002"}, {"params": {}}, {"template": "bill.paid"}],
)
def test_another_message_with_the_same_number_is_refused(sms, more):
    sms.client.post("/send", json=message())
    answer = sms.client.post("/send", json=message(**more))
    assert (answer.status_code, answer.json()["code"]) == (409, "OUT_ID_USED")


@pytest.mark.parametrize(
    "phone", ["1540000000", "154000000011", "25400000001", "12345678901", "abc"]
)
def test_what_is_no_mobile_number_is_refused(sms, phone):
    answer = sms.client.post("/send", json=message(phone=phone))
    assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_PHONE")
    assert sms.client.get("/messages").json()["messages"] == []


@pytest.mark.parametrize(
    "more",
    [
        {"phone": None},
        {"phone": 15400000001},
        {"text": ""},
        {"text": "长" * 501},
        {"out_id": "x" * 65},
        {"template": ""},
        {"params": []},
    ],
)
def test_a_malformed_message_is_refused(sms, more):
    answer = sms.client.post("/send", json=message(**more))
    assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_FIELD")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"'])
def test_what_is_no_object_is_refused(sms, body):
    assert sms.client.post("/send", content=body).status_code == 400


def test_messages_are_listed_by_phone_and_from_where_one_left_off(sms):
    for number in range(3):
        sms.client.post("/send", json=message(out_id=f"N-{number}", text=f"第{number}条"))
    sms.client.post("/send", json=message(out_id="N-other", phone="15400000009"))
    listed = sms.client.get("/messages", params={"phone": PHONE, "limit": 2}).json()["messages"]
    assert [shown["out_id"] for shown in listed] == ["N-0", "N-1"]
    rest = {"phone": PHONE, "since": listed[-1]["seq"]}
    (last,) = sms.client.get("/messages", params=rest).json()["messages"]
    assert last["out_id"] == "N-2"


@pytest.mark.parametrize(
    "query", [{"since": "x"}, {"limit": "0"}, {"limit": "1001"}, {"since": "9" * 30}]
)
def test_a_nonsensical_listing_is_refused(sms, query):
    assert sms.client.get("/messages", params=query).status_code == 400


def test_a_lost_answer_leaves_a_message_and_a_lost_request_none(sms):
    sms.fault("drop_request", out_id="N-lost")
    with pytest.raises(httpx.RemoteProtocolError):
        sms.client.post("/send", json=message(out_id="N-lost"))
    assert sms.client.get("/messages").json()["messages"] == []
    sms.fault("drop_answer", phone=PHONE)
    with pytest.raises(httpx.RemoteProtocolError):
        sms.client.post("/send", json=message(out_id="N-lost"))
    (kept,) = sms.client.get("/messages", params={"out_id": "N-lost"}).json()["messages"]
    assert sms.client.post("/send", json=message(out_id="N-lost")).json() == {
        "msg_id": kept["msg_id"]
    }


def test_a_refusal_can_be_asked_for(sms):
    sms.fault("refuse", template="bill.due")
    answer = sms.client.post("/send", json=message())
    assert (answer.status_code, answer.json()["code"]) == (429, "FREQUENCY_LIMITED")
    assert sms.client.post("/send", json=message()).status_code == 200


def test_a_doubled_request_is_taken_once(sms):
    sms.fault("twice")
    assert sms.client.post("/send", json=message()).status_code == 200
    assert len(sms.client.get("/messages").json()["messages"]) == 1


def test_the_box_survives_a_crash(start_counterpart, tmp_path):
    first = start_counterpart("sms", tmp_path)
    first.client.post("/send", json=message())
    first.kill()
    second = start_counterpart("sms", tmp_path)
    assert len(second.client.get("/messages").json()["messages"]) == 1
