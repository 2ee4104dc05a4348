"""What a demonstration begins with, and who is introduced to whom."""

import json
import stat

import pytest
from django.contrib.auth import authenticate, get_user_model
from oauth2_provider.models import get_application_model

from counterparts.hospital.cases import CHILDREN, all_cases
from tests import builders
from tests.counterparts.conftest import running_counterpart
from yifu import postgres
from yifu.catalogue.models import Item
from yifu.commands import introductions, seeding
from yifu.commands.introductions import Outside
from yifu.commands.keys import Keys
from yifu.credit import gateway
from yifu.credit.models import CreditParty
from yifu.institutions.models import ApiClient, Institution
from yifu.insurance.models import Connection
from yifu.patients.models import Person
from yifu.payments.models import Channel
from yifu.receipts.models import FiscalConnection
from yifu.secrets import decrypt
from yifu.web.models import Seat


@pytest.fixture(autouse=True)
def _fast_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    return Keys.load_or_make(tmp_path_factory.mktemp("home"))


def test_keys_are_made_once_and_only_their_owner_may_read_them(tmp_path):
    first = Keys.load_or_make(tmp_path)
    assert Keys.load_or_make(tmp_path) == first
    assert stat.S_IMODE((tmp_path / "keys.json").stat().st_mode) == 0o600
    assert "BEGIN PUBLIC KEY" in first.merchant_public_key_pem()


def test_two_installations_have_nothing_secret_in_common(tmp_path, keys):
    other = Keys.load_or_make(tmp_path / "other")
    assert other.client_secret != keys.client_secret
    assert other.merchant_private_key_pem != keys.merchant_private_key_pem
    assert other.passwords != keys.passwords


@pytest.mark.django_db
def test_seeding_gives_a_hospital_with_prices_a_client_and_staff(keys):
    hospital = seeding.seed(keys)
    assert (hospital.code, hospital.area_id) == ("H99010000001", "990100")
    assert Item.objects.filter(institution=hospital).count() > 1000
    client = ApiClient.objects.get(institution=hospital)
    assert client.application.client_id == keys.client_id
    assert set(Seat.objects.values_list("user__username", "role")) == {
        ("doctor", "doctor"),
        ("finance", "finance"),
        ("finance2", "finance"),
        ("office", "insurance"),
        ("cashier", "cashier"),
        ("city", "city"),
        ("city2", "city"),
    }
    for username, password in keys.passwords.items():
        assert authenticate(username=username, password=password) is not None


@pytest.mark.django_db
def test_seeding_again_changes_nothing(keys):
    def counts():
        models = (Institution, Item, ApiClient, Seat, get_user_model(), get_application_model())
        return [model.objects.count() for model in models]

    seeding.seed(keys)
    before = counts()
    seeding.seed(keys)
    assert counts() == before


def test_the_doctor_who_signs_in_sees_the_hospitals_children():
    doctors = {
        doctor.code
        for case in all_cases()
        if case.department.code.startswith(CHILDREN)
        for doctor in case.doctors
    }
    assert seeding.DOCTOR_CODE in doctors


@pytest.mark.django_db
def test_a_user_is_one_person_and_the_latest(keys):
    seeding.seed(keys)
    first, second = builders.person(), builders.person()
    for person in (first, second):
        seeding.let_sign_in("mother", person_id=person.pk)
    signed = Person.objects.filter(user__username="mother").values_list("pk", flat=True)
    assert list(signed) == [second.pk]


@pytest.fixture
def outside(tmp_path):
    names = ("insurer", "wechat", "fiscal", "sms", "batch", "credit", "bank")
    running = {name: running_counterpart(name, tmp_path / name) for name in names}
    urls = {}
    for name, one in running.items():
        (tmp_path / name).mkdir()
        urls[name] = one.__enter__().url
    yield Outside(**urls)
    for one in running.values():
        one.__exit__(None, None, None)


@pytest.mark.django_db
def test_everybody_is_introduced_and_the_secrets_are_kept_hidden(keys, outside):
    hospital = seeding.seed(keys)
    for _ in range(2):
        introductions.introduce(outside, hospital, keys)
    connection = Connection.objects.get(institution=hospital)
    assert connection.base_url == outside.insurer
    assert decrypt(connection.secret_cipher) == keys.insurer_secret_key
    channels = dict(Channel.objects.values_list("code", "secrets_cipher"))
    assert set(channels) == {"wechat", "cash", "citizen_card"}
    secrets = json.loads(decrypt(channels["wechat"] or b""))
    assert secrets["mchid"] == keys.merchant
    assert "PUBLIC KEY" in secrets["platform_public_key_pem"]
    assert FiscalConnection.objects.get(institution=hospital).base_url.startswith(outside.fiscal)
    parties = {party.code: party for party in CreditParty.objects.filter(area=hospital.area)}
    assert parties["credit_platform"].base_url == outside.credit
    assert parties["insurer"].base_url == outside.insurer
    assert parties["hzbank"].base_url == outside.bank


@pytest.mark.django_db(transaction=True)
def test_the_parties_of_credit_know_us_once_introduced(keys, outside):
    introductions.introduce(outside, seeding.seed(keys), keys)
    for code, path in (("credit_platform", "/listings"), ("insurer", "/city/standing")):
        party = CreditParty.objects.get(code=code)
        assert gateway.get(party, path, id_number="990101198001010077").done
    gateway.close()


def test_home_is_not_touched_by_importing():
    assert postgres.HOME.is_absolute()
