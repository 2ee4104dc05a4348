"""Many notices in one go, for a night: one statement, one batch of jobs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from django.db import connection

from yifu.patients.jobs import send_notice

_INSERT = """
INSERT INTO patients_notice (key, person_id, template, params, state, created_at)
SELECT key, person_id, template, params::jsonb, 'requested', %(now)s::timestamptz
FROM unnest(%(keys)s::text[], %(persons)s::bigint[], %(templates)s::text[], %(params)s::text[])
     AS row (key, person_id, template, params)
WHERE NOT EXISTS (SELECT FROM patients_person person
                  WHERE person.id = row.person_id AND person.died_on IS NOT NULL)
ON CONFLICT (key) DO NOTHING
RETURNING id
"""


@dataclass(frozen=True, slots=True)
class Message:
    """What to tell whom; the same key tells once. `params` fill the template's text."""

    key: str
    person_id: int
    template: str
    params: dict[str, Any]


def notify_many(messages: Sequence[Message], *, now: datetime) -> int:
    """Write messages and the jobs that send them, in the caller's transaction; counts new ones.

    The dead are told nothing.
    """
    if not messages:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            _INSERT,
            {
                "keys": [message.key for message in messages],
                "persons": [message.person_id for message in messages],
                "templates": [message.template for message in messages],
                "params": [orjson.dumps(message.params).decode() for message in messages],
                "now": now,
            },
        )
        new = [row[0] for row in cursor.fetchall()]
    if new:
        send_notice.batch_defer(*({"notice_id": notice_id} for notice_id in new))
    return len(new)
