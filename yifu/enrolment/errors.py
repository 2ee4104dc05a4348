"""What enrolment refuses."""

from yifu.errors import YifuError


class ChannelNotAllowed(YifuError):
    """The scheme does not take consents from there (P1.2)."""

    code = "consent_channel_not_allowed"
    status = 422
    zh = "本方案不支持在此渠道签约：{channel}"
    en = "The scheme takes no consent by {channel}"


class FundingNotAllowed(YifuError):
    """The scheme does not offer this funding."""

    code = "funding_not_allowed"
    status = 422
    zh = "本方案不支持此资金方式：{funding}"
    en = "The scheme does not offer the funding {funding}"


class BankMissing(YifuError):
    """A bank's line without saying which bank's."""

    code = "bank_missing"
    status = 422
    zh = "未指明授信银行"
    en = "It is not said which bank lends"


class ActedByMissing(YifuError):
    """At the window somebody acts for the person, and says who (代操作)."""

    code = "acted_by_missing"
    status = 422
    zh = "窗口代办须登记经办人"
    en = "At the window, who acted has to be recorded"


class ShownLater(YifuError):
    """A text cannot be shown after it was agreed to."""

    code = "consent_shown_later"
    status = 422
    zh = "授权文本的展示时间晚于同意时间"
    en = "The consent text cannot have been shown later than it was agreed to"


class PersonGone(YifuError):
    """The person has died, or is kept under another number."""

    code = "person_gone"
    status = 409
    zh = "该人员已登记死亡或已合并，不能办理"
    en = "The person has died or was merged into another"


class KinshipNotAllowed(YifuError):
    """The scheme does not let such relatives be added."""

    code = "kinship_not_allowed"
    status = 422
    zh = "本方案不支持添加此类亲属：{kinship}"
    en = "The scheme does not take the kinship {kinship}"


class KinshipImpossible(YifuError):
    """The birth dates contradict the kinship."""

    code = "kinship_impossible"
    status = 422
    zh = "出生日期与亲属关系不符：{kinship}"
    en = "The birth dates contradict the kinship {kinship}"


class ProofMissing(YifuError):
    """Nobody is added without a proof of kinship (P1.4)."""

    code = "proof_missing"
    status = 422
    zh = "添加被代付人须提供亲属关系证明"
    en = "A proof of kinship is needed"


class ProofNotAccepted(YifuError):
    """The scheme does not take this paper for this kinship."""

    code = "proof_not_accepted"
    status = 422
    zh = "此类亲属不接受该证明：{proof}"
    en = "The proof {proof} is not taken for this kinship"


class TooManyDependants(YifuError):
    """The scheme bounds how many one principal pays for."""

    code = "too_many_dependants"
    status = 409
    zh = "被代付人已达上限 {most} 人"
    en = "A principal pays for {most} at most"


class SubLimitTooHigh(YifuError):
    """The scheme bounds a dependant's part of the line."""

    code = "sub_limit_too_high"
    status = 422
    zh = "被代付人额度不得超过 {most_fen} 分"
    en = "A dependant may have {most_fen} fen at most"


class FamilyCircle(YifuError):
    """Who is paid for pays for nobody: a line is not shared in a circle."""

    code = "family_circle"
    status = 409
    zh = "被代付人不能同时为他人代付，不能形成循环代付"
    en = "Somebody who is paid for cannot pay for others: it would become a circle"


class OwnConsentMissing(YifuError):
    """An adult agrees to being paid for; an adult's bills are theirs to show."""

    code = "own_consent_missing"
    status = 422
    zh = "成年被代付人须本人同意"
    en = "An adult dependant has to agree too"


class TooEarlyToStay(YifuError):
    """A minor cannot agree; shortly before the birthday it may be agreed to stay."""

    code = "too_early_to_stay"
    status = 409
    zh = "须在 {date} 起办理成年后继续代付"
    en = "To stay can be agreed to from {date} on"


class ContractClosed(YifuError):
    """The contract has been closed already."""

    code = "contract_closed"
    status = 409
    zh = "签约已关闭"
    en = "The contract is closed"


class SamePrincipal(YifuError):
    """The dependant is on that contract already."""

    code = "same_principal"
    status = 409
    zh = "该被代付人已在此签约下"
    en = "The dependant is on that contract already"


class DeathDateInvalid(YifuError):
    """A death lies between birth and today."""

    code = "death_date_invalid"
    status = 422
    zh = "死亡日期须在出生之后且不晚于今天"
    en = "The date of death lies after birth and not after today"


class MergeRefused(YifuError):
    """Two rows cannot become one; `reason` says why."""

    code = "merge_refused"
    status = 409
    zh = "不能合并：{reason_zh}"
    en = "They cannot be merged: {reason_en}"

    REASONS = {
        "same": ("是同一条记录", "it is one and the same row"),
        "merged": ("该记录已合并", "the row was merged already"),
        "died": ("只登记了其中一方死亡", "only one of them is known to have died"),
        "debts": (
            "被并入的一方尚有未结清事项，请以其为保留方，或先结清",
            "something is open on the side that would go: keep that one, or settle it first",
        ),
    }

    def __init__(self, reason: str, **facts: object) -> None:
        zh, en = self.REASONS[reason]
        super().__init__(reason=reason, reason_zh=zh, reason_en=en, **facts)
