"""What settlement refuses."""

from yifu.errors import YifuError


class NothingToSettle(YifuError):
    """The visit has no charge that is not settled."""

    code = "nothing_to_settle"
    status = 409
    zh = "没有待结算的费用"
    en = "There is no charge to settle"


class ChargeUnknown(YifuError):
    """A charge is not one of this visit."""

    code = "charge_unknown"
    status = 404
    zh = "费用 {charge_id} 不属于本次就诊"
    en = "The charge {charge_id} is not one of this visit"


class ChargeSettled(YifuError):
    """A charge is in a live settlement already."""

    code = "charge_settled"
    status = 409
    zh = "费用已在结算中或已结算"
    en = "The charge is settled or being settled"


class MethodUnavailable(YifuError):
    """The asked way of paying does not exist for this person."""

    code = "method_unavailable"
    status = 409
    zh = "该患者不能使用此支付方式：{method}"
    en = "This person cannot pay by {method}"


class NotReversible(YifuError):
    """The settlement is not in a state that can be reversed."""

    code = "not_reversible"
    status = 409
    zh = "当前状态不能撤销：{state}"
    en = "A settlement in the state {state} cannot be reversed"
