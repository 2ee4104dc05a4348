"""The office's switch for defaulters: who is stopped pays everything, until it is taken back."""

from __future__ import annotations

import httpx
import pytest

from tests.counterparts.signing import Caller

LINES = [(1, "A1", 1, 321.0, 321.0)]
UNASKED = {"fulamt_ownpay_amt", "overlmt_selfpay", "preselfpay_amt", "inscp_scp_amt"}
"""Sums that 2207 carries and 2206 does not."""


@pytest.fixture
def city(insurer):
    caller = Caller(insurer)
    insurer.control("city-apps", {"app": caller.app, "key": caller.key})
    return caller


def order(person, number, *, stopped=True, **more):
    told = {"number": number, "id_number": person["certno"], "stopped": stopped}
    return told | {"reason": "bill:12 defaulted", **more}


def tell(city, *args, **more):
    return city.post("/city/standing", order(*args, **more))


def is_stopped(city, person):
    return city.get(f"/city/standing?id_number={person['certno']}").json()["stopped"]


def test_who_is_stopped_cannot_settle_and_can_again_when_restored(city, hospital, persons, speak):
    person = persons.settled_in
    mdtrt_id, results = hospital.visit(person, "MZ1", LINES)
    said = tell(city, person, 1).json()
    assert (said["stopped"], said["applied"]) == (True, True)
    settling = speak.settling(person, mdtrt_id, "1", results)
    assert hospital.error("2207", settling).startswith("SX01 ")
    asked = {name: value for name, value in settling["data"].items() if name not in UNASKED}
    asked |= {name: person[name] for name in ("psn_type", "psn_name")}
    assert hospital.error("2206", {"data": asked}).startswith("SX01 ")
    tell(city, person, 2, stopped=False)
    assert hospital.settle(person, mdtrt_id, "1", results)["fund_pay_sumamt"] > 0


def test_everything_but_settling_goes_on(city, hospital, persons):
    mdtrt_id, setlinfo = hospital.whole_visit(persons.settled_in, "MZ1", LINES)
    tell(city, persons.settled_in, 1)
    hospital.visit(persons.settled_in, "MZ2", [(2, "A1", 1, 10.0, 10.0)])
    hospital.undo(persons.settled_in, setlinfo)
    assert hospital.insurer.control("books", method="GET")["totals"]["fund_fen"] == 0
    assert mdtrt_id


def test_nobody_else_is_stopped(city, hospital, persons):
    tell(city, persons.employee, 1)
    hospital.whole_visit(persons.settled_in, "MZ1", LINES)
    assert not is_stopped(city, persons.settled_in)


def test_what_is_told_again_changes_nothing(city, persons):
    first, second = (tell(city, persons.employee, 7).json() for _ in range(2))
    assert first == second
    assert len(city.counterpart.control("standings", method="GET")["standings"]) == 1
    other = tell(city, persons.employee, 7, stopped=False)
    assert (other.status_code, other.json()["code"]) == (409, "NUMBER_USED")


def test_what_comes_late_is_acknowledged_and_ignored(city, persons):
    tell(city, persons.employee, 9, stopped=False)
    late = tell(city, persons.employee, 8).json()
    assert late["applied"] is False
    assert not is_stopped(city, persons.employee)


def test_somebody_unknown_is_stopped_before_being_insured(city, hospital, persons):
    stranger = {**persons.employee, "certno": persons.employee["certno"][::-1]}
    assert tell(city, stranger, 1).json()["applied"] is True
    assert is_stopped(city, stranger)
    assert hospital.insurer is city.counterpart


@pytest.mark.parametrize(
    "more", [{"number": 0}, {"stopped": "yes"}, {"id_number": ""}, {"reason": None}]
)
def test_a_malformed_order_is_refused(city, persons, more):
    answer = city.post("/city/standing", order(persons.employee, 1) | more)
    assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_FIELD")


def test_a_stranger_cannot_stop_anybody(city, insurer, persons):
    answer = tell(Caller(insurer, key="guessed"), persons.employee, 1)
    assert (answer.status_code, answer.json()["code"]) == (401, "WRONG_SIGNATURE")
    assert not is_stopped(city, persons.employee)


def test_a_lost_answer_has_stopped_and_a_refusal_has_not(city, insurer, persons):
    insurer.fault("refuse", infno="city_standing")
    assert tell(city, persons.employee, 1).status_code == 429
    assert not is_stopped(city, persons.employee)
    insurer.fault("drop_answer", psn_no=persons.employee["psn_no"])
    with pytest.raises(httpx.RemoteProtocolError):
        tell(city, persons.employee, 1)
    assert is_stopped(city, persons.employee)


def test_the_page_shows_who_is_stopped_and_no_number_of_a_certificate(city, insurer, persons):
    tell(city, persons.employee, 1)
    tell(city, persons.employee, 2, stopped=False)
    page = insurer.client.get("/", params={"view": "standings"}).text
    assert persons.employee["psn_name"] in page
    assert page.index("恢复") < page.index("暂停</td>")
    assert persons.employee["certno"] not in page
    keys = insurer.client.get("/", params={"view": "table:city_apps"}).text
    assert city.app in keys
    assert city.key not in keys
