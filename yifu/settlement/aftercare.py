"""What follows a settlement: its receipt, the message to the payer, money that goes back."""

from django.db import connection

from yifu import clock
from yifu.collection import services as collection
from yifu.collection.models import BillState
from yifu.insurance import exchanges
from yifu.insurance import services as insurance
from yifu.insurance.models import ExchangeState
from yifu.money import display
from yifu.patients import services as patients
from yifu.receipts import services as receipts
from yifu.receipts.rules import CASH, INSURER, WECHAT
from yifu.receipts.services import ReceiptContent, ReceiptLine
from yifu.settlement.models import Method, Settlement, SettlementState
from yifu.settlement.rules import INSURANCE_STOPPED
from yifu.settlement.work import load_visit

# A charge with what was charged off it is one line, and none when nothing is left of it.
_LINES = """
WITH charged AS (
    SELECT coalesce(charge.corrects_id, charge.id) AS id, sum(charge.quantity) AS quantity,
           sum(line.amount_fen)::bigint AS amount_fen, sum(line.own_fen)::bigint AS own_fen
    FROM settlement_settlementline line JOIN visits_charge charge ON charge.id = line.charge_id
    WHERE line.settlement_id = %s GROUP BY 1 HAVING sum(charge.quantity) > 0
)
SELECT charge.local_code, charge.name, item.charge_category, charged.quantity, item.unit,
       charged.amount_fen, charged.own_fen
FROM charged
JOIN visits_charge charge ON charge.id = charged.id
JOIN visits_visit visit ON visit.id = charge.visit_id
LEFT JOIN catalogue_item item
       ON item.institution_id = visit.institution_id AND item.local_code = charge.local_code
ORDER BY charge.line_no
"""

_PAID_BY = {"cash": CASH, "wechat": WECHAT}
"""The fiscal platform's code of a channel."""


def issue_receipt(settlement_id: int) -> None:
    """Issue a completed settlement's receipt (P6.1) and tell the payer; safe to repeat.

    Raises `FiscalUnavailable` so that the job comes again.
    """
    settlement = Settlement.objects.select_related(
        "person", "visit", "visit__encounter", "bill"
    ).get(pk=settlement_id)
    if settlement.state != SettlementState.COMPLETED:
        return
    at = settlement.completed_at or settlement.claimed_at
    tell_payer(settlement)
    receipts.issue(content_of(settlement), now=clock.job_now(at))


def tell_payer(settlement: Settlement) -> None:
    """Tell the principal in real time what went on the credit line, and until when to pay."""
    bill = settlement.bill
    if bill is None or settlement.method != Method.CREDIT or bill.due_at is None:
        return
    patients.notify(
        person_id=bill.principal_id,
        template="bill_opened",
        params={
            "name": settlement.person.name,
            "date": f"{settlement.visit.began_at.astimezone(clock.CHINA):%m-%d}",
            "amount": display(settlement.personal_fen),
            "due": f"{bill.due_at.astimezone(clock.CHINA):%m-%d %H:%M}",
        },
        key=f"settlement:{settlement.pk}:opened",
        now=settlement.completed_at or settlement.claimed_at,
    )


def content_of(settlement: Settlement) -> ReceiptContent:
    """Gather what a receipt says from the settlement's rows; amounts in fen."""
    visit = settlement.visit
    return ReceiptContent(
        settlement_id=settlement.pk,
        institution_id=settlement.institution_id,
        person_id=settlement.person_id,
        visit_id=visit.pk,
        payer_name=settlement.person.name,
        department=visit.department_name,
        visit_no=visit.visit_no,
        happened_at=settlement.completed_at or settlement.claimed_at,
        total_fen=settlement.total_fen,
        fund_fen=settlement.fund_fen,
        account_fen=settlement.account_fen,
        personal_fen=settlement.personal_fen,
        insutype=visit.encounter.insutype if settlement.insured else "",
        balanced_number=settlement.setl_id,
        lines=_lines(settlement),
        paid_by=_paid_by(settlement),
    )


def _paid_by(settlement: Settlement) -> str:
    """Tell how the personal part was paid; "" while anything of it is owed, as on credit."""
    if settlement.method == Method.ONECODE:
        return INSURER
    bill = settlement.bill
    if bill is None or bill.state != BillState.PAID:
        return ""
    payment = bill.payments.select_related("attempt__channel").order_by("-pk").first()
    return _PAID_BY.get(payment.attempt.channel.code, "") if payment is not None else ""


def _lines(settlement: Settlement) -> tuple[ReceiptLine, ...]:
    """Read the charges with the price list's category and unit; a foreign item has neither."""
    with connection.cursor() as cursor:
        cursor.execute(_LINES, [settlement.pk])
        found = cursor.fetchall()
    return tuple(
        ReceiptLine(
            local_code=local_code,
            name=name,
            category=category or "",
            quantity=quantity,
            unit=unit or "",
            amount_fen=amount_fen,
            own_fen=own_fen if settlement.insured else amount_fen,
        )
        for local_code, name, category, quantity, unit, amount_fen, own_fen in found
    )


def flush_receipt(settlement_id: int) -> None:
    """Flush a reversed settlement's receipt (P6.1) and send back what was paid too much (P3.10)."""
    settlement = Settlement.objects.get(pk=settlement_id)
    if settlement.state != SettlementState.REVERSED:
        return
    now = clock.job_now(settlement.reversed_at)
    receipts.flush(settlement_id, reason=settlement.reason or "退费", now=now)


def send_back(bill_id: int, *, settlement: Settlement) -> None:
    """Refund what a bill was paid beyond its amount, by the way it came."""
    now = clock.job_now(settlement.reversed_at)
    for refund_id in collection.refund_excess(bill_id=bill_id, now=now):
        collection.finish_refund(refund_id=refund_id, now=now)


def withdraw_upload(settlement_id: int) -> None:
    """Take back what was uploaded for nothing (2205); the insurer's no is an answer too.

    Of a settlement that was rejected, or went on without the insurer.
    """
    settlement = Settlement.objects.get(pk=settlement_id)
    unused = settlement.state == SettlementState.REJECTED or settlement.reason == INSURANCE_STOPPED
    now = clock.job_now(settlement.claimed_at)
    visit, encounter = load_visit(settlement.visit_id, settlement.institution_id)
    if encounter is None or not unused:
        return
    case = insurance.case_of(visit, encounter, now=now)
    envelope = insurance.withdraw_message(
        case, batch_no=str(settlement.pk), subject=f"settlement:{settlement.pk}"
    )
    heard = exchanges.exchange(settlement.institution_id, envelope, now=now)
    if heard.state in {ExchangeState.UNKNOWN, ExchangeState.UNSENT}:
        heard.output_or_raise()
