"""How a channel takes files of debits: over HTTP, or through a folder that both sides see.

Over HTTP, `PUT debit-files/{number}` hands a file over and `GET debit-files/{number}/result` asks
for what became of it; the number is the idempotency key, the same bytes may come again. Requests
are signed with HMAC-SHA256. `base_url` is `http(s)://…`, or `file:///folder` for an exchange folder
(a file `{number}.debit` goes in, `{number}.result` comes out), as banks have them behind SFTP.
Refunds of single debits go by calls of their own.
"""

import hashlib
import hmac
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import httpx

from yifu.money import MAX_FEN
from yifu.payments.errors import ChannelUnavailable, ChannelUnknown
from yifu.payments.gateway_values import BillRow, DebitOrder, RefundOrder
from yifu.payments.rules import Answer, AnswerKind

CONNECT_SECONDS = 2.0
ANSWER_SECONDS = 30.0
LARGEST_RESULT = 64 * 2**20
"""Bytes of a result file; a larger one is no answer to what we send."""
_OK, _TAKEN_ON, _ABSENT, _REFUSED, _TROUBLE = 200, 202, 404, 400, 500


class Said(StrEnum):
    """How an exchange about a file ended."""

    TAKEN = "taken"
    """The file is over there."""
    RESULT = "result"
    """Here is what became of it."""
    NOT_YET = "not_yet"
    """It is over there and still being worked on."""
    ABSENT = "absent"
    """No such number is known there: the same file may be handed over (again)."""
    REFUSED = "refused"
    """It was not taken, and `code` says why."""
    UNSENT = "unsent"
    """No connection: it has not left."""
    UNANSWERED = "unanswered"
    """It may have left, and no answer came."""


@dataclass(frozen=True, slots=True)
class FileAnswer:
    """What a channel said about a file."""

    said: Said
    content: bytes = b""
    code: str = ""


class FileAdapter(Protocol):
    """What a channel of files must be able to do. Each call ends in time and raises nothing."""

    def send_file(self, number: str, content: bytes) -> FileAnswer:
        """Hand a file over; the same bytes under the same number change nothing."""

    def ask_file(self, number: str) -> FileAnswer:
        """Ask for the result of a file."""

    def close(self) -> None:
        """Close the connections."""


class FolderFiles:
    """A folder that both sides see. Whole files appear at once, by a rename."""

    def __init__(self, base_url: str, _secrets: Mapping[str, str]) -> None:
        self._folder = Path(urlsplit(base_url).path)

    def send_file(self, number: str, content: bytes) -> FileAnswer:
        """Put the file there."""
        target = self._folder / f"{number}.debit"
        try:
            if not target.exists():
                part = target.with_suffix(f".part{os.getpid()}")
                part.write_bytes(content)
                part.replace(target)
        except OSError:
            return FileAnswer(Said.UNSENT)
        return FileAnswer(Said.TAKEN)

    def ask_file(self, number: str) -> FileAnswer:
        """Read the result, if it has appeared."""
        try:
            return FileAnswer(Said.RESULT, (self._folder / f"{number}.result").read_bytes())
        except FileNotFoundError:
            there = (self._folder / f"{number}.debit").exists()
            return FileAnswer(Said.NOT_YET if there else Said.ABSENT)
        except OSError:
            return FileAnswer(Said.UNANSWERED)

    def close(self) -> None:
        """Nothing is open."""


class HttpFiles:
    """A bank's batch interface over HTTP, with refunds and the statement of a day."""

    def __init__(self, base_url: str, secrets: Mapping[str, str]) -> None:
        self._base = base_url.rstrip("/")
        self._app, self._key = secrets["app"], secrets["key"].encode()
        self._http = httpx.Client(
            timeout=httpx.Timeout(CONNECT_SECONDS, read=ANSWER_SECONDS, write=ANSWER_SECONDS),
            trust_env=False,
        )

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _call(self, method: str, path: str, content: bytes = b"") -> httpx.Response:
        text = f"{method}\n{path}\n{hashlib.sha256(content).hexdigest()}".encode()
        signature = hmac.new(self._key, text, hashlib.sha256).hexdigest()
        return self._http.request(
            method,
            self._base + path,
            content=content,
            headers={"Yifu-App": self._app, "Yifu-Signature": signature},
        )

    def send_file(self, number: str, content: bytes) -> FileAnswer:
        """Hand the file over (PUT)."""
        try:
            answer = self._call("PUT", f"/debit-files/{number}", content)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
            return FileAnswer(Said.UNSENT)
        except httpx.HTTPError:
            return FileAnswer(Said.UNANSWERED)
        if answer.is_success:
            return FileAnswer(Said.TAKEN)
        return _not_taken(answer)

    def ask_file(self, number: str) -> FileAnswer:
        """Ask for the result (GET)."""
        try:
            answer = self._call("GET", f"/debit-files/{number}/result")
        except httpx.HTTPError:
            return FileAnswer(Said.UNANSWERED)
        if answer.status_code == _OK and len(answer.content) <= LARGEST_RESULT:
            return FileAnswer(Said.RESULT, answer.content)
        if answer.status_code == _TAKEN_ON:
            return FileAnswer(Said.NOT_YET)
        return FileAnswer(Said.ABSENT if answer.status_code == _ABSENT else Said.UNANSWERED)

    def debit(self, order: DebitOrder) -> Answer:
        """Refuse: a channel of files takes no single debit."""
        raise ChannelUnknown(channel=order.out_trade_no)

    def ask_debit(self, out_trade_no: str) -> Answer:
        """Refuse: what became of a debit stands in its file's result."""
        raise ChannelUnknown(channel=out_trade_no)

    def refund(self, order: RefundOrder) -> Answer:
        """Ask for a refund of one debit."""
        message = {
            "out_trade_no": order.out_trade_no,
            "amount_fen": order.amount_fen,
            "reason": order.reason,
        }
        path = f"/refunds/{order.out_refund_no}"
        return self._refund("PUT", path, json.dumps(message).encode())

    def ask_refund(self, out_refund_no: str) -> Answer:
        """Ask what became of a refund."""
        return self._refund("GET", f"/refunds/{out_refund_no}", b"")

    def _refund(self, method: str, path: str, content: bytes) -> Answer:
        try:
            answer = self._call(method, path, content)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
            return Answer(AnswerKind.UNSENT)
        except httpx.HTTPError:
            return Answer(AnswerKind.UNANSWERED)
        if answer.status_code >= _TROUBLE:
            return Answer(AnswerKind.UNANSWERED)
        try:
            told = answer.json()
            if not answer.is_success:
                absent = method == "GET" and answer.status_code == _ABSENT
                return Answer(AnswerKind.ABSENT if absent else AnswerKind.CODED, _code(told))
            return Answer(
                AnswerKind.DONE,
                "SUCCESS",
                transaction_id=str(told["transaction_id"]),
                amount_fen=_fen(told["amount_fen"]),
                moved_on=date.fromisoformat(told["day"]),
            )
        except (ValueError, KeyError, TypeError):
            return Answer(AnswerKind.UNANSWERED)

    def trade_bill(self, day: date) -> list[BillRow]:
        """Fetch what moved on a day. Raises `ChannelUnavailable`."""
        try:
            answer = self._call("GET", f"/statements/{day.isoformat()}")
            answer.raise_for_status()
            return [_bill_row(row) for row in answer.json()["rows"]]
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            raise ChannelUnavailable(channel=self._app, reason=type(error).__name__) from error


def _not_taken(answer: httpx.Response) -> FileAnswer:
    if answer.status_code >= _TROUBLE or answer.status_code < _REFUSED:
        return FileAnswer(Said.UNANSWERED)
    try:
        return FileAnswer(Said.REFUSED, code=_code(answer.json()))
    except (ValueError, KeyError, TypeError):
        return FileAnswer(Said.UNANSWERED)


def _code(told: Mapping[str, Any]) -> str:
    return str(told["code"])[:40]


def _fen(value: object) -> int:
    if type(value) is not int or not 0 <= value < MAX_FEN:
        raise ValueError("an amount that is no number of fen")
    return value


def _bill_row(told: Mapping[str, Any]) -> BillRow:
    return BillRow(
        out_trade_no=str(told["out_trade_no"]),
        out_refund_no=str(told["out_refund_no"]) if told["out_refund_no"] else None,
        transaction_id=str(told["transaction_id"]),
        amount_fen=_fen(told["amount_fen"]),
        refund_fen=_fen(told["refund_fen"]),
        fee_fen=_fen(told["fee_fen"]),
    )
