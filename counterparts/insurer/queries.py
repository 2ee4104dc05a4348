"""What institutions may ask: 1201, 5201, 5202, 5204, 5205, 5206 and 5303 (5203: ``settling``).

They see their own visits only, except 5206. A lost answer of 2201 or 2401 is found by 5201: it
lists a visit that has no ``med_type`` yet (2203 never came) under whichever outpatient kind is
asked for.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import orjson

from counterparts.insurer.amounts import decimal_of, yuan_json
from counterparts.insurer.benefits import UNKNOWN_ITEM
from counterparts.insurer.charging import of_item
from counterparts.insurer.errors import RefusedError
from counterparts.insurer.office import base_information, insured_person, own_visit
from counterparts.insurer.reckoning import fitting, own_settlement
from counterparts.insurer.rights import OUTPATIENT_TYPES, out_type
from counterparts.insurer.stays import in_hospital, stay_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from counterparts.insurer.office import Handler, Message, Office
    from counterparts.insurer.records import FeeLine, Person, Visit

_HOSPITAL, _PHARMACY = "1", "2"
_LIST_TYPES = {"09": "101", "10": "102", "11": "101", "08": "301"}
_SERVICE = "201"
CUMULATIVE = {
    "deductible_fen": "DEDC_OTP",
    "inpatient_deductible_fen": "DEDC_IPT",
    "chronic_deductible_fen": "DEDC_OPSP",
    "pool_fen": "HIFP",
    "inpatient_pool_fen": "HIFP_IPT",
    "own_in_scope_fen": "SELFPAY",
    "catastrophic_fen": "SERIOUS",
}
"""5206 ``cum_type_code`` of each accumulator; the document has no table of them, these are ours."""


def institution_information(office: Office, message: Message) -> dict[str, Any]:
    """Answer 1201 医药机构信息获取.

    Raises RefusedError if no institution has that name and, if one is given, that code.
    """
    data = message.input["medinsinfo"]
    name = data.get("fixmedins_name")
    for one in office.books.institutions():
        code = data.get("fixmedins_code")
        if name in (None, "", one.fixmedins_name) and code in (None, "", one.fixmedins_code):
            kind = _PHARMACY if one.fixmedins_code.startswith("P") else _HOSPITAL
            row = {
                "fixmedins_code": one.fixmedins_code,
                "fixmedins_name": one.fixmedins_name,
                "uscc": f"9{one.fixmedins_code:0>17}"[:18],
                "fixmedins_type": kind,
                "hosp_lv": one.hosp_lv,
                "exp_content": "",
            }
            return {"medinsinfo": row}
    raise RefusedError(f"fixmedins_name {name or ''}未查询到医药机构")


# --- visits --------------------------------------------------------------------------------------


def visits(office: Office, message: Message) -> dict[str, Any]:
    """Answer 5201 就诊信息查询: the person's visits here that began in the period."""
    data = message.input["data"]
    person = insured_person(office, message, data["psn_no"])
    asked = data["med_type"]
    found = [
        visit
        for visit in office.books.visits_of(message.institution.fixmedins_code, person.psn_no)
        if data["begntime"] <= visit.begntime <= data["endtime"]
        and data.get("mdtrt_id") in (None, "", visit.mdtrt_id)
        and (visit.med_type == asked or (not visit.med_type and asked in OUTPATIENT_TYPES))
    ]
    return {"mdtrtinfo": [_visit(office, message, person, visit, asked) for visit in found]}


def _visit(
    office: Office, message: Message, person: Person, visit: Visit, med_type: str
) -> dict[str, Any]:
    stay = stay_of(office.books, visit.mdtrt_id) if visit.kind == "inpatient" else None
    more = {**stay.admission, **stay.discharge} if stay else {"adm_dept_name": visit.dept_name}
    is_in = stay is not None and not stay.endtime
    end = (stay.endtime or message.inf_time) if stay else visit.begntime
    row = {
        **more,
        **base_information(person, message),
        "mdtrt_id": visit.mdtrt_id,
        "insutype": visit.insutype,
        "psn_type": person.psn_type,
        "maf_psn_flag": "1" if person.psn_idet_types else "0",
        "cvlserv_flag": person.cvlserv_flag,
        "flxempe_flag": "0",
        "nwb_flag": "0",
        "insu_optins": person.insuplc_admdvs,
        "emp_name": person.emp_name,
        "begntime": visit.begntime,
        "endtime": end,
        "med_type": visit.med_type or med_type,
        "ars_year_ipt_flag": "1" if stay and visit.begntime[:4] != end[:4] else "0",
        "pre_pay_flag": "0",
        "ipt_otp_no": visit.ipt_otp_no,
        "dise_codg": visit.dise_codg,
        "dise_name": visit.dise_name,
        "inhosp_stas": "1" if is_in else "0",
        "ipt_days": _days(visit.begntime, end) if stay else 0,
        "opter_id": visit.opter[:20],
        "opter_name": visit.opter_name,
        "opt_time": visit.begntime,
        "memo": "",
    }
    return fitting(message.infno, "mdtrtinfo", row)


def _days(begin: str, end: str) -> int:
    return (date.fromisoformat(end[:10]) - date.fromisoformat(begin[:10])).days


def diagnoses(office: Office, message: Message) -> dict[str, Any]:
    """Answer 5202 诊断信息查询.

    Raises RefusedError if the visit is not this person's or not registered here.
    """
    data = message.input["data"]
    visit = own_visit(office, message, mdtrt_id=data["mdtrt_id"], psn_no=data["psn_no"])
    about = {
        "mdtrt_id": visit.mdtrt_id,
        "psn_no": visit.psn_no,
        "opter_id": visit.opter[:20],
        "opter_name": visit.opter_name,
        "opt_time": visit.begntime,
    }
    return {
        "diseinfo": [
            fitting(message.infno, "diseinfo", about | row | _diagnosis_number(visit, row))
            for row in office.books.diagnoses(visit.mdtrt_id)
        ]
    }


def _diagnosis_number(visit: Visit, row: dict[str, Any]) -> dict[str, str]:
    number = f"{visit.mdtrt_id}{row['inout_diag_type']}{row['diag_srt_no']:02d}"
    return {"diag_info_id": number}


def stays(office: Office, message: Message) -> dict[str, Any]:
    """Answer 5303 在院信息查询: who is in this hospital and was admitted in the period.

    Without ``psn_no`` it is everybody in this hospital.
    """
    data = message.input["data"]
    code, begin = message.institution.fixmedins_code, data.get("begntime") or ""
    found = [
        (person, visit)
        for mdtrt_id in in_hospital(office.books, psn_no=data.get("psn_no") or "")
        if (visit := office.books.visit(mdtrt_id)) is not None
        and visit.fixmedins_code == code
        and begin <= visit.begntime <= data["endtime"]
        and (person := office.books.person(visit.psn_no)) is not None
    ]
    return {"data": [_inside(office, message, person, visit) for person, visit in found]}


def _inside(office: Office, message: Message, person: Person, visit: Visit) -> dict[str, Any]:
    return {
        **fitting(message.infno, "data", base_information(person, message)),
        "mdtrt_id": visit.mdtrt_id,
        "insutype": visit.insutype,
        "begndate": visit.begntime[:10],
        "med_type": visit.med_type,
        "ipt_otp_no": visit.ipt_otp_no,
        "out_flag": "0" if out_type(office, person) == "0" else "1",
    }


# --- charges and accumulators ------------------------------------------------------------------


def charges(office: Office, message: Message) -> dict[str, Any]:
    """Answer 5204 费用明细查询: the charges of a live settlement.

    Raises RefusedError whose text begins 未查询到结算信息 if there is no such settlement.
    """
    data = message.input["data"]
    own_settlement(office, message, data)
    visit = own_visit(office, message, mdtrt_id=data["mdtrt_id"], psn_no=data["psn_no"])
    lines = [one for one in office.books.lines(visit.mdtrt_id) if one.setl_id == data["setl_id"]]
    return {"data": _charges(office, message, visit, lines)}


def chronic_medicines(office: Office, message: Message) -> dict[str, Any]:
    """Answer 5205 人员慢特病用药记录查询: settled charges of chronic diseases in the period."""
    data = message.input["data"]
    person = insured_person(office, message, data["psn_no"])
    end = data.get("endtime") or "9999"
    found: list[dict[str, Any]] = []
    for visit in office.books.visits_of(message.institution.fixmedins_code, person.psn_no):
        if visit.med_type == "14":
            lines = [
                line
                for line in office.books.lines(visit.mdtrt_id)
                if line.setl_id and data["begntime"] <= line.fee_ocur_time <= end
            ]
            found += _charges(office, message, visit, lines)
    return {"feedetail": found}


def _charges(
    office: Office, message: Message, visit: Visit, lines: Iterable[FeeLine]
) -> list[dict[str, Any]]:
    node = "data" if message.infno == "5204" else "feedetail"
    about = {
        "mdtrt_id": visit.mdtrt_id,
        "psn_no": visit.psn_no,
        "med_type": visit.med_type,
        "fixmedins_code": message.institution.fixmedins_code,
        "fixmedins_name": message.institution.fixmedins_name,
        "hosp_prep_flag": "0",
        "opter_id": visit.opter[:20],
        "opter_name": visit.opter_name,
        "opt_time": visit.begntime,
    }
    return [fitting(message.infno, node, about | _charge(office, line)) for line in lines]


def _charge(office: Office, line: FeeLine) -> dict[str, Any]:
    sent = orjson.loads(line.sent)
    item = office.catalogue.get(line.med_list_codg, UNKNOWN_ITEM)
    return {
        **sent,
        **of_item(item),
        "setl_id": line.setl_id,
        "feedetl_sn": str(line.feedetl_sn),
        "rx_drord_no": sent.get("drord_no") or sent.get("rxno") or "",
        "fee_ocur_time": line.fee_ocur_time,
        "cnt": float(decimal_of(line.cnt)),
        "pric": float(decimal_of(line.pric)),
        "det_item_fee_sumamt": yuan_json(line.amount_fen),
        "fulamt_ownpay_amt": yuan_json(line.fulamt_ownpay_fen),
        "overlmt_amt": yuan_json(line.overlmt_fen),
        "preselfpay_amt": yuan_json(line.preselfpay_fen),
        "inscp_scp_amt": yuan_json(line.inscp_scp_fen),
        "hilist_code": line.med_list_codg,
        "hilist_name": line.med_list_codg,
        "list_type": _LIST_TYPES.get(item.chrgitm_type, _SERVICE),
        "med_list_codg": line.med_list_codg,
        "medins_list_codg": line.medins_list_codg,
        "medins_list_name": line.medins_list_codg[:100],
        "spec": "-",
        "dosform_name": "-",
    }


def accumulators(office: Office, message: Message) -> dict[str, Any]:
    """Answer 5206 人员累计信息查询: what the year of ``cum_ym`` (or of the message) has used up.

    The books count by the year, so the figures are of the whole year.
    """
    data = message.input["data"]
    person = insured_person(office, message, data["psn_no"])
    month = data.get("cum_ym") or message.inf_time[:7].replace("-", "")
    if not (month.isdigit() and len(month) == len("yyyyMM")):
        raise RefusedError("cum_ym 应为yyyyMM")
    used = office.books.year_of(person.psn_no, person.insutype, int(month[:4]))
    return {
        "cuminfo": [
            {
                "insutype": person.insutype,
                "year": month[:4],
                "cum_ym": month,
                "cum_type_code": code,
                "cum": yuan_json(getattr(used, name)),
            }
            for name, code in CUMULATIVE.items()
        ]
    }


CHANGING: dict[str, Handler] = {}
ASKING: dict[str, Handler] = {
    "1201": institution_information,
    "5201": visits,
    "5202": diagnoses,
    "5204": charges,
    "5205": chronic_medicines,
    "5206": accumulators,
    "5303": stays,
}
