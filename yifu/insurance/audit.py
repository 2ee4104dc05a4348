"""Ask the insurer's audit about a visit's charges, keep what it says, tell it what was decided.

The audit warns; it never stops treatment: when it does not answer, that is what is kept and shown
(`AuditState.SILENT`). Who asks decides what a warning means: the doctor's page asks once about a
definite violation, settling does so only where the connection says so (`policy_of`).
"""

import hashlib
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from django.db import transaction

from yifu.catalogue.models import Item
from yifu.errors import InvalidRequest, NotFound
from yifu.insurance import audit_messages, exchanges
from yifu.insurance.answers import UnreadableAnswer
from yifu.insurance.audit_messages import Order, Violation
from yifu.insurance.audit_models import (
    Audit,
    AuditFinding,
    AuditStage,
    AuditState,
    Decision,
    Severity,
)
from yifu.insurance.care import NetCharge, care_of, is_stay, med_type_of, net
from yifu.insurance.cases import Case
from yifu.insurance.errors import AuditReasonMissing
from yifu.insurance.messages import Diagnosis
from yifu.insurance.models import AuditPolicy, Connection, ExchangeState
from yifu.insurance.rules import LineSplit, SplitError
from yifu.visits.models import Charge, Visit, VisitKind

_INFNOS: Final = {AuditStage.BEFORE: "3101", AuditStage.DURING: "3102"}
_WARN_TYPES: Final = {AuditStage.BEFORE: "1", AuditStage.DURING: "2"}
NO_DIAGNOSES: Final = "没有诊断，无法审核"
_POLICY_SECONDS = 30
_DETAIL = 300
REASON_MAX: Final = 200
_policies: dict[int, tuple[float, AuditPolicy]] = {}


def policy_of(institution_id: int) -> AuditPolicy:
    """Give where an institution lets its insurer audit, remembered for half a minute."""
    until, policy = _policies.get(institution_id, (0.0, AuditPolicy.OFF))
    if time.monotonic() < until:
        return policy
    connections = Connection.objects.filter(institution=institution_id)
    known = connections.values_list("audit_policy", flat=True).first()
    policy = AuditPolicy(known or AuditPolicy.OFF)
    _policies[institution_id] = (time.monotonic() + _POLICY_SECONDS, policy)
    return policy


def digest_of(charges: Iterable[Charge]) -> str:
    """Tell sets of charges apart: another charge, quantity, sum or day gives another digest."""
    facts = sorted(
        (one.pk, one.national_code, str(one.quantity), one.amount_fen, one.occurred_at.isoformat())
        for one in charges
    )
    return hashlib.blake2b(repr(facts).encode(), digest_size=16).hexdigest()


def ask(
    case: Case,
    charges: Sequence[Charge],
    *,
    stage: AuditStage,
    splits: Sequence[LineSplit] = (),
    now: datetime,
) -> Audit:
    """Ask about charges and keep the answer; no failure of the audit is raised.

    `splits` are the insurer's view of the lines where it is known. A decision about the same rule
    and charges of this visit counts on, and is told for the new warning too. Must be called
    outside any transaction.
    """
    found: list[Violation] = []
    state, detail = AuditState.ANSWERED, ""
    if not case.visit.diagnoses:
        state, detail = AuditState.NOT_ASKED, NO_DIAGNOSES
    else:
        for orders in _chunks(_orders(case.visit, charges, splits)):
            violations, detail = _asked(case, orders, stage=stage, now=now)
            if violations is None:
                state = AuditState.SILENT
                break
            found += violations
    audit = _keep(case.visit, charges, found, stage=stage, state=state, detail=detail, now=now)
    tell_decisions(audit.findings.filter(decided_at__isnull=False), case.visit, now=now)
    return audit


def _asked(
    case: Case, orders: Sequence[Order], *, stage: AuditStage, now: datetime
) -> tuple[Sequence[Violation] | None, str]:
    """Send one message; gives the violations, or None and why there is no answer."""
    visit = case.visit
    endpoint = exchanges.endpoint_of(visit.institution_id)
    site = audit_messages.Site(
        code=endpoint.fixmedins_code,
        name=endpoint.fixmedins_name,
        admdvs=endpoint.mdtrtarea_admvs,
        level=visit.institution.level,
    )
    input_ = audit_messages.audit(site, _subject(case, now), orders, scene=_scene(visit, stage))
    envelope = case.envelope(_INFNOS[stage], f"audit:{visit.pk}", input_)
    heard = exchanges.exchange(visit.institution_id, envelope, now=now)
    if heard.output is None:
        return None, heard.detail[:_DETAIL]
    try:
        return audit_messages.read_violations(heard.output), ""
    except (UnreadableAnswer, SplitError) as error:
        return None, str(error)[:_DETAIL]


def _scene(visit: Visit, stage: AuditStage) -> str:
    """Give `trig_scen`: what was happening when the audit was asked."""
    if visit.kind == VisitKind.PHARMACY:
        return audit_messages.PHARMACY
    scenes = audit_messages.INPATIENT if is_stay(visit) else audit_messages.OUTPATIENT
    return scenes[stage == AuditStage.DURING]


def _subject(case: Case, now: datetime) -> audit_messages.Subject:
    visit, encounter, person = case.visit, case.encounter, case.visit.person
    return audit_messages.Subject(
        psn_no=encounter.psn_no,
        name=person.name,
        sex=person.sex,
        birth_date=person.birth_date,
        insuplc_admdvs=encounter.insuplc_admdvs,
        insutype=encounter.insutype,
        mdtrt_id=encounter.mdtrt_id,
        med_type=med_type_of(visit),
        care=care_of(visit),
        visit_no=visit.visit_no,
        began_at=visit.began_at,
        ended_at=visit.ended_at or max(now, visit.began_at),
        department=case.department,
        doctor=case.doctor,
        diagnoses=tuple(Diagnosis(row["code"], row["name"]) for row in visit.diagnoses),
    )


def _orders(visit: Visit, charges: Sequence[Charge], splits: Sequence[LineSplit]) -> list[Order]:
    codes = [charge.local_code for charge in charges]
    items: Mapping[str, Item] = {
        item.local_code: item
        for item in Item.objects.filter(institution=visit.institution_id, local_code__in=codes)
    }
    known = {split.feedetl_sn: split for split in splits}
    return [
        _order(one, items.get(one.charge.local_code), known.get(str(one.charge.pk)))
        for one in sorted(net(charges), key=lambda one: (one.charge.occurred_at, one.charge.pk))
    ]


def _order(left: NetCharge, item: Item | None, split: LineSplit | None) -> Order:
    charge = left.charge
    order = Order(
        charge_id=charge.pk,
        national_code=charge.national_code,
        local_code=charge.local_code,
        name=charge.name,
        kind=item.kind if item else "",
        category=item.charge_category if item else "",
        unit=item.unit if item else "",
        quantity=left.quantity,
        unit_price_fen=charge.unit_price_fen,
        amount_fen=left.amount_fen,
        occurred_at=charge.occurred_at,
    )
    if split is None or left.amount_fen != split.amount_fen:
        return order
    return replace(order, own_fen=split.own_fen, first_fen=split.over_fen + split.presel_fen)


def _chunks(orders: Sequence[Order]) -> Iterable[Sequence[Order]]:
    for start in range(0, len(orders), audit_messages.MOST_ORDERS):
        yield orders[start : start + audit_messages.MOST_ORDERS]


def _keep(
    visit: Visit,
    charges: Sequence[Charge],
    found: Sequence[Violation],
    *,
    stage: AuditStage,
    state: AuditState,
    detail: str,
    now: datetime,
) -> Audit:
    lines = {charge.pk: charge.line_no for charge in charges}
    with transaction.atomic():
        before = _decided(visit.pk)
        audit = Audit.objects.create(
            visit=visit,
            stage=stage,
            digest=digest_of(charges),
            state=state,
            detail=detail,
            asked_at=now,
        )
        AuditFinding.objects.bulk_create(
            [_finding(audit, violation, lines, before) for violation in _once(found)]
        )
    return audit


def _once(found: Iterable[Violation]) -> Iterable[Violation]:
    """Give each warning once, should an insurer name it twice."""
    return {violation.jr_id: violation for violation in found}.values()


def _decided(visit_id: int) -> dict[tuple[str, tuple[int, ...]], AuditFinding]:
    """Give the visit's decisions by rule and charges, the latest of each."""
    decided = AuditFinding.objects.filter(audit__visit=visit_id, decided_at__isnull=False)
    return {(one.rule_id, tuple(one.lines)): one for one in decided.order_by("decided_at", "pk")}


def _finding(
    audit: Audit,
    violation: Violation,
    lines: Mapping[int, int],
    before: Mapping[tuple[str, tuple[int, ...]], AuditFinding],
) -> AuditFinding:
    concerned = tuple(lines[pk] for pk in violation.charge_ids if pk in lines)
    finding = AuditFinding(
        audit=audit,
        jr_id=violation.jr_id[:50],
        rule_id=violation.rule_id[:50],
        rule_name=violation.rule_name[:200],
        content=violation.content[:500],
        evidence=violation.evidence[:500],
        severity=violation.severity[:3],
        amount_fen=violation.amount_fen,
        lines=list(concerned),
    )
    earlier = before.get((finding.rule_id, concerned))
    # A decision to change the orders was about orders that have not changed: it is asked again.
    if earlier is not None and earlier.decision == Decision.CONTINUE:
        finding.decision, finding.reason = earlier.decision, earlier.reason
        finding.decided_by, finding.decided_at = earlier.decided_by, earlier.decided_at
    return finding


def latest(visit_id: int, charges: Iterable[Charge]) -> Audit | None:
    """Give the latest answer about exactly these charges; only without one, the latest silence."""
    own = Audit.objects.filter(visit=visit_id, digest=digest_of(charges))
    newest = own.order_by("-asked_at", "-pk").prefetch_related("findings")
    return newest.filter(state=AuditState.ANSWERED).first() or newest.first()


def undecided(audit: Audit | None) -> list[AuditFinding]:
    """Give the definite violations that nobody has decided about."""
    if audit is None:
        return []
    return [
        one
        for one in audit.findings.all()
        if one.severity == Severity.DEFINITE and not one.decision
    ]


def decide(
    visit: Visit,
    *,
    finding_ids: Sequence[int],
    decision: Decision,
    reason: str,
    by: str,
    now: datetime,
) -> list[AuditFinding]:
    """Write down what the doctor decided about findings of a visit, and tell the insurer (3103).

    A decision can be changed until the charges are settled. That the insurer could not be told is
    no error: it is told again (`tell_open`). Raises `NotFound`, `AuditReasonMissing`.
    """
    reason = reason.strip()
    if decision == Decision.CONTINUE and not reason:
        raise AuditReasonMissing
    if len(reason) > REASON_MAX:
        raise InvalidRequest(field="reason")
    with transaction.atomic():
        own = AuditFinding.objects.select_for_update().filter(
            audit__visit=visit.pk, pk__in=finding_ids
        )
        found = list(own.order_by("pk"))
        if len(found) != len(set(finding_ids)):
            raise NotFound(what="audit finding")
        for one in found:
            one.decision, one.reason, one.decided_by = decision, reason, by
            one.decided_at, one.told_at = now, None
        AuditFinding.objects.bulk_update(
            found, ["decision", "reason", "decided_by", "decided_at", "told_at"]
        )
    tell_decisions(found, visit, now=now)
    return found


def tell_decisions(findings: Iterable[AuditFinding], visit: Visit, *, now: datetime) -> int:
    """Tell the insurer decisions it does not know yet (3103); gives how many it knows now."""
    told = 0
    by_stage: dict[str, list[AuditFinding]] = {}
    for one in findings:
        if one.told_at is None and one.decision:
            by_stage.setdefault(one.audit.stage, []).append(one)
    for stage, group in by_stage.items():
        input_ = audit_messages.feedback(
            warn_type=_WARN_TYPES[AuditStage(stage)],
            decisions=[(one.jr_id, one.decision, one.reason) for one in group],
        )
        envelope = exchanges.Envelope("3103", f"audit:{visit.pk}", input_)
        heard = exchanges.exchange(visit.institution_id, envelope, now=now)
        # A refusal is an answer: telling it again would be refused again.
        if heard.state in {ExchangeState.ANSWERED, ExchangeState.REFUSED}:
            told += len(group)
            pks = [one.pk for one in group]
            AuditFinding.objects.filter(pk__in=pks).update(told_at=now)
    return told


def tell_open(institution_id: int, *, now: datetime) -> int:
    """Tell every decision of an institution that the insurer does not know yet."""
    open_ = AuditFinding.objects.filter(
        audit__visit__institution=institution_id, decided_at__isnull=False, told_at__isnull=True
    ).select_related("audit__visit")
    by_visit: dict[int, list[AuditFinding]] = {}
    for one in open_.order_by("decided_at")[:1000]:
        by_visit.setdefault(one.audit.visit_id, []).append(one)
    return sum(tell_decisions(group, group[0].audit.visit, now=now) for group in by_visit.values())
