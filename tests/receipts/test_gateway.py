"""What the platform's frame may hold, and that nothing else is believed."""

import base64
import json
import threading
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import orjson
import pytest

from yifu.receipts import gateway
from yifu.receipts.gateway import Endpoint, Refused, Unanswered

ENDPOINT = Endpoint("http://127.0.0.1:9/medical-web", "APP", "KEY")


def b64(value):
    content = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.b64encode(content).decode()


def answer(result="S0000", message=None, **changes):
    data = changes.pop("data", None) or b64({"result": result, "message": message or b64({})})
    frame = {"appid": "APP", "data": data, "noise": "N", "version": "1.0"}
    frame["sign"] = gateway.sign(frame, "KEY")
    return orjson.dumps(frame | changes)


def test_a_signature_is_the_platforms_md5():
    frame = {"appid": "A", "data": "D", "noise": "N", "version": "1.0"}
    # printf 'appid=A&data=D&noise=N&key=K&version=1.0' | md5sum
    assert gateway.sign(frame, "K") == "D68C291933010F4D8C108FC993823455"


def test_a_sealed_frame_opens_again():
    frame = gateway.seal(ENDPOINT, b'{"busNo":"1"}')
    assert json.loads(base64.b64decode(frame["data"])) == {"busNo": "1"}
    assert frame["sign"] == gateway.sign(frame, "KEY")


def test_a_yes_gives_its_message():
    assert gateway.understand(ENDPOINT, answer(message=b64({"billNo": "7"}))) == {"billNo": "7"}


@pytest.mark.parametrize(
    "body",
    [
        b"<html>",
        b"[]",
        b"{}",
        answer(appid=None),
        answer(sign="0" * 32),
        answer(sign="签"),
        answer(appid="OTHER"),
        answer(data="***"),
        answer(data=b64([1])),
        answer(data=b64(b"not json")),
        answer(data=b64({"result": "S0000"})),
        answer(message="%%%"),
        answer(message=b64([])),
        answer(result="E9000", message=b64("系统繁忙".encode())),
    ],
)
def test_whatever_is_not_a_whole_true_answer_is_no_answer(body):
    with pytest.raises(Unanswered):
        gateway.understand(ENDPOINT, body)


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (b64("票据不存在".encode()), "票据不存在"),
        (b64("票据不存在"), "票据不存在"),
        ("not base64!", "not base64!"),
        (b64(b"\xff"), "/w=="),
    ],
)
def test_a_no_is_told_in_the_platforms_words(message, reason):
    with pytest.raises(Refused) as caught:
        gateway.understand(ENDPOINT, answer(result="E2002", message=message))
    assert (caught.value.code, caught.value.reason) == ("E2002", reason)


def test_a_platform_that_is_not_there_gives_no_answer():
    with pytest.raises(Unanswered):
        gateway.issue(ENDPOINT, {})


class Platform(ThreadingHTTPServer):
    """A platform on a real socket that answers what a test wants, in their order."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers = []
        self.asked = []

    @property
    def endpoint(self):
        return Endpoint(f"http://127.0.0.1:{self.server_port}/medical-web", "APP", "KEY")


class Handler(BaseHTTPRequestHandler):
    server: Platform
    protocol_version = "HTTP/1.0"

    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        self.server.asked.append(self.path.rsplit("/", 1)[1])
        status, body = self.server.answers.pop(0)
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def platform():
    server = Platform()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join(5)


GOOD = {"billBatchCode": "99060126", "billNo": "0000000001", "random": "a1b2c3"}
ORDER = {"billBatchCode": "99060126", "billNo": "0000000001"}
RED = {"isScarlet": "1", "scarletBillBatchCode": "9", "scarletBillNo": "2", "scarletRandom": "r"}


def yes(message):
    return 200, answer(message=b64(message))


def no(code="E2003"):
    return 200, answer(result=code, message=b64("票据已冲红".encode()))


@pytest.mark.parametrize("name", list(GOOD))
@pytest.mark.parametrize("value", [None, "", 7, "x" * 51, "a\0b"])
def test_numbers_that_cannot_be_kept_are_no_answer(platform, name, value):
    platform.answers = [yes(GOOD | {name: value})]
    with pytest.raises(Unanswered):
        gateway.issue(platform.endpoint, {})


@pytest.mark.parametrize("status", [401, 404, 500, 503])
def test_another_status_is_no_answer(platform, status):
    platform.answers = [(status, answer(message=b64(GOOD)))]
    with pytest.raises(Unanswered, match=f"HTTP {status}"):
        gateway.issue(platform.endpoint, {})


def test_who_was_cancelled_before_is_looked_up(platform):
    platform.answers = [no(), yes(RED)]
    assert gateway.write_off(platform.endpoint, ORDER) == gateway.Issued("9", "2", "r")
    assert platform.asked == ["writeOffEBill", "getEBillStatesByBillInfo"]


@pytest.mark.parametrize("second", [yes({"isScarlet": "0"}), no("E2002")])
def test_who_was_not_cancelled_stays_refused(platform, second):
    platform.answers = [no("E1001"), second]
    with pytest.raises(Refused) as caught:
        gateway.write_off(platform.endpoint, ORDER)
    assert caught.value.code == "E1001"


TOTALS = {"copyNum": 2, "allTotalAmt": "12.34", "redCopyNum": "1", "redTotalAmt": -0.05}


def test_totals_are_fen(platform):
    platform.answers = [yes(TOTALS)]
    found = gateway.totals(platform.endpoint, day=date(2026, 3, 2), place_code="P01")
    assert found == gateway.Totals(copies=2, total_fen=1234, red_copies=1, red_total_fen=-5)


@pytest.mark.parametrize(
    "wrong",
    [{"copyNum": "many"}, {"copyNum": None}, {"allTotalAmt": "1.234"}, {"redTotalAmt": "NaN"}],
)
def test_totals_that_are_none_are_no_answer(platform, wrong):
    platform.answers = [yes(TOTALS | wrong)]
    with pytest.raises(Unanswered):
        gateway.totals(platform.endpoint, day=date(2026, 3, 2), place_code="P01")
