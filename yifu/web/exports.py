"""Files for a spreadsheet: CSV in UTF-8 with a mark, amounts in yuan, names masked."""

from collections.abc import Iterable

from django.http import HttpResponse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from yifu.patients.rules import mask_name
from yifu.reconciliation.models import DifferenceKind, DifferenceState, Party
from yifu.settlement.models import Method, SettlementState
from yifu.web.figures import DifferenceRow, SettlementRow
from yifu.web.spreadsheet import text as _text
from yifu.web.spreadsheet import write as _file
from yifu.web.spreadsheet import yuan as _yuan
from yifu.web.upload_rows import UploadRow


def settlements(rows: Iterable[SettlementRow], *, name: str) -> HttpResponse:
    """Write the settlements of a day."""
    head = [
        _("结算编号"),
        _("就诊号"),
        _("患者"),
        _("科室"),
        _("状态"),
        _("支付方式"),
        _("总费用（元）"),
        _("统筹基金（元）"),
        _("个人账户（元）"),
        _("个人现金（元）"),
        _("医院负担（元）"),
        _("医保结算编号"),
        _("受理时间"),
    ]
    return _file([head, *(_settlement(row) for row in rows)], name=name)


def _settlement(row: SettlementRow) -> list[str]:
    return [
        str(row.id),
        _text(row.visit_no),
        _text(mask_name(row.name)),
        _text(row.department),
        _(SettlementState(row.state).label),
        _(Method(row.method).label) if row.method else "",
        *(_yuan(fen) for fen in (row.total_fen, row.fund_fen, row.account_fen)),
        *(_yuan(fen) for fen in (row.personal_fen, row.hospital_fen)),
        _text(row.setl_id),
        localtime(row.claimed_at).isoformat(sep=" ", timespec="seconds")[:19],
    ]


def differences(rows: Iterable[DifferenceRow], *, name: str) -> HttpResponse:
    """Write the differences of a day."""
    head = [
        _("对方"),
        _("渠道"),
        _("差异"),
        _("单号"),
        _("方向"),
        _("我方（元）"),
        _("对方（元）"),
        _("状态"),
        _("说明"),
        _("处理人"),
    ]
    return _file([head, *(_difference(row) for row in rows)], name=name)


def _difference(row: DifferenceRow) -> list[str]:
    return [
        _(Party(row.party).label),
        _text(row.channel),
        _(DifferenceKind(row.kind).label),
        _text(row.key),
        _("退") if row.negative else _("收"),
        _yuan(row.our_fen),
        _yuan(row.their_fen),
        _(DifferenceState(row.state).label),
        _text(row.note),
        _text(row.decided_by),
    ]


def uploads(rows: Iterable[UploadRow], *, name: str) -> HttpResponse:
    """Write what goes to the insurer after the day."""
    head = [
        _("种类"),
        _("号码"),
        _("就诊号"),
        _("患者"),
        _("金额（元）"),
        _("状态"),
        _("原因"),
        _("缺少的内容"),
        _("时间"),
    ]
    return _file([head, *(_upload(row) for row in rows)], name=name)


def _upload(row: UploadRow) -> list[str]:
    return [
        _(row.kind_label),
        _text(row.number),
        _text(row.visit_no),
        _text(mask_name(row.name)),
        _yuan(row.amount_fen),
        _(row.state_label),
        _text(row.reason),
        " ".join(row.missing),
        localtime(row.changed_at).isoformat(sep=" ", timespec="seconds")[:19],
    ]
