"""Families on shared lines: what may happen to them, and the laws that hold whatever does.

The doings are the platform's own, without insurer and channels: visits are self-paid and bills are
paid in cash, so that a thousand of them take seconds.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

from django.db import connection, transaction

from tests import builders
from tests.builders import NOW
from yifu.collection import baddebt, defaults
from yifu.collection import services as collection
from yifu.collection.models import PAYABLE_STATES, Bill, BillState, DefaultEntry
from yifu.credit import services as credit
from yifu.credit.lines import set_limit
from yifu.credit.models import CreditLine, Standing
from yifu.errors import YifuError
from yifu.institutions.services import RequestKey
from yifu.ledger import services as ledger
from yifu.ledger.models import Line
from yifu.patients.models import Person
from yifu.settlement import holding, reversing, services
from yifu.settlement.models import Settlement, SettlementLine
from yifu.visits.models import Visit

LINE_FEN, SHARE_FEN, SMALL_FEN = 50_000, 30_000, 8_000
VISIT_FEN, DAY_FEN, SPARE_FEN = 40_000, 60_000, 10_000
HOLDS_FOR = timedelta(hours=72)

_LINES = """
SELECT line.id, line.limit_fen, line.held_fen, line.owed_fen, line.extra_fen,
       (SELECT coalesce(sum(bill.amount_fen - bill.paid_fen), 0) FROM collection_bill bill
        JOIN ledger_line own ON own.id = bill.line_id
        WHERE line.id IN (own.id, own.parent_id)
          AND bill.state IN ('open', 'overdue', 'defaulted'))::bigint,
       (SELECT coalesce(sum(hold.amount_fen), 0) FROM ledger_hold hold
        JOIN ledger_line own ON own.id = hold.line_id
        WHERE line.id IN (own.id, own.parent_id) AND hold.state = 'open')::bigint
FROM ledger_line line WHERE line.id = ANY(%s)
"""
_TWICE = """
SELECT charge_id FROM settlement_settlementline WHERE live GROUP BY charge_id HAVING count(*) > 1
"""
_REFUNDED = """
SELECT attempt.id FROM payments_attempt attempt
LEFT JOIN payments_refund refund ON refund.attempt_id = attempt.id AND refund.state <> 'failed'
GROUP BY attempt.id
HAVING coalesce(sum(refund.amount_fen), 0) > attempt.amount_fen
    OR coalesce(sum(refund.amount_fen), 0) <> attempt.refunded_fen
"""
_DAYS = """
SELECT bill.principal_id, settled.business_date, sum(settled.personal_fen)
FROM settlement_settlement settled JOIN collection_bill bill ON bill.id = settled.bill_id
WHERE settled.method IN ('credit', 'bank') AND settled.state IN ('completed', 'reversing')
GROUP BY 1, 2 HAVING sum(settled.personal_fen) > %s
"""
_VISITS = """
SELECT visit_id FROM settlement_settlement
WHERE method IN ('credit', 'bank') AND state IN ('completed', 'reversing')
GROUP BY 1 HAVING sum(personal_fen) > %s
"""
_BEYOND = """
SELECT over_limit.id FROM credit_overlimit over_limit
LEFT JOIN settlement_settlement settled ON over_limit.subject = 'settlement:' || settled.id
LEFT JOIN visits_visit visit ON visit.id = settled.visit_id
WHERE visit.kind IS DISTINCT FROM 'emergency' OR over_limit.over_fen > settled.personal_fen
"""
# What treasuries bear is what was written off and neither paid nor taken off since (P4.6).
_BORNE = """
SELECT bearer, sum(amount_fen - recovered_fen - lowered_fen)::bigint
FROM collection_writeoff WHERE state = 'approved' GROUP BY bearer
"""
_KEPT = (
    *("collection_defaultentry", "collection_dispute", "collection_telling"),
    *("collection_writeoff", "credit_standingchange", "patients_notice"),
    *("ledger_line", "ledger_hold", "ledger_posting", "ledger_movement", "credit_visithold"),
    *("credit_overlimit", "credit_limitchange", "credit_creditline", "collection_bill"),
    *("collection_billpayment", "payments_attempt", "payments_refund", "settlement_settlement"),
    *("settlement_settlementline", "institutions_idempotencyrecord", "procrastinate_jobs"),
)
_DIGEST = " || ".join(
    f"(SELECT md5(coalesce(string_agg(row::text, ';' ORDER BY row.id), '')) FROM {table} row)"
    for table in _KEPT
)


def ask(statement: str, parameters: list[Any] | None = None) -> list[tuple[Any, ...]]:
    """Rows of a statement."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())


def everything() -> str:
    """A digest of everything that money and credit are kept in."""
    return str(ask(f"SELECT {_DIGEST}")[0][0])


@dataclass
class Families:
    """A mother with two dependants on her line, and a father with a line of his own."""

    persons: list[Person] = field(default_factory=list)
    keys: Any = field(default_factory=lambda: count(1))

    @classmethod
    def make(cls) -> "Families":
        """Sign them up; the scheme's limits are small enough to be met."""
        builders.institution()
        mother, father = builders.person(), builders.person()
        child, grandmother = builders.person(born="2018-05-05"), builders.person(born="1950-01-01")
        builders.contract(mother, dependants=[(child, SMALL_FEN), (grandmother, SHARE_FEN)])
        builders.contract(father)
        made = cls([mother, child, grandmother, father])
        tops = Line.objects.filter(creditline__person__in=made.persons)
        tops.update(limit_fen=LINE_FEN)
        return made

    @property
    def lines(self) -> list[int]:
        """Their lines, each principal's before its dependants'."""
        own = Line.objects.filter(creditline__person__in=self.persons)
        shares = Line.objects.filter(parent__in=own)
        return sorted([*own.values_list("pk", flat=True), *shares.values_list("pk", flat=True)])

    def key(self, name: str | None = None) -> RequestKey:
        """A key of this request alone, or the one of that name."""
        text = name or f"k{next(self.keys)}"
        return RequestKey(builders.institution().pk, f"{id(self)}-{text}", b"1" * 32)

    def visit(self, who: int, fens: list[int], kind: str) -> Visit:
        """A visit with charges, not settled."""
        return builders.visit(self.persons[who], charges=fens, uninsured=True, kind=kind)

    def settle(self, visit: Visit, *, method: str = "auto", key: RequestKey | None = None) -> Any:
        """Settle what is not settled of a visit."""
        return services.settle(
            institution_id=visit.institution_id,
            visit_id=visit.pk,
            method=method,
            now=NOW,
            key=key,
        )

    def hold(self, visit: Visit, fen: int, *, key: RequestKey | None = None) -> Any:
        """Hold an amount for a visit."""
        return holding.hold(
            visit.pk,
            institution_id=visit.institution_id,
            amount_fen=fen,
            agreement=None,
            now=NOW,
            key=key or self.key(),
        )

    def release(self, visit: Visit) -> Any:
        """Give a visit's hold back."""
        return holding.release(visit.pk, institution_id=visit.institution_id, now=NOW)

    def expire(self) -> int:
        """Let the time of every hold be over."""
        return ledger.expire_due(now=NOW + HOLDS_FOR)

    def pay(self, bill: Bill, fen: int, payer: int | None = None) -> Any:
        """Pay a bill in cash; a relative of the family may."""
        return collection.pay_bill(
            bill_id=bill.pk,
            channel="cash",
            amount_fen=fen,
            now=NOW,
            institution_id=None,
            payer_id=None if payer is None else self.persons[payer].pk,
        )

    def take_back(self, settlement: Settlement, place: int | None) -> Any:
        """Reverse a settlement, or refund one of its charges."""
        asked: Any = {"institution_id": settlement.institution_id, "settlement_id": settlement.pk}
        if place is None:
            return reversing.reverse(**asked, reason="开错", now=NOW, key=self.key())
        charges = SettlementLine.objects.filter(settlement=settlement).order_by("pk")
        chosen = list(charges.values_list("charge_id", flat=True))
        return reversing.refund(
            **asked,
            charge_ids=[chosen[place % len(chosen)]],
            reason="未做",
            now=NOW,
            key=self.key(),
        )

    def limit(self, place: int, fen: int) -> bool:
        """Raise or lower a line's limit."""
        line = self.lines[place % len(self.lines)]
        return set_limit(line_id=line, to_fen=fen, reason="score:1", rule="P2.1", now=NOW)

    def overdue(self, bill: Bill) -> None:
        """Let a bill be overdue and its principal suspended, as a night does (P4.3)."""
        with transaction.atomic():
            Bill.objects.select_for_update(no_key=True).get(pk=bill.pk)
            moved = Bill.objects.filter(pk=bill.pk, state=BillState.OPEN)
            if moved.update(state=BillState.OVERDUE):
                line = CreditLine.objects.get(person_id=bill.principal_id)
                credit.set_standing(
                    credit_line_id=line.pk,
                    to=Standing.SUSPENDED,
                    reason=f"bill:{bill.pk} overdue",
                    rule="P4.3",
                    now=NOW,
                )

    def default(self, bill: Bill) -> None:
        """Let an overdue bill be in default and its entry proposed, as a night does (P4.4)."""
        with transaction.atomic():
            Bill.objects.select_for_update(no_key=True).get(pk=bill.pk)
            moved = Bill.objects.filter(pk=bill.pk, state=BillState.OVERDUE)
            if moved.update(state=BillState.DEFAULTED):
                reasons = {bill.principal_id: f"bill:{bill.pk} defaulted"}
                credit.worsen_standings(reasons, to=Standing.DEFAULTED, rule="P4.4", now=NOW)
                DefaultEntry.objects.create(
                    bill=bill,
                    principal_id=bill.principal_id,
                    institution=builders.institution(),
                    rule="P4.4",
                    proposed_at=NOW,
                )

    def neglect(self, bill: Bill) -> None:
        """Do not pay a bill for more than a month."""
        self.overdue(bill)
        self.default(bill)

    def entries(self) -> list[DefaultEntry]:
        """Who is proposed for the list, or on it."""
        found = DefaultEntry.objects.filter(state__in=["proposed", "confirmed"])
        return list(found.order_by("pk"))

    def decide(self, entry: DefaultEntry, how: str) -> Any:
        """Confirm an entry, refuse it, or let its person contest it."""
        if how == "confirm":
            place = entry.institution_id
            return defaults.confirm([entry.pk], institution_id=place, by="office", now=NOW)
        if how == "refuse":
            place = entry.institution_id
            return defaults.refuse(
                entry.pk, institution_id=place, by="office", reason="错", now=NOW
            )
        who = entry.principal_id
        return defaults.contest(entry.pk, person_id=who, by="self", reason="已付", now=NOW)

    def give_up(self, bill: Bill) -> Any:
        """Propose to write a bill off, and have a second person approve it (P4.6)."""
        proposed = baddebt.propose(bill_id=bill.pk, by="finance", note="", now=NOW)
        return baddebt.approve(proposed.pk, by="finance2", now=NOW)

    def live_bills(self) -> list[Bill]:
        """What they owe, or owed until it was written off."""
        found = Bill.objects.filter(principal__in=self.persons, state__in=PAYABLE_STATES)
        return list(found.order_by("pk"))

    def settlements(self) -> list[Settlement]:
        """What stands."""
        found = Settlement.objects.filter(
            person__in=self.persons, state__in=["completed", "awaiting_payment"]
        )
        return list(found.order_by("pk"))

    def used(self) -> dict[int, tuple[int, int]]:
        """What is held and owed on each line, and the room it has in all; fen."""
        rows = ask(_LINES, [self.lines])
        return {row[0]: (row[2] + row[3], row[1] + row[4]) for row in rows}

    def check(self) -> None:
        """L1, L3, L4, L7, L12, and that nothing is beyond what the scheme lets it be."""
        found = ledger.verify()
        assert found.balanced, found.faults
        for line, limit_fen, held_fen, owed_fen, extra_fen, billed_fen, open_fen in ask(
            _LINES, [self.lines]
        ):
            assert owed_fen == billed_fen, f"L3: line {line} owes {owed_fen}, bills {billed_fen}"
            assert held_fen == open_fen, f"L3: line {line} holds {held_fen}, holds {open_fen}"
            assert min(held_fen, owed_fen) >= 0, f"L2: line {line}"
            assert extra_fen <= max(0, held_fen + owed_fen - limit_fen), f"L2: line {line}"
            assert extra_fen <= SPARE_FEN, f"L2: line {line}"
        borne = {code: fen for code, fen in ledger.balances("baddebt:").items() if fen}
        wanted = {f"baddebt:{bearer}": fen for bearer, fen in ask(_BORNE) if fen}
        assert borne == wanted, "L1: bad debt"
        assert ask(_TWICE) == [], "L4"
        assert ask(_REFUNDED) == [], "L7"
        assert ask(_DAYS, [DAY_FEN + SPARE_FEN]) == [], "day_fen"
        assert ask(_VISITS, [VISIT_FEN + SPARE_FEN]) == [], "visit_fen"
        assert ask(_BEYOND) == [], "over the limit without an emergency"


def refused(work: Callable[[], Any]) -> str:
    """Do it; gives the code of what refused it, or nothing."""
    try:
        work()
    except YifuError as refusal:
        return refusal.code
    return ""
