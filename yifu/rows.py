"""Read joined rows into model instances with SQL whose text is made once.

For the few look-ups on the way of every settlement, where composing the same query again and again
would cost more than running it. Everything else uses Django's own queries.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, TypeVar, cast

import psycopg
from django.db import connection, models, transaction
from django.db.models.base import ModelState

M = TypeVar("M", bound=models.Model)


def columns(model: type[models.Model], alias: str) -> str:
    """List a model's columns for a SELECT, in the order `instance` takes them."""
    fields = model._meta.concrete_fields  # noqa: SLF001 - Django documents `_meta`
    return ", ".join(f"{alias}.{field.column}" for field in fields)


@cache
def _shape(model: type[models.Model]) -> tuple[list[str], list[tuple[int, Any]]]:
    """Give the names of a model's columns, and the places whose values need converting (JSON)."""
    fields = model._meta.concrete_fields  # noqa: SLF001 - the same
    converted = [
        (place, field.from_db_value)
        for place, field in enumerate(fields)
        if hasattr(field, "from_db_value")
    ]
    return [field.attname for field in fields], converted


def take(model: type[M], row: Sequence[Any], start: int = 0) -> tuple[M | None, int]:
    """Make an instance from the columns of a row that begin at `start`; gives where the next begin.

    None when the columns are those of an outer join that found nothing. The instance is made as
    Django makes one from the database, without the calls that let others change how.
    """
    names, converted = _shape(model)
    end = start + len(names)
    if row[start] is None:
        return None, end
    values = list(row[start:end])
    for place, convert in converted:
        values[place] = convert(values[place], None, connection)
    instance = model.__new__(model)
    instance.__dict__.update(zip(names, values, strict=True))
    state = instance._state = ModelState()  # noqa: SLF001 - as `Model.from_db` leaves it
    state.adding, state.db = False, connection.alias
    return instance, end


def run(statement: str, parameters: Sequence[Any] | Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Run a statement that gives rows, and give them; in the caller's transaction if there is one.

    Straight to the driver: Django's cursor would add a quarter to each of a settlement's dozen
    statements. Raises what Django's raises. When somebody counts statements it is Django's.
    """
    if connection.queries_logged or connection.execute_wrappers:
        with connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            return list(cursor.fetchall())
    connection.ensure_connection()
    connection.validate_no_broken_transaction()
    with connection.wrap_database_errors:
        driver = cast("psycopg.Connection[Any]", connection.connection)
        return driver.execute(statement, parameters, prepare=True).fetchall()


def one(statement: str, parameters: Sequence[Any] | Mapping[str, Any]) -> tuple[Any, ...] | None:
    """Run a statement as `run` does, and give its only row, or None."""
    found = run(statement, parameters)
    return found[0] if found else None


_FOR_SETS = """
SELECT set_config('plan_cache_mode', 'force_custom_plan', true),
       set_config('work_mem', '64MB', true), set_config('jit', 'off', true),
       set_config('enable_seqscan', 'off', true)
"""


@contextmanager
def in_sets() -> Iterator[None]:
    """Open a transaction for statements over thousands of rows; nested, a savepoint.

    Each is planned anew, and reaches large tables by their indexes: a plan kept from when a table
    was small, or made before its statistics were, would be followed to the end.
    """
    with transaction.atomic():
        run(_FOR_SETS, {})
        yield
        # The look-ups of foreign keys come now, one a row: those keep their plans.
        run("SELECT set_config('plan_cache_mode', 'force_generic_plan', true)", {})
