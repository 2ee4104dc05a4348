"""Bills over HTTP: look up, pay."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import ConfigDict, Field

from yifu import clock
from yifu.collection import services
from yifu.collection.services import Payment
from yifu.errors import InvalidRequest
from yifu.institutions.auth import allow
from yifu.institutions.services import request_key
from yifu.money import MAX_FEN
from yifu.problems import PROBLEMS, Problem

router = Router()

LARGEST_ID = 2**63 - 1
Id = Annotated[int, Field(ge=1, le=LARGEST_ID)]
KEY_HEADER = {
    "parameters": [
        {
            "in": "header",
            "name": "Idempotency-Key",
            "required": True,
            "schema": {"type": "string", "minLength": 1, "maxLength": 80, "pattern": "^[!-~]+$"},
        }
    ]
}


class PaymentIn(Schema):
    """Pay a bill, in whole or in part; integer fen.

    `payer_id` pays for somebody else: the patient or a relative by contract through the own
    binding, or anybody registered at the hospital in cash. What goes back goes back to them.
    """

    model_config = ConfigDict(extra="forbid")

    channel: Literal["cash", "wechat"]
    amount_fen: Annotated[int, Field(strict=True, ge=1, le=MAX_FEN)]
    payer_id: Id | None = None


class BillOut(Schema):
    """What a principal owes for a visit; owed = amount − paid, fen."""

    id: int
    visit_id: int
    person_id: int
    principal_id: int
    state: str
    amount_fen: int
    paid_fen: int
    due_at: str | None


class BillsOut(Schema):
    """A page of bills; `next_cursor` is null on the last."""

    items: list[BillOut]
    next_cursor: str | None


class AttemptOut(Schema):
    """A payment: `succeeded`, or `unknown` while the channel has not answered."""

    id: int
    state: str
    channel: str
    amount_fen: int
    payer_id: int


class PaymentOut(Schema):
    """A payment and the bill as it is after it."""

    bill: BillOut
    payment: AttemptOut


class BillsAsked(Schema):
    """Which bills, from where on, how many."""

    principal_id: Id | None = None
    cursor: Annotated[str, Field(max_length=20, pattern="^[0-9]*$")] = ""
    limit: Annotated[int, Field(ge=1, le=200)] = 50


@router.get("/bills", response={200: BillsOut, **PROBLEMS}, summary="查询账单")
def list_bills(request: HttpRequest, asked: Query[BillsAsked]) -> dict[str, Any]:
    """List bills of the caller's visits, oldest first."""
    caller = allow(request, "bills")
    after_id = int(asked.cursor or 0)
    if after_id > LARGEST_ID:
        raise InvalidRequest(field="cursor")
    bills = services.list_bills(
        institution_id=caller.institution_id,
        principal_id=asked.principal_id,
        after_id=after_id,
        limit=asked.limit + 1,
    )
    page = bills[: asked.limit]
    more = len(bills) > asked.limit
    return {
        "items": [services.describe(bill) for bill in page],
        "next_cursor": str(page[-1].pk) if more else None,
    }


@router.get("/bills/{bill_id}", response={200: BillOut, **PROBLEMS}, summary="账单详情")
def read(request: HttpRequest, bill_id: Id) -> dict[str, Any]:
    """Read a bill of one of the caller's visits."""
    caller = allow(request, "bills")
    return services.describe(services.find_bill(bill_id, institution_id=caller.institution_id))


@router.post(
    "/bills/{bill_id}/payments",
    response={201: PaymentOut, 202: PaymentOut, 402: Problem, **PROBLEMS},
    openapi_extra=KEY_HEADER,
    summary="账单付款",
)
def pay(request: HttpRequest, bill_id: Id, body: PaymentIn) -> Status[dict[str, Any]]:
    """Pay a bill at the window or by a debit.

    202 while the channel's answer is missing, 402 when it refused: then nothing was taken.
    """
    caller = allow(request, "bills")
    answered = services.pay(
        Payment(bill_id, body.channel, body.amount_fen, caller.institution_id, body.payer_id),
        now=clock.request_now(request),
        key=request_key(request, caller),
    )
    return Status(answered.status, answered.body)
