"""Bad debt over HTTP: propose, approve, refuse, and what a treasury bears (P4.6)."""

from datetime import date
from typing import Annotated, Any, Literal

import orjson
from django.db import transaction
from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import ConfigDict, Field

from yifu import clock
from yifu.collection import baddebt
from yifu.collection.api import KEY_HEADER, LARGEST_ID, Id
from yifu.collection.models import WriteOff
from yifu.errors import InvalidRequest
from yifu.institutions import services as institutions
from yifu.institutions.auth import allow
from yifu.institutions.services import Earlier, request_key
from yifu.problems import PROBLEMS

router = Router()

Person = Annotated[
    str, Field(min_length=1, max_length=150, pattern=r"^[^\x00-\x1f]*\S[^\x00-\x1f]*$")
]
Note = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]
Bearer = Annotated[str, Field(pattern=r"^[a-z0-9._-]{1,40}$", max_length=40)]


class WriteOffDecisionIn(Schema):
    """Who decides, by the hospital's own name for them. The two must be different people."""

    model_config = ConfigDict(extra="forbid")

    by: Person


class WriteOffReasonIn(WriteOffDecisionIn):
    """Who proposes or refuses, and why."""

    note: Note


class WriteOffOut(Schema):
    """A bill given up; still borne = amount − recovered − lowered, fen."""

    id: int
    bill_id: int
    state: str
    amount_fen: int
    recovered_fen: int
    lowered_fen: int
    bearer: str
    rule: str
    proposed_by: str
    proposed_at: str
    decided_by: str
    decided_at: str | None
    note: str


class WriteOffsOut(Schema):
    """A page of write-offs; `next_cursor` is null on the last."""

    items: list[WriteOffOut]
    next_cursor: str | None


class WriteOffsAsked(Schema):
    """Which write-offs, from where on, how many."""

    state: Literal["proposed", "approved", "refused"] | None = None
    cursor: Annotated[str, Field(max_length=20, pattern="^[0-9]*$")] = ""
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class StatementAsked(Schema):
    """Whose statement, of which month."""

    bearer: Bearer
    month: Annotated[str, Field(pattern=r"^2[0-9]{3}-(0[1-9]|1[0-2])$")]


class BadDebtRowOut(Schema):
    """A movement of bad debt; negative where it ended, fen."""

    date: str
    kind: str
    bill_id: int
    visit_no: str
    amount_fen: int


class BadDebtStatementOut(Schema):
    """A month of a bearer's bad debt at the caller's institution, fen."""

    bearer: str
    month: str
    opening_fen: int
    written_off_fen: int
    recovered_fen: int
    lowered_fen: int
    closing_fen: int
    rows: list[BadDebtRowOut]


@router.get("/write-offs", response={200: WriteOffsOut, **PROBLEMS}, summary="查询核销")
def list_write_offs(request: HttpRequest, asked: Query[WriteOffsAsked]) -> dict[str, Any]:
    """List write-offs of the caller's bills, oldest first."""
    caller = allow(request, "standing")
    after_id = int(asked.cursor or 0)
    if after_id > LARGEST_ID:
        raise InvalidRequest(field="cursor")
    found = baddebt.list_write_offs(
        institution_id=caller.institution_id,
        state=asked.state,
        after_id=after_id,
        limit=asked.limit + 1,
    )
    page = found[: asked.limit]
    more = len(found) > asked.limit
    return {
        "items": [describe(one) for one in page],
        "next_cursor": str(page[-1].pk) if more else None,
    }


@router.post(
    "/bills/{bill_id}/write-offs", response={201: WriteOffOut, **PROBLEMS}, summary="申请核销"
)
def propose(request: HttpRequest, bill_id: Id, body: WriteOffReasonIn) -> Status[dict[str, Any]]:
    """Propose a bill in default for writing off; a second person approves or refuses it."""
    caller = allow(request, "standing")
    made = baddebt.propose(
        bill_id=bill_id,
        by=body.by,
        note=body.note,
        now=clock.request_now(request),
        institution_id=caller.institution_id,
    )
    return Status(201, describe(made))


@router.post(
    "/write-offs/{write_off_id}/approve",
    response={200: WriteOffOut, **PROBLEMS},
    openapi_extra=KEY_HEADER,
    summary="批准核销",
)
def approve(
    request: HttpRequest, write_off_id: Id, body: WriteOffDecisionIn
) -> Status[dict[str, Any]]:
    """Agree to a write-off. It stays `proposed` after the first of two people for a rule's."""
    caller = allow(request, "standing")
    key = request_key(request, caller)
    now = clock.request_now(request)
    with transaction.atomic():
        claimed = institutions.claim_key(key, now=now)
        if isinstance(claimed, Earlier):
            return Status(claimed.status, claimed.body)
        decided = baddebt.approve(
            write_off_id, by=body.by, now=now, institution_id=caller.institution_id
        )
        answer = describe(decided)
        institutions.answer_key(
            claimed,
            status=200,
            body=orjson.dumps(answer).decode(),
            effect=f"writeoff:{write_off_id}",
        )
    return Status(200, answer)


@router.post(
    "/write-offs/{write_off_id}/refuse", response={200: WriteOffOut, **PROBLEMS}, summary="不予核销"
)
def refuse(request: HttpRequest, write_off_id: Id, body: WriteOffReasonIn) -> dict[str, Any]:
    """Leave a proposed bill owed, saying why."""
    caller = allow(request, "standing")
    decided = baddebt.refuse(
        write_off_id,
        by=body.by,
        note=body.note,
        now=clock.request_now(request),
        institution_id=caller.institution_id,
    )
    return describe(decided)


@router.get(
    "/bad-debt/statement", response={200: BadDebtStatementOut, **PROBLEMS}, summary="坏账月报"
)
def read_statement(request: HttpRequest, asked: Query[StatementAsked]) -> dict[str, Any]:
    """Read a month of a bearer's bad debt, as far as it is of the caller's bills."""
    caller = allow(request, "standing")
    month = date.fromisoformat(f"{asked.month}-01")
    found = baddebt.statement(
        bearer=asked.bearer, month=month, institution_id=caller.institution_id
    )
    return describe_statement(found)


def describe(one: WriteOff) -> dict[str, Any]:
    """Describe a write-off as the API shows it."""
    return {
        "id": one.pk,
        "bill_id": one.bill_id,
        "state": one.state,
        "amount_fen": one.amount_fen,
        "recovered_fen": one.recovered_fen,
        "lowered_fen": one.lowered_fen,
        "bearer": one.bearer,
        "rule": one.rule,
        "proposed_by": one.proposed_by,
        "proposed_at": one.proposed_at.astimezone(clock.CHINA).isoformat(),
        "decided_by": one.decided_by,
        "decided_at": one.decided_at.astimezone(clock.CHINA).isoformat()
        if one.decided_at
        else None,
        "note": one.note,
    }


def describe_statement(found: baddebt.Statement) -> dict[str, Any]:
    """Describe a statement as the API shows it."""
    return {
        "bearer": found.bearer,
        "month": f"{found.month:%Y-%m}",
        "opening_fen": found.opening_fen,
        "written_off_fen": found.written_off_fen,
        "recovered_fen": found.recovered_fen,
        "lowered_fen": found.lowered_fen,
        "closing_fen": found.closing_fen,
        "rows": [
            {
                "date": row.business_date.isoformat(),
                "kind": row.kind,
                "bill_id": row.bill_id,
                "visit_no": row.visit_no,
                "amount_fen": row.amount_fen,
            }
            for row in found.rows
        ],
    }
