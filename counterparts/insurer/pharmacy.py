"""Designated pharmacies: messages 2101, 2102 and 2103, which settle a purchase in one step.

Every 2102 is a visit of its own (kind ``pharmacy``) whose number the insurer gives.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from counterparts.insurer.benefits import Claim, split_lines
from counterparts.insurer.charging import add_lines, fee_line, line_of, result_of
from counterparts.insurer.errors import RefusedError
from counterparts.insurer.office import check_identity, insured_person
from counterparts.insurer.reckoning import (
    Case,
    book,
    check_sums,
    details,
    fitting,
    information,
    reckon,
    undo_named,
)
from counterparts.insurer.records import Visit
from counterparts.insurer.rights import PHARMACY_TYPES

if TYPE_CHECKING:
    from counterparts.insurer.benefits import Line, LineSplit
    from counterparts.insurer.office import Handler, Message, Office
    from counterparts.insurer.records import Person

SETTLES = "2102"
_PREVIEW_ID = "0"


def preview(office: Office, message: Message) -> dict[str, Any]:
    """Answer 2101 药店预结算: what 2102 would answer, without ``setl_id``; nothing changes.

    Raises RefusedError as :func:`make_settlement` does.
    """
    return _settled(office, message, mdtrt_id=_PREVIEW_ID, setl_id="")


def make_settlement(office: Office, message: Message) -> dict[str, Any]:
    """Answer 2102 药店结算: register, charge and settle a purchase.

    Raises RefusedError if person, charges or sums are not what the message says, or the kind of
    care is not a pharmacy's.
    """
    mdtrt_id = message.number(office, "visits")
    return _settled(
        office, message, mdtrt_id=mdtrt_id, setl_id=message.number(office, "settlements")
    )


def _settled(office: Office, message: Message, *, mdtrt_id: str, setl_id: str) -> dict[str, Any]:
    data, rows = message.input["druginfo"], message.input["drugdetail"]
    person = insured_person(office, message, data["psn_no"])
    check_identity(person, data)
    if data["med_type"] not in PHARMACY_TYPES:
        raise RefusedError(f"med_type {data['med_type']}不是药店医疗类别")
    if len({int(row["feedetl_sn"]) for row in rows}) < len(rows):
        raise RefusedError("feedetl_sn 单次就诊内重复")
    lines = [line_of(office, row) for row in rows]
    splits = split_lines(lines)
    claim = _claim(lines, splits)
    check_sums(claim, data)
    visit = _visit(message, person, mdtrt_id)
    case = Case(person=person, visit=visit, claim=claim, data=data)
    reckoned = reckon(office, message, case, setl_id=setl_id)
    if setl_id:
        office.books.add_visit(visit)
        charged = zip(rows, lines, splits, strict=True)
        add_lines(office, [fee_line(visit.mdtrt_id, *one) for one in charged])
        book(office, reckoned)
    results = map(result_of, rows, lines, splits)
    return {
        "setlinfo": information(office, message, reckoned.settlement, person),
        "setldetail": details(reckoned.settlement),
        "detlcutinfo": [fitting(message.infno, "detlcutinfo", result) for result in results],
    }


def _claim(lines: list[Line], splits: list[LineSplit]) -> Claim:
    return Claim(
        medfee_sumamt=sum(line.amount_fen for line in lines),
        fulamt_ownpay_amt=sum(split.fulamt_ownpay_amt for split in splits),
        overlmt_selfpay=sum(split.overlmt_amt for split in splits),
        preselfpay_amt=sum(split.preselfpay_amt for split in splits),
        inscp_scp_amt=sum(split.inscp_scp_amt for split in splits),
    )


def _visit(message: Message, person: Person, mdtrt_id: str) -> Visit:
    data = message.input["druginfo"]
    return Visit(
        mdtrt_id=mdtrt_id,
        fixmedins_code=message.institution.fixmedins_code,
        psn_no=person.psn_no,
        ipt_otp_no=mdtrt_id,
        insutype=person.insutype,
        begntime=data["begntime"],
        dept_name="",
        med_type=data["med_type"],
        dise_codg=data.get("dise_codg") or "",
        dise_name=data.get("dise_name") or "",
        kind="pharmacy",
        msgid=message.msgid,
        opter=message.opter,
        opter_name=message.opter_name,
    )


def undo_settlement(office: Office, message: Message) -> dict[str, Any]:
    """Answer 2103 药店结算撤销 with the negative settlement.

    Raises RefusedError if there is no such settlement or it was undone before.
    """
    negative, person = undo_named(office, message, infno=SETTLES)
    setlinfo = information(office, message, negative, person)
    return {"setlinfo": setlinfo, "setldetail": details(negative)}


CHANGING: dict[str, Handler] = {SETTLES: make_settlement, "2103": undo_settlement}
ASKING: dict[str, Handler] = {"2101": preview}
