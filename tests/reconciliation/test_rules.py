"""Where two sides differ: any two sets of rows are taken apart exactly, nothing is lost."""

from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifu.money import MAX_FEN
from yifu.reconciliation import rules
from yifu.reconciliation.models import DifferenceKind, Figure, Party
from yifu.reconciliation.rules import Found, Row

FEN = st.integers(-5, 5)
ROWS = st.builds(
    Row,
    key=st.sampled_from("abcdef"),
    negative=st.booleans(),
    amount_fen=FEN,
    fund_fen=FEN,
    account_fen=FEN,
)
SIDES = st.lists(ROWS, unique_by=lambda row: row.identity)
OUR_SIDES = st.lists(
    ROWS | ROWS.map(lambda row: replace(row, fund_fen=None, account_fen=None)),
    unique_by=lambda row: row.identity,
)


@given(OUR_SIDES, SIDES)
def test_every_key_is_matched_or_differs_in_exactly_one_way(ours, theirs):
    our_keys, their_keys = ({row.identity for row in side} for side in (ours, theirs))
    result = rules.compare(ours, theirs)
    by_kind = {
        kind: {(one.key, one.negative) for one in result.found if one.kind == kind}
        for kind in DifferenceKind.values
    }
    assert by_kind["theirs_only"] == their_keys - our_keys
    assert by_kind["ours_only"] == our_keys - their_keys
    assert by_kind["amount"] <= our_keys & their_keys
    assert result.matched == len(our_keys & their_keys) - len(by_kind["amount"])
    assert len(result.found) == sum(map(len, by_kind.values()))


@given(OUR_SIDES, SIDES)
def test_differences_explain_the_whole_distance_between_the_sums(ours, theirs):
    result = rules.compare(ours, theirs)
    distance = sum(row.amount_fen for row in theirs) - sum(row.amount_fen for row in ours)
    named = [one for one in result.found if one.figure == "amount"]
    assert distance == sum((one.their_fen or 0) - (one.our_fen or 0) for one in named)


@given(OUR_SIDES, SIDES)
def test_a_difference_shows_figures_that_differ(ours, theirs):
    assert all(one.our_fen != one.their_fen for one in rules.compare(ours, theirs).found)


@given(SIDES)
def test_equal_sides_differ_in_nothing(rows):
    assert rules.compare(rows, reversed(rows)) == rules.Comparison(len(rows), ())


ROW = Row("S1", negative=False, amount_fen=100, fund_fen=60, account_fen=10)


@pytest.mark.parametrize(
    ("change", "figure", "fens"),
    [
        ({"amount_fen": 101, "fund_fen": 61}, "amount", (100, 101)),
        ({"fund_fen": 61}, "fund", (60, 61)),
        ({"account_fen": 9}, "account", (10, 9)),
    ],
)
def test_the_figure_that_differs_is_named(change, figure, fens):
    found = rules.compare([ROW], [replace(ROW, **change)]).found
    assert found == (Found("S1", False, "amount", figure, *fens),)


def test_a_reversal_is_another_row_than_its_settlement():
    reversal = Row("S1", negative=True, amount_fen=-100, fund_fen=-60, account_fen=-10)
    assert rules.compare([ROW, reversal], [ROW]).found == (
        Found("S1", True, "ours_only", "amount", -100, None),
    )


def test_what_we_never_knew_is_not_compared():
    undone = replace(ROW, fund_fen=None, account_fen=None)
    assert rules.compare([undone], [ROW]).found == ()


def test_fees_are_kept_and_not_compared():
    assert rules.compare([ROW], [replace(ROW, fee_fen=3)]).found == ()


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ([replace(ROW, key="")], "row 1: no usable number"),
        ([ROW, replace(ROW, key="x" * 65)], "row 2: no usable number"),
        ([replace(ROW, key="S\t1")], "row 1: no usable number"),
        ([replace(ROW, key="S\0")], "row 1: no usable number"),
        ([ROW, replace(ROW, amount_fen=5)], "row 2: S1 stands twice"),
        ([replace(ROW, amount_fen=MAX_FEN + 1)], "row 1: an amount beyond all reason"),
        ([replace(ROW, fee_fen=-MAX_FEN - 1)], "row 1: an amount beyond all reason"),
    ],
)
def test_rows_that_cannot_be_kept_are_named(rows, fault):
    assert list(rules.faults(rows)) == [fault]


@given(SIDES)
def test_rows_that_can_be_kept_have_no_fault(rows):
    assert list(rules.faults(rows)) == []


def test_there_is_a_hint_for_everything_that_can_be_found():
    wanted = {
        (party, kind, negative)
        for party in Party.values
        for kind in DifferenceKind.values
        for negative in (False, True)
    }
    assert set(rules.HINTS) == wanted


def test_the_database_knows_the_kinds_and_figures_of_the_rules():
    assert set(DifferenceKind.values) == set(get_args(rules.Kind))
    assert set(Figure.values) == set(get_args(rules.Figure))
