"""Settlements of stays: messages 2303, 2304 and 2305.

A final settlement (``mid_setl_flag`` 0) needs the discharge and closes the stay; an interim one (1)
settles what was uploaded so far and leaves the stay open. Settlements of one stay are undone
latest first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from counterparts.insurer.amounts import yuan_json
from counterparts.insurer.errors import RefusedError
from counterparts.insurer.office import check_identity, insured_person
from counterparts.insurer.reckoning import (
    CLAIMED,
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
from counterparts.insurer.settling import shown
from counterparts.insurer.stays import check_latest, final_settlement, own_stay, stay_of

if TYPE_CHECKING:
    from counterparts.insurer.benefits import Claim
    from counterparts.insurer.office import Handler, Message, Office
    from counterparts.insurer.records import Person, Visit
    from counterparts.insurer.stays import Stay

SETTLES = "2304"
INTERIM = "1"
ALL_LINES = ""
"""Charges of stays have no batch: a settlement takes all that are unsettled."""


def preview(office: Office, message: Message) -> dict[str, Any]:
    """Answer 2303 住院预结算: what 2304 would answer now, without ``setl_id``; nothing changes.

    Raises RefusedError as :func:`make_settlement` does, but wants no discharge.
    """
    reckoned, person = _reckoned(office, message, setl_id="")
    return shown(office, message, reckoned.settlement, person)


def make_settlement(office: Office, message: Message) -> dict[str, Any]:
    """Answer 2304 住院结算.

    Raises RefusedError if person, stay, charges or sums are not what the message says, a final
    settlement has no discharge, or an interim one comes after it.
    """
    reckoned, person = _reckoned(office, message, setl_id=message.number(office, "settlements"))
    is_interim = reckoned.settlement.mid_setl_flag == INTERIM
    has_left = bool(stay_of(office.books, reckoned.settlement.mdtrt_id).endtime)
    if has_left and is_interim:
        raise RefusedError("mid_setl_flag 已办理出院，不能中途结算")
    if not has_left and not is_interim:
        raise RefusedError("未办理出院(2402)，不能结算")
    book(office, reckoned)
    return shown(office, message, reckoned.settlement, person)


def _reckoned(office: Office, message: Message, *, setl_id: str) -> tuple[Reckoned, Person]:
    data = message.input["data"]
    person = insured_person(office, message, data["psn_no"])
    check_identity(person, data)
    visit, stay = own_stay(office, message, data)
    if data["insuplc_admdvs"] != person.insuplc_admdvs:
        raise RefusedError(f"insuplc_admdvs 参保地区划不符：{data['insuplc_admdvs']}")
    if final := final_settlement(office.books, visit.mdtrt_id):
        raise RefusedError(f"就诊ID{visit.mdtrt_id}已结算：{final.setl_id}")
    _check_departure(stay, data)
    claim = _claim(office, visit)
    check_sums(claim, data)
    case = Case(
        person=person,
        visit=visit,
        claim=claim,
        data=data,
        chrg_bchno=ALL_LINES,
        mid_setl_flag=data["mid_setl_flag"],
    )
    return reckon(office, message, case, setl_id=setl_id), person


def _check_departure(stay: Stay, data: dict[str, Any]) -> None:
    told = data.get("dscgTime")
    if told and stay.endtime and told != stay.endtime[:10]:
        raise RefusedError(f"dscgTime 与出院时间{stay.endtime[:10]}不符")


def _claim(office: Office, visit: Visit) -> Claim:
    claim = office.books.claim(visit.mdtrt_id, ALL_LINES)
    if claim is None:
        raise RefusedError("无未结算明细")
    if min(claim.medfee_sumamt, *(getattr(claim, name) for name in CLAIMED)) < 0:
        raise RefusedError("medfee_sumamt 未结算明细合计为负，请先撤销中途结算")
    return claim


def undo_settlement(office: Office, message: Message) -> dict[str, Any]:
    """Answer 2305 住院结算撤销 with the negative settlement.

    Raises RefusedError if there is no such settlement, it was undone before, or a later one of the
    stay is live.
    """
    data = message.input["data"]
    settlement = own_settlement(office, message, data, infno=SETTLES)
    if not office.books.is_undone(settlement.setl_id):
        check_latest(office, settlement)
    visit, stay = own_stay(office, message, data)
    negative, person = undo_named(office, message, infno=SETTLES)
    setlinfo = information(
        office,
        message,
        negative,
        person,
        insu_admdvs=person.insuplc_admdvs,
        begndate=visit.begntime[:10],
        enddate=(stay.endtime or settlement.setl_time)[:10],
        setl_type="",
        crt_dedc=yuan_json(negative.act_pay_dedc),
        invono=negative.invono,
    )
    return {"setlinfo": setlinfo, "setldetail": details(negative)}


CHANGING: dict[str, Handler] = {SETTLES: make_settlement, "2305": undo_settlement}
ASKING: dict[str, Handler] = {"2303": preview}
