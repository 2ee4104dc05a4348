"""Issuing and cancelling receipts over the wire."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.counterparts.fiscal.conftest import APPID, KEY, Hospital, prepare, receipt, sign


def test_a_receipt_is_issued_with_code_number_and_check_characters(hospital):
    result, issued = hospital.issue("B-1")
    assert result == "S0000"
    assert issued["billBatchCode"] == "99060126"
    assert re.fullmatch(r"[0-9]{10}", issued["billNo"])
    assert re.fullmatch(r"[0-9a-f]{6}", issued["random"])
    assert issued["createTime"] == "20260302093000000"
    page = hospital.client.get(issued["pictureUrl"])
    assert issued["billNo"] in page.text
    assert "100.00" in page.text
    wrong = issued["pictureUrl"].replace(issued["random"], "zzzzzz")
    assert hospital.client.get(wrong).status_code == 404


def test_numbers_come_in_sequence(hospital):
    numbers = [int(hospital.issue(f"B-seq-{number}")[1]["billNo"]) for number in range(3)]
    assert numbers == list(range(numbers[0], numbers[0] + 3))


def test_the_same_business_number_gives_the_same_receipt(hospital):
    assert hospital.issue("B-same") == hospital.issue("B-same")


def test_the_same_business_number_with_other_content_is_refused(hospital):
    hospital.issue("B-other")
    assert hospital.issue("B-other", payer="李强")[0] == "E2001"


def test_a_receipt_is_cancelled_by_a_red_one_once(hospital):
    _, issued = hospital.issue("B-red")
    result, red = hospital.write_off(issued)
    assert result == "S0000"
    assert red["eScarletBillNo"] != issued["billNo"]
    assert hospital.write_off(issued)[0] == "E2003"
    _, state = hospital.ask("getEBillStatesByBillInfo", issued)
    assert (state["state"], state["isScarlet"]) == ("1", "1")
    assert state["scarletBillNo"] == red["eScarletBillNo"]
    assert state["busNo"] == "B-red"


def test_a_red_receipt_under_its_own_business_number_can_be_asked_for_again(hospital):
    _, issued = hospital.issue("B-red-2")
    first = hospital.write_off(issued, busNo="B-red-2R")
    later = hospital.write_off(issued, busNo="B-red-2R", busDateTime="20260302180000000")
    assert first == later
    assert hospital.write_off(issued, busNo="B-red-2S")[0] == "E2003"


def test_a_red_receipt_cannot_be_cancelled(hospital):
    _, issued = hospital.issue("B-red-3")
    _, red = hospital.write_off(issued)
    red_numbers = {
        "billBatchCode": red["eScarletBillBatchCode"],
        "billNo": red["eScarletBillNo"],
    }
    assert hospital.write_off(red_numbers)[0] == "E2002"


def test_an_unknown_receipt_cannot_be_cancelled_or_looked_up(hospital):
    nowhere = {"billBatchCode": "99060126", "billNo": "9999999999"}
    assert hospital.write_off(nowhere)[0] == "E2002"
    assert hospital.ask("getEBillStatesByBillInfo", nowhere)[0] == "E2002"


def test_an_uncancelled_receipt_says_so(hospital):
    _, issued = hospital.issue("B-state")
    _, state = hospital.ask("getEBillStatesByBillInfo", issued)
    assert (state["isScarlet"], state["scarletBillNo"], state["totalAmt"]) == ("0", "", "100.00")


def test_another_institutions_receipt_is_not_shown(platform, hospital):
    _, issued = hospital.issue("B-mine")
    platform.control("apps", {"appid": "H99010000002", "key": KEY})
    frame = hospital.frame(issued) | {"appid": "H99010000002"}
    other = Hospital(hospital.client)
    frame["sign"] = sign(frame, KEY)
    assert other.opened(other.send("getEBillStatesByBillInfo", frame))[0] == "E2002"


# --- who asks, and how -----------------------------------------------------------------------


def test_a_false_signature_is_refused(hospital):
    hospital.key = "another key"
    assert hospital.issue("B-sign")[0] == "E0001"


def test_a_changed_frame_is_refused(hospital):
    frame = hospital.frame(receipt("B-sign-2")) | {"noise": "changed"}
    assert hospital.opened(hospital.send("invoiceEBillOutpatient", frame))[0] == "E0001"


def test_an_unknown_caller_is_not_let_in(hospital):
    frame = hospital.frame(receipt("B-sign-3")) | {"appid": "nobody"}
    assert hospital.send("invoiceEBillOutpatient", frame).status_code == 401
    assert hospital.send("invoiceEBillOutpatient", {"appid": APPID}).status_code == 401


@pytest.mark.parametrize("data", [[], "text", 5, None, {"busNo": "\ud800"}])
def test_data_that_is_no_object_is_refused(hospital, data):
    assert hospital.ask("invoiceEBillOutpatient", data)[0] == "E0002"


def test_an_unknown_method_is_refused(hospital):
    assert hospital.ask("makeMoney", {})[0] == "E9001"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"payer": ""}, "E1001"),
        ({"payer": "长" * 101}, "E1001"),
        ({"payer": None}, "E1001"),
        ({"busType": "01"}, "E1001"),
        ({"payerType": "3"}, "E1001"),
        ({"busDateTime": "20260230093000000"}, "E1001"),
        ({"busDateTime": "20260302"}, "E1001"),
        ({"consultationDate": "20261302"}, "E1001"),
        ({"totalAmt": -100}, "E1001"),
        ({"totalAmt": "100.001"}, "E1001"),
        ({"totalAmt": "1e2"}, "E1001"),
        ({"totalAmt": True}, "E1001"),
        ({"totalAmt": 10**13}, "E1001"),
        ({"chargeDetail": []}, "E1001"),
        ({"chargeDetail": "x"}, "E1001"),
        ({"isArrears": "2"}, "E1001"),
        ({"totalAmt": "100.01"}, "E1002"),
        ({"fundPay": "60.01"}, "E1002"),
        ({"ownPay": "5.01"}, "E1002"),
        ({"listDetail": []}, "S0000"),
        ({"payChannelDetail": [{"payChannelCode": "05", "payChannelValue": "100.01"}]}, "E1002"),
        (
            {
                "isArrears": "1",
                "payChannelDetail": [{"payChannelCode": "05", "payChannelValue": "30.00"}],
            },
            "E1002",
        ),
    ],
)
def test_a_receipt_must_be_complete_and_add_up(hospital, more, code):
    assert hospital.issue(f"B-{uuid4().hex}", **more)[0] == code


# --- stock -----------------------------------------------------------------------------------


def test_without_numbers_nothing_is_issued(start_counterpart, tmp_path):
    platform = start_counterpart("fiscal", tmp_path)
    platform.control("apps", {"appid": APPID, "key": KEY})
    hospital = Hospital(platform.client)
    assert hospital.issue("B-stock-0")[0] == "E2004"
    platform.control("stock", {"batch_code": "99060126", "first": 7, "count": 1})
    assert hospital.issue("B-stock-1")[1]["billNo"] == "0000000007"
    assert hospital.issue("B-stock-2")[0] == "E2004"
    platform.control("stock", {"batch_code": "99060127", "first": 1, "count": 5})
    assert hospital.issue("B-stock-2")[1]["billBatchCode"] == "99060127"
    assert [batch["left"] for batch in platform.control("stock", method="GET")["stock"]] == [0, 4]


def test_stock_for_a_place_is_for_that_place_only(start_counterpart, tmp_path):
    platform = start_counterpart("fiscal", tmp_path)
    platform.control("apps", {"appid": APPID, "key": KEY, "place_codes": ["P01", "P02"]})
    platform.control("stock", {"batch_code": "99060126", "count": 5, "place_code": "P02"})
    hospital = Hospital(platform.client)
    assert hospital.issue("B-place-1", placeCode="P01")[0] == "E2004"
    assert hospital.issue("B-place-2", placeCode="P02")[0] == "S0000"
    assert hospital.issue("B-place-3", placeCode="P99")[0] == "E1001"


def test_the_same_stock_again_changes_nothing_and_an_overlap_is_refused(platform):
    stock = {"batch_code": "99060128", "first": 100, "count": 10}
    before = platform.control("stock", stock)
    assert platform.control("stock", stock) == before
    for wrong in ({"first": 105}, {"first": 95}, {"count": 0}, {"batch_code": "9906"}):
        assert platform.client.post("/_control/stock", json=stock | wrong).status_code == 400
    assert platform.control("stock", method="GET") == before


# --- statements ------------------------------------------------------------------------------


DAY = {"busBgnDate": "20260305", "busEndDate": "20260305"}


@pytest.fixture
def a_day(hospital):
    """Three receipts and a red one on 2026-03-05; one receipt a millisecond later."""
    for number in range(3):
        _, issued = hospital.issue(f"B-day-{number}", busDateTime=f"2026030510{number}000000")
    hospital.write_off(issued, busDateTime="20260305235959999")
    hospital.issue("B-day-later", busDateTime="20260306000000000")
    return issued


def test_totals_and_list_agree_with_the_books(platform, hospital, a_day):
    assert hospital.ask("checkTotalData", DAY) == (
        "S0000",
        {"copyNum": 3, "allTotalAmt": "300.00", "redCopyNum": 1, "redTotalAmt": "-100.00"},
    )
    _, listed = hospital.ask("getBillByBusDate", DAY)
    assert [row["busNo"] for row in listed["billList"]] == [
        *("B-day-0", "B-day-1", "B-day-2", "B-day-2-RED")
    ]
    assert listed["billList"][3]["relateBillNo"] == a_day["billNo"]
    books = platform.client.get("/_control/books?date=2026-03-05").json()
    assert (books["total_fen"], books["red_total_fen"]) == (300_00, -100_00)
    assert len(books["receipts"]) == 3


@pytest.mark.usefixtures("a_day")
def test_a_list_comes_in_pages_and_by_kind(hospital):
    _, page = hospital.ask("getBillByBusDate", DAY | {"pageNo": 2, "pageSize": 2, "dataType": "1"})
    assert page["total"] == 3
    assert [row["busNo"] for row in page["billList"]] == ["B-day-2"]
    _, red = hospital.ask("getBillByBusDate", DAY | {"dataType": "2"})
    assert [row["totalAmt"] for row in red["billList"]] == ["-100.00"]
    assert hospital.ask("getBillByBusDate", DAY | {"pageSize": 201})[0] == "E1001"


@pytest.mark.usefixtures("a_day")
def test_tampering_changes_statements_and_not_the_books(platform, hospital):
    platform.control("tamper", {"bus_no": "B-day-0", "action": "omit"})
    platform.control("tamper", {"bus_no": "B-day-1", "action": "amount", "delta_fen": 5})
    _, totals = hospital.ask("checkTotalData", DAY)
    assert (totals["copyNum"], totals["allTotalAmt"]) == (2, "200.05")
    books = platform.client.get("/_control/books?date=2026-03-05").json()
    assert books["total_fen"] == 300_00
    for wrong in ({"bus_no": "x", "action": "amount"}, {"bus_no": "x", "action": "burn"}, {}):
        assert platform.client.post("/_control/tamper", json=wrong).status_code == 400


# --- faults ----------------------------------------------------------------------------------


def test_a_lost_request_issues_nothing_and_a_lost_answer_something(platform, hospital):
    method = {"method": "invoiceEBillOutpatient"}
    platform.fault("drop_request", busNo="B-lost", **method)
    with pytest.raises(httpx.RemoteProtocolError):
        hospital.issue("B-lost")
    assert "B-lost" not in _issued(platform)
    platform.fault("drop_answer", busNo="B-lost", **method)
    with pytest.raises(httpx.RemoteProtocolError):
        hospital.issue("B-lost")
    kept = _issued(platform)["B-lost"]
    assert hospital.issue("B-lost")[1]["billNo"] == kept["bill_no"]


def test_a_doubled_request_issues_one_receipt(platform, hospital):
    platform.fault("twice", busNo="B-twice")
    _, issued = hospital.issue("B-twice")
    assert _issued(platform)["B-twice"]["bill_no"] == issued["billNo"]


def test_a_doubled_cancellation_under_its_own_number_is_one(platform, hospital):
    _, issued = hospital.issue("B-twice-2")
    platform.fault("twice", method="writeOffEBill", billNo=issued["billNo"])
    assert hospital.write_off(issued, busNo="B-twice-2R")[0] == "S0000"


def test_refusals_and_wrong_sums_can_be_asked_for(platform, hospital):
    platform.fault("refuse", busNo="B-fault")
    assert hospital.issue("B-fault")[0] == "E9000"
    platform.fault("gateway_401", busNo="B-fault")
    frame = hospital.frame(receipt("B-fault"))
    assert hospital.send("invoiceEBillOutpatient", frame).status_code == 401
    assert "B-fault" not in _issued(platform)
    platform.fault("wrong_sum", method="checkTotalData")
    empty = {"busBgnDate": "20260401", "busEndDate": "20260401"}
    assert hospital.ask("checkTotalData", empty)[1]["allTotalAmt"] == "0.01"


def test_the_books_survive_a_crash(start_counterpart, tmp_path):
    first = start_counterpart("fiscal", tmp_path)
    prepare(first)
    _, issued = Hospital(first.client).issue("B-crash")
    first.kill()
    second = start_counterpart("fiscal", tmp_path)
    hospital = Hospital(second.client)
    assert hospital.issue("B-crash")[1]["billNo"] == issued["billNo"]
    assert int(hospital.issue("B-crash-2")[1]["billNo"]) == int(issued["billNo"]) + 1


def _issued(platform: Any) -> dict[str, Any]:
    books = platform.client.get("/_control/books?date=2026-03-02").json()
    return {row["bus_no"]: row for row in books["receipts"]}
