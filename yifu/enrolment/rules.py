"""Who may sign, who may depend on whom, and what a merge decides. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from yifu.credit.schemes.scheme import Limits
from yifu.patients.rules import age_on

TOLD_DAYS_BEFORE = 30
"""So long before coming of age a dependant and the principal are told."""


def is_adult(birth_date: date, on: date, *, adult_age: int) -> bool:
    """Tell whether somebody is an adult by the scheme; who is not born yet is not (P2.1)."""
    return on >= birth_date and age_on(birth_date, on) >= adult_age


def adult_from(birth_date: date, *, adult_age: int) -> date:
    """Tell the day that begins adulthood: for who is born on 29 February mostly a 1 March."""
    try:
        return birth_date.replace(year=birth_date.year + adult_age)
    except ValueError:
        return date(birth_date.year + adult_age, 3, 1)


def told_from(birth_date: date, *, adult_age: int) -> date:
    """Tell the day from which a coming of age is announced and a stay may be agreed to."""
    return adult_from(birth_date, adult_age=adult_age) - timedelta(days=TOLD_DAYS_BEFORE)


def kinship_fits(kinship: str, *, principal: date, dependant: date, adult: bool) -> bool:
    """Tell whether birth dates allow a kinship: what the dependant is to the principal (P1.4).

    A child is younger and a parent older than the principal; a spouse is an adult.
    """
    if kinship == "child":
        return dependant > principal
    if kinship == "parent":
        return dependant < principal
    return kinship != "spouse" or adult


def closes_circle(pays: Collection[tuple[int, int]], *, principal: int, dependant: int) -> bool:
    """Tell whether one more family payment would put two of them in a row.

    `pays` are the (principal, dependant) that touch either. Somebody who is paid for pays for
    nobody, so a circle, however long, cannot come about.
    """
    return principal == dependant or any(
        paid == principal or payer == dependant for payer, paid in pays
    )


def sub_limit_fen(asked_fen: int | None, limits: Limits) -> int | None:
    """Give a dependant's sub-limit: what was chosen, else the scheme's own; None: the whole line.

    Raises `ValueError` when more was chosen than the scheme lets a dependant have.
    """
    most = limits.dependant_most_fen
    if asked_fen is not None:
        if most is not None and asked_fen > most:
            raise ValueError("more than a dependant may have")
        return asked_fen
    usual = limits.dependant_fen
    if most is None or (usual is not None and usual <= most):
        return usual
    return most


class MergeStep(StrEnum):
    """What becomes of the contracts of two rows that are one human being."""

    NOTHING = "nothing"
    """The row that goes has none."""
    CLOSE = "close"
    """It has one without debt, and so has the survivor: the survivor's stays."""
    RENEW = "renew"
    """It alone has one: the survivor gets one like it, as it was agreed to."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of two rows: has it a live contract, does anything stand in its way."""

    signed: bool
    in_the_way: bool


def merge_step(leaving: Side, survivor: Side) -> MergeStep | None:
    """Decide what becomes of the contracts; None: refused.

    Who owes is the survivor: debts keep the name they were made under. When both owe, one is
    paid first.
    """
    if leaving.in_the_way:
        return None
    if not leaving.signed:
        return MergeStep.NOTHING
    return MergeStep.CLOSE if survivor.signed else MergeStep.RENEW
