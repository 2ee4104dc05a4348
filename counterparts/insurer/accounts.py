"""Personal accounts: who may charge which, and what a settlement takes of them.

Where a city keeps two accounts (Shanghai: 当年 and 历年), this year's comes first; relatives pay
from the older one. ``acct_used_flag`` 0 leaves accounts alone, 1 is the person's own (employees and
the retired have one), 2 those of relatives who let the person use theirs (共济).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from counterparts.insurer.benefits import EMPLOYEE_GROUPS
from counterparts.insurer.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from counterparts.insurer.benefits import Rule, Split
    from counterparts.insurer.books import Books, Move
    from counterparts.insurer.policies import Policy
    from counterparts.insurer.records import Person

OWN, FAMILY = "1", "2"


@dataclass(frozen=True, slots=True)
class Purses:
    """What a settlement may take: before the deductible, and afterwards in this order, fen."""

    first: tuple[Move, ...] = ()
    after: tuple[Move, ...] = ()
    is_family: bool = False

    @property
    def first_fen(self) -> int:
        """Return what may be taken before the deductible."""
        return sum(fen for _, _, fen in self.first)

    @property
    def after_fen(self) -> int:
        """Return what may be taken of the personal part."""
        return sum(fen for _, _, fen in self.after)

    def taken(self, split: Split) -> list[Move]:
        """Return what ``split`` takes of each account."""
        return [
            *_taken(self.first, split.first_acct_pay),
            *_taken(self.after, split.acct_pay - split.first_acct_pay),
        ]


def _taken(purses: Iterable[Move], fen: int) -> list[Move]:
    moves = []
    for psn_no, purse, held in purses:
        part = min(held, fen)
        fen -= part
        if part:
            moves.append((psn_no, purse, part))
    return moves


def purses_for(books: Books, policy: Policy, person: Person, rule: Rule, *, used: str) -> Purses:
    """Return the accounts that ``acct_used_flag`` opens to a settlement.

    Raises RefusedError if no relative shares theirs.
    """
    if used == FAMILY:
        return Purses(after=_of_relatives(books, policy, person), is_family=True)
    if used != OWN or rule.group not in EMPLOYEE_GROUPS:
        return Purses()
    current = (person.psn_no, "current_fen", person.current_fen)
    older = (person.psn_no, "balc_fen", person.balc_fen)
    if policy.account_pays_first(rule.care):
        return Purses(first=(current,), after=(older,))
    return Purses(after=(current, older))


def _of_relatives(books: Books, policy: Policy, person: Person) -> tuple[Move, ...]:
    payers = payers_of(books, person.psn_no) if policy.shares_accounts else []
    if not payers:
        raise RefusedError("acct_used_flag 无个人账户共济关系")
    held = [books.person(psn_no) for psn_no in payers]
    return tuple((one.psn_no, "balc_fen", one.balc_fen) for one in held if one is not None)


def payers_of(books: Books, psn_no: str) -> list[str]:
    """Return whose accounts a person may use besides the own one."""
    query = "SELECT payer_no FROM family_accounts WHERE psn_no = ? ORDER BY payer_no"
    return [payer for (payer,) in books.db.execute(query, (psn_no,))]


def set_payers(books: Books, psn_no: str, payers: Iterable[str]) -> None:
    """Say whose accounts a person may use from now on."""
    books.db.execute("DELETE FROM family_accounts WHERE psn_no = ?", (psn_no,))
    books.db.executemany(
        "INSERT INTO family_accounts VALUES (?, ?)", [(psn_no, payer) for payer in payers]
    )
