"""Children of a command: started, waited for, and ended with it."""

import os
import signal
import socket
import subprocess
import sys
import time

import psutil
import pytest

from yifu.commands import processes
from yifu.commands.processes import (
    ChildFailedError,
    Children,
    answers_on,
    free_port,
    memory_mb,
    said_in_log,
    wait_until,
)

SERVER = "http.server"


@pytest.fixture
def children(tmp_path):
    with Children(log_folder=tmp_path / "log") as family:
        yield family


def script(tmp_path, text):
    """A module that can be started with `-m` from the working folder's path."""
    folder = tmp_path / "modules"
    folder.mkdir(exist_ok=True)
    (folder / "child_of_test.py").write_text(text)
    return {"PYTHONPATH": str(folder)}, ["child_of_test"]


def gone(pid, within_s=10.0):
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.02)
    return False


def test_a_child_that_listens_is_waited_for_and_ends_with_the_block(tmp_path):
    port = free_port()
    with Children(log_folder=tmp_path) as family:
        child = family.start("web", [SERVER, str(port), "--bind", "127.0.0.1"])
        assert wait_until(child, answers_on(port)) == f"http://127.0.0.1:{port}" == child.said
        assert child.process.poll() is None
    assert child.died
    assert answers_on(port)() is None
    assert family.running == []


def test_what_a_child_says_is_read_from_its_log_once_the_line_is_whole(children, tmp_path):
    children.environment, argv = script(
        tmp_path,
        "import sys, time\n"
        "print('listening on ', end=''); time.sleep(0.3); print('http://x')\n"
        "time.sleep(60)\n",
    )
    child = children.start("talker", argv)
    assert wait_until(child, said_in_log(child, "listening on ")) == "http://x"


def test_a_child_that_ends_at_once_is_reported_with_its_last_words(children, tmp_path):
    children.environment, argv = script(tmp_path, "raise SystemExit('no database')")
    child = children.start("worker", argv)
    with pytest.raises(ChildFailedError, match=r"(?s)worker ended at once.*no database"):
        wait_until(child, said_in_log(child, "ready"))


def test_a_child_that_is_never_ready_is_reported(children, tmp_path):
    children.environment, argv = script(tmp_path, "import time; time.sleep(60)")
    child = children.start("worker", argv)
    with pytest.raises(ChildFailedError, match="not ready"):
        wait_until(child, said_in_log(child, "ready"), within_s=0.2)


def test_a_child_that_ignores_politeness_is_ended_by_force(children, tmp_path):
    children.environment, argv = script(
        tmp_path,
        "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "print('deaf')\ntime.sleep(60)\n",
    )
    child = children.start("deaf", argv)
    wait_until(child, said_in_log(child, "deaf"))
    children.end(patience_s=0.2)
    assert child.process.returncode == -signal.SIGKILL


def test_grandchildren_end_with_their_parent(children, tmp_path):
    children.environment, argv = script(
        tmp_path,
        "import subprocess, sys, time\n"
        "deaf = 'import signal as s, time; s.signal(s.SIGTERM, s.SIG_IGN); time.sleep(60)'\n"
        "print('child', subprocess.Popen([sys.executable, '-c', deaf]).pid)\n"
        "time.sleep(60)\n",
    )
    child = children.start("parent", argv)
    grandchild = int(wait_until(child, said_in_log(child, "child ")))
    children.end(patience_s=1)
    assert gone(grandchild)


def test_only_the_named_children_are_ended(children, tmp_path):
    children.environment, argv = script(tmp_path, "import time; time.sleep(60)")
    first, second = children.start("first", argv), children.start("second", argv)
    children.end("first")
    assert first.died
    assert not second.died
    assert children.running == [second]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children for their parent")
def test_nobody_is_orphaned_when_the_command_is_killed(tmp_path):
    environment, argv = script(
        tmp_path,
        "import time\nprint('alive'); time.sleep(60)\n",
    )
    command = f"""
import os, time
from pathlib import Path
from yifu.commands.processes import Children, said_in_log, wait_until
family = Children(log_folder=Path({str(tmp_path)!r}))
child = family.start("orphan", {argv!r})
wait_until(child, said_in_log(child, "alive"))
print(child.process.pid, flush=True)
time.sleep(60)
"""
    with subprocess.Popen(
        [sys.executable, "-c", command],
        stdout=subprocess.PIPE,
        env={**os.environ, **environment},
        text=True,
    ) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        parent.kill()
    assert gone(pid)


def test_a_port_that_is_taken_is_replaced_by_a_free_one():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert free_port(port) != port
    assert free_port(port) == port


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_memory_counts_a_process_with_its_descendants(children, tmp_path):
    children.environment, argv = script(
        tmp_path,
        "import subprocess, sys, time\n"
        "big = 'import time; x = bytearray(64 * 2**20); print(1, flush=True); time.sleep(60)'\n"
        "p = subprocess.Popen([sys.executable, '-c', big], stdout=subprocess.PIPE)\n"
        "p.stdout.readline(); print('big')\ntime.sleep(60)\n",
    )
    child = children.start("big", argv)
    wait_until(child, said_in_log(child, "big"))
    assert 64 < memory_mb([child.process.pid]) < 200
    assert memory_mb([2**22 + 1]) == 0.0


def test_a_worker_says_when_it_is_ready():
    assert processes.WORKER_READY
