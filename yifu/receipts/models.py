"""Receipts and how the fiscal platform is reached."""

from django.db import models
from django.db.models import Q

from yifu.institutions.models import Institution
from yifu.patients.models import Person
from yifu.visits.models import Visit


class FiscalConnection(models.Model):
    """How an institution reaches the fiscal platform."""

    institution = models.OneToOneField(Institution, on_delete=models.PROTECT, related_name="fiscal")
    base_url = models.URLField()
    app = models.CharField(max_length=40)
    key_cipher = models.BinaryField()
    place_code = models.CharField(max_length=50)

    class Meta:
        db_table_comment = "财政票据平台连接 fiscal connections"

    def __str__(self) -> str:
        return f"{self.institution_id} → {self.base_url}"


class ReceiptState(models.TextChoices):
    """`requested → issued → flushed`; a refusal stays requested with its reason."""

    REQUESTED = "requested", "开具中"
    ISSUED = "issued", "已开具"
    FLUSHED = "flushed", "已冲红"


class Receipt(models.Model):
    """A receipt (blue) or the red receipt that cancels one (`red_of`)."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="receipts")
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="receipts")
    # No foreign key: settlements point down at receipts, not receipts up at settlements.
    settlement_id = models.BigIntegerField(db_index=True)
    bus_no = models.CharField(
        max_length=50, unique=True, db_comment="our number; the platform issues it once"
    )
    red_of = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="red")
    amount_fen = models.BigIntegerField()
    state = models.CharField(
        max_length=9, choices=ReceiptState.choices, default=ReceiptState.REQUESTED
    )
    code = models.CharField(max_length=50, blank=True, db_comment="票据代码")
    number = models.CharField(max_length=20, blank=True, db_comment="票据号码")
    check_code = models.CharField(max_length=20, blank=True, db_comment="校验码")
    detail = models.CharField(max_length=300, blank=True, db_comment="why it is not issued yet")
    requested_at = models.DateTimeField()
    issued_at = models.DateTimeField(null=True)

    class Meta:
        db_table_comment = "电子票据 receipts"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ReceiptState.values), name="receipt_state_known"
            ),
            models.UniqueConstraint(
                fields=["code", "number"], condition=~Q(number=""), name="one_receipt_per_number"
            ),
        ]

    def __str__(self) -> str:
        return self.bus_no
