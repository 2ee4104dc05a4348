"""What was said to the insurer, read back: one exchange, or all about a visit or a settlement.

Content was masked before it was stored, so nothing here can show a credential; content that the
policy of retention has let go is said to be gone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from yifu.insurance.fields import transactions
from yifu.insurance.models import DialectMessage, Exchange
from yifu.insurance.reading import Line, lines

OF_SETTLEMENT = ("settlement", "query", "reversal")
"""The subjects of exchanges about a settlement begin so: itself, questions, its undoing."""
OF_VISIT = ("visit", "stay", "preview")
_ASKING_LATER = ("2208", "2305", "2601", "2103", "5203", "6203", "6301")


@dataclass(frozen=True, slots=True)
class Trace:
    """One exchange as people read it; `later` are the messages that asked about it or undid it.

    `dialect` is what was said on its behalf to an insurer that speaks one.
    """

    row: Exchange
    later: tuple[Exchange, ...]
    dialect: tuple[DialectMessage, ...] = ()

    @property
    def name(self) -> str:
        """The transaction's Chinese name; "" for one that the table does not have."""
        known = transactions().get(self.row.infno)
        return known.name if known else ""

    @property
    def emptied(self) -> bool:
        """Say whether the content was let go."""
        return self.row.emptied_at is not None

    @property
    def request(self) -> list[Line]:
        """What was sent."""
        return lines(self.row.infno, "in", self.row.request)

    @property
    def answer(self) -> list[Line]:
        """What was answered."""
        return lines(self.row.infno, "out", self.row.answer)

    def as_json(self) -> dict[str, Any]:
        """Give it as a plain object, request and answer as they are stored."""
        row = self.row
        return {
            "msgid": row.msgid,
            "infno": row.infno,
            "name": self.name,
            "institution": row.institution.code,
            "subject": row.subject,
            "state": row.state,
            "detail": row.detail,
            "insuplc_admdvs": row.insuplc_admdvs,
            "sign_no": row.sign_no,
            "sent_at": row.sent_at,
            "answered_at": row.answered_at,
            "took_ms": row.took_ms,
            "inf_refmsgid": row.inf_refmsgid,
            "respond_time": row.respond_time,
            "emptied_at": row.emptied_at,
            "request": row.request,
            "answer": row.answer,
            "dialect": [
                {
                    "kind": one.kind,
                    "msgid": one.msgid,
                    "state": one.state,
                    "detail": one.detail,
                    "request": one.request,
                    "answer": one.answer,
                }
                for one in self.dialect
            ],
            "later": [
                {"msgid": one.msgid, "infno": one.infno, "state": one.state, "sent_at": one.sent_at}
                for one in self.later
            ],
        }


def subjects_of_settlements(ids: Iterable[int]) -> list[str]:
    """Give the subjects under which settlements were spoken about."""
    return [f"{what}:{pk}" for pk in ids for what in OF_SETTLEMENT]


def subjects_of_visits(ids: Iterable[int]) -> list[str]:
    """Give the subjects under which visits were spoken about."""
    return [f"{what}:{pk}" for pk in ids for what in OF_VISIT]


def about(subjects: Iterable[str]) -> QuerySet[Exchange]:
    """Give what was said about subjects, oldest first."""
    found = Exchange.objects.filter(subject__in=list(subjects)).select_related("institution")
    return found.order_by("sent_at", "pk")


def by_msgid(msgid: str) -> Exchange | None:
    """Find an exchange by its number, ours or the insurer's."""
    numbered = Q(msgid=msgid)
    found = Exchange.objects.select_related("institution")
    return found.filter(numbered).first() or found.filter(inf_refmsgid=msgid).first()


def trace(row: Exchange) -> Trace:
    """Read an exchange with what was asked about it later."""
    return Trace(row, tuple(_later(row)), tuple(row.dialect.order_by("pk")))


def _later(row: Exchange) -> list[Exchange]:
    what, _, number = row.subject.partition(":")
    if what not in OF_SETTLEMENT or row.infno in _ASKING_LATER:
        return []
    asked = about(subjects_of_settlements([int(number)])).filter(
        infno__in=_ASKING_LATER, pk__gt=row.pk
    )
    return [one for one in asked if _concerns(one, row)]


def _concerns(asked: Exchange, row: Exchange) -> bool:
    """Say whether a question is about this message: 2601 names one, the others the settlement."""
    named = (asked.request.get("data") or {}).get("omsgid")
    if named is not None:
        return bool(named == row.msgid)
    return row.infno not in {"2204", "2301"}
