"""One human being under two certificate numbers becomes one again.

Visits and bills keep the row they were made under; look-ups of it lead to the survivor, in one
step, however often rows were merged.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from yifu import clock
from yifu.credit import lines
from yifu.credit import services as credit
from yifu.credit.models import CreditLine
from yifu.enrolment import closing, families
from yifu.enrolment.errors import FamilyCircle, MergeRefused, TooManyDependants
from yifu.enrolment.life import live_contract
from yifu.enrolment.obstacles import of_person
from yifu.enrolment.rules import MergeStep, Side, merge_step
from yifu.enrolment.signing import check_principal, open_line
from yifu.patients import services as patients
from yifu.patients.models import (
    Consent,
    Contract,
    ContractState,
    Dependant,
    Person,
    PersonEvent,
    PersonEventKind,
    Registration,
)
from yifu.payments import services as payments


@dataclass(frozen=True, slots=True)
class _Merge:
    leaving: Person
    survivor: Person
    now: datetime


def merge(person_id: int, *, into: int, by: str, reason: str, now: datetime) -> Person:
    """Make a row lead to another of the same human being; gives the survivor.

    The survivor is the one with debts, should there be any. Raises `NotFound`, `MergeRefused` (the
    same row, merged before, only one has died, something open on the side that goes),
    `FamilyCircle`, `TooManyDependants`, and `MinorAsPrincipal` when the survivor's number is a
    minor's and the other has signed.
    """
    if person_id == into:
        raise MergeRefused("same")
    with transaction.atomic():
        persons = patients.lock_persons([person_id, into])
        pair = _Merge(persons[person_id], persons[into], now)
        _check(pair)
        _merge_contracts(pair)
        _merge_dependence(pair)
        _merge_rows(pair)
        PersonEvent.objects.create(
            person=pair.leaving,
            kind=PersonEventKind.MERGED,
            into=pair.survivor,
            happened_on=clock.business_date(now),
            reason=reason,
            recorded_by=by,
            recorded_at=now,
        )
    return pair.survivor


def _check(pair: _Merge) -> None:
    if pair.leaving.merged_into_id is not None or pair.survivor.merged_into_id is not None:
        raise MergeRefused("merged")
    if (pair.leaving.died_on is None) != (pair.survivor.died_on is None):
        raise MergeRefused("died")


def _merge_contracts(pair: _Merge) -> None:
    old, new = live_contract(pair.leaving.pk), live_contract(pair.survivor.pk)
    if old is not None:
        closing.lock_lines(old)
    found = of_person(pair.leaving.pk, contract=old)
    step = merge_step(
        Side(signed=old is not None, in_the_way=bool(found)),
        Side(signed=new is not None, in_the_way=False),
    )
    if step is None:
        raise MergeRefused("debts", obstacles=[one.facts() for one in found])
    payments.move_bindings(pair.leaving.pk, to=pair.survivor.pk)
    if step == MergeStep.NOTHING or old is None:
        return
    limit_fen = _limit(old)
    family = list(old.dependants.filter(ended_at__isnull=True).order_by("pk"))
    closing.end(old, reason="merged", now=pair.now)
    if new is None:
        new = _renew(old, pair, limit_fen=limit_fen)
    for dependant in family:
        if dependant.person_id != pair.survivor.pk:
            _take_over(dependant, new, pair)


def _limit(contract: Contract) -> int | None:
    lines_of = CreditLine.objects.filter(contract=contract)
    return lines_of.values_list("line__limit_fen", flat=True).first()


def _renew(old: Contract, pair: _Merge, *, limit_fen: int | None) -> Contract:
    """Let the survivor have a contract like the one that ended, as it was agreed to."""
    scheme = families.scheme_of(old, pair.now)
    if pair.survivor.died_on is None:
        check_principal(pair.survivor, scheme=scheme, now=pair.now)
    new = Contract.objects.create(
        person=pair.survivor,
        area_id=old.area_id,
        institution_id=old.institution_id,
        scheme=old.scheme,
        state=ContractState.ACTIVE,
        funding=old.funding,
        bank=old.bank,
        consent_text_version=old.consent_text_version,
        consent_channel=old.consent_channel,
        acted_by=old.acted_by,
        signed_at=old.signed_at,
    )
    for consent in Consent.objects.filter(contract=old, person=pair.leaving).order_by("pk"):
        consent.pk, consent.contract, consent.person = None, new, pair.survivor
        consent._state.adding = True  # noqa: SLF001 - Django's documented way to copy a row
        consent.save()
    line = open_line(new, scheme=scheme, now=pair.now)
    if line is not None and limit_fen is not None and not hasattr(line, "bank_line"):
        lines.set_limit(
            line_id=line.line_id, to_fen=limit_fen, reason="merged", rule="P1.6", now=pair.now
        )
    return new


def _take_over(dependant: Dependant, contract: Contract, pair: _Merge) -> None:
    """Write a dependant of the contract that ended under the survivor's, proof included."""
    if pair.survivor.depends_on.filter(ended_at__isnull=True).exists():
        raise FamilyCircle
    scheme = families.scheme_of(contract, pair.now)
    living = contract.dependants.filter(ended_at__isnull=True)
    if living.count() >= scheme.signing.dependants_most:
        raise TooManyDependants(most=scheme.signing.dependants_most)
    taken = Dependant.objects.create(
        contract=contract,
        person_id=dependant.person_id,
        kinship=dependant.kinship,
        limit_fen=dependant.limit_fen,
        since=pair.now,
        proof=dependant.proof,
        proof_cipher=dependant.proof_cipher,
        proof_seen_by=dependant.proof_seen_by,
    )
    own = Consent.objects.filter(contract_id=dependant.contract_id, person_id=dependant.person_id)
    for consent in own.order_by("pk"):
        consent.pk, consent.contract = None, contract
        consent._state.adding = True  # noqa: SLF001 - Django's documented way to copy a row
        consent.save()
    credit_line = CreditLine.objects.filter(contract=contract).first()
    if credit_line is not None and dependant.limit_fen is not None:
        credit.open_share(credit_line, taken, limit_fen=dependant.limit_fen)


def _merge_dependence(pair: _Merge) -> None:
    """Let the survivor be paid for as the other was; the survivor's own principal comes first."""
    paid = pair.leaving.depends_on.filter(ended_at__isnull=True).select_related("contract").first()
    if paid is None:
        return
    own = pair.survivor.depends_on.filter(ended_at__isnull=True).exists()
    if own or paid.contract.person_id == pair.survivor.pk:
        families.end(paid, reason="merged", now=pair.now)
        return
    pays = Dependant.objects.filter(contract__person=pair.survivor, ended_at__isnull=True)
    if pays.exists():
        raise FamilyCircle
    paid.person = pair.survivor
    paid.save(update_fields=["person"])


def _merge_rows(pair: _Merge) -> None:
    """Lead every look-up to the survivor: registrations, sign-in, rows merged before."""
    for registration in Registration.objects.filter(person=pair.leaving):
        Registration.objects.get_or_create(
            person=pair.survivor,
            institution_id=registration.institution_id,
            defaults={"registered_at": registration.registered_at},
        )
    leaving, survivor = pair.leaving, pair.survivor
    if leaving.user_id is not None and survivor.user_id is None:
        user_id, leaving.user_id = leaving.user_id, None
        leaving.save(update_fields=["user"])
        survivor.user_id = user_id
        survivor.save(update_fields=["user"])
    Person.objects.filter(merged_into=leaving).update(merged_into=survivor)
    leaving.merged_into = survivor
    leaving.save(update_fields=["merged_into"])
