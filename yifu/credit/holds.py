"""Hold an amount for a visit, give it back (P2.4); agree to it when booking (P2.5).

What is held is captured by the visit's settlement (`settlement.funding`), released when asked, or
expires. The caller is in a transaction; holds are locked before lines.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from yifu import dates
from yifu.credit.errors import (
    HoldExceedsVisit,
    HoldExists,
    HoldNotAgreed,
    NoCreditLine,
    NotTheirConsent,
    StandingNotGood,
)
from yifu.credit.models import VisitHold
from yifu.credit.rules import Payer, Standing
from yifu.credit.schemes import Scheme
from yifu.errors import InvalidRequest, NotFound
from yifu.ledger import services as ledger
from yifu.ledger.errors import HoldNotOpen, PostedOtherwise
from yifu.ledger.models import Hold, HoldState
from yifu.patients.errors import ConsentVersionUnknown
from yifu.patients.models import Person
from yifu.patients.rules import is_adult

_ENDED = (HoldState.RELEASED, HoldState.EXPIRED)


@dataclass(frozen=True, slots=True)
class Agreement:
    """Who agreed to which text, through which channel; `acted_by` did it on their behalf."""

    person_id: int
    text_version: str
    channel: str
    acted_by: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be held for whom; `amount_fen` None: what the scheme holds for the kind."""

    subject: str
    kind: str
    patient: Person
    amount_fen: int | None
    agreement: Agreement | None


def open_hold(asked: Wanted, *, payer: Payer | None, scheme: Scheme, now: datetime) -> VisitHold:
    """Keep an amount free on the payer's line until it is captured, released or expires.

    A dependant's hold is on both lines, the principal's first. Raises `NoCreditLine`,
    `StandingNotGood`, `HoldNotAgreed`, `ConsentVersionUnknown`, `NotTheirConsent`,
    `InvalidRequest` (no amount, and the scheme has none), `HoldExceedsVisit`, `HoldExists` and
    `LimitExceeded`; then nothing has changed.
    """
    if payer is None or not payer.lines:
        raise NoCreditLine
    if payer.standing != Standing.GOOD:
        raise StandingNotGood(standing=payer.standing.label)
    _check_agreement(asked, payer, scheme, now=now)
    fen = _amount(asked, scheme)
    earlier = VisitHold.objects.select_related("hold").filter(subject=asked.subject).order_by("pk")
    held = list(earlier)
    last = held[-1].hold if held else None
    if last is not None and last.state == HoldState.OPEN:
        if last.expires_at is None or last.expires_at > now:
            raise HoldExists(amount_fen=last.amount_fen)
        expire(last.key, now=now)
    try:
        with transaction.atomic():
            hold_id = ledger.hold(
                key=f"{asked.subject}:hold:{len(held) + 1}",
                lines=payer.lines,
                amount_fen=fen,
                now=now,
                expires_at=now + timedelta(hours=scheme.spending.hold_expires_hours),
            )
            return _write(asked, hold_id, payer, now=now)
    except (IntegrityError, PostedOtherwise):  # somebody else held at this very instant
        raise HoldExists(amount_fen=fen) from None


def _write(asked: Wanted, hold_id: int, payer: Payer, *, now: datetime) -> VisitHold:
    agreed = asked.agreement
    return VisitHold.objects.create(
        subject=asked.subject,
        hold=Hold.objects.get(pk=hold_id),
        principal_id=payer.principal_id,
        agreed_by_id=agreed.person_id if agreed else None,
        agreed_at=now if agreed else None,
        text_version=agreed.text_version if agreed else "",
        channel=agreed.channel if agreed else "",
        acted_by=agreed.acted_by if agreed else "",
    )


def _check_agreement(asked: Wanted, payer: Payer, scheme: Scheme, *, now: datetime) -> None:
    agreed = asked.agreement
    if agreed is None:
        if scheme.spending.authorised == "booking":
            raise HoldNotAgreed
        return
    today = dates.business_date(now)
    if scheme.consent_text(agreed.text_version, on=today) is None:
        raise ConsentVersionUnknown
    if agreed.person_id == payer.principal_id:
        return
    if agreed.person_id != asked.patient.pk or not is_adult(asked.patient.birth_date, today):
        raise NotTheirConsent


def _amount(asked: Wanted, scheme: Scheme) -> int:
    by_kind = {str(kind): fen for kind, fen in scheme.spending.hold_fen.items()}
    fen = by_kind.get(asked.kind) if asked.amount_fen is None else asked.amount_fen
    if fen is None:
        raise InvalidRequest(field="amount_fen")
    most_fen = scheme.limits.visit_fen
    if most_fen is not None and fen > most_fen:
        raise HoldExceedsVisit(limit_fen=most_fen)
    return fen


def find(subject: str) -> VisitHold:
    """Find the newest hold of a visit, open or not; raises `NotFound`."""
    found = VisitHold.objects.select_related("hold").filter(subject=subject).order_by("-pk").first()
    if found is None:
        raise NotFound(what="hold")
    return found


def release(subject: str, *, now: datetime) -> VisitHold:
    """Give a visit's hold back to its line; one that was given back before is left as it is.

    Raises `NotFound`, and `HoldNotOpen` when a settlement has captured it.
    """
    found = find(subject)
    if found.hold.state not in _ENDED:
        try:
            ledger.release(key=found.hold.key, now=now)
        except HoldNotOpen:
            found.hold.refresh_from_db()
            if found.hold.state not in _ENDED:
                raise
    found.hold.refresh_from_db()
    return found


def expire(key: str, *, now: datetime) -> None:
    """Let a hold expire that a settlement finds too old, before it settles without it."""
    try:
        ledger.release(key=key, now=now, state=HoldState.EXPIRED)
    except HoldNotOpen:
        return  # it has ended meanwhile, in whatever way
