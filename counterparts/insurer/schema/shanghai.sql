-- What Shanghai's messages need besides the books: booklets, codes, calculations.
-- Amounts are integer fen. Tokens of e-credentials are nowhere; codes are told by the switchboard.

CREATE TABLE IF NOT EXISTS shanghai_booklets (
    psn_no TEXT PRIMARY KEY,
    jlch   TEXT NOT NULL UNIQUE                  -- 记录册号
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS shanghai_codes (      -- codes of e-credentials, each decoded once
    code   TEXT PRIMARY KEY,
    psn_no TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS shanghai_calculations (
    jssqxh  TEXT PRIMARY KEY,
    kind    TEXT NOT NULL CHECK (kind IN ('SH01', 'SI11')),
    jgdm    TEXT NOT NULL,
    psn_no  TEXT NOT NULL,
    jzdyh   TEXT NOT NULL,                       -- empty for a registration not confirmed yet
    mxzdh   TEXT NOT NULL,
    lsh     TEXT NOT NULL DEFAULT ''             -- empty until it is confirmed
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS shanghai_calculations_lsh ON shanghai_calculations (lsh);

CREATE TABLE IF NOT EXISTS shanghai_transactions (
    lsh      TEXT PRIMARY KEY,
    jssqxh   TEXT NOT NULL UNIQUE,
    answer   BLOB NOT NULL,                      -- amounts as SI12 or SH02 told them, JSON
    refunded INTEGER NOT NULL DEFAULT 0 CHECK (refunded IN (0, 1))
) STRICT, WITHOUT ROWID;
