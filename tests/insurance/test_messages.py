"""Every builder makes what the field table asks for, and every reader knows the traps."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from yifu.insurance import answers, fields, rules
from yifu.insurance import messages as m
from yifu.insurance.cases import discipline


def inputs(sample: Any) -> dict[str, m.Input]:
    patient, credential, claim = sample.patient, sample.credential, sample.claim
    visit = {"psn_no": patient.psn_no, "mdtrt_id": "M1"}
    where = {"department": sample.department, "doctor": sample.doctor}
    day = date(2026, 3, 1)
    period: dict[str, Any] = {"setl_optins": "990100", "clr_type": "11", "begin": day, "end": day}
    totals = m.Totals(medfee_fen=1, fund_fen=-2, account_fen=3, cash_fen=4, count=5)
    return {
        "9001": m.sign_in(opter_no="001", mac="00-00-5E-00-53-01", ip="192.0.2.1"),
        "1101": m.person_query(
            cert_type="02", cert_no=sample.certno, certno=sample.certno, name=patient.name
        ),
        "2201": m.registration(
            patient=patient, credential=credential, began_at=sample.at, visit_no="V1", **where
        ),
        "2202": m.cancel_registration(visit_no="V1", **visit),
        "2203": m.encounter(
            med_type=m.OUTPATIENT,
            began_at=sample.at,
            diagnoses=[m.Diagnosis("J06.9", "急性上呼吸道感染"), m.Diagnosis("I10", "高血压")],
            **visit,
            **where,
        ),
        "2204": sample.fee_upload(2),
        "2205": m.fee_withdraw(**visit),
        "2206": m.presettle(patient=patient, credential=credential, claim=claim),
        "2207": m.settle(
            patient=patient,
            credential=credential,
            claim=claim,
            scope=rules.Scope(own_fen=1, over_fen=2, presel_fen=3, inscp_fen=9994),
        ),
        "2208": m.reverse(setl_id="S1", **visit),
        "2601": m.undo(psn_no=patient.psn_no, omsgid="H1", oinfno="2207"),
        "5203": m.query_settlement(**visit),
        "3201": m.statement_total(insutype="310", totals=totals, **period),
        "3202": m.statement_detail(file_qury_no="F1", totals=totals, **period),
    }


def test_what_is_built_passes_the_field_table(sample):
    for infno, built in inputs(sample).items():
        assert [str(one) for one in fields.check(infno, "in", built)] == []


def test_amounts_are_yuan_to_the_fen_and_times_are_chinas(sample):
    line = sample.fee_upload(1)["feedetail"][0]
    assert line["det_item_fee_sumamt"] == Decimal("12.31")
    assert line["fee_ocur_time"] == "2026-03-01 09:30:05"
    settle = inputs(sample)["2207"]["data"]
    assert (settle["medfee_sumamt"], settle["inscp_scp_amt"]) == (Decimal(100), Decimal("99.94"))


def test_a_unit_price_keeps_four_decimals_of_a_fen(sample):
    line = m.FeeLine(
        feedetl_sn="1",
        occurred_at=sample.at,
        national_code="X",
        local_code="H1",
        amount_fen=33,
        quantity=Decimal("0.3333"),
        unit_price_fen=Decimal("99.1234"),
    )
    upload = m.fee_upload(
        psn_no="P",
        mdtrt_id="M1",
        batch_no="B1",
        lines=[line],
        department=sample.department,
        doctor=sample.doctor,
    )
    assert upload["feedetail"][0]["pric"] == Decimal("0.991234")
    assert fields.check("2204", "in", upload) == []


@pytest.mark.parametrize("number", ["", "0", "000", "1" * 16, "12a", "-1", "１"])
def test_a_line_number_is_one_to_fifteen_digits_and_not_zero(sample, number):
    with pytest.raises(ValueError, match="feedetl_sn"):
        m.FeeLine(number, sample.at, "X", "H1", 1, Decimal(1), Decimal(1))


def test_an_insurance_card_needs_its_own_code():
    with pytest.raises(ValueError, match="card_sn"):
        m.Credential(m.INSURANCE_CARD, "C1")
    shown = m.person_query(
        cert_type=m.INSURANCE_CARD, cert_no="C1", card_sn="K1", certno="1", name="甲"
    )
    assert shown["data"]["card_sn"] == "K1"


def test_a_visit_without_a_diagnosis_is_not_built(sample):
    with pytest.raises(ValueError, match="diagnosis"):
        m.encounter(
            psn_no="P",
            mdtrt_id="M1",
            med_type="11",
            began_at=sample.at,
            diagnoses=[],
            department=sample.department,
            doctor=sample.doctor,
        )


def test_a_time_without_an_offset_is_not_written():
    with pytest.raises(ValueError, match="offset"):
        fields.write_time(datetime(2026, 3, 1))  # noqa: DTZ001 - what must be refused


def test_credentials_do_not_show_when_a_value_is_printed(sample):
    assert sample.token not in repr(sample.credential)
    assert sample.certno not in repr(sample.patient)


PERSON = {"psn_no": "P1", "psn_cert_type": "01", "certno": "9", "psn_name": "甲"}
EMPLOYEE = {"balc": Decimal("200.50"), "insutype": "310", "psn_type": "11"} | {
    "psn_insu_stas": "1",
    "insuplc_admdvs": "990100",
}


def test_a_person_with_two_insurances_is_settled_under_the_active_better_one():
    resident = EMPLOYEE | {"insutype": "390", "psn_type": "15", "balc": 0}
    output: dict[str, Any] = {"baseinfo": PERSON, "insuinfo": [resident, EMPLOYEE]}
    insurances = answers.read_insured(output)
    assert [one.insutype for one in insurances] == ["390", "310"]
    chosen = answers.choose_insurance(insurances)
    assert chosen is not None
    assert (chosen.insutype, chosen.balance_fen) == ("310", 20050)
    output["insuinfo"][1] = EMPLOYEE | {"psn_insu_stas": "2"}
    chosen = answers.choose_insurance(answers.read_insured(output))
    assert chosen is not None
    assert chosen.insutype == "390"


@pytest.mark.parametrize("nothing", [[], None])
def test_a_person_without_insurance_has_none(nothing):
    insurances = answers.read_insured({"baseinfo": PERSON, "insuinfo": nothing})
    assert insurances == ()
    assert answers.choose_insurance(insurances) is None


def test_one_object_where_a_list_belongs_is_a_list_of_one():
    (insured,) = answers.read_insured({"baseinfo": [PERSON], "insuinfo": EMPLOYEE})
    assert insured.active
    assert insured.patient.psn_no == "P1"


def test_an_area_that_says_nothing_of_the_status_says_nothing_against_it():
    silent = {name: value for name, value in EMPLOYEE.items() if name != "psn_insu_stas"}
    (insured,) = answers.read_insured({"baseinfo": PERSON, "insuinfo": [silent]})
    assert (insured.status, insured.active) == ("", True)


def test_a_settlement_is_read_with_its_numbers_and_time(settled):
    read = answers.read_settled(settled())
    rules.check_split(read.split, expected_total_fen=10000)
    assert (read.setl_id, read.mdtrt_id, read.refunded) == ("S1", "M1", False)
    assert read.msgid == "H99010000001202603010930050001"
    assert read.setl_time.isoformat() == "2026-03-01T09:30:05+08:00"
    assert (read.split.fund_fen, read.split.account_fen, read.split.personal_fen) == (
        6000,
        1000,
        3000,
    )
    assert read.split.funds == (rules.FundPart("310102", 5500), rules.FundPart("320100", 500))
    assert read.split.balance_fen == 19000


def test_a_settlement_that_does_not_add_up_can_still_be_named(settled):
    read = answers.read_settled(settled(psn_cash_pay=Decimal("30.01")))
    assert read.setl_id == "S1"
    with pytest.raises(rules.SplitError):
        rules.check_split(read.split, expected_total_fen=10000)


def queried(settled: Any, **changes: Any) -> Any:
    output = settled(refd_setl_flag="0", **changes)
    info = output["setlinfo"]
    info["psn_pay"] = info.pop("psn_part_amt")
    info["cash_payamt"] = info.pop("psn_cash_pay")
    del info["hosp_part_amt"], info["hifdm_pay"]
    return output


def test_a_query_reads_as_the_settlement_did(settled):
    assert answers.read_queried(queried(settled)) == (answers.read_settled(settled()),)


def test_a_query_tells_that_a_settlement_was_reversed(settled):
    output = queried(settled)
    output["setlinfo"]["refd_setl_flag"] = "1"
    assert answers.read_queried(output)[0].refunded


def test_a_visit_settled_in_batches_lists_them_all(settled):
    first, second = queried(settled), queried(settled, setl_id="S2")
    output = second | {"setllist": [first, second]}
    assert [one.setl_id for one in answers.read_queried(output)] == ["S1", "S2"]


@pytest.mark.parametrize("sign", [1, -1])
def test_a_reversal_is_read_positive_whichever_sign_it_has(settled, sign):
    output = settled()
    info = output["setlinfo"]
    info["pdn_cash_pay"] = info.pop("psn_cash_pay")
    for row in (info, *output["setldetail"]):
        for name, value in row.items():
            if isinstance(value, Decimal) and name not in {"balc", "pool_prop_selfpay"}:
                row[name] = sign * value
    assert fields.check("2208", "out", output) == []
    read = answers.read_reversed(output)
    rules.check_split(read.split, expected_total_fen=10000)
    assert read.split == answers.read_settled(settled()).split


def test_lines_read_absent_parts_as_nothing():
    row = {"feedetl_sn": 7, "det_item_fee_sumamt": "12.31", "inscp_scp_amt": Decimal("12.31")}
    (line,) = answers.read_lines({"result": row})
    assert line == rules.LineSplit("7", 1231, 0, 0, 0, 1231)
    rules.check_lines([line], {"7": 1231})


def test_statements_say_whether_both_sides_agree():
    assert answers.read_comparison({"stmtinfo": {"stmt_rslt": "0"}}).agrees
    assert not answers.read_comparison({"stmtinfo": {"stmt_rslt": "000101"}}).agrees
    file = {"file_qury_no": "F1", "filename": "r.zip", "dld_endtime": "2026-03-02 00:00:00"}
    assert answers.read_file_reference({"fileinfo": file}).filename == "r.zip"


@pytest.mark.parametrize(
    "read",
    [
        answers.read_insured,
        answers.read_mdtrt_id,
        answers.read_settled,
        answers.read_presettled,
        answers.read_sign_no,
        answers.read_comparison,
        answers.read_file_reference,
    ],
)
@pytest.mark.parametrize("output", [{}, {"data": [], "setlinfo": "x", "baseinfo": {}}])
def test_an_answer_without_what_was_asked_is_unreadable(read, output):
    with pytest.raises(answers.UnreadableAnswer):
        read(output)


@pytest.mark.parametrize(
    ("code", "caty"),
    [("A03", "A03"), ("A03.07", "A03.07"), ("A03.99", "A03"), ("NEIKE", "A69"), ("0301", "A69")],
)
def test_a_department_of_the_hospitals_own_code_has_a_national_discipline(code, caty):
    assert discipline(code) == caty
