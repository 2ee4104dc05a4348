"""What the insurer's audit says, on the doctor's page: shown, decided, never in the way."""

import pytest
from django.urls import reverse

from tests.settlement.conftest import CONSULTATION, insurer, world  # noqa: F401 - fixtures
from tests.settlement.test_audit import against
from yifu.insurance import audit
from yifu.insurance.audit_models import AuditFinding
from yifu.insurance.models import Connection, Encounter, Exchange
from yifu.settlement import services
from yifu.settlement.models import Settlement
from yifu.visits.models import Visit

HTMX = {"HX-Request": "true"}
KEY = "k" * 24


@pytest.fixture(autouse=True)
def _policies_are_read_again():
    yield
    audit._policies.clear()


@pytest.fixture
def room(world, seat):  # noqa: F811 - the fixture above
    """A doctor's browser, and a registered visit with a charge for the other sex."""
    person = world.person()
    visit = world.visit(person, CONSULTATION, against(person))
    Visit.objects.filter(pk=visit.pk).update(ended_at=None)
    services.make_known(visit, Encounter.objects.filter(visit=visit).first(), now=visit.began_at)
    return seat(world.hospital, "doctor", doctor_code="D0101"), visit


def ask(browser, visit, **headers):
    return browser.post(reverse("audit", args=[visit.pk]), headers=headers)


def decide(browser, visit, **data):
    return browser.post(reverse("audit_decision", args=[visit.pk]), data, headers=HTMX)


def finish(browser, visit):
    return browser.post(reverse("finish", args=[visit.pk]), {"key": KEY}, headers=HTMX)


def test_the_page_asks_by_itself_once_it_is_there(room):
    browser, visit = room
    text = browser.text(f"/doctor/visits/{visit.pk}/")
    assert "医保审核" in text
    assert 'hx-trigger="load, submit"' in text
    assert not Exchange.objects.filter(infno="3101").exists()


def test_findings_show_severity_amount_and_lines(room):
    browser, visit = room
    text = ask(browser, visit, **HTMX).content.decode()
    for words in ("明确违规", "限定性别", "¥50.00", "序号 2", "说明理由并继续", "修改医嘱"):
        assert words in text
    assert "hx-trigger" not in text


def test_the_same_charges_are_not_asked_about_twice(room):
    browser, visit = room
    for _ in range(2):
        assert ask(browser, visit).status_code == 302
    assert Exchange.objects.filter(infno="3101").count() == 1


def test_a_definite_violation_is_asked_about_once_before_settling(room):
    browser, visit = room
    ask(browser, visit)
    text = finish(browser, visit).content.decode()
    assert "请先说明理由或修改医嘱" in text
    assert not Settlement.objects.exists()
    finding = AuditFinding.objects.get()
    shown = decide(browser, visit, finding=finding.pk, decision="1", reason="病情需要")
    assert "继续执行医嘱" in shown.content.decode()
    finish(browser, visit)
    assert Settlement.objects.count() == 1


def test_going_on_without_a_reason_is_refused_in_words(room):
    browser, visit = room
    ask(browser, visit)
    finding = AuditFinding.objects.get()
    shown = decide(browser, visit, finding=finding.pk, decision="1", reason="")
    assert "须说明理由" in shown.content.decode()
    assert not AuditFinding.objects.get().decision


@pytest.mark.parametrize(
    "data", [{"decision": "3"}, {"finding": "x"}, {"finding": str(2**70)}, {"finding": "999999"}]
)
def test_a_decision_that_is_none_changes_nothing(room, data):
    browser, visit = room
    ask(browser, visit)
    finding = AuditFinding.objects.get()
    decide(browser, visit, **{"finding": finding.pk, "decision": "1", "reason": "是"} | data)
    assert not AuditFinding.objects.get().decision


def test_an_audit_that_does_not_answer_is_said_and_stops_nothing(room, world):  # noqa: F811 - the fixture
    browser, visit = room
    world.insurer.fault("drop_answer", infno="3101")
    text = ask(browser, visit, **HTMX).content.decode()
    assert "审核服务未应答" in text
    finish(browser, visit)
    assert Settlement.objects.count() == 1


def test_another_doctors_visit_does_not_exist(room, world, seat):  # noqa: F811 - the fixture
    _, visit = room
    other = seat(world.hospital, "doctor", doctor_code="D0202")
    assert ask(other, visit).status_code == 404
    assert decide(other, visit, finding="1", decision="1", reason="是").status_code == 404


def test_where_audits_are_off_the_page_says_nothing_of_them(room):
    browser, visit = room
    Connection.objects.update(audit_policy="off")
    audit._policies.clear()
    assert "医保审核" not in browser.text(f"/doctor/visits/{visit.pk}/")
