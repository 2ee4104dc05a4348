"""`yifu insurer`: speak with the insurer by hand, see what was said, and what can be said."""

import click

from yifu.commands.insurer_call import call
from yifu.commands.insurer_catalogues import catalogues, mapping
from yifu.commands.insurer_reach import connect, ping
from yifu.commands.insurer_tables import codes, fields, table
from yifu.commands.insurer_traces import retain, trace
from yifu.commands.insurer_uploads import incomplete, receipt, receipts, uploads


@click.group()
def insurer() -> None:
    """Speak with the insurer by hand, bring it what it wants, and see what was said."""


COMMANDS = (
    *(call, trace, fields, codes, table),
    *(ping, connect, retain),
    *(catalogues, mapping),
    *(uploads, receipts, receipt, incomplete),
)
for command in COMMANDS:
    insurer.add_command(command)
