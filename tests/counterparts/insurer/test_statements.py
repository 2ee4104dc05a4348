"""Matching: totals (3201), details (9101, 3202, 9102), and injected differences."""

import io
import zipfile

import pytest

LINES = [(1, "A1", 2, 30.25, 60.5), (2, "B1", 1, 100.0, 100.0)]
SETL_ID, RESULT, FLAG, MEMO = 2, 4, 5, 6


@pytest.fixture
def settled(hospital, persons):
    """Return the setlinfo of two settlements of the day."""
    _, one = hospital.whole_visit(persons.settled_in, "V1", LINES)
    _, two = hospital.whole_visit(persons.employee, "V2", LINES)
    return one, two


def totals(hospital, speak, rows, **changes):
    data = {
        "insutype": "310",
        "clr_type": "11",
        "setl_optins": speak.area,
        "stmt_begndate": hospital.day,
        "stmt_enddate": hospital.day,
        "medfee_sumamt": float(sum(row["medfee_sumamt"] for row in rows)),
        "fund_pay_sumamt": float(sum(row["fund_pay_sumamt"] for row in rows)),
        "acct_pay": float(sum(row["acct_pay"] for row in rows)),
        "fixmedins_setl_cnt": len(rows),
        "fixmedins_refd_setl_flag": "0",
        **changes,
    }
    return hospital.ok("3201", {"data": data})["stmtinfo"]


def test_equal_totals_balance(hospital, settled, speak):
    assert totals(hospital, speak, settled)["stmt_rslt"] == "0"


@pytest.mark.parametrize("changes", [
    {"medfee_sumamt": 320.99}, {"fixmedins_setl_cnt": 3}, {"insutype": "390"},
    {"clr_type": "13"}, {"stmt_begndate": "2026-03-01", "stmt_enddate": "2026-03-01"},
])  # fmt: skip
def test_unequal_totals_do_not_balance(hospital, settled, speak, changes):
    told = totals(hospital, speak, settled, **changes)
    assert told["stmt_rslt"] == "1"
    assert "中心" in told["stmt_rslt_dscr"]


@pytest.mark.parametrize(("dialect", "codes"), [
    ("hunan", ("0", "1", "1", "1")),
    ("four", ("0", "1", "2", "3")),
    ("long", ("000000", "000101", "000102", "000103")),
])  # fmt: skip
def test_the_verdict_on_totals_is_told_in_the_insurers_dialect(
    hospital, settled, speak, dialect, codes
):
    hospital.insurer.control("switches", {"stmt_rslt": dialect})
    asked = [
        totals(hospital, speak, settled),
        totals(hospital, speak, settled[:1]),
        totals(hospital, speak, [*settled, settled[0]]),
        totals(hospital, speak, settled, medfee_sumamt=1.0),
    ]
    hospital.insurer.control("switches", {"stmt_rslt": "hunan"})
    assert tuple(told["stmt_rslt"] for told in asked) == codes
    words = ("平", "中心多", "医药机构多", "数据不一致")
    assert [told["stmt_rslt_dscr"].split("：")[0] for told in asked] == [*words]


def test_what_is_undone_next_month_is_positive_in_one_and_negative_in_the_other(
    hospital, settled, persons, speak
):
    one, two = settled
    data = {name: one[name] for name in ("setl_id", "mdtrt_id", "psn_no")}
    assert data["psn_no"] == persons.settled_in["psn_no"]
    hospital.ok("2208", {"data": data}, inf_time="2026-04-01 09:00:00")
    march = {"stmt_begndate": "2026-03-01", "stmt_enddate": "2026-03-31"}
    assert totals(hospital, speak, [one, two], **march)["stmt_rslt"] == "0"
    april = {"stmt_begndate": "2026-04-01", "stmt_enddate": "2026-04-30"}
    negative = {
        name: -float(one[name]) for name in ("medfee_sumamt", "fund_pay_sumamt", "acct_pay")
    }
    assert totals(hospital, speak, [one], **april, **negative)["stmt_rslt"] == "0"


def test_a_range_includes_its_last_second(hospital, settled, persons, speak):
    mdtrt_id, results = hospital.visit(persons.settled_in, "V3", LINES)
    at = f"{hospital.day} 23:59:59"
    late = hospital.settle(persons.settled_in, mdtrt_id, "1", results, inf_time=at)
    assert totals(hospital, speak, [*settled, late])["stmt_rslt"] == "0"


def test_equal_details_are_all_listed_as_equal(hospital, settled, speak):
    result = hospital.match([speak.row_of(one) for one in settled])
    assert [(row[SETL_ID], row[RESULT]) for row in result] == [
        (one["setl_id"], "0") for one in settled
    ]
    assert result[0] == [
        settled[0]["psn_no"], settled[0]["mdtrt_id"], settled[0]["setl_id"],
        settled[0]["medins_setl_id"], "0", "0", "null", "160.50", "114.38", "46.12",
    ]  # fmt: skip


def test_an_undone_settlement_is_a_positive_and_a_negative_row(hospital, settled, persons, speak):
    one, two = settled
    hospital.undo(persons.settled_in, one)
    rows = [speak.row_of(one), speak.row_of(two), speak.row_of(one, negative=True)]
    result = hospital.match(rows)
    assert [(row[SETL_ID], row[FLAG], row[RESULT]) for row in result] == [
        (one["setl_id"], "0", "0"), (two["setl_id"], "0", "0"), (one["setl_id"], "1", "0"),
    ]  # fmt: skip
    assert totals(hospital, speak, [two], fixmedins_setl_cnt=3)["stmt_rslt"] == "0"


def test_a_reversed_message_leaves_both_rows_too(hospital, settled, speak):
    one, two = settled
    reverse = {"psn_no": one["psn_no"], "omsgid": one["medins_setl_id"], "oinfno": "2207"}
    hospital.ok("2601", {"data": reverse})
    result = hospital.match([speak.row_of(two)])
    unmatched = [row for row in result if row[RESULT] == "1"]
    assert [(row[SETL_ID], row[FLAG]) for row in unmatched] == [
        (one["setl_id"], "0"), (one["setl_id"], "1"),
    ]  # fmt: skip
    assert all(row[MEMO].startswith("中心多") for row in unmatched)


def test_differences_of_either_side_are_told_apart(hospital, settled, speak):
    one, two = settled
    wrong = [*speak.row_of(two)[:3], "1.00", "0.00", "0.00", "0"]
    unknown = ["S404", "M404", "P404", "5.00", "0.00", "0.00", "0"]
    result = {row[SETL_ID]: row for row in hospital.match([wrong, unknown])}
    assert result[one["setl_id"]][MEMO].startswith("中心多")
    assert result[two["setl_id"]][MEMO].startswith("数据不一致")
    assert result["S404"][MEMO].startswith("医药机构多")
    assert {row[RESULT] for row in result.values()} == {"1"}


def test_injected_differences_show_in_statements_and_not_in_the_books(hospital, settled, speak):
    one, two = settled
    control = hospital.insurer.control
    before = control("books", method="GET")
    control("tamper", {"setl_id": one["setl_id"], "action": "omit"})
    control("tamper", {"setl_id": two["setl_id"], "action": "amount", "delta_fen": -100})
    extra = control(
        "tamper",
        {
            "action": "extra",
            "fixmedins_code": speak.code,
            "setl_time": f"{hospital.day} 12:00:00",
            "medfee_fen": 1234,
            "fund_fen": 1000,
            "acct_fen": 0,
        },
    )
    rows = [speak.row_of(each) for each in settled]
    result = {row[SETL_ID]: row for row in hospital.match(rows)}
    assert result[one["setl_id"]][MEMO].startswith("医药机构多")
    assert result[two["setl_id"]][MEMO].startswith("数据不一致")
    assert result[extra["setl_id"]][MEMO].startswith("中心多")
    assert result[extra["setl_id"]][7:] == ["12.34", "10.00", "0.00"]
    assert totals(hospital, speak, settled)["stmt_rslt"] == "1"
    assert control("books", method="GET") == before
    control("tamper", method="DELETE")
    assert {row[RESULT] for row in hospital.match(rows)} == {"0"}


@pytest.mark.parametrize("row", [
    ["S1", "M1", "P1", "5.00", "0.00", "0.00"],
    ["S1", "M1", "P1", "five", "0.00", "0.00", "0"],
    ["S1", "M1", "P1", "5.001", "0.00", "0.00", "0"],
    ["S1", "M1", "P1", "5.00", "0.00", "0.00", "7"],
])  # fmt: skip
def test_a_wrong_file_is_refused_with_its_line(hospital, speak, row):
    good = ["S0", "M1", "P1", "0.00", "0.00", "0.00", "0"]
    uploaded = hospital.send_file([good, row])["output"]
    input_ = speak.statement(hospital.day, [good, good], uploaded["file_qury_no"])
    assert "第2行" in hospital.error("3202", input_)


def test_the_files_totals_must_be_those_of_the_message(hospital, settled, speak):
    rows = [speak.row_of(one) for one in settled]
    uploaded = hospital.send_file(rows)["output"]
    input_ = speak.statement(hospital.day, rows[:1], uploaded["file_qury_no"])
    assert "medfee_sumamt" in hospital.error("3202", input_)


def test_what_is_no_zip_is_refused(hospital, speak):
    body = hospital.envelope(
        "9101", {"fsUploadIn": {"filename": "a", "fixmedins_code": speak.code}}
    )
    assert "file" in hospital.post("9101", body).json()["err_msg"]


def test_a_file_is_its_institutions_own(hospital, settled, speak):
    rows = [speak.row_of(one) for one in settled]
    number = hospital.send_file(rows)["output"]["file_qury_no"]
    wanted = {"file_qury_no": number, "filename": "other.zip", "fixmedins_code": "plc"}
    assert "不存在" in hospital.error("9102", {"fsDownloadIn": wanted})


@pytest.mark.usefixtures("settled")
def test_the_books_of_a_day_have_their_totals(hospital):
    books = hospital.insurer.control(f"books?date={hospital.day}", method="GET")
    assert [row["ipt_otp_no"] for row in books["settlements"]] == ["V1", "V2"]
    assert books["totals"]["medfee_fen"] == 32_100
    other_day = hospital.insurer.control("books?date=2026-03-03", method="GET")
    assert other_day["totals"]["count"] == 0


def test_the_page_shows_the_books(hospital, settled):
    page = hospital.insurer.client.get("/").text
    assert "示范市第一人民医院" in page
    assert settled[0]["setl_id"] in page
    assert "¥321.00" in hospital.insurer.client.get("/?view=clearing").text


@pytest.mark.parametrize(("path", "message"), [
    ("institutions", [{"fixmedins_code": "H1"}]),
    ("persons", {"psn_no": "1"}),
    ("persons", [{"psn_no": "1", "certno": "2", "psn_name": "x", "gend": "7"}]),
    ("catalogue", [{"national_code": "X", "class": "04"}]),
    ("tamper", {"setl_id": "404", "action": "omit"}),
    ("tamper", {"action": "extra"}),
    ("faults", {"rules": [{"match": {"colour": "red"}, "fault": "refuse"}]}),
    ("faults", {"rules": [{"fault": "explode"}]}),
    ("clock", {"now": "2026-03-02T10:00:00"}),
    ("latency", {"ms": -1}),
])  # fmt: skip
def test_the_switchboard_refuses_what_it_cannot_follow(insurer, path, message):
    answer = insurer.client.post(f"/_control/{path}", json=message)
    assert answer.status_code == 400
    assert answer.json()["message"]


ROW = "S1\tM1\tP1\t5.00\t0.00\t0.00\t0\n"
NO_FILES = {
    "cut off": lambda zipped: zipped(ROW.encode())[:-20],
    "a page of HTML": lambda _: b"<html><body>502</body></html>",
    "GBK": lambda zipped: zipped("明细\t".encode("gbk") + ROW.encode()),
    "two files": lambda zipped: zipped(ROW.encode(), ROW.encode()),
    "a column missing": lambda zipped: zipped(ROW.replace("\tP1", "").encode()),
    "a row twice": lambda zipped: zipped((ROW * 2).encode()),
    "nothing for a number": lambda zipped: zipped(ROW.replace("S1", "null").encode()),
}


def zip_of(*texts):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for place, text in enumerate(texts):
            archive.writestr(f"{place}.txt", text)
    return packed.getvalue()


@pytest.mark.parametrize("what", NO_FILES)
def test_a_file_that_is_none_is_refused_when_it_is_compared(hospital, speak, what):
    content = NO_FILES[what](zip_of)
    number = hospital.send_content(content)["output"]["file_qury_no"]
    rows = [ROW.rstrip().split("\t")]
    assert "明细文件" in hospital.error("3202", speak.statement(hospital.day, rows, number))


def test_a_result_is_kept_thirty_days(hospital, settled, speak):
    number = hospital.send_file([speak.row_of(one) for one in settled])["output"]
    wanted = {name: number[name] for name in ("file_qury_no", "filename")}
    input_ = {"fsDownloadIn": {**wanted, "fixmedins_code": "plc"}}
    assert "截止" in hospital.error("9102", input_, inf_time="2026-04-02 00:00:00")
