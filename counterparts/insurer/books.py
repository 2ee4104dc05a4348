"""The insurer's books in SQLite: one connection, one writer, plain statements.

Every changing message runs within :meth:`Books.transaction`; what it refuses is rolled back.
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from dataclasses import fields
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from counterparts.insurer.benefits import CHRONIC, INPATIENT, Claim, Year
from counterparts.insurer.records import FeeLine, Institution, Person, Settlement, Visit
from counterparts.insurer.renewal import renew

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

_SCHEMA = Path(__file__).parent / "schema"
Move: TypeAlias = "tuple[str, str, int]"
"""Whose account, which of the two (a column of persons), and how much of it was taken, fen."""
Record = TypeVar("Record", Institution, Person, Visit, FeeLine, Settlement)


class _Table:
    """The statements of one table whose columns are a record's fields."""

    def __init__(self, record: type[Any], name: str) -> None:
        self.columns = tuple(field.name for field in fields(record))
        listed, marks = ", ".join(self.columns), ", ".join("?" * len(self.columns))
        self.select = f"SELECT {listed} FROM {name}"  # noqa: S608 - names from this module
        self.insert = f"INSERT INTO {name} ({listed}) VALUES ({marks})"  # noqa: S608
        key, *others = self.columns
        renewed = ", ".join(f"{column} = excluded.{column}" for column in others)
        self.upsert = f"{self.insert} ON CONFLICT ({key}) DO UPDATE SET {renewed}"
        self.values: Callable[[Any], tuple[Any, ...]] = attrgetter(*self.columns)


_INSTITUTIONS = _Table(Institution, "institutions")
_PERSONS = _Table(Person, "persons")
_VISITS = _Table(Visit, "visits")
_FEE_LINES = _Table(FeeLine, "fee_lines")
_SETTLEMENTS = _Table(Settlement, "settlements")

_VISIT_BY_ID = f"{_VISITS.select} WHERE mdtrt_id = ?"
_PERSON_BY_NO = f"{_PERSONS.select} WHERE psn_no = ?"
_LINE_SUMS = (
    "SELECT count(*), coalesce(sum(amount_fen), 0), coalesce(sum(fulamt_ownpay_fen), 0),"
    " coalesce(sum(overlmt_fen), 0), coalesce(sum(preselfpay_fen), 0),"
    " coalesce(sum(inscp_scp_fen), 0)"
    " FROM fee_lines WHERE mdtrt_id = ? AND chrg_bchno = ? AND setl_id = ''"
)
_TAKE_LINES = (
    "UPDATE fee_lines SET setl_id = ? WHERE mdtrt_id = ? AND chrg_bchno = ? AND setl_id = ''"
)
_TAKE_FROM = {
    purse: f"UPDATE persons SET {purse} = {purse} - ? WHERE psn_no = ?"  # noqa: S608
    for purse in ("balc_fen", "current_fen")
}
USES = (
    "deductible_fen",
    "pool_fen",
    "own_in_scope_fen",
    "catastrophic_fen",
    "inpatient_deductible_fen",
    "chronic_deductible_fen",
    "inpatient_pool_fen",
)
"""The accumulators of a year, by the names of their columns and of the fields of ``Year``."""
_USED = f"SELECT {', '.join(USES)} FROM accumulators WHERE psn_no = ? AND insutype = ? AND year = ?"  # noqa: S608
_SET_USE = (
    f"INSERT OR REPLACE INTO accumulators (psn_no, insutype, year, {', '.join(USES)})"  # noqa: S608
    f" VALUES (?, ?, ?{', ?' * len(USES)})"
)
_ADD_USE = (
    f"INSERT INTO accumulators (psn_no, insutype, year, {', '.join(USES)})"  # noqa: S608
    f" VALUES (?, ?, ?{', ?' * len(USES)}) ON CONFLICT DO UPDATE SET "
    + ", ".join(f"{name} = {name} + excluded.{name}" for name in USES)
)
_TAKE_USE_BACK = (
    f"UPDATE accumulators SET {', '.join(f'{name} = {name} + ?' for name in USES)}"  # noqa: S608
    " WHERE psn_no = ? AND insutype = ? AND year = ?"
)
_STAYS_SETTLED = (
    "SELECT mdtrt_id = :mdtrt_id, sum(act_pay_dedc) FROM settlements"
    " WHERE psn_no = :psn_no AND care = 'inpatient' AND (year = :year OR mdtrt_id = :mdtrt_id)"
    " GROUP BY mdtrt_id"
    " HAVING sum(CASE refd_setl_flag WHEN '0' THEN 1 ELSE -1 END) > 0"
)


_DIAGNOSIS = (
    ("diag_srt_no", 0),
    ("diag_type", ""),
    ("diag_code", ""),
    ("diag_name", ""),
    ("vali_flag", "1"),
    ("maindiag_flag", "0"),
    ("adm_cond", ""),
    ("diag_dept", ""),
    ("dise_dor_no", ""),
    ("dise_dor_name", ""),
    ("diag_time", ""),
)
"""What is kept of a diagnosis, and what stands for what did not come."""
_DIAGNOSE = (
    f"INSERT INTO diagnoses (mdtrt_id, inout_diag_type, {', '.join(n for n, _ in _DIAGNOSIS)})"  # noqa: S608
    f" VALUES (?, ?{', ?' * len(_DIAGNOSIS)})"
)


class Books:
    """Persons, visits, charges, settlements, accumulators and the log of messages."""

    def __init__(self, path: Path | str) -> None:
        self.db = sqlite3.connect(path, isolation_level=None, cached_statements=256)
        self.db.execute("PRAGMA journal_mode = WAL")
        self.db.execute("PRAGMA synchronous = OFF")
        scripts = [path.read_text(encoding="utf-8") for path in sorted(_SCHEMA.glob("*.sql"))]
        renew(self.db, "\n".join(scripts))

    def close(self) -> None:
        """Close the file."""
        self.db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Keep everything written within, or nothing if an exception leaves it."""
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.db.execute("ROLLBACK")
            raise
        self.db.execute("COMMIT")

    def counted(self, name: str) -> int:
        """Return 1, 2, 3 … for one kind of thing, going on after a restart."""
        query = (
            "INSERT INTO counters VALUES (?, 1)"
            " ON CONFLICT DO UPDATE SET value = value + 1 RETURNING value"
        )
        return int(self.db.execute(query, (name,)).fetchone()[0])

    def forget(self) -> None:
        """Empty all tables except the counters, so that no number is given twice."""
        named = "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'counters'"
        for (table,) in self.db.execute(named).fetchall():
            self.db.execute(f"DELETE FROM {table}")  # noqa: S608 - names from the schema

    # --- who takes part ---------------------------------------------------------------------

    def institutions(self) -> list[Institution]:
        """Return all institutions."""
        return _all(Institution, _INSTITUTIONS, self.db.execute(_INSTITUTIONS.select))

    def put_institutions(self, institutions: Iterable[Institution]) -> None:
        """Add institutions, or replace those with the same code.

        Raises sqlite3.IntegrityError if an access key is another institution's.
        """
        self.db.executemany(_INSTITUTIONS.upsert, map(_INSTITUTIONS.values, institutions))

    def put_persons(self, persons: Iterable[Person]) -> None:
        """Add persons, or replace those with the same number, their balance included.

        Raises sqlite3.IntegrityError if a certificate is another person's.
        """
        self.db.executemany(_PERSONS.upsert, map(_PERSONS.values, persons))

    def person(self, psn_no: str) -> Person | None:
        """Return a person by number."""
        return _one(Person, _PERSONS, self.db.execute(_PERSON_BY_NO, (psn_no,)))

    def person_by_certificate(self, psn_cert_type: str, certno: str) -> Person | None:
        """Return a person by certificate."""
        query = f"{_PERSONS.select} WHERE psn_cert_type = ? AND certno = ?"
        return _one(Person, _PERSONS, self.db.execute(query, (psn_cert_type, certno)))

    def add_signin(self, sign_no: str, fixmedins_code: str, opter_no: str, at: str) -> None:
        """Note a sign-in."""
        values = (sign_no, fixmedins_code, opter_no, at)
        self.db.execute("INSERT INTO signins VALUES (?, ?, ?, ?)", values)

    def has_signin(self, sign_no: str, fixmedins_code: str) -> bool:
        """Say whether an institution was given this sign-in number."""
        query = "SELECT 1 FROM signins WHERE sign_no = ? AND fixmedins_code = ?"
        return self.db.execute(query, (sign_no, fixmedins_code)).fetchone() is not None

    # --- visits and charges ------------------------------------------------------------------

    def visit(self, mdtrt_id: str) -> Visit | None:
        """Return a visit by the insurer's number."""
        return _one(Visit, _VISITS, self.db.execute(_VISIT_BY_ID, (mdtrt_id,)))

    def visit_of(self, fixmedins_code: str, ipt_otp_no: str) -> Visit | None:
        """Return the visit that an institution registered under its own number."""
        query = f"{_VISITS.select} WHERE fixmedins_code = ? AND ipt_otp_no = ? AND cancelled = 0"
        return _one(Visit, _VISITS, self.db.execute(query, (fixmedins_code, ipt_otp_no)))

    def visit_by_message(self, msgid: str) -> Visit | None:
        """Return the stay that a 2401 message admitted to."""
        query = f"{_VISITS.select} WHERE kind = 'inpatient' AND msgid = ?"
        return _one(Visit, _VISITS, self.db.execute(query, (msgid,)))

    def visits_of(self, fixmedins_code: str, psn_no: str) -> list[Visit]:
        """Return a person's visits at an institution, oldest first."""
        query = f"{_VISITS.select} WHERE psn_no = ? AND fixmedins_code = ? AND cancelled = 0"
        rows = self.db.execute(f"{query} ORDER BY seq", (psn_no, fixmedins_code))
        return _all(Visit, _VISITS, rows)

    def add_visit(self, visit: Visit) -> None:
        """Add a registered visit."""
        self.db.execute(_VISITS.insert, _VISITS.values(visit))

    def cancel_visit(self, mdtrt_id: str) -> None:
        """Take a registration back."""
        self.db.execute("UPDATE visits SET cancelled = 1 WHERE mdtrt_id = ?", (mdtrt_id,))

    def describe_visit(
        self, *, mdtrt_id: str, med_type: str, dise_codg: str, dise_name: str
    ) -> None:
        """Note the kind of care and the disease of a visit (2203)."""
        query = "UPDATE visits SET med_type = ?, dise_codg = ?, dise_name = ? WHERE mdtrt_id = ?"
        self.db.execute(query, (med_type, dise_codg, dise_name, mdtrt_id))

    def put_diagnoses(
        self, mdtrt_id: str, rows: Iterable[Mapping[str, Any]], *, inout: str = "1"
    ) -> None:
        """Replace the diagnoses of a visit, those on admission (1) or on discharge (2).

        Raises sqlite3.IntegrityError if two have the same place.
        """
        query = "DELETE FROM diagnoses WHERE mdtrt_id = ? AND inout_diag_type = ?"
        self.db.execute(query, (mdtrt_id, inout))
        self.db.executemany(
            _DIAGNOSE,
            [
                (mdtrt_id, inout, *(row.get(name) or default for name, default in _DIAGNOSIS))
                for row in rows
            ],
        )

    def diagnoses(self, mdtrt_id: str) -> list[dict[str, Any]]:
        """Return the diagnoses of a visit, those on admission first."""
        names = ("inout_diag_type", *(name for name, _ in _DIAGNOSIS))
        query = f"SELECT {', '.join(names)} FROM diagnoses WHERE mdtrt_id = ?"  # noqa: S608
        rows = self.db.execute(query, (mdtrt_id,))
        return [dict(zip(names, row, strict=True)) for row in rows]

    def has_batch(self, mdtrt_id: str, chrg_bchno: str) -> bool:
        """Say whether a batch of charges was uploaded and not taken back."""
        query = "SELECT 1 FROM fee_lines WHERE mdtrt_id = ? AND chrg_bchno = ? LIMIT 1"
        return self.db.execute(query, (mdtrt_id, chrg_bchno)).fetchone() is not None

    def has_lines(self, mdtrt_id: str) -> bool:
        """Say whether a visit has charges."""
        query = "SELECT 1 FROM fee_lines WHERE mdtrt_id = ? LIMIT 1"
        return self.db.execute(query, (mdtrt_id,)).fetchone() is not None

    def add_lines(self, lines: Iterable[FeeLine]) -> None:
        """Add charges.

        Raises sqlite3.IntegrityError if the visit has one with the same number.
        """
        self.db.executemany(_FEE_LINES.insert, map(_FEE_LINES.values, lines))

    def lines(self, mdtrt_id: str) -> list[FeeLine]:
        """Return the charges of a visit by their numbers."""
        query = f"{_FEE_LINES.select} WHERE mdtrt_id = ?"
        return _all(FeeLine, _FEE_LINES, self.db.execute(query, (mdtrt_id,)))

    def drop_unsettled(self, mdtrt_id: str, chrg_bchno: str | None) -> int:
        """Delete the unsettled charges of a batch, or of the visit; return how many."""
        query = "DELETE FROM fee_lines WHERE mdtrt_id = ? AND setl_id = ''"
        if chrg_bchno is None:
            return self.db.execute(query, (mdtrt_id,)).rowcount
        return self.db.execute(f"{query} AND chrg_bchno = ?", (mdtrt_id, chrg_bchno)).rowcount

    def claim(self, mdtrt_id: str, chrg_bchno: str) -> Claim | None:
        """Return the sums of a batch's unsettled charges, or None if there are none."""
        count, *sums = self.db.execute(_LINE_SUMS, (mdtrt_id, chrg_bchno)).fetchone()
        if not count:
            return None
        return Claim(
            medfee_sumamt=sums[0],
            fulamt_ownpay_amt=sums[1],
            overlmt_selfpay=sums[2],
            preselfpay_amt=sums[3],
            inscp_scp_amt=sums[4],
        )

    # --- settlements ---------------------------------------------------------------------------

    def year_of(self, psn_no: str, insutype: str, year: int) -> Year:
        """Return what a person's settlements of a year have used up."""
        row = self.db.execute(_USED, (psn_no, insutype, year)).fetchone()
        return Year() if row is None else Year(**dict(zip(USES, row, strict=True)))

    def set_year(self, psn_no: str, insutype: str, year: int, used: Year) -> None:
        """Say what a person has used up in a year, as at the start of a simulation."""
        amounts = (getattr(used, name) for name in USES)
        self.db.execute(_SET_USE, (psn_no, insutype, year, *amounts))

    def stays_of(self, psn_no: str, year: int, mdtrt_id: str) -> tuple[int, int]:
        """Return the deductible that settlements of this stay took, and the year's other stays."""
        about = {"psn_no": psn_no, "year": year, "mdtrt_id": mdtrt_id}
        rows = self.db.execute(_STAYS_SETTLED, about).fetchall()
        this_stay_fen = sum(fen for is_this, fen in rows if is_this)
        return this_stay_fen, sum(not is_this for is_this, _ in rows)

    def add_settlement(self, settlement: Settlement, moves: Iterable[Move] = ()) -> None:
        """Write a settlement: take its charges, its share of the year and of the accounts.

        Raises sqlite3.IntegrityError if its message has settled before.
        """
        row = settlement
        self.db.execute(_SETTLEMENTS.insert, _SETTLEMENTS.values(row))
        self.db.execute(_TAKE_LINES, (row.setl_id, row.mdtrt_id, row.chrg_bchno))
        self.db.execute(_ADD_USE, (row.psn_no, row.insutype, row.year, *_use(row)))
        self._move(row, moves)

    def add_undoing(self, negative: Settlement) -> None:
        """Write the negative of a settlement and give back what it took."""
        row = negative
        self.db.execute(_SETTLEMENTS.insert, _SETTLEMENTS.values(row))
        self.db.execute(
            "UPDATE fee_lines SET setl_id = '' WHERE mdtrt_id = ? AND setl_id = ?",
            (row.mdtrt_id, row.setl_id),
        )
        self.db.execute(_TAKE_USE_BACK, (*_use(row), row.psn_no, row.insutype, row.year))
        self._move(row, [(whose, purse, -fen) for whose, purse, fen in self.moves(row.setl_id)])

    def moves(self, setl_id: str) -> list[Move]:
        """Return what a settlement took of accounts."""
        query = (
            "SELECT psn_no, purse, taken_fen FROM account_moves"
            " WHERE setl_id = ? AND refd_setl_flag = '0'"
        )
        return self.db.execute(query, (setl_id,)).fetchall()

    def _move(self, row: Settlement, moves: Iterable[Move]) -> None:
        for psn_no, purse, fen in moves:
            values = (row.setl_id, row.refd_setl_flag, psn_no, purse, fen)
            self.db.execute("INSERT INTO account_moves VALUES (?, ?, ?, ?, ?)", values)
            self.db.execute(_TAKE_FROM[purse], (fen, psn_no))

    def settlement(self, setl_id: str, *, negative: bool = False) -> Settlement | None:
        """Return a settlement, or its negative, by number."""
        query = f"{_SETTLEMENTS.select} WHERE setl_id = ? AND refd_setl_flag = ?"
        return _one(Settlement, _SETTLEMENTS, self.db.execute(query, (setl_id, str(int(negative)))))

    def settlement_by_message(self, msgid: str) -> Settlement | None:
        """Return the settlement that a message made, undone or not."""
        query = f"{_SETTLEMENTS.select} WHERE medins_setl_id = ? AND refd_setl_flag = '0'"
        return _one(Settlement, _SETTLEMENTS, self.db.execute(query, (msgid,)))

    def is_undone(self, setl_id: str) -> bool:
        """Say whether a settlement has its negative."""
        query = "SELECT 1 FROM settlements WHERE setl_id = ? AND refd_setl_flag = '1'"
        return self.db.execute(query, (setl_id,)).fetchone() is not None

    def live_settlements(self, mdtrt_id: str) -> list[Settlement]:
        """Return the settlements of a visit that were not undone, oldest first."""
        query = f"{_SETTLEMENTS.select} WHERE mdtrt_id = ? ORDER BY seq"
        rows = _all(Settlement, _SETTLEMENTS, self.db.execute(query, (mdtrt_id,)))
        undone = {row.setl_id for row in rows if row.refd_setl_flag == "1"}
        return [row for row in rows if row.setl_id not in undone]

    def settlements_between(self, begin: str, end: str) -> list[Settlement]:
        """Return the rows whose setl_time lies in [begin, end], oldest first."""
        query = f"{_SETTLEMENTS.select} WHERE setl_time BETWEEN ? AND ? ORDER BY seq"
        return _all(Settlement, _SETTLEMENTS, self.db.execute(query, (begin, end)))

    def latest_settlements(self, count: int) -> list[Settlement]:
        """Return the latest rows, newest first."""
        query = f"{_SETTLEMENTS.select} ORDER BY seq DESC LIMIT ?"
        return _all(Settlement, _SETTLEMENTS, self.db.execute(query, (count,)))

    def day_totals(self) -> list[tuple[str, int, int, int, int, int]]:
        """Return (day, rows, fee, fund, account, cash) of every day, newest first."""
        query = (
            "SELECT substr(setl_time, 1, 10) AS day, count(*), sum(medfee_sumamt),"
            " sum(fund_pay_sumamt), sum(acct_pay), sum(psn_cash_pay)"
            " FROM settlements GROUP BY day ORDER BY day DESC"
        )
        return self.db.execute(query).fetchall()

    # --- messages and files --------------------------------------------------------------------

    def message(self, msgid: str) -> tuple[str, bytes, bytes, int] | None:
        """Return (infno, fingerprint, answer, revoked) of a message that changed the books."""
        query = "SELECT infno, fingerprint, answer, revoked FROM messages WHERE msgid = ?"
        row: tuple[str, bytes, bytes, int] | None = self.db.execute(query, (msgid,)).fetchone()
        return row

    def add_message(self, msgid: str, infno: str, fingerprint: bytes, answer: bytes) -> None:
        """Log a message with its answer."""
        query = "INSERT INTO messages VALUES (?, ?, ?, ?, 0)"
        self.db.execute(query, (msgid, infno, fingerprint, answer))

    def revoke_message(self, msgid: str, infno: str) -> None:
        """Let a message settle nothing from now on, whether it has come yet or not."""
        query = (
            "INSERT INTO messages VALUES (?, ?, x'', x'', 1) ON CONFLICT DO UPDATE SET revoked = 1"
        )
        self.db.execute(query, (msgid, infno))

    def add_file(
        self, *, file_qury_no: str, fixmedins_code: str, filename: str, end: str, content: bytes
    ) -> None:
        """Keep a file."""
        values = (file_qury_no, fixmedins_code, filename, end, content)
        self.db.execute("INSERT INTO files VALUES (?, ?, ?, ?, ?)", values)

    def file(self, file_qury_no: str, fixmedins_code: str) -> tuple[str, bytes] | None:
        """Return (filename, content) of an institution's file."""
        query = "SELECT filename, content FROM files WHERE file_qury_no = ? AND fixmedins_code = ?"
        row: tuple[str, bytes] | None = self.db.execute(
            query, (file_qury_no, fixmedins_code)
        ).fetchone()
        return row

    # --- injected differences -------------------------------------------------------------------

    def tampers(self) -> list[tuple[str, str, str]]:
        """Return (setl_id, action, detail as JSON) of what statements are to say wrongly."""
        return self.db.execute(
            "SELECT setl_id, action, detail FROM tampers ORDER BY seq"
        ).fetchall()

    def add_tamper(self, setl_id: str, action: str, detail: str) -> None:
        """Let statements say something wrong."""
        query = "INSERT INTO tampers (setl_id, action, detail) VALUES (?, ?, ?)"
        self.db.execute(query, (setl_id, action, detail))

    def clear_tampers(self) -> None:
        """Let statements be true again."""
        self.db.execute("DELETE FROM tampers")


def _use(row: Settlement) -> tuple[int, ...]:
    """Return what a settlement uses up of a year, in the order of ``USES``."""
    is_stay, is_chronic = row.care == INPATIENT, row.care == CHRONIC
    deductible = row.act_pay_dedc
    return (
        0 if is_stay or is_chronic else deductible,
        row.hifp_pay,
        row.own_in_scope,
        row.serious,
        deductible if is_stay else 0,
        deductible if is_chronic else 0,
        row.hifp_pay if is_stay else 0,
    )


def _one(record: type[Record], table: _Table, cursor: sqlite3.Cursor) -> Record | None:
    row = cursor.fetchone()
    return None if row is None else record(**dict(zip(table.columns, row, strict=True)))


def _all(record: type[Record], table: _Table, cursor: sqlite3.Cursor) -> list[Record]:
    return [record(**dict(zip(table.columns, row, strict=True))) for row in cursor]
