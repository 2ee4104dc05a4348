"""What is done about each transaction, read out of the sources themselves.

The platform speaks a transaction where its own code builds a message with that number. The
simulated insurer says for itself how it answers. A test exercises one when it names the number, by
itself or through the helpers it calls, and reaches a socket. Nothing here is a list to be kept up.
"""

import ast
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from yifu.insurance.transactions import TRANSACTIONS

ROOT = Path(__file__).parents[2]
_PLATFORM = ROOT / "yifu"
_TESTS = ROOT / "tests"
_ONLY_SPEAK_OF = ("migrations", "commands", "web")
"""Folders of ours that send nothing to the insurer by themselves: they may name a transaction."""
_TYPES = "insurance/transactions/"
_LOOKS = {"filter", "exclude", "get", "frozenset", "set"}
_SOCKETS = {"running_counterpart", "ThreadingHTTPServer", "Popen", "start_counterpart"}
_SWEEP = {"transactions", "draft"}
"""A test that drafts a message of every transaction of the table."""

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Assign | ast.AnnAssign


@dataclass(frozen=True, slots=True)
class Coverage:
    """What is done about one transaction.

    `typed` says that it has types of its own, made of the table; `builders` are the modules of ours
    that build it (none: the platform does not send it by itself, the console can);
    `answered` how the simulated insurer answers; `tests` how many tests name it over a socket;
    `swept` whether a test of all transactions sends it.
    """

    infno: str
    name: str
    name_en: str
    typed: bool
    builders: tuple[str, ...]
    answered: str
    tests: int
    swept: bool


def measure() -> list[Coverage]:
    """Read the sources; raises `FileNotFoundError` where there are no tests to read."""
    found, answered = _builders(), _answered()
    typed = {infno for infno, places in found.items() if any(map(_is_typing, places))}
    builders = {
        infno: [one for one in places if not _is_typing(one)] for infno, places in found.items()
    }
    tests, sweeps = _exercised()
    return [
        Coverage(
            one.infno,
            one.name,
            one.name_en,
            one.infno in typed,
            tuple(builders.get(one.infno, ())),
            answered.get(one.infno, ""),
            tests[one.infno],
            sweeps,
        )
        for one in TRANSACTIONS.values()
    ]


def _is_typing(place: str) -> bool:
    return place.startswith(_TYPES)


def _answered() -> dict[str, str]:
    command = [sys.executable, "-m", "counterparts.insurer.spoken"]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True)  # noqa: S603 - our own
    said: dict[str, str] = json.loads(done.stdout)
    return said


def _builders() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in sorted(_PLATFORM.rglob("*.py")):
        within = path.relative_to(_PLATFORM)
        if within.parts[0] in _ONLY_SPEAK_OF or "migrations" in within.parts:
            continue
        for number in sorted(set(_built(ast.parse(path.read_text(encoding="utf-8"))))):
            found.setdefault(number, []).append(within.as_posix())
    return found


def _built(tree: ast.AST) -> Iterator[str]:
    """Give the numbers that a module hands to something, rather than compares or looks up."""
    skipped: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) or (
            isinstance(node, ast.Call) and _called(node) in _LOOKS
        ):
            skipped.update(ast.walk(node))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node not in skipped:
            values: list[ast.expr] = [*node.args, *(one.value for one in node.keywords)]
            yield from _numbers(one for one in values if isinstance(one, ast.Constant))
        elif isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Constant):
            yield from _numbers([node.value])
        elif isinstance(node, ast.Dict):
            yield from _numbers(one for one in node.keys if isinstance(one, ast.Constant))


def _called(node: ast.Call) -> str:
    function = node.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _numbers(nodes: Iterable[ast.AST]) -> Iterator[str]:
    known = TRANSACTIONS
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in known:
            yield node.value


def _exercised() -> tuple[Counter[str], bool]:
    """Count the tests that exercise each transaction; say whether one exercises all of them."""
    counted: Counter[str] = Counter()
    sweeps = False
    helpers = [_Source(path) for path in _TESTS.rglob("*.py") if not path.name.startswith("test_")]
    for path in sorted(_TESTS.rglob("test_*.py")):
        source = _Source(path)
        near = [one for one in helpers if one.is_seen_from(path)]
        scope = _Scope([source, *near])
        for test in source.tests:
            reached = scope.reach(test)
            if reached.socket:
                counted.update(reached.numbers)
                sweeps = sweeps or reached.names >= _SWEEP
    return counted, sweeps


@dataclass
class _Source:
    """A file of tests: what it defines, methods by their bare names."""

    path: Path

    @cached_property
    def definitions(self) -> dict[str, list[Definition]]:
        found: dict[str, list[Definition]] = {}
        for node in ast.walk(ast.parse(self.path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                found.setdefault(node.name, []).append(node)
            elif isinstance(node, ast.Assign | ast.AnnAssign) and node.col_offset == 0:
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                for target in targets:
                    if isinstance(target, ast.Name):
                        found.setdefault(target.id, []).append(node)
        return found

    @property
    def tests(self) -> list[Definition]:
        found = self.definitions.items()
        return [one for name, nodes in found for one in nodes if name.startswith("test_")]

    def is_seen_from(self, path: Path) -> bool:
        """A conftest is seen from its folder and below; any other helper may be imported."""
        return self.path.name != "conftest.py" or self.path.parent in path.parents


@dataclass(slots=True)
class _Reached:
    """What a test comes to: names it goes through, numbers it speaks of, and a socket or none."""

    names: set[str] = field(default_factory=set)
    numbers: set[str] = field(default_factory=set)

    @property
    def socket(self) -> bool:
        return bool(self.names & _SOCKETS)


@dataclass(slots=True)
class _Scope:
    sources: list[_Source]

    def reach(self, test: Definition) -> _Reached:
        """Follow names from a test through fixtures, helpers and constants."""
        reached, waiting, seen = _Reached(), [test], set[int]()
        while waiting:
            node = waiting.pop()
            if id(node) in seen:
                continue
            seen.add(id(node))
            for part in _own_parts(node):
                reached.numbers.update(_numbers([part]))
                name = _name(part)
                if name and name not in reached.names:
                    reached.names.add(name)
                    waiting += [
                        one for source in self.sources for one in source.definitions.get(name, ())
                    ]
        return reached


def _own_parts(node: Definition) -> Iterator[ast.AST]:
    """Give what belongs to a definition; of a class only what making one runs through."""
    if not isinstance(node, ast.ClassDef):
        yield from ast.walk(node)
        return
    for part in node.body:
        if isinstance(part, ast.FunctionDef) and part.name in {"__init__", "__enter__"}:
            yield from ast.walk(part)


def _name(node: ast.AST) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.arg if isinstance(node, ast.arg) else ""
