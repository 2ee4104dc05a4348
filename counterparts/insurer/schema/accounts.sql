-- Personal accounts in motion, who may use whose, and the clearing periods that are closed.

CREATE TABLE IF NOT EXISTS account_moves (       -- what settlements took of accounts, fen
    setl_id        TEXT NOT NULL,
    refd_setl_flag TEXT NOT NULL CHECK (refd_setl_flag IN ('0', '1')),
    psn_no         TEXT NOT NULL,                -- whose account
    purse          TEXT NOT NULL CHECK (purse IN ('current_fen', 'balc_fen')),
    taken_fen      INTEGER NOT NULL CHECK (taken_fen <> 0), -- negative: given back
    PRIMARY KEY (setl_id, refd_setl_flag, psn_no, purse)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS family_accounts (     -- 共济: payer_no's account pays for psn_no too
    psn_no   TEXT NOT NULL,
    payer_no TEXT NOT NULL CHECK (payer_no <> psn_no),
    PRIMARY KEY (psn_no, payer_no)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS clearings (
    month     TEXT PRIMARY KEY                   -- yyyy-MM
) STRICT, WITHOUT ROWID;
