from hypothesis import given
from hypothesis import strategies as st

from yifu.ledger.rules import Move, balances, owed_by, present
from yifu.money import display, round_half_up, share, to_fen, to_yuan

CODES = st.sampled_from(["insurer:1", "owed:1", "owed:2", "bank:b", "revenue:h", "channel:w"])
MOVES = st.builds(Move, CODES, CODES, st.integers(0, 10**10))


@given(st.lists(MOVES))
def test_balances_of_any_movements_sum_to_zero(moves):
    assert sum(balances(moves).values()) == 0


@given(st.lists(MOVES))
def test_movements_and_their_reversals_leave_every_account_at_zero(moves):
    both = [*moves, *(move.reversed() for move in moves)]
    assert set(balances(both).values()) <= {0}


@given(st.lists(MOVES))
def test_parts_of_nothing_are_left_out(moves):
    assert all(move.amount_fen for move in present(moves))
    assert balances(present(moves)) == {
        code: fen for code, fen in balances(moves).items() if code in balances(present(moves))
    }


def test_a_debit_of_a_receivable_is_owed_more_and_a_credit_less():
    settle = Move("owed:1", "revenue:h", 30, (7, 9))
    repay = Move("channel:w", "owed:1", 12, (7, 9))
    assert owed_by([settle, repay]) == {(7, 9): 18}


@given(st.integers(0, 10**13), st.lists(st.integers(0, 1000), min_size=1).filter(any))
def test_a_split_adds_up_and_gives_nothing_to_weight_zero(total, weights):
    parts = share(total, weights)
    assert sum(parts) == total
    assert all(part == 0 for part, weight in zip(parts, weights, strict=True) if weight == 0)


@given(st.integers(-(10**13), 10**13))
def test_yuan_and_fen_are_the_same_money(fen):
    assert to_fen(to_yuan(fen)) == fen
    assert to_fen(str(to_yuan(fen))) == fen


def test_halves_of_a_fen_round_away_from_zero():
    from decimal import Decimal

    assert [round_half_up(Decimal(x)) for x in ("0.5", "1.5", "-0.5", "2.4999")] == [1, 2, -1, 2]


def test_amounts_are_shown_with_thousands_marks():
    assert [display(fen) for fen in (123450, 5, -5, 0)] == ["¥1,234.50", "¥0.05", "-¥0.05", "¥0.00"]
