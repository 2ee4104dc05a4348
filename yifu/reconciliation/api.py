"""Matching over HTTP: what the other sides say about a day, and decisions about differences."""

import re
from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Path, Router, Schema
from pydantic import BeforeValidator, ConfigDict, Field

from yifu import clock
from yifu.institutions.auth import allow
from yifu.problems import PROBLEMS
from yifu.reconciliation import services
from yifu.reconciliation.models import Difference, MonthlyTotal, Statement
from yifu.reconciliation.rules import HINTS

router = Router()

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def _plain_date(value: object) -> object:
    """Take only yyyy-mm-dd: a number would be read as seconds since 1970."""
    if isinstance(value, str) and not _DATE.fullmatch(value):
        raise ValueError("a date as yyyy-mm-dd")
    return value


Id = Annotated[int, Field(ge=1, le=2**63 - 1)]
Day = Annotated[date, BeforeValidator(_plain_date)]


class DifferenceOut(Schema):
    """Where we and the other side disagree, as either has it, and what to do about it.

    `figure` says which figure differs; a side that has no such row at all has null. Reversals and
    refunds (`negative`) have negative amounts. `hint_zh` and `hint_en` say what to do.
    """

    id: int
    kind: Literal["theirs_only", "ours_only", "amount"]
    key: str
    negative: bool
    figure: Literal["amount", "fund", "account"]
    our_fen: int | None
    their_fen: int | None
    state: Literal["found", "explained", "corrected"]
    note: str
    decided_by: str
    found_at: datetime
    decided_at: datetime | None
    hint_zh: str
    hint_en: str


class StatementOut(Schema):
    """The other side's statement of a day. Sums are net: reversals and refunds count negative."""

    id: int
    party: Literal["insurer", "channel"]
    channel: str
    fetched_at: datetime
    rows: int
    matched: int
    our_fen: int
    their_fen: int
    differences: list[DifferenceOut]


class DayOut(Schema):
    """All statements of a day; none before it was matched."""

    business_date: date
    statements: list[StatementOut]


class DecisionIn(Schema):
    """What was found out about a difference."""

    model_config = ConfigDict(extra="forbid")

    state: Literal["explained", "corrected"]
    note: Annotated[
        str, Field(min_length=1, max_length=300, pattern=r"^[^\x00]*[^\s\x00][^\x00]*$")
    ]


def show_difference(difference: Difference, *, party: str) -> dict[str, Any]:
    """Describe a difference and what to do about it."""
    hint = HINTS[party, difference.kind, difference.negative]
    return {
        "id": difference.pk,
        "kind": difference.kind,
        "key": difference.key,
        "negative": difference.negative,
        "figure": difference.figure,
        "our_fen": difference.our_fen,
        "their_fen": difference.their_fen,
        "state": difference.state,
        "note": difference.note,
        "decided_by": difference.decided_by,
        "found_at": difference.found_at,
        "decided_at": difference.decided_at,
        "hint_zh": hint.zh,
        "hint_en": hint.en,
    }


def show(statement: Statement) -> dict[str, Any]:
    """Describe a statement with its differences, oldest first."""
    differences = sorted(statement.differences.all(), key=lambda one: one.pk)
    return {
        "id": statement.pk,
        "party": statement.party,
        "channel": statement.channel,
        "fetched_at": statement.fetched_at,
        "rows": statement.rows,
        "matched": statement.matched,
        "our_fen": statement.our_fen,
        "their_fen": statement.their_fen,
        "differences": [show_difference(one, party=statement.party) for one in differences],
    }


@router.get(
    "/reconciliation/{business_date}", response={200: DayOut, **PROBLEMS}, summary="查询对账结果"
)
def read(request: HttpRequest, business_date: Annotated[Day, Path()]) -> dict[str, Any]:
    """Read the caller's statements of a day with their differences."""
    caller = allow(request, "reconciliation")
    found = (
        Statement.objects.filter(institution_id=caller.institution_id, business_date=business_date)
        .order_by("party", "channel")
        .prefetch_related("differences")
    )
    return {"business_date": business_date, "statements": [show(one) for one in found]}


class SideOut(Schema):
    """One side's sums of an account; reversals count negative, and as rows of their own."""

    count: int
    total_fen: int
    fund_fen: int
    account_fen: int


class MonthlyTotalOut(Schema):
    """The insurer's verdict on a month's account of one insurance and kind of clearing (NHSA 3201).

    `theirs` is null where the insurer's details do not tell its insurances apart. `differing` says
    how many rows of the kind of clearing differ, of all insurances.
    """

    insutype: str
    clr_type: str
    verdict: Literal["equal", "unequal", "ours_only", "theirs_only"]
    stmt_rslt: str
    description: str
    ours: SideOut
    theirs: SideOut | None
    differing: int
    asked_at: datetime


class MonthOut(Schema):
    """The accounts of a month; none before it was matched."""

    month: str
    totals: list[MonthlyTotalOut]


def _side(one: MonthlyTotal, whose: Literal["our", "their"]) -> dict[str, int] | None:
    names = {"count": "count", "total_fen": "fen", "fund_fen": "fund_fen"}
    names |= {"account_fen": "account_fen"}
    side = {shown: getattr(one, f"{whose}_{name}") for shown, name in names.items()}
    return None if side["count"] is None else side


@router.get(
    "/reconciliation/months/{month}",
    response={200: MonthOut, **PROBLEMS},
    summary="查询月度总账对账结果",
)
def read_month(
    request: HttpRequest, month: Annotated[str, Path(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$")]
) -> dict[str, Any]:
    """Read the insurer's verdicts on the caller's total accounts of a month."""
    caller = allow(request, "reconciliation")
    found = MonthlyTotal.objects.filter(
        institution_id=caller.institution_id, month=f"{month}-01"
    ).order_by("insutype", "clr_type")
    totals = [
        {
            "insutype": one.insutype,
            "clr_type": one.clr_type,
            "verdict": one.verdict,
            "stmt_rslt": one.stmt_rslt,
            "description": one.description,
            "ours": _side(one, "our"),
            "theirs": _side(one, "their"),
            "differing": one.differing,
            "asked_at": one.asked_at,
        }
        for one in found
    ]
    return {"month": month, "totals": totals}


@router.post(
    "/reconciliation/differences/{difference_id}/decision",
    response={200: DifferenceOut, **PROBLEMS},
    summary="处理差异",
)
def decide(request: HttpRequest, difference_id: Id, body: DecisionIn) -> dict[str, Any]:
    """Write down what was found out about one of the caller's differences."""
    caller = allow(request, "reconciliation")
    difference = services.decide(
        difference_id,
        institution_id=caller.institution_id,
        state=body.state,
        note=body.note,
        by=caller.institution_code,
        now=clock.request_now(request),
    )
    return show_difference(difference, party=difference.statement.party)
