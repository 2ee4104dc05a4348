"""Decisions about debits and refunds: what an answer means, how much may be taken. Pure.

A channel's answer becomes an `Answer` in `gateway`; here it becomes the state of the attempt and
what the chain of channels may do next (the table is `answers.toml`).
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Literal

Operation = Literal["debit", "ask_debit", "refund", "ask_refund"]
Outcome = Literal["succeeded", "failed", "unknown"]

UNSENT = "UNSENT"
"""Our code for a request that never left (no connection): nothing was taken."""
NO_ANSWER = "NO_ANSWER"
"""Our code for a request that may have arrived."""
NEVER_ARRIVED = "NEVER_ARRIVED"
"""Our code for a request of which the channel, asked later, knows nothing."""


class Meaning(StrEnum):
    """What an answer code means for the chain; `answers.toml` explains each."""

    SAME_AGAIN = "same_again"
    NEXT = "next"
    STOP = "stop"
    ASK = "ask"


class AnswerKind(StrEnum):
    """How an exchange with a channel ended."""

    DONE = "done"
    """The money moved."""
    CODED = "coded"
    """The channel said something else; the code says what."""
    ABSENT = "absent"
    """Asked, the channel knows no such number."""
    UNSENT = "unsent"
    """No connection: the request never left."""
    UNANSWERED = "unanswered"
    """It left, and no answer came that can be believed."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a channel said to one request. `moved_on` is its own date of the movement, in China."""

    kind: AnswerKind
    code: str = ""
    transaction_id: str = ""
    amount_fen: int | None = None
    moved_on: date | None = None


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What is known about an attempt now, and what the chain may do."""

    state: Outcome
    code: str
    meaning: Meaning


Answers = Mapping[tuple[str, str, str], Meaning]


def read_answers(text: str) -> Answers:
    """Read `answers.toml`: (channel, operation, code) → meaning.

    Raises `ValueError` for a meaning that does not exist.
    """
    table: dict[str, Any] = tomllib.loads(text)
    return {
        (channel, operation, code): Meaning(meaning)
        for channel, operations in table.items()
        for operation, codes in operations.items()
        for code, meaning in codes.items()
    }


def meaning_of(answers: Answers, *, channel: str, operation: Operation, code: str) -> Meaning:
    """Look an answer code up; an unmapped code stops."""
    return answers.get((channel, operation, code), Meaning.STOP)


def conclude(
    answers: Answers,
    answer: Answer,
    *,
    channel: str,
    operation: Operation,
    amount_fen: int,
    landed: bool,
) -> Conclusion:
    """Decide what an answer says about an attempt of `amount_fen`.

    `landed`: so long ago has the request left that it cannot be on its way any more; only then is
    "no such number" believed. An answer about another amount is not about this attempt.
    """
    match answer.kind:
        case AnswerKind.DONE if answer.amount_fen in (None, amount_fen):
            return Conclusion("succeeded", answer.code, Meaning.STOP)
        case AnswerKind.UNSENT if operation in ("debit", "refund"):
            return Conclusion("failed", UNSENT, Meaning.SAME_AGAIN)
        case AnswerKind.ABSENT if landed:
            return Conclusion("failed", NEVER_ARRIVED, Meaning.SAME_AGAIN)
        case AnswerKind.CODED:
            meaning = meaning_of(answers, channel=channel, operation=operation, code=answer.code)
            state: Outcome = "unknown" if meaning == Meaning.ASK else "failed"
            return Conclusion(state, answer.code, meaning)
        case AnswerKind.DONE:
            return Conclusion("unknown", "WRONG_AMOUNT", Meaning.ASK)
        case _:
            return Conclusion("unknown", answer.code or NO_ANSWER, Meaning.ASK)


def after_failure(answers: Answers) -> Mapping[tuple[str, str], Meaning]:
    """Give what a failed attempt's code lets the chain do, by channel and code.

    Our own codes for what never reached a channel are among them; a code that is not stops.
    """
    again = (Meaning.SAME_AGAIN, Meaning.NEXT)
    table = {
        (channel, code): meaning
        for (channel, operation, code), meaning in answers.items()
        if operation in ("debit", "ask_debit") and meaning in again
    }
    for channel in {channel for channel, *_ in answers}:
        table |= {(channel, code): Meaning.SAME_AGAIN for code in (UNSENT, NEVER_ARRIVED)}
    return table


def next_channel(
    chain: Sequence[str], tries: Sequence[tuple[str, Meaning]], *, most_per_channel: int = 2
) -> str | None:
    """Choose the channel of the next try from those a person is bound to, in the chain's order.

    `tries` are those made so far and what each answer meant. None: no further try.
    """
    if not tries:
        return chain[0] if chain else None
    last, meaning = tries[-1]
    used = [channel for channel, _ in tries]
    if meaning in (Meaning.STOP, Meaning.ASK):
        return None
    if meaning == Meaning.SAME_AGAIN and used.count(last) < most_per_channel and last in chain:
        return last
    return next((channel for channel in chain if channel not in used), None)


def left_today(*, daily_limit_fen: int, used_fen: int) -> int:
    """Tell how much may still be debited today; never negative (P2.6)."""
    return max(0, daily_limit_fen - used_fen)


def allot(wanted_fen: Sequence[int], *, left_fen: int) -> list[int]:
    """Give each want as much as is left, in their order; fen. Later ones may get less, or 0."""
    given = []
    for want in wanted_fen:
        part = min(want, left_fen)
        given.append(part)
        left_fen -= part
    return given


def trade_number(prefix: str, day: date, number: int) -> str:
    """Write our number of an attempt (`A`) or refund (`R`): 23 digits and letters, unique."""
    return f"{prefix}{day:%Y%m%d}{number:014d}"
