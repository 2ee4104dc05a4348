"""What happens to bills, for those above who wait for it; sent inside the paying transaction."""

from django.dispatch import Signal

bills_paid = Signal()
"""Bills are paid in full. Arguments: `bill_ids: Sequence[int]`, `now: datetime`."""
