"""A running fiscal platform, a hospital registered with it, and a receipt that may be issued."""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

if TYPE_CHECKING:
    import httpx

APPID, KEY = "H99010000001", "invented-key-of-the-hospital"
MORNING = "2026-03-02T09:30:00+08:00"


def sign(frame: dict[str, str], key: str) -> str:
    text = "&".join(
        f"{name}={value}"
        for name, value in (
            ("appid", frame["appid"]),
            ("data", frame["data"]),
            ("noise", frame["noise"]),
            ("key", key),
            ("version", frame["version"]),
        )
    )
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest().upper()


@dataclass
class Hospital:
    """Asks as the interface describes; answers are (result, decoded message or sentence)."""

    client: httpx.Client
    key: str = KEY

    def frame(self, data: Any) -> dict[str, str]:
        frame = {
            "appid": APPID,
            "data": b64encode(json.dumps(data).encode()).decode(),
            "noise": uuid4().hex,
            "version": "1.0",
        }
        return frame | {"sign": sign(frame, self.key)}

    def ask(self, method: str, data: Any) -> tuple[str, Any]:
        return self.opened(self.send(method, self.frame(data)))

    def send(self, method: str, frame: dict[str, str]) -> httpx.Response:
        return self.client.post(f"/medical-web/api/medical/{method}", json=frame)

    def opened(self, answer: httpx.Response) -> tuple[str, Any]:
        assert answer.status_code == 200
        frame = answer.json()
        assert frame["sign"] == sign(frame, KEY)
        said = json.loads(b64decode(frame["data"]))
        message = b64decode(said["message"]).decode()
        return said["result"], json.loads(message) if said["result"] == "S0000" else message

    def issue(self, bus_no: str, **more: Any) -> tuple[str, Any]:
        return self.ask("invoiceEBillOutpatient", receipt(bus_no, **more))

    def write_off(self, issued: dict[str, str], **more: Any) -> tuple[str, Any]:
        data = {
            "billBatchCode": issued["billBatchCode"],
            "billNo": issued["billNo"],
            "reason": "退费",
            "operator": "医付平台",
            "busDateTime": "20260302153000000",
            "placeCode": "P01",
        }
        return self.ask("writeOffEBill", data | more)


def receipt(bus_no: str, **more: Any) -> dict[str, Any]:
    """Return a receipt of 100.00 yuan: fund 60, account 10, personal 30 (5 of it 自费)."""
    return {
        "busNo": bus_no,
        "busType": "02",
        "payer": "王秀英",
        "busDateTime": "20260302093000000",
        "placeCode": "P01",
        "payee": "医付平台",
        "author": "医付平台",
        "checker": "医付平台",
        "totalAmt": 100.00,
        "payerType": "1",
        "cardType": "3",
        "cardNo": "V20260302001",
        "medicalInstitution": "示范市第一人民医院",
        "medCareTypeCode": "01",
        "medicalCareType": "职工基本医疗保险",
        "consultationDate": "20260302",
        "patientCategory": "内科",
        "patientCategoryCode": "03",
        "patientNo": "V20260302001",
        "caseNumber": "V20260302001",
        "accountPay": "10.00",
        "fundPay": "60.00",
        "otherfundPay": 0,
        "ownPay": "5.00",
        "selfConceitedAmt": "0.00",
        "selfPayAmt": "35.00",
        "selfCashPay": "30.00",
        "reimbursementAmt": "60.00",
        "isArrears": "0",
        "chargeDetail": [
            charge("09", "西药费", "75.50", "5.00"),
            charge("03", "检查费", "24.50", "0.00"),
        ],
        "listDetail": [
            line("09", "阿莫西林胶囊", "25.50"),
            line("09", "布洛芬缓释胶囊", "50.00"),
            line("03", "血常规", "24.50"),
        ],
        **more,
    }


def charge(code: str, name: str, amount: str, own: str = "0.00") -> dict[str, Any]:
    return {"sortNo": 1, "chargeCode": code, "chargeName": name, "amt": amount, "selfAmt": own}


def line(code: str, name: str, amount: str) -> dict[str, Any]:
    return {"listDetailNo": 1, "chargeCode": code, "name": name, "amt": amount, "selfAmt": "0.00"}


@pytest.fixture(scope="module")
def platform(start_counterpart_for_module, tmp_path_factory):
    platform = start_counterpart_for_module("fiscal", tmp_path_factory.mktemp("fiscal"))
    prepare(platform)
    return platform


def prepare(platform: Any) -> None:
    platform.control("apps", {"appid": APPID, "key": KEY})
    platform.control("stock", {"batch_code": "99060126", "first": 1, "count": 10_000})
    platform.control("clock", {"now": MORNING})


@pytest.fixture
def hospital(platform):
    platform.client.delete("/_control/faults")
    platform.client.delete("/_control/tamper")
    return Hospital(platform.client)
