import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifu.web import care_code

PEOPLE = st.integers(min_value=0, max_value=10**14 - 1)


@given(PEOPLE)
def test_a_code_leads_back_to_its_person(person_id):
    assert care_code.person_id_of(care_code.code_of(person_id)) == person_id


@given(PEOPLE)
def test_a_code_is_sixteen_digits_that_do_not_show_the_person(person_id):
    code = care_code.code_of(person_id)
    assert len(code) == 16
    assert code.isdigit()
    assert code[1:15] != f"{person_id:014d}"


@given(PEOPLE, st.integers(0, 15), st.integers(1, 9))
def test_a_wrong_digit_is_noticed(person_id, place, offset):
    code = care_code.code_of(person_id)
    wrong = str((int(code[place]) + offset) % 10)
    assert care_code.person_id_of(code[:place] + wrong + code[place + 1 :]) is None


def test_neighbours_have_codes_far_apart():
    first, second = care_code.code_of(1), care_code.code_of(2)
    assert sum(a != b for a, b in zip(first, second, strict=True)) > 6


def test_spaces_between_the_digits_are_forgiven():
    code = care_code.code_of(42)
    assert care_code.person_id_of(f" {care_code.grouped(code)} ") == 42


@pytest.mark.parametrize("text", ["", "8", "x" * 16, "１" * 16, "²" * 16, "9" * 17, "0" * 16])
def test_what_is_no_code_is_nobodys(text):
    assert care_code.person_id_of(text) is None


@pytest.mark.parametrize("number", [-1, 10**14])
def test_a_number_without_place_is_refused(number):
    with pytest.raises(ValueError, match="fourteen digits"):
        care_code.code_of(number)


def test_another_installation_has_other_codes(settings):
    ours = care_code.code_of(7)
    settings.YIFU_DATA_KEY = "another key"
    assert care_code.code_of(7) != ours
