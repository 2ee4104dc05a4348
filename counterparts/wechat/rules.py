"""What the channel decides: how requests must look, who may be debited, what it costs. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from counterparts.wechat.errors import (
    V3Error,
    no_contract,
    not_enough,
    param_error,
    rule_limit,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

CHINA = timezone(timedelta(hours=8))
MOST_FEN = 10**10
"""No single amount is larger than this (a hundred million yuan)."""
DEFAULT_PLAN_ID = 12535
_FEE_PER_MILLE = 6
_NUMBER = re.compile(r"[0-9A-Za-z_\-|*@]{1,64}")
_TRADE_NUMBER = re.compile(r"[0-9A-Za-z_\-|*]{6,32}")


def fee_fen(amount_fen: int) -> int:
    """Return the fee on a payment: 0.6 %, half up to the fen."""
    return (amount_fen * _FEE_PER_MILLE + 500) // 1000


def in_china(instant: datetime) -> str:
    """Return an instant as the channel writes it (RFC 3339, seconds, UTC+8)."""
    return instant.astimezone(CHINA).isoformat(timespec="seconds")


@dataclass(frozen=True, slots=True, kw_only=True)
class Debit:
    """A request for a debit."""

    appid: str
    out_trade_no: str
    contract_id: str
    description: str
    attach: str
    total_fen: int
    notify_url: str

    def contradicts(self, order: Mapping[str, Any]) -> bool:
        """Say whether the number already stands for another debit."""
        known = (order["contract_id"], order["total_fen"], order["appid"])
        return known != (self.contract_id, self.total_fen, self.appid)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """A request for a refund, of an order named by either of its numbers."""

    out_refund_no: str
    transaction_id: str
    out_trade_no: str
    refund_fen: int
    total_fen: int
    reason: str
    notify_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PreSign:
    """A request to begin a contract."""

    appid: str
    plan_id: int
    out_contract_code: str
    contract_display_account: str
    contract_notify_url: str


def read_debit(body: Mapping[str, Any]) -> Debit:
    """Return the debit that a body asks for, or raise V3Error ``PARAM_ERROR``."""
    number = _text(body, "out_trade_no", 32)
    if not _TRADE_NUMBER.fullmatch(number):
        raise param_error("out_trade_no 须为6至32位数字、字母或_-|*")
    return Debit(
        appid=_text(body, "appid", 32),
        out_trade_no=number,
        contract_id=_text(body, "contract_id", 32),
        description=_text(body, "description", 127),
        attach=_text(body, "attach", 128, required=False),
        total_fen=_amount(body, "total"),
        notify_url=_url(body, "transaction_notify_url"),
    )


def read_refund(body: Mapping[str, Any]) -> Refund:
    """Return the refund that a body asks for, or raise V3Error ``PARAM_ERROR``."""
    number = _text(body, "out_refund_no", 64)
    if not _NUMBER.fullmatch(number):
        raise param_error("out_refund_no 含非法字符")
    refund = Refund(
        out_refund_no=number,
        transaction_id=_text(body, "transaction_id", 32, required=False),
        out_trade_no=_text(body, "out_trade_no", 32, required=False),
        refund_fen=_amount(body, "refund"),
        total_fen=_amount(body, "total"),
        reason=_text(body, "reason", 80, required=False),
        notify_url=_url(body, "notify_url"),
    )
    if bool(refund.transaction_id) == bool(refund.out_trade_no):
        raise param_error("transaction_id 与 out_trade_no 二选一")
    return refund


def read_pre_sign(body: Mapping[str, Any]) -> PreSign:
    """Return the contract that a body begins, or raise V3Error ``PARAM_ERROR``."""
    plan_id = body.get("plan_id")
    if not isinstance(plan_id, int) or isinstance(plan_id, bool) or not 0 < plan_id < MOST_FEN:
        raise param_error("plan_id")
    return PreSign(
        appid=_text(body, "appid", 32),
        plan_id=plan_id,
        out_contract_code=_text(body, "out_contract_code", 32),
        contract_display_account=_text(body, "contract_display_account", 64),
        contract_notify_url=_url(body, "contract_notify_url"),
    )


def read_termination(body: Mapping[str, Any]) -> str:
    """Return why a contract is ended, or raise V3Error ``PARAM_ERROR``."""
    return _text(body, "contract_termination_remark", 256)


def read_date(text: str) -> date:
    """Return the day that ``YYYY-MM-DD`` names, or raise V3Error ``PARAM_ERROR``."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=CHINA).date()
    except ValueError as error:
        raise param_error("bill_date 须为 yyyy-MM-dd") from error


def refusal(
    contract: Mapping[str, Any] | None, *, total_fen: int, debited_today_fen: int
) -> V3Error | None:
    """Return why a debit cannot be made, or nothing if it can.

    ``debited_today_fen`` is what the contract has been debited on the same day already.
    """
    if contract is None or contract["state"] != "SIGNED":
        return no_contract()
    limit_fen = contract["daily_limit_fen"]
    if limit_fen is not None and debited_today_fen + total_fen > limit_fen:
        return rule_limit()
    balance_fen = contract["balance_fen"]
    if balance_fen is not None and total_fen > balance_fen:
        return not_enough()
    return None


def _text(body: Mapping[str, Any], name: str, longest: int, *, required: bool = True) -> str:
    value = body.get(name, "" if not required else None)
    if not isinstance(value, str) or len(value) > longest or (required and not value):
        raise param_error(f"{name} 须为不超过{longest}个字符的字符串")
    return value


def _url(body: Mapping[str, Any], name: str) -> str:
    url = _text(body, name, 256, required=False)
    if url and not url.startswith(("http://", "https://")):
        raise param_error(name)
    return url


def _amount(body: Mapping[str, Any], name: str) -> int:
    amount = body.get("amount")
    if not isinstance(amount, dict) or amount.get("currency", "CNY") != "CNY":
        raise param_error("amount")
    value = amount.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= MOST_FEN:
        raise param_error(f"amount.{name} 须为正整数, 单位为分")
    return value
