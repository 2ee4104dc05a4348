"""What a posting is made of, as plain values."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Move:
    """`amount_fen` goes from account `credit` to account `debit` (codes like `insurer:990100`).

    `lines` names the line whose owed changes with it, a dependant's after its principal's: a debit
    of the line's own account is owed more, a credit of it is owed less. Empty: no line is touched.
    """

    debit: str
    credit: str
    amount_fen: int
    lines: tuple[int, ...] = ()

    def reversed(self) -> "Move":
        """Give the movement that undoes this one."""
        return Move(self.credit, self.debit, self.amount_fen, self.lines)


def present(moves: Iterable[Move]) -> tuple[Move, ...]:
    """Drop the movements of nothing: a part that is zero moves no money."""
    return tuple(move for move in moves if move.amount_fen != 0)


def balances(moves: Iterable[Move]) -> dict[str, int]:
    """Sum debits minus credits by account; the values always sum to zero (L1)."""
    totals: dict[str, int] = {}
    for move in moves:
        totals[move.debit] = totals.get(move.debit, 0) + move.amount_fen
        totals[move.credit] = totals.get(move.credit, 0) - move.amount_fen
    return totals


def owed_by(moves: Iterable[Move]) -> dict[tuple[int, ...], int]:
    """Sum what each line's owed changes by; an account is the line's own when its code says so.

    Receivables that carry lines are `owed:…` and `bank:…`; exactly one side of a movement with
    lines is such an account.
    """
    totals: dict[tuple[int, ...], int] = {}
    for move in moves:
        if move.lines:
            sign = 1 if move.debit.startswith(("owed:", "bank:")) else -1
            totals[move.lines] = totals.get(move.lines, 0) + sign * move.amount_fen
    return totals
