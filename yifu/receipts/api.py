"""Receipts over HTTP: look up what was issued for a settlement."""

from datetime import datetime
from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Path, Query, Router, Schema

from yifu.errors import NotFound
from yifu.institutions.auth import allow
from yifu.problems import PROBLEMS
from yifu.receipts.models import Receipt

router = Router()

_MAX_ID = 2**63 - 1


class ReceiptOut(Schema):
    """A fiscal receipt. A red one cancels `red_of` and its amount is negative (红冲).

    `code`, `number` and `check_code` are 票据代码, 票据号码 and 校验码, empty until it is issued;
    `detail` says why it is not issued yet.
    """

    id: int
    settlement_id: int
    visit_id: int
    kind: Literal["blue", "red"]
    red_of: int | None
    state: Literal["requested", "issued", "flushed"]
    amount_fen: int
    code: str
    number: str
    check_code: str
    detail: str
    requested_at: datetime
    issued_at: datetime | None


class ReceiptList(Schema):
    """The receipts of a settlement, oldest first: at most one and its red one."""

    items: list[ReceiptOut]


def show(receipt: Receipt) -> dict[str, object]:
    """Describe a receipt."""
    return {
        "id": receipt.pk,
        "settlement_id": receipt.settlement_id,
        "visit_id": receipt.visit_id,
        "kind": "blue" if receipt.red_of_id is None else "red",
        "red_of": receipt.red_of_id,
        "state": receipt.state,
        "amount_fen": receipt.amount_fen,
        "code": receipt.code,
        "number": receipt.number,
        "check_code": receipt.check_code,
        "detail": receipt.detail,
        "requested_at": receipt.requested_at,
        "issued_at": receipt.issued_at,
    }


@router.get("/receipts", response={200: ReceiptList, **PROBLEMS}, summary="查询结算的电子票据")
def of_settlement(
    request: HttpRequest, settlement_id: Annotated[int, Query(ge=1, le=_MAX_ID)]
) -> dict[str, object]:
    """List the receipts of one of the caller's settlements; none for another's or unknown one."""
    caller = allow(request, "receipts")
    found = Receipt.objects.filter(
        settlement_id=settlement_id, institution_id=caller.institution_id
    ).order_by("id")
    return {"items": [show(receipt) for receipt in found]}


@router.get("/receipts/{receipt_id}", response={200: ReceiptOut, **PROBLEMS}, summary="电子票据")
def read(
    request: HttpRequest, receipt_id: Annotated[int, Path(ge=1, le=_MAX_ID)]
) -> dict[str, object]:
    """Read a receipt of the caller's institution."""
    caller = allow(request, "receipts")
    receipt = Receipt.objects.filter(pk=receipt_id, institution_id=caller.institution_id).first()
    if receipt is None:
        raise NotFound(what="receipt")
    return show(receipt)
