"""The messages of stays, pharmacies and filings, as a hospital writes them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from counterparts.insurer.fields import check_of, transactions
from tests.counterparts.insurer.conftest import AREA, born, certificate

NOW = "2026-03-02 10:15:00"
LATER = "2026-03-09 09:00:00"
DOCTOR = {"diag_dept": "内科", "dise_dor_no": "D990100000001", "dise_dor_name": "示例医生"}
ORDERED = {
    "bilg_dept_codg": "D02",
    "bilg_dept_name": "内科",
    "bilg_dr_codg": "D990100000001",
    "bilg_dr_name": "示例医生",
}
SUMS = {
    "det_item_fee_sumamt": "medfee_sumamt",
    "fulamt_ownpay_amt": "fulamt_ownpay_amt",
    "overlmt_amt": "overlmt_selfpay",
    "preselfpay_amt": "preselfpay_amt",
    "inscp_scp_amt": "inscp_scp_amt",
}
FUNDS = (
    *("hifp_pay", "cvlserv_pay", "hifes_pay", "hifmi_pay", "hifob_pay", "maf_pay", "oth_pay"),
    "hifdm_pay",
)
USED_UP = {"year": 2026, "deductible_fen": 60_000, "inpatient_deductible_fen": 80_000}


def someone(number, day=date(1988, 3, 12), **changes):
    """Return an invented insured person for the switchboard."""
    return {
        "psn_no": f"99010000000001{number:06d}",
        "certno": born(day, 100 + number),
        "psn_name": f"示例甲{number}",
        "gend": "1" if number % 2 else "2",
        "brdy": day.isoformat(),
        "psn_type": "11",
        "insutype": "310",
        "balc_fen": 0,
        **changes,
    }


def diagnosis(person, **more):
    return {
        "psn_no": person["psn_no"],
        "diag_type": "1",
        "maindiag_flag": "1",
        "diag_srt_no": 1,
        "diag_code": "J18.9",
        "diag_name": "肺炎",
        "diag_time": NOW,
        **DOCTOR,
        **more,
    }


def admission(person, ipt_no, **changes):
    """Return 2401's input."""
    about = {
        "psn_no": person["psn_no"],
        "insutype": person["insutype"],
        "begntime": NOW,
        **certificate(person),
        "cert_type": "01",
        "certno": person["certno"],
        "med_type": "2101",
        "ipt_no": ipt_no,
        "atddr_no": "D990100000001",
        "chfpdr_name": "示例医生",
        "adm_diag_dscr": "肺炎",
        "adm_dept_codg": "D02",
        "adm_dept_name": "内科",
        "adm_bed": "12",
        "dscg_maindiag_code": "J18.9",
        "dscg_maindiag_name": "肺炎",
        "insuplc_admdvs": person.get("insuplc_admdvs", AREA),
        "mdtrtarea_admvs": AREA,
        **changes,
    }
    return {"mdtrtinfo": about, "diseinfo": [diagnosis(person)]}


def discharge(person, mdtrt_id, **changes):
    """Return 2402's input."""
    about = {
        "mdtrt_id": mdtrt_id,
        "psn_no": person["psn_no"],
        "insutype": person["insutype"],
        "endtime": LATER,
        "dscg_dept_codg": "D02",
        "dscg_dept_name": "内科",
        "dscg_way": "1",
        **changes,
    }
    return {"dscginfo": about, "diseinfo": [diagnosis(person, mdtrt_id=mdtrt_id)]}


def line(person, mdtrt_id, number, code, cnt, pric, amount, **more):
    """Return one charge of 2301; amounts in yuan."""
    return {
        "feedetl_sn": str(number),
        "mdtrt_id": mdtrt_id,
        "psn_no": person["psn_no"],
        "med_type": "2101",
        "fee_ocur_time": NOW,
        "med_list_codg": code,
        "medins_list_codg": f"L-{code}",
        "det_item_fee_sumamt": amount,
        "cnt": cnt,
        "pric": pric,
        **ORDERED,
        **more,
    }


def charges(person, mdtrt_id, lines):
    """Return 2301's input; a line is (number, code, quantity, price, amount[, charge refunded])."""
    return {
        "feedetail": [
            line(
                person, mdtrt_id, *one[:5], **({"init_feedetl_sn": str(one[5])} if one[5:] else {})
            )
            for one in lines
        ]
    }


def settling(person, mdtrt_id, results, **changes):
    """Return 2303's and 2304's input, its sums taken from the results of 2301."""
    sums = {told: float(sum(row[name] for row in results)) for name, told in SUMS.items()}
    data = {
        "psn_no": person["psn_no"],
        **certificate(person),
        "psn_cert_type": "01",
        "certno": person["certno"],
        "psn_type": person["psn_type"],
        "psn_name": person["psn_name"],
        "psn_setlway": "01",
        "mdtrt_id": mdtrt_id,
        "insutype": person["insutype"],
        "acct_used_flag": "0",
        "insuplc_admdvs": person.get("insuplc_admdvs", AREA),
        "mdtrtarea_admvs": AREA,
        "mid_setl_flag": "0",
        **sums,
        **changes,
    }
    return {"data": data}


TRACED = {"drug_trac_codg": "99010000000000000001", "trdn_flag": "0"}
"""What 2102 says of every drug besides what 2101 says."""


def purchase(person, lines, traced=TRACED, **changes):
    """Return 2102's input, or with nothing traced 2101's.

    A line is (number, code, quantity, price, amount).
    """
    about = {
        "psn_no": person["psn_no"],
        **certificate(person),
        "psn_cert_type": "01",
        "certno": person["certno"],
        "psn_type": person["psn_type"],
        "psn_name": person["psn_name"],
        "begntime": NOW,
        "medfee_sumamt": float(sum(Decimal(str(one[4])) for one in lines)),
        "insutype": person["insutype"],
        "acct_used_flag": "1",
        "med_type": "41",
        **changes,
    }
    details = [
        {
            "feedetl_sn": str(number),
            "rx_circ_flag": "0",
            "fee_ocur_time": NOW,
            "med_list_codg": code,
            "medins_list_codg": f"L-{code}",
            "det_item_fee_sumamt": amount,
            "cnt": cnt,
            "pric": pric,
            **({"durg_trac_info": [{"feedetl_sn": str(number), **traced}]} if traced else {}),
        }
        for number, code, cnt, pric, amount in lines
    ]
    return {"druginfo": about, "drugdetail": details}


def chronic_filing(person, disease, **changes):
    """Return 2503's input."""
    data = {
        "psn_no": person["psn_no"],
        "insutype": person["insutype"],
        "opsp_dise_code": disease,
        "opsp_dise_name": "高血压",
        "insu_optins": AREA,
        "ide_fixmedins_no": "H99010000001",
        "ide_fixmedins_name": "示范市第一人民医院",
        "hosp_ide_date": "2026-01-05",
        "diag_dr_codg": "D990100000001",
        "diag_dr_name": "示例医生",
        "begndate": "2026-01-05",
        **changes,
    }
    return {"data": data}


def fixed_place(person, biz_appy_type, **changes):
    """Return 2505's input."""
    data = {
        "psn_no": person["psn_no"],
        "biz_appy_type": biz_appy_type,
        "begndate": "2026-01-01",
        "fix_srt_no": "1",
        "fixmedins_code": "H99010000001",
        "fixmedins_name": "示范市第一人民医院",
        **changes,
    }
    return {"data": data}


def transfer(person, to, **changes):
    """Return 2501's input."""
    data = {
        "psn_no": person["psn_no"],
        "diag_code": "J18.9",
        "diag_name": "肺炎",
        "reflin_medins_no": to,
        "reflin_medins_name": "示范市第一人民医院",
        "mdtrtarea_admdvs": AREA,
        "refl_type": "2",
        "refl_date": "2026-03-01",
        "refl_rea": "病情需要",
        "refl_opnn": "同意",
        **changes,
    }
    return {"refmedin": data}


def injury(person, **changes):
    """Return 2507's input."""
    data = {
        "dcla_souc": "01",
        "psn_no": person["psn_no"],
        "psn_cert_type": "01",
        "certno": person["certno"],
        "psn_name": person["psn_name"],
        "insu_admdvs": AREA,
        "chk_pay_flag": "1",
        "begndate": "2026-03-01",
        **changes,
    }
    return {"data": data}


# --- whole steps -----------------------------------------------------------------------------


def admit(hospital, person, ipt_no, **changes):
    """Admit and return ``mdtrt_id``."""
    return hospital.ok("2401", admission(person, ipt_no, **changes))["result"]["mdtrt_id"]


def charge(hospital, person, mdtrt_id, lines):
    return hospital.ok("2301", charges(person, mdtrt_id, lines))["result"]


def leave(hospital, person, mdtrt_id, **changes):
    hospital.ok("2402", discharge(person, mdtrt_id, **changes))


def settle(hospital, person, mdtrt_id, results, **changes):
    return hospital.ok("2304", settling(person, mdtrt_id, results, **changes))["setlinfo"]


def whole_stay(hospital, person, ipt_no, lines, **changes):
    """Return (mdtrt_id, setlinfo) of a stay from admission to its final settlement."""
    mdtrt_id = admit(hospital, person, ipt_no)
    results = charge(hospital, person, mdtrt_id, lines)
    leave(hospital, person, mdtrt_id)
    return mdtrt_id, settle(hospital, person, mdtrt_id, results, **changes)


def undoing(person, setlinfo):
    """Return the input of 2103, 2208 and 2305."""
    ids = {name: setlinfo[name] for name in ("setl_id", "mdtrt_id")}
    return {"data": {**ids, "psn_no": person["psn_no"]}}


def about(person, mdtrt_id):
    return {"data": {"mdtrt_id": mdtrt_id, "psn_no": person["psn_no"]}}


def reversal(person, msgid, infno):
    """Return 2601's input."""
    return {"data": {"psn_no": person["psn_no"], "omsgid": msgid, "oinfno": infno}}


def state(hospital, person, year=2026):
    """Return what the books have of a person."""
    return hospital.insurer.control(f"persons/{person['psn_no']}?year={year}", method="GET")


# --- what answers must be ------------------------------------------------------------------------


def conforms(infno, node, row):
    """Check a row of an answer against the table of fields."""
    fields = {field.name: field for field in transactions()[infno, "out"][node]}
    assert row.keys() <= fields.keys()
    for name, field in fields.items():
        value = row.get(name)
        if value in (None, ""):
            assert not field.is_required, f"{infno} {name}"
        else:
            value = float(value) if isinstance(value, Decimal) else value
            assert check_of(field)(value) is None, f"{infno} {name}={value}"


def adds_up(setlinfo):
    """Check that every fen of a settlement is paid by exactly one."""
    assert sum(setlinfo[name] for name in FUNDS) == setlinfo["fund_pay_sumamt"]
    assert setlinfo["acct_pay"] + setlinfo["psn_cash_pay"] == setlinfo["psn_part_amt"]
    hospital = setlinfo.get("hosp_part_amt", 0)
    whole = setlinfo["fund_pay_sumamt"] + setlinfo["psn_part_amt"] + hospital
    assert whole == setlinfo["medfee_sumamt"]
