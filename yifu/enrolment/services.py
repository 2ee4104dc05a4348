"""Enrol a principal with dependants, and close the service again (P1.2, P1.4, P1.6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from yifu import clock
from yifu.credit import services as credit
from yifu.credit import versions
from yifu.credit.models import CreditLine
from yifu.credit.schemes import Scheme
from yifu.institutions.models import Area
from yifu.patients import services as patients
from yifu.patients.errors import ConsentVersionUnknown, DebtOpen, SchemeUnknown
from yifu.patients.models import Contract, Dependant, Funding
from yifu.payments import services as payments
from yifu.payments.errors import ChannelUnknown
from yifu.payments.models import Channel


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
    """Sign, open the line and bind the debit channel in one transaction.

    Raises `SchemeUnknown`, `ConsentVersionUnknown`, `ChannelUnknown` and what
    `patients.services.sign` raises. Nothing is left behind by a refusal.
    """
    scheme = _scheme(asked, area, now=now)
    with transaction.atomic():
        contract, joined = patients.sign(
            asked, dependants, area=area, institution_id=institution_id, now=now
        )
        line = credit.open_credit_line(contract, joined, scheme=scheme, now=now)
        if debit is not None:
            channel = Channel.objects.filter(area_id=area, code=debit.channel).first()
            if channel is None:
                raise ChannelUnknown(channel=debit.channel)
            payments.bind(
                person_id=contract.person_id,
                channel_id=channel.pk,
                contract_id=debit.contract_id,
                now=now,
            )
    return Enrolled(contract, joined, line)


def _scheme(asked: patients.NewContract, area: str, *, now: datetime) -> Scheme:
    if Area.objects.values_list("scheme", flat=True).get(pk=area) != asked.scheme:
        raise SchemeUnknown
    scheme = versions.at(asked.scheme, now)
    if scheme.consent_text(asked.consent_text_version, on=clock.business_date(now)) is None:
        raise ConsentVersionUnknown
    return scheme


def close(contract_id: int, *, now: datetime) -> Contract:
    """Close a contract without debt; its dependants leave with it (P1.6).

    Raises `DebtOpen` while anything is owed or held on the principal's account.
    """
    with transaction.atomic():
        contract = Contract.objects.select_for_update().get(pk=contract_id)
        line = CreditLine.objects.select_related("line").filter(contract=contract).first()
        if line is not None and (line.line.owed_fen or line.line.held_fen):
            raise DebtOpen
        if contract.funding != Funding.BANK and payments_owed(contract.person_id):
            raise DebtOpen
        patients.end_contract(contract, now=now)
    return contract


def payments_owed(person_id: int) -> int:
    """Tell what a person owes on any bill that is not paid; fen."""
    from yifu.ledger import services as ledger  # noqa: PLC0415 - only closing asks the books

    return ledger.balances(f"owed:{person_id}").get(f"owed:{person_id}", 0)
