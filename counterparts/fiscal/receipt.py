"""What a receipt must say to be issued: fields, lengths and sums. Pure."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from counterparts.fiscal import fields
from counterparts.fiscal.envelope import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

OUTPATIENT = "02"
_REQUIRED = {
    "busNo": 50,
    "busType": 20,
    "payer": 100,
    "placeCode": 50,
    "payee": 50,
    "author": 100,
    "cardType": 10,
    "cardNo": 50,
    "medicalInstitution": 30,
    "medicalCareType": 60,
    "patientCategory": 60,
    "patientCategoryCode": 60,
    "patientNo": 30,
    "caseNumber": 50,
}
_OPTIONAL = {
    "checker": 100,
    "tel": 11,
    "medCareInstitution": 60,
    "medCareTypeCode": 30,
    "medicalInsuranceID": 30,
    "sex": 10,
    "balancedNumber": 100,
}
_AMOUNTS = (
    *("totalAmt", "accountPay", "fundPay", "otherfundPay", "ownPay", "selfConceitedAmt"),
    *("selfPayAmt", "selfCashPay", "reimbursementAmt"),
)
_PERSON_OR_UNIT = frozenset({"1", "2"})
_YES_OR_NO = frozenset({"0", "1"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """A receipt that may be issued; ``digest`` tells contents of the same ``bus_no`` apart."""

    bus_no: str
    bus_time: str
    place_code: str
    payer: str
    total_fen: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteOff:
    """A receipt to be cancelled; ``bus_no`` is the red one's, "" where the caller gives none."""

    batch_code: str
    bill_no: str
    reason: str
    operator: str
    bus_time: str
    place_code: str
    bus_no: str


def read_receipt(data: Mapping[str, Any]) -> Receipt:
    """Return the receipt that ``data`` asks for.

    Raises:
        Refused: ``E1001`` for a field, ``E1002`` for sums.

    """
    texts = {name: fields.text(data, name, longest) for name, longest in _REQUIRED.items()}
    for name, longest in _OPTIONAL.items():
        fields.text(data, name, longest, required=False)
    if texts["busType"] != OUTPATIENT:
        raise Refused("E1001", f"busType 须为 {OUTPATIENT}")
    fields.choice(data, "payerType", _PERSON_OR_UNIT)
    fields.bus_day(data, "consultationDate")
    amounts = {name: fields.fen(data, name) for name in _AMOUNTS}
    check_sums(data, amounts)
    return Receipt(
        bus_no=texts["busNo"],
        bus_time=fields.bus_time(data, "busDateTime"),
        place_code=texts["placeCode"],
        payer=texts["payer"],
        total_fen=amounts["totalAmt"],
        digest=digest(data),
    )


def read_write_off(data: Mapping[str, Any]) -> WriteOff:
    """Return the cancellation that ``data`` asks for, or raise Refused ``E1001``."""
    return WriteOff(
        batch_code=fields.text(data, "billBatchCode", 50),
        bill_no=fields.text(data, "billNo", 20),
        reason=fields.text(data, "reason", 200),
        operator=fields.text(data, "operator", 60),
        bus_time=fields.bus_time(data, "busDateTime"),
        place_code=fields.text(data, "placeCode", 50),
        bus_no=fields.text(data, "busNo", 50, required=False),
    )


def check_sums(data: Mapping[str, Any], amounts: Mapping[str, int]) -> None:
    """Check that parts, charges, lines and channels add up; ``amounts`` in fen by field name.

    Raises:
        Refused: ``E1001`` for a malformed charge, ``E1002`` for a sum that does not hold.

    """
    total = amounts["totalAmt"]
    if total == 0:
        raise Refused("E1002", "totalAmt 须大于零")
    paid = ("fundPay", "otherfundPay", "accountPay", "selfCashPay")
    if sum(amounts[name] for name in paid) != total:
        raise Refused("E1002", " + ".join(paid) + " 与 totalAmt 不等")
    borne = ("ownPay", "selfConceitedAmt", "selfPayAmt")
    if sum(amounts[name] for name in borne) != amounts["accountPay"] + amounts["selfCashPay"]:
        raise Refused("E1002", " + ".join(borne) + " 与个人账户及个人现金支付之和不等")
    charges = _by_code(fields.several(data, "chargeDetail", required=True), name="chargeName")
    if sum(charges.values()) != total:
        raise Refused("E1002", "chargeDetail 金额之和与 totalAmt 不等")
    lines = fields.several(data, "listDetail", required=False)
    if lines and _by_code(lines, name="name") != charges:
        raise Refused("E1002", "listDetail 与 chargeDetail 按 chargeCode 汇总不等")
    _check_channels(data, total)


def _check_channels(data: Mapping[str, Any], total: int) -> None:
    settled = fields.choice(data, "isArrears", _YES_OR_NO) == "1"
    channels = fields.several(data, "payChannelDetail", required=False)
    for channel in channels:
        fields.text(channel, "payChannelCode", 10)
    paid = sum(fields.fen(channel, "payChannelValue") for channel in channels)
    if paid > total or (channels and settled and paid != total):
        raise Refused("E1002", "payChannelDetail 之和与 totalAmt 不符")


def _by_code(entries: Iterable[Mapping[str, Any]], *, name: str) -> Counter[str]:
    """Return the amounts by ``chargeCode``; codes without an amount are left out."""
    sums: Counter[str] = Counter()
    for entry in entries:
        fields.text(entry, name, 200)
        amount = fields.fen(entry, "amt")
        if fields.fen(entry, "selfAmt") > amount:
            raise Refused("E1002", "selfAmt 大于 amt")
        sums[fields.text(entry, "chargeCode", 50)] += amount
    return +sums


def digest(data: Mapping[str, Any]) -> str:
    """Return what the same content always gives, in whatever order its fields come."""
    canonical = json.dumps(data, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()
