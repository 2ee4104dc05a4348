"""The real program: a day from one command, a death on the way, a hospital's own export."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psutil
import psycopg
import pytest

ROOT = Path(__file__).parents[2]
YIFU = [sys.executable, "-m", "yifu.cli"]
COMPARED = (
    *("visits", "settled", "total_fen", "fund_fen", "account_fen", "personal_fen"),
    *("on_credit_fen", "debited_fen", "cash_fen", "refunded_fen", "returned_fen", "owed_fen"),
    *("receipts", "red_receipts", "recovered", "overdue", "night"),
)
DAY = "2026-03-02"
_BY_ONE_CODE = """
SELECT count(*), sum(personal_fen) FROM settlement_settlement
WHERE method = 'onecode' AND state = 'completed'
"""
_AT_THE_CENTRE = """
SELECT sum(movement.amount_fen) FROM ledger_movement movement
JOIN ledger_account account ON account.id = movement.debit_id
WHERE account.code = 'channel:insurer-centre'
"""
_ORDERS = "SELECT count(*), count(*) FILTER (WHERE ord_stas = '6') FROM insurance_payorder"

pytestmark = [pytest.mark.acceptance, pytest.mark.timeout(300)]


@contextmanager
def own_database(name):
    """A new database beside the tests' own, dropped afterwards; gives its URL."""
    admin = os.environ["DATABASE_URL"]
    parts = urlsplit(admin)
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield urlunsplit(parts._replace(path=f"/{name}"))
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def installation(tmp_path_factory):
    """An installation of its own: the environment its commands run in."""
    home = tmp_path_factory.mktemp("yifu")
    with own_database(f"yifu_day_{os.getpid()}") as url:
        yield {**os.environ, "YIFU_HOME": str(home), "DATABASE_URL": url}
        assert not left_over(home)


def left_over(home):
    """Processes of the installation that are still there."""
    return [
        process.info["cmdline"]
        for process in psutil.process_iter(["cmdline", "environ"])
        if (process.info["environ"] or {}).get("YIFU_HOME") == str(home)
    ]


@dataclass
class Done:
    """A command that has ended, and its report."""

    returncode: int
    stderr: str
    report: Any


def run(installation, *argv):
    """Run a command to its end; its report is parsed if it is JSON."""
    done = subprocess.run(
        [*YIFU, *argv],
        cwd=ROOT,
        env=installation,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    report = json.loads(done.stdout) if "--json" in argv and done.stdout else None
    return Done(done.returncode, done.stderr, report)


def played(installation, *argv):
    done = run(installation, "day", "--date", DAY, "--json", *argv)
    assert done.returncode == 0, (done.stderr, done.report and done.report["problems"])
    return done.report


@pytest.fixture(scope="module")
def first_day(installation):
    return played(installation, "--visits", "40", "--seed", "7", "--one-code", "4")


def test_a_day_settles_itself_to_the_fen(first_day):
    assert first_day["visits"] == 40
    assert first_day["settled"] == 39  # one is reversed whole
    parts = ("fund_fen", "account_fen", "personal_fen", "hospital_fen")
    assert first_day["total_fen"] == sum(first_day[part] for part in parts)
    assert first_day["ledger"]["balanced"]
    assert first_day["problems"] == []


def test_everything_that_must_happen_on_a_day_happened(first_day):
    assert first_day["recovered"] == 3  # a lost answer, a lost request, a late answer
    assert first_day["overdue"] >= 1
    assert first_day["refunded_fen"] > 0
    assert first_day["red_receipts"] == first_day["reversed"] == 4
    assert first_day["receipts"] - first_day["red_receipts"] == first_day["settled"]
    for figure in ("fund_fen", "account_fen", "on_credit_fen", "debited_fen", "cash_fen"):
        assert first_day[figure] > 0
    assert first_day["night"]["failed"] > 0
    assert first_day["night"]["debited"] > 0


def test_visits_of_one_code_are_among_them(installation, first_day):
    assert first_day["hospital"]["one_code"] == 4
    with psycopg.connect(installation["DATABASE_URL"]) as connection:
        paid = connection.execute(_BY_ONE_CODE).fetchone()
        assert paid is not None
        assert paid[0] == 4
        assert connection.execute(_AT_THE_CENTRE).fetchone() == paid[1:]
        assert connection.execute(_ORDERS).fetchone() == (4, 4)


def test_exactly_the_differences_put_in_were_found(first_day):
    counted = {name: first_day["differences"][name] for name in ("injected", "found")}
    assert counted == {"injected": 4, "found": 4}
    assert first_day["differences"]["unexplained"] == 0


def test_web_and_worker_are_small(first_day):
    assert set(first_day["memory_mb"]) == {"web", "worker"}
    assert 0 < sum(first_day["memory_mb"].values()) < 400


def test_the_same_seed_gives_the_same_figures_on_the_same_database(installation, first_day):
    again = played(installation, "--visits", "40", "--seed", "7", "--one-code", "4")
    assert again["run"] == first_day["run"] + 1
    assert {name: again[name] for name in COMPARED} == {name: first_day[name] for name in COMPARED}


def test_a_hospitals_own_export_settles_and_bad_rows_are_listed(installation):
    report = played(installation, "--from", "docs/samples/charges.csv")
    assert report["settled"] == report["visits"] > 0
    assert report["dates"] == [DAY]
    lines = [row["line"] for row in report["rejected"]]
    assert lines == sorted(lines)
    assert lines
    assert all(row["code"] and row["reason"] for row in report["rejected"])


def test_a_file_that_is_no_export_is_refused_in_a_line(installation, tmp_path):
    file = tmp_path / "letter.csv"
    file.write_text("Dear Sirs,\nplease settle.\n")
    done = run(installation, "day", "--from", str(file))
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr


def test_the_books_survive_a_web_that_is_killed_in_the_middle_of_a_day(installation, first_day):
    site = Path(installation["YIFU_HOME"]) / "site.json"
    argv = ["day", "--date", DAY, "--visits", "60", "--seed", "8", "--json"]
    with subprocess.Popen(
        [*YIFU, *argv], cwd=ROOT, env=installation, stdout=subprocess.PIPE, text=True
    ) as day:
        kill_web_in_the_middle(site, day)
        stdout, _ = day.communicate(timeout=240)
    report = json.loads(stdout)
    assert report["web_restarts"] == 1
    assert report["run"] > first_day["run"]
    assert (day.returncode, report["problems"]) == (0, []), report["recovery"]
    assert report["under_way"] == 0
    assert report["ledger"]["balanced"]
    assert report["differences"]["unexplained"] == 0

    recovered = run(installation, "recover", "--json")
    assert (recovered.returncode, recovered.report["still_unknown"]) == (0, 0)
    verified = run(installation, "verify-ledger", "--json")
    assert (verified.returncode, verified.report["balanced"]) == (0, True)
    matched = run(installation, "reconcile", "--date", DAY, "--json")
    assert (matched.returncode, matched.report["open_differences"]) == (0, [])


def kill_web_in_the_middle(site, day):
    """Kill the server without warning once some visits of the day have been played."""
    log = site.parent / "log" / "hospital.log"
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and day.poll() is None:
        told = log.read_text() if site.exists() and log.exists() else ""
        if '"stage":"day","done":' in told and '"summary"' not in told:
            os.kill(json.loads(site.read_text())["web_pid"], signal.SIGKILL)
            return
        time.sleep(0.02)
    pytest.fail("the day never came to its middle")


def test_a_night_can_be_run_again_by_hand_and_debits_nothing_twice(installation, first_day):
    del first_day
    once, again = (run(installation, "nightly", "--date", DAY, "--json") for _ in range(2))
    assert (once.returncode, again.returncode) == (0, 0)
    assert once.report["areas"] == again.report["areas"]
