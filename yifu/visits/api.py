"""Visits and charges over HTTP."""

import re
from datetime import datetime
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
from yifu.insurance import services as insurance
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


class VisitIn(Schema):
    """A visit that begins."""

    model_config = ConfigDict(extra="forbid")

    visit_no: Code
    person_id: Id
    kind: Literal["outpatient", "emergency"]
    department: CodeName
    doctor: CodeName
    began_at: Moment
    diagnoses: Annotated[list[DiagnosisIn], Field(max_length=20)]
    credential: CredentialIn | None = None


class VisitOut(Schema):
    """A visit; `insured` is null while the insurer could not be asked."""

    id: int
    visit_no: str
    person_id: int
    insured: bool | None
    insutype: str | None
    ended_at: datetime | None


class ChargeIn(Schema):
    """One charge: amount = quantity × unit price, rounded half up to the fen."""

    model_config = ConfigDict(extra="forbid")

    line_no: Annotated[int, Field(ge=1, le=2**31 - 1)]
    local_code: Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[^\x00-\x1f]+$")]
    national_code: Annotated[str, Field(min_length=1, max_length=50, pattern=r"^[!-~]+$")]
    name: Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]+$")]
    quantity: Annotated[Decimal, Field(gt=0, max_digits=16, decimal_places=4)]
    unit_price_fen: Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=4)]
    amount_fen: Annotated[int, Field(ge=0, lt=MAX_FEN, strict=True)]
    occurred_at: Moment


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


class EndIn(Schema):
    """When the visit ended."""

    model_config = ConfigDict(extra="forbid")

    ended_at: Moment


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
        diagnoses=tuple((row.code, row.name) for row in body.diagnoses),
    )
    visit, created = services.open_visit(asked, institution_id=caller.institution_id)
    visit.person = person
    shown = body.credential
    credential = Credential(shown.type, shown.value, shown.card_sn) if shown else None
    register = insurance.register_new_visit if created else insurance.register_visit
    now = clock.request_now(request)
    try:
        encounter = register(visit, credential=credential, now=now)
    except YifuError:
        answer = _show(visit, insured=None, insutype=None)
    else:
        insutype = encounter.insutype if encounter else None
        answer = _show(visit, insured=encounter is not None, insutype=insutype)
    return Status(201 if created else 200, answer)


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
        visit_id, institution_id=caller.institution_id, ended_at=body.ended_at
    )
    insured = ended.insutype is not None or (False if ended.visit.uninsured else None)
    return _show(ended.visit, insured=insured, insutype=ended.insutype)


def _check_time(at: datetime, field: str) -> None:
    """Refuse times that no hospital means: the database and the insurer count in four digits."""
    if not 2000 <= at.year <= 2100:  # noqa: PLR2004 - a hospital's lifetime
        raise InvalidRequest(field=field)
