"""The page that shows what the insurer has on its books."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from counterparts.insurer import views
from counterparts.insurer.books import Books
from counterparts.insurer.fields import code_tables

LINES = [(1, "A1", 1, 321.0, 321.0)]


class Table(HTMLParser):
    """The rows of a page's table."""

    def __init__(self, text):
        super().__init__()
        self.rows: list[list[str]] = []
        self._cell = False
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        del attributes
        if tag == "tr":
            self.rows.append([])
        elif tag in {"td", "th"}:
            self.rows[-1].append("")
            self._cell = True

    def handle_data(self, data):
        if self._cell:
            self.rows[-1][-1] += data

    def handle_endtag(self, tag):
        self._cell = self._cell and tag not in {"td", "th"}


@pytest.fixture
def show(hospital):
    """Read a view of the page; gives its rows without heads, and the text."""

    def read(view, **asked):
        answer = hospital.insurer.client.get("/", params={"view": view, **asked})
        assert answer.status_code == 200
        return Table(answer.text).rows[1:], answer.text

    return read


@pytest.fixture
def settled(hospital, persons):
    return hospital.whole_visit(persons.settled_in, "MZ1", LINES)


def test_institutions_are_shown_without_their_keys(show, hospital):
    rows, text = show("institutions")
    assert rows == [[hospital.code, hospital.name, code_tables()["hosp_lv"]["2"]]]
    assert hospital.keys["secret_key"] not in text
    assert hospital.keys["access_key"] not in text


def test_persons_have_their_insurance_balance_and_what_the_year_used(show, persons):
    rows, _ = show("persons")
    row = next(row for row in rows if row[0] == persons.settled_in["psn_no"])
    assert "职工基本医疗保险" in row[3]
    assert row[6:8] == ["¥100.00", "¥600.00"]


def test_a_settlement_and_its_negative_stand_side_by_side(show, hospital, persons, settled):
    hospital.undo(persons.settled_in, settled[1])
    rows, _ = show("settlements")
    assert [row[4] for row in rows] == ["门诊负结算", "门诊结算"]
    assert [row[5] for row in rows] == ["-¥321.00", "¥321.00"]
    clearing, _ = show("clearing")
    assert clearing[0][:2] == ["2026-03", "2026-03-02"]
    assert clearing[0][4:6] == ["2", "¥0.00"]


@pytest.mark.usefixtures("settled")
def test_what_is_shown_is_of_the_institution_and_day_asked_for(show, hospital):
    assert len(show("visits", code=hospital.code, day="2026-03-02")[0]) == 1
    for wrong in ({"code": "H99010000009"}, {"day": "2026-03-03"}):
        rows, text = show("visits", **wrong)
        assert rows == []
        assert "没有记录" in text
    assert len(show("settlements", day="tomorrow")[0]) == 1


def test_uploads_that_are_kept_are_listed(show, hospital, persons):
    row = {"mdtrt_sn": "V1", "psn_no": persons.retired["psn_no"], "vali_flag": "1"}
    hospital.ok("4503", {"data": [row]})
    rows, _ = show("kept")
    assert [(one[2], one[4], one[5]) for one in rows] == [
        ("细菌培养", persons.retired["psn_no"], "4503")
    ]


def test_messages_are_logged_with_the_fault_that_struck_them(show, hospital):
    hospital.insurer.fault("refuse", infno="3605")
    asked = {"data": {"setl_ym": "202603", "page_num": 1, "page_size": 10}}
    hospital.error("3605", asked)
    hospital.ok("3605", asked)
    rows, _ = show("messages", code=hospital.code)
    assert [row[2:3] + row[4:] for row in rows[:2]] == [
        ["3605 DRG分组结果查询", "成功", "—"],
        ["3605 DRG分组结果查询", "拒绝", "refuse"],
    ]
    assert show("messages", code="H99010000009")[0] == []


def test_many_rows_are_paged(show, hospital):
    people = [
        {
            "psn_no": f"88{number:04d}",
            "certno": f"88{number:04d}",
            "psn_name": f"<b>{number}",
            "gend": "1",
            "brdy": "1990-01-01",
            "psn_type": "11",
            "insutype": "310",
        }
        for number in range(views.PAGE + 2)
    ]
    hospital.insurer.control("persons", people)
    first, text = show("persons")
    assert len(first) == views.PAGE
    assert "第 1/2 页" in text
    assert "<b>" not in text
    assert first[0][1] == "<b>0"
    rest, text = show("persons", page=2)
    assert 0 < len(rest) < views.PAGE
    assert "下一页" not in text
    assert show("persons", page=99)[0] == []


def test_every_view_can_be_opened_and_what_no_view_shows_is_shown_as_it_is(show):
    _, text = show("settlements")
    links = set(re.findall(r"\?view=([a-z%A-Z0-9_]+)", text))
    assert {*views.VIEWS, "messages"} <= links
    for view in links:
        assert "共 " in show(view.replace("%3A", ":"))[1]


def test_a_table_that_nobody_knows_is_shown_without_secrets(tmp_path):
    books = Books(tmp_path / "books.sqlite3")
    books.db.execute("CREATE TABLE extra (seq INTEGER, secret_key TEXT, note TEXT, file BLOB)")
    books.db.execute("INSERT INTO extra VALUES (1, 'sk', 'hello', x'0011')")
    assert "extra" in views.other_tables(books.db)
    shown = views.table_view(books.db, "extra").read(books.db, views.Filter())
    assert (shown.heads, shown.rows) == (["seq", "note", "file"], [["1", "hello", "2"]])
    books.close()
