"""What a patient agreed to before it was settled (P3.12): recorded once per wording, never changed.

The wording carries the amount, so charges that change it need another consent.
"""

from collections.abc import Sequence
from datetime import datetime

from yifu.visits.models import Consent


def record(
    *, visit_id: int, wording: str, lines: Sequence[int], recorded_by: str, now: datetime
) -> Consent:
    """Keep that a visit's patient agreed to `wording`; the same wording again changes nothing."""
    consent, _ = Consent.objects.get_or_create(
        visit_id=visit_id,
        wording=wording,
        defaults={"lines": list(lines), "recorded_by": recorded_by, "agreed_at": now},
    )
    return consent


def agreed(*, visit_id: int, wording: str) -> bool:
    """Tell whether the patient of a visit has agreed to exactly this wording."""
    return Consent.objects.filter(visit_id=visit_id, wording=wording).exists()
