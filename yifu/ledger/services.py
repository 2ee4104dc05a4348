"""The verbs of the ledger: post, hold, capture, release; and verify, which recomputes everything.

Locks are taken in one order (decision 6): accounts that are new, holds, lines (by their UPDATEs, a
principal's before its dependants').
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.db import connection, transaction

from yifu import clock, rows
from yifu.errors import YifuError
from yifu.ledger import statements
from yifu.ledger.errors import AmountNotPositive, HoldNotOpen, LimitExceeded, PostedOtherwise
from yifu.ledger.models import Account, Hold, HoldState, Line
from yifu.ledger.rules import Move, owed_by, present


def post(
    *,
    key: str,
    kind: str,
    moves: Iterable[Move],
    now: datetime,
    corrects: int | None = None,
    hold: str | None = None,
) -> int:
    """Write one posting and change the lines it names; call it inside a transaction.

    The same key with the same movements again changes nothing and gives the same posting's id.
    `hold` is the key of a hold on the line that will owe: it is captured, what it kept free needs
    no other room, and what is left of it returns (P2.4). Raises `AmountNotPositive`,
    `LimitExceeded` (the `line` has too little available; a captured hold rolls back with the
    caller), `HoldNotOpen` and `PostedOtherwise` (the key was used with other movements).
    """
    wanted = present(moves)
    if not wanted or any(move.amount_fen < 0 for move in wanted):
        raise AmountNotPositive
    changes = sorted(owed_by(wanted).items())
    held = 0 if hold is None else _take_hold(hold, changes, now=now)
    if held is None:
        return _posted_before(key, wanted, otherwise=HoldNotOpen())
    # One principal's line is changed by the posting's own statement; anything else after it.
    alone = changes[0] if len(changes) == 1 and len(changes[0][0]) == 1 else None
    parameters = _posting(key=key, kind=kind, moves=wanted, now=now, corrects=corrects)
    parameters |= {"line": alone[0][0] if alone else None, "owed": alone[1] if alone else 0}
    parameters["held"] = held if alone else 0
    posting_id, taken, known = _try(parameters)
    if posting_id is None and known != len(wanted):
        ensure_accounts({code for move in wanted for code in (move.debit, move.credit)})
        posting_id, taken, known = _try(parameters)
    if posting_id is None:
        if taken:
            raise PostedOtherwise  # the key was taken at this very instant: all of it rolls back
        full = LimitExceeded(line=alone[0][0]) if alone else LimitExceeded()
        before = _posted_before(key, wanted, otherwise=full)
        if held:
            raise PostedOtherwise  # it was posted without this hold, which stays open
        return before
    if alone is None:
        for lines, fen in changes:
            _change_owed(lines, fen, held)
    return posting_id


def _take_hold(
    key: str, changes: list[tuple[tuple[int, ...], int]], *, now: datetime
) -> int | None:
    """Capture a hold for a posting that changes just its line; None: it is not open there."""
    ((lines, fen),) = changes
    parameters = {"key": key, "line": lines[-1], "fen": fen, "now": now}
    row = _row(statements.TAKE_HOLD, parameters)
    return None if row is None else int(row[0])


def _try(parameters: dict[str, Any]) -> tuple[int | None, int, int]:
    row = _row(statements.POST, parameters)
    return cast("tuple[int | None, int, int]", row)


def _posting(
    *, key: str, kind: str, moves: tuple[Move, ...], now: datetime, corrects: int | None
) -> dict[str, Any]:
    return {
        "key": key,
        "kind": kind,
        "now": now,
        "date": clock.business_date(now),
        "corrects": corrects,
        "debits": [move.debit for move in moves],
        "credits": [move.credit for move in moves],
        "fens": [move.amount_fen for move in moves],
        "lines": [move.lines[-1] if move.lines else None for move in moves],
        "count": len(moves),
    }


def _posted_before(key: str, moves: tuple[Move, ...], *, otherwise: YifuError) -> int:
    found = rows.run(statements.POSTED, {"key": key})
    if not found:
        raise otherwise
    before = sorted((debit, credit, fen, line or 0) for _, debit, credit, fen, line in found)
    wanted = sorted(
        (move.debit, move.credit, move.amount_fen, move.lines[-1] if move.lines else 0)
        for move in moves
    )
    if before != wanted:
        raise PostedOtherwise
    return int(found[0][0])


def _change_owed(lines: tuple[int, ...], fen: int, held_fen: int) -> None:
    with connection.cursor() as cursor:
        for line in lines:
            cursor.execute(statements.CHANGE_OWED, {"line": line, "fen": fen, "held": held_fen})
            if cursor.rowcount != 1:
                raise LimitExceeded(line=line)


def ensure_accounts(codes: Iterable[str]) -> None:
    """Make the accounts that do not exist yet; a code's part before the colon is its kind."""
    with connection.cursor() as cursor:
        cursor.execute(statements.ENSURE_ACCOUNTS, {"codes": sorted(codes)})


def open_line(*, account: str, limit_fen: int, parent_id: int | None = None) -> Line:
    """Open a line on an account, or a dependant's share of a parent line; fen."""
    ensure_accounts([account])
    return Line.objects.create(
        account=Account.objects.get(code=account), limit_fen=limit_fen, parent_id=parent_id
    )


def hold(
    *,
    key: str,
    lines: tuple[int, ...],
    amount_fen: int,
    now: datetime,
    expires_at: datetime | None = None,
) -> int:
    """Keep an amount free on a line (a dependant's after its principal's) and give the hold's id.

    The same key again gives the same hold and changes nothing. Raises `AmountNotPositive`,
    `LimitExceeded`.
    """
    if amount_fen <= 0:
        raise AmountNotPositive
    parameters = {
        "key": key,
        "line": lines[-1],
        "fen": amount_fen,
        "now": now,
        "expires": expires_at,
    }
    row = _row(statements.HOLD, parameters) if len(lines) == 1 else _hold_shared(lines, parameters)
    if row is not None:
        return int(row[0])
    before = Hold.objects.filter(key=key).only("id", "amount_fen", "line_id").first()
    if before is None:
        raise LimitExceeded(line=lines[-1])
    if (before.amount_fen, before.line_id) != (amount_fen, lines[-1]):
        raise PostedOtherwise
    return before.pk


def _hold_shared(lines: tuple[int, ...], parameters: dict[str, Any]) -> tuple[Any, ...] | None:
    with transaction.atomic(), connection.cursor() as cursor:
        if Hold.objects.filter(key=parameters["key"]).exists():
            return None
        for line in lines:
            cursor.execute(statements.INCREASE_HELD, {"line": line, "fen": parameters["fen"]})
            if cursor.rowcount != 1:
                raise LimitExceeded(line=line)
        cursor.execute(statements.INSERT_HOLD, parameters)
        return cast("tuple[Any, ...] | None", cursor.fetchone())


def capture(*, key: str, amount_fen: int, credit: str, now: datetime) -> int:
    """Turn an open hold, or a part of it, into money owed to account `credit`; the rest returns.

    Gives the posting's id. Raises `AmountNotPositive` and `HoldNotOpen` (also when more is asked
    than was held).
    """
    if amount_fen <= 0:
        raise AmountNotPositive
    parameters = {
        "key": key,
        "fen": amount_fen,
        "credit": credit,
        "now": now,
        "date": clock.business_date(now),
        "posting_key": f"capture:{key}",
        "parent": None,
    }
    row = _row(statements.CAPTURE, parameters)
    if row is not None:
        return int(row[0])
    return _capture_slowly(parameters)


def _capture_slowly(parameters: dict[str, Any]) -> int:
    """Capture on a dependant's line (hold and principal are locked first) or to a new account."""
    with transaction.atomic():
        ensure_accounts([parameters["credit"]])
        parameters["parent"] = _lock_parent(parameters["key"])
        row = _row(statements.CAPTURE, parameters)
        if row is None:
            raise HoldNotOpen
    return int(row[0])


def _lock_parent(key: str) -> int | None:
    """Lock a hold and then the principal's line, if its own is a dependant's; gives that line."""
    hold = Hold.objects.select_for_update(no_key=True).filter(key=key).only("line_id").first()
    if hold is None:
        return None
    parent = Line.objects.values_list("parent_id", flat=True).get(pk=hold.line_id)
    if parent is not None:
        Line.objects.select_for_update(no_key=True).get(pk=parent)
    return parent


def release(*, key: str, now: datetime, state: HoldState = HoldState.RELEASED) -> None:
    """Give an open hold back to its line (`RELEASED`, or `EXPIRED` when its time is over).

    Raises `HoldNotOpen`.
    """
    with transaction.atomic():
        parameters = {"key": key, "now": now, "state": state, "parent": _lock_parent(key)}
        if _row(statements.CLOSE_HOLD, parameters) is None:
            raise HoldNotOpen


EXPIRY_CHUNK = 1000


def expire_due(*, now: datetime) -> int:
    """Give back the holds whose time is over, a thousand in a transaction; gives how many."""
    expired = 0
    while True:
        with transaction.atomic():
            due = rows.run(statements.EXPIRABLE, {"now": now, "limit": EXPIRY_CHUNK})
            if not due:
                return expired
            lines = {line for _, *pair in due for line in pair if line is not None}
            rows.run(statements.LOCK_LINES, {"lines": sorted(lines)})
            rows.run(statements.EXPIRE, {"holds": [row[0] for row in due], "now": now})
        expired += len(due)


def grant_room(
    *,
    lines: tuple[int, ...],
    fen: int,
    most_fen: int,
    moves: Iterable[Move] = (),
    hold: str | None = None,
) -> dict[int, int]:
    """Make room for a debt beyond the limits of lines, in the posting's own transaction (P2.3).

    Each line may go beyond its limit by at most `most_fen`. `moves` and `hold` are the posting's
    that follows: new accounts and the hold come before lines in the one order of locks. Gives, by
    line, how much of the debt is beyond its limit, where any is. Raises `LimitExceeded`; the caller
    rolls back.
    """
    ensure_accounts({code for move in moves for code in (move.debit, move.credit)})
    if hold is not None:
        Hold.objects.select_for_update(no_key=True).filter(key=hold).first()
    beyond = {}
    for line in lines:
        row = _row(statements.GRANT_ROOM, {"line": line, "fen": fen, "most": most_fen})
        if row is None:
            raise LimitExceeded(line=line)
        if row[0] > 0:
            beyond[line] = int(row[0])
    return beyond


@dataclass(frozen=True, slots=True)
class Verification:
    """What a full recomputation found; `balanced` when nothing disagrees. Amounts in fen."""

    postings: int
    movements: int
    lines: int
    open_holds: int
    moved_fen: int
    faults: tuple[str, ...]

    @property
    def balanced(self) -> bool:
        """True when every counter equals what the movements and holds say."""
        return not self.faults


def verify() -> Verification:
    """Recompute every line and account from movements and holds (L1, L3, L12)."""
    outermost = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if outermost:  # one snapshot for all questions, also while others go on posting
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            # Whole tables are joined, also right after a night of which no statistics know yet.
            cursor.execute("SET LOCAL enable_nestloop = off")
        cursor.execute(statements.VERIFY_TOTALS)
        totals = cursor.fetchone()
        cursor.execute(statements.VERIFY_LINES)
        faults = [
            f"line {line}: owed {owed} but movements say {moved}; held {held} but holds say {open_}"
            for line, owed, moved, held, open_ in cursor.fetchall()
        ]
        cursor.execute(statements.EMPTY_POSTINGS)
        faults += [f"posting {key} has no movements" for (key,) in cursor.fetchall()]
        total = sum(fen for _, fen in _balances(cursor, "%"))
    if total:
        faults.append(f"all accounts together are {total} fen, not 0")
    postings, movements, lines, open_holds, moved_fen = map(int, totals)
    return Verification(postings, movements, lines, open_holds, moved_fen, tuple(faults))


def balances(prefix: str = "") -> dict[str, int]:
    """Sum debits minus credits of the accounts whose code begins with `prefix`; fen."""
    with connection.cursor() as cursor:
        return dict(_balances(cursor, f"{prefix}%"))


def _balances(cursor: Any, pattern: str) -> list[tuple[str, int]]:  # noqa: ANN401 - Django's cursor wrapper has no public type
    cursor.execute(statements.BALANCES, {"prefix": pattern})
    return [(code, int(fen)) for code, fen in cursor.fetchall()]


def _row(statement: str, parameters: dict[str, Any]) -> tuple[Any, ...] | None:
    return rows.one(statement, parameters)
