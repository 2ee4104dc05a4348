"""What our books have settled with the insurer in a period, as its statements ask for it."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from django.db import connection

from yifu.institutions.models import Institution
from yifu.insurance.clearing import clearing_of
from yifu.insurance.files import StatementLine
from yifu.insurance.statements import Booked
from yifu.reconciliation import statements


class Kept(NamedTuple):
    """A settlement or reversal of ours, and under which insurance."""

    booked: Booked
    insutype: str


def kept(institution: Institution, parameters: Mapping[str, Any]) -> Iterator[Kept]:
    """Read the settlements and reversals of a period, one at a time; reversals are negative.

    A settlement counts on the insurer's date of it and its reversal on the day it was undone, so
    one undone later is positive in its own period and negative in the later one.
    """
    clearing = clearing_of(institution.area_id)
    with connection.cursor() as cursor:
        cursor.execute(statements.BOOKED, parameters)
        for key, negative, mdtrt_id, psn_no, kind, med, area, insutype, *amounts in cursor:
            total, fund, account, cash = amounts
            line = StatementLine(key, mdtrt_id, psn_no, total, fund, account, negative)
            clr_type = clearing.clr_type(kind, med_type=med, insured_area=area)
            yield Kept(Booked(line, cash, clr_type), insutype)


def of(institution: Institution, parameters: Mapping[str, Any]) -> list[Booked]:
    """Read the settlements and reversals of a period for the detail matching (NHSA 3202)."""
    return [one.booked for one in kept(institution, parameters)]
