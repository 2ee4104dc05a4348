"""Filings and what hangs on them: chronic diseases, injuries, other areas, contracts."""

from decimal import Decimal

import pytest

from tests.counterparts.insurer.staying import (
    adds_up,
    admission,
    chronic_filing,
    conforms,
    fixed_place,
    injury,
    someone,
    state,
    transfer,
    whole_stay,
)

YUAN = Decimal
THOUSAND = [(1, "A1", 10, 100.0, 1000.0)]
HYPERTENSION = "M03900"
ELSEWHERE = "330200"
"""An area in another province than the insurer's 990100."""


def number_of(output):
    return output["result"]["trt_dcla_detl_sn"]


def describing(speak, person, mdtrt_id, med_type, disease):
    input_ = speak.description(person, mdtrt_id, med_type)
    input_["mdtrtinfo"] |= {"dise_codg": disease, "dise_name": "高血压"}
    return input_


def treat(hospital, speak, person, number, med_type="11", disease="J06", **envelope):
    """Return setlinfo of an outpatient visit at 1,000 in scope."""
    mdtrt_id = hospital.register(person, number, **envelope)
    hospital.ok("2203", describing(speak, person, mdtrt_id, med_type, disease), **envelope)
    results = hospital.upload(person, mdtrt_id, "1", THOUSAND, **envelope)
    input_ = speak.settling(person, mdtrt_id, "1", results, med_type=med_type, acct_used_flag="0")
    return hospital.ok("2207", input_, **envelope)["setlinfo"]


# --- chronic diseases ----------------------------------------------------------------------------


def test_a_chronic_disease_needs_its_filing(hospital, persons, speak):
    mdtrt_id = hospital.register(persons.employee, "V1")
    told = describing(speak, persons.employee, mdtrt_id, "14", HYPERTENSION)
    assert "2503" in hospital.error("2203", told)
    hospital.ok("2503", chronic_filing(persons.employee, "M00500"))
    assert "2503" in hospital.error("2203", told)
    hospital.ok("2503", chronic_filing(persons.employee, HYPERTENSION))
    hospital.ok("2203", told)


def test_a_chronic_disease_has_its_own_deductible_and_rate(hospital, persons, speak):
    # 1,000: deductible 300 of its own, 84 % of 700 = 588 (outpatient: 600, 76 % of 400 = 304).
    person = persons.employee
    output = hospital.ok("2503", chronic_filing(person, HYPERTENSION))
    conforms("2503", "result", output["result"])
    chronic = treat(hospital, speak, person, "V1", "14", HYPERTENSION)
    ordinary = treat(hospital, speak, person, "V2")
    adds_up(chronic)
    assert (chronic["act_pay_dedc"], chronic["hifp_pay"], chronic["clr_type"]) == (300, 588, "14")
    assert (ordinary["act_pay_dedc"], ordinary["hifp_pay"]) == (600, 304)
    after = state(hospital, person)
    assert (after["chronic_deductible_fen"], after["deductible_fen"]) == (30_000, 60_000)


def test_a_filing_that_is_over_or_taken_back_grants_nothing(hospital, persons, speak):
    person = persons.employee
    mdtrt_id = hospital.register(person, "V1")
    told = describing(speak, person, mdtrt_id, "14", HYPERTENSION)
    hospital.ok("2503", chronic_filing(person, HYPERTENSION, enddate="2026-03-01"))
    assert "2503" in hospital.error("2203", told)
    number = number_of(
        hospital.ok("2503", chronic_filing(person, HYPERTENSION, begndate="2026-03-02"))
    )
    hospital.ok("2203", told)
    results = hospital.upload(person, mdtrt_id, "1", THOUSAND)
    taking_back = {"trt_dcla_detl_sn": number, "psn_no": person["psn_no"], "memo": "误报"}
    hospital.ok("2504", {"data": taking_back})
    input_ = speak.settling(person, mdtrt_id, "1", results, med_type="14")
    assert "2503" in hospital.error("2207", input_)
    assert "已撤销" in hospital.error("2504", {"data": taking_back})


def test_a_filing_is_made_once_and_found_again(hospital, persons):
    person = persons.employee
    number = number_of(hospital.ok("2503", chronic_filing(person, HYPERTENSION)))
    refused = hospital.error("2503", chronic_filing(person, HYPERTENSION))
    assert refused == f"已备案：{number}"
    (row,) = hospital.ok("5301", {"data": {"psn_no": person["psn_no"]}})["feedetail"]
    conforms("5301", "feedetail", row)
    assert (row["opsp_dise_code"], row["begndate"]) == (HYPERTENSION, "2026-01-05")


@pytest.mark.parametrize(("changes", "named"), [
    ({"enddate": "2025-01-01"}, "enddate"),
    ({"insutype": "390"}, "insutype"),
    ({"opsp_dise_code": ""}, "opsp_dise_code"),
    ({"hosp_ide_date": "05.01.2026"}, "hosp_ide_date"),
    ({"psn_no": "404"}, "人员编号404"),
])  # fmt: skip
def test_a_wrong_filing_is_refused_and_the_field_named(hospital, persons, changes, named):
    assert named in hospital.error("2503", chronic_filing(persons.employee, "M1", **changes))


def test_nobody_takes_back_what_another_filed(hospital, persons, speak):
    person = persons.employee
    number = number_of(hospital.ok("2503", chronic_filing(person, HYPERTENSION)))
    keys = {"access_key": "ak-2", "secret_key": "sk-2"}
    other = speak.hospital(hospital.insurer, code="H99010000002", keys=keys, name="二院")
    row = {"fixmedins_code": other.code, "fixmedins_name": other.name, **keys}
    hospital.insurer.control("institutions", [row])
    taking_back = {"trt_dcla_detl_sn": number, "psn_no": person["psn_no"], "memo": "误报"}
    assert "不是本机构" in other.error("2504", {"data": taking_back})
    assert "不存在" in hospital.error("2506", {"data": taking_back})


@pytest.mark.parametrize(("med_type", "clr_type"), [("12", "12"), ("13", "13"), ("1301", "13")])
def test_registration_fees_and_emergencies_settle_as_outpatients(
    hospital, persons, speak, med_type, clr_type
):
    # 600 deductible, 76 % of 400 = 304; what they use up is the outpatient deductible.
    setlinfo = treat(hospital, speak, persons.employee, "V1", med_type)
    assert (setlinfo["hifp_pay"], setlinfo["clr_type"]) == (304, clr_type)
    assert state(hospital, persons.employee)["deductible_fen"] == 60_000


# --- injuries and contracts ----------------------------------------------------------------------


def test_an_injury_needs_its_filing(hospital, persons, speak):
    person = persons.employee
    mdtrt_id = hospital.register(person, "V1")
    assert "2507" in hospital.error("2203", speak.description(person, mdtrt_id, "9903"))
    assert "2507" in hospital.error("2401", admission(person, "I1", med_type="22"))
    output = hospital.ok("2507", injury(person))
    conforms("2507", "result", output["result"])
    assert treat(hospital, speak, person, "V2", "9903")["clr_type"] == "1103"
    hospital.ok("2401", admission(person, "I1", med_type="22"))
    assert "psn_name" in hospital.error("2507", injury(person, psn_name="示例他人"))


def test_a_contract_with_a_general_practitioner_lowers_the_deductible(hospital, persons, speak):
    # 600 - 300 = 300: 76 % of 700 = 532. Taken back, the rest of the 600 is to be borne again:
    # 300 more, 76 % of 700.
    person = persons.employee
    output = hospital.ok("2505", fixed_place(person, "05"))
    conforms("2505", "result", output["result"])
    (row,) = hospital.ok("5302", {"data": {"psn_no": person["psn_no"], "biz_appy_type": "05"}})[
        "psnfixmedin"
    ]
    conforms("5302", "psnfixmedin", row)
    first = treat(hospital, speak, person, "V1")
    taking_back = {"psn_no": person["psn_no"], "memo": "解约"}
    hospital.ok("2506", {"data": {**taking_back, "trt_dcla_detl_sn": number_of(output)}})
    second = treat(hospital, speak, person, "V2")
    told = [(one["act_pay_dedc"], one["hifp_pay"]) for one in (first, second)]
    assert told == [(300, 532), (300, 532)]


def test_the_switchboard_can_file_for_good(hospital, speak):
    person = someone(7, gp_contract=True, chronic=[HYPERTENSION])
    hospital.insurer.control("persons", [person])
    assert treat(hospital, speak, person, "V1")["act_pay_dedc"] == 300
    assert treat(hospital, speak, person, "V2", "14", HYPERTENSION)["hifp_pay"] == 588


# --- other areas -------------------------------------------------------------------------------


@pytest.fixture
def guest(hospital):
    """Return somebody who is insured in another province."""
    one = someone(8, insuplc_admdvs=ELSEWHERE)
    hospital.insurer.control("persons", [one])
    return one


def stay(hospital, person, number="I1"):
    """Return setlinfo of a stay at 1,000 in scope: 800 deductible, 200 left."""
    return whole_stay(Away(hospital), person, number, THOUSAND)[1]


class Away:
    """The hospital, with the envelope of a person who is insured elsewhere."""

    def __init__(self, hospital):
        self.hospital = hospital
        self.insurer = hospital.insurer

    def ok(self, infno, input_):
        return self.hospital.ok(infno, input_, insuplc_admdvs=ELSEWHERE)

    def error(self, infno, input_):
        return self.hospital.error(infno, input_, insuplc_admdvs=ELSEWHERE)


def pay_loc(hospital, setlinfo):
    ids = {name: setlinfo[name] for name in ("setl_id", "mdtrt_id", "psn_no")}
    return Away(hospital).ok("5203", {"data": ids})["setlinfo"]["pay_loc"]


def test_a_guest_who_is_not_filed_has_70_per_cent_of_the_rate(hospital, guest):
    # 84 % x 70 % = 58.8 % of 200 = 117.60
    setlinfo = stay(hospital, guest)
    adds_up(setlinfo)
    assert (setlinfo["hifp_pay"], setlinfo["pool_prop_selfpay"]) == (YUAN("117.60"), YUAN("0.588"))
    assert pay_loc(hospital, setlinfo) == "4"


def test_a_guest_who_is_filed_has_the_whole_rate(hospital, guest):
    # 84 % of 200 = 168
    Away(hospital).ok("2505", fixed_place(guest, "08"))
    assert stay(hospital, guest)["hifp_pay"] == 168


def test_a_guest_who_is_transferred_has_90_per_cent_of_the_rate(hospital, guest):
    # 84 % x 90 % = 75.6 % of 200 = 151.20
    away = Away(hospital)
    output = away.ok("2501", transfer(guest, hospital.code))
    conforms("2501", "result", output["result"])
    assert stay(hospital, guest)["hifp_pay"] == YUAN("151.20")
    asked = {"psn_no": guest["psn_no"], "begntime": "2026-01-01 00:00:00"}
    (row,) = away.ok("5304", {"data": asked})["refmedin"]
    conforms("5304", "refmedin", row)
    assert row["out_flag"] == "1"


def test_a_transfer_to_another_hospital_or_taken_back_is_none(hospital, guest):
    away = Away(hospital)
    away.ok("2501", transfer(guest, "H99010000009"))
    assert stay(hospital, guest, "I1")["hifp_pay"] == YUAN("117.60")
    number = number_of(away.ok("2501", transfer(guest, hospital.code)))
    away.ok("2502", {"data": {"trt_dcla_detl_sn": number, "psn_no": guest["psn_no"]}})
    # The deductible is borne: 58.8 % of 1,000.
    assert stay(hospital, guest, "I2")["hifp_pay"] == 588


def test_a_guest_as_an_outpatient(hospital, guest, speak):
    # 1,000 - 600 = 400 at 76 % x 70 % = 53.2 % = 212.80
    setlinfo = treat(hospital, speak, guest, "V1", insuplc_admdvs=ELSEWHERE)
    assert setlinfo["hifp_pay"] == YUAN("212.80")


@pytest.mark.parametrize(("area", "place"), [
    ("990100", "2"), ("990102", "6"), ("990300", "3"), ("330200", "4"),
])  # fmt: skip
def test_the_place_of_payment_tells_how_far_away_a_person_is_insured(hospital, speak, area, place):
    person = someone(9, insuplc_admdvs=area)
    hospital.insurer.control("persons", [person])
    setlinfo = treat(hospital, speak, person, "V1", insuplc_admdvs=area)
    ids = {name: setlinfo[name] for name in ("setl_id", "mdtrt_id", "psn_no")}
    told = hospital.ok("5203", {"data": ids}, insuplc_admdvs=area)["setlinfo"]
    assert told["pay_loc"] == place


# --- 2001 ----------------------------------------------------------------------------------------


def asked(hospital, person, med_type, **more):
    data = {
        "psn_no": person["psn_no"],
        "insutype": person["insutype"],
        "fixmedins_code": hospital.code,
        "med_type": med_type,
        "begntime": "2026-03-02 10:00:00",
        **more,
    }
    rows = hospital.ok("2001", {"data": data})["trtinfo"]
    for row in rows:
        conforms("2001", "trtinfo", row)
    return {row["fund_pay_type"]: (row["trt_enjymnt_flag"], row["trt_chk_rslt"]) for row in rows}


def test_benefits_are_checked_fund_by_fund(hospital, persons):
    told = asked(hospital, persons.employee, "11")
    assert told == {"310102": ("1", ""), "330100": ("1", ""), "310200": ("1", "")}
    assert set(asked(hospital, persons.resident, "2101")) == {"390100", "390200"}


def test_benefits_that_are_not_enjoyed_say_why(hospital, persons):
    told = asked(hospital, persons.employee, "14", dise_codg=HYPERTENSION)
    assert told["310100"] == ("0", f"dise_codg {HYPERTENSION}无有效的慢特病备案(2503)")
    assert told["310200"][0] == "1"
    hospital.ok("2503", chronic_filing(persons.employee, HYPERTENSION))
    assert asked(hospital, persons.employee, "14", dise_codg=HYPERTENSION)["310100"][0] == "1"
    assert {flag for flag, _ in asked(hospital, persons.paused, "11").values()} == {"0"}


def test_a_check_of_a_wrong_insurance_is_refused(hospital, persons):
    data = {
        "psn_no": persons.employee["psn_no"],
        "insutype": "390",
        "fixmedins_code": hospital.code,
        "med_type": "11",
        "begntime": "2026-03-02 10:00:00",
    }
    assert "insutype" in hospital.error("2001", {"data": data})
    other = {**data, "insutype": "310", "fixmedins_code": "H99010000002"}
    assert "fixmedins_code" in hospital.error("2001", {"data": other})
