-- Filings (备案) of persons: 2501 transfer, 2503 chronic disease, 2505 fixed place, 2507 injury.

CREATE TABLE IF NOT EXISTS filings (
    trt_dcla_detl_sn TEXT PRIMARY KEY,
    kind             TEXT NOT NULL,              -- the transaction: 2501, 2503, 2505, 2507
    psn_no           TEXT NOT NULL,
    fixmedins_code   TEXT NOT NULL,              -- who filed it; empty: the insurer's own office
    code             TEXT NOT NULL,              -- 2501 where to, 2503 disease, 2505 biz_appy_type
    begndate         TEXT NOT NULL,
    enddate          TEXT NOT NULL,              -- 9999-12-31 if open
    content          TEXT NOT NULL,              -- JSON, as it was filed
    filed_at         TEXT NOT NULL,
    opter            TEXT NOT NULL,
    opter_name       TEXT NOT NULL,
    cancelled        INTEGER NOT NULL DEFAULT 0 CHECK (cancelled IN (0, 1))
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS filings_psn_no ON filings (psn_no);
