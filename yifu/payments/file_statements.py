"""The SQL of debit files. A file's attempts lie between two ids and carry the file's own."""

NEXT_FILE = "SELECT nextval(pg_get_serial_sequence('payments_debitfile', 'id'))"

COPY_OUT = """
COPY (SELECT out_trade_no, binding_id, amount_fen FROM payments_attempt
      WHERE id BETWEEN %(first)s AND %(last)s AND file_id = %(file)s ORDER BY id) TO STDOUT
"""

# The database's own clock says when it left, as with single debits.
MARK_SENT = """
UPDATE payments_debitfile SET state = 'sent', sent_at = clock_timestamp()
WHERE id = %(file)s AND state = 'written' RETURNING id
"""

REFUSE = """
WITH refused AS (
    UPDATE payments_debitfile SET state = 'refused', code = %(code)s, answered_at = %(now)s
    WHERE id = %(file)s AND state IN ('sent', 'unknown')
    RETURNING id
)
UPDATE payments_attempt attempt
SET state = 'failed', code = %(attempt_code)s, resolved_at = %(now)s
FROM refused
WHERE attempt.id BETWEEN %(first)s AND %(last)s AND attempt.file_id = refused.id
  AND attempt.state = 'unknown'
RETURNING attempt.id
"""

RESULT_TABLE = """
CREATE TEMP TABLE IF NOT EXISTS payments_result (
    out_trade_no text, code text, amount_fen bigint, transaction_id text, moved_on date
) ON COMMIT DELETE ROWS
"""

COPY_IN = """
COPY payments_result (out_trade_no, code, amount_fen, transaction_id, moved_on) FROM STDIN
"""

_OURS = """
SELECT out_trade_no, amount_fen FROM payments_attempt
WHERE id BETWEEN %(first)s AND %(last)s AND file_id = %(file)s
"""

FAULTS = f"""
WITH ours AS MATERIALIZED ({_OURS}), fault AS (
    SELECT CASE WHEN ours.out_trade_no IS NULL THEN 'unknown_row'
                WHEN theirs.out_trade_no IS NULL THEN 'missing_row'
                WHEN theirs.amount_fen <> ours.amount_fen THEN 'wrong_amount'
                WHEN theirs.code = ANY(%(undecided)s::text[]) THEN 'undecided_row'
                ELSE 'taken_without_number' END AS kind,
           coalesce(ours.out_trade_no, theirs.out_trade_no) AS number
    FROM ours FULL JOIN payments_result theirs ON theirs.out_trade_no = ours.out_trade_no
    WHERE ours.out_trade_no IS NULL OR theirs.out_trade_no IS NULL
       OR theirs.amount_fen <> ours.amount_fen OR theirs.code = ANY(%(undecided)s::text[])
       OR theirs.code = %(taken)s AND theirs.transaction_id = ''
    UNION ALL
    SELECT 'doubled_row', out_trade_no FROM payments_result
    GROUP BY out_trade_no HAVING count(*) > 1
)
SELECT kind, count(*), (array_agg(number ORDER BY number))[1:10] FROM fault
GROUP BY kind ORDER BY kind
"""  # noqa: S608 - constants of this module

TAKEN_FEN = """
SELECT coalesce(sum(amount_fen) FILTER (WHERE code = %(taken)s), 0)::bigint FROM payments_result
"""

RECORD = """
WITH heard AS (
    UPDATE payments_attempt attempt
    SET state = CASE WHEN result.code = %(taken)s THEN 'succeeded' ELSE 'failed' END,
        code = result.code, transaction_id = result.transaction_id,
        business_date = CASE WHEN result.code = %(taken)s THEN result.moved_on
                             ELSE attempt.business_date END,
        resolved_at = %(now)s::timestamptz
    FROM payments_result result
    WHERE attempt.id BETWEEN %(first)s AND %(last)s AND attempt.file_id = %(file)s
      AND attempt.out_trade_no = result.out_trade_no AND attempt.state = 'unknown'
    RETURNING attempt.code, attempt.amount_fen
)
SELECT code, count(*), sum(amount_fen)::bigint FROM heard GROUP BY code
"""
