"""The statements behind finance's figures, each about one institution. Amounts in fen."""

_SUMS = """count(*), coalesce(sum(total_fen), 0)::bigint, coalesce(sum(fund_fen), 0)::bigint,
       coalesce(sum(account_fen), 0)::bigint, coalesce(sum(personal_fen), 0)::bigint,
       coalesce(sum(hospital_fen), 0)::bigint"""

# A settlement counts on the day it was made, and again, negatively, on the day it was reversed.
SETTLED = f"""
SELECT {_SUMS} FROM settlement_settlement
WHERE institution_id = %(institution)s AND business_date = %(day)s AND insured_at IS NOT NULL
"""  # noqa: S608 - only the constants above are inserted
REVERSED = f"""
SELECT {_SUMS} FROM settlement_settlement
WHERE institution_id = %(institution)s AND insured_at IS NOT NULL
  AND state = 'reversed' AND reversed_at >= %(begin)s AND reversed_at < %(end)s
"""  # noqa: S608 - only the constants above are inserted

BY_METHOD = """
SELECT method, count(*), coalesce(sum(personal_fen), 0)::bigint
FROM settlement_settlement
WHERE institution_id = %(institution)s AND business_date = %(day)s
  AND insured_at IS NOT NULL AND state <> 'reversed'
GROUP BY method ORDER BY method
"""

# An attempt's subject says whose it is: a bill's visit, or a settlement.
_OWNERS = """
LEFT JOIN collection_bill bill
       ON bill.id = CASE WHEN attempt.subject LIKE 'bill:%%'
                         THEN split_part(attempt.subject, ':', 2)::bigint END
LEFT JOIN visits_visit visit ON visit.id = bill.visit_id
LEFT JOIN settlement_settlement settlement
       ON settlement.id = CASE WHEN attempt.subject LIKE 'settlement:%%'
                               THEN split_part(attempt.subject, ':', 2)::bigint END
"""
_OURS = "coalesce(visit.institution_id, settlement.institution_id) = %(institution)s"

RECEIVED = f"""
SELECT channel.code,
       count(*) FILTER (WHERE attempt.state = 'succeeded'),
       coalesce(sum(attempt.amount_fen) FILTER (WHERE attempt.state = 'succeeded'), 0)::bigint,
       count(*) FILTER (WHERE attempt.state = 'failed'),
       count(*) FILTER (WHERE attempt.state IN ('requested', 'unknown'))
FROM payments_attempt attempt
JOIN payments_channel channel ON channel.id = attempt.channel_id
{_OWNERS}
WHERE attempt.business_date = %(day)s AND {_OURS}
GROUP BY channel.code ORDER BY channel.code
"""  # noqa: S608 - only the constants above are inserted

REFUNDED = f"""
SELECT channel.code,
       count(*) FILTER (WHERE refund.state = 'succeeded'),
       coalesce(sum(refund.amount_fen) FILTER (WHERE refund.state = 'succeeded'), 0)::bigint,
       count(*) FILTER (WHERE refund.state = 'failed'),
       count(*) FILTER (WHERE refund.state IN ('requested', 'unknown'))
FROM payments_refund refund
JOIN payments_attempt attempt ON attempt.id = refund.attempt_id
JOIN payments_channel channel ON channel.id = attempt.channel_id
{_OWNERS}
WHERE refund.business_date = %(day)s AND {_OURS}
GROUP BY channel.code ORDER BY channel.code
"""  # noqa: S608 - only the constants above are inserted

OWED = """
SELECT CASE WHEN bill.account LIKE 'bank:%%' THEN 'bank' ELSE bill.state END AS owed_as,
       CASE WHEN bill.due_at IS NULL THEN 'no_due'
            WHEN bill.due_at > %(now)s THEN 'not_due'
            WHEN bill.due_at > %(now)s - interval '7 days' THEN 'week'
            WHEN bill.due_at > %(now)s - interval '30 days' THEN 'month'
            ELSE 'older' END AS age,
       count(*), coalesce(sum(bill.amount_fen - bill.paid_fen), 0)::bigint
FROM collection_bill bill
JOIN visits_visit visit ON visit.id = bill.visit_id
WHERE visit.institution_id = %(institution)s AND bill.state IN ('open', 'overdue', 'defaulted')
GROUP BY owed_as, age ORDER BY owed_as, age
"""

RECEIPTS = """
SELECT count(*) FILTER (WHERE red_of_id IS NULL AND issued_at >= %(begin)s AND issued_at < %(end)s),
       coalesce(sum(amount_fen) FILTER (
           WHERE red_of_id IS NULL AND issued_at >= %(begin)s AND issued_at < %(end)s), 0)::bigint,
       count(*) FILTER (
           WHERE red_of_id IS NOT NULL AND issued_at >= %(begin)s AND issued_at < %(end)s),
       coalesce(sum(abs(amount_fen)) FILTER (
           WHERE red_of_id IS NOT NULL AND issued_at >= %(begin)s AND issued_at < %(end)s
       ), 0)::bigint,
       count(*) FILTER (WHERE state = 'requested'),
       min(requested_at) FILTER (WHERE state = 'requested')
FROM receipts_receipt WHERE institution_id = %(institution)s
"""

UNDER_WAY = """
SELECT settlement.id, visit.visit_no, person.name, settlement.state, settlement.total_fen,
       settlement.claimed_at, settlement.reason, count(*) OVER ()
FROM settlement_settlement settlement
JOIN visits_visit visit ON visit.id = settlement.visit_id
JOIN patients_person person ON person.id = settlement.person_id
WHERE settlement.institution_id = %(institution)s
  AND settlement.state IN ('claimed', 'insured', 'awaiting_payment', 'unknown', 'reversing')
ORDER BY settlement.claimed_at LIMIT %(limit)s
"""

STATEMENTS = """
SELECT statement.id, statement.party, statement.channel, statement.fetched_at, statement.rows,
       statement.their_fen, statement.our_fen, statement.matched,
       count(difference.id), count(difference.id) FILTER (WHERE difference.state = 'found')
FROM reconciliation_statement statement
LEFT JOIN reconciliation_difference difference ON difference.statement_id = statement.id
WHERE statement.institution_id = %(institution)s AND statement.business_date = %(day)s
GROUP BY statement.id ORDER BY statement.party, statement.channel
"""

DIFFERENCES = """
SELECT difference.id, statement.party, statement.channel, difference.kind, difference.key,
       difference.negative, difference.figure, difference.our_fen, difference.their_fen,
       difference.state, difference.note, difference.decided_by, difference.decided_at,
       settlement.id
FROM reconciliation_difference difference
JOIN reconciliation_statement statement ON statement.id = difference.statement_id
LEFT JOIN LATERAL (
    SELECT id FROM settlement_settlement
    WHERE setl_id = difference.key AND setl_id <> '' AND statement.party = 'insurer'
      AND institution_id = statement.institution_id
    ORDER BY id DESC LIMIT 1
) settlement ON true
WHERE statement.institution_id = %(institution)s AND statement.business_date = %(day)s
ORDER BY difference.state = 'found' DESC, statement.party, statement.channel, difference.id
"""

LATEST = """
SELECT max(business_date) FROM settlement_settlement
WHERE institution_id = %(institution)s AND business_date < %(day)s
"""

LISTED = """
SELECT settlement.id, visit.visit_no, person.name, visit.department_name, settlement.state,
       settlement.method, settlement.total_fen, settlement.fund_fen, settlement.account_fen,
       settlement.personal_fen, settlement.hospital_fen, settlement.setl_id, settlement.claimed_at,
       settlement.completed_at, settlement.reversed_at
FROM settlement_settlement settlement
JOIN visits_visit visit ON visit.id = settlement.visit_id
JOIN patients_person person ON person.id = settlement.person_id
WHERE settlement.institution_id = %(institution)s AND settlement.business_date = %(day)s
ORDER BY settlement.id
"""
