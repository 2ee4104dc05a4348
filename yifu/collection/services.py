"""The verbs of bills: open, lower, pay, apply what a channel took, give back too much.

Locks are taken in one order: holds, lines (a principal's before its dependants'), bills (and with a
bill its write-off), credit lines, entries of the default list, tellings, bindings, attempts; each
kind by ascending id. Whoever requests a debit of a bill has locked it, so no two debits of one bill
can both find it unpaid.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from django.db import connection, transaction

from yifu import clock
from yifu.collection import applying, jobs, recovering, rules, statements
from yifu.collection.applying import value_of
from yifu.collection.errors import (
    BillNotPayable,
    LoweringExceedsBill,
    NotARelative,
    PaymentExceedsBill,
    PaymentRefused,
)
from yifu.collection.models import Bill, BillState
from yifu.collection.signals import bills_paid
from yifu.credit import rules as credit_rules
from yifu.credit import versions
from yifu.errors import NotFound
from yifu.institutions import services as institutions
from yifu.institutions.models import IdempotencyRecord
from yifu.institutions.services import Earlier, RequestKey
from yifu.ledger.errors import AmountNotPositive
from yifu.patients.kinship import related
from yifu.patients.services import find_person
from yifu.payments import services as payments
from yifu.payments.calls import Heard
from yifu.payments.errors import NotBound
from yifu.payments.models import Attempt, AttemptState, Refund
from yifu.problems import problem_body
from yifu.visits import services as visits
from yifu.visits.services import Ended


@dataclass(frozen=True, slots=True)
class NewBill:
    """What a visit owes, on which account and line, and until when (None: a bank collects)."""

    visit_id: int
    principal_id: int
    account: str
    line_id: int | None
    amount_fen: int
    due_at: datetime | None


def open_bill(asked: NewBill, *, now: datetime) -> int:
    """Open a visit's bill, or add to its live one on the same account and line; gives its id.

    Writes no posting: the settlement's own posting makes the debt. Raises `AmountNotPositive`.
    """
    with connection.cursor() as cursor:
        cursor.execute(statements.OPEN_BILL, billing(asked) | {"now": now})
        return int(cursor.fetchone()[0])


def billing(asked: NewBill | None) -> dict[str, Any]:
    """Give the parameters of `statements.BILLED`; without a bill they open none.

    Raises `AmountNotPositive`.
    """
    if asked is not None and asked.amount_fen <= 0:
        raise AmountNotPositive
    return {
        "bill_visit": asked.visit_id if asked else None,
        "bill_principal": asked.principal_id if asked else None,
        "bill_account": asked.account if asked else None,
        "bill_line": asked.line_id if asked else None,
        "bill_fen": asked.amount_fen if asked else None,
        "bill_due": asked.due_at if asked else None,
    }


# Of every visit that ends, though few have bills by then: hence without composing a query.
_VISIT_ENDED = """
UPDATE collection_bill SET due_at = %(due)s
WHERE visit_id = %(visit)s AND state = 'open' AND account NOT LIKE 'bank:%%'
"""


def end_visit(
    visit_id: int,
    *,
    institution_id: int,
    ended_at: datetime,
    discharge: visits.Discharge | None = None,
) -> Ended:
    """End a visit, and let its bills be due by the scheme (P4.1); a stay ends by a discharge.

    Raises what `visits.services.end_visit` and `discharge` raise.
    """
    if discharge is None:
        ended = visits.end_visit(visit_id, institution_id=institution_id, ended_at=ended_at)
    else:
        ended = visits.discharge(
            visit_id, discharge, institution_id=institution_id, ended_at=ended_at
        )
    scheme = versions.at(ended.scheme, ended_at)
    due = credit_rules.due_at(scheme, ended_at=ended_at, kind=ended.visit.kind)
    visit_ended(visit_id, due_at=due)
    return ended


def visit_ended(visit_id: int, *, due_at: datetime) -> int:
    """Set when an ended visit's bills are due (P4.1); gives how many. A bank's have no time."""
    with connection.cursor() as cursor:
        cursor.execute(_VISIT_ENDED, {"visit": visit_id, "due": due_at})
        return int(cursor.rowcount)


def visit_goes_on(visit_id: int) -> int:
    """Let an undone discharge's bills wait for the next one; gives how many.

    Those that are overdue stay so.
    """
    open_ones = Bill.objects.filter(visit_id=visit_id, state=BillState.OPEN, due_at__isnull=False)
    return open_ones.update(due_at=None)


@dataclass(frozen=True, slots=True)
class Lowered:
    """What a bill was lowered by: so much its line owed, the rest not; fen.

    The rest was paid and has to go back, or had been written off and is nobody's bad debt any more.
    """

    unpaid_fen: int
    paid_fen: int


def lower_bill(*, bill_id: int, amount_fen: int, now: datetime) -> Lowered:
    """Take an amount off a bill, in the caller's transaction; the caller posts what it means.

    First off what is not paid; the rest is `refund_excess`'s. What had been written off is put back
    on the bill's account first, so that the caller's posting is the same. Raises `NotFound`,
    `LoweringExceedsBill`.
    """
    bill = _locked(bill_id)
    before = value_of(bill)
    try:
        lowered = rules.lower(before, amount_fen)
    except ValueError:
        raise LoweringExceedsBill(amount_fen=bill.amount_fen) from None
    if lowered.bad_fen:
        recovering.take_back(
            bill_id=bill_id,
            owed_on=bill.account,
            amount_fen=lowered.bad_fen,
            left_fen=lowered.bill.amount_fen,
            now=now,
        )
    applying.write_bills({bill_id: lowered.bill}, now=now)
    if before.state in rules.BAD and lowered.bill.state not in rules.BAD:
        applying.restore_standing({bill.principal_id: f"bill:{bill_id} lowered"}, now=now)
    if lowered.bill.excess_fen:
        jobs.return_excess_later(bill_id)
    if before.state != "paid" and lowered.bill.state == "paid":
        bills_paid.send(sender=Bill, bill_ids=[bill_id], now=now)
    return Lowered(lowered.unpaid_fen, lowered.paid_fen + lowered.bad_fen)


def _locked(bill_id: int) -> Bill:
    applying.lock([bill_id])
    bill = Bill.objects.select_related("visit__institution", "principal").filter(pk=bill_id).first()
    if bill is None:
        raise NotFound(what="bill")
    return bill


@dataclass(frozen=True, slots=True)
class Payment:
    """Who wants to pay how much of which bill, through which channel."""

    bill_id: int
    channel: str
    amount_fen: int
    institution_id: int | None
    """Whose visit's bill it must be; None: the payer's own page asks."""
    payer_id: int | None = None
    """Who pays, with the own binding or in cash; None: whoever owes it."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What a payment's request is answered with."""

    status: int
    body: dict[str, Any]


def pay_bill(
    *,
    bill_id: int,
    channel: str,
    amount_fen: int,
    now: datetime,
    institution_id: int | None,
    payer_id: int | None = None,
) -> Bill:
    """Pay a bill, in whole or in part: cash at once, another channel by a debit (P4.7).

    `payer_id` pays for somebody else: a relative by contract, or the patient, through the own
    binding; in cash anybody whom the hospital knows. What goes back later goes back to them.

    Outside any transaction. While the channel's answer is missing the bill is as it was and an
    attempt under way keeps others off. Raises `NotFound`, `AmountNotPositive`, `BillNotPayable`,
    `PaymentExceedsBill`, `PaymentUnderWay`, `NotARelative`, `NotBound`, `DailyLimitExceeded`,
    `ChannelUnknown` — then nothing has changed — and `PaymentRefused`, when the channel took
    nothing.
    """
    asked = Payment(bill_id, channel, amount_fen, institution_id, payer_id)
    with transaction.atomic():
        attempt = _begin(asked, now=now)
    if attempt.state == AttemptState.REQUESTED:
        _carry_out(attempt.pk, record_id=None, now=now)
    return Bill.objects.get(pk=bill_id)


def pay(asked: Payment, *, now: datetime, key: RequestKey) -> Answered:
    """Pay a bill once per key: 201, or 202 while the channel's answer is missing.

    Raises what `pay_bill` raises, and the key's errors.
    """
    with transaction.atomic():
        claimed = institutions.claim_key(key, now=now)
        if isinstance(claimed, Earlier):
            return Answered(claimed.status, claimed.body)
        attempt = _begin(asked, now=now)
        institutions.note_effect(claimed, _effect(attempt.pk))
        if attempt.state == AttemptState.SUCCEEDED:
            return _answer(attempt.pk, claimed)
    return _carry_out(attempt.pk, record_id=claimed, now=now)


def _begin(asked: Payment, *, now: datetime) -> Attempt:
    """Lock the bill, check, and write the attempt down; cash is applied at once."""
    bill = _locked(asked.bill_id)
    institution = bill.visit.institution
    if asked.institution_id not in (None, institution.pk):
        raise NotFound(what="bill")
    if asked.amount_fen <= 0:
        raise AmountNotPositive
    # Money that came and was not applied yet counts first.
    applying.apply(applying.unapplied(bill.pk), now=now)
    bill.refresh_from_db(fields=["state", "amount_fen", "paid_fen"])
    value = value_of(bill)
    if not value.payable_fen:
        raise BillNotPayable(state=bill.state)
    if asked.amount_fen > value.payable_fen:
        raise PaymentExceedsBill(owed_fen=value.payable_fen)
    subject = f"bill:{bill.pk}"
    if asked.channel == payments.CASH:
        payer_id = _who_pays_in_cash(asked, bill)
        attempt = payments.take_cash(
            area=institution.area_id, subject=subject, amount_fen=asked.amount_fen, now=now
        )
        if payer_id is not None:
            payments.note_payer(attempt, payer_id=payer_id)
        applying.apply([attempt.pk], now=now)
        return attempt
    payer_id = _who_pays(asked, bill)
    payments.find_channel(asked.channel, area=institution.area_id)
    payments.check_channels([asked.channel], area=institution.area_id)
    binding = payments.find_binding(payer_id or bill.principal_id, channel=asked.channel)
    if binding is None:
        raise NotBound(channel=asked.channel)
    attempt = payments.request_debit(
        binding=binding, subject=subject, amount_fen=asked.amount_fen, now=now
    )
    if payer_id is not None:
        payments.note_payer(attempt, payer_id=payer_id)
    return attempt


def _who_pays(asked: Payment, bill: Bill) -> int | None:
    """Tell who pays instead of the principal; raises `NotARelative`."""
    if asked.payer_id in (None, bill.principal_id):
        return None
    if asked.payer_id != bill.visit.person_id and not related(asked.payer_id, bill.principal_id):
        raise NotARelative
    return asked.payer_id


def _who_pays_in_cash(asked: Payment, bill: Bill) -> int | None:
    """Tell who puts cash on the desk for somebody else: anybody registered there (P4.7)."""
    if asked.payer_id in (None, bill.principal_id):
        return None
    if find_person(asked.payer_id, institution_id=bill.visit.institution_id) is None:
        raise NotFound(what="person")
    return asked.payer_id


def _carry_out(attempt_id: int, *, record_id: int | None, now: datetime) -> Answered:
    """Send the debit, then record and apply what was heard in one transaction."""
    heard = payments.send_debits([attempt_id])
    with transaction.atomic():
        conclude(heard, now=now)
        answered = _answer(attempt_id, record_id)
    if answered.status == PaymentRefused.status:
        raise PaymentRefused(channel_code=answered.body["channel_code"])
    return answered


def conclude(heard: Iterable[Heard], *, now: datetime) -> dict[int, AttemptState]:
    """Record what was heard of bills' debits and apply what was taken, in one transaction.

    The bills are locked before the attempts, in the one order. Debits still without an answer are
    asked about by a job.
    """
    known = list(heard)
    with transaction.atomic():
        applying.lock(applying.bills_of([one.id for one in known]))
        states = payments.record(known, now=now)
        applying.apply(
            [pk for pk, state in states.items() if state == AttemptState.SUCCEEDED], now=now
        )
        jobs.ask_later([pk for pk, state in states.items() if state == AttemptState.UNKNOWN])
    return states


def resolve_payment(attempt_id: int, *, now: datetime) -> AttemptState:
    """Ask what became of a bill's debit, outside any transaction, and apply what was taken.

    Whoever asked for it with a key finds the final answer under it.
    """
    heard = payments.resolve_debits([attempt_id], now=now)
    with transaction.atomic():
        applying.lock(applying.bills_of([attempt_id]))
        payments.record(heard, now=now)
        applying.apply([attempt_id], now=now)
        answer_keys([attempt_id])
    return AttemptState(Attempt.objects.values_list("state", flat=True).get(pk=attempt_id))


def answer_keys(attempt_ids: Iterable[int]) -> None:
    """Keep the final answer for whoever asked with a key for a debit that has ended meanwhile."""
    ended = Attempt.objects.filter(pk__in=attempt_ids).exclude(state__in=payments.UNDER_WAY)
    effects = {_effect(pk): pk for pk in ended.values_list("pk", flat=True)}
    asked = IdempotencyRecord.objects.filter(effect__in=effects)
    for record_id, effect in asked.values_list("pk", "effect"):
        _answer(effects[effect], record_id)


def apply_attempt(*, attempt_id: int, now: datetime) -> Bill:
    """Let a succeeded attempt pay its bill: posting, bill, payment, standing; once.

    Raises `NotFound` for an attempt that is no bill's.
    """
    with transaction.atomic():
        applying.apply([attempt_id], now=now)
    found = applying.bills_of([attempt_id])
    if not found:
        raise NotFound(what="bill")
    return Bill.objects.get(pk=found[0])


def _effect(attempt_id: int) -> str:
    return f"payment:{attempt_id}"


def _answer(attempt_id: int, record_id: int | None) -> Answered:
    answered = _describe(attempt_id)
    if record_id is not None:
        institutions.answer_key(
            record_id,
            status=answered.status,
            body=_json(answered.body),
            effect=_effect(attempt_id),
        )
    return answered


def _json(body: dict[str, Any]) -> str:
    return orjson.dumps(body).decode()


def _describe(attempt_id: int) -> Answered:
    """Describe a payment by how its attempt stands."""
    attempt = Attempt.objects.select_related("channel").get(pk=attempt_id)
    if attempt.state == AttemptState.FAILED:
        refused = PaymentRefused(channel_code=attempt.code)
        return Answered(refused.status, problem_body(refused))
    bill = Bill.objects.select_related("visit").get(pk=attempt.subject.partition(":")[2])
    body = {
        "bill": describe(bill),
        "payment": {
            "id": attempt.pk,
            "state": attempt.state,
            "channel": attempt.channel.code,
            "amount_fen": attempt.amount_fen,
            "payer_id": attempt.payer_id or bill.principal_id,
        },
    }
    return Answered(201 if attempt.state == AttemptState.SUCCEEDED else 202, body)


def describe(bill: Bill) -> dict[str, Any]:
    """Describe a bill as the API shows it; needs its visit loaded."""
    return {
        "id": bill.pk,
        "visit_id": bill.visit_id,
        "person_id": bill.visit.person_id,
        "principal_id": bill.principal_id,
        "state": bill.state,
        "amount_fen": bill.amount_fen,
        "paid_fen": bill.paid_fen,
        "due_at": bill.due_at.astimezone(clock.CHINA).isoformat() if bill.due_at else None,
    }


def find_bill(bill_id: int, *, institution_id: int) -> Bill:
    """Find a bill of an institution's visit; raises `NotFound` (others' do not exist)."""
    bill = (
        Bill.objects.select_related("visit")
        .filter(pk=bill_id, visit__institution_id=institution_id)
        .first()
    )
    if bill is None:
        raise NotFound(what="bill")
    return bill


def list_bills(
    *, institution_id: int, principal_id: int | None, after_id: int, limit: int
) -> Sequence[Bill]:
    """List bills of an institution's visits with ids above `after_id`, in order."""
    bills = Bill.objects.select_related("visit").filter(
        visit__institution_id=institution_id, pk__gt=after_id
    )
    if principal_id is not None:
        bills = bills.filter(principal_id=principal_id)
    return list(bills.order_by("pk")[:limit])


def refund_excess(*, bill_id: int, now: datetime) -> list[int]:
    """Ask back what a bill was paid beyond its amount, from its payments, newest first (P3.10).

    Gives the refunds that are not booked, those asked for before included; `finish_refund` makes
    and books each, once. Asking again asks for nothing twice. Raises `NotFound`.
    """
    with transaction.atomic():
        bill = _locked(bill_id)
        with connection.cursor() as cursor:
            cursor.execute(statements.PAYMENTS_OF_BILL, {"bill": bill_id})
            taken = cursor.fetchall()
        excess_fen = value_of(bill).excess_fen - sum(int(on_its_way) for *_, on_its_way in taken)
        parts = rules.part_back(max(0, excess_fen), [int(free) for _, free, _ in taken])
        for (attempt_id, *_), part in zip(taken, parts, strict=True):
            if part > 0:
                payments.request_refund(attempt_id=attempt_id, amount_fen=part, now=now)
    moving = [row[0] for row, part in zip(taken, parts, strict=True) if part or row[2]]
    refunds = Refund.objects.filter(attempt__in=moving).exclude(state=AttemptState.FAILED)
    return list(refunds.order_by("pk").values_list("pk", flat=True))


def finish_refund(*, refund_id: int, now: datetime) -> Refund:
    """Make a refund if it has not left, ask about it if it has, and book it when it succeeded.

    Outside any transaction; booked once. Raises `NotFound`, `ChannelUnknown`.
    """
    refund = payments.find_refund(refund_id)
    if refund.state == AttemptState.UNKNOWN:
        refund = payments.resolve_refund(refund_id, now=now)
    elif refund.state == AttemptState.REQUESTED:
        refund = payments.send_refund(refund_id, now=now)
        if refund.state == AttemptState.UNKNOWN:
            later = jobs.finish_refund.configure(schedule_in={"seconds": jobs.ASK_AFTER_SECONDS})
            later.defer(refund_id=refund_id)
    if refund.state == AttemptState.SUCCEEDED:
        with transaction.atomic():
            applying.book_refund(refund, now=now)
    return refund
