"""The mobile payment centre's messages: 6101, 6201, 6202, 6203, 6301, 6401.

It stands before the insurer's own desk and does there what a hospital would have done message by
message: 6201 registers the visit where there is none yet (2201), describes it (2203) and uploads
its charges (2204); 6202 settles them by the same benefits as 2207 and takes the patient's own part
by the same authorisation; 6203 undoes the one (2208) and gives the other back.

What the insurer answered is passed on in ``extData``, as most areas do; its ``mdtrtId`` names the
visit that 6201 registered. In the hour after the payment ``revsToken`` stands for the ``ecToken``
of 6203.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import orjson

from counterparts.insurer import settling
from counterparts.insurer.amounts import fen_of, yuan_text
from counterparts.insurer.centre_books import CentreBooks, Order, digest
from counterparts.insurer.centre_core import E_CREDENTIAL, Asked, Core
from counterparts.insurer.centre_envelope import as_json
from counterparts.insurer.errors import RefusedError
from counterparts.insurer.fields import check_input

if TYPE_CHECKING:
    from collections.abc import Callable

    from counterparts.insurer.office import Office
    from counterparts.insurer.records import Institution, Person

QR_FIELD = "ecQrCode"
"""What a reader's software calls the text of a code; the table of 6101 has no field for it."""

TOKEN_LIVES = timedelta(minutes=10)
REVERSAL_RIGHT = timedelta(hours=1)
UNPAID = ("0", "1")
SETTLED = "6"
WHOLE, CASH, INSURED = "ALL", "CASH", "HI"
_REFUNDED = {
    ("6", WHOLE): "7",
    ("6", INSURED): "8",
    ("6", CASH): "9",
    ("8", CASH): "7",
    ("9", INSURED): "7",
    ("16", CASH): "7",
}
"""Where a refund (refdType) leads from a state."""


class Centre:
    """Answers messages; ``office`` and ``books`` hold all state."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.core = Core(office)
        self.books = CentreBooks(office.books.db)
        self.handlers: dict[str, Callable[[Asked], dict[str, Any]]] = {
            "6101": self.decode,
            "6201": self.upload,
            "6202": self.pay,
            "6203": self.give_back,
            "6301": self.query,
            "6401": self.withdraw,
        }

    def answer(self, infno: str, asked: Asked) -> dict[str, Any]:
        """Answer a message in one transaction.

        Raises RefusedError naming the field or the reason; nothing has changed then.
        """
        node = "InData" if infno == "6101" else "data"
        known = {key: one for key, one in asked.data.items() if key != QR_FIELD or node == "data"}
        check_input(infno, {node: known})
        with self.office.books.transaction():
            return self.handlers[infno](asked)

    # --- who ------------------------------------------------------------------------------------

    def decode(self, asked: Asked) -> dict[str, Any]:
        """Answer 6101: who shows the code, a token for what follows, and an authorisation."""
        code = asked.data.get(QR_FIELD)
        if not isinstance(code, str) or not code:
            raise RefusedError(f"{QR_FIELD} 不能为空")
        psn_no, pays = self.books.holder("code", code, now=asked.now, use_up=True)
        person = self._person(psn_no)
        until = asked.now + TOKEN_LIVES
        return {
            "userName": person.psn_name,
            "idNo": person.certno,
            "idType": person.psn_cert_type,
            "ecToken": self.books.give("ecToken", psn_no, until=until),
            "insuOrg": person.insuplc_admdvs,
            "authNo": self.books.give("authNo", psn_no, until=until) if pays else "",
        }

    def _person(self, psn_no: str) -> Person:
        person = self.office.books.person(psn_no)
        if person is None:
            raise RefusedError(f"psnNo 人员编号{psn_no}不存在")
        return person

    # --- orders ---------------------------------------------------------------------------------

    def upload(self, asked: Asked) -> dict[str, Any]:
        """Answer 6201: the visit registered and described, its charges uploaded, an order."""
        data = asked.data
        mark = _fingerprint(data, but=("ecToken",))
        before = self.books.order_of(asked.app_id, data["medOrgOrd"])
        if before is not None:
            if before.fingerprint != mark:
                raise RefusedError("medOrgOrd 已用于其他内容")
            raise RefusedError("medOrgOrd 重复上传")
        person = self._holder_of_token(asked, data["psnNo"])
        mdtrt_id = data.get("mdtrtId") or self.core.registered(asked, person)
        self.core.describe(asked, person, mdtrt_id)
        lines = self.core.upload_lines(asked, person, mdtrt_id)
        number = self.office.books.counted("centre_orders")
        token = secrets.token_hex(20)
        order = Order(
            pay_ord_id=f"ORD{self.office.admdvs}{asked.now:%Y%m%d%H%M%S}{number:09d}",
            app_id=asked.app_id,
            med_org_ord=data["medOrgOrd"],
            fingerprint=mark,
            pay_token=digest(token),
            psn_no=person.psn_no,
            mdtrt_id=mdtrt_id,
            chrg_bchno=data["chrgBchno"],
            acct_used_flag=data["acctUsedFlag"],
            lines=orjson.dumps(lines["result"]).decode(),
            fee_fen=fen_of(data["medfeeSumamt"]),
        )
        self.books.put_order(order)
        passed_on = {"mdtrtId": mdtrt_id, "result": orjson.loads(order.lines)}
        return {"payOrdId": order.pay_ord_id, "payToken": token, "extData": passed_on}

    def _holder_of_token(self, asked: Asked, psn_no: str) -> Person:
        data = asked.data
        holder, _ = self.books.holder("ecToken", data["ecToken"], now=asked.now, use_up=False)
        person = self._person(psn_no)
        named = (data["psnNo"], data["idNo"], data["userName"], data["idType"])
        if named != (holder, person.certno, person.psn_name, person.psn_cert_type):
            raise RefusedError("ecToken 与人员不符")
        return person

    def pay(self, asked: Asked) -> dict[str, Any]:
        """Answer 6202: the insured part settled, the patient's own taken, by one authorisation."""
        data = asked.data
        order = self._own_order(asked)
        before = self.books.order_paid_by(asked.app_id, data["orgBizSer"])
        if before is not None and before.pay_ord_id != order.pay_ord_id:
            raise RefusedError("orgBizSer 业务流水号重复")
        if order.ord_stas not in UNPAID:
            if order.serial == data["orgBizSer"]:
                return self._described(order) | {"extData": self._passed_on(order)}
            raise RefusedError(f"payOrdId 订单状态{order.ord_stas}不能支付")
        if data["mdtrtId"] != order.mdtrt_id:
            raise RefusedError("mdtrtId 与订单不符")
        if not data.get("payAuthNo"):
            raise RefusedError("payAuthNo 不能为空")
        holder, _ = self.books.holder("authNo", data["payAuthNo"], now=asked.now, use_up=True)
        if holder != order.psn_no:
            raise RefusedError("payAuthNo 与人员不符")
        order.serial = data["orgBizSer"]
        if order.ord_stas == "0":
            order.move("1")
        order.move("2")
        fate = self.books.fate_of(order.psn_no, "hold", "fail", "half", "cash_stuck", "broken")
        self._carry_out(asked, order, fate)
        self.books.put_order(order)
        return self._described(order) | {"extData": self._passed_on(order)}

    def _carry_out(self, asked: Asked, order: Order, fate: str) -> None:
        match fate:
            case "hold":
                return
            case "fail":
                order.move("15")
                return
            case "broken":
                order.move("14")
                return
            case "cash_stuck":
                self._settle(asked, order, only_counted=True)
                order.cash_fen = order.own_fen
                order.fund_fen = order.account_fen = 0
                order.move("3")
                order.move("16")
                self._give_rights(asked, order)
                return
        self._settle(asked, order)
        order.move("4")
        if fate != "half":
            order.cash_fen = order.own_fen
            order.move(SETTLED)
        self._give_rights(asked, order)

    @staticmethod
    def _give_rights(asked: Asked, order: Order) -> None:
        order.revs_token = secrets.token_hex(20)
        order.paid_at = asked.now.isoformat()

    def release(self, asked: Asked, order: Order) -> None:
        """Let an order go on that was held, or half done."""
        with self.office.books.transaction():
            if order.ord_stas == "2":
                self._carry_out(asked, order, "")
            else:
                order.cash_fen = order.own_fen
                order.move(SETTLED)
            self.books.put_order(order)

    def _settle(self, asked: Asked, order: Order, *, only_counted: bool = False) -> None:
        person = self._person(order.psn_no)
        visit = self.office.books.visit(order.mdtrt_id)
        content = {
            "psn_no": person.psn_no,
            "mdtrt_cert_type": E_CREDENTIAL,
            "psn_cert_type": person.psn_cert_type,
            "certno": person.certno,
            "med_type": visit.med_type if visit else "",
            "medfee_sumamt": yuan_text(order.fee_fen),
            "mdtrt_id": order.mdtrt_id,
            "chrg_bchno": order.chrg_bchno,
            "acct_used_flag": order.acct_used_flag,
            "insutype": person.insutype,
        }
        message = self.core.message(asked, "2207", person, {"data": content}, msgid=order.serial)
        work = settling.preview if only_counted else settling.make_settlement
        said = orjson.loads(orjson.dumps(work(self.office, message)))
        information = said["setlinfo"]
        order.fund_fen = fen_of(information["fund_pay_sumamt"])
        order.account_fen = fen_of(information["acct_pay"])
        order.own_fen = fen_of(information["psn_cash_pay"])
        if not only_counted:
            order.setl_id = information["setl_id"]
            order.settlement = orjson.dumps(said).decode()

    # --- back -----------------------------------------------------------------------------------

    def give_back(self, asked: Asked) -> dict[str, Any]:
        """Answer 6203; the same number again gives the same answer and moves nothing."""
        data = asked.data
        mark = _fingerprint(data, but=("ecToken", "appRefdTime"))
        before = self.books.refund(asked.app_id, data["appRefdSn"])
        if before is not None:
            if before[0] != mark:
                raise RefusedError("appRefdSn 已用于其他内容")
            said: dict[str, Any] = orjson.loads(before[1])
            if said["refStatus"] == "SUCC":
                return said
        order = self.books.order(asked.app_id, data["payOrdId"])
        if order is None:
            raise RefusedError("payOrdId 订单不存在")
        self._check_right(asked, order)
        said = self._refunded(asked, order)
        text = orjson.dumps(said).decode()
        self.books.put_refund(asked.app_id, data["appRefdSn"], order.pay_ord_id, mark, text)
        self.books.put_order(order)
        return said

    def _check_right(self, asked: Asked, order: Order) -> None:
        token = asked.data["ecToken"]
        if token == order.revs_token:
            if not self._may_reverse(order, asked.now):
                raise RefusedError("ecToken 冲正授权已过期")
            return
        holder, _ = self.books.holder("ecToken", token, now=asked.now, use_up=False)
        if holder != order.psn_no:
            raise RefusedError("ecToken 与订单不符")

    def _may_reverse(self, order: Order, now: datetime) -> bool:
        return bool(order.paid_at) and now < datetime.fromisoformat(order.paid_at) + REVERSAL_RIGHT

    def _refunded(self, asked: Asked, order: Order) -> dict[str, Any]:
        kind = asked.data["refdType"]
        if kind not in {WHOLE, CASH, INSURED}:
            raise RefusedError("refdType 应为ALL、CASH或HI")
        # What went back only in part before: the same request takes the rest.
        wanted = CASH if kind == WHOLE and order.ord_stas == "8" else kind
        state = _REFUNDED.get((order.ord_stas, wanted))
        if state is None:
            raise RefusedError(f"payOrdId 订单状态{order.ord_stas}不能退费")
        self._check_amounts(asked.data, order, kind)
        fate = self.books.fate_of(order.psn_no, "refund_fail", "refund_half")
        if fate == "refund_fail":
            return self._told(asked, order, "FAIL", insured=False)
        if wanted != CASH:
            self._undo(asked, order)
        if fate == "refund_half" and wanted == WHOLE:
            order.move("8")
            return self._told(asked, order, "EXP", insured=True)
        if wanted != INSURED:
            order.cash_fen = 0
        order.move(state)
        return self._told(asked, order, "SUCC", insured=wanted != CASH)

    def _check_amounts(self, data: dict[str, Any], order: Order, kind: str) -> None:
        own = {WHOLE: order.own_fen, CASH: order.own_fen, INSURED: 0}[kind]
        if fen_of(data["cashRefdAmt"]) != own:
            raise RefusedError("cashRefdAmt 与订单不符")
        if kind == CASH:
            return
        for name, fen in (("fundRefdAmt", order.fund_fen), ("psnAcctRefdAmt", order.account_fen)):
            if fen_of(data.get(name) or 0) != fen:
                raise RefusedError(f"{name} 与订单不符")
        if fen_of(data["totlRefdAmt"]) != order.fee_fen:
            raise RefusedError("totlRefdAmt 与订单不符")

    def _undo(self, asked: Asked, order: Order) -> None:
        person = self._person(order.psn_no)
        content = {
            "setl_id": order.setl_id,
            "mdtrt_id": order.mdtrt_id,
            "psn_no": order.psn_no,
        }
        settling.undo_settlement(
            self.office, self.core.message(asked, "2208", person, {"data": content})
        )

    def _told(self, asked: Asked, order: Order, status: str, *, insured: bool) -> dict[str, Any]:
        number = self.office.books.counted("centre_refunds")
        said = {"refdSn": f"REF{order.pay_ord_id[3:29]}{number:06d}", "refStatus": status}
        if insured:
            said |= {
                "hiFefdSn": order.setl_id,
                "hiTrnsDate": f"{asked.now:%Y%m%d}",
                "hiTrnsTime": f"{asked.now:%H%M%S}",
            }
        return said

    # --- asking ---------------------------------------------------------------------------------

    def query(self, asked: Asked) -> dict[str, Any]:
        """Answer 6301: an order's state and amounts, and in its hour the right to reverse it."""
        order = self._own_order(asked)
        said = self._described(order) | {
            "callType": "2",
            "medOrgOrd": order.med_org_ord,
            "traceTime": self._traced(order),
            "orgCodg": asked.institution.fixmedins_code,
            "orgName": asked.institution.fixmedins_name,
            "setlType": WHOLE if order.paid_at else "",
            "extData": self._passed_on(order),
        }
        if self._may_reverse(order, asked.now):
            said["revsToken"] = order.revs_token
        return said

    def withdraw(self, asked: Asked) -> dict[str, Any]:
        """Answer 6401: an order that was not paid is withdrawn with its charges."""
        order = self._own_order(asked)
        if order.ord_stas == "12":
            return {"success": True}
        if order.ord_stas not in UNPAID:
            raise RefusedError(f"payOrdId 订单状态{order.ord_stas}不能撤销")
        order.move("12")
        self.office.books.drop_unsettled(order.mdtrt_id, order.chrg_bchno)
        self.books.put_order(order)
        return {"success": True}

    def notices(self, order: Order, institution: Institution) -> dict[str, dict[str, Any]]:
        """Return what the hospital is told of a paid order, by transaction."""
        amounts = self._described(order)
        del amounts["ordStas"]
        passed_on = self._passed_on(order)
        settled = datetime.fromisoformat(order.paid_at)
        about = amounts | {"medOrgOrd": order.med_org_ord, "extData": passed_on}
        own = about.pop("ownPayAmt")
        told = about | {
            "ownpayAmt": own,
            "callType": "02",
            "traceTime": self._traced(order),
            "hiChrgTime": f"{settled:%H%M%S}",
            "hiDocSn": order.setl_id,
            "hiRgstSn": order.mdtrt_id,
            "orgName": institution.fixmedins_name,
            "setlType": WHOLE,
            "revsToken": order.revs_token,
        }
        return {"6204": about | {"ownPayAmt": own, "thdPayType": "WX"}, "6302": told}

    def _own_order(self, asked: Asked) -> Order:
        data = asked.data
        order = self.books.order(asked.app_id, data["payOrdId"])
        if order is None:
            raise RefusedError("payOrdId 订单不存在")
        if digest(data["payToken"]) != order.pay_token:
            raise RefusedError("payToken 与订单不符")
        if data["orgCodg"] != asked.institution.fixmedins_code:
            raise RefusedError("orgCodg 与应用不符")
        return order

    def _described(self, order: Order) -> dict[str, Any]:
        return {
            "payOrdId": order.pay_ord_id,
            "ordStas": order.ord_stas,
            "feeSumamt": _yuan(order.fee_fen),
            "ownPayAmt": _yuan(order.own_fen),
            "psnAcctPay": _yuan(order.account_fen),
            "fundPay": _yuan(order.fund_fen),
        }

    def _passed_on(self, order: Order) -> dict[str, Any]:
        return orjson.loads(order.settlement) if order.settlement else {}

    def _traced(self, order: Order) -> str:
        if not order.paid_at:
            return ""
        return f"{datetime.fromisoformat(order.paid_at):%Y-%m-%d %H:%M:%S}"


def _yuan(fen: int) -> Decimal:
    """Return fen as a number with two decimals."""
    return Decimal(yuan_text(fen))


def _fingerprint(data: dict[str, Any], *, but: tuple[str, ...]) -> bytes:
    content = {key: one for key, one in data.items() if key not in but}
    return hashlib.blake2b(as_json(content).encode(), digest_size=16).digest()
