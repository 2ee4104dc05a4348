"""What the channel does with one understood request about contracts, debits and refunds.

Every public method of :class:`Channel` raises V3Error for what it refuses and then has changed
nothing, except that a debit refused for lack of money is remembered as ``PAYERROR``.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from counterparts.wechat import rules
from counterparts.wechat.errors import (
    invalid_request,
    no_contract,
    no_order,
    no_resource,
    number_used,
    param_error,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from counterparts.frame import Clock
    from counterparts.storage import Row, Storage
    from counterparts.wechat.errors import V3Error
    from counterparts.wechat.rules import Debit, PreSign, Refund

_REFUNDED = (
    "SELECT coalesce(sum(refund_fen), 0) AS fen FROM refunds"
    " WHERE mchid = :mchid AND out_trade_no = :out_trade_no"
)
_DEBITED_ON = (
    "SELECT coalesce(sum(total_fen), 0) AS fen FROM orders WHERE contract_id = :contract_id"
    " AND state = 'SUCCESS' AND success_time >= :day AND success_time < :day || 'U'"
)
_NEW_ORDER = (
    "INSERT INTO orders (mchid, out_trade_no, appid, contract_id, openid, description, attach,"
    " notify_url, total_fen, state) VALUES (:mchid, :out_trade_no, :appid, :contract_id, :openid,"
    " :description, :attach, :notify_url, :total_fen, 'ACCEPT')"
)
_NEW_REFUND = (
    "INSERT INTO refunds (mchid, out_refund_no, refund_id, out_trade_no, refund_fen, reason,"
    " notify_url, status, create_time) VALUES (:mchid, :out_refund_no, :refund_id, :out_trade_no,"
    " :refund_fen, :reason, :notify_url, 'PROCESSING', :create_time)"
)
_REFUND = (
    "SELECT r.*, o.transaction_id, o.total_fen, o.appid, o.openid, o.contract_id"
    " FROM refunds r JOIN orders o USING (mchid, out_trade_no)"
)


class Channel:
    """Contracts, debits and refunds. ``held`` keeps debits and refunds from being processed.

    ``on_event(kind, row)`` is told of what a merchant is to be notified of: ``transaction``,
    ``refund`` and ``contract``, each with its row.
    """

    def __init__(
        self, storage: Storage, clock: Clock, on_event: Callable[[str, Row], None]
    ) -> None:
        self._storage = storage
        self._clock = clock
        self._on_event = on_event
        self.held = False

    # --- contracts --------------------------------------------------------------------------

    def begin_contract(self, mchid: str, asked: PreSign) -> str:
        """Note a contract that the payer has not yet agreed to; return its session's id."""
        session = f"5778aadf{secrets.token_hex(12)}"
        self._storage.write(
            "INSERT INTO pre_signs VALUES (:session, :mchid, :plan_id, :out_contract_code,"
            " :contract_display_account, :contract_notify_url, NULL)",
            {
                "session": session,
                "mchid": mchid,
                "plan_id": asked.plan_id,
                "out_contract_code": asked.out_contract_code,
                "contract_display_account": asked.contract_display_account,
                "contract_notify_url": asked.contract_notify_url,
            },
        )
        return session

    def contract(self, mchid: str, *, plan_id: str, out_contract_code: str) -> Row:
        """Return a contract by the merchant's number for it."""
        row = self._storage.one(
            "SELECT * FROM contracts WHERE mchid IN ('', :mchid) AND plan_id = :plan_id"
            " AND out_contract_code = :code ORDER BY mchid DESC",
            mchid=mchid,
            plan_id=plan_id,
            code=out_contract_code,
        )
        if row is None:
            raise no_resource("签约协议")
        return row

    def contract_by_id(self, mchid: str, contract_id: str) -> Row:
        """Return a contract by the channel's number for it."""
        row = self._debitable(mchid, contract_id)
        if row is None:
            raise no_resource("签约协议")
        return row

    def terminate(self, contract: Row, remark: str) -> None:
        """End a contract; ending it again changes nothing."""
        self._storage.write(
            "UPDATE contracts SET state = 'TERMINATED', terminated_time = :now,"
            " termination_remark = :remark WHERE contract_id = :contract_id AND state = 'SIGNED'",
            {"now": self._now(), "remark": remark, "contract_id": contract["contract_id"]},
        )

    # --- debits -----------------------------------------------------------------------------

    def accept(self, mchid: str, debit: Debit) -> None:
        """Accept a debit and, unless processing is held, make it."""
        with self._storage.transaction():
            contract = self._debitable(mchid, debit.contract_id)
            order = self._order_by_number(mchid, debit.out_trade_no)
            if order is None:
                if contract is None or contract["state"] != "SIGNED":
                    raise no_contract()
                order = self._new_order(mchid, debit, openid=contract["openid"])
            elif debit.contradicts(order):
                raise number_used("商户订单号")
            elif order["state"] in {"SUCCESS", "ACCEPT"}:
                return
            if self.held:
                self._set_state(order, "ACCEPT")
                return
            refused = self._debit(order, contract)
        if refused is not None:
            raise refused

    def order(self, mchid: str, out_trade_no: str) -> Row:
        """Return an order with ``refunded_fen``."""
        order = self._order_by_number(mchid, out_trade_no)
        if order is None:
            raise no_order()
        order["refunded_fen"] = self._refunded(order)
        return order

    def _new_order(self, mchid: str, debit: Debit, *, openid: str) -> Row:
        values = {name: getattr(debit, name) for name in debit.__slots__}
        self._storage.write(_NEW_ORDER, values | {"mchid": mchid, "openid": openid})
        return self.order(mchid, debit.out_trade_no)

    def _debit(self, order: Row, contract: Row | None) -> V3Error | None:
        """Take the money, or note why it could not be taken and return that."""
        today = self._now()[:10]
        debited_fen = self._storage.number(_DEBITED_ON, contract_id=order["contract_id"], day=today)
        refused = rules.refusal(
            contract, total_fen=order["total_fen"], debited_today_fen=debited_fen
        )
        if refused is not None:
            self._set_state(order, "PAYERROR", failure=f"{refused} ({refused.code})")
            return refused
        self._move_balance(order["contract_id"], -order["total_fen"])
        self._storage.write(
            "UPDATE orders SET state = 'SUCCESS', failure = '', transaction_id = :number,"
            " success_time = :now WHERE seq = :seq",
            {"number": self._number("4200", order), "now": self._now(), "seq": order["seq"]},
        )
        self._on_event("transaction", self.order(order["mchid"], order["out_trade_no"]))
        return None

    # --- refunds ----------------------------------------------------------------------------

    def refund(self, mchid: str, asked: Refund) -> Row:
        """Give money of an order back; the same number again gives nothing more."""
        with self._storage.transaction():
            order = self._refundable(mchid, asked)
            known = self._refund_by_number(mchid, asked.out_refund_no)
            if known is not None:
                same = (order["out_trade_no"], asked.refund_fen)
                if (known["out_trade_no"], known["refund_fen"]) != same:
                    raise invalid_request("退款单号重复, 且参数与之前不一致")
                return known
            if self._refunded(order) + asked.refund_fen > order["total_fen"]:
                raise invalid_request("累计退款金额超过订单金额")
            values = {
                "mchid": mchid,
                "out_refund_no": asked.out_refund_no,
                "refund_id": secrets.token_hex(8),
                "out_trade_no": order["out_trade_no"],
                "refund_fen": asked.refund_fen,
                "reason": asked.reason,
                "notify_url": asked.notify_url,
                "create_time": self._now(),
            }
            self._storage.write(_NEW_REFUND, values)
            refund = self.refund_by_number(mchid, asked.out_refund_no)
            refund["refund_id"] = self._number("5030", refund)
            self._storage.write(
                "UPDATE refunds SET refund_id = :refund_id WHERE seq = :seq",
                {"refund_id": refund["refund_id"], "seq": refund["seq"]},
            )
            if not self.held:
                self._pay_back(refund)
            return self.refund_by_number(mchid, asked.out_refund_no)

    def refund_by_number(self, mchid: str, out_refund_no: str) -> Row:
        """Return a refund with the numbers of its order."""
        refund = self._refund_by_number(mchid, out_refund_no)
        if refund is None:
            raise no_resource("退款单")
        return refund

    def _refundable(self, mchid: str, asked: Refund) -> Row:
        number = asked.out_trade_no
        if asked.transaction_id:
            found = self._storage.one(
                "SELECT out_trade_no FROM orders WHERE mchid = :mchid AND transaction_id = :number",
                mchid=mchid,
                number=asked.transaction_id,
            )
            number = found["out_trade_no"] if found else ""
        order = self.order(mchid, number)
        if order["state"] != "SUCCESS":
            raise invalid_request("订单未支付, 不能退款")
        if order["total_fen"] != asked.total_fen:
            raise param_error("amount.total 与订单金额不一致")
        return order

    def _pay_back(self, refund: Row) -> None:
        self._move_balance(refund["contract_id"], refund["refund_fen"])
        self._storage.write(
            "UPDATE refunds SET status = 'SUCCESS', success_time = :now WHERE seq = :seq",
            {"now": self._now(), "seq": refund["seq"]},
        )
        self._on_event("refund", self.refund_by_number(refund["mchid"], refund["out_refund_no"]))

    # --- holding processing -----------------------------------------------------------------

    def hold(self, *, held: bool) -> int:
        """Hold processing, or let everything held go; return how much was let go."""
        self.held = held
        if held:
            return 0
        with self._storage.transaction():
            orders = self._storage.all("SELECT * FROM orders WHERE state = 'ACCEPT' ORDER BY seq")
            for order in orders:
                self._debit(order, self._debitable(order["mchid"], order["contract_id"]))
            refunds = self._storage.all(f"{_REFUND} WHERE status = 'PROCESSING' ORDER BY r.seq")
            for refund in refunds:
                self._pay_back(refund)
        return len(orders) + len(refunds)

    # --- small things -----------------------------------------------------------------------

    def _debitable(self, mchid: str, contract_id: str) -> Row | None:
        return self._storage.one(
            "SELECT * FROM contracts WHERE contract_id = :contract_id AND mchid IN ('', :mchid)",
            contract_id=contract_id,
            mchid=mchid,
        )

    def _order_by_number(self, mchid: str, out_trade_no: str) -> Row | None:
        return self._storage.one(
            "SELECT * FROM orders WHERE mchid = :mchid AND out_trade_no = :out_trade_no",
            mchid=mchid,
            out_trade_no=out_trade_no,
        )

    def _refund_by_number(self, mchid: str, out_refund_no: str) -> Row | None:
        return self._storage.one(
            f"{_REFUND} WHERE mchid = :mchid AND out_refund_no = :number",
            mchid=mchid,
            number=out_refund_no,
        )

    def _refunded(self, order: Row) -> int:
        return self._storage.number(
            _REFUNDED, mchid=order["mchid"], out_trade_no=order["out_trade_no"]
        )

    def _set_state(self, order: Row, state: str, *, failure: str = "") -> None:
        self._storage.write(
            "UPDATE orders SET state = :state, failure = :failure WHERE seq = :seq",
            {"state": state, "failure": failure, "seq": order["seq"]},
        )

    def _move_balance(self, contract_id: str, delta_fen: int) -> None:
        # An account without a bound (NULL) stays without one.
        self._storage.write(
            "UPDATE contracts SET balance_fen = balance_fen + :delta_fen"
            " WHERE contract_id = :contract_id",
            {"delta_fen": delta_fen, "contract_id": contract_id},
        )

    def _number(self, prefix: str, row: Row) -> str:
        """Return the channel's own number: kind, the invented merchant range, day, sequence."""
        return f"{prefix}000099{self._now()[:10].replace('-', '')}{row['seq']:010d}"

    def _now(self) -> str:
        return rules.in_china(self._clock.now())
