"""Ask the insurer what became of a settlement whose answer is missing (5203, 5201, 5204)."""

from datetime import datetime, timedelta
from typing import Any

from yifu.insurance import answers, exchanges, pharmacy_messages
from yifu.insurance import services as insurance
from yifu.insurance.cases import Case
from yifu.insurance.exchanges import Envelope, Heard
from yifu.insurance.models import ExchangeState
from yifu.settlement.insuring import case_of
from yifu.settlement.work import Work

_A_DAY = timedelta(days=1)


class StillUnknown(Exception):
    """The insurer did not answer the question either."""


def ask(work: Work, *, setl_id: str, now: datetime) -> Heard | None:
    """Ask whether the insurer has the settlement; None: it has not.

    Raises `StillUnknown` when this question is not answered either.
    """
    case = case_of(work)
    subject = f"query:{work.settlement_id}"
    if not case.encounter.mdtrt_id:  # the lost answer of a purchase would have numbered its visit
        return _find_purchase(work, case, subject=subject, now=now)
    envelope = insurance.query_message(case, setl_id=setl_id, subject=subject)
    return _asked(work, envelope, now=now)


def _asked(work: Work, envelope: Envelope, *, now: datetime) -> Heard | None:
    heard = exchanges.exchange(work.visit.institution_id, envelope, now=now)
    if heard.state == ExchangeState.ANSWERED:
        return heard
    if heard.state == ExchangeState.REFUSED:
        return None
    raise StillUnknown(heard.detail)


def _find_purchase(work: Work, case: Case, *, subject: str, now: datetime) -> Heard | None:
    """Look through the person's purchases around that time for the one our message settled."""
    began_at = case.visit.began_at
    listed = _asked(
        work,
        case.envelope(
            "5201",
            subject,
            pharmacy_messages.find_visits(
                psn_no=case.encounter.psn_no,
                begin=began_at - _A_DAY,
                end=max(began_at, now) + _A_DAY,
                med_type=case.med_type,
            ),
        ),
        now=now,
    )
    for mdtrt_id in answers.read_visits((listed and listed.output) or {}):
        query = insurance.query_message(case, setl_id="", subject=subject, mdtrt_id=mdtrt_id)
        found = _asked(work, query, now=now)
        if found is not None and _is_of(work, found.output or {}):
            return _with_lines(work, case, found, subject=subject, now=now)
    return None


def _is_of(work: Work, output: dict[str, Any]) -> bool:
    """Tell by the numbers of its messages whether a settlement is this one."""
    settled = answers.read_settled(output)
    return settled.msgid in exchanges.numbers_of(work.subject)


def _with_lines(
    work: Work, case: Case, found: Heard, *, subject: str, now: datetime
) -> Heard | None:
    """Complete a found purchase with the split of its lines, as 2102 would have answered (5204)."""
    settled = answers.read_settled(found.output or {})
    input_ = {
        "data": {
            "psn_no": case.encounter.psn_no,
            "setl_id": settled.setl_id,
            "mdtrt_id": settled.mdtrt_id,
        }
    }
    lines = _asked(work, case.envelope("5204", subject, input_), now=now)
    if lines is None:
        raise StillUnknown("no lines of a settlement that is there")
    output = dict(found.output or {}) | {work.course.line_node: (lines.output or {})["data"]}
    return Heard(found.state, output, found.detail)
