"""What institutions may ask about visits, charges and accumulators."""

from decimal import Decimal

import pytest

from tests.counterparts.insurer.staying import (
    about,
    admit,
    charge,
    chronic_filing,
    conforms,
    leave,
    settle,
    someone,
    whole_stay,
)

LINES = [(1, "A1", 10, 100.0, 1000.0), (2, "B1", 5, 200.0, 1000.0)]
MARCH = {"begntime": "2026-03-01 00:00:00", "endtime": "2026-03-31 23:59:59"}


@pytest.fixture
def person(insurer):
    one = someone(41)
    insurer.control("persons", [one])
    return one


def test_an_institution_is_found_by_name(hospital):
    asked = {"fixmedins_type": "1", "fixmedins_name": hospital.name}
    row = hospital.ok("1201", {"medinsinfo": asked})["medinsinfo"]
    conforms("1201", "medinsinfo", row)
    assert (row["fixmedins_code"], row["hosp_lv"]) == (hospital.code, "2")
    with_code = {**asked, "fixmedins_code": "H99010000009"}
    assert "未查询到" in hospital.error("1201", {"medinsinfo": with_code})


def test_visits_are_listed_by_kind_and_period(hospital, person):
    mdtrt_id, _ = whole_stay(hospital, person, "I1", LINES)
    asked = {"psn_no": person["psn_no"], "med_type": "2101", **MARCH}
    (row,) = hospital.ok("5201", {"data": asked})["mdtrtinfo"]
    conforms("5201", "mdtrtinfo", row)
    assert (row["mdtrt_id"], row["inhosp_stas"], row["ipt_days"]) == (mdtrt_id, "0", 7)
    assert "mdtrt_cert_no" not in row
    for changes in ({"med_type": "22"}, {"endtime": "2026-03-01 23:59:59"}, {"mdtrt_id": "0"}):
        assert hospital.ok("5201", {"data": asked | changes})["mdtrtinfo"] == []


def test_diagnoses_of_admission_and_discharge_are_told_apart(hospital, person):
    mdtrt_id, _ = whole_stay(hospital, person, "I1", LINES)
    rows = hospital.ok("5202", about(person, mdtrt_id))["diseinfo"]
    for row in rows:
        conforms("5202", "diseinfo", row)
    assert [row["inout_diag_type"] for row in rows] == ["1", "2"]


def test_outpatient_diagnoses_are_listed(hospital, persons):
    mdtrt_id, _ = hospital.whole_visit(persons.employee, "V1", LINES)
    (row,) = hospital.ok("5202", about(persons.employee, mdtrt_id))["diseinfo"]
    conforms("5202", "diseinfo", row)
    assert row["diag_dept"] == "全科"


def test_the_charges_of_a_settlement_are_listed_with_their_split(hospital, person):
    mdtrt_id = admit(hospital, person, "I1")
    results = charge(hospital, person, mdtrt_id, [*LINES, (3, "B1", -1, 200.0, -200.0, 2)])
    leave(hospital, person, mdtrt_id)
    setlinfo = settle(hospital, person, mdtrt_id, results)
    asked = {"psn_no": person["psn_no"], "setl_id": setlinfo["setl_id"], "mdtrt_id": mdtrt_id}
    rows = hospital.ok("5204", {"data": asked})["data"]
    for row in rows:
        conforms("5204", "data", row)
    assert [row["det_item_fee_sumamt"] for row in rows] == [1000, 1000, -200]
    assert sum(row["inscp_scp_amt"] for row in rows) == setlinfo["inscp_scp_amt"]
    assert "未查询到结算信息" in hospital.error("5204", {"data": asked | {"setl_id": "404"}})


def test_chronic_medicines_are_listed(hospital, persons, speak):
    person = persons.employee
    hospital.ok("2503", chronic_filing(person, "M03900"))
    mdtrt_id = hospital.register(person, "V1")
    told = speak.description(person, mdtrt_id, "14")
    told["mdtrtinfo"]["dise_codg"] = "M03900"
    hospital.ok("2203", told)
    results = hospital.upload(person, mdtrt_id, "1", LINES)
    asked = {"data": {"psn_no": person["psn_no"], **MARCH}}
    assert hospital.ok("5205", asked)["feedetail"] == []
    hospital.ok("2207", speak.settling(person, mdtrt_id, "1", results, med_type="14"))
    rows = hospital.ok("5205", asked)["feedetail"]
    for row in rows:
        conforms("5205", "feedetail", row)
    assert [row["med_list_codg"] for row in rows] == ["A1", "B1"]


def test_accumulators_are_told_in_yuan(hospital, person):
    # In scope 1,900: 800 deductible, 84 % of 1,100 = 924; 976 borne.
    whole_stay(hospital, person, "I1", LINES)
    rows = hospital.ok("5206", {"data": {"psn_no": person["psn_no"]}})["cuminfo"]
    for row in rows:
        conforms("5206", "cuminfo", row)
    told = {row["cum_type_code"]: row["cum"] for row in rows}
    assert told == {
        "DEDC_OTP": 0, "DEDC_IPT": 800, "DEDC_OPSP": 0, "HIFP": 924, "HIFP_IPT": 924,
        "SELFPAY": Decimal(976), "SERIOUS": 0,
    }  # fmt: skip
    last_year = {"psn_no": person["psn_no"], "cum_ym": "202512"}
    assert {row["cum"] for row in hospital.ok("5206", {"data": last_year})["cuminfo"]} == {0}
    assert "cum_ym" in hospital.error("5206", {"data": last_year | {"cum_ym": "2025"}})


def test_who_is_in_hospital_is_listed_with_and_without_a_name(hospital, person, persons):
    first = admit(hospital, person, "I1")
    second = admit(hospital, persons.retired, "I2")
    everybody = hospital.ok("5303", {"data": MARCH})["data"]
    assert [row["mdtrt_id"] for row in everybody] == [first, second]
    leave(hospital, person, first)
    assert hospital.ok("5303", {"data": {**MARCH, "psn_no": person["psn_no"]}})["data"] == []


def test_queries_about_others_visits_find_nothing(hospital, person, speak):
    mdtrt_id, _ = whole_stay(hospital, person, "I1", LINES)
    keys = {"access_key": "ak-2", "secret_key": "sk-2"}
    other = speak.hospital(hospital.insurer, code="H99010000002", keys=keys, name="二院")
    row = {"fixmedins_code": other.code, "fixmedins_name": other.name, **keys}
    hospital.insurer.control("institutions", [row])
    asked = {"psn_no": person["psn_no"], "med_type": "2101", **MARCH}
    assert other.ok("5201", {"data": asked})["mdtrtinfo"] == []
    assert "不存在" in other.error("5202", about(person, mdtrt_id))
