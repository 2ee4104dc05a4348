"""The calendar of one patient who forgets to pay, told day by day for each of the three cities.

Every line of a diary is read from what was stored: what was told (when it leaves the house, not
when it was written), how the standing changed and by which rule, who listed, who was told, what
was paid. Nights run every day, at the hour the city's scheme says.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import pytest

from tests import builders
from tests.builders import AREA
from yifu.clock import CHINA
from yifu.collection import baddebt, defaults, nightly
from yifu.collection import services as collection
from yifu.collection.models import Bill, BillPayment, DefaultEntry, Telling, WriteOff
from yifu.credit import rules as credit_rules
from yifu.credit import versions
from yifu.credit.models import CreditLine, StandingChange
from yifu.institutions.models import Area
from yifu.ledger import services as ledger
from yifu.ledger.models import Line
from yifu.patients.models import Notice

pytestmark = pytest.mark.django_db(transaction=True)


def at(text: str) -> datetime:
    """A moment as the diary writes it, of 2026 where it names no year."""
    whole = text if len(text) > len("03-01 10:00") else f"2026-{text}"
    return datetime.strptime(whole, "%Y-%m-%d %H:%M").replace(tzinfo=CHINA)


def said(moment: datetime) -> str:
    return f"{moment.astimezone(CHINA):%m-%d %H:%M}"


@dataclass
class Story:
    """One forgetful patient of a city."""

    city: str
    bills: list[Bill] = field(default_factory=list)

    def __post_init__(self) -> None:
        hospital = builders.institution()
        Area.objects.filter(pk=AREA).update(scheme=self.city)
        self.scheme = versions.in_force(self.city, on=date(2026, 3, 1))
        self.hospital = hospital
        self.person = builders.person()
        funding = "bank" if self.city == "shanghai" else "platform"
        builders.contract(self.person, scheme=self.city, funding=funding)
        self.line = Line.objects.get(creditline__person=self.person)

    def treated(self, when: str, fen: int, *, on_line: bool = True) -> None:
        """A visit of an hour that ends at this moment and leaves a bill."""
        ended = at(when)
        self.bills.append(
            builders.bill(
                self.person,
                fen,
                line=self.line if on_line else None,
                at=self.hospital,
                began_at=ended - timedelta(hours=1),
                due_at=credit_rules.due_at(self.scheme, ended_at=ended),
            )
        )

    def nights(self, first: str, last: str) -> None:
        """The nights of these business dates, each at its hour on the day after."""
        day, end = at(f"{first} 00:00").date(), at(f"{last} 00:00").date()
        while day <= end:
            hour = datetime.combine(day + timedelta(days=1), self.scheme.debit.at, tzinfo=CHINA)
            nightly.run(area=AREA, business_date=day, now=hour, progress=lambda *_: None)
            day += timedelta(days=1)

    def recognised(self, when: str) -> None:
        """The hospital confirms what the night proposed."""
        proposed = DefaultEntry.objects.filter(principal=self.person, state="proposed")
        ids = list(proposed.values_list("pk", flat=True))
        defaults.confirm(ids, institution_id=self.hospital.pk, by="office", now=at(when))

    def pays(self, when: str) -> None:
        """Everything at the window."""
        for bill in self.bills:
            bill.refresh_from_db()
            collection.pay_bill(
                bill_id=bill.pk,
                channel="cash",
                amount_fen=bill.amount_fen - bill.paid_fen,
                now=at(when),
                institution_id=self.hospital.pk,
            )

    def given_up(self, when: str) -> None:
        """Two people write off what the rule proposed."""
        (proposed,) = WriteOff.objects.filter(bill__in=self.bills)
        baddebt.approve(proposed.pk, by="finance", now=at(when))
        baddebt.approve(proposed.pk, by="finance2", now=at(when))

    def diary(self) -> list[str]:
        """Everything that happened, in the order of its time."""
        rows: list[tuple[datetime, int, str]] = []
        rows += [
            (one.send_after or one.created_at, 1, f"message {one.template}")
            for one in Notice.objects.filter(person=self.person)
        ]
        rows += [
            (one.at, 2, f"{one.before} → {one.after} ({one.rule})")
            for one in StandingChange.objects.filter(credit_line__person=self.person)
        ]
        for one in DefaultEntry.objects.filter(principal=self.person):
            rows.append((one.proposed_at, 3, "entry proposed"))
            if one.decided_by:
                assert one.decided_at is not None
                rows.append((one.decided_at, 3, f"entry confirmed by {one.decided_by}"))
        rows += [
            (one.caused_at, 4, f"{one.party}: {'listed' if one.listed else 'restored'}")
            for one in Telling.objects.filter(person=self.person)
        ]
        for off in WriteOff.objects.filter(bill__in=self.bills):
            rows.append((off.proposed_at, 5, f"write-off proposed, {off.bearer} bears it"))
            if off.state == "approved":
                assert off.decided_at is not None
                rows.append((off.decided_at, 5, f"written off by {off.decided_by}"))
        rows += [
            (one.paid_at, 0, f"paid {one.amount_fen}")
            for one in BillPayment.objects.filter(bill__in=self.bills)
        ]
        return [f"{said(when)} {what}" for when, _, what in sorted(rows)]

    def ends_well(self) -> None:
        """Nothing is owed, the books balance, the line is free."""
        self.line.refresh_from_db()
        assert (self.line.owed_fen, self.line.held_fen) == (0, 0)
        assert {bill.state for bill in Bill.objects.filter(principal=self.person)} == {"paid"}
        assert CreditLine.objects.get(person=self.person).standing == "good"
        found = ledger.verify()
        assert found.balanced, found.faults


def test_hangzhou():
    """48 hours from midnight, suspended at once, listed everywhere a month later; paid, back."""
    story = Story("hangzhou")
    story.treated("03-01 10:00", 3000)  # due 03-04 00:00
    story.nights("03-01", "04-03")
    story.recognised("04-07 09:00")
    story.nights("04-04", "04-08")
    story.pays("04-10 15:20")
    assert story.diary() == [
        "03-03 12:00 message before_due",  # twelve hours before
        "03-04 00:30 good → suspended (P4.3)",  # the first night after the due instant
        "03-04 08:00 message overdue",  # written at night, told after the quiet hours
        "03-05 08:00 message overdue",  # 1 day
        "03-07 08:00 message overdue",  # 3 days
        "03-11 08:00 message overdue",  # a week
        "03-18 08:00 message overdue",
        "03-25 08:00 message overdue",
        "04-01 08:00 message overdue",  # 28 days
        "04-04 00:30 suspended → defaulted (P4.4)",  # one calendar month after the due instant
        "04-04 00:30 entry proposed",
        "04-04 08:00 message defaulted",
        "04-07 09:00 message listed",
        "04-07 09:00 entry confirmed by office",  # nothing left the house before this
        "04-07 09:00 credit_platform: listed",
        "04-07 09:00 insurer: listed",  # the same day
        "04-10 15:20 paid 3000",
        "04-10 15:20 message delisted",
        "04-10 15:20 message restored",
        "04-10 15:20 defaulted → good (P4.5)",  # in the paying transaction
        "04-10 15:20 credit_platform: restored",
        "04-10 15:20 insurer: restored",
    ]
    story.ends_well()


def test_shanghai():
    """What the bank did not take: due at midnight, a day's grace, three months, no insurer."""
    story = Story("shanghai")
    story.treated("03-30 16:45", 8000, on_line=False)  # due 03-31 00:00
    story.nights("03-30", "06-30")
    story.recognised("07-02 09:00")
    story.nights("07-01", "07-02")
    story.pays("07-03 11:00")
    assert story.diary() == [
        "03-31 08:30 message overdue_warning",
        "04-01 02:00 good → suspended (P4.3)",  # 24 hours later
        "04-01 08:30 message overdue",
        "04-05 08:30 message overdue",
        "04-10 08:30 message overdue",
        "06-30 02:00 suspended → defaulted (P4.4)",  # there is no 31 June
        "06-30 02:00 entry proposed",
        "06-30 08:30 message defaulted",
        "07-02 09:00 message listed",
        "07-02 09:00 entry confirmed by office",
        "07-02 09:00 credit_platform: listed",
        "07-03 11:00 paid 8000",
        "07-03 11:00 message delisted",
        "07-03 11:00 message restored",
        "07-03 11:00 defaulted → good (P4.5)",
        "07-03 11:00 credit_platform: restored",
    ]
    story.ends_well()


def test_shanghai_s_bank_collects_what_it_lent():
    """Nobody here reminds, suspends or lists: the patient owes the bank."""
    story = Story("shanghai")
    builders.bill(
        story.person,
        8000,
        line=story.line,
        at=story.hospital,
        began_at=at("03-30 15:45"),
        due_at=None,
        account="bank:icbc",
    )
    story.nights("03-30", "07-02")
    assert story.diary() == []
    assert CreditLine.objects.get(person=story.person).standing == "good"


def test_wenzhou():
    """A week to pay, nights in the evening, two days' grace, three months, nobody is told."""
    story = Story("wenzhou")
    story.treated("01-31 09:30", 12000)  # due 02-08 00:00
    story.nights("01-31", "05-10")
    story.recognised("05-12 09:00")
    story.pays("07-03 11:00")
    assert story.diary() == [
        "02-05 08:00 message before_due",  # 72 hours before is midnight: after the quiet hours
        "02-07 08:00 message before_due",  # 24 hours before, the same
        "02-08 20:00 message overdue_warning",  # not suspended yet
        "02-09 20:00 message overdue_warning",
        "02-10 20:00 good → suspended (P4.3)",  # 48 hours later
        "02-15 20:00 message overdue",
        "02-22 20:00 message overdue",
        "05-08 20:00 message defaulted",
        "05-08 20:00 suspended → defaulted (P4.4)",
        "05-08 20:00 entry proposed",
        "05-12 09:00 entry confirmed by office",
        "07-03 11:00 paid 12000",
        "07-03 11:00 message restored",
        "07-03 11:00 defaulted → good (P4.5)",
    ]
    story.ends_well()


def test_a_year_later_two_people_give_up_and_the_patient_pays_after_all():
    """Hangzhou's city treasury bears it for half a year, then gets it back."""
    story = Story("hangzhou")
    story.treated("2025-03-01 10:00", 3000)  # due 03-04 00:00
    story.nights("03-04", "03-04")  # an installation that begins late: one night sees it all
    story.given_up("03-20 10:00")
    assert ledger.balances("baddebt:") == {"baddebt:treasury.city": 3000}
    story.line.refresh_from_db()
    assert story.line.owed_fen == 0
    assert CreditLine.objects.get(person=story.person).standing == "defaulted"
    story.pays("09-09 09:09")
    assert [line for line in story.diary() if "message" not in line] == [
        "03-05 00:30 good → suspended (P4.3)",
        "03-05 00:30 suspended → defaulted (P4.4)",
        "03-05 00:30 entry proposed",
        "03-05 00:30 write-off proposed, treasury.city bears it",  # twelve months after it was due
        "03-20 10:00 written off by finance2",
        "09-09 09:09 paid 3000",
        "09-09 09:09 defaulted → good (P4.5)",
    ]
    assert ledger.balances("baddebt:") == {"baddebt:treasury.city": 0}
    story.ends_well()
