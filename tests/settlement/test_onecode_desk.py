"""The cashier's and the doctor's way: over HTTP, with a centre that really calls back."""

import time
from datetime import date
from itertools import count

import httpx
import pytest
from django.db import connection
from pytest_django.live_server_helper import LiveServer

from counterparts.population import make_id_number
from tests import builders
from tests.settlement.asking import charge, person_body, visit_body
from tests.settlement.centre import join
from tests.settlement.conftest import NOW
from tests.settlement.test_settle import books_agree
from tests.settlement.test_tokens import work_off
from yifu.insurance.mobile.models import Notice, PayOrder
from yifu.patients.models import Person
from yifu.settlement.models import Settlement

PATIENCE_S = 10
_numbers = count(1)


class Desk:
    """A cashier's system: plain HTTP and a token."""

    def __init__(self, url, of, centre):
        self.centre = centre
        headers = {
            "Authorization": f"Bearer {builders.token(of)}",
            "Yifu-Now": NOW.isoformat(),
        }
        self.http = httpx.Client(base_url=f"{url}/api/v1", headers=headers, trust_env=False)

    def post(self, path, body, *, key=None, expect=201):
        headers = {"Idempotency-Key": key} if key else {}
        answer = self.http.post(path, json=body, headers=headers)
        assert answer.status_code == expect, answer.text
        return answer.json()


@pytest.fixture
def desk(world, simulated, settings):  # noqa: ARG001 - requests say what time it is
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    world.insurer.control("clock", {"now": NOW.isoformat()})
    server = LiveServer("127.0.0.1")
    centre = join(world, callback_url=f"{server.url}/api/v1/insurer/callbacks")
    opened = Desk(server.url, world.hospital, centre)
    yield opened
    opened.http.close()
    server.stop()
    world.insurer.control("clock", {"now": None})
    connection.close()


def soon(what):
    """Wait until something is true, for a while."""
    until = time.monotonic() + PATIENCE_S
    while not what() and time.monotonic() < until:
        time.sleep(0.05)
    return what()


def come_in(world, desk):
    """A patient comes: registered, insured, treated, charged."""
    certno = make_id_number(region="990300", born=date(1980, 1, 1), sequence=next(_numbers))
    body = person_body(certificate_no=certno)
    person_id = desk.post("/persons", body)["id"]
    person = Person.objects.get(pk=person_id)
    world.insure(person, certno, psn_type="11", balance_fen=400, used_fen=0)
    visit_id = desk.post(
        "/visits", visit_body(person_id, visit_no=f"D{person_id}-{next(_numbers)}")
    )["id"]
    desk.post(f"/visits/{visit_id}/charges", {"charges": [charge()]})
    ended = {"ended_at": NOW.isoformat()}
    desk.post(f"/visits/{visit_id}/end", ended, expect=200)
    return person, visit_id


def test_one_scan_settles_and_the_centre_tells_of_it(world, desk):
    person, visit_id = come_in(world, desk)
    code = {"qr_code": desk.centre.code(person)}
    body = {"visit_id": visit_id, "authorisation": code}
    settled = desk.post("/settlements", body, key="k1")
    assert (settled["state"], settled["method"], settled["bill"]) == ("completed", "onecode", None)
    assert settled["personal_fen"] == desk.centre.order()["cash_fen"] > 0
    assert desk.post("/settlements", body, key="k1") == settled
    assert soon(lambda: Notice.objects.count() == 2)
    assert set(Notice.objects.values_list("infno", flat=True)) == {"6204", "6302"}
    back = desk.post(f"/settlements/{settled['id']}/reverse", {"reason": "退号"}, key="k2")
    assert back["state"] == "reversed"
    assert desk.centre.order()["ord_stas"] == "7"
    assert books_agree(world)


def test_a_notice_that_comes_twice_is_one(world, desk):
    person, visit_id = come_in(world, desk)
    world.insurer.fault("twice", infno="6302")
    body = {"visit_id": visit_id, "authorisation": {"qr_code": desk.centre.code(person)}}
    desk.post("/settlements", body, key="k1")
    assert soon(lambda: Notice.objects.filter(infno="6302", times=2).exists())
    assert Notice.objects.filter(infno="6302").count() == 1


def test_a_notice_settles_what_lost_its_answer(world, desk):
    person, visit_id = come_in(world, desk)
    world.insurer.fault("drop_answer", infno="6202")
    body = {"visit_id": visit_id, "authorisation": {"qr_code": desk.centre.code(person)}}
    settled = desk.post("/settlements", body, key="k1", expect=202)
    assert settled["state"] == "unknown"
    assert soon(lambda: Notice.objects.count() == 2)
    work_off()
    assert Settlement.objects.get().state == "completed"
    assert desk.post("/settlements", body, key="k1")["state"] == "completed"
    assert books_agree(world)


def test_a_notice_that_comes_after_the_reversal_changes_nothing(world, desk):
    person, visit_id = come_in(world, desk)
    desk.centre.fate("late_notice")
    body = {"visit_id": visit_id, "authorisation": {"qr_code": desk.centre.code(person)}}
    settled = desk.post("/settlements", body, key="k1")
    desk.post(f"/settlements/{settled['id']}/reverse", {"reason": "退号"}, key="k2")
    assert not Notice.objects.filter(infno="6302").exists()
    assert soon(lambda: Notice.objects.filter(infno="6302").exists())
    assert Settlement.objects.get().state == "reversed"
    assert PayOrder.objects.get().revs_token_cipher is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"authorisation": {}}, "body.authorisation.qr_code"),
        ({"authorisation": {"qr_code": ""}}, "body.authorisation.qr_code"),
        ({"authorisation": {"qr_code": "1" * 201}}, "body.authorisation.qr_code"),
        ({"authorisation": {"qr_code": "a b"}}, "body.authorisation.qr_code"),
        ({"authorisation": {"qr_code": "1", "pin": "2"}}, "body.authorisation.pin"),
        ({"authorisation": "1"}, "body.authorisation"),
        ({"authorisation": {"qr_code": "1"}, "method": "cash"}, "body"),
        ({"authorisation": {"qr_code": "1"}, "interim": True}, "body"),
        (
            {"authorisation": {"qr_code": "1"}, "credential": {"type": "01", "value": "1"}},
            "body",
        ),
    ],
)
def test_an_authorisation_that_is_none_is_refused_by_field(hospital, simulated, changes, field):
    del simulated
    answer = hospital.settle(hospital.visit, **changes)
    assert answer.status_code == 422
    assert answer.json()["field"] == field
    assert Settlement.objects.count() == 1
