"""What a principal owes: bills and the states they go through."""

from django.db import models
from django.db.models import F, Q

from yifu.ledger.models import Line
from yifu.patients.models import Person
from yifu.visits.models import Visit


class BillState(models.TextChoices):
    """`open → paid | overdue → paid | defaulted → paid | written_off → paid`.

    `cancelled`: a reversal left nothing to pay, of a bill in any state. See `rules.TRANSITIONS`.
    """

    OPEN = "open", "待付"
    OVERDUE = "overdue", "逾期"
    DEFAULTED = "defaulted", "失信"
    WRITTEN_OFF = "written_off", "核销"
    PAID = "paid", "已付"
    CANCELLED = "cancelled", "已撤销"


LIVE_STATES = (BillState.OPEN, BillState.OVERDUE, BillState.DEFAULTED)
"""A bill in one of these is still owed."""

PAYABLE_STATES = (*LIVE_STATES, BillState.WRITTEN_OFF)
"""In one of these it may be paid: what was written off too, to be in good standing again (P4.5)."""


class Bill(models.Model):
    """What a principal owes for one visit (账单). Owed = amount − paid, all fen."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="bills")
    principal = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="bills")
    line = models.ForeignKey(
        Line, null=True, on_delete=models.PROTECT, db_comment="the most specific line it is on"
    )
    account = models.CharField(
        max_length=80, db_comment="ledger account it is owed on: owed:… or bank:…"
    )
    amount_fen = models.BigIntegerField()
    paid_fen = models.BigIntegerField(default=0, db_comment="net of what went back")
    state = models.CharField(max_length=11, choices=BillState.choices, default=BillState.OPEN)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(
        null=True, db_comment="null: the bank collects, or it is paid at the window"
    )
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table_comment = "账单 bills"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=BillState.values), name="bill_state_known"
            ),
            models.CheckConstraint(condition=Q(amount_fen__gte=0), name="bill_amount_not_negative"),
            models.CheckConstraint(condition=Q(paid_fen__gte=0), name="bill_paid_not_negative"),
            models.CheckConstraint(
                condition=~Q(state__in=LIVE_STATES) | Q(paid_fen__lt=F("amount_fen")),
                name="live_bill_is_owed",
            ),
            models.UniqueConstraint(
                fields=["visit", "account", "line"],
                condition=Q(state__in=LIVE_STATES),
                nulls_distinct=False,
                name="one_live_bill_per_visit",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(state__in=LIVE_STATES), name="live_bills_by_due"
            ),
            models.Index(
                fields=["principal"],
                condition=Q(state__in=LIVE_STATES, due_at__isnull=False),
                name="live_bills_by_principal",
            ),
            models.Index(
                fields=["id"],
                condition=Q(paid_fen__gt=F("amount_fen")),
                name="bills_paid_too_much",
            ),
        ]

    def __str__(self) -> str:
        return f"bill {self.pk}"

    @property
    def owed_fen(self) -> int:
        """What is still to be paid; never negative."""
        return max(0, self.amount_fen - self.paid_fen)
