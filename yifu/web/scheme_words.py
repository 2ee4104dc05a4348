"""What the fields of a scheme are called on pages, in Chinese; pages translate them."""

from typing import Final

from yifu.web.labels import gettext_noop

_ = gettext_noop

FIELDS: Final = {
    "code": _("方案代码"),
    "name_zh": _("中文名称"),
    "name_en": _("英文名称"),
    "effective_from": _("生效日期"),
    "lender": _("授信方"),
    "consent_texts": _("签约文本"),
    "consent_texts.effective_from": _("签约文本启用日期"),
    "consent_texts.zh": _("签约文本（中文）"),
    "consent_texts.en": _("签约文本（英文）"),
    "signing.channels": _("签约渠道"),
    "signing.funding": _("支付方式"),
    "signing.adult_age": _("成年年龄"),
    "signing.dependants_most": _("被代付人上限"),
    "signing.proofs": _("亲属关系证明"),
    "score.dimensions": _("评分维度"),
    "score.valid_months": _("评分有效月数"),
    "score.unscored_limit_fen": _("无评分时的额度"),
    "score.bands": _("评分档"),
    "score.bands.highest": _("评分档上限"),
    "score.bands.limit_fen": _("评分档额度"),
    "limits.visit_fen": _("单次就诊限额"),
    "limits.day_fen": _("单日限额"),
    "limits.dependant_fen": _("被代付人默认额度"),
    "limits.dependant_most_fen": _("被代付人最高额度"),
    "limits.emergency_over_fen": _("急诊可超额度"),
    "spending.mode": _("记账或锁定"),
    "spending.hold_fen": _("就诊开始时锁定"),
    "spending.hold_expires_hours": _("锁定失效小时数"),
    "spending.authorised": _("事前授权时点"),
    "due.days_after_visit": _("就诊后起算天数"),
    "due.then_hours": _("起算后付款小时数"),
    "due.stay": _("住院付款时点"),
    "debit.at": _("代扣时刻"),
    "debit.first": _("首个代扣渠道"),
    "debit.channels": _("代扣渠道"),
    "debit.channels.then": _("下一渠道"),
    "debit.channels.per_second": _("渠道每秒笔数"),
    "debit.tries_per_channel": _("每渠道尝试次数"),
    "debit.daily_limit_fen": _("每日代扣限额"),
    "debit.days_of_month": _("每月代扣日"),
    "debit.not_on": _("不代扣的日期"),
    "debit.stop_after_days": _("停止代扣天数"),
    "reminders.before_due_hours": _("到期前提醒（小时）"),
    "reminders.overdue_days": _("逾期后提醒（天）"),
    "reminders.quiet_from": _("免打扰开始"),
    "reminders.quiet_to": _("免打扰结束"),
    "overdue.suspend_after_hours": _("逾期后暂停（小时）"),
    "overdue.default_after_months": _("逾期后认定失信（月）"),
    "overdue.confirmed_by": _("失信由谁认定"),
    "overdue.contest_days": _("异议期（天）"),
    "overdue.tell": _("告知对象"),
    "bad_debt.provisions": _("坏账准备档"),
    "bad_debt.provisions.to_days": _("坏账准备档止（天）"),
    "bad_debt.provisions.permille": _("坏账准备比例"),
    "bad_debt.write_off_after_months": _("逾期后可核销（月）"),
    "bad_debt.otherwise": _("默认承担方"),
    "bad_debt.bearers": _("各区承担方"),
    "restoration.within_seconds": _("恢复时限（秒）"),
    "restoration.retry_seconds": _("重发间隔（秒）"),
}
"""By the field's path, without the keys of rows."""

GROUPS: Final = {
    "signing": _("签约"),
    "score": _("评分与额度"),
    "limits": _("限额"),
    "spending": _("记账方式"),
    "due": _("付款期限"),
    "debit": _("夜间代扣"),
    "reminders": _("提醒"),
    "overdue": _("逾期与失信"),
    "bad_debt": _("坏账"),
    "restoration": _("恢复"),
}
"""The tables of a scheme file; what stands above them is general."""

GENERAL: Final = _("基本")
