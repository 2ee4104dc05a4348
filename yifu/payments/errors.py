"""What payments refuse."""

from yifu.errors import YifuError


class ChannelUnknown(YifuError):
    """The area has no such channel, or nothing here speaks its language."""

    code = "channel_unknown"
    status = 422
    zh = "本统筹区没有支付渠道：{channel}"
    en = "There is no payment channel {channel} in this area"


class ChannelUnavailable(YifuError):
    """The channel gave no usable answer to a question that moves no money."""

    code = "channel_unavailable"
    status = 502
    zh = "支付渠道未应答：{channel}（{reason}）"
    en = "The payment channel {channel} gave no usable answer ({reason})"


class ChannelBillNotReady(YifuError):
    """The channel's bill of the day is not made yet (WeChat Pay: from 09:00 of the next day)."""

    code = "channel_bill_not_ready"
    status = 409
    zh = "支付渠道 {channel} {date} 的账单尚未生成"
    en = "The bill of {channel} for {date} is not ready"


class NotBound(YifuError):
    """The person has no debit contract with this channel."""

    code = "not_bound"
    status = 409
    zh = "未与支付渠道 {channel} 签约代扣"
    en = "There is no debit contract with {channel}"


class DailyLimitExceeded(YifuError):
    """The debit would exceed what may be taken from a person through a channel in a day (P2.6)."""

    code = "daily_limit_exceeded"
    status = 409
    zh = "超过当日代扣限额，今日还可代扣 {left_fen} 分"
    en = "Over the daily limit of debits: {left_fen} fen are left today"


class PaymentUnderWay(YifuError):
    """Another payment of the same thing has not ended; its outcome comes first."""

    code = "payment_under_way"
    status = 409
    zh = "有一笔付款正在处理，请等待结果"
    en = "Another payment is under way"


class RefundExceedsPayment(YifuError):
    """More would go back than the attempt took (L7), or it took nothing."""

    code = "refund_exceeds_payment"
    status = 409
    zh = "退款超过该笔付款的可退金额"
    en = "The refund is more than the payment has left"


class FileNotTheSame(YifuError):
    """A debit file's rows are not those it was written with; nothing is sent."""

    code = "debit_file_not_the_same"
    status = 409
    zh = "批量代扣文件 {number} 的内容与生成时不一致，未发送"
    en = "The debit file {number} is not what was written; it is not sent"
