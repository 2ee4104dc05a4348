"""What happens when the insurer's part does not come to an end: reject, leave unknown, undo."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from yifu.institutions.models import IdempotencyRecord
from yifu.insurance import exchanges
from yifu.insurance import services as insurance
from yifu.insurance.errors import InsurerNonsense
from yifu.insurance.exchanges import Heard
from yifu.insurance.models import Exchange, ExchangeState
from yifu.settlement import funding, jobs
from yifu.settlement.answers import Outcome, keep
from yifu.settlement.insuring import SETTLES_A_BATCH, Contradicted, Rejected, Unknown
from yifu.settlement.models import Settlement, SettlementLine, SettlementState
from yifu.settlement.rules import INSURANCE_STOPPED
from yifu.settlement.work import Work

S = SettlementState


def reject(work: Work, stop: Rejected, *, now: datetime) -> None:
    """Nothing was settled: free the charges and forget the key, as if nobody had asked (L10).

    What was uploaded is withdrawn by a job; the insurer ignores lines that are never settled.
    """
    with transaction.atomic():
        exchanges.close_exchange(stop.pending, stop.heard, now=now)
        free(work, state=S.REJECTED, reason=f"{stop.error.code}: {stop.heard.detail}")
        if stop.pending.envelope.infno == SETTLES_A_BATCH:
            jobs.withdraw_upload.defer(settlement_id=work.settlement_id)


def without_insurer(work: Work, stop: Rejected, *, now: datetime) -> Work:
    """Go on without the insurer, who has stopped the patient's real-time settlement (P4.4).

    Nothing was settled there; what was uploaded is withdrawn by a job. Gives the work that is left:
    everything is the patient's own.
    """
    with transaction.atomic():
        exchanges.close_exchange(stop.pending, stop.heard, now=now)
        Settlement.objects.filter(pk=work.settlement_id).update(
            insured=False, reason=INSURANCE_STOPPED
        )
        if stop.pending.envelope.infno == SETTLES_A_BATCH:
            jobs.withdraw_upload.defer(settlement_id=work.settlement_id)
    return replace(work, case=None, reason=INSURANCE_STOPPED)


def free(work: Work, *, state: SettlementState, reason: str) -> None:
    """Free a settlement's charges and forget its key, in the caller's transaction."""
    Settlement.objects.filter(pk=work.settlement_id).update(
        state=state, reason=reason[:200], request=None
    )
    SettlementLine.objects.filter(settlement_id=work.settlement_id).update(live=False)
    if work.record_id is not None:
        IdempotencyRecord.objects.filter(pk=work.record_id).delete()


def leave_unknown(work: Work, stop: Unknown, *, now: datetime) -> Outcome:
    """Keep everything as it is and answer that nobody knows yet; the recovery asks (decision 4)."""
    with transaction.atomic():
        exchanges.close_exchange(stop.pending, stop.heard, now=now)
        Settlement.objects.filter(pk=work.settlement_id, state__in=[S.CLAIMED, S.UNKNOWN]).update(
            state=S.UNKNOWN,
            reason=stop.heard.detail[:200],
            msgid=stop.pending.msgid,
        )
        jobs.recover_later(work.settlement_id)
        outcome = funding.current(work.settlement_id)
        keep(work.record_id, outcome, effect=work.subject)
    return outcome


def undo_contradiction(work: Work, stop: Contradicted, *, now: datetime) -> Outcome:
    """Undo a settlement whose figures cannot be right (2208, or 2601 when it has no number).

    Raises `InsurerNonsense` once it is undone; answers `reversing` while that is not certain.
    """
    with transaction.atomic():
        exchanges.close_exchange(stop.pending, stop.heard, now=now)
        Settlement.objects.filter(pk=work.settlement_id).update(
            state=S.REVERSING,
            setl_id=stop.setl_id,
            msgid=stop.pending.msgid,
            reason=stop.detail[:200],
        )
        undo = exchanges.open_exchange(
            work.visit.institution_id,
            undo_envelope(work, stop.setl_id, stop.pending.msgid),
            now=now,
        )
        # The job finds it undone, or finishes what stops here.
        jobs.recover_later(work.settlement_id)
    heard = exchanges.send(undo)
    return finish_undo(work, undo, heard, now=now, detail=stop.detail)


def undo_envelope(work: Work, setl_id: str, msgid: str) -> exchanges.Envelope:
    """Build the message that undoes a settlement that was never ours to keep."""
    if work.case is None:
        raise ValueError("a self-paid settlement is not undone at the insurer")
    if setl_id:
        return work.course.reverse(work.case, setl_id=setl_id, subject=work.subject)
    return insurance.undo_message(work.case, omsgid=msgid, subject=work.subject)


def finish_undo(
    work: Work,
    pending: exchanges.Pending,
    heard: Heard,
    *,
    now: datetime,
    detail: str,
) -> Outcome:
    """Write down what came of undoing; raises `InsurerNonsense` when it is undone."""
    undone = heard.state == ExchangeState.ANSWERED
    with transaction.atomic():
        exchanges.close_exchange(pending, heard, now=now)
        if undone:
            free(work, state=S.REVERSED, reason=detail)
            Settlement.objects.filter(pk=work.settlement_id).update(reversed_at=now)
            resolve(work.subject)
        else:
            keep(work.record_id, funding.current(work.settlement_id), effect=work.subject)
    if undone:
        raise InsurerNonsense(message=detail)
    return funding.current(work.settlement_id)


def resolve(subject: str) -> None:
    """What was unknown about a settlement's messages is known now."""
    Exchange.objects.filter(subject=subject, state=ExchangeState.UNKNOWN).update(
        state=ExchangeState.RESOLVED,
    )
