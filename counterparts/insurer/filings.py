"""Filings (备案) of persons: messages 2501 to 2507, and 5301, 5302, 5304, which ask about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from counterparts.insurer import filing_book
from counterparts.insurer.errors import RefusedError
from counterparts.insurer.filing_book import OPEN_END, Filing
from counterparts.insurer.office import insured_person
from counterparts.insurer.reckoning import fitting

if TYPE_CHECKING:
    from counterparts.insurer.office import Handler, Message, Office
    from counterparts.insurer.records import Person

TRANSFER, CHRONIC, FIXED, INJURY = "2501", "2503", "2505", "2507"
_INSTITUTION_FILES = "01"


def file_transfer(office: Office, message: Message) -> dict[str, Any]:
    """Answer 2501 转院备案: with it a person insured elsewhere has the share of a transfer.

    Without ``begndate`` it holds from ``refl_date``. Raises RefusedError as :func:`_file` does.
    """
    data = message.input["refmedin"]
    begin = data.get("begndate") or data["refl_date"]
    return _file(office, message, TRANSFER, data, code=data["reflin_medins_no"], begin=begin)


def file_chronic(office: Office, message: Message) -> dict[str, Any]:
    """Answer 2503 人员慢特病备案, without which nothing is settled with med_type 14.

    Raises RefusedError as :func:`_file` does.
    """
    data = message.input["data"]
    return _file(
        office, message, CHRONIC, data, code=data["opsp_dise_code"], begin=data["begndate"]
    )


def file_fixed_place(office: Office, message: Message) -> dict[str, Any]:
    """Answer 2505 人员定点备案.

    ``biz_appy_type`` 05 is the contract with a general practitioner, 08 and 07 make a person
    insured elsewhere one who is filed. Raises RefusedError as :func:`_file` does.
    """
    data = message.input["data"]
    return _file(office, message, FIXED, data, code=data["biz_appy_type"], begin=data["begndate"])


def file_injury(office: Office, message: Message) -> dict[str, Any]:
    """Answer 2507 人员意外伤害备案, without which med_type 22 and 9903 are not settled.

    Raises RefusedError if the person is not who the message says, or as :func:`_file` does.
    """
    data = message.input["data"]
    person = insured_person(office, message, data["psn_no"])
    for name in ("psn_cert_type", "certno", "psn_name"):
        if data[name] != getattr(person, name):
            raise RefusedError(f"{name} 与参保信息不符")
    return _file(office, message, INJURY, data, code="", begin=data["begndate"])


def _file(  # code and begin are what the four kinds call by different names
    office: Office, message: Message, kind: str, data: dict[str, Any], *, code: str, begin: str
) -> dict[str, Any]:
    """Write a filing and return its number.

    Raises RefusedError if the person is unknown or otherwise insured, the dates are the wrong way
    round, or such a filing holds already (the answer ends with its number).
    """
    person = insured_person(office, message, data["psn_no"])
    if data.get("insutype") not in (None, "", person.insutype):
        raise RefusedError("insutype 与参保信息不符")
    end = data.get("enddate") or OPEN_END
    if end < begin:
        raise RefusedError("enddate 早于begndate")
    for known in filing_book.of_person(office.books, person.psn_no, kind):
        if known.code == code and known.begndate <= end and begin <= known.enddate:
            raise RefusedError(f"已备案：{known.trt_dcla_detl_sn}")
    number = message.number(office, "filings")
    filing_book.add(
        office.books,
        Filing(
            trt_dcla_detl_sn=number,
            kind=kind,
            psn_no=person.psn_no,
            fixmedins_code=message.institution.fixmedins_code,
            code=code,
            begndate=begin,
            enddate=end,
            content=orjson.dumps(data).decode(),
            filed_at=message.inf_time,
            opter=message.opter,
            opter_name=message.opter_name,
        ),
    )
    row = {"trt_dcla_detl_sn": number, "exp_content": ""}
    return {"result": fitting(message.infno, "result", row)}


def _take_back(office: Office, message: Message, kind: str) -> dict[str, Any]:
    """Take a filing of one kind back.

    Raises RefusedError if this person has none with that number, or another institution filed it.
    """
    data = message.input["data"]
    insured_person(office, message, data["psn_no"])
    number = data["trt_dcla_detl_sn"]
    filing = filing_book.by_number(office.books, number)
    if filing is None or (filing.kind, filing.psn_no) != (kind, data["psn_no"]):
        raise RefusedError(f"trt_dcla_detl_sn {number}不存在")
    if filing.fixmedins_code != message.institution.fixmedins_code:
        raise RefusedError(f"trt_dcla_detl_sn {number}不是本机构的备案")
    if filing.cancelled:
        raise RefusedError(f"trt_dcla_detl_sn {number}已撤销")
    filing_book.cancel(office.books, number)
    return {}


def take_back_transfer(office: Office, message: Message) -> dict[str, Any]:
    """Answer 2502 转院备案撤销."""
    return _take_back(office, message, TRANSFER)


def take_back_chronic(office: Office, message: Message) -> dict[str, Any]:
    """Answer 2504 人员慢特病备案撤销."""
    return _take_back(office, message, CHRONIC)


def take_back_fixed_place(office: Office, message: Message) -> dict[str, Any]:
    """Answer 2506 人员定点备案撤销."""
    return _take_back(office, message, FIXED)


# --- questions -----------------------------------------------------------------------------------


def _shown_end(filing: Filing) -> str:
    return "" if filing.enddate == OPEN_END else filing.enddate


def chronic_filings(office: Office, message: Message) -> dict[str, Any]:
    """Answer 5301 人员慢特病备案查询."""
    person = insured_person(office, message, message.input["data"]["psn_no"])
    return {
        "feedetail": [
            {
                "opsp_dise_code": filing.code,
                "opsp_dise_name": filing.filed.get("opsp_dise_name", filing.code),
                "begndate": filing.begndate,
                "enddate": _shown_end(filing),
            }
            for filing in filing_book.of_person(office.books, person.psn_no, CHRONIC)
        ]
    }


def fixed_places(office: Office, message: Message) -> dict[str, Any]:
    """Answer 5302 人员定点信息查询."""
    data = message.input["data"]
    person = insured_person(office, message, data["psn_no"])
    return {
        "psnfixmedin": [
            {
                "psn_no": person.psn_no,
                "insutype": person.insutype,
                "fix_srt_no": filing.filed.get("fix_srt_no", "1"),
                "fixmedins_code": filing.filed.get("fixmedins_code", "0"),
                "fixmedins_name": filing.filed.get("fixmedins_name", "经办机构"),
                "begndate": filing.begndate,
                "enddate": _shown_end(filing),
                "memo": filing.filed.get("memo") or "",
            }
            for filing in filing_book.of_person(office.books, person.psn_no, FIXED)
            if filing.code == data["biz_appy_type"]
        ]
    }


def transfers(office: Office, message: Message) -> dict[str, Any]:
    """Answer 5304 转院信息查询: transfers whose day lies in the period asked for."""
    data = message.input["data"]
    person = insured_person(office, message, data["psn_no"])
    begin, end = data["begntime"][:10], (data.get("endtime") or OPEN_END)[:10]
    return {
        "refmedin": [
            _transfer(person, filing)
            for filing in filing_book.of_person(office.books, person.psn_no, TRANSFER)
            if begin <= filing.filed["refl_date"] <= end
        ]
    }


def _transfer(person: Person, filing: Filing) -> dict[str, Any]:
    filed = filing.filed
    row = {
        **filed,
        "insutype": person.insutype,
        "dcla_souc": _INSTITUTION_FILES,
        "psn_cert_type": person.psn_cert_type,
        "certno": person.certno,
        "psn_name": person.psn_name,
        "gend": person.gend,
        "brdy": person.brdy,
        "insu_optins": person.insuplc_admdvs,
        "emp_name": person.emp_name,
        "out_flag": "0" if filed["mdtrtarea_admdvs"] == person.insuplc_admdvs else "1",
        "begndate": filing.begndate,
        "enddate": _shown_end(filing),
        "hosp_agre_refl_flag": filed.get("hosp_agre_refl_flag") or "1",
        "opter_id": filing.opter[:20],
        "opter_name": filing.opter_name,
        "opt_time": filing.filed_at,
    }
    return fitting("5304", "refmedin", row)


CHANGING: dict[str, Handler] = {
    TRANSFER: file_transfer,
    "2502": take_back_transfer,
    CHRONIC: file_chronic,
    "2504": take_back_chronic,
    FIXED: file_fixed_place,
    "2506": take_back_fixed_place,
    INJURY: file_injury,
}
ASKING: dict[str, Handler] = {
    "5301": chronic_filings,
    "5302": fixed_places,
    "5304": transfers,
}
