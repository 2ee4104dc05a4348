-- The mobile payment centre's books (医保移动支付中心). Amounts are integer fen, times are the
-- centre's clock as RFC 3339. Codes, tokens and authorisations are kept as digests only.

CREATE TABLE IF NOT EXISTS centre_apps (
    app_id         TEXT PRIMARY KEY,
    app_secret     TEXT NOT NULL,
    public_key     TEXT NOT NULL,                -- the hospital's, hex
    secret_key     TEXT NOT NULL,                -- the centre's towards it, hex
    fixmedins_code TEXT NOT NULL,
    callback_url   TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS centre_rights (       -- what was given out and may be used once or for a time
    digest   TEXT PRIMARY KEY,
    kind     TEXT NOT NULL CHECK (kind IN ('code', 'ecToken', 'authNo')),
    psn_no   TEXT NOT NULL,
    until    TEXT NOT NULL,
    pays     INTEGER NOT NULL DEFAULT 1 CHECK (pays IN (0, 1)),
    used     INTEGER NOT NULL DEFAULT 0 CHECK (used IN (0, 1))
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS centre_orders (
    pay_ord_id     TEXT PRIMARY KEY,
    app_id         TEXT NOT NULL,
    med_org_ord    TEXT NOT NULL,
    fingerprint    BLOB NOT NULL,
    pay_token      TEXT NOT NULL,                -- digest
    psn_no         TEXT NOT NULL,
    mdtrt_id       TEXT NOT NULL,
    chrg_bchno     TEXT NOT NULL,
    acct_used_flag TEXT NOT NULL,
    lines          TEXT NOT NULL,                -- JSON, as 2204 answers
    ord_stas       TEXT NOT NULL DEFAULT '0',
    serial         TEXT NOT NULL DEFAULT '',     -- orgBizSer of the 6202 that paid it
    setl_id        TEXT NOT NULL DEFAULT '',
    settlement     TEXT NOT NULL DEFAULT '',     -- JSON, as 2207 answers
    fee_fen        INTEGER NOT NULL,
    fund_fen       INTEGER NOT NULL DEFAULT 0,
    account_fen    INTEGER NOT NULL DEFAULT 0,
    own_fen        INTEGER NOT NULL DEFAULT 0,
    cash_fen       INTEGER NOT NULL DEFAULT 0 CHECK (cash_fen BETWEEN 0 AND own_fen),
    revs_token     TEXT NOT NULL DEFAULT '',
    paid_at        TEXT NOT NULL DEFAULT '',
    UNIQUE (app_id, med_org_ord)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX IF NOT EXISTS centre_serials
    ON centre_orders (app_id, serial) WHERE serial <> '';

CREATE TABLE IF NOT EXISTS centre_refunds (
    app_id      TEXT NOT NULL,
    app_refd_sn TEXT NOT NULL,
    pay_ord_id  TEXT NOT NULL,
    fingerprint BLOB NOT NULL,
    answer      TEXT NOT NULL,                   -- JSON
    PRIMARY KEY (app_id, app_refd_sn)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS centre_fates (        -- what shall become of the next orders of a person
    seq    INTEGER PRIMARY KEY,
    psn_no TEXT NOT NULL,                        -- empty: of anybody
    fate   TEXT NOT NULL,
    left_  INTEGER NOT NULL
) STRICT;
