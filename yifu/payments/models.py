"""Bindings to channels, attempts and refunds."""

from django.db import models
from django.db.models import F, Q

from yifu.institutions.models import Area
from yifu.patients.models import Person


class Channel(models.Model):
    """A payment channel of an area and how to reach it."""

    code = models.CharField(max_length=20, db_comment="wechat, alipay, bank, ecny, window ...")
    area = models.ForeignKey(Area, on_delete=models.PROTECT)
    base_url = models.URLField(blank=True)
    merchant = models.CharField(max_length=40, blank=True)
    app = models.CharField(max_length=40, blank=True)
    secrets_cipher = models.BinaryField(
        null=True, db_comment="keys and certificates as encrypted JSON"
    )

    class Meta:
        db_table_comment = "支付渠道 channels"
        constraints = [
            models.UniqueConstraint(fields=["area", "code"], name="one_channel_per_area")
        ]

    def __str__(self) -> str:
        return self.code


class Binding(models.Model):
    """A person's debit contract with a channel (免密代扣)."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="bindings")
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT)
    contract_cipher = models.BinaryField()
    daily_limit_fen = models.BigIntegerField(
        default=500_000, db_comment="per person and day (P2.6)"
    )
    active = models.BooleanField(default=True)
    bound_at = models.DateTimeField()

    class Meta:
        db_table_comment = "代扣签约 debit bindings"
        constraints = [
            models.UniqueConstraint(
                fields=["person", "channel"],
                condition=Q(active=True),
                name="one_binding_per_channel",
            ),
            models.CheckConstraint(
                condition=Q(daily_limit_fen__gte=0), name="binding_limit_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"binding {self.pk}"


class AttemptState(models.TextChoices):
    """`requested → unknown → succeeded | failed`; `requested → failed` when it is never sent.

    `requested` is written down and has not left; `unknown` has left (`sent_at`) and no answer is
    known. So a crash at any instant leaves a state that says whether the channel has to be asked.
    """

    REQUESTED = "requested", "已发起"
    SUCCEEDED = "succeeded", "成功"
    FAILED = "failed", "失败"
    UNKNOWN = "unknown", "未知"


class Attempt(models.Model):
    """One try to take money through a channel, or money taken at the window (succeeded at once)."""

    out_trade_no = models.CharField(max_length=32, unique=True)
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, db_index=False)
    binding = models.ForeignKey(Binding, null=True, on_delete=models.PROTECT)
    payer = models.ForeignKey(
        Person,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_comment="who paid, where it is not who owes: a relative, or somebody at the window",
    )
    subject = models.CharField(max_length=40, db_index=True, db_comment="bill:12 or settlement:3")
    amount_fen = models.BigIntegerField()
    refunded_fen = models.BigIntegerField(
        default=0, db_comment="asked back and not refused by the channel"
    )
    state = models.CharField(
        max_length=9, choices=AttemptState.choices, default=AttemptState.REQUESTED
    )
    code = models.CharField(max_length=40, blank=True, db_comment="the channel's answer code")
    transaction_id = models.CharField(max_length=40, blank=True)
    requested_at = models.DateTimeField()
    sent_at = models.DateTimeField(
        null=True, db_comment="when it left, by the database's own clock"
    )
    resolved_at = models.DateTimeField(null=True)
    business_date = models.DateField(
        db_index=True, db_comment="the day the money moved, once it did"
    )

    class Meta:
        db_table_comment = "支付尝试 attempts"
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="attempt_amount_positive"),
            models.CheckConstraint(
                condition=Q(state__in=AttemptState.values), name="attempt_state_known"
            ),
            models.CheckConstraint(
                condition=Q(refunded_fen__gte=0, refunded_fen__lte=F("amount_fen")),
                name="refunds_within_payment",
            ),
            models.UniqueConstraint(
                fields=["subject"],
                condition=Q(state__in=["requested", "unknown"]),
                name="one_attempt_under_way",
            ),
        ]

    def __str__(self) -> str:
        return self.out_trade_no


class Refund(models.Model):
    """Money going back to the attempt that took it (P3.10)."""

    out_refund_no = models.CharField(max_length=32, unique=True)
    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="refunds")
    amount_fen = models.BigIntegerField()
    state = models.CharField(
        max_length=9, choices=AttemptState.choices, default=AttemptState.REQUESTED
    )
    code = models.CharField(max_length=40, blank=True)
    requested_at = models.DateTimeField()
    sent_at = models.DateTimeField(
        null=True, db_comment="when it left, by the database's own clock"
    )
    resolved_at = models.DateTimeField(null=True)
    business_date = models.DateField(db_index=True)

    class Meta:
        db_table_comment = "退款 refunds"
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="refund_amount_positive"),
            models.CheckConstraint(
                condition=Q(state__in=AttemptState.values), name="refund_state_known"
            ),
        ]

    def __str__(self) -> str:
        return self.out_refund_no
