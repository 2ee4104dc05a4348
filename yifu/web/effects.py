"""Why somebody's limit and standing are what they are: reason, rule, date, and the way back.

Reasons are kept as short codes (`bill:12 overdue`, `score:7`); here they become facts that a page
can put into words. Reads only.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import QuerySet
from django.http import Http404

from yifu.collection.models import Bill, DefaultEntry, Dispute, EntryState
from yifu.credit.models import CreditLine, LimitChange, Score, StandingChange
from yifu.patients.models import Contract, Person
from yifu.web import signup

_SUBJECT: Final = re.compile(r"([a-z_]+):([0-9]+)")
LIVE_ENTRIES: Final = (EntryState.PROPOSED, EntryState.CONFIRMED)


@dataclass(frozen=True, slots=True)
class LimitWhy:
    """Why a limit is what it is. `kind` says how; amounts in fen.

    `score`: by a score · `unscored`: the platform told none · `waiting`: no answer yet · `bank`:
    the bank's word · `bank_waiting`, `bank_refused` · `usual`: the scheme's own figure.
    """

    kind: str
    limit_fen: int
    score: int | None
    at: datetime | None
    rule: str


def limit_of(contract: Contract, *, now: datetime) -> LimitWhy | None:
    """Say why a contract's limit is what it is; None: it has no line."""
    line = CreditLine.objects.select_related("line", "bank_line").filter(contract=contract).first()
    if line is None:
        return None
    last = LimitChange.objects.filter(line_id=line.line_id).order_by("-at", "-pk").first()
    kind, score = _kind(line, contract, now=now)
    return LimitWhy(
        kind=kind,
        limit_fen=line.line.limit_fen,
        score=score,
        at=last.at if last else None,
        rule=last.rule if last else "",
    )


def _kind(line: CreditLine, contract: Contract, *, now: datetime) -> tuple[str, int | None]:
    bank = getattr(line, "bank_line", None)
    if bank is not None and bank.state == "refused":
        return "bank_refused", None
    waiting = signup.is_waiting(contract, now=now)
    if bank is not None or contract.funding == "bank":
        return ("bank_waiting" if waiting else "bank"), None
    if waiting:
        return "waiting", None
    # An answer that left the limit as it was has changed nothing, and is why it is what it is.
    newest = Score.objects.filter(person_id=line.person_id, asked_at__gte=contract.signed_at)
    score = newest.order_by("-asked_at", "-pk").first()
    if score is None:
        return "usual", None
    return ("unscored" if score.score is None else "score"), score.score


@dataclass(frozen=True, slots=True)
class StandingWhy:
    """Why a standing is not good: since when, by which rule, for which bill, and the entries."""

    at: datetime
    rule: str
    bill: Bill | None
    cause: str


def standing_of(person: Person) -> StandingWhy | None:
    """Say why a person's own standing is what it is; None: it is good, or there is no line."""
    line = (
        CreditLine.objects.filter(person=person, contract__closed_at__isnull=True)
        .exclude(standing="good")
        .first()
    )
    if line is None:
        return None
    last = StandingChange.objects.filter(credit_line=line).order_by("-at", "-pk").first()
    found = _SUBJECT.match(last.reason) if last else None
    bill = None
    if found is not None and found[1] == "bill":
        bills = Bill.objects.select_related("visit__institution", "visit__person")
        bill = bills.filter(pk=int(found[2]), principal=person).first()
    return StandingWhy(
        at=last.at if last else line.standing_since,
        rule=last.rule if last else "",
        bill=bill,
        cause=found[1] if found else "",
    )


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry of the default list about a person, and the disputes of it, the newest first."""

    entry: DefaultEntry
    disputes: Sequence[Dispute]
    contested: bool

    @property
    def is_live(self) -> bool:
        """Whether it still does something to the person."""
        return self.entry.state in LIVE_ENTRIES


def entries_of(person: Person) -> Sequence[EntryView]:
    """Give the entries that stand against a person, the newest first."""
    return [_view(entry) for entry in _entries(person).filter(state__in=LIVE_ENTRIES)]


def find_entry(person: Person, entry_id: int) -> EntryView:
    """Find an entry about the person; `Http404` for anybody else's."""
    entry = _entries(person).filter(pk=entry_id).first()
    if entry is None:
        raise Http404
    return _view(entry)


def _entries(person: Person) -> QuerySet[DefaultEntry]:
    found = DefaultEntry.objects.filter(principal=person).prefetch_related("disputes")
    found = found.select_related("institution", "bill__visit__institution", "bill__visit__person")
    return found.order_by("-pk")


def _view(entry: DefaultEntry) -> EntryView:
    disputes = sorted(entry.disputes.all(), key=lambda one: -one.pk)
    return EntryView(entry, disputes, any(one.state == "open" for one in disputes))
