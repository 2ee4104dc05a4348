"""The main job. `settle` reads like the sentence that describes it.

Locks are taken late and in one order (decision 6): the visit's hold, the principal's line, the
dependant's share, the bill, the settlement. Nothing here waits on the outside with a transaction
open.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from yifu.errors import NotFound, YifuError
from yifu.institutions import services as institutions
from yifu.institutions.services import RequestKey
from yifu.insurance import exchanges, messages, registering
from yifu.insurance import services as insurance
from yifu.insurance.cases import Case
from yifu.insurance.models import Encounter
from yifu.settlement import auditing, funding, insuring, rules, stopping, whole
from yifu.settlement.answers import Outcome
from yifu.settlement.models import Settlement
from yifu.settlement.work import Work, claim, load, load_visit, open_charges
from yifu.visits.models import Visit

METHODS = ("auto", "cash", "wechat")


def settle(
    *,
    institution_id: int,
    visit_id: int,
    charge_ids: Sequence[int] | None = None,
    method: str = "auto",
    interim: bool = False,
    now: datetime,
    key: RequestKey | None = None,
    credential: messages.Credential | None = None,
) -> Outcome:
    """Settle a visit: the insurer's part in real time, the rest without the patient (P3.1).

    Claim the charges; let the insurer settle; fund the rest; answer. With a `key`, the same
    request again is answered as before and has no second effect (L9). A stay is settled when it
    has ended, or `interim` while it goes on. Whose real-time settlement is stopped for not paying
    (P4.4) pays everything, and is treated all the same.

    Raises `NotFound`, `NothingToSettle`, `ChargeUnknown`, `ChargeSettled`, `InsurerRefused`,
    `InsurerUnavailable`, `InsurerNonsense`, `IdentityMismatch`, `AuditDecisionNeeded` (where the
    institution wants it), what `whole.prepare` raises, and the key's own errors; then nothing has
    changed (L10). An outside answer that is missing is no error: the outcome says `unknown` and
    the recovery finishes it.
    """
    loaded = load(visit_id, institution_id)
    visit = loaded.visit
    try:
        chosen = open_charges(visit.pk, charge_ids)
    except YifuError:
        # A request that is made again finds nothing left to settle: its first answer counts.
        if key is None or not institutions.check_key(key):
            raise
        return answer_earlier(key)
    case, reason = None, ""
    if loaded.stopped:
        reason = rules.INSURANCE_STOPPED
    else:
        case = make_known(visit, loaded.encounter, credential, key=key, now=now)
    auditing.before_settling(case, chosen.charges, now=now)
    work = Work(
        chosen.settlement_id, visit, case, chosen.lines, method, interim=interim, reason=reason
    )
    if interim or visit.kind in whole.KINDS:
        whole.prepare(work, charge_ids, key=key, now=now)
    claimed = claim(work, insuring.first_envelope(work) if case else None, now=now, key=key)
    if claimed is None:
        return answer_earlier(cast("RequestKey", key))
    work, first = claimed
    return carry_on(replace(work, credential=credential), first, now=now)


def answer_earlier(key: RequestKey) -> Outcome:
    """Answer as before; raises `IdempotencyKeyReused`, `RequestUnderWay`."""
    before = institutions.earlier(key)
    return Outcome(before.body.get("id", 0), before.status, before.body)


def carry_on(work: Work, first: exchanges.Pending | None, *, now: datetime) -> Outcome:
    """Take a claimed settlement from the insurer to its end; also the recovery's way."""
    try:
        insured = None if first is None else insuring.insure(work, first, now=now)
    except insuring.Rejected as stop:
        if not stop.insurance_stopped:
            stopping.reject(work, stop, now=now)
            raise stop.error from stop
        work, insured = stopping.without_insurer(work, stop, now=now), None
    except insuring.Unknown as stop:
        return stopping.leave_unknown(work, stop, now=now)
    except insuring.Contradicted as stop:
        return stopping.undo_contradiction(work, stop, now=now)
    return funding.fund(work, insured, now=now)


def make_known(
    visit: Visit,
    encounter: Encounter | None,
    credential: messages.Credential | None = None,
    *,
    key: RequestKey | None = None,
    now: datetime,
) -> Case | None:
    """Make the visit known to the insurer where that has not happened yet; None: self-paid.

    A `key` that belongs to another request is refused before the insurer hears of it (L10).
    """
    if visit.uninsured:
        return None
    known = encounter is not None and encounter.diagnoses_sent
    if key is not None and not known:
        institutions.check_key(key)
    if encounter is None:
        encounter = registering.register_new_visit(visit, credential=credential, now=now)
    if encounter is None:
        return None
    if not encounter.diagnoses_sent:
        insurance.send_diagnoses(visit, encounter=encounter, now=now)
    return insurance.case_of(visit, encounter, now=now)


def find_settlement(settlement_id: int, *, institution_id: int) -> Settlement:
    """Find an institution's settlement; raises `NotFound`."""
    settlement = (
        Settlement.objects.select_related("bill")
        .filter(pk=settlement_id, institution_id=institution_id)
        .first()
    )
    if settlement is None:
        raise NotFound(what="settlement")
    return settlement


def resume_work(settlement: Settlement, *, now: datetime) -> Work:
    """Rebuild a settlement's work from its rows, for reversal and recovery."""
    visit, encounter = load_visit(settlement.visit_id, settlement.institution_id)
    case = None
    if settlement.insured and encounter is not None:
        case = insurance.case_of(visit, encounter, now=now)
    lines = tuple(
        (line.pk, line.charge)
        for line in settlement.lines.select_related("charge").order_by("charge__line_no")
    )
    return Work(
        settlement.pk,
        visit,
        case,
        lines,
        settlement.asked_method,
        record_id=settlement.request_id,
        interim=settlement.interim,
        replaces=settlement.replaces_id,
    )


def describe(settlement_id: int, *, institution_id: int) -> dict[str, Any]:
    """Describe an institution's settlement as it is now; raises `NotFound`."""
    find_settlement(settlement_id, institution_id=institution_id)
    return funding.current(settlement_id).body
