"""Settlements: messages 2206, 2207, 2208, 2601 and the query 5203.

A reversed settlement keeps its ``setl_id``: the negative row (负结算) differs by
``refd_setl_flag`` 1, so that a hospital which lost the answer of 2601 (it has no output) can still
name both rows. Whatever undoes a settlement also revokes its 2207 message: should that message
arrive again, or arrive at all only after 2601, it is refused instead of settling behind the
sender's back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from counterparts.insurer.amounts import fen_of, yuan_json
from counterparts.insurer.benefits import EMPLOYEE_GROUPS, Claim, Split, settle
from counterparts.insurer.errors import RefusedError
from counterparts.insurer.office import check_identity, insured_person, own_visit
from counterparts.insurer.policies import NoPolicyError
from counterparts.insurer.records import Person, Settlement, Visit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from counterparts.insurer.office import Handler, Message, Office

CLEARING_TYPES: Mapping[str, str] = {
    "11": "11",
    "12": "12",
    "13": "13",
    "1301": "13",
    "14": "14",
    "18": "18",
    "51": "53",
    "9901": "15",
    "9903": "1103",
}
"""Kinds of outpatient care (med_type) and how each is cleared (clr_type)."""

FUND_NAMES: Mapping[str, str] = {
    "310102": "职工门诊统筹基金",
    "310200": "城镇职工基本医疗保险个人账户基金",
    "320100": "公务员医疗补助基金",
    "330100": "大额医疗费用补助基金",
    "390102": "居民门诊统筹基金",
    "390200": "城乡居民大病医疗保险基金",
    "610100": "医疗救助基金",
}
REVERSIBLE = "2207"
_BY_ITEM = "1"
_OWN_ACCOUNT, _FAMILY_ACCOUNT = "1", "2"
_ZERO = yuan_json(0)
_NONE_OF_OURS = {"hifes_pay": _ZERO, "oth_pay": _ZERO, "hifdm_pay": _ZERO, "acct_mulaid_pay": _ZERO}
_CLAIMED = ("fulamt_ownpay_amt", "overlmt_selfpay", "preselfpay_amt", "inscp_scp_amt")


def preview(office: Office, message: Message) -> dict[str, Any]:
    """Answer 2206 门诊预结算: what 2207 would answer, without ``setl_id``; nothing changes.

    Raises RefusedError as :func:`make_settlement` does.
    """
    settlement, person = _settled(office, message, setl_id="")
    information = _information(office, message, settlement, person)
    del information["setl_id"]
    return {"setlinfo": information, "setldetail": _details(settlement)}


def make_settlement(office: Office, message: Message) -> dict[str, Any]:
    """Answer 2207 门诊结算: settle a batch of charges.

    Raises RefusedError if person, visit, charges or sums are not what the message says.
    """
    setl_id = message.number(office, "settlements")
    settlement, person = _settled(office, message, setl_id=setl_id)
    office.books.add_settlement(settlement)
    return {
        "setlinfo": _information(office, message, settlement, person),
        "setldetail": _details(settlement),
    }


def _settled(office: Office, message: Message, *, setl_id: str) -> tuple[Settlement, Person]:
    data = message.input["data"]
    person = insured_person(office, message, data["psn_no"])
    check_identity(person, data)
    visit = own_visit(office, message, mdtrt_id=data["mdtrt_id"], psn_no=data["psn_no"])
    claim = _claim(office, visit, data)
    group, split = _split(office, message, person, claim)
    settlement = Settlement(
        setl_id=setl_id,
        refd_setl_flag="0",
        msgid=message.msgid,
        medins_setl_id=message.msgid,
        fixmedins_code=visit.fixmedins_code,
        mdtrt_id=visit.mdtrt_id,
        psn_no=person.psn_no,
        insutype=visit.insutype,
        setl_time=message.inf_time,
        med_type=visit.med_type,
        clr_type=CLEARING_TYPES[visit.med_type],
        mdtrt_cert_type=data["mdtrt_cert_type"],
        chrg_bchno=data["chrg_bchno"],
        invono=data.get("invono") or "",
        opter=message.opter,
        opter_name=message.opter_name,
        benefit_group=group,
        year=message.day.year,
        balc=person.balc_fen - split.acct_pay,
        **_amounts(claim, split),
    )
    return settlement, person


def _claim(office: Office, visit: Visit, data: dict[str, Any]) -> Claim:
    if not visit.med_type:
        raise RefusedError("未上传就诊信息(2203)")
    if data["med_type"] != visit.med_type:
        raise RefusedError("med_type 与就诊信息不符")
    claim = office.books.claim(visit.mdtrt_id, data["chrg_bchno"])
    if claim is None:
        raise RefusedError(f"chrg_bchno {data['chrg_bchno']}无未结算明细")
    for name in ("medfee_sumamt", *_CLAIMED):
        if name in data and fen_of(data[name]) != getattr(claim, name):
            raise RefusedError(f"{name} 与已上传明细合计不符")
    return claim


def _split(office: Office, message: Message, person: Person, claim: Claim) -> tuple[str, Split]:
    used = message.input["data"]["acct_used_flag"]
    if used == _FAMILY_ACCOUNT:
        raise RefusedError("acct_used_flag 无个人账户共济关系")
    try:
        rule = office.policy.rule_for(
            person.traits, day=message.day, hospital_level=message.institution.level
        )
    except NoPolicyError as error:
        raise RefusedError(str(error)) from error
    may_use_account = used == _OWN_ACCOUNT and rule.group in EMPLOYEE_GROUPS
    split = settle(
        claim=claim,
        rule=rule,
        year=office.books.year_of(person.psn_no, person.insutype, message.day.year),
        account_fen=person.balc_fen if may_use_account else 0,
    )
    return rule.group, split


def _amounts(claim: Claim, split: Split) -> dict[str, Any]:
    return {
        "medfee_sumamt": claim.medfee_sumamt,
        "fulamt_ownpay_amt": claim.fulamt_ownpay_amt,
        "overlmt_selfpay": claim.overlmt_selfpay,
        "preselfpay_amt": claim.preselfpay_amt,
        "inscp_scp_amt": claim.inscp_scp_amt,
        "act_pay_dedc": split.act_pay_dedc,
        "hifp_pay": split.hifp_pay,
        "pool_prop_selfpay": str(split.pool_prop_selfpay),
        "pool_limit": split.pool_limit,
        "cvlserv_pay": split.cvlserv_pay,
        "hifmi_pay": split.hifmi_pay,
        "hifob_pay": split.hifob_pay,
        "maf_pay": split.maf_pay,
        "fund_pay_sumamt": split.fund_pay_sumamt,
        "psn_part_amt": split.psn_part_amt,
        "acct_pay": split.acct_pay,
        "psn_cash_pay": split.psn_cash_pay,
        "hosp_part_amt": split.hosp_part_amt,
        "own_in_scope": split.own_in_scope,
    }


_PAID = (
    "medfee_sumamt",
    *_CLAIMED,
    "act_pay_dedc",
    "hifp_pay",
    "cvlserv_pay",
    "hifmi_pay",
    "hifob_pay",
    "maf_pay",
    "fund_pay_sumamt",
    "acct_pay",
    "balc",
)


def _information(
    office: Office, message: Message, row: Settlement, person: Person
) -> dict[str, Any]:
    """Return what the ``setlinfo`` of all these messages have in common, and 2207 in full."""
    return {
        "mdtrt_id": row.mdtrt_id,
        "setl_id": row.setl_id,
        "psn_no": row.psn_no,
        "psn_name": person.psn_name,
        "psn_cert_type": person.psn_cert_type,
        "certno": person.certno,
        "gend": person.gend,
        "naty": person.naty,
        "brdy": person.brdy,
        "age": person.traits.age_on(message.day),
        "insutype": row.insutype,
        "psn_type": person.psn_type,
        "cvlserv_flag": person.cvlserv_flag,
        "setl_time": row.setl_time,
        "mdtrt_cert_type": row.mdtrt_cert_type,
        "med_type": row.med_type,
        **{name: yuan_json(getattr(row, name)) for name in _PAID},
        **_NONE_OF_OURS,
        "pool_prop_selfpay": float(row.pool_prop_selfpay),
        "psn_part_amt": yuan_json(row.psn_part_amt),
        "psn_cash_pay": yuan_json(row.psn_cash_pay),
        "hosp_part_amt": yuan_json(row.hosp_part_amt),
        "medins_setl_id": row.medins_setl_id,
        "clr_optins": office.admdvs,
        "clr_way": _BY_ITEM,
        "clr_type": row.clr_type,
        "exp_content": "",
    }


def _details(row: Settlement) -> list[dict[str, Any]]:
    """Return ``setldetail``: one row for everything that paid, the personal account included."""
    is_employee = row.benefit_group in EMPLOYEE_GROUPS
    pool, excess = ("310102", "330100") if is_employee else ("390102", "390200")
    left = row.inscp_scp_amt - row.hifp_pay
    after_excess = left - row.hifob_pay - row.hifmi_pay
    shares = (
        (pool, row.pool_limit, row.hifp_pay),
        (excess, left, row.hifob_pay + row.hifmi_pay),
        ("320100", after_excess, row.cvlserv_pay),
        ("610100", after_excess - row.cvlserv_pay, row.maf_pay),
        ("310200", row.psn_part_amt, row.acct_pay),
    )
    return [
        {
            "fund_pay_type": fund,
            "inscp_scp_amt": yuan_json(row.inscp_scp_amt),
            "crt_payb_lmt_amt": yuan_json(limit),
            "fund_payamt": yuan_json(paid),
            "fund_pay_type_name": FUND_NAMES[fund],
            "setl_proc_info": "",
        }
        for fund, limit, paid in shares
        if paid
    ]


def undo_settlement(office: Office, message: Message) -> dict[str, Any]:
    """Answer 2208 门诊结算撤销 with the negative settlement (its amounts are negative).

    The charges are unsettled again. Raises RefusedError if there is no such settlement or it was
    undone before.
    """
    data = message.input["data"]
    settlement = _own_settlement(office, message, data)
    if office.books.is_undone(settlement.setl_id):
        raise RefusedError(f"结算{settlement.setl_id}已撤销")
    negative = _undo(office, message, settlement)
    person = insured_person(office, message, settlement.psn_no)
    information = _information(office, message, negative, person)
    information["pdn_cash_pay"] = information.pop("psn_cash_pay")
    return {"setlinfo": information, "setldetail": _details(negative)}


def _own_settlement(office: Office, message: Message, data: dict[str, Any]) -> Settlement:
    settlement = office.books.settlement(data["setl_id"])
    if settlement is None or (
        settlement.fixmedins_code,
        settlement.mdtrt_id,
        settlement.psn_no,
    ) != (message.institution.fixmedins_code, data["mdtrt_id"], data["psn_no"]):
        raise RefusedError(f"未查询到结算信息：setl_id {data['setl_id']}")
    return settlement


def _undo(office: Office, message: Message, settlement: Settlement) -> Settlement:
    person = insured_person(office, message, settlement.psn_no)
    negative = settlement.undone(
        msgid=message.msgid,
        setl_time=message.inf_time,
        balc=person.balc_fen + settlement.acct_pay,
    )
    office.books.add_undoing(negative)
    office.books.revoke_message(settlement.medins_setl_id, REVERSIBLE)
    return negative


def reverse_message(office: Office, message: Message) -> dict[str, Any]:
    """Answer 2601 冲正交易: undo what the 2207 message ``omsgid`` did, if it did anything.

    A message that never arrived, or whose settlement was undone before, is a success too; it is
    refused should it arrive later. Raises RefusedError for other transactions and persons.
    """
    data = message.input["data"]
    if data["oinfno"] != REVERSIBLE:
        raise RefusedError(f"oinfno {data['oinfno']}不支持冲正")
    insured_person(office, message, data["psn_no"])
    if not data["omsgid"].startswith(message.institution.fixmedins_code):
        raise RefusedError("omsgid 不是本机构的报文")
    logged = office.books.message(data["omsgid"])
    if logged is not None and logged[0] != REVERSIBLE:
        raise RefusedError(f"omsgid 原交易为{logged[0]}")
    settlement = office.books.settlement_by_message(data["omsgid"])
    if settlement is None:
        office.books.revoke_message(data["omsgid"], REVERSIBLE)
    elif settlement.psn_no != data["psn_no"]:
        raise RefusedError("psn_no 与原交易不符")
    elif not office.books.is_undone(settlement.setl_id):
        _undo(office, message, settlement)
    return {}


def query(office: Office, message: Message) -> dict[str, Any]:
    """Answer 5203 结算信息查询.

    With ``setl_id`` it answers about that settlement (``refd_setl_flag`` 1 if it was undone). After
    a lost answer the caller does not know it: ``setl_id`` empty or ``0`` then asks for the live
    settlements of the visit. ``setlinfo`` and ``setldetail`` are of the latest, and
    ``setllist`` (this simulator's own node) has ``{setlinfo, setldetail}`` of all, oldest first;
    ``medins_setl_id`` is the number of the 2207 message, by which the caller knows its own.

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
    row = _own_settlement(office, message, data)
    return _queried(office, message, row, person, visit)


def _queried(
    office: Office, message: Message, row: Settlement, person: Person, visit: Visit
) -> dict[str, Any]:
    information = _information(office, message, row, person)
    del information["psn_part_amt"], information["hosp_part_amt"], information["exp_content"]
    del information["hifdm_pay"]
    information["cash_payamt"] = information.pop("psn_cash_pay")
    level = str(message.institution.level)
    information |= {
        "psn_pay": yuan_json(row.psn_part_amt),
        "flxempe_flag": "0",
        "nwb_flag": "0",
        "insu_optins": person.insuplc_admdvs,
        "emp_name": person.emp_name,
        "pay_loc": "2",
        "fixmedins_code": message.institution.fixmedins_code,
        "fixmedins_name": message.institution.fixmedins_name,
        "hosp_lv": message.institution.hosp_lv,
        "fixmedins_poolarea": office.admdvs,
        "lmtpric_hosp_lv": level,
        "dedc_hosp_lv": level,
        "begndate": visit.begntime[:10],
        "enddate": row.setl_time[:10],
        "refd_setl_flag": "1" if office.books.is_undone(row.setl_id) else "0",
        "year": str(row.year),
        "dise_codg": visit.dise_codg,
        "dise_name": visit.dise_name,
        "invono": row.invono,
        "opter_id": row.opter[:20],
        "opter_name": row.opter_name,
        "opt_time": row.setl_time,
        "pref_fund_pay": _ZERO,
    }
    return {"setlinfo": information, "setldetail": _details(row)}


CHANGING: dict[str, Handler] = {
    "2207": make_settlement,
    "2208": undo_settlement,
    "2601": reverse_message,
}
ASKING: dict[str, Handler] = {"2206": preview, "5203": query}
