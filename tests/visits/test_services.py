"""Visits and charges reported again, at the same instant, or by somebody else."""

import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, transaction

from tests import builders
from tests.builders import NOW
from yifu.catalogue.rules import ChargeLine
from yifu.errors import NotFound
from yifu.visits import adding, services
from yifu.visits.errors import (
    ChargeDiffers,
    ChargeRepeated,
    EndsBeforeBeginning,
    VisitDiffers,
    VisitEnded,
)
from yifu.visits.models import Charge, Visit
from yifu.visits.services import NewVisit

_WAITING = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


def new_visit(person_id: int) -> NewVisit:
    return NewVisit(
        visit_no="V1",
        person_id=person_id,
        kind="outpatient",
        department_code="A03",
        department_name="内科",
        doctor_code="D0101",
        doctor_name="林医生",
        began_at=NOW,
        diagnoses=(("J06", "急性上呼吸道感染"), ("R05", "咳嗽")),
    )


def line(line_no: int, fen: int = 1500) -> ChargeLine:
    return ChargeLine(
        line_no=line_no,
        local_code="FW0001",
        national_code="001102000010000",
        name="普通门诊诊查费",
        quantity=Decimal(1),
        unit_price_fen=Decimal(fen),
        amount_fen=fen,
        occurred_at=NOW,
    )


def add(visit: Visit, *lines: ChargeLine) -> adding.Added:
    return services.add_charges(visit.pk, lines, institution_id=visit.institution_id)


def end(visit: Visit, at=NOW) -> services.Ended:
    return services.end_visit(visit.pk, institution_id=visit.institution_id, ended_at=at)


def amounts(visit: Visit) -> dict[int, int]:
    return dict(visit.charges.values_list("line_no", "amount_fen"))


@contextmanager
def meanwhile(call, *arguments):
    """Run a call in another thread; this one's transaction commits once the call waits for it."""
    outcome: Future[Any] = Future()

    def run():
        try:
            return call(*arguments)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            yield outcome
            called = pool.submit(run)
            until = time.monotonic() + 20
            while not _waits() and not called.done():
                assert time.monotonic() < until, "the call never met the transaction"
                time.sleep(0.01)
            assert not called.done(), "the call did not wait"
        error = called.exception(20)
        if error is None:
            outcome.set_result(called.result())
        else:
            outcome.set_exception(error)


def _waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(_WAITING)
        return bool(cursor.fetchone()[0])


@pytest.fixture
def visit(db):  # noqa: ARG001 - the tables
    return builders.visit(builders.person(), ended_at=None)


@pytest.fixture
def committed_visit(transactional_db):  # noqa: ARG001 - other threads see it
    yield builders.visit(builders.person(), ended_at=None)
    connection.close()


# --- a visit that begins -------------------------------------------------------------------------


def test_a_visit_is_written_down_as_it_was_reported(db):  # noqa: ARG001 - the tables
    asked = new_visit(builders.person().pk)
    visit, created = services.open_visit(asked, institution_id=builders.institution().pk)
    kept = Visit.objects.get()
    assert created
    for field in Visit._meta.concrete_fields:
        assert getattr(visit, field.attname) == getattr(kept, field.attname), field.attname
    assert [row["code"] for row in visit.diagnoses] == ["J06", "R05"]
    assert (visit.business_date, visit.ended_at, visit.uninsured) == (NOW.date(), None, False)


def test_a_visit_reported_again_is_the_same_one(db):  # noqa: ARG001 - the tables
    asked, hospital = new_visit(builders.person().pk), builders.institution().pk
    first, _ = services.open_visit(asked, institution_id=hospital)
    again, created = services.open_visit(asked, institution_id=hospital)
    assert (again.pk, created) == (first.pk, False)


@pytest.mark.parametrize(
    "changes", [{"doctor_code": "D2"}, {"diagnoses": ()}, {"began_at": NOW + timedelta(seconds=1)}]
)
def test_a_visit_number_known_with_other_facts_is_refused(db, changes):  # noqa: ARG001 - the tables
    asked, hospital = new_visit(builders.person().pk), builders.institution().pk
    services.open_visit(asked, institution_id=hospital)
    with pytest.raises(VisitDiffers):
        services.open_visit(replace(asked, **changes), institution_id=hospital)
    assert Visit.objects.count() == 1


def test_the_same_number_at_another_hospital_is_another_visit(db):  # noqa: ARG001 - the tables
    asked = new_visit(builders.person().pk)
    hospitals = [builders.institution(), builders.institution("H99010000002")]
    opened = [services.open_visit(asked, institution_id=each.pk) for each in hospitals]
    assert [created for _, created in opened] == [True, True]
    assert Visit.objects.count() == 2


def test_a_visit_reported_many_times_at_the_same_instant_is_one(transactional_db):  # noqa: ARG001 - threads
    asked, hospital = new_visit(builders.person().pk), builders.institution().pk
    at_once = 6
    start = Barrier(at_once)

    def report(_):
        try:
            start.wait(10)
            return services.open_visit(asked, institution_id=hospital)
        finally:
            connection.close()

    with ThreadPoolExecutor(at_once) as pool:
        opened = list(pool.map(report, range(at_once)))
    assert len({visit.pk for visit, _ in opened}) == 1
    assert sum(created for _, created in opened) == 1


def test_a_report_waits_for_the_same_one_that_is_not_committed(transactional_db):  # noqa: ARG001 - threads
    asked, hospital = new_visit(builders.person().pk), builders.institution().pk
    with meanwhile(lambda: services.open_visit(asked, institution_id=hospital)) as outcome:
        first, _ = services.open_visit(asked, institution_id=hospital)
    again, created = outcome.result()
    assert (again.pk, created) == (first.pk, False)


# --- charges -------------------------------------------------------------------------------------


def test_charges_are_given_in_the_order_they_were_reported_with_the_sum_of_all(visit):
    first = add(visit, line(2, 200), line(1, 100))
    assert [line_no for _, line_no in first.charges] == [2, 1]
    assert first.total_fen == 300
    second = add(visit, line(3, 30))
    assert second.total_fen == 330
    ids = {line_no: pk for pk, line_no in (*first.charges, *second.charges)}
    assert ids == dict(visit.charges.values_list("line_no", "pk"))


def test_a_charge_is_kept_as_it_was_reported(visit):
    asked = replace(line(7), quantity=Decimal("0.5"), unit_price_fen=Decimal("2999.9"))
    add(visit, asked)
    kept = visit.charges.get()
    for name in ChargeLine.__dataclass_fields__.keys() - {"corrects_line_no"}:
        assert getattr(kept, name) == getattr(asked, name), name
    assert kept.corrects is None


def test_the_same_charges_again_change_nothing(visit):
    first = add(visit, line(1), line(2))
    assert add(visit, line(1), line(2)) == first
    assert amounts(visit) == {1: 1500, 2: 1500}


def test_of_charges_partly_known_the_others_are_added(visit):
    (known,) = add(visit, line(2, 200)).charges
    added = add(visit, line(1, 100), line(2, 200), line(3, 300))
    assert [line_no for _, line_no in added.charges] == [1, 2, 3]
    assert added.charges[1] == known
    assert added.total_fen == 600
    assert amounts(visit) == {1: 100, 2: 200, 3: 300}


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "急诊诊查费"},
        {"quantity": Decimal(2), "unit_price_fen": Decimal(750)},
        {"unit_price_fen": Decimal(1499), "amount_fen": 1499},
        {"occurred_at": NOW + timedelta(seconds=1)},
    ],
)
def test_of_charges_of_which_one_differs_none_is_added(visit, changes):
    add(visit, line(2))
    with pytest.raises(ChargeDiffers) as refused:
        add(visit, line(1), replace(line(2), **changes), line(3))
    assert refused.value.facts == {"line_no": 2}
    assert amounts(visit) == {2: 1500}


def test_a_line_twice_in_one_report_is_refused(visit):
    with pytest.raises(ChargeRepeated) as refused:
        add(visit, line(1), line(3), line(2), line(3), line(2))
    assert refused.value.facts == {"line_no": 3}
    assert amounts(visit) == {}


@pytest.mark.parametrize("known", [True, False])
def test_charges_of_another_hospitals_visit_are_refused(visit, known):
    if known:
        add(visit, line(1))
    before = Charge.objects.count()
    other = builders.institution("H99010000002")
    with pytest.raises(NotFound):
        services.add_charges(visit.pk, [line(1), line(2)], institution_id=other.pk)
    with pytest.raises(NotFound):
        services.add_charges(10**9, [line(1)], institution_id=visit.institution_id)
    assert Charge.objects.count() == before


def test_another_visits_lines_are_not_in_the_way_and_not_in_the_sum(visit):
    add(builders.visit(visit.person, ended_at=None), line(1, 700), line(2, 700))
    assert add(visit, line(1, 100)).total_fen == 100


def test_a_line_added_by_another_report_at_the_same_instant_is_the_same_line(committed_visit):
    visit = committed_visit
    with meanwhile(add, visit, line(1, 100), line(2, 200)) as outcome:
        (known,) = add(visit, line(2, 200)).charges
    added = outcome.result()
    assert added.charges[1] == known
    assert added.total_fen == 300
    assert amounts(visit) == {1: 100, 2: 200}


def test_a_line_added_otherwise_at_the_same_instant_stops_the_whole_report(committed_visit):
    visit = committed_visit
    with meanwhile(add, visit, line(1, 100), line(2, 200)) as outcome:
        add(visit, line(2, 201))
    assert isinstance(outcome.exception(), ChargeDiffers)
    assert amounts(visit) == {2: 201}


def test_reports_in_opposite_orders_do_not_stop_each_other(committed_visit):
    visit = committed_visit
    lines = [line(number) for number in range(1, 200)]
    start = Barrier(2)

    def report(asked):
        try:
            start.wait(10)
            return add(visit, *asked).total_fen
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        totals = list(pool.map(report, [lines, lines[::-1]]))
    assert totals == [199 * 1500] * 2
    assert visit.charges.count() == 199


# --- a visit that ends ---------------------------------------------------------------------------


def test_a_visit_ends_once_and_the_same_again_changes_nothing(visit):
    for _ in range(2):
        ended = end(visit)
        assert (ended.visit.pk, ended.visit.ended_at) == (visit.pk, NOW)
        assert (ended.scheme, ended.insutype) == ("hangzhou", None)
    visit.refresh_from_db()
    assert visit.ended_at == NOW


@pytest.mark.parametrize("other", [timedelta(seconds=1), timedelta(hours=-1)])
def test_a_visit_that_ended_does_not_end_at_another_time(visit, other):
    end(visit)
    with pytest.raises(VisitEnded):
        end(visit, NOW + other)
    visit.refresh_from_db()
    assert visit.ended_at == NOW


def test_a_visit_does_not_end_before_it_began(visit):
    with pytest.raises(EndsBeforeBeginning):
        end(visit, NOW - timedelta(seconds=1))
    visit.refresh_from_db()
    assert visit.ended_at is None


def test_another_hospitals_visit_does_not_end(visit):
    other = builders.institution("H99010000002")
    with pytest.raises(NotFound):
        services.end_visit(visit.pk, institution_id=other.pk, ended_at=NOW)
    with pytest.raises(NotFound):
        services.end_visit(10**9, institution_id=visit.institution_id, ended_at=NOW)
    visit.refresh_from_db()
    assert visit.ended_at is None


@pytest.mark.parametrize(("later", "refusal"), [(timedelta(0), None), (timedelta(1), VisitEnded)])
def test_of_two_ends_at_the_same_instant_the_first_counts(committed_visit, later, refusal):
    visit = committed_visit
    with meanwhile(end, visit, NOW + later) as outcome:
        end(visit)
    assert type(outcome.exception()) is (refusal or type(None))
    visit.refresh_from_db()
    assert visit.ended_at == NOW
