"""The service gateway: headers, skew, keys, signature, and the faults in front of the insurer."""

import time

import httpx
import pytest

ADDRESS = "/fsi/api/rsfComIfsService/callService"
SIGN_IN = {"signIn": {"opter_no": "C001", "mac": "00-00-00-00-00-01", "ip": "127.0.0.1"}}
HALF_AN_HOUR_MS = 30 * 60 * 1000


def gateway_error(answer):
    assert answer.status_code == 200
    assert answer.json().keys() == {"code", "message"}
    return answer.json()["code"], answer.json()["message"]


def test_a_call_without_its_headers_is_sent_away(hospital):
    answer = hospital.insurer.client.post(ADDRESS, json=hospital.envelope("9001", SIGN_IN))
    assert gateway_error(answer) == (401, "缺少服务网关的请求头!")


@pytest.mark.parametrize("sign", [-1, 1])
def test_a_timestamp_more_than_half_an_hour_off_is_sent_away(hospital, sign):
    body = hospital.envelope("9001", SIGN_IN)
    now_ms = time.time_ns() // 1_000_000
    late = hospital.post("9001", body, at_ms=now_ms + sign * (HALF_AN_HOUR_MS + 5_000))
    assert gateway_error(late) == (401, "签名时间戳超时!")
    in_time = hospital.post("9001", body, at_ms=now_ms + sign * (HALF_AN_HOUR_MS - 5_000))
    assert in_time.json()["infcode"] == 0


def test_an_unknown_access_key_is_sent_away(hospital):
    hospital.keys = {"access_key": "nobody", "secret_key": "sk-demo"}
    answer = hospital.post("9001", hospital.envelope("9001", SIGN_IN))
    assert gateway_error(answer) == (401, "非法用户!")


def test_a_wrong_secret_is_sent_away(hospital):
    answer = hospital.post("9001", hospital.envelope("9001", SIGN_IN), secret_key="other")
    assert gateway_error(answer) == (401, "签名不一致!")


def test_the_signed_transaction_must_be_the_one_in_the_body(hospital):
    answer = hospital.post("1101", hospital.envelope("9001", SIGN_IN)).json()
    assert answer["infcode"] == -1
    assert "_api_name" in answer["err_msg"]


def test_a_body_that_is_no_json_object_is_refused(hospital):
    headers = hospital.headers("9001")
    for content in (b"<xml/>", b"[]", b""):
        answer = hospital.insurer.client.post(ADDRESS, content=content, headers=headers).json()
        assert answer["infcode"] == -1


@pytest.mark.parametrize(("changes", "named"), [
    ({"opter": ""}, "opter"),
    ({"inf_time": "2026-03-02T10:00:00"}, "inf_time"),
    ({"mdtrtarea_admvs": "9901001"}, "mdtrtarea_admvs"),
    ({"mdtrtarea_admdvs": "990100"}, "mdtrtarea_admdvs"),
    ({"opter_type": "9"}, "opter_type"),
    ({"msgid": "H9901000000120260302"}, "msgid"),
    ({"fixmedins_code": "H99010000002", "msgid": "H99010000002202603021015000001"},
     "fixmedins_code"),
    ({"sign_no": "0" * 30}, "sign_no"),
    ({"infno": "9001x"}, "infno"),
])  # fmt: skip
def test_the_envelope_is_checked_and_the_field_named(hospital, changes, named):
    body = hospital.envelope("9001", SIGN_IN, **changes)
    answer = hospital.post("9001", body).json()
    assert answer["infcode"] == -1
    assert answer["err_msg"].startswith(named)


def test_an_answer_has_the_envelope_of_the_interface(hospital):
    answer = hospital.call("9001", SIGN_IN)
    assert answer.infcode == 0
    assert len(answer.inf_refmsgid) == 30
    assert answer.inf_refmsgid.startswith("99010020260302101500")
    assert len(answer.refmsg_time) == len(answer.respond_time) == 17
    assert answer.output["signinoutb"]["sign_time"] == "2026-03-02 10:15:00"


def test_a_sign_in_number_is_good_in_later_messages(hospital, persons):
    sign_no = hospital.ok("9001", SIGN_IN)["signinoutb"]["sign_no"]
    person = persons.employee
    input_ = {
        "data": {
            "mdtrt_cert_type": "02",
            "mdtrt_cert_no": person["certno"],
            "psn_cert_type": "01",
            "certno": person["certno"],
            "psn_name": person["psn_name"],
        }
    }
    assert hospital.ok("1101", input_, sign_no=sign_no)["baseinfo"]["psn_no"] == person["psn_no"]


def test_an_injected_401_is_the_gateways(hospital):
    hospital.insurer.fault("gateway_401", infno="9001")
    answer = hospital.post("9001", hospital.envelope("9001", SIGN_IN))
    assert gateway_error(answer)[0] == 401
    assert hospital.call("9001", SIGN_IN).infcode == 0


def test_a_dropped_request_breaks_the_connection(hospital):
    hospital.insurer.fault("drop_request", infno="9001", times=2)
    for _ in range(2):
        with pytest.raises(httpx.RemoteProtocolError):
            hospital.call("9001", SIGN_IN)
    assert hospital.call("9001", SIGN_IN).infcode == 0


def test_nonsense_is_a_page_with_status_200(hospital):
    hospital.insurer.fault("nonsense")
    answer = hospital.post("9001", hospital.envelope("9001", SIGN_IN))
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")


def test_a_gateway_that_times_out_has_let_the_message_through(hospital, persons, speak):
    hospital.insurer.fault("gateway_timeout", infno="2201")
    message = hospital.envelope("2201", speak.registration(persons.employee, "V1"))
    assert hospital.post("2201", message).status_code == 504
    assert hospital.post("2201", message).json()["infcode"] == 0
    assert "已挂号" in hospital.error("2201", speak.registration(persons.employee, "V1"))


def test_a_share_of_the_answers_is_lost(hospital):
    hospital.insurer.fault("drop_answer", infno="9001", rate=0.3, seed=7, times=-1)
    lost = 0
    for _ in range(40):
        try:
            hospital.call("9001", SIGN_IN)
        except httpx.RemoteProtocolError:
            lost += 1
    (rule,) = hospital.insurer.control("faults", method="GET")["rules"]
    assert lost == rule["fired"]
    assert 0 < lost < 40


def test_a_refusal_is_in_the_insurers_own_words(hospital):
    hospital.insurer.fault("refuse", infno="9001")
    assert "模拟拒绝" in hospital.error("9001", SIGN_IN)


def test_a_delay_delays(hospital):
    hospital.insurer.fault("delay", seconds=0.3)
    begun = time.monotonic()
    assert hospital.call("9001", SIGN_IN).infcode == 0
    assert time.monotonic() - begun >= 0.3


def test_an_unknown_transaction_is_refused(hospital):
    assert hospital.error("9999", {"data": {}}).startswith("infno 交易9999")


def test_latency_delays_every_answer(hospital):
    hospital.insurer.control("latency", {"ms": 200})
    try:
        begun = time.monotonic()
        assert hospital.call("9001", SIGN_IN).infcode == 0
        assert time.monotonic() - begun >= 0.2
    finally:
        hospital.insurer.control("latency", {"ms": 0})


def test_a_fault_can_wait_for_the_nth_message(hospital):
    hospital.insurer.fault("refuse", infno="9001", nth=2)
    codes = [hospital.call("9001", SIGN_IN).infcode for _ in range(3)]
    assert codes == [0, -1, 0]
    (rule,) = hospital.insurer.control("faults", method="GET")["rules"]
    assert (rule["fired"], rule["left"]) == (1, 0)
