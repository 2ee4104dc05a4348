"""How a region's insurer clears visits (清算): `clr_type` by kind of care, as its file says."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

OTHER: Final = "other"
"""The entry for a kind of visit that a region's table does not have."""
KINDS: Final = frozenset({"outpatient", "emergency", "inpatient", "pharmacy", OTHER})


@dataclass(frozen=True, slots=True)
class Clearing:
    """A region's table: `clr_type` by kind of visit and by `med_type`, and what is always asked.

    `cross_area` holds the codes for persons insured elsewhere, by kind of visit, where those have
    codes of their own. `ask` are the codes that are matched every day, also when we have nothing
    of them: the insurer may have something; `insutypes` the insurances whose totals (3201) are
    compared in any case.
    """

    by_kind: Mapping[str, str]
    by_med_type: Mapping[str, str]
    cross_area: Mapping[str, str]
    ask: tuple[str, ...]
    insutypes: tuple[str, ...]

    def clr_type(self, kind: str, *, med_type: str = "", cross_area: bool = False) -> str:
        """Tell how a visit is cleared (NHSA `clr_type`); `med_type` is "" where it has none."""
        if cross_area and kind in self.cross_area:
            return self.cross_area[kind]
        return self.by_med_type.get(med_type) or self.by_kind.get(kind, self.by_kind[OTHER])
