import threading
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction

from yifu.ledger import services as ledger
from yifu.ledger.errors import AmountNotPositive, HoldNotOpen, LimitExceeded, PostedOtherwise
from yifu.ledger.models import Hold, HoldState, Line, Movement, Posting
from yifu.ledger.rules import Move

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def line(limit_fen: int = 100, parent: Line | None = None) -> Line:
    return ledger.open_line(
        account="owed:1", limit_fen=limit_fen, parent_id=parent.pk if parent else None
    )


def test_a_settlement_posts_what_the_domain_table_says():
    own = line()
    ledger.post(
        key="settlement:1",
        kind="settlement",
        moves=[
            Move("insurer:990100", "revenue:h", 70),
            Move("owed:1", "revenue:h", 30, (own.pk,)),
        ],
        now=NOW,
    )
    assert ledger.balances() == {"insurer:990100": 70, "owed:1": 30, "revenue:h": -100}
    own.refresh_from_db()
    assert own.owed_fen == 30
    assert Posting.objects.get().business_date.isoformat() == "2026-03-02"
    assert ledger.verify().balanced


def test_the_same_posting_again_changes_nothing_and_another_under_its_key_is_refused():
    own = line()
    moves = [Move("owed:1", "revenue:h", 30, (own.pk,))]
    first = ledger.post(key="k", kind="x", moves=moves, now=NOW)
    assert ledger.post(key="k", kind="x", moves=moves, now=NOW) == first
    with pytest.raises(PostedOtherwise):
        ledger.post(key="k", kind="x", moves=[Move("owed:1", "revenue:h", 31)], now=NOW)
    own.refresh_from_db()
    assert own.owed_fen == 30
    assert Movement.objects.count() == 1


@pytest.mark.parametrize("fen", [0, -1])
def test_nothing_and_less_than_nothing_cannot_be_posted(fen):
    with pytest.raises(AmountNotPositive):
        ledger.post(key="k", kind="x", moves=[Move("insurer:1", "revenue:1", fen)], now=NOW)
    assert not Posting.objects.exists()


def test_a_posting_over_the_limit_leaves_nothing():
    own = line(29)
    with pytest.raises(LimitExceeded), transaction.atomic():
        ledger.post(key="k", kind="x", moves=[Move("owed:1", "revenue:h", 30, (own.pk,))], now=NOW)
    assert not Posting.objects.exists()
    assert ledger.balances() in ({}, {"owed:1": 0, "revenue:h": 0}, {"owed:1": 0})


def test_a_hold_is_captured_in_part_and_the_rest_returns():
    own = line()
    ledger.hold(key="h", lines=(own.pk,), amount_fen=80, now=NOW)
    with pytest.raises(LimitExceeded):
        ledger.hold(key="h2", lines=(own.pk,), amount_fen=21, now=NOW)
    ledger.capture(key="h", amount_fen=50, credit="revenue:h", now=NOW)
    own.refresh_from_db()
    assert (own.held_fen, own.owed_fen, own.available_fen) == (0, 50, 50)
    assert ledger.verify().balanced


def test_more_than_was_held_cannot_be_captured_nor_twice():
    own = line()
    ledger.hold(key="h", lines=(own.pk,), amount_fen=10, now=NOW)
    with pytest.raises(HoldNotOpen):
        ledger.capture(key="h", amount_fen=11, credit="revenue:h", now=NOW)
    ledger.capture(key="h", amount_fen=10, credit="revenue:h", now=NOW)
    with pytest.raises(HoldNotOpen):
        ledger.capture(key="h", amount_fen=1, credit="revenue:h", now=NOW)
    with pytest.raises(HoldNotOpen):
        ledger.release(key="h", now=NOW)
    own.refresh_from_db()
    assert (own.held_fen, own.owed_fen) == (0, 10)
    assert ledger.verify().balanced


def test_a_released_hold_gives_everything_back():
    own = line()
    ledger.hold(key="h", lines=(own.pk,), amount_fen=100, now=NOW)
    ledger.release(key="h", now=NOW, state=HoldState.EXPIRED)
    own.refresh_from_db()
    assert own.held_fen == 0
    assert Hold.objects.get().state == HoldState.EXPIRED


def test_the_same_hold_again_is_the_same_hold():
    own = line()
    first = ledger.hold(key="h", lines=(own.pk,), amount_fen=60, now=NOW)
    assert ledger.hold(key="h", lines=(own.pk,), amount_fen=60, now=NOW) == first
    with pytest.raises(PostedOtherwise):
        ledger.hold(key="h", lines=(own.pk,), amount_fen=61, now=NOW)
    own.refresh_from_db()
    assert own.held_fen == 60


def test_a_dependant_uses_the_principals_line_within_the_own_limit():
    mother = line(100)
    child = line(40, mother)
    ledger.hold(key="h", lines=(mother.pk, child.pk), amount_fen=30, now=NOW)
    with pytest.raises(LimitExceeded):
        ledger.hold(key="h2", lines=(mother.pk, child.pk), amount_fen=11, now=NOW)
    ledger.capture(key="h", amount_fen=25, credit="revenue:h", now=NOW)
    with pytest.raises(LimitExceeded), transaction.atomic():
        ledger.post(
            key="k",
            kind="x",
            moves=[Move("owed:1", "revenue:h", 16, (mother.pk, child.pk))],
            now=NOW,
        )
    mother.refresh_from_db()
    child.refresh_from_db()
    assert (mother.owed_fen, child.owed_fen, mother.held_fen, child.held_fen) == (25, 25, 0, 0)
    assert ledger.verify().balanced


def test_the_principals_limit_binds_the_dependant_too():
    mother = line(20)
    child = line(40, mother)
    with pytest.raises(LimitExceeded):
        ledger.hold(key="h", lines=(mother.pk, child.pk), amount_fen=21, now=NOW)
    mother.refresh_from_db()
    child.refresh_from_db()
    assert (mother.held_fen, child.held_fen) == (0, 0)


def test_the_database_refuses_what_the_rules_forbid():
    own = line()
    for column in ("held_fen", "owed_fen", "limit_fen"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Line.objects.filter(pk=own.pk).update(**{column: -1})
    posting = ledger.post(key="k", kind="x", moves=[Move("insurer:1", "revenue:1", 5)], now=NOW)
    account = Movement.objects.get().debit_id
    with pytest.raises(IntegrityError), transaction.atomic():
        Movement.objects.create(
            posting_id=posting, debit_id=account, credit_id=account, amount_fen=1
        )


@pytest.mark.parametrize("table", ["ledger_posting", "ledger_movement"])
def test_the_books_are_append_only(table):
    ledger.post(key="k", kind="x", moves=[Move("insurer:1", "revenue:1", 5)], now=NOW)
    for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):
        with (
            pytest.raises(Exception, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_verification_finds_a_counter_that_was_changed_behind_the_books():
    own = line()
    ledger.hold(key="h", lines=(own.pk,), amount_fen=10, now=NOW)
    Line.objects.filter(pk=own.pk).update(owed_fen=7)
    found = ledger.verify()
    assert not found.balanced
    assert f"line {own.pk}" in found.faults[0]


@pytest.mark.django_db(transaction=True)
def test_a_line_is_never_overdrawn_by_many_at_once():
    own = line(1000)
    won: list[int] = []

    def take(worker: int) -> None:
        for turn in range(20):
            try:
                ledger.hold(key=f"{worker}:{turn}", lines=(own.pk,), amount_fen=30, now=NOW)
            except LimitExceeded:
                continue
            won.append(30)
        connection.close()

    workers = [threading.Thread(target=take, args=(number,)) for number in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    own.refresh_from_db()
    assert sum(won) == own.held_fen == 990
    assert ledger.verify().balanced
