"""Starting counterparts as the processes they are.

A test asks for the fixture ``start_counterpart`` and calls it::

    insurer = start_counterpart("insurer", tmp_path, "--city", "shanghai")
    insurer.client.get("/_control/health")

Whatever it started ends with the test (with the module for ``start_counterpart_for_module``).

These tests need neither Django nor a database:
``pytest tests/counterparts -p no:django --confcutdir=tests/counterparts``.
"""

from __future__ import annotations

import subprocess
import sys
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Start = Callable[..., "Counterpart"]

ROOT = Path(__file__).parents[2]
SECONDS_TO_END = 10
_OF_RULES = ("times", "seconds", "rate", "seed")


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """Know Django's entry in the configuration when its plugin is switched off."""
    if not pluginmanager.hasplugin("django"):
        parser.addini("DJANGO_SETTINGS_MODULE", "not used by these tests")


@pytest.fixture(autouse=True)
def _forget_between_tests() -> None:
    """Stand in for the platform's fixture of that name: nothing of the platform is loaded here."""


@dataclass
class Counterpart:
    """A running counterpart: its address, its process and a client for it."""

    name: str
    url: str
    process: subprocess.Popen[str]
    client: httpx.Client

    def control(self, path: str, message: Any = None, *, method: str = "POST") -> Any:
        """Call the switchboard and return the answer's JSON; a refusal fails the test."""
        answer = self.client.request(method, f"/_control/{path}", json=message)
        assert answer.is_success, answer.text
        return answer.json()

    def fault(self, fault: str, **rule: Any) -> None:
        """Append one fault rule; what is not in ``_OF_RULES`` are keywords that it matches."""
        extras = {name: rule.pop(name) for name in _OF_RULES if name in rule}
        self.control("faults", {"rules": [{"fault": fault, "match": rule, **extras}]})

    def stop(self) -> None:
        """End the process; the storage stays."""
        self.client.close()
        self.process.terminate()
        self.process.communicate(timeout=SECONDS_TO_END)

    def kill(self) -> None:
        """End the process as a crash would."""
        self.client.close()
        self.process.kill()
        self.process.communicate(timeout=SECONDS_TO_END)


@contextmanager
def running_counterpart(name: str, data: Path, *args: str) -> Iterator[Counterpart]:
    """Run ``python -m counterparts.<name>`` on a free port with its storage in ``data``."""
    command = [sys.executable, "-m", f"counterparts.{name}", "--port", "0", "--data", str(data)]
    with subprocess.Popen(
        [*command, *args], cwd=ROOT, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line.startswith("listening on "), f"{name} did not start"
            url = line.removeprefix("listening on ").strip()
            with httpx.Client(base_url=url, timeout=20, trust_env=False) as client:
                client.get("/_control/health").raise_for_status()
                yield Counterpart(name, url, process, client)
        finally:
            if process.poll() is None:
                process.terminate()
                try:
                    process.communicate(timeout=SECONDS_TO_END)
                except subprocess.TimeoutExpired:
                    process.kill()


@pytest.fixture
def start_counterpart() -> Iterator[Start]:
    """Start counterparts that end with the test."""
    with ExitStack() as stack:
        yield lambda *args: stack.enter_context(running_counterpart(*args))


@pytest.fixture(scope="module")
def start_counterpart_for_module() -> Iterator[Start]:
    """Start counterparts that end with the module."""
    with ExitStack() as stack:
        yield lambda *args: stack.enter_context(running_counterpart(*args))
