"""The SQL of the night: each statement is a step of a chunk, over all its bills.

A chunk is a range of principals, so that two chunks share neither a line nor a daily limit.
Sets are locked in the one order of `services`: lines, bills, credit lines, bindings, attempts.
"""

# --- nights and their steps

NIGHTS = """
SELECT business_date, begun_at, ended_at FROM collection_night
WHERE area_id = %(area)s ORDER BY business_date
"""

BEGIN_NIGHT = """
INSERT INTO collection_night (area_id, business_date, report, begun_at)
VALUES (%(area)s, %(date)s, '{}', %(now)s)
ON CONFLICT (area_id, business_date) DO UPDATE SET ended_at = NULL, begun_at = excluded.begun_at
RETURNING id
"""

BEGIN_STEP = """
INSERT INTO collection_nightstep (night_id, position, name, state, part, done, total, cursor,
                                  report, begun_at)
VALUES (%(night)s, %(position)s, %(name)s, 'running', '', 0, 0, 0, '{}', clock_timestamp())
ON CONFLICT (night_id, name) DO UPDATE
SET state = 'running', part = '', done = 0, total = 0, cursor = 0, ended_at = NULL,
    begun_at = excluded.begun_at
RETURNING id
"""

TELL_STEP = """
UPDATE collection_nightstep SET part = %(part)s, done = %(done)s, total = %(total)s,
       cursor = coalesce(%(cursor)s::bigint, cursor)
WHERE id = %(step)s RETURNING id
"""

# In the transaction of what is counted, as its last statement: others wait for so long only.
COUNT_STEP = """
UPDATE collection_nightstep step
SET report = step.report || (
    SELECT coalesce(jsonb_object_agg(key, coalesce((step.report ->> key)::bigint, 0) + value), '{}')
    FROM unnest(%(keys)s::text[], %(values)s::bigint[]) AS count (key, value))
WHERE step.id = %(step)s RETURNING step.id
"""

END_STEP = """
UPDATE collection_nightstep
SET state = %(state)s, ended_at = clock_timestamp(), report = report || %(report)s::jsonb
WHERE id = %(step)s RETURNING report
"""

# A bill counts by its last debit of the night; one that was passed over was not debited.
DEBIT_REPORT = """
WITH last AS (
    SELECT DISTINCT ON (debit.bill_id) coalesce(attempt.state, 'failed') AS state,
           CASE WHEN attempt.state = 'succeeded' THEN attempt.amount_fen ELSE 0 END AS fen
    FROM collection_nightdebit debit
    LEFT JOIN payments_attempt attempt ON attempt.id = debit.attempt_id
    WHERE debit.night_id = %(night)s
    ORDER BY debit.bill_id, debit.id DESC
)
SELECT count(*), count(*) FILTER (WHERE state = 'succeeded'), coalesce(sum(fen), 0)::bigint,
       count(*) FILTER (WHERE state = 'failed'),
       count(*) FILTER (WHERE state IN ('requested', 'unknown'))
FROM last
"""

END_NIGHT = """
UPDATE collection_night SET ended_at = %(now)s, report = %(report)s::jsonb
WHERE id = %(night)s RETURNING id
"""

# --- debiting

LATEST_ATTEMPT = "SELECT coalesce(max(id), 0) FROM payments_attempt"

COUNT_LIVE = """
SELECT count(*) FROM collection_bill
WHERE state IN ('open', 'overdue', 'defaulted') AND due_at IS NOT NULL
"""

# Where the next chunk ends: at the principal of its last bill, all of whose bills belong to it.
NEXT_LIVE = """
SELECT max(principal_id), count(*) FROM (
    SELECT principal_id FROM collection_bill
    WHERE state IN ('open', 'overdue', 'defaulted') AND due_at IS NOT NULL
      AND principal_id > %(after)s
    ORDER BY principal_id LIMIT %(limit)s
) part
"""

_BILLS = """
FROM collection_bill bill
JOIN visits_visit visit ON visit.id = bill.visit_id
JOIN institutions_institution institution ON institution.id = visit.institution_id
JOIN payments_binding binding
  ON binding.person_id = bill.principal_id AND binding.active AND binding.channel_id = %(channel)s
"""

# What a night takes up (`rules.takes_up`), not so old that the scheme gives it up, and not what is
# being paid just now.
_TAKES_UP = """
    bill.state IN ('open', 'overdue', 'defaulted') AND bill.due_at IS NOT NULL
    AND (%(not_due_before)s::timestamptz IS NULL OR bill.due_at >= %(not_due_before)s)
    AND visit.business_date <= %(date)s AND institution.area_id = %(area)s
    AND NOT EXISTS (
        SELECT 1 FROM payments_attempt attempt
        WHERE attempt.subject = 'bill:' || bill.id
          AND (attempt.state IN ('requested', 'unknown')
               OR attempt.state = 'succeeded' AND NOT EXISTS (
                   SELECT 1 FROM collection_billpayment payment
                   WHERE payment.attempt_id = attempt.id AND payment.amount_fen > 0)))
"""

# This channel's turn: nothing was tried tonight, or the last try on an earlier channel lets the
# next one come, or this one may be tried again. What never reached a channel in an earlier run (a
# crash came before) does not count as tried. The chain's channels are gone through in order.
_IN_TURN = """
    (NOT EXISTS (SELECT 1 FROM collection_nightdebit debit
                 WHERE debit.night_id = ANY(%(nights)s::bigint[]) AND debit.bill_id = bill.id)
     OR (
        SELECT count(*) = 0
            OR (array_agg(CASE WHEN attempt.state = 'failed'
                               THEN coalesce(said.meaning, 'stop') ELSE 'stop' END
                          ORDER BY debit.id DESC))[1]
               = ANY(CASE count(*) FILTER (WHERE attempt.channel_id = %(channel)s)
                     WHEN 0 THEN ARRAY['next', 'same_again']
                     ELSE CASE WHEN count(*) FILTER (WHERE attempt.channel_id = %(channel)s)
                                    < %(tries)s
                               THEN ARRAY['same_again'] ELSE ARRAY[]::text[] END END)
        FROM collection_nightdebit debit
        LEFT JOIN payments_attempt attempt ON attempt.id = debit.attempt_id
        LEFT JOIN unnest(%(codes_of)s::bigint[], %(codes)s::text[], %(meanings)s::text[])
             AS said (channel_id, code, meaning)
          ON said.channel_id = attempt.channel_id AND said.code = attempt.code
        WHERE debit.night_id = ANY(%(nights)s::bigint[]) AND debit.bill_id = bill.id
          AND (attempt.id IS NULL OR attempt.id > %(since)s
               OR attempt.code NOT IN ('UNSENT', 'NEVER_ARRIVED'))
     ))
"""

# The same for a channel of calls, whose chunks are small and whose candidates may be few.
NEXT_CANDIDATES = f"""
SELECT max(principal_id), count(*) FROM (
    SELECT bill.principal_id {_BILLS}
    WHERE bill.principal_id > %(after)s AND {_TAKES_UP} AND {_IN_TURN}
    ORDER BY bill.principal_id LIMIT %(limit)s
) part
"""  # noqa: S608

LOCK_LIVE = """
SELECT count(*) FROM (
    SELECT bill.id FROM collection_bill bill
    WHERE bill.principal_id > %(after)s AND bill.principal_id <= %(upto)s
      AND bill.state IN ('open', 'overdue', 'defaulted') AND bill.due_at IS NOT NULL
      AND EXISTS (SELECT 1 FROM payments_binding binding
                  WHERE binding.person_id = bill.principal_id AND binding.active
                    AND binding.channel_id = %(channel)s)
    ORDER BY bill.id FOR NO KEY UPDATE
) locked
"""

# Chosen once the bills are locked: whatever others did to them before is visible by then.
WANT = f"""
WITH wanted AS (
    INSERT INTO payments_wanted (subject_id, subject, person_id, binding_id, wanted_fen, rank_at)
    SELECT bill.id, 'bill:' || bill.id, bill.principal_id, binding.id,
           bill.amount_fen - bill.paid_fen, bill.due_at {_BILLS}
    WHERE bill.principal_id > %(after)s AND bill.principal_id <= %(upto)s
      AND {_TAKES_UP} AND {_IN_TURN}
    RETURNING 1
)
SELECT count(*) FROM wanted
"""  # noqa: S608

NOTE_DEBITS = """
WITH noted AS (
    INSERT INTO collection_nightdebit (night_id, bill_id, attempt_id)
    SELECT %(night)s, subject_id, attempt_id FROM payments_requested
    ON CONFLICT DO NOTHING
    RETURNING 1
)
SELECT count(*) FROM noted
"""

# --- applying what a file took

TAKEN_TABLE = """
CREATE TEMP TABLE IF NOT EXISTS collection_taken (
    attempt_id bigint, amount_fen bigint, bill_id bigint, principal_id bigint,
    line_id bigint, parent_id bigint, account_id bigint, pays_off boolean, was_bad boolean
) ON COMMIT DELETE ROWS
"""

_OF_FILE = """
    attempt.id BETWEEN %(first)s AND %(last)s AND attempt.file_id = %(file)s
    AND attempt.state = 'succeeded'
"""

LOCK_LINES_OF_FILE = f"""
WITH own AS MATERIALIZED (
    SELECT line.id, line.parent_id
    FROM payments_attempt attempt
    JOIN collection_bill bill ON bill.id = substring(attempt.subject FROM 6)::bigint
    JOIN ledger_line line ON line.id = bill.line_id
    WHERE {_OF_FILE}
)
SELECT count(*) FROM (
    SELECT id FROM ledger_line
    WHERE id IN (SELECT id FROM own UNION SELECT parent_id FROM own WHERE parent_id IS NOT NULL)
    ORDER BY id FOR NO KEY UPDATE
) locked
"""  # noqa: S608

LOCK_BILLS_OF_FILE = f"""
SELECT count(*) FROM (
    SELECT id FROM collection_bill
    WHERE id IN (SELECT substring(attempt.subject FROM 6)::bigint
                 FROM payments_attempt attempt WHERE {_OF_FILE})
    ORDER BY id FOR NO KEY UPDATE
) locked
"""  # noqa: S608

# The usual case: the bill still owes at least what was taken. Any other is `UNUSUAL`.
TAKE = f"""
WITH taken AS (
    INSERT INTO collection_taken
    SELECT attempt.id, attempt.amount_fen, bill.id, bill.principal_id, bill.line_id,
           line.parent_id, account.id, bill.paid_fen + attempt.amount_fen >= bill.amount_fen,
           bill.state IN ('overdue', 'defaulted')
    FROM payments_attempt attempt
    JOIN collection_bill bill ON bill.id = substring(attempt.subject FROM 6)::bigint
    JOIN ledger_account account ON account.code = bill.account
    LEFT JOIN ledger_line line ON line.id = bill.line_id
    WHERE {_OF_FILE} AND bill.state IN ('open', 'overdue', 'defaulted')
      AND attempt.amount_fen <= bill.amount_fen - bill.paid_fen
      AND NOT EXISTS (SELECT 1 FROM collection_billpayment payment
                      WHERE payment.attempt_id = attempt.id AND payment.amount_fen > 0)
    RETURNING 1
)
SELECT count(*) FROM taken
"""  # noqa: S608

UNUSUAL = f"""
SELECT attempt.id FROM payments_attempt attempt
WHERE {_OF_FILE}
  AND NOT EXISTS (SELECT 1 FROM collection_taken taken WHERE taken.attempt_id = attempt.id)
ORDER BY attempt.id
"""  # noqa: S608

REPAID = """
SELECT 'attempt:' || taken.attempt_id AS key, money.id AS debit_id, taken.account_id AS credit_id,
       taken.amount_fen, taken.line_id, taken.parent_id
FROM (SELECT * FROM collection_taken ORDER BY attempt_id) taken
CROSS JOIN (SELECT id FROM ledger_account WHERE code = %(money)s) money
"""

PAY_BILLS = """
WITH paid AS (
    UPDATE collection_bill bill
    SET paid_fen = bill.paid_fen + taken.amount_fen,
        state = CASE WHEN taken.pays_off THEN 'paid' ELSE bill.state END,
        closed_at = CASE WHEN taken.pays_off THEN %(now)s::timestamptz END
    FROM collection_taken taken WHERE bill.id = taken.bill_id
), payment AS (
    INSERT INTO collection_billpayment (bill_id, attempt_id, amount_fen, paid_at)
    SELECT bill_id, attempt_id, amount_fen, %(now)s::timestamptz
    FROM (SELECT * FROM collection_taken ORDER BY attempt_id) taken
)
SELECT count(*) FROM collection_taken
"""

PAID_OFF = """
SELECT bill_id, CASE WHEN was_bad THEN principal_id END FROM collection_taken
WHERE pays_off ORDER BY bill_id
"""

# --- reminding, marking, suspending, defaulting: by ascending bill, and locked by it

TOLD_DEBITED = """
SELECT 'attempt:' || taken.attempt_id || ':debited' AS key, taken.principal_id AS person_id,
       'debited' AS template,
       jsonb_build_object('name', person.name, 'amount', {taken_yuan}) AS params,
       NULL::timestamptz AS send_after
FROM (SELECT * FROM collection_taken ORDER BY attempt_id) taken
JOIN patients_person person ON person.id = taken.principal_id
"""

# What is said of a bill: how much of it is owed, and until when.
_SAID = """
jsonb_build_object('name', person.name, 'amount', {owed_yuan},
                   'due', to_char(bill.due_at AT TIME ZONE 'Asia/Shanghai', 'MM-DD HH24:MI'))
"""

FAILED = """
SELECT bill_id FROM (
    SELECT DISTINCT ON (debit.bill_id) debit.bill_id, coalesce(attempt.state, 'failed') AS state
    FROM collection_nightdebit debit
    LEFT JOIN payments_attempt attempt ON attempt.id = debit.attempt_id
    WHERE debit.night_id = %(night)s
    ORDER BY debit.bill_id, debit.id DESC
) last WHERE state = 'failed' ORDER BY bill_id
"""

SOON_DUE = """
SELECT bill.due_at, array_agg(bill.id ORDER BY bill.id) FROM collection_bill bill
JOIN visits_visit visit ON visit.id = bill.visit_id
JOIN institutions_institution institution ON institution.id = visit.institution_id
WHERE bill.state = 'open' AND institution.area_id = %(area)s
  AND bill.due_at > %(now)s AND bill.due_at <= %(now)s + make_interval(hours => %(hours)s + 24)
GROUP BY bill.due_at ORDER BY bill.due_at
"""

# Bills that came due on one of some days, given by their bounds.
LONG_DUE = """
SELECT bill.id FROM collection_bill bill
JOIN visits_visit visit ON visit.id = bill.visit_id
JOIN institutions_institution institution ON institution.id = visit.institution_id
JOIN unnest(%(begins)s::timestamptz[], %(ends)s::timestamptz[]) AS day (begins, ends)
  ON bill.due_at >= day.begins AND bill.due_at < day.ends
WHERE bill.state IN ('overdue', 'defaulted') AND institution.area_id = %(area)s
ORDER BY bill.id
"""

# Of a night's failed debits only those that can still be paid in time: what is overdue is told by
# the calendar of `overdue_days`.
SAY_FAILED = f"""
SELECT 'bill:' || bill.id || ':debit_failed:' || %(date)s::date AS key,
       bill.principal_id AS person_id, 'debit_failed' AS template, {_SAID} AS params,
       NULL::timestamptz AS send_after
FROM collection_bill bill JOIN patients_person person ON person.id = bill.principal_id
WHERE bill.id = ANY(%(bills)s::bigint[]) AND bill.state = 'open' AND bill.due_at > %(now)s
ORDER BY bill.id
"""  # noqa: S608

SAY_BEFORE_DUE = f"""
SELECT 'bill:' || bill.id || ':before_due:' || %(hours)s AS key,
       bill.principal_id AS person_id, 'before_due' AS template, {_SAID} AS params,
       NULL::timestamptz AS send_after
FROM collection_bill bill JOIN patients_person person ON person.id = bill.principal_id
WHERE bill.id = ANY(%(bills)s::bigint[]) AND bill.state = 'open' AND bill.due_at > %(now)s
ORDER BY bill.id
"""  # noqa: S608

SAY_OVERDUE = f"""
SELECT 'bill:' || bill.id || ':overdue:'
       || ((%(now)s AT TIME ZONE 'Asia/Shanghai')::date
           - (bill.due_at AT TIME ZONE 'Asia/Shanghai')::date) AS key,
       bill.principal_id AS person_id,
       CASE WHEN bill.due_at + make_interval(hours => %(suspend)s) <= %(now)s
            THEN 'overdue' ELSE 'overdue_warning' END AS template,
       {_SAID} AS params, NULL::timestamptz AS send_after
FROM collection_bill bill JOIN patients_person person ON person.id = bill.principal_id
WHERE bill.id = ANY(%(bills)s::bigint[]) AND bill.state IN ('overdue', 'defaulted')
ORDER BY bill.id
"""  # noqa: S608

SAY_DEFAULTED = f"""
SELECT 'bill:' || bill.id || ':defaulted' AS key, bill.principal_id AS person_id,
       'defaulted' AS template, {_SAID} AS params, NULL::timestamptz AS send_after
FROM collection_bill bill JOIN patients_person person ON person.id = bill.principal_id
WHERE bill.id = ANY(%(bills)s::bigint[]) AND bill.state = 'defaulted'
ORDER BY bill.id
"""  # noqa: S608

LOCK_BILLS = """
SELECT count(*) FROM (
    SELECT id FROM collection_bill WHERE id = ANY(%(bills)s::bigint[])
    ORDER BY id FOR NO KEY UPDATE
) locked
"""

_OF_AREA = """
FROM collection_bill bill
JOIN visits_visit visit ON visit.id = bill.visit_id
JOIN institutions_institution institution ON institution.id = visit.institution_id
WHERE institution.area_id = %(area)s AND bill.id > %(after)s
"""

DUE = f"""
SELECT bill.id {_OF_AREA} AND bill.state = 'open' AND bill.due_at <= %(now)s
ORDER BY bill.id LIMIT %(limit)s
"""

MARK_OVERDUE = """
UPDATE collection_bill SET state = 'overdue'
WHERE id = ANY(%(bills)s::bigint[]) AND state = 'open' AND due_at <= %(now)s
RETURNING id, principal_id
"""

# All credit lines of some principals, also those suspended before, so that nobody restores one at
# the same time without seeing these bills.
LOCK_CREDIT = """
SELECT count(*) FROM (
    SELECT credit.id FROM credit_creditline credit
    JOIN patients_contract contract ON contract.id = credit.contract_id
    WHERE credit.person_id = ANY(%(principals)s::bigint[]) AND contract.state <> 'closed'
    ORDER BY credit.id FOR NO KEY UPDATE OF credit
) locked
"""

_IN_STANDING = """
AND EXISTS (SELECT 1 FROM credit_creditline credit
            JOIN patients_contract contract ON contract.id = credit.contract_id
            WHERE credit.person_id = bill.principal_id AND contract.state <> 'closed'
              AND credit.standing = ANY(%(before)s::text[]))
"""

# Bills that by now suspend a principal who is in good standing still (`rules.suspended_from`).
SUSPENDING = f"""
SELECT bill.id, bill.principal_id {_OF_AREA} AND bill.state IN ('overdue', 'defaulted')
  AND bill.due_at + make_interval(hours => %(suspend)s) <= %(now)s {_IN_STANDING}
ORDER BY bill.id LIMIT %(limit)s
"""

# Calendar months as `rules.defaulted_from` counts them: PostgreSQL takes a month's last day, too.
DEFAULTING = f"""
SELECT bill.id, bill.principal_id {_OF_AREA} AND bill.state = 'overdue'
  AND (bill.due_at AT TIME ZONE 'Asia/Shanghai' + make_interval(months => %(months)s))
      AT TIME ZONE 'Asia/Shanghai' <= %(now)s
ORDER BY bill.id LIMIT %(limit)s
"""

MARK_DEFAULTED = """
UPDATE collection_bill SET state = 'defaulted'
WHERE id = ANY(%(bills)s::bigint[]) AND state = 'overdue'
RETURNING id, principal_id
"""

# Proposed only: the institution confirms before anything leaves (P4.4).
PROPOSE_ENTRIES = """
WITH proposed AS (
    INSERT INTO collection_defaultentry (bill_id, principal_id, institution_id, state, rule,
                                         proposed_at, decided_by, reason)
    SELECT bill.id, bill.principal_id, visit.institution_id, 'proposed', 'P4.4',
           %(now)s::timestamptz, '', ''
    FROM collection_bill bill JOIN visits_visit visit ON visit.id = bill.visit_id
    WHERE bill.id = ANY(%(bills)s::bigint[]) AND bill.state = 'defaulted'
    ORDER BY bill.id
    ON CONFLICT (bill_id) DO NOTHING
    RETURNING 1
)
SELECT count(*) FROM proposed
"""

STILL_BAD = """
SELECT id, principal_id FROM collection_bill
WHERE id = ANY(%(bills)s::bigint[]) AND state IN ('overdue', 'defaulted') ORDER BY id
"""

NOT_OWED = """
SELECT id FROM collection_bill
WHERE id = ANY(%(bills)s::bigint[]) AND state NOT IN ('open', 'overdue', 'defaulted')
"""
