"""Many calls to channels at once: each sent at most once, asked about until its outcome is known.

No database here: `services` writes down before and after. The caller holds no connection.
"""

import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from yifu.payments import gateway, rules
from yifu.payments.rules import Answer, AnswerKind, Answers, Conclusion

THREADS = 8
SEND_WINDOW_SECONDS = 3.0
"""What has not left this long after it was marked as leaving is not sent any more."""
LANDED_SECONDS = SEND_WINDOW_SECONDS + gateway.LONGEST_CALL_SECONDS + 1.0
"""So long after it was marked as leaving nothing of a request is on its way any more."""
ASK_PAUSES_SECONDS = (0.0, 0.05, 0.2)
"""How long to wait before each question about a debit that was taken on."""

Ask = Callable[[], Answer]


class Pace:
    """A token bucket: so many calls a second, by the machine's own steady clock; for threads."""

    def __init__(self, per_second: float) -> None:
        self._between = 1.0 / per_second
        self._next = time.monotonic()
        self._lock = threading.Lock()

    def wait(self) -> None:
        """Wait for one's turn. What was not used in time is not saved up."""
        with self._lock:
            turn = max(self._next, time.monotonic())
            self._next = turn + self._between
        time.sleep(max(0.0, turn - time.monotonic()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """An attempt or refund (`id`) on its way to a channel. `age_seconds` since it left."""

    id: int
    channel: str
    operation: Literal["debit", "refund"]
    amount_fen: int
    send: Ask
    ask: Ask
    age_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Heard:
    """What is known about a call now."""

    id: int
    conclusion: Conclusion
    answer: Answer


@cache
def answers() -> Answers:
    """Read the table of answer codes, once."""
    return rules.read_answers(Path(__file__).with_name("answers.toml").read_text(encoding="utf-8"))


def send_all(
    calls: Sequence[Call], *, threads: int = THREADS, pace: Pace | None = None
) -> list[Heard]:
    """Send each call and ask what became of those that were taken on or not answered."""
    until = time.monotonic() + SEND_WINDOW_SECONDS

    def send(call: Call) -> Heard:
        if pace is not None:
            pace.wait()
        late = time.monotonic() > until
        answer = Answer(AnswerKind.UNSENT) if late else call.send()
        return _heard(call, answer, call.operation)

    heard = {known.id: known for known in _together(send, calls, threads=threads)}
    for pause in ASK_PAUSES_SECONDS:
        still = [call for call in calls if heard[call.id].conclusion.state == "unknown"]
        if not still:
            break
        time.sleep(pause)
        heard |= {known.id: known for known in _together(_ask, still, threads=threads)}
    return [heard[call.id] for call in calls]


def ask_all(calls: Sequence[Call], *, threads: int = THREADS) -> list[Heard]:
    """Ask what became of calls that left before; none is sent again.

    Of what the channel does not know yet it is asked once more after `LANDED_SECONDS`.
    """
    began = time.monotonic()
    heard = {known.id: known for known in _together(_ask, calls, threads=threads)}
    absent = [call for call in calls if _may_be_on_its_way(heard[call.id])]
    if absent:
        longest = max(LANDED_SECONDS - call.age_seconds for call in absent)
        time.sleep(max(0.0, longest - (time.monotonic() - began)))
        again = _together(_ask_landed, absent, threads=threads)
        heard |= {known.id: known for known in again}
    return [heard[call.id] for call in calls]


def _may_be_on_its_way(heard: Heard) -> bool:
    return heard.answer.kind == AnswerKind.ABSENT and heard.conclusion.state == "unknown"


def _ask(call: Call) -> Heard:
    return _heard(call, call.ask(), call.operation, asked=True)


def _ask_landed(call: Call) -> Heard:
    return _heard(call, call.ask(), call.operation, asked=True, landed=True)


def _heard(
    call: Call,
    answer: Answer,
    operation: Literal["debit", "refund"],
    *,
    asked: bool = False,
    landed: bool = False,
) -> Heard:
    asking: Mapping[str, rules.Operation] = {"debit": "ask_debit", "refund": "ask_refund"}
    conclusion = rules.conclude(
        answers(),
        answer,
        channel=call.channel,
        operation=asking[operation] if asked else operation,
        amount_fen=call.amount_fen,
        landed=landed or call.age_seconds > LANDED_SECONDS,
    )
    return Heard(call.id, conclusion, answer)


def _together(
    work: Callable[[Call], Heard], calls: Sequence[Call], *, threads: int
) -> Iterable[Heard]:
    if len(calls) == 1:
        return [work(calls[0])]
    with ThreadPoolExecutor(max_workers=max(1, min(threads, len(calls)))) as pool:
        return list(pool.map(work, calls))
