"""From the person to the settlement and back, over the wire, as a hospital sees it."""

import sqlite3
from decimal import Decimal

import httpx
import pytest

from counterparts.insurer.fields import check_of, transactions

YUAN = Decimal
LINES = [(1, "A1", 2, 30.25, 60.5), (2, "B1", 1, 100.0, 100.0), (3, "C1", 1, 9.5, 9.5)]
FUNDS = (
    "hifp_pay", "cvlserv_pay", "hifes_pay", "hifmi_pay", "hifob_pay", "maf_pay", "oth_pay",
    "hifdm_pay",
)  # fmt: skip


def conforms(infno, node, row):
    """Check a row of an answer against the table of fields; its one departure is named here."""
    fields = {field.name: field for field in transactions()[infno, "out"][node]}
    assert row.keys() <= fields.keys()
    for name, field in fields.items():
        value = row.get(name)
        if value in (None, ""):
            assert not field.is_required, f"{infno} {name}"
        else:
            value = float(value) if isinstance(value, Decimal) else value
            assert check_of(field)(value) is None, f"{infno} {name}={value}"


def adds_up(information, *, cash="psn_cash_pay"):
    assert sum(information[name] for name in FUNDS) == information["fund_pay_sumamt"]
    person = information["psn_part_amt"]
    assert information["acct_pay"] + information[cash] == person
    whole = information["fund_pay_sumamt"] + person + information["hosp_part_amt"]
    assert whole == information["medfee_sumamt"]


def state(insurer, person, year=2026):
    return insurer.control(f"persons/{person['psn_no']}?year={year}", method="GET")


def asked(hospital, person, **changes):
    data = {
        "mdtrt_cert_type": "02",
        "mdtrt_cert_no": person["certno"],
        "psn_cert_type": "01",
        "certno": person["certno"],
        "psn_name": person["psn_name"],
        **changes,
    }
    return hospital.call("1101", {"data": data})


# --- persons and visits -------------------------------------------------------------------------


def test_an_insured_person_is_found_by_certificate(hospital, persons):
    output = asked(hospital, persons.employee).output
    conforms("1101", "baseinfo", output["baseinfo"])
    (insurance,) = output["insuinfo"]
    conforms("1101", "insuinfo", insurance)
    assert output["baseinfo"]["age"] == 37
    assert (insurance["balc"], insurance["insutype"]) == (YUAN("300.00"), "310")


def test_a_person_nobody_insures_is_not_found(hospital, persons):
    stranger = persons.employee | {"certno": "990100199001011234"}
    assert asked(hospital, stranger).err_msg == "未查询到参保信息"


def test_a_wrong_name_is_refused(hospital, persons):
    answer = asked(hospital, persons.employee, psn_name="示例他人")
    assert answer.infcode == -1
    assert "psn_name" in answer.err_msg


def test_a_registration_answers_the_insurers_number(hospital, persons, speak):
    output = hospital.ok("2201", speak.registration(persons.employee, "V1"))
    conforms("2201", "data", output["data"])
    assert output["data"]["ipt_otp_no"] == "V1"


@pytest.mark.parametrize(("changes", "named"), [
    ({"caty": ""}, "2201 data.caty"),
    ({"insutype": "9"}, "2201 data.insutype"),
    ({"psn_name": "示" * 21}, "2201 data.psn_name"),
    ({"begntime": "2026-03-02"}, "2201 data.begntime"),
    ({"psn_type": 11}, "2201 data.psn_type"),
    ({"dept_nmae": "全科"}, "2201 data.dept_nmae"),
    ({"psn_name": "示例他人"}, "psn_name"),
    ({"psn_type": "12"}, "psn_type"),
    ({"mdtrt_cert_no": "990100199001011234"}, "mdtrt_cert_no"),
    ({"mdtrt_cert_type": "03", "mdtrt_cert_no": "C1"}, "2201 data.card_sn"),
    ({"psn_no": "404"}, "人员编号404"),
])  # fmt: skip
def test_a_wrong_registration_is_refused_and_the_field_named(
    hospital, persons, speak, changes, named
):
    input_ = speak.registration(persons.employee, "V1", **changes)
    assert hospital.error("2201", input_).startswith(named)


def test_the_insured_area_is_needed_with_a_person(hospital, persons, speak):
    input_ = speak.registration(persons.employee, "V1")
    assert "insuplc_admdvs" in hospital.error("2201", input_, insuplc_admdvs="")
    assert "insuplc_admdvs" in hospital.error("2201", input_, insuplc_admdvs="990200")


def test_paused_insurance_is_refused(hospital, persons, speak):
    assert "参保状态" in hospital.error("2201", speak.registration(persons.paused, "V1"))


def test_a_hospitals_own_number_registers_once(hospital, persons, speak):
    mdtrt_id = hospital.register(persons.employee, "V1")
    assert mdtrt_id in hospital.error("2201", speak.registration(persons.employee, "V1"))
    taken_back = {"psn_no": persons.employee["psn_no"], "mdtrt_id": mdtrt_id, "ipt_otp_no": "V1"}
    hospital.ok("2202", {"data": taken_back})
    assert "已撤销挂号" in hospital.error("2203", speak.description(persons.employee, mdtrt_id))
    assert hospital.register(persons.employee, "V1") != mdtrt_id


def test_another_institution_does_not_see_the_visit(hospital, persons, speak):
    mdtrt_id = hospital.register(persons.employee, "V1")
    keys = {"access_key": "ak-2", "secret_key": "sk-2"}
    other = speak.hospital(hospital.insurer, code="H99010000002", keys=keys, name="二院")
    row = {"fixmedins_code": other.code, "fixmedins_name": other.name, "hosp_lv": "5", **keys}
    hospital.insurer.control("institutions", [row])
    input_ = speak.charges(persons.employee, mdtrt_id, "1", LINES)
    assert other.error("2204", input_) == f"就诊ID{mdtrt_id}不存在"


# --- charges ------------------------------------------------------------------------------------


def test_uploaded_charges_are_split_by_class_and_cap(hospital, persons):
    lines = [*LINES, (4, "CAP", 2, 60.0, 120.0), (5, "unknown", 1, 5.0, 5.0)]
    _, results = hospital.visit(persons.employee, "V1", lines)
    for result in results:
        conforms("2204", "result", result)
    split = [
        tuple(result[name] for name in (
            "fulamt_ownpay_amt", "overlmt_amt", "preselfpay_amt", "inscp_scp_amt"))
        for result in results
    ]  # fmt: skip
    assert split == [
        (0, 0, 0, YUAN("60.50")),
        (0, 0, 10, 90),
        (YUAN("9.50"), 0, 0, 0),
        (0, 20, 0, 100),
        (5, 0, 0, 0),
    ]
    assert [result["chrgitm_lv"] for result in results] == ["01", "02", "03", "01", "03"]


@pytest.mark.parametrize(("line", "named"), [
    ((0, "A1", 1, 1.0, 1.0), "feedetl_sn"),
    (("1" * 16, "A1", 1, 1.0, 1.0), "feedetl_sn"),
    (("A1", "A1", 1, 1.0, 1.0), "feedetl_sn"),
    ((1, "A1", 1, 1.0, 1.001), "det_item_fee_sumamt"),
    ((1, "A1", 1, 1.0, "1.00"), "det_item_fee_sumamt"),
    ((1, "A1", 2, 1.0, 1.0), "不等于数量乘单价"),
    ((1, "A1", 1.00001, 1.0, 1.0), "cnt"),
    ((1, "A1", -1, 1.0, -1.0), "不能为负"),
    ((1, "A1", 1, 1e15, 1e15), "det_item_fee_sumamt"),
])  # fmt: skip
def test_a_wrong_charge_is_refused(hospital, persons, speak, line, named):
    mdtrt_id = hospital.register(persons.employee, "V1")
    input_ = speak.charges(persons.employee, mdtrt_id, "1", [line])
    assert named in hospital.error("2204", input_)


def test_a_batch_comes_once_and_its_numbers_once_in_a_visit(hospital, persons, speak):
    mdtrt_id, _ = hospital.visit(persons.employee, "V1", LINES)
    again = speak.charges(persons.employee, mdtrt_id, "1", [(9, "A1", 1, 1.0, 1.0)])
    assert "chrg_bchno" in hospital.error("2204", again)
    same_number = speak.charges(persons.employee, mdtrt_id, "2", [(1, "A1", 1, 1.0, 1.0)])
    assert "feedetl_sn" in hospital.error("2204", same_number)


def test_unsettled_charges_can_be_taken_back_settled_ones_cannot(hospital, persons, speak):
    mdtrt_id, results = hospital.visit(persons.employee, "V1", LINES)
    hospital.upload(persons.employee, mdtrt_id, "2", [(9, "A1", 1, 1.0, 1.0)])
    hospital.settle(persons.employee, mdtrt_id, "1", results)
    data = {"mdtrt_id": mdtrt_id, "psn_no": persons.employee["psn_no"]}
    assert "已结算" in hospital.error("2205", {"data": {**data, "chrg_bchno": "1"}})
    hospital.ok("2205", {"data": {**data, "chrg_bchno": "0000"}})
    input_ = speak.settling(persons.employee, mdtrt_id, "2", results)
    assert "无未结算明细" in hospital.error("2207", input_)
    assert "不存在" in hospital.error("2205", {"data": {**data, "chrg_bchno": "2"}})


# --- settlements --------------------------------------------------------------------------------


def test_a_settlement_to_the_fen(hospital, persons):
    # In scope 60.50 + 90.00 = 150.50; the deductible is used up; level 3: 76 % = 114.38.
    # Person 170.00 - 114.38 = 55.62, all from the account of 100.00, which keeps 44.38.
    mdtrt_id, information = hospital.whole_visit(persons.settled_in, "V1", LINES)
    conforms("2207", "setlinfo", information)
    adds_up(information)
    assert information["mdtrt_id"] == mdtrt_id
    assert information["medfee_sumamt"] == 170
    assert information["inscp_scp_amt"] == YUAN("150.50")
    assert information["hifp_pay"] == information["fund_pay_sumamt"] == YUAN("114.38")
    assert information["acct_pay"] == YUAN("55.62")
    assert information["balc"] == YUAN("44.38")
    assert information["setl_time"] == "2026-03-02 10:15:00"
    assert information["clr_type"] == "11"
    after = state(hospital.insurer, persons.settled_in)
    assert (after["balc_fen"], after["pool_fen"]) == (4438, 11438)


def test_setldetail_names_every_payer(hospital, persons, speak):
    mdtrt_id, results = hospital.visit(persons.settled_in, "V1", LINES)
    output = hospital.ok("2207", speak.settling(persons.settled_in, mdtrt_id, "1", results))
    for row in output["setldetail"]:
        conforms("2207", "setldetail", row)
    paid = {row["fund_pay_type"]: row["fund_payamt"] for row in output["setldetail"]}
    assert paid == {"310102": YUAN("114.38"), "310200": YUAN("55.62")}


def test_an_account_is_left_alone_when_it_is_not_to_be_used(hospital, persons, speak):
    mdtrt_id, results = hospital.visit(persons.settled_in, "V1", LINES)
    input_ = speak.settling(persons.settled_in, mdtrt_id, "1", results, acct_used_flag="0")
    assert hospital.ok("2207", input_)["setlinfo"]["acct_pay"] == 0


def test_the_deductible_is_used_up_over_visits(hospital, persons):
    # Resident, deductible 300.00, level 3 at 40 %. First 200.00: all deductible. Second 200.00:
    # 100.00 deductible, 40 % of 100.00 = 40.00. Third: 80.00.
    paid = []
    for number in range(3):
        lines = [(1, "A1", 1, 200.0, 200.0)]
        _, information = hospital.whole_visit(persons.resident, f"V{number}", lines)
        adds_up(information)
        paid.append((information["act_pay_dedc"], information["fund_pay_sumamt"]))
    assert paid == [(200, 0), (100, 40), (0, 80)]


def test_two_batches_of_a_visit_settle_apart(hospital, persons):
    mdtrt_id, first = hospital.visit(persons.settled_in, "V1", LINES)
    one = hospital.settle(persons.settled_in, mdtrt_id, "1", first)
    second = hospital.upload(persons.settled_in, mdtrt_id, "2", [(9, "A1", 1, 10.0, 10.0)])
    two = hospital.settle(persons.settled_in, mdtrt_id, "2", second)
    assert one["setl_id"] != two["setl_id"]
    assert (one["medfee_sumamt"], two["medfee_sumamt"]) == (170, 10)


def test_a_preview_says_what_settling_will_and_changes_nothing(hospital, persons, speak):
    mdtrt_id, results = hospital.visit(persons.settled_in, "V1", LINES)
    before = state(hospital.insurer, persons.settled_in)
    input_ = speak.settling(persons.settled_in, mdtrt_id, "1", results)
    asked = input_["data"] | {
        "psn_type": persons.settled_in["psn_type"], "psn_name": persons.settled_in["psn_name"]
    }  # fmt: skip
    for name in ("fulamt_ownpay_amt", "overlmt_selfpay", "preselfpay_amt", "inscp_scp_amt"):
        del asked[name]
    output = hospital.ok("2206", {"data": asked})
    conforms("2206", "setlinfo", output["setlinfo"])
    assert "setl_id" not in output["setlinfo"]
    assert state(hospital.insurer, persons.settled_in) == before
    settled = hospital.ok("2207", input_)
    assert settled["setldetail"] == output["setldetail"]
    for name in ("fund_pay_sumamt", "acct_pay", "psn_cash_pay", "balc"):
        assert settled["setlinfo"][name] == output["setlinfo"][name]


@pytest.mark.parametrize(("changes", "named"), [
    ({"medfee_sumamt": 169.99}, "medfee_sumamt"),
    ({"preselfpay_amt": 0}, "preselfpay_amt"),
    ({"med_type": "13"}, "med_type"),
    ({"chrg_bchno": "7"}, "chrg_bchno"),
    ({"insutype": "390"}, "insutype"),
    ({"acct_used_flag": "2"}, "acct_used_flag"),
    ({"mdtrt_id": "404"}, "就诊ID404"),
    ({"psn_setlway": "09"}, "2207 data.psn_setlway"),
])  # fmt: skip
def test_a_settlement_that_contradicts_the_books_is_refused(
    hospital, persons, speak, changes, named
):
    mdtrt_id, results = hospital.visit(persons.settled_in, "V1", LINES)
    before = state(hospital.insurer, persons.settled_in)
    input_ = speak.settling(persons.settled_in, mdtrt_id, "1", results, **changes)
    assert hospital.error("2207", input_).startswith(named)
    assert state(hospital.insurer, persons.settled_in) == before


def test_a_visit_without_its_2203_cannot_be_settled(hospital, persons, speak):
    mdtrt_id = hospital.register(persons.settled_in, "V1")
    results = hospital.upload(persons.settled_in, mdtrt_id, "1", LINES)
    input_ = speak.settling(persons.settled_in, mdtrt_id, "1", results)
    assert "2203" in hospital.error("2207", input_)


def test_emergencies_are_cleared_as_such(hospital, persons, speak):
    mdtrt_id, results = hospital.visit(persons.settled_in, "V1", LINES, med_type="13")
    input_ = speak.settling(persons.settled_in, mdtrt_id, "1", results, med_type="13")
    assert hospital.ok("2207", input_)["setlinfo"]["clr_type"] == "13"


# --- undoing ------------------------------------------------------------------------------------


def test_an_undone_settlement_leaves_everything_as_it_was(hospital, persons):
    before = state(hospital.insurer, persons.employee)
    mdtrt_id, results = hospital.visit(persons.employee, "V1", LINES)
    information = hospital.settle(persons.employee, mdtrt_id, "1", results)
    output = hospital.undo(persons.employee, information)
    negative = output["setlinfo"]
    conforms("2208", "setlinfo", negative)
    assert "psn_cash_pay" not in negative
    adds_up(negative, cash="pdn_cash_pay")
    for name in ("medfee_sumamt", "fund_pay_sumamt", "acct_pay", "act_pay_dedc"):
        assert negative[name] == -information[name]
    assert negative["setl_id"] == information["setl_id"]
    assert state(hospital.insurer, persons.employee) == before
    # The charges are unsettled again: they settle anew, by the same rules.
    again = hospital.settle(persons.employee, mdtrt_id, "1", results)
    assert again["psn_cash_pay"] == information["psn_cash_pay"]


def test_a_settlement_is_undone_once(hospital, persons):
    _, information = hospital.whole_visit(persons.employee, "V1", LINES)
    hospital.undo(persons.employee, information)
    data = {name: information[name] for name in ("setl_id", "mdtrt_id", "psn_no")}
    assert "已撤销" in hospital.error("2208", {"data": data})
    assert "未查询到" in hospital.error("2208", {"data": {**data, "setl_id": "404"}})


def test_2601_undoes_a_2207_by_its_message_number(hospital, persons, speak):
    person = persons.employee
    mdtrt_id, results = hospital.visit(person, "V1", LINES)
    before = state(hospital.insurer, person)
    msgid = hospital.msgid()
    hospital.settle(person, mdtrt_id, "1", results, msgid=msgid)
    reverse = {"data": {"psn_no": person["psn_no"], "omsgid": msgid, "oinfno": "2207"}}
    assert hospital.ok("2601", reverse) == {}
    assert hospital.ok("2601", reverse) == {}
    assert state(hospital.insurer, person) == before
    late = speak.settling(person, mdtrt_id, "1", results)
    assert "已冲正" in hospital.error("2207", late, msgid=msgid)


def test_2601_for_a_message_that_never_came_succeeds_and_keeps_it_out(hospital, persons, speak):
    person = persons.employee
    mdtrt_id, results = hospital.visit(person, "V1", LINES)
    msgid = hospital.msgid()
    reverse = {"data": {"psn_no": person["psn_no"], "omsgid": msgid, "oinfno": "2207"}}
    assert hospital.ok("2601", reverse) == {}
    late = speak.settling(person, mdtrt_id, "1", results)
    assert "已冲正" in hospital.error("2207", late, msgid=msgid)
    assert hospital.ok("2207", late)["setlinfo"]["medfee_sumamt"] == 170


def test_2601_is_for_settlements_of_this_person_only(hospital, persons):
    mdtrt_id, results = hospital.visit(persons.employee, "V1", LINES)
    msgid = hospital.msgid()
    hospital.settle(persons.employee, mdtrt_id, "1", results, msgid=msgid)
    reverse = {"psn_no": persons.retired["psn_no"], "omsgid": msgid, "oinfno": "2207"}
    assert "psn_no" in hospital.error("2601", {"data": reverse})
    own = {**reverse, "psn_no": persons.employee["psn_no"]}
    assert "oinfno" in hospital.error("2601", {"data": {**own, "oinfno": "2204"}})
    foreign = {**own, "omsgid": msgid.replace("H99010000001", "H99010000009")}
    assert "omsgid" in hospital.error("2601", {"data": foreign})


# --- lost and doubled messages --------------------------------------------------------------------


def test_a_settlement_whose_answer_was_lost_is_found_by_its_visit(hospital, persons, speak):
    person = persons.settled_in
    mdtrt_id, results = hospital.visit(person, "V1", LINES)
    hospital.insurer.fault("drop_answer", infno="2207", ipt_otp_no="V1")
    msgid = hospital.msgid()
    with pytest.raises(httpx.RemoteProtocolError):
        hospital.settle(person, mdtrt_id, "1", results, msgid=msgid)
    for unknown in ("", "0"):
        query = {"psn_no": person["psn_no"], "setl_id": unknown, "mdtrt_id": mdtrt_id}
        output = hospital.ok("5203", {"data": query})
        information = output["setlinfo"]
        conforms("5203", "setlinfo", information)
        assert information["medins_setl_id"] == msgid
        assert (information["refd_setl_flag"], information["cash_payamt"]) == ("0", 0)
        assert [one["setlinfo"] for one in output["setllist"]] == [information]
    # Sent again, the message has the same answer and settles nothing.
    again = hospital.ok("2207", speak.settling(person, mdtrt_id, "1", results), msgid=msgid)
    assert again["setlinfo"]["setl_id"] == information["setl_id"]
    assert len(hospital.insurer.control("books", method="GET")["settlements"]) == 1


def test_a_request_that_was_lost_is_not_found(hospital, persons):
    person = persons.settled_in
    mdtrt_id, results = hospital.visit(person, "V1", LINES)
    hospital.insurer.fault("drop_request", infno="2207", psn_no=person["psn_no"])
    with pytest.raises(httpx.RemoteProtocolError):
        hospital.settle(person, mdtrt_id, "1", results)
    query = {"psn_no": person["psn_no"], "setl_id": "0", "mdtrt_id": mdtrt_id}
    assert hospital.error("5203", {"data": query}).startswith("未查询到结算信息")


def test_an_undone_settlement_is_found_by_its_number_only(hospital, persons):
    person = persons.settled_in
    mdtrt_id, information = hospital.whole_visit(person, "V1", LINES)
    hospital.undo(person, information)
    query = {"psn_no": person["psn_no"], "setl_id": information["setl_id"], "mdtrt_id": mdtrt_id}
    assert hospital.ok("5203", {"data": query})["setlinfo"]["refd_setl_flag"] == "1"
    query["setl_id"] = "0"
    assert hospital.error("5203", {"data": query}).startswith("未查询到结算信息")


def test_every_live_settlement_of_a_visit_is_listed(hospital, persons):
    person = persons.settled_in
    mdtrt_id, results = hospital.visit(person, "V1", LINES)
    one = hospital.settle(person, mdtrt_id, "1", results)
    second = hospital.upload(person, mdtrt_id, "2", [(9, "A1", 1, 10.0, 10.0)])
    two = hospital.settle(person, mdtrt_id, "2", second)
    query = {"psn_no": person["psn_no"], "setl_id": "", "mdtrt_id": mdtrt_id}
    output = hospital.ok("5203", {"data": query})
    listed = [entry["setlinfo"]["setl_id"] for entry in output["setllist"]]
    assert listed == [one["setl_id"], two["setl_id"]]
    assert output["setlinfo"]["setl_id"] == two["setl_id"]


def test_a_doubled_message_settles_once(hospital, persons):
    person = persons.settled_in
    mdtrt_id, results = hospital.visit(person, "V1", LINES)
    hospital.insurer.fault("twice", infno="2207")
    information = hospital.settle(person, mdtrt_id, "1", results)
    books = hospital.insurer.control("books", method="GET")
    assert [row["setl_id"] for row in books["settlements"]] == [information["setl_id"]]
    assert state(hospital.insurer, person)["pool_fen"] == 11438


@pytest.mark.parametrize("fault", ["drop_answer", "twice"])
def test_registration_and_upload_survive_loss_and_doubling(hospital, persons, speak, fault):
    def sent(infno, input_):
        msgid = hospital.msgid()
        hospital.insurer.fault(fault, infno=infno)
        try:
            return hospital.ok(infno, input_, msgid=msgid)
        except httpx.RemoteProtocolError:
            return hospital.ok(infno, input_, msgid=msgid)

    person = persons.employee
    mdtrt_id = sent("2201", speak.registration(person, "V1"))["data"]["mdtrt_id"]
    sent("2203", speak.description(person, mdtrt_id))
    results = sent("2204", speak.charges(person, mdtrt_id, "1", LINES))["result"]
    information = sent("2207", speak.settling(person, mdtrt_id, "1", results))["setlinfo"]
    undo = {name: information[name] for name in ("setl_id", "mdtrt_id", "psn_no")}
    sent("2208", {"data": undo})
    books = hospital.insurer.control("books", method="GET")
    assert books["totals"] == {
        "count": 2, "medfee_fen": 0, "fund_fen": 0, "acct_fen": 0, "cash_fen": 0
    }  # fmt: skip


def test_a_message_number_serves_one_content(hospital, persons, speak):
    msgid = hospital.msgid()
    hospital.register(persons.employee, "V1", msgid=msgid)
    other = speak.registration(persons.employee, "V2")
    assert "已用于其他内容" in hospital.error("2201", other, msgid=msgid)


def test_a_resend_with_a_fresh_credential_is_the_same_message(hospital, persons, speak):
    msgid = hospital.msgid()
    tokens = [
        speak.registration(persons.employee, "V1", mdtrt_cert_type="01", mdtrt_cert_no=token)
        for token in ("token-one", "token-two")
    ]
    answers = [hospital.ok("2201", input_, msgid=msgid) for input_ in tokens]
    assert answers[0] == answers[1]


def test_a_refused_message_may_be_mended_and_sent_under_its_number(hospital, persons, speak):
    mdtrt_id, results = hospital.visit(persons.employee, "V1", LINES)
    msgid = hospital.msgid()
    wrong = speak.settling(persons.employee, mdtrt_id, "1", results, medfee_sumamt=1)
    hospital.error("2207", wrong, msgid=msgid)
    right = speak.settling(persons.employee, mdtrt_id, "1", results)
    assert hospital.ok("2207", right, msgid=msgid)


def test_a_wrong_sum_does_not_add_up_and_the_books_do(hospital, persons):
    person = persons.settled_in
    mdtrt_id, results = hospital.visit(person, "V1", LINES)
    hospital.insurer.fault("wrong_sum", infno="2207", nth=1)
    information = hospital.settle(person, mdtrt_id, "1", results)
    whole = information["fund_pay_sumamt"] + information["psn_part_amt"]
    assert whole == information["medfee_sumamt"] + YUAN("0.01")
    query = {"psn_no": person["psn_no"], "setl_id": "0", "mdtrt_id": mdtrt_id}
    true = hospital.ok("5203", {"data": query})["setlinfo"]
    assert true["fund_pay_sumamt"] + true["psn_pay"] == true["medfee_sumamt"]


# --- storage ------------------------------------------------------------------------------------


def test_the_books_outlive_a_crash(start_counterpart, tmp_path, own_hospital, persons):
    person = persons.settled_in
    mdtrt_id, information = own_hospital.whole_visit(person, "V1", LINES)
    own_hospital.insurer.kill()
    own_hospital.insurer = start_counterpart("insurer", tmp_path)
    query = {"psn_no": person["psn_no"], "setl_id": "0", "mdtrt_id": mdtrt_id}
    found = own_hospital.ok("5203", {"data": query})["setlinfo"]
    assert found["setl_id"] == information["setl_id"]
    # Numbers go on: nothing collides with what there was before.
    _, later = own_hospital.whole_visit(persons.retired, "V2", [(1, "A1", 1, 1.0, 1.0)])
    assert later["setl_id"] != information["setl_id"]


def test_credentials_are_not_stored(own_hospital, persons, speak, tmp_path):
    token = "e-credential-token-never-to-be-kept"
    shown = {"mdtrt_cert_type": "01", "mdtrt_cert_no": token}
    person = persons.employee
    output = own_hospital.ok("2201", speak.registration(person, "V1", **shown))
    mdtrt_id = output["data"]["mdtrt_id"]
    own_hospital.describe(person, mdtrt_id)
    results = own_hospital.upload(person, mdtrt_id, "1", LINES)
    own_hospital.ok("2207", speak.settling(person, mdtrt_id, "1", results, **shown))
    own_hospital.insurer.stop()
    with sqlite3.connect(tmp_path / "insurer.sqlite3") as books:
        books.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    books.close()
    stored = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert mdtrt_id.encode() in stored
    assert token.encode() not in stored
