"""Result files, as they should be and as they should not."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from counterparts.batch.books import TAKEN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counterparts.storage import Row

FAULTS = frozenset(
    {
        "unknown_row",
        "doubled_row",
        "missing_row",
        "wrong_amount",
        "sum",
        "count",
        "digest",
        "number",
        "truncated",
        "malformed",
    }
)


def write_result(number: str, debits: Sequence[Row], *, fault: str = "") -> bytes:
    """Return the result of a file, spoilt by a fault if there is one."""
    cells = [
        [row["out_trade_no"], row["code"], row["amount_fen"], row["transaction_id"], row["day"]]
        for row in debits
    ]
    _spoil_rows(cells, fault)
    lines = ["\t".join(str(cell) for cell in row) + "\n" for row in cells]
    if fault == "malformed":
        lines[0] = lines[0].replace("\t", " ", 1)
    rows = "".join(lines).encode()
    taken = sum(row[2] for row in cells if row[1] == TAKEN) + (fault == "sum")
    count = len(cells) + (fault == "count")
    digest = hashlib.sha256(rows + b"x" * (fault == "digest")).hexdigest()
    said = f"{number}X" if fault == "number" else number
    content = f"{said}\t{count}\t{taken}\t{digest}\n".encode() + rows
    return content[: -len(content) // 3] if fault == "truncated" else content


def _spoil_rows(cells: list[list[object]], fault: str) -> None:
    if fault == "unknown_row":
        cells.append(["A2026030299999999999999", *cells[-1][1:]])
    elif fault == "doubled_row":
        cells.append(list(cells[0]))
    elif fault == "missing_row":
        del cells[0]
    elif fault == "wrong_amount":
        cells[0][2] = int(str(cells[0][2])) + 1
