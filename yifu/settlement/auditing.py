"""The insurer's audit where settlements meet it: in a preview, and before settling if so agreed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from yifu.errors import NotFound
from yifu.insurance import audit
from yifu.insurance.audit_models import Audit, AuditFinding, AuditStage, Decision
from yifu.insurance.cases import Case
from yifu.insurance.errors import AuditDecisionNeeded
from yifu.insurance.models import AuditPolicy
from yifu.insurance.rules import LineSplit
from yifu.visits.models import Charge, Visit

_WAYS = {Decision.CONTINUE: "continue", Decision.CHANGE: "change"}
WAYS = {way: decision for decision, way in _WAYS.items()}
"""What callers say for `dspo_way`."""


def in_preview(
    case: Case, charges: Sequence[Charge], lines: Sequence[LineSplit], *, now: datetime
) -> Audit | None:
    """Ask the insurer's audit (3102) with what is known of the lines; None where it is off."""
    if audit.policy_of(case.visit.institution_id) == AuditPolicy.OFF:
        return None
    return audit.ask(case, charges, stage=AuditStage.DURING, splits=lines, now=now)


def before_settling(case: Case | None, charges: Sequence[Charge], *, now: datetime) -> None:
    """Let nothing be settled over an undecided definite violation, where the institution says so.

    An audit that does not answer stops nothing. Raises `AuditDecisionNeeded`.
    """
    if case is None or audit.policy_of(case.visit.institution_id) != AuditPolicy.SETTLE:
        return
    known = audit.latest(case.visit.pk, charges)
    if known is None or known.stage != AuditStage.DURING:
        known = audit.ask(case, charges, stage=AuditStage.DURING, now=now)
    if found := audit.undecided(known):
        raise AuditDecisionNeeded(
            rules="；".join(one.rule_name for one in found),
            findings=[show_finding(one) for one in found],
        )


def show(known: Audit | None) -> dict[str, Any] | None:
    """Describe an audit for a caller."""
    if known is None:
        return None
    return {
        "stage": known.stage,
        "state": known.state,
        "detail": known.detail,
        "findings": [show_finding(one) for one in known.findings.order_by("severity", "pk")],
    }


def show_finding(one: AuditFinding) -> dict[str, Any]:
    """Describe a finding for a caller."""
    return {
        "id": one.pk,
        "rule": one.rule_name,
        "message": one.content,
        "evidence": one.evidence,
        "severity": {"1": "definite", "2": "likely"}.get(one.severity, "slight"),
        "amount_fen": one.amount_fen,
        "lines": list(one.lines),
        "decision": _WAYS.get(Decision(one.decision)) if one.decision else None,
        "reason": one.reason,
    }


def decide(
    *,
    institution_id: int,
    visit_id: int,
    finding_ids: Sequence[int],
    way: str,
    reason: str,
    by: str,
    now: datetime,
) -> list[dict[str, Any]]:
    """Keep a doctor's decision about findings of a visit, and tell the insurer (3103).

    Raises `NotFound`, `AuditReasonMissing`.
    """
    visit = Visit.objects.filter(pk=visit_id, institution=institution_id).first()
    if visit is None:
        raise NotFound(what="visit")
    found = audit.decide(
        visit, finding_ids=finding_ids, decision=WAYS[way], reason=reason, by=by, now=now
    )
    return [show_finding(one) for one in found]
