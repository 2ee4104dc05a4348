"""Guards in front of every request."""

import pytest

pytestmark = pytest.mark.django_db


def test_an_address_the_api_has_not_is_a_problem_like_others(client):
    answer = client.get("/api/v1/nothing-here")
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "not_found"


def test_answers_of_the_api_tell_their_length_and_set_no_cookie(client):
    answer = client.get("/api/v1/settlements/1")
    assert answer.status_code == 401
    assert int(answer["Content-Length"]) == len(answer.content)
    assert not answer.cookies


def test_pages_may_be_framed_by_nobody(client):
    assert client.get("/accounts/login/")["X-Frame-Options"] == "DENY"


def test_the_apis_own_page_loads_nothing_from_elsewhere(client):
    page = client.get("/api/v1/docs").content.decode()
    assert "/static/ninja/" in page
    assert "https://" not in page
