"""A visit's hold: opened as care begins, captured by its settlement, released, expired (P2.4)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from tests import builders
from tests.builders import NOW
from tests.settlement.asking import everything, refused
from yifu import clock
from yifu.credit.models import CreditLine, VisitHold
from yifu.institutions.models import Area
from yifu.ledger import services as ledger
from yifu.ledger.models import Hold, HoldState, Line
from yifu.settlement import jobs, previewing, reversing, services
from yifu.settlement.models import Settlement

HOUR = timedelta(hours=1)


@pytest.fixture
def hospital(settings, db):  # noqa: ARG001 - the tables
    settings.YIFU_SIMULATION = True
    return builders.api(builders.institution())


@pytest.fixture
def mother(hospital):  # noqa: ARG001 - registers there
    person = builders.person()
    builders.contract(person)
    return person


@pytest.fixture
def holding(mother):
    """The scheme holds, and asks for consent when booking."""
    builders.scheme(
        spending='mode = "hold"\nauthorised = "booking"\nhold_expires_hours = 72\n'
        "hold_fen = {outpatient = 5000, inpatient = 200000}"
    )
    return {"person_id": mother.pk, "text_version": "2026-01", "channel": "phone"}


def a_visit(of, fen: int = 3000, **changes):
    return builders.visit(of, charges=[fen], uninsured=True, **changes)


def line_of(person) -> Line:
    return Line.objects.get(creditline__person=person)


def hold(hospital, visit, *, key: str | None = "h", **body):
    return hospital.post(f"/visits/{visit.pk}/hold", body, key=key)


def settle(visit, *, now=NOW) -> Settlement:
    outcome = services.settle(institution_id=visit.institution_id, visit_id=visit.pk, now=now)
    return Settlement.objects.get(pk=outcome.settlement_id)


def test_an_amount_is_held_captured_by_the_settlement_and_the_rest_returns(hospital, mother):
    visit = a_visit(mother)
    answer = hold(hospital, visit, amount_fen=5000)
    assert answer.status_code == 201, answer.content
    assert answer.json() == {
        "visit_id": visit.pk,
        "principal_id": mother.pk,
        "state": "open",
        "amount_fen": 5000,
        "captured_fen": 0,
        "opened_at": NOW.isoformat(),
        "expires_at": (NOW + 72 * HOUR).isoformat(),
        "closed_at": None,
        "consent": None,
    }
    assert line_of(mother).held_fen == 5000
    assert settle(visit).method == "credit"
    line = line_of(mother)
    assert (line.held_fen, line.owed_fen) == (0, 3000)
    found = hospital.get(f"/visits/{visit.pk}/hold").json()
    assert (found["state"], found["captured_fen"]) == ("captured", 3000)
    assert ledger.verify().balanced


def test_a_hold_keeps_others_off_and_its_visit_comes_through(hospital, mother):
    Line.objects.update(limit_fen=4000)
    visit, other = a_visit(mother), a_visit(mother)
    hold(hospital, visit, amount_fen=2500)
    assert (settle(other).method, settle(visit).method) == ("window", "credit")
    line = line_of(mother)
    assert (line.held_fen, line.owed_fen, line.available_fen) == (0, 3000, 1000)


def test_a_settlement_too_large_for_hold_and_line_leaves_the_hold_open(hospital, mother):
    Line.objects.update(limit_fen=2999)
    visit = a_visit(mother)
    hold(hospital, visit, amount_fen=2500)
    settlement = settle(visit)
    assert (settlement.method, settlement.reason) == ("window", "limit_exceeded")
    assert Hold.objects.get().state == HoldState.OPEN
    assert line_of(mother).held_fen == 2500


def test_a_dependants_hold_is_on_both_lines_within_the_own_limit(hospital):
    mother, child = builders.person(), builders.person(born="2018-05-05")
    builders.contract(mother, dependants=[(child, 4000)])
    visit = a_visit(child)
    refused(hold(hospital, visit, amount_fen=4001), 409, "limit_exceeded")
    assert hold(hospital, visit, amount_fen=4000).status_code == 201
    share = Line.objects.get(parent__isnull=False)
    assert (share.held_fen, line_of(mother).held_fen) == (4000, 4000)
    settle(visit)
    share.refresh_from_db()
    assert (share.held_fen, share.owed_fen, line_of(mother).owed_fen) == (0, 3000, 3000)
    assert ledger.verify().balanced


def test_the_same_key_holds_once_and_another_finds_the_hold(hospital, mother):
    visit = a_visit(mother)
    first = hold(hospital, visit, amount_fen=5000)
    before = everything()
    again = hold(hospital, visit, amount_fen=5000)
    assert (again.status_code, again.json()) == (201, first.json())
    refused(hold(hospital, visit, amount_fen=1), 409, "idempotency_key_reused")
    refused(hold(hospital, visit, key="k", amount_fen=1), 409, "hold_exists")
    refused(hold(hospital, visit, key=None, amount_fen=1), 400, "idempotency_key_missing")
    assert everything() == before


def test_a_hold_is_released_once_and_another_may_follow(hospital, mother):
    visit = a_visit(mother)
    hold(hospital, visit, amount_fen=5000)
    path = f"/visits/{visit.pk}/hold/release"
    released = hospital.post(path, {})
    assert (released.status_code, released.json()["state"]) == (200, "released")
    before = everything()
    assert hospital.post(path, {}).json() == released.json()
    assert everything() == before
    assert line_of(mother).held_fen == 0
    assert hold(hospital, visit, key="again", amount_fen=100).json()["amount_fen"] == 100
    settle(visit)
    refused(hospital.post(path, {}), 409, "hold_not_open")


def test_where_nothing_was_held_there_is_nothing(hospital, mother):
    visit = a_visit(mother)
    refused(hospital.get(f"/visits/{visit.pk}/hold"), 404, "not_found")
    refused(hospital.post(f"/visits/{visit.pk}/hold/release", {}), 404, "not_found")
    other = builders.api(builders.institution("H99010000002"))
    refused(hold(other, visit, amount_fen=1), 404, "not_found")


@pytest.mark.parametrize("standing", ["suspended", "defaulted"])
def test_only_a_payer_in_good_standing_holds(hospital, mother, standing):
    CreditLine.objects.update(standing=standing)
    visit = a_visit(mother)
    before = everything()
    refused(hold(hospital, visit, amount_fen=1), 409, "standing_not_good")
    assert everything() == before


def test_who_has_no_line_holds_nothing(hospital):
    debited = builders.person()
    builders.contract(debited, funding="debit")
    for person in (debited, builders.person()):
        visit = a_visit(person)
        refused(hold(hospital, visit, key=str(person.pk), amount_fen=1), 409, "no_credit_line")


def test_without_an_amount_the_schemes_is_held_if_it_has_one(hospital, mother):
    visit = a_visit(mother)
    refused(hold(hospital, visit), 422, "invalid_request")
    builders.scheme(
        limits="visit_fen = 6000", spending='mode = "charge"\nhold_fen = {outpatient = 5000}'
    )
    assert hold(hospital, visit).json()["amount_fen"] == 5000
    other = a_visit(mother)
    refused(hold(hospital, other, key="k", amount_fen=6001), 422, "hold_exceeds_visit")


@pytest.mark.parametrize("fen", [0, -1, 1.5, "5", True, 2**63, None])
def test_an_amount_that_is_none_is_refused(hospital, mother, fen):
    visit = a_visit(mother)
    before = everything()
    refused(hold(hospital, visit, amount_fen=fen), 422, "invalid_request")
    assert everything() == before


def test_where_the_scheme_holds_nothing_goes_on_credit_without(hospital, mother, holding):
    visit = a_visit(mother)
    assert (
        previewing.preview(institution_id=visit.institution_id, visit_id=visit.pk, now=NOW)[
            "method"
        ]
        == "window"
    )
    settlement = settle(visit)
    assert (settlement.method, settlement.reason) == ("window", "no_hold")
    held = a_visit(mother)
    assert hold(hospital, held, consent=holding).json()["amount_fen"] == 5000
    assert (
        previewing.preview(institution_id=visit.institution_id, visit_id=held.pk, now=NOW)["method"]
        == "credit"
    )
    assert settle(held).method == "credit"


def test_a_visit_that_was_held_for_needs_no_second_hold_for_what_follows(hospital, mother, holding):
    visit = builders.visit(mother, charges=[3000, 1000], uninsured=True)
    hold(hospital, visit, consent=holding)
    first = settle(visit)
    charges = list(visit.charges.order_by("line_no"))
    rest = reversing.refund(
        institution_id=visit.institution_id,
        settlement_id=first.pk,
        charge_ids=[charges[1].pk],
        reason="未做",
        now=NOW,
    )
    assert (rest.body["method"], rest.body["personal_fen"]) == ("credit", 3000)
    assert line_of(mother).owed_fen == 3000
    assert ledger.verify().balanced


def test_consent_when_booking_says_who_when_and_to_which_text(hospital, mother, holding):
    visit = a_visit(mother)
    refused(hold(hospital, visit), 422, "hold_not_agreed")
    unknown = holding | {"text_version": "1999"}
    refused(hold(hospital, visit, consent=unknown), 422, "consent_version_unknown")
    stranger = holding | {"person_id": builders.person().pk}
    refused(hold(hospital, visit, consent=stranger), 422, "not_their_consent")
    acted = holding | {"channel": "window", "acted_by": "窗口 3 号"}
    answer = hold(hospital, visit, consent=acted).json()
    assert answer["consent"] == acted | {"agreed_at": NOW.isoformat()}
    kept = VisitHold.objects.get()
    assert (kept.agreed_by_id, kept.agreed_at, kept.text_version, kept.acted_by) == (
        mother.pk,
        NOW,
        "2026-01",
        "窗口 3 号",
    )


def test_a_child_agrees_to_nothing_and_a_grown_up_dependant_does(hospital, holding):
    mother = builders.person()
    child, father = builders.person(born="2018-05-05"), builders.person(born="1950-01-01")
    builders.contract(mother, dependants=[(child, None), (father, None)])
    own = holding | {"person_id": child.pk}
    refused(hold(hospital, a_visit(child), consent=own), 422, "not_their_consent")
    for patient, who in [(child, mother), (father, father)]:
        agreed = holding | {"person_id": who.pk}
        answer = hold(hospital, a_visit(patient), key=str(patient.pk), consent=agreed)
        assert answer.status_code == 201, answer.content


def test_a_hold_expires_at_its_second_whoever_notices_first(hospital, mother, holding):
    noticed, swept = a_visit(mother), a_visit(mother)
    for visit in (noticed, swept):
        hold(hospital, visit, key=str(visit.pk), consent=holding)
    just_before = NOW + 72 * HOUR - timedelta(seconds=1)
    assert ledger.expire_due(now=just_before) == 0
    late = settle(noticed, now=NOW + 72 * HOUR)
    assert (late.method, late.reason) == ("window", "no_hold")
    assert line_of(mother).held_fen == 5000
    assert ledger.expire_due(now=NOW + 72 * HOUR) == 1
    assert line_of(mother).held_fen == 0
    assert set(Hold.objects.values_list("state", flat=True)) == {HoldState.EXPIRED}
    hospital.now = NOW + 72 * HOUR
    assert hold(hospital, swept, key="again", consent=holding).status_code == 201


def test_an_expired_hold_that_nobody_noticed_gives_way_to_another(hospital, mother):
    visit = a_visit(mother)
    hold(hospital, visit, amount_fen=5000)
    hospital.now = NOW + 72 * HOUR
    assert hold(hospital, visit, key="again", amount_fen=100).status_code == 201
    assert list(Hold.objects.order_by("pk").values_list("state", flat=True)) == ["expired", "open"]
    assert line_of(mother).held_fen == 100


def test_the_end_of_a_visit_releases_nothing(hospital, mother):
    visit = a_visit(mother, ended_at=None)
    hold(hospital, visit, amount_fen=5000)
    answer = hospital.post(f"/visits/{visit.pk}/end", {"ended_at": NOW.isoformat()})
    assert answer.status_code == 200
    assert line_of(mother).held_fen == 5000


def test_the_worker_lets_holds_expire_but_not_in_a_simulation(hospital, mother, settings):
    hold(hospital, a_visit(mother), amount_fen=5000)
    Hold.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    jobs.expire_holds(timestamp=0)
    assert line_of(mother).held_fen == 5000
    settings.YIFU_SIMULATION = False
    jobs.expire_holds(timestamp=0)
    assert line_of(mother).held_fen == 0


def test_a_changed_payer_does_not_use_anothers_hold(hospital, mother):
    """The hold is on the line of who paid then."""
    visit = a_visit(mother)
    hold(hospital, visit, amount_fen=5000)
    Hold.objects.update(line=ledger.open_line(account="owed:9", limit_fen=9000))
    Line.objects.update(held_fen=0)
    Line.objects.filter(account__code="owed:9").update(held_fen=5000)
    assert settle(visit).method == "credit"
    assert Hold.objects.get().state == HoldState.OPEN


@pytest.mark.django_db(transaction=True)
def test_of_many_who_hold_for_one_visit_at_once_one_does(settings):
    settings.YIFU_SIMULATION = True
    hospital = builders.api(builders.institution())
    mother = builders.person()
    builders.contract(mother)
    visit = a_visit(mother)
    ready = Barrier(6)

    def one(number: int) -> int:
        try:
            ready.wait(10)
            answer = hold(hospital, visit, key=f"k{number}", amount_fen=100 + number)
            return int(answer.status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(one, range(6))) == [201, 409, 409, 409, 409, 409]
    assert line_of(mother).held_fen == Hold.objects.get().amount_fen


@pytest.mark.django_db(transaction=True)
def test_a_hold_captured_released_and_expired_at_once_ends_once(settings):
    settings.YIFU_SIMULATION = True
    hospital = builders.api(builders.institution())
    mother, child = builders.person(), builders.person(born="2018-05-05")
    builders.contract(mother, dependants=[(child, 50_000)])
    for turn in range(4):
        visit = a_visit(child, 100)
        hold(hospital, visit, key=f"h{turn}", amount_fen=500)
        path = f"/visits/{visit.pk}/hold/release"
        with ThreadPoolExecutor(3) as pool:
            doing = [
                pool.submit(alone, settle, visit),
                pool.submit(alone, hospital.post, path, {}),
                pool.submit(alone, ledger.expire_due, now=NOW + 72 * HOUR),
            ]
            for done in doing:
                done.result(10)
        assert line_of(mother).held_fen == 0
    assert line_of(mother).owed_fen == 400
    assert ledger.verify().balanced


def alone(work, *given, **named):
    try:
        return work(*given, **named)
    finally:
        connection.close()


def test_shanghais_own_file_holds_on_the_banks_line(hospital):
    """The shipped scheme: half a thousand yuan for an outpatient visit, agreed to when booking."""
    Area.objects.update(scheme="shanghai")
    mother = builders.person()
    contract = builders.contract(mother, funding="bank", scheme="shanghai")
    assert contract.credit_line is not None
    visit = a_visit(mother)
    agreed = {"person_id": mother.pk, "text_version": "2026-01", "channel": "phone"}
    assert hold(hospital, visit, consent=agreed).json()["amount_fen"] == 50_000
    assert settle(visit).method == "bank"
    assert (line_of(mother).held_fen, line_of(mother).owed_fen) == (0, 3000)
