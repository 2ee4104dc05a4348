"""Charges of visits without insurance, told to the insurer (NHSA 4201). Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Final

from yifu.insurance.fields import write_time
from yifu.insurance.messages import RESIDENT_IDENTITY, Department, Doctor, Input
from yifu.insurance.rules import yuan

MOST_LINES: Final = 40
"""So many lines fit into the 40,000 characters of an `input`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfPayer:
    """Whose visit it is."""

    visit_no: str
    med_type: str
    name: str
    certno: str = field(repr=False)
    psn_cert_type: str = RESIDENT_IDENTITY
    department: Department
    doctor: Doctor


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfPaidLine:
    """A charge. The hospital's list has no trade names: its own name stands for one."""

    number: int
    occurred_at: datetime
    national_code: str
    local_code: str
    name: str
    category: str
    quantity: Decimal
    unit_price_fen: Decimal
    amount_fen: int


def upload(payer: SelfPayer, lines: Sequence[SelfPaidLine], *, batch_no: str) -> Input:
    """Tell charges of one visit that nobody but the patient paid (NHSA 4201)."""
    return {"feedetail": [_line(payer, line, batch_no) for line in lines]}


def _line(payer: SelfPayer, line: SelfPaidLine, batch_no: str) -> Input:
    return {
        "mdtrt_sn": payer.visit_no,
        "ipt_otp_no": payer.visit_no,
        "med_type": payer.med_type,
        "chrg_bchno": batch_no,
        "feedetl_sn": str(line.number),
        "psn_cert_type": payer.psn_cert_type,
        "certno": payer.certno,
        "psn_name": payer.name,
        "fee_ocur_time": write_time(line.occurred_at),
        "cnt": line.quantity,
        "pric": line.unit_price_fen.scaleb(-2),
        "det_item_fee_sumamt": yuan(line.amount_fen),
        "med_list_codg": line.national_code,
        "medins_list_codg": line.local_code,
        "medins_list_name": line.name[:100],
        "med_chrgitm_type": line.category or "14",
        "prodname": line.name,
        "bilg_dept_codg": payer.department.code,
        "bilg_dept_name": payer.department.name,
        "bilg_dr_codg": payer.doctor.code,
        "bilg_dr_name": payer.doctor.name,
    }
