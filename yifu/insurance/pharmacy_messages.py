"""What a pharmacy says (药店购药): one message has purchase and lines, and settles (NHSA 21xx)."""

from dataclasses import dataclass
from datetime import datetime
from typing import NotRequired, TypedDict

from yifu.insurance.fields import write_time
from yifu.insurance.messages import (
    Claim,
    Credential,
    FeeLine,
    Patient,
    credential_fields,
    person_fields,
)
from yifu.insurance.rules import yuan
from yifu.insurance.transactions.pair import Number
from yifu.insurance.transactions.t21 import Input2101, Input2102, Input2102DurgTracInfo, Input2103
from yifu.insurance.transactions.t52 import Input5201

_WHOLE, _OPENED = "0", "1"


@dataclass(frozen=True, slots=True)
class Purchase:
    """What was bought when: `disease` is (code, name) of a filed chronic disease, or empty."""

    claim: Claim
    began_at: datetime
    lines: tuple[FeeLine, ...]
    disease: tuple[str, str] = ("", "")


class PurchaseFields(TypedDict):
    """What 2101 and 2102 have in common."""

    psn_no: str
    mdtrt_cert_type: str
    mdtrt_cert_no: str
    card_sn: NotRequired[str]
    psn_cert_type: str
    certno: str
    psn_type: str
    psn_name: str
    begntime: str
    medfee_sumamt: Number
    insutype: str
    dise_codg: str
    dise_name: str
    acct_used_flag: str
    med_type: str


class LineFields(TypedDict):
    """A line of a purchase, as 2101 and 2102 name it."""

    feedetl_sn: str
    rxno: str
    rx_circ_flag: str
    fee_ocur_time: str
    med_list_codg: str
    medins_list_codg: str
    det_item_fee_sumamt: Number
    cnt: Number
    pric: Number


def presettle(*, patient: Patient, credential: Credential, purchase: Purchase) -> Input2101:
    """Ask how a purchase would be split; changes nothing (NHSA 2101)."""
    return {
        "druginfo": {**_purchase(patient, credential, purchase)},
        "drugdetail": [{**_line(line)} for line in purchase.lines],
    }


def settle(
    *, patient: Patient, credential: Credential, purchase: Purchase, invoice_no: str = ""
) -> Input2102:
    """Settle a purchase; the answer names visit and settlement and splits lines (NHSA 2102)."""
    return {
        "druginfo": {**_purchase(patient, credential, purchase), "invono": invoice_no},
        "drugdetail": [
            {**_line(line), "durg_trac_info": [_traced(line)]} for line in purchase.lines
        ],
    }


def reverse(*, psn_no: str, mdtrt_id: str, setl_id: str) -> Input2103:
    """Undo a purchase's settlement, in whole (NHSA 2103)."""
    return {"data": {"setl_id": setl_id, "mdtrt_id": mdtrt_id, "psn_no": psn_no}}


def find_visits(*, psn_no: str, begin: datetime, end: datetime, med_type: str) -> Input5201:
    """Ask which visits of a kind somebody had in a period (NHSA 5201)."""
    return {
        "data": {
            "psn_no": psn_no,
            "begntime": write_time(begin),
            "endtime": write_time(end),
            "med_type": med_type,
        }
    }


def _purchase(patient: Patient, credential: Credential, purchase: Purchase) -> PurchaseFields:
    code, name = purchase.disease
    return {
        "psn_no": patient.psn_no,
        **credential_fields(credential),
        **person_fields(patient),
        "begntime": write_time(purchase.began_at),
        "medfee_sumamt": yuan(purchase.claim.total_fen),
        "insutype": patient.insutype,
        "dise_codg": code,
        "dise_name": name,
        "acct_used_flag": purchase.claim.account_use,
        "med_type": purchase.claim.med_type,
    }


def _line(line: FeeLine) -> LineFields:
    return {
        "feedetl_sn": line.feedetl_sn,
        "rxno": line.rxno,
        "rx_circ_flag": line.outside_rx,
        "fee_ocur_time": write_time(line.occurred_at),
        "med_list_codg": line.national_code,
        "medins_list_codg": line.local_code,
        "det_item_fee_sumamt": yuan(line.amount_fen),
        "cnt": line.quantity,
        "pric": line.unit_price_fen.scaleb(-2),
    }


def _traced(line: FeeLine) -> Input2102DurgTracInfo:
    """Name the package, and whether it was opened: a fraction of one was sold (拆零)."""
    whole = line.quantity == line.quantity.to_integral_value()
    return {
        "feedetl_sn": line.feedetl_sn,
        "drug_trac_codg": line.trace_code,
        "trdn_flag": _WHOLE if whole else _OPENED,
    }
