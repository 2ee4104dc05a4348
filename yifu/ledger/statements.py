"""The ledger's SQL. Each statement is one step that either happens or does not.

A line's room is limit + extra − held − owed. Extra room never stays unused: whatever changes held
or owed takes back what goes beyond `held + owed − limit`, so it is granted for one debt and ends as
that is repaid.
"""


def _shrunk(*, held: str, owed: str) -> str:
    """Write what is left of the extra room of a line that will have so much held and owed."""
    return f"least(extra_fen, greatest(0, {held} + {owed} - limit_fen))"


# A debt that a hold covers (`held`) needs room only for what goes beyond it.
CHANGE_OWED = f"""
UPDATE ledger_line
SET owed_fen = owed_fen + %(fen)s, held_fen = held_fen - %(held)s,
    extra_fen = {_shrunk(held="held_fen - %(held)s", owed="owed_fen + %(fen)s")}
WHERE id = %(line)s
  AND (%(fen)s <= %(held)s OR held_fen - %(held)s + owed_fen + %(fen)s <= limit_fen + extra_fen)
"""  # noqa: S608 - constants of this module

INCREASE_HELD = """
UPDATE ledger_line SET held_fen = held_fen + %(fen)s
WHERE id = %(line)s AND held_fen + owed_fen + %(fen)s <= limit_fen + extra_fen
"""

# Room for one debt beyond the limit, if that leaves the line at most so much beyond it. Gives how
# much of the debt is beyond; less than nothing: it has room anyway.
GRANT_ROOM = """
UPDATE ledger_line SET extra_fen = greatest(extra_fen, held_fen + owed_fen + %(fen)s - limit_fen)
WHERE id = %(line)s AND held_fen + owed_fen + %(fen)s - limit_fen <= %(most)s
RETURNING least(%(fen)s, held_fen + owed_fen + %(fen)s - limit_fen)
"""

ENSURE_ACCOUNTS = """
INSERT INTO ledger_account (code, kind)
SELECT code, split_part(code, ':', 1) FROM unnest(%(codes)s::text[]) AS code
ON CONFLICT (code) DO NOTHING
"""

# Nothing is inserted unless every account is known and the line (if there is one) has room, so the
# posting is whole or absent.
POST = f"""
WITH moves AS (
    SELECT debit.id AS debit_id, credit.id AS credit_id, move.amount_fen, move.line_id
    FROM unnest(%(debits)s::text[], %(credits)s::text[], %(fens)s::bigint[], %(lines)s::bigint[])
         AS move (debit, credit, amount_fen, line_id)
    JOIN ledger_account debit ON debit.code = move.debit
    JOIN ledger_account credit ON credit.code = move.credit
), taken AS (
    UPDATE ledger_line
    SET owed_fen = owed_fen + %(owed)s, held_fen = held_fen - %(held)s,
        extra_fen = {_shrunk(held="held_fen - %(held)s", owed="owed_fen + %(owed)s")}
    WHERE id = %(line)s
      AND (%(owed)s <= %(held)s
           OR held_fen - %(held)s + owed_fen + %(owed)s <= limit_fen + extra_fen)
      AND (SELECT count(*) FROM moves) = %(count)s
      AND NOT EXISTS (SELECT 1 FROM ledger_posting WHERE key = %(key)s)
    RETURNING id
), posted AS (
    INSERT INTO ledger_posting (key, kind, occurred_at, business_date, corrects_id)
    SELECT %(key)s, %(kind)s, %(now)s, %(date)s, %(corrects)s
    WHERE (SELECT count(*) FROM moves) = %(count)s
      AND (%(line)s::bigint IS NULL OR EXISTS (SELECT 1 FROM taken))
    ON CONFLICT (key) DO NOTHING
    RETURNING id
), moved AS (
    INSERT INTO ledger_movement (posting_id, debit_id, credit_id, amount_fen, line_id)
    SELECT posted.id, debit_id, credit_id, amount_fen, line_id FROM posted, moves
)
SELECT (SELECT id FROM posted), (SELECT count(*) FROM taken), (SELECT count(*) FROM moves)
"""  # noqa: S608 - constants of this module

POSTED = """
SELECT posting.id, debit.code, credit.code, movement.amount_fen, movement.line_id
FROM ledger_posting posting
LEFT JOIN ledger_movement movement ON movement.posting_id = posting.id
LEFT JOIN ledger_account debit ON debit.id = movement.debit_id
LEFT JOIN ledger_account credit ON credit.id = movement.credit_id
WHERE posting.key = %(key)s
"""

# A hold on a line without a parent: the counter and the hold in one statement. The same key a
# second time changes nothing; two at the same instant meet in the unique key.
HOLD = """
WITH taken AS (
    UPDATE ledger_line SET held_fen = held_fen + %(fen)s
    WHERE id = %(line)s AND held_fen + owed_fen + %(fen)s <= limit_fen + extra_fen
      AND NOT EXISTS (SELECT 1 FROM ledger_hold WHERE key = %(key)s)
    RETURNING id
)
INSERT INTO ledger_hold (key, line_id, amount_fen, captured_fen, state, opened_at, expires_at)
SELECT %(key)s, taken.id, %(fen)s, 0, 'open', %(now)s, %(expires)s FROM taken
RETURNING id
"""

INSERT_HOLD = """
INSERT INTO ledger_hold (key, line_id, amount_fen, captured_fen, state, opened_at, expires_at)
VALUES (%(key)s, %(line)s, %(fen)s, 0, 'open', %(now)s, %(expires)s)
RETURNING id
"""

# Captures an open hold: the hold ends, the whole hold leaves `held`, the captured part becomes
# owed, and the posting says from whom. `parent` is the principal's line (already locked), or null.
CAPTURE = f"""
WITH held AS (
    UPDATE ledger_hold SET state = 'captured', captured_fen = %(fen)s, closed_at = %(now)s
    WHERE key = %(key)s AND state = 'open' AND amount_fen >= %(fen)s
      AND EXISTS (SELECT 1 FROM ledger_line line
                  WHERE line.id = ledger_hold.line_id
                    AND line.parent_id IS NOT DISTINCT FROM %(parent)s::bigint)
      AND EXISTS (SELECT 1 FROM ledger_account WHERE code = %(credit)s)
    RETURNING line_id, amount_fen
), line AS (
    UPDATE ledger_line
    SET held_fen = held_fen - held.amount_fen, owed_fen = owed_fen + %(fen)s,
        extra_fen = {_shrunk(held="held_fen - held.amount_fen", owed="owed_fen + %(fen)s")}
    FROM held WHERE ledger_line.id IN (held.line_id, %(parent)s::bigint)
    RETURNING ledger_line.id, ledger_line.account_id
), posted AS (
    INSERT INTO ledger_posting (key, kind, occurred_at, business_date)
    SELECT %(posting_key)s, 'capture', %(now)s, %(date)s FROM held
    RETURNING id
), moved AS (
    INSERT INTO ledger_movement (posting_id, debit_id, credit_id, amount_fen, line_id)
    SELECT posted.id, line.account_id, credit.id, %(fen)s, line.id
    FROM posted, held JOIN line ON line.id = held.line_id, ledger_account credit
    WHERE credit.code = %(credit)s
    RETURNING posting_id
)
SELECT posting_id FROM moved
"""  # noqa: S608 - constants of this module

# A hold that a posting of its own line uses up: the posting changes the lines.
TAKE_HOLD = """
UPDATE ledger_hold
SET state = 'captured', captured_fen = least(amount_fen, %(fen)s), closed_at = %(now)s
WHERE key = %(key)s AND state = 'open' AND line_id = %(line)s
RETURNING amount_fen
"""

CLOSE_HOLD = f"""
WITH held AS (
    UPDATE ledger_hold SET state = %(state)s, closed_at = %(now)s
    WHERE key = %(key)s AND state = 'open'
    RETURNING line_id, amount_fen
)
UPDATE ledger_line
SET held_fen = held_fen - held.amount_fen,
    extra_fen = {_shrunk(held="held_fen - held.amount_fen", owed="owed_fen")}
FROM held WHERE ledger_line.id IN (held.line_id, %(parent)s::bigint)
RETURNING ledger_line.id
"""  # noqa: S608 - constants of this module

# Holds before lines, each by ascending id; one that is being captured at this instant is left to
# whoever captures it.
EXPIRABLE = """
SELECT hold.id, hold.line_id, line.parent_id
FROM ledger_hold hold JOIN ledger_line line ON line.id = hold.line_id
WHERE hold.state = 'open' AND hold.expires_at <= %(now)s
ORDER BY hold.id LIMIT %(limit)s
FOR NO KEY UPDATE OF hold SKIP LOCKED
"""

LOCK_LINES = """
SELECT id FROM ledger_line WHERE id = ANY(%(lines)s::bigint[]) ORDER BY id FOR NO KEY UPDATE
"""

EXPIRE = f"""
WITH expired AS (
    UPDATE ledger_hold SET state = 'expired', closed_at = %(now)s
    WHERE id = ANY(%(holds)s::bigint[]) AND state = 'open'
    RETURNING line_id, amount_fen
), back AS (
    SELECT line.id, sum(expired.amount_fen) AS fen
    FROM expired JOIN ledger_line own ON own.id = expired.line_id
    JOIN ledger_line line ON line.id IN (own.id, own.parent_id)
    GROUP BY line.id
)
UPDATE ledger_line
SET held_fen = held_fen - back.fen,
    extra_fen = {_shrunk(held="held_fen - back.fen", owed="owed_fen")}
FROM back WHERE ledger_line.id = back.id
RETURNING ledger_line.id
"""  # noqa: S608 - constants of this module

VERIFY_LINES = """
WITH moved AS (
    SELECT m.line_id,
           sum(CASE WHEN m.debit_id = l.account_id THEN m.amount_fen ELSE 0 END)
         - sum(CASE WHEN m.credit_id = l.account_id THEN m.amount_fen ELSE 0 END) AS owed
    FROM ledger_movement m JOIN ledger_line l ON l.id = m.line_id GROUP BY m.line_id
), open_holds AS (
    SELECT line_id, sum(amount_fen) AS held FROM ledger_hold WHERE state = 'open' GROUP BY line_id
), own AS (
    SELECT l.id, coalesce(l.parent_id, l.id) AS top, coalesce(m.owed, 0) AS owed,
           coalesce(h.held, 0) AS held
    FROM ledger_line l LEFT JOIN moved m ON m.line_id = l.id
    LEFT JOIN open_holds h ON h.line_id = l.id
), whole AS (
    SELECT id, owed, held FROM own WHERE top <> id
    UNION ALL
    SELECT top, sum(owed), sum(held) FROM own GROUP BY top
)
SELECT l.id, l.owed_fen, whole.owed, l.held_fen, whole.held
FROM ledger_line l JOIN whole ON whole.id = l.id
WHERE l.owed_fen <> whole.owed OR l.held_fen <> whole.held
ORDER BY l.id
"""

VERIFY_TOTALS = """
SELECT (SELECT count(*) FROM ledger_posting), (SELECT count(*) FROM ledger_movement),
       (SELECT count(*) FROM ledger_line), (SELECT count(*) FROM ledger_hold WHERE state = 'open'),
       (SELECT coalesce(sum(amount_fen), 0) FROM ledger_movement)
"""

EMPTY_POSTINGS = """
SELECT p.key FROM ledger_posting p
WHERE NOT EXISTS (SELECT 1 FROM ledger_movement m WHERE m.posting_id = p.id)
ORDER BY p.id LIMIT 100
"""

BALANCES = """
SELECT a.code, coalesce(d.fen, 0) - coalesce(c.fen, 0)
FROM ledger_account a
LEFT JOIN (SELECT debit_id, sum(amount_fen) AS fen FROM ledger_movement GROUP BY 1) d
       ON d.debit_id = a.id
LEFT JOIN (SELECT credit_id, sum(amount_fen) AS fen FROM ledger_movement GROUP BY 1) c
       ON c.credit_id = a.id
WHERE a.code LIKE %(prefix)s
ORDER BY a.code
"""
