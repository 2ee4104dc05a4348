"""The command line's table of contents: which commands there are and where each one lives."""

import sys
from dataclasses import dataclass
from importlib import import_module

import click

from yifu.commands import installation
from yifu.commands.processes import ChildFailedError
from yifu.commands.signals import ends_on_signal
from yifu.errors import YifuError


@dataclass(frozen=True, slots=True)
class Entry:
    """A command: its module and function in `yifu.commands`, and what it does in a line."""

    place: str
    does: str
    simulation: bool = False


COMMANDS = {
    "up": Entry("up:up", "Start a demonstration: seed, serve, play a day, stay up.", True),
    "day": Entry("day:day", "Play a hospital's day, its night and the morning after.", True),
    "nightly": Entry("operations:nightly", "Debit the bills of a business date, mark the overdue."),
    "reconcile": Entry("operations:reconcile", "Match a date with the insurer and the channels."),
    "recover": Entry("operations:recover", "Finish or undo every settlement that stopped midway."),
    "baddebt": Entry("baddebt:baddebt", "Set bad debt aside; write each treasury's statement."),
    "scheme": Entry("scheme:scheme", "Check, propose, approve and compare schemes."),
    "insurer": Entry("insurer:insurer", "Speak with the insurer by hand; see what was said."),
    "verify-ledger": Entry("operations:verify_ledger", "Recompute every balance from postings."),
    "migrate": Entry("database:migrate", "Bring the database's tables up to date."),
    "seed": Entry("database:seed", "Write what a demonstration begins with; repeatable.", True),
    "serve": Entry("servers:serve", "Serve the pages and the API."),
    "bench": Entry("bench:bench", "Measure postings and settlements beside pgbench.", True),
    "worker": Entry("servers:worker", "Do the background jobs: receipts, notices."),
}


class TableOfContents(click.Group):
    """A group that loads a command's module only when that command is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Give the names in the order of the table."""
        return list(COMMANDS)

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's signature
        cmd_name: str,
    ) -> click.Command | None:
        """Prepare the installation and load the command; None for an unknown name."""
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        installation.prepare(simulation=entry.simulation, database="--help" not in sys.argv)
        module, _, function = entry.place.partition(":")
        command: click.Command = getattr(import_module(f"yifu.commands.{module}"), function)
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; a fact that stops it is one line, not a traceback."""
        try:
            with ends_on_signal():
                return super().invoke(ctx)
        except YifuError as fact:
            raise click.ClickException(f"{fact.code}: {fact.detail()}") from fact
        except ChildFailedError as failure:
            raise click.ClickException(str(failure)) from failure

    def format_commands(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's signature
        formatter: click.HelpFormatter,
    ) -> None:
        """List the commands without loading any of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.does) for name, entry in COMMANDS.items()])


@click.group(cls=TableOfContents)
@click.version_option(package_name="yifu")
def main() -> None:
    """Yifu 医付 settles a hospital visit in real time, on credit, to the fen."""


if __name__ == "__main__":
    main()
