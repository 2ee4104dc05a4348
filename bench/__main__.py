"""Run one bench or all of them: `python -m bench [NAME] [--size N] [--json]`."""

import json
import os
from dataclasses import asdict

import click

from yifu import postgres

SIZES = {
    "night": 1_000_000,
    "posting": 12_000,
    "settlement": 4_000,
    "insurer": 2_000,
    "replay": 100_000,
    "restore": 200,
}


@click.command()
@click.argument("name", type=click.Choice(sorted(SIZES)), required=False)
@click.option("--size", type=int, help="How many operations; more is steadier.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a figure.")
def main(name: str | None, size: int | None, *, as_json: bool) -> None:
    """Measure NAME, or everything, in a database of its own beside the installation's."""
    os.environ["DATABASE_URL"] = postgres.sibling("yifu_bench")
    os.environ["YIFU_POOL"] = os.environ.get("YIFU_POOL", "20")
    os.environ.setdefault("YIFU_SIMULATION", "1")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yifu.settings")
    import django  # noqa: PLC0415 - the database's name must be set first

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 - as above

    call_command("migrate", verbosity=0)
    from importlib import import_module  # noqa: PLC0415 - as above

    from bench.report import keep, line  # noqa: PLC0415 - as above
    from yifu import clock  # noqa: PLC0415 - as above

    measured = []
    for each in [name] if name else sorted(SIZES):
        rows = import_module(f"bench.{each}").run(size=size or SIZES[each], now=clock.now())
        for row in rows:
            click.echo(json.dumps(asdict(row), ensure_ascii=False) if as_json else line(row))
        measured += rows
    if name is None:
        click.echo(f"kept in {keep(measured, now=clock.now())}", err=True)
    raise SystemExit(0 if all(row.reached for row in measured) else 1)


if __name__ == "__main__":
    main()
