"""The simulated channel, as the tests of payments have it."""

from tests.payments.conftest import (  # noqa: F401 - fixtures
    channel,
    soon_landed,
    wechat,
    wechat_process,
)
