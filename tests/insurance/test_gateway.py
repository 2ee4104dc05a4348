"""One call and what became of it, against a server on a real socket."""

import json
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest

from yifu.insurance import gateway, wire
from yifu.insurance import messages as m

YES = {"infcode": 0, "inf_refmsgid": "990100202603010930050000000001", "err_msg": ""}


def slowly(seconds: float) -> Any:
    def reply(handler, _):
        time.sleep(seconds)
        handler.answer(b"{}")

    return reply


def test_a_yes_is_an_answer(insurer, ask):
    insurer.says(YES | {"output": None, "warn_msg": "w"})
    answer = ask()
    assert (answer.output, answer.infcode, answer.warn_msg) == ({}, "0", "w")
    assert answer.inf_refmsgid == YES["inf_refmsgid"]
    assert answer.raw_bytes_len == len(json.dumps(YES | {"output": None, "warn_msg": "w"}))


@pytest.mark.parametrize("infcode", [0, "0", " 0 "])
def test_a_yes_may_be_a_number_or_a_text(insurer, ask, infcode):
    insurer.says(YES | {"infcode": infcode})
    assert ask().infcode == "0"


@pytest.mark.parametrize("infcode", [-1, "-1"])
def test_a_no_is_a_refusal_in_the_insurers_words(insurer, ask, infcode):
    insurer.says({"infcode": infcode, "err_msg": "余额不足", "output": None})
    with pytest.raises(gateway.Refused) as caught:
        ask()
    assert (caught.value.err_msg, caught.value.code) == ("余额不足", "-1")


@pytest.mark.parametrize("infcode", [1, "1", None, True, False, "", -2, 0.5, {}])
def test_neither_yes_nor_no_leaves_the_state_unknown(insurer, ask, infcode):
    insurer.says(YES | {"infcode": infcode})
    with pytest.raises(gateway.Nonsense):
        ask()


@pytest.mark.parametrize(
    ("body", "how"),
    [
        (b"<html><body>\xe7\xb3\xbb\xe7\xbb\x9f\xe7\xb9\x81\xe5\xbf\x99</body>", {}),
        (json.dumps(YES | {"err_msg": "成功"}, ensure_ascii=False).encode("gbk"), {}),
        (b"", {}),
        (b"[]", {}),
        (b"null", {}),
        (b"{}", {}),
        (b'{"infcode": 0, "output": []', {}),
        (b'{"infcode": 0, "output": ["x"]}', {}),
        (b'{"infcode": 0, "output": {"x": NaN}}', {}),
        (b'{"infcode": 0, "output": ' + b"[" * 100_000, {}),
        (b'{"infcode": 0, "output": {"x": ' + b"9" * 5000 + b"}}", {}),
    ],
)
def test_what_cannot_be_understood_is_nonsense(insurer, ask, body, how):
    insurer.says(body, **how)
    with pytest.raises(gateway.Nonsense):
        ask()


def test_an_answer_that_breaks_the_field_table_is_nonsense_and_names_the_place(
    insurer, ask, settled, sample
):
    output = settled(hifp_pay="5.001")
    del output["setlinfo"]["setl_id"]
    insurer.says(json.dumps(YES | {"output": output}, default=str).encode())
    asked = m.presettle(patient=sample.patient, credential=sample.credential, claim=sample.claim)
    settle: dict[str, Any] = {**asked["data"]}
    del settle["psn_type"], settle["psn_name"]
    names = ("fulamt_ownpay_amt", "overlmt_selfpay", "preselfpay_amt", "inscp_scp_amt")
    settle |= dict.fromkeys(names, 0)
    with pytest.raises(gateway.Nonsense) as caught:
        ask(infno="2207", input_={"data": settle})
    assert {(one.place, one.rule) for one in caught.value.violations} == {
        ("setlinfo.setl_id", "required"),
        ("setlinfo.hifp_pay", "decimals"),
    }


def test_an_unknown_code_is_remarked_and_believed(insurer, ask, settled, sample):
    output = settled(clr_type="990001")
    del output["setlinfo"]["setl_id"]
    insurer.says(json.dumps(YES | {"output": output}, default=str).encode())
    message = m.presettle(patient=sample.patient, credential=sample.credential, claim=sample.claim)
    answer = ask(infno="2206", input_=message)
    assert [(one.place, one.rule) for one in answer.remarks] == [("setlinfo.clr_type", "code")]


def test_numbers_come_as_decimals_exactly_as_written(insurer, ask):
    insurer.says(b'{"infcode": 0, "output": {"a": 90071992547409.93, "b": 1.10, "c": 7}}')
    output = ask().output
    assert output == {"a": Decimal("90071992547409.93"), "b": Decimal("1.10"), "c": 7}
    assert not any(isinstance(value, float) for value in output.values())


@pytest.mark.parametrize("status", [200, 401])
@pytest.mark.parametrize(
    "message", ["缺少服务网关的请求头!", "签名时间戳超时!", "非法用户!", "签名不一致!"]
)
def test_the_gateways_401_was_surely_not_processed(insurer, ask, status, message):
    insurer.says({"code": 401, "message": message}, status=status)
    with pytest.raises(gateway.NotSent, match="401") as caught:
        ask()
    assert message in caught.value.reason
    assert not isinstance(caught.value, gateway.Malformed)


@pytest.mark.parametrize("body", [b"", b"<html>Unauthorized</html>", b"[]"])
def test_a_bare_401_was_surely_not_processed_either(insurer, ask, body):
    insurer.says(body, status=401)
    with pytest.raises(gateway.NotSent):
        ask()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"code": 500, "message": "系统异常"}, 200),
        ({"code": 502, "message": "x"}, 502),
        (b"<html>Bad Gateway</html>", 502),
        (YES, 500),
        ({"infcode": -1, "err_msg": "x"}, 500),
        (b"", 404),
    ],
)
def test_other_errors_in_between_leave_the_state_unknown(insurer, ask, body, status):
    insurer.says(body, status=status)
    with pytest.raises(gateway.Unanswered) as caught:
        ask()
    assert not isinstance(caught.value, gateway.Nonsense)


def test_nobody_listening_is_not_sent(ask, endpoint_at):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        with pytest.raises(gateway.NotSent):
            ask(at=endpoint_at(unused.getsockname()[1]))


def test_a_name_nobody_has_is_not_sent(ask, endpoint_at):
    endpoint = endpoint_at(1, base_url="http://insurer.invalid")
    with pytest.raises(gateway.NotSent):
        ask(at=endpoint)


def test_a_server_that_does_not_speak_tls_is_not_sent(insurer, ask, endpoint_at):
    endpoint = endpoint_at(1, base_url=f"https://127.0.0.1:{insurer.server_port}")
    with pytest.raises(gateway.NotSent):
        ask(at=endpoint)
    assert insurer.asked == []


def test_an_answer_cut_off_leaves_the_state_unknown(insurer, ask):
    def cut(handler, _):
        handler.answer(b'{"infcode": 0', length=4096)
        handler.close_connection = True

    insurer.reply = cut
    with pytest.raises(gateway.Unanswered) as caught:
        ask()
    assert not isinstance(caught.value, gateway.Nonsense)


def test_a_connection_closed_without_a_word_leaves_the_state_unknown(insurer, ask):
    def hang_up(handler, _):
        handler.close_connection = True

    insurer.reply = hang_up
    with pytest.raises(gateway.Unanswered):
        ask()
    assert len(insurer.asked) == 1, "a message about money is never repeated by itself"


def test_an_answer_that_is_no_http_leaves_the_state_unknown(insurer, ask):
    def babble(handler, _):
        handler.wfile.write(b"\x16\x03\x01 nonsense\r\n\r\n")
        handler.close_connection = True

    insurer.reply = babble
    with pytest.raises(gateway.Unanswered):
        ask()


def test_silence_ends_at_the_timeout(insurer, ask, endpoint_at):
    insurer.reply = slowly(1)
    began = time.monotonic()
    with pytest.raises(gateway.Unanswered, match="timed out"):
        ask(at=endpoint_at(insurer.server_port, timeout_s=0.2))
    assert time.monotonic() - began < 0.9


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n"])
def test_a_server_that_drips_cannot_hold_the_caller(insurer, ask, head, endpoint_at):
    def drip(handler, _):
        handler.wfile.write(head)
        try:
            for _ in range(20):
                handler.wfile.write(b"H")
                handler.wfile.flush()
                time.sleep(0.05)
        except OSError:
            handler.close_connection = True

    insurer.reply = drip
    began = time.monotonic()
    with pytest.raises(gateway.Unanswered, match="timed out"):
        ask(at=endpoint_at(insurer.server_port, timeout_s=0.3))
    assert time.monotonic() - began < 0.9


def test_an_endless_answer_is_given_up(insurer, ask):
    insurer.says(b"", length=2**40)
    with pytest.raises(gateway.Unanswered, match="bytes"):
        ask()


def test_a_chunked_answer_is_read(insurer, ask):
    def chunked(handler, _):
        body = json.dumps(YES).encode()
        handler.send_response(200)
        handler.send_header("transfer-encoding", "chunked")
        handler.end_headers()
        for part in (body[:5], body[5:], b""):
            handler.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))

    insurer.reply = chunked
    assert ask().infcode == "0"
    assert ask().infcode == "0"
    assert insurer.connections == 1


def test_one_connection_serves_many_calls_and_a_dead_one_is_noticed(insurer, ask):
    insurer.says(YES)
    for _ in range(5):
        ask()
    assert insurer.connections == 1

    def last(handler, _):
        handler.answer(json.dumps(YES).encode())
        handler.close_connection = True

    insurer.reply = last
    ask()
    time.sleep(0.05)
    assert ask().infcode == "0", "the server's goodbye was seen before the next call"
    assert insurer.connections == 2


def test_two_hundred_calls_at_once_all_get_their_own_answer(insurer, sample, endpoint_at):
    def echo(handler, body):
        time.sleep(0.2)
        sent = json.loads(body)
        handler.answer(json.dumps(YES | {"err_msg": sent["msgid"]}).encode())

    insurer.reply = echo
    endpoint = endpoint_at(insurer.server_port, timeout_s=20)

    def call(number):
        msgid = gateway.make_msgid(fixmedins_code="H99010000001", at=sample.at, seq=number)
        answer = gateway.call(
            endpoint,
            infno="2205",
            msgid=msgid,
            input_=m.fee_withdraw(psn_no="P1", mdtrt_id="M1"),
            now=sample.at,
            opter="001",
            opter_name="示例丙",
            insuplc_admdvs="990100",
        )
        return answer.err_msg == msgid

    with ThreadPoolExecutor(200) as threads:
        assert all(threads.map(call, range(200)))


def test_more_calls_than_connections_wait_and_then_are_not_sent(insurer):
    insurer.reply = slowly(0.3)
    pool = wire.Pool(limit=1)
    target = wire.Target.of(f"http://127.0.0.1:{insurer.server_port}")

    def post(timeout_s: float) -> int:
        return pool.post(
            target, "/", headers={}, body=b"x", timeout_s=timeout_s, max_bytes=100
        ).status

    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(post, 5)
        time.sleep(0.1)
        with pytest.raises(wire.NoConnection, match="busy"):
            post(0.05)
        assert first.result() == 200
    pool.close()
