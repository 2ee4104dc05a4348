"""Words for codes that no model names, in Chinese; pages translate them."""

from typing import Final

from django.db.models import TextChoices

from yifu.choices import Choice
from yifu.collection.models import BillState, DisputeState, EntryState, WriteOffState
from yifu.credit.models import BankLineState, Standing, VersionState
from yifu.insurance.audit_models import AuditState, Decision, Severity
from yifu.insurance.models import ExchangeState, FilingKind, FilingState
from yifu.patients.models import ContractState, Funding, Sex
from yifu.payments.models import AttemptState
from yifu.receipts.models import ReceiptState
from yifu.reconciliation.models import DifferenceKind, DifferenceState, Figure, Party
from yifu.settlement.models import Method, Refusal, SettlementState
from yifu.uploads.lists import Source
from yifu.uploads.models import UploadState
from yifu.visits.models import VisitKind


def gettext_noop(text: str) -> str:
    """Mark a string for translation without translating it."""
    return text


_ = gettext_noop

CHANNELS: Final = {
    "wechat": _("微信支付"),
    "alipay": _("支付宝"),
    "bank": _("银行"),
    "unionpay": _("云闪付"),
    "ecny": _("数字人民币"),
    "cash": _("窗口现金"),
    "citizen_card": _("市民卡账户"),
}

KINSHIPS: Final = {
    "child": _("子女"),
    "parent": _("父母"),
    "spouse": _("配偶"),
    "other": _("其他亲属"),
}

KINSHIPS_BACK: Final = {
    "child": _("父母"),
    "parent": _("子女"),
    "spouse": _("配偶"),
    "other": _("其他亲属"),
}

SHOWN: Final[tuple[type[TextChoices | Choice], ...]] = (
    AttemptState,
    AuditState,
    BankLineState,
    BillState,
    ContractState,
    Decision,
    DifferenceKind,
    DifferenceState,
    DisputeState,
    EntryState,
    ExchangeState,
    Figure,
    FilingKind,
    FilingState,
    Funding,
    Method,
    Party,
    ReceiptState,
    Refusal,
    SettlementState,
    Severity,
    Sex,
    Source,
    Standing,
    UploadState,
    VersionState,
    VisitKind,
    WriteOffState,
)
"""Models' enumerations whose labels pages show, translated by the filter `label`."""

AGES: Final = {
    "no_due": _("无到期时间"),
    "not_due": _("未到期"),
    "week": _("到期 7 天内"),
    "month": _("到期 8–30 天"),
    "older": _("到期 30 天以上"),
}
"""How long ago a bill was due."""

COUNTED: Final = {
    "deductible": _("门诊起付线已用"),
    "inpatient_deductible": _("住院起付线已用"),
    "chronic_deductible": _("慢特病起付线已用"),
    "fund": _("统筹基金已付"),
    "inpatient_fund": _("其中住院"),
    "own_in_scope": _("政策范围内个人已付"),
    "serious_illness": _("计入大病保障"),
}
"""What the insurer counts over a year (`accumulations.toml`), in the order shown."""

BANK_OWES: Final = _("银行应付")
UNDECIDED_METHOD: Final = _("未定")

VISIT_OPEN: Final = _("就诊中")
VISIT_UNSETTLED: Final = _("未结算")
VISIT_FREE: Final = _("无费用")
