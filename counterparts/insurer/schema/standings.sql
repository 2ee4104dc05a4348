-- Whose real-time settlement the city has had stopped, by certificate number.

CREATE TABLE IF NOT EXISTS city_apps (
    app        TEXT PRIMARY KEY,
    secret_key TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS standings (           -- every message; the highest number counts
    seq     INTEGER PRIMARY KEY,
    number  INTEGER NOT NULL UNIQUE,
    certno  TEXT NOT NULL,
    stopped INTEGER NOT NULL CHECK (stopped IN (0, 1)),
    reason  TEXT NOT NULL,
    applied INTEGER NOT NULL CHECK (applied IN (0, 1)), -- 0: an older one that came late
    at      TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS standings_of_person ON standings (certno, number);
