"""What a settlement would come to, before it is asked for; changes nothing (P3.12, P7.4)."""

from datetime import datetime
from typing import Any

from yifu import clock
from yifu.catalogue import services as catalogue
from yifu.catalogue.rules import ChargeLine, Finding, consent_needed
from yifu.credit import services as credit
from yifu.insurance import answers, exchanges
from yifu.insurance import services as insurance
from yifu.insurance.rules import LineSplit, Split
from yifu.settlement import rules, services
from yifu.settlement.funding import self_paid
from yifu.settlement.work import load_visit, open_charges
from yifu.visits.models import Charge, Visit


def preview(*, institution_id: int, visit_id: int, now: datetime) -> dict[str, Any]:
    """Tell the expected split, how the personal part would be paid, and what to watch out for.

    The charges are uploaded under a batch of their own, pre-settled (2206) and withdrawn (2205).
    Raises as `services.settle` does.
    """
    visit, encounter = load_visit(visit_id, institution_id)
    charges = open_charges(visit.pk, None).charges
    case = services.make_known(visit, encounter, now=now)
    total_fen = sum(charge.amount_fen for charge in charges)
    split = self_paid(total_fen)
    lines: tuple[LineSplit, ...] = ()
    if case is not None:
        split, lines = _ask(case, charges, total_fen, now=now)
    payer = credit.find_payer(visit.person_id)
    funded = rules.choose(
        asked="auto",
        personal_fen=split.personal_fen,
        payer=payer,
        person_id=visit.person_id,
    )
    return {
        "warnings": [_show(finding) for finding in _findings(visit, charges, lines, now=now)],
        "total_fen": split.total_fen,
        "fund_fen": split.fund_fen,
        "account_fen": split.account_fen,
        "personal_fen": split.personal_fen,
        "method": funded.method.value,
    }


def _ask(
    case: insurance.Case,
    charges: list[Charge],
    total_fen: int,
    *,
    now: datetime,
) -> tuple[Split, tuple[LineSplit, ...]]:
    subject, batch_no = f"preview:{case.visit.pk}", f"P{case.visit.pk}"
    institution_id = case.visit.institution_id
    numbered = [(charge.pk, charge) for charge in charges]
    upload = insurance.upload_message(case, batch_no=batch_no, lines=numbered, subject=subject)
    heard = exchanges.exchange(institution_id, upload, now=now)
    lines = answers.read_lines(heard.output_or_raise())
    try:
        asking = insurance.preview_message(
            case,
            batch_no=batch_no,
            total_fen=total_fen,
            subject=subject,
        )
        told = exchanges.exchange(institution_id, asking, now=now)
        split = answers.read_presettled(told.output_or_raise())
    finally:
        withdraw = insurance.withdraw_message(case, batch_no=batch_no, subject=subject)
        exchanges.exchange(institution_id, withdraw, now=now)
    return split, lines


def _findings(
    visit: Visit,
    charges: list[Charge],
    lines: tuple[LineSplit, ...],
    *,
    now: datetime,
) -> list[Finding]:
    asked = [charge_line(charge) for charge in charges]
    uncovered_ids = {int(line.feedetl_sn) for line in lines if line.own_fen == line.amount_fen}
    uncovered = [
        charge_line(charge)
        for charge in charges
        if charge.pk in uncovered_ids and charge.amount_fen > 0
    ]
    consent = consent_needed(uncovered) if lines else None
    found = list(catalogue.warnings(visit.person, asked, on=clock.business_date(now)))
    return found + ([consent] if consent else [])


def charge_line(charge: Charge) -> ChargeLine:
    """Give a charge as the value that the charge rules work on."""
    return ChargeLine(
        line_no=charge.line_no,
        local_code=charge.local_code,
        national_code=charge.national_code,
        name=charge.name,
        quantity=charge.quantity,
        unit_price_fen=charge.unit_price_fen,
        amount_fen=charge.amount_fen,
        occurred_at=charge.occurred_at,
    )


def _show(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "message_zh": finding.zh,
        "message_en": finding.en,
        "lines": list(finding.lines),
    }
