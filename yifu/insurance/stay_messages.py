"""What we say of a stay in hospital (住院): admission, charges as they come, discharge, settling.

Builders as in `messages`: plain values in, the `input` of one transaction out. The interface's
spellings are kept as they are, `dscgTime` in camel case and `admvs` beside `admdvs` among them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NotRequired, TypedDict

from yifu.insurance.fields import CHINA, write_time
from yifu.insurance.messages import (
    Claim,
    Credential,
    Department,
    Diagnosis,
    Doctor,
    FeeLine,
    Patient,
    credential_fields,
    person_fields,
)
from yifu.insurance.rules import Scope, yuan
from yifu.insurance.transactions.pair import Number
from yifu.insurance.transactions.t23 import (
    Input2301,
    Input2302,
    Input2303,
    Input2304,
    Input2305,
)
from yifu.insurance.transactions.t24 import (
    Input2401,
    Input2401Diseinfo,
    Input2401Mdtrtinfo,
    Input2402,
    Input2402Diseinfo,
    Input2402Dscginfo,
    Input2404,
    Input2405,
)

ALL_LINES = "0000"
"""`feedetl_sn` with which 2302 withdraws every line of a stay that is not settled yet."""

_WESTERN_DIAGNOSIS = "1"
_MAIN, _NOT_MAIN = "1", "0"
_INTERIM, _FINAL = "1", "0"
_NOTE_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class Areas:
    """Where somebody is insured and where they are treated; they differ for a patient from afar."""

    insured: str
    treated: str


@dataclass(frozen=True, slots=True)
class Admitted:
    """When, under which number and where a patient was admitted; `note` is the diagnosis in words.

    `med_type` says what kind of stay it is (医疗类别).
    """

    began_at: datetime
    stay_no: str
    bed: str
    note: str
    med_type: str


@dataclass(frozen=True, slots=True)
class Discharged:
    """When and how a stay ended; `way` is a `dscg_way` code."""

    ended_at: datetime
    way: str
    bed: str
    died_on: date | None = None


@dataclass(frozen=True, slots=True)
class StayClaim:
    """What 2303 and 2304 ask for: all of a stay that is uploaded, at its end or (`interim`) before.

    `discharged_on` is None while the stay goes on.
    """

    claim: Claim
    areas: Areas
    interim: bool
    discharged_on: date | None


class OrderedFields(TypedDict):
    """What all lines of an upload have in common (2301)."""

    bilg_dept_codg: str
    bilg_dept_name: str
    bilg_dr_codg: str
    bilg_dr_name: str


class DiagnosisFields(TypedDict):
    """A diagnosis as 2401 and 2402 name it."""

    diag_type: str
    maindiag_flag: str
    diag_srt_no: int
    diag_code: str
    diag_name: str
    diag_dept: str
    dise_dor_no: str
    dise_dor_name: str
    diag_time: str


class StayClaimFields(TypedDict):
    """What 2303 and 2304 have in common."""

    psn_no: str
    mdtrt_cert_type: str
    mdtrt_cert_no: str
    card_sn: NotRequired[str]
    psn_cert_type: str
    certno: str
    psn_type: str
    psn_name: str
    medfee_sumamt: Number
    psn_setlway: str
    mdtrt_id: str
    insutype: str
    acct_used_flag: str
    insuplc_admdvs: str
    mdtrtarea_admvs: str
    mid_setl_flag: str
    fulamt_ownpay_amt: Number
    overlmt_selfpay: Number
    preselfpay_amt: Number
    inscp_scp_amt: Number
    dscgTime: str


def admission(
    *,
    patient: Patient,
    credential: Credential,
    areas: Areas,
    admitted: Admitted,
    diagnoses: Sequence[Diagnosis],
    department: Department,
    doctor: Doctor,
) -> Input2401:
    """Admit a patient; the answer holds `mdtrt_id` (NHSA 2401). Raises as `messages.encounter`."""
    if not diagnoses:
        raise ValueError("a stay needs a diagnosis")
    main = diagnoses[0]
    told: Input2401Mdtrtinfo = {
        "psn_no": patient.psn_no,
        "insutype": patient.insutype,
        "begntime": write_time(admitted.began_at),
        **credential_fields(credential),
        "cert_type": patient.psn_cert_type,
        "certno": patient.certno,
        "med_type": admitted.med_type,
        "ipt_no": admitted.stay_no,
        "atddr_no": doctor.code,
        "chfpdr_name": doctor.name,
        "adm_diag_dscr": admitted.note[:_NOTE_CHARACTERS],
        "adm_dept_codg": department.code,
        "adm_dept_name": department.name,
        "adm_bed": admitted.bed,
        "dscg_maindiag_code": main.code,
        "dscg_maindiag_name": main.name,
        "insuplc_admdvs": areas.insured,
        "mdtrtarea_admvs": areas.treated,
    }
    rows: list[Input2401Diseinfo] = [
        {"psn_no": patient.psn_no, **row}
        for row in _diagnoses(diagnoses, department, doctor, at=admitted.began_at)
    ]
    return {"mdtrtinfo": told, "diseinfo": rows}


def undo_admission(*, psn_no: str, mdtrt_id: str) -> Input2404:
    """Take an admission back that has no charges (NHSA 2404)."""
    return {"data": {"mdtrt_id": mdtrt_id, "psn_no": psn_no}}


def discharge(
    *,
    patient: Patient,
    mdtrt_id: str,
    discharged: Discharged,
    diagnoses: Sequence[Diagnosis],
    department: Department,
    doctor: Doctor,
) -> Input2402:
    """Say that and how a stay ended (NHSA 2402)."""
    died_on = discharged.died_on
    told: Input2402Dscginfo = {
        "mdtrt_id": mdtrt_id,
        "psn_no": patient.psn_no,
        "insutype": patient.insutype,
        "endtime": write_time(discharged.ended_at),
        "dscg_dept_codg": department.code,
        "dscg_dept_name": department.name,
        "dscg_bed": discharged.bed,
        "dscg_way": discharged.way,
        "die_date": died_on.isoformat() if died_on else "",
    }
    rows: list[Input2402Diseinfo] = [
        {"mdtrt_id": mdtrt_id, "psn_no": patient.psn_no, **row}
        for row in _diagnoses(diagnoses, department, doctor, at=discharged.ended_at)
    ]
    return {"dscginfo": told, "diseinfo": rows}


def undo_discharge(*, psn_no: str, mdtrt_id: str) -> Input2405:
    """Let a stay go on whose discharge was a mistake (NHSA 2405)."""
    return {"data": {"mdtrt_id": mdtrt_id, "psn_no": psn_no}}


def fee_upload(
    *,
    psn_no: str,
    mdtrt_id: str,
    med_type: str,
    lines: Iterable[FeeLine],
    department: Department,
    doctor: Doctor,
) -> Input2301:
    """Upload charges of a stay; a charge-off is negative and names its line (NHSA 2301)."""
    ordered: OrderedFields = {
        "bilg_dept_codg": department.code,
        "bilg_dept_name": department.name,
        "bilg_dr_codg": doctor.code,
        "bilg_dr_name": doctor.name,
    }
    return {
        "feedetail": [
            {
                "feedetl_sn": line.feedetl_sn,
                "init_feedetl_sn": line.corrects_sn,
                "mdtrt_id": mdtrt_id,
                "psn_no": psn_no,
                "med_type": med_type,
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


def fee_withdraw(*, psn_no: str, mdtrt_id: str, feedetl_sn: str = ALL_LINES) -> Input2302:
    """Withdraw uploaded charges of a stay that are not settled yet (NHSA 2302)."""
    return {"data": {"feedetl_sn": feedetl_sn, "mdtrt_id": mdtrt_id, "psn_no": psn_no}}


def presettle(
    *, patient: Patient, credential: Credential, asked: StayClaim, scope: Scope
) -> Input2303:
    """Ask how the stay so far would be split; changes nothing (NHSA 2303)."""
    return {"data": {**_claim(patient, credential, asked, scope)}}


def settle(
    *,
    patient: Patient,
    credential: Credential,
    asked: StayClaim,
    scope: Scope,
    invoice_no: str = "",
) -> Input2304:
    """Settle all that is uploaded of a stay and not settled (NHSA 2304)."""
    return {"data": {**_claim(patient, credential, asked, scope), "invono": invoice_no}}


def reverse(*, psn_no: str, mdtrt_id: str, setl_id: str) -> Input2305:
    """Undo a stay's settlement, in whole (NHSA 2305)."""
    return {"data": {"mdtrt_id": mdtrt_id, "setl_id": setl_id, "psn_no": psn_no}}


def _claim(
    patient: Patient, credential: Credential, asked: StayClaim, scope: Scope
) -> StayClaimFields:
    day = asked.discharged_on
    return {
        "psn_no": patient.psn_no,
        **credential_fields(credential),
        **person_fields(patient),
        "medfee_sumamt": yuan(asked.claim.total_fen),
        "psn_setlway": asked.claim.setl_way,
        "mdtrt_id": asked.claim.mdtrt_id,
        "insutype": patient.insutype,
        "acct_used_flag": asked.claim.account_use,
        "insuplc_admdvs": asked.areas.insured,
        "mdtrtarea_admvs": asked.areas.treated,
        "mid_setl_flag": _INTERIM if asked.interim else _FINAL,
        "fulamt_ownpay_amt": yuan(scope.own_fen),
        "overlmt_selfpay": yuan(scope.over_fen),
        "preselfpay_amt": yuan(scope.presel_fen),
        "inscp_scp_amt": yuan(scope.inscp_fen),
        "dscgTime": day.isoformat() if day else "",
    }


def _diagnoses(
    diagnoses: Sequence[Diagnosis], department: Department, doctor: Doctor, *, at: datetime
) -> list[DiagnosisFields]:
    return [
        {
            "diag_type": _WESTERN_DIAGNOSIS,
            "maindiag_flag": _MAIN if place == 1 else _NOT_MAIN,
            "diag_srt_no": place,
            "diag_code": diagnosis.code,
            "diag_name": diagnosis.name,
            "diag_dept": department.name,
            "dise_dor_no": doctor.code,
            "dise_dor_name": doctor.name,
            "diag_time": write_time(at),
        }
        for place, diagnosis in enumerate(diagnoses, start=1)
    ]


def day_of(at: datetime) -> date:
    """Give the day of an instant in China."""
    return at.astimezone(CHINA).date()
