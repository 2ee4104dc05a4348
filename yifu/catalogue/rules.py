"""Charge rules: is a line's sum right, does it break a published rule, must the patient agree.

Pure: day, patient and rules are arguments. A wrong sum stops a charge (`check_amount`). The
published rules only warn (`warnings`: P3.13, P7.4, ZJ 6.2.2), because a doctor may have a reason.
What insurance does not pay needs consent (`consent_needed`: P3.12, ZJ 6.2.4).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import Final, Literal, Self

from yifu.catalogue.errors import (
    AmountMismatch,
    AmountOutOfRange,
    QuantityOutOfRange,
    UnitPriceOutOfRange,
)
from yifu.money import MAX_FEN, Fen
from yifu.patients.rules import SexCode, age_on

DECIMALS: Final = 4
"""Quantities have at most four decimals, unit prices at most four decimals of a fen: NHSA 2204,
`cnt` n(16,4) and `pric` n(16,6) in yuan."""
MAX_QUANTITY: Final = 10**12
CONSENT_ITEM_FEN: Final = 200_00
CONSENT_SUM_FEN: Final = 200_00

# The published rules say 儿童, 婴幼儿, 新生儿 without figures; these are the usual ones: not of
# age, the first three years, the first 28 days.
CHILD_BELOW_YEARS: Final = 18
INFANT_BELOW_YEARS: Final = 3
NEWBORN_DAYS: Final = 28
# 法定就业年龄: from 16 to the latest retirement age that the law of 2025 rises to.
WORKING_YEARS: Final = range(16, 64)

_CHINA = timezone(timedelta(hours=8))
_UNIT = 10**DECIMALS
_FINEST_EXPONENT = -40


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeLine:
    """One charge as the hospital reports it; the unit price may have decimals of a fen."""

    line_no: int
    local_code: str
    national_code: str
    name: str
    quantity: Decimal
    unit_price_fen: Decimal
    amount_fen: int
    occurred_at: datetime
    corrects_line_no: int | None = None
    """The line a charge-off takes from; its quantity and sum are then negative."""
    trace_code: str = ""
    outside_rx_no: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What is worth a warning: a stable code, a sentence in zh and en, the lines it concerns."""

    code: str
    zh: str
    en: str
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """What the published rules want to know of a person."""

    sex: SexCode
    birth_date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Where and under which insurance the care happens. Level: 1 to 3 (一级 to 三级)."""

    care: Literal["outpatient", "inpatient"] = "outpatient"
    hospital_level: int = 3
    insurance: Literal["basic", "work_injury", "maternity"] = "basic"


OUTPATIENT: Final = Setting()


class LimitKind(StrEnum):
    """What a published limit (两库) restricts; the meaning of its `value` follows."""

    SEX = "sex"  # 1 or 2
    AGE_GROUP = "age_group"  # child, infant or newborn
    WORKING_AGE = "working_age"  # nothing
    CARE_SETTING = "care_setting"  # inpatient
    HOSPITAL_LEVEL = "hospital_level"  # the lowest level
    INSURANCE_TYPE = "insurance_type"  # work_injury or maternity
    FREQUENCY = "frequency"  # the largest quantity on one day
    CYCLE_DAYS = "cycle_days"  # once in so many days
    COURSE_DAYS = "course_days"  # on at most so many days
    SAME_INCISION = "same_incision_group"  # the group of operations


@dataclass(frozen=True, slots=True)
class Limit:
    """A published limit on every item whose national code begins with `code_prefix`."""

    code_prefix: str
    name: str
    kind: LimitKind
    value: str
    note: str = ""

    @classmethod
    def from_row(cls, row: Mapping[str, str]) -> Self:
        """Read a row of `limits.csv`; `ValueError` for a kind that nobody knows."""
        kind = LimitKind(row["kind"])
        return cls(row["code_prefix"], row["name"], kind, row["value"], row["note"])


class Window(StrEnum):
    """How near two charges must lie to exclude each other."""

    VISIT = "visit"  # 单次就诊
    DAY = "day"  # 单日
    SIX_HOURS = "six_hours"  # 6小时
    HOUR = "hour"  # 同一小时


@dataclass(frozen=True, slots=True)
class Duplicate:
    """`main` contains `part` already: within the window only `main` may be charged."""

    window: Window
    main_code: str
    main_name: str
    part_code: str
    part_name: str
    note: str = ""

    @classmethod
    def from_row(cls, row: Mapping[str, str]) -> Self:
        """Read a row of `duplicates.csv`; `ValueError` for a window that nobody knows."""
        names = ("main_code", "main_name", "part_code", "part_name", "note")
        return cls(Window(row["window"]), *(row[name] for name in names))


@dataclass(frozen=True, slots=True)
class RuleBook:
    """All published rules, arranged for looking up by code. Made once by `RuleBook.of`."""

    limits: Mapping[str, tuple[Limit, ...]] = field(default_factory=dict)
    prefix_lengths: tuple[int, ...] = ()
    duplicates: Mapping[str, tuple[Duplicate, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, limits: Iterable[Limit], duplicates: Iterable[Duplicate]) -> Self:
        """Arrange limits by prefix and duplicates by the code of the item that contains."""
        by_prefix: dict[str, list[Limit]] = defaultdict(list)
        for limit in limits:
            by_prefix[limit.code_prefix].append(limit)
        by_main: dict[str, list[Duplicate]] = defaultdict(list)
        for duplicate in duplicates:
            by_main[duplicate.main_code].append(duplicate)
        return cls(
            {prefix: tuple(found) for prefix, found in by_prefix.items()},
            tuple(sorted({len(prefix) for prefix in by_prefix})),
            {code: tuple(found) for code, found in by_main.items()},
        )

    def limits_on(self, national_code: str) -> Iterator[Limit]:
        """Give the limits on an item, the most general prefix first."""
        for length in self.prefix_lengths:
            if length <= len(national_code):
                yield from self.limits.get(national_code[:length], ())


# --- sums ----------------------------------------------------------------------------------------


def amount_of(*, quantity: Decimal, unit_price_fen: Decimal) -> Fen:
    """Multiply, rounding half up to a whole fen, exactly (no context precision is involved).

    Raises `ValueError` for more than four decimals, or figures that are not finite or too large.
    """
    count = _scaled(quantity, MAX_QUANTITY)
    price = _scaled(unit_price_fen, MAX_FEN)
    if count is None or price is None or count < 0 or price < 0:
        raise ValueError("a quantity or unit price out of range")
    return _product(count, price)


def check_amount(line: ChargeLine) -> None:
    """Refuse a line whose figures are wrong.

    Quantity above zero, unit price and sum not negative, four decimals at most, the sum below
    10^13 fen and equal to quantity times unit price rounded half up to a fen. Of a charge-off
    quantity and sum are negative, and its figures otherwise those of what it takes off.

    Raises `QuantityOutOfRange`, `UnitPriceOutOfRange`, `AmountOutOfRange`, `AmountMismatch`.
    """
    sign = 1 if line.corrects_line_no is None else -1
    count = _scaled(sign * line.quantity, MAX_QUANTITY)
    if count is None or count <= 0:
        raise QuantityOutOfRange(line_no=line.line_no)
    price = _scaled(line.unit_price_fen, MAX_FEN)
    if price is None or price < 0:
        raise UnitPriceOutOfRange(line_no=line.line_no)
    if not 0 <= sign * line.amount_fen < MAX_FEN:
        raise AmountOutOfRange(line_no=line.line_no)
    expected = sign * _product(count, price)
    if line.amount_fen != expected:
        raise AmountMismatch(
            line_no=line.line_no, expected_fen=expected, amount_fen=line.amount_fen
        )


def _product(count: int, price: int) -> Fen:
    """Multiply two figures scaled by 10^4; the product is scaled by 10^8 until it is rounded."""
    return Fen((count * price * 2 + _UNIT**2) // (2 * _UNIT**2))


def _scaled(value: Decimal, limit: int) -> int | None:
    """Give the value times 10^4, or None when that is no integer or the value reaches the limit."""
    if not value.is_finite() or abs(value) >= limit:
        return None
    sign, digits, exponent = value.as_tuple()
    # The exponent of a finite value is an integer; a hostile one must not cost a huge power.
    if not isinstance(exponent, int) or exponent < _FINEST_EXPONENT:
        return 0 if not value else None
    whole = int("".join(map(str, digits)))
    places = exponent + DECIMALS
    if places < 0:
        whole, rest = divmod(whole, 10**-places)
        if rest:
            return None
    elif whole:
        whole *= 10**places
    return -whole if sign else whole


# --- consent -------------------------------------------------------------------------------------


def consent_needed(uncovered: Sequence[ChargeLine]) -> Finding | None:
    """Tell whether lines that insurance does not pay need the patient's recorded consent (P3.12).

    They do when one has a unit price of 200 yuan or more, or when together they exceed 200 yuan
    (ZJ 6.2.4). The finding concerns the dear ones in the first case, all of them in the second.
    """
    dear = [line for line in uncovered if line.unit_price_fen >= CONSENT_ITEM_FEN]
    total_fen = sum(line.amount_fen for line in uncovered)
    concerned = uncovered if total_fen > CONSENT_SUM_FEN else dear
    if not concerned:
        return None
    return Finding(
        "consent_needed",
        f"医保不予支付的项目共 {_yuan(total_fen)} 元，须事先告知并征得同意",
        f"Items that insurance does not pay come to {_yuan(total_fen)} yuan: "
        "the patient must be told and agree first",
        tuple(line.line_no for line in concerned),
    )


def _yuan(amount_fen: int) -> str:
    return f"{amount_fen // 100}.{amount_fen % 100:02d}"


# --- published rules -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Case:
    """What a check of one limit looks at: the limited lines of this visit, and earlier ones."""

    limit: Limit
    lines: tuple[ChargeLine, ...]
    earlier: tuple[ChargeLine, ...]
    patient: Patient
    setting: Setting
    on: date

    @property
    def all_lines(self) -> list[ChargeLine]:
        return sorted((*self.earlier, *self.lines), key=lambda line: line.occurred_at)


def warnings(
    lines: Sequence[ChargeLine],
    *,
    patient: Patient,
    rules: RuleBook,
    on: date,
    setting: Setting = OUTPATIENT,
    earlier: Sequence[ChargeLine] = (),
) -> tuple[Finding, ...]:
    """Compare a visit's charges with the published rules (P3.13, P7.4; ZJ 6.2.2, 9.1.3).

    `on` is the day ages are counted for. `earlier` are the same person's charges of other visits;
    they count for days, cycles, courses and windows, but findings name lines of this visit only.
    """
    findings = [*_limit_findings(lines, patient, rules, on, setting, earlier)]
    findings += _duplicate_findings(lines, rules, earlier)
    return tuple(sorted(findings, key=lambda finding: (finding.lines, finding.code, finding.zh)))


def _limit_findings(
    lines: Sequence[ChargeLine],
    patient: Patient,
    rules: RuleBook,
    on: date,
    setting: Setting,
    earlier: Sequence[ChargeLine],
) -> Iterator[Finding]:
    for key, limited in _by_limit(lines, rules).items():
        before = tuple(line for line in earlier if line.national_code.startswith(key.code_prefix))
        case = _Case(key, tuple(limited), before, patient, setting, on)
        finding = _CHECKS[key.kind](case)
        if finding is not None:
            yield finding
    yield from _incision_findings(lines, rules)


def _by_limit(lines: Sequence[ChargeLine], rules: RuleBook) -> dict[Limit, list[ChargeLine]]:
    found: dict[Limit, list[ChargeLine]] = defaultdict(list)
    for line in lines:
        for limit in rules.limits_on(line.national_code):
            if limit.kind is not LimitKind.SAME_INCISION:
                found[limit].append(line)
    return found


def _found(case: _Case, zh: str, en: str, lines: Iterable[ChargeLine] | None = None) -> Finding:
    concerned = tuple(line.line_no for line in (case.lines if lines is None else lines))
    name = case.limit.name
    return Finding(f"limit_{case.limit.kind}", f"{name}：{zh}", f"{name}: {en}", concerned)


def _check_sex(case: _Case) -> Finding | None:
    if case.patient.sex == case.limit.value:
        return None
    zh, en = ("男性", "men") if case.limit.value == "1" else ("女性", "women")
    return _found(case, f"限{zh}", f"for {en} only")


def _check_age_group(case: _Case) -> Finding | None:
    born = case.patient.birth_date
    zh, en, fits = {
        "newborn": ("新生儿", "the newborn", (case.on - born).days <= NEWBORN_DAYS),
        "infant": ("婴幼儿", "infants", age_on(born, case.on) < INFANT_BELOW_YEARS),
        "child": ("儿童", "children", age_on(born, case.on) < CHILD_BELOW_YEARS),
    }[case.limit.value]
    return None if fits else _found(case, f"限{zh}", f"for {en} only")


def _check_working_age(case: _Case) -> Finding | None:
    if age_on(case.patient.birth_date, case.on) in WORKING_YEARS:
        return None
    return _found(case, "超出法定就业年龄", "the patient is not of working age")


def _check_care_setting(case: _Case) -> Finding | None:
    if case.setting.care == case.limit.value:
        return None
    return _found(case, "限住院使用", "for inpatients only")


def _check_hospital_level(case: _Case) -> Finding | None:
    lowest = int(case.limit.value)
    if case.setting.hospital_level >= lowest:
        return None
    zh = {2: "二级", 3: "三级"}[lowest]
    return _found(
        case, f"限{zh}及以上医疗机构", f"for institutions of level {lowest} and above only"
    )


def _check_insurance_type(case: _Case) -> Finding | None:
    if case.setting.insurance == case.limit.value:
        return None
    zh, en = {
        "work_injury": ("工伤保险", "work injury insurance"),
        "maternity": ("生育保险", "maternity insurance"),
    }[case.limit.value]
    return _found(case, f"限{zh}支付", f"paid by {en} only")


def _check_frequency(case: _Case) -> Finding | None:
    per_day: dict[date, Decimal] = defaultdict(Decimal)
    for line in (*case.earlier, *case.lines):
        per_day[_day(line)] += line.quantity
    highest = Decimal(case.limit.value)
    over = [line for line in case.lines if per_day[_day(line)] > highest]
    if not over:
        return None
    return _found(case, f"每日至多 {highest}", f"at most {highest} a day", over)


def _check_cycle(case: _Case) -> Finding | None:
    days = int(case.limit.value)
    near = {id(line) for line in case.lines if line.quantity > 1}
    for first, second in pairwise(case.all_lines):
        if (_day(second) - _day(first)).days < days:
            near |= {id(first), id(second)}
    concerned = [line for line in case.lines if id(line) in near]
    if not concerned:
        return None
    return _found(case, f"{days} 天内至多一次", f"at most once in {days} days", concerned)


def _check_course(case: _Case) -> Finding | None:
    days = int(case.limit.value)
    if len({_day(line) for line in case.all_lines}) <= days:
        return None
    return _found(case, f"支付疗程不超过 {days} 天", f"paid for a course of {days} days at most")


_CHECKS: Final[Mapping[LimitKind, Callable[[_Case], Finding | None]]] = {
    LimitKind.SEX: _check_sex,
    LimitKind.AGE_GROUP: _check_age_group,
    LimitKind.WORKING_AGE: _check_working_age,
    LimitKind.CARE_SETTING: _check_care_setting,
    LimitKind.HOSPITAL_LEVEL: _check_hospital_level,
    LimitKind.INSURANCE_TYPE: _check_insurance_type,
    LimitKind.FREQUENCY: _check_frequency,
    LimitKind.CYCLE_DAYS: _check_cycle,
    LimitKind.COURSE_DAYS: _check_course,
}


def _incision_findings(lines: Sequence[ChargeLine], rules: RuleBook) -> Iterator[Finding]:
    """Warn when several operations of one group stand side by side: the later ones are reduced."""
    groups: dict[str, list[ChargeLine]] = defaultdict(list)
    for line in lines:
        for limit in rules.limits_on(line.national_code):
            if limit.kind is LimitKind.SAME_INCISION:
                groups[limit.value].append(line)
    for group, operations in groups.items():
        if len(operations) > 1:
            yield Finding(
                "limit_same_incision_group",
                f"{group}：同一切口的第二及以后手术须按规定折价",
                f"{group}: further operations through the same incision are charged at a reduction",
                tuple(line.line_no for line in operations),
            )


def _duplicate_findings(
    lines: Sequence[ChargeLine], rules: RuleBook, earlier: Sequence[ChargeLine]
) -> Iterator[Finding]:
    here = {id(line) for line in lines}
    by_code: dict[str, list[ChargeLine]] = defaultdict(list)
    for line in (*lines, *earlier):
        by_code[line.national_code].append(line)
    for code in by_code.keys() & rules.duplicates.keys():
        for rule in rules.duplicates[code]:
            pairs = [
                (main, part)
                for main in by_code[code]
                for part in by_code.get(rule.part_code, ())
                if _excluded(rule.window, main, part, here)
            ]
            if pairs:
                yield _duplicate(rule, pairs, here)


def _excluded(window: Window, main: ChargeLine, part: ChargeLine, here: set[int]) -> bool:
    both = (id(main) in here) + (id(part) in here)
    if window is Window.VISIT:
        return both == len((main, part))
    if not both:
        return False
    if window is Window.DAY:
        return _day(main) == _day(part)
    hours = 6 if window is Window.SIX_HOURS else 1
    return abs(main.occurred_at - part.occurred_at) < timedelta(hours=hours)


def _duplicate(
    rule: Duplicate, pairs: Sequence[tuple[ChargeLine, ChargeLine]], here: set[int]
) -> Finding:
    zh = {"visit": "单次就诊", "day": "同日", "six_hours": "6 小时内", "hour": "同一小时"}
    en = {"visit": "in one visit", "day": "on one day", "six_hours": "within six hours"}
    numbers = {line.line_no for pair in pairs for line in pair if id(line) in here}
    return Finding(
        "duplicate_charge",
        f"{zh[rule.window]}重复收费：{rule.main_name}已包含{rule.part_name}",
        f"Charged twice {en.get(rule.window, 'within an hour')}: "
        f"{rule.main_name} contains {rule.part_name}",
        tuple(sorted(numbers)),
    )


def _day(line: ChargeLine) -> date:
    return line.occurred_at.astimezone(_CHINA).date()
