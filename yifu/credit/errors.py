"""What credit refuses."""

from yifu.errors import YifuError


class SchemeUnknownCode(YifuError):
    """A version of a scheme that the project does not have."""

    code = "scheme_unknown_code"
    status = 422
    zh = "没有代码为 {scheme} 的付费方案"
    en = "There is no scheme {scheme}"


class SchemeBeginsTooEarly(YifuError):
    """A version begins tomorrow at the earliest: the past does not change."""

    code = "scheme_begins_too_early"
    status = 422
    zh = "生效日期 {date} 须晚于今天"
    en = "The version must begin after today, not on {date}"


class SchemeNotDecidable(YifuError):
    """The version is not there, or it was decided about already."""

    code = "scheme_not_decidable"
    status = 409
    zh = "该版本不存在或已处理"
    en = "There is no such version to decide about"


class SchemeSamePerson(YifuError):
    """Who proposed a version cannot approve it."""

    code = "scheme_same_person"
    status = 409
    zh = "提出人不能批准自己的版本"
    en = "Whoever proposed a version cannot approve it"


class SchemeSameDay(YifuError):
    """Another approved version begins on the same day."""

    code = "scheme_same_day"
    status = 409
    zh = "已有版本自 {date} 起生效"
    en = "Another version begins on {date}"


class NoCreditLine(YifuError):
    """Nobody has signed for this person, or every amount is debited at once."""

    code = "no_credit_line"
    status = 409
    zh = "该患者没有可用的信用额度"
    en = "There is no credit line for this person"


class StandingNotGood(YifuError):
    """Only a payer in good standing may hold."""

    code = "standing_not_good"
    status = 409
    zh = "付款人信用状态为 {standing}，不能锁定额度"
    en = "The payer's standing is {standing}: nothing can be held"


class HoldExists(YifuError):
    """The visit has an open hold already; it is released before another is opened."""

    code = "hold_exists"
    status = 409
    zh = "本次就诊已锁定额度 {amount_fen} 分"
    en = "{amount_fen} fen are held for this visit already"


class HoldExceedsVisit(YifuError):
    """More would be held than may go on credit for one visit."""

    code = "hold_exceeds_visit"
    status = 422
    zh = "锁定金额超过单次就诊限额 {limit_fen} 分"
    en = "More than the {limit_fen} fen a visit may put on credit"


class HoldNotAgreed(YifuError):
    """The scheme asks for a consent when booking, and none came with the request."""

    code = "hold_not_agreed"
    status = 422
    zh = "本方案须在预约时取得患者授权（consent）"
    en = "This scheme needs the patient's consent when booking (consent)"


class NotTheirConsent(YifuError):
    """The patient agrees, or whoever pays; a minor does not."""

    code = "not_their_consent"
    status = 422
    zh = "授权人须为患者本人（成年）或付款人"
    en = "Consent is given by the patient, of age, or by the payer"
