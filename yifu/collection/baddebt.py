"""Bad debt: set aside by age, written off by two people, borne by a treasury (P4.6, HZ §4.5).

A bill in default for so long that the scheme gives it up is proposed by rule; whoever works in
finance may propose one before. Two people decide, always: the first one's approval of a proposal
that a rule made takes it up in that person's name, a second person's writes it off. From then on
the debt is on `baddebt:{bearer}` and no longer on a line; a later payment or refund takes it off
again (`recovering`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction

from yifu import dates
from yifu.collection import applying, recovering, rules
from yifu.collection import baddebt_statements as statements
from yifu.collection.errors import (
    BillNotDefaulted,
    WriteOffNotDecidable,
    WriteOffOutgrown,
    WriteOffSamePerson,
    WriteOffUnderWay,
)
from yifu.collection.models import Bill, Provision, WriteOff, WriteOffState
from yifu.credit import versions
from yifu.credit.schemes import Scheme
from yifu.errors import NotFound
from yifu.institutions.models import Area
from yifu.ledger import services as ledger
from yifu.ledger.models import Line
from yifu.ledger.rules import Move

BY_RULE = "rule:P4.6"
"""Who proposes what the scheme gives up; nobody signs in under this name."""

_LAPSED = "账单已结清 no longer owed"


def propose_due(*, area: str, scheme: Scheme, now: datetime) -> int:
    """Propose every bill in default that the scheme gives up by now; gives how many are new.

    Proposals whose bill is not owed any more are closed. A bill that somebody refused to write off
    is not proposed by the rule again. In a transaction of its own.
    """
    scope: dict[str, Any] = {"area": area, "now": now, "by": BY_RULE}
    months = scheme.bad_debt.write_off_after_months
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statements.LAPSE, scope | {"note": _LAPSED})
        cursor.execute(
            statements.PROPOSE_DUE,
            scope
            | _bearers(scheme)
            | {"code": scheme.code, "months": months, "note": f"逾期满 {months} 个月"},
        )
        return int(cursor.rowcount)


def _bearers(scheme: Scheme) -> dict[str, Any]:
    return {
        "districts": list(scheme.bad_debt.bearers),
        "bearers": list(scheme.bad_debt.bearers.values()),
        "otherwise": scheme.bad_debt.otherwise,
    }


def propose(
    *, bill_id: int, by: str, note: str, now: datetime, institution_id: int | None = None
) -> WriteOff:
    """Propose one bill in default, whenever it was due, saying why; the rule names the bearer.

    Raises `NotFound` (also for another institution's bill), `BillNotDefaulted`, `WriteOffUnderWay`.
    """
    with transaction.atomic():
        bill = _locked(bill_id)
        institution = bill.visit.institution
        if institution_id not in (None, institution.pk):
            raise NotFound(what="bill")
        if bill.state != "defaulted":
            raise BillNotDefaulted(state=bill.state)
        scheme = versions.at(institution.area.scheme, now)
        named = institution.district in scheme.bad_debt.bearers
        part = f"bearers.{institution.district}" if named else "otherwise"
        try:
            with transaction.atomic():
                return WriteOff.objects.create(
                    bill=bill,
                    institution=institution,
                    amount_fen=bill.owed_fen,
                    bearer=scheme.bad_debt.bearer(institution.district),
                    rule=f"{scheme.code} bad_debt.{part}",
                    proposed_by=by,
                    proposed_at=now,
                    note=note,
                )
        except IntegrityError:
            raise WriteOffUnderWay from None


def _locked(bill_id: int) -> Bill:
    """Lock a bill's lines and the bill."""
    applying.lock([bill_id])
    bill = Bill.objects.select_related("visit__institution__area").filter(pk=bill_id).first()
    if bill is None:
        raise NotFound(what="bill")
    return bill


def approve(
    write_off_id: int, *, by: str, now: datetime, institution_id: int | None = None
) -> WriteOff:
    """Agree to a write-off: the second person's word writes the bill off, all in one transaction.

    Debt to the bearer, line lowered, bill `written_off`. What was paid since it was proposed is not
    written off. A rule's proposal is taken up by the first (it stays `proposed`, in that name).
    Raises `WriteOffNotDecidable`, `WriteOffSamePerson`, `BillNotDefaulted` (it was paid meanwhile)
    and `WriteOffOutgrown`.
    """
    with transaction.atomic():
        write_off, bill = _to_decide(write_off_id, institution_id=institution_id, now=now)
        if write_off.proposed_by == by:
            raise WriteOffSamePerson
        if write_off.proposed_by == BY_RULE:
            write_off.proposed_by = by
            write_off.save(update_fields=["proposed_by"])
            return write_off
        try:
            given_up = rules.give_up(applying.value_of(bill))
        except ValueError:
            raise BillNotDefaulted(state=bill.state) from None
        if given_up.amount_fen > write_off.amount_fen:
            raise WriteOffOutgrown(owed_fen=given_up.amount_fen, amount_fen=write_off.amount_fen)
        write_off.amount_fen = given_up.amount_fen
        _decide(write_off, WriteOffState.APPROVED, by=by, now=now)
        ledger.post(
            key=recovering.posting_key(write_off.pk),
            kind="write_off",
            moves=[
                Move(
                    recovering.account(write_off.bearer),
                    bill.account,
                    given_up.amount_fen,
                    _lines(bill),
                )
            ],
            now=now,
        )
        applying.write_bills({bill.pk: given_up.bill}, now=now)
    return write_off


def refuse(
    write_off_id: int, *, by: str, note: str, now: datetime, institution_id: int | None = None
) -> WriteOff:
    """Leave a proposed bill owed, saying why. Raises `WriteOffNotDecidable`."""
    with transaction.atomic():
        write_off, _ = _to_decide(write_off_id, institution_id=institution_id, now=now)
        write_off.note = note
        _decide(write_off, WriteOffState.REFUSED, by=by, now=now)
    return write_off


def _to_decide(
    write_off_id: int, *, institution_id: int | None, now: datetime
) -> tuple[WriteOff, Bill]:
    """Lock a proposal after its bill, in the one order; money that came counts first."""
    asked = WriteOff.objects.filter(pk=write_off_id)
    if institution_id is not None:
        asked = asked.filter(institution_id=institution_id)
    found = asked.values_list("bill_id", flat=True).first()
    if found is None:
        raise WriteOffNotDecidable
    bill = _locked(found)
    applying.apply(applying.unapplied(bill.pk), now=now)
    bill.refresh_from_db(fields=["state", "amount_fen", "paid_fen"])
    write_off = asked.select_for_update().filter(state=WriteOffState.PROPOSED).first()
    if write_off is None:
        raise WriteOffNotDecidable
    return write_off, bill


def _decide(write_off: WriteOff, to: WriteOffState, *, by: str, now: datetime) -> None:
    write_off.state = to
    write_off.decided_by = by
    write_off.decided_at = now
    write_off.save()


def _lines(bill: Bill) -> tuple[int, ...]:
    if bill.line_id is None:
        return ()
    parent = Line.objects.values_list("parent_id", flat=True).get(pk=bill.line_id)
    return (bill.line_id,) if parent is None else (parent, bill.line_id)


def list_write_offs(
    *,
    institution_id: int | None = None,
    state: str | None = None,
    after_id: int = 0,
    limit: int,
) -> Sequence[WriteOff]:
    """List write-offs with ids above `after_id`, in order; an institution's, or everybody's."""
    found = WriteOff.objects.select_related("institution").filter(pk__gt=after_id)
    if institution_id is not None:
        found = found.filter(institution_id=institution_id)
    if state is not None:
        found = found.filter(state=state)
    return list(found.order_by("pk")[:limit])


def provide(*, area: str, as_of: date) -> list[Provision]:
    """Compute what is set aside for an area's unpaid bills as of the end of a date, and keep it.

    By bearer and age band of the scheme in force then; each band is rounded once, up
    (`rules.set_aside`). Again for the same date: the same rows, as far as the same payments are
    known. Bills that a bank collects are the bank's. In a transaction of its own.
    """
    scheme = versions.in_force(Area.objects.values_list("scheme", flat=True).get(pk=area), on=as_of)
    bands = scheme.bad_debt.provisions
    parameters = _bearers(scheme) | {
        "area": area,
        "as_of": as_of,
        "until": dates.day_bounds(as_of)[1],
        "from_days": [band.from_days for band in bands],
        "to_days": [band.to_days for band in bands],
        "permilles": [band.permille for band in bands],
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statements.PROVIDE, parameters)
        kept = Provision.objects.filter(area=area, as_of=as_of)
        return list(kept.order_by("bearer", "from_days"))


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A movement of a bearer's bad debt; `amount_fen` is negative where the debt ended."""

    business_date: date
    kind: str
    """`write_off`, `payment` (recovered) or `write_off_lowered` (by a refund)."""
    bill_id: int
    visit_no: str
    institution: str
    institution_name: str
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Statement:
    """What a treasury bears in a month (fen): opening + written off − recovered − lowered."""

    bearer: str
    month: date
    opening_fen: int
    rows: tuple[StatementRow, ...]

    @property
    def written_off_fen(self) -> int:
        """What was written off in the month."""
        return self._sum("write_off")

    @property
    def recovered_fen(self) -> int:
        """What was paid after all."""
        return -self._sum("payment")

    @property
    def lowered_fen(self) -> int:
        """What was not owed after all."""
        return -self._sum("write_off_lowered")

    @property
    def closing_fen(self) -> int:
        """What the bearer bears at the month's end."""
        return self.opening_fen + sum(row.amount_fen for row in self.rows)

    def _sum(self, kind: str) -> int:
        return sum(row.amount_fen for row in self.rows if row.kind == kind)


def statement(
    *, bearer: str, month: date, institution_id: int | None = None, area: str | None = None
) -> Statement:
    """Write a bearer's statement of a month from the ledger: closing is the account's balance then.

    `month` is any day of it. With an institution or an area: that one's part only.
    """
    since = month.replace(day=1)
    until = (since + timedelta(days=31)).replace(day=1)
    parameters: dict[str, Any] = {
        "account": recovering.account(bearer),
        "since": since,
        "until": until,
        "institution": institution_id,
        "area": area,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statements.OPENING, parameters)
        ((opening_fen,),) = cursor.fetchall()
        cursor.execute(statements.ROWS, parameters)
        rows = tuple(StatementRow(*row) for row in cursor.fetchall())
    return Statement(bearer=bearer, month=since, opening_fen=int(opening_fen), rows=rows)


def bearers(*, area: str) -> list[str]:
    """Name everybody who bears, or is proposed to bear, bad debt of an area."""
    found = WriteOff.objects.filter(institution__area=area).values_list("bearer", flat=True)
    return sorted(set(found.distinct()))
