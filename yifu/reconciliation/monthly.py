"""The month with the insurer: total accounts (3201), and where one is not balanced its details.

Totals are compared monthly, details daily. 3201 answers with a verdict only, so for a kind of
clearing that is not balanced the month's details (3202) say what the insurer has. They do not name
the insurance: when one insurance alone is not balanced its sums are what the balanced ones leave.
"""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection, transaction

from yifu import clock
from yifu.errors import NotFound
from yifu.institutions.models import Institution
from yifu.insurance import statements as insurer
from yifu.insurance.files import UnreadableFile
from yifu.insurance.messages import Totals
from yifu.insurance.statements import Booked, Period, Stated
from yifu.insurance.totals import NOTHING, Account, Verdict, compare_totals
from yifu.reconciliation import booked, rules, statements
from yifu.reconciliation.errors import StatementUnreadable
from yifu.reconciliation.models import MonthlyTotal
from yifu.reconciliation.rules import Row


class Sums(NamedTuple):
    """What a side has: how many rows, and fen."""

    rows: int
    total_fen: int
    fund_fen: int
    account_fen: int

    def less(self, other: "Sums") -> "Sums":
        """Take other sums away."""
        return Sums(*(mine - its for mine, its in zip(self, other, strict=True)))


@dataclass(frozen=True, slots=True)
class Detail:
    """A kind of clearing in detail: the insurer's sums, and how many rows differ."""

    theirs: Sums
    differing: int


def month_of(day: date) -> Period:
    """Give the calendar month of a day."""
    last = monthrange(day.year, day.month)[1]
    return Period(day.replace(day=1), day.replace(day=last))


def match_month(*, institution_id: int, month: date, now: datetime) -> list[MonthlyTotal]:
    """Compare an institution's month with its insurer, account by account (P7.2, NHSA 3201).

    `month` is any day of it. Again for the same month replaces what was said before. Must be called
    outside any transaction. Raises `NotFound`, `StatementUnreadable`, `NoMonthlyTotals`,
    `NotConnected`, `InsurerRefused`, `InsurerUnavailable`, `InsurerNonsense`; then everything stays
    as it was.
    """
    institution = Institution.objects.filter(pk=institution_id).first()
    if institution is None:
        raise NotFound(what="institution")
    period = month_of(month)
    ours = _totals(institution, period)
    verdicts = compare_totals(institution.pk, ours, period=period, now=now)
    unbalanced = {one.account.clr_type for one in verdicts if not one.agrees}
    details = _details(institution, period, unbalanced, now=now) if unbalanced else {}
    rows = [
        _row(institution, period, verdict, _theirs(verdict, verdicts, details), details, now)
        for verdict in verdicts
    ]
    with transaction.atomic():
        MonthlyTotal.objects.filter(institution=institution, month=period.begin).delete()
        return MonthlyTotal.objects.bulk_create(rows)


def _parameters(institution: Institution, period: Period) -> dict[str, Any]:
    return {
        "institution": institution.pk,
        "first": period.begin,
        "last": period.end,
        "from": clock.day_bounds(period.begin)[0],
        "until": clock.day_bounds(period.end)[1],
    }


def _totals(institution: Institution, period: Period) -> dict[Account, Totals]:
    """Sum our settlements and reversals of a period up by account."""
    cleared = booked.Cleared.at(institution)
    with connection.cursor() as cursor:
        cursor.execute(statements.MONTH, _parameters(institution, period))
        found = cursor.fetchall()
    sums: dict[Account, Totals] = {}
    for insutype, kind, med_type, area, told, *amounts in found:
        account = Account(insutype, cleared.as_(kind, med_type, area, told))
        sums[account] = _added(sums.get(account, NOTHING), Totals(*amounts))
    return sums


def _added(one: Totals, other: Totals) -> Totals:
    return Totals(
        medfee_fen=one.medfee_fen + other.medfee_fen,
        fund_fen=one.fund_fen + other.fund_fen,
        account_fen=one.account_fen + other.account_fen,
        cash_fen=one.cash_fen + other.cash_fen,
        count=one.count + other.count,
    )


def _details(
    institution: Institution, period: Period, clr_types: set[str], *, now: datetime
) -> dict[str, Detail]:
    """Ask for the month's details of some kinds of clearing (NHSA 3202)."""
    mine: dict[str, list[Booked]] = defaultdict(list)
    for one in booked.of(institution, _parameters(institution, period)):
        mine[one.clr_type].append(one)
    found = {}
    for clr_type in sorted(clr_types):
        try:
            stated = insurer.fetch(
                institution.pk, mine[clr_type], period=period, now=now, clr_types=[clr_type]
            )
        except UnreadableFile as error:
            raise StatementUnreadable(
                party="insurer", date=str(period), reason=str(error)[:300]
            ) from error
        found[clr_type] = _detail(mine[clr_type], stated)
    return found


def _detail(mine: Sequence[Booked], stated: Sequence[Stated]) -> Detail:
    compared = rules.compare(
        (Row(one.line.setl_id, one.line.refund, *one.line[3:6]) for one in mine),
        (Row(*one) for one in stated),
    )
    sums = (sum(figures) for figures in zip(*(one[2:] for one in stated), strict=True))
    return Detail(Sums(len(stated), *(sums if stated else (0, 0, 0))), len(compared.found))


def _ours(verdict: Verdict) -> Sums:
    ours = verdict.ours
    return Sums(ours.count, ours.medfee_fen, ours.fund_fen, ours.account_fen)


def _theirs(
    verdict: Verdict, verdicts: Sequence[Verdict], details: Mapping[str, Detail]
) -> Sums | None:
    """Tell the insurer's sums of an account; None where nothing tells its insurances apart."""
    if verdict.agrees:
        return _ours(verdict)
    clr_type = verdict.account.clr_type
    others = [one for one in verdicts if one.account.clr_type == clr_type and one is not verdict]
    if not all(one.agrees for one in others):
        return None
    left = details[clr_type].theirs
    for one in others:
        left = left.less(_ours(one))
    return left


def _row(
    institution: Institution,
    period: Period,
    verdict: Verdict,
    theirs: Sums | None,
    details: Mapping[str, Detail],
    now: datetime,
) -> MonthlyTotal:
    ours = _ours(verdict)
    count, total, fund, account = theirs or (None, None, None, None)
    return MonthlyTotal(
        institution=institution,
        month=period.begin,
        insutype=verdict.account.insutype,
        clr_type=verdict.account.clr_type,
        verdict=verdict.meaning,
        stmt_rslt=verdict.stmt_rslt,
        description=verdict.description[:200],
        our_count=ours.rows,
        our_fen=ours.total_fen,
        our_fund_fen=ours.fund_fen,
        our_account_fen=ours.account_fen,
        their_count=count,
        their_fen=total,
        their_fund_fen=fund,
        their_account_fen=account,
        differing=0 if verdict.agrees else details[verdict.account.clr_type].differing,
        asked_at=now,
    )
