"""`yifu insurer call`: any transaction, from what is known, and its answer as people read it."""

import json
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from yifu import clock
from yifu.commands import insurer_facts as facts
from yifu.commands import site
from yifu.commands.database import require_tables
from yifu.commands.terminal import emit, json_option, say
from yifu.institutions.models import Institution
from yifu.insurance import exchanges, gateway, services
from yifu.insurance.drafting import Setting, UnknownPlace, draft
from yifu.insurance.fields import Violation, check, layout
from yifu.insurance.kinds import Kind, kind_of
from yifu.insurance.labels import english
from yifu.insurance.models import ExchangeState
from yifu.insurance.reading import as_text, lines
from yifu.insurance.transactions import TRANSACTIONS, Way

SIGN_IN, UPLOAD, DOWNLOAD = "9001", "9101", "9102"
_NO_NUMBER_NEEDED = {SIGN_IN, "1201"}
_WHAT_NOW = {
    ExchangeState.REFUSED: "The insurer says no; nothing happened there.",
    ExchangeState.UNSENT: "Nothing was processed. `yifu insurer ping` says why, step by step.",
    ExchangeState.UNKNOWN: "It was sent and no answer came: what it did is unknown until asked. "
    "`yifu insurer trace` shows it; `yifu recover` asks about settlements.",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be sent, and about whom."""

    institution: Institution
    infno: str
    subject: str
    input_: dict[str, Any]
    insuplc_admdvs: str
    sign_no: str

    @property
    def envelope(self) -> exchanges.Envelope:
        """The message as exchanges know it."""
        return exchanges.Envelope(
            self.infno, self.subject, self.input_, self.insuplc_admdvs, self.sign_no
        )


def known_transaction(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    """Take the number of a transaction; refuse one that the interface does not have."""
    if value not in TRANSACTIONS:
        raise click.BadParameter(f"no transaction {value}; `yifu insurer table` lists them all")
    return value


def _settings(
    _context: click.Context, _parameter: click.Parameter, values: tuple[str, ...]
) -> list[Setting]:
    try:
        return [Setting.read(value) for value in values]
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


def _given(
    _context: click.Context, _parameter: click.Parameter, value: Path | None
) -> dict[str, Any]:
    if value is None:
        return {}
    try:
        given = json.loads(value.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise click.BadParameter(f"{value}: {error}") from error
    if not isinstance(given, dict):
        raise click.BadParameter(f"{value}: an object with the input's nodes is wanted")
    return given


@click.command()
@click.argument("infno", callback=known_transaction)
@click.option("--person", metavar="WHO", help="Identity number, visit number, or full name.")
@click.option("--institution", metavar="CODE", help="Who asks; may be left out if there is one.")
@click.option(
    "--input",
    "given",
    type=click.Path(path_type=Path),
    callback=_given,
    help="A JSON file with the input's nodes.",
)
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="NODE.FIELD=VALUE",
    callback=_settings,
    help="A field's value, e.g. data.begndate=2026-03-01 or feedetail[0].cnt=2; repeatable.",
)
@click.option("--fill", is_flag=True, help="Invent what is still missing; never for money.")
@click.option("--dry-run", is_flag=True, help="Build and check it; send nothing.")
@click.option("--yes", is_flag=True, help="Send it although it moves money.")
@json_option
def call(  # noqa: PLR0913 - the command's own options
    *,
    infno: str,
    person: str | None,
    institution: str | None,
    given: dict[str, Any],
    settings: list[Setting],
    fill: bool,
    dry_run: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Send any transaction to the insurer and show the answer with its labels.

    What is known is filled in: institution, operator, the day's sign-in, the person and the visit,
    looked up. What is still missing is named; nothing is sent then. A message that moves money
    wants --yes. Every message leaves a trace, credentials masked. Ends with 1 without an answer.
    """
    require_tables()
    _refuse_early(infno, fill=fill, dry_run=dry_run, yes=yes)
    now = clock.now()
    with site.outside_world():
        asked = _ask(infno, person, institution, offline=dry_run, now=now)
        known = asked.known
        try:
            input_ = draft(infno, facts=known, now=now, settings=settings, given=given, fill=fill)
        except UnknownPlace as error:
            raise click.ClickException(
                f"{infno} has no field {error}; `yifu insurer fields {infno}` shows them"
            ) from error
        message = Asked(
            asked.institution, infno, asked.subject, input_, known["insuplc_admdvs"], asked.sign_no
        )
        violations = check(infno, "in", input_)
        if violations or dry_run:
            _show_draft(message, violations, as_json=as_json)
            sys.exit(1 if violations else 0)
        pending = exchanges.open_exchange(message.institution.pk, message.envelope, now=now)
        heard = exchanges.send(pending)
        exchanges.close_exchange(pending, heard, now=clock.now())
    _show(message, pending.msgid, heard, as_json=as_json)
    sys.exit(0 if heard.state == ExchangeState.ANSWERED else 1)


def _refuse_early(infno: str, *, fill: bool, dry_run: bool, yes: bool) -> None:
    if infno in {UPLOAD, DOWNLOAD}:
        raise click.ClickException(
            f"{infno} carries a file: it goes with the message that needs it"
        )
    if TRANSACTIONS[infno].way in {Way.CENTRE, Way.CALLBACK} and not dry_run:
        raise click.ClickException(
            f"{infno} is sealed and goes between us and a centre, not to the insurer's gateway: "
            "--dry-run shows it"
        )
    if kind_of(infno) != Kind.MONEY or dry_run:
        return
    name = TRANSACTIONS[infno].name
    if fill:
        raise click.ClickException(f"{infno} {name} moves money: nothing in it may be invented")
    if not yes:
        raise click.ClickException(
            f"{infno} {name} moves money at the insurer, and the platform's own books will not "
            "know of it: look at it with --dry-run, then say --yes"
        )


@dataclass(frozen=True, slots=True)
class _Who:
    institution: Institution
    subject: str
    known: dict[str, str]
    sign_no: str


def _ask(infno: str, person: str | None, code: str | None, *, offline: bool, now: datetime) -> _Who:
    """Look up who asks and about whom; asks the insurer itself for what only it knows."""
    institution = facts.find_institution(code)
    subject = facts.find_subject(person, institution) if person else None
    known = facts.facts_of(institution, subject)
    signs = not offline and infno not in _NO_NUMBER_NEEDED
    sign_no = services.sign_number(institution.pk, now=now) if signs else ""
    wants = any("psn_no" in node.needed for node in layout(infno, "in"))
    if subject is not None and wants and "psn_no" not in known and not offline:
        say("The insurer is asked who that is (1101).")
        known |= facts.ask_who(institution, subject.person, sign_no=sign_no, now=now)
    known.setdefault("insuplc_admdvs", institution.area_id)
    known.setdefault("sign_no", sign_no)
    return _Who(institution, subject.number if subject else "console", known, sign_no)


def _show_draft(message: Asked, violations: list[Violation], *, as_json: bool) -> None:
    shown = gateway.mask_for_trace(message.infno, message.input_)
    report = {
        "infno": message.infno,
        "name": TRANSACTIONS[message.infno].name,
        "request": shown,
        "violations": [
            {"place": one.place, "label": one.label, "rule": one.rule, "detail": one.detail}
            for one in violations
        ],
    }
    text = [_title(message.infno), as_text(lines(message.infno, "in", shown))]
    text += [f"! {_violation(one)}" for one in violations]
    if violations:
        text.append(
            f"Not sent. Give what is missing by --set, e.g. --set {violations[0].place}=…; "
            f"`yifu insurer fields {message.infno}` shows every field."
        )
    else:
        text.append("As the interface wants it; not sent.")
    emit(report, as_json=as_json, text="\n".join(filter(None, text)))


def _violation(one: Violation) -> str:
    name = one.place.rpartition(".")[2].partition("[")[0]
    labels = " · ".join(filter(None, (one.label, english(name))))
    detail = f", {one.detail}" if one.detail else ""
    return f"{one.place} ({labels}): {one.rule}{detail}"


def _title(infno: str) -> str:
    return f"{infno} {TRANSACTIONS[infno].name}"


def _show(message: Asked, msgid: str, heard: exchanges.Heard, *, as_json: bool) -> None:
    infno = message.infno
    output = heard.output
    shown = gateway.mask_for_trace(infno, output, direction="out") if output else output
    report = {
        "infno": infno,
        "name": TRANSACTIONS[infno].name,
        "msgid": msgid,
        "state": heard.state.value,
        "detail": heard.detail,
        "inf_refmsgid": heard.inf_refmsgid,
        "took_ms": heard.took_ms,
        "request": gateway.mask_for_trace(infno, message.input_),
        "answer": shown,
    }
    text = [
        f"{_title(infno)}: {heard.state.label} {heard.state.value} in {heard.took_ms} ms",
        f"msgid {msgid}" + (f", inf_refmsgid {heard.inf_refmsgid}" if heard.inf_refmsgid else ""),
        as_text(lines(infno, "out", shown)),
        heard.detail,
        _WHAT_NOW.get(heard.state, ""),
    ]
    emit(report, as_json=as_json, text="\n".join(filter(None, text)))
