"""What stands in the way of closing, each with what mends it (P1.6). Reads only."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from yifu.collection.models import Bill, DefaultEntry
from yifu.enrolment import services as enrolment
from yifu.enrolment.services import Obstacle
from yifu.ledger.models import Hold
from yifu.patients.models import Contract, Person
from yifu.payments.models import Attempt, Refund
from yifu.settlement.models import Settlement
from yifu.web.labels import OBSTACLES


@dataclass(frozen=True, slots=True)
class InTheWay:
    """One thing that has to end first: its name, what mends it, and where; amount in fen."""

    kind: str
    name: str
    remedy: str
    amount_fen: int
    address: str
    until: datetime | None
    """When it ends by itself."""
    bill: Bill | None
    """Which bill it is about, where it is one."""


def obstacles(contract: Contract, person: Person) -> Sequence[InTheWay]:
    """List what a person has to mend before the contract can be closed."""
    return [
        _mend(one, lambda kind, number: _address(kind, number, person))
        for one in enrolment.standing_in_the_way(contract)
    ]


def obstacles_at_the_desk(contract: Contract, *, institution_id: int) -> Sequence[InTheWay]:
    """List the same for the window: it takes cash for bills of its own institution's visits."""

    def address(kind: str, number: int) -> str:
        bills = Bill.objects.filter(pk=number, visit__institution_id=institution_id)
        mends = kind in {"bill", "written_off"} and bills.exists()
        return reverse("desk_cash", args=[number]) if mends else ""

    return [_mend(one, address) for one in enrolment.standing_in_the_way(contract)]


def _mend(one: Obstacle, address_of: Callable[[str, int], str]) -> InTheWay:
    name, remedy = OBSTACLES[one.kind]
    number = one.subject.partition(":")[2]
    address = address_of(one.kind, int(number)) if number.isdigit() else ""
    until = None
    if one.kind == "hold":
        until = Hold.objects.filter(pk=number).values_list("expires_at", flat=True).first()
    bill = None
    if one.subject.startswith("bill:"):
        bill = Bill.objects.select_related("visit").filter(pk=number).first()
    return InTheWay(one.kind, name, remedy, one.amount_fen, address, until, bill)


def _address(kind: str, number: int, person: Person) -> str:
    """Give the page where an obstacle is mended; empty: it ends by itself, or at a window."""
    if kind in {"bill", "written_off", "excess"}:
        return reverse("bill", args=[number])
    if kind == "listed":
        return reverse("entry", args=[number])
    if kind == "disputed":
        entry = DefaultEntry.objects.filter(disputes=number).values_list("pk", flat=True).first()
        return reverse("entry", args=[entry]) if entry else ""
    if kind == "settlement":
        own = Settlement.objects.filter(pk=number, person=person).exists()
        return reverse("settlement", args=[number]) if own else ""
    return _bill_of_money(kind, number, person)


def _bill_of_money(kind: str, number: int, person: Person) -> str:
    """Give the page of the bill that a debit or a refund is about, when it is the person's."""
    subject = None
    if kind == "attempt":
        subject = Attempt.objects.filter(pk=number).values_list("subject", flat=True).first()
    elif kind == "refund":
        refunds = Refund.objects.filter(pk=number)
        subject = refunds.values_list("attempt__subject", flat=True).first()
    what, _, bill_id = (subject or "").partition(":")
    if what == "bill" and person.bills.filter(pk=int(bill_id)).exists():
        return reverse("result" if kind == "attempt" else "bill", args=[int(bill_id)])
    return ""
