"""Deaths and merges over HTTP."""

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import ConfigDict, Field

from yifu import clock
from yifu.enrolment import services
from yifu.enrolment.api import KEYED, PRINTED, Id, Printed, once
from yifu.institutions.auth import allow
from yifu.patients.api import find
from yifu.patients.models import Person
from yifu.problems import PROBLEMS

router = Router()


class DeathIn(Schema):
    """When somebody died, the number of the paper that says so, who wrote it down."""

    model_config = ConfigDict(extra="forbid")

    died_on: date
    document: Annotated[str, Field(min_length=1, max_length=60, pattern=PRINTED)]
    recorded_by: Printed


class MergeIn(Schema):
    """Into whom a duplicate is merged, who decided it and why."""

    model_config = ConfigDict(extra="forbid")

    into_id: Id
    recorded_by: Printed
    reason: Annotated[str, Field(min_length=1, max_length=200, pattern=PRINTED)]


class LifeOut(Schema):
    """A person after that: `id` is the one that look-ups find from now on."""

    id: int
    died_on: date | None


def _show(person: Person) -> dict[str, Any]:
    return {"id": person.pk, "died_on": person.died_on}


@router.post(
    "/persons/{person_id}/death",
    response={200: LifeOut, **PROBLEMS},
    openapi_extra=KEYED,
    summary="登记死亡",
)
def death(request: HttpRequest, person_id: Id, body: DeathIn) -> Status[dict[str, Any]]:
    """Record a death: contract and family payments end, what is owed stays listed."""
    caller = allow(request, "contracts")
    now = clock.request_now(request)
    person = find(person_id, institution_id=caller.institution_id)
    asked = services.Death(body.died_on, body.document, body.recorded_by)
    return once(request, caller, lambda: _show(services.die(person.pk, asked, now=now)), now=now)


@router.post(
    "/persons/{person_id}/merge",
    response={200: LifeOut, **PROBLEMS},
    openapi_extra=KEYED,
    summary="合并重复人员",
)
def merge(request: HttpRequest, person_id: Id, body: MergeIn) -> Status[dict[str, Any]]:
    """Merge a duplicate into another row of the same human being, who may be the one that owes."""
    caller = allow(request, "contracts")
    now = clock.request_now(request)
    leaving = find(person_id, institution_id=caller.institution_id)
    into = find(body.into_id, institution_id=caller.institution_id)

    def work() -> dict[str, Any]:
        merged = services.merge(
            leaving.pk, into=into.pk, by=body.recorded_by, reason=body.reason, now=now
        )
        return _show(merged)

    return once(request, caller, work, now=now)
