"""The collection's SQL. Sets of bills are locked by ascending id, after their lines."""

# A second settlement of a visit on the same line adds to its live bill.
_OPEN_BILL = """
INSERT INTO collection_bill (visit_id, principal_id, account, line_id, amount_fen, paid_fen, state,
                             opened_at, due_at)
SELECT %(bill_visit)s, %(bill_principal)s, %(bill_account)s, %(bill_line)s, %(bill_fen)s, 0, 'open',
       %(now)s, %(bill_due)s
WHERE %(bill_fen)s::bigint IS NOT NULL
ON CONFLICT (visit_id, account, line_id) WHERE state IN ('open', 'overdue', 'defaulted')
DO UPDATE SET amount_fen = collection_bill.amount_fen + excluded.amount_fen,
              due_at = coalesce(collection_bill.due_at, excluded.due_at)
RETURNING *
"""

BILLED = f"billed AS ({_OPEN_BILL})"
"""A bill opened as a part of a larger statement; `services.billing` gives its parameters."""

OPEN_BILL = f"WITH {BILLED} SELECT id FROM billed"  # noqa: S608 - constants of this module

LINES_OF_BILLS = """
SELECT line.id, line.parent_id
FROM collection_bill bill JOIN ledger_line line ON line.id = bill.line_id
WHERE bill.id = ANY(%(bills)s::bigint[])
"""

# A principal's line is older than its dependants', so ascending ids are principals first.
LOCK_LINES = """
SELECT id FROM ledger_line WHERE id = ANY(%(lines)s::bigint[]) ORDER BY id FOR NO KEY UPDATE
"""

LOCK_BILLS = """
SELECT id, state, amount_fen, paid_fen FROM collection_bill
WHERE id = ANY(%(bills)s::bigint[]) ORDER BY id FOR NO KEY UPDATE
"""

BILLS_OF_ATTEMPTS = """
SELECT DISTINCT substring(subject FROM 6)::bigint FROM payments_attempt
WHERE id = ANY(%(attempts)s::bigint[]) AND subject LIKE 'bill:%%'
"""

# Asked for after the bills are locked: whoever applied one of these before is visible by then.
APPLICABLE = """
SELECT attempt.id, attempt.amount_fen, channel.code, institution.code,
       bill.id, bill.account, bill.principal_id, line.parent_id, bill.line_id,
       coalesce(attempt.payer_id, bill.principal_id)
FROM payments_attempt attempt
JOIN payments_channel channel ON channel.id = attempt.channel_id
JOIN collection_bill bill
  ON bill.id = CASE WHEN attempt.subject LIKE 'bill:%%'
                    THEN substring(attempt.subject FROM 6)::bigint END
JOIN visits_visit visit ON visit.id = bill.visit_id
JOIN institutions_institution institution ON institution.id = visit.institution_id
LEFT JOIN ledger_line line ON line.id = bill.line_id
WHERE attempt.id = ANY(%(attempts)s::bigint[]) AND attempt.state = 'succeeded'
  AND NOT EXISTS (SELECT 1 FROM collection_billpayment payment
                  WHERE payment.attempt_id = attempt.id AND payment.amount_fen > 0)
ORDER BY attempt.id
"""

WRITE_BILLS = """
UPDATE collection_bill bill
SET state = after.state, amount_fen = after.amount_fen, paid_fen = after.paid_fen,
    closed_at = CASE WHEN after.state IN ('paid', 'cancelled')
                     THEN coalesce(bill.closed_at, %(now)s::timestamptz) END
FROM unnest(%(bills)s::bigint[], %(states)s::text[], %(amounts)s::bigint[], %(paids)s::bigint[])
     AS after (id, state, amount_fen, paid_fen)
WHERE bill.id = after.id
"""

INSERT_PAYMENTS = """
INSERT INTO collection_billpayment (bill_id, attempt_id, amount_fen, paid_at)
SELECT bill_id, attempt_id, amount_fen, %(now)s::timestamptz
FROM unnest(%(bills)s::bigint[], %(attempts)s::bigint[], %(fens)s::bigint[])
     AS row (bill_id, attempt_id, amount_fen)
"""

# Succeeded, but a crash came before the bill heard of it.
UNAPPLIED = """
SELECT attempt.id FROM payments_attempt attempt
JOIN payments_channel channel ON channel.id = attempt.channel_id
WHERE channel.area_id = %(area)s AND attempt.state = 'succeeded' AND attempt.subject LIKE 'bill:%%'
  AND NOT EXISTS (SELECT 1 FROM collection_billpayment payment
                  WHERE payment.attempt_id = attempt.id AND payment.amount_fen > 0)
ORDER BY attempt.id
"""

UNDER_WAY = """
SELECT attempt.id FROM payments_attempt attempt
JOIN payments_channel channel ON channel.id = attempt.channel_id
WHERE channel.area_id = %(area)s AND attempt.state IN ('requested', 'unknown')
  AND attempt.subject LIKE 'bill:%%'
ORDER BY attempt.id
"""

# What was asked back of each payment of a bill and is not booked yet: it is on its way.
PAYMENTS_OF_BILL = """
SELECT attempt.id, attempt.amount_fen - attempt.refunded_fen,
       attempt.refunded_fen
       + coalesce(sum(payment.amount_fen) FILTER (WHERE payment.amount_fen < 0), 0)
FROM collection_billpayment payment
JOIN payments_attempt attempt ON attempt.id = payment.attempt_id
WHERE payment.bill_id = %(bill)s
GROUP BY attempt.id
ORDER BY attempt.id DESC
"""

WITH_EXCESS = """
SELECT bill.id FROM collection_bill bill
JOIN visits_visit visit ON visit.id = bill.visit_id
JOIN institutions_institution institution ON institution.id = visit.institution_id
WHERE institution.area_id = %(area)s AND bill.paid_fen > bill.amount_fen
ORDER BY bill.id
"""

BEGIN_NIGHT = """
INSERT INTO collection_night (area_id, business_date, report, begun_at)
VALUES (%(area)s, %(date)s, '{}', %(now)s)
ON CONFLICT (area_id, business_date) DO UPDATE SET ended_at = NULL
RETURNING id
"""

# What a night takes up (`rules.takes_up`). Not what is being paid just now, and not what this night
# has an answer about; a debit that never reached its channel, as after a crash, is tried again.
_TAKES_UP = """
    bill.state IN ('open', 'overdue', 'defaulted') AND bill.due_at IS NOT NULL
    AND visit.business_date <= %(date)s AND institution.area_id = %(area)s
    AND NOT EXISTS (
        SELECT 1 FROM payments_attempt attempt
        WHERE attempt.subject = 'bill:' || bill.id
          AND (attempt.state IN ('requested', 'unknown')
               OR attempt.state = 'succeeded' AND NOT EXISTS (
                   SELECT 1 FROM collection_billpayment payment
                   WHERE payment.attempt_id = attempt.id AND payment.amount_fen > 0)))
"""
_NOT_ANSWERED_YET = """
    NOT EXISTS (
        SELECT 1 FROM collection_nightdebit debit
        LEFT JOIN payments_attempt attempt ON attempt.id = debit.attempt_id
        WHERE debit.night_id = %(night)s AND debit.bill_id = bill.id
          AND (attempt.id IS NULL OR attempt.state <> 'failed'
               OR attempt.code NOT IN ('UNSENT', 'NEVER_ARRIVED')))
"""
_BILLS = """
FROM collection_bill bill
JOIN visits_visit visit ON visit.id = bill.visit_id
JOIN institutions_institution institution ON institution.id = visit.institution_id
"""
_BOUND = """
    EXISTS (SELECT 1 FROM payments_binding binding
            JOIN payments_channel channel ON channel.id = binding.channel_id
            WHERE binding.person_id = bill.principal_id AND binding.active
              AND channel.code = ANY(%(chain)s::text[]))
"""

COUNT_CANDIDATES = f"""
SELECT count(*) {_BILLS} WHERE {_TAKES_UP} AND {_BOUND} AND {_NOT_ANSWERED_YET}
"""

CANDIDATES = f"""
SELECT bill.id, bill.due_at {_BILLS}
WHERE {_TAKES_UP} AND {_BOUND} AND {_NOT_ANSWERED_YET}
  AND (bill.due_at, bill.id) > (%(after_due)s::timestamptz, %(after_id)s::bigint)
ORDER BY bill.due_at, bill.id
LIMIT %(limit)s
"""

# Asked for again once the bills are locked: whatever others did to them before is visible by then.
TO_DEBIT = f"""
SELECT bill.id, bill.amount_fen - bill.paid_fen, binding.id, channel.code {_BILLS}
JOIN payments_binding binding ON binding.person_id = bill.principal_id AND binding.active
JOIN payments_channel channel ON channel.id = binding.channel_id
WHERE bill.id = ANY(%(bills)s::bigint[]) AND {_TAKES_UP}
  AND channel.code = ANY(%(chain)s::text[])
ORDER BY bill.due_at, bill.id, array_position(%(chain)s::text[], channel.code::text)
"""

INSERT_NIGHT_DEBITS = """
INSERT INTO collection_nightdebit (night_id, bill_id, attempt_id)
SELECT %(night)s, bill_id, attempt_id
FROM unnest(%(bills)s::bigint[], %(attempts)s::bigint[]) AS row (bill_id, attempt_id)
ON CONFLICT DO NOTHING
"""

REMINDED_OF = """
SELECT bill.id, bill.principal_id, bill.amount_fen - bill.paid_fen, bill.due_at, person.name
FROM collection_bill bill JOIN patients_person person ON person.id = bill.principal_id
WHERE bill.id = ANY(%(bills)s::bigint[]) AND bill.state IN ('open', 'overdue', 'defaulted')
ORDER BY bill.id
"""

DUE = f"""
SELECT bill.id {_BILLS}
WHERE bill.state = 'open' AND bill.due_at <= %(now)s AND institution.area_id = %(area)s
ORDER BY bill.id LIMIT %(limit)s
"""

MARK_OVERDUE = """
UPDATE collection_bill SET state = 'overdue'
WHERE id = ANY(%(bills)s::bigint[]) AND state = 'open' AND due_at <= %(now)s
RETURNING id, principal_id
"""

COUNT_INTO_NIGHT = """
UPDATE collection_night SET report = report || jsonb_build_object(
    'overdue', coalesce((report ->> 'overdue')::int, 0) + %(overdue)s,
    'suspended', coalesce((report ->> 'suspended')::int, 0) + %(suspended)s,
    'reminded', coalesce((report ->> 'reminded')::int, 0) + %(reminded)s)
WHERE id = %(night)s
"""

# A bill counts by its last debit of the night; one that was passed over was not debited.
END_NIGHT = """
WITH last AS (
    SELECT DISTINCT ON (debit.bill_id) coalesce(attempt.state, 'failed') AS state,
           CASE WHEN attempt.state = 'succeeded' THEN attempt.amount_fen ELSE 0 END AS fen
    FROM collection_nightdebit debit
    LEFT JOIN payments_attempt attempt ON attempt.id = debit.attempt_id
    WHERE debit.night_id = %(night)s
    ORDER BY debit.bill_id, debit.id DESC
), counted AS (
    SELECT count(*) AS selected, count(*) FILTER (WHERE state = 'succeeded') AS debited,
           coalesce(sum(fen), 0)::bigint AS debited_fen,
           count(*) FILTER (WHERE state = 'failed') AS failed,
           count(*) FILTER (WHERE state IN ('requested', 'unknown')) AS unknown
    FROM last
)
UPDATE collection_night SET ended_at = %(now)s, report =
    '{"overdue": 0, "suspended": 0, "reminded": 0}'::jsonb || report || to_jsonb(counted)
FROM counted WHERE id = %(night)s
RETURNING report
"""
