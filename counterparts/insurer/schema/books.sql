-- The insurer's books. Amounts are integer fen; times are the texts of the interface
-- (yyyy-MM-dd HH:mm:ss, local). Credential numbers (mdtrt_cert_no) are nowhere.

CREATE TABLE IF NOT EXISTS institutions (
    fixmedins_code TEXT PRIMARY KEY,
    fixmedins_name TEXT NOT NULL,
    access_key     TEXT NOT NULL UNIQUE,
    secret_key     TEXT NOT NULL,
    hosp_lv        TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS signins (
    sign_no        TEXT PRIMARY KEY,
    fixmedins_code TEXT NOT NULL,
    opter_no       TEXT NOT NULL,
    sign_time      TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS persons (
    psn_no          TEXT PRIMARY KEY,
    psn_cert_type   TEXT NOT NULL,
    certno          TEXT NOT NULL,
    psn_name        TEXT NOT NULL,
    gend            TEXT NOT NULL,
    naty            TEXT NOT NULL,
    brdy            TEXT NOT NULL,
    psn_type        TEXT NOT NULL,
    insutype        TEXT NOT NULL,
    psn_insu_stas   TEXT NOT NULL,
    cvlserv_flag    TEXT NOT NULL,
    insuplc_admdvs  TEXT NOT NULL,
    emp_name        TEXT NOT NULL,
    psn_idet_types  TEXT NOT NULL,               -- comma separated
    balc_fen        INTEGER NOT NULL CHECK (balc_fen >= 0),
    current_fen     INTEGER NOT NULL DEFAULT 0 CHECK (current_fen >= 0), -- this year's account
    UNIQUE (psn_cert_type, certno)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS accumulators (        -- what a year's settlements have used up
    psn_no           TEXT NOT NULL,
    insutype         TEXT NOT NULL,
    year             INTEGER NOT NULL,
    deductible_fen   INTEGER NOT NULL CHECK (deductible_fen >= 0),
    pool_fen         INTEGER NOT NULL CHECK (pool_fen >= 0),
    own_in_scope_fen INTEGER NOT NULL CHECK (own_in_scope_fen >= 0),
    catastrophic_fen INTEGER NOT NULL CHECK (catastrophic_fen >= 0),
    inpatient_deductible_fen INTEGER NOT NULL DEFAULT 0 CHECK (inpatient_deductible_fen >= 0),
    chronic_deductible_fen   INTEGER NOT NULL DEFAULT 0 CHECK (chronic_deductible_fen >= 0),
    inpatient_pool_fen       INTEGER NOT NULL DEFAULT 0 CHECK (inpatient_pool_fen >= 0),
    PRIMARY KEY (psn_no, insutype, year)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS visits (
    seq            INTEGER PRIMARY KEY,
    mdtrt_id       TEXT NOT NULL UNIQUE,
    fixmedins_code TEXT NOT NULL,
    psn_no         TEXT NOT NULL REFERENCES persons,
    ipt_otp_no     TEXT NOT NULL,
    insutype       TEXT NOT NULL,
    begntime       TEXT NOT NULL,
    dept_name      TEXT NOT NULL,
    med_type       TEXT NOT NULL DEFAULT '',     -- empty until message 2203
    dise_codg      TEXT NOT NULL DEFAULT '',
    dise_name      TEXT NOT NULL DEFAULT '',
    cancelled      INTEGER NOT NULL DEFAULT 0 CHECK (cancelled IN (0, 1)),
    kind           TEXT NOT NULL DEFAULT 'outpatient'
                   CHECK (kind IN ('outpatient', 'inpatient', 'pharmacy')),
    msgid          TEXT NOT NULL DEFAULT '',     -- the message that registered it
    opter          TEXT NOT NULL DEFAULT '',
    opter_name     TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX IF NOT EXISTS visits_psn_no ON visits (psn_no);
CREATE INDEX IF NOT EXISTS visits_msgid ON visits (msgid) WHERE kind = 'inpatient';
CREATE UNIQUE INDEX IF NOT EXISTS visits_ipt_otp_no
    ON visits (fixmedins_code, ipt_otp_no) WHERE cancelled = 0;

CREATE TABLE IF NOT EXISTS diagnoses (
    mdtrt_id        TEXT NOT NULL,
    inout_diag_type TEXT NOT NULL DEFAULT '1',   -- 1 on admission and of outpatients, 2 on discharge
    diag_srt_no     INTEGER NOT NULL,
    diag_type       TEXT NOT NULL,
    diag_code       TEXT NOT NULL,
    diag_name       TEXT NOT NULL,
    vali_flag       TEXT NOT NULL,
    maindiag_flag   TEXT NOT NULL DEFAULT '0',
    adm_cond        TEXT NOT NULL DEFAULT '',
    diag_dept       TEXT NOT NULL DEFAULT '',
    dise_dor_no     TEXT NOT NULL DEFAULT '',
    dise_dor_name   TEXT NOT NULL DEFAULT '',
    diag_time       TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (mdtrt_id, inout_diag_type, diag_srt_no)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS fee_lines (
    mdtrt_id           TEXT NOT NULL,
    feedetl_sn         INTEGER NOT NULL,
    chrg_bchno         TEXT NOT NULL,
    med_list_codg      TEXT NOT NULL,
    medins_list_codg   TEXT NOT NULL,
    cnt                TEXT NOT NULL,            -- decimal
    pric               TEXT NOT NULL,            -- decimal, yuan
    amount_fen         INTEGER NOT NULL,         -- negative for what takes a charge back
    fulamt_ownpay_fen  INTEGER NOT NULL,
    overlmt_fen        INTEGER NOT NULL,
    preselfpay_fen     INTEGER NOT NULL,
    inscp_scp_fen      INTEGER NOT NULL,
    setl_id            TEXT NOT NULL DEFAULT '', -- the live settlement; empty: unsettled
    init_feedetl_sn    INTEGER NOT NULL DEFAULT 0, -- the charge that it takes back; 0: none
    fee_ocur_time      TEXT NOT NULL DEFAULT '',
    sent               TEXT NOT NULL DEFAULT '{}', -- JSON: who ordered it and the like, as it came
    PRIMARY KEY (mdtrt_id, feedetl_sn),
    CHECK (amount_fen >= 0 OR init_feedetl_sn <> 0),
    CHECK (init_feedetl_sn <> 0 OR min(fulamt_ownpay_fen, overlmt_fen, preselfpay_fen,
                                       inscp_scp_fen) >= 0),
    CHECK (amount_fen = fulamt_ownpay_fen + overlmt_fen + preselfpay_fen + inscp_scp_fen)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS settlements (         -- an undone one has a second, negative row
    seq               INTEGER PRIMARY KEY,
    setl_id           TEXT NOT NULL,
    refd_setl_flag    TEXT NOT NULL CHECK (refd_setl_flag IN ('0', '1')),
    msgid             TEXT NOT NULL,             -- the message that made this row
    medins_setl_id    TEXT NOT NULL,             -- the message that settled
    fixmedins_code    TEXT NOT NULL,
    mdtrt_id          TEXT NOT NULL,
    psn_no            TEXT NOT NULL,
    insutype          TEXT NOT NULL,
    setl_time         TEXT NOT NULL,
    med_type          TEXT NOT NULL,
    clr_type          TEXT NOT NULL,
    mdtrt_cert_type   TEXT NOT NULL,
    chrg_bchno        TEXT NOT NULL,
    invono            TEXT NOT NULL,
    opter             TEXT NOT NULL,
    opter_name        TEXT NOT NULL,
    benefit_group     TEXT NOT NULL,
    year              INTEGER NOT NULL,          -- whose accumulators it moved
    medfee_sumamt     INTEGER NOT NULL,
    fulamt_ownpay_amt INTEGER NOT NULL,
    overlmt_selfpay   INTEGER NOT NULL,
    preselfpay_amt    INTEGER NOT NULL,
    inscp_scp_amt     INTEGER NOT NULL,
    act_pay_dedc      INTEGER NOT NULL,
    hifp_pay          INTEGER NOT NULL,
    pool_prop_selfpay TEXT NOT NULL,
    pool_limit        INTEGER NOT NULL,
    cvlserv_pay       INTEGER NOT NULL,
    hifmi_pay         INTEGER NOT NULL,
    hifob_pay         INTEGER NOT NULL,
    maf_pay           INTEGER NOT NULL,
    fund_pay_sumamt   INTEGER NOT NULL,
    psn_part_amt      INTEGER NOT NULL,
    acct_pay          INTEGER NOT NULL,
    psn_cash_pay      INTEGER NOT NULL,
    hosp_part_amt     INTEGER NOT NULL,
    own_in_scope      INTEGER NOT NULL,
    balc              INTEGER NOT NULL,          -- of the account afterwards
    infno             TEXT NOT NULL DEFAULT '2207', -- the transaction that settled
    care              TEXT NOT NULL DEFAULT 'outpatient', -- whose deductible it moved
    mid_setl_flag     TEXT NOT NULL DEFAULT '0', -- 1: of a stay that goes on
    first_acct_pay    INTEGER NOT NULL DEFAULT 0,
    acct_mulaid_pay   INTEGER NOT NULL DEFAULT 0,
    serious           INTEGER NOT NULL DEFAULT 0, -- within hifmi_pay or hifob_pay
    clr_month         TEXT NOT NULL DEFAULT '',  -- yyyy-MM: the clearing period it belongs to
    pay_loc           TEXT NOT NULL DEFAULT '2',
    UNIQUE (setl_id, refd_setl_flag),
    CHECK (medfee_sumamt = fund_pay_sumamt + psn_part_amt + hosp_part_amt),
    CHECK (fund_pay_sumamt = hifp_pay + cvlserv_pay + hifmi_pay + hifob_pay + maf_pay),
    CHECK (psn_part_amt = acct_pay + psn_cash_pay),
    CHECK (abs(acct_mulaid_pay) <= abs(acct_pay))
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS settlements_once
    ON settlements (medins_setl_id) WHERE refd_setl_flag = '0';
CREATE INDEX IF NOT EXISTS settlements_stays ON settlements (psn_no) WHERE care = 'inpatient';
CREATE INDEX IF NOT EXISTS settlements_mdtrt_id ON settlements (mdtrt_id);
CREATE INDEX IF NOT EXISTS settlements_setl_time ON settlements (setl_time);

CREATE TABLE IF NOT EXISTS messages (            -- what has changed the books, to answer resends
    msgid       TEXT PRIMARY KEY,
    infno       TEXT NOT NULL,
    fingerprint BLOB NOT NULL,
    answer      BLOB NOT NULL,
    revoked     INTEGER NOT NULL DEFAULT 0 CHECK (revoked IN (0, 1)) -- undone, or never to be done
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS files (
    file_qury_no   TEXT PRIMARY KEY,
    fixmedins_code TEXT NOT NULL,
    filename       TEXT NOT NULL,
    dld_endtime    TEXT NOT NULL,
    content        BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS tampers (             -- injected differences; only statements see them
    seq     INTEGER PRIMARY KEY,
    setl_id TEXT NOT NULL,
    action  TEXT NOT NULL CHECK (action IN ('omit', 'amount', 'extra')),
    detail  TEXT NOT NULL                        -- JSON
) STRICT;

CREATE TABLE IF NOT EXISTS counters (
    name  TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
