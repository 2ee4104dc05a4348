"""Clearing periods (清算期): months, each open until the insurer has cleared it.

A settlement belongs to the month of its ``setl_time``, or to the next one that is still open. What
was settled in a closed month can be undone by a negative settlement only (2208, 2305, 2103), which
belongs to the period that is open then; 2601 is for the same period.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from counterparts.insurer.errors import RefusedError

if TYPE_CHECKING:
    from counterparts.insurer.books import Books
    from counterparts.insurer.records import Settlement

MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
_DECEMBER = 12


def period_of(books: Books, instant: str) -> str:
    """Return the clearing period (yyyy-MM) of what is settled at ``instant``."""
    month = instant[:7]
    while is_closed(books, month):
        month = _next(month)
    return month


def is_closed(books: Books, month: str) -> bool:
    """Say whether a month was cleared."""
    query = "SELECT 1 FROM clearings WHERE month = ?"
    return books.db.execute(query, (month,)).fetchone() is not None


def close(books: Books, month: str) -> None:
    """Clear a month; once more changes nothing."""
    books.db.execute("INSERT OR IGNORE INTO clearings VALUES (?)", (month,))


def closed_months(books: Books) -> list[str]:
    """Return the months that were cleared."""
    return [month for (month,) in books.db.execute("SELECT month FROM clearings ORDER BY month")]


def check_reversible(books: Books, settlement: Settlement) -> None:
    """Check that 2601 may still undo a settlement.

    Raises RefusedError if its period was cleared.
    """
    if is_closed(books, settlement.clr_month):
        raise RefusedError(f"原交易清算期{settlement.clr_month}已清算，不能冲正，请撤销结算")


def _next(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{year + 1}-01" if number == _DECEMBER else f"{year}-{number + 1:02d}"
