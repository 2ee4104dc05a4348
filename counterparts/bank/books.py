"""What the bank has on its books: callers, lines with every change, uses, repayments."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from counterparts.signed import KeyedBooks, RefusedRequest

if TYPE_CHECKING:
    from pathlib import Path

    from counterparts.storage import Row

OPEN, REFUSED, PENDING, FROZEN, CLOSED = "open", "refused", "pending", "frozen", "closed"
STATES = (OPEN, REFUSED, PENDING, FROZEN, CLOSED)
SHOWN = ("request_no", "line_no", "state", "limit_fen", "used_fen", "reason")
_SCHEMA = """
CREATE TABLE IF NOT EXISTS answers (
    id_number TEXT PRIMARY KEY,
    state     TEXT NOT NULL,
    limit_fen INTEGER,
    reason    TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS lines (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,
    request_no TEXT NOT NULL UNIQUE,
    line_no    TEXT NOT NULL,
    id_number  TEXT NOT NULL,
    name       TEXT NOT NULL,
    phone      TEXT NOT NULL,
    asked_fen  INTEGER NOT NULL,
    state      TEXT NOT NULL,
    limit_fen  INTEGER NOT NULL CHECK (limit_fen >= 0),
    used_fen   INTEGER NOT NULL CHECK (used_fen >= 0),
    reason     TEXT NOT NULL,
    opened_at  TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS changes (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,
    request_no TEXT NOT NULL,
    line_no    TEXT NOT NULL,
    state      TEXT NOT NULL,
    limit_fen  INTEGER NOT NULL,
    used_fen   INTEGER NOT NULL,
    reason     TEXT NOT NULL,
    at         TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS uses (
    number     TEXT PRIMARY KEY,
    line_no    TEXT NOT NULL,
    amount_fen INTEGER NOT NULL,
    pays_on    TEXT NOT NULL,
    at         TEXT NOT NULL
);
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Somebody asks for a line; amounts in fen."""

    request_no: str
    id_number: str
    name: str
    phone: str
    asked_fen: int


class Books(KeyedBooks):
    """The bank's file. What is written in one call is kept wholly or not at all."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, name="bank.sqlite3", schema=_SCHEMA)

    # --- what was said beforehand -----------------------------------------------------------------

    def set_answer(self, id_number: str, *, state: str, limit_fen: int | None, reason: str) -> None:
        """Answer a person's next request like this."""
        self._file.write(
            "INSERT OR REPLACE INTO answers VALUES (:id_number, :state, :limit_fen, :reason)",
            {"id_number": id_number, "state": state, "limit_fen": limit_fen, "reason": reason},
        )

    def forget_answers(self) -> int:
        """Forget what was set."""
        return self._file.write("DELETE FROM answers")

    # --- lines ------------------------------------------------------------------------------------

    def open(self, asked: Request, now: datetime) -> Row:
        """Take a request in, once, and return its line.

        Raises RefusedRequest if its number was used for another content.
        """
        content = asdict(asked)
        with self._file.transaction():
            known = self.line(request_no=asked.request_no)
            if known is not None:
                if any(known[name] != value for name, value in content.items()):
                    raise RefusedRequest(409, "NUMBER_USED", "request_no 已用于其他内容")
                return known
            answer = self._file.one(
                "SELECT * FROM answers WHERE id_number = :id", id=asked.id_number
            )
            state = answer["state"] if answer else OPEN
            granted = answer["limit_fen"] if answer else None
            number = self._file.number("SELECT count(*) FROM lines") + 1
            row = content | {
                "line_no": f"6299{number:012d}" if state == OPEN else "",
                "state": state,
                "limit_fen": (asked.asked_fen if granted is None else granted)
                if state == OPEN
                else 0,
                "used_fen": 0,
                "reason": answer["reason"] if answer else "",
                "opened_at": now.isoformat(),
            }
            columns = ", ".join(row)
            values = ", ".join(f":{name}" for name in row)
            self._file.write(f"INSERT INTO lines ({columns}) VALUES ({values})", row)  # noqa: S608 - our own columns
            self._note(asked.request_no, now)
        return row

    def line(self, *, request_no: str = "", line_no: str = "") -> Row | None:
        """Return a line by either of its numbers."""
        return self._file.one(
            "SELECT * FROM lines WHERE (:request <> '' AND request_no = :request)"
            " OR (:line <> '' AND line_no = :line)",
            request=request_no,
            line=line_no,
        )

    def change(self, request_no: str, now: datetime, **columns: object) -> Row:
        """Change a line, and note it; a line that opens gets its number now.

        Raises RefusedRequest if there is none.
        """
        with self._file.transaction():
            self._update(self._found(self.line(request_no=request_no)), now, **columns)
        return self._found(self.line(request_no=request_no))

    def _update(self, row: Row, now: datetime, **columns: object) -> None:
        if columns.get("state") == OPEN and not row["line_no"]:
            columns["line_no"] = f"6299{row['seq']:012d}"
        if not columns:
            return
        changed = ", ".join(f"{name} = :{name}" for name in columns)
        self._file.write(
            f"UPDATE lines SET {changed} WHERE request_no = :request_no",  # noqa: S608 - our own columns
            columns | {"request_no": row["request_no"]},
        )
        self._note(row["request_no"], now)

    def shut(self, line_no: str, now: datetime) -> Row:
        """Close a line that is not in use. Raises RefusedRequest."""
        row = self._found(self.line(line_no=line_no))
        if row["state"] == CLOSED:
            return row
        if row["used_fen"]:
            raise RefusedRequest(409, "IN_USE", "额度尚有未还")
        return self.change(row["request_no"], now, state=CLOSED)

    def changes(self, *, since: int, limit: int) -> list[Row]:
        """Return the changes after one, oldest first."""
        return self._file.all(
            f"SELECT seq, {', '.join(SHOWN)} FROM changes WHERE seq > :since"  # noqa: S608 - our own columns
            " ORDER BY seq LIMIT :limit",
            since=since,
            limit=limit,
        )

    def _found(self, row: Row | None) -> Row:
        if row is None:
            raise RefusedRequest(404, "NOT_FOUND", "没有该额度")
        return row

    def _note(self, request_no: str, now: datetime) -> None:
        columns = ", ".join(SHOWN)
        self._file.write(
            f"INSERT INTO changes ({columns}, at) SELECT {columns}, :at FROM lines"  # noqa: S608 - our own columns
            " WHERE request_no = :request_no",
            {"request_no": request_no, "at": now.isoformat()},
        )

    # --- uses and repayments ----------------------------------------------------------------------

    def use(self, *, number: str, line_no: str, amount_fen: int, now: datetime) -> Row:
        """Take an amount on a line, once per number. Raises RefusedRequest."""
        known = self._file.one("SELECT * FROM uses WHERE number = :number", number=number)
        if known is not None:
            if (known["line_no"], known["amount_fen"]) != (line_no, amount_fen):
                raise RefusedRequest(409, "NUMBER_USED", "number 已用于其他内容")
            return known
        row = self._found(self.line(line_no=line_no))
        if row["state"] != OPEN:
            raise RefusedRequest(409, row["state"].upper(), "额度不可用")
        if row["used_fen"] + amount_fen > row["limit_fen"]:
            raise RefusedRequest(409, "INSUFFICIENT", "额度不足")
        use = {
            "number": number,
            "line_no": line_no,
            "amount_fen": amount_fen,
            "pays_on": (now.date() + timedelta(days=1)).isoformat(),
            "at": now.isoformat(),
        }
        with self._file.transaction():
            self._file.write(
                "INSERT INTO uses VALUES (:number, :line_no, :amount_fen, :pays_on, :at)", use
            )
            self._update(row, now, used_fen=row["used_fen"] + amount_fen)
        return use

    def repay(self, request_no: str, amount_fen: int, now: datetime) -> Row:
        """Let the person repay, at most what is used. Raises RefusedRequest."""
        row = self._found(self.line(request_no=request_no))
        if amount_fen > row["used_fen"]:
            raise RefusedRequest(409, "TOO_MUCH", "还款超过已用额度")
        return self.change(request_no, now, used_fen=row["used_fen"] - amount_fen)

    def payouts(self, on: date) -> list[Row]:
        """Return what is paid to hospitals on a day."""
        return self._file.all(
            "SELECT * FROM uses WHERE pays_on = :day ORDER BY number", day=on.isoformat()
        )

    def everything(self) -> dict[str, Any]:
        """Return all lines and uses."""
        return {
            "lines": self._file.all("SELECT * FROM lines ORDER BY seq"),
            "uses": self._file.all("SELECT * FROM uses ORDER BY number"),
        }

    def empty(self) -> None:
        """Forget all lines and uses; numbers of changes go on."""
        with self._file.transaction():
            for table in ("lines", "changes", "uses"):
                self._file.write(f"DELETE FROM {table}")  # noqa: S608 - our own tables
