"""Coming of age, and death."""

from datetime import date, datetime, timedelta

import pytest

from tests import builders
from tests.builders import AREA, NOW
from tests.enrolment.conftest import PHONE, ended, line_of, payer_of
from yifu.clock import CHINA
from yifu.credit import services as credit
from yifu.credit.models import CreditLine, LimitChange, Standing
from yifu.enrolment import errors, services
from yifu.enrolment.services import Death
from yifu.patients import notices
from yifu.patients import services as patients
from yifu.patients.gateway import render
from yifu.patients.models import Dependant, Notice, PersonEvent
from yifu.patients.notices import Message
from yifu.payments.models import Binding, Channel
from yifu.secrets import decrypt

SIGNED = datetime(2026, 1, 2, 10, tzinfo=CHINA)
DEATH = Death(NOW.date(), "死证 2026-17", "窗口 003")


def at(day: date, hour: int = 1) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=CHINA)


def grow(day: date):
    return services.come_of_age(AREA, day, now=at(day))


def templates() -> list[tuple[str, int]]:
    return sorted(Notice.objects.values_list("template", "person_id"))


@pytest.fixture
def teenager(family):
    """Born on 29 February 2008, a dependant with a share."""
    young = builders.person(born="2008-02-29", name="小明")
    joining = builders.dependant(young, 20_000, of=family.mother)
    enrolled = family.sign(family.mother, joining, now=SIGNED)
    return young, enrolled.contract


def test_somebody_ceases_to_be_a_child_as_the_birthday_begins(teenager):
    young, _ = teenager
    assert grow(date(2026, 2, 28)).ended == 0
    assert grow(date(2026, 3, 1)).ended == 1
    kept = Dependant.objects.get()
    assert (kept.ended_at, kept.end_reason) == (datetime(2026, 3, 1, tzinfo=CHINA), "adult")
    assert payer_of(young) is None
    change = LimitChange.objects.get()
    assert (change.before_fen, change.after_fen, change.reason) == (20_000, 0, "dependant adult")


@pytest.mark.usefixtures("teenager")
def test_a_late_run_ends_it_at_the_same_instant_and_only_once():
    assert [grow(date(2026, 3, 9)).ended, grow(date(2026, 3, 9)).ended] == [1, 0]
    assert Dependant.objects.get().ended_at == datetime(2026, 3, 1, tzinfo=CHINA)


def test_both_are_told_a_month_before_and_on_the_day_each_once(teenager, family):
    young, _ = teenager
    assert grow(date(2026, 1, 29)).told == 0
    for _ in range(2):
        grow(date(2026, 1, 30))
    both = sorted([young.pk, family.mother.pk])
    assert templates() == [("adult_soon", one) for one in both]
    grow(date(2026, 3, 1))
    assert templates() == [(name, one) for name in ("adult_soon", "adult_today") for one in both]
    for notice in Notice.objects.all():
        for language in ("zh", "en"):
            assert "小明" in render(notice.template, notice.params, language=language)


def test_who_agrees_shortly_before_stays_as_an_adult(teenager):
    young, contract = teenager
    with pytest.raises(errors.TooEarlyToStay):
        services.stay(contract.pk, young.pk, PHONE, now=at(date(2026, 1, 29), 23))
    services.stay(contract.pk, young.pk, PHONE, now=at(date(2026, 1, 30)))
    assert grow(date(2026, 3, 1)) == services.Birthdays(told=0, ended=0)
    assert ended(young) == [""]


def test_debts_stay_and_the_grown_up_signs_alone(teenager, family):
    young, contract = teenager
    bill = builders.bill(family.mother, 3_000, line=line_of(contract), patient=young)
    grow(date(2026, 3, 1))
    family.sign(young, now=at(date(2026, 3, 1), 9))
    bill.refresh_from_db()
    assert (bill.principal_id, bill.state) == (family.mother.pk, "open")
    assert payer_of(young) == young.pk


def test_who_joined_as_an_adult_is_left_alone(family):
    family.sign(family.mother, builders.dependant(family.father, of=family.mother))
    assert grow(date(2026, 3, 1)) == services.Birthdays(told=0, ended=0)


def test_the_dead_leave_and_what_they_owe_stays(family):
    contract = family.sign(
        family.mother,
        builders.dependant(family.child, 20_000, of=family.mother),
        builders.dependant(family.father, of=family.mother, kinship="other"),
    ).contract
    builders.binding(family.mother, Channel.objects.create(area=contract.area, code="wechat"))
    bill = builders.bill(family.mother, 3_000, line=line_of(contract))
    services.die(family.mother.pk, DEATH, now=NOW)
    contract.refresh_from_db()
    family.mother.refresh_from_db()
    bill.refresh_from_db()
    assert (contract.state, contract.close_reason) == ("closed", "died")
    assert family.mother.died_on == NOW.date()
    assert (bill.state, bill.owed_fen) == ("open", 3_000)
    assert ended(family.child) == ended(family.father) == ["died"]
    assert not Binding.objects.filter(active=True).exists()


def test_a_death_is_written_down_with_its_paper(family):
    services.die(family.mother.pk, DEATH, now=NOW)
    event = PersonEvent.objects.get()
    assert (event.kind, event.recorded_by, event.recorded_at) == ("died", "窗口 003", NOW)
    assert event.document_cipher is not None
    assert decrypt(event.document_cipher) == "死证 2026-17"


def test_the_other_parent_is_told_about_each_child(family):
    spouse = patients.NewDependant(
        family.father.pk,
        "spouse",
        None,
        patients.Proof("marriage_certificate", "J1", "窗口 003"),
        builders.AGREED,
    )
    child = builders.dependant(family.child, of=family.mother)
    family.sign(family.mother, spouse, child)
    services.die(family.mother.pk, DEATH, now=NOW)
    assert templates() == [("principal_gone", family.father.pk)]
    notice = Notice.objects.get()
    assert family.child.name in render(notice.template, notice.params)


def test_a_dead_child_depends_on_nobody(family):
    family.sign(family.mother, builders.dependant(family.child, of=family.mother))
    services.die(family.child.pk, DEATH, now=NOW)
    assert ended(family.child) == ["died"]


def test_the_dead_are_told_nothing(family):
    services.die(family.mother.pk, DEATH, now=NOW)
    message = Message("k1", family.mother.pk, "restored", {"name": "x"})
    assert notices.notify_many([message], now=NOW) == 0
    patients.notify(
        person_id=family.mother.pk, template="restored", params={"name": "x"}, key="k2", now=NOW
    )
    assert not Notice.objects.exists()


def test_nothing_is_held_against_the_dead(family):
    line = family.sign(family.mother).credit_line
    services.die(family.mother.pk, DEATH, now=NOW)
    change = {"credit_line_id": line.pk, "reason": "bill:1", "rule": "P4.3", "now": NOW}
    assert not credit.set_standing(to=Standing.DEFAULTED, **change)
    assert CreditLine.objects.get().standing == Standing.GOOD


@pytest.mark.parametrize("day", [NOW.date() + timedelta(days=1), date(1985, 5, 4)])
def test_a_death_lies_between_birth_and_today(family, day):
    with pytest.raises(errors.DeathDateInvalid):
        services.die(family.mother.pk, Death(day, "x", "y"), now=NOW)
    assert not PersonEvent.objects.exists()


def test_nobody_dies_twice(family):
    services.die(family.mother.pk, DEATH, now=NOW)
    with pytest.raises(errors.PersonGone):
        services.die(family.mother.pk, DEATH, now=NOW)
