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
