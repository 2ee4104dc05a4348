"""Which receipts, settlement lists and self-payers' charges are to be uploaded: sets, not loops."""

from datetime import datetime
from typing import Any, Final

from django.db import connection

from yifu.insurance.care import CHRONIC_CARE
from yifu.uploads.models import ListScope, UploadPolicy
from yifu.visits.models import VisitKind

_LISTED_KINDS: Final = (VisitKind.INPATIENT.value,)
"""Kinds of visit whose settlements always need a list, besides chronic diseases."""

_RECEIPTS = """
INSERT INTO uploads_receiptupload (institution_id, receipt_id, state, reason, changed_at, again)
SELECT receipt.institution_id, receipt.id, 'waiting', '', %(now)s, false
FROM receipts_receipt receipt
WHERE receipt.institution_id = %(institution)s AND receipt.number <> ''
  AND receipt.issued_at < %(until)s
  AND NOT EXISTS (SELECT 1 FROM uploads_receiptupload known WHERE known.receipt_id = receipt.id)
ON CONFLICT DO NOTHING
"""

_LISTS = """
INSERT INTO uploads_listupload (institution_id, settlement_id, state, reason, changed_at, missing,
                                supplement, number, submitted)
SELECT settlement.institution_id, settlement.id, 'waiting', '', %(now)s, '[]', '{}', '', false
FROM settlement_settlement settlement JOIN visits_visit visit ON visit.id = settlement.visit_id
WHERE settlement.institution_id = %(institution)s AND settlement.state = 'completed'
  AND settlement.insured AND settlement.completed_at < %(until)s
  AND (%(all)s OR visit.kind = ANY(%(kinds)s) OR visit.med_type = ANY(%(med_types)s))
  AND NOT EXISTS (SELECT 1 FROM uploads_listupload known
                  WHERE known.settlement_id = settlement.id)
ON CONFLICT DO NOTHING
"""

_SELF_PAID = """
INSERT INTO uploads_selfpaidupload (institution_id, settlement_id, state, reason, changed_at,
                                    sent_lines)
SELECT settlement.institution_id, settlement.id, 'waiting', '', %(now)s, 0
FROM settlement_settlement settlement
WHERE settlement.institution_id = %(institution)s AND settlement.state = 'completed'
  AND NOT settlement.insured AND settlement.completed_at < %(until)s
  AND NOT EXISTS (SELECT 1 FROM uploads_selfpaidupload known
                  WHERE known.settlement_id = settlement.id)
ON CONFLICT DO NOTHING
"""

# A settlement reversed before its upload went out is not uploaded at all; one that went out before
# is marked, because the interface has no message that takes it back.
_OBSOLETE = """
UPDATE {table} upload SET state = 'obsolete', changed_at = %(now)s, reason = CASE
    WHEN upload.state IN ('uploaded', 'accepted') THEN %(late)s ELSE '' END
FROM settlement_settlement settlement
WHERE upload.institution_id = %(institution)s AND settlement.id = upload.settlement_id
  AND settlement.state = 'reversed' AND upload.state <> 'obsolete'
"""
LATE: Final = "上传后结算已撤销，须在医保网上大厅更正"


def policy_of(institution_id: int) -> UploadPolicy:
    """Give what an institution uploads; without a row of its own, the defaults."""
    found = UploadPolicy.objects.filter(institution=institution_id).first()
    return found or UploadPolicy(institution_id=institution_id)


def enrol(institution_id: int, *, until: datetime, now: datetime) -> dict[str, int]:
    """Write down what is to be uploaded of what ended before `until`; again adds nothing twice."""
    policy = policy_of(institution_id)
    asked = {"institution": institution_id, "until": until, "now": now, "late": LATE}
    lists: dict[str, Any] = {"all": policy.lists == ListScope.ALL, "kinds": list(_LISTED_KINDS)}
    lists["med_types"] = list(CHRONIC_CARE)
    added = {"receipts": 0, "lists": 0, "self_paid": 0}
    if policy.receipts:
        added["receipts"] = _run(_RECEIPTS, asked)
    if policy.lists != ListScope.NONE:
        added["lists"] = _run(_LISTS, asked | lists)
    if policy.self_paid:
        added["self_paid"] = _run(_SELF_PAID, asked)
    for table in ("uploads_listupload", "uploads_selfpaidupload"):
        _run(_OBSOLETE.format(table=table), asked)
    return added


def _run(statement: str, parameters: dict[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.rowcount)
