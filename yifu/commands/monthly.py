"""`yifu reconcile --month`: the month's total accounts with the insurer, both sums and verdict."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import click

from yifu.institutions.models import Institution
from yifu.insurance.models import Connection
from yifu.reconciliation import monthly
from yifu.reconciliation.models import MonthlyTotal, Verdict


def as_month(_context: click.Context, _option: click.Parameter, value: str | None) -> date | None:
    """Read `--month YYYY-MM` as the month's first day."""
    if value is None:
        return None
    try:
        return date.fromisoformat(f"{value}-01")
    except ValueError as error:
        raise click.BadParameter("a month is written 2026-03") from error


def match(month: date, *, now: datetime) -> list[MonthlyTotal]:
    """Match a month of every institution that has an insurer."""
    connected = Connection.objects.values_list("institution_id", flat=True)
    return [
        total
        for hospital in Institution.objects.filter(pk__in=connected).order_by("code")
        for total in monthly.match_month(institution_id=hospital.pk, month=month, now=now)
    ]


def report(month: date, totals: Iterable[MonthlyTotal]) -> dict[str, Any]:
    """Describe the verdicts for programs."""
    return {"month": f"{month:%Y-%m}", "totals": [describe(one) for one in totals]}


def describe(one: MonthlyTotal) -> dict[str, Any]:
    """Describe one account: verdict, both sides, the insurer's sentence."""
    return {
        "institution": one.institution.code,
        "insutype": one.insutype,
        "clr_type": one.clr_type,
        "verdict": one.verdict,
        "stmt_rslt": one.stmt_rslt,
        "description": one.description,
        "ours": _side(one, "our"),
        "theirs": None if one.their_count is None else _side(one, "their"),
        "differing": one.differing,
    }


def _side(one: MonthlyTotal, whose: str) -> dict[str, int]:
    names = ("count", "fen", "fund_fen", "account_fen")
    return {name: getattr(one, f"{whose}_{name}") for name in names}


def lines(totals: Iterable[MonthlyTotal]) -> list[str]:
    """Write the verdicts for people; accounts in which nobody has anything are left out."""
    said = []
    for one in totals:
        if one.agrees and not one.our_count:
            continue
        mark = "" if one.agrees else "! "
        theirs = "?" if one.their_count is None else f"{one.their_count} / {one.their_fen} fen"
        said.append(
            f"{mark}{one.institution.code} {one.month:%Y-%m} insutype {one.insutype} "
            f"clr_type {one.clr_type}: {Verdict(one.verdict).label} {one.verdict}, "
            f"ours {one.our_count} / {one.our_fen} fen, theirs {theirs}"
        )
        if not one.agrees:
            said.append(f"    {one.differing} rows differ; {one.description}")
    return said or ["no settlements on either side"]
