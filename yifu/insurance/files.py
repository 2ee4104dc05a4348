"""The text files of the national interface: one table, columns by TAB, zipped (NHSA 3202, 1301).

UTF-8, no header line, `null` for nothing. A day has a hundred thousand rows in a large hospital and
a catalogue more, so nothing here holds a table: rows are written and read as they come.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from typing import Final, NamedTuple

from yifu.insurance.fields import Direction, Field, check_row, file_columns

NOTHING: Final = "null"
_MAX_TEXT_CHARACTERS = 512 * 2**20
_REFUND, _NO_REFUND = "1", "0"
_ROWS_AT_ONCE = 4096
_UNWANTED = re.compile(r"[\r\0]")
_NO_TABLE = (
    zipfile.BadZipFile,
    zlib.error,
    ValueError,  # also: not UTF-8, not exactly one member
    RuntimeError,  # encrypted
    NotImplementedError,  # a compression nobody agreed on
    EOFError,
)

Cells = tuple[str, ...]
"""A row of a file, nothing as ""."""


class UnreadableFile(ValueError):
    """A file is no zip of one UTF-8 table, or a row breaks the field table."""


class StatementLine(NamedTuple):
    """One settlement as our books have it (NHSA 3202, uploaded).

    A reversed settlement is sent twice: as it was, and negative with `refund`.
    """

    setl_id: str
    mdtrt_id: str
    psn_no: str
    total_fen: int
    fund_fen: int
    account_fen: int
    refund: bool = False


def write_statement(lines: Iterable[StatementLine], *, name: str) -> bytes:
    """Write the file that 9101 uploads for 3202, as a zip holding `name`."""
    rows = (
        f"{line[0] or NOTHING}\t{line[1] or NOTHING}\t{line[2] or NOTHING}\t{_yuan(line[3])}\t"
        f"{_yuan(line[4])}\t{_yuan(line[5])}\t{_REFUND if line[6] else _NO_REFUND}\n"
        for line in lines
    )
    return _zip(rows, columns=len(file_columns("3202", "in")), name=name)


def _yuan(fen: int) -> str:
    """Write fen as yuan with two decimals; integers only, a tenth of what a Decimal takes."""
    whole, cents = divmod(abs(fen), 100)
    return f"-{whole}.{cents:02}" if fen < 0 else f"{whole}.{cents:02}"


def write_table(
    infno: str, direction: Direction, rows: Iterable[Mapping[str, str]], *, name: str
) -> bytes:
    """Zip a table of a transaction's file. Raises `ValueError` for a TAB or line end in a value."""
    names = [column.name for column in file_columns(infno, direction)]
    written = ("\t".join(row.get(name) or NOTHING for name in names) + "\n" for row in rows)
    return _zip(written, columns=len(names), name=name)


def _zip(rows: Iterator[str], *, columns: int, name: str) -> bytes:
    """Zip written rows, some thousands at a time; a separator in a value is found by counting."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open(name, "w", force_zip64=True) as member,
    ):
        while some := list(islice(rows, _ROWS_AT_ONCE)):
            text = "".join(some)
            wanted = len(some), len(some) * (columns - 1)
            if (text.count("\n"), text.count("\t")) != wanted or _UNWANTED.search(text):
                raise ValueError("a TAB or line end in a value")
            member.write(text.encode())
    return packed.getvalue()


def read_table(infno: str, direction: Direction, content: bytes) -> list[dict[str, str]]:
    """Read a transaction's zipped table into rows by column; otherwise as `read_rows`."""
    names = [column.name for column in file_columns(infno, direction)]
    return [dict(zip(names, row, strict=True)) for row in read_rows(infno, direction, content)]


def read_rows(infno: str, direction: Direction, content: bytes) -> Iterator[Cells]:
    """Read a transaction's zipped table row by row, checked against the field table.

    A header line of column names is passed over. Raises `UnreadableFile`, naming the line; an
    unreadable end comes only after the rows before it.
    """
    columns = file_columns(infno, direction)
    names = [column.name for column in columns]
    usual = _usual_line(infno, direction).fullmatch
    for number, line in enumerate(unzipped_lines(content), start=1):
        # Nearly every line passes here, in a tenth of the time that looking at its cells takes.
        if (match := usual(line)) is not None:
            yield tuple("" if cell == NOTHING else cell for cell in match.groups())
            continue
        values = split_line(line)
        if not any(values) or (number == 1 and values == names):
            continue
        _check(number, columns, values)
        yield tuple(values)


def split_line(line: str) -> list[str]:
    """Take a line apart: cells by TAB, `null` as nothing."""
    cells = line.removesuffix("\n").removesuffix("\r").split("\t")
    return ["" if cell == NOTHING else cell for cell in cells]


def _check(number: int, columns: Sequence[Field], values: Sequence[str]) -> None:
    if len(values) != len(columns):
        raise UnreadableFile(f"line {number}: {len(values)} columns, not {len(columns)}")
    names = (column.name for column in columns)
    for name, rule in check_row(tuple(columns), dict(zip(names, values, strict=True))):
        if rule != "code":
            raise UnreadableFile(f"line {number}: {name} {rule}")


@cache
def _usual_line(infno: str, direction: Direction) -> re.Pattern[str]:
    """Describe a line that certainly breaks no rule of the field table; a group is a cell."""
    cells = [_usual_cell(column) for column in file_columns(infno, direction)]
    return re.compile("\t".join(f"({cell})" for cell in cells) + "\r?\n")


def _usual_cell(column: Field) -> str:
    missing = "" if column.required else f"{NOTHING}|"
    if column.kind == "n" and column.scale == 2:  # noqa: PLR2004 - yuan
        whole = column.size - column.scale
        return rf"{missing}-?[0-9]{{1,{whole}}}\.[0-9]{{2}}"
    if column.kind != "s" or not column.size:
        return "(?!)"  # left to the closer look
    return rf"{missing}(?!{NOTHING}[\t\n])[^\s\0][^\t\r\n\0]{{0,{column.size - 1}}}"


def unzipped_lines(content: bytes) -> Iterator[str]:
    """Unpack a zip of one UTF-8 text line by line, each with its end.

    Raises `UnreadableFile` for what is none: no zip, cut off, not UTF-8, several files, too large.
    """
    left = _MAX_TEXT_CHARACTERS
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            (member,) = archive.infolist()
            # The size in the directory may lie, so what is unpacked is counted; and a text without
            # any line end is not gathered into one line for ever.
            with (
                archive.open(member) as packed,
                io.TextIOWrapper(packed, "utf-8-sig", newline="\n") as text,
            ):
                while left > 0 and (line := text.readline(left)):
                    left -= len(line)
                    yield line if line.endswith("\n") else line + "\n"
    except _NO_TABLE as error:
        raise UnreadableFile(f"no zip of one UTF-8 table: {error}") from error
    if left <= 0:
        raise UnreadableFile(f"more than {_MAX_TEXT_CHARACTERS} characters")
