"""Settlements over HTTP."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

import orjson
from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import ConfigDict, Field, model_validator

from yifu import clock
from yifu.institutions.auth import allow
from yifu.institutions.services import request_key
from yifu.insurance.messages import Credential
from yifu.problems import PROBLEMS
from yifu.settlement import onecode, previewing, reversing, services, whole
from yifu.settlement.answers import Outcome
from yifu.settlement.audit_api import AuditOut
from yifu.visits.api import CredentialIn

router = Router()

Id = Annotated[int, Field(ge=1, le=2**63 - 1)]
Reason = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]+$")]
KEY_HEADER = {
    "parameters": [
        {
            "in": "header",
            "name": "Idempotency-Key",
            "required": True,
            "schema": {"type": "string", "minLength": 1, "maxLength": 80, "pattern": "^[!-~]+$"},
        },
    ],
}
"""Every POST that moves money needs a key."""


class AuthorisationIn(Schema):
    """The text of the code the patient shows; used up by this request and never stored (P1.7)."""

    model_config = ConfigDict(extra="forbid")

    qr_code: Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[!-~]+$")]


class SettleIn(Schema):
    """The main job: settle a visit's charges; a stay's `interim` while it goes on (中途结算)."""

    model_config = ConfigDict(extra="forbid")

    visit_id: Id
    charge_ids: Annotated[list[Id], Field(min_length=1, max_length=1000)] | None = None
    method: Literal["auto", "cash", "wechat"] = "auto"
    credential: CredentialIn | None = None
    interim: bool = False
    authorisation: AuthorisationIn | None = None

    @model_validator(mode="after")
    def _one_code_says_all(self) -> Self:
        """One code names the person and how all of it is paid."""
        if self.authorisation and (self.method != "auto" or self.credential or self.interim):
            raise ValueError("with an authorisation neither method, credential nor interim")
        return self


class ReverseIn(Schema):
    """Undo a settlement in whole."""

    model_config = ConfigDict(extra="forbid")

    reason: Reason
    authorisation: AuthorisationIn | None = None


class RefundIn(Schema):
    """Take charges off a settlement."""

    model_config = ConfigDict(extra="forbid")

    charge_ids: Annotated[list[Id], Field(min_length=1, max_length=1000)]
    reason: Reason
    authorisation: AuthorisationIn | None = None


class BillSummary(Schema):
    """The bill a settlement opened; fen."""

    id: int
    state: str
    amount_fen: int
    paid_fen: int
    due_at: str | None


class InsurerOut(Schema):
    """The insurer's number for it, and the message that made it."""

    setl_id: str
    msgid: str


class SettlementOut(Schema):
    """A settlement; total = fund + account + personal + hospital, in fen."""

    id: int
    visit_id: int
    state: str
    total_fen: int
    fund_fen: int
    account_fen: int
    personal_fen: int
    hospital_fen: int
    method: str | None
    bill: BillSummary | None
    insurer: InsurerOut | None
    replaces: int | None
    reason: str


class WarningOut(Schema):
    """Something to watch out for, and the charge lines it concerns."""

    code: str
    message_zh: str
    message_en: str
    lines: list[int]


class PreviewOut(Schema):
    """What a settlement would come to; fen."""

    warnings: list[WarningOut]
    total_fen: int
    fund_fen: int
    account_fen: int
    personal_fen: int
    method: str
    audit: AuditOut | None


class UploadOut(Schema):
    """How many of a stay's charges the insurer has."""

    visit_id: int
    lines: int


class ReopenedOut(Schema):
    """A stay that goes on."""

    visit_id: int
    visit_no: str
    ended_at: datetime | None


ANSWERS: dict[Any, Any] = {201: SettlementOut, 202: SettlementOut, **PROBLEMS}


def _answer(outcome: Outcome) -> HttpResponse:
    """Write the outcome as it is: its form is `SettlementOut`, the same bytes that a key keeps."""
    body = orjson.dumps(outcome.body)
    return HttpResponse(body, status=outcome.status, content_type="application/json; charset=utf-8")


def _code(given: AuthorisationIn | None) -> str | None:
    return None if given is None else given.qr_code


def credential_of(given: CredentialIn | None) -> Credential | None:
    """Turn a shown credential into what the messages carry; it is used and dropped (P1.7)."""
    if given is None:
        return None
    return Credential(given.type, given.value, given.card_sn)


@router.post("/settlements", response=ANSWERS, openapi_extra=KEY_HEADER, summary="结算")
def settle(request: HttpRequest, body: SettleIn) -> HttpResponse:
    """Settle: insurer in real time, personal part on credit, by debit, or at the window.

    202 with state `unknown` (or `awaiting_payment`) while an outside answer is missing.
    """
    caller = allow(request, "settlements")
    if body.authorisation is not None:
        return _answer(
            onecode.settle(
                institution_id=caller.institution_id,
                visit_id=body.visit_id,
                code=body.authorisation.qr_code,
                charge_ids=body.charge_ids,
                now=clock.request_now(request),
                key=request_key(request, caller),
            )
        )
    outcome = services.settle(
        institution_id=caller.institution_id,
        visit_id=body.visit_id,
        charge_ids=body.charge_ids,
        method=body.method,
        interim=body.interim,
        now=clock.request_now(request),
        key=request_key(request, caller),
        credential=credential_of(body.credential),
    )
    return _answer(outcome)


@router.get(
    "/settlements/{settlement_id}",
    response={200: SettlementOut, **PROBLEMS},
    summary="查询结算",
)
def read(request: HttpRequest, settlement_id: Id) -> dict[str, Any]:
    """Read a settlement as it is now."""
    caller = allow(request, "settlements")
    return services.describe(settlement_id, institution_id=caller.institution_id)


@router.post(
    "/settlements/{settlement_id}/reverse",
    response=ANSWERS,
    openapi_extra=KEY_HEADER,
    summary="撤销结算",
)
def reverse(request: HttpRequest, settlement_id: Id, body: ReverseIn) -> HttpResponse:
    """Undo a settlement in whole; what was paid goes back by the way it came."""
    caller = allow(request, "settlements")
    outcome = reversing.reverse(
        institution_id=caller.institution_id,
        settlement_id=settlement_id,
        reason=body.reason,
        now=clock.request_now(request),
        key=request_key(request, caller),
        code=_code(body.authorisation),
    )
    return _answer(outcome)


@router.post(
    "/settlements/{settlement_id}/refunds",
    response=ANSWERS,
    openapi_extra=KEY_HEADER,
    summary="退费",
)
def refund(request: HttpRequest, settlement_id: Id, body: RefundIn) -> HttpResponse:
    """Take charges off a settlement; gives the settlement of what remains.

    When the insurer refuses what remains, gives the old one, `reversed`: settle the rest again.
    """
    caller = allow(request, "settlements")
    outcome = reversing.refund(
        institution_id=caller.institution_id,
        settlement_id=settlement_id,
        charge_ids=body.charge_ids,
        reason=body.reason,
        now=clock.request_now(request),
        key=request_key(request, caller),
        code=_code(body.authorisation),
    )
    return _answer(outcome)


@router.post(
    "/visits/{visit_id}/upload", response={200: UploadOut, **PROBLEMS}, summary="住院费用上传医保"
)
def upload(request: HttpRequest, visit_id: Id) -> dict[str, int]:
    """Bring a stay's charges to the insurer before it is settled (NHSA 2301); safe to repeat."""
    caller = allow(request, "settlements")
    lines = whole.upload(
        visit_id, institution_id=caller.institution_id, now=clock.request_now(request)
    )
    return {"visit_id": visit_id, "lines": lines}


@router.post(
    "/visits/{visit_id}/reopen", response={200: ReopenedOut, **PROBLEMS}, summary="撤销出院"
)
def reopen(request: HttpRequest, visit_id: Id) -> dict[str, Any]:
    """Take a stay's discharge back, to put its charges right (NHSA 2405)."""
    caller = allow(request, "settlements")
    visit = whole.reopen(
        visit_id, institution_id=caller.institution_id, now=clock.request_now(request)
    )
    return {"visit_id": visit.pk, "visit_no": visit.visit_no, "ended_at": visit.ended_at}


@router.post("/visits/{visit_id}/preview", response={200: PreviewOut, **PROBLEMS}, summary="预结算")
def preview(request: HttpRequest, visit_id: Id) -> dict[str, Any]:
    """Tell warnings and the expected split; changes nothing."""
    caller = allow(request, "settlements")
    return previewing.preview(
        institution_id=caller.institution_id,
        visit_id=visit_id,
        now=clock.request_now(request),
    )
