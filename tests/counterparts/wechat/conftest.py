"""A running channel, a merchant registered with it, and the library a merchant would use."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from wechatpayv3 import WeChatPay, WeChatPayType
from wechatpayv3.type import RequestType

MCHID, APPID, SERIAL = "1900009901", "wx99yifu00000001", "99AA0000000000000000000000000000000001"
APIV3_KEY = "yifu-simulated-apiv3-key-32-char"
APPLY = "/v3/papay/pay/transactions/apply"
MORNING = "2026-03-02T09:30:00+08:00"
NEXT_MORNING = "2026-03-03T10:00:00+08:00"


def key_pair() -> tuple[str, str]:
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private_pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public_pem = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return private_pem.decode(), public_pem.decode()


@dataclass
class Merchant:
    """Asks through ``wechatpayv3``; every answer is (status, decoded JSON or None)."""

    library: WeChatPay
    apiv3_key: str = APIV3_KEY

    def get(self, path: str) -> tuple[int, Any]:
        return self._decoded(*self.library._core.request(path))

    def post(self, path: str, body: dict[str, Any]) -> tuple[int, Any]:
        return self._decoded(*self.library._core.request(path, method=RequestType.POST, data=body))

    def apply(self, number: str, contract_id: str, fen: int, **more: Any) -> tuple[int, Any]:
        body = {
            "appid": APPID,
            "out_trade_no": number,
            "description": "门诊费用",
            "contract_id": contract_id,
            "amount": {"total": fen, "currency": "CNY"},
        }
        return self.post(APPLY, body | more)

    def order(self, number: str) -> tuple[int, Any]:
        path = f"/v3/papay/pay/transactions/out-trade-no/{number}?mchid={MCHID}"
        return self.get(path)

    def refund(self, number: str, refund_number: str, fen: int, total: int) -> tuple[int, Any]:
        amount = {"refund": fen, "total": total, "currency": "CNY"}
        answer = self.library.refund(refund_number, amount, out_trade_no=number)
        return self._decoded(*answer)

    def _decoded(self, status: int, content: Any) -> tuple[int, Any]:
        return status, json.loads(content) if content else None


@pytest.fixture(scope="session")
def keys():
    return key_pair()


@pytest.fixture(scope="module")
def channel(start_counterpart_for_module, tmp_path_factory):
    return start_counterpart_for_module("wechat", tmp_path_factory.mktemp("wechat"))


@pytest.fixture
def merchant(channel, keys, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    channel.client.delete("/_control/faults")
    channel.client.delete("/_control/tamper")
    channel.control("processing", {"held": False})
    channel.control("clock", {"now": MORNING})
    return register(channel, keys)


def register(channel: Any, keys: tuple[str, str]) -> Merchant:
    private_pem, public_pem = keys
    channel.control(
        "merchants",
        {
            "mchid": MCHID,
            "appid": APPID,
            "serial_no": SERIAL,
            "public_key_pem": public_pem,
            "apiv3_key": APIV3_KEY,
        },
    )
    platform = channel.control("platform-key", method="GET")
    library = WeChatPay(
        wechatpay_type=WeChatPayType.NATIVE,
        mchid=MCHID,
        private_key=private_pem,
        cert_serial_no=SERIAL,
        appid=APPID,
        apiv3_key=APIV3_KEY,
        public_key=platform["public_key_pem"],
        public_key_id=platform["public_key_id"],
        timeout=(5, 10),
    )
    library._core._gate_way = channel.url
    return Merchant(library)


@pytest.fixture
def contract(channel):
    """Make a contract of its own; call it with what is to differ."""

    def make(**more: Any) -> str:
        contract_id = f"C{uuid4().hex[:27]}"
        channel.control("contracts", {"contract_id": contract_id, **more})
        return contract_id

    return make
