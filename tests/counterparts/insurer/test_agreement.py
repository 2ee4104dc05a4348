"""Both sides read the interface's tables by code of their own; here they must say the same."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import orjson
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from counterparts.insurer.errors import RefusedError
from counterparts.insurer.fields import check_input
from tests.insurance import strategies
from tests.insurance.strategies import Break
from yifu.insurance import fields, gateway

INFNOS = strategies.transactions()
FILES = {"in", "rxIn", "bytes"}
"""Bytes travel as a file's part or as base64: JSON cannot show every way they can be wrong. Nor can
it show a float for a Decimal, and a zero character only the platform minds."""

LONGEST = 10**28
"""The platform sends no longer numbers, even where the table has thirty digits."""


def refusal(infno: str, message: Any) -> str:
    """Send a message as JSON, as the insurer gets it; give its refusal, or nothing."""
    try:
        check_input(infno, orjson.loads(gateway._dump(message)))
    except RefusedError as refused:
        return str(refused) or "refused"
    return ""


def accepted(breaks: Iterable[Break]) -> list[tuple[str, str, str]]:
    """Give the breaks that the insurer does not refuse naming the field."""
    return [
        (one.infno, one.place, one.rule)
        for one in breaks
        if (last := one.place.removesuffix("[0]").rpartition(".")[2]) not in FILES
        and last not in refusal(one.infno, one.message)
    ]


def test_both_accept_a_message_with_every_field():
    assert {
        infno: said for infno in INFNOS if (said := refusal(infno, strategies.whole(infno, "in")))
    } == {}


@given(st.data())
@settings(
    max_examples=100, derandomize=True, suppress_health_check=list(HealthCheck), deadline=None
)
def test_both_accept_what_is_drawn_from_the_table(data):
    infno = data.draw(st.sampled_from(INFNOS))
    assert refusal(infno, data.draw(strategies.messages(infno, "in"))) == ""


def shown(one: Break) -> bool:
    """Say whether JSON shows the insurer what is wrong."""
    value = one.value
    if (one.infno, one.place) == ("5203", "data.setl_id"):
        return False  # after a lost answer nobody knows it: the insurer takes an empty one
    if isinstance(value, Decimal):
        return one.rule != "type" and abs(value) < LONGEST
    if isinstance(value, float):
        return False
    return bool(value != "\0")


def test_both_refuse_whatever_is_broken():
    told = (one for infno in INFNOS for one in strategies.broken(infno, "in") if shown(one))
    assert accepted(told) == []


def test_both_refuse_what_another_value_makes_required():
    for infno in INFNOS:
        assert accepted(strategies.unmet(infno)) == []


def test_both_refuse_nodes_missing_misshapen_or_unknown():
    for infno in INFNOS:
        assert accepted(strategies.misshapen(infno, "in")) == []


def test_both_refuse_an_empty_file_where_one_is_required():
    message = strategies.whole("3704", "in")
    message["fsiAppealFileDTOList"][0]["bytes"] = b""
    assert "bytes" in refusal("3704", message)
    broken = fields.check("3704", "in", message)
    assert [one.rule for one in broken] == ["required"]
