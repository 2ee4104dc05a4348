"""How visits are cleared with the insurer, as data: `clearing.toml`. Pure but for reading it."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

OTHER: Final = "other"
"""The entry for a kind of visit that an area's table does not have."""


@dataclass(frozen=True, slots=True)
class Clearing:
    """An area's table: `clr_type` by kind of visit and by `med_type`, and what is always asked."""

    area: str
    by_kind: Mapping[str, str]
    by_med_type: Mapping[str, str]
    cross_area: Mapping[str, str]
    ask: tuple[str, ...]
    insutypes: tuple[str, ...]

    def clr_type(self, kind: str, *, med_type: str, insured_area: str) -> str:
        """Tell how a visit is cleared (NHSA `clr_type`); `med_type` is "" where it has none."""
        if insured_area and insured_area != self.area and kind in self.cross_area:
            return self.cross_area[kind]
        return self.by_med_type.get(med_type) or self.by_kind.get(kind, self.by_kind[OTHER])


@cache
def clearing_of(area: str) -> Clearing:
    """Read an area's table, or the default."""
    text = files(__package__).joinpath("clearing.toml").read_text(encoding="utf-8")
    return read_clearing(text, area=area)


def read_clearing(text: str, *, area: str) -> Clearing:
    """Read `clearing.toml`. Raises `KeyError` for a table without `other` or `ask`."""
    tables = tomllib.loads(text)
    table: dict[str, Any] = tables["areas"].get(area, tables["default"])
    by_kind = {kind: code for kind, code in table.items() if isinstance(code, str)}
    if OTHER not in by_kind:
        raise KeyError(OTHER)
    return Clearing(
        area,
        by_kind,
        table.get("by_med_type", {}),
        table.get("cross_area", {}),
        tuple(table["ask"]),
        tuple(table.get("insutypes", ())),
    )
