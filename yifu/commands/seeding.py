"""What a demonstration begins with: an area, a hospital, its price list, who may sign in.

Writing it again changes nothing. Persons are not part of it: a hospital registers them.
"""

from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.db import transaction
from oauth2_provider.models import get_application_model

from yifu.catalogue import services as catalogue
from yifu.commands.keys import Keys
from yifu.institutions.models import ApiClient, Area, Institution
from yifu.patients.models import Person
from yifu.web.models import Role, Seat

AREA = "990100"
AREA_NAME = "示范市"
SCHEME = "hangzhou"
HOSPITAL = "H99010000001"
HOSPITAL_NAME = "示范市第一人民医院"
HOSPITAL_LEVEL = "2"
"""`hosp_lv` of the national code tables: 三级甲等."""
SCOPES = (
    "persons contracts visits settlements bills receipts reconciliation filings catalogue standing"
)


@dataclass(frozen=True, slots=True)
class SignIn:
    """Somebody invented who can sign in to the demonstration."""

    who: str
    name: str
    password: str


def seed(keys: Keys) -> Institution:
    """Write area, hospital, price list, API client and staff; gives the hospital."""
    with transaction.atomic():
        area, _ = Area.objects.update_or_create(
            code=AREA, defaults={"name": AREA_NAME, "scheme": SCHEME}
        )
        hospital, _ = Institution.objects.update_or_create(
            code=HOSPITAL,
            defaults={
                "area": area,
                "name": HOSPITAL_NAME,
                "level": HOSPITAL_LEVEL,
                "district": "示范区",
            },
        )
        catalogue.import_seed(hospital.pk)
        _client(hospital, keys)
        _staff(hospital, keys)
    return hospital


def _client(hospital: Institution, keys: Keys) -> None:
    application, _ = get_application_model().objects.get_or_create(
        client_id=keys.client_id,
        defaults={
            "name": f"HIS {hospital.code}",
            "client_type": "confidential",
            "authorization_grant_type": "client-credentials",
            "client_secret": keys.client_secret,
        },
    )
    ApiClient.objects.update_or_create(
        application=application, defaults={"institution": hospital, "scopes": SCOPES}
    )


def _staff(hospital: Institution, keys: Keys) -> None:
    for username, role, doctor_code in (
        ("doctor", Role.DOCTOR, DOCTOR_CODE),
        ("finance", Role.FINANCE, ""),
        ("finance2", Role.FINANCE, ""),
        ("office", Role.INSURANCE, ""),
        ("cashier", Role.CASHIER, ""),
        ("city", Role.CITY, ""),
        ("city2", Role.CITY, ""),
    ):
        # An installation made before there was such a seat has no password for it.
        if username not in keys.passwords:
            continue
        user = _user(username, keys.passwords[username])
        Seat.objects.update_or_create(
            user=user,
            defaults={"institution": hospital, "role": role, "doctor_code": doctor_code},
        )
    _user("mother", keys.passwords["mother"])


DOCTOR_CODE = "D990100000001"
"""The first doctor of the children's department, by the simulated hospital's numbering."""


def _user(username: str, password: str) -> User:
    """Find a user, or make one; making hashes the password, which takes a while by design."""
    users = get_user_model().objects
    known = users.filter(username=username).first()
    return known or users.create_user(username=username, password=password)


def let_sign_in(username: str, *, person_id: int) -> None:
    """Let a user be this person, and nobody else any more."""
    user = get_user_model().objects.get(username=username)
    with transaction.atomic():
        Person.objects.filter(user=user).exclude(pk=person_id).update(user=None)
        Person.objects.filter(pk=person_id).update(user=user)
