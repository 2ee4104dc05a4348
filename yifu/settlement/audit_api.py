"""Decisions about what the insurer's audit objects to, over HTTP."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import ConfigDict, Field

from yifu import clock
from yifu.institutions.auth import allow
from yifu.insurance.audit import REASON_MAX
from yifu.problems import PROBLEMS
from yifu.settlement import auditing

router = Router()

Id = Annotated[int, Field(ge=1, le=2**63 - 1)]
_PRINTED = r"^[^\x00-\x1f]*$"


class FindingOut(Schema):
    """A violation the insurer sees; `decision` is null while nobody has decided. Amounts in fen."""

    id: int
    rule: str
    message: str
    evidence: str
    severity: Literal["definite", "likely", "slight"]
    amount_fen: int
    lines: list[int]
    decision: Literal["continue", "change"] | None
    reason: str


class AuditOut(Schema):
    """What the insurer's audit says; `silent` when it did not answer, which stops nothing."""

    stage: Literal["before", "during"]
    state: Literal["answered", "silent", "not_asked"]
    detail: str
    findings: list[FindingOut]


class DecisionIn(Schema):
    """A doctor's decision; going on needs a reason (NHSA 3103)."""

    model_config = ConfigDict(extra="forbid")

    finding_ids: Annotated[list[Id], Field(min_length=1, max_length=100)]
    decision: Literal["continue", "change"]
    reason: Annotated[str, Field(max_length=REASON_MAX, pattern=_PRINTED)] = ""
    decided_by: Annotated[str, Field(min_length=1, max_length=60, pattern=_PRINTED)]


class DecisionsOut(Schema):
    """The findings as they are decided now."""

    findings: list[FindingOut]


@router.post(
    "/visits/{visit_id}/audit-decisions",
    response={200: DecisionsOut, **PROBLEMS},
    summary="医保审核提醒的处理",
)
def decide(request: HttpRequest, visit_id: Id, body: DecisionIn) -> dict[str, Any]:
    """Go on with a reason, or change the orders; the insurer is told. Repeating it changes nothing.

    The findings are those that `preview` lists.
    """
    caller = allow(request, "settlements")
    found = auditing.decide(
        institution_id=caller.institution_id,
        visit_id=visit_id,
        finding_ids=body.finding_ids,
        way=body.decision,
        reason=body.reason,
        by=body.decided_by,
        now=clock.request_now(request),
    )
    return {"findings": found}
