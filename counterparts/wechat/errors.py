"""What the channel refuses, in the words of API v3: a status, a code, a message."""

from __future__ import annotations


class V3Error(Exception):
    """A refusal. ``code`` is what programs decide by."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code

    @property
    def body(self) -> dict[str, str]:
        """The answer's body."""
        return {"code": self.code, "message": str(self)}


def param_error(message: str) -> V3Error:
    """Return the refusal of a malformed request."""
    return V3Error(400, "PARAM_ERROR", f"参数错误: {message}")


def invalid_request(message: str) -> V3Error:
    """Return the refusal of a request that the state of things does not allow."""
    return V3Error(400, "INVALID_REQUEST", message)


def sign_error(message: str) -> V3Error:
    """Return the refusal of a request that is not signed as it should be."""
    return V3Error(401, "SIGN_ERROR", f"签名错误: {message}")


def not_enough() -> V3Error:
    """Return the refusal of a debit that the payer's balance does not cover."""
    return V3Error(403, "NOT_ENOUGH", "用户账户余额不足")


def rule_limit() -> V3Error:
    """Return the refusal of a debit beyond the contract's daily limit."""
    return V3Error(403, "RULE_LIMIT", "交易金额超出协议单日限额")


def number_used(what: str) -> V3Error:
    """Return the refusal of a number that stands for something else already."""
    return V3Error(403, "OUT_TRADE_NO_USED", f"{what}重复, 且参数与之前不一致")


def no_contract() -> V3Error:
    """Return the refusal of a debit without a contract in force."""
    return V3Error(404, "CONTRACT_NOT_EXIST", "签约协议不存在或已解约")


def no_order() -> V3Error:
    """Return the answer about an order that does not exist."""
    return V3Error(404, "ORDER_NOT_EXIST", "订单不存在")


def no_resource(what: str) -> V3Error:
    """Return the answer about anything else that does not exist."""
    return V3Error(404, "RESOURCE_NOT_EXISTS", f"{what}不存在")


def too_often() -> V3Error:
    """Return the refusal of one request too many."""
    return V3Error(429, "FREQUENCY_LIMITED", "频率超限, 请稍后重试")
