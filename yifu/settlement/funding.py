"""The patient's part: payer and method chosen, posting, bill, receipt job; one transaction."""

from datetime import date, datetime
from typing import Any

import orjson
from django.db import transaction

from yifu import clock, rows
from yifu.collection import services as collection
from yifu.collection.models import Bill
from yifu.collection.services import NewBill
from yifu.collection.statements import BILLED
from yifu.credit import holds, versions
from yifu.credit import rules as credit_rules
from yifu.credit import services as credit
from yifu.credit.rules import Payer
from yifu.credit.schemes import Scheme
from yifu.errors import YifuError
from yifu.insurance import exchanges
from yifu.insurance.models import Encounter
from yifu.insurance.rules import Split
from yifu.ledger.errors import HoldNotOpen
from yifu.payments import services as payments
from yifu.payments.models import Attempt, AttemptState
from yifu.settlement import jobs, posting, rules
from yifu.settlement.answers import Outcome, bill_of, describe, keep, status_of
from yifu.settlement.insuring import Insured
from yifu.settlement.models import Method, Settlement, SettlementState
from yifu.settlement.posting import NotOnCredit
from yifu.settlement.rules import Funded, Refusal
from yifu.settlement.work import SPLIT_LINES, Work, split_of
from yifu.visits.models import VisitKind

_COMPLETED = (Method.CREDIT, Method.BANK, Method.NONE, Method.ONECODE)

# The insurer's answer, its view of the lines, the bill, the settlement and the job of its receipt
# are written as one.
_INSURED = f"""
WITH {exchanges.CLOSED}, {SPLIT_LINES}, {BILLED}, written AS (
    UPDATE settlement_settlement
    SET state = %(state)s, method = %(method)s, bill_id = (SELECT id FROM billed),
        fund_fen = %(fund)s, account_fen = %(account)s, personal_fen = %(personal)s,
        hospital_fen = %(hospital)s, clr_type = %(clr_type)s,
        split = %(split)s::jsonb, setl_id = %(setl_id)s, msgid = %(msgid)s,
        insured_at = %(now)s, completed_at = %(completed)s, business_date = %(date)s,
        reason = CASE WHEN reason = '{rules.INSURANCE_STOPPED}' THEN reason
                      ELSE coalesce(%(refusal)s::text, reason) END
    WHERE id = %(id)s AND state IN ('claimed', 'unknown', 'insured')
    RETURNING *
)
SELECT {rows.columns(Settlement, "written")}, {rows.columns(Bill, "billed")}, {jobs.RECEIPT_SOON}
FROM written LEFT JOIN billed ON true
"""  # noqa: S608 - the names of our own columns


class FinishedElsewhere(Exception):
    """Another request or the recovery finished this settlement at the same time."""


def self_paid(total_fen: int) -> Split:
    """The split of a visit that no insurer takes part in."""
    return Split(
        total_fen=total_fen,
        fund_fen=0,
        account_fen=0,
        cash_fen=total_fen,
        hosp_fen=0,
        own_fen=total_fen,
        over_fen=0,
        presel_fen=0,
        inscp_fen=0,
        deductible_fen=0,
        funds=(),
        balance_fen=0,
    )


def fund(work: Work, insured: Insured | None, *, now: datetime) -> Outcome:
    """Fund the personal part and finish the settlement, or leave it awaiting payment.

    What cannot go on credit is paid at the window, and the settlement's reason says why. Gives
    what is there already when somebody else finished it at the same time.
    """
    payer = find_payer(work, now=now)
    refusal: Refusal | None = None
    while True:
        try:
            with transaction.atomic():
                outcome, debit = _fund(work, insured, payer, refusal, now=now)
            break
        except FinishedElsewhere:
            return current(work.settlement_id)
        except NotOnCredit as stop:
            refusal = stop.refusal
        except HoldNotOpen:  # captured, released or expired since it was looked for
            payer = find_payer(work, now=now)
    return _debit(work, debit, now=now) if debit is not None else outcome


def find_payer(work: Work, *, now: datetime) -> Payer | None:
    """Find who pays for a visit, and its hold; one whose time is over expires here and now."""
    subject = f"visit:{work.visit.pk}"
    payer = credit.find_payer(work.visit.person_id, subject=subject)
    if payer is not None and payer.hold is not None and payer.hold.over(now):
        holds.expire(payer.hold.key, now=now)
        payer = credit.find_payer(work.visit.person_id, subject=subject)
    return payer


def _fund(
    work: Work,
    insured: Insured | None,
    payer: Payer | None,
    refusal: Refusal | None,
    *,
    now: datetime,
) -> tuple[Outcome, int | None]:
    split = insured.settled.split if insured else self_paid(work.total_fen)
    scheme = versions.at(work.visit.institution.area.scheme, now)
    funded = rules.choose(
        asked=work.asked_method,
        personal_fen=split.personal_fen,
        payer=payer,
        person_id=work.visit.person_id,
        scheme=scheme,
        kind=work.visit.kind,
    )
    if refusal is not None and funded.lines:
        funded = rules.on_own_account(funded, refusal)
    # The insurer counts a settlement on the day of its own clock; so do we.
    date = clock.business_date(insured.settled.setl_time if insured else now)
    posting.post(work, split, funded, payer, scheme=scheme, date=date, now=now)
    bill = _bill(work, split, funded, scheme, now=now)
    settlement = _write(work, insured, split, funded, bill, date=date, now=now)
    if insured is not None and work.visit.kind == VisitKind.PHARMACY:
        Encounter.objects.filter(visit=work.visit).update(mdtrt_id=insured.settled.mdtrt_id)
    if funded.method == Method.CASH and settlement.bill_id is not None:
        _take_cash(work, settlement.bill_id, split.personal_fen, now=now)
        settlement.refresh_from_db()
    debit = settlement.bill_id if funded.method == Method.DEBIT else None
    status = 202 if debit is not None else status_of(settlement)
    outcome = Outcome(work.settlement_id, status, describe(settlement, bill_of(settlement)))
    keep(work.record_id, outcome, effect=work.subject)
    return outcome, debit


def _bill(
    work: Work, split: Split, funded: Funded, scheme: Scheme, *, now: datetime
) -> NewBill | None:
    if split.personal_fen == 0 or funded.method == Method.ONECODE:
        return None
    return NewBill(
        visit_id=work.visit.pk,
        principal_id=funded.principal_id,
        account=funded.account,
        line_id=funded.lines[-1] if funded.lines else None,
        amount_fen=split.personal_fen,
        due_at=None if funded.method == Method.BANK else _due_at(work, scheme, now=now),
    )


def _due_at(work: Work, scheme: Scheme, *, now: datetime) -> datetime | None:
    """Tell when the bill is due; what remains after a refund is due when all of it was (P4.1)."""
    if work.replaces is not None:
        before = Bill.objects.filter(settlements=work.replaces, due_at__isnull=False)
        due_at = before.values_list("due_at", flat=True).first()
        if due_at is not None:
            return due_at
    visit = work.visit
    return credit_rules.due_when_opened(
        scheme, ended_at=visit.ended_at, opened_at=now, kind=visit.kind
    )


def _write(
    work: Work,
    insured: Insured | None,
    split: Split,
    funded: Funded,
    bill: NewBill | None,
    *,
    date: date,
    now: datetime,
) -> Settlement:
    completed = funded.method in _COMPLETED
    state = SettlementState.COMPLETED if completed else SettlementState.AWAITING_PAYMENT
    parameters: dict[str, Any] = {
        "id": work.settlement_id,
        "state": state,
        "method": funded.method,
        "fund": split.fund_fen,
        "account": split.account_fen,
        "personal": split.personal_fen,
        "hospital": split.hosp_fen,
        "split": orjson.dumps(split).decode(),
        "clr_type": insured.settled.clr_type if insured else "",
        "setl_id": insured.settled.setl_id if insured else "",
        "msgid": insured.pending.msgid if insured else "",
        "now": now,
        "completed": now if completed else None,
        "date": date,
        "refusal": funded.refusal,
    }
    parameters |= split_of(insured.lines if insured else ())
    parameters |= collection.billing(bill)
    parameters |= jobs.receipt_soon(work.settlement_id, wanted=completed)
    parameters |= exchanges.closing(
        insured.pending if insured else None, insured.heard if insured else None
    )
    row = rows.one(_INSURED, parameters)
    if row is None:
        raise FinishedElsewhere
    settlement, place = rows.take(Settlement, row)
    if settlement is None:
        raise FinishedElsewhere
    settlement.bill, _ = rows.take(Bill, row, place)
    return settlement


def _take_cash(work: Work, bill_id: int, amount_fen: int, *, now: datetime) -> None:
    institution = work.visit.institution
    attempt = payments.take_cash(
        area=institution.area_id,
        subject=f"bill:{bill_id}",
        amount_fen=amount_fen,
        now=now,
    )
    collection.apply_attempt(attempt_id=attempt.pk, now=now)


def _debit(work: Work, bill_id: int, *, now: datetime) -> Outcome:
    """Take the personal part through the debit channel, outside any transaction.

    Whatever comes of it, the bill is there: a debit that fails leaves it to be paid otherwise.
    """
    under_way = _try_debit(work, bill_id, now=now)
    settlement = Settlement.objects.select_related("bill").get(pk=work.settlement_id)
    status = status_of(settlement, attempt_open=under_way)
    outcome = Outcome(work.settlement_id, status, describe(settlement, bill_of(settlement)))
    keep(work.record_id, outcome, effect=work.subject)
    return outcome


def _try_debit(work: Work, bill_id: int, *, now: datetime) -> bool:
    """Ask the channel once; True while its answer is missing."""
    bill = Bill.objects.get(pk=bill_id)
    binding = payments.find_binding(bill.principal_id)
    channel = work.asked_method
    if channel == "auto":
        if binding is None:
            return False
        channel = binding.channel.code
    try:
        collection.pay_bill(
            bill_id=bill_id,
            channel=channel,
            amount_fen=bill.owed_fen,
            now=now,
            institution_id=work.visit.institution_id,
        )
    except YifuError as refusal:
        Settlement.objects.filter(pk=work.settlement_id).update(reason=refusal.code)
    return Attempt.objects.filter(
        subject=f"bill:{bill_id}",
        state__in=[AttemptState.REQUESTED, AttemptState.UNKNOWN],
    ).exists()


def current(settlement_id: int) -> Outcome:
    """Describe a settlement as it is now."""
    settlement = Settlement.objects.select_related("bill").get(pk=settlement_id)
    return Outcome(settlement_id, status_of(settlement), describe(settlement, bill_of(settlement)))
