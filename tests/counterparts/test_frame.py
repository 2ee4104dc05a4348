"""The frame that all counterparts share, seen through one of them."""

import time
from datetime import UTC, datetime

import pytest

from counterparts.frame import Fault, Rule


@pytest.fixture(scope="module")
def process(start_counterpart_for_module, tmp_path_factory):
    return start_counterpart_for_module("insurer", tmp_path_factory.mktemp("frame"))


@pytest.fixture
def counterpart(process):
    process.control("faults", method="DELETE")
    process.control("clock", {"now": None})
    process.control("latency", {"ms": 0})
    return process


def test_it_says_who_it_is_and_that_time_is_real(counterpart):
    health = counterpart.control("health", method="GET")
    assert health["name"] == "insurer"
    told = datetime.fromisoformat(health["now"])
    assert abs((datetime.now(UTC) - told).total_seconds()) < 60


def test_a_set_clock_stands_still_until_it_is_released(counterpart):
    instant = "2026-03-01T10:00:00+08:00"
    assert counterpart.control("clock", {"now": instant})["now"] == instant
    assert counterpart.control("health", method="GET")["now"] == instant
    counterpart.control("clock", {"now": None})
    assert counterpart.control("health", method="GET")["now"] != instant


def test_rules_are_listed_with_what_is_left_of_them(counterpart):
    counterpart.fault("refuse", infno="2207", nth=2, times=3)
    counterpart.fault("delay", seconds=0.5)
    listed = counterpart.control("faults", method="GET")["rules"]
    assert listed == [
        {
            "match": {"infno": "2207", "nth": 2},
            "fault": "refuse",
            "seconds": 1.0,
            "left": 3,
            "fired": 0,
        },
        {"match": {}, "fault": "delay", "seconds": 0.5, "left": 1, "fired": 0},
    ]
    counterpart.control("faults", method="DELETE")
    assert counterpart.control("faults", method="GET") == {"rules": []}


def test_one_wrong_rule_adds_none(counterpart):
    rules = [{"fault": "delay"}, {"fault": "delay", "match": {"nth": 0}}]
    answer = counterpart.client.post("/_control/faults", json={"rules": rules})
    assert answer.status_code == 400
    assert counterpart.control("faults", method="GET") == {"rules": []}


def test_a_rate_strikes_its_share_and_the_same_ones_again():
    def fate(seed):
        rule = Rule(match={}, fault=Fault.DROP_ANSWER, left=-1, rate=0.05, seed=seed)
        return [rule.strikes({}) for _ in range(2000)]

    assert fate(7) == fate(7) != fate(8)
    # 2,000 draws at 5 %: 100 expected, standard deviation below 10.
    assert 60 < sum(fate(7)) < 140


def test_a_rate_is_listed_and_must_be_a_share(counterpart):
    counterpart.fault("drop_answer", rate=0.05, seed=7, times=-1)
    (rule,) = counterpart.control("faults", method="GET")["rules"]
    assert (rule["rate"], rule["seed"], rule["left"]) == (0.05, 7, -1)
    wrong = {"rules": [{"fault": "drop_answer", "rate": 1.5}]}
    answer = counterpart.client.post("/_control/faults", json=wrong)
    assert (answer.status_code, "rate" in answer.text) == (400, True)


def test_the_switchboard_itself_is_not_slowed_by_the_latency_it_sets(counterpart):
    counterpart.control("latency", {"ms": 5000})
    begun = time.monotonic()
    counterpart.control("health", method="GET")
    assert time.monotonic() - begun < 2


def test_it_ends_with_the_signal_that_asks_for_it(start_counterpart, tmp_path):
    counterpart = start_counterpart("insurer", tmp_path)
    begun = time.monotonic()
    counterpart.stop()
    assert counterpart.process.returncode is not None
    assert time.monotonic() - begun < 5
