"""A stay in hospital: admitted without deposit, charged day by day, settled on leaving."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.settlement.conftest import NOW, World
from yifu.catalogue.rules import ChargeLine
from yifu.collection import services as collection
from yifu.insurance import registering
from yifu.insurance.errors import InsurerNonsense, InsurerRefused
from yifu.insurance.models import Encounter, Exchange, UploadedLine
from yifu.ledger import services as ledger
from yifu.patients.models import Person
from yifu.settlement import previewing, recovery, reversing, whole
from yifu.settlement.errors import (
    ChargedOffLater,
    NotInterim,
    StayGoesOn,
    StayRefund,
    StaySettled,
    WholeVisitOnly,
)
from yifu.settlement.models import Settlement
from yifu.visits import services as visits
from yifu.visits.errors import ChargeOffTooLarge, NothingToChargeOff, StayNeedsDischarge
from yifu.visits.models import Visit
from yifu.visits.services import Admission, Discharge, NewVisit

LEFT = NOW + timedelta(days=3)
HOME = Discharge(way="1")


def inpatient(person: Person, visit_no: str, **changes) -> NewVisit:
    """A stay for an appendix, as the ward asks for it."""
    return NewVisit(
        visit_no=visit_no,
        person_id=person.pk,
        kind="inpatient",
        department_code="A04",
        department_name="外科",
        doctor_code="D0201",
        doctor_name="周医生",
        began_at=NOW,
        diagnoses=(("K35", "急性阑尾炎"),),
        **changes,
    )


def admit(world: World, person: Person, *, days: int = 3, **changes) -> Visit:
    """Admit somebody, with a bed charge a day; the insurer is told at once."""
    asked = inpatient(person, f"ZY{person.pk:06d}", **changes)
    told = Admission(bed="12床", note="转移性右下腹痛一天")
    visit, _ = visits.admit(asked, told, institution_id=world.hospital.pk)
    charge(visit, *(day_line(day) for day in range(1, days + 1)))
    visit.person = person
    registering.register_visit(visit, credential=None, now=NOW)
    return visit


def day_line(day: int, fen: int = 20_000) -> ChargeLine:
    """A day's bed and nursing, as the price list's consultation is coded."""
    return ChargeLine(
        line_no=day,
        local_code="FW0001",
        national_code="001102000010000",
        name="诊查费",
        quantity=Decimal(2),
        unit_price_fen=Decimal(fen),
        amount_fen=2 * fen,
        occurred_at=NOW + timedelta(days=day - 1),
    )


def off(line: ChargeLine, *, number: int, quantity: int = 1) -> ChargeLine:
    """A charge-off of a part of a line."""
    fen = int(line.unit_price_fen) * quantity
    return replace(
        line,
        line_no=number,
        quantity=Decimal(-quantity),
        amount_fen=-fen,
        corrects_line_no=line.line_no,
    )


def charge(visit: Visit, *lines: ChargeLine) -> None:
    visits.add_charges(visit.pk, lines, institution_id=visit.institution_id)


def leave(visit: Visit) -> None:
    collection.end_visit(
        visit.pk, institution_id=visit.institution_id, ended_at=LEFT, discharge=HOME
    )


def theirs(world: World, visit: Visit) -> list[dict[str, Any]]:
    """What the insurer has on its books of a stay, negative settlements included."""
    listed = world.their_books()["settlements"]
    mine = Encounter.objects.get(visit=visit).mdtrt_id
    return [row for row in listed if row["mdtrt_id"] == mine]


def numbers(visit: Visit) -> list[str]:
    """The transactions that were exchanged about a stay, in order."""
    found = Exchange.objects.filter(institution=visit.institution_id).exclude(infno="9001")
    return list(found.order_by("pk").values_list("infno", flat=True))


def test_a_stay_without_deposit_goes_on_the_credit_line_on_leaving(world):
    person = world.person()
    world.sign(person)
    visit = admit(world, person)
    assert visit.encounter.mdtrt_id
    leave(visit)
    body = world.settle(visit, now=LEFT).body
    assert (body["state"], body["method"], body["total_fen"]) == ("completed", "credit", 120_000)
    assert body["fund_fen"] > 0
    assert body["personal_fen"] == 120_000 - body["fund_fen"] - body["account_fen"]
    assert numbers(visit) == ["1101", "2401", "2301", "2402", "2304"]
    (row,) = theirs(world, visit)
    assert row["fund_pay_sumamt_fen"] == body["fund_fen"]
    settlement = Settlement.objects.get()
    assert settlement.clr_type == row["clr_type"]
    lines = settlement.lines.all()
    assert sum(one.eligible_fen for one in lines) == row["inscp_scp_amt_fen"]
    assert ledger.verify().balanced


def test_a_stays_settlement_is_reversed_reopened_corrected_and_settled_again(world):
    person = world.person()
    world.sign(person)
    visit = admit(world, person)
    leave(visit)
    first = world.settle(visit, now=LEFT).body
    with pytest.raises(StaySettled):
        whole.reopen(visit.pk, institution_id=visit.institution_id, now=LEFT)
    undone = reversing.reverse(
        institution_id=visit.institution_id, settlement_id=first["id"], reason="少记冲销", now=LEFT
    ).body
    assert undone["state"] == "reversed"
    assert sum(row["medfee_sumamt_fen"] for row in theirs(world, visit)) == 0
    whole.reopen(visit.pk, institution_id=visit.institution_id, now=LEFT)
    charge(visit, off(day_line(3), number=9))
    leave(visit)
    again = world.settle(visit, now=LEFT).body
    assert (again["state"], again["total_fen"]) == ("completed", 100_000)
    assert sum(row["medfee_sumamt_fen"] for row in theirs(world, visit)) == 100_000
    # The lines that the insurer had are not uploaded twice.
    assert UploadedLine.objects.count() == 4
    assert numbers(visit)[5:] == ["2305", "2405", "2301", "2402", "2304"]
    assert ledger.verify().balanced


def test_a_long_stay_is_settled_in_between(world):
    person = world.person()
    world.sign(person)
    visit = admit(world, person, days=2)
    interim = world.settle(visit, interim=True).body
    assert (interim["state"], interim["total_fen"]) == ("completed", 80_000)
    charge(visit, day_line(3))
    leave(visit)
    final = world.settle(visit, now=LEFT).body
    assert final["total_fen"] == 40_000
    assert [row["medfee_sumamt_fen"] for row in theirs(world, visit)] == [80_000, 40_000]
    assert list(Settlement.objects.order_by("pk").values_list("interim", flat=True)) == [
        True,
        False,
    ]


def test_a_preview_of_a_stay_says_what_settling_then_does(world):
    person = world.person()
    world.sign(person)
    visit = admit(world, person)
    told = previewing.preview(institution_id=visit.institution_id, visit_id=visit.pk, now=NOW)
    leave(visit)
    body = world.settle(visit, now=LEFT).body
    names = ("total_fen", "fund_fen", "account_fen", "personal_fen", "method")
    assert {name: told[name] for name in names} == {name: body[name] for name in names}


@pytest.mark.parametrize("infno", ["2301", "2402", "2304"])
@pytest.mark.parametrize("fault", ["drop_answer", "drop_request"])
def test_a_lost_message_of_a_stay_has_one_effect_in_the_end(world, infno, fault):
    person = world.person()
    world.sign(person)
    visit = admit(world, person)
    leave(visit)
    world.insurer.control("faults", {"rules": [{"match": {"infno": infno}, "fault": fault}]})
    if infno == "2304":
        assert world.settle(visit, now=LEFT).body["state"] == "unknown"
        assert recovery.recover(now=LEFT).finished == 1
    else:
        # Nothing was claimed yet: the hospital asks again.
        with pytest.raises(Exception, match="insurer"):
            world.settle(visit, now=LEFT)
        assert world.settle(visit, now=LEFT).body["state"] == "completed"
    settlement = Settlement.objects.exclude(state="rejected").get()
    (row,) = theirs(world, visit)
    assert (settlement.state, settlement.fund_fen) == ("completed", row["fund_pay_sumamt_fen"])
    assert UploadedLine.objects.count() == 3


@pytest.mark.parametrize("fault", ["drop_answer", "drop_request"])
def test_an_admission_whose_answer_was_lost_is_taken_up_under_its_number(world, fault):
    rule = {"match": {"infno": "2401"}, "fault": fault}
    world.insurer.control("faults", {"rules": [rule]})
    person = world.person()
    world.sign(person)
    with pytest.raises(InsurerNonsense):
        admit(world, person)
    visit = Visit.objects.get()
    leave(visit)
    assert world.settle(visit, now=LEFT).body["state"] == "completed"
    (row,) = theirs(world, visit)
    assert row["medfee_sumamt_fen"] == 120_000
    assert numbers(visit).count("5303") == (1 if fault == "drop_answer" else 0)


def test_figures_that_contradict_each_other_are_undone_at_the_insurer(world):
    person = world.person()
    visit = admit(world, person)
    leave(visit)
    rule = {"match": {"infno": "2304"}, "fault": "wrong_sum"}
    world.insurer.control("faults", {"rules": [rule]})
    with pytest.raises(Exception, match="insurer"):
        world.settle(visit, now=LEFT)
    assert sum(row["medfee_sumamt_fen"] for row in theirs(world, visit)) == 0
    assert Settlement.objects.get().state == "reversed"
    assert world.settle(visit, now=LEFT).body["state"] == "awaiting_payment"


def test_charges_are_brought_to_the_insurer_while_the_stay_goes_on(world):
    visit = admit(world, world.person(), days=2)
    lines = [whole.upload(visit.pk, institution_id=visit.institution_id, now=NOW)]
    charge(visit, day_line(3))
    lines += [
        whole.upload(visit.pk, institution_id=visit.institution_id, now=NOW) for _ in range(2)
    ]
    assert lines == [2, 3, 3]
    assert numbers(visit) == ["1101", "2401", "2301", "2301"]


def test_a_stay_that_the_insurer_does_not_know_is_self_paid(world):
    person = world.person(psn_type="")
    visit = admit(world, person)
    leave(visit)
    body = world.settle(visit, now=LEFT).body
    assert (body["fund_fen"], body["personal_fen"], body["insurer"]) == (0, 120_000, None)


def test_what_cannot_be_settled_is_refused_and_changes_nothing(world):
    visit = admit(world, world.person(), days=1)
    with pytest.raises(StayGoesOn):
        world.settle(visit)
    with pytest.raises(WholeVisitOnly):
        world.settle(visit, interim=True, charge_ids=[visit.charges.get().pk])
    outpatient = world.visit(world.person())
    with pytest.raises(NotInterim):
        world.settle(outpatient, interim=True)
    with pytest.raises(StayNeedsDischarge):
        collection.end_visit(visit.pk, institution_id=visit.institution_id, ended_at=LEFT)
    assert not Settlement.objects.exists()


def test_charge_offs_must_fit_what_they_take_from(world):
    visit = admit(world, world.person(), days=1)
    line = day_line(1)
    with pytest.raises(NothingToChargeOff):
        charge(visit, replace(off(line, number=5), corrects_line_no=8))
    with pytest.raises(NothingToChargeOff):
        charge(visit, replace(off(line, number=5), national_code="009999999999999"))
    with pytest.raises(ChargeOffTooLarge):
        charge(visit, off(line, number=5, quantity=3))
    charge(visit, off(line, number=5, quantity=2))
    with pytest.raises(ChargeOffTooLarge):
        charge(visit, off(line, number=6))
    charge(visit, off(line, number=5, quantity=2))
    assert visit.charges.count() == 2


def test_what_is_settled_in_between_is_not_charged_off_until_that_is_reversed(world):
    visit = admit(world, world.person(), days=2)
    interim = world.settle(visit, interim=True).body
    charge(visit, off(day_line(1), number=9), day_line(3))
    with pytest.raises(ChargedOffLater):
        world.settle(visit, interim=True)
    undo = {"settlement_id": interim["id"], "reason": "多记费用", "now": NOW}
    reversing.reverse(institution_id=visit.institution_id, **undo)
    assert world.settle(visit, interim=True).body["total_fen"] == 100_000


def test_a_stays_charges_are_not_refunded_one_by_one(world):
    visit = admit(world, world.person(), days=1)
    leave(visit)
    body = world.settle(visit, now=LEFT).body
    with pytest.raises(StayRefund):
        reversing.refund(
            institution_id=visit.institution_id,
            settlement_id=body["id"],
            charge_ids=[visit.charges.get().pk],
            reason="退费",
            now=LEFT,
        )


def test_two_stays_at_once_are_refused_by_the_insurer(world):
    person = world.person()
    admit(world, person)
    other = replace_visit_no(world, person)
    with pytest.raises(InsurerRefused):
        registering.register_visit(other, credential=None, now=NOW)


def replace_visit_no(world: World, person: Person) -> Visit:
    """Another admission of the same person."""
    asked = inpatient(person, f"ZZ{person.pk:06d}")
    visit, _ = visits.admit(asked, Admission("13床", "再次入院"), institution_id=world.hospital.pk)
    visit.person = person
    return visit
