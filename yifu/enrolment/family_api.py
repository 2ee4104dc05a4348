"""Families over HTTP: add, remove, sub-limits, staying as an adult, change of principal."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import ConfigDict, Field

from yifu import clock
from yifu.enrolment import services
from yifu.enrolment.api import (
    KEYED,
    ConsentIn,
    ContractOut,
    DependantIn,
    Id,
    KinIn,
    Printed,
    agreement,
    find_contract,
    new_dependant,
    once,
    show,
)
from yifu.institutions.auth import allow
from yifu.money import MAX_FEN
from yifu.patients.api import find
from yifu.problems import PROBLEMS

router = Router()


class LimitIn(Schema):
    """A dependant's sub-limit, fen."""

    model_config = ConfigDict(extra="forbid")

    limit_fen: Annotated[int, Field(ge=0, lt=MAX_FEN, strict=True)]


class StayIn(Schema):
    """The consent of somebody who comes of age and goes on being paid for."""

    model_config = ConfigDict(extra="forbid")

    consent: ConsentIn
    acted_by: Printed | None = None


class MoveIn(KinIn):
    """A change of principal: both of them agree; kinship and proof are about the new one."""

    to_contract_id: Id
    giving: ConsentIn
    taking: ConsentIn


@router.post(
    "/contracts/{contract_id}/dependants",
    response={201: ContractOut, **PROBLEMS},
    openapi_extra=KEYED,
    summary="添加被代付人",
)
def add(request: HttpRequest, contract_id: Id, body: DependantIn) -> Status[dict[str, Any]]:
    """Let a principal pay for somebody more, with a proof of kinship (P1.4, P1.5)."""
    caller = allow(request, "contracts")
    now = clock.request_now(request)
    contract = find_contract(contract_id, caller)
    person = find(body.person_id, institution_id=caller.institution_id)

    def work() -> dict[str, Any]:
        services.add(contract.pk, new_dependant(body, person.pk), now=now)
        return show(contract)

    return once(request, caller, work, now=now, status=201)


@router.post(
    "/contracts/{contract_id}/dependants/{person_id}/remove",
    response={200: ContractOut, **PROBLEMS},
    openapi_extra=KEYED,
    summary="解除被代付人",
)
def remove(request: HttpRequest, contract_id: Id, person_id: Id) -> Status[dict[str, Any]]:
    """Pay for somebody no longer; open bills stay the principal's."""
    caller = allow(request, "contracts")
    now = clock.request_now(request)
    contract = find_contract(contract_id, caller)

    def work() -> dict[str, Any]:
        services.remove(contract.pk, person_id, now=now)
        return show(contract)

    return once(request, caller, work, now=now)


@router.post(
    "/contracts/{contract_id}/dependants/{person_id}/limit",
    response={200: ContractOut, **PROBLEMS},
    openapi_extra=KEYED,
    summary="调整被代付人额度",
)
def limit(
    request: HttpRequest, contract_id: Id, person_id: Id, body: LimitIn
) -> Status[dict[str, Any]]:
    """Change a dependant's part of the line (P2.7)."""
    caller = allow(request, "contracts")
    now = clock.request_now(request)
    contract = find_contract(contract_id, caller)

    def work() -> dict[str, Any]:
        services.set_sub_limit(contract.pk, person_id, limit_fen=body.limit_fen, now=now)
        return show(contract)

    return once(request, caller, work, now=now)


@router.post(
    "/contracts/{contract_id}/dependants/{person_id}/stay",
    response={200: ContractOut, **PROBLEMS},
    openapi_extra=KEYED,
    summary="成年后继续代付",
)
def stay(
    request: HttpRequest, contract_id: Id, person_id: Id, body: StayIn
) -> Status[dict[str, Any]]:
    """Let somebody who comes of age agree to stay; from 30 days before the birthday."""
    caller = allow(request, "contracts")
    now = clock.request_now(request)
    contract = find_contract(contract_id, caller)

    def work() -> dict[str, Any]:
        services.stay(contract.pk, person_id, agreement(body.consent, body.acted_by), now=now)
        return show(contract)

    return once(request, caller, work, now=now)


@router.post(
    "/contracts/{contract_id}/dependants/{person_id}/move",
    response={200: ContractOut, **PROBLEMS},
    openapi_extra=KEYED,
    summary="变更主体人",
)
def move(
    request: HttpRequest, contract_id: Id, person_id: Id, body: MoveIn
) -> Status[dict[str, Any]]:
    """Let another principal pay from now on; the answer is the new principal's contract."""
    caller = allow(request, "contracts")
    now = clock.request_now(request)
    contract = find_contract(contract_id, caller)
    to = find_contract(body.to_contract_id, caller)
    asked = services.Move(
        to_contract_id=to.pk,
        joining=new_dependant(body, person_id),
        giving=agreement(body.giving, body.acted_by),
        taking=agreement(body.taking, body.acted_by),
    )

    def work() -> dict[str, Any]:
        services.move(contract.pk, person_id, asked, now=now)
        return show(to)

    return once(request, caller, work, now=now)
