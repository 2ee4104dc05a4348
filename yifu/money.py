"""Money is an integer number of fen (分, 1/100 yuan); nothing in yifu holds it in another form.

Yuan appear only at the edges: the insurer's messages, channel statements and screens.
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import NewType

Fen = NewType("Fen", int)
"""An amount in fen. Signed: a negative amount is owed the other way."""

MAX_FEN = 10**13
"""Nothing in a hospital costs a hundred billion yuan: a larger figure is a mistake."""


def to_fen(yuan: Decimal | str) -> Fen:
    """Turn yuan with at most two decimals into fen; `ValueError` when it is finer or not finite."""
    value = Decimal(yuan)
    if not value.is_finite() or value != value.quantize(Decimal("0.01")):
        raise ValueError(f"not a whole number of fen: {yuan}")
    return Fen(int(value * 100))


def to_yuan(amount_fen: int) -> Decimal:
    """Turn fen into yuan with exactly two decimals."""
    return Decimal(amount_fen).scaleb(-2)


def round_half_up(value: Decimal) -> Fen:
    """Round to the nearest fen, halves away from zero (the insurer's rule)."""
    return Fen(int(value.quantize(Decimal(1), rounding=ROUND_HALF_UP)))


def share(total_fen: int, weights: Sequence[int]) -> list[Fen]:
    """Split a total by weights so that the parts add up exactly.

    Each part is rounded down; the remainder goes, a fen each, to the first parts with a weight.
    Raises `ValueError` when the total or a weight is negative, or when no weight is positive.
    """
    whole = sum(weights)
    if total_fen < 0 or whole <= 0 or min(weights) < 0:
        raise ValueError("a split needs a total and weights that are not negative")
    parts = [total_fen * weight // whole for weight in weights]
    rest = total_fen - sum(parts)
    for place, weight in enumerate(weights):
        if rest and weight:
            parts[place] += 1
            rest -= 1
    return [Fen(part) for part in parts]


def display(amount_fen: int) -> str:
    """Write an amount for people: `¥1,234.50`, `-¥0.05`."""
    sign = "-" if amount_fen < 0 else ""
    yuan, fen = divmod(abs(amount_fen), 100)
    return f"{sign}¥{yuan:,}.{fen:02d}"
