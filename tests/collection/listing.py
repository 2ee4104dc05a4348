"""Persons who have not paid for long, and what the parties outside have heard of them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tests import builders
from tests.builders import NOW
from tests.counterparts.conftest import Counterpart
from yifu import clock
from yifu.collection import defaults, services, tellings
from yifu.collection.models import Bill, BillState, DefaultEntry, Telling
from yifu.credit.models import CreditLine, CreditParty, Standing
from yifu.ledger.models import Line
from yifu.patients import services as patients
from yifu.patients.models import Person
from yifu.secrets import encrypt

APP, KEY = "yifu-990100", "a key of the area"
LATER = NOW + timedelta(days=40)
"""By then what was due has been unpaid for more than a month."""


def defaulter(*, bills: int = 1, at=None) -> Person:
    """Somebody with so many defaulted bills, each proposed for the list, as a night leaves them."""
    person = builders.person()
    builders.contract(person)
    line = Line.objects.get(creditline__person=person)
    for _ in range(bills):
        unpaid(person, line=line, at=at)
    CreditLine.objects.filter(person=person).update(standing=Standing.DEFAULTED)
    return person


def unpaid(person: Person, *, line: Line | None = None, at=None, entry: bool = True) -> Bill:
    """A defaulted bill with its entry, or an overdue one without."""
    bill = builders.bill(person, 3000, line=line, at=at)
    state = BillState.DEFAULTED if entry else BillState.OVERDUE
    Bill.objects.filter(pk=bill.pk).update(state=state)
    if entry:
        DefaultEntry.objects.create(
            bill=bill,
            principal=person,
            institution=bill.visit.institution,
            rule="P4.4",
            proposed_at=LATER,
        )
    bill.refresh_from_db()
    return bill


def entries_of(person: Person) -> list[DefaultEntry]:
    """The person's entries, oldest first."""
    return list(DefaultEntry.objects.filter(principal=person).order_by("pk"))


def confirm(person: Person, *, now: datetime = LATER) -> None:
    """The institution confirms all that is proposed about a person."""
    proposed = [entry.pk for entry in entries_of(person) if entry.state == "proposed"]
    defaults.confirm(proposed, institution_id=builders.institution().pk, by="office", now=now)


def pay(bill: Bill, *, now: datetime = LATER) -> Bill:
    """Pay a bill at the window."""
    return services.pay_bill(
        bill_id=bill.pk,
        channel="cash",
        amount_fen=bill.owed_fen,
        now=now,
        institution_id=None,
    )


def standing(person: Person) -> Standing:
    """The standing of the person's line."""
    return Standing(CreditLine.objects.get(person=person).standing)


def told(person: Person, party: str = "insurer") -> list[tuple[bool, str]]:
    """What a party had, has or will have to be told about a person, oldest first."""
    of = Telling.objects.filter(person=person, party=party).order_by("pk")
    return list(of.values_list("listed", "reason"))


@dataclass
class Outside:
    """The two parties as they run, and what they have on their books."""

    credit: Counterpart
    insurer: Counterpart

    def connect(self) -> None:
        """Let both know the area, and the area both."""
        self.credit.control("apps", {"app": APP, "key": KEY})
        self.insurer.control("city-apps", {"app": APP, "key": KEY})
        for code, party in (("credit_platform", self.credit), ("insurer", self.insurer)):
            CreditParty.objects.update_or_create(
                area=builders.area(),
                code=code,
                defaults={
                    "base_url": party.url,
                    "app": APP,
                    "key_cipher": encrypt(KEY),
                    "timeout_s": 1,
                },
            )

    def listed(self, person: Person) -> bool:
        """Whether the credit platform lists a person."""
        certificate = patients.certificate_no(person)
        rows = self.credit.control("books", method="GET")["listed"]
        return certificate in {row["id_number"] for row in rows}

    def stopped(self, person: Person) -> bool:
        """Whether the insurer has stopped a person's real-time settlement."""
        certificate = patients.certificate_no(person)
        rows = self.insurer.control("standings", method="GET")["standings"]
        own = [row for row in rows if row["certno"] == certificate]
        return bool(own) and bool(max(own, key=lambda row: row["number"])["stopped"])

    def know(self, person: Person) -> tuple[bool, bool]:
        """What both have: listed there, stopped here."""
        return self.listed(person), self.stopped(person)


def send_all() -> int:
    """Do what the jobs of all tellings do, whenever they are due."""
    Telling.objects.filter(acknowledged_at__isnull=True, superseded=False).update(
        next_try_at=clock.now() - timedelta(seconds=1)
    )
    return tellings.send_due(area=builders.AREA, now=LATER)
