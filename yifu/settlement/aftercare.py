"""What follows a settlement: its receipt, the message to the payer, money that goes back."""

from yifu import clock
from yifu.collection import services as collection
from yifu.insurance import exchanges
from yifu.insurance import services as insurance
from yifu.insurance.models import ExchangeState
from yifu.money import display
from yifu.patients import services as patients
from yifu.receipts import services as receipts
from yifu.receipts.services import ReceiptContent, ReceiptLine
from yifu.settlement.models import Method, Settlement, SettlementState


def issue_receipt(settlement_id: int) -> None:
    """Issue a completed settlement's receipt (P6.1) and tell the payer; safe to repeat.

    Raises `FiscalUnavailable` so that the job comes again.
    """
    settlement = Settlement.objects.select_related("person", "visit", "bill").get(pk=settlement_id)
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
    encounter = getattr(visit, "encounter", None) if settlement.insured else None
    lines = settlement.lines.select_related("charge").order_by("charge__line_no")
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
        insutype=encounter.insutype if encounter else "",
        balanced_number=settlement.setl_id,
        lines=tuple(
            ReceiptLine(
                local_code=line.charge.local_code,
                name=line.charge.name,
                category="",
                quantity=line.charge.quantity,
                unit="",
                amount_fen=line.amount_fen,
                own_fen=line.own_fen + line.over_fen + line.preself_fen
                if settlement.insured
                else line.amount_fen,
            )
            for line in lines
        ),
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
    """Take back the upload of a rejected settlement (2205); the insurer's no is an answer too."""
    from yifu.settlement.services import resume_work  # noqa: PLC0415 - services import the jobs

    settlement = Settlement.objects.get(pk=settlement_id)
    now = clock.job_now(settlement.claimed_at)
    work = resume_work(settlement, now=now)
    if work.case is None or settlement.state != SettlementState.REJECTED:
        return
    envelope = insurance.withdraw_message(work.case, batch_no=work.batch_no, subject=work.subject)
    heard = exchanges.exchange(settlement.institution_id, envelope, now=now)
    if heard.state in {ExchangeState.UNKNOWN, ExchangeState.UNSENT}:
        heard.output_or_raise()
