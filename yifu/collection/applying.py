"""What money that moved does to bills: one way for one payment and for a night's thousand.

Everything here runs inside the caller's transaction, over sets: a fixed number of statements
whatever the number of bills.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.db import connection

from yifu import clock
from yifu.collection import jobs, recovering, rules, standing, statements
from yifu.collection.models import Bill, BillPayment
from yifu.collection.rules import BillValue
from yifu.collection.signals import bills_paid
from yifu.collection.standing import names_of
from yifu.ledger.batch import Entry, post_many
from yifu.ledger.rules import Move
from yifu.money import display
from yifu.patients.notices import Message, notify_many
from yifu.payments import services as payments
from yifu.payments.models import Attempt, AttemptState, Refund


def value_of(bill: Bill) -> BillValue:
    """Give a bill's money as a plain value."""
    return BillValue(cast("rules.State", bill.state), bill.amount_fen, bill.paid_fen)


def lock(bill_ids: Iterable[int]) -> dict[int, BillValue]:
    """Lock the lines of bills, then the bills; gives the bills' money as it is now."""
    ids = sorted(set(bill_ids))
    lines = {line for pair in _rows(statements.LINES_OF_BILLS, bills=ids) for line in pair if line}
    if lines:
        _rows(statements.LOCK_LINES, lines=sorted(lines))
    rows = _rows(statements.LOCK_BILLS, bills=ids)
    return {row[0]: BillValue(row[1], row[2], row[3]) for row in rows}


def bills_of(attempt_ids: Sequence[int]) -> list[int]:
    """Tell which bills attempts are for."""
    return [row[0] for row in _rows(statements.BILLS_OF_ATTEMPTS, attempts=list(attempt_ids))]


def unapplied(bill_id: int) -> list[int]:
    """Give a bill's attempts that took money the bill has not heard of, oldest first."""
    return list(
        Attempt.objects.filter(subject=f"bill:{bill_id}", state=AttemptState.SUCCEEDED)
        .exclude(bill_payments__amount_fen__gt=0)
        .order_by("pk")
        .values_list("pk", flat=True)
    )


@dataclass(frozen=True, slots=True)
class _Taken:
    """A succeeded attempt and the bill it is for."""

    attempt_id: int
    amount_fen: int
    channel: str
    institution: str
    bill_id: int
    account: str
    principal_id: int
    parent_line: int | None
    own_line: int | None
    payer_id: int

    @property
    def lines(self) -> tuple[int, ...]:
        """The bill's lines, the principal's first."""
        return tuple(line for line in (self.parent_line, self.own_line) if line is not None)

    @property
    def source(self) -> str:
        """The account the money is on."""
        return source(self.channel, self.institution)

    def entry(self, paid: rules.Paid, bad_account: str | None) -> Entry:
        """Write the posting: so much of the debt ended, or of what the bill's bearer bore.

        What is too much touches no line.
        """
        moves = (
            Move(self.source, self.account, paid.debt_fen, self.lines),
            Move(self.source, bad_account or self.account, paid.recovered_fen),
            Move(self.source, self.account, paid.excess_fen),
        )
        return Entry(f"attempt:{self.attempt_id}", "payment", moves)


def source(channel: str, institution: str) -> str:
    """Name the account money is on that came through a channel, or to an institution's window."""
    return f"cash:{institution}" if channel == payments.CASH else f"channel:{channel}"


def apply(attempt_ids: Sequence[int], *, now: datetime) -> list[int]:
    """Let succeeded attempts pay their bills, each once; gives the bills that are paid by it.

    Postings, bills, payments, standing, notices and the signal `bills_paid`. What a bill does not
    owe any more goes back by a job.
    """
    if not attempt_ids:
        return []
    bills = lock(bills_of(attempt_ids))
    taken = [_Taken(*row) for row in _rows(statements.APPLICABLE, attempts=list(attempt_ids))]
    if not taken:
        return []
    bad_accounts = recovering.accounts_of(bills)
    after = dict(bills)
    entries, recovered = [], []
    for one in taken:
        paid = rules.pay(after[one.bill_id], one.amount_fen)
        after[one.bill_id] = paid.bill
        entries.append(one.entry(paid, bad_accounts.get(one.bill_id)))
        recovered.append((one.bill_id, paid.recovered_fen))
    post_many(entries, now=now)
    recovering.note_recovered(recovered)
    touched = {one.bill_id: after[one.bill_id] for one in taken}
    write_bills(touched, now=now)
    _insert_payments([(one.bill_id, one.attempt_id, one.amount_fen) for one in taken], now=now)
    _tell([one for one in taken if one.channel != payments.CASH], now=now)
    _follow(taken, bills, after, now=now)
    return [pk for pk in touched if bills[pk].state != "paid" and after[pk].state == "paid"]


def _follow(
    taken: Sequence[_Taken],
    before: Mapping[int, BillValue],
    after: Mapping[int, BillValue],
    *,
    now: datetime,
) -> None:
    bills = sorted({one.bill_id for one in taken})
    principal = {one.bill_id: one.principal_id for one in taken}
    for bill_id in bills:
        if after[bill_id].excess_fen:
            jobs.return_excess.defer(bill_id=bill_id)
    paid = [pk for pk in bills if before[pk].state != "paid" and after[pk].state == "paid"]
    was_bad = [pk for pk in paid if before[pk].state in rules.BAD]
    restore_standing({principal[pk]: f"bill:{pk} paid" for pk in was_bad}, now=now)
    if paid:
        bills_paid.send(sender=Bill, bill_ids=paid, now=now)


def write_bills(after: Mapping[int, BillValue], *, now: datetime) -> None:
    """Write bills' money and states."""
    _execute(
        statements.WRITE_BILLS,
        bills=list(after),
        states=[bill.state for bill in after.values()],
        amounts=[bill.amount_fen for bill in after.values()],
        paids=[bill.paid_fen for bill in after.values()],
        now=now,
    )


def _insert_payments(rows: Sequence[tuple[int, int, int]], *, now: datetime) -> None:
    """Insert payments given as (bill, attempt, fen)."""
    bills, attempts, fens = zip(*rows, strict=True)
    _execute(
        statements.INSERT_PAYMENTS,
        bills=list(bills),
        attempts=list(attempts),
        fens=list(fens),
        now=now,
    )


def _tell(taken: Sequence[_Taken], *, now: datetime) -> None:
    """Tell each payer in real time what was debited (P2.6)."""
    names = names_of(one.payer_id for one in taken)
    messages = [
        Message(
            key=f"attempt:{one.attempt_id}:debited",
            person_id=one.payer_id,
            template="debited",
            params={"name": names[one.payer_id], "amount": display(one.amount_fen)},
        )
        for one in taken
    ]
    notify_many(messages, now=now)


def restore_standing(reasons: Mapping[int, str], *, now: datetime) -> int:
    """Give principals (with the reason) back the standing that what they paid leaves them (P4.5).

    Good when nothing is overdue any more, suspended when only what is overdue is left; entries of
    the default list that are paid are lifted, and who was told of them is told at once.
    """
    return standing.reconsider(reasons, rule="P4.5", now=now)


def book_refund(refund: Refund, *, now: datetime) -> None:
    """Book a succeeded refund of a bill's payment, once: posting, payment, bill, notice (P3.10)."""
    attempt = refund.attempt
    (bill_id,) = bills_of([attempt.pk])
    before = lock([bill_id])[bill_id]
    bill = Bill.objects.select_related("visit__institution", "principal").get(pk=bill_id)
    money = source(attempt.channel.code, bill.visit.institution.code)
    moves = (Move(bill.account, money, refund.amount_fen),)
    if not post_many([Entry(f"refund:{refund.pk}", "refund", moves)], now=now):
        return
    write_bills({bill_id: rules.give_back(before, refund.amount_fen)}, now=now)
    BillPayment.objects.create(
        bill_id=bill_id, attempt=attempt, amount_fen=-refund.amount_fen, paid_at=now
    )
    payer = attempt.payer or bill.principal  # to whom it went back
    told = Message(
        key=f"refund:{refund.pk}:refunded",
        person_id=payer.pk,
        template="refunded",
        params={"name": payer.name, "amount": display(refund.amount_fen)},
    )
    notify_many([told], now=now)


def when(at: datetime) -> str:
    """Write a due time for a message."""
    return f"{at.astimezone(clock.CHINA):%m-%d %H:%M}"


def _rows(statement: str, **parameters: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 - SQL values
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())


def _execute(statement: str, **parameters: Any) -> None:  # noqa: ANN401 - SQL values
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
