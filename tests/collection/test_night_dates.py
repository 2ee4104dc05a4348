"""Which dates a night runs, what the calendar of reminders and defaults says, and the steps."""

from datetime import date, datetime, timedelta
from functools import lru_cache

import pytest

from tests import builders
from tests.builders import AREA, NOW
from tests.collection.test_services import check_books, line_of
from yifu.clock import CHINA
from yifu.collection import nightly
from yifu.collection.errors import (
    ClockWentBack,
    NightInFuture,
    NightOutOfOrder,
    TooManyNightsMissed,
)
from yifu.collection.models import Bill, BillState, DefaultEntry, Night
from yifu.credit import versions
from yifu.credit.models import CreditLine, Standing, StandingChange
from yifu.patients.jobs import send_notices
from yifu.patients.models import Notice, NoticeState

pytestmark = pytest.mark.django_db(transaction=True)

DAY = NOW.date()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def run(day: date, *, now: datetime | None = None):
    when = now or datetime.combine(day, NOW.time(), tzinfo=CHINA)
    return nightly.run(area=AREA, business_date=day, now=when, progress=lambda *_: None)


def days(count: int) -> date:
    return DAY + timedelta(days=count)


@pytest.fixture
def debtor():
    person = builders.person()
    builders.contract(person)
    return person


def owe(debtor, due_at: datetime) -> Bill:
    return builders.bill(debtor, 3000, line=line_of(debtor), due_at=due_at)


def test_missed_dates_run_first_in_order_and_are_counted(debtor):
    owe(debtor, NOW + timedelta(days=2))
    assert run(DAY)["caught_up"] == 0
    assert run(days(4))["caught_up"] == 3
    nights = Night.objects.order_by("pk").values_list("business_date", flat=True)
    assert list(nights) == [days(place) for place in range(5)]
    assert not Night.objects.filter(ended_at=None).exists()


def test_a_night_that_stopped_is_finished_before_a_later_one(debtor):
    owe(debtor, NOW)
    run(DAY)
    Night.objects.update(ended_at=None)
    assert run(days(1))["caught_up"] == 1
    assert not Night.objects.filter(ended_at=None).exists()


def test_nothing_is_caught_up_before_an_areas_first_night(debtor):
    owe(debtor, NOW)
    run(days(30))
    assert Night.objects.count() == 1


def test_too_many_missed_dates_are_not_caught_up_by_mistake(debtor):
    owe(debtor, NOW)
    run(DAY)
    with pytest.raises(TooManyNightsMissed):
        run(days(500))
    assert Night.objects.count() == 1


def test_a_date_that_has_not_come_is_refused(debtor):
    owe(debtor, NOW)
    with pytest.raises(NightInFuture):
        run(days(1), now=NOW)
    assert not Night.objects.exists()


def test_a_date_before_a_finished_night_is_refused(debtor):
    owe(debtor, NOW)
    run(days(3))
    with pytest.raises(NightOutOfOrder):
        run(days(1), now=NOW + timedelta(days=4))
    assert Night.objects.count() == 1


def test_an_earlier_night_that_is_over_keeps_its_report(debtor):
    owe(debtor, NOW)
    first = run(DAY)
    run(days(1))
    assert run(DAY, now=NOW + timedelta(days=2)) == first
    assert Night.objects.get(business_date=DAY).begun_at == NOW


def test_a_clock_that_went_back_is_noticed(debtor):
    owe(debtor, NOW)
    run(DAY)
    with pytest.raises(ClockWentBack):
        run(DAY, now=NOW - timedelta(seconds=1))
    with pytest.raises(ClockWentBack):
        run(days(-1), now=NOW - timedelta(days=1))
    assert Night.objects.get().begun_at == NOW


def test_after_a_calendar_month_a_bill_is_a_default_and_an_entry_is_proposed(debtor):
    """Hangzhou: due 31 January, a month later is 28 February, at the same minute."""
    bill = owe(debtor, at("2026-01-31 00:00"))
    run(date(2026, 2, 27), now=at("2026-02-27 23:59"))
    bill.refresh_from_db()
    assert bill.state == BillState.OVERDUE
    assert not DefaultEntry.objects.exists()
    report = run(date(2026, 2, 28), now=at("2026-02-28 00:00"))
    bill.refresh_from_db()
    assert (report["defaulted"], bill.state) == (1, BillState.DEFAULTED)
    entry = DefaultEntry.objects.get()
    assert (entry.bill_id, entry.state, entry.rule) == (bill.pk, "proposed", "P4.4")
    assert entry.institution_id == bill.visit.institution_id
    assert CreditLine.objects.get().standing == Standing.DEFAULTED
    changes = StandingChange.objects.order_by("pk").values_list("before", "after", "rule", "reason")
    assert list(changes) == [
        ("good", "suspended", "P4.3", f"bill:{bill.pk} overdue"),
        ("suspended", "defaulted", "P4.4", f"bill:{bill.pk} defaulted"),
    ]
    assert run(date(2026, 2, 28), now=at("2026-02-28 00:00")) == report
    check_books()


def test_a_scheme_may_suspend_later_than_it_marks_overdue(debtor, monkeypatch):
    scheme = versions.in_force("hangzhou", on=DAY)
    later = scheme.model_copy(
        update={"overdue": scheme.overdue.model_copy(update={"suspend_after_hours": 24})}
    )
    monkeypatch.setattr(versions, "in_force", lru_cache(lambda *_, **__: later))
    owe(debtor, NOW)
    report = run(DAY)
    assert (report["overdue"], report["suspended"]) == (1, 0)
    assert Notice.objects.get().template == "overdue_warning"
    assert run(days(1))["suspended"] == 1


def test_the_overdue_are_reminded_on_the_days_the_scheme_says(debtor):
    bill = owe(debtor, NOW)
    told = []
    for day in range(9):
        run(days(day))
        told.append(Notice.objects.filter(key__startswith=f"bill:{bill.pk}:overdue").count())
    assert told == [1, 2, 2, 3, 3, 3, 3, 4, 4]  # on the day itself, then after 1, 3 and 7 days


def test_at_night_nobody_is_woken(debtor):
    owe(debtor, at("2026-03-02 00:00"))
    run(DAY, now=at("2026-03-02 00:30"))
    assert Notice.objects.get().send_after == at("2026-03-02 08:00")


def test_a_reminder_that_waited_is_not_sent_once_the_bill_is_paid(debtor, monkeypatch):
    monkeypatch.setenv("YIFU_SMS_URL", "http://127.0.0.1:9")
    bill = owe(debtor, NOW)
    run(DAY)
    Bill.objects.filter(pk=bill.pk).update(state=BillState.PAID, paid_fen=3000)
    notice = Notice.objects.get()
    send_notices(first=notice.pk, last=notice.pk)
    notice.refresh_from_db()
    assert notice.state == NoticeState.WITHDRAWN


def test_steps_have_an_order_and_a_report_each(debtor):
    owe(debtor, NOW)
    run(DAY)
    steps = nightly.steps_of(area=AREA, business_date=DAY)
    names = [step["name"] for step in steps]
    assert names == list(nightly.STEPS)
    assert {step["state"] for step in steps} == {"done"}
    reports = {step["name"]: step["report"] for step in steps}
    assert reports["overdue"] == {"overdue": 1, "reminded": 1}
    assert reports["suspend"] == {"suspended": 1}


def test_a_step_that_breaks_off_says_so_and_begins_again(debtor, monkeypatch):
    owe(debtor, NOW)

    def broken(_):
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setitem(nightly.STEPS, "suspend", broken)
        with pytest.raises(RuntimeError):
            run(DAY)
    states = {one["name"]: one["state"] for one in nightly.steps_of(area=AREA, business_date=DAY)}
    assert states["suspend"] == "failed"
    assert "default" not in states
    assert run(DAY)["suspended"] == 1
