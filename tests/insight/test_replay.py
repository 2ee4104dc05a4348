"""The engine of a what-if: what is true of every family, whatever happened to it."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yifu import dates
from yifu.credit import rules as credit
from yifu.credit import schemes
from yifu.credit.schemes import Scheme
from yifu.insight import replay
from yifu.insight.replay import DAY, Event, Tally, Terms, Timeline

SCHEME = schemes.load("hangzhou")
SINCE = date(2026, 1, 1)
few = settings(max_examples=40, deadline=None)
START, END = replay.midnight(SINCE), replay.midnight(date(2027, 1, 1))


def changed(base: Scheme = SCHEME, **parts: dict[str, object]) -> Scheme:
    """A scheme with some values of some of its parts changed, checked as a file's are."""
    raw = base.model_dump(mode="python")
    for part, values in parts.items():
        raw[part] = raw[part] | values
    return Scheme.model_validate(raw)


def limited(limit_fen: int, base: Scheme = SCHEME) -> Scheme:
    """A scheme that gives everybody the same limit."""
    band = {"lowest": 0, "highest": 1000, "limit_fen": limit_fen}
    return changed(base, score={"unscored_limit_fen": limit_fen, "bands": (band,)})


def event(day: int = 0, fen: int = 1000, **changes: Any) -> Event:
    """A part of 10 yuan, on credit, paid an hour after the visit at noon."""
    at = START + day * DAY + 12 * 3600
    values: dict[str, Any] = {
        "person_id": 1,
        "dependant": False,
        "share_fen": None,
        "kind": "outpatient",
        "district": "",
        "at": at,
        "amount_fen": fen,
        "on_credit": True,
        "due": replay.midnight(SINCE) + (day + 3) * DAY,
        "paid": at + 3600,
        "by_night": False,
        "carried": False,
    }
    return Event(**(values | changes))


def due_of(day: int) -> int:
    """When a visit's bill was due."""
    due = event(day).due
    assert due is not None
    return due


def live(events: list[Event], scheme: Scheme = SCHEME, *, score: int | None = 700):
    return replay.live(events, Timeline([(SINCE, scheme)]), score=score, since=START, end=END)


def tally(*families, scheme: Scheme = SCHEME) -> Tally:
    sums = Tally(START, END)
    for events in families:
        sums.add(live(events, scheme))
    return sums


@st.composite
def families(draw, *, paid=True) -> list[Event]:
    """A principal and two dependants, with up to twelve parts in the year."""
    days = sorted(draw(st.lists(st.integers(0, 364), max_size=12)))
    found = []
    for day in days:
        person = draw(st.integers(1, 3))
        plain = event(day)
        lag = draw(st.none() | st.integers(0, 200 * DAY)) if paid else None
        found.append(
            plain._replace(
                person_id=person,
                dependant=person != 1,
                share_fen=draw(st.none() | st.integers(0, 5000)) if person != 1 else None,
                kind=draw(st.sampled_from(["outpatient", "emergency", "inpatient", "pharmacy"])),
                district=draw(st.sampled_from(["", "示范区"])),
                amount_fen=draw(st.integers(1, 200_000)),
                on_credit=draw(st.booleans()),
                paid=None if lag is None else plain.at + lag,
                by_night=draw(st.booleans()) and lag is not None,
                carried=False,
            )
        )
    return found


@st.composite
def rules(draw) -> Scheme:
    """Hangzhou's scheme with other numbers."""
    return changed(
        limited(draw(st.integers(0, 500_000))),
        limits={
            "visit_fen": draw(st.none() | st.integers(0, 200_000)),
            "day_fen": draw(st.none() | st.integers(0, 200_000)),
            "dependant_fen": draw(st.none() | st.integers(0, 200_000)),
            "dependant_most_fen": draw(st.none() | st.integers(0, 200_000)),
        },
        due={
            "days_after_visit": draw(st.integers(0, 5)),
            "then_hours": draw(st.integers(0, 500)),
            "stay": draw(st.sampled_from(["as_visit", "on_leaving"])),
        },
        overdue={
            "suspend_after_hours": draw(st.integers(0, 500)),
            "default_after_months": draw(st.integers(1, 6)),
        },
        bad_debt={"write_off_after_months": draw(st.integers(1, 12))},
        debit={"stop_after_days": draw(st.none() | st.integers(0, 60))},
    )


@few
@given(families(), rules())
def test_the_same_scheme_twice_gives_the_same(events, scheme):
    first, second = live(events, scheme), live(events, scheme)
    assert first == second
    assert first.level in (replay.GOOD, replay.SUSPENDED, replay.DEFAULTED)


@few
@given(st.lists(families(), max_size=4), rules())
def test_no_fen_is_lost(found, scheme):
    """Every part is on credit or not, and what is on credit is paid, owed or borne by somebody."""
    sums = tally(*found, scheme=scheme)
    everything = [event for events in found for event in events]
    assert sums.parts == len(everything)
    assert sums.amount_fen == sum(event.amount_fen for event in everything)
    assert sums.credit_parts + sum(sums.refused.values()) == sums.parts
    borne_fen = sum(sums.bad_fen.values())
    assert sums.credit_fen == sums.paid_fen + sums.owed_fen + borne_fen
    assert sum(sums.aged_fen.values()) == sums.owed_fen
    assert sum(sums.changes.values()) == sums.owed_fen, "what lines owe at the end"
    average_fen, peak_fen = sums.used()
    assert 0 <= average_fen <= peak_fen <= sums.credit_fen


@few
@given(st.lists(families(), max_size=4), rules(), st.randoms(use_true_random=False))
def test_the_order_of_families_does_not_matter(found, scheme, random):
    sums = tally(*found, scheme=scheme)
    random.shuffle(found)
    assert tally(*found, scheme=scheme) == sums


@few
@given(families(), rules())
def test_a_line_never_owes_more_than_its_limit_and_what_an_emergency_may_add(events, scheme):
    lived = live(events, scheme)
    most = scheme.score.limit_fen(700) + scheme.limits.emergency_over_fen
    for bill in lived.bills:
        together = [
            other.amount_fen
            for other in lived.bills
            if other.opened <= bill.opened < other.paid or other is bill
        ]
        assert sum(together) <= most or sum(together) - bill.amount_fen <= most


@few
@given(families(), rules())
def test_nobody_suspended_goes_on_credit(events, scheme):
    lived = live(events, scheme)
    for bill in lived.bills:
        stopped = [
            other
            for other in lived.bills
            if other.suspends <= bill.opened < other.paid and other.opened < bill.opened
        ]
        assert not stopped


@few
@given(families(paid=False), st.integers(0, 300_000), st.integers(0, 300_000))
def test_where_nothing_is_repaid_a_higher_limit_covers_no_less_money(events, limit_fen, more_fen):
    """While nobody is suspended and nothing else limits: what did not fit leaves room for less."""
    plain = [one._replace(kind="outpatient", dependant=False, share_fen=None) for one in events]
    patient: dict[str, object] = {"then_hours": 10_000}
    low, high = (
        live(plain, changed(limited(fen), due=patient)) for fen in (limit_fen, limit_fen + more_fen)
    )
    assert covered(low) <= covered(high)


@few
@given(families(), rules())
def test_a_limit_that_holds_everything_covers_everything_of_the_prompt(events, scheme):
    prompt = [one._replace(paid=one.at, by_night=False) for one in events]
    wide = changed(
        limited(sum(one.amount_fen for one in events), scheme),
        limits={"visit_fen": None, "day_fen": None, "dependant_fen": None},
    )
    prompt = [one._replace(share_fen=None, on_credit=True) for one in prompt]
    wide = changed(wide, limits={"dependant_most_fen": None})
    assert live(prompt, wide).refused == {}


@few
@given(families(), rules())
def test_without_a_limit_nothing_is_on_credit(events, scheme):
    none = changed(limited(0, scheme), limits={"emergency_over_fen": 0})
    assert live(events, none).bills == []


def covered(lived) -> int:
    return sum(counts[3] for counts in lived.credit.values())


@given(st.integers(0, 500 * DAY), st.integers(0, 10), st.integers(0, 200))
def test_it_is_due_when_the_settlement_says_it_is(seconds, days, hours):
    scheme = changed(due={"days_after_visit": days, "then_hours": hours})
    at = dates.midnight(SINCE) + timedelta(seconds=seconds)
    found = Terms(scheme).due(event()._replace(at=replay.seconds(at)))
    assert found == replay.seconds(credit.due_at(scheme, ended_at=at))


def test_a_stay_may_be_due_on_leaving():
    stay = event(kind="inpatient")
    assert Terms(changed(due={"stay": "on_leaving"})).due(stay) == stay.at
    assert Terms(SCHEME).due(stay) > stay.at


# How people pay


def one(scheme: Scheme = SCHEME, **changes: Any):
    (bill,) = live([event(**changes)], scheme).bills
    return bill


def test_who_paid_in_time_pays_as_long_after_the_visit():
    strict = changed(due={"then_hours": 0})
    paid = event().at + 40 * 3600
    assert one(paid=paid).paid == one(strict, paid=paid).paid == paid
    assert one(paid=paid).paid < one(paid=paid).due
    assert one(strict, paid=paid).paid > one(strict, paid=paid).due


def test_who_paid_late_pays_as_long_after_it_is_due():
    due = event().due
    assert due is not None
    mild = changed(due={"then_hours": 48 + 72})
    assert one(paid=due + 5 * DAY).paid == due + 5 * DAY
    assert one(mild, paid=due + 5 * DAY).paid == due + (3 + 5) * DAY


def test_a_debit_comes_on_the_first_night_that_debits_on_or_after_the_one_that_succeeded():
    night = START + DAY + 1800  # 00:30 of the day after the visit
    assert one(paid=night, by_night=True).paid == night
    monthly = changed(debit={"days_of_month": (10,)})
    assert one(monthly, paid=night, by_night=True).paid == START + 10 * DAY + 1800
    excepted = changed(debit={"not_on": (SINCE,)})
    assert one(excepted, paid=night, by_night=True).paid == night + DAY
    early = changed(debit={"stop_after_days": 1, "days_of_month": (10,)})
    assert one(early, paid=night, by_night=True).paid == replay.NEVER
    never = changed(debit={"days_of_month": (31,), "not_on": ()})
    assert one(never, paid=night, by_night=True).paid == START + 31 * DAY + 1800


def test_what_would_newly_be_on_credit_is_paid_as_the_latest_bill_before_it():
    late = event(0, paid=due_of(0) + 30 * DAY)
    events = [late, event(200, on_credit=False, paid=event(200).at)]
    second = live(events).bills[1]
    assert second.paid == second.due + 30 * DAY
    alone = live(events[1:]).bills[0]
    assert alone.paid == alone.due - 1


def test_what_is_carried_over_is_on_the_line_whatever_the_scheme_says():
    old = event(-2, fen=90_000, carried=True, paid=event().at + 30 * DAY, due=event(-2).due)
    wide = changed(overdue={"suspend_after_hours": 9999})
    lived = live(
        [old, event(0, fen=20_000)], changed(limited(100_000), overdue=wide.overdue.model_dump())
    )
    assert lived.refused == {"limit": 1}
    sums = Tally(START, END)
    sums.add(lived)
    assert (sums.parts, sums.carried_fen, sums.paid_fen) == (1, 90_000, 90_000)
    assert sums.used()[1] == 90_000


# What stands in the way


@pytest.mark.parametrize(
    ("events", "scheme", "reason"),
    [
        ([event(0, 101)], changed(limits={"visit_fen": 100}), "visit"),
        ([event(0, 60, paid=None), event(0, 60)], changed(limits={"day_fen": 100}), "day"),
        ([event(0, 101)], limited(100), "limit"),
        ([event(0, 101, dependant=True, person_id=2, share_fen=100)], SCHEME, "share"),
        (
            [event(0, 101, dependant=True, person_id=2)],
            changed(limits={"dependant_fen": 100}),
            "share",
        ),
        (
            [event(0, 101, dependant=True, person_id=2, share_fen=500)],
            changed(limits={"dependant_most_fen": 100}),
            "share",
        ),
        ([event(0, paid=None), event(3)], SCHEME, "standing"),
        (
            [event(0, 50)],
            changed(limited(100), spending={"mode": "hold", "hold_fen": {"outpatient": 101}}),
            "limit",
        ),
    ],
)
def test_a_part_that_may_not_go_on_the_line_is_paid_at_once(events, scheme, reason):
    assert live(events, scheme).refused == {reason: 1}


def test_an_emergency_may_go_over_the_line_by_what_the_scheme_says():
    scheme = changed(limited(100), limits={"emergency_over_fen": 50})
    assert live([event(0, 150, kind="emergency")], scheme).refused == {}
    assert live([event(0, 151, kind="emergency")], scheme).refused == {"limit": 1}


def test_overdue_suspended_in_default_and_given_up_in_turn():
    assert tally([event(0)]).overdue_bills == 0
    late = event(0, paid=due_of(0) + DAY)
    sums = tally([late])
    assert (sums.overdue_bills, sums.suspended_people, sums.suspended_days) == (1, 1, 1)
    assert (sums.defaulted_people, sums.bad_fen) == (0, {})
    sums = tally([event(0, paid=None, district="示范区")])
    assert (sums.defaulted_people, sums.owed_fen, sums.bad_fen) == (1, 1000, {})
    assert sums.set_aside(SCHEME) == 500
    soon = changed(bad_debt={"write_off_after_months": 3})
    sums = tally([event(0, paid=None, district="示范区")], scheme=soon)
    assert (sums.owed_fen, sums.bad_fen) == (0, {"treasury.shifan": 1000})
    assert sums.set_aside(soon) == 0


def test_a_longer_grace_never_makes_a_bill_overdue():
    """Who pays 44 hours after the visit is late under a short grace, in time under a long one."""
    part = event(0, paid=event(0).at + 44 * 3600, on_credit=True)
    grace = [changed(due={"then_hours": hours}) for hours in range(0, 96, 8)]
    overdue = [tally([part], scheme=scheme).overdue_bills for scheme in grace]
    assert overdue == sorted(overdue, reverse=True)
    assert {0, 1} == set(overdue)


def test_terms_change_on_the_day_a_version_begins():
    begins = SINCE + timedelta(days=100)
    timeline = Timeline([(SINCE, limited(10)), (begins, limited(10_000))])
    found = replay.live(
        [event(99, 100), event(100, 100)], timeline, score=None, since=START, end=END
    )
    assert [bill.opened for bill in found.bills] == [event(100).at]


def test_what_two_schemes_say_differently_is_listed():
    other = changed(due={"then_hours": 24}, limits={"visit_fen": 5})
    assert replay.differences(SCHEME, other) == [
        ("due.then_hours", "48", "24"),
        ("limits.visit_fen", "None", "5"),
    ]
    assert replay.differences(SCHEME, SCHEME) == []


def test_days_are_those_of_china():
    at = datetime.fromisoformat("2026-01-01T00:00:00+08:00")
    assert replay.day_of(replay.seconds(at)) == replay.day_number(SINCE)
    assert replay.day_of(replay.seconds(at) - 1) == replay.day_number(SINCE) - 1
