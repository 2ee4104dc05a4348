"""`yifu scheme`: a city's rules as files: check, propose, approve, and try a change out."""

import sys
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

import click
import orjson

from yifu import clock
from yifu.commands.database import require_tables
from yifu.commands.scheme_compare import compare, simulate_year
from yifu.commands.terminal import date_option, emit, json_option
from yifu.credit import schemes, versions
from yifu.credit.models import SchemeVersion, VersionState
from yifu.credit.schemes import Scheme, SchemeUnreadable

_FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
_ID = click.argument("version_id", metavar="ID", type=click.IntRange(1, 2**63 - 1))
_BY = click.option("--by", required=True, help="Who does this.")
_NOTE = click.option("--note", required=True, help="Why.")


@click.group()
def scheme() -> None:
    """Check, propose, approve and compare schemes."""


def read(file: Path, *, as_json: bool) -> tuple[str, Scheme]:
    """Read a scheme file; a bad one ends the command with 1 and one line for each fault."""
    try:
        text = file.read_text(encoding="utf-8")
        return text, schemes.parse(text, name=file.name)
    except SchemeUnreadable as found:
        _refuse(found.faults, as_json=as_json)
    except UnicodeDecodeError:
        _refuse([f"{file.name}:1: scheme: the file is not UTF-8"], as_json=as_json)


def _refuse(faults: tuple[str, ...] | list[str], *, as_json: bool) -> NoReturn:
    if as_json:
        emit({"faults": list(faults)}, as_json=True, text="")
    else:
        for fault in faults:
            click.echo(fault, err=True)
    sys.exit(1)


@scheme.command()
@_FILE
@json_option
def check(*, file: Path, as_json: bool) -> None:
    """Tell whether FILE says all that a scheme decides; every fault with its line."""
    _, found = read(file, as_json=as_json)
    text = f"{file.name}: {found.name_zh} {found.name_en}, {found.code} from {found.effective_from}"
    emit({"faults": [], "code": found.code}, as_json=as_json, text=text)


@scheme.command(name="list")
@json_option
def list_versions(*, as_json: bool) -> None:
    """List the shipped schemes and every version that was proposed, newest first."""
    require_tables()
    shipped = [_shipped(schemes.load(code)) for code in schemes.SHIPPED]
    found = [
        describe(version)
        for version in SchemeVersion.objects.order_by("code", "-effective_from", "-id")
    ]
    lines = [f"{one['code']:<12} shipped   from {one['effective_from']}" for one in shipped]
    lines += [
        f"{one['code']:<12} #{one['id']:<8} from {one['effective_from']}  {one['state']}  "
        f"proposed by {one['proposed_by']}"
        + (f", decided by {one['decided_by']}" if one["decided_by"] else "")
        + (f": {one['note']}" if one["note"] else "")
        for one in found
    ]
    emit({"shipped": shipped, "versions": found}, as_json=as_json, text="\n".join(lines))


def _shipped(found: Scheme) -> dict[str, Any]:
    return {"code": found.code, "name_zh": found.name_zh, "effective_from": found.effective_from}


@scheme.command()
@click.argument("code", type=click.Choice(schemes.SHIPPED))
@date_option("The day on which it is in force", flag="--on")
@json_option
def show(*, code: str, on: date, as_json: bool) -> None:
    """Print the scheme that is in force for CODE on a day: its text, or its values as JSON."""
    require_tables()
    found = versions.in_force(code, on=on)
    version = versions.version_in_force(code, on=on)
    text = schemes.text_of(code) if version is None else version.text
    report = {
        "on": on,
        "version": None if version is None else version.pk,
        "scheme": orjson.loads(found.model_dump_json()),
    }
    emit(report, as_json=as_json, text=text.rstrip("\n"))


@scheme.command()
@_FILE
@_BY
@_NOTE
@json_option
def propose(*, file: Path, by: str, note: str, as_json: bool) -> None:
    """Keep FILE for a second person to approve; nothing changes yet."""
    require_tables()
    text, _ = read(file, as_json=as_json)
    _emit(versions.propose(text, by=by, note=note, now=clock.now()), as_json=as_json)


@scheme.command()
@_ID
@_BY
@json_option
def approve(*, version_id: int, by: str, as_json: bool) -> None:
    """Let a proposed version come into force on its date; two people, always."""
    require_tables()
    _emit(versions.approve(version_id, by=by, now=clock.now()), as_json=as_json)


@scheme.command()
@_ID
@_BY
@_NOTE
@json_option
def refuse(*, version_id: int, by: str, note: str, as_json: bool) -> None:
    """Turn a proposed version down, saying why."""
    require_tables()
    _emit(versions.refuse(version_id, by=by, note=note, now=clock.now()), as_json=as_json)


@scheme.command()
@_ID
@_BY
@json_option
def withdraw(*, version_id: int, by: str, as_json: bool) -> None:
    """Take an approved version back before it begins."""
    require_tables()
    _emit(versions.withdraw(version_id, by=by, now=clock.now()), as_json=as_json)


def _emit(version: SchemeVersion, *, as_json: bool) -> None:
    label = VersionState(version.state).label
    text = f"{version.code} #{version.pk} from {version.effective_from}: {label} {version.state}"
    emit(describe(version), as_json=as_json, text=text)


def describe(version: SchemeVersion) -> dict[str, Any]:
    """Describe a version for programs."""
    return {
        "id": version.pk,
        "code": version.code,
        "effective_from": version.effective_from,
        "state": version.state,
        "digest": bytes(version.digest).hex(),
        "proposed_by": version.proposed_by,
        "proposed_at": version.proposed_at,
        "decided_by": version.decided_by,
        "decided_at": version.decided_at,
        "note": version.note,
    }


for command in (compare, simulate_year):
    scheme.add_command(command)
