"""What patients' services refuse."""

from yifu.errors import YifuError


class PersonDiffers(YifuError):
    """The identity number is registered under another name."""

    code = "person_differs"
    status = 409
    zh = "该证件号已登记为其他姓名"
    en = "The identity number is registered under another name"


class PhoneInvalid(YifuError):
    """The phone is no mainland mobile number."""

    code = "phone_invalid"
    status = 422
    zh = "手机号无效"
    en = "The phone number is not valid"


class CertificateTypeUnknown(YifuError):
    """Only identity cards can be registered so far."""

    code = "certificate_type_unknown"
    status = 422
    zh = "暂不支持的证件类型"
    en = "This kind of certificate is not supported"


class MinorAsPrincipal(YifuError):
    """Somebody under eighteen cannot sign (P2.1): an adult signs and adds the child."""

    code = "minor_as_principal"
    status = 422
    zh = "未满 18 周岁不能作为主体人签约，请由成年亲属签约并添加"
    en = "Somebody under 18 cannot be a principal"


class ContractExists(YifuError):
    """The person has a contract that is not closed."""

    code = "contract_exists"
    status = 409
    zh = "已有生效的签约"
    en = "There is a contract already"


class DependantTaken(YifuError):
    """The dependant already depends on somebody, or is the principal."""

    code = "dependant_taken"
    status = 409
    zh = "该被代付人已有关联的主体人"
    en = "The dependant already has a principal"


class DebtOpen(YifuError):
    """The service closes only without debt (P1.6)."""

    code = "debt_open"
    status = 409
    zh = "尚有未付账单或锁定额度，付清后可关闭"
    en = "There is still something owed or held"


class SchemeUnknown(YifuError):
    """The scheme is not the one in force in this area."""

    code = "scheme_unknown"
    status = 422
    zh = "本统筹区没有此付费方案"
    en = "The scheme is not in force in this area"


class ConsentVersionUnknown(YifuError):
    """The consent text's version is not one that the scheme has."""

    code = "consent_version_unknown"
    status = 422
    zh = "未知的授权文本版本"
    en = "The consent text's version is not known"
