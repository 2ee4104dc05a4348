"""Filing and withdrawing: one effect each, whatever is lost, and what is refused leaves nothing."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from tests import builders
from tests.insurance.filings.conftest import Office, chronic, register, told
from tests.settlement.asking import everything, refused
from tests.settlement.conftest import NOW
from yifu.insurance import filings, jobs
from yifu.insurance.models import Encounter, Exchange, Filing
from yifu.insurance.registering import register_visit
from yifu.patients.models import Person

ATTEMPTED = {"insurance_exchange", "insurance_filing", "insurance_signin"}


def kinds(person: Person) -> list[dict[str, Any]]:
    """One filing of every kind."""
    place = {"code": "H99010000009", "name": "示范市社区卫生服务中心"}
    return [
        chronic(person),
        chronic(person)
        | {
            "about": {
                "kind": "transfer",
                "diagnosis": {"code": "I10", "name": "特发性高血压"},
                "to": {"code": "H99020000001", "name": "示范省第一医院"},
                "to_area": "990200",
                "reach": "province",
                "on": "2026-02-28",
                "reason": "病情需要",
                "opinion": "同意转院",
            }
        },
        chronic(person)
        | {
            "about": {
                "kind": "fixed_place",
                "purpose": "family_doctor",
                "place": place,
                "practitioner": "周医生",
            }
        },
        chronic(person) | {"about": {"kind": "fixed_place", "purpose": "regular", "place": place}},
        chronic(person)
        | {
            "about": {
                "kind": "injury",
                "injured_on": "2026-02-20",
                "site": "示范路口",
                "cause": "骑车摔倒",
                "payable": True,
            }
        },
    ]


def test_every_kind_is_filed_and_shown_as_it_was_asked(office: Office):
    person = office.person()
    for place, body in enumerate(kinds(person)):
        answer = office.api.post("/filings", body, key=f"k{place}")
        assert answer.status_code == 201, answer.content
        made = answer.json()
        assert (made["state"], made["begins_on"], made["ends_on"]) == (
            "filed",
            "2026-03-01",
            "2027-02-28",
        )
        assert made["about"]["kind"] == body["about"]["kind"]
        assert made["trt_dcla_detl_sn"]
        assert office.api.get(f"/filings/{made['id']}").json() == made
    # The interface has no message that withdraws an injury.
    refused(office.withdraw(made["id"]), 409, "filing_not_withdrawable")
    listed = office.api.get("/filings", person_id=person.pk, limit=3).json()
    assert [one["kind"] for one in listed["filings"]] == ["injury", "fixed_place", "fixed_place"]
    rest = office.api.get("/filings", person_id=person.pk, cursor=listed["next"]).json()
    assert [one["kind"] for one in rest["filings"]] == ["transfer", "chronic"]
    assert rest["next"] is None
    assert {infno for infno, _ in told(f"person:{person.pk}")} == {"1101"}


def test_a_person_with_a_visit_is_not_asked_for_again(office: Office):
    person = office.person()
    register_visit(office.world.visit(person), credential=None, now=NOW)
    made = office.filed(person)
    assert told(f"person:{person.pk}") == []
    assert told(f"filing:{made['id']}") == [("2503", "answered")]
    kept = Filing.objects.get()
    assert (kept.psn_no, kept.insutype) == (Encounter.objects.get().psn_no, "310")


def test_the_same_request_twice_has_one_effect(office: Office):
    person = office.person()
    first, again = office.file(person), office.file(person)
    assert (first.status_code, again.status_code) == (201, 201), again.content
    assert first.json() == again.json()
    assert len(office.there(person)) == 1
    refused(office.file(person, begins_on="2026-03-02"), 409, "idempotency_key_reused")


def test_filings_of_one_disease_do_not_overlap(office: Office):
    person = office.person()
    office.filed(person)
    before = everything(but={"insurance_exchange"})
    for begins_on, ends_on in (("2027-02-28", None), ("2026-01-01", "2026-03-01")):
        answer = office.file(person, begins_on=begins_on, ends_on=ends_on)
        refused(answer, 409, "filing_overlaps")
        assert everything(but={"insurance_exchange"}) == before
    for begins_on, ends_on in (("2027-03-01", None), ("2026-01-01", "2026-02-28")):
        answer = office.file(person, key=begins_on, begins_on=begins_on, ends_on=ends_on)
        assert answer.status_code == 201, answer.content
    other = {"disease": {"code": "M01600", "name": "糖尿病"}}
    assert office.file(person, key="other", about=other).status_code == 201


def test_the_database_itself_refuses_an_overlap(office: Office):
    made = office.filed(office.person())
    row = Filing.objects.get(pk=made["id"])
    row.pk, row.ends_on = None, None
    with pytest.raises(IntegrityError, match="filings_do_not_overlap"), transaction.atomic():
        row.save(force_insert=True)
    row.state = "refused"
    row.save(force_insert=True)


def test_of_two_at_once_one_is_filed(office: Office):
    person = office.person()

    def ask(key: str) -> Any:
        try:
            return office.file(person, key=key)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(ask, ["one", "two"]))
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    assert len(office.there(person)) == 1


def test_a_lost_answer_is_unknown_and_the_same_request_asks_about_it(office: Office):
    lost_and_asked_about(office, "drop_answer")


def test_a_lost_request_is_unknown_too(office: Office):
    lost_and_asked_about(office, "drop_request")


def lost_and_asked_about(office: Office, fault: str) -> None:
    person = office.person()
    office.lose("2503", fault)
    answer = office.file(person)
    assert (answer.status_code, answer.json()["state"]) == (202, "unknown"), answer.content
    made = answer.json()
    refused(office.file(person, key="other"), 409, "filing_overlaps")
    again = office.file(person)
    assert (again.status_code, again.json()["state"]) == (201, "filed"), again.content
    assert again.json()["trt_dcla_detl_sn"]
    assert office.file(person).json() == again.json()
    assert told(f"filing:{made['id']}") == [("2503", "answered")]
    assert "5301" in [infno for infno, _ in told(f"person:{person.pk}")]
    assert len(office.there(person)) == 1
    assert Exchange.objects.filter(infno="2503").count() == 1, "under its own number"


def test_whatever_kind_is_lost_is_found_out_about(office: Office):
    person = office.person()
    infnos = {"chronic": "2503", "transfer": "2501", "fixed_place": "2505", "injury": "2507"}
    for place, body in enumerate(kinds(person)):
        office.lose(infnos[body["about"]["kind"]])
        made = office.api.post("/filings", body, key=f"k{place}").json()
        assert made["state"] == "unknown"
        resumed = filings.resume_stopped(now=NOW, older_than_s=0)
        assert [(one.filing_id, one.state) for one in resumed] == [(made["id"], "filed")]
        assert office.api.post("/filings", body, key=f"k{place}").json()["state"] == "filed"
    assert filings.resume_stopped(now=NOW, older_than_s=0) == []


def test_while_the_insurer_is_silent_it_stays_unknown(office: Office):
    person = office.person()
    office.lose("2503")
    made = office.file(person).json()
    job = ProcrastinateJob.objects.filter(task_name="insurance.resume_filing").latest("id")
    assert job.args == {"filing_id": made["id"]}
    office.lose("5301", "drop_request", times=3)
    again = office.file(person)
    assert (again.status_code, again.json()["id"]) == (202, made["id"])
    (resumed,) = filings.resume_stopped(now=NOW, older_than_s=0)
    assert (resumed.state, bool(resumed.reason)) == ("unknown", True)
    with pytest.raises(filings.StillUnknown):
        jobs.resume_filing(**job.args)
    jobs.resume_filing(**job.args)
    assert Filing.objects.get().state == "filed"
    assert office.file(person).json()["state"] == "filed"


def test_a_filing_on_their_books_whose_number_is_not_to_be_had(office: Office):
    person = office.person()
    office.lose("2503")
    made = office.file(person).json()
    office.lose("2503", "refuse")
    again = office.file(person)
    assert (again.status_code, again.json()["state"]) == (201, "filed")
    assert again.json()["trt_dcla_detl_sn"] is None
    refused(office.withdraw(made["id"]), 409, "filing_not_withdrawable")


def test_a_lost_filing_that_the_insurer_then_refuses_is_not_filed(office: Office):
    person = office.person()
    office.lose("2503", "drop_request")
    office.file(person)
    office.lose("2503", "refuse")
    refused(office.file(person), 422, "insurer_refused")
    assert Filing.objects.get().state == "refused"
    assert office.file(person).status_code == 201, "and may be asked for anew"


def test_what_the_insurer_refuses_leaves_nothing(office: Office):
    person = office.person()
    office.known(person)
    before = everything(but=ATTEMPTED)
    for fault, status, code in (
        ("refuse", 422, "insurer_refused"),
        ("gateway_401", 503, "insurer_unavailable"),
    ):
        office.lose("2503", fault)
        refused(office.file(person), status, code)
        assert everything(but=ATTEMPTED) == before
    assert [filing.state for filing in Filing.objects.all()] == ["refused", "refused"]
    assert office.file(person).status_code == 201


def test_a_filing_is_withdrawn_when_the_insurer_says_so(office: Office):
    person = office.person()
    made = office.filed(person)
    office.lose("2504", "refuse")
    refused(office.withdraw(made["id"]), 422, "insurer_refused")
    assert office.api.get(f"/filings/{made['id']}").json()["state"] == "filed"
    answer = office.withdraw(made["id"])
    assert (answer.status_code, answer.json()["state"]) == (200, "withdrawn"), answer.content
    assert office.there(person) == ()
    sent = Exchange.objects.filter(infno="2504").latest("pk")
    assert sent.request["data"]["memo"] == "误操作"
    assert office.file(person, key="anew").status_code == 201


def test_withdrawn_twice(office: Office):
    made = office.filed(office.person())
    first, again = office.withdraw(made["id"]), office.withdraw(made["id"])
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    refused(office.withdraw(made["id"], key="other"), 409, "conflict")
    assert told(f"filing:{made['id']}") == [("2503", "answered"), ("2504", "answered")]


def test_a_withdrawal_whose_answer_is_lost_is_asked_about(office: Office):
    for fault in ("drop_answer", "drop_request"):
        person = office.person()
        made = office.filed(person)
        office.lose("2504", fault)
        answer = office.withdraw(made["id"], key=fault)
        assert (answer.status_code, answer.json()["state"]) == (202, "withdrawing")
        refused(office.withdraw(made["id"], key="other"), 409, "conflict")
        again = office.withdraw(made["id"], key=fault)
        assert (again.status_code, again.json()["state"]) == (200, "withdrawn"), again.content
        assert office.there(person) == ()


def test_a_lost_withdrawal_that_is_refused_leaves_it_filed(office: Office):
    person = office.person()
    made = office.filed(person)
    office.lose("2504", "drop_request")
    office.withdraw(made["id"])
    office.lose("2504", "refuse")
    refused(office.withdraw(made["id"]), 422, "insurer_refused")
    assert office.api.get(f"/filings/{made['id']}").json()["state"] == "filed"
    assert len(office.there(person)) == 1


def test_somebody_elses_filing_does_not_exist(office: Office, neighbour):
    person = office.person()
    made = office.filed(person)
    theirs = builders.api(neighbour)
    refused(theirs.get(f"/filings/{made['id']}"), 404, "not_found")
    answer = theirs.post(f"/filings/{made['id']}/withdraw", {"reason": "误操作"}, key="w")
    refused(answer, 404, "not_found")
    refused(theirs.get("/filings", person_id=person.pk), 404, "not_found")
    refused(theirs.post("/filings", chronic(person), key="k"), 404, "not_found")
    register(person, neighbour)
    assert theirs.get("/filings", person_id=person.pk).json()["filings"] == []
    refused(theirs.post("/filings", chronic(person), key="k"), 409, "filing_overlaps")
    assert office.api.get(f"/filings/{made['id']}").json() == made


def test_who_may_not_file(office: Office):
    person = office.person()
    body = chronic(person)
    api = builders.api(office.world.hospital, scopes="persons visits")
    refused(api.post("/filings", body, key="k"), 403, "forbidden")
    refused(office.api.post("/filings", body), 400, "idempotency_key_missing")
    stranger = office.person(psn_type="")
    refused(office.file(stranger, key="s"), 409, "not_insured")
    assert not Filing.objects.exists()
