"""The simulated payment centre as somebody else's client meets it: rights, orders, refusals."""

from __future__ import annotations

import itertools
import time
from datetime import date
from decimal import Decimal
from typing import Any

import orjson
import pytest

from counterparts.insurer import centre_envelope as envelope
from counterparts.insurer.centre_door import PATHS
from tests.counterparts.insurer.conftest import AREA, CODE, KEYS, born

APP_ID, SECRET = "0TESTAPPLICATION01", "a secret of tests"
NOW = "2026-03-02T09:30:00+08:00"
LATER = "2026-03-02T10:30:00+08:00"
_numbers = itertools.count(1)


class Client:
    """A hospital's own client of the centre."""

    def __init__(self, insurer: Any) -> None:
        self.insurer = insurer
        self.secret = 0xABCDEF
        row = {
            "app_id": APP_ID,
            "app_secret": SECRET,
            "public_key": envelope.public_of(self.secret),
            "fixmedins_code": CODE,
        }
        key = insurer.control("centre", [row])["public_keys"][APP_ID]
        self.app = envelope.App(
            app_id=APP_ID, app_secret=SECRET, place=envelope.place_of(key), secret=self.secret
        )

    def sealed(self, infno: str, data: dict[str, Any], **frame: Any) -> str:
        at = frame.pop("at", int(time.time()))
        message = envelope.sealed(self.app, data, timestamp=at, transType=infno)
        return envelope.as_json(message | frame)

    def send(self, infno: str, body: str) -> Any:
        answer = self.insurer.client.post(PATHS[infno], content=body.encode())
        return orjson.loads(answer.content)

    def ask(self, infno: str, data: dict[str, Any], **frame: Any) -> dict[str, Any]:
        """The answer's data; a refusal fails the test."""
        said = self.send(infno, self.sealed(infno, data, **frame))
        assert said["code"] == "0", said["message"]
        return envelope.opened(self.app, said, now=int(time.time()))

    def refused(self, infno: str, data: dict[str, Any], **frame: Any) -> Any:
        said = self.send(infno, self.sealed(infno, data, **frame))
        assert (said["code"], said["success"]) == ("-1", False), said
        return said["message"]


class Patient:
    """Somebody insured, at the hospital, who shows codes."""

    def __init__(self, client: Client) -> None:
        self.client, self.number = client, next(_numbers)
        self.psn_no, self.name = f"9900{self.number:08d}", f"测试{self.number}"
        self.certno = born(date(1980, 1, 1), 500 + self.number)
        row = {
            "psn_no": self.psn_no,
            "certno": self.certno,
            "psn_name": self.name,
            "gend": "1",
            "brdy": "1980-01-01",
            "psn_type": "11",
            "insutype": "310",
            "balc_fen": 300,
        }
        client.insurer.control("persons", [row])

    def scan(self, **how: Any) -> dict[str, Any]:
        code = self.client.insurer.control("codes", {"psn_no": self.psn_no, **how})["code"]
        return self.client.ask("6101", decode(code))

    def upload(self, token: str, **changes: Any) -> dict[str, Any]:
        number = next(_numbers)
        line = {
            "feedetlSn": str(number),
            "psnNo": self.psn_no,
            "chrgBchno": f"B{number}",
            "rxCircFlag": "0",
            "feeOcurTime": "2026-03-02 09:00:00",
            "medListCodg": "A1",
            "medinsListCodg": "L1",
            "detItemFeeSumamt": Decimal("100.00"),
            "cnt": 1,
            "pric": Decimal("100.00"),
            "bilgDeptCodg": "A03",
            "bilgDeptName": "内科",
            "bilgDrCodg": "D1",
            "bilgDrName": "林医生",
            "hospApprFlag": "0",
            "medType": "11",
        }
        diagnosis = {
            "diagType": "1",
            "diagSrtNo": 1,
            "diagCode": "J06",
            "diagName": "急性上呼吸道感染",
            "diagDept": "内科",
            "diseDorNo": "D1",
            "diseDorName": "林医生",
            "diagTime": "2026-03-02 09:00:00",
            "valiFlag": "1",
        }
        return {
            "orgCodg": CODE,
            "psnNo": self.psn_no,
            "insutype": "310",
            "medOrgOrd": f"O{number}",
            "begntime": "2026-03-02 09:00:00",
            "idNo": self.certno,
            "userName": self.name,
            "idType": "01",
            "ecToken": token,
            "iptOtpNo": f"C{number}",
            "deptName": "内科",
            "caty": "A03",
            "medType": "11",
            "feeType": "01",
            "medfeeSumamt": Decimal("100.00"),
            "acctUsedFlag": "1",
            "diseCodg": "J06",
            "diseName": "急性上呼吸道感染",
            "psnSetlway": "01",
            "chrgBchno": f"B{number}",
            "extData": {},
            "diseinfoList": [diagnosis],
            "feedetailList": [line],
        } | changes

    def opened(self) -> dict[str, Any]:
        """An order that may be paid: the 6202 for it."""
        scanned = self.scan()
        order = self.client.ask("6201", self.upload(scanned["ecToken"]))
        return {
            "payAuthNo": scanned["authNo"],
            "payOrdId": order["payOrdId"],
            "payToken": order["payToken"],
            "orgCodg": CODE,
            "orgBizSer": f"S{next(_numbers)}",
            "mdtrtId": order["extData"]["mdtrtId"],
        }

    def query(self, paying: dict[str, Any]) -> dict[str, Any]:
        return {
            "payOrdId": paying["payOrdId"],
            "payToken": paying["payToken"],
            "orgCodg": CODE,
            "idNo": self.certno,
            "userName": self.name,
            "idType": "01",
        }

    def refund(self, paid: dict[str, Any], token: str, **changes: Any) -> dict[str, Any]:
        return {
            "payOrdId": paid["payOrdId"],
            "appRefdSn": f"R{next(_numbers)}",
            "appRefdTime": "20260302093500",
            "totlRefdAmt": paid["feeSumamt"],
            "psnAcctRefdAmt": paid["psnAcctPay"],
            "fundRefdAmt": paid["fundPay"],
            "cashRefdAmt": paid["ownPayAmt"],
            "ecToken": token,
            "refdType": "ALL",
        } | changes


def decode(code: str) -> dict[str, Any]:
    return {
        "orgId": CODE,
        "businessType": "01301",
        "operatorId": "001",
        "operatorName": "收费员",
        "officeId": "A03",
        "officeName": "内科",
        "ecQrCode": code,
    }


@pytest.fixture(scope="module")
def client(start_counterpart_for_module, tmp_path_factory):
    insurer = start_counterpart_for_module(
        "insurer", tmp_path_factory.mktemp("centre"), "--admdvs", AREA
    )
    row = {"fixmedins_code": CODE, "fixmedins_name": "示范医院", "hosp_lv": "2", **KEYS}
    insurer.control("institutions", [row])
    insurer.control("catalogue", [{"national_code": "A1", "class": "01", "chrgitm_type": "09"}])
    insurer.control("clock", {"now": NOW})
    return Client(insurer)


@pytest.fixture
def patient(client):
    return Patient(client)


def test_an_order_is_opened_paid_asked_about_and_given_back(client, patient):
    paying = patient.opened()
    assert client.ask("6301", patient.query(paying))["ordStas"] == "0"
    paid = client.ask("6202", paying)
    parts = [float(paid[name]) for name in ("fundPay", "psnAcctPay", "ownPayAmt")]
    assert paid["ordStas"] == "6"
    assert sum(parts) == pytest.approx(float(paid["feeSumamt"]))
    asked = client.ask("6301", patient.query(paying))
    assert asked["extData"]["setlinfo"]["medins_setl_id"] == paying["orgBizSer"]
    back = patient.refund(paid, asked["revsToken"])
    assert client.ask("6203", back)["refStatus"] == "SUCC"
    assert client.ask("6203", back)["refStatus"] == "SUCC"
    assert client.ask("6301", patient.query(paying))["ordStas"] == "7"


def test_the_same_payment_again_is_answered_alike(client, patient):
    paying = patient.opened()
    assert client.ask("6202", paying) == client.ask("6202", paying)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"payToken": "x" * 40}, "payToken"),
        ({"payAuthNo": "x"}, "authNo"),
        ({"payAuthNo": ""}, "payAuthNo"),
        ({"mdtrtId": "M1"}, "mdtrtId"),
        ({"payOrdId": "ORD0"}, "payOrdId"),
        ({"orgCodg": "H99010000002"}, "orgCodg"),
        ({"orgBizSer": None}, "orgBizSer"),
        ({"nonsense": "1"}, "nonsense"),
    ],
)
def test_a_payment_that_is_none_is_refused_by_field(client, patient, changes, named):
    assert named in client.refused("6202", patient.opened() | changes)


def test_a_serial_is_of_one_request(client, patient):
    first, other = patient.opened(), patient.opened()
    client.ask("6202", first)
    assert "orgBizSer" in client.refused("6202", other | {"orgBizSer": first["orgBizSer"]})


def test_somebody_elses_authorisation_pays_nothing(client, patient):
    paying, other = patient.opened(), Patient(client)
    refusal = client.refused("6202", paying | {"payAuthNo": other.scan()["authNo"]})
    assert "payAuthNo" in refusal


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"ecToken": "x"}, "ecToken"),
        ({"psnNo": "9"}, "psnNo"),
        ({"userName": "别人"}, "ecToken"),
        ({"medfeeSumamt": "100"}, "medfeeSumamt"),
        ({"diseinfoList": []}, "diseinfoList"),
        ({"feedetailList": None}, "feedetailList"),
        ({"iptOtpNo": "1" * 31}, "iptOtpNo"),
    ],
)
def test_an_upload_that_is_none_is_refused_by_field(client, patient, changes, named):
    token = patient.scan()["ecToken"]
    assert named in client.refused("6201", patient.upload(token, **changes))


def test_a_code_is_used_once_and_a_token_for_a_time(client, patient):
    code = client.insurer.control("codes", {"psn_no": patient.psn_no})["code"]
    token = client.ask("6101", decode(code))["ecToken"]
    assert "已使用" in client.refused("6101", decode(code))
    client.insurer.control("clock", {"now": LATER})
    try:
        assert "已过期" in client.refused("6201", patient.upload(token))
    finally:
        client.insurer.control("clock", {"now": NOW})


def test_the_right_to_reverse_lasts_an_hour(client, patient):
    paying = patient.opened()
    paid = client.ask("6202", paying)
    right = client.ask("6301", patient.query(paying))["revsToken"]
    client.insurer.control("clock", {"now": LATER})
    try:
        assert "revsToken" not in client.ask("6301", patient.query(paying))
        assert "已过期" in client.refused("6203", patient.refund(paid, right))
        token = patient.scan()["ecToken"]
        assert client.ask("6203", patient.refund(paid, token))["refStatus"] == "SUCC"
    finally:
        client.insurer.control("clock", {"now": NOW})


def test_cash_and_insured_part_can_go_back_apart(client, patient):
    paid = client.ask("6202", patient.opened())
    token = patient.scan()["ecToken"]
    cash = patient.refund(paid, token, refdType="CASH", totlRefdAmt=paid["ownPayAmt"])
    assert client.ask("6203", cash)["refStatus"] == "SUCC"
    insured = patient.refund(paid, token, refdType="HI", cashRefdAmt=Decimal("0.00"))
    assert client.ask("6203", insured)["refStatus"] == "SUCC"
    assert "payOrdId" in client.refused("6203", patient.refund(paid, token))


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"refdType": "SOME"}, "refdType"),
        ({"cashRefdAmt": Decimal("0.01")}, "cashRefdAmt"),
        ({"fundRefdAmt": Decimal("0.01")}, "fundRefdAmt"),
        ({"totlRefdAmt": Decimal("1.00")}, "totlRefdAmt"),
        ({"ecToken": "x"}, "ecToken"),
        ({"payOrdId": "ORD0"}, "payOrdId"),
    ],
)
def test_a_refund_that_is_none_is_refused_by_field(client, patient, changes, named):
    paid = client.ask("6202", patient.opened())
    back = patient.refund(paid, patient.scan()["ecToken"], **changes)
    assert named in client.refused("6203", back)


def test_a_withdrawn_order_cannot_be_paid_and_a_paid_one_not_withdrawn(client, patient):
    paying = patient.opened()
    assert client.ask("6401", patient.query(paying)) == {"success": True}
    assert "12" in client.refused("6202", paying)
    paid = patient.opened()
    client.ask("6202", paid)
    assert "6" in client.refused("6401", patient.query(paid))


def test_messages_that_are_not_the_hospitals_are_refused_and_named(client, patient):
    data = patient.query(patient.opened())
    assert "过期" in client.refused("6301", data, at=int(time.time()) - 3600)
    assert "signData" in client.refused("6301", data, version="9.9.9")
    assert "encData" in client.refused("6301", data, encData="00")
    assert "transType" in client.send("6401", client.sealed("6301", data))["message"]
    body = client.sealed("6301", data)
    assert client.send("6301", body)["code"] == "0"
    assert "重复" in client.send("6301", body)["message"]
    for nobody in ("{}", "[]", "x", '{"appId": "x"}'):
        assert client.send("6301", nobody)["code"] == "401"
