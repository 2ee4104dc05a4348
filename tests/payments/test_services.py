"""Debits, cash and refunds: PostgreSQL on one side, the simulated channel on the other."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from tests import builders
from tests.builders import NOW
from yifu.ledger.errors import AmountNotPositive
from yifu.outside import TransactionOpenError
from yifu.payments import calls, rules, services
from yifu.payments.errors import (
    ChannelUnknown,
    DailyLimitExceeded,
    NotBound,
    PaymentUnderWay,
    RefundExceedsPayment,
)
from yifu.payments.models import Attempt, AttemptState, Binding, Refund
from yifu.payments.services import Want
from yifu.secrets import decrypt


@pytest.fixture
def payer(channel, wechat):
    """A person with a debit contract and 100 yuan."""
    return builders.binding(builders.person(), channel, wechat, balance_fen=10_000)


def balance_fen(wechat, binding: Binding) -> int:
    contract_id = decrypt(binding.contract_cipher)
    return int(wechat.control(f"contracts/{contract_id}", method="GET")["balance_fen"])


def request(binding: Binding, fen: int = 3000, *, subject: str = "bill:1", now=NOW) -> Attempt:
    with transaction.atomic():
        return services.request_debit(binding=binding, subject=subject, amount_fen=fen, now=now)


def debited(binding: Binding, fen: int = 3000, *, subject: str = "bill:1") -> Attempt:
    attempt = services.send_debit(request(binding, fen, subject=subject).pk, now=NOW)
    assert attempt.state == AttemptState.SUCCEEDED
    return attempt


def test_a_debit_takes_the_money_and_says_so(payer, wechat):
    attempt = services.send_debit(request(payer).pk, now=NOW)
    assert attempt.state == AttemptState.SUCCEEDED
    assert attempt.transaction_id
    assert attempt.business_date == NOW.date()
    assert balance_fen(wechat, payer) == 7000


def test_a_debit_is_sent_once_however_often_it_is_asked_for(payer, wechat):
    attempt = request(payer)
    for _ in range(3):
        services.send_debit(attempt.pk, now=NOW)
    assert balance_fen(wechat, payer) == 7000


def test_a_debit_is_not_sent_inside_a_transaction(payer, wechat):
    attempt = request(payer)
    with pytest.raises(TransactionOpenError), transaction.atomic():
        services.send_debit(attempt.pk, now=NOW)
    attempt.refresh_from_db()
    assert attempt.state == AttemptState.REQUESTED
    assert balance_fen(wechat, payer) == 10_000


def test_a_refused_debit_failed_with_the_channels_code(payer, wechat):
    attempt = services.send_debit(request(payer, 10_001).pk, now=NOW)
    assert (attempt.state, attempt.code) == (AttemptState.FAILED, "NOT_ENOUGH")
    assert balance_fen(wechat, payer) == 10_000


def test_an_answer_lost_on_the_way_is_asked_for_at_once(payer, wechat):
    wechat.fault("drop_answer", path="/v3/papay/pay/transactions/apply")
    assert services.send_debit(request(payer).pk, now=NOW).state == AttemptState.SUCCEEDED
    assert balance_fen(wechat, payer) == 7000


def test_a_doubled_request_takes_the_money_once(payer, wechat):
    wechat.fault("twice", path="/v3/papay/pay/transactions/apply")
    assert services.send_debit(request(payer).pk, now=NOW).state == AttemptState.SUCCEEDED
    assert balance_fen(wechat, payer) == 7000


@pytest.mark.usefixtures("soon_landed")
def test_a_request_lost_on_the_way_stays_unknown_until_it_cannot_arrive_any_more(payer, wechat):
    wechat.fault("drop_request", path="/v3/papay/pay/transactions/apply")
    attempt = services.send_debit(request(payer).pk, now=NOW)
    assert attempt.state == AttemptState.UNKNOWN
    assert services.resolve(attempt.pk, now=NOW).state == AttemptState.FAILED
    attempt.refresh_from_db()
    assert attempt.code == "NEVER_ARRIVED"
    assert balance_fen(wechat, payer) == 10_000


def test_a_debit_that_takes_long_is_unknown_and_found_later(payer, wechat):
    wechat.control("processing", {"held": True})
    attempt = services.send_debit(request(payer).pk, now=NOW)
    assert attempt.state == AttemptState.UNKNOWN
    assert attempt.resolved_at is None
    wechat.control("processing", {"held": False})
    assert services.resolve(attempt.pk, now=NOW).state == AttemptState.SUCCEEDED
    assert balance_fen(wechat, payer) == 7000


def test_a_sum_that_is_not_ours_is_not_believed(payer, wechat):
    wechat.fault("wrong_sum", times=-1)
    assert services.send_debit(request(payer).pk, now=NOW).state == AttemptState.UNKNOWN
    wechat.control("faults", method="DELETE")
    attempt = Attempt.objects.get()
    assert services.resolve(attempt.pk, now=NOW).state == AttemptState.SUCCEEDED


def test_what_never_left_is_failed_and_then_not_sent_by_a_late_sender(payer, wechat):
    """A crash between writing and sending; the sender turns out to be alive."""
    attempt = request(payer)
    assert services.resolve(attempt.pk, now=NOW).state == AttemptState.FAILED
    assert services.send_debit(attempt.pk, now=NOW).state == AttemptState.FAILED
    assert balance_fen(wechat, payer) == 10_000


def test_what_waits_too_long_to_leave_is_not_sent(payer, wechat, monkeypatch):
    monkeypatch.setattr(calls, "SEND_WINDOW_SECONDS", -1.0)
    attempt = services.send_debit(request(payer).pk, now=NOW)
    assert (attempt.state, attempt.code) == (AttemptState.FAILED, "UNSENT")
    assert balance_fen(wechat, payer) == 10_000


def test_an_outcome_once_known_is_not_changed_by_a_second_answer(payer):
    attempt = debited(payer)
    late = calls.Heard(
        attempt.pk,
        rules.Conclusion("failed", "PAYERROR", rules.Meaning.NEXT),
        rules.Answer(rules.AnswerKind.CODED, "PAYERROR"),
    )
    assert services.record([late], now=NOW) == {}
    attempt.refresh_from_db()
    assert attempt.state == AttemptState.SUCCEEDED


def test_two_debits_of_one_thing_are_not_under_way_at_once(payer):
    request(payer)
    with pytest.raises(PaymentUnderWay):
        request(payer)
    assert Attempt.objects.count() == 1


def test_a_failed_debit_makes_way_for_another(payer):
    services.send_debit(request(payer, 10_001).pk, now=NOW)
    assert debited(payer, 10_000).state == AttemptState.SUCCEEDED


def test_a_day_has_its_limit(channel, wechat):
    binding = builders.binding(builders.person(), channel, wechat, daily_limit_fen=5000)
    debited(binding, 3000, subject="bill:1")
    with pytest.raises(DailyLimitExceeded, match="2000"):
        request(binding, 2001, subject="bill:2")
    debited(binding, 2000, subject="bill:2")
    request(binding, 5000, subject="bill:3", now=NOW + timedelta(days=1))


def test_a_new_contract_does_not_renew_the_days_limit(channel, wechat):
    person = builders.person()
    debited(builders.binding(person, channel, wechat, daily_limit_fen=5000), 4000)
    renewed = services.bind(
        person_id=person.pk, channel_id=channel.pk, contract_id="C-new", now=NOW,
        daily_limit_fen=5000,
    )  # fmt: skip
    with pytest.raises(DailyLimitExceeded, match="1000"):
        request(renewed, 1001, subject="bill:2")


def test_two_at_once_do_not_exceed_the_days_limit_together(channel, wechat):
    binding = builders.binding(builders.person(), channel, wechat, daily_limit_fen=5000)
    barrier = threading.Barrier(4)

    def ask(number: int) -> bool:
        barrier.wait(timeout=10)
        try:
            request(binding, 3000, subject=f"bill:{number}")
        except DailyLimitExceeded:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(ask, range(4))) == 1


def test_many_debits_at_once_are_capped_by_the_day_in_their_order(channel, wechat):
    binding = builders.binding(builders.person(), channel, wechat, daily_limit_fen=5000)
    wants = [Want(binding.pk, f"bill:{n}", 2000) for n in (3, 1, 2, 4)]
    with transaction.atomic():
        made = services.request_debits(wants, now=NOW)
    assert {one.subject: one.amount_fen for one in made} == {
        "bill:3": 2000,
        "bill:1": 2000,
        "bill:2": 1000,
    }


def test_a_debit_under_way_is_left_out_of_many(payer):
    request(payer, subject="bill:1")
    with transaction.atomic():
        wants = [Want(payer.pk, "bill:1", 100), Want(payer.pk, "bill:2", 100)]
        made = services.request_debits(wants, now=NOW)
    assert [one.subject for one in made] == ["bill:2"]


def test_many_debits_end_each_in_its_own_way(channel, wechat):
    people = [builders.person() for _ in range(12)]
    bindings = [
        builders.binding(person, channel, wechat, balance_fen=0 if place % 3 == 0 else 5000)
        for place, person in enumerate(people)
    ]
    with transaction.atomic():
        wants = [Want(b.pk, f"bill:{n}", 1000) for n, b in enumerate(bindings)]
        made = services.request_debits(wants, now=NOW)
    heard = services.send_debits([one.attempt_id for one in made])
    states = services.record(heard, now=NOW)
    assert sorted(states) == sorted(one.attempt_id for one in made)
    assert sorted(states.values()) == ["failed"] * 4 + ["succeeded"] * 8


@pytest.mark.parametrize("fen", [0, -1])
def test_nothing_is_debited_for_nothing(payer, fen):
    with pytest.raises(AmountNotPositive):
        request(payer, fen)


def test_a_contract_that_was_replaced_debits_nothing(payer, channel):
    services.bind(person_id=payer.person_id, channel_id=channel.pk, contract_id="other", now=NOW)
    with pytest.raises(NotBound):
        request(payer)


def test_binding_the_same_contract_again_changes_nothing(payer, channel):
    again = services.bind(
        person_id=payer.person_id,
        channel_id=channel.pk,
        contract_id=decrypt(payer.contract_cipher),
        now=NOW,
    )
    assert again == payer
    assert Binding.objects.count() == 1


def test_a_persons_contract_is_found_by_channel(payer):
    assert services.find_binding(payer.person_id) == payer
    assert services.find_binding(payer.person_id, channel="wechat") == payer
    assert services.find_binding(payer.person_id, channel="alipay") is None
    assert services.find_binding(builders.person().pk) is None


def test_the_contract_is_not_readable_where_it_is_kept(payer):
    contract_id = decrypt(payer.contract_cipher)
    assert contract_id.encode() not in bytes(payer.contract_cipher)


@pytest.mark.django_db
def test_cash_is_taken_at_once():
    builders.area()
    attempt = services.take_cash(area="990100", subject="bill:1", amount_fen=3000, now=NOW)
    assert (attempt.state, attempt.resolved_at) == (AttemptState.SUCCEEDED, NOW)


def test_cash_is_not_taken_while_a_debit_is_under_way(payer):
    request(payer)
    with pytest.raises(PaymentUnderWay), transaction.atomic():
        services.take_cash(area="990100", subject="bill:1", amount_fen=3000, now=NOW)


@pytest.mark.django_db
def test_cash_needs_a_window():
    with pytest.raises(ChannelUnknown):
        services.take_cash(area="999999", subject="bill:1", amount_fen=3000, now=NOW)


def ask_back(attempt: Attempt, fen: int) -> Refund:
    with transaction.atomic():
        return services.request_refund(attempt_id=attempt.pk, amount_fen=fen, now=NOW)


def test_money_goes_back_the_way_it_came(payer, wechat):
    refund = ask_back(debited(payer), 1000)
    done = services.send_refund(refund.pk, now=NOW)
    assert done.state == AttemptState.SUCCEEDED
    assert balance_fen(wechat, payer) == 8000


@pytest.mark.django_db
def test_cash_goes_back_at_once():
    builders.area()
    attempt = services.take_cash(area="990100", subject="bill:1", amount_fen=3000, now=NOW)
    refund = services.request_refund(attempt_id=attempt.pk, amount_fen=3000, now=NOW)
    assert services.send_refund(refund.pk, now=NOW).state == AttemptState.SUCCEEDED


def test_no_more_goes_back_than_was_taken(payer):
    attempt = debited(payer)
    ask_back(attempt, 2000)
    with pytest.raises(RefundExceedsPayment):
        ask_back(attempt, 1001)
    ask_back(attempt, 1000)
    attempt.refresh_from_db()
    assert attempt.refunded_fen == 3000


def test_the_database_refuses_what_the_service_would(payer):
    attempt = debited(payer)
    with pytest.raises(IntegrityError), transaction.atomic():
        Attempt.objects.filter(pk=attempt.pk).update(refunded_fen=3001)


def test_many_refunds_at_once_stay_within_the_payment(payer):
    attempt = debited(payer)
    barrier = threading.Barrier(5)

    def back(_: int) -> bool:
        barrier.wait(timeout=10)
        try:
            ask_back(attempt, 1000)
        except RefundExceedsPayment:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(5) as pool:
        assert sum(pool.map(back, range(5))) == 3


def test_what_took_nothing_gives_nothing_back(payer):
    attempt = services.send_debit(request(payer, 10_001).pk, now=NOW)
    with pytest.raises(RefundExceedsPayment):
        ask_back(attempt, 1)


def test_a_refund_the_channel_refused_can_be_asked_for_again(payer, wechat):
    attempt = debited(payer)
    wechat.fault("refuse", path="/v3/refund/domestic/refunds")
    refused = services.send_refund(ask_back(attempt, 3000).pk, now=NOW)
    assert (refused.state, refused.code) == (AttemptState.FAILED, "FREQUENCY_LIMITED")
    attempt.refresh_from_db()
    assert attempt.refunded_fen == 0
    again = services.send_refund(ask_back(attempt, 3000).pk, now=NOW)
    assert again.state == AttemptState.SUCCEEDED


def test_a_refund_sent_twice_goes_back_once(payer, wechat):
    refund = ask_back(debited(payer), 1000)
    wechat.fault("twice", path="/v3/refund/domestic/refunds")
    for _ in range(2):
        services.send_refund(refund.pk, now=NOW)
    assert balance_fen(wechat, payer) == 8000


def test_a_refund_without_an_answer_is_asked_about(payer, wechat):
    refund = ask_back(debited(payer), 1000)
    wechat.control("processing", {"held": True})
    assert services.send_refund(refund.pk, now=NOW).state == AttemptState.UNKNOWN
    wechat.control("processing", {"held": False})
    assert services.resolve_refund(refund.pk, now=NOW).state == AttemptState.SUCCEEDED
    assert balance_fen(wechat, payer) == 8000


def test_a_refund_that_never_left_is_sent_and_not_failed(payer):
    refund = ask_back(debited(payer), 1000)
    assert services.resolve_refund(refund.pk, now=NOW).state == AttemptState.REQUESTED
    assert services.send_refund(refund.pk, now=NOW).state == AttemptState.SUCCEEDED


@pytest.mark.usefixtures("soon_landed")
def test_a_refund_that_never_arrived_can_be_asked_for_again(payer, wechat):
    attempt = debited(payer)
    refund = ask_back(attempt, 1000)
    wechat.fault("drop_request", path="/v3/refund/domestic/refunds")
    assert services.send_refund(refund.pk, now=NOW).state == AttemptState.UNKNOWN
    assert services.resolve_refund(refund.pk, now=NOW).state == AttemptState.FAILED
    attempt.refresh_from_db()
    assert attempt.refunded_fen == 0
