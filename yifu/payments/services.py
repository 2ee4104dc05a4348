"""The verbs of payments: bind, debit, ask, take cash, refund.

A debit is three steps, so that a crash between any two loses nothing and takes nothing twice:
`request_debit` writes an attempt in the caller's transaction (`requested`); `send_debit` marks it
as leaving (`unknown`), sends it outside any transaction and records the outcome; `resolve` asks
about what stayed unknown. An attempt is sent at most once and its number never used again.

Locks are taken after those on lines and bills, in this order: bindings, attempts, refunds; each
kind by ascending id.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from yifu import clock
from yifu.errors import NotFound
from yifu.ledger.errors import AmountNotPositive
from yifu.outside import without_connection
from yifu.patients.models import Person
from yifu.payments import calls, gateway, rules, statements
from yifu.payments.calls import Call, Heard
from yifu.payments.errors import (
    ChannelUnknown,
    DailyLimitExceeded,
    NotBound,
    PaymentUnderWay,
    RefundExceedsPayment,
)
from yifu.payments.gateway_values import DebitOrder, RefundOrder
from yifu.payments.models import (
    Attempt,
    AttemptState,
    Binding,
    Channel,
    ChannelKind,
    Refund,
)
from yifu.secrets import decrypt, encrypt

CASH = "cash"
UNDER_WAY = (AttemptState.REQUESTED, AttemptState.UNKNOWN)
DESCRIPTION = "医疗费用个人支付"
"""What the payer reads in the channel's own list of payments; nothing about the illness."""


def bind(
    *,
    person_id: int,
    channel_id: int,
    contract_id: str,
    now: datetime,
    daily_limit_fen: int | None = None,
) -> Binding:
    """Keep a person's debit contract with a channel; it replaces another with the same channel.

    The same contract again changes nothing. `daily_limit_fen` None: the usual limit (P2.6).
    """
    with transaction.atomic():
        Person.objects.select_for_update(no_key=True).get(pk=person_id)
        known = Binding.objects.filter(person_id=person_id, channel_id=channel_id, active=True)
        for binding in known:
            if decrypt(binding.contract_cipher) == contract_id:
                return binding
        known.update(active=False)
        limit = {} if daily_limit_fen is None else {"daily_limit_fen": daily_limit_fen}
        return Binding.objects.create(
            person_id=person_id,
            channel_id=channel_id,
            contract_cipher=encrypt(contract_id),
            bound_at=now,
            **limit,
        )


def unbind(person_id: int) -> int:
    """Debit nothing from a person's accounts any more; gives how many contracts were in use.

    The channel's own contract is the person's to end: it is used by nobody here any more.
    """
    return Binding.objects.filter(person_id=person_id, active=True).update(active=False)


def move_bindings(person_id: int, *, to: int) -> None:
    """Keep a person's debit contracts under another row of the same human being.

    Where that one has a contract with the channel already, it stays.
    """
    bindings = Binding.objects.filter(person_id=person_id, active=True)
    taken = Binding.objects.filter(person_id=to, active=True).values("channel_id")
    bindings.filter(channel_id__in=taken).update(active=False)
    bindings.update(person_id=to)


def find_binding(person_id: int, *, channel: str | None = None) -> Binding | None:
    """Find a person's debit contract: with the channel of this code, or the oldest one.

    Channels of files debit at night only and are not among them.
    """
    bindings = Binding.objects.filter(
        person_id=person_id, active=True, channel__kind=ChannelKind.SINGLE
    ).select_related("channel")
    if channel is not None:
        bindings = bindings.filter(channel__code=channel)
    return bindings.order_by("pk").first()


def find_channel(code: str, *, area: str) -> Channel:
    """Find an area's channel; raises `ChannelUnknown`."""
    channel = Channel.objects.filter(area_id=area, code=code).first()
    if channel is None:
        raise ChannelUnknown(channel=code)
    return channel


def check_channels(codes: Iterable[str], *, area: str) -> None:
    """Raise `ChannelUnknown` when one of an area's channels cannot be spoken to; asks nobody.

    For callers that would otherwise find out after they have written a debit down.
    """
    for channel in Channel.objects.filter(area_id=area, code__in=list(codes)):
        if channel.kind == ChannelKind.FILE:
            gateway.file_adapter(channel)
        else:
            gateway.adapter(channel)


@dataclass(frozen=True, slots=True)
class Want:
    """A debit that somebody wants: whose contract, for what (`bill:12`), at most how much."""

    binding_id: int
    subject: str
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Requested:
    """An attempt that was written down."""

    attempt_id: int
    subject: str
    binding_id: int
    amount_fen: int


def request_debit(*, binding: Binding, subject: str, amount_fen: int, now: datetime) -> Attempt:
    """Write a debit down, in the caller's transaction; `send_debit` makes it afterwards.

    The caller has locked the subject. Raises `AmountNotPositive`, `NotBound`,
    `DailyLimitExceeded` (P2.6) and `PaymentUnderWay`.
    """
    if amount_fen <= 0:
        raise AmountNotPositive
    left = _left_today([binding.pk], now=now)
    if binding.pk not in left:
        raise NotBound(channel=binding.channel.code)
    channel_id, left_fen = left[binding.pk]
    if amount_fen > left_fen:
        raise DailyLimitExceeded(left_fen=left_fen)
    rows = [(channel_id, binding.pk, subject, amount_fen)]
    made = _insert(rows, state=AttemptState.REQUESTED, now=now)
    if not made:
        raise PaymentUnderWay
    return Attempt.objects.get(pk=made[0].attempt_id)


def request_debits(wants: Sequence[Want], *, now: datetime) -> list[Requested]:
    """Write many debits down, in the caller's transaction, which has locked their subjects.

    Where a day's limit is not enough, earlier wants come first and the last is debited in part.
    A want of which nothing may be debited, or with an attempt under way, is left out.
    """
    left = _left_today(sorted({want.binding_id for want in wants}), now=now)
    by_binding: dict[int, list[Want]] = {binding_id: [] for binding_id in left}
    for want in wants:
        by_binding.get(want.binding_id, []).append(want)
    rows = []
    for binding_id, own in by_binding.items():
        channel_id, left_fen = left[binding_id]
        parts = rules.allot([want.amount_fen for want in own], left_fen=left_fen)
        rows += [
            (channel_id, binding_id, want.subject, part)
            for want, part in zip(own, parts, strict=True)
            if part > 0
        ]
    return _insert(rows, state=AttemptState.REQUESTED, now=now) if rows else []


def _left_today(binding_ids: list[int], *, now: datetime) -> dict[int, tuple[int, int]]:
    """Lock active bindings; give the channel of each and what may still be debited today."""
    begin, end = clock.day_bounds(clock.business_date(now))
    with connection.cursor() as cursor:
        cursor.execute(statements.LOCK_BINDINGS, {"bindings": binding_ids})
        locked = cursor.fetchall()
        cursor.execute(statements.USED_TODAY, {"bindings": binding_ids, "begin": begin, "end": end})
        used = {row[0]: int(row[1]) for row in cursor.fetchall()}
    return {
        binding: (
            channel,
            rules.left_today(daily_limit_fen=limit_fen, used_fen=used.get(binding, 0)),
        )
        for binding, channel, limit_fen in locked
    }


def _insert(
    rows: Sequence[tuple[int, int | None, str, int]], *, state: AttemptState, now: datetime
) -> list[Requested]:
    """Insert attempts given as (channel, binding, subject, fen)."""
    day = clock.business_date(now)
    ids = _numbers("payments_attempt", len(rows))
    parameters = {
        "ids": ids,
        "numbers": [rules.trade_number("A", day, number) for number in ids],
        "channels": [row[0] for row in rows],
        "bindings": [row[1] for row in rows],
        "subjects": [row[2] for row in rows],
        "fens": [row[3] for row in rows],
        "state": state.value,
        "now": now,
        "resolved": now if state == AttemptState.SUCCEEDED else None,
        "date": day,
    }
    return [Requested(*row) for row in _rows(statements.INSERT_ATTEMPTS, parameters)]


def _numbers(table: str, count: int) -> list[int]:
    return [row[0] for row in _rows(statements.NUMBERS, {"table": table, "count": count})]


def _rows(statement: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())


def send_debit(attempt_id: int, *, now: datetime) -> Attempt:
    """Make a requested debit, outside any transaction, and record the outcome.

    An attempt that left before is not sent again. Its state afterwards is `succeeded`, `failed`
    or `unknown`. Raises `ChannelUnknown` (before anything is sent) and `NotFound`.
    """
    record(send_debits([attempt_id]), now=now)
    return _attempt(attempt_id)


def send_debits(
    attempt_ids: Sequence[int], *, threads: int = calls.THREADS, pace: calls.Pace | None = None
) -> list[Heard]:
    """Mark requested debits as leaving, send them at once and give what was heard of each.

    `pace` keeps to what a channel takes in a second.

    Outside any transaction. What is heard is not recorded here: the caller hands it to `record`,
    together with what follows from it.
    """
    channels = _adapters(attempt_ids)
    marked = _rows(statements.MARK_SENT, {"ids": list(attempt_ids)})
    with without_connection():
        made = [_debit(row, channels) for row in marked]
        return calls.send_all(made, threads=threads, pace=pace)


def _adapters(attempt_ids: Sequence[int]) -> dict[int, tuple[str, gateway.Adapter]]:
    found = Channel.objects.filter(attempt__pk__in=attempt_ids).distinct()
    return {channel.pk: (channel.code, gateway.adapter(channel)) for channel in found}


def _debit(row: tuple[Any, ...], channels: dict[int, tuple[str, gateway.Adapter]]) -> Call:
    attempt_id, number, channel_id, _, amount_fen, contract_cipher = row
    code, channel = channels[channel_id]
    order = DebitOrder(
        out_trade_no=number,
        contract_id=decrypt(contract_cipher),
        amount_fen=amount_fen,
        description=DESCRIPTION,
    )
    return Call(
        id=attempt_id,
        channel=code,
        operation="debit",
        amount_fen=amount_fen,
        send=lambda: channel.debit(order),
        ask=lambda: channel.ask_debit(number),
    )


def resolve(attempt_id: int, *, now: datetime) -> Attempt:
    """Ask what became of a debit, outside any transaction; it is never made again.

    One that never left fails; one the channel knows nothing of fails when it cannot be on its
    way any more, which may be waited for (`calls.LANDED_SECONDS`).
    """
    record(resolve_debits([attempt_id], now=now), now=now)
    return _attempt(attempt_id)


def resolve_debits(
    attempt_ids: Sequence[int], *, now: datetime, threads: int = calls.THREADS
) -> list[Heard]:
    """Ask what became of many debits; what never left is marked as failed at once.

    Outside any transaction. What is heard is not recorded here, see `send_debits`.
    """
    ids = list(attempt_ids)
    _rows(statements.FAIL_UNSENT, {"ids": ids, "code": rules.UNSENT, "now": now})
    sent = _rows(statements.SENT, {"ids": ids})
    channels = _adapters([row[0] for row in sent])
    with without_connection():
        return calls.ask_all([_question(row, channels) for row in sent], threads=threads)


def _question(row: tuple[Any, ...], channels: dict[int, tuple[str, gateway.Adapter]]) -> Call:
    attempt_id, number, channel_id, amount_fen, age_seconds = row
    code, channel = channels[channel_id]

    def never() -> rules.Answer:
        raise RuntimeError("a debit is not sent again")

    return Call(
        id=attempt_id,
        channel=code,
        operation="debit",
        amount_fen=amount_fen,
        send=never,
        ask=lambda: channel.ask_debit(number),
        age_seconds=age_seconds,
    )


def record(heard: Iterable[Heard], *, now: datetime) -> dict[int, AttemptState]:
    """Record what was heard of debits; gives the states of those that had not ended before.

    In the caller's transaction, if there is one: what follows from a debit belongs to it.
    """
    known = list(heard)
    if not known:
        return {}
    day = clock.business_date(now)
    rows = _rows(
        statements.RECORD,
        {
            "ids": [one.id for one in known],
            "states": [one.conclusion.state for one in known],
            "codes": [one.conclusion.code for one in known],
            "transactions": [one.answer.transaction_id for one in known],
            "dates": [
                (one.answer.moved_on or day) if one.conclusion.state == "succeeded" else None
                for one in known
            ],
            "now": now,
        },
    )
    return {attempt_id: AttemptState(state) for attempt_id, state in rows}


def _attempt(attempt_id: int) -> Attempt:
    attempt = Attempt.objects.select_related("channel").filter(pk=attempt_id).first()
    if attempt is None:
        raise NotFound(what="payment")
    return attempt


def take_cash(*, area: str, subject: str, amount_fen: int, now: datetime) -> Attempt:
    """Write down money taken at the window, in the caller's transaction, which locked the subject.

    Raises `AmountNotPositive`, `ChannelUnknown` and `PaymentUnderWay`.
    """
    if amount_fen <= 0:
        raise AmountNotPositive
    channel = find_channel(CASH, area=area)
    if Attempt.objects.filter(subject=subject, state__in=UNDER_WAY).exists():
        raise PaymentUnderWay
    rows = [(channel.pk, None, subject, amount_fen)]
    (made,) = _insert(rows, state=AttemptState.SUCCEEDED, now=now)
    return Attempt.objects.get(pk=made.attempt_id)


def note_payer(attempt: Attempt, *, payer_id: int) -> None:
    """Keep who pays for somebody else, in the transaction that wrote the attempt down (P4.7)."""
    Attempt.objects.filter(pk=attempt.pk).update(payer_id=payer_id)
    attempt.payer_id = payer_id


def request_refund(*, attempt_id: int, amount_fen: int, now: datetime) -> Refund:
    """Write a refund down, in the caller's transaction; `send_refund` makes it afterwards.

    Never more than the attempt took (L7). Raises `AmountNotPositive`, `RefundExceedsPayment`.
    """
    if amount_fen <= 0:
        raise AmountNotPositive
    if not _rows(statements.TAKE_BACK, {"id": attempt_id, "fen": amount_fen}):
        raise RefundExceedsPayment
    day = clock.business_date(now)
    (number,) = _numbers("payments_refund", 1)
    return Refund.objects.create(
        pk=number,
        out_refund_no=rules.trade_number("R", day, number),
        attempt_id=attempt_id,
        amount_fen=amount_fen,
        requested_at=now,
        business_date=day,
    )


def send_refund(refund_id: int, *, now: datetime) -> Refund:
    """Give the money back the way it came, outside any transaction; cash is given at once.

    A refund that left before is not sent again, whatever was heard of it.
    """
    refund = find_refund(refund_id)
    if refund.attempt.channel.code == CASH:
        _record_refund(refund_id, rules.Conclusion("succeeded", "", rules.Meaning.STOP), None, now)
        return find_refund(refund_id)
    call = _refund_call(refund)
    marked = _rows(statements.MARK_REFUND_SENT, {"id": refund_id})
    with without_connection():
        heard = calls.send_all([call] if marked else [])
    for one in heard:
        _record_refund(refund_id, one.conclusion, one.answer, now)
    return find_refund(refund_id)


def resolve_refund(refund_id: int, *, now: datetime) -> Refund:
    """Ask what became of a refund, outside any transaction; it is never made again.

    One that never left stays requested: `send_refund` makes it.
    """
    refund = find_refund(refund_id)
    ages = _rows(statements.REFUND_AGE, {"id": refund_id})
    if ages:
        call = _refund_call(refund, age_seconds=ages[0][0])
        with without_connection():
            heard = calls.ask_all([call])
        for one in heard:
            _record_refund(refund_id, one.conclusion, one.answer, now)
    return find_refund(refund_id)


def find_refund(refund_id: int) -> Refund:
    """Find a refund with its attempt and channel; raises `NotFound`."""
    found = Refund.objects.select_related("attempt__channel").filter(pk=refund_id).first()
    if found is None:
        raise NotFound(what="refund")
    return found


def _refund_call(refund: Refund, *, age_seconds: float = 0.0) -> Call:
    channel = gateway.adapter(refund.attempt.channel)
    order = RefundOrder(
        out_refund_no=refund.out_refund_no,
        out_trade_no=refund.attempt.out_trade_no,
        amount_fen=refund.amount_fen,
        total_fen=refund.attempt.amount_fen,
        reason=DESCRIPTION,
    )
    return Call(
        id=refund.pk,
        channel=refund.attempt.channel.code,
        operation="refund",
        amount_fen=refund.amount_fen,
        send=lambda: channel.refund(order),
        ask=lambda: channel.ask_refund(order.out_refund_no),
        age_seconds=age_seconds,
    )


def _record_refund(
    refund_id: int,
    conclusion: rules.Conclusion,
    answer: rules.Answer | None,
    now: datetime,
) -> None:
    moved_on = None
    if conclusion.state == "succeeded":
        moved_on = (answer and answer.moved_on) or clock.business_date(now)
    parameters = {
        "id": refund_id,
        "state": conclusion.state,
        "code": conclusion.code,
        "moved_on": moved_on,
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(statements.RECORD_REFUND, parameters)
