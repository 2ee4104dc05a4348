"""Every transaction, both ways: what the table allows passes, and what it forbids is named."""

import base64
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.insurance import strategies
from tests.insurance.strategies import DIRECTIONS, Break
from yifu.insurance import fields, gateway
from yifu.insurance.values import LARGEST_INT, digits_around_point

BOTH = pytest.mark.parametrize("direction", DIRECTIONS)
ANY = st.sampled_from([(no, way) for no in strategies.transactions() for way in DIRECTIONS])


def named(infno: str, direction: fields.Direction, message: Any) -> set[tuple[str, str]]:
    return {(one.place, one.rule) for one in fields.check(infno, direction, message)}


def silent(direction: fields.Direction, breaks: Iterable[Break]) -> list[tuple[Any, ...]]:
    """Give the breaks of which the check does not say exactly what is wrong."""
    return [
        (one.infno, one.place, one.rule, found)
        for one in breaks
        if (found := named(one.infno, direction, one.message)) != {(one.place, one.rule)}
    ]


@BOTH
def test_a_message_with_every_field_passes(direction):
    for infno in strategies.transactions():
        assert named(infno, direction, strategies.whole(infno, direction)) == set()


@given(st.data())
@settings(
    max_examples=150, derandomize=True, suppress_health_check=list(HealthCheck), deadline=None
)
def test_a_message_drawn_from_the_table_passes(data):
    infno, direction = data.draw(ANY)
    message = data.draw(strategies.messages(infno, direction))
    assert [str(one) for one in fields.check(infno, direction, message)] == []


@BOTH
def test_one_wrong_value_is_named_by_place_and_rule_and_nothing_else_is(direction):
    for infno in strategies.transactions():
        assert silent(direction, strategies.broken(infno, direction)) == []


@BOTH
def test_every_missing_field_is_named(direction):
    count = 0
    for infno in strategies.transactions():
        message = strategies.whole(infno, direction)
        for spot in strategies.spots(infno, direction, message):
            for name in spot.node.needed:
                kept = spot.row.pop(name)
                assert named(infno, direction, message) == {(spot.prefix + name, "required")}
                spot.row[name] = kept
                count += 1
    assert count > 500


@BOTH
def test_nodes_missing_misshapen_or_unknown_are_named(direction):
    for infno in strategies.transactions():
        assert silent(direction, strategies.misshapen(infno, direction)) == []


def test_what_another_value_makes_required_is_named():
    rules = {
        infno: list(silent("in", strategies.unmet(infno))) for infno in strategies.transactions()
    }
    assert {infno: said for infno, said in rules.items() if said} == {}


def test_every_rule_under_a_condition_is_about_a_field_and_can_hold():
    for infno in strategies.transactions():
        for spot in strategies.spots(infno, "in", strategies.whole(infno, "in")):
            for rule in spot.node.conditions:
                assert not set(rule.fields) & spot.node.needed
                if rule.values and (table := spot.node.fields[rule.other].table):
                    assert rule.values <= fields.codes()[table].keys()


@pytest.mark.parametrize(
    ("cert_type", "card", "found"),
    [
        ("03", {}, {("data.card_sn", "required")}),
        ("03", {"card_sn": " "}, {("data.card_sn", "required")}),
        ("03", {"card_sn": 7}, {("data.card_sn", "type")}),
        ("03", {"card_sn": "K1"}, set()),
        ("02", {}, set()),
    ],
)
def test_an_insurance_card_must_come_with_its_code(cert_type, card, found):
    message = strategies.whole("1101", "in")
    del message["data"]["card_sn"]
    message["data"] |= {"mdtrt_cert_type": cert_type, **card}
    assert named("1101", "in", message) == found


@pytest.mark.parametrize("cnt", [Decimal(1), Decimal("NaN"), "-1", None])
def test_only_a_negative_quantity_asks_for_the_line_it_takes_back(cnt):
    message = strategies.whole("2301", "in")
    del message["feedetail"][0]["init_feedetl_sn"]
    message["feedetail"][0]["cnt"] = cnt
    assert "feedetail[0].init_feedetl_sn" not in dict(named("2301", "in", message))


def test_the_reason_of_a_conditional_rule_is_said():
    message = strategies.whole("3103", "in")
    message["data"]["warns"][0] |= {"dspo_way": "1", "dspo_way_rea": ""}
    (one,) = fields.check("3103", "in", message)
    assert str(one) == ("3103 in data.warns[0].dspo_way_rea (处理原因): required, with dspo_way=1")


def largest(field: fields.Field) -> Any:
    whole, scale = digits_around_point(field)
    number = Decimal("9" * whole + "." + "9" * scale)
    return number if scale or number >= LARGEST_INT else int(number)


@BOTH
def test_the_longest_text_and_the_largest_number_pass(direction):
    for infno in strategies.transactions():
        message = strategies.whole(infno, direction)
        for spot in strategies.spots(infno, direction, message):
            for name, field in spot.node.fields.items():
                if field.size and not field.table and field.kind in "sng":
                    texts = {"s": "药", "g": "9"}
                    edge = texts.get(field.kind, "") * field.size or largest(field)
                    spot.row[name] = edge
        assert named(infno, direction, message) == set()


def plain(value: Any) -> Any:
    """Give a message as its reader sees it: bytes as base64."""
    if isinstance(value, dict):
        return {name: plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


@given(st.data())
@settings(max_examples=60, derandomize=True, suppress_health_check=list(HealthCheck), deadline=None)
def test_what_is_written_is_read_back_to_the_last_digit(data):
    infno, direction = data.draw(ANY)
    message = data.draw(strategies.messages(infno, direction))
    assert gateway._JSON.decode(gateway._dump(message).decode()) == plain(message)


def test_all_edges_are_written_and_read_back():
    for infno in strategies.transactions():
        message = strategies.whole(infno, "in")
        for spot in strategies.spots(infno, "in", message):
            for name, field in spot.node.fields.items():
                if field.kind == "n" and field.size and not field.table:
                    spot.row[name] = -largest(field)
        assert gateway._JSON.decode(gateway._dump(message).decode()) == plain(message)
