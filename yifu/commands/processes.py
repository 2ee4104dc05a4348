"""Children of a command: started, waited for, and ended with it.

Every child leads a process group of its own, so that Ctrl-C in a terminal reaches the command
alone, which then ends its children in the opposite order of their start. Should the command be
killed without a chance to do so, Linux ends them for it (`PR_SET_PDEATHSIG`). Nothing is restarted
silently: whoever started a child asks `Child.died`.
"""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import TracebackType
from typing import Self

WORKER_READY = "worker is ready"
"""What a worker prints once it takes jobs."""
_PR_SET_PDEATHSIG = 1
_POLL_S = 0.02
_ANSWERS_WITHIN_S = 30.0
_LOG_TAIL_CHARACTERS = 2_000


class ChildFailedError(RuntimeError):
    """A child ended, or did not become ready in time; the message ends with the tail of its log."""


def die_with_parent(sent: signal.Signals = signal.SIGKILL) -> None:
    """Ask Linux to send this process a signal when its parent ends; nothing elsewhere."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, sent)


def free_port(wanted: int = 0) -> int:
    """Give a port of loopback that nobody listens on: the wanted one if it is free."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            return free_port()
        return int(probe.getsockname()[1])


@dataclass(slots=True)
class Child:
    """One running child, its log, and what it said when it was ready (a URL, for servers)."""

    name: str
    argv: Sequence[str]
    process: subprocess.Popen[bytes]
    log: Path
    said: str = ""

    @property
    def died(self) -> bool:
        """Whether the process has ended."""
        return self.process.poll() is not None

    def log_tail(self) -> str:
        """Give the end of what it has written."""
        return self.log.read_text(errors="replace")[-_LOG_TAIL_CHARACTERS:]


@dataclass(slots=True)
class Children:
    """The children of one command; a context manager that ends them all."""

    log_folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    running: list[Child] = field(default_factory=list)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.end()

    def start(self, name: str, argv: Sequence[str]) -> Child:
        """Start a Python module with arguments; its output goes to `<name>.log`."""
        self.log_folder.mkdir(parents=True, exist_ok=True)
        log = self.log_folder / f"{name}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(  # noqa: S603 - our own modules with our own arguments
                [sys.executable, "-m", *argv],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, "PYTHONUNBUFFERED": "1", **self.environment},
                start_new_session=True,
                # The child is single-threaded between fork and exec and calls the kernel only.
                preexec_fn=_leashed(os.getpid()),  # noqa: PLW1509 - as above
            )
        child = Child(name=name, argv=argv, process=process, log=log)
        self.running.append(child)
        return child

    def end(self, *names: str, patience_s: float = 10.0) -> None:
        """End the named children, or all: politely, and after `patience_s` by force."""
        ending = [c for c in reversed(self.running) if not names or c.name in names]
        for child in ending:
            _signal_group(child, signal.SIGTERM)
        deadline = time.monotonic() + patience_s
        for child in ending:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.process.wait(max(0.0, deadline - time.monotonic()))
            _signal_group(child, signal.SIGKILL)
            child.process.wait()
            self.running.remove(child)


def _leashed(parent: int) -> Callable[[], None]:
    def leash() -> None:
        die_with_parent(signal.SIGTERM)
        if os.getppid() != parent:  # it ended before the leash was on
            os._exit(1)

    return leash


def _signal_group(child: Child, sent: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.process.pid, sent)


def wait_until(child: Child, ready: Callable[[], str | None], *, within_s: float = 30.0) -> str:
    """Wait until `ready` gives a text, keep it as what the child said, and give it.

    Raises `ChildFailedError` when the child ends before, or is not ready in time.
    """
    deadline = time.monotonic() + within_s
    while True:
        said = ready()
        if said is not None:
            child.said = said
            return said
        if child.died:
            raise ChildFailedError(f"{child.name} ended at once:\n{child.log_tail()}")
        if time.monotonic() > deadline:
            raise ChildFailedError(
                f"{child.name} was not ready in {within_s:.0f} s:\n{child.log_tail()}"
            )
        time.sleep(_POLL_S)


def said_in_log(child: Child, beginning: str) -> Callable[[], str | None]:
    """Look for a line of the child's log that begins so; gives what follows."""

    def look() -> str | None:
        for line in child.log.read_text(errors="replace").splitlines(keepends=True):
            if line.startswith(beginning) and line.endswith("\n"):
                return line.removeprefix(beginning).strip()
        return None

    return look


def answers_on(port: int, *, path: str = "/") -> Callable[[], str | None]:
    """Look whether a server on a port of loopback answers requests for a path; gives its URL.

    Taking a connection is not enough: the listener may be one that is about to end.
    """
    url = f"http://127.0.0.1:{port}"

    def look() -> str | None:
        asking = HTTPConnection("127.0.0.1", port, timeout=_ANSWERS_WITHIN_S)
        with contextlib.closing(asking):
            try:
                asking.request("HEAD", path)
                asking.getresponse()
            except (OSError, HTTPException):
                return None
        return url

    return look


def memory_mb(pids: Sequence[int]) -> float:
    """Measure the proportional memory of processes and all their descendants, in MiB.

    Shared pages are divided among those who share them (PSS). Processes that ended count nothing;
    0.0 where the system has no `/proc`.
    """
    return round(sum(_pss_kb(pid) for pid in _with_descendants(pids)) / 1024, 1)


def _with_descendants(pids: Sequence[int]) -> set[int]:
    children: dict[int, list[int]] = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, IndexError, ValueError):
            # The name in parentheses may hold blanks: count from the last parenthesis.
            parent = int(status.read_text().rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(status.parent.name))
    found: set[int] = set()
    waiting = list(pids)
    while waiting:
        pid = waiting.pop()
        if pid not in found:
            found.add(pid)
            waiting.extend(children.get(pid, []))
    return found


def _pss_kb(pid: int) -> int:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0
