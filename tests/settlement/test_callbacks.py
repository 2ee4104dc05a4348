"""What the payment centre tells of its own accord: true, forged, stale, twice, out of order."""

import time
from typing import Any

import orjson
import pytest
from django.db import connection
from django.test import Client

from counterparts.insurer import centre_envelope as theirs
from tests.settlement.centre import APP_ID, APP_SECRET
from tests.settlement.conftest import NOW
from yifu.insurance.mobile import client, orders
from yifu.insurance.mobile.models import CentreConnection, Notice, PayOrder
from yifu.insurance.mobile.sm2 import PublicKey
from yifu.settlement import recovery, reversing
from yifu.settlement.asking import StillUnknown
from yifu.settlement.models import Settlement

REVS = "reversal0123456789abcdef0123456789abcdef"


class Teller:
    """The centre's voice, with a key of this test's own."""

    def __init__(self, private):
        self.secret = 0x1234_5678_9ABC
        place = theirs.place_of(private.public().to_hex())
        self.app = theirs.App(app_id=APP_ID, app_secret=APP_SECRET, place=place, secret=self.secret)
        cipher = client.keep_keys(
            app_secret=APP_SECRET,
            private=private,
            centre=PublicKey.from_hex(theirs.public_of(self.secret)),
        )
        CentreConnection.objects.update(keys_cipher=cipher)

    def sealed(self, infno, content, *, at=None, **frame):
        now = int(time.time()) if at is None else at
        frame = {"transType": infno} | frame
        return theirs.as_json(theirs.sealed(self.app, content, timestamp=now, **frame))

    def tell(self, infno, content, **how):
        return send(infno, self.sealed(infno, content, **how))


def send(infno, body):
    return Client().post(
        f"/api/v1/insurer/callbacks/{infno}",
        body,
        content_type="application/json",
        headers={"Yifu-Now": NOW.isoformat()},
    )


def about(row, settlement, **changes):
    """A 6302 of an order, as it would be told."""
    return {
        "payOrdId": row.pay_ord_id,
        "callType": "02",
        "medOrgOrd": row.med_org_ord,
        "traceTime": f"{NOW:%Y-%m-%d %H:%M:%S}",
        "feeSumamt": settlement.total_fen / 100,
        "ownpayAmt": 15.0,
        "psnAcctPay": 0.0,
        "fundPay": 0.0,
        "hiChrgTime": "093000",
        "hiDocSn": "S1",
        "hiRgstSn": row.mdtrt_id,
        "orgName": "示范市第一人民医院",
        "setlType": "ALL",
        "revsToken": REVS,
    } | changes


@pytest.fixture
def unknown(world, centre):
    """An order whose payment's answer was lost, and the centre's voice."""
    world.insurer.fault("drop_answer", infno="6202")
    centre.settle(world.visit(world.person()))
    row, settlement = PayOrder.objects.get(), Settlement.objects.get()
    keys = bytes(CentreConnection.objects.get().keys_cipher)
    yield row, settlement, Teller(centre.private)
    CentreConnection.objects.update(keys_cipher=keys)


def asked_about(settlement):
    """How many jobs there are that ask about a settlement at once."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'settlement.recover_one'"
            " AND args ->> 'settlement_id' = %s"
            " AND (scheduled_at IS NULL OR scheduled_at <= now())",
            [str(settlement.pk)],
        )
        return cursor.fetchone()[0]


def test_a_notice_is_kept_and_has_an_unknown_settlement_asked_about(unknown):
    row, settlement, teller = unknown
    answer = teller.tell("6302", about(row, settlement))
    assert (answer.status_code, answer.json()) == (200, {"success": True, "message": "成功"})
    notice = Notice.objects.get()
    assert (notice.infno, notice.pay_ord_id, notice.call_type) == ("6302", row.pay_ord_id, "02")
    assert REVS not in orjson.dumps(notice.content).decode()
    assert asked_about(settlement) == 1
    assert Settlement.objects.get().state == "unknown", "a notice decides nothing by itself"
    row.refresh_from_db()
    assert orders.reversal_token(row, now=NOW) == REVS
    assert REVS.encode() not in bytes(row.revs_token_cipher)


def test_the_question_it_brings_about_decides(unknown, centre):
    row, settlement, teller = unknown
    keys = CentreConnection.objects.get().keys_cipher
    teller.tell("6302", about(row, settlement))
    client.forget_centres()
    CentreConnection.objects.update(keys_cipher=keys)
    del centre
    with pytest.raises(StillUnknown, match="signature"):
        recovery.recover_one(settlement.pk)


def test_the_same_notice_twice_has_one_effect(unknown):
    row, settlement, teller = unknown
    first = teller.tell("6302", about(row, settlement))
    again = teller.tell("6302", about(row, settlement))
    assert (first.json()["success"], again.json()["success"]) == (True, True)
    assert again.json()["message"] == "重复通知"
    assert Notice.objects.get().times == 2
    assert asked_about(settlement) == 1
    body = teller.sealed("6302", about(row, settlement))
    assert [send("6302", body).status_code for _ in range(2)] == [200, 200]
    assert Notice.objects.get().times == 4


def test_another_content_is_another_notice(unknown):
    row, settlement, teller = unknown
    teller.tell("6302", about(row, settlement))
    teller.tell("6302", about(row, settlement, callType="2"))
    teller.tell("6302", about(row, settlement, hiDocSn="S2"))
    shared = {
        key: one
        for key, one in about(row, settlement).items()
        if key in {"payOrdId", "medOrgOrd", "feeSumamt", "psnAcctPay", "fundPay"}
    }
    teller.tell("6204", shared | {"ownPayAmt": 15.0, "thdPayType": "WX"})
    assert Notice.objects.count() == 4


def test_a_late_notice_after_the_reversal_changes_nothing(world, centre):
    outcome = centre.settle(world.visit(world.person()))
    settlement = Settlement.objects.get(pk=outcome.settlement_id)
    reversing.reverse(
        institution_id=world.hospital.pk, settlement_id=settlement.pk, reason="退", now=NOW
    )
    row, teller = PayOrder.objects.get(), Teller(centre.private)
    assert teller.tell("6302", about(row, settlement)).status_code == 200
    row.refresh_from_db()
    assert (row.revs_token_cipher, row.pay_token_cipher) == (None, None)
    assert Settlement.objects.get().state == "reversed"
    assert asked_about(settlement) == 0


def test_a_forged_notice_is_refused_and_not_kept(unknown):
    row, settlement, teller = unknown
    forger = theirs.App(
        app_id=APP_ID, app_secret=APP_SECRET, place=teller.app.place, secret=teller.secret + 1
    )
    message = theirs.sealed(forger, about(row, settlement), timestamp=int(time.time()))
    answer = send("6302", theirs.as_json(message))
    assert answer.status_code == 401
    refusal = {name: answer.json()[name] for name in ("success", "message")}
    assert refusal == {"success": False, "message": "signature: not the centre's"}
    assert not Notice.objects.exists()
    row.refresh_from_db()
    assert row.revs_token_cipher is None


@pytest.mark.parametrize("ahead", [-3600, 3600])
def test_a_stale_notice_is_refused(unknown, ahead):
    row, settlement, teller = unknown
    answer = teller.tell("6302", about(row, settlement), at=int(time.time()) + ahead)
    assert (answer.status_code, answer.json()["message"].split(":")[0]) == (401, "stale")
    assert not Notice.objects.exists()


def test_a_notice_of_another_transaction_is_not_taken_for_this_one(unknown):
    row, settlement, teller = unknown
    answer = send("6204", teller.sealed("6302", about(row, settlement)))
    assert (answer.status_code, answer.json()["message"].split(":")[0]) == (401, "foreign")


def test_a_notice_of_an_order_that_is_not_ours_is_refused(unknown):
    row, settlement, teller = unknown
    answer = teller.tell("6302", about(row, settlement, payOrdId="ORD9"))
    assert (answer.status_code, answer.json()["success"]) == (404, False)
    answer = teller.tell("6302", about(row, settlement, medOrgOrd="another"))
    assert answer.status_code == 404


BROKEN: list[tuple[dict[str, Any], str]] = [
    ({"payOrdId": None}, "payOrdId"),
    ({"payOrdId": "1" * 41}, "payOrdId"),
    ({"feeSumamt": "many"}, "feeSumamt"),
    ({"feeSumamt": None}, "feeSumamt"),
    ({"ownpayAmt": 1.234}, "ownpayAmt"),
    ({"fundPay": 10**12}, "fundPay"),
    ({"medOrgOrd": 7}, "medOrgOrd"),
    ({"callType": ["02"]}, "callType"),
    ({"revsToken": {"a": 1}}, "revsToken"),
    ({"hiChrgTime": "0930000"}, "hiChrgTime"),
    ({"extData": 7}, "extData"),
]


def test_a_field_that_breaks_the_table_is_named(unknown):
    row, settlement, teller = unknown
    for changes, named in BROKEN:
        answer = teller.tell("6302", about(row, settlement, **changes))
        assert (answer.status_code, answer.json()["success"]) == (422, False), named
        assert named in answer.json()["message"]
    assert not Notice.objects.exists()


def test_more_fields_and_amounts_as_texts_are_understood(unknown):
    row, settlement, teller = unknown
    answer = teller.tell("6302", about(row, settlement, feeSumamt="15.00", areaField="x"))
    assert answer.status_code == 200


NO_NOTICES = ["", "[]", "7", "{}", '{"appId": 7}', '{"appId": "nobody0000000000"}', "\0", "{" * 99]


@pytest.mark.django_db
@pytest.mark.parametrize("body", NO_NOTICES)
def test_what_is_no_notice_is_refused(body):
    answer = send("6302", body)
    assert (answer.status_code, answer.json()["success"]) == (401, False)


def test_other_numbers_are_no_callbacks():
    assert send("2207", "{}").status_code == 404
