"""How soon who has paid is restored at the insurer and the credit platform, while settlements run.

A whole site on this machine: web, worker and all counterparts, each a process of its own. First
the rate of settlements is measured, the worker doing the jobs they leave; then they go on at 70 %
of it while defaulters, who are listed at both parties, pay over HTTP, ten a second. What counts is
the time by the database's clock from the beginning of the paying transaction to the later of the
two acknowledgements.
"""

import json
import statistics
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import httpx
from django.db import connection, transaction

from bench.report import Measured, machine, percentile
from bench.settlement import (
    WEB_THREADS,
    WEB_WORKERS,
    load_settlements,
    prepare,
    token_of,
)
from counterparts.population import make_id_number
from yifu import rows
from yifu.collection import defaults
from yifu.collection import services as collection
from yifu.collection import standing_statements as statements
from yifu.collection.models import Bill, BillState, DefaultEntry, Telling
from yifu.collection.services import NewBill
from yifu.commands import seeding
from yifu.commands.introductions import Outside, introduce
from yifu.commands.keys import Keys
from yifu.commands.processes import (
    WORKER_READY,
    Children,
    answers_on,
    free_port,
    memory_mb,
    said_in_log,
    wait_until,
)
from yifu.commands.site import COUNTERPARTS
from yifu.credit import services as credit
from yifu.credit.models import CreditLine, Standing
from yifu.enrolment import services as enrolment
from yifu.institutions.models import Institution
from yifu.ledger import services as ledger
from yifu.ledger.models import Line
from yifu.ledger.rules import Move
from yifu.patients import services as patients
from yifu.patients.services import NewContract, NewPerson
from yifu.visits import services as visits
from yifu.visits.services import NewVisit

WITHIN_S = 5.0
LOOKUP_MS = 0.3
SHARE = 0.7
WANTED = 0.65
"""Of the measured rate: a little less than the 70 % that the load is held to."""
MEASURED_VISITS = 600
PAYMENTS_PER_SECOND = 10
ROOM_FEN = 10**10
PAYERS = 8
OWED_FEN = 12_300
LOOKUPS = 2_000
_SERIES = 3
_PATIENCE_S = 120.0
_LISTENS = "listening on "


@dataclass(frozen=True, slots=True)
class _Site:
    """The running site and who calls it."""

    hospital: Institution
    insurer: str
    url: str
    token: str
    pids: list[int]


def run(*, size: int, now: datetime) -> list[Measured]:
    """List `size` defaulters, let them pay while settlements run, measure their restoration."""
    with tempfile.TemporaryDirectory() as folder, Children(Path(folder) / "log") as children:
        site = _start(children, Path(folder))
        seconds_of_load = size / PAYMENTS_PER_SECOND
        bills = _defaulters(site.hospital, size, now=now)
        measured = prepare(site.hospital, site.insurer, MEASURED_VISITS, now=now, series=_SERIES)
        _widen()
        rate = _rate(site, measured)
        wanted = SHARE * rate
        later = prepare(
            site.hospital,
            site.insurer,
            int(wanted * (seconds_of_load + 2)),
            now=now,
            series=_SERIES + 1,
        )
        _wait_until(_all_acknowledged)
        _widen()
        connection.close()
        seconds, settled, paying = _together(site, later, wanted, bills)
        _wait_until(_all_acknowledged)
        memory = memory_mb(site.pids)
        lookup, stopped = _lookups(bills)
    return [
        _measured(
            _restorations(),
            rate=rate,
            reached=len(settled) / seconds,
            seconds=seconds,
            memory=memory,
            more={
                "settlements": len(settled),
                "settlement_p99_ms": percentile(settled, 0.99),
                "paying_p50_ms": percentile(paying, 0.5),
                "lookup_p50_ms": lookup,
                "stopped_p50_ms": stopped,
                "balanced": ledger.verify().balanced,
            },
        )
    ]


# --- the site -------------------------------------------------------------------------------------


def _start(children: Children, folder: Path) -> _Site:
    keys = Keys.load_or_make(folder)
    hospital = seeding.seed(keys)
    # What other benches have left to do is theirs.
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE status = 'todo'")
    started = {}
    for name in COUNTERPARTS:
        data = folder / name
        data.mkdir()
        argv = [f"counterparts.{name}", "--port", "0", "--data", str(data)]
        started[name] = children.start(name, argv)
    urls = {one: wait_until(child, said_in_log(child, _LISTENS)) for one, child in started.items()}
    outside = Outside(**urls)
    introduce(outside, hospital, keys)
    children.environment = {"YIFU_SMS_URL": outside.sms}
    port = free_port()
    serve = ["yifu.cli", "serve", "--port", str(port), "--workers", str(WEB_WORKERS)]
    web = children.start("web", [*serve, "--threads", str(WEB_THREADS)])
    worker = children.start("worker", ["yifu.cli", "worker"])
    url = wait_until(web, answers_on(port))
    wait_until(worker, said_in_log(worker, WORKER_READY))
    token = token_of(url, keys, scope="settlements bills")
    return _Site(hospital, outside.insurer, url, token, [web.process.pid, worker.process.pid])


def _defaulters(hospital: Institution, size: int, *, now: datetime) -> list[int]:
    """Make persons who have not paid for long, and have them listed; gives their bills."""
    long_ago = now - timedelta(days=60)
    bills = []
    for number in range(size):
        person_id = _person(hospital, number, now=long_ago)
        bills.append(_unpaid(hospital, person_id, number, now=long_ago))
    entries = DefaultEntry.objects.bulk_create(
        DefaultEntry(
            bill=bill,
            principal_id=bill.principal_id,
            institution=hospital,
            rule="P4.4",
            proposed_at=now,
        )
        for bill in bills
    )
    ids = [bill.pk for bill in bills]
    Bill.objects.filter(pk__in=ids).update(state=BillState.DEFAULTED)
    people = [bill.principal_id for bill in bills]
    CreditLine.objects.filter(person_id__in=people).update(standing=Standing.DEFAULTED)
    defaults.confirm(
        [entry.pk for entry in entries], institution_id=hospital.pk, by="bench", now=now
    )
    return ids


def _person(hospital: Institution, number: int, *, now: datetime) -> int:
    born = (now - timedelta(days=30 * 365 + number)).date()
    person, _ = patients.register_person(
        NewPerson(
            f"逾期{number}",
            "01",
            make_id_number(region="990198", born=born, sequence=number % 999 + 1),
            f"155{number:08d}",
        ),
        area=hospital.area_id,
        institution_id=hospital.pk,
        now=now,
    )
    enrolment.enrol(
        NewContract(person.pk, "hangzhou", "platform", "", "2026-01", "phone"),
        [],
        None,
        area=hospital.area_id,
        institution_id=hospital.pk,
        now=now,
    )
    return person.pk


def _unpaid(hospital: Institution, person_id: int, number: int, *, now: datetime) -> Bill:
    """Make a bill as a settlement without insurance leaves it."""
    visit, _ = visits.open_visit(
        NewVisit(
            visit_no=f"D{number:07d}",
            person_id=person_id,
            kind="outpatient",
            department_code="A03",
            department_name="内科",
            doctor_code="D0101",
            doctor_name="林医生",
            began_at=now,
            diagnoses=(("J06", "急性上呼吸道感染"),),
        ),
        institution_id=hospital.pk,
    )
    line_id = CreditLine.objects.values_list("line_id", flat=True).get(person_id=person_id)
    account = f"owed:{person_id}"
    with transaction.atomic():
        ledger.post(
            key=f"bench:visit:{visit.pk}",
            kind="settlement",
            moves=[Move(account, f"revenue:{hospital.code}", OWED_FEN, (line_id,))],
            now=now,
        )
        asked = NewBill(
            visit_id=visit.pk,
            principal_id=person_id,
            account=account,
            line_id=line_id,
            amount_fen=OWED_FEN,
            due_at=now + timedelta(days=2),
        )
        return Bill.objects.get(pk=collection.open_bill(asked, now=now))


# --- the load -------------------------------------------------------------------------------------


def _widen() -> None:
    """Give every line room for the load, once the worker has set the limits that scores give."""
    _wait_until(_no_jobs)
    Line.objects.filter(creditline__isnull=False).update(limit_fen=ROOM_FEN)
    connection.close()


def _rate(site: _Site, prepared: list[int]) -> float:
    """Measure settlements a second on this site, its worker at work."""
    seconds, each = load_settlements(site.url, site.token, prepared)
    return len(each) / seconds


def _together(
    site: _Site, prepared: list[int], per_second: float, bills: list[int]
) -> tuple[float, list[float], list[float]]:
    """Settle at a rate and pay meanwhile; seconds of settling, of each, and of each payment."""
    with ThreadPoolExecutor(1) as other:
        settling = other.submit(
            load_settlements, site.url, site.token, prepared, per_second=per_second
        )
        time.sleep(1.0)  # the load's process has to start
        paying = _pay_all(site, bills)
        seconds, settled = settling.result()
    return seconds, settled, paying


def _pay_all(site: _Site, bills: list[int]) -> list[float]:
    began = time.perf_counter()
    with (
        httpx.Client(base_url=site.url, timeout=60, trust_env=False) as client,
        ThreadPoolExecutor(PAYERS) as pool,
    ):

        def pay(place_and_bill: tuple[int, int]) -> float:
            place, bill_id = place_and_bill
            due = began + place / PAYMENTS_PER_SECOND
            time.sleep(max(0.0, due - time.perf_counter()))
            asked = time.perf_counter()
            answer = client.post(
                f"/api/v1/bills/{bill_id}/payments",
                content=json.dumps({"channel": "cash", "amount_fen": OWED_FEN}),
                headers={
                    "Authorization": f"Bearer {site.token}",
                    "Content-Type": "application/json",
                    "Idempotency-Key": f"pay-{bill_id}",
                },
            )
            if answer.raise_for_status().json()["bill"]["state"] != "paid":
                raise RuntimeError(f"not paid: {answer.text[:300]}")
            return time.perf_counter() - asked

        return list(pool.map(pay, enumerate(bills)))


def _wait_until(done: Callable[[], bool]) -> None:
    until = time.monotonic() + _PATIENCE_S
    while not done():
        if time.monotonic() > until:
            raise RuntimeError(f"{done.__name__} not within {_PATIENCE_S:.0f} s")
        time.sleep(0.2)


def _all_acknowledged() -> bool:
    waiting = Telling.objects.filter(acknowledged_at__isnull=True, superseded=False)
    return not waiting.exists()


def _no_jobs() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT NOT EXISTS (SELECT 1 FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"
            " AND coalesce(scheduled_at, now()) <= now())"
        )
        return bool(cursor.fetchone()[0])


# --- the figures ----------------------------------------------------------------------------------

_RESTORED = """
SELECT extract(epoch FROM max(acknowledged_at) - min(wanted_at))::float8
FROM collection_telling WHERE NOT listed AND acknowledged_at IS NOT NULL
GROUP BY person_id HAVING count(*) = 2
"""


def _restorations() -> list[float]:
    """Give the seconds from each payment to both acknowledgements."""
    with connection.cursor() as cursor:
        cursor.execute(_RESTORED)
        return [row[0] for row in cursor.fetchall()]


def _lookups(bills: list[int]) -> tuple[float, float]:
    """Measure what standing costs a settlement, as servers plan it; medians in ms.

    First the look-up of who pays and how they stand, a statement of its own. Then of who is
    stopped, which a settlement reads along with its visit: alone it takes a round trip besides.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET enable_seqscan = off")
    people = list(Bill.objects.filter(pk__in=bills).values_list("principal_id", flat=True))
    asked = [people[place % len(people)] for place in range(LOOKUPS)]
    stopped = f"SELECT ({statements.STOPPED.format(person='%s')})"

    def taken(look: Callable[[int], object]) -> float:
        times = []
        for person_id in asked:
            began = time.perf_counter()
            look(person_id)
            times.append(time.perf_counter() - began)
        return round(statistics.median(times) * 1000, 4)

    return taken(credit.find_payer), taken(lambda person_id: rows.one(stopped, [person_id]))


def _measured(
    restored: list[float],
    *,
    rate: float,
    reached: float,
    seconds: float,
    memory: float,
    more: dict[str, float | bool],
) -> Measured:
    p99_ms = percentile(restored, 0.99)
    lookup_ms = float(more["lookup_p50_ms"])
    return Measured(
        name="restore",
        size=len(restored),
        seconds=round(seconds, 3),
        per_second=round(reached, 1),
        p50_ms=percentile(restored, 0.5),
        p99_ms=p99_ms,
        peak_mb=memory,
        reference={"name": "settlements alone", "per_second": round(rate, 1)},
        ratio=round(reached / rate, 4),
        wanted=WANTED,
        machine=machine(),
        more=more | {"wanted_p99_s": WITHIN_S, "wanted_lookup_ms": LOOKUP_MS},
        kept=p99_ms <= WITHIN_S * 1000 and lookup_ms <= LOOKUP_MS,
    )
