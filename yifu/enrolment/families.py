"""Who pays for whom (亲情付, P1.4, P1.5, P2.7): add, remove, change a sub-limit, move.

The persons of a family are locked before anything of theirs (`patients.services.lock_persons`),
then contracts, then lines, a principal's before its dependants'.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from yifu import clock, dates
from yifu.credit import lines, versions
from yifu.credit import services as credit
from yifu.credit.models import CreditLine, Share
from yifu.credit.schemes import Scheme
from yifu.enrolment import consents, rules
from yifu.enrolment.errors import (
    ContractClosed,
    FamilyCircle,
    KinshipImpossible,
    KinshipNotAllowed,
    OwnConsentMissing,
    PersonGone,
    ProofMissing,
    ProofNotAccepted,
    SamePrincipal,
    SubLimitTooHigh,
    TooEarlyToStay,
    TooManyDependants,
)
from yifu.errors import NotFound
from yifu.patients import services as patients
from yifu.patients.errors import DependantTaken
from yifu.patients.models import Consent, Contract, ContractState, Dependant, Person


def add(contract_id: int, asked: patients.NewDependant, *, now: datetime) -> Dependant:
    """Add somebody to a contract that was signed before (P1.4).

    Raises `ContractClosed` and what `join` raises.
    """
    with transaction.atomic():
        contract, persons = _lock(contract_id, asked.person_id)
        return join(contract, asked, persons=persons, scheme=scheme_of(contract, now), now=now)


def join(
    contract: Contract,
    asked: patients.NewDependant,
    *,
    persons: Mapping[int, Person],
    scheme: Scheme,
    now: datetime,
) -> Dependant:
    """Let a contract's principal pay for somebody, in the caller's transaction.

    `persons` are the two, locked. Raises `DependantTaken`, `FamilyCircle`, `PersonGone`,
    `KinshipNotAllowed`, `KinshipImpossible`, `ProofMissing`, `ProofNotAccepted`,
    `TooManyDependants`, `SubLimitTooHigh`, `OwnConsentMissing` and what `consents.record` raises.
    """
    principal, person = persons[contract.person_id], persons[asked.person_id]
    adult = _is_adult(person, scheme, now)
    _check_kinship(asked, principal, person, adult=adult, scheme=scheme)
    _check_family(contract, person)
    living = contract.dependants.filter(ended_at__isnull=True)
    if living.count() >= scheme.signing.dependants_most:
        raise TooManyDependants(most=scheme.signing.dependants_most)
    limit_fen = _sub_limit(asked.limit_fen, scheme)
    dependant = patients.join(contract, asked, limit_fen=limit_fen, now=now)
    if adult:
        if asked.agreement is None:
            raise OwnConsentMissing
        consents.record(
            asked.agreement, contract=contract, person_id=person.pk, scheme=scheme, now=now
        )
    credit_line = CreditLine.objects.filter(contract=contract).first()
    if credit_line is not None and limit_fen is not None:
        credit.open_share(credit_line, dependant, limit_fen=limit_fen)
    return dependant


def remove(contract_id: int, person_id: int, *, now: datetime) -> Dependant:
    """Let somebody go whom a contract paid for; what is owed stays the principal's.

    Raises `NotFound`, `ContractClosed`.
    """
    with transaction.atomic():
        contract, _ = _lock(contract_id, person_id)
        dependant = find(contract, person_id)
        end(dependant, reason="asked", now=now)
    return dependant


def end(dependant: Dependant, *, reason: str, now: datetime) -> None:
    """End a dependant and take the room off the share, in the caller's transaction.

    Nothing that was granted is taken back: holds stay until they are captured or released.
    """
    living = Dependant.objects.filter(pk=dependant.pk, ended_at__isnull=True)
    if not living.update(ended_at=now, end_reason=reason):
        return
    dependant.ended_at, dependant.end_reason = now, reason
    share = Share.objects.filter(dependant=dependant).first()
    if share is not None:
        lines.set_limit(
            line_id=share.line_id, to_fen=0, reason=f"dependant {reason}", rule="P1.4", now=now
        )


def set_sub_limit(contract_id: int, person_id: int, *, limit_fen: int, now: datetime) -> Dependant:
    """Change a dependant's part of the line, fen; below what is used nothing more is available.

    Raises `NotFound`, `ContractClosed`, `SubLimitTooHigh`.
    """
    with transaction.atomic():
        contract, _ = _lock(contract_id, person_id)
        dependant = find(contract, person_id)
        _sub_limit(limit_fen, scheme_of(contract, now))
        credit_line = CreditLine.objects.filter(contract=contract).first()
        share = Share.objects.filter(dependant=dependant).first()
        if share is not None:
            lines.set_limit(
                line_id=share.line_id, to_fen=limit_fen, reason="chosen", rule="P2.7", now=now
            )
        elif credit_line is not None:
            credit.open_share(credit_line, dependant, limit_fen=limit_fen)
        dependant.limit_fen = limit_fen
        dependant.save(update_fields=["limit_fen"])
    return dependant


def stay(
    contract_id: int, person_id: int, agreement: patients.Agreement, *, now: datetime
) -> Consent:
    """Let somebody who comes of age agree to being paid for as an adult.

    From `rules.TOLD_DAYS_BEFORE` days before the birthday on. Raises `NotFound`,
    `ContractClosed`, `TooEarlyToStay` and what `consents.record` raises.
    """
    with transaction.atomic():
        contract, persons = _lock(contract_id, person_id)
        find(contract, person_id)
        scheme = scheme_of(contract, now)
        begins = rules.told_from(persons[person_id].birth_date, adult_age=scheme.signing.adult_age)
        if clock.business_date(now) < begins:
            raise TooEarlyToStay(date=begins.isoformat())
        return consents.record(
            agreement, contract=contract, person_id=person_id, scheme=scheme, now=now
        )


@dataclass(frozen=True, slots=True)
class Move:
    """A change of principal: to which contract, how related there, and that both agree."""

    to_contract_id: int
    joining: patients.NewDependant
    giving: patients.Agreement
    """Of the principal who paid so far."""
    taking: patients.Agreement
    """Of the principal who pays from now on."""


def move(contract_id: int, person_id: int, asked: Move, *, now: datetime) -> Dependant:
    """Let another principal pay for somebody from this instant on, in one transaction.

    Open bills stay where they are. Raises `NotFound`, `ContractClosed`, `SamePrincipal` and what
    `join` raises; then the old principal goes on paying.
    """
    if asked.to_contract_id == contract_id:
        raise SamePrincipal
    with transaction.atomic():
        parties = Contract.objects.filter(pk__in=[contract_id, asked.to_contract_id])
        principals = list(parties.values_list("person_id", flat=True))
        persons = patients.lock_persons([*principals, person_id])
        contracts = {one.pk: one for one in parties.select_for_update(no_key=True).order_by("pk")}
        if len(contracts) != 2:  # noqa: PLR2004 - from one to another
            raise NotFound(what="contract")
        old, new = contracts[contract_id], contracts[asked.to_contract_id]
        _check_live(old)
        _check_live(new)
        end(find(old, person_id), reason="moved", now=now)
        for contract, agreement in ((old, asked.giving), (new, asked.taking)):
            consents.record(
                agreement,
                contract=contract,
                person_id=contract.person_id,
                scheme=scheme_of(contract, now),
                now=now,
            )
        joining = replace(asked.joining, person_id=person_id)
        return join(new, joining, persons=persons, scheme=scheme_of(new, now), now=now)


def find(contract: Contract, person_id: int) -> Dependant:
    """Find a living dependant of a contract; raises `NotFound`."""
    dependant = contract.dependants.filter(person_id=person_id, ended_at__isnull=True).first()
    if dependant is None:
        raise NotFound(what="dependant")
    return dependant


def scheme_of(contract: Contract, now: datetime) -> Scheme:
    """Give the version of a contract's scheme that is in force."""
    return versions.at(contract.scheme, now)


def _lock(contract_id: int, person_id: int) -> tuple[Contract, dict[int, Person]]:
    """Lock a principal and another person, then the contract, which is live."""
    principal = Contract.objects.values_list("person_id", flat=True).get(pk=contract_id)
    persons = patients.lock_persons([principal, person_id])
    contract = Contract.objects.select_for_update(no_key=True).get(pk=contract_id)
    _check_live(contract)
    return contract, persons


def _check_live(contract: Contract) -> None:
    if contract.state == ContractState.CLOSED:
        raise ContractClosed


def _check_kinship(
    asked: patients.NewDependant,
    principal: Person,
    person: Person,
    *,
    adult: bool,
    scheme: Scheme,
) -> None:
    if principal.pk == person.pk:
        raise DependantTaken
    if person.died_on is not None or person.merged_into_id is not None:
        raise PersonGone
    proofs = scheme.signing.proofs
    if asked.kinship not in proofs:
        raise KinshipNotAllowed(kinship=asked.kinship)
    if asked.proof is None:
        raise ProofMissing
    if asked.proof.kind not in proofs[asked.kinship]:  # type: ignore[index] # just looked up
        raise ProofNotAccepted(proof=asked.proof.kind)
    if not rules.kinship_fits(
        asked.kinship,
        principal=principal.birth_date,
        dependant=person.birth_date,
        adult=adult,
    ):
        raise KinshipImpossible(kinship=asked.kinship)


def _check_family(contract: Contract, person: Person) -> None:
    """Raise `FamilyCircle` when the principal is paid for, or the dependant pays for somebody."""
    touching = Q(contract__person_id=person.pk) | Q(person_id=contract.person_id)
    pays = Dependant.objects.filter(touching, ended_at__isnull=True)
    pairs = list(pays.values_list("contract__person_id", "person_id"))
    if rules.closes_circle(pairs, principal=contract.person_id, dependant=person.pk):
        raise FamilyCircle


def _is_adult(person: Person, scheme: Scheme, now: datetime) -> bool:
    on = dates.business_date(now)
    return rules.is_adult(person.birth_date, on, adult_age=scheme.signing.adult_age)


def _sub_limit(asked_fen: int | None, scheme: Scheme) -> int | None:
    try:
        return rules.sub_limit_fen(asked_fen, scheme.limits)
    except ValueError:
        raise SubLimitTooHigh(most_fen=scheme.limits.dependant_most_fen) from None
