"""The registry of transactions, their types, and building and reading them by number."""

import importlib
import shutil
import subprocess
import sys
import typing
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.insurance import strategies
from yifu.insurance import fields, transactions
from yifu.insurance.transactions import TRANSACTIONS, Incomplete, Way, build, read
from yifu.insurance.transactions.t22 import T2202, Input2202, Input2204Feedetail

ROOT = Path(__file__).parents[2]
FOLDER = Path("yifu/insurance/transactions")
AT = datetime(2026, 3, 1, 17, 30, 5, tzinfo=UTC)


def module_of(infno: str) -> Any:
    return importlib.import_module(f"yifu.insurance.transactions.t{infno[:2]}")


def test_every_transaction_is_registered_and_paired():
    assert set(TRANSACTIONS) == set(fields.transactions())
    for infno, one in TRANSACTIONS.items():
        assert one.name_en
        assert one.label("zh-hans") == fields.transactions()[infno].name
        assert one.label("en") == one.name_en
        assert getattr(module_of(infno), f"T{infno}").infno == infno
    assert len({one.name_en for one in TRANSACTIONS.values()}) == len(TRANSACTIONS)


def test_ways_and_effects_are_the_specifications():
    assert [no for no, one in TRANSACTIONS.items() if one.way is Way.UPLOAD] == ["9101"]
    assert [no for no, one in TRANSACTIONS.items() if one.way is Way.DOWNLOAD] == ["9102"]
    callbacks = [no for no, one in TRANSACTIONS.items() if one.way is Way.CALLBACK]
    assert callbacks == ["6302", "7108", "7109"]
    centre = {no[0] for no, one in TRANSACTIONS.items() if one.way is Way.CENTRE}
    assert centre == {"6", "7"}
    for undone in ("2102", "2207", "2304", "2401"):  # what 2601 can undo
        assert TRANSACTIONS[undone].changes
    for asked in ("1101", "2206", "2303", "5203", "3201", "3202"):
        assert not TRANSACTIONS[asked].changes
    assert TRANSACTIONS["2204"].names_person
    assert not TRANSACTIONS["1101"].names_person


def test_the_tool_writes_what_is_shipped(tmp_path):
    (tmp_path / FOLDER).mkdir(parents=True)
    for name in ("tools/make_types.py", "yifu/insurance/fields.csv", "pyproject.toml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    tool = tmp_path / "tools" / "make_types.py"
    subprocess.run([sys.executable, tool], check=True, capture_output=True, timeout=60)
    written = sorted(path.name for path in (tmp_path / FOLDER).glob("t*.py"))
    assert written == sorted(path.name for path in (ROOT / FOLDER).glob("t[0-9]*.py"))
    for name in written:
        assert (tmp_path / FOLDER / name).read_bytes() == (ROOT / FOLDER / name).read_bytes()


def test_a_type_has_the_fields_of_its_node_and_demands_those_that_are_required():
    for infno in TRANSACTIONS:
        module = module_of(infno)
        for direction, side in (("in", "Input"), ("out", "Output")):
            nodes = fields.layout(infno, direction)
            whole = getattr(module, side + infno)
            if [node.name for node in nodes] == [""]:
                compare(whole, nodes[0])
                continue
            assert set(typing.get_type_hints(whole)) == {node.name for node in nodes}
            assert whole.__required_keys__ == {node.name for node in nodes if node.required}
            for node in nodes:
                compare(row_type(typing.get_type_hints(whole)[node.name]), node)


def row_type(hint: Any) -> Any:
    return typing.get_args(hint)[0] if typing.get_origin(hint) is list else hint


def compare(type_: Any, node: fields.Node) -> None:
    hints = typing.get_type_hints(type_)
    assert set(hints) == set(node.fields)
    assert type_.__required_keys__ == node.needed
    for name, child in node.children.items():
        compare(row_type(hints[name]), child)


def test_a_misspelt_field_is_a_type_error_and_the_check_names_it():
    right: Input2202 = {"data": {"psn_no": "P", "mdtrt_id": "M", "ipt_otp_no": "V"}}
    assert T2202.check(right) == []
    wrong: Input2202 = {
        "data": {"psn_no": "P", "mdtrt_id": "M", "ipt_otp_no": "V", "memo": "x"},  # type: ignore[typeddict-unknown-key]
    }
    assert [one.place for one in T2202.check(wrong)] == ["data.memo"]
    number: Input2204Feedetail = typing.cast("Any", {})
    number["cnt"] = "1"  # type: ignore[typeddict-item]


def test_flat_values_find_their_nodes_and_are_written_as_the_interface_does():
    built = build(
        "2203",
        {
            "psn_no": "P1",
            "mdtrt_id": 7,
            "med_type": "11",
            "begntime": AT,
            "dise_codg": "J06.9",
            "dise_name": "示例",
            "birctrl_matn_date": date(2026, 3, 1),
            "diseinfo": [
                {"diag_code": "J06.9", "diag_name": "示例", "diag_srt_no": "1"},
                {"diag_code": "I10", "diag_name": "示例", "diag_srt_no": 2},
            ],
            "diag_type": "1",
            "diag_dept": "内科",
            "dise_dor_no": "D1",
            "dise_dor_name": "乙",
            "diag_time": AT,
            "vali_flag": 1,
        },
    )
    assert built["mdtrtinfo"]["begntime"] == "2026-03-02 01:30:05"
    assert built["mdtrtinfo"]["mdtrt_id"] == "7"
    assert built["mdtrtinfo"]["birctrl_matn_date"] == "2026-03-01"
    assert [row["diag_srt_no"] for row in built["diseinfo"]] == [Decimal(1), 2]
    assert {row["vali_flag"] for row in built["diseinfo"]} == {"1"}


def test_what_one_node_says_is_not_asked_for_again():
    whole = strategies.whole("2401", "in")
    (diagnosis,) = whole["diseinfo"]
    del diagnosis["psn_no"]
    assert build("2401", whole)["diseinfo"][0]["psn_no"] == whole["mdtrtinfo"]["psn_no"]


def test_all_that_is_missing_is_named():
    with pytest.raises(Incomplete) as raised:
        build("2202", {"psn_no": "P1", "ipt_no": "misspelt"})
    assert {(one.place, one.rule) for one in raised.value.violations} == {
        ("ipt_no", "unknown field"),
        ("data.mdtrt_id", "required"),
        ("data.ipt_otp_no", "required"),
    }


def test_what_is_missing_within_nodes_within_nodes_is_named():
    with pytest.raises(Incomplete, match=r"patient_dtos\[0\]\.fsi_encounter_dtos\[0\]\.mdtrt_id"):
        build("3101", {"trig_scen": "1", "patn_id": "P"})


@pytest.mark.parametrize("given", ["x", 7, ["x"], True])
def test_a_node_that_is_none_is_named(given):
    with pytest.raises(Incomplete, match="diseinfo"):
        build("2401", strategies.whole("2401", "in") | {"diseinfo": given})


@pytest.mark.parametrize("infno", strategies.transactions())
def test_a_whole_message_is_built_as_it_is(infno):
    whole = strategies.whole(infno, "in")
    assert build(infno, whole) == whole


@pytest.mark.parametrize("infno", ["2201", "2202", "2206", "2207", "1101", "5203", "6101", "9001"])
def test_a_whole_message_is_built_from_flat_texts(infno):
    whole = strategies.whole(infno, "in")
    (node,) = whole.values()
    assert build(infno, {name: str(value) for name, value in node.items()}) == whole


@given(st.sampled_from(strategies.transactions()), st.data())
@settings(max_examples=60, derandomize=True, suppress_health_check=list(HealthCheck), deadline=None)
def test_an_answer_that_passes_is_read_as_it_is(infno, data):
    output = data.draw(strategies.messages(infno, "out"))
    shaped = read(infno, output)
    assert {name: value for name, value in shaped.items() if value not in ([], None)} == output


@pytest.mark.parametrize("infno", strategies.transactions())
def test_a_whole_answer_is_read_into_the_tables_shape(infno):
    whole = strategies.whole(infno, "out")
    assert read(infno, whole) == whole
    loose = {
        name: rows[0] if isinstance(rows, list) and rows and isinstance(rows[0], dict) else rows
        for name, rows in whole.items()
    }
    assert read(infno, loose) == whole


def test_an_answer_is_read_with_numbers_days_and_texts_as_the_table_has_them():
    answer = {
        "baseinfo": [
            strategies.whole("1101", "out")["baseinfo"]
            | {"age": "18.0", "brdy": "2008-03-01 00:00:00", "psn_no": 99, "psn_name": "示例甲  "}
        ],
        "insuinfo": None,
        "idetinfo": [],
    }
    person = read("1101", answer)["baseinfo"]
    assert (person["age"], person["brdy"]) == (Decimal("18.0"), "2008-03-01")
    assert (person["psn_no"], person["psn_name"]) == ("99", "示例甲")
    assert read("1101", answer)["insuinfo"] == []


def test_an_answer_that_breaks_the_table_is_not_read_but_an_unknown_code_is():
    whole = strategies.whole("2207", "out")
    whole["setlinfo"]["med_type"] = "9999"
    assert read("2207", whole)["setlinfo"]["med_type"] == "9999"
    whole["setlinfo"]["medfee_sumamt"] = "much"
    with pytest.raises(Incomplete, match=r"setlinfo\.medfee_sumamt"):
        read("2207", whole)


def test_a_number_nobody_knows_is_said_to_be_unknown():
    for ask in (build, read):
        with pytest.raises(fields.UnknownTransaction):
            ask("9999", {})
    assert transactions.check("2202", "out", {}) == []
