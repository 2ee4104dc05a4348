"""Two desks at once: on real connections, each waits for the other and one of them is refused."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest
from django.db import connection, transaction

from tests import builders
from tests.builders import NOW
from tests.enrolment.conftest import PHONE, Family, line_of, payer_of, sign
from yifu.enrolment import services
from yifu.enrolment.services import Move
from yifu.errors import YifuError
from yifu.ledger import rules as ledger_rules
from yifu.ledger import services as ledger
from yifu.patients.models import Contract, Dependant

ROUNDS = 3


@pytest.fixture
def folk(transactional_db):  # noqa: ARG001 - threads see what is committed
    def make() -> Family:
        return Family(
            mother=builders.person(born="1985-05-05"),
            father=builders.person(born="1984-04-04"),
            child=builders.person(born="2015-06-06"),
        )

    return make


def at_once(*works):
    """Do things at the same time on connections of their own; gives errors' codes or ""."""
    barrier = Barrier(len(works))

    def run(work):
        try:
            barrier.wait(timeout=10)
            work()
        except YifuError as fact:
            return fact.code
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(len(works)) as pool:
        return sorted(pool.map(run, works))


def posting(key, move):
    with transaction.atomic():
        ledger.post(key=key, kind="settlement", moves=[move], now=NOW)


def adding(contract, who, of):
    asked = builders.dependant(who, 5_000, of=of)
    return lambda: services.add(contract.pk, asked, now=NOW)


def test_two_desks_add_the_same_child(folk):
    for _ in range(ROUNDS):
        family = folk()
        contract = sign(family.mother).contract
        add = adding(contract, family.child, family.mother)
        assert at_once(add, add) == ["", "dependant_taken"]
        assert contract.dependants.count() == 1


def test_two_principals_want_the_same_child(folk):
    for _ in range(ROUNDS):
        family = folk()
        mothers, fathers = sign(family.mother).contract, sign(family.father).contract
        assert at_once(
            adding(mothers, family.child, family.mother),
            adding(fathers, family.child, family.father),
        ) == ["", "dependant_taken"]


def test_two_add_each_other(folk):
    for _ in range(ROUNDS):
        family = folk()
        mothers, fathers = sign(family.mother).contract, sign(family.father).contract
        assert at_once(
            adding(mothers, family.father, family.mother),
            adding(fathers, family.mother, family.father),
        ) == ["", "family_circle"]


def test_signing_while_closing_leaves_one_contract_at_most(folk):
    for _ in range(ROUNDS):
        family = folk()
        contract = sign(family.mother).contract
        told = at_once(partial(services.close, contract.pk, now=NOW), partial(sign, family.mother))
        live = Contract.objects.filter(person=family.mother).exclude(state="closed").count()
        assert (told, live) in ((["", ""], 1), (["", "contract_exists"], 0))


def test_a_debt_and_a_closing_never_both_win(folk):
    for _ in range(ROUNDS):
        family = folk()
        contract = sign(family.mother).contract
        line = line_of(contract)
        move = ledger_rules.Move(line.account.code, "revenue:H", 700, (line.pk,))

        post = partial(posting, f"late {line.pk}", move)
        told = at_once(partial(services.close, contract.pk, now=NOW), post)
        contract.refresh_from_db()
        line.refresh_from_db()
        assert told in (["", "limit_exceeded"], ["", "debt_open"])
        assert (contract.state == "closed") == (line.owed_fen == 0)


def test_a_child_that_is_moved_and_removed_has_one_principal_at_most(folk):
    for _ in range(ROUNDS):
        family = folk()
        child = builders.dependant(family.child, 5_000, of=family.mother)
        old, new = sign(family.mother, child).contract, sign(family.father).contract
        asked = Move(new.pk, builders.dependant(family.child, of=family.father), PHONE, PHONE)
        told = at_once(
            partial(services.move, old.pk, family.child.pk, asked, now=NOW),
            partial(services.remove, old.pk, family.child.pk, now=NOW),
        )
        assert told == ["", "not_found"]
        living = Dependant.objects.filter(person=family.child, ended_at__isnull=True)
        assert payer_of(family.child) == (family.father.pk if living.exists() else None)


def test_two_merges_of_one_pair_make_no_circle(folk):
    for _ in range(ROUNDS):
        family = folk()
        one, other = family.mother.pk, family.father.pk
        told = at_once(
            partial(services.merge, one, into=other, by="a", reason="r", now=NOW),
            partial(services.merge, other, into=one, by="b", reason="r", now=NOW),
        )
        assert told == ["", "merge_refused"]
