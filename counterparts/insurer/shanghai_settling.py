"""Shanghai's SI11, SI12, SI91 and SK01: calculate, confirm, tell of, refund."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from counterparts.insurer import clearing
from counterparts.insurer.amounts import fen_of
from counterparts.insurer.errors import RefusedError
from counterparts.insurer.records import Person, Settlement, Visit
from counterparts.insurer.shanghai_books import Calculation, Transaction
from counterparts.insurer.shanghai_desk import (
    BESIDES,
    OUTPATIENT,
    VISIT_KINDS,
    ZEROES,
    Message,
    Shanghai,
    account_attr,
    accounts_of,
    as_yuan,
    balances_of,
    card_of,
    confirmed_before,
    keep_calculation,
    new_lsh,
    rule_of,
)
from counterparts.insurer.shanghai_segments import Accounts, Segments, segments
from counterparts.insurer.standings import check_not_stopped

if TYPE_CHECKING:
    from collections.abc import Mapping

    from counterparts.insurer.benefits import Claim, Split


def calculate(desk: Shanghai, message: Message) -> dict[str, Any]:
    """Answer SI11 门诊收费: what SI12 would settle, and the number to confirm it by."""
    person = desk.insured(message.content)
    visit = desk.visit_of(message, person)
    bill, claim = _claimed(desk, message, visit)
    found, _split, accounts = _split_of(desk, message, person, claim)
    made = keep_calculation(desk, message, person, jzdyh=visit.mdtrt_id, mxzdh=bill)
    return {
        **card_of(message, person),
        "personname": person.psn_name,
        "accountattr": account_attr(person, message.day),
        "jssqxh": made.jssqxh,
        **as_yuan(found.named()),
        **balances_of(accounts),
    }


def _claimed(desk: Shanghai, message: Message, visit: Visit) -> tuple[str, Claim]:
    """Return the bill that a charge names and its sums; raises RefusedError."""
    if not message.content["zdnos"]:
        raise RefusedError(f"{message.kind} zdnos 不能为空列表")
    bills = message.content["mxzdhs"]
    if len(bills) != 1:
        raise RefusedError(f"{message.kind} mxzdhs 应有一个明细账单号")
    mxzdh = str(bills[0]["mxzdh"])
    claim = desk.office.books.claim(visit.mdtrt_id, mxzdh)
    if claim is None:
        raise RefusedError(f"明细账单号{mxzdh}无未结算明细")
    sums = {
        "totalexpense": claim.inscp_scp_amt,
        "ybjsfwfyze": claim.inscp_scp_amt + claim.preselfpay_amt,
        "fybjsfwfyze": claim.fulamt_ownpay_amt + claim.overlmt_selfpay,
    }
    for name, fen in sums.items():
        if fen_of(bills[0][name]) != fen:
            raise RefusedError(f"{message.kind} mxzdhs[1].{name} 与明细合计不符")
    return mxzdh, claim


def _split_of(
    desk: Shanghai, message: Message, person: Person, claim: Claim
) -> tuple[Segments, Split, Accounts]:
    check_not_stopped(desk.office, person)
    accounts = accounts_of(person)
    found, split = segments(
        claim=claim,
        rule=rule_of(desk, message, person),
        year=desk.office.books.year_of(person.psn_no, person.insutype, message.day.year),
        accounts=accounts,
        day=message.day,
    )
    left = Accounts(
        cur_fen=accounts.cur_fen - found.curaccountpay, his_fen=accounts.his_fen - found.his_fen
    )
    return found, split, left


def confirm(desk: Shanghai, message: Message) -> dict[str, Any]:
    """Answer SI12 门诊收费确认: settle what SI11 calculated."""
    person = desk.insured(message.content)
    made, told = confirmed_before(desk, message, person, "SI11")
    if told is not None:
        return told
    visit = desk.visit_of(message, person)
    bill, claim = _claimed(desk, message, visit)
    if (made.jzdyh, made.mxzdh) != (visit.mdtrt_id, bill):
        raise RefusedError("jssqxh 与就诊单元号或明细账单号不符")
    found, split, left = _split_of(desk, message, person, claim)
    lsh = new_lsh(desk, message)
    row = _settlement(desk, message, person, visit, claim, split, lsh=lsh, bill=bill)
    taken = (("current_fen", found.curaccountpay), ("balc_fen", found.his_fen))
    desk.office.books.add_settlement(
        row, [(person.psn_no, purse, fen) for purse, fen in taken if fen]
    )
    answer = {
        **card_of(message, person),
        "lsh": lsh,
        "jssqxh": made.jssqxh,
        **as_yuan(found.named()),
        **balances_of(left),
    }
    kept = Transaction(lsh=lsh, jssqxh=made.jssqxh, answer=answer, refunded=False)
    desk.shanghai.confirm(made.jssqxh, kept, jzdyh=visit.mdtrt_id)
    return answer


def _settlement(
    desk: Shanghai,
    message: Message,
    person: Person,
    visit: Visit,
    claim: Claim,
    split: Split,
    *,
    lsh: str,
    bill: str,
) -> Settlement:
    """Return a transaction as the common books keep it."""
    kind = VISIT_KINDS.get(str(message.content["yllb"]), OUTPATIENT)
    return Settlement(
        setl_id=lsh,
        refd_setl_flag="0",
        msgid=message.msgid,
        medins_setl_id=message.msgid,
        fixmedins_code=visit.fixmedins_code,
        mdtrt_id=visit.mdtrt_id,
        psn_no=person.psn_no,
        insutype=person.insutype,
        setl_time=message.at,
        med_type=kind,
        clr_type=kind,
        mdtrt_cert_type="02",
        chrg_bchno=bill,
        invono="",
        opter="",
        opter_name="",
        benefit_group=rule_of(desk, message, person).group,
        year=message.day.year,
        medfee_sumamt=claim.medfee_sumamt,
        fulamt_ownpay_amt=claim.fulamt_ownpay_amt,
        overlmt_selfpay=claim.overlmt_selfpay,
        preselfpay_amt=claim.preselfpay_amt,
        inscp_scp_amt=claim.inscp_scp_amt,
        act_pay_dedc=split.act_pay_dedc,
        hifp_pay=split.hifp_pay,
        pool_prop_selfpay=str(split.pool_prop_selfpay),
        pool_limit=split.pool_limit,
        cvlserv_pay=split.cvlserv_pay,
        hifmi_pay=split.hifmi_pay,
        hifob_pay=split.hifob_pay,
        maf_pay=split.maf_pay,
        fund_pay_sumamt=split.fund_pay_sumamt,
        psn_part_amt=split.psn_part_amt,
        acct_pay=split.acct_pay,
        psn_cash_pay=split.psn_cash_pay,
        hosp_part_amt=split.hosp_part_amt,
        own_in_scope=split.own_in_scope,
        first_acct_pay=split.first_acct_pay,
        serious=split.serious,
        balc=person.account_fen - split.acct_pay,
        clr_month=clearing.period_of(desk.office.books, message.at),
    )


def ask(desk: Shanghai, message: Message) -> dict[str, Any]:
    """Answer SI91 交易查询 about the transaction that confirmed a calculation.

    Raises RefusedError if none did, or it was refunded.
    """
    person = desk.person_of(message.content)
    jssqxh = str(message.content["jssqxh"])
    made = desk.shanghai.calculation(jssqxh, jgdm=message.institution.fixmedins_code)
    stands = desk.shanghai.transaction(made.lsh) if made is not None and made.lsh else None
    if made is None or made.psn_no != person.psn_no or stands is None:
        raise RefusedError(f"计算申请序号{jssqxh}无成功交易")
    if stands.refunded:
        raise RefusedError(f"计算申请序号{jssqxh}的交易已退费")
    return {
        **stands.answer,
        **card_of(message, person),
        "personname": person.psn_name,
        "accountattr": account_attr(person, message.day),
        "jzdyh": made.jzdyh,
        "paystatus": "1",
        **as_yuan(dict.fromkeys(("qfdzhzfs", "qfdxjzfs", "qfdgjzhzfs"), 0)),
    }


def refund(desk: Shanghai, message: Message) -> dict[str, Any]:
    """Answer SK01 交易退款; a registration can be taken back while it has no charges."""
    person = desk.person_of(message.content)
    lsh = str(message.content["translsh"])
    stands = desk.shanghai.transaction(lsh)
    made = desk.shanghai.calculation_of(lsh, jgdm=message.institution.fixmedins_code)
    if stands is None or made is None or made.psn_no != person.psn_no:
        raise RefusedError(f"中心流水号{lsh}不存在")
    if stands.refunded:
        raise RefusedError(f"中心流水号{lsh}已退费")
    if fen_of(message.content["totalexpense"]) != fen_of(stands.answer["totalexpense"]):
        raise RefusedError("SK01 totalexpense 与原交易不符")
    if made.kind == "SH01":
        _unregister(desk, made)
    else:
        _unsettle(desk, message, person, stands)
    desk.shanghai.refund(lsh)
    after = desk.office.books.person(person.psn_no) or person
    taken = {name: fen_of(stands.answer[name]) for name in (*ZEROES, *BESIDES)}
    return {
        **card_of(message, person),
        "personname": person.psn_name,
        "accountattr": account_attr(person, message.day),
        "translsh": lsh,
        **as_yuan(_given_back(taken)),
        **balances_of(accounts_of(after)),
    }


def _unregister(desk: Shanghai, made: Calculation) -> None:
    if desk.office.books.has_lines(made.jzdyh):
        raise RefusedError("存在费用明细，不能退号")
    desk.office.books.cancel_visit(made.jzdyh)


def _unsettle(desk: Shanghai, message: Message, person: Person, stands: Transaction) -> None:
    settlement = desk.office.books.settlement(stands.lsh)
    if settlement is None:
        raise RefusedError(f"中心流水号{stands.lsh}不存在")
    negative = settlement.undone(
        msgid=message.msgid,
        setl_time=message.at,
        clr_month=clearing.period_of(desk.office.books, message.at),
        balc=person.account_fen + settlement.acct_pay,
    )
    desk.office.books.add_undoing(negative)


def _given_back(taken: Mapping[str, int]) -> dict[str, int]:
    return {
        "curaccount": taken["curaccountpay"],
        "hisaccount": taken["zfdlnzhzfs"],
        "zfcash": taken["zfdxjzfs"],
        "tchisaccount": taken["tcdzhzfs"],
        "tccash": taken["tcdxjzfs"],
        "tc": taken["tczfs"],
        "dffjhisaccount": taken["fjdzhzfs"],
        "dffjcash": taken["fjdxjzfs"],
        "dffj": taken["fjzfs"],
        "gjaccount": 0,
        **{name: taken[name] for name in BESIDES},
    }
