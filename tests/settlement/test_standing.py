"""Who has not paid for long is treated all the same, and pays everything until it is put right."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.collection.listing import LATER, Outside, confirm, pay, send_all, unpaid
from tests.counterparts.conftest import running_counterpart
from tests.settlement.conftest import NOW
from yifu.collection.models import Bill, DefaultEntry, Telling
from yifu.credit import gateway
from yifu.credit.models import CreditLine, Standing
from yifu.insurance.models import Exchange
from yifu.ledger import services as ledger
from yifu.settlement import aftercare, previewing, recovery, reversing
from yifu.settlement.models import Settlement
from yifu.settlement.work import load


@pytest.fixture(scope="module")
def credit(tmp_path_factory):
    with running_counterpart("credit", tmp_path_factory.mktemp("credit")) as counterpart:
        yield counterpart
    gateway.close()


@pytest.fixture
def outside(world, credit):
    made = Outside(credit, world.insurer)
    made.connect()
    return made


@pytest.fixture
def principal(world):
    """A defaulter, insured, with a line."""
    person = world.person(used_fen=100_000)
    world.sign(person)
    return person


def default(person) -> None:
    """Leave a person with a defaulted bill that is confirmed."""
    unpaid(person)
    CreditLine.objects.filter(person=person).update(standing=Standing.DEFAULTED)
    confirm(person)


def spoken(visit) -> list[str]:
    """What was said to the insurer about a visit's settlements."""
    subjects = [f"settlement:{one.pk}" for one in Settlement.objects.filter(visit=visit)]
    sent = Exchange.objects.filter(subject__in=subjects)
    return list(sent.order_by("pk").values_list("infno", flat=True))


def is_self_paid(outcome, fen: int = 1500) -> None:
    body = outcome.body
    assert (body["state"], body["method"], body["reason"]) == (
        *("awaiting_payment", "window"),
        "insurance_stopped",
    )
    assert (body["personal_fen"], body["fund_fen"], body["insurer"]) == (fen, 0, None)
    assert ledger.verify().balanced


def test_who_is_stopped_is_settled_at_the_window_without_asking_the_insurer(
    world, outside, principal
):
    default(principal)
    send_all()
    assert outside.know(principal) == (True, True)
    visit = world.visit(principal)
    is_self_paid(world.settle(visit))
    assert spoken(visit) == []


def test_the_insurers_own_refusal_comes_to_the_same(world, outside, principal):
    """It has heard and its acknowledgement is lost."""
    default(principal)
    outside.insurer.fault("drop_answer", infno="city_standing")
    send_all()
    assert Telling.objects.get(person=principal, party="insurer").acknowledged_at is None
    visit = world.visit(principal)
    outcome = world.settle(visit)
    is_self_paid(outcome)
    assert spoken(visit) == ["2204", "2207"]
    aftercare.withdraw_upload(outcome.settlement_id)
    assert spoken(visit)[-1] == "2205"


def test_nobody_is_stopped_before_the_insurer_has_been_told(world, outside, principal):
    assert outside
    default(principal)
    body = world.settle(world.visit(principal)).body
    assert body["fund_fen"] > 0
    assert body["method"] == "window", "the principal's own standing counts at once"


def test_a_dependant_keeps_the_own_insurance(world, outside):
    parent, child = world.person(), world.person(born="2018-05-01", psn_type="15")
    world.sign(parent, dependants=[(child, None)])
    default(parent)
    send_all()
    assert outside.know(parent) == (True, True)
    body = world.settle(world.visit(child)).body
    assert body["insurer"]["setl_id"]
    assert body["method"] == "window", "the principal's standing counts"


def test_paying_brings_insurance_and_credit_back_the_same_moment(world, outside, principal):
    default(principal)
    send_all()
    is_self_paid(world.settle(world.visit(principal)))
    pay(Bill.objects.get(principal=principal, state="defaulted"))
    send_all()
    assert outside.know(principal) == (False, False)
    body = world.settle(world.visit(principal)).body
    assert (body["state"], body["method"], body["reason"]) == ("completed", "credit", "")
    assert body["fund_fen"] > 0


def test_what_was_settled_without_insurance_can_be_settled_again_with_it(world, outside, principal):
    default(principal)
    send_all()
    visit = world.visit(principal)
    alone = world.settle(visit)
    pay(Bill.objects.get(principal=principal, state="defaulted"))
    send_all()
    assert outside.know(principal) == (False, False)
    reversing.reverse(
        institution_id=world.hospital.pk,
        settlement_id=alone.settlement_id,
        reason="恢复医保",
        now=NOW,
    )
    assert world.settle(visit).body["fund_fen"] > 0
    assert ledger.verify().balanced


def test_the_insurer_that_has_not_restored_yet_is_believed(world, outside, principal):
    default(principal)
    send_all()
    pay(Bill.objects.get(principal=principal, state="defaulted"))
    visit = world.visit(principal)
    body = world.settle(visit).body
    assert spoken(visit) == ["2204", "2207"]
    assert (body["reason"], body["personal_fen"]) == ("insurance_stopped", 1500)
    assert body["method"] == "credit", "the line is there again already"
    assert outside.stopped(principal)


def test_a_lost_answer_of_somebody_stopped_meanwhile_is_recovered(world, outside, principal):
    outside.insurer.fault("drop_request", infno="2207")
    visit = world.visit(principal)
    assert world.settle(visit).status == 202
    default(principal)
    send_all()
    outcome = recovery.recover_one(Settlement.objects.get(visit=visit).pk)
    is_self_paid(outcome)


def test_a_preview_says_so_and_asks_nobody(world, outside, principal):
    visit = world.visit(principal)
    default(principal)
    outside.insurer.fault("drop_answer", infno="city_standing")
    send_all()
    refused = previewing.preview(institution_id=world.hospital.pk, visit_id=visit.pk, now=NOW)
    send_all()
    before = Exchange.objects.count()
    told = previewing.preview(institution_id=world.hospital.pk, visit_id=visit.pk, now=NOW)
    assert Exchange.objects.count() == before
    for one in (refused, told):
        assert (one["fund_fen"], one["personal_fen"], one["method"]) == (0, 1500, "window")
        assert one["warnings"][0]["code"] == "insurance_stopped"


def test_the_same_day_it_is_confirmed_the_insurance_stops(world, outside, principal):
    """From the confirmation to the window, by the very jobs a worker does."""
    default(principal)
    entry = DefaultEntry.objects.get(principal=principal)
    send_all()
    visit = world.visit(principal)
    is_self_paid(world.settle(visit, now=LATER + timedelta(minutes=1)))
    told = Telling.objects.get(person=principal, party="insurer")
    assert told.caused_at == entry.decided_at
    assert told.acknowledged_at is not None
    assert told.acknowledged_at - told.wanted_at < timedelta(minutes=1)
    assert outside.stopped(principal)


def test_a_purchase_of_somebody_stopped_is_settled_at_the_window(world, outside, principal):
    default(principal)
    send_all()
    assert outside.stopped(principal)
    visit = world.visit(principal, kind="pharmacy", trace_code="8" * 20)
    is_self_paid(world.settle(visit))


def test_it_costs_no_statement_of_its_own(world, principal):
    visit = world.visit(principal)
    with CaptureQueriesContext(connection) as asked:
        loaded = load(visit.pk, world.hospital.pk)
    assert len(asked) == 1
    assert not loaded.stopped
