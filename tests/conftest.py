"""One PostgreSQL for the whole run: the one in DATABASE_URL, or the embedded one."""

import os
import sys

import pytest

from yifu import postgres

os.environ.setdefault("YIFU_SIMULATION", "1")
postgres.ensure()

_KEPT = frozenset({"django_content_type", "auth_permission"})
"""Tables that hold the same in every test: Django would fill them anew after each."""

# Triggers and foreign keys rest, so that the order does not matter and what is append-only goes.
# Whoever still writes is waited for.
_EMPTY = """
SET LOCAL session_replication_role = replica;
LOCK TABLE {tables} IN EXCLUSIVE MODE;
{deletes}
"""


def _empty_tables(_case):
    """Empty what a test with transactions of its own has filled.

    Django truncates every table, which takes a hundred times longer when most of them are empty.
    """
    from django.db import connection, transaction

    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    tables = [connection.ops.quote_name(name) for name in names if name not in _KEPT]
    deletes = "".join(f"DELETE FROM {table};" for table in tables)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_EMPTY.format(tables=", ".join(tables), deletes=deletes))


@pytest.fixture(scope="session", autouse=True)
def _empty_quickly():
    """Let every test end by that."""
    from django.test import TransactionTestCase

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", _empty_tables)
        yield


@pytest.fixture(autouse=True)
def _forget_between_tests():
    """Tokens trusted for a while, and schemes read, must not outlive the test that made them."""
    yield
    versions = sys.modules.get("yifu.credit.versions")
    if versions is not None:
        versions.in_force.cache_clear()
    loaded = sys.modules.get("yifu.api")
    if loaded is not None:
        for auth in loaded.api.auth:
            auth._known.clear()
