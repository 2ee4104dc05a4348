"""Filings with the insurer, and what it has of persons and visits, over HTTP."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

import orjson
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import BeforeValidator, ConfigDict, Field

from yifu import clock
from yifu.institutions.auth import allow
from yifu.institutions.services import request_key
from yifu.insurance import filings, overview
from yifu.insurance.filing_forms import (
    EMERGENCY_AWAY,
    FAMILY_DOCTOR,
    REGULAR_PLACE,
    RELOCATED,
    Chronic,
    FixedPlace,
    Form,
    Injury,
    Period,
    Transfer,
)
from yifu.insurance.filings import NewFiling, Outcome
from yifu.insurance.overview import BenefitQuestion, PersonThere, VisitInBooks
from yifu.patients import api as patients
from yifu.problems import PROBLEMS
from yifu.settlement.api import KEY_HEADER
from yifu.settlement.models import Settlement

router = Router()

PAGE = 100

Id = Annotated[int, Field(ge=1, le=2**63 - 1)]
Code = Annotated[str, Field(min_length=1, max_length=30, pattern=r"^[!-~]+$")]
Institution = Annotated[str, Field(min_length=1, max_length=12, pattern=r"^[0-9A-Za-z]+$")]
Area = Annotated[str, Field(pattern=r"^[0-9]{6}$")]
Name = Annotated[str, Field(min_length=1, max_length=50, pattern=r"^[^\x00-\x1f]+$")]
LongName = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]+$")]
Words = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f]+$")]
PURPOSES = {
    "regular": REGULAR_PLACE,
    "family_doctor": FAMILY_DOCTOR,
    "emergency_away": EMERGENCY_AWAY,
    "relocated": RELOCATED,
}
REACHES = {"city": "1", "province": "2", "country": "3"}
"""`refl_type`: how far a transfer goes."""

_DAY = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}", re.ASCII)


def _a_day(value: object) -> object:
    """Take only yyyy-MM-dd of this century: a number would be read as seconds since 1970."""
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("a day of this century as yyyy-MM-dd")
    return value


Day = Annotated[date, BeforeValidator(_a_day)]


class Strict(Schema):
    """A body that has its fields and no others."""

    model_config = ConfigDict(extra="forbid")


class NamedIn(Strict):
    """A diagnosis or disease by its code."""

    code: Annotated[str, Field(min_length=1, max_length=20, pattern=r"^[!-~]+$")]
    name: Words


class DoctorIn(Strict):
    """A doctor by the insurer's code."""

    code: Code
    name: Name


class PlaceIn(Strict):
    """An institution by the insurer's code."""

    code: Institution
    name: LongName


class TransferIn(Strict):
    """A transfer to another hospital (转院); the institution agrees to it by filing it."""

    kind: Literal["transfer"]
    diagnosis: NamedIn
    to: PlaceIn
    to_area: Area
    reach: Literal["city", "province", "country"]
    on: Day
    reason: Words
    opinion: LongName

    def form(self) -> Form:
        """Give what is filed."""
        return Transfer(
            diagnosis_code=self.diagnosis.code,
            diagnosis_name=self.diagnosis.name,
            to_code=self.to.code,
            to_name=self.to.name,
            to_area=self.to_area,
            refl_type=REACHES[self.reach],
            on=self.on,
            reason=self.reason,
            opinion=self.opinion,
        )


class ChronicIn(Strict):
    """A chronic or special disease (慢特病) that a doctor of the institution found."""

    kind: Literal["chronic"]
    disease: NamedIn
    found_on: Day
    doctor: DoctorIn

    def form(self) -> Form:
        """Give what is filed."""
        return Chronic(
            disease_code=self.disease.code,
            disease_name=self.disease.name,
            found_on=self.found_on,
            doctor_code=self.doctor.code,
            doctor_name=self.doctor.name,
        )


class FixedPlaceIn(Strict):
    """A regular place of treatment, a contract with a general practitioner, or care away from home.

    `relocated` (异地安置) and `emergency_away` are for somebody insured elsewhere.
    """

    kind: Literal["fixed_place"]
    purpose: Literal["regular", "family_doctor", "emergency_away", "relocated"]
    rank: Annotated[int, Field(ge=1, le=99, strict=True)] = 1
    place: PlaceIn
    practitioner: Annotated[str, Field(max_length=50, pattern=r"^[^\x00-\x1f]*$")] = ""

    def form(self) -> Form:
        """Give what is filed."""
        return FixedPlace(
            purpose=PURPOSES[self.purpose],
            rank=self.rank,
            place_code=self.place.code,
            place_name=self.place.name,
            note=self.practitioner,
        )


class InjuryIn(Strict):
    """An accident (意外伤害); `payable` when the institution found nobody else liable."""

    kind: Literal["injury"]
    injured_on: Day
    site: LongName
    cause: LongName
    payable: Annotated[bool, Field(strict=True)]

    def form(self) -> Form:
        """Give what is filed."""
        return Injury(
            injured_on=self.injured_on, site=self.site, cause=self.cause, payable=self.payable
        )


class FilingIn(Strict):
    """What is to be filed for a person, from a day to a day (both included; null: no end)."""

    person_id: Id
    begins_on: Day
    ends_on: Day | None = None
    about: Annotated[TransferIn | ChronicIn | FixedPlaceIn | InjuryIn, Field(discriminator="kind")]


class WithdrawalIn(Strict):
    """Why a filing is withdrawn; the insurer is told."""

    reason: LongName


class FilingOut(Schema):
    """A filing; `about` as the insurer was told, `trt_dcla_detl_sn` the insurer's number."""

    id: int
    person_id: int
    kind: str
    state: str
    begins_on: date
    ends_on: date | None
    about: dict[str, Any]
    trt_dcla_detl_sn: str | None
    reason: str
    asked_at: datetime


class FilingsOut(Schema):
    """Filings of a person, the newest first; `next` is the cursor of the following page."""

    filings: list[FilingOut]
    next: int | None


ANSWERS: dict[Any, Any] = {200: FilingOut, 201: FilingOut, 202: FilingOut, **PROBLEMS}


def _answer(outcome: Outcome) -> HttpResponse:
    """Write the outcome as it is, the same bytes that a key keeps."""
    body = orjson.dumps(outcome.body)
    return HttpResponse(body, status=outcome.status, content_type="application/json; charset=utf-8")


@router.post("/filings", response=ANSWERS, openapi_extra=KEY_HEADER, summary="备案")
def file(request: HttpRequest, body: FilingIn) -> HttpResponse:
    """File a transfer, a chronic disease, a fixed place or an injury with the insurer.

    202 with state `unknown` while the insurer's answer is missing; the same request asks again.
    """
    caller = allow(request, "filings")
    asked = NewFiling(body.person_id, body.about.form(), Period(body.begins_on, body.ends_on))
    outcome = filings.file(
        asked,
        institution_id=caller.institution_id,
        key=request_key(request, caller),
        now=clock.request_now(request),
    )
    return _answer(outcome)


@router.get("/filings", response={200: FilingsOut, **PROBLEMS}, summary="查询备案")
def list_filings(
    request: HttpRequest,
    person_id: Id,
    cursor: Id | None = None,
    limit: Annotated[int, Field(ge=1, le=PAGE)] = PAGE,
) -> dict[str, Any]:
    """List what the caller's institution filed for a person."""
    caller = allow(request, "filings")
    found = filings.filings_of(person_id, institution_id=caller.institution_id)
    if cursor is not None:
        found = found.filter(pk__lt=cursor)
    rows = list(found[: limit + 1])
    page = rows[:limit]
    return {
        "filings": [filings.describe(row) for row in page],
        "next": page[-1].pk if len(rows) > limit else None,
    }


@router.get("/filings/{filing_id}", response={200: FilingOut, **PROBLEMS}, summary="查询一项备案")
def read_filing(request: HttpRequest, filing_id: Id) -> dict[str, Any]:
    """Read a filing as it is now."""
    caller = allow(request, "filings")
    found = filings.find_filing(filing_id, institution_id=caller.institution_id)
    return filings.describe(found)


@router.post(
    "/filings/{filing_id}/withdraw",
    response=ANSWERS,
    openapi_extra=KEY_HEADER,
    summary="撤销备案",
)
def withdraw(request: HttpRequest, filing_id: Id, body: WithdrawalIn) -> HttpResponse:
    """Withdraw a filing; 202 with state `withdrawing` while the insurer's answer is missing."""
    caller = allow(request, "filings")
    outcome = filings.withdraw(
        filing_id,
        reason=body.reason,
        institution_id=caller.institution_id,
        key=request_key(request, caller),
        now=clock.request_now(request),
    )
    return _answer(outcome)


def _plain(value: object) -> object:
    """Write a Decimal digit by digit, without zeros at its end."""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value


Digits = Annotated[str, BeforeValidator(_plain)]


class InsuranceOut(Schema):
    """One insurance of a person; `balance_fen` is the personal account's."""

    insutype: str
    psn_type: str
    active: bool
    balance_fen: int
    insuplc_admdvs: str


class CountedOut(Schema):
    """What the year has come to; `amount_fen` where the code's `meaning` is known."""

    insutype: str
    year: int
    code: str
    meaning: str
    amount_fen: int | None
    value: str


class ChronicOut(Schema):
    """A chronic disease filed."""

    code: str
    name: str
    begins_on: date
    ends_on: date | None


class TransferOut(Schema):
    """A transfer filed."""

    to_code: str
    to_name: str
    diagnosis_code: str
    diagnosis_name: str
    on: date
    reason: str
    begins_on: date
    ends_on: date | None


class PlaceOut(Schema):
    """A fixed place; `family_doctor` is a contract with a general practitioner."""

    purpose: str
    rank: str
    code: str
    name: str
    begins_on: date
    ends_on: date | None
    note: str


class BenefitOut(Schema):
    """Whether a fund (`fund_pay_type`) would pay now, and why not."""

    fund: str
    enjoyed: bool
    begins_on: date
    ends_on: date | None
    reason: str


class PersonInsuranceOut(Schema):
    """A person as the insurer has them; parts that were not asked for are null.

    `insutype` is the insurance a visit now would be settled under; null: none is in force.
    """

    insutype: str | None
    insurances: list[InsuranceOut]
    accumulations: list[CountedOut] | None
    chronic: list[ChronicOut] | None
    transfers: list[TransferOut] | None
    fixed_places: list[PlaceOut] | None
    benefits: list[BenefitOut] | None


class InsuranceQuery(Strict):
    """Which parts to ask the insurer for, and what benefits are asked about."""

    include: list[Literal["accumulations", "filings", "fixed_places", "benefits"]] = Field(
        default=["accumulations", "filings", "fixed_places", "benefits"]
    )
    med_type: Annotated[str, Field(pattern=r"^[0-9]{2,6}$")] = "11"
    disease_code: Annotated[str, Field(max_length=30, pattern=r"^[!-~]*$")] = ""


@router.get(
    "/persons/{person_id}/insurance",
    response={200: PersonInsuranceOut, **PROBLEMS},
    summary="查询参保与待遇",
)
def person_insurance(
    request: HttpRequest, person_id: Id, asked: Query[InsuranceQuery]
) -> dict[str, Any]:
    """Ask the insurer about a person registered here: insurances, the year so far, filings.

    503 `insurer_unavailable` when the insurer does not answer. `include` may be repeated.
    """
    caller = allow(request, "persons")
    found = overview.person_there(
        patients.find(person_id, institution_id=caller.institution_id),
        institution_id=caller.institution_id,
        parts=asked.include,
        question=BenefitQuestion(asked.med_type, asked.disease_code),
        now=clock.request_now(request),
    )
    return _show_person(found)


def _show_person(found: PersonThere) -> dict[str, Any]:
    purposes = {code: name for name, code in PURPOSES.items()}
    places = found.fixed_places
    return {
        "insutype": found.insutype or None,
        "insurances": found.insurances,
        "accumulations": found.accumulations,
        "chronic": found.chronic,
        "transfers": found.transfers,
        "fixed_places": None
        if places is None
        else [
            PlaceOut(
                purpose=purposes[one.purpose],
                rank=one.place.rank,
                code=one.place.code,
                name=one.place.name,
                begins_on=one.place.begins_on,
                ends_on=one.place.ends_on,
                note=one.place.note,
            )
            for one in places
        ],
        "benefits": found.benefits,
    }


class StayOut(Schema):
    """What a visit has besides when somebody lay in hospital."""

    department: str
    bed: str
    in_hospital: bool
    days: int
    discharge_department: str
    discharge_way: str


class VisitThereOut(Schema):
    """A visit as the insurer has it."""

    mdtrt_id: str
    visit_no: str
    med_type: str
    insutype: str
    began_at: datetime
    ended_at: datetime | None
    department: str
    doctor: str
    disease_code: str
    disease_name: str
    stay: StayOut | None


class DiagnosisOut(Schema):
    """A diagnosis as the insurer has it."""

    code: str
    name: str
    rank: int
    main: bool
    stage: str
    department: str
    doctor: str
    made_at: datetime


class ChargeOut(Schema):
    """A charge as the insurer split it; fen, the unit price with decimals."""

    feedetl_sn: str
    national_code: str
    local_code: str
    name: str
    occurred_at: datetime
    quantity: Digits
    unit_price_fen: Digits
    amount_fen: int
    own_fen: int
    over_fen: int
    presel_fen: int
    inscp_fen: int


class SettledOut(Schema):
    """A settlement on the insurer's books; total = fund + account + personal + hospital, fen."""

    setl_id: str
    msgid: str
    settled_at: datetime
    reversed: bool
    total_fen: int
    fund_fen: int
    account_fen: int
    personal_fen: int
    hospital_fen: int
    charges: list[ChargeOut]


class VisitInsurerOut(Schema):
    """A visit in the insurer's books; `visit` is null where it lists none under this number."""

    mdtrt_id: str
    visit: VisitThereOut | None
    diagnoses: list[DiagnosisOut]
    settlements: list[SettledOut]


@router.get(
    "/visits/{visit_id}/insurer",
    response={200: VisitInsurerOut, **PROBLEMS},
    summary="查询医保侧就诊",
)
def visit_insurer(request: HttpRequest, visit_id: Id) -> dict[str, Any]:
    """Ask what the insurer has on its books of one of the caller's visits.

    503 `insurer_unavailable` when the insurer does not answer.
    """
    caller = allow(request, "visits")
    ours = Settlement.objects.filter(visit_id=visit_id, institution_id=caller.institution_id)
    found = overview.visit_there(
        visit_id,
        institution_id=caller.institution_id,
        setl_ids=list(ours.exclude(setl_id="").order_by("pk").values_list("setl_id", flat=True)),
        now=clock.request_now(request),
    )
    return _show_visit(found)


def _show_visit(found: VisitInBooks) -> dict[str, Any]:
    return {
        "mdtrt_id": found.mdtrt_id,
        "visit": found.visit,
        "diagnoses": found.diagnoses,
        "settlements": [
            {
                "setl_id": one.settled.setl_id,
                "msgid": one.settled.msgid,
                "settled_at": one.settled.setl_time,
                "reversed": one.settled.refunded,
                "total_fen": one.settled.split.total_fen,
                "fund_fen": one.settled.split.fund_fen,
                "account_fen": one.settled.split.account_fen,
                "personal_fen": one.settled.split.personal_fen,
                "hospital_fen": one.settled.split.hosp_fen,
                "charges": one.charges,
            }
            for one in found.settlements
        ],
    }
