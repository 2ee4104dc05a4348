"""What the insurer's answers mean for a request."""

from yifu.errors import YifuError


class InsurerRefused(YifuError):
    """The insurer said no; nothing happened there."""

    code = "insurer_refused"
    status = 422
    zh = "医保拒绝：{message}"
    en = "The insurer refused: {message}"


class InsurerUnavailable(YifuError):
    """The insurer could not be asked; nothing happened there."""

    code = "insurer_unavailable"
    status = 503
    zh = "医保接口暂时无法访问：{message}"
    en = "The insurer cannot be reached: {message}"


class InsurerNonsense(YifuError):
    """The insurer's answer cannot be right; what it did is being undone."""

    code = "insurer_nonsense"
    status = 502
    zh = "医保返回的结果有误：{message}"
    en = "The insurer's answer cannot be right: {message}"


class IdentityMismatch(YifuError):
    """The insurer knows this certificate as somebody else (P1.8)."""

    code = "identity_mismatch"
    status = 409
    zh = "医保返回的身份与患者不符"
    en = "The identity the insurer returned does not match the person"


class NotConnected(YifuError):
    """The institution has no connection to an insurer."""

    code = "insurer_not_connected"
    status = 503
    zh = "本机构未配置医保接口"
    en = "The institution has no connection to an insurer"
