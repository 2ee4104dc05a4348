"""Nothing waits on the outside with a transaction or a connection in hand (decision 4)."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

from django.db import connection

if TYPE_CHECKING:
    from django.db.backends.postgresql.base import DatabaseWrapper


class TransactionOpenError(RuntimeError):
    """A programming mistake: an outside call inside a transaction."""


@contextmanager
def without_connection() -> Iterator[None]:
    """Give this thread's connection back to the pool while the outside is asked.

    Raises `TransactionOpenError` inside a transaction. (A test that wraps itself in a transaction
    cannot call outside; such tests use `transaction=True`.)
    """
    if connection.in_atomic_block:
        raise TransactionOpenError("an outside call must not be made inside a transaction")
    wrapper = cast("DatabaseWrapper", connection)
    driver, pool = wrapper.connection, wrapper.pool
    if driver is None or pool is None or wrapper.errors_occurred:
        connection.close()
        yield
        return
    # Only the driver's connection goes back. Django's own would be closed and set up anew each
    # time, for longer than the wait for an insurer next door.
    wrapper.connection = None
    pool.putconn(driver)
    yield
    if wrapper.connection is None:
        with wrapper.wrap_database_errors:
            wrapper.connection = pool.getconn()
