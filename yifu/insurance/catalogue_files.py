"""A catalogue's file as rows to keep: which column is what, and what makes a file unfit. Pure.

No field table describes these files, only the places in `catalogues.toml`; so a file is checked
against those, against the number of rows that was announced, and against the version it follows.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from yifu.insurance.files import UnreadableFile, split_line, unzipped_lines

FIRST_VERSION: Final = "v0000"
"""`ver` of who has nothing yet (NHSA 1301)."""

_COLUMNS: Final = "columns"
_OTHER: Final = "other"
_LONGEST: Final = {"code": 50, "version": 50, "unit": 100}
_LONGEST_TEXT: Final = 500
_LONGEST_SCOPE: Final = 10_000
_VALID: Final = frozenset({"1", ""})
_FLAGS: Final = frozenset({"0", "1", ""})
_TEXTS: Final = ("name", "dosage_form", "specification", "unit", "maker", "limit_scope")

Item = tuple[str, str, str, str, str, str, str, str, bool, bool, str]
"""`infno`, code, name, dosage form, specification, unit, maker, limit, limited, valid, version."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How many columns a file has and, from 0, which of them we read."""

    columns: int
    places: Mapping[str, int]


@cache
def layout_of(infno: str, area: str) -> Layout:
    """Give the layout of a catalogue's file in an area."""
    text = files(__package__).joinpath("catalogues.toml").read_text(encoding="utf-8")
    return read_layout(text, infno=infno, area=area)


def read_layout(text: str, *, infno: str, area: str) -> Layout:
    """Read `catalogues.toml`: an area's own layout, the default, or that of `other`.

    Raises `ValueError` for a layout without code, name or version, or with a place beyond its end.
    """
    tables = tomllib.loads(text)
    default = tables["default"]
    table: dict[str, int] = dict(
        tables["areas"].get(area, {}).get(infno) or default.get(infno) or default[_OTHER]
    )
    columns = table.pop(_COLUMNS)
    if not {"code", "name", "version"} <= table.keys() or max(table.values()) > columns:
        raise ValueError(f"catalogues.toml: {infno}")
    return Layout(columns, {name: place - 1 for name, place in table.items()})


@dataclass(slots=True)
class Reader:
    """Reads a file's items once; `version` is the latest of them, known when all are read.

    `after` is the version that the file follows, `expected` how many rows were announced (None:
    nobody said).
    """

    infno: str
    layout: Layout
    after: str
    expected: int | None
    version: str = ""
    count: int = 0

    def items(self, content: bytes) -> Iterator[Item]:
        """Give the items of a zipped file.

        A code may stand in it once a version; its latest counts. Raises `UnreadableFile`, naming
        the line, for a file that is cut off or no zip or not UTF-8, another number of columns, a
        row without code, name or version, flags that are none, a code twice in a version, a
        version before that which the file follows, or another number of rows than announced.
        """
        latest: dict[str, Item] = {}
        for number, line in enumerate(unzipped_lines(content), start=1):
            cells = split_line(line)
            if not any(cells):
                continue
            item = self._item(number, cells)
            known = latest.get(item[1])
            if known is not None and known[-1] == item[-1]:
                raise UnreadableFile(f"line {number}: {item[1]} stands twice in {item[-1]}")
            if known is None or known[-1] < item[-1]:
                latest[item[1]] = item
            self.count += 1
            self.version = max(self.version, item[-1])
        if self.expected is not None and self.count != self.expected:
            raise UnreadableFile(f"{self.count} rows, announced were {self.expected}")
        yield from latest.values()

    def _item(self, number: int, cells: list[str]) -> Item:
        layout = self.layout
        if len(cells) != layout.columns:
            raise UnreadableFile(f"line {number}: {len(cells)} columns, not {layout.columns}")
        said = {name: cells[place] for name, place in layout.places.items()}
        for name, value in said.items():
            longest = _LONGEST_SCOPE if name == "limit_scope" else _LONGEST.get(name, _LONGEST_TEXT)
            if len(value) > longest or "\0" in value:
                raise UnreadableFile(f"line {number}: {name} length")
            if not value and name in {"code", "name", "version"}:
                raise UnreadableFile(f"line {number}: {name} required")
            if name in {"valid", "limited"} and value not in _FLAGS:
                raise UnreadableFile(f"line {number}: {name} is no flag")
        if said["version"] < self.after:
            raise UnreadableFile(f"line {number}: version {said['version']} after {self.after}")
        texts = (said.get(name, "") for name in _TEXTS)
        name, form, specification, unit, maker, scope = texts
        limited, valid = said.get("limited") == "1", said.get("valid", "1") in _VALID
        shown = (name, form, specification, unit, maker, scope, limited, valid)
        return (self.infno, said["code"], *shown, said["version"])
