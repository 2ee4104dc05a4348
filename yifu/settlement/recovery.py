"""Finish or undo whatever stopped in between (decision 4).

A lost answer is first asked about (5203). Found: believed and funded. Not found: the same message
is sent again under its own number, which the insurer settles at most once. Refused then: undone
for certain with 2601 and rejected.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.db.models import Q

from yifu import clock
from yifu.collection import services as collection
from yifu.errors import YifuError
from yifu.institutions.models import IdempotencyRecord
from yifu.insurance import answers, exchanges
from yifu.insurance import services as insurance
from yifu.insurance.exchanges import Heard, Pending
from yifu.insurance.models import Exchange, ExchangeState
from yifu.insurance.rules import LineSplit
from yifu.payments.models import Attempt, AttemptState, Refund
from yifu.settlement import asking, funding, insuring, onecode, reversing, services, stopping
from yifu.settlement.answers import Outcome, keep
from yifu.settlement.asking import StillUnknown
from yifu.settlement.insuring import UPLOADS
from yifu.settlement.models import Method, Settlement, SettlementState
from yifu.settlement.work import Work

S = SettlementState
_BY_MESSAGE = "2601"
_UNDOING = ("2208", "2305", "2103", _BY_MESSAGE)
_STOPPED = (S.CLAIMED, S.UNKNOWN, S.INSURED, S.REVERSING)


@dataclass(slots=True)
class RecoveryReport:
    """What a recovery found and what became of it; counts of settlements and payments."""

    found: int = 0
    finished: int = 0
    undone: int = 0
    still_unknown: int = 0
    attempts: int = 0
    details: list[str] = field(default_factory=list)


def recover(
    *,
    now: datetime,
    older_than_s: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> RecoveryReport:
    """Walk every settlement and payment that stopped in between and finish or undo it.

    `older_than_s` is as in `finish_stopped`. Safe to run at any time.
    """
    report = finish_stopped(now=now, older_than_s=older_than_s, progress=progress)
    report.attempts = _recover_payments(now=now)
    _answer_open_keys()
    return report


def finish_stopped(
    *,
    now: datetime,
    older_than_s: int,
    progress: Callable[[int, int], None] | None = None,
) -> RecoveryReport:
    """Walk every settlement that stopped in between and finish or undo it.

    `older_than_s` leaves alone what was claimed more recently and may still be under way; taking
    up one that is does no harm, the second to finish finds it done.
    """
    report = RecoveryReport()
    before = now - timedelta(seconds=older_than_s)
    stopped = list(
        Settlement.objects.filter(Q(state__in=_STOPPED), claimed_at__lte=before)
        .order_by("pk")
        .values_list("pk", flat=True),
    )
    report.found = len(stopped)
    for place, settlement_id in enumerate(stopped, start=1):
        _recover_into(report, settlement_id)
        if progress is not None:
            progress(place, len(stopped))
    return report


def _recover_into(report: RecoveryReport, settlement_id: int) -> None:
    try:
        outcome = recover_one(settlement_id)
    except StillUnknown as unknown:
        report.still_unknown += 1
        report.details.append(f"settlement {settlement_id}: {unknown}")
        return
    except YifuError as error:
        report.undone += 1
        report.details.append(f"settlement {settlement_id}: {error.code}")
        return
    if outcome is None or outcome.status == 201:  # noqa: PLR2004 - HTTP's own number
        report.finished += 1
    else:
        report.still_unknown += 1
        report.details.append(f"settlement {settlement_id}: {outcome.body['reason']}")


def recover_one(settlement_id: int) -> Outcome | None:
    """Finish or undo one settlement; None when there is nothing to do.

    Raises `StillUnknown`, and the error of a settlement that had to be undone or rejected.
    """
    settlement = Settlement.objects.select_related("bill").get(pk=settlement_id)
    if settlement.state not in _STOPPED:
        return None
    now = clock.job_now(settlement.claimed_at)
    if settlement.asked_method == Method.ONECODE:
        return onecode.recover(settlement, now=now)
    work = services.resume_work(settlement, now=now)
    if settlement.state == S.REVERSING:
        return _finish_reversal(settlement, work, now=now)
    if work.case is None:
        outcome = funding.fund(work, None, now=now)
    else:
        outcome = _finish_settlement(work, now=now)
    stopping.resolve(work.subject)
    keep(work.record_id, outcome, effect=work.subject)
    return outcome


def _finish_settlement(work: Work, *, now: datetime) -> Outcome:
    settles = work.course.settles
    settling = Exchange.objects.filter(subject=work.subject, infno=settles).order_by("-pk").first()
    if settling is None:
        upload = Exchange.objects.filter(subject=work.subject, infno=UPLOADS).latest("pk")
        pending = exchanges.again(upload, insuring.upload_envelope(work), now=now)
        return services.carry_on(work, pending, now=now)
    lines = insuring.known_lines(work) or _stored_upload(work.subject)
    pending = exchanges.again(settling, insuring.settle_envelope(work, lines), now=now)
    found = asking.ask(work, setl_id="", now=now)
    try:
        if found is not None and _is_ours(found, pending):
            insured = insuring.believe(work, lines, pending, found)
        else:
            insured = insuring.settle(work, lines, pending)
    except insuring.Unknown as stop:
        raise StillUnknown(stop.heard.detail) from stop
    except insuring.Contradicted as stop:
        return stopping.undo_contradiction(work, stop, now=now)
    except insuring.Rejected as stop:
        _make_sure_undone(work, pending, now=now)
        if not stop.insurance_stopped:
            stopping.reject(work, stop, now=now)
            raise stop.error from stop
        return funding.fund(stopping.without_insurer(work, stop, now=now), None, now=now)
    return funding.fund(work, insured, now=now)


def _stored_upload(subject: str) -> tuple[LineSplit, ...]:
    """Read how the insurer split the lines from the kept answer; none if there was no upload."""
    uploads = Exchange.objects.filter(subject=subject, infno=UPLOADS, state=ExchangeState.ANSWERED)
    upload = uploads.order_by("-pk").first()
    return () if upload is None else answers.read_lines(dict(upload.answer or {}))


def _is_ours(found: Heard, pending: Pending) -> bool:
    """A visit can have several settlements: ours names our message."""
    settled = answers.read_settled(found.output or {})
    return settled.msgid == pending.msgid and not settled.refunded


def _make_sure_undone(work: Work, pending: Pending, *, now: datetime) -> None:
    envelope = insurance.undo_message(
        insuring.case_of(work), omsgid=pending.msgid, subject=work.subject
    )
    heard = exchanges.exchange(work.visit.institution_id, envelope, now=now)
    if heard.unknown:
        raise StillUnknown(heard.detail)


def _finish_reversal(settlement: Settlement, work: Work, *, now: datetime) -> Outcome:
    """Send the same 2208 (or 2601) again; the insurer undoes at most once."""
    ours = settlement.insured_at is not None
    subject = f"reversal:{settlement.pk}" if ours else work.subject
    if ours:
        work = replace(work, record_id=_reversal_record(settlement.pk))
    if work.case is None:
        return reversing.finish(work, None, None, now=now)
    sent = Exchange.objects.filter(subject=subject, infno__in=_UNDOING).latest("pk")
    if ours:
        envelope = work.course.reverse(work.case, setl_id=settlement.setl_id, subject=subject)
    else:
        envelope = stopping.undo_envelope(work, settlement.setl_id, settlement.msgid)
    pending = exchanges.again(sent, envelope, now=now)
    heard = exchanges.send(pending)
    if heard.unknown:
        exchanges.close_exchange(pending, heard, now=now)
        raise StillUnknown(heard.detail)
    if ours:
        return reversing.finish(work, pending, heard, now=now)
    if sent.infno == _BY_MESSAGE and heard.state == ExchangeState.REFUSED:
        exchanges.close_exchange(pending, heard, now=now)
        return _undo_by_number(settlement, work, pending, now=now)
    return stopping.finish_undo(work, pending, heard, now=now, detail=settlement.reason)


def _undo_by_number(
    settlement: Settlement, work: Work, refused: Pending, *, now: datetime
) -> Outcome:
    """Undo by its own message what 2601 may not undo any more: its period has been cleared.

    What the insurer does not have needs no undoing.
    """
    found = asking.ask(work, setl_id="", now=now)
    there = None if found is None else answers.read_settled(found.output or {})
    if there is None or there.msgid != settlement.msgid:
        nothing = Heard(ExchangeState.ANSWERED, {}, "")
        return stopping.finish_undo(work, refused, nothing, now=now, detail=settlement.reason)
    Settlement.objects.filter(pk=settlement.pk).update(setl_id=there.setl_id)
    envelope = stopping.undo_envelope(work, there.setl_id, settlement.msgid)
    undo = exchanges.open_exchange(work.visit.institution_id, envelope, now=now)
    heard = exchanges.send(undo)
    return stopping.finish_undo(work, undo, heard, now=now, detail=settlement.reason)


def _recover_payments(*, now: datetime) -> int:
    """Ask the channels about attempts and refunds without an answer; gives how many were asked."""
    open_states = [AttemptState.REQUESTED, AttemptState.UNKNOWN]
    # What left in a file is told by its result, which the night fetches.
    alone = Attempt.objects.filter(state__in=open_states, file__isnull=True)
    attempts = list(alone.values_list("pk", flat=True))
    for attempt_id in attempts:
        collection.resolve_payment(attempt_id, now=now)
    refunds = list(Refund.objects.filter(state__in=open_states).values_list("pk", flat=True))
    for refund_id in refunds:
        collection.finish_refund(refund_id=refund_id, now=now)
    return len(attempts) + len(refunds)


def _answer_open_keys() -> None:
    """Answer the keys whose settlement has ended although its request never could."""
    unanswered = Settlement.objects.filter(request__status__isnull=True, request__isnull=False)
    for settlement in unanswered.exclude(state__in=_STOPPED):
        outcome = funding.current(settlement.pk)
        keep(settlement.request_id, outcome, effect=f"settlement:{settlement.pk}")


def _reversal_record(settlement_id: int) -> int | None:
    """Find the key that a reversal was asked for with."""
    records = IdempotencyRecord.objects.filter(effect=f"reversal:{settlement_id}")
    return records.values_list("pk", flat=True).first()
