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


class NotInsured(YifuError):
    """The insurer does not know the person, or grants no benefits now."""

    code = "not_insured"
    status = 409
    zh = "该患者没有正常参保"
    en = "The person has no insurance in force"


class NotRegisteredThere(YifuError):
    """The insurer has no number for this visit."""

    code = "visit_not_registered"
    status = 409
    zh = "该就诊没有在医保登记"
    en = "The visit is not registered with the insurer"


class PeriodBackwards(YifuError):
    """A filing would end before it begins."""

    code = "period_backwards"
    status = 422
    zh = "结束日期 {ends_on} 早于开始日期 {begins_on}"
    en = "It would end on {ends_on}, before it begins on {begins_on}"


class FilingOverlaps(YifuError):
    """The same matter is filed, or being filed, for a part of that time."""

    code = "filing_overlaps"
    status = 409
    zh = "同一事项在该期间已有备案"
    en = "The same matter is filed for a part of that time"


class FilingNotWithdrawable(YifuError):
    """The insurer's interface has no message to withdraw this filing with."""

    code = "filing_not_withdrawable"
    status = 409
    zh = "该备案不能通过接口撤销，请到医保经办机构办理"
    en = "This filing can only be withdrawn at the insurer's office"


class NoMonthlyTotals(YifuError):
    """The region's interface compares days only."""

    code = "no_monthly_totals"
    status = 422
    zh = "该地区（{region}）接口只按日对账，没有月度总账"
    en = "The interface of {region} compares days only, no months"


class AuditReasonMissing(YifuError):
    """Going on although the insurer objects needs a reason (NHSA 3103)."""

    code = "audit_reason_missing"
    status = 422
    zh = "继续执行医嘱须说明理由"
    en = "Going on with the orders needs a reason"


class AuditDecisionNeeded(YifuError):
    """The insurer sees a definite violation, and the doctor has not decided about it yet."""

    code = "audit_decision_needed"
    status = 409
    zh = "医保审核发现明确违规，须先说明理由或修改医嘱：{rules}"
    en = "The insurer sees definite violations that need a decision first: {rules}"
