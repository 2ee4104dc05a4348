"""Change the limit of a line, and say why (P2.1, P2.2, P2.7)."""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest, Least

from yifu.credit.models import LimitChange
from yifu.ledger.models import Line


def set_limit(*, line_id: int, to_fen: int, reason: str, rule: str, now: datetime) -> bool:
    """Set a line's limit and write down why; False when it is that already. Fen.

    A limit may go below what is held and owed: nothing more is available then until enough is
    repaid, and nothing that was granted is taken back. Raises `ValueError` for a negative limit.
    """
    if to_fen < 0:
        raise ValueError("a limit is not negative")
    with transaction.atomic():
        line = Line.objects.select_for_update(no_key=True).only("id", "limit_fen").get(pk=line_id)
        if line.limit_fen == to_fen:
            return False
        beyond = Greatest(F("held_fen") + F("owed_fen") - to_fen, 0)
        Line.objects.filter(pk=line_id).update(
            limit_fen=to_fen, extra_fen=Least(F("extra_fen"), beyond)
        )
        LimitChange.objects.create(
            line_id=line_id,
            before_fen=line.limit_fen,
            after_fen=to_fen,
            at=now,
            reason=reason,
            rule=rule,
        )
    return True
