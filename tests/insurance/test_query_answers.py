"""Readers of the insurer's answers to questions: the same rows in every shape they come in."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifu.clock import CHINA
from yifu.insurance import query_answers as q
from yifu.insurance.answers import Output, UnreadableAnswer
from yifu.insurance.finding import match_stay, match_visit
from yifu.insurance.overview import count
from yifu.insurance.rules import SplitError

AT = "2026-03-02 09:30:00"
INSTANT = datetime(2026, 3, 2, 9, 30, tzinfo=CHINA)
DAY = date(2026, 3, 2)

VISIT = {
    "mdtrt_id": "M1",
    "psn_no": "P1",
    "ipt_otp_no": "V1",
    "med_type": "11",
    "insutype": "310",
    "begntime": AT,
    "endtime": AT,
    "adm_dept_name": "内科",
    "inhosp_stas": "0",
    "ipt_days": 0,
}
DIAGNOSIS = {
    "diag_code": "J06",
    "diag_name": "急性上呼吸道感染",
    "diag_srt_no": 1,
    "maindiag_flag": "1",
    "inout_diag_type": "1",
    "diag_dept": "内科",
    "dise_dor_name": "林医生",
    "diag_time": AT,
}
CHARGE = {
    "feedetl_sn": "7",
    "setl_id": "S1",
    "med_list_codg": "001102000010000",
    "medins_list_codg": "FW0001",
    "medins_list_name": "普通门诊诊查费",
    "fee_ocur_time": AT,
    "cnt": Decimal("1.5"),
    "pric": "10.005",
    "det_item_fee_sumamt": Decimal("15.01"),
    "overlmt_amt": "",
    "inscp_scp_amt": 15,
}
DRUG = {
    "feedetl_sn": "7",
    "fixmedins_name": "示范市第一人民医院",
    "fee_ocur_time": AT,
    "med_list_codg": "XC08",
    "hilist_name": "氨氯地平",
    "spec": "5mg",
    "cnt": 2,
    "pric": Decimal("12.34"),
}
ACCUMULATION = {
    "insutype": "310",
    "year": "2026",
    "cum_ym": "202603",
    "cum_type_code": "HIFP",
    "cum": "12.34",
}
CHRONIC = {"opsp_dise_code": "M03900", "opsp_dise_name": "高血压", "begndate": "2026-03-02"}
PLACE = {
    "fix_srt_no": "1",
    "fixmedins_code": "H1",
    "fixmedins_name": "社区",
    "begndate": "2026-03-02",
}
INPATIENT = {
    "mdtrt_id": "M1",
    "psn_no": "P1",
    "ipt_otp_no": "V1",
    "med_type": "2101",
    "insutype": "310",
    "begndate": "2026-03-02",
}
TRANSFER = {
    "reflin_medins_no": "H2",
    "reflin_medins_name": "省医院",
    "refl_date": "2026-03-02",
    "refl_rea": "病情需要",
    "begndate": "2026-03-02",
    "enddate": "9999-12-31",
}
BENEFIT = {
    "fund_pay_type": "310100",
    "trt_enjymnt_flag": "0",
    "begndate": "2026-03-02",
    "trt_chk_rslt": "未备案",
}
INSTITUTION = {
    "fixmedins_code": "H1",
    "fixmedins_name": "示范市第一人民医院",
    "fixmedins_type": "1",
    "hosp_lv": 2,
}

Reader = Callable[[Output], tuple[Any, ...]]
READERS: list[tuple[Reader, str, dict[str, Any], str]] = [
    (q.read_benefits, "trtinfo", BENEFIT, "trt_enjymnt_flag"),
    (q.read_visits, "mdtrtinfo", VISIT, "begntime"),
    (q.read_diagnoses, "diseinfo", DIAGNOSIS, "diag_srt_no"),
    (q.read_charges, "data", CHARGE, "setl_id"),
    (q.read_drugs, "feedetail", DRUG, "pric"),
    (q.read_accumulations, "cuminfo", ACCUMULATION, "year"),
    (q.read_chronic, "feedetail", CHRONIC, "begndate"),
    (q.read_places, "psnfixmedin", PLACE, "begndate"),
    (q.read_inpatients, "data", INPATIENT, "begndate"),
    (q.read_transfers, "refmedin", TRANSFER, "begndate"),
]
each = pytest.mark.parametrize(
    ("read", "node", "row", "needed"), READERS, ids=[read.__name__ for read, *_ in READERS]
)


@pytest.mark.parametrize(
    ("read", "node", "row"),
    [reader[:3] for reader in READERS],
    ids=[read.__name__ for read, *_ in READERS],
)
def test_rows_are_read_in_every_shape_they_come_in(read, node, row):
    (one,) = read({node: [row]})
    assert read({node: row}) == (one,), "one object where a list belongs"
    assert read({"data": [row]}) == (one,), "rows without their node"
    assert read(row) == (one,), "one object without its node"
    nothings: list[Output] = [{}, {node: None}, {node: []}, {node: {}}, {node: [{}]}]
    for nothing in nothings:
        assert read(nothing) == ()


@each
def test_what_is_missing_or_no_row_is_named(read, node, row, needed):
    with pytest.raises(UnreadableAnswer, match=needed):
        read({node: [row, {**row, needed: " "}]})
    with pytest.raises(UnreadableAnswer, match=node):
        read({node: ["text"]})


@each
@given(junk=st.one_of(st.text(), st.integers(), st.booleans(), st.decimals(), st.none()))
def test_whatever_stands_in_a_field_is_read_or_refused(read, node, row, needed, junk):
    for name in row:
        try:
            (one,) = read({node: [{**row, name: junk}]})
        except (UnreadableAnswer, SplitError):
            continue
        assert one.__class__ is read({node: [row]})[0].__class__, needed


def test_values_are_plain():
    (visit,) = q.read_visits({"mdtrtinfo": VISIT})
    assert (visit.began_at, visit.ended_at, visit.stay) == (INSTANT, INSTANT, None)
    (charge,) = q.read_charges({"data": CHARGE})
    assert charge.unit_price_fen == Decimal("1000.5")
    assert (charge.amount_fen, charge.over_fen, charge.inscp_fen) == (1501, 0, 1500)
    (transfer,) = q.read_transfers({"refmedin": TRANSFER})
    assert (transfer.on, transfer.ends_on) == (DAY, None), "9999 is no end"
    (benefit,) = q.read_benefits({"trtinfo": BENEFIT})
    assert (benefit.enjoyed, benefit.reason) == (False, "未备案")
    institution = q.read_institution({"medinsinfo": [INSTITUTION]})
    assert institution == q.Designated("H1", "示范市第一人民医院", "1", "2")
    assert q.read_institution({}) is None


def test_days_may_come_with_their_time():
    (place,) = q.read_places({"psnfixmedin": {**PLACE, "begndate": AT, "enddate": AT}})
    assert (place.begins_on, place.ends_on) == (DAY, DAY)


@pytest.mark.parametrize(
    ("changes", "days", "in_hospital"),
    [
        ({"inhosp_stas": "1"}, 0, True),
        ({"ipt_days": "6"}, 6, False),
        ({"adm_bed": "12"}, 0, False),
        ({"dscg_way": "1"}, 0, False),
    ],
)
def test_a_stay_is_told_by_what_only_a_stay_has(changes, days, in_hospital):
    (visit,) = q.read_visits({"mdtrtinfo": VISIT | changes})
    assert visit.stay is not None
    assert (visit.stay.days, visit.stay.in_hospital) == (days, in_hospital)


def test_diagnoses_come_in_their_order():
    rows = [{**DIAGNOSIS, "diag_srt_no": rank} for rank in (3, 1, 2)]
    assert [one.rank for one in q.read_diagnoses({"diseinfo": rows})] == [1, 2, 3]


def test_only_a_code_that_is_explained_is_an_amount():
    (fund,) = q.read_accumulations({"cuminfo": ACCUMULATION})
    counted = count(fund, {"HIFP": "fund"})
    assert (counted.meaning, counted.amount_fen, counted.value) == ("fund", 1234, "12.34")
    unknown = count(fund, {})
    assert (unknown.meaning, unknown.amount_fen, unknown.value) == ("", None, "12.34")


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, "M1"),
        ({"ipt_otp_no": "V2"}, None),
        ({"ipt_otp_no": ""}, None),
        ({"begntime": "2026-03-02 09:30:01"}, None),
    ],
)
def test_a_visit_is_found_by_its_number_and_its_second(changes, found):
    there = q.read_visits({"mdtrtinfo": [{**VISIT, "mdtrt_id": "M0", **changes}, VISIT | changes]})
    began_at = INSTANT.replace(microsecond=123456)
    assert match_visit(there, visit_no="V1", began_at=began_at) == found
    assert match_visit([], visit_no="V1", began_at=began_at) is None


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, "M1"),
        ({"ipt_otp_no": "V2"}, None),
        ({"psn_no": "P2"}, None),
        ({"begndate": "2026-03-01"}, None),
    ],
)
def test_a_stay_is_found_by_person_number_and_day(changes, found):
    there = q.read_inpatients({"data": [INPATIENT | changes]})
    assert match_stay(there, psn_no="P1", visit_no="V1", began_at=INSTANT) == found
