"""Leaving: what stands in the way is listed; children leave with the adult (P1.6)."""

from datetime import timedelta

import pytest

from tests import builders
from tests.builders import NOW
from tests.enrolment.conftest import ended, line_of, payer_of
from yifu.collection import services as collection
from yifu.collection.models import Bill, DefaultEntry, Dispute
from yifu.credit.models import BankLine, CreditLine
from yifu.enrolment import errors, services
from yifu.enrolment.obstacles import NAMES
from yifu.ledger import services as ledger
from yifu.ledger.errors import LimitExceeded
from yifu.ledger.rules import Move
from yifu.patients.errors import DebtOpen
from yifu.payments.models import Attempt, Binding, Channel, Refund
from yifu.settlement.models import Settlement


def obstacles(contract):
    return [(one.kind, one.amount_fen) for one in services.standing_in_the_way(contract)]


def attempt(bill, **changes):
    return Attempt.objects.create(
        out_trade_no=f"T{Attempt.objects.count():08d}",
        channel=Channel.objects.get(code="cash"),
        subject=f"bill:{bill.pk}",
        amount_fen=1_000,
        requested_at=NOW,
        business_date=NOW.date(),
        **changes,
    )


@pytest.fixture
def contract(family):
    child = builders.dependant(family.child, 20_000, of=family.mother)
    return family.sign(family.mother, child).contract


def test_nothing_stands_in_the_way_of_who_owes_nothing(contract):
    assert services.standing_in_the_way(contract) == []


def test_closing_takes_children_line_and_debits_along(contract, family):
    channel = Channel.objects.create(area=contract.area, code="wechat")
    builders.binding(family.mother, channel)
    services.close(contract.pk, now=NOW, reason="asked")
    contract.refresh_from_db()
    assert (contract.state, contract.close_reason, contract.closed_at) == ("closed", "asked", NOW)
    assert ended(family.child) == ["closed"]
    assert payer_of(family.mother) is payer_of(family.child) is None
    assert line_of(contract).available_fen == 0
    assert not Binding.objects.filter(active=True).exists()


def test_a_settlement_that_found_the_line_a_moment_ago_gets_nothing_from_it(contract):
    line = line_of(contract)
    services.close(contract.pk, now=NOW)
    move = Move(line.account.code, "revenue:H", 1, (line.pk,))
    with pytest.raises(LimitExceeded):
        ledger.post(key="late", kind="settlement", moves=[move], now=NOW)


def test_a_contract_closes_once(contract):
    services.close(contract.pk, now=NOW)
    with pytest.raises(errors.ContractClosed):
        services.close(contract.pk, now=NOW)


def test_a_bill_stands_in_the_way_until_it_is_paid(contract, family):
    bill = builders.bill(family.mother, 3_000, line=line_of(contract))
    with pytest.raises(DebtOpen) as refusal:
        services.close(contract.pk, now=NOW)
    assert refusal.value.facts["obstacles"] == [
        {
            "kind": "bill",
            "subject": f"bill:{bill.pk}",
            "amount_fen": 3_000,
            "zh": "未付账单",
            "en": "an unpaid bill",
        }
    ]
    collection.pay_bill(
        bill_id=bill.pk, channel="cash", amount_fen=3_000, now=NOW, institution_id=None
    )
    services.close(contract.pk, now=NOW)


def test_a_childs_bill_stands_in_the_principals_way(contract, family):
    share = CreditLine.objects.get(contract=contract).shares.get().line
    builders.bill(family.mother, 2_000, line=share, patient=family.child)
    assert obstacles(contract) == [("bill", 2_000)]


def test_a_bill_that_waits_at_the_window_is_owed_too(contract, family):
    builders.bill(family.mother, 700)
    assert obstacles(contract) == [("bill", 700)]


def test_what_is_owed_beyond_the_bills_is_named(contract, family):
    move = Move(f"owed:{family.mother.pk}", "revenue:H", 900, (line_of(contract).pk,))
    ledger.post(key="odd", kind="settlement", moves=[move], now=NOW)
    assert obstacles(contract) == [("owed", 900)]


def test_a_hold_stands_in_the_way_also_a_childs(contract):
    share = CreditLine.objects.get(contract=contract).shares.get().line
    lines = (line_of(contract).pk, share.pk)
    ledger.hold(key="h", lines=lines, amount_fen=500, now=NOW, expires_at=NOW + timedelta(days=1))
    assert obstacles(contract) == [("hold", 500)]


@pytest.mark.parametrize("state", ["claimed", "insured", "unknown", "reversing"])
def test_a_settlement_under_way_stands_in_the_way(contract, family, state):
    visit = builders.visit(family.child, charges=[1_500])
    Settlement.objects.create(
        institution=visit.institution,
        visit=visit,
        person=family.child,
        state=state,
        asked_method="auto",
        total_fen=1_500,
        business_date=NOW.date(),
        claimed_at=NOW,
    )
    assert obstacles(contract) == [("settlement", 1_500)]


def test_a_debit_without_an_answer_and_money_on_its_way_back(contract, family):
    bill = builders.bill(family.mother, 3_000, line=line_of(contract))
    attempt(bill, state="unknown")
    done = attempt(bill, state="succeeded")
    Refund.objects.create(
        out_refund_no="R1",
        attempt=done,
        amount_fen=400,
        state="requested",
        requested_at=NOW,
        business_date=NOW.date(),
    )
    assert obstacles(contract) == [("bill", 3_000), ("attempt", 1_000), ("refund", 400)]


def test_an_overpayment_has_to_go_back_first(contract, family):
    bill = builders.bill(family.mother, 3_000, line=line_of(contract))
    collection.pay_bill(
        bill_id=bill.pk, channel="cash", amount_fen=3_000, now=NOW, institution_id=None
    )
    Bill.objects.filter(pk=bill.pk).update(amount_fen=2_500)
    assert obstacles(contract) == [("excess", 500)]


def test_who_is_listed_or_contests_stays(contract, family):
    bill = builders.bill(family.mother, 3_000, line=line_of(contract))
    entry = DefaultEntry.objects.create(
        bill=bill,
        principal=family.mother,
        institution=builders.institution(),
        rule="P4.4",
        proposed_at=NOW,
    )
    Dispute.objects.create(entry=entry, reason="我已付", opened_by="p", opened_at=NOW)
    kinds = [kind for kind, _ in obstacles(contract)]
    assert kinds == ["bill", "listed", "disputed"]


def test_what_was_written_off_is_owed_by_who_wants_to_sign_anew(contract, family):
    bill = builders.bill(family.mother, 3_000)
    Bill.objects.filter(pk=bill.pk).update(state="written_off")
    assert ("written_off", 3_000) in obstacles(contract)


def test_a_banks_line_in_use_stands_in_the_way(contract):
    BankLine.objects.create(
        credit_line=CreditLine.objects.get(contract=contract),
        bank="icbc",
        request_no="B1",
        state="open",
        bank_used_fen=800,
        asked_at=NOW,
    )
    assert obstacles(contract) == [("bank_line", 800)]


def test_every_obstacle_has_its_words():
    assert all(zh and en for zh, en in NAMES.values())
