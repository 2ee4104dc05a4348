"""Files of debits and of their results, as text: tab-separated, amounts in fen, ASCII. Pure.

A file has a header line and a line a debit. The header is `number, rows, fen, SHA-256 of the rows`;
of a result the fen are those that were taken. A debit is `out_trade_no, agreement, fen`; a result
is `out_trade_no, code, fen, transaction, day` (`SUCCESS` took the money, the fen are always the
ones that were asked for, the day is the channel's own).
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

TAKEN = "SUCCESS"
_WORD = rb"[!-\[\]-~]"
_RESULT_LINE = (
    rb"%(w)b{1,32}\t%(w)b{1,40}\t[0-9]{1,13}\t%(w)b{0,40}\t[0-9]{4}-[0-9]{2}-[0-9]{2}\n"
    % {b"w": _WORD}
)
_RESULT = re.compile(rb"(?:" + _RESULT_LINE + rb")*")
_HEADER = re.compile(rb"(%b{1,32})\t([0-9]{1,9})\t([0-9]{1,15})\t([0-9a-f]{64})\n" % _WORD)
MOST_NAMED = 10
"""So many rows of each kind of fault are named; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a result file: the kind, how often, and the first few of it."""

    kind: str
    count: int = 1
    examples: list[str] = field(default_factory=list)

    def described(self) -> Mapping[str, Any]:
        """Describe it as it is kept and shown."""
        return {"kind": self.kind, "count": self.count, "examples": self.examples}


@dataclass(frozen=True, slots=True)
class Result:
    """A result file whose form is right: its rows, and what its header says about them."""

    rows: bytes
    count: int
    taken_fen: int


def digest(rows: bytes) -> bytes:
    """Compute the SHA-256 of a file's rows."""
    return hashlib.sha256(rows).digest()


def compose(number: str, *, count: int, amount_fen: int, rows: bytes) -> bytes:
    """Write a file: its header, then its rows."""
    return f"{number}\t{count}\t{amount_fen}\t{digest(rows).hex()}\n".encode() + rows


def read_result(content: bytes, *, number: str) -> Result | list[Fault]:
    """Read a result file's form; a list of faults when it is not to be believed."""
    end = content.find(b"\n") + 1
    header = _HEADER.fullmatch(content, 0, end) if end else None
    if header is None:
        return [Fault("header", examples=[content[:80].decode("ascii", "replace")])]
    rows = content[end:]
    faults = []
    if header[1].decode() != number:
        faults.append(Fault("number", examples=[header[1].decode()]))
    if digest(rows).hex() != header[4].decode():
        faults.append(Fault("digest"))
    if not _RESULT.fullmatch(rows):
        faults.append(_malformed(rows))
    if (found := rows.count(b"\n")) != int(header[2]):
        faults.append(Fault("count", examples=[f"{int(header[2])} announced, {found} found"]))
    return faults or Result(rows, int(header[2]), int(header[3]))


def _malformed(rows: bytes) -> Fault:
    line = re.compile(_RESULT_LINE)
    bad = [
        f"line {place}: {text[:80].decode('ascii', 'replace').rstrip()}"
        for place, text in enumerate(rows.splitlines(keepends=True), start=2)
        if not line.fullmatch(text)
    ]
    return Fault("malformed_row", len(bad), bad[:MOST_NAMED])
