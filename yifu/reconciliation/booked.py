"""What our books have settled with the insurer in a period, as its statements ask for it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

from django.db import connection

from yifu.institutions.models import Institution
from yifu.insurance.exchanges import endpoint_of
from yifu.insurance.files import StatementLine
from yifu.insurance.regions.clearing import Clearing
from yifu.insurance.regions.loading import region
from yifu.insurance.statements import Booked
from yifu.reconciliation import statements


class Kept(NamedTuple):
    """A settlement or reversal of ours, and under which insurance."""

    booked: Booked
    insutype: str


@dataclass(frozen=True, slots=True)
class Cleared:
    """How an institution's settlements are cleared."""

    area: str
    clearing: Clearing

    @classmethod
    def at(cls, institution: Institution) -> Self:
        """Read the table of the institution's region. Raises `NotConnected`."""
        place = region(endpoint_of(institution.pk).region)
        return cls(institution.area_id, place.clearing)

    def as_(self, kind: str, med_type: str, insured_area: str, told: str) -> str:
        """Give `clr_type`: as the insurer told it, or else as the table says."""
        cross_area = insured_area != self.area
        return told or self.clearing.clr_type(kind, med_type=med_type, cross_area=cross_area)


def kept(institution: Institution, parameters: Mapping[str, Any]) -> Iterator[Kept]:
    """Read the settlements and reversals of a period, one at a time; reversals are negative.

    A settlement counts on the insurer's date of it and its reversal on the day it was undone, so
    one undone later is positive in its own period and negative in the later one.
    """
    cleared = Cleared.at(institution)
    with connection.cursor() as cursor:
        cursor.execute(statements.BOOKED, parameters)
        for key, negative, mdtrt_id, psn_no, *how, insutype, total, fund, account, cash in cursor:
            line = StatementLine(key, mdtrt_id, psn_no, total, fund, account, negative)
            yield Kept(Booked(line, cash, cleared.as_(*how)), insutype)


def of(institution: Institution, parameters: Mapping[str, Any]) -> list[Booked]:
    """Read the settlements and reversals of a period for the detail matching (NHSA 3202)."""
    return [one.booked for one in kept(institution, parameters)]
