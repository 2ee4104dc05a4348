"""Register persons, sign contracts, tell people things."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction

from yifu import clock, rows
from yifu.errors import NotFound
from yifu.patients.errors import (
    CertificateTypeUnknown,
    ContractExists,
    DependantTaken,
    PersonDiffers,
    PhoneInvalid,
)
from yifu.patients.models import Contract, ContractState, Dependant, Notice, Person, Registration
from yifu.patients.rules import check_identity_number
from yifu.secrets import decrypt, encrypt, fingerprint

_PHONE = re.compile(r"1[0-9]{10}")
IDENTITY_CARD = "01"

_FIND = f"""
SELECT {rows.columns(Person, "person")}
FROM patients_registration registration
JOIN patients_person registered ON registered.id = registration.person_id
JOIN patients_person person ON person.id = COALESCE(registered.merged_into_id, registered.id)
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

    A number that was merged gives its survivor. Raises `FalseIdentityNumber`, `PhoneInvalid`,
    `CertificateTypeUnknown`, `PersonDiffers`.
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
        if person.merged_into is not None:
            person = person.merged_into
        Registration.objects.get_or_create(
            person=person, institution_id=institution_id, defaults={"registered_at": now}
        )
    return person, created


def find_person(person_id: int, *, institution_id: int) -> Person | None:
    """Find a person registered at an institution; others do not exist for it.

    A row that was merged leads to its survivor.
    """
    with connection.cursor() as cursor:
        cursor.execute(_FIND, [person_id, institution_id])
        row = cursor.fetchone()
    return None if row is None else rows.take(Person, row)[0]


@dataclass(frozen=True, slots=True)
class Agreement:
    """That somebody agreed: to which version, where, in which language, who acted for them."""

    text_version: str
    channel: str
    language: str = "zh"
    shown_at: datetime | None = None
    """None: it was shown at the instant at which it was agreed to."""
    acted_by: str = ""


@dataclass(frozen=True, slots=True)
class Proof:
    """A paper that proves kinship, its number, and who saw it (P1.4)."""

    kind: str
    number: str
    seen_by: str


@dataclass(frozen=True, slots=True)
class NewDependant:
    """Somebody whom a principal will pay for; `limit_fen` within the line, None: the scheme's."""

    person_id: int
    kinship: str
    limit_fen: int | None
    proof: Proof | None = None
    agreement: Agreement | None = None
    """An adult's own; a minor has none."""


@dataclass(frozen=True, slots=True)
class NewContract:
    """What a principal agrees to."""

    person_id: int
    scheme: str
    funding: str
    bank: str
    consent_text_version: str
    consent_channel: str
    language: str = "zh"
    shown_at: datetime | None = None
    acted_by: str = ""

    @property
    def agreement(self) -> Agreement:
        """How the principal agreed."""
        return Agreement(
            text_version=self.consent_text_version,
            channel=self.consent_channel,
            language=self.language,
            shown_at=self.shown_at,
            acted_by=self.acted_by,
        )


def lock_persons(ids: Iterable[int]) -> dict[int, Person]:
    """Lock persons by ascending id, in the caller's transaction, before anything else of theirs.

    Whoever changes a family locks all of it first, so two changes of one family wait for each
    other. Raises `NotFound`.
    """
    wanted = set(ids)
    locked = Person.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk")
    persons = {person.pk: person for person in locked}
    if len(persons) != len(wanted):
        raise NotFound(what="person")
    return persons


def sign(asked: NewContract, *, area: str, institution_id: int, now: datetime) -> Contract:
    """Write a principal's contract (P1.2), in the caller's transaction. Raises `ContractExists`."""
    try:
        with transaction.atomic():
            return Contract.objects.create(
                person_id=asked.person_id,
                area_id=area,
                institution_id=institution_id,
                scheme=asked.scheme,
                state=ContractState.ACTIVE,
                funding=asked.funding,
                bank=asked.bank,
                consent_text_version=asked.consent_text_version,
                consent_channel=asked.consent_channel,
                acted_by=asked.acted_by,
                signed_at=now,
            )
    except IntegrityError:
        raise ContractExists from None


def join(
    contract: Contract, asked: NewDependant, *, limit_fen: int | None, now: datetime
) -> Dependant:
    """Write a dependant of a contract (P1.4), in the caller's transaction.

    Raises `DependantTaken`.
    """
    proof = asked.proof
    try:
        with transaction.atomic():
            return Dependant.objects.create(
                contract=contract,
                person_id=asked.person_id,
                kinship=asked.kinship,
                limit_fen=limit_fen,
                since=now,
                proof=proof.kind if proof else "",
                proof_cipher=encrypt(proof.number) if proof else None,
                proof_seen_by=proof.seen_by if proof else "",
            )
    except IntegrityError:
        raise DependantTaken from None


def end_contract(contract: Contract, *, reason: str, now: datetime) -> None:
    """Close a contract (P1.6), in the caller's transaction, which has let its dependants go."""
    contract.state = ContractState.CLOSED
    contract.closed_at = now
    contract.close_reason = reason
    contract.save(update_fields=["state", "closed_at", "close_reason"])


def notify(
    *, person_id: int, template: str, params: dict[str, Any], key: str, now: datetime
) -> None:
    """Write a text message and the job that sends it, in the caller's transaction; once per key.

    The dead are told nothing.
    """
    from yifu.patients.jobs import send_notice  # noqa: PLC0415 - jobs call services

    if Person.objects.filter(pk=person_id, died_on__isnull=False).exists():
        return
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
