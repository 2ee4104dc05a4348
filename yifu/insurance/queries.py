"""Asking the insurer what it has: institutions, benefits, visits, settlements, filings.

Every question is written down before it is sent and after it is answered, like every message
(`exchanges`), and changes nothing there. All of these must be called outside any transaction; they
raise `InsurerRefused`, `InsurerUnavailable` (also when no answer came), `InsurerNonsense` for an
answer that cannot be understood, and `NotConnected`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, TypeVar

from yifu import clock
from yifu.insurance import answers, query_answers
from yifu.insurance.answers import Output, Settled, UnreadableAnswer
from yifu.insurance.errors import InsurerNonsense, InsurerRefused
from yifu.insurance.exchanges import Envelope, exchange
from yifu.insurance.fields import write_time
from yifu.insurance.messages import UNKNOWN_SETTLEMENT, Input
from yifu.insurance.models import ExchangeState
from yifu.insurance.persons import Known, told
from yifu.insurance.query_answers import (
    Accumulation,
    Benefit,
    ChargeThere,
    ChronicThere,
    Designated,
    DiagnosisThere,
    DrugGiven,
    Inpatient,
    PlaceThere,
    TransferThere,
    VisitThere,
)
from yifu.insurance.rules import SplitError
from yifu.insurance.services import sign_number

HOSPITAL, PHARMACY = "1", "2"
"""`fixmedins_type` of a hospital and of a pharmacy."""

_LAST_SECOND: Final = time(23, 59, 59)
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Span:
    """From an instant to an instant, both included."""

    begins_at: datetime
    ends_at: datetime

    @classmethod
    def of_days(cls, first: date, last: date) -> "Span":
        """Give the time from the beginning of a day to the end of another, in China."""
        begins, ends = (
            datetime.combine(day, at, tzinfo=clock.CHINA)
            for day, at in ((first, time.min), (last, _LAST_SECOND))
        )
        return cls(begins, ends)

    @classmethod
    def around(cls, at: datetime, *, days: int) -> "Span":
        """Give the days around an instant."""
        day = clock.business_date(at)
        return cls.of_days(day - timedelta(days=days), day + timedelta(days=days))

    @property
    def wire(self) -> dict[str, str]:
        """Both ends as messages write them."""
        return {"begntime": write_time(self.begins_at), "endtime": write_time(self.ends_at)}


def institution(
    institution_id: int, *, code: str, name: str, kind: str = HOSPITAL, now: datetime
) -> Designated | None:
    """Ask for a designated institution by its code and name (1201); None: there is none."""
    wanted = {"fixmedins_type": kind, "fixmedins_name": name, "fixmedins_code": code}
    sign_no = sign_number(institution_id, now=now)
    envelope = Envelope("1201", f"institution:{code}", {"medinsinfo": wanted}, "", sign_no)
    heard = exchange(institution_id, envelope, now=now)
    if heard.state == ExchangeState.REFUSED:
        return None
    return _understood(query_answers.read_institution, told(heard))


def benefits(
    who: Known, *, fixmedins_code: str, med_type: str, disease_code: str = "", now: datetime
) -> tuple[Benefit, ...]:
    """Ask which funds would pay for a visit that begins now, and why others would not (2001)."""
    data = {
        "psn_no": who.psn_no,
        "insutype": who.insutype,
        "fixmedins_code": fixmedins_code,
        "med_type": med_type,
        "begntime": write_time(now),
        "dise_codg": disease_code,
    }
    return _ask(who, "2001", data, query_answers.read_benefits, now=now)


def visits(
    who: Known, *, span: Span, med_type: str, mdtrt_id: str = "", now: datetime
) -> tuple[VisitThere, ...]:
    """Ask for a person's visits of one kind of care in a time, or for one of them (5201)."""
    data = {"psn_no": who.psn_no, **span.wire, "med_type": med_type, "mdtrt_id": mdtrt_id}
    return _ask(who, "5201", data, query_answers.read_visits, now=now)


def diagnoses(who: Known, *, mdtrt_id: str, now: datetime) -> tuple[DiagnosisThere, ...]:
    """Ask for the diagnoses of a visit (5202)."""
    data = {"mdtrt_id": mdtrt_id, "psn_no": who.psn_no}
    return _ask(who, "5202", data, query_answers.read_diagnoses, now=now)


def settlements(who: Known, *, mdtrt_id: str, now: datetime) -> tuple[Settled, ...]:
    """Ask for the settlements of a visit that stand (5203); none where the insurer has none."""
    try:
        return _settlements(who, mdtrt_id, UNKNOWN_SETTLEMENT, now=now)
    except InsurerRefused:
        return ()


def settlement(who: Known, *, mdtrt_id: str, setl_id: str, now: datetime) -> Settled | None:
    """Ask for one settlement by its number, reversed or not (5203); None: not on their books."""
    try:
        found = _settlements(who, mdtrt_id, setl_id, now=now)
    except InsurerRefused:
        return None
    return next((one for one in found if one.setl_id == setl_id), None)


def _settlements(who: Known, mdtrt_id: str, setl_id: str, *, now: datetime) -> tuple[Settled, ...]:
    data = {"psn_no": who.psn_no, "setl_id": setl_id, "mdtrt_id": mdtrt_id}
    return _ask(who, "5203", data, answers.read_queried, now=now)


def charges(who: Known, *, mdtrt_id: str, setl_id: str, now: datetime) -> tuple[ChargeThere, ...]:
    """Ask for the lines of a settlement (5204)."""
    data = {"psn_no": who.psn_no, "setl_id": setl_id, "mdtrt_id": mdtrt_id}
    return _ask(who, "5204", data, query_answers.read_charges, now=now)


def drugs(who: Known, *, span: Span, now: datetime) -> tuple[DrugGiven, ...]:
    """Ask which drugs a person was given for chronic diseases, anywhere (5205)."""
    data = {"psn_no": who.psn_no, **span.wire}
    return _ask(who, "5205", data, query_answers.read_drugs, now=now)


def accumulations(who: Known, *, cum_ym: str = "", now: datetime) -> tuple[Accumulation, ...]:
    """Ask what the year has come to for a person; `cum_ym` (yyyyMM) asks as of a month (5206)."""
    data = {"psn_no": who.psn_no, "cum_ym": cum_ym}
    return _ask(who, "5206", data, query_answers.read_accumulations, now=now)


def chronic_filings(who: Known, *, now: datetime) -> tuple[ChronicThere, ...]:
    """Ask which chronic diseases are filed for a person (5301)."""
    return _ask(who, "5301", {"psn_no": who.psn_no}, query_answers.read_chronic, now=now)


def fixed_places(who: Known, *, purpose: str, now: datetime) -> tuple[PlaceThere, ...]:
    """Ask for a person's fixed places of one purpose (`biz_appy_type`, 5302)."""
    data = {"psn_no": who.psn_no, "biz_appy_type": purpose}
    return _ask(who, "5302", data, query_answers.read_places, now=now)


def inpatients(who: Known, *, span: Span, now: datetime) -> tuple[Inpatient, ...]:
    """Ask whether a person is in hospital, admitted in a time (5303)."""
    data = {"psn_no": who.psn_no, **span.wire}
    return _ask(who, "5303", data, query_answers.read_inpatients, now=now)


def transfers(who: Known, *, span: Span, now: datetime) -> tuple[TransferThere, ...]:
    """Ask for a person's transfers in a time (5304)."""
    data = {"psn_no": who.psn_no, **span.wire}
    return _ask(who, "5304", data, query_answers.read_transfers, now=now)


def _ask(
    who: Known, infno: str, data: dict[str, str], read: Callable[[Output], _T], *, now: datetime
) -> _T:
    input_: Input = {"data": {name: value for name, value in data.items() if value}}
    envelope = who.envelope(infno, who.subject, input_)
    return _understood(read, told(exchange(who.institution_id, envelope, now=now)))


def _understood(read: Callable[[Output], _T], output: Output) -> _T:
    try:
        return read(output)
    except (UnreadableAnswer, SplitError) as error:
        raise InsurerNonsense(message=str(error)) from error
