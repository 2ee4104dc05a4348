"""The insurer's audit of charges: 3101 (before), 3102 (during), 3103 (what the doctor decided).

Plain values in, the interface's nested nodes out; violations back as plain values. Pure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from yifu.insurance.answers import UnreadableAnswer
from yifu.insurance.fields import write_time
from yifu.insurance.messages import Department, Diagnosis, Doctor, Input
from yifu.insurance.rules import fen, yuan

MOST_ORDERS: Final = 40
"""So many orders fit into the 40,000 characters of an `input`; more go in further messages."""

OUTPATIENT, INPATIENT, PHARMACY = ("2", "7"), ("5", "9"), "10"
"""`trig_scen` of charges being entered and of a settlement being prepared, and of a pharmacy's
prices. The edition we have gives no table of it: these are the numbers the national platform is
said to use, to be checked with each insurer."""

_HOSPITAL = "A"
_UNKNOWN_PREGNANCY = "0"
_ONLINE = "2"
_ADMISSION = "1"
_YES, _NO = "1", "0"
_ONCE = "1"
_PHYSICIAN = "234"
"""`drord_dr_profttl` 医师: hospitals do not tell the platform a doctor's rank."""
_DRUG, _HERB, _SERVICE, _CONSUMABLE = "101", "102", "201", "301"
_KINDS: Final[Mapping[str, str]] = {"drug": _DRUG, "service": _SERVICE, "consumable": _CONSUMABLE}
_INITIALS: Final[Mapping[str, str]] = {"X": _DRUG, "Z": _DRUG, "T": _HERB, "C": _CONSUMABLE}
_CLASS_A, _CLASS_B, _CLASS_C = "01", "02", "03"
_OTHER_CATEGORY = "14"
_UNIT = "项"
_HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The institution as the audit wants to know it. `level` is `hosp_lv`."""

    code: str
    name: str
    admdvs: str
    level: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Whom it is about, and the visit: `ended_at` is now while the visit goes on."""

    psn_no: str
    name: str
    sex: str
    birth_date: date
    insuplc_admdvs: str
    insutype: str
    mdtrt_id: str
    med_type: str
    care: str
    visit_no: str
    began_at: datetime
    ended_at: datetime
    department: Department
    doctor: Doctor
    diagnoses: tuple[Diagnosis, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A charge as the audit sees it.

    `own_fen` is what insurance does not pay, `first_fen` what the patient bears before it does;
    both are 0 while nobody knows, which is the interface's empty number.
    """

    charge_id: int
    national_code: str
    local_code: str
    name: str
    kind: str
    category: str
    unit: str
    quantity: Decimal
    unit_price_fen: Decimal
    amount_fen: int
    occurred_at: datetime
    own_fen: int = 0
    first_fen: int = 0


@dataclass(frozen=True, slots=True)
class Violation:
    """What the insurer objects to. `charge_ids` are the charges it names, the offending first."""

    jr_id: str
    rule_id: str
    rule_name: str
    content: str
    evidence: str
    severity: str
    amount_fen: int
    charge_ids: tuple[int, ...] = field(default=())


def audit(site: Site, subject: Subject, orders: Sequence[Order], *, scene: str) -> Input:
    """Ask what the insurer objects to among the orders of a visit (NHSA 3101, 3102)."""
    person = {
        "patn_id": subject.psn_no,
        "patn_name": subject.name,
        "gend": subject.sex,
        "brdy": subject.birth_date.isoformat(),
        "poolarea": subject.insuplc_admdvs,
        "curr_mdtrt_id": subject.mdtrt_id,
        "fsi_encounter_dtos": [_encounter(site, subject, orders)],
    }
    return {"data": {"patient_dtos": [person], "trig_scen": scene}}


def _encounter(site: Site, subject: Subject, orders: Sequence[Order]) -> Input:
    main = subject.diagnoses[0]
    department, doctor = subject.department, subject.doctor
    return {
        "mdtrt_id": subject.mdtrt_id,
        "medins_id": site.code,
        "medins_name": site.name,
        "medins_admdvs": site.admdvs,
        "medins_type": _HOSPITAL,
        "medins_lv": site.level,
        "adm_date": write_time(subject.began_at),
        "dscg_date": write_time(subject.ended_at),
        "dscg_main_dise_codg": main.code,
        "dscg_main_dise_name": main.name[:50],
        "fsi_diagnose_dtos": [
            _diagnosis(subject, place, diagnosis)
            for place, diagnosis in enumerate(subject.diagnoses, start=1)
        ],
        "dr_codg": doctor.code[:20],
        "adm_dept_codg": department.code[:20],
        "adm_dept_name": department.name[:50],
        "dscg_dept_codg": department.code[:20],
        "dscg_dept_name": department.name[:50],
        "med_mdtrt_type": subject.care,
        "med_type": subject.med_type,
        "fsi_order_dtos": [_order(subject, order) for order in orders],
        "matn_stas": _UNKNOWN_PREGNANCY,
        "medfee_sumamt": yuan(sum(order.amount_fen for order in orders)),
        "ownpay_amt": yuan(sum(order.own_fen for order in orders)),
        "selfpay_amt": yuan(sum(order.first_fen for order in orders)),
        "setl_totlnum": 0,
        "insutype": subject.insutype,
        "reim_flag": _ONLINE,
        "out_setl_flag": _NO if subject.insuplc_admdvs == site.admdvs else _YES,
    }


def _diagnosis(subject: Subject, place: int, diagnosis: Diagnosis) -> Input:
    return {
        "dise_id": f"{subject.mdtrt_id}-{place}",
        "inout_dise_type": _ADMISSION,
        "maindise_flag": _YES if place == 1 else _NO,
        "dias_srt_no": str(place),
        "dise_codg": diagnosis.code,
        "dise_name": diagnosis.name,
        "dise_date": write_time(subject.began_at),
    }


def _order(subject: Subject, order: Order) -> Input:
    price = (order.unit_price_fen.scaleb(-2)).quantize(_HUNDREDTH, ROUND_HALF_UP)
    kind = _KINDS.get(order.kind) or _INITIALS.get(order.national_code[:1], _SERVICE)
    return {
        "rx_id": str(order.charge_id),
        "rxno": subject.visit_no[:20],
        "long_drord_flag": _NO,
        "hilist_type": kind,
        "chrg_type": order.category or _OTHER_CATEGORY,
        "drord_bhvr": _ONCE,
        "hilist_code": order.national_code,
        "hilist_name": order.name[:50],
        "hilist_lv": _level(order),
        "hilist_pric": price,
        "hosplist_code": order.local_code[:20],
        "hosplist_name": order.name[:50],
        "cnt": order.quantity.quantize(_HUNDREDTH, ROUND_HALF_UP),
        "pric": price,
        "sumamt": yuan(order.amount_fen),
        "ownpay_amt": yuan(order.own_fen),
        "selfpay_amt": yuan(order.first_fen),
        "spec": order.unit or _UNIT,
        "spec_unt": order.unit or _UNIT,
        "drord_begn_date": write_time(order.occurred_at),
        "drord_dept_codg": subject.department.code[:30],
        "drord_dept_name": subject.department.name[:50],
        "drord_dr_codg": subject.doctor.code[:30],
        "drord_dr_name": subject.doctor.name[:30],
        "drord_dr_profttl": _PHYSICIAN,
        "curr_drord_flag": _YES,
    }


def _level(order: Order) -> str:
    """Give the item's class, as far as the split tells it; unknown ones are audited as covered."""
    if order.amount_fen and order.own_fen == order.amount_fen:
        return _CLASS_C
    return _CLASS_B if order.first_fen else _CLASS_A


def feedback(*, warn_type: str, decisions: Sequence[tuple[str, str, str]]) -> Input:
    """Tell what the doctor decided: (jr_id, `dspo_way`, reason) each (NHSA 3103)."""
    warns = [
        {"warn_rslt_id": jr_id, "dspo_way": way, "dspo_way_rea": reason}
        for jr_id, way, reason in decisions
    ]
    return {"data": {"warn_type": warn_type, "warns": warns}}


def read_violations(output: Mapping[str, Any]) -> tuple[Violation, ...]:
    """Take the violations out of 3101 or 3102.

    Raises `UnreadableAnswer`, and `SplitError` for an amount that is not money.
    """
    return tuple(_violation(row) for row in _rows(output.get("result"), "result"))


def _violation(row: Mapping[str, Any]) -> Violation:
    details = _rows(row.get("judge_result_detail_dtos"), "judge_result_detail_dtos")
    # The offending ones (1) before those they offend against (2).
    ordered = sorted(details, key=lambda one: str(one.get("vola_item_type")))
    named = (str(one.get("rx_id") or "") for one in ordered)
    return Violation(
        jr_id=_text(row, "jr_id"),
        rule_id=_text(row, "rule_id"),
        rule_name=_text(row, "rule_name"),
        content=_text(row, "vola_cont"),
        evidence=str(row.get("vola_evid") or ""),
        severity=_text(row, "sev_deg"),
        amount_fen=fen(row.get("vola_amt"), field="vola_amt"),
        charge_ids=tuple(dict.fromkeys(int(rx) for rx in named if rx.isascii() and rx.isdigit())),
    )


def _text(row: Mapping[str, Any], name: str) -> str:
    if row.get(name) in (None, ""):
        raise UnreadableAnswer(name)
    return str(row[name])


def _rows(value: object, node: str) -> list[Mapping[str, Any]]:
    rows = value if isinstance(value, list) else [] if value is None else [value]
    found: list[Mapping[str, Any]] = [row for row in rows if isinstance(row, dict)]
    if len(found) != len(rows):
        raise UnreadableAnswer(node)
    return found
