"""The interface's text files: what is written is read, and what is broken is named."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifu.insurance import fields, files
from yifu.insurance.files import StatementLine, UnreadableFile

NUMBER = st.text("0123456789", min_size=1, max_size=30)
AMOUNT = st.integers(-(10**12), 10**12)


def packed(text: str | bytes, *, members: int = 1) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as opened:
        for number in range(members):
            content = text if isinstance(text, bytes) else text.encode()
            opened.writestr(f"{number}.txt", content)
    return archive.getvalue()


def result(*cells: str) -> bytes:
    return packed("\t".join(cells) + "\n")


def read(content: bytes) -> list[tuple[str, ...]]:
    return list(files.read_rows("3202", "out", content))


ROW = ("P1", "M1", "S1", "MSG1", "0", "0", "null", "100.00", "60.00", "10.00")


def test_a_statement_is_one_line_per_settlement_without_a_heading():
    lines = [
        StatementLine("S1", "M1", "P1", total_fen=10000, fund_fen=6000, account_fen=1000),
        StatementLine("S1", "M1", "P1", -10000, -6000, -1000, refund=True),
    ]
    with zipfile.ZipFile(io.BytesIO(files.write_statement(lines, name="d.txt"))) as archive:
        assert archive.namelist() == ["d.txt"]
        assert archive.read("d.txt").decode().splitlines() == [
            "S1\tM1\tP1\t100.00\t60.00\t10.00\t0",
            "S1\tM1\tP1\t-100.00\t-60.00\t-10.00\t1",
        ]


@given(st.lists(st.builds(StatementLine, NUMBER, NUMBER, NUMBER, AMOUNT, AMOUNT, AMOUNT)))
def test_every_statement_can_be_read_back(lines):
    rows = files.read_table("3202", "in", files.write_statement(lines, name="d.txt"))
    assert [row["setl_id"] for row in rows] == [line.setl_id for line in lines]
    names = [column.name for column in fields.file_columns("3202", "in")]
    assert all(list(row) == names for row in rows)


def test_a_result_is_read_with_null_as_nothing():
    assert read(result(*ROW)) == [(*ROW[:6], "", *ROW[7:])]


def test_what_only_one_side_has_may_lack_amounts():
    row = ("P1", "null", "null", "MSG1", "000102", "1", "医药机构多", "null", "null", "null")
    assert read(result(*row)) == [("P1", "", "", *row[3:7], "", "", "")]


def test_a_heading_a_mark_and_windows_line_ends_are_passed_over():
    heading = "\t".join(column.name for column in fields.file_columns("3202", "out"))
    line = "\t".join(ROW)
    text = f"\ufeff{heading}\r\n{line}\r\n\r\n"
    assert len(read(packed(text))) == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no zip"),
        (b"PK\x03\x04 not really", "no zip"),
        (packed("x", members=2), "no zip"),
        (packed("余额".encode("gbk")), "no zip"),
        (result(*ROW, "one more"), "line 1: 11 columns"),
        (result(*ROW[:3]), "line 1: 3 columns"),
        (result("null", *ROW[1:]), "line 1: psn_no required"),
        (result(*ROW[:7], "100.001", *ROW[8:]), "line 1: medfee_sumamt decimals"),
        (result("P" * 31, *ROW[1:]), "line 1: psn_no length"),
    ],
)
def test_a_broken_file_is_named_by_line_and_column(content, said):
    with pytest.raises(UnreadableFile, match=said):
        read(content)


@given(st.binary(max_size=200), st.integers(0, 150))
def test_no_damage_makes_reading_fail_otherwise(noise, at):
    content = result(*ROW)
    try:
        read(content[:at] + noise + content[at + len(noise) :])
    except UnreadableFile:
        return


@pytest.mark.parametrize("value", ["a\tb", "a\nb", "a\rb"])
def test_a_value_that_would_break_a_line_is_not_written(value):
    with pytest.raises(ValueError, match="TAB"):
        files.write_statement([StatementLine(value, "M", "P", 1, 1, 0)], name="d.txt")
