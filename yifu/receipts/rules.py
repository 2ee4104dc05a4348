"""What a receipt says, in the fiscal platform's own fields. Pure values in, plain values out.

Field names and lengths are those of the hospital interface of the fiscal e-receipt platform
(receipts §3); amounts become yuan with two decimals here and nowhere else.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby
from operator import attrgetter
from typing import Any, Final

from yifu.money import to_yuan
from yifu.receipts.errors import ReceiptContradiction

Payload = dict[str, Any]

CATEGORIES: Final[Mapping[str, str]] = {
    "01": "床位费",
    "02": "诊察费",
    "03": "检查费",
    "04": "化验费",
    "05": "治疗费",
    "06": "手术费",
    "07": "护理费",
    "08": "卫生材料费",
    "09": "西药费",
    "10": "中药饮片费",
    "11": "中成药费",
    "12": "一般诊疗费",
    "13": "挂号费",
    "14": "其他费",
}
"""What a receipt's charges are grouped by: `med_chrgitm_type` of the national code tables."""

OTHER_CATEGORY: Final = "14"

INSURANCE: Final[Mapping[str, tuple[str, str]]] = {
    "": ("07", "全自费"),
    "310": ("01", "职工基本医疗保险"),
    "340": ("06", "离休人员医疗保障"),
    "380": ("03", "新型农村合作医疗"),
    "390": ("90", "城乡居民基本医疗保险"),
    "391": ("02", "城镇居民基本医疗保险"),
}
"""`medCareTypeCode` and its name, by the insurer's `insutype` ("" for somebody who is not insured
or pays all)."""

OTHER_INSURANCE: Final = ("99", "其他医疗保险")

OUTPATIENT: Final = "02"
"""`busType` of an outpatient receipt."""

CASH, ALIPAY, WECHAT, CARD, INSURER = "02", "04", "05", "07", "11"
"""`payChannelCode`."""

HANDLED_BY: Final = "医付平台"
"""`payee`, `author`, `checker`, `operator`: no person at the window issues these receipts."""

_CHINA = timezone(timedelta(hours=8))
_PERSON = "1"
_HOSPITAL_CARD = "3"
_PAID, _IN_ARREARS = "1", "0"
_PRICE_STEP = Decimal("0.0001")
_REASON_CHARACTERS = 200
_UNIT = "项"


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """A charge on a receipt.

    `category` is `med_chrgitm_type`; `own_fen` is what no insurance covers (自费,
    `fulamt_ownpay_amt`).
    """

    local_code: str
    name: str
    category: str
    quantity: Decimal
    unit: str
    amount_fen: int
    own_fen: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptContent:
    """A completed settlement as its receipt shows it; amounts in fen.

    `insutype` is the kind of insurance ("" where nothing was settled with an insurer),
    `balanced_number` the insurer's `setl_id`. What is left of the total after fund, account and
    personal part is borne by the hospital. `paid_by` is the platform's code of how the personal
    part was paid (`CASH`, `WECHAT`, ...), "" while it is owed.
    """

    settlement_id: int
    institution_id: int
    person_id: int
    visit_id: int
    payer_name: str
    department: str
    visit_no: str
    happened_at: datetime
    total_fen: int
    fund_fen: int
    account_fen: int
    personal_fen: int
    insutype: str
    balanced_number: str
    lines: tuple[ReceiptLine, ...]
    paid_by: str = ""

    @property
    def other_fen(self) -> int:
        """What neither fund nor patient pays."""
        return self.total_fen - self.fund_fen - self.account_fen - self.personal_fen

    @property
    def insured(self) -> bool:
        """Say whether an insurer had a part in it."""
        return bool(self.insutype)


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who issues, and when: institution, the place the platform knows it by, `busDateTime`."""

    institution_name: str
    place_code: str
    requested_at: datetime


def bus_no(settlement_id: int) -> str:
    """Give the number under which the platform issues a settlement's receipt, once."""
    return f"YF{settlement_id:014d}"


def check(content: ReceiptContent) -> None:
    """Raise `ReceiptContradiction` unless lines and parts make up the total, none negative."""
    parts = (content.fund_fen, content.account_fen, content.personal_fen, content.other_fen)
    if min(parts) < 0:
        raise ReceiptContradiction(what="a part is negative")
    if not content.lines:
        raise ReceiptContradiction(what="no lines")
    if sum(line.amount_fen for line in content.lines) != content.total_fen:
        raise ReceiptContradiction(what="the lines are not the total")
    if any(not 0 <= line.own_fen <= line.amount_fen for line in content.lines):
        raise ReceiptContradiction(what="a line's own part is not within its amount")
    if any(line.quantity <= 0 for line in content.lines):
        raise ReceiptContradiction(what="a quantity is not positive")


def outpatient_bill(content: ReceiptContent, issuer: Issuer) -> Payload:
    """Give what `invoiceEBillOutpatient` is asked: total, who pays which part, groups, lines.

    自付 + 自费 is what the patient bears, from account and cash. Raises `ReceiptContradiction`.
    """
    check(content)
    lines = sorted(content.lines, key=_category)
    borne_fen = content.account_fen + content.personal_fen
    own_fen = min(sum(_own(content, line) for line in lines), borne_fen)
    return {
        **_head(content, issuer),
        "totalAmt": to_yuan(content.total_fen),
        "accountPay": to_yuan(content.account_fen),
        "fundPay": to_yuan(content.fund_fen),
        "otherfundPay": to_yuan(content.other_fen),
        "ownPay": to_yuan(own_fen),
        "selfConceitedAmt": to_yuan(0),
        "selfPayAmt": to_yuan(borne_fen - own_fen),
        "selfCashPay": to_yuan(content.personal_fen),
        "reimbursementAmt": to_yuan(content.fund_fen),
        "isArrears": _PAID if _settled(content) else _IN_ARREARS,
        "payChannelDetail": _channels(content),
        "chargeDetail": _groups(content, lines),
        "listDetail": [_listed(content, line, place) for place, line in enumerate(lines, start=1)],
    }


def write_off(*, code: str, number: str, reason: str, issuer: Issuer) -> Payload:
    """Give what `writeOffEBill` is asked: the receipt to cancel and why."""
    return {
        "billBatchCode": code,
        "billNo": number,
        "reason": reason.strip()[:_REASON_CHARACTERS] or "退费",
        "operator": HANDLED_BY,
        "busDateTime": write_time(issuer.requested_at),
        "placeCode": issuer.place_code,
    }


def write_time(at: datetime) -> str:
    """Write an instant as the platform does: yyyyMMddHHmmssSSS in China."""
    local = at.astimezone(_CHINA)
    return f"{local:%Y%m%d%H%M%S}{local.microsecond // 1000:03d}"


def _head(content: ReceiptContent, issuer: Issuer) -> Payload:
    kind_code, kind_name = INSURANCE.get(content.insutype, OTHER_INSURANCE)
    return {
        "busNo": bus_no(content.settlement_id),
        "busType": OUTPATIENT,
        "busDateTime": write_time(issuer.requested_at),
        "placeCode": issuer.place_code,
        "payer": content.payer_name,
        "payerType": _PERSON,
        "payee": HANDLED_BY,
        "author": HANDLED_BY,
        "checker": HANDLED_BY,
        "cardType": _HOSPITAL_CARD,
        "cardNo": content.visit_no,
        "medicalInstitution": issuer.institution_name[:30],
        "medCareTypeCode": kind_code,
        "medicalCareType": kind_name,
        "consultationDate": write_time(content.happened_at)[:8],
        "patientCategory": content.department[:60],
        "patientCategoryCode": content.department[:60],
        "patientNo": content.visit_no[:30],
        "caseNumber": content.visit_no,
        "balancedNumber": content.balanced_number,
    }


def _settled(content: ReceiptContent) -> bool:
    """Say whether the patient owes nothing of it any more: only then may a receipt circulate."""
    return content.personal_fen == 0 or bool(content.paid_by)


def _channels(content: ReceiptContent) -> list[Payload]:
    """List what was paid by which channel; what the patient still owes is in none."""
    paid = {INSURER: content.total_fen - content.personal_fen}
    if content.paid_by:
        paid[content.paid_by] = paid.get(content.paid_by, 0) + content.personal_fen
    return [
        {"payChannelCode": code, "payChannelValue": to_yuan(fen)}
        for code, fen in paid.items()
        if fen
    ]


def _category(line: ReceiptLine) -> str:
    return line.category if line.category in CATEGORIES else OTHER_CATEGORY


def _own(content: ReceiptContent, line: ReceiptLine) -> int:
    """Where no insurer has a part in it, the patient pays every line himself."""
    return line.own_fen if content.insured else line.amount_fen


def _groups(content: ReceiptContent, lines: Iterable[ReceiptLine]) -> list[Payload]:
    groups = []
    for place, (category, members) in enumerate(groupby(lines, key=_category), start=1):
        group = list(members)
        amount_fen = sum(map(attrgetter("amount_fen"), group))
        groups.append(
            {
                "sortNo": place,
                "chargeCode": category,
                "chargeName": CATEGORIES[category],
                "unit": _UNIT,
                "std": to_yuan(amount_fen),
                "number": 1,
                "amt": to_yuan(amount_fen),
                "selfAmt": to_yuan(sum(_own(content, line) for line in group)),
            }
        )
    return groups


def _listed(content: ReceiptContent, line: ReceiptLine, place: int) -> Payload:
    category = _category(line)
    price = (to_yuan(line.amount_fen) / line.quantity).quantize(_PRICE_STEP, ROUND_HALF_UP)
    return {
        "listDetailNo": place,
        "chargeCode": category,
        "chargeName": CATEGORIES[category],
        "code": line.local_code,
        "name": line.name,
        "unit": line.unit or _UNIT,
        "std": price,
        "number": line.quantity,
        "amt": to_yuan(line.amount_fen),
        "selfAmt": to_yuan(_own(content, line)),
    }
