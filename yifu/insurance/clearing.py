"""How visits are cleared with the insurer, as data: `clearing.toml`. Pure but for reading it."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

OTHER: Final = "other"
"""The entry for a kind of visit that an area's table does not have."""

_CROSS_AREA, _INSUTYPES = "cross_area", "insutypes"


@dataclass(frozen=True, slots=True)
class Clearing:
    """An area's table: `clr_type` by kind of visit, at home and for persons insured elsewhere."""

    area: str
    home: Mapping[str, str]
    cross_area: Mapping[str, str]
    insutypes: tuple[str, ...]

    def clr_type(self, kind: str, *, insured_area: str) -> str:
        """Tell how a visit of a kind is cleared (NHSA `clr_type`)."""
        if insured_area and insured_area != self.area and kind in self.cross_area:
            return self.cross_area[kind]
        return self.home.get(kind, self.home[OTHER])

    @property
    def clr_types(self) -> tuple[str, ...]:
        """Every code that can occur, once."""
        return tuple(dict.fromkeys((*self.home.values(), *self.cross_area.values())))


@cache
def clearing_of(area: str) -> Clearing:
    """Read an area's table, or the default."""
    text = files(__package__).joinpath("clearing.toml").read_text(encoding="utf-8")
    return read_clearing(text, area=area)


def read_clearing(text: str, *, area: str) -> Clearing:
    """Read `clearing.toml`. Raises `KeyError` for a table without `other`."""
    tables = tomllib.loads(text)
    table: dict[str, Any] = tables["areas"].get(area, tables["default"])
    home = {kind: code for kind, code in table.items() if kind not in {_CROSS_AREA, _INSUTYPES}}
    if OTHER not in home:
        raise KeyError(OTHER)
    return Clearing(area, home, table.get(_CROSS_AREA, {}), tuple(table.get(_INSUTYPES, ())))
