"""The one place where yuan on the wire become integer fen, and back.

JSON numbers reach us as floats whose shortest text is the text that was sent, so going through
``str`` loses nothing and no floating-point arithmetic is done.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import orjson

_HUNDRED = Decimal(100)
_ONE = Decimal(1)


def decimal_of(number: float | str) -> Decimal:
    """Return the number exactly as it was written."""
    return Decimal(str(number))


def fen_of(yuan: float | str) -> int:
    """Return an amount of yuan in fen.

    Raises ValueError if it has a fraction of a fen.
    """
    fen = Decimal(str(yuan)) * _HUNDRED
    whole = int(fen)
    if whole != fen:
        raise ValueError(f"{yuan}: more than two decimals")
    return whole


def half_up(fen: Decimal) -> int:
    """Return fen rounded half up to whole fen."""
    return int(fen.quantize(_ONE, ROUND_HALF_UP))


def yuan_text(fen: int) -> str:
    """Return fen as yuan with two decimals: 1234 is ``12.34``, -5 is ``-0.05``."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def yuan_json(fen: int) -> orjson.Fragment:
    """Return fen as a JSON number of yuan with two decimals."""
    return orjson.Fragment(yuan_text(fen).encode())
