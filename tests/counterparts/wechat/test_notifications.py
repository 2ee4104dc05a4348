"""Notifications: sent when a URL is given, opened by the library, lost or doubled by a fault."""

from __future__ import annotations

import queue
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

SOON = 5
A_WHILE = 0.7


class Inbox:
    """A merchant's server that keeps what it is sent."""

    def __init__(self) -> None:
        self.received: queue.Queue[tuple[dict[str, str], bytes]] = queue.Queue()
        self.statuses: list[int] = []
        inbox = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                inbox.received.put((dict(self.headers), body))
                self.send_response(inbox.statuses.pop(0) if inbox.statuses else 204)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/notify"
        self._thread = threading.Thread(target=self.server.serve_forever)
        self._thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self._thread.join()
        self.server.server_close()

    def opened(self, merchant):
        headers, body = self.received.get(timeout=SOON)
        lowered = {name.lower(): value for name, value in headers.items()}
        return merchant.library.callback(lowered, body)


@pytest.fixture
def inbox():
    inbox = Inbox()
    yield inbox
    inbox.close()


def test_a_paid_debit_is_notified(merchant, contract, inbox):
    merchant.apply("D-note-1", contract(), 12_34, transaction_notify_url=inbox.url)
    notice = inbox.opened(merchant)
    assert notice["event_type"] == "TRANSACTION.SUCCESS"
    assert notice["resource"]["out_trade_no"] == "D-note-1"
    assert notice["resource"]["trade_state"] == "SUCCESS"
    assert notice["resource"]["amount"]["total"] == 12_34


def test_a_refund_is_notified(merchant, contract, inbox):
    merchant.apply("D-note-2", contract(), 12_34)
    amount = {"refund": 34, "total": 12_34, "currency": "CNY"}
    merchant.library.refund("R-note-2", amount, out_trade_no="D-note-2", notify_url=inbox.url)
    notice = inbox.opened(merchant)
    assert notice["event_type"] == "REFUND.SUCCESS"
    assert notice["resource"]["refund_status"] == "SUCCESS"
    assert notice["resource"]["amount"]["refund"] == 34


def test_a_contract_is_notified_once(channel, merchant, inbox):
    body = {
        "appid": "wx99yifu00000001",
        "plan_id": 12535,
        "out_contract_code": "YF-NOTE",
        "contract_display_account": "乙",
        "contract_notify_url": inbox.url,
    }
    _, begun = merchant.post("/v3/papay/sign/contracts/pre-entrust-sign", body)
    for _ in range(2):
        channel.client.post(begun["redirect_url"])
    notice = inbox.opened(merchant)
    assert notice["event_type"] == "PAPAY.SIGN"
    assert notice["resource"]["out_contract_code"] == "YF-NOTE"
    assert_nothing_more(inbox)


def test_failed_debits_and_repeats_are_not_notified(merchant, contract, inbox):
    url = inbox.url
    merchant.apply("D-note-3", contract(balance_fen=0), 1, transaction_notify_url=url)
    contract_id = contract()
    for _ in range(2):
        merchant.apply("D-note-4", contract_id, 1, transaction_notify_url=url)
    assert inbox.opened(merchant)["resource"]["out_trade_no"] == "D-note-4"
    assert_nothing_more(inbox)


def test_a_notification_can_get_lost(channel, merchant, contract, inbox):
    channel.fault("drop_request", path="/notification", out_trade_no="D-note-5")
    merchant.apply("D-note-5", contract(), 1, transaction_notify_url=inbox.url)
    assert_nothing_more(inbox)


def test_a_notification_can_come_twice(channel, merchant, contract, inbox):
    channel.fault("twice", path="/notification", out_trade_no="D-note-6")
    merchant.apply("D-note-6", contract(), 1, transaction_notify_url=inbox.url)
    first, second = inbox.opened(merchant), inbox.opened(merchant)
    assert first == second
    assert_nothing_more(inbox)


def test_a_notification_is_tried_again_when_it_is_not_taken(merchant, contract, inbox):
    inbox.statuses = [500]
    merchant.apply("D-note-7", contract(), 1, transaction_notify_url=inbox.url)
    assert inbox.opened(merchant) == inbox.opened(merchant)


def assert_nothing_more(inbox: Inbox) -> None:
    with pytest.raises(queue.Empty):
        inbox.received.get(timeout=A_WHILE)
