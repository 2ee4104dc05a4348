"""A principal signs: consent, contract, line, dependants and debit binding, all or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from yifu import clock
from yifu.credit import banks, scoring, versions
from yifu.credit import jobs as credit_jobs
from yifu.credit import services as credit
from yifu.credit.models import CreditLine
from yifu.credit.schemes import Scheme
from yifu.enrolment import consents, families, rules
from yifu.enrolment.errors import BankMissing, FundingNotAllowed, PersonGone
from yifu.institutions.models import Area
from yifu.patients import services as patients
from yifu.patients.errors import MinorAsPrincipal, SchemeUnknown
from yifu.patients.models import Contract, Dependant, Funding, Person
from yifu.payments import services as payments


@dataclass(frozen=True, slots=True)
class DebitAgreement:
    """A debit contract the person signed with a channel."""

    channel: str
    contract_id: str


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What signing up made; `credit_line` is None for a contract of immediate debits."""

    contract: Contract
    dependants: list[Dependant]
    credit_line: CreditLine | None


def enrol(
    asked: patients.NewContract,
    dependants: Sequence[patients.NewDependant],
    debit: DebitAgreement | None,
    *,
    area: str,
    institution_id: int,
    now: datetime,
) -> Enrolled:
    """Sign, keep the consents, open the line and bind the debit channel in one transaction.

    Asks nobody outside: `follow_up` does, and jobs that are enqueued here should it not. Raises
    `SchemeUnknown`, `FundingNotAllowed`, `BankMissing`, `ConsentVersionUnknown`,
    `ChannelNotAllowed`, `ActedByMissing`, `ShownLater`, `MinorAsPrincipal`, `PersonGone`,
    `ContractExists`, `ChannelUnknown` and what `families.join` raises. Nothing is left behind by a
    refusal.
    """
    scheme = scheme_of_area(area, asked.scheme, now=now)
    asked = replace(asked, bank=_bank(asked, scheme))
    with transaction.atomic():
        persons = patients.lock_persons([asked.person_id, *(one.person_id for one in dependants)])
        check_principal(persons[asked.person_id], scheme=scheme, now=now)
        contract = patients.sign(asked, area=area, institution_id=institution_id, now=now)
        consents.record(
            asked.agreement, contract=contract, person_id=asked.person_id, scheme=scheme, now=now
        )
        line = open_line(contract, scheme=scheme, now=now)
        joined = [
            families.join(contract, one, persons=persons, scheme=scheme, now=now)
            for one in dependants
        ]
        if debit is not None:
            channel = payments.find_channel(debit.channel, area=area)
            payments.bind(
                person_id=contract.person_id,
                channel_id=channel.pk,
                contract_id=debit.contract_id,
                now=now,
            )
    return Enrolled(contract, joined, line)


def follow_up(enrolled: Enrolled, *, now: datetime) -> None:
    """Ask for the score or the bank's line at once, outside any transaction (P2.1, P2.2).

    Without an answer everything stays as it was signed; a job asks again.
    """
    if enrolled.credit_line is None:
        return
    if enrolled.contract.funding == Funding.BANK:
        banks.open_line(enrolled.credit_line.pk, now=now)
    else:
        scoring.score(enrolled.credit_line.pk, now=now)


def open_line(contract: Contract, *, scheme: Scheme, now: datetime) -> CreditLine | None:
    """Open a contract's line, in the caller's transaction, and have outside answers asked for.

    It begins with what the scheme gives somebody without a score; a line of a bank that can be
    asked begins with nothing, until the bank has answered (P2.2, decision 0022).
    """
    funded = contract.funding == Funding.BANK
    asked = funded and banks.party(contract.area_id, contract.bank) is not None
    usual_fen = scheme.score.unscored_limit_fen
    line = credit.open_credit_line(
        contract, lender=scheme.lender, limit_fen=0 if asked else usual_fen, now=now
    )
    if line is None:
        return None
    if asked:
        banks.write_down(line, now=now)
        credit_jobs.open_bank_line_later(line.pk)
    elif scoring.wanted(contract, scheme=scheme):
        credit_jobs.score_later(line.pk)
    return line


def scheme_of_area(area: str, code: str, *, now: datetime) -> Scheme:
    """Give the scheme in force in an area; raises `SchemeUnknown` when it is not `code`'s."""
    if Area.objects.values_list("scheme", flat=True).get(pk=area) != code:
        raise SchemeUnknown
    return versions.at(code, now)


def check_principal(person: Person, *, scheme: Scheme, now: datetime) -> None:
    """Raise `PersonGone` or `MinorAsPrincipal` (P2.1) when somebody cannot sign."""
    if person.died_on is not None or person.merged_into_id is not None:
        raise PersonGone
    on, adult_age = clock.business_date(now), scheme.signing.adult_age
    if not rules.is_adult(person.birth_date, on, adult_age=adult_age):
        raise MinorAsPrincipal


def _bank(asked: patients.NewContract, scheme: Scheme) -> str:
    """Tell which bank lends: the one that was named, or the scheme's own."""
    if asked.funding not in scheme.signing.funding:
        raise FundingNotAllowed(funding=asked.funding)
    if Funding(asked.funding) != Funding.BANK:
        return ""
    bank = asked.bank or ("" if scheme.lender == "platform" else scheme.lender)
    if not bank:
        raise BankMissing
    return bank
