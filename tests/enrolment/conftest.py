"""A mother and her child at a hospital, and what tests ask about them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest

from tests import builders
from tests.builders import NOW
from yifu.credit import services as credit
from yifu.enrolment import services
from yifu.ledger.models import Line
from yifu.patients import services as patients
from yifu.patients.models import Consent, Contract, Dependant, Person
from yifu.patients.services import Agreement, NewContract

WINDOW = Agreement("2026-01", "window", acted_by="窗口 003")
PHONE = Agreement("2026-01", "phone")


@dataclass
class Family:
    """Two adults who know each other and a child."""

    mother: Person
    father: Person
    child: Person

    def sign(self, who: Person, *dependants: patients.NewDependant, **changes):
        """Sign somebody up."""
        return sign(who, *dependants, **changes)


def sign(
    who: Person, *dependants: patients.NewDependant, now: datetime = NOW, debit=None, **changes
) -> services.Enrolled:
    """Sign somebody up, with something changed."""
    asked: dict[str, Any] = {
        "person_id": who.pk,
        "scheme": "hangzhou",
        "funding": "platform",
        "bank": "",
        "consent_text_version": "2026-01",
        "consent_channel": "phone",
    } | changes
    return services.enrol(
        NewContract(**asked),
        list(dependants),
        debit,
        area=builders.AREA,
        institution_id=builders.institution().pk,
        now=now,
    )


def payer_of(who: Person) -> int | None:
    """Whose line pays for somebody."""
    payer = credit.find_payer(who.pk)
    return payer.principal_id if payer else None


def line_of(contract: Contract) -> Line:
    """A contract's line as it is now."""
    return Line.objects.get(creditline__contract=contract)


def agreed(contract: Contract) -> list[tuple[int, str, str, str]]:
    """Who agreed to what under a contract: person, language, channel, who acted."""
    rows = Consent.objects.filter(contract=contract).order_by("pk")
    return list(rows.values_list("person_id", "language", "channel", "acted_by"))


def ended(who: Person) -> list[str]:
    """Why somebody's times as a dependant ended, empty for the one that goes on."""
    return list(
        Dependant.objects.filter(person=who).order_by("pk").values_list("end_reason", flat=True)
    )


@pytest.fixture
def family(db):  # noqa: ARG001 - the tables
    return Family(
        mother=builders.person(born="1985-05-05"),
        father=builders.person(born="1984-04-04"),
        child=builders.person(born="2015-06-06"),
    )
