"""Shanghai's messages, translated from and to the national ones. Pure but for what `Talk` does.

One national call becomes the messages of this table, and their answers its output:

    1101 SM01        2205 SN02              2208 SK01 (SI91 first after a lost SK01)
    2201 SH01, SH02  2206 SI11              2601 SI91, then SK01 or SN02
    2202 SK01        2207 SI11, SI12        3201 SL01
    2204 SN01        5203 SI91
    2203, 9001: nothing; SI11 and SI12 carry the diagnoses, and there is no sign-in.

What a patient shows of an e-credential is decoded once (SE01) before the message that carries it.

SI11 and SH01 only calculate, so a lost answer to them settled nothing. SI12 and SH02 confirm a
calculation by its number (`jssqxh`), which is written down before they are sent: after a lost
answer SI91 asks by it, and SI12 again with the same number settles at most once.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from yifu.insurance.fields import write_time
from yifu.insurance.gateway import (
    Nonsense,
    NotSent,
    Refused,
)
from yifu.insurance.regions.dialect import Content, Numbers, Talk, Told
from yifu.insurance.regions.shanghai import frame
from yifu.insurance.regions.shanghai.common import (
    ALL_BATCHES,
    CHARGE,
    IDENTITY,
    NO,
    ORDINARY,
    bills_of,
    by_identity,
    calculate,
    codes,
    known_visit,
    row_of,
    shown_by,
    untold,
)
from yifu.insurance.regions.shanghai.settling import preview, query, refund, reverse, settle, undo
from yifu.insurance.regions.shanghai.totals import totals
from yifu.insurance.rules import SplitError, fen, yuan

# --- persons and visits ---------------------------------------------------------------------------


def _sign_in(talk: Talk) -> Told:
    """9001: there is no sign-in; the number is ours and is never sent."""
    number = f"{talk.endpoint.fixmedins_code}{talk.asked.now:%Y%m%d}"
    node = {"sign_time": write_time(talk.asked.now), "sign_no": number}
    why = "Shanghai has no sign-in; the number is our own"
    return Told({"signinoutb": node}, untold("9001", "signinoutb.sign_no", why=why))


def _person(talk: Talk) -> Told:
    """1101: SM01 tells who the card's holder is and how insured, by 16 flags (accountattr)."""
    data = row_of(talk.asked)
    shown = shown_by(talk, data)
    told = talk.say("SM01", shown.card, Numbers())
    by_identity = told.get("cardtype") == IDENTITY
    certno = shown.certno or (str(told.get("cardid")) if by_identity else "")
    number = told.get("jlch") or ("" if by_identity else told.get("cardid"))
    if not number:
        raise Nonsense("SM01: neither jlch nor a card number to know the person by")
    attr = str(told["accountattr"])
    insutype, psn_type = _insured_as(attr)
    base = {
        "psn_no": str(number),
        "psn_cert_type": str(data["psn_cert_type"]),
        "certno": certno or str(data["certno"]),
        "psn_name": str(told.get("personname") or ""),
        **({"gend": str(told["xb"])} if told.get("xb") else {}),
    }
    insurance = {
        "balc": yuan(sum(fen(told[one], field=one) for one in ("curaccountamt", "hisaccountamt"))),
        "insutype": insutype,
        "psn_type": psn_type,
        "psn_insu_stas": "1" if _flag(attr, 5) == NO and _flag(attr, 14) == NO else "2",
        "cvlserv_flag": str(codes()["civil_servant"].get(_flag(attr, 3), NO)),
        "insuplc_admdvs": str(told.get("xzqhdm") or talk.endpoint.mdtrtarea_admvs),
    }
    places = ["baseinfo.age", *(() if told.get("xb") else ("baseinfo.gend",))]
    remarks = untold("1101", *places)
    if not certno:
        remarks += untold("1101", "baseinfo.certno", why="SM01 tells it for no card: as asked")
    return Told({"baseinfo": base, "insuinfo": [insurance], "idetinfo": []}, remarks)


def _flag(attr: str, place: int) -> str:
    return attr[place - 1 : place] or NO


def _insured_as(attr: str) -> tuple[str, str]:
    """Read `insutype` and `psn_type` out of the flags; Nonsense for ones without a meaning."""
    found = codes()["scheme"].get(_flag(attr, 12))
    if found is None:
        raise Nonsense(f"accountattr: 12th flag {_flag(attr, 12)}")
    insutype, psn_type = found
    psn_type = psn_type or codes()["staff"].get(_flag(attr, 1))
    if not psn_type:
        raise Nonsense(f"accountattr: 1st flag {_flag(attr, 1)}")
    return str(insutype), str(psn_type)


def _register(talk: Talk) -> Told:
    """2201: SH01 calculates a registration without a fee, SH02 confirms it and numbers the visit.

    The fee, where there is one, is a charge of the visit (NHSA 2206).
    """
    data = row_of(talk.asked)
    nothing = yuan(0)
    amounts = ("totalexpense", "ybjsfwfyze", "zhenlf", "ghf", "fybjsfwfyze")
    content = {
        **shown_by(talk, data).card,
        "deptid": str(data["dept_code"])[:10],
        "personspectag": ORDINARY,
        "yllb": str(codes()["yllb"]["outpatient"]),
        "persontype": ORDINARY,
        **dict.fromkeys(amounts, nothing),
    }
    budget = calculate(talk, "SH01", content, Numbers())
    numbers = Numbers(application=str(budget["jssqxh"]))
    told = talk.say("SH02", {**content, "jssqxh": budget["jssqxh"]}, numbers)
    repeated = {name: data[name] for name in ("psn_no", "ipt_otp_no")}
    return Told({"data": {"mdtrt_id": str(told["jzdyh"]), **repeated}})


def _cancel(talk: Talk) -> Told:
    """2202: the registration's own transaction is taken back (SK01)."""
    visit = str(row_of(talk.asked)["mdtrt_id"])
    registered = [one for one in talk.earlier("SH02", visit=visit) if one.numbers.serial]
    if not registered:
        raise Refused(f"就诊单元号{visit}未挂号", "")
    numbers = registered[-1].numbers
    card = by_identity(known_visit(talk, visit))
    refund(talk, card, Numbers(visit=visit, serial=numbers.serial), yuan(0))
    return Told({})


def _describe(_talk: Talk) -> Told:
    """2203: nothing is said; SI11 and SI12 carry the diagnoses."""
    return Told({})


# --- charges --------------------------------------------------------------------------------------


def _upload(talk: Talk) -> Told:
    """2204: SN01 takes a bill of charges and tells line by line what of it counts."""
    rows: Sequence[Mapping[str, Any]] = talk.asked.input_["feedetail"]
    visit, batch = str(rows[0]["mdtrt_id"]), str(rows[0]["chrg_bchno"])
    said = [one for one in talk.earlier("SN01", msgid=talk.asked.msgid) if one.answer]
    told = said[-1].answer if said else None
    if told is None:
        known = known_visit(talk, visit)
        content = {
            **by_identity(known),
            "jzdyh": visit,
            "djh": known.visit_no[:30],
            "mxzdh": "",
            "bcmxylfyze": sum((row["det_item_fee_sumamt"] for row in rows), yuan(0)),
            "jslxbz": str(codes()["jslxbz"].get(known.kind, "120")),
            "mxxms": [_line(place, row) for place, row in enumerate(rows, start=1)],
        }
        told = talk.say("SN01", content, Numbers(visit=visit, batch=batch))
    result = [*_lines(rows, told)]
    remarks = untold(
        "2204",
        *(f"result.{name}" for name in ("pric_uplmt_amt", "chrgitm_lv", "med_chrgitm_type")),
        "result.lmt_used_flag",
    )
    why = "within fulamt_ownpay_amt: Shanghai does not tell it apart"
    return Told({"result": result}, remarks + untold("2204", "result.overlmt_amt", why=why))


def _line(place: int, row: Mapping[str, Any]) -> dict[str, Any]:
    """Write one line; what of it counts is the insurer's to say, so all of it is put forward."""
    amount = row["det_item_fee_sumamt"]
    return {
        "xh": place,
        "cfh": str(row.get("rxno") or ""),
        "deptid": str(row["bilg_dept_codg"])[:10],
        "ksmc": str(row["bilg_dept_name"]),
        "cfysh": str(row["bilg_dr_codg"]),
        "cfysxm": str(row["bilg_dr_name"]),
        "mxxmbm": str(row["med_list_codg"]),
        "mxxmmc": str(row["medins_list_codg"]),
        "mxxmdj": row["pric"],
        "mxxmsl": row["cnt"],
        "mxxmje": amount,
        "mxxmjyfy": amount,
        "mxxmybjsfwfy": amount,
        "mxxmsyrq": str(row["fee_ocur_time"])[:10].replace("-", ""),
        "bxbz": NO,
        "sftfbz": CHARGE,
        "jfbz": NO,
        "sfxfmx": NO,
    }


def _lines(rows: Sequence[Mapping[str, Any]], told: Content) -> Iterator[dict[str, Any]]:
    """Give what SN01 says of each line as 2204 does: the fee, and what of it is not covered."""
    for one in told.get("mxxms") or ():
        place = int(one["xh"])
        if not 0 < place <= len(rows):
            raise Nonsense(f"SN01: mxxms.xh {place} of {len(rows)}")
        row = rows[place - 1]
        fee, counted, scope = (
            fen(one[name], field=name) for name in ("mxxmje", "mxxmjyfy", "mxxmybjsfwfy")
        )
        yield {
            "feedetl_sn": str(row["feedetl_sn"]),
            "det_item_fee_sumamt": yuan(fee),
            "cnt": row["cnt"],
            "pric": row["pric"],
            "fulamt_ownpay_amt": yuan(fee - scope),
            "overlmt_amt": yuan(0),
            "preselfpay_amt": yuan(scope - counted),
            "inscp_scp_amt": yuan(counted),
        }


def _withdraw(talk: Talk) -> Told:
    """2205: SN02 takes bills back that are not settled."""
    data = row_of(talk.asked)
    visit, batch = str(data["mdtrt_id"]), str(data["chrg_bchno"])
    bills = bills_of(talk, visit, batch)
    if not bills and batch != ALL_BATCHES:
        raise Refused(f"chrg_bchno {batch}不存在", "")
    card = by_identity(known_visit(talk, visit))
    for numbers in bills:
        talk.say("SN02", {**card, "jzdyh": visit, "mxzdh": numbers.bill}, numbers)
    return Told({})


_CALLS: Final[Mapping[str, Callable[[Talk], Told]]] = {
    "9001": _sign_in,
    "1101": _person,
    "2201": _register,
    "2202": _cancel,
    "2203": _describe,
    "2204": _upload,
    "2205": _withdraw,
    "2206": preview,
    "2207": settle,
    "2208": reverse,
    "2601": undo,
    "3201": totals,
    "5203": query,
}


class Shanghai:
    """Shanghai as a `Dialect`."""

    def speak(self, talk: Talk) -> Told:
        """Translate one inner call. Raises `Refused`, `NotSent`, `Unanswered`, `Nonsense`."""
        translate = _CALLS.get(talk.asked.infno)
        if translate is None:
            raise NotSent(f"{talk.asked.infno} is not spoken in Shanghai")
        try:
            return translate(talk)
        except SplitError as error:
            raise Nonsense(str(error)) from error

    write = staticmethod(frame.write)
    read = staticmethod(frame.read)
    mask = staticmethod(frame.mask)


DIALECT: Final = Shanghai()
