"""The insurance office's desk: what was filed, and filing for a person by the care code."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from yifu.institutions.services import RequestKey
from yifu.insurance import filings
from yifu.insurance.filing_forms import Form, Period
from yifu.insurance.filings import NewFiling
from yifu.insurance.models import Filing
from yifu.patients import services as patients
from yifu.patients.models import Person
from yifu.web import care_code
from yifu.web.models import Seat

MOST: Final = 100


def rows(seat: Seat, *, person: Person | None, state: str) -> Sequence[Filing]:
    """Give the newest filings of an institution, of one person or in one state if asked."""
    found = Filing.objects.filter(institution_id=seat.institution_id).select_related("person")
    if person is not None:
        found = found.filter(person=person)
    if state:
        found = found.filter(state=state)
    return list(found.order_by("-pk")[:MOST])


def find_person(seat: Seat, code: str) -> Person | None:
    """Find whose care code it is, among those registered at the institution."""
    person_id = care_code.person_id_of(code)
    if person_id is None:
        return None
    return patients.find_person(person_id, institution_id=seat.institution_id)


def file(
    seat: Seat, person: Person, form: Form, period: Period, *, key: str, now: datetime
) -> Filing:
    """File for a person; the same page sent twice has one effect. Raises as `filings.file` does."""
    asked = NewFiling(person.pk, form, period)
    outcome = filings.file(
        asked, institution_id=seat.institution_id, key=_key(seat, f"file {asked!r}", key), now=now
    )
    return filings.find_filing(int(outcome.body["id"]), institution_id=seat.institution_id)


def withdraw(seat: Seat, filing_id: int, *, reason: str, key: str, now: datetime) -> Filing:
    """Withdraw a filing; raises as `filings.withdraw` does."""
    filings.withdraw(
        filing_id,
        reason=reason,
        institution_id=seat.institution_id,
        key=_key(seat, f"withdraw {filing_id} {reason}", key),
        now=now,
    )
    return filings.find_filing(filing_id, institution_id=seat.institution_id)


def _key(seat: Seat, asked: str, key: str) -> RequestKey:
    """Make the key of one page load an institution's key, as a hospital's system would send it."""
    digest = hashlib.sha256(asked.encode()).digest()
    return RequestKey(seat.institution_id, f"desk-{key}", digest)
