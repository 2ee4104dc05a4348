"""Read what really happened: families' personal parts in order, and what they come to."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from django.db import connection, transaction

from yifu.insight.replay import Event

FETCH = 5000

# Every bill of somebody who had a line of the platform's then, by family and time. What is owed
# from before the first day comes first. A bank's line is the bank's to decide about.
EVENTS = """
WITH scored AS (
    SELECT DISTINCT ON (person_id) person_id, score FROM credit_score
    WHERE asked_at < %(until)s ORDER BY person_id, asked_at DESC
), by_night AS (
    SELECT DISTINCT debit.bill_id
    FROM collection_nightdebit debit JOIN payments_attempt attempt ON attempt.id = debit.attempt_id
    WHERE attempt.state = 'succeeded'
)
SELECT bill.principal_id, scored.score, visit.person_id,
       visit.person_id <> bill.principal_id, dependant.limit_fen, visit.kind, institution.district,
       extract(epoch FROM coalesce(visit.ended_at, bill.opened_at))::bigint, bill.amount_fen,
       bill.line_id IS NOT NULL,
       extract(epoch FROM bill.due_at)::bigint,
       CASE WHEN bill.state = 'paid' THEN extract(epoch FROM bill.closed_at)::bigint END,
       by_night.bill_id IS NOT NULL,
       coalesce(visit.ended_at, bill.opened_at) < %(since)s,
       extract(year FROM person.birth_date)::int, person.sex
FROM collection_bill bill
JOIN visits_visit visit ON visit.id = bill.visit_id
JOIN institutions_institution institution ON institution.id = visit.institution_id
JOIN patients_person person ON person.id = visit.person_id
JOIN credit_creditline credit ON credit.person_id = bill.principal_id AND credit.lender = 'platform'
JOIN patients_contract contract ON contract.id = credit.contract_id
LEFT JOIN patients_dependant dependant
       ON dependant.contract_id = contract.id AND dependant.person_id = visit.person_id
      AND dependant.since <= bill.opened_at
      AND (dependant.ended_at IS NULL OR dependant.ended_at > bill.opened_at)
LEFT JOIN scored ON scored.person_id = bill.principal_id
LEFT JOIN by_night ON by_night.bill_id = bill.id
WHERE institution.area_id = %(area)s AND bill.amount_fen > 0
  AND contract.signed_at <= bill.opened_at
  AND (contract.closed_at IS NULL OR contract.closed_at > bill.opened_at)
  AND coalesce(visit.ended_at, bill.opened_at) < %(until)s
  AND (coalesce(visit.ended_at, bill.opened_at) >= %(since)s
       OR bill.line_id IS NOT NULL AND (bill.closed_at IS NULL OR bill.closed_at >= %(since)s)
          AND bill.state <> 'written_off')
ORDER BY bill.principal_id, 8, bill.id
"""

_COUNT = """
SELECT count(DISTINCT bill.principal_id) FROM collection_bill bill
JOIN credit_creditline credit ON credit.person_id = bill.principal_id AND credit.lender = 'platform'
WHERE bill.opened_at < %(until)s
"""

_RECORDED = """
WITH part AS (
    SELECT bill.*, coalesce(visit.ended_at, bill.opened_at) AS at,
           CASE WHEN bill.state = 'paid' THEN bill.closed_at END AS paid_at
    FROM collection_bill bill
    JOIN visits_visit visit ON visit.id = bill.visit_id
    JOIN institutions_institution institution ON institution.id = visit.institution_id
    JOIN credit_creditline credit
      ON credit.person_id = bill.principal_id AND credit.lender = 'platform'
    JOIN patients_contract contract ON contract.id = credit.contract_id
    WHERE institution.area_id = %(area)s AND bill.amount_fen > 0
      AND contract.signed_at <= bill.opened_at
      AND (contract.closed_at IS NULL OR contract.closed_at > bill.opened_at)
      AND coalesce(visit.ended_at, bill.opened_at) < %(until)s
), changed AS (
    SELECT credit.person_id, change.after FROM credit_standingchange change
    JOIN credit_creditline credit ON credit.id = change.credit_line_id
    JOIN patients_contract contract ON contract.id = credit.contract_id
    WHERE contract.area_id = %(area)s AND credit.lender = 'platform'
      AND change.at >= %(since)s AND change.at < %(until)s
), late AS (
    SELECT amount_fen FROM part
    WHERE line_id IS NOT NULL AND due_at < %(until)s
      AND coalesce(paid_at, 'infinity') > greatest(due_at, %(since)s)
)
SELECT count(*) FILTER (WHERE at >= %(since)s),
       count(*) FILTER (WHERE at >= %(since)s AND line_id IS NOT NULL),
       coalesce(sum(amount_fen) FILTER (WHERE at >= %(since)s), 0)::bigint,
       coalesce(sum(amount_fen) FILTER (WHERE at >= %(since)s AND line_id IS NOT NULL), 0)::bigint,
       (SELECT count(*) FROM late), (SELECT coalesce(sum(amount_fen), 0)::bigint FROM late),
       (SELECT count(DISTINCT person_id) FROM changed WHERE after = 'suspended'),
       (SELECT count(DISTINCT person_id) FROM changed WHERE after = 'defaulted'),
       (SELECT coalesce(sum(amount_fen - lowered_fen - recovered_fen), 0)::bigint
        FROM collection_writeoff write_off
        JOIN institutions_institution institution ON institution.id = write_off.institution_id
        WHERE institution.area_id = %(area)s AND write_off.state = 'approved'
          AND write_off.decided_at >= %(since)s AND write_off.decided_at < %(until)s)
FROM part
"""


class Family(NamedTuple):
    """A principal's family: score, events by time, and who is who (birth year, sex) in it."""

    principal_id: int
    score: int | None
    events: list[Event]
    persons: dict[int, tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Recorded:
    """What really was, as far as the records tell; None: they do not. Fen."""

    parts: int
    credit_parts: int
    amount_fen: int
    credit_fen: int
    overdue_bills: int
    overdue_fen: int
    suspended_people: int
    defaulted_people: int
    bad_fen: int


def count_families(*, area: str, until: datetime) -> int:
    """Count the families there are, for a progress bar."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"until": until, "area": area})
        return int(cursor.fetchone()[0])


def families(*, area: str, since: datetime, until: datetime) -> Iterator[Family]:
    """Read families one after the other, each whole, from a cursor on the server."""
    parameters: dict[str, Any] = {"area": area, "since": since, "until": until}
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        with connection.cursor() as settings:
            # All rows are wanted: not the plan that finds the first ones soonest.
            settings.execute("SET LOCAL cursor_tuple_fraction = 1")
        cursor.execute(EVENTS, parameters)
        for principal_id, rows in groupby(_fetched(cursor), key=itemgetter(0)):
            found = list(rows)
            yield Family(
                principal_id,
                found[0][1],
                [Event._make(row[2:14]) for row in found],
                {row[2]: (row[14], row[15]) for row in found},
            )


def _fetched(cursor: Any) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401 - Django's cursor
    while rows := cursor.fetchmany(FETCH):
        yield from rows


def recorded(*, area: str, since: datetime, until: datetime) -> Recorded:
    """Add up what really was in these months."""
    with connection.cursor() as cursor:
        cursor.execute(_RECORDED, {"area": area, "since": since, "until": until})
        return Recorded(*cursor.fetchone())


def first_day_of(month: str) -> date:
    """Read `2026-03` as its first day; `ValueError` otherwise."""
    return date.fromisoformat(f"{month}-01")
