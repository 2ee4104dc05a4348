"""Matching over HTTP: a hospital reads its own days and decides its own differences."""

import pytest

from tests import builders
from tests.reconciliation.conftest import DAY, NOW
from yifu.reconciliation.models import Difference, DifferenceKind, Party, Statement


@pytest.fixture
def difference(db):  # noqa: ARG001 - gives the database
    statement = Statement.objects.create(
        institution=builders.institution(),
        party=Party.INSURER,
        business_date=DAY,
        fetched_at=NOW,
        rows=2,
        their_fen=300,
        our_fen=200,
        matched=1,
    )
    return Difference.objects.create(
        statement=statement,
        kind=DifferenceKind.THEIRS_ONLY,
        key="S2",
        their_fen=100,
        found_at=NOW,
    )


@pytest.fixture
def api(difference):
    return builders.api(difference.statement.institution)


def test_a_day_shows_totals_differences_and_what_to_do(api, difference):
    body = api.get(f"/reconciliation/{DAY}").json()
    assert body["business_date"] == "2026-03-02"
    (statement,) = body["statements"]
    assert (statement["party"], statement["rows"], statement["matched"]) == ("insurer", 2, 1)
    assert (statement["our_fen"], statement["their_fen"]) == (200, 300)
    (shown,) = statement["differences"]
    assert (shown["id"], shown["kind"], shown["key"]) == (difference.pk, "theirs_only", "S2")
    assert (shown["our_fen"], shown["their_fen"]) == (None, 100)
    assert "恢复" in shown["hint_zh"]
    assert "recovery" in shown["hint_en"]


@pytest.mark.usefixtures("difference")
def test_another_hospital_sees_nothing():
    other = builders.api(builders.institution("H99010000002"))
    assert other.get(f"/reconciliation/{DAY}").json()["statements"] == []


def test_a_day_that_was_not_matched_has_no_statements(api):
    assert api.get("/reconciliation/2026-03-01").json()["statements"] == []


@pytest.mark.parametrize("day", ["2026-02-30", "20260302", "1772380800", "2026-3-2", "yesterday"])
def test_what_is_no_date_is_refused(api, day):
    answer = api.get(f"/reconciliation/{day}")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


def decide(api, difference, **body):
    path = f"/reconciliation/differences/{difference.pk}/decision"
    return api.post(path, {"state": "explained", "note": "次日到账"} | body)


def test_a_decision_is_written_down_with_who_made_it(api, difference, settings):
    settings.YIFU_SIMULATION = True
    answer = decide(api, difference)
    assert answer.status_code == 200
    assert (answer.json()["state"], answer.json()["note"]) == ("explained", "次日到账")
    difference.refresh_from_db()
    assert difference.decided_by == "H99010000001"
    assert difference.decided_at == builders.NOW


def test_another_decision_afterwards_is_a_conflict(api, difference):
    decide(api, difference)
    answer = decide(api, difference, state="corrected")
    assert (answer.status_code, answer.json()["code"]) == (409, "difference_decided")


@pytest.mark.parametrize(
    "body", [{"state": "found"}, {"note": ""}, {"note": "  "}, {"note": "x" * 301}, {"by": "me"}]
)
def test_a_decision_that_is_none_is_refused(api, difference, body):
    answer = decide(api, difference, **body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    difference.refresh_from_db()
    assert difference.state == "found"


def test_another_hospitals_difference_does_not_exist(difference):
    other = builders.api(builders.institution("H99010000002"))
    answer = decide(other, difference)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    difference.refresh_from_db()
    assert difference.state == "found"


def test_the_scope_is_needed(difference):
    api = builders.api(difference.statement.institution, scopes="settlements")
    assert api.get(f"/reconciliation/{DAY}").status_code == 403
    assert decide(api, difference).status_code == 403


def test_every_difference_has_a_place_in_the_answer(api, difference):
    for party in (Party.INSURER, Party.CHANNEL):
        for kind in DifferenceKind.values:
            for negative in (False, True):
                difference.statement.party = party
                difference.kind, difference.negative = kind, negative
                difference.statement.save()
                difference.save()
                answer = api.get(f"/reconciliation/{DAY}")
                assert answer.status_code == 200
