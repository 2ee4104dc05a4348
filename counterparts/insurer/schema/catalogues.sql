-- Catalogues published later than those that are shipped, institutions' mappings, switches.

CREATE TABLE IF NOT EXISTS catalogue_rows (      -- a version published on the switchboard
    infno     TEXT NOT NULL,
    ver       TEXT NOT NULL,
    code      TEXT NOT NULL,
    name      TEXT NOT NULL,
    details   TEXT NOT NULL,                     -- JSON of what else the row says, by its name
    vali_flag TEXT NOT NULL CHECK (vali_flag IN ('0', '1')),
    PRIMARY KEY (infno, ver, code)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS terms_changed (       -- when class, cap or ratio of a code changed
    national_code TEXT PRIMARY KEY,
    day           TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS mappings (            -- 目录对照: an institution's code to a national one
    seq              INTEGER PRIMARY KEY,
    fixmedins_code   TEXT NOT NULL,
    medins_list_codg TEXT NOT NULL,
    medins_list_name TEXT NOT NULL,
    list_type        TEXT NOT NULL,
    med_list_codg    TEXT NOT NULL,
    begndate         TEXT NOT NULL,
    enddate          TEXT NOT NULL,
    details          TEXT NOT NULL,              -- JSON of the optional fields
    vali_flag        TEXT NOT NULL DEFAULT '1' CHECK (vali_flag IN ('0', '1')),
    updt_time        TEXT NOT NULL,
    CHECK (begndate <= enddate)
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS mappings_in_force
    ON mappings (fixmedins_code, medins_list_codg) WHERE vali_flag = '1';

CREATE TABLE IF NOT EXISTS switches (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
