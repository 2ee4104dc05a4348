"""Settlement lists (医疗保障基金结算清单) 4101–4105, and self-payers' charges 4201.

A list is kept as it came, and judged twice: what contradicts the books is refused at once; what is
missing or odd is found by quality control (质控), which 4104 tells. A list may be sent again, and
replaces the one before, until it is submitted (4102).
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import orjson

from counterparts.insurer.amounts import decimal_of, fen_of, half_up, yuan_json
from counterparts.insurer.errors import RefusedError
from counterparts.insurer.fields import transactions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from counterparts.insurer.office import Handler, Message, Office
    from counterparts.insurer.records import Settlement

OPEN, SUBMITTED = "0", "1"
_SERIOUS, _SLIGHT = "1", "2"
_PASSED, _FAILED = "1", "0"
_INPATIENT = ("2", "52")
_CHRONIC = ("14", "9901")
_MAIN = "1"
_VERSION = "QC-1"
_HUNDRED = Decimal(100)
_ACCOUNT = "310200"
_PUT = (
    "INSERT INTO settlement_lists (setl_list_id, fixmedins_code, setl_id, psn_no, mdtrt_id,"
    " content, faults, uploaded_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (setl_id) DO UPDATE SET content = excluded.content, faults = excluded.faults,"
    " uploaded_at = excluded.uploaded_at"
    " RETURNING setl_list_id"
)
_FIND = (
    "SELECT setl_list_id, psn_no, mdtrt_id, stas_type, content, faults, uploaded_at"
    " FROM settlement_lists WHERE fixmedins_code = ? AND setl_id = ?"
)
_OF_MONTH = (
    "SELECT l.setl_id, l.psn_no, l.faults, l.uploaded_at FROM settlement_lists l"
    " JOIN settlements s ON s.setl_id = l.setl_id AND s.refd_setl_flag = '0'"
    " WHERE l.fixmedins_code = ? AND substr(s.setl_time, 1, 7) = ? ORDER BY l.seq"
)
_ADD_SELF_PAID = (
    "INSERT INTO self_paid_lines (fixmedins_code, mdtrt_sn, chrg_bchno, feedetl_sn, certno,"
    " med_list_codg, amount_fen, fee_ocur_time, uploaded_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


def upload_list(office: Office, message: Message) -> dict[str, Any]:
    """Answer 4101 结算清单上传 with the list's number; sent again it keeps its number.

    Raises RefusedError if there is no such settlement of this institution, it was undone, what the
    funds paid is not as on the books, or the list was submitted.
    """
    about = message.input["setlinfo"]
    settled = _own(office, message, about)
    if office.books.is_undone(settled.setl_id):
        raise RefusedError(f"setl_id {settled.setl_id}已撤销")
    if about["biz_sn"] != settled.medins_setl_id:
        raise RefusedError("biz_sn(业务流水号) 与结算信息不符")
    _check_payments(message.input.get("payinfo") or [], settled)
    known = office.books.db.execute(_FIND, (settled.fixmedins_code, settled.setl_id)).fetchone()
    if known is not None and known[3] == SUBMITTED:
        raise RefusedError("结算清单已提交，不可修改")
    values = (
        f"{office.books.counted('lists'):09d}",
        *(settled.fixmedins_code, settled.setl_id, settled.psn_no, settled.mdtrt_id),
        orjson.dumps(message.input).decode(),
        orjson.dumps([*_faults(office, message, settled)]).decode(),
        message.inf_time,
    )
    (number,) = office.books.db.execute(_PUT, values).fetchone()
    return {"data": {"setl_list_id": number}}


def _own(office: Office, message: Message, said: dict[str, Any]) -> Settlement:
    settled = office.books.settlement(said.get("setl_id") or "")
    code = message.institution.fixmedins_code
    if settled is None or settled.fixmedins_code != code:
        raise RefusedError(f"setl_id {said.get('setl_id') or ''}不存在")
    for name in ("psn_no", "mdtrt_id"):
        if said.get(name) and said[name] != getattr(settled, name):
            raise RefusedError(f"{name} 与结算信息不符")
    return settled


def _check_payments(rows: list[dict[str, Any]], settled: Settlement) -> None:
    said_fen = sum(fen_of(row["fund_payamt"]) for row in rows if row["fund_pay_type"] != _ACCOUNT)
    if said_fen != settled.fund_pay_sumamt:
        raise RefusedError("payinfo 与结算信息的基金支付不符")


def _faults(office: Office, message: Message, settled: Settlement) -> Iterator[dict[str, str]]:
    """Yield what quality control finds; a serious fault sends the list back."""
    about, is_inpatient = message.input["setlinfo"], settled.med_type.startswith(_INPATIENT)
    receipt = office.books.db.execute(
        "SELECT 1 FROM receipts WHERE fixmedins_code = ? AND code = ? AND number = ?"
        " AND setl_id = ? AND check_result = '1'",
        (settled.fixmedins_code, about["bill_code"], about["bill_no"], settled.setl_id),
    ).fetchone()
    if receipt is None:
        yield _fault("bill_no", "票据未上传或不是本次结算的票据", _SLIGHT, about["bill_no"])
    if settled.med_type in _CHRONIC and not about.get("opsp_mdtrt_date"):
        yield _fault("opsp_mdtrt_date", "门诊慢特病就诊日期为空", _SLIGHT, "")
    if not is_inpatient:
        return
    for name, text in (
        ("adm_time", "入院时间为空"),
        ("dscg_time", "出院时间为空"),
        ("dscg_way", "离院方式为空"),
        ("medcasno", "病案号为空"),
    ):
        if not about.get(name):
            yield _fault(name, text, _SERIOUS, "")
    diagnoses = message.input.get("diseinfo") or []
    if sum(row["maindiag_flag"] == _MAIN for row in diagnoses) != 1:
        yield _fault("maindiag_flag", "住院诊断应有且只有一个主诊断", _SERIOUS, str(len(diagnoses)))
    if about.get("adm_time") and (about.get("dscg_time") or "9") < about["adm_time"]:
        yield _fault("dscg_time", "出院时间早于入院时间", _SERIOUS, about["dscg_time"])


def _fault(field: str, text: str, level: str, value: str) -> dict[str, str]:
    return {
        "exam_data_fld": field,
        "qltctrl_chk_rslt": text,
        "err_lv": level,
        "retn_flag": "1" if level == _SERIOUS else "0",
        "init_val": value[:60] or "空",
    }


def change_state(office: Office, message: Message) -> dict[str, Any]:
    """Answer 4102 结算清单状态修改: 0 may be changed, 1 submitted.

    Raises RefusedError if there is no such list, the state is neither, or quality control has sent
    the list back and it is to be submitted.
    """
    data = message.input["data"]
    _, _, _, _, _, faults, _ = _list_of(office, message, data)
    state = data.get("stas_type") or ""
    if state not in {OPEN, SUBMITTED}:
        raise RefusedError("stas_type 应为0未提交或1已提交")
    if state == SUBMITTED and any(one["retn_flag"] == "1" for one in orjson.loads(faults)):
        raise RefusedError("结算清单质控未通过，不能提交")
    query = "UPDATE settlement_lists SET stas_type = ? WHERE setl_id = ?"
    office.books.db.execute(query, (state, data["setl_id"]))
    return {}


def _list_of(office: Office, message: Message, data: dict[str, Any]) -> tuple[Any, ...]:
    settled = _own(office, message, data)
    found = office.books.db.execute(_FIND, (settled.fixmedins_code, settled.setl_id)).fetchone()
    if found is None:
        raise RefusedError(f"setl_id {settled.setl_id}未上传结算清单")
    return tuple(found)


def query_list(office: Office, message: Message) -> dict[str, Any]:
    """Answer 4103 结算清单查询: what was uploaded, and the sums as the books have them.

    Raises RefusedError if there is no such list.
    """
    data = message.input["data"]
    number, _, _, state, content, _, _ = _list_of(office, message, data)
    settled = _own(office, message, data)
    uploaded = orjson.loads(content)
    wanted = {field.name for field in transactions()["4103", "out"]["setlinfo"]}
    about = {name: value for name, value in uploaded["setlinfo"].items() if name in wanted}
    about |= {
        "stas_type": state,
        "insutype": settled.insutype,
        "setl_time": settled.setl_time,
        "psn_selfpay": yuan_json(settled.preselfpay_amt),
        "psn_ownpay": yuan_json(settled.fulamt_ownpay_amt),
        "acct_pay": yuan_json(settled.acct_pay),
        "psn_cashpay": yuan_json(settled.psn_cash_pay),
    }
    ids = {name: getattr(settled, name) for name in ("setl_id", "psn_no", "mdtrt_id")}
    return {
        "setlinfo": about,
        "payinfo": [ids | row for row in uploaded.get("payinfo") or []],
        "diseinfo": [
            ids | row | {"setl_list_diag_id": f"{number}{place:03d}"}
            for place, row in enumerate(uploaded.get("diseinfo") or [], 1)
        ],
        "iteminfo": [*_items(office, settled, ids)],
    }


def _items(office: Office, settled: Settlement, ids: dict[str, str]) -> Iterator[dict[str, Any]]:
    """Yield the charges of a settlement by kind (med_chrgitm_type) and class, from the books."""
    query = (
        "SELECT med_list_codg, amount_fen, fulamt_ownpay_fen FROM fee_lines"
        " WHERE mdtrt_id = ? AND setl_id = ?"
    )
    sums: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    rows = office.books.db.execute(query, (settled.mdtrt_id, settled.setl_id))
    for code, fen, own_fen in rows.fetchall():
        item = office.catalogue.get(code)
        kind, level = (item.chrgitm_type, item.chrgitm_lv) if item else ("14", "03")
        sums[kind]["sum"] += fen
        sums[kind]["own"] += own_fen
        sums[kind][level] += fen - own_fen
    for kind, parts in sorted(sums.items()):
        covered = parts["01"] + parts["02"] + parts["own"]
        yield ids | {
            "med_chrgitm_type": kind,
            "item_sumamt": yuan_json(parts["sum"]),
            "item_claa_sumfee": yuan_json(parts["01"]),
            "item_clab_amt": yuan_json(parts["02"]),
            "item_fulamt_ownpay_amt": yuan_json(parts["own"]),
            "item_ownpay_amt": yuan_json(parts["sum"] - covered),
        }


def quality(office: Office, message: Message) -> dict[str, Any]:
    """Answer 4104 质控结果查询: the lists of a month with what is wrong, page by page."""
    data = message.input["data"]
    month = f"{data['setl_ym'][:4]}-{data['setl_ym'][4:6]}"
    code = message.institution.fixmedins_code
    rows = [
        _checked(office, message, data["setl_ym"], row)
        for row in office.books.db.execute(_OF_MONTH, (code, month)).fetchall()
    ]
    asked = {
        name: data[name] for name in ("setl_id", "psn_no", "err_lv", "retn_flag") if data.get(name)
    }
    found = [row for row in rows if asked.items() <= row.items()]
    size, page = int(data["page_size"]), int(data["page_num"])
    if size < 1 or page < 1:
        raise RefusedError("page_num、page_size 应为正整数")
    return {"data": found[(page - 1) * size : page * size]}


def _checked(office: Office, message: Message, month: str, row: tuple[Any, ...]) -> dict[str, Any]:
    setl_id, psn_no, text, at = row
    faults = orjson.loads(text)
    person = office.books.person(psn_no)
    if person is None:
        raise RefusedError(f"人员编号{psn_no}不存在")
    sent_back = any(one["retn_flag"] == "1" for one in faults)
    return {
        "fixmedins_code": message.institution.fixmedins_code,
        "fixmedins_name": message.institution.fixmedins_name,
        "setl_ym": month,
        "setl_id": setl_id,
        "psn_no": psn_no,
        "psn_name": person.psn_name,
        "qltctrl_rslt": _FAILED if sent_back else _PASSED,
        "err_lv": min((one["err_lv"] for one in faults), default="0"),
        "retn_flag": "1" if sent_back else "0",
        "qltctrl_ver": _VERSION,
        "psn_cert_type": person.psn_cert_type,
        "cert_no": person.certno,
        "detailinfo": faults,
        "qltctrl_time": at,
        "grp_stas": "",
    }


def counts(office: Office, message: Message) -> dict[str, Any]:
    """Answer 4105 数量统计: settlements of a time that need a list, and those that have one."""
    data = message.input["data"]
    kinds = data["medtype_list"]
    if not isinstance(kinds, list) or data["fixmedins_code"] != message.institution.fixmedins_code:
        raise RefusedError("medtype_list 应为列表，fixmedins_code 应为本机构")
    settled = [
        row
        for row in office.books.settlements_between(data["stt_begntime"], data["stt_endtime"])
        if row.fixmedins_code == data["fixmedins_code"] and row.med_type in kinds
    ]
    undone = {row.setl_id for row in settled if row.refd_setl_flag == "1"}
    if data.get("refdset_flag") == "1":
        undone = set()
    needed = {row.setl_id for row in settled} - undone
    query = "SELECT setl_id FROM settlement_lists WHERE fixmedins_code = ?"
    rows = office.books.db.execute(query, (data["fixmedins_code"],)).fetchall()
    uploaded = needed & {setl_id for (setl_id,) in rows}
    return {"needUploadCnt": len(needed), "uploadedCnt": len(uploaded)}


def self_paid(office: Office, message: Message) -> dict[str, Any]:
    """Answer 4201 自费病人费用明细上传; a line of a visit is taken once.

    Raises RefusedError if an amount is not quantity times price, or a line is known already.
    """
    code = message.institution.fixmedins_code
    for at, row in enumerate(message.input["feedetail"], 1):
        amount_fen = fen_of(row["det_item_fee_sumamt"])
        product = decimal_of(row["cnt"]) * decimal_of(row["pric"]) * _HUNDRED
        if amount_fen != half_up(product):
            raise RefusedError(f"feedetail[{at}].det_item_fee_sumamt 不等于数量乘单价")
        numbers = (row["mdtrt_sn"], row["chrg_bchno"], row["feedetl_sn"])
        values = (
            *(code, *numbers, row["certno"], row["med_list_codg"]),
            *(amount_fen, row["fee_ocur_time"], message.inf_time),
        )
        try:
            office.books.db.execute(_ADD_SELF_PAID, values)
        except sqlite3.IntegrityError as error:
            raise RefusedError(f"feedetail[{at}].feedetl_sn {row['feedetl_sn']}已上传") from error
    return {}


def self_paid_sums(office: Office, fixmedins_code: str) -> dict[str, int]:
    """Return how many visits and lines of self-payers an institution has uploaded, and the sum."""
    query = (
        "SELECT count(DISTINCT mdtrt_sn), count(*), coalesce(sum(amount_fen), 0)"
        " FROM self_paid_lines WHERE fixmedins_code = ?"
    )
    visits, lines, fen = office.books.db.execute(query, (fixmedins_code,)).fetchone()
    return {"visits": visits, "lines": lines, "amount_fen": fen}


def lists_kept(office: Office, fixmedins_code: str) -> list[dict[str, Any]]:
    """Return the lists of an institution with their state and faults, oldest first."""
    query = (
        "SELECT setl_list_id, setl_id, stas_type, content, faults FROM settlement_lists"
        " WHERE fixmedins_code = ? ORDER BY seq"
    )
    rows = office.books.db.execute(query, (fixmedins_code,)).fetchall()
    return [
        {
            "setl_list_id": number,
            "setl_id": setl_id,
            "stas_type": state,
            "content": orjson.loads(content),
            "faults": orjson.loads(faults),
        }
        for number, setl_id, state, content, faults in rows
    ]


CHANGING: dict[str, Handler] = {
    "4101": upload_list,
    "4102": change_state,
    "4201": self_paid,
}
ASKING: dict[str, Handler] = {"4103": query_list, "4104": quality, "4105": counts}
