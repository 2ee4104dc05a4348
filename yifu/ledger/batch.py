"""Many postings in one go, for a night's debits: a few statements, whatever their number.

The same promises as `services.post`: balanced, append-only, once per key, never over a limit.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString

from django.db import connection

from yifu import clock, rows
from yifu.ledger.errors import AmountNotPositive, LimitExceeded
from yifu.ledger.rules import Move, owed_by, present
from yifu.ledger.services import ensure_accounts


@dataclass(frozen=True, slots=True)
class Entry:
    """A posting to be written: its key, its kind, what goes where."""

    key: str
    kind: str
    moves: tuple[Move, ...]


_POST = """
WITH entry AS (
    SELECT row.key, row.kind, row.amount_fen, row.line_id,
           debit.id AS debit_id, credit.id AS credit_id
    FROM unnest(%(keys)s::text[], %(kinds)s::text[], %(debits)s::text[], %(credits)s::text[],
                %(fens)s::bigint[], %(lines)s::bigint[])
         AS row (key, kind, debit, credit, amount_fen, line_id)
    JOIN ledger_account debit ON debit.code = row.debit
    JOIN ledger_account credit ON credit.code = row.credit
), posted AS (
    INSERT INTO ledger_posting (key, kind, occurred_at, business_date)
    SELECT DISTINCT key, kind, %(now)s::timestamptz, %(date)s::date FROM entry ORDER BY key
    ON CONFLICT (key) DO NOTHING
    RETURNING id, key
), moved AS (
    INSERT INTO ledger_movement (posting_id, debit_id, credit_id, amount_fen, line_id)
    SELECT posted.id, entry.debit_id, entry.credit_id, entry.amount_fen, entry.line_id
    FROM posted JOIN entry USING (key)
)
SELECT key FROM posted
"""

_LOCK_LINES = """
SELECT id FROM ledger_line WHERE id = ANY(%(lines)s::bigint[]) ORDER BY id
FOR NO KEY UPDATE
"""

_CHANGE_OWED = """
UPDATE ledger_line line
SET owed_fen = line.owed_fen + change.fen,
    extra_fen = least(line.extra_fen,
                      greatest(0, line.held_fen + line.owed_fen + change.fen - line.limit_fen))
FROM unnest(%(lines)s::bigint[], %(fens)s::bigint[]) AS change (line_id, fen)
WHERE line.id = change.line_id
  AND (change.fen <= 0
       OR line.held_fen + line.owed_fen + change.fen <= line.limit_fen + line.extra_fen)
"""


def post_many(entries: Sequence[Entry], *, now: datetime) -> set[str]:
    """Write postings and change the lines they name; call it inside a transaction.

    Gives the keys that were new; the others were posted before and nothing changes for them. No
    key may come twice in one call (`ValueError`). Lines are locked by ascending id, and a
    principal's is older than its dependants', so the order is that of `services`. Raises
    `AmountNotPositive` (also for a posting of nothing) and `LimitExceeded`: then none counts.
    """
    if not entries:
        return set()
    moves = [(entry, move) for entry in entries for move in present(entry.moves)]
    if len({entry.key for entry in entries}) != len(entries):
        raise ValueError("the same key comes twice")
    if len({entry.key for entry, _ in moves}) != len(entries):
        raise AmountNotPositive
    if any(move.amount_fen < 0 for _, move in moves):
        raise AmountNotPositive
    ensure_accounts({code for _, move in moves for code in (move.debit, move.credit)})
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_LINES, {"lines": sorted({i for _, move in moves for i in move.lines})})
        cursor.execute(_POST, _columns(moves) | {"now": now, "date": clock.business_date(now)})
        new = {row[0] for row in cursor.fetchall()}
    _change_owed([move for entry, move in moves if entry.key in new])
    return new


def _columns(moves: Sequence[tuple[Entry, Move]]) -> dict[str, list[Any]]:
    return {
        "keys": [entry.key for entry, _ in moves],
        "kinds": [entry.kind for entry, _ in moves],
        "debits": [move.debit for _, move in moves],
        "credits": [move.credit for _, move in moves],
        "fens": [move.amount_fen for _, move in moves],
        "lines": [move.lines[-1] if move.lines else None for _, move in moves],
    }


def _change_owed(moves: Sequence[Move]) -> None:
    changes: Counter[int] = Counter()
    for lines, fen in owed_by(moves).items():
        for line in lines:
            changes[line] += fen
    if not changes:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            _CHANGE_OWED, {"lines": list(changes), "fens": [changes[line] for line in changes]}
        )
        if cursor.rowcount != len(changes):
            raise LimitExceeded


# What is repaid leaves the room that an emergency was granted, as far as that is still used.
_REPAY = """
WITH entry AS MATERIALIZED (
    SELECT nextval(pg_get_serial_sequence('ledger_posting', 'id')) AS posting_id, repaid.*
    FROM ({query}) repaid
), posted AS (
    INSERT INTO ledger_posting (id, key, kind, occurred_at, business_date)
    SELECT posting_id, key, 'payment', %(now)s::timestamptz, %(date)s::date FROM entry
), moved AS (
    INSERT INTO ledger_movement (posting_id, debit_id, credit_id, amount_fen, line_id)
    SELECT posting_id, debit_id, credit_id, amount_fen, line_id FROM entry
), change AS (
    SELECT line_id, sum(amount_fen)::bigint AS fen
    FROM (SELECT line_id, amount_fen FROM entry WHERE line_id IS NOT NULL
          UNION ALL
          SELECT parent_id, amount_fen FROM entry WHERE parent_id IS NOT NULL) each
    GROUP BY line_id
), less AS (
    UPDATE ledger_line line
    SET owed_fen = line.owed_fen - change.fen,
        extra_fen = least(line.extra_fen,
                          greatest(0, line.held_fen + line.owed_fen - change.fen - line.limit_fen))
    FROM change WHERE line.id = change.line_id
)
SELECT count(*), coalesce(sum(amount_fen), 0)::bigint FROM entry
"""


def repay(query: LiteralString, parameters: Mapping[str, Any], *, now: datetime) -> tuple[int, int]:
    """Post repayments of receivables that a query gives; call it inside a transaction.

    The query's columns: `key` (of the posting, new), `debit_id` (the account where the money is),
    `credit_id` (the receivable), `amount_fen` (positive), `line_id` and `parent_id` (the line that
    owes less, and its principal's; or null). The caller has locked those lines by ascending id.
    Gives how many and how much. A key that was posted before breaks the transaction off.
    """
    dated = {"now": now, "date": clock.business_date(now)}
    found = rows.one(_REPAY.format(query=query), {**parameters, **dated})
    return (int(found[0]), int(found[1])) if found else (0, 0)
