"""Charges: messages 2204 (upload) and 2205 (taking back)."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

from counterparts.insurer.amounts import decimal_of, fen_of, yuan_json
from counterparts.insurer.benefits import UNKNOWN_ITEM, Line, LineSplit, split_lines
from counterparts.insurer.errors import RefusedError
from counterparts.insurer.office import insured_person, own_visit
from counterparts.insurer.records import FeeLine

if TYPE_CHECKING:
    from counterparts.insurer.office import Handler, Message, Office

ALL_BATCHES = "0000"
_SHARED = ("mdtrt_id", "psn_no", "chrg_bchno")


def upload(office: Office, message: Message) -> dict[str, Any]:
    """Answer 2204 门诊费用明细信息上传 with the split of every charge of the batch.

    Raises RefusedError if the charges are not of one visit and batch, the batch was uploaded
    before, an amount is not quantity times price, or a number is used twice in the visit.
    """
    rows = message.input["feedetail"]
    first = rows[0]
    for name in _SHARED:
        if any(row[name] != first[name] for row in rows):
            raise RefusedError(f"{name} 同一批次的明细应一致")
    insured_person(office, message, first["psn_no"])
    visit = own_visit(office, message, mdtrt_id=first["mdtrt_id"], psn_no=first["psn_no"])
    if first["chrg_bchno"] == ALL_BATCHES or office.books.has_batch(
        visit.mdtrt_id, first["chrg_bchno"]
    ):
        raise RefusedError(f"chrg_bchno {first['chrg_bchno']}已上传")
    lines = [_line_of(office, row) for row in rows]
    splits = split_lines(lines)
    try:
        office.books.add_lines(map(_fee_line, rows, lines, splits))
    except sqlite3.IntegrityError as error:
        raise RefusedError("feedetl_sn 单次就诊内重复") from error
    return {"result": [*map(_result, rows, lines, splits)]}


def _line_of(office: Office, row: dict[str, Any]) -> Line:
    amount_fen = fen_of(row["det_item_fee_sumamt"])
    cnt, pric = decimal_of(row["cnt"]), decimal_of(row["pric"])
    if amount_fen < 0 or cnt <= 0 or pric < 0:
        raise RefusedError(f"feedetl_sn {row['feedetl_sn']} 金额、数量不能为负")
    # Hospitals round the product to fen each in its own way, so less than one fen is no error.
    if abs(cnt * pric * 100 - amount_fen) >= 1:
        raise RefusedError(f"feedetl_sn {row['feedetl_sn']} det_item_fee_sumamt不等于数量乘单价")
    return Line(
        amount_fen=amount_fen,
        cnt=cnt,
        pric=pric,
        item=office.catalogue.get(row["med_list_codg"], UNKNOWN_ITEM),
        hosp_appr_flag=row["hosp_appr_flag"],
    )


def _fee_line(row: dict[str, Any], line: Line, split: LineSplit) -> FeeLine:
    return FeeLine(
        mdtrt_id=row["mdtrt_id"],
        feedetl_sn=int(row["feedetl_sn"]),
        chrg_bchno=row["chrg_bchno"],
        med_list_codg=row["med_list_codg"],
        medins_list_codg=row["medins_list_codg"],
        cnt=str(line.cnt),
        pric=str(line.pric),
        amount_fen=line.amount_fen,
        fulamt_ownpay_fen=split.fulamt_ownpay_amt,
        overlmt_fen=split.overlmt_amt,
        preselfpay_fen=split.preselfpay_amt,
        inscp_scp_fen=split.inscp_scp_amt,
    )


def _result(row: dict[str, Any], line: Line, split: LineSplit) -> dict[str, Any]:
    item = line.item
    return {
        "feedetl_sn": str(row["feedetl_sn"]),
        "det_item_fee_sumamt": yuan_json(line.amount_fen),
        "cnt": row["cnt"],
        "pric": row["pric"],
        "pric_uplmt_amt": yuan_json(item.price_cap_fen or 0),
        "selfpay_prop": float(item.selfpay_prop),
        "fulamt_ownpay_amt": yuan_json(split.fulamt_ownpay_amt),
        "overlmt_amt": yuan_json(split.overlmt_amt),
        "preselfpay_amt": yuan_json(split.preselfpay_amt),
        "inscp_scp_amt": yuan_json(split.inscp_scp_amt),
        "chrgitm_lv": item.chrgitm_lv,
        "med_chrgitm_type": item.chrgitm_type,
        "bas_medn_flag": "0",
        "hi_nego_drug_flag": "0",
        "chld_medc_flag": "0",
        "list_sp_item_flag": "0",
        "lmt_used_flag": item.lmt_used_flag,
        "drt_reim_flag": "0",
        "memo": "目录外项目" if item is UNKNOWN_ITEM else "",
        "exp_content": "",
    }


def take_back(office: Office, message: Message) -> dict[str, Any]:
    """Answer 2205 门诊费用明细信息撤销; ``chrg_bchno`` 0000 is all unsettled charges.

    Raises RefusedError if the named batch is settled or was never uploaded.
    """
    data = message.input["data"]
    visit = own_visit(office, message, mdtrt_id=data["mdtrt_id"], psn_no=data["psn_no"])
    batch = data["chrg_bchno"]
    if batch == ALL_BATCHES:
        office.books.drop_unsettled(visit.mdtrt_id, None)
    elif not office.books.drop_unsettled(visit.mdtrt_id, batch):
        settled = office.books.has_batch(visit.mdtrt_id, batch)
        raise RefusedError(f"chrg_bchno {batch}{'已结算' if settled else '不存在'}")
    return {}


CHANGING: dict[str, Handler] = {"2204": upload, "2205": take_back}
