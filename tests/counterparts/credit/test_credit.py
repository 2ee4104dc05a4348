"""The credit platform: it scores people, keeps a list, and knows who speaks to it."""

from __future__ import annotations

import time
from datetime import date
from typing import Any

import httpx
import pytest

from counterparts.population import make_id_number
from tests.counterparts.signing import Caller

PERSON = make_id_number(region="990101", born=date(1980, 1, 1), sequence=7)
OTHER = make_id_number(region="990101", born=date(1981, 1, 1), sequence=8)


@pytest.fixture(scope="module")
def credit(start_counterpart_for_module, tmp_path_factory):
    return start_counterpart_for_module("credit", tmp_path_factory.mktemp("credit"))


@pytest.fixture
def caller(credit):
    caller = Caller(credit)
    credit.control("apps", {"app": caller.app, "key": caller.key})
    credit.control("clock", {"now": "2026-03-02T09:30:00+08:00"})
    yield caller
    credit.control("books", method="DELETE")
    credit.control("scores", method="DELETE")
    credit.control("faults", method="DELETE")


def question(number: str = "R1", id_number: str = PERSON) -> dict[str, Any]:
    return {"request_no": number, "id_number": id_number, "name": "王小明"}


def listing(number: int = 1, *, listed: bool = True, **more: Any) -> dict[str, Any]:
    return {
        "number": number,
        "id_number": PERSON,
        "name": "王小明",
        "listed": listed,
        "reason": "bill:12 defaulted",
        "institution": "示范市第一人民医院",
        "amount_fen": 12_345,
        "since": "2026-03-02",
        **more,
    }


def is_listed(caller: Caller, id_number: str = PERSON) -> bool:
    return bool(caller.get(f"/listings?id_number={id_number}").json()["listed"])


def test_a_score_is_the_sum_of_five_dimensions_and_is_valid_for_a_month(caller):
    answer = caller.post("/scores", question()).json()
    assert answer["score"] == sum(answer["dimensions"].values())
    assert set(answer["dimensions"]) == {
        *("identity", "compliance", "business", "life", "social"),
    }
    assert 350 <= answer["score"] <= 950
    assert answer["valid_until"] == "2026-04-01"


def test_a_score_follows_from_the_person_and_an_answer_from_the_question(caller):
    first = caller.post("/scores", question("R1")).json()
    assert caller.post("/scores", question("R1")).json() == first
    later = caller.post("/scores", question("R2")).json()
    assert later["score"] == first["score"]
    assert later["reference"] != first["reference"]
    assert caller.post("/scores", question("R3", OTHER)).json()["score"] != first["score"]


def test_a_questions_number_is_not_used_for_another_person(caller):
    caller.post("/scores", question("R1"))
    answer = caller.post("/scores", question("R1", OTHER))
    assert (answer.status_code, answer.json()["code"]) == (409, "NUMBER_USED")


def test_a_score_can_be_set_and_a_person_be_unknown(credit, caller):
    credit.control("scores", {"id_number": PERSON, "score": 702})
    assert caller.post("/scores", question("R1")).json()["score"] == 702
    credit.control("scores", {"id_number": PERSON, "score": None})
    answer = caller.post("/scores", question("R2")).json()
    assert (answer["score"], answer["dimensions"]) == (None, {})


def test_who_is_listed_has_no_points_for_compliance(caller):
    before = caller.post("/scores", question("R1")).json()
    caller.post("/listings", listing())
    after = caller.post("/scores", question("R2")).json()
    assert after["dimensions"] == before["dimensions"] | {"compliance": 0}
    assert after["score"] == before["score"] - before["dimensions"]["compliance"]


def test_a_person_is_listed_and_delisted(caller):
    said = caller.post("/listings", listing(1)).json()
    assert said == {
        "number": 1,
        "listed": True,
        "applied": True,
        "at": "2026-03-02T09:30:00+08:00",
    }
    assert is_listed(caller)
    assert not is_listed(caller, OTHER)
    caller.post("/listings", listing(2, listed=False))
    assert not is_listed(caller)


def test_the_same_listing_again_is_acknowledged_and_has_no_second_effect(credit, caller):
    first, second = (caller.post("/listings", listing()).json() for _ in range(2))
    assert first == second
    assert len(credit.control("books", method="GET")["listings"]) == 1


def test_a_number_is_not_used_for_another_content(caller):
    caller.post("/listings", listing(1))
    answer = caller.post("/listings", listing(1, listed=False))
    assert (answer.status_code, answer.json()["code"]) == (409, "NUMBER_USED")
    assert is_listed(caller)


def test_an_older_listing_that_comes_late_is_acknowledged_and_ignored(caller):
    caller.post("/listings", listing(5, listed=False))
    late = caller.post("/listings", listing(4)).json()
    assert late["applied"] is False
    assert not is_listed(caller)


@pytest.mark.parametrize(
    "more",
    [
        {"number": 0},
        {"number": "1"},
        {"number": True},
        {"listed": 1},
        {"amount_fen": -1},
        {"amount_fen": 1.5},
        {"since": "2026-02-30"},
        {"id_number": ""},
        {"name": "长" * 101},
        {"reason": None},
    ],
)
def test_a_malformed_listing_is_refused_and_nothing_kept(credit, caller, more):
    answer = caller.post("/listings", listing(**more))
    assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_FIELD")
    assert credit.control("books", method="GET")["listings"] == []


@pytest.mark.parametrize("body", [b"{", b"[]", b'"x"'])
def test_what_is_no_object_is_refused(caller, body):
    assert caller.post("/listings", body).status_code == 400


def test_a_stranger_is_refused(credit, caller):
    stranger = Caller(credit, app="nobody")
    answer = stranger.post("/listings", listing())
    assert (answer.status_code, answer.json()["code"]) == (401, "UNKNOWN_APP")
    wrong = Caller(credit, key="another key")
    answer = wrong.post("/listings", listing())
    assert (answer.status_code, answer.json()["code"]) == (401, "WRONG_SIGNATURE")
    assert not is_listed(caller)


@pytest.mark.parametrize(
    ("method", "target", "body"),
    [
        ("GET", "/listings", b"{}"),
        ("POST", "/scores", b"{}"),
        ("POST", "/listings", b"{} "),
        ("POST", "/listings?x=1", b"{}"),
    ],
)
def test_what_was_signed_for_something_else_is_refused(caller, method, target, body):
    answer = caller.post("/listings", b"{}", **caller.headers(method, target, body))
    assert (answer.status_code, answer.json()["code"]) == (401, "WRONG_SIGNATURE")


@pytest.mark.parametrize("seconds", [-301, 301])
def test_a_stale_timestamp_is_refused(caller, seconds):
    headers = caller.headers("POST", "/listings", b"{}", at=time.time() + seconds + seconds % 2)
    answer = caller.post("/listings", b"{}", **headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "STALE")


def test_a_replayed_request_is_refused(caller):
    headers = caller.headers("GET", f"/listings?id_number={PERSON}", b"", nonce="once")
    path = f"/listings?id_number={PERSON}"
    assert caller.get(path, **headers).status_code == 200
    again = caller.get(path, **headers)
    assert (again.status_code, again.json()["code"]) == (401, "REPLAYED")


def test_a_lost_answer_leaves_a_listing_and_a_lost_request_none(credit, caller):
    credit.fault("drop_request", id_number=PERSON)
    with pytest.raises(httpx.RemoteProtocolError):
        caller.post("/listings", listing())
    assert not is_listed(caller)
    credit.fault("drop_answer", number="1")
    with pytest.raises(httpx.RemoteProtocolError):
        caller.post("/listings", listing())
    assert is_listed(caller)
    assert caller.post("/listings", listing()).json()["applied"] is True


def test_a_refusal_can_be_asked_for(credit, caller):
    credit.fault("refuse", path="/scores")
    assert caller.post("/scores", question()).status_code == 429
    assert caller.post("/scores", question()).status_code == 200


def test_the_page_shows_the_list_and_the_scores_without_whole_numbers(credit, caller):
    caller.post("/listings", listing(name="<王>小明"))
    caller.post("/scores", question())
    page = credit.client.get("/").text
    assert "失信名单：1 人" in page
    assert "&lt;王&gt;小明" in page
    assert "¥123.45" in page
    assert PERSON not in page
    assert f"{PERSON[:4]}**********{PERSON[-4:]}" in page


def test_the_list_survives_a_crash(start_counterpart, tmp_path):
    first = start_counterpart("credit", tmp_path)
    caller = Caller(first)
    first.control("apps", {"app": caller.app, "key": caller.key})
    caller.post("/listings", listing())
    first.kill()
    second = start_counterpart("credit", tmp_path)
    assert is_listed(Caller(second))
