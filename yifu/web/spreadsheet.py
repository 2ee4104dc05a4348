"""A file for a spreadsheet: CSV in UTF-8 with a mark, amounts in yuan, and no formulas."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from django.http import HttpResponse
from django.utils.timezone import localtime

from yifu.money import to_yuan

MARK: Final = "\ufeff"
"""Without it a spreadsheet takes Chinese UTF-8 for something else."""

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def write(rows: Iterable[Sequence[str]], *, name: str) -> HttpResponse:
    """Answer with rows of texts as a file to be kept."""
    kept = io.StringIO()
    csv.writer(kept).writerows(rows)
    response = HttpResponse(MARK + kept.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def yuan(amount_fen: int | None) -> str:
    """Write fen as yuan; nothing where there is no amount."""
    return "" if amount_fen is None else str(to_yuan(amount_fen))


def text(value: str) -> str:
    """Keep a spreadsheet from taking a text that others wrote for a formula."""
    return f"'{value}" if value.startswith(_FORMULA) else value


def when(at: datetime | None) -> str:
    """Write an instant in China, to the second; nothing where there is none."""
    return "" if at is None else localtime(at).isoformat(sep=" ", timespec="seconds")[:19]
