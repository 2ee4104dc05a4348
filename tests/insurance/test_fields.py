"""The field table: what it holds, and that a wrong field is named by its place and rule."""

import csv
import shutil
import subprocess
import sys
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yifu.insurance import fields
from yifu.insurance import messages as m
from yifu.insurance.codes import read_table

ROOT = Path(__file__).parents[2]
SOURCE = ROOT.parent / "shared" / "data"
TABLES = ("fields", "codes", "conditions")


def faults(infno: str, direction: fields.Direction, message: Any) -> set[tuple[str, str]]:
    return {(one.place, one.rule) for one in fields.check(infno, direction, message)}


def test_the_table_has_all_transactions():
    assert len(fields.transactions()) == 191
    assert fields.transactions()["2207"].name == "门诊结算"


@pytest.mark.skipif(not SOURCE.is_dir(), reason="the specification's tables are not here")
def test_the_shipped_table_says_what_the_specification_says():
    with (SOURCE / "nhsa_fields.csv").open(encoding="utf-8") as lines:
        source = list(csv.DictReader(lines))
    shipped = [row for row in read_table("fields.csv") if row["infno"] != "*"]
    with (ROOT / "tools" / "fields.toml").open("rb") as file:
        judged = tomllib.load(file)
    shared = ("infno", "field", "label")
    told = {tuple(row[name] for name in shared) for row in source}
    # A row of a class that wraps a message is no field of it, nor is the envelope printed again.
    left = told - {tuple(row[name] for name in shared) for row in shipped}
    assert {row[1] for row in left if row[0] != "5101"} == {"input"}
    assert {tuple(row[name] for name in shared) for row in shipped} <= told
    unrequired, messages = judged["unrequired"]["fields"], judged["unrequired"]["messages"]
    required = {(row["infno"], row["field"]) for row in source if row["required"] == "Y"}
    for row in shipped:
        message = f"{row['infno']} {row['direction']}"
        place = f"{message} {row['node']}.{row['field']}"
        if (row["infno"], row["field"]) not in required or place in unrequired:
            assert row["required"] == "", place
        elif message not in messages and row["required"] == "":
            others = [
                one
                for one in shipped
                if (one["infno"], one["field"]) == (row["infno"], row["field"])
            ]
            assert len(others) > 1, place
    assert {row["table"] for row in shipped if row["table"]} <= set(fields.codes())


@pytest.mark.skipif(not SOURCE.is_dir(), reason="the specification's tables are not here")
def test_the_tool_writes_what_is_shipped(tmp_path):
    shutil.copytree(ROOT / "tools", tmp_path / "tools")
    ours, theirs = Path("yifu/insurance"), Path("counterparts/insurer/data")
    for folder in (ours, theirs):
        (tmp_path / folder).mkdir(parents=True)
    tool = tmp_path / "tools" / "make_fields.py"
    subprocess.run([sys.executable, tool, SOURCE], check=True, capture_output=True, timeout=30)
    for name in [folder / f"{table}.csv" for folder in (ours, theirs) for table in TABLES]:
        assert (tmp_path / name).read_bytes() == (ROOT / name).read_bytes()


def test_nodes_within_nodes_are_checked_and_named():
    order = {"rx_id": "1"}
    encounter = {"mdtrt_id": "1", "fsi_order_dtos": [order, {"cnt": "x"}]}
    patient = {"patn_id": "1", "fsi_encounter_dtos": [encounter]}
    found = faults("3101", "in", {"data": {"patient_dtos": [patient], "trig_scen": "1"}})
    place = "data.patient_dtos[0].fsi_encounter_dtos[0].fsi_order_dtos"
    assert (f"{place}[1].cnt", "type") in found
    assert (f"{place}[1].rx_id", "required") in found
    assert (f"{place}[0].rx_id", "required") not in found
    assert ("data.patient_dtos[0].patn_name", "required") in found


def test_a_node_that_may_be_left_out_is_checked_when_it_is_there():
    places = {place for place, _ in faults("4101", "in", {})}
    assert "setlinfo" in places
    assert not any(place.startswith("icuinfo") for place in places)
    present = {place for place, _ in faults("4101", "in", {"icuinfo": [{}]})}
    assert "icuinfo[0].scs_cutd_ward_type" in present


def test_a_message_of_ten_charges_has_no_faults(sample):
    assert fields.check("2204", "in", sample.fee_upload(10)) == []


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [
        ("med_list_codg", None, "required"),
        ("med_list_codg", "", "required"),
        ("med_list_codg", "   ", "required"),
        ("med_list_codg", 7, "type"),
        ("med_list_codg", "药" * 51, "length"),
        ("bilg_dr_name", "a\0b", "type"),
        ("fee_ocur_time", "2026-03-01T09:30:05", "type"),
        ("fee_ocur_time", "2026-02-30 09:30:05", "type"),
        ("fee_ocur_time", "2026-03-01", "type"),
        ("det_item_fee_sumamt", Decimal("1.005"), "decimals"),
        ("det_item_fee_sumamt", Decimal("1e14"), "length"),
        ("det_item_fee_sumamt", Decimal("NaN"), "type"),
        ("det_item_fee_sumamt", 1.5, "type"),
        ("det_item_fee_sumamt", "1.50", "type"),
        ("det_item_fee_sumamt", True, "type"),
        ("pric", Decimal("0.0000001"), "decimals"),
        ("feedetl_sn", "12a", "type"),
        ("feedetl_sn", "-1", "type"),
        ("feedetl_sn", "1" * 31, "length"),
        ("hosp_appr_flag", "7", "code"),
        ("prd_days", Decimal(100), "length"),
        ("drug_name", "misspelt", "unknown field"),
    ],
)
def test_a_wrong_field_is_named_by_node_row_and_rule(sample, field, value, rule):
    message = sample.fee_upload(3)
    message["feedetail"][2][field] = value
    assert faults("2204", "in", message) == {(f"feedetail[2].{field}", rule)}


def test_lengths_count_characters_not_bytes(sample):
    message = sample.fee_upload(1)
    message["feedetail"][0]["bilg_dr_name"] = "医" * 50
    assert faults("2204", "in", message) == set()


def test_trailing_zeros_are_no_decimals(sample):
    message = sample.fee_upload(1)
    message["feedetail"][0]["det_item_fee_sumamt"] = Decimal("12.3400")
    assert faults("2204", "in", message) == set()


@pytest.mark.parametrize(
    ("message", "fault"),
    [
        ({}, ("feedetail[0]", "required")),
        ({"feedetail": []}, ("feedetail[0]", "required")),
        ({"feedetail": {}}, ("feedetail[0]", "not a list")),
        ({"feedetail": "x"}, ("feedetail[0]", "not a list")),
        ({"feedetail": ["x"]}, ("feedetail[0]", "not a list")),
    ],
)
def test_a_missing_or_misshapen_node_is_named(message, fault):
    assert faults("2204", "in", message) == {fault}


def test_a_node_that_does_not_belong_is_named(sample):
    message = sample.fee_upload(1) | {"data": {}}
    assert faults("2204", "in", message) == {("data", "unknown node")}


def test_one_object_and_a_list_of_one_are_both_understood_in_answers(settled):
    one = settled()
    one["setldetail"] = one["setldetail"][0]
    assert fields.check("2207", "out", one) == []
    listed = settled()
    listed["setlinfo"] = [listed["setlinfo"]]
    assert fields.check("2207", "out", listed) == []


def test_answers_may_write_numbers_as_text_and_have_fields_of_their_own(settled):
    answer = settled(medfee_sumamt="100.00", mdtrt_id=123, province_extra="x", age="37.5")
    assert fields.check("2207", "out", answer | {"memo": "x"}) == []


@pytest.mark.parametrize("value", ["1_0", "", None, "ten", "NaN", "0.001", [], {}, True])
def test_an_amount_that_is_none_is_named_in_an_answer(settled, value):
    broken = settled(medfee_sumamt=value)
    assert {place for place, _ in faults("2207", "out", broken)} == {"setlinfo.medfee_sumamt"}


def test_an_answer_without_its_node_is_named():
    assert faults("2207", "out", {}) == {("setlinfo", "required")}
    assert faults("2205", "out", {}) == set()


def test_a_violation_never_repeats_the_value(sample):
    message = m.person_query(
        cert_type="02", cert_no=sample.certno * 3, certno=sample.certno * 3, name="示例甲" * 20
    )
    found = fields.check("1101", "in", message)
    assert {one.rule for one in found} == {"length"}
    assert all(sample.certno not in str(one) and "示例甲" not in str(one) for one in found)
    assert "1101 in data.certno (证件号码): length, 54 characters, 50 allowed" in map(str, found)


def test_a_transaction_nobody_knows_is_said_to_be_unknown():
    with pytest.raises(fields.UnknownTransaction):
        fields.check("9999", "in", {})
    with pytest.raises(fields.UnknownTransaction):
        fields.file_columns("2204", "in")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@settings(deadline=None)  # the first draw of a transaction reads its part of the table
@given(st.sampled_from(sorted(fields.transactions())), st.data())
def test_no_answer_whatever_makes_the_check_itself_fail(infno, data):
    nodes = fields.layout(infno, "out")
    rows = {node.name: data.draw(JSON | _row(node)) for node in nodes if node.name}
    fields.check(infno, "out", rows)


def test_an_age_of_forty_digits_is_named_and_does_not_stop_the_check():
    age = "9999999999999999999.00000000000000000001"
    assert ("setlinfo.age", "length") in faults("2208", "out", {"setlinfo": {"age": age}})


def _right(field: fields.Field) -> Any:
    if field.table:
        return next(iter(fields.codes()[field.table]))
    right = {
        "m": {},
        "a": ["x"],
        "n": Decimal(1),
        "g": "1",
        "d": "2026-03-01",
        "t": "2026-03-01 09:30:05",
        "x": b"x",
    }
    return right.get(field.kind, "x")


def _about(field: fields.Field) -> list[Any]:
    """Give values right, nearly right and wrong for a field."""
    size, unit = field.size or 28, Decimal(1).scaleb(-field.scale)
    least = 10 ** (size - field.scale)
    numbers = [0, 1, least - 1, least, 1 - least, -least, least - unit, unit, unit / 10]
    numbers += [Decimal(least), Decimal("1.500"), Decimal("0E+40"), Decimal("-0E-40")]
    odd: list[Any] = [
        None,
        True,
        1.5,
        b"x",
        [],
        {},
        (),
        *map(Decimal, ("NaN", "sNaN", "Infinity", "1E-40")),
    ]
    texts = ["", " ", "\u3000", "\0", "a\0", " a", "0", "12", "x" * size, "x" * (size + 1), "1.5"]
    times = ["2026-03-01", "2026-02-30", "2026-03-01 09:30:05", "2026-03-01 24:00:00"]
    return [*numbers, *odd, *texts, *times, *fields.codes().get(field.table, ())]


def _agrees(node: fields.Node, direction: fields.Direction, row: dict[str, Any]) -> bool:
    broken = list(fields._row_faults(node, direction, "", row))
    return fields._is_usual(node, direction, row) == (not broken)


@pytest.mark.parametrize("infno", ["1101", "2204", "2207", "2208", "2304", "2401", "3202", "5203"])
@pytest.mark.parametrize("direction", ["in", "out"])
def test_a_row_passes_at_once_exactly_when_no_rule_of_it_is_broken(infno, direction):
    for node in fields.layout(infno, direction):
        row = {name: _right(field) for name, field in node.fields.items()}
        assert fields._is_usual(node, direction, row)
        assert _agrees(node, direction, row | {"other": "x"})
        for name, field in node.fields.items():
            left = {key: value for key, value in row.items() if key != name}
            assert _agrees(node, direction, left)
            for value in _about(field):
                assert _agrees(node, direction, row | {name: value}), (name, value)


@settings(deadline=None)  # the first draw of a transaction reads its part of the table
@given(st.sampled_from(sorted(fields.transactions())), st.sampled_from(("in", "out")), st.data())
def test_a_row_of_any_values_passes_at_once_exactly_when_it_is_right(infno, direction, data):
    for node in fields.layout(infno, direction):
        if node.children:
            continue
        row = {name: _right(field) for name, field in node.fields.items()}
        changed = st.dictionaries(st.sampled_from(sorted(row)), JSON, max_size=3)
        assert _agrees(node, direction, row | data.draw(changed))


def _row(node: fields.Node) -> st.SearchStrategy[Any]:
    return st.dictionaries(st.sampled_from(sorted(node.fields)), JSON)
