"""Decisions about credit: when something is due, whether a line may be used."""

from datetime import datetime, timedelta

from yifu import clock
from yifu.credit.schemes import Scheme


def due_at(scheme: Scheme, *, ended_at: datetime) -> datetime:
    """Tell when a visit's bill is due: so many days after it ended at 00:00, then so many hours.

    Hangzhou: ended 2026-03-01 10:00 → due 2026-03-04 00:00 (P4.1).
    """
    day = clock.business_date(ended_at) + timedelta(days=scheme.due_days_after_visit)
    return clock.midnight(day) + timedelta(hours=scheme.due_then_hours)
