"""The night's run as the city sees it: how far each step is, and what it left behind (P4.2).

Everything is read from what the night writes while it runs; nothing here asks the night itself.
Amounts in fen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from yifu.collection.models import Night, NightStep, StepState
from yifu.payments.models import AttemptState, DebitFile, FileState
from yifu.rows import run
from yifu.web import city_sql as sql
from yifu.web.labels import gettext_noop

_ = gettext_noop

NIGHTS: Final = 60
"""So many nights are listed."""
MAX_ROWS: Final = 200
"""So many who were passed over are listed; the count says how many there are."""

STEPS: Final = {
    "catch_up": _("查清上次未决的代扣"),
    "debit": _("代扣"),
    "remind": _("提醒"),
    "overdue": _("标记逾期"),
    "suspend": _("暂停服务"),
    "default": _("提出失信认定"),
    "write_off": _("提出核销"),
    "restore": _("恢复与告知"),
}
REPORTED: Final = {
    "calls_asked": _("逐笔查询"),
    "files_asked": _("文件查询"),
    "selected": _("选出"),
    "debited": _("扣成"),
    "debited_fen": _("扣成金额"),
    "failed": _("未成"),
    "unknown": _("未决"),
    "files": _("文件"),
    "files_waiting": _("文件待回盘"),
    "files_refused": _("文件被拒绝"),
    "files_faulty": _("回盘有误"),
    "overdue": _("逾期"),
    "suspended": _("暂停"),
    "reminded": _("提醒"),
    "defaulted": _("失信"),
    "standings": _("信用状态变化"),
    "entries": _("待认定"),
    "holds_expired": _("到期释放的锁定"),
    "write_offs_proposed": _("提出核销"),
    "provision_bands": _("计提档数"),
    "confirmed": _("按方案认定"),
    "told": _("已告知"),
}
"""What a night's reports count."""


@dataclass(frozen=True, slots=True)
class NightRow:
    """One night: when, whether it is over, and its report."""

    id: int
    area: str
    business_date: date
    begun_at: datetime
    ended_at: datetime | None
    report: Mapping[str, Any]

    @property
    def running(self) -> bool:
        """True until its last step is done."""
        return self.ended_at is None

    def count(self, name: str) -> int:
        """Give a figure of the report; what it does not name is nothing."""
        value = self.report.get(name, 0)
        return value if isinstance(value, int) else 0

    @property
    def selected(self) -> int:
        """Bills taken up."""
        return self.count("selected")

    @property
    def debited(self) -> int:
        """Bills debited."""
        return self.count("debited")

    @property
    def debited_fen(self) -> int:
        """What was debited."""
        return self.count("debited_fen")

    @property
    def failed(self) -> int:
        """Bills whose last debit of the night was refused."""
        return self.count("failed")

    @property
    def unknown(self) -> int:
        """Bills whose debit nobody has answered."""
        return self.count("unknown")

    @property
    def overdue(self) -> int:
        """Bills that became overdue."""
        return self.count("overdue")

    @property
    def suspended(self) -> int:
        """Principals whose service was suspended."""
        return self.count("suspended")

    @property
    def defaulted(self) -> int:
        """Bills in default from this night on."""
        return self.count("defaulted")

    @property
    def reminded(self) -> int:
        """Messages written."""
        return self.count("reminded")


@dataclass(frozen=True, slots=True)
class DebitRow:
    """The last word of a night about some bills: channel, outcome, the channel's code."""

    channel: str
    state: str
    code: str
    count: int
    amount_fen: int

    @property
    def state_label(self) -> str:
        """Name the outcome in Chinese."""
        return str(AttemptState(self.state).label)


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A bill that was not debited because a daily limit left nothing (P2.6)."""

    bill_id: int
    name: str
    institution: str
    owed_fen: int
    due_at: datetime
    state: str


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a night: how far it is, and what it reports."""

    name: str
    state: str
    part: str
    done: int
    total: int
    begun_at: datetime
    ended_at: datetime | None
    report: Mapping[str, Any]

    @property
    def label(self) -> str:
        """Name the step in Chinese; a name that nobody gave words to stands for itself."""
        return STEPS.get(self.name, self.name)

    @property
    def state_label(self) -> str:
        """Name its state in Chinese."""
        return str(StepState(self.state).label)

    @property
    def figures(self) -> list[tuple[str, int, bool]]:
        """Give the numbers of its report: what, how many, and whether it is money (fen)."""
        return [
            (REPORTED.get(name, name), value, name.endswith("_fen"))
            for name, value in self.report.items()
            if isinstance(value, int)
        ]

    @property
    def seconds(self) -> float | None:
        """How long it took; None while it runs."""
        return None if self.ended_at is None else (self.ended_at - self.begun_at).total_seconds()


@dataclass(frozen=True, slots=True)
class File:
    """A file of debits, and why its result was not believed, if it was not."""

    number: str
    channel: str
    state: str
    rows: int
    amount_fen: int
    code: str
    faults: Sequence[str]
    sent_at: datetime | None
    applied_at: datetime | None

    @property
    def state_label(self) -> str:
        """Name its state in Chinese."""
        return str(FileState(self.state).label)


@dataclass(frozen=True, slots=True)
class Reminded:
    """Messages of one kind that a night wrote."""

    template: str
    count: int
    sent: int
    waiting: int
    refused: int


def newest(*, area: str, most: int = NIGHTS) -> list[NightRow]:
    """Read an area's nights, the newest first."""
    found = Night.objects.filter(area=area).order_by("-business_date")[:most]
    return [_row(night) for night in found]


def one(*, area: str, on: date) -> NightRow | None:
    """Read the night of a business date."""
    night = Night.objects.filter(area=area, business_date=on).first()
    return None if night is None else _row(night)


def _row(night: Night) -> NightRow:
    return NightRow(
        night.pk,
        night.area_id,
        night.business_date,
        night.begun_at,
        night.ended_at,
        night.report,
    )


def debits(night: NightRow) -> list[DebitRow]:
    """Count a night's debits by channel, outcome and code."""
    return [DebitRow(*row) for row in run(sql.NIGHT_DEBITS, {"night": night.id}) if row[0]]


def passed_over(night: NightRow, *, most: int = MAX_ROWS) -> tuple[Sequence[PassedOver], int]:
    """List whom a daily limit kept from being debited, and count them all."""
    found = run(sql.PASSED_OVER, {"night": night.id, "limit": most})
    return [PassedOver(*row[:-1]) for row in found], found[0][-1] if found else 0


def reminded(night: NightRow, *, now: datetime) -> list[Reminded]:
    """Count the messages that were written while a night ran, by kind."""
    until = night.ended_at or now
    found = run(sql.REMINDED, {"area": night.area, "since": night.begun_at, "until": until})
    return [Reminded(*row) for row in found]


def steps(night: NightRow) -> list[Step]:
    """Read a night's steps in their order."""
    found = NightStep.objects.filter(night=night.id).order_by("position", "id")
    return [
        Step(
            step.name,
            step.state,
            step.part,
            step.done,
            step.total,
            step.begun_at,
            step.ended_at,
            step.report,
        )
        for step in found
    ]


def files(night: NightRow) -> list[File]:
    """Read the files of debits that a night wrote, with what was wrong with their results."""
    found = DebitFile.objects.filter(
        channel__area=night.area, business_date=night.business_date
    ).select_related("channel")
    return [
        File(
            file.number,
            file.channel.code,
            file.state,
            file.rows,
            file.amount_fen,
            file.code,
            [str(fault) for fault in file.faults],
            file.sent_at,
            file.applied_at,
        )
        for file in found.order_by("id")
    ]
