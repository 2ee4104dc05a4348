"""The shipped catalogue: consistent in itself, and exactly what the tool makes."""

import csv
import subprocess
import sys
from collections import Counter
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest

from yifu.catalogue.rules import ChargeLine, LimitKind, Patient, warnings
from yifu.catalogue.services import rule_book
from yifu.patients.rules import SexCode

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "data"
FILES = (
    *(f"yifu/catalogue/seed/{name}.csv" for name in ("items", "icd10", "limits", "duplicates")),
    "counterparts/insurer/data/catalogue.csv",
    "counterparts/hospital/data/items.csv",
    "counterparts/hospital/data/cases.csv",
)
MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=timezone(timedelta(hours=8)))


def rows(name):
    with (ROOT / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def price_list():
    """Give the shipped price list, prices as integers."""
    found = rows("yifu/catalogue/seed/items.csv")
    return [SimpleNamespace(**row | {"price_fen": int(row["price_fen"])}) for row in found]


def diagnosis_names():
    return {row["code"]: row["name"] for row in rows("yifu/catalogue/seed/icd10.csv")}


@pytest.mark.skipif(not SHARED.is_dir(), reason="the published data is not beside the project")
def test_the_shipped_files_are_what_the_tool_makes(tmp_path):
    tool = [sys.executable, str(ROOT / "tools" / "make_seed.py")]
    subprocess.run([*tool, str(SHARED), "--into", str(tmp_path)], check=True, timeout=60)
    made = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.csv")}
    assert made == set(FILES)
    for name in FILES:
        assert (tmp_path / name).read_bytes() == (ROOT / name).read_bytes(), name


def test_the_files_stay_small():
    assert sum((ROOT / name).stat().st_size for name in FILES) < 1_000_000


def test_the_price_list_is_as_a_hospital_would_have_it():
    items = price_list()
    assert 1_200 <= len(items) <= 1_600
    assert len({item.local_code for item in items}) == len(items)
    assert len({item.national_code for item in items}) == len(items)
    assert {item.price_source for item in items} == {"invented"}
    assert {item.kind for item in items} == {"drug", "service"}
    assert all(item.price_fen > 0 and item.unit for item in items)
    assert {item.insurer_class for item in items} == {"01", "02", "03"}
    categories = Counter(item.charge_category for item in items)
    assert set(categories) >= {"02", "03", "04", "05", "09", "11"}


def test_the_insurer_knows_the_same_items_with_the_same_class():
    known = {row["national_code"]: row for row in rows("counterparts/insurer/data/catalogue.csv")}
    for item in price_list():
        row = known.pop(item.national_code)
        assert (row["class"], row["chrgitm_type"]) == (item.insurer_class, item.charge_category)
        share = Decimal(row["selfpay_prop"])
        expected = {"01": share == 0, "02": 0 < share < 1, "03": share == 1}
        assert expected[row["class"]]
    assert not known


def test_cases_charge_what_the_price_list_has_and_begin_with_the_consultation():
    names = {item.local_code: item.name for item in price_list()}
    diagnoses = diagnosis_names()
    cases: dict[str, list[dict[str, str]]] = {}
    for row in rows("counterparts/hospital/data/cases.csv"):
        cases.setdefault(row["case_no"], []).append(row)
        assert diagnoses[row["diagnosis_code"]] == row["diagnosis_name"]
        assert 0 < Decimal(row["chance"]) <= 1
        assert 1 <= int(row["quantity_from"]) <= int(row["quantity_to"])
        assert 0 <= int(row["age_from"]) <= int(row["age_to"])
        assert row["local_code"] in names
    assert 60 <= len(cases) <= 120
    for charges in cases.values():
        assert 1 <= len(charges) <= 12
        assert "诊查费" in names[charges[0]["local_code"]]
        assert charges[0]["chance"] == "1"


def test_cases_are_for_the_sex_and_age_the_published_limits_allow():
    codes = {item.local_code: item for item in price_list()}
    on = MORNING.date()
    for row in rows("counterparts/hospital/data/cases.csv"):
        item = codes[row["local_code"]]
        line = ChargeLine(
            line_no=1,
            local_code=item.local_code,
            national_code=item.national_code,
            name=item.name,
            quantity=Decimal(row["quantity_to"]),
            unit_price_fen=Decimal(item.price_fen),
            amount_fen=item.price_fen * int(row["quantity_to"]),
            occurred_at=MORNING,
        )
        born = date(on.year - int(row["age_to"]), 1, 1)
        both: tuple[SexCode, SexCode] = ("1", "2")
        for sex in (each for each in both if row["sex"] in ("", each)):
            patient = Patient(sex=sex, birth_date=born)
            found = warnings([line], patient=patient, rules=rule_book(), on=on)
            wrong = {one.code for one in found} & {"limit_sex", "limit_age_group"}
            assert not wrong, (row["department_name"], row["diagnosis_name"], item.name)


def test_every_published_limit_is_of_an_item_in_the_catalogue():
    codes = sorted(item.national_code for item in price_list())
    names = {item.name for item in price_list()}
    book = rule_book()
    kinds = Counter(limit.kind for limits in book.limits.values() for limit in limits)
    assert kinds[LimitKind.SEX] > 300
    assert kinds[LimitKind.AGE_GROUP] > 200
    for limits in book.limits.values():
        assert all(limit.name in names for limit in limits)
        assert len({(limit.kind, limit.value) for limit in limits}) == len(limits)
    reached = {code for code in codes if next(book.limits_on(code), None)}
    drugs = {item.national_code for item in price_list() if item.kind == "drug"}
    assert reached >= drugs, "the published drugs are those with limits"


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (LimitKind.SEX, {"1", "2"}),
        (LimitKind.AGE_GROUP, {"child", "infant", "newborn"}),
        (LimitKind.CARE_SETTING, {"inpatient"}),
        (LimitKind.HOSPITAL_LEVEL, {"2", "3"}),
        (LimitKind.INSURANCE_TYPE, {"work_injury", "maternity"}),
    ],
)
def test_limits_have_values_that_the_rules_understand(kind, values):
    found = {
        limit.value
        for limits in rule_book().limits.values()
        for limit in limits
        if limit.kind is kind
    }
    assert found
    assert found <= values


def test_numbers_of_limits_are_positive():
    counted = {LimitKind.FREQUENCY, LimitKind.CYCLE_DAYS, LimitKind.COURSE_DAYS}
    limits = [one for found in rule_book().limits.values() for one in found]
    for limit in limits:
        if limit.kind in counted:
            assert int(limit.value) > 0
    assert {limit.kind for limit in limits} >= counted


def test_duplicates_are_pairs_of_the_catalogue():
    codes = {item.national_code for item in price_list()}
    pairs = [pair for found in rule_book().duplicates.values() for pair in found]
    assert len(pairs) > 200
    assert all({pair.main_code, pair.part_code} <= codes for pair in pairs)
    assert all(pair.main_code != pair.part_code for pair in pairs)


def test_diagnoses_are_categories():
    diagnoses = diagnosis_names()
    assert len(diagnoses) > 1_500
    assert diagnoses["J00"] == "急性鼻咽炎[感冒]"


def test_a_real_pair_and_a_real_limit_warn():
    by_name = {item.name: item for item in price_list()}

    def charge(number, name):
        item = by_name[name]
        return ChargeLine(
            line_no=number,
            local_code=item.local_code,
            national_code=item.national_code,
            name=name,
            quantity=Decimal(1),
            unit_price_fen=Decimal(item.price_fen),
            amount_fen=item.price_fen,
            occurred_at=MORNING,
        )

    lines = [
        charge(1, "葡萄糖耐量试验(口服)"),
        charge(2, "葡萄糖测定(各种酶法)"),
        charge(3, "度他雄胺软胶囊"),
        charge(4, "小儿豉翘清热颗粒"),
    ]
    woman = Patient(sex="2", birth_date=date(1990, 5, 1))
    found = warnings(lines, patient=woman, rules=rule_book(), on=MORNING.date())
    assert [(one.code, one.lines) for one in found] == [
        ("duplicate_charge", (1, 2)),
        ("limit_sex", (3,)),
        ("limit_age_group", (4,)),
    ]
