"""`yifu insurer`: speak with the insurer by hand, see what was said, and what can be said."""

import click

from yifu.commands.insurer_call import call
from yifu.commands.insurer_reach import connect, ping
from yifu.commands.insurer_tables import codes, fields, table
from yifu.commands.insurer_traces import retain, trace


@click.group()
def insurer() -> None:
    """Speak with the insurer: call, trace, fields, codes, table, ping, connect, retain."""


for command in (call, trace, fields, codes, table, ping, connect, retain):
    insurer.add_command(command)
