-- The channel's books. Amounts are integer fen; times are RFC 3339 texts of UTC+8.
CREATE TABLE IF NOT EXISTS merchants (
    mchid          TEXT PRIMARY KEY,
    appid          TEXT NOT NULL,
    serial_no      TEXT NOT NULL,
    public_key_pem TEXT NOT NULL,
    apiv3_key      TEXT NOT NULL,
    notify_ok      INTEGER NOT NULL
);

CREATE TABLE IF NOT EXISTS pre_signs (
    pre_entrustweb_id        TEXT PRIMARY KEY,
    mchid                    TEXT NOT NULL,
    plan_id                  INTEGER NOT NULL,
    out_contract_code        TEXT NOT NULL,
    contract_display_account TEXT NOT NULL,
    contract_notify_url      TEXT NOT NULL,
    contract_id              TEXT -- once the payer has agreed
);

CREATE TABLE IF NOT EXISTS contracts (
    contract_id              TEXT PRIMARY KEY,
    mchid                    TEXT NOT NULL, -- '': every merchant may debit it
    plan_id                  INTEGER NOT NULL,
    out_contract_code        TEXT NOT NULL,
    contract_display_account TEXT NOT NULL,
    openid                   TEXT NOT NULL,
    balance_fen              INTEGER CHECK (balance_fen >= 0), -- NULL: no bound
    daily_limit_fen          INTEGER CHECK (daily_limit_fen >= 0), -- NULL: no bound
    state                    TEXT NOT NULL CHECK (state IN ('SIGNED', 'TERMINATED')),
    signed_time              TEXT NOT NULL,
    terminated_time          TEXT,
    termination_remark       TEXT,
    UNIQUE (mchid, plan_id, out_contract_code)
);

CREATE TABLE IF NOT EXISTS orders (
    seq            INTEGER PRIMARY KEY AUTOINCREMENT,
    mchid          TEXT NOT NULL,
    out_trade_no   TEXT NOT NULL,
    appid          TEXT NOT NULL,
    contract_id    TEXT NOT NULL,
    openid         TEXT NOT NULL,
    description    TEXT NOT NULL,
    attach         TEXT NOT NULL,
    notify_url     TEXT NOT NULL,
    total_fen      INTEGER NOT NULL CHECK (total_fen > 0),
    state          TEXT NOT NULL CHECK (state IN ('ACCEPT', 'SUCCESS', 'PAYERROR')),
    failure        TEXT NOT NULL DEFAULT '', -- why a PAYERROR
    transaction_id TEXT UNIQUE, -- once it is a SUCCESS
    success_time   TEXT,
    UNIQUE (mchid, out_trade_no)
);
CREATE INDEX IF NOT EXISTS orders_contract ON orders (contract_id, success_time);
CREATE INDEX IF NOT EXISTS orders_day ON orders (success_time);

CREATE TABLE IF NOT EXISTS refunds (
    seq           INTEGER PRIMARY KEY AUTOINCREMENT,
    mchid         TEXT NOT NULL,
    out_refund_no TEXT NOT NULL,
    refund_id     TEXT NOT NULL UNIQUE,
    out_trade_no  TEXT NOT NULL,
    refund_fen    INTEGER NOT NULL CHECK (refund_fen > 0),
    reason        TEXT NOT NULL,
    notify_url    TEXT NOT NULL,
    status        TEXT NOT NULL CHECK (status IN ('PROCESSING', 'SUCCESS')),
    create_time   TEXT NOT NULL,
    success_time  TEXT,
    UNIQUE (mchid, out_refund_no)
);
CREATE INDEX IF NOT EXISTS refunds_order ON refunds (mchid, out_trade_no);
CREATE INDEX IF NOT EXISTS refunds_day ON refunds (success_time);

-- Where the bill is to disagree with the books.
CREATE TABLE IF NOT EXISTS tampers (
    number    TEXT PRIMARY KEY, -- out_trade_no or out_refund_no
    action    TEXT NOT NULL CHECK (action IN ('omit', 'amount')),
    delta_fen INTEGER NOT NULL
);
