"""Signing: what was agreed to is kept; what a scheme does not offer is refused (P1.2)."""

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest

from tests import builders
from tests.builders import NOW
from tests.enrolment.conftest import agreed, line_of, sign
from yifu.credit.schemes import load
from yifu.enrolment import errors, services
from yifu.errors import YifuError
from yifu.institutions.models import Area
from yifu.patients.errors import (
    ConsentVersionUnknown,
    ContractExists,
    MinorAsPrincipal,
    SchemeUnknown,
)
from yifu.patients.models import Consent, ConsentText, Contract


def test_a_text_is_kept_once_as_it_was_shown(family):
    family.sign(family.mother)
    family.sign(family.father)
    kept = ConsentText.objects.get()
    text = load("hangzhou").consent_texts[0]
    assert (kept.zh, kept.en) == (text.zh, text.en)
    assert bytes(kept.digest) == hashlib.sha256(f"{text.zh}\0{text.en}".encode()).digest()
    assert Consent.objects.filter(text=kept).count() == 2


def test_who_agreed_when_and_who_acted_is_kept(family):
    shown = NOW - timedelta(minutes=3)
    contract = family.sign(
        family.mother,
        consent_channel="window",
        acted_by="窗口 003",
        language="en",
        shown_at=shown,
    ).contract
    consent = Consent.objects.get(contract=contract)
    assert (consent.shown_at, consent.agreed_at) == (shown, NOW)
    assert agreed(contract) == [(family.mother.pk, "en", "window", "窗口 003")]
    assert contract.acted_by == "窗口 003"


def test_an_adult_dependant_agrees_too_and_a_child_does_not(family):
    contract = family.sign(
        family.mother,
        builders.dependant(family.father, of=family.mother, kinship="other"),
        builders.dependant(family.child, of=family.mother),
    ).contract
    assert [row[0] for row in agreed(contract)] == [family.mother.pk, family.father.pk]


def test_without_an_adults_own_consent_nothing_is_signed(family):
    father = replace(
        builders.dependant(family.father, of=family.mother, kinship="other"), agreement=None
    )
    with pytest.raises(errors.OwnConsentMissing):
        family.sign(family.mother, father)
    assert not Contract.objects.exists()
    assert not ConsentText.objects.exists()


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"scheme": "wenzhou"}, SchemeUnknown),
        ({"consent_text_version": "1999"}, ConsentVersionUnknown),
        ({"consent_channel": "fax"}, errors.ChannelNotAllowed),
        ({"consent_channel": "window"}, errors.ActedByMissing),
        ({"shown_at": NOW + timedelta(seconds=1)}, errors.ShownLater),
        ({"funding": "gold"}, errors.FundingNotAllowed),
        ({"funding": "bank"}, errors.BankMissing),
    ],
)
def test_what_a_scheme_does_not_offer_is_refused(family, changes, error):
    with pytest.raises(error):
        family.sign(family.mother, **changes)
    assert not Contract.objects.exists()


def test_a_text_that_is_not_in_force_yet_cannot_be_agreed_to(family):
    with pytest.raises(ConsentVersionUnknown):
        family.sign(family.mother, now=NOW.replace(year=2019, month=6))


def test_another_citys_scheme_offers_other_channels(family):
    Area.objects.update(scheme="wenzhou")
    with pytest.raises(errors.ChannelNotAllowed):
        family.sign(family.mother, scheme="wenzhou", consent_channel="kiosk")
    assert line_of(family.sign(family.mother, scheme="wenzhou").contract).limit_fen == 100_000


def test_a_scheme_of_one_bank_names_the_lender(family):
    Area.objects.update(scheme="shanghai")
    enrolled = family.sign(family.mother, scheme="shanghai", funding="bank")
    assert (enrolled.contract.bank, enrolled.credit_line.lender) == ("bank", "bank")


def test_nobody_signs_the_day_before_coming_of_age(db):  # noqa: ARG001 - the tables
    young = builders.person(born="2008-02-29")
    with pytest.raises(MinorAsPrincipal):
        sign(young, now=NOW.replace(month=2, day=28))
    assert sign(young, now=NOW.replace(month=3, day=1)).contract.person_id == young.pk


def test_nobody_signs_twice(family):
    family.sign(family.mother)
    with pytest.raises(ContractExists):
        family.sign(family.mother)


def test_the_dead_do_not_sign(family):
    services.die(family.mother.pk, services.Death(NOW.date(), "D1", "医院"), now=NOW)
    with pytest.raises(errors.PersonGone):
        family.sign(family.mother)


def test_every_refusal_has_a_name_of_its_own():
    named = [
        error
        for error in vars(errors).values()
        if isinstance(error, type) and issubclass(error, YifuError) and error is not YifuError
    ]
    assert len({error.code for error in named}) == len(named)
    assert all(error.zh and error.en and 400 <= error.status < 500 for error in named)
