"""One human being under two numbers: look-ups lead to the survivor, debts keep their name."""

import pytest

from tests import builders
from tests.builders import NOW
from tests.enrolment.conftest import agreed, ended, line_of, payer_of
from yifu.credit.models import LimitChange
from yifu.enrolment import errors, services
from yifu.enrolment.services import Death
from yifu.ledger.models import Line
from yifu.patients import services as patients
from yifu.patients.errors import MinorAsPrincipal
from yifu.patients.models import Contract, ContractState, Person, PersonEvent, Registration
from yifu.payments.models import Binding, Channel


@pytest.fixture
def twin(family):  # noqa: ARG001 - after the family
    """The mother under another number."""
    return builders.person(born="1985-05-05", name="同一人")


def merge(leaving, survivor):
    return services.merge(
        leaving.pk, into=survivor.pk, by="医保办", reason="证件号登记错误", now=NOW
    )


def live(who):
    return Contract.objects.filter(person=who).exclude(state=ContractState.CLOSED).first()


def test_look_ups_lead_to_the_survivor(family, twin):
    other = builders.institution("H99010000002")
    number = patients.certificate_no(twin)
    Registration.objects.create(person=twin, institution=other, registered_at=NOW)
    visit = builders.visit(twin)
    merge(twin, family.mother)
    found = patients.find_person(twin.pk, institution_id=other.pk)
    assert found == family.mother
    assert patients.find_person(family.mother.pk, institution_id=other.pk) == family.mother
    again, created = patients.register_person(
        patients.NewPerson("同一人", "01", number, "19912345678"),
        area=builders.AREA,
        institution_id=other.pk,
        now=NOW,
    )
    assert (again, created) == (family.mother, False)
    visit.refresh_from_db()
    assert visit.person_id == twin.pk


def test_a_merge_is_written_down(family, twin):
    merge(twin, family.mother)
    event = PersonEvent.objects.get()
    assert (event.kind, event.into, event.recorded_by, event.reason) == (
        "merged",
        family.mother,
        "医保办",
        "证件号登记错误",
    )


def test_however_often_rows_are_merged_one_step_leads_to_the_survivor(family, twin):
    third = builders.person(born="1985-05-05")
    merge(third, twin)
    merge(twin, family.mother)
    steps = Person.objects.exclude(merged_into=None).values_list("merged_into", flat=True)
    assert list(steps) == [family.mother.pk, family.mother.pk]
    for leaving, survivor in ((family.mother, twin), (twin, family.mother), (third, family.mother)):
        with pytest.raises(errors.MergeRefused):
            merge(leaving, survivor)


def test_nobody_is_merged_into_oneself(family):
    with pytest.raises(errors.MergeRefused):
        merge(family.mother, family.mother)


def test_an_only_contract_goes_on_under_the_survivor(family, twin):
    joining = builders.dependant(family.child, 20_000, of=twin)
    old = family.sign(twin, joining, language="en").contract
    Line.objects.filter(creditline__contract=old).update(limit_fen=123_400)
    merge(twin, family.mother)
    new = live(family.mother)
    assert live(twin) is None
    assert (new.signed_at, new.consent_text_version) == (old.signed_at, "2026-01")
    assert line_of(new).limit_fen == 123_400
    assert line_of(new).account.code == f"owed:{family.mother.pk}"
    assert agreed(new) == [(family.mother.pk, "en", "phone", "")]
    assert ended(family.child) == ["merged", ""]
    for who in (family.mother, twin, family.child):
        assert payer_of(who) == family.mother.pk


def test_of_two_contracts_the_survivors_stays_and_takes_the_children(family, twin):
    family.sign(twin, builders.dependant(family.child, 20_000, of=twin))
    kept = family.sign(family.mother).contract
    merge(twin, family.mother)
    assert live(family.mother) == kept
    assert payer_of(family.child) == family.mother.pk
    assert LimitChange.objects.filter(reason="contract merged").exists()


def test_who_owes_is_the_survivor(family, twin):
    owing = family.sign(twin).contract
    builders.bill(twin, 3_000, line=line_of(owing))
    family.sign(family.mother)
    with pytest.raises(errors.MergeRefused) as refusal:
        merge(twin, family.mother)
    assert refusal.value.facts["obstacles"][0]["kind"] == "bill"
    merge(family.mother, twin)
    assert payer_of(family.mother) == payer_of(twin) == twin.pk


def test_when_both_owe_one_is_paid_first(family, twin):
    for who in (twin, family.mother):
        builders.bill(who, 3_000, line=line_of(family.sign(who).contract))
    for leaving, survivor in ((twin, family.mother), (family.mother, twin)):
        with pytest.raises(errors.MergeRefused):
            merge(leaving, survivor)
    assert not Person.objects.exclude(merged_into=None).exists()


def test_who_was_paid_for_is_paid_for_under_the_other_number(family, twin):
    family.sign(family.father, builders.dependant(twin, 5_000, of=family.father))
    merge(twin, family.mother)
    assert payer_of(family.mother) == payer_of(twin) == family.father.pk


def test_the_survivors_own_principal_comes_first(family, twin):
    grandmother = builders.person(born="1955-01-01")
    family.sign(family.father, builders.dependant(twin, of=family.father))
    family.sign(grandmother, builders.dependant(family.mother, of=grandmother))
    merge(twin, family.mother)
    assert payer_of(twin) == grandmother.pk


def test_paying_for_ones_own_duplicate_ends(family, twin):
    family.sign(family.mother, builders.dependant(twin, of=family.mother, kinship="other"))
    merge(twin, family.mother)
    assert ended(twin) == ["merged"]
    assert payer_of(twin) == family.mother.pk


def test_a_merge_makes_no_circle(family, twin):
    family.sign(twin, builders.dependant(family.child, of=twin))
    family.sign(family.father, builders.dependant(family.mother, of=family.father))
    with pytest.raises(errors.FamilyCircle):
        merge(twin, family.mother)
    assert payer_of(family.child) == twin.pk


def test_a_contract_does_not_go_to_a_minors_number(family, twin):
    family.sign(twin)
    with pytest.raises(MinorAsPrincipal):
        merge(twin, family.child)
    assert live(twin) is not None


def test_death_is_recorded_on_both_sides_or_on_none(family, twin):
    services.die(twin.pk, Death(NOW.date(), "D", "x"), now=NOW)
    with pytest.raises(errors.MergeRefused):
        merge(twin, family.mother)


def test_debit_contracts_go_along_unless_there_is_one_with_the_channel(family, twin):
    wechat = Channel.objects.create(area_id=builders.AREA, code="wechat")
    alipay = Channel.objects.create(area_id=builders.AREA, code="alipay")
    for who, channel in ((twin, wechat), (twin, alipay), (family.mother, wechat)):
        builders.binding(who, channel)
    merge(twin, family.mother)
    active = Binding.objects.filter(active=True).order_by("channel__code")
    assert list(active.values_list("person_id", "channel__code")) == [
        (family.mother.pk, "alipay"),
        (family.mother.pk, "wechat"),
    ]
