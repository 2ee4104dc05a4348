"""Who may ask, and whether what comes back is really from the channel."""

from __future__ import annotations

import base64
import json
import time
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from hypothesis import given, settings
from hypothesis import strategies as st
from wechatpayv3.utils import aes_decrypt, build_authorization

from counterparts.wechat.errors import V3Error
from counterparts.wechat.signing import (
    PlatformKey,
    check_request,
    encrypt_resource,
    read_authorization,
    read_public_key,
)
from tests.counterparts.wechat.conftest import APIV3_KEY, MCHID, SERIAL, key_pair

ORDER = f"/v3/papay/pay/transactions/out-trade-no/D-sign-1?mchid={MCHID}"


def signed(keys, *, path=ORDER, method="GET", mchid=MCHID, serial=SERIAL, key=None) -> str:
    private = load_pem_private_key((key or keys[0]).encode(), password=None)
    return str(build_authorization(path, method, mchid, serial, private))


def ask(channel, authorization: str, path: str = ORDER) -> tuple[int, Any]:
    answer = channel.client.get(path, headers={"Authorization": authorization})
    return answer.status_code, answer.json()["code"]


@pytest.mark.usefixtures("merchant")
def test_a_properly_signed_question_is_answered(channel, keys):
    assert ask(channel, signed(keys)) == (404, "ORDER_NOT_EXIST")


@pytest.mark.usefixtures("merchant")
@pytest.mark.parametrize(
    "wrong",
    [
        {"key": key_pair()[0]},
        {"path": "/v3/something/else"},
        {"method": "POST"},
        {"mchid": "1900000000"},
        {"serial": "00"},
    ],
    ids=["key", "path", "method", "mchid", "serial"],
)
def test_a_signature_of_anything_else_is_refused(channel, keys, wrong):
    assert ask(channel, signed(keys, **wrong)) == (401, "SIGN_ERROR")


@pytest.mark.usefixtures("merchant")
@pytest.mark.parametrize("header", ["", "Bearer x", 'WECHATPAY2-SHA256-RSA2048 mchid="1"'])
def test_no_signature_is_refused(channel, header):
    assert ask(channel, header) == (401, "SIGN_ERROR")


@pytest.mark.usefixtures("merchant")
def test_an_old_signature_is_refused(channel, keys, monkeypatch):
    long_ago = SimpleNamespace(time=lambda: 1_700_000_000)
    monkeypatch.setattr("wechatpayv3.utils.time", long_ago)
    assert ask(channel, signed(keys)) == (401, "SIGN_ERROR")


@pytest.mark.usefixtures("merchant")
def test_a_changed_body_is_refused(channel, keys):
    path = "/v3/papay/pay/transactions/apply"
    private = load_pem_private_key(keys[0].encode(), password=None)
    authorization = build_authorization(path, "POST", MCHID, SERIAL, private, data={"a": 1})
    answer = channel.client.post(
        path, content=json.dumps({"a": 2}), headers={"Authorization": authorization}
    )
    assert (answer.status_code, answer.json()["code"]) == (401, "SIGN_ERROR")


@pytest.mark.usefixtures("merchant")
def test_refusals_are_signed_too(channel, keys):
    answer = channel.client.get(ORDER, headers={"Authorization": signed(keys)})
    headers = answer.headers
    message = f"{headers['Wechatpay-Timestamp']}\n{headers['Wechatpay-Nonce']}\n{answer.text}\n"
    platform = channel.control("platform-key", method="GET")
    assert headers["Wechatpay-Serial"] == platform["public_key_id"]
    public = read_public_key(platform["public_key_pem"])
    signature = base64.b64decode(headers["Wechatpay-Signature"])
    public.verify(signature, message.encode(), PKCS1v15(), SHA256())
    with pytest.raises(InvalidSignature):
        public.verify(signature, message.encode() + b" ", PKCS1v15(), SHA256())


@pytest.mark.parametrize(
    "message",
    [
        {"public_key_pem": "no key"},
        {"apiv3_key": "short"},
        {"mchid": ""},
    ],
)
def test_a_merchant_that_cannot_work_is_not_registered(channel, keys, message):
    whole = {
        "mchid": "1900009902",
        "appid": "wx",
        "serial_no": "01",
        "public_key_pem": keys[1],
        "apiv3_key": APIV3_KEY,
    }
    answer = channel.client.post("/_control/merchants", json=whole | message)
    assert answer.status_code == 400


@settings(max_examples=25)
@given(body=st.binary(max_size=200), shift=st.integers(-300, 300))
def test_what_the_library_signs_within_five_minutes_is_accepted(keys, body, shift):
    private = load_pem_private_key(keys[0].encode(), password=None)
    text = body.hex()
    header = build_authorization("/v3/x?y=1", "POST", MCHID, SERIAL, private, data=text)
    now = int(time.time()) + shift - (1 if shift > 0 else 0)
    question = ("POST", "/v3/x?y=1", text.encode())
    check_request(read_authorization(header), read_public_key(keys[1]), signed=question, now=now)
    with pytest.raises(V3Error):
        check_request(
            read_authorization(header),
            read_public_key(keys[1]),
            signed=("POST", "/v3/x?y=2", text.encode()),
            now=now,
        )


@given(plain=st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_the_library_opens_what_is_sealed(plain):
    sealed = encrypt_resource(plain.encode(), apiv3_key=APIV3_KEY, kind="transaction")
    opened = aes_decrypt(
        sealed["nonce"], sealed["ciphertext"], sealed["associated_data"], APIV3_KEY
    )
    assert opened == plain


def test_the_platforms_key_is_made_once(tmp_path):
    first, second = PlatformKey(tmp_path), PlatformKey(tmp_path)
    assert first.key_id == second.key_id
    assert first.key_id.startswith("PUB_KEY_ID_")
    assert PlatformKey(tmp_path / "other").key_id != first.key_id
