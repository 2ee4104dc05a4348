"""Which insurer a simulated world has: `--city` and `--dialect`."""

from collections.abc import Callable
from functools import wraps

import click

from yifu.commands.site import Place
from yifu.insurance.regions.loading import NATIONAL, known, region

CITIES = ("hangzhou", "shanghai")
"""Whose benefits the simulated insurer knows."""


def place_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add `--city` and `--dialect` to a command, which is given the `place` they mean."""

    @wraps(command)
    def at_a_place(*, city: str, dialect: bool, **more: object) -> None:
        command(place=place_of(city, dialect=dialect), **more)

    names = click.option(
        "--city",
        type=click.Choice(["", *CITIES]),
        default="",
        help="Whose benefits the insurer grants; as the last time, at first hangzhou.",
    )
    dialect = click.option(
        "--dialect", is_flag=True, help="Speak to the insurer in the city's own messages."
    )
    return names(dialect(at_a_place))


def place_of(city: str, *, dialect: bool) -> Place | None:
    """Give the place that was asked for; None: as the last time.

    Raises `click.UsageError` for a dialect where the city has none.
    """
    speaks = city in known() and region(city).dialect is not None
    if dialect and not speaks:
        raise click.UsageError("--dialect needs a --city with messages of its own: shanghai")
    if not city:
        return None
    return Place(city=city, region=city if dialect else NATIONAL)
