"""A hospital, its staff and its patients, each with a browser of their own."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from tests.web import rows
from yifu.web.models import Seat

AT = {"Yifu-Now": rows.NOW.isoformat()}


class Browser(Client):
    """A signed-in browser that keeps the CSRF rules and lives on the tests' day."""

    def __init__(self, user=None, **more):
        super().__init__(enforce_csrf_checks=False, headers=AT, **more)
        if user is not None:
            self.force_login(user)

    def text(self, path, status=200, **more):
        answer = self.get(path, **more)
        assert answer.status_code == status, answer.content.decode()[:2000]
        return answer.content.decode()


@pytest.fixture(autouse=True)
def _on_the_tests_day(settings):
    """Requests say what time it is, as in a simulation; passwords are hashed fast."""
    settings.YIFU_SIMULATION = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def user(name):
    return get_user_model().objects.create_user(username=name, password="a password")


@pytest.fixture
def hospital(db):  # noqa: ARG001 - opens the database
    return rows.hospital()


@pytest.fixture
def elsewhere(hospital):  # noqa: ARG001 - there are two
    return rows.hospital(code="H99010000002")


@pytest.fixture
def seat():
    """Give somebody a seat and their browser."""

    def give(institution, role, *, doctor_code="", name=None):
        someone = user(name or f"{role}-{institution.pk}-{doctor_code}")
        Seat.objects.create(
            user=someone, institution=institution, role=role, doctor_code=doctor_code
        )
        return Browser(someone)

    return give


@pytest.fixture
def doctor(hospital, seat):
    return seat(hospital, "doctor", doctor_code="D0101")


@pytest.fixture
def finance(hospital, seat):
    return seat(hospital, "finance")


@pytest.fixture
def login():
    """Let a person sign in, and give the browser."""

    def let(person):
        person.user = user(f"person-{person.pk}")
        person.save(update_fields=["user"])
        return Browser(person.user)

    return let


@pytest.fixture
def mother(hospital):
    return rows.person(hospital, "欧阳明月", born="1988-03-12")
