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


class WholeVisitOnly(YifuError):
    """A stay and a purchase at a pharmacy are settled as a whole."""

    code = "whole_visit_only"
    status = 422
    zh = "住院和药店购药须整体结算，不能选择部分费用"
    en = "A stay or a purchase at a pharmacy is settled as a whole, not by charges"


class StayGoesOn(YifuError):
    """A stay that has not ended can only be settled in between."""

    code = "stay_goes_on"
    status = 409
    zh = "患者尚未出院；如需中途结算请指明 interim"
    en = "The stay has not ended; ask for an interim settlement if that is meant"


class NotInterim(YifuError):
    """An interim settlement is asked for where there is nothing in between."""

    code = "not_interim"
    status = 409
    zh = "仅在院患者可中途结算"
    en = "Only a stay that goes on can be settled in between"


class ChargedOffLater(YifuError):
    """A line is charged off that an interim settlement has; no receipt could show it."""

    code = "charged_off_later"
    status = 409
    zh = "冲销行 {line_no} 的原费用已中途结算，请先撤销该次结算"
    en = "The line that {line_no} takes from is settled; reverse that settlement first"


class StayRefund(YifuError):
    """A stay's charges are not taken off a settlement one by one."""

    code = "stay_refund"
    status = 409
    zh = "住院费用请先撤销结算，冲销后重新结算"
    en = "Reverse the stay's settlement, charge the lines off and settle again"


class StaySettled(YifuError):
    """A stay that is settled cannot go on."""

    code = "stay_settled"
    status = 409
    zh = "出院结算仍有效，请先撤销结算"
    en = "The stay is settled; reverse its settlement first"


class TooManyCharges(YifuError):
    """One batch of charges is one message, and this one would be too long."""

    code = "too_many_charges"
    status = 422
    zh = "一次结算的费用行太多，医保报文放不下；请选择部分费用分次结算"
    en = "Too many charges for one message to the insurer; settle them in parts"
