"""The statements of the tables that only Shanghai's messages need."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from counterparts.insurer.books import Books
    from counterparts.insurer.records import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Calculation:
    """A calculation that SH01 or SI11 made, and what confirmed it."""

    jssqxh: str
    kind: str
    jgdm: str
    psn_no: str
    jzdyh: str
    mxzdh: str
    lsh: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction:
    """A transaction that stands or was refunded; ``answer`` is what SI12 or SH02 told."""

    lsh: str
    jssqxh: str
    answer: dict[str, Any]
    refunded: bool


class ShanghaiBooks:
    """Shanghai's part of the books; persons, visits and settlements are the common ones."""

    def __init__(self, books: Books) -> None:
        self.books = books

    def booklet(self, person: Person) -> str:
        """Return the number of a person's booklet (记录册号), giving one the first time."""
        query = "SELECT jlch FROM shanghai_booklets WHERE psn_no = ?"
        row = self.books.db.execute(query, (person.psn_no,)).fetchone()
        if row is not None:
            return str(row[0])
        jlch = f"{self.books.counted('jlch'):012d}"
        self.books.db.execute("INSERT INTO shanghai_booklets VALUES (?, ?)", (person.psn_no, jlch))
        return jlch

    def put_code(self, code: str, psn_no: str) -> None:
        """Let a code of an e-credential be a person's."""
        query = "INSERT OR REPLACE INTO shanghai_codes VALUES (?, ?)"
        self.books.db.execute(query, (code, psn_no))

    def take_code(self, code: str) -> str | None:
        """Return whose code it is; it is nobody's afterwards."""
        query = "DELETE FROM shanghai_codes WHERE code = ? RETURNING psn_no"
        row = self.books.db.execute(query, (code,)).fetchone()
        return None if row is None else str(row[0])

    def add_calculation(self, made: Calculation) -> None:
        """Keep a calculation."""
        query = "INSERT INTO shanghai_calculations VALUES (?, ?, ?, ?, ?, ?, ?)"
        values = (made.jssqxh, made.kind, made.jgdm, made.psn_no, made.jzdyh, made.mxzdh, made.lsh)
        self.books.db.execute(query, values)

    def calculation(self, jssqxh: str, *, jgdm: str) -> Calculation | None:
        """Return an institution's calculation."""
        query = "SELECT * FROM shanghai_calculations WHERE jssqxh = ? AND jgdm = ?"
        return self._calculation(query, (jssqxh, jgdm))

    def calculation_of(self, lsh: str, *, jgdm: str) -> Calculation | None:
        """Return the calculation that a transaction confirmed."""
        query = "SELECT * FROM shanghai_calculations WHERE lsh = ? AND jgdm = ?"
        return self._calculation(query, (lsh, jgdm))

    def _calculation(self, query: str, values: tuple[str, str]) -> Calculation | None:
        row = self.books.db.execute(query, values).fetchone()
        if row is None:
            return None
        names = ("jssqxh", "kind", "jgdm", "psn_no", "jzdyh", "mxzdh", "lsh")
        return Calculation(**dict(zip(names, row, strict=True)))

    def confirm(self, jssqxh: str, transaction: Transaction, *, jzdyh: str) -> None:
        """Keep the transaction that confirms a calculation.

        Raises sqlite3.IntegrityError if it was confirmed before.
        """
        query = "UPDATE shanghai_calculations SET lsh = ?, jzdyh = ? WHERE jssqxh = ?"
        self.books.db.execute(query, (transaction.lsh, jzdyh, jssqxh))
        insert = "INSERT INTO shanghai_transactions VALUES (?, ?, ?, 0)"
        values = (transaction.lsh, jssqxh, orjson.dumps(transaction.answer))
        self.books.db.execute(insert, values)

    def transaction(self, lsh: str) -> Transaction | None:
        """Return a transaction by number."""
        query = "SELECT * FROM shanghai_transactions WHERE lsh = ?"
        row = self.books.db.execute(query, (lsh,)).fetchone()
        if row is None:
            return None
        return Transaction(
            lsh=row[0],
            jssqxh=row[1],
            answer=orjson.loads(row[2]),
            refunded=bool(row[3]),
        )

    def refund(self, lsh: str) -> None:
        """Note that a transaction was refunded."""
        query = "UPDATE shanghai_transactions SET refunded = 1 WHERE lsh = ?"
        self.books.db.execute(query, (lsh,))

    def name_visit(self, jzdyh: str, ipt_otp_no: str) -> None:
        """Note the institution's own number of a visit, which SN01 brings (djh)."""
        query = "UPDATE visits SET ipt_otp_no = ? WHERE mdtrt_id = ?"
        self.books.db.execute(query, (ipt_otp_no, jzdyh))
