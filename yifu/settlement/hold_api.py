"""Holds of visits over HTTP (P2.4, P2.5)."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import ConfigDict, Field

from yifu import clock
from yifu.credit.holds import Agreement
from yifu.institutions.auth import allow
from yifu.institutions.services import request_key
from yifu.money import MAX_FEN
from yifu.problems import PROBLEMS
from yifu.settlement import holding
from yifu.settlement.api import KEY_HEADER, Id

router = Router()

_PRINTED = r"^[^\x00-\x1f]*$"


class AgreementIn(Schema):
    """Who agreed, when booking, that nothing is confirmed in the room any more (事前授权, P2.5).

    The patient, of age, or whoever pays; `acted_by` names who did it on their behalf (代操作).
    """

    model_config = ConfigDict(extra="forbid")

    person_id: Id
    text_version: Annotated[str, Field(min_length=1, max_length=20, pattern=r"^[!-~]+$")]
    channel: Literal["phone", "kiosk", "window"]
    acted_by: Annotated[str, Field(max_length=150, pattern=_PRINTED)] = ""


class HoldIn(Schema):
    """Hold an amount, fen; left out: what the scheme holds for a visit of this kind."""

    model_config = ConfigDict(extra="forbid")

    amount_fen: Annotated[int, Field(strict=True, ge=1, lt=MAX_FEN)] | None = None
    consent: AgreementIn | None = None


class AgreementOut(Schema):
    """Who agreed to which text, and when."""

    person_id: int
    text_version: str
    channel: str
    acted_by: str
    agreed_at: str


class HoldOut(Schema):
    """A visit's hold: `open`, or `captured` (so much of it), `released`, `expired`; fen."""

    visit_id: int
    principal_id: int
    state: str
    amount_fen: int
    captured_fen: int
    opened_at: str
    expires_at: str | None
    closed_at: str | None
    consent: AgreementOut | None


@router.post(
    "/visits/{visit_id}/hold",
    response={201: HoldOut, **PROBLEMS},
    openapi_extra=KEY_HEADER,
    summary="锁定额度",
)
def hold(request: HttpRequest, visit_id: Id, body: HoldIn) -> Status[dict[str, Any]]:
    """Hold an estimate on the payer's credit line at the beginning of care.

    The settlement captures it, and takes from what is available if it is not enough.
    """
    caller = allow(request, "settlements")
    asked = body.consent
    held = holding.hold(
        visit_id,
        institution_id=caller.institution_id,
        amount_fen=body.amount_fen,
        agreement=Agreement(**asked.dict()) if asked else None,
        now=clock.request_now(request),
        key=request_key(request, caller),
    )
    return Status(held.status, held.body)


@router.get("/visits/{visit_id}/hold", response={200: HoldOut, **PROBLEMS}, summary="查询锁定额度")
def read(request: HttpRequest, visit_id: Id) -> dict[str, Any]:
    """Read a visit's newest hold, open or not."""
    caller = allow(request, "settlements")
    return holding.read(visit_id, institution_id=caller.institution_id)


@router.post(
    "/visits/{visit_id}/hold/release",
    response={200: HoldOut, **PROBLEMS},
    summary="释放锁定额度",
)
def release(request: HttpRequest, visit_id: Id) -> dict[str, Any]:
    """Give a visit's hold back, as when it does not take place; again changes nothing."""
    caller = allow(request, "settlements")
    return holding.release(
        visit_id, institution_id=caller.institution_id, now=clock.request_now(request)
    )
