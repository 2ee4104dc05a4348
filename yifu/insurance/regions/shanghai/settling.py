"""Shanghai's settling, not knowing and undoing: SI11, SI12, SI91, SK01."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from yifu.insurance.fields import write_time
from yifu.insurance.gateway import (
    Refused,
)
from yifu.insurance.regions.dialect import Content, Known, Numbers, Said, Talk, Told
from yifu.insurance.regions.shanghai.amounts import (
    check_refund,
    segments,
    setldetail,
    setlinfo,
)
from yifu.insurance.regions.shanghai.common import (
    IDENTITY_CARD,
    NO,
    ORDINARY,
    UNDECIDED,
    UNKNOWN_SETTLEMENT,
    answer_of,
    bills_of,
    by_identity,
    calculate,
    codes,
    expense_of,
    known_visit,
    row_of,
    shown_by,
    standing,
    time_of,
    untold,
)
from yifu.insurance.rules import fen, yuan

# --- settling -------------------------------------------------------------------------------------


def _charge(talk: Talk) -> tuple[Content, Numbers, Known]:
    """Build what SI11 and SI12 have in common: who, where, with what, which bills."""
    data = row_of(talk.asked)
    visit, batch = str(data["mdtrt_id"]), str(data["chrg_bchno"])
    known = known_visit(talk, visit)
    said = [one for one in talk.earlier("SN01", visit=visit) if one.numbers.batch == batch]
    bills = [one.answer for one in said if one.answer]
    if not bills:
        raise Refused(f"chrg_bchno {batch}无未结算明细", "")
    content = {
        **shown_by(talk, data).card,
        "deptid": known.department_code[:10],
        "personspectag": ORDINARY,
        "yllb": str(codes()["yllb"].get(known.kind, "S11")),
        "persontype": ORDINARY,
        "zdnos": [{"zdno": code, "zdmc": name} for code, name in known.diagnoses],
        "jzcs": 0,
        "jzdyh": visit,
        "mxzdhs": [_bill(bill) for bill in bills[-1:]],
    }
    return content, Numbers(visit=visit, batch=batch), known


def _bill(told: Content) -> dict[str, Any]:
    fee, counted, scope = (
        sum(fen(row[name], field=name) for row in told.get("mxxms") or ())
        for name in ("mxxmje", "mxxmjyfy", "mxxmybjsfwfy")
    )
    return {
        "mxzdh": str(told["mxzdh"]),
        "totalexpense": yuan(counted),
        "ybjsfwfyze": yuan(scope),
        "fybjsfwfyze": yuan(fee - scope),
    }


def preview(talk: Talk) -> Told:
    """2206: SI11 calculates."""
    content, numbers, known = _charge(talk)
    told = calculate(talk, "SI11", content, numbers)
    return _settled(talk, told, known, numbers.visit, "", talk.asked.now)


def settle(talk: Talk) -> Told:
    """2207: SI11 calculates, SI12 confirms. Again under one msgid: only SI12, same application."""
    content, numbers, known = _charge(talk)
    before = talk.earlier("SI12", msgid=talk.asked.msgid)
    if before:
        application = before[-1].numbers.application
    else:
        application = str(calculate(talk, "SI11", content, numbers)["jssqxh"])
    numbers = Numbers(visit=numbers.visit, batch=numbers.batch, application=application)
    told = talk.say("SI12", {**content, "jssqxh": application}, numbers)
    return _settled(
        talk, told, known, numbers.visit, str(told["lsh"]), time_of(told, talk.asked.now)
    )


def _settled(
    talk: Talk, told: Content, known: Known, visit: str, serial: str, at: datetime
) -> Told:
    """Write a transaction as 2206 and 2207 answer it."""
    infno, data = talk.asked.infno, row_of(talk.asked)
    amounts = segments(told)
    info = {
        "mdtrt_id": visit,
        **({"setl_id": serial} if serial else {}),
        **_of_person(known),
        "setl_time": write_time(at),
        "med_type": data["med_type"],
        "mdtrt_cert_type": data["mdtrt_cert_type"],
        **setlinfo(amounts, insutype=known.insutype),
        "medins_setl_id": talk.asked.msgid,
        "clr_type": data["med_type"],
    }
    places = ("setlinfo.cvlserv_flag", "setlinfo.pool_prop_selfpay")
    return Told(
        {"setlinfo": info, "setldetail": setldetail(amounts, insutype=known.insutype)},
        untold(infno, *places, "setldetail.crt_payb_lmt_amt"),
        reference=serial,
    )


def _of_person(known: Known) -> dict[str, Any]:
    return {
        "psn_no": known.psn_no,
        "psn_name": known.name,
        "psn_cert_type": IDENTITY_CARD,
        "certno": known.certno,
        "insutype": known.insutype,
        "psn_type": known.psn_type,
    }


# --- not knowing and undoing ----------------------------------------------------------------------


def _ask(talk: Talk, confirmation: Said, card: Content) -> Content | None:
    """Ask what became of a confirmation (SI91); None: the insurer has no such transaction."""
    numbers = confirmation.numbers
    budgets = [
        one.answer
        for one in talk.earlier("SI11", visit=numbers.visit)
        if one.numbers.application == numbers.application and one.answer
    ]
    content = {
        **card,
        "jssqxh": numbers.application,
        "totalexpense": expense_of(budgets[-1] if budgets else confirmation.answer or {}),
    }
    try:
        told = talk.say("SI91", content, numbers)
    except Refused:
        return None
    talk.resolve("SI12", replace(numbers, serial=str(told["lsh"])))
    return told


def query(talk: Talk) -> Told:
    """5203: SI91 for every confirmation of the visit that may stand."""
    data = row_of(talk.asked)
    visit, setl_id = str(data["mdtrt_id"]), str(data.get("setl_id") or "")
    known = known_visit(talk, visit)
    wanted = [
        one
        for one in standing(talk, visit)
        if setl_id in UNKNOWN_SETTLEMENT or one.numbers.serial == setl_id
    ]
    card = by_identity(known)
    found = [(one, told) for one in wanted if (told := _ask(talk, one, card)) is not None]
    if not found:
        raise Refused(f"未查询到结算信息：就诊单元号{visit}", "")
    listed = [_found(talk, one, told, known) for one, told in found]
    places = ("gend", "cvlserv_flag", "pool_prop_selfpay")
    remarks = untold("5203", *(f"setlinfo.{name}" for name in places))
    remarks += untold("5203", "setldetail.crt_payb_lmt_amt")
    return Told({**listed[-1], "setllist": listed}, remarks)


def _found(talk: Talk, said: Said, told: Content, known: Known) -> dict[str, Any]:
    """Write a transaction that SI91 tells of. When it was is not told: when we sent it."""
    amounts = segments(told)
    at = time_of(said.answer or {}, said.sent_at)
    info = setlinfo(amounts, insutype=known.insutype)
    info["psn_pay"], info["cash_payamt"] = info.pop("psn_part_amt"), info.pop("psn_cash_pay")
    del info["hosp_part_amt"], info["hifdm_pay"]
    kind = "13" if known.kind == "emergency" else "11"
    info |= {
        "setl_id": str(told["lsh"]),
        "mdtrt_id": said.numbers.visit,
        **_of_person(known),
        "pay_loc": "2",
        "fixmedins_code": talk.endpoint.fixmedins_code,
        "fixmedins_name": talk.endpoint.fixmedins_name,
        "begndate": write_time(known.began_at)[:10],
        "enddate": write_time(at)[:10],
        "setl_time": write_time(at),
        "med_type": kind,
        "clr_type": kind,
        "medins_setl_id": said.msgid,
        "refd_setl_flag": NO,
        "year": write_time(at)[:4],
    }
    return {"setlinfo": info, "setldetail": setldetail(amounts, insutype=known.insutype)}


def refund(talk: Talk, card: Content, numbers: Numbers, expense: Decimal) -> Content:
    """Say SK01 of a transaction: all of it is given back."""
    content = {**card, "translsh": numbers.serial, "totalexpense": expense}
    return talk.say("SK01", content, numbers)


def reverse(talk: Talk) -> Told:
    """2208: SK01. After a lost SK01 SI91 tells whether it was heard; what is gone stays gone."""
    data = row_of(talk.asked)
    visit, serial = str(data["mdtrt_id"]), str(data["setl_id"])
    known = known_visit(talk, visit)
    said = [one for one in talk.earlier("SI12", visit=visit) if one.numbers.serial == serial]
    told = answer_of(talk, visit, serial)
    if told is None:
        raise Refused(f"未查询到结算信息：中心流水号{serial}", "")
    card = by_identity(known)
    undecided = [one for one in talk.earlier("SK01", visit=visit) if one.state in UNDECIDED]
    lost = any(one.numbers.serial == serial for one in undecided)
    if lost and said and _ask(talk, said[-1], card) is None:
        talk.resolve("SK01", Numbers(serial=serial))
        back: Content = {}
    else:
        numbers = Numbers(visit=visit, serial=serial)
        back = refund(talk, card, numbers, expense_of(told))
        check_refund(back, told)
    return _undone(talk, told, back, known, visit, serial)


def _undone(
    talk: Talk, told: Content, back: Content, known: Known, visit: str, serial: str
) -> Told:
    amounts = segments({**told, **{name: back[name] for name in _BALANCES if name in back}})
    info = setlinfo(amounts.negated(), insutype=known.insutype)
    info["pdn_cash_pay"] = info.pop("psn_cash_pay")
    info |= {
        "mdtrt_id": visit,
        "setl_id": serial,
        "setl_time": write_time(time_of(back, talk.asked.now)),
        "medins_setl_id": talk.asked.msgid,
        "psn_no": known.psn_no,
    }
    places = ("setlinfo.pool_prop_selfpay", "setldetail.crt_payb_lmt_amt")
    detail = setldetail(amounts.negated(), insutype=known.insutype)
    return Told({"setlinfo": info, "setldetail": detail}, untold("2208", *places))


_BALANCES: Final = ("curaccountamt", "hisaccountamt")


def undo(talk: Talk) -> Told:
    """2601: undo what a 2207 may have done; its bill is withdrawn so that it cannot do it later."""
    omsgid = str(row_of(talk.asked)["omsgid"])
    said = talk.earlier("SI12", msgid=omsgid)
    if not said:
        return Told({})
    confirmation = said[-1]
    visit = confirmation.numbers.visit
    card = by_identity(known_visit(talk, visit))
    found = _ask(talk, confirmation, card)
    if found is None:
        try:
            for numbers in bills_of(talk, visit, confirmation.numbers.batch):
                talk.say("SN02", {**card, "jzdyh": visit, "mxzdh": numbers.bill}, numbers)
        except Refused:
            found = _ask(talk, confirmation, card)
    if found is not None:
        numbers = Numbers(visit=visit, serial=str(found["lsh"]))
        refund(talk, card, numbers, expense_of(found))
    return Told({})
