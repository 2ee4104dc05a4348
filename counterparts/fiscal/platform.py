"""What the platform keeps and issues: callers, stock of numbers, receipts. One transaction each."""

from __future__ import annotations

import secrets
import sqlite3
from datetime import timedelta, timezone
from typing import TYPE_CHECKING, Any

import orjson

from counterparts.fiscal.envelope import Refused
from counterparts.frame import BadControl

if TYPE_CHECKING:
    from collections.abc import Mapping

    from counterparts.fiscal.receipt import Receipt, WriteOff
    from counterparts.frame import Clock
    from counterparts.storage import Row, Storage

SCHEMA = """
CREATE TABLE IF NOT EXISTS apps (
    appid       TEXT PRIMARY KEY,
    key         TEXT NOT NULL,
    place_codes TEXT NOT NULL -- JSON list; empty: any
);
CREATE TABLE IF NOT EXISTS stock (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,
    batch_code TEXT NOT NULL,
    place_code TEXT NOT NULL, -- '': for any place
    first      INTEGER NOT NULL,
    next       INTEGER NOT NULL,
    last       INTEGER NOT NULL,
    CHECK (first > 0 AND first <= next AND next <= last + 1),
    UNIQUE (batch_code, first)
);
CREATE TABLE IF NOT EXISTS receipts (
    seq         INTEGER PRIMARY KEY AUTOINCREMENT,
    appid       TEXT NOT NULL,
    bus_no      TEXT NOT NULL,
    batch_code  TEXT NOT NULL,
    bill_no     TEXT NOT NULL,
    random      TEXT NOT NULL,
    place_code  TEXT NOT NULL,
    payer       TEXT NOT NULL,
    total_fen   INTEGER NOT NULL, -- negative: a red receipt
    bus_time    TEXT NOT NULL,
    create_time TEXT NOT NULL,
    digest      TEXT NOT NULL,
    red_of      INTEGER UNIQUE REFERENCES receipts, -- a receipt is cancelled at most once
    reason      TEXT NOT NULL,
    CHECK ((red_of IS NULL) = (total_fen > 0)),
    UNIQUE (appid, bus_no),
    UNIQUE (batch_code, bill_no)
);
CREATE INDEX IF NOT EXISTS receipts_time ON receipts (bus_time);
CREATE TABLE IF NOT EXISTS tampers (
    bus_no    TEXT PRIMARY KEY,
    action    TEXT NOT NULL CHECK (action IN ('omit', 'amount')),
    delta_fen INTEGER NOT NULL
);
"""
_NEW = (
    "INSERT INTO receipts (appid, bus_no, batch_code, bill_no, random, place_code, payer,"
    " total_fen, bus_time, create_time, digest, red_of, reason) VALUES (:appid, :bus_no,"
    " :batch_code, :bill_no, :random, :place_code, :payer, :total_fen, :bus_time, :create_time,"
    " :digest, :red_of, :reason)"
)
_WITHIN = (
    "SELECT r.*, b.batch_code AS blue_batch_code, b.bill_no AS blue_bill_no FROM receipts r"
    " LEFT JOIN receipts b ON b.seq = r.red_of WHERE r.bus_time BETWEEN :begin AND :end"
    " AND (:appid = '' OR r.appid = :appid) AND (:place = '' OR r.place_code = :place)"
    " ORDER BY r.seq"
)
_CHINA = timezone(timedelta(hours=8))
_NO_TAMPER = {"action": "", "delta_fen": 0}
_CHECK_CHARACTERS = "0123456789abcdef"
_CHECK_LENGTH = 6
_LAST_NUMBER = 10**10 - 1
_BATCH_LENGTH = 8


class Platform:
    """Issues receipts. What it refuses (Refused, BadControl) has changed nothing."""

    def __init__(self, storage: Storage, clock: Clock) -> None:
        self._storage = storage
        self._clock = clock

    # --- receipts ---------------------------------------------------------------------------

    def issue(self, appid: str, asked: Receipt) -> Row:
        """Issue a receipt, or return the one issued for its ``bus_no`` before."""
        with self._storage.transaction():
            known = self._by_bus_no(appid, asked.bus_no)
            if known is not None:
                if known["digest"] != asked.digest:
                    raise Refused("E2001", "业务流水号已开票, 且内容不一致")
                return known
            self._check_place(appid, asked.place_code)
            return self._write(
                appid,
                bus_no=asked.bus_no,
                place_code=asked.place_code,
                payer=asked.payer,
                total_fen=asked.total_fen,
                bus_time=asked.bus_time,
                digest=asked.digest,
                red_of=None,
                reason="",
            )

    def write_off(self, appid: str, asked: WriteOff) -> Row:
        """Cancel a receipt by a red one, once; return the red one."""
        with self._storage.transaction():
            blue = self.find(appid, asked.batch_code, asked.bill_no)
            if blue["red_of"] is not None:
                raise Refused("E2002", "红票不能冲红")
            red = self.red_of(blue)
            if red is not None:
                if asked.bus_no and red["bus_no"] == asked.bus_no:
                    return red
                raise Refused("E2003", "票据已冲红")
            bus_no = asked.bus_no or f"{blue['bus_no']}-RED"
            if self._by_bus_no(appid, bus_no) is not None:
                raise Refused("E2001", "业务流水号已使用")
            self._check_place(appid, asked.place_code)
            return self._write(
                appid,
                bus_no=bus_no,
                place_code=asked.place_code,
                payer=blue["payer"],
                total_fen=-blue["total_fen"],
                bus_time=asked.bus_time,
                digest="",
                red_of=blue["seq"],
                reason=asked.reason,
            )

    def find(self, appid: str, batch_code: str, bill_no: str) -> Row:
        """Return a caller's receipt by its numbers, or raise Refused ``E2002``."""
        row = self.by_numbers(batch_code, bill_no)
        if row is None or row["appid"] != appid:
            raise Refused("E2002", "票据不存在")
        return row

    def by_numbers(self, batch_code: str, bill_no: str) -> Row | None:
        """Return anybody's receipt by its numbers."""
        return self._storage.one(
            "SELECT * FROM receipts WHERE batch_code = :batch_code AND bill_no = :bill_no",
            batch_code=batch_code,
            bill_no=bill_no,
        )

    def red_of(self, blue: Row) -> Row | None:
        """Return the red receipt that cancels a receipt."""
        return self._storage.one("SELECT * FROM receipts WHERE red_of = :seq", seq=blue["seq"])

    def statement(self, appid: str, *, begin: str, end: str, place: str) -> list[Row]:
        """Return what a caller is told was issued in a period; tampered where that was asked."""
        tampers = {row["bus_no"]: row for row in self._storage.all("SELECT * FROM tampers")}
        told = []
        for row in self._storage.all(_WITHIN, begin=begin, end=end, appid=appid, place=place):
            tamper = tampers.get(row["bus_no"], _NO_TAMPER)
            if tamper["action"] != "omit":
                told.append(row | {"total_fen": row["total_fen"] + tamper["delta_fen"]})
        return told

    def day(self, day: str) -> dict[str, Any]:
        """Return what was truly issued on a day (YYYY-MM-DD) and the sums in fen."""
        stamp = day.replace("-", "")
        rows = self._storage.all(_WITHIN, begin=stamp, end=f"{stamp}Z", appid="", place="")
        blue = [row for row in rows if row["red_of"] is None]
        red = [row for row in rows if row["red_of"] is not None]
        return {
            "date": day,
            "receipts": blue,
            "red_receipts": red,
            "total_fen": sum(row["total_fen"] for row in blue),
            "red_total_fen": sum(row["total_fen"] for row in red),
        }

    def _by_bus_no(self, appid: str, bus_no: str) -> Row | None:
        return self._storage.one(
            "SELECT * FROM receipts WHERE appid = :appid AND bus_no = :bus_no",
            appid=appid,
            bus_no=bus_no,
        )

    def _write(self, appid: str, **content: object) -> Row:
        batch_code, number = self._take_number(str(content["place_code"]))
        values: Row = content | {
            "appid": appid,
            "batch_code": batch_code,
            "bill_no": f"{number:010d}",
            "random": "".join(secrets.choice(_CHECK_CHARACTERS) for _ in range(_CHECK_LENGTH)),
            "create_time": f"{self._clock.now().astimezone(_CHINA):%Y%m%d%H%M%S}000",
        }
        self._storage.write(_NEW, values)
        return self.find(appid, batch_code, values["bill_no"])

    def _take_number(self, place_code: str) -> tuple[str, int]:
        taken = self._storage.one(
            "UPDATE stock SET next = next + 1 WHERE seq = (SELECT min(seq) FROM stock"
            " WHERE next <= last AND place_code IN ('', :place_code))"
            " RETURNING batch_code, next - 1 AS number",
            place_code=place_code,
        )
        if taken is None:
            raise Refused("E2004", "无可用票据, 请申领")
        return taken["batch_code"], taken["number"]

    def _check_place(self, appid: str, place_code: str) -> None:
        app = self.app(appid) or {"place_codes": "[]"}
        allowed = orjson.loads(app["place_codes"])
        if allowed and place_code not in allowed:
            raise Refused("E1001", "placeCode 未登记")

    # --- the switchboard --------------------------------------------------------------------

    def app(self, appid: str) -> Row | None:
        """Return a registered caller."""
        return self._storage.one("SELECT * FROM apps WHERE appid = :appid", appid=appid)

    def put_app(self, message: Mapping[str, Any]) -> Row:
        """Register a caller, or replace what is known of it."""
        places = message.get("place_codes", [])
        if not isinstance(places, list) or not all(isinstance(place, str) for place in places):
            raise BadControl("place_codes: a list of texts")
        values: Row = {name: _text(message, name) for name in ("appid", "key")}
        values["place_codes"] = orjson.dumps(places).decode()
        self._storage.write(
            "INSERT OR REPLACE INTO apps VALUES (:appid, :key, :place_codes)", values
        )
        return {"appid": values["appid"]}

    def add_stock(self, message: Mapping[str, Any]) -> list[Row]:
        """Add numbers; the same again changes nothing. Returns all that is left."""
        batch_code, place_code = _text(message, "batch_code"), message.get("place_code", "")
        first, count = message.get("first", 1), message.get("count")
        if len(batch_code) != _BATCH_LENGTH or not batch_code.isdecimal():
            raise BadControl(f"batch_code: {_BATCH_LENGTH} digits")
        if not _is_count(first) or not _is_count(count) or not isinstance(place_code, str):
            raise BadControl("first, count: positive integers; place_code: a text")
        wanted = {
            "batch_code": batch_code,
            "place_code": place_code,
            "first": first,
            "last": first + count - 1,
        }
        with self._storage.transaction():
            self._add_stock(wanted)
        return self.stock()

    def _add_stock(self, wanted: Row) -> None:
        if wanted["last"] > _LAST_NUMBER:
            raise BadControl("numbers have ten digits")
        overlapping = self._storage.all(
            "SELECT batch_code, place_code, first, last FROM stock"
            " WHERE batch_code = :batch_code AND first <= :last AND last >= :first",
            **{name: wanted[name] for name in ("batch_code", "first", "last")},
        )
        if overlapping == [wanted]:
            return
        if overlapping:
            raise BadControl("these numbers overlap with numbers in stock")
        self._storage.write(
            "INSERT INTO stock (batch_code, place_code, first, next, last)"
            " VALUES (:batch_code, :place_code, :first, :first, :last)",
            wanted,
        )

    def stock(self) -> list[Row]:
        """Return the batches and how many numbers are left of each."""
        return self._storage.all(
            "SELECT batch_code, place_code, first, last, last - next + 1 AS left FROM stock"
        )

    def tamper(self, message: Mapping[str, Any]) -> Row:
        """Make statements disagree with the books."""
        action, delta_fen = message.get("action"), message.get("delta_fen", 0)
        values: Row = {
            "bus_no": _text(message, "bus_no"),
            "action": action,
            "delta_fen": delta_fen,
        }
        whole = isinstance(delta_fen, int) and not isinstance(delta_fen, bool)
        if not whole or (action == "amount") != bool(delta_fen):
            raise BadControl("delta_fen: an integer other than 0, with action amount only")
        try:
            self._storage.write(
                "INSERT OR REPLACE INTO tampers VALUES (:bus_no, :action, :delta_fen)", values
            )
        except sqlite3.IntegrityError as error:
            raise BadControl("action: omit or amount") from error
        return values

    def untamper(self) -> int:
        """Let statements agree with the books again; return how many were tampered with."""
        return self._storage.write("DELETE FROM tampers")


def _text(message: Mapping[str, Any], name: str) -> str:
    value = message.get(name)
    if not isinstance(value, str) or not value:
        raise BadControl(f"{name}: a text")
    return value


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= _LAST_NUMBER
