"""`yifu scheme compare` and `simulate-year`: what a change would have done."""

import sys
from datetime import date, timedelta
from pathlib import Path

import click

from yifu import clock
from yifu.commands.database import require_tables
from yifu.commands.monthly import as_month
from yifu.commands.terminal import emit, json_option, progress
from yifu.credit import schemes
from yifu.credit.schemes import SchemeUnreadable
from yifu.insight import comparing, rendering, simulating
from yifu.institutions.models import Area


@click.command()
@click.option(
    "--with",
    "file",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="The changed scheme.",
)
@click.option(
    "--from", "since", required=True, callback=as_month, metavar="YYYY-MM", help="First month."
)
@click.option(
    "--to", "until", required=True, callback=as_month, metavar="YYYY-MM", help="Last month."
)
@click.option("--area", help="Which area; needed where several have this scheme.")
@click.option("--people", is_flag=True, help="With the ids of who would be better or worse off.")
@click.option("--csv", "as_csv", is_flag=True, help="Print figures and groups as CSV.")
@click.option("--keep", "by", metavar="WHO", help="Keep the report under this person's name.")
@json_option
def compare(
    *,
    file: Path,
    since: date,
    until: date,
    area: str | None,
    people: bool,
    as_csv: bool,
    by: str | None,
    as_json: bool,
) -> None:
    """Replay recorded months under a changed scheme, and put both side by side.

    Baseline is the scheme that was in force, replayed by the same model; recorded is what really
    was. The report says what the model assumes.
    """
    require_tables()
    if until < since:
        raise click.UsageError("--to comes before --from")
    text = file.read_text(encoding="utf-8")
    try:
        changed = schemes.parse(text, name=file.name)
    except SchemeUnreadable as found:
        for fault in found.faults:
            click.echo(fault, err=True)
        sys.exit(1)
    last_day = (until + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    with progress() as advance:
        compared = comparing.compare(
            changed,
            text=text,
            area=_area(changed.code, area),
            since=since,
            until=last_day,
            progress=lambda done, total: advance("推演 replay", done, total),
        )
    if by is not None:
        comparing.keep(compared, by=by, now=clock.now())
    if as_csv:
        click.echo(rendering.as_csv(compared), nl=False)
        return
    said = rendering.markdown(compared)
    if people:
        said += "\n\n" + "\n".join(
            f"{word}: {' '.join(map(str, ids)) or '—'}"
            for word, ids in (("better", compared.better), ("worse", compared.worse))
        )
    emit(compared.as_json(people=people), as_json=as_json, text=said)


def _area(scheme: str, area: str | None) -> str:
    """Choose the area: the one asked for, or the only one that has the scheme."""
    found = list(Area.objects.filter(scheme=scheme).order_by("code").values_list("code", flat=True))
    if area is not None:
        found = [code for code in found if code == area]
    if len(found) == 1:
        return found[0]
    raise click.UsageError(
        f"no area {area or ''} has the scheme {scheme}"
        if not found
        else f"several areas have the scheme {scheme}: say --area {' or '.join(found)}"
    )


@click.command(name="simulate-year")
@click.option("--people", required=True, type=click.IntRange(1, 5_000_000), help="How many.")
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0, 2**31 - 1))
@click.option("--year", default=2026, show_default=True, type=click.IntRange(2000, 2100))
@json_option
def simulate_year(*, people: int, seed: int, year: int, as_json: bool) -> None:
    """Write an invented city's year into an empty simulation database, to compare schemes on.

    Refused outside a simulation, and where anybody is registered.
    """
    require_tables()
    with progress() as advance:
        made = simulating.simulate_year(people=people, seed=seed, year=year, progress=advance)
    text = (
        f"{made.people:,} people ({made.principals:,} principals), {made.visits:,} visits, "
        f"{made.bills:,} bills, {made.on_credit:,} on credit, {made.paid:,} paid"
    )
    report = {name: getattr(made, name) for name in made.__slots__}
    emit(report, as_json=as_json, text=text)
