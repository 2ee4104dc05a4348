"""Carrying an older file of the books over to the tables of today.

The scripts under ``schema/`` are the truth. A file made by other scripts is given new tables, and
its rows go into those columns that are still there; new columns take their defaults.
"""

from __future__ import annotations

import zlib
from sqlite3 import Connection, complete_statement
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def renew(db: Connection, script: str) -> None:
    """Give the file the tables of ``script``; rows of an older file are carried over."""
    version = zlib.crc32(script.encode()) & 0x7FFFFFFF
    if db.execute("PRAGMA user_version").fetchone()[0] == version:
        return
    db.execute("BEGIN IMMEDIATE")
    named = "SELECT name FROM sqlite_master WHERE type = ? AND sql IS NOT NULL"
    for (index,) in db.execute(named, ("index",)).fetchall():
        db.execute(f"DROP INDEX {index}")
    old = [name for (name,) in db.execute(named, ("table",))]
    for table in old:
        db.execute(f"ALTER TABLE {table} RENAME TO old_{table}")
    for statement in _statements(script):
        db.execute(statement)
    for table in old:
        kept = _columns(db, table) & _columns(db, f"old_{table}")
        if kept:
            listed = ", ".join(sorted(kept))
            db.execute(f"INSERT INTO {table} ({listed}) SELECT {listed} FROM old_{table}")  # noqa: S608
        db.execute(f"DROP TABLE old_{table}")
    db.execute(f"PRAGMA user_version = {version}")
    db.execute("COMMIT")


def _statements(script: str) -> Iterator[str]:
    """Yield the statements of a script one by one."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if complete_statement(statement):
            yield statement
            statement = ""


def _columns(db: Connection, table: str) -> set[str]:
    return {row[1] for row in db.execute(f"PRAGMA table_info({table})")}
