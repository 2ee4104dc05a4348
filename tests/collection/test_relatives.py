"""Somebody else pays a bill: a relative, the patient, anybody at the window (P4.7)."""

import pytest

from tests import builders
from tests.builders import NOW
from tests.collection.test_services import check_books, line_of, lower, overdue
from yifu.collection import services
from yifu.collection.errors import NotARelative
from yifu.collection.models import BillPayment, BillState
from yifu.credit.models import CreditLine, Standing
from yifu.enrolment import services as enrolment
from yifu.errors import NotFound
from yifu.patients.models import Dependant, Notice
from yifu.payments.errors import DailyLimitExceeded, NotBound
from yifu.payments.models import Attempt

committed = pytest.mark.django_db(transaction=True)


@pytest.fixture
def family(db):  # noqa: ARG001 - the tables
    """A principal who owes, and a grown-up dependant of theirs."""
    principal, father = builders.person(), builders.person(born="1950-01-01")
    builders.contract(principal, dependants=[(father, None)])
    return principal, father


def pay(bill, payer, fen: int | None = None, *, channel: str = "wechat"):
    return services.pay_bill(
        bill_id=bill.pk,
        channel=channel,
        amount_fen=bill.owed_fen if fen is None else fen,
        now=NOW,
        institution_id=None,
        payer_id=payer.pk,
    )


@committed
def test_a_relative_pays_with_the_own_contract_and_gets_it_back(channel, wechat, family):
    principal, father = family
    builders.binding(father, channel, wechat)
    bill = builders.bill(principal, 3000, line=line_of(principal))
    assert pay(bill, father).state == BillState.PAID
    attempt = Attempt.objects.get()
    assert attempt.payer == father
    assert attempt.binding is not None
    assert attempt.binding.person == father
    assert Notice.objects.get().person == father
    lower(bill, 1000)
    for refund_id in services.refund_excess(bill_id=bill.pk, now=NOW):
        services.finish_refund(refund_id=refund_id, now=NOW)
    assert list(BillPayment.objects.order_by("pk").values_list("amount_fen", flat=True)) == [
        3000,
        -1000,
    ]
    refunded = Notice.objects.get(template="refunded")
    assert (refunded.person, refunded.params["name"]) == (father, father.name)
    assert set(BillPayment.objects.values_list("attempt", flat=True)) == {attempt.pk}
    check_books()


@committed
def test_a_principal_pays_the_own_bill_of_a_dependant(channel, wechat, family):
    """Either way round: the father has a bill of his own from before."""
    principal, father = family
    builders.binding(principal, channel, wechat)
    bill = builders.bill(father, 3000)
    assert pay(bill, principal).state == BillState.PAID
    assert Attempt.objects.get().payer == principal


@committed
def test_each_pays_within_the_own_days_limit(channel, wechat, family):
    principal, father = family
    builders.binding(father, channel, wechat, daily_limit_fen=1000)
    bill = builders.bill(principal, 3000)
    with pytest.raises(DailyLimitExceeded):
        pay(bill, father)
    assert pay(bill, father, 1000).paid_fen == 1000


@committed
def test_who_is_not_related_pays_in_cash_only(channel, wechat, family):
    principal, father = family
    stranger = builders.person()
    builders.binding(stranger, channel, wechat)
    bill = builders.bill(principal, 3000)
    with pytest.raises(NotARelative):
        pay(bill, stranger)
    with pytest.raises(NotBound):
        pay(bill, father)
    assert not Attempt.objects.exists()
    assert pay(bill, stranger, channel="cash").state == BillState.PAID
    assert Attempt.objects.get().payer == stranger


def test_a_relation_ends_with_its_contract(family):
    principal, father = family
    bill = builders.bill(principal, 3000)
    Dependant.objects.update(ended_at=NOW)
    with pytest.raises(NotARelative):
        pay(bill, father)
    bill.refresh_from_db()
    assert bill.paid_fen == 0


def test_a_closed_contract_relates_nobody():
    principal, father = builders.person(), builders.person(born="1950-01-01")
    enrolled = builders.contract(principal, dependants=[(father, None)])
    enrolment.close(enrolled.contract.pk, now=NOW)
    with pytest.raises(NotARelative):
        pay(builders.bill(principal, 3000), father)


test_a_closed_contract_relates_nobody = pytest.mark.django_db(test_a_closed_contract_relates_nobody)


@committed
def test_the_patient_pays_the_own_visit_whoever_owes_it(channel, wechat, family):
    principal, _ = family
    patient = builders.person()
    builders.binding(patient, channel, wechat)
    bill = builders.bill(principal, 3000, patient=patient)
    assert pay(bill, patient).state == BillState.PAID


def test_a_relatives_payment_restores_the_principal(family):
    principal, father = family
    bill = builders.bill(principal, 3000, line=line_of(principal))
    overdue(bill)
    pay(bill, father, channel="cash")
    assert CreditLine.objects.get().standing == Standing.GOOD
    assert Notice.objects.get().person == principal


def test_a_principal_who_is_named_is_nobody_else(family):
    principal, _ = family
    bill = builders.bill(principal, 3000)
    pay(bill, principal, channel="cash")
    assert Attempt.objects.get().payer is None


def test_who_is_not_known_to_the_hospital_is_not_written_down(family):
    principal, _ = family
    bill = builders.bill(principal, 3000)
    elsewhere = builders.person(builders.institution("H99010000002"))
    with pytest.raises(NotFound):
        pay(bill, elsewhere, channel="cash")
    assert not Attempt.objects.exists()


def test_over_http_the_payer_is_named(family):
    principal, father = family
    bill = builders.bill(principal, 3000)
    api = builders.api(builders.institution())
    path = f"/bills/{bill.pk}/payments"
    body = {"channel": "cash", "amount_fen": 1000, "payer_id": father.pk}
    answer = api.post(path, body, key="k")
    assert answer.status_code == 201, answer.content
    assert answer.json()["payment"]["payer_id"] == father.pk
    again = api.post(path, body | {"payer_id": principal.pk}, key="k")
    assert again.json()["code"] == "idempotency_key_reused"
    own = api.post(path, {"channel": "cash", "amount_fen": 1000}, key="l").json()
    assert own["payment"]["payer_id"] == principal.pk
    stranger = body | {"channel": "wechat", "payer_id": builders.person().pk}
    refused = api.post(path, stranger, key="m")
    assert (refused.status_code, refused.json()["code"]) == (409, "not_a_relative")
