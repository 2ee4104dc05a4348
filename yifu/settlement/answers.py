"""What a settlement looks like to the caller."""

from dataclasses import dataclass
from typing import Any

import orjson

from yifu.institutions import services as institutions
from yifu.settlement.models import Settlement, SettlementState

_PENDING = (
    SettlementState.CLAIMED,
    SettlementState.UNKNOWN,
    SettlementState.INSURED,
    SettlementState.REVERSING,
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is answered: the settlement, an HTTP status (201, or 202 while unknown), the body."""

    settlement_id: int
    status: int
    body: dict[str, Any]


def keep(record_id: int | None, outcome: Outcome, *, effect: str) -> None:
    """Keep an answer with its key, if it has one: the same request again is answered alike (L9)."""
    if record_id is not None:
        body = orjson.dumps(outcome.body).decode()
        institutions.answer_key(record_id, status=outcome.status, body=body, effect=effect)


def status_of(settlement: Settlement, *, attempt_open: bool = False) -> int:
    """202 while an outside answer is missing, else 201."""
    return 202 if attempt_open or settlement.state in _PENDING else 201


def describe(settlement: Settlement, bill: dict[str, Any] | None) -> dict[str, Any]:
    """Describe a settlement; amounts in fen."""
    return {
        "id": settlement.pk,
        "visit_id": settlement.visit_id,
        "state": settlement.state,
        "total_fen": settlement.total_fen,
        "fund_fen": settlement.fund_fen,
        "account_fen": settlement.account_fen,
        "personal_fen": settlement.personal_fen,
        "hospital_fen": settlement.hospital_fen,
        "method": settlement.method or None,
        "bill": bill,
        "insurer": {"setl_id": settlement.setl_id, "msgid": settlement.msgid}
        if settlement.insured
        else None,
        "replaces": settlement.replaces_id,
        "reason": settlement.reason,
    }


def bill_of(settlement: Settlement) -> dict[str, Any] | None:
    """Describe the bill a settlement opened, as it is now."""
    bill = settlement.bill
    if bill is None:
        return None
    return {
        "id": bill.pk,
        "state": bill.state,
        "amount_fen": bill.amount_fen,
        "paid_fen": bill.paid_fen,
        "due_at": bill.due_at.isoformat() if bill.due_at else None,
    }
