"""Receipts to the insurer: 4901 and 4905 (upload), 4902 (what became of a batch), 5501 (state).

Plain values in, the interface's own names out, and back. Pure; amounts are fen on our side.
"""

import base64
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

import orjson

from yifu.insurance.answers import UnreadableAnswer
from yifu.insurance.fields import ROWS, write_time
from yifu.insurance.messages import Diagnosis
from yifu.insurance.rules import yuan

Fields = dict[str, Any]

MOST_RECEIPTS: Final = 100
"""A batch has at most a hundred receipts (NHSA 4901)."""

_FISCAL = "1"
_REAL_TIME, _SELF_PAID = "1", "2"
OUTPATIENT_CARE, INPATIENT_CARE = "1", "2"
"""`mdtrtType`."""
_PARSED_FROM_FILE = "1"
_UNDER_WAY, _YES = "0", "1"
_SAME_NUMBER, _OTHER_NUMBER = "0", "1"
_WRITTEN_AT = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What ties a receipt to its settlement with the insurer; all amounts negative for a red one.

    `pooled_fen` is `hifp_pay`, `scope_fen` `inscp_scp_amt`.
    """

    setl_id: str
    msgid: str
    settled_at: datetime
    psn_no: str
    insutype: str
    scope_fen: int
    pooled_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptEntry:
    """A receipt as it is uploaded, with its file.

    `settled` is None for one that no insurer took part in; `red_of` is code and number of the
    receipt it cancels, `before` those it was refused under (4905), with the reason.
    """

    code: str
    number: str
    check_code: str
    issued_on: date
    total_fen: int
    visit_no: str
    name: str
    certno: str = field(repr=False)
    insuplc_admdvs: str
    mdtrtarea_admvs: str
    diagnoses: tuple[Diagnosis, ...]
    care: str
    file: bytes = field(repr=False)
    settled: Settled | None = None
    red_of: tuple[str, str] | None = None
    before: tuple[str, str, str] | None = None


@dataclass(frozen=True, slots=True)
class BatchHead:
    """What a batch is called: institution, number (date and five digits), days of its receipts."""

    fixmedins_code: str
    fixmedins_name: str
    number: str
    period: str


@dataclass(frozen=True, slots=True)
class ReceiptResult:
    """What the insurer made of one receipt: `done` False while it is being processed."""

    code: str
    number: str
    done: bool
    accepted: bool
    reason: str


@dataclass(frozen=True, slots=True)
class ReceiptStanding:
    """How the insurer has a receipt (5501): cancelled by a red one, reimbursed."""

    code: str
    number: str
    cancelled: bool
    reimbursement: str


def period_of(days: Sequence[date]) -> str:
    """Write the days of issue that a batch covers (`bizStsb`)."""
    return f"{min(days):%Y%m%d}-{max(days):%Y%m%d}"


def upload(head: BatchHead, entries: Sequence[ReceiptEntry]) -> Fields:
    """Upload receipts with their files (NHSA 4901). Raises `ValueError` for none or too many."""
    return {
        **_head(head, entries),
        "ftfileCompac": pack(entries),
        "upldDetlList": [_row(entry) for entry in entries],
        "upldMode": _PARSED_FROM_FILE,
    }


def upload_again(head: BatchHead, entries: Sequence[ReceiptEntry]) -> Fields:
    """Upload receipts that were refused before (NHSA 4905). Raises as `upload` does."""
    return {
        **_head(head, entries),
        "reUploadDetlDTOList": [_row(entry) | _before(entry) for entry in entries],
        "upldMode": _PARSED_FROM_FILE,
        "ftfileCompac": pack(entries),
    }


def _head(head: BatchHead, entries: Sequence[ReceiptEntry]) -> Fields:
    if not 0 < len(entries) <= MOST_RECEIPTS:
        raise ValueError(f"one to {MOST_RECEIPTS} receipts in a batch")
    return _who(head) | {
        "elecSetlCertCnt": len(entries),
        "bizStsb": head.period,
        "upldBchno": head.number,
        "filename": f"{head.number}.zip",
    }


def _who(head: BatchHead) -> Fields:
    return {"fixmedinsCode": head.fixmedins_code, "fixmedinsName": head.fixmedins_name}


def pack(entries: Sequence[ReceiptEntry]) -> str:
    """Zip the files as 代码-号码.pdf, in Base64; the same files give the same text."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry in entries:
            info = zipfile.ZipInfo(f"{entry.code}-{entry.number}.pdf", _WRITTEN_AT)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, entry.file)
    return base64.b64encode(packed.getvalue()).decode()


def _row(entry: ReceiptEntry) -> Fields:
    main, *others = entry.diagnoses
    row = {
        "elecSetlCertCode": entry.code,
        "elecSetlCertNo": entry.number,
        "elecSetlCertChkcode": entry.check_code,
        "elecSetlCertType": _FISCAL,
        "certSetlType": _REAL_TIME if entry.settled else _SELF_PAID,
        "mdtrtType": entry.care,
        "billDate": entry.issued_on.isoformat(),
        "medfeeSumamt": yuan(entry.total_fen),
        "insuplcAdmdvs": entry.insuplc_admdvs,
        "bizSn": entry.settled.msgid if entry.settled else entry.visit_no,
        "psnName": entry.name,
        "certno": entry.certno,
        "maindiagCode": main.code,
        "maindiagName": main.name,
        "mdtrtareaAdmdvs": entry.mdtrtarea_admvs,
    }
    if others:
        row |= {"scddiagCode": others[0].code, "scddiagName": others[0].name}
    if entry.red_of:
        names = ("initElecSetlCertCode", "initElecSetlCertNo")
        red_of = dict(zip(names, entry.red_of, strict=True))
        row["extFld"] = orjson.dumps(red_of).decode()
    return row | (_settled(entry.settled) if entry.settled else {})


def _settled(settled: Settled) -> Fields:
    return {
        "setlId": settled.setl_id,
        "setlTime": write_time(settled.settled_at),
        "psnNo": settled.psn_no,
        "insutype": settled.insutype,
        "inscpAmt": yuan(settled.scope_fen),
        "hifpPay": yuan(settled.pooled_fen),
    }


def _before(entry: ReceiptEntry) -> Fields:
    code, number, reason = entry.before or (entry.code, entry.number, "")
    same = (code, number) == (entry.code, entry.number)
    return {
        "initElecSetlCertCode": code,
        "initElecSetlCertNo": number,
        "initUpldWay": _PARSED_FROM_FILE,
        "rea": reason[:200] or "更正后重新上传",
        "certCodeNoErrFlag": _SAME_NUMBER if same else _OTHER_NUMBER,
    }


def batch_query(head: BatchHead) -> Fields:
    """Ask what became of a batch (NHSA 4902)."""
    return _who(head) | {"bizStsb": head.period, "upldBchno": head.number}


def standing_query(head: BatchHead, *, code: str, number: str, check_code: str) -> Fields:
    """Ask how the insurer has a receipt (NHSA 5501)."""
    return _who(head) | {
        "elecSetlCertCode": code,
        "elecSetlCertNo": number,
        "elecSetlCertChkcode": check_code,
        "elecSetlCertType": _FISCAL,
    }


def read_results(output: Mapping[str, Any]) -> tuple[ReceiptResult, ...]:
    """Take every receipt's result out of 4902. Raises `UnreadableAnswer`."""
    rows = output.get(ROWS)
    rows = rows if isinstance(rows, list) else [rows]
    if not all(isinstance(row, dict) for row in rows):
        raise UnreadableAnswer(ROWS)
    return tuple(_result(row) for row in rows)


def _result(row: Mapping[str, Any]) -> ReceiptResult:
    results = [str(row.get(name) or _UNDER_WAY) for name in ("ftfileSavRslt", "chkRslt")]
    return ReceiptResult(
        code=str(row.get("elecSetlCertCode") or ""),
        number=str(row.get("elecSetlCertNo") or ""),
        done=_UNDER_WAY not in results,
        accepted=all(result == _YES for result in results),
        reason=str(row.get("savFaleRea") or ""),
    )


def read_standing(output: Mapping[str, Any]) -> ReceiptStanding:
    """Take a receipt's standing out of 5501. Raises `UnreadableAnswer` without a number."""
    if not output.get("elecSetlCertNo"):
        raise UnreadableAnswer("elecSetlCertNo")
    return ReceiptStanding(
        code=str(output.get("elecSetlCertCode") or ""),
        number=str(output["elecSetlCertNo"]),
        cancelled=str(output.get("rhredFlag")) == _YES,
        reimbursement=str(output.get("reimFlag") or ""),
    )
