"""The verbs of debit files (批量代扣): write, send, fetch the result; each once, whatever crashes.

A file is written down with its attempts in one transaction (`written`), marked before it leaves
(`sent`), and its result is believed as a whole or not at all: `answered`, or `unknown` with the
faults that a person has to look at. Sending again sends the same bytes under the same number.
Whoever the debits are for applies what was taken and then says so (`applied`).
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain, repeat
from typing import Any, cast

import psycopg
from django.db import connection, transaction
from django.db.utils import DataError

from yifu import rows
from yifu.outside import without_connection
from yifu.payments import calls, file_format, file_statements, gateway, rules, wanted
from yifu.payments.errors import FileNotTheSame
from yifu.payments.file_format import Fault, Result
from yifu.payments.file_gateway import FileAdapter, FileAnswer, Said
from yifu.payments.models import Channel, DebitFile, FileState

MOST_ROWS = 50_000
"""Debits in one file: so much is held in memory, and locked together when it is applied."""
PATIENCE_SECONDS = 60.0
"""So long a result is waited for; after that the next run asks."""
_PAUSES_SECONDS = (0.0, 0.05, 0.1, 0.2, 0.5, 1.0)
FILE_REFUSED = "FILE_REFUSED"
UNDER_WAY = (FileState.WRITTEN, FileState.SENT, FileState.UNKNOWN)
"""Files of which it is not known what became of them."""


def write(*, channel: Channel, business_date: date, now: datetime) -> DebitFile | None:
    """Write the debits wanted in `payments_wanted` as a file, in the caller's transaction.

    None when nothing may be debited. At most `MOST_ROWS` are wanted at once.
    """
    ((file_id,),) = rows.run(file_statements.NEXT_FILE, {})
    made = wanted.request(channel_id=channel.pk, file_id=file_id, now=now)
    if made.count == 0:
        return None
    content = _rows_of(file_id, made.first, made.last)
    return DebitFile.objects.create(
        pk=file_id,
        channel=channel,
        business_date=business_date,
        number=rules.trade_number("F", business_date, file_id),
        rows=made.count,
        amount_fen=made.amount_fen,
        first_attempt=made.first,
        last_attempt=made.last,
        digest=file_format.digest(content),
        written_at=now,
    )


def _rows_of(file_id: int, first: int, last: int) -> bytes:
    """Copy a file's rows out of its attempts: always the same bytes."""
    driver = cast("psycopg.Connection[Any]", connection.connection)
    parameters = {"file": file_id, "first": first, "last": last}
    with driver.cursor() as cursor, cursor.copy(file_statements.COPY_OUT, parameters) as copy:
        return b"".join(bytes(block) for block in copy)


def under_way(*, area: str) -> list[int]:
    """List an area's files that were written and not applied yet, oldest first."""
    found = DebitFile.objects.filter(channel__area_id=area).exclude(
        state__in=[FileState.APPLIED, FileState.REFUSED]
    )
    return list(found.order_by("pk").values_list("pk", flat=True))


def send(file_id: int, *, now: datetime) -> FileState:
    """Hand a file over, outside any transaction, if it has not been; gives its state.

    One that certainly never left, or that the channel refuses, is `refused` and its attempts have
    failed. Raises `ChannelUnknown` and `FileNotTheSame`, before anything has left.
    """
    file = DebitFile.objects.select_related("channel").get(pk=file_id)
    if file.state != FileState.WRITTEN:
        return FileState(file.state)
    adapter = gateway.file_adapter(file.channel)
    content = _content(file)
    if not rows.run(file_statements.MARK_SENT, {"file": file_id}):
        return FileState(DebitFile.objects.values_list("state", flat=True).get(pk=file_id))
    with without_connection():
        answer = adapter.send_file(file.number, content)
    if answer.said == Said.UNSENT:
        return _refuse(file, rules.UNSENT, now=now)
    if answer.said == Said.REFUSED:
        return _refuse(file, answer.code, now=now)
    return FileState.SENT


def _content(file: DebitFile) -> bytes:
    with transaction.atomic():
        body = _rows_of(file.pk, file.first_attempt, file.last_attempt)
    if file_format.digest(body) != bytes(file.digest):
        raise FileNotTheSame(number=file.number)
    return file_format.compose(file.number, count=file.rows, amount_fen=file.amount_fen, rows=body)


def _refuse(file: DebitFile, code: str, *, now: datetime) -> FileState:
    """Note that a file was not taken: nothing of it was debited.

    A code that the chain of channels knows is kept for the debits; any other stops them.
    """
    known = (file.channel.code, code) in rules.after_failure(calls.answers())
    parameters = {
        "file": file.pk,
        "code": code,
        "attempt_code": code if known else FILE_REFUSED,
        "first": file.first_attempt,
        "last": file.last_attempt,
        "now": now,
    }
    with rows.in_sets():
        rows.run(file_statements.REFUSE, parameters)
    return FileState.REFUSED


@dataclass(frozen=True, slots=True)
class Fetched:
    """What is known about a file now: its state, its taken rows, and how often each code came."""

    state: FileState
    taken: int = 0
    taken_fen: int = 0
    codes: Mapping[str, int] | None = None


def fetch(file_id: int, *, now: datetime, patience_s: float | None = None) -> Fetched:
    """Ask for the result of a file that has left, outside any transaction, and record it.

    Handed over again when the channel knows nothing of it. Waits `patience_s` (by default
    `PATIENCE_SECONDS`) for a result that is not ready; then the state stays what it was.
    """
    file = DebitFile.objects.select_related("channel").get(pk=file_id)
    if file.state not in (FileState.SENT, FileState.UNKNOWN):
        return Fetched(FileState(file.state))
    patience = PATIENCE_SECONDS if patience_s is None else patience_s
    answer = _ask(file, patience_s=patience)
    if answer.said == Said.REFUSED:
        return Fetched(_refuse(file, answer.code, now=now))
    if answer.said != Said.RESULT:
        return Fetched(FileState(file.state))
    return take(file_id, answer.content, now=now)


def _ask(file: DebitFile, *, patience_s: float) -> FileAnswer:
    """Ask until there is a result, a refusal, or no patience left."""
    adapter = gateway.file_adapter(file.channel)
    until = time.monotonic() + patience_s
    while True:
        with without_connection():
            answer = _poll(adapter, file.number, until=until)
        if answer.said == Said.ABSENT:
            # Our request got lost: the same bytes once more, under the same number.
            content = _content(file)
            with without_connection():
                answer = adapter.send_file(file.number, content)
            if answer.said == Said.TAKEN:
                continue
        if answer.said in (Said.RESULT, Said.REFUSED) or time.monotonic() >= until:
            return answer


def _poll(adapter: FileAdapter, number: str, *, until: float) -> FileAnswer:
    """Ask for a result again and again, at growing intervals, while it is not there."""
    for pause in chain(_PAUSES_SECONDS, repeat(_PAUSES_SECONDS[-1])):
        time.sleep(max(0.0, min(pause, until - time.monotonic())))
        answer = adapter.ask_file(number)
        if answer.said not in (Said.NOT_YET, Said.UNANSWERED) or time.monotonic() >= until:
            return answer
    raise AssertionError("never: the pauses do not end")


def take(file_id: int, content: bytes, *, now: datetime) -> Fetched:
    """Record a result file: all of it, or nothing and the faults (`unknown`)."""
    with rows.in_sets():
        file = (
            DebitFile.objects.select_for_update(of=("self",))
            .select_related("channel")
            .get(pk=file_id)
        )
        if file.state not in (FileState.SENT, FileState.UNKNOWN):
            return Fetched(FileState(file.state))
        read = file_format.read_result(content, number=file.number)
        faults = _faults(file, read) if isinstance(read, Result) else read
        if faults:
            file.state = FileState.UNKNOWN
            file.faults = [fault.described() for fault in faults]
            file.save(update_fields=["state", "faults"])
            return Fetched(FileState.UNKNOWN)
        return _record(file, now=now)


def _faults(file: DebitFile, result: Result) -> list[Fault]:
    """Load the result beside what was sent and say where they differ."""
    with connection.cursor() as cursor:
        cursor.execute(file_statements.RESULT_TABLE)
    try:
        with transaction.atomic():
            driver = cast("psycopg.Connection[Any]", connection.connection)
            with driver.cursor() as own, own.copy(file_statements.COPY_IN) as copy:
                copy.write(result.rows)
    except (DataError, psycopg.DataError) as error:
        return [Fault("malformed_row", examples=[str(error).splitlines()[0]])]
    scope = {"file": file.pk, "first": file.first_attempt, "last": file.last_attempt}
    found = rows.run(
        file_statements.FAULTS,
        scope | {"undecided": _undecided(file.channel.code), "taken": file_format.TAKEN},
    )
    faults = [Fault(kind, count, list(examples)) for kind, count, examples in found]
    ((taken_fen,),) = rows.run(file_statements.TAKEN_FEN, {"taken": file_format.TAKEN})
    if taken_fen != result.taken_fen:
        faults.append(Fault("sum", examples=[f"{result.taken_fen} announced, {taken_fen} found"]))
    return faults


def _undecided(channel: str) -> Sequence[str]:
    """Name the codes that decide nothing: in a result every row has to be decided."""
    return [
        code
        for (of, operation, code), meaning in calls.answers().items()
        if (of, operation, meaning) == (channel, "debit", rules.Meaning.ASK)
    ]


def _record(file: DebitFile, *, now: datetime) -> Fetched:
    found = rows.run(
        file_statements.RECORD,
        {
            "file": file.pk,
            "first": file.first_attempt,
            "last": file.last_attempt,
            "taken": file_format.TAKEN,
            "now": now,
        },
    )
    file.state = FileState.ANSWERED
    file.faults = []
    file.answered_at = now
    file.save(update_fields=["state", "faults", "answered_at"])
    codes = {code: int(count) for code, count, _ in found}
    taken_fen = sum(int(fen) for code, _, fen in found if code == file_format.TAKEN)
    return Fetched(FileState.ANSWERED, codes.get(file_format.TAKEN, 0), taken_fen, codes)


def applied(file_id: int, *, now: datetime) -> None:
    """Note, in the transaction that applied it, that all a file took has reached its subjects."""
    DebitFile.objects.filter(pk=file_id, state=FileState.ANSWERED).update(
        state=FileState.APPLIED, applied_at=now
    )
