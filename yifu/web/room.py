"""The doctor's room: a day's visits, and finishing one of them.

A doctor sees the visits of the own institution under the own doctor code; others do not exist.
"""

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import orjson
from django.db import connection
from django.db.models import Max
from django.http import Http404

from yifu import clock
from yifu.catalogue.rules import consent_needed
from yifu.collection import services as collection
from yifu.errors import InvalidRequest
from yifu.institutions.errors import RequestUnderWay
from yifu.institutions.services import RequestKey
from yifu.insurance.codes import codes
from yifu.patients.rules import age_on
from yifu.payments.models import Attempt
from yifu.settlement import previewing
from yifu.settlement import services as settlement
from yifu.settlement.errors import ChargeSettled
from yifu.settlement.models import Settlement, SettlementState
from yifu.settlement.previewing import charge_line
from yifu.visits import consents
from yifu.visits.errors import VisitEnded
from yifu.visits.models import Charge, Visit, VisitKind
from yifu.visits.services import Discharge
from yifu.web.audit_desk import AuditAsked, asked_first
from yifu.web.labels import VISIT_FREE, VISIT_OPEN, VISIT_UNSETTLED
from yifu.web.models import Seat

CONSENT: Final = "consent_needed"
"""The code of the warning that asks for the patient's consent (P3.12)."""

FINAL_STATES: Final = (
    SettlementState.COMPLETED,
    SettlementState.REVERSED,
    SettlementState.REJECTED,
)
"""Nothing more happens by itself to a settlement in one of these."""

_VISITS = """
SELECT visit.id, visit.visit_no, visit.began_at, visit.ended_at, visit.department_name,
       visit.diagnoses, person.id, person.name, person.sex, person.birth_date,
       coalesce(charges.total, 0)::bigint, coalesce(charges.open, 0)::bigint, latest.state
FROM visits_visit visit
JOIN patients_person person ON person.id = visit.person_id
LEFT JOIN LATERAL (
    SELECT sum(charge.amount_fen) AS total,
           count(*) FILTER (WHERE line.id IS NULL) AS open
    FROM visits_charge charge
    LEFT JOIN settlement_settlementline line ON line.charge_id = charge.id AND line.live
    WHERE charge.visit_id = visit.id
) charges ON true
LEFT JOIN LATERAL (
    SELECT state FROM settlement_settlement
    WHERE visit_id = visit.id ORDER BY id DESC LIMIT 1
) latest ON true
WHERE visit.institution_id = %(institution)s AND visit.business_date = %(day)s
  AND visit.doctor_code = %(doctor)s
ORDER BY visit.began_at, visit.id
"""


@dataclass(frozen=True, slots=True)
class VisitRow:
    """A visit in the day's list; `open_charges` are those in no live settlement."""

    id: int
    visit_no: str
    began_at: datetime
    ended_at: datetime | None
    department: str
    diagnoses: Sequence[Mapping[str, str]]
    person_id: int
    name: str
    sex: str
    age: int
    total_fen: int
    open_charges: int
    state: str

    @property
    def state_label(self) -> str:
        """Say in Chinese how far the visit is."""
        if self.state and not (self.open_charges and self.state in FINAL_STATES):
            return str(SettlementState(self.state).label)
        if self.open_charges:
            return VISIT_UNSETTLED if self.ended_at else VISIT_OPEN
        return VISIT_FREE

    @property
    def tone(self) -> str:
        """Choose the colour of that word."""
        return _TONES.get(self.state_label, "")


_TONES: Final = {
    str(SettlementState.COMPLETED.label): "good",
    str(SettlementState.UNKNOWN.label): "bad",
    str(SettlementState.REJECTED.label): "bad",
    str(SettlementState.AWAITING_PAYMENT.label): "warn",
    VISIT_UNSETTLED: "warn",
}


@dataclass(frozen=True, slots=True)
class Room:
    """One visit on the doctor's screen."""

    visit: Visit
    charges: Sequence[Charge]
    total_fen: int
    open_charges: int
    age: int
    latest: Settlement | None
    attempt: Attempt | None

    @property
    def may_settle(self) -> bool:
        """True when there are charges that no live settlement holds."""
        return self.open_charges > 0

    @property
    def discharge_ways(self) -> Sequence[str]:
        """How a stay that goes on may end (离院方式), by code; none of other visits."""
        stays = self.visit.kind == VisitKind.INPATIENT and self.visit.ended_at is None
        return tuple(codes()["dscg_way"]) if stays else ()


@dataclass(frozen=True, slots=True)
class ConsentAsked:
    """Nothing was settled: the patient must first agree to `warning`."""

    preview: Mapping[str, Any]


def visits_of(seat: Seat, *, day: date) -> list[VisitRow]:
    """Read a doctor's visits of one day, the earliest first."""
    wanted: dict[str, Any] = {
        "institution": seat.institution_id,
        "day": day,
        "doctor": seat.doctor_code,
    }
    if not seat.doctor_code:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_VISITS, wanted)
        return [_visit_row(row, day) for row in cursor.fetchall()]


def _visit_row(row: tuple[Any, ...], day: date) -> VisitRow:
    number, visit_no, began_at, ended_at, department, diagnoses, *person, total, charges, state = (
        row
    )
    person_id, name, sex, birth_date = person
    return VisitRow(
        id=number,
        visit_no=visit_no,
        began_at=began_at,
        ended_at=ended_at,
        department=department,
        # Raw cursors give jsonb as text.
        diagnoses=orjson.loads(diagnoses),
        person_id=person_id,
        name=name,
        sex=sex,
        age=age_on(birth_date, day),
        total_fen=total,
        open_charges=charges,
        state=state or "",
    )


def latest_day(seat: Seat, *, before: date) -> date | None:
    """Give the last day before `before` on which this doctor had visits."""
    if not seat.doctor_code:
        return None
    own = Visit.objects.filter(
        institution_id=seat.institution_id,
        doctor_code=seat.doctor_code,
        business_date__lt=before,
    )
    latest: date | None = own.aggregate(latest=Max("business_date"))["latest"]
    return latest


def find_visit(seat: Seat, visit_id: int) -> Visit:
    """Find a visit of this doctor; `Http404` for anybody else's, here or elsewhere (L11)."""
    own = {"institution_id": seat.institution_id, "doctor_code": seat.doctor_code}
    found = Visit.objects.filter(pk=visit_id, **own).select_related("person", "institution").first()
    if found is None or not seat.doctor_code:
        raise Http404
    return found


def open_room(visit: Visit) -> Room:
    """Read everything a doctor needs to finish a visit."""
    charges = list(Charge.objects.filter(visit=visit).order_by("line_no", "id"))
    latest = latest_settlement(visit)
    taken = Charge.objects.filter(visit=visit, settlement_lines__live=True).count()
    return Room(
        visit=visit,
        charges=charges,
        total_fen=sum(charge.amount_fen for charge in charges),
        open_charges=len(charges) - taken,
        age=age_on(visit.person.birth_date, clock.business_date(visit.began_at)),
        latest=latest,
        attempt=_attempt_of(latest),
    )


def latest_settlement(visit: Visit) -> Settlement | None:
    """Give the visit's newest settlement."""
    found = Settlement.objects.filter(visit=visit).select_related("bill")
    return found.order_by("-id").first()


def _attempt_of(latest: Settlement | None) -> Attempt | None:
    """Give the last try to take the personal part of a settlement."""
    if latest is None or latest.bill_id is None:
        return None
    return Attempt.objects.filter(subject=f"bill:{latest.bill_id}").order_by("-id").first()


def preview(visit: Visit, *, now: datetime) -> dict[str, Any]:
    """Give warnings and the expected split; changes nothing. Raises as `settle` does."""
    return previewing.preview(institution_id=visit.institution_id, visit_id=visit.pk, now=now)


def consent_warning(expected: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Pick the warning that asks for consent, when there is one."""
    return next((item for item in expected["warnings"] if item["code"] == CONSENT), None)


def finish(
    visit: Visit, *, agreed_to: str, way: str, key: str, recorded_by: str, now: datetime
) -> Settlement | ConsentAsked | AuditAsked:
    """End a visit and settle it (P3.1); the same key again has no second effect.

    `agreed_to` is the wording of the consent that was ticked, empty when none was; `way` is how a
    stay that goes on ends (离院方式), which raises `InvalidRequest` when it is none. When consent
    is needed and not recorded, or the insurer's audit sees a definite violation that nobody has
    decided about, nothing is settled. When every charge is in a settlement already,
    that one is given. Raises what `preview` and `settle` raise.
    """
    latest = latest_settlement(visit)
    if latest is not None and not open_room(visit).may_settle:
        return latest
    asked = _ask_consent(visit, agreed_to=agreed_to, recorded_by=recorded_by, now=now)
    if asked is not None:
        return asked
    if violations := asked_first(visit):
        return violations
    _end(visit, way=way, now=now)
    try:
        settlement.settle(
            institution_id=visit.institution_id,
            visit_id=visit.pk,
            method="auto",
            now=now,
            key=_request_key(visit, key),
        )
    except (RequestUnderWay, ChargeSettled):
        # A second click: what the first one does is shown instead.
        if latest_settlement(visit) is None:
            raise
    return Settlement.objects.select_related("bill").filter(visit=visit).latest("id")


def _end(visit: Visit, *, way: str, now: datetime) -> None:
    if visit.ended_at is not None:
        return
    # The hospital's clock says when it began, and may be ahead of ours.
    ended_at = max(now, visit.began_at)
    # Where another click ended it a moment ago, its time stays.
    with suppress(VisitEnded):
        collection.end_visit(
            visit.pk,
            institution_id=visit.institution_id,
            ended_at=ended_at,
            discharge=_discharge(visit, way),
        )


def _discharge(visit: Visit, way: str) -> Discharge | None:
    if visit.kind != VisitKind.INPATIENT:
        return None
    if way not in codes()["dscg_way"]:
        raise InvalidRequest(field="way")
    return Discharge(way=way)


def _ask_consent(
    visit: Visit, *, agreed_to: str, recorded_by: str, now: datetime
) -> ConsentAsked | None:
    """Find out whether consent is missing (P3.12), and keep it when it comes with the request."""
    if visit.uninsured or not _could_need_consent(visit):
        return None
    expected = preview(visit, now=now)
    warning = consent_warning(expected)
    if warning is None or consents.agreed(visit_id=visit.pk, wording=warning["message_zh"]):
        return None
    if agreed_to != warning["message_zh"]:
        return ConsentAsked(expected)
    consents.record(
        visit_id=visit.pk,
        wording=agreed_to,
        lines=warning["lines"],
        recorded_by=recorded_by,
        now=now,
    )
    return None


def _could_need_consent(visit: Visit) -> bool:
    """Tell whether consent would be needed even if insurance paid for nothing at all.

    Most visits are too cheap for it, and spare the question to the insurer.
    """
    charges = Charge.objects.filter(visit=visit)
    return consent_needed([charge_line(charge) for charge in charges]) is not None


def _request_key(visit: Visit, key: str) -> RequestKey:
    """Make the key of one page load an institution's key, as a hospital's system would send it."""
    digest = hashlib.sha256(f"room finish {visit.pk}".encode()).digest()
    return RequestKey(visit.institution_id, f"room-{key}", digest)
