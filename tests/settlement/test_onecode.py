"""A visit settled by the one code its patient shows, and everything that can stop on the way."""

import pytest

from tests.settlement.conftest import NOW
from tests.settlement.test_settle import books_agree
from yifu.institutions.models import IdempotencyRecord
from yifu.institutions.services import RequestKey
from yifu.insurance import registering
from yifu.insurance.errors import (
    IdentityMismatch,
    InsurerNonsense,
    InsurerRefused,
    InsurerUnavailable,
    NotConnected,
)
from yifu.insurance.mobile import client, orders
from yifu.insurance.mobile.errors import NotInsured, NotPayable
from yifu.insurance.mobile.models import CentreConnection, PayOrder
from yifu.insurance.models import Encounter, Exchange
from yifu.ledger import services as ledger
from yifu.ledger.errors import PostedOtherwise
from yifu.ledger.rules import Move
from yifu.patients import services as patients
from yifu.settlement import onecode
from yifu.settlement.errors import NothingToSettle
from yifu.settlement.models import Settlement, SettlementLine
from yifu.settlement.work import Work, claim, load_visit, open_charges


def nothing_stands(world, centre):
    """Charges are free, no order holds money, the books are empty of it and agree."""
    assert not SettlementLine.objects.filter(live=True).exists()
    assert all(order["cash_fen"] == 0 for order in centre.orders())
    assert not any(ledger.balances("channel:").values())
    assert books_agree(world)


def test_one_code_settles_insured_and_own_part_at_once(world, centre):
    person = world.person(balance_fen=400)
    outcome = centre.settle(world.visit(person))
    body = outcome.body
    assert outcome.status == 201, body
    assert (body["state"], body["method"], body["bill"]) == ("completed", "onecode", None)
    assert (body["total_fen"], body["account_fen"], body["personal_fen"]) == (1500, 400, 1100)
    assert ledger.balances("channel:")["channel:insurer-centre"] == 1100
    assert ledger.verify().balanced
    assert books_agree(world)
    order = centre.order()
    assert (order["ord_stas"], order["cash_fen"]) == ("6", 1100)
    assert Settlement.objects.get().setl_id == order["setl_id"]


def test_the_upload_registers_the_visit_and_says_how_charges_are_seen(world, centre):
    visit = world.visit(world.person(), ("FW0001", "001102000010000", "普通门诊诊查费", 1500))
    centre.settle(visit)
    encounter = Encounter.objects.get(visit=visit)
    assert encounter.mdtrt_id == centre.order()["mdtrt_id"]
    line = SettlementLine.objects.get()
    seen = line.own_fen + line.over_fen + line.preself_fen + line.eligible_fen
    assert seen == line.amount_fen == 1500


def test_a_visit_that_is_registered_already_keeps_its_number(world, centre):
    visit = world.visit(world.person())
    known = registering.register_visit(visit, credential=None, now=NOW)
    assert known is not None
    centre.settle(visit)
    assert centre.order()["mdtrt_id"] == known.mdtrt_id
    assert Encounter.objects.get().mdtrt_id == known.mdtrt_id


def test_the_code_of_somebody_else_is_refused_and_changes_nothing(world, centre):
    visit, other = world.visit(world.person()), world.person()
    with pytest.raises(IdentityMismatch):
        centre.settle(visit, code=centre.code(other))
    assert not Settlement.objects.exists()
    assert centre.settle(visit).status == 201


@pytest.mark.parametrize("how", ["unknown", "expired", "used"])
def test_a_code_that_is_unknown_expired_or_used_is_refused(world, centre, how):
    person = world.person()
    visit = world.visit(person)
    code = centre.code(person, seconds=-1 if how == "expired" else 60)
    if how == "unknown":
        code = "0" * 28
    if how == "used":
        centre.settle(world.visit(person), code=code)
    settlements = Settlement.objects.count()
    with pytest.raises(InsurerRefused, match="code"):
        centre.settle(visit, code=code)
    assert Settlement.objects.count() == settlements


def test_a_code_without_authorisation_pays_nothing(world, centre):
    person = world.person()
    with pytest.raises(NotPayable):
        centre.settle(world.visit(person), code=centre.code(person, pays=False))
    assert not Settlement.objects.exists()


def test_a_person_without_insurance_has_nothing_to_settle_with_one_code(world, centre):
    person = world.person()
    code = centre.code(person)
    suspended = {
        "psn_no": f"99{person.pk:013d}",
        "certno": patients.certificate_no(person),
        "psn_name": person.name,
        "gend": person.sex,
        "brdy": person.birth_date.isoformat(),
        "psn_type": "11",
        "insutype": "310",
        "psn_insu_stas": "2",
    }
    world.insurer.control("persons", [suspended])
    with pytest.raises(NotInsured):
        centre.settle(world.visit(person), code=code)


def test_without_a_connection_nothing_is_asked(world, centre):
    CentreConnection.objects.all().delete()
    client.forget_centres()
    with pytest.raises(NotConnected):
        centre.settle(world.visit(world.person()))


def test_settled_charges_are_settled_once(world, centre):
    visit = world.visit(world.person())
    centre.settle(visit)
    with pytest.raises(NothingToSettle):
        centre.settle(visit)


def test_the_same_key_is_answered_alike_and_uses_no_second_code_up(world, centre):
    person = world.person()
    visit, key = world.visit(person), RequestKey(world.hospital.pk, "K1", b"h" * 32)
    first = centre.settle(visit, key=key)
    code = centre.code(person)
    assert centre.settle(visit, key=key, code=code).body == first.body
    assert Settlement.objects.count() == 1
    assert centre.settle(world.visit(person), code=code).status == 201


# --- lost answers, at each step -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("infno", "fault"),
    [
        ("6101", "drop_answer"),
        ("6101", "gateway_401"),
        ("6201", "drop_request"),
        ("6201", "drop_answer"),
        ("6201", "nonsense"),
    ],
)
def test_what_is_lost_before_the_payment_is_as_if_it_had_not_been(world, centre, infno, fault):
    visit = world.visit(world.person())
    world.insurer.fault(fault, infno=infno)
    with pytest.raises((InsurerNonsense, InsurerUnavailable)):
        centre.settle(visit)
    nothing_stands(world, centre)
    assert centre.settle(visit).status == 201
    assert books_agree(world)


def test_a_refused_upload_frees_the_charges_and_the_key(world, centre):
    visit, key = world.visit(world.person()), RequestKey(world.hospital.pk, "K2", b"h" * 32)
    world.insurer.fault("refuse", infno="6201")
    with pytest.raises(InsurerRefused):
        centre.settle(visit, key=key)
    nothing_stands(world, centre)
    assert not IdempotencyRecord.objects.exists()


def test_a_payment_whose_answer_is_lost_is_unknown_until_it_is_asked_about(world, centre):
    visit, key = world.visit(world.person()), RequestKey(world.hospital.pk, "K3", b"h" * 32)
    world.insurer.fault("drop_answer", infno="6202")
    outcome = centre.settle(visit, key=key)
    assert (outcome.status, outcome.body["state"]) == (202, "unknown")
    report = centre.recover()
    assert (report.found, report.finished) == (1, 1)
    assert Settlement.objects.get().state == "completed"
    assert books_agree(world)
    assert ledger.balances("channel:")["channel:insurer-centre"] == centre.order()["cash_fen"]
    assert IdempotencyRecord.objects.get().status == 201
    assert not Exchange.objects.filter(state="unknown").exists()


def test_a_payment_that_never_arrived_is_withdrawn_so_that_it_never_can(world, centre):
    visit = world.visit(world.person())
    world.insurer.fault("drop_request", infno="6202")
    assert centre.settle(visit).body["state"] == "unknown"
    assert centre.recover().undone == 1
    assert centre.order()["ord_stas"] == "12"
    nothing_stands(world, centre)
    assert PayOrder.objects.get().pay_token_cipher is None
    assert centre.settle(visit).status == 201


def test_a_question_that_is_lost_too_leaves_it_unknown(world, centre):
    world.insurer.fault("drop_answer", infno="6202")
    centre.settle(world.visit(world.person()))
    world.insurer.fault("drop_answer", infno="6301")
    assert centre.recover().still_unknown == 1
    assert Settlement.objects.get().state == "unknown"
    assert centre.recover().finished == 1


def test_a_withdrawal_that_is_lost_is_made_again(world, centre):
    world.insurer.fault("drop_request", infno="6202")
    centre.settle(world.visit(world.person()))
    world.insurer.fault("drop_answer", infno="6401")
    assert centre.recover().still_unknown == 1
    assert centre.recover().undone == 1
    nothing_stands(world, centre)


@pytest.mark.parametrize("fate", ["hold", "half"])
def test_an_order_that_is_not_through_yet_stays_unknown_until_it_is(world, centre, fate):
    centre.fate(fate)
    assert centre.settle(world.visit(world.person())).body["state"] == "unknown"
    assert centre.recover().still_unknown == 1
    world.insurer.control("centre/release", {"pay_ord_id": centre.order()["pay_ord_id"]})
    assert centre.recover().finished == 1
    assert books_agree(world)


def test_an_order_that_failed_frees_the_charges(world, centre):
    visit = world.visit(world.person())
    centre.fate("fail")
    with pytest.raises(InsurerRefused, match="结算失败"):
        centre.settle(visit)
    nothing_stands(world, centre)
    assert PayOrder.objects.get().closed_at is not None


def test_a_refused_payment_is_withdrawn_by_a_job(world, centre):
    visit = world.visit(world.person())
    world.insurer.fault("refuse", infno="6202")
    with pytest.raises(InsurerRefused):
        centre.settle(visit)
    onecode.withdraw_order(Settlement.objects.get().pk)
    assert centre.order()["ord_stas"] == "12"
    assert PayOrder.objects.get().pay_token_cipher is None
    nothing_stands(world, centre)


# --- stopped on the way -------------------------------------------------------------------------


def begun(world, centre, visit):
    """A settlement that stopped right after it was claimed."""
    loaded, encounter = load_visit(visit.pk, world.hospital.pk)
    chosen = open_charges(visit.pk, None)
    scanned = orders.scan(loaded, centre.code(visit.person), now=NOW)
    case = onecode._case(loaded, encounter, scanned, now=NOW)
    work = Work(chosen.settlement_id, loaded, case, chosen.lines, "onecode")
    claimed = claim(work, onecode._upload_message(work, scanned), now=NOW)
    assert claimed is not None
    return claimed[0], claimed[1], scanned


def test_a_process_that_died_before_the_upload_leaves_nothing(world, centre):
    visit = world.visit(world.person())
    begun(world, centre, visit)
    assert centre.recover().undone == 1
    nothing_stands(world, centre)
    assert centre.settle(visit).status == 201


def test_a_process_that_died_before_the_payment_leaves_nothing(world, centre):
    visit = world.visit(world.person())
    work, upload, scanned = begun(world, centre, visit)
    onecode._upload(work, upload, scanned, now=NOW)
    assert centre.recover().undone == 1
    assert centre.order()["ord_stas"] == "12"
    nothing_stands(world, centre)


def test_what_the_recovery_has_given_up_is_not_paid_afterwards(world, centre):
    work, upload, scanned = begun(world, centre, world.visit(world.person()))
    centre.recover()
    outcome = onecode._carry_out(work, upload, scanned, now=NOW)
    assert outcome.body["state"] == "rejected"
    assert not PayOrder.objects.exists()
    nothing_stands(world, centre)


def test_a_process_that_died_after_the_payment_is_finished(world, centre):
    work, upload, scanned = begun(world, centre, world.visit(world.person()))
    row, paying = onecode._upload(work, upload, scanned, now=NOW)
    client.send(paying)
    assert row.pay_ord_id == centre.order()["pay_ord_id"]
    assert centre.recover().finished == 1
    assert books_agree(world)


# --- paid, and not to be kept -------------------------------------------------------------------


def test_sums_that_do_not_add_up_go_back_within_the_hour(world, centre):
    visit = world.visit(world.person(balance_fen=400))
    world.insurer.fault("wrong_sum", infno="6202")
    with pytest.raises(InsurerNonsense, match="centre"):
        centre.settle(visit)
    assert centre.order()["ord_stas"] == "7"
    assert Settlement.objects.get().state == "reversed"
    nothing_stands(world, centre)
    assert PayOrder.objects.get().revs_token_cipher is None
    assert centre.settle(visit).status == 201


def test_what_our_books_refuse_goes_back(world, centre):
    work, upload, scanned = begun(world, centre, world.visit(world.person()))
    taken = [Move("cash:elsewhere", "revenue:elsewhere", 1)]
    ledger.post(key=work.subject, kind="settlement", moves=taken, now=NOW)
    with pytest.raises(PostedOtherwise):
        onecode._carry_out(work, upload, scanned, now=NOW)
    assert centre.order()["ord_stas"] == "7"
    nothing_stands(world, centre)


def test_cash_that_is_stuck_there_goes_back(world, centre):
    centre.fate("cash_stuck")
    with pytest.raises(InsurerNonsense, match="16"):
        centre.settle(world.visit(world.person()))
    assert centre.order()["ord_stas"] == "7"
    nothing_stands(world, centre)


@pytest.mark.parametrize("fault", ["drop_request", "drop_answer"])
@pytest.mark.parametrize("infno", ["6203", "6301"])
def test_giving_back_is_finished_by_the_recovery(world, centre, infno, fault):
    world.insurer.fault("wrong_sum", infno="6202")
    world.insurer.fault(fault, infno=infno)
    outcome = centre.settle(world.visit(world.person()))
    assert (outcome.status, outcome.body["state"]) == (202, "reversing")
    assert centre.recover().undone == 1
    assert centre.order()["ord_stas"] == "7"
    nothing_stands(world, centre)
