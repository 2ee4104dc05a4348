"""The SQL of matching: what we have of a day, and one statement that compares it with theirs."""

from typing import Final

LOAD: Final = """
COPY reconciliation_statementrow
     (statement_id, key, negative, amount_fen, fund_fen, account_fen, fee_fen)
FROM STDIN
"""

# A settlement counts on the insurer's own date of it, its reversal on the day of the reversal. One
# that was undone because its figures could not be right (never insured) has no figures of ours.
_SETTLED: Final = """
    SELECT setl_id AS key, false AS negative, visit_id, 1 AS sign, total_fen, fund_fen,
           account_fen, personal_fen, insured_at, clr_type
    FROM settlement_settlement
    WHERE institution_id = %(institution)s AND business_date BETWEEN %(first)s AND %(last)s
      AND setl_id <> ''
    UNION ALL
    SELECT setl_id, true, visit_id, -1, total_fen, fund_fen, account_fen, personal_fen, insured_at,
           clr_type
    FROM settlement_settlement
    WHERE institution_id = %(institution)s AND setl_id <> ''
      AND reversed_at >= %(from)s AND reversed_at < %(until)s
"""

# What is uploaded for 3202.
BOOKED: Final = f"""
SELECT settled.key, settled.negative, encounter.mdtrt_id, encounter.psn_no, visit.kind,
       visit.med_type, encounter.insuplc_admdvs, settled.clr_type, encounter.insutype,
       sign * total_fen, sign * fund_fen, sign * account_fen, sign * personal_fen
FROM ({_SETTLED}) AS settled
JOIN visits_visit visit ON visit.id = settled.visit_id
JOIN insurance_encounter encounter ON encounter.visit_id = settled.visit_id
ORDER BY settled.key, settled.negative
"""  # noqa: S608 - made of constants

# What 3201 compares: by insurance and how it is cleared.
MONTH: Final = f"""
SELECT encounter.insutype, visit.kind, visit.med_type, encounter.insuplc_admdvs, settled.clr_type,
       sum(sign * total_fen)::bigint, sum(sign * fund_fen)::bigint,
       sum(sign * account_fen)::bigint, sum(sign * personal_fen)::bigint, count(*)
FROM ({_SETTLED}) AS settled
JOIN visits_visit visit ON visit.id = settled.visit_id
JOIN insurance_encounter encounter ON encounter.visit_id = settled.visit_id
GROUP BY 1, 2, 3, 4, 5
"""  # noqa: S608 - made of constants

OUR_SETTLEMENTS: Final = f"""
SELECT key, negative, sum(sign * total_fen)::bigint AS amount_fen,
       CASE WHEN bool_and(insured_at IS NOT NULL) THEN sum(sign * fund_fen)::bigint END AS fund_fen,
       CASE WHEN bool_and(insured_at IS NOT NULL) THEN sum(sign * account_fen)::bigint END
           AS account_fen
FROM ({_SETTLED}) AS settled GROUP BY key, negative
"""  # noqa: S608 - made of constants

# Whose payment it is follows from what it paid: a bill's visit, or a settlement.
_SUBJECTS: Final = """
LEFT JOIN collection_bill bill
       ON bill.id = CASE WHEN attempt.subject LIKE 'bill:%%'
                         THEN split_part(attempt.subject, ':', 2)::bigint END
LEFT JOIN visits_visit visit ON visit.id = bill.visit_id
LEFT JOIN settlement_settlement settlement
       ON settlement.id = CASE WHEN attempt.subject LIKE 'settlement:%%'
                               THEN split_part(attempt.subject, ':', 2)::bigint END
"""

OUR_PAYMENTS: Final = f"""
SELECT attempt.out_trade_no AS key, false AS negative, attempt.amount_fen,
       0::bigint AS fund_fen, 0::bigint AS account_fen
FROM payments_attempt attempt {_SUBJECTS}
WHERE attempt.channel_id = %(channel)s AND attempt.state = 'succeeded'
  AND attempt.business_date = %(day)s
  AND coalesce(visit.institution_id, settlement.institution_id) = %(institution)s
UNION ALL
SELECT refund.out_refund_no, true, -refund.amount_fen, 0, 0
FROM payments_refund refund
JOIN payments_attempt attempt ON attempt.id = refund.attempt_id {_SUBJECTS}
WHERE attempt.channel_id = %(channel)s AND refund.state = 'succeeded'
  AND refund.business_date = %(day)s
  AND coalesce(visit.institution_id, settlement.institution_id) = %(institution)s
"""  # noqa: S608 - made of constants

# A channel's bill covers all institutions of the area: rows that belong to another are not ours to
# match. What belongs to nobody stays, so that every institution sees it.
DROP_FOREIGN: Final = f"""
DELETE FROM reconciliation_statementrow WHERE id IN (
    SELECT entry.id
    FROM reconciliation_statementrow entry
    JOIN payments_attempt attempt ON attempt.out_trade_no = entry.key {_SUBJECTS}
    WHERE entry.statement_id = %(statement)s AND NOT entry.negative
      AND coalesce(visit.institution_id, settlement.institution_id) <> %(institution)s
    UNION ALL
    SELECT entry.id
    FROM reconciliation_statementrow entry
    JOIN payments_refund refund ON refund.out_refund_no = entry.key
    JOIN payments_attempt attempt ON attempt.id = refund.attempt_id {_SUBJECTS}
    WHERE entry.statement_id = %(statement)s AND entry.negative
      AND coalesce(visit.institution_id, settlement.institution_id) <> %(institution)s
)
"""  # noqa: S608 - made of constants

_MATCH: Final = """
WITH ours AS ({ours}),
paired AS (
    SELECT key, negative, o.present IS NOT NULL AS we_have, t.present IS NOT NULL AS they_have,
           o.amount_fen AS our_amount, o.fund_fen AS our_fund, o.account_fen AS our_account,
           t.amount_fen AS their_amount, t.fund_fen AS their_fund, t.account_fen AS their_account
    FROM (SELECT *, true AS present FROM ours) AS o
    FULL JOIN (SELECT key, negative, amount_fen, fund_fen, account_fen, true AS present
               FROM reconciliation_statementrow WHERE statement_id = %(statement)s) AS t
           USING (key, negative)
), judged AS (
    SELECT *, CASE WHEN NOT they_have THEN 'ours_only'
                   WHEN NOT we_have THEN 'theirs_only'
                   WHEN our_amount <> their_amount OR our_fund <> their_fund
                        OR our_account <> their_account THEN 'amount' END AS kind,
              CASE WHEN our_amount <> their_amount OR NOT we_have OR NOT they_have THEN 'amount'
                   WHEN our_fund <> their_fund THEN 'fund'
                   ELSE 'account' END AS figure
    FROM paired
), found AS (
    SELECT key, negative, kind, figure,
           CASE figure WHEN 'fund' THEN our_fund WHEN 'account' THEN our_account
                       ELSE our_amount END AS our_fen,
           CASE figure WHEN 'fund' THEN their_fund WHEN 'account' THEN their_account
                       ELSE their_amount END AS their_fen
    FROM judged WHERE kind IS NOT NULL
), written AS (
    INSERT INTO reconciliation_difference AS known
           (statement_id, kind, figure, key, negative, our_fen, their_fen, state, note, decided_by,
            found_at)
    SELECT %(statement)s, kind, figure, key, negative, our_fen, their_fen, 'found', '', '', %(now)s
    FROM found
    ON CONFLICT (statement_id, key, negative) DO UPDATE
    SET kind = excluded.kind, figure = excluded.figure, our_fen = excluded.our_fen,
        their_fen = excluded.their_fen, state = 'found', note = '', decided_by = '',
        found_at = excluded.found_at, decided_at = NULL
    WHERE known.decided_by = %(matching)s
       OR (known.kind, known.figure, known.our_fen, known.their_fen)
          IS DISTINCT FROM (excluded.kind, excluded.figure, excluded.our_fen, excluded.their_fen)
), vanished AS (
    UPDATE reconciliation_difference known
    SET state = 'corrected', note = %(note)s, decided_by = %(matching)s, decided_at = %(now)s
    WHERE known.statement_id = %(statement)s AND known.state = 'found'
      AND NOT EXISTS (SELECT 1 FROM found
                      WHERE found.key = known.key AND found.negative = known.negative)
)
UPDATE reconciliation_statement
SET (rows, matched, our_fen, their_fen) = (
    SELECT count(*) FILTER (WHERE they_have), count(*) FILTER (WHERE kind IS NULL),
           coalesce(sum(our_amount), 0), coalesce(sum(their_amount), 0)
    FROM judged)
WHERE id = %(statement)s
"""

MATCH_SETTLEMENTS: Final = _MATCH.replace("{ours}", OUR_SETTLEMENTS)
MATCH_PAYMENTS: Final = _MATCH.replace("{ours}", OUR_PAYMENTS)
"""Compares, writes the differences down, closes those that are gone, and writes the totals.

A difference that somebody decided stays decided while its figures stay; other figures, or one that
had closed by itself and is back, are found anew.
"""
