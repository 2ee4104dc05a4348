"""Read a scheme file, or name everything that is wrong with it, each by its line."""

import re
import tomllib
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from yifu.credit.schemes.scheme import Scheme

_TABLE = re.compile(r"^\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"""^\s*("[^"]+"|'[^']+'|[A-Za-z0-9_.-]+)\s*=""")
_NAME = re.compile(r""""[^"]*"|'[^']*'|[^.\s]+""")
_PLACE = re.compile(r"[a-z_]+(\.([0-9]+|[a-z_]+))*")
_SYNTAX_LINE = re.compile(r"\(at line (\d+)")


class SchemeUnreadable(ValueError):
    """A scheme file lacks something or says something impossible; `faults` has all of it."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(faults))


def parse(text: str, *, name: str) -> Scheme:
    """Turn a scheme file's text into rules.

    Raises `SchemeUnreadable`, whose faults read `hangzhou.toml:12: limits.visit_fen: …`.
    """
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _SYNTAX_LINE.search(str(error))
        line = found[1] if found else len(text.splitlines())  # "at end of document"
        raise SchemeUnreadable([f"{name}:{line}: toml: {error}"]) from error
    try:
        return Scheme.model_validate(raw)
    except ValidationError as error:
        lines = dict(_places(text))
        faults = [_fault(name, lines, fault) for fault in error.errors(include_url=False)]
        raise SchemeUnreadable(faults) from error


def _fault(name: str, lines: dict[tuple[str, ...], int], fault: Any) -> str:  # noqa: ANN401 - pydantic's own dict
    path = tuple(str(part) for part in fault["loc"])
    message = str(fault["msg"]).removeprefix("Value error, ")
    # What a class says about a part of it begins with that part's place: there is where to look.
    inner, _, said = message.partition(": ")
    if said and _PLACE.fullmatch(inner):
        path, message = (*path, *inner.split(".")), said
    line = _nearest(lines, path)
    return f"{name}:{line}: {'.'.join(path) or 'scheme'}: {message}"


def _nearest(lines: dict[tuple[str, ...], int], path: tuple[str, ...]) -> int:
    """Find a place's line, or that of the closest thing around one that is not written."""
    for length in range(len(path), 0, -1):
        if path[:length] in lines:
            return lines[path[:length]]
    return 1


def _places(text: str) -> Iterator[tuple[tuple[str, ...], int]]:
    """Give where tables and keys of a valid TOML text stand: path → line, counted from 1.

    Rows of an array of tables are numbered as their reader numbers them.
    """
    table: tuple[str, ...] = ()
    rows: dict[tuple[str, ...], int] = {}
    closing = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if closing:
            closing = "" if closing in line else closing
            continue
        head = _TABLE.match(line)
        if head:
            table = _path(head[2])
            if head[1] == "[[":
                rows[table] = rows.get(table, -1) + 1
                if not rows[table]:
                    yield table, number
                table = (*table, str(rows[table]))
            yield table, number
            continue
        key = _KEY.match(line)
        if key:
            yield (*table, *_path(key[1])), number
        closing = _opened(line)


def _path(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in _NAME.findall(dotted))


def _opened(line: str) -> str:
    """Tell which quotes a line leaves open: a text over several lines."""
    if line.lstrip().startswith("#"):
        return ""
    for quotes in ('"""', "'''"):
        if line.count(quotes) % 2:
            return quotes
    return ""
