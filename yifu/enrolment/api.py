"""Contracts and credit lines over HTTP."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any, Literal

import orjson
from django.db import transaction
from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import AwareDatetime, ConfigDict, Field

from yifu import clock
from yifu.credit.models import CreditLine
from yifu.enrolment import services
from yifu.enrolment.signing import scheme_of_area
from yifu.errors import NotFound
from yifu.institutions import services as institutions
from yifu.institutions.auth import Caller, allow
from yifu.institutions.services import Earlier, request_key
from yifu.money import MAX_FEN
from yifu.patients.api import find
from yifu.patients.models import Contract, ContractState
from yifu.patients.services import Agreement, NewContract, NewDependant, Proof
from yifu.problems import PROBLEMS
from yifu.settlement.api import KEY_HEADER

router = Router()

Id = Annotated[int, Field(ge=1, le=2**63 - 1)]
Code = Annotated[str, Field(min_length=1, max_length=20, pattern=r"^[!-~]+$")]
KEYED = KEY_HEADER
"""What the description says of calls that want an `Idempotency-Key`."""
PRINTED = r"^[^\x00-\x1f]+$"


Printed = Annotated[str, Field(min_length=1, max_length=150, pattern=PRINTED)]


class ConsentIn(Schema):
    """Which text was agreed to, where, in which language; `shown_at`: now, if it is not said."""

    model_config = ConfigDict(extra="forbid")

    text_version: Code
    channel: Literal["phone", "kiosk", "window"]
    language: Literal["zh", "en"] = "zh"
    shown_at: AwareDatetime | None = None


class ProofIn(Schema):
    """A paper that proves kinship: its kind, its number, who saw it (P1.4)."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal[
        "birth_certificate",
        "household_register",
        "relatives_code",
        "marriage_certificate",
        "declaration",
    ]
    number: Annotated[str, Field(min_length=1, max_length=60, pattern=PRINTED)]
    seen_by: Printed


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


class KinIn(Schema):
    """How somebody is related to the principal and what they may spend.

    `consent` is the dependant's own: an adult's is needed, a minor has none.
    """

    model_config = ConfigDict(extra="forbid")

    kinship: Literal["child", "parent", "spouse", "other"]
    limit_fen: Annotated[int, Field(ge=0, lt=MAX_FEN, strict=True)] | None = None
    proof: ProofIn
    consent: ConsentIn | None = None
    acted_by: Printed | None = None


class DependantIn(KinIn):
    """Somebody the principal pays for."""

    person_id: Id


class ContractIn(Schema):
    """A principal's consent; at the window `acted_by` says who acted (代操作)."""

    model_config = ConfigDict(extra="forbid")

    principal_id: Id
    scheme: Code
    consent: ConsentIn
    acted_by: Printed | None = None
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


class TextOut(Schema):
    """A consent text in one language."""

    scheme: str
    version: str
    effective_from: date
    language: Literal["zh", "en"]
    text: str


class ObstacleOut(Schema):
    """Something that has to end before a contract closes; amount in fen."""

    kind: str
    subject: str
    amount_fen: int
    zh: str
    en: str


class ClosingOut(Schema):
    """Whether a contract may be closed now, and what stands in the way."""

    may_close: bool
    obstacles: list[ObstacleOut]


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


def agreement(consent: ConsentIn, acted_by: str | None) -> Agreement:
    """Read a consent."""
    return Agreement(
        text_version=consent.text_version,
        channel=consent.channel,
        language=consent.language,
        shown_at=consent.shown_at,
        acted_by=acted_by or "",
    )


def new_dependant(body: KinIn, person_id: int) -> NewDependant:
    """Read somebody to be added."""
    return NewDependant(
        person_id=person_id,
        kinship=body.kinship,
        limit_fen=body.limit_fen,
        proof=Proof(body.proof.kind, body.proof.number, body.proof.seen_by),
        agreement=agreement(body.consent, body.acted_by) if body.consent else None,
    )


@router.get("/consent-texts/current", response={200: TextOut, **PROBLEMS}, summary="当前授权文本")
def current_text(
    request: HttpRequest, scheme: Code, language: Literal["zh", "en"] = "zh"
) -> dict[str, Any]:
    """Give the text that is shown before signing (P1.2)."""
    caller = allow(request, "contracts")
    now = clock.request_now(request)
    rules = scheme_of_area(caller.area, scheme, now=now)
    text = rules.current_text(on=clock.business_date(now))
    return {
        "scheme": rules.code,
        "version": text.version,
        "effective_from": text.effective_from,
        "language": language,
        "text": text.en if language == "en" else text.zh,
    }


@router.post(
    "/contracts", response={201: ContractOut, **PROBLEMS}, openapi_extra=KEYED, summary="签约"
)
def sign(request: HttpRequest, body: ContractIn) -> Status[dict[str, Any]]:
    """Sign a principal up with dependants (P1.2, P1.4).

    The answer waits for the score or the bank for a few seconds; without an answer it shows the
    line as it begins, and it is asked for again.
    """
    caller = allow(request, "contracts")
    now = clock.request_now(request)
    key = request_key(request, caller)
    asked, dependants, debit = _read(body, caller)
    with transaction.atomic():
        record = institutions.claim_key(key, now=now)
        if isinstance(record, Earlier):
            return Status(record.status, record.body)
        enrolled = services.enrol(
            asked,
            dependants,
            debit,
            area=caller.area,
            institution_id=caller.institution_id,
            now=now,
        )
        _keep(record, 201, show(enrolled.contract), enrolled.contract)
    services.follow_up(enrolled, now=now)
    answer = show(enrolled.contract)
    _keep(record, 201, answer, enrolled.contract)
    return Status(201, answer)


def _read(
    body: ContractIn, caller: Caller
) -> tuple[NewContract, list[NewDependant], services.DebitAgreement | None]:
    """Read what is to be signed; persons merged meanwhile are their survivors."""
    principal = find(body.principal_id, institution_id=caller.institution_id)
    asked = NewContract(
        person_id=principal.pk,
        scheme=body.scheme,
        funding=body.funding.kind,
        bank=body.funding.bank or "",
        consent_text_version=body.consent.text_version,
        consent_channel=body.consent.channel,
        language=body.consent.language,
        shown_at=body.consent.shown_at,
        acted_by=body.acted_by or "",
    )
    dependants = [
        new_dependant(row, find(row.person_id, institution_id=caller.institution_id).pk)
        for row in body.dependants
    ]
    debit = body.funding.debit
    return (
        asked,
        dependants,
        services.DebitAgreement(debit.channel, debit.contract_id) if debit else None,
    )


@router.get("/contracts/{contract_id}", response={200: ContractOut, **PROBLEMS}, summary="查询签约")
def read(request: HttpRequest, contract_id: Id) -> dict[str, Any]:
    """Read a contract of a person registered at the caller's institution."""
    caller = allow(request, "contracts")
    return show(find_contract(contract_id, caller))


@router.get(
    "/contracts/{contract_id}/closing",
    response={200: ClosingOut, **PROBLEMS},
    summary="关闭前检查",
)
def closing(request: HttpRequest, contract_id: Id) -> dict[str, Any]:
    """List what stands in the way of closing (P1.6); changes nothing."""
    caller = allow(request, "contracts")
    contract = find_contract(contract_id, caller)
    closed = contract.state == ContractState.CLOSED
    found = [] if closed else services.standing_in_the_way(contract)
    return {
        "may_close": not closed and not found,
        "obstacles": [one.facts() for one in found],
    }


@router.post(
    "/contracts/{contract_id}/close",
    response={200: ContractOut, **PROBLEMS},
    openapi_extra=KEYED,
    summary="关闭签约",
)
def close(request: HttpRequest, contract_id: Id) -> Status[dict[str, Any]]:
    """Close a contract without debt (P1.6); the problem `debt_open` lists the obstacles."""
    caller = allow(request, "contracts")
    now = clock.request_now(request)
    find_contract(contract_id, caller)
    return once(request, caller, lambda: show(services.close(contract_id, now=now)), now=now)


def once(
    request: HttpRequest,
    caller: Caller,
    work: Callable[[], dict[str, Any]],
    *,
    now: datetime,
    status: int = 200,
) -> Status[dict[str, Any]]:
    """Do something that asks nobody outside, once per key, and keep its answer with it."""
    key = request_key(request, caller)
    with transaction.atomic():
        record = institutions.claim_key(key, now=now)
        if isinstance(record, Earlier):
            return Status(record.status, record.body)
        answer = work()
        institutions.answer_key(
            record,
            status=status,
            body=orjson.dumps(answer).decode(),
            effect=request.path.removeprefix("/api/v1/")[:60],
        )
    return Status(status, answer)


@router.get(
    "/credit-lines/{principal_id}", response={200: CreditLineOut, **PROBLEMS}, summary="授信额度"
)
def credit_line(request: HttpRequest, principal_id: Id) -> dict[str, Any]:
    """Read a principal's line, standing and dependants."""
    caller = allow(request, "contracts")
    principal = find(principal_id, institution_id=caller.institution_id)
    line = (
        CreditLine.objects.select_related("line", "contract")
        .filter(person_id=principal.pk, contract__closed_at__isnull=True)
        .first()
    )
    if line is None:
        raise NotFound(what="credit line")
    return {
        **_line(line),
        "standing": line.standing,
        "dependants": _dependants(line.contract),
    }


def find_contract(contract_id: int, caller: Caller) -> Contract:
    """Find a contract of a person registered at the caller's; raises `NotFound`."""
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
