"""How a settlement comes about, is shown and is undone, whatever kind of visit it is of.

Handlers (``settling``, ``stay_settling``, ``pharmacy``) say what is to be settled as a
:class:`Case`; :func:`reckon` splits it and :func:`book` writes it. A reversed settlement keeps its
``setl_id``: the negative row (负结算) differs by ``refd_setl_flag`` 1, so that a hospital which
lost the answer of 2601 (it has no output) can still name both rows. Whatever undoes one also
revokes its message: should that message arrive again, or arrive at all only after 2601, it is
refused instead of settling behind the sender's back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from counterparts.insurer import accounts, clearing
from counterparts.insurer.amounts import fen_of, yuan_json
from counterparts.insurer.benefits import EMPLOYEE_GROUPS, INPATIENT, Claim, Split, settle
from counterparts.insurer.errors import RefusedError
from counterparts.insurer.fields import transactions
from counterparts.insurer.office import insured_person
from counterparts.insurer.records import Person, Settlement
from counterparts.insurer.rights import (
    FUND_NAMES,
    KINDS,
    excess_fund,
    pay_loc,
    pooled_fund,
    rule_for,
)
from counterparts.insurer.standings import check_not_stopped

if TYPE_CHECKING:
    from collections.abc import Mapping

    from counterparts.insurer.books import Move
    from counterparts.insurer.office import Message, Office
    from counterparts.insurer.records import Visit

_BY_ITEM = "1"
_ZERO = yuan_json(0)
_NONE_OF_OURS = {"hifes_pay": _ZERO, "oth_pay": _ZERO, "hifdm_pay": _ZERO}
CLAIMED = ("fulamt_ownpay_amt", "overlmt_selfpay", "preselfpay_amt", "inscp_scp_amt")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What is to be settled: whose charges, of which visit, and what the message says of it."""

    person: Person
    visit: Visit
    claim: Claim
    data: Mapping[str, Any]
    chrg_bchno: str = ""
    mid_setl_flag: str = "0"


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A settlement that is not yet written, and what it takes of accounts."""

    settlement: Settlement
    moves: list[Move]


def check_sums(claim: Claim, data: Mapping[str, Any]) -> None:
    """Check the sums that a message says against those of the uploaded charges.

    Raises RefusedError naming the field.
    """
    for name in ("medfee_sumamt", *CLAIMED):
        if data.get(name) not in (None, "") and fen_of(data[name]) != getattr(claim, name):
            raise RefusedError(f"{name} 与已上传明细合计不符")


def reckon(office: Office, message: Message, case: Case, *, setl_id: str) -> Reckoned:
    """Return the settlement of a case.

    Raises RefusedError if the person may not settle in real time, no benefit rule covers it, or the
    account may not be used.
    """
    person, visit = case.person, case.visit
    check_not_stopped(office, person)
    clr_type, care = KINDS[visit.kind][visit.med_type]
    rule = rule_for(
        office,
        message.institution,
        person,
        med_type=visit.med_type,
        kind=visit.kind,
        disease=visit.dise_codg,
        day=message.day,
    )
    used = case.data.get("acct_used_flag") or "0"
    purses = accounts.purses_for(office.books, office.policy, person, rule, used=used)
    year = office.books.year_of(person.psn_no, person.insutype, message.day.year)
    if care == INPATIENT:
        this, others = office.books.stays_of(person.psn_no, message.day.year, visit.mdtrt_id)
        year = replace(year, this_stay_fen=this, other_stays=others)
    split = settle(
        claim=case.claim,
        rule=rule,
        year=year,
        account_fen=purses.after_fen,
        first_account_fen=purses.first_fen,
    )
    moves = purses.taken(split)
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
        clr_type=clr_type,
        mdtrt_cert_type=case.data["mdtrt_cert_type"],
        chrg_bchno=case.chrg_bchno,
        invono=case.data.get("invono") or "",
        opter=message.opter,
        opter_name=message.opter_name,
        benefit_group=rule.group,
        year=message.day.year,
        balc=person.account_fen - sum(fen for whose, _, fen in moves if whose == person.psn_no),
        infno=message.infno,
        care=care,
        mid_setl_flag=case.mid_setl_flag,
        clr_month=clearing.period_of(office.books, message.inf_time),
        pay_loc=pay_loc(office, person),
        acct_mulaid_pay=split.acct_pay if purses.is_family else 0,
        **_amounts(case.claim, split),
    )
    return Reckoned(settlement, moves)


def book(office: Office, reckoned: Reckoned) -> None:
    """Write a settlement."""
    office.books.add_settlement(reckoned.settlement, reckoned.moves)


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
        "first_acct_pay": split.first_acct_pay,
        "psn_cash_pay": split.psn_cash_pay,
        "hosp_part_amt": split.hosp_part_amt,
        "own_in_scope": split.own_in_scope,
        "serious": split.serious,
    }


# --- how it is shown ---------------------------------------------------------------------------

_PAID = (
    "medfee_sumamt",
    *CLAIMED,
    "act_pay_dedc",
    "hifp_pay",
    "cvlserv_pay",
    "hifmi_pay",
    "hifob_pay",
    "maf_pay",
    "fund_pay_sumamt",
    "psn_part_amt",
    "acct_pay",
    "acct_mulaid_pay",
    "psn_cash_pay",
    "hosp_part_amt",
    "balc",
)


@cache
def _known(infno: str, node: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(field.name for field in transactions()[infno, "out"][node]))


def fitting(infno: str, node: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the part of a row that the node of a transaction's answer has fields for."""
    return {name: row[name] for name in _known(infno, node) if name in row}


def information(
    office: Office, message: Message, row: Settlement, person: Person, **more: object
) -> dict[str, Any]:
    """Return the ``setlinfo`` of a settlement as the message's transaction shows it."""
    shown = {
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
        "pool_prop_selfpay": float(row.pool_prop_selfpay),
        **_NONE_OF_OURS,
        "medins_setl_id": row.medins_setl_id,
        "clr_optins": office.admdvs,
        "clr_way": _BY_ITEM,
        "clr_type": row.clr_type,
        "exp_content": "",
        **more,
    }
    return fitting(message.infno, "setlinfo", shown)


def details(row: Settlement) -> list[dict[str, Any]]:
    """Return ``setldetail``: one row for everything that paid, personal accounts included."""
    pool, excess = pooled_fund(row.benefit_group, row.care), excess_fund(row.benefit_group)
    is_employee = row.benefit_group in EMPLOYEE_GROUPS
    left = row.inscp_scp_amt - row.first_acct_pay - row.hifp_pay
    after_excess = left - row.hifob_pay - row.hifmi_pay
    shares = (
        (pool, row.pool_limit, row.hifp_pay),
        (excess, left, row.hifob_pay + row.hifmi_pay),
        ("320100", after_excess, row.cvlserv_pay),
        ("610100", after_excess - row.cvlserv_pay, row.maf_pay),
        ("310200" if is_employee else "390500", row.psn_part_amt, row.acct_pay),
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


# --- how it is undone --------------------------------------------------------------------------


def own_settlement(
    office: Office, message: Message, data: Mapping[str, Any], *, infno: str = ""
) -> Settlement:
    """Return a settlement that a message names, made by ``infno`` if that is given.

    Raises RefusedError whose text begins 未查询到结算信息 if there is none.
    """
    settlement = office.books.settlement(data["setl_id"])
    wanted = (message.institution.fixmedins_code, data["mdtrt_id"], data["psn_no"])
    if (
        settlement is None
        or (settlement.fixmedins_code, settlement.mdtrt_id, settlement.psn_no) != wanted
        or infno not in ("", settlement.infno)
    ):
        raise RefusedError(f"未查询到结算信息：setl_id {data['setl_id']}")
    return settlement


def undo_named(office: Office, message: Message, *, infno: str) -> tuple[Settlement, Person]:
    """Undo the settlement of ``infno`` that a message names; return its negative and the person.

    Raises RefusedError if there is no such settlement, or it was undone before.
    """
    settlement = own_settlement(office, message, message.input["data"], infno=infno)
    if office.books.is_undone(settlement.setl_id):
        raise RefusedError(f"结算{settlement.setl_id}已撤销")
    return undo(office, message, settlement)


def undo(office: Office, message: Message, settlement: Settlement) -> tuple[Settlement, Person]:
    """Write the negative of a settlement, give back what it took and revoke its message."""
    person = insured_person(office, message, settlement.psn_no)
    returned = office.books.moves(settlement.setl_id)
    negative = settlement.undone(
        msgid=message.msgid,
        setl_time=message.inf_time,
        clr_month=clearing.period_of(office.books, message.inf_time),
        balc=person.account_fen + sum(fen for whose, _, fen in returned if whose == person.psn_no),
    )
    office.books.add_undoing(negative)
    office.books.revoke_message(settlement.medins_setl_id, settlement.infno)
    return negative, person
