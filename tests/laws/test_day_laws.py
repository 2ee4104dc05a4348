"""Random days: settle, lose answers, reverse, refund, pay, recover. The laws hold at every step.

L1 L2 L3 L4 L5 L12 after each step; L6 after a recovery and at the end; L9 and L10 where a request
is repeated or refused.
"""

from collections.abc import Callable
from typing import Any

from django.db import connection
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.settlement.conftest import NOW
from yifu.collection import services as collection
from yifu.collection.models import Bill
from yifu.errors import YifuError
from yifu.institutions.services import RequestKey
from yifu.insurance.models import Exchange
from yifu.ledger import services as ledger
from yifu.settlement import recovery, reversing
from yifu.settlement.models import Settlement, SettlementLine

MONEY = (
    *("ledger_posting", "ledger_movement", "collection_bill", "collection_billpayment"),
    *("payments_attempt", "payments_refund", "institutions_idempotencyrecord", "receipts_receipt"),
)
WORK = ("settlement_settlement", "settlement_settlementline", "insurance_exchange", "visits_charge")
ITEM = ("FW0001", "001102000010000", "普通门诊诊查费")
WHO = st.integers(0, 3)
FENS = st.lists(st.integers(1, 30_000), min_size=1, max_size=3)
METHOD = st.sampled_from(["auto", "auto", "cash"])

_OWED = """
SELECT line.id, line.limit_fen, line.held_fen, line.owed_fen,
       coalesce(sum(bill.amount_fen - bill.paid_fen), 0)::bigint
FROM ledger_line line
LEFT JOIN ledger_line share ON share.id = line.id OR share.parent_id = line.id
LEFT JOIN collection_bill bill
       ON bill.line_id = share.id AND bill.state IN ('open', 'overdue', 'defaulted')
GROUP BY line.id
"""
_TWICE = """
SELECT charge_id FROM settlement_settlementline WHERE live GROUP BY charge_id HAVING count(*) > 1
"""
_SPLITS = """
SELECT settlement.id FROM settlement_settlement settlement
JOIN settlement_settlementline line ON line.settlement_id = settlement.id
GROUP BY settlement.id
HAVING settlement.total_fen <> sum(line.amount_fen)
    OR settlement.state IN ('completed', 'awaiting_payment')
       AND settlement.total_fen <> settlement.fund_fen + settlement.account_fen
                                   + settlement.personal_fen + settlement.hospital_fen
"""
_FREE = """
SELECT line.id FROM settlement_settlementline line
JOIN settlement_settlement settlement ON settlement.id = line.settlement_id
WHERE line.live = (settlement.state IN ('reversed', 'rejected'))
"""


def ask(statement: str) -> list[tuple[Any, ...]]:
    """Rows of a statement."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def counts(tables: tuple[str, ...]) -> tuple[Any, ...]:
    """How many rows these tables have, and how much is owed in all."""
    columns = ", ".join(f"(SELECT count(*) FROM {table})" for table in tables)
    return ask(f"SELECT {columns}, (SELECT sum(owed_fen) FROM ledger_line)")[0]


class Days(RuleBasedStateMachine):
    """Two families at one hospital and its insurer; set `world` in a subclass."""

    world: Any

    def __init__(self) -> None:
        super().__init__()
        make = self.world.person
        mother, self.father = make(balance_fen=700, used_fen=60_000), make(used_fen=60_000)
        child = make(born="2018-05-05", psn_type="16")
        stranger = make(psn_type="")
        self.world.sign(mother, dependants=[(child, 20_000)])
        self.world.sign(self.father, funding="bank")
        self.persons = [mother, child, self.father, stranger]
        self.visits: list[Any] = []
        self.settlements: list[int] = []
        self.keys = 0

    def teardown(self) -> None:
        """End the day: faults over, everything recovered, the insurer's books are ours (L6)."""
        self.recover()
        self.balanced()

    @rule(who=WHO, fens=FENS, method=METHOD)
    def treat(self, who: int, fens: list[int], method: str) -> None:
        charges = [(*ITEM, fen) for fen in fens]
        self.visits.append(self.world.visit(self.persons[who], *charges))
        self.settle(self.visits[-1], method)

    @precondition(lambda self: self.visits)
    @rule(which=st.integers(0, 20), method=METHOD)
    def settle_again(self, which: int, method: str) -> None:
        self.settle(self.visits[which % len(self.visits)], method)

    def settle(self, visit: Any, method: str) -> None:
        """Settle, twice with the same key (L9)."""
        key = self.key()
        outcome = self.attempt(lambda: self.world.settle(visit, method=method, key=key))
        if outcome is None:
            return
        self.settlements.append(outcome.settlement_id)
        before = counts(MONEY + WORK)
        again = self.world.settle(visit, method=method, key=key)
        assert (again.status, again.body) == (outcome.status, outcome.body), "L9"
        assert counts(MONEY + WORK) == before, "L9"

    @precondition(lambda self: self.settlements)
    @rule(which=st.integers(0, 20))
    def reverse(self, which: int) -> None:
        self.attempt(
            lambda: reversing.reverse(
                institution_id=self.world.hospital.pk,
                settlement_id=self.settlements[which % len(self.settlements)],
                reason="开错",
                now=NOW,
                key=self.key(),
            )
        )

    @precondition(lambda self: self.settlements)
    @rule(which=st.integers(0, 20), charge=st.integers(0, 3))
    def refund(self, which: int, charge: int) -> None:
        number = self.settlements[which % len(self.settlements)]
        charges = SettlementLine.objects.filter(settlement=number).order_by("pk")
        chosen = list(charges.values_list("charge_id", flat=True))
        outcome = self.attempt(
            lambda: reversing.refund(
                institution_id=self.world.hospital.pk,
                settlement_id=number,
                charge_ids=[chosen[charge % len(chosen)]],
                reason="未做",
                now=NOW,
                key=self.key(),
            )
        )
        if outcome is not None and outcome.settlement_id not in self.settlements:
            self.settlements.append(outcome.settlement_id)

    @precondition(lambda self: self.settlements)
    @rule(which=st.integers(0, 20), part=st.integers(1, 4))
    def pay(self, which: int, part: int) -> None:
        bills = list(
            Bill.objects.filter(settlements__in=self.settlements).distinct().order_by("pk")
        )
        if bills:
            bill = bills[which % len(bills)]
            self.attempt(
                lambda: collection.pay_bill(
                    bill_id=bill.pk,
                    channel="cash",
                    amount_fen=bill.owed_fen // part,
                    now=NOW,
                    institution_id=self.world.hospital.pk,
                )
            )

    @rule(
        infno=st.sampled_from(["2204", "2207", "2207", "2208"]),
        fault=st.sampled_from(
            ["drop_answer", "drop_request", "twice", "refuse", "nonsense", "wrong_sum"]
        ),
    )
    def fault(self, infno: str, fault: str) -> None:
        if fault != "wrong_sum" or infno != "2204":
            self.world.insurer.fault(fault, infno=infno)

    @rule()
    def recover(self) -> None:
        self.world.insurer.control("faults", method="DELETE")
        report = recovery.recover(now=NOW)
        assert report.still_unknown == 0, report
        assert not Exchange.objects.filter(
            state__in=["sending", "unknown"], infno__in=["2204", "2207", "2208"]
        ).exists()
        assert self.their_books() == self.our_books(), "L6"

    @invariant()
    def balanced(self) -> None:
        found = ledger.verify()
        assert found.balanced, found.faults
        for line, limit_fen, held_fen, owed_fen, billed_fen in ask(_OWED):
            assert owed_fen == billed_fen, f"L3: line {line}"
            assert held_fen >= 0, f"L2: line {line}"
            assert 0 <= owed_fen <= limit_fen - held_fen, f"L2: line {line}"
        assert ask(_TWICE) == [], "L4"
        assert ask(_FREE) == [], "L4"
        assert ask(_SPLITS) == [], "L5"

    def attempt(self, action: Callable[[], Any]) -> Any:
        """Do it, or be refused and find everything as it was (L10)."""
        before, money = counts(MONEY + WORK), counts(MONEY)
        refused = ""
        try:
            return action()
        except YifuError as refusal:
            refused = refusal.code
        assert counts(MONEY) == money, f"L10: {refused}"
        # What the insurer refuses leaves the messages and the attempt, nothing else.
        assert refused.startswith("insurer_") or counts(MONEY + WORK) == before, f"L10: {refused}"
        return None

    def key(self) -> RequestKey:
        """A key nobody has used."""
        self.keys += 1
        return RequestKey(self.world.hospital.pk, f"{id(self)}-{self.keys}", b"1" * 32)

    def their_books(self) -> dict[str, tuple[int, int]]:
        """What stands at the insurer: total, and fund and account together, by settlement."""
        found: dict[str, tuple[int, int]] = {}
        for row in self.world.their_books()["settlements"]:
            total_fen, paid_fen = found.get(row["setl_id"], (0, 0))
            paid_fen += row["fund_pay_sumamt_fen"] + row["acct_pay_fen"]
            found[row["setl_id"]] = (total_fen + row["medfee_sumamt_fen"], paid_fen)
        return {number: sums for number, sums in found.items() if sums != (0, 0)}

    def our_books(self) -> dict[str, tuple[int, int]]:
        """What stands with us."""
        standing = Settlement.objects.filter(
            state__in=["completed", "awaiting_payment"], insured=True
        )
        return {row.setl_id: (row.total_fen, row.fund_fen + row.account_fen) for row in standing}


def test_the_laws_hold_whatever_happens_in_a_day(world):
    machine = type("TheDays", (Days,), {"world": world})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=20,
            stateful_step_count=12,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
