"""The simulated channel as the process it is, and our side of it."""

import pytest

from tests import builders
from tests.counterparts.conftest import running_counterpart
from yifu.payments import calls, gateway


@pytest.fixture(scope="module")
def wechat_process(tmp_path_factory):
    with running_counterpart("wechat", tmp_path_factory.mktemp("wechat")) as counterpart:
        yield counterpart, builders.register_merchant(counterpart)
    gateway.close()


@pytest.fixture
def wechat(wechat_process):
    """The channel's process, without faults, holding nothing, at the builders' time."""
    counterpart, _ = wechat_process
    counterpart.control("clock", {"now": builders.NOW.isoformat()})
    yield counterpart
    counterpart.control("faults", method="DELETE")
    counterpart.control("processing", {"held": False})
    counterpart.control("tamper", method="DELETE")


@pytest.fixture
def channel(wechat_process, wechat, transactional_db):  # noqa: ARG001 - real commits
    return builders.wechat(wechat, wechat_process[1])


@pytest.fixture
def soon_landed(monkeypatch):
    """Requests land at once: what a test lost on the way need not be waited for."""
    monkeypatch.setattr(calls, "LANDED_SECONDS", 0.3)
