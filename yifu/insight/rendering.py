"""Write a comparison for people: as text for Markdown, as CSV."""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from yifu.insight.comparing import ComparedSchemes, Figures
from yifu.insight.recorded import Recorded
from yifu.money import display, to_yuan

_ROLES = {"dependant": "被代付人 dependants", "principal": "主体人 principals"}
_DIMENSIONS = {
    "all": "全部 all",
    "age": "年龄 age",
    "sex": "性别 sex",
    "role": "身份 role",
    "district": "机构所在区 district",
}
_REASONS = {
    "day": "day's limit",
    "limit": "line used up",
    "share": "dependant's share used up",
    "standing": "suspended",
    "visit": "visit's limit",
}


@dataclass(frozen=True, slots=True)
class _Row:
    name: str
    of: Callable[[Figures], int]
    recorded: Callable[[Recorded], int] | None
    unit: str


def _share(part: int, whole: int) -> int:
    """Give a share in hundredths of a percent; 0 of nothing."""
    return 10_000 * part // whole if whole else 0


_ROWS = (
    _Row("个人支付笔数 parts", lambda f: f.parts, lambda r: r.parts, ""),
    _Row("信用付笔数 on credit", lambda f: f.credit_parts, lambda r: r.credit_parts, ""),
    _Row(
        "信用付笔数占比 share of parts",
        lambda f: _share(f.credit_parts, f.parts),
        lambda r: _share(r.credit_parts, r.parts),
        "%",
    ),
    _Row("个人支付金额 personal parts", lambda f: f.amount_fen, lambda r: r.amount_fen, "¥"),
    _Row("信用付金额 on credit", lambda f: f.credit_fen, lambda r: r.credit_fen, "¥"),
    _Row(
        "信用付金额占比 share of money",
        lambda f: _share(f.credit_fen, f.amount_fen),
        lambda r: _share(r.credit_fen, r.amount_fen),
        "%",
    ),
    _Row("日均占用额度 credit used, average", lambda f: f.used_average_fen, None, "¥"),
    _Row("最高占用额度 credit used, peak", lambda f: f.used_peak_fen, None, "¥"),
    _Row("逾期账单 overdue bills", lambda f: f.overdue_bills, lambda r: r.overdue_bills, ""),
    _Row("逾期金额 overdue", lambda f: f.overdue_fen, lambda r: r.overdue_fen, "¥"),
    _Row(
        "暂停人数 principals suspended",
        lambda f: f.suspended_people,
        lambda r: r.suspended_people,
        "",
    ),
    _Row("暂停人日 days suspended", lambda f: f.suspended_days, None, ""),
    _Row(
        "失信人数 principals in default",
        lambda f: f.defaulted_people,
        lambda r: r.defaulted_people,
        "",
    ),
    _Row("坏账 bad debt", lambda f: f.bad_fen, lambda r: r.bad_fen, "¥"),
    _Row("期末坏账准备 provision at the end", lambda f: f.provision_fen, None, "¥"),
    _Row("期末待付 owed at the end", lambda f: f.owed_fen, None, "¥"),
)


def markdown(found: ComparedSchemes) -> str:
    """Write the whole report as Markdown."""
    return "\n\n".join(
        [
            f"# What if: {found.scheme} · {found.area} · {found.since} – {found.until}",
            _size(found),
            _HOW_TO_READ,
            "## What was changed",
            _table(
                ["place", "in force", "changed"],
                [[f"`{place}`", _short(old), _short(new)] for place, old, new in found.changes],
            )
            if found.changes
            else "Nothing.",
            "## Side by side",
            _table(
                ["figure", "recorded", "deviation", "baseline", "changed", "difference"],
                [_side_by_side(row, found) for row in _ROWS],
            ),
            "## Why something was not on credit",
            _table(["reason", "baseline", "changed"], _reasons(found)),
            "## Who would have been better or worse off",
            _table(
                ["group", "", "patients", "better", "worse", "mixed", "credit", "changed credit"],
                [_group(found, place) for place in range(len(found.groups))],
            ),
            "## What the model assumes",
            "\n".join(f"- {one}" for one in found.assumptions),
        ]
    )


def _size(found: ComparedSchemes) -> str:
    people = f"{found.families:,} families with {found.people:,} patients."
    return f"{people} Changed text: `{found.digest[:12]}…`."


def _side_by_side(row: _Row, found: ComparedSchemes) -> list[str]:
    before, after = row.of(found.baseline), row.of(found.changed)
    really = None if row.recorded is None else row.recorded(found.recorded)
    return [
        row.name,
        "—" if really is None else _write(really, row.unit),
        "—" if really is None else _deviation(before, really, row.unit),
        _write(before, row.unit),
        _write(after, row.unit),
        _difference(after - before, row.unit),
    ]


def _difference(more: int, unit: str) -> str:
    if unit == "%":
        return f"{more / 100:+.2f} pp"
    return f"{'+' if more > 0 else ''}{_write(more, unit)}"


def _deviation(model: int, really: int, unit: str) -> str:
    """Write how far the model is from what was recorded."""
    if unit == "%":
        return f"{(model - really) / 100:+.2f} pp"
    return "0" if model == really else f"{100 * (model - really) / really:+.1f}%" if really else "—"


def _write(value: int, unit: str) -> str:
    if unit == "¥":
        return display(value)
    return f"{value / 100:.2f}%" if unit == "%" else f"{value:,}"


def _reasons(found: ComparedSchemes) -> list[list[str]]:
    before, after = found.baseline.refused, found.changed.refused
    return [
        [_REASONS[reason], f"{before.get(reason, 0):,}", f"{after.get(reason, 0):,}"]
        for reason in sorted(before.keys() | after.keys())
    ] or [["—", "0", "0"]]


def _group(found: ComparedSchemes, place: int) -> list[str]:
    one = found.groups[place]
    return [
        _DIMENSIONS[one.dimension],
        _ROLES.get(one.value, "" if one.dimension == "all" else one.value),
        f"{one.people:,}",
        f"{one.better:,}",
        f"{one.worse:,}",
        f"{one.mixed:,}",
        f"{_share(one.baseline_credit_fen, one.amount_fen) / 100:.2f}%",
        f"{_share(one.changed_credit_fen, one.amount_fen) / 100:.2f}%",
    ]


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _short(value: str) -> str:
    """Keep a long text (a consent) out of a table's cell."""
    flat = " ".join(value.split()).replace("|", "\\|")
    return flat if len(flat) <= _LONGEST else f"{flat[:_LONGEST]}…"


_LONGEST = 60
_HOW_TO_READ = """\
**How to read it.** *Recorded* is what really was. *Baseline* is the scheme that was in force,
replayed by the model; *changed* is the changed scheme, replayed by the same model with the same
people, visits and habits. So *difference* (changed − baseline) comes from the change alone, and
*deviation* (baseline against recorded) says how far to trust the model: a difference smaller than
the deviation says little. A part is what one visit left to the patient. A family's standing counts
for all who use its line. *Better* is who would have had more on credit, or better standing, and
nothing less; *worse* the reverse; *mixed* is both at once."""


def as_csv(found: ComparedSchemes) -> str:
    """Write the figures and the groups as CSV; money in yuan, shares in percent."""
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(["section", "name", "recorded", "baseline", "changed"])
    for row in _ROWS:
        really = "" if row.recorded is None else _plain(row.recorded(found.recorded), row.unit)
        before, after = row.of(found.baseline), row.of(found.changed)
        values = (really, _plain(before, row.unit), _plain(after, row.unit))
        table.writerow(["figures", row.name, *values])
    table.writerow([])
    table.writerow(["group", "value", "people", "better", "worse", "mixed"])
    for one in found.groups:
        table.writerow([one.dimension, one.value, one.people, one.better, one.worse, one.mixed])
    return written.getvalue()


def _plain(value: int, unit: str) -> str:
    return str(to_yuan(value)) if unit in {"¥", "%"} else str(value)
