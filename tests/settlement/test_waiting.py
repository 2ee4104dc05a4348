"""Waiting for the insurer costs no connection: 200 settlements at once on a pool of ten."""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Self

import psycopg
import pytest
from django.db import connection, connections

from tests.settlement.conftest import NOW
from yifu.insurance.models import Connection
from yifu.ledger import services as ledger
from yifu.settlement import services, work
from yifu.settlement.models import Settlement

AT_ONCE = 200
POOL = 10
ANSWER_S = 1.0
MESSAGES = 2
SERIAL_S = AT_ONCE * MESSAGES * ANSWER_S / POOL
"""What it takes when every wait holds one of the pool's connections: 40 s."""

_LOOK = """
SELECT (SELECT count(*) FROM insurance_exchange WHERE state = 'sending'),
       count(*) FILTER (WHERE state LIKE 'idle in transaction%'),
       coalesce(extract(epoch FROM max(clock_timestamp() - state_change)
                FILTER (WHERE state LIKE 'idle in transaction%')), 0)::float,
       count(*)
FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


@dataclass
class Watch:
    """What the database shows while others work: one row a look."""

    database: str
    rows: list[tuple[int, int, float, int]] = field(default_factory=list)
    available: list[int] = field(default_factory=list)
    over: Event = field(default_factory=Event)

    def look(self) -> None:
        """Look every 50 ms, on a connection of its own, until it is over."""
        pool = connections["default"].pool  # type: ignore[attr-defined] # PostgreSQL's has one
        with psycopg.connect(self.database, autocommit=True) as own:
            while not self.over.wait(0.05):
                row = own.execute(_LOOK).fetchone()
                assert row is not None
                self.rows.append((row[0], row[1], row[2], row[3]))
                self.available.append(pool.get_stats()["pool_available"])

    def __enter__(self) -> Self:
        self.thread = Thread(target=self.look)
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.thread.join()


def prepared_visits(world):
    """Visits that the insurer knows: settling needs its two messages, 2204 and 2207."""
    people = [world.person(balance_fen=10_000) for _ in range(20)]
    for person in people[::2]:
        world.sign(person)
    visits = [world.visit(people[place % len(people)]) for place in range(AT_ONCE)]
    for visit in visits:
        services.make_known(*work.load_visit(visit.pk, world.hospital.pk), now=NOW)
    return visits


@pytest.mark.skipif(os.environ.get("YIFU_POOL", "10") != str(POOL), reason="another pool is set")
def test_no_connection_and_no_transaction_waits_for_the_insurer(world):
    Connection.objects.update(timeout_s=30)
    visits = prepared_visits(world)

    def settle(visit):
        try:
            return world.settle(visit)
        finally:
            connection.close()

    parameters = connection.get_connection_params()
    database = psycopg.conninfo.make_conninfo(
        **{
            name: parameters[name]
            for name in ("host", "port", "user", "password", "dbname")
            if parameters.get(name)
        }
    )
    world.insurer.control("latency", {"ms": ANSWER_S * 1000})
    try:
        with Watch(database) as watch, ThreadPoolExecutor(AT_ONCE) as threads:
            begun = time.monotonic()
            outcomes = list(threads.map(settle, visits))
            took_s = time.monotonic() - begun
    finally:
        world.insurer.control("latency", {"ms": 0})

    assert {outcome.status for outcome in outcomes} == {201}
    assert Settlement.objects.count() == AT_ONCE
    assert took_s < SERIAL_S / 2
    waiting = [row for row in watch.rows if row[0] > AT_ONCE // 4]
    assert waiting, "many more messages than the pool has connections are under way at once"
    assert max(row[0] for row in watch.rows) > 5 * POOL
    assert max(row[3] for row in watch.rows) <= POOL + 2, "the pool was no larger than it says"
    assert max(row[2] for row in watch.rows) < ANSWER_S, "no transaction idles for a whole answer"
    assert min(row[1] for row in waiting) == 0
    assert max(watch.available) > 0, "connections were back in the pool meanwhile"
    assert ledger.verify().balanced
    theirs = {row["setl_id"] for row in world.their_books()["settlements"]}
    assert set(Settlement.objects.values_list("setl_id", flat=True)) <= theirs
