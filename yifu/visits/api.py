"""Visits and charges over HTTP."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal, Self

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import AwareDatetime, BeforeValidator, ConfigDict, Field, model_validator

from yifu import clock
from yifu.catalogue.rules import ChargeLine
from yifu.collection import services as collection
from yifu.errors import InvalidRequest, YifuError
from yifu.institutions.auth import allow
from yifu.insurance import registering
from yifu.insurance.fields import codes
from yifu.insurance.messages import INSURANCE_CARD, Credential
from yifu.money import MAX_FEN
from yifu.patients import api as patients
from yifu.problems import PROBLEMS
from yifu.visits import services
from yifu.visits.models import Visit

router = Router()

Id = Annotated[int, Field(ge=1, le=2**63 - 1)]
Code = Annotated[str, Field(min_length=1, max_length=30, pattern=r"^[!-~]+$")]
Name = Annotated[str, Field(min_length=1, max_length=50, pattern=r"^[^\x00-\x1f]+$")]


_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


def _written_out(value: object) -> object:
    """Take only RFC 3339 with an offset: a number would be read as seconds since 1970."""
    if not isinstance(value, str) or not _RFC3339.fullmatch(value):
        raise ValueError("a time as RFC 3339 writes it, with an offset")
    return value


Moment = Annotated[AwareDatetime, BeforeValidator(_written_out)]


class CodeName(Schema):
    """A code with its name."""

    model_config = ConfigDict(extra="forbid")

    code: Code
    name: Name


class DiagnosisIn(Schema):
    """A diagnosis by ICD-10 code."""

    model_config = ConfigDict(extra="forbid")

    code: Annotated[str, Field(min_length=1, max_length=20, pattern=r"^[!-~]+$")]
    name: Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f]+$")]


class CredentialIn(Schema):
    """What the patient shows; used for this request and never stored (P1.7)."""

    model_config = ConfigDict(extra="forbid")

    type: Literal["01", "02", "03"]
    value: Annotated[str, Field(min_length=1, max_length=50, pattern=r"^[^\x00-\x1f]+$")]
    card_sn: Annotated[str, Field(max_length=32, pattern=r"^[^\x00-\x1f]*$")] = ""

    @model_validator(mode="after")
    def _card_has_its_code(self) -> Self:
        """An insurance card is read with the code of its chip."""
        if self.type == INSURANCE_CARD and not self.card_sn:
            raise ValueError("an insurance card (03) needs its card_sn")
        return self


Diagnoses = Annotated[list[DiagnosisIn], Field(max_length=20)]
LongName = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]+$")]
Area = Annotated[str, Field(pattern=r"^[0-9]{6}$")]


class AdmissionIn(Schema):
    """What an admission tells besides the visit; `note` describes the diagnosis in words."""

    model_config = ConfigDict(extra="forbid")

    bed: Code | Name
    note: LongName


class DiseaseIn(Schema):
    """The chronic or special disease a visit is settled under, as it was filed (NHSA 2503)."""

    model_config = ConfigDict(extra="forbid")

    code: Code
    name: LongName


class VisitIn(Schema):
    """A visit that begins; a stay in hospital has `admission`, and at least one diagnosis.

    `med_type` (医疗类别) is given where it is not the kind's own, as 14 for a chronic disease.
    `insured_area` is where a patient from elsewhere is insured (异地就医).
    """

    model_config = ConfigDict(extra="forbid")

    visit_no: Code
    person_id: Id
    kind: Literal["outpatient", "emergency", "inpatient", "pharmacy"]
    department: CodeName
    doctor: CodeName
    began_at: Moment
    diagnoses: Diagnoses
    credential: CredentialIn | None = None
    admission: AdmissionIn | None = None
    med_type: Annotated[str, Field(pattern=r"^[0-9]{2,6}$")] | None = None
    disease: DiseaseIn | None = None
    insured_area: Area | None = None

    @model_validator(mode="after")
    def _stays_are_admitted(self) -> Self:
        """Only a stay has an admission, and it has one."""
        if (self.kind == "inpatient") != (self.admission is not None):
            raise ValueError("an inpatient visit, and no other, has an admission")
        if self.kind == "inpatient" and not self.diagnoses:
            raise ValueError("an inpatient visit has a diagnosis")
        return self

    @model_validator(mode="after")
    def _med_type_is_known(self) -> Self:
        """`med_type` is a code of the national table."""
        if self.med_type is not None and self.med_type not in codes()["med_type"]:
            raise ValueError("med_type: no code of the national table")
        return self


class VisitOut(Schema):
    """A visit; `insured` is null while the insurer could not be asked."""

    id: int
    visit_no: str
    person_id: int
    insured: bool | None
    insutype: str | None
    ended_at: datetime | None


class ChargeIn(Schema):
    """One charge: amount = quantity × unit price, rounded half up to the fen.

    In a stay a line with `corrects_line_no` is a charge-off (冲销): quantity and amount negative,
    item and price those of the line it takes from. A pharmacy's lines have the drug's `trace_code`,
    and what an outside prescription (外配处方) prescribed its number, `outside_rx_no`.
    """

    model_config = ConfigDict(extra="forbid")

    line_no: Annotated[int, Field(ge=1, le=2**31 - 1)]
    local_code: Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[^\x00-\x1f]+$")]
    national_code: Annotated[str, Field(min_length=1, max_length=50, pattern=r"^[!-~]+$")]
    name: Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]+$")]
    quantity: Annotated[Decimal, Field(max_digits=16, decimal_places=4)]
    unit_price_fen: Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=4)]
    amount_fen: Annotated[int, Field(gt=-MAX_FEN, lt=MAX_FEN, strict=True)]
    occurred_at: Moment
    corrects_line_no: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None
    trace_code: Annotated[str, Field(max_length=100, pattern=r"^[!-~]*$")] = ""
    outside_rx_no: Annotated[str, Field(max_length=30, pattern=r"^[!-~]*$")] = ""

    @model_validator(mode="after")
    def _only_charge_offs_are_negative(self) -> Self:
        """A negative line names the line it takes from."""
        sign = 1 if self.corrects_line_no is None else -1
        if sign * self.quantity <= 0 or sign * self.amount_fen < 0:
            raise ValueError("quantity and amount are negative in a charge-off, and only there")
        return self


class ChargesIn(Schema):
    """Charges of one visit, all or none."""

    model_config = ConfigDict(extra="forbid")

    charges: Annotated[list[ChargeIn], Field(min_length=1, max_length=1000)]


class ChargeId(Schema):
    """Which charge a line became."""

    id: int
    line_no: int


class ChargesOut(Schema):
    """The charges asked for and what the visit's charges come to, in fen."""

    visit_id: int
    charges: list[ChargeId]
    total_fen: int


class DischargeIn(Schema):
    """How a stay ended; what is left out is as it was at admission."""

    model_config = ConfigDict(extra="forbid")

    way: Annotated[str, Field(pattern=r"^[0-9]{1,3}$")]
    department: CodeName | None = None
    bed: Code | Name | None = None
    diagnoses: Diagnoses = []
    died_on: date | None = None

    @model_validator(mode="after")
    def _way_is_known(self) -> Self:
        """`way` is a code of the national table 离院方式 (dscg_way)."""
        if self.way not in codes()["dscg_way"]:
            raise ValueError("way: no code of dscg_way")
        return self


class EndIn(Schema):
    """When the visit ended; for a stay also how."""

    model_config = ConfigDict(extra="forbid")

    ended_at: Moment
    discharge: DischargeIn | None = None


@router.post("/visits", response={201: VisitOut, 200: VisitOut, **PROBLEMS}, summary="登记就诊")
def open_visit(request: HttpRequest, body: VisitIn) -> Status[VisitOut]:
    """Report a visit that begins; the insurer is asked at once who the patient is (P1.8).

    While it cannot be asked the visit stands and `insured` is null: settling asks again.
    """
    caller = allow(request, "visits")
    person = patients.find(body.person_id, institution_id=caller.institution_id)
    _check_time(body.began_at, "began_at")
    asked = services.NewVisit(
        visit_no=body.visit_no,
        person_id=body.person_id,
        kind=body.kind,
        department_code=body.department.code,
        department_name=body.department.name,
        doctor_code=body.doctor.code,
        doctor_name=body.doctor.name,
        began_at=body.began_at,
        diagnoses=_pairs(body.diagnoses),
        med_type=body.med_type or "",
        disease_code=body.disease.code if body.disease else "",
        disease_name=body.disease.name if body.disease else "",
        insured_area=body.insured_area or "",
    )
    visit, created = _open(asked, body.admission, caller.institution_id)
    visit.person = person
    shown = body.credential
    credential = Credential(shown.type, shown.value, shown.card_sn) if shown else None
    register = registering.register_new_visit if created else registering.register_visit
    now = clock.request_now(request)
    try:
        encounter = register(visit, credential=credential, now=now)
    except YifuError:
        answer = _show(visit, insured=None, insutype=None)
    else:
        insutype = encounter.insutype if encounter else None
        answer = _show(visit, insured=encounter is not None, insutype=insutype)
    return Status(201 if created else 200, answer)


def _open(
    asked: services.NewVisit, admission: AdmissionIn | None, institution_id: int
) -> tuple[Visit, bool]:
    if admission is None:
        return services.open_visit(asked, institution_id=institution_id)
    told = services.Admission(bed=admission.bed, note=admission.note)
    return services.admit(asked, told, institution_id=institution_id)


def _pairs(diagnoses: list[DiagnosisIn]) -> tuple[tuple[str, str], ...]:
    return tuple((row.code, row.name) for row in diagnoses)


def _show(visit: Visit, *, insured: bool | None, insutype: str | None) -> VisitOut:
    return VisitOut(
        id=visit.pk,
        visit_no=visit.visit_no,
        person_id=visit.person_id,
        insured=insured,
        insutype=insutype,
        ended_at=visit.ended_at,
    )


@router.post(
    "/visits/{visit_id}/charges", response={201: ChargesOut, **PROBLEMS}, summary="上传费用"
)
def add_charges(request: HttpRequest, visit_id: Id, body: ChargesIn) -> Status[ChargesOut]:
    """Add charges to a visit; a line reported again must be the same."""
    caller = allow(request, "visits")
    lines = [ChargeLine(**charge.dict()) for charge in body.charges]
    for charge in body.charges:
        _check_time(charge.occurred_at, "occurred_at")
    added = services.add_charges(visit_id, lines, institution_id=caller.institution_id)
    return Status(
        201,
        ChargesOut(
            visit_id=visit_id,
            charges=[
                ChargeId(id=charge_id, line_no=line_no) for charge_id, line_no in added.charges
            ],
            total_fen=added.total_fen,
        ),
    )


@router.post("/visits/{visit_id}/end", response={200: VisitOut, **PROBLEMS}, summary="结束就诊")
def end(request: HttpRequest, visit_id: Id, body: EndIn) -> VisitOut:
    """Say that a visit ended; its bills become due by the scheme (P4.1)."""
    caller = allow(request, "visits")
    _check_time(body.ended_at, "ended_at")
    ended = collection.end_visit(
        visit_id,
        institution_id=caller.institution_id,
        ended_at=body.ended_at,
        discharge=_discharge(body.discharge),
    )
    insured = ended.insutype is not None or (False if ended.visit.uninsured else None)
    return _show(ended.visit, insured=insured, insutype=ended.insutype)


def _discharge(told: DischargeIn | None) -> services.Discharge | None:
    if told is None:
        return None
    department = told.department
    return services.Discharge(
        way=told.way,
        department_code=department.code if department else "",
        department_name=department.name if department else "",
        bed=told.bed or "",
        diagnoses=_pairs(told.diagnoses),
        died_on=told.died_on,
    )


def _check_time(at: datetime, field: str) -> None:
    """Refuse times that no hospital means: the database and the insurer count in four digits."""
    if not 2000 <= at.year <= 2100:  # noqa: PLR2004 - a hospital's lifetime
        raise InvalidRequest(field=field)
