"""What happens to bills, for those above who wait for it; sent inside the paying transaction."""

from django.dispatch import Signal

bill_paid = Signal()
"""A bill is paid in full. Arguments: `bill_id: int`, `now: datetime`."""
