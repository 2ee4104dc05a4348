"""Speaking to parties of credit: what came of it is always a value, whatever went wrong."""

import socket
import threading

import pytest
from django.db import transaction

from yifu.credit import gateway
from yifu.credit.gateway import Answer, AnswerKind
from yifu.credit.models import CreditParty
from yifu.outside import TransactionOpenError
from yifu.secrets import encrypt

PERSON = "990101198001010077"

pytestmark = pytest.mark.django_db(transaction=True)


def listing(number: int = 1) -> dict[str, object]:
    return {
        "number": number,
        "id_number": PERSON,
        "name": "王小明",
        "listed": True,
        "reason": "bill:1 defaulted",
        "institution": "示范市医院",
        "amount_fen": 100,
        "since": "2026-03-02",
    }


def ask(party: CreditParty, number: str = "R1") -> gateway.ScoreAnswer:
    return gateway.ask_score(party, request_no=number, id_number=PERSON, name="王小明")


def test_what_is_posted_arrives_and_what_is_asked_is_answered(party):
    answer = gateway.post(party, "/listings", listing())
    assert answer.kind == AnswerKind.DONE
    assert answer.body["applied"] is True
    asked = gateway.get(party, "/listings", id_number=PERSON)
    assert asked.body["listed"] is True


def test_a_query_is_signed_as_it_is_sent(party):
    asked = gateway.get(party, "/listings", id_number="中文 a+b&c=d")
    assert (asked.kind, asked.body["listed"]) == (AnswerKind.DONE, False)


def test_a_score_is_read(platform, party):
    platform.control("scores", {"id_number": PERSON, "score": 640})
    answer = ask(party)
    assert answer.kind == AnswerKind.DONE
    assert answer.scored is not None
    assert answer.scored.score == 640
    assert sum(answer.scored.dimensions.values()) == 640
    assert answer.scored.reference


def test_a_person_may_be_unknown(platform, party):
    platform.control("scores", {"id_number": PERSON, "score": None})
    answer = ask(party)
    assert answer.kind == AnswerKind.DONE
    assert answer.scored is not None
    assert answer.scored.score is None


def test_a_refusal_has_the_partys_code(platform, party):
    platform.fault("refuse")
    assert gateway.post(party, "/listings", listing()) == Answer(AnswerKind.REFUSED, "BUSY")
    platform.fault("refuse")
    assert ask(party) == gateway.ScoreAnswer(AnswerKind.REFUSED, "BUSY")


def test_a_wrong_key_is_a_refusal(party):
    party.key_cipher = encrypt("another key")
    answer = gateway.post(party, "/listings", listing())
    assert answer == Answer(AnswerKind.REFUSED, "WRONG_SIGNATURE")


@pytest.mark.parametrize("fault", ["drop_request", "drop_answer", "nonsense", "gateway_timeout"])
def test_what_is_no_answer_is_unanswered(platform, party, fault):
    platform.fault(fault)
    assert gateway.post(party, "/listings", listing()).kind == AnswerKind.UNANSWERED
    platform.fault(fault)
    assert ask(party, "R2").kind == AnswerKind.UNANSWERED


def test_an_answer_that_is_late_is_unanswered(platform, party):
    party.timeout_s = 1
    platform.fault("delay", seconds=1.5)
    assert gateway.post(party, "/listings", listing()).kind == AnswerKind.UNANSWERED


def test_nobody_there_is_unsent(party):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        party.base_url = f"http://127.0.0.1:{probe.getsockname()[1]}"
        assert gateway.post(party, "/listings", listing()) == Answer(AnswerKind.UNSENT)
    party.base_url = "nowhere"
    assert gateway.post(party, "/listings", listing()) == Answer(AnswerKind.UNSENT)


@pytest.mark.parametrize(
    "said",
    [
        b'{"score": "640", "dimensions": {}, "valid_until": "2026-04-01", "reference": "X"}',
        b'{"score": -1, "dimensions": {}, "valid_until": "2026-04-01", "reference": "X"}',
        b'{"score": 1, "dimensions": {"a": 0.5}, "valid_until": "2026-04-01", "reference": "X"}',
        b'{"score": 1, "dimensions": [], "valid_until": "2026-04-01", "reference": "X"}',
        b'{"score": 1, "dimensions": {}, "valid_until": "never", "reference": "X"}',
        b'{"score": 1, "dimensions": {}, "valid_until": "2026-04-01", "reference": ""}',
        b'{"dimensions": {}}',
    ],
)
def test_a_score_that_is_none_is_not_believed(party, said):
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=_say, args=(server, said))
        thread.start()
        party.base_url = f"http://127.0.0.1:{server.getsockname()[1]}"
        answer = ask(party)
        thread.join()
    assert answer == gateway.ScoreAnswer(AnswerKind.UNANSWERED, "UNREADABLE")


def _say(server: socket.socket, said: bytes) -> None:
    caller, _ = server.accept()
    with caller:
        caller.recv(65_536)
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(said)}\r\nConnection: close\r\n\r\n"
        caller.sendall(head.encode() + said)


def test_nothing_is_sent_inside_a_transaction(platform, party):
    with transaction.atomic(), pytest.raises(TransactionOpenError):
        gateway.post(party, "/listings", listing())
    assert platform.control("books", method="GET")["listings"] == []
