"""The default list over HTTP: what an institution decides, and what it asks for a person (P4.4)."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field

from yifu import clock
from yifu.collection import defaults, ways_back
from yifu.collection.defaults import Asked
from yifu.collection.models import DefaultEntry, Dispute, DisputeState
from yifu.errors import InvalidRequest, NotFound
from yifu.institutions.auth import Caller, allow
from yifu.patients import services as patients
from yifu.problems import PROBLEMS

router = Router()

SCOPE = "standing"
LARGEST_ID = 2**63 - 1
Id = Annotated[int, Field(ge=1, le=LARGEST_ID)]
GivenId = Annotated[int, Field(strict=True, ge=1, le=LARGEST_ID)]
Who = Annotated[str, Field(min_length=1, max_length=60)]
Cursor = Annotated[str, Field(max_length=20, pattern="^[0-9]*$")]
Limit = Annotated[int, Field(ge=1, le=200)]


class _In(Schema):
    model_config = ConfigDict(extra="forbid")


class EntriesAsked(Schema):
    """Which entries, from where on, how many."""

    state: Literal["proposed", "confirmed", "refused", "lifted"] | None = None
    contested: Literal["yes", "no"] | None = None
    principal_id: Id | None = None
    cursor: Cursor = ""
    limit: Limit = 50


class ConfirmIn(_In):
    """Entries to recognise, all or none; `by` is who decides at the institution."""

    entry_ids: Annotated[list[GivenId], Field(min_length=1, max_length=1000)]
    by: Who


class RefuseIn(_In):
    """Why an entry is not recognised."""

    reason: Annotated[str, Field(min_length=1, max_length=200)]
    by: Who


class ContestIn(_In):
    """What a person says against an entry; `by` is who wrote it down for them."""

    person_id: GivenId
    reason: Annotated[str, Field(min_length=1, max_length=500)]
    by: Who


class DecisionIn(_In):
    """Whether a dispute is right, and why."""

    upheld: Annotated[bool, Field(strict=True)]
    note: Annotated[str, Field(min_length=1, max_length=500)]
    by: Who


class WithdrawIn(_In):
    """Who takes a dispute back."""

    person_id: GivenId
    by: Who


class DisputeOut(Schema):
    """A dispute and how it stands."""

    id: int
    entry_id: int
    state: str
    reason: str
    opened_by: str
    opened_at: str
    decided_by: str
    decided_at: str | None
    note: str


class EntryOut(Schema):
    """An entry of the default list; amounts in fen."""

    id: int
    bill_id: int
    visit_id: int
    principal_id: int
    owed_fen: int
    state: str
    rule: str
    proposed_at: str
    decided_by: str
    decided_at: str | None
    reason: str
    lifted_at: str | None
    contested: bool
    disputes: list[DisputeOut]


class EntriesOut(Schema):
    """A page of entries; `next_cursor` is null on the last."""

    items: list[EntryOut]
    next_cursor: str | None


class DisputesOut(Schema):
    """A page of disputes."""

    items: list[DisputeOut]
    next_cursor: str | None


class ConfirmedOut(Schema):
    """How many entries were recognised."""

    confirmed: int


class EffectOut(Schema):
    """What not paying means, since when, why, and by which rule."""

    code: str
    since: str
    reason: str
    rule: str
    acknowledged_at: str | None


class WayBackOut(Schema):
    """What ends it."""

    code: str
    amount_fen: int
    entry_id: int | None
    until: str | None


class StandingOut(Schema):
    """A person's standing with its reasons and ways back; amounts in fen."""

    person_id: int
    standing: str
    owed_fen: int
    bill_ids: list[int]
    effects: list[EffectOut]
    ways_back: list[WayBackOut]
    being_told: list[str]


@router.get("/default-entries", response={200: EntriesOut, **PROBLEMS}, summary="失信认定清单")
def list_entries(request: HttpRequest, asked: Query[EntriesAsked]) -> dict[str, Any]:
    """List entries about bills of the caller's visits, oldest first."""
    caller = allow(request, SCOPE)
    entries = defaults.list_entries(
        Asked(
            states=(asked.state,) if asked.state else (),
            contested=None if asked.contested is None else asked.contested == "yes",
            principal_id=asked.principal_id,
        ),
        institution_id=caller.institution_id,
        after_id=_after(asked.cursor),
        limit=asked.limit + 1,
    )
    page = entries[: asked.limit]
    more = len(entries) > asked.limit
    return {
        "items": [_entry(entry) for entry in page],
        "next_cursor": str(page[-1].pk) if more else None,
    }


@router.post(
    "/default-entries/confirm", response={200: ConfirmedOut, **PROBLEMS}, summary="认定失信"
)
def confirm(request: HttpRequest, body: ConfirmIn) -> dict[str, int]:
    """Recognise entries, all or none: their principals are listed at once (P4.4)."""
    caller = allow(request, SCOPE)
    confirmed = defaults.confirm(
        body.entry_ids,
        institution_id=caller.institution_id,
        by=_by(caller, body.by),
        now=clock.request_now(request),
    )
    return {"confirmed": confirmed}


@router.post(
    "/default-entries/{entry_id}/refuse", response={200: EntryOut, **PROBLEMS}, summary="不予认定"
)
def refuse(request: HttpRequest, entry_id: Id, body: RefuseIn) -> dict[str, Any]:
    """Do not recognise an entry; its bill stays unpaid."""
    caller = allow(request, SCOPE)
    defaults.refuse(
        entry_id,
        institution_id=caller.institution_id,
        by=_by(caller, body.by),
        reason=body.reason,
        now=clock.request_now(request),
    )
    return _entry(DefaultEntry.objects.select_related("bill").get(pk=entry_id))


@router.post(
    "/default-entries/{entry_id}/disputes",
    response={200: DisputeOut, **PROBLEMS},
    summary="提出异议（代办）",
)
def contest(request: HttpRequest, entry_id: Id, body: ContestIn) -> dict[str, Any]:
    """Contest an entry on behalf of the person it is about, wherever the bill was made."""
    caller = allow(request, SCOPE)
    _registered_here(body.person_id, caller)
    dispute = defaults.contest(
        entry_id,
        person_id=body.person_id,
        by=_by(caller, body.by),
        reason=body.reason,
        now=clock.request_now(request),
    )
    return _dispute(dispute)


class DisputesAsked(Schema):
    """Which disputes, from where on, how many."""

    state: Literal["open", "upheld", "rejected", "withdrawn"] | None = None
    cursor: Cursor = ""
    limit: Limit = 50


@router.get("/disputes", response={200: DisputesOut, **PROBLEMS}, summary="异议清单")
def list_disputes(request: HttpRequest, asked: Query[DisputesAsked]) -> dict[str, Any]:
    """List disputes of entries about the caller's bills, oldest first."""
    caller = allow(request, SCOPE)
    disputes = defaults.list_disputes(
        institution_id=caller.institution_id,
        states=(asked.state,) if asked.state else (),
        after_id=_after(asked.cursor),
        limit=asked.limit + 1,
    )
    page = disputes[: asked.limit]
    more = len(disputes) > asked.limit
    return {
        "items": [_dispute(dispute) for dispute in page],
        "next_cursor": str(page[-1].pk) if more else None,
    }


@router.post(
    "/disputes/{dispute_id}/decision", response={200: DisputeOut, **PROBLEMS}, summary="处理异议"
)
def decide(request: HttpRequest, dispute_id: Id, body: DecisionIn) -> dict[str, Any]:
    """Uphold a dispute, which undoes its entry, or reject it; not by who recognised the entry."""
    caller = allow(request, SCOPE)
    return _dispute(
        defaults.decide_dispute(
            dispute_id,
            institution_id=caller.institution_id,
            by=_by(caller, body.by),
            upheld=body.upheld,
            note=body.note,
            now=clock.request_now(request),
        )
    )


@router.post(
    "/disputes/{dispute_id}/withdraw", response={200: DisputeOut, **PROBLEMS}, summary="撤回异议"
)
def withdraw(request: HttpRequest, dispute_id: Id, body: WithdrawIn) -> dict[str, Any]:
    """Take a dispute back on behalf of the person."""
    caller = allow(request, SCOPE)
    _registered_here(body.person_id, caller)
    return _dispute(
        defaults.withdraw_dispute(
            dispute_id,
            person_id=body.person_id,
            by=_by(caller, body.by),
            now=clock.request_now(request),
        )
    )


@router.get(
    "/persons/{person_id}/standing", response={200: StandingOut, **PROBLEMS}, summary="信用状态"
)
def standing(request: HttpRequest, person_id: Id) -> dict[str, Any]:
    """Tell a person's standing: what stands against them, why, since when, and every way back."""
    caller = allow(request, SCOPE)
    _registered_here(person_id, caller)
    known = ways_back.standing_of(person_id, now=clock.request_now(request))
    return {
        "person_id": known.person_id,
        "standing": known.standing.value,
        "owed_fen": known.owed_fen,
        "bill_ids": [bill.pk for bill in known.bills],
        "effects": [
            {
                "code": effect.code,
                "since": _time(effect.since),
                "reason": effect.reason,
                "rule": effect.rule,
                "acknowledged_at": _time(effect.acknowledged_at),
            }
            for effect in known.effects
        ],
        "ways_back": [
            {
                "code": way.code,
                "amount_fen": way.amount_fen,
                "entry_id": way.entry_id,
                "until": _time(way.until),
            }
            for way in known.ways_back
        ],
        "being_told": [telling.party for telling in known.returning],
    }


def _registered_here(person_id: int, caller: Caller) -> None:
    """Raise `NotFound` for somebody whom the caller's institution has never seen."""
    if patients.find_person(person_id, institution_id=caller.institution_id) is None:
        raise NotFound(what="person")


def _by(caller: Caller, who: str) -> str:
    """Name who decides: the institution's code and its own name for the person."""
    return f"{caller.institution_code}:{who}"


def _after(cursor: str) -> int:
    after_id = int(cursor or 0)
    if after_id > LARGEST_ID:
        raise InvalidRequest(field="cursor")
    return after_id


def _entry(entry: DefaultEntry) -> dict[str, Any]:
    disputes = list(entry.disputes.all())
    return {
        "id": entry.pk,
        "bill_id": entry.bill_id,
        "visit_id": entry.bill.visit_id,
        "principal_id": entry.principal_id,
        "owed_fen": entry.bill.owed_fen,
        "state": entry.state,
        "rule": entry.rule,
        "proposed_at": _time(entry.proposed_at),
        "decided_by": entry.decided_by,
        "decided_at": _time(entry.decided_at),
        "reason": entry.reason,
        "lifted_at": _time(entry.lifted_at),
        "contested": any(one.state == DisputeState.OPEN for one in disputes),
        "disputes": [_dispute(one) for one in disputes],
    }


def _dispute(dispute: Dispute) -> dict[str, Any]:
    return {
        "id": dispute.pk,
        "entry_id": dispute.entry_id,
        "state": dispute.state,
        "reason": dispute.reason,
        "opened_by": dispute.opened_by,
        "opened_at": _time(dispute.opened_at),
        "decided_by": dispute.decided_by,
        "decided_at": _time(dispute.decided_at),
        "note": dispute.note,
    }


def _time(at: datetime | None) -> str | None:
    return at.astimezone(clock.CHINA).isoformat() if at else None
