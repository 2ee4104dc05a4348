"""Find a visit at the insurer whose number got lost with the answer (2201, 2401).

A visit is recognised by the hospital's own number and by when it began, both as they were sent:
the number alone may be another hospital's of the same person.
"""

from collections.abc import Iterable
from datetime import datetime

from yifu import clock
from yifu.insurance import queries
from yifu.insurance.persons import Known
from yifu.insurance.queries import Span
from yifu.insurance.query_answers import Inpatient, VisitThere
from yifu.visits.models import Visit


def match_visit(found: Iterable[VisitThere], *, visit_no: str, began_at: datetime) -> str | None:
    """Give the `mdtrt_id` of the visit with this number that began in this second, or None.

    Of several, as when one was taken back and registered again, the last one counts.
    """
    second = began_at.replace(microsecond=0)
    matching = [
        one.mdtrt_id for one in found if one.visit_no == visit_no and one.began_at == second
    ]
    return matching[-1] if matching else None


def match_stay(
    found: Iterable[Inpatient], *, psn_no: str, visit_no: str, began_at: datetime
) -> str | None:
    """Give the `mdtrt_id` of the person's stay with this number that began on this day, or None."""
    day = clock.business_date(began_at)
    matching = [
        one.mdtrt_id
        for one in found
        if (one.psn_no, one.visit_no, one.began_on) == (psn_no, visit_no, day)
    ]
    return matching[-1] if matching else None


def find_visit(visit: Visit, who: Known, *, med_type: str, now: datetime) -> str | None:
    """Ask whether the insurer has an outpatient visit, and under which number (5201).

    None: it has not; registering it again makes no second one. Raises as `queries` says; then
    nobody knows.
    """
    span = Span.around(visit.began_at, days=0)
    found = queries.visits(who, span=span, med_type=med_type, now=now)
    return match_visit(found, visit_no=visit.visit_no, began_at=visit.began_at)


def find_stay(visit: Visit, who: Known, *, now: datetime) -> str | None:
    """Ask whether the insurer has a stay as one in hospital, and under which number (5303)."""
    span = Span.around(visit.began_at, days=0)
    found = queries.inpatients(who, span=span, now=now)
    return match_stay(found, psn_no=who.psn_no, visit_no=visit.visit_no, began_at=visit.began_at)
