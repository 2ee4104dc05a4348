"""The simulated batch bank, on a real socket."""

import hashlib
import hmac
from typing import Any

import httpx
import pytest

from tests.counterparts.conftest import Counterpart, running_counterpart

KEY = b"k"


@pytest.fixture(scope="module")
def bank(tmp_path_factory):
    with running_counterpart("batch", tmp_path_factory.mktemp("batch")) as counterpart:
        counterpart.control("apps", {"app": "yifu", "key": KEY.decode()})
        counterpart.control("agreements", [{"agreement": "1", "balance_fen": 5000}])
        yield counterpart


def call(bank: Counterpart, method: str, path: str, body: bytes = b"", **more: Any):
    text = f"{method}\n{path}\n{hashlib.sha256(body).hexdigest()}".encode()
    signature = hmac.new(more.get("key", KEY), text, hashlib.sha256).hexdigest()
    headers = {"Yifu-App": "yifu", "Yifu-Signature": signature}
    return httpx.request(method, bank.url + path, content=body, headers=headers)


def file(number: str, *rows: tuple[str, str, int]) -> bytes:
    body = "".join(f"{trade}\t{agreement}\t{fen}\n" for trade, agreement, fen in rows).encode()
    total = sum(fen for *_, fen in rows)
    digest = hashlib.sha256(body).hexdigest()
    return f"{number}\t{len(rows)}\t{total}\t{digest}\n".encode() + body


def test_a_file_is_debited_once_and_told_row_by_row(bank):
    content = file("F1", ("A1", "1", 3000), ("A2", "1", 3000), ("A3", "9", 1))
    for _ in range(2):
        assert call(bank, "PUT", "/debit-files/F1", content).status_code == 202
    told = call(bank, "GET", "/debit-files/F1/result").text.splitlines()
    assert told[0].split("\t")[:3] == ["F1", "3", "3000"]
    codes = [row.split("\t")[1] for row in told[1:]]
    assert codes == ["SUCCESS", "NOT_ENOUGH", "AGREEMENT_NOT_EXIST"]
    assert bank.control("agreements/1", method="GET")["balance_fen"] == 2000


def test_another_file_under_a_used_number_is_refused(bank):
    call(bank, "PUT", "/debit-files/F2", file("F2", ("B1", "1", 1)))
    again = call(bank, "PUT", "/debit-files/F2", file("F2", ("B1", "1", 2)))
    assert (again.status_code, again.json()["code"]) == (409, "NUMBER_USED")


@pytest.mark.parametrize("bad", [b"", b"nonsense", file("F9", ("C1", "1", 1))[:-3]])
def test_a_file_that_does_not_fit_its_header_is_refused_as_a_whole(bank, bad):
    answer = call(bank, "PUT", "/debit-files/F9", bad)
    assert (answer.status_code, answer.json()["code"]) == (400, "FILE_BAD")
    assert call(bank, "GET", "/debit-files/F9/result").status_code == 404


def test_whoever_signs_with_another_key_gets_nothing(bank):
    assert call(bank, "GET", "/debit-files/F1/result", key=b"other").status_code == 401


def test_a_debit_goes_back_once_and_no_more_than_was_taken(bank):
    bank.control("agreements", [{"agreement": "2", "balance_fen": 500}])
    call(bank, "PUT", "/debit-files/F3", file("F3", ("D1", "2", 400)))
    body = b'{"out_trade_no": "D1", "amount_fen": 300, "reason": "r"}'
    for _ in range(2):
        assert call(bank, "PUT", "/refunds/R1", body).json()["amount_fen"] == 300
    assert call(bank, "PUT", "/refunds/R2", body).json()["code"] == "TOO_MUCH"
    assert bank.control("agreements/2", method="GET")["balance_fen"] == 400
