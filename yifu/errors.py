"""The one tree of errors: named facts with a stable code, an HTTP status and a zh/en message.

Every context keeps its own in its `errors.py`; the API turns each into problem+json (RFC 9457).
"""

from typing import Any, ClassVar


class YifuError(Exception):
    """A fact that stops a request. Raising one means: nothing changed."""

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 400
    zh: ClassVar[str] = "请求无法完成"
    en: ClassVar[str] = "The request cannot be done"

    def __init__(self, **facts: Any) -> None:  # noqa: ANN401 - facts are whatever the message names
        self.facts = facts
        super().__init__(self.detail())

    def detail(self, language: str = "en") -> str:
        """Write the message with its facts, in `zh` or `en`."""
        text = self.zh if language.startswith("zh") else self.en
        try:
            return text.format(**self.facts)
        except KeyError:
            return text


class InvalidRequest(YifuError):
    """A field is missing, malformed or out of range."""

    code = "invalid_request"
    status = 422
    zh = "字段 {field} 无效"
    en = "The field {field} is not valid"


class NotFound(YifuError):
    """There is no such thing for this caller (another institution's things do not exist either)."""

    code = "not_found"
    status = 404
    zh = "找不到{what}"
    en = "No such {what}"


class Forbidden(YifuError):
    """The caller is known but may not do this."""

    code = "forbidden"
    status = 403
    zh = "没有权限：{scope}"
    en = "Not allowed: {scope}"


class Unauthorised(YifuError):
    """No valid access token came with the request."""

    code = "unauthorised"
    status = 401
    zh = "缺少有效的访问令牌"
    en = "A valid access token is needed"


class BodyTooLarge(YifuError):
    """The body is over a mebibyte."""

    code = "body_too_large"
    status = 413
    zh = "请求体超过 {limit_bytes} 字节"
    en = "The body is larger than {limit_bytes} bytes"


class Conflict(YifuError):
    """The thing is in a state in which this cannot be done."""

    code = "conflict"
    status = 409
    zh = "当前状态不允许：{state}"
    en = "Not possible in the state {state}"
