"""What the insurer has of persons and visits, asked of its real process."""

from datetime import timedelta
from typing import Any

from tests import builders
from tests.insurance.filings.conftest import Office, register, told
from tests.settlement.asking import everything, refused
from tests.settlement.conftest import CODE, NOW
from yifu.insurance import persons, queries
from yifu.insurance.finding import find_stay, find_visit
from yifu.insurance.models import Encounter, Exchange
from yifu.insurance.queries import Span
from yifu.insurance.registering import register_visit
from yifu.settlement import reversing

PLACE = {"code": "H99010000009", "name": "示范市社区卫生服务中心"}
CONTRACT = {"kind": "fixed_place", "purpose": "family_doctor", "place": PLACE}


def insurance(office: Office, person_id: int, **query: Any) -> Any:
    return office.api.get(f"/persons/{person_id}/insurance", **query)


def test_a_person_as_the_insurer_has_them(office: Office):
    person = office.person(balance_fen=12300, used_fen=4500)
    office.filed(person)
    asked = {"person_id": person.pk, "begins_on": "2026-01-01", "about": CONTRACT}
    assert office.api.post("/filings", asked, key="contract").status_code == 201
    office.world.settle(office.world.visit(person))
    answer = insurance(office, person.pk)
    assert answer.status_code == 200, answer.content
    found = answer.json()
    assert found["insutype"] == "310"
    (one,) = found["insurances"]
    assert (one["active"], one["psn_type"]) == (True, "11")
    assert 0 <= one["balance_fen"] < 12300, "the settlement took some of it"
    counted = {row["meaning"]: row["amount_fen"] for row in found["accumulations"]}
    assert counted["deductible"] > 4500
    assert all(row["year"] == NOW.year for row in found["accumulations"])
    assert [row["code"] for row in found["chronic"]] == ["M03900"]
    assert found["transfers"] == []
    assert [(row["purpose"], row["code"]) for row in found["fixed_places"]] == [
        ("family_doctor", PLACE["code"])
    ]
    assert {row["enjoyed"] for row in found["benefits"]} == {True}


def test_why_a_fund_would_not_pay(office: Office):
    person = office.person()
    asked = {"include": "benefits", "med_type": "14", "disease_code": "M03900"}
    before = insurance(office, person.pk, **asked).json()
    assert before["accumulations"] is None
    pooled = before["benefits"][0]
    assert (pooled["enjoyed"], "M03900" in pooled["reason"]) == (False, True)
    office.filed(person)
    pooled = insurance(office, person.pk, **asked).json()["benefits"][0]
    assert pooled["reason"] != before["benefits"][0]["reason"]


def test_whom_the_insurer_does_not_know_has_no_insurance(office: Office):
    found = insurance(office, office.person(psn_type="").pk).json()
    assert (found["insutype"], found["insurances"], found["benefits"]) == (None, [], None)


def test_an_insurer_that_does_not_answer(office: Office):
    person = office.person()
    office.known(person)
    before = everything(but={"insurance_exchange"})
    for infno, fault, state in (
        ("1101", "drop_answer", "unknown"),
        ("5206", "gateway_401", "unsent"),
    ):
        office.lose(infno, fault)
        refused(insurance(office, person.pk), 503, "insurer_unavailable")
        assert everything(but={"insurance_exchange"}) == before
        assert told(f"person:{person.pk}")[-1] == (infno, state)


def test_only_the_own_persons_and_visits(office: Office, neighbour):
    person = office.person()
    visit = office.world.visit(person)
    theirs = builders.api(neighbour)
    refused(theirs.get(f"/persons/{person.pk}/insurance"), 404, "not_found")
    register(person, neighbour)
    assert theirs.get(f"/persons/{person.pk}/insurance", include="filings").status_code == 200
    refused(theirs.get(f"/visits/{visit.pk}/insurer"), 404, "not_found")
    refused(office.api.get(f"/visits/{visit.pk}/insurer"), 409, "visit_not_registered")
    nobody = builders.api(office.world.hospital, scopes="filings")
    refused(nobody.get(f"/persons/{person.pk}/insurance"), 403, "forbidden")
    refused(nobody.get(f"/visits/{visit.pk}/insurer"), 403, "forbidden")


def test_a_visit_as_the_insurer_has_it(office: Office):
    person = office.person()
    visit = office.world.visit(person)
    first = office.world.settle(visit).body
    reversing.reverse(
        institution_id=office.world.hospital.pk,
        settlement_id=first["id"],
        reason="开错",
        now=NOW,
    )
    office.world.settle(visit)
    answer = office.api.get(f"/visits/{visit.pk}/insurer")
    assert answer.status_code == 200, answer.content
    found = answer.json()
    assert found["mdtrt_id"] == Encounter.objects.get().mdtrt_id
    assert (found["visit"]["visit_no"], found["visit"]["stay"]) == (visit.visit_no, None)
    assert found["visit"]["began_at"] == (NOW - timedelta(hours=1)).isoformat()
    assert [row["code"] for row in found["diagnoses"]] == ["J06"]
    standing, undone = found["settlements"]
    assert (standing["reversed"], undone["reversed"]) == (False, True)
    assert undone["setl_id"] == first["insurer"]["setl_id"]
    assert standing["total_fen"] == 1500
    parts = ("fund_fen", "account_fen", "personal_fen", "hospital_fen")
    assert sum(standing[part] for part in parts) == 1500
    (line,) = standing["charges"]
    assert (line["amount_fen"], line["quantity"], line["local_code"]) == (1500, "1", "FW0001")
    split = sum(line[part] for part in ("own_fen", "over_fen", "presel_fen", "inscp_fen"))
    assert split == 1500
    office.lose("5202", "nonsense")
    refused(office.api.get(f"/visits/{visit.pk}/insurer"), 503, "insurer_unavailable")


def test_a_visit_whose_number_was_lost_is_found(office: Office):
    person = office.person()
    visit = office.world.visit(person)
    (insured,) = persons.ask_insurances(person, institution_id=office.world.hospital.pk, now=NOW)
    who = persons.known(person, insured, institution_id=office.world.hospital.pk, now=NOW)
    assert find_visit(visit, who, med_type="11", now=NOW) is None
    encounter = register_visit(visit, credential=None, now=NOW)
    assert encounter is not None
    assert find_visit(visit, who, med_type="11", now=NOW) == encounter.mdtrt_id
    visit.visit_no = "V-other"
    assert find_visit(visit, who, med_type="11", now=NOW) is None
    assert find_stay(visit, who, now=NOW) is None


def test_institutions_and_drugs(office: Office):
    hospital = office.world.hospital
    found = queries.institution(hospital.pk, code=CODE, name=hospital.name, now=NOW)
    assert found is not None
    assert (found.code, found.kind, found.level) == (CODE, queries.HOSPITAL, "2")
    unknown = "H99010000008"
    assert queries.institution(hospital.pk, code=unknown, name=hospital.name, now=NOW) is None
    who = office.known(office.person())
    assert queries.drugs(who, span=Span.around(NOW, days=30), now=NOW) == ()
    assert Exchange.objects.get(infno="5205").request["data"]["begntime"] == "2026-01-31 00:00:00"


def test_a_stay_whose_number_was_lost_is_found(office: Office):
    person = office.person()
    body = {
        "visit_no": "ZY0001",
        "person_id": person.pk,
        "kind": "inpatient",
        "department": {"code": "A03", "name": "内科"},
        "doctor": {"code": "D1", "name": "林医生"},
        "began_at": NOW.isoformat(),
        "diagnoses": [{"code": "J18", "name": "肺炎"}],
        "admission": {"bed": "12", "note": "发热咳嗽三天"},
    }
    opened = office.api.post("/visits", body)
    assert (opened.status_code, opened.json()["insured"]) == (201, True), opened.content
    encounter = Encounter.objects.select_related("visit").get()
    who = office.known(person)
    assert find_stay(encounter.visit, who, now=NOW) == encounter.mdtrt_id
    encounter.visit.visit_no = "ZY0002"
    assert find_stay(encounter.visit, who, now=NOW) is None
    found = office.api.get(f"/visits/{encounter.visit_id}/insurer").json()
    assert found["visit"]["stay"]["in_hospital"]
    assert [row["code"] for row in found["diagnoses"]] == ["J18"]
    assert found["settlements"] == []
