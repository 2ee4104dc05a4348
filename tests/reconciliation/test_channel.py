"""A day matched with the debit channel (the real process): its bill against our attempts."""

from datetime import timedelta

import pytest
from django.db import transaction

from tests import builders
from tests.payments.conftest import channel, wechat, wechat_process  # noqa: F401 - fixtures
from tests.reconciliation.conftest import a_day_later
from yifu.collection import services as collection
from yifu.payments import services as payments
from yifu.payments.errors import ChannelBillNotReady, ChannelUnavailable
from yifu.payments.models import Attempt
from yifu.reconciliation import services
from yifu.reconciliation.models import Difference, Party, Statement, StatementRow


@pytest.fixture
def now():
    """Mid-morning of a day of this test's own."""
    return a_day_later()


@pytest.fixture
def paid(channel, wechat, now):  # noqa: F811
    """Let a person pay a bill of the first hospital (or `at`) by the channel; gives the attempt."""

    def make(amount_fen=3000, *, at=None):
        person = builders.person()
        builders.binding(person, channel, wechat)
        bill = builders.bill(person, amount_fen, at=at)
        wechat.control("clock", {"now": now.isoformat()})
        collection.pay_bill(
            bill_id=bill.pk,
            channel="wechat",
            amount_fen=amount_fen,
            now=now,
            institution_id=bill.visit.institution_id,
        )
        return Attempt.objects.get(subject=f"bill:{bill.pk}")

    return make


@pytest.fixture
def match(wechat, now):  # noqa: F811
    """Match the test's day with the channel the next morning."""

    def make(hours=24, *, of=None):
        later = now + timedelta(hours=hours)
        wechat.control("clock", {"now": later.isoformat()})
        institution = of or builders.institution()
        (statement,) = services.match_day(
            institution_id=institution.pk, business_date=now.date(), now=later
        )
        return statement

    return make


def send_back(attempt, fen, now):
    """Refund on the test's day, before it is matched."""
    with transaction.atomic():
        refund = payments.request_refund(attempt_id=attempt.pk, amount_fen=fen, now=now)
    return payments.send_refund(refund.pk, now=now)


def only_difference():
    one = Difference.objects.get()
    return one.kind, one.key, one.negative, one.our_fen, one.their_fen


def test_a_days_payments_and_refunds_agree_and_fees_are_kept(paid, match, now):
    first, _ = paid(3000), paid(50_00)
    refund = send_back(first, 1000, now)
    statement = match()
    assert not Difference.objects.exists()
    assert (statement.party, statement.channel) == (Party.CHANNEL, "wechat")
    assert (statement.rows, statement.matched) == (3, 3)
    assert statement.our_fen == statement.their_fen == 7000
    fees = dict(StatementRow.objects.values_list("key", "fee_fen"))
    assert (fees[first.out_trade_no], fees[refund.out_refund_no]) == (18, -6)


@pytest.mark.usefixtures("channel")
def test_a_day_without_payments_agrees(match):
    statement = match()
    assert (statement.rows, statement.matched) == (0, 0)


def test_each_hospital_sees_its_own_part_of_the_bill(paid, match):
    other = builders.institution("H99010000002")
    paid(3000), paid(700, at=other)
    assert (match().their_fen, match(of=other).their_fen) == (3000, 700)
    assert not Difference.objects.exists()


def test_a_payment_the_channel_lacks_is_ours_only(paid, match, wechat):  # noqa: F811
    attempt = paid()
    wechat.control("tamper", {"out_trade_no": attempt.out_trade_no, "action": "omit"})
    match()
    assert only_difference() == ("ours_only", attempt.out_trade_no, False, 3000, None)
    wechat.control("tamper", method="DELETE")
    assert match().matched == 1
    assert Difference.objects.get().state == "corrected"


def test_a_refund_the_channel_lacks_is_ours_only(paid, match, wechat, now):  # noqa: F811
    refund = send_back(paid(), 1000, now)
    wechat.control("tamper", {"out_refund_no": refund.out_refund_no, "action": "omit"})
    match()
    assert only_difference() == ("ours_only", refund.out_refund_no, True, -1000, None)


def test_a_payment_we_do_not_count_as_made_is_theirs_only(paid, match):
    attempt = paid()
    Attempt.objects.filter(pk=attempt.pk).update(state="failed")
    match()
    assert only_difference() == ("theirs_only", attempt.out_trade_no, False, None, 3000)


def test_another_amount_is_shown_beside_ours(paid, match, wechat):  # noqa: F811
    attempt = paid()
    tamper = {"out_trade_no": attempt.out_trade_no, "action": "amount", "delta_fen": -1}
    wechat.control("tamper", tamper)
    match()
    assert only_difference() == ("amount", attempt.out_trade_no, False, 3000, 2999)


def test_a_bill_that_is_not_made_yet_changes_nothing(paid, match):
    paid()
    with pytest.raises(ChannelBillNotReady):
        match(hours=10)
    assert not Statement.objects.exists()
    assert match().matched == 1


@pytest.mark.parametrize(
    ("path", "fault"),
    [("/v3/bill/tradebill", "drop_answer"), ("/v3/billdownload/file", "nonsense")],
)
def test_a_bill_that_does_not_come_changes_nothing(paid, match, wechat, fault, path):  # noqa: F811
    paid()
    match()
    paid()
    wechat.fault(fault, path=path)
    with pytest.raises(ChannelUnavailable):
        match()
    assert Statement.objects.get().our_fen == 3000
    assert not Difference.objects.exists()
