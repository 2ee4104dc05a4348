"""Relatives' bills that somebody may pay (P4.7): of the same contract, either way. Reads only.

Who pays for somebody else sees whom, how much and until when, and at which hospital; not what the
visit was about: that is the patient's own.
"""

from django.db.models import Q, QuerySet
from django.http import Http404

from yifu.collection.models import PAYABLE_STATES, Bill
from yifu.patients.models import ContractState, Dependant, Person
from yifu.payments.models import Attempt, Binding


def bills_of_relatives(person: Person) -> QuerySet[Bill]:
    """Give what relatives by contract owe, and what others owe for the person's own visits."""
    living = Dependant.objects.filter(ended_at__isnull=True)
    living = living.exclude(contract__state=ContractState.CLOSED)
    pays_for_me = living.filter(person=person).values("contract__person_id")
    i_pay_for = living.filter(contract__person=person).values("person_id")
    kin = Q(principal__in=pays_for_me) | Q(principal__in=i_pay_for) | Q(visit__person=person)
    found = Bill.objects.filter(kin, state__in=PAYABLE_STATES).exclude(principal=person)
    found = found.exclude(account__startswith="bank:")
    found = found.select_related("principal", "visit__institution", "visit__person")
    return found.order_by("due_at", "pk")


def find(person: Person, bill_id: int) -> Bill:
    """Find a relative's bill that may be paid, or that the person has paid of; else `Http404`."""
    found = bills_of_relatives(person).filter(pk=bill_id).first()
    if found is None and last_attempt(person, bill_id) is not None:
        bills = Bill.objects.select_related("principal", "visit__institution", "visit__person")
        found = bills.filter(pk=bill_id).first()
    if found is None:
        raise Http404
    return found


def last_attempt(person: Person, bill_id: int) -> Attempt | None:
    """Give the person's own latest try to pay a relative's bill."""
    tries = Attempt.objects.filter(subject=f"bill:{bill_id}", payer=person)
    return tries.select_related("channel").order_by("-pk").first()


def bindings_of(person: Person) -> list[Binding]:
    """Give the accounts a person may pay from."""
    found = Binding.objects.filter(person=person, active=True).select_related("channel")
    return list(found.order_by("pk"))
