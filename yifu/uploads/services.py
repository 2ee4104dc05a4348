"""Everything that goes to the insurer after a day, in one run; safe to run again.

Enrol what ended, tell decisions about audits, upload receipts, lists and self-payers' charges, ask
what became of what was uploaded. Where the insurer stops answering a kind stops, the others go on.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count

from yifu import clock
from yifu.insurance import audit
from yifu.uploads import lists, receipts, self_paid
from yifu.uploads.enrolling import enrol
from yifu.uploads.models import ListUpload, ReceiptUpload, SelfPaidUpload

Progress = Callable[[str, int, int], None]

KINDS = {"receipts": ReceiptUpload, "lists": ListUpload, "self_paid": SelfPaidUpload}
"""The kinds of upload and where each is kept."""


@dataclass(slots=True)
class Report:
    """What a run did: how many were enrolled, what stopped early, and how all of them stand."""

    enrolled: dict[str, int] = field(default_factory=dict)
    stopped: list[str] = field(default_factory=list)
    told_decisions: int = 0
    states: dict[str, dict[str, int]] = field(default_factory=dict)


def run(
    institution_id: int, *, day: date, now: datetime, progress: Progress | None = None
) -> Report:
    """Upload everything of an institution up to the end of a day.

    Must be called outside any transaction. Raises `NotConnected`, and what signing in raises.
    """
    report = Report(enrolled=enrol(institution_id, until=clock.day_bounds(day)[1], now=now))
    report.told_decisions = audit.tell_open(institution_id, now=now)
    steps = {"receipts": receipts.upload, "lists": lists.upload, "self_paid": self_paid.upload}
    for kind, step in steps.items():
        whole = step(institution_id, now=now, progress=_named(kind, progress))
        if not whole:
            report.stopped.append(kind)
    receipts.ask(institution_id, now=now)
    lists.check_quality(institution_id, now=now)
    report.states = standing(institution_id)
    return report


def _named(kind: str, progress: Progress | None) -> Callable[[int, int], None] | None:
    if progress is None:
        return None
    return lambda done, total: progress(kind, done, total)


def standing(institution_id: int) -> dict[str, dict[str, int]]:
    """Count an institution's uploads by kind and state."""
    return {
        kind: {
            row["state"]: row["n"]
            for row in model._default_manager.filter(institution=institution_id)  # noqa: SLF001 - Django's documented name
            .values("state")
            .annotate(n=Count("pk"))
            .order_by("state")
        }
        for kind, model in KINDS.items()
    }
