"""The night, through PostgreSQL and the simulated channel: it resumes and takes money once."""

import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import builders
from tests.builders import AREA, NOW
from tests.collection.test_services import check_books, line_of, lower, pay
from tests.counterparts.conftest import Counterpart
from yifu.clock import CHINA
from yifu.collection import applying, nightly, rules, services
from yifu.collection.errors import BillNotPayable, NightRunning
from yifu.collection.models import Bill, BillState, Night, NightDebit
from yifu.collection.night_run import Report
from yifu.credit.models import CreditLine, Standing, StandingChange
from yifu.patients.models import Notice, Person
from yifu.payments import calls, gateway, wanted
from yifu.payments import services as payments
from yifu.payments.errors import ChannelUnknown, PaymentUnderWay
from yifu.payments.models import Attempt, AttemptState, Binding, Channel

TONIGHT = NOW.replace(hour=23, minute=30)
PURSE_FEN = 1_000_000
APPLY = "/v3/papay/pay/transactions/apply"


def run(*, now: datetime = TONIGHT, progress=lambda *_: None) -> Report:
    return nightly.run(area=AREA, business_date=now.date(), now=now, progress=progress)


@dataclass
class Town:
    """Principals with a line, a debit contract and a bill, and the channel that debits them."""

    wechat: Counterpart
    channel: Channel

    def principal(self, *, purse_fen: int = PURSE_FEN, **more) -> Person:
        person = builders.person()
        builders.contract(person)
        builders.binding(person, self.channel, self.wechat, balance_fen=purse_fen, **more)
        return person

    def bill(self, fen: int = 3000, *, principal: Person | None = None, **more) -> Bill:
        owner = principal or self.principal()
        return builders.bill(owner, fen, line=line_of(owner), **more)

    def taken_fen(self, person: Person) -> int:
        """What the channel took from a person."""
        contract = self.wechat.control(f"contracts/C{person.pk:08d}", method="GET")
        return PURSE_FEN - int(contract["balance_fen"])

    def orders(self) -> int:
        """How many debits the channel knows of, since it was started."""
        return len(self.wechat.control(f"books?date={NOW.date()}", method="GET")["orders"])

    def check(self, *, debited: int) -> None:
        """Every bill was debited exactly once at the channel, and the books say so."""
        check_books()
        for bill in Bill.objects.all():
            assert self.taken_fen(bill.principal) == bill.paid_fen
        assert Bill.objects.filter(state=BillState.PAID).count() == debited
        taken = Attempt.objects.filter(state=AttemptState.SUCCEEDED)
        assert taken.count() == debited


@pytest.fixture
def town(channel, wechat):
    return Town(wechat, channel)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def counts(report: Report) -> tuple[int, int, int, int]:
    return report["selected"], report["debited"], report["failed"], report["unknown"]


def test_a_night_debits_what_is_owed(town):
    bills = [town.bill(1000 + place) for place in range(5)]
    report = run()
    assert report == {
        "selected": 5,
        "debited": 5,
        "debited_fen": sum(bill.amount_fen for bill in bills),
        "failed": 0,
        "unknown": 0,
        "overdue": 0,
        "suspended": 0,
        "reminded": 0,
        "defaulted": 0,
        "caught_up": 0,
    }
    night = Night.objects.get()
    assert (night.report, night.ended_at) == (report, TONIGHT)
    town.check(debited=5)


def test_running_it_again_changes_nothing(town):
    town.bill()
    town.bill(principal=town.principal(purse_fen=0))
    first = run()
    assert counts(first) == (2, 1, 1, 0)
    assert run() == first
    assert Attempt.objects.count() == 2
    assert Notice.objects.filter(template="debit_failed").count() == 1


def test_the_next_night_tries_again(town):
    poor = town.principal(purse_fen=0)
    town.bill(principal=poor)
    run()
    town.wechat.control("contracts", {"contract_id": f"C{poor.pk:08d}", "balance_fen": PURSE_FEN})
    assert counts(run(now=TONIGHT + timedelta(days=1))) == (1, 1, 0, 0)
    town.check(debited=1)


def test_a_night_takes_up_what_the_rule_says(town):
    wanted = set()
    for state, due, days in product(rules.TRANSITIONS, (True, False), (-1, 0, 1)):
        bill = town.bill(began_at=NOW + timedelta(days=days))
        due_at = NOW + timedelta(days=2) if due else None
        paid_fen = 0 if state in rules.LIVE else 3000
        Bill.objects.filter(pk=bill.pk).update(state=state, due_at=due_at, paid_fen=paid_fen)
        began_on = bill.visit.business_date
        if rules.takes_up(
            state=state, due_at=due_at, began_on=began_on, business_date=TONIGHT.date()
        ):
            wanted.add(bill.pk)
    run()
    assert len(wanted) == 6
    assert set(NightDebit.objects.values_list("bill_id", flat=True)) == wanted


@pytest.mark.usefixtures("town")
def test_who_has_no_debit_contract_is_not_taken_up():
    person = builders.person()
    builders.contract(person)
    builders.bill(person, line=line_of(person))
    assert run()["selected"] == 0
    assert not NightDebit.objects.exists()


def test_a_refused_debit_leaves_the_bill_and_reminds(town):
    bill = town.bill(principal=town.principal(purse_fen=0))
    report = run()
    assert (counts(report), report["reminded"]) == ((1, 0, 1, 0), 2)
    bill.refresh_from_db()
    assert (bill.state, bill.paid_fen) == (BillState.OPEN, 0)
    for notice in Notice.objects.all():
        assert notice.person_id == bill.principal_id
        assert notice.params["due"] == "03-04 09:30"
    told = Notice.objects.values_list("template", "send_after")
    assert dict(told) == {
        "debit_failed": at("2026-03-03 08:00"),  # written in the quiet hours
        "before_due": at("2026-03-04 08:00"),  # twelve hours before is quiet, too
    }


def test_too_many_requests_at_once_are_tried_once_more_the_same_night(town):
    town.bill()
    town.wechat.fault("refuse", path=APPLY)
    assert counts(run()) == (1, 1, 0, 0)
    codes = Attempt.objects.order_by("pk").values_list("state", "code")
    assert list(codes) == [("failed", "FREQUENCY_LIMITED"), ("succeeded", "SUCCESS")]
    assert not Notice.objects.filter(template="debit_failed").exists()
    town.check(debited=1)


def test_a_channel_that_keeps_refusing_is_left_alone(town):
    town.bill()
    town.wechat.fault("refuse", path=APPLY, times=-1)
    assert counts(run()) == (1, 0, 1, 0)
    assert Attempt.objects.count() == 2


def test_a_day_takes_no_more_than_its_limit_oldest_first(town):
    person = town.principal(daily_limit_fen=5000)
    bills = [
        town.bill(3000, principal=person, due_at=NOW + timedelta(days=3 - place))
        for place in range(3)
    ]
    assert counts(run()) == (3, 2, 1, 0)
    assert [Bill.objects.get(pk=bill.pk).paid_fen for bill in bills] == [0, 2000, 3000]
    assert counts(run()) == (3, 2, 1, 0)
    assert town.taken_fen(person) == 5000
    check_books()


def test_from_the_due_instant_on_a_bill_is_overdue_and_its_principal_suspended(town):
    late = town.bill(principal=town.principal(purse_fen=0), due_at=TONIGHT)
    early = town.bill(principal=town.principal(purse_fen=0), due_at=TONIGHT + timedelta(seconds=1))
    report = run()
    assert (report["overdue"], report["suspended"]) == (1, 1)
    late.refresh_from_db()
    early.refresh_from_db()
    assert (late.state, early.state) == (BillState.OVERDUE, BillState.OPEN)
    change = StandingChange.objects.get()
    assert change.credit_line.person_id == late.principal_id
    assert (change.after, change.rule, change.reason) == (
        Standing.SUSPENDED,
        "P4.3",
        f"bill:{late.pk} overdue",
    )
    told = Notice.objects.values_list("person_id", "template")
    assert set(told) == {(late.principal_id, "overdue"), (early.principal_id, "debit_failed")}
    assert run() == report


def test_who_can_be_debited_at_the_due_instant_is_not_suspended(town):
    town.bill(due_at=TONIGHT)
    report = run()
    assert (report["debited"], report["overdue"], report["suspended"]) == (1, 0, 0)


def test_a_defaulted_person_is_not_made_better_by_another_overdue_bill(town):
    bill = town.bill(principal=town.principal(purse_fen=0), due_at=TONIGHT)
    CreditLine.objects.update(standing=Standing.DEFAULTED)
    assert run()["suspended"] == 0
    assert CreditLine.objects.get(person=bill.principal).standing == Standing.DEFAULTED


def test_a_night_that_debits_an_overdue_bill_restores_good_standing(town):
    poor = town.principal(purse_fen=0)
    town.bill(principal=poor, due_at=TONIGHT)
    run()
    town.wechat.control("contracts", {"contract_id": f"C{poor.pk:08d}", "balance_fen": PURSE_FEN})
    run(now=TONIGHT + timedelta(days=1))
    assert CreditLine.objects.get(person=poor).standing == Standing.GOOD


@pytest.mark.usefixtures("soon_landed")
def test_a_lost_answer_is_found_and_a_lost_request_fails(town):
    for _ in range(4):
        town.bill()
    for fault in ("drop_answer", "drop_request"):
        town.wechat.fault(fault, path=APPLY)
    assert counts(run()) == (4, 3, 0, 1)
    assert counts(run()) == (4, 4, 0, 0)
    town.check(debited=4)


def test_debits_the_channel_is_slow_about_are_found_the_next_time(town):
    bill = town.bill()
    town.wechat.control("processing", {"held": True})
    assert counts(run()) == (1, 0, 0, 1)
    town.wechat.control("processing", {"held": False})
    assert counts(run(now=TONIGHT + timedelta(days=1))) == (0, 0, 0, 0)
    bill.refresh_from_db()
    assert bill.state == BillState.PAID
    town.check(debited=1)


def test_a_channel_that_is_down_loses_nothing_for_the_night(town):
    town.bill()
    address = town.channel.base_url
    Channel.objects.filter(pk=town.channel.pk).update(base_url="http://127.0.0.1:9")
    assert counts(run()) == (1, 0, 1, 0)
    Channel.objects.filter(pk=town.channel.pk).update(base_url=address)
    assert counts(run()) == (1, 1, 0, 0)
    town.check(debited=1)


def test_a_channel_that_cannot_be_spoken_to_stops_the_night_before_it_begins(town):
    town.bill()
    Channel.objects.filter(pk=town.channel.pk).update(secrets_cipher=None)
    with pytest.raises(ChannelUnknown):
        run()
    assert not Attempt.objects.exists()
    assert not Night.objects.exists()


def test_money_owed_back_is_given_back_by_the_night(town):
    """A reversal stopped before the refund it made necessary."""
    bill = town.bill()
    pay(bill, channel="wechat")
    bill.refresh_from_db()
    lower(bill, 3000)
    run()
    bill.refresh_from_db()
    assert (bill.state, bill.paid_fen) == (BillState.CANCELLED, 0)
    assert town.taken_fen(bill.principal) == 0
    check_books()


def test_a_payment_that_stopped_half_way_is_finished_by_the_night(town):
    """The channel's yes was recorded, and the process died before the bill heard of it."""
    bill = town.bill()
    binding = Binding.objects.get(person=bill.principal)
    attempt = payments.request_debit(
        binding=binding, subject=f"bill:{bill.pk}", amount_fen=3000, now=NOW
    )
    payments.send_debit(attempt.pk, now=NOW)
    assert counts(run()) == (0, 0, 0, 0)
    bill.refresh_from_db()
    assert bill.state == BillState.PAID
    town.check(debited=1)


class Crash(BaseException):
    """The process dies here."""


def dying_at(function, *, after: bool):
    """Wrap a function so that the process dies before or after its first call."""

    def wrapped(*arguments, **keywords):
        if after:
            function(*arguments, **keywords)
        raise Crash

    return wrapped


STEPS = [
    (wanted, "request"),
    (payments, "send_debits"),
    (calls, "send_all"),
    (services, "conclude"),
    (payments, "record"),
    (applying, "apply"),
]


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(("module", "step"), STEPS, ids=[name for _, name in STEPS])
@pytest.mark.usefixtures("soon_landed")
def test_a_crash_at_any_step_loses_nothing_and_takes_nothing_twice(
    town, monkeypatch, module, step, after
):
    for _ in range(6):
        town.bill(due_at=TONIGHT)
    with monkeypatch.context() as patched:
        patched.setattr(module, step, dying_at(getattr(module, step), after=after))
        with pytest.raises(Crash):
            run()
    report = run()
    assert (report["selected"], report["failed"], report["unknown"]) == (6, 0, 0)
    assert report["debited"] == 6
    assert (report["overdue"], report["suspended"]) == (0, 0)
    town.check(debited=6)


SCRIPT = """
import json, sys, django
from datetime import datetime
django.setup()
from yifu.collection import nightly
now = datetime.fromisoformat(sys.argv[1])
print("ready", flush=True)
nightly.run(area=sys.argv[2], business_date=now.date(), now=now, progress=lambda *_: None)
print("done", flush=True)
"""


def database_url() -> str:
    settings = connection.settings_dict
    host = settings["HOST"]
    who = settings["USER"] + (f":{settings['PASSWORD']}" if settings["PASSWORD"] else "")
    if host.startswith("/"):
        return f"postgresql://{who}@/{settings['NAME']}?host={quote(host)}"
    return f"postgresql://{who}@{host}:{settings['PORT']}/{settings['NAME']}"


@pytest.mark.parametrize("taken", [0, 1, 20])
@pytest.mark.usefixtures("soon_landed")
def test_a_killed_night_is_finished_by_the_next_run(town, taken):
    """Killed when the channel has taken so many debits."""
    for _ in range(40):
        town.bill()
    before = town.orders()
    town.wechat.control("latency", {"ms": 20})
    connection.close()
    with subprocess.Popen(
        [sys.executable, "-c", SCRIPT, TONIGHT.isoformat(), AREA],
        env=os.environ
        | {"DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "yifu.settings"},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        while town.orders() < before + taken:
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
        assert process.stdout.read() == ""
    town.wechat.control("latency", {"ms": 0})
    assert counts(run()) == (40, 40, 0, 0)
    town.check(debited=40)


def run_in_thread(_: int = 0) -> None:
    try:
        run()
    finally:
        connection.close()


def test_of_two_nights_at_once_the_second_is_refused(town):
    for _ in range(10):
        town.bill()
    town.wechat.control("latency", {"ms": 700})
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(run_in_thread)
        while not Night.objects.exists():
            time.sleep(0.01)
        with pytest.raises(NightRunning):
            run()
        first.result()
    town.wechat.control("latency", {"ms": 0})
    town.check(debited=10)


def test_payers_during_the_night_do_not_pay_twice(town):
    bills = [town.bill() for _ in range(20)]
    town.wechat.control("latency", {"ms": 5})

    def pay_cash(bill: Bill) -> int:
        try:
            services.pay_bill(
                bill_id=bill.pk, channel="cash", amount_fen=3000, now=TONIGHT, institution_id=None
            )
        except (PaymentUnderWay, BillNotPayable):
            return 0
        finally:
            connection.close()
        return 1

    with ThreadPoolExecutor(4) as pool:
        night = pool.submit(run_in_thread)
        by_hand = sum(pool.map(pay_cash, reversed(bills)))
        night.result()
    town.wechat.control("latency", {"ms": 0})
    assert Bill.objects.filter(state=BillState.PAID, paid_fen=3000).count() == 20
    assert sum(town.taken_fen(bill.principal) for bill in bills) == 3000 * (20 - by_hand)
    check_books()


def test_the_number_of_statements_does_not_grow_with_the_bills(town):
    """Within a chunk; whoever listens to paid bills asks for himself."""
    measured = []
    for day, size in enumerate((5, 40)):
        for _ in range(size):
            town.bill()
        with CaptureQueriesContext(connection) as captured:
            run(now=TONIGHT + timedelta(days=day))
        others = ("settlement_settlement", "credit_schemeversion")
        ours = [one for one in captured if not any(name in one["sql"] for name in others)]
        measured.append(len(ours))
    assert measured[1] == measured[0]
    town.check(debited=45)


def test_progress_is_told_step_by_step(town):
    for _ in range(3):
        town.bill()
    town.bill(principal=town.principal(purse_fen=0), due_at=TONIGHT)
    told = []
    run(progress=lambda *step: told.append(step))
    assert told == [
        ("debit wechat", 4, 4),
        ("remind failed", 1, 1),
        ("overdue", 1, 1),
        ("suspend", 1, 1),
    ]
    assert json.loads(json.dumps(Night.objects.get().report))


def test_the_channel_is_spoken_to_on_connections_that_stay_open(town):
    town.bill()
    run()
    first = gateway.adapter(town.channel)
    town.bill()
    run(now=TONIGHT + timedelta(days=1))
    assert gateway.adapter(town.channel) is first
