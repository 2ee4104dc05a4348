"""The night: debit what is owed, mark what is overdue, remind (P4.2, P4.3).

A run may stop anywhere and be started again for the same date: what was written down is asked
about first, what has an answer is not tried again, and no bill has two debits under way. All
database work is over sets; only the calls to the channels are made one by one, several at once.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import orjson
from django.db import connection, transaction

from yifu.collection import applying, rules, services, statements
from yifu.credit import services as credit
from yifu.credit import versions
from yifu.credit.models import CreditLine, Standing
from yifu.institutions.models import Area
from yifu.money import display
from yifu.patients.models import ContractState
from yifu.patients.notices import Message, notify_many
from yifu.payments import rules as payment_rules
from yifu.payments import services as payments
from yifu.payments.calls import THREADS, Heard
from yifu.payments.rules import Meaning
from yifu.payments.services import Want

CHUNK = 250
"""Debits written down together: a crash leaves at most so many to be asked about."""
OVERDUE_CHUNK = 1000

Progress = Callable[[str, int, int], None]
Report = dict[str, int]


def run(*, area: str, business_date: date, now: datetime, progress: Progress) -> Report:
    """Run, or go on with, an area's night for a date, outside any transaction.

    Takes up bills with a due time of visits begun by that date, whose principal is bound to a
    channel of the scheme's chain. Gives `selected`, `debited`, `debited_fen`, `failed`, `unknown`
    (bills, by their last debit of the night), `overdue`, `suspended`, `reminded`.
    Raises `ChannelUnknown` for a channel of the chain that cannot be spoken to, before anything is
    done, and `LookupError` for an unknown scheme.
    """
    scheme = versions.in_force(Area.objects.get(pk=area).scheme, on=business_date)
    chain = scheme.debit.chain
    payments.check_channels(chain, area=area)
    ((night_id,),) = _rows(statements.BEGIN_NIGHT, area=area, date=business_date, now=now)
    night = _Night(night_id, area, business_date, now, chain, progress)
    _catch_up(night)
    _debit(night)
    _mark_overdue(night)
    ((report,),) = _rows(statements.END_NIGHT, night=night_id, now=now)
    return dict(orjson.loads(report) if isinstance(report, str) else report)


@dataclass(frozen=True, slots=True)
class _Night:
    """What every step of a run needs."""

    id: int
    area: str
    business_date: date
    now: datetime
    chain: tuple[str, ...]
    progress: Progress

    def scope(self) -> dict[str, Any]:
        """Give what the statements about candidates ask for."""
        return {
            "night": self.id,
            "area": self.area,
            "date": self.business_date,
            "chain": list(self.chain),
        }


def _catch_up(night: _Night) -> None:
    """Find out what became of debits that stopped in between, by whomever, and finish them."""
    under_way = [row[0] for row in _rows(statements.UNDER_WAY, area=night.area)]
    for done, ids in _chunks(under_way):
        heard = payments.resolve_debits(ids, now=night.now)
        with transaction.atomic():
            services.conclude(heard, now=night.now)
            services.answer_keys(ids)
        night.progress("resolve", done, len(under_way))
    for _, ids in _chunks([row[0] for row in _rows(statements.UNAPPLIED, area=night.area)]):
        with transaction.atomic():
            applying.apply(ids, now=night.now)
    for (bill_id,) in _rows(statements.WITH_EXCESS, area=night.area):
        for refund_id in services.refund_excess(bill_id=bill_id, now=night.now):
            services.finish_refund(refund_id=refund_id, now=night.now)


def _chunks(ids: Sequence[int]) -> Iterator[tuple[int, Sequence[int]]]:
    for start in range(0, len(ids), CHUNK):
        part = ids[start : start + CHUNK]
        yield start + len(part), part


def _debit(night: _Night) -> None:
    """Debit every candidate, oldest due time first."""
    ((total,),) = _rows(statements.COUNT_CANDIDATES, **night.scope())
    done = 0
    after = {"after_due": datetime(1, 1, 1, tzinfo=UTC), "after_id": 0}
    while rows := _rows(statements.CANDIDATES, **night.scope(), **after, limit=CHUNK):
        _debit_chunk(night, [row[0] for row in rows])
        done += len(rows)
        night.progress("debit", done, max(done, total))
        after = {"after_due": rows[-1][1], "after_id": rows[-1][0]}


@dataclass(slots=True)
class _Tries:
    """A bill's debits of this run: the channels its principal has, and what each answer meant."""

    chain: tuple[str, ...] = ()
    made: list[tuple[str, Meaning]] = field(default_factory=list)

    def next_channel(self) -> str | None:
        """Choose the next channel to try."""
        return payment_rules.next_channel(self.chain, self.made)


def _debit_chunk(night: _Night, bill_ids: Sequence[int]) -> None:
    """Debit some bills; those refused are tried again as far as their chain goes."""
    tries = {bill_id: _Tries() for bill_id in bill_ids}
    waiting = list(bill_ids)
    while waiting:
        requested, passed_over = _request(night, waiting, tries)
        heard = payments.send_debits(list(requested), threads=THREADS)
        for one in heard:
            bill_id, channel = requested[one.id]
            tries[bill_id].made.append((channel, one.conclusion.meaning))
        failed = [requested[one.id][0] for one in heard if one.conclusion.state == "failed"]
        waiting = [bill_id for bill_id in failed if tries[bill_id].next_channel() is not None]
        _conclude(night, heard, remind={*failed, *passed_over} - {*waiting})


def _request(
    night: _Night, bill_ids: Sequence[int], tries: Mapping[int, _Tries]
) -> tuple[dict[int, tuple[int, str]], list[int]]:
    """Write debits down, with the night's own note of them, in one transaction.

    Gives (bill, channel) by attempt, and the bills that the day's limit passed over.
    """
    with transaction.atomic():
        _rows(statements.LOCK_BILLS, bills=sorted(bill_ids))
        rows = _rows(statements.TO_DEBIT, bills=list(bill_ids), **night.scope())
        bindings: dict[int, dict[str, int]] = {}
        owed_fen: dict[int, int] = {}
        for bill_id, fen, binding_id, channel in rows:
            bindings.setdefault(bill_id, {})[channel] = binding_id
            owed_fen[bill_id] = fen
        wants, channels = [], {}
        for bill_id, own in bindings.items():
            tries[bill_id].chain = tuple(own)
            channel = tries[bill_id].next_channel()
            if channel is not None:
                channels[f"bill:{bill_id}"] = (bill_id, channel)
                wants.append(Want(own[channel], f"bill:{bill_id}", owed_fen[bill_id]))
        made = payments.request_debits(wants, now=night.now)
        requested = {one.attempt_id: channels[one.subject] for one in made}
        passed_over = sorted({b for b, _ in channels.values()} - {b for b, _ in requested.values()})
        _note(night, requested, passed_over)
    return requested, passed_over


def _note(
    night: _Night, requested: Mapping[int, tuple[int, str]], passed_over: Sequence[int]
) -> None:
    debits: list[tuple[int, int | None]] = [(bill, pk) for pk, (bill, _) in requested.items()]
    debits += [(bill_id, None) for bill_id in passed_over]
    with connection.cursor() as cursor:
        cursor.execute(
            statements.INSERT_NIGHT_DEBITS,
            {
                "night": night.id,
                "bills": [bill_id for bill_id, _ in debits],
                "attempts": [attempt_id for _, attempt_id in debits],
            },
        )


def _conclude(night: _Night, heard: Sequence[Heard], *, remind: set[int]) -> None:
    """Record and apply what was heard, and remind whom nothing more is tried for."""
    with transaction.atomic():
        services.conclude(heard, now=night.now)
        _count(night, reminded=_remind(night, remind))


def _remind(night: _Night, bill_ids: set[int], *, template: str | None = None) -> int:
    """Remind principals of bills; once per bill, template and date."""
    messages = []
    rows = _rows(statements.REMINDED_OF, bills=sorted(bill_ids)) if bill_ids else []
    for bill_id, principal_id, owed_fen, due_at, name in rows:
        said = template or rules.reminder(due_at=due_at, now=night.now)
        messages.append(
            Message(
                key=f"bill:{bill_id}:{said}:{night.business_date}",
                person_id=principal_id,
                template=said,
                params={"name": name, "amount": display(owed_fen), "due": applying.when(due_at)},
            )
        )
    return notify_many(messages, now=night.now)


def _mark_overdue(night: _Night) -> None:
    """Mark bills overdue from their due instant on and suspend their principals (P4.3)."""
    done = 0
    scope = {"area": night.area, "now": night.now, "limit": OVERDUE_CHUNK}
    while due := [row[0] for row in _rows(statements.DUE, **scope)]:
        with transaction.atomic():
            _rows(statements.LOCK_BILLS, bills=due)
            marked = _rows(statements.MARK_OVERDUE, bills=due, now=night.now)
            suspended = _suspend({principal: bill_id for bill_id, principal in marked}, night)
            reminded = _remind(night, {bill_id for bill_id, _ in marked}, template="overdue")
            _count(night, overdue=len(marked), suspended=suspended, reminded=reminded)
        done += len(marked)
        night.progress("overdue", done, done)


def _suspend(bill_of: Mapping[int, int], night: _Night) -> int:
    """Suspend principals in good standing, each for a bill; gives how many credit lines.

    All their credit lines are locked, also those suspended before, so that nobody restores one at
    the same time without seeing these bills.
    """
    lines = list(
        CreditLine.objects.select_for_update(no_key=True, of=("self",))
        .filter(person_id__in=bill_of)
        .exclude(contract__state=ContractState.CLOSED)
        .order_by("pk")
    )
    good = [line for line in lines if line.standing == Standing.GOOD]
    for line in good:
        credit.set_standing(
            credit_line_id=line.pk,
            to=Standing.SUSPENDED,
            reason=f"bill:{bill_of[line.person_id]} overdue",
            rule="P4.3",
            now=night.now,
        )
    return len(good)


def _count(night: _Night, *, overdue: int = 0, suspended: int = 0, reminded: int = 0) -> None:
    """Add to the night's counts in the transaction of what is counted."""
    if overdue or suspended or reminded:
        counts = {"overdue": overdue, "suspended": suspended, "reminded": reminded}
        with connection.cursor() as cursor:
            cursor.execute(statements.COUNT_INTO_NIGHT, {"night": night.id, **counts})


def _rows(statement: str, **parameters: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 - SQL values
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())
