"""Debits that are wanted by the ten thousand: asked for and written down in a few statements.

A caller fills the temporary table `payments_wanted` within its transaction, and finds in
`payments_requested` what became of each want. Same promises as `services.request_debits`: never
over a person's daily limit (earlier due first, the last one in part, P2.6), one attempt under way.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from yifu import clock, rows
from yifu.payments import rules
from yifu.payments.models import AttemptState

_TABLES = """
CREATE TEMP TABLE IF NOT EXISTS payments_wanted (
    subject_id bigint, subject text, person_id bigint, binding_id bigint,
    wanted_fen bigint, rank_at timestamptz
) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS payments_requested (
    subject_id bigint, attempt_id bigint, amount_fen bigint
) ON COMMIT DELETE ROWS
"""

_LOCK_BINDINGS = """
SELECT count(*) FROM (
    SELECT id FROM payments_binding
    WHERE id IN (SELECT binding_id FROM payments_wanted) AND active
    ORDER BY id FOR NO KEY UPDATE
) locked
"""

# Looked up once the bindings are locked: what others requested before is visible by then. What was
# taken, or may still be, counts for the person, also under an earlier contract with the channel.
_REQUEST = """
WITH used AS MATERIALIZED (
    SELECT wanted.binding_id, (
        SELECT sum(attempt.amount_fen)::bigint FROM payments_attempt attempt
        WHERE attempt.binding_id = ANY(ARRAY(
                  SELECT earlier.id FROM payments_binding earlier
                  WHERE earlier.person_id = wanted.person_id AND earlier.channel_id = %(channel)s))
          AND attempt.state IN ('requested', 'unknown', 'succeeded')
          AND attempt.requested_at >= %(begin)s AND attempt.requested_at < %(end)s
    ) AS fen
    FROM (SELECT DISTINCT person_id, binding_id FROM payments_wanted) wanted
), allotted AS (
    SELECT wanted.subject_id, wanted.subject, wanted.binding_id,
           least(wanted.wanted_fen,
                 greatest(0, binding.daily_limit_fen - coalesce(used.fen, 0)
                             - (sum(wanted.wanted_fen) OVER own)::bigint + wanted.wanted_fen)
           ) AS fen
    FROM payments_wanted wanted
    JOIN payments_binding binding ON binding.id = wanted.binding_id AND binding.active
    LEFT JOIN used ON used.binding_id = wanted.binding_id
    WINDOW own AS (PARTITION BY wanted.binding_id ORDER BY wanted.rank_at, wanted.subject_id
                   ROWS UNBOUNDED PRECEDING)
), numbered AS MATERIALIZED (
    SELECT ordered.*,
           CASE WHEN fen > 0
                THEN nextval(pg_get_serial_sequence('payments_attempt', 'id')) END AS attempt_id
    FROM (SELECT * FROM allotted ORDER BY subject_id) ordered
), made AS (
    INSERT INTO payments_attempt (id, out_trade_no, channel_id, binding_id, file_id, subject,
                                  amount_fen, refunded_fen, state, code, transaction_id,
                                  requested_at, business_date)
    SELECT attempt_id,
           'A' || to_char(%(date)s::date, 'YYYYMMDD') || lpad(attempt_id::text, 14, '0'),
           %(channel)s, binding_id, %(file)s, subject, fen, 0, %(state)s::text, '', '',
           %(now)s::timestamptz, %(date)s::date
    FROM numbered WHERE fen > 0
), given AS (
    INSERT INTO payments_requested (subject_id, attempt_id, amount_fen)
    SELECT subject_id, attempt_id, fen FROM numbered
)
SELECT count(attempt_id), coalesce(sum(fen), 0)::bigint, coalesce(min(attempt_id), 0),
       coalesce(max(attempt_id), 0)
FROM numbered
"""


@dataclass(frozen=True, slots=True)
class Requested:
    """What was written down together: how many attempts, fen, and their first and last id."""

    count: int
    amount_fen: int
    first: int
    last: int


def prepare() -> None:
    """Make the temporary tables of this connection, in the transaction that will fill them."""
    with connection.cursor() as cursor:
        for statement in _TABLES.split(";"):
            cursor.execute(statement)


def request(*, channel_id: int, file_id: int | None, now: datetime) -> Requested:
    """Write the wanted debits of one channel down; the caller has locked their subjects.

    In a file they count as having left from now on: the file's own state says whether it has.
    A want of which nothing may be debited today has an empty `attempt_id` in `payments_requested`.
    """
    day = clock.business_date(now)
    begin, end = clock.day_bounds(day)
    state = AttemptState.REQUESTED if file_id is None else AttemptState.UNKNOWN
    rows.run(_LOCK_BINDINGS, {})
    found = rows.one(
        _REQUEST,
        {
            "channel": channel_id,
            "file": file_id,
            "state": state.value,
            "begin": begin,
            "end": end,
            "date": day,
            "now": now,
        },
    )
    return Requested(*found) if found else Requested(0, 0, 0, 0)


def attempts() -> list[int]:
    """List the attempts that `request` has just written, in the same transaction."""
    statement = """
        SELECT attempt_id FROM payments_requested WHERE attempt_id IS NOT NULL ORDER BY 1
    """
    return [row[0] for row in rows.run(statement, {})]


def retried(answers: rules.Answers, *, channels: dict[str, int]) -> dict[str, list[int | str]]:
    """Give the answer codes after which another try is made, as columns for a statement.

    `channels` are ids by code. `codes_of` is the channel of each code, `codes` and `meanings` say
    what it means; any other code of a failed attempt stops.
    """
    found = [
        (channels[channel], code, meaning.value)
        for (channel, code), meaning in rules.after_failure(answers).items()
        if channel in channels
    ]
    return {
        "codes_of": [one[0] for one in found],
        "codes": [one[1] for one in found],
        "meanings": [one[2] for one in found],
    }
