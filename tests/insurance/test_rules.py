"""The insurer's amounts: what adds up passes, whatever does not is refused."""

from dataclasses import fields, replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from yifu.insurance import rules
from yifu.insurance.rules import FundPart, LineSplit, Split, SplitError

AMOUNT = st.integers(0, 10**9)
IDENTITY_FIELDS = [
    field.name
    for field in fields(Split)
    if field.name.endswith("_fen") and field.name not in {"balance_fen", "deductible_fen"}
]


@st.composite
def splits(draw):
    kinds = draw(st.lists(st.sampled_from(["310102", "320100", "330100"]), unique=True))
    funds = tuple(FundPart(kind, draw(st.integers(1, 10**9))) for kind in kinds)
    fund, account, cash, hosp = sum(part.fen for part in funds), *(draw(AMOUNT) for _ in range(3))
    total = fund + account + cash + hosp
    cuts = sorted(draw(st.lists(st.integers(0, total), min_size=3, max_size=3)))
    own, over, presel, inscp = (
        after - before for before, after in zip([0, *cuts], [*cuts, total], strict=True)
    )
    return Split(
        total_fen=total,
        fund_fen=fund,
        account_fen=account,
        cash_fen=cash,
        hosp_fen=hosp,
        own_fen=own,
        over_fen=over,
        presel_fen=presel,
        inscp_fen=inscp,
        deductible_fen=draw(st.integers(0, inscp)),
        funds=funds,
        balance_fen=draw(AMOUNT),
    )


def wire(
    split: Split,
    *,
    family_fen: int = 0,
    spelling: tuple[str, str] = ("psn_part_amt", "psn_cash_pay"),
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Write a split as the insurer would, its funds under the names that are in `setlinfo`."""
    names = {"310102": "hifp_pay", "320100": "cvlserv_pay", "330100": "hifob_pay"}
    part, cash = spelling
    amounts = {
        "medfee_sumamt": split.total_fen,
        "fund_pay_sumamt": split.fund_fen,
        "acct_pay": split.account_fen,
        "acct_mulaid_pay": family_fen,
        cash: split.cash_fen,
        part: split.account_fen + split.cash_fen,
        "fulamt_ownpay_amt": split.own_fen,
        "overlmt_selfpay": split.over_fen,
        "preselfpay_amt": split.presel_fen,
        "inscp_scp_amt": split.inscp_fen,
        "act_pay_dedc": split.deductible_fen,
        "balc": split.balance_fen,
        **dict.fromkeys(rules.FUND_FIELDS[:-1], 0),
        **{names[item.kind]: item.fen for item in split.funds},
    }
    if part == "psn_part_amt":
        amounts["hosp_part_amt"] = split.hosp_fen
    else:
        del amounts["hifdm_pay"]
    rows = [
        {"fund_pay_type": item.kind, "fund_payamt": rules.yuan(item.fen)} for item in split.funds
    ]
    if split.account_fen:
        rows.append({"fund_pay_type": "310200", "fund_payamt": rules.yuan(split.account_fen)})
    return {name: rules.yuan(fen) for name, fen in amounts.items()}, rows


@given(splits())
def test_a_split_that_adds_up_passes(split):
    rules.check_split(split, expected_total_fen=split.total_fen)
    assert split.personal_fen == split.cash_fen


@given(splits(), st.sampled_from(IDENTITY_FIELDS), st.integers(-(10**6), 10**6).filter(bool))
def test_a_split_with_one_amount_changed_is_refused(split, name, change):
    wrong = replace(split, **{name: getattr(split, name) + change})
    with pytest.raises(SplitError):
        rules.check_split(wrong, expected_total_fen=split.total_fen)


@given(splits(), st.integers(1, 10**6))
def test_a_part_may_not_be_negative_even_when_the_sum_is_right(split, change):
    cash, account = -change, split.account_fen + split.cash_fen + change
    wrong = replace(split, cash_fen=cash, account_fen=account)
    with pytest.raises(SplitError) as caught:
        rules.check_split(wrong, expected_total_fen=split.total_fen)
    assert caught.value.code == "negative"


@given(splits(), st.integers(1, 10**6))
def test_funds_that_are_not_the_sum_are_refused(split, change):
    wrong = replace(split, funds=(*split.funds, FundPart("610100", change)))
    with pytest.raises(SplitError) as caught:
        rules.check_split(wrong, expected_total_fen=split.total_fen)
    assert caught.value.code == "funds"


@given(splits())
def test_another_total_than_was_claimed_is_refused(split):
    with pytest.raises(SplitError) as caught:
        rules.check_split(split, expected_total_fen=split.total_fen + 1)
    assert caught.value.code == "expected"


@given(splits(), st.sampled_from([("psn_part_amt", "psn_cash_pay"), ("psn_pay", "cash_payamt")]))
def test_a_split_survives_the_wire_in_each_spelling(split, spelling):
    info, rows = wire(split, spelling=spelling)
    assert rules.parse_split(info, rows) == split


@given(splits())
def test_funds_keep_their_field_names_where_the_insurer_sends_no_rows(split):
    info, _ = wire(split)
    read = rules.parse_split(info, [])
    rules.check_split(read, expected_total_fen=split.total_fen)
    assert {part.kind for part in read.funds} <= set(rules.FUND_FIELDS)
    assert sum(part.fen for part in read.funds) == split.fund_fen


@given(splits(), st.sampled_from(["psn_part_amt", *rules.FUND_FIELDS[:-1]]), st.integers(1, 10**6))
def test_a_contradiction_on_the_wire_is_refused_even_if_the_kept_parts_add_up(split, name, change):
    info, rows = wire(split)
    info[name] += rules.yuan(change)
    read = rules.parse_split(info, rows)
    with pytest.raises(SplitError) as caught:
        rules.check_split(read, expected_total_fen=split.total_fen)
    assert caught.value.code in {"personal", "funds"}


@given(splits(), st.integers(1, 10**6))
def test_the_family_account_cannot_pay_more_than_the_account(split, excess):
    info, rows = wire(split, family_fen=split.account_fen + excess)
    with pytest.raises(SplitError) as caught:
        rules.check_split(rules.parse_split(info, rows), expected_total_fen=split.total_fen)
    assert caught.value.code == "family_account"


@given(st.integers(-(10**12), 10**12))
def test_fen_and_yuan_are_each_others_inverse(fen):
    assert rules.fen(rules.yuan(fen), field="amount") == fen
    assert rules.fen(str(rules.yuan(fen)), field="amount") == fen


@given(st.integers(-(10**13), 10**13))
def test_a_float_means_the_decimal_it_was_written_as(fen):
    assert rules.fen(float(f"{rules.yuan(fen)}"), field="amount") == fen


@given(st.decimals(-(10**9), 10**9, places=5))
def test_what_is_finer_than_a_fen_is_not_money(value):
    assume(value != round(value, 2))
    for written in (value, str(value), float(value)):
        with pytest.raises(SplitError) as caught:
            rules.fen(written, field="hifp_pay")
        assert caught.value.code == "amount"
        assert "hifp_pay" in caught.value.detail


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        "abc",
        "1_0",
        "１２",
        True,
        [],
        float("nan"),
        float("inf"),
        Decimal("NaN"),
        Decimal("-Infinity"),
        "1" * 40,
    ],
)
def test_what_is_no_amount_is_refused(value):
    with pytest.raises(SplitError):
        rules.fen(value, field="amount")


def test_only_an_optional_amount_may_be_absent():
    assert [rules.fen_or_zero(value, field="balc") for value in (None, "", 0, "1.20")] == [
        0,
        0,
        0,
        120,
    ]
    with pytest.raises(SplitError):
        rules.fen_or_zero("none", field="balc")


@st.composite
def uploads(draw):
    parts = st.tuples(AMOUNT, AMOUNT, AMOUNT, AMOUNT)
    rows = draw(st.lists(parts, min_size=1, max_size=6))
    return [LineSplit(str(at), sum(row), *row) for at, row in enumerate(rows, 1)]


@given(uploads())
def test_lines_as_they_were_sent_pass_and_add_up(lines):
    rules.check_lines(lines, {line.feedetl_sn: line.amount_fen for line in lines})
    scope = rules.sum_lines(lines)
    total = scope.own_fen + scope.over_fen + scope.presel_fen + scope.inscp_fen
    assert total == sum(line.amount_fen for line in lines)


@given(uploads(), st.data())
def test_lines_with_one_thing_changed_are_refused(lines, data):
    sent = {line.feedetl_sn: line.amount_fen for line in lines}
    at = data.draw(st.integers(0, len(lines) - 1))
    line = lines[at]
    wrong = data.draw(
        st.sampled_from(
            [
                ([*lines[:at], *lines[at + 1 :]], "lines"),
                ([*lines, line], "lines"),
                ([*lines[:at], replace(line, feedetl_sn="99"), *lines[at + 1 :]], "lines"),
                (_with(lines, at, amount_fen=line.amount_fen + 1), "line_amount"),
                (_with(lines, at, inscp_fen=line.inscp_fen + 1), "line_scope"),
                (
                    _with(lines, at, own_fen=-1, over_fen=line.over_fen + line.own_fen + 1),
                    "negative",
                ),
            ]
        )
    )
    with pytest.raises(SplitError) as caught:
        rules.check_lines(wrong[0], sent)
    assert caught.value.code == wrong[1]


def _with(lines: list[LineSplit], at: int, **changes: Any) -> list[LineSplit]:
    return [replace(line, **changes) if place == at else line for place, line in enumerate(lines)]
