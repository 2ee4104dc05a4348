"""What receipts refuse, and what may be tried again."""

from yifu.errors import YifuError


class FiscalUnavailable(YifuError):
    """No answer that can be used: ask again with the same number, it is issued once."""

    code = "fiscal_unavailable"
    status = 503
    zh = "财政票据平台未应答：{reason}"
    en = "The fiscal platform gave no usable answer: {reason}"


class FiscalNotConnected(YifuError):
    """The institution has no connection to a fiscal platform."""

    code = "fiscal_not_connected"
    status = 503
    zh = "本机构未配置财政票据平台"
    en = "The institution has no connection to a fiscal platform"


class ReceiptContradiction(YifuError):
    """What should be receipted does not add up: nothing is asked of the platform."""

    code = "receipt_contradiction"
    status = 500
    zh = "票据内容不一致：{what}"
    en = "The content of the receipt contradicts itself: {what}"


class ReceiptUnderWay(FiscalUnavailable):
    """The receipt to be cancelled may or may not be issued yet: try again when that is known."""

    code = "receipt_under_way"
    status = 409
    zh = "票据 {bus_no} 正在开具，暂不能冲红"
    en = "The receipt {bus_no} is being issued and cannot be cancelled yet"
