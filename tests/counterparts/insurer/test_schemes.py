"""Each gateway in front of the insurer checks its own headers, and knows only its own callers."""

from __future__ import annotations

import hashlib
import time

import orjson
import pytest

ADDRESSES = {
    "hmac": "/fsi/api/rsfComIfsService/callService",
    "apikey": "/hss-call-service-interface",
    "tif": "/ebus/fsi/callService",
}
SIGN_IN = {"signIn": {"opter_no": "1", "mac": "00-00-5E-00-53-01", "ip": "192.0.2.1"}}


@pytest.fixture
def through(insurer, hospital):
    """Let the hospital come through a gateway, and post to one; gives the answer's JSON."""

    def let(scheme):
        row = {
            "fixmedins_code": hospital.code,
            "fixmedins_name": hospital.name,
            "scheme": scheme,
            **hospital.keys,
        }
        insurer.control("institutions", [row])

        def post(headers, address=None):
            body = orjson.dumps(hospital.envelope("9001", SIGN_IN))
            at = ADDRESSES[address or scheme]
            return insurer.client.post(at, content=body, headers=headers).json()

        return post

    yield let
    insurer.control("books", method="DELETE")


def tif(hospital, *, nonce="n1", at=None, key=None, secret=None):
    stamp = str(at or int(time.time()))
    secret = secret or hospital.keys["secret_key"]
    return {
        "x-tif-paasid": key or hospital.keys["access_key"],
        "x-tif-timestamp": stamp,
        "x-tif-nonce": nonce,
        "x-tif-signature": hashlib.sha256(f"{stamp}{secret}{nonce}{stamp}".encode()).hexdigest(),
    }


def test_an_api_key_lets_in_who_has_it(through, hospital):
    post = through("apikey")
    assert post({"apikey": hospital.keys["access_key"]})["infcode"] == 0
    assert post({})["message"] == "缺少服务网关的请求头!"
    assert post({"apikey": "somebody"})["message"] == "非法用户!"


def test_a_signed_nonce_lets_in_once(through, hospital):
    post = through("tif")
    assert post(tif(hospital))["infcode"] == 0
    assert post(tif(hospital))["message"] == "随机数重复!"
    assert post(tif(hospital, nonce="n2"))["infcode"] == 0


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"at": int(time.time()) - 3600}, "签名时间戳超时!"),
        ({"at": int(time.time()) + 3600}, "签名时间戳超时!"),
        ({"at": "soon"}, "签名时间戳超时!"),
        ({"key": "somebody"}, "非法用户!"),
        ({"secret": "another"}, "签名不一致!"),
        ({"nonce": "n" * 65}, "缺少服务网关的请求头!"),
        ({"nonce": ""}, "缺少服务网关的请求头!"),
    ],
)
def test_a_wrong_signature_is_turned_away(through, hospital, changes, message):
    assert through("tif")(tif(hospital, **changes))["message"] == message


@pytest.mark.parametrize(
    "missing", ["x-tif-paasid", "x-tif-timestamp", "x-tif-nonce", "x-tif-signature"]
)
def test_a_missing_header_is_turned_away(through, hospital, missing):
    headers = tif(hospital)
    del headers[missing]
    assert through("tif")(headers)["message"] == "缺少服务网关的请求头!"


def test_a_wrong_caller_does_not_use_up_a_nonce(through, hospital):
    post = through("tif")
    assert post(tif(hospital, nonce="n3", secret="another"))["message"] == "签名不一致!"
    assert post(tif(hospital, nonce="n3"))["infcode"] == 0


def test_an_institution_comes_through_its_own_gateway_only(through, hospital):
    post = through("apikey")
    assert post(hospital.headers("9001"), "hmac")["message"] == "非法用户!"
    assert post(tif(hospital), "tif")["message"] == "非法用户!"
    post = through("")
    assert post(hospital.headers("9001"), "hmac")["infcode"] == 0
    assert post({"apikey": hospital.keys["access_key"]}, "apikey")["message"] == "非法用户!"


def test_an_unknown_scheme_is_refused(insurer, hospital):
    row = {"fixmedins_code": "H1", "fixmedins_name": "一", "scheme": "magic", **hospital.keys}
    answer = insurer.client.post("/_control/institutions", json=[row])
    assert answer.status_code == 400
    assert "scheme" in answer.json()["message"]


def test_the_command_line_says_which_gateway_is_meant(start_counterpart, tmp_path, hospital):
    insurer = start_counterpart("insurer", tmp_path, "--scheme", "apikey")
    row = {"fixmedins_code": hospital.code, "fixmedins_name": hospital.name, **hospital.keys}
    insurer.control("institutions", [row])
    body = orjson.dumps(hospital.envelope("9001", SIGN_IN))
    key = {"apikey": hospital.keys["access_key"]}
    answer = insurer.client.post(ADDRESSES["apikey"], content=body, headers=key)
    assert answer.json()["infcode"] == 0
