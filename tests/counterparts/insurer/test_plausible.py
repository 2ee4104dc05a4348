"""What has no meaning of its own here is checked, answered from the table, kept and read back."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterparts.insurer import making
from counterparts.insurer.centre_door import NOTICES, PATHS
from counterparts.insurer.families import FAMILIES, flat, plain, spared
from counterparts.insurer.fields import FILE_NODE, check_of, names, transactions
from counterparts.insurer.service import ASKING, CHANGING, DOWNLOAD, MEANT
from counterparts.insurer.spoken import answered

DEPARTMENT = {
    "hosp_dept_codg": "D07",
    "caty": "A03",
    "hosp_dept_name": "心内科",
    "begntime": "2026-03-01 00:00:00",
    "itro": "心血管病诊治",
    "dept_resper_name": "示例主任",
    "dept_resper_tel": "19900000001",
    "dept_estbdat": "2001-01-01 00:00:00",
    "aprv_bed_cnt": 40,
    "poolarea_no": "990100",
    "dr_psncnt": 12,
    "phar_psncnt": 0,
    "nurs_psncnt": 20,
    "tecn_psncnt": 1,
}
REMOVAL = {"hosp_dept_codg": "D07", "hosp_dept_name": "心内科", "begntime": "2026-03-01"}
PAGE = {"pageNum": 1, "pageSize": 10}
OUTPUT_FIELDS = [
    field
    for (_, direction), nodes in transactions().items()
    if direction == "out"
    for name, fields in nodes.items()
    if name != FILE_NODE
    for field in fields
    if not field.holds
]


def sample(infno, **known):
    """A message of the table's required fields; `known` are the values that matter."""
    table = transactions()[infno, "in"]
    held = {field.holds for fields in table.values() for field in fields}

    def row(node):
        made: dict[str, object] = {}
        for field in table[node]:
            if field.holds and field.is_required:
                made[field.name] = [row(field.holds)]
            elif field.name in known:
                made[field.name] = known[field.name]
            elif field.is_required:
                made[field.name] = making.made_value(
                    field, digest="0f" * 16, at="2026-03-02 10:15:00", beside=made
                )
        return made

    return {
        node: [row(node)] if fields[0].shape.startswith("list") else row(node)
        for node, fields in table.items()
        if node not in held and not fields[0].shape.endswith("?")
    }


@pytest.fixture
def other_hospital(hospital):
    other = {"access_key": "ak-2", "secret_key": "sk-2"}
    hospital.insurer.control(
        "institutions", [{"fixmedins_code": "H99010000002", "fixmedins_name": "二院", **other}]
    )
    return type(hospital)(hospital.insurer, code="H99010000002", keys=other, name="二院")


def report(number, person, **changes):
    return {
        "examinfo": {
            "mdtrt_sn": f"V{number}",
            "psn_no": person["psn_no"],
            "rpotc_no": f"R{number}",
            "exam_item_code": "X01",
            "exam_item_name": "胸部正位片",
            "exam_rpotc_name": f"报告{number}",
            "vali_flag": "1",
            **changes,
        },
        "iteminfo": [{"rpotc_no": f"R{number}", "exam_item_name": "胸部正位片"}],
    }


def test_every_transaction_of_the_table_is_answered_once():
    assert {*CHANGING, *ASKING, DOWNLOAD} == set(names())
    assert not CHANGING.keys() & ASKING.keys()
    said = answered()
    assert set(said) == set(names())
    centre = {*PATHS, *NOTICES}
    assert {no for no, how in said.items() if how == "meaning"} == MEANT | centre
    assert {"1101", "2207", "2601"} <= MEANT


def test_messages_of_a_family_are_transactions_of_the_table():
    for family in FAMILIES:
        for infno in (*family.put, *family.change, *family.remove, *family.ask):
            assert infno in names()


@given(field=st.sampled_from(OUTPUT_FIELDS), said=st.text(max_size=20))
def test_what_is_made_for_a_field_fits_it(field, said):
    digest = hashlib.blake2b(said.encode(), digest_size=16).hexdigest()
    made = [
        making.made_value(field, digest=digest, at="2024-02-29 10:15:00", beside={})
        for _ in range(2)
    ]
    assert check_of(field)(made[0]) is None
    assert made[0] == made[1]
    assert made[0] not in (None, "")


def test_the_same_message_is_answered_alike_and_what_was_said_is_said_back(hospital):
    input_ = {"data": {"setl_ym": "202603", "page_num": 1, "page_size": 10, "setl_id": "S77"}}
    one, other = hospital.ok("3605", input_), hospital.ok("3605", input_)
    assert one == other
    (row,) = one["data"]
    assert (row["setl_id"], row["setl_ym"]) == ("S77", "202603")
    assert row["fixmedins_code"] == hospital.code


def test_what_is_missing_or_wrong_is_named(hospital):
    assert "setl_ym" in hospital.error("3605", {"data": {"page_num": 1, "page_size": 10}})
    wrong = {**DEPARTMENT, "dept_estbdat": "yesterday"}
    assert "dept_estbdat" in hospital.error("3401", {"deptinfo": wrong})
    assert "nodept" in hospital.error("3401", {"deptinfo": DEPARTMENT, "nodept": {}})


def test_departments_are_uploaded_changed_removed_and_listed(hospital):
    def listed():
        found = hospital.ok("5101", {})["feedetail"]
        return {row["hosp_dept_codg"]: row for row in found}

    other = {**DEPARTMENT, "hosp_dept_codg": "D08", "hosp_dept_name": "呼吸科"}
    hospital.ok("3401", {"deptinfo": DEPARTMENT})
    hospital.ok("3401A", {"deptinfo": [other, {**other, "hosp_dept_codg": "D09"}]})
    assert set(listed()) == {"D07", "D08", "D09"}
    assert "D07" in hospital.error("3401", {"deptinfo": DEPARTMENT})
    hospital.ok("3402", {"deptinfo": {**DEPARTMENT, "hosp_dept_name": "心血管内科"}})
    assert listed()["D07"]["hosp_dept_name"] == "心血管内科"
    assert listed()["D07"]["dr_psncnt"] == 12
    hospital.ok("3403", {"data": REMOVAL})
    assert set(listed()) == {"D08", "D09"}
    assert "D07" in hospital.error("3403", {"data": REMOVAL})


def test_another_institution_does_not_see_them(hospital, other_hospital):
    hospital.ok("3401", {"deptinfo": {**DEPARTMENT, "hosp_dept_codg": "D17"}})
    found = other_hospital.ok("5101", {})["feedetail"]
    assert "D17" not in {row["hosp_dept_codg"] for row in found}
    removal = {**REMOVAL, "hosp_dept_codg": "D17"}
    assert "D17" in other_hospital.error("3403", {"data": removal})


def test_a_report_is_read_back_by_the_person_and_the_item_also_elsewhere(
    hospital, other_hospital, persons
):
    person = persons.employee
    hospital.ok("4501", report(1, person))
    hospital.ok("4501", report(2, person, exam_item_code="X02"))
    asked = {"psn_no": person["psn_no"], "exam_item_code": "X01", **PAGE}
    for who in (hospital, other_hospital):
        found = who.ok("4507", asked)["data"]
        assert found["examinfo"]["rpotc_no"] == "R1"
        assert found["examinfo"]["exam_rpotc_name"] == "报告1"
        assert [row["exam_item_name"] for row in found["iteminfo"]] == ["胸部正位片"]
    nobody = {"psn_no": persons.retired["psn_no"], **PAGE}
    assert "检查报告" in hospital.error("4507", nobody)


def test_a_report_that_comes_again_replaces_the_first(hospital, persons):
    person = persons.resident
    for name in ("初步", "最终"):
        hospital.ok("4501", report(5, person, exam_rpotc_name=name))
    found = hospital.ok("4507", {"psn_no": person["psn_no"], **PAGE})["data"]
    assert found["examinfo"]["exam_rpotc_name"] == "最终"


def test_lists_are_paged(hospital, persons):
    person = persons.paused
    rows = [
        {"mdtrt_sn": f"V{n}", "psn_no": person["psn_no"], "germ_name": f"菌{n}", "vali_flag": "1"}
        for n in range(5)
    ]
    hospital.ok("4503", {"data": rows})

    def page(number):
        asked = {"psn_no": person["psn_no"], "pageNum": number, "pageSize": 2}
        return [row["coly_name"] for row in hospital.ok("4509", asked)["data"]]

    assert [page(n) for n in (1, 2, 3, 4)] == [["菌4", "菌3"], ["菌2", "菌1"], ["菌0"], []]


def test_stock_is_read_back_in_the_days_asked_for_and_taken_back(hospital):
    stock = {
        "med_list_codg": "XA01",
        "fixmedins_hilist_id": "H1",
        "fixmedins_hilist_name": "示例片",
        "rx_flag": "1",
        "invdate": "2026-03-02",
        "inv_cnt": 30,
        "fixmedins_bchno": "B1",
        "manu_date": "2025-01-01",
        "expy_end": "2027-01-01",
    }
    hospital.ok("3501", {"invinfo": stock})

    def found(**span):
        days = {"begndate": "2026-03-01", "enddate": "2026-03-31", **span}
        asked = {"fixmedins_code": hospital.code, "medins_list_codg": "H1", "fixmedins_bchno": "B1"}
        return hospital.ok("3508", {"data": {**asked, **days}})["data"]

    assert [row["invCnt"] for row in found()] == [30]
    assert found(begndate="2026-03-03") == []
    assert "inv_data_type" in hospital.error(
        "3507", {"data": {"fixmedins_bchno": "B1", "inv_data_type": "9"}}
    )
    hospital.ok("3507", {"data": {"fixmedins_bchno": "B1", "inv_data_type": "1"}})
    assert found() == []


def test_a_prescription_has_a_number_and_a_state_and_is_withdrawn_once(hospital):
    known = {
        "mdtrtCertType": "02",
        "mdtrtCertNo": "1",
        "rxTypeCode": "1",
        "psnName": "示例1",
        "patnName": "示例1",
        "drugGenname": "示例片",
        "rxDrugCnt": 3,
    }
    told = hospital.ok("7101", sample("7101", **known))["data"]
    about = sample("7105", hiRxno=told["hiRxno"])
    found = hospital.ok("7105", about)
    assert found["data"]["hiRxno"] == told["hiRxno"]
    assert (found["data"]["rxStasCodg"], found["data"]["rxStasName"]) == ("1", "有效")
    assert [row["drugGenname"] for row in found["rxDetlList"]] == ["示例片"]
    withdrawal = sample("7104", hiRxno=told["hiRxno"])
    undone = hospital.ok("7104", withdrawal)["data"]
    assert (undone["rxStasCodg"], undone["rxStasName"]) == ("3", "已撤销")
    assert hospital.ok("7105", about)["data"]["rxStasCodg"] == "3"
    assert "已撤销" in hospital.error("7104", withdrawal)
    assert "RX0" in hospital.error("7104", sample("7104", hiRxno="RX0"))
    assert "电子处方" in hospital.error("7105", sample("7105", hiRxno="RX0"))


def test_credentials_are_not_kept():
    message = {"data": {"mdtrtCertNo": "T", "ecToken": "T", "psnNo": "P"}}
    assert spared(message) == {"data": {"psnNo": "P"}}


@given(name=st.sampled_from([field.name for field in OUTPUT_FIELDS]))
def test_a_name_is_the_same_in_every_spelling(name):
    assert plain(name) == plain(name.upper()) == plain(name.replace("_", ""))


def test_of_a_list_the_first_row_is_told():
    assert flat({"a": [{"b_c": 1}, {"b_c": 2}], "d": "x"}) == {"bc": 1, "d": "x"}


@pytest.mark.parametrize("infno", ["3401", "7101"])
def test_a_resent_upload_is_answered_alike_and_kept_once(hospital, infno):
    department = {"deptinfo": {**DEPARTMENT, "hosp_dept_codg": "D27"}}
    input_ = (
        department
        if infno == "3401"
        else sample("7101", psnNo="P9", mdtrtCertType="02", mdtrtCertNo="1", rxTypeCode="1")
    )
    msgid = hospital.msgid()
    assert hospital.ok(infno, input_, msgid=msgid) == hospital.ok(infno, input_, msgid=msgid)
