"""Who belongs to whom, by the contracts that were signed (P1.4, P4.7)."""

from django.db.models import Q

from yifu.patients.models import ContractState, Dependant


def related(one: int, other: int) -> bool:
    """Tell whether one of two persons is the other's dependant under a contract that stands."""
    either = Q(person=one, contract__person=other) | Q(person=other, contract__person=one)
    found = Dependant.objects.filter(either, ended_at__isnull=True)
    return found.exclude(contract__state=ContractState.CLOSED).exists()
