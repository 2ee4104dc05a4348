"""Any transaction by hand: what is known is filled in, what is wrong named; money wants a yes."""

import json

import pytest

from tests import builders
from yifu.insurance import registering
from yifu.insurance.models import Exchange
from yifu.patients import services as patients


def test_who_somebody_is_is_asked_by_name_and_answered_with_labels(console):
    person = console.insured("欧阳示例")
    text = console.run("call", "1101", "--person", "欧阳示例")
    for words in (
        "1101 人员信息获取",
        "已应答",
        "psn_no",
        "人员编号 · person number",
        "职工基本医疗保险",
    ):
        assert words in text
    assert patients.certificate_no(person) not in text
    row = Exchange.objects.get(infno="1101")
    assert (row.state, row.subject) == ("answered", f"person:{person.pk}")
    assert row.took_ms is not None
    assert row.inf_refmsgid.startswith("990100")
    signed_in = Exchange.objects.get(infno="9001")
    assert signed_in.answer is not None
    assert row.sign_no == signed_in.answer["signinoutb"]["sign_no"]
    assert patients.certificate_no(person) not in json.dumps([row.request, row.answer])


@pytest.mark.parametrize("by", ["certificate", "visit"])
def test_somebody_is_found_by_identity_and_by_visit_number_too(console, by):
    person = console.insured()
    visit = builders.visit(person, at=console.hospital)
    words = {"certificate": patients.certificate_no(person), "visit": visit.visit_no}[by]
    report = console.json("call", "1101", "--person", words)
    assert report["state"] == "answered"
    assert report["answer"]["insuinfo"][0]["insutype"] == "310"


def test_a_query_about_a_visit_takes_its_numbers_from_the_books(console):
    person = console.insured()
    visit = builders.visit(person, at=console.hospital)
    encounter = registering.register_visit(visit, credential=None, now=builders.NOW)
    assert encounter is not None
    report = console.json("call", "2206", "--person", visit.visit_no, "--dry-run", code=1)
    assert report["request"]["data"]["mdtrt_id"] == encounter.mdtrt_id
    assert {row["place"] for row in report["violations"]} >= {"data.medfee_sumamt"}


def test_the_insurer_is_asked_who_somebody_is_when_only_it_knows(console):
    person = console.insured()
    report = console.json(
        "call", "5206", "--person", person.name, "--set", "data.cum_ym=202603", "--fill"
    )
    asked = Exchange.objects.filter(institution=console.hospital).order_by("pk")
    assert [row.infno for row in asked] == ["9001", "1101", "5206"]
    assert report["request"]["data"]["psn_no"].endswith(f"{person.pk:04d}"[-4:])
    assert report["state"] == "answered"


def test_what_is_missing_is_named_with_its_place_and_nothing_is_sent(console):
    text = console.run("call", "3605", code=1)
    assert "data.setl_ym" in text
    assert "required" in text
    assert "--set data.setl_ym=" in text
    assert not Exchange.objects.filter(infno="3605").exists()


def test_what_is_set_is_sent_and_a_field_that_there_is_not_is_refused(console):
    report = console.json("call", "3605", "--set", "data.setl_ym=202603", "--set", "setl_id=S5")
    assert report["answer"]["data"][0]["setl_id"] == "S5"
    for wrong in ("data.nothing=1", "nonode.setl_ym=1", "nothing=1", "data[x].setl_ym=1"):
        assert "has no field" in console.run("call", "3605", "--set", wrong, code=1)
    assert "write node.field=value" in console.run("call", "3605", "--set", "setl_ym", code=2)


def test_an_input_can_come_from_a_file(console, tmp_path):
    path = tmp_path / "input.json"
    path.write_text(json.dumps({"data": {"setl_ym": "202602"}}))
    report = console.json("call", "3605", "--input", str(path), "--set", "data.page_size=5")
    assert report["request"]["data"] == {"setl_ym": "202602", "page_num": 1, "page_size": 5}
    for text in ("[1]", "{", ""):
        path.write_text(text)
        assert "input.json" in console.run("call", "3605", "--input", str(path), code=2)


@pytest.mark.parametrize("infno", ["2207", "2102", "2304", "2208", "2305", "2601"])
def test_money_is_moved_only_by_a_yes(console, infno):
    text = console.run("call", infno, code=1)
    assert "moves money" in text
    assert "--yes" in text
    assert "nothing in it may be invented" in console.run("call", infno, "--fill", "--yes", code=1)
    assert not Exchange.objects.exists()
    console.json("call", infno, "--dry-run", "--fill")


def test_a_reversal_with_a_yes_is_sent_and_a_refusal_said(console):
    person = console.insured()
    sets = ("--set", "setl_id=S0", "--set", "mdtrt_id=M0")
    report = console.json("call", "2208", "--person", person.name, "--yes", *sets, code=1)
    assert report["state"] == "refused"
    assert "S0" in report["detail"]
    assert Exchange.objects.get(infno="2208").inf_refmsgid == report["inf_refmsgid"] != ""


def test_an_answer_that_does_not_come_is_said_to_be_unknown(console):
    console.insurer.fault("drop_answer", infno="3605")
    text = console.run("call", "3605", "--set", "data.setl_ym=202603", code=1)
    assert "unknown until asked" in text
    assert Exchange.objects.get(infno="3605").state == "unknown"


def test_a_token_is_neither_shown_nor_stored(console):
    token = "SECRETTOKEN1234567890"
    console.insured("示例丁")
    sets = ("--set", "data.mdtrt_cert_type=01", "--set", f"data.mdtrt_cert_no={token}")
    for way in ((), ("--dry-run",), ("--json",)):
        assert token not in console.run("call", "1101", "--person", "示例丁", *sets, *way[:1])
    rows = Exchange.objects.values_list("request", "answer", "detail")
    assert token not in json.dumps(list(rows))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("call", "0000"), "no transaction 0000"),
        (("call", "9101"), "carries a file"),
        (("call", "6201"), "sealed"),
        (("call", "1101", "--institution", "H99010000007"), "not connected"),
        (("call", "1101", "--person", "无此人"), "nobody registered"),
    ],
)
def test_what_cannot_be_is_said_with_what_to_do(console, words, said):
    code = 2 if words[1] == "0000" else 1
    assert said in " ".join(console.run(*words, code=code).split())


def test_of_several_namesakes_none_is_taken(console):
    builders.person(console.hospital, name="张示例")
    builders.person(console.hospital, name="张示例")
    assert "several persons" in console.run("call", "1101", "--person", "张示例", code=1)


def test_somebody_of_another_institution_is_not_found(console):
    builders.person(builders.institution("H99010000002"), name="外院人")
    assert "nobody registered" in console.run("call", "1101", "--person", "外院人", code=1)
