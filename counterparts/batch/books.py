"""The bank's books: agreements, files, debits, refunds. Amounts in fen."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from counterparts.storage import Row, Storage

if TYPE_CHECKING:
    from pathlib import Path

_SCHEMA = """
CREATE TABLE IF NOT EXISTS apps (app TEXT PRIMARY KEY, key TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS agreements (
    agreement TEXT PRIMARY KEY, balance_fen INTEGER, code TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS files (number TEXT PRIMARY KEY, digest TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS debits (
    seq INTEGER PRIMARY KEY, number TEXT NOT NULL, out_trade_no TEXT NOT NULL UNIQUE,
    agreement TEXT NOT NULL, amount_fen INTEGER NOT NULL, code TEXT NOT NULL,
    transaction_id TEXT NOT NULL, day TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS debits_of_file ON debits (number, seq);
CREATE TABLE IF NOT EXISTS refunds (
    out_refund_no TEXT PRIMARY KEY, out_trade_no TEXT NOT NULL, amount_fen INTEGER NOT NULL,
    transaction_id TEXT NOT NULL, day TEXT NOT NULL
);
"""
TAKEN = "SUCCESS"
_HEADER_CELLS, _ROW_CELLS = 4, 3


class Refused(Exception):
    """What the bank does not do, with its HTTP status and code."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code


def read_file(number: str, content: bytes) -> list[tuple[str, str, int]]:
    """Return a file's rows.

    Raises:
        Refused: the header does not fit the rows, or a row is none.

    """
    head, _, rows = content.partition(b"\n")
    lines = rows.decode("ascii", "replace").splitlines()
    try:
        said, count, fen, digest = head.decode("ascii").split("\t")
        cells = [(trade, agreement, int(part)) for trade, agreement, part in _split(lines)]
        fits = (said, int(count), int(fen)) == (number, len(cells), sum(c[2] for c in cells))
    except ValueError:
        raise Refused(400, "FILE_BAD") from None
    if not fits or hashlib.sha256(rows).hexdigest() != digest:
        raise Refused(400, "FILE_BAD")
    return cells


def _split(lines: list[str]) -> list[list[str]]:
    return [line.split("\t") for line in lines]


class Books:
    """What the bank keeps, in one file."""

    def __init__(self, folder: Path) -> None:
        self._storage = Storage(folder, name="batch.sqlite3", schema=_SCHEMA)

    def keep_app(self, app: str, key: str) -> None:
        """Register a caller, or give it another key."""
        self._storage.write(
            "INSERT OR REPLACE INTO apps VALUES (:app, :key)", {"app": app, "key": key}
        )

    def key_of(self, app: str) -> str | None:
        """Return a caller's key."""
        row = self._storage.one("SELECT key FROM apps WHERE app = :app", app=app)
        return None if row is None else str(row["key"])

    def keep_agreements(self, agreements: list[Row]) -> None:
        """Write what accounts hold and how they answer."""
        with self._storage.transaction():
            for one in agreements:
                self._storage.write(
                    "INSERT OR REPLACE INTO agreements VALUES (:agreement, :balance_fen, :code)",
                    one,
                )

    def agreement(self, agreement: str) -> Row | None:
        """Return an account."""
        return self._storage.one(
            "SELECT * FROM agreements WHERE agreement = :agreement", agreement=agreement
        )

    def take(self, number: str, content: bytes, *, day: str) -> None:
        """Debit a file's rows, once.

        Raises:
            Refused: it is no file, or its number was used for another.

        """
        digest = hashlib.sha256(content).hexdigest()
        known = self._storage.one("SELECT digest FROM files WHERE number = :n", n=number)
        if known is not None:
            if known["digest"] != digest:
                raise Refused(409, "NUMBER_USED")
            return
        rows = read_file(number, content)
        with self._storage.transaction():
            self._storage.write("INSERT INTO files VALUES (:n, :d)", {"n": number, "d": digest})
            for trade, agreement, fen in rows:
                self._debit(number, trade, agreement, fen, day=day)

    def _debit(self, number: str, trade: str, agreement: str, fen: int, *, day: str) -> None:
        account = self.agreement(agreement)
        if account is None:
            code = "AGREEMENT_NOT_EXIST"
        elif account["code"]:
            code = str(account["code"])
        elif account["balance_fen"] is not None and account["balance_fen"] < fen:
            code = "NOT_ENOUGH"
        else:
            code = TAKEN
            self._storage.write(
                "UPDATE agreements SET balance_fen = balance_fen - :fen WHERE agreement = :a",
                {"fen": fen, "a": agreement},
            )
        self._storage.write(
            "INSERT INTO debits (number, out_trade_no, agreement, amount_fen, code, transaction_id,"
            " day) VALUES (:number, :trade, :agreement, :fen, :code, :transaction, :day)",
            {
                "number": number,
                "trade": trade,
                "agreement": agreement,
                "fen": fen,
                "code": code,
                "transaction": f"B{trade}" if code == TAKEN else "",
                "day": day,
            },
        )

    def result(self, number: str) -> list[Row] | None:
        """Return what became of a file's rows; None for an unknown number."""
        if self._storage.one("SELECT 1 AS known FROM files WHERE number = :n", n=number) is None:
            return None
        return self._storage.all("SELECT * FROM debits WHERE number = :n ORDER BY seq", n=number)

    def refund(self, number: str, trade: str, fen: int, *, day: str) -> Row:
        """Give money back, once per number.

        Raises:
            Refused: nothing was taken, or less, or the number stands for another refund.

        """
        known = self.refunded(number)
        if known is not None:
            if (known["out_trade_no"], known["amount_fen"]) != (trade, fen):
                raise Refused(409, "NUMBER_USED")
            return known
        debit = self._storage.one(
            "SELECT * FROM debits WHERE out_trade_no = :t AND code = :c", t=trade, c=TAKEN
        )
        if debit is None:
            raise Refused(404, "DEBIT_NOT_EXIST")
        before = self._storage.number(
            "SELECT coalesce(sum(amount_fen), 0) AS fen FROM refunds WHERE out_trade_no = :t",
            t=trade,
        )
        if fen <= 0 or before + fen > debit["amount_fen"]:
            raise Refused(409, "TOO_MUCH")
        with self._storage.transaction():
            self._storage.write(
                "INSERT INTO refunds VALUES (:n, :t, :fen, :b, :day)",
                {"n": number, "t": trade, "fen": fen, "b": f"B{number}", "day": day},
            )
            self._storage.write(
                "UPDATE agreements SET balance_fen = balance_fen + :fen WHERE agreement = :a",
                {"fen": fen, "a": debit["agreement"]},
            )
        return self.refunded(number) or {}

    def refunded(self, number: str) -> Row | None:
        """Return a refund."""
        return self._storage.one("SELECT * FROM refunds WHERE out_refund_no = :n", n=number)

    def statement(self, day: str) -> list[Row]:
        """Return what moved on a day."""
        return self._storage.all(
            "SELECT out_trade_no, NULL AS out_refund_no, transaction_id, amount_fen,"
            " 0 AS refund_fen, 0 AS fee_fen FROM debits WHERE day = :day AND code = :taken"
            " UNION ALL SELECT r.out_trade_no, r.out_refund_no, r.transaction_id, d.amount_fen,"
            " r.amount_fen, 0 FROM refunds r JOIN debits d USING (out_trade_no) WHERE r.day = :day",
            day=day,
            taken=TAKEN,
        )

    def totals(self) -> Row:
        """Return how much there is of everything."""
        return (
            self._storage.one(
                "SELECT (SELECT count(*) FROM files) AS files, count(*) AS debits,"
                " coalesce(sum(CASE WHEN code = :taken THEN amount_fen END), 0) AS taken_fen"
                " FROM debits",
                taken=TAKEN,
            )
            or {}
        )
