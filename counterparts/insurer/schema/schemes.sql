-- Which gateway an institution comes through; one that is not here comes through the default one.

CREATE TABLE IF NOT EXISTS gateway_schemes (
    fixmedins_code TEXT PRIMARY KEY,
    scheme         TEXT NOT NULL CHECK (scheme IN ('hmac', 'apikey', 'tif', 'shanghai'))
) STRICT, WITHOUT ROWID;
