"""Receipts, settlement lists and self-payers' charges at the simulated insurer, over the wire."""

import base64
import io
import json
import zipfile

import pytest

BATCH = "2026030200001"
LINES = [(1, "A1", 2, 30.25, 60.5), (2, "C1", 1, 9.5, 9.5)]


def archive(*names, content=b"%PDF-1.5 example"):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as zipped:
        for name in names:
            zipped.writestr(name, content)
    return base64.b64encode(packed.getvalue()).decode()


def receipt(person, setlinfo, number, **changes):
    """A receipt of a settlement as 4901 tells it."""
    fields = {
        "elecSetlCertCode": "99060126",
        "elecSetlCertNo": number,
        "elecSetlCertChkcode": "a1b2c3",
        "elecSetlCertType": "1",
        "certSetlType": "1",
        "mdtrtType": "1",
        "billDate": "2026-03-02",
        "medfeeSumamt": float(setlinfo["medfee_sumamt"]),
        "insuplcAdmdvs": "990100",
        "bizSn": setlinfo["medins_setl_id"],
        "setlId": setlinfo["setl_id"],
        "setlTime": "2026-03-02 10:15:00",
        "psnNo": person["psn_no"],
        "psnName": person["psn_name"],
        "certno": person["certno"],
        "insutype": person["insutype"],
        "inscpAmt": float(setlinfo["inscp_scp_amt"]),
        "hifpPay": float(setlinfo["hifp_pay"]),
        "maindiagCode": "J06",
        "maindiagName": "急性上呼吸道感染",
        "mdtrtareaAdmdvs": "990100",
    }
    return fields | changes


def batch(hospital, rows, **changes):
    names = [f"{row['elecSetlCertCode']}-{row['elecSetlCertNo']}.pdf" for row in rows]
    fields = {
        "fixmedinsCode": hospital.code,
        "fixmedinsName": hospital.name,
        "elecSetlCertCnt": len(rows),
        "bizStsb": "20260302-20260302",
        "upldBchno": BATCH,
        "filename": "batch.zip",
        "ftfileCompac": archive(*names),
        "upldDetlList": rows,
    }
    return fields | changes


def results(hospital, number=BATCH, *, at="2026-03-02 12:00:00"):
    asked = {
        "fixmedinsCode": hospital.code,
        "fixmedinsName": hospital.name,
        "bizStsb": "20260302-20260302",
        "upldBchno": number,
    }
    return hospital.ok("4902", asked, inf_time=at)["data"]


@pytest.fixture
def settled(hospital, persons):
    """(hospital, person, setlinfo) of a settled visit."""
    person = persons.settled_in
    return hospital, person, hospital.whole_visit(person, "V1", LINES)[1]


def test_a_batch_is_under_way_first_and_accepted_once_processed(settled):
    hospital, person, setlinfo = settled
    hospital.ok("4901", batch(hospital, [receipt(person, setlinfo, "0000000001")]))
    (early,) = results(hospital, at="2026-03-02 10:16:00")
    assert (early["ftfileSavRslt"], early["chkRslt"]) == ("0", "0")
    (later,) = results(hospital)
    assert (later["ftfileSavRslt"], later["chkRslt"], later["savFaleRea"]) == ("1", "1", "")


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"elecSetlCertCnt": 2}, "elecSetlCertCnt"),
        ({"bizStsb": "March"}, "bizStsb"),
        ({"upldBchno": "1"}, "upldBchno"),
        ({"fixmedinsCode": "H99010000009"}, "fixmedinsCode"),
        ({"ftfileCompac": "no archive"}, "ftfileCompac"),
        ({"ftfileCompac": archive("99060126-0000000002.pdf")}, "ftfileCompac"),
        ({"ftfileCompac": archive("99060126-0000000001.exe")}, "pdf"),
        ({"ftfileCompac": archive("99060126-0000000001.pdf", content=b"<html>")}, "pdf"),
    ],
)
def test_a_batch_that_is_not_whole_is_refused_and_takes_nothing(settled, changes, named):
    hospital, person, setlinfo = settled
    rows = [receipt(person, setlinfo, "0000000001")]
    assert named in hospital.error("4901", batch(hospital, rows, **changes))
    hospital.ok("4901", batch(hospital, rows))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"medfeeSumamt": 1.0}, "医疗费总额"),
        ({"hifpPay": 1.0}, "统筹基金支出"),
        ({"setlId": "unknown"}, "结算ID不存在"),
        ({"psnName": "示例他人"}, "人员姓名"),
        ({"bizSn": "another"}, "业务流水号"),
        ({"medfeeSumamt": -70.0}, "红票"),
        ({"certSetlType": "2"}, "全自费凭证"),
    ],
)
def test_a_receipt_unlike_the_books_is_refused_with_the_reason(settled, changes, reason):
    hospital, person, setlinfo = settled
    row = receipt(person, setlinfo, "0000000001", **changes)
    hospital.ok("4901", batch(hospital, [row]))
    (told,) = results(hospital)
    assert told["chkRslt"] == "2"
    assert reason in told["savFaleRea"]


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"elecSetlCertType": "9"}, "elecSetlCertType"),
        ({"elecSetlCertChkcode": ""}, "elecSetlCertChkcode"),
        ({"elecSetlCertType": "2", "elecSetlCertCode": ""}, "elecSetlCertCode"),
        ({"certSetlType": "3"}, "certSetlType"),
        ({"setlId": ""}, "setlId"),
        ({"insuplcAdmdvs": ""}, "insuplcAdmdvs"),
    ],
)
def test_a_receipt_that_breaks_the_tables_is_refused_at_once(settled, changes, named):
    hospital, person, setlinfo = settled
    row = receipt(person, setlinfo, "0000000001", **changes)
    assert named in hospital.error("4901", batch(hospital, [row]))


def test_a_batch_number_is_used_once_and_a_resend_is_recognised(settled):
    hospital, person, setlinfo = settled
    asked = batch(hospital, [receipt(person, setlinfo, "0000000001")])
    number = hospital.msgid()
    for _ in range(2):
        hospital.ok("4901", asked, msgid=number)
    assert BATCH in hospital.error("4901", asked)
    assert len(results(hospital)) == 1


def test_a_red_receipt_needs_a_reversed_settlement_and_marks_the_blue_one(settled):
    hospital, person, setlinfo = settled
    blue = receipt(person, setlinfo, "0000000001")
    hospital.ok("4901", batch(hospital, [blue]))
    names = {"initElecSetlCertCode": "99060126", "initElecSetlCertNo": "0000000001"}
    negative = {name: -blue[name] for name in ("medfeeSumamt", "inscpAmt", "hifpPay")}
    red = receipt(person, setlinfo, "0000000002", extFld=json.dumps(names), **negative)
    early = batch(hospital, [red], upldBchno="2026030200002")
    hospital.ok("4901", early)
    assert "未撤销" in results(hospital, "2026030200002")[0]["savFaleRea"]
    hospital.undo(person, setlinfo)
    again = [red | {**names, "initElecSetlCertNo": "0000000002", "initUpldWay": "1",
                    "rea": "撤销后重传", "certCodeNoErrFlag": "0"}]  # fmt: skip
    mended = batch(hospital, again, upldBchno="2026030200003")
    mended["reUploadDetlDTOList"] = mended.pop("upldDetlList")
    hospital.ok("4905", mended)
    assert results(hospital, "2026030200003")[0]["chkRslt"] == "1"
    asked = {
        "fixmedinsCode": hospital.code,
        "fixmedinsName": hospital.name,
        "elecSetlCertCode": "99060126",
        "elecSetlCertNo": "0000000001",
        "elecSetlCertChkcode": "a1b2c3",
        "elecSetlCertType": "1",
    }
    assert hospital.ok("5501", asked)["rhredFlag"] == "1"
    assert "未查询到" in hospital.error("5501", asked | {"elecSetlCertNo": "0000000009"})
    assert "未查询到" in hospital.error("5501", asked | {"elecSetlCertChkcode": "wrong"})


def listed(person, setlinfo, **changes):
    head = {
        "psn_no": person["psn_no"],
        "mdtrt_id": setlinfo["mdtrt_id"],
        "setl_id": setlinfo["setl_id"],
        "biz_sn": setlinfo["medins_setl_id"],
        "ntly": "CHN",
        "prfs": "24",
        "dscg_caty": "A03",
        "bill_code": "99060126",
        "bill_no": "0000000001",
        "setl_begn_date": "2026-03-02",
        "setl_end_date": "2026-03-02",
        "medins_fill_dept": "医保办",
        "medins_fill_psn": "示例",
    }
    paid = [{"fund_pay_type": "310102", "fund_payamt": float(setlinfo["fund_pay_sumamt"])}]
    return {"setlinfo": head | changes, "payinfo": paid}


def test_a_list_is_replaced_until_it_is_submitted(settled):
    hospital, person, setlinfo = settled
    first = hospital.ok("4101", listed(person, setlinfo))["data"]["setl_list_id"]
    second = hospital.ok("4101", listed(person, setlinfo, prfs="11"))["data"]["setl_list_id"]
    assert first == second
    asked = {"data": {"setl_id": setlinfo["setl_id"], "psn_no": person["psn_no"]}}
    shown = hospital.ok("4103", asked)
    assert shown["setlinfo"]["prfs"] == "11"
    assert sum(row["item_sumamt"] for row in shown["iteminfo"]) == setlinfo["medfee_sumamt"]
    asked["data"]["stas_type"] = "1"
    hospital.ok("4102", asked)
    assert "已提交" in hospital.error("4101", listed(person, setlinfo))


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"setl_id": "unknown"}, "setl_id"),
        ({"mdtrt_id": "unknown"}, "mdtrt_id"),
        ({"biz_sn": "unknown"}, "biz_sn"),
        ({"prfs": "99999"}, "prfs"),
        ({"ntly": ""}, "ntly"),
    ],
)
def test_a_list_unlike_the_books_is_refused_by_field(settled, changes, named):
    hospital, person, setlinfo = settled
    assert named in hospital.error("4101", listed(person, setlinfo, **changes))


def test_a_list_of_what_was_undone_or_paid_otherwise_is_refused(settled):
    hospital, person, setlinfo = settled
    wrong = listed(person, setlinfo)
    wrong["payinfo"][0]["fund_payamt"] += 1
    assert "payinfo" in hospital.error("4101", wrong)
    hospital.undo(person, setlinfo)
    assert "已撤销" in hospital.error("4101", listed(person, setlinfo))


def test_quality_control_and_counts_know_the_months_lists(settled):
    hospital, person, setlinfo = settled
    asked = {"data": {"setl_ym": "202603", "page_num": 1, "page_size": 10}}
    span = {"stt_begntime": "2026-03-02 00:00:00", "stt_endtime": "2026-03-02 23:59:59"}
    counting = {"data": {"fixmedins_code": hospital.code, "medtype_list": ["11"], **span}}
    assert hospital.ok("4105", counting) == {"needUploadCnt": 1, "uploadedCnt": 0}
    assert hospital.ok("4104", asked)["data"] == []
    hospital.ok("4101", listed(person, setlinfo))
    (row,) = hospital.ok("4104", asked)["data"]
    assert (row["qltctrl_rslt"], row["retn_flag"]) == ("1", "0")
    assert [one["exam_data_fld"] for one in row["detailinfo"]] == ["bill_no"]
    assert hospital.ok("4105", counting)["uploadedCnt"] == 1


def self_paid(*rows):
    fields = {
        "mdtrt_sn": "V9",
        "ipt_otp_no": "V9",
        "med_type": "11",
        "chrg_bchno": "1",
        "psn_cert_type": "01",
        "certno": "990100199001011234",
        "psn_name": "示例甲",
        "fee_ocur_time": "2026-03-02 10:00:00",
        "med_list_codg": "A1",
        "medins_list_codg": "L-A1",
        "medins_list_name": "示例项目",
        "med_chrgitm_type": "05",
        "prodname": "示例项目",
        "bilg_dept_codg": "A03",
        "bilg_dept_name": "内科",
        "bilg_dr_codg": "D1",
        "bilg_dr_name": "示例医生",
    }
    return {
        "feedetail": [
            fields | {"feedetl_sn": number, "cnt": cnt, "pric": pric, "det_item_fee_sumamt": yuan}
            for number, cnt, pric, yuan in rows
        ]
    }


def test_self_payers_lines_are_taken_once_and_must_multiply(hospital):
    hospital.ok("4201", self_paid(("1", 2, 30.25, 60.5), ("2", 1, 9.5, 9.5)))
    assert "已上传" in hospital.error("4201", self_paid(("2", 1, 9.5, 9.5)))
    assert "det_item_fee_sumamt" in hospital.error("4201", self_paid(("3", 2, 1.0, 1.5)))
    kept = hospital.insurer.control(f"uploads?fixmedins_code={hospital.code}", method="GET")
    assert kept["self_paid"] == {"visits": 1, "lines": 2, "amount_fen": 7000}
