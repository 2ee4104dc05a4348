"""Forms and the messages made of them: all that may be filed can be sent, kept and read again."""

from dataclasses import replace
from datetime import date

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifu.insurance.fields import check, codes
from yifu.insurance.filing_forms import (
    FILING,
    FORMS,
    PURPOSES,
    WITHDRAWAL,
    Chronic,
    Filer,
    FixedPlace,
    Form,
    Injury,
    Period,
    Subject,
    Transfer,
    read_form,
    withdrawal,
    write_form,
)
from yifu.insurance.gateway import mask_for_trace
from yifu.insurance.models import FilingKind

days = st.dates(date(2000, 1, 1), date(2099, 12, 31))
codes_ = st.from_regex(r"[!-~]{1,20}", fullmatch=True)
institutions = st.from_regex(r"[0-9A-Za-z]{12}", fullmatch=True)
_letters = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)


def words(longest: int) -> st.SearchStrategy[str]:
    return st.text(_letters, min_size=1, max_size=longest)


forms: st.SearchStrategy[Form] = st.one_of(
    st.builds(
        Transfer,
        diagnosis_code=codes_,
        diagnosis_name=words(100),
        to_code=institutions,
        to_name=words(200),
        to_area=st.from_regex(r"[0-9]{6}", fullmatch=True),
        refl_type=st.sampled_from(sorted(codes()["refl_type"])),
        on=days,
        reason=words(100),
        opinion=words(200),
    ),
    st.builds(
        Chronic,
        disease_code=codes_,
        disease_name=words(100),
        found_on=days,
        doctor_code=codes_,
        doctor_name=words(50),
    ),
    st.builds(
        FixedPlace,
        purpose=st.sampled_from(PURPOSES),
        rank=st.integers(1, 99),
        place_code=institutions,
        place_name=words(200),
        note=st.text(_letters, max_size=50),
    ),
    st.builds(Injury, injured_on=days, site=words(200), cause=words(200), payable=st.booleans()),
)
periods = st.builds(
    lambda first, second: Period(first, second and max(first, second)), days, st.none() | days
)
SUBJECT = Subject("99010000000000000001", "310", "990100", "990100198803124025", "示例甲")
FILER = Filer("H99010000001", "示范市第一人民医院")


@given(forms, periods)
def test_whatever_may_be_filed_keeps_the_field_table(form: Form, period: Period):
    input_ = form.input_(SUBJECT, FILER, period)
    assert check(FILING[form.kind], "in", input_) == []
    assert "990100198803124025" not in str(mask_for_trace(FILING[form.kind], input_))


@given(forms, forms)
def test_a_form_is_kept_as_json_and_read_again(form: Form, other: Form):
    written = orjson.loads(orjson.dumps(write_form(form)))
    assert read_form(form.kind, written) == form
    assert (write_form(form) == write_form(other)) == (form == other)


@given(forms)
def test_a_matter_fits_its_column(form: Form):
    assert 0 < len(form.matter) <= 40


@given(periods)
def test_an_open_end_is_left_out(period: Period):
    assert ("enddate" in period.wire) == (period.ends_on is not None)
    assert replace(period, ends_on=None).wire == {"begndate": period.begins_on.isoformat()}


@pytest.mark.parametrize("kind", sorted(WITHDRAWAL))
def test_a_withdrawal_keeps_the_field_table(kind: FilingKind):
    input_ = withdrawal(psn_no="P1", trt_dcla_detl_sn="T1", reason="误操作")
    assert check(WITHDRAWAL[kind], "in", input_) == []


def test_every_kind_has_a_form_and_a_message():
    assert set(FORMS) == set(FILING) == set(FilingKind)
    assert set(WITHDRAWAL) == set(FilingKind) - {FilingKind.INJURY}
