"""A settlement that waits is completed when its bill is paid, in the paying transaction."""

from collections.abc import Sequence
from datetime import datetime

from yifu import rows
from yifu.settlement import jobs

_COMPLETE = """
WITH waiting AS (
    SELECT id FROM settlement_settlement
    WHERE bill_id = ANY(%(bills)s::bigint[]) AND state = 'awaiting_payment'
    ORDER BY id FOR UPDATE
)
UPDATE settlement_settlement settlement
SET state = 'completed', completed_at = %(now)s::timestamptz
FROM waiting WHERE settlement.id = waiting.id
RETURNING settlement.id
"""


def complete_paid(*, bill_ids: Sequence[int], now: datetime, **_: object) -> None:
    """Complete what waited for bills and have its receipts issued: one statement for all."""
    completed = rows.run(_COMPLETE, {"bills": list(bill_ids), "now": now})
    jobs.issue_receipts_soon([row[0] for row in completed])
