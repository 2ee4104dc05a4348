"""A kept what-if report as the city reads it: side by side, by group, with its assumptions (P8)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from yifu.insight.models import WhatIf
from yifu.money import display
from yifu.web.access import language
from yifu.web.labels import gettext_noop

_ = gettext_noop

Sums = Mapping[str, Any]
MONEY, SHARE, COUNT = "money", "share", "count"


@dataclass(frozen=True, slots=True)
class _Figure:
    """A row of the comparison: its name, its kind, how it is read, and whether more is worse."""

    label: str
    kind: str
    read: Callable[[Sums], int]
    recorded: bool = True
    more_is_worse: bool = False


def _of(name: str) -> Callable[[Sums], int]:
    return lambda sums: int(sums[name])


def _share(part: str, whole: str) -> Callable[[Sums], int]:
    """Read a share in hundredths of a per cent; 0 of nothing."""
    return lambda sums: 10_000 * int(sums[part]) // int(sums[whole]) if sums[whole] else 0


FIGURES: Final = (
    _Figure(_("个人支付笔数"), COUNT, _of("parts")),
    _Figure(_("信用付笔数"), COUNT, _of("credit_parts")),
    _Figure(_("信用付笔数占比"), SHARE, _share("credit_parts", "parts")),
    _Figure(_("信用付金额"), MONEY, _of("credit_fen")),
    _Figure(_("信用付金额占比"), SHARE, _share("credit_fen", "amount_fen")),
    _Figure(_("日均占用额度"), MONEY, _of("used_average_fen"), recorded=False),
    _Figure(_("最高占用额度"), MONEY, _of("used_peak_fen"), recorded=False),
    _Figure(_("逾期账单张数"), COUNT, _of("overdue_bills"), more_is_worse=True),
    _Figure(_("逾期金额"), MONEY, _of("overdue_fen"), more_is_worse=True),
    _Figure(_("暂停人数"), COUNT, _of("suspended_people"), more_is_worse=True),
    _Figure(_("暂停人日"), COUNT, _of("suspended_days"), recorded=False, more_is_worse=True),
    _Figure(_("失信人数"), COUNT, _of("defaulted_people"), more_is_worse=True),
    _Figure(_("坏账金额"), MONEY, _of("bad_fen"), more_is_worse=True),
    _Figure(_("期末坏账准备"), MONEY, _of("provision_fen"), recorded=False, more_is_worse=True),
    _Figure(_("期末待付"), MONEY, _of("owed_fen"), recorded=False),
)
"""What a change is judged by: coverage, credit used, overdue, defaults, bad debt."""

REFUSED: Final = {
    "day": _("超过单日限额"),
    "limit": _("额度用完"),
    "share": _("被代付人额度用完"),
    "standing": _("服务暂停"),
    "visit": _("超过单次就诊限额"),
}
"""Why a part was paid at once and not on credit."""

DIMENSIONS: Final = {
    "all": _("全部"),
    "age": _("年龄"),
    "sex": _("性别"),
    "role": _("身份"),
    "district": _("机构所在区"),
}
VALUES: Final = {
    "all": _("全部"),
    "principal": _("主体人"),
    "dependant": _("被代付人"),
    "男": _("男"),
    "女": _("女"),
}

# The report keeps what the model assumes in English; by how each sentence begins.
_ASSUMED: Final = {
    "A person who paid before": (
        "到期前付款的人，付款离就诊的时间照旧；到期后付款的人，付款离到期的时间照旧。"
    ),
    "A night's debit succeeds": (
        "夜间代扣在原来成功的那一夜或其后第一个代扣夜成功；到记录结束还没付的，算没付。"
    ),
    "A bill counts as paid": "账单全部付清才算付清；因退费减少的账单按减少后的金额算。",
    "What was paid at once": (
        "原来当场付、改后可记账的，照这个家庭上一张账单的付款习惯付；没有上一张的，算在到期前付。"
    ),
    "A person keeps the score": (
        "评分按最后已知的，额度按方案。没有人因为这次变更而签约、退出或改变就医。"
        "每日代扣限额不重演。"
    ),
}


@dataclass(frozen=True, slots=True)
class Compared:
    """One figure: recorded, as the model replays it, and under the changed scheme."""

    label: str
    recorded: str
    baseline: str
    changed: str
    difference: str
    tone: str
    """`good`, `bad`, or nothing where neither is better."""


@dataclass(frozen=True, slots=True)
class Group:
    """People of a kind: how many are better and worse off, and their share on credit."""

    dimension: str
    value: str
    people: int
    better: int
    worse: int
    mixed: int
    baseline: str
    changed: str

    @property
    def same(self) -> int:
        """Whom the change does not touch."""
        return self.people - self.better - self.worse - self.mixed


@dataclass(frozen=True, slots=True)
class Report:
    """A kept report, ready to be shown."""

    since: date
    until: date
    made: WhatIf
    families: int
    people: int
    better: int
    worse: int
    mixed: int
    figures: Sequence[Compared]
    refused: Sequence[tuple[str, int, int]]
    bearers: Sequence[tuple[str, int, int]]
    groups: Sequence[Group]
    assumptions: Sequence[str]


def newest(*, area: str, digest: bytes) -> Report | None:
    """Find the newest report about a text, made for an area."""
    found = WhatIf.objects.filter(area=area, digest=digest).order_by("-made_at", "-pk").first()
    return None if found is None else _report(found)


def _report(kept: WhatIf) -> Report:
    said = kept.report
    groups = [_group(one) for one in sorted(said["groups"], key=_place)]
    whole = next((one for one in groups if one.dimension == DIMENSIONS["all"]), None)
    before, after = said["baseline"], said["changed"]
    return Report(
        since=kept.since,
        until=kept.until,
        made=kept,
        families=said["families"],
        people=said["people"],
        better=whole.better if whole else 0,
        worse=whole.worse if whole else 0,
        mixed=whole.mixed if whole else 0,
        figures=[_compared(one, said["recorded"], before, after) for one in FIGURES],
        refused=[
            (REFUSED.get(name, name), before["refused"].get(name, 0), after["refused"].get(name, 0))
            for name in sorted(before["refused"].keys() | after["refused"].keys())
        ],
        bearers=_both(before["bad_by_bearer"], after["bad_by_bearer"]),
        groups=groups,
        assumptions=[_assumed(sentence) for sentence in said["assumptions"]],
    )


def _both(before: Sums, after: Sums) -> list[tuple[str, int, int]]:
    names = sorted(before.keys() | after.keys())
    return [(name, int(before.get(name, 0)), int(after.get(name, 0))) for name in names]


def _compared(one: _Figure, recorded: Sums, before: Sums, after: Sums) -> Compared:
    was, will = one.read(before), one.read(after)
    tone = "bad" if will > was else "good"
    return Compared(
        label=one.label,
        recorded=_written(one.read(recorded), one.kind) if one.recorded else "—",
        baseline=_written(was, one.kind),
        changed=_written(will, one.kind),
        difference=f"{'+' if will > was else ''}{_written(will - was, one.kind)}",
        tone=tone if one.more_is_worse and will != was else "",
    )


def _written(value: int, kind: str) -> str:
    if kind == MONEY:
        return display(value)
    return f"{value / 100:.2f}%" if kind == SHARE else f"{value:,}"


def _place(one: Sums) -> int:
    """Everybody first, then the dimensions as they are named."""
    names = list(DIMENSIONS)
    return names.index(one["dimension"]) if one["dimension"] in names else len(names)


def _group(one: Sums) -> Group:
    whole = one["amount_fen"]
    shares = [
        _written(10_000 * one[name] // whole if whole else 0, SHARE)
        for name in ("baseline_credit_fen", "changed_credit_fen")
    ]
    return Group(
        DIMENSIONS.get(one["dimension"], str(one["dimension"])),
        VALUES.get(one["value"], str(one["value"])),
        int(one["people"]),
        int(one["better"]),
        int(one["worse"]),
        int(one["mixed"]),
        *shares,
    )


def _assumed(sentence: str) -> str:
    if language() == "en":
        return sentence
    found = (words for begins, words in _ASSUMED.items() if sentence.startswith(begins))
    return next(found, sentence)
