"""`yifu bench`: where the README's figures come from."""

import subprocess
import sys

import click

from yifu.commands.terminal import json_option

NAMES = ("night", "posting", "settlement", "insurer", "replay", "restore")


@click.command()
@click.argument("name", type=click.Choice(NAMES), required=False)
@click.option("--size", type=click.IntRange(min=32), help="How many operations; more is steadier.")
@json_option
def bench(*, name: str | None, size: int | None, as_json: bool) -> None:
    """Measure NAME, or everything, beside pgbench in one run; ends with 1 if it falls short.

    Works in a database of its own beside the installation's, and in a process of its own,
    because what a process holds is part of what is measured.
    """
    argv = [sys.executable, "-m", "bench", *([name] if name else [])]
    argv += ["--size", str(size)] if size else []
    argv += ["--json"] if as_json else []
    done = subprocess.run(argv, check=False)  # noqa: S603 - our own module with our own arguments
    sys.exit(done.returncode)
