"""What we say to the payment centre: plain values in, its own camelCase names out.

A builder returns the `input` of one message, complete but unchecked: `client.send` checks it
against the field table. Amounts are fen on our side and yuan on the wire.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from yifu import clock
from yifu.insurance.fields import write_time
from yifu.insurance.messages import (
    BY_ITEM,
    OWN_ACCOUNT,
    Department,
    Diagnosis,
    Doctor,
    FeeLine,
    Patient,
)
from yifu.insurance.rules import yuan

Input = dict[str, Any]

SETTLING = "01301"
"""`businessType`: the code is shown to settle."""

OUTPATIENT_FEE = "01"
"""`feeType` of an outpatient visit."""

_WESTERN_DIAGNOSIS = "1"
_VALID = "1"
_NO_CIRCULATION = "0"


@dataclass(frozen=True, slots=True)
class Scanned:
    """Who showed a code, and what it may be used for. Used once, never stored (P1.7).

    `ec_token` proves who it is, `auth_no` lets this one order be paid ("" for a code that only
    identifies); `area` insures them.
    """

    name: str
    certno: str = field(repr=False)
    cert_type: str
    ec_token: str = field(repr=False)
    auth_no: str = field(repr=False)
    area: str


@dataclass(frozen=True, slots=True)
class Order:
    """An order at the centre, as later messages name it."""

    pay_ord_id: str
    pay_token: str = field(repr=False)
    org_code: str
    patient: Patient


@dataclass(frozen=True, slots=True)
class Upload:
    """A visit and what it costs, for 6201. `mdtrt_id` "" lets the centre register the visit."""

    org_code: str
    org_id: str
    med_org_ord: str
    mdtrt_id: str
    visit_no: str
    med_type: str
    began_at: datetime
    batch_no: str
    total_fen: int


def decode(*, org_code: str, operator: str, operator_name: str, department: Department) -> Input:
    """Ask who shows a code, to settle (NHSA 6101). The code itself is not part of this."""
    return {
        "InData": {
            "orgId": org_code,
            "businessType": SETTLING,
            "operatorId": operator,
            "operatorName": operator_name,
            "officeId": department.code[:20],
            "officeName": department.name[:30],
        }
    }


def upload(
    visit: Upload,
    *,
    patient: Patient,
    ec_token: str,
    area: str,
    department: Department,
    doctor: Doctor,
    diagnoses: Iterable[Diagnosis],
    lines: Iterable[FeeLine],
) -> Input:
    """Upload a visit with its charges: registration, diagnoses and lines at once (NHSA 6201).

    Raises `ValueError` without a diagnosis.
    """
    known = list(diagnoses)
    if not known:
        raise ValueError("a visit needs a diagnosis")
    main = known[0]
    return {
        "data": {
            "orgCodg": visit.org_code,
            "orgId": visit.org_id,
            "psnNo": patient.psn_no,
            "insutype": patient.insutype,
            "medOrgOrd": visit.med_org_ord,
            "begntime": write_time(visit.began_at),
            **_person(patient),
            "ecToken": ec_token,
            "insuCode": area,
            "iptOtpNo": visit.visit_no,
            "atddrNo": doctor.code,
            "drName": doctor.name,
            "deptCode": department.code,
            "deptName": department.name,
            "caty": department.caty[:6],
            "mdtrtId": visit.mdtrt_id,
            "medType": visit.med_type,
            "feeType": OUTPATIENT_FEE,
            "medfeeSumamt": yuan(visit.total_fen),
            "acctUsedFlag": OWN_ACCOUNT,
            "diseCodg": main.code,
            "diseName": main.name,
            "psnSetlway": BY_ITEM,
            "chrgBchno": visit.batch_no,
            "extData": {},
            "diseinfoList": [
                _diagnosis(place, one, visit, department, doctor)
                for place, one in enumerate(known, start=1)
            ],
            "feedetailList": [_line(line, visit, patient, department, doctor) for line in lines],
        }
    }


def _diagnosis(
    place: int, diagnosis: Diagnosis, visit: Upload, department: Department, doctor: Doctor
) -> Input:
    return {
        "diagType": _WESTERN_DIAGNOSIS,
        "diagSrtNo": place,
        "diagCode": diagnosis.code,
        "diagName": diagnosis.name,
        "diagDept": department.name,
        "diseDorNo": doctor.code,
        "diseDorName": doctor.name,
        "diagTime": write_time(visit.began_at),
        "valiFlag": _VALID,
    }


def _line(
    line: FeeLine, visit: Upload, patient: Patient, department: Department, doctor: Doctor
) -> Input:
    return {
        "feedetlSn": line.feedetl_sn,
        "mdtrtId": visit.mdtrt_id,
        "psnNo": patient.psn_no,
        "chrgBchno": visit.batch_no,
        "rxno": line.rxno,
        "rxCircFlag": line.outside_rx or _NO_CIRCULATION,
        "feeOcurTime": write_time(line.occurred_at),
        "medListCodg": line.national_code,
        "medinsListCodg": line.local_code,
        "detItemFeeSumamt": yuan(line.amount_fen),
        "cnt": line.quantity,
        "pric": line.unit_price_fen.scaleb(-2),
        "bilgDeptCodg": department.code,
        "bilgDeptName": department.name,
        "bilgDrCodg": doctor.code,
        "bilgDrName": doctor.name,
        "hospApprFlag": line.approved,
        "medType": visit.med_type,
    }


def pay(order: Order, *, auth_no: str, mdtrt_id: str, batch_no: str, serial: str) -> Input:
    """Have an order settled and paid, by the authorisation that came with the code (NHSA 6202).

    `serial` is of this request alone.
    """
    return {
        "data": {
            "payAuthNo": auth_no,
            "payOrdId": order.pay_ord_id,
            "payToken": order.pay_token,
            "orgCodg": order.org_code,
            "orgBizSer": serial,
            "mdtrtId": mdtrt_id,
            "chrgBchno": batch_no,
        }
    }


def refund(  # noqa: PLR0913 - an order's amounts
    *,
    pay_ord_id: str,
    refund_no: str,
    token: str,
    kind: str,
    total_fen: int,
    account_fen: int,
    fund_fen: int,
    cash_fen: int,
    now: datetime,
) -> Input:
    """Give an order back, or the part of it that `kind` names (NHSA 6203).

    `token` is the `ecToken` of a code shown for it, or the `revsToken` of the first hour. The same
    `refund_no` again gives nothing back twice.
    """
    return {
        "data": {
            "payOrdId": pay_ord_id,
            "appRefdSn": refund_no,
            "appRefdTime": f"{now.astimezone(clock.CHINA):%Y%m%d%H%M%S}",
            "totlRefdAmt": yuan(total_fen),
            "psnAcctRefdAmt": yuan(account_fen),
            "fundRefdAmt": yuan(fund_fen),
            "cashRefdAmt": yuan(cash_fen),
            "ecToken": token,
            "refdType": kind,
        }
    }


def query(order: Order) -> Input:
    """Ask what became of an order (NHSA 6301)."""
    return {"data": _named(order)}


def withdraw(order: Order) -> Input:
    """Take an upload back that was not paid (NHSA 6401)."""
    return {"data": _named(order)}


def _named(order: Order) -> Input:
    return {
        "payOrdId": order.pay_ord_id,
        "orgCodg": order.org_code,
        "payToken": order.pay_token,
        **_person(order.patient),
    }


def _person(patient: Patient) -> Input:
    return {"idNo": patient.certno, "userName": patient.name, "idType": patient.psn_cert_type}
