"""Random histories of entries, disputes and payments: what was told last is what is so (P4.4)."""

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from tests import builders
from tests.collection.listing import LATER, entries_of, pay, standing, unpaid
from yifu.collection import defaults
from yifu.collection.errors import (
    BillNotPayable,
    DisputeNotOpen,
    DisputeOpen,
    EntryContested,
    EntryNotDecidable,
    NotContestable,
)
from yifu.collection.models import Bill, DefaultEntry, Dispute, Telling
from yifu.collection.tellings import CREDIT_PLATFORM, INSURER
from yifu.credit.models import CreditLine, Standing, StandingChange
from yifu.ledger.errors import AmountNotPositive
from yifu.ledger.models import Line

WHICH = st.integers(0, 20)
REFUSALS = (
    *(AmountNotPositive, BillNotPayable, DisputeNotOpen, DisputeOpen),
    *(EntryContested, EntryNotDecidable, NotContestable),
)
BAD = {"overdue", "defaulted", "written_off"}


class StandingHistories(RuleBasedStateMachine):
    """A principal with bills long unpaid, and all that can become of their entries."""

    def __init__(self) -> None:
        super().__init__()
        self._own = transaction.atomic()
        self._own.__enter__()
        self.person = builders.person()
        builders.contract(self.person)
        self.line = Line.objects.get(creditline__person=self.person)
        self.owe(recognised=True)

    @rule(recognised=st.booleans())
    def owe(self, *, recognised: bool) -> None:
        """As the night leaves it: overdue and suspended, or defaulted and proposed."""
        self.line.refresh_from_db()
        if self.line.available_fen < 3000:
            return
        unpaid(self.person, line=self.line, entry=recognised)
        worse = [Standing.DEFAULTED] if recognised else [Standing.GOOD]
        to = Standing.DEFAULTED if recognised else Standing.SUSPENDED
        lines = CreditLine.objects.filter(person=self.person)
        (lines if recognised else lines.filter(standing__in=worse)).update(standing=to)

    @rule(which=WHICH)
    def repay(self, which: int) -> None:
        bills = list(Bill.objects.filter(principal=self.person).order_by("pk"))
        self.try_(lambda: pay(bills[which % len(bills)]))

    @rule(which=WHICH)
    def confirm(self, which: int) -> None:
        entry = self.entry(which)
        self.try_(
            lambda: defaults.confirm(
                [entry.pk], institution_id=entry.institution_id, by="office", now=LATER
            )
        )

    @rule(which=WHICH)
    def refuse(self, which: int) -> None:
        entry = self.entry(which)
        self.try_(
            lambda: defaults.refuse(
                entry.pk, institution_id=entry.institution_id, by="office", reason="x", now=LATER
            )
        )

    @rule(which=WHICH)
    def contest(self, which: int) -> None:
        entry = self.entry(which)
        self.try_(
            lambda: defaults.contest(
                entry.pk, person_id=self.person.pk, by="self", reason="x", now=LATER
            )
        )

    @rule(which=WHICH, upheld=st.booleans())
    def decide(self, which: int, *, upheld: bool) -> None:
        for dispute in self.dispute(which):
            self.try_(
                lambda pk=dispute.pk: defaults.decide_dispute(
                    pk, institution_id=None, by="city", upheld=upheld, note="x", now=LATER
                )
            )

    @rule(which=WHICH)
    def withdraw(self, which: int) -> None:
        for dispute in self.dispute(which):
            self.try_(
                lambda pk=dispute.pk: defaults.withdraw_dispute(
                    pk, person_id=self.person.pk, by="self", now=LATER
                )
            )

    @invariant()
    def what_was_told_last_is_so(self) -> None:
        confirmed = DefaultEntry.objects.filter(principal=self.person, state="confirmed")
        listed = confirmed.exclude(disputes__state="open").exists()
        for party in (INSURER, CREDIT_PLATFORM):
            told = list(
                Telling.objects.filter(person=self.person, party=party)
                .order_by("pk")
                .values_list("listed", flat=True)
            )
            assert (told[-1] if told else False) is listed
            assert told == [place % 2 == 0 for place in range(len(told))], "never the same twice"

    @invariant()
    def the_standing_is_what_is_unpaid(self) -> None:
        bills = Bill.objects.filter(principal=self.person)
        bad = bills.filter(state__in=BAD)
        live = DefaultEntry.objects.filter(
            principal=self.person, state__in=["proposed", "confirmed"], bill__state__in=BAD
        )
        expected = Standing.SUSPENDED if bad.exists() else Standing.GOOD
        assert standing(self.person) == (Standing.DEFAULTED if live.exists() else expected)
        assert not DefaultEntry.objects.filter(
            principal=self.person,
            state__in=["proposed", "confirmed"],
            bill__state__in=["paid", "cancelled"],
        ).exists(), "what is paid is no entry any more"
        for change in StandingChange.objects.filter(credit_line__person=self.person):
            assert change.reason
            assert change.rule

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self._own.__exit__(None, None, None)

    def entry(self, which: int) -> DefaultEntry:
        """One of the entries there are."""
        entries = entries_of(self.person)
        return entries[which % len(entries)]

    def dispute(self, which: int) -> list[Dispute]:
        """One of the disputes there are, if there is any."""
        disputes = list(Dispute.objects.order_by("pk"))
        return [disputes[which % len(disputes)]] if disputes else []

    @staticmethod
    def try_(act) -> None:
        """Do something that may be refused; then nothing has changed."""
        try:
            with transaction.atomic():
                act()
        except REFUSALS:
            return


@pytest.mark.django_db
def test_what_was_told_last_is_so_through_any_history():
    run_state_machine_as_test(
        StandingHistories, settings=settings(max_examples=8, stateful_step_count=10, deadline=None)
    )
