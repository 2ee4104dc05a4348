"""Bindings to channels, attempts and refunds."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q

from yifu.institutions.models import Area
from yifu.patients.models import Person


class ChannelKind(models.TextChoices):
    """How a channel is asked for debits."""

    SINGLE = "single", "逐笔"
    FILE = "file", "批量文件"


class Channel(models.Model):
    """A payment channel of an area and how to reach it."""

    code = models.CharField(max_length=20, db_comment="wechat, alipay, bank, ecny, window ...")
    area = models.ForeignKey(Area, on_delete=models.PROTECT)
    kind = models.CharField(
        max_length=6,
        choices=ChannelKind.choices,
        default=ChannelKind.SINGLE,
        db_default=ChannelKind.SINGLE,
        db_comment="single: a call a debit; file: a file of debits (批量代扣)",
    )
    base_url = models.URLField(blank=True)
    merchant = models.CharField(max_length=40, blank=True)
    app = models.CharField(max_length=40, blank=True)
    secrets_cipher = models.BinaryField(
        null=True, db_comment="keys and certificates as encrypted JSON"
    )

    class Meta:
        db_table_comment = "支付渠道 channels"
        constraints = [
            models.UniqueConstraint(fields=["area", "code"], name="one_channel_per_area"),
            models.CheckConstraint(
                condition=Q(kind__in=ChannelKind.values), name="channel_kind_known"
            ),
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


class FileState(models.TextChoices):
    """`written → sent → answered → applied`; `written → refused`; `sent → refused | unknown`.

    `unknown`: what came back does not fit what was sent (`faults` says why); nothing of it counts,
    and asking again may still give a file that fits: `unknown → answered`.
    """

    WRITTEN = "written", "已生成"
    SENT = "sent", "已发送"
    ANSWERED = "answered", "已回盘"
    APPLIED = "applied", "已入账"
    REFUSED = "refused", "被拒绝"
    UNKNOWN = "unknown", "回盘有误"


class DebitFile(models.Model):
    """Debits that go to a channel as one file (批量代扣); the number makes it happen once.

    Its bytes are not kept: they are written again from its attempts, and `digest` proves them the
    same. Its attempts lie between two ids, so that they need no index of their own.
    """

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="files")
    business_date = models.DateField(db_comment="whose night wrote it")
    number = models.CharField(max_length=32, unique=True)
    rows = models.IntegerField()
    amount_fen = models.BigIntegerField()
    first_attempt = models.BigIntegerField()
    last_attempt = models.BigIntegerField()
    digest = models.BinaryField(max_length=32, db_comment="SHA-256 of its rows")
    state = models.CharField(max_length=8, choices=FileState.choices, default=FileState.WRITTEN)
    code = models.CharField(max_length=40, blank=True, db_comment="why it was refused")
    faults = models.JSONField(default=list, db_comment="why the last result was not believed")
    written_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, db_comment="by the database's own clock")
    answered_at = models.DateTimeField(null=True)
    applied_at = models.DateTimeField(null=True)

    class Meta:
        db_table_comment = "批量代扣文件 files of debits"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=FileState.values), name="debit_file_state_known"
            ),
            models.CheckConstraint(
                condition=Q(rows__gt=0, amount_fen__gt=0), name="debit_file_not_empty"
            ),
        ]
        indexes = [
            models.Index(
                fields=["channel"],
                condition=~Q(state__in=["applied", "refused"]),
                name="debit_files_under_way",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Attempt(models.Model):
    """One try to take money through a channel, or money taken at the window (succeeded at once)."""

    out_trade_no = models.CharField(max_length=32)
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
    # Neither index nor foreign key: written in its file's own transaction, found by its file's ids.
    file = models.ForeignKey(
        DebitFile,
        null=True,
        on_delete=models.PROTECT,
        related_name="attempts",
        db_index=False,
        db_constraint=False,
        db_comment="the file it left in; null: a call of its own",
    )
    subject = models.CharField(max_length=40, db_comment="bill:12 or settlement:3")
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
    business_date = models.DateField(db_comment="the day the money moved, once it did")

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
            # As constraints and plain indexes, which Django gives no second one for LIKE.
            models.UniqueConstraint(fields=["out_trade_no"], name="one_attempt_per_number"),
        ]
        indexes = [
            models.Index(fields=["subject"], name="attempts_of_subject"),
            # Days come in the order of rows: a few bytes a range instead of an entry a row, twice.
            BrinIndex(fields=["business_date"], name="attempts_by_day"),
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
