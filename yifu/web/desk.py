"""The cashier's window: who stands there, what they owe here, acting on their behalf (P1.2, P4.7).

Only persons registered at the window's institution exist, and only bills of its own visits.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import Case, F, When
from django.http import Http404

from yifu.collection import services as collection
from yifu.collection.models import PAYABLE_STATES, Bill, BillPayment
from yifu.collection.services import Answered, Payment
from yifu.credit.models import CreditLine
from yifu.enrolment import services as enrolment
from yifu.errors import YifuError
from yifu.institutions.services import RequestKey
from yifu.patients import services as patients
from yifu.patients.models import Contract, Dependant, Person
from yifu.patients.rules import FalseIdentityNumber, check_identity_number, mask_number
from yifu.payments.services import CASH
from yifu.secrets import fingerprint
from yifu.web import care_code, family, signup
from yifu.web.models import Seat

MOST_BILLS: Final = 50
MOST_FOUND: Final = 20
_TOO_LARGE: Final = 2**63


class BankCollects(YifuError):
    """What a bank lent is the bank's to collect, not the window's."""

    code = "bank_collects"
    status = 409
    zh = "额度由银行提供，欠款由银行收取，窗口不收"
    en = "The bank lends and the bank collects: the window takes nothing"


class NotRegisteredHere(YifuError):
    """Nobody with this name and number is registered at the window's institution."""

    code = "not_registered_here"
    status = 404
    zh = "本院没有登记此姓名和身份证号，请核对，或先登记"
    en = "Nobody with this name and number is registered here: check them, or register first"


@dataclass(frozen=True, slots=True)
class AtTheWindow:
    """A person as the window sees them; amounts in fen."""

    person: Person
    certificate: str
    contract: Contract | None
    line: CreditLine | None
    paid_by: Dependant | None
    members: Sequence[family.Member]
    bills: Sequence[Bill]
    owed_fen: int


def search(seat: Seat, *, number: str, name: str, phone: str) -> Sequence[Person]:
    """Find who stands at the window: by care code, identity number, or name and telephone."""
    if number:
        found = _by_number(seat, number)
        return [] if found is None else [found]
    known = Person.objects.filter(
        registrations__institution_id=seat.institution_id,
        phone_index=fingerprint(phone, kind="phone"),
        name=name,
        merged_into__isnull=True,
    )
    return list(known.order_by("pk")[:MOST_FOUND])


def _by_number(seat: Seat, number: str) -> Person | None:
    person_id = care_code.person_id_of(number)
    if person_id is None:
        try:
            identity = check_identity_number(number)
        except FalseIdentityNumber:
            return None
        index = fingerprint(identity.number, kind="certificate")
        known = Person.objects.filter(
            area_id=seat.institution.area_id, certificate_index=index
        ).values_list("pk", flat=True)
        person_id = known.first()
    if person_id is None:
        return None
    return patients.find_person(person_id, institution_id=seat.institution_id)


def find(seat: Seat, person_id: int) -> Person:
    """Find a person registered at the window's institution; `Http404` for anybody else."""
    found = None
    if person_id < _TOO_LARGE:
        found = patients.find_person(person_id, institution_id=seat.institution_id)
    if found is None:
        raise Http404
    # Who was merged into another row is found as that one.
    return Person.objects.select_related("area").get(pk=found.pk)


def standing_of(seat: Seat, person: Person) -> AtTheWindow:
    """Read contract, line, family and the bills of this institution's visits."""
    contract = signup.live_contract(person)
    line = None
    if contract is not None:
        line = CreditLine.objects.select_related("line").filter(contract=contract).first()
    paid_by = Dependant.objects.filter(person=person, ended_at__isnull=True)
    bills = list(bills_of(seat, person))
    return AtTheWindow(
        person=person,
        certificate=mask_number(patients.certificate_no(person)),
        contract=contract,
        line=line,
        paid_by=paid_by.select_related("contract__person").first(),
        members=family.family_of(person).members,
        bills=bills,
        owed_fen=sum(bill.owed_fen for bill in bills if bill.state in PAYABLE_STATES),
    )


def bills_of(seat: Seat, person: Person) -> Sequence[Bill]:
    """Give a person's bills of this institution's visits, owed ones first."""
    is_owed = Case(When(state__in=PAYABLE_STATES, then=0), default=1)
    found = Bill.objects.filter(principal=person, visit__institution_id=seat.institution_id)
    found = found.select_related("visit__person")
    return list(found.order_by(is_owed, F("due_at").asc(nulls_last=True), "-pk")[:MOST_BILLS])


def find_bill(seat: Seat, bill_id: int) -> Bill:
    """Find a bill of this institution's visit; `Http404` for any other."""
    found = Bill.objects.filter(pk=bill_id, visit__institution_id=seat.institution_id)
    bill = found.select_related("visit__person", "principal").first()
    if bill is None:
        raise Http404
    return bill


def take_cash(
    seat: Seat, bill: Bill, *, amount_fen: int, payer: Person | None, key: str, now: datetime
) -> Answered:
    """Take cash for a bill; the same page sent twice takes it once.

    Raises `BankCollects` and what `collection.pay` raises.
    """
    if bill.account.startswith("bank:"):
        raise BankCollects
    asked = Payment(bill.pk, CASH, amount_fen, seat.institution_id, payer.pk if payer else None)
    digest = hashlib.sha256(repr(asked).encode()).digest()
    return collection.pay(
        asked, now=now, key=RequestKey(seat.institution_id, f"desk-{key}", digest)
    )


def payments_of(bill: Bill) -> Sequence[BillPayment]:
    """Give what was paid on a bill, oldest first."""
    found = BillPayment.objects.filter(bill=bill).select_related(
        "attempt__channel", "attempt__payer"
    )
    return list(found.order_by("paid_at", "pk"))


def add_member(
    seat: Seat,
    contract: Contract,
    asked: dict[str, Any],
    *,
    acted_by: str,
    present: bool,
    language: str,
    now: datetime,
) -> Dependant:
    """Add a dependant whose papers were seen; an adult stands there and agrees.

    Raises `NotRegisteredHere` and what `enrolment.add` raises.
    """
    person = _by_number(seat, asked["certificate_no"])
    if person is None or person.name != asked["name"]:
        raise NotRegisteredHere
    agreement = None
    if present:
        scheme = signup.scheme_of(Person.objects.select_related("area").get(pk=person.pk), now=now)
        text = signup.text_of(scheme, language=language, now=now)
        agreement = patients.Agreement(
            text_version=text.version,
            channel="window",
            language=language,
            shown_at=now,
            acted_by=acted_by,
        )
    with transaction.atomic():
        new = family.new_dependant(person, asked, seen_by=acted_by, agreement=agreement)
        return enrolment.add(contract.pk, new, now=now)
