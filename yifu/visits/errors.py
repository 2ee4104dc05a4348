"""What visits' services refuse."""

from yifu.errors import YifuError


class VisitDiffers(YifuError):
    """The visit number is known with other facts."""

    code = "visit_differs"
    status = 409
    zh = "该就诊号已登记为其他内容"
    en = "The visit number is known with other facts"


class ChargeDiffers(YifuError):
    """A charge line of this number is known with other facts."""

    code = "charge_differs"
    status = 409
    zh = "费用行 {line_no} 已登记为其他内容"
    en = "The charge line {line_no} is known with other facts"


class ChargeRepeated(YifuError):
    """A line number appears twice in one request."""

    code = "charge_repeated"
    status = 422
    zh = "费用行号 {line_no} 重复"
    en = "The charge line {line_no} appears twice"


class VisitEnded(YifuError):
    """The visit has ended at another time."""

    code = "visit_ended"
    status = 409
    zh = "就诊已结束"
    en = "The visit has ended"


class EndsBeforeBeginning(YifuError):
    """A visit cannot end before it began."""

    code = "ends_before_beginning"
    status = 422
    zh = "结束时间早于开始时间"
    en = "The visit would end before it began"


class NotAStay(YifuError):
    """What only a stay in hospital has is asked of another visit, or the other way round."""

    code = "not_a_stay"
    status = 422
    zh = "该就诊不是住院"
    en = "The visit is no stay in hospital"


class StayNeedsDischarge(YifuError):
    """A stay ends by a discharge, which says how."""

    code = "stay_needs_discharge"
    status = 422
    zh = "住院应以出院信息结束"
    en = "A stay ends with how the patient was discharged"


class NothingToChargeOff(YifuError):
    """A charge-off names no line of the stay, or not the same item at the same price."""

    code = "nothing_to_charge_off"
    status = 422
    zh = "冲销行 {line_no} 没有对应的原费用行"
    en = "The charge-off {line_no} has no line that it could take from"


class ChargeOffTooLarge(YifuError):
    """More would be charged off than was charged."""

    code = "charge_off_too_large"
    status = 422
    zh = "冲销行 {line_no} 的数量超过原费用行剩余数量"
    en = "The charge-off {line_no} takes off more than is left of its line"
