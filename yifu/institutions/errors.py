"""What is wrong with a key."""

from yifu.errors import YifuError


class IdempotencyKeyMissing(YifuError):
    """A request that moves money needs a key."""

    code = "idempotency_key_missing"
    status = 400
    zh = "缺少 Idempotency-Key 请求头（1–80 个可见字符）"
    en = "The header Idempotency-Key is needed (1 to 80 visible characters)"


class IdempotencyKeyReused(YifuError):
    """The key was used before for another request."""

    code = "idempotency_key_reused"
    status = 409
    zh = "该 Idempotency-Key 已用于另一个请求"
    en = "The Idempotency-Key was used for another request"


class RequestUnderWay(YifuError):
    """The same request is being worked on, or stopped half-way and awaits recovery."""

    code = "request_under_way"
    status = 409
    zh = "相同请求正在处理：{effect}"
    en = "The same request is under way: {effect}"
