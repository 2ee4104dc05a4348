"""Statements over a whole area: who comes of age."""

# PostgreSQL moves 29 February back to the 28th in years that have none; the law counts to 1 March.
_ADULT_ON = """
((person.birth_date + make_interval(years => %(age)s))::date
 + (extract(day FROM person.birth_date + make_interval(years => %(age)s))
    <> extract(day FROM person.birth_date))::int)
"""

_MINORS = f"""
minor AS (
    SELECT dependant.id, contract.person_id AS principal_id, principal.name AS principal,
           person.id AS person_id, person.name, {_ADULT_ON} AS adult_on, dependant.since
    FROM patients_dependant dependant
    JOIN patients_contract contract ON contract.id = dependant.contract_id
    JOIN patients_person person ON person.id = dependant.person_id
    JOIN patients_person principal ON principal.id = contract.person_id
    WHERE dependant.ended_at IS NULL AND contract.area_id = %(area)s
      AND person.birth_date <= %(on)s::date + %(days)s::int - make_interval(years => %(age)s)
      AND NOT EXISTS (
          SELECT FROM patients_consent consent
          JOIN patients_person who ON who.id = consent.person_id
          WHERE consent.contract_id = contract.id
            AND COALESCE(who.merged_into_id, who.id) = person.id)
)
"""  # noqa: S608 - constants of this module

END_ADULTS = f"""
WITH {_MINORS}, grown AS (
    SELECT * FROM minor
    WHERE adult_on <= %(on)s AND (since AT TIME ZONE 'Asia/Shanghai')::date < adult_on
), ended AS (
    UPDATE patients_dependant dependant
    SET ended_at = grown.adult_on::timestamp AT TIME ZONE 'Asia/Shanghai', end_reason = 'adult'
    FROM grown WHERE dependant.id = grown.id AND dependant.ended_at IS NULL
    RETURNING grown.id, grown.principal_id, grown.principal, grown.person_id, grown.name,
              grown.adult_on
), room AS (
    SELECT line.id, line.limit_fen
    FROM ledger_line line
    JOIN credit_share share ON share.line_id = line.id
    JOIN ended ON ended.id = share.dependant_id
    WHERE line.limit_fen > 0
    ORDER BY line.id FOR NO KEY UPDATE OF line
), taken AS (
    UPDATE ledger_line line SET limit_fen = 0 FROM room WHERE line.id = room.id
), noted AS (
    INSERT INTO credit_limitchange (line_id, before_fen, after_fen, at, reason, rule)
    SELECT id, limit_fen, 0, %(now)s, 'dependant adult', 'P1.4' FROM room
)
SELECT * FROM ended ORDER BY id
"""  # noqa: S608 - constants of this module
"""Ends who joined as a minor, is an adult now and has not agreed to stay; shares keep no room."""

ADULTS_SOON = f"""
WITH {_MINORS}
SELECT id, principal_id, principal, person_id, name, adult_on FROM minor
WHERE adult_on > %(on)s AND adult_on <= %(on)s::date + %(days)s::int
ORDER BY id
"""  # noqa: S608 - constants of this module
"""Finds who comes of age within so many days and has not agreed to stay."""
