"""When a bill is due: to the second, over month ends and leap days, by China's clock (P4.1)."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifu.clock import CHINA
from yifu.credit import schemes
from yifu.credit.rules import STAY, due_at, due_when_opened

HANGZHOU, SHANGHAI, WENZHOU = (schemes.load(code) for code in ("hangzhou", "shanghai", "wenzhou"))
SCHEMES = st.sampled_from([HANGZHOU, SHANGHAI, WENZHOU])
KINDS = st.sampled_from(["outpatient", "emergency", STAY, "pharmacy"])
OFFSETS = st.integers(-12, 14).map(lambda hours: timezone(timedelta(hours=hours)))
MOMENTS = st.datetimes(datetime(2019, 1, 1), datetime(2040, 1, 1)).map(  # noqa: DTZ001 - given a zone next
    lambda at: at.replace(tzinfo=CHINA)
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


@pytest.mark.parametrize(
    ("ended", "due"),
    [
        ("2026-03-01 10:00", "2026-03-04 00:00"),
        ("2026-03-01 00:00:00", "2026-03-04 00:00"),
        ("2026-03-01 23:59:59", "2026-03-04 00:00"),
        ("2026-03-02 00:00:00", "2026-03-05 00:00"),
        ("2026-04-29 12:00", "2026-05-02 00:00"),
        ("2026-12-30 12:00", "2027-01-02 00:00"),
        ("2027-02-26 12:00", "2027-03-01 00:00"),
        ("2028-02-26 12:00", "2028-02-29 00:00"),
        ("2028-02-27 12:00", "2028-03-01 00:00"),
        ("2028-02-29 23:59:59", "2028-03-03 00:00"),
    ],
)
def test_hangzhou_counts_48_hours_from_the_midnight_after_the_visit(ended, due):
    assert due_at(HANGZHOU, ended_at=at(ended)) == at(due)
    assert due_at(HANGZHOU, ended_at=at(ended), kind=STAY) == at(due)


def test_a_day_ends_by_chinas_clock_whatever_clock_the_hospital_writes():
    late = datetime(2026, 3, 1, 16, 0, tzinfo=UTC)  # midnight in China
    assert due_at(HANGZHOU, ended_at=late - timedelta(seconds=1)) == at("2026-03-04 00:00")
    assert due_at(HANGZHOU, ended_at=late) == at("2026-03-05 00:00")


def test_a_stay_due_on_leaving_is_due_by_the_second_of_the_discharge():
    left = at("2028-02-28 11:22:33")
    assert due_at(SHANGHAI, ended_at=left, kind=STAY) == left
    assert due_at(WENZHOU, ended_at=left, kind=STAY) == at("2028-03-06 11:22:33")
    assert due_at(WENZHOU, ended_at=left) == at("2028-03-07 00:00")


@given(SCHEMES, MOMENTS, OFFSETS, KINDS)
def test_the_offset_a_time_is_written_with_changes_nothing(scheme, ended_at, offset, kind):
    written = ended_at.astimezone(offset)
    assert due_at(scheme, ended_at=written, kind=kind) == due_at(
        scheme, ended_at=ended_at, kind=kind
    )


@given(SCHEMES, MOMENTS, st.timedeltas(timedelta(0), timedelta(days=40)), KINDS)
def test_what_ends_later_is_not_due_earlier_and_nothing_before_it_ended(
    scheme, ended_at, later, kind
):
    due = due_at(scheme, ended_at=ended_at, kind=kind)
    assert ended_at <= due <= due_at(scheme, ended_at=ended_at + later, kind=kind)


@given(MOMENTS, st.sampled_from(["outpatient", STAY]))
def test_in_hangzhou_everybody_has_between_48_and_72_hours(ended_at, kind):
    left = due_at(HANGZHOU, ended_at=ended_at, kind=kind) - ended_at
    assert timedelta(hours=48) < left <= timedelta(hours=72)
    due = due_at(HANGZHOU, ended_at=ended_at, kind=kind).astimezone(CHINA)
    assert (due.hour, due.minute, due.second, due.microsecond) == (0, 0, 0, 0)


@given(SCHEMES, MOMENTS, st.timedeltas(timedelta(-40), timedelta(days=40)), KINDS)
def test_no_bill_is_overdue_when_it_is_opened(scheme, opened_at, ago, kind):
    due = due_when_opened(scheme, ended_at=opened_at - ago, opened_at=opened_at, kind=kind)
    assert due is not None
    assert due >= opened_at


@given(SCHEMES, MOMENTS)
def test_the_bill_of_a_stay_that_goes_on_is_not_due_and_of_a_visit_as_if_it_ended_now(scheme, now):
    assert due_when_opened(scheme, ended_at=None, opened_at=now, kind=STAY) is None
    assert due_when_opened(scheme, ended_at=None, opened_at=now, kind="outpatient") == due_at(
        scheme, ended_at=now
    )
