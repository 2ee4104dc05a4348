"""Charge rules: sums, consent and the published limits, all on plain values."""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifu.catalogue.errors import (
    AmountMismatch,
    AmountOutOfRange,
    QuantityOutOfRange,
    UnitPriceOutOfRange,
)
from yifu.catalogue.rules import (
    ChargeLine,
    Duplicate,
    Limit,
    LimitKind,
    Patient,
    RuleBook,
    Setting,
    Window,
    amount_of,
    check_amount,
    consent_needed,
    warnings,
)

CHINA = timezone(timedelta(hours=8))
MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=CHINA)
TODAY = MORNING.date()
WOMAN = Patient(sex="2", birth_date=date(1990, 5, 1))
MAN = Patient(sex="1", birth_date=date(1990, 5, 1))

quantities = st.decimals(min_value="0.0001", max_value="9999999", places=4)
prices = st.decimals(min_value=0, max_value="99999", places=4)


def line(line_no=1, code="A1", *, quantity="1", price="100", amount=None, at=MORNING, name="项目"):
    count, unit = Decimal(quantity), Decimal(price)
    return ChargeLine(
        line_no=line_no,
        local_code=f"L{code}",
        national_code=code,
        name=name,
        quantity=count,
        unit_price_fen=unit,
        amount_fen=amount_of(quantity=count, unit_price_fen=unit) if amount is None else amount,
        occurred_at=at,
    )


def book(*limits, duplicates=()):
    return RuleBook.of(limits, duplicates)


def limit(kind, value="", prefix="A1"):
    return Limit(prefix, "某项目", LimitKind(kind), value)


def codes(findings):
    return [finding.code for finding in findings]


def warn(*lines, rules, patient=WOMAN, **more):
    return warnings(lines, patient=patient, rules=rules, on=TODAY, **more)


# --- sums


@given(quantities, prices)
def test_the_amount_is_the_product_rounded_half_up(quantity, price):
    with localcontext(prec=60):
        expected = int((quantity * price).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    assert amount_of(quantity=quantity, unit_price_fen=price) == expected


@given(quantities, prices)
def test_a_right_line_passes_and_a_fen_more_or_less_does_not(quantity, price):
    right = line(quantity=str(quantity), price=str(price))
    check_amount(right)
    for wrong_fen in (right.amount_fen + 1, right.amount_fen - 1):
        if wrong_fen >= 0:
            with pytest.raises(AmountMismatch):
                check_amount(replace(right, amount_fen=wrong_fen))


def test_half_a_fen_goes_up():
    assert amount_of(quantity=Decimal("0.5"), unit_price_fen=Decimal(1)) == 1
    assert amount_of(quantity=Decimal(3), unit_price_fen=Decimal("33.3333")) == 100
    assert amount_of(quantity=Decimal("0.4999"), unit_price_fen=Decimal(1)) == 0


def test_the_widest_figures_are_exact():
    quantity, price = Decimal("999999999999.9999"), Decimal("9999999999999.9999")
    with localcontext(prec=80):
        expected = int((quantity * price).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    assert amount_of(quantity=quantity, unit_price_fen=price) == expected


@pytest.mark.parametrize(
    ("figures", "error"),
    [
        ({"quantity": "0", "amount": 0}, QuantityOutOfRange),
        ({"quantity": "-1", "amount": -100}, QuantityOutOfRange),
        ({"quantity": "1.00001", "amount": 100}, QuantityOutOfRange),
        ({"quantity": "NaN", "amount": 100}, QuantityOutOfRange),
        ({"quantity": "Infinity", "amount": 100}, QuantityOutOfRange),
        ({"quantity": "1e12", "amount": 100}, QuantityOutOfRange),
        ({"quantity": "1e-900000", "amount": 0}, QuantityOutOfRange),
        ({"price": "-0.0001", "amount": 0}, UnitPriceOutOfRange),
        ({"price": "1.00005", "amount": 1}, UnitPriceOutOfRange),
        ({"price": "sNaN", "amount": 1}, UnitPriceOutOfRange),
        ({"price": "1e13", "amount": 1}, UnitPriceOutOfRange),
        ({"amount": -1}, AmountOutOfRange),
        ({"amount": 10**13}, AmountOutOfRange),
        ({"amount": 99}, AmountMismatch),
    ],
)
def test_wrong_figures_are_named(figures, error):
    with pytest.raises(error) as caught:
        check_amount(line(7, **figures))
    assert caught.value.status == 422
    assert "7" in caught.value.detail("zh")
    assert "7" in caught.value.detail("en")


def test_a_mismatch_says_both_sums():
    with pytest.raises(AmountMismatch) as caught:
        check_amount(line(quantity="3", price="33.5", amount=100))
    assert caught.value.facts == {"line_no": 1, "expected_fen": 101, "amount_fen": 100}


@pytest.mark.parametrize("quantity", ["1.50000", "2e0", "1E+3", "0.00010"])
def test_ways_of_writing_a_quantity_do_not_matter(quantity):
    check_amount(line(quantity=quantity))


def test_a_price_of_nothing_is_a_price():
    check_amount(line(price="0"))


def test_amount_of_refuses_what_it_cannot_multiply():
    with pytest.raises(ValueError, match="out of range"):
        amount_of(quantity=Decimal(-1), unit_price_fen=Decimal(1))


# --- consent


@pytest.mark.parametrize(
    ("lines", "concerned"),
    [
        ([], None),
        ([("19999.9999", "1")], None),
        ([("20000", "1")], (1,)),
        ([("20000", "0.5")], (1,)),
        ([("10000", "2")], None),
        ([("10000", "2.0001")], (1,)),
        ([("10000", "1"), ("10001", "1")], (1, 2)),
        ([("100", "1"), ("20000", "0.5")], (2,)),
    ],
)
def test_consent_at_200_yuan_singly_or_over_200_together(lines, concerned):
    uncovered = [
        line(number, price=price, quantity=quantity)
        for number, (price, quantity) in enumerate(lines, start=1)
    ]
    finding = consent_needed(uncovered)
    assert (finding and finding.lines) == concerned


def test_consent_says_how_much():
    finding = consent_needed([line(price="25005")])
    assert finding is not None
    assert finding.code == "consent_needed"
    assert "250.05" in finding.zh
    assert "250.05" in finding.en


# --- published limits


def test_a_limit_holds_for_every_code_with_its_prefix():
    rules = book(limit("sex", "1", prefix="XG04"))
    found = warn(line(1, "XG04BEX"), line(2, "XG03"), line(3, "XG04"), rules=rules)
    assert [(one.code, one.lines) for one in found] == [("limit_sex", (1, 3))]


@pytest.mark.parametrize(
    ("patient", "value", "expected"),
    [(MAN, "1", []), (WOMAN, "1", ["limit_sex"]), (WOMAN, "2", [])],
)
def test_sex(patient, value, expected):
    assert codes(warn(line(), rules=book(limit("sex", value)), patient=patient)) == expected


@pytest.mark.parametrize(
    ("value", "born", "fits"),
    [
        ("child", date(2008, 3, 3), True),
        ("child", date(2008, 3, 2), False),
        ("infant", date(2023, 3, 3), True),
        ("infant", date(2023, 3, 2), False),
        ("newborn", TODAY - timedelta(days=28), True),
        ("newborn", TODAY - timedelta(days=29), False),
    ],
)
def test_age_groups_end_on_their_day(value, born, fits):
    patient = Patient(sex="1", birth_date=born)
    found = warn(line(), rules=book(limit("age_group", value)), patient=patient)
    assert codes(found) == ([] if fits else ["limit_age_group"])


@pytest.mark.parametrize(
    ("born", "fits"), [(2010, True), (1963, True), (2011, False), (1961, False)]
)
def test_working_age(born, fits):
    patient = Patient(sex="1", birth_date=date(born, 1, 1))
    found = warn(line(), rules=book(limit("working_age")), patient=patient)
    assert codes(found) == ([] if fits else ["limit_working_age"])


@pytest.mark.parametrize(
    ("kind", "value", "bad", "good"),
    [
        ("care_setting", "inpatient", Setting(), Setting(care="inpatient")),
        ("hospital_level", "3", Setting(hospital_level=2), Setting(hospital_level=3)),
        ("hospital_level", "2", Setting(hospital_level=1), Setting(hospital_level=2)),
        ("insurance_type", "work_injury", Setting(), Setting(insurance="work_injury")),
        ("insurance_type", "maternity", Setting(), Setting(insurance="maternity")),
    ],
)
def test_setting(kind, value, bad, good):
    rules = book(limit(kind, value))
    assert codes(warn(line(), rules=rules, setting=bad)) == [f"limit_{kind}"]
    assert warn(line(), rules=rules, setting=good) == ()


def test_frequency_sums_a_day_in_china_over_visits():
    rules = book(limit("frequency", "24"))
    late = datetime(2026, 3, 2, 15, 59, tzinfo=timezone.utc)  # noqa: UP017 - 23:59 in China
    assert warn(line(1, quantity="20"), line(2, quantity="4", at=late), rules=rules) == ()
    found = warn(line(1, quantity="20"), line(2, quantity="4.0001", at=late), rules=rules)
    assert found[0].lines == (1, 2)
    past_midnight = line(2, quantity="20", at=late + timedelta(minutes=1))
    assert warn(line(1, quantity="20"), past_midnight, rules=rules) == ()
    before = line(9, quantity="5", at=MORNING - timedelta(hours=2))
    assert codes(warn(line(1, quantity="20"), rules=rules, earlier=[before])) == ["limit_frequency"]


@pytest.mark.parametrize(("days_ago", "expected"), [(13, ["limit_cycle_days"]), (14, [])])
def test_a_cycle_counts_days_back(days_ago, expected):
    before = line(5, at=MORNING - timedelta(days=days_ago))
    found = warn(line(1), rules=book(limit("cycle_days", "14")), earlier=[before])
    assert codes(found) == expected
    assert all(one.lines == (1,) for one in found)


def test_two_of_a_cycle_at_once_are_too_many():
    rules = book(limit("cycle_days", "14"))
    assert warn(line(1, quantity="2"), rules=rules)[0].lines == (1,)
    assert warn(line(1), line(2), rules=rules)[0].lines == (1, 2)


def test_a_course_counts_days_not_charges():
    rules = book(limit("course_days", "3"))
    days = [line(n, at=MORNING - timedelta(days=n)) for n in (1, 2)]
    assert warn(line(1), line(2), rules=rules, earlier=days) == ()
    days.append(line(3, at=MORNING - timedelta(days=3)))
    assert codes(warn(line(1), rules=rules, earlier=days)) == ["limit_course_days"]


def test_operations_through_one_incision_are_named_together():
    rules = book(
        limit("same_incision_group", "胃肠手术组", prefix="A1"),
        limit("same_incision_group", "胃肠手术组", prefix="A2"),
        limit("same_incision_group", "肝胆手术组", prefix="A3"),
    )
    assert warn(line(1, "A1"), line(2, "A3"), rules=rules) == ()
    found = warn(line(1, "A1"), line(2, "A3"), line(4, "A2"), rules=rules)
    assert [(one.code, one.lines) for one in found] == [("limit_same_incision_group", (1, 4))]


# --- duplicates


def duplicate(window):
    return book(duplicates=[Duplicate(Window(window), "M", "主项", "P", "分项", "")])


@pytest.mark.parametrize(
    ("window", "apart", "found"),
    [
        ("visit", timedelta(days=3), True),
        ("day", timedelta(hours=10), True),
        ("day", timedelta(hours=15), False),
        ("six_hours", timedelta(hours=5, minutes=59), True),
        ("six_hours", timedelta(hours=6), False),
        ("hour", timedelta(minutes=59), True),
        ("hour", timedelta(hours=1), False),
    ],
)
def test_a_part_beside_its_whole_within_the_window(window, apart, found):
    lines = [line(1, "M"), line(2, "P", at=MORNING + apart), line(3, "Q")]
    expected = [("duplicate_charge", (1, 2))] if found else []
    assert [(one.code, one.lines) for one in warn(*lines, rules=duplicate(window))] == expected
    backwards = [line(1, "P"), line(2, "M", at=MORNING + apart)]
    assert bool(warn(*backwards, rules=duplicate(window))) is found


def test_another_visit_counts_for_the_day_but_not_for_the_visit():
    before = line(8, "M", at=MORNING - timedelta(hours=1))
    found = warn(line(1, "P"), rules=duplicate("day"), earlier=[before])
    assert found[0].lines == (1,)
    assert warn(line(1, "P"), rules=duplicate("visit"), earlier=[before]) == ()
    old_part = line(9, "P", at=before.occurred_at)
    assert warn(line(1, "Q"), rules=duplicate("day"), earlier=[before, old_part]) == ()


def test_several_parts_of_one_whole_are_one_finding_each_rule():
    found = warn(line(1, "M"), line(2, "P"), line(3, "P"), rules=duplicate("visit"))
    assert [one.lines for one in found] == [(1, 2, 3)]
    assert "主项已包含分项" in found[0].zh


def test_findings_come_in_the_order_of_lines():
    rules = RuleBook.of(
        [limit("sex", "1", prefix="B"), limit("age_group", "child", prefix="A")],
        [Duplicate(Window.VISIT, "M", "主项", "P", "分项")],
    )
    lines = [line(1, "M"), line(2, "B"), line(3, "A"), line(4, "P")]
    assert codes(warn(*lines, rules=rules)) == ["duplicate_charge", "limit_sex", "limit_age_group"]


def test_rows_of_the_shipped_files_become_rules():
    row = {"code_prefix": "X", "name": "n", "kind": "sex", "value": "1", "note": "why"}
    assert Limit.from_row(row) == Limit("X", "n", LimitKind.SEX, "1", "why")
    with pytest.raises(ValueError, match="colour"):
        Limit.from_row({**row, "kind": "colour"})
    pair = {"main_code": "M", "main_name": "m", "part_code": "P", "part_name": "p", "note": ""}
    assert Duplicate.from_row({**pair, "window": "hour"}) == Duplicate(
        Window.HOUR, "M", "m", "P", "p"
    )
    with pytest.raises(ValueError, match="week"):
        Duplicate.from_row({**pair, "window": "week"})


def test_no_rules_no_warnings():
    assert warn(line(1), line(2), rules=RuleBook()) == ()
