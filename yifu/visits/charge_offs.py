"""Charge-offs (冲销): negative lines of a stay, each naming the line that it takes from.

A stay's charges are uploaded as they come, so a mistake is not taken back but set off (NHSA 2301,
negative `cnt` with `init_feedetl_sn`). The sum of a line and its charge-offs is never negative:
the line is locked while that is decided.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum

from yifu.catalogue.rules import ChargeLine
from yifu.errors import NotFound
from yifu.visits import adding
from yifu.visits.errors import ChargeOffTooLarge, NothingToChargeOff
from yifu.visits.models import Charge, Visit, VisitKind

_SAME = ("national_code", "local_code", "unit_price_fen")


def add(visit_id: int, lines: Sequence[ChargeLine], *, institution_id: int) -> adding.Added:
    """Add lines of which some are charge-offs; what they take from is there already.

    Raises `NotFound`, `NothingToChargeOff`, `ChargeOffTooLarge`, `ChargeDiffers`.
    """
    visit = Visit.objects.filter(pk=visit_id, institution=institution_id).first()
    if visit is None:
        raise NotFound(what="visit")
    with transaction.atomic():
        originals = _locked(visit_id, lines)
        corrects = {
            line.line_no: _original(visit, line, originals).pk
            for line in lines
            if line.corrects_line_no is not None
        }
        parameters = adding.parameters_of(visit_id, lines, corrects)
        added = adding.add_unknown(visit_id, lines, parameters)
        _check_rest(lines, originals)
    return added


def _locked(visit_id: int, lines: Sequence[ChargeLine]) -> Mapping[int, Charge]:
    numbers = [line.corrects_line_no for line in lines if line.corrects_line_no is not None]
    found = Charge.objects.filter(visit_id=visit_id, line_no__in=numbers, corrects__isnull=True)
    return {charge.line_no: charge for charge in found.order_by("pk").select_for_update()}


def _original(visit: Visit, line: ChargeLine, originals: Mapping[int, Charge]) -> Charge:
    charge = originals.get(line.corrects_line_no or 0)
    if charge is None or visit.kind != VisitKind.INPATIENT:
        raise NothingToChargeOff(line_no=line.line_no)
    if any(getattr(charge, name) != getattr(line, name) for name in _SAME):
        raise NothingToChargeOff(line_no=line.line_no)
    return charge


def _check_rest(lines: Sequence[ChargeLine], originals: Mapping[int, Charge]) -> None:
    for line in lines:
        if line.corrects_line_no is None:
            continue
        charge = originals[line.corrects_line_no]
        off = Charge.objects.filter(corrects=charge).aggregate(
            quantity=Sum("quantity"), fen=Sum("amount_fen")
        )
        rest = charge.quantity + (off["quantity"] or Decimal(0))
        if rest < 0 or charge.amount_fen + (off["fen"] or 0) < 0:
            raise ChargeOffTooLarge(line_no=line.line_no)
