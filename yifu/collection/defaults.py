"""The default list: confirm, refuse, contest, decide; and what a person's standing is (P4.4, P4.5).

The night proposes an entry for a bill that is unpaid so long; the institution of its visit confirms
or refuses it. Only what is confirmed and not contested is told (`tellings`). Every way back —
paying (`standing.reconsider`), a refusal, a dispute that is upheld — undoes what the entry did in
the transaction that decides it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from django.db import transaction
from django.db.models import QuerySet

from yifu import clock
from yifu.collection import rules, standing, tellings
from yifu.collection import standing_statements as statements
from yifu.collection.errors import (
    DisputeNotOpen,
    DisputeOpen,
    EntryContested,
    EntryNotDecidable,
    NotContestable,
    OwnRecognition,
)
from yifu.collection.models import DefaultEntry, Dispute, DisputeState, EntryState
from yifu.collection.rules import EntryWord
from yifu.credit import versions
from yifu.errors import NotFound
from yifu.institutions.models import Area
from yifu.rows import run

RULE = "P4.4"
_REASON, _WHO = 200, 150


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which entries of the list are looked for; empty or None: whichever."""

    states: Sequence[str] = ()
    contested: bool | None = None
    principal_id: int | None = None
    proposed_from: date | None = None
    proposed_to: date | None = None


def list_entries(
    asked: Asked,
    *,
    institution_id: int | None = None,
    area: str | None = None,
    after_id: int = 0,
    limit: int = 50,
) -> list[DefaultEntry]:
    """List entries with ids above `after_id`, oldest first, of an institution or a whole area.

    Each has its bill, visit, principal, institution and disputes loaded. One of `institution_id`
    and `area` is needed (`ValueError`): every query says whose rows it reads.
    """
    found = _entries(asked, _within(institution_id, area)).filter(pk__gt=after_id)
    return list(
        found.select_related("bill__visit", "principal", "institution")
        .prefetch_related("disputes")
        .order_by("pk")[:limit]
    )


def count_entries(
    asked: Asked, *, institution_id: int | None = None, area: str | None = None
) -> int:
    """Count what `list_entries` would list in all."""
    return _entries(asked, _within(institution_id, area)).count()


def _within(institution_id: int | None, area: str | None) -> QuerySet[DefaultEntry]:
    if institution_id is not None:
        return DefaultEntry.objects.filter(institution_id=institution_id)
    if area is None:
        raise ValueError("an institution or an area is needed")
    return DefaultEntry.objects.filter(institution__area_id=area)


def _entries(asked: Asked, found: QuerySet[DefaultEntry]) -> QuerySet[DefaultEntry]:
    if asked.states:
        found = found.filter(state__in=asked.states)
    if asked.principal_id is not None:
        found = found.filter(principal_id=asked.principal_id)
    if asked.proposed_from is not None:
        found = found.filter(proposed_at__gte=clock.midnight(asked.proposed_from))
    if asked.proposed_to is not None:
        found = found.filter(proposed_at__lt=clock.day_bounds(asked.proposed_to)[1])
    if asked.contested is not None:
        open_ = Dispute.objects.filter(state=DisputeState.OPEN).values("entry_id")
        found = found.filter(pk__in=open_) if asked.contested else found.exclude(pk__in=open_)
    return found


def confirm(entry_ids: Iterable[int], *, institution_id: int, by: str, now: datetime) -> int:
    """Confirm proposed entries of an institution's visits, all or none; gives how many.

    Their principals are listed and told of it, and so are the parties, at once. Raises `NotFound`,
    `EntryNotDecidable` and `EntryContested`; then nothing has changed.
    """
    wanted = sorted(set(entry_ids))
    if not wanted:
        return 0
    with transaction.atomic():
        known = DefaultEntry.objects.filter(pk__in=wanted, institution_id=institution_id)
        principals = dict(known.values_list("pk", "principal_id"))
        if len(principals) != len(wanted):
            raise NotFound(what="entry")
        run(statements.LOCK_ENTRIES, {"persons": sorted(set(principals.values()))})
        _check_proposed(wanted)
        return _confirm(principals, by=by, now=now)


def confirm_by_scheme(*, area: str, now: datetime, limit: int = 10_000) -> int:
    """Confirm what is proposed in an area whose scheme asks nobody for it; gives how many.

    Contested entries wait until they are decided. For the night, after it has proposed; nothing
    happens where the institution confirms.
    """
    code = Area.objects.values_list("scheme", flat=True).get(pk=area)
    if versions.at(code, now).overdue.confirmed_by != "nobody":
        return 0
    proposed = DefaultEntry.objects.filter(institution__area_id=area, state=EntryState.PROPOSED)
    proposed = proposed.exclude(disputes__state=DisputeState.OPEN)
    with transaction.atomic():
        waiting = dict(proposed.order_by("pk").values_list("pk", "principal_id")[:limit])
        run(statements.LOCK_ENTRIES, {"persons": sorted(set(waiting.values()))})
        still = dict(proposed.filter(pk__in=waiting).values_list("pk", "principal_id"))
        return _confirm(still, by=f"scheme:{code}", now=now)


def _check_proposed(entry_ids: Sequence[int]) -> None:
    decided = DefaultEntry.objects.filter(pk__in=entry_ids).exclude(state=EntryState.PROPOSED)
    if found := sorted(decided.values_list("pk", flat=True)):
        raise EntryNotDecidable(entry_ids=found)
    contested = Dispute.objects.filter(entry__in=entry_ids, state=DisputeState.OPEN)
    if found := sorted(contested.values_list("entry_id", flat=True)):
        raise EntryContested(entry_ids=found)


def _confirm(principals: dict[int, int], *, by: str, now: datetime) -> int:
    """Confirm locked entries, given with their principals."""
    if not principals:
        return 0
    confirmed = DefaultEntry.objects.filter(pk__in=principals, state=EntryState.PROPOSED).update(
        state=EntryState.CONFIRMED, decided_by=by[:_WHO], decided_at=now
    )
    reasons = {person: f"entry:{pk} confirmed" for pk, person in sorted(principals.items())}
    tellings.write(reasons, now=now)
    return confirmed


def refuse(entry_id: int, *, institution_id: int, by: str, reason: str, now: datetime) -> None:
    """Do not recognise an entry: its bill stays unpaid, its principal is suspended at most for it.

    Also while it is contested; the dispute is upheld by that. Raises `NotFound`,
    `EntryNotDecidable`.
    """
    with transaction.atomic():
        entry = _locked(_own(entry_id, institution_id))
        if entry.state != EntryState.PROPOSED:
            raise EntryNotDecidable(entry_ids=[entry_id])
        _write(entry, EntryState.REFUSED, by=by, reason=reason, now=now)
        entry.disputes.filter(state=DisputeState.OPEN).update(
            state=DisputeState.UPHELD, decided_by=by[:_WHO], decided_at=now, note=reason[:500]
        )
        _reconsider(entry, f"entry:{entry_id} refused", now=now)


# --- disputes -------------------------------------------------------------------------------------


def contest(entry_id: int, *, person_id: int, by: str, reason: str, now: datetime) -> Dispute:
    """Let a person contest an entry about them; what was told of it is called back at once.

    `by` is who asks: the person, or somebody at a window on their behalf. Raises `NotFound` (also
    for somebody else's entry), `NotContestable`, `DisputeOpen`.
    """
    with transaction.atomic():
        own = DefaultEntry.objects.filter(pk=entry_id, principal_id=person_id)
        entry = _locked(own)
        days = versions.at(entry.institution.area.scheme, now).overdue.contest_days
        if not rules.may_contest(
            state=cast("EntryWord", entry.state),
            decided_at=entry.decided_at,
            contest_days=days,
            now=now,
        ):
            raise NotContestable(days=days)
        if entry.disputes.filter(state=DisputeState.OPEN).exists():
            raise DisputeOpen
        dispute = Dispute.objects.create(
            entry=entry, reason=reason[:500], opened_by=by[:_WHO], opened_at=now
        )
        tellings.write({person_id: f"dispute:{dispute.pk} opened"}, now=now)
    return dispute


def withdraw_dispute(dispute_id: int, *, person_id: int, by: str, now: datetime) -> Dispute:
    """Let a person take a dispute back; what is confirmed is told again.

    Raises `NotFound`, `DisputeNotOpen`.
    """
    with transaction.atomic():
        dispute, entry = _locked_dispute(
            Dispute.objects.filter(pk=dispute_id, entry__principal_id=person_id)
        )
        _close(dispute, DisputeState.WITHDRAWN, by=by, note="", now=now)
        tellings.write({entry.principal_id: f"dispute:{dispute_id} withdrawn"}, now=now)
    return dispute


def decide_dispute(  # what decides is named
    dispute_id: int,
    *,
    institution_id: int | None,
    by: str,
    upheld: bool,
    note: str,
    now: datetime,
) -> Dispute:
    """Decide about a dispute: upheld, its entry is lifted and undone; rejected, it is told again.

    By the institution of the entry, or by the city (`institution_id` None), but not by who
    confirmed it. An entry that was paid meanwhile stays lifted. Raises `NotFound`,
    `DisputeNotOpen`, `OwnRecognition`.
    """
    with transaction.atomic():
        disputes = Dispute.objects.filter(pk=dispute_id)
        if institution_id is not None:
            disputes = disputes.filter(entry__institution_id=institution_id)
        dispute, entry = _locked_dispute(disputes)
        if entry.decided_by == by:
            raise OwnRecognition
        outcome = DisputeState.UPHELD if upheld else DisputeState.REJECTED
        _close(dispute, outcome, by=by, note=note, now=now)
        reason = f"dispute:{dispute_id} {outcome}"
        if upheld and entry.state in {EntryState.PROPOSED, EntryState.CONFIRMED}:
            DefaultEntry.objects.filter(pk=entry.pk).update(
                state=EntryState.LIFTED, lifted_at=now, reason=reason
            )
        _reconsider(entry, reason, now=now)
    return dispute


def list_disputes(
    *,
    institution_id: int | None = None,
    area: str | None = None,
    states: Sequence[str] = (),
    after_id: int = 0,
    limit: int = 50,
) -> list[Dispute]:
    """List disputes with ids above `after_id`, oldest first, with entry, bill and principal.

    One of `institution_id` and `area` is needed (`ValueError`).
    """
    found = Dispute.objects.filter(entry__in=_within(institution_id, area), pk__gt=after_id)
    if states:
        found = found.filter(state__in=states)
    return list(
        found.select_related("entry__bill", "entry__principal", "entry__institution").order_by(
            "pk"
        )[:limit]
    )


def _own(entry_id: int, institution_id: int) -> QuerySet[DefaultEntry]:
    return DefaultEntry.objects.filter(pk=entry_id, institution_id=institution_id)


def _locked(entries: QuerySet[DefaultEntry]) -> DefaultEntry:
    """Lock the credit lines and all entries of an entry's principal, and read the entry then."""
    principal_id = entries.values_list("principal_id", flat=True).first()
    if principal_id is None:
        raise NotFound(what="entry")
    run(statements.LOCK_CREDIT_LINES, {"persons": [principal_id]})
    run(statements.LOCK_ENTRIES, {"persons": [principal_id]})
    return entries.select_related("institution__area").get()


def _locked_dispute(disputes: QuerySet[Dispute]) -> tuple[Dispute, DefaultEntry]:
    """Lock as `_locked`; raises `NotFound` and `DisputeNotOpen`."""
    entry_id = disputes.values_list("entry_id", flat=True).first()
    if entry_id is None:
        raise NotFound(what="dispute")
    entry = _locked(DefaultEntry.objects.filter(pk=entry_id))
    dispute = disputes.get()
    if dispute.state != DisputeState.OPEN:
        raise DisputeNotOpen
    return dispute, entry


def _close(dispute: Dispute, to: DisputeState, *, by: str, note: str, now: datetime) -> None:
    dispute.state, dispute.decided_by, dispute.decided_at = to, by[:_WHO], now
    dispute.note = note[:500]
    dispute.save(update_fields=["state", "decided_by", "decided_at", "note"])


def _write(entry: DefaultEntry, to: EntryState, *, by: str, reason: str, now: datetime) -> None:
    entry.state, entry.decided_by, entry.decided_at = to, by[:_WHO], now
    entry.reason = reason[:_REASON]
    entry.save(update_fields=["state", "decided_by", "decided_at", "reason"])


def _reconsider(entry: DefaultEntry, reason: str, *, now: datetime) -> None:
    standing.reconsider({entry.principal_id: reason}, rule=RULE, now=now)
