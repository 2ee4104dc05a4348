-- Stays in hospital: what a visit of kind 'inpatient' has besides its row in visits.

CREATE TABLE IF NOT EXISTS stays (
    mdtrt_id       TEXT PRIMARY KEY,
    endtime        TEXT NOT NULL DEFAULT '',     -- of the discharge; empty: still in hospital
    admission      TEXT NOT NULL,                -- JSON: mdtrtinfo of 2401, adminfo of 2403 over it
    discharge      TEXT NOT NULL DEFAULT '{}'    -- JSON: dscginfo of 2402
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS marks (               -- 2406 就医特殊属性
    ipt_psn_sp_flag_detl_id TEXT PRIMARY KEY,
    mdtrt_id                TEXT NOT NULL,
    fixmedins_code          TEXT NOT NULL,
    content                 TEXT NOT NULL        -- JSON
) STRICT, WITHOUT ROWID;
