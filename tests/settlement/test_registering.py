"""Making a visit known to the insurer: what is asked, what is kept, what stays when it fails."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DataError, connection
from django.test.utils import CaptureQueriesContext

from tests import builders
from tests.settlement.conftest import NOW
from yifu.insurance import answers, exchanges, registering
from yifu.insurance import services as insurance
from yifu.insurance.errors import IdentityMismatch, InsurerNonsense, InsurerRefused
from yifu.insurance.models import Encounter, Exchange
from yifu.patients.models import Person
from yifu.visits.models import Visit


def told() -> list[tuple[str, str]]:
    """The messages of visits and what became of them."""
    rows = Exchange.objects.filter(subject__startswith="visit:").order_by("pk")
    return list(rows.values_list("infno", "state"))


def register(visit: Visit) -> Encounter | None:
    return registering.register_visit(visit, credential=None, now=NOW)


def body(person: Person) -> dict[str, Any]:
    return {
        "visit_no": "M1",
        "person_id": person.pk,
        "kind": "outpatient",
        "department": {"code": "A03", "name": "内科"},
        "doctor": {"code": "D1", "name": "林医生"},
        "began_at": NOW.isoformat(),
        "diagnoses": [{"code": "J06", "name": "急性上呼吸道感染"}],
    }


def afterwards(
    monkeypatch: pytest.MonkeyPatch, infno: str, happens: Callable[[exchanges.Pending], None]
) -> None:
    """Let something happen between a message's answer and our writing it down."""
    send = exchanges.send

    def instead(pending: exchanges.Pending) -> exchanges.Heard:
        heard = send(pending)
        if pending.envelope.infno == infno:
            happens(pending)
        return heard

    monkeypatch.setattr(exchanges, "send", instead)


@pytest.fixture(autouse=True)
def _simulated(settings):
    settings.YIFU_SIMULATION = True


def test_a_visit_reported_over_http_takes_five_statements(world):
    person, api = world.person(), builders.api(world.hospital)
    register(world.visit(person))  # the day's sign-in
    assert api.get(f"/persons/{person.pk}").status_code == 200
    before = len(told())
    with CaptureQueriesContext(connection) as taken:
        answer = api.post("/visits", body(person))
    assert (answer.status_code, answer.json()["insured"]) == (201, True), answer.content
    assert answer.json()["insutype"] == "310"
    assert len(taken) == 5
    assert told()[before:] == [("1101", "answered"), ("2201", "answered")]
    again = api.post("/visits", body(person))
    assert (again.status_code, again.json()) == (200, answer.json())
    assert len(told()) == before + 2, "a visit known there is not asked about again"


def test_a_registered_visit_is_kept_with_the_answer(world):
    visit = world.visit(world.person())
    made = register(visit)
    kept = Encounter.objects.get()
    assert made is not None
    for field in Encounter._meta.concrete_fields:
        assert getattr(made, field.attname) == getattr(kept, field.attname), field.attname
    number = Exchange.objects.get(infno="2201")
    assert (number.answered_at, number.state) == (NOW, "answered")
    assert number.answer is not None
    assert answers.read_mdtrt_id(number.answer) == kept.mdtrt_id
    assert register(visit) == kept
    assert len(told()) == 2


def test_whom_the_insurer_does_not_know_pays_and_is_not_asked_about_again(world):
    visit = world.visit(world.person(psn_type=""))
    assert register(visit) is None
    assert visit.uninsured
    assert Visit.objects.get().uninsured
    assert register(Visit.objects.get()) is None
    assert [infno for infno, _ in told()] == ["1101"]
    assert "sending" not in dict(told()).values()


def test_somebody_else_at_the_insurer_is_refused_and_the_answer_is_kept(world, monkeypatch):
    visit = world.visit(world.person())

    def correct_the_name(_: exchanges.Pending) -> None:
        visit.person.name = "别人"

    afterwards(monkeypatch, "1101", correct_the_name)
    with pytest.raises(IdentityMismatch):
        register(visit)
    assert told() == [("1101", "answered")]
    assert not Encounter.objects.exists()


def test_a_refused_registration_is_written_down(world):
    visit = world.visit(world.person())
    world.insurer.fault("refuse", infno="2201")
    with pytest.raises(InsurerRefused):
        register(visit)
    # Whether it is there already is asked before the refusal is believed.
    assert told() == [("1101", "answered"), ("2201", "refused")]
    assert Exchange.objects.filter(infno="5201", state="answered").count() == 1
    assert not Encounter.objects.exists()
    assert register(visit) is not None


def test_a_registration_whose_answer_was_lost_is_taken_up_under_its_number(world):
    visit = world.visit(world.person())
    world.insurer.fault("drop_answer", infno="2201")
    with pytest.raises(InsurerNonsense):
        register(visit)
    encounter = register(visit)
    assert encounter is not None
    assert Exchange.objects.filter(infno="5201", state="answered").count() == 1
    assert world.settle(visit).body["insurer"]["setl_id"]
    assert world.their_books()["settlements"][-1]["mdtrt_id"] == encounter.mdtrt_id


def test_an_answer_that_cannot_be_kept_is_written_down_all_the_same(world, monkeypatch):
    visit = world.visit(world.person())
    # The gateway lets no such number through; the message must not stay open if one came.
    monkeypatch.setattr(answers, "read_mdtrt_id", lambda _: "9" * 31)
    with pytest.raises(DataError):
        register(visit)
    assert told() == [("1101", "answered"), ("2201", "answered")]
    assert not Encounter.objects.exists()


def test_of_two_registrations_the_first_that_was_kept_counts(world, monkeypatch):
    visit = world.visit(world.person())

    def keep_another(_: exchanges.Pending) -> None:
        Encounter.objects.create(
            visit_id=visit.pk, mdtrt_id="first", psn_no="P", insutype="310", psn_type="11"
        )

    afterwards(monkeypatch, "2201", keep_another)
    made = register(visit)
    assert made is not None
    assert made.mdtrt_id == "first"
    assert made == Encounter.objects.get()
    assert told() == [("1101", "answered"), ("2201", "answered")]


def test_diagnoses_are_sent_once_in_two_statements(world):
    visit = world.visit(world.person())
    encounter = register(visit)
    with CaptureQueriesContext(connection) as taken:
        assert insurance.send_diagnoses(visit, now=NOW, encounter=encounter)
    assert len(taken) == 2
    assert encounter is not None
    assert encounter.diagnoses_sent
    assert Encounter.objects.get().diagnoses_sent
    assert insurance.send_diagnoses(visit, now=NOW)
    assert told()[2:] == [("2203", "answered")]


def test_diagnoses_that_were_refused_are_not_sent_and_may_be_again(world):
    visit = world.visit(world.person())
    register(visit)
    world.insurer.fault("refuse", infno="2203")
    assert not insurance.send_diagnoses(visit, now=NOW)
    assert not Encounter.objects.get().diagnoses_sent
    assert insurance.send_diagnoses(visit, now=NOW)
    assert told()[2:] == [("2203", "refused"), ("2203", "answered")]
