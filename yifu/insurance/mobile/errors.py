"""What the payment centre's way of settling refuses."""

from yifu.errors import YifuError


class AuthorisationNeeded(YifuError):
    """The hour of the reversal right is over: the patient has to show a code again."""

    code = "authorisation_needed"
    status = 409
    zh = "冲正授权已过期，请患者重新出示医保码"
    en = "The right to reverse has lapsed: the patient must show a code again"


class NoticeRefused(YifuError):
    """A notice that is not the centre's, or says nothing of an order of ours (NHSA 6302)."""

    code = "notice_refused"
    status = 401
    zh = "通知未受理：{message}"
    en = "The notice is not taken: {message}"


class NoticeUnknown(NoticeRefused):
    """A notice of an order that is not ours."""

    code = "notice_of_another_order"
    status = 404


class NoticeMalformed(NoticeRefused):
    """A notice that breaks the field table; the message names the field."""

    code = "notice_malformed"
    status = 422


class NotPayable(YifuError):
    """The code says who somebody is and carries no authorisation to pay."""

    code = "code_without_authorisation"
    status = 409
    zh = "此码仅含身份，未授权支付"
    en = "The code identifies the patient but does not authorise a payment"


class NotInsured(YifuError):
    """The patient has no active insurance: there is nothing for the payment centre to settle."""

    code = "not_insured"
    status = 409
    zh = "患者无有效参保，不能一码付"
    en = "The patient has no active insurance to settle with one code"
