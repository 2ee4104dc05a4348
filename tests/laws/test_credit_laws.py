"""Families on shared lines, through any history and with many at once: the laws hold.

L1 L2 L3 L4 L7 L12 after each step; L9 where a request is repeated, L10 where one is refused. With
many at once also: nobody deadlocks, for locks are taken in one order.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any

import pytest
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

from tests import builders
from tests.laws.families import (
    DAY_FEN,
    LINE_FEN,
    SPARE_FEN,
    VISIT_FEN,
    Families,
    ask,
    everything,
    refused,
)
from yifu.collection.models import Bill
from yifu.settlement.models import Settlement
from yifu.visits.models import Visit

WHO = st.integers(0, 3)
WHICH = st.integers(0, 20)
FENS = st.lists(st.integers(1, 20_000), min_size=1, max_size=3)
KIND = st.sampled_from(["outpatient", "outpatient", "emergency"])
LIMITS = f"visit_fen = {VISIT_FEN}\nday_fen = {DAY_FEN}\nemergency_over_fen = {SPARE_FEN}"


class Histories(RuleBasedStateMachine):
    """Whatever may happen to two families, one after the other."""

    def __init__(self) -> None:
        super().__init__()
        self.families = Families.make()
        self.before = self.families.used()
        self.visits: list[Visit] = []
        self.held: list[Visit] = []

    @rule(who=WHO, fens=FENS, kind=KIND, method=st.sampled_from(["auto", "auto", "auto", "cash"]))
    def treat(self, who: int, fens: list[int], kind: str, method: str) -> None:
        visit = self.families.visit(who, fens, kind)
        self.visits.append(visit)
        self.twice(lambda key: self.families.settle(visit, method=method, key=key))

    @rule(who=WHO, fens=FENS, kind=KIND, fen=st.integers(1, 30_000))
    def hold(self, who: int, fens: list[int], kind: str, fen: int) -> None:
        visit = self.families.visit(who, fens, kind)
        self.held.append(visit)
        self.twice(lambda key: self.families.hold(visit, fen, key=key))

    @precondition(lambda self: self.held)
    @rule(which=WHICH)
    def capture(self, which: int) -> None:
        visit = self.pick(self.held, which)
        self.twice(lambda key: self.families.settle(visit, key=key))

    @precondition(lambda self: self.held)
    @rule(which=WHICH)
    def release(self, which: int) -> None:
        self.attempt(lambda: self.families.release(self.pick(self.held, which)))

    @rule()
    def expire(self) -> None:
        self.families.expire()

    @precondition(lambda self: self.bill)
    @rule(which=WHICH, parts=st.integers(1, 3), payer=st.none() | WHO)
    def pay(self, which: int, parts: int, payer: int | None) -> None:
        bill = self.pick(self.bills, which)
        fen = -(-bill.owed_fen // parts)
        self.attempt(lambda: self.families.pay(bill, fen, payer))

    @precondition(lambda self: self.bill)
    @rule(which=WHICH, more=st.integers(1, 100))
    def pay_too_much(self, which: int, more: int) -> None:
        bill = self.pick(self.bills, which)
        assert self.attempt(lambda: self.families.pay(bill, bill.owed_fen + more))

    @precondition(lambda self: self.families.settlements())
    @rule(which=WHICH, place=st.none() | st.integers(0, 2))
    def take_back(self, which: int, place: int | None) -> None:
        settlement = self.pick(self.families.settlements(), which)
        self.attempt(lambda: self.families.take_back(settlement, place))

    @rule(line=WHICH, fen=st.integers(0, 2 * LINE_FEN))
    def limit(self, line: int, fen: int) -> None:
        self.families.limit(line, fen)

    @precondition(lambda self: self.bill)
    @rule(which=WHICH)
    def overdue(self, which: int) -> None:
        self.families.overdue(self.pick(self.bills, which))

    @precondition(lambda self: self.bill)
    @rule(which=WHICH, much=st.booleans())
    def default(self, which: int, much: bool) -> None:  # noqa: FBT001 - drawn by Hypothesis
        bill = self.pick(self.bills, which)
        self.families.neglect(bill)
        if much:
            self.attempt(lambda: self.families.give_up(bill))

    @precondition(lambda self: self.families.entries())
    @rule(which=WHICH, how=st.sampled_from(["confirm", "refuse", "contest"]))
    def decide(self, which: int, how: str) -> None:
        entry = self.pick(self.families.entries(), which)
        self.attempt(lambda: self.families.decide(entry, how))

    @invariant()
    def the_laws_hold(self) -> None:
        self.families.check()
        after = self.families.used()
        for line, (used_fen, room_fen) in after.items():
            # Of what was held, what is owed now is no increase.
            assert used_fen <= max(self.before[line][0], room_fen), f"L2: line {line}"
        self.before = after

    @property
    def bills(self) -> list[Bill]:
        return self.families.live_bills()

    @property
    def bill(self) -> bool:
        return bool(self.bills)

    def pick(self, things: list[Any], which: int) -> Any:
        return things[which % len(things)]

    def twice(self, work: Callable[[Any], Any]) -> None:
        """Do it with a key, and again with the same: the same answer, no second effect (L9)."""
        key = self.families.key()
        if self.attempt(lambda: work(key)):
            return
        before = everything()
        work(key)
        assert everything() == before, "L9"

    def attempt(self, work: Callable[[], Any]) -> str:
        """Do it, or be refused and find everything as it was (L10); gives the refusal."""
        before = everything()
        code = refused(work)
        assert not code or everything() == before, f"L10: {code}"
        return code


@pytest.mark.django_db
def test_the_laws_hold_through_any_history():
    builders.area()
    builders.scheme(limits=LIMITS)
    run_state_machine_as_test(
        Histories,
        settings=settings(
            max_examples=14,
            stateful_step_count=15,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


THREADS, DOINGS = 5, 40


@pytest.mark.django_db(transaction=True)
def test_the_laws_hold_with_many_at_once_and_nobody_deadlocks():
    builders.area()
    builders.scheme(limits=LIMITS)
    families = Families.make()
    random = Random(4)  # noqa: S311 - which is chosen is no secret
    visits = [
        families.visit(
            random.choice([0, 1, 2, 2, 2, 3]),
            [random.randint(1, 9000) for _ in range(2)],
            random.choice(["outpatient", "outpatient", "emergency"]),
        )
        for _ in range(24)
    ]
    with ThreadPoolExecutor(THREADS) as pool:
        doing = [pool.submit(act, families, visits, Random(seed)) for seed in range(THREADS)]  # noqa: S311 - the same
        done = [code for one in doing for code in one.result(60)]
    families.check()
    families.expire()
    families.check()
    # It was about something: most was done, on credit and not, with holds and without.
    assert done.count("") > THREADS * DOINGS / 4
    methods = set(Settlement.objects.values_list("method", flat=True))
    assert {"credit", "window"} <= methods
    assert ask("SELECT count(*) FROM ledger_hold WHERE state = 'captured'")[0][0]


def act(families: Families, visits: list[Visit], random: Random) -> list[str]:
    """Do something at random, again and again, on a connection of one's own."""
    try:
        return [refused(choose(families, visits, random)) for _ in range(DOINGS)]
    finally:
        connection.close()


def choose(families: Families, visits: list[Visit], random: Random) -> Callable[[], Any]:
    """Choose what to do next; what is found may be gone by then."""
    visit = random.choice(visits)
    bills, standing = families.live_bills(), families.settlements()
    bill = random.choice(bills) if bills else None
    settlement = random.choice(standing) if standing else None
    choices: list[Callable[[], Any]] = [
        lambda: families.settle(visit, key=families.key(f"settle {visit.pk}")),
        lambda: families.settle(visit),
        lambda: families.hold(visit, random.randint(1, 9000)),
        lambda: (families.hold(visit, random.randint(1, 9000)), families.settle(visit)),
        lambda: families.release(visit),
        lambda: families.limit(random.randrange(4), random.randint(5_000, 2 * LINE_FEN)),
    ]
    if random.random() < 0.03:
        return families.expire
    if bill is not None:
        choices += [
            lambda: families.pay(bill, max(1, bill.owed_fen // 2), random.randrange(4)),
            lambda: families.pay(bill, max(1, bill.owed_fen)),
            lambda: families.pay(bill, max(1, bill.owed_fen)),
        ]
        if random.random() < 0.2:
            choices.append(lambda: families.overdue(bill))
        if random.random() < 0.1:
            choices.append(lambda: families.neglect(bill))
            choices.append(lambda: families.give_up(bill))
    if random.random() < 0.1 and (entries := families.entries()):
        entry, how = random.choice(entries), random.choice(["confirm", "refuse", "contest"])
        choices.append(lambda: families.decide(entry, how))
    if settlement is not None:
        choices.append(lambda: families.take_back(settlement, random.choice([None, 0, 1])))
    return random.choice(choices)
