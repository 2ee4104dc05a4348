"""P1.7: what a patient shows is used and dropped; rights over money are kept encrypted only."""

import asyncio
import logging
import re
from contextlib import contextmanager
from typing import cast

import structlog
from asgiref.sync import sync_to_async
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from tests import builders
from tests.settlement.conftest import NOW
from tests.settlement.test_onecode import begun
from yifu.insurance import registering
from yifu.insurance.messages import Credential
from yifu.insurance.mobile import client, orders
from yifu.insurance.mobile.models import Notice, PayOrder
from yifu.secrets import decrypt
from yifu.settlement import onecode, reversing
from yifu.settlement.models import Settlement

_COLUMNS = """
SELECT table_schema, table_name, column_name, data_type FROM information_schema.columns
WHERE table_schema NOT IN ('pg_catalog', 'information_schema')
  AND (data_type IN ('text', 'character varying', 'character', 'json', 'jsonb', 'bytea', 'ARRAY',
                     'xml', 'USER-DEFINED'))
"""


def places_of(words):
    """Every column of every table in which one of these texts stands, however it is stored."""
    found = []
    pattern = "|".join(map(re.escape, words))
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS)
        for schema, table, column, kind in cursor.fetchall():
            shown = f"encode(\"{column}\", 'escape')" if kind == "bytea" else f'"{column}"::text'
            cursor.execute(
                f'SELECT count(*) FROM "{schema}"."{table}" WHERE {shown} ~ %s', [pattern]
            )
            if cursor.fetchone()[0]:
                found.append(f"{table}.{column}")
    return found


def work_off():
    """Let a worker do what there is to do."""

    async def run():
        connector = cast("DjangoConnector", app.connector).get_worker_connector()
        async with app.with_connector(connector).open_async() as working:
            await working.run_worker_async(
                wait=False, install_signal_handlers=False, listen_notify=False
            )
        # What defers periodic jobs has a thread, and with it a connection, of its own.
        await sync_to_async(connections.close_all)()

    asyncio.run(run())


@contextmanager
def listening(caplog):
    """Hear all that is logged, by logging and by structlog, and every statement with its values."""
    caplog.set_level(logging.DEBUG)
    with structlog.testing.capture_logs() as structured, CaptureQueriesContext(connection) as said:
        heard: list[str] = []
        yield heard
    heard += [str(record.__dict__) for record in caplog.records]
    heard += [record.getMessage() for record in caplog.records]
    heard += [str(entry) for entry in structured]
    heard += [query["sql"] for query in said.captured_queries]


def test_the_search_finds_what_is_there(world):
    person = world.person()
    world.visit(person)
    assert "patients_person.name" in places_of([person.name])
    assert places_of(["no such text anywhere"]) == []
    PayOrder.objects.create(
        institution=world.hospital,
        subject="settlement:1",
        med_org_ord="1",
        pay_ord_id="1",
        mdtrt_id="1",
        pay_token_cipher=b"a token in plain",
        opened_at=NOW,
    )
    assert places_of(["a token in plain"]) == ["insurance_payorder.pay_token_cipher"]


def test_no_token_of_a_one_code_visit_is_anywhere(world, centre, caplog, capfd):
    person = world.person()
    api = builders.api(world.hospital)
    codes = [centre.code(person) for _ in range(2)]
    with listening(caplog) as heard:
        body = {"visit_id": world.visit(person).pk, "authorisation": {"qr_code": codes[0]}}
        answer = api.post("/settlements", body, key="one-code")
        assert answer.json()["method"] == "onecode", answer.content
        work, upload, scanned = begun(world, centre, world.visit(person))
        assert onecode._carry_out(work, upload, scanned, now=NOW).status == 201
        row = PayOrder.objects.get(subject=work.subject)
        orders.ask(row, work.case, now=NOW)
        row.refresh_from_db()
        rights = [decrypt(row.pay_token_cipher or b""), decrypt(row.revs_token_cipher or b"")]
        again = {"reason": "退", "authorisation": {"qr_code": codes[1]}}
        assert api.post(f"/settlements/{answer.json()['id']}/reverse", again, key="back").json()
        work_off()
    shown = [*codes, scanned.ec_token, scanned.auth_no, *rights]
    assert all(len(word) >= 28 for word in shown)
    assert places_of(shown) == []
    out, err = capfd.readouterr()
    told = "\n".join([*heard, out, err])
    assert len(heard) > 50, "something was listened to"
    assert [word for word in shown if word in told] == []


def test_no_token_of_a_payment_that_stopped_is_anywhere(world, centre, caplog):
    visit = world.visit(world.person())
    code = centre.code(visit.person)
    with listening(caplog) as heard:
        world.insurer.fault("drop_answer", infno="6202")
        centre.settle(visit, code=code)
        centre.recover()
        work_off()
    assert places_of([code]) == []
    assert code not in "\n".join(heard)
    assert Settlement.objects.get().state == "completed"


def test_no_token_of_a_registration_is_anywhere(world, centre, caplog):
    visit = world.visit(world.person())
    token = orders.scan(visit, centre.code(visit.person), now=NOW).ec_token
    with listening(caplog) as heard:
        known = registering.register_visit(visit, credential=Credential("01", token), now=NOW)
        assert known is not None
        work_off()
    assert places_of([token]) == []
    assert token not in "\n".join(heard)


def test_refusals_do_not_repeat_what_was_shown(world, centre, caplog):
    api, visit = builders.api(world.hospital), world.visit(world.person())
    code = "9" * 28
    with listening(caplog) as heard:
        body = {"visit_id": visit.pk, "authorisation": {"qr_code": code}}
        refused = api.post("/settlements", body, key="k1")
        bad = api.post("/settlements", body | {"method": "cash"}, key="k2")
    del centre
    assert (refused.status_code, bad.status_code) == (422, 422)
    assert code not in refused.content.decode() + bad.content.decode()
    assert places_of([code]) == []
    assert code not in "\n".join(heard)


def test_an_order_that_ended_keeps_no_right(world, centre):
    outcome = centre.settle(world.visit(world.person()))
    settlement = Settlement.objects.get(pk=outcome.settlement_id)
    reversing.reverse(
        institution_id=world.hospital.pk, settlement_id=settlement.pk, reason="退", now=NOW
    )
    row = PayOrder.objects.get()
    assert (row.pay_token_cipher, row.revs_token_cipher) == (None, None)


def test_the_connections_keys_are_encrypted(world, centre):
    del world
    from tests.settlement.centre import APP_SECRET

    assert places_of([APP_SECRET, centre.private.to_hex()]) == []
    client.forget_centres()
    assert not Notice.objects.exists()
