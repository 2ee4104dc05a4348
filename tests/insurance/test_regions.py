"""A region is a folder of data: read, validated, and what it means for messages."""

import re
from decimal import Decimal
from importlib.resources import files
from itertools import pairwise

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifu.insurance import gateway
from yifu.insurance import messages as m
from yifu.insurance.models import Connection
from yifu.insurance.regions.limits import FRAME_CHARACTERS, Limits, batches, characters
from yifu.insurance.regions.loading import BadRegion, known, read, region, region_of
from yifu.insurance.schemes import SCHEMES
from yifu.visits.models import VisitKind


def test_every_region_that_is_shipped_can_be_loaded():
    assert known() == ("national", "henan", "hunan", "shanghai", "zhejiang")
    for code in known():
        assert region(code).code == code
        assert region(code).zh
        assert region(code).en


def test_a_region_has_the_national_values_where_it_says_nothing():
    national, zhejiang = region("national"), region("zhejiang")
    for name in ("scheme", "path", "infver", "recer_sys_code", "limits", "stmt_rslt", "optional"):
        assert getattr(zhejiang, name) == getattr(national, name), name


def test_a_new_connection_speaks_the_national_interface():
    default = Connection()
    assert default.region == "national"
    assert (default.receiver, default.version) == ("", "")


def test_an_areas_region_is_that_of_the_longest_prefix():
    assert [region_of(one).code for one in ("310101", "410100", "330100", "430100", "990100")] == [
        *("shanghai", "henan", "zhejiang", "hunan", "national")
    ]


def test_regions_differ_in_what_they_speak():
    assert region("henan").speaks("3203")
    assert not region("hunan").speaks("3203"), "abolished there"
    assert region("hunan").speaks("2601")
    assert not region("shanghai").speaks("3101")
    assert region("shanghai").speaks("2207")


def test_a_kind_of_visit_is_cleared_as_the_region_says():
    national, hunan = region("national").clearing, region("hunan").clearing
    assert national.clr_type("outpatient") == "11"
    assert national.clr_type("outpatient", med_type="14") == "14"
    assert national.clr_type("outpatient", med_type="11") == "11"
    assert hunan.clr_type("outpatient", cross_area=True) == "99963"
    assert hunan.clr_type("emergency", med_type="14", cross_area=True) == "14"
    assert national.clr_type("outpatient", cross_area=True) == "11"
    assert national.clr_type("something new") == "99"


def test_every_kind_of_visit_is_cleared_and_asked_for():
    clearing = region("national").clearing
    found = {clearing.clr_type(kind) for kind in VisitKind.values}
    assert found == {"11", "13", "21", "41"}
    assert found < set(clearing.ask)


# --- bad files ------------------------------------------------------------------------------------

NATIONAL = (files("yifu.insurance.regions") / "national" / "region.toml").read_text()


def folder_with(tmp_path, text, *, name="here"):
    made = tmp_path / name
    made.mkdir()
    (made / "region.toml").write_text(text, encoding="utf-8")
    return made


def here(*more):
    head = 'code = "here"\nzh = "此处"\nen = "Here"\nadmdvs = ["99"]\n'
    return head + "\n".join(more)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (here().replace("zh", "cn"), "cn"),
        (here().replace('"here"', '"there"'), "code"),
        (here().replace('"99"', '"9x"'), "admdvs"),
        (here().replace('"99"', '"9900000"'), "admdvs"),
        (here().replace('["99"]', '"99"'), "admdvs"),
        (here().replace('zh = "此处"\n', ""), "zh"),
        ("code = here", "-"),
        (here("surprise = 1"), "surprise"),
        (here("[gateway]", "schema = 1"), "gateway.schema"),
        (here("gateway = 1"), "gateway"),
        (here("[gateway]", 'scheme = "magic"'), "gateway.scheme"),
        (here("[gateway]", 'scheme = "dialect"'), "gateway.scheme"),
        (here("[gateway]", "scheme = 1"), "gateway.scheme"),
        (here("[gateway]", 'path = "fsi/api"'), "gateway.path"),
        (here("[gateway]", 'path = "/f si"'), "gateway.path"),
        (here("[gateway]", 'header = "a:b"'), "gateway.header"),
        (here("[gateway]", 'encoding = "latin-1"'), "gateway.encoding"),
        (here("[gateway]", 'infver = "V1.0.0.0"'), "gateway.infver"),
        (here("[gateway]", f'recer_sys_code = "{"X" * 11}"'), "gateway.recer_sys_code"),
        (here("[limits]", "lines_per_batch = 0"), "limits.lines_per_batch"),
        (here("[limits]", "lines_per_batch = true"), "limits.lines_per_batch"),
        (here("[limits]", "input_characters = 40001"), "limits.input_characters"),
        (here("[limits]", "lines = 1"), "limits.lines"),
        (here("[stmt_rslt]", '"0" = "even"'), "stmt_rslt.0"),
        (here("[stmt_rslt.areas.990200]"), "stmt_rslt.areas.990200"),
        (here("[stmt_rslt.areas.990200]", '"0" = "even"'), "stmt_rslt.areas.990200.0"),
        (here("[clearing]", 'outpatient = "no"'), "clearing.outpatient"),
        (here("[clearing]", 'dentist = "11"'), "clearing.dentist"),
        (here("[clearing.cross_area]", 'outpatient = "no"'), "clearing.cross_area.outpatient"),
        (here("[clearing.by_med_type]", '14 = "no"'), "clearing.by_med_type.14"),
        (here("[clearing.by_med_type]", '7 = "11"'), "clearing.by_med_type.7"),
        (here("[clearing]", 'ask = ["no"]'), "clearing.ask"),
        (here("[clearing]", 'ask = "11"'), "clearing.ask"),
        (here("[clearing]", "by_med_type = 1"), "clearing.by_med_type"),
        (here("[codes]", 'medtype = ["12"]'), "codes.medtype"),
        (here("[codes]", "med_type = [12]"), "codes.med_type"),
        (here("[transactions]", 'reversal = "yes"'), "transactions.reversal"),
        (here("[transactions]", 'optional = ["2207"]'), "transactions.optional"),
    ],
)
def test_a_bad_file_is_refused_by_file_and_key(tmp_path, text, key):
    with pytest.raises(BadRegion, match=re.escape(f"here/region.toml: {key}: ")) as refused:
        read(folder_with(tmp_path, text))
    assert refused.value.key == key


def test_a_region_that_there_is_not_is_refused_and_the_others_are_named():
    for code in ("atlantis", "../national", ""):
        with pytest.raises(BadRegion, match="there are national, henan"):
            region(code)


@pytest.mark.parametrize("key", ["scheme", "infver", "lines_per_batch", "reversal", "other"])
def test_the_national_file_must_be_complete(tmp_path, key):
    text = re.sub(rf"(?m)^{key} =.*$", "", NATIONAL)
    with pytest.raises(BadRegion, match=key):
        read(folder_with(tmp_path, text, name="national"))


def test_an_area_may_mean_something_else_by_a_code(tmp_path):
    text = here("[stmt_rslt]", '"0" = "equal"', "[stmt_rslt.areas.990200]", '"0" = "unequal"')
    made = read(folder_with(tmp_path, text))
    assert made.results("990200") == {"0": "unequal"}
    assert made.results("990100") == {"0": "equal"}


def test_every_known_result_has_a_meaning():
    assert set(region("national").results("990100").values()) == {"equal", "unequal", "ours_only"}


# --- limits ---------------------------------------------------------------------------------------

LIMITS = st.builds(Limits, st.integers(1, 30), st.integers(FRAME_CHARACTERS + 1, 4000))
ROWS = st.lists(st.fixed_dictionaries({"name": st.text(max_size=60), "cnt": st.integers(0, 9**9)}))


@given(ROWS, LIMITS)
def test_every_line_is_in_one_batch_in_order_and_no_batch_is_too_large(rows, limits):
    divided = batches(rows, limits)
    assert [row for batch in divided for row in batch] == rows
    for batch in divided:
        assert 0 < len(batch) <= limits.lines_per_batch
        length = len(orjson.dumps({"feedetail": batch}).decode())
        assert length <= limits.input_characters or len(batch) == 1


@given(ROWS, LIMITS)
def test_no_two_neighbours_would_have_fitted_together(rows, limits):
    room = limits.input_characters - FRAME_CHARACTERS
    divided = batches(rows, limits)
    for batch, after in pairwise(divided):
        too_many = len(batch) == limits.lines_per_batch
        too_long = sum(map(characters, batch)) + characters(after[0]) > room
        assert too_many or too_long


def test_no_lines_make_no_batch():
    assert batches([], region("national").limits) == []


@pytest.mark.parametrize("code", ["national", "shanghai"])
def test_batches_of_a_long_visit_can_be_sent(sample, code):
    rows = sample.fee_upload(450)["feedetail"]
    for batch in batches(rows, region(code).limits):
        envelope = gateway._envelope(
            endpoint(), "2204", sample.msgid, sample.at, "001", "示例丙", "990100", ""
        )
        body = gateway.encode(envelope, infno="2204", input_={"feedetail": batch})
        assert len(body.decode()) < 41_000


def endpoint(**changes):
    return gateway.Endpoint(
        **{
            "base_url": "http://127.0.0.1:9",
            "access_key": "AK1",
            "secret_key": "SK1",
            "fixmedins_code": "H99010000001",
            "fixmedins_name": "示范市第一人民医院",
            "mdtrtarea_admvs": "990100",
            "recer_sys_code": "MBS_LOCAL",
            "infver": "V1.0",
            "timeout_s": 5.0,
            **changes,
        }
    )


# --- extra codes ----------------------------------------------------------------------------------


def test_a_code_of_the_regions_own_may_be_sent(ask, insurer, sample):
    insurer.says({"infcode": 0, "output": {}})
    input_ = m.encounter(
        psn_no="P1",
        mdtrt_id="M1",
        med_type="7701",
        began_at=sample.at,
        diagnoses=[m.Diagnosis("J06", "感冒")],
        department=sample.department,
        doctor=sample.doctor,
    )
    at = f"http://127.0.0.1:{insurer.server_port}"
    with pytest.raises(gateway.Malformed, match="med_type"):
        ask(infno="2203", input_=input_, at=endpoint(base_url=at))
    own = endpoint(base_url=at, extra_codes={"med_type": frozenset({"7701"})})
    assert ask(infno="2203", input_=input_, at=own).infcode == "0"
    wrong = {**input_, "mdtrtinfo": {**input_["mdtrtinfo"], "med_type": "7702"}}
    with pytest.raises(gateway.Malformed, match="med_type"):
        ask(infno="2203", input_=wrong, at=own)


# --- gateway schemes ------------------------------------------------------------------------------


def test_an_api_key_goes_into_the_regions_header():
    henan = region("henan")
    at = endpoint(header=henan.header, path=henan.path)
    made = SCHEMES[henan.scheme](at, infno="1101", timestamp_ms=1)
    assert made == {"apikey": "AK1"}


def test_a_nonce_is_used_once_and_signed():
    first = SCHEMES["tif"](endpoint(), infno="1101", timestamp_ms=1_700_000_000_999)
    second = SCHEMES["tif"](endpoint(), infno="1101", timestamp_ms=1_700_000_000_999)
    assert first["x-tif-timestamp"] == "1700000000"
    assert first["x-tif-nonce"] != second["x-tif-nonce"]
    assert first["x-tif-signature"] != second["x-tif-signature"]
    assert "SK1" not in str(first)


def test_a_national_message_is_kept_back_where_a_dialect_is_spoken(sample):
    with pytest.raises(gateway.NotSent, match="2205 is not spoken"):
        gateway.call(
            endpoint(scheme=SCHEMES["dialect"]),
            infno="2205",
            msgid="H99010000001202603010930050001",
            input_=m.fee_withdraw(psn_no="P1", mdtrt_id="M1"),
            now=sample.at,
            opter="001",
            opter_name="示例丙",
            insuplc_admdvs="990100",
        )


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2))
def test_a_decimal_counts_as_many_characters_as_it_is_written_with(value):
    assert characters({"a": value}) >= len(f'{{"a":{value:f}}}') or "E" in str(value)


def test_characters_are_counted_not_bytes():
    assert characters({"a": "中文"}) == len('{"a":"中文"}') + 1
    assert characters({"a": Decimal("12.30")}) >= len('{"a":12.30}') + 1
