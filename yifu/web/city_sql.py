"""The statements behind the city's figures, each about one area. Amounts in fen."""

# A person's standing is that of the worst of the lines under contracts that are not closed.
STANDING = """
SELECT count(*) FILTER (WHERE contract.state = 'active'),
       count(*) FILTER (WHERE contract.state = 'closed'),
       coalesce(sum(line.limit_fen) FILTER (WHERE contract.state <> 'closed'), 0)::bigint,
       coalesce(sum(line.held_fen + line.owed_fen)
                FILTER (WHERE contract.state <> 'closed'), 0)::bigint,
       count(*) FILTER (WHERE credit.standing = 'suspended' AND contract.state <> 'closed'),
       count(*) FILTER (WHERE credit.standing = 'defaulted' AND contract.state <> 'closed')
FROM patients_contract contract
LEFT JOIN credit_creditline credit ON credit.contract_id = contract.id
LEFT JOIN ledger_line line ON line.id = credit.line_id
WHERE contract.area_id = %(area)s
"""

OWED = """
SELECT count(*), coalesce(sum(bill.amount_fen - bill.paid_fen), 0)::bigint,
       count(*) FILTER (WHERE bill.state <> 'open'),
       coalesce(sum(bill.amount_fen - bill.paid_fen) FILTER (WHERE bill.state <> 'open'), 0)::bigint
FROM collection_bill bill
JOIN visits_visit visit ON visit.id = bill.visit_id
JOIN institutions_institution institution ON institution.id = visit.institution_id
WHERE institution.area_id = %(area)s AND bill.state IN ('open', 'overdue', 'defaulted')
"""

WAITING = """
SELECT (SELECT count(*) FROM credit_schemeversion
        WHERE code = %(scheme)s AND state = 'proposed'),
       (SELECT count(*) FROM collection_defaultentry entry
        JOIN institutions_institution institution ON institution.id = entry.institution_id
        WHERE institution.area_id = %(area)s AND entry.state = 'proposed'),
       (SELECT count(*) FROM collection_dispute dispute
        JOIN collection_defaultentry entry ON entry.id = dispute.entry_id
        JOIN institutions_institution institution ON institution.id = entry.institution_id
        WHERE institution.area_id = %(area)s AND dispute.state = 'open'),
       (SELECT count(*) FROM collection_telling
        WHERE area_id = %(area)s AND acknowledged_at IS NULL AND NOT superseded),
       (SELECT count(*) FROM collection_writeoff writeoff
        JOIN institutions_institution institution ON institution.id = writeoff.institution_id
        WHERE institution.area_id = %(area)s AND writeoff.state = 'proposed')
"""

# What has not been acknowledged, also of a party of whom nothing is waited for.
TELLINGS = """
SELECT party.code, count(telling.id), min(telling.caused_at), max(telling.tries)
FROM unnest(%(parties)s::text[]) AS party (code)
LEFT JOIN collection_telling telling
       ON telling.party = party.code AND telling.area_id = %(area)s
      AND telling.acknowledged_at IS NULL AND NOT telling.superseded
GROUP BY party.code ORDER BY party.code
"""

# Two ways to the rows that count, each by its index: the day's, and those without an outcome.
CHANNELS = """
WITH told AS (
    SELECT id, channel_id, state, requested_at, business_date FROM payments_attempt
    WHERE business_date = %(day)s
    UNION
    SELECT id, channel_id, state, requested_at, business_date FROM payments_attempt
    WHERE state IN ('requested', 'unknown')
)
SELECT channel.code,
       count(*) FILTER (WHERE told.state IN ('requested', 'unknown')),
       min(told.requested_at) FILTER (WHERE told.state IN ('requested', 'unknown')),
       count(*) FILTER (WHERE told.state = 'failed' AND told.business_date = %(day)s),
       count(*) FILTER (WHERE told.state = 'succeeded' AND told.business_date = %(day)s)
FROM payments_channel channel
LEFT JOIN told ON told.channel_id = channel.id
WHERE channel.area_id = %(area)s AND channel.code <> 'cash'
GROUP BY channel.code ORDER BY channel.code
"""

# From the bills that are owed, not from all visits there ever were.
INSTITUTIONS = """
WITH owed AS (
    SELECT visit.institution_id, count(*) AS bills,
           sum(bill.amount_fen - bill.paid_fen)::bigint AS fen,
           count(*) FILTER (WHERE bill.state <> 'open') AS late,
           coalesce(sum(bill.amount_fen - bill.paid_fen)
                    FILTER (WHERE bill.state <> 'open'), 0)::bigint AS late_fen
    FROM collection_bill bill JOIN visits_visit visit ON visit.id = bill.visit_id
    WHERE bill.state IN ('open', 'overdue', 'defaulted')
    GROUP BY visit.institution_id
)
SELECT institution.code, institution.name, institution.district, coalesce(owed.bills, 0),
       coalesce(owed.fen, 0), coalesce(owed.late, 0), coalesce(owed.late_fen, 0)
FROM institutions_institution institution
LEFT JOIN owed ON owed.institution_id = institution.id
WHERE institution.area_id = %(area)s
ORDER BY 7 DESC, 5 DESC, institution.name
"""

NIGHT_DEBITS = """
WITH last AS (
    SELECT DISTINCT ON (debit.bill_id) attempt.state, attempt.amount_fen, attempt.code,
           channel.code AS channel
    FROM collection_nightdebit debit
    LEFT JOIN payments_attempt attempt ON attempt.id = debit.attempt_id
    LEFT JOIN payments_channel channel ON channel.id = attempt.channel_id
    WHERE debit.night_id = %(night)s
    ORDER BY debit.bill_id, debit.id DESC
)
SELECT coalesce(channel, ''), coalesce(state, ''),
       CASE WHEN state = 'failed' THEN code ELSE '' END,
       count(*), coalesce(sum(amount_fen), 0)::bigint
FROM last GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""

# Whom the daily limit left nothing of: no attempt was made, of the night's last word on the bill.
PASSED_OVER = """
WITH last AS (
    SELECT DISTINCT ON (debit.bill_id) debit.bill_id, debit.attempt_id
    FROM collection_nightdebit debit WHERE debit.night_id = %(night)s
    ORDER BY debit.bill_id, debit.id DESC
)
SELECT bill.id, person.name, institution.name, bill.amount_fen - bill.paid_fen, bill.due_at,
       bill.state, count(*) OVER ()
FROM last
JOIN collection_bill bill ON bill.id = last.bill_id
JOIN patients_person person ON person.id = bill.principal_id
JOIN visits_visit visit ON visit.id = bill.visit_id
JOIN institutions_institution institution ON institution.id = visit.institution_id
WHERE last.attempt_id IS NULL
ORDER BY bill.due_at, bill.id LIMIT %(limit)s
"""

REMINDED = """
SELECT notice.template, count(*), count(*) FILTER (WHERE notice.state = 'sent'),
       count(*) FILTER (WHERE notice.state = 'requested'),
       count(*) FILTER (WHERE notice.state = 'refused')
FROM patients_notice notice
JOIN patients_person person ON person.id = notice.person_id
WHERE person.area_id = %(area)s AND notice.created_at >= %(since)s
  AND notice.created_at <= %(until)s
GROUP BY notice.template ORDER BY notice.template
"""
