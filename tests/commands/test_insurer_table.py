"""The table of all transactions is made of the sources, and the document has what they say now."""

import json
import re
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from yifu.commands import coverage, insurer_tables
from yifu.commands.coverage import Coverage
from yifu.commands.insurer import insurer
from yifu.insurance.fields import transactions

DOCUMENT = coverage.ROOT / "docs" / "insurer.md"


@pytest.fixture(scope="module")
def measured():
    return {row.infno: row for row in coverage.measure()}


def test_every_transaction_has_its_row(measured):
    assert set(measured) == set(transactions())
    assert len(measured) == 191
    assert all(row.answered in {"meaning", "plausible"} for row in measured.values())


def test_what_the_platform_speaks_is_found_where_it_is_built(measured):
    assert any(one.startswith("insurance/") for one in measured["2201"].builders)
    for infno in ("1101", "2204", "2207", "2208", "2601", "3202", "5203", "9001"):
        assert measured[infno].builders, infno
        assert measured[infno].answered == "meaning"
        assert measured[infno].tests > 0
    assert measured["3605"].builders == ()
    assert all(row.typed for row in measured.values())
    assert measured["3605"].answered == "plausible"


def test_the_document_has_what_the_command_writes(measured):
    document = DOCUMENT.read_text(encoding="utf-8")
    assert insurer_tables.written_into(document, list(measured.values())) == document, (
        "run: yifu insurer table --write docs/insurer.md"
    )


def test_only_the_part_between_the_marks_is_written(tmp_path):
    path = tmp_path / "page.md"
    path.write_text(f"before\n{insurer_tables.BEGIN}\nnot this\n{insurer_tables.END}\nafter\n")
    done = CliRunner().invoke(insurer, ["table", "--write", str(path), "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["changed"]
    text = path.read_text()
    assert text.startswith("before\n")
    assert text.endswith("\nafter\n")
    assert "not this" not in text
    assert len(re.findall(r"^\| \w{4,5} \|", text, re.MULTILINE)) == 191


def test_a_document_without_a_place_for_it_is_refused():
    row = Coverage("2207", "门诊结算", "Settle", True, (), "meaning", 1, swept=False)
    with pytest.raises(click.ClickException, match="no lines"):
        insurer_tables.written_into("nothing here", [row])


@pytest.mark.parametrize(
    ("source", "built"),
    [
        ('Envelope("2204", "x", {})', {"2204"}),
        ('send(infno="2207")', {"2207"}),
        ('PAY = "6202"', {"6202"}),
        ('TABLE = {"2304": build}', {"2304"}),
        ('if infno == "2207": pass', set()),
        ('rows.filter(infno="2207")', set()),
        ('"2207"\nx = 2207', set()),
        ('send("0000")', set()),
    ],
)
def test_a_number_that_is_handed_on_counts_and_one_that_is_compared_does_not(source, built):
    import ast

    assert set(coverage._built(ast.parse(source))) == built


def test_a_test_counts_when_it_names_a_number_and_comes_to_a_socket(tmp_path, monkeypatch):
    (tmp_path / "conftest.py").write_text(
        "import pytest\n"
        "@pytest.fixture\ndef desk():\n    with running_counterpart('insurer') as one:\n"
        "        yield Desk(one)\n"
        "class Desk:\n    def settle(self):\n        return self.say('2207')\n"
        "    def unused(self):\n        return self.say('2208')\n"
    )
    (tmp_path / "test_it.py").write_text(
        "def test_over_a_socket(desk):\n    desk.settle()\n    desk.say('2204')\n"
        "def test_alone():\n    assert build('2304')\n"
    )
    monkeypatch.setattr(coverage, "_TESTS", Path(tmp_path))
    counted, swept = coverage._exercised()
    assert dict(counted) == {"2207": 1, "2204": 1}
    assert not swept
