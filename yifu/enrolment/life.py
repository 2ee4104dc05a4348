"""What life does to a family: coming of age, and death."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from yifu import clock
from yifu.credit import versions
from yifu.enrolment import closing, families, rules, statements
from yifu.enrolment.errors import DeathDateInvalid, PersonGone
from yifu.institutions.models import Area
from yifu.patients import notices
from yifu.patients import services as patients
from yifu.patients.models import (
    Contract,
    ContractState,
    Dependant,
    Person,
    PersonEvent,
    PersonEventKind,
)
from yifu.patients.notices import Message
from yifu.payments import services as payments
from yifu.secrets import encrypt


@dataclass(frozen=True, slots=True)
class Birthdays:
    """How many of an area were told that they come of age soon, and how many did."""

    told: int
    ended: int


def come_of_age(area: str, on: date, *, now: datetime) -> Birthdays:
    """Let who joined as a minor and is an adult by `on` go, unless they agreed to stay.

    They cease to be dependants at the beginning of their birthday, also when this runs later; what
    is owed stays the principal's. Both are told 30 days before and on the day, each once. Running
    it again changes nothing.
    """
    scheme = versions.in_force(Area.objects.get(pk=area).scheme, on=on)
    adult_age = scheme.signing.adult_age
    asked = {
        "area": area,
        "on": on,
        "age": adult_age,
        "days": rules.TOLD_DAYS_BEFORE,
        "now": now,
    }
    with transaction.atomic():
        ended = _rows(statements.END_ADULTS, asked)
        soon = _rows(statements.ADULTS_SOON, asked)
        notices.notify_many(
            [
                *_messages("adult_today", ended, adult_age),
                *_messages("adult_soon", soon, adult_age),
            ],
            now=now,
        )
    return Birthdays(told=len(soon), ended=len(ended))


def _rows(statement: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())


def _messages(template: str, found: list[tuple[Any, ...]], age: int) -> list[Message]:
    """Write to the principal and to the one who comes of age."""
    return [
        Message(
            key=f"{template}:{dependant_id}:{person_id}",
            person_id=person_id,
            template=template,
            params={"name": name, "child": child, "date": adult_on.isoformat(), "age": age},
        )
        for dependant_id, principal_id, principal, child_id, child, adult_on in found
        for person_id, name in ((principal_id, principal), (child_id, child))
    ]


@dataclass(frozen=True, slots=True)
class Death:
    """A death: when, by which paper, who wrote it down."""

    on: date
    document: str
    recorded_by: str


def die(person_id: int, asked: Death, *, now: datetime) -> Person:
    """Record a death: contract and family payments end, what is owed stays listed.

    The contract closes whatever is owed; nobody is reminded and no account is debited any more;
    a parent on the same contract is told that a child has no principal now. Raises
    `DeathDateInvalid`, `PersonGone` (recorded already, or merged), `NotFound`.
    """
    with transaction.atomic():
        person = patients.lock_persons([person_id])[person_id]
        if person.died_on is not None or person.merged_into_id is not None:
            raise PersonGone
        if not person.birth_date <= asked.on <= clock.business_date(now):
            raise DeathDateInvalid
        PersonEvent.objects.create(
            person=person,
            kind=PersonEventKind.DIED,
            happened_on=asked.on,
            document_cipher=encrypt(asked.document),
            recorded_by=asked.recorded_by,
            recorded_at=now,
        )
        person.died_on = asked.on
        person.save(update_fields=["died_on"])
        for own in person.depends_on.filter(ended_at__isnull=True):
            families.end(own, reason="died", now=now)
        contract = live_contract(person_id)
        if contract is not None:
            _leave_family(contract, now=now)
        payments.unbind(person_id)
    return person


def live_contract(person_id: int) -> Contract | None:
    """Give a person's contract that is not closed, locked; the person is locked already."""
    contracts = Contract.objects.select_for_update(no_key=True).filter(person_id=person_id)
    return contracts.exclude(state=ContractState.CLOSED).first()


def _leave_family(contract: Contract, *, now: datetime) -> None:
    family = contract.dependants.filter(ended_at__isnull=True).select_related("person")
    members: list[Dependant] = list(family.order_by("pk"))
    closing.lock_lines(contract)
    closing.end(contract, reason="died", now=now)
    parents = [one.person for one in members if one.kinship == "spouse"]
    children = [one for one in members if one.kinship == "child"]
    for parent in parents:
        for child in children:
            patients.notify(
                person_id=parent.pk,
                template="principal_gone",
                params={"name": parent.name, "child": child.person.name},
                key=f"principal_gone:{child.pk}:{parent.pk}",
                now=now,
            )
