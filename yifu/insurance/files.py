"""The text files of the national interface: one table, columns by TAB, zipped (NHSA 3202).

UTF-8, no header line, `null` for nothing. Columns come from the field table.
"""

import io
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from yifu.insurance.fields import Direction, check_row, file_columns
from yifu.insurance.rules import fen_or_zero, yuan

_NOTHING = "null"
_MAX_TEXT_BYTES = 512 * 2**20
_REFUND, _NO_REFUND = "1", "0"
_BALANCED = "0"
_LINE_BREAKERS = frozenset("\t\r\n")
_NO_TABLE = (
    zipfile.BadZipFile,
    zlib.error,
    ValueError,  # also: not UTF-8, not exactly one member
    RuntimeError,  # encrypted
    NotImplementedError,  # a compression nobody agreed on
    EOFError,
)


class UnreadableFile(ValueError):
    """A file is no zip of one UTF-8 table, or a row breaks the field table."""


@dataclass(frozen=True, slots=True)
class StatementLine:
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


@dataclass(frozen=True, slots=True)
class StatementResult:
    """What the insurer found for one settlement (NHSA 3202, downloaded).

    `stmt_rslt` is 0 where both sides agree; what other values mean differs by province. `msgid`
    is the message that made the settlement.
    """

    psn_no: str
    mdtrt_id: str
    setl_id: str
    msgid: str
    stmt_rslt: str
    refund: bool
    memo: str
    total_fen: int
    fund_fen: int
    account_fen: int

    @property
    def agrees(self) -> bool:
        """Say whether both sides have the same."""
        return self.stmt_rslt == _BALANCED


def write_statement(lines: Iterable[StatementLine], *, name: str) -> bytes:
    """Write the file that 9101 uploads for 3202, as a zip holding `name`."""
    rows = (
        {
            "setl_id": line.setl_id,
            "mdtrt_id": line.mdtrt_id,
            "psn_no": line.psn_no,
            "medfee_sumamt": str(yuan(line.total_fen)),
            "fund_pay_sumamt": str(yuan(line.fund_fen)),
            "acct_pay": str(yuan(line.account_fen)),
            "refd_setl_flag": _REFUND if line.refund else _NO_REFUND,
        }
        for line in lines
    )
    return write_table("3202", "in", rows, name=name)


def read_statement(content: bytes) -> tuple[StatementResult, ...]:
    """Read the file that 9102 gives for 3202. Raises `UnreadableFile`."""
    return tuple(
        StatementResult(
            psn_no=row["psn_no"],
            mdtrt_id=row["mdtrt_id"],
            setl_id=row["setl_id"],
            msgid=row["msgid"],
            stmt_rslt=row["stmt_rslt"],
            refund=row["refd_setl_flag"] == _REFUND,
            memo=row["memo"],
            total_fen=fen_or_zero(row["medfee_sumamt"], field="medfee_sumamt"),
            fund_fen=fen_or_zero(row["fund_pay_sumamt"], field="fund_pay_sumamt"),
            account_fen=fen_or_zero(row["acct_pay"], field="acct_pay"),
        )
        for row in read_table("3202", "out", content)
    )


def write_table(
    infno: str, direction: Direction, rows: Iterable[Mapping[str, str]], *, name: str
) -> bytes:
    """Zip a table of a transaction's file. Raises `ValueError` for a TAB or line end in a value."""
    columns = file_columns(infno, direction)
    lines = []
    for row in rows:
        values = [row.get(column.name) or _NOTHING for column in columns]
        if any(not _LINE_BREAKERS.isdisjoint(value) for value in values):
            raise ValueError("a TAB or line end in a value")
        lines.append("\t".join(values) + "\n")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, "".join(lines))
    return packed.getvalue()


def read_table(infno: str, direction: Direction, content: bytes) -> list[dict[str, str]]:
    """Read a transaction's zipped table, checked against the field table; nothing becomes "".

    A header line of column names is passed over. Raises `UnreadableFile`, naming the line.
    """
    columns = file_columns(infno, direction)
    names = [column.name for column in columns]
    rows = []
    for number, line in enumerate(_unzip(content).split("\n"), start=1):
        cells = line.removesuffix("\r").split("\t")
        values = ["" if cell == _NOTHING else cell for cell in cells]
        if not any(values) or (number == 1 and values == names):
            continue
        if len(values) != len(names):
            raise UnreadableFile(f"line {number}: {len(values)} columns, not {len(names)}")
        row = dict(zip(names, values, strict=True))
        for name, rule in check_row(columns, row):
            if rule != "code":
                raise UnreadableFile(f"line {number}: {name} {rule}")
        rows.append(row)
    return rows


def _unzip(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            (member,) = archive.infolist()
            with archive.open(member) as packed:
                # The size in the directory may lie: no more than the limit is ever unpacked.
                text = packed.read(_MAX_TEXT_BYTES + 1).decode("utf-8-sig")
    except _NO_TABLE as error:
        raise UnreadableFile(f"no zip of one UTF-8 table: {error}") from error
    if len(text) > _MAX_TEXT_BYTES:
        raise UnreadableFile(f"more than {_MAX_TEXT_BYTES} characters")
    return text
