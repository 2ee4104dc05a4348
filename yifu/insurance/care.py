"""What kind of care a visit is, as messages besides settlement name it; and its charges net."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from yifu.insurance.cases import MED_TYPES
from yifu.visits.models import Charge, Visit, VisitKind

CHRONIC_CARE: Final = ("14", "9901")
"""`med_type` of chronic and special diseases (门诊慢特病, 门诊两病)."""

_CARE: Final[Mapping[VisitKind, str]] = {
    VisitKind.OUTPATIENT: "1",
    VisitKind.EMERGENCY: "1",
    VisitKind.INPATIENT: "2",
    VisitKind.PHARMACY: "3",
}


@dataclass(frozen=True, slots=True)
class NetCharge:
    """A charge less what was charged off it."""

    charge: Charge
    quantity: Decimal
    amount_fen: int


def med_type_of(visit: Visit) -> str:
    """Give a visit's `med_type`: its own, or that of its kind."""
    return visit.med_type or MED_TYPES[visit.kind]


def care_of(visit: Visit) -> str:
    """Give `med_mdtrt_type`: 1 outpatient, 2 inpatient, 3 pharmacy."""
    return _CARE[VisitKind(visit.kind)]


def is_stay(visit: Visit) -> bool:
    """Say whether a visit is a stay in hospital."""
    return visit.kind == VisitKind.INPATIENT


def net(charges: Iterable[Charge]) -> list[NetCharge]:
    """Take charge-offs from the charges they are about; what is left of nothing is left out."""
    rows = list(charges)
    taken: dict[int, tuple[Decimal, int]] = {}
    for one in rows:
        if one.corrects_id is not None:
            quantity, fen = taken.get(one.corrects_id, (Decimal(0), 0))
            taken[one.corrects_id] = quantity + one.quantity, fen + one.amount_fen
    found = []
    for one in rows:
        if one.corrects_id is None:
            quantity, fen = taken.get(one.pk, (Decimal(0), 0))
            found.append(NetCharge(one, one.quantity + quantity, one.amount_fen + fen))
    return [one for one in found if one.quantity > 0]
