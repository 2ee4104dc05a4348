"""Words for codes that no model names, in Chinese; pages translate them."""

from typing import Final

from django.db.models import TextChoices

from yifu.choices import Choice
from yifu.collection.models import (
    BillState,
    DisputeState,
    EntryState,
    StepState,
    WriteOffState,
)
from yifu.credit.models import BankLineState, Standing, VersionState
from yifu.insight.models import ReplayState
from yifu.insurance.audit_models import AuditState, Decision, Severity
from yifu.insurance.models import ExchangeState, FilingKind, FilingState
from yifu.patients.models import ContractState, Funding, NoticeState, Sex
from yifu.payments.models import AttemptState, FileState
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

PROOFS: Final = {
    "birth_certificate": _("出生医学证明"),
    "household_register": _("户口簿"),
    "relatives_code": _("亲属码"),
    "marriage_certificate": _("结婚证"),
    "declaration": _("亲属关系声明"),
}

BANKS: Final = {
    "bank": _("合作银行"),
    "icbc": _("工商银行"),
    "ccb": _("建设银行"),
    "boc": _("中国银行"),
    "abc": _("农业银行"),
    "unionpay": _("银联"),
}

RULES: Final = {
    "P1.4": _("亲情付解除"),
    "P1.6": _("关闭服务"),
    "P2.1": _("信用评价定额度"),
    "P2.2": _("银行授信"),
    "P2.7": _("家庭共享额度"),
    "P4.3": _("到期未付，暂停服务"),
    "P4.4": _("逾期超过规定期限，经医疗机构认定失信"),
    "P4.5": _("付清后自动恢复"),
}
"""What the rules are about that are kept with an effect on a person."""

OBSTACLES: Final = {
    "bill": (_("未付账单"), _("付清后即可关闭。")),
    "written_off": (_("已核销但未付的账单"), _("付清后即可关闭。")),
    "owed": (_("未入账单的欠款"), _("请到窗口核对。")),
    "hold": (_("锁定的额度"), _("就诊结算后释放，或到期自动释放。")),
    "settlement": (_("进行中的结算"), _("医保或医院还在处理，结束后即可关闭。")),
    "attempt": (_("结果未知的扣款"), _("系统正在向支付渠道查询。")),
    "refund": (_("在途退款"), _("到账后即可关闭。")),
    "excess": (_("多付待退"), _("退回后即可关闭。")),
    "listed": (_("失信认定"), _("付清欠款即解除；有异议可以提出。")),
    "disputed": (_("异议处理中"), _("处理结束或撤回后即可关闭。")),
    "bank_line": (_("银行额度已使用"), _("请先按与银行的约定还清。")),
}
"""What stands in the way of closing, by the kinds of `enrolment.obstacles`; and what mends it."""

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
    FileState,
    FilingKind,
    FilingState,
    Funding,
    Method,
    NoticeState,
    Party,
    ReceiptState,
    Refusal,
    ReplayState,
    SettlementState,
    Severity,
    Sex,
    Source,
    Standing,
    StepState,
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

PARTIES: Final = {
    "credit_platform": _("公共信用平台"),
    "insurer": _("医保实时结算"),
}
"""Who is told about a standing."""

TEMPLATES: Final = {
    "bill_opened": _("新账单"),
    "debited": _("代扣成功"),
    "debit_failed": _("代扣未成"),
    "before_due": _("到期前提醒"),
    "overdue_warning": _("逾期提醒"),
    "overdue": _("逾期暂停告知"),
    "defaulted": _("失信告知"),
    "listed": _("列入名单告知"),
    "delisted": _("移出名单告知"),
    "restored": _("恢复告知"),
    "refunded": _("退款告知"),
    "adult_soon": _("即将成年告知"),
    "adult_today": _("成年告知"),
    "principal_gone": _("付款人离世告知"),
}
"""Kinds of messages (`patients/templates.toml`)."""

REASONS: Final = {
    "bill overdue": _("账单 %(number)s 到期未付"),
    "bill defaulted": _("账单 %(number)s 逾期过久未付"),
    "bill paid": _("账单 %(number)s 已付清"),
    "bill lowered": _("账单 %(number)s 因退费减到零"),
    "bill written_off": _("账单 %(number)s 已核销"),
    "entry confirmed": _("失信认定 %(number)s 已认定"),
    "entry refused": _("失信认定 %(number)s 不予认定"),
    "dispute opened": _("异议 %(number)s 已提出"),
    "dispute upheld": _("异议 %(number)s 成立"),
    "dispute rejected": _("异议 %(number)s 不成立"),
    "dispute withdrawn": _("异议 %(number)s 已撤回"),
}
"""Reasons as they are stored, `bill:12 overdue`, without their number."""

OVERDUE_AGES: Final = {
    "week": _("7 天内"),
    "month": _("8–31 天"),
    "quarter": _("32–91 天"),
    "older": _("91 天以上"),
}
"""How long a bill is overdue (`city_lists.AGES`)."""

BAD_DEBT_KINDS: Final = {
    "write_off": _("核销"),
    "payment": _("收回"),
    "write_off_lowered": _("冲减"),
}
"""Kinds of movements of bad debt (`collection.baddebt.StatementRow`)."""

PARTS: Final = {
    "calls": _("逐笔查询"),
    "files": _("批量文件"),
    "failed": _("代扣未成"),
    "before_due": _("到期前提醒"),
    "overdue": _("逾期提醒"),
}
"""What a step of a night is at, where that is no channel."""
