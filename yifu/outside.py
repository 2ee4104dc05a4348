"""Nothing waits on the outside with a transaction or a connection in hand (decision 4)."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


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
    connection.close()
    yield
