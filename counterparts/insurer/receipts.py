"""Receipts from hospitals: 4901 and 4905 (upload), 4902 (what became of a batch), 5501 (state).

A batch is judged when it comes, receipt by receipt, and answered about once it is processed: until
``PROCESSED_AFTER`` has passed (by the senders' own times) every result is 0 处理中. A red receipt
names the one it cancels in ``extFld`` and has a negative sum.
"""

from __future__ import annotations

import base64
import binascii
import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import orjson

from counterparts.insurer.amounts import fen_of
from counterparts.insurer.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from counterparts.insurer.office import Handler, Message, Office

PROCESSED_AFTER = timedelta(minutes=10)
MOST = 100
_LONGEST_FILE = 4 * 2**20
_MAGIC = {"pdf": b"%PDF-", "ofd": b"PK\x03\x04"}
_PERIOD = re.compile(r"\d{8}-\d{8}")
_BATCH = re.compile(r"\d{13}")
_SELF_PAID = "2"
_UNDER_WAY, _YES, _NO = "0", "1", "2"
_COLUMNS = (
    *("fixmedins_code", "upld_bchno", "code", "number", "chkcode", "kind", "setl_kind", "setl_id"),
    *("psn_no", "medfee_fen", "hifp_fen", "red_of", "content", "uploaded_at"),
    *("file_result", "check_result", "reason"),
)
_ADD = f"INSERT INTO receipts ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"  # noqa: S608 - names from this module
_OF_BATCH = (
    "SELECT code, number, chkcode, kind, setl_kind, uploaded_at, file_result, check_result, reason"
    " FROM receipts WHERE fixmedins_code = ? AND upld_bchno = ? ORDER BY seq"
)
_LATEST = (
    "SELECT code, number, chkcode, kind, setl_kind, check_result FROM receipts"
    " WHERE fixmedins_code = ? AND code = ? AND number = ? ORDER BY seq DESC LIMIT 1"
)
_KEPT = (
    "SELECT medfee_fen FROM receipts WHERE fixmedins_code = ? AND code = ? AND number = ?"
    " AND check_result = '1'"
)
_REDS = "SELECT 1 FROM receipts WHERE fixmedins_code = ? AND red_of = ? AND check_result = '1'"


@dataclass(frozen=True, slots=True)
class Batch:
    """What was uploaded at once: its number, its receipts and their files by name."""

    number: str
    rows: list[dict[str, Any]]
    files: Mapping[str, bytes]


def upload(office: Office, message: Message) -> dict[str, Any]:
    """Answer 4901 上传电子结算凭证.

    Raises RefusedError if the batch is not whole (count, archive, names) or its number was used.
    """
    batch = _batch_of(office, message, "upldDetlList")
    for row in batch.rows:
        _judge(office, message, batch, row, uploaded_again=False)
    return {}


def upload_again(office: Office, message: Message) -> dict[str, Any]:
    """Answer 4905 重新上传电子结算凭证: each names the one that was refused before.

    Raises RefusedError as 4901 does, and where nothing was uploaded under the number it names.
    """
    batch = _batch_of(office, message, "reUploadDetlDTOList")
    code = message.institution.fixmedins_code
    for row in batch.rows:
        initial = row.get("initElecSetlCertCode") or "", row["initElecSetlCertNo"]
        if office.books.db.execute(_LATEST, (code, *initial)).fetchone() is None:
            raise RefusedError(f"initElecSetlCertNo {initial[1]}未上传过")
        _judge(office, message, batch, row, uploaded_again=True)
    return {}


def _batch_of(office: Office, message: Message, rows_in: str) -> Batch:
    said = message.input
    rows, number = said[rows_in], said["upldBchno"]
    if said["fixmedinsCode"] != message.institution.fixmedins_code:
        raise RefusedError("fixmedinsCode 与报文头不符")
    if not _PERIOD.fullmatch(said["bizStsb"]) or not _BATCH.fullmatch(number):
        raise RefusedError("bizStsb应为起止日期，upldBchno应为年月日加5位顺序号")
    if not said["elecSetlCertCnt"] == len(rows) <= MOST:
        raise RefusedError(f"elecSetlCertCnt 应与明细数一致且不超过{MOST}")
    files = _unpack(said.get("ftfileCompac") or "")
    if set(files) != {name for name, _ in map(_name, rows)} or len(files) != len(rows):
        raise RefusedError("ftfileCompac 版式文件应以代码-号码命名并与明细一一对应")
    values = (message.institution.fixmedins_code, number, said["bizStsb"], message.inf_time)
    added = office.books.db.execute(
        "INSERT OR IGNORE INTO receipt_batches VALUES (?, ?, ?, ?)", values
    )
    if not added.rowcount:
        raise RefusedError(f"upldBchno 上传批次号{number}已存在")
    return Batch(number, rows, files)


def _name(row: dict[str, Any]) -> tuple[str, tuple[str, str]]:
    """Return what a receipt's file is called, without its kind, and its code and number."""
    numbers = row.get("elecSetlCertCode") or "", row["elecSetlCertNo"]
    return "-".join(filter(None, numbers)), numbers


def _unpack(text: str) -> dict[str, bytes]:
    """Return the files of a Base64 archive by name without extension.

    Raises RefusedError if it is none, or a file is not what its extension says.
    """
    try:
        content = base64.b64decode(text, validate=True)
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return dict(_members(archive))
    except (binascii.Error, zipfile.BadZipFile, zlib.error, ValueError, RuntimeError) as error:
        raise RefusedError("ftfileCompac 不是Base64的zip压缩包") from error


def _members(archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    for member in archive.infolist()[: MOST + 1]:
        name, _, extension = member.filename.rpartition(".")
        with archive.open(member) as packed:
            content = packed.read(_LONGEST_FILE)
        magic = _MAGIC.get(extension.lower())
        if magic is None or not content.startswith(magic):
            raise RefusedError(f"ftfileCompac {member.filename}不是pdf或ofd文件")
        yield name, content


def _judge(
    office: Office, message: Message, batch: Batch, row: dict[str, Any], *, uploaded_again: bool
) -> None:
    """Keep a receipt with what is wrong with it, if anything."""
    name, (code, number) = _name(row)
    red_of = _red_of(row)
    reason = _fault(office, message, row, red_of=red_of, uploaded_again=uploaded_again)
    values = (
        *(message.institution.fixmedins_code, batch.number, code, number),
        *(row.get("elecSetlCertChkcode") or "", row["elecSetlCertType"], row["certSetlType"]),
        *(row.get("setlId") or "", row.get("psnNo") or ""),
        *(fen_of(row["medfeeSumamt"]), fen_of(row.get("hifpPay") or 0), "-".join(red_of)),
        *(batch.files[name], message.inf_time),
        *(_YES, _NO if reason else _YES, reason),
    )
    office.books.db.execute(_ADD, values)


def _red_of(row: dict[str, Any]) -> tuple[str, ...]:
    """Return code and number of the receipt that a red one cancels; nothing for others."""
    try:
        extended = orjson.loads(row.get("extFld") or "{}")
    except orjson.JSONDecodeError as error:
        raise RefusedError("extFld 应为json字符串") from error
    if not isinstance(extended, dict):
        raise RefusedError("extFld 应为json字符串")
    names = ("initElecSetlCertCode", "initElecSetlCertNo")
    found = tuple(str(extended[name]) for name in names if extended.get(name))
    return found if len(found) == len(names) else ()


def _fault(
    office: Office,
    message: Message,
    row: dict[str, Any],
    *,
    red_of: tuple[str, ...],
    uploaded_again: bool,
) -> str:
    """Return why a receipt is refused; "" if it is not."""
    _, numbers = _name(row)
    code = message.institution.fixmedins_code
    if office.books.db.execute(_KEPT, (code, *numbers)).fetchone() and not uploaded_again:
        return "电子结算凭证重复上传"
    medfee_fen = fen_of(row["medfeeSumamt"])
    wrong = _wrong_by_itself(row, medfee_fen, is_red=bool(red_of))
    if not wrong and red_of:
        blue = office.books.db.execute(_KEPT, (code, *red_of)).fetchone()
        if blue is None or blue[0] != -medfee_fen:
            return "原电子结算凭证不存在或金额不符"
    if wrong or row["certSetlType"] == _SELF_PAID:
        return wrong
    return _unlike_the_books(office, message, row, medfee_fen, is_red=bool(red_of))


def _wrong_by_itself(row: dict[str, Any], medfee_fen: int, *, is_red: bool) -> str:
    """Return what is wrong with a receipt whatever the books say."""
    if (medfee_fen < 0) != is_red:
        return "红票的金额应为负数并注明原电子结算凭证"
    if row["certSetlType"] == _SELF_PAID and row.get("setlId"):
        return "全自费凭证不应有结算ID"
    return ""


def _unlike_the_books(
    office: Office, message: Message, row: dict[str, Any], medfee_fen: int, *, is_red: bool
) -> str:
    settled = office.books.settlement(row.get("setlId") or "", negative=is_red)
    if settled is None or settled.fixmedins_code != message.institution.fixmedins_code:
        return "结算ID不存在" + ("或未撤销" if is_red else "")
    person = office.books.person(settled.psn_no)
    compared = (
        ("医疗费总额", medfee_fen, settled.medfee_sumamt),
        ("统筹基金支出", fen_of(row.get("hifpPay") or 0), settled.hifp_pay),
        ("符合范围金额", fen_of(row.get("inscpAmt") or 0), settled.inscp_scp_amt),
        ("业务流水号", row["bizSn"], settled.medins_setl_id),
        ("人员编号", row.get("psnNo"), settled.psn_no),
        ("人员姓名", row["psnName"], person.psn_name if person else ""),
        ("险种类型", row.get("insutype"), settled.insutype),
        ("参保地医保区划", row["insuplcAdmdvs"], person.insuplc_admdvs if person else ""),
    )
    wrong = [label for label, theirs, ours in compared if theirs != ours]
    return f"与结算信息不符：{'、'.join(wrong)}"[:200] if wrong else ""


def batch_results(office: Office, message: Message) -> dict[str, Any]:
    """Answer 4902 查询上传结果: every receipt of a batch; 0 处理中 until it is processed.

    Raises RefusedError if there is no such batch of the institution.
    """
    said = message.input
    code = message.institution.fixmedins_code
    rows = office.books.db.execute(_OF_BATCH, (code, said["upldBchno"])).fetchall()
    if not rows:
        raise RefusedError(f"upldBchno 上传批次号{said['upldBchno']}不存在")
    names = ("Code", "No", "Chkcode", "Type")
    answer = []
    for *numbers, setl_kind, at, file_result, check_result, reason in rows:
        done = _passed(message.inf_time, since=at)
        answer.append(
            {f"elecSetlCert{name}": value for name, value in zip(names, numbers, strict=True)}
            | {
                "certSetlType": setl_kind,
                "ftfileSavRslt": file_result if done else _UNDER_WAY,
                "chkRslt": check_result if done else _UNDER_WAY,
                "savFaleRea": reason if done else "",
            }
        )
    return {"data": answer}


def _passed(inf_time: str, *, since: str) -> bool:
    now, then = (datetime.fromisoformat(at) for at in (inf_time, since))
    return now - then >= PROCESSED_AFTER


def state(office: Office, message: Message) -> dict[str, Any]:
    """Answer 5501 查询电子结算凭证状态: 冲红 and 报销.

    Raises RefusedError if the institution uploaded no such receipt, or its check code is another.
    """
    said = message.input
    numbers = said.get("elecSetlCertCode") or "", said["elecSetlCertNo"]
    code = message.institution.fixmedins_code
    row = office.books.db.execute(_LATEST, (code, *numbers)).fetchone()
    given = said.get("elecSetlCertChkcode") or ""
    if row is None or row[5] != _YES or (given and given != row[2]):
        raise RefusedError(f"未查询到电子结算凭证{'-'.join(filter(None, numbers))}")
    red = office.books.db.execute(_REDS, (code, "-".join(numbers))).fetchone()
    return {
        "elecSetlCertCode": row[0],
        "elecSetlCertNo": row[1],
        "elecSetlCertChkcode": row[2],
        "elecSetlCertType": row[3],
        "certSetlType": row[4],
        "rhredFlag": "1" if red else "0",
        "reimFlag": "0",
    }


def receipt_sums(office: Office, fixmedins_code: str) -> dict[str, int]:
    """Return how many receipts of an institution were accepted and refused, and their sum."""
    query = (
        "SELECT count(*) FILTER (WHERE check_result = '1'),"
        " count(*) FILTER (WHERE check_result = '2'),"
        " coalesce(sum(medfee_fen) FILTER (WHERE check_result = '1'), 0)"
        " FROM receipts WHERE fixmedins_code = ?"
    )
    accepted, refused, fen = office.books.db.execute(query, (fixmedins_code,)).fetchone()
    return {"accepted": accepted, "refused": refused, "medfee_fen": fen}


CHANGING: dict[str, Handler] = {"4901": upload, "4905": upload_again}
ASKING: dict[str, Handler] = {"4902": batch_results, "5501": state}
