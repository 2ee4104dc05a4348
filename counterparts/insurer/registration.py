"""Sign-in, persons and visits: messages 9001, 1101, 2201, 2202, 2203."""

from __future__ import annotations

import secrets
import sqlite3
from typing import TYPE_CHECKING, Any

from counterparts.insurer import filing_book
from counterparts.insurer.amounts import yuan_json
from counterparts.insurer.errors import RefusedError
from counterparts.insurer.office import (
    Message,
    Office,
    base_information,
    check_identity,
    insured_person,
    own_visit,
)
from counterparts.insurer.records import Visit
from counterparts.insurer.rights import OUTPATIENT_TYPES, check_filings

if TYPE_CHECKING:
    from counterparts.insurer.office import Handler

_LONG_AGO = "2000-01-01 00:00:00"


def sign_in(office: Office, message: Message) -> dict[str, Any]:
    """Answer 9001 签到 with a new sign-in number."""
    sign_no = secrets.token_hex(15)
    office.books.add_signin(
        sign_no,
        message.institution.fixmedins_code,
        message.input["signIn"]["opter_no"],
        message.inf_time,
    )
    return {"signinoutb": {"sign_time": message.inf_time, "sign_no": sign_no}}


def person_information(office: Office, message: Message) -> dict[str, Any]:
    """Answer 1101 人员信息获取.

    Raises RefusedError if nobody with that certificate is insured, or the name is another's.
    """
    data = message.input["data"]
    person = office.books.person_by_certificate(data["psn_cert_type"], data["certno"])
    if person is None:
        raise RefusedError("未查询到参保信息")
    if person.psn_name != data["psn_name"]:
        raise RefusedError("psn_name 与参保信息不符")
    return {
        "baseinfo": {**base_information(person, message), "exp_content": ""},
        "insuinfo": [
            {
                "balc": yuan_json(person.account_fen),
                "insutype": person.insutype,
                "psn_type": person.psn_type,
                "psn_insu_stas": person.psn_insu_stas,
                "psn_insu_date": "",
                "paus_insu_date": "",
                "cvlserv_flag": person.cvlserv_flag,
                "insuplc_admdvs": person.insuplc_admdvs,
                "emp_name": person.emp_name,
            }
        ],
        "idetinfo": [
            {
                "psn_idet_type": identity,
                "psn_type_lv": "",
                "memo": "",
                "begntime": _LONG_AGO,
                "endtime": "",
            }
            for identity in person.traits.psn_idet_types
        ],
    }


def register(office: Office, message: Message) -> dict[str, Any]:
    """Answer 2201 门诊挂号 with the insurer's number of the visit.

    Raises RefusedError if the person is not who the message says, or not insured, or the
    institution's own number of the visit is taken (the answer names that visit's ``mdtrt_id``).
    """
    data = message.input["data"]
    person = insured_person(office, message, data["psn_no"])
    check_identity(person, data)
    fixmedins_code = message.institution.fixmedins_code
    taken = office.books.visit_of(fixmedins_code, data["ipt_otp_no"])
    if taken is not None:
        raise RefusedError(f"ipt_otp_no {data['ipt_otp_no']}已挂号：{taken.mdtrt_id}")
    visit = Visit(
        mdtrt_id=message.number(office, "visits"),
        fixmedins_code=fixmedins_code,
        psn_no=person.psn_no,
        ipt_otp_no=data["ipt_otp_no"],
        insutype=person.insutype,
        begntime=data["begntime"],
        dept_name=data["dept_name"],
        msgid=message.msgid,
        opter=message.opter,
        opter_name=message.opter_name,
    )
    office.books.add_visit(visit)
    return {
        "data": {
            "mdtrt_id": visit.mdtrt_id,
            "psn_no": visit.psn_no,
            "ipt_otp_no": visit.ipt_otp_no,
            "exp_content": "",
        }
    }


def take_back_registration(office: Office, message: Message) -> dict[str, Any]:
    """Answer 2202 门诊挂号撤销.

    Raises RefusedError while the visit still has charges.
    """
    data = message.input["data"]
    visit = own_visit(
        office, message, mdtrt_id=data["mdtrt_id"], psn_no=data["psn_no"], kind="outpatient"
    )
    if visit.ipt_otp_no != data["ipt_otp_no"]:
        raise RefusedError("ipt_otp_no 与就诊登记不符")
    if office.books.has_lines(visit.mdtrt_id):
        raise RefusedError("存在费用明细，不能撤销挂号")
    office.books.cancel_visit(visit.mdtrt_id)
    return {}


def describe_visit(office: Office, message: Message) -> dict[str, Any]:
    """Answer 2203 门诊就诊信息上传; sent again, it replaces what was sent before.

    Raises RefusedError if the kind of care is not outpatient, differs from that of a live
    settlement or needs a filing that is not there, or two diagnoses have the same place.
    """
    about = message.input["mdtrtinfo"]
    visit = own_visit(
        office, message, mdtrt_id=about["mdtrt_id"], psn_no=about["psn_no"], kind="outpatient"
    )
    if about["med_type"] not in OUTPATIENT_TYPES:
        raise RefusedError(f"med_type {about['med_type']}不是门诊医疗类别")
    changes = visit.med_type and visit.med_type != about["med_type"]
    if changes and office.books.live_settlements(visit.mdtrt_id):
        raise RefusedError("存在有效结算，不能更改med_type")
    filings = filing_book.in_force(office.books, visit.psn_no, message.day)
    check_filings(filings, med_type=about["med_type"], disease=about["dise_codg"])
    office.books.describe_visit(
        mdtrt_id=visit.mdtrt_id,
        med_type=about["med_type"],
        dise_codg=about["dise_codg"],
        dise_name=about["dise_name"],
    )
    try:
        office.books.put_diagnoses(visit.mdtrt_id, message.input["diseinfo"])
    except sqlite3.IntegrityError as error:
        raise RefusedError("diag_srt_no 重复") from error
    return {}


CHANGING: dict[str, Handler] = {
    "9001": sign_in,
    "2201": register,
    "2202": take_back_registration,
    "2203": describe_visit,
}
ASKING: dict[str, Handler] = {"1101": person_information}
