"""Match a day with the insurer and the channels; decide what to do about a difference.

A statement is fetched with nothing held, then stored, compared and summed up in one transaction by
statements over sets. Fetching again replaces it. A statement that cannot be read changes nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import connection, transaction

from yifu import clock
from yifu.errors import InvalidRequest, NotFound
from yifu.institutions.models import Institution
from yifu.insurance import statements as insurer
from yifu.insurance.files import UnreadableFile
from yifu.insurance.models import Connection
from yifu.insurance.statements import Period
from yifu.outside import without_connection
from yifu.payments import gateway as payments
from yifu.payments.models import Channel
from yifu.reconciliation import booked, rules, statements
from yifu.reconciliation.errors import DifferenceDecided, StatementUnreadable
from yifu.reconciliation.models import Difference, DifferenceState, Party, Statement
from yifu.reconciliation.rules import Row

MATCHING: Final = "yifu"
"""Who decided, where a later matching found both sides agree."""

_AGREES: Final = "再次对账时双方一致 / both sides agree now"
_MAX_NOTE = 300
_MAX_NAME = 60
_DECISIONS = (DifferenceState.EXPLAINED, DifferenceState.CORRECTED)


def match_day(*, institution_id: int, business_date: date, now: datetime) -> list[Statement]:
    """Match one institution's day with its insurer and every channel of its area (P7.2).

    Again for the same day replaces the statements; what was decided stays decided. Must be called
    outside any transaction. Raises `NotFound`, `StatementUnreadable`, what `insurance.statements`
    and `payments.gateway.trade_bill` raise (`ChannelBillNotReady` before the channel's hour); the
    statement that fails stays as it was, those before it are matched.
    """
    institution = Institution.objects.filter(pk=institution_id).first()
    if institution is None:
        raise NotFound(what="institution")
    day = _Day(institution, business_date, now)
    matched = []
    if Connection.objects.filter(institution=institution).exists():
        matched.append(_match_insurer(day))
    channels = Channel.objects.filter(area=institution.area_id, secrets_cipher__isnull=False)
    matched += [_match_channel(day, channel) for channel in channels.order_by("code")]
    return matched


@dataclass(frozen=True, slots=True)
class _Day:
    """Whose day is matched, and when that happens."""

    institution: Institution
    date: date
    now: datetime

    def parameters(self, **more: object) -> dict[str, Any]:
        """Name all that the SQL of matching asks for."""
        begin, end = clock.day_bounds(self.date)
        return {
            "institution": self.institution.pk,
            "day": self.date,
            "first": self.date,
            "last": self.date,
            "from": begin,
            "until": end,
            "now": self.now,
            "note": _AGREES,
            "matching": MATCHING,
            **more,
        }


def _match_insurer(day: _Day) -> Statement:
    try:
        stated = insurer.fetch(
            day.institution.pk,
            booked.of(day.institution, day.parameters()),
            period=Period.day(day.date),
            now=day.now,
        )
    except UnreadableFile as error:
        raise _unreadable(day, "insurer", str(error)) from error
    theirs = [
        Row(one.setl_id, one.refund, one.total_fen, one.fund_fen, one.account_fen) for one in stated
    ]
    return _store(day, Party.INSURER, "", theirs, [statements.MATCH_SETTLEMENTS])


def _match_channel(day: _Day, channel: Channel) -> Statement:
    with without_connection():
        bill = payments.trade_bill(channel, day.date)
    theirs = [
        Row(row.out_trade_no, negative=False, amount_fen=row.amount_fen, fee_fen=row.fee_fen)
        if row.out_refund_no is None
        else Row(row.out_refund_no, negative=True, amount_fen=-row.refund_fen, fee_fen=row.fee_fen)
        for row in bill
    ]
    steps = [statements.DROP_FOREIGN, statements.MATCH_PAYMENTS]
    return _store(day, Party.CHANNEL, channel.code, theirs, steps, channel=channel.pk)


def _store(
    day: _Day,
    party: Party,
    name: str,
    theirs: Sequence[Row],
    steps: Iterable[str],
    **parameters: object,
) -> Statement:
    """Replace a statement by what the other side says now, and compare; one transaction."""
    for fault in rules.faults(theirs):
        raise _unreadable(day, name or party, fault)
    with transaction.atomic():
        statement, _ = Statement.objects.update_or_create(
            institution=day.institution,
            party=party,
            channel=name,
            business_date=day.date,
            defaults={"fetched_at": day.now},
        )
        statement.entries.all().delete()
        with connection.cursor() as cursor:
            _load(cursor, statement.pk, theirs)
            for step in steps:
                cursor.execute(step, day.parameters(statement=statement.pk, **parameters))
        statement.refresh_from_db()
    return statement


def _load(cursor: Any, statement_id: int, theirs: Iterable[Row]) -> None:  # noqa: ANN401 - Django's cursor wrapper has no public type
    with cursor.copy(statements.LOAD) as copy:
        for row in theirs:
            copy.write_row(
                (
                    statement_id,
                    row.key,
                    row.negative,
                    row.amount_fen,
                    row.fund_fen,
                    row.account_fen,
                    row.fee_fen,
                )
            )


def _unreadable(day: _Day, party: str, reason: str) -> StatementUnreadable:
    return StatementUnreadable(party=party, date=day.date.isoformat(), reason=reason[:300])


def decide(
    difference_id: int,
    *,
    state: str,
    note: str,
    by: str,
    now: datetime,
    institution_id: int | None = None,
) -> Difference:
    """Write down that a difference is explained or corrected, why, and by whom.

    With an `institution_id`, only one of that institution's. The same decision again changes
    nothing. Raises `NotFound`, `InvalidRequest`, `DifferenceDecided`.
    """
    if state not in _DECISIONS:
        raise InvalidRequest(field="state")
    if not note.strip() or len(note) > _MAX_NOTE or "\0" in note:
        raise InvalidRequest(field="note")
    wanted = Difference.objects.filter(pk=difference_id)
    if institution_id is not None:
        wanted = wanted.filter(statement__institution_id=institution_id)
    with transaction.atomic():
        difference = wanted.select_for_update(of=("self",)).select_related("statement").first()
        if difference is None:
            raise NotFound(what="difference")
        if difference.state == DifferenceState.FOUND:
            difference.state, difference.note = state, note
            difference.decided_by, difference.decided_at = by[:_MAX_NAME], now
            difference.save(update_fields=["state", "note", "decided_by", "decided_at"])
        elif (difference.state, difference.note) != (state, note):
            raise DifferenceDecided(state=difference.state)
    return difference
