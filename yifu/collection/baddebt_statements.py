"""The SQL of bad debt: proposals by rule, provisions by age, what a bearer bears."""

# Who bears what is not paid at an institution: the scheme's table by district, or its rest.
_BEARERS = """
LEFT JOIN unnest(%(districts)s::text[], %(bearers)s::text[]) AS named (district, bearer)
       ON named.district = institution.district
"""

# A proposal whose bill was paid or lowered meanwhile needs nobody's decision any more.
LAPSE = """
UPDATE collection_writeoff write_off
SET state = 'refused', decided_by = %(by)s, decided_at = %(now)s, note = %(note)s
FROM collection_bill bill, institutions_institution institution
WHERE bill.id = write_off.bill_id AND institution.id = write_off.institution_id
  AND institution.area_id = %(area)s
  AND write_off.state = 'proposed' AND bill.state <> 'defaulted'
"""

# `rules.written_off_from`, over a set. What somebody refused once is proposed by people only.
PROPOSE_DUE = f"""
INSERT INTO collection_writeoff (bill_id, institution_id, amount_fen, bearer, rule, state,
                                 proposed_by, proposed_at, decided_by, note, recovered_fen)
SELECT bill.id, institution.id, bill.amount_fen - bill.paid_fen,
       coalesce(named.bearer, %(otherwise)s),
       %(code)s || coalesce(' bad_debt.bearers.' || named.district, ' bad_debt.otherwise'),
       'proposed', %(by)s, %(now)s, '', %(note)s, 0
FROM collection_bill bill
JOIN visits_visit visit ON visit.id = bill.visit_id
JOIN institutions_institution institution ON institution.id = visit.institution_id
{_BEARERS}
WHERE bill.state = 'defaulted' AND institution.area_id = %(area)s AND bill.due_at <= %(now)s
  AND (bill.due_at AT TIME ZONE 'Asia/Shanghai' + make_interval(months => %(months)s))
      AT TIME ZONE 'Asia/Shanghai' <= %(now)s
  AND NOT EXISTS (SELECT 1 FROM collection_writeoff earlier WHERE earlier.bill_id = bill.id)
ORDER BY bill.id
ON CONFLICT DO NOTHING
"""  # noqa: S608 - constants of this module

# What every bill owed when the date ended, by payments and write-offs until then. A bill that was
# lowered later counts with what is left of it: the rest turned out never to have been owed.
PROVIDE = f"""
WITH owed AS (
    SELECT coalesce(named.bearer, %(otherwise)s) AS bearer,
           greatest(0, %(as_of)s::date - (bill.due_at AT TIME ZONE 'Asia/Shanghai')::date) AS age,
           bill.amount_fen - coalesce(paid.fen, 0) AS fen
    FROM collection_bill bill
    JOIN visits_visit visit ON visit.id = bill.visit_id
    JOIN institutions_institution institution ON institution.id = visit.institution_id
    {_BEARERS}
    LEFT JOIN (SELECT bill_id, sum(amount_fen)::bigint AS fen FROM collection_billpayment
               WHERE paid_at < %(until)s GROUP BY bill_id) paid ON paid.bill_id = bill.id
    WHERE institution.area_id = %(area)s AND bill.due_at IS NOT NULL AND bill.opened_at < %(until)s
      AND bill.state <> 'cancelled' AND (bill.closed_at IS NULL OR bill.closed_at >= %(until)s)
      AND NOT EXISTS (SELECT 1 FROM collection_writeoff write_off
                      WHERE write_off.bill_id = bill.id AND write_off.state = 'approved'
                        AND write_off.decided_at < %(until)s)
), banded AS (
    SELECT owed.bearer, band.from_days, band.permille, count(*)::int AS bills,
           sum(owed.fen)::bigint AS fen
    FROM owed
    JOIN unnest(%(from_days)s::int[], %(to_days)s::int[], %(permilles)s::int[])
         AS band (from_days, to_days, permille)
      ON owed.age BETWEEN band.from_days AND coalesce(band.to_days, owed.age)
    WHERE owed.fen > 0
    GROUP BY 1, 2, 3
), gone AS (
    DELETE FROM collection_provision provision
    WHERE provision.area_id = %(area)s AND provision.as_of = %(as_of)s
      AND NOT EXISTS (SELECT 1 FROM banded WHERE banded.bearer = provision.bearer
                                             AND banded.from_days = provision.from_days)
)
INSERT INTO collection_provision (area_id, as_of, bearer, from_days, bills, owed_fen, permille,
                                  provision_fen)
SELECT %(area)s, %(as_of)s, bearer, from_days, bills, fen, permille, (fen * permille + 999) / 1000
FROM banded ORDER BY bearer, from_days
ON CONFLICT (area_id, as_of, bearer, from_days) DO UPDATE
SET bills = excluded.bills, owed_fen = excluded.owed_fen, permille = excluded.permille,
    provision_fen = excluded.provision_fen
"""  # noqa: S608 - constants of this module

# Every movement on a bearer's account, and the bill it is about.
_ENTRIES = """
WITH entry AS (
    SELECT posting.id AS posting_id, posting.business_date, posting.kind,
           CASE WHEN movement.debit_id = account.id THEN movement.amount_fen
                ELSE -movement.amount_fen END AS fen,
           coalesce(write_off.bill_id, CASE WHEN attempt.subject LIKE 'bill:%%'
                    THEN substring(attempt.subject FROM 6)::bigint END) AS bill_id
    FROM ledger_account account
    JOIN ledger_movement movement
      ON movement.debit_id = account.id OR movement.credit_id = account.id
    JOIN ledger_posting posting ON posting.id = movement.posting_id
    LEFT JOIN collection_writeoff write_off
           ON write_off.id = CASE WHEN posting.key LIKE 'writeoff:%%'
                                  THEN split_part(posting.key, ':', 2)::bigint END
    LEFT JOIN payments_attempt attempt
           ON attempt.id = CASE WHEN posting.key LIKE 'attempt:%%'
                                THEN substring(posting.key FROM 9)::bigint END
    WHERE account.code = %(account)s AND posting.business_date < %(until)s
)
"""

OPENING = f"""
{_ENTRIES}
SELECT coalesce(sum(entry.fen), 0)::bigint
FROM entry JOIN collection_bill bill ON bill.id = entry.bill_id
JOIN visits_visit visit ON visit.id = bill.visit_id
JOIN institutions_institution institution ON institution.id = visit.institution_id
WHERE entry.business_date < %(since)s
  AND (%(institution)s::bigint IS NULL OR visit.institution_id = %(institution)s)
  AND (%(area)s::text IS NULL OR institution.area_id = %(area)s)
"""  # noqa: S608 - constants of this module

ROWS = f"""
{_ENTRIES}
SELECT entry.business_date, entry.kind, entry.bill_id, visit.visit_no, institution.code,
       institution.name, entry.fen
FROM entry JOIN collection_bill bill ON bill.id = entry.bill_id
JOIN visits_visit visit ON visit.id = bill.visit_id
JOIN institutions_institution institution ON institution.id = visit.institution_id
WHERE entry.business_date >= %(since)s
  AND (%(institution)s::bigint IS NULL OR visit.institution_id = %(institution)s)
  AND (%(area)s::text IS NULL OR institution.area_id = %(area)s)
ORDER BY entry.business_date, entry.posting_id
"""  # noqa: S608 - constants of this module
