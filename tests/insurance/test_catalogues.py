"""The insurer's catalogues (the real process): fetched step by step, once, and kept."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction

from tests import builders
from tests.settlement.conftest import insurer, world  # noqa: F401 - fixtures
from yifu.catalogue import listing, services
from yifu.catalogue.errors import CatalogueMoved, CatalogueUnreadable
from yifu.catalogue.listing import Place
from yifu.catalogue.models import Cursor, Item, NationalItem, PriceCap, SelfPay, Term
from yifu.clock import CHINA
from yifu.insurance import catalogues
from yifu.insurance.errors import InsurerNonsense, InsurerRefused, InsurerUnavailable
from yifu.insurance.models import Exchange
from yifu.outside import TransactionOpenError

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=CHINA)
CONSULTATION = "001102000010000"
SHORT = ("1307", "1309")


@pytest.fixture
def fetch(world):  # noqa: F811 - the fixture
    """Fetch some catalogues; gives what was fetched by catalogue."""

    def make(*infnos, now=NOW, progress=lambda *_: None):
        found = catalogues.fetch(world.hospital.pk, now=now, infnos=infnos, progress=progress)
        return {one.infno: (one.rows, one.steps, one.version) for one in found}

    return make


def stored(infno):
    return NationalItem.objects.filter(infno=infno).count()


def test_a_catalogue_comes_version_by_version_until_there_is_nothing_new(fetch):
    told = []
    assert fetch("1301", progress=lambda *one: told.append(one)) == {
        "1301": (13_738 + 52, 4, "v0004")
    }
    assert stored("1301") == 13_738
    assert NationalItem.objects.filter(infno="1301", valid=False).count() == 52
    assert told[0] == ("1301", 5000, 5000)
    assert told[-1] == ("1301", 13_790, 13_790)
    drug = NationalItem.objects.get(code="XA02AXX095A001010103357")
    assert (drug.name, drug.maker) == ("小儿大黄碳酸氢钠片", "示例制药有限公司")
    assert Cursor.objects.get(infno="1301").complete_at == NOW


def test_fetching_again_changes_nothing(fetch):
    assert fetch(*SHORT) == {"1307": (1586 + 7, 2, "v0002"), "1309": (21, 2, "v0002")}
    before = list(NationalItem.objects.order_by("pk").values())
    assert fetch(*SHORT) == {"1307": (0, 0, "v0002"), "1309": (0, 0, "v0002")}
    assert list(NationalItem.objects.order_by("pk").values()) == before


def test_every_kind_of_catalogue_is_understood(fetch):
    got = fetch(*catalogues.FILES[1:])
    assert [infno for infno, (rows, steps, _) in got.items() if not rows or steps != 2] == []
    assert {infno: stored(infno) for infno in got if stored(infno) == 0} == {}


def test_what_is_published_later_is_added_and_changed(world, fetch):  # noqa: F811 - the fixture
    fetch("1306")
    rows = [
        {"code": "C99010001", "name": "改名耗材", "vali_flag": "0"},
        {"code": "C99019999", "name": "新耗材", "spec": "大号"},
    ]
    world.insurer.control("catalogue-versions", {"infno": "1306", "rows": rows})
    assert fetch("1306")["1306"][:2] == (2, 1)
    changed = NationalItem.objects.filter(infno="1306", version="v0003").order_by("code")
    assert [(one.name, one.specification, one.valid) for one in changed] == [
        ("改名耗材", "", False), ("新耗材", "大号", True),
    ]  # fmt: skip


def test_a_fetch_that_breaks_off_goes_on_behind_its_last_step(world, fetch):  # noqa: F811 - the same
    world.insurer.fault("drop_answer", infno="9102", nth=3)
    with pytest.raises(InsurerNonsense):
        fetch("1301")
    assert (Cursor.objects.get(infno="1301").version, stored("1301")) == ("v0002", 10_000)
    assert fetch("1301") == {"1301": (3738 + 52, 2, "v0004")}
    assert stored("1301") == 13_738


def test_a_step_that_fails_within_leaves_nothing(fetch):
    fetch("1309")

    def broken(_cells):
        yield ("1309", "C1", "示例", "", "", "", "", "", False, True, "v0003")
        raise RuntimeError("killed")

    place = listing.place_of("990100", "1309")
    about: dict[str, Any] = {"area": "990100", "infno": "1309", "before": place, "now": NOW}
    with pytest.raises(RuntimeError):
        listing.store(listing.ITEMS, broken(None), after=lambda: Place("v0003"), **about)
    assert listing.place_of("990100", "1309") == place
    assert stored("1309") == 20


def test_two_who_fetch_the_same_do_not_undo_each_other(fetch):
    fetch("1309")
    about: dict[str, Any] = {
        "area": "990100",
        "infno": "1309",
        "before": Place("v0001"),
        "now": NOW,
    }
    with pytest.raises(CatalogueMoved):
        listing.store(listing.ITEMS, [], after=lambda: Place("v0002"), **about)


FAULTS = (
    ("1309", "nonsense", InsurerNonsense),
    ("1309", "refuse", InsurerRefused),
    ("9102", "nonsense", InsurerNonsense),
    ("9102", "refuse", InsurerRefused),
    ("9102", "gateway_401", InsurerUnavailable),
)


def test_what_does_not_come_leaves_the_cursor(world, fetch):  # noqa: F811 - the same
    for infno, fault, error in FAULTS:
        world.insurer.fault(fault, infno=infno)
        with pytest.raises(error):
            fetch("1309")
        assert stored("1309") == 0
    assert fetch("1309")["1309"] == (21, 2, "v0002")


def test_class_cap_and_share_come_page_by_page(world, fetch):  # noqa: F811 - the same
    capped = {"national_code": CONSULTATION, "class": "02", "selfpay_prop": "0.15"}
    world.insurer.control("catalogue", [capped | {"price_cap_fen": 1200}])
    got = fetch("1312", "1318", "1319", "1304")
    assert got["1312"][:2] == (1467, 3)
    assert got["1319"][:2] == (2 * 1467, 6)
    assert (Term.objects.count(), SelfPay.objects.count()) == (1467, 2934)
    assert {cap.level: cap.cap_fen for cap in PriceCap.objects.filter(code=CONSULTATION)} == {
        level: Decimal(1200) for level in ("1", "2", "3")
    }
    (one, other) = listing.coverage(
        [CONSULTATION, "NONE"], area="990100", hospital_level="2", insutype="310", on=NOW.date()
    )
    assert (one.insurer_class, one.cap_fen) == ("02", Decimal(1200))
    assert one.share == Decimal("0.15")
    assert (other.insurer_class, other.cap_fen, other.share) == (None, None, None)


def test_terms_of_before_they_began_are_unknown(fetch):
    fetch("1312")
    (before,) = listing.coverage(
        [CONSULTATION], area="990100", hospital_level="2", insutype="310", on=date(2025, 12, 31)
    )
    assert before.insurer_class is None


def test_pages_go_on_where_they_stopped_and_later_ask_only_for_changes(world, fetch):  # noqa: F811 - the same
    world.insurer.fault("drop_request", infno="1312", nth=3)
    with pytest.raises(InsurerNonsense):
        fetch("1312")
    cursor = Cursor.objects.get(infno="1312")
    assert (cursor.page, cursor.rows, cursor.complete_at) == (3, 1000, None)
    fetch("1312")
    world.insurer.control("clock", {"now": "2027-05-06T08:00:00+08:00"})
    world.insurer.control("catalogue", [{"national_code": "NEW1", "class": "03"}])
    world.insurer.control("clock", {"now": None})
    fetch("1312")
    assert Cursor.objects.get(infno="1312").version == "2027-05-06"
    rows, steps, _ = fetch("1312")["1312"]
    assert (rows, steps) == (1, 1)
    assert Term.objects.get(code="NEW1").insurer_class == "03"


def test_what_passes_is_written_down_without_the_rows(fetch):
    fetch("1309", "1312")
    said = Exchange.objects.filter(subject__startswith="catalogue:").order_by("pk")
    assert [one.infno for one in said][:5] == ["1309", "9102", "1309", "9102", "1309"]
    assert {one.state for one in said} == {"answered"}
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(length(answer::text)) FROM insurance_exchange")
        assert cursor.fetchone()[0] < 500


def test_nothing_is_fetched_inside_a_transaction(fetch):
    with pytest.raises(TransactionOpenError), transaction.atomic():
        fetch("1309")


def test_a_catalogue_that_is_none_is_named(world, fetch):  # noqa: F811 - the same
    rows = [{"code": "X" * 51, "name": "过长"}]
    world.insurer.control("catalogue-versions", {"infno": "1320", "rows": rows})
    with pytest.raises(CatalogueUnreadable, match="1320 cannot be read: line 1: code length"):
        fetch("1320")
    assert Cursor.objects.get(infno="1320").version == "v0002"


def test_a_hospital_reads_what_the_insurer_says_of_its_items(world, fetch):  # noqa: F811 - the same
    Item.objects.create(
        institution=world.hospital,
        local_code="FW 1/1",
        national_code=CONSULTATION,
        name="诊查费",
        kind="service",
        unit="次",
        price_fen=1500,
        charge_category="02",
        insurer_class="01",
        price_source="invented",
    )
    row = {"national_code": CONSULTATION, "class": "02", "selfpay_prop": "0.15"}
    world.insurer.control("catalogue", [row | {"price_cap_fen": 1234}])
    api = builders.api(world.hospital)
    path, about = "/catalogue/coverage", {"local_code": "FW 1/1"}
    before = api.get(path, **about).json()
    assert (before["price_list_class"], before["insurer_class"], before["share"]) == (
        "01", None, None,
    )  # fmt: skip
    fetch("1312", "1318", "1319")
    body = api.get(path, **about, insutype="390", on="2026-03-02").json()
    shown = body["insurer_class"], body["cap_fen"], body["share"]
    assert shown == ("02", "1234", "0.15")
    assert api.get(path, **about, on="2025-12-31").json()["insurer_class"] is None
    assert api.get(path, **about, insutype="abc").status_code == 422
    assert api.get(path, local_code="NONE").status_code == 404
    other = builders.api(builders.institution("H99010000002"))
    assert other.get(path, **about).status_code == 404


def test_the_shipped_price_list_has_the_insurers_classes(world):  # noqa: F811 - the same
    services.import_seed(world.hospital.pk)
    classes = Item.objects.values_list("insurer_class", flat=True).distinct()
    assert set(classes) == {"01", "02", "03"}
