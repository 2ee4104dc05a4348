"""The credit platform as the process it is, and our side of it."""

import pytest

from tests.counterparts.conftest import running_counterpart
from yifu.credit import gateway
from yifu.credit.models import CreditParty
from yifu.secrets import encrypt

APP, KEY = "yifu-990100", "a key of the area"


@pytest.fixture(scope="module")
def credit_process(tmp_path_factory):
    with running_counterpart("credit", tmp_path_factory.mktemp("credit")) as counterpart:
        counterpart.control("apps", {"app": APP, "key": KEY})
        yield counterpart
    gateway.close()


@pytest.fixture
def platform(credit_process):
    """The platform's process, without faults, with nothing on its books."""
    yield credit_process
    credit_process.control("faults", method="DELETE")
    credit_process.control("books", method="DELETE")
    credit_process.control("scores", method="DELETE")


@pytest.fixture
def party(platform):
    """How the platform is reached; not in the database, for none is needed to speak to it."""
    return CreditParty(
        code="credit_platform", base_url=platform.url, app=APP, key_cipher=encrypt(KEY), timeout_s=2
    )
