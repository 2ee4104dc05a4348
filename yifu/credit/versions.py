"""Which version of a scheme is in force: proposed by one, approved by another, from a date on.

A shipped file is in force from its own date until a version in the database begins. Versions begin
in the future at the earliest, so what was in force on a day never changes behind anybody's back,
and a process may keep what it has read of a day.
"""

import hashlib
from datetime import date, datetime
from functools import lru_cache

from django.db import IntegrityError, transaction

from yifu import dates
from yifu.credit import schemes
from yifu.credit.errors import (
    SchemeBeginsTooEarly,
    SchemeNotDecidable,
    SchemeSameDay,
    SchemeSamePerson,
    SchemeUnknownCode,
)
from yifu.credit.models import SchemeVersion, VersionState
from yifu.credit.schemes import Scheme


@lru_cache(maxsize=256)
def in_force(code: str, *, on: date) -> Scheme:
    """Give the scheme that is in force on a business date; `LookupError` for an unknown code."""
    version = version_in_force(code, on=on)
    if version is None:
        return schemes.load(code)
    return schemes.parse(version.text, name=f"{code} from {version.effective_from}")


def version_in_force(code: str, *, on: date) -> SchemeVersion | None:
    """Give the approved version that is in force on a business date; None: the shipped file is."""
    return (
        SchemeVersion.objects.filter(code=code, state=VersionState.APPROVED, effective_from__lte=on)
        .order_by("-effective_from")
        .first()
    )


def beginnings(code: str, *, after: date, until: date) -> list[date]:
    """List the days on which another version begins: later than `after`, `until` at the latest."""
    found = SchemeVersion.objects.filter(
        code=code,
        state=VersionState.APPROVED,
        effective_from__gt=after,
        effective_from__lte=until,
    )
    return list(found.order_by("effective_from").values_list("effective_from", flat=True))


def at(code: str, now: datetime) -> Scheme:
    """Give the scheme that is in force at an instant; `LookupError` for an unknown code."""
    return in_force(code, on=dates.business_date(now))


def propose(text: str, *, by: str, note: str, now: datetime) -> SchemeVersion:
    """Keep a changed scheme for a second person to decide about; nothing changes yet.

    Raises `SchemeUnreadable` (every fault by its line), `SchemeUnknownCode` for a code that no
    shipped scheme has, and `SchemeBeginsTooEarly`.
    """
    scheme = schemes.parse(text, name="scheme")
    if scheme.code not in schemes.SHIPPED:
        raise SchemeUnknownCode(scheme=scheme.code)
    _check_beginning(scheme.effective_from, now)
    return SchemeVersion.objects.create(
        code=scheme.code,
        text=text,
        digest=hashlib.sha256(text.encode()).digest(),
        effective_from=scheme.effective_from,
        proposed_by=by,
        proposed_at=now,
        note=note,
    )


def approve(version_id: int, *, by: str, now: datetime) -> SchemeVersion:
    """Let a proposed version come into force on its date.

    Raises `SchemeNotDecidable`, `SchemeSamePerson` (two people, always), `SchemeBeginsTooEarly`
    (it waited too long) and `SchemeSameDay` (another begins then).
    """
    with transaction.atomic():
        version = _proposed(version_id)
        if version.proposed_by == by:
            raise SchemeSamePerson
        _check_beginning(version.effective_from, now)
        _decide(version, VersionState.APPROVED, by=by, now=now)
        try:
            with transaction.atomic():
                version.save()
        except IntegrityError:
            raise SchemeSameDay(date=version.effective_from.isoformat()) from None
    in_force.cache_clear()
    return version


def refuse(version_id: int, *, by: str, note: str, now: datetime) -> SchemeVersion:
    """Turn a proposed version down, saying why. Raises `SchemeNotDecidable`."""
    with transaction.atomic():
        version = _proposed(version_id)
        _decide(version, VersionState.REFUSED, by=by, now=now)
        version.note = note
        version.save()
    return version


def withdraw(version_id: int, *, by: str, now: datetime) -> SchemeVersion:
    """Take an approved version back before it begins.

    Raises `SchemeNotDecidable` and `SchemeBeginsTooEarly` (it is in force already).
    """
    with transaction.atomic():
        version = _in_state(version_id, VersionState.APPROVED)
        _check_beginning(version.effective_from, now)
        _decide(version, VersionState.WITHDRAWN, by=by, now=now)
        version.save()
    in_force.cache_clear()
    return version


def _proposed(version_id: int) -> SchemeVersion:
    return _in_state(version_id, VersionState.PROPOSED)


def _in_state(version_id: int, state: VersionState) -> SchemeVersion:
    version = SchemeVersion.objects.select_for_update().filter(pk=version_id, state=state).first()
    if version is None:
        raise SchemeNotDecidable
    return version


def _decide(version: SchemeVersion, to: VersionState, *, by: str, now: datetime) -> None:
    version.state = to
    version.decided_by = by
    version.decided_at = now


def _check_beginning(effective_from: date, now: datetime) -> None:
    if effective_from <= dates.business_date(now):
        raise SchemeBeginsTooEarly(date=effective_from.isoformat())
