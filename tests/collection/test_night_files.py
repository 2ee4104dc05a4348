"""The night through a channel of files: the chain, caps, bad results, lost answers, kill -9."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection

from tests import builders
from tests.builders import AREA, NOW
from tests.collection.test_nightly import PURSE_FEN, SCRIPT, TONIGHT, counts, database_url
from tests.collection.test_services import check_books, line_of
from tests.counterparts.conftest import running_counterpart
from yifu.collection import night_debits, nightly
from yifu.collection.models import Bill, BillPayment, BillState, NightDebit, NightStep
from yifu.credit.models import CreditLine, Standing
from yifu.ledger.models import Account
from yifu.ledger.services import balances
from yifu.patients.models import Notice, Person
from yifu.payments import files, gateway
from yifu.payments.models import (
    Attempt,
    AttemptState,
    Binding,
    Channel,
    ChannelKind,
    DebitFile,
    FileState,
)
from yifu.secrets import encrypt

KILLS = int(os.environ.get("YIFU_KILLS", "4"))
"""Random points at which a night is killed; twenty (`YIFU_KILLS=20`) take a minute."""


@pytest.fixture(scope="module")
def bank_process(tmp_path_factory):
    with running_counterpart("batch", tmp_path_factory.mktemp("batch")) as counterpart:
        counterpart.control("apps", {"app": "yifu", "key": "k"})
        yield counterpart
    gateway.close()


@pytest.fixture
def bank(bank_process, transactional_db, monkeypatch):  # noqa: ARG001 - real commits
    monkeypatch.setattr(files, "PATIENCE_SECONDS", 0.5)
    bank_process.control("clock", {"now": TONIGHT.isoformat()})
    yield bank_process
    bank_process.control("faults", method="DELETE")
    bank_process.control("tamper", method="DELETE")
    bank_process.control("processing", {"held": False})


@pytest.fixture
def card(bank):
    """The area's citizen card, the first of Hangzhou's chain."""
    return Channel.objects.create(
        area=builders.area(),
        code="citizen_card",
        kind=ChannelKind.FILE,
        base_url=bank.url,
        secrets_cipher=encrypt(json.dumps({"app": "yifu", "key": "k"})),
    )


def principal(bank, card, *, balance_fen=PURSE_FEN, code="", **more) -> Person:
    person = builders.person()
    builders.contract(person)
    made = builders.binding(person, card, **more)
    told = {"agreement": str(made.pk), "balance_fen": balance_fen, "code": code}
    bank.control("agreements", [told])
    return person


def owe(person: Person, fen: int = 3000, **more) -> Bill:
    return builders.bill(person, fen, line=line_of(person), **more)


def run(now=TONIGHT):
    return nightly.run(area=AREA, business_date=now.date(), now=now, progress=lambda *_: None)


def taken_fen(bank, person: Person) -> int:
    agreement = Binding.objects.get(person=person, channel__kind=ChannelKind.FILE).pk
    return PURSE_FEN - int(bank.control(f"agreements/{agreement}", method="GET")["balance_fen"])


def test_a_night_debits_by_file(bank, card):
    bills = [owe(principal(bank, card), 1000 + place) for place in range(5)]
    report = run()
    assert counts(report) == (5, 5, 0, 0)
    assert report["debited_fen"] == sum(bill.amount_fen for bill in bills)
    file = DebitFile.objects.get()
    assert (file.state, file.rows, file.amount_fen) == ("applied", 5, report["debited_fen"])
    assert Bill.objects.filter(state=BillState.PAID).count() == 5
    assert Notice.objects.filter(template="debited").count() == 5
    assert dict(balances("channel:citizen_card")) == {"channel:citizen_card": file.amount_fen}
    assert [taken_fen(bank, bill.principal) for bill in bills] == [b.amount_fen for b in bills]
    assert run() == report
    check_books()


def test_a_dependants_line_and_its_principals_both_owe_less(bank, card):
    parent, child = builders.person(), builders.person(born="2020-01-01")
    builders.contract(parent, dependants=[(child, 50_000)])
    made = builders.binding(parent, card)
    bank.control("agreements", [{"agreement": str(made.pk)}])
    share = CreditLine.objects.get(person=parent).shares.get().line
    builders.bill(parent, 3000, line=share, patient=child)
    assert counts(run()) == (1, 1, 0, 0)
    check_books()


def test_what_a_channel_refuses_goes_on_to_the_next_in_the_same_night(bank, card, channel, wechat):
    person = principal(bank, card, balance_fen=0)
    builders.binding(person, channel, wechat, balance_fen=PURSE_FEN)
    owe(person)
    assert counts(run()) == (1, 1, 0, 0)
    tried = Attempt.objects.order_by("pk").values_list("channel__code", "state", "code")
    assert list(tried) == [
        ("citizen_card", "failed", "NOT_ENOUGH"),
        ("wechat", "succeeded", "SUCCESS"),
    ]
    check_books()


@pytest.mark.parametrize(
    ("code", "tries"), [("BUSY", 2), ("NOT_ENOUGH", 1), ("INVALID_ROW", 1), ("NEVER_HEARD_OF", 1)]
)
def test_only_a_code_that_says_so_is_tried_again(bank, card, code, tries):
    owe(principal(bank, card, code=code))
    assert counts(run()) == (1, 0, 1, 0)
    assert Attempt.objects.count() == tries


def test_a_code_that_is_not_mapped_stops_the_chain(bank, card, channel, wechat):
    person = principal(bank, card, code="NEVER_HEARD_OF")
    builders.binding(person, channel, wechat, balance_fen=PURSE_FEN)
    owe(person)
    assert counts(run()) == (1, 0, 1, 0)


def test_a_day_takes_no_more_than_its_limit_earlier_due_first(bank, card):
    person = principal(bank, card, daily_limit_fen=5000)
    bills = [owe(person, due_at=NOW + timedelta(days=3 - place)) for place in range(3)]
    assert counts(run()) == (3, 2, 1, 0)
    assert [Bill.objects.get(pk=bill.pk).paid_fen for bill in bills] == [0, 2000, 3000]
    assert counts(run()) == (3, 2, 1, 0)
    assert taken_fen(bank, person) == 5000
    check_books()


def test_paying_an_overdue_bill_restores_its_principal(bank, card):
    person = principal(bank, card, balance_fen=0)
    owe(person, due_at=TONIGHT)
    assert run()["suspended"] == 1
    made = Binding.objects.get(person=person)
    bank.control("agreements", [{"agreement": str(made.pk), "balance_fen": PURSE_FEN}])
    run(TONIGHT + timedelta(days=1))
    assert CreditLine.objects.get(person=person).standing == Standing.GOOD
    check_books()


BAD = {
    "unknown_row": "unknown_row",
    "doubled_row": "doubled_row",
    "missing_row": "missing_row",
    "wrong_amount": "wrong_amount",
    "sum": "sum",
    "count": "count",
    "digest": "digest",
    "number": "number",
    "truncated": "digest",
    "malformed": "malformed_row",
}


@pytest.mark.parametrize(("fault", "named"), BAD.items(), ids=list(BAD))
def test_a_result_that_does_not_fit_changes_nothing_and_says_why(bank, card, fault, named):
    bills = [owe(principal(bank, card)) for _ in range(3)]
    bank.control("tamper", {"fault": fault})
    report = run()
    assert counts(report) == (3, 0, 0, 3)
    (debit,) = [
        one
        for one in nightly.steps_of(area=AREA, business_date=TONIGHT.date())
        if one["name"] == "debit"
    ]
    assert debit["report"]["files_faulty"] == 1
    file = DebitFile.objects.get()
    assert file.state == FileState.UNKNOWN
    assert named in [one["kind"] for one in file.faults]
    assert not BillPayment.objects.exists()
    assert set(Attempt.objects.values_list("state", flat=True)) == {AttemptState.UNKNOWN}
    assert {bill.state for bill in Bill.objects.all()} == {BillState.OPEN}
    # Asked again, the bank says it right: everything is as if nothing had been.
    assert counts(run()) == (3, 3, 0, 0)
    assert sum(taken_fen(bank, bill.principal) for bill in bills) == 9000
    check_books()


@pytest.mark.parametrize("operation", ["put", "result"])
@pytest.mark.parametrize("fault", ["drop_answer", "drop_request", "twice", "nonsense"])
def test_what_gets_lost_on_the_way_is_found_and_nothing_is_taken_twice(
    bank, card, operation, fault
):
    bills = [owe(principal(bank, card)) for _ in range(3)]
    bank.fault(fault, operation=operation)
    run()
    assert counts(run()) == (3, 3, 0, 0)
    assert [taken_fen(bank, bill.principal) for bill in bills] == [3000] * 3
    assert DebitFile.objects.count() == 1
    check_books()


def test_a_bank_that_is_down_loses_nothing_for_the_night(bank, card):
    owe(principal(bank, card))
    Channel.objects.filter(pk=card.pk).update(base_url="http://127.0.0.1:9")
    assert counts(run()) == (1, 0, 1, 0)
    assert set(Attempt.objects.values_list("code", flat=True)) == {"UNSENT"}
    Channel.objects.filter(pk=card.pk).update(base_url=bank.url)
    assert counts(run()) == (1, 1, 0, 0)
    check_books()


def test_a_result_that_takes_until_morning_is_fetched_by_the_next_run(bank, card):
    owe(principal(bank, card))
    bank.control("processing", {"held": True})
    report = run()
    assert counts(report) == (1, 0, 0, 1)
    bank.control("processing", {"held": False})
    run(TONIGHT + timedelta(days=1))
    assert Bill.objects.get().state == BillState.PAID
    assert NightDebit.objects.count() == 1
    check_books()


def test_what_was_lowered_while_the_bank_debited_goes_back(bank, card, monkeypatch):
    from tests.collection.test_services import lower

    bill = owe(principal(bank, card))
    fetch = files.fetch

    def meanwhile(file_id, **more):
        bill.refresh_from_db()
        if bill.amount_fen == 3000:
            lower(bill, 1000)
        return fetch(file_id, **more)

    monkeypatch.setattr(files, "fetch", meanwhile)
    run()
    bill.refresh_from_db()
    assert (bill.state, bill.amount_fen, bill.paid_fen) == (BillState.PAID, 2000, 3000)
    run(TONIGHT + timedelta(days=1))
    bill.refresh_from_db()
    assert bill.paid_fen == 2000
    assert taken_fen(bank, bill.principal) == 2000
    check_books()


def test_the_city_is_worked_on_in_parts_and_at_once(bank, card, monkeypatch):
    monkeypatch.setattr(night_debits, "FILE_ROWS", 3)
    for _ in range(20):
        owe(principal(bank, card))
    assert counts(run()) == (20, 20, 0, 0)
    assert DebitFile.objects.count() == 7
    step = NightStep.objects.get(name="debit")
    assert (step.state, step.done, step.total) == ("done", 7, 7)
    check_books()


def books() -> dict[str, object]:
    """What has to be the same however often the night was killed."""
    return {
        "balances": dict(balances("")),
        "bills": Counter(Bill.objects.values_list("state", "amount_fen", "paid_fen")),
        "standing": Counter(CreditLine.objects.values_list("standing", flat=True)),
        "succeeded": Attempt.objects.filter(state="succeeded").count(),
        "under_way": Attempt.objects.filter(state__in=["requested", "unknown"]).count(),
        "payments": Counter(BillPayment.objects.values_list("amount_fen", flat=True)),
        "notices": Counter(Notice.objects.values_list("template", flat=True)),
        "accounts": Account.objects.count(),
    }


def expected(poor: int, rich: int, wechat_only: int) -> Counter[tuple[str, int, int]]:
    return Counter({("paid", 3000, 3000): rich + wechat_only, ("overdue", 3000, 0): poor})


@pytest.mark.timeout(300)
@pytest.mark.usefixtures("soon_landed")
def test_a_night_killed_at_random_points_ends_as_an_undisturbed_one(
    bank, card, channel, wechat, monkeypatch
):
    """Killed with -9 again and again in one night, resumed each time."""
    rich, poor, others = 60, 6, 30
    for place in range(rich + poor):
        owe(principal(bank, card, balance_fen=PURSE_FEN if place < rich else 0), due_at=TONIGHT)
    for _ in range(others):
        person = builders.person()
        builders.contract(person)
        builders.binding(person, channel, wechat, balance_fen=PURSE_FEN)
        owe(person, due_at=TONIGHT)
    wechat.control("latency", {"ms": 10})
    bank.control("latency", {"ms": 30})
    script = SCRIPT.replace(
        'print("ready"',
        "from yifu.collection import night_debits as n; n.FILE_ROWS = 10\n"
        'n.CALLS = 8\nprint("ready"',
    )
    connection.close()
    chance = random.Random(7)  # noqa: S311 - the same points every time
    for _ in range(KILLS):
        with subprocess.Popen(
            [sys.executable, "-c", script, TONIGHT.isoformat(), AREA],
            env=os.environ
            | {"DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "yifu.settings"},
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            time.sleep(chance.uniform(0.0, 1.5))
            process.send_signal(signal.SIGKILL)
    wechat.control("latency", {"ms": 0})
    bank.control("latency", {"ms": 0})
    monkeypatch.setattr(files, "PATIENCE_SECONDS", 5.0)
    report = run()
    found = books()
    assert found["bills"] == expected(poor, rich, others)
    assert (report["debited"], report["failed"], report["unknown"]) == (rich + others, poor, 0)
    assert (report["overdue"], report["suspended"], report["reminded"]) == (poor, poor, poor)
    assert found["succeeded"] == rich + others
    assert found["under_way"] == 0
    assert found["payments"] == {3000: rich + others}
    assert found["notices"] == {"debited": rich + others, "overdue": poor}
    assert found["standing"] == {"good": rich + others, "suspended": poor}
    assert dict(balances("channel:")) == {
        "channel:citizen_card": 3000 * rich,
        "channel:wechat": 3000 * others,
    }
    check_books()
