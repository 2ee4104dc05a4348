"""What the payment centre has paid goes back (6203): what we could not keep, and reversals.

A refund needs a right: `revsToken` in the hour after the payment, the token of a code shown again
later. A refund without an answer is asked about (6301), and made again under its own number
(`appRefdSn`), which gives nothing back twice. Without a right to make it again it stays
`reversing` until the patient shows a code.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from yifu.institutions import services as institutions
from yifu.institutions.models import IdempotencyRecord
from yifu.institutions.services import Earlier, RequestKey
from yifu.insurance import exchanges
from yifu.insurance.errors import InsurerNonsense
from yifu.insurance.exchanges import Envelope, Heard, Pending
from yifu.insurance.mobile import orders
from yifu.insurance.mobile.answers import Paid
from yifu.insurance.mobile.errors import AuthorisationNeeded
from yifu.insurance.mobile.models import PayOrder
from yifu.insurance.mobile.orders import Amounts
from yifu.insurance.mobile.rules import WHOLE, WITHDRAWN, meaning, refund_type
from yifu.insurance.models import Exchange, ExchangeState
from yifu.settlement import funding, jobs, reversing, services, stopping
from yifu.settlement.answers import Outcome, keep
from yifu.settlement.asking import StillUnknown
from yifu.settlement.errors import NotReversible
from yifu.settlement.insuring import Contradicted
from yifu.settlement.models import Settlement, SettlementState
from yifu.settlement.work import Work

S = SettlementState

STUCK = frozenset({"16"})
"""States of an order that only a refund leaves: the cash is there, the insured part failed."""


def undo_unkept(work: Work, stop: Contradicted, error: Exception, *, now: datetime) -> Outcome:
    """Give back what was paid and cannot be ours; raises `error` once it is back.

    Answers `reversing` while that is not certain; the recovery goes on.
    """
    with transaction.atomic():
        exchanges.close_exchange(stop.pending, stop.heard, now=now)
        moved = Settlement.objects.filter(
            pk=work.settlement_id, state__in=[S.CLAIMED, S.UNKNOWN]
        ).update(
            state=S.REVERSING,
            setl_id=stop.setl_id,
            msgid=stop.pending.msgid,
            reason=stop.detail[:200],
        )
        if moved:
            jobs.recover_later(work.settlement_id)
    if not moved:
        return funding.current(work.settlement_id)
    row = PayOrder.objects.get(subject=work.subject)
    try:
        _give_back_unkept(work, row, now=now)
    except StillUnknown:
        outcome = funding.current(work.settlement_id)
        keep(work.record_id, outcome, effect=work.subject)
        return outcome
    raise error


def _give_back_unkept(
    work: Work, row: PayOrder, *, now: datetime, token: str | None = None
) -> None:
    """Ask what stands of an order and give all of it back, then free the charges.

    By `token`, or the right of the first hour. Raises `StillUnknown` while it is not back.
    """
    paid = _asked(work, row, now=now)
    if meaning(paid.ord_stas) != "refunded" and paid.ord_stas not in WITHDRAWN:
        _refund_unkept(work, row, paid, token, now=now)
    with transaction.atomic():
        settlement = Settlement.objects.select_for_update(no_key=True).get(pk=work.settlement_id)
        if settlement.state == S.REVERSING:
            stopping.free(work, state=S.REVERSED, reason=settlement.reason)
            Settlement.objects.filter(pk=work.settlement_id).update(reversed_at=now)
        stopping.resolve(work.subject)
        orders.close(work.subject, now=now)


def _asked(work: Work, row: PayOrder, *, now: datetime) -> Paid:
    """Ask what became of an order; raises `StillUnknown` without an answer."""
    if work.case is None:
        raise StillUnknown("not registered with the insurer")
    try:
        heard, paid = orders.ask(row, work.case, now=now)
    except AuthorisationNeeded as error:
        raise StillUnknown(error.code) from error
    if paid is None:
        raise StillUnknown(f"6301 {heard.detail}")
    return paid


def _refund_unkept(
    work: Work, row: PayOrder, paid: Paid, token: str | None, *, now: datetime
) -> None:
    """Make a refund of what stands; returns when it is back."""
    try:
        token = token or orders.reversal_token(row, now=now)
    except AuthorisationNeeded as error:
        raise StillUnknown(error.code) from error
    message = orders.refund_message(
        row,
        refund_no=refund_number(work),
        token=token,
        kind=refund_type(paid.ord_stas),
        amounts=Amounts(paid.fee_fen, paid.fund_fen, paid.account_fen, paid.own_fen),
        subject=work.subject,
        now=now,
    )
    pending = _opened(work, message, now=now)
    heard = orders.send_refund(pending)
    exchanges.close_exchange(pending, heard, now=now)
    if heard.state != ExchangeState.ANSWERED:
        raise StillUnknown(f"6203 {heard.detail}")


def _opened(work: Work, message: Envelope, *, now: datetime) -> Pending:
    """Write 6203 down; one that was sent before is taken up again."""
    sent = Exchange.objects.filter(subject=message.subject, infno="6203").order_by("-pk").first()
    if sent is None:
        return exchanges.open_exchange(work.visit.institution_id, message, now=now)
    return exchanges.again(sent, message, now=now)


def refund_number(work: Work) -> str:
    """Give `appRefdSn`: an order is given back once."""
    return f"{work.visit.institution.code}R{work.settlement_id}"


def undo(
    settlement: Settlement,
    work: Work,
    charge_ids: Sequence[int],
    reason: str,
    *,
    code: str | None,
    now: datetime,
    key: RequestKey | None,
) -> Outcome:
    """Reverse a settlement that one code paid, or take charges off it; as `reversing` does.

    With a code its patient shows, or by the right of the first hour. What remains after a refund is
    settled without a code. A reversal whose answer is missing is made again when a code is given.
    Raises `AuthorisationNeeded` besides.
    """
    if key is not None and institutions.check_key(key):
        return services.answer_earlier(key)
    again = settlement.state == S.REVERSING
    if settlement.state != S.COMPLETED and not (again and code):
        raise NotReversible(state=settlement.state)
    row = PayOrder.objects.get(subject=work.subject)
    if settlement.insured_at is None:
        return _undo_unkept_by_code(work, row, code, now=now)
    message = _reversal_message(settlement, work, row, _right(work, row, code, now=now), now=now)
    work = replace(work, asked_method="auto")
    if again:
        begun = _begin_again(work, settlement, message, now=now, key=key)
    else:
        begun = reversing.begin(
            work, settlement, charge_ids, reason, envelope=message, now=now, key=key
        )
    if isinstance(begun, Outcome):
        return begun
    work, pending = begun
    if pending is None:
        raise NotReversible(state=settlement.state)
    return _finish(work, pending, orders.send_refund(pending), now=now)


def _undo_unkept_by_code(work: Work, row: PayOrder, code: str | None, *, now: datetime) -> Outcome:
    """Give back what was never ours to keep, after the hour in which no code is needed."""
    with suppress(StillUnknown):
        _give_back_unkept(work, row, now=now, token=_right(work, row, code, now=now))
    return funding.current(work.settlement_id)


def _right(work: Work, row: PayOrder, code: str | None, *, now: datetime) -> str:
    """Give what a refund may be made by. Raises `AuthorisationNeeded` and what `scan` raises."""
    if code is not None:
        return orders.scan(work.visit, code, now=now).ec_token
    try:
        return orders.reversal_token(row, now=now)
    except AuthorisationNeeded:
        if work.case is None:
            raise
    # Nobody has told us of the right yet: the question brings it, if its hour has not passed.
    orders.ask(row, work.case, now=now)
    return orders.reversal_token(row, now=now)


def _reversal_message(
    settlement: Settlement, work: Work, row: PayOrder, token: str, *, now: datetime
) -> Envelope:
    return orders.refund_message(
        row,
        refund_no=refund_number(work),
        token=token,
        kind=WHOLE,
        amounts=Amounts(
            settlement.total_fen,
            settlement.fund_fen,
            settlement.account_fen,
            settlement.personal_fen,
        ),
        subject=f"reversal:{settlement.pk}",
        now=now,
    )


def _begin_again(
    work: Work,
    settlement: Settlement,
    message: Envelope,
    *,
    now: datetime,
    key: RequestKey | None,
) -> tuple[Work, Pending | None] | Outcome:
    """Take a reversal up that was begun before, under the key of this request."""
    with transaction.atomic():
        if key is not None:
            claimed = institutions.claim_key(key, now=now)
            if isinstance(claimed, Earlier):
                return Outcome(claimed.body.get("id", 0), claimed.status, claimed.body)
            institutions.note_effect(claimed, f"reversal:{settlement.pk}")
            work = replace(work, record_id=claimed)
        return work, _opened(work, message, now=now)


def _finish(work: Work, pending: Pending, heard: Heard, *, now: datetime) -> Outcome:
    """Finish a reversal; the order's tokens go with it."""
    outcome = reversing.finish(work, pending, heard, now=now)
    if heard.state == ExchangeState.ANSWERED:
        orders.close(work.subject, now=now)
    return outcome


def _reversal_record(settlement_id: int) -> int | None:
    """Find the key that a reversal was asked for with last."""
    records = IdempotencyRecord.objects.filter(effect=f"reversal:{settlement_id}")
    return records.order_by("-pk").values_list("pk", flat=True).first()


def recover(settlement: Settlement, work: Work, row: PayOrder | None, *, now: datetime) -> Outcome:
    """Finish what was being given back; the recovery's way.

    Raises `StillUnknown`, and `InsurerNonsense` for what was never ours to keep.
    """
    if row is None:
        raise StillUnknown("no order")
    if settlement.insured_at is None:
        _give_back_unkept(work, row, now=now)
        raise InsurerNonsense(message=settlement.reason)
    record_id = _reversal_record(settlement.pk)
    work = replace(work, record_id=record_id, asked_method="auto")
    paid = _asked(work, row, now=now)
    if meaning(paid.ord_stas) == "refunded":
        sent = Exchange.objects.filter(subject=f"reversal:{settlement.pk}").latest("pk")
        pending = exchanges.again(sent, Envelope("6203", sent.subject, {}), now=now)
        heard = Heard(ExchangeState.ANSWERED, {}, f"6301: ordStas {paid.ord_stas}")
        return _finish(work, pending, heard, now=now)
    try:
        token = orders.reversal_token(row, now=now)
    except AuthorisationNeeded as error:
        raise StillUnknown(error.code) from error
    message = _reversal_message(settlement, work, row, token, now=now)
    pending = _opened(work, message, now=now)
    heard = orders.send_refund(pending)
    if heard.unknown:
        exchanges.close_exchange(pending, heard, now=now)
        raise StillUnknown(heard.detail)
    return _finish(work, pending, heard, now=now)
