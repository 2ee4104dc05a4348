"""The command line's table of contents."""

from importlib import import_module

import click
import pytest
from click.testing import CliRunner

from yifu.cli import COMMANDS, main
from yifu.errors import NotFound


def test_help_lists_every_command_with_what_it_does():
    shown = CliRunner().invoke(main, ["--help"])
    assert shown.exit_code == 0
    for name, entry in COMMANDS.items():
        assert name in shown.output
        assert entry.does[:30] in " ".join(shown.output.split())


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_where_the_table_says_and_explains_itself(name):
    module, _, function = COMMANDS[name].place.partition(":")
    command = getattr(import_module(f"yifu.commands.{module}"), function)
    assert command.name == name
    shown = CliRunner().invoke(command, ["--help"])
    assert shown.exit_code == 0
    assert command.help in " ".join(shown.output.split()) or shown.output.count("\n") > 4


@pytest.mark.parametrize(
    "name", ["day", "nightly", "reconcile", "recover", "verify-ledger", "migrate", "seed", "up"]
)
def test_what_reports_can_report_as_json(name):
    module, _, function = COMMANDS[name].place.partition(":")
    command = getattr(import_module(f"yifu.commands.{module}"), function)
    assert "--json" in {option for one in command.params for option in one.opts}


def test_an_unknown_command_is_refused():
    shown = CliRunner().invoke(main, ["dance"])
    assert shown.exit_code == 2
    assert "No such command" in shown.output


def test_a_fact_that_stops_a_command_is_one_line(monkeypatch):
    @click.command()
    def stops() -> None:
        raise NotFound(what="visit")

    monkeypatch.setattr(main, "get_command", lambda _context, _name: stops)
    shown = CliRunner().invoke(main, ["stops"])
    assert shown.exit_code == 1
    assert shown.output == "Error: not_found: No such visit\n"
