"""The insurer's part: upload the charges (2204), settle (2207), believe it only if it adds up.

Each message is written down before it is sent. What can go wrong comes as one of three exceptions,
because each leaves the settlement in another state.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from yifu.errors import YifuError
from yifu.insurance import answers, exchanges, gateway, stays
from yifu.insurance import services as insurance
from yifu.insurance.cases import Case
from yifu.insurance.errors import InsurerNonsense
from yifu.insurance.exchanges import Heard, Pending
from yifu.insurance.models import ExchangeState
from yifu.insurance.rules import (
    LineSplit,
    SplitError,
    check_lines,
    check_split,
    is_stopped,
    sum_lines,
)
from yifu.settlement.errors import TooManyCharges
from yifu.settlement.work import Work
from yifu.visits.models import VisitKind

UPLOADS, SETTLES_A_BATCH = "2204", "2207"
"""The upload of a batch, and the message that settles one."""


@dataclass(frozen=True, slots=True)
class Insured:
    """The insurer's answer, checked, not yet written down."""

    settled: answers.Settled
    lines: tuple[LineSplit, ...]
    pending: Pending
    heard: Heard


class Stopped(Exception):
    """The insurer's part did not come to an end; `pending` was sent, `heard` came of it."""

    def __init__(self, pending: Pending, heard: Heard) -> None:
        super().__init__(heard.detail)
        self.pending = pending
        self.heard = heard


class Rejected(Stopped):
    """Nothing was settled: the charges are free again. `error` says why."""

    def __init__(self, pending: Pending, heard: Heard, error: YifuError) -> None:
        super().__init__(pending, heard)
        self.error = error

    @property
    def insurance_stopped(self) -> bool:
        """True when the patient may not settle in real time for not having paid (P4.4)."""
        return self.heard.state == ExchangeState.REFUSED and is_stopped(self.heard.detail)


class Unknown(Stopped):
    """Sent, and nobody knows: only asking leaves this state."""


class Contradicted(Stopped):
    """The insurer settled, but its figures cannot be right: it must be undone."""

    def __init__(self, pending: Pending, heard: Heard, *, setl_id: str, detail: str) -> None:
        super().__init__(pending, heard)
        self.setl_id = setl_id
        self.detail = detail


def first_envelope(work: Work) -> exchanges.Envelope:
    """Build the message a settlement begins with: the upload of its charges, if they go by batch.

    A stay's are uploaded already, a purchase's go with the message that settles.
    """
    if work.course.settles == SETTLES_A_BATCH:
        return upload_envelope(work)
    return settle_envelope(work, known_lines(work))


def known_lines(work: Work) -> tuple[LineSplit, ...]:
    """Give how the insurer split a stay's lines when they were uploaded; none of other visits."""
    if work.visit.kind != VisitKind.INPATIENT:
        return ()
    splits = stays.splits_of(charge for _, charge in work.lines)
    return tuple(
        replace(splits[charge.pk], feedetl_sn=str(number)) for number, charge in work.lines
    )


def insure(work: Work, pending: Pending, *, now: datetime) -> Insured:
    """Take the insurer's part from its first message to its end.

    Raises `Rejected`, `Unknown`, `Contradicted`.
    """
    if pending.envelope.infno == UPLOADS:
        lines, pending = upload(work, pending, now=now)
    else:
        lines = known_lines(work)
    return settle(work, lines, pending)


def upload(work: Work, pending: Pending, *, now: datetime) -> tuple[tuple[LineSplit, ...], Pending]:
    """Send the charges; gives how the insurer sees them and the 2207 that is ready to be sent.

    Raises `Rejected`, `Unknown`.
    """
    heard = exchanges.send(pending)
    lines = _lines(work, pending, heard)
    return lines, exchanges.follow(pending, heard, settle_envelope(work, lines), now=now)


def settle_envelope(work: Work, lines: tuple[LineSplit, ...]) -> exchanges.Envelope:
    """Build the message that settles from what the upload answered."""
    return work.course.settle(case_of(work), work.asked, sum_lines(lines))


def upload_envelope(work: Work) -> exchanges.Envelope:
    """Build 2204."""
    return insurance.upload_message(
        case_of(work),
        batch_no=work.batch_no,
        lines=work.lines,
        subject=work.subject,
    )


def settle(work: Work, lines: tuple[LineSplit, ...], pending: Pending) -> Insured:
    """Let the insurer settle what was uploaded. Raises `Rejected`, `Unknown`, `Contradicted`."""
    heard = exchanges.send(pending)
    _stop_unless_answered(pending, heard)
    return believe(work, lines, pending, heard)


def believe(work: Work, lines: tuple[LineSplit, ...], pending: Pending, heard: Heard) -> Insured:
    """Check the figures of a settlement that was answered (2207, 2304, 2102, or 5203).

    Raises `Contradicted`, `Unknown`.
    """
    output = heard.output or {}
    try:
        settled = answers.read_settled(output)
        check_split(settled.split, expected_total_fen=work.total_fen)
        if node := work.course.line_node:
            lines = answers.read_lines(output, node=node)
            check_lines(lines, work.sent)
    except SplitError as error:
        setl_id = _setl_id(output)
        raise Contradicted(pending, heard, setl_id=setl_id, detail=str(error)) from error
    except answers.UnreadableAnswer as error:
        raise Unknown(pending, heard) from error
    return Insured(settled, lines, pending, heard)


def _setl_id(output: dict[str, Any]) -> str:
    node = output.get("setlinfo")
    row = node[0] if isinstance(node, list) and node else node
    return str(row.get("setl_id") or "") if isinstance(row, dict) else ""


def _lines(work: Work, pending: Pending, heard: Heard) -> tuple[LineSplit, ...]:
    _stop_unless_answered(pending, heard)
    try:
        lines = answers.read_lines(heard.output or {})
        check_lines(lines, work.sent)
    except (SplitError, answers.UnreadableAnswer) as error:
        # An upload settles nothing, so an absurd answer to it is as good as a refusal.
        raise Rejected(pending, heard, InsurerNonsense(message=str(error))) from error
    return lines


def _stop_unless_answered(pending: Pending, heard: Heard) -> None:
    if heard.unknown:
        raise Unknown(pending, heard)
    if heard.detail.endswith(gateway.TOO_LONG):
        raise Rejected(pending, heard, TooManyCharges())
    if heard.output is None:
        try:
            heard.output_or_raise()
        except YifuError as error:
            raise Rejected(pending, heard, error) from error


def case_of(work: Work) -> Case:
    """Give the case of a settlement that the insurer takes part in. Raises `ValueError`."""
    if work.case is None:
        raise ValueError("a self-paid settlement has nothing to say to the insurer")
    return work.case
