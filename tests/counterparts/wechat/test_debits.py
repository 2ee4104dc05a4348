"""Debits and refunds, asked for through the library a merchant would use."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from tests.counterparts.wechat.conftest import APPLY, register


def test_an_accepted_debit_is_found_paid_to_the_fen(channel, merchant, contract):
    contract_id = contract(balance_fen=100_00, openid="o-payer")
    assert merchant.apply("D-paid-1", contract_id, 30_05) == (204, None)
    status, order = merchant.order("D-paid-1")
    assert status == 200
    assert order["trade_state"] == "SUCCESS"
    assert order["amount"]["total"] == 30_05
    assert order["payer"] == {"openid": "o-payer"}
    assert re.fullmatch(r"[0-9]{28}", order["transaction_id"])
    assert order["success_time"] == "2026-03-02T09:30:00+08:00"
    account = channel.control(f"contracts/{contract_id}", method="GET")
    assert account["balance_fen"] == 69_95


def test_the_librarys_own_query_finds_the_order(merchant, contract):
    merchant.apply("D-lib-query", contract(), 1)
    status, content = merchant.library.query(out_trade_no="D-lib-query")
    assert status == 200
    assert '"trade_state":"SUCCESS"' in content


def test_the_same_number_is_debited_once(channel, merchant, contract):
    contract_id = contract(balance_fen=100_00)
    assert [merchant.apply("D-once-1", contract_id, 60_00)[0] for _ in range(3)] == [204] * 3
    assert channel.control(f"contracts/{contract_id}", method="GET")["balance_fen"] == 40_00


def test_the_same_number_with_another_amount_is_refused(merchant, contract):
    contract_id = contract()
    merchant.apply("D-other-1", contract_id, 60_00)
    status, body = merchant.apply("D-other-1", contract_id, 60_01)
    assert (status, body["code"]) == (403, "OUT_TRADE_NO_USED")
    assert merchant.order("D-other-1")[1]["amount"]["total"] == 60_00


def test_debits_at_once_never_overdraw_the_account(channel, merchant, contract):
    contract_id = contract(balance_fen=50_00)
    with ThreadPoolExecutor(8) as pool:
        numbers = [f"D-race-{number:03d}" for number in range(16)]
        statuses = list(pool.map(lambda n: merchant.apply(n, contract_id, 10_00)[0], numbers))
    assert sorted(statuses) == [204] * 5 + [403] * 11
    assert channel.control(f"contracts/{contract_id}", method="GET")["balance_fen"] == 0


def test_too_little_money_is_refused_and_remembered_as_an_error(channel, merchant, contract):
    contract_id = contract(balance_fen=10_00)
    status, body = merchant.apply("D-poor-1", contract_id, 10_01)
    assert (status, body["code"]) == (403, "NOT_ENOUGH")
    order = merchant.order("D-poor-1")[1]
    assert order["trade_state"] == "PAYERROR"
    assert "transaction_id" not in order
    assert channel.control(f"contracts/{contract_id}", method="GET")["balance_fen"] == 10_00


def test_a_failed_number_may_be_tried_again(channel, merchant, contract):
    contract_id = contract(balance_fen=0)
    merchant.apply("D-again-1", contract_id, 10_00)
    channel.control("contracts", {"contract_id": contract_id, "balance_fen": 10_00})
    assert merchant.apply("D-again-1", contract_id, 10_00)[0] == 204
    assert merchant.order("D-again-1")[1]["trade_state"] == "SUCCESS"


def test_the_daily_limit_holds_per_day(channel, merchant, contract):
    contract_id = contract(daily_limit_fen=100_00)
    assert merchant.apply("D-limit-1", contract_id, 60_00)[0] == 204
    status, body = merchant.apply("D-limit-2", contract_id, 40_01)
    assert (status, body["code"]) == (403, "RULE_LIMIT")
    channel.control("clock", {"now": "2026-03-03T00:00:01+08:00"})
    assert merchant.apply("D-limit-3", contract_id, 40_01)[0] == 204


def test_no_contract_no_order(merchant, contract):
    ended = contract(state="TERMINATED")
    for number, contract_id in (("D-none-1", "C-unknown"), ("D-none-2", ended)):
        status, body = merchant.apply(number, contract_id, 1)
        assert (status, body["code"]) == (404, "CONTRACT_NOT_EXIST")
        assert merchant.order(number)[1]["code"] == "ORDER_NOT_EXIST"


@pytest.mark.parametrize(
    "more",
    [
        {"amount": {"total": 0, "currency": "CNY"}},
        {"amount": {"total": -5, "currency": "CNY"}},
        {"amount": {"total": 1.5, "currency": "CNY"}},
        {"amount": {"total": True, "currency": "CNY"}},
        {"amount": {"total": 10**12, "currency": "CNY"}},
        {"amount": {"total": 1, "currency": "USD"}},
        {"amount": 1},
        {"out_trade_no": "short"},
        {"out_trade_no": "D-with space"},
        {"out_trade_no": None},
        {"description": ""},
        {"transaction_notify_url": "ftp://127.0.0.1/"},
    ],
)
def test_a_malformed_debit_is_refused(merchant, contract, more):
    status, body = merchant.apply("D-malformed", contract(), 1, **more)
    assert (status, body["code"]) == (400, "PARAM_ERROR")
    assert merchant.order("D-malformed")[0] == 404


def test_another_merchants_application_is_refused(merchant, contract):
    status, body = merchant.apply("D-appid-1", contract(), 1, appid="wx-other")
    assert (status, body["code"]) == (400, "APPID_MCHID_NOT_MATCH")


def test_held_debits_wait_until_they_are_let_go(channel, merchant, contract):
    rich, poor = contract(balance_fen=5_00), contract(balance_fen=0)
    channel.control("processing", {"held": True})
    assert merchant.apply("D-held-1", rich, 5_00)[0] == 204
    assert merchant.apply("D-held-2", poor, 5_00)[0] == 204
    assert merchant.order("D-held-1")[1]["trade_state"] == "ACCEPT"
    assert channel.control("processing", {"held": False}) == {"held": False, "let_go": 2}
    assert merchant.order("D-held-1")[1]["trade_state"] == "SUCCESS"
    failed = merchant.order("D-held-2")[1]
    assert failed["trade_state"] == "PAYERROR"
    assert "NOT_ENOUGH" in failed["trade_state_desc"]


# --- refunds ---------------------------------------------------------------------------------


def test_a_refund_gives_money_back_once(channel, merchant, contract):
    contract_id = contract(balance_fen=100_00)
    merchant.apply("D-refund-1", contract_id, 80_00)
    answers = [merchant.refund("D-refund-1", "R-once-1", 30_00, 80_00) for _ in range(2)]
    assert answers[0] == answers[1]
    status, refund = answers[0]
    assert (status, refund["status"], refund["amount"]["refund"]) == (200, "SUCCESS", 30_00)
    assert channel.control(f"contracts/{contract_id}", method="GET")["balance_fen"] == 50_00
    assert merchant.order("D-refund-1")[1]["trade_state"] == "REFUND"
    assert merchant.get("/v3/refund/domestic/refunds/R-once-1") == (200, refund)


def test_refunds_never_exceed_the_payment(merchant, contract):
    merchant.apply("D-refund-2", contract(), 80_00)
    assert merchant.refund("D-refund-2", "R-sum-1", 50_00, 80_00)[0] == 200
    status, body = merchant.refund("D-refund-2", "R-sum-2", 30_01, 80_00)
    assert (status, body["code"]) == (400, "INVALID_REQUEST")
    assert merchant.refund("D-refund-2", "R-sum-3", 30_00, 80_00)[0] == 200
    assert merchant.get("/v3/refund/domestic/refunds/R-sum-2")[1]["code"] == "RESOURCE_NOT_EXISTS"


def test_a_refund_can_name_the_channels_own_number(merchant, contract):
    merchant.apply("D-refund-3", contract(), 8_00)
    transaction_id = merchant.order("D-refund-3")[1]["transaction_id"]
    amount = {"refund": 8_00, "total": 8_00, "currency": "CNY"}
    status, _ = merchant.library.refund("R-by-id-1", amount, transaction_id=transaction_id)
    assert status == 200


def test_a_refund_number_stands_for_one_refund(merchant, contract):
    merchant.apply("D-refund-4", contract(), 80_00)
    merchant.refund("D-refund-4", "R-same-1", 10_00, 80_00)
    status, body = merchant.refund("D-refund-4", "R-same-1", 20_00, 80_00)
    assert (status, body["code"]) == (400, "INVALID_REQUEST")


def test_a_refund_of_what_was_not_paid_is_refused(merchant, contract):
    merchant.apply("D-refund-5", contract(balance_fen=0), 80_00)
    assert merchant.refund("D-refund-5", "R-unpaid-1", 1, 80_00)[1]["code"] == "INVALID_REQUEST"
    assert merchant.refund("D-nowhere", "R-unpaid-2", 1, 1)[1]["code"] == "ORDER_NOT_EXIST"


def test_a_refund_with_a_wrong_total_is_refused(merchant, contract):
    merchant.apply("D-refund-6", contract(), 80_00)
    assert merchant.refund("D-refund-6", "R-total-1", 1, 79_99)[1]["code"] == "PARAM_ERROR"


# --- contracts -------------------------------------------------------------------------------


def test_a_contract_begun_here_and_agreed_to_there_can_be_debited_and_ended(channel, merchant):
    path = "/v3/papay/sign/contracts/plan-id/12535/out-contract-code/YF-1"
    body = {
        "appid": "wx99yifu00000001",
        "plan_id": 12535,
        "out_contract_code": "YF-1",
        "contract_display_account": "示范市第一人民医院",
    }
    status, begun = merchant.post("/v3/papay/sign/contracts/pre-entrust-sign", body)
    assert status == 200
    assert merchant.get(path)[0] == 404
    page = channel.client.get(begun["redirect_url"])
    assert "示范市第一人民医院" in page.text
    assert channel.client.post(begun["redirect_url"]).status_code == 200
    status, signed = merchant.get(path)
    assert (status, signed["contract_state"]) == (200, "SIGNED")
    contract_id = signed["contract_id"]
    by_id = f"/v3/papay/sign/contracts/contract-id/{contract_id}"
    assert merchant.get(by_id) == (200, signed)
    assert merchant.apply("D-signed-1", contract_id, 1)[0] == 204
    ended = merchant.post(f"{path}/terminate", {"contract_termination_remark": "不再使用"})
    assert ended == (204, None)
    assert merchant.get(path)[1]["contract_state"] == "TERMINATED"
    assert merchant.apply("D-signed-2", contract_id, 1)[0] == 404


def test_agreeing_twice_makes_one_contract(channel, merchant):
    body = {
        "appid": "wx99yifu00000001",
        "plan_id": 12535,
        "out_contract_code": "YF-2",
        "contract_display_account": "甲",
    }
    _, begun = merchant.post("/v3/papay/sign/contracts/pre-entrust-sign", body)
    message = {"pre_entrustweb_id": begun["pre_entrustweb_id"], "balance_fen": 7}
    first, second = (channel.control("contracts", dict(message)) for _ in range(2))
    assert first == second
    assert first["contracts"][0]["balance_fen"] == 7


# --- faults ----------------------------------------------------------------------------------


def test_a_lost_request_leaves_no_order(channel, merchant, contract):
    contract_id = contract()
    channel.fault("drop_request", path=APPLY, out_trade_no="D-lost-1")
    with pytest.raises(requests.exceptions.RequestException):
        merchant.apply("D-lost-1", contract_id, 1)
    assert merchant.order("D-lost-1")[1]["code"] == "ORDER_NOT_EXIST"


def test_a_lost_answer_leaves_a_paid_order(channel, merchant, contract):
    contract_id = contract(balance_fen=10)
    channel.fault("drop_answer", path=APPLY, contract_id=contract_id)
    with pytest.raises(requests.exceptions.RequestException):
        merchant.apply("D-lost-2", contract_id, 10)
    assert merchant.order("D-lost-2")[1]["trade_state"] == "SUCCESS"
    assert merchant.apply("D-lost-2", contract_id, 10)[0] == 204


def test_a_doubled_request_is_debited_once(channel, merchant, contract):
    contract_id = contract(balance_fen=10)
    channel.fault("twice", out_trade_no="D-twice-1")
    assert merchant.apply("D-twice-1", contract_id, 6)[0] == 204
    assert channel.control(f"contracts/{contract_id}", method="GET")["balance_fen"] == 4


def test_refusals_and_nonsense_can_be_asked_for(channel, merchant, contract):
    contract_id = contract()
    for fault, expected in (
        ("refuse", (429, "FREQUENCY_LIMITED")),
        ("gateway_401", (401, "SIGN_ERROR")),
    ):
        channel.fault(fault, out_trade_no="D-fault-1")
        status, body = merchant.apply("D-fault-1", contract_id, 1)
        assert (status, body["code"]) == expected
    channel.fault("nonsense", out_trade_no="D-fault-1")
    with pytest.raises(Exception, match="algorithm"):
        merchant.apply("D-fault-1", contract_id, 1)
    assert merchant.order("D-fault-1")[0] == 404


def test_a_wrong_sum_is_signed_all_the_same(channel, merchant, contract):
    merchant.apply("D-wrong-1", contract(), 5)
    channel.fault("wrong_sum", out_trade_no="D-wrong-1")
    assert merchant.order("D-wrong-1")[1]["amount"]["total"] == 6
    assert merchant.order("D-wrong-1")[1]["amount"]["total"] == 5


def test_the_books_survive_a_crash(start_counterpart, tmp_path, keys, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    first = start_counterpart("wechat", tmp_path)
    merchant = register(first, keys)
    first.control("contracts", {"contract_id": "C-crash", "balance_fen": 10})
    merchant.apply("D-crash-1", "C-crash", 4)
    key_id = first.control("platform-key", method="GET")["public_key_id"]
    first.kill()
    second = start_counterpart("wechat", tmp_path)
    merchant.library._core._gate_way = second.url
    assert second.control("platform-key", method="GET")["public_key_id"] == key_id
    assert merchant.order("D-crash-1")[1]["trade_state"] == "SUCCESS"
    assert merchant.apply("D-crash-2", "C-crash", 7)[1]["code"] == "NOT_ENOUGH"
