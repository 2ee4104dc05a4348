"""The price list mapped at the insurer (the real process): batches, refusals, what is unknown."""

from datetime import datetime, timedelta

import pytest

from tests import builders
from tests.settlement.conftest import insurer, world  # noqa: F401 - fixtures
from yifu.catalogue import mappings
from yifu.catalogue.models import Item, Mapping, MappingState
from yifu.clock import CHINA
from yifu.insurance import mapping
from yifu.insurance.errors import InsurerRefused, InsurerUnavailable
from yifu.insurance.models import Exchange

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=CHINA)
CODES = ("001102000010000", "001102000020000", "001102000030000", "001102000040000")


def add_item(world, local, code, **changes):  # noqa: F811 - the fixture
    defaults = {"name": f"项目{local}", "kind": "service", "unit": "次", "price_fen": 1500}
    defaults |= {"charge_category": "02", "price_source": "invented", "national_code": code}
    Item.objects.update_or_create(
        institution=world.hospital, local_code=local, defaults=defaults | changes
    )


@pytest.fixture
def hospital(world):  # noqa: F811 - the fixture
    """A hospital with a price list of four items; the insurer forgets its mappings afterwards."""
    for place, code in enumerate(CODES, start=1):
        add_item(world, f"L{place}", code)
    yield world
    there = Mapping.objects.filter(state="uploaded").values_list("local_code", flat=True)
    mapping.withdraw(world.hospital.pk, list(there), now=NOW)


@pytest.fixture
def upload(hospital):
    def make(now=NOW, **more):
        done = mapping.upload(hospital.hospital.pk, now=now, **more)
        return done.uploaded, done.refused, done.withdrawn, done.unknown

    return make


def states():
    return dict(Mapping.objects.order_by("local_code").values_list("local_code", "state"))


def sent(infno):
    return Exchange.objects.filter(infno=infno).count()


def test_the_whole_price_list_goes_up_once(upload):
    told = []
    assert upload(progress=lambda *one: told.append(one)) == (4, 0, 0, 0)
    assert set(states().values()) == {"uploaded"}
    assert (told, sent("3301")) == ([(4, 4)], 1)
    assert upload() == (0, 0, 0, 0)
    assert sent("3301") == 1


def test_what_changed_goes_up_again_and_another_code_is_withdrawn_first(hospital, upload):
    upload()
    add_item(hospital, "L1", CODES[0], name="改名")
    add_item(hospital, "L2", CODES[0])
    Item.objects.get(local_code="L3").delete()
    assert upload(NOW + timedelta(days=1)) == (2, 0, 2, 0)
    assert states() == {"L1": "uploaded", "L2": "uploaded", "L3": "withdrawn", "L4": "uploaded"}
    renewed, other = (Mapping.objects.get(local_code=code) for code in ("L1", "L2"))
    assert (renewed.name, renewed.begins_on) == ("改名", NOW.date())
    assert (other.national_code, other.begins_on) == (CODES[0], NOW.date() + timedelta(days=1))


def test_a_refused_item_is_found_in_its_batch_and_waits_for_a_change(hospital, upload):
    add_item(hospital, "L2", "999999999999999")
    assert upload() == (3, 1, 0, 0)
    assert states() == {"L1": "uploaded", "L2": "refused", "L3": "uploaded", "L4": "uploaded"}
    assert "999999999999999不存在" in Mapping.objects.get(local_code="L2").reason
    before = sent("3301")
    assert upload() == (0, 0, 0, 0)
    assert sent("3301") == before
    assert mappings.forget_refusals(hospital.hospital.pk, now=NOW) == 1
    assert upload() == (0, 1, 0, 0)
    add_item(hospital, "L2", CODES[1])
    assert upload() == (1, 0, 0, 0)


@pytest.mark.parametrize("fault", ["drop_answer", "drop_request"])
def test_what_got_no_answer_is_asked_about_before_anything_is_sent(hospital, upload, fault):
    hospital.insurer.fault(fault, infno="3301")
    assert upload() == (0, 0, 0, 4)
    assert set(states().values()) == {"unknown"}
    assert upload() == (4, 0, 0, 0)
    assert sent("1317") == 4
    assert set(states().values()) == {"uploaded"}


def test_a_process_that_dies_while_sending_leaves_what_is_asked_about(hospital, upload):
    on = NOW.date()
    told = mappings.due(hospital.hospital.pk, on=on)
    mappings.begin(hospital.hospital.pk, told, state=MappingState.SENDING, now=NOW)
    assert upload() == (4, 0, 0, 0)
    assert sent("1317") == 4


def test_what_was_surely_not_sent_is_sent_next_time(hospital, upload):
    hospital.insurer.fault("gateway_401", infno="3301")
    with pytest.raises(InsurerUnavailable):
        upload()
    assert set(states().values()) == {"pending"}
    assert upload() == (4, 0, 0, 0)


@pytest.mark.parametrize(("fault", "then"), [(None, "withdrawn"), ("drop_answer", "withdrawn")])
def test_a_withdrawn_mapping_stays_so_until_its_item_changes(hospital, upload, fault, then):
    upload()
    if fault:
        hospital.insurer.fault(fault, infno="3302")
    mapping.withdraw(hospital.hospital.pk, ["L1", "NONE"], now=NOW)
    assert states()["L1"] == ("unknown" if fault else then)
    assert upload() == (0, 0, 0, 0)
    assert states()["L1"] == then
    add_item(hospital, "L1", CODES[0], name="改名")
    assert upload() == (1, 0, 0, 0)


def test_a_withdrawal_that_did_not_arrive_leaves_the_mapping(hospital, upload):
    upload()
    hospital.insurer.fault("drop_request", infno="3302")
    mapping.withdraw(hospital.hospital.pk, ["L1"], now=NOW)
    assert mapping.resolve(hospital.hospital.pk, now=NOW) == 1
    assert states()["L1"] == "uploaded"


def test_a_charge_is_settled_only_when_mapped_where_that_is_demanded(hospital, upload):
    hospital.insurer.control("switches", {"mapped_only": True})
    charge = ("L1", CODES[0], "普通门诊诊查费", 1500)
    try:
        with pytest.raises(InsurerRefused, match="未做目录对照"):
            hospital.settle(hospital.visit(hospital.person(), charge))
        upload()
        assert hospital.settle(hospital.visit(hospital.person(), charge)).settlement_id
    finally:
        hospital.insurer.control("switches", {"mapped_only": False})


def test_a_hospital_reads_state_and_reason_of_its_items(hospital, upload):
    add_item(hospital, "L2", "999999999999999")
    api = builders.api(hospital.hospital)
    fresh = api.get("/catalogue/mappings").json()
    assert [(one["local_code"], one["state"]) for one in fresh["items"]] == [
        (f"L{place}", "pending") for place in (1, 2, 3, 4)
    ]
    upload()
    body = api.get("/catalogue/mappings", state="refused").json()
    (refused,) = body["items"]
    assert (refused["local_code"], refused["national_code"]) == ("L2", "999999999999999")
    assert "不存在" in refused["reason"]
    assert body["counts"]["uploaded"] == 3
    first = api.get("/catalogue/mappings", limit=3).json()
    rest = api.get("/catalogue/mappings", limit=3, cursor=first["next_cursor"]).json()
    assert [one["local_code"] for one in rest["items"]] == ["L4"]
    assert rest["next_cursor"] is None
    other = builders.api(builders.institution("H99010000002"))
    assert other.get("/catalogue/mappings").json()["items"] == []
    assert api.get("/catalogue/mappings", state="lost").status_code == 422
