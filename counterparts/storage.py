"""What a small counterpart keeps: an SQLite file in its data folder, one connection, plain SQL."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Row = dict[str, Any]


class Storage:
    """A counterpart's file. Rows come back as dictionaries.

    Losing the last moments when the machine (not the process) dies is accepted, so nothing waits
    for the disk.
    """

    def __init__(self, folder: Path, *, name: str, schema: str) -> None:
        """Open ``folder/name``, making the folder and the tables of ``schema`` where missing."""
        folder.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(folder / name, isolation_level=None, cached_statements=256)
        self._db.row_factory = _as_dictionary
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = OFF")
        self._db.executescript(schema)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Keep everything written within, or nothing if an exception leaves it."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def write(self, statement: str, values: Row | None = None) -> int:
        """Execute a statement and return how many rows it touched."""
        return self._db.execute(statement, values or {}).rowcount

    def one(self, query: str, **values: object) -> Row | None:
        """Return the first row of a query, if there is one."""
        row: Row | None = self._db.execute(query, values).fetchone()
        return row

    def all(self, query: str, **values: object) -> list[Row]:
        """Return all rows of a query."""
        return self._db.execute(query, values).fetchall()

    def number(self, query: str, **values: object) -> int:
        """Return the single integer that a query computes."""
        row = self._db.execute(query, values).fetchone()
        return int(next(iter(row.values())))


def _as_dictionary(cursor: sqlite3.Cursor, row: tuple[Any, ...]) -> Row:
    return {column[0]: value for column, value in zip(cursor.description, row, strict=True)}
