"""What the insurer's audit says of a visit, on the doctor's screen.

The page asks by itself, after it is shown, so nobody waits for an audit to see a visit; finishing
looks at what is known and asks once about a definite violation that nobody has decided about.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from yifu.errors import InvalidRequest, YifuError
from yifu.insurance import audit
from yifu.insurance import services as insurance
from yifu.insurance.audit_models import (
    Audit,
    AuditFinding,
    AuditStage,
    AuditState,
    Decision,
    Severity,
)
from yifu.insurance.models import AuditPolicy, Encounter
from yifu.visits.models import Charge, Visit

_TONES: Final = {Severity.DEFINITE: "bad", Severity.LIKELY: "warn"}


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A finding with the words and the colour for it."""

    finding: AuditFinding
    severity_label: str
    tone: str
    decision_label: str


@dataclass(frozen=True, slots=True)
class Desk:
    """The audit of a visit's open charges; `known` is None while it has not been asked."""

    known: Audit | None

    @property
    def silent(self) -> bool:
        """True when the audit did not answer."""
        return self.known is not None and self.known.state == AuditState.SILENT

    @property
    def rows(self) -> list[FindingRow]:
        """Give the findings, the gravest first."""
        found = [] if self.known is None else self.known.findings.order_by("severity", "pk")
        return [_row(one) for one in found]


@dataclass(frozen=True, slots=True)
class AuditAsked:
    """Nothing was settled: a definite violation wants a decision first."""

    findings: Sequence[AuditFinding]


def _row(one: AuditFinding) -> FindingRow:
    known = one.severity in Severity.values
    return FindingRow(
        finding=one,
        severity_label=str(Severity(one.severity).label) if known else one.severity,
        tone=_TONES.get(Severity(one.severity), "") if known else "",
        decision_label=str(Decision(one.decision).label) if one.decision else "",
    )


def desk_of(visit: Visit) -> Desk | None:
    """Give the desk of a visit; None when its insurer is not concerned, or no audit is wanted."""
    if visit.uninsured or audit.policy_of(visit.institution_id) == AuditPolicy.OFF:
        return None
    if not Encounter.objects.filter(visit=visit).exists():
        return None
    charges = open_charges(visit)
    return Desk(audit.latest(visit.pk, charges)) if charges else None


def open_charges(visit: Visit) -> list[Charge]:
    """Give the charges that no live settlement holds."""
    own = Charge.objects.filter(visit=visit).exclude(settlement_lines__live=True)
    return list(own.order_by("line_no"))


def ask(visit: Visit, *, now: datetime) -> None:
    """Ask the audit about the doctor's orders (3101), unless it has answered about just these."""
    desk = desk_of(visit)
    if desk is None or (desk.known is not None and not desk.silent):
        return
    encounter = Encounter.objects.get(visit=visit)
    try:
        case = insurance.case_of(visit, encounter, now=now)
    except YifuError:  # without a sign-in nothing can be asked, and nothing is stopped by that
        return
    audit.ask(case, open_charges(visit), stage=AuditStage.BEFORE, now=now)


def decide(
    visit: Visit, *, finding_id: str, decision: str, reason: str, by: str, now: datetime
) -> None:
    """Keep the doctor's decision about a finding.

    Raises `InvalidRequest`, `NotFound`, `AuditReasonMissing`.
    """
    if not (finding_id.isascii() and finding_id.isdigit() and len(finding_id) < len(str(2**63))):
        raise InvalidRequest(field="finding")
    if decision not in Decision.values:
        raise InvalidRequest(field="decision")
    audit.decide(
        visit,
        finding_ids=[int(finding_id)],
        decision=Decision(decision),
        reason=reason,
        by=by,
        now=now,
    )


def asked_first(visit: Visit) -> AuditAsked | None:
    """Give what wants a decision before the visit is settled."""
    desk = desk_of(visit)
    found = audit.undecided(desk.known) if desk else []
    return AuditAsked(found) if found else None
