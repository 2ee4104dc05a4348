"""Reading and writing CSV the same way everywhere: UTF-8, no byte order mark, line feeds."""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

Row = dict[str, str]


def read(path: Path) -> list[Row]:
    """Read all rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def text_of(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Write rows under their header."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return buffer.getvalue()
