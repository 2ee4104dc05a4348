"""Random histories of families: whatever happens, everybody has one principal at most (L3, L10)."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from tests import builders
from tests.builders import AREA, NOW
from tests.enrolment.conftest import PHONE, sign
from yifu.clock import business_date
from yifu.collection.models import Bill
from yifu.credit import services as credit
from yifu.enrolment import services
from yifu.enrolment.services import Death, Move
from yifu.errors import YifuError
from yifu.ledger import services as ledger
from yifu.ledger.models import Line
from yifu.patients.models import Consent, Contract, Dependant, Person
from yifu.patients.rules import age_on

WHO = st.integers(0, 6)
BORN = ("1960-01-01", "1984-04-04", "1985-05-05", "1985-05-06", "2008-02-29", "2009-01-01")
FEN = st.none() | st.integers(0, 5_000)


class Families(RuleBasedStateMachine):
    """Seven people, two of whom come of age meanwhile, and all that can happen to them."""

    def __init__(self) -> None:
        super().__init__()
        # Every example in a transaction of its own that is rolled back.
        self._own = transaction.atomic()
        self._own.__enter__()
        self.now = NOW
        self.people = [builders.person(born=born) for born in (*BORN, "2016-06-06")]

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self._own.__exit__(None, None, None)

    def attempt(self, work: Callable[[], Any]) -> None:
        """Do something that may be refused; a refusal changes nothing (L10)."""
        before = self.picture()
        try:
            with transaction.atomic():
                work()
        except YifuError:
            assert self.picture() == before

    def picture(self) -> list[Any]:
        rows: list[Any] = []
        for model in (Contract, Dependant, Consent, Line, Person):
            rows += model.objects.order_by("pk").values_list()
        return rows

    def contract(self, who: int) -> Contract | None:
        return Contract.objects.filter(person=self.people[who]).order_by("pk").last()

    @rule(who=WHO)
    def sign(self, who: int) -> None:
        self.attempt(lambda: sign(self.people[who], now=self.now))

    @rule(payer=WHO, who=WHO, fen=FEN)
    def add(self, payer: int, who: int, fen: int | None) -> None:
        contract = self.contract(payer)
        if contract is not None:
            asked = builders.dependant(self.people[who], fen, of=self.people[payer])
            self.attempt(lambda: services.add(contract.pk, asked, now=self.now))

    @rule(payer=WHO, who=WHO, fen=st.integers(0, 5_000))
    def limit(self, payer: int, who: int, fen: int) -> None:
        contract, person = self.contract(payer), self.people[who].pk
        if contract is not None:
            self.attempt(
                lambda: services.set_sub_limit(contract.pk, person, limit_fen=fen, now=self.now)
            )

    @rule(payer=WHO, who=WHO)
    def remove(self, payer: int, who: int) -> None:
        contract, person = self.contract(payer), self.people[who].pk
        if contract is not None:
            self.attempt(lambda: services.remove(contract.pk, person, now=self.now))

    @rule(one=WHO, other=WHO, who=WHO, fen=FEN)
    def move(self, one: int, other: int, who: int, fen: int | None) -> None:
        old, new, person = self.contract(one), self.contract(other), self.people[who]
        if old is not None and new is not None:
            joining = builders.dependant(person, fen, of=self.people[other])
            asked = Move(new.pk, joining, PHONE, PHONE)
            self.attempt(lambda: services.move(old.pk, person.pk, asked, now=self.now))

    @rule(who=WHO, fen=st.integers(1, 4_000))
    def treat(self, who: int, fen: int) -> None:
        payer = credit.find_payer(self.people[who].pk)
        if payer is None or not payer.lines:
            return
        line = Line.objects.get(pk=payer.lines[-1])
        principal = Person.objects.get(pk=payer.principal_id)
        self.attempt(lambda: builders.bill(principal, fen, line=line, patient=self.people[who]))

    @rule(who=WHO)
    def close(self, who: int) -> None:
        contract = self.contract(who)
        if contract is not None:
            owes = Bill.objects.filter(principal=contract.person, state="open").exists()
            self.attempt(lambda: services.close(contract.pk, now=self.now))
            contract.refresh_from_db()
            assert not (
                owes and contract.close_reason == "asked" and contract.closed_at == self.now
            )

    @rule(who=WHO)
    def die(self, who: int) -> None:
        death = Death(business_date(self.now), "D", "x")
        self.attempt(lambda: services.die(self.people[who].pk, death, now=self.now))

    @rule(one=WHO, other=WHO)
    def merge(self, one: int, other: int) -> None:
        leaving, into = self.people[one].pk, self.people[other].pk
        self.attempt(lambda: services.merge(leaving, into=into, by="x", reason="r", now=self.now))

    @rule(days=st.integers(1, 200))
    def time_goes_on(self, days: int) -> None:
        self.now += timedelta(days=days)
        services.come_of_age(AREA, business_date(self.now), now=self.now)

    @invariant()
    def one_principal_at_most_and_no_row_of_them(self) -> None:
        living = Dependant.objects.filter(ended_at__isnull=True)
        pairs = list(living.values_list("contract__person_id", "person_id"))
        assert len({paid for _, paid in pairs}) == len(pairs)
        assert not {payer for payer, _ in pairs} & {paid for _, paid in pairs}
        assert not living.exclude(contract__state="active").exists()

    @invariant()
    def who_pays_is_alive_adult_and_has_agreed(self) -> None:
        for contract in Contract.objects.exclude(state="closed").select_related("person"):
            person = contract.person
            assert person.died_on is None
            assert person.merged_into_id is None
            assert age_on(person.birth_date, business_date(self.now)) >= 18
            assert Consent.objects.filter(contract=contract, person=person).exists()

    @invariant()
    def every_look_up_ends_after_one_step(self) -> None:
        merged = Person.objects.exclude(merged_into=None).select_related("merged_into")
        assert not [one for one in merged if one.merged_into and one.merged_into.merged_into_id]
        for one in merged:
            there = credit.find_payer(one.merged_into_id or 0)
            assert credit.find_payer(one.pk) == there

    @invariant()
    def who_has_left_has_no_room(self) -> None:
        gone = Line.objects.filter(creditline__contract__state="closed")
        ended = Line.objects.filter(share__dependant__ended_at__isnull=False)
        assert not any((gone | ended).values_list("limit_fen", flat=True))
        assert ledger.verify().balanced


@pytest.mark.django_db
def test_families_hold_through_any_history():
    assert date.fromisoformat(BORN[-1]) < NOW.date()
    run_state_machine_as_test(
        Families, settings=settings(max_examples=8, stateful_step_count=20, deadline=None)
    )
