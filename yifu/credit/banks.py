"""Lines at banks (P2.2): opened once whatever is lost, followed, closed.

A bank's line is written down (`opening`) before it is asked for, and has left (`unknown`) before
the request goes out. Only the bank's answer leads out of `unknown`: it is asked by our number, and
when it says that it never heard of it, the same request goes out again. Our own line has the room
that the bank's leaves; while the bank has frozen its line ours has none, and the principal is
suspended until the bank lifts it.

Telling a bank of each use (`POST /uses` there) is not done here yet: a settlement moves our line,
and what the bank pays a hospital is booked as its statement says.

Locks: contract, line, credit line, bank line.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from yifu import rows
from yifu.credit import gateway, jobs, lines, services, versions
from yifu.credit.gateway import AnswerKind
from yifu.credit.models import (
    BankLine,
    BankLineState,
    CreditLine,
    CreditParty,
    Standing,
    StandingChange,
)
from yifu.credit.rules import bank_room_fen
from yifu.money import MAX_FEN
from yifu.patients import services as patients
from yifu.patients.models import Contract, ContractState
from yifu.secrets import decrypt, encrypt

RULE: Final = "P2.2"
NO_BANKS: Final = ("credit_platform", "insurer")
NEVER_HEARD: Final = "NOT_FOUND"
PAGE: Final = 200
_LIVE = (BankLineState.OPEN, BankLineState.FROZEN)
_UNDECIDED = (BankLineState.OPENING, BankLineState.UNKNOWN)

# The bank lifts what the bank imposed, not what an unpaid bill means; bills are known above.
_OVERDUE = """
SELECT EXISTS (SELECT FROM collection_bill
               WHERE principal_id = %s AND state IN ('overdue', 'defaulted'))
"""


class StillUnknown(Exception):
    """The bank has not said yet what became of it."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a bank says about a line; amounts in fen."""

    request_no: str
    state: str
    line_no: str
    limit_fen: int
    used_fen: int
    reason: str


@dataclass(frozen=True, slots=True)
class Followed:
    """What following the banks of an area found: changes read, and those of lines not ours."""

    changes: int
    foreign: int


def party(area: str, bank: str) -> CreditParty | None:
    """Find how a bank is reached; None: it cannot be asked."""
    return CreditParty.objects.filter(area_id=area, code=bank).exclude(code__in=NO_BANKS).first()


def write_down(credit_line: CreditLine, *, now: datetime) -> BankLine:
    """Write down that a line is to be opened at the lender, in the caller's transaction."""
    return BankLine.objects.create(
        credit_line=credit_line,
        bank=credit_line.lender,
        request_no=f"B{uuid.uuid4().hex[:24].upper()}",
        asked_at=now,
    )


def open_line(credit_line_id: int, *, now: datetime) -> BankLineState | None:
    """Open a line at its bank, or ask what became of it, outside any transaction.

    Gives how it stands; None: no bank is asked for this line. `OPENING` and `UNKNOWN`: ask again.
    """
    bank_line = _find(credit_line_id)
    if bank_line is None:
        return None
    if bank_line.state == BankLineState.UNKNOWN:
        _ask(bank_line, now=now)
        bank_line.refresh_from_db()
    if bank_line.state == BankLineState.OPENING:
        _send(bank_line, now=now)
        bank_line.refresh_from_db(fields=["state"])
    return BankLineState(bank_line.state)


def _find(credit_line_id: int) -> BankLine | None:
    related = "credit_line__contract", "credit_line__person"
    found = BankLine.objects.select_related(*related)
    return found.filter(credit_line_id=credit_line_id).first()


def _send(bank_line: BankLine, *, now: datetime) -> None:
    """Send the request, by one process only; what surely did not arrive may be sent again."""
    credit_line = bank_line.credit_line
    contract = credit_line.contract
    bank = party(contract.area_id, bank_line.bank)
    if bank is None or contract.state == ContractState.CLOSED:
        return
    leaving = BankLine.objects.filter(pk=bank_line.pk, state=BankLineState.OPENING)
    if not leaving.update(state=BankLineState.UNKNOWN):
        return
    scheme = versions.at(contract.scheme, now)
    answer = gateway.post(
        bank,
        "/lines",
        {
            "request_no": bank_line.request_no,
            "id_number": patients.certificate_no(credit_line.person),
            "name": credit_line.person.name,
            "phone": patients.phone(credit_line.person),
            "asked_fen": scheme.score.unscored_limit_fen,
        },
    )
    if answer.kind in {AnswerKind.UNSENT, AnswerKind.REFUSED}:
        _back(bank_line, reason=answer.code)
    elif answer.done:
        _hear(bank_line.request_no, answer.body, now=now)


def _ask(bank_line: BankLine, *, now: datetime) -> None:
    bank = party(bank_line.credit_line.contract.area_id, bank_line.bank)
    if bank is None:
        return
    answer = gateway.get(bank, f"/lines/{bank_line.request_no}")
    if answer.done:
        _hear(bank_line.request_no, answer.body, now=now)
    elif answer.kind == AnswerKind.REFUSED and answer.code == NEVER_HEARD:
        _back(bank_line, reason="")


def _back(bank_line: BankLine, *, reason: str) -> None:
    """Let a request that surely was not processed be sent again, under the same number."""
    unknown = BankLine.objects.filter(pk=bank_line.pk, state=BankLineState.UNKNOWN)
    unknown.update(state=BankLineState.OPENING, reason=reason[:80])


def _hear(request_no: str, body: Mapping[str, Any], *, now: datetime) -> bool:
    """Take in what the bank says about a line; False when it cannot be believed or is not ours."""
    said = _read(body)
    if said is None or said.request_no != request_no:
        return False
    with transaction.atomic():
        return _apply(said, now=now)


def _read(body: Mapping[str, Any]) -> Said | None:
    """Read the bank's words about a line; None for nonsense."""
    texts = {name: body.get(name) for name in ("request_no", "state", "line_no", "reason")}
    fens = [body.get(name) for name in ("limit_fen", "used_fen")]
    if any(not isinstance(value, str) for value in texts.values()):
        return None
    if any(type(fen) is not int or not 0 <= fen < MAX_FEN for fen in fens):
        return None
    known = {"open", "frozen", "closed", "refused", "pending"}
    if texts["state"] not in known or (
        texts["state"] in {"open", "frozen"} and not texts["line_no"]
    ):
        return None
    return Said(limit_fen=body["limit_fen"], used_fen=body["used_fen"], **texts)  # type: ignore[arg-type] # checked


def _apply(said: Said, *, now: datetime) -> bool:
    """Let our line follow, in the caller's transaction; False for a line that is not ours."""
    contracts = Contract.objects.select_for_update(no_key=True)
    contract = contracts.filter(credit_line__bank_line__request_no=said.request_no).first()
    if contract is None:
        return False
    credit_line = CreditLine.objects.get(contract=contract)
    live = contract.state != ContractState.CLOSED
    room_fen = 0
    if said.state == "open" and live:
        room_fen = bank_room_fen(limit_fen=said.limit_fen, used_fen=said.used_fen)
    lines.set_limit(
        line_id=credit_line.line_id,
        to_fen=room_fen,
        reason=f"bank:{said.request_no} {said.state}",
        rule=RULE,
        now=now,
    )
    if live:
        _follow_standing(credit_line, said, now=now)
    BankLine.objects.filter(request_no=said.request_no).update(
        # A pending request stays unknown: the bank has not answered it.
        state=BankLineState.UNKNOWN if said.state == "pending" else said.state,
        bank_limit_fen=said.limit_fen,
        bank_used_fen=said.used_fen,
        reason=(said.reason or ("pending" if said.state == "pending" else ""))[:80],
        followed_at=now,
        **({"line_no_cipher": encrypt(said.line_no)} if said.line_no else {}),
    )
    if not live and said.state in _LIVE and not said.used_fen:
        jobs.close_bank_line_later(credit_line.pk)
    return True


def _follow_standing(credit_line: CreditLine, said: Said, *, now: datetime) -> None:
    """Suspend while the bank has frozen its line, and lift what that alone imposed."""
    if said.state == "frozen" and credit_line.standing == Standing.GOOD:
        services.set_standing(
            credit_line_id=credit_line.pk,
            to=Standing.SUSPENDED,
            reason=f"bank:{said.request_no} frozen",
            rule=RULE,
            now=now,
        )
    if said.state == "open" and credit_line.standing == Standing.SUSPENDED:
        newest = StandingChange.objects.filter(credit_line=credit_line).order_by("-pk").first()
        overdue = rows.one(_OVERDUE, [credit_line.person_id])
        if newest is not None and newest.rule == RULE and overdue == (False,):
            services.set_standing(
                credit_line_id=credit_line.pk,
                to=Standing.GOOD,
                reason=f"bank:{said.request_no} unfrozen",
                rule=RULE,
                now=now,
            )


def follow(area: str, *, now: datetime) -> Followed:
    """Read what changed at an area's banks since we last looked, and let our lines follow.

    Outside any transaction. A page and the place reached are kept together, so a change is neither
    lost nor followed twice, whoever else follows at the same time.
    """
    changes = foreign = 0
    for bank in CreditParty.objects.filter(area_id=area).exclude(code__in=NO_BANKS).order_by("pk"):
        while True:
            since = CreditParty.objects.values_list("changes_since", flat=True).get(pk=bank.pk)
            answer = gateway.get(bank, "/lines/changes", since=str(since), limit=str(PAGE))
            page = answer.body.get("changes") if answer.done else None
            if not isinstance(page, list) or not page:
                break
            unknown = _take(bank, since, page, now=now)
            if unknown is None:
                break
            changes += len(page)
            foreign += unknown
    return Followed(changes, foreign)


def _take(bank: CreditParty, since: int, page: list[Any], *, now: datetime) -> int | None:
    """Follow a page in one transaction; None when it cannot be read or another was quicker."""
    if any(not isinstance(row, dict) or type(row.get("seq")) is not int for row in page):
        return None
    foreign = 0
    with transaction.atomic():
        locked = CreditParty.objects.select_for_update().get(pk=bank.pk)
        if locked.changes_since != since or page[-1]["seq"] <= since:
            return None
        for row in page:
            said = _read(row)
            foreign += said is None or not _apply(said, now=now)
        CreditParty.objects.filter(pk=bank.pk).update(changes_since=page[-1]["seq"])
    return foreign


def resolve(area: str, *, before: datetime, now: datetime) -> int:
    """Ask about lines that nobody has heard about since `before`; gives how many are decided."""
    undecided = BankLine.objects.filter(
        credit_line__contract__area_id=area, state__in=_UNDECIDED, asked_at__lt=before
    ).exclude(credit_line__contract__state=ContractState.CLOSED, state=BankLineState.OPENING)
    numbers = list(undecided.order_by("pk").values_list("credit_line_id", flat=True)[:PAGE])
    return sum(open_line(number, now=now) not in _UNDECIDED for number in numbers)


def close_line(credit_line_id: int, *, now: datetime) -> BankLineState | None:
    """Close a line at its bank after its contract has ended, outside any transaction.

    A request that was never sent is dropped. A bank that refuses (something is used still) is
    asked again when it says that this changed. Raises `StillUnknown` without an answer.
    """
    bank_line = _find(credit_line_id)
    if bank_line is None:
        return None
    if bank_line.state == BankLineState.UNKNOWN:
        _ask(bank_line, now=now)
        bank_line.refresh_from_db(fields=["state", "line_no_cipher"])
    if bank_line.state == BankLineState.OPENING:
        _closed(bank_line, now=now)
    elif bank_line.state == BankLineState.UNKNOWN:
        raise StillUnknown(bank_line.request_no)
    elif bank_line.state in _LIVE:
        _close(bank_line, now=now)
    return BankLineState(BankLine.objects.values_list("state", flat=True).get(pk=bank_line.pk))


def _close(bank_line: BankLine, *, now: datetime) -> None:
    bank = party(bank_line.credit_line.contract.area_id, bank_line.bank)
    if bank is None or bank_line.line_no_cipher is None:
        return
    answer = gateway.post(bank, f"/lines/{decrypt(bank_line.line_no_cipher)}/close", {})
    if answer.done:
        _closed(bank_line, now=now)
    elif answer.kind == AnswerKind.REFUSED:
        BankLine.objects.filter(pk=bank_line.pk).update(reason=answer.code[:80])
    else:
        raise StillUnknown(bank_line.request_no)


def _closed(bank_line: BankLine, *, now: datetime) -> None:
    BankLine.objects.filter(pk=bank_line.pk).update(state=BankLineState.CLOSED, followed_at=now)
