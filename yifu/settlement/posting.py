"""A settlement's posting: on the payer's line within the scheme's limits, or why not there.

Everything here is in the settlement's own transaction. What is refused rolls it back whole, and the
settlement is funded once more, at the window: so the usual way needs no savepoint.
"""

from datetime import date, datetime

from yifu import rows
from yifu.credit.models import OverLimit
from yifu.credit.rules import Payer
from yifu.credit.schemes import Scheme
from yifu.insurance.rules import Split
from yifu.ledger import services as ledger
from yifu.ledger.errors import LimitExceeded
from yifu.ledger.rules import Move
from yifu.settlement import rules
from yifu.settlement.rules import Funded, OnCredit, Refusal
from yifu.settlement.work import Work

# What stands on credit: a settlement that is being reversed still does.
_ON_CREDIT = """
SELECT coalesce(sum(settled.personal_fen) FILTER (WHERE settled.visit_id = %(visit)s), 0),
       coalesce(sum(settled.personal_fen) FILTER (WHERE settled.business_date = %(date)s), 0)
FROM collection_bill bill JOIN settlement_settlement settled ON settled.bill_id = bill.id
WHERE bill.principal_id = %(principal)s AND settled.method IN ('credit', 'bank')
  AND settled.state IN ('completed', 'reversing')
  AND (settled.visit_id = %(visit)s OR settled.business_date = %(date)s)
"""


class NotOnCredit(Exception):
    """The personal part cannot go on the line; nothing of it was kept."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal
        super().__init__(refusal)


def post(
    work: Work,
    split: Split,
    funded: Funded,
    payer: Payer | None,
    *,
    scheme: Scheme,
    date: date,
    now: datetime,
) -> None:
    """Post a settlement that counts on `date`; a debt on a line within its limits (P2.3, P2.7).

    Raises `NotOnCredit`, and `HoldNotOpen` when the visit's hold has ended at this very instant.
    """
    if split.fund_fen + split.account_fen + split.personal_fen == 0:
        return
    if not funded.lines:
        _write(work, split, funded, now=now)
        return
    emergency = work.visit.kind == rules.EMERGENCY and scheme.limits.emergency_over_fen > 0
    try:
        beyond = _make_room(work, split, funded, payer, scheme) if emergency else {}
        _write(work, split, funded, now=now)
    except LimitExceeded as full:
        principals = full.facts.get("line") == funded.lines[0]
        raise NotOnCredit(Refusal.LINE if principals else Refusal.DEPENDANT) from full
    over_fen = _check_limits(work, split, funded, scheme, date)
    if over_fen or beyond:
        _list(work, funded, beyond, over_fen, now=now)


def _write(work: Work, split: Split, funded: Funded, *, now: datetime) -> None:
    moves = _moves(work, split, funded)
    ledger.post(key=work.subject, kind="settlement", moves=moves, now=now, hold=funded.hold)


def _moves(work: Work, split: Split, funded: Funded) -> list[Move]:
    institution = work.visit.institution
    return rules.moves(
        area=institution.area_id,
        institution_code=institution.code,
        fund_fen=split.fund_fen,
        account_fen=split.account_fen,
        personal_fen=split.personal_fen,
        funded=funded,
    )


def _make_room(
    work: Work, split: Split, funded: Funded, payer: Payer | None, scheme: Scheme
) -> dict[int, int]:
    """Grant an emergency what it needs beyond the lines; a hold covers its own part."""
    held_fen = payer.hold.amount_fen if funded.hold and payer and payer.hold else 0
    if split.personal_fen <= held_fen:
        return {}
    return ledger.grant_room(
        lines=funded.lines,
        fen=split.personal_fen - held_fen,
        most_fen=scheme.limits.emergency_over_fen,
        moves=_moves(work, split, funded),
        hold=funded.hold,
    )


def _check_limits(work: Work, split: Split, funded: Funded, scheme: Scheme, date: date) -> int:
    """Check the limits per visit and day; gives what an emergency is over them, fen.

    The posting has locked the principal's line, so no other settlement of the family is between:
    what it put on credit is either seen here, or sees this.
    """
    if not rules.limits_anything(scheme.limits):
        return 0
    parameters = {"principal": funded.principal_id, "visit": work.visit.pk, "date": date}
    ((visit_fen, day_fen),) = rows.run(_ON_CREDIT, parameters)
    refusal, over_fen = rules.over_limits(
        scheme.limits,
        personal_fen=split.personal_fen,
        before=OnCredit(int(visit_fen), int(day_fen)),
        kind=work.visit.kind,
    )
    if refusal is not None:
        raise NotOnCredit(refusal)
    return over_fen


def _list(
    work: Work, funded: Funded, beyond: dict[int, int], over_fen: int, *, now: datetime
) -> None:
    """List an emergency that went over a limit, once, under the line it is furthest beyond."""
    line = max(beyond, key=lambda line: beyond[line], default=funded.lines[0])
    OverLimit.objects.create(
        line_id=line,
        subject=work.subject,
        over_fen=max(over_fen, beyond.get(line, 0)),
        at=now,
        rule="P2.3",
    )
