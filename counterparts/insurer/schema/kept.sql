-- What institutions have uploaded and may ask for again (see ``plausible``). Credentials are not kept.

CREATE TABLE IF NOT EXISTS kept (
    seq            INTEGER PRIMARY KEY,
    family         TEXT NOT NULL,                -- what kind of thing
    fixmedins_code TEXT NOT NULL,
    key            TEXT NOT NULL,                -- what it is known by
    infno          TEXT NOT NULL,                -- the message that wrote it last
    psn_no         TEXT NOT NULL,                -- empty: of nobody in particular
    at             TEXT NOT NULL,
    content        TEXT NOT NULL,                -- JSON: main, nodes
    UNIQUE (family, fixmedins_code, key)
) STRICT;
CREATE INDEX IF NOT EXISTS kept_family_key ON kept (family, key);
