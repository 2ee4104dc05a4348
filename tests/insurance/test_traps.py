"""Each known trap of the interface by its name, and that an answer with it is understood."""

import json
from decimal import Decimal
from typing import Any

import pytest

from tests.insurance import strategies
from yifu.insurance import answers, fields, gateway, rules, traps
from yifu.insurance.transactions import read
from yifu.insurance.wire import Reply


def understood(infno: str, output: Any, **said: Any) -> gateway.Answer:
    body = {"infcode": 0, "output": output} | said
    content = json.dumps(body, default=float).encode()
    return gateway.understand(infno, Reply(200, "application/json", content))


@pytest.mark.parametrize(
    ("infcode", "means"),
    [
        *[(0, True), ("0", True), (" 0 ", True), (-1, False), ("-1", False), ("-1 ", False)],
        *[(1, None), ("1", None), ("", None), (None, None), (True, None), (False, None)],
        *[("00", None), ("0.0", None), (Decimal("0.0"), None), (0.0, None), ([], None)],
    ],
)
def test_an_infcode_is_a_number_or_a_text_and_nothing_else_is_a_yes(infcode, means):
    assert traps.verdict(infcode) is means


@pytest.mark.parametrize("infcode", [0, "0", "0 "])
@pytest.mark.parametrize("nothing", [None, "", {}])
def test_a_yes_without_output_message_or_number_is_understood(infcode, nothing):
    answer = understood("2205", nothing, infcode=infcode, err_msg=None, inf_refmsgid=None)
    assert (answer.output, answer.err_msg, answer.inf_refmsgid) == ({}, "", "")
    assert answer.infcode == "0"


@pytest.mark.parametrize("infcode", [-1, "-1"])
def test_a_no_without_a_reason_is_a_no(infcode):
    with pytest.raises(gateway.Refused) as refused:
        understood("2207", None, infcode=infcode, err_msg=None)
    assert (refused.value.code, refused.value.err_msg) == ("-1", "")


@pytest.mark.parametrize("infcode", ["0.0", 0.0, None, "1"])
def test_what_is_neither_yes_nor_no_is_not_known(infcode):
    with pytest.raises(gateway.Nonsense, match="infcode"):
        understood("2205", None, infcode=infcode)


def reversed_with(settled: Any, spelling: str) -> dict[str, Any]:
    output: dict[str, Any] = settled()
    info = output["setlinfo"]
    info[spelling] = info.pop("psn_cash_pay")
    return output


@pytest.mark.parametrize("spelling", ["pdn_cash_pay", "psn_cash_pay", "cash_payamt"])
@pytest.mark.parametrize("infno", ["2207", "2208"])
def test_pdn_cash_pay_is_the_patients_cash_however_it_is_spelt(settled, infno, spelling):
    answer = understood(infno, reversed_with(settled, spelling))
    assert rules.parse_split(answer.output["setlinfo"], []).cash_fen == 3000


def test_the_patients_share_is_psn_pay_in_a_query(settled):
    output = settled()
    output["setlinfo"]["psn_pay"] = output["setlinfo"].pop("psn_part_amt")
    assert rules.parse_split(understood("2207", output).output["setlinfo"], []).cash_fen == 3000


def test_a_field_that_is_nowhere_stays_missing(settled):
    output = settled()
    del output["setlinfo"]["psn_cash_pay"]
    with pytest.raises(gateway.Nonsense) as caught:
        understood("2207", output)
    assert [one.place for one in caught.value.violations] == ["setlinfo.psn_cash_pay"]


@pytest.mark.parametrize(
    ("name", "spelling"),
    [
        *[("psn_no", "psn_No"), ("psn_no", "psnNo"), ("dscg_time", "dscgTime")],
        *[("dscgTime", "dscg_time"), ("insuplc_admdvs", "insuplc_admvs")],
        *[("mdtrtarea_admvs", "mdtrtarea_admdvs"), ("insu_admdvs", "insu_admvs")],
        *[("pdn_cash_pay", "psn_cash_pay"), ("psn_part_amt", "psn_pay")],
    ],
)
def test_a_field_is_found_under_its_other_spelling_and_its_own_comes_first(name, spelling):
    assert traps.spelt({spelling: "x"}, name) == "x"
    assert traps.spelt({spelling: "x", name: "y"}, name) == "y"
    assert traps.spelt({spelling: "x", name: ""}, name) == "x"
    assert traps.spelt({spelling: ""}, name) is None
    assert traps.spelt({name: 0, spelling: 1}, name) == 0


def test_admvs_and_admdvs_are_one_area_in_an_answer():
    person = strategies.whole("1101", "out")
    (insured,) = person["insuinfo"]
    insured["insuplc_admvs"] = insured.pop("insuplc_admdvs")
    assert understood("1101", person).output["insuinfo"][0]["insuplc_admdvs"] == "x"


def test_psn_No_is_the_persons_number():  # noqa: N802 - the trap's name
    person = strategies.whole("1101", "out")
    person["baseinfo"]["psn_No"] = person["baseinfo"].pop("psn_no")
    assert answers.read_insured(understood("1101", person).output)[0].psn_no == "x"


def test_what_we_send_has_the_tables_own_spelling():
    assert {"dscgTime"} == {
        name for name in fields.layout("2304", "in")[0].fields if name.lower().startswith("dscg")
    }
    message = strategies.whole("2304", "in")
    message["data"]["dscg_time"] = message["data"].pop("dscgTime")
    (one,) = fields.check("2304", "in", message)
    assert (one.place, one.rule) == ("data.dscg_time", "unknown field")


@pytest.mark.parametrize(
    ("value", "count"), [(None, 0), ("", 0), ({}, 0), ([], 0), ({"a": 1}, 1), ([{"a": 1}] * 2, 2)]
)
def test_a_node_is_a_list_or_one_object_or_nothing(value, count):
    assert len(traps.rows(value)) == count


@pytest.mark.parametrize("value", ["x", 7, [1], [None], [{}, "x"]])
def test_what_is_no_rows_is_said_to_be_none(value):
    with pytest.raises(traps.NotRows):
        traps.rows(value)


def test_rows_without_a_node_are_the_tables_data():
    row = strategies.whole("1318", "out")["data"][0]
    assert understood("1318", [row]).output == {"data": [row]}
    assert understood("4902", [{"chkRslt": "1"}]).output == {"data": [{"chkRslt": "1"}]}
    with pytest.raises(gateway.Nonsense, match="not an object"):
        understood("4902", ["x"])


def test_numbers_come_as_text():
    for text, number in {"18": 18, " 18.50 ": Decimal("18.50"), "-1": -1, "1e2": 100}.items():
        assert traps.number(text) == number
    others: list[object] = ["ten", "1_0", "１", "", None, 7, []]
    assert [traps.number(other) for other in others] == others


def test_dates_come_with_a_time_of_day():
    assert traps.day("2026-03-01 00:00:00") == "2026-03-01"
    assert traps.day("2026-03-01T00:00:00") == "2026-03-01"
    for other in ("2026-03-01", "", None, 7):
        assert traps.day(other) == other
    person = strategies.whole("1101", "out")
    person["baseinfo"]["brdy"] = "2008-03-01 00:00:00"
    assert read("1101", understood("1101", person).output)["baseinfo"]["brdy"] == "2008-03-01"


def test_texts_come_with_spaces_behind_them(settled):
    output = settled(setl_id="S1  ", setl_time="2026-03-01 09:30:05 ", med_type="11 ")
    answer = understood("2207", output)
    assert answer.remarks == ()
    assert answers.read_settled(answer.output).setl_id == "S1"
    assert answers.read_comparison({"stmtinfo": {"stmt_rslt": "0  "}}).agrees


def test_spaces_where_a_required_text_belongs_are_nothing(settled):
    with pytest.raises(gateway.Nonsense):
        understood("2207", settled(setl_id="   "))


@pytest.mark.parametrize(
    ("output", "means"),
    [
        ({"data": {"success": True, "message": ""}}, True),
        ({"data": {"success": "TRUE"}}, True),
        ({"data": {"success": False}}, False),
        ({"success": "false"}, False),
        ({"data": {"flag": True}}, True),
        ({"data": {}}, None),
        ({"data": []}, None),
        ({"data": {"success": None}}, None),
        ({"data": {"success": 1}}, None),
    ],
)
def test_success_is_a_boolean_or_its_name(output, means):
    assert traps.succeeded(output) is means
