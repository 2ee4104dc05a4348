"""The statements of the table ``kept``: what was uploaded, by family, institution and key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    import sqlite3

    from counterparts.insurer.office import Message

_PUT = (
    "INSERT INTO kept (family, fixmedins_code, key, infno, psn_no, at, content)"
    " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET infno = excluded.infno,"
    " psn_no = excluded.psn_no, at = excluded.at, content = excluded.content"
)
_GET = "SELECT content FROM kept WHERE family = ? AND key = ? AND ? IN ('', fixmedins_code)"
_REPLACE = "UPDATE kept SET content = ?, infno = ? WHERE family = ? AND key = ?"
_DROP = "DELETE FROM kept WHERE family = ? AND key = ? AND fixmedins_code = ?"
_ALL = (
    "SELECT content FROM kept WHERE family = ? AND ? IN ('', fixmedins_code)"
    " AND substr(at, 1, 10) BETWEEN ? AND ? ORDER BY seq DESC"
)
_OF_BATCH = (
    "DELETE FROM kept WHERE family = ? AND fixmedins_code = ?"
    " AND json_extract(content, '$.main.fixmedinsbchno') = ?"
)


def put(
    db: sqlite3.Connection, family: str, key: str, message: Message, content: dict[str, Any]
) -> None:
    """Keep a thing, or replace the one with the same key."""
    psn_no = str(content["main"].get("psnno") or "")
    code = message.institution.fixmedins_code
    text = orjson.dumps(content).decode()
    db.execute(_PUT, (family, code, key, message.infno, psn_no, message.inf_time, text))


def get(db: sqlite3.Connection, family: str, key: str, code: str) -> dict[str, Any] | None:
    """Return a thing by key; with an empty ``code`` any institution's."""
    row = db.execute(_GET, (family, key, code)).fetchone()
    return None if row is None else orjson.loads(row[0])


def replace(
    db: sqlite3.Connection, family: str, key: str, message: Message, content: dict[str, Any]
) -> None:
    """Write what a thing is now."""
    db.execute(_REPLACE, (orjson.dumps(content).decode(), message.infno, family, key))


def drop(db: sqlite3.Connection, family: str, key: str, code: str) -> None:
    """Forget a thing."""
    db.execute(_DROP, (family, key, code))


def drop_where(db: sqlite3.Connection, family: str, code: str, row: dict[str, Any]) -> None:
    """Forget an institution's things of one batch."""
    db.execute(_OF_BATCH, (family, code, row["fixmedins_bchno"]))


def all_of(
    db: sqlite3.Connection, family: str, code: str, span: tuple[str, str]
) -> list[dict[str, Any]]:
    """Return the things of a family kept on the days of a span, latest first."""
    return [orjson.loads(row[0]) for row in db.execute(_ALL, (family, code, *span))]
