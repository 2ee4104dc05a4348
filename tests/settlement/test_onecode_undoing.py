"""Reversals and refunds of what one code paid: within the hour, after it, and with lost answers."""

from datetime import timedelta

import pytest
from django.db import connection

from tests.settlement.conftest import NOW
from tests.settlement.test_onecode import nothing_stands
from tests.settlement.test_settle import books_agree
from yifu.institutions.services import RequestKey
from yifu.insurance.errors import IdentityMismatch, InsurerRefused
from yifu.insurance.mobile import orders
from yifu.insurance.mobile.errors import AuthorisationNeeded
from yifu.insurance.mobile.models import PayOrder
from yifu.ledger import services as ledger
from yifu.settlement import insuring, jobs, reversing, services
from yifu.settlement.errors import NotReversible
from yifu.settlement.models import Settlement

HOUR = timedelta(hours=1)
OTHER = ("FW0002", "001102000020000", "专家门诊诊查费", 3500)
FIRST = ("FW0001", "001102000010000", "普通门诊诊查费", 1500)


def reverse(world, settlement, **more):
    return reversing.reverse(
        institution_id=world.hospital.pk,
        settlement_id=settlement.pk,
        reason="挂错科室",
        now=more.pop("now", NOW),
        **more,
    )


@pytest.fixture
def settled(world, centre):
    """A settlement that one code paid."""
    visit = world.visit(world.person(balance_fen=400), FIRST, OTHER)
    return Settlement.objects.get(pk=centre.settle(visit).settlement_id)


def set_clock(world, at):
    world.insurer.control("clock", {"now": at.isoformat()})


def test_within_the_hour_a_reversal_needs_no_code(world, centre, settled):
    body = reverse(world, settled).body
    assert body["state"] == "reversed"
    assert centre.order()["ord_stas"] == "7"
    nothing_stands(world, centre)
    assert ledger.verify().balanced
    row = PayOrder.objects.get()
    assert (row.pay_token_cipher, row.revs_token_cipher) == (None, None)


@pytest.mark.parametrize("past", [timedelta(0), timedelta(seconds=1)])
def test_after_the_hour_it_needs_one(world, centre, settled, past):
    late = NOW + HOUR + past
    set_clock(world, late)
    with pytest.raises(AuthorisationNeeded):
        reverse(world, settled, now=late)
    assert Settlement.objects.get().state == "completed"
    code = centre.code(settled.person)
    assert reverse(world, settled, now=late, code=code).body["state"] == "reversed"
    nothing_stands(world, centre)


def test_a_second_before_the_hour_is_over_is_in_time(world, settled):
    late = NOW + HOUR - timedelta(seconds=1)
    set_clock(world, late)
    assert reverse(world, settled, now=late).body["state"] == "reversed"


def test_the_right_is_kept_encrypted_for_an_hour_and_no_longer(settled):
    row = PayOrder.objects.get()
    orders.ask(row, insuring.case_of(services.resume_work(settled, now=NOW)), now=NOW)
    row = PayOrder.objects.get()
    assert row.revs_until == NOW + HOUR
    assert orders.forget_tokens(now=NOW + HOUR - timedelta(seconds=1)) == 0
    assert orders.forget_tokens(now=NOW + HOUR) == 1
    row.refresh_from_db()
    assert PayOrder.objects.get().revs_token_cipher is None
    assert row.pay_token_cipher is not None
    assert orders.forget_tokens(now=NOW + timedelta(days=181)) == 1
    gone = PayOrder.objects.get()
    assert gone.pay_token_cipher is None
    assert gone.closed_at is not None


@pytest.mark.usefixtures("settled")
def test_the_job_that_forgets_runs():
    PayOrder.objects.update(revs_token_cipher=b"x", revs_until=NOW)
    jobs.forget_tokens(0)
    assert PayOrder.objects.get().revs_token_cipher is None


def test_the_code_of_somebody_else_reverses_nothing(world, centre, settled):
    with pytest.raises(IdentityMismatch):
        reverse(world, settled, code=centre.code(world.person()))
    assert Settlement.objects.get().state == "completed"
    assert books_agree(world)


def test_the_same_key_reverses_once_and_uses_no_code_up(world, centre, settled):
    key, code = RequestKey(world.hospital.pk, "R1", b"h" * 32), centre.code(settled.person)
    first = reverse(world, settled, key=key, code=code)
    assert reverse(world, settled, key=key, code=code).body == first.body
    with pytest.raises(NotReversible):
        reverse(world, settled, code=centre.code(settled.person))


def test_a_refund_that_is_refused_leaves_the_settlement_as_it_was(world, centre, settled):
    centre.fate("refund_fail")
    with pytest.raises(InsurerRefused, match="FAIL"):
        reverse(world, settled)
    assert Settlement.objects.get().state == "completed"
    assert books_agree(world)
    assert reverse(world, settled).body["state"] == "reversed"


def test_a_refund_of_one_half_is_unknown_until_the_other_is_back(world, centre, settled):
    centre.fate("refund_half")
    outcome = reverse(world, settled)
    assert (outcome.status, outcome.body["state"]) == (202, "reversing")
    assert centre.order()["ord_stas"] == "8"
    assert centre.recover().finished == 1
    assert Settlement.objects.get().state == "reversed"
    nothing_stands(world, centre)


@pytest.mark.parametrize("fault", ["drop_request", "drop_answer", "nonsense"])
def test_a_reversal_whose_answer_is_lost_is_finished_by_the_recovery(world, centre, settled, fault):
    key = RequestKey(world.hospital.pk, "R2", b"h" * 32)
    world.insurer.fault(fault, infno="6203")
    outcome = reverse(world, settled, key=key)
    assert (outcome.status, outcome.body["state"]) == (202, "reversing")
    assert centre.recover().finished == 1
    assert Settlement.objects.get().state == "reversed"
    nothing_stands(world, centre)
    assert reverse(world, settled, key=key).body["state"] == "reversed"


def late_and_lost(world, centre, settled, fault):
    """A reversal after the hour whose message or answer is lost; background work is late too."""
    late = NOW + 2 * HOUR
    set_clock(world, late)
    Settlement.objects.update(claimed_at=late)
    world.insurer.fault(fault, infno="6203")
    code = centre.code(settled.person)
    assert reverse(world, settled, now=late, code=code).body["state"] == "reversing"
    return late


def test_after_the_hour_a_lost_answer_is_asked_about(world, centre, settled):
    late = late_and_lost(world, centre, settled, "drop_answer")
    assert centre.recover(late).finished == 1
    nothing_stands(world, centre)


def test_after_the_hour_a_lost_request_waits_for_a_code(world, centre, settled):
    late = late_and_lost(world, centre, settled, "drop_request")
    assert centre.recover(late).still_unknown == 1
    assert Settlement.objects.get().state == "reversing"
    code = centre.code(settled.person)
    assert reverse(world, settled, now=late, code=code).body["state"] == "reversed"
    nothing_stands(world, centre)


def test_what_could_not_be_kept_waits_for_a_code_after_the_hour(world, centre):
    visit = world.visit(world.person())
    world.insurer.fault("wrong_sum", infno="6202")
    world.insurer.fault("drop_request", infno="6301")
    centre.settle(visit)
    late = NOW + 2 * HOUR
    set_clock(world, late)
    Settlement.objects.update(claimed_at=late)
    assert centre.recover(late).still_unknown == 1
    settlement = Settlement.objects.get()
    code = centre.code(visit.person)
    assert reverse(world, settlement, now=late, code=code).body["state"] == "reversed"
    nothing_stands(world, centre)


def test_taking_a_charge_off_settles_the_rest_anew(world, centre, settled):
    first, other = settled.lines.order_by("charge__line_no")
    body = reversing.refund(
        institution_id=world.hospital.pk,
        settlement_id=settled.pk,
        charge_ids=[first.charge_id],
        reason="退一项",
        now=NOW,
    ).body
    assert (body["replaces"], body["total_fen"]) == (settled.pk, 3500)
    assert body["method"] == "window"
    assert centre.order()["ord_stas"] == "7"
    assert not any(ledger.balances("channel:").values())
    assert ledger.verify().balanced
    assert books_agree(world)
    assert list(Settlement.objects.get(pk=body["id"]).lines.values_list("charge", flat=True)) == [
        other.charge_id
    ]


def test_its_receipt_is_issued_and_flushed_as_of_any_other(world, settled):
    def jobs_of(settlement):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT task_name FROM procrastinate_jobs WHERE args ->> 'settlement_id' = %s",
                [str(settlement.pk)],
            )
            return {row[0] for row in cursor.fetchall()}

    assert jobs_of(settled) == {"settlement.after_completion"}
    reverse(world, settled)
    assert jobs_of(settled) == {"settlement.after_completion", "settlement.after_reversal"}
