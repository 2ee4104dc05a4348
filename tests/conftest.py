"""One PostgreSQL for the whole run: the one in DATABASE_URL, or the embedded one."""

import os
import sys

import pytest

from yifu import postgres

os.environ.setdefault("YIFU_SIMULATION", "1")
postgres.ensure()


@pytest.fixture(autouse=True)
def _forget_between_tests():
    """Tokens trusted for a while must not outlive the test that made them."""
    yield
    loaded = sys.modules.get("yifu.api")
    if loaded is not None:
        for auth in loaded.api.auth:
            auth._known.clear()
