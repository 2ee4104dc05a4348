"""How much one message takes, and how charges are divided among several. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import orjson

Row = TypeVar("Row")

FRAME_CHARACTERS = 200
"""What surrounds the rows of a message's `input`: node names, brackets, a handful of values."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one message of charges may hold (NHSA 2204, 2301).

    `lines_per_batch` is how many lines; `input_characters` how long `input` may be, written as
    JSON, in characters.
    """

    lines_per_batch: int
    input_characters: int


def characters(row: object) -> int:
    """Count the characters of a row as JSON, the comma behind it included.

    Decimals count as they are written: digit by digit.
    """
    return len(orjson.dumps(row, default=str).decode()) + 1


def batches(
    lines: Sequence[Row], limits: Limits, *, size: Callable[[Row], int] = characters
) -> list[list[Row]]:
    """Divide lines into as few messages as their order allows; none for no lines.

    Every line is in exactly one batch, in its order. A line that alone is longer than a message
    may be gets a batch of its own, which is refused by its length before it is sent. `size` gives
    a line's characters, by default of the row that is sent.
    """
    room = limits.input_characters - FRAME_CHARACTERS
    divided: list[list[Row]] = []
    left = 0
    for line in lines:
        wanted = size(line)
        if not divided or wanted > left or len(divided[-1]) >= limits.lines_per_batch:
            divided.append([])
            left = room
        divided[-1].append(line)
        left -= wanted
    return divided
