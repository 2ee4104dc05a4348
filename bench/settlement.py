"""Settlements a second through HTTP, the insurer answering at once: all on this machine.

Ten lines each, two messages to the insurer (2204, 2207), three durable transactions, the receipt
job enqueued. The server, the insurer's process and the load share the machine's cores.
"""

import multiprocessing
import tempfile
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

import httpx
from django.db import connection

from bench import reference
from bench.load import settle_all
from bench.report import Measured, machine, percentile
from counterparts.population import make_id_number
from yifu.catalogue.models import Item
from yifu.catalogue.rules import ChargeLine, amount_of
from yifu.commands import seeding
from yifu.commands.keys import Keys
from yifu.commands.processes import Children, answers_on, free_port, memory_mb, wait_until
from yifu.enrolment import services as enrolment
from yifu.institutions.models import Institution
from yifu.insurance import registering
from yifu.insurance import services as insurance
from yifu.insurance.models import Connection
from yifu.ledger import services as ledger
from yifu.patients import services as patients
from yifu.patients.services import NewContract, NewPerson
from yifu.secrets import encrypt
from yifu.settlement.models import Settlement
from yifu.visits import services as visits
from yifu.visits.models import Visit
from yifu.visits.services import NewVisit

WANTED = 0.025
LINES = 10
PERSONS = 200
WEB_WORKERS, WEB_THREADS = 2, 16
TURNS, PGBENCH_SECONDS = 5, 4


def run(*, size: int, now: datetime) -> list[Measured]:
    """Prepare visits, settle them through HTTP with as many clients as pgbench, compare."""
    with tempfile.TemporaryDirectory() as folder:
        keys = Keys.load_or_make(Path(folder))
        hospital = seeding.seed(keys)
        port, insurer_port = free_port(), free_port()
        with Children(Path(folder) / "log") as children:
            insurer = children.start(
                "insurer",
                ["counterparts.insurer", "--port", str(insurer_port), "--data", folder],
            )
            address = wait_until(insurer, answers_on(insurer_port))
            _connect(hospital, keys, address)
            prepared = prepare(hospital, address, size, now=now)
            serve = ["yifu", "serve", "--port", str(port)]
            serve += ["--workers", str(WEB_WORKERS), "--threads", str(WEB_THREADS)]
            web = children.start("web", ["yifu.cli", *serve[1:]])
            url = wait_until(web, answers_on(port))
            connection.close()
            seconds, durations, tps = _in_turns(url, token_of(url, keys), prepared)
            memory = memory_mb([web.process.pid])
    return [_measured(seconds, durations, tps, memory)]


def _in_turns(url: str, token: str, prepared: list[int]) -> tuple[float, list[float], float]:
    """Settle and let pgbench run by turns: a shared machine's speed changes within seconds.

    Gives the seconds of settling, the seconds of each settlement, and pgbench's mean rate.
    """
    rates = [reference.pgbench(seconds=PGBENCH_SECONDS)]
    total, durations = 0.0, []
    for turn in range(TURNS):
        seconds, each = load_settlements(url, token, prepared[turn::TURNS])
        total += seconds
        durations += each
        rates.append(reference.pgbench(seconds=PGBENCH_SECONDS))
    return total, durations, sum(rates) / len(rates)


def _connect(hospital: Institution, keys: Keys, address: str) -> None:
    Connection.objects.update_or_create(
        institution=hospital,
        defaults={
            "base_url": address,
            "access_key": keys.insurer_access_key,
            "secret_cipher": encrypt(keys.insurer_secret_key),
        },
    )
    row = {
        "fixmedins_code": hospital.code,
        "fixmedins_name": hospital.name,
        "access_key": keys.insurer_access_key,
        "secret_key": keys.insurer_secret_key,
        "hosp_lv": hospital.level,
    }
    httpx.post(f"{address}/_control/institutions", json=[row]).raise_for_status()


def prepare(
    hospital: Institution, address: str, size: int, *, now: datetime, series: int = 0
) -> list[int]:
    """Make persons with lines, and ended visits with ten charges that the insurer knows.

    Each bench that shares the database has a `series` of its own.
    """
    first = series * PERSONS
    persons = [_person(hospital, address, first + each, now=now) for each in range(PERSONS)]
    cheap = Item.objects.filter(institution=hospital, price_fen__lt=5_000)
    items = list(cheap.order_by("pk")[:300])
    random = Random(7)  # noqa: S311 - which charges are used is no secret

    def make(number: int) -> int:
        person = persons[number % PERSONS]
        visit, _ = visits.open_visit(
            NewVisit(
                visit_no=f"B{series}{number:07d}",
                person_id=person,
                kind="outpatient",
                department_code="A03",
                department_name="内科",
                doctor_code="D0101",
                doctor_name="林医生",
                began_at=now - timedelta(hours=1),
                diagnoses=(("J06", "急性上呼吸道感染"),),
            ),
            institution_id=hospital.pk,
        )
        chosen = random.sample(items, LINES)
        visits.add_charges(
            visit.pk,
            [_line(place, item, now=now) for place, item in enumerate(chosen, start=1)],
            institution_id=hospital.pk,
        )
        visits.end_visit(visit.pk, institution_id=hospital.pk, ended_at=now)
        whole = Visit.objects.select_related("person", "institution").get(pk=visit.pk)
        registering.register_visit(whole, credential=None, now=now)
        insurance.send_diagnoses(whole, now=now)
        connection.close()
        return visit.pk

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(make, range(size)))


def _line(place: int, item: Item, *, now: datetime) -> ChargeLine:
    return ChargeLine(
        line_no=place,
        local_code=item.local_code,
        national_code=item.national_code,
        name=item.name,
        quantity=Decimal(2),
        unit_price_fen=item.price_fen,
        amount_fen=amount_of(quantity=Decimal(2), unit_price_fen=item.price_fen),
        occurred_at=now,
    )


def _person(hospital: Institution, address: str, number: int, *, now: datetime) -> int:
    born = (now - timedelta(days=40 * 365 + number)).date()
    certno = make_id_number(region="990199", born=born, sequence=number % 999 + 1)
    person, _ = patients.register_person(
        NewPerson(f"量测{number}", "01", certno, f"154{number:08d}"),
        area=hospital.area_id,
        institution_id=hospital.pk,
        now=now,
    )
    enrolled = enrolment.enrol(
        NewContract(person.pk, "hangzhou", "platform", "", "2026-01", "phone"),
        [],
        None,
        area=hospital.area_id,
        institution_id=hospital.pk,
        now=now,
    )
    if enrolled.credit_line is not None:
        line = enrolled.credit_line.line
        line.limit_fen = 10**10
        line.save(update_fields=["limit_fen"])
    insured = {
        "psn_no": f"99{person.pk:013d}",
        "certno": certno,
        "psn_name": person.name,
        "gend": person.sex,
        "brdy": born.isoformat(),
        "psn_type": "11",
        "insutype": "310",
        "balc_fen": 0,
        "used": [{"year": now.year, "deductible_fen": 100_000, "pool_fen": 0}],
    }
    httpx.post(f"{address}/_control/persons", json=[insured]).raise_for_status()
    return person.pk


def token_of(url: str, keys: Keys, *, scope: str = "settlements") -> str:
    """Fetch a token as a hospital's system does."""
    answer = httpx.post(
        f"{url}/oauth/token/",
        data={"grant_type": "client_credentials", "scope": scope},
        auth=(keys.client_id, keys.client_secret),
    )
    return str(answer.raise_for_status().json()["access_token"])


def load_settlements(
    url: str, token: str, prepared: list[int], *, per_second: float | None = None
) -> tuple[float, list[float]]:
    """Settle from a process of its own; seconds in all and of each."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(settle_all, (url, token, prepared, reference.CLIENTS, per_second))


def _measured(seconds: float, durations: list[float], tps: float, memory: float) -> Measured:
    rate = len(durations) / seconds
    completed = Settlement.objects.filter(state="completed").count()
    return Measured(
        name="settlement",
        size=len(durations),
        seconds=round(seconds, 3),
        per_second=round(rate, 1),
        p50_ms=percentile(durations, 0.5),
        p99_ms=percentile(durations, 0.99),
        peak_mb=memory,
        reference={"name": "pgbench TPC-B", "per_second": round(tps, 1)},
        ratio=round(rate / tps, 4),
        wanted=WANTED,
        machine=machine(),
        more={
            "lines": LINES,
            "messages": 2,
            "completed": completed,
            "balanced": ledger.verify().balanced,
        },
    )
