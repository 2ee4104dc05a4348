"""The SQL of a simulated year, stage by stage. Numbers are ids: the tables are empty before."""

# A draw in [0, 1): the same for the same number and salt, whoever asks in which order.
_DRAW = """
CREATE FUNCTION pg_temp.draw(number bigint, salt bigint) RETURNS float8 LANGUAGE sql IMMUTABLE
AS $$ SELECT (hashint8extended(number, salt) & 1073741823)::float8 / 1073741824 $$
"""
_NO_DRAW = "DROP FUNCTION IF EXISTS pg_temp.draw(bigint, bigint)"

_PLACES = """
INSERT INTO institutions_area (code, name, scheme) VALUES (%(area)s, '模拟市', %(scheme)s)
ON CONFLICT (code) DO NOTHING
"""
_INSTITUTIONS = """
INSERT INTO institutions_institution (code, area_id, name, level, district)
SELECT 'S9901' || lpad(n::text, 7, '0'), %(area)s, '模拟医院' || n, '2',
       (ARRAY['', '示范区', '模拟东区', '模拟西区'])[n %% 4 + 1]
FROM generate_series(1, 12) AS n
"""
_CHANNELS = """
INSERT INTO payments_channel (code, area_id, base_url, merchant, app)
SELECT code, %(area)s, '', '', '' FROM unnest(ARRAY['cash', 'citizen_card']) AS code
ON CONFLICT (area_id, code) DO NOTHING
"""
_PERSONS = """
INSERT INTO patients_person (id, area_id, name, certificate_type, certificate_cipher,
    certificate_index, phone_cipher, phone_index, sex, birth_date, created_at)
SELECT n, %(area)s, '模拟' || n, '01', %(cipher)s, sha256(('simulated ' || n)::bytea), %(cipher)s,
       sha256(('phone ' || n)::bytea), 1 + (pg_temp.draw(n, %(seed)s) < 0.52)::int,
       %(begin)s::date - CASE
           WHEN n <= %(principals)s THEN 6570 + floor(24000 * pg_temp.draw(n, %(seed)s + 1) ^ 1.2)
           WHEN pg_temp.draw(n, %(seed)s + 2) < 0.6
               THEN floor(6500 * pg_temp.draw(n, %(seed)s + 1))
           ELSE 22000 + floor(11000 * pg_temp.draw(n, %(seed)s + 1)) END::int,
       %(begin)s
FROM generate_series(1, %(people)s::int) AS n
"""
_CONTRACTS = """
INSERT INTO patients_contract (id, person_id, area_id, institution_id, scheme, state, funding, bank,
    consent_text_version, consent_channel, signed_at)
SELECT n, n, %(area)s, (SELECT min(id) FROM institutions_institution), %(scheme)s, 'active',
       'platform', '', %(text_version)s, 'phone', %(begin)s
FROM generate_series(1, %(principals)s::int) AS n
"""
_DEPENDANTS = """
INSERT INTO patients_dependant (id, contract_id, person_id, kinship, limit_fen, since)
SELECT n, (hashint8extended(n, %(seed)s) & 1073741823) %% %(principals)s + 1, n,
       CASE WHEN birth_date > %(begin)s::date - 6570 THEN 'child' ELSE 'parent' END,
       CASE WHEN pg_temp.draw(n, %(seed)s + 3) < 0.3 THEN 50000 END, %(begin)s
FROM patients_person person, LATERAL (SELECT person.id AS n) AS numbered
WHERE n > %(principals)s
"""
_SCORES = """
INSERT INTO credit_score (id, person_id, score, dimensions, reference, asked_at, valid_until)
SELECT n, n, CASE WHEN pg_temp.draw(n, %(seed)s + 4) < 0.05 THEN NULL ELSE
       least(1000, greatest(0, 620 + floor(
           120 * sqrt(-2 * ln(1 - pg_temp.draw(n, %(seed)s + 5)))
           * cos(6.283185 * pg_temp.draw(n, %(seed)s + 6)))))::int END,
       '{}', '', %(begin)s, %(end)s::date
FROM generate_series(1, %(principals)s::int) AS n
"""
_ACCOUNTS = """
INSERT INTO ledger_account (id, code, kind)
SELECT n, 'owed:' || n, 'owed' FROM generate_series(1, %(principals)s::int) AS n
"""
_LINES = """
INSERT INTO ledger_line (id, account_id, limit_fen, held_fen, owed_fen)
SELECT score.person_id, score.person_id,
       coalesce((SELECT band.fen FROM unnest(%(highest)s::int[], %(limits)s::bigint[])
                     AS band (highest, fen)
                 WHERE score.score <= band.highest ORDER BY band.highest LIMIT 1),
                (SELECT max(fen) FILTER (WHERE score.score IS NOT NULL)
                 FROM unnest(%(limits)s::bigint[]) AS fen), 300000), 0, 0
FROM credit_score score
"""
_SHARES = """
INSERT INTO ledger_line (id, account_id, parent_id, limit_fen, held_fen, owed_fen)
SELECT person_id, contract_id, contract_id, limit_fen, 0, 0
FROM patients_dependant WHERE limit_fen IS NOT NULL
"""
_CREDIT_LINES = """
INSERT INTO credit_creditline (id, person_id, contract_id, line_id, lender, standing,
    standing_since)
SELECT n, n, n, n, 'platform', 'good', %(begin)s FROM generate_series(1, %(principals)s::int) AS n
"""
_CREDIT_SHARES = """
INSERT INTO credit_share (credit_line_id, dependant_id, line_id)
SELECT contract_id, id, id FROM patients_dependant WHERE limit_fen IS NOT NULL
"""

# Visits first: so many, when, of what kind, how much of it is the patient's.
_VISITED = """
CREATE TEMPORARY TABLE simulated_visit ON COMMIT DROP AS
WITH counted AS (
    SELECT person.id AS person_id, coalesce(dependant.contract_id, person.id) AS principal_id,
           dependant.limit_fen AS share_fen,
           least(60, floor(-7 * ln(1 - pg_temp.draw(person.id, %(seed)s + 10))))::int AS visits
    FROM patients_person person LEFT JOIN patients_dependant dependant ON dependant.id = person.id
), drawn AS (
    SELECT counted.*, person_id * 100 + turn AS key,
           pg_temp.draw(person_id * 100 + turn, %(seed)s + 11) AS kind_draw,
           sqrt(-2 * ln(1 - pg_temp.draw(person_id * 100 + turn, %(seed)s + 12)))
           * cos(6.283185 * pg_temp.draw(person_id * 100 + turn, %(seed)s + 13)) AS normal
    FROM counted, generate_series(1, visits) AS turn
), kinds AS (
    SELECT drawn.*,
           CASE WHEN kind_draw < 0.86 THEN 'outpatient' WHEN kind_draw < 0.91 THEN 'pharmacy'
                WHEN kind_draw < 0.97 THEN 'emergency' ELSE 'inpatient' END AS kind,
           %(begin)s::timestamptz + make_interval(
               days => floor(365 * pg_temp.draw(key, %(seed)s + 14))::int,
               secs => 28800 + floor(36000 * pg_temp.draw(key, %(seed)s + 15))) AS began_at
    FROM drawn
)
SELECT row_number() OVER (ORDER BY principal_id, began_at, key) AS id, key, person_id, principal_id,
       share_fen, kind, began_at,
       began_at + CASE kind WHEN 'inpatient' THEN interval '6 days' ELSE interval '40 minutes' END
           AS ended_at,
       greatest(100, floor(CASE kind WHEN 'outpatient' THEN 6000 * exp(0.9 * normal)
                WHEN 'pharmacy' THEN 7000 * exp(0.7 * normal)
                WHEN 'emergency' THEN 15000 * exp(0.8 * normal)
                ELSE 160000 * exp(0.7 * normal) END))::bigint AS fen,
       floor(12 * pg_temp.draw(key, %(seed)s + 16) ^ 1.5)::int AS place
FROM kinds
"""

# Then how each would be paid if it went on the line: on one's own, at night, late, or never. A few
# families are careless in everything.
_PAYING = """
CREATE TEMPORARY TABLE simulated_part ON COMMIT DROP AS
WITH habits AS (
    SELECT visit.*, pg_temp.draw(principal_id, %(seed)s + 20) < 0.04 AS careless,
           pg_temp.draw(key, %(seed)s + 21) AS way, pg_temp.draw(key, %(seed)s + 22) AS lag,
           date_trunc('day', ended_at AT TIME ZONE 'Asia/Shanghai') AS day
    FROM simulated_visit visit
), due AS (
    SELECT habits.*, (day + make_interval(days => %(due_days)s, hours => %(due_hours)s))
                     AT TIME ZONE 'Asia/Shanghai' AS due_at
    FROM habits
), payable AS (
    SELECT due.*, NOT careless AND way >= 0.55 AND way < 0.95 OR careless AND way < 0.2 AS by_night
    FROM due
)
SELECT payable.*, CASE
    WHEN by_night
        THEN (day + %(debit_at)s::time + make_interval(days => 1
              + (CASE WHEN lag < 0.85 THEN 0 ELSE floor(20 * (lag - 0.85) / 0.15) END)::int))
             AT TIME ZONE 'Asia/Shanghai'
    WHEN NOT careless AND way < 0.55 THEN ended_at + make_interval(secs => 40 * 3600 * lag)
    WHEN NOT careless AND way < 0.99 OR careless AND way < 0.7
        THEN due_at + make_interval(secs => floor(-12 * 86400 * ln(1 - lag)) + 3600)
    END AS paid_at
FROM payable
"""

# What really went on the line: roughly what the line and the standing of the moment allow, found
# without replaying. The model is measured against it.
_ADMITTED = """
CREATE TEMPORARY TABLE simulated_bill ON COMMIT DROP AS
WITH looked_back AS (
    SELECT part.*, line.limit_fen,
           sum(fen) OVER (PARTITION BY principal_id ORDER BY ended_at
                          RANGE BETWEEN interval '2 days' PRECEDING AND CURRENT ROW) AS used_fen,
           max(coalesce(paid_at, 'infinity')) FILTER (WHERE coalesce(paid_at, 'infinity') > due_at)
               OVER (PARTITION BY principal_id ORDER BY ended_at
                     RANGE BETWEEN UNBOUNDED PRECEDING AND interval '3 days' PRECEDING) AS bad_until
    FROM simulated_part part JOIN ledger_line line ON line.id = part.principal_id
), judged AS (
    SELECT looked_back.*, used_fen <= limit_fen + CASE kind WHEN 'emergency' THEN 200000 ELSE 0 END
        AND coalesce(bad_until <= ended_at, true)
        AND (share_fen IS NULL OR fen <= share_fen) AS on_credit
    FROM looked_back
)
SELECT id, person_id, principal_id, share_fen, kind, place, began_at, ended_at, fen, due_at,
       on_credit, on_credit AND by_night AS by_night,
       CASE WHEN on_credit THEN paid_at ELSE ended_at END AS paid_at,
       CASE WHEN on_credit AND share_fen IS NOT NULL THEN person_id
            WHEN on_credit THEN principal_id END AS line_id
FROM judged
"""
_VISITS = """
INSERT INTO visits_visit (id, institution_id, person_id, visit_no, kind, department_code,
    department_name, doctor_code, doctor_name, began_at, ended_at, business_date, diagnoses,
    uninsured)
SELECT bill.id, place.id, bill.person_id, 'Y' || bill.id, bill.kind, 'A03', '内科', 'D0101',
       '模拟医生', bill.began_at, bill.ended_at, (bill.began_at AT TIME ZONE 'Asia/Shanghai')::date,
       '[]', false
FROM simulated_bill bill
JOIN (SELECT id, row_number() OVER (ORDER BY code) - 1 AS place FROM institutions_institution) place
  ON place.place = bill.place
ORDER BY bill.id
"""
_BILLS = """
INSERT INTO collection_bill (id, visit_id, principal_id, line_id, account, amount_fen, paid_fen,
    state, opened_at, due_at, closed_at)
SELECT id, id, principal_id, line_id, 'owed:' || principal_id, fen,
       CASE WHEN paid_at IS NULL THEN 0 ELSE fen END,
       CASE WHEN paid_at IS NOT NULL THEN 'paid' WHEN due_at > %(end)s THEN 'open'
            WHEN due_at + make_interval(months => %(default_months)s) > %(end)s THEN 'overdue'
            ELSE 'defaulted' END, ended_at, due_at, paid_at
FROM simulated_bill ORDER BY id
"""
_SETTLEMENTS = """
INSERT INTO settlement_settlement (institution_id, visit_id, person_id, bill_id, state,
    asked_method, method, total_fen, fund_fen, account_fen, personal_fen, hospital_fen, insured,
    interim, clr_type, setl_id, msgid, business_date, claimed_at, insured_at, completed_at, reason,
    refund_charges)
SELECT visit.institution_id, visit.id, visit.person_id, bill.id, 'completed',
       CASE WHEN bill.on_credit THEN 'auto' ELSE 'cash' END,
       CASE WHEN bill.on_credit THEN 'credit' ELSE 'cash' END,
       3 * bill.fen, 2 * bill.fen, 0, bill.fen, 0, true, false, '11', 'Y' || bill.id, '',
       (bill.ended_at AT TIME ZONE 'Asia/Shanghai')::date,
       bill.ended_at, bill.ended_at, bill.ended_at, '', '[]'
FROM simulated_bill bill JOIN visits_visit visit ON visit.id = bill.id ORDER BY bill.id
"""
_ATTEMPTS = """
INSERT INTO payments_attempt (id, out_trade_no, channel_id, subject, amount_fen, refunded_fen,
    state, code, transaction_id, requested_at, resolved_at, business_date)
SELECT bill.id, 'Y' || bill.id, channel.id, 'bill:' || bill.id, bill.fen, 0, 'succeeded', '', '',
       bill.paid_at, bill.paid_at, (bill.paid_at AT TIME ZONE 'Asia/Shanghai')::date
FROM simulated_bill bill
JOIN payments_channel channel
  ON channel.code = CASE WHEN bill.by_night THEN 'citizen_card' ELSE 'cash' END
WHERE bill.paid_at IS NOT NULL ORDER BY bill.id
"""
_PAYMENTS = """
INSERT INTO collection_billpayment (bill_id, attempt_id, amount_fen, paid_at)
SELECT id, id, fen, paid_at FROM simulated_bill WHERE paid_at IS NOT NULL ORDER BY id
"""
_NIGHTS = """
INSERT INTO collection_night (area_id, business_date, report, begun_at, ended_at)
SELECT %(area)s, (paid_at AT TIME ZONE 'Asia/Shanghai')::date - 1, '{}', min(paid_at), max(paid_at)
FROM simulated_bill WHERE by_night GROUP BY 2
"""
_NIGHT_DEBITS = """
INSERT INTO collection_nightdebit (night_id, bill_id, attempt_id)
SELECT night.id, bill.id, bill.id
FROM simulated_bill bill
JOIN collection_night night
  ON night.business_date = (bill.paid_at AT TIME ZONE 'Asia/Shanghai')::date - 1
WHERE bill.by_night
"""
_STANDING = """
INSERT INTO credit_standingchange (credit_line_id, before, after, at, reason, rule)
SELECT principal_id, before, after, at, 'bill:' || id || ' ' || word, rule
FROM simulated_bill bill, LATERAL (VALUES
    ('good', 'suspended', due_at, 'overdue', 'P4.3'),
    ('suspended', 'defaulted', (due_at AT TIME ZONE 'Asia/Shanghai'
        + make_interval(months => %(default_months)s)) AT TIME ZONE 'Asia/Shanghai',
     'defaulted', 'P4.4')) AS change (before, after, at, word, rule)
WHERE on_credit AND coalesce(paid_at, 'infinity') > at AND at < %(end)s
ORDER BY at
"""
_CURRENT = """
UPDATE credit_creditline credit SET standing = worst.standing
FROM (SELECT principal_id, CASE WHEN bool_or(state = 'defaulted') THEN 'defaulted'
                                ELSE 'suspended' END AS standing
      FROM collection_bill WHERE state IN ('overdue', 'defaulted') AND line_id IS NOT NULL
      GROUP BY 1) worst
WHERE credit.person_id = worst.principal_id
"""

FILLED = (
    "patients_person",
    "patients_contract",
    "patients_dependant",
    "credit_score",
    "credit_creditline",
    "credit_share",
    "credit_standingchange",
    "ledger_account",
    "ledger_line",
    "visits_visit",
    "settlement_settlement",
    "collection_bill",
    "payments_attempt",
    "collection_billpayment",
    "collection_nightdebit",
)
"""The tables a simulated year fills."""

# Numbers were given by hand: what is written next comes after them.
_NUMBERS = """
SELECT setval(pg_get_serial_sequence('{0}', 'id'), coalesce(max(id), 0) + 1, false) FROM {0}
"""

STAGES = (
    ("draw", _NO_DRAW),
    ("draw", _DRAW),
    ("places", _PLACES),
    ("places", _INSTITUTIONS),
    ("places", _CHANNELS),
    ("persons", _PERSONS),
    ("contracts", _CONTRACTS),
    ("contracts", _DEPENDANTS),
    ("scores", _SCORES),
    ("lines", _ACCOUNTS),
    ("lines", _LINES),
    ("lines", _SHARES),
    ("lines", _CREDIT_LINES),
    ("lines", _CREDIT_SHARES),
    ("visits", _VISITED),
    ("payments", _PAYING),
    ("bills", _ADMITTED),
    ("visits", _VISITS),
    ("bills", _BILLS),
    ("settlements", _SETTLEMENTS),
    ("payments", _ATTEMPTS),
    ("payments", _PAYMENTS),
    ("nights", _NIGHTS),
    ("nights", _NIGHT_DEBITS),
    ("standing", _STANDING),
    ("standing", _CURRENT),
    *(("numbers", _NUMBERS.format(table)) for table in FILLED),
)
"""What is done in which order, with the stage's name."""

COUNTS = """
SELECT (SELECT count(*) FROM patients_person), (SELECT count(*) FROM credit_creditline),
       (SELECT count(*) FROM visits_visit), (SELECT count(*) FROM collection_bill),
       (SELECT count(*) FROM collection_bill WHERE state = 'paid'),
       (SELECT count(*) FROM collection_bill WHERE line_id IS NOT NULL)
"""
