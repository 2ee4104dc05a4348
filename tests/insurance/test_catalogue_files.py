"""A catalogue's file and pages, pure: what is written is read, and what is unfit is named."""

import io
import zipfile
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifu.catalogue import listing
from yifu.insurance import catalogue_files, catalogue_pages
from yifu.insurance.catalogue_files import Reader, layout_of, read_layout
from yifu.insurance.files import UnreadableFile

AREA = "990100"
CODE = st.text("ABCXZ0123456789", min_size=1, max_size=20)
NAME = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=40).filter(
    lambda text: text != "null"
)
SMALL = layout_of("1320", AREA)


def packed(text):
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr("c.txt", text if isinstance(text, bytes) else text.encode())
    return archive.getvalue()


def line(code="C1", name="示例", *, valid="1", version="v0002"):
    return f"{code}\t{name}\tnull\t次\t{valid}\t{version}\n"


def read(content, *, after="v0001", expected=None):
    reader = Reader("1320", SMALL, after, expected)
    items = list(reader.items(content))
    return items, reader.version


@given(st.dictionaries(CODE, st.tuples(NAME, st.booleans()), max_size=20))
def test_every_catalogue_can_be_read_back(entries):
    text = "".join(
        line(code, name, valid="1" if valid else "0") for code, (name, valid) in entries.items()
    )
    items, version = read(packed(text), expected=len(entries))
    assert {item[1]: (item[2], item[9]) for item in items} == entries
    assert version == ("v0002" if entries else "")


@given(st.permutations(["v0002", "v0003", "v0004"]))
def test_of_a_code_in_several_versions_the_latest_counts(order):
    text = "".join(line(name=version, version=version) for version in order)
    items, version = read(packed(text), expected=3)
    assert [(item[2], item[-1]) for item in items] == [("v0004", "v0004")]
    assert version == "v0004"


def test_values_of_a_drug_stand_where_the_specification_names_them():
    cells = ["null"] * 97
    places = {1: "X1", 4: "示例药", 10: "片剂", 14: "10mg", 54: "示例制药", 57: "限二线"}
    for place, value in (places | {58: "1", 79: "0", 83: "v0009"}).items():
        cells[place - 1] = value
    reader = Reader("1301", layout_of("1301", AREA), "", 1)
    (item,) = reader.items(packed("\t".join(cells) + "\n"))
    assert item == (
        "1301", "X1", "示例药", "片剂", "10mg", "", "示例制药", "限二线", True, False, "v0009",
    )  # fmt: skip


GOOD = packed(line() + line("C2"))
CUT = GOOD[:-30]
UNFIT = {
    "cut off": (CUT, "no zip"),
    "a page of HTML": (b"<html><body>502 Bad Gateway</body></html>", "no zip"),
    "GBK": (packed(line().encode("gbk")), "no zip of one UTF-8 table"),
    "nothing": (b"", "no zip"),
    "a column too many": (packed("x\t" + line()), "line 1: 7 columns, not 6"),
    "a column too few": (packed(line() + "C2\t示例\n"), "line 2: 2 columns, not 6"),
    "no code": (packed(line("null")), "line 1: code required"),
    "no name": (packed(line(name="null")), "line 1: name required"),
    "no version": (packed(line(version="null")), "line 1: version required"),
    "too long a code": (packed(line("C" * 51)), "line 1: code length"),
    "a flag that is none": (packed(line(valid="Y")), "line 1: valid is no flag"),
    "a code twice": (packed(line() + line()), "line 2: C1 stands twice in v0002"),
    "an older version": (packed(line(version="v0000")), "line 1: version v0000 after v0001"),
    "a zero character": (packed(line(name="a\0b")), "line 1: name length"),
}


@pytest.mark.parametrize("what", UNFIT)
def test_an_unfit_file_is_named_by_line_and_reason(what):
    content, reason = UNFIT[what]
    with pytest.raises(UnreadableFile, match=reason):
        read(content)


@pytest.mark.parametrize("expected", [0, 1, 3])
def test_a_file_has_as_many_rows_as_announced(expected):
    assert len(read(GOOD, expected=2)[0]) == 2
    with pytest.raises(UnreadableFile, match=f"2 rows, announced were {expected}"):
        read(GOOD, expected=expected)


@given(st.integers(0, len(GOOD) - 1))
def test_a_file_that_is_cut_anywhere_is_refused_whole(at):
    with pytest.raises(UnreadableFile):
        read(GOOD[:at])


def test_an_area_may_have_another_layout():
    text = """
        [default.other]
        columns = 3
        code = 1
        name = 2
        version = 3
        [areas.990200.1301]
        columns = 5
        code = 5
        name = 1
        version = 2
        [areas.990300.1301]
        columns = 2
        code = 1
        name = 2
        version = 3
    """
    assert read_layout(text, infno="1301", area="990100").columns == 3
    assert read_layout(text, infno="1301", area="990200").places["code"] == 4
    with pytest.raises(ValueError, match="1301"):
        read_layout(text, infno="1301", area="990300")


def test_every_layout_that_is_shipped_can_be_read():
    for infno in ("1301", "1305", "1307", "1320"):
        assert catalogue_files.layout_of(infno, AREA).columns in {97, 19, 24, 6}


def cap(**changes):
    return {
        "hilist_code": "X1",
        "hilist_lmtpric_type": "3",
        "overlmt_dspo_way": "1",
        "begndate": "2026-01-01",
        "hilist_pric_uplmt_amt": Decimal("12.345678"),
        "vali_flag": "1",
        "updt_time": "2026-02-03 10:00:00",
        **changes,
    }


def share(**changes):
    one = cap(selfpay_prop_psn_type="310", selfpay_prop_type="10", selfpay_prop=Decimal("0.15"))
    return one | changes


def test_a_cap_is_kept_in_fen_and_a_page_knows_its_latest_change():
    rows, latest = catalogue_pages.read_page(
        catalogue_pages.PAGED["1318"], [cap(), cap(hilist_code="X2", updt_time="2026-01-09")]
    )
    columns = listing.CAPS.columns
    first = dict(zip(columns, rows[0], strict=True))
    assert (first["code"], first["level"], first["cap_fen"]) == ("X1", "3", Decimal("1234.5678"))
    assert (first["ends_on"], first["valid"], latest) == (None, True, "2026-02-03")
    assert catalogue_pages.read_page(catalogue_pages.PAGED["1318"], []) == ([], "")


def test_a_row_that_is_repeated_word_for_word_is_one_row():
    rows, _ = catalogue_pages.read_page(catalogue_pages.PAGED["1318"], [cap(), cap()])
    assert len(rows) == 1


@pytest.mark.parametrize(
    ("infno", "row", "reason"),
    [
        ("1318", cap(hilist_pric_uplmt_amt=-1), "row 2: hilist_pric_uplmt_amt is out of range"),
        ("1318", cap(hilist_code="X2", begndate="2026-13-01"), "row 2: begndate is no date"),
        ("1318", cap(enddate="2025-12-31"), "row 2: enddate before begndate"),
        ("1318", cap(hilist_pric_uplmt_amt=1), "row 2: X1 stands twice"),
        ("1319", share(selfpay_prop="1.5"), "row 2: selfpay_prop is out of range"),
        ("1319", share(selfpay_prop="a half"), "row 2"),
        ("1319", share(selfpay_prop=Decimal("NaN")), "row 2"),
    ],
)
def test_a_row_that_cannot_be_is_named(infno, row, reason):
    good = cap() if infno == "1318" else share()
    with pytest.raises(UnreadableFile, match=reason):
        catalogue_pages.read_page(catalogue_pages.PAGED[infno], [good, row])
