"""What a scheme means for who signs it, in five plain sentences, made from its figures (P1.2).

Nothing is written by hand for a city: when a figure changes, so does the sentence.
"""

from collections.abc import Sequence
from typing import Final

from django.utils.translation import gettext as _

from yifu.credit.schemes import Scheme
from yifu.money import display
from yifu.web.labels import KINSHIPS

PLATFORM: Final = "platform"


def sentences(scheme: Scheme) -> Sequence[str]:
    """Say what is granted, when it is due, what not paying means, who joins, how to leave."""
    leaving = _("没有欠款时，随时可以在手机上或窗口关闭，由您付费的家人同时退出。")
    return [granted(scheme), due(scheme), unpaid(scheme), family(scheme), leaving]


def granted(scheme: Scheme) -> str:
    """Say how much may be used and who decides it (P2.1, P2.2)."""
    if scheme.lender != PLATFORM:
        return _("额度由银行批准，以银行的答复为准。")
    usual = display(scheme.score.unscored_limit_fen)
    if not scheme.score.dimensions:
        return _("额度为 %(usual)s，看病时个人部分先记在额度里。") % {"usual": usual}
    most = display(max(band.limit_fen for band in scheme.score.bands))
    text = _("额度按信用评价确定，最高 %(most)s；还没有评价时先按 %(usual)s。")
    return text % {"most": most, "usual": usual}


def due(scheme: Scheme) -> str:
    """Say until when a bill is to be paid (P4.1)."""
    if scheme.lender != PLATFORM:
        return _("个人部分由银行先付给医院，您按与银行的约定还款。")
    facts = {"days": scheme.due.days_after_visit, "hours": scheme.due.then_hours}
    if not facts["hours"]:
        return _("账单在就诊结束后第 %(days)s 天零时前付清。") % facts
    if facts["days"] == 1:
        return _("账单从就诊次日零时起，%(hours)s 小时内付清。") % facts
    return _("账单从就诊结束后第 %(days)s 天零时起，%(hours)s 小时内付清。") % facts


def unpaid(scheme: Scheme) -> str:
    """Say what becomes of who does not pay in time, and the way back (P4.3 to P4.5)."""
    hours = scheme.overdue.suspend_after_hours
    months = {"months": scheme.overdue.default_after_months}
    first = (
        _("逾期 %(hours)s 小时后服务暂停") % {"hours": hours}
        if hours
        else _("一到期未付，服务就暂停")
    )
    if "insurer" in scheme.overdue.tell:
        then = _("满 %(months)s 个月可能被认定失信并暂停医保实时结算") % months
    else:
        then = _("满 %(months)s 个月可能被认定失信") % months
    return _("%(first)s，%(then)s；付清后自动恢复。") % {"first": first, "then": then}


def way_back(scheme: Scheme) -> str:
    """Say how soon who has paid is back, by whom the scheme tells (P4.5)."""
    if "insurer" not in scheme.overdue.tell:
        return _("付清后立即自动恢复。")
    minutes = max(1, scheme.restoration.within_seconds // 60)
    return _("付清后，信用服务和医保实时结算在 %(minutes)s 分钟内自动恢复。") % {"minutes": minutes}


def family(scheme: Scheme) -> str:
    """Say who may join, and who pays for them (P1.4)."""
    kinds = _("、").join(_(KINSHIPS[kinship]) for kinship in scheme.signing.proofs)
    text = _("可以为%(kinds)s付费，最多 %(most)s 人；医保用他们自己的，个人部分由您承担。")
    return text % {"kinds": kinds, "most": scheme.signing.dependants_most}
