"""Contracts and credit lines over HTTP."""

from typing import Annotated, Any, Literal

import orjson
from django.db import transaction
from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import ConfigDict, Field

from yifu import clock
from yifu.credit.models import CreditLine
from yifu.enrolment import services
from yifu.errors import NotFound
from yifu.institutions import services as institutions
from yifu.institutions.auth import Caller, allow
from yifu.institutions.services import Earlier, request_key
from yifu.money import MAX_FEN
from yifu.patients.api import find
from yifu.patients.models import Contract
from yifu.patients.services import NewContract, NewDependant
from yifu.problems import PROBLEMS
from yifu.settlement.api import KEY_HEADER

router = Router()

Id = Annotated[int, Field(ge=1, le=2**63 - 1)]
Code = Annotated[str, Field(min_length=1, max_length=20, pattern=r"^[!-~]+$")]


class ConsentIn(Schema):
    """Which text was agreed to, and where."""

    model_config = ConfigDict(extra="forbid")

    text_version: Code
    channel: Literal["phone", "kiosk", "window"]


class DebitIn(Schema):
    """A debit contract signed with a channel."""

    model_config = ConfigDict(extra="forbid")

    channel: Code
    contract_id: Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[!-~]+$")]


class FundingIn(Schema):
    """Whose money carries the personal part."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["platform", "bank", "debit"]
    bank: Code | None = None
    debit: DebitIn | None = None


class DependantIn(Schema):
    """Somebody the principal pays for."""

    model_config = ConfigDict(extra="forbid")

    person_id: Id
    kinship: Literal["child", "parent", "spouse", "other"]
    limit_fen: Annotated[int, Field(ge=0, lt=MAX_FEN, strict=True)] | None = None


class ContractIn(Schema):
    """A principal's consent."""

    model_config = ConfigDict(extra="forbid")

    principal_id: Id
    scheme: Code
    consent: ConsentIn
    funding: FundingIn
    dependants: Annotated[list[DependantIn], Field(max_length=20)] = []


class LineOut(Schema):
    """A credit line, fen."""

    limit_fen: int
    held_fen: int
    owed_fen: int
    available_fen: int


class DependantOut(Schema):
    """A dependant and the sub-limit, fen."""

    person_id: int
    kinship: str
    limit_fen: int | None


class ContractOut(Schema):
    """A contract; `line` is null for immediate debits."""

    id: int
    state: str
    scheme: str
    principal_id: int
    funding: str
    line: LineOut | None
    dependants: list[DependantOut]


class CreditLineOut(LineOut):
    """A principal's line, standing and dependants."""

    standing: str
    dependants: list[DependantOut]


def show(contract: Contract) -> dict[str, Any]:
    """Describe a contract."""
    line = CreditLine.objects.select_related("line").filter(contract=contract).first()
    return {
        "id": contract.pk,
        "state": contract.state,
        "scheme": contract.scheme,
        "principal_id": contract.person_id,
        "funding": contract.funding,
        "line": _line(line) if line else None,
        "dependants": _dependants(contract),
    }


def _line(credit_line: CreditLine) -> dict[str, int]:
    line = credit_line.line
    return {
        "limit_fen": line.limit_fen,
        "held_fen": line.held_fen,
        "owed_fen": line.owed_fen,
        "available_fen": line.available_fen,
    }


def _dependants(contract: Contract) -> list[dict[str, Any]]:
    rows = contract.dependants.filter(ended_at__isnull=True).order_by("pk")
    return [dict(row) for row in rows.values("person_id", "kinship", "limit_fen")]


@router.post(
    "/contracts", response={201: ContractOut, **PROBLEMS}, openapi_extra=KEY_HEADER, summary="签约"
)
def sign(request: HttpRequest, body: ContractIn) -> Status[dict[str, Any]]:
    """Sign a principal up with dependants (P1.2, P1.4)."""
    caller = allow(request, "contracts")
    now = clock.request_now(request)
    key = request_key(request, caller)
    for person_id in [body.principal_id, *(row.person_id for row in body.dependants)]:
        find(person_id, institution_id=caller.institution_id)
    asked = NewContract(
        person_id=body.principal_id,
        scheme=body.scheme,
        funding=body.funding.kind,
        bank=body.funding.bank or "",
        consent_text_version=body.consent.text_version,
        consent_channel=body.consent.channel,
    )
    dependants = [
        NewDependant(row.person_id, row.kinship, row.limit_fen) for row in body.dependants
    ]
    debit = body.funding.debit
    agreement = services.DebitAgreement(debit.channel, debit.contract_id) if debit else None
    with transaction.atomic():
        record = institutions.claim_key(key, now=now)
        if isinstance(record, Earlier):
            return Status(record.status, record.body)
        enrolled = services.enrol(
            asked,
            dependants,
            agreement,
            area=caller.area,
            institution_id=caller.institution_id,
            now=now,
        )
        answer = show(enrolled.contract)
        _keep(record, 201, answer, enrolled.contract)
    return Status(201, answer)


@router.post(
    "/contracts/{contract_id}/close",
    response={200: ContractOut, **PROBLEMS},
    openapi_extra=KEY_HEADER,
    summary="关闭签约",
)
def close(request: HttpRequest, contract_id: Id) -> Status[dict[str, Any]]:
    """Close a contract without debt (P1.6)."""
    caller = allow(request, "contracts")
    now = clock.request_now(request)
    key = request_key(request, caller)
    _find(contract_id, caller)
    with transaction.atomic():
        record = institutions.claim_key(key, now=now)
        if isinstance(record, Earlier):
            return Status(record.status, record.body)
        contract = services.close(contract_id, now=now)
        answer = show(contract)
        _keep(record, 200, answer, contract)
    return Status(200, answer)


@router.get(
    "/credit-lines/{principal_id}", response={200: CreditLineOut, **PROBLEMS}, summary="授信额度"
)
def credit_line(request: HttpRequest, principal_id: Id) -> dict[str, Any]:
    """Read a principal's line, standing and dependants."""
    caller = allow(request, "contracts")
    find(principal_id, institution_id=caller.institution_id)
    line = (
        CreditLine.objects.select_related("line", "contract")
        .filter(person_id=principal_id, contract__closed_at__isnull=True)
        .first()
    )
    if line is None:
        raise NotFound(what="credit line")
    return {
        **_line(line),
        "standing": line.standing,
        "dependants": _dependants(line.contract),
    }


def _find(contract_id: int, caller: Caller) -> Contract:
    contract = Contract.objects.filter(
        pk=contract_id, person__registrations__institution_id=caller.institution_id
    ).first()
    if contract is None:
        raise NotFound(what="contract")
    return contract


def _keep(record: int, status: int, answer: dict[str, Any], contract: Contract) -> None:
    institutions.answer_key(
        record,
        status=status,
        body=orjson.dumps(answer).decode(),
        effect=f"contract:{contract.pk}",
    )
