"""File with the insurer and withdraw (NHSA 2501–2507), each with one effect however often asked.

`file` and `withdraw` read like what they do: write down, ask, write down. A lost answer leaves the
filing `unknown` (or `withdrawing`); `resume` first asks what the insurer has (5301, 5302, 5304),
then sends the same message again under its own number, which acts at most once.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

import orjson
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from yifu import clock
from yifu.errors import Conflict, NotFound, YifuError
from yifu.institutions import services as institutions
from yifu.institutions.models import IdempotencyRecord, Institution
from yifu.institutions.services import Earlier, RequestKey
from yifu.insurance import exchanges, jobs, persons, queries
from yifu.insurance.errors import FilingNotWithdrawable, FilingOverlaps, PeriodBackwards
from yifu.insurance.exchanges import Envelope, Heard, Pending
from yifu.insurance.filing_forms import (
    FILING,
    WITHDRAWAL,
    Filer,
    FixedPlace,
    Form,
    Period,
    Subject,
    read_form,
    withdrawal,
    write_form,
)
from yifu.insurance.models import Exchange, ExchangeState, Filing, FilingKind, FilingState
from yifu.insurance.persons import Known
from yifu.insurance.queries import Span
from yifu.patients import services as patients
from yifu.patients.models import Person

S = FilingState
UNDER_WAY: Final = (S.ASKED, S.UNKNOWN, S.WITHDRAWING)
_OVERLAP: Final = "filings_do_not_overlap"
_REASON_CHARACTERS: Final = 200
_CREATED, _OK, _ACCEPTED = 201, 200, 202


@dataclass(frozen=True, slots=True)
class NewFiling:
    """What is to be filed, for whom and from when to when (the last day included)."""

    person_id: int
    form: Form
    period: Period


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is answered: an HTTP status (202 while nobody knows), and the filing as it is."""

    status: int
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Resumed:
    """What became of a filing that had stopped in between; still under way if nobody knows."""

    filing_id: int
    state: FilingState
    reason: str


class StillUnknown(Exception):
    """The insurer did not answer the question either."""


def file(
    asked: NewFiling, *, institution_id: int, key: RequestKey | None = None, now: datetime
) -> Outcome:
    """File something for a person: write it down, ask the insurer, write down what it says.

    The same request with the same `key` has one effect; while its answer is missing it asks again
    (`resume`). Raises `NotFound`, `PeriodBackwards`, `FilingOverlaps`, `NotInsured`,
    `InsurerRefused`, `InsurerUnavailable`, `IdentityMismatch` and the key's own errors; then
    nothing has changed there or here but the record of having asked.
    """
    person = _person(asked.person_id, institution_id)
    _check_period(asked.period)
    if key is not None and institutions.check_key(key):
        return _again(key, now=now)
    who = persons.known_as(person, institution_id=institution_id, now=now)
    try:
        filing, pending = _write_down(asked, person, who, key, now=now)
    except _Repeated as repeated:
        return Outcome(repeated.earlier.status, repeated.earlier.body)
    return _filed(filing, pending, exchanges.send(pending), now=now)


def withdraw(
    filing_id: int,
    *,
    reason: str,
    institution_id: int,
    key: RequestKey | None = None,
    now: datetime,
) -> Outcome:
    """Withdraw a filing: it is withdrawn when the insurer says so.

    Raises `NotFound`, `Conflict` for one that is not filed (any more), `FilingNotWithdrawable`,
    `InsurerRefused`, `InsurerUnavailable` and the key's own errors; then it stays filed.
    """
    find_filing(filing_id, institution_id=institution_id)
    if key is not None and institutions.check_key(key):
        return _again(key, now=now)
    try:
        filing, pending = _write_withdrawal(filing_id, reason, key, now=now)
    except _Repeated as repeated:
        return Outcome(repeated.earlier.status, repeated.earlier.body)
    return _withdrawn(filing, pending, exchanges.send(pending), there=True, now=now)


def find_filing(filing_id: int, *, institution_id: int) -> Filing:
    """Find an institution's filing; raises `NotFound` for another's."""
    filing = Filing.objects.filter(pk=filing_id, institution_id=institution_id).first()
    if filing is None:
        raise NotFound(what="filing")
    return filing


def filings_of(person_id: int, *, institution_id: int) -> QuerySet[Filing]:
    """Give what an institution filed for a person, the newest first; raises `NotFound`."""
    _person(person_id, institution_id)
    found = Filing.objects.filter(person_id=person_id, institution_id=institution_id)
    return found.order_by("-pk")


def describe(filing: Filing) -> dict[str, Any]:
    """Describe a filing for its institution."""
    return {
        "id": filing.pk,
        "person_id": filing.person_id,
        "kind": filing.kind,
        "state": filing.state,
        "begins_on": filing.begins_on.isoformat(),
        "ends_on": filing.ends_on.isoformat() if filing.ends_on else None,
        "about": {"kind": filing.kind, **filing.about},
        "trt_dcla_detl_sn": filing.trt_dcla_detl_sn or None,
        "reason": filing.reason,
        "asked_at": filing.asked_at.astimezone(clock.CHINA).isoformat(),
    }


class _Repeated(Exception):
    """Somebody else made the same request meanwhile."""

    def __init__(self, earlier: Earlier) -> None:
        super().__init__()
        self.earlier = earlier


def _person(person_id: int, institution_id: int) -> Person:
    person = patients.find_person(person_id, institution_id=institution_id)
    if person is None:
        raise NotFound(what="person")
    return person


def _check_period(period: Period) -> None:
    if period.ends_on is not None and period.ends_on < period.begins_on:
        raise PeriodBackwards(
            begins_on=period.begins_on.isoformat(), ends_on=period.ends_on.isoformat()
        )


def _write_down(
    asked: NewFiling, person: Person, who: Known, key: RequestKey | None, *, now: datetime
) -> tuple[Filing, Pending]:
    """Claim the key, write the filing and its message: all of it or nothing."""
    try:
        with transaction.atomic():
            record_id = _claim(key, now=now)
            filing = Filing.objects.create(
                institution_id=who.institution_id,
                person=person,
                request_id=record_id,
                kind=asked.form.kind,
                matter=asked.form.matter,
                begins_on=asked.period.begins_on,
                ends_on=asked.period.ends_on,
                about=write_form(asked.form),
                psn_no=who.psn_no,
                insutype=who.insutype,
                insuplc_admdvs=who.insuplc_admdvs,
                asked_at=now,
            )
            _note(record_id, filing)
            envelope = _filing_message(filing, who)
            pending = exchanges.open_exchange(who.institution_id, envelope, now=now)
    except IntegrityError as error:
        if _OVERLAP in str(error):
            raise FilingOverlaps from None
        raise
    return filing, pending


def _write_withdrawal(
    filing_id: int, reason: str, key: RequestKey | None, *, now: datetime
) -> tuple[Filing, Pending]:
    # The day's sign-in may have to be asked for, which no transaction may wait for.
    who = _who(Filing.objects.select_related("person").get(pk=filing_id), now=now)
    with transaction.atomic():
        filing = Filing.objects.select_for_update().get(pk=filing_id)
        _check_withdrawable(filing)
        record_id = _claim(key, now=now)
        filing.state = S.WITHDRAWING
        filing.withdrawal_reason = reason
        filing.request_id = record_id
        filing.save(update_fields=["state", "withdrawal_reason", "request"])
        _note(record_id, filing)
        envelope = _withdrawal_message(filing, who)
        pending = exchanges.open_exchange(filing.institution_id, envelope, now=now)
    return filing, pending


def _check_withdrawable(filing: Filing) -> None:
    if filing.state != S.FILED:
        raise Conflict(state=filing.state)
    if filing.kind not in WITHDRAWAL or not filing.trt_dcla_detl_sn:
        raise FilingNotWithdrawable


def _claim(key: RequestKey | None, *, now: datetime) -> int | None:
    if key is None:
        return None
    claimed = institutions.claim_key(key, now=now)
    if isinstance(claimed, Earlier):
        raise _Repeated(claimed)
    return claimed


def _note(record_id: int | None, filing: Filing) -> None:
    if record_id is not None:
        institutions.note_effect(record_id, _subject(filing))


def _subject(filing: Filing) -> str:
    return f"filing:{filing.pk}"


def _who(filing: Filing, *, now: datetime) -> Known:
    return persons.known(filing.person, filing, institution_id=filing.institution_id, now=now)


def _filing_message(filing: Filing, who: Known) -> Envelope:
    kind = FilingKind(filing.kind)
    person = filing.person
    institution = Institution.objects.get(pk=filing.institution_id)
    input_ = read_form(kind, filing.about).input_(
        Subject(
            psn_no=who.psn_no,
            insutype=who.insutype,
            insuplc_admdvs=who.insuplc_admdvs,
            certno=patients.certificate_no(person),
            name=person.name,
        ),
        Filer(institution.code, institution.name),
        Period(filing.begins_on, filing.ends_on),
    )
    return who.envelope(FILING[kind], _subject(filing), input_)


def _withdrawal_message(filing: Filing, who: Known) -> Envelope:
    input_ = withdrawal(
        psn_no=filing.psn_no,
        trt_dcla_detl_sn=filing.trt_dcla_detl_sn,
        reason=filing.withdrawal_reason,
    )
    return who.envelope(WITHDRAWAL[FilingKind(filing.kind)], _subject(filing), input_)


def _filed(
    filing: Filing, pending: Pending, heard: Heard, *, there: bool = False, now: datetime
) -> Outcome:
    """Write down what came of a 250x; `there`: the insurer has said it has such a filing."""
    if heard.state == ExchangeState.ANSWERED:
        number = str((heard.output or {})["result"]["trt_dcla_detl_sn"])
        return _settle(filing, pending, heard, S.FILED, trt_dcla_detl_sn=number, filed_at=now)
    if there and not heard.unknown:
        # It is on their books and its number is not to be had: it cannot be withdrawn from here.
        return _settle(filing, pending, heard, S.FILED, reason=heard.detail, filed_at=now)
    if heard.unknown:
        return _settle(filing, pending, heard, S.UNKNOWN, reason=heard.detail)
    return _refused(filing, pending, heard, S.REFUSED, now=now)


def _withdrawn(
    filing: Filing, pending: Pending, heard: Heard, *, there: bool, now: datetime
) -> Outcome:
    """Write down what came of a withdrawal; `there`: as far as is known it is on their books."""
    gone = heard.state == ExchangeState.REFUSED and not there
    if gone or heard.state == ExchangeState.ANSWERED:
        return _settle(filing, pending, heard, S.WITHDRAWN, withdrawn_at=now, reason="")
    if heard.unknown:
        return _settle(filing, pending, heard, S.WITHDRAWING, reason=heard.detail)
    return _refused(filing, pending, heard, S.FILED, now=now)


def _settle(
    filing: Filing, pending: Pending, heard: Heard, state: FilingState, **changes: object
) -> Outcome:
    """Move a filing on, unless somebody else has, and keep the answer with the key."""
    with transaction.atomic():
        exchanges.close_exchange(pending, heard, now=pending.now)
        _move(filing, state, **changes)
        if state in UNDER_WAY:
            jobs.resume_later(filing.pk)
        outcome = _outcome(filing)
        if filing.request_id is not None:
            body = orjson.dumps(outcome.body).decode()
            effect = _subject(filing)
            institutions.answer_key(
                filing.request_id, status=outcome.status, body=body, effect=effect
            )
    return outcome


def _refused(
    filing: Filing, pending: Pending, heard: Heard, state: FilingState, *, now: datetime
) -> Outcome:
    """Nothing happened there: forget the key, as if nobody had asked; raises why (L10)."""
    with transaction.atomic():
        exchanges.close_exchange(pending, heard, now=now)
        record_id = filing.request_id
        if _move(filing, state, reason=heard.detail, request=None) and record_id is not None:
            IdempotencyRecord.objects.filter(pk=record_id).delete()
    persons.told(heard)
    return _outcome(filing)


def _move(filing: Filing, state: FilingState, **changes: object) -> int:
    """Change a filing unless somebody who resumed it meanwhile has; they come to the same."""
    if "reason" in changes:
        changes["reason"] = str(changes["reason"])[:_REASON_CHARACTERS]
    before = (S.WITHDRAWING,) if filing.state == S.WITHDRAWING else (S.ASKED, S.UNKNOWN)
    under_way = Filing.objects.filter(pk=filing.pk, state__in=before)
    moved = under_way.update(state=state, **changes)
    filing.refresh_from_db()
    return moved


def _outcome(filing: Filing) -> Outcome:
    if filing.state in UNDER_WAY:
        return Outcome(_ACCEPTED, describe(filing))
    return Outcome(_OK if filing.state == S.WITHDRAWN else _CREATED, describe(filing))


def _again(key: RequestKey, *, now: datetime) -> Outcome:
    """Answer a request that was made before; where its answer is missing, ask for it first.

    Raises `IdempotencyKeyReused`, `RequestUnderWay`, and what `resume` raises.
    """
    before = institutions.earlier(key)
    if before.status != _ACCEPTED:
        return Outcome(before.status, before.body)
    try:
        return resume(int(before.body["id"]), now=now)
    except StillUnknown:
        return Outcome(before.status, before.body)


def resume(filing_id: int, *, now: datetime) -> Outcome:
    """Find out what became of a filing or a withdrawal whose answer is missing.

    Raises `StillUnknown`, and `InsurerRefused` or `InsurerUnavailable` when the insurer has not
    done it: a filing is then refused, a withdrawal leaves it filed.
    """
    filing = Filing.objects.select_related("person").get(pk=filing_id)
    if filing.state not in UNDER_WAY:
        return _outcome(filing)
    try:
        who = _who(filing, now=now)
        there = _is_there(filing, who, now=now)
    except YifuError as error:
        raise _still_unknown(filing, str(error)) from error
    withdrawing = filing.state == S.WITHDRAWING
    message = _withdrawal_message if withdrawing else _filing_message
    envelope = message(filing, who)
    sent = Exchange.objects.filter(subject=_subject(filing), infno=envelope.infno).latest("pk")
    pending = exchanges.again(sent, envelope, now=now)
    heard = exchanges.send(pending)
    if heard.unknown or heard.state == ExchangeState.UNSENT:
        # Not sent this time; what was sent the first time may have arrived.
        raise _still_unknown(filing, heard.detail)
    end = _withdrawn if withdrawing else _filed
    return end(filing, pending, heard, there=there, now=now)


def _still_unknown(filing: Filing, detail: str) -> StillUnknown:
    """Write down why nobody knows, also where the process that asked died before it could."""
    state = S.WITHDRAWING if filing.state == S.WITHDRAWING else S.UNKNOWN
    _move(filing, state, reason=detail)
    return StillUnknown(detail)


def _is_there(filing: Filing, who: Known, *, now: datetime) -> bool:
    """Ask whether the insurer has this filing; for an injury there is no question to ask."""
    return _QUESTIONS[FilingKind(filing.kind)](filing, who, now)


def _chronic_there(filing: Filing, who: Known, now: datetime) -> bool:
    wanted = (filing.matter, filing.begins_on)
    return any((row.code, row.begins_on) == wanted for row in queries.chronic_filings(who, now=now))


def _transfer_there(filing: Filing, who: Known, now: datetime) -> bool:
    # The specification does not say whether the time asked for is that of the transfer or of the
    # filing: both lie within this one.
    day = date.fromisoformat(filing.about["on"])
    span = Span.of_days(
        min(day, filing.begins_on), max(day, filing.ends_on or _far(filing.begins_on))
    )
    found = queries.transfers(who, span=span, now=now)
    return any(
        row.to_code in {filing.matter, ""} and row.begins_on == filing.begins_on for row in found
    )


def _place_there(filing: Filing, who: Known, now: datetime) -> bool:
    form = read_form(FilingKind.FIXED_PLACE, filing.about)
    if not isinstance(form, FixedPlace):
        raise TypeError(f"filing {filing.pk} is of another kind than its form")
    wanted = (form.place_code, filing.begins_on)
    found = queries.fixed_places(who, purpose=form.purpose, now=now)
    return any((row.code, row.begins_on) == wanted for row in found)


def _nothing_to_ask(_filing: Filing, _who: Known, _now: datetime) -> bool:
    return False


_QUESTIONS: Final[dict[FilingKind, Callable[[Filing, Known, datetime], bool]]] = {
    FilingKind.TRANSFER: _transfer_there,
    FilingKind.CHRONIC: _chronic_there,
    FilingKind.FIXED_PLACE: _place_there,
    FilingKind.INJURY: _nothing_to_ask,
}


def _far(day: date) -> date:
    """Give a day long after: transfers are asked for by a time, which must have an end."""
    return day + timedelta(days=3660)


def resume_stopped(*, now: datetime, older_than_s: int) -> list[Resumed]:
    """Resume every filing that stopped in between; gives what became of each.

    `older_than_s` leaves alone what was asked more recently and may still be under way.
    """
    before = now - timedelta(seconds=older_than_s)
    stopped = Filing.objects.filter(state__in=UNDER_WAY, asked_at__lte=before)
    resumed = []
    for filing_id in list(stopped.order_by("pk").values_list("pk", flat=True)):
        # Whatever is raised is written down in the filing.
        with suppress(StillUnknown, YifuError):
            resume(filing_id, now=now)
        filing = Filing.objects.get(pk=filing_id)
        resumed.append(Resumed(filing_id, FilingState(filing.state), filing.reason))
    return resumed
