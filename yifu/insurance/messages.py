"""What we say to the insurer: plain values in, the interface's own field names out.

A builder returns the `input` of one transaction, typed by the field table, so that a misspelt field
is a type error; `gateway.call` checks the values against the table before it is sent. Amounts are
fen on our side and yuan on the wire. `answers` reads what comes back.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NotRequired, TypedDict

from yifu.insurance.codes import AcctUsedFlag, MdtrtCertType, MedType, PsnCertType, PsnSetlway
from yifu.insurance.fields import write_time
from yifu.insurance.rules import Scope, yuan
from yifu.insurance.transactions.t11 import Input1101
from yifu.insurance.transactions.t22 import (
    Input2201,
    Input2202,
    Input2203,
    Input2203Diseinfo,
    Input2203Mdtrtinfo,
    Input2204,
    Input2205,
    Input2206,
    Input2207,
    Input2208,
)
from yifu.insurance.transactions.t26 import Input2601
from yifu.insurance.transactions.t32 import Input3201, Input3202
from yifu.insurance.transactions.t52 import Input5203
from yifu.insurance.transactions.t90 import Input9001

Input = Mapping[str, Any]
"""Any transaction's `input`."""

TOKEN = MdtrtCertType.E_CREDENTIAL.value
IDENTITY_CARD = MdtrtCertType.IDENTITY_CARD.value
INSURANCE_CARD = MdtrtCertType.INSURANCE_CARD.value
"""`mdtrt_cert_type`: the e-credential's token, the identity number, the insurance card."""

RESIDENT_IDENTITY = PsnCertType.RESIDENT_IDENTITY.value
"""`psn_cert_type` of an identity card or household register."""

OUTPATIENT, EMERGENCY = MedType.OUTPATIENT.value, MedType.EMERGENCY.value
INPATIENT, PHARMACY = MedType.INPATIENT.value, MedType.PHARMACY.value
"""`med_type` of an ordinary and an emergency visit, an ordinary stay, a purchase at a pharmacy."""

NO_ACCOUNT, OWN_ACCOUNT = AcctUsedFlag.NONE.value, AcctUsedFlag.OWN.value
FAMILY_ACCOUNT = AcctUsedFlag.FAMILY.value
"""`acct_used_flag`: whose personal account the insurer may use."""

BY_ITEM = PsnSetlway.BY_ITEM.value
"""`psn_setlway`: settled item by item."""

UNKNOWN_SETTLEMENT = "0"
"""`setl_id` for 5203 after a lost answer: the table demands one, and nobody knows it yet."""

ALL_BATCHES = "0000"
"""`chrg_bchno` with which 2205 withdraws every line not settled yet."""

_WESTERN_DIAGNOSIS = "1"
_VALID = "1"
_NOT_REFUNDED = "0"
_MAX_LINE_DIGITS = 15


@dataclass(frozen=True, slots=True)
class Credential:
    """What a patient shows: token, identity number or card. Used once, never stored (P1.7).

    `card_sn` is the card's own code, needed for an insurance card. Raises `ValueError` without it.
    """

    cert_type: str
    cert_no: str = field(repr=False)
    card_sn: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        if self.cert_type == INSURANCE_CARD and not self.card_sn:
            raise ValueError("an insurance card needs its card_sn")


@dataclass(frozen=True, slots=True)
class Patient:
    """The insured person as 2201, 2206 and 2207 name them."""

    psn_no: str
    name: str
    certno: str = field(repr=False)
    insutype: str
    psn_type: str
    psn_cert_type: str = RESIDENT_IDENTITY


@dataclass(frozen=True, slots=True)
class Department:
    """A department: the hospital's code and name, and the national discipline code (`caty`)."""

    code: str
    name: str
    caty: str


@dataclass(frozen=True, slots=True)
class Doctor:
    """A physician by the insurer's code."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A diagnosis by ICD-10 code; the first of a visit is the main one."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class FeeLine:
    """One charge as 2204 sends it.

    `feedetl_sn` is digits only, at most fifteen, not 0, once per visit (NHSA 2204): anything else
    raises `ValueError`. `unit_price_fen` may have four decimals. `approved` is `hosp_appr_flag`
    (0 not needed, 1 approved, 2 refused), `outside_rx` is `rx_circ_flag`, `corrects_sn` the line
    that a stay's charge-off takes from, `trace_code` a drug package's own number (药品追溯码).
    """

    feedetl_sn: str
    occurred_at: datetime
    national_code: str
    local_code: str
    amount_fen: int
    quantity: Decimal
    unit_price_fen: Decimal
    approved: str = "0"
    outside_rx: str = "0"
    rxno: str = ""
    corrects_sn: str = ""
    trace_code: str = ""

    def __post_init__(self) -> None:
        number = self.feedetl_sn
        digits = number.isascii() and number.isdigit() and len(number) <= _MAX_LINE_DIGITS
        if not digits or int(number) == 0:
            raise ValueError("feedetl_sn: one to fifteen digits, not 0")


@dataclass(frozen=True, slots=True)
class Claim:
    """What 2206 and 2207 ask the insurer to settle: one batch of one visit, `total_fen` in all."""

    mdtrt_id: str
    batch_no: str
    med_type: str
    total_fen: int
    account_use: str = OWN_ACCOUNT
    setl_way: str = BY_ITEM


@dataclass(frozen=True, slots=True)
class Totals:
    """What our books say of a period, for 3201 and 3202. Refunds count negative."""

    medfee_fen: int
    fund_fen: int
    account_fen: int
    cash_fen: int
    count: int


class CredentialFields(TypedDict):
    """What a patient shows, as many transactions name it."""

    mdtrt_cert_type: str
    mdtrt_cert_no: str
    card_sn: NotRequired[str]


class PersonFields(TypedDict):
    """The insured person, as many transactions name them."""

    psn_cert_type: str
    certno: str
    psn_type: str
    psn_name: str


class ClaimFields(TypedDict):
    """What 2206 and 2207 have in common."""

    med_type: str
    medfee_sumamt: Decimal
    psn_setlway: str
    mdtrt_id: str
    chrg_bchno: str
    acct_used_flag: str
    insutype: str


class OrderedFields(TypedDict):
    """What all lines of a batch have in common (2204)."""

    dise_codg: str
    bilg_dept_codg: str
    bilg_dept_name: str
    bilg_dr_codg: str
    bilg_dr_name: str


def sign_in(*, opter_no: str, mac: str, ip: str) -> Input9001:
    """Open an operator's day; the answer's `sign_no` goes into later envelopes (NHSA 9001)."""
    return {"signIn": {"opter_no": opter_no, "mac": mac, "ip": ip}}


def person_query(
    *,
    cert_type: str,
    cert_no: str,
    certno: str,
    name: str,
    card_sn: str = "",
    psn_cert_type: str = RESIDENT_IDENTITY,
) -> Input1101:
    """Ask who somebody is and how they are insured (NHSA 1101).

    `cert_no` is what the patient shows, of the kind `cert_type`; `certno` the identity number.
    """
    shown = Credential(cert_type, cert_no, card_sn)
    return {
        "data": {
            **credential_fields(shown),
            "psn_cert_type": psn_cert_type,
            "certno": certno,
            "psn_name": name,
        }
    }


def registration(
    *,
    patient: Patient,
    credential: Credential,
    began_at: datetime,
    visit_no: str,
    department: Department,
    doctor: Doctor,
) -> Input2201:
    """Register an outpatient visit; the answer holds `mdtrt_id` (NHSA 2201)."""
    return {
        "data": {
            "psn_no": patient.psn_no,
            "insutype": patient.insutype,
            "begntime": write_time(began_at),
            **credential_fields(credential),
            **person_fields(patient),
            "ipt_otp_no": visit_no,
            "atddr_no": doctor.code,
            "dr_name": doctor.name,
            "dept_code": department.code,
            "dept_name": department.name,
            "caty": department.caty,
        }
    }


def cancel_registration(*, psn_no: str, mdtrt_id: str, visit_no: str) -> Input2202:
    """Take a registration back (NHSA 2202)."""
    return {"data": {"psn_no": psn_no, "mdtrt_id": mdtrt_id, "ipt_otp_no": visit_no}}


def encounter(
    *,
    psn_no: str,
    mdtrt_id: str,
    med_type: str,
    began_at: datetime,
    diagnoses: Sequence[Diagnosis],
    department: Department,
    doctor: Doctor,
    disease: Diagnosis | None = None,
) -> Input2203:
    """Say what the visit is about: its kind and its diagnoses (NHSA 2203).

    `disease` is the chronic disease it is settled under, else the main diagnosis. Raises
    `ValueError` without a diagnosis: the interface has no visit without one.
    """
    if not diagnoses:
        raise ValueError("a visit needs a diagnosis")
    main = disease or diagnoses[0]
    visit: Input2203Mdtrtinfo = {
        "mdtrt_id": mdtrt_id,
        "psn_no": psn_no,
        "med_type": med_type,
        "begntime": write_time(began_at),
        "dise_codg": main.code,
        "dise_name": main.name,
    }
    rows: list[Input2203Diseinfo] = [
        {
            "diag_type": _WESTERN_DIAGNOSIS,
            "diag_srt_no": place,
            "diag_code": diagnosis.code,
            "diag_name": diagnosis.name,
            "diag_dept": department.name,
            "dise_dor_no": doctor.code,
            "dise_dor_name": doctor.name,
            "diag_time": write_time(began_at),
            "vali_flag": _VALID,
        }
        for place, diagnosis in enumerate(diagnoses, start=1)
    ]
    return {"mdtrtinfo": visit, "diseinfo": rows}


def fee_upload(
    *,
    psn_no: str,
    mdtrt_id: str,
    batch_no: str,
    lines: Iterable[FeeLine],
    department: Department,
    doctor: Doctor,
    disease_code: str = "",
) -> Input2204:
    """Upload the charges of one batch, the whole of it in one message (NHSA 2204).

    `disease_code` is the chronic disease that all of a batch is settled under.
    """
    ordered: OrderedFields = {
        "dise_codg": disease_code,
        "bilg_dept_codg": department.code,
        "bilg_dept_name": department.name,
        "bilg_dr_codg": doctor.code,
        "bilg_dr_name": doctor.name,
    }
    return {
        "feedetail": [
            {
                "feedetl_sn": line.feedetl_sn,
                "mdtrt_id": mdtrt_id,
                "psn_no": psn_no,
                "chrg_bchno": batch_no,
                "rxno": line.rxno,
                "rx_circ_flag": line.outside_rx,
                "fee_ocur_time": write_time(line.occurred_at),
                "med_list_codg": line.national_code,
                "medins_list_codg": line.local_code,
                "det_item_fee_sumamt": yuan(line.amount_fen),
                "cnt": line.quantity,
                "pric": line.unit_price_fen.scaleb(-2),
                **ordered,
                "hosp_appr_flag": line.approved,
            }
            for line in lines
        ]
    }


def fee_withdraw(*, psn_no: str, mdtrt_id: str, batch_no: str = ALL_BATCHES) -> Input2205:
    """Withdraw uploaded charges that are not settled yet (NHSA 2205)."""
    return {"data": {"mdtrt_id": mdtrt_id, "chrg_bchno": batch_no, "psn_no": psn_no}}


def presettle(*, patient: Patient, credential: Credential, claim: Claim) -> Input2206:
    """Ask how a batch would be split; changes nothing (NHSA 2206)."""
    return {
        "data": {
            "psn_no": patient.psn_no,
            **credential_fields(credential),
            **person_fields(patient),
            **_claim(patient, claim),
        }
    }


def settle(
    *,
    patient: Patient,
    credential: Credential,
    claim: Claim,
    scope: Scope,
    invoice_no: str = "",
) -> Input2207:
    """Settle a batch for good; `scope` is the sum of the lines that 2204 answered (NHSA 2207)."""
    return {
        "data": {
            "psn_no": patient.psn_no,
            **credential_fields(credential),
            "psn_cert_type": patient.psn_cert_type,
            "certno": patient.certno,
            **_claim(patient, claim),
            "invono": invoice_no,
            "fulamt_ownpay_amt": yuan(scope.own_fen),
            "overlmt_selfpay": yuan(scope.over_fen),
            "preselfpay_amt": yuan(scope.presel_fen),
            "inscp_scp_amt": yuan(scope.inscp_fen),
        }
    }


def reverse(*, psn_no: str, mdtrt_id: str, setl_id: str) -> Input2208:
    """Undo a settlement that is known to stand, in whole (NHSA 2208)."""
    return {"data": {"setl_id": setl_id, "mdtrt_id": mdtrt_id, "psn_no": psn_no}}


def undo(*, psn_no: str, omsgid: str, oinfno: str) -> Input2601:
    """Undo whatever our message `omsgid` of transaction `oinfno` did, if anything (NHSA 2601).

    For a 2207 whose answer never came and that 5203 does not find either.
    """
    return {"data": {"psn_no": psn_no, "omsgid": omsgid, "oinfno": oinfno}}


def query_settlement(*, psn_no: str, mdtrt_id: str, setl_id: str = UNKNOWN_SETTLEMENT) -> Input5203:
    """Look a settlement up, or whatever stands settled for the visit (NHSA 5203).

    After a lost 2207 the answer is ours if its `msgid` is (`answers.read_queried`).
    """
    return {"data": {"psn_no": psn_no, "setl_id": setl_id, "mdtrt_id": mdtrt_id}}


def statement_total(
    *, insutype: str, clr_type: str, setl_optins: str, begin: date, end: date, totals: Totals
) -> Input3201:
    """Compare the sums of a period, both days included (NHSA 3201)."""
    return {
        "data": {
            "insutype": insutype,
            "clr_type": clr_type,
            "setl_optins": setl_optins,
            "stmt_begndate": begin.isoformat(),
            "stmt_enddate": end.isoformat(),
            "medfee_sumamt": yuan(totals.medfee_fen),
            "fund_pay_sumamt": yuan(totals.fund_fen),
            "acct_pay": yuan(totals.account_fen),
            "fixmedins_setl_cnt": totals.count,
            "fixmedins_refd_setl_flag": _NOT_REFUNDED,
        }
    }


def statement_detail(
    *, clr_type: str, setl_optins: str, file_qury_no: str, begin: date, end: date, totals: Totals
) -> Input3202:
    """Compare a period line by line; 9101 has uploaded our lines as `file_qury_no` (NHSA 3202)."""
    return {
        "data": {
            "setl_optins": setl_optins,
            "file_qury_no": file_qury_no,
            "stmt_begndate": begin.isoformat(),
            "stmt_enddate": end.isoformat(),
            "medfee_sumamt": yuan(totals.medfee_fen),
            "fund_pay_sumamt": yuan(totals.fund_fen),
            "cash_payamt": yuan(totals.cash_fen),
            "fixmedins_setl_cnt": totals.count,
            "clr_type": clr_type,
            "fixmedins_refd_setl_flag": _NOT_REFUNDED,
        }
    }


def credential_fields(credential: Credential) -> CredentialFields:
    """Give the fields of what a patient shows."""
    shown: CredentialFields = {
        "mdtrt_cert_type": credential.cert_type,
        "mdtrt_cert_no": credential.cert_no,
    }
    if credential.card_sn:
        shown["card_sn"] = credential.card_sn
    return shown


def person_fields(patient: Patient) -> PersonFields:
    """Give the fields that name the insured person."""
    return {
        "psn_cert_type": patient.psn_cert_type,
        "certno": patient.certno,
        "psn_type": patient.psn_type,
        "psn_name": patient.name,
    }


def _claim(patient: Patient, claim: Claim) -> ClaimFields:
    return {
        "med_type": claim.med_type,
        "medfee_sumamt": yuan(claim.total_fen),
        "psn_setlway": claim.setl_way,
        "mdtrt_id": claim.mdtrt_id,
        "chrg_bchno": claim.batch_no,
        "acct_used_flag": claim.account_use,
        "insutype": patient.insutype,
    }
