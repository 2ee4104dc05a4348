-- What is sent to the insurer besides settlements: audits, receipts, settlement lists, self-payers'
-- charges. Amounts are integer fen.

CREATE TABLE IF NOT EXISTS audit_results (       -- every violation answered, and what became of it
    seq            INTEGER PRIMARY KEY,
    jr_id          TEXT NOT NULL UNIQUE,
    infno          TEXT NOT NULL CHECK (infno IN ('3101', '3102')),
    msgid          TEXT NOT NULL,
    fixmedins_code TEXT NOT NULL,
    psn_no         TEXT NOT NULL,
    mdtrt_id       TEXT NOT NULL,
    rule_id        TEXT NOT NULL,
    sev_deg        TEXT NOT NULL,
    vola_fen       INTEGER NOT NULL CHECK (vola_fen >= 0),
    at             TEXT NOT NULL,
    dspo_way       TEXT NOT NULL DEFAULT '',     -- 1 went on, 2 changed the order
    dspo_way_rea   TEXT NOT NULL DEFAULT '',
    fed_back_at    TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE IF NOT EXISTS receipt_batches (
    fixmedins_code TEXT NOT NULL,
    upld_bchno     TEXT NOT NULL,
    biz_stsb       TEXT NOT NULL,
    uploaded_at    TEXT NOT NULL,
    PRIMARY KEY (fixmedins_code, upld_bchno)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS receipts (            -- one row for each time a receipt was uploaded
    seq            INTEGER PRIMARY KEY,
    fixmedins_code TEXT NOT NULL,
    upld_bchno     TEXT NOT NULL,
    code           TEXT NOT NULL,
    number         TEXT NOT NULL,
    chkcode        TEXT NOT NULL,
    kind           TEXT NOT NULL,                -- elecSetlCertType
    setl_kind      TEXT NOT NULL,                -- certSetlType: 1 with the insurer, 2 all self-paid
    setl_id        TEXT NOT NULL,
    psn_no         TEXT NOT NULL,
    medfee_fen     INTEGER NOT NULL,             -- negative for a red one
    hifp_fen       INTEGER NOT NULL,
    red_of         TEXT NOT NULL,                -- code-number of the receipt it cancels
    content        BLOB NOT NULL,
    uploaded_at    TEXT NOT NULL,
    file_result    TEXT NOT NULL CHECK (file_result IN ('1', '2')),
    check_result   TEXT NOT NULL CHECK (check_result IN ('1', '2')),
    reason         TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS receipts_by_number ON receipts (code, number);
CREATE INDEX IF NOT EXISTS receipts_by_batch ON receipts (fixmedins_code, upld_bchno);

CREATE TABLE IF NOT EXISTS settlement_lists (
    seq            INTEGER PRIMARY KEY,
    setl_list_id   TEXT NOT NULL,
    fixmedins_code TEXT NOT NULL,
    setl_id        TEXT NOT NULL UNIQUE,
    psn_no         TEXT NOT NULL,
    mdtrt_id       TEXT NOT NULL,
    stas_type      TEXT NOT NULL DEFAULT '0',    -- 0 may be changed, 1 submitted
    content        TEXT NOT NULL,                -- the nodes as they came, JSON
    faults         TEXT NOT NULL,                -- quality control: [{field, text, level, value}]
    uploaded_at    TEXT NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS self_paid_lines (
    fixmedins_code TEXT NOT NULL,
    mdtrt_sn       TEXT NOT NULL,
    chrg_bchno     TEXT NOT NULL,
    feedetl_sn     TEXT NOT NULL,
    certno         TEXT NOT NULL,
    med_list_codg  TEXT NOT NULL,
    amount_fen     INTEGER NOT NULL,
    fee_ocur_time  TEXT NOT NULL,
    uploaded_at    TEXT NOT NULL,
    PRIMARY KEY (fixmedins_code, mdtrt_sn, feedetl_sn)
) STRICT, WITHOUT ROWID;
