"""Several things at once, but each family's in their order."""

import threading
import time
from contextlib import nullcontext
from random import Random

import pytest

from counterparts.hospital import lanes


def run(events, work, *, count=4):
    lanes.run(events, lanes=count, family_of=lambda event: event[0], tools=nullcontext, work=work)


@pytest.mark.parametrize("count", [1, 2, 8])
def test_every_event_is_worked_on_once_and_each_familys_in_order(count):
    rng = Random(5)  # noqa: S311 - a shuffle needs no secrecy
    events = [(rng.randrange(6), number) for number in range(120)]
    seen = []

    def work(_tools, event):
        time.sleep(rng.random() / 2000)
        seen.append(event)

    run(events, work, count=count)
    assert sorted(seen) == sorted(events)
    for family in range(6):
        mine = [event for event in seen if event[0] == family]
        assert mine == [event for event in events if event[0] == family]


def test_two_of_one_family_are_never_worked_on_at_once():
    busy, overlaps, lock = set(), [], threading.Lock()

    def work(_tools, event):
        with lock:
            if event[0] in busy:
                overlaps.append(event)
            busy.add(event[0])
        time.sleep(0.001)
        with lock:
            busy.discard(event[0])

    run([(number % 3, number) for number in range(60)], work, count=8)
    assert overlaps == []


def test_a_slow_answer_holds_up_its_own_family_only():
    done, others_done = [], threading.Event()

    def work(_tools, event):
        if event == ("slow", 0):
            assert others_done.wait(10)
        done.append(event)
        if len(done) == 20:
            others_done.set()

    events = [("slow", 0), ("slow", 1), *((f"other {n}", n) for n in range(20))]
    run(events, work, count=2)
    assert done[-2:] == [("slow", 0), ("slow", 1)]


def test_each_lane_has_tools_of_its_own():
    made: list[list[object]] = []

    def tools():
        made.append([])
        return nullcontext(made[-1])

    lanes.run(
        [(n, n) for n in range(10)],
        lanes=3,
        family_of=lambda event: event[0],
        tools=tools,
        work=lambda mine, event: mine.append(event),
    )
    assert len(made) == 3
    assert sum(map(len, made)) == 10


def test_the_first_failure_ends_all_lanes_and_is_raised():
    begun = []

    def work(_tools, event):
        begun.append(event)
        if event[1] == 3:
            raise LookupError("no more")
        time.sleep(0.005)

    with pytest.raises(LookupError, match="no more"):
        run([(n, n) for n in range(200)], work)
    assert len(begun) < 200


def test_nothing_to_do_is_done_at_once():
    run([], lambda _tools, _event: pytest.fail("there is no event"))
