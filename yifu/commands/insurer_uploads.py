"""What goes to the insurer after the day: `yifu insurer uploads`, `receipts`, `lists`, `receipt`.

Functions for the group `yifu insurer`; each can be run again without a second effect.
"""

import sys
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

import click
from django.conf import settings

from yifu import clock
from yifu.commands import site
from yifu.commands.database import require_tables
from yifu.commands.terminal import date_option, emit, json_option, progress
from yifu.institutions.models import Institution
from yifu.insurance.models import Connection
from yifu.uploads import lists, services
from yifu.uploads import receipts as receipt_uploads
from yifu.uploads.enrolling import enrol
from yifu.uploads.models import ListUpload, ReceiptUpload


def _connected() -> list[Institution]:
    """Give the institutions that have an insurer."""
    return list(Institution.objects.filter(insurer__isnull=False).order_by("code"))


def _now(on: date) -> datetime:
    """Tell now; in a simulation the end of the simulated day."""
    return clock.day_bounds(on)[1] if settings.YIFU_SIMULATION else clock.now()


@click.command()
@date_option("The business date up to whose end everything is uploaded")
@json_option
def uploads(*, on: date, as_json: bool) -> None:
    """Upload receipts, settlement lists and self-payers' charges; ask what became of them.

    Ends with 1 where the insurer stopped answering; run it again then.
    """
    require_tables()
    reports: dict[str, Any] = {}
    with site.outside_world(), progress() as advance:
        for hospital in _connected():
            report = services.run(hospital.pk, day=on, now=_now(on), progress=advance)
            reports[hospital.code] = asdict(report)
    lines = [
        f"{code} {kind}: " + (", ".join(f"{n} {state}" for state, n in states.items()) or "none")
        for code, report in reports.items()
        for kind, states in report["states"].items()
    ]
    stopped = [code for code, report in reports.items() if report["stopped"]]
    lines += [f"! {code}: the insurer stopped answering" for code in stopped]
    emit({"date": on, "institutions": reports}, as_json=as_json, text="\n".join(lines))
    sys.exit(1 if stopped else 0)


@click.command()
@date_option("The business date up to whose end receipts are uploaded")
@json_option
def receipts(*, on: date, as_json: bool) -> None:
    """Upload receipts, and list those that the insurer has refused.

    Ends with 1 while one is refused, or where the insurer stopped answering.
    """
    require_tables()
    whole = True
    now = _now(on)
    with site.outside_world(), progress() as advance:
        for hospital in _connected():
            enrol(hospital.pk, until=clock.day_bounds(on)[1], now=now)
            whole &= receipt_uploads.upload(
                hospital.pk,
                now=now,
                progress=lambda done, total: advance("票据 receipts", done, total),
            )
            receipt_uploads.ask(hospital.pk, now=now)
    refused = ReceiptUpload.objects.filter(state="refused").select_related("receipt")
    rows = [
        {"code": one.receipt.code, "number": one.receipt.number, "reason": one.reason}
        for one in refused.order_by("pk")
    ]
    states = {
        code: services.standing(pk)["receipts"]
        for pk, code in Connection.objects.values_list("institution", "institution__code")
    }
    lines = [f"{code}: {standing}" for code, standing in states.items()]
    lines += [f"! {row['code']}-{row['number']} {row['reason']}" for row in rows]
    emit({"date": on, "states": states, "refused": rows}, as_json=as_json, text="\n".join(lines))
    sys.exit(0 if whole and not rows else 1)


@click.command()
@json_option
def incomplete(*, as_json: bool) -> None:
    """List the settlement lists that lack something: which field, and where it is filled in."""
    require_tables()
    found = ListUpload.objects.filter(state="incomplete").select_related("settlement__visit")
    rows: list[dict[str, Any]] = [
        {
            "institution": one.institution_id,
            "setl_id": one.settlement.setl_id,
            "visit_no": one.settlement.visit.visit_no,
            "missing": {name: lists.where(name).value for name in one.missing},
            "reason": one.reason,
        }
        for one in found.order_by("pk")
    ]
    lines = [
        f"{row['setl_id']} {row['visit_no']}: {', '.join(row['missing']) or row['reason']}"
        for row in rows
    ]
    emit({"lists": rows}, as_json=as_json, text="\n".join(lines) or "none")


@click.command()
@click.argument("number")
@json_option
def receipt(*, number: str, as_json: bool) -> None:
    """Ask how the insurer has the receipt with this number: cancelled, reimbursed (5501)."""
    require_tables()
    found = ReceiptUpload.objects.filter(receipt__number=number).order_by("pk").first()
    if found is None:
        raise click.ClickException(f"no receipt {number} was enrolled for upload")
    with site.outside_world():
        shown = receipt_uploads.standing(
            found.pk, institution_id=found.institution_id, now=clock.now()
        )
    text = f"{shown.code}-{shown.number}: {'cancelled' if shown.cancelled else 'stands'}"
    emit(asdict(shown), as_json=as_json, text=f"{text}, reimbursement {shown.reimbursement}")
