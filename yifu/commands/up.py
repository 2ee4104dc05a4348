"""`yifu up`: the demonstration, from one command."""

import sys
import time
from datetime import date

import click

from yifu.commands import runs, site
from yifu.commands.database import bring_up_to_date
from yifu.commands.day import Drawn, as_text, play_drawn
from yifu.commands.keys import Keys
from yifu.commands.places import place_options
from yifu.commands.site import DEFAULT_PORT, Place, Servers, Site
from yifu.commands.terminal import date_option, emit, json_option, say

WAITING = 3
"""Visits that are left for the doctor to finish and settle."""
_LOOK_EVERY_S = 0.5


@click.command()
@click.option("--port", default=DEFAULT_PORT, show_default=True, help="A free one if it is taken.")
@click.option("--visits", default=60, show_default=True, type=click.IntRange(1, 100_000))
@click.option("--seed", default=7, show_default=True)
@click.option("--headless", is_flag=True, help="Play the day, print the report and end.")
@place_options
@date_option("The day that is played")
@json_option
def up(
    *,
    port: int,
    visits: int,
    seed: int,
    headless: bool,
    place: Place | None,
    on: date,
    as_json: bool,
) -> None:
    """Start a demonstration: a site on loopback, a day played on it, then yours to look at.

    With --headless it ends after the day: with 0 only if the books balance.
    """
    if Site.running() is not None:
        raise click.ClickException("a site runs here already; see .yifu/site.json")
    with runs.only_one_day():
        bring_up_to_date()
        with site.own_site(port=0 if headless else port, place=place) as (running, servers):
            if not headless:
                say(_welcome(running.web, Keys.load_or_make()))
            waiting = 0 if headless else WAITING
            drawn = Drawn(visits=visits, seed=seed, on=on, waiting=waiting)
            report = play_drawn(running, servers, drawn)
            emit(report, as_json=as_json, text=as_text(report))
            if not headless:
                _stay(running.web, servers)
    sys.exit(1 if report["problems"] else 0)


def _welcome(url: str, keys: Keys) -> str:
    """Say where the site is and who can sign in; everybody in it is invented."""
    passwords = keys.passwords
    return f"""
医付 yifu: {url}

  母亲 a mother          mother   {passwords["mother"]}
  医生 a doctor          doctor   {passwords["doctor"]}
  财务 a finance officer finance  {passwords["finance"]}
  医保办 insurance office office  {passwords.get("office", "—")}
  收费员 a cashier       cashier  {passwords.get("cashier", "—")}
  城市运营 the city      city     {passwords.get("city", "—")}
  复核人 who approves    finance2 {passwords.get("finance2", "—")}
                         city2    {passwords.get("city2", "—")}

A day is played now; the pages fill as it goes on. The mother is a patient's mother of that day:
she finds her child's bill. Ctrl-C ends everything.
"""


def _stay(url: str, servers: Servers) -> None:
    """Stay up until somebody ends it. Raises `click.ClickException` when web or worker die."""
    say(f"The site stays up at {url}. Ctrl-C ends it.")
    try:
        while True:
            for child in (servers.web, servers.worker):
                if child.died:
                    raise click.ClickException(f"{child.name} died:\n{child.log_tail()}")
            time.sleep(_LOOK_EVERY_S)
    except KeyboardInterrupt:
        say("Ending.")
