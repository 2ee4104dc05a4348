"""Stays in hospital: messages 2401 to 2407.

A stay is a visit of kind ``inpatient`` with a row in ``stays``. Its order: admission (2401),
charges (2301), discharge (2402), final settlement (2304); each is undone by its own message, in
the opposite order (2305, 2405, 2302, 2404).
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from counterparts.insurer import filing_book
from counterparts.insurer.errors import RefusedError
from counterparts.insurer.office import check_identity, insured_person, own_visit
from counterparts.insurer.records import Visit
from counterparts.insurer.rights import INPATIENT_TYPES, check_filings

if TYPE_CHECKING:
    from counterparts.insurer.books import Books
    from counterparts.insurer.office import Handler, Message, Office
    from counterparts.insurer.records import Settlement

_CREDENTIALS = ("mdtrt_cert_no", "card_sn")
_PAGE = 200


@dataclass(frozen=True, slots=True)
class Stay:
    """What a stay has besides its visit; ``endtime`` is empty until the discharge."""

    mdtrt_id: str
    endtime: str
    admission: dict[str, Any]
    discharge: dict[str, Any]


def stay_of(books: Books, mdtrt_id: str) -> Stay:
    """Return the stay that belongs to a visit of kind inpatient."""
    query = "SELECT endtime, admission, discharge FROM stays WHERE mdtrt_id = ?"
    endtime, admission, discharge = books.db.execute(query, (mdtrt_id,)).fetchone()
    return Stay(mdtrt_id, endtime, orjson.loads(admission), orjson.loads(discharge))


def own_stay(office: Office, message: Message, data: dict[str, Any]) -> tuple[Visit, Stay]:
    """Return the stay that a message is about.

    Raises RefusedError if there is none, or it was taken back.
    """
    visit = own_visit(
        office, message, mdtrt_id=data["mdtrt_id"], psn_no=data["psn_no"], kind="inpatient"
    )
    return visit, stay_of(office.books, visit.mdtrt_id)


def final_settlement(books: Books, mdtrt_id: str) -> Settlement | None:
    """Return the live settlement that closed a stay, if one did."""
    live = books.live_settlements(mdtrt_id)
    return next((row for row in live if row.mid_setl_flag == "0"), None)


def check_latest(office: Office, settlement: Settlement) -> None:
    """Check that no later settlement of the same stay is live; those are undone first.

    Raises RefusedError.
    """
    if settlement.infno == "2304":
        latest = office.books.live_settlements(settlement.mdtrt_id)[-1]
        if latest.setl_id != settlement.setl_id:
            raise RefusedError(f"存在其后的结算{latest.setl_id}，请先撤销")


def check_unused(office: Office, visit: Visit) -> None:
    """Check that nothing was done on a stay but its admission.

    Raises RefusedError.
    """
    if stay_of(office.books, visit.mdtrt_id).endtime:
        raise RefusedError("已办理出院，不能撤销入院")
    if office.books.has_lines(visit.mdtrt_id):
        raise RefusedError("存在费用明细，不能撤销入院")


def admit(office: Office, message: Message) -> dict[str, Any]:
    """Answer 2401 入院办理 with the insurer's number of the stay.

    Raises RefusedError if the person is not who the message says or not insured, is in hospital
    already, needs a filing first, or the institution's number of the stay is taken (the answer
    ends with that stay's ``mdtrt_id``, as 2201's does).
    """
    data = message.input["mdtrtinfo"]
    person = insured_person(office, message, data["psn_no"])
    check_identity(person, data)
    if data["med_type"] not in INPATIENT_TYPES:
        raise RefusedError(f"med_type {data['med_type']}不是住院医疗类别")
    fixmedins_code = message.institution.fixmedins_code
    taken = office.books.visit_of(fixmedins_code, data["ipt_no"])
    if taken is not None:
        done = "入院" if taken.kind == "inpatient" else "挂号"
        raise RefusedError(f"ipt_no {data['ipt_no']}已{done}：{taken.mdtrt_id}")
    if in_hospital(office.books, psn_no=person.psn_no):
        raise RefusedError("psn_no 已在院，不能再次入院")
    disease = data.get("dise_codg") or data["dscg_maindiag_code"]
    filings = filing_book.in_force(office.books, person.psn_no, message.day)
    check_filings(filings, med_type=data["med_type"], disease=disease)
    visit = Visit(
        mdtrt_id=message.number(office, "visits"),
        fixmedins_code=fixmedins_code,
        psn_no=person.psn_no,
        ipt_otp_no=data["ipt_no"],
        insutype=person.insutype,
        begntime=data["begntime"],
        dept_name=data["adm_dept_name"],
        med_type=data["med_type"],
        dise_codg=disease,
        dise_name=data.get("dise_name") or data["dscg_maindiag_name"],
        kind="inpatient",
        msgid=message.msgid,
        opter=message.opter,
        opter_name=message.opter_name,
    )
    office.books.add_visit(visit)
    office.books.db.execute(
        "INSERT INTO stays (mdtrt_id, admission) VALUES (?, ?)", (visit.mdtrt_id, _kept(data))
    )
    _diagnose(office, message, visit, inout="1")
    return {"result": {"mdtrt_id": visit.mdtrt_id, "exp_content": ""}}


def in_hospital(books: Books, *, psn_no: str) -> list[str]:
    """Return the stays without a discharge of a person, wherever they are, or (empty) of all."""
    query = (
        "SELECT mdtrt_id FROM visits JOIN stays USING (mdtrt_id)"
        " WHERE kind = 'inpatient' AND cancelled = 0 AND endtime = '' AND psn_no = ?"
    )
    if psn_no:
        rows = books.db.execute(query, (psn_no,))
    else:
        rows = books.db.execute(query.removesuffix(" AND psn_no = ?"))
    return [mdtrt_id for (mdtrt_id,) in rows]


def _kept(data: dict[str, Any]) -> str:
    """Return what is kept of a message: everything but credentials, as JSON."""
    kept = {name: value for name, value in data.items() if name not in _CREDENTIALS}
    return orjson.dumps(kept).decode()


def _diagnose(office: Office, message: Message, visit: Visit, *, inout: str) -> None:
    rows = message.input["diseinfo"]
    for row in rows:
        for name in ("psn_no", "mdtrt_id"):
            if name in row and row[name] != getattr(visit, name):
                raise RefusedError(f"diseinfo.{name} 与就诊登记不符")
    try:
        office.books.put_diagnoses(visit.mdtrt_id, rows, inout=inout)
    except sqlite3.IntegrityError as error:
        raise RefusedError("diag_srt_no 重复") from error


def discharge(office: Office, message: Message) -> dict[str, Any]:
    """Answer 2402 出院办理.

    Raises RefusedError if the person has left already, or left before the admission.
    """
    data = message.input["dscginfo"]
    visit, stay = own_stay(office, message, data)
    if data["insutype"] != visit.insutype:
        raise RefusedError("insutype 与就诊登记不符")
    if stay.endtime:
        raise RefusedError(f"就诊ID{visit.mdtrt_id}已办理出院")
    if data["endtime"] < visit.begntime:
        raise RefusedError("endtime 早于入院时间")
    if data.get("dise_codg"):
        office.books.describe_visit(
            mdtrt_id=visit.mdtrt_id,
            med_type=visit.med_type,
            dise_codg=data["dise_codg"],
            dise_name=data.get("dise_name") or "",
        )
    query = "UPDATE stays SET endtime = ?, discharge = ? WHERE mdtrt_id = ?"
    office.books.db.execute(query, (data["endtime"], _kept(data), visit.mdtrt_id))
    _diagnose(office, message, visit, inout="2")
    return {}


def take_back_discharge(office: Office, message: Message) -> dict[str, Any]:
    """Answer 2405 出院撤销: the person is in hospital again.

    Raises RefusedError if there was no discharge, the stay is settled (2305 comes first), or the
    person was admitted anew since.
    """
    visit, stay = own_stay(office, message, message.input["data"])
    if not stay.endtime:
        raise RefusedError(f"就诊ID{visit.mdtrt_id}未办理出院")
    if final := final_settlement(office.books, visit.mdtrt_id):
        raise RefusedError(f"已结算{final.setl_id}，不能撤销出院")
    if in_hospital(office.books, psn_no=visit.psn_no):
        raise RefusedError("psn_no 已再次入院，不能撤销出院")
    query = "UPDATE stays SET endtime = '', discharge = '{}' WHERE mdtrt_id = ?"
    office.books.db.execute(query, (visit.mdtrt_id,))
    office.books.put_diagnoses(visit.mdtrt_id, (), inout="2")
    return {}


def change(office: Office, message: Message) -> dict[str, Any]:
    """Answer 2403 住院信息变更; what it says goes over what 2401 said.

    Raises RefusedError if the stay is settled, its number is another's or its kind of care may not
    become what the message says.
    """
    data = message.input["adminfo"]
    visit, stay = own_stay(office, message, data)
    if final := final_settlement(office.books, visit.mdtrt_id):
        raise RefusedError(f"已结算{final.setl_id}，不能变更")
    if data["med_type"] not in INPATIENT_TYPES:
        raise RefusedError(f"med_type {data['med_type']}不是住院医疗类别")
    if data["med_type"] != visit.med_type and office.books.live_settlements(visit.mdtrt_id):
        raise RefusedError("存在有效结算，不能更改med_type")
    taken = office.books.visit_of(visit.fixmedins_code, data["ipt_otp_no"])
    if taken is not None and taken.mdtrt_id != visit.mdtrt_id:
        raise RefusedError(f"ipt_otp_no {data['ipt_otp_no']}已使用：{taken.mdtrt_id}")
    disease = data.get("dise_codg") or data["dscg_maindiag_code"]
    filings = filing_book.in_force(office.books, visit.psn_no, message.day)
    check_filings(filings, med_type=data["med_type"], disease=disease)
    office.books.describe_visit(
        mdtrt_id=visit.mdtrt_id,
        med_type=data["med_type"],
        dise_codg=disease,
        dise_name=data.get("dise_name") or data["dscg_maindiag_name"],
    )
    query = "UPDATE visits SET ipt_otp_no = ?, begntime = ?, dept_name = ? WHERE mdtrt_id = ?"
    values = (data["ipt_otp_no"], data["begntime"], data["adm_dept_name"], visit.mdtrt_id)
    office.books.db.execute(query, values)
    query = "UPDATE stays SET admission = ? WHERE mdtrt_id = ?"
    office.books.db.execute(query, (_kept(stay.admission | data), visit.mdtrt_id))
    _diagnose(office, message, visit, inout="1")
    return {}


def take_back_admission(office: Office, message: Message) -> dict[str, Any]:
    """Answer 2404 入院撤销.

    Raises RefusedError while the stay has charges or a discharge.
    """
    visit, _ = own_stay(office, message, message.input["data"])
    check_unused(office, visit)
    office.books.cancel_visit(visit.mdtrt_id)
    return {}


# --- marks ---------------------------------------------------------------------------------------


def mark(office: Office, message: Message) -> dict[str, Any]:
    """Answer 2406 就医特殊属性上传 with the number of the mark.

    Raises RefusedError if visit or person are not what the message says.
    """
    data = message.input["data"]
    visit = own_visit(office, message, mdtrt_id=data["mdtrt_id"], psn_no=data["psn_no"])
    person = insured_person(office, message, data["psn_no"])
    for name in ("psn_cert_type", "certno", "psn_name"):
        if data[name] != getattr(person, name):
            raise RefusedError(f"{name} 与参保信息不符")
    if data["ipt_otp_no"] != visit.ipt_otp_no:
        raise RefusedError("ipt_otp_no 与就诊登记不符")
    number = message.number(office, "marks")
    values = (number, visit.mdtrt_id, visit.fixmedins_code, orjson.dumps(data).decode())
    office.books.db.execute("INSERT INTO marks VALUES (?, ?, ?, ?)", values)
    return {"IptPsnSpFlagRegOut": {"ipt_psn_sp_flag_detl_id": number}}


def marks(office: Office, message: Message) -> dict[str, Any]:
    """Answer 2407 就医特殊属性查询 with a page of the institution's marks that agree with it."""
    data = message.input["data"]
    query = "SELECT ipt_psn_sp_flag_detl_id, content FROM marks WHERE fixmedins_code = ?"
    institution = message.institution
    found = []
    for number, content in office.books.db.execute(query, (institution.fixmedins_code,)):
        row = orjson.loads(content) | {
            "ipt_psn_sp_flag_detl_id": number,
            "fixmedins_code": institution.fixmedins_code,
            "fixmedins_name": institution.fixmedins_name,
        }
        row.pop("memo", None)
        asked = (data.get(name) for name in row)
        if all(want in (None, "", have) for want, have in zip(asked, row.values(), strict=True)):
            found.append(row)
    size = min(max(int(data["page_size"]), 1), _PAGE)
    first = (max(int(data["page_num"]), 1) - 1) * size
    return {"IptPsnSpFlagReg": found[first : first + size]}


CHANGING: dict[str, Handler] = {
    "2401": admit,
    "2402": discharge,
    "2403": change,
    "2404": take_back_admission,
    "2405": take_back_discharge,
    "2406": mark,
}
ASKING: dict[str, Handler] = {"2407": marks}
