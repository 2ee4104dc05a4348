"""The settlement list (医疗保障基金结算清单): 4101 upload, 4102 state, 4103–4105 questions. Pure.

Nothing is invented for it: what the platform does not know is left out, and `faults` tells which
fields the table, or the kind of care, still wants.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from yifu.insurance.answers import UnreadableAnswer
from yifu.insurance.fields import ROWS, Field, check, layout, write_time
from yifu.insurance.messages import Diagnosis
from yifu.insurance.rules import FundPart, yuan

Fields = dict[str, Any]

OPEN, SUBMITTED = "0", "1"
"""`stas_type`: may be changed, or not any more (NHSA 4102)."""

STAY_FIELDS: Final = ("medcasno", "adm_time", "dscg_time", "dscg_way")
"""What a list of an inpatient stay needs beyond what the table requires of every list."""

LISTED_MED_TYPES: Final = ("11", "13", "14", "21", "2101", "2102", "22", "28", "52")
"""`med_type` of care that settlement lists are counted for."""

_WESTERN = "1"
_YES, _NO = "1", "0"
_HEAD = "setlinfo"
_CONDITION = "adm_cond_type"
"""Of the diagnoses; one for all of them, because nobody tells the platform one for each."""
_REQUIRED = "required"
_MOST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementList:
    """What the platform knows of a settlement for its list.

    `stay` has what is known of an inpatient stay, by the list's own field names, and
    `supplement` what people have filled in, by the same.
    """

    psn_no: str
    mdtrt_id: str
    setl_id: str
    msgid: str
    bill_code: str
    bill_no: str
    began_on: date
    settled_on: date
    department_code: str
    doctor_code: str
    inpatient: bool
    diagnoses: tuple[Diagnosis, ...]
    funds: tuple[FundPart, ...]
    stay: Mapping[str, Any]
    supplement: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ListFault:
    """A field that a list lacks (`missing`) or has wrong, by the insurer's own name."""

    name: str
    missing: bool
    text: str


@dataclass(frozen=True, slots=True)
class QualityFault:
    """What quality control found in a list (NHSA 4104); a serious one sends it back."""

    name: str
    text: str
    serious: bool


@dataclass(frozen=True, slots=True)
class Quality:
    """The result of quality control of one list."""

    setl_id: str
    passed: bool
    faults: tuple[QualityFault, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many settlements of a time need a list, and how many have one (NHSA 4105)."""

    needed: int
    uploaded: int


def upload(content: SettlementList) -> Fields:
    """Upload the list of a settlement (NHSA 4101); empty fields and nodes are left out."""
    main = content.diagnoses[0] if content.diagnoses else None
    head = {
        "psn_no": content.psn_no,
        "mdtrt_id": content.mdtrt_id,
        "setl_id": content.setl_id,
        "biz_sn": content.msgid,
        "bill_code": content.bill_code,
        "bill_no": content.bill_no,
        "setl_begn_date": content.began_on.isoformat(),
        "setl_end_date": content.settled_on.isoformat(),
        "dscg_caty": content.department_code[:6],
        "chfpdr_code": content.doctor_code,
        "otp_wm_dise": main.name if main else "",
        "wm_dise_code": main.code if main else "",
        **content.stay,
        **content.supplement,
    }
    head.pop(_CONDITION, None)
    nodes: Fields = {
        _HEAD: {name: value for name, value in head.items() if value not in ("", None)},
        "payinfo": [
            {"fund_pay_type": part.kind, "fund_payamt": yuan(part.fen)}
            for part in content.funds
            if part.fen
        ],
    }
    if content.inpatient and content.diagnoses:
        nodes["diseinfo"] = _diagnoses(content)
    return nodes


def _diagnoses(content: SettlementList) -> list[Fields]:
    condition = content.stay.get(_CONDITION) or content.supplement.get(_CONDITION)
    return [
        {
            "diag_type": _WESTERN,
            "diag_code": one.code,
            "diag_name": one.name,
            _CONDITION: condition or "",
            "maindiag_flag": _YES if place == 0 else _NO,
        }
        for place, one in enumerate(content.diagnoses)
    ]


def faults(message: Fields, *, inpatient: bool) -> tuple[ListFault, ...]:
    """Tell what a list lacks or has wrong before it is sent, each field once."""
    found: dict[str, ListFault] = {}
    for violation in check("4101", "in", message):
        name = violation.place.split(".")[-1].split("[")[0]
        missing = violation.rule == _REQUIRED
        found.setdefault(name, ListFault(name, missing, "" if missing else violation.rule))
    if inpatient:
        for name in STAY_FIELDS:
            if not message[_HEAD].get(name):
                found.setdefault(name, ListFault(name, missing=True, text=""))
    return tuple(found.values())


def field_of(name: str) -> Field | None:
    """Give the field of a list by name; None for a name that no list has."""
    nodes = {node.name: node for node in layout("4101", "in")}
    if name in nodes[_HEAD].fields:
        return nodes[_HEAD].fields[name]
    return next((node.fields[name] for node in nodes.values() if name in node.fields), None)


def typed(field: Field, text: str) -> str | Decimal:
    """Give what was typed as the field's kind: a number where it is one, the text otherwise."""
    if field.kind != "n":
        return text
    try:
        return Decimal(text)
    except InvalidOperation:
        return text


def change_state(*, psn_no: str, setl_id: str, state: str) -> Fields:
    """Submit a list, or take it back for a change (NHSA 4102)."""
    return {"data": {"psn_no": psn_no, "setl_id": setl_id, "stas_type": state}}


def query(*, psn_no: str, setl_id: str) -> Fields:
    """Ask for a list as the insurer has it (NHSA 4103)."""
    return {"data": {"psn_no": psn_no, "setl_id": setl_id}}


def quality_query(*, month: date, page: int, fixmedins_code: str) -> Fields:
    """Ask what quality control found among a month's lists (NHSA 4104), a hundred a page."""
    return {
        "data": {
            "setl_ym": f"{month:%Y%m}",
            "page_num": page,
            "page_size": _MOST,
            "fixmedins_code": fixmedins_code,
        }
    }


def counts_query(
    *, fixmedins_code: str, med_types: Sequence[str], begin: datetime, end: datetime
) -> Fields:
    """Ask how many settlements of a time need a list and have one (NHSA 4105)."""
    return {
        "data": {
            "fixmedins_code": fixmedins_code,
            "medtype_list": list(med_types),
            "stt_begntime": write_time(begin),
            "stt_endtime": write_time(end),
        }
    }


def read_number(output: Mapping[str, Any]) -> str:
    """Take the list's number out of 4101. Raises `UnreadableAnswer`."""
    data = output.get("data")
    row = data[0] if isinstance(data, list) and data else data
    if not isinstance(row, dict) or not row.get("setl_list_id"):
        raise UnreadableAnswer("setl_list_id")
    return str(row["setl_list_id"])


def read_quality(output: Mapping[str, Any]) -> tuple[tuple[Quality, ...], bool]:
    """Take a page of results out of 4104, and whether there may be another page.

    Raises `UnreadableAnswer`.
    """
    rows = _rows(output.get(ROWS), ROWS)
    return tuple(_quality(row) for row in rows), len(rows) == _MOST


def _quality(row: Mapping[str, Any]) -> Quality:
    if not row.get("setl_id"):
        raise UnreadableAnswer("setl_id")
    found = tuple(
        QualityFault(
            name=str(one.get("exam_data_fld") or ""),
            text=str(one.get("qltctrl_chk_rslt") or ""),
            serious=str(one.get("retn_flag")) == _YES,
        )
        for one in _rows(row.get("detailinfo"), "detailinfo")
    )
    return Quality(str(row["setl_id"]), str(row.get("retn_flag")) != _YES, found)


def read_counts(output: Mapping[str, Any]) -> Counts:
    """Take both counts out of 4105. Raises `UnreadableAnswer`."""
    try:
        return Counts(int(output["needUploadCnt"]), int(output["uploadedCnt"]))
    except (KeyError, TypeError, ValueError, ArithmeticError) as error:
        raise UnreadableAnswer("needUploadCnt") from error


def _rows(value: object, node: str) -> list[Mapping[str, Any]]:
    rows = value if isinstance(value, list) else [] if value is None else [value]
    found: list[Mapping[str, Any]] = [row for row in rows if isinstance(row, dict)]
    if len(found) != len(rows):
        raise UnreadableAnswer(node)
    return found
