"""Persons over HTTP."""

from datetime import date
from typing import Annotated

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import ConfigDict, Field

from yifu import clock
from yifu.errors import NotFound
from yifu.institutions.auth import allow
from yifu.patients import services
from yifu.patients.models import Person
from yifu.patients.rules import mask_name, mask_number, mask_phone
from yifu.problems import PROBLEMS

router = Router()

Id = Annotated[int, Field(ge=1, le=2**63 - 1)]
Text = Annotated[str, Field(min_length=1, max_length=50, pattern=r"^[^\x00-\x1f]+$")]


class PersonIn(Schema):
    """A first-visit registration (P1.3)."""

    model_config = ConfigDict(extra="forbid")

    name: Text
    certificate_type: Annotated[str, Field(max_length=6)] = "01"
    certificate_no: Annotated[str, Field(max_length=50)]
    phone: Annotated[str, Field(max_length=20)]


class PersonOut(Schema):
    """A person; numbers are masked, the identity number is never given in full."""

    id: int
    name: str
    certificate_no: str
    phone: str
    sex: str
    birth_date: date


def show(person: Person) -> PersonOut:
    """Describe a person with masked numbers."""
    return PersonOut(
        id=person.pk,
        name=mask_name(person.name),
        certificate_no=mask_number(services.certificate_no(person)),
        phone=mask_phone(services.phone(person)),
        sex=person.sex,
        birth_date=person.birth_date,
    )


@router.post("/persons", response={201: PersonOut, 200: PersonOut, **PROBLEMS}, summary="登记患者")
def register(request: HttpRequest, body: PersonIn) -> Status[PersonOut]:
    """Register a person's first visit; the same person again gives 200."""
    caller = allow(request, "persons")
    asked = services.NewPerson(body.name, body.certificate_type, body.certificate_no, body.phone)
    person, created = services.register_person(
        asked,
        area=caller.area,
        institution_id=caller.institution_id,
        now=clock.request_now(request),
    )
    return Status(201 if created else 200, show(person))


@router.get("/persons/{person_id}", response={200: PersonOut, **PROBLEMS}, summary="查询患者")
def read(request: HttpRequest, person_id: Id) -> PersonOut:
    """Read a person registered at the caller's institution."""
    caller = allow(request, "persons")
    return show(find(person_id, institution_id=caller.institution_id))


def find(person_id: int, *, institution_id: int) -> Person:
    """Find a person registered at an institution; raises `NotFound`."""
    person = services.find_person(person_id, institution_id=institution_id)
    if person is None:
        raise NotFound(what="person")
    return person
