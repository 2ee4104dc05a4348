"""The insurer's audit: asked in a preview, decided by the doctor, told to the insurer."""

import pytest

from counterparts.insurer.audit_rules import published
from tests import builders
from tests.settlement.conftest import CODE, CONSULTATION, NOW
from yifu.insurance import audit
from yifu.insurance.audit_models import Audit, AuditFinding, AuditStage, AuditState, Decision
from yifu.insurance.errors import AuditDecisionNeeded, AuditReasonMissing
from yifu.insurance.models import Connection, Encounter, Exchange
from yifu.settlement import auditing, previewing, services
from yifu.visits.models import Charge


@pytest.fixture(autouse=True)
def _policies_are_read_again():
    yield
    audit._policies.clear()


def limited(kind, value):
    """A national code of a service on which there is exactly this restriction."""
    return next(
        code
        for code, limits in published().limits.items()
        if [limit[:2] for limit in limits] == [(kind, value)] and code.startswith("00")
    )


def against(person):
    """A charge that is only for the other sex."""
    other = {"1": "2", "2": "1"}[person.sex]
    return ("FW0900", limited("sex", other), "限定性别的项目", 5000)


def preview(world, visit):
    return previewing.preview(institution_id=world.hospital.pk, visit_id=visit.pk, now=NOW)


def their_audits(world):
    return world.insurer.control(f"uploads?fixmedins_code={CODE}", method="GET")["audits"]


def case_of(visit):
    return services.make_known(visit, Encounter.objects.filter(visit=visit).first(), now=NOW)


def test_a_preview_shows_what_the_insurer_objects_to_and_which_charges(world):
    person = world.person()
    visit = world.visit(person, CONSULTATION, against(person))
    shown = preview(world, visit)["audit"]
    assert (shown["stage"], shown["state"], shown["detail"]) == ("during", "answered", "")
    (finding,) = shown["findings"]
    assert (finding["severity"], finding["amount_fen"]) == ("definite", 5000)
    assert finding["lines"] == [2]
    assert finding["decision"] is None
    assert "性" in finding["message"]


def test_charges_nobody_objects_to_have_no_findings(world):
    visit = world.visit(world.person())
    assert preview(world, visit)["audit"]["findings"] == []


def test_a_self_payers_visit_is_not_audited(world):
    visit = world.visit(world.person(psn_type=""))
    assert preview(world, visit)["audit"] is None
    assert not Audit.objects.exists()


def test_a_visit_without_diagnoses_is_not_sent_to_the_audit(world):
    visit = world.visit(world.person())
    case = case_of(visit)
    visit.diagnoses = []
    charges = list(Charge.objects.filter(visit=visit))
    known = audit.ask(case, charges, stage=AuditStage.BEFORE, now=NOW)
    assert known.state == AuditState.NOT_ASKED
    assert not Exchange.objects.filter(infno="3101").exists()


@pytest.mark.parametrize("fault", ["refuse", "drop_answer", "gateway_401", "nonsense"])
def test_an_audit_that_fails_stops_neither_preview_nor_settlement(world, fault):
    person = world.person()
    visit = world.visit(person, CONSULTATION, against(person))
    world.insurer.fault(fault, infno="3102")
    shown = preview(world, visit)
    assert shown["audit"]["state"] == "silent"
    assert shown["audit"]["findings"] == []
    assert shown["total_fen"] == 6500
    assert world.settle(visit).body["state"] in {"completed", "awaiting_payment"}


def test_a_later_silence_does_not_hide_what_the_audit_said_before(world):
    person = world.person()
    visit = world.visit(person, against(person))
    charges = list(Charge.objects.filter(visit=visit))
    audit.ask(case_of(visit), charges, stage=AuditStage.BEFORE, now=NOW)
    world.insurer.fault("drop_answer", infno="3102")
    assert preview(world, visit)["audit"]["state"] == "silent"
    known = audit.latest(visit.pk, charges)
    assert known is not None
    assert len(audit.undecided(known)) == 1


def test_going_on_needs_a_reason_and_the_insurer_is_told_it(world):
    person = world.person()
    visit = world.visit(person, against(person))
    (finding,) = preview(world, visit)["audit"]["findings"]
    asked = {
        "institution_id": world.hospital.pk,
        "visit_id": visit.pk,
        "finding_ids": [finding["id"]],
        "way": "continue",
        "by": "D0101",
        "now": NOW,
    }
    with pytest.raises(AuditReasonMissing):
        auditing.decide(**asked, reason="  ")
    (decided,) = auditing.decide(**asked, reason="病情需要")
    assert (decided["decision"], decided["reason"]) == ("continue", "病情需要")
    known = AuditFinding.objects.get()
    assert known.told_at == NOW
    theirs = {row["jr_id"]: row for row in their_audits(world)}[known.jr_id]
    assert (theirs["dspo_way"], theirs["dspo_way_rea"]) == ("1", "病情需要")


def test_a_decision_counts_for_the_same_rule_and_charges_asked_again(world):
    person = world.person()
    visit = world.visit(person, against(person))
    (finding,) = preview(world, visit)["audit"]["findings"]
    audit.decide(
        visit,
        finding_ids=[finding["id"]],
        decision=Decision.CONTINUE,
        reason="病情需要",
        by="D0101",
        now=NOW,
    )
    (again,) = preview(world, visit)["audit"]["findings"]
    assert again["id"] != finding["id"]
    assert again["decision"] == "continue"
    assert not AuditFinding.objects.filter(told_at__isnull=True).exists()
    decided = [row["dspo_way"] for row in their_audits(world) if row["mdtrt_id"]][-2:]
    assert decided == ["1", "1"]


def test_a_decision_the_insurer_could_not_be_told_is_told_later(world):
    person = world.person()
    visit = world.visit(person, against(person))
    (finding,) = preview(world, visit)["audit"]["findings"]
    world.insurer.fault("drop_request", infno="3103")
    auditing.decide(
        institution_id=world.hospital.pk,
        visit_id=visit.pk,
        finding_ids=[finding["id"]],
        way="change",
        reason="",
        by="D0101",
        now=NOW,
    )
    assert AuditFinding.objects.get().told_at is None
    world.insurer.control("faults", method="DELETE")
    assert audit.tell_open(world.hospital.pk, now=NOW) == 1
    assert audit.tell_open(world.hospital.pk, now=NOW) == 0


def test_settling_waits_for_a_decision_only_where_the_institution_says_so(world):
    Connection.objects.update(audit_policy="settle")
    person = world.person()
    visit = world.visit(person, CONSULTATION, against(person))
    with pytest.raises(AuditDecisionNeeded) as stopped:
        world.settle(visit)
    (finding,) = stopped.value.facts["findings"]
    auditing.decide(
        institution_id=world.hospital.pk,
        visit_id=visit.pk,
        finding_ids=[finding["id"]],
        way="continue",
        reason="病情需要",
        by="D0101",
        now=NOW,
    )
    assert world.settle(visit).status == 201


def test_settling_asks_no_audit_by_default(world):
    person = world.person()
    visit = world.visit(person, against(person))
    assert world.settle(visit).status == 201
    assert not Exchange.objects.filter(infno__in=["3101", "3102"]).exists()


def test_a_bill_of_many_charges_goes_to_the_audit_in_parts(world):
    person = world.person()
    lines = [
        (f"FW{place:04d}", CONSULTATION[1], CONSULTATION[2], 100 + place) for place in range(45)
    ]
    visit = world.visit(person, *lines, against(person))
    charges = list(Charge.objects.filter(visit=visit))
    known = audit.ask(case_of(visit), charges, stage=AuditStage.BEFORE, now=NOW)
    assert Exchange.objects.filter(infno="3101").count() == 2
    assert known.state == AuditState.ANSWERED
    assert [46] in [one.lines for one in known.findings.all()]


def test_decisions_over_http_name_what_is_wrong(world):
    person = world.person()
    visit = world.visit(person, against(person))
    (finding,) = preview(world, visit)["audit"]["findings"]
    api = builders.api(world.hospital)
    path = f"/visits/{visit.pk}/audit-decisions"
    body = {"finding_ids": [finding["id"]], "decision": "continue", "decided_by": "D0101"}
    assert api.post(path, body).json()["code"] == "audit_reason_missing"
    wrong = api.post(path, body | {"decision": "perhaps"})
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "body.decision")
    unknown = api.post(path, body | {"finding_ids": [2**40], "reason": "病情需要"})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "not_found")
    elsewhere = builders.api(builders.institution("H99010000002"))
    assert elsewhere.post(path, body | {"reason": "病情需要"}).status_code == 404
    done = api.post(path, body | {"reason": "病情需要"})
    assert done.json()["findings"][0]["decision"] == "continue"
