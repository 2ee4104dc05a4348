"""What the night tells people about their bills, by the scheme's calendar and quiet hours (P4.2).

Each thing is told once per bill, and in the quiet hours only written down: it leaves at their end.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from yifu import dates, rows
from yifu.collection import night_statements as sql
from yifu.collection import rules
from yifu.collection.night_run import NightRun, Report, in_chunks
from yifu.patients.notices import YUAN, notify_from

CHUNK = 5000
_OWED = YUAN.format(fen="(bill.amount_fen - bill.paid_fen)")


def remind(night: NightRun) -> Report:
    """Tell whose debit failed, who has to pay soon, and, by the calendar, who is overdue."""
    scope = {"night": night.id, "area": night.area, "now": night.now}
    failed = {"date": night.business_date, "now": night.now}
    _tell(night, _bills(sql.FAILED, scope), sql.SAY_FAILED, failed, part="failed")
    for hours in night.scheme.reminders.before_due_hours:
        _before_due(night, hours)
    today = dates.business_date(night.now)
    past = [days for days in night.scheme.reminders.overdue_days if days > 0]
    bounds = [dates.day_bounds(today - timedelta(days=days)) for days in past]
    late = {**scope, "begins": [one[0] for one in bounds], "ends": [one[1] for one in bounds]}
    suspend = {"suspend": night.scheme.overdue.suspend_after_hours, "now": night.now}
    if bounds:
        _tell(night, _bills(sql.LONG_DUE, late), sql.SAY_OVERDUE, suspend, part="overdue")
    return {}


def _bills(find: str, scope: Mapping[str, object]) -> list[int]:
    named = {name: value for name, value in scope.items() if f"%({name})s" in find}
    return [row[0] for row in rows.run(find, named)]


def _before_due(night: NightRun, hours: int) -> None:
    """Write what leaves so many hours before a bill is due; what nobody owes by then does not."""
    scope = {"area": night.area, "now": night.now, "hours": hours}
    for due_at, bills in rows.run(sql.SOON_DUE, scope):
        at = rules.remind_at(due_at, hours=hours, now=night.now, quiet=night.quiet)
        if at is not None:
            more = {"hours": hours, "now": night.now}
            _tell(night, bills, sql.SAY_BEFORE_DUE, more, part="before_due", at=at)


def _tell(
    night: NightRun,
    bills: Sequence[int],
    say: str,
    more: Mapping[str, object],
    *,
    part: str,
    at: datetime | None = None,
) -> None:
    """Tell about bills, a transaction a chunk, at once or after an instant."""
    done = 0
    for chunk in in_chunks(bills, CHUNK):
        with rows.in_sets():
            night.count(reminded=say_of(night, say, chunk, more, at=at))
        done += len(chunk)
        night.tell(done, len(bills), part=part)


def say_of(
    night: NightRun,
    say: str,
    bills: Sequence[int],
    more: Mapping[str, object],
    *,
    at: datetime | None = None,
) -> int:
    """Write what is to be said of some bills, in the caller's transaction; counts new notices."""
    return notify_from(
        say.replace("{owed_yuan}", _OWED),
        {**more, "bills": list(bills)},
        now=night.now,
        send_after=at or night.send_after,
    )


def say_debited(night: NightRun) -> int:
    """Tell each principal what was debited (P2.6), of `collection_taken`."""
    taken = YUAN.format(fen="taken.amount_fen")
    return notify_from(
        sql.TOLD_DEBITED.replace("{taken_yuan}", taken),
        {},
        now=night.now,
        send_after=night.send_after,
    )


def outdated(keys: Sequence[str]) -> set[str]:
    """Name the keys of notices that ask for a bill nobody owes any more."""
    bills: dict[int, list[str]] = {}
    for key in keys:
        kind, _, rest = key.partition(":")
        number, _, said = rest.partition(":")
        if kind == "bill" and number.isdecimal() and said:
            bills.setdefault(int(number), []).append(key)
    if not bills:
        return set()
    gone = rows.run(sql.NOT_OWED, {"bills": list(bills)})
    return {key for (bill_id,) in gone for key in bills[bill_id]}
