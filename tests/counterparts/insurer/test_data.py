"""The tables that the insurer ships."""

import csv
from pathlib import Path

import pytest

from counterparts.insurer import catalogue
from counterparts.insurer.fields import code_tables, names
from counterparts.insurer.policies import cities
from counterparts.insurer.service import ASKING, CHANGING, DOWNLOAD

ROOT = Path(__file__).parents[3]
SHIPPED = ROOT / "counterparts" / "insurer" / "data"
SPECIFICATION = ROOT.parent / "shared" / "data"


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_transaction_has_its_fields():
    for infno in [*CHANGING, *ASKING, DOWNLOAD]:
        assert infno in names()


def test_both_cities_have_a_policy():
    assert cities() == ["hangzhou", "shanghai"]


@pytest.mark.skipif(not SPECIFICATION.is_dir(), reason="the specification's tables are not here")
def test_the_tables_know_every_field_of_the_specification():
    whole = {(row["infno"], row["field"]) for row in rows(SPECIFICATION / "nhsa_fields.csv")}
    wrappers = {(infno, "input") for infno in ("3701", "3702", "3703", "3704")}
    shipped = {(row["infno"], row["field"]) for row in rows(SHIPPED / "fields.csv")}
    # 5101 prints the envelope once more as its input.
    assert {infno for infno, _ in whole - wrappers - shipped} == {"5101"}
    assert shipped <= whole


@pytest.mark.skipif(not catalogue.SOURCE.is_file(), reason="no catalogue is shipped")
def test_the_shipped_catalogue_loads_and_uses_known_kinds_of_charge():
    items = catalogue.load_catalogue()
    assert items
    kinds = code_tables()["med_chrgitm_type"]
    assert {item.chrgitm_type for item in items.values()} <= kinds.keys()


@pytest.mark.parametrize("row", [
    {"class": "04"},
    {"class": "02", "selfpay_prop": "1.5"},
    {"class": "02", "selfpay_prop": "much"},
    {"class": "01", "price_cap_fen": "-1"},
    {"class": "01", "price_cap_fen": "1.5"},
])  # fmt: skip
def test_an_impossible_item_is_an_error(row):
    with pytest.raises(ValueError, match=r"wanted|between|none of|invalid literal"):
        catalogue.item_of(row)
