"""A run's figures, recomputed from stored rows: nothing here believes what anybody reported."""

from dataclasses import dataclass
from typing import Any

from django.db import connection

_RUN = """
run_visits AS (
    SELECT id, person_id FROM visits_visit
    WHERE visit_no LIKE %(prefix)s AND visit_no NOT LIKE %(waiting)s
), run_settlements AS (
    SELECT settlement.* FROM settlement_settlement settlement
    JOIN run_visits visit ON visit.id = settlement.visit_id
), run_bills AS (
    SELECT bill.* FROM collection_bill bill JOIN run_visits visit ON visit.id = bill.visit_id
), run_attempts AS (
    SELECT attempt.*, channel.code AS channel FROM payments_attempt attempt
    JOIN payments_channel channel ON channel.id = attempt.channel_id
    JOIN run_bills bill ON attempt.subject = 'bill:' || bill.id
), run_receipts AS (
    SELECT receipt.* FROM receipts_receipt receipt
    JOIN run_visits visit ON visit.id = receipt.visit_id
)
"""

_FIGURES = f"""
WITH {_RUN},
settled AS (
    SELECT count(DISTINCT visit_id) AS settled, count(*) AS settlements,
           coalesce(sum(total_fen), 0)::bigint AS total_fen,
           coalesce(sum(fund_fen), 0)::bigint AS fund_fen,
           coalesce(sum(account_fen), 0)::bigint AS account_fen,
           coalesce(sum(personal_fen), 0)::bigint AS personal_fen,
           coalesce(sum(hospital_fen), 0)::bigint AS hospital_fen,
           coalesce(sum(personal_fen) FILTER (WHERE method IN ('credit', 'bank')), 0)::bigint
               AS on_credit_fen
    FROM run_settlements WHERE state = 'completed'
), others AS (
    SELECT count(*) FILTER (WHERE state = 'reversed') AS reversed,
           count(*) FILTER (WHERE state = 'rejected') AS rejected_settlements,
           count(*) FILTER (WHERE state = 'awaiting_payment') AS awaiting_payment,
           count(*) FILTER (WHERE state IN ('claimed', 'insured', 'unknown', 'reversing'))
               AS under_way,
           (coalesce(sum(total_fen) FILTER (WHERE state = 'reversed'), 0)
            - coalesce(sum(total_fen) FILTER (
                WHERE replaces_id IS NOT NULL AND state NOT IN ('reversed', 'rejected')), 0)
           )::bigint AS refunded_fen
    FROM run_settlements
), paid AS (
    SELECT coalesce(sum(amount_fen) FILTER (WHERE channel <> 'cash'), 0)::bigint AS debited_fen,
           coalesce(sum(amount_fen) FILTER (WHERE channel = 'cash'), 0)::bigint AS cash_fen
    FROM run_attempts WHERE state = 'succeeded'
), returned AS (
    SELECT coalesce(sum(refund.amount_fen), 0)::bigint AS returned_fen
    FROM payments_refund refund JOIN run_attempts attempt ON attempt.id = refund.attempt_id
    WHERE refund.state = 'succeeded'
), owed AS (
    SELECT coalesce(sum(amount_fen - paid_fen) FILTER (
               WHERE state IN ('open', 'overdue', 'defaulted')), 0)::bigint AS owed_fen,
           count(*) FILTER (WHERE state = 'overdue') AS overdue
    FROM run_bills
), receipts AS (
    SELECT count(*) FILTER (WHERE red_of_id IS NULL AND number <> '') AS receipts,
           count(*) FILTER (WHERE red_of_id IS NOT NULL AND number <> '') AS red_receipts
    FROM run_receipts
), recovered AS (
    -- Whoever recovers a settlement asks the insurer about it first (5203), and nobody else does.
    SELECT count(*) AS recovered FROM run_settlements settlement
    WHERE state NOT IN ('claimed', 'insured', 'unknown', 'reversing') AND EXISTS (
        SELECT 1 FROM insurance_exchange exchange
        WHERE exchange.subject = 'query:' || settlement.id AND exchange.infno = '5203')
)
SELECT (SELECT count(*) FROM run_visits) AS visits, settled.*, others.*, paid.*, returned.*,
       owed.*, receipts.*, recovered.*
FROM settled, others, paid, returned, owed, receipts, recovered
"""  # noqa: S608 - constants of this module

_UNRECEIPTED = f"""
WITH {_RUN}
SELECT count(*) FROM run_settlements settlement
WHERE settlement.state = 'completed' AND NOT EXISTS (
    SELECT 1 FROM run_receipts receipt
    WHERE receipt.settlement_id = settlement.id AND receipt.red_of_id IS NULL
      AND receipt.state = 'issued')
"""  # noqa: S608 - constants of this module

# Two of each kind at most: what a statement is tampered with, by the order of visits.
_MARKS = f"""
WITH {_RUN}
SELECT settlement.setl_id, settlement.business_date
FROM run_settlements settlement
JOIN visits_visit visit ON visit.id = settlement.visit_id
WHERE settlement.state = 'completed' AND settlement.setl_id <> '' AND settlement.replaces_id IS NULL
ORDER BY settlement.business_date DESC, visit.visit_no LIMIT 2
"""  # noqa: S608 - constants of this module

_PAYMENT_MARK = f"""
WITH {_RUN}
SELECT attempt.out_trade_no, attempt.business_date
FROM run_attempts attempt
WHERE attempt.state = 'succeeded' AND attempt.channel <> 'cash'
ORDER BY attempt.business_date, attempt.amount_fen DESC, attempt.out_trade_no LIMIT 1
"""  # noqa: S608 - constants of this module


@dataclass(frozen=True, slots=True)
class Run:
    """One run's visits, known by their numbers."""

    number: int

    def figures(self) -> dict[str, int]:
        """Compute the run's counts and amounts (fen)."""
        with connection.cursor() as cursor:
            cursor.execute(_FIGURES, self._parameters())
            names = [column.name for column in cursor.description]
            return dict(zip(names, cursor.fetchone(), strict=True))

    def without_receipt(self) -> int:
        """Count completed settlements that have no issued receipt (L8)."""
        return int(self._rows(_UNRECEIPTED)[0][0])

    def settlement_marks(self) -> list[tuple[Any, ...]]:
        """Give `setl_id` and date of up to two settlements, the same ones for the same seed."""
        return self._rows(_MARKS)

    def payment_marks(self) -> list[tuple[Any, ...]]:
        """Give number and date of the first payment through a channel, if there is one."""
        return self._rows(_PAYMENT_MARK)

    def _parameters(self) -> dict[str, str]:
        return {"prefix": f"R{self.number:04d}%", "waiting": f"R{self.number:04d}W%"}

    def _rows(self, statement: str) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(statement, self._parameters())
            return list(cursor.fetchall())
