"""The channel's bill of a day: CSV whose cells begin with a backtick, amounts in yuan. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from counterparts.wechat.rules import fee_fen

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

COLUMNS = (
    *("交易时间", "公众账号ID", "商户号", "特约商户号", "设备号", "微信订单号", "商户订单号"),
    *("用户标识", "交易类型", "交易状态", "付款银行", "货币种类", "应结订单金额", "代金券金额"),
    *("微信退款单号", "商户退款单号", "退款金额", "充值券退款金额", "退款类型", "退款状态"),
    *("商品名称", "商户数据包", "手续费", "费率", "订单金额", "申请退款金额", "费率备注"),
)
SUMMARY_COLUMNS = (
    *("总交易单数", "应结订单总金额", "退款总金额", "充值券退款总金额"),
    *("手续费总金额", "订单总金额", "申请退款总金额"),
)
_NEVER = {"特约商户号": "", "设备号": "", "费率备注": "", "代金券金额": "0.00"}


def yuan(fen: int) -> str:
    """Return an amount in yuan with two decimals."""
    sign, cents = ("-" if fen < 0 else ""), abs(fen)
    return f"{sign}{cents // 100}.{cents % 100:02d}"


def payment_row(order: Mapping[str, Any], *, delta_fen: int = 0) -> dict[str, str]:
    """Return the bill's row of a payment; ``delta_fen`` falsifies its amount."""
    total_fen = order["total_fen"] + delta_fen
    return _common(order, at=order["success_time"]) | {
        "交易状态": "SUCCESS",
        "应结订单金额": yuan(total_fen),
        "微信退款单号": "0",
        "商户退款单号": "0",
        "退款金额": "0.00",
        "退款类型": "",
        "退款状态": "",
        "手续费": _fee(fee_fen(order["total_fen"])),
        "订单金额": yuan(total_fen),
        "申请退款金额": "0.00",
    }


def refund_row(refund: Mapping[str, Any], *, delta_fen: int = 0) -> dict[str, str]:
    """Return the bill's row of a refund joined with its order."""
    refund_fen = refund["refund_fen"] + delta_fen
    return _common(refund, at=refund["success_time"]) | {
        "交易状态": "REFUND",
        "应结订单金额": "0.00",
        "微信退款单号": refund["refund_id"],
        "商户退款单号": refund["out_refund_no"],
        "退款金额": yuan(refund_fen),
        "退款类型": "ORIGINAL",
        "退款状态": "SUCCESS",
        "手续费": _fee(-fee_fen(refund["refund_fen"])),
        "订单金额": "0.00",
        "申请退款金额": yuan(refund_fen),
    }


def render(rows: Sequence[Mapping[str, str]]) -> bytes:
    """Return the file: heading, rows, heading of the summary, summary."""
    totals = {
        "总交易单数": str(len(rows)),
        "应结订单总金额": yuan(_sum(rows, "应结订单金额")),
        "退款总金额": yuan(_sum(rows, "退款金额")),
        "充值券退款总金额": "0.00",
        "手续费总金额": _fee(_sum(rows, "手续费")),
        "订单总金额": yuan(_sum(rows, "订单金额")),
        "申请退款总金额": yuan(_sum(rows, "申请退款金额")),
    }
    lines = [
        ",".join(COLUMNS),
        *(_line(row[column] for column in COLUMNS) for row in rows),
        ",".join(SUMMARY_COLUMNS),
        _line(totals[column] for column in SUMMARY_COLUMNS),
    ]
    return "".join(line + "\r\n" for line in lines).encode()


def _common(order: Mapping[str, Any], *, at: str) -> dict[str, str]:
    return _NEVER | {
        "交易时间": at[:19].replace("T", " "),
        "公众账号ID": order["appid"],
        "商户号": order["mchid"],
        "微信订单号": order["transaction_id"],
        "商户订单号": order["out_trade_no"],
        "用户标识": order["openid"],
        "交易类型": "PAP",
        "付款银行": "OTHERS",
        "货币种类": "CNY",
        "充值券退款金额": "0.00",
        "商品名称": order["description"],
        "商户数据包": order["attach"],
        "费率": "0.60%",
    }


def _fee(fen: int) -> str:
    # The real bill writes fees with five decimals.
    return yuan(fen) + "000"


def _sum(rows: Iterable[Mapping[str, str]], column: str) -> int:
    return sum(_fen(row[column]) for row in rows)


def _fen(amount: str) -> int:
    whole, _, decimals = amount.lstrip("-").partition(".")
    fen = int(whole) * 100 + int(decimals[:2])
    return -fen if amount.startswith("-") else fen


def _line(cells: Iterable[str]) -> str:
    return ",".join("`" + _plain(cell) for cell in cells)


def _plain(cell: str) -> str:
    # Nothing in a cell may look like the end of it.
    return "".join(" " if mark in "`\r\n" else mark for mark in cell)
