"""How commands speak: reports on standard output, progress and remarks on standard error."""

import contextlib
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, TypeVar

import click
import orjson
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from yifu import clock

Advance = Callable[[str, int, int], None]
"""Tell a progress bar: the stage, how much of it is done, and how much there is."""

Function = TypeVar("Function", bound=Callable[..., Any])


def json_option(function: Function) -> Function:
    """Add `--json`: the report as one JSON object on standard output."""
    return click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")(
        function
    )


def date_option(what: str, *, flag: str = "--date") -> Callable[[Function], Function]:
    """Add `--date YYYY-MM-DD`; today when it is not given."""
    return click.option(
        flag, "on", callback=_as_date, metavar="YYYY-MM-DD", help=f"{what}. Default: today."
    )


def _as_date(_context: click.Context, _option: click.Parameter, value: str | None) -> date:
    if value is None:
        return clock.business_date(clock.now())
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise click.BadParameter("a date is written 2026-03-01") from error


def say(text: str) -> None:
    """Remark something to whoever watches, apart from the report."""
    click.echo(text, err=True)


def emit(report: Mapping[str, Any], *, as_json: bool, text: str) -> None:
    """Print a report: as JSON for programs, or as text for people."""
    if as_json:
        click.echo(orjson.dumps(report, option=orjson.OPT_INDENT_2, default=_plain).decode())
    else:
        click.echo(text)


def _plain(value: object) -> object:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"cannot be written as JSON: {value!r}")


@contextlib.contextmanager
def progress() -> Iterator[Advance]:
    """Show a bar for each stage, on a terminal; say nothing where nobody watches."""
    bars = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        disable=not sys.stderr.isatty(),
    )
    stages: dict[str, Any] = {}

    def advance(stage: str, done: int, total: int) -> None:
        if stage not in stages:
            stages[stage] = bars.add_task(stage, total=total)
        bars.update(stages[stage], completed=done, total=total)

    with bars:
        yield advance
