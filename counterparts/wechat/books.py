"""Who takes part (merchants, payers' contracts) and what happened on a day: bill and books."""

from __future__ import annotations

import secrets
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any

from counterparts.frame import BadControl
from counterparts.wechat import bill, rules
from counterparts.wechat.signing import read_public_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from counterparts.frame import Clock
    from counterparts.storage import Row, Storage

SCHEMA = (Path(__file__).parent / "schema.sql").read_text(encoding="utf-8")

_PAYMENTS = (
    "SELECT mchid, appid, out_trade_no, transaction_id, contract_id, openid, description, attach,"
    " total_fen, success_time FROM orders WHERE (:mchid IS NULL OR mchid = :mchid)"
    " AND success_time >= :day AND success_time < :day || 'U' ORDER BY seq"
)
_REFUNDS = (
    "SELECT mchid, appid, out_trade_no, transaction_id, contract_id, openid, description, attach,"
    " out_refund_no, refund_id, refund_fen, r.success_time AS success_time"
    " FROM refunds r JOIN orders o USING (mchid, out_trade_no)"
    " WHERE (:mchid IS NULL OR mchid = :mchid)"
    " AND r.success_time >= :day AND r.success_time < :day || 'U' ORDER BY r.seq"
)
_PUT_CONTRACT = (
    "INSERT INTO contracts (contract_id, mchid, plan_id, out_contract_code,"
    " contract_display_account, openid, balance_fen, daily_limit_fen, state, signed_time)"
    " VALUES (:contract_id, :mchid, :plan_id, :out_contract_code, :contract_display_account,"
    " :openid, :balance_fen, :daily_limit_fen, :state, :signed_time)"
    " ON CONFLICT (contract_id) DO UPDATE SET openid = excluded.openid,"
    " balance_fen = excluded.balance_fen, daily_limit_fen = excluded.daily_limit_fen,"
    " state = excluded.state"
)
_APIV3_KEY_LENGTH = 32


class Books:
    """The switchboard's view of the storage."""

    def __init__(self, storage: Storage, clock: Clock) -> None:
        self._storage = storage
        self._clock = clock

    # --- who takes part ---------------------------------------------------------------------

    def put_merchant(self, message: Mapping[str, Any]) -> Row:
        """Register a merchant, or replace what is known of it. Raises BadControl."""
        names = ("mchid", "appid", "serial_no", "public_key_pem", "apiv3_key")
        values: Row = {name: _text(message, name) for name in names}
        if len(values["apiv3_key"].encode()) != _APIV3_KEY_LENGTH:
            raise BadControl(f"apiv3_key: {_APIV3_KEY_LENGTH} characters")
        try:
            read_public_key(values["public_key_pem"])
        except ValueError as error:
            raise BadControl(f"public_key_pem: {error}") from error
        values["notify_ok"] = bool(message.get("notify_ok", True))
        self._storage.write(
            "INSERT OR REPLACE INTO merchants VALUES"
            " (:mchid, :appid, :serial_no, :public_key_pem, :apiv3_key, :notify_ok)",
            values,
        )
        return {"mchid": values["mchid"]}

    def merchant(self, mchid: str) -> Row | None:
        """Return a merchant."""
        return self._storage.one("SELECT * FROM merchants WHERE mchid = :mchid", mchid=mchid)

    def put_contracts(self, messages: list[Any]) -> list[Row]:
        """Make or change contracts, all or none. Raises BadControl."""
        with self._storage.transaction():
            return [self._put_contract(message) for message in messages]

    def contract(self, contract_id: str) -> Row | None:
        """Return a contract with the payer's account."""
        return self._storage.one(
            "SELECT * FROM contracts WHERE contract_id = :contract_id", contract_id=contract_id
        )

    def agree(self, session: str, account: Mapping[str, Any]) -> Row:
        """Let the payer of a begun contract agree to it; a second time changes nothing."""
        with self._storage.transaction():
            begun = self.pre_sign(session)
            if begun is None:
                raise BadControl("pre_entrustweb_id: no contract has been begun with it")
            contract_id = begun["contract_id"] or f"{secrets.randbelow(10**20):020d}"
            if begun["contract_id"] is None:
                self._put_contract({**begun, **account, "contract_id": contract_id})
                self._storage.write(
                    "UPDATE pre_signs SET contract_id = :contract_id"
                    " WHERE pre_entrustweb_id = :session",
                    {"contract_id": contract_id, "session": session},
                )
            signed = self.contract(contract_id) or {}
            return signed | {"notify_url": begun["contract_notify_url"]}

    def pre_sign(self, session: str) -> Row | None:
        """Return a begun contract."""
        return self._storage.one(
            "SELECT * FROM pre_signs WHERE pre_entrustweb_id = :session", session=session
        )

    def _put_contract(self, message: object) -> Row:
        if not isinstance(message, dict):
            raise BadControl("a contract is an object")
        contract_id = _text(message, "contract_id")
        known = self.contract(contract_id) or {}
        given: Row = {
            "openid": f"o{secrets.token_hex(13)}",
            "balance_fen": None,
            "daily_limit_fen": None,
            "state": "SIGNED",
            "mchid": "",
            "plan_id": rules.DEFAULT_PLAN_ID,
            "out_contract_code": contract_id,
            "contract_display_account": "",
            **known,
            **message,
            "contract_id": contract_id,
        }
        _check_account(given)
        signed_time = rules.in_china(self._clock.now())
        try:
            self._storage.write(_PUT_CONTRACT, given | {"signed_time": signed_time})
        except sqlite3.IntegrityError as error:
            raise BadControl("another contract has this out_contract_code") from error
        return self.contract(contract_id) or {}

    # --- what happened ----------------------------------------------------------------------

    def day(self, day: str) -> dict[str, Any]:
        """Return the payments and refunds of a day, of all merchants, and their sums."""
        orders, refunds = self._payments(day, None), self._refunds(day, None)
        fees = [rules.fee_fen(order["total_fen"]) for order in orders]
        fees += [-rules.fee_fen(refund["refund_fen"]) for refund in refunds]
        return {
            "date": day,
            "orders": orders,
            "refunds": refunds,
            "total_fen": sum(order["total_fen"] for order in orders),
            "refunded_fen": sum(refund["refund_fen"] for refund in refunds),
            "fee_fen": sum(fees),
        }

    def bill_rows(self, day: str, mchid: str) -> list[dict[str, str]]:
        """Return the rows of a merchant's bill: the books, where they were not tampered with."""
        tampers = {row["number"]: row for row in self._storage.all("SELECT * FROM tampers")}
        rows = []
        for entry in self._payments(day, mchid) + self._refunds(day, mchid):
            number = entry.get("out_refund_no") or entry["out_trade_no"]
            tamper = tampers.get(number, {"action": "", "delta_fen": 0})
            if tamper["action"] != "omit":
                written = bill.refund_row if "out_refund_no" in entry else bill.payment_row
                rows.append(written(entry, delta_fen=tamper["delta_fen"]))
        return sorted(rows, key=lambda row: row["交易时间"])

    def tamper(self, message: Mapping[str, Any]) -> Row:
        """Make the bill disagree with the books. Raises BadControl."""
        numbers = [message.get(name) for name in ("out_trade_no", "out_refund_no")]
        given = [number for number in numbers if number]
        action, delta_fen = message.get("action"), message.get("delta_fen", 0)
        if len(given) != 1 or action not in {"omit", "amount"}:
            raise BadControl("out_trade_no or out_refund_no; action: omit or amount")
        if not _is_integer(delta_fen) or (action == "amount") != bool(delta_fen):
            raise BadControl("delta_fen: an integer other than 0, with action amount only")
        values = {"number": str(given[0]), "action": action, "delta_fen": delta_fen}
        self._storage.write(
            "INSERT OR REPLACE INTO tampers VALUES (:number, :action, :delta_fen)", values
        )
        return values

    def untamper(self) -> int:
        """Let the bill agree with the books again; return how many entries were tampered with."""
        return self._storage.write("DELETE FROM tampers")

    def _payments(self, day: str, mchid: str | None) -> list[Row]:
        return self._storage.all(_PAYMENTS, day=day, mchid=mchid)

    def _refunds(self, day: str, mchid: str | None) -> list[Row]:
        return self._storage.all(_REFUNDS, day=day, mchid=mchid)


def _check_account(contract: Mapping[str, Any]) -> None:
    for name in ("balance_fen", "daily_limit_fen"):
        value = contract[name]
        if value is not None and (not _is_integer(value) or not 0 <= value <= rules.MOST_FEN):
            raise BadControl(f"{name}: an amount in fen, or null for no bound")
    if contract["state"] not in {"SIGNED", "TERMINATED"}:
        raise BadControl("state: SIGNED or TERMINATED")
    if not _is_integer(contract["plan_id"]):
        raise BadControl("plan_id: an integer")
    for name in ("openid", "mchid", "out_contract_code", "contract_display_account"):
        if not isinstance(contract[name], str):
            raise BadControl(f"{name}: a text")


def _text(message: Mapping[str, Any], name: str) -> str:
    value = message.get(name)
    if not isinstance(value, str) or not value:
        raise BadControl(f"{name}: a text")
    return value


def _is_integer(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
