"""Charges as rows: what a line's facts are, and adding those of a visit's lines that are new."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.db import connection, transaction
from django.db.models import Sum

from yifu.catalogue.rules import ChargeLine
from yifu.visits.errors import ChargeDiffers
from yifu.visits.models import Charge

_FACTS = (
    "local_code",
    "national_code",
    "name",
    "quantity",
    "unit_price_fen",
    "amount_fen",
    "occurred_at",
    "trace_code",
    "outside_rx_no",
)
"""What a line reported again must repeat."""
COLUMNS = f"line_no, {', '.join(_FACTS)}, corrects_id"
LINES = """
unnest(%(line_no)s::int[], %(local_code)s::text[], %(national_code)s::text[], %(name)s::text[],
       %(quantity)s::numeric[], %(unit_price_fen)s::numeric[], %(amount_fen)s::bigint[],
       %(occurred_at)s::timestamptz[], %(trace_code)s::text[],
       %(outside_rx_no)s::text[], %(corrects)s::bigint[])
"""

_ADD_UNKNOWN = f"""
INSERT INTO visits_charge (visit_id, {COLUMNS})
SELECT %(visit)s, line.* FROM {LINES} AS line
ON CONFLICT (visit_id, line_no) DO NOTHING
"""  # noqa: S608 - our own text


@dataclass(frozen=True, slots=True)
class Added:
    """The charges asked for as (id, line_no), and what all of the visit's come to, in fen."""

    charges: tuple[tuple[int, int], ...]
    total_fen: int


def parameters_of(
    visit_id: int, lines: Sequence[ChargeLine], corrects: Mapping[int, int] = MappingProxyType({})
) -> dict[str, Any]:
    """Give the lines as columns, in one order: two reports never wait for each other in a ring.

    `corrects` gives the charge that a line takes from, by line number.
    """
    ordered = sorted(lines, key=lambda line: line.line_no)
    columns = {name: [getattr(line, name) for line in ordered] for name in _FACTS}
    return columns | {
        "visit": visit_id,
        "line_no": [line.line_no for line in ordered],
        "corrects": [corrects.get(line.line_no) for line in ordered],
    }


def add_unknown(visit_id: int, lines: Sequence[ChargeLine], parameters: dict[str, Any]) -> Added:
    """Add those of a visit's lines that are not known; the others must be the same."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_ADD_UNKNOWN, parameters)
        charges = Charge.objects.filter(visit_id=visit_id)
        known = {
            charge.line_no: charge for charge in charges.filter(line_no__in=parameters["line_no"])
        }
        corrects = dict(zip(parameters["line_no"], parameters["corrects"], strict=True))
        for line in lines:
            charge = known[line.line_no]
            same = charge.corrects_id == corrects[line.line_no]
            if not same or any(getattr(charge, name) != getattr(line, name) for name in _FACTS):
                raise ChargeDiffers(line_no=line.line_no)
        total = charges.aggregate(fen=Sum("amount_fen"))["fen"]
    return added({number: charge.pk for number, charge in known.items()}, lines, int(total or 0))


def added(ids: Mapping[int, int], lines: Sequence[ChargeLine], total_fen: int) -> Added:
    """Name the charges that lines became, by the ids of the visit's line numbers."""
    return Added(tuple((ids[line.line_no], line.line_no) for line in lines), total_fen)
