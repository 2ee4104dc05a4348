"""Enrolment as a hospital's system asks for it over HTTP."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from tests import builders
from tests.builders import NOW, Api
from tests.credit.conftest import APP, KEY, credit_process, platform
from tests.settlement.asking import HUGE, everything, refused
from yifu.credit.models import CreditParty, Score
from yifu.credit.schemes import load
from yifu.patients import services as patients
from yifu.patients.models import Consent, Contract, Person
from yifu.secrets import encrypt

__all__ = ["credit_process", "platform"]

CONSENT = {"text_version": "2026-01", "channel": "phone"}
AT_WINDOW = {"text_version": "2026-01", "channel": "window"}
PROOF = {"kind": "household_register", "number": "HK0001", "seen_by": "窗口 003"}


@pytest.fixture(autouse=True)
def _simulated(settings):
    settings.YIFU_SIMULATION = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@dataclass
class Desk:
    """A hospital's system and a family that is registered there."""

    api: Api
    mother: Person
    father: Person
    child: Person
    keys: int = 0

    def post(self, path: str, body: Any, *, key: str = "") -> Any:
        """POST with a key of its own, unless one is given."""
        self.keys += 1
        return self.api.post(path, body, key=key or f"k{self.keys}")

    def sign(self, who: Person, *dependants: Any, **changes: Any) -> Any:
        """Sign somebody up."""
        return self.post("/contracts", contract(who, *dependants, **changes))


def contract(who: Person, *dependants: Any, **changes: Any) -> dict[str, Any]:
    return {
        "principal_id": who.pk,
        "scheme": "hangzhou",
        "consent": CONSENT,
        "funding": {"kind": "platform"},
        "dependants": list(dependants),
    } | changes


def kin(who: Person, kinship: str = "child", **changes: Any) -> dict[str, Any]:
    return {"person_id": who.pk, "kinship": kinship, "proof": PROOF} | changes


@pytest.fixture
def desk(transactional_db):  # noqa: ARG001 - signing asks outside between two transactions
    return Desk(
        builders.api(builders.institution()),
        builders.person(born="1985-05-05"),
        builders.person(born="1984-04-04"),
        builders.person(born="2015-06-06"),
    )


def done(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.content
    return answer.json()


def test_a_kiosk_shows_the_text_that_is_then_agreed_to(desk):
    shown = done(desk.api.get("/consent-texts/current", scheme="hangzhou", language="en"))
    text = load("hangzhou").consent_texts[0]
    assert (shown["version"], shown["language"], shown["text"]) == ("2026-01", "en", text.en)
    consent = {
        "text_version": shown["version"],
        "channel": "kiosk",
        "language": shown["language"],
        "shown_at": (NOW - timedelta(minutes=2)).isoformat(),
    }
    done(desk.sign(desk.mother, consent=consent), 201)
    kept = Consent.objects.get()
    assert (kept.channel, kept.language, kept.text.en) == ("kiosk", "en", text.en)
    assert kept.agreed_at - kept.shown_at == timedelta(minutes=2)


def test_the_text_of_another_citys_scheme_is_not_shown(desk):
    refused(desk.api.get("/consent-texts/current", scheme="wenzhou"), 422, "scheme_unknown")


def test_at_the_window_somebody_acts(desk):
    refused(desk.sign(desk.mother, consent=AT_WINDOW), 422, "acted_by_missing")
    done(desk.sign(desk.mother, consent=AT_WINDOW, acted_by="窗口 003"), 201)
    assert Contract.objects.get().acted_by == "窗口 003"


def test_the_answer_to_signing_has_the_scored_limit(desk, platform):
    platform.control("clock", {"now": NOW.isoformat()})
    number = patients.certificate_no(desk.mother)
    platform.control("scores", {"id_number": number, "score": 720})
    CreditParty.objects.create(
        area=builders.area(),
        code="credit_platform",
        base_url=platform.url,
        app=APP,
        key_cipher=encrypt(KEY),
        timeout_s=2,
    )
    body = contract(desk.mother)
    answer = done(desk.post("/contracts", body, key="once"), 201)
    assert answer["line"]["limit_fen"] == 500_000
    assert done(desk.post("/contracts", body, key="once"), 201) == answer
    assert Score.objects.count() == 1


def test_a_family_is_changed_step_by_step(desk):
    made = done(desk.sign(desk.mother), 201)
    path = f"/contracts/{made['id']}/dependants"
    added = done(desk.post(path, kin(desk.child, limit_fen=20_000)), 201)
    assert added["dependants"] == [
        {"person_id": desk.child.pk, "kinship": "child", "limit_fen": 20_000}
    ]
    changed = done(desk.post(f"{path}/{desk.child.pk}/limit", {"limit_fen": 7_000}))
    assert changed["dependants"][0]["limit_fen"] == 7_000
    line = done(desk.api.get(f"/credit-lines/{desk.mother.pk}"))
    assert line["dependants"] == changed["dependants"]
    removed = done(desk.post(f"{path}/{desk.child.pk}/remove", {}))
    assert removed["dependants"] == []
    assert done(desk.api.get(f"/contracts/{made['id']}")) == removed


def test_a_child_moves_to_the_other_parent(desk):
    mothers = done(desk.sign(desk.mother, kin(desk.child)), 201)
    fathers = done(desk.sign(desk.father), 201)
    body = {"to_contract_id": fathers["id"], "kinship": "child", "proof": PROOF}
    path = f"/contracts/{mothers['id']}/dependants/{desk.child.pk}/move"
    refused(desk.post(path, body | {"giving": CONSENT}), 422, "invalid_request")
    moved = done(desk.post(path, body | {"giving": CONSENT, "taking": CONSENT}))
    assert (moved["id"], len(moved["dependants"])) == (fathers["id"], 1)
    assert done(desk.api.get(f"/contracts/{mothers['id']}"))["dependants"] == []


def test_who_comes_of_age_agrees_to_stay(desk):
    young = builders.person(born="2008-03-20")
    made = done(desk.sign(desk.mother, kin(young)), 201)
    path = f"/contracts/{made['id']}/dependants/{young.pk}/stay"
    desk.api.now = NOW - timedelta(days=30)
    refused(desk.post(path, {"consent": CONSENT}), 409, "too_early_to_stay")
    desk.api.now = NOW
    done(desk.post(path, {"consent": CONSENT}))
    assert Consent.objects.filter(person=young).count() == 1


def test_closing_lists_what_stands_in_the_way(desk):
    made = done(desk.sign(desk.mother, kin(desk.child)), 201)
    path = f"/contracts/{made['id']}"
    assert done(desk.api.get(f"{path}/closing")) == {"may_close": True, "obstacles": []}
    bill = builders.bill(desk.mother, 3_000)
    listed = done(desk.api.get(f"{path}/closing"))
    assert not listed["may_close"]
    refusal = desk.post(f"{path}/close", {})
    refused(refusal, 409, "debt_open")
    assert refusal.json()["obstacles"] == listed["obstacles"]
    done(desk.post(f"/bills/{bill.pk}/payments", {"channel": "cash", "amount_fen": 3_000}), 201)
    closed = done(desk.post(f"{path}/close", {}, key="close"))
    assert (closed["state"], closed["dependants"]) == ("closed", [])
    assert done(desk.post(f"{path}/close", {}, key="close")) == closed
    refused(desk.post(f"{path}/close", {}), 409, "contract_closed")
    assert done(desk.api.get(f"{path}/closing")) == {"may_close": False, "obstacles": []}


def test_a_death_and_a_merge_are_recorded_once(desk):
    death = {"died_on": "2026-03-01", "document": "死证 1", "recorded_by": "窗口 003"}
    path = f"/persons/{desk.mother.pk}/death"
    first = done(desk.post(path, death, key="d"))
    assert first == {"id": desk.mother.pk, "died_on": "2026-03-01"}
    assert done(desk.post(path, death, key="d")) == first
    refused(desk.post(path, death), 409, "person_gone")
    twin = builders.person(born="1984-04-04")
    merge = {"into_id": desk.father.pk, "recorded_by": "医保办", "reason": "重复建档"}
    merged = done(desk.post(f"/persons/{twin.pk}/merge", merge))
    assert merged == {"id": desk.father.pk, "died_on": None}
    assert done(desk.api.get(f"/persons/{twin.pk}"))["id"] == desk.father.pk
    refused(desk.post(f"/persons/{twin.pk}/merge", merge), 409, "merge_refused")
    done(desk.sign(twin), 201)
    assert Contract.objects.get(person=desk.father).state == "active"


def test_what_is_wrong_changes_nothing(desk):
    made = done(desk.sign(desk.mother, kin(desk.child)), 201)
    path = f"/contracts/{made['id']}/dependants"
    child = f"{path}/{desk.child.pk}"
    other = builders.person(born="2016-01-01")
    before = everything()
    for answer, status, code in (
        (desk.post(path, kin(other) | {"proof": None}), 422, "invalid_request"),
        (desk.post(path, {"person_id": other.pk, "kinship": "child"}), 422, "invalid_request"),
        (desk.post(path, kin(other, proof=PROOF | {"number": ""})), 422, "invalid_request"),
        (desk.post(path, kin(other, proof=PROOF | {"kind": "friend"})), 422, "invalid_request"),
        (desk.post(path, kin(other, "parent")), 422, "kinship_impossible"),
        (desk.post(path, kin(other, limit_fen=-1)), 422, "invalid_request"),
        (desk.post(path, kin(desk.father, "other")), 422, "own_consent_missing"),
        (desk.post(path, kin(desk.mother, "other")), 409, "dependant_taken"),
        (desk.post(f"{child}/limit", {"limit_fen": None}), 422, "invalid_request"),
        (desk.post(f"{path}/{HUGE - 1}/remove", {}), 404, "not_found"),
        (desk.post(f"/contracts/{HUGE - 1}/dependants", kin(other)), 404, "not_found"),
        (desk.post(f"{child}/stay", {"consent": CONSENT | {"shown_at": "today"}}), 422, None),
        (desk.post(f"{child}/stay", {"consent": CONSENT}), 409, "too_early_to_stay"),
        (
            desk.post(
                f"/persons/{desk.child.pk}/death",
                {"died_on": "2027-01-01", "document": "x", "recorded_by": "y"},
            ),
            422,
            "death_date_invalid",
        ),
        (
            desk.post(
                f"/persons/{desk.child.pk}/merge",
                {"into_id": desk.child.pk, "recorded_by": "y", "reason": "r"},
            ),
            409,
            "merge_refused",
        ),
    ):
        refused(answer, status, code or "invalid_request")
    assert everything() == before


def test_another_hospital_sees_nothing_of_it(desk):
    made = done(desk.sign(desk.mother, kin(desk.child)), 201)
    stranger = builders.api(builders.institution("H99010000002"))
    path = f"/contracts/{made['id']}"
    before = everything()
    for answer in (
        stranger.get(path),
        stranger.get(f"{path}/closing"),
        stranger.post(f"{path}/close", {}, key="k"),
        stranger.post(f"{path}/dependants/{desk.child.pk}/remove", {}, key="k"),
        stranger.post(f"{path}/dependants/{desk.child.pk}/limit", {"limit_fen": 0}, key="k"),
        stranger.post(
            f"/persons/{desk.mother.pk}/death",
            {"died_on": "2026-03-01", "document": "x", "recorded_by": "y"},
            key="k",
        ),
    ):
        refused(answer, 404, "not_found")
    assert everything() == before


def test_a_key_is_needed(desk):
    refused(desk.api.post("/contracts", contract(desk.mother)), 400, "idempotency_key_missing")
