"""The payments' SQL, over sets: one statement for any number of attempts."""

LOCK_BINDINGS = """
SELECT binding.id, binding.channel_id, binding.daily_limit_fen
FROM payments_binding binding
WHERE binding.id = ANY(%(bindings)s::bigint[]) AND binding.active
ORDER BY binding.id
FOR NO KEY UPDATE
"""

# What was taken, or may still be, from the same person through the same channel since midnight;
# also under an earlier contract with it.
USED_TODAY = """
SELECT binding.id, coalesce(sum(attempt.amount_fen), 0)
FROM payments_binding binding
JOIN payments_binding earlier
  ON earlier.person_id = binding.person_id AND earlier.channel_id = binding.channel_id
JOIN payments_attempt attempt ON attempt.binding_id = earlier.id
WHERE binding.id = ANY(%(bindings)s::bigint[])
  AND attempt.state IN ('requested', 'unknown', 'succeeded')
  AND attempt.requested_at >= %(begin)s AND attempt.requested_at < %(end)s
GROUP BY binding.id
"""

NUMBERS = """
SELECT nextval(pg_get_serial_sequence(%(table)s::text, 'id'))
FROM generate_series(1, %(count)s::int)
"""

# A subject with an attempt under way takes no second one: its row is left out.
INSERT_ATTEMPTS = """
INSERT INTO payments_attempt (id, out_trade_no, channel_id, binding_id, subject, amount_fen,
                              refunded_fen, state, code, transaction_id, requested_at,
                              resolved_at, business_date)
SELECT row.id, row.out_trade_no, row.channel_id, row.binding_id, row.subject, row.amount_fen,
       0, %(state)s::text, '', '', %(now)s::timestamptz, %(resolved)s::timestamptz, %(date)s::date
FROM unnest(%(ids)s::bigint[], %(numbers)s::text[], %(channels)s::bigint[],
            %(bindings)s::bigint[], %(subjects)s::text[], %(fens)s::bigint[])
     AS row (id, out_trade_no, channel_id, binding_id, subject, amount_fen)
ON CONFLICT DO NOTHING
RETURNING id, subject, binding_id, amount_fen
"""

# The database's own clock says when a request left, whatever day is being simulated: it is about
# how long a request can be on its way, not about the business.
MARK_SENT = """
UPDATE payments_attempt attempt SET state = 'unknown', sent_at = clock_timestamp()
FROM payments_binding binding
WHERE attempt.id IN (SELECT id FROM payments_attempt
                     WHERE id = ANY(%(ids)s::bigint[]) AND state = 'requested'
                     ORDER BY id FOR UPDATE)
  AND binding.id = attempt.binding_id
RETURNING attempt.id, attempt.out_trade_no, attempt.channel_id, attempt.subject,
          attempt.amount_fen, binding.contract_cipher
"""

# Whoever was about to send one of these finds it failed and does not.
FAIL_UNSENT = """
UPDATE payments_attempt SET state = 'failed', code = %(code)s, resolved_at = %(now)s
WHERE id IN (SELECT id FROM payments_attempt
             WHERE id = ANY(%(ids)s::bigint[]) AND state = 'requested'
             ORDER BY id FOR UPDATE)
RETURNING id
"""

# What left in a file is told by its result, see `files`.
SENT = """
SELECT id, out_trade_no, channel_id, amount_fen,
       extract(epoch FROM clock_timestamp() - sent_at)::float8
FROM payments_attempt
WHERE id = ANY(%(ids)s::bigint[]) AND state = 'unknown' AND file_id IS NULL
ORDER BY id
"""

RECORD = """
WITH heard AS (
    SELECT * FROM unnest(%(ids)s::bigint[], %(states)s::text[], %(codes)s::text[],
                         %(transactions)s::text[], %(dates)s::date[])
                  AS heard (id, state, code, transaction_id, moved_on)
), locked AS (
    SELECT attempt.id FROM payments_attempt attempt JOIN heard USING (id)
    WHERE attempt.state IN ('requested', 'unknown')
    ORDER BY attempt.id FOR UPDATE OF attempt
)
UPDATE payments_attempt attempt
SET state = heard.state, code = heard.code,
    transaction_id = coalesce(nullif(heard.transaction_id, ''), attempt.transaction_id),
    business_date = coalesce(heard.moved_on, attempt.business_date),
    resolved_at = CASE WHEN heard.state = 'unknown' THEN NULL ELSE %(now)s::timestamptz END
FROM heard JOIN locked USING (id)
WHERE attempt.id = heard.id
RETURNING attempt.id, attempt.state
"""

TAKE_BACK = """
UPDATE payments_attempt SET refunded_fen = refunded_fen + %(fen)s
WHERE id = %(id)s AND state = 'succeeded' AND refunded_fen + %(fen)s <= amount_fen
RETURNING id
"""

MARK_REFUND_SENT = """
UPDATE payments_refund SET state = 'unknown', sent_at = clock_timestamp()
WHERE id = %(id)s AND state = 'requested'
RETURNING id
"""

REFUND_AGE = """
SELECT extract(epoch FROM clock_timestamp() - sent_at)::float8
FROM payments_refund WHERE id = %(id)s AND state = 'unknown'
"""

# A refund that the channel refused leaves its amount free to be asked back again.
RECORD_REFUND = """
WITH done AS (
    UPDATE payments_refund
    SET state = %(state)s::text, code = %(code)s,
        business_date = coalesce(%(moved_on)s::date, business_date),
        resolved_at = CASE WHEN %(state)s::text = 'unknown' THEN NULL ELSE %(now)s::timestamptz END
    WHERE id = %(id)s AND state IN ('requested', 'unknown')
    RETURNING attempt_id, amount_fen, state
)
UPDATE payments_attempt SET refunded_fen = refunded_fen - done.amount_fen
FROM done WHERE payments_attempt.id = done.attempt_id AND done.state = 'failed'
"""
