"""The morning after: statements of insurer and channel, a few of them wrong on purpose, matched.

That the books agree is only worth something if a disagreement would have been found. So the
simulated insurer omits one settlement, changes another and invents a third, and the channel omits
a payment; the matching has to find exactly these.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from yifu import clock
from yifu.commands import runs
from yifu.commands.figures import Run
from yifu.commands.introductions import Outside, tell
from yifu.commands.runs import Injected
from yifu.institutions.models import Institution
from yifu.reconciliation import services as reconciliation
from yifu.reconciliation.models import Difference, DifferenceState, Party, Statement

MATCHED_AT = time(10, 30)
"""The channel's bill is there from 09:00 of the next day, and fetched after 10:00."""
BY = "yifu day"
_DELTA_FEN = 100
_EXTRA = {"medfee_fen": 123_45, "fund_fen": 100_00, "acct_fen": 0}
_INVENTED = "模拟中故意制造的差异 / put in on purpose by the simulation"


@dataclass(slots=True)
class Matching:
    """What a morning's matching found, against what was put in."""

    injected: list[Injected] = field(default_factory=list)
    found: list[Difference] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)

    @property
    def surprises(self) -> list[str]:
        """Differences that nobody put in, and those put in that were not found, in words."""
        known = runs.ever_injected()
        seen = {(one.statement.party, one.key, one.kind) for one in self.found}
        strange = [
            f"{party} {kind} {key}"
            for party, key, kind in sorted(seen)
            if (party, key) not in known
        ]
        missed = [
            f"not found: {one.party} {one.kind} {one.key}"
            for one in self.injected
            if (one.party, one.key, one.kind) not in seen
        ]
        return strange + missed

    def report(self) -> dict[str, object]:
        """Count for the day's report."""
        surprises = self.surprises
        return {
            "injected": len(self.injected),
            "found": len({(one.statement_id, one.key, one.negative) for one in self.found}),
            "unexplained": len(surprises),
            "details": surprises,
        }


def tamper(outside: Outside, hospital: Institution, run: Run) -> list[Injected]:
    """Let the statements of this run's days be wrong, and say how."""
    injected = [*_tamper_insurer(outside.insurer, hospital, run)]
    for out_trade_no, day in run.payment_marks():
        tell(outside.wechat, "tamper", {"out_trade_no": out_trade_no, "action": "omit"})
        injected.append(
            Injected(party=Party.CHANNEL, business_date=day, key=out_trade_no, kind="ours_only")
        )
    runs.note_injected(injected, run=run.number)
    return injected


def _tamper_insurer(url: str, hospital: Institution, run: Run) -> Iterable[Injected]:
    marks = run.settlement_marks()
    orders: list[tuple[str, dict[str, Any]]] = [
        ("ours_only", {"action": "omit"}),
        ("amount", {"action": "amount", "delta_fen": _DELTA_FEN}),
    ]
    for (setl_id, day), (kind, order) in zip(marks, orders, strict=False):
        tell(url, "tamper", {"setl_id": setl_id, **order})
        yield Injected(party=Party.INSURER, business_date=day, key=setl_id, kind=kind)
    for _, day in marks[:1]:
        at = f"{day.isoformat()} 11:59:59"
        order = {"action": "extra", "fixmedins_code": hospital.code, "setl_time": at, **_EXTRA}
        setl_id = tell(url, "tamper", order)["setl_id"]
        yield Injected(party=Party.INSURER, business_date=day, key=setl_id, kind="theirs_only")


def match(hospital: Institution, day: date, *, now: datetime, into: Matching) -> None:
    """Match one date and keep what is found and not decided yet."""
    into.statements += reconciliation.match_day(
        institution_id=hospital.pk, business_date=day, now=now
    )
    into.found += Difference.objects.filter(
        statement__institution=hospital, statement__business_date=day, state=DifferenceState.FOUND
    ).select_related("statement")


def explain(matching: Matching, *, now: datetime) -> None:
    """Decide the differences that were put in on purpose, so that nobody looks for them again."""
    known = runs.ever_injected()
    for difference in matching.found:
        if (difference.statement.party, difference.key) in known:
            reconciliation.decide(
                difference.pk, state=DifferenceState.EXPLAINED, note=_INVENTED, by=BY, now=now
            )


def matched_at(day: date) -> datetime:
    """Tell when a date is matched: the next morning."""
    return datetime.combine(day + timedelta(days=1), MATCHED_AT, tzinfo=clock.CHINA)


def set_clocks(outside: Outside, now: datetime | None) -> None:
    """Let the counterparts take `now` for now; None: the real time again."""
    said = None if now is None else now.isoformat()
    for url in outside.urls().values():
        tell(url, "clock", {"now": said})


def days_to_match(days: Sequence[date]) -> list[date]:
    """Give the dates of a run that have statements: its days, and that of the night's debits."""
    return sorted({*days, max(days) + timedelta(days=1)})
