"""Matching with institutions: 3201 (totals), 9101 (upload), 3202 (details), 9102 (download).

A settlement counts on the day of its ``setl_time``; an undone one appears as a positive row and,
on the day of its undoing, as a negative row (``refd_setl_flag`` 1) with the same ``setl_id``.
Totals are sums over both kinds of rows and ``fixmedins_setl_cnt`` counts both; a
``refd_setl_flag`` in the request restricts a statement to one kind.

The files are TXT in a zip: UTF-8, TAB between columns, ``null`` for empty, no heading. 3202 takes
(setl_id, mdtrt_id, psn_no, medfee_sumamt, fund_pay_sumamt, acct_pay, refd_setl_flag) and gives
(psn_no, mdtrt_id, setl_id, msgid, stmt_rslt, refd_setl_flag, memo, medfee_sumamt, fund_pay_sumamt,
acct_pay), one row for every row of either side. ``stmt_rslt`` speaks the dialect that the
switchboard chose (``switches``); ``memo`` begins with 中心多, 医药机构多 or 数据不一致. Amounts
are the insurer's where it has the row; where it has none, ``msgid``, which the table requires, is
``0``.
A person insured elsewhere is cleared here too: the institution is paid by its own area's agency.

What ``/_control/tamper`` injected (see ``control``) changes statements only, never the books.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from counterparts.insurer import catalogues, switches
from counterparts.insurer.amounts import fen_of, yuan_text
from counterparts.insurer.errors import RefusedError
from counterparts.insurer.switches import Verdict
from counterparts.insurer.textfile import NULL, zipped

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from counterparts.insurer.office import Handler, Message, Office

_ROWS = (
    "SELECT setl_id, refd_setl_flag, mdtrt_id, psn_no, medfee_sumamt, fund_pay_sumamt, acct_pay,"
    " psn_cash_pay, msgid FROM settlements WHERE setl_time BETWEEN ?1 AND ?2"
    " AND fixmedins_code = ?3 AND clr_type = ?4 AND ?5 IN ('', insutype) ORDER BY seq"
)
_END = "SELECT dld_endtime FROM files WHERE file_qury_no = ?"
_COLUMNS = 7
_KEPT_DAYS = 30
_LARGEST_TEXT = 256 * 1024 * 1024
_NO_MESSAGE = "0"


class Row(NamedTuple):
    """One row of a statement, amounts in fen. The hospital's rows know no ``msgid``."""

    setl_id: str
    refd_setl_flag: str
    mdtrt_id: str
    psn_no: str
    medfee_fen: int
    fund_fen: int
    acct_fen: int
    cash_fen: int = 0
    msgid: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """Return what identifies a row on both sides."""
        return self.setl_id, self.refd_setl_flag

    @property
    def amounts(self) -> tuple[int, int, int]:
        """Return what has to agree."""
        return self.medfee_fen, self.fund_fen, self.acct_fen


def statement_rows(office: Office, message: Message, *, insutype: str | None = None) -> list[Row]:
    """Return the insurer's rows that a 3201 or 3202 message asks about, tampering included."""
    data = message.input["data"]
    if data["setl_optins"] != office.admdvs:
        raise RefusedError(f"setl_optins {data['setl_optins']}不是本经办机构")
    if data["stmt_begndate"] > data["stmt_enddate"]:
        raise RefusedError("stmt_begndate 晚于stmt_enddate")
    begin, end = f"{data['stmt_begndate']} 00:00:00", f"{data['stmt_enddate']} 23:59:59"
    fixmedins_code = message.institution.fixmedins_code
    about = (begin, end, fixmedins_code, data["clr_type"], insutype or "")
    rows = [Row._make(row) for row in office.books.db.execute(_ROWS, about)]
    wanted = data.get("refd_setl_flag") or ""
    tampered = _tampered(office, rows, fixmedins_code=fixmedins_code, begin=begin, end=end)
    return [row for row in tampered if wanted in ("", row.refd_setl_flag)]


def _tampered(
    office: Office, rows: list[Row], *, fixmedins_code: str, begin: str, end: str
) -> list[Row]:
    for setl_id, action, detail_json in office.books.tampers():
        detail = orjson.loads(detail_json)
        if action == "omit":
            rows = [row for row in rows if row.setl_id != setl_id]
        elif action == "amount":
            rows = [_shifted(row, detail["delta_fen"], setl_id) for row in rows]
        elif detail["fixmedins_code"] == fixmedins_code and begin <= detail["setl_time"] <= end:
            rows = [*rows, Row(setl_id=setl_id, **detail["row"])]
    return rows


def _shifted(row: Row, delta_fen: int, setl_id: str) -> Row:
    if row.key != (setl_id, "0"):
        return row
    return row._replace(medfee_fen=row.medfee_fen + delta_fen, fund_fen=row.fund_fen + delta_fen)


def match_totals(office: Office, message: Message) -> dict[str, Any]:
    """Answer 3201 医药机构费用结算对总账."""
    data = message.input["data"]
    ours = _totals(statement_rows(office, message, insutype=data["insutype"]))
    theirs = (
        fen_of(data["medfee_sumamt"]),
        fen_of(data["fund_pay_sumamt"]),
        fen_of(data["acct_pay"]),
        data["fixmedins_setl_cnt"],
    )
    texts = [
        "医疗费{}、基金{}、个账{}、笔数{}".format(*map(yuan_text, side[:3]), side[3])
        for side in (ours, theirs)
    ]
    verdict = _verdict(ours, theirs)
    said = f"{verdict.value}：中心{texts[0]}；医药机构{texts[1]}"
    return {
        "stmtinfo": {
            "setl_optins": data["setl_optins"],
            "stmt_rslt": switches.dialect(office)[verdict],
            "stmt_rslt_dscr": "平" if verdict is Verdict.EQUAL else said,
        }
    }


def _verdict(ours: tuple[int, int, int, int], theirs: tuple[int, int, int, int]) -> Verdict:
    """Say who has more settlements, or that the sums differ."""
    if ours == theirs:
        return Verdict.EQUAL
    if ours[3] != theirs[3]:
        return Verdict.OURS if ours[3] > theirs[3] else Verdict.HOSPITALS
    return Verdict.DIFFERENT


def _totals(rows: Sequence[Row]) -> tuple[int, int, int, int]:
    return (
        sum(row.medfee_fen for row in rows),
        sum(row.fund_fen for row in rows),
        sum(row.acct_fen for row in rows),
        len(rows),
    )


def upload_file(office: Office, message: Message) -> dict[str, Any]:
    """Answer 9101 文件上传; the output has no node.

    Raises RefusedError if the message came without a file, or names another institution.
    """
    about = message.input["fsUploadIn"]
    if not message.file:
        raise RefusedError("9101 缺少文件数据(file)")
    if about["fixmedins_code"] != message.institution.fixmedins_code:
        raise RefusedError("fixmedins_code 不是本机构")
    return _kept(office, message, filename=about["filename"], content=message.file)


def _kept(office: Office, message: Message, *, filename: str, content: bytes) -> dict[str, Any]:
    file_qury_no = message.number(office, "files")
    end = f"{message.day + timedelta(days=_KEPT_DAYS)} 23:59:59"
    office.books.add_file(
        file_qury_no=file_qury_no,
        fixmedins_code=message.institution.fixmedins_code,
        filename=filename,
        end=end,
        content=content,
    )
    return {
        "file_qury_no": file_qury_no,
        "filename": filename,
        "fixmedins_code": message.institution.fixmedins_code,
        "dld_endtime": end,
    }


def match_details(office: Office, message: Message) -> dict[str, Any]:
    """Answer 3202 医药机构费用结算对明细账 with the number of a result file.

    Raises RefusedError if the uploaded file is missing, unreadable, or its totals are not those
    of the message.
    """
    data = message.input["data"]
    found = office.books.file(data["file_qury_no"], message.institution.fixmedins_code)
    if found is None:
        raise RefusedError(f"file_qury_no {data['file_qury_no']}不存在")
    theirs = parse_rows(found[1])
    _check_totals(theirs, data)
    compared = compare(
        ours=statement_rows(office, message), theirs=theirs, dialect=switches.dialect(office)
    )
    name = f"{message.institution.fixmedins_code}_{data['stmt_enddate']}_result.txt"
    kept = _kept(office, message, filename=f"{name}.zip", content=zipped(name, compared))
    return {"fileinfo": {name: kept[name] for name in ("file_qury_no", "filename", "dld_endtime")}}


def _check_totals(rows: Sequence[Row], data: dict[str, Any]) -> None:
    medfee, fund, _account, count = _totals(rows)
    said = {
        "medfee_sumamt": (fen_of(data["medfee_sumamt"]), medfee),
        "fund_pay_sumamt": (fen_of(data["fund_pay_sumamt"]), fund),
        "fixmedins_setl_cnt": (data["fixmedins_setl_cnt"], count),
    }
    for name, (in_message, in_file) in said.items():
        if in_message != in_file:
            raise RefusedError(f"{name} 与明细文件合计不符")


def parse_rows(content: bytes) -> list[Row]:
    """Return the rows of a hospital's zipped file.

    Raises RefusedError naming the line that is wrong or a row that is there twice.
    """
    rows: dict[tuple[str, str], Row] = {}
    for at, line in enumerate(_text_of(content).removesuffix("\n").split("\n"), 1):
        if not line and at == 1:
            break
        cells = line.removesuffix("\r").split("\t")
        if len(cells) != _COLUMNS or NULL in cells:
            raise RefusedError(f"明细文件第{at}行应为{_COLUMNS}列且不为空")
        setl_id, mdtrt_id, psn_no, medfee, fund, account, flag = cells
        try:
            amounts = _fen(medfee), _fen(fund), _fen(account)
        except (ValueError, ArithmeticError) as error:
            raise RefusedError(f"明细文件第{at}行金额有误") from error
        row = Row(setl_id, flag, mdtrt_id, psn_no, *amounts)
        if flag not in {"0", "1"} or rows.setdefault(row.key, row) is not row:
            raise RefusedError(f"明细文件第{at}行重复或退费标志有误")
    return list(rows.values())


def _fen(text: str) -> int:
    """Return an amount in fen: two decimals at once, anything else through Decimal."""
    digits = text[:-3] + text[-2:]
    if text[-3:-2] == "." and digits.isascii() and digits.isdecimal():
        return int(digits)
    return fen_of(text)


def _text_of(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            if len(members) != 1 or members[0].file_size > _LARGEST_TEXT:
                raise RefusedError("明细文件应为只含一个TXT的zip")
            return archive.read(members[0]).decode()
    except (zipfile.BadZipFile, zlib.error, EOFError, UnicodeDecodeError) as error:
        raise RefusedError("明细文件不是zip压缩的UTF-8文本") from error


def compare(
    *, ours: Iterable[Row], theirs: Iterable[Row], dialect: Mapping[Verdict, str]
) -> list[tuple[str, ...]]:
    """Return the lines of a result file: every row of either side, ours first."""
    unmatched = {row.key: row for row in theirs}
    lines = []
    for row in ours:
        other = unmatched.pop(row.key, None)
        if other is None:
            lines.append(
                _line(row, dialect[Verdict.OURS], f"{Verdict.OURS.value}：医药机构无此记录")
            )
        elif other.amounts == row.amounts:
            lines.append(_line(row, dialect[Verdict.EQUAL], ""))
        else:
            said = "、".join(map(yuan_text, other.amounts))
            memo = f"{Verdict.DIFFERENT.value}：医药机构{said}"
            lines.append(_line(row, dialect[Verdict.DIFFERENT], memo))
    memo = f"{Verdict.HOSPITALS.value}：中心无此记录"
    lines.extend(
        _line(row._replace(msgid=_NO_MESSAGE), dialect[Verdict.HOSPITALS], memo)
        for row in unmatched.values()
    )
    return lines


def _line(row: Row, result: str, memo: str) -> tuple[str, ...]:
    named = (row.psn_no, row.mdtrt_id, row.setl_id, row.msgid, result, row.refd_setl_flag, memo)
    return (*(cell or NULL for cell in named), *map(yuan_text, row.amounts))


def download_file(office: Office, message: Message) -> bytes:
    """Answer 9102 文件下载 with a file of the institution's own, or of a catalogue.

    Raises RefusedError if there is none of that number and name, or it is kept no longer.
    """
    about = message.input["fsDownloadIn"]
    if catalogues.is_catalogue_file(about["file_qury_no"]):
        return catalogues.download(office, message)
    found = office.books.file(about["file_qury_no"], message.institution.fixmedins_code)
    if found is None or found[0] != about["filename"]:
        raise RefusedError(f"file_qury_no {about['file_qury_no']}不存在")
    end: str = office.books.db.execute(_END, (about["file_qury_no"],)).fetchone()[0]
    if message.inf_time > end:
        raise RefusedError(f"file_qury_no {about['file_qury_no']}已过下载截止时间{end}")
    return found[1]


CHANGING: dict[str, Handler] = {"9101": upload_file, "3202": match_details}
ASKING: dict[str, Handler] = {"3201": match_totals}
