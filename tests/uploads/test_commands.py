"""The console's part: upload what ended, list what is refused or lacks something."""

import json

import pytest
from click.testing import CliRunner

from tests.settlement.conftest import NOW
from yifu import postgres
from yifu.commands import insurer_uploads as commands


@pytest.fixture
def run(settings, monkeypatch, tmp_path):
    """Run a command where the world outside is not simulated, nor any site running."""
    settings.YIFU_SIMULATION = False
    monkeypatch.setattr(postgres, "HOME", tmp_path)

    def command(which, *arguments):
        done = CliRunner().invoke(which, [*arguments, "--json"])
        return done.exit_code, json.loads(done.stdout)

    return command


DATE = ("--date", NOW.date().isoformat())


def test_receipts_are_uploaded_and_refused_ones_listed_with_the_reason(day, run):
    day.receipt(day.settled())
    day.world.insurer.fault("refuse", infno="4901", times=1)
    code, report = run(commands.receipts, *DATE)
    assert code == 1
    (refused,) = report["refused"]
    assert "模拟拒绝" in refused["reason"]


def test_everything_is_uploaded_and_counted(day, run):
    day.receipt(day.settled())
    day.settled(insured=False)
    code, report = run(commands.uploads, *DATE)
    (institution,) = report["institutions"].values()
    assert code == 0
    assert institution["states"]["receipts"] == {"uploaded": 1}
    assert institution["states"]["self_paid"] == {"accepted": 1}


def test_a_silent_insurer_ends_the_command_with_one(day, run):
    day.receipt(day.settled())
    day.world.insurer.fault("drop_answer", infno="4901", times=1)
    code, report = run(commands.uploads, *DATE)
    assert code == 1
    assert report["institutions"]["H99010000001"]["stopped"] == ["receipts"]


def test_lists_that_lack_something_name_it_and_where_it_is_filled_in(day, run):
    day.settled()
    run(commands.uploads, *DATE)
    code, report = run(commands.incomplete)
    (row,) = report["lists"]
    assert code == 0
    assert row["missing"]["prfs"] == "registration"


def test_a_receipts_standing_is_asked_by_its_number(day, run):
    receipt = day.receipt(day.settled())
    run(commands.uploads, *DATE)
    code, report = run(commands.receipt, receipt.number)
    assert (code, report["cancelled"]) == (0, False)
    done = CliRunner().invoke(commands.receipt, ["no such number"])
    assert done.exit_code == 1
    assert "no such number" in done.output
