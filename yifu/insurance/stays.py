"""A stay at the insurer: its charges are uploaded as they come, its end is reported, or undone.

Each message is written down before it is sent. A message whose answer was lost is sent again under
its own number before any other: the insurer knows it by that (decision 5).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from yifu.insurance import answers, exchanges, messages, stay_messages
from yifu.insurance.cases import Case, fee_line
from yifu.insurance.errors import InsurerNonsense
from yifu.insurance.exchanges import Envelope, Heard, Pending
from yifu.insurance.models import Encounter, Exchange, ExchangeState, UploadedLine
from yifu.insurance.rules import LineSplit, SplitError, check_lines
from yifu.insurance.services import diagnoses_of
from yifu.visits.models import Charge

BATCH_LINES = 100
"""Charges in one 2301: a message may have 40,000 characters, and a line takes up to 350."""


def subject_of(case: Case) -> str:
    """How exchanges name a stay's own messages."""
    return f"stay:{case.visit.pk}"


def upload(case: Case, *, now: datetime) -> None:
    """Upload the stay's charges that the insurer does not have yet (NHSA 2301).

    Called as often as one likes. Must be called outside any transaction. Raises
    `InsurerRefused`, `InsurerUnavailable`, `InsurerNonsense`; what was uploaded before stays.
    """
    _finish_lost(case, now=now)
    waiting = list(
        Charge.objects.filter(visit=case.visit, uploaded__isnull=True).order_by("line_no")
    )
    # An original before its charge-off, which has to name a line that is there.
    waiting.sort(key=lambda charge: (charge.corrects_id is not None, charge.line_no))
    for start in range(0, len(waiting), BATCH_LINES):
        batch = waiting[start : start + BATCH_LINES]
        envelope = _upload_message(case, batch)
        pending = exchanges.open_exchange(case.visit.institution_id, envelope, now=now)
        _keep(case, pending, batch, now=now)


def _finish_lost(case: Case, *, now: datetime) -> None:
    """Send again what was sent without an answer, under its own number."""
    open_states = (ExchangeState.SENDING, ExchangeState.UNKNOWN)
    lost = Exchange.objects.filter(subject=subject_of(case), infno="2301", state__in=open_states)
    for row in lost.order_by("pk"):
        numbers = [int(line["feedetl_sn"]) for line in row.request["feedetail"]]
        known = Charge.objects.in_bulk(numbers)
        batch = [known[number] for number in numbers]
        _keep(case, exchanges.again(row, _upload_message(case, batch), now=now), batch, now=now)


def _upload_message(case: Case, batch: Iterable[Charge]) -> Envelope:
    input_ = stay_messages.fee_upload(
        psn_no=case.encounter.psn_no,
        mdtrt_id=case.encounter.mdtrt_id,
        med_type=case.med_type,
        lines=[fee_line(charge.pk, charge) for charge in batch],
        department=case.department,
        doctor=case.doctor,
    )
    return case.envelope("2301", subject_of(case), input_)


def _keep(case: Case, pending: Pending, batch: Sequence[Charge], *, now: datetime) -> None:
    """Send an upload and keep with its answer how the insurer split each line."""
    heard = exchanges.send(pending)
    splits = _splits(heard, batch)
    with transaction.atomic():
        exchanges.close_exchange(pending, heard, now=now)
        UploadedLine.objects.bulk_create(
            [
                UploadedLine(
                    charge_id=int(split.feedetl_sn),
                    encounter=case.encounter,
                    own_fen=split.own_fen,
                    over_fen=split.over_fen,
                    preself_fen=split.presel_fen,
                    eligible_fen=split.inscp_fen,
                    uploaded_at=now,
                )
                for split in splits
            ],
            ignore_conflicts=True,
        )
    heard.output_or_raise()


def _splits(heard: Heard, batch: Sequence[Charge]) -> tuple[LineSplit, ...]:
    if heard.output is None:
        return ()
    try:
        splits = answers.read_lines(heard.output)
        check_lines(splits, {str(charge.pk): charge.amount_fen for charge in batch})
    except (SplitError, answers.UnreadableAnswer) as error:
        raise InsurerNonsense(message=str(error)) from error
    return splits


def splits_of(charges: Iterable[Charge]) -> dict[int, LineSplit]:
    """Give how the insurer split uploaded charges, by charge."""
    rows = UploadedLine.objects.filter(charge__in=list(charges)).select_related("charge")
    return {
        row.charge_id: LineSplit(
            feedetl_sn=str(row.charge_id),
            amount_fen=row.charge.amount_fen,
            own_fen=row.own_fen,
            over_fen=row.over_fen,
            presel_fen=row.preself_fen,
            inscp_fen=row.eligible_fen,
        )
        for row in rows
    }


def discharge(case: Case, *, now: datetime) -> None:
    """Tell the insurer that the stay has ended (NHSA 2402); once.

    Raises `InsurerRefused`, `InsurerUnavailable`, `InsurerNonsense`, and `ValueError` for a stay
    that goes on.
    """
    visit, encounter = case.visit, case.encounter
    if encounter.discharged:
        return
    if visit.ended_at is None:
        raise ValueError("the stay goes on")
    stay = visit.stay
    input_ = stay_messages.discharge(
        patient=case.patient,
        mdtrt_id=encounter.mdtrt_id,
        discharged=stay_messages.Discharged(
            visit.ended_at, stay.discharge_way, stay.discharge_bed, stay.died_on
        ),
        diagnoses=diagnoses_of(stay.discharge_diagnoses),
        department=messages.Department(
            stay.discharge_department_code, stay.discharge_department_name, ""
        ),
        doctor=case.doctor,
    )
    _report(case, case.envelope("2402", subject_of(case), input_), discharged=True, now=now)


def undo_discharge(case: Case, *, now: datetime) -> None:
    """Take the report of a stay's end back (NHSA 2405). Raises as `discharge` does."""
    if not case.encounter.discharged:
        return
    input_ = stay_messages.undo_discharge(
        psn_no=case.encounter.psn_no, mdtrt_id=case.encounter.mdtrt_id
    )
    _report(case, case.envelope("2405", subject_of(case), input_), discharged=False, now=now)


def _report(case: Case, envelope: Envelope, *, discharged: bool, now: datetime) -> None:
    """Send a message about the stay's end; one whose answer was lost goes again as it was."""
    lost = (
        Exchange.objects.filter(subject=envelope.subject, infno=envelope.infno)
        .filter(state__in=(ExchangeState.SENDING, ExchangeState.UNKNOWN))
        .order_by("-pk")
        .first()
    )
    if lost is None:
        pending = exchanges.open_exchange(case.visit.institution_id, envelope, now=now)
    else:
        pending = exchanges.again(lost, envelope, now=now)
    heard = exchanges.send(pending)
    with transaction.atomic():
        exchanges.close_exchange(pending, heard, now=now)
        if heard.state == ExchangeState.ANSWERED:
            Encounter.objects.filter(pk=case.encounter.pk).update(discharged=discharged)
            case.encounter.discharged = discharged
    heard.output_or_raise()
