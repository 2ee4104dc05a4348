"""Scores open with the service: asked for, kept, renewed; unknown stays unknown (P2.1)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import builders
from tests.builders import AREA, NOW
from tests.credit.conftest import APP, KEY
from tests.enrolment.conftest import sign
from yifu.credit import jobs, scoring
from yifu.credit.models import CreditLine, CreditParty, LimitChange, Score
from yifu.dates import add_months
from yifu.enrolment import services as enrolment
from yifu.institutions.models import Area
from yifu.ledger.models import Line
from yifu.patients import services as patients
from yifu.secrets import encrypt

UNSCORED = 300_000


@pytest.fixture
def city(platform, transactional_db):  # noqa: ARG001 - outside calls need no transaction around
    """An area whose credit platform answers."""
    platform.control("clock", {"now": NOW.isoformat()})
    return CreditParty.objects.create(
        area=builders.area(),
        code="credit_platform",
        base_url=platform.url,
        app=APP,
        key_cipher=encrypt(KEY),
        timeout_s=2,
    )


def told(platform, who, score):
    """Let the platform say this of somebody."""
    number = patients.certificate_no(who)
    platform.control("scores", {"id_number": number, "score": score})


def limit_of(line: CreditLine | None) -> int:
    return Line.objects.get(creditline=line).limit_fen


def signed(who=None, **changes) -> CreditLine:
    enrolled = sign(who or builders.person(), **changes)
    assert enrolled.credit_line is not None
    return enrolled.credit_line


@pytest.mark.parametrize(
    ("score", "limit_fen"), [(399, 0), (400, 100_000), (699, 300_000), (700, 500_000)]
)
def test_a_score_sets_the_limit_by_the_citys_table(city, platform, score, limit_fen):  # noqa: ARG001
    person = builders.person()
    told(platform, person, score)
    enrolled = sign(person)
    enrolment.follow_up(enrolled, now=NOW)
    kept = Score.objects.get()
    assert (kept.score, sum(kept.dimensions.values()), len(kept.dimensions)) == (score, score, 5)
    assert kept.reference
    assert limit_of(enrolled.credit_line) == limit_fen
    if limit_fen != UNSCORED:
        change = LimitChange.objects.get()
        assert (change.reason, change.rule) == (f"score:{kept.pk}", "P2.1")


def test_who_is_unknown_there_has_the_unscored_limit(city, platform):  # noqa: ARG001
    person = builders.person()
    told(platform, person, None)
    line = signed(person)
    assert scoring.score(line.pk, now=NOW)
    kept = Score.objects.get()
    assert (kept.score, kept.reason) == (None, "unknown")
    assert limit_of(line) == UNSCORED


def test_a_refusal_is_kept_with_its_reason_and_asked_again_tomorrow(city, platform):  # noqa: ARG001
    line = signed()
    platform.fault("refuse", path="/scores")
    assert scoring.score(line.pk, now=NOW)
    kept = Score.objects.get()
    assert (kept.score, kept.reason, kept.valid_until) == (None, "BUSY", NOW.date())
    assert limit_of(line) == UNSCORED
    assert scoring.renew_due(AREA, now=NOW).asked == 0
    assert scoring.renew_due(AREA, now=NOW + timedelta(days=1)).answered == 1


def test_without_an_answer_nothing_is_known_and_the_same_question_is_asked(city, platform):  # noqa: ARG001
    person = builders.person()
    told(platform, person, 800)
    line = signed(person)
    platform.fault("drop_answer", path="/scores")
    assert not scoring.score(line.pk, now=NOW)
    assert not Score.objects.exists()
    assert limit_of(line) == UNSCORED
    platform.fault("drop_request", path="/scores")
    with pytest.raises(jobs.NotAnswered):
        jobs.score_line(line.pk)
    jobs.score_line(line.pk)
    assert limit_of(line) == 500_000


def test_the_job_asks_nothing_that_was_answered(city, platform):  # noqa: ARG001
    line = signed()
    scoring.score(line.pk, now=NOW)
    jobs.score_line(line.pk)
    assert Score.objects.count() == 1


@pytest.mark.parametrize("funding", ["bank", "debit"])
def test_only_lines_of_the_platforms_own_credit_follow_a_score(city, funding):  # noqa: ARG001
    enrolled = sign(builders.person(), funding=funding, bank="icbc" if funding == "bank" else "")
    enrolment.follow_up(enrolled, now=NOW)
    assert scoring.renew_due(AREA, now=NOW).asked == 0
    assert not Score.objects.exists()


def test_a_scheme_without_scores_asks_nobody(city):  # noqa: ARG001
    Area.objects.update(scheme="wenzhou")
    line = signed(scheme="wenzhou")
    assert scoring.score(line.pk, now=NOW)
    assert scoring.renew_due(AREA, now=NOW) == scoring.Renewed(0, 0, 0)
    assert not Score.objects.exists()


def test_a_score_is_renewed_once_it_has_run_out(city, platform):  # noqa: ARG001
    person = builders.person()
    told(platform, person, 800)
    line = signed(person)
    scoring.score(line.pk, now=NOW)
    valid_until = Score.objects.get().valid_until
    assert valid_until <= date(2026, 4, 2)
    before = NOW + (valid_until - NOW.date())
    assert scoring.renew_due(AREA, now=before).asked == 0
    told(platform, person, 410)
    after = before + timedelta(days=1)
    assert scoring.renew_due(AREA, now=after) == scoring.Renewed(1, 1, line.pk)
    assert limit_of(line) == 100_000


def test_a_lower_limit_takes_nothing_back(city, platform):  # noqa: ARG001
    person = builders.person()
    line = signed(person)
    bill = builders.bill(person, 250_000, line=line.line)
    told(platform, person, 400)
    scoring.score(line.pk, now=NOW)
    ours = Line.objects.get(creditline=line)
    assert (ours.limit_fen, ours.owed_fen, ours.available_fen) == (100_000, 250_000, 0)
    bill.refresh_from_db()
    assert bill.state == "open"


def test_renewal_goes_on_batch_by_batch(city, monkeypatch):  # noqa: ARG001
    monkeypatch.setattr(scoring, "BATCH", 2)
    lines = [signed().pk for _ in range(3)]
    first = scoring.renew_due(AREA, now=NOW)
    assert first == scoring.Renewed(2, 2, lines[1])
    assert scoring.renew_due(AREA, now=NOW, after=first.last) == scoring.Renewed(1, 1, lines[2])


def test_a_platform_that_is_away_changes_nothing(city):
    CreditParty.objects.filter(pk=city.pk).update(base_url="http://127.0.0.1:9")
    line = signed()
    assert scoring.renew_due(AREA, now=NOW) == scoring.Renewed(1, 0, line.pk)
    assert limit_of(line) == UNSCORED


def test_a_line_closed_meanwhile_gets_no_room_again(city):  # noqa: ARG001
    line = signed()
    enrolment.close(line.contract_id, now=NOW)
    scoring.score(line.pk, now=NOW)
    assert limit_of(line) == 0


@given(day=st.dates(date(2000, 1, 1), date(2100, 1, 1)), months=st.integers(0, 130))
def test_months_later_is_the_same_day_or_the_months_last(day, months):
    later = add_months(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day == day.day or (
        later.day < day.day and (later + timedelta(days=1)).month != later.month
    )
