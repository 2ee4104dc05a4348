"""Many notices in one go, for a night: one statement, one job for some thousands of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString

import orjson

from yifu import clock, rows
from yifu.patients.jobs import send_notices

_INSERT = """
WITH message AS ({query}), written AS (
    INSERT INTO patients_notice (key, person_id, template, params, state, created_at, send_after)
    SELECT key, person_id, template, params, 'requested', %(now)s::timestamptz,
           coalesce(send_after, %(send_after)s::timestamptz)
    FROM message
    ON CONFLICT (key) DO NOTHING
    RETURNING id, send_after
)
SELECT send_after, count(*), min(id), max(id) FROM written GROUP BY send_after ORDER BY send_after
"""

_GIVEN: LiteralString = """
SELECT key, person_id, template, params::jsonb AS params, NULL::timestamptz AS send_after
FROM unnest(%(keys)s::text[], %(persons)s::bigint[], %(templates)s::text[], %(params)s::text[])
     AS row (key, person_id, template, params)
WHERE NOT EXISTS (SELECT FROM patients_person person
                  WHERE person.id = row.person_id AND person.died_on IS NOT NULL)
"""

YUAN: LiteralString = "('¥' || to_char({fen} / 100.0, 'FM999,999,999,990.00'))"
"""An amount in fen as `money.display` writes it, as a value within a query."""


@dataclass(frozen=True, slots=True)
class Message:
    """What to tell whom; the same key tells once. `params` fill the template's text."""

    key: str
    person_id: int
    template: str
    params: dict[str, Any]


def notify_many(
    messages: Sequence[Message], *, now: datetime, send_after: datetime | None = None
) -> int:
    """Write messages and the job that sends them, in the caller's transaction; counts new ones.

    The dead are told nothing.
    """
    if not messages:
        return 0
    columns = {
        "keys": [message.key for message in messages],
        "persons": [message.person_id for message in messages],
        "templates": [message.template for message in messages],
        "params": [orjson.dumps(message.params).decode() for message in messages],
    }
    return notify_from(_GIVEN, columns, now=now, send_after=send_after)


def notify_from(
    query: LiteralString,
    parameters: Mapping[str, Any],
    *,
    now: datetime,
    send_after: datetime | None,
) -> int:
    """Write the messages that a query gives and the jobs that send them; counts new ones.

    In the caller's transaction. The query's columns: `key` (the same tells once), `person_id`,
    `template`, `params` (jsonb), and `send_after`, null where `send_after` is to be taken.
    """
    scope = {**parameters, "now": now, "send_after": send_after}
    told = 0
    for after, count, first, last in rows.run(_INSERT.format(query=query), scope):
        # A simulated day's hours are seconds: what waits for its hour is sent at once.
        wait = {} if after is None or clock.simulated() else {"schedule_at": after}
        send_notices.configure(**wait).defer(first=first, last=last)
        told += int(count)
    return told
