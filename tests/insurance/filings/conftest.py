"""Filing with the real insurer process, as one hospital's system does it over HTTP."""

from dataclasses import dataclass
from typing import Any

import pytest

from tests import builders
from tests.builders import Api
from tests.settlement.conftest import NOW, World, insurer, world  # noqa: F401 - fixtures
from yifu.institutions.models import Institution
from yifu.insurance import persons, queries
from yifu.insurance.models import Connection, Exchange
from yifu.insurance.persons import Known
from yifu.insurance.query_answers import ChronicThere
from yifu.patients.models import Person, Registration
from yifu.secrets import encrypt

SECOND = "H99010000002"


@dataclass
class Office:
    """The insurance office of a hospital: what it files, and what the insurer has of it."""

    world: World
    api: Api

    def person(self, **more: Any) -> Person:
        """A person insured and registered here."""
        return self.world.person(**more)

    def file(self, person: Person | int, key: str = "k", **changes: Any) -> Any:
        """POST a chronic disease, with something changed."""
        return self.api.post("/filings", chronic(person, **changes), key=key)

    def filed(self, person: Person, **changes: Any) -> dict[str, Any]:
        """File, which succeeds."""
        answer = self.file(person, key=f"file{person.pk}", **changes)
        assert answer.status_code == 201, answer.content
        body: dict[str, Any] = answer.json()
        return body

    def withdraw(self, filing_id: int, key: str = "w", reason: str = "误操作") -> Any:
        """POST a withdrawal."""
        return self.api.post(f"/filings/{filing_id}/withdraw", {"reason": reason}, key=key)

    def lose(self, infno: str, fault: str = "drop_answer", **more: Any) -> None:
        """Let the next message of a kind go wrong."""
        self.world.insurer.fault(fault, infno=infno, **more)

    def known(self, person: Person) -> Known:
        """The person as messages name them."""
        return persons.known_as(person, institution_id=self.world.hospital.pk, now=NOW)

    def there(self, person: Person) -> tuple[ChronicThere, ...]:
        """The chronic diseases the insurer has on its books."""
        return queries.chronic_filings(self.known(person), now=NOW)


def chronic(person: Person | int, **changes: Any) -> dict[str, Any]:
    """High blood pressure from the first of March for a year, as a hospital files it."""
    about = {
        "kind": "chronic",
        "disease": {"code": "M03900", "name": "高血压"},
        "found_on": "2026-02-27",
        "doctor": {"code": "D0101", "name": "林医生"},
    }
    return {
        "person_id": person if isinstance(person, int) else person.pk,
        "begins_on": "2026-03-01",
        "ends_on": "2027-02-28",
        "about": about | changes.pop("about", {}),
    } | changes


def told(subject: str) -> list[tuple[str, str]]:
    """The messages about something and what became of them."""
    return list(
        Exchange.objects.filter(subject=subject).order_by("pk").values_list("infno", "state")
    )


@pytest.fixture(autouse=True)
def _simulated(settings):
    settings.YIFU_SIMULATION = True


@pytest.fixture
def office(world):  # noqa: F811 - the fixture
    return Office(world, builders.api(world.hospital))


@pytest.fixture
def neighbour(world):  # noqa: F811 - the fixture
    """Another hospital with the same insurer."""
    keys = {"access_key": "ak2", "secret_key": "sk2"}
    row = {"fixmedins_code": SECOND, "fixmedins_name": "示范市医院02", "hosp_lv": "2"}
    world.insurer.control("institutions", [row | keys])
    hospital = builders.institution(SECOND)
    mine = Connection.objects.get(institution=world.hospital)
    Connection.objects.create(
        institution=hospital,
        base_url=mine.base_url,
        access_key="ak2",
        secret_cipher=encrypt("sk2"),
        timeout_s=5,
    )
    return hospital


def register(person: Person, at: Institution) -> None:
    """Register a person at another hospital too."""
    Registration.objects.create(person=person, institution=at, registered_at=NOW)
