"""Outpatient settlements: messages 2206, 2207, 2208, and 5203, which asks about all kinds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from counterparts.insurer.amounts import yuan_json
from counterparts.insurer.errors import RefusedError
from counterparts.insurer.office import check_identity, insured_person, own_visit
from counterparts.insurer.reckoning import (
    Case,
    Reckoned,
    book,
    check_sums,
    details,
    information,
    own_settlement,
    reckon,
    undo_named,
)
from counterparts.insurer.rights import OUTPATIENT_TYPES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from counterparts.insurer.office import Handler, Message, Office
    from counterparts.insurer.records import Person, Settlement, Visit

CLEARING_TYPES: Mapping[str, str] = {kind: clr for kind, (clr, _) in OUTPATIENT_TYPES.items()}
"""Kinds of outpatient care (med_type) and how each is cleared (clr_type)."""
REVERSIBLE = "2207"


def preview(office: Office, message: Message) -> dict[str, Any]:
    """Answer 2206 门诊预结算: what 2207 would answer, without ``setl_id``; nothing changes.

    Raises RefusedError as :func:`make_settlement` does.
    """
    reckoned, person = _reckoned(office, message, setl_id="")
    return shown(office, message, reckoned.settlement, person)


def make_settlement(office: Office, message: Message) -> dict[str, Any]:
    """Answer 2207 门诊结算: settle a batch of charges.

    Raises RefusedError if person, visit, charges or sums are not what the message says.
    """
    reckoned, person = _reckoned(office, message, setl_id=message.number(office, "settlements"))
    book(office, reckoned)
    return shown(office, message, reckoned.settlement, person)


def shown(office: Office, message: Message, row: Settlement, person: Person) -> dict[str, Any]:
    """Return what the settling transactions answer."""
    return {"setlinfo": information(office, message, row, person), "setldetail": details(row)}


def _reckoned(office: Office, message: Message, *, setl_id: str) -> tuple[Reckoned, Person]:
    data = message.input["data"]
    person = insured_person(office, message, data["psn_no"])
    check_identity(person, data)
    visit = own_visit(
        office, message, mdtrt_id=data["mdtrt_id"], psn_no=data["psn_no"], kind="outpatient"
    )
    if not visit.med_type:
        raise RefusedError("未上传就诊信息(2203)")
    if data["med_type"] != visit.med_type:
        raise RefusedError("med_type 与就诊信息不符")
    claim = office.books.claim(visit.mdtrt_id, data["chrg_bchno"])
    if claim is None:
        raise RefusedError(f"chrg_bchno {data['chrg_bchno']}无未结算明细")
    check_sums(claim, data)
    case = Case(person=person, visit=visit, claim=claim, data=data, chrg_bchno=data["chrg_bchno"])
    return reckon(office, message, case, setl_id=setl_id), person


def undo_settlement(office: Office, message: Message) -> dict[str, Any]:
    """Answer 2208 门诊结算撤销 with the negative settlement (its amounts are negative).

    The charges are unsettled again. Raises RefusedError if there is no such settlement or it was
    undone before.
    """
    negative, person = undo_named(office, message, infno=REVERSIBLE)
    cash = yuan_json(negative.psn_cash_pay)
    setlinfo = information(office, message, negative, person, pdn_cash_pay=cash)
    return {"setlinfo": setlinfo, "setldetail": details(negative)}


def query(office: Office, message: Message) -> dict[str, Any]:
    """Answer 5203 结算信息查询.

    With ``setl_id`` it answers about that settlement (``refd_setl_flag`` 1 if it was undone). After
    a lost answer the caller does not know it: ``setl_id`` empty or ``0`` then asks for the live
    settlements of the visit. ``setlinfo`` and ``setldetail`` are of the latest, and
    ``setllist`` (this simulator's own node) has ``{setlinfo, setldetail}`` of all, oldest first;
    ``medins_setl_id`` is the number of the settling message, by which the caller knows its own.

    Raises RefusedError whose text begins 未查询到结算信息 if there is none.
    """
    data = message.input["data"]
    visit = own_visit(office, message, mdtrt_id=data["mdtrt_id"], psn_no=data["psn_no"])
    person = insured_person(office, message, data["psn_no"])
    if data.get("setl_id") in (None, "", "0"):
        rows = office.books.live_settlements(visit.mdtrt_id)
        if not rows:
            raise RefusedError(f"未查询到结算信息：就诊{visit.mdtrt_id}无有效结算")
        listed = [_queried(office, message, row, person, visit) for row in rows]
        return {**listed[-1], "setllist": listed}
    row = own_settlement(office, message, data)
    return _queried(office, message, row, person, visit)


def _queried(
    office: Office, message: Message, row: Settlement, person: Person, visit: Visit
) -> dict[str, Any]:
    level = str(message.institution.level)
    setlinfo = information(
        office,
        message,
        row,
        person,
        cash_payamt=yuan_json(row.psn_cash_pay),
        psn_pay=yuan_json(row.psn_part_amt),
        flxempe_flag="0",
        nwb_flag="0",
        insu_optins=person.insuplc_admdvs,
        emp_name=person.emp_name,
        pay_loc=row.pay_loc,
        fixmedins_code=message.institution.fixmedins_code,
        fixmedins_name=message.institution.fixmedins_name,
        hosp_lv=message.institution.hosp_lv,
        fixmedins_poolarea=office.admdvs,
        lmtpric_hosp_lv=level,
        dedc_hosp_lv=level,
        begndate=visit.begntime[:10],
        enddate=row.setl_time[:10],
        refd_setl_flag="1" if office.books.is_undone(row.setl_id) else "0",
        year=str(row.year),
        dise_codg=visit.dise_codg,
        dise_name=visit.dise_name,
        invono=row.invono,
        opter_id=row.opter[:20],
        opter_name=row.opter_name,
        opt_time=row.setl_time,
        pref_fund_pay=yuan_json(0),
    )
    return {"setlinfo": setlinfo, "setldetail": details(row)}


CHANGING: dict[str, Handler] = {"2207": make_settlement, "2208": undo_settlement}
ASKING: dict[str, Handler] = {"2206": preview, "5203": query}
