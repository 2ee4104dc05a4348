"""The same hospital behind Henan's gateway: another address, another header, the same messages."""

import pytest

from tests.counterparts.conftest import running_counterpart
from tests.settlement.conftest import CODE, NOW
from yifu.institutions.models import Area, Institution
from yifu.insurance import exchanges, messages
from yifu.insurance.models import Connection
from yifu.insurance.regions.loading import region
from yifu.secrets import encrypt


@pytest.fixture(scope="module")
def henan(tmp_path_factory):
    with running_counterpart("insurer", tmp_path_factory.mktemp("henan")) as counterpart:
        institution = {
            "fixmedins_code": CODE,
            "fixmedins_name": "示范市第一人民医院",
            "access_key": "ak",
            "secret_key": "sk",
            "scheme": region("henan").scheme,
        }
        counterpart.control("institutions", [institution])
        yield counterpart


@pytest.fixture
def connect(henan, transactional_db):  # noqa: ARG001 - the database must be there
    area = Area.objects.create(code="990100", name="示范市", scheme="hangzhou")
    hospital = Institution.objects.create(
        area=area, code=CODE, name="示范市第一人民医院", level="2", district="示范区"
    )

    def through(code, **changes):
        exchanges._endpoints.clear()
        Connection.objects.update_or_create(
            institution=hospital,
            defaults={
                "region": code,
                "base_url": henan.url,
                "access_key": "ak",
                "secret_cipher": encrypt("sk"),
                "timeout_s": 5,
                **changes,
            },
        )
        input_ = messages.sign_in(opter_no="yifu", mac="00-00-5E-00-53-01", ip="192.0.2.1")
        envelope = exchanges.Envelope("9001", "sign-in:2026-03-02", input_)
        return exchanges.exchange(hospital.pk, envelope, now=NOW)

    yield through
    exchanges._endpoints.clear()


def test_a_hospital_is_heard_behind_the_gateway_of_its_region(connect):
    assert connect("henan").state == "answered"


def test_the_wrong_gateway_turns_it_away_and_nothing_happened(connect):
    heard = connect("national")
    assert (heard.state, heard.detail) == ("unsent", "401: 非法用户!")


def test_a_key_nobody_has_is_turned_away(connect):
    assert connect("henan", access_key="another").state == "unsent"


def test_a_connection_may_say_itself_what_its_region_says(connect):
    connect("henan", receiver="OWN", version="V2.0")
    hospital = Institution.objects.get(code=CODE)
    endpoint = exchanges.endpoint_of(hospital.pk)
    assert (endpoint.recer_sys_code, endpoint.infver) == ("OWN", "V2.0")
    connect("henan")
    Connection.objects.update(receiver="", version="")
    exchanges._endpoints.clear()
    endpoint = exchanges.endpoint_of(hospital.pk)
    own = region("henan")
    assert (endpoint.recer_sys_code, endpoint.infver) == (own.recer_sys_code, own.infver)
