"""Reading a hospital's own export: every line becomes a row or a reason."""

import csv
import io
import json
import re
import time
import tracemalloc
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifu.visits.export_text import FIELDS
from yifu.visits.exports import (
    BadRow,
    ChargeRow,
    Coded,
    UnreadableExport,
    group_visits,
    parse_export,
    read_visits,
)

CHINA = timezone(timedelta(hours=8))
SAMPLES = Path(__file__).parents[2] / "docs" / "samples"
MAN = "990101198501011232"
WOMAN = "99010120000229002X"
GOOD = {
    "visit": "MZ1",
    "person": MAN,
    "diagnosis": "J06 急性上呼吸道感染",
    "department": "A03.01 呼吸内科",
    "doctor": "D001 李振华",
    "national_code": "001102000010000",
    "local_code": "FW0001",
    "name": "普通门诊诊查费",
    "quantity": "2",
    "unit_price": "15.00",
    "amount": "30.00",
    "time": "2026-03-02 09:15:00",
}
CHINESE_HEADER = [
    *("就诊号", "身份证号", "诊断", "科室", "医生", "国家医保编码", "院内编码", "项目名称"),
    *("数量", "单价(元)", "金额（元）", "收费时间"),
]


def csv_text(*rows, header=None, delimiter=",", end="\n"):
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator=end)
    writer.writerow(GOOD if header is None else header)
    writer.writerows({**GOOD, **row}.values() for row in rows)
    return buffer.getvalue()


def parse(content):
    data = content if isinstance(content, bytes) else content.encode()
    return list(parse_export(io.BytesIO(data)))


def one(**changes):
    found = parse(csv_text(changes))
    assert len(found) == 1
    return found[0]


def code_of(**changes):
    row = one(**changes)
    assert isinstance(row, BadRow), row
    assert row.zh
    assert row.en
    return row.code


def reason(content):
    with pytest.raises(UnreadableExport) as caught:
        parse(content)
    return caught.value.facts["reason"]


# --- good rows


def test_a_row_becomes_values_in_fen():
    assert one() == ChargeRow(
        line=2,
        visit="MZ1",
        person=MAN,
        person_name="",
        phone="",
        diagnoses=(Coded("J06", "急性上呼吸道感染"),),
        department=Coded("A03.01", "呼吸内科"),
        doctor=Coded("D001", "李振华"),
        national_code="001102000010000",
        local_code="FW0001",
        name="普通门诊诊查费",
        quantity=Decimal(2),
        unit_price_fen=Decimal(1500),
        amount_fen=3000,
        occurred_at=datetime(2026, 3, 2, 9, 15, tzinfo=CHINA),
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_encodings_line_ends_and_delimiters_are_found_out(encoding, end, delimiter):
    text = csv_text({}, {"visit": "MZ2"}, header=CHINESE_HEADER, delimiter=delimiter, end=end)
    first, second = parse(text.encode(encoding))
    assert first == one()
    assert (second.visit, second.line) == ("MZ2", 3)


def test_json_lines_say_the_same_as_csv():
    values = {**GOOD, "quantity": 2, "unit_price": 15.0, "amount": 30}
    assert parse(json.dumps(values, ensure_ascii=False)) == [one_at_line_1()]
    chinese = dict(zip(CHINESE_HEADER, GOOD.values(), strict=True))
    assert parse(json.dumps(chinese, ensure_ascii=False).encode("gb18030")) == [one_at_line_1()]


def one_at_line_1():
    row = one()
    return type(row)(**{name: getattr(row, name) for name in row.__slots__} | {"line": 1})


def test_the_last_line_needs_no_line_end_and_blank_lines_are_passed():
    rows = parse(csv_text({}).replace("\n", "\n\n  \n", 1) + "\n\n" + csv_text({}).split("\n")[1])
    assert [row.line for row in rows] == [4, 7]


def test_quoted_cells_hold_delimiters_and_quotes():
    assert one(name='片,剂 "甲"').name == '片,剂 "甲"'


def test_columns_stand_in_any_order_and_unknown_ones_are_passed():
    names = ["备注", *reversed(GOOD)]
    cells = ["随意", *reversed(GOOD.values())]
    (row,) = parse(",".join(names) + "\n" + ",".join(cells))
    assert row == one()


def test_names_may_have_columns_of_their_own():
    extra = {
        "diagnosis_name": "上感",
        "department_name": "呼吸",
        "doctor_name": "李",
        "phone": "15400000001",
    }
    values = {**GOOD, "diagnosis": "J06", "department": "A03.01", "doctor": "D001", **extra}
    (row,) = parse(",".join(values) + "\n" + ",".join(values.values()))
    assert row.diagnoses == (Coded("J06", "上感"),)
    assert (row.department, row.doctor) == (Coded("A03.01", "呼吸"), Coded("D001", "李"))
    assert row.phone == "15400000001"


def test_a_name_alone_is_also_the_code():
    values = {key: value for key, value in GOOD.items() if key not in {"department", "doctor"}}
    values |= {"科室名称": "急诊科", "医生": "王医生"}
    (row,) = parse(",".join(values) + "\n" + ",".join(values.values()))
    assert (row.department, row.doctor) == (Coded("急诊科", "急诊科"), Coded("王医生", "王医生"))


def test_patient_is_the_number_or_beside_a_number_the_name():
    header = ["患者" if name == "person" else name for name in GOOD]
    assert parse(csv_text({}, header=header)) == [one()]
    both = {**GOOD, "患者": "王建平"}
    (row,) = parse(",".join(both) + "\n" + ",".join(both.values()))
    assert (row.person, row.person_name) == (MAN, "王建平")


@pytest.mark.parametrize(
    ("text", "diagnoses"),
    [
        ("J06", (("J06", "J06"),)),
        ("j06.900x003 上感", (("J06.900X003", "上感"),)),
        ("J06|上感;I10：高血压", (("J06", "上感"), ("I10", "高血压"))),
    ],
)
def test_ways_of_writing_diagnoses(text, diagnoses):
    assert one(diagnosis=text).diagnoses == tuple(Coded(*pair) for pair in diagnoses)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-03-02 09:15", datetime(2026, 3, 2, 9, 15, tzinfo=CHINA)),
        ("2026/3/2 9:15:07", datetime(2026, 3, 2, 9, 15, 7, tzinfo=CHINA)),
        ("20260302091507", datetime(2026, 3, 2, 9, 15, 7, tzinfo=CHINA)),
        ("2026-03-02T01:15:00Z", datetime(2026, 3, 2, 9, 15, tzinfo=CHINA)),
        ("2026-03-02T09:15:00.123+08:00", datetime(2026, 3, 2, 9, 15, tzinfo=CHINA)),
        ("2026-03-01T20:15:00-0500", datetime(2026, 3, 2, 9, 15, tzinfo=CHINA)),
    ],
)
def test_ways_of_writing_times(text, at):
    row = one(time=text)
    assert row.occurred_at == at
    assert row.occurred_at.utcoffset() == timedelta(hours=8)


@pytest.mark.parametrize(
    ("quantity", "unit_price", "amount", "fen"),
    [
        ("0.5", "0.01", "0.01", 1),
        ("3", "0.333333", "1.00", 100),
        ("1.0000", "12.5", "12.500", 1250),
        ("10", "0", "-0", 0),
    ],
)
def test_ways_of_writing_numbers(quantity, unit_price, amount, fen):
    assert one(quantity=quantity, unit_price=unit_price, amount=amount).amount_fen == fen


@given(
    quantity=st.decimals(min_value="0.0001", max_value=9999, places=4),
    price=st.decimals(min_value=0, max_value=99999, places=6),
    name=st.text(
        st.characters(codec="gb18030", exclude_categories=["C", "Z"]), min_size=1, max_size=40
    ),
    encoding=st.sampled_from(["utf-8", "gb18030"]),
)
def test_what_is_written_is_read_again(quantity, price, name, encoding):
    amount_fen = (quantity * price * 100 * 2 + 1) // 2
    row = {
        "name": name,
        "quantity": f"{quantity:f}",
        "unit_price": f"{price:f}",
        "amount": f"{amount_fen / 100:.2f}",
    }
    (found,) = parse(csv_text(row, header=CHINESE_HEADER).encode(encoding))
    assert isinstance(found, ChargeRow), found
    assert (found.quantity, found.unit_price_fen, found.amount_fen) == (
        quantity,
        price * 100,
        amount_fen,
    )
    assert found.name == name


# --- bad rows


@pytest.mark.parametrize("field", ["quantity", "unit_price", "amount"])
@pytest.mark.parametrize(
    "text",
    [
        "NaN",
        "Infinity",
        "1e5",
        "1E+2",
        "２",
        "1,000",
        "¥15",
        "0x10",
        "1_0",
        "1.",
        ".5",
        "+1",
        "一",
        "9" * 14,
    ],
)
def test_what_is_no_plain_number_is_refused(field, text):
    assert code_of(**{field: text}) == "bad_number"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"quantity": "-2"}, "negative"),
        ({"unit_price": "-15"}, "negative"),
        ({"amount": "-30.00"}, "negative"),
        ({"quantity": "0", "amount": "0"}, "quantity_out_of_range"),
        ({"quantity": "1.00001"}, "quantity_out_of_range"),
        ({"unit_price": "15.0000001"}, "unit_price_out_of_range"),
        ({"amount": "30.001"}, "not_whole_fen"),
        ({"amount": "30.01"}, "amount_mismatch"),
        (
            {"unit_price": "9999999999999", "quantity": "9", "amount": "1"},
            "unit_price_out_of_range",
        ),
        ({"person": MAN[:-1] + "3"}, "false_identity_number"),
        ({"person": "9.90101E+17"}, "false_identity_number"),
        ({"visit": ""}, "missing_value"),
        ({"local_code": " \u3000"}, "missing_value"),
        ({"person": ""}, "missing_value"),
        ({"department": ""}, "missing_value"),
        ({"visit": "9" * 31}, "too_long"),
        ({"name": "药" * 201}, "too_long"),
        ({"doctor": "D" * 31}, "too_long"),
        ({"name": "药\x00品"}, "bad_text"),
        ({"name": "药\x1b[31m"}, "bad_text"),
        ({"national_code": "００１"}, "bad_code"),
        ({"national_code": "a'; drop"}, "bad_code"),
        ({"diagnosis": "感冒"}, "bad_diagnosis"),
        ({"diagnosis": "J06 上感;"}, "bad_diagnosis"),
        ({"time": "2026-03-02"}, "bad_time"),
        ({"time": "2026-02-30 09:00:00"}, "bad_time"),
        ({"time": "2026-03-02 25:00:00"}, "bad_time"),
        ({"time": "2026-03-02 09:00:00+99:00"}, "bad_time"),
        ({"time": "1926-03-02 09:00:00"}, "bad_time"),
        ({"time": "02.03.2026 09:00"}, "bad_time"),
        ({"time": "46083.4"}, "bad_time"),
    ],
)
def test_bad_values_are_named(changes, code):
    assert code_of(**changes) == code


def test_reasons_never_repeat_who_somebody_is():
    number = MAN[:-1] + "3"
    rows = parse(csv_text({"person": number}, {"quantity": "x"}))
    assert all(number not in row.zh + row.en and MAN not in row.zh + row.en for row in rows)


def test_a_bad_phone_is_named():
    values = {**GOOD, "phone": "call me"}
    (row,) = parse(",".join(values) + "\n" + ",".join(values.values()))
    assert row.code == "bad_phone"


def test_a_bad_row_says_its_line_and_visit_and_the_rest_goes_on():
    rows = parse(csv_text({}, {"visit": "MZ7", "amount": "1"}, {"visit": "MZ8"}))
    assert [(row.line, type(row).__name__, row.visit) for row in rows] == [
        (2, "ChargeRow", "MZ1"),
        (3, "BadRow", "MZ7"),
        (4, "ChargeRow", "MZ8"),
    ]


def test_wrong_quotes_and_columns_spoil_only_their_line():
    header, good = csv_text({}).splitlines()
    broken = good.replace("普通门诊诊查费", '"普通门诊诊查费')
    rows = parse("\n".join([header, broken, good, good + ",x", good.rsplit(",", 1)[0], good]))
    assert [getattr(row, "code", "") for row in rows] == [
        *("bad_quotes", "", "wrong_columns", "wrong_columns", ""),
    ]


def test_a_line_in_another_encoding_spoils_only_itself():
    header, good = csv_text({}).splitlines()
    lines = [header.encode(), good.encode(), good.encode("gb18030"), good.encode()]
    assert [getattr(row, "code", "") for row in parse(b"\n".join(lines))] == [
        "",
        "bad_encoding",
        "",
    ]


def test_an_endless_line_spoils_only_itself():
    header, good = csv_text({}).splitlines()
    rows = parse("\n".join([header, good, "x" * 300_000, good, good + "y" * 70_000]))
    assert [(row.line, getattr(row, "code", "")) for row in rows] == [
        *((2, ""), (3, "line_too_long"), (4, ""), (5, "line_too_long")),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[1]",
        '"text"',
        "[" * 50_000,
        '{"visit": true}',
        '{"visit": ["MZ1"]}',
        '{"visit": {"no": 1}}',
        '{"visit": "MZ1", "就诊号": "MZ2"}',
        '{"visit": "MZ1"} {"visit": "MZ2"}',
    ],
)
def test_bad_json_spoils_only_its_line(line):
    good = json.dumps(GOOD)
    rows = parse(f"{good}\n{line}\n{good}")
    assert [getattr(row, "code", "") for row in rows] == ["", "bad_json", ""]


@pytest.mark.parametrize("value", ["NaN", "1e5", "-Infinity"])
def test_json_numbers_obey_the_same_rules(value):
    text = json.dumps(GOOD).replace('"quantity": "2"', f'"quantity": {value}')
    (row,) = parse(text)
    assert row.code == "bad_number"


def test_json_rows_name_what_is_missing():
    values = {key: value for key, value in GOOD.items() if key != "time"}
    (row,) = parse(json.dumps({**values, "time": None}))
    assert (row.code, row.visit) == ("missing_value", "MZ1")


@given(st.binary(max_size=300))
def test_any_bytes_become_rows_or_one_refusal(data):
    try:
        rows = parse(csv_text({}).encode() + data)
    except UnreadableExport:
        return
    lines = [line for line in data.split(b"\n") if line.strip(b"\r")]
    assert len(rows) <= 1 + len(lines)
    assert isinstance(rows[0], ChargeRow)


# --- files that are none


@pytest.mark.parametrize("content", ["", "\n\n", "\ufeff", csv_text()])
def test_no_rows_is_no_export(content):
    assert reason(content) == "empty"


def test_the_header_must_name_every_needed_column():
    header = [name for name in GOOD if name not in {"person", "time"}]
    with pytest.raises(UnreadableExport) as caught:
        parse(csv_text({}, header=header))
    assert caught.value.facts["columns"] == "person, time"
    assert "person, time" in caught.value.detail("zh")


def test_a_column_may_not_appear_twice():
    assert reason(csv_text({}, header=[*GOOD, "就诊号"])) == "columns_repeated"


@pytest.mark.parametrize("content", ["随便\n1\n", '"visit\n1\n', "\x00\n", csv_text({}, end="\r")])
def test_a_header_of_something_else_is_refused(content):
    assert reason(content) == "header"


def test_utf_16_is_refused():
    assert reason(csv_text({}).encode("utf-16")) == "encoding"


# --- visits


def rows_of(*changes):
    rows = parse(csv_text(*changes))
    assert all(isinstance(row, ChargeRow) for row in rows)
    return rows


def test_rows_of_a_visit_come_together_in_the_order_of_the_file():
    rows = rows_of(
        {"visit": "B", "time": "2026-03-02 10:00:00", "local_code": "1"},
        {"visit": "A", "time": "2026-03-02 09:00:00", "local_code": "2"},
        {"visit": "B", "time": "2026-03-02 09:30:00", "local_code": "3"},
    )
    (first, second), bad = group_visits(rows)
    assert bad == ()
    assert (first.visit_no, second.visit_no) == ("A", "B")
    assert [(one.line_no, one.local_code) for one in second.charges] == [(1, "1"), (2, "3")]
    assert second.lines == (2, 4)
    assert (second.began_at.hour, second.began_at.minute) == (9, 30)
    assert second.ended_at.hour == 10


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"person": WOMAN}, "person"),
        ({"diagnosis": "I10 高血压"}, "diagnosis"),
        ({"department": "A07 儿科"}, "department"),
        ({"doctor": "D002 顾佩芬"}, "doctor"),
    ],
)
def test_a_visit_whose_rows_disagree_is_bad_with_its_lines(change, word):
    rows = rows_of({}, {"visit": "OK"}, change)
    (good,), (bad,) = group_visits(rows)
    assert good.visit_no == "OK"
    assert (bad.visit, bad.lines, bad.code) == ("MZ1", (2, 4), "rows_disagree")
    assert word in bad.en


def test_a_name_given_once_is_enough_and_two_names_are_too_many():
    header = [*GOOD, "姓名"]
    lines = [",".join([*GOOD.values(), name]) for name in ("", "王建平", "")]
    (visit,), bad = group_visits(parse("\n".join([",".join(header), *lines])))
    assert (visit.person_name, bad) == ("王建平", ())
    lines.append(",".join([*GOOD.values(), "李四"]))
    visits, (bad_visit,) = group_visits(parse("\n".join([",".join(header), *lines])))
    assert visits == ()
    assert bad_visit.lines == (2, 3, 4, 5)


# --- the documented samples, and size


def test_the_sample_has_good_visits_and_one_bad_row_of_each_kind():
    export = read_visits(SAMPLES / "charges.csv")
    assert len(export.visits) == 19
    assert [row.code for row in export.bad_rows] == [
        *("false_identity_number", "amount_mismatch", "bad_number"),
        *("missing_value", "bad_time", "wrong_columns"),
    ]
    assert [visit.code for visit in export.bad_visits] == ["rows_disagree"]
    lines = (SAMPLES / "charges.csv").read_text(encoding="utf-8").splitlines()
    counted = sum(len(visit.lines) for visit in export.visits)
    counted += sum(len(visit.lines) for visit in export.bad_visits)
    assert counted + len(export.bad_rows) == len(lines) - 1
    assert all(visit.person.startswith("99") for visit in export.visits)


def test_the_json_sample_has_the_same_visits():
    by_number = {visit.visit_no: visit for visit in read_visits(SAMPLES / "charges.csv").visits}
    export = read_visits(SAMPLES / "charges.jsonl")
    assert len(export.visits) == 3
    assert [row.code for row in export.bad_rows] == ["negative"]
    for visit in export.visits:
        assert visit.charges == by_number[visit.visit_no].charges


class Endless(io.BytesIO):
    """A file of so many rows that is never in memory."""

    def __init__(self, rows):
        super().__init__()
        self.header, self.row = (line.encode() + b"\n" for line in csv_text({}).splitlines())
        self.left = rows

    def read(self, size=-1):
        if self.header:
            header, self.header = self.header, b""
            return header
        count = min(self.left, size // len(self.row))
        self.left -= count
        return self.row * count


def test_two_hundred_thousand_rows_take_little_memory_and_time():
    began = time.monotonic()
    assert sum(isinstance(row, ChargeRow) for row in parse_export(Endless(200_000))) == 200_000
    assert time.monotonic() - began < 60
    tracemalloc.start()
    try:
        for _ in parse_export(Endless(5_000)):
            pass
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak_bytes < 2_000_000


def test_the_document_names_every_column_alias_and_reason():
    text = (SAMPLES.parent / "import-format.md").read_text(encoding="utf-8")
    assert [field for field in set(FIELDS.values()) if f"`{field}`" not in text] == []
    chinese = [alias for alias in FIELDS if not alias.isascii()]
    assert [alias for alias in chinese if alias not in text.lower()] == []
    source = "".join(
        (SAMPLES.parents[1] / "yifu" / "visits" / name).read_text(encoding="utf-8")
        for name in ("exports.py", "export_text.py", "export_values.py")
    )
    codes = set(re.findall(r'(?:_Fault|Bad)\(\s*"(\w+)"', source)) | {"rows_disagree"}
    assert len(codes) > 12
    assert [code for code in codes if f"`{code}`" not in text] == []
