"""The audit service: 3101 事前, 3102 事中 and 3103, what the doctor decided.

Everything answered is kept (``audit_results``), because 3103 must name one of it. Nothing here
moves money: a violation is a warning, and what became of it is on the books for the insurer.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from counterparts.insurer.amounts import decimal_of, fen_of, yuan_json
from counterparts.insurer.audit_rules import Case, Order, Violation, judge
from counterparts.insurer.errors import RefusedError
from counterparts.insurer.office import insured_person, own_visit
from counterparts.insurer.records import LEVELS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from counterparts.insurer.office import Handler, Message, Office

BEFORE, DURING = "3101", "3102"
_WARN_TYPES = {"1": BEFORE, "2": DURING}
_GO_ON, _CHANGE = "1", "2"
_COMPUTED = "1"
_BY_ITEM = "2"
_CURRENT = "1"
_KEEP = (
    "INSERT INTO audit_results (jr_id, infno, msgid, fixmedins_code, psn_no, mdtrt_id, rule_id,"
    " sev_deg, vola_fen, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_FIND = "SELECT infno, fixmedins_code FROM audit_results WHERE jr_id = ?"
_DECIDE = "UPDATE audit_results SET dspo_way = ?, dspo_way_rea = ?, fed_back_at = ? WHERE jr_id = ?"
_SHOWN = (
    "jr_id",
    "infno",
    "fixmedins_code",
    "mdtrt_id",
    "rule_id",
    "sev_deg",
    "vola_fen",
    "at",
    "dspo_way",
    "dspo_way_rea",
)


def audit(office: Office, message: Message) -> dict[str, Any]:
    """Answer 3101 明细审核事前分析 and 3102 事中分析 with the violations; none is an empty list.

    Raises RefusedError if a person or the current visit is not who the message says, neither
    ``trig_scen`` nor ``rule_ids`` is given, or an order cannot be read.
    """
    data = message.input["data"]
    wanted = data.get("rule_ids") or []
    if not data.get("trig_scen") and not wanted:
        raise RefusedError("trig_scen(触发场景) 与rule_ids应指定其一")
    results = []
    for patient in data["patient_dtos"]:
        case, mdtrt_id = _case_of(office, message, patient)
        for violation in judge(case):
            if not wanted or violation.rule.rule_id in wanted:
                jr_id = (
                    f"{office.admdvs}{message.inf_time[:10]}J{office.books.counted('audits'):09d}"
                )
                results.append(_result(jr_id.replace("-", ""), patient["patn_id"], violation))
                _keep(office, message, results[-1], mdtrt_id=mdtrt_id, violation=violation)
    return {"result": results}


def _case_of(office: Office, message: Message, patient: dict[str, Any]) -> tuple[Case, str]:
    person = insured_person(office, message, patient["patn_id"])
    for name, wanted in (("gend", person.gend), ("brdy", person.brdy)):
        if patient[name][:10] != wanted:
            raise RefusedError(f"patient_dtos.{name} 与参保信息不符")
    current = patient["curr_mdtrt_id"]
    own_visit(office, message, mdtrt_id=current, psn_no=person.psn_no)
    encounters = patient["fsi_encounter_dtos"]
    mine = [one for one in encounters if one["mdtrt_id"] == current]
    if len(mine) != 1:
        raise RefusedError("curr_mdtrt_id 应是fsi_encounter_dtos中的一次就诊")
    about = mine[0]
    if about["medins_id"] != message.institution.fixmedins_code:
        raise RefusedError("medins_id 不是本机构")
    orders = tuple(order for one in encounters for order in _orders(one, current))
    if sum(one.sum_fen for one in orders if one.mdtrt_id == current) != fen_of(
        about["medfee_sumamt"]
    ):
        raise RefusedError("medfee_sumamt 与fsi_order_dtos合计不符")
    return Case(
        gend=person.gend,
        brdy=date.fromisoformat(person.brdy),
        day=date.fromisoformat(about["adm_date"][:10]),
        care=about["med_mdtrt_type"],
        med_type=about["med_type"],
        insutype=about["insutype"],
        level=LEVELS.get(about["medins_lv"], message.institution.level),
        orders=orders,
    ), current


def _orders(encounter: dict[str, Any], current: str) -> Iterator[Order]:
    seen: set[str] = set()
    for row in encounter["fsi_order_dtos"]:
        if row["rx_id"] in seen:
            raise RefusedError(f"rx_id {row['rx_id']}重复")
        seen.add(row["rx_id"])
        is_current = row["curr_drord_flag"] == _CURRENT and encounter["mdtrt_id"] == current
        yield Order(
            rx_id=row["rx_id"],
            mdtrt_id=encounter["mdtrt_id"],
            code=row["hilist_code"],
            name=row["hilist_name"],
            cnt=decimal_of(row["cnt"]),
            sum_fen=fen_of(row["sumamt"]),
            own_fen=fen_of(row["ownpay_amt"]),
            at=datetime.fromisoformat(row["drord_begn_date"]),
            days=_days(row.get("extend_order_map") or {}),
            current=is_current,
        )


def _days(extended: dict[str, Any]) -> int:
    try:
        return int(Decimal(str(extended.get("o_prdDays") or 1)))
    except (InvalidOperation, ValueError) as error:
        raise RefusedError("o_prdDays(周期天数) 应为数值") from error


def _result(jr_id: str, patn_id: str, violation: Violation) -> dict[str, Any]:
    first = violation.parts[0].order
    return {
        "jr_id": jr_id,
        "rule_id": violation.rule.rule_id,
        "rule_name": violation.rule.name,
        "vola_cont": violation.content,
        "patn_id": patn_id,
        "mdtrt_id": first.mdtrt_id,
        "judge_result_detail_dtos": [
            {
                "jrd_id": f"{jr_id}{place:03d}",
                "patn_id": patn_id,
                "mdtrt_id": part.order.mdtrt_id,
                "rx_id": part.order.rx_id,
                "vola_item_type": part.kind,
                "vola_amt": yuan_json(part.fen),
            }
            for place, part in enumerate(violation.parts, 1)
        ],
        "vola_amt": yuan_json(violation.fen),
        "vola_amt_stas": _COMPUTED,
        "sev_deg": violation.rule.sev_deg,
        "vola_evid": violation.rule.evidence,
        "vola_bhvr_type": _BY_ITEM,
        "task_id": "",
    }


def _keep(
    office: Office, message: Message, result: dict[str, Any], *, mdtrt_id: str, violation: Violation
) -> None:
    values = (
        result["jr_id"],
        message.infno,
        message.msgid,
        message.institution.fixmedins_code,
        result["patn_id"],
        mdtrt_id,
        result["rule_id"],
        result["sev_deg"],
        violation.fen,
        message.inf_time,
    )
    office.books.db.execute(_KEEP, values)


def feed_back(office: Office, message: Message) -> dict[str, Any]:
    """Answer 3103 事前事中服务反馈: keep what the doctor decided; said again, it replaces.

    Raises RefusedError if a warning is not one that this institution was given by that service,
    a way is unknown, or the reason for going on is missing.
    """
    data = message.input["data"]
    infno = _WARN_TYPES.get(data["warn_type"])
    if infno is None:
        raise RefusedError(f"warn_type 代码{data['warn_type']}不在字典中")
    for warning in data["warns"]:
        jr_id, way = warning["warn_rslt_id"], warning["dspo_way"]
        reason = (warning.get("dspo_way_rea") or "").strip()
        found = office.books.db.execute(_FIND, (jr_id,)).fetchone()
        if found != (infno, message.institution.fixmedins_code):
            raise RefusedError(f"warn_rslt_id {jr_id}不存在")
        if way not in {_GO_ON, _CHANGE}:
            raise RefusedError(f"dspo_way 代码{way}不在字典中")
        if way == _GO_ON and not reason:
            raise RefusedError("dspo_way_rea(处理原因) dspo_way为1时必填")
        office.books.db.execute(_DECIDE, (way, reason, message.inf_time, jr_id))
    return {}


def kept(office: Office, fixmedins_code: str) -> list[dict[str, Any]]:
    """Return what an institution was told, and what became of it, oldest first."""
    query = f"SELECT {', '.join(_SHOWN)} FROM audit_results WHERE fixmedins_code = ? ORDER BY seq"  # noqa: S608 - names from this module
    rows = office.books.db.execute(query, (fixmedins_code,)).fetchall()
    return [dict(zip(_SHOWN, row, strict=True)) for row in rows]


CHANGING: dict[str, Handler] = {BEFORE: audit, DURING: audit, "3103": feed_back}
