"""The SQL of standing, entries and tellings: over sets, entries locked by ascending id."""

# Good ones too: whoever suspends somebody at the same time has to wait, or is seen.
LOCK_CREDIT_LINES = """
SELECT id, person_id, standing FROM credit_creditline
WHERE person_id = ANY(%(persons)s::bigint[]) ORDER BY id FOR NO KEY UPDATE
"""

# A bank writes under the lock of the credit line, so this is asked after it is held.
FROZEN_BY_BANK = """
SELECT credit_line_id FROM credit_bankline
WHERE credit_line_id = ANY(%(lines)s::bigint[]) AND state = 'frozen'
"""

# Locked by one statement and read by the next: what is joined to a row that had to be waited for
# would be what it was before the wait.
LOCK_ENTRIES = """
SELECT id FROM collection_defaultentry
WHERE principal_id = ANY(%(persons)s::bigint[]) ORDER BY id FOR NO KEY UPDATE
"""

ENTRIES = """
SELECT entry.id, entry.principal_id, entry.state,
       EXISTS (SELECT 1 FROM collection_dispute dispute
               WHERE dispute.entry_id = entry.id AND dispute.state = 'open'),
       entry.decided_at, institution.name, greatest(bill.amount_fen - bill.paid_fen, 0)
FROM collection_defaultentry entry
JOIN collection_bill bill ON bill.id = entry.bill_id
JOIN institutions_institution institution ON institution.id = entry.institution_id
WHERE entry.principal_id = ANY(%(persons)s::bigint[]) ORDER BY entry.id
"""

BAD_BILLS = """
SELECT bill.principal_id, bill.state, entry.state
FROM collection_bill bill
LEFT JOIN collection_defaultentry entry ON entry.bill_id = bill.id
WHERE bill.principal_id = ANY(%(persons)s::bigint[])
  AND bill.state IN ('overdue', 'defaulted', 'written_off')
"""

# What is paid, or taken off by a reversal, is no reason any more (P4.5).
LIFT_PAID = """
UPDATE collection_defaultentry entry
SET state = 'lifted', lifted_at = %(now)s::timestamptz,
    reason = 'bill:' || bill.id || CASE bill.state WHEN 'paid' THEN ' paid' ELSE ' lowered' END
FROM collection_bill bill
WHERE entry.principal_id = ANY(%(persons)s::bigint[]) AND bill.id = entry.bill_id
  AND entry.state IN ('proposed', 'confirmed') AND bill.state IN ('paid', 'cancelled')
RETURNING entry.id
"""

NEWEST_TELLINGS = """
SELECT DISTINCT ON (person_id, party) person_id, party, listed
FROM collection_telling WHERE person_id = ANY(%(persons)s::bigint[])
ORDER BY person_id, party, id DESC
"""

PERSONS_OF_TELLINGS = """
SELECT person.id, person.name, area.code, area.scheme
FROM patients_person person JOIN institutions_area area ON area.code = person.area_id
WHERE person.id = ANY(%(persons)s::bigint[])
"""

# Tellings too are locked by ascending id: those in hand are being recorded at the same time.
OVERTAKE = """
UPDATE collection_telling SET superseded = true, next_try_at = NULL
WHERE acknowledged_at IS NULL AND id IN (
    SELECT told.id FROM collection_telling told
    JOIN unnest(%(persons)s::bigint[], %(parties)s::text[]) AS newer (person_id, party)
      ON told.person_id = newer.person_id AND told.party = newer.party
    WHERE told.acknowledged_at IS NULL AND NOT told.superseded
    ORDER BY told.id FOR NO KEY UPDATE OF told)
RETURNING id
"""

# Waiting is measured by the database's clock from the beginning of the causing transaction on.
INSERT_TELLINGS = """
INSERT INTO collection_telling (area_id, person_id, party, listed, reason, content, caused_at,
                                wanted_at, next_try_at, tries, code, superseded)
SELECT area, person_id, party, listed, left(reason, 80), content::jsonb, %(now)s::timestamptz,
       now(), now(), 0, '', false
FROM unnest(%(areas)s::text[], %(persons)s::bigint[], %(parties)s::text[], %(listeds)s::boolean[],
            %(reasons)s::text[], %(contents)s::text[])
     AS row (area, person_id, party, listed, reason, content)
RETURNING id, person_id, party, listed
"""

_CLAIM = """
UPDATE collection_telling told
SET tries = told.tries + 1, next_try_at = clock_timestamp() + interval '60 seconds'
FROM patients_person person
WHERE person.id = told.person_id AND told.id IN (
    SELECT id FROM collection_telling
    WHERE {which} AND acknowledged_at IS NULL AND NOT superseded
      AND next_try_at <= clock_timestamp() + {early}
    ORDER BY id FOR NO KEY UPDATE SKIP LOCKED)
RETURNING told.id, told.area_id, told.party, told.listed, told.reason, told.content, told.tries,
          person.name, person.certificate_cipher
"""

CLAIM_THESE = _CLAIM.format(which="id = ANY(%(tellings)s::bigint[])", early="interval '1 second'")
"""Take tellings in hand to send them: for a minute nobody else does.

A second early counts as due: a job is woken by its own machine's clock.
"""

CLAIM_DUE = _CLAIM.format(
    which="""id IN (SELECT id FROM collection_telling
                    WHERE area_id = %(area)s AND party = %(party)s
                      AND acknowledged_at IS NULL AND NOT superseded
                      AND next_try_at <= clock_timestamp()
                    ORDER BY next_try_at, id LIMIT %(limit)s)""",
    early="interval '0'",
)
"""The same for what is due to a party of an area, the longest waiting first."""

# An acknowledgement counts whenever it comes; a failure does not bring back what was overtaken.
RECORD = """
WITH locked AS MATERIALIZED (
    SELECT id FROM collection_telling
    WHERE id = ANY(%(tellings)s::bigint[]) ORDER BY id FOR NO KEY UPDATE
)
UPDATE collection_telling told
SET code = heard.code,
    acknowledged_at = CASE WHEN heard.acknowledged
                           THEN coalesce(told.acknowledged_at, clock_timestamp())
                           ELSE told.acknowledged_at END,
    next_try_at = CASE WHEN heard.acknowledged OR told.superseded
                            OR told.acknowledged_at IS NOT NULL THEN NULL
                       ELSE clock_timestamp() + make_interval(secs => heard.wait) END
FROM unnest(%(tellings)s::bigint[], %(codes)s::text[], %(acknowledged)s::boolean[],
            %(waits)s::float8[])
     AS heard (id, code, acknowledged, wait) JOIN locked USING (id)
WHERE told.id = heard.id
RETURNING told.id, told.party, told.next_try_at IS NOT NULL, heard.wait
"""

_WAYS_BACK = """
WITH back AS (
    SELECT told.id, told.person_id, told.party, told.reason, told.caused_at, told.wanted_at,
           told.acknowledged_at, told.tries, told.code,
           extract(epoch FROM coalesce(told.acknowledged_at, clock_timestamp()) - told.wanted_at)
               ::float8 AS seconds
    FROM collection_telling told
    WHERE told.area_id = %(area)s AND NOT told.listed AND told.reason LIKE 'bill:%%'
      AND told.caused_at >= %(begin)s AND told.caused_at < %(end)s
      AND (told.acknowledged_at IS NOT NULL OR NOT told.superseded)
)
"""

WAITS = (
    _WAYS_BACK
    + """
SELECT party, count(*) FILTER (WHERE acknowledged_at IS NOT NULL),
       count(*) FILTER (WHERE acknowledged_at IS NULL),
       count(*) FILTER (WHERE seconds > %(within)s),
       percentile_cont(ARRAY[0.5, 0.9, 0.99, 1]) WITHIN GROUP (ORDER BY seconds)
           FILTER (WHERE acknowledged_at IS NOT NULL)
FROM back GROUP BY party ORDER BY party
"""
)

HISTOGRAM = (
    _WAYS_BACK
    + """
SELECT party, width_bucket(seconds, %(edges)s::float8[]), count(*)
FROM back WHERE acknowledged_at IS NOT NULL GROUP BY 1, 2
"""
)

LATE = (
    _WAYS_BACK
    + """
SELECT id, person_id, party, reason, caused_at, acknowledged_at, seconds, tries, code
FROM back WHERE seconds > %(within)s
ORDER BY acknowledged_at IS NOT NULL, seconds DESC, id LIMIT %(limit)s
"""
)

EXPORT = (
    _WAYS_BACK
    + """
SELECT id, party, reason, caused_at, acknowledged_at, seconds, tries, code
FROM back ORDER BY caused_at, id
"""
)

STOPPED = """
SELECT told.listed AND told.acknowledged_at IS NOT NULL FROM collection_telling told
WHERE told.person_id = {person} AND told.party = 'insurer' ORDER BY told.id DESC LIMIT 1
"""
"""Whether the insurer has acknowledged that it stopped a person's real-time settlement (P4.4).

A part of a larger statement. While it has not, it is asked as ever: it may not have stopped yet, or
have restored already.
"""
