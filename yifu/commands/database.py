"""`yifu migrate` and `yifu seed`."""

import click
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from yifu.commands import site
from yifu.commands.seeding import HOSPITAL, SCOPES
from yifu.commands.terminal import emit, json_option
from yifu.institutions.models import Institution


def up_to_date() -> bool:
    """Tell whether the tables are as the code wants them."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def require_tables() -> None:
    """Raise `click.ClickException` unless the tables are as the code wants them."""
    if not up_to_date():
        raise click.ClickException("the tables are not up to date: run `yifu migrate` first")


def bring_up_to_date() -> bool:
    """Migrate the tables if they need it; tells whether they did."""
    if up_to_date():
        return False
    call_command("migrate", verbosity=0, interactive=False)
    return True


@click.command()
@json_option
def migrate(*, as_json: bool) -> None:
    """Bring the database's tables up to date; again does nothing."""
    changed = bring_up_to_date()
    text = "The tables are up to date now." if changed else "The tables were up to date."
    emit({"changed": changed}, as_json=as_json, text=text)


@click.command()
@json_option
def seed(*, as_json: bool) -> None:
    """Write what a demonstration begins with: a hospital, its prices, its connections, staff.

    Again changes nothing. Patients are not part of it: the hospital registers them.
    """
    bring_up_to_date()
    running = site.Site.running()
    if running is not None:
        site.prepare(running.outside, site.Place.kept())
    else:
        with site.children() as family:
            place = site.Place.kept()
            site.prepare(site.start_outside(family, place), place)
    hospital = Institution.objects.get(code=HOSPITAL)
    report = {"institution": hospital.code, "name": hospital.name, "scopes": SCOPES.split()}
    emit(report, as_json=as_json, text=f"{hospital.name} {hospital.code} is seeded.")
