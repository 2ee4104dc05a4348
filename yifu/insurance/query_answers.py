"""What the insurer's queries tell, as plain values (NHSA 1201, 2001, 5201–5206, 5301–5304).

Readers take an `output` that the gateway has let through. Their rows may come as a list, as one
object, or without the node that the table names them by (5204, 5303, 5304): all are understood.
Amounts become fen, an end that is never (9999) becomes None. Every reader raises
`UnreadableAnswer` for what is missing or no date, and `SplitError("amount")` for what is no money.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from yifu.insurance.answers import Output, UnreadableAnswer
from yifu.insurance.fields import ROWS, read_date, read_time
from yifu.insurance.rules import fen, fen_or_zero

Row = Mapping[str, Any]
_T = TypeVar("_T")

_YES = "1"
_MAIN = "1"
_IN_HOSPITAL = "1"
_NEVER = 9999
_DATE_CHARACTERS = 10
_FEN_PER_YUAN = 100


@dataclass(frozen=True, slots=True)
class Designated:
    """A designated institution (NHSA 1201); `level` is `hosp_lv`, "" for a pharmacy."""

    code: str
    name: str
    kind: str
    level: str


@dataclass(frozen=True, slots=True)
class Benefit:
    """Whether a fund pays for a person now (NHSA 2001); `reason` says why it does not."""

    fund: str
    enjoyed: bool
    begins_on: date
    ends_on: date | None
    reason: str


@dataclass(frozen=True, slots=True)
class Stay:
    """What a visit has besides when somebody lay in hospital (NHSA 5201)."""

    department: str
    bed: str
    in_hospital: bool
    days: int
    discharge_department: str
    discharge_way: str


@dataclass(frozen=True, slots=True)
class VisitThere:
    """A visit as the insurer has it (NHSA 5201); `stay` is None for one outside hospital."""

    mdtrt_id: str
    visit_no: str
    med_type: str
    insutype: str
    began_at: datetime
    ended_at: datetime | None
    department: str
    doctor: str
    disease_code: str
    disease_name: str
    stay: Stay | None


@dataclass(frozen=True, slots=True)
class DiagnosisThere:
    """A diagnosis of a visit (NHSA 5202); `stage` is `inout_diag_type`."""

    code: str
    name: str
    rank: int
    main: bool
    stage: str
    department: str
    doctor: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class ChargeThere:
    """A charge with its split (NHSA 5204); the unit price in fen, with its decimals."""

    feedetl_sn: str
    setl_id: str
    national_code: str
    local_code: str
    name: str
    occurred_at: datetime
    quantity: Decimal
    unit_price_fen: Decimal
    amount_fen: int
    own_fen: int
    over_fen: int
    presel_fen: int
    inscp_fen: int


@dataclass(frozen=True, slots=True)
class DrugGiven:
    """A drug of somebody's chronic disease, from any institution (NHSA 5205)."""

    institution: str
    given_at: datetime
    national_code: str
    name: str
    specification: str
    quantity: Decimal
    unit_price_fen: Decimal


@dataclass(frozen=True, slots=True)
class Accumulation:
    """What a year has come to so far (NHSA 5206).

    `cum_type_code` is the area's own; `value` what it counts, in the area's unit (mostly yuan).
    """

    insutype: str
    year: int
    cum_ym: str
    cum_type_code: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class ChronicThere:
    """A chronic disease filed for a person (NHSA 5301)."""

    code: str
    name: str
    begins_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class PlaceThere:
    """A fixed place of a person (NHSA 5302)."""

    rank: str
    code: str
    name: str
    begins_on: date
    ends_on: date | None
    note: str


@dataclass(frozen=True, slots=True)
class Inpatient:
    """Somebody who is in hospital (NHSA 5303)."""

    mdtrt_id: str
    psn_no: str
    visit_no: str
    med_type: str
    insutype: str
    began_on: date


@dataclass(frozen=True, slots=True)
class TransferThere:
    """A transfer filed for a person (NHSA 5304); `to_code` is "" where the area does not say."""

    to_code: str
    to_name: str
    diagnosis_code: str
    diagnosis_name: str
    on: date
    reason: str
    begins_on: date
    ends_on: date | None


def read_institution(output: Output) -> Designated | None:
    """Take the institution out of 1201; None when there is none."""
    found = _rows(output, "medinsinfo", "fixmedins_code", _institution)
    return found[0] if found else None


def _institution(row: Row) -> Designated:
    return Designated(
        code=_text(row, "fixmedins_code"),
        name=_text(row, "fixmedins_name"),
        kind=_text(row, "fixmedins_type"),
        level=_said(row, "hosp_lv"),
    )


def read_benefits(output: Output) -> tuple[Benefit, ...]:
    """Take what every fund says out of 2001."""
    return _rows(output, "trtinfo", "fund_pay_type", _benefit)


def _benefit(row: Row) -> Benefit:
    return Benefit(
        fund=_text(row, "fund_pay_type"),
        enjoyed=_text(row, "trt_enjymnt_flag") == _YES,
        begins_on=_day(row, "begndate"),
        ends_on=_end(row, "enddate"),
        reason=_said(row, "trt_chk_rslt"),
    )


def read_visits(output: Output) -> tuple[VisitThere, ...]:
    """Take the visits out of 5201."""
    return _rows(output, "mdtrtinfo", "mdtrt_id", _visit)


def _visit(row: Row) -> VisitThere:
    return VisitThere(
        mdtrt_id=_text(row, "mdtrt_id"),
        visit_no=_said(row, "ipt_otp_no"),
        med_type=_text(row, "med_type"),
        insutype=_text(row, "insutype"),
        began_at=_time(row, "begntime"),
        ended_at=_time(row, "endtime") if _said(row, "endtime") else None,
        department=_said(row, "adm_dept_name"),
        doctor=_said(row, "chfpdr_name"),
        disease_code=_said(row, "dise_codg"),
        disease_name=_said(row, "dise_name"),
        stay=_stay(row),
    )


def _stay(row: Row) -> Stay | None:
    """Tell a stay by what only a stay has; a visit outside hospital says 0 days, or nothing."""
    stay = Stay(
        department=_said(row, "adm_dept_name"),
        bed=_said(row, "adm_bed"),
        in_hospital=_said(row, "inhosp_stas") == _IN_HOSPITAL,
        days=int(_decimal(row, "ipt_days")) if _said(row, "ipt_days") else 0,
        discharge_department=_said(row, "dscg_dept_name"),
        discharge_way=_said(row, "dscg_way"),
    )
    is_stay = stay.in_hospital or stay.days or stay.bed or stay.discharge_way
    return stay if is_stay else None


def read_diagnoses(output: Output) -> tuple[DiagnosisThere, ...]:
    """Take the diagnoses out of 5202, in their order."""
    found = _rows(output, "diseinfo", "diag_code", _diagnosis)
    return tuple(sorted(found, key=lambda one: one.rank))


def _diagnosis(row: Row) -> DiagnosisThere:
    return DiagnosisThere(
        code=_text(row, "diag_code"),
        name=_text(row, "diag_name"),
        rank=int(_decimal(row, "diag_srt_no")),
        main=_text(row, "maindiag_flag") == _MAIN,
        stage=_text(row, "inout_diag_type"),
        department=_text(row, "diag_dept"),
        doctor=_text(row, "dise_dor_name"),
        made_at=_time(row, "diag_time"),
    )


def read_charges(output: Output) -> tuple[ChargeThere, ...]:
    """Take the charges of a settlement out of 5204."""
    return _rows(output, ROWS, "feedetl_sn", _charge)


def _charge(row: Row) -> ChargeThere:
    return ChargeThere(
        feedetl_sn=_text(row, "feedetl_sn"),
        setl_id=_text(row, "setl_id"),
        national_code=_text(row, "med_list_codg"),
        local_code=_text(row, "medins_list_codg"),
        name=_text(row, "medins_list_name"),
        occurred_at=_time(row, "fee_ocur_time"),
        quantity=_decimal(row, "cnt"),
        unit_price_fen=_decimal(row, "pric") * _FEN_PER_YUAN,
        amount_fen=fen(row.get("det_item_fee_sumamt"), field="det_item_fee_sumamt"),
        own_fen=fen_or_zero(row.get("fulamt_ownpay_amt"), field="fulamt_ownpay_amt"),
        over_fen=fen_or_zero(row.get("overlmt_amt"), field="overlmt_amt"),
        presel_fen=fen_or_zero(row.get("preselfpay_amt"), field="preselfpay_amt"),
        inscp_fen=fen_or_zero(row.get("inscp_scp_amt"), field="inscp_scp_amt"),
    )


def read_drugs(output: Output) -> tuple[DrugGiven, ...]:
    """Take the drugs out of 5205."""
    return _rows(output, "feedetail", "feedetl_sn", _drug)


def _drug(row: Row) -> DrugGiven:
    return DrugGiven(
        institution=_text(row, "fixmedins_name"),
        given_at=_time(row, "fee_ocur_time"),
        national_code=_text(row, "med_list_codg"),
        name=_text(row, "hilist_name"),
        specification=_said(row, "spec"),
        quantity=_decimal(row, "cnt"),
        unit_price_fen=_decimal(row, "pric") * _FEN_PER_YUAN,
    )


def read_accumulations(output: Output) -> tuple[Accumulation, ...]:
    """Take the accumulations out of 5206."""
    return _rows(output, "cuminfo", "cum_type_code", _accumulation)


def _accumulation(row: Row) -> Accumulation:
    year = _text(row, "year")
    if not (year.isascii() and year.isdigit()):
        raise UnreadableAnswer("year")
    return Accumulation(
        insutype=_text(row, "insutype"),
        year=int(year),
        cum_ym=_text(row, "cum_ym"),
        cum_type_code=_text(row, "cum_type_code"),
        value=_decimal(row, "cum"),
    )


def read_chronic(output: Output) -> tuple[ChronicThere, ...]:
    """Take the chronic diseases filed out of 5301."""
    return _rows(output, "feedetail", "opsp_dise_code", _chronic)


def _chronic(row: Row) -> ChronicThere:
    return ChronicThere(
        code=_text(row, "opsp_dise_code"),
        name=_text(row, "opsp_dise_name"),
        begins_on=_day(row, "begndate"),
        ends_on=_end(row, "enddate"),
    )


def read_places(output: Output) -> tuple[PlaceThere, ...]:
    """Take the fixed places out of 5302."""
    return _rows(output, "psnfixmedin", "fix_srt_no", _place)


def _place(row: Row) -> PlaceThere:
    return PlaceThere(
        rank=_text(row, "fix_srt_no"),
        code=_text(row, "fixmedins_code"),
        name=_text(row, "fixmedins_name"),
        begins_on=_day(row, "begndate"),
        ends_on=_end(row, "enddate"),
        note=_said(row, "memo"),
    )


def read_inpatients(output: Output) -> tuple[Inpatient, ...]:
    """Take out of 5303 who is in hospital."""
    return _rows(output, ROWS, "mdtrt_id", _inpatient)


def _inpatient(row: Row) -> Inpatient:
    return Inpatient(
        mdtrt_id=_text(row, "mdtrt_id"),
        psn_no=_text(row, "psn_no"),
        visit_no=_said(row, "ipt_otp_no"),
        med_type=_text(row, "med_type"),
        insutype=_text(row, "insutype"),
        began_on=_day(row, "begndate"),
    )


def read_transfers(output: Output) -> tuple[TransferThere, ...]:
    """Take the transfers filed out of 5304."""
    return _rows(output, "refmedin", "refl_date", _transfer)


def _transfer(row: Row) -> TransferThere:
    return TransferThere(
        to_code=_said(row, "reflin_medins_no"),
        to_name=_text(row, "reflin_medins_name"),
        diagnosis_code=_said(row, "diag_code"),
        diagnosis_name=_said(row, "diag_name"),
        on=_day(row, "refl_date"),
        reason=_text(row, "refl_rea"),
        begins_on=_day(row, "begndate"),
        ends_on=_end(row, "enddate"),
    )


def _rows(output: Output, node: str, sign: str, read: Callable[[Row], _T]) -> tuple[_T, ...]:
    """Read the rows of a node, wherever they lie; `sign` is a field that every row has."""
    return tuple(read(row) for row in _found(output, node, sign))


def _found(output: Output, node: str, sign: str) -> Sequence[Row]:
    for value in (output.get(node), output.get(ROWS), output if sign in output else None):
        if value is not None:
            rows = value if isinstance(value, list) else [value]
            if not all(isinstance(row, dict) for row in rows):
                raise UnreadableAnswer(node)
            # One object with nothing in it is how some areas write "none".
            return [row for row in rows if row]
    return []


def _text(row: Row, name: str) -> str:
    said = _said(row, name)
    if not said:
        raise UnreadableAnswer(name)
    return said


def _said(row: Row, name: str) -> str:
    value = row.get(name)
    return "" if value is None else str(value).strip()


def _decimal(row: Row, name: str) -> Decimal:
    try:
        value = Decimal(_text(row, name))
    except InvalidOperation as error:
        raise UnreadableAnswer(name) from error
    if not value.is_finite():
        raise UnreadableAnswer(name)
    return value


def _time(row: Row, name: str) -> datetime:
    try:
        return read_time(_text(row, name))
    except ValueError as error:
        raise UnreadableAnswer(name) from error


def _day(row: Row, name: str) -> date:
    try:
        return read_date(_text(row, name)[:_DATE_CHARACTERS])
    except ValueError as error:
        raise UnreadableAnswer(name) from error


def _end(row: Row, name: str) -> date | None:
    if not _said(row, name):
        return None
    day = _day(row, name)
    return None if day.year == _NEVER else day
