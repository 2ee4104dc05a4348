"""Lines at a bank: opened once whatever gets lost, followed, frozen, closed (P2.2)."""

from datetime import timedelta

import pytest
from django.db import transaction

from tests import builders
from tests.builders import AREA, NOW
from tests.counterparts.conftest import running_counterpart
from tests.enrolment.conftest import sign
from yifu.collection import services as collection
from yifu.collection.models import Bill
from yifu.credit import banks, gateway, jobs
from yifu.credit import services as credit
from yifu.credit.models import (
    BankLine,
    CreditLine,
    CreditParty,
    LimitChange,
    Standing,
    StandingChange,
)
from yifu.enrolment import services as enrolment
from yifu.enrolment.services import Death
from yifu.ledger.models import Line
from yifu.patients import services as patients
from yifu.secrets import encrypt

APP, KEY = "yifu-990100", "a key of the area"
ASKED = 300_000


@pytest.fixture(scope="module")
def bank_process(tmp_path_factory):
    with running_counterpart("bank", tmp_path_factory.mktemp("bank")) as counterpart:
        counterpart.control("apps", {"app": APP, "key": KEY})
        yield counterpart
    gateway.close()


@pytest.fixture
def bank(bank_process, transactional_db):  # noqa: ARG001 - outside calls need no transaction around
    """The bank, and how our area reaches it."""
    bank_process.control("clock", {"now": NOW.isoformat()})
    CreditParty.objects.create(
        area=builders.area(),
        code="icbc",
        base_url=bank_process.url,
        app=APP,
        key_cipher=encrypt(KEY),
        timeout_s=2,
    )
    yield bank_process
    for what in ("books", "answers", "faults"):
        bank_process.control(what, method="DELETE")


def signed(who=None) -> CreditLine:
    """Somebody signs with the bank's money; nobody has asked the bank yet."""
    enrolled = sign(who or builders.person(), funding="bank", bank="icbc")
    assert enrolled.credit_line is not None
    return enrolled.credit_line


def opened(who=None) -> CreditLine:
    line = signed(who)
    assert banks.open_line(line.pk, now=NOW) == "open"
    return line


def limit_of(line: CreditLine | None) -> int:
    return Line.objects.get(creditline=line).limit_fen


def ours(line: CreditLine | None) -> BankLine:
    return BankLine.objects.get(credit_line=line)


def lines_there(bank) -> list[dict[str, object]]:
    found: list[dict[str, object]] = bank.control("books", method="GET")["lines"]
    return found


def change(bank, line, **what):
    """The bank changes a line, and we follow."""
    bank.control("lines", {"request_no": ours(line).request_no, **what})
    return banks.follow(AREA, now=NOW)


def standing(line) -> str:
    return CreditLine.objects.get(pk=line.pk).standing


def test_until_the_bank_has_answered_there_is_nothing_to_spend(bank):  # noqa: ARG001
    line = signed()
    assert (ours(line).state, limit_of(line)) == ("opening", 0)


def test_a_bank_that_cannot_be_asked_leaves_the_schemes_limit(bank):  # noqa: ARG001
    enrolled = sign(builders.person(), funding="bank", bank="abc")
    enrolment.follow_up(enrolled, now=NOW)
    assert limit_of(enrolled.credit_line) == ASKED
    assert not BankLine.objects.exists()


def test_the_banks_answer_gives_the_limit(bank):
    person = builders.person()
    number = patients.certificate_no(person)
    bank.control("answers", {"id_number": number, "state": "open", "limit_fen": 123_400})
    enrolled = sign(person, funding="bank", bank="icbc")
    enrolment.follow_up(enrolled, now=NOW)
    line = enrolled.credit_line
    assert (ours(line).state, limit_of(line)) == ("open", 123_400)
    assert LimitChange.objects.get().reason == f"bank:{ours(line).request_no} open"
    there = lines_there(bank)[0]
    assert (there["id_number"], there["asked_fen"]) == (number, ASKED)


def test_a_refusal_is_kept_with_the_banks_word(bank):
    person = builders.person()
    refusal = {"id_number": patients.certificate_no(person), "state": "refused"}
    bank.control("answers", refusal | {"reason": "征信不足"})
    line = signed(person)
    assert banks.open_line(line.pk, now=NOW) == "refused"
    assert (ours(line).reason, limit_of(line)) == ("征信不足", 0)
    jobs.open_bank_line(line.pk)


def test_a_lost_answer_is_asked_about_and_nothing_opened_twice(bank):
    bank.fault("drop_answer", path="/lines")
    line = signed()
    assert banks.open_line(line.pk, now=NOW) == "unknown"
    assert limit_of(line) == 0
    jobs.open_bank_line(line.pk)
    assert (ours(line).state, limit_of(line)) == ("open", ASKED)
    assert len(lines_there(bank)) == 1


def test_a_lost_request_is_sent_again_under_its_own_number(bank):
    bank.fault("drop_request", path="/lines")
    line = signed()
    number = ours(line).request_no
    assert banks.open_line(line.pk, now=NOW) == "unknown"
    assert banks.open_line(line.pk, now=NOW) == "open"
    assert [row["request_no"] for row in lines_there(bank)] == [number]


@pytest.mark.parametrize("fault", ["nonsense", "gateway_timeout", "twice"])
def test_whatever_the_network_does_one_line_is_opened(bank, fault):
    bank.fault(fault, path="/lines")
    line = signed()
    for _ in range(3):
        state = banks.open_line(line.pk, now=NOW)
    assert (state, limit_of(line), len(lines_there(bank))) == ("open", ASKED, 1)


def test_a_bank_that_is_away_is_asked_again(bank):
    CreditParty.objects.update(base_url="http://127.0.0.1:9")
    line = signed()
    with pytest.raises(jobs.NotAnswered):
        jobs.open_bank_line(line.pk)
    assert ours(line).state == "opening"
    CreditParty.objects.update(base_url=bank.url)
    jobs.open_bank_line(line.pk)
    assert ours(line).state == "open"


def test_a_busy_bank_is_asked_again(bank):
    bank.fault("refuse", path="/lines")
    line = signed()
    assert banks.open_line(line.pk, now=NOW) == "opening"
    assert ours(line).reason == "BUSY"
    assert banks.open_line(line.pk, now=NOW) == "open"


def test_a_pending_line_opens_when_the_bank_has_decided(bank):
    person = builders.person()
    number = patients.certificate_no(person)
    bank.control("answers", {"id_number": number, "state": "pending"})
    line = signed(person)
    assert banks.open_line(line.pk, now=NOW) == "unknown"
    assert (ours(line).reason, limit_of(line)) == ("pending", 0)
    change(bank, line, state="open", limit_fen=90_000)
    assert (ours(line).state, limit_of(line)) == ("open", 90_000)


def test_undecided_lines_are_asked_about_after_a_while(bank):
    bank.fault("drop_answer", path="/lines")
    line = signed()
    banks.open_line(line.pk, now=NOW)
    assert banks.resolve(AREA, before=NOW, now=NOW) == 0
    assert banks.resolve(AREA, before=NOW + timedelta(hours=1), now=NOW) == 1
    assert limit_of(line) == ASKED


def test_our_line_follows_the_banks(bank):
    line = opened()
    assert change(bank, line, limit_fen=200_000).changes >= 1
    assert limit_of(line) == 200_000
    assert banks.follow(AREA, now=NOW) == banks.Followed(0, 0)


def test_what_is_used_elsewhere_leaves_less_and_comes_back(bank):
    line = opened()
    number = ours(line).request_no
    banks.follow(AREA, now=NOW)
    party = CreditParty.objects.get()
    line_no = lines_there(bank)[0]["line_no"]
    gateway.post(party, "/uses", {"number": "U1", "line_no": line_no, "amount_fen": 100_000})
    banks.follow(AREA, now=NOW)
    assert (limit_of(line), ours(line).bank_used_fen) == (200_000, 100_000)
    bank.control("repayments", {"request_no": number, "amount_fen": 100_000})
    banks.follow(AREA, now=NOW)
    assert limit_of(line) == ASKED


def test_a_frozen_line_suspends_until_it_is_unfrozen(bank):
    line = opened()
    change(bank, line, state="frozen")
    assert (standing(line), limit_of(line), ours(line).state) == ("suspended", 0, "frozen")
    change(bank, line, state="open")
    assert (standing(line), limit_of(line)) == ("good", ASKED)
    rules = StandingChange.objects.order_by("pk").values_list("rule", flat=True)
    assert list(rules) == ["P2.2", "P2.2"]


def test_the_bank_does_not_lift_what_an_unpaid_bill_means(bank):
    person = builders.person()
    line = opened(person)
    change(bank, line, state="frozen")
    Bill.objects.filter(pk=builders.bill(person, 500).pk).update(state="overdue")
    change(bank, line, state="open")
    assert standing(line) == "suspended"


def test_paying_leaves_what_the_bank_imposed_until_the_bank_lifts_it(bank):
    person = builders.person()
    line = opened(person)
    bill = builders.bill(person, 500)
    Bill.objects.filter(pk=bill.pk).update(state="overdue")
    with transaction.atomic():
        credit.set_standing(
            credit_line_id=line.pk, to=Standing.SUSPENDED, reason="bill:1", rule="P4.3", now=NOW
        )
    change(bank, line, state="frozen")
    collection.pay_bill(
        bill_id=bill.pk, channel="cash", amount_fen=500, now=NOW, institution_id=None
    )
    assert standing(line) == "suspended"
    change(bank, line, state="open")
    assert standing(line) == "good"


def test_the_bank_does_not_lift_what_it_did_not_impose(bank):
    line = opened()
    with transaction.atomic():
        credit.set_standing(
            credit_line_id=line.pk, to=Standing.SUSPENDED, reason="bill:1", rule="P4.3", now=NOW
        )
    change(bank, line, state="frozen")
    change(bank, line, state="open")
    assert standing(line) == "suspended"


@pytest.mark.usefixtures("bank")
def test_a_change_of_a_line_that_is_not_ours_is_passed_over():
    party = CreditParty.objects.get()
    stranger = {"id_number": "X", "name": "x", "phone": "1", "asked_fen": 1}
    gateway.post(party, "/lines", {"request_no": "FOREIGN", **stranger})
    line = opened()
    followed = banks.follow(AREA, now=NOW)
    assert followed.foreign == 1
    assert limit_of(line) == ASKED


@pytest.mark.usefixtures("bank")
def test_following_twice_at_once_counts_once():
    line = opened()
    party = CreditParty.objects.get()
    page = gateway.get(party, "/lines/changes", since="0").body["changes"]
    assert banks._take(party, 0, page, now=NOW) is not None
    assert banks._take(party, 0, page, now=NOW) is None
    assert limit_of(line) == ASKED


@pytest.mark.parametrize(
    "spoilt",
    [
        {"limit_fen": -1},
        {"limit_fen": 1.5},
        {"limit_fen": True},
        {"used_fen": 10**14},
        {"state": "gold"},
        {"state": None},
        {"line_no": ""},
        {"request_no": 7},
    ],
)
def test_nonsense_about_a_line_is_not_believed(spoilt):
    said = {"request_no": "B1", "state": "open", "line_no": "1", "reason": ""}
    assert banks._read(said | {"limit_fen": 5, "used_fen": 0}) is not None
    assert banks._read(said | {"limit_fen": 5, "used_fen": 0} | spoilt) is None


def test_closing_closes_the_line_at_the_bank(bank):
    line = opened()
    enrolment.close(line.contract_id, now=NOW)
    bank.fault("drop_answer", path=f"/lines/{lines_there(bank)[0]['line_no']}/close")
    with pytest.raises(jobs.NotAnswered):
        jobs.close_bank_line(line.pk)
    jobs.close_bank_line(line.pk)
    assert (ours(line).state, lines_there(bank)[0]["state"]) == ("closed", "closed")
    banks.follow(AREA, now=NOW)
    assert (ours(line).state, limit_of(line)) == ("closed", 0)


def test_a_request_that_never_left_is_dropped(bank):
    line = signed()
    enrolment.close(line.contract_id, now=NOW)
    jobs.open_bank_line(line.pk)
    jobs.close_bank_line(line.pk)
    assert ours(line).state == "closed"
    assert lines_there(bank) == []


def test_a_line_that_opened_after_all_is_closed(bank):
    bank.fault("drop_answer", path="/lines")
    line = signed()
    banks.open_line(line.pk, now=NOW)
    enrolment.close(line.contract_id, now=NOW)
    jobs.close_bank_line(line.pk)
    assert (ours(line).state, limit_of(line)) == ("closed", 0)


def test_a_dead_persons_line_is_closed_once_it_is_repaid(bank):
    person = builders.person()
    line = opened(person)
    line_no = lines_there(bank)[0]["line_no"]
    party = CreditParty.objects.get()
    gateway.post(party, "/uses", {"number": "U1", "line_no": line_no, "amount_fen": 700})
    enrolment.die(person.pk, Death(NOW.date(), "D1", "医院"), now=NOW)
    jobs.close_bank_line(line.pk)
    assert (ours(line).state, ours(line).reason) == ("open", "IN_USE")
    number = ours(line).request_no
    bank.control("repayments", {"request_no": number, "amount_fen": 700})
    banks.follow(AREA, now=NOW)
    jobs.close_bank_line(line.pk)
    assert ours(line).state == "closed"
