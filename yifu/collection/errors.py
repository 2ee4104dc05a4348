"""What collection refuses."""

from yifu.errors import YifuError


class BillNotPayable(YifuError):
    """The bill is paid or cancelled."""

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


class NotARelative(YifuError):
    """Whoever pays is neither the patient nor bound to the payer of the bill by a contract."""

    code = "not_a_relative"
    status = 409
    zh = "付款人不是患者本人，也不是账单主体人的签约亲属；可到窗口现金付款"
    en = "Neither the patient nor a relative by contract; anybody may pay in cash at the window"


class BillNotDefaulted(YifuError):
    """Only a bill whose principal is in default for it is written off."""

    code = "bill_not_defaulted"
    status = 409
    zh = "账单当前状态不可核销：{state}"
    en = "A bill in the state {state} cannot be written off"


class WriteOffUnderWay(YifuError):
    """The bill is proposed for writing off already, or was written off."""

    code = "write_off_under_way"
    status = 409
    zh = "该账单已提出核销或已核销"
    en = "The bill is proposed for writing off already, or was written off"


class WriteOffNotDecidable(YifuError):
    """The proposal is not there, or it was decided about already."""

    code = "write_off_not_decidable"
    status = 409
    zh = "该核销申请不存在或已处理"
    en = "There is no such write-off to decide about"


class WriteOffSamePerson(YifuError):
    """Who proposed a write-off cannot approve it."""

    code = "write_off_same_person"
    status = 409
    zh = "提出人不能批准自己的核销申请"
    en = "Whoever proposed a write-off cannot approve it"


class WriteOffOutgrown(YifuError):
    """More is owed by now than was proposed: nobody has agreed to that."""

    code = "write_off_outgrown"
    status = 409
    zh = "账单现欠 {owed_fen} 分，超过申请核销的 {amount_fen} 分，请重新提出"
    en = "The bill owes {owed_fen} fen by now, more than the {amount_fen} proposed; propose it anew"


class EntryNotDecidable(YifuError):
    """The entry of the default list was decided about, or its bill was paid."""

    code = "entry_not_decidable"
    status = 409
    zh = "失信认定 {entry_ids} 已处理，或欠费已付清"
    en = "The entries {entry_ids} are decided already, or their bills are paid"


class EntryContested(YifuError):
    """Nothing is recognised while somebody contests it."""

    code = "entry_contested"
    status = 409
    zh = "失信认定 {entry_ids} 有未处理的异议"
    en = "The entries {entry_ids} are contested"


class NotContestable(YifuError):
    """The entry is refused or lifted already, or the time to contest it is over."""

    code = "not_contestable"
    status = 409
    zh = "该认定已解除，或已过 {days} 天异议期"
    en = "The entry is lifted already, or the {days} days for contesting it are over"


class DisputeOpen(YifuError):
    """The entry is contested already."""

    code = "dispute_open"
    status = 409
    zh = "该认定已有未处理的异议"
    en = "The entry is contested already"


class DisputeNotOpen(YifuError):
    """The dispute was decided or withdrawn."""

    code = "dispute_not_open"
    status = 409
    zh = "该异议已处理或已撤回"
    en = "The dispute is decided or withdrawn"


class OwnRecognition(YifuError):
    """Who recognised an entry does not decide about a dispute of it."""

    code = "own_recognition"
    status = 409
    zh = "认定人不能处理对自己认定的异议"
    en = "Whoever recognised the entry cannot decide about its dispute"


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
