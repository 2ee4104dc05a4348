"""The audit of charges (明细审核), pure: the published rules over what a message says of a case.

``data/audit_limits.csv`` and ``data/audit_pairs.csv`` hold the rules (``tools/make_audit.py``).
Rules about who gets something and how often hold for every charge; rules about what insurance pays
(care setting, hospital level, kind of insurance) only for charges it is asked to pay for.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from counterparts.insurer.amounts import half_up

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

DEFINITE, LIKELY, SLIGHT = "1", "2", "3"
"""sev_deg: 明确违规, 高度可疑, 轻度可疑."""
OFFENDS, CONCERNED = "1", "2"
"""vola_item_type: 违规项, 涉及项."""
INPATIENT = "2"
_DATA = Path(__file__).parent / "data"
_MATERNITY_INSURANCE, _MATERNITY_CARE = "510", {"51", "52"}
_CHILD_BELOW, _INFANT_BELOW = 18, 3
_NEWBORN = timedelta(days=28)
_WINDOWS = {
    "day": "同一日",
    "visit": "同一次就诊",
    "six_hours": "6小时内",
    "hour": "同一小时内",
}
_SPANS = {"six_hours": timedelta(hours=6), "hour": timedelta(hours=1)}
_AGES = {"child": "儿童", "infant": "婴幼儿", "newborn": "新生儿"}
_SEXES = {"1": "男", "2": "女"}
_LEVELS = {"2": "二级", "3": "三级"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One kind of rule: its number and name in answers, and how serious a breach is."""

    rule_id: str
    name: str
    sev_deg: str
    evidence: str


_BASIS = "两库（知识库、规则库）公布规则"
RULES: Mapping[str, Rule] = {
    kind: Rule(rule_id=rule_id, name=name, sev_deg=sev_deg, evidence=f"{_BASIS}：{basis}")
    for kind, rule_id, name, sev_deg, basis in (
        ("sex", "R01", "限定性别", DEFINITE, "限定性别的药品、项目用于其他性别"),
        ("age_group", "R02", "限定年龄", LIKELY, "限定年龄的药品、项目用于其他年龄"),
        ("care_setting", "R03", "限定就医方式", DEFINITE, "限住院使用"),
        ("hospital_level", "R04", "限定医疗机构等级", DEFINITE, "限一定等级以上医疗机构"),
        ("insurance_type", "R05", "限定险种", DEFINITE, "限其他险种支付"),
        ("course_days", "R06", "超疗程", LIKELY, "支付不超过规定的疗程"),
        ("cycle_days", "R07", "超周期", DEFINITE, "规定周期内限一次"),
        ("frequency", "R08", "超频次", DEFINITE, "超过每日的最高数量"),
        ("same_incision", "R09", "同一切口多项手术", SLIGHT, "同一切口的其他手术按半价收费"),
        ("pair", "R10", "重复收费", DEFINITE, "项目内涵已包含另一项目"),
    )
}
"""By kind of rule. Which breach is definite and which suspected is this simulator's choice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An order or charge; ``own_fen`` of it no insurance is asked to pay. ``current``: audited."""

    rx_id: str
    mdtrt_id: str
    code: str
    name: str
    cnt: Decimal
    sum_fen: int
    own_fen: int
    at: datetime
    days: int
    current: bool

    @property
    def claimed(self) -> bool:
        """Say whether insurance is asked to pay any of it."""
        return self.own_fen < self.sum_fen


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Whom and where it is about. ``level`` is the institution's (1 to 3)."""

    gend: str
    brdy: date
    day: date
    care: str
    med_type: str
    insutype: str
    level: int
    orders: tuple[Order, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """An order's share in a violation."""

    order: Order
    kind: str
    fen: int


@dataclass(frozen=True, slots=True)
class Violation:
    """A broken rule, with the orders it concerns; the amount is that of the offending ones."""

    rule: Rule
    content: str
    parts: tuple[Part, ...]

    @property
    def fen(self) -> int:
        """Return what should not have been charged or claimed."""
        return sum(part.fen for part in self.parts)


@dataclass(frozen=True, slots=True)
class RuleTable:
    """The published rules, arranged by what is looked up."""

    limits: Mapping[str, Sequence[tuple[str, str, str]]]
    lengths: tuple[int, ...]
    pairs: Mapping[str, Sequence[tuple[str, str]]]

    def limits_of(self, code: str) -> Iterator[tuple[str, str, str]]:
        """Yield (kind, value, code prefix) of every restriction on an item."""
        for length in self.lengths:
            if length <= len(code):
                yield from self.limits.get(code[:length], ())


@cache
def published() -> RuleTable:
    """Return the shipped rules."""
    limits: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for row in _rows("audit_limits.csv"):
        limits[row["code"]].append((row["kind"], row["value"], row["code"]))
    pairs: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in _rows("audit_pairs.csv"):
        pairs[row["main"]].append((row["window"], row["part"]))
    return RuleTable(limits, tuple(sorted({len(code) for code in limits})), pairs)


def _rows(name: str) -> list[dict[str, str]]:
    with (_DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def judge(case: Case, table: RuleTable | None = None) -> list[Violation]:
    """Return every violation in which a current order takes part, by rule and then by order."""
    table = table or published()
    limited: dict[tuple[str, str, str], list[Order]] = defaultdict(list)
    for order in sorted(case.orders, key=lambda one: (one.at, one.rx_id)):
        for limit in table.limits_of(order.code):
            key = limit if limit[0] != "same_incision" else (*limit[:2], "")
            limited[key].append(order)
    found = [
        violation
        for (kind, value, _), orders in limited.items()
        for violation in _CHECKS[kind](case, value, orders)
    ]
    found += _pairs(case, table)
    concerning = [one for one in found if any(part.order.current for part in one.parts)]
    return sorted(concerning, key=lambda one: (one.rule.rule_id, one.parts[0].order.rx_id))


def _whole(kind: str, orders: Iterable[Order], why: str) -> Iterator[Violation]:
    """Yield one violation by the whole amounts of the current ones among these orders, if any."""
    offending = [order for order in orders if order.current]
    if offending:
        names = "、".join(dict.fromkeys(f"【{order.name}】" for order in offending))
        parts = tuple(Part(order, OFFENDS, order.sum_fen) for order in offending)
        yield Violation(RULES[kind], f"{names}{why}"[:500], parts)


def _sex(case: Case, value: str, orders: list[Order]) -> Iterator[Violation]:
    if case.gend in _SEXES and case.gend != value:
        yield from _whole("sex", orders, f"限{_SEXES[value]}性使用，患者为{_SEXES[case.gend]}性")


def _age(case: Case, value: str, orders: list[Order]) -> Iterator[Violation]:
    years = case.day.year - case.brdy.year
    years -= (case.day.month, case.day.day) < (case.brdy.month, case.brdy.day)
    fits = {
        "child": years < _CHILD_BELOW,
        "infant": years < _INFANT_BELOW,
        "newborn": case.day - case.brdy <= _NEWBORN,
    }
    if not fits[value]:
        yield from _whole("age_group", orders, f"限{_AGES[value]}使用，患者{years}岁")


def _care(case: Case, _value: str, orders: list[Order]) -> Iterator[Violation]:
    if case.care != INPATIENT:
        claimed = [order for order in orders if order.claimed]
        yield from _whole("care_setting", claimed, "限住院支付，本次不是住院")


def _level(case: Case, value: str, orders: list[Order]) -> Iterator[Violation]:
    if case.level < int(value):
        claimed = [order for order in orders if order.claimed]
        yield from _whole("hospital_level", claimed, f"限{_LEVELS[value]}及以上医疗机构支付")


def _insurance(case: Case, value: str, orders: list[Order]) -> Iterator[Violation]:
    maternity = case.insutype == _MATERNITY_INSURANCE or case.med_type in _MATERNITY_CARE
    if not (value == "maternity" and maternity):
        claimed = [order for order in orders if order.claimed]
        word = "生育保险" if value == "maternity" else "工伤保险"
        yield from _whole("insurance_type", claimed, f"限{word}支付")


def _course(_case: Case, value: str, orders: list[Order]) -> Iterator[Violation]:
    most = int(value)
    days = sorted({order.at.date() for order in orders})
    late = set(days[most:])
    beyond = [order for order in orders if order.days > most or order.at.date() in late]
    yield from _whole("course_days", beyond, f"超过{most}天的疗程")


def _cycle(_case: Case, value: str, orders: list[Order]) -> Iterator[Violation]:
    again = [
        later
        for earlier, later in pairwise(orders)
        if later.at - earlier.at < timedelta(days=int(value))
    ]
    yield from _whole("cycle_days", again, f"{value}天内限一次")


def _frequency(_case: Case, value: str, orders: list[Order]) -> Iterator[Violation]:
    by_day: dict[tuple[date, str], list[Order]] = defaultdict(list)
    for order in orders:
        by_day[order.at.date(), order.code].append(order)
    for same in by_day.values():
        excess = sum((order.cnt for order in same), Decimal(0)) - Decimal(value)
        if excess > 0 and any(order.current for order in same):
            parts = tuple(_beyond(same, excess))
            yield Violation(
                RULES["frequency"], f"【{same[0].name}】每日最多{value}，超出{excess:f}", parts
            )


def _beyond(orders: Sequence[Order], excess: Decimal) -> Iterator[Part]:
    """Yield what is too much, the last orders first."""
    for order in reversed(orders):
        taken = min(excess, order.cnt)
        if taken > 0:
            yield Part(order, OFFENDS, half_up(order.sum_fen * taken / order.cnt))
            excess -= taken


def _incision(_case: Case, value: str, orders: list[Order]) -> Iterator[Violation]:
    by_day: dict[date, list[Order]] = defaultdict(list)
    for order in orders:
        by_day[order.at.date()].append(order)
    for same in by_day.values():
        if len({order.code for order in same}) > 1:
            dearest, *others = sorted(same, key=lambda one: -one.sum_fen)
            parts = [Part(order, OFFENDS, order.sum_fen // 2) for order in others]
            names = "、".join(f"【{order.name}】" for order in same)
            content = f"{names}属{value}，同一切口的其他手术按半价收费"[:500]
            yield Violation(RULES["same_incision"], content, (*parts, Part(dearest, CONCERNED, 0)))


_CHECKS: Mapping[str, Callable[[Case, str, list[Order]], Iterator[Violation]]] = {
    "sex": _sex,
    "age_group": _age,
    "care_setting": _care,
    "hospital_level": _level,
    "insurance_type": _insurance,
    "course_days": _course,
    "cycle_days": _cycle,
    "frequency": _frequency,
    "same_incision": _incision,
}


def _pairs(case: Case, table: RuleTable) -> Iterator[Violation]:
    by_code: dict[str, list[Order]] = defaultdict(list)
    for order in case.orders:
        by_code[order.code].append(order)
    for code, mains in by_code.items():
        for window, part_code in table.pairs.get(code, ()):
            for main in mains:
                near = [one for one in by_code.get(part_code, ()) if _near(main, one, window)]
                if near and any(order.current for order in (main, *near)):
                    yield _pair(main, near, window)


def _near(main: Order, other: Order, window: str) -> bool:
    if main is other:
        return False
    if window == "visit":
        return main.mdtrt_id == other.mdtrt_id
    if window == "day":
        return main.at.date() == other.at.date()
    return abs(main.at - other.at) < _SPANS[window]


def _pair(main: Order, near: Sequence[Order], window: str) -> Violation:
    parts = [Part(order, OFFENDS, order.sum_fen) for order in near]
    content = f"{_WINDOWS[window]}【{main.name}】已包含【{near[0].name}】"[:500]
    return Violation(RULES["pair"], content, (*parts, Part(main, CONCERNED, 0)))
