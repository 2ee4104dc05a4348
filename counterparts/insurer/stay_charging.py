"""Charges of stays: messages 2301 (upload), 2302 (taking back) and 2306 (remark).

A line with a negative ``cnt`` and ``init_feedetl_sn`` takes back an earlier charge of the stay, all
or part of it, at the same price; it may come in the same message or long after, and even when the
charge was settled by an interim settlement. All refunds of a charge together never exceed it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import orjson

from counterparts.insurer.amounts import decimal_of, fen_of, yuan_json
from counterparts.insurer.benefits import UNKNOWN_ITEM, LineSplit, refunded, split_lines
from counterparts.insurer.charging import (
    add_lines,
    check_product,
    fee_line,
    line_of,
    of_item,
    result_of,
)
from counterparts.insurer.errors import RefusedError
from counterparts.insurer.office import insured_person
from counterparts.insurer.records import FeeLine
from counterparts.insurer.stays import final_settlement, own_stay

if TYPE_CHECKING:
    from counterparts.insurer.office import Handler, Message, Office
    from counterparts.insurer.records import Visit

ALL = "0000"
_SHARED = ("mdtrt_id", "psn_no", "med_type")
_SAME = ("med_list_codg", "medins_list_codg")


def upload(office: Office, message: Message) -> dict[str, Any]:
    """Answer 2301 住院费用明细上传 with the split of every charge, refunds in negative amounts.

    Raises RefusedError if the charges are not of one stay, the stay is settled, an amount is not
    quantity times price, a number is used twice, or a refund does not fit what was charged.
    """
    rows = message.input["feedetail"]
    first = rows[0]
    for name in _SHARED:
        if any(row[name] != first[name] for row in rows):
            raise RefusedError(f"{name} 同一次上传的明细应一致")
    insured_person(office, message, first["psn_no"])
    visit = _open_stay(office, message, first)
    if first["med_type"] != visit.med_type:
        raise RefusedError("med_type 与入院登记不符")
    kept, results = _charged(office, visit, rows)
    add_lines(office, kept)
    return {"result": results}


def _open_stay(office: Office, message: Message, data: dict[str, Any]) -> Visit:
    visit, _ = own_stay(office, message, data)
    if final := final_settlement(office.books, visit.mdtrt_id):
        raise RefusedError(f"就诊ID{visit.mdtrt_id}已结算：{final.setl_id}")
    return visit


def _charged(
    office: Office, visit: Visit, rows: list[dict[str, Any]]
) -> tuple[list[FeeLine], list[dict[str, Any]]]:
    """Return the lines of a message as the books keep them, and what is answered of each."""
    charges = [row for row in rows if not _takes_back(row)]
    lines = [line_of(office, row) for row in charges]
    splits = split_lines(lines)
    done: dict[int, tuple[FeeLine, dict[str, Any]]] = {}
    for row, line, split in zip(charges, lines, splits, strict=True):
        done[id(row)] = fee_line(visit.mdtrt_id, row, line, split), result_of(row, line, split)
    if len(charges) < len(rows):
        known = _Charges.of(office.books.lines(visit.mdtrt_id))
        for kept, _ in done.values():
            known.add(kept)
        for row in rows:
            if _takes_back(row):
                done[id(row)] = _refund(office, visit, row, known)
    both = [done[id(row)] for row in rows]
    return [kept for kept, _ in both], [result for _, result in both]


def _takes_back(row: dict[str, Any]) -> bool:
    """Say whether a line takes a charge back.

    Raises RefusedError if its quantity and ``init_feedetl_sn`` contradict each other.
    """
    is_negative, original = bool(row["cnt"] < 0), row.get("init_feedetl_sn")
    if is_negative and not original:
        raise RefusedError(f"feedetl_sn {row['feedetl_sn']} 退单应传init_feedetl_sn")
    if original and not is_negative:
        raise RefusedError(f"feedetl_sn {row['feedetl_sn']} 退单时cnt应为负数")
    return is_negative


@dataclass(slots=True)
class _Charges:
    """The charges of a stay by number, and what was taken back of each."""

    lines: dict[int, FeeLine] = field(default_factory=dict)
    refunds: dict[int, list[FeeLine]] = field(default_factory=dict)

    @classmethod
    def of(cls, lines: list[FeeLine]) -> _Charges:
        known = cls()
        for line in lines:
            known.add(line)
        return known

    def add(self, line: FeeLine) -> None:
        self.lines[line.feedetl_sn] = line
        if line.init_feedetl_sn:
            self.refunds.setdefault(line.init_feedetl_sn, []).append(line)


def _refund(
    office: Office, visit: Visit, row: dict[str, Any], known: _Charges
) -> tuple[FeeLine, dict[str, Any]]:
    number, init = row["feedetl_sn"], row["init_feedetl_sn"]
    if not (init.isascii() and init.isdigit()):
        raise RefusedError(f"feedetl_sn {number} init_feedetl_sn只能为数字")
    original = known.lines.get(int(init))
    if original is None or original.init_feedetl_sn:
        raise RefusedError(f"feedetl_sn {number} 原费用{init}不存在")
    for name in _SAME:
        if row[name] != getattr(original, name):
            raise RefusedError(f"feedetl_sn {number} {name}与原费用{init}不符")
    cnt, pric = decimal_of(row["cnt"]), decimal_of(row["pric"])
    if pric != Decimal(original.pric):
        raise RefusedError(f"feedetl_sn {number} pric与原费用{init}不符")
    amount_fen = -fen_of(row["det_item_fee_sumamt"])
    check_product(row, cnt, pric, -amount_fen)
    before = known.refunds.get(original.feedetl_sn, [])
    gone_cnt = sum((Decimal(line.cnt) for line in before), cnt)
    gone_fen = amount_fen - sum(line.amount_fen for line in before)
    if -gone_cnt > Decimal(original.cnt) or gone_fen > original.amount_fen or amount_fen < 0:
        raise RefusedError(f"feedetl_sn {number} 退单超过原费用{init}的数量或金额")
    split = _refund_split(original, before, amount_fen)
    kept = FeeLine(
        mdtrt_id=visit.mdtrt_id,
        feedetl_sn=int(number),
        chrg_bchno="",
        med_list_codg=original.med_list_codg,
        medins_list_codg=original.medins_list_codg,
        cnt=str(cnt),
        pric=str(pric),
        amount_fen=-amount_fen,
        fulamt_ownpay_fen=split.fulamt_ownpay_amt,
        overlmt_fen=split.overlmt_amt,
        preselfpay_fen=split.preselfpay_amt,
        inscp_scp_fen=split.inscp_scp_amt,
        init_feedetl_sn=original.feedetl_sn,
        fee_ocur_time=row["fee_ocur_time"],
        sent=original.sent,
    )
    known.add(kept)
    return kept, _refund_result(office, row, kept)


def _refund_split(original: FeeLine, before: list[FeeLine], amount_fen: int) -> LineSplit:
    if not original.amount_fen:
        return LineSplit(0, 0, 0, 0)
    gone = [_split_of(line) for line in before]
    parts = ("fulamt_ownpay_amt", "overlmt_amt", "preselfpay_amt", "inscp_scp_amt")
    taken = LineSplit(*(-sum(getattr(split, part) for split in gone) for part in parts))
    return refunded(charged=_split_of(original), before=taken, amount_fen=amount_fen)


def _split_of(line: FeeLine) -> LineSplit:
    return LineSplit(
        line.fulamt_ownpay_fen, line.overlmt_fen, line.preselfpay_fen, line.inscp_scp_fen
    )


def _refund_result(office: Office, row: dict[str, Any], kept: FeeLine) -> dict[str, Any]:
    return {
        "feedetl_sn": str(row["feedetl_sn"]),
        "det_item_fee_sumamt": yuan_json(kept.amount_fen),
        "cnt": row["cnt"],
        "pric": row["pric"],
        "fulamt_ownpay_amt": yuan_json(kept.fulamt_ownpay_fen),
        "overlmt_amt": yuan_json(kept.overlmt_fen),
        "preselfpay_amt": yuan_json(kept.preselfpay_fen),
        "inscp_scp_amt": yuan_json(kept.inscp_scp_fen),
        **of_item(office.catalogue.get(kept.med_list_codg, UNKNOWN_ITEM)),
        "memo": f"退单，原费用{kept.init_feedetl_sn}",
        "exp_content": "",
    }


def take_back(office: Office, message: Message) -> dict[str, Any]:
    """Answer 2302 住院费用明细撤销; ``feedetl_sn`` 0000 is all unsettled charges.

    Raises RefusedError if the charge is settled, was never uploaded or has refunds of its own.
    """
    data = message.input["data"]
    visit = _open_stay(office, message, data)
    number = data["feedetl_sn"]
    if number == ALL:
        office.books.drop_unsettled(visit.mdtrt_id, None)
        return {}
    known = _Charges.of(office.books.lines(visit.mdtrt_id))
    line = known.lines.get(int(number)) if number.isascii() and number.isdigit() else None
    if line is None:
        raise RefusedError(f"feedetl_sn {number}不存在")
    if line.setl_id:
        raise RefusedError(f"feedetl_sn {number}已结算")
    if line.feedetl_sn in known.refunds:
        raise RefusedError(f"feedetl_sn {number}存在退单，请先撤销退单")
    query = "DELETE FROM fee_lines WHERE mdtrt_id = ? AND feedetl_sn = ?"
    office.books.db.execute(query, (visit.mdtrt_id, line.feedetl_sn))
    return {}


def remark(office: Office, message: Message) -> dict[str, Any]:
    """Answer 2306 费用明细修改备注.

    Raises RefusedError if the stay has no such charge.
    """
    data = message.input["data"]
    visit, _ = own_stay(office, message, data)
    number = data["bkkp_sn"]
    lines = {str(line.feedetl_sn): line for line in office.books.lines(visit.mdtrt_id)}
    line = lines.get(number.lstrip("0"))
    if line is None or line.med_list_codg != data["med_list_codg"]:
        raise RefusedError(f"bkkp_sn {number}不存在")
    sent = orjson.dumps(orjson.loads(line.sent) | {"memo": data.get("memo") or ""}).decode()
    query = "UPDATE fee_lines SET sent = ? WHERE mdtrt_id = ? AND feedetl_sn = ?"
    office.books.db.execute(query, (sent, visit.mdtrt_id, line.feedetl_sn))
    return {}


CHANGING: dict[str, Handler] = {"2301": upload, "2302": take_back, "2306": remark}
ASKING: dict[str, Handler] = {}
