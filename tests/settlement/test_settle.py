import pytest
from django.utils import timezone

from tests.settlement.conftest import NOW
from yifu.collection.models import Bill, BillState
from yifu.credit.models import CreditLine
from yifu.errors import NotFound
from yifu.institutions.errors import IdempotencyKeyReused
from yifu.institutions.models import IdempotencyRecord
from yifu.institutions.services import RequestKey
from yifu.insurance.errors import InsurerNonsense, InsurerRefused
from yifu.insurance.models import Exchange
from yifu.ledger import services as ledger
from yifu.ledger.models import Line, Posting
from yifu.settlement import insuring, jobs, recovery, reversing, services, work
from yifu.settlement.errors import ChargeSettled, ChargeUnknown, NothingToSettle, NotReversible
from yifu.settlement.models import Settlement, SettlementLine

DEAR = ("FW9999", "009999999999999", "自费项目", 500_000)


def line_of(person):
    return CreditLine.objects.select_related("line").get(person=person).line


def books_agree(world):
    """L6: what stands on the insurer's books is what stands on ours, fen by fen."""
    mine = dict(Settlement.objects.exclude(setl_id="").values_list("setl_id", "state"))
    theirs: dict[str, int] = {}
    for row in world.their_books()["settlements"]:
        if row["medins_setl_id"] in set(Exchange.objects.values_list("msgid", flat=True)):
            fen = row["fund_pay_sumamt_fen"] + row["acct_pay_fen"]
            theirs[row["setl_id"]] = theirs.get(row["setl_id"], 0) + fen
    ours = {
        row.setl_id: row.fund_fen + row.account_fen
        for row in Settlement.objects.filter(state__in=["completed", "awaiting_payment"])
        if row.insured
    }
    standing = {key: fen for key, fen in theirs.items() if fen or key in ours}
    return standing == ours and set(standing) <= set(mine)


def test_an_employees_visit_goes_on_the_credit_line(world):
    person = world.person(balance_fen=400)
    world.sign(person)
    outcome = world.settle(world.visit(person))
    body = outcome.body
    assert outcome.status == 201, body
    assert (body["state"], body["method"]) == ("completed", "credit")
    assert body["total_fen"] == body["fund_fen"] + body["account_fen"] + body["personal_fen"]
    assert (body["total_fen"], body["account_fen"]) == (1500, 400)
    assert line_of(person).owed_fen == body["personal_fen"] == body["bill"]["amount_fen"] == 1100
    assert ledger.verify().balanced
    assert books_agree(world)


def test_the_bill_is_due_48_hours_after_the_next_midnight(world):
    person = world.person()
    world.sign(person)
    world.settle(world.visit(person))
    due = timezone.localtime(Bill.objects.get().due_at)
    assert due.isoformat() == "2026-03-05T00:00:00+08:00"


def test_a_child_is_treated_on_the_mothers_line_within_its_limit(world):
    mother, child = world.person(), world.person(born="2018-05-05", psn_type="16")
    world.sign(mother, dependants=[(child, 2000)])
    first = world.settle(world.visit(child)).body
    assert (first["method"], first["bill"]["state"]) == ("credit", "open")
    assert Bill.objects.get().principal == mother
    second = world.settle(world.visit(child)).body
    assert second["method"] == "window", "the child's own limit is used up"
    assert sorted(Line.objects.values_list("owed_fen", flat=True)) == [1500, 1500]
    assert ledger.verify().balanced


def test_a_bank_funded_line_is_owed_by_the_bank(world):
    person = world.person()
    world.sign(person, funding="bank")
    body = world.settle(world.visit(person)).body
    assert body["method"] == "bank"
    assert body["bill"]["due_at"] is None
    assert ledger.balances("bank:")["bank:icbc"] == body["personal_fen"]


def test_a_self_payer_awaits_payment_and_pays_in_cash(world):
    person = world.person(psn_type="")
    visit = world.visit(person)
    body = world.settle(visit).body
    assert (body["state"], body["method"], body["insurer"]) == ("awaiting_payment", "window", None)
    other = world.settle(world.visit(person), method="cash").body
    assert (other["state"], other["method"]) == ("completed", "cash")
    assert ledger.balances("cash:")[f"cash:{world.hospital.code}"] == 1500


def test_a_line_that_runs_out_sends_the_patient_to_the_window(world):
    person = world.person()
    world.sign(person)
    body = world.settle(world.visit(person, DEAR)).body
    assert (body["state"], body["method"]) == ("awaiting_payment", "window")
    assert line_of(person).owed_fen == 0
    assert ledger.verify().balanced


def test_unknown_visits_and_charges_are_not_found_and_change_nothing(world):
    person = world.person()
    visit = world.visit(person)
    with pytest.raises(NotFound):
        world.settle(type(visit)(pk=10**9))
    with pytest.raises(ChargeUnknown):
        world.settle(visit, charge_ids=[10**9])
    assert not Settlement.objects.exists()
    assert not SettlementLine.objects.exists()


def test_settled_charges_cannot_be_settled_again(world):
    person = world.person()
    visit = world.visit(person)
    world.settle(visit)
    with pytest.raises(NothingToSettle):
        world.settle(visit)
    with pytest.raises(ChargeSettled):
        world.settle(visit, charge_ids=[visit.charges.get().pk])


def test_the_same_key_has_one_effect_and_another_body_is_refused(world):
    person = world.person()
    visit = world.visit(person)
    key = RequestKey(world.hospital.pk, "k1", b"1" * 32)
    first = world.settle(visit, key=key)
    again = world.settle(visit, key=key)
    assert (again.status, again.body) == (first.status, first.body)
    assert Settlement.objects.count() == 1
    with pytest.raises(IdempotencyKeyReused):
        world.settle(visit, key=RequestKey(world.hospital.pk, "k1", b"2" * 32))


@pytest.mark.parametrize("infno", ["2204", "2207"])
def test_an_insurer_that_refuses_changes_nothing(world, infno):
    person = world.person()
    world.sign(person)
    visit = world.visit(person)
    world.insurer.fault("refuse", infno=infno)
    key = RequestKey(world.hospital.pk, "k2", b"1" * 32)
    with pytest.raises(InsurerRefused):
        world.settle(visit, key=key)
    assert not Posting.objects.exists()
    assert not Bill.objects.exists()
    assert not IdempotencyRecord.objects.exists()
    assert world.settle(visit, key=key).body["state"] == "completed", "the charges were free again"
    assert books_agree(world)


def test_a_split_that_does_not_add_up_is_refused_and_reversed_there(world):
    person = world.person()
    visit = world.visit(person)
    world.insurer.fault("wrong_sum", infno="2207")
    with pytest.raises(InsurerNonsense):
        world.settle(visit)
    assert Settlement.objects.get().state == "reversed"
    assert not Posting.objects.exists()
    assert books_agree(world)
    assert world.settle(visit).body["state"] in {"completed", "awaiting_payment"}


@pytest.mark.parametrize("fault", ["drop_request", "drop_answer", "refuse"])
def test_an_undoing_that_is_not_certain_is_answered_alike_until_recovery(world, fault):
    person = world.person(balance_fen=400)
    visit = world.visit(person)
    world.insurer.fault("wrong_sum", infno="2207")
    world.insurer.fault(fault, infno="2208")
    key = RequestKey(world.hospital.pk, "k4", b"1" * 32)
    outcome = world.settle(visit, key=key)
    assert (outcome.status, outcome.body["state"]) == (202, "reversing")
    again = world.settle(visit, key=key)
    assert (again.status, again.body) == (outcome.status, outcome.body)
    assert recovery.recover(now=NOW).undone == 1
    assert Settlement.objects.get().state == "reversed"
    assert books_agree(world)
    assert not Exchange.objects.filter(state__in=["sending", "unknown"]).exists()
    assert world.settle(visit, key=key).status == 201, "the charges and the key are free again"


@pytest.mark.parametrize("fault", ["drop_request", "drop_answer", "nonsense"])
@pytest.mark.parametrize("infno", ["2204", "2207"])
def test_a_missing_answer_is_unknown_until_recovery_finishes_it(world, fault, infno):
    person = world.person(balance_fen=100)
    world.sign(person)
    visit = world.visit(person)
    world.insurer.fault(fault, infno=infno)
    key = RequestKey(world.hospital.pk, "k3", b"1" * 32)
    outcome = world.settle(visit, key=key)
    assert (outcome.status, outcome.body["state"]) == (202, "unknown")
    assert not Posting.objects.exists()
    report = recovery.recover(now=NOW)
    assert (report.found, report.finished, report.still_unknown) == (1, 1, 0), report
    again = world.settle(visit, key=key)
    assert (again.status, again.body["state"]) == (201, "completed")
    assert books_agree(world)
    assert ledger.verify().balanced
    assert not Exchange.objects.filter(state__in=["sending", "unknown"]).exists()


def test_a_message_doubled_on_the_way_settles_once(world):
    person = world.person(balance_fen=100)
    world.insurer.fault("twice", infno="2207")
    world.settle(world.visit(person))
    assert books_agree(world)


def test_recovery_waits_while_the_question_is_not_answered_either(world):
    person = world.person()
    visit = world.visit(person)
    world.insurer.fault("drop_answer", infno="2207")
    world.insurer.fault("drop_request", infno="5203")
    world.settle(visit)
    assert recovery.recover(now=NOW).still_unknown == 1
    assert Settlement.objects.get().state == "unknown"
    assert recovery.recover(now=NOW).finished == 1


def claimed(world, visit):
    """Claim a visit as `settle` does, and go no further: its process is gone."""
    visit, encounter = work.load_visit(visit.pk, world.hospital.pk)
    case = services.make_known(visit, encounter, now=NOW)
    chosen = work.open_charges(visit.pk, None)
    taken = work.Work(chosen.settlement_id, visit, case, chosen.lines, "auto")
    work.claim(taken, insuring.upload_envelope(taken), now=NOW)


def test_the_worker_finishes_what_lost_its_process(world, settings):
    settings.YIFU_SIMULATION = False
    claimed(world, world.visit(world.person()))
    jobs.recover_stopped(timestamp=0)
    assert Settlement.objects.get().state == "awaiting_payment"
    assert books_agree(world)


def test_a_simulated_day_is_left_to_recover_itself(world, settings):
    settings.YIFU_SIMULATION = True
    claimed(world, world.visit(world.person()))
    jobs.recover_stopped(timestamp=0)
    assert Settlement.objects.get().state == "claimed"


def test_a_reversal_takes_everything_back(world):
    person = world.person(balance_fen=400)
    world.sign(person)
    visit = world.visit(person)
    settled = world.settle(visit).body
    outcome = reversing.reverse(
        institution_id=world.hospital.pk,
        settlement_id=settled["id"],
        reason="开错",
        now=NOW,
    )
    assert outcome.body["state"] == "reversed"
    assert set(ledger.balances().values()) == {0}
    assert line_of(person).owed_fen == 0
    assert Bill.objects.get().state == BillState.CANCELLED
    assert books_agree(world)
    with pytest.raises(NotReversible):
        reversing.reverse(
            institution_id=world.hospital.pk,
            settlement_id=settled["id"],
            reason="再",
            now=NOW,
        )
    assert world.settle(visit).body["account_fen"] == 400, "the insurer gave the account back too"


def test_a_refund_of_one_charge_settles_the_rest_anew(world):
    person = world.person()
    world.sign(person)
    blood = ("FW0002", "001102000020000", "专家门诊诊查费", 3000)
    visit = world.visit(person, ("FW0001", "001102000010000", "普通门诊诊查费", 1500), blood)
    settled = world.settle(visit).body
    charge = visit.charges.get(line_no=2)
    outcome = reversing.refund(
        institution_id=world.hospital.pk,
        settlement_id=settled["id"],
        charge_ids=[charge.pk],
        reason="未做",
        now=NOW,
    )
    assert (outcome.body["state"], outcome.body["total_fen"]) == ("completed", 1500)
    assert outcome.body["replaces"] == settled["id"]
    assert line_of(person).owed_fen == outcome.body["personal_fen"]
    assert ledger.verify().balanced
    assert books_agree(world)


@pytest.mark.parametrize("infno", ["2204", "2207"])
def test_a_refund_whose_rest_is_refused_says_what_happened(world, infno):
    person = world.person(balance_fen=400)
    world.sign(person)
    visit = world.visit(person, ("FW1", "001102000010000", "普通门诊诊查费", 1500), DEAR)
    settled = world.settle(visit).body
    world.insurer.fault("refuse", infno=infno)
    key = RequestKey(world.hospital.pk, "k5", b"1" * 32)
    asked = {
        "institution_id": world.hospital.pk,
        "settlement_id": settled["id"],
        "charge_ids": [visit.charges.get(line_no=2).pk],
        "reason": "未做",
        "now": NOW,
        "key": key,
    }
    outcome = reversing.refund(**asked)
    assert (outcome.body["id"], outcome.body["state"]) == (settled["id"], "reversed")
    again = reversing.refund(**asked)
    assert (again.status, again.body) == (outcome.status, outcome.body)
    assert set(ledger.balances().values()) == {0}
    assert books_agree(world)
    rest = world.settle(visit, charge_ids=[visit.charges.get(line_no=1).pk])
    assert rest.status == 201, "what remains can be settled by itself"


def test_a_refund_after_cash_goes_back_in_cash(world):
    person = world.person(psn_type="")
    settled = world.settle(world.visit(person), method="cash").body
    reversing.reverse(
        institution_id=world.hospital.pk,
        settlement_id=settled["id"],
        reason="退号",
        now=NOW,
    )
    assert set(ledger.balances().values()) == {0}


@pytest.mark.parametrize("fault", ["drop_request", "drop_answer"])
def test_a_lost_reversal_is_finished_by_recovery(world, fault):
    person = world.person(balance_fen=400)
    world.sign(person)
    settled = world.settle(world.visit(person)).body
    world.insurer.fault(fault, infno="2208")
    outcome = reversing.reverse(
        institution_id=world.hospital.pk,
        settlement_id=settled["id"],
        reason="开错",
        now=NOW,
    )
    assert (outcome.status, outcome.body["state"]) == (202, "reversing")
    assert recovery.recover(now=NOW).finished == 1
    assert Settlement.objects.get().state == "reversed"
    assert set(ledger.balances().values()) == {0}
    assert books_agree(world)


def test_a_refused_reversal_leaves_the_settlement_as_it_was(world):
    person = world.person()
    world.sign(person)
    settled = world.settle(world.visit(person)).body
    world.insurer.fault("refuse", infno="2208")
    with pytest.raises(InsurerRefused):
        reversing.reverse(
            institution_id=world.hospital.pk,
            settlement_id=settled["id"],
            reason="开错",
            now=NOW,
        )
    assert Settlement.objects.get().state == "completed"
    assert books_agree(world)


def test_beyond_the_deductible_the_fund_pays_its_share(world):
    person = world.person(used_fen=60_000, balance_fen=100)
    world.sign(person)
    body = world.settle(world.visit(person)).body
    # Hangzhou, employee at work, third level, deductible used up: 76 % of 15.00 = 11.40.
    assert (body["fund_fen"], body["account_fen"], body["personal_fen"]) == (1140, 100, 260)
    assert ledger.balances("insurer:") == {"insurer:990100": 1240}
