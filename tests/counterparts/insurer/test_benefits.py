"""The benefit rules as pure functions: worked examples and laws. Amounts are fen."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterparts.insurer.benefits import (
    UNKNOWN_ITEM,
    Bands,
    Claim,
    Item,
    Line,
    Rule,
    Year,
    settle,
    split_lines,
)
from counterparts.insurer.policies import NoPolicyError, Traits, cities, load_policy

A = Item(chrgitm_lv="01")
B10 = Item(chrgitm_lv="02", selfpay_prop=Decimal("0.10"))


def line(amount_fen, item, *, cnt="1", approved="0"):
    pric = Decimal(amount_fen) / 100 / Decimal(cnt)
    return Line(
        amount_fen=amount_fen, cnt=Decimal(cnt), pric=pric, item=item, hosp_appr_flag=approved
    )


def claim(in_scope, *, own=0, over=0, presel=0):
    return Claim(
        medfee_sumamt=in_scope + own + over + presel,
        fulamt_ownpay_amt=own,
        overlmt_selfpay=over,
        preselfpay_amt=presel,
        inscp_scp_amt=in_scope,
    )


def parts(split):
    return tuple(
        getattr(split, name)
        for name in ("fulamt_ownpay_amt", "overlmt_amt", "preselfpay_amt", "inscp_scp_amt")
    )


# --- lines -------------------------------------------------------------------------------------


def test_class_a_is_wholly_in_scope():
    assert parts(split_lines([line(1234, A)])[0]) == (0, 0, 0, 1234)


def test_class_c_and_unknown_codes_are_wholly_own():
    for item in (Item(chrgitm_lv="03"), UNKNOWN_ITEM):
        assert parts(split_lines([line(1234, item)])[0]) == (1234, 0, 0, 0)


def test_class_b_bears_its_share_of_what_is_not_over_the_cap():
    # 3 boxes at 60.00 = 180.00; cap 50.00: over 3 x 10.00 = 30.00; 10 % of 150.00 = 15.00;
    # in scope 180.00 - 30.00 - 15.00 = 135.00.
    capped = replace(B10, price_cap_fen=5000)
    assert parts(split_lines([line(18000, capped, cnt="3")])[0]) == (0, 3000, 1500, 13500)


def test_a_share_is_rounded_half_up_and_the_residue_goes_to_the_last_line():
    # Three lines of 0.15 at 10 %: exactly 1.5 fen each, 4.5 together, which rounds up to 5.
    # Half up gives 2 + 2 + 2 = 6; the residue -1 goes to the last line: 2 + 2 + 1.
    shares = [split.preselfpay_amt for split in split_lines([line(15, B10)] * 3)]
    assert shares == [2, 2, 1]


def test_a_residue_that_does_not_fit_the_last_line_goes_on_to_an_earlier_one():
    # Shares of 99 %: 0.99 + 0.99 + 0.99 fen, rounded 1 + 1 + 1 = 3; exactly 2.97, rounded 3: none.
    # With 50 %: 0.5 x 5 lines = 2.5, rounded 3; half up gives 5, residue -2: the last two lose 1.
    half = Item(chrgitm_lv="02", selfpay_prop=Decimal("0.5"))
    shares = [split.preselfpay_amt for split in split_lines([line(1, half)] * 5)]
    assert shares == [1, 1, 1, 0, 0]


@pytest.mark.parametrize(
    ("limited", "approved", "is_own"),
    [("1", "0", True), ("1", "1", False), ("1", "2", True), ("0", "0", False), ("0", "1", False),
     ("0", "2", True)],
)  # fmt: skip
def test_restricted_items_need_approval_and_a_refused_one_is_own(limited, approved, is_own):
    split = split_lines([line(1000, replace(A, lmt_used_flag=limited), approved=approved)])[0]
    assert (split.fulamt_ownpay_amt == 1000) is is_own


# --- settlements --------------------------------------------------------------------------------


def rule_of(city, *, insutype="310", psn_type="11", born=date(1988, 1, 1), level=3, **traits):
    person = Traits(insutype=insutype, psn_type=psn_type, brdy=born, **traits)
    return load_policy(city).rule_for(person, day=date(2026, 3, 2), hospital_level=level)


def test_hangzhou_employee_at_a_third_level_hospital():
    # In scope 1,000.00, own 50.00, borne first 20.00: fee 1,070.00.
    # Deductible 600.00; base 400.00 at 76 % = 304.00 from the pool.
    # Person 1,070.00 - 304.00 = 766.00, of it 100.00 from the account, 666.00 cash.
    split = settle(
        claim=claim(100_000, own=5_000, presel=2_000),
        rule=rule_of("hangzhou"),
        year=Year(),
        account_fen=10_000,
    )
    assert (split.act_pay_dedc, split.hifp_pay, split.fund_pay_sumamt) == (60_000, 30_400, 30_400)
    assert (split.psn_part_amt, split.acct_pay, split.psn_cash_pay) == (76_600, 10_000, 66_600)


def test_hangzhou_retired_in_the_community_with_most_of_the_deductible_used():
    # Deductible 200.00, used 150.00: 50.00 left. Base 100.01 - 50.00 = 50.01 at 92 %
    # = 46.0092, rounded 46.01.
    split = settle(
        claim=claim(10_001),
        rule=rule_of("hangzhou", psn_type="12", level=1),
        year=Year(deductible_fen=15_000),
        account_fen=0,
    )
    assert (split.act_pay_dedc, split.hifp_pay) == (5_000, 4_601)


def test_a_charge_within_the_deductible_is_the_persons():
    split = settle(claim=claim(20_000), rule=rule_of("hangzhou"), year=Year(), account_fen=0)
    assert (split.act_pay_dedc, split.fund_pay_sumamt, split.psn_cash_pay) == (20_000, 0, 20_000)


def test_shanghai_employee_above_the_yearly_cap_gets_the_supplementary_fund():
    # Cap 650,000.00, paid 649,930.00: 70.00 left. Deductible used. Base 200.00 at 70 % = 140.00,
    # capped to 70.00, which stands for 100.00 of the base; of the other 100.00 80 % = 80.00.
    split = settle(
        claim=claim(20_000),
        rule=rule_of("shanghai"),
        year=Year(deductible_fen=50_000, pool_fen=64_993_000),
        account_fen=0,
    )
    assert (split.hifp_pay, split.hifob_pay, split.psn_cash_pay) == (7_000, 8_000, 5_000)
    assert split.pool_limit == 7_000


@pytest.mark.parametrize(("born", "deductible_fen"), [
    (date(2015, 1, 1), 30_000), (date(1990, 1, 1), 50_000), (date(1966, 3, 2), 30_000),
    (date(1966, 3, 3), 50_000),
])  # fmt: skip
def test_shanghai_residents_deductible_goes_by_age(born, deductible_fen):
    assert rule_of("shanghai", insutype="390", born=born).deductible_fen == deductible_fen


def test_hangzhou_residents_serious_illness_pays_in_bands():
    # The year's eligible own amounts stood at 24,900.00. In scope 500.00, deductible used, 40 %
    # = 200.00 pooled; 300.00 own raises the count to 25,200.00: 200.00 above 25,000.00 at 70 %
    # = 140.00.
    split = settle(
        claim=claim(50_000),
        rule=rule_of("hangzhou", insutype="390", psn_type="15"),
        year=Year(deductible_fen=30_000, own_in_scope_fen=2_490_000),
        account_fen=0,
    )
    assert (split.hifp_pay, split.hifmi_pay, split.psn_cash_pay) == (20_000, 14_000, 16_000)


def test_civil_servants_and_aid_pay_in_turn_on_what_is_left_of_the_scope():
    # In scope 100.00, deductible used, 76 % = 76.00; left 24.00: civil servants' half 12.00;
    # left 12.00: aid of 70 % = 8.40; cash 3.60.
    split = settle(
        claim=claim(10_000),
        rule=rule_of("hangzhou", is_civil_servant=True, psn_idet_types=("23",)),
        year=Year(deductible_fen=60_000),
        account_fen=0,
    )
    assert (split.hifp_pay, split.cvlserv_pay, split.maf_pay, split.psn_cash_pay) == (
        7_600, 1_200, 840, 360,
    )  # fmt: skip


def test_a_policy_holds_from_its_day():
    person = Traits(insutype="310", psn_type="11", brdy=date(1988, 1, 1))
    policy = load_policy("hangzhou")
    before = policy.rule_for(person, day=date(2024, 12, 31), hospital_level=3)
    after = policy.rule_for(person, day=date(2025, 1, 1), hospital_level=3)
    assert (before.deductible_fen, after.deductible_fen) == (100_000, 60_000)


def test_no_policy_is_an_error_not_a_zero():
    person = Traits(insutype="310", psn_type="11", brdy=date(1988, 1, 1))
    with pytest.raises(NoPolicyError):
        load_policy("shanghai").rule_for(person, day=date(2015, 12, 31), hospital_level=3)
    with pytest.raises(NoPolicyError):
        _ = replace(person, insutype="510").group


# --- laws -----------------------------------------------------------------------------------------

fens = st.integers(0, 50_000_000)
shares = st.decimals("0", "1", places=4)
items = st.builds(
    Item,
    chrgitm_lv=st.sampled_from(["01", "02", "03"]),
    selfpay_prop=shares,
    price_cap_fen=st.none() | st.integers(0, 100_000),
    lmt_used_flag=st.sampled_from(["0", "1"]),
)


@st.composite
def lines(draw):
    cnt = draw(st.decimals("0.0001", "500", places=4))
    pric = draw(st.decimals("0", "5000", places=6))
    amount = int((cnt * pric * 100).to_integral_value(rounding="ROUND_HALF_UP"))
    return Line(
        amount_fen=amount,
        cnt=cnt,
        pric=pric,
        item=draw(items),
        hosp_appr_flag=draw(st.sampled_from("012")),
    )


@given(st.lists(lines(), min_size=1, max_size=12))
def test_the_four_parts_of_every_line_are_its_amount(charged):
    for one, split in zip(charged, split_lines(charged), strict=True):
        assert min(parts(split)) >= 0
        assert sum(parts(split)) == one.amount_fen


@given(st.lists(lines(), min_size=1, max_size=12))
def test_shares_borne_first_add_up_to_the_rounded_sum(charged):
    splits = split_lines(charged)
    exact = sum(
        (
            (one.amount_fen - split.overlmt_amt) * one.item.selfpay_prop
            for one, split in zip(charged, splits, strict=True)
            if one.item.chrgitm_lv == "02" and not split.fulamt_ownpay_amt
        ),
        Decimal(0),
    )
    total = sum(split.preselfpay_amt for split in splits)
    assert abs(total - exact) <= Decimal("0.5")


policies = st.sampled_from(
    [
        load_policy(city).rule_for(
            Traits(
                insutype=insutype,
                psn_type=psn_type,
                brdy=date(1980, 1, 1),
                is_civil_servant=civil,
                psn_idet_types=identity,
            ),
            day=date(2026, 3, 2),
            hospital_level=level,
        )
        for city in cities()
        for insutype, psn_type in (("310", "11"), ("310", "12"), ("390", "15"))
        for civil in (False, True)
        for identity in ((), ("2304",))
        for level in (1, 2, 3)
    ]
)
rules = policies | st.builds(
    Rule,
    group=st.just("employee"),
    deductible_fen=fens,
    rate=shares,
    cap_fen=st.none() | fens,
    excess_rate=shares,
    catastrophic=st.none()
    | st.builds(
        Bands,
        steps=st.lists(st.tuples(fens, shares), min_size=1, max_size=4, unique_by=lambda s: s[0])
        .map(sorted)
        .map(tuple),
        cap_fen=st.none() | fens,
    ),
    civil_servant_rate=shares,
    aid_rate=shares,
)
years = st.builds(
    Year,
    deductible_fen=fens,
    pool_fen=fens,
    own_in_scope_fen=fens,
    catastrophic_fen=fens,
)
claims = st.builds(claim, fens, own=fens, over=fens, presel=fens)


@given(claims, rules, years, fens)
def test_every_fen_is_paid_by_exactly_one(charged, rule, year, account_fen):
    split = settle(claim=charged, rule=rule, year=year, account_fen=account_fen)
    funds = (
        split.hifp_pay,
        split.hifob_pay,
        split.hifmi_pay,
        split.cvlserv_pay,
        split.maf_pay,
    )
    everything = (*funds, split.acct_pay, split.psn_cash_pay, split.hosp_part_amt)
    assert min(everything) >= 0
    assert sum(funds) == split.fund_pay_sumamt
    assert sum(everything) == charged.medfee_sumamt
    assert split.acct_pay + split.psn_cash_pay == split.psn_part_amt
    assert split.fund_pay_sumamt <= charged.inscp_scp_amt


@given(claims, rules, years)
def test_a_year_never_passes_deductible_and_cap(charged, rule, year):
    split = settle(claim=charged, rule=rule, year=year, account_fen=0)
    assert split.act_pay_dedc <= max(0, rule.deductible_fen - year.deductible_fen)
    if rule.cap_fen is not None:
        assert split.hifp_pay <= max(0, rule.cap_fen - year.pool_fen)


@given(claims, rules, years, fens)
def test_the_account_pays_no_more_than_it_has_and_before_cash(charged, rule, year, account_fen):
    split = settle(claim=charged, rule=rule, year=year, account_fen=account_fen)
    assert split.acct_pay <= account_fen
    assert split.psn_cash_pay == 0 or split.acct_pay == account_fen


@given(st.lists(st.integers(0, 3_000_000), min_size=1, max_size=8), policies)
def test_serious_illness_pays_a_year_the_same_however_it_is_cut(amounts, rule):
    bands = rule.catastrophic or Bands(steps=((100_000, Decimal("0.7")),))
    bare = Rule(group="resident", deductible_fen=0, rate=Decimal(0), catastrophic=bands)
    paid = own = 0
    for amount in amounts:
        year = Year(own_in_scope_fen=own, catastrophic_fen=paid)
        split = settle(claim=claim(amount), rule=bare, year=year, account_fen=0)
        own += split.own_in_scope
        paid += split.hifmi_pay
    at_once = settle(claim=claim(sum(amounts)), rule=bare, year=Year(), account_fen=0)
    assert paid == at_once.hifmi_pay
