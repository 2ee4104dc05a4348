"""Charges of outpatients: messages 2204 (upload) and 2205 (taking back).

2204 has no field for the charge that a line takes back, so its lines are never negative: what was
charged too much is taken back with its batch (2205), after the settlement was undone (2208).
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

import orjson

from counterparts.insurer import mappings
from counterparts.insurer.amounts import decimal_of, fen_of, yuan_json
from counterparts.insurer.benefits import UNKNOWN_ITEM, Line, LineSplit, split_lines
from counterparts.insurer.errors import RefusedError
from counterparts.insurer.office import insured_person, own_visit
from counterparts.insurer.records import FeeLine

if TYPE_CHECKING:
    from decimal import Decimal

    from counterparts.insurer.benefits import Item
    from counterparts.insurer.office import Handler, Message, Office

ALL_BATCHES = "0000"
_SHARED = ("mdtrt_id", "psn_no", "chrg_bchno")
_SENT = (
    *("rxno", "drord_no", "hosp_appr_flag", "sin_dos_dscr", "used_frqu_dscr", "prd_days"),
    *("medc_way_dscr", "bilg_dept_codg", "bilg_dept_name", "bilg_dr_codg", "bilg_dr_name"),
    *("acord_dept_codg", "acord_dept_name", "orders_dr_code", "orders_dr_name"),
    *("tcmdrug_used_way", "etip_flag", "etip_hosp_code", "dscg_tkdrug_flag", "matn_fee_flag"),
    "memo",
)
"""What 5204 can be asked for later."""


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
    visit = own_visit(
        office, message, mdtrt_id=first["mdtrt_id"], psn_no=first["psn_no"], kind="outpatient"
    )
    if first["chrg_bchno"] == ALL_BATCHES or office.books.has_batch(
        visit.mdtrt_id, first["chrg_bchno"]
    ):
        raise RefusedError(f"chrg_bchno {first['chrg_bchno']}已上传")
    mappings.check_lines(office, message, rows)
    return {"result": charge(office, visit.mdtrt_id, rows)}


def charge(office: Office, mdtrt_id: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Write the charges of one message and return their splits.

    Raises RefusedError if an amount is negative or not quantity times price, or a number is used
    twice in the visit.
    """
    lines = [line_of(office, row) for row in rows]
    splits = split_lines(lines)
    add_lines(office, [fee_line(mdtrt_id, *one) for one in zip(rows, lines, splits, strict=True)])
    return [*map(result_of, rows, lines, splits)]


def add_lines(office: Office, lines: list[FeeLine]) -> None:
    """Write charges.

    Raises RefusedError if a number is used twice in the visit.
    """
    try:
        office.books.add_lines(lines)
    except sqlite3.IntegrityError as error:
        raise RefusedError("feedetl_sn 单次就诊内重复") from error


def line_of(office: Office, row: dict[str, Any]) -> Line:
    """Return a charge as it was sent.

    Raises RefusedError if it is negative, or its amount is not quantity times price.
    """
    amount_fen = fen_of(row["det_item_fee_sumamt"])
    cnt, pric = decimal_of(row["cnt"]), decimal_of(row["pric"])
    if amount_fen < 0 or cnt <= 0 or pric < 0:
        raise RefusedError(f"feedetl_sn {row['feedetl_sn']} 金额、数量不能为负")
    check_product(row, cnt, pric, amount_fen)
    return Line(
        amount_fen=amount_fen,
        cnt=cnt,
        pric=pric,
        item=office.catalogue.get(row["med_list_codg"], UNKNOWN_ITEM),
        hosp_appr_flag=row.get("hosp_appr_flag") or "0",
    )


def check_product(row: dict[str, Any], cnt: Decimal, pric: Decimal, amount_fen: int) -> None:
    """Check that an amount is quantity times price.

    Raises RefusedError. Hospitals round the product to fen each in its own way, so less than one
    fen is no error.
    """
    if abs(cnt * pric * 100 - amount_fen) >= 1:
        raise RefusedError(f"feedetl_sn {row['feedetl_sn']} det_item_fee_sumamt不等于数量乘单价")


def fee_line(mdtrt_id: str, row: dict[str, Any], line: Line, split: LineSplit) -> FeeLine:
    """Return a charge as the books keep it."""
    return FeeLine(
        mdtrt_id=mdtrt_id,
        feedetl_sn=int(row["feedetl_sn"]),
        chrg_bchno=row.get("chrg_bchno") or "",
        med_list_codg=row["med_list_codg"],
        medins_list_codg=row["medins_list_codg"],
        cnt=str(line.cnt),
        pric=str(line.pric),
        amount_fen=line.amount_fen,
        fulamt_ownpay_fen=split.fulamt_ownpay_amt,
        overlmt_fen=split.overlmt_amt,
        preselfpay_fen=split.preselfpay_amt,
        inscp_scp_fen=split.inscp_scp_amt,
        init_feedetl_sn=int(row.get("init_feedetl_sn") or 0),
        fee_ocur_time=row["fee_ocur_time"],
        sent=orjson.dumps({name: row[name] for name in _SENT if row.get(name)}).decode(),
    )


def result_of(row: dict[str, Any], line: Line, split: LineSplit) -> dict[str, Any]:
    """Return what is answered of a charge."""
    item = line.item
    return {
        "feedetl_sn": str(row["feedetl_sn"]),
        "det_item_fee_sumamt": yuan_json(line.amount_fen),
        "cnt": row["cnt"],
        "pric": row["pric"],
        "fulamt_ownpay_amt": yuan_json(split.fulamt_ownpay_amt),
        "overlmt_amt": yuan_json(split.overlmt_amt),
        "preselfpay_amt": yuan_json(split.preselfpay_amt),
        "inscp_scp_amt": yuan_json(split.inscp_scp_amt),
        **of_item(item),
        "memo": "目录外项目" if item is UNKNOWN_ITEM else "",
        "exp_content": "",
    }


def of_item(item: Item) -> dict[str, Any]:
    """Return what answers say of the catalogue's item."""
    return {
        "pric_uplmt_amt": yuan_json(item.price_cap_fen or 0),
        "selfpay_prop": float(item.selfpay_prop),
        "chrgitm_lv": item.chrgitm_lv,
        "med_chrgitm_type": item.chrgitm_type,
        "bas_medn_flag": "0",
        "hi_nego_drug_flag": "0",
        "chld_medc_flag": "0",
        "list_sp_item_flag": "0",
        "lmt_used_flag": item.lmt_used_flag,
        "drt_reim_flag": "0",
    }


def take_back(office: Office, message: Message) -> dict[str, Any]:
    """Answer 2205 门诊费用明细信息撤销; ``chrg_bchno`` 0000 is all unsettled charges.

    Raises RefusedError if the named batch is settled or was never uploaded.
    """
    data = message.input["data"]
    visit = own_visit(
        office, message, mdtrt_id=data["mdtrt_id"], psn_no=data["psn_no"], kind="outpatient"
    )
    batch = data["chrg_bchno"]
    if batch == ALL_BATCHES:
        office.books.drop_unsettled(visit.mdtrt_id, None)
    elif not office.books.drop_unsettled(visit.mdtrt_id, batch):
        settled = office.books.has_batch(visit.mdtrt_id, batch)
        raise RefusedError(f"chrg_bchno {batch}{'已结算' if settled else '不存在'}")
    return {}


CHANGING: dict[str, Handler] = {"2204": upload, "2205": take_back}
