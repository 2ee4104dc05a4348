"""The hospital's connection: tokens, keys, times, and asking again after an answer was lost."""

import json
import threading
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from counterparts.hospital import wire
from counterparts.hospital.wire import Platform, RefusedError, Tally, Token, UnansweredError

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Script:
    """What a server does with one request after another; the last answer is kept up."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.asked = []
        self.tokens = 0

    def next(self):
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def serving(script):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if self.path == "/oauth/token/":
                script.tokens += 1
                self.answer(200, {"access_token": f"token-{script.tokens}"})
                return
            script.asked.append((self.path, dict(self.headers), body))
            status, message = script.next()
            if status is None:
                self.close_connection = True
                self.connection.close()
            else:
                self.answer(status, message)

        def answer(self, status, message):
            raw = json.dumps(message).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_args):
            """Say nothing."""

        def finish(self):
            if not self.close_connection:
                super().finish()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


LINKS: list[Platform] = []


@pytest.fixture(autouse=True)
def _close_links():
    yield
    while LINKS:
        LINKS.pop().close()


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    monkeypatch.setattr(wire, "PATIENCE_S", 1.5)
    monkeypatch.setattr(wire, "_UNDER_WAY_PATIENCE_S", 0.3)


def platform(url, token=None):
    made = Platform(url, token or Token(url, "his", "secret", "visits"), Tally())
    LINKS.append(made)
    return made


def test_a_request_carries_token_time_and_key():
    script = Script((201, {"id": 5}))
    with serving(script) as url:
        answer = platform(url).post("/api/v1/settlements", {"visit_id": 1}, now=NOW, key="K1")
    assert (answer.status, answer.body) == (201, {"id": 5})
    (_, headers, body), *_ = script.asked
    assert headers["Authorization"] == "Bearer token-1"
    assert headers["Yifu-Now"] == "2026-03-02T09:00:00+00:00"
    assert headers["Idempotency-Key"] == "K1"
    assert json.loads(body) == {"visit_id": 1}


def test_a_lost_answer_is_asked_for_again_under_the_same_key():
    script = Script((None, None), (None, None), (201, {"id": 5}))
    with serving(script) as url:
        hospital = platform(url)
        assert hospital.post("/x", {}, now=NOW, key="K1").body == {"id": 5}
    assert [headers["Idempotency-Key"] for _, headers, _ in script.asked] == ["K1"] * 3
    assert (hospital.tally.requests, hospital.tally.repeated) == (1, 2)


@pytest.mark.parametrize("status", [502, 503, 504])
def test_not_now_is_asked_again(status):
    with serving(Script((status, {}), (200, {"ok": True}))) as url:
        assert platform(url).post("/x", {}, now=NOW).body == {"ok": True}


def test_a_refusal_is_not_asked_again():
    script = Script((422, {"code": "invalid_request", "detail": "no"}))
    with serving(script) as url, pytest.raises(RefusedError) as refused:
        platform(url).post("/x", {}, now=NOW)
    assert (refused.value.status, refused.value.code) == (422, "invalid_request")
    assert len(script.asked) == 1


def test_a_request_that_stays_under_way_is_left_to_recovery():
    script = Script((409, {"code": "request_under_way"}))
    with serving(script) as url, pytest.raises(RefusedError) as refused:
        platform(url).post("/x", {}, now=NOW, key="K1")
    assert refused.value.code == "request_under_way"
    assert len(script.asked) > 1


def test_a_token_that_has_expired_is_replaced_once():
    script = Script((401, {}), (200, {"ok": True}))
    with serving(script) as url:
        assert platform(url).post("/x", {}, now=NOW).body == {"ok": True}
    assert [headers["Authorization"] for _, headers, _ in script.asked] == [
        "Bearer token-1",
        "Bearer token-2",
    ]


def test_lanes_share_one_token():
    script = Script((200, {}))
    with serving(script) as url:
        token = Token(url, "his", "secret", "visits")
        for lane in [platform(url, token) for _ in range(3)]:
            lane.post("/x", {}, now=NOW)
    assert script.tokens == 1


def test_patience_ends():
    with serving(Script((None, None))) as url, pytest.raises(UnansweredError, match="POST /x"):
        platform(url).post("/x", {}, now=NOW)


def test_nobody_at_all_is_an_end_of_patience_too():
    with serving(Script((200, {}))) as url:
        gone = url
    with pytest.raises(UnansweredError):
        platform(gone).post("/x", {}, now=NOW)
