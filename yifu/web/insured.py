"""What the insurer has counted of a person's year, for the person's own page."""

from dataclasses import dataclass
from datetime import datetime

from yifu.insurance import overview, persons
from yifu.insurance.models import Encounter
from yifu.insurance.overview import Counted
from yifu.patients.models import Person
from yifu.web.labels import COUNTED


@dataclass(frozen=True, slots=True)
class Year:
    """What a year has come to, and through which hospital the insurer was asked."""

    year: int
    institution: str
    rows: tuple[Counted, ...]


def year_of(person: Person, *, now: datetime) -> Year | None:
    """Ask what this year has come to (5206), as the hospital of the last insured visit.

    Codes that nobody has explained are left out. None for somebody without an insured visit.
    Raises `InsurerRefused`, `InsurerUnavailable`, `InsurerNonsense`, `NotConnected`.
    """
    last = (
        Encounter.objects.filter(visit__person=person)
        .select_related("visit__institution")
        .order_by("-visit__began_at", "-pk")
        .first()
    )
    if last is None:
        return None
    hospital = last.visit.institution
    who = persons.known(person, last, institution_id=hospital.pk, now=now)
    found = {row.meaning: row for row in overview.year_so_far(who, now=now)}
    rows = tuple(found[meaning] for meaning in COUNTED if meaning in found)
    return Year(now.year, hospital.name, rows)
