"""What the insurer gives out and is told of prices: `catalogues` (1301 …) and `mapping` (3301)."""

import sys
from dataclasses import asdict

import click

from yifu import clock
from yifu.catalogue import mappings
from yifu.commands import site
from yifu.commands.database import require_tables
from yifu.commands.terminal import Advance, emit, json_option, progress
from yifu.institutions.models import Institution
from yifu.insurance import catalogues as fetching
from yifu.insurance import mapping as telling
from yifu.insurance.models import Connection


@click.command()
@click.option(
    "--only",
    multiple=True,
    type=click.Choice(fetching.ALL),
    metavar="INFNO",
    help="One catalogue by its transaction, e.g. 1301; may be given several times.",
)
@json_option
def catalogues(*, only: tuple[str, ...], as_json: bool) -> None:
    """Fetch what is new in the insurer's catalogues, of every area.

    Goes on where it stopped; what was fetched before is not fetched again.
    """
    require_tables()
    report = []
    with site.outside_world(), progress() as advance:
        for institution_id in fetching.one_institution_per_area():
            area = Institution.objects.get(pk=institution_id).area_id
            fetched = fetching.fetch(
                institution_id, now=clock.now(), infnos=only or fetching.ALL, progress=advance
            )
            report += [{"area": area, **asdict(one)} for one in fetched]
    lines = [
        f"{one['area']} {one['infno']}: {one['rows']} rows in {one['steps']} steps, "
        f"now {one['version'] or '-'}"
        for one in report
    ]
    text = "\n".join(lines) or "no institution has an insurer"
    emit({"catalogues": report}, as_json=as_json, text=text)


@click.command()
@click.option("--withdraw", multiple=True, metavar="LOCAL_CODE", help="Undo the mapping of a code.")
@click.option("--refused", is_flag=True, help="Send again what was refused before, too.")
@click.option("--institution", "code", metavar="CODE", help="Only this one. Default: all.")
@json_option
def mapping(*, withdraw: tuple[str, ...], refused: bool, code: str | None, as_json: bool) -> None:
    """Tell the insurer which national code each item of the price lists is.

    What is new or changed goes up, what is gone or mapped otherwise is undone. Ends with 1 when
    something is refused or got no answer.
    """
    require_tables()
    report = {}
    with site.outside_world(), progress() as advance:
        for hospital in _connected(code):
            report[hospital.code] = _told(hospital, withdraw, advance, refused=refused)
    text = "\n".join(
        f"{institution}: " + ", ".join(f"{name} {count}" for name, count in counted.items())
        for institution, counted in report.items()
    )
    emit({"institutions": report}, as_json=as_json, text=text or "no institution has an insurer")
    sys.exit(1 if any(one["refused"] or one["unknown"] for one in report.values()) else 0)


def _connected(code: str | None) -> list[Institution]:
    """Give the institutions that have an insurer, or the one of this code."""
    connected = Connection.objects.values_list("institution_id", flat=True)
    found = Institution.objects.filter(pk__in=connected).order_by("code")
    return list(found.filter(code=code) if code else found)


def _told(
    hospital: Institution, withdraw: tuple[str, ...], advance: Advance, *, refused: bool
) -> dict[str, int]:
    """Withdraw or upload for one institution; gives how many of its items stand where."""
    if withdraw:
        telling.withdraw(hospital.pk, withdraw, now=clock.now())
    else:
        if refused:
            mappings.forget_refusals(hospital.pk, now=clock.now())
        telling.upload(
            hospital.pk,
            now=clock.now(),
            progress=lambda done, total: advance(f"目录对照 {hospital.code}", done, total),
        )
    return mappings.counts(hospital.pk)
