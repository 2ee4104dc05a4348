"""A receipt's printed form is a PDF that a reader can take apart, with everything in it."""

import re
import zlib
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import builders
from yifu.receipts import pdf
from yifu.receipts.rendering import Print, render
from yifu.receipts.rules import ReceiptContent, ReceiptLine


def content(number=1):
    lines = tuple(
        ReceiptLine("A1", f"血常规{place}", "04", Decimal("1.5"), "次", 10000 // number)
        for place in range(number)
    )
    return ReceiptContent(
        settlement_id=1,
        institution_id=1,
        person_id=1,
        visit_id=1,
        payer_name="示例甲",
        department="内科",
        visit_no="V1",
        happened_at=builders.NOW,
        total_fen=sum(line.amount_fen for line in lines),
        fund_fen=0,
        account_fen=0,
        personal_fen=sum(line.amount_fen for line in lines),
        insutype="",
        balanced_number="",
        lines=lines,
    )


def printed(**changes):
    fields: dict[str, Any] = {
        "institution_name": "示范市医院",
        "code": "99060126",
        "number": "0000000001",
        "check_code": "a1b2c3",
        "issued_on": date(2026, 3, 2),
    }
    return Print(**fields | changes)


def texts(file):
    """Every text of a PDF, page by page, read by its own cross-reference table."""
    (said,) = re.findall(rb"startxref\n(\d+)\n%%EOF\n$", file)
    table = int(said)
    assert file[table:].startswith(b"xref")
    places = [int(place) for place in re.findall(rb"(\d{10}) 00000 n ", file[table:])]
    for number, place in enumerate(places, start=1):
        assert file[place:].startswith(b"%d 0 obj\n" % number)
    pages = []
    for size, start in [
        (int(found[1]), found.end())
        for found in re.finditer(rb"/Length (\d+) /Filter /FlateDecode >>\nstream\n", file)
    ]:
        shown = zlib.decompress(file[start : start + size]).decode()
        pages.append(
            [bytes.fromhex(one).decode("utf-16-be") for one in re.findall(r"<([0-9A-F]*)>", shown)]
        )
    return pages


def test_a_receipt_prints_its_numbers_amounts_and_lines():
    (page,) = texts(render(content(), printed()))
    assert "票据代码：99060126" in page
    assert "票据号码：0000000001" in page
    assert "交款人：示例甲" in page
    assert page.count("100.00") == 3  # the line, the total, the patient's part
    assert "血常规0" in page


def test_a_red_receipt_names_the_one_it_cancels_and_is_negative():
    (page,) = texts(render(content(), printed(red_of=("99060126", "0000000009"))))
    assert "原票据号码：0000000009" in page
    assert "-100.00" in page


def test_many_lines_take_more_pages_and_none_is_lost():
    pages = texts(render(content(200), printed()))
    assert len(pages) > 1
    everything = [text for page in pages for text in page]
    assert {f"血常规{place}" for place in range(200)} <= set(everything)


def test_the_same_receipt_gives_the_same_bytes():
    assert render(content(), printed()) == render(content(), printed())


@given(st.lists(st.text(min_size=1, max_size=20), min_size=1, max_size=5))
def test_any_text_survives(rows):
    shown = [row.encode("utf-16-be", "ignore").decode("utf-16-be") for row in rows]
    file = pdf.write([[pdf.Text(50, 50, 10, text) for text in shown]])
    assert texts(file) == [shown]


def test_a_file_needs_a_page():
    with pytest.raises(ValueError, match="page"):
        pdf.write([])
