"""Register persons, sign contracts, tell people things."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction

from yifu import clock, rows
from yifu.patients.errors import (
    CertificateTypeUnknown,
    ContractExists,
    DependantTaken,
    MinorAsPrincipal,
    PersonDiffers,
    PhoneInvalid,
)
from yifu.patients.models import Contract, ContractState, Dependant, Notice, Person, Registration
from yifu.patients.rules import check_identity_number, is_adult
from yifu.secrets import decrypt, encrypt, fingerprint

_PHONE = re.compile(r"1[0-9]{10}")
IDENTITY_CARD = "01"

_FIND = f"""
SELECT {rows.columns(Person, "person")}
FROM patients_registration registration
JOIN patients_person person ON person.id = registration.person_id
WHERE registration.person_id = %s AND registration.institution_id = %s
"""  # noqa: S608 - the names of our own columns


@dataclass(frozen=True, slots=True)
class NewPerson:
    """What a registration desk writes down."""

    name: str
    certificate_type: str
    certificate_no: str
    phone: str


def register_person(
    asked: NewPerson, *, area: str, institution_id: int, now: datetime
) -> tuple[Person, bool]:
    """Register a person's first visit (P1.3); gives the person and whether it is new.

    Raises `FalseIdentityNumber`, `PhoneInvalid`, `CertificateTypeUnknown`, `PersonDiffers`.
    """
    if asked.certificate_type != IDENTITY_CARD:
        raise CertificateTypeUnknown
    if not _PHONE.fullmatch(asked.phone):
        raise PhoneInvalid
    identity = check_identity_number(asked.certificate_no, on=clock.business_date(now))
    with transaction.atomic():
        person, created = Person.objects.get_or_create(
            area_id=area,
            certificate_index=fingerprint(identity.number, kind="certificate"),
            defaults={
                "name": asked.name,
                "certificate_type": asked.certificate_type,
                "certificate_cipher": encrypt(identity.number),
                "phone_cipher": encrypt(asked.phone),
                "phone_index": fingerprint(asked.phone, kind="phone"),
                "sex": identity.sex,
                "birth_date": identity.birth_date,
                "created_at": now,
            },
        )
        if person.name != asked.name:
            raise PersonDiffers
        Registration.objects.get_or_create(
            person=person, institution_id=institution_id, defaults={"registered_at": now}
        )
    return person, created


def find_person(person_id: int, *, institution_id: int) -> Person | None:
    """Find a person registered at an institution; others do not exist for it."""
    with connection.cursor() as cursor:
        cursor.execute(_FIND, [person_id, institution_id])
        row = cursor.fetchone()
    return None if row is None else rows.take(Person, row)[0]


@dataclass(frozen=True, slots=True)
class NewDependant:
    """Somebody whom a principal will pay for; `limit_fen` within the line, None: the whole line."""

    person_id: int
    kinship: str
    limit_fen: int | None


@dataclass(frozen=True, slots=True)
class NewContract:
    """What a principal agrees to."""

    person_id: int
    scheme: str
    funding: str
    bank: str
    consent_text_version: str
    consent_channel: str


def sign(
    asked: NewContract,
    dependants: Sequence[NewDependant],
    *,
    area: str,
    institution_id: int,
    now: datetime,
) -> tuple[Contract, list[Dependant]]:
    """Sign a contract for a principal and dependants (P1.2, P1.4), in the caller's transaction.

    Raises `MinorAsPrincipal`, `ContractExists`, `DependantTaken`.
    """
    principal = Person.objects.select_for_update().get(pk=asked.person_id)
    if not is_adult(principal.birth_date, clock.business_date(now)):
        raise MinorAsPrincipal
    if any(dependant.person_id == asked.person_id for dependant in dependants):
        raise DependantTaken
    try:
        with transaction.atomic():
            contract = Contract.objects.create(
                person=principal,
                area_id=area,
                institution_id=institution_id,
                scheme=asked.scheme,
                state=ContractState.ACTIVE,
                funding=asked.funding,
                bank=asked.bank,
                consent_text_version=asked.consent_text_version,
                consent_channel=asked.consent_channel,
                signed_at=now,
            )
    except IntegrityError:
        raise ContractExists from None
    try:
        with transaction.atomic():
            joined = [
                Dependant.objects.create(
                    contract=contract,
                    person_id=dependant.person_id,
                    kinship=dependant.kinship,
                    limit_fen=dependant.limit_fen,
                    since=now,
                )
                for dependant in dependants
            ]
    except IntegrityError:
        raise DependantTaken from None
    return contract, joined


def end_contract(contract: Contract, *, now: datetime) -> None:
    """Close a contract and let its dependants go (P1.6), in the caller's transaction."""
    contract.state = ContractState.CLOSED
    contract.closed_at = now
    contract.save(update_fields=["state", "closed_at"])
    contract.dependants.filter(ended_at__isnull=True).update(ended_at=now)


def notify(
    *, person_id: int, template: str, params: dict[str, Any], key: str, now: datetime
) -> None:
    """Write a text message and the job that sends it, in the caller's transaction; once per key."""
    from yifu.patients.jobs import send_notice  # noqa: PLC0415 - jobs call services

    notice, created = Notice.objects.get_or_create(
        key=key,
        defaults={
            "person_id": person_id,
            "template": template,
            "params": params,
            "created_at": now,
        },
    )
    if created:
        send_notice.defer(notice_id=notice.pk)


def certificate_no(person: Person) -> str:
    """Show a person's identity number; for messages to the insurer and for the person."""
    return decrypt(person.certificate_cipher)


def phone(person: Person) -> str:
    """Show a person's phone number; for sending messages and for the person."""
    return decrypt(person.phone_cipher)
