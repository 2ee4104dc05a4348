"""Many postings in one go keep the promises of one posting at a time."""

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests.builders import NOW
from yifu.ledger import services
from yifu.ledger.batch import Entry, post_many
from yifu.ledger.errors import AmountNotPositive, LimitExceeded
from yifu.ledger.models import Line, Posting
from yifu.ledger.rules import Move

pytestmark = pytest.mark.django_db


def lend(fen: int, *lines: Line, key: str = "e1") -> Entry:
    path = tuple(line.pk for line in lines)
    return Entry(key, "settlement", (Move("owed:1", "revenue:H", fen, path),))


def repay(fen: int, *lines: Line, key: str = "e2") -> Entry:
    path = tuple(line.pk for line in lines)
    return Entry(key, "payment", (Move("channel:wechat", "owed:1", fen, path),))


@pytest.fixture
def line() -> Line:
    return services.open_line(account="owed:1", limit_fen=10_000)


def owed(line: Line) -> int:
    line.refresh_from_db()
    return line.owed_fen


def test_many_postings_are_written_and_change_their_lines(line):
    share = services.open_line(account="owed:1", limit_fen=5000, parent_id=line.pk)
    new = post_many([lend(4000, line), lend(3000, line, share, key="e3")], now=NOW)
    assert new == {"e1", "e3"}
    assert (owed(line), owed(share)) == (7000, 3000)
    post_many([repay(1000, line), repay(3000, line, share, key="e4")], now=NOW)
    assert (owed(line), owed(share)) == (3000, 0)
    assert services.verify().balanced


def test_a_key_posted_before_changes_nothing(line):
    post_many([lend(1000, line)], now=NOW)
    assert post_many([lend(1000, line), lend(500, line, key="e3")], now=NOW) == {"e3"}
    assert owed(line) == 1500
    assert Posting.objects.count() == 2


def test_one_over_the_limit_undoes_all(line):
    with pytest.raises(LimitExceeded), transaction.atomic():
        post_many([lend(9000, line), lend(1001, line, key="e3")], now=NOW)
    assert owed(line) == 0
    assert not Posting.objects.exists()


def test_a_posting_may_have_several_movements_and_drops_those_of_nothing(line):
    moves = (
        Move("owed:1", "revenue:H", 100, (line.pk,)),
        Move("insurer:990100", "revenue:H", 200),
        Move("fees:wechat", "revenue:H", 0),
    )
    post_many([Entry("e1", "settlement", moves)], now=NOW)
    assert Posting.objects.get().movements.count() == 2
    assert services.balances() == {"insurer:990100": 200, "owed:1": 100, "revenue:H": -300} | {
        code: 0 for code in services.balances() if code.startswith("fees")
    }


@pytest.mark.parametrize("fen", [0, -1])
def test_a_posting_of_nothing_is_refused(line, fen):
    with pytest.raises(AmountNotPositive):
        post_many([lend(fen, line)], now=NOW)


def test_the_same_key_twice_in_one_go_is_a_mistake(line):
    with pytest.raises(ValueError, match="twice"):
        post_many([lend(1, line), lend(1, line)], now=NOW)


def test_nothing_is_posted_of_nothing():
    assert post_many([], now=NOW) == set()


STEPS = st.lists(
    st.lists(st.tuples(st.integers(0, 2), st.integers(-5000, 5000)), max_size=6), max_size=6
)


class AgainstOneByOne(TestCase):
    """The same entries, posted in one go or one by one, come to the same books."""

    @settings(max_examples=40, deadline=None)
    @given(STEPS)
    def test_in_one_go_is_as_one_by_one(self, batches):
        together = self.books("t", batches, in_one_go=True)
        singly = self.books("s", batches, in_one_go=False)
        assert together == singly
        assert services.verify().balanced

    def books(self, name: str, batches, *, in_one_go: bool) -> list[int]:
        lines = [
            services.open_line(account=f"owed:{name}{place}", limit_fen=10**9) for place in range(3)
        ]
        fens = [0, 0, 0]
        for number, batch in enumerate(batches):
            entries = []
            for place, (which, fen) in enumerate(batch):
                fen = max(fen, -fens[which])  # noqa: PLW2901 - nobody repays more than is owed
                fens[which] += fen
                account = f"owed:{name}{which}"
                move = Move(account, "revenue:H", abs(fen), (lines[which].pk,))
                if fen:
                    key = f"{name}:{number}:{place}"
                    entries.append(Entry(key, "test", (move if fen > 0 else move.reversed(),)))
            with transaction.atomic():
                if in_one_go:
                    post_many(entries, now=NOW)
                else:
                    for entry in entries:
                        services.post(key=entry.key, kind="test", moves=entry.moves, now=NOW)
        assert [owed(line) for line in lines] == fens
        return fens
