"""`yifu baddebt`: what is set aside, and what each treasury bears (P4.6)."""

import csv
import io
from dataclasses import asdict
from datetime import date
from typing import Any

import click

from yifu.collection import baddebt as books
from yifu.collection.baddebt import Statement
from yifu.collection.models import Provision
from yifu.commands.database import require_tables
from yifu.commands.monthly import as_month
from yifu.commands.terminal import date_option, emit, json_option
from yifu.institutions.models import Area
from yifu.money import display, to_yuan

KINDS = {
    "write_off": "核销 written off",
    "payment": "收回 recovered",
    "write_off_lowered": "冲减 lowered",
}


@click.group()
def baddebt() -> None:
    """Set bad debt aside, and write each treasury's statement."""


@baddebt.command()
@date_option("The date at whose end the bills' age counts")
@json_option
def provision(*, on: date, as_json: bool) -> None:
    """Compute what is set aside for unpaid bills, by bearer and age, and keep it.

    Again for the same date computes it anew and replaces it.
    """
    require_tables()
    found = {
        area.code: books.provide(area=area.code, as_of=on) for area in Area.objects.order_by("code")
    }
    report = {code: [_provided(row) for row in rows] for code, rows in found.items()}
    lines = [
        f"{code} {row.bearer}: {row.from_days}+ days, {row.bills} bills, "
        f"owed {display(row.owed_fen)}, {row.permille}‰, set aside {display(row.provision_fen)}"
        for code, rows in found.items()
        for row in rows
    ]
    text = "\n".join(lines) or "Nothing is owed that anything is set aside for."
    emit({"as_of": on, "areas": report}, as_json=as_json, text=text)


def _provided(row: Provision) -> dict[str, Any]:
    names = ("bearer", "from_days", "bills", "owed_fen", "permille", "provision_fen")
    return {name: getattr(row, name) for name in names}


@baddebt.command()
@click.option("--bearer", required=True, help="Whose statement, e.g. treasury.city.")
@click.option("--month", required=True, callback=as_month, metavar="YYYY-MM", help="Which month.")
@click.option("--csv", "as_csv", is_flag=True, help="Print the rows as CSV, amounts in yuan.")
@json_option
def statement(*, bearer: str, month: date, as_csv: bool, as_json: bool) -> None:
    """Write what a treasury bears: opening, written off, recovered, lowered, closing, every row.

    Closing is the balance of the ledger's account baddebt:BEARER at the month's end.
    """
    require_tables()
    found = books.statement(bearer=bearer, month=month)
    if as_csv:
        click.echo(_csv(found), nl=False)
        return
    emit(_report(found), as_json=as_json, text=_text(found))


def _report(found: Statement) -> dict[str, Any]:
    return {
        "bearer": found.bearer,
        "month": f"{found.month:%Y-%m}",
        "opening_fen": found.opening_fen,
        "written_off_fen": found.written_off_fen,
        "recovered_fen": found.recovered_fen,
        "lowered_fen": found.lowered_fen,
        "closing_fen": found.closing_fen,
        "rows": [asdict(row) for row in found.rows],
    }


def _text(found: Statement) -> str:
    sums = (
        ("期初 opening", found.opening_fen),
        ("核销 written off", found.written_off_fen),
        ("收回 recovered", -found.recovered_fen),
        ("冲减 lowered", -found.lowered_fen),
        ("期末 closing", found.closing_fen),
    )
    rows = [
        f"  {row.business_date} {KINDS[row.kind]} bill {row.bill_id} visit {row.visit_no} "
        f"{row.institution} {row.institution_name} {display(row.amount_fen)}"
        for row in found.rows
    ]
    head = f"{found.bearer} {found.month:%Y-%m}"
    return "\n".join([head, *(f"{name}: {display(fen)}" for name, fen in sums), *rows])


def _csv(found: Statement) -> str:
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(["date", "kind", "bill", "visit", "institution", "name", "yuan"])
    table.writerow(["", "opening", "", "", "", "", to_yuan(found.opening_fen)])
    for row in found.rows:
        table.writerow(
            [
                row.business_date.isoformat(),
                row.kind,
                row.bill_id,
                row.visit_no,
                row.institution,
                row.institution_name,
                to_yuan(row.amount_fen),
            ]
        )
    table.writerow(["", "closing", "", "", "", "", to_yuan(found.closing_fen)])
    return written.getvalue()
