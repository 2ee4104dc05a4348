"""Leaving: closing needs no debt and takes the children along (P1.6)."""

from datetime import datetime

from django.db import transaction

from yifu.credit import jobs as credit_jobs
from yifu.credit import lines
from yifu.credit import services as credit
from yifu.credit.models import CreditLine
from yifu.enrolment import families
from yifu.enrolment.errors import ContractClosed
from yifu.enrolment.obstacles import standing_in_the_way
from yifu.patients import services as patients
from yifu.patients.errors import DebtOpen
from yifu.patients.models import Contract, ContractState
from yifu.payments import services as payments


def close(contract_id: int, *, now: datetime, reason: str = "asked") -> Contract:
    """Close a contract without debt; its dependants leave with it (P1.6).

    Raises `ContractClosed`, and `DebtOpen`, whose fact `obstacles` lists what stands in the way.
    """
    with transaction.atomic():
        principal = Contract.objects.values_list("person_id", flat=True).get(pk=contract_id)
        patients.lock_persons([principal])
        contract = Contract.objects.select_for_update(no_key=True).get(pk=contract_id)
        if contract.state == ContractState.CLOSED:
            raise ContractClosed
        lock_lines(contract)
        found = standing_in_the_way(contract)
        if found:
            raise DebtOpen(obstacles=[one.facts() for one in found])
        end(contract, reason=reason, now=now)
    return contract


def lock_lines(contract: Contract) -> None:
    """Keep others from posting on a contract's lines while it is decided about."""
    credit_line = CreditLine.objects.filter(contract=contract).first()
    if credit_line is not None:
        credit.lock_lines(credit_line)


def end(contract: Contract, *, reason: str, now: datetime) -> None:
    """End a contract with all that hangs on it, in the caller's transaction, which holds locks.

    The line keeps no room, so a settlement that found it a moment ago goes to the window. The
    bank is told by a job; nothing is debited from the person's accounts any more.
    """
    end_reason = reason if reason in {"died", "merged"} else "closed"
    for dependant in contract.dependants.filter(ended_at__isnull=True).order_by("pk"):
        families.end(dependant, reason=end_reason, now=now)
    credit_line = CreditLine.objects.filter(contract=contract).first()
    if credit_line is not None:
        lines.set_limit(
            line_id=credit_line.line_id, to_fen=0, reason=f"contract {reason}", rule="P1.6", now=now
        )
        credit_jobs.close_bank_line_later(credit_line.pk)
    patients.end_contract(contract, reason=reason, now=now)
    payments.unbind(contract.person_id)
