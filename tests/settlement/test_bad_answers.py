"""An insurer that refuses or talks nonsense: nothing is half done (L10)."""

import pytest

from tests import builders
from tests.settlement.asking import ATTEMPTED, everything, refused
from yifu.collection.models import Bill
from yifu.settlement.models import Settlement, SettlementLine

pytestmark = pytest.mark.usefixtures("simulated")


@pytest.mark.parametrize(
    ("fault", "infno", "status", "code"),
    [
        ("refuse", "2204", 422, "insurer_refused"),
        ("refuse", "2207", 422, "insurer_refused"),
        ("gateway_401", "2204", 503, "insurer_unavailable"),
        ("gateway_401", "2207", 503, "insurer_unavailable"),
        ("wrong_sum", "2207", 502, "insurer_nonsense"),
    ],
)
def test_an_insurer_that_says_no(world, fault, infno, status, code):
    person = world.person(balance_fen=400)
    world.sign(person)
    visit = world.visit(person)
    api = builders.api(world.hospital)
    world.insurer.control("faults", method="DELETE")
    assert api.post(f"/visits/{visit.pk}/preview", {}).status_code == 200
    before = everything(but=ATTEMPTED)
    world.insurer.fault(fault, infno=infno)
    refused(api.post("/settlements", {"visit_id": visit.pk}, key="k"), status, code)
    changed = {
        table for table, digest in everything(but=ATTEMPTED).items() if digest != before.get(table)
    }
    assert changed <= {"procrastinate_jobs", "procrastinate_events"}, "only the withdrawal waits"
    assert not SettlementLine.objects.filter(live=True).exists()
    assert not Settlement.objects.exclude(state__in=["rejected", "reversed"]).exists()
    again = api.post("/settlements", {"visit_id": visit.pk}, key="k")
    assert (again.status_code, again.json()["state"]) == (201, "completed"), again.content


@pytest.mark.parametrize("infno", ["1101", "2201"])
def test_an_insurer_that_does_not_register_the_visit(world, infno):
    person = world.person()
    visit = world.visit(person)
    api = builders.api(world.hospital)
    before = everything(but=ATTEMPTED)
    world.insurer.fault("nonsense", infno=infno)
    answer = api.post("/settlements", {"visit_id": visit.pk}, key="k")
    refused(answer, answer.status_code, answer.json()["code"])
    assert answer.status_code in {502, 503}
    after = everything(but=ATTEMPTED)
    assert {table for table in after if after[table] != before[table]} <= {"insurance_signin"}
    assert not Settlement.objects.exists()
    assert api.post("/settlements", {"visit_id": visit.pk}, key="k").status_code == 201


def test_an_insurer_that_talks_nonsense_leaves_it_unknown_and_nothing_posted(world):
    person = world.person()
    visit = world.visit(person)
    api = builders.api(world.hospital)
    world.insurer.fault("nonsense", infno="2207")
    answer = api.post("/settlements", {"visit_id": visit.pk}, key="k")
    assert (answer.status_code, answer.json()["state"]) == (202, "unknown")
    before = everything()
    refused(api.post("/settlements", {"visit_id": visit.pk}, key="k2"), 409, "nothing_to_settle")
    assert everything() == before
    assert not Bill.objects.exists()


def test_a_refusal_before_the_insurer_is_asked_leaves_no_message(world):
    person = world.person()
    visit, other = world.visit(person), world.visit(person)
    api = builders.api(world.hospital)
    assert api.post("/settlements", {"visit_id": other.pk}, key="k").status_code == 201
    before = everything()
    for key, more, status, code in (
        ("k", {}, 409, "idempotency_key_reused"),
        ("k2", {"charge_ids": [10**9]}, 404, "charge_unknown"),
        (None, {}, 400, "idempotency_key_missing"),
    ):
        body = {"visit_id": visit.pk, **more}
        refused(api.post("/settlements", body, key=key), status, code)
    assert everything() == before
