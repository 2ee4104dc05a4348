"""Stays over the wire: admission, charges and charge-offs, discharge, settlement, and back."""

from decimal import Decimal

import httpx
import pytest

from tests.counterparts.insurer import staying
from tests.counterparts.insurer.staying import (
    LATER,
    about,
    adds_up,
    admission,
    admit,
    charge,
    charges,
    conforms,
    discharge,
    leave,
    reversal,
    settle,
    settling,
    someone,
    state,
    undoing,
    whole_stay,
)

YUAN = Decimal
LINES = [(1, "A1", 10, 100.0, 1000.0), (2, "B1", 5, 200.0, 1000.0), (3, "C1", 1, 50.0, 50.0)]
"""In scope 1,000 + 900, borne first 100, own 50: 2,050 in all."""
PARTS = ("fulamt_ownpay_amt", "overlmt_amt", "preselfpay_amt", "inscp_scp_amt")


@pytest.fixture
def person(insurer):
    one = someone(1)
    insurer.control("persons", [one])
    return one


# --- the whole way -----------------------------------------------------------------------------


def test_a_stay_from_admission_to_its_reversal(hospital, person):
    before = state(hospital, person)
    admitted = hospital.ok("2401", admission(person, "I1"))["result"]
    conforms("2401", "result", admitted)
    mdtrt_id = admitted["mdtrt_id"]
    results = charge(hospital, person, mdtrt_id, LINES)
    for result in results:
        conforms("2301", "result", result)
    told = hospital.ok("2303", settling(person, mdtrt_id, results))["setlinfo"]
    conforms("2303", "setlinfo", told)
    assert state(hospital, person) == before
    leave(hospital, person, mdtrt_id)
    # In scope 1,900; deductible 800; base 1,100 at 84 % = 924; person 2,050 - 924 = 1,126.
    output = hospital.ok("2304", settling(person, mdtrt_id, results, dscgTime="2026-03-09"))
    setlinfo = output["setlinfo"]
    conforms("2304", "setlinfo", setlinfo)
    adds_up(setlinfo)
    assert (setlinfo["act_pay_dedc"], setlinfo["hifp_pay"]) == (800, 924)
    assert (setlinfo["psn_cash_pay"], setlinfo["clr_type"]) == (1126, "21")
    assert {row["fund_pay_type"]: row["fund_payamt"] for row in output["setldetail"]} == {
        "310100": 924
    }
    assert all(told[name] == setlinfo[name] for name in told if name != "medins_setl_id")
    assert state(hospital, person)["inpatient_deductible_fen"] == 80_000
    undone = hospital.ok("2305", undoing(person, setlinfo))["setlinfo"]
    conforms("2305", "setlinfo", undone)
    assert (undone["medfee_sumamt"], undone["hifp_pay"]) == (-2050, -924)
    assert state(hospital, person) == before
    hospital.ok("2405", about(person, mdtrt_id))
    hospital.ok("2302", {"data": {**about(person, mdtrt_id)["data"], "feedetl_sn": "0000"}})
    hospital.ok("2404", about(person, mdtrt_id))
    assert "已撤销入院" in hospital.error("2301", charges(person, mdtrt_id, LINES))


def test_a_stay_that_was_undone_settles_to_the_same_again(hospital, person):
    mdtrt_id, first = whole_stay(hospital, person, "I1", LINES)
    hospital.ok("2305", undoing(person, first))
    results = [{name: first[told] for name, told in staying.SUMS.items()}]
    again = settle(hospital, person, mdtrt_id, results)
    same = ("medfee_sumamt", "act_pay_dedc", "hifp_pay", "psn_cash_pay", "balc")
    assert [first[name] for name in same] == [again[name] for name in same]
    assert first["setl_id"] != again["setl_id"]


def test_the_deductible_of_a_year_is_used_up_over_stays(hospital, person):
    # In scope 500 each: 500 deductible; 300 deductible and 84 % of 200 = 168; 84 % of 500 = 420.
    told = [
        whole_stay(hospital, person, f"I{n}", [(1, "A1", 1, 500.0, 500.0)])[1] for n in range(3)
    ]
    assert [(one["act_pay_dedc"], one["hifp_pay"]) for one in told] == [
        (500, 0), (300, 168), (0, 420),
    ]  # fmt: skip


# --- order -------------------------------------------------------------------------------------


def test_nothing_is_settled_finally_before_the_discharge(hospital, person):
    mdtrt_id = admit(hospital, person, "I1")
    results = charge(hospital, person, mdtrt_id, LINES)
    assert "2402" in hospital.error("2304", settling(person, mdtrt_id, results))


def test_a_settled_stay_takes_nothing_any_more(hospital, person):
    mdtrt_id, setlinfo = whole_stay(hospital, person, "I1", LINES)
    number = setlinfo["setl_id"]
    results = [{name: setlinfo[told] for name, told in staying.SUMS.items()}]
    more = charges(person, mdtrt_id, [(9, "A1", 1, 1.0, 1.0)])
    assert number in hospital.error("2301", more)
    assert number in hospital.error("2304", settling(person, mdtrt_id, results))
    assert number in hospital.error("2405", about(person, mdtrt_id))
    taking_back = {"data": {**about(person, mdtrt_id)["data"], "feedetl_sn": "0000"}}
    assert number in hospital.error("2302", taking_back)


def test_an_admission_with_charges_or_a_discharge_is_not_taken_back(hospital, person):
    mdtrt_id = admit(hospital, person, "I1")
    charge(hospital, person, mdtrt_id, LINES)
    assert "费用明细" in hospital.error("2404", about(person, mdtrt_id))
    leave(hospital, person, mdtrt_id)
    assert "已办理出院" in hospital.error("2404", about(person, mdtrt_id))


def test_a_discharge_comes_once_and_not_before_the_admission(hospital, person):
    mdtrt_id = admit(hospital, person, "I1")
    assert "未办理出院" in hospital.error("2405", about(person, mdtrt_id))
    early = discharge(person, mdtrt_id, endtime="2026-03-01 09:00:00")
    assert "endtime" in hospital.error("2402", early)
    leave(hospital, person, mdtrt_id)
    assert "已办理出院" in hospital.error("2402", discharge(person, mdtrt_id))
    hospital.ok("2405", about(person, mdtrt_id))
    leave(hospital, person, mdtrt_id)


def test_nobody_is_admitted_twice_at_a_time(hospital, person):
    first = admit(hospital, person, "I1")
    assert "已在院" in hospital.error("2401", admission(person, "I2"))
    leave(hospital, person, first)
    second = admit(hospital, person, "I2")
    assert "再次入院" in hospital.error("2405", about(person, first))
    hospital.ok("2404", about(person, second))
    hospital.ok("2405", about(person, first))


def test_the_day_of_departure_must_agree(hospital, person):
    mdtrt_id = admit(hospital, person, "I1")
    results = charge(hospital, person, mdtrt_id, LINES)
    leave(hospital, person, mdtrt_id)
    wrong = settling(person, mdtrt_id, results, dscgTime="2026-03-08")
    assert "dscgTime" in hospital.error("2304", wrong)


@pytest.mark.parametrize(("changes", "named"), [
    ({"med_type": "11"}, "med_type"),
    ({"adm_bed": ""}, "adm_bed"),
    ({"cert_type": "03"}, "cert_type"),
    ({"insutype": "390"}, "insutype"),
    ({"mdtrt_cert_no": "990100199001011234"}, "mdtrt_cert_no"),
    ({"psn_no": "404"}, "人员编号404"),
    ({"geso_val": "12"}, "geso_val"),
])  # fmt: skip
def test_a_wrong_admission_is_refused_and_the_field_named(hospital, person, changes, named):
    assert named in hospital.error("2401", admission(person, "I1", **changes))


def test_a_diagnosis_of_somebody_else_is_refused(hospital, person, persons):
    input_ = admission(person, "I1")
    input_["diseinfo"] = [staying.diagnosis(persons.retired)]
    assert "diseinfo.psn_no" in hospital.error("2401", input_)
    input_["diseinfo"] = [staying.diagnosis(person)] * 2
    assert "diag_srt_no" in hospital.error("2401", input_)


def test_paused_insurance_admits_nobody(hospital, persons):
    assert "参保状态" in hospital.error("2401", admission(persons.paused, "I1"))


def test_insurance_that_ends_during_the_stay_settles_nothing(hospital, person):
    mdtrt_id = admit(hospital, person, "I1")
    results = charge(hospital, person, mdtrt_id, LINES)
    leave(hospital, person, mdtrt_id)
    hospital.insurer.control("persons", [{**person, "psn_insu_stas": "2"}])
    assert "参保状态" in hospital.error("2304", settling(person, mdtrt_id, results))


def test_the_page_shows_who_is_in_hospital_and_what_is_settled(hospital, person, persons):
    whole_stay(hospital, person, "I1", LINES)
    mdtrt_id = admit(hospital, persons.retired, "I2")
    hospital.insurer.control("clearing", {"month": "2026-02"})
    inside = hospital.insurer.client.get("/?view=inside").text
    assert "共 1 条" in inside
    assert mdtrt_id in inside
    page = hospital.insurer.client.get("/").text
    assert "住院结算" in page
    assert "已清算：2026-02" in page


def test_a_fault_can_be_meant_for_one_stay(hospital, person, persons):
    hospital.insurer.fault("refuse", infno="2401", ipt_otp_no="I2")
    admit(hospital, person, "I1")
    assert "模拟拒绝" in hospital.error("2401", admission(persons.retired, "I2"))
    admit(hospital, persons.retired, "I2")


def test_outpatient_messages_do_not_touch_stays_nor_the_other_way_round(
    hospital, person, persons, speak
):
    stay = admit(hospital, person, "I1")
    assert "不是门诊" in hospital.error("2203", speak.description(person, stay))
    assert "不是门诊" in hospital.error("2204", speak.charges(person, stay, "1", LINES))
    visit = hospital.register(persons.retired, "V1")
    assert "不是住院" in hospital.error("2301", charges(persons.retired, visit, LINES))
    assert "不是住院" in hospital.error("2404", about(persons.retired, visit))


def test_an_outpatient_undoing_does_not_undo_a_stay(hospital, person):
    _, setlinfo = whole_stay(hospital, person, "I1", LINES)
    assert "未查询到结算信息" in hospital.error("2208", undoing(person, setlinfo))
    hospital.ok("2305", undoing(person, setlinfo))
    assert "已撤销" in hospital.error("2305", undoing(person, setlinfo))


# --- charges -------------------------------------------------------------------------------------


def test_lines_of_both_signs_sum(hospital, person):
    # Of 10 at 100, 4 go back: 600 in scope. Of B1 (1,000: 100 first, 900 in scope) two of five:
    # 40 and 360 go back, 60 and 540 stay. C1 stays: 50 own. 1,250 in all, 1,140 in scope.
    mdtrt_id = admit(hospital, person, "I1")
    results = charge(hospital, person, mdtrt_id, LINES)
    back = [(4, "A1", -4, 100.0, -400.0, 1), (5, "B1", -2, 200.0, -400.0, 2)]
    refunds = charge(hospital, person, mdtrt_id, back)
    for refund in refunds:
        conforms("2301", "result", refund)
    assert [tuple(one[name] for name in PARTS) for one in refunds] == [
        (0, 0, 0, -400), (0, 0, -40, -360),
    ]  # fmt: skip
    leave(hospital, person, mdtrt_id)
    setlinfo = settle(hospital, person, mdtrt_id, [*results, *refunds])
    adds_up(setlinfo)
    assert (setlinfo["medfee_sumamt"], setlinfo["inscp_scp_amt"]) == (1250, 1140)
    # 1,140 - 800 = 340 at 84 % = 285.60
    assert setlinfo["hifp_pay"] == YUAN("285.60")


def test_a_charge_and_its_refund_may_come_in_one_message(hospital, person):
    mdtrt_id = admit(hospital, person, "I1")
    both = [(2, "B1", -1, 33.33, -33.33, 1), (1, "B1", 1, 33.33, 33.33)]
    refund, kept = charge(hospital, person, mdtrt_id, both)
    assert [refund[name] for name in PARTS] == [-kept[name] for name in PARTS]


def test_refunds_of_a_charge_leave_nothing_of_any_part(hospital, person):
    # B1 with 10 % first on 3 x 3.33 = 9.99: 1.00 and 8.99; thirds that do not come out even.
    mdtrt_id = admit(hospital, person, "I1")
    (whole,) = charge(hospital, person, mdtrt_id, [(1, "B1", 3, 3.33, 9.99)])
    thirds = [(n, "B1", -1, 3.33, -3.33, 1) for n in (2, 3, 4)]
    refunds = charge(hospital, person, mdtrt_id, thirds)
    for name in PARTS:
        assert whole[name] + sum(refund[name] for refund in refunds) == 0


@pytest.mark.parametrize(("refund", "named"), [
    ((9, "A1", -11, 100.0, -1100.0, 1), "超过原费用1"),
    ((9, "A1", -1, 90.0, -90.0, 1), "pric"),
    ((9, "C1", -1, 100.0, -100.0, 1), "med_list_codg"),
    ((9, "A1", -1, 100.0, -100.0, 7), "原费用7不存在"),
    ((9, "A1", -1, 100.0, -100.0), "init_feedetl_sn"),
    ((9, "A1", 1, 100.0, 100.0, 1), "负数"),
    ((9, "A1", -1, 100.0, -90.0, 1), "数量乘单价"),
    ((9, "A1", -1, 100.0, -100.0, "x"), "init_feedetl_sn"),
])  # fmt: skip
def test_a_refund_must_fit_what_was_charged(hospital, person, refund, named):
    mdtrt_id = admit(hospital, person, "I1")
    charge(hospital, person, mdtrt_id, LINES)
    assert named in hospital.error("2301", charges(person, mdtrt_id, [refund]))


def test_refunds_together_do_not_exceed_the_charge(hospital, person):
    mdtrt_id = admit(hospital, person, "I1")
    charge(hospital, person, mdtrt_id, LINES)
    charge(hospital, person, mdtrt_id, [(4, "A1", -6, 100.0, -600.0, 1)])
    again = charges(person, mdtrt_id, [(5, "A1", -5, 100.0, -500.0, 1)])
    assert "超过原费用1" in hospital.error("2301", again)
    of_refund = charges(person, mdtrt_id, [(5, "A1", -1, 100.0, -100.0, 4)])
    assert "不存在" in hospital.error("2301", of_refund)


def test_charges_are_taken_back_one_by_one_or_all(hospital, person):
    mdtrt_id = admit(hospital, person, "I1")
    charge(hospital, person, mdtrt_id, [*LINES, (4, "A1", -1, 100.0, -100.0, 1)])

    def take_back(number, send):
        return send("2302", {"data": {**about(person, mdtrt_id)["data"], "feedetl_sn": number}})

    assert "退单" in take_back("1", hospital.error)
    take_back("4", hospital.ok)
    take_back("1", hospital.ok)
    assert "不存在" in take_back("1", hospital.error)
    take_back("0000", hospital.ok)
    nothing = settling(person, mdtrt_id, [dict.fromkeys(staying.SUMS, 0)])
    assert "无未结算明细" in hospital.error("2303", nothing)


def test_charges_have_the_kind_of_care_of_the_stay(hospital, person):
    mdtrt_id = admit(hospital, person, "I1", med_type="28")
    assert "med_type" in hospital.error("2301", charges(person, mdtrt_id, LINES))


def test_a_number_is_used_once_in_a_stay(hospital, person):
    mdtrt_id = admit(hospital, person, "I1")
    charge(hospital, person, mdtrt_id, LINES)
    again = charges(person, mdtrt_id, [(1, "A1", 1, 1.0, 1.0)])
    assert "feedetl_sn" in hospital.error("2301", again)


def test_a_remark_is_kept(hospital, person):
    mdtrt_id, setlinfo = whole_stay(hospital, person, "I1", LINES)
    told = {**about(person, mdtrt_id)["data"], "bkkp_sn": "1", "med_list_codg": "A1"}
    hospital.ok("2306", {"data": {**told, "memo": "TRACE-0001"}})
    assert "bkkp_sn" in hospital.error("2306", {"data": {**told, "bkkp_sn": "8", "memo": "x"}})
    rows = hospital.ok("5204", undoing(person, setlinfo))["data"]
    assert [row.get("memo") for row in rows] == ["TRACE-0001", None, None]


# --- interim settlements -------------------------------------------------------------------------


def test_an_interim_settlement_leaves_the_stay_open(hospital, person):
    mdtrt_id = admit(hospital, person, "I1")
    first = charge(hospital, person, mdtrt_id, [(1, "A1", 10, 100.0, 1000.0)])
    # 1,000: 800 deductible, 84 % of 200 = 168.
    one = settle(hospital, person, mdtrt_id, first, mid_setl_flag="1")
    assert (one["act_pay_dedc"], one["hifp_pay"]) == (800, 168)
    second = charge(hospital, person, mdtrt_id, [(2, "A1", 10, 100.0, 1000.0)])
    leave(hospital, person, mdtrt_id)
    refused = settling(person, mdtrt_id, second, mid_setl_flag="1")
    assert "mid_setl_flag" in hospital.error("2304", refused)
    # 1,000 more: the deductible is borne, 840.
    two = settle(hospital, person, mdtrt_id, second)
    assert (two["act_pay_dedc"], two["hifp_pay"]) == (0, 840)
    assert two["setl_id"] in hospital.error("2305", undoing(person, one))
    for setlinfo in (two, one):
        hospital.ok("2305", undoing(person, setlinfo))
    assert state(hospital, person)["inpatient_pool_fen"] == 0


def test_what_was_settled_in_between_can_still_be_taken_back(hospital, person):
    # 1,000 settled, 300 of it go back with 500 more: 200, on which 84 % = 168.
    mdtrt_id = admit(hospital, person, "I1")
    first = charge(hospital, person, mdtrt_id, [(1, "A1", 10, 100.0, 1000.0)])
    settle(hospital, person, mdtrt_id, first, mid_setl_flag="1")
    second = charge(
        hospital, person, mdtrt_id, [(2, "A1", -3, 100.0, -300.0, 1), (3, "A1", 1, 500.0, 500.0)]
    )
    leave(hospital, person, mdtrt_id)
    two = settle(hospital, person, mdtrt_id, second)
    assert (two["medfee_sumamt"], two["hifp_pay"]) == (200, 168)


def test_a_part_that_is_negative_in_all_is_not_settled(hospital, person):
    mdtrt_id = admit(hospital, person, "I1")
    first = charge(hospital, person, mdtrt_id, [(1, "A1", 10, 100.0, 1000.0)])
    settle(hospital, person, mdtrt_id, first, mid_setl_flag="1")
    second = charge(hospital, person, mdtrt_id, [(2, "A1", -3, 100.0, -300.0, 1)])
    leave(hospital, person, mdtrt_id)
    assert "合计为负" in hospital.error("2304", settling(person, mdtrt_id, second))


# --- changes and marks ---------------------------------------------------------------------------


def test_a_stay_can_be_changed_until_it_is_settled(hospital, person):
    mdtrt_id = admit(hospital, person, "I1")
    changed = admission(person, "I1")["mdtrtinfo"]
    for name in ("psn_no", "insutype", "mdtrt_cert_no", "cert_type", "certno", "ipt_no"):
        del changed[name]
    del changed["insuplc_admdvs"], changed["mdtrtarea_admvs"]
    told = {**changed, **about(person, mdtrt_id)["data"], "ipt_otp_no": "I1-A", "adm_bed": "30"}
    rows = [staying.diagnosis(person, mdtrt_id=mdtrt_id, diag_code="J15.9", diag_name="细菌性肺炎")]
    hospital.ok("2403", {"adminfo": told, "diseinfo": rows})
    asked = {"psn_no": person["psn_no"], "med_type": "2101", "mdtrt_id": mdtrt_id}
    asked |= {"begntime": "2026-01-01 00:00:00", "endtime": "2026-12-31 23:59:59"}
    (row,) = hospital.ok("5201", {"data": asked})["mdtrtinfo"]
    assert (row["ipt_otp_no"], row["adm_bed"]) == ("I1-A", "30")
    diagnoses = hospital.ok("5202", about(person, mdtrt_id))["diseinfo"]
    assert [row["diag_code"] for row in diagnoses] == ["J15.9"]
    results = charge(hospital, person, mdtrt_id, LINES)
    leave(hospital, person, mdtrt_id)
    settle(hospital, person, mdtrt_id, results)
    assert "不能变更" in hospital.error("2403", {"adminfo": told, "diseinfo": rows})


def test_a_mark_is_kept_and_found(hospital, person):
    mdtrt_id = admit(hospital, person, "I1")
    told = {
        **about(person, mdtrt_id)["data"],
        "psn_cert_type": "01",
        "certno": person["certno"],
        "psn_name": person["psn_name"],
        "ipt_otp_no": "I1",
        "ipt_psn_sp_flag_type": "01",
        "ipt_psn_sp_flag": "1",
    }
    output = hospital.ok("2406", {"data": told})["IptPsnSpFlagRegOut"]
    conforms("2406", "IptPsnSpFlagRegOut", output)
    paged = {"page_num": 1, "page_size": 10}
    (row,) = hospital.ok("2407", {"data": {**paged, "mdtrt_id": mdtrt_id}})["IptPsnSpFlagReg"]
    conforms("2407", "IptPsnSpFlagReg", row)
    assert row["ipt_psn_sp_flag_detl_id"] == output["ipt_psn_sp_flag_detl_id"]
    assert hospital.ok("2407", {"data": {**paged, "mdtrt_id": "0"}})["IptPsnSpFlagReg"] == []
    assert "certno" in hospital.error("2406", {"data": {**told, "certno": "1"}})


# --- lost answers ------------------------------------------------------------------------------


def lost(hospital, infno, input_):
    """Send a message whose answer is lost; return its body, to be sent again."""
    hospital.insurer.fault("drop_answer", infno=infno)
    body = hospital.envelope(infno, input_)
    with pytest.raises(httpx.RemoteProtocolError):
        hospital.post(infno, body)
    return body


def test_an_admission_whose_answer_was_lost_is_found_again(hospital, person):
    body = lost(hospital, "2401", admission(person, "I1"))
    asked = {"psn_no": person["psn_no"], "begntime": "2026-03-01 00:00:00", "endtime": LATER}
    (inside,) = hospital.ok("5303", {"data": asked})["data"]
    conforms("5303", "data", inside)
    assert inside["ipt_otp_no"] == "I1"
    refused = hospital.error("2401", admission(person, "I1"))
    assert refused == f"ipt_no I1已入院：{inside['mdtrt_id']}"
    again = hospital.post("2401", body).json()
    assert again["output"]["result"]["mdtrt_id"] == inside["mdtrt_id"]
    assert len(hospital.ok("5303", {"data": asked})["data"]) == 1


def test_a_registration_whose_answer_was_lost_is_found_again(hospital, persons, speak):
    person = persons.employee
    lost(hospital, "2201", speak.registration(person, "V1"))
    asked = {"psn_no": person["psn_no"], "med_type": "11"}
    asked |= {"begntime": "2026-03-02 00:00:00", "endtime": "2026-03-02 23:59:59"}
    (row,) = hospital.ok("5201", {"data": asked})["mdtrtinfo"]
    conforms("5201", "mdtrtinfo", row)
    refused = hospital.error("2201", speak.registration(person, "V1"))
    assert refused == f"ipt_otp_no V1已挂号：{row['mdtrt_id']}"


def test_a_settlement_whose_answer_was_lost_settles_once(hospital, person):
    mdtrt_id = admit(hospital, person, "I1")
    results = charge(hospital, person, mdtrt_id, LINES)
    leave(hospital, person, mdtrt_id)
    body = lost(hospital, "2304", settling(person, mdtrt_id, results))
    once = state(hospital, person)
    found = hospital.ok("5203", {"data": {**about(person, mdtrt_id)["data"], "setl_id": "0"}})
    assert found["setlinfo"]["medins_setl_id"] == body["msgid"]
    again = hospital.post("2304", body).json()["output"]["setlinfo"]
    assert again["setl_id"] == found["setlinfo"]["setl_id"]
    assert state(hospital, person) == once


def test_2601_undoes_a_settlement_and_its_message_is_dead(hospital, person):
    before = state(hospital, person)
    mdtrt_id = admit(hospital, person, "I1")
    results = charge(hospital, person, mdtrt_id, LINES)
    leave(hospital, person, mdtrt_id)
    body = lost(hospital, "2304", settling(person, mdtrt_id, results))
    for _ in range(2):
        hospital.ok("2601", reversal(person, body["msgid"], "2304"))
    assert state(hospital, person) == before
    assert "已冲正" in hospital.post("2304", body).json()["err_msg"]
    assert "原交易为2304" in hospital.error("2601", reversal(person, body["msgid"], "2207"))


def test_2601_takes_an_admission_back_while_nothing_hangs_on_it(hospital, person):
    body = lost(hospital, "2401", admission(person, "I1"))
    hospital.ok("2601", reversal(person, body["msgid"], "2401"))
    assert "已冲正" in hospital.post("2401", body).json()["err_msg"]
    second = hospital.envelope("2401", admission(person, "I1"))
    mdtrt_id = hospital.post("2401", second).json()["output"]["result"]["mdtrt_id"]
    charge(hospital, person, mdtrt_id, LINES)
    assert "费用明细" in hospital.error("2601", reversal(person, second["msgid"], "2401"))


def test_2601_before_its_message_keeps_it_from_ever_taking_effect(hospital, person):
    body = hospital.envelope("2401", admission(person, "I1"))
    hospital.ok("2601", reversal(person, body["msgid"], "2401"))
    assert "已冲正" in hospital.post("2401", body).json()["err_msg"]


def test_other_transactions_cannot_be_reversed(hospital, person):
    msgid = hospital.msgid()
    assert "2301不支持冲正" in hospital.error("2601", reversal(person, msgid, "2301"))


@pytest.mark.parametrize("infno", ["2301", "2303", "2304", "2305"])
def test_a_wrong_sum_is_in_the_answer_only(hospital, person, infno):
    mdtrt_id = admit(hospital, person, "I1")
    hospital.insurer.fault("wrong_sum", infno=infno, ipt_otp_no="I1")
    results = charge(hospital, person, mdtrt_id, LINES)
    if infno == "2301":
        first = results[0]
        assert sum(first[name] for name in PARTS) == first["det_item_fee_sumamt"] + YUAN("0.01")
        return
    told = hospital.ok("2303", settling(person, mdtrt_id, results))
    leave(hospital, person, mdtrt_id)
    settled = hospital.ok("2304", settling(person, mdtrt_id, results))
    undone = hospital.ok("2305", undoing(person, settled["setlinfo"]))
    answers = {"2303": told, "2304": settled, "2305": undone}
    for name, answer in answers.items():
        if name == infno:
            with pytest.raises(AssertionError):
                adds_up(answer["setlinfo"])
        else:
            adds_up(answer["setlinfo"])
    totals = hospital.insurer.control("books", method="GET")["totals"]
    assert (totals["count"], totals["medfee_fen"], totals["fund_fen"]) == (2, 0, 0)
