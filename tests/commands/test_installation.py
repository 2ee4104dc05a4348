"""What must stand before a command can run."""

import json
import os
import signal
import subprocess
import sys

import click
import pytest

from yifu import postgres
from yifu.commands import installation
from yifu.commands.signals import ends_on_signal


@pytest.fixture
def dead_pid():
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        pass
    return process.pid


def test_who_was_killed_no_longer_holds_the_embedded_server(tmp_path, monkeypatch, dead_pid):
    monkeypatch.setattr(postgres, "HOME", tmp_path)
    (tmp_path / "pg").mkdir()
    holders = tmp_path / "pg" / ".handle_pids.json"
    holders.write_text(json.dumps([dead_pid, os.getpid()]))
    installation._forget_the_dead()
    assert json.loads(holders.read_text()) == [os.getpid()]


def test_a_database_that_does_not_answer_is_one_line(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    with pytest.raises(click.ClickException, match="does not answer"):
        installation.prepare(simulation=False, database=True)


def test_an_installation_seeded_as_a_demonstration_stays_one(tmp_path, monkeypatch):
    monkeypatch.setattr(postgres, "HOME", tmp_path)
    monkeypatch.delenv("YIFU_SIMULATION", raising=False)
    installation.prepare(simulation=False, database=False)
    assert "YIFU_SIMULATION" not in os.environ
    (tmp_path / "keys.json").write_text("{}")
    installation.prepare(simulation=False, database=False)
    assert os.environ["YIFU_SIMULATION"] == "1"
    monkeypatch.delenv("YIFU_SIMULATION")


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_a_command_in_order(sent):
    undone = []

    @ends_on_signal()
    def command():
        try:
            os.kill(os.getpid(), sent)
            signal.pause()
        finally:
            undone.append(True)

    with pytest.raises(SystemExit) as ended:
        command()
    assert ended.value.code == 128 + sent
    assert undone
    assert signal.getsignal(sent) == signal.SIG_DFL


def test_the_embedded_server_is_set_up_once_before_it_starts(tmp_path):
    script = (
        "import psycopg\nfrom yifu import postgres\n"
        "with psycopg.connect(postgres.ensure()) as server:\n"
        "    for name in ('max_wal_size', 'wal_buffers', 'fsync', 'synchronous_commit'):\n"
        "        print(*server.execute(f'SHOW {name}').fetchone())\n"
    )
    home = tmp_path / "home"
    env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", script],
            env=env | {"YIFU_HOME": str(home)},
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        assert done.stdout.split() == ["4GB", "64MB", "on", "on"]
    written = (home / "pg" / "postgresql.conf").read_text()
    assert written.count("# yifu") == 1
