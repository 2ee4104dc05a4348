"""How the channel writes a contract, an order and a refund in its answers. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_STATE_WORDS = {
    "SUCCESS": "支付成功",
    "REFUND": "转入退款",
    "ACCEPT": "已接收，等待扣款",
    "PAYERROR": "支付失败",
}


def contract(row: Mapping[str, Any], *, mchid: str, appid: str) -> dict[str, Any]:
    """Return a contract as a look-up or notification shows it."""
    shown = {
        "mchid": mchid,
        "appid": appid,
        "contract_id": row["contract_id"],
        "plan_id": row["plan_id"],
        "out_contract_code": row["out_contract_code"],
        "contract_display_account": row["contract_display_account"],
        "contract_state": row["state"],
        "contract_signed_time": row["signed_time"],
        "openid": row["openid"],
    }
    if row["state"] == "TERMINATED":
        shown["contract_terminate_info"] = {
            "contract_termination_mode": "MERCHANT_API",
            "contract_terminated_time": row["terminated_time"] or row["signed_time"],
            "contract_termination_remark": row["termination_remark"] or "",
        }
    return shown


def order(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return an order (with ``refunded_fen``) as a look-up or notification shows it."""
    state = "REFUND" if row["refunded_fen"] else row["state"]
    words = _STATE_WORDS[state] + (f": {row['failure']}" if row["failure"] else "")
    shown = {
        "appid": row["appid"],
        "mchid": row["mchid"],
        "out_trade_no": row["out_trade_no"],
        "contract_id": row["contract_id"],
        "trade_type": "PAP",
        "trade_state": state,
        "trade_state_desc": words,
        "bank_type": "OTHERS",
        "attach": row["attach"],
        "payer": {"openid": row["openid"]},
        "amount": {
            "total": row["total_fen"],
            "payer_total": row["total_fen"],
            "currency": "CNY",
            "payer_currency": "CNY",
        },
    }
    if row["transaction_id"]:
        shown |= {"transaction_id": row["transaction_id"], "success_time": row["success_time"]}
    return shown


def refund(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a refund as its request and its look-up show it."""
    shown = {
        "refund_id": row["refund_id"],
        "out_refund_no": row["out_refund_no"],
        "transaction_id": row["transaction_id"],
        "out_trade_no": row["out_trade_no"],
        "channel": "ORIGINAL",
        "user_received_account": "支付用户零钱",
        "create_time": row["create_time"],
        "status": row["status"],
        "funds_account": "AVAILABLE",
        "amount": {
            "total": row["total_fen"],
            "refund": row["refund_fen"],
            "payer_total": row["total_fen"],
            "payer_refund": row["refund_fen"],
            "settlement_refund": row["refund_fen"],
            "settlement_total": row["total_fen"],
            "discount_refund": 0,
            "currency": "CNY",
        },
    }
    if row["success_time"]:
        shown["success_time"] = row["success_time"]
    return shown


def refund_notice(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a refund as a notification tells of it."""
    shown = {name: value for name, value in refund(row).items() if name in _NOTICED}
    amount = {name: shown["amount"][name] for name in _NOTICED_AMOUNTS}
    return shown | {"mchid": row["mchid"], "refund_status": row["status"], "amount": amount}


_NOTICED = {
    *("refund_id", "out_refund_no", "transaction_id", "out_trade_no"),
    *("user_received_account", "success_time", "amount"),
}
_NOTICED_AMOUNTS = ("total", "refund", "payer_total", "payer_refund")


def spoiled(shown: Mapping[str, Any]) -> dict[str, Any]:
    """Return an order or refund that says one fen too much."""
    amount = dict(shown.get("amount", {}))
    for name in ("total", "refund"):
        if name in amount:
            amount[name] += 1
    return {**shown, "amount": amount}
