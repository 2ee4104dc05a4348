"""A visit's hold: an estimate kept free as care begins, captured by its settlement (P2.4).

The visit decides whose line it is, its area which scheme; the hold itself is `credit.holds`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from django.db import transaction

from yifu import clock
from yifu.credit import holds, versions
from yifu.credit import services as credit
from yifu.credit.holds import Agreement, Wanted
from yifu.credit.models import VisitHold
from yifu.institutions import services as institutions
from yifu.institutions.services import Earlier, RequestKey
from yifu.settlement.work import load_visit
from yifu.visits.models import Visit


@dataclass(frozen=True, slots=True)
class Held:
    """What asking for a hold is answered with."""

    status: int
    body: dict[str, Any]


def hold(
    visit_id: int,
    *,
    institution_id: int,
    amount_fen: int | None,
    agreement: Agreement | None,
    now: datetime,
    key: RequestKey,
) -> Held:
    """Hold an amount for a visit, once per key (L9).

    Raises `NotFound`, what `credit.holds.open_hold` raises, and the key's errors; then nothing has
    changed (L10).
    """
    visit, _ = load_visit(visit_id, institution_id)
    with transaction.atomic():
        claimed = institutions.claim_key(key, now=now)
        if isinstance(claimed, Earlier):
            return Held(claimed.status, claimed.body)
        made = holds.open_hold(
            Wanted(subject_of(visit), visit.kind, visit.person, amount_fen, agreement),
            payer=credit.find_payer(visit.person_id),
            scheme=versions.at(visit.institution.area.scheme, now),
            now=now,
        )
        body = describe(visit, made)
        institutions.answer_key(
            claimed, status=201, body=orjson.dumps(body).decode(), effect=made.hold.key
        )
    return Held(201, body)


def read(visit_id: int, *, institution_id: int) -> dict[str, Any]:
    """Describe a visit's newest hold; raises `NotFound`."""
    visit, _ = load_visit(visit_id, institution_id)
    return describe(visit, holds.find(subject_of(visit)))


def release(visit_id: int, *, institution_id: int, now: datetime) -> dict[str, Any]:
    """Give a visit's hold back; again changes nothing. Raises `NotFound`, `HoldNotOpen`."""
    visit, _ = load_visit(visit_id, institution_id)
    with transaction.atomic():
        return describe(visit, holds.release(subject_of(visit), now=now))


def subject_of(visit: Visit) -> str:
    """How holds name a visit."""
    return f"visit:{visit.pk}"


def describe(visit: Visit, made: VisitHold) -> dict[str, Any]:
    """Describe a hold; amounts in fen."""
    held = made.hold
    return {
        "visit_id": visit.pk,
        "principal_id": made.principal_id,
        "state": held.state,
        "amount_fen": held.amount_fen,
        "captured_fen": held.captured_fen,
        "opened_at": _when(held.opened_at),
        "expires_at": _when(held.expires_at),
        "closed_at": _when(held.closed_at),
        "consent": None
        if made.agreed_at is None
        else {
            "person_id": made.agreed_by_id,
            "text_version": made.text_version,
            "channel": made.channel,
            "acted_by": made.acted_by,
            "agreed_at": _when(made.agreed_at),
        },
    }


def _when(at: datetime | None) -> str | None:
    return at.astimezone(clock.CHINA).isoformat() if at else None
