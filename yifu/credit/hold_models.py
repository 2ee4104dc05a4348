"""Holds of visits, and who agreed to them."""

from django.db import models
from django.db.models import Q

from yifu.ledger.models import Hold
from yifu.patients.models import Person


class VisitHold(models.Model):
    """What is kept free for a visit (P2.4), and who agreed to that, when, to which text (P2.5)."""

    subject = models.CharField(max_length=40, db_index=True, db_comment="whose it is: visit:12")
    hold = models.OneToOneField(Hold, on_delete=models.PROTECT, related_name="visit_hold")
    principal = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    agreed_by = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    agreed_at = models.DateTimeField(
        null=True, db_comment="事前授权: when it was agreed to; null: it was when signing"
    )
    text_version = models.CharField(max_length=20, blank=True)
    channel = models.CharField(max_length=10, blank=True, db_comment="phone, kiosk or window")
    acted_by = models.CharField(
        max_length=150, blank=True, db_comment="who acted on behalf (代操作)"
    )

    class Meta:
        db_table_comment = "就诊额度锁定 holds of visits"
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    agreed_at__isnull=True, agreed_by__isnull=True, text_version="", channel=""
                )
                | (
                    Q(agreed_at__isnull=False, agreed_by__isnull=False)
                    & ~Q(text_version="")
                    & ~Q(channel="")
                ),
                name="visit_hold_agreed_wholly",
            ),
        ]

    def __str__(self) -> str:
        return f"hold of {self.subject}"
