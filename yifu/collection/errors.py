"""What collection refuses."""

from yifu.errors import YifuError


class BillNotPayable(YifuError):
    """The bill is paid, cancelled or written off."""

    code = "bill_not_payable"
    status = 409
    zh = "账单当前状态不可付款：{state}"
    en = "The bill cannot be paid in the state {state}"


class PaymentExceedsBill(YifuError):
    """More would be paid than is owed."""

    code = "payment_exceeds_bill"
    status = 422
    zh = "付款超过账单待付金额 {owed_fen} 分"
    en = "The payment is more than the {owed_fen} fen owed"


class LoweringExceedsBill(YifuError):
    """More would be taken off a bill than it is for."""

    code = "lowering_exceeds_bill"
    status = 409
    zh = "冲减超过账单金额 {amount_fen} 分"
    en = "More would be taken off than the bill's {amount_fen} fen"


class PaymentRefused(YifuError):
    """The channel refused the debit; `channel_code` is its own word for why."""

    code = "payment_refused"
    status = 402
    zh = "支付渠道拒绝扣款：{channel_code}"
    en = "The channel refused the debit: {channel_code}"


class NightRunning(YifuError):
    """Another process runs the night of this area just now."""

    code = "night_running"
    status = 409
    zh = "{area} 的夜间批次正在运行"
    en = "The night of {area} is running already"


class NightInFuture(YifuError):
    """The business date has not come yet."""

    code = "night_in_future"
    status = 422
    zh = "{date} 尚未到来"
    en = "{date} has not come yet"


class NightOutOfOrder(YifuError):
    """A later date's night is over; one that never ran cannot be put before it."""

    code = "night_out_of_order"
    status = 409
    zh = "{latest} 的夜间批次已完成，不能再补 {date}"
    en = "The night of {latest} is over: {date} cannot be put before it"


class TooManyNightsMissed(YifuError):
    """So many dates were missed that somebody has to say that they are to be caught up."""

    code = "too_many_nights_missed"
    status = 409
    zh = "自 {latest} 起缺少过多夜间批次，请先分段补跑"
    en = "Too many nights are missing since {latest}: run earlier dates first"


class ClockWentBack(YifuError):
    """It is earlier now than when a night of this area began."""

    code = "clock_went_back"
    status = 409
    zh = "当前时间 {now} 早于夜间批次开始时间 {begun}，请检查时钟"
    en = "It is {now}, but a night began at {begun}: look at the clock"
