"""The debits of a night: through the scheme's chain, in files or in calls (P4.2, P2.6).

A channel after the other, and of each the whole city in chunks: what is wanted is written down
with its attempts in one transaction, leaves, and what comes back is recorded and applied in
another. Whatever stops in between is found by the next run, see `catch_up`.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db import transaction

from yifu import rows
from yifu.collection import applying, services, statements
from yifu.collection import night_statements as sql
from yifu.collection.applying_files import apply_file
from yifu.collection.night_run import NightRun, Report, in_chunks, together
from yifu.ledger import services as ledger
from yifu.payments import calls, files, wanted
from yifu.payments import services as payments
from yifu.payments.models import Channel, ChannelKind, DebitFile, FileState
from yifu.payments.rules import Meaning

FILE_ROWS = 20_000
"""About so many bills go into a file."""
CALLS = 250
"""At most so many calls are written down together: a crash leaves so many to be asked about."""
_BACK_DAYS = 40

Range = tuple[int, int, int]
"""Principals above the first up to the second number, who have about so many bills."""


def catch_up(night: NightRun) -> Report:
    """Find out what became of debits that stopped in between, by whomever, and finish them.

    Holds whose time is over go back as well (P2.4).
    """
    found = _finish_files(night)
    under_way = [row[0] for row in rows.run(statements.UNDER_WAY, {"area": night.area})]
    done = 0
    for ids in in_chunks(under_way, CALLS):
        heard = payments.resolve_debits(ids, now=night.now)
        with transaction.atomic():
            services.conclude(heard, now=night.now)
            services.answer_keys(ids)
        done += len(ids)
        night.tell(done, len(under_way), part="calls")
    since = night.business_date - timedelta(days=_BACK_DAYS)
    unapplied = rows.run(statements.UNAPPLIED, {"area": night.area, "since": since})
    for ids in in_chunks([row[0] for row in unapplied], CALLS):
        with transaction.atomic():
            applying.apply(ids, now=night.now)
    for (bill_id,) in rows.run(statements.WITH_EXCESS, {"area": night.area}):
        for refund_id in services.refund_excess(bill_id=bill_id, now=night.now):
            services.finish_refund(refund_id=refund_id, now=night.now)
    expired = ledger.expire_due(now=night.now)
    return {"calls_asked": len(under_way), "files_asked": found, "holds_expired": expired}


def _finish_files(night: NightRun) -> int:
    """Send what was only written, fetch what was sent, apply what was answered."""
    waiting = files.under_way(area=night.area)
    for file_id in waiting:
        files.send(file_id, now=night.now)
    _collect(night, waiting, part="files")
    return len(waiting)


def _collect(night: NightRun, file_ids: list[int], *, part: str) -> int:
    """Fetch the results of files that have left and apply them; gives how many may come again."""
    again = _come_again(night)
    retries: list[int] = []
    ended = 0

    def one(file_id: int) -> None:
        fetched = files.fetch(file_id, now=night.now)
        apply_file(night, file_id)
        retries.append(sum(n for code, n in (fetched.codes or {}).items() if code in again))

    def finished(_: int) -> None:
        nonlocal ended
        ended += 1
        night.tell(ended, len(file_ids), part=part)

    together(one, iter(file_ids), done=finished)
    refused = DebitFile.objects.filter(pk__in=file_ids, state=FileState.REFUSED, code__in=again)
    return sum(retries) + refused.count()


def _come_again(night: NightRun) -> set[str]:
    """Name the answer codes after which the same channel may be tried again."""
    said = wanted.retried(calls.answers(), channels=_channel_ids(night))
    pairs = zip(said["codes"], said["meanings"], strict=True)
    return {str(code) for code, meaning in pairs if meaning == Meaning.SAME_AGAIN.value}


def _channel_ids(night: NightRun) -> dict[str, int]:
    found = Channel.objects.filter(area=night.area, code__in=night.scheme.debit.chain)
    return dict(found.values_list("code", "pk"))


def debit(night: NightRun) -> Report:
    """Debit every bill the scheme lets the night take up, through the channels of its chain."""
    terms = night.scheme.debit
    if terms.debits_on(night.business_date):
        channels = {one.code: one for one in Channel.objects.filter(area=night.area)}
        for code in terms.chain:
            if code in channels:
                _through(night, channels[code])
    ((selected, debited, fen, failed, unknown),) = rows.run(sql.DEBIT_REPORT, {"night": night.id})
    return {
        "selected": int(selected),
        "debited": int(debited),
        "debited_fen": int(fen),
        "failed": int(failed),
        "unknown": int(unknown),
        **_files_of(night),
    }


def _files_of(night: NightRun) -> Report:
    """Count the files of the night's date that somebody has to look at, or that are waited for."""
    own = DebitFile.objects.filter(channel__area=night.area, business_date=night.business_date)
    return {
        "files": own.count(),
        "files_waiting": own.filter(state__in=[FileState.WRITTEN, FileState.SENT]).count(),
        "files_refused": own.filter(state=FileState.REFUSED).count(),
        "files_faulty": own.filter(state=FileState.UNKNOWN).count(),
    }


def _through(night: NightRun, channel: Channel) -> None:
    """Debit through one channel: everybody whose turn it is, then again whom it lets come again."""
    how = _in_files if channel.kind == ChannelKind.FILE else _in_calls
    for _ in range(night.scheme.debit.tries_per_channel):
        if how(night, channel) == 0:
            break


def _scope(night: NightRun, channel: Channel) -> dict[str, Any]:
    """Give what the statements about candidates ask for."""
    stop = night.scheme.debit.stop_after_days
    return {
        "area": night.area,
        "date": night.business_date,
        "channel": channel.pk,
        "nights": list(night.nights),
        "since": night.since,
        "tries": night.scheme.debit.tries_per_channel,
        "not_due_before": None if stop is None else night.now - timedelta(days=stop),
        **wanted.retried(calls.answers(), channels=_channel_ids(night)),
    }


def _in_files(night: NightRun, channel: Channel) -> int:
    """Write and send files of the whole city, then collect; gives how many may come again."""
    ((total,),) = rows.run(sql.COUNT_LIVE, {})
    scope = _scope(night, channel)
    written: list[int] = []
    passed = 0

    def one(part: Range) -> None:
        with rows.in_sets():
            if not _want(scope, part):
                return
            file = files.write(channel=channel, business_date=night.business_date, now=night.now)
            rows.run(sql.NOTE_DEBITS, {"night": night.id})
        if file is not None:
            written.append(file.pk)
            files.send(file.pk, now=night.now)

    def finished(part: Range) -> None:
        nonlocal passed
        passed += part[2]
        night.tell(passed, max(passed, total), part=channel.code, cursor=part[1])

    together(one, _ranges(sql.NEXT_LIVE, {}, size=FILE_ROWS), done=finished)
    return _collect(night, sorted(written), part=f"{channel.code} results")


def _ranges(statement: str, scope: dict[str, Any], *, size: int) -> Iterator[Range]:
    """Cut the city into ranges of principals with about so many bills each."""
    after = 0
    while True:
        ((upto, count),) = rows.run(statement, {**scope, "after": after, "limit": size})
        if upto is None:
            return
        yield after, upto, int(count)
        after = upto


def _want(scope: dict[str, Any], part: Range) -> int:
    """Lock the bills of a range and say which of them are to be debited now."""
    wanted.prepare()
    bounds = {"after": part[0], "upto": part[1]}
    rows.run(sql.LOCK_LIVE, {"channel": scope["channel"], **bounds})
    ((count,),) = rows.run(sql.WANT, {**scope, **bounds})
    return int(count)


def _in_calls(night: NightRun, channel: Channel) -> int:
    """Debit by calls, some at a time and no faster than the channel takes them."""
    per_second = _per_second(night, channel.code)
    pace = calls.Pace(per_second)
    # What is written down has to leave within the window in which it is sent at all.
    size = max(1, min(CALLS, int(per_second * calls.SEND_WINDOW_SECONDS / 2)))
    scope = _scope(night, channel)
    again = _come_again(night)
    done, retry = 0, 0
    for part in _ranges(sql.NEXT_CANDIDATES, scope, size=size):
        with rows.in_sets():
            _want(scope, part)
            wanted.request(channel_id=channel.pk, file_id=None, now=night.now)
            rows.run(sql.NOTE_DEBITS, {"night": night.id})
            requested = wanted.attempts()
        heard = payments.send_debits(requested, threads=calls.THREADS, pace=pace)
        with transaction.atomic():
            services.conclude(heard, now=night.now)
        retry += sum(one.conclusion.code in again for one in heard)
        done += part[2]
        night.tell(done, done, part=channel.code, cursor=part[1])
    return retry


def _per_second(night: NightRun, code: str) -> int:
    return next(row.per_second for row in night.scheme.debit.channels if row.channel == code)
