"""Room beyond a limit ends as it is repaid; a hold's room is its settlement's; holds expire."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests.builders import NOW
from yifu.credit.lines import set_limit
from yifu.ledger import services as ledger
from yifu.ledger.batch import Entry, post_many
from yifu.ledger.errors import HoldNotOpen, LimitExceeded, PostedOtherwise
from yifu.ledger.models import Hold, HoldState, Line
from yifu.ledger.rules import Move

pytestmark = pytest.mark.django_db


def line(limit_fen: int = 100, parent: Line | None = None) -> Line:
    return ledger.open_line(
        account="owed:1", limit_fen=limit_fen, parent_id=parent.pk if parent else None
    )


def owe(fen: int, *lines: Line, key: str, hold: str | None = None) -> int:
    path = tuple(one.pk for one in lines)
    with transaction.atomic():
        moves = [Move("owed:1", "revenue:h", fen, path)]
        return ledger.post(key=key, kind="settlement", moves=moves, now=NOW, hold=hold)


def repay(fen: int, *lines: Line, key: str) -> None:
    path = tuple(one.pk for one in lines)
    ledger.post(key=key, kind="payment", moves=[Move("cash:h", "owed:1", fen, path)], now=NOW)


def state(own: Line) -> tuple[int, int, int]:
    """What is held, owed and granted beyond the limit."""
    own.refresh_from_db()
    return own.held_fen, own.owed_fen, own.extra_fen


def test_granted_room_is_for_one_debt_and_ends_as_it_is_repaid():
    own = line()
    owe(80, own, key="a")
    assert ledger.grant_room(lines=(own.pk,), fen=50, most_fen=60) == {own.pk: 30}
    owe(50, own, key="b")
    assert (state(own), own.available_fen) == ((0, 130, 30), 0)
    repay(10, own, key="c")
    assert state(own) == (0, 120, 20)
    with pytest.raises(LimitExceeded):
        owe(1, own, key="d")
    repay(40, own, key="e")
    assert (state(own), own.available_fen) == ((0, 80, 0), 20)
    assert ledger.verify().balanced


def test_no_more_is_granted_than_the_scheme_lets_a_line_be_beyond():
    own = line()
    owe(80, own, key="a")
    with pytest.raises(LimitExceeded):
        ledger.grant_room(lines=(own.pk,), fen=50, most_fen=29)
    assert state(own) == (0, 80, 0)


def test_where_there_is_room_nothing_is_granted():
    own = line()
    assert ledger.grant_room(lines=(own.pk,), fen=100, most_fen=60) == {}
    assert state(own) == (0, 0, 0)


def test_each_line_of_a_dependant_is_beyond_its_own_limit():
    mother = line(100)
    child = line(40, mother)
    path = (mother.pk, child.pk)
    assert ledger.grant_room(lines=path, fen=60, most_fen=20) == {child.pk: 20}
    owe(60, mother, child, key="a")
    assert (state(mother), state(child)) == ((0, 60, 0), (0, 60, 20))


def test_many_repayments_in_one_go_take_the_room_back_too():
    own = line()
    ledger.grant_room(lines=(own.pk,), fen=150, most_fen=50)
    owe(150, own, key="a")
    move = Move("channel:wechat", "owed:1", 30, (own.pk,))
    post_many([Entry("b", "payment", (move,)), Entry("c", "payment", (move,))], now=NOW)
    assert state(own) == (0, 90, 0)


def test_a_raised_limit_takes_the_place_of_what_was_granted():
    own = line()
    ledger.grant_room(lines=(own.pk,), fen=150, most_fen=50)
    owe(150, own, key="a")
    set_limit(line_id=own.pk, to_fen=130, reason="score:1", rule="P2.1", now=NOW)
    assert (state(own), own.available_fen) == ((0, 150, 20), 0)
    set_limit(line_id=own.pk, to_fen=200, reason="score:2", rule="P2.1", now=NOW)
    assert (state(own), own.available_fen) == ((0, 150, 0), 50)


@pytest.mark.parametrize("shared", [False, True])
@pytest.mark.parametrize(("fen", "captured"), [(30, 30), (50, 50), (70, 50)])
def test_a_settlement_uses_its_hold_and_takes_the_rest_from_what_is_available(
    shared, fen, captured
):
    top = line()
    lines = (top, line(100, top)) if shared else (top,)
    ledger.hold(key="h", lines=tuple(one.pk for one in lines), amount_fen=50, now=NOW)
    owe(30, *lines, key="other")
    owe(fen, *lines, key="a", hold="h")
    hold = Hold.objects.get()
    assert (hold.state, hold.captured_fen) == (HoldState.CAPTURED, captured)
    assert [state(one) for one in lines] == [(0, 30 + fen, 0)] * len(lines)
    assert ledger.verify().balanced


@pytest.mark.parametrize("shared", [False, True])
def test_a_settlement_too_large_for_hold_and_line_leaves_both(shared):
    top = line()
    lines = (top, line(60, top)) if shared else (top,)
    ledger.hold(key="h", lines=tuple(one.pk for one in lines), amount_fen=50, now=NOW)
    with pytest.raises(LimitExceeded) as full:
        owe(101, *lines, key="a", hold="h")
    assert full.value.facts == {"line": lines[0].pk}
    assert Hold.objects.get().state == HoldState.OPEN
    assert [state(one) for one in lines] == [(50, 0, 0)] * len(lines)


def test_what_was_held_is_captured_although_the_limit_was_lowered_meanwhile():
    own = line()
    ledger.hold(key="h", lines=(own.pk,), amount_fen=50, now=NOW)
    owe(20, own, key="a")
    set_limit(line_id=own.pk, to_fen=10, reason="score:1", rule="P2.1", now=NOW)
    owe(50, own, key="b", hold="h")
    assert (state(own), own.available_fen) == ((0, 70, 0), 0)


def test_a_hold_is_captured_once():
    own = line()
    ledger.hold(key="h", lines=(own.pk,), amount_fen=50, now=NOW)
    posting = owe(30, own, key="a", hold="h")
    assert owe(30, own, key="a", hold="h") == posting
    with pytest.raises(HoldNotOpen):
        owe(30, own, key="b", hold="h")
    assert state(own) == (0, 30, 0)


def test_a_posting_made_without_a_hold_does_not_capture_one_later():
    own = line()
    owe(30, own, key="a")
    ledger.hold(key="h", lines=(own.pk,), amount_fen=50, now=NOW)
    with pytest.raises(PostedOtherwise):
        owe(30, own, key="a", hold="h")
    assert Hold.objects.get().state == HoldState.OPEN
    assert state(own) == (50, 30, 0)


def test_anothers_hold_is_not_captured():
    own, other = line(), line()
    ledger.hold(key="h", lines=(other.pk,), amount_fen=50, now=NOW)
    with pytest.raises(HoldNotOpen):
        owe(30, own, key="a", hold="h")


def test_holds_expire_at_their_second_on_both_lines_and_no_others():
    mother = line(100)
    child = line(100, mother)
    for number, lines in enumerate([(mother,), (mother, child), (mother, child)]):
        ledger.hold(
            key=f"h{number}",
            lines=tuple(one.pk for one in lines),
            amount_fen=10 + number,
            now=NOW,
            expires_at=NOW + timedelta(hours=1, seconds=number),
        )
    ledger.hold(key="for ever", lines=(mother.pk,), amount_fen=5, now=NOW)
    assert ledger.expire_due(now=NOW + timedelta(minutes=59, seconds=59)) == 0
    assert ledger.expire_due(now=NOW + timedelta(hours=1, seconds=1)) == 2
    assert (state(mother), state(child)) == ((17, 0, 0), (12, 0, 0))
    assert ledger.expire_due(now=NOW + timedelta(hours=1, seconds=1)) == 0
    assert ledger.verify().balanced


def test_many_holds_expire_in_chunks(monkeypatch):
    own = line()
    for number in range(5):
        ledger.hold(key=f"h{number}", lines=(own.pk,), amount_fen=10, now=NOW, expires_at=NOW)
    monkeypatch.setattr(ledger, "EXPIRY_CHUNK", 2)
    assert ledger.expire_due(now=NOW) == 5
    assert state(own) == (0, 0, 0)


def test_a_line_lowered_below_its_use_has_nothing_until_enough_is_repaid():
    mother = line(100)
    child = line(80, mother)
    owe(60, mother, child, key="a")
    ledger.hold(key="h", lines=(mother.pk, child.pk), amount_fen=10, now=NOW)
    set_limit(line_id=child.pk, to_fen=20, reason="chosen", rule="P2.7", now=NOW)
    set_limit(line_id=mother.pk, to_fen=50, reason="score:1", rule="P2.1", now=NOW)
    assert (state(mother), state(child)) == ((10, 60, 0), (10, 60, 0))
    assert (mother.available_fen, child.available_fen) == (0, 0)
    with pytest.raises(LimitExceeded):
        owe(1, mother, key="b")
    ledger.release(key="h", now=NOW)
    repay(45, mother, child, key="c")
    with pytest.raises(LimitExceeded) as full:
        owe(6, mother, child, key="d")
    assert full.value.facts == {"line": child.pk}
    owe(5, mother, child, key="e")
    owe(30, mother, key="f")
    with pytest.raises(LimitExceeded):
        owe(1, mother, key="g")
    assert (state(mother), state(child)) == ((0, 50, 0), (0, 20, 0))


OPERATIONS = st.lists(
    st.tuples(
        st.sampled_from(["owe", "repay", "hold", "capture", "release", "grant", "limit"]),
        st.integers(1, 80),
    ),
    max_size=15,
)


class Room(TestCase):
    """Whatever happens to a line, room granted beyond its limit is never used twice."""

    @settings(max_examples=60, deadline=None)
    @given(OPERATIONS)
    def test_extra_room_is_what_is_used_of_it_and_no_more(self, operations):
        own = line()
        for number, (what, fen) in enumerate(operations):
            self.do(own, what, fen, key=str(number))
            held_fen, owed_fen, extra_fen = state(own)
            assert extra_fen <= max(0, held_fen + owed_fen - own.limit_fen)
        assert ledger.verify().balanced

    def do(self, own: Line, what: str, fen: int, *, key: str) -> None:
        own.refresh_from_db()
        before = state(own)
        open_hold = Hold.objects.filter(state="open").order_by("pk").first()
        try:
            with transaction.atomic():
                if what == "grant":
                    ledger.grant_room(lines=(own.pk,), fen=fen, most_fen=50)
                    owe(fen, own, key=key)
                elif what == "repay":
                    repay(min(fen, own.owed_fen) or 1, own, key=key) if own.owed_fen else None
                elif what == "limit":
                    set_limit(line_id=own.pk, to_fen=fen, reason="r", rule="P2.1", now=NOW)
                elif what == "hold":
                    ledger.hold(key=key, lines=(own.pk,), amount_fen=fen, now=NOW)
                elif what == "release" and open_hold:
                    ledger.release(key=open_hold.key, now=NOW)
                elif what in {"owe", "capture"}:
                    hold = open_hold.key if what == "capture" and open_hold else None
                    owe(fen, own, key=key, hold=hold)
        except LimitExceeded:
            assert state(own) == before
