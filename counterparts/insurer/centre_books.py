"""The payment centre's part of the insurer's books: applications, rights, orders, refunds."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, fields
from datetime import datetime
from typing import TYPE_CHECKING

from counterparts.insurer.centre_envelope import App, place_of
from counterparts.insurer.errors import RefusedError

if TYPE_CHECKING:
    import sqlite3

STATES = {
    "0": {"1", "12"},
    "1": {"2", "12"},
    "2": {"3", "4", "14", "15"},
    "3": {"6", "9", "16"},
    "4": {"5", "6", "13", "14"},
    "5": {"6"},
    "6": {"7", "8", "9", "10"},
    "8": {"7", "11"},
    "9": {"7"},
    "10": {"9", "11"},
    "11": {"7"},
    "14": {"6", "15"},
    "16": {"7"},
}
"""The states (ordStas) that an order can go to from each; from the others to none."""


@dataclass(slots=True, kw_only=True)
class Order:
    """An order (支付订单), fen. ``cash_fen`` is what the centre holds of ``own_fen``."""

    pay_ord_id: str
    app_id: str
    med_org_ord: str
    fingerprint: bytes
    pay_token: str
    psn_no: str
    mdtrt_id: str
    chrg_bchno: str
    acct_used_flag: str
    lines: str
    fee_fen: int
    ord_stas: str = "0"
    serial: str = ""
    setl_id: str = ""
    settlement: str = ""
    fund_fen: int = 0
    account_fen: int = 0
    own_fen: int = 0
    cash_fen: int = 0
    revs_token: str = ""
    paid_at: str = ""

    def move(self, state: str) -> None:
        """Go on to another state.

        Raises RefusedError if there is no way to it.
        """
        if state not in STATES.get(self.ord_stas, set()):
            raise RefusedError(f"订单状态{self.ord_stas}不能变更为{state}")
        self.ord_stas = state


_COLUMNS = tuple(field.name for field in fields(Order))
_SELECT = f"SELECT {', '.join(_COLUMNS)} FROM centre_orders"  # noqa: S608 - names of this module
_PUT = (
    f"INSERT INTO centre_orders ({', '.join(_COLUMNS)})"  # noqa: S608 - the same
    f" VALUES ({', '.join('?' * len(_COLUMNS))}) ON CONFLICT (pay_ord_id) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS[1:])
)


def digest(right: str) -> str:
    """Return what is kept of a code, a token or an authorisation."""
    return hashlib.sha256(right.encode()).hexdigest()


class CentreBooks:
    """The centre's statements on the insurer's database."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    # --- applications -----------------------------------------------------------------------

    def put_app(self, row: dict[str, str]) -> None:
        """Add an application, or replace the one with its name."""
        columns = (
            *("app_id", "app_secret", "public_key", "secret_key"),
            *("fixmedins_code", "callback_url"),
        )
        self._db.execute(
            f"INSERT OR REPLACE INTO centre_apps ({', '.join(columns)})"  # noqa: S608 - names above
            " VALUES (?, ?, ?, ?, ?, ?)",
            [row[name] for name in columns],
        )

    def app(self, app_id: str) -> tuple[App, str, str] | None:
        """Return (application, institution, callback address)."""
        query = (
            "SELECT app_secret, public_key, secret_key, fixmedins_code, callback_url"
            " FROM centre_apps WHERE app_id = ?"
        )
        row = self._db.execute(query, (app_id,)).fetchone()
        if row is None:
            return None
        app = App(app_id=app_id, app_secret=row[0], place=place_of(row[1]), secret=int(row[2], 16))
        return app, row[3], row[4]

    # --- rights -----------------------------------------------------------------------------

    def give(self, kind: str, psn_no: str, *, until: datetime, pays: bool = True) -> str:
        """Return a new right of this kind."""
        right = f"{secrets.randbelow(10**28):028d}" if kind == "code" else secrets.token_hex(20)
        values = (digest(right), kind, psn_no, until.isoformat(), int(pays))
        self._db.execute(
            "INSERT INTO centre_rights (digest, kind, psn_no, until, pays) VALUES (?, ?, ?, ?, ?)",
            values,
        )
        return right

    def holder(self, kind: str, right: str, *, now: datetime, use_up: bool) -> tuple[str, bool]:
        """Return (psn_no, whether it pays) of a right, used up if that is wanted.

        Raises RefusedError if it is unknown, expired or was used up before.
        """
        query = "SELECT psn_no, until, pays, used FROM centre_rights WHERE digest = ? AND kind = ?"
        row = self._db.execute(query, (digest(right), kind)).fetchone()
        if row is None:
            raise RefusedError(f"{kind} 无效")
        if datetime.fromisoformat(row[1]) <= now:
            raise RefusedError(f"{kind} 已过期")
        if row[3]:
            raise RefusedError(f"{kind} 已使用")
        if use_up:
            self._db.execute("UPDATE centre_rights SET used = 1 WHERE digest = ?", (digest(right),))
        return row[0], bool(row[2])

    # --- orders and refunds -------------------------------------------------------------------

    def order(self, app_id: str, pay_ord_id: str) -> Order | None:
        """Return an application's order."""
        return self._one("pay_ord_id = ? AND app_id = ?", pay_ord_id, app_id)

    def order_of(self, app_id: str, med_org_ord: str) -> Order | None:
        """Return the order that an application opened under its own number."""
        return self._one("app_id = ? AND med_org_ord = ?", app_id, med_org_ord)

    def order_paid_by(self, app_id: str, serial: str) -> Order | None:
        """Return the order that a request was for."""
        return self._one("app_id = ? AND serial = ?", app_id, serial)

    def any_order(self, pay_ord_id: str) -> Order | None:
        """Return an order, whoever opened it."""
        return self._one("pay_ord_id = ?", pay_ord_id)

    def all_orders(self) -> list[Order]:
        """Return all orders by number."""
        rows = self._db.execute(f"{_SELECT} ORDER BY pay_ord_id").fetchall()
        return [Order(**dict(zip(_COLUMNS, row, strict=True))) for row in rows]

    def _one(self, condition: str, *values: str) -> Order | None:
        row = self._db.execute(f"{_SELECT} WHERE {condition}", values).fetchone()
        return None if row is None else Order(**dict(zip(_COLUMNS, row, strict=True)))

    def put_order(self, order: Order) -> None:
        """Add an order, or write how it stands."""
        self._db.execute(_PUT, [getattr(order, name) for name in _COLUMNS])

    def refund(self, app_id: str, app_refd_sn: str) -> tuple[bytes, str] | None:
        """Return (fingerprint, answer) of a refund that was asked for before."""
        query = (
            "SELECT fingerprint, answer FROM centre_refunds WHERE app_id = ? AND app_refd_sn = ?"
        )
        row: tuple[bytes, str] | None = self._db.execute(query, (app_id, app_refd_sn)).fetchone()
        return row

    def put_refund(self, *values: str | bytes) -> None:
        """Keep (app_id, app_refd_sn, pay_ord_id, fingerprint, answer) of a refund."""
        self._db.execute("INSERT OR REPLACE INTO centre_refunds VALUES (?, ?, ?, ?, ?)", values)

    # --- what is ordered to go wrong ------------------------------------------------------------

    def add_fate(self, psn_no: str, fate: str, times: int) -> None:
        """Let something become of the next orders of a person (empty: of anybody)."""
        query = "INSERT INTO centre_fates (psn_no, fate, left_) VALUES (?, ?, ?)"
        self._db.execute(query, (psn_no, fate, times))

    def fate_of(self, psn_no: str, *possible: str) -> str:
        """Return what shall become of an order now, once less; empty if nothing special."""
        marks = ", ".join("?" * len(possible))
        query = (
            f"SELECT seq, fate FROM centre_fates WHERE left_ > 0 AND fate IN ({marks})"  # noqa: S608
            " AND psn_no IN ('', ?) ORDER BY seq LIMIT 1"
        )
        row = self._db.execute(query, (*possible, psn_no)).fetchone()
        if row is None:
            return ""
        self._db.execute("UPDATE centre_fates SET left_ = left_ - 1 WHERE seq = ?", (row[0],))
        return str(row[1])
