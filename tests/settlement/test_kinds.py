"""Purchases at a pharmacy, chronic diseases, patients from elsewhere: one `settle` for all."""

from datetime import datetime

import pytest

from tests.settlement.conftest import NOW, World
from yifu.clock import CHINA
from yifu.insurance.errors import InsurerRefused, InsurerUnavailable
from yifu.insurance.models import Encounter, Exchange, ExchangeState
from yifu.ledger import services as ledger
from yifu.settlement import previewing, recovery, reversing
from yifu.settlement.errors import TooManyCharges, WholeVisitOnly
from yifu.settlement.models import Settlement
from yifu.visits.models import Visit

DRUGS = (
    ("YP0001", "001102000010000", "药品甲", 6000),
    ("YP0002", "009999999999999", "药品乙", 900),
)
TRACE = "81234567890123456789"
DIABETES = {"med_type": "14", "disease_code": "M01600", "disease_name": "糖尿病"}


def purchase(world: World, person, **more) -> Visit:
    return world.visit(person, *DRUGS, kind="pharmacy", trace_code=TRACE, **more)


def reverse(settlement_id: int, world: World):
    return reversing.reverse(
        institution_id=world.hospital.pk, settlement_id=settlement_id, reason="退药", now=NOW
    )


def standing(world: World) -> dict[str, int]:
    """What stands on the insurer's books, by settlement: what it pays, in fen."""
    ours = set(Exchange.objects.values_list("msgid", flat=True))
    fens: dict[str, int] = {}
    for row in world.their_books()["settlements"]:
        if row["medins_setl_id"] in ours:
            paid = row["fund_pay_sumamt_fen"] + row["acct_pay_fen"]
            fens[row["setl_id"]] = fens.get(row["setl_id"], 0) + paid
    return fens


def ours() -> dict[str, int]:
    live = Settlement.objects.filter(state__in=["completed", "awaiting_payment"], insured=True)
    return {one.setl_id: one.fund_fen + one.account_fen for one in live}


def test_a_purchase_is_settled_by_one_message_and_reversed_by_one(world):
    person = world.person(balance_fen=1000, used_fen=10_000_000)
    world.sign(person)
    visit = purchase(world, person)
    body = world.settle(visit).body
    assert (body["state"], body["total_fen"], body["account_fen"]) == ("completed", 6900, 1000)
    assert Encounter.objects.get(visit=visit).mdtrt_id
    assert standing(world) == ours()
    lines = Settlement.objects.get().lines.order_by("pk")
    assert [line.own_fen for line in lines] == [0, 900]
    assert reverse(body["id"], world).body["state"] == "reversed"
    assert set(standing(world).values()) == {0}
    sent = Exchange.objects.order_by("pk").values_list("infno", flat=True)
    assert [infno for infno in sent if infno != "9001"] == ["1101", "2102", "2103"]
    assert ledger.verify().balanced


def test_a_preview_of_a_purchase_changes_nothing_at_the_insurer(world):
    person = world.person(used_fen=10_000_000)
    visit = purchase(world, person)
    told = previewing.preview(institution_id=world.hospital.pk, visit_id=visit.pk, now=NOW)
    assert standing(world) == {}
    body = world.settle(visit).body
    assert (told["fund_fen"], told["personal_fen"]) == (body["fund_fen"], body["personal_fen"])


@pytest.mark.parametrize("fault", ["drop_answer", "drop_request"])
def test_a_purchase_whose_answer_was_lost_is_found_and_finished(world, fault):
    person = world.person(used_fen=10_000_000)
    world.sign(person)
    other = purchase(world, person)
    world.settle(other)
    visit = purchase(world, person)
    world.insurer.control("faults", {"rules": [{"match": {"infno": "2102"}, "fault": fault}]})
    assert world.settle(visit).body["state"] == "unknown"
    assert recovery.recover(now=NOW).finished == 1
    settlement = Settlement.objects.get(visit=visit)
    assert settlement.state == "completed"
    assert [line.own_fen for line in settlement.lines.order_by("pk")] == [0, 900]
    assert standing(world) == ours()
    assert not Exchange.objects.filter(state=ExchangeState.UNKNOWN).exists()


def test_a_purchase_without_trace_code_is_not_sent(world):
    visit = world.visit(world.person(), *DRUGS, kind="pharmacy")
    with pytest.raises(InsurerUnavailable, match="drug_trac_codg"):
        world.settle(visit)
    assert standing(world) == {}


def test_a_purchase_is_settled_as_a_whole(world):
    visit = purchase(world, world.person())
    with pytest.raises(WholeVisitOnly):
        world.settle(visit, charge_ids=[visit.charges.order_by("pk")[0].pk])


def test_a_chronic_disease_needs_its_filing(world):
    person = world.person()
    with pytest.raises(InsurerRefused):
        world.settle(world.visit(person, **DIABETES))
    filed = world.person(chronic=["M01600"])
    body = world.settle(world.visit(filed, **DIABETES)).body
    row = Settlement.objects.get(pk=body["id"])
    assert (row.clr_type, body["insurer"]["setl_id"] in standing(world)) == ("14", True)
    uploads = Exchange.objects.filter(infno="2204", state="answered")
    assert uploads.latest("pk").request["feedetail"][0]["dise_codg"] == "M01600"


def test_a_patient_from_elsewhere_is_settled_where_they_are_treated(world):
    """Cross-area (异地就医): filed they have the local share of it all, unfiled 70 % of it."""
    away = {"insuplc_admdvs": "990200", "used_fen": 10_000_000}
    filed = world.person(**away, filed_elsewhere=True)
    unfiled = world.person(**away)
    bodies = [
        world.settle(world.visit(person, insured_area="990200")).body for person in (filed, unfiled)
    ]
    assert bodies[0]["fund_fen"] > bodies[1]["fund_fen"] > 0
    assert standing(world) == ours()
    assert {one.insuplc_admdvs for one in Encounter.objects.all()} == {"990200"}


def test_the_insurer_says_where_somebody_is_insured_who_did_not_say_so(world):
    visit = world.visit(world.person(insuplc_admdvs="990200"))
    assert world.settle(visit).body["insurer"]["setl_id"]
    assert Encounter.objects.get(visit=visit).insuplc_admdvs == "990200"


JANUARY = datetime(2026, 1, 15, 10, tzinfo=CHINA)


def test_what_was_cleared_is_undone_in_the_next_period(world):
    """NHSA 2208: the negative settlement enters the next clearing, the old one stays as it was."""
    visit = world.visit(world.person(used_fen=10_000_000))
    body = world.settle(visit, now=JANUARY).body
    world.insurer.control("clearing", {"month": "2026-01"})
    assert reverse(body["id"], world).body["state"] == "reversed"
    rows = [
        (row["setl_time"][:7], row["medfee_sumamt_fen"])
        for row in world.their_books()["settlements"]
        if row["setl_id"] == body["insurer"]["setl_id"]
    ]
    assert rows == [("2026-01", 1500), ("2026-03", -1500)]
    assert set(standing(world).values()) == {0}
    assert ledger.verify().balanced


FEBRUARY = datetime(2026, 2, 20, 10, tzinfo=CHINA)


def test_what_a_reversal_by_message_may_not_undo_is_undone_by_its_number(world):
    """NHSA 2601 is for the same period; afterwards the settlement is found (5203) and undone."""
    visit = world.visit(world.person(used_fen=10_000_000))
    rules = [
        {"match": {"infno": "2207"}, "fault": "wrong_sum"},
        {"match": {"infno": "2208"}, "fault": "drop_request"},
    ]
    world.insurer.control("faults", {"rules": rules})
    assert world.settle(visit, now=FEBRUARY).body["state"] == "reversing"
    # As if the answer had named no settlement.
    Settlement.objects.update(setl_id="")
    Exchange.objects.filter(infno="2208").update(infno="2601")
    world.insurer.control("clearing", {"month": "2026-02"})
    recovery.recover(now=NOW)
    assert Settlement.objects.get().state == "reversed"
    assert set(standing(world).values()) == {0}
    assert Exchange.objects.filter(infno="2208", state="answered").count() == 1


def test_more_charges_than_a_message_holds_are_settled_in_parts(world):
    many = [("FW0001", "001102000010000", "普通门诊诊查费", 100)] * 150
    visit = world.visit(world.person(used_fen=10_000_000), *many)
    with pytest.raises(TooManyCharges):
        world.settle(visit)
    charges = list(visit.charges.order_by("pk").values_list("pk", flat=True))
    for part in (charges[:75], charges[75:]):
        assert world.settle(visit, charge_ids=part).body["total_fen"] == 7500
    assert standing(world) == ours()


def test_an_outside_prescription_is_named_line_by_line(world):
    """P3.4: 外配处方, filled at a pharmacy."""
    visit = purchase(world, world.person(used_fen=10_000_000))
    visit.charges.filter(line_no=1).update(outside_rx_no="RX20260302001")
    world.settle(visit)
    lines = Exchange.objects.get(infno="2102").request["drugdetail"]
    assert [(line["rxno"], line["rx_circ_flag"]) for line in lines] == [
        ("RX20260302001", "1"),
        ("", "0"),
    ]
