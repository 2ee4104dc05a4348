"""The bank: it opens a line once, freezes it, takes uses on it, and tells what changed."""

from __future__ import annotations

from datetime import date
from typing import Any

import httpx
import pytest

from counterparts.population import make_id_number
from tests.counterparts.signing import Caller

PERSON = make_id_number(region="990101", born=date(1980, 1, 1), sequence=9)


@pytest.fixture(scope="module")
def bank(start_counterpart_for_module, tmp_path_factory):
    return start_counterpart_for_module("bank", tmp_path_factory.mktemp("bank"))


@pytest.fixture
def caller(bank):
    caller = Caller(bank)
    bank.control("apps", {"app": caller.app, "key": caller.key})
    bank.control("clock", {"now": "2026-03-02T09:30:00+08:00"})
    yield caller
    bank.control("books", method="DELETE")
    bank.control("answers", method="DELETE")
    bank.control("faults", method="DELETE")


def asking(number: str = "B1", **more: Any) -> dict[str, Any]:
    return {
        "request_no": number,
        "id_number": PERSON,
        "name": "王小明",
        "phone": "19900000001",
        "asked_fen": 500_000,
        **more,
    }


def opened(caller: Caller, number: str = "B1") -> dict[str, Any]:
    answer: dict[str, Any] = caller.post("/lines", asking(number)).json()
    return answer


def refused(answer: Any, status: int, code: str) -> None:
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def changes(caller: Caller, since: int = 0) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = caller.get(f"/lines/changes?since={since}").json()["changes"]
    return found


def test_a_line_is_opened_with_what_was_asked_for(caller):
    line = opened(caller)
    assert (line["state"], line["limit_fen"], line["used_fen"]) == ("open", 500_000, 0)
    assert caller.get("/lines/B1").json() == line


def test_the_same_request_opens_one_line(caller, bank):
    first = opened(caller)
    assert [opened(caller) for _ in range(2)] == [first, first]
    assert len(bank.control("books", method="GET")["lines"]) == 1
    refused(caller.post("/lines", asking(asked_fen=1)), 409, "NUMBER_USED")


def test_a_request_that_never_came_is_not_found(caller):
    refused(caller.get("/lines/B9"), 404, "NOT_FOUND")


def test_a_lost_answer_leaves_the_line_open(caller, bank):
    bank.fault("drop_answer", path="/lines")
    with pytest.raises(httpx.HTTPError):
        caller.post("/lines", asking())
    assert caller.get("/lines/B1").json()["state"] == "open"


@pytest.mark.parametrize("state", ["refused", "pending"])
def test_somebody_gets_no_line_yet(caller, bank, state):
    bank.control("answers", {"id_number": PERSON, "state": state, "reason": "征信不足"})
    line = opened(caller)
    assert (line["state"], line["line_no"], line["limit_fen"]) == (state, "", 0)
    assert line["reason"] == "征信不足"


def test_a_pending_line_gets_its_number_when_it_opens(caller, bank):
    bank.control("answers", {"id_number": PERSON, "state": "pending"})
    opened(caller)
    bank.control("lines", {"request_no": "B1", "state": "open", "limit_fen": 200_000})
    line = caller.get("/lines/B1").json()
    assert (line["state"], line["limit_fen"], bool(line["line_no"])) == ("open", 200_000, True)


def test_changes_are_told_in_order_and_only_the_newer_ones(caller, bank):
    before = max((row["seq"] for row in changes(caller)), default=0)
    opened(caller)
    bank.control("lines", {"request_no": "B1", "state": "frozen"})
    bank.control("lines", {"request_no": "B1", "state": "open", "limit_fen": 1})
    rows = changes(caller, before)
    assert [(row["state"], row["limit_fen"]) for row in rows] == [
        ("open", 500_000),
        ("frozen", 500_000),
        ("open", 1),
    ]
    assert changes(caller, rows[1]["seq"]) == rows[2:]
    assert len(caller.get(f"/lines/changes?since={before}&limit=1").json()["changes"]) == 1


def test_a_use_counts_once_and_is_paid_on_the_next_day(caller):
    line = opened(caller)
    use = {"number": "U1", "line_no": line["line_no"], "amount_fen": 300_000}
    answers = [caller.post("/uses", use).json() for _ in range(2)]
    assert answers[0] == answers[1] == use | {"pays_on": "2026-03-03"}
    assert caller.get("/lines/B1").json()["used_fen"] == 300_000
    assert caller.get("/payouts?on=2026-03-03").json()["amount_fen"] == 300_000
    assert caller.get("/payouts?on=2026-03-02").json()["amount_fen"] == 0
    refused(caller.post("/uses", use | {"amount_fen": 1}), 409, "NUMBER_USED")
    refused(caller.post("/uses", use | {"number": "U2"}), 409, "INSUFFICIENT")


def test_a_line_in_use_is_not_closed_until_it_is_repaid(caller, bank):
    line = opened(caller)
    use = {"number": "U1", "line_no": line["line_no"], "amount_fen": 1_000}
    caller.post("/uses", use)
    path = f"/lines/{line['line_no']}/close"
    refused(caller.post(path, {}), 409, "IN_USE")
    bank.control("repayments", {"request_no": "B1", "amount_fen": 1_000})
    assert [caller.post(path, {}).json()["state"] for _ in range(2)] == ["closed", "closed"]
    refused(caller.post("/uses", use | {"number": "U2"}), 409, "CLOSED")


def test_a_frozen_line_takes_no_use(caller, bank):
    line = opened(caller)
    bank.control("lines", {"request_no": "B1", "state": "frozen"})
    use = {"number": "U1", "line_no": line["line_no"], "amount_fen": 1}
    refused(caller.post("/uses", use), 409, "FROZEN")


@pytest.mark.parametrize(
    "more",
    [
        {"asked_fen": -1},
        {"asked_fen": "5"},
        {"asked_fen": True},
        {"name": ""},
        {"phone": 1},
        {"request_no": "x" * 65},
    ],
)
def test_a_request_that_cannot_be_is_refused(caller, bank, more):
    refused(caller.post("/lines", asking(**more)), 400, "INVALID_FIELD")
    assert bank.control("books", method="GET")["lines"] == []


@pytest.mark.parametrize(
    "query", ["since=x", "since=-1", "limit=0", "limit=501", "since=%EF%BC%91"]
)
def test_a_question_that_cannot_be_is_refused(caller, query):
    refused(caller.get(f"/lines/changes?{query}"), 400, "INVALID_FIELD")


def test_nobody_unsigned_is_heard(caller):
    refused(caller.post("/lines", asking(), **{"X-App": "other"}), 401, "UNKNOWN_APP")
    refused(caller.post("/lines", asking(), **{"X-Signature": "AAAA"}), 401, "WRONG_SIGNATURE")


def test_books_outlive_the_process(start_counterpart, tmp_path):
    first = start_counterpart("bank", tmp_path)
    caller = Caller(first)
    first.control("apps", {"app": caller.app, "key": caller.key})
    line = opened(caller)
    first.kill()
    again = Caller(start_counterpart("bank", tmp_path))
    assert again.get("/lines/B1").json() == line
