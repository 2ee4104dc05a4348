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
