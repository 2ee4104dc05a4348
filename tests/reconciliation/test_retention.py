"""What was said to the insurer is let go after its time, and not before it is decided."""

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured

from tests import builders
from tests.web import rows
from yifu.clock import CHINA
from yifu.insurance import kinds
from yifu.insurance.kinds import Kind, Policy
from yifu.insurance.models import Exchange, RetentionDay
from yifu.reconciliation import retention

NOW = datetime(2026, 12, 1, 3, 20, tzinfo=CHINA)
DAYS = Policy({Kind.MONEY: 12, Kind.RECORD: 6, Kind.QUERY: 4})
pytestmark = pytest.mark.django_db


def said(infno="1101", *, days_ago=20, **changes):
    at = NOW - timedelta(days=days_ago)
    number = Exchange.objects.count()
    columns = {
        "msgid": f"H99010000001{at:%Y%m%d%H%M%S}{number:04d}",
        "institution": builders.institution(),
        "infno": infno,
        "subject": "visit:0",
        "state": "answered",
        "request": {"data": {"psn_name": "示*"}},
        "answer": {"data": {"mdtrt_id": "M1"}},
        "detail": "某人的事",
        "sent_at": at,
        "answered_at": at,
    }
    return Exchange.objects.create(**columns | changes)


def settled(**changes):
    visit = rows.visit(builders.institution(), builders.person())
    return rows.settlement(visit, **changes)


def retain(**more):
    return retention.retain(policy=DAYS, now=NOW, **more)


def emptied(exchange):
    exchange.refresh_from_db()
    assert (exchange.emptied_at is None) == (exchange.request != {})
    return exchange.emptied_at is not None


def test_content_goes_and_who_asked_what_when_stays():
    exchange = said(inf_refmsgid="R1")
    retain()
    assert emptied(exchange)
    assert (exchange.request, exchange.answer, exchange.detail) == ({}, None, "")
    kept = (exchange.infno, exchange.subject, exchange.state, exchange.inf_refmsgid)
    assert kept == ("1101", "visit:0", "answered", "R1")
    assert exchange.emptied_at == NOW


@pytest.mark.parametrize(("infno", "days"), [("2207", 12), ("2204", 6), ("1101", 4), ("SK01", 6)])
def test_each_kind_of_message_has_its_own_time(infno, days):
    kept, gone = said(infno, days_ago=days), said(infno, days_ago=days + 1)
    retain()
    assert not emptied(kept)
    assert emptied(gone)


@pytest.mark.parametrize("state", ["sending", "unknown"])
def test_what_was_never_heard_of_stays(state):
    exchange = said(state=state)
    assert retain().left["query"] == 1
    assert not emptied(exchange)


@pytest.mark.parametrize(
    "state", ["claimed", "insured", "unknown", "reversing", "awaiting_payment"]
)
@pytest.mark.parametrize("subject", ["settlement:{0.pk}", "query:{0.pk}", "visit:{0.visit_id}"])
def test_the_traces_of_an_open_settlement_stay_until_it_is_closed(state, subject):
    settlement = settled(state=state)
    exchange = said("2207", subject=subject.format(settlement))
    assert retain().left["money"] == 1
    assert not emptied(exchange)
    settlement.state = "completed"
    settlement.save()
    assert retain().emptied["money"] == 1
    assert emptied(exchange)


def test_the_traces_of_a_stay_stay_until_the_patient_has_left():
    visit = builders.visit(builders.person(), kind="inpatient", ended_at=None)
    exchange = said("2301", subject=f"stay:{visit.pk}")
    assert retain().left["record"] == 1
    visit.ended_at = builders.NOW
    visit.save()
    retain()
    assert emptied(exchange)


def test_the_traces_of_a_disputed_settlement_stay_until_it_is_decided():
    settlement = settled(setl_id="S1")
    statement = rows.statement(settlement.institution, business_date=date(2026, 11, 11))
    difference = rows.difference(statement, "S1")
    exchanges = [
        said("2207", subject=f"settlement:{settlement.pk}"),
        said("3202", subject="statement:2026-11-11:11"),
    ]
    other = said("2207", subject="settlement:0")
    retain()
    assert [emptied(one) for one in [*exchanges, other]] == [False, False, True]
    difference.state = "explained"
    difference.save()
    retain()
    assert all(emptied(one) for one in exchanges)


def test_what_only_the_insurer_has_may_hide_in_any_message_of_its_day():
    at = NOW - timedelta(days=20)
    statement = rows.statement(builders.institution(), business_date=at.date())
    rows.difference(statement, "S9", kind="theirs_only")
    of_the_day, of_the_next = said("2207"), said("2207", days_ago=19)
    elsewhere = said("2207", institution=builders.institution("H99010000002"))
    retain()
    assert not emptied(of_the_day)
    assert emptied(of_the_next)
    assert emptied(elsewhere)


def test_counting_first_changes_nothing():
    exchange = said()
    assert retain(dry_run=True).emptied["query"] == 1
    assert not emptied(exchange)
    assert not RetentionDay.objects.exists()


def test_again_does_nothing_and_a_finished_day_is_not_walked_again():
    said()
    assert retain().emptied["query"] == 1
    again = retain()
    assert (again.days, again.emptied["query"]) == (0, 0)


def test_whoever_stops_in_between_goes_on_there():
    exchanges = [said(days_ago=ago) for ago in (7, 6, 6)]

    def stop(done, _of):
        if done == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        retain(progress=stop)
    assert [emptied(one) for one in exchanges] == [True, False, False]
    assert retain().emptied["query"] == 2
    assert all(emptied(one) for one in exchanges)


def test_a_day_of_many_messages_is_emptied_in_small_statements(
    monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr(retention, "CHUNK", 2)
    exchanges = [said() for _ in range(5)]
    # A chunk is two statements within a savepoint of this test's transaction.
    with django_assert_num_queries(3 * 4):
        retention._let_go([one.pk for one in exchanges], now=NOW)
    assert all(emptied(one) for one in exchanges)


def test_what_was_said_in_a_dialect_goes_with_its_exchange():
    gone, kept = said(), said(days_ago=1)
    for exchange in (gone, kept):
        exchange.dialect.create(
            kind="SI12",
            msgid=f"D{exchange.pk}",
            request={"xm": "示*"},
            answer={"lsh": "1"},
            detail="某人的事",
            sent_at=exchange.sent_at,
        )
    retain()
    told = [exchange.dialect.get() for exchange in (gone, kept)]
    assert [one.request for one in told] == [{}, {"xm": "示*"}]
    assert [one.answer for one in told] == [None, {"lsh": "1"}]
    assert [one.detail for one in told] == ["", "某人的事"]


def test_progress_is_told_by_days():
    said(days_ago=7)
    told = []
    retain(progress=lambda done, of: told.append((done, of)))
    assert told == [(place, 4) for place in (1, 2, 3, 4)]


def test_an_older_message_with_a_higher_number_is_found():
    said(days_ago=10)
    older = said(days_ago=30)
    retain()
    assert emptied(older)


def test_an_installation_may_keep_things_longer(tmp_path, settings):
    own = tmp_path / "retention.toml"
    own.write_text("[query]\nkeep_days = 400\n")
    settings.YIFU_RETENTION = str(own)
    assert kinds.policy().keep_days == {Kind.MONEY: 1096, Kind.RECORD: 366, Kind.QUERY: 400}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[query]\nkeep_days = 30", "query.keep_days"),
        ("[query]\nkeep_days = true", "query.keep_days"),
        ("query = 400", "query.keep_days"),
        ("[queries]\nkeep_days = 400", "queries"),
        ("[query", "YIFU_RETENTION"),
        (None, "No such file"),
    ],
)
def test_a_policy_that_makes_no_sense_is_refused_by_name(tmp_path, settings, text, named):
    own = tmp_path / "retention.toml"
    if text is not None:
        own.write_text(text)
    settings.YIFU_RETENTION = str(own)
    with pytest.raises(ImproperlyConfigured, match=named):
        kinds.policy()


def test_every_kind_keeps_at_least_a_month_and_money_longest():
    days = kinds.read_policy({}).keep_days
    assert days[Kind.MONEY] > days[Kind.RECORD] > days[Kind.QUERY] > kinds.LEAST_DAYS
    assert kinds.kind_of("2207") == Kind.MONEY
    assert not set(kinds.listed(Kind.MONEY)) & set(kinds.listed(Kind.QUERY))
