"""What is wrong with a charge's figures (each names the line), and with a catalogue."""

from yifu.errors import YifuError


class QuantityOutOfRange(YifuError):
    """The quantity is not above zero, is too large, or has more than four decimals."""

    code = "quantity_out_of_range"
    status = 422
    zh = "费用行 {line_no}：数量须大于 0、小于一万亿，至多 4 位小数"
    en = "Charge line {line_no}: the quantity must be above 0, below 10^12, with 4 decimals at most"


class UnitPriceOutOfRange(YifuError):
    """The unit price is negative, too large, or has more than four decimals of a fen."""

    code = "unit_price_out_of_range"
    status = 422
    zh = "费用行 {line_no}：单价为负、过大，或精度超过万分之一分"
    en = "Charge line {line_no}: the unit price is negative, too large or finer than 0.0001 fen"


class AmountOutOfRange(YifuError):
    """The amount is negative or too large."""

    code = "amount_out_of_range"
    status = 422
    zh = "费用行 {line_no}：金额为负或过大"
    en = "Charge line {line_no}: the amount is negative or too large"


class AmountMismatch(YifuError):
    """The amount is not the quantity times the unit price, rounded half up to a fen."""

    code = "amount_mismatch"
    status = 422
    zh = "费用行 {line_no}：数量×单价应为 {expected_fen} 分，报送 {amount_fen} 分"
    en = "Charge line {line_no}: quantity times unit price is {expected_fen} fen, not {amount_fen}"


class CatalogueMoved(YifuError):
    """Somebody else has fetched this catalogue on in the meantime."""

    code = "catalogue_moved"
    status = 409
    zh = "目录 {infno} 正在由其他任务下载"
    en = "The catalogue {infno} was fetched on by somebody else"


class CatalogueUnreadable(YifuError):
    """What the insurer gave is no catalogue; what was kept before stays as it was."""

    code = "catalogue_unreadable"
    status = 502
    zh = "目录 {infno} 无法读取：{reason}"
    en = "The catalogue {infno} cannot be read: {reason}"
