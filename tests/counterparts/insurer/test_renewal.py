"""A file of the books that an older insurer wrote is carried over to the tables of today."""

import sqlite3
from dataclasses import replace

import pytest

from counterparts.insurer.books import Books

OLDER = """
CREATE TABLE persons (
    psn_no TEXT PRIMARY KEY, psn_cert_type TEXT NOT NULL, certno TEXT NOT NULL,
    psn_name TEXT NOT NULL, gend TEXT NOT NULL, naty TEXT NOT NULL, brdy TEXT NOT NULL,
    psn_type TEXT NOT NULL, insutype TEXT NOT NULL, psn_insu_stas TEXT NOT NULL,
    cvlserv_flag TEXT NOT NULL, insuplc_admdvs TEXT NOT NULL, emp_name TEXT NOT NULL,
    psn_idet_types TEXT NOT NULL, balc_fen INTEGER NOT NULL CHECK (balc_fen >= 0)
) STRICT, WITHOUT ROWID;
CREATE TABLE fee_lines (
    mdtrt_id TEXT NOT NULL, feedetl_sn INTEGER NOT NULL, chrg_bchno TEXT NOT NULL,
    med_list_codg TEXT NOT NULL, medins_list_codg TEXT NOT NULL, cnt TEXT NOT NULL,
    pric TEXT NOT NULL, amount_fen INTEGER NOT NULL CHECK (amount_fen >= 0),
    fulamt_ownpay_fen INTEGER NOT NULL, overlmt_fen INTEGER NOT NULL,
    preselfpay_fen INTEGER NOT NULL, inscp_scp_fen INTEGER NOT NULL,
    setl_id TEXT NOT NULL DEFAULT '', PRIMARY KEY (mdtrt_id, feedetl_sn)
) STRICT, WITHOUT ROWID;
CREATE INDEX settlements_mdtrt_id ON fee_lines (setl_id);
CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE given_up (anything TEXT);
INSERT INTO persons VALUES ('P1', '01', 'C1', '示例', '1', '1', '1988-03-12', '11', '310', '1',
                            '0', '990100', '', '', 700);
INSERT INTO fee_lines VALUES ('M1', 1, '1', 'A1', 'L1', '1', '1', 100, 0, 0, 0, 100, '');
INSERT INTO counters VALUES ('visits', 41);
INSERT INTO given_up VALUES ('x');
"""


@pytest.fixture
def older(tmp_path):
    path = tmp_path / "insurer.sqlite3"
    db = sqlite3.connect(path)
    db.executescript(OLDER)
    db.close()
    return path


def test_rows_are_kept_and_new_columns_take_their_defaults(older):
    books = Books(older)
    person = books.person("P1")
    assert person is not None
    assert (person.balc_fen, person.current_fen, person.psn_name) == (700, 0, "示例")
    (line,) = books.lines("M1")
    assert (line.amount_fen, line.init_feedetl_sn) == (100, 0)
    assert books.counted("visits") == 42
    books.close()


def test_the_rules_of_today_hold_for_what_comes_later(older):
    books = Books(older)
    (line,) = books.lines("M1")
    refund = replace(line, feedetl_sn=2, amount_fen=-100, inscp_scp_fen=-100, init_feedetl_sn=1)
    books.add_lines([refund])
    nobodys = replace(refund, feedetl_sn=3, init_feedetl_sn=0)
    with pytest.raises(sqlite3.IntegrityError):
        books.add_lines([nobodys])
    assert [one.feedetl_sn for one in books.lines("M1")] == [1, 2]
    books.close()


def test_what_is_no_longer_kept_is_gone_and_a_second_start_changes_nothing(older):
    Books(older).close()
    books = Books(older)
    tables = {row[0] for row in books.db.execute("SELECT name FROM sqlite_master")}
    assert "given_up" not in tables
    assert not any(name.startswith("old_") for name in tables)
    assert books.person("P1") is not None
    books.close()
