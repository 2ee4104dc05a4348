"""The policy tables of both cities, worked by hand: the rows of the benefit table and its rules.

Amounts are fen in the code and yuan in the comments.
"""

from dataclasses import fields, replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterparts.insurer.benefits import (
    Claim,
    LineSplit,
    Rule,
    Year,
    refunded,
    settle,
)
from counterparts.insurer.policies import NoPolicyError, Traits, load_policy

TODAY = date(2026, 3, 2)
POLICIES = {city: load_policy(city) for city in ("shanghai", "hangzhou")}
PEOPLE = {
    "employee": Traits(insutype="310", psn_type="11", brdy=date(1988, 1, 1)),
    "retired": Traits(insutype="310", psn_type="12", brdy=date(1955, 8, 1)),
    "resident": Traits(insutype="390", psn_type="15", brdy=date(1990, 1, 2)),
    "old resident": Traits(insutype="390", psn_type="16", brdy=date(1950, 1, 2)),
}


def rule(city, who, *, level=3, day=TODAY, **about):
    return POLICIES[city].rule_for(PEOPLE[who], day=day, hospital_level=level, **about)


def stay(city, who, **about):
    return rule(city, who, care="inpatient", **about)


def pay(benefit, in_scope, *, own=0, account=0, first=0, **used):
    claim = Claim(
        medfee_sumamt=in_scope + own,
        fulamt_ownpay_amt=own,
        overlmt_selfpay=0,
        preselfpay_amt=0,
        inscp_scp_amt=in_scope,
    )
    return settle(
        claim=claim,
        rule=benefit,
        year=Year(**used),
        account_fen=account,
        first_account_fen=first,
    )


def paid(split):
    """Return (deductible, pooled, large amount, serious illness, person)."""
    return (
        split.act_pay_dedc,
        split.hifp_pay,
        split.hifob_pay,
        split.hifmi_pay,
        split.psn_part_amt,
    )


# --- Shanghai, employees ---------------------------------------------------------------------


def test_shanghai_employee_outpatient_by_level():
    # In scope 1,500; deductible 500; base 1,000 at 80, 75, 70 %.
    pooled = [pay(rule("shanghai", "employee", level=n), 150_000).hifp_pay for n in (1, 2, 3)]
    assert pooled == [80_000, 75_000, 70_000]


def test_shanghai_retired_outpatient_by_level():
    # In scope 1,300; deductible 300; base 1,000 at 85, 80, 75 %.
    pooled = [pay(rule("shanghai", "retired", level=n), 130_000).hifp_pay for n in (1, 2, 3)]
    assert pooled == [85_000, 80_000, 75_000]


def test_shanghai_employee_stay():
    # In scope 20,000; deductible 1,500; base 18,500 at 85 % = 15,725; person 4,275.
    split = pay(stay("shanghai", "employee"), 2_000_000)
    assert paid(split) == (150_000, 1_572_500, 0, 0, 427_500)


def test_shanghai_retired_stay_with_most_of_the_deductible_used():
    # Deductible 1,200, 1,000 used: 200. Base 10,000 - 200 = 9,800 at 92 % = 9,016; person 984.
    split = pay(stay("shanghai", "retired"), 1_000_000, inpatient_deductible_fen=100_000)
    assert paid(split) == (20_000, 901_600, 0, 0, 98_400)


def test_the_deductible_of_stays_is_not_that_of_outpatients():
    # 500 used up as an outpatient leave the 1,500 of stays untouched.
    split = pay(stay("shanghai", "employee"), 200_000, deductible_fen=50_000)
    assert split.act_pay_dedc == 150_000


def test_shanghai_cap_counts_outpatients_and_stays_together():
    # Cap 650,000, paid 649,150 for both; deductible used. Base 3,000 at 85 % = 2,550, capped to
    # 850, which stands for 1,000 of the base; of the other 2,000 80 % = 1,600; person 550.
    used = {"pool_fen": 64_915_000, "inpatient_deductible_fen": 150_000}
    split = pay(stay("shanghai", "employee"), 300_000, **used)
    assert paid(split) == (0, 85_000, 160_000, 0, 55_000)


def test_shanghai_cap_was_lower_in_2024():
    # Cap 630,000, paid 629,150: the same 850 are left.
    before = stay("shanghai", "employee", day=date(2024, 6, 1))
    used = {"pool_fen": 62_915_000, "inpatient_deductible_fen": 150_000}
    assert pay(before, 300_000, **used).hifp_pay == 85_000


@pytest.mark.parametrize(("born", "level", "pooled"), [
    (date(1988, 1, 1), 1, 65_000),   # 34 years: 65, 60, 50 %
    (date(1988, 1, 1), 2, 60_000),
    (date(1988, 1, 1), 3, 50_000),
    (date(1970, 1, 1), 1, 75_000),   # 52 years: 75, 70, 60 %
    (date(1970, 1, 1), 2, 70_000),
    (date(1970, 1, 1), 3, 60_000),
    (date(1955, 12, 31), 1, 75_000), # the cohort before 1956: 75, 70, 70 %
    (date(1955, 12, 31), 2, 70_000),
    (date(1955, 12, 31), 3, 70_000),
])  # fmt: skip
def test_shanghai_before_2023_went_by_age(born, level, pooled):
    # In scope 2,500; deductible 1,500; base 1,000.
    person = Traits(insutype="310", psn_type="11", brdy=born)
    old = POLICIES["shanghai"].rule_for(person, day=date(2022, 5, 1), hospital_level=level)
    assert pay(old, 250_000).hifp_pay == pooled


def test_shanghai_old_rule_ends_when_the_new_one_begins():
    days = (date(2023, 6, 30), date(2023, 7, 1))
    deductibles = [rule("shanghai", "employee", day=day).deductible_fen for day in days]
    assert deductibles == [150_000, 50_000]


@pytest.mark.parametrize(("birthday", "share"), [
    (date(1978, 5, 2), "0.50"), (date(1977, 5, 1), "0.60"),
])  # fmt: skip
def test_shanghai_old_rule_changes_with_the_45th_birthday(birthday, share):
    person = Traits(insutype="310", psn_type="11", brdy=birthday)
    old = POLICIES["shanghai"].rule_for(person, day=date(2022, 5, 1), hospital_level=3)
    assert old.rate == Decimal(share)


# --- Shanghai, residents ---------------------------------------------------------------------


def test_shanghai_resident_outpatient_by_level():
    # In scope 1,500; deductible 500 (19 to 59 years); base 1,000 at 70, 60, 50 %.
    pooled = [pay(rule("shanghai", "resident", level=n), 150_000).hifp_pay for n in (1, 2, 3)]
    assert pooled == [70_000, 60_000, 50_000]


def test_shanghai_old_resident_outpatient():
    # In scope 1,000; deductible 300; base 700 at 60 % (level 2) = 420; person 580.
    split = pay(rule("shanghai", "old resident", level=2), 100_000)
    assert paid(split) == (30_000, 42_000, 0, 0, 58_000)


@pytest.mark.parametrize(("level", "expected"), [
    (1, (5_000, 895_500, 0, 0, 104_500)),    # 50; 9,950 at 90 % = 8,955; person 1,045
    (2, (10_000, 792_000, 0, 0, 208_000)),   # 100; 9,900 at 80 % = 7,920; person 2,080
    (3, (30_000, 679_000, 0, 0, 321_000)),   # 300; 9,700 at 70 % = 6,790; person 3,210
])  # fmt: skip
def test_shanghai_old_resident_stay_by_level(level, expected):
    split = pay(stay("shanghai", "old resident", level=level), 1_000_000)
    assert paid(split) == expected


def test_shanghai_younger_resident_stay():
    # 300; 9,700 at 60 % = 5,820; person 4,180.
    split = pay(stay("shanghai", "resident"), 1_000_000)
    assert paid(split) == (30_000, 582_000, 0, 0, 418_000)


def test_shanghai_resident_deductible_is_borne_anew_in_every_stay():
    # What other stays of the year took does not count, what this one took does.
    benefit = stay("shanghai", "resident")
    anew = pay(benefit, 1_000_000, inpatient_deductible_fen=30_000, other_stays=1)
    going_on = pay(benefit, 1_000_000, inpatient_deductible_fen=30_000, this_stay_fen=30_000)
    assert (anew.act_pay_dedc, going_on.act_pay_dedc) == (30_000, 0)


def test_shanghai_serious_illness_pays_for_named_diseases_only():
    # Lung cancer: 10,000 in scope, 300 deductible, 70 % of 9,700 = 6,790; of the 3,210 left 60 %
    # = 1,926; person 1,284. Pneumonia: nothing of the kind.
    cancer = pay(stay("shanghai", "old resident", disease="C34.9"), 1_000_000)
    pneumonia = pay(stay("shanghai", "old resident", disease="J18.9"), 1_000_000)
    assert paid(cancer) == (30_000, 679_000, 0, 192_600, 128_400)
    assert pneumonia.hifmi_pay == 0


def test_shanghai_resident_cap():
    # Cap 250,000, paid 249,000: 1,000 left of 70 % of 9,700; residents have nothing above it.
    split = pay(stay("shanghai", "old resident"), 1_000_000, pool_fen=24_900_000)
    assert paid(split) == (30_000, 100_000, 0, 0, 900_000)


# --- Hangzhou --------------------------------------------------------------------------------


def test_hangzhou_employee_outpatient_by_level():
    # In scope 1,600; deductible 600; base 1,000 at 86, 80, 76 %.
    pooled = [pay(rule("hangzhou", "employee", level=n), 160_000).hifp_pay for n in (1, 2, 3)]
    assert pooled == [86_000, 80_000, 76_000]


def test_hangzhou_retired_outpatient_by_level():
    # In scope 1,200; deductible 200; base 1,000 at 92, 86, 82 %.
    pooled = [pay(rule("hangzhou", "retired", level=n), 120_000).hifp_pay for n in (1, 2, 3)]
    assert pooled == [92_000, 86_000, 82_000]


def test_hangzhou_older_deductibles():
    then = date(2024, 5, 1)
    fens = [rule("hangzhou", who, day=then).deductible_fen for who in ("employee", "retired")]
    assert fens == [100_000, 30_000]


@pytest.mark.parametrize(("who", "deductible_fen"), [
    ("employee", 30_000), ("retired", 0), ("resident", 0),
])  # fmt: skip
def test_a_contract_with_a_general_practitioner_lowers_the_deductible(who, deductible_fen):
    # 600 - 300, 200 - 300, 300 - 300; never below nothing.
    assert rule("hangzhou", who, has_contract=True).deductible_fen == deductible_fen


def test_a_contract_does_not_touch_stays():
    assert stay("hangzhou", "employee", has_contract=True).deductible_fen == 80_000


@pytest.mark.parametrize(("level", "expected"), [
    (1, (30_000, 892_400, 0, 0, 107_600)),   # 300; 9,700 at 92 % = 8,924; person 1,076
    (2, (50_000, 836_000, 0, 0, 164_000)),   # 500; 9,500 at 88 % = 8,360; person 1,640
    (3, (80_000, 772_800, 0, 0, 227_200)),   # 800; 9,200 at 84 % = 7,728; person 2,272
])  # fmt: skip
def test_hangzhou_employee_stay_by_level(level, expected):
    assert paid(pay(stay("hangzhou", "employee", level=level), 1_000_000)) == expected


def test_hangzhou_retired_stay():
    # 800; 9,200 at 88 % = 8,096; person 1,904.
    assert paid(pay(stay("hangzhou", "retired"), 1_000_000)) == (80_000, 809_600, 0, 0, 190_400)


def test_hangzhou_employee_cap_counts_stays_alone():
    # Cap 400,000. Paid for stays 399,000 and for outpatients as much again: 1,000 left.
    used = {"pool_fen": 79_800_000, "inpatient_pool_fen": 39_900_000}
    split = pay(stay("hangzhou", "employee"), 1_000_000, inpatient_deductible_fen=80_000, **used)
    assert split.hifp_pay == 100_000
    only_outpatient = pay(stay("hangzhou", "employee"), 1_000_000, pool_fen=39_900_000)
    assert only_outpatient.hifp_pay == 772_800


def test_hangzhou_employee_serious_illness_pays_above_25000():
    # 24,000 borne this year; 20,000 in scope, deductible used, 84 % = 16,800; 3,200 left raise the
    # count to 27,200: 2,200 above 25,000 at 70 % = 1,540; person 1,660.
    used = {"own_in_scope_fen": 2_400_000, "inpatient_deductible_fen": 80_000}
    split = pay(stay("hangzhou", "employee"), 2_000_000, **used)
    assert paid(split) == (0, 1_680_000, 154_000, 0, 166_000)


def test_hangzhou_employee_serious_illness_pays_more_above_50000():
    # 49,000 borne; 3,200 more: 1,000 at 70 % = 700 and 2,200 at 80 % = 1,760; together 2,460.
    used = {"own_in_scope_fen": 4_900_000, "inpatient_deductible_fen": 80_000}
    assert pay(stay("hangzhou", "employee"), 2_000_000, **used).hifob_pay == 246_000


def test_hangzhou_employee_serious_illness_leaves_outpatients_out():
    split = pay(rule("hangzhou", "employee"), 2_000_000, own_in_scope_fen=4_900_000)
    assert (split.hifob_pay, split.own_in_scope) == (0, 0)


def test_hangzhou_resident_outpatient_by_level():
    # In scope 1,300; deductible 300; base 1,000 at 70, 60, 40 %.
    pooled = [pay(rule("hangzhou", "resident", level=n), 130_000).hifp_pay for n in (1, 2, 3)]
    assert pooled == [70_000, 60_000, 40_000]


def test_hangzhou_resident_outpatient_with_a_contract():
    # No deductible: 1,300 at 40 % = 520; person 780.
    split = pay(rule("hangzhou", "resident", has_contract=True), 130_000)
    assert paid(split) == (0, 52_000, 0, 0, 78_000)


@pytest.mark.parametrize(("level", "expected"), [
    (1, (30_000, 776_000, 0, 0, 224_000)),   # 300; 9,700 at 80 % = 7,760; person 2,240
    (2, (50_000, 712_500, 0, 0, 287_500)),   # 500; 9,500 at 75 % = 7,125; person 2,875
    (3, (80_000, 644_000, 0, 0, 356_000)),   # 800; 9,200 at 70 % = 6,440; person 3,560
])  # fmt: skip
def test_hangzhou_resident_stay_by_level(level, expected):
    assert paid(pay(stay("hangzhou", "resident", level=level), 1_000_000)) == expected


def test_hangzhou_resident_stay_above_the_cap_falls_to_serious_illness():
    # Cap 300,000, used up; deductible used; 100,000 in scope all borne, counted from 0: 75,000
    # above 25,000 at 70 % = 52,500; person 47,500.
    used = {"inpatient_pool_fen": 30_000_000, "inpatient_deductible_fen": 80_000}
    split = pay(stay("hangzhou", "resident"), 10_000_000, **used)
    assert paid(split) == (0, 0, 0, 5_250_000, 4_750_000)


def test_hangzhou_resident_serious_illness_has_bands_and_a_cap():
    # From 90,000 to 220,000 borne: 10,000 at 70 % = 7,000, 100,000 at 75 % = 75,000, 20,000 at
    # 80 % = 16,000; together 98,000. With 590,000 paid before, only 10,000 are left of 600,000.
    used = {"inpatient_pool_fen": 30_000_000, "inpatient_deductible_fen": 80_000}
    benefit = stay("hangzhou", "resident")
    bands = pay(benefit, 13_000_000, own_in_scope_fen=9_000_000, **used)
    capped = pay(
        benefit, 13_000_000, own_in_scope_fen=9_000_000, catastrophic_fen=59_000_000, **used
    )
    assert (bands.hifmi_pay, capped.hifmi_pay) == (9_800_000, 1_000_000)


# --- special rules -----------------------------------------------------------------------------


@pytest.mark.parametrize(("elsewhere", "pooled", "share"), [
    ("filed", 772_800, "0.84"),      # 9,200 at 84 %
    ("transfer", 695_520, "0.756"),  # 84 % x 90 % = 75.6 %: 6,955.20
    ("unfiled", 540_960, "0.588"),   # 84 % x 70 % = 58.8 %: 5,409.60
])  # fmt: skip
def test_who_is_insured_elsewhere_has_a_share_of_the_local_rate(elsewhere, pooled, share):
    split = pay(stay("hangzhou", "employee", elsewhere=elsewhere), 1_000_000)
    assert (split.hifp_pay, split.pool_prop_selfpay) == (pooled, Decimal(share))


def test_unfiled_outpatients_of_another_area():
    # 1,000 at 76 % x 70 % = 53.2 %: 532; person 1,068.
    split = pay(rule("hangzhou", "employee", elsewhere="unfiled"), 160_000)
    assert (split.hifp_pay, split.psn_part_amt) == (53_200, 106_800)


def test_shanghais_account_of_the_year_pays_before_the_deductible():
    # In scope 2,000, own 100. This year's account pays 600; 1,400 are left: deductible 500, base
    # 900 at 70 % = 630. Person 2,100 - 630 = 1,470: 600, then 200 of the older account, 670 cash.
    split = pay(rule("shanghai", "employee"), 200_000, own=10_000, first=60_000, account=20_000)
    assert (split.act_pay_dedc, split.hifp_pay) == (50_000, 63_000)
    assert (split.first_acct_pay, split.acct_pay, split.psn_cash_pay) == (60_000, 80_000, 67_000)


def test_an_account_that_pays_first_pays_only_what_is_in_scope():
    # 300 in scope, 100 own, 1,000 in this year's account: 300; the 100 are cash.
    split = pay(rule("shanghai", "employee"), 30_000, own=10_000, first=100_000)
    assert (split.first_acct_pay, split.act_pay_dedc, split.psn_cash_pay) == (30_000, 0, 10_000)


def test_only_shanghais_account_pays_first_and_only_for_outpatients():
    assert POLICIES["shanghai"].account_pays_first("outpatient")
    assert not POLICIES["shanghai"].account_pays_first("inpatient")
    assert not POLICIES["hangzhou"].account_pays_first("outpatient")


def test_a_later_stay_can_have_a_lower_deductible():
    # A parameter: half of 300 from the year's second stay on.
    benefit = replace(stay("shanghai", "resident"), later_stay_share=Decimal("0.5"))
    later = pay(benefit, 1_000_000, other_stays=1)
    assert (pay(benefit, 1_000_000).act_pay_dedc, later.act_pay_dedc) == (30_000, 15_000)


def test_chronic_diseases_have_rates_and_a_deductible_of_their_own():
    # Hangzhou employee: in scope 1,300, deductible 300, base 1,000 at 84 %; the outpatient
    # deductible neither counts nor is counted.
    benefit = rule("hangzhou", "employee", care="chronic")
    split = pay(benefit, 130_000, deductible_fen=60_000)
    assert paid(split) == (30_000, 84_000, 0, 0, 46_000)
    assert pay(benefit, 130_000, chronic_deductible_fen=30_000).act_pay_dedc == 0


def test_shanghai_chronic_diseases_have_no_deductible():
    # 1,000 at 85 %.
    assert pay(rule("shanghai", "employee", care="chronic"), 100_000).hifp_pay == 85_000


def test_an_emergency_counts_as_outpatient():
    # 100 of the 600 left: in scope 1,100, base 1,000 at 76 %.
    split = pay(rule("hangzhou", "employee", care="emergency"), 110_000, deductible_fen=50_000)
    assert (split.act_pay_dedc, split.hifp_pay) == (10_000, 76_000)


def test_hangzhou_pharmacies_pay_as_the_community():
    # In scope 160, 500 of 600 used: deductible 100, base 60 at 86 % = 51.60.
    split = pay(
        rule("hangzhou", "employee", care="pharmacy", level=1), 16_000, deductible_fen=50_000
    )
    assert (split.act_pay_dedc, split.hifp_pay) == (10_000, 5_160)


def test_shanghai_has_no_table_for_pharmacies():
    with pytest.raises(NoPolicyError):
        rule("shanghai", "employee", care="pharmacy", level=1)


def test_aid_and_civil_servants_apply_to_stays():
    # Resident in aid (特困, 100 %): 10,000 in scope, 800, 70 % of 9,200 = 6,440; aid the rest.
    poor = replace(PEOPLE["resident"], psn_idet_types=("2304",))
    benefit = POLICIES["hangzhou"].rule_for(poor, day=TODAY, hospital_level=3, care="inpatient")
    split = pay(benefit, 1_000_000)
    assert (split.maf_pay, split.psn_part_amt) == (356_000, 0)
    # Civil servant: half of the 2,272 that the pool leaves = 1,136.
    servant = replace(PEOPLE["employee"], is_civil_servant=True)
    benefit = POLICIES["hangzhou"].rule_for(servant, day=TODAY, hospital_level=3, care="inpatient")
    assert pay(benefit, 1_000_000).cvlserv_pay == 113_600


# --- laws ----------------------------------------------------------------------------------------

fens = st.integers(0, 50_000_000)
rules = st.builds(
    Rule,
    group=st.sampled_from(["employee", "retired", "resident"]),
    deductible_fen=st.integers(0, 500_000),
    rate=st.decimals("0", "1", places=2),
    care=st.sampled_from(["outpatient", "inpatient", "chronic"]),
    cap_fen=st.none() | fens,
    cap_is_inpatient=st.booleans(),
    excess_rate=st.decimals("0", "1", places=2),
    is_per_stay=st.booleans(),
    later_stay_share=st.decimals("0", "1", places=2),
)
years = st.builds(
    Year,
    **{field.name: fens for field in fields(Year) if field.name != "other_stays"},
    other_stays=st.integers(0, 5),
)


@given(rules, years, fens, fens, fens, fens)
def test_every_fen_is_paid_once_whichever_account_pays_first(benefit, year, scope, own, one, two):
    claim = Claim(
        medfee_sumamt=scope + own,
        fulamt_ownpay_amt=own,
        overlmt_selfpay=0,
        preselfpay_amt=0,
        inscp_scp_amt=scope,
    )
    split = settle(claim=claim, rule=benefit, year=year, account_fen=one, first_account_fen=two)
    funds = (split.hifp_pay, split.hifob_pay, split.hifmi_pay, split.cvlserv_pay, split.maf_pay)
    assert sum(funds) == split.fund_pay_sumamt
    assert split.fund_pay_sumamt + split.acct_pay + split.psn_cash_pay == scope + own
    assert min(*funds, split.acct_pay, split.psn_cash_pay, split.act_pay_dedc) >= 0
    assert split.first_acct_pay <= min(two, scope)
    assert split.acct_pay <= one + two


parts = st.lists(st.integers(0, 1_000_000), min_size=4, max_size=4).filter(any)


@given(parts, st.lists(st.integers(1, 400_000), max_size=12))
def test_refunds_never_take_more_of_a_part_than_was_charged(charged, wanted):
    whole = LineSplit(*charged)
    gone = [0, 0, 0, 0]
    left = sum(charged)
    for amount in [*wanted, left]:  # the last one takes whatever is left
        fen = min(amount, left)
        split = refunded(charged=whole, before=LineSplit(*gone), amount_fen=fen)
        taken = (
            split.fulamt_ownpay_amt,
            split.overlmt_amt,
            split.preselfpay_amt,
            split.inscp_scp_amt,
        )
        assert sum(taken) == -fen
        gone = [before - part for before, part in zip(gone, taken, strict=True)]
        assert all(0 <= back <= part for back, part in zip(gone, charged, strict=True))
        left -= fen
    assert gone == charged
