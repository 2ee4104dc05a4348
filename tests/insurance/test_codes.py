"""Code tables: labels in both languages, and the codes that the program decides by."""

import pytest

from yifu.insurance import fields
from yifu.insurance.codes import ENUMS, MedType, codes, label, read_table


def test_every_code_that_the_program_decides_by_is_in_its_table_and_has_an_english_label():
    for table, enum in ENUMS.items():
        assert {one.value for one in enum} <= codes()[table].keys()
        for one in enum:
            assert label(table, one, "en") != label(table, one, "zh-hans")


@pytest.mark.parametrize(
    ("table", "code", "chinese", "english"),
    [
        ("med_type", "11", "普通门诊", "Outpatient"),
        ("med_type", MedType.EMERGENCY, "急诊", "Emergency"),
        ("psn_insu_stas", 2, "暂停参保", "Suspended"),
        ("chrgitm_lv", "02 ", "乙类", "Class B"),
        ("callType", "02", "支付成功回调", "Payment done"),
    ],
)
def test_a_code_has_a_label_in_either_language(table, code, chinese, english):
    assert label(table, code, "zh-hans") == chinese
    assert label(table, code, "en-gb") == english


def test_a_code_without_an_english_label_has_its_chinese_one():
    assert label("prfs", "11", "en") == label("prfs", "11", "zh") != "11"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_code_nobody_knows_is_its_own_label(language):
    assert label("med_type", "9999", language) == "9999"
    assert label("no_such_table", "1", language) == "1"
    assert label("med_type", None, language) == ""


def test_a_table_that_has_english_labels_has_them_for_all_national_codes():
    tables: dict[str, list[dict[str, str]]] = {}
    for row in read_table("codes.csv"):
        tables.setdefault(row["table"], []).append(row)
    # Provinces' own codes are longer; funds, identities and businesses are long everywhere.
    for table, rows in tables.items():
        if any(row["label_en"] for row in rows):
            unlabelled = {row["code"] for row in rows if not row["label_en"]}
            assert all(len(code) > 3 for code in unlabelled), table


def test_labels_of_one_language_differ_within_a_table_as_those_of_the_other_do():
    for table in ENUMS:
        rows = [row for row in read_table("codes.csv") if row["table"] == table]
        named = [row for row in rows if row["label_en"]]
        assert len({row["label_en"] for row in named}) == len({row["label"] for row in named})


def test_explanations_are_of_fields_that_there_are():
    told = fields._explanations()
    known: dict[str, set[str]] = {}
    for row in read_table("fields.csv"):
        known.setdefault(row["infno"], set()).add(row["field"])
    assert told["fields"].keys() <= set().union(*known.values())
    for infno, names in told.items():
        assert infno == "fields" or names.keys() <= known[infno]


@pytest.mark.parametrize("infno", ["*", "1101", "2201", "2204", "2207", "2208", "3202"])
def test_the_required_fields_that_people_see_most_are_explained(infno):
    rows = [row for row in read_table("fields.csv") if row["infno"] == infno]
    needed = {row["field"] for row in rows if row["required"] == "Y" and row["direction"] == "in"}
    explained = {name for name in needed if fields.explanation(infno, name)}
    assert len(explained) >= 0.7 * len(needed)


def test_a_transactions_own_explanation_comes_first():
    assert "2201" not in fields.explanation("2201", "begntime")
    assert fields.explanation("2201", "begntime") == "挂号的时间。"
    assert fields.explanation("2204", "begntime").startswith("开始时间")
    assert fields.explanation("2204", "no_such_field") == ""
    assert "msgid" in fields.explanation("2601", "omsgid")
