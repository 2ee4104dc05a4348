"""Telling the credit platform and the insurer who is listed and who is not any more (P4.4, P4.5).

A telling is written in the transaction that causes it, with the job that sends it at once; it is
sent again until it is acknowledged. The party knows it by its number, which ascends: what comes
twice or too late changes nothing there. How soon who has paid was told is kept and shown.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import orjson
from django.db import transaction

from yifu import clock
from yifu.collection import jobs, rules
from yifu.collection import standing_statements as statements
from yifu.collection.rules import EntryValue
from yifu.credit import gateway, versions
from yifu.credit.gateway import Answer, AnswerKind
from yifu.credit.models import CreditParty
from yifu.credit.schemes import Scheme
from yifu.institutions.models import Area
from yifu.money import display
from yifu.outside import without_connection
from yifu.patients.notices import Message, notify_many
from yifu.rows import run
from yifu.secrets import decrypt

INSURER, CREDIT_PLATFORM = "insurer", "credit_platform"
CHUNK = 40
"""How many tellings are taken in hand at once: done in time even if the party is mute."""
THREADS = 8
NO_PARTY, NOT_APPLIED, UNREADABLE = "NO_PARTY", "NOT_APPLIED", "UNREADABLE"
"""Our codes: nobody to be told there; the party has heard a later number than our newest."""


@dataclass(slots=True)
class _Person:
    """Somebody about whom there may be something to tell."""

    name: str
    area: str
    scheme: Scheme
    entries: list[EntryValue] = field(default_factory=list)
    listed_by: list[tuple[datetime, str, int]] = field(default_factory=list)
    """Of the entries that list the person: when confirmed, by which institution, fen owed."""

    def content(self, *, listed: bool, now: datetime) -> dict[str, Any]:
        """Give what is said besides the number and the person; the same however often it is."""
        if not listed or not self.listed_by:
            day = clock.business_date(now).isoformat()
            return {"institution": "", "amount_fen": 0, "since": day}
        confirmed_at, institution, _ = min(self.listed_by)
        return {
            "institution": institution,
            "amount_fen": sum(fen for *_, fen in self.listed_by),
            "since": clock.business_date(confirmed_at).isoformat(),
        }


def write(reasons: Mapping[int, str], *, now: datetime) -> list[int]:
    """Write what has to be told about persons (each with the reason), and the jobs that tell it.

    In the caller's transaction, which has locked all entries of these persons. Nothing is written
    where the newest telling says it already; what has not been acknowledged of an older one is
    superseded. Gives the numbers of the new tellings.
    """
    persons = sorted(reasons)
    about = _about(persons, now=now)
    newest: dict[int, dict[str, bool]] = defaultdict(dict)
    for person, party, listed in run(statements.NEWEST_TELLINGS, {"persons": persons}):
        newest[person][party] = listed
    wanted = [
        (person, party, listed)
        for person, one in about.items()
        for party, listed in rules.to_tell(
            listed=rules.is_listed(one.entries),
            parties=one.scheme.overdue.tell,
            newest=newest[person],
        ).items()
    ]
    if not wanted:
        return []
    written = _insert(wanted, about, reasons, now=now)
    jobs.tell_at_once([(pk, party) for pk, _, party, _ in written])
    _tell_persons({person: listed for _, person, _, listed in written}, about, now=now)
    return [row[0] for row in written]


def _about(persons: Sequence[int], *, now: datetime) -> dict[int, _Person]:
    """Read persons with their entries."""
    about = {
        pk: _Person(name, area, versions.at(scheme, now))
        for pk, name, area, scheme in run(statements.PERSONS_OF_TELLINGS, {"persons": persons})
    }
    for _, person, state, contested, decided_at, institution, owed_fen in run(
        statements.ENTRIES, {"persons": persons}
    ):
        entry = EntryValue(state, contested)
        about[person].entries.append(entry)
        if entry.listed:
            about[person].listed_by.append((decided_at, institution, owed_fen))
    return about


def _insert(
    wanted: Sequence[tuple[int, str, bool]],
    about: Mapping[int, _Person],
    reasons: Mapping[int, str],
    *,
    now: datetime,
) -> list[tuple[int, int, str, bool]]:
    """Supersede what is overtaken and insert; gives (number, person, party, listed)."""
    keys = {
        "persons": [person for person, _, _ in wanted],
        "parties": [party for _, party, _ in wanted],
    }
    run(statements.OVERTAKE, keys)
    contents = [about[person].content(listed=listed, now=now) for person, _, listed in wanted]
    return run(
        statements.INSERT_TELLINGS,
        keys
        | {
            "areas": [about[person].area for person, _, _ in wanted],
            "listeds": [listed for *_, listed in wanted],
            "reasons": [reasons[person] for person, _, _ in wanted],
            "contents": [orjson.dumps(content).decode() for content in contents],
            "now": now,
        },
    )


def _tell_persons(
    listed: Mapping[int, bool], about: Mapping[int, _Person], *, now: datetime
) -> None:
    """Tell those persons themselves what is told about them, and the way back."""
    messages = []
    for person, is_listed in listed.items():
        one = about[person]
        content = one.content(listed=is_listed, now=now)
        params: dict[str, Any] = {"name": one.name}
        if is_listed:
            params |= {
                "amount": display(content["amount_fen"]),
                "institution": content["institution"],
                "date": content["since"],
                "days": one.scheme.overdue.contest_days,
            }
        template = "listed" if is_listed else "delisted"
        key = f"person:{person}:{template}:{now.isoformat()}"
        messages.append(Message(key, person, template, params))
    notify_many(messages, now=now)


# --- sending --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Claimed:
    """A telling in hand."""

    number: int
    area: str
    party: str
    listed: bool
    reason: str
    content: Mapping[str, Any]
    tries: int
    name: str
    certificate_cipher: bytes

    def path_and_body(self) -> tuple[str, dict[str, Any]]:
        """Write the message as the party wants it (D: no city has published its own)."""
        id_number = decrypt(self.certificate_cipher)
        about = {"number": self.number, "id_number": id_number, "reason": self.reason}
        if self.party == INSURER:
            return "/city/standing", about | {"stopped": self.listed}
        return "/listings", about | {"listed": self.listed, "name": self.name, **self.content}


@dataclass(frozen=True, slots=True)
class _Heard:
    """What became of sending one."""

    number: int
    code: str
    acknowledged: bool
    wait_s: int


def send(telling_ids: Sequence[int], *, now: datetime) -> int:
    """Send tellings of which it is time, outside any transaction; gives how many were acknowledged.

    What is acknowledged, superseded, or in somebody else's hands is left alone. What is not
    acknowledged is sent again by a job after the scheme's `restoration.retry_seconds`.
    Raises `TransactionOpenError` inside a transaction.
    """
    return _carry_out(run(statements.CLAIM_THESE, {"tellings": list(telling_ids)}), now=now)


def send_due(*, area: str, now: datetime) -> int:
    """Send everything of an area that is due, whosever job was lost; the net below the jobs.

    Each at most once; gives how many were acknowledged. A party that acknowledges nothing of a
    whole part is left alone until the next time. Outside any transaction.
    """
    acknowledged = 0
    for party in (INSURER, CREDIT_PLATFORM):
        asked = {"area": area, "party": party, "limit": CHUNK}
        while claimed := run(statements.CLAIM_DUE, asked):
            heard = _carry_out(claimed, now=now)
            acknowledged += heard
            if not heard or len(claimed) < CHUNK:
                break
    return acknowledged


def _carry_out(rows: Sequence[tuple[Any, ...]], *, now: datetime) -> int:
    claimed = [_claimed(row) for row in rows]
    if not claimed:
        return 0
    areas = {one.area for one in claimed}
    parties = {
        (party.area_id, party.code): party
        for party in CreditParty.objects.filter(area_id__in=areas)
    }
    schemes = dict(Area.objects.filter(pk__in=areas).values_list("pk", "scheme"))
    retries = {
        area: versions.at(code, now).restoration.retry_seconds for area, code in schemes.items()
    }
    messages = [(parties.get((one.area, one.party)), *one.path_and_body()) for one in claimed]
    with without_connection():
        answers = _post_all(messages)
    heard = [
        _heard(one, answer, retries[one.area]) for one, answer in zip(claimed, answers, strict=True)
    ]
    _record(heard)
    return sum(one.acknowledged for one in heard)


def _claimed(row: tuple[Any, ...]) -> _Claimed:
    number, area, party, listed, reason, content, tries, name, cipher = row
    known = orjson.loads(content) if isinstance(content, str | bytes) else content
    return _Claimed(number, area, party, listed, reason, known, tries, name, bytes(cipher))


def _post_all(
    messages: Sequence[tuple[CreditParty | None, str, dict[str, Any]]],
) -> list[Answer]:
    def post(message: tuple[CreditParty | None, str, dict[str, Any]]) -> Answer:
        party, path, body = message
        if party is None:
            return Answer(AnswerKind.UNSENT, NO_PARTY)
        return gateway.post(party, path, body)

    if len(messages) == 1:
        return [post(messages[0])]
    with ThreadPoolExecutor(min(THREADS, len(messages))) as pool:
        return list(pool.map(post, messages))


def _heard(one: _Claimed, answer: Answer, retry_seconds: Sequence[int]) -> _Heard:
    wait_s = rules.retry_after(retry_seconds, tries=one.tries)
    if not answer.done:
        return _Heard(one.number, answer.code or answer.kind.value.upper(), False, wait_s)
    said = answer.body.get("stopped" if one.party == INSURER else "listed")
    if answer.body.get("number") != one.number or said is not one.listed:
        return _Heard(one.number, UNREADABLE, False, wait_s)
    applied = answer.body.get("applied") is True
    return _Heard(one.number, "" if applied else NOT_APPLIED, applied, wait_s)


def _record(heard: Sequence[_Heard]) -> None:
    """Write down what was heard, and have the rest sent again."""
    with transaction.atomic():
        left = run(
            statements.RECORD,
            {
                "tellings": [one.number for one in heard],
                "codes": [one.code for one in heard],
                "acknowledged": [one.acknowledged for one in heard],
                "waits": [float(one.wait_s) for one in heard],
            },
        )
        again: dict[int, list[tuple[int, str]]] = defaultdict(list)
        for number, party, more, wait_s in left:
            if more:
                again[int(wait_s)].append((number, party))
        for wait_s, numbers in again.items():
            jobs.tell_again(numbers, in_seconds=wait_s)


# --- how soon ------------------------------------------------------------------------------------

EDGES_S = (0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0)
"""Between these seconds acknowledgements are counted together."""


@dataclass(frozen=True, slots=True)
class Waits:
    """How long a party took from payments to its acknowledgements, in seconds of real time."""

    party: str
    count: int
    """Acknowledged ones; the percentiles and the histogram are of these."""
    waiting: int
    """Not acknowledged yet."""
    late: int
    """Acknowledged too late, or waiting too long already (`restoration.within_seconds`)."""
    p50_s: float | None
    p90_s: float | None
    p99_s: float | None
    max_s: float | None
    histogram: tuple[tuple[float | None, int], ...]
    """(up to so many seconds, how many); the last is beyond all: None."""


def waits(*, area: str, begin: date, end: date, within_seconds: int) -> list[Waits]:
    """Give the distribution of waits of what was paid (or taken off) on business dates; by party.

    Both dates are included. `within_seconds` is the scheme's promise.
    """
    asked = _period(area, begin, end) | {"within": within_seconds, "edges": list(EDGES_S)}
    buckets: dict[str, dict[int, int]] = defaultdict(dict)
    histogram = {name: value for name, value in asked.items() if name != "within"}
    for party, bucket, count in run(statements.HISTOGRAM, histogram):
        buckets[party][bucket] = count
    found = []
    del asked["edges"]
    for party, count, waiting, late, percentiles in run(statements.WAITS, asked):
        p50, p90, p99, longest = percentiles or (None,) * 4
        bars = tuple(
            (upto, buckets[party].get(place, 0)) for place, upto in enumerate((*EDGES_S, None))
        )
        found.append(Waits(party, count, waiting, late, p50, p90, p99, longest, bars))
    return found


@dataclass(frozen=True, slots=True)
class Late:
    """A way back of which a party was, or is being, told too late; `acknowledged_at` None: is."""

    number: int
    person_id: int
    party: str
    reason: str
    caused_at: datetime
    acknowledged_at: datetime | None
    seconds: float
    tries: int
    code: str


def late(*, area: str, begin: date, end: date, within_seconds: int, limit: int = 200) -> list[Late]:
    """List what took, or takes, longer than promised: what still waits first, then the longest."""
    asked = _period(area, begin, end) | {"within": within_seconds, "limit": limit}
    return [Late(*row) for row in run(statements.LATE, asked)]


EXPORT_HEADER = (
    *("number", "party", "reason", "caused_at", "acknowledged_at", "seconds", "tries", "code"),
)


def export(*, area: str, begin: date, end: date) -> Iterator[tuple[str, ...]]:
    """Give every way back of a period as texts for a CSV file, under `EXPORT_HEADER`; no person."""
    for number, party, reason, caused_at, heard_at, seconds, tries, code in run(
        statements.EXPORT, _period(area, begin, end)
    ):
        yield (
            str(number),
            party,
            reason,
            caused_at.astimezone(clock.CHINA).isoformat(),
            heard_at.astimezone(clock.CHINA).isoformat() if heard_at else "",
            f"{seconds:.3f}",
            str(tries),
            code,
        )


def _period(area: str, begin: date, end: date) -> dict[str, Any]:
    return {"area": area, "begin": clock.midnight(begin), "end": clock.day_bounds(end)[1]}
