"""The city's lists as files for a spreadsheet; names are masked there too."""

from collections.abc import Iterable, Sequence
from typing import Final

from django.http import HttpResponse
from django.utils.translation import gettext as _

from yifu.collection.baddebt import Statement
from yifu.collection.models import BillState, DisputeState, Provision
from yifu.credit.models import Standing
from yifu.patients.rules import mask_name
from yifu.web.city_lists import EntryRow, OverdueRow
from yifu.web.labels import BAD_DEBT_KINDS, PARTIES
from yifu.web.nights import NightRow, PassedOver
from yifu.web.restorations import Heard, Restored
from yifu.web.spreadsheet import text, when, write, yuan
from yifu.web.what_if import Report

NOBODY: Final[Sequence[Heard | None]] = (None,)
"""Who was told of a restoration that nobody had to be told of: it is a row all the same."""


def nights(found: Iterable[NightRow], *, name: str) -> HttpResponse:
    """Write nights with their figures."""
    head = [
        _("营业日"),
        _("开始"),
        _("结束"),
        _("选出"),
        _("扣成"),
        _("扣成金额（元）"),
        _("未成"),
        _("未决"),
        _("新增逾期"),
        _("新增暂停"),
        _("新增失信"),
        _("提醒"),
    ]
    return write([head, *(_night(night) for night in found)], name=name)


def _night(night: NightRow) -> list[str]:
    worse = (night.overdue, night.suspended, night.defaulted)
    counts = (night.failed, night.unknown, *worse, night.reminded)
    return [
        night.business_date.isoformat(),
        when(night.begun_at),
        when(night.ended_at),
        str(night.selected),
        str(night.debited),
        yuan(night.debited_fen),
        *map(str, counts),
    ]


def passed_over(found: Iterable[PassedOver], *, name: str) -> HttpResponse:
    """Write whom a daily limit kept from being debited."""
    head = [_("账单"), _("主体人"), _("医疗机构"), _("待付（元）"), _("到期"), _("状态")]
    rows = [
        [
            str(row.bill_id),
            text(mask_name(row.name)),
            text(row.institution),
            yuan(row.owed_fen),
            when(row.due_at),
            _(BillState(row.state).label),
        ]
        for row in found
    ]
    return write([head, *rows], name=name)


def overdue(found: Iterable[OverdueRow], *, name: str) -> HttpResponse:
    """Write bills past their due time, and what it takes to be restored."""
    head = [
        _("账单"),
        _("主体人"),
        _("医疗机构"),
        _("就诊号"),
        _("待付（元）"),
        _("到期"),
        _("逾期天数"),
        _("状态"),
        _("原因"),
        _("规则"),
        _("自"),
        _("失信认定"),
        _("异议"),
        _("全部逾期账单"),
        _("付清需要（元）"),
    ]
    return write([head, *(_overdue(row) for row in found)], name=name)


def _overdue(row: OverdueRow) -> list[str]:
    return [
        str(row.bill_id),
        text(mask_name(row.name)),
        text(row.institution),
        text(row.visit_no),
        yuan(row.owed_fen),
        when(row.due_at),
        str(row.days),
        _(row.state_label),
        text(row.reason),
        row.rule,
        when(row.since),
        _(row.entry_label) if row.entry_label else "",
        _(DisputeState.OPEN.label) if row.contested else "",
        str(row.all_bills),
        yuan(row.all_fen),
    ]


def entries(found: Iterable[EntryRow], *, name: str) -> HttpResponse:
    """Write entries of the default list, and what it takes to be taken off it."""
    head = [
        _("编号"),
        _("主体人"),
        _("医疗机构"),
        _("就诊号"),
        _("待付（元）"),
        _("到期"),
        _("状态"),
        _("规则"),
        _("提出时间"),
        _("认定人"),
        _("认定时间"),
        _("原因"),
        _("异议"),
        _("异议理由"),
        _("解除时间"),
        _("付清需要（元）"),
    ]
    return write([head, *(_entry(row) for row in found)], name=name)


def _entry(row: EntryRow) -> list[str]:
    return [
        str(row.id),
        text(mask_name(row.name)),
        text(row.institution),
        text(row.visit_no),
        yuan(row.owed_fen),
        when(row.due_at),
        _(row.state_label),
        row.rule,
        when(row.proposed_at),
        text(row.decided_by),
        when(row.decided_at),
        text(row.reason),
        _(DisputeState(row.dispute_state).label) if row.dispute_state else "",
        text(row.dispute_reason),
        when(row.lifted_at),
        yuan(row.all_fen),
    ]


def restorations(found: Iterable[Restored], *, promised: int, name: str) -> HttpResponse:
    """Write restorations, a row for each party that was told; one without any stands alone."""
    head = [
        _("主体人"),
        _("付清时间"),
        _("之前的状态"),
        _("原因"),
        _("告知对象"),
        _("确认时间"),
        _("用时（秒）"),
        _("次数"),
        _("超过承诺时限"),
    ]
    rows = [
        [*_restored(row), *_heard(told, promised)]
        for row in found
        for told in (row.heard or NOBODY)
    ]
    return write([head, *rows], name=name)


def _restored(row: Restored) -> list[str]:
    label = _(Standing(row.before).label)
    return [text(mask_name(row.name)), when(row.paid_at), label, text(row.reason)]


def _heard(told: Heard | None, promised: int) -> list[str]:
    if told is None:
        return ["", "", "", "", ""]
    took = told.waited if told.seconds is None else told.seconds
    return [
        _(PARTIES.get(told.party, told.party)),
        when(told.heard_at),
        "" if told.seconds is None else f"{told.seconds:.3f}",
        str(told.tries),
        _("是") if took > promised and not told.superseded else "",
    ]


def treasury(found: Statement, *, name: str) -> HttpResponse:
    """Write a treasury's month: opening, every movement, closing."""
    head = [_("日期"), _("种类"), _("账单"), _("就诊号"), _("医疗机构"), _("金额（元）")]
    opening = ["", _("期初"), "", "", "", yuan(found.opening_fen)]
    closing = ["", _("期末"), "", "", "", yuan(found.closing_fen)]
    movements = [
        [
            row.business_date.isoformat(),
            _(BAD_DEBT_KINDS.get(row.kind, row.kind)),
            str(row.bill_id),
            text(row.visit_no),
            text(row.institution_name),
            yuan(row.amount_fen),
        ]
        for row in found.rows
    ]
    return write([head, opening, *movements, closing], name=name)


def provisions(found: Iterable[Provision], *, name: str) -> HttpResponse:
    """Write what is set aside, by bearer and age."""
    head = [
        _("截至"),
        _("承担方"),
        _("逾期天数起"),
        _("账单"),
        _("待付（元）"),
        _("比例（千分之）"),
        _("准备（元）"),
    ]
    rows = [
        [
            row.as_of.isoformat(),
            text(row.bearer),
            str(row.from_days),
            str(row.bills),
            yuan(row.owed_fen),
            str(row.permille),
            yuan(row.provision_fen),
        ]
        for row in found
    ]
    return write([head, *rows], name=name)


def what_if(found: Report, *, name: str) -> HttpResponse:
    """Write a what-if report: the figures side by side, then the groups."""
    figures = [
        [_("项目"), _("实际记录"), _("现行方案（模型）"), _("变更方案（模型）"), _("差")],
        *(
            [_(row.label), row.recorded, row.baseline, row.changed, text(row.difference)]
            for row in found.figures
        ),
    ]
    groups = [
        [_("分组"), _("类别"), _("人数"), _("更好"), _("更差"), _("有好有差"), _("不受影响")],
        *(
            [
                _(row.dimension),
                _(row.value),
                *map(str, (row.people, row.better, row.worse, row.mixed, row.same)),
            ]
            for row in found.groups
        ),
    ]
    return write([*figures, [], *groups], name=name)
