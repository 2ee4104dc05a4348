"""What the ledger refuses."""

from yifu.errors import YifuError


class LimitExceeded(YifuError):
    """The line has less available than asked for."""

    code = "limit_exceeded"
    status = 409
    zh = "可用额度不足"
    en = "The credit line has too little available"


class HoldNotOpen(YifuError):
    """The hold was captured, released or expired before."""

    code = "hold_not_open"
    status = 409
    zh = "该额度锁定已结束"
    en = "The hold is not open"


class AmountNotPositive(YifuError):
    """An amount that moves must be at least one fen."""

    code = "amount_not_positive"
    status = 422
    zh = "金额必须大于零"
    en = "The amount must be positive"


class PostedOtherwise(YifuError):
    """The same event was posted before with other movements."""

    code = "posted_otherwise"
    status = 409
    zh = "同一事项已按不同内容记账"
    en = "The same event was posted before with other movements"
