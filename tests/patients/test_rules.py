"""Identity numbers, ages and masks: pure values."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifu.patients.rules import (
    FalseIdentityNumber,
    age_on,
    check_character,
    check_identity_number,
    is_adult,
    mask_name,
    mask_number,
    mask_phone,
)

birth_dates = st.dates(min_value=date(1900, 1, 1), max_value=date(2026, 12, 31))


@st.composite
def identity_numbers(draw):
    region = "99" + draw(st.from_regex(r"[0-9]{4}", fullmatch=True))
    first17 = f"{region}{draw(birth_dates):%Y%m%d}{draw(st.integers(0, 999)):03d}"
    return first17 + check_character(first17)


def reason_of(text, **keywords):
    with pytest.raises(FalseIdentityNumber) as caught:
        check_identity_number(text, **keywords)
    return caught.value.facts["reason"]


@pytest.mark.parametrize(
    ("number", "birth_date", "sex"),
    [
        ("990101198501011232", date(1985, 1, 1), "1"),
        ("99010120000229002X", date(2000, 2, 29), "2"),
    ],
)
def test_a_number_tells_birth_date_and_sex(number, birth_date, sex):
    identity = check_identity_number(number)
    assert identity.number == number
    assert identity.birth_date == birth_date
    assert identity.sex == sex


# The two worked examples printed in GB 11643 itself.
@pytest.mark.parametrize("number", ["11010519491231002X", "440524188001010014"])
def test_check_characters_are_those_of_the_standard(number):
    assert check_character(number[:17]) == number[17]


@given(identity_numbers())
def test_what_was_made_by_the_rule_passes(number):
    assert check_identity_number(number).number == number


@given(identity_numbers(), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(number, place, shift):
    wrong = (int(number[place]) + shift) % 10
    with pytest.raises(FalseIdentityNumber):
        check_identity_number(f"{number[:place]}{wrong}{number[place + 1 :]}")


@given(identity_numbers(), st.integers(0, 15))
def test_two_swapped_neighbours_are_always_noticed(number, place):
    left, right = number[place], number[place + 1]
    if left == right:
        return
    with pytest.raises(FalseIdentityNumber):
        check_identity_number(number[:place] + right + left + number[place + 2 :])


def test_a_small_x_and_outer_spaces_are_forgiven():
    assert check_identity_number(" 99010119491231001x\t").number == "99010119491231001X"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "990101850101123",  # the fifteen digits of before 1999
        "99010119850101123",
        "9901011985010112345",
        "99010119850101１２３４",
        "９９０１０１１９８５０１０１１２３６",
        "990101-19850101-1236",
        "090101198501011236",
        "99010119850101123X6",
        "9901011985010112X6",
        "99010119491231001X\n",
    ],
)
def test_other_shapes_are_refused(text):
    assert reason_of(text) == "shape"


@pytest.mark.parametrize("born", ["19850230", "19851301", "19850100", "20250229", "18991231"])
def test_impossible_birth_dates_are_refused(born):
    first17 = f"990101{born}123"
    assert reason_of(first17 + check_character(first17)) == "birth_date"


def test_a_birth_date_to_come_is_refused_when_the_day_is_given():
    first17 = "99010120260302123"
    number = first17 + check_character(first17)
    assert check_identity_number(number, on=date(2026, 3, 2)).birth_date == date(2026, 3, 2)
    assert reason_of(number, on=date(2026, 3, 1)) == "future"


def test_a_wrong_check_character_is_named_and_the_number_is_not():
    with pytest.raises(FalseIdentityNumber) as caught:
        check_identity_number("990101194912310011")
    error = caught.value
    assert (error.code, error.status, error.facts["reason"]) == (
        "false_identity_number",
        422,
        "checksum",
    )
    assert "990101194912310011" not in error.detail("zh") + error.detail("en") + repr(error.facts)
    assert "校验码" in error.detail("zh")


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(2008, 3, 2), date(2026, 3, 1), 17),
        (date(2008, 3, 2), date(2026, 3, 2), 18),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2026, 3, 2), date(2026, 3, 2), 0),
    ],
)
def test_ages_are_completed_years(born, day, age):
    assert age_on(born, day) == age
    assert is_adult(born, day) is (age >= 18)


@given(birth_dates, st.integers(0, 40_000))
def test_age_never_jumps_and_never_falls(born, days):
    day = born + timedelta(days=days)
    assert age_on(born, day + timedelta(days=1)) - age_on(born, day) in (0, 1)


def test_nobody_has_an_age_before_birth():
    with pytest.raises(ValueError, match="before birth"):
        age_on(date(2026, 3, 2), date(2026, 3, 1))


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("", ""),
        ("张", "*"),
        ("张三", "张*"),
        ("李小明", "李*明"),
        ("欧阳小明", "欧**明"),
        (" 王五 ", "王*"),
    ],
)
def test_names_are_masked(name, masked):
    assert mask_name(name) == masked


def test_numbers_and_phones_are_masked():
    assert mask_number("99010119491231001X") == "990***********001X"
    assert mask_phone("13812345678") == "138****5678"
    assert mask_number("12345678") == "********"


@given(identity_numbers())
def test_a_masked_number_hides_the_birth_date(number):
    masked = mask_number(number)
    assert len(masked) == 18
    assert masked[3:14] == "*" * 11
