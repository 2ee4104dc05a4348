"""Bills, payments of bills, nights; and, beside them, who is listed for not paying."""

from django.db import models
from django.db.models import Q

from yifu.collection.bill_models import LIVE_STATES, PAYABLE_STATES, Bill, BillState
from yifu.collection.default_models import (
    DefaultEntry,
    Dispute,
    DisputeState,
    EntryState,
    Provision,
    Telling,
    WriteOff,
    WriteOffState,
)
from yifu.institutions.models import Area
from yifu.payments.models import Attempt

__all__ = [
    "LIVE_STATES",
    "PAYABLE_STATES",
    "Bill",
    "BillPayment",
    "BillState",
    "DefaultEntry",
    "Dispute",
    "DisputeState",
    "EntryState",
    "Night",
    "NightDebit",
    "NightStep",
    "Provision",
    "StepState",
    "Telling",
    "WriteOff",
    "WriteOffState",
]


class BillPayment(models.Model):
    """A payment of a bill (positive) or money that went back (negative), through one attempt."""

    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="payments")
    attempt = models.ForeignKey(
        Attempt, on_delete=models.PROTECT, related_name="bill_payments", db_index=False
    )
    amount_fen = models.BigIntegerField()
    paid_at = models.DateTimeField()

    class Meta:
        db_table_comment = "账单支付 payments of bills"
        constraints = [
            models.CheckConstraint(condition=~Q(amount_fen=0), name="payment_moves_something"),
            models.UniqueConstraint(
                fields=["attempt"], condition=Q(amount_fen__gt=0), name="attempt_pays_once"
            ),
        ]
        indexes = [
            models.Index(fields=["attempt"], condition=Q(amount_fen__lt=0), name="went_back_of"),
        ]

    def __str__(self) -> str:
        return f"{self.bill_id}: {self.amount_fen}"


class Night(models.Model):
    """A night's run for one business date, step by step, so that it resumes where it stopped."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT)
    business_date = models.DateField()
    report = models.JSONField(default=dict)
    begun_at = models.DateTimeField(db_comment="when its latest run began")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table_comment = "夜间批次 nights"
        constraints = [
            models.UniqueConstraint(fields=["area", "business_date"], name="one_night_per_date"),
        ]

    def __str__(self) -> str:
        return str(self.business_date)


class StepState(models.TextChoices):
    """`running → done | failed`; a run that resumes makes it `running` again."""

    RUNNING = "running", "进行中"
    DONE = "done", "完成"
    FAILED = "failed", "失败"


class NightStep(models.Model):
    """A step of a night: how far it is, and what it has to report. Shown while it runs."""

    night = models.ForeignKey(Night, on_delete=models.CASCADE, related_name="steps")
    position = models.SmallIntegerField(db_comment="the order of the steps")
    name = models.CharField(max_length=20)
    state = models.CharField(max_length=7, choices=StepState.choices, default=StepState.RUNNING)
    part = models.CharField(max_length=40, blank=True, db_comment="e.g. the channel")
    done = models.IntegerField(default=0)
    total = models.IntegerField(default=0)
    cursor = models.BigIntegerField(default=0, db_comment="the last principal or bill passed")
    report = models.JSONField(default=dict)
    begun_at = models.DateTimeField(db_comment="by the database's own clock")
    ended_at = models.DateTimeField(null=True, db_comment="by the database's own clock")

    class Meta:
        db_table_comment = "夜间批次步骤 steps of nights"
        constraints = [
            models.UniqueConstraint(fields=["night", "name"], name="one_step_per_night"),
            models.CheckConstraint(
                condition=Q(state__in=StepState.values), name="night_step_state_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.night_id}: {self.name}"


class NightDebit(models.Model):
    """A bill that a night took up, and the attempt it made.

    None when the person's daily limit left nothing to debit. A note, no money: it is written by
    the statement that makes the attempt of a locked bill, so the database need not look all three
    up again for each of a million.
    """

    night = models.ForeignKey(
        Night, on_delete=models.CASCADE, related_name="debits", db_index=False, db_constraint=False
    )
    bill = models.ForeignKey(
        Bill,
        on_delete=models.PROTECT,
        related_name="night_debits",
        db_index=False,
        db_constraint=False,
    )
    attempt = models.OneToOneField(
        Attempt, null=True, on_delete=models.PROTECT, db_constraint=False
    )

    class Meta:
        db_table_comment = "夜间代扣 debits of a night"
        constraints = [
            models.UniqueConstraint(
                fields=["night", "bill"],
                condition=Q(attempt__isnull=True),
                name="night_passes_over_once",
            ),
        ]
        indexes = [models.Index(fields=["night", "bill"], name="night_debit_of_bill")]

    def __str__(self) -> str:
        return f"{self.night_id}: {self.bill_id}"
