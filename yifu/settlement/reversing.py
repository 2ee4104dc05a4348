"""Reverse a settlement in whole (2208), or refund a part: reverse, then settle what remains.

The national interface has no partial reversal, so a refund of one charge is a whole reversal and a
new settlement of the rest, which is claimed in the very transaction that ends the reversal.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from yifu.collection import services as collection
from yifu.errors import YifuError
from yifu.institutions import services as institutions
from yifu.institutions.models import IdempotencyRecord
from yifu.institutions.services import Earlier, RequestKey
from yifu.insurance import exchanges
from yifu.insurance.exchanges import Heard, Pending
from yifu.insurance.models import ExchangeState
from yifu.ledger import services as ledger
from yifu.ledger.models import Line, Posting
from yifu.settlement import aftercare, funding, insuring, jobs, rules, services
from yifu.settlement.answers import Outcome, keep
from yifu.settlement.errors import ChargeUnknown, NotReversible, StayRefund
from yifu.settlement.models import Method, Settlement, SettlementLine, SettlementState
from yifu.settlement.stopping import resolve
from yifu.settlement.work import Work, claim, number
from yifu.visits.models import VisitKind

S = SettlementState


def reverse(
    *,
    institution_id: int,
    settlement_id: int,
    reason: str,
    now: datetime,
    key: RequestKey | None = None,
    code: str | None = None,
) -> Outcome:
    """Undo a settlement in whole: insurer, books, bill, receipt; what was paid goes back (P3.10).

    What one code paid goes back as `centre_undoing` does it; `code` is one shown for that.
    Raises `NotFound`, `NotReversible`, `InsurerRefused`, `InsurerUnavailable` (then nothing has
    changed) and the key's errors. Answers `reversing` while the insurer's answer is missing.
    """
    return _undo(institution_id, settlement_id, (), reason, now=now, key=key, code=code)


def refund(
    *,
    institution_id: int,
    settlement_id: int,
    charge_ids: Sequence[int],
    reason: str,
    now: datetime,
    key: RequestKey | None = None,
    code: str | None = None,
) -> Outcome:
    """Take charges off a settlement: all is reversed, the rest settled anew; gives the new one.

    Raises as `reverse` does, `ChargeUnknown` for a charge that is not in it, and `StayRefund` for a
    stay, whose charges are charged off instead. Refunding every charge is a reversal. When the
    insurer refuses what remains, the reversal stands and its settlement is given.
    """
    if not charge_ids:
        raise ChargeUnknown(charge_id="")
    return _undo(institution_id, settlement_id, charge_ids, reason, now=now, key=key, code=code)


def _undo(
    institution_id: int,
    settlement_id: int,
    charge_ids: Sequence[int],
    reason: str,
    *,
    now: datetime,
    key: RequestKey | None,
    code: str | None,
) -> Outcome:
    settlement = services.find_settlement(settlement_id, institution_id=institution_id)
    work = services.resume_work(settlement, now=now)
    if charge_ids and work.visit.kind == VisitKind.INPATIENT:
        raise StayRefund
    own = {charge.pk for _, charge in work.lines}
    for charge_id in charge_ids:
        if charge_id not in own:
            raise ChargeUnknown(charge_id=charge_id)
    if settlement.asked_method == Method.ONECODE:
        from yifu.settlement import centre_undoing  # noqa: PLC0415 - it finishes by what is here

        return centre_undoing.undo(
            settlement, work, charge_ids, reason, code=code, now=now, key=key
        )
    begun = begin(work, settlement, charge_ids, reason, now=now, key=key)
    if isinstance(begun, Outcome):
        return begun
    work, pending = begun
    heard = exchanges.send(pending) if pending is not None else None
    return finish(work, pending, heard, now=now)


def begin(
    work: Work,
    settlement: Settlement,
    charge_ids: Sequence[int],
    reason: str,
    *,
    now: datetime,
    key: RequestKey | None,
    envelope: exchanges.Envelope | None = None,
) -> tuple[Work, Pending | None] | Outcome:
    """Claim the key, mark the settlement as reversing, write 2208 (or `envelope`) down, at once."""
    with transaction.atomic():
        record_id = None
        if key is not None:
            claimed = institutions.claim_key(key, now=now)
            if isinstance(claimed, Earlier):
                return Outcome(claimed.body.get("id", 0), claimed.status, claimed.body)
            record_id = claimed
            institutions.note_effect(record_id, f"reversal:{settlement.pk}")
        moved = Settlement.objects.filter(
            pk=settlement.pk,
            state__in=[S.COMPLETED, S.AWAITING_PAYMENT],
        ).update(state=S.REVERSING, reason=reason[:200], refund_charges=list(charge_ids))
        if not moved:
            settlement.refresh_from_db()
            raise NotReversible(state=settlement.state)
        pending = None
        if work.case is not None:
            envelope = envelope or work.course.reverse(
                work.case, setl_id=settlement.setl_id, subject=f"reversal:{settlement.pk}"
            )
            pending = exchanges.open_exchange(settlement.institution_id, envelope, now=now)
    return replace(work, record_id=record_id), pending


def finish(work: Work, pending: Pending | None, heard: Heard | None, *, now: datetime) -> Outcome:
    """Finish a reversal after the insurer's answer; also the recovery's way.

    Raises `InsurerRefused` or `InsurerUnavailable` when the insurer did nothing: the settlement is
    then what it was.
    """
    if heard is not None and pending is not None and heard.state != ExchangeState.ANSWERED:
        return _not_reversed(work, pending, heard, now=now)
    with transaction.atomic():
        if heard is not None and pending is not None:
            exchanges.close_exchange(pending, heard, now=now)
        replacement, upload = _write_reversal(work, now=now)
    settlement = Settlement.objects.select_related("bill").get(pk=work.settlement_id)
    outcome = funding.current(work.settlement_id)
    if replacement is not None:
        # The reversal stands whatever becomes of the rest: refused, it is free to be settled again.
        with suppress(YifuError):
            outcome = services.carry_on(replacement, upload, now=now)
    if settlement.bill_id is not None:
        aftercare.send_back(settlement.bill_id, settlement=settlement)
    _keep(work, outcome)
    return outcome


def _not_reversed(work: Work, pending: Pending, heard: Heard, *, now: datetime) -> Outcome:
    with transaction.atomic():
        exchanges.close_exchange(pending, heard, now=now)
        if not heard.unknown:
            settlement = Settlement.objects.get(pk=work.settlement_id)
            back = S.COMPLETED if settlement.completed_at else S.AWAITING_PAYMENT
            Settlement.objects.filter(pk=settlement.pk, state=S.REVERSING).update(state=back)
            IdempotencyRecord.objects.filter(pk=work.record_id or 0).delete()
        else:
            jobs.recover_later(work.settlement_id)
    if not heard.unknown:
        heard.output_or_raise()
    outcome = funding.current(work.settlement_id)
    _keep(work, outcome)
    return outcome


def _write_reversal(work: Work, *, now: datetime) -> tuple[Work | None, Pending | None]:
    """Post the reversal, lower the bill, free the charges, claim what remains; one transaction."""
    settlement = Settlement.objects.select_related("bill", "institution").get(pk=work.settlement_id)
    _post_reversal(settlement, now=now)
    moved = Settlement.objects.filter(pk=settlement.pk, state=S.REVERSING).update(
        state=S.REVERSED,
        reversed_at=now,
    )
    if not moved:
        raise NotReversible(state=settlement.state)
    SettlementLine.objects.filter(settlement=settlement).update(live=False)
    resolve(f"reversal:{settlement.pk}")
    jobs.flush_receipt_soon(settlement.pk)
    gone = set(settlement.refund_charges)
    rest = [charge for _, charge in work.lines if charge.pk not in gone] if gone else []
    if not rest:
        return None, None
    chosen = number(rest)
    again = replace(
        work,
        settlement_id=chosen.settlement_id,
        lines=chosen.lines,
        record_id=None,
        replaces=settlement.pk,
    )
    envelope = insuring.first_envelope(again) if again.case is not None else None
    return claim(again, envelope, now=now) or (None, None)


def _post_reversal(settlement: Settlement, *, now: datetime) -> None:
    posted = Posting.objects.filter(key=f"settlement:{settlement.pk}").first()
    if posted is None:
        return
    bill = settlement.bill
    lines: tuple[int, ...] = ()
    # What one code paid is nobody's debt: it lies with the payment centre.
    by_centre = settlement.method == Method.ONECODE
    unpaid, paid = settlement.personal_fen if by_centre else 0, 0
    if bill is not None and settlement.personal_fen:
        if bill.line_id is not None:
            parent = Line.objects.values_list("parent_id", flat=True).get(pk=bill.line_id)
            lines = (bill.line_id,) if parent is None else (parent, bill.line_id)
            # Locked before the bill, in the one order.
            for line in lines:
                Line.objects.select_for_update(no_key=True).get(pk=line)
        lowered = collection.lower_bill(
            bill_id=bill.pk,
            amount_fen=settlement.personal_fen,
            now=now,
        )
        unpaid, paid = lowered.unpaid_fen, lowered.paid_fen
    moves = rules.reversal(
        area=settlement.institution.area_id,
        institution_code=settlement.institution.code,
        insurer_fen=settlement.fund_fen + settlement.account_fen,
        account=rules.CENTRE_ACCOUNT if by_centre else bill.account if bill else "",
        unpaid_fen=unpaid,
        paid_fen=paid,
        lines=lines,
    )
    ledger.post(
        key=f"reversal:{settlement.pk}",
        kind="reversal",
        moves=moves,
        now=now,
        corrects=posted.pk,
    )


def _keep(work: Work, outcome: Outcome) -> None:
    keep(work.record_id, outcome, effect=f"reversal:{work.settlement_id}")
