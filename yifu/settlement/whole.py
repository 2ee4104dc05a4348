"""Visits that are settled as a whole: stays in hospital, purchases at a pharmacy.

A stay's charges are brought to the insurer and its end reported before the settlement is claimed;
both may be repeated as often as one likes.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from yifu.collection import services as collection
from yifu.institutions import services as institutions
from yifu.institutions.services import RequestKey
from yifu.insurance import registering, stays
from yifu.insurance import services as insurance
from yifu.settlement.errors import (
    ChargedOffLater,
    NotInterim,
    StayGoesOn,
    StaySettled,
    WholeVisitOnly,
)
from yifu.settlement.models import ENDED_STATES, Settlement
from yifu.settlement.work import Work, load_visit
from yifu.visits import services as visits
from yifu.visits.errors import NotAStay
from yifu.visits.models import Visit, VisitKind

KINDS = (VisitKind.INPATIENT, VisitKind.PHARMACY)


def prepare(
    work: Work, charge_ids: Sequence[int] | None, *, key: RequestKey | None, now: datetime
) -> None:
    """Bring a stay's charges, and its end if it has ended, to the insurer (2301, 2402).

    Raises `WholeVisitOnly`, `StayGoesOn`, `NotInterim`, `ChargedOffLater`, the key's errors, and
    what the insurer's part raises; what has been uploaded until then stays.
    """
    visit = work.visit
    _check_end(visit, interim=work.interim)
    if charge_ids is not None:
        raise WholeVisitOnly
    _check_charge_offs(work)
    if work.case is None or visit.kind != VisitKind.INPATIENT:
        return
    if key is not None:
        institutions.check_key(key)
    stays.upload(work.case, now=now)
    if not work.interim:
        stays.discharge(work.case, now=now)


def _check_end(visit: Visit, *, interim: bool) -> None:
    goes_on = visit.kind == VisitKind.INPATIENT and visit.ended_at is None
    if interim and not goes_on:
        raise NotInterim
    if goes_on and not interim:
        raise StayGoesOn


def _check_charge_offs(work: Work) -> None:
    """A charge-off is settled with what it takes from."""
    here = {charge.pk for _, charge in work.lines}
    for _, charge in work.lines:
        if charge.corrects_id is not None and charge.corrects_id not in here:
            raise ChargedOffLater(line_no=charge.line_no)


def reopen(visit_id: int, *, institution_id: int, now: datetime) -> Visit:
    """Take a stay's discharge back, here and at the insurer (2405), to put its charges right.

    Raises `NotFound`, `NotAStay`, `StaySettled` while the final settlement stands, and what the
    insurer's part raises. A stay that goes on is left as it is.
    """
    visit, encounter = load_visit(visit_id, institution_id)
    if visit.kind != VisitKind.INPATIENT:
        raise NotAStay
    final = Settlement.objects.filter(visit=visit, interim=False).exclude(state__in=ENDED_STATES)
    if final.exists():
        raise StaySettled
    if encounter is not None and not visit.uninsured:
        stays.undo_discharge(insurance.case_of(visit, encounter, now=now), now=now)
    with transaction.atomic():
        visits.undo_discharge(visit_id, institution_id=institution_id)
        collection.visit_goes_on(visit_id)
    visit.ended_at = None
    return visit


def upload(visit_id: int, *, institution_id: int, now: datetime) -> int:
    """Bring a stay's charges to the insurer before it is settled; gives how many it then has.

    None of somebody who is not insured. Raises as `prepare` and registering do.
    """
    visit, encounter = load_visit(visit_id, institution_id)
    if visit.kind != VisitKind.INPATIENT:
        raise NotAStay
    if encounter is None:
        encounter = registering.register_visit(visit, credential=None, now=now)
    if encounter is None:
        return 0
    stays.upload(insurance.case_of(visit, encounter, now=now), now=now)
    return encounter.lines.count()
