"""Shanghai's messages (中心系统与定点医疗机构接口规范, 第五版) on the same books and benefits.

A calculation (SH01, SI11) changes nothing but gives a number, ``jssqxh``; its confirmation (SH02,
SI12) names it and is answered alike however often it comes. SK01 refunds a transaction by its
``lsh``, SI91 tells of one by ``jssqxh``, SN01 takes a bill of charges, SN02 takes it back, SL01
compares a day's sums. Any other message that changes the books and comes again under its ``msgid``
is answered alike too. What is known of the fields stands in the platform's ``fields.csv``; the
details that SL01 gives when sums differ (``mxs``) are this simulator's own.
"""

from __future__ import annotations

import secrets
import sqlite3
from typing import TYPE_CHECKING, Any

from counterparts.insurer.amounts import decimal_of, fen_of, yuan_text
from counterparts.insurer.benefits import UNKNOWN_ITEM, Line, split_lines
from counterparts.insurer.errors import RefusedError
from counterparts.insurer.records import FeeLine, Visit
from counterparts.insurer.shanghai_books import Transaction
from counterparts.insurer.shanghai_day import compare_day
from counterparts.insurer.shanghai_desk import (
    Message,
    Shanghai,
    account_attr,
    accounts_of,
    as_yuan,
    balances_of,
    card_of,
    check_content,
    confirmed_before,
    keep_calculation,
    new_lsh,
    no_segments,
    rule_of,
)
from counterparts.insurer.shanghai_settling import ask, calculate, confirm, refund

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def answer(desk: Shanghai, message: Message) -> dict[str, Any]:
    """Return the content of the answer to a message. Raises RefusedError."""
    handler = HANDLERS.get(message.kind)
    if handler is None:
        raise RefusedError(f"消息类型码{message.kind}不存在")
    check_content(message.kind, message.content)
    return handler(desk, message)


# --- persons --------------------------------------------------------------------------------------


def decode(desk: Shanghai, message: Message) -> dict[str, Any]:
    """Answer SE01 电子凭证解码: a code is decoded once."""
    psn_no = desk.shanghai.take_code(message.content["ecQrCode"])
    person = None if psn_no is None else desk.office.books.person(psn_no)
    if person is None:
        raise RefusedError("电子凭证二维码无效或已使用")
    token = secrets.token_hex(16)
    desk.tokens[token] = person.psn_no
    return {
        "ecToken": token,
        "idNo": person.certno,
        "idType": person.psn_cert_type,
        "userName": person.psn_name,
    }


def account(desk: Shanghai, message: Message) -> dict[str, Any]:
    """Answer SM01 帐户查询."""
    person = desk.person_of(message.content)
    rule = rule_of(desk, message, person)
    used = desk.office.books.year_of(person.psn_no, person.insutype, message.day.year)
    return {
        **card_of(message, person),
        "personname": person.psn_name,
        "accountattr": account_attr(person, message.day),
        **balances_of(accounts_of(person)),
        "totalmzzfdpay": yuan_text(used.deductible_fen),
        "rationpay": yuan_text(rule.deductible_fen),
        "tcfdx": yuan_text(rule.cap_fen or 0),
        "jlch": desk.shanghai.booklet(person),
        "ybsqjmbz": "0",
        "xb": person.gend,
    }


def calculate_registration(desk: Shanghai, message: Message) -> dict[str, Any]:
    """Answer SH01 门诊挂号. A fee is settled with the charges, so there is none here."""
    person = desk.insured(message.content)
    if any(fen_of(message.content[name]) for name in ("totalexpense", "ghf", "fybjsfwfyze")):
        raise RefusedError("SH01 totalexpense 挂号费请随收费结算")
    made = keep_calculation(desk, message, person, jzdyh="", mxzdh="")
    return {
        **card_of(message, person),
        "jssqxh": made.jssqxh,
        **as_yuan(no_segments().named()),
        **balances_of(accounts_of(person)),
    }


def register(desk: Shanghai, message: Message) -> dict[str, Any]:
    """Answer SH02 门诊挂号确认 with the number of the visit (jzdyh)."""
    person = desk.insured(message.content)
    made, told = confirmed_before(desk, message, person, "SH01")
    if told is not None:
        return told
    jzdyh = f"{desk.office.admdvs}{message.at[2:10].replace('-', '')}{_visits(desk):08d}"
    desk.office.books.add_visit(
        Visit(
            mdtrt_id=jzdyh,
            fixmedins_code=message.institution.fixmedins_code,
            psn_no=person.psn_no,
            ipt_otp_no=jzdyh,
            insutype=person.insutype,
            begntime=message.at,
            dept_name=str(message.content["deptid"]),
        )
    )
    lsh = new_lsh(desk, message)
    answer = {
        **card_of(message, person),
        "jzdyh": jzdyh,
        "lsh": lsh,
        "jssqxh": made.jssqxh,
        **as_yuan(no_segments().named()),
        **balances_of(accounts_of(person)),
    }
    kept = Transaction(lsh=lsh, jssqxh=made.jssqxh, answer=answer, refunded=False)
    desk.shanghai.confirm(made.jssqxh, kept, jzdyh=jzdyh)
    return answer


def _visits(desk: Shanghai) -> int:
    return desk.office.books.counted("visits") % 10**8


# --- charges --------------------------------------------------------------------------------------


def take_bill(desk: Shanghai, message: Message) -> dict[str, Any]:
    """Answer SN01 明细账单提交: what of every line counts."""
    content = message.content
    person = desk.insured(content)
    visit = desk.visit_of(message, person)
    rows = content["mxxms"]
    if not rows:
        raise RefusedError("SN01 mxxms 不能为空列表")
    if sum(fen_of(row["mxxmje"]) for row in rows) != fen_of(content["bcmxylfyze"]):
        raise RefusedError("SN01 bcmxylfyze 与明细合计不符")
    lines = [_line(desk, row) for row in rows]
    splits = split_lines(lines)
    mxzdh = f"MX{message.at[:10].replace('-', '')}{desk.office.books.counted('mxzdh'):010d}"
    desk.office.books.add_lines(
        FeeLine(
            mdtrt_id=visit.mdtrt_id,
            feedetl_sn=desk.office.books.counted("mxxm"),
            chrg_bchno=mxzdh,
            med_list_codg=str(row["mxxmbm"]),
            medins_list_codg=str(row.get("mxxmmc") or ""),
            cnt=str(line.cnt),
            pric=str(line.pric),
            amount_fen=line.amount_fen,
            fulamt_ownpay_fen=split.fulamt_ownpay_amt,
            overlmt_fen=split.overlmt_amt,
            preselfpay_fen=split.preselfpay_amt,
            inscp_scp_fen=split.inscp_scp_amt,
        )
        for row, line, split in zip(rows, lines, splits, strict=True)
    )
    if djh := content.get("djh"):
        _name_visit(desk, visit, str(djh))
    told = [
        {
            "xh": row["xh"],
            "clbz": "0",
            "fhxx": "",
            "bxbz": "0",
            "mxxmje": yuan_text(line.amount_fen),
            "mxxmjyfy": yuan_text(split.inscp_scp_amt),
            "mxxmybjsfwfy": yuan_text(split.inscp_scp_amt + split.preselfpay_amt),
            "zfbl": str(line.item.selfpay_prop),
        }
        for row, line, split in zip(rows, lines, splits, strict=True)
    ]
    return {"mxzdh": mxzdh, "mxxms": told}


def _name_visit(desk: Shanghai, visit: Visit, number: str) -> None:
    try:
        desk.shanghai.name_visit(visit.mdtrt_id, number)
    except sqlite3.IntegrityError as error:
        raise RefusedError(f"SN01 djh {number}已用于其他就诊") from error


def _line(desk: Shanghai, row: Mapping[str, Any]) -> Line:
    amount_fen, cnt = fen_of(row["mxxmje"]), decimal_of(row["mxxmsl"])
    pric = decimal_of(row["mxxmdj"])
    if amount_fen < 0 or cnt <= 0 or abs(cnt * pric * 100 - amount_fen) >= 1:
        raise RefusedError(f"SN01 mxxms[{row['xh']}].mxxmje 不等于数量乘单价")
    return Line(
        amount_fen=amount_fen,
        cnt=cnt,
        pric=pric,
        item=desk.office.catalogue.get(str(row["mxxmbm"]), UNKNOWN_ITEM),
    )


def take_bill_back(desk: Shanghai, message: Message) -> dict[str, Any]:
    """Answer SN02 明细账单撤销; a settled bill is refused."""
    visit = desk.visit_of(message, desk.person_of(message.content))
    mxzdh = str(message.content["mxzdh"])
    if not desk.office.books.drop_unsettled(visit.mdtrt_id, mxzdh):
        settled = desk.office.books.has_batch(visit.mdtrt_id, mxzdh)
        raise RefusedError(f"明细账单号{mxzdh}{'已结算' if settled else '不存在'}")
    return {}


HANDLERS: Mapping[str, Callable[[Shanghai, Message], dict[str, Any]]] = {
    "SE01": decode,
    "SM01": account,
    "SH01": calculate_registration,
    "SH02": register,
    "SN01": take_bill,
    "SN02": take_bill_back,
    "SI11": calculate,
    "SI12": confirm,
    "SI91": ask,
    "SK01": refund,
    "SL01": compare_day,
}
