"""What runs by itself: birthdays, renewals, following the banks, notices to the dead."""

from datetime import timedelta

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from tests import builders
from tests.builders import AREA, NOW
from tests.enrolment.conftest import sign
from yifu import clock
from yifu.credit import banks, scoring
from yifu.credit import jobs as credit_jobs
from yifu.credit.models import CreditParty
from yifu.enrolment import jobs, services
from yifu.enrolment.errors import KinshipImpossible
from yifu.enrolment.services import Death
from yifu.patients import services as patients
from yifu.patients.jobs import send_notice
from yifu.patients.models import Dependant, Notice
from yifu.secrets import encrypt


def waiting(task: str) -> list[dict[str, object]]:
    """The arguments of the jobs of a task that are to be done."""
    found = ProcrastinateJob.objects.filter(task_name=task, status="todo").order_by("pk")
    return list(found.values_list("args", flat=True))


@pytest.fixture
def nowhere(transactional_db):  # noqa: ARG001 - outside calls need no transaction around
    """Parties that nobody reaches, and no job left over from tests before."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")
    for code in (scoring.PLATFORM, "icbc"):
        CreditParty.objects.create(
            area=builders.area(),
            code=code,
            base_url="http://127.0.0.1:9",
            app="a",
            key_cipher=encrypt("k"),
        )


@pytest.mark.django_db
@pytest.mark.parametrize(("simulated", "left"), [(False, 0), (True, 1)])
def test_birthdays_come_by_themselves_but_not_in_a_simulation(settings, simulated, left):
    settings.YIFU_SIMULATION = simulated
    today = clock.business_date(clock.now())
    mother = builders.person(born="1980-01-01")
    young = builders.person(born=today.replace(year=today.year - 18, day=1).isoformat())
    signed = clock.midnight(today) - timedelta(days=90)
    sign(mother, builders.dependant(young, of=mother), now=signed)
    jobs.birthdays(0)
    jobs.birthdays(0)
    assert Dependant.objects.filter(ended_at__isnull=True).count() == left


@pytest.mark.usefixtures("nowhere")
def test_signing_leaves_a_job_for_the_score_or_the_bank():
    scored = sign(builders.person()).credit_line
    funded = sign(builders.person(), funding="bank", bank="icbc").credit_line
    assert scored is not None
    assert funded is not None
    assert waiting("credit.score_line") == [{"credit_line_id": scored.pk}]
    assert waiting("credit.open_bank_line") == [{"credit_line_id": funded.pk}]
    services.close(funded.contract_id, now=NOW)
    assert waiting("credit.close_bank_line") == [{"credit_line_id": funded.pk}]


@pytest.mark.usefixtures("nowhere")
def test_a_refused_signing_leaves_no_job():
    mother, father = builders.person(), builders.person()
    stranger = builders.dependant(father, of=mother, kinship="parent")
    with pytest.raises(KinshipImpossible):
        sign(mother, stranger)
    assert waiting("credit.score_line") == []


@pytest.mark.usefixtures("nowhere")
def test_renewals_begin_once_per_area_and_go_on_batch_by_batch(settings, monkeypatch):
    settings.YIFU_SIMULATION = False
    monkeypatch.setattr(scoring, "BATCH", 2)
    lines = [sign(builders.person()).credit_line for _ in range(3)]
    credit_jobs.begin_renewals(0)
    credit_jobs.begin_renewals(0)
    assert waiting("credit.renew_scores") == [{"area": AREA, "after": 0}]
    credit_jobs.renew_scores(AREA, after=0)
    second = lines[1]
    assert second is not None
    assert waiting("credit.renew_scores")[1:] == [{"area": AREA, "after": second.pk}]
    credit_jobs.renew_scores(AREA, after=second.pk)
    assert len(waiting("credit.renew_scores")) == 2


@pytest.mark.usefixtures("nowhere")
def test_banks_that_are_away_are_followed_later():
    sign(builders.person(), funding="bank", bank="icbc")
    credit_jobs.follow_banks(0)
    assert banks.follow(AREA, now=NOW) == banks.Followed(0, 0)


@pytest.mark.django_db
def test_a_notice_written_to_the_living_does_not_reach_the_dead(monkeypatch):
    monkeypatch.setenv("YIFU_SMS_URL", "http://127.0.0.1:9")
    person = builders.person()
    patients.notify(
        person_id=person.pk, template="restored", params={"name": "x"}, key="k", now=NOW
    )
    services.die(person.pk, Death(NOW.date(), "D1", "医院"), now=NOW)
    send_notice(Notice.objects.get().pk)
    assert Notice.objects.get().state == "withdrawn"
