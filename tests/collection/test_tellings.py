"""Telling the credit platform and the insurer, over real sockets, whatever is lost on the way."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from tests import builders
from tests.collection.listing import (
    APP,
    LATER,
    Outside,
    confirm,
    defaulter,
    entries_of,
    pay,
    send_all,
    standing,
)
from tests.counterparts.conftest import running_counterpart
from yifu import clock
from yifu.collection import defaults, jobs, tellings
from yifu.collection.errors import NotContestable
from yifu.collection.models import Bill, Telling
from yifu.credit import gateway
from yifu.credit.models import CreditParty, Standing
from yifu.outside import TransactionOpenError
from yifu.patients import services as patients

pytestmark = pytest.mark.django_db(transaction=True)

BOTH, NEITHER = (True, True), (False, False)
DAY = LATER.date()


@pytest.fixture(scope="module")
def processes(tmp_path_factory):
    with (
        running_counterpart("credit", tmp_path_factory.mktemp("credit")) as credit,
        running_counterpart("insurer", tmp_path_factory.mktemp("insurer")) as insurer,
    ):
        yield Outside(credit, insurer)
    gateway.close()


@pytest.fixture
def outside(processes, transactional_db):  # noqa: ARG001 - real commits
    processes.credit.control("books", method="DELETE")
    processes.insurer.control("books", method="DELETE")
    processes.connect()
    yield processes
    for party in (processes.credit, processes.insurer):
        party.control("faults", method="DELETE")
    connection.close()


@pytest.fixture
def listed(outside):
    """Somebody who is listed there and stopped here."""
    person = defaulter()
    confirm(person)
    work_off()
    assert outside.know(person) == BOTH
    return person


def work_off() -> None:
    """Do the jobs that wait, as a worker does; also those that have to wait a little."""
    waiting = ProcrastinateJob.objects.filter(task_name="collection.tell", status="todo")
    for job in waiting.order_by("pk"):
        jobs.tell(**job.args)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE task_name = 'collection.tell'")


def bill_of(person) -> Bill:
    return Bill.objects.get(principal=person)


def newest(person, party="insurer") -> Telling:
    return Telling.objects.filter(person=person, party=party).latest("pk")


def test_who_is_confirmed_is_listed_and_stopped_at_once(outside):
    person = defaulter()
    confirm(person)
    assert outside.know(person) == NEITHER
    work_off()
    assert outside.know(person) == BOTH
    for party in ("insurer", "credit_platform"):
        telling = newest(person, party)
        assert (telling.tries, telling.code, telling.next_try_at) == (1, "", None)
        assert telling.acknowledged_at is not None
        assert telling.acknowledged_at >= telling.wanted_at


def test_paying_restores_both_at_once(outside, listed):
    pay(bill_of(listed))
    assert standing(listed) == Standing.GOOD
    work_off()
    assert outside.know(listed) == NEITHER


def test_what_is_said_is_the_entrys(outside, listed):
    (row,) = outside.credit.control("books", method="GET")["listed"]
    assert (row["name"], row["institution"], row["amount_fen"], row["since"]) == (
        listed.name,
        "示范市医院01",
        3000,
        DAY.isoformat(),
    )


@pytest.mark.parametrize(
    "fault", ["drop_request", "drop_answer", "nonsense", "gateway_timeout", "refuse", "gateway_401"]
)
def test_what_is_not_acknowledged_is_told_again_until_it_is(outside, listed, fault):
    outside.insurer.fault(fault, times=2, infno="city_standing")
    pay(bill_of(listed))
    work_off()
    telling = newest(listed)
    assert telling.acknowledged_at is None
    assert telling.code
    assert telling.next_try_at is not None
    assert telling.next_try_at > telling.wanted_at
    assert not outside.listed(listed), "the other party is not kept waiting"
    assert send_all() == 0
    assert send_all() == 1
    told = newest(listed)
    assert (told.tries, told.code, told.next_try_at) == (3, "", None)
    assert outside.know(listed) == NEITHER
    assert send_all() == 0, "what is acknowledged is not told again"


def test_what_fails_leaves_a_job_that_comes_after_the_schemes_wait(outside):
    person = defaulter()
    outside.credit.fault("refuse", times=-1)
    confirm(person)
    for expected in (1, 2, 5):
        telling = newest(person, "credit_platform")
        before = clock.now()
        Telling.objects.filter(pk=telling.pk).update(next_try_at=before)
        tellings.send([telling.pk], now=LATER)
        telling.refresh_from_db()
        assert telling.code == "BUSY"
        assert telling.next_try_at is not None
        waited = (telling.next_try_at - before).total_seconds()
        assert expected <= waited < expected + 3
        job = ProcrastinateJob.objects.filter(task_name="collection.tell").latest("pk")
        assert job.args == {"telling_ids": [telling.pk]}
        assert job.scheduled_at is not None
        assert job.scheduled_at >= telling.next_try_at - timedelta(seconds=1)


def test_a_late_answer_counts_when_it_comes(outside, listed):
    outside.insurer.fault("delay", seconds=1.4, infno="city_standing")
    pay(bill_of(listed))
    work_off()
    assert newest(listed).acknowledged_at is None
    assert send_all() == 1
    assert outside.know(listed) == NEITHER


def test_a_doubled_request_and_a_doubled_sending_change_nothing(outside, listed):
    outside.insurer.fault("twice", infno="city_standing")
    pay(bill_of(listed))
    work_off()
    telling = newest(listed)
    acknowledged_at = telling.acknowledged_at
    assert tellings.send([telling.pk], now=LATER) == 0
    telling.refresh_from_db()
    assert (telling.acknowledged_at, telling.tries) == (acknowledged_at, 1)
    rows = outside.insurer.control("standings", method="GET")["standings"]
    assert [row["stopped"] for row in rows] == [1, 0]


def test_an_overtaken_telling_is_not_sent_any_more(outside):
    person = defaulter()
    confirm(person)
    pay(bill_of(person))
    work_off()
    assert outside.know(person) == NEITHER
    first = Telling.objects.filter(person=person, party="insurer").earliest("pk")
    assert (first.superseded, first.tries, first.acknowledged_at) == (True, 0, None)
    (row,) = outside.insurer.control("standings", method="GET")["standings"]
    assert row["stopped"] == 0


def test_an_older_telling_that_arrives_after_a_newer_one_changes_nothing(outside, listed):
    """The first is on its way when the second is written, sent and acknowledged."""
    dispute = defaults.contest(
        entries_of(listed)[0].pk, person_id=listed.pk, by="self", reason="x", now=LATER
    )
    older = newest(listed)
    party = CreditParty.objects.get(code="insurer")
    # Its number and content as they are sent, but only after the newer one.
    defaults.withdraw_dispute(dispute.pk, person_id=listed.pk, by="self", now=LATER)
    work_off()
    answer = gateway.post(
        party,
        "/city/standing",
        {
            "number": older.pk,
            "id_number": patients.certificate_no(listed),
            "stopped": False,
            "reason": older.reason,
        },
    )
    assert answer.body["applied"] is False
    assert outside.stopped(listed)


def test_a_party_that_was_down_is_told_when_it_is_back(outside, listed):
    party = CreditParty.objects.get(code="credit_platform")
    url = party.base_url
    party.base_url = "http://127.0.0.1:9"
    party.save()
    pay(bill_of(listed))
    work_off()
    assert outside.know(listed) == (True, False)
    assert newest(listed, "credit_platform").code == "UNSENT"
    assert send_all() == 0
    party.base_url = url
    party.save()
    assert send_all() == 1
    assert outside.know(listed) == NEITHER


def test_where_nobody_is_to_be_told_it_waits_for_somebody(outside):
    CreditParty.objects.filter(code="insurer").delete()
    person = defaulter()
    confirm(person)
    work_off()
    assert newest(person).code == "NO_PARTY"
    outside.connect()
    assert send_all() == 1
    assert outside.know(person) == BOTH


def test_a_party_with_a_later_number_than_ours_does_not_count_as_told(listed):
    party = CreditParty.objects.get(code="insurer")
    certificate = patients.certificate_no(listed)
    later = {"number": 2**40, "id_number": certificate, "stopped": True, "reason": "x"}
    assert gateway.post(party, "/city/standing", later).done
    pay(bill_of(listed))
    work_off()
    telling = newest(listed)
    assert (telling.code, telling.acknowledged_at) == ("NOT_APPLIED", None)
    assert telling.next_try_at is not None


def test_a_contested_entry_is_called_back_and_told_again_when_rejected(outside, listed):
    dispute = defaults.contest(
        entries_of(listed)[0].pk, person_id=listed.pk, by="self", reason="已付", now=LATER
    )
    work_off()
    assert outside.know(listed) == NEITHER
    defaults.decide_dispute(
        dispute.pk, institution_id=None, by="city", upheld=False, note="查无", now=LATER
    )
    work_off()
    assert outside.know(listed) == BOTH


def test_two_payments_at_once_restore_once(outside):
    person = defaulter(bills=2)
    confirm(person)
    work_off()
    first, second = Bill.objects.filter(principal=person).order_by("pk")
    together = threading.Barrier(2)

    def pay_one(bill):
        together.wait()
        try:
            return pay(bill).state
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(pay_one, [first, second])) == ["paid", "paid"]
    assert standing(person) == Standing.GOOD
    work_off()
    assert outside.know(person) == NEITHER
    assert Telling.objects.filter(person=person, party="insurer").count() == 2


def test_paying_and_contesting_at_once_leave_nobody_listed(outside):
    for _ in range(3):
        person = defaulter()
        confirm(person)
        work_off()
        (entry,) = entries_of(person)
        together = threading.Barrier(2)

        def do(act, together=together):
            together.wait()
            try:
                act()
            except NotContestable:
                return "paid first"
            finally:
                connection.close()
            return "done"

        def dispute(entry=entry, person=person):
            defaults.contest(entry.pk, person_id=person.pk, by="self", reason="x", now=LATER)

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(do, [lambda one=person: pay(bill_of(one)), dispute]))
        work_off()
        assert outside.know(person) == NEITHER
        assert Telling.objects.filter(person=person, party="insurer").count() == 2


def test_many_are_told_in_parts(outside, monkeypatch):
    monkeypatch.setattr(tellings, "CHUNK", 4)
    people = [defaulter() for _ in range(6)]
    for person in people:
        confirm(person)
    assert tellings.send_due(area=builders.AREA, now=LATER) == 12
    assert all(outside.know(person) == BOTH for person in people)


def test_a_mute_party_is_tried_with_a_part_and_keeps_no_other_waiting(outside, monkeypatch):
    monkeypatch.setattr(tellings, "CHUNK", 2)
    people = [defaulter() for _ in range(5)]
    for person in people:
        confirm(person)
    outside.insurer.fault("drop_request", times=-1, infno="city_standing")
    assert tellings.send_due(area=builders.AREA, now=LATER) == 5
    assert all(outside.know(person) == (True, False) for person in people)
    tried = Telling.objects.filter(party="insurer", tries__gt=0)
    assert tried.count() == 2


def test_from_a_minute_on_the_timer_alone_tells_again(outside):
    person = defaulter()
    confirm(person)
    work_off()
    telling = newest(person)
    Telling.objects.filter(pk=telling.pk).update(
        acknowledged_at=None, tries=9, next_try_at=telling.wanted_at
    )
    outside.insurer.fault("refuse", infno="city_standing")
    tellings.send([telling.pk], now=LATER)
    assert not ProcrastinateJob.objects.filter(task_name="collection.tell").exists()
    assert send_all() == 1


def test_the_minute_timer_sends_what_lost_its_job(outside):
    person = defaulter()
    confirm(person)
    ProcrastinateJob.objects.filter(task_name="collection.tell").update(status="failed")
    jobs.tell_due(0)
    assert outside.know(person) == BOTH


def test_nothing_is_sent_inside_a_transaction(outside):
    from django.db import transaction

    person = defaulter()
    confirm(person)
    with pytest.raises(TransactionOpenError), transaction.atomic():
        send_all()
    assert outside.know(person) == NEITHER


# --- how soon -------------------------------------------------------------------------------------


def waited(person, *, seconds: float | None, party="insurer") -> None:
    """A way back of which a party took so long to know; None: still does not."""
    at = clock.now() - timedelta(seconds=1000)
    Telling.objects.create(
        area_id=builders.AREA,
        person=person,
        party=party,
        listed=False,
        reason="bill:1 paid",
        caused_at=LATER,
        wanted_at=at,
        tries=1,
        acknowledged_at=None if seconds is None else at + timedelta(seconds=seconds),
    )


def test_the_waits_are_shown_as_a_distribution(outside):
    assert outside
    person = builders.person()
    for seconds in (0.2, 0.3, 0.4, 0.7, 400):
        waited(person, seconds=seconds)
    waited(person, seconds=None)
    waited(person, seconds=3, party="credit_platform")
    insurer = {
        one.party: one
        for one in tellings.waits(area=builders.AREA, begin=DAY, end=DAY, within_seconds=300)
    }["insurer"]
    assert (insurer.count, insurer.waiting, insurer.late) == (5, 1, 2)
    assert insurer.p50_s == pytest.approx(0.4, abs=0.001)
    assert insurer.max_s == pytest.approx(400, abs=0.001)
    assert insurer.p90_s is not None
    assert insurer.p99_s is not None
    assert insurer.max_s is not None
    assert insurer.p90_s <= insurer.p99_s <= insurer.max_s
    bars = dict(insurer.histogram)
    assert (bars[0.25], bars[0.5], bars[1], bars[None]) == (1, 2, 1, 1)
    assert sum(bars.values()) == insurer.count
    tomorrow = DAY + timedelta(days=1)
    assert tellings.waits(area=builders.AREA, begin=tomorrow, end=tomorrow, within_seconds=1) == []


def test_what_is_late_is_listed_the_waiting_first(outside):
    assert outside
    person = builders.person()
    for seconds in (1, 400, 500):
        waited(person, seconds=seconds)
    waited(person, seconds=None)
    late = tellings.late(area=builders.AREA, begin=DAY, end=DAY, within_seconds=300)
    assert [one.acknowledged_at is None for one in late] == [True, False, False]
    assert [round(one.seconds) for one in late[1:]] == [500, 400]


def test_the_export_names_nobody(outside, listed):
    assert outside
    pay(bill_of(listed))
    work_off()
    rows = list(tellings.export(area=builders.AREA, begin=DAY, end=DAY))
    assert len(rows) == 2
    assert {len(row) for row in rows} == {len(tellings.EXPORT_HEADER)}
    assert {row[1] for row in rows} == {"insurer", "credit_platform"}
    assert all(float(row[5]) < 300 for row in rows)
    assert APP not in str(rows)
    assert listed.name not in str(rows)
