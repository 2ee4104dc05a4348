"""What not paying does, by the scheme: overdue, suspended, defaulted (P4.3, P4.4).

Each step is decided by how the bills stand, so a run that stops goes on where it was.
"""

from typing import Any

from yifu import rows
from yifu.collection import night_statements as sql
from yifu.collection.night_run import NightRun, Report, sweep
from yifu.collection.reminding import say_of
from yifu.credit import services as credit
from yifu.credit.models import Standing

CHUNK = 5000


def mark_overdue(night: NightRun) -> Report:
    """Mark bills overdue from their due instant on, and tell their principals."""

    def work(found: list[tuple[Any, ...]]) -> None:
        bills = [row[0] for row in found]
        rows.run(sql.LOCK_BILLS, {"bills": bills})
        marked = rows.run(sql.MARK_OVERDUE, {"bills": bills, "now": night.now})
        # Who restores one of these principals just now has to see these bills.
        rows.run(sql.LOCK_CREDIT, {"principals": [principal for _, principal in marked]})
        more = {"suspend": night.scheme.overdue.suspend_after_hours, "now": night.now}
        told = say_of(night, sql.SAY_OVERDUE, [bill for bill, _ in marked], more)
        night.count(overdue=len(marked), reminded=told)

    scope = {"area": night.area, "now": night.now}
    sweep(night, sql.DUE, scope, size=CHUNK, work=work)
    return {}


def suspend(night: NightRun) -> Report:
    """Suspend principals in good standing whose bill is overdue for so long (P4.3)."""

    def work(found: list[tuple[Any, ...]]) -> None:
        bills = [row[0] for row in found]
        rows.run(sql.LOCK_BILLS, {"bills": bills})
        reasons = {
            principal: f"bill:{bill} overdue"
            for bill, principal in reversed(rows.run(sql.STILL_BAD, {"bills": bills}))
        }
        suspended = credit.worsen_standings(
            reasons, to=Standing.SUSPENDED, rule="P4.3", now=night.now
        )
        night.count(suspended=suspended)

    scope = {
        "area": night.area,
        "now": night.now,
        "suspend": night.scheme.overdue.suspend_after_hours,
        "before": [Standing.GOOD.value],
    }
    sweep(night, sql.SUSPENDING, scope, size=CHUNK, work=work)
    return {}


def default(night: NightRun) -> Report:
    """Let bills overdue for so many months be defaults, and propose their entries (P4.4).

    The principal's standing says so at once; nothing is told to anybody outside before the
    institution has confirmed the entry.
    """

    def work(found: list[tuple[Any, ...]]) -> None:
        bills = [row[0] for row in found]
        rows.run(sql.LOCK_BILLS, {"bills": bills})
        marked = sorted(rows.run(sql.MARK_DEFAULTED, {"bills": bills}))
        reasons = {principal: f"bill:{bill} defaulted" for bill, principal in reversed(marked)}
        changed = credit.worsen_standings(
            reasons, to=Standing.DEFAULTED, rule="P4.4", now=night.now
        )
        of = [bill for bill, _ in marked]
        ((proposed,),) = rows.run(sql.PROPOSE_ENTRIES, {"bills": of, "now": night.now})
        told = say_of(night, sql.SAY_DEFAULTED, of, {})
        night.count(defaulted=len(marked), standings=changed, entries=int(proposed), reminded=told)

    scope = {
        "area": night.area,
        "now": night.now,
        "months": night.scheme.overdue.default_after_months,
    }
    sweep(night, sql.DEFAULTING, scope, size=CHUNK, work=work)
    return {}
