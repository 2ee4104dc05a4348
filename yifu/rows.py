"""Read joined rows into model instances with SQL whose text is made once.

For the few look-ups on the way of every settlement, where composing the same query again and again
would cost more than running it. Everything else uses Django's own queries.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, TypeVar

from django.db import connection, models

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

    None when the columns are those of an outer join that found nothing.
    """
    names, converted = _shape(model)
    end = start + len(names)
    if row[start] is None:
        return None, end
    values = list(row[start:end])
    for place, convert in converted:
        values[place] = convert(values[place], None, connection)
    return model.from_db("default", names, values), end
